//! The rooms of the crate import only what their place in the design allows.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::common::{files_below, repository};

/// Each room with the rooms that it may import. `lib` and `main` stand outside.
const ROOMS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("report", &["domain"]),
    ("evidence", &["domain"]),
    ("figure", &["evidence", "domain"]),
    ("check", &["evidence", "figure", "domain"]),
    ("data", &["evidence", "domain"]),
    ("reference", &["data", "evidence", "figure", "domain"]),
    ("submission", &["evidence", "domain"]),
    ("rubric", &["check", "data", "evidence", "reference", "domain"]),
    ("similar", &["evidence", "domain", "report"]),
    ("grade", &["check", "evidence", "domain", "report", "rubric", "submission"]),
    ("cli", &["check", "data", "domain", "evidence", "figure", "grade", "reference", "report", "rubric", "similar", "submission"]),
];

const ML_CRATES: [&str; 8] = ["num_traits", "linfa", "linfa_bayes", "linfa_logistic", "smartcore", "ndarray", "plotters", "rand"];

/// The one file beside the references that multiplies matrices with a library: submitted networks are run there.
const NETWORK_PRODUCTS: &str = "evidence/network/kernels/product.rs";

/// The sources by path inside src, comments left out.
fn sources() -> Vec<(PathBuf, String)> {
    let files = files_below(&repository().join("src")).into_iter().filter(|(path, _)| path.extension().is_some_and(|ending| ending == "rs"));
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

/// Whether `code` names the crate or module `path` as a path of its own.
fn names(code: &str, path: &str) -> bool {
    let of_its_own = |at: usize| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
    code.match_indices(&format!("{path}::")).any(|(at, _)| of_its_own(at)) || code.contains(&format!("use {path};"))
}

#[test]
fn imports_are_found_in_every_form() {
    let code = "use crate::domain::x;\nuse crate::{reference::lock::Lock, rubric};\nfn f() -> crate::report::Report { $crate::cli::x() }";
    assert_eq!(imports(code), BTreeSet::from(["domain", "reference", "rubric", "report"].map(str::to_owned)));
    assert!(names("use candle_core::Tensor;", "candle_core") && !names("my_linfa::x", "linfa") && !names("crate::data::x", "data"));
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
        for import in imports(&code) {
            assert!(import == room || allowed.contains(&import.as_str()), "{} imports {import}", path.display());
            seen.insert(import);
        }
        seen.insert(room);
    }
    assert_eq!(seen.len(), ROOMS.len(), "{seen:?}");
}

#[test]
fn machine_learning_crates_stay_in_the_reference_room() {
    let mut users = 0;
    for (path, code) in sources() {
        for name in ML_CRATES.iter().filter(|name| names(&code, name)) {
            let allowed = room(&path) == "reference" || (*name == "ndarray" && path == Path::new(NETWORK_PRODUCTS));
            assert!(allowed, "{} names {name}", path.display());
            users += 1;
        }
    }
    assert!(users > 0);
    assert!(sources().iter().any(|(path, code)| path == Path::new(NETWORK_PRODUCTS) && names(code, "ndarray")));
}

#[test]
fn only_the_shell_prints_and_asks_for_time_and_environment() {
    for (path, code) in sources().iter().filter(|(path, _)| room(path) != "cli") {
        for word in ["println!", "eprintln!", "print!(", "eprint!(", "dbg!(", "std::env", "SystemTime", "Instant", "Timestamp::now", "process::exit"] {
            assert!(!code.contains(word), "{} has {word}", path.display());
        }
    }
}

#[test]
fn no_file_has_more_than_450_lines() {
    for (path, bytes) in files_below(&repository().join("src")) {
        let lines = String::from_utf8_lossy(&bytes).lines().count();
        assert!(lines <= 450 || path.extension().is_none_or(|ending| ending != "rs"), "{} has {lines} lines", path.display());
    }
}
