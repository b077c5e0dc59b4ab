//! A class of any size, graded.

use serde_json::json;
use tempfile::TempDir;

use crate::browser::mlgrade;

const RUBRIC: &str = r#"
schema = 1
id = "p"
title = "P"
seed = 1
[[part]]
id = "a"
title = "A"
points = 5
[[part.item]]
id = "why"
title = "Why?"
points = 3
check = "written"
answer = "why"
guide = "Because."
[[part.item]]
id = "how"
title = "How?"
points = 2
check = "written"
answer = "how"
"#;

/// A class of `students` called s0, s1, …, graded into the folder that is given.
pub(crate) fn class(students: usize) -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(path("rubric.toml"), RUBRIC).unwrap();
    for n in 0..students {
        std::fs::create_dir_all(path(&format!("class/s{n}"))).unwrap();
        let why = if n < 2 { "Both say the same.".to_owned() } else { format!("Answer of {n}: <b>bold</b>") };
        std::fs::write(path(&format!("class/s{n}/answers.json")), json!({ "why": why, "how": "So." }).to_string()).unwrap();
    }
    let out = path("out");
    mlgrade(&["grade", &path("class"), "--rubric", &path("rubric.toml"), "--out", &out]);
    (folder, out)
}

pub(crate) fn run(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test);
}
