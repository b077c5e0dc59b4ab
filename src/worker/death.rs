//! Why a worker died, as its system and its last words tell.

use std::process::ExitStatus;

use super::Limits;
use crate::grade::LeftOut;

/// The signal of a process that has used up its processor time, on Linux and macOS.
const SIGXCPU: i32 = 24;
/// The signal that cannot be caught: of the kernel when memory runs out.
const SIGKILL: i32 = 9;

/// Why a worker died.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Death {
    /// It asked for more memory than a submission may have.
    Memory,
    /// It had used up a submission's processor time.
    Cpu,
    /// It was killed, since it had not answered in time.
    Clock,
    /// The system killed it, most likely since memory ran out.
    Killed,
    /// Anything else: how it ended.
    Crash(String),
}

impl Death {
    /// Of a worker that ended with `status` after it had written `last_words` to its standard error.
    pub(super) fn of(status: ExitStatus, last_words: &str, out_of_time: bool) -> Self {
        if out_of_time {
            return Self::Clock;
        }
        // What Rust prints before it aborts, and what a C library's failed allocation becomes.
        if last_words.contains("memory allocation of") || last_words.contains("Cannot allocate memory") {
            return Self::Memory;
        }
        match signal(status) {
            Some(SIGXCPU) => Self::Cpu,
            Some(SIGKILL) => Self::Killed,
            _ if last_words.contains("overflowed its stack") => Self::Crash("its stack overflowed".to_owned()),
            _ => Self::Crash(status.to_string()),
        }
    }

    /// Whether a submission may have died of what others had left behind in the worker, so that it is worth trying it alone. Processor time
    /// is counted for each submission from its own beginning.
    pub(super) fn may_be_of_others(&self) -> bool {
        !matches!(self, Self::Cpu | Self::Clock)
    }

    /// What is said of the item that was being read, or of the whole submission.
    pub(super) fn left_out(&self, limits: &Limits) -> LeftOut {
        let beyond = |what: String| format!("not read: with it the submission takes too much of the {what} that one may use; a person has to look at it");
        let (why, is_ours) = match self {
            Self::Memory => (beyond(limits.memory_in_words()), false),
            Self::Cpu => (beyond(limits.cpu_in_words()), false),
            Self::Clock => (beyond(limits.clock_in_words()), false),
            Self::Killed => ("not read: the system killed the program while it was read, most likely for want of memory".to_owned(), true),
            Self::Crash(how) => (format!("not read: the program crashed while it was read ({how}); please report this"), true),
        };
        LeftOut { why, is_ours }
    }

    /// In a word, for logs.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Cpu => "cpu",
            Self::Clock => "clock",
            Self::Killed => "killed",
            Self::Crash(_) => "crash",
        }
    }
}

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn signal(_: ExitStatus) -> Option<i32> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::process::ExitStatusExt;

    use super::*;

    #[test]
    fn a_death_is_known_by_signal_and_last_words() {
        let of = |raw: i32, words: &str| Death::of(ExitStatus::from_raw(raw), words, false);
        assert_eq!(of(6, "memory allocation of 5721013232 bytes failed\n"), Death::Memory);
        assert_eq!(of(24, ""), Death::Cpu);
        assert_eq!(of(9, ""), Death::Killed);
        assert_eq!(Death::of(ExitStatus::from_raw(9), "", true), Death::Clock);
        assert_eq!(of(6, "thread 'main' has overflowed its stack"), Death::Crash("its stack overflowed".to_owned()));
        assert!(matches!(of(11, ""), Death::Crash(how) if how.contains("11")));
        let limits = Limits::of(512, 20);
        assert!(Death::Memory.left_out(&limits).why.contains("512 MB of memory") && Death::Cpu.left_out(&limits).why.contains("20 s of processor time"));
        assert!(Death::Crash(String::new()).left_out(&limits).is_ours && !Death::Cpu.left_out(&limits).is_ours);
    }
}
