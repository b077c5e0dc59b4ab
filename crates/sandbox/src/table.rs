//! The system calls that are refused, in groups by what they would be used for.

#[allow(clippy::wildcard_imports)] // a table of over a hundred of its constants
use libc::*;

/// Calls that are refused whatever their arguments are.
pub(crate) const REFUSED: &[&[c_long]] = &[SOCKETS, PROCESSES, OTHERS, WRITING, MOUNTS, KERNEL, MEMORY, OLD];

/// Calls that look as if the kernel did not have them: their flags are in memory, where a filter does not see them.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // numbers of calls are below a thousand
pub(crate) const ABSENT: [u32; 2] = [SYS_clone3 as u32, SYS_openat2 as u32];

/// The newest call that this table was drawn up with: `mseal` of Linux 6.10. It has the same number for all processors.
pub(crate) const NEWEST: u32 = 462;

/// Nothing is sent, and nothing is received: neither from the network nor from a service of this machine.
const SOCKETS: &[c_long] = &[
    SYS_socket,
    SYS_socketpair,
    SYS_connect,
    SYS_bind,
    SYS_listen,
    SYS_accept,
    SYS_accept4,
    SYS_sendto,
    SYS_sendmsg,
    SYS_sendmmsg,
    SYS_recvfrom,
    SYS_recvmsg,
    SYS_recvmmsg,
];

/// No program is started.
const PROCESSES: &[c_long] = &[SYS_execve, SYS_execveat, SYS_setsid, SYS_setpgid];

/// Other processes of the same user are neither read nor changed.
const OTHERS: &[c_long] = &[
    SYS_ptrace,
    SYS_process_vm_readv,
    SYS_process_vm_writev,
    SYS_process_madvise,
    SYS_process_mrelease,
    SYS_pidfd_open,
    SYS_pidfd_getfd,
    SYS_pidfd_send_signal,
    SYS_kcmp,
    SYS_migrate_pages,
    SYS_move_pages,
    SYS_setpriority,
    SYS_ioprio_set,
    // abort(3) of glibc sends its signal otherwise, that of musl by this call.
    #[cfg(not(target_env = "musl"))]
    SYS_tkill,
];

/// No file is made, changed, removed or given another name, owner, time or right. Landlock leaves some of these open.
const WRITING: &[c_long] = &[
    SYS_truncate,
    SYS_ftruncate,
    SYS_fallocate,
    SYS_unlinkat,
    SYS_renameat,
    SYS_renameat2,
    SYS_linkat,
    SYS_symlinkat,
    SYS_mkdirat,
    SYS_mknodat,
    SYS_fchmod,
    SYS_fchmodat,
    452, // `fchmodat2`, for all processors
    SYS_fchown,
    SYS_fchownat,
    SYS_utimensat,
    SYS_setxattr,
    SYS_lsetxattr,
    SYS_fsetxattr,
    SYS_removexattr,
    SYS_lremovexattr,
    SYS_fremovexattr,
];

/// The file system stays as it is, and so do its name spaces.
const MOUNTS: &[c_long] = &[
    SYS_mount,
    SYS_umount2,
    SYS_pivot_root,
    SYS_chroot,
    SYS_unshare,
    SYS_setns,
    SYS_open_tree,
    SYS_move_mount,
    SYS_mount_setattr,
    SYS_fsopen,
    SYS_fsconfig,
    SYS_fsmount,
    SYS_fspick,
    SYS_name_to_handle_at,
    SYS_open_by_handle_at,
    SYS_fanotify_init,
    SYS_fanotify_mark,
    SYS_quotactl,
    SYS_quotactl_fd,
    SYS_swapon,
    SYS_swapoff,
];

/// Parts of the kernel that have had many holes, or that only an administrator uses.
const KERNEL: &[c_long] = &[
    SYS_bpf,
    SYS_perf_event_open,
    SYS_userfaultfd,
    // Its operations pass by this filter.
    SYS_io_uring_setup,
    SYS_io_uring_enter,
    SYS_io_uring_register,
    SYS_add_key,
    SYS_request_key,
    SYS_keyctl,
    SYS_init_module,
    SYS_finit_module,
    SYS_delete_module,
    SYS_kexec_load,
    SYS_kexec_file_load,
    SYS_reboot,
    SYS_acct,
    SYS_syslog,
    SYS_personality,
    SYS_settimeofday,
    SYS_clock_settime,
    SYS_clock_adjtime,
    SYS_adjtimex,
    SYS_sethostname,
    SYS_setdomainname,
    SYS_vhangup,
];

/// Memory that the limit on memory does not count, or that other processes share.
const MEMORY: &[c_long] = &[
    SYS_memfd_create,
    SYS_memfd_secret,
    SYS_remap_file_pages,
    SYS_shmget,
    SYS_shmat,
    SYS_shmctl,
    SYS_msgget,
    SYS_msgsnd,
    SYS_semget,
    SYS_semop,
    SYS_mq_open,
    SYS_mq_unlink,
];

/// Older forms of the calls above, which newer processors never had.
#[cfg(target_arch = "x86_64")]
const OLD: &[c_long] = &[
    SYS_fork,
    SYS_vfork,
    SYS_creat,
    SYS_unlink,
    SYS_rename,
    SYS_link,
    SYS_symlink,
    SYS_mkdir,
    SYS_rmdir,
    SYS_mknod,
    SYS_chmod,
    SYS_chown,
    SYS_lchown,
    SYS_utime,
    SYS_utimes,
    SYS_futimesat,
    SYS_iopl,
    SYS_ioperm,
    SYS_modify_ldt,
    SYS_uselib,
    SYS__sysctl,
];
#[cfg(not(target_arch = "x86_64"))]
const OLD: &[c_long] = &[];
