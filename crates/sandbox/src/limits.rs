//! Limits on resources, by setrlimit(2).

use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::time::{ClockId, clock_gettime};

use crate::{Layer, Layers};

/// Files that a worker may have open: its pipes, those it reads, and a few for the sandbox itself.
const OPEN_FILES: u64 = 64;

/// The limits that are the same for all workers.
pub(crate) fn fix(layers: &mut Layers) {
    layers.note(Layer::FileSize, hard(Resource::Fsize, 0));
    layers.note(Layer::OpenFiles, hard(Resource::Nofile, OPEN_FILES));
    let undumped = hard(Resource::Core, 0);
    // A program that the kernel hands dumps to gets them whatever the limit is.
    #[cfg(target_os = "linux")]
    let undumped = undumped.and_then(|()| {
        let never = rustix::process::DumpableBehavior::NotDumpable;
        rustix::process::set_dumpable_behavior(never).map_err(|error| format!("prctl: {error}"))
    });
    layers.note(Layer::NoDump, undumped);
}

/// Limits the private memory of the process that can be written to, in bytes.
#[cfg(target_os = "linux")]
pub(crate) fn data(bytes: u64) -> Result<(), String> {
    soft(Resource::Data, bytes)
}

/// Limits the processor time of the process to `more` than it has used, rounded up to seconds.
pub(crate) fn cpu(more: Duration) -> Result<(), String> {
    let until = used().saturating_add(more);
    soft(Resource::Cpu, until.as_secs().saturating_add(u64::from(until.subsec_nanos() > 0)))
}

/// The processor time that the process has used.
pub(crate) fn used() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ProcessCPUTime)).unwrap_or_default()
}

/// Sets a limit that can't be raised again.
fn hard(resource: Resource, value: u64) -> Result<(), String> {
    let value = getrlimit(resource).maximum.map_or(value, |most| most.min(value));
    setrlimit(resource, Rlimit { current: Some(value), maximum: Some(value) }).map_err(|error| format!("setrlimit: {error}"))
}

/// Sets a limit that can be raised again, as far as the system lets.
fn soft(resource: Resource, value: u64) -> Result<(), String> {
    let maximum = getrlimit(resource).maximum;
    let value = maximum.map_or(value, |most| most.min(value));
    setrlimit(resource, Rlimit { current: Some(value), maximum }).map_err(|error| format!("setrlimit: {error}"))
}
