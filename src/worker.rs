//! Child processes in which submissions are read and judged. What a submission does to its worker, it does to nobody else.
//!
//! A worker is this program run again. Over a pipe it gets one job after the other and answers with the report. It has the limits and the
//! isolation of [`mlgrade_sandbox`]. If it dies, [`pool`] says what is done about it.

pub mod child;
pub mod pool;
pub mod protocol;

mod death;
mod parent;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What a lock guards, also after a thread that held it has panicked.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What one submission may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of memory.
    pub memory: u64,
    /// Processor time, that of workers that die of it included.
    pub cpu: Duration,
    /// Time by the clock, after which the worker is killed: a disk that does not answer takes no processor time.
    pub clock: Duration,
}

impl Limits {
    /// What a submission may use of memory, in MB, unless a course says otherwise.
    pub const MEMORY_MB: u64 = 512;
    /// What it may use of processor time, in seconds, unless a course says otherwise.
    pub const CPU_SECONDS: u64 = 20;

    /// These MB of memory and seconds of processor time, and ten times as long by the clock.
    pub fn of(memory_mb: u64, cpu_seconds: u64) -> Self {
        Self { memory: memory_mb << 20, cpu: Duration::from_secs(cpu_seconds), clock: Duration::from_secs(10 * cpu_seconds) }
    }

    /// The processor time that a worker gets for a submission of which others have used up `spent`. The rest is for what can be read without
    /// whatever uses that up as well. A tenth is kept back, since systems count whole seconds.
    fn share(&self, spent: Duration) -> Duration {
        ((self.cpu * 9 / 10).saturating_sub(spent) * 3 / 5).max(self.cpu / 20)
    }

    /// A limit on memory as a person writes it.
    pub fn memory_in_words(&self) -> String {
        format!("{} MB of memory", self.memory >> 20)
    }

    /// The limit on processor time as a person writes it.
    pub fn cpu_in_words(&self) -> String {
        format!("{} s of processor time", self.cpu.as_secs_f64())
    }

    /// The limit by the clock as a person writes it.
    pub fn clock_in_words(&self) -> String {
        format!("{} s", self.clock.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_submission_gets_its_processor_time_once() {
        let limits = Limits::of(512, 20);
        let mut spent = Duration::ZERO;
        for expected in [10.8, 4.32, 1.728, 1.0] {
            let share = limits.share(spent);
            assert!((share.as_secs_f64() - expected).abs() < 1e-9, "{share:?}");
            spent += share;
        }
    }
}
