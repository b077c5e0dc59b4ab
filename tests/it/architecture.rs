//! The rooms of the crate import only what their place in the design allows.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::common::{files_below, repository};

/// Each room of the root crate with the rooms that it may import. `lib` and `main` stand outside. What the crates below may know of each
/// other stands in their manifests, and the compiler sees to it; the root's rooms may know them all.
const ROOMS: &[(&str, &[&str])] = &[
    ("report", &[]),
    ("check", &[]),
    ("submission", &[]),
    ("rubric", &["check"]),
    ("export", &[]),
    ("lock", &["export"]),
    ("similar", &["report"]),
    ("course", &["check", "lock", "rubric", "submission"]),
    ("grade", &["check", "course", "report", "rubric", "submission"]),
    ("golden", &["report"]),
    ("handout", &["check", "course"]),
    ("draft", &["check", "course", "rubric", "submission"]),
    ("marks", &["report"]),
    ("store", &["marks", "report"]),
    ("review", &["marks", "report", "store"]),
    ("worker", &["grade", "report"]),
    (
        "cli",
        &[
            "check",
            "course",
            "draft",
            "export",
            "golden",
            "grade",
            "handout",
            "lock",
            "marks",
            "report",
            "review",
            "rubric",
            "similar",
            "store",
            "submission",
            "worker",
        ],
    ),
];

/// The crates of the workspace, as the root crate names them.
const CRATES: [&str; 10] = ["data", "domain", "evidence", "figure", "metrics", "network", "numpy", "pdf", "picture", "reference"];

/// What only the course's own implementations are built on.
const ML_CRATES: [&str; 8] = ["candle-core", "candle-nn", "linfa", "linfa-bayes", "linfa-logistic", "num-traits", "plotters", "smartcore"];

/// The sources of the root crate by path inside src, comments left out.
fn sources() -> Vec<(PathBuf, String)> {
    sources_below("src")
}

/// The sources of the other crates by path inside crates.
fn sources_of_crates() -> Vec<(PathBuf, String)> {
    sources_below("crates")
}

fn sources_below(folder: &str) -> Vec<(PathBuf, String)> {
    let files = files_below(&repository().join(folder)).into_iter().filter(|(path, _)| path.extension().is_some_and(|ending| ending == "rs"));
    let code = |text: &str| text.split_inclusive('\n').filter(|line| !line.trim_start().starts_with("//")).collect();
    let sources: Vec<_> = files.map(|(path, bytes)| (path, code(&String::from_utf8(bytes).unwrap()))).collect();
    assert!(sources.len() > 60);
    sources
}

fn room(path: &Path) -> String {
    path.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs").to_owned()
}

/// The rooms that `code` names after `crate::`, also those in `use crate::{a, b::c}`.
fn imports(code: &str) -> BTreeSet<String> {
    let name = |text: &str| text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut rooms = BTreeSet::new();
    for (at, word) in code.match_indices("crate::") {
        let own = !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$');
        let rest = &code[at + word.len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 1;
            let mut entry = String::new();
            for c in group.chars() {
                depth += i32::from(c == '{') - i32::from(c == '}');
                if depth == 0 || (depth == 1 && c == ',') {
                    rooms.insert(name(&std::mem::take(&mut entry)));
                } else {
                    entry.push(c);
                }
                if depth == 0 {
                    break;
                }
            }
        } else if own {
            rooms.insert(name(rest));
        }
    }
    rooms
}

#[test]
fn imports_are_found_in_every_form() {
    let code = "use crate::domain::x;\nuse crate::{reference::lock::Lock, rubric};\nfn f() -> crate::report::Report { $crate::cli::x() }";
    assert_eq!(imports(code), BTreeSet::from(["domain", "reference", "rubric", "report"].map(str::to_owned)));
}

#[test]
fn each_room_imports_only_what_it_may() {
    let mut seen = BTreeSet::new();
    for (path, code) in sources() {
        let room = room(&path);
        if matches!(room.as_str(), "lib" | "main") {
            continue;
        }
        let (_, allowed) = ROOMS.iter().find(|(name, _)| *name == room).unwrap_or_else(|| panic!("{room} is no room of the design"));
        for import in imports(&code).into_iter().filter(|import| !CRATES.contains(&import.as_str())) {
            assert!(import == room || allowed.contains(&import.as_str()), "{} imports {import}", path.display());
            seen.insert(import);
        }
        seen.insert(room);
    }
    assert_eq!(seen.len(), ROOMS.len(), "{seen:?}");
}

#[test]
fn machine_learning_crates_stay_in_the_reference_crate() {
    let manifest = |folder: &Path| std::fs::read_to_string(folder.join("Cargo.toml")).unwrap().parse::<toml::Table>().unwrap();
    let uses = |folder: &Path, name: &str| manifest(folder)["dependencies"].as_table().unwrap().contains_key(name);
    let crates = std::fs::read_dir(repository().join("crates")).unwrap().map(|entry| entry.unwrap().path());
    for folder in crates.chain([repository()]).filter(|folder| folder.join("Cargo.toml").is_file()) {
        for name in ML_CRATES {
            assert_eq!(uses(&folder, name), folder.ends_with("crates/reference"), "{name} in {}", folder.display());
        }
    }
}

#[test]
fn only_the_shell_prints_and_asks_for_time_and_environment() {
    // Processes and their time are what a worker, and what isolates it, are about.
    let (sources, crates) = (sources(), sources_of_crates());
    let others = sources.iter().filter(|(path, _)| !matches!(room(path).as_str(), "cli" | "worker"));
    for (path, code) in others.chain(crates.iter().filter(|(path, _)| !path.starts_with("sandbox"))) {
        for word in ["println!", "eprintln!", "print!(", "eprint!(", "dbg!(", "std::env", "SystemTime", "Instant", "Timestamp::now", "process::exit"] {
            assert!(!code.contains(word), "{} has {word}", path.display());
        }
    }
}

#[test]
fn no_file_has_more_than_450_lines() {
    for (path, bytes) in ["src", "crates"].iter().flat_map(|folder| files_below(&repository().join(folder))) {
        let lines = String::from_utf8_lossy(&bytes).lines().count();
        assert!(lines <= 450 || path.extension().is_none_or(|ending| ending != "rs"), "{} has {lines} lines", path.display());
    }
}
