//! The gate: `verify` passes a reference that earns full marks and stops one that does not, and a course's own files have clear faults.

use std::path::PathBuf;
use std::process::Output;

use tempfile::TempDir;

use crate::common::mlgrade;

const RUBRIC: &str = "schema = 1
id = \"small\"
title = \"Small\"
seed = 7
[data]
penguins = { builtin = \"penguins\" }
[[part]]
id = \"one\"
title = \"One\"
reference = { run = \"species-models\", data = \"penguins\", folds = 5, trees = 10 }
[[part.item]]
id = \"accuracy\"
title = \"Accuracy\"
points = 2
check = \"number\"
value = \"best.accuracy\"
at_least = 0.97
[[part.item]]
id = \"bayes\"
title = \"Naive Bayes\"
points = 1
check = \"number\"
value = \"penguins.bayes\"
against = \"reference\"
tolerance = { absolute = 0.05 }
";

struct Course(TempDir);

impl Course {
    fn new(rubric: &str) -> Self {
        let course = Self(TempDir::new().unwrap());
        course.write("small.toml", rubric);
        course
    }

    fn locked() -> Self {
        let course = Self::new(RUBRIC);
        assert_eq!(course.run(&["reference", "--lock"]).status.code(), Some(0));
        course
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    fn change(&self, name: &str, from: &str, to: &str) {
        let text = std::fs::read_to_string(self.path(name)).unwrap();
        assert!(text.contains(from), "{name} has {from}");
        self.write(name, &text.replace(from, to));
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let path = self.path("small.toml");
        mlgrade(&[arguments, &["--rubric", path.to_str().unwrap()]].concat())
    }

    /// Exit code and everything that was printed.
    fn outcome(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let output = self.run(arguments);
        (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
    }
}

#[test]
fn a_reference_that_earns_full_marks_passes() {
    let (code, text) = Course::locked().outcome(&["verify"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("same as the lock") && text.contains("the reference earns full marks"), "{text}");
}

#[test]
fn an_item_that_the_reference_does_not_reach_fails_the_gate_by_name() {
    let course = Course::locked();
    course.change("small.toml", "at_least = 0.97", "at_least = 0.9999");
    let (code, text) = course.outcome(&["verify"]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("✗ one/accuracy: 0 of 2 points, fail: best.accuracy = 0.9") && text.contains("expected at least 0.9999"), "{text}");
}

#[test]
fn a_lock_with_another_value_fails_the_gate_and_says_which() {
    let course = Course::locked();
    let lock = std::fs::read_to_string(course.path("small.lock")).unwrap();
    let line = lock.lines().find(|line| line.starts_with("\"penguins.knn\"")).unwrap();
    course.change("small.lock", line, "\"penguins.knn\" = 0.5");
    let (code, text) = course.outcome(&["verify"]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("differs from the lock") && text.contains("penguins.knn: the lock has 0.5"), "{text}");
}

#[test]
fn an_export_earns_full_marks() {
    let course = Course::locked();
    let folder = course.path("export");
    assert_eq!(course.run(&["reference", "--export", folder.to_str().unwrap()]).status.code(), Some(0));
    let out = course.path("reports");
    let (code, text) = course.outcome(&["grade", folder.to_str().unwrap(), "--out", out.to_str().unwrap()]);
    assert!(code == Some(0) && text.contains("3/3"), "{text}");
}

#[test]
fn faults_of_the_course_say_what_to_do_and_leave_with_2() {
    let no_lock = Course::new(RUBRIC);
    let unreadable = Course::locked();
    unreadable.change("small.lock", "seed = 7", "seed = ");
    let stale = Course::locked();
    stale.change("small.toml", "folds = 5", "folds = 6");
    let other = Course::locked();
    other.change("small.lock", "rubric = \"small\"", "rubric = \"large\"");
    for (course, code, word) in [
        (&no_lock, "L101", "the rubric has no lock"),
        (&unreadable, "L102", "small.lock"),
        (&stale, "L103", "the reference of part `one` has other settings now"),
        (&other, "L103", "it is of `large`"),
    ] {
        let (exit, text) = course.outcome(&["grade", "submissions"]);
        assert_eq!(exit, Some(2), "{text}");
        assert!(text.contains(code) && text.contains(word) && text.contains("mlgrade reference ") && text.contains("--lock"), "{text}");
    }
}

#[test]
fn data_files_that_are_missing_or_others_are_named() {
    let source = |source: &str| Course::new(&RUBRIC.replace("{ builtin = \"penguins\" }", source));
    let missing = source("{ csv = \"birds.csv\" }");
    let other = source(&format!("{{ csv = \"birds.csv\", sha256 = \"{}\" }}", "0".repeat(64)));
    other.write("birds.csv", "a,b\n1,x\n");
    let ragged = source("{ csv = \"birds.csv\" }");
    ragged.write("birds.csv", "a,b\n1\n");
    for (course, code) in [(&missing, "D101"), (&other, "D102"), (&ragged, "D103")] {
        let (exit, text) = course.outcome(&["data"]);
        assert_eq!(exit, Some(2), "{text}");
        assert!(text.contains(code) && text.contains("birds.csv"), "{text}");
    }
}

#[test]
fn a_part_is_verified_alone_and_found_in_whichever_shipped_rubric_has_it() {
    let filters = mlgrade(&["verify", "--part", "filters"]);
    let text = String::from_utf8_lossy(&filters.stdout).into_owned();
    assert!(filters.status.success() && text.contains("deep-learning-lab") && text.contains("filters") && !text.contains("lenet"), "{text}");
    let misspelt = mlgrade(&["verify", "--part", "filtres"]);
    let text = String::from_utf8_lossy(&misspelt.stderr).into_owned();
    assert!(misspelt.status.code() == Some(2) && text.contains("there is no part `filtres`") && text.contains("did you mean `filters`?"), "{text}");
}

#[test]
fn one_part_of_a_lock_is_made_anew_and_the_others_stay() {
    let course = Course::new(&format!("{RUBRIC}{}", RUBRIC[RUBRIC.find("[[part]]").unwrap()..].replace("id = \"one\"", "id = \"two\"")));
    let faults = course.outcome(&["reference", "--lock"]);
    assert_eq!(faults.0, Some(0), "{}", faults.1);
    course.change("small.lock", "[part.one.evidence]", "[part.one.evidence]\nmine = 1");
    course.change("small.lock", "[part.two.evidence]", "[part.two.evidence]\nmine = 1");
    assert_eq!(course.outcome(&["reference", "--lock", "--part", "two"]).0, Some(0));
    let lock = std::fs::read_to_string(course.path("small.lock")).unwrap();
    assert_eq!(lock.matches("mine = 1").count(), 1);
    assert!(lock.find("mine = 1") < lock.find("[part.two]"));
    assert_eq!(course.outcome(&["reference", "--lock", "--part", "three"]).0, Some(2));
}
