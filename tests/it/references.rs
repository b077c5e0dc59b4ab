//! References that an instructor brings along: a solution like a student's, and a program.

use crate::common::{Folder, mlgrade};

const HEAD: &str = "schema = 1\nid = \"own\"\ntitle = \"Own\"\nseed = 5\n\n[data]\nt = { csv = \"t.csv\" }\n";

/// A rubric of one part, whose item compares `mean` with the reference, and one that names a bound.
fn rubric(reference: &str) -> String {
    format!(
        "{HEAD}\n[[part]]\nid = \"p\"\ntitle = \"P\"\nreference = {reference}\n\n[[part.item]]\nid = \"mean\"\ntitle = \"The mean\"\npoints = 3\n\
         check = \"number\"\nvalue = \"mean\"\nagainst = \"reference\"\ntolerance = {{ absolute = 0.01 }}\n\n[[part.item]]\nid = \"loss\"\n\
         title = \"The loss\"\npoints = 7\ncheck = \"number\"\nvalue = \"loss\"\nlevels = [{{ at_most = \"worst\", points = 0 }}, {{ at_most = \"best\", \
         points = 7 }}]\ninterpolate = true\n\n[[part.item]]\nid = \"rows\"\ntitle = \"The rows\"\npoints = 2\ncheck = \"recompute\"\nmetric = \"mae\"\n\
         predictions = \"y\"\ndata = \"t\"\ntarget = \"y\"\nclaim = \"mae\"\ntolerance = {{ absolute = 0.1 }}\n"
    )
}

const SOLUTION: &str = r#"{"mean": 2.5, "worst": 1.0, "best": 0.2, "loss": 0.2, "mae": 0.1, "theta": [[1, 2], [3, 4]]}"#;

/// A shell program that counts how often it was run and writes a solution.
const PROGRAM: &str = "echo run >> runs.txt\ncp solution.json \"$1/metrics.json\"\necho \"$MLGRADE_SEED\" > seed.txt\n";

fn course(reference: &str) -> Folder {
    Folder::new()
        .with("rubric.toml", rubric(reference))
        .with("t.csv", "x,y\n1,2\n2,3\n")
        .with("solution/metrics.json", SOLUTION)
        .with("solution/predictions/y.csv", "2.1\n3.1\n")
        .with("solution.json", SOLUTION)
        .with("make.sh", PROGRAM)
        .with("class/ada/metrics.json", r#"{"mean": 2.505, "loss": 0.6, "mae": 0.5}"#)
        .with("class/ada/predictions/y.csv", "2.5\n3.5\n")
}

/// Exit code and all that is printed.
fn run(course: &Folder, arguments: &[&str]) -> (Option<i32>, String) {
    let rubric = course.path().join("rubric.toml").display().to_string();
    let output = mlgrade(&[arguments, &["--rubric", &rubric]].concat());
    (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

/// The points of ada's items, as the program grades them.
fn grade(course: &Folder) -> (Option<i32>, String) {
    let (class, out) = (course.path().join("class").display().to_string(), course.path().join("out").display().to_string());
    let (exit, said) = run(course, &["grade", &class, "--out", &out]);
    let grades = std::fs::read_to_string(course.path().join("out/grades.csv")).unwrap_or(said);
    (exit, grades.lines().last().unwrap_or_default().to_owned())
}

#[test]
fn a_solution_is_read_into_the_lock_and_may_then_be_gone() {
    let course = course("{ submission = \"solution/\" }");
    let (exit, said) = run(&course, &["reference", "--lock"]);
    assert_eq!(exit, Some(0), "{said}");
    let lock = course.read("rubric.lock");
    assert!(lock.contains("submission = \"solution/\"") && lock.contains("theta = [[1, 2], [3, 4]]"), "{lock}");
    // 7 points on the line from 1.0 (0 points) to 0.2 (7 points): 7 * 0.4 / 0.8 = 3.5. The predictions are off by 0.5 on average, as claimed.
    assert_eq!(grade(&course).1, "ada,,8.5,8.5,8.5,12,0,0,3,3.5,2");
    let (exit, said) = run(&course, &["verify"]);
    assert!(exit == Some(0) && said.contains("same as the lock"), "{said}");
    std::fs::remove_dir_all(course.path().join("solution")).unwrap();
    assert_eq!(grade(&course).1, "ada,,8.5,8.5,8.5,12,0,0,3,3.5,2");
}

#[test]
fn a_changed_solution_or_data_set_makes_the_lock_stale() {
    for (path, text) in [("solution/metrics.json", SOLUTION.replace("2.5", "2.6")), ("t.csv", "x,y\n1,2\n2,4\n".to_owned())] {
        let course = course("{ submission = \"solution/\" }");
        assert_eq!(run(&course, &["reference", "--lock"]).0, Some(0));
        let course = course.with(path, text);
        let (exit, said) = grade(&course);
        assert!(exit == Some(2) && said.contains("L103") || said.contains("run `mlgrade reference --lock`"), "{path}: {said}");
    }
}

#[test]
fn a_program_is_run_by_reference_alone() {
    let course = course("{ command = [\"sh\", \"make.sh\"], timeout = \"1m\" }");
    let runs = |course: &Folder| std::fs::read_to_string(course.path().join("runs.txt")).unwrap_or_default().lines().count();
    let rubric = course.path().join("rubric.toml").display().to_string();
    assert_eq!(mlgrade(&["lint", &rubric]).status.code(), Some(2), "a program without a lock");
    assert_eq!(runs(&course), 0);
    let (exit, said) = run(&course, &["reference", "--lock"]);
    assert_eq!((exit, runs(&course)), (Some(0), 1), "{said}");
    assert!(course.read("seed.txt").trim().parse::<u32>().is_ok());
    assert_eq!(grade(&course).1, "ada,,8.5,8.5,8.5,12,0,0,3,3.5,2");
    let (exit, said) = run(&course, &["verify"]);
    assert_eq!(exit, Some(0), "{said}");
    assert!(said.contains("was not run again"), "{said}");
    let out = course.path().join("released").display().to_string();
    assert_eq!(run(&course, &["release", "--out", &out]).0, Some(0));
    let released = course.read("released/own.student.toml");
    assert!(!released.contains("make.sh") && !released.contains("worst") && !released.contains("interpolate"), "{released}");
    assert_eq!(runs(&course), 1, "only `reference` runs it");
    let course = course.with("make.sh", "exit 1\n");
    assert!(grade(&course).1.contains("make.sh") || grade(&course).0 == Some(2), "the program has changed");
}

#[test]
fn a_program_that_fails_writes_no_lock_and_shows_its_last_lines() {
    let course = course("{ command = [\"sh\", \"make.sh\"] }").with("make.sh", "echo loading >&2\necho 'no such file: x.csv' >&2\nexit 4\n");
    let (exit, said) = run(&course, &["reference", "--lock"]);
    assert_ne!(exit, Some(0));
    assert!(said.contains("L104") && said.contains("no such file: x.csv"), "{said}");
    assert!(!course.path().join("rubric.lock").exists());
    let course = course.with("make.sh", "exit 0\n");
    let (_, said) = run(&course, &["reference", "--lock"]);
    assert!(said.contains("states no number and no answer"), "{said}");
    let course = course.with("make.sh", "sleep 20\n").with("rubric.toml", rubric("{ command = [\"sh\", \"make.sh\"], timeout = \"1s\" }"));
    let (_, said) = run(&course, &["reference", "--lock"]);
    assert!(said.contains("was stopped after 1s"), "{said}");
}

#[test]
fn a_baseline_that_is_better_than_the_reference_is_found_when_the_lock_is_made() {
    let course = course("{ submission = \"solution/\" }").with("solution/metrics.json", SOLUTION.replace("\"worst\": 1.0", "\"worst\": 0.1"));
    let (exit, said) = run(&course, &["reference", "--lock"]);
    assert_ne!(exit, Some(0));
    assert!(said.contains("the levels do not rise: at most 0.1 (0 points) is no better than at most 0.2 (7 points)"), "{said}");
    assert!(!course.path().join("rubric.lock").exists());
}

#[test]
fn a_value_that_the_solution_does_not_state_is_found_by_lint() {
    let course = course("{ submission = \"solution/\" }").with("solution/metrics.json", SOLUTION.replace("\"best\"", "\"besst\""));
    let rubric = course.path().join("rubric.toml").display().to_string();
    let output = mlgrade(&["lint", &rubric]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("R107") && said.contains("did you mean `besst`?"), "{said}");
}
