//! Submissions are judged in processes of their own: what one does to its worker costs nobody else anything.
#![cfg(target_os = "linux")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::common::{Folder, PLAIN, files_below, mlgrade, reports_below, repository};
use crate::downloads::metrics;

/// A PNG of squares of one pixel, `side` pixels wide: some kilobytes as a file.
fn checkerboard(side: u32) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    let rows = |row: u32| std::iter::repeat_n(if row.is_multiple_of(2) { 0x55 } else { 0xaa }, side.div_ceil(8) as usize);
    let pixels: Vec<u8> = (0..side).flat_map(rows).collect();
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    file
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn grade(folder: &Folder, arguments: &[&str]) -> Output {
    let path = |name: &str| folder.path().join(name).display().to_string();
    mlgrade(&[&["grade", &path("class"), "--rubric", PLAIN, "--out", &path("r")], arguments].concat())
}

fn report(folder: &Folder, student: &str) -> serde_json::Value {
    serde_json::from_str(&folder.read(&format!("r/{student}.json"))).unwrap()
}

/// The verdict and reason of an item.
fn item(report: &serde_json::Value, id: &str) -> (String, String) {
    let item = report["items"].as_array().unwrap().iter().find(|item| item["id"] == id).unwrap();
    (item["verdict"].as_str().unwrap().to_owned(), item["reason"].as_str().unwrap().to_owned())
}

/// The rows of grades.csv by student.
fn rows(folder: &Folder) -> BTreeMap<String, String> {
    folder.read("r/grades.csv").lines().skip(1).map(|row| (row.split(',').next().unwrap().to_owned(), row.to_owned())).collect()
}

#[test]
fn a_submission_beyond_its_memory_loses_what_it_was_reading_and_nobody_else_loses_anything() {
    let good = repository().join("submissions/s02-good");
    let files: Vec<(PathBuf, Vec<u8>)> = files_below(&good).into_iter().collect();
    let with =
        |folder: Folder, student: &str| files.iter().fold(folder, |folder, (path, bytes)| folder.with(&format!("class/{student}/{}", path.display()), bytes));
    let class = with(with(with(Folder::new(), "ann"), "mallory"), "zoe");
    let path = |name: &str| class.path().join(name).display().to_string();
    let run = || mlgrade(&["grade", &path("class"), "--out", &path("r"), "--threads", "1", "--memory", "256"]);
    assert_eq!(run().status.code(), Some(0));
    let before = rows(&class);
    // Each square is an object of its own for whoever looks for curves.
    class.write("class/mallory/figures/trees.png", checkerboard(6000));
    let ran = run();
    assert_eq!(ran.status.code(), Some(3), "{}", text(&ran));
    let mallory = report(&class, "mallory");
    let (verdict, reason) = item(&mallory, "trees/plot");
    assert_eq!(verdict, "unopened");
    assert!(reason.contains("too much of the 256 MB of memory that one may use"), "{reason}");
    assert!(text(&ran).contains("mallory (memory)"), "{}", text(&ran));
    let judged = |report: &serde_json::Value| report["items"].as_array().unwrap().iter().filter(|item| item["verdict"] == "pass").count();
    assert!(judged(&mallory) + 1 >= judged(&report(&class, "ann")), "all else that she handed in is graded");
    let after = rows(&class);
    for honest in ["ann", "zoe"] {
        assert_eq!(after[honest], before[honest]);
    }
}

/// Starts to grade `folder`, whose class takes a good while.
fn start(folder: &Folder, arguments: &[&str]) -> Child {
    let path = |name: &str| folder.path().join(name).display().to_string();
    Command::new(env!("CARGO_BIN_EXE_mlgrade"))
        .args(["grade", &path("class"), "--rubric", PLAIN, "--out", &path("r")])
        .args(arguments)
        .current_dir(repository())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// The children of a process that are workers.
fn workers(parent: u32) -> Vec<u32> {
    let children = |task: PathBuf| std::fs::read_to_string(task.join("children")).unwrap_or_default();
    let tasks = std::fs::read_dir(format!("/proc/{parent}/task")).into_iter().flatten().flatten().map(|task| children(task.path()));
    tasks.flat_map(|line| line.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<u32>>()).collect()
}

fn kill(process: u32) {
    signal(process, "-KILL");
}

fn signal(process: u32, name: &str) {
    assert!(Command::new("kill").args([name, &process.to_string()]).stderr(Stdio::null()).status().is_ok());
}

/// A class of so many students with figures, in which each has something to read.
fn class(students: usize) -> Folder {
    let figure = std::fs::read(repository().join("submissions/s02-good/figures/trees.png")).unwrap();
    (0..students).fold(Folder::new(), |folder, i| {
        folder.with(&format!("class/s{i:02}/metrics.json"), metrics(0.02 + 0.01 * i as f64)).with(&format!("class/s{i:02}/figures/trees.png"), &figure)
    })
}

#[test]
fn a_worker_that_is_killed_is_replaced_and_its_submission_is_judged_again() {
    let class = class(12);
    assert_eq!(grade(&class, &[]).status.code(), Some(0));
    let expected = reports_below(&class.path().join("r"));
    std::fs::remove_dir_all(class.path().join("r")).unwrap();
    let mut run = start(&class, &["--threads", "2"]);
    let (mut killed, until) = (0, Instant::now() + Duration::from_mins(1));
    while killed < 3 && Instant::now() < until {
        if let Some(&worker) = workers(run.id()).first() {
            kill(worker);
            killed += 1;
            std::thread::sleep(Duration::from_millis(60));
        }
        if run.try_wait().unwrap().is_some() {
            break;
        }
    }
    assert_eq!((run.wait().unwrap().code(), killed > 0), (Some(0), true));
    assert_eq!(reports_below(&class.path().join("r")), expected);
}

#[test]
fn the_workers_die_with_a_run_that_is_killed() {
    let class = class(40);
    let mut run = start(&class, &["--threads", "2"]);
    let until = Instant::now() + Duration::from_mins(1);
    let mut seen = Vec::new();
    while seen.len() < 2 && Instant::now() < until {
        seen = workers(run.id());
    }
    kill(run.id());
    run.wait().unwrap();
    let is_gone = |worker: &u32| {
        let words = std::fs::read_to_string(format!("/proc/{worker}/cmdline")).unwrap_or_default();
        // Of a process that has ended and waits to be looked at there are none.
        !words.contains("--worker=")
    };
    while !seen.iter().all(is_gone) && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(!seen.is_empty() && seen.iter().all(is_gone));
}

/// Random numbers that are the same each time: xorshift (G. Marsaglia, Xorshift RNGs, Journal of Statistical Software 8, 2003).
struct Random(u64);

impl Random {
    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most
    }
}

#[test]
fn a_run_that_is_killed_at_any_point_goes_on_where_it_was() {
    let class = (0..60).fold(Folder::new(), |folder, i| folder.with(&format!("class/s{i:02}/metrics.json"), metrics(0.01 * f64::from(i))));
    let begin = Instant::now();
    assert_eq!(grade(&class, &["--threads", "2"]).status.code(), Some(0));
    let whole = u64::try_from(begin.elapsed().as_micros()).unwrap();
    let folder = class.path().join("r");
    let expected = reports_below(&folder);
    std::fs::remove_dir_all(&folder).unwrap();
    let (mut random, mut kills, mut complete, mut most) = (Random(0x9e37_79b9_7f4a_7c15), 0, 0, whole * 5 / 4);
    while kills < 200 {
        let mut run = start(&class, &["--threads", "2"]);
        std::thread::sleep(Duration::from_micros(random.below(most)));
        match run.try_wait().unwrap() {
            None => {
                kill(run.id());
                run.wait().unwrap();
                kills += 1;
                // On a busy machine a run takes longer than the first one did; some have to come to their end.
                most += if kills % 8 == 0 && complete * 8 < kills { most / 4 } else { 0 };
            }
            Some(status) => {
                assert_eq!(status.code(), Some(0));
                is_complete(&folder, &expected);
                complete += 1;
                // Half of them begin from nothing, the others find a complete class.
                if random.below(2) == 0 {
                    std::fs::remove_dir_all(&folder).unwrap();
                }
            }
        }
    }
    assert_eq!(grade(&class, &["--threads", "2"]).status.code(), Some(0));
    is_complete(&folder, &expected);
    assert!(complete > 0, "no run came to its end between the kills");
}

/// Nothing is lost, nothing is there twice, nothing unfinished is left.
fn is_complete(folder: &Path, expected: &BTreeMap<PathBuf, Vec<u8>>) {
    let found = reports_below(folder);
    assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    assert!(found == *expected, "a file differs");
    let store = mlgrade::store::Store::existing(folder).unwrap().complete().unwrap();
    assert_eq!(store.graded().unwrap().len(), 60);
    assert_eq!(store.count_of_reports().unwrap(), 60, "no report is kept twice");
}

#[test]
fn what_is_unchanged_is_not_judged_again_and_what_changed_is() {
    let class = class(6);
    let judged = |arguments: &[&str]| -> Vec<String> {
        let ran = grade(&class, &[&["--log", "json"], arguments].concat());
        let lines = String::from_utf8(ran.stderr).unwrap();
        let lines = lines.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        let mut judged: Vec<String> = lines.filter(|line| line["event"] == "judged").map(|line| line["student"].as_str().unwrap().to_owned()).collect();
        judged.sort();
        judged
    };
    assert_eq!(judged(&[]).len(), 6);
    let expected = reports_below(&class.path().join("r"));
    assert_eq!(judged(&[]), Vec::<String>::new());
    assert_eq!(reports_below(&class.path().join("r")), expected);
    class.write("class/s03/metrics.json", metrics(0.5));
    assert_eq!(judged(&[]), ["s03"]);
    assert!(report(&class, "s03").to_string().contains("0.5"));
    class.write("class/s03/notes.txt", "a file that nobody asked for");
    assert_eq!(judged(&[]), ["s03"], "it counts how many files were handed in");
    assert_eq!(judged(&["--fresh"]).len(), 6);
    assert_eq!(judged(&["--cpu", "19"]).len(), 6, "another limit may change what can be read");
    // A page that was lost comes back without judging anything.
    std::fs::remove_file(class.path().join("r/s01.md")).unwrap();
    assert_eq!(judged(&["--cpu", "19"]), Vec::<String>::new());
    assert!(class.path().join("r/s01.md").is_file());
}

#[test]
fn a_second_run_into_a_folder_is_refused_with_who_holds_it() {
    let class = class(2).with("r/.mlgrade-running", "`mlgrade grade class` (process 77 on node3, since 2026-11-30 09:00:00 UTC)");
    let held = std::fs::File::open(class.path().join("r")).unwrap();
    held.lock().unwrap();
    let second = grade(&class, &[]);
    assert_eq!(second.status.code(), Some(2), "{}", text(&second));
    let said = text(&second);
    assert!(said.contains("O101") && said.contains("`mlgrade grade class` (process 77 on node3") && said.contains("writes to this folder"), "{said}");
    held.unlock().unwrap();
    // A note that a killed run has left holds nothing.
    assert_eq!(grade(&class, &[]).status.code(), Some(0));
    assert!(!class.path().join("r/.mlgrade-running").exists());
    assert_eq!(rows(&class).len(), 2);
}

#[test]
fn a_full_standard_output_loses_nothing_but_what_is_printed() {
    let class = class(3);
    let path = |name: &str| class.path().join(name).display().to_string();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let ran = Command::new(env!("CARGO_BIN_EXE_mlgrade"))
        .args(["grade", &path("class"), "--rubric", PLAIN, "--out", &path("r")])
        .current_dir(repository())
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(ran.status.code(), Some(4));
    assert!(text(&ran).contains("the standard output takes nothing: No space left"), "{}", text(&ran));
    assert_eq!(rows(&class).len(), 3);
    assert_eq!(mlgrade(&["publish", &path("r")]).status.code(), Some(0), "the run is complete");
}

#[test]
fn a_cut_off_run_is_not_exported() {
    let class = class(40);
    let mut run = start(&class, &["--threads", "1"]);
    let some = class.path().join("r/s00.json");
    let until = Instant::now() + Duration::from_mins(1);
    while !some.is_file() && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(1));
    }
    kill(run.id());
    run.wait().unwrap();
    let reports = class.path().join("r").display().to_string();
    let csv = class.path().join("grades.csv").display().to_string();
    for command in [&["export", "csv", "--reports", &reports, "--out", &csv] as &[&str], &["publish", &reports]] {
        let ran = mlgrade(command);
        assert_eq!(ran.status.code(), Some(2), "{command:?} {}", text(&ran));
        assert!(text(&ran).contains("did not come to its end") && text(&ran).contains("run it again"), "{}", text(&ran));
    }
    assert_eq!(grade(&class, &[]).status.code(), Some(0));
    assert_eq!(mlgrade(&["publish", &reports]).status.code(), Some(0));
}

/// A rubric by which a number is worth so many points.
fn worth(points: u32) -> String {
    format!(
        "schema = 1\nid = \"t\"\ntitle = \"T\"\nseed = 1\n[[part]]\nid = \"p\"\ntitle = \"P\"\npoints = {points}\n\
         item = [{{ id = \"i\", title = \"I\", points = {points}, check = \"number\", value = \"improved.val_error\", below = 2 }}]\n"
    )
}

#[test]
fn a_run_by_another_rubric_that_was_cut_off_leaves_nothing_behind() {
    let class = class(40).with("r.toml", worth(10));
    let path = |name: &str| class.path().join(name).display().to_string();
    let run = || mlgrade(&["grade", &path("class"), "--rubric", &path("r.toml"), "--out", &path("r")]);
    assert_eq!(run().status.code(), Some(0));
    let expected = reports_below(&class.path().join("r"));
    // Cut off when its first reports lie there, of which the database may know nothing.
    class.write("r.toml", worth(20));
    let before = class.read("r/s00.json");
    let mut other = Command::new(env!("CARGO_BIN_EXE_mlgrade"))
        .args(["grade", &path("class"), "--rubric", &path("r.toml"), "--out", &path("r")])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let until = Instant::now() + Duration::from_mins(1);
    while class.read("r/s00.json") == before && Instant::now() < until {
        std::thread::sleep(Duration::from_micros(200));
    }
    kill(other.id());
    other.wait().unwrap();
    class.write("r.toml", worth(10));
    assert_eq!(run().status.code(), Some(0));
    assert!(reports_below(&class.path().join("r")) == expected, "reports of the other rubric are left");
}

#[test]
fn shards_merge_to_what_one_machine_gives() {
    let class = class(10);
    let path = |name: &str| class.path().join(name).display().to_string();
    let whole = grade(&class, &[]);
    assert_eq!(whole.status.code(), Some(0));
    let shard = |shard: &str| {
        let ran = mlgrade(&["grade", &path("class"), "--rubric", PLAIN, "--shard", shard, "--out", &path("shards")]);
        assert_eq!(ran.status.code(), Some(0), "{}", text(&ran));
    };
    let missing = || String::from_utf8(mlgrade(&["merge", &path("shards"), "--missing", "--of", "3"]).stdout).unwrap();
    let merge = || mlgrade(&["merge", &path("shards"), "--out", &path("merged")]);
    assert_eq!(missing(), "1-3\n");
    shard("2/3");
    assert_eq!(missing(), "1,3\n");
    let refused = merge();
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused).contains("of 3 shards these are missing or not complete: 1,3"), "{}", text(&refused));
    shard("1/3");
    shard("3/3");
    assert_eq!(missing(), "\n");
    let merged = merge();
    assert_eq!(merged.status.code(), Some(0), "{}", text(&merged));
    assert_eq!(reports_below(&class.path().join("merged")), reports_below(&class.path().join("r")));
    let lines = |output: &Output| text(output).lines().skip(1).filter(|line| !line.starts_with("wrote ")).map(ToOwned::to_owned).collect::<Vec<_>>();
    assert_eq!(lines(&merged), lines(&whole));

    // What was graded after the shards is not taken back.
    std::fs::rename(class.path().join("class/s03/metrics.json"), class.path().join("kept.json")).unwrap();
    class.write("class/s03/metrics.json", metrics(0.9));
    assert_eq!(mlgrade(&["grade", &path("class/s03"), "--rubric", PLAIN, "--out", &path("merged")]).status.code(), Some(0));
    assert!(text(&merge()).contains("was graded after the shards"), "{}", text(&merge()));
    std::fs::rename(class.path().join("kept.json"), class.path().join("class/s03/metrics.json")).unwrap();
    for number in ["1/3", "2/3", "3/3"] {
        shard(number);
    }
    assert_eq!(merge().status.code(), Some(0));
    assert_eq!(reports_below(&class.path().join("merged")), reports_below(&class.path().join("r")));

    // With times that the other shards do not know.
    class.write("times.csv", "id,submitted_at\ns01,2023-03-01 10:00\n");
    let timed = ["grade", &path("class"), "--rubric", PLAIN, "--shard", "1/3", "--times", &path("times.csv"), "--out", &path("shards")];
    assert_eq!(mlgrade(&timed).status.code(), Some(0));
    assert!(text(&merge()).contains("of another state of the class, its roster, times or late days"), "{}", text(&merge()));
    shard("1/3");

    // Of another state of the class, by another limit, of another cut.
    class.write("class/zoe/metrics.json", metrics(0.02));
    shard("1/3");
    assert!(text(&merge()).contains("of another state of the class"), "{}", text(&merge()));
    std::fs::remove_dir_all(class.path().join("class/zoe")).unwrap();
    mlgrade(&["grade", &path("class"), "--rubric", PLAIN, "--shard", "1/3", "--cpu", "19", "--out", &path("shards")]);
    assert!(text(&merge()).contains("by another rubric, lock, data or other limits"), "{}", text(&merge()));
    shard("1/3");
    assert_eq!(merge().status.code(), Some(0));
    shard("1/2");
    assert!(text(&merge()).contains("shards of 2 and of 3 parts"), "{}", text(&merge()));
    // A shard whose folder was given another number.
    std::fs::remove_dir_all(class.path().join("shards/1-of-2")).unwrap();
    std::fs::remove_dir_all(class.path().join("shards/3-of-3")).unwrap();
    std::fs::rename(class.path().join("shards/2-of-3"), class.path().join("shards/3-of-3")).unwrap();
    assert_eq!(missing(), "2-3\n");
}

#[test]
fn reports_of_students_who_left_are_kept_apart_until_they_are_back() {
    let class = class(4);
    assert_eq!(grade(&class, &[]).status.code(), Some(0));
    let all = reports_below(&class.path().join("r"));
    std::fs::rename(class.path().join("class/s02"), class.path().join("s02")).unwrap();
    let ran = grade(&class, &[]);
    assert!(text(&ran).contains("1 report of students who are not in this class is now in") && text(&ran).contains("/former/: s02"), "{}", text(&ran));
    let left: Vec<PathBuf> = files_below(&class.path().join("r")).into_keys().filter(|path| path.to_string_lossy().contains("s02")).collect();
    assert!(left.len() >= 6 && left.iter().all(|path| path.starts_with("former")), "{left:?}");
    assert!(left.iter().any(|path| path.starts_with("former/figures")), "the pictures too: {left:?}");
    std::fs::rename(class.path().join("s02"), class.path().join("class/s02")).unwrap();
    assert_eq!(grade(&class, &[]).status.code(), Some(0));
    assert_eq!(reports_below(&class.path().join("r")), all);
}
