//! Filters system calls, by seccomp(2). What a worker may not do fails as if it lacked the right.

use std::collections::BTreeMap;

use libc::{c_int, c_long};
use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule, TargetArch,
    apply_filter_all_threads, sock_filter,
};

use crate::table::{ABSENT, NEWEST, REFUSED};

/// Filters the calls of this process, for good.
pub(crate) fn filter() -> Result<(), String> {
    let refused = refused(std::process::id()).map_err(|error| format!("seccomp: {error}"))?;
    for program in [refused, absent()] {
        apply_filter_all_threads(&program).map_err(|error| format!("seccomp: {error}"))?;
    }
    Ok(())
}

/// The filter that refuses calls to the process of this id.
fn refused(process: u32) -> Result<BpfProgram, BackendError> {
    let mut rules: BTreeMap<c_long, Vec<SeccompRule>> = REFUSED.iter().flat_map(|&group| group).map(|&call| (call, Vec::new())).collect();
    for (call, alternatives) in conditions(u64::from(process)) {
        let alternatives = alternatives.into_iter().map(rule).collect::<Result<_, _>>()?;
        rules.insert(call, alternatives);
    }
    let refuse = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    SeccompFilter::new(rules, SeccompAction::Allow, refuse, TargetArch::try_from(std::env::consts::ARCH)?)?.try_into()
}

/// Something of an argument: which, and what it is compared with.
type Condition = (u8, SeccompCmpOp, u64);

fn rule(conditions: Vec<Condition>) -> Result<SeccompRule, BackendError> {
    // Each of these arguments is an `int`, or flags of which none is above the 32nd.
    let condition = |(argument, operator, value)| SeccompCondition::new(argument, SeccompCmpArgLen::Dword, operator, value);
    SeccompRule::new(conditions.into_iter().map(condition).collect::<Result<_, _>>()?)
}

/// Calls that are refused for some arguments: if all conditions of one alternative hold.
fn conditions(process: u64) -> Vec<(c_long, Vec<Vec<Condition>>)> {
    let other = |argument| (argument, SeccompCmpOp::Ne, process);
    let is = |argument, value: c_int| (argument, SeccompCmpOp::Eq, u64::from(value.unsigned_abs()));
    let all = |argument, bits: c_int| has(argument, bits, bits);
    // Flags of open(2) that ask for more than to read.
    let writing = |argument| {
        vec![vec![all(argument, libc::O_WRONLY)], vec![all(argument, libc::O_RDWR)], vec![all(argument, libc::O_CREAT)], vec![all(argument, libc::O_TRUNC)]]
    };
    vec![
        (libc::SYS_openat, writing(2)),
        #[cfg(target_arch = "x86_64")]
        (libc::SYS_open, writing(1)),
        // A thread is a new task as well, and is allowed.
        (libc::SYS_clone, vec![vec![has(0, libc::CLONE_THREAD, 0)]]),
        // abort(3) sends a signal to its own process.
        (libc::SYS_kill, vec![vec![other(0)]]),
        (libc::SYS_tgkill, vec![vec![other(0)]]),
        (libc::SYS_rt_sigqueueinfo, vec![vec![other(0)]]),
        (libc::SYS_rt_tgsigqueueinfo, vec![vec![other(0)]]),
        // Its own limits are set again and again. The process is 0 then.
        (libc::SYS_prlimit64, vec![vec![other(0), (0, SeccompCmpOp::Ne, 0)]]),
        // It stays bound to its parent, and undumped.
        (libc::SYS_prctl, vec![vec![is(0, libc::PR_SET_PDEATHSIG)], vec![is(0, libc::PR_SET_DUMPABLE)]]),
        // Memory that other processes could share is not counted as its own.
        (libc::SYS_mmap, vec![vec![all(3, libc::MAP_SHARED | libc::MAP_ANONYMOUS)]]),
        // Types into the terminal, where a shell would read it.
        (libc::SYS_ioctl, vec![vec![is(1, TIOCSTI)], vec![is(1, TIOCLINUX)]]),
    ]
}

/// Of these bits of an argument exactly these are set.
fn has(argument: u8, bits: c_int, set: c_int) -> Condition {
    (argument, SeccompCmpOp::MaskedEq(u64::from(bits.unsigned_abs())), u64::from(set.unsigned_abs()))
}

const TIOCSTI: c_int = 0x5412;
const TIOCLINUX: c_int = 0x541c;

/// The filter for calls that look as if the kernel did not have them, so that libraries do without: those that take their flags in memory,
/// where a filter does not see them, those newer than this list, and the second set of numbers that a kernel for `x86_64` may have (x32).
fn absent() -> BpfProgram {
    // Instructions of linux/bpf_common.h: load a word, jump if equal, jump if greater, return.
    const LOAD: u16 = 0x20;
    const EQUAL: u16 = 0x15;
    const GREATER: u16 = 0x25;
    const RETURN: u16 = 0x06;
    let instruction = |code, jt, jf, k| sock_filter { code, jt, jf, k };
    let absent = |jump| [jump, instruction(RETURN, 0, 0, libc::SECCOMP_RET_ERRNO | libc::ENOSYS.unsigned_abs())];
    // The number is the first word that a filter can load.
    let mut program = vec![instruction(LOAD, 0, 0, 0)];
    for call in ABSENT {
        program.extend(absent(instruction(EQUAL, 0, 1, call)));
    }
    program.extend(absent(instruction(GREATER, 0, 1, NEWEST)));
    program.push(instruction(RETURN, 0, 0, libc::SECCOMP_RET_ALLOW));
    program
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROCESS: u32 = 4711;

    /// What both filters answer to a call: 0 if it is allowed, otherwise the error.
    fn answer(call: c_long, arguments: &[u64]) -> c_int {
        let mut data = [0; 16];
        data[0] = u32::try_from(call).unwrap();
        data[1] = if cfg!(target_arch = "x86_64") { 0xc000_003e } else { 0xc000_00b7 };
        for (i, argument) in arguments.iter().enumerate() {
            data[4 + 2 * i] = (argument & 0xffff_ffff) as u32;
            data[5 + 2 * i] = (argument >> 32) as u32;
        }
        let answers = [refused(PROCESS).unwrap(), absent()].map(|program| run(&program, &data));
        answers.into_iter().max().unwrap()
    }

    /// Runs a filter on the words of a `seccomp_data`.
    fn run(program: &[sock_filter], data: &[u32]) -> c_int {
        let (mut at, mut word) = (0, 0);
        loop {
            let sock_filter { code, jt, jf, k } = program[at];
            at += 1;
            let jump = |holds: bool| usize::from(if holds { jt } else { jf });
            match code {
                0x20 => word = data[k as usize / 4],
                0x54 => word &= k,
                0x05 => at += k as usize,
                0x15 => at += jump(word == k),
                0x25 => at += jump(word > k),
                0x35 => at += jump(word >= k),
                0x06 if k == libc::SECCOMP_RET_ALLOW => return 0,
                0x06 => {
                    assert_eq!(k & 0xffff_0000, libc::SECCOMP_RET_ERRNO, "{program:?}");
                    return c_int::try_from(k & 0xffff).unwrap();
                }
                other => panic!("no such instruction: {other:#x}"),
            }
        }
    }

    fn flags(flags: c_int) -> u64 {
        u64::from(flags.unsigned_abs())
    }

    #[test]
    fn what_a_worker_needs_is_allowed() {
        for call in [libc::SYS_read, libc::SYS_write, libc::SYS_futex, libc::SYS_exit_group, libc::SYS_munmap, libc::SYS_brk, libc::SYS_getrandom] {
            assert_eq!(answer(call, &[]), 0, "{call}");
        }
        for call in [libc::SYS_landlock_restrict_self, libc::SYS_clock_gettime, libc::SYS_mprotect, libc::SYS_rseq, libc::SYS_statx, libc::SYS_newfstatat] {
            assert_eq!(answer(call, &[]), 0, "{call}");
        }
        let own = u64::from(PROCESS);
        assert_eq!(answer(libc::SYS_openat, &[0, 0, flags(libc::O_RDONLY | libc::O_CLOEXEC)]), 0);
        assert_eq!(answer(libc::SYS_openat, &[0, 0, flags(libc::O_PATH | libc::O_CLOEXEC)]), 0);
        assert_eq!(answer(libc::SYS_tgkill, &[own, own + 1, 6]), 0);
        assert_eq!(answer(libc::SYS_prlimit64, &[0, 2]), 0);
        assert_eq!(answer(libc::SYS_prctl, &[flags(libc::PR_SET_NAME)]), 0);
        assert_eq!(answer(libc::SYS_mmap, &[0, 4096, 3, flags(libc::MAP_PRIVATE | libc::MAP_ANONYMOUS)]), 0);
        let thread = libc::CLONE_VM | libc::CLONE_FS | libc::CLONE_FILES | libc::CLONE_SIGHAND | libc::CLONE_THREAD | libc::CLONE_SYSVSEM;
        assert_eq!(answer(libc::SYS_clone, &[flags(thread)]), 0);
    }

    #[test]
    fn what_a_worker_does_not_need_is_refused() {
        for call in REFUSED.iter().flat_map(|&group| group) {
            assert_eq!(answer(*call, &[]), libc::EPERM, "{call}");
        }
        for mode in [libc::O_WRONLY, libc::O_RDWR, libc::O_CREAT, libc::O_TRUNC, libc::O_TMPFILE | libc::O_RDWR, libc::O_WRONLY | libc::O_APPEND] {
            // The upper half of a register may hold anything.
            assert_eq!(answer(libc::SYS_openat, &[0, 0, flags(mode) | 1 << 40]), libc::EPERM, "{mode:#o}");
        }
        assert_eq!(answer(libc::SYS_clone, &[flags(libc::CLONE_VM | libc::CLONE_VFORK)]), libc::EPERM);
        for call in [libc::SYS_kill, libc::SYS_tgkill, libc::SYS_prlimit64] {
            assert_eq!(answer(call, &[1, 9, 9]), libc::EPERM, "{call}");
            assert_eq!(answer(call, &[flags(-1), 9, 9]), libc::EPERM, "{call}");
        }
        assert_eq!(answer(libc::SYS_prctl, &[flags(libc::PR_SET_PDEATHSIG), 0]), libc::EPERM);
        assert_eq!(answer(libc::SYS_mmap, &[0, 4096, 3, flags(libc::MAP_SHARED | libc::MAP_ANONYMOUS)]), libc::EPERM);
        assert_eq!(answer(libc::SYS_ioctl, &[0, flags(TIOCSTI)]), libc::EPERM);
    }

    #[test]
    fn what_a_filter_cannot_judge_is_absent() {
        assert_eq!(answer(libc::SYS_clone3, &[]), libc::ENOSYS);
        assert_eq!(answer(libc::SYS_openat2, &[]), libc::ENOSYS);
        assert_eq!(answer(c_long::from(NEWEST), &[]), 0);
        assert_eq!(answer(c_long::from(NEWEST) + 1, &[]), libc::ENOSYS);
        // x32: the same call under another number.
        assert_eq!(answer(libc::SYS_execve | 0x4000_0000, &[]), libc::ENOSYS);
    }
}
