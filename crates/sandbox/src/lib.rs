//! A process that reads untrusted files and can do little else.
//!
//! Whoever grades files that others wrote has their bytes decoded by a worker: a process of the same program that calls [`enter`] before it
//! reads the first of them. What the system has no means for is missing from [`Worker::layers`], with the reason.
//!
//! ```no_run
//! # use std::path::PathBuf;
//! # use std::time::Duration;
//! # use mlgrade_sandbox::{Limits, Refused, confine, enter};
//! # fn next() -> Option<PathBuf> { None }
//! # fn main() -> Result<(), Refused> {
//! let parent = std::env::args().nth(1).and_then(|id| id.parse().ok()).unwrap_or_default();
//! let limits = Limits { memory: 512 << 20, cpu: Duration::from_secs(20) };
//! let mut worker = enter(parent, &["submissions".into()], &limits);
//! while let Some(submission) = next() {
//!     worker.allow(&limits)?;
//!     let reads = std::thread::spawn(move || confine(&[submission]).map(|_| { /* reads it */ }));
//!     reads.join().ok();
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # What each layer guards against
//!
//! - [`Layer::Process`]: a reader that crashes takes no other work with it.
//! - [`Layer::Memory`]: a small file that unpacks to a large one. An allocation beyond the limit fails, on which Rust aborts: `memory
//!   allocation of N bytes failed` on standard error, then SIGABRT. `try_reserve` returns an error instead, and a thread is not started.
//! - [`Layer::CpuTime`]: a file that takes forever. SIGXCPU ends the process.
//! - [`Layer::FileSize`], [`Layer::OpenFiles`]: a full disk, and a system without file handles. A file that is open for writing and would
//!   grow brings SIGXFSZ, a further file an error.
//! - [`Layer::NoDump`]: submissions in memory dumps, and other processes of the same user that look into the worker.
//! - [`Layer::ParentDeath`]: workers that outlive the grader. SIGKILL.
//! - [`Layer::FileSystem`]: a reader that was taken over, or a path that leads elsewhere, reads the teacher's files or writes any.
//! - [`Layer::Network`]: a reader that was taken over sends away what it reads, or asks services of this machine.
//! - [`Layer::SystemCalls`]: a reader that was taken over starts programs, reaches into other processes, or changes names, owners and rights
//!   of files; and the parts of the kernel that have had the most holes. These calls fail with EPERM, and calls that a filter can't judge
//!   with ENOSYS, on which libraries fall back to those that it can. A 32-bit call ends the process by SIGSYS.
//!
//! Linux has all of them from version 5.13 (landlock) on. An older version of landlock closes less than a newer one: connections from 6.7
//! on, signals and abstract sockets from 6.12 on. The filter of system calls closes those as well; it is made for `x86_64` and `aarch64`.
//! macOS has limits on processor time, files and dumps. On Windows a worker is a process of its own and no more.
//!
//! # What a parent has to heed
//!
//! - Standard output and error have to be pipes. If they are files, the first line that is written ends the worker, by SIGXFSZ.
//! - The kernel takes for the parent the thread that started the worker. If that thread ends, so does the worker.
//! - What a worker says after it was taken over is what the file's author wants it to say.
//!
//! # What else a worker notices
//!
//! - Libraries find no files that they open late: the time zone, the number of processors in a container, the program's own symbols for
//!   the backtrace of a panic. A debugger can't be attached.
//! - Threads can be started, and count: about 2 MB each for the stack and the allocator's start, by default.
//!
//! # How the limits count
//!
//! - Memory is counted as `RLIMIT_DATA` counts it since Linux 4.7: private memory that can be written to, from its allocation on, used or
//!   not. The limit on the address space, `RLIMIT_AS`, would count what glibc only reserves as well, 64 MB for each thread. Not counted are
//!   the first thread's stack (`RLIMIT_STACK`), files that are mapped, and what pipes hold. Memory that is shared, which would not count
//!   either, is refused.
//! - [`Worker::allow`] starts from what there is: what one submission leaves behind is not taken from the next. It adds up in a worker that
//!   is never replaced.
//! - The kernel compares processor time in seconds, rounded up here, and takes it from its ticks. In a worker of many short bursts these
//!   were up to 5 % behind the clock that [`Worker::usage`] reads, and the limit came that much of its whole life later. Time that is spent
//!   waiting does not count at all: a parent has to look at the clock as well.
//! - The peak of the memory is what was in use, so that it can be below what an allocation asked for.
//!
//! # What is not guarded
//!
//! - The filter names what is refused; the rest of the kernel stays within reach, and so does a hole in it.
//! - Names and sizes of files outside the readable ones can't be listed, but a path can be tried: landlock does not cover stat(2).
//! - A worker that was taken over can raise its own limits. They stop files, not programs.
//! - [`confine`] holds for a thread, and threads share memory. It stops a path that leads out of a submission. A worker that was taken over
//!   reads and changes what its other threads do, and every file that [`enter`] left open.
//! - What was open before stays open, in particular the pipes.
//!
//! Sources: the manual pages landlock(7), seccomp(2), setrlimit(2), `PR_SET_PDEATHSIG(2const)`, `PR_SET_DUMPABLE(2const)`,
//! `proc_pid_clear_refs(5)`, `proc_pid_status(5)`.

mod layers;

#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod calls;
#[cfg(target_os = "linux")]
mod files;
#[cfg(unix)]
mod limits;
#[cfg(target_os = "linux")]
mod meter;
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod table;

#[cfg(target_os = "linux")]
#[path = "linux.rs"]
mod system;
#[cfg(not(unix))]
#[path = "none.rs"]
mod system;
#[cfg(all(unix, not(target_os = "linux")))]
#[path = "unix.rs"]
mod system;

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use layers::{Layer, Layers};

/// What a worker may use for one submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Bytes of memory on top of what the worker has already. What is allocated counts, used or not.
    pub memory: u64,
    /// Processor time of all its threads together. The system counts in seconds: the worker gets less than one more.
    pub cpu: Duration,
}

/// What a worker used since the last [`Worker::allow`]. What the system does not say is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Processor time of all its threads together.
    pub cpu: Option<Duration>,
    /// Bytes of memory that were in use at once, at most, the program itself among them.
    pub peak: Option<u64>,
}

/// A layer that the system has and yet refuses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{layer}: {reason}")]
pub struct Refused {
    /// The layer.
    pub layer: Layer,
    /// What the system said.
    pub reason: String,
}

impl Refused {
    #[cfg(unix)]
    fn at(layer: Layer) -> impl Fn(String) -> Self {
        move |reason| Self { layer, reason }
    }
}

/// A process that [`enter`] isolated.
#[derive(Debug)]
pub struct Worker {
    layers: Layers,
    keeper: system::Keeper,
}

/// Isolates this process for good. To be called at its start, while it has one thread.
///
/// `parent` is the process that started this one, as [`std::process::id`] says there. `readable` are the files and folders that can be read
/// from here on; what does not exist is passed over. Files that are open already stay open. A layer that the system does not have is missing
/// from [`Worker::layers`].
pub fn enter(parent: u32, readable: &[PathBuf], limits: &Limits) -> Worker {
    let mut layers = Layers::new();
    let keeper = system::Keeper::enter(&mut layers, parent, readable, limits);
    Worker { layers, keeper }
}

impl Worker {
    /// What isolates it.
    pub fn layers(&self) -> &Layers {
        &self.layers
    }

    /// Gives the process these limits from here on in place of the last ones, and starts [`Worker::usage`] anew. To be called before each
    /// submission. The limit of a layer that is missing is not set.
    ///
    /// # Errors
    /// The system no longer takes a limit. The last one stays.
    pub fn allow(&mut self, limits: &Limits) -> Result<(), Refused> {
        self.keeper.allow(&self.layers, limits)
    }

    /// What the process used since the last [`Worker::allow`].
    pub fn usage(&self) -> Usage {
        self.keeper.usage()
    }
}

/// Closes all files but those in `readable` to this thread and to those that it starts, for good. What [`enter`] closed stays closed, and
/// other threads read what they could. False where the system has nothing for it; there [`Layer::FileSystem`] is missing as well.
///
/// A thread inherits this from the one that starts it, and the kernel nests it at most 16 times: each submission takes a thread of its own,
/// started by one that is not confined. Threads of a pool, such as rayon's, are confined if the one that started the pool was; they are
/// not if the pool ran before.
///
/// # Errors
/// The system has it and yet refuses.
pub fn confine(readable: &[PathBuf]) -> Result<bool, Refused> {
    system::confine(readable)
}
