//! What other processes see of a worker on Linux.

use std::io::Read;
use std::net::TcpListener;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Output;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use crate::{Test, run, succeed, worker};

const SIGABRT: i32 = 6;
const SIGKILL: i32 = 9;
const SIGXCPU: i32 = 24;
const SIGXFSZ: i32 = 25;

pub(crate) const TESTS: &[Test] = &[
    ("layers_that_are_reported_hold", layers_that_are_reported_hold),
    ("only_given_files_are_read_and_none_is_written", only_given_files_are_read_and_none_is_written),
    ("no_connection_is_made", no_connection_is_made),
    ("no_program_is_started", no_program_is_started),
    ("threads_work", threads_work),
    ("memory_is_limited", memory_is_limited),
    ("processor_time_is_limited", processor_time_is_limited),
    ("an_open_file_does_not_grow", an_open_file_does_not_grow),
    ("each_submission_has_its_own_limits", each_submission_has_its_own_limits),
    ("use_is_measured_for_each_submission", use_is_measured_for_each_submission),
    ("a_thread_is_confined_to_one_submission", a_thread_is_confined_to_one_submission),
    ("other_threads_are_noticed", other_threads_are_noticed),
    ("a_worker_ends_with_its_parent", a_worker_ends_with_its_parent),
    ("a_worker_ends_with_the_thread_that_started_it", a_worker_ends_with_the_thread_that_started_it),
    ("a_lost_parent_is_noticed", a_lost_parent_is_noticed),
];

/// Two folders with a file each.
fn folders() -> (TempDir, TempDir) {
    let folders = (TempDir::new().unwrap(), TempDir::new().unwrap());
    for folder in [&folders.0, &folders.1] {
        std::fs::write(folder.path().join("x"), "x").unwrap();
    }
    folders
}

fn path(folder: &TempDir) -> &str {
    folder.path().to_str().unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Also on a kernel without one of them, which a filter imitates here.
fn layers_that_are_reported_hold() {
    let (inside, _) = folders();
    for kernel in ["as it is", "no landlock", "no seccomp", "neither"] {
        let missing = succeed("probe", &[path(&inside), kernel]);
        for (part, of) in [("landlock: ", ["no landlock", "neither"]), ("seccomp: ", ["no seccomp", "neither"])] {
            assert!(missing.contains(part) || !of.contains(&kernel), "{kernel}: {missing}");
        }
        assert!(kernel != "as it is" || missing.is_empty() || missing.contains("landlock: "), "{missing}");
    }
}

fn only_given_files_are_read_and_none_is_written() {
    let (inside, outside) = folders();
    std::os::unix::fs::symlink(outside.path().join("x"), inside.path().join("link")).unwrap();
    succeed("files", &[path(&inside), path(&outside)]);
    assert_eq!(std::fs::read_dir(inside.path()).unwrap().count(), 2);
    assert_eq!(std::fs::read(inside.path().join("x")).unwrap(), b"x");
}

fn no_connection_is_made() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    succeed("network", &[&port]);
}

fn no_program_is_started() {
    assert!(Path::new("/bin/true").exists());
    succeed("programs", &["/bin/true"]);
}

fn threads_work() {
    succeed("threads", &[]);
}

fn memory_is_limited() {
    for how in ["block", "pieces", "thread", "confined"] {
        let output = run("memory", &[how, "600"]);
        assert_eq!(output.status.signal(), Some(SIGABRT), "{how}: {}", stderr(&output));
        assert!(!output.status.core_dumped());
        assert!(stderr(&output).contains("memory allocation of "), "{how}: {}", stderr(&output));
        succeed("memory", &[how, "300"]);
    }
}

/// The limit is a second, of which the start takes a part: the kernel rounds to two.
fn processor_time_is_limited() {
    let output = run("busy", &[]);
    assert_eq!(output.status.signal(), Some(SIGXCPU), "{}", stderr(&output));
    assert!(!output.status.core_dumped());
    let used = String::from_utf8(output.stdout).unwrap();
    let used: u64 = used.lines().last().unwrap().parse().unwrap();
    assert!((900..2200).contains(&used), "{used} ms");
}

/// Such as standard error, if it is no pipe.
fn an_open_file_does_not_grow() {
    let (folder, _) = folders();
    let file = folder.path().join("x");
    let output = run("append", &[file.to_str().unwrap()]);
    assert_eq!(output.status.signal(), Some(SIGXFSZ), "{}", stderr(&output));
    assert_eq!(std::fs::read(file).unwrap(), b"x");
}

fn each_submission_has_its_own_limits() {
    succeed("again", &[]);
}

fn use_is_measured_for_each_submission() {
    succeed("usage", &[]);
}

fn a_thread_is_confined_to_one_submission() {
    let (first, second) = folders();
    succeed("confine", &[path(&first), path(&second)]);
}

fn other_threads_are_noticed() {
    succeed("late", &[]);
}

/// What the worker was started by is killed. It holds the same pipe, which ends when both have ended.
fn a_worker_ends_with_its_parent() {
    let mut parent = worker("parent", &[]).spawn().unwrap();
    let mut pipe = parent.stdout.take().unwrap();
    let mut ready = [0];
    pipe.read_exact(&mut ready).unwrap();
    parent.kill().unwrap();
    parent.wait().unwrap();
    let (ended, end) = mpsc::channel();
    thread::spawn(move || ended.send(pipe.read_to_end(&mut Vec::new()).is_ok()));
    assert_eq!(end.recv_timeout(Duration::from_secs(20)), Ok(true));
}

/// Which is what the kernel means by a parent here.
fn a_worker_ends_with_the_thread_that_started_it() {
    let started = thread::spawn(|| {
        let mut child = worker("orphan", &[]).spawn().unwrap();
        child.stdout.take().unwrap().read_exact(&mut [0]).unwrap();
        child
    });
    assert_eq!(started.join().unwrap().wait().unwrap().signal(), Some(SIGKILL));
}

fn a_lost_parent_is_noticed() {
    succeed("lost", &[]);
}
