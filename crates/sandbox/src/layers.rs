//! What isolates a worker, and what of it a system has.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

/// One thing that isolates a worker. The documentation of the crate says what each guards against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    /// The work is done in a process of its own.
    Process,
    /// Its memory is limited.
    Memory,
    /// Its processor time is limited.
    CpuTime,
    /// It can't make a file longer.
    FileSize,
    /// It can't have many files open.
    OpenFiles,
    /// Its memory is never written to disk, nor read by another process of the same user.
    NoDump,
    /// It ends when its parent ends.
    ParentDeath,
    /// It opens files only for reading, and only those that it was given.
    FileSystem,
    /// It has no sockets.
    Network,
    /// It can't start programs or processes, nor change files' names, owners and rights, nor reach other processes.
    SystemCalls,
}

impl Layer {
    /// All there are.
    pub const ALL: [Self; 10] = [
        Self::Process,
        Self::Memory,
        Self::CpuTime,
        Self::FileSize,
        Self::OpenFiles,
        Self::NoDump,
        Self::ParentDeath,
        Self::FileSystem,
        Self::Network,
        Self::SystemCalls,
    ];

    /// Whether this crate has it for the system that it is compiled for.
    fn is_supported(self) -> bool {
        match self {
            Self::Process => true,
            Self::CpuTime | Self::FileSize | Self::OpenFiles | Self::NoDump => cfg!(unix),
            Self::Memory | Self::ParentDeath | Self::FileSystem => cfg!(target_os = "linux"),
            Self::Network | Self::SystemCalls => cfg!(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))),
        }
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Process => "a process of its own",
            Self::Memory => "a limit on memory",
            Self::CpuTime => "a limit on processor time",
            Self::FileSize => "a limit on the size of written files",
            Self::OpenFiles => "a limit on open files",
            Self::NoDump => "no memory dumps",
            Self::ParentDeath => "it ends with its parent",
            Self::FileSystem => "only the files it was given, and only to read",
            Self::Network => "no network",
            Self::SystemCalls => "no other programs or processes",
        })
    }
}

/// The layers that isolate a worker, and why the others do not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layers {
    active: BTreeSet<Layer>,
    missing: BTreeMap<Layer, String>,
}

impl Layers {
    /// A child process alone.
    pub(crate) fn new() -> Self {
        let missing = Layer::ALL.into_iter().skip(1).map(|layer| (layer, format!("not done on {}", system()))).collect();
        Self { active: BTreeSet::from([Layer::Process]), missing }
    }

    /// All that this crate has for this system.
    pub fn full() -> Self {
        let mut layers = Self::new();
        for layer in Layer::ALL.into_iter().filter(|layer| layer.is_supported()) {
            layers.note(layer, Ok(()));
        }
        layers
    }

    /// Whether there is all that this crate has for this system.
    pub fn is_full(&self) -> bool {
        Layer::ALL.into_iter().all(|layer| self.holds(layer) || !layer.is_supported())
    }

    /// Whether the layer is there.
    pub fn holds(&self, layer: Layer) -> bool {
        self.active.contains(&layer)
    }

    /// Those that are there.
    pub fn active(&self) -> impl Iterator<Item = Layer> {
        self.active.iter().copied()
    }

    /// Those that are not, with the reason that the system gave.
    pub fn missing(&self) -> impl Iterator<Item = (Layer, &str)> {
        self.missing.iter().map(|(&layer, reason)| (layer, reason.as_str()))
    }

    /// Notes whether a layer is there.
    pub(crate) fn note(&mut self, layer: Layer, outcome: Result<(), String>) {
        if let Err(reason) = outcome {
            self.active.remove(&layer);
            self.missing.insert(layer, reason);
        } else {
            self.missing.remove(&layer);
            self.active.insert(layer);
        }
    }
}

fn system() -> String {
    match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", processor) => format!("Linux for {processor}"),
        ("macos", _) => "macOS".to_owned(),
        ("windows", _) => "Windows".to_owned(),
        (other, _) => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_say_what_is_missing_and_survive_a_pipe() {
        let mut layers = Layers::full();
        assert!(layers.is_full() && layers.holds(Layer::Process));
        assert_eq!(layers.active().count() + layers.missing().count(), Layer::ALL.len());
        layers.note(Layer::CpuTime, Err("no".to_owned()));
        assert_eq!(layers.missing().find(|(layer, _)| *layer == Layer::CpuTime), Some((Layer::CpuTime, "no")));
        assert_eq!(layers.is_full(), !cfg!(unix));
        let sent = serde_json::to_string(&layers).unwrap();
        assert!(sent.contains(r#""cpu-time":"no""#), "{sent}");
        assert_eq!(serde_json::from_str::<Layers>(&sent).unwrap(), layers);
    }
}
