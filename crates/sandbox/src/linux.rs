//! All layers, by what the kernel of Linux has for them.

use std::hint::black_box;
use std::path::PathBuf;
use std::time::Duration;

use rustix::process::{Pid, Signal, getppid, set_parent_process_death_signal};
use rustix::thread::set_no_new_privs;

use crate::files::{self, Closed};
use crate::meter::Meter;
use crate::{Layer, Layers, Limits, Refused, Usage, limits};

/// What a worker keeps to set its limits again and to measure itself.
#[derive(Debug)]
pub(crate) struct Keeper {
    meter: Meter,
    /// The processor time that had been used at the last [`Keeper::allow`].
    before: Duration,
}

/// The memory that the limit is tried with: an allocation of `PROBE` is to fail where a quarter of it is left.
const PROBE: usize = 64 << 20;

impl Keeper {
    pub(crate) fn enter(layers: &mut Layers, parent: u32, readable: &[PathBuf], limits: &Limits) -> Self {
        let mut keeper = Self { meter: Meter::open(), before: limits::used() };
        // Without it neither landlock nor seccomp is to be had, and they report it.
        set_no_new_privs(true).ok();
        layers.note(Layer::ParentDeath, bind(parent));
        limits::fix(layers);
        layers.note(Layer::CpuTime, limits::cpu(limits.cpu));
        layers.note(Layer::Memory, keeper.probe().and_then(|()| keeper.memory(limits.memory)));
        layers.note(Layer::FileSystem, keeper.close(readable));
        #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
        {
            let filtered = crate::calls::filter();
            layers.note(Layer::Network, filtered.clone());
            layers.note(Layer::SystemCalls, filtered);
        }
        keeper.meter.restart();
        keeper
    }

    pub(crate) fn allow(&mut self, layers: &Layers, limits: &Limits) -> Result<(), Refused> {
        self.meter.restart();
        self.before = limits::used();
        if layers.holds(Layer::Memory) {
            self.memory(limits.memory).map_err(Refused::at(Layer::Memory))?;
        }
        if layers.holds(Layer::CpuTime) {
            limits::cpu(limits.cpu).map_err(Refused::at(Layer::CpuTime))?;
        }
        Ok(())
    }

    pub(crate) fn usage(&self) -> Usage {
        Usage { cpu: Some(limits::used().saturating_sub(self.before)), peak: self.meter.peak() }
    }

    /// Limits the memory to `more` than there is.
    fn memory(&self, more: u64) -> Result<(), String> {
        let now = self.meter.data().ok_or("/proc/self/status: not read")?;
        limits::data(now.saturating_add(more))
    }

    /// Whether the limit on memory is kept: some kernels take it and do not heed it, or count the heap alone.
    fn probe(&self) -> Result<(), String> {
        self.memory(PROBE as u64 / 4)?;
        let mut large = Vec::<u8>::new();
        if black_box(&mut large).try_reserve_exact(PROBE).is_err() {
            return Ok(());
        }
        limits::data(u64::MAX)?;
        Err("setrlimit: the limit is not kept".to_owned())
    }

    /// Closes the file system.
    fn close(&self, readable: &[PathBuf]) -> Result<(), String> {
        // It is closed to this thread, and to those that it starts.
        if self.meter.threads().is_some_and(|threads| threads > 1) {
            return Err("landlock: other threads run already".to_owned());
        }
        match files::all(readable)? {
            Closed::Yes => Ok(()),
            Closed::NotHere(reason) => Err(reason.to_owned()),
        }
    }
}

/// Has the kernel end this process when its parent ends.
fn bind(parent: u32) -> Result<(), String> {
    set_parent_process_death_signal(Some(Signal::KILL)).map_err(|error| format!("prctl: {error}"))?;
    // It may have ended before that.
    let alive = getppid().map(Pid::as_raw_pid).is_some_and(|now| u32::try_from(now) == Ok(parent));
    if alive { Ok(()) } else { Err("the parent is another process by now".to_owned()) }
}

pub(crate) fn confine(readable: &[PathBuf]) -> Result<bool, Refused> {
    let closed = files::more(readable).map_err(Refused::at(Layer::FileSystem))?;
    Ok(matches!(closed, Closed::Yes))
}
