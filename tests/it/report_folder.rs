//! What is written: each student's report under a name of its own, one fault costs one student, and earlier runs are told apart.

use std::process::{Command, Stdio};

use mlgrade::submission::find;

use crate::common::{Folder, PLAIN, mlgrade, repository};
use crate::downloads::metrics;
use crate::hostile_archives::zip;

struct Ran {
    code: Option<i32>,
    text: String,
}

/// Grades by the plain rubric, or by the one that the arguments name.
fn grade(arguments: &[&str]) -> Ran {
    let rubric: &[&str] = if arguments.contains(&"--rubric") { &[] } else { &["--rubric", PLAIN] };
    let output = mlgrade(&[&["grade"], arguments, rubric].concat());
    Ran { code: output.status.code(), text: String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap() }
}

fn rows(folder: &Folder, path: &str) -> Vec<(String, String)> {
    let cell = |line: &str, i: usize| line.split(',').nth(i).unwrap().to_owned();
    folder.read(path).lines().skip(1).map(|line| (cell(line, 0), cell(line, 2))).collect()
}

fn is(rows: &[(String, String)], expected: &[(&str, &str)]) {
    assert_eq!(rows.iter().map(|(student, earned)| (student.as_str(), earned.as_str())).collect::<Vec<_>>(), expected);
}

#[test]
fn one_file_graded_again_changes_its_own_row_and_nothing_else() {
    let folder = Folder::new().with("class/leeann_1_10_metrics.json", metrics(0.02)).with("class/kimbo_2_20_hw2.zip", zip(&[("metrics.json", &metrics(0.3))]));
    let folder = folder.with("class/kimbo_2_21_notes.txt", "x").with("class/daydee_3_30_metrics.json", metrics(0.03));
    let folder = folder.with("roster.csv", "id,name\n1,Ann Lee\n2,Bo Kim\n3,Dee Day\n4,Cy Fox\n");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let run = |what: &str| grade(&[&path(what), "--roster", &path("roster.csv"), "--out", &path("r")]);
    let all = run("class");
    assert!(all.text.contains("1 of 4 on the roster handed in nothing: Cy Fox (4)"), "{}", all.text);
    is(&rows(&folder, "r/grades.csv"), &[("1", "10"), ("2", "0"), ("3", "6"), ("4", "")]);
    // Handed in again, as an archive: its other file lies beside it still.
    folder.write("class/kimbo_2_20_hw2.zip", zip(&[("metrics.json", &metrics(0.02))]));
    let before = [folder.read("r/1.json"), folder.read("r/3.json")];
    let one = run("class/kimbo_2_20_hw2.zip");
    assert_eq!(one.code, Some(0), "{}", one.text);
    assert!(!one.text.contains("handed in nothing") && !one.text.contains("earlier run"), "{}", one.text);
    assert!(one.text.contains("another file of the same hand-in lies beside it and is graded with it"), "{}", one.text);
    is(&rows(&folder, "r/grades.csv"), &[("1", "10"), ("2", "10"), ("3", "6"), ("4", "")]);
    assert_eq!(before, [folder.read("r/1.json"), folder.read("r/3.json")]);
    // Somebody who had handed in nothing, and somebody who was not there at all.
    folder.write("new/foxcy_4_40_metrics.json", metrics(0.03));
    run("new/foxcy_4_40_metrics.json");
    is(&rows(&folder, "r/grades.csv"), &[("1", "10"), ("2", "10"), ("3", "6"), ("4", "6")]);
    folder.write("other/zoe.json", metrics(0.02));
    run("other/zoe.json");
    assert_eq!(rows(&folder, "r/grades.csv").len(), 5);
    // The same whatever order: a run of the whole class gives the rows again.
    folder.write("class/foxcy_4_40_metrics.json", metrics(0.03));
    let table = run("class");
    is(&rows(&folder, "r/grades.csv"), &[("1", "10"), ("2", "10"), ("3", "6"), ("4", "6")]);
    assert!(table.text.contains("is now in") && table.text.contains("r/former/: zoe"), "{}", table.text);
}

#[test]
fn one_folder_of_each_platform_is_the_same_student_as_in_the_class() {
    for (files, one, student) in [
        (
            vec!["Ann Lee_7_assignsubmission_file_/metrics.json", "Bo Kim_8_assignsubmission_file_/metrics.json"],
            "Ann Lee_7_assignsubmission_file_",
            "Ann Lee_7",
        ),
        (
            vec!["1-2 - Ann Lee - Mar 6, 2023 859 PM/metrics.json", "3-2 - Bo Kim - Mar 6, 2023 859 PM/metrics.json"],
            "1-2 - Ann Lee - Mar 6, 2023 859 PM",
            "Ann Lee_1",
        ),
        (vec!["Lee, Ann(a)/Submission attachment(s)/metrics.json", "Kim, Bo(b)/Submission attachment(s)/metrics.json"], "Lee, Ann(a)", "a"),
        (
            vec!["HW_a_attempt_2023-03-06-20-59-00_metrics.json", "HW_b_attempt_2023-03-06-20-59-00_metrics.json"],
            "HW_a_attempt_2023-03-06-20-59-00_metrics.json",
            "a",
        ),
    ] {
        let folder = files.iter().fold(Folder::new(), |folder, file| folder.with(file, metrics(0.02)));
        let class = find(&folder.path().join(one)).unwrap();
        assert_eq!((class.submissions.len(), class.submissions[0].student.as_str(), class.is_one), (1, student, true), "{one}");
        assert_eq!(class.submissions[0].open().bag.file_count(), 1, "{one}");
    }
}

#[test]
fn reports_of_an_earlier_rubric_are_told_and_never_mixed() {
    let rubric = |points: u32| {
        format!(
            "schema = 1\nid = \"t\"\ntitle = \"T\"\nseed = 1\n[[part]]\nid = \"p\"\ntitle = \"P\"\npoints = {points}\n\
             item = [{{ id = \"i\", title = \"I\", points = {points}, check = \"number\", value = \"x\", at_least = 1 }}]\n"
        )
    };
    let folder = Folder::new().with("old.toml", rubric(10)).with("new.toml", rubric(20));
    let folder = ["a", "b", "c"].iter().fold(folder, |folder, student| folder.with(&format!("class/{student}/metrics.json"), "{\"x\": 2}"));
    let path = |name: &str| folder.path().join(name).display().to_string();
    let run = |what: &str, rubric: &str| grade(&[&path(what), "--rubric", &path(rubric), "--out", &path("r")]);
    assert_eq!(run("class", "old.toml").code, Some(0));
    // One student by another rubric: nothing is touched.
    let before = crate::common::reports_below(&folder.path().join("r"));
    let one = run("class/a", "new.toml");
    assert_eq!(one.code, Some(2), "{}", one.text);
    assert!(one.text.contains("20/20") && one.text.contains("holds reports of another rubric or lock; grade the whole class again"), "{}", one.text);
    assert_eq!(crate::common::reports_below(&folder.path().join("r")), before);
    std::fs::remove_dir_all(folder.path().join("class/c")).unwrap();
    let all = run("class", "new.toml");
    assert!(all.text.contains("1 report of students who are not in this class is now in"), "{}", all.text);
    is(&rows(&folder, "r/grades.csv"), &[("a", "20"), ("b", "20")]);
    assert!(all.text.contains("r/former/: c") && folder.path().join("r/former/c.json").is_file() && !folder.path().join("r/c.json").exists(), "{}", all.text);
    // A rubric that is being written is tried on one student again and again.
    let alone = |rubric: &str| grade(&[&path("class/a"), "--rubric", &path(rubric), "--out", &path("alone")]);
    assert_eq!((alone("old.toml").code, alone("new.toml").code), (Some(0), Some(0)));
    is(&rows(&folder, "alone/grades.csv"), &[("a", "20")]);
}

#[test]
fn two_runs_into_one_folder_write_one_after_the_other() {
    let folder = (0..30)
        .fold(Folder::new(), |folder, i| folder.with(&format!("one/s{i}/metrics.json"), metrics(0.02)).with(&format!("two/s{i}/metrics.json"), metrics(0.03)));
    let path = |name: &str| folder.path().join(name).display().to_string();
    let start = |class: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mlgrade"));
        command
            .args(["grade", &path(class), "--rubric", PLAIN, "--out", &path("r")])
            .current_dir(repository())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    };
    let runs = [start("one"), start("two"), start("one"), start("two")];
    for mut run in runs {
        assert!(run.wait().unwrap().success());
    }
    let earned = rows(&folder, "r/grades.csv");
    let points = |student: &str| serde_json::from_str::<serde_json::Value>(&folder.read(&format!("r/{student}.json"))).unwrap()["score"]["earned"].to_string();
    for (student, in_table) in &earned {
        assert_eq!((&points(student), in_table), (in_table, &earned[0].1), "{student}");
    }
}

#[test]
fn a_report_that_cannot_be_written_costs_its_own_student_only() {
    let folder = Folder::new().with("class/ann/metrics.json", metrics(0.02)).with("class/bob/metrics.json", metrics(0.03));
    // A folder lies where the report belongs.
    let folder = folder.with("r/ann.json/x", "x");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let ran = grade(&[&path("class"), "--out", &path("r")]);
    assert_eq!(ran.code, Some(3), "{}", ran.text);
    assert!(ran.text.contains("no report of ann: ") && ran.text.contains("ann.json cannot be written"), "{}", ran.text);
    is(&rows(&folder, "r/grades.csv"), &[("ann", "10"), ("bob", "6")]);
    assert!(folder.path().join("r/bob.json").is_file());
}

#[test]
fn names_that_no_disk_takes_are_cut_and_stay_two() {
    let long = ["名".repeat(84), format!("{}x", "名".repeat(83)), "é".repeat(120), "a".repeat(250)];
    let folder = long.iter().fold(Folder::new(), |folder, name| folder.with(&format!("class/{name}/metrics.json"), metrics(0.02)));
    let path = |name: &str| folder.path().join(name).display().to_string();
    let ran = grade(&[&path("class"), "--out", &path("r")]);
    assert_eq!((ran.code, rows(&folder, "r/grades.csv").len()), (Some(0), 4), "{}", ran.text);
    let reports =
        std::fs::read_dir(folder.path().join("r")).unwrap().filter(|entry| entry.as_ref().unwrap().path().extension().is_some_and(|ending| ending == "json"));
    assert_eq!(reports.count(), 4);
}

#[test]
fn two_students_never_share_a_report() {
    let archive = zip(&[("metrics.json", &metrics(0.03))]);
    let folder = Folder::new().with("class/ann/metrics.json", metrics(0.02)).with("class/ann.zip", &archive).with("class/ann~2/metrics.json", metrics(0.3));
    let folder = folder.with("class/ANN.tar.gz", crate::hostile_archives::tar_gz(&[("metrics.json", &metrics(0.9))])).with("class/similar/metrics.json", "{}");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let ran = grade(&[&path("class"), "--out", &path("r")]);
    is(&rows(&folder, "r/grades.csv"), &[("ANN", "0"), ("ann.zip", "6"), ("ann~2", "0"), ("ann~3", "10"), ("similar~2", "0")]);
    assert!(ran.text.contains("ann is there more than once; what lies there as ann.zip is called ann.zip"), "{}", ran.text);
    for (student, earned) in rows(&folder, "r/grades.csv") {
        let report: serde_json::Value = serde_json::from_str(&folder.read(&format!("r/{student}.json"))).unwrap();
        assert_eq!((report["student"].as_str(), report["score"]["earned"].to_string()), (Some(student.as_str()), earned));
    }
}

#[test]
fn no_text_of_a_student_passes_for_a_command_a_formula_or_another_text() {
    let evil = ["::error title=x::hi", "  ::add-mask::points", "=HYPERLINK(1)", "ann\u{202e}gnp", "##[add-mask]x"];
    let folder = evil.iter().fold(Folder::new(), |folder, name| {
        let settings = "student = \"::stop-commands::x\"\nwhere.metrics = \"::error title=x::y.json\"";
        folder.with(&format!("class/{name}/submission.toml"), settings).with(&format!("class/{name}/::error title=x::y.json"), "nonsense")
    });
    let path = |name: &str| folder.path().join(name).display().to_string();
    let harmless = |text: &str| {
        for line in text.lines() {
            assert!(!line.trim_start().starts_with("::") && !line.contains("##["), "{line}");
            assert!(!line.contains('\u{202e}') && !line.contains('\u{1b}'), "{line:?}");
        }
    };
    harmless(&grade(&[&path("class"), "--details", "--out", &path("r")]).text);
    harmless(&String::from_utf8(mlgrade(&["check", &path(&format!("class/{}", evil[0]))]).stdout).unwrap());
    for (file, bytes) in crate::common::reports_below(&folder.path().join("r")) {
        assert!(!file.to_string_lossy().contains('\u{202e}'), "{file:?}");
        let text = String::from_utf8(bytes).unwrap();
        assert!(!text.contains("##["), "{file:?}");
        let cells = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
        if file.ends_with("grades.csv") {
            assert!(text.lines().skip(1).flat_map(cells).all(|cell| !cell.trim_matches('"').starts_with(['=', '@', '+'])), "{text}");
        }
    }
}

#[test]
fn a_student_whose_folder_means_something_in_a_submission_is_one_of_a_class() {
    for lying in ["figures/metrics.json", "predictions/metrics.json", "metrics.json", "submission.toml"] {
        let class = ["ann", "bob", "zoe"].iter().fold(Folder::new(), |folder, student| folder.with(&format!("class/{student}/metrics.json"), metrics(0.02)));
        let class = class.with(&format!("class/{lying}"), metrics(0.03));
        let found = find(&class.path().join("class")).unwrap();
        let students: Vec<&str> = found.submissions.iter().map(|submission| submission.student.as_str()).collect();
        let mut expected = vec!["ann", "bob", "zoe"];
        expected.extend(lying.split_once('/').map(|(student, _)| student));
        expected.sort_unstable();
        assert_eq!((students, found.is_one), (expected, false), "{lying}");
    }
    // One student's older attempt beside the work, and figures, stay one submission.
    let one = Folder::new().with("hw/metrics.json", metrics(0.02)).with("hw/old/metrics.json", metrics(0.5)).with("hw/figures/trees.png", "x");
    assert!(find(&one.path().join("hw")).unwrap().is_one);
}

#[cfg(unix)]
#[test]
fn what_is_no_file_among_the_reports_is_not_read() {
    let class = Folder::new().with("class/ann/metrics.json", metrics(0.02)).with("class/bob/metrics.json", metrics(0.03)).with("r/x", "");
    let path = |name: &str| class.path().join(name).display().to_string();
    std::os::unix::fs::symlink("/dev/zero", class.path().join("r/y.json")).unwrap();
    assert!(Command::new("mkfifo").arg(class.path().join("r/z.json")).status().unwrap().success());
    assert_eq!(grade(&[&path("class"), "--out", &path("r")]).code, Some(0));
}
