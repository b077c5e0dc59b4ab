//! Golden scores: `verify --class` holds a class against the scores that a person gave, and names the items behind each difference.

use crate::common::{Folder, mlgrade};

const RUBRIC: &str = "schema = 1
id = \"tiny\"
title = \"Tiny\"
seed = 1
[[part]]
id = \"p\"
title = \"P\"
[[part.item]]
id = \"error\"
title = \"Error\"
points = 4
check = \"number\"
value = \"error\"
levels = [{ at_most = 0.1, points = 4 }, { at_most = 0.2, points = 1.5 }]
[[part.item]]
id = \"best\"
title = \"Which is best?\"
points = 2
check = \"answer\"
answer = \"best\"
choices = [\"tree\", \"forest\"]
expect = \"forest\"
[[part.item]]
id = \"why\"
title = \"Why?\"
points = 3
check = \"written\"
answer = \"why\"
";

/// A class of three: all right (6–9 by hand: 4 + 2, and 3 for a person), the second level and no words (1.5 + 2), the wrong choice (4).
fn class() -> Folder {
    let student = |folder: Folder, name: &str, metrics: &str, answers: &str| {
        folder.with(&format!("class/{name}/metrics.toml"), metrics).with(&format!("class/{name}/answers.toml"), answers)
    };
    let folder = Folder::new().with("tiny.toml", RUBRIC);
    let folder = student(folder, "ann", "error = 0.05", "best = \"forest\"\nwhy = \"It averages.\"");
    let folder = student(folder, "bob", "error = 0.15", "best = \"forest\"");
    student(folder, "cay", "error = 0.05", "best = \"tree\"")
}

const EXPECTED: &str = "student,lowest,highest,why\nann,6,9,all right\nbob,3.5,3.5,second level\ncay,4,4,names the tree\n";

/// Exit code and everything that was printed by `verify --class` of `folder`, with more arguments.
fn verify(folder: &Folder, arguments: &[&str]) -> (Option<i32>, String) {
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (class, rubric) = (path("class"), path("tiny.toml"));
    let output = mlgrade(&[&["verify", "--class", &class, "--rubric", &rubric], arguments].concat());
    (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

#[test]
fn scores_as_expected_pass_whether_the_table_lies_in_the_class_or_beside_it() {
    for path in ["expected.csv", "class/expected.csv"] {
        let folder = class().with(path, EXPECTED);
        let (code, text) = verify(&folder, &[]);
        assert_eq!(code, Some(0), "{text}");
        assert!(text.contains("3 of 3 students") && text.contains("6–9 (all right)") && !text.contains("loose"), "{text}");
        let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(!left.iter().any(|name| name == "reports"), "{left:?}");
    }
}

#[test]
fn a_score_that_has_moved_fails_with_the_items_that_explain_it() {
    let folder = class().with("mine.csv", EXPECTED.replace("bob,3.5,3.5", "bob,6,6"));
    let mine = folder.path().join("mine.csv").display().to_string();
    let junit = folder.path().join("junit.xml").display().to_string();
    let (code, text) = verify(&folder, &["--expected", &mine, "--junit", &junit]);
    assert_eq!(code, Some(1), "{text}");
    for words in [
        "expected 6, found 3.5 (second level)",
        "p/error 1.5/4, partial: error = 0.15",
        "p/why 0/3, missing",
        "in full: p/best 2",
        "2 of 3 students have the scores",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let xml = folder.read("junit.xml");
    assert!(xml.contains("name=\"tiny.class\" tests=\"3\"") && xml.contains("failures=\"1\""), "{xml}");
    assert!(xml.contains("<failure>expected 6, found 3.5 (second level); p/error 1.5/4"), "{xml}");
}

#[test]
fn whoever_stands_on_one_side_alone_fails() {
    let folder = class().with("expected.csv", EXPECTED.replace("cay,", "dan,"));
    let (code, text) = verify(&folder, &[]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("expected 4, but there is no such submission (names the tree)"), "{text}");
    assert!(text.contains("found 4, but no score is expected") && text.contains("p/best 0/2"), "{text}");
}

#[test]
fn a_table_that_is_missing_or_faulty_is_named() {
    let (code, text) = verify(&class(), &[]);
    assert!(code == Some(2) && text.contains("D101") && text.contains("--write"), "{text}");
    let (code, text) = verify(&class().with("expected.csv", "student,lowest,highest\nann,six,9\n"), &[]);
    assert!(code == Some(2) && text.contains("line 2: lowest is `six`") && text.contains("expected.csv"), "{text}");
}

#[test]
fn a_run_is_written_as_a_table_and_reasons_that_stand_there_are_kept() {
    let folder = class();
    let (code, text) = verify(&folder, &["--write"]);
    assert!(code == Some(0) && text.contains("3 students, 3 without a reason"), "{text}");
    assert_eq!(folder.read("class/expected.csv"), "student,lowest,highest,why\nann,6,9,\nbob,3.5,3.5,\ncay,4,4,\n");
    assert_eq!(verify(&folder, &[]).0, Some(0));

    // Beside the class too it is that file which is written again.
    let folder = class().with("expected.csv", EXPECTED.replace("bob,3.5,3.5", "bob,6,6"));
    let (code, text) = verify(&folder, &["--write"]);
    assert!(code == Some(0) && text.contains("bob expected 6, found 3.5") && text.contains("0 without a reason"), "{text}");
    assert_eq!(folder.read("expected.csv"), EXPECTED);
}

/// The table that a person wrote for the example class has other columns too.
#[test]
fn the_example_class_has_the_scores_that_a_person_gave() {
    let output = mlgrade(&["verify", "--class", "submissions", "--expected", "fixtures/class/scores.csv"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.contains("31 of 31 students"), "{text}");
}
