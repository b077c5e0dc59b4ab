//! What workers do on Linux.

use std::fs::{self, File, OpenOptions};
use std::hint::black_box;
use std::io::Write;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

use mlgrade_sandbox::{Layer, Worker, confine};
use rayon::prelude::*;

use crate::probe::{holds, refused};
use crate::{LIMITS, enter};

fn argument(index: usize) -> String {
    std::env::args().nth(index + 2).unwrap()
}

/// Plays a role, if there is one of this name.
pub(crate) fn play(role: &str) -> bool {
    match role {
        "probe" => probe(&PathBuf::from(argument(0)), &argument(1)),
        "files" => files(&PathBuf::from(argument(0)), &PathBuf::from(argument(1))),
        "network" => network(argument(0).parse().unwrap()),
        "programs" => programs(&argument(0)),
        "threads" => threads(),
        "memory" => memory(&argument(0), argument(1).parse().unwrap()),
        "busy" => busy(&enter(&[]), Duration::MAX, true),
        "append" => append(&argument(0)),
        "again" => again(),
        "usage" => usage(),
        "confine" => confined(&PathBuf::from(argument(0)), &PathBuf::from(argument(1))),
        "late" => late(),
        "parent" => parent(),
        "orphan" => orphan(),
        "lost" => lost(),
        _ => return false,
    }
    true
}

fn probe(inside: &Path, kernel: &str) {
    crate::probe::play(kernel);
    let worker = enter(&[inside.to_owned()]);
    let layers = worker.layers();
    for layer in Layer::ALL {
        assert_eq!(holds(layer, inside), layers.holds(layer), "{kernel}: {layer:?} of {layers:?}");
    }
    assert_eq!(confine(&[inside.to_owned()]), Ok(layers.holds(Layer::FileSystem)));
    // Of these each kernel has something.
    assert!(kernel == "neither" || refused(File::create(inside.join("new"))));
    for (layer, reason) in layers.missing() {
        println!("{layer}: {reason}");
    }
}

fn files(inside: &Path, outside: &Path) {
    let worker = enter(&[inside.to_owned(), inside.join("is-not-there")]);
    let (old, new) = (inside.join("x"), inside.join("new"));
    assert_eq!(fs::read(&old).unwrap(), b"x");
    assert_eq!(fs::read_dir(inside).unwrap().count(), 2);
    if worker.layers().holds(Layer::FileSystem) {
        for path in [&outside.join("x"), &inside.join("link"), Path::new("/etc/passwd"), Path::new("/proc/self/maps")] {
            assert!(refused(File::open(path)), "{}", path.display());
        }
        assert!(refused(fs::read_dir(outside)) && refused(fs::read_dir("/")));
    }
    assert!(refused(File::create(&new)));
    assert!(refused(OpenOptions::new().append(true).open(&old)));
    assert!(refused(OpenOptions::new().read(true).write(true).open(&old)));
    assert!(refused(OpenOptions::new().write(true).truncate(true).open(&old)));
    assert!(refused(OpenOptions::new().write(true).open("/dev/null")));
    assert!(refused(fs::remove_file(&old)));
    assert!(refused(fs::rename(&old, &new)));
    assert!(refused(fs::hard_link(&old, &new)));
    assert!(refused(std::os::unix::fs::symlink(&old, &new)));
    assert!(refused(fs::create_dir(&new)));
    assert!(refused(fs::remove_dir(inside)));
    assert!(refused(File::open(&old).unwrap().set_modified(std::time::SystemTime::UNIX_EPOCH)));
    assert!(refused(fs::set_permissions(&old, fs::metadata(&old).unwrap().permissions())));
}

fn network(port: u16) {
    TcpStream::connect(("127.0.0.1", port)).unwrap();
    enter(&[]);
    assert!(refused(TcpStream::connect(("127.0.0.1", port))));
    assert!(refused(TcpListener::bind("127.0.0.1:0")));
    assert!(refused(UdpSocket::bind("127.0.0.1:0")));
}

fn programs(program: &str) {
    assert!(Command::new(program).status().unwrap().success());
    enter(&["/".into()]);
    assert!(refused(Command::new(program).status()));
    assert!(refused(Err::<(), _>(Command::new(program).exec())));
}

fn threads() {
    enter(&[]);
    let sums: Vec<u64> = thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|first| scope.spawn(move || (first..first + 1000).sum())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(sums.len(), 8);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(4).build().unwrap();
    assert_eq!(pool.install(|| (0..100_000_u64).into_par_iter().map(|i| i % 7).sum::<u64>()), 299_995);
    assert!((0..1000_u64).into_par_iter().map(|i| black_box(vec![i; 100]).len()).all(|length| length == 100));
    // A thread that fails does so alone.
    assert!(thread::spawn(|| panic!("as it should")).join().is_err());
}

fn memory(how: &str, megabytes: usize) {
    enter(&[]);
    let pieces = move || black_box((0..megabytes * 1024).map(|_| vec![1_u8; 1000].into_boxed_slice()).collect::<Vec<_>>()).len();
    match how {
        "block" => assert_eq!(black_box(vec![1_u8; megabytes << 20])[1], 1),
        "pieces" => assert_eq!(pieces(), megabytes * 1024),
        "confined" => {
            let pieces = move || confine(&[]).map(|_| pieces());
            assert_eq!(thread::spawn(pieces).join().unwrap(), Ok(megabytes * 1024));
        }
        _ => assert_eq!(thread::spawn(pieces).join().unwrap(), megabytes * 1024),
    }
}

/// Works until the submission has used this much processor time. Says so all the while, if it is asked to.
fn busy(worker: &Worker, until: Duration, tell: bool) {
    let mut told = Duration::ZERO;
    loop {
        black_box((0..100_000_u64).map(black_box).sum::<u64>());
        let used = worker.usage().cpu.unwrap();
        if used >= until {
            return;
        }
        if tell && used > told + Duration::from_millis(20) {
            println!("{}", used.as_millis());
            told = used;
        }
    }
}

fn append(path: &str) {
    let mut file = OpenOptions::new().append(true).open(path).unwrap();
    enter(&[]);
    file.write_all(b"more").unwrap();
}

fn again() {
    let mut worker = enter(&[]);
    for _ in 0..3 {
        worker.allow(&LIMITS).unwrap();
        assert_eq!(black_box(vec![1_u8; 300 << 20])[1], 1);
        busy(&worker, Duration::from_millis(800), false);
    }
    // What is kept does not count either.
    let kept: Vec<_> = (0..3)
        .map(|_| {
            worker.allow(&LIMITS).unwrap();
            black_box(vec![0_u8; 300 << 20])
        })
        .collect();
    assert_eq!(kept.len(), 3);
}

fn usage() {
    let mut worker = enter(&[]);
    let peak = |worker: &Worker| worker.usage().peak.unwrap() >> 20;
    drop(black_box(vec![1_u8; 200 << 20]));
    busy(&worker, Duration::from_millis(100), false);
    assert!((200..300).contains(&peak(&worker)), "{}", peak(&worker));
    worker.allow(&LIMITS).unwrap();
    assert!(peak(&worker) < 100 && worker.usage().cpu.unwrap() < Duration::from_millis(100));
    drop(black_box(vec![1_u8; 100 << 20]));
    assert!((100..200).contains(&peak(&worker)), "{}", peak(&worker));
}

fn confined(first: &Path, second: &Path) {
    let worker = enter(&[first.to_owned(), second.to_owned()]);
    if !worker.layers().holds(Layer::FileSystem) {
        return assert_eq!(confine(&[first.to_owned()]), Ok(false));
    }
    let (mine, other) = (first.join("x"), second.join("x"));
    thread::scope(|scope| {
        let closed = scope.spawn(|| {
            assert_eq!(confine(&[first.to_owned()]), Ok(true));
            assert!(File::open(&mine).is_ok() && refused(File::open(&other)));
            // A thread that it starts sees no more, and what is closed is not opened again.
            thread::scope(|inner| inner.spawn(|| assert!(refused(File::open(&other)))).join().unwrap());
            assert_eq!(confine(&[second.to_owned()]), Ok(true));
            assert!(refused(File::open(&mine)) && refused(File::open(&other)));
        });
        closed.join().unwrap();
        scope.spawn(|| assert!(File::open(&mine).is_ok() && File::open(&other).is_ok())).join().unwrap();
        let nested = scope.spawn(|| (0..20).map_while(|_| confine(&[first.to_owned()]).ok()).count());
        assert!((1..16).contains(&nested.join().unwrap()));
        // Nothing that `enter` closed is opened either.
        assert!(confine(&["/".into()]).unwrap() && File::open(&mine).is_ok() && refused(File::open("/etc/passwd")));
    });
}

fn late() {
    let (end, ended) = std::sync::mpsc::channel::<()>();
    let other = thread::spawn(move || ended.recv().is_err());
    let worker = enter(&[]);
    let missing = worker.layers().missing().find(|(layer, _)| *layer == Layer::FileSystem);
    assert!(missing.is_some_and(|(_, reason)| reason.starts_with("landlock: ")), "{:?}", worker.layers());
    drop(end);
    assert!(other.join().unwrap());
}

fn parent() {
    let mut child = crate::worker("orphan", &[]).stdout(std::process::Stdio::inherit()).spawn().unwrap();
    child.wait().unwrap();
}

fn orphan() {
    assert!(enter(&[]).layers().holds(Layer::ParentDeath));
    print!("!");
    std::io::stdout().flush().unwrap();
    thread::sleep(Duration::from_mins(1));
}

fn lost() {
    let worker = mlgrade_sandbox::enter(std::process::id(), &[], &LIMITS);
    assert!(!worker.layers().holds(Layer::ParentDeath) && !worker.layers().is_full());
}
