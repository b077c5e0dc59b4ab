//! Every number of every export is the one in the JSON report, over the example class with marks, an excused student and an extension.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::Value;

use crate::common::{Folder, mlgrade, repository};

/// Runs the program and gives what it printed, after making sure how it ended.
fn run(code: i32, arguments: &[&str]) -> String {
    let output = mlgrade(arguments);
    let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {text}");
    text
}

/// Points as every export writes them: 77.4, never 77.40 or 77,4.
fn points(value: &Value) -> String {
    value.as_f64().map(|number| number.to_string()).unwrap()
}

fn table(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    reader.records().map(|row| header.iter().map(str::to_owned).zip(row.unwrap().iter().map(str::to_owned)).collect()).collect()
}

fn items(report: &Value) -> &Vec<Value> {
    report["items"].as_array().unwrap()
}

fn is_open(item: &Value) -> bool {
    item["points"].is_null() && item["verdict"] != "excused"
}

fn score(report: &Value, what: &str) -> String {
    points(&report["score"][what])
}

/// "52–71", or "52" when nothing is open.
fn range(report: &Value) -> String {
    let (lowest, highest) = (score(report, "lowest"), score(report, "highest"));
    if lowest == highest { lowest } else { format!("{lowest}–{highest}") }
}

/// The graded example class with marks, and each student's report as JSON.
struct Class {
    folder: Folder,
    all: BTreeMap<String, Value>,
}

#[test]
fn every_export_has_the_numbers_of_the_reports() {
    let class = Class::marked();
    class.table();
    class.gradebooks();
    class.gradescope();
    class.junit_and_markdown();
    class.github();
}

impl Class {
    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn marked() -> Self {
        let folder = Folder::new();
        let path = |name: &str| folder.path().join(name).display().to_string();
        let reports = path("r");
        run(0, &["grade", &repository().join("submissions").display().to_string(), "--out", &reports]);
        let read = |student: &str| -> Value { serde_json::from_str(&folder.read(&format!("r/{student}.json"))).unwrap() };
        let open =
            |student: &str| items(&read(student)).iter().filter(|item| is_open(item)).map(|item| item["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>();

        // Everything of three students is marked, one student is excused from all, one from an item, and one gets an extension.
        assert_eq!((score(&read("s07-late"), "earned"), open("s07-late").is_empty()), ("77.4".to_owned(), false));
        let mut marks = "student,item,points,decision,until\n".to_owned();
        for student in ["s01-reference", "s03-average", "s07-late"] {
            marks.extend(open(student).iter().map(|item| format!("{student},{item},0.75,points,\n")));
        }
        marks += "s10-empty,,,excused,\ns11-copied,trees/plot,,excused,\ns07-late,,,extension,2023-03-10T23:59:59-06:00\n";
        folder.write("marks.csv", marks);
        run(0, &["marks", &reports, "--import", &path("marks.csv"), "--grader", "ana"]);
        let waited = open("s07-late").len();
        assert_eq!(waited, 0);
        let table_text = folder.read("r/grades.csv");
        let all: BTreeMap<String, Value> =
            table(&table_text).iter().map(|row| row["student"].clone()).map(|student| (student.clone(), read(&student))).collect();
        assert_eq!(
            (all.len(), score(&all["s07-late"], "earned")),
            (31, "89.75".to_owned()),
            "86 of what the program judged, 5 × 0.75, and nothing for lateness"
        );
        assert_eq!(score(&all["s11-copied"], "possible"), "95", "100 without the plot's 5");

        Self { folder, all }
    }

    fn table(&self) {
        let Self { folder, all } = self;
        run(0, &["export", "csv", "--reports", &self.path("r"), "--out", &self.path("out.csv")]);
        for row in table(&folder.read("out.csv")) {
            let report = &all[&row["student"]];
            for what in ["earned", "lowest", "highest", "possible"] {
                // Whoever is excused from all of it has no score.
                let expected = if report["excused"].is_null() { score(report, what) } else { String::new() };
                assert_eq!(row[what], expected, "{}", row["student"]);
            }
            assert_eq!(row["late_days"], report["late"]["days"].as_u64().unwrap_or(0).to_string());
            for item in items(report) {
                let shown = if item["points"].is_null() { String::new() } else { points(&item["points"]) };
                assert_eq!(row[item["id"].as_str().unwrap()], shown);
            }
        }
    }

    /// Of Canvas and Moodle, in whose files each student has 12.5 from earlier.
    fn gradebooks(&self) {
        let Self { folder, all } = self;
        let mut gradebook = "Student,ID,SIS Login ID,Section,HW2 (123),Final Score\n    Points Possible,,,,100,(read only)\n".to_owned();
        let mut worksheet = "Identifier,Full name,Email address,Grade,Maximum grade,Last modified (grade),Feedback comments\n".to_owned();
        for (i, student) in all.keys().enumerate() {
            writeln!(gradebook, "\"Name, {i}\",{},{student},A,12.5,1", 500 + i).unwrap();
            writeln!(worksheet, "Participant {},Name {i},{student},12.5,100.00,-,", 900 + i).unwrap();
        }
        folder.write("canvas.csv", gradebook);
        folder.write("moodle.csv", worksheet);
        let (gradebook, upload, reports) = (self.path("canvas.csv"), self.path("up.csv"), self.path("r"));
        let canvas = ["export", "canvas", "--reports", &reports, "--gradebook", &gradebook, "--assignment", "HW2 (123)", "--out", &upload];
        let refused = run(2, &canvas);
        assert!(
            refused.contains("s02-good: trees/why-boosted-size (needs review)") && !refused.contains("s07-late") && !refused.contains("s10-empty"),
            "{refused}"
        );
        assert!(!folder.path().join("up.csv").exists());
        let told = run(0, &[&canvas[..], &["--partial"]].concat());
        assert!(told.contains("says 100 points, and these reports 95: s11-copied"), "{told}");
        run(0, &["export", "moodle", "--reports", &self.path("r"), "--worksheet", &self.path("moodle.csv"), "--out", &self.path("sheet.csv"), "--partial"]);
        let expected = |student: &str| {
            let report = &all[student];
            let waits = items(report).iter().any(is_open) && report["excused"].is_null();
            if waits { "12.5".to_owned() } else { score(report, "earned") }
        };
        let by_canvas = table(&folder.read("up.csv"));
        assert_eq!(by_canvas[0]["HW2 (123)"], "100");
        for row in &by_canvas[1..] {
            let student = &row["SIS Login ID"];
            assert_eq!(row["HW2 (123)"], if student == "s10-empty" { "EX".to_owned() } else { expected(student) }, "{student}");
            assert!(!row.contains_key("Final Score"));
        }
        assert_eq!(by_canvas.iter().filter(|row| row["HW2 (123)"] == "12.5").count(), 27 - usize::from(!items(&all["s11-copied"]).iter().any(is_open)));
        for row in table(&folder.read("sheet.csv")) {
            let student = &row["Email address"];
            assert_eq!(row["Grade"], if student == "s10-empty" { "12.5".to_owned() } else { expected(student) }, "{student}");
        }
    }

    /// Each item by its number, and the total.
    fn gradescope(&self) {
        let Self { folder, all } = self;
        run(0, &["export", "gradescope", "--reports", &self.path("r"), "--all", &self.path("gs")]);
        for (student, report) in all {
            let results: Value = serde_json::from_str(&folder.read(&format!("gs/{student}.json"))).unwrap();
            assert_eq!(results["score"], report["score"]["earned"], "{student}");
            let tests = results["tests"].as_array().unwrap();
            assert_eq!(tests.len(), items(report).len(), "the shipped rubric hides no item");
            for (test, item) in tests.iter().zip(items(report)) {
                assert!(test["name"].as_str().unwrap().starts_with(item["title"].as_str().unwrap()));
                assert_eq!(test["score"], item["points"], "{student} {}", item["id"]);
                let worth = if item["verdict"] == "excused" { &Value::Null } else { &item["possible"] };
                assert_eq!(&test["max_score"], worth);
                let shown = if item["visibility"] == "verdict" { "visible" } else { "after_published" };
                assert_eq!(test["visibility"], shown, "{student} {}", item["id"]);
            }
        }
    }

    fn junit_and_markdown(&self) {
        let Self { folder, all } = self;
        run(0, &["export", "junit", "--reports", &self.path("r"), "--out", &self.path("junit.xml")]);
        let junit = folder.read("junit.xml");
        for (student, report) in all {
            let suite = junit.split("<testsuite ").find(|suite| suite.starts_with(&format!("name=\"{student}\" tests=\"35\""))).unwrap();
            let cases: Vec<&str> = suite.split("<testcase ").skip(1).collect();
            let markdown = folder.read(&format!("r/{student}.md"));
            assert!(markdown.contains(&format!("**{} of {} points**", range(report), score(report, "possible"))), "{student}");
            let rows: Vec<&str> = markdown.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| item")).collect();
            assert_eq!((cases.len(), rows.len()), (35, 35));
            for ((case, row), item) in cases.iter().zip(&rows).zip(items(report)) {
                assert!(case.starts_with(&format!("name={} classname=\"cs441-hw2.{student}\"", item["id"])), "{case}");
                let possible = points(&item["possible"]);
                let earned = if item["points"].is_null() { None } else { Some(points(&item["points"])) };
                let said = earned.as_ref().map(|earned| format!("<system-out>{earned} of {possible} points</system-out>"));
                assert_eq!(case.contains("<system-out>"), said.is_some());
                assert!(said.is_none_or(|said| case.contains(&said)), "{case}");
                assert!(row.contains(&format!("| {} / {possible} |", earned.as_deref().unwrap_or("?"))), "{row}");
            }
        }
    }

    fn github(&self) {
        for (student, report) in self.all.iter().take(3) {
            let log = run(0, &["export", "github", student, "--reports", &self.path("r")]);
            let (earned, possible) = (score(report, "earned"), score(report, "possible"));
            assert!(log.contains(&format!("::notice title=Autograding complete::Points {earned}/{possible}\n")), "{log}");
            assert!(log.contains(&format!("::notice title=Autograding report::{{\"totalPoints\":{earned},\"maxPoints\":{possible}}}\n")), "{log}");
        }
    }
}
