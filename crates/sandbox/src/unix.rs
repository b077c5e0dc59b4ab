//! The layers that POSIX has, for macOS and others.

use std::path::PathBuf;
use std::time::Duration;

use crate::{Layer, Layers, Limits, Refused, Usage, limits};

/// What a worker keeps to measure itself.
#[derive(Debug)]
pub(crate) struct Keeper {
    /// The processor time that had been used at the last [`Keeper::allow`].
    before: Duration,
}

impl Keeper {
    pub(crate) fn enter(layers: &mut Layers, _parent: u32, _readable: &[PathBuf], limits: &Limits) -> Self {
        limits::fix(layers);
        layers.note(Layer::CpuTime, limits::cpu(limits.cpu));
        Self { before: limits::used() }
    }

    pub(crate) fn allow(&mut self, layers: &Layers, limits: &Limits) -> Result<(), Refused> {
        self.before = limits::used();
        if layers.holds(Layer::CpuTime) { limits::cpu(limits.cpu).map_err(Refused::at(Layer::CpuTime)) } else { Ok(()) }
    }

    pub(crate) fn usage(&self) -> Usage {
        Usage { cpu: Some(limits::used().saturating_sub(self.before)), peak: None }
    }
}

#[allow(clippy::unnecessary_wraps)] // it fails on Linux
pub(crate) fn confine(_readable: &[PathBuf]) -> Result<bool, Refused> {
    Ok(false)
}
