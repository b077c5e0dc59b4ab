//! Tries in a worker which layers hold, whatever is reported.

use std::fs::{File, Permissions};
use std::hint::black_box;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::Path;

use mlgrade_sandbox::Layer;
use rustix::fs::{CWD, Mode, OFlags, ResolveFlags, openat2};
use rustix::io::Errno;
use rustix::process::{DumpableBehavior, Resource, Signal, dumpable_behavior, getrlimit, parent_process_death_signal};
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch};

/// Whether a layer holds, in a worker that may read `inside` and has the limits of [`crate::LIMITS`].
pub(crate) fn holds(layer: Layer, inside: &Path) -> bool {
    let limit = |resource| getrlimit(resource).current;
    match layer {
        Layer::Process => true,
        Layer::Memory => !reserves(600 << 20) && reserves(300 << 20),
        Layer::CpuTime => limit(Resource::Cpu).is_some_and(|seconds| (1..=2).contains(&seconds)),
        Layer::FileSize => limit(Resource::Fsize) == Some(0),
        Layer::OpenFiles => (0..100).map(|_| File::open(inside)).collect::<Result<Vec<_>, _>>().is_err(),
        Layer::NoDump => limit(Resource::Core) == Some(0) && matches!(dumpable_behavior(), Ok(DumpableBehavior::NotDumpable)),
        Layer::ParentDeath => parent_process_death_signal().unwrap() == Some(Signal::KILL),
        Layer::FileSystem => refused(File::open(std::env::current_exe().unwrap_or("/bin/true".into()))) && File::open(inside.join("x")).is_ok(),
        Layer::Network => refused(UnixStream::pair()),
        // Landlock leaves rights of files open.
        Layer::SystemCalls => refused(std::fs::set_permissions(inside.join("x"), Permissions::from_mode(0o600))) && is_absent(&inside.join("x")),
    }
}

/// Whether the system refused it, not for another reason.
pub(crate) fn refused<T>(outcome: std::io::Result<T>) -> bool {
    outcome.is_err_and(|error| error.kind() == std::io::ErrorKind::PermissionDenied)
}

/// Whether a call that takes its flags in memory looks as if the kernel did not have it.
fn is_absent(file: &Path) -> bool {
    openat2(CWD, file, OFlags::RDONLY, Mode::empty(), ResolveFlags::empty()).is_err_and(|error| error == Errno::NOSYS)
}

fn reserves(bytes: usize) -> bool {
    black_box(&mut Vec::<u8>::new()).try_reserve_exact(bytes).is_ok()
}

/// Imitates a kernel without some layers: their system calls fail as they would there.
pub(crate) fn play(kernel: &str) {
    let (landlock, seccomp) = (libc::SYS_landlock_create_ruleset, libc::SYS_seccomp);
    let calls: &[_] = match kernel {
        "no landlock" => &[landlock],
        "no seccomp" => &[seccomp],
        "neither" => &[landlock, seccomp],
        _ => return,
    };
    let rules = calls.iter().map(|&call| (call, Vec::new())).collect();
    let absent = SeccompAction::Errno(libc::ENOSYS.unsigned_abs());
    let processor = TargetArch::try_from(std::env::consts::ARCH).unwrap();
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, absent, processor).unwrap();
    seccompiler::apply_filter(&BpfProgram::try_from(filter).unwrap()).unwrap();
}
