//! What platforms let a course download is told apart by student, and a roster says who is who. Names are those that Canvas's
//! `ContentZipper`, Moodle's `mod_assign` and Gradescope's export give.

use mlgrade::submission::{Class, HandedIn, Matched, Roster, find};

use crate::common::{Folder, PLAIN, PLAIN_COURSE, mlgrade};
use crate::hostile_archives::zip;

/// Metrics with this validation error.
pub(crate) fn metrics(error: f64) -> Vec<u8> {
    format!("{{\"improved.val_error\": {error}}}").into_bytes()
}

pub(crate) fn students(class: &Class) -> Vec<&str> {
    class.submissions.iter().map(|submission| submission.student.as_str()).collect()
}

/// What the class's student `student` claims, as the report tells it.
fn claimed(class: &Class, student: &str) -> String {
    let submission = class.submissions.iter().find(|submission| submission.student == student).unwrap_or_else(|| panic!("{:?}", students(class)));
    let report = PLAIN_COURSE.judge(&submission.open());
    report.items.iter().find(|item| item.id == "mnist/improved-error").unwrap().reason.clone()
}

pub(crate) fn assert_claims(class: &Class, expected: &[(&str, f64)]) {
    assert_eq!(students(class), expected.iter().map(|(student, _)| *student).collect::<Vec<_>>());
    for (student, error) in expected {
        let told = claimed(class, student);
        assert!(told.starts_with(&format!("improved.val_error = {error},")), "{student}: {told}");
    }
}

/// What Canvas gives for four students: loose files, an archive with a picture, a late one, one without a name.
fn canvas() -> Vec<(String, Vec<u8>)> {
    let hw = zip(&[("hw2/metrics.json", &metrics(0.03)), ("__MACOSX/hw2/._metrics.json", b"x")]);
    let files = [
        ("leeann_340934_208490284_metrics.json", metrics(0.02)),
        (
            "leeann_340934_208490285_trees.svg",
            b"<svg xmlns='http://www.w3.org/2000/svg' width='640' height='480'><path d='M0 0L9 9'/><path d='M0 9L9 0'/></svg>".to_vec(),
        ),
        ("leeann_340934_text.html", b"<p>here it is</p>".to_vec()),
        ("smithbob_LATE_340935_208490300_hw2-1.zip", hw),
        ("smithbob_LATE_340935_208490301_screenshot.png", b"x".to_vec()),
        ("novákovájana_340936_208490400_metrics.json", metrics(0.9)),
        ("novákovájana_340936_208490500_metrics-1.json", metrics(0.04)),
        ("anon_aB3dE_208490600_metrics-2.json", metrics(0.05)),
    ];
    files.into_iter().map(|(path, bytes)| (path.to_owned(), bytes)).collect()
}

/// The same files as a folder and as the archive that was downloaded, with what lies around them.
pub(crate) fn both(files: &[(String, Vec<u8>)], around: &str) -> (Folder, [Class; 2]) {
    let folder = Folder::new();
    for (path, bytes) in files {
        folder.write(&format!("unpacked/{path}"), bytes);
    }
    let named: Vec<(String, &[u8])> = files.iter().map(|(path, bytes)| (format!("{around}{path}"), bytes.as_slice())).collect();
    folder.write("download/bulk.zip", zip(&named.iter().map(|(path, bytes)| (path.as_str(), *bytes)).collect::<Vec<_>>()));
    let class = |path: &str| find(&folder.path().join(path)).unwrap();
    let classes = [class("unpacked"), class("download/bulk.zip")];
    assert_eq!(students(&classes[0]), students(&class("download")), "a folder with nothing but the download");
    (folder, classes)
}

#[test]
fn canvas_downloads_are_one_submission_a_student() {
    let (_folder, classes) = both(&canvas(), "");
    for class in classes {
        let expected = [("anon_aB3dE", 0.05), ("leeann_340934", 0.02), ("novákovájana_340936", 0.04), ("smithbob_340935", 0.03)];
        assert_claims(&class, &expected);
        assert_eq!(class.submissions.iter().map(|submission| submission.marked_late).collect::<Vec<_>>(), [false, false, false, true]);
        let report = |i: usize| PLAIN_COURSE.judge(&class.submissions[i].open());
        let figure = report(1).items.into_iter().find(|item| item.id == "trees/plot").unwrap();
        assert!(figure.reason.starts_with("trees.svg is there, 640×480 pixels"), "{}", figure.reason);
        let notes = report(2).notes;
        assert!(notes.iter().any(|note| note.message == "metrics.json: metrics-1.json was handed in after it and counts"), "{notes:?}");
    }
}

#[test]
fn a_number_that_a_student_meant_is_still_a_name() {
    let folder = Folder::new().with("leeann_1_10_plot-1.svg", "<svg/>").with("leeann_1_11_plot-2.svg", "<svg/>").with("leeann_1_12_code-1.zip", zip(&[]));
    let class = find(folder.path()).unwrap();
    let bag = class.submissions[0].open().bag;
    for (path, is_there) in [("plot-1.svg", true), ("plot-2.svg", true), ("plot.svg", true), ("code.zip", true), ("code-1.zip", false)] {
        assert_eq!(bag.size(path, 100).unwrap().is_some(), is_there, "{path}");
    }
}

#[test]
fn moodle_downloads_are_one_submission_a_student() {
    let files = vec![
        ("Jana Nováková_123_assignsubmission_file_/hw2.zip".to_owned(), zip(&[("metrics.json", &metrics(0.02))])),
        ("Jana Nováková_123_assignsubmission_onlinetext_/onlinetext.html".to_owned(), b"<p>late, sorry</p>".to_vec()),
        ("Toni Noel_124_assignsubmission_file/work/metrics.json".to_owned(), metrics(0.03)),
        ("Participant_125_assignsubmission_file_metrics.json".to_owned(), metrics(0.04)),
    ];
    let (_folder, classes) = both(&files, "");
    for class in classes {
        assert_claims(&class, &[("Jana Nováková_123", 0.02), ("Participant_125", 0.04), ("Toni Noel_124", 0.03)]);
    }
}

const METADATA: &str = "---
submission_11:
  :submitters:
  - :name: Ann Lee
    :sid: '0100'
    :email: alee2@example.edu
  :score: 0.0
submission_12:
  :submitters:
  - :name: Bob Smith
    :sid: '0200'
    :email: bob@example.edu
  - :name: Jana Nováková
    :sid:
    :email: jana@example.edu
";

fn gradescope() -> Vec<(String, Vec<u8>)> {
    let file = |path: &str, bytes: Vec<u8>| (path.to_owned(), bytes);
    vec![
        file("submission_metadata.yml", METADATA.into()),
        file("submission_11/metrics.json", metrics(0.02)),
        file("submission_12/hw2/metrics.json", metrics(0.03)),
        file("submission_13/hw2.tar.gz", crate::hostile_archives::tar_gz(&[("metrics.json", &metrics(0.04))])),
    ]
}

#[test]
fn gradescope_exports_tell_who_submitted() {
    let (folder, classes) = both(&gradescope(), "assignment_9100_export/");
    for class in classes {
        assert_claims(&class, &[("submission_11", 0.02), ("submission_12", 0.03), ("submission_13", 0.04)]);
        let names: Vec<Option<&str>> = class.submissions.iter().map(|submission| submission.name.as_deref()).collect();
        assert_eq!(names, [Some("Ann Lee"), Some("Bob Smith, Jana Nováková"), None]);
    }
    // Unpacked, the export lies in a folder of its own.
    std::fs::create_dir(folder.path().join("outer")).unwrap();
    std::fs::rename(folder.path().join("unpacked"), folder.path().join("outer/assignment_9100_export")).unwrap();
    assert_eq!(find(&folder.path().join("outer")).unwrap().submissions.len(), 3);
}

#[test]
fn a_class_may_hold_folders_archives_and_notebooks_side_by_side() {
    let folder = Folder::new().with("ann/metrics.json", metrics(0.02)).with("bob.zip", zip(&[("x/metrics.json", &metrics(0.03))]));
    let folder = folder.with("cy.tar.gz", crate::hostile_archives::tar_gz(&[("metrics.json", &metrics(0.04))])).with("dee.ipynb", "{}").with("README.txt", "");
    let class = find(folder.path()).unwrap();
    assert_eq!(students(&class), ["ann", "bob", "cy", "dee"]);
    assert_claims(&Class { submissions: class.submissions[..3].to_vec(), ..Class::default() }, &[("ann", 0.02), ("bob", 0.03), ("cy", 0.04)]);
    assert_eq!(class.submissions[3].open().bag.size("dee.ipynb", 9).unwrap(), Some(2));
    assert_eq!(class.notes[0].message, "1 loose file belongs to no student: README.txt");
    // The same, zipped as a whole.
    let all: Vec<(String, Vec<u8>)> =
        crate::common::files_below(folder.path()).into_iter().map(|(path, bytes)| (format!("hw2 of all/{}", path.display()), bytes)).collect();
    let whole = zip(&all.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect::<Vec<_>>());
    let whole = Folder::new().with("class.zip", whole);
    assert_eq!(students(&find(&whole.path().join("class.zip")).unwrap()), ["ann", "bob", "cy", "dee"]);
}

#[test]
fn one_student_stays_one_whatever_folders_there_are() {
    let one = |folder: &Folder| students(&find(folder.path()).unwrap()).len();
    assert_eq!(one(&Folder::new().with("metrics.json", "{}").with("a.zip", zip(&[])).with("code/x.py", "")), 1);
    assert_eq!(one(&Folder::new().with("part1.ipynb", "{}")), 1);
    assert_eq!(one(&Folder::new().with("hw2.zip", zip(&[("code/x.py", b""), ("data/y.csv", b""), ("plots/z.png", b"")]))), 1);
    assert_eq!(one(&Folder::new().with("hw2.zip", zip(&[("hw2/metrics.json", b"{}"), ("hw2/a.zip", b""), ("hw2/b.zip", b"")]))), 1);
    assert_eq!(one(&Folder::new().with("hw2.zip", "damaged")), 1);
}

fn person(student: &str) -> HandedIn {
    let folder = Folder::new().with(&format!("{student}/metrics.json"), "{}");
    find(folder.path()).unwrap().submissions.remove(0)
}

fn matched(roster: &str, names: &[&str]) -> Matched {
    let class = Class { submissions: names.iter().map(|name| person(name)).collect(), ..Class::default() };
    Roster::read("roster.csv", roster.as_bytes()).unwrap().matched(class)
}

#[test]
fn rosters_of_every_kind_give_ids_and_names() {
    let canvas_gradebook = "\u{feff}Student,ID,SIS User ID,SIS Login ID,Section,HW2 (1)\n\"    Points Possible\",,,,,100\n\"Lee, Ann\",340934,660100,alee2,A,\n\
                            \"Smith, Bob\",340935,660200,bsmith,A,\n\"Nováková, Jana\",340936,660300,jana,A,\n\"Day, Dee\",340937,660400,dday,A,\n\"Student, Test\",1,,,A,\n";
    let (_folder, classes) = both(&canvas(), "");
    for class in classes {
        let matched = Roster::read("gradebook.csv", canvas_gradebook.as_bytes()).unwrap().matched(class);
        assert_claims(&matched.class, &[("340934", 0.02), ("340935", 0.03), ("340936", 0.04), ("anon_aB3dE", 0.05)]);
        assert_eq!(matched.class.submissions[2].name.as_deref(), Some("Nováková, Jana"));
        assert_eq!(matched.absent.iter().map(|student| student.name.as_str()).collect::<Vec<_>>(), ["Day, Dee"]);
        assert_eq!(matched.reported, ["anon_aB3dE is not on the roster; it is graded under its own name"]);
    }
    let gradescope_roster = "First Name,Last Name,SID,Email,Role\nAnn,Lee,0100,alee2@example.edu,Student\nBob,Smith,0200,bob@example.edu,Student\nJana,Nováková,0300,jana@example.edu,Student\n";
    let (_folder, classes) = both(&gradescope(), "assignment_9100_export/");
    for class in classes {
        let matched = Roster::read("roster.csv", gradescope_roster.as_bytes()).unwrap().matched(class);
        assert_claims(&matched.class, &[("0100", 0.02), ("0200", 0.03), ("0300", 0.03), ("submission_13", 0.04)]);
        assert_eq!(matched.reported, ["submission_13 is not on the roster; it is graded under its own name"]);
    }
}

#[test]
fn plain_folders_are_matched_by_id_login_or_name_in_any_order() {
    let roster = "id;name;email\n100;Mary Ann Lee;malee@x.edu\n200;Smith, Bob;bob@x.edu\n300;Jana Nova\u{301}kova\u{301};jn@x.edu\n";
    for (folder, id) in [
        ("100", "100"),
        ("malee", "100"),
        ("MALEE@x.edu", "100"),
        ("mary-ann-lee", "100"),
        ("LeeMaryAnn", "100"),
        ("bob smith", "200"),
        ("Nováková Jana", "300"),
    ] {
        let matched = matched(roster, &[folder]);
        assert_eq!((students(&matched.class), matched.reported.len(), matched.absent.len()), (vec![id], 0, 2), "{folder}: {:?}", matched.reported);
    }
    for stranger in ["mary", "smith", "1000", "bob smith 2", "-"] {
        let matched = matched(roster, &[stranger]);
        assert_eq!(matched.reported.len(), 1, "{stranger}: {:?}", students(&matched.class));
        assert_eq!(matched.absent.len(), 3, "{stranger}");
    }
}

#[test]
fn whoever_could_be_two_is_told_and_never_guessed() {
    let twins = matched("id,name\n1,Ann Lee\n2,Lee Ann\n3,Bob\n", &["Ann Lee", "bob"]);
    assert_eq!(students(&twins.class), ["3", "Ann Lee"]);
    assert_eq!(twins.reported, ["Ann Lee could be Ann Lee (1) or Lee Ann (2); it is graded under its own name"]);
    let twice = matched("id,name\n1,Ann Lee\n", &["ann-lee", "Lee, Ann"]);
    assert_eq!(students(&twice.class), ["Lee, Ann", "ann-lee"]);
    assert_eq!(twice.reported[0], "ann-lee and Lee, Ann are both of Ann Lee (1); each is graded under its own name, choose one");
    assert!(twice.absent.is_empty());
}

#[test]
fn a_roster_that_cannot_be_read_is_told() {
    let fault = |text: &[u8]| Roster::read("r.csv", text).unwrap_err().to_string();
    assert!(fault(b"points,section\n1,2\n").contains("r.csv: no column of the roster is an id or a name; name the columns"));
    assert!(fault(b"id,name\n").contains("the roster names no student"));
    assert!(fault(b"id,name\n1,A\n2,B\n1,C\n").contains("line 4: C has the id 1, which A has too"));
    assert!(fault(b"id,name\n1,\xff\n").contains("it is not UTF-8 text; save the roster as CSV UTF-8"));
    assert!(fault(b"").contains("no column"));
}

#[test]
fn the_program_lists_who_is_absent_and_gives_them_a_blank_row() {
    let (folder, _) = both(&canvas(), "");
    folder.write("roster.csv", "id,name,email\n340934,Ann Lee,a@x.edu\n340935,Bob Smith,b@x.edu\n77,\"=Day, Dee\",d@x.edu\n");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let output = mlgrade(&["grade", &path("download/bulk.zip"), "--roster", &path("roster.csv"), "--out", &path("reports"), "--rubric", PLAIN]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    assert!(text.contains("1 of 3 on the roster handed in nothing: =Day, Dee (77)"), "{text}");
    assert!(text.contains("marked as late by the download, which changes no score: 340935"), "{text}");
    assert!(text.contains("novákovájana_340936 is not on the roster; it is graded under its own name"), "{text}");
    let grades = folder.read("reports/grades.csv");
    let last = grades.lines().last().unwrap();
    assert!(last.starts_with("77,\"'=Day, Dee\",,,,") && last.ends_with(",,"), "{last}");
    assert_eq!(last.matches(',').count(), grades.lines().next().unwrap().matches(',').count() + 1, "{last}");
    assert!(folder.read("reports/340934.md").contains("340934 (Ann Lee)"));
    assert!(mlgrade(&["grade", &path("unpacked"), "--roster", &path("none.csv")]).status.code() == Some(2));
}
