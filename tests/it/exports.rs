//! Exports for gradebooks and build servers: whose line is whose, what stays hidden, and that no text of a student passes for anything else.

use std::process::Command;

use mlgrade::report::export::{gradescope, junit};
use mlgrade::report::json;

use crate::common::{Folder, Opened, PLAIN, mlgrade, repository};
use crate::downloads::metrics;

/// A class of the plain rubric, each with an error of the improved network: below 0.025 is 10 of 19 points, below 0.25 is 6.
fn graded(students: &[(&str, f64)]) -> Folder {
    let folder = students.iter().fold(Folder::new(), |folder, (name, error)| folder.with(&format!("class/{name}"), metrics(*error)));
    let path = |name: &str| folder.path().join(name).display().to_string();
    let output = mlgrade(&["grade", &path("class"), "--rubric", PLAIN, "--out", &path("r")]);
    assert!(output.status.success(), "{output:?}");
    folder
}

fn export(folder: &Folder, format: &str, arguments: &[&str]) -> (Option<i32>, String) {
    let path = |name: &str| folder.path().join(name).display().to_string();
    let output = mlgrade(&[&["export", format, "--reports", &path("r"), "--out", &path("out.csv")], arguments].concat());
    (output.status.code(), String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap())
}

#[test]
fn reports_of_a_canvas_download_find_their_lines_and_strangers_are_named() {
    let students = [
        ("leeann_340934_1_metrics.json", 0.02),
        ("kimbo_340935_2_metrics.json", 0.3),
        ("oddeve_7_3_metrics.json", 0.02),
        ("leemax_340934_4_metrics.json", 0.02),
    ];
    let folder = graded(&students);
    folder.write(
        "canvas.csv",
        "Student,ID,SIS Login ID,Section,HW2 (123)\n    Points Possible,,,,19\n\"Lee, Ann\",340934,alee,A,\n\"Kim, Bo\",340935,bkim,A,3\n\"=Day, Dee\",340936,dday,A,7\n\"Student, Test\",1,x,A,\n",
    );
    let gradebook = folder.path().join("canvas.csv").display().to_string();
    let (code, text) = export(&folder, "canvas", &["--gradebook", &gradebook, "--assignment", "123"]);
    assert_eq!(code, Some(3), "{text}");
    assert!(text.contains("oddeve_7 is not in this list") && text.contains("1 in ") && text.contains("=Day, Dee (340936)"), "{text}");
    assert!(text.contains("leemax_340934 has the id of one student and the name of another") || text.contains("leemax_340934 is called"), "{text}");
    let written = folder.read("out.csv");
    assert!(written.contains("\"Kim, Bo\",340935,bkim,A,0\n") && written.contains("\"'=Day, Dee\",340936,dday,A,7\n"), "{written}");
    assert!(written.contains("\"Student, Test\",1,x,A,\n"), "{written}");
}

#[test]
fn two_reports_of_one_student_are_both_left_out() {
    let folder = graded(&[("alee/metrics.json", 0.02), ("Ann Lee/metrics.json", 0.3), ("bo/metrics.json", 0.02)]);
    folder.write("canvas.csv", "Student,ID,SIS Login ID,Section,HW2 (123)\n\"Lee, Ann\",1,alee,A,5\n\"Kim, Bo\",2,bo,A,\n");
    let gradebook = folder.path().join("canvas.csv").display().to_string();
    let (code, text) = export(&folder, "canvas", &["--gradebook", &gradebook, "--assignment", "HW2"]);
    assert_eq!(code, Some(3), "{text}");
    assert!(text.contains("Ann Lee, alee are all of Lee, Ann"), "{text}");
    assert_eq!(folder.read("out.csv"), "Student,ID,SIS Login ID,Section,HW2 (123)\n\"Lee, Ann\",1,alee,A,5\n\"Kim, Bo\",2,bo,A,10\n");
}

#[test]
fn nobody_gets_the_line_of_another_by_writing_that_name() {
    let folder = Folder::new().with("class/bo/metrics.json", metrics(0.02)).with("class/bo/submission.toml", "student = \"Ann Lee\"");
    let folder = folder.with("class/cy/metrics.json", metrics(0.02));
    let path = |name: &str| folder.path().join(name).display().to_string();
    assert!(mlgrade(&["grade", &path("class"), "--rubric", PLAIN, "--out", &path("r")]).status.success());
    folder.write("canvas.csv", "Student,ID,SIS Login ID,Section,HW2 (123)\n\"Lee, Ann\",1,alee,A,\n\"Ray, Cy\",3,cy,A,\n");
    let (code, text) = export(&folder, "canvas", &["--gradebook", &path("canvas.csv"), "--assignment", "HW2"]);
    assert_eq!((code, text.contains("bo is not in this list")), (Some(3), true), "{text}");
    assert!(folder.read("out.csv").contains("\"Lee, Ann\",1,alee,A,\n"));
}

#[test]
fn a_moodle_worksheet_is_matched_by_its_own_numbers() {
    let folder = graded(&[("Ann Lee_657693_assignsubmission_file_/metrics.json", 0.02), ("Bo Kim_657694_assignsubmission_file_/metrics.json", 0.3)]);
    let sheet = "Identifier,Full name,ID number,Status,Grade,Maximum grade,Last modified (grade),Feedback comments\n\
                 Participant 657693,Ann Lee,657694,Submitted,,19.00,-,\nParticipant 657694,Bo Kim,1,Submitted,4.00,19.00,-,old\nParticipant 657695,Cy Ray,2,-,-,19.00,-,\n";
    folder.write("w.csv", sheet);
    let worksheet = folder.path().join("w.csv").display().to_string();
    let (code, text) = export(&folder, "moodle", &["--worksheet", &worksheet]);
    assert_eq!(code, Some(0), "{text}");
    let written = folder.read("out.csv");
    let rows: Vec<csv::StringRecord> = csv::Reader::from_reader(written.as_bytes()).records().map(Result::unwrap).collect();
    assert_eq!(rows.iter().map(|row| &row[4]).collect::<Vec<_>>(), ["10", "0", "-"]);
    assert!(rows[0][7].starts_with("<p><strong>A number</strong></p><ul><li>Validation error of the improved network (fine): "), "{written}");
    assert_eq!(&rows[2][7], "");
}

/// A rubric with an item of each visibility.
fn course() -> Opened {
    let item = |id: &str, value: &str, student: &str| {
        format!(
            "[[part.item]]\nid = \"{id}\"\ntitle = \"Title of {id}\"\npoints = 5\ncheck = \"number\"\nvalue = \"{value}\"\nunit = \"fraction\"\nstudent = \"{student}\"\nlevels = [{{ below = 0.025, points = 5 }}]\n"
        )
    };
    let head = "schema = 1\nid = \"three\"\ntitle = \"Three\"\nseed = 1\n[[part]]\nid = \"p\"\ntitle = \"P\"\npoints = 15\n";
    Opened::of(&format!("{head}{}{}{}", item("open", "a", "verdict"), item("withheld", "b", "found"), item("secret", "c", "hidden")), None)
}

#[test]
fn gradescope_shows_neither_hidden_items_nor_withheld_verdicts_before_the_grades() {
    let report = Folder::new().with("metrics.json", "{\"a\": 0.02, \"b\": 0.3, \"c\": 0.01}").graded_in(&course());
    let results: serde_json::Value = serde_json::from_str(&json::json(&gradescope::results(&report)).unwrap()).unwrap();
    let test = |i: usize| {
        let test = &results["tests"][i];
        (test["name"].as_str().unwrap().to_owned(), test["score"].to_string(), test["max_score"].to_string(), test["visibility"].as_str().unwrap().to_owned())
    };
    let is = |name: &str, score: &str, visibility: &str| (name.to_owned(), score.to_owned(), "5".to_owned(), visibility.to_owned());
    assert_eq!(test(0), is("Title of open", "5", "visible"));
    assert_eq!(test(1), is("Title of withheld", "0", "after_published"));
    assert_eq!(test(2), is("What else the course looks at", "5", "after_published"));
    assert_eq!((results["score"].to_string(), results["tests"][1]["output"].as_str()), ("10".to_owned(), Some("it is there; the course judges it")));
    let whole = results.to_string();
    for hidden in ["secret", "0.025", "below", "\"visibility\":\"hidden\""] {
        assert!(!whole.contains(hidden), "{hidden}: {whole}");
    }
}

#[test]
fn no_two_cases_of_junit_share_class_and_name() {
    let class = [Folder::new().with("metrics.json", "{\"a\": 0.02}"), Folder::new()].map(|folder| folder.graded_in(&course()));
    let mut seen = std::collections::BTreeSet::new();
    for case in junit::of_class(&class).iter().flat_map(|suite| &suite.cases) {
        assert!(seen.insert((case.class.clone(), case.name.clone())), "{case:?}");
    }
    assert_eq!(seen.len(), 6);
    let of_student = junit::of_student(&class[0].for_student());
    let names: Vec<&str> = of_student.iter().flat_map(|suite| &suite.cases).map(|case| case.name.as_str()).collect();
    assert_eq!(names, ["p/open", "p/withheld"], "no hidden item");
}

#[test]
fn nothing_that_a_student_writes_is_a_command_to_github() {
    let evil = "::error title=x::hi";
    let settings = format!("student = \"x\"\nwhere.metrics = \"{evil}.json\"");
    let folder = Folder::new().with(&format!("class/{evil}/submission.toml"), settings).with(&format!("class/{evil}/{evil}.json"), "nonsense\n::error::y");
    let path = |name: &str| folder.path().join(name).display().to_string();
    assert!(mlgrade(&["grade", &path(&format!("class/{evil}")), "--rubric", PLAIN, "--out", &path("r")]).status.success());
    let summary = folder.path().join("summary.md");
    folder.write("summary.md", "before\n");
    let output = Command::new(env!("CARGO_BIN_EXE_mlgrade"))
        .args(["export", "github", "--reports", &path("r")])
        .env("GITHUB_STEP_SUMMARY", &summary)
        .current_dir(repository())
        .output()
        .unwrap();
    let log = String::from_utf8(output.stdout).unwrap();
    let commands: Vec<&str> = log.lines().filter(|line| line.trim_start().starts_with("::")).collect();
    let token = commands[0].strip_prefix("::stop-commands::").unwrap();
    assert_eq!(commands[1], format!("::{token}::"));
    assert!(token.len() > 30 && log.matches(token).count() == 2, "{log}");
    assert!(commands[2..].iter().all(|line| line.starts_with("::error title=") || line.starts_with("::notice title=Autograding ")), "{log}");
    assert!(commands[2..].iter().all(|line| !line[2..].split_once("::").unwrap().0.contains("title=x")), "{log}");
    assert!(folder.read("summary.md").starts_with("before\n| student |"));
}
