//! What people decide: it is kept, it counts, and a rerun changes none of it.

use std::fs;
use std::path::Path;

use crate::common::{Folder, mlgrade};

/// A rubric with two written answers and a number, of three points each.
const RUBRIC: &str = r#"
schema = 1
id = "p"
title = "P"
seed = 1
RULE
[late]
due = 2023-03-06T23:59:59Z
per_day = "10%"
[[part]]
id = "a"
title = "A"
points = 9
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
points = 3
check = "written"
answer = "how"
[[part.item]]
id = "n"
title = "N"
points = 3
check = "number"
value = "n"
at_least = 1
"#;

/// A class of two, graded once.
struct Class {
    folder: Folder,
}

impl Class {
    fn new(rule: &str) -> Self {
        let answers = r#"{"why": "It is so.", "how": "Like this."}"#;
        let time = "submitted_at = 2023-03-08T12:00:00Z"; // two days late
        let folder = Folder::new()
            .with("rubric.toml", RUBRIC.replace("RULE", rule))
            .with("class/ann/answers.json", answers)
            .with("class/ann/metrics.json", r#"{"n": 2}"#)
            .with("class/ben/answers.json", answers)
            .with("class/ben/submission.toml", time)
            .with("class/ben/metrics.json", r#"{"n": 0}"#);
        let class = Self { folder };
        class.grade();
        class
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn run(args: &[&str]) -> (Option<i32>, String) {
        let output = mlgrade(args);
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr))
    }

    fn grade(&self) {
        let (code, text) = Self::run(&["grade", &self.path("class"), "--rubric", &self.path("rubric.toml"), "--out", &self.path("out")]);
        assert_eq!(code, Some(0), "{text}");
    }

    /// Adds the marks of a table.
    fn import(&self, table: &str) -> String {
        fs::write(self.path("marks.csv"), table).unwrap();
        let (code, text) = Self::run(&["marks", &self.path("out"), "--import", &self.path("marks.csv"), "--grader", "ana"]);
        assert_eq!(code, Some(0), "{text}");
        text
    }

    /// Lowest and highest score in grades.csv.
    fn score(&self, student: &str) -> (String, String) {
        let mut reader = csv::Reader::from_path(Path::new(&self.path("out")).join("grades.csv")).unwrap();
        let row = reader.records().map(Result::unwrap).find(|row| &row[0] == student).unwrap();
        (row[3].to_owned(), row[4].to_owned())
    }

    fn report(&self, student: &str) -> serde_json::Value {
        serde_json::from_slice(&fs::read(Path::new(&self.path("out")).join(format!("{student}.json"))).unwrap()).unwrap()
    }

    fn item(&self, student: &str, id: &str) -> serde_json::Value {
        self.report(student)["items"].as_array().unwrap().iter().find(|item| item["id"] == id).unwrap().clone()
    }
}

fn range(lowest: &str, highest: &str) -> (String, String) {
    (lowest.to_owned(), highest.to_owned())
}

#[test]
fn points_of_a_person_count_and_survive_a_rerun() {
    let class = Class::new("");
    assert_eq!(class.score("ann"), range("3", "9"));
    assert_eq!(class.score("ben"), range("0", "4.8"), "6 points wait, of which two days late leave 80 %");
    class.import("student,item,points,comment\nann,a/why,2.5,good\nben,a/why,\"1,5\",\n");
    assert_eq!(class.score("ann"), range("5.5", "8.5"));
    assert_eq!(class.score("ben"), range("1.2", "3.6"));
    class.grade();
    assert_eq!(class.score("ann"), range("5.5", "8.5"));
    let item = class.item("ann", "a/why");
    assert_eq!((&item["verdict"], &item["comments"][0]["text"], &item["comments"][0]["grader"]), (&"partial".into(), &"good".into(), &"ana".into()));
    assert_eq!(item["marked"]["found"], "needs-review");
    // The same table adds nothing, and one with more adds what is new.
    assert!(class.import("student,item,points,comment\nann,a/why,2.5,good\n").contains("0 marks added"));
    assert!(class.import("student,item,points,comment\nann,a/why,2,good\n").contains("1 mark added"));
    assert_eq!(class.score("ann"), range("5", "8"));
}

#[test]
fn a_mark_on_an_answer_that_has_changed_does_not_count() {
    let class = Class::new("");
    class.import("student,item,points\nann,a/why,3\nann,a/how,3\n");
    assert_eq!(class.score("ann"), range("9", "9"));
    fs::write(class.path("class/ann/answers.json"), r#"{"why": "It is not so.", "how": "Like this."}"#).unwrap();
    class.grade();
    assert_eq!(class.score("ann"), range("6", "9"), "only the answer that changed waits again");
    assert_eq!(
        (class.item("ann", "a/why")["marked"]["state"].as_str(), class.item("ann", "a/how")["marked"]["state"].as_str()),
        (Some("stale"), Some("counts"))
    );
    // As it was, the mark counts again.
    fs::write(class.path("class/ann/answers.json"), r#"{"why": "It is so.", "how": "Like this."}"#).unwrap();
    class.grade();
    assert_eq!(class.score("ann"), range("9", "9"));
}

#[test]
fn the_course_says_what_counts_where_two_graders_differ() {
    let table = "student,item,points,grader\nann,a/why,3,ana\nann,a/why,2,ben\nann,a/how,1,ana\nann,a/how,1,ben\n";
    for (rule, score, state) in [
        ("", range("4", "7"), "disagreement"),
        ("two_graders = \"must-agree\"", range("4", "7"), "disagreement"),
        ("two_graders = \"first\"", range("7", "7"), "counts"),
        ("two_graders = \"mean\"", range("6.5", "6.5"), "counts"),
    ] {
        let class = Class::new(rule);
        let text = class.import(table);
        assert!(text.contains("ana and ben: the same points for 1 of 2 answers"), "{text}");
        assert!(text.contains("ann a/why: 3 and 2"), "{text}");
        assert_eq!(class.score("ann"), score, "{rule}");
        assert_eq!(class.item("ann", "a/why")["marked"]["state"], state, "{rule}");
        // Whoever settles it ends it; both marks are kept.
        class.import("student,item,points,decision,grader\nann,a/why,0.5,settled,lead\n");
        assert_eq!(class.score("ann"), range("4.5", "4.5"), "{rule}");
        assert_eq!(class.item("ann", "a/why")["marked"]["graders"].as_array().unwrap().len(), 3);
    }
}

#[test]
fn extensions_excuses_overrides_and_requests_count() {
    let class = Class::new("");
    class.import("student,item,points\nben,a/why,3\nben,a/how,3\n");
    assert_eq!(class.score("ben"), range("4.8", "4.8"), "6 points, two days late");
    class.import("student,item,points,decision,until\nben,,,extension,2023-03-08T23:59:59Z\n");
    assert_eq!(class.score("ben"), range("6", "6"), "in time by the extension");
    class.import("student,item,points,comment\nben,a/n,2,the data set was wrong\n");
    assert_eq!(class.score("ben"), range("8", "8"), "what the program found is overridden");
    class.import("student,item,points,decision\nben,a/how,,excused\n");
    assert_eq!((class.score("ben"), &class.report("ben")["score"]["possible"]), (range("5", "5"), &6.into()));
    class.import("student,item,points,decision,comment\nben,a/why,,reopened,please look again\n");
    assert_eq!(class.score("ben"), range("2", "5"), "the item waits for a person again");
    class.import("student,item,points\nben,a/why,1\n");
    assert_eq!(class.score("ben"), range("3", "3"), "until somebody has looked");
}

/// Items that depend on a written answer and on a number: `after` both in turn, and `backed_by` the answer.
const DEPENDENT: &str = r#"
[[part.item]]
id = "after-why"
title = "After why"
points = 1
check = "number"
value = "n"
at_least = 0
after = "why"
[[part.item]]
id = "after-n"
title = "After N"
points = 2
check = "number"
value = "n"
at_least = -1
after = "n"
[[part.item]]
id = "backed"
title = "Backed"
points = 4
check = "number"
value = "n"
at_least = 0
backed_by = "why"
[[part.item]]
id = "last"
title = "Last"
points = 8
check = "number"
value = "n"
at_least = 0
after = "after-why"
"#;

#[test]
fn what_people_decide_decides_what_depends_on_it() {
    let class = Class::new("");
    let rubric = RUBRIC.replace("RULE", "").replace("points = 9\n", "");
    fs::write(class.path("rubric.toml"), rubric + DEPENDENT).unwrap();
    fs::write(class.path("class/ben/submission.toml"), "submitted_at = 2023-03-06T12:00:00Z").unwrap();
    class.grade();
    let verdicts =
        |student: &str| ["after-why", "after-n", "backed", "last"].map(|id| class.item(student, &format!("a/{id}"))["verdict"].as_str().unwrap().to_owned());
    // ann states n = 2, so that N earns 3 and what comes after it 2; ben states 0, so that neither earns anything. `how` waits for good.
    assert_eq!(verdicts("ann"), ["needs-review", "pass", "needs-review", "needs-review"]);
    assert_eq!(verdicts("ben"), ["needs-review", "skipped", "needs-review", "needs-review"]);
    class.import("student,item,points\nann,a/why,2\nben,a/why,0\nann,a/n,0\nben,a/n,1\n");
    assert_eq!(verdicts("ann"), ["pass", "skipped", "pass", "pass"], "2 points for the answer, none for the number");
    assert_eq!(class.score("ann"), range("15", "18"), "2 + 1 + 4 + 8, and `how`");
    assert_eq!(class.item("ann", "a/after-n")["reason"], "depends on a/n, which earned nothing");
    assert_eq!(verdicts("ben"), ["skipped", "pass", "needs-review", "skipped"], "no points for the answer, 1 for the number");
    assert_eq!(class.score("ben"), range("3", "10"), "1 + 2, `how`, and a claim that nothing backs");
    // Points of its own go before, and what is excused holds nothing back.
    class.import("student,item,points,decision\nben,a/backed,4,points\nben,a/why,,excused\n");
    assert_eq!(verdicts("ben"), ["pass", "pass", "pass", "pass"]);
    class.grade();
    assert_eq!(class.score("ben"), range("16", "19"), "1 + 2 + 1 + 4 + 8, and `how`");
}

#[test]
fn a_table_that_was_exported_before_undoes_nothing() {
    let class = Class::new("");
    class.import("student,item,points,grader\nann,a/why,1.5,ben\nann,a/how,3,ben\nben,a/why,2,ben\n");
    let export = class.path("monday.csv");
    let (code, text) = Class::run(&["marks", &class.path("out"), "--export", &export]);
    assert_eq!(code, Some(0), "{text}");
    let monday = fs::read_to_string(&export).unwrap();
    // Since then one mark has been changed and one withdrawn.
    class.import("student,item,points,grader\nann,a/why,2.5,ben\n");
    Class::run(&["marks", &class.path("out"), "--withdraw", "2"]);
    let before = class.score("ann");
    assert!(class.import(&monday).contains("0 marks added"), "what stands in the table is what was known then");
    assert_eq!(class.score("ann"), before);
    // A cell that has been changed is a new mark.
    let changed = monday.replacen("ann,a/why,points,1.5", "ann,a/why,points,1", 1);
    assert!(class.import(&changed).contains("1 mark added"), "{changed}");
}

#[test]
fn an_old_or_mangled_hash_of_an_answer_takes_nothing_from_a_mark_that_counts() {
    let class = Class::new("");
    class.import("student,item,points\nann,a/why,1\n");
    let old = class.item("ann", "a/why")["evidence"].as_str().unwrap().to_owned();
    fs::write(class.path("class/ann/answers.json"), r#"{"why": "It is not so.", "how": "Like this."}"#).unwrap();
    class.grade();
    class.import("student,item,points\nann,a/why,3\n");
    assert_eq!(class.score("ann"), range("6", "9"));
    class.import(&format!("student,item,points,comment,evidence\nann,a/why,2,late,{old}\n"));
    assert_eq!(class.score("ann"), range("6", "9"), "the points for the answer as it is now count");
    fs::write(class.path("marks.csv"), "student,item,points,evidence\nann,a/why,2,8.702E+15\n").unwrap();
    let (code, text) = Class::run(&["marks", &class.path("out"), "--import", &class.path("marks.csv")]);
    assert!(code == Some(2) && text.contains("line 2: `8.702E+15` in the column evidence is no hash of an answer"), "{text}");
}

#[test]
fn a_run_that_would_undo_what_the_last_one_knew_is_refused() {
    let class = Class::new("");
    fs::write(class.path("times.csv"), "id,submitted_at\nann,2023-03-06T12:00:00Z\nben,2023-03-06T12:00:00Z\n").unwrap();
    let grade = |rubric: &str, more: &[&str]| {
        let (path, rubric, out) = (class.path("class"), class.path(rubric), class.path("out"));
        Class::run(&[&["grade", &path, "--rubric", &rubric, "--out", &out], more].concat())
    };
    let times = class.path("times.csv");
    assert_eq!(grade("rubric.toml", &["--times", &times]).0, Some(0));
    let before = class.score("ben");
    let (code, text) = grade("rubric.toml", &[]);
    assert!(code == Some(2) && text.contains("with times that the course gave: give --times again"), "{text}");
    fs::write(class.path("other.toml"), RUBRIC.replace("RULE", "").replace("id = \"p\"", "id = \"q\"")).unwrap();
    let (code, text) = grade("other.toml", &["--times", &times]);
    assert!(code == Some(2) && text.contains("by the rubric `p`, and this is `q`: name the rubric with --rubric"), "{text}");
    assert_eq!(class.score("ben"), before, "nothing was graded");
}

#[test]
fn a_run_without_most_of_the_class_is_refused() {
    let class = Class::new("");
    for student in ["cem", "dia", "eve", "fay", "gil"] {
        fs::create_dir_all(class.path(&format!("class/{student}"))).unwrap();
        fs::write(class.path(&format!("class/{student}/metrics.json")), r#"{"n": 2}"#).unwrap();
    }
    class.grade();
    fs::create_dir_all(class.path("again/ann")).unwrap();
    fs::write(class.path("again/ann/metrics.json"), r#"{"n": 3}"#).unwrap();
    let (path, rubric, out) = (class.path("again"), class.path("rubric.toml"), class.path("out"));
    let (code, text) = Class::run(&["grade", &path, "--rubric", &rubric, "--out", &out]);
    assert!(code == Some(2) && text.contains("6 of its 7 students are not in this run, such as `ben`, `cem` and `dia`"), "{text}");
    let one = class.path("again/ann");
    assert_eq!(Class::run(&["grade", &one, "--rubric", &rubric, "--out", &out]).0, Some(0), "one submission by itself");
    assert_eq!(class.score("cem"), range("3", "3"));
}

#[test]
fn a_class_with_a_student_who_is_excused_from_everything_is_graded_again() {
    let class = Class::new("");
    class.import("student,decision,comment\nann,excused,hospital\n");
    class.grade();
    assert_eq!(class.report("ann")["excused"], true);
}

#[test]
fn a_person_who_confirms_that_evidence_contradicts_changes_no_claim() {
    let class = Class::new("");
    let rubric = RUBRIC.replace("RULE", "").replace("points = 9\n", "");
    fs::write(class.path("rubric.toml"), rubric + DEPENDENT).unwrap();
    fs::write(class.path("class/ben/answers.json"), "{}").unwrap();
    class.grade();
    let of = |id: &str| (class.item("ben", id)["verdict"].clone(), class.item("ben", id)["reason"].clone());
    let before = ["a/after-why", "a/backed", "a/last"].map(of);
    // The answer is missing, which earns nothing; a person gives nothing as well.
    class.import("student,item,points\nben,a/why,0\n");
    assert_eq!(["a/after-why", "a/backed", "a/last"].map(of), before);
}

#[test]
fn a_mark_that_is_withdrawn_does_not_count_and_stays_in_the_history() {
    let class = Class::new("");
    class.import("student,item,points\nann,a/why,3\n");
    assert_eq!(class.score("ann"), range("6", "9"));
    let (code, text) = Class::run(&["marks", &class.path("out"), "--withdraw", "1", "--grader", "ana"]);
    assert_eq!(code, Some(0), "{text}");
    assert_eq!(class.score("ann"), range("3", "9"));
    let (_, history) = Class::run(&["marks", &class.path("out"), "--history"]);
    assert!(history.lines().any(|line| line.contains("points 3") && line.ends_with("(withdrawn)")), "{history}");
    // A withdrawal can be withdrawn.
    Class::run(&["marks", &class.path("out"), "--withdraw", "2", "--grader", "ana"]);
    assert_eq!(class.score("ann"), range("6", "9"));
    let (code, text) = Class::run(&["marks", &class.path("out"), "--withdraw", "17"]);
    assert!(code != Some(0) && text.contains("there is no mark 17"), "{text}");
}

#[test]
fn tables_of_spreadsheets_are_read_and_give_back_what_was_written() {
    let class = Class::new("");
    let comment = "=1+1; \"quoted\", 'so'\nsecond line";
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(["student", "item", "points", "comment"]).unwrap();
    table.write_record(["ann", "a/why", "2", comment]).unwrap();
    class.import(&String::from_utf8(table.into_inner().unwrap()).unwrap());
    let export = class.path("export.csv");
    let (code, text) = Class::run(&["marks", &class.path("out"), "--export", &export]);
    assert_eq!(code, Some(0), "{text}");
    let written = fs::read_to_string(&export).unwrap();
    let mut reader = csv::Reader::from_reader(written.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 1 + 3, "one mark, and three answers that wait");
    assert!(rows[0][4].starts_with("'="), "a spreadsheet finds no formula: {}", &rows[0][4]);
    // Excel in Germany writes semicolons, a byte-order mark and decimal commas; LibreOffice and PowerShell UTF-16.
    let semicolons: String = written.lines().next().unwrap().replace(',', ";") + "\nben;a/how;points;2,5;fine;ana;;3;;;\n";
    for bytes in [
        format!("\u{feff}{semicolons}").into_bytes(),
        [0xff, 0xfe].into_iter().chain(semicolons.encode_utf16().flat_map(u16::to_le_bytes)).collect::<Vec<u8>>(),
    ] {
        fs::write(class.path("marks.csv"), bytes).unwrap();
        let (code, text) = Class::run(&["marks", &class.path("out"), "--import", &class.path("marks.csv")]);
        assert_eq!(code, Some(0), "{text}");
    }
    assert_eq!(class.score("ben"), range("2", "4.4"), "2.5 points of two days late, and an answer that waits");
    assert!(class.import(&written).contains("0 marks added"), "what was exported says nothing new");
}

#[test]
fn a_table_with_a_fault_adds_nothing_and_says_where() {
    let class = Class::new("");
    for (table, fault) in [
        ("student,item,points\nann,a/why,4\n", "line 2: 4 points for `a/why`, which is worth 3"),
        ("student,item,points\nann,a/why,2\nzoe,a/why,2\n", "line 3: there is no report of `zoe`"),
        ("student,item,points\nann,a/what,2\n", "line 2: the rubric has no item `a/what`"),
        ("student,item,points\nann,why,2\n", "line 2: `why` is no item's name; expected its part and its own name, such as `trees/plot`"),
        ("student,item,points\nann,a/why,two\n", "line 2: `two` is no number of points; write 2 or 2.5"),
        ("student,item,points\nann,,2\n", "line 2: points without an item"),
        ("student,item,points,decision\nann,a/why,2,given\n", "line 2: `given` is no decision"),
        ("student,item,points,decision,until\nann,,,extension,soon\n", "line 2: `soon` is no time"),
        ("who,item,points\nann,a/why,2\n", "there is no column student"),
        ("student,item,points,Points\nann,a/why,2,3\n", "two columns are called points"),
        ("student,item,points\nann,a/why,2\nann,a/why,3\n", "line 3: line 2 says something else about the same"),
        ("student,item,points,decision\nann,a/why,2,excused\n", "line 2: points and `excused` in one line"),
        ("student,item,decision,until\nann,a/why,extension,2023-03-09T00:00:00Z\n", "line 2: an extension is for the whole submission, not for `a/why`"),
        ("student,item,decision,until\nann,,extension,2023-03-01T00:00:00Z\n", "is before the due date"),
        ("student,item,decision,until\nann,,extension,2032-03-09T00:00:00Z\n", "is more than a year after the due date"),
    ] {
        fs::write(class.path("marks.csv"), table).unwrap();
        let (code, text) = Class::run(&["marks", &class.path("out"), "--import", &class.path("marks.csv")]);
        assert_eq!(code, Some(2), "{text}");
        assert!(text.contains(fault) && text.contains("nothing was added"), "{text}");
    }
    assert_eq!(class.score("ann"), range("3", "9"));
}

#[test]
fn two_programs_at_once_lose_no_mark() {
    let class = Class::new("");
    std::thread::scope(|scope| {
        for grader in ["ana", "ben", "cem", "dia"] {
            let class = &class;
            scope.spawn(move || {
                for n in 0..5 {
                    let table = class.path(&format!("{grader}{n}.csv"));
                    fs::write(&table, format!("student,item,points,comment\nann,a/why,1,{grader} {n}\n")).unwrap();
                    let (code, text) = Class::run(&["marks", &class.path("out"), "--import", &table, "--grader", grader]);
                    assert_eq!(code, Some(0), "{text}");
                }
            });
        }
    });
    let (_, history) = Class::run(&["marks", &class.path("out"), "--history"]);
    assert_eq!(history.lines().count(), 20, "{history}");
}

#[test]
fn without_a_graded_class_the_command_says_what_to_do() {
    let folder = Folder::new();
    let output = mlgrade(&["marks", folder.path().to_str().unwrap()]);
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("class.db is not there; run `mlgrade grade` with this folder as --out first"), "{output:?}");
}

#[test]
fn free_late_days_are_used_up_over_the_homeworks() {
    let class = Class::new("");
    let rubric = RUBRIC.replace("RULE", "").replace("per_day = \"10%\"", "per_day = \"10%\"\nslip_days = 3");
    fs::write(class.path("slack.toml"), rubric).unwrap();
    let grade = |out: &str, more: &[&str]| {
        let (path, rubric, out) = (class.path("class"), class.path("slack.toml"), class.path(out));
        let (code, text) = Class::run(&[&["grade", &path, "--rubric", &rubric, "--out", &out], more].concat());
        assert_eq!(code, Some(0), "{text}");
        let report: serde_json::Value = serde_json::from_slice(&fs::read(Path::new(&out).join("ben.json")).unwrap()).unwrap();
        (report["late"]["kept"].clone(), report["late"]["slip_days"].clone(), report["score"]["highest"].clone())
    };
    // ben hands in two days late: two of three free days, then the last one, then none.
    assert_eq!(grade("one", &[]), (10_000.into(), 2.into(), 6.into()));
    assert_eq!(grade("two", &["--slack-used", &class.path("one")]), (9_000.into(), 1.into(), 5.4.into()));
    let both = ["--slack-used", &class.path("one"), "--slack-used", &class.path("two")];
    assert_eq!(grade("three", &both), (8_000.into(), serde_json::Value::Null, 4.8.into()));
}

#[test]
fn students_see_all_points_when_the_rubric_or_a_person_says_so() {
    let hidden_until_released = |rule: &str| {
        let class = Class::new(rule);
        let rubric = RUBRIC.replace("RULE", rule).replace("check = \"number\"", "student = \"found\"\ncheck = \"number\"");
        fs::write(class.path("rubric.toml"), rubric).unwrap();
        class.grade();
        class
    };
    let is_released = |class: &Class| class.report("ann")["released"] == true;
    // The deadline of the rubric was in 2023.
    for (rule, released) in [("", false), ("release = \"by-hand\"", false), ("release = \"at-once\"", true), ("release = \"after-deadline\"", true)] {
        assert_eq!(is_released(&hidden_until_released(rule)), released, "{rule}");
    }
    let class = hidden_until_released("release = \"at-once\"");
    for (what, released) in [("--withhold", false), ("--release", true)] {
        let (code, text) = Class::run(&["publish", &class.path("out"), what]);
        assert_eq!(code, Some(0), "{text}");
        assert_eq!(is_released(&class), released, "{what}");
        class.grade();
        assert_eq!(is_released(&class), released, "a person's word goes before the rubric's");
    }
}

#[test]
fn the_last_decision_counts_also_when_it_was_made_before() {
    let class = Class::new("");
    // 3 points are the item's of the number, which ann has.
    for (points, total) in [("1", "4"), ("2", "5"), ("1", "4")] {
        assert!(class.import(&format!("student,item,points\nann,a/why,{points}\n")).contains("1 mark added"), "{points}");
        assert_eq!(class.score("ann").0, total);
    }
    // A table of what counts has one row for it, which can be changed back and forth.
    let export = class.path("export.csv");
    Class::run(&["marks", &class.path("out"), "--export", &export]);
    let written = fs::read_to_string(&export).unwrap();
    assert_eq!(written.lines().filter(|line| line.starts_with("ann,a/why,")).count(), 1, "{written}");
    // The same points after a request for another look are a new decision, and so is another request.
    assert!(class.import("student,item,decision\nann,a/why,reopened\n").contains("1 mark added"));
    assert_eq!(class.score("ann"), range("3", "9"));
    assert!(class.import("student,item,points\nann,a/why,1\n").contains("1 mark added"));
    assert_eq!(class.score("ann").0, "4");
    assert!(class.import("student,item,decision\nann,a/why,reopened\n").contains("1 mark added"));
    assert_eq!(class.score("ann"), range("3", "9"));
}

#[test]
fn marks_on_an_item_that_is_worth_something_else_now_do_not_count() {
    let class = Class::new("");
    class.import("student,item,points\nann,a/why,3\n");
    let cheaper = RUBRIC.replace("RULE", "").replace("points = 9", "points = 8").replacen("points = 3", "points = 2", 1);
    fs::write(class.path("rubric.toml"), cheaper).unwrap();
    class.grade();
    assert_eq!(class.item("ann", "a/why")["marked"]["state"], "stale");
    assert_eq!(class.score("ann"), range("3", "8"));
    Class::run(&["marks", &class.path("out"), "--export", &class.path("export.csv")]);
    let written = fs::read_to_string(class.path("export.csv")).unwrap();
    assert!(class.import(&written).contains("0 marks added"), "what was exported is read back");
}

#[test]
fn excuses_end_with_points_and_of_everything_there_is_no_score() {
    let class = Class::new("");
    class.import("student,item,decision\nann,a/why,excused\n");
    assert_eq!(class.score("ann"), range("3", "6"));
    class.import("student,item,points\nann,a/why,2\n");
    assert_eq!(class.score("ann"), range("5", "8"), "points after the excuse count");
    class.import("student,decision\nann,excused\n");
    assert_eq!(class.score("ann"), range("", ""), "no score, which is not a zero");
    assert_eq!((&class.report("ann")["excused"], &class.report("ann")["score"]["possible"]), (&true.into(), &0.into()));
    // Excused from each item is excused from all.
    class.import("student,item,decision\nben,a/why,excused\nben,a/how,excused\nben,a/n,excused\n");
    assert_eq!((class.report("ben")["excused"].clone(), class.score("ben")), (true.into(), range("", "")));
}

#[test]
fn one_student_graded_again_keeps_what_the_class_knew_of_lateness() {
    let class = Class::new("");
    fs::write(class.path("times.csv"), "id,submitted_at\nann,2023-03-07T12:00:00Z\nben,2023-03-06T12:00:00Z\n").unwrap();
    let (rubric, out, times) = (class.path("rubric.toml"), class.path("out"), class.path("times.csv"));
    let grade = |what: &str, more: &[&str]| Class::run(&[&["grade", &class.path(what), "--rubric", &rubric, "--into", &out], more].concat());
    assert_eq!(grade("class", &["--times", &times]).0, Some(0));
    assert_eq!((class.score("ann").0, class.score("ben").1), ("2.7".to_owned(), "6".to_owned()), "ann is a day late, ben is not, by the course's word");
    let (code, text) = grade("class/ben", &[]);
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("when it was handed in was not the student's own word: give --times or --roster again"), "{text}");
    assert_eq!(class.score("ben").1, "6", "nothing is changed");
    assert_eq!(grade("class/ben", &["--times", &times]).0, Some(0));
    assert_eq!(class.score("ben").1, "6");
    let (code, text) = grade("class", &["--slack-used", &out]);
    assert!(code != Some(0) && text.contains("is where this homework's reports go"), "{text}");
}
