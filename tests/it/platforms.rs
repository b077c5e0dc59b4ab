//! Downloads of Blackboard, Brightspace, Sakai and Moodle, and of groups: nobody is lost, doubled or zeroed by the layout. Names are those
//! that the platforms give: Blackboard's "Assignment File Download", D2L's "Download" of a submission folder, Sakai's "Download All"
//! (`AssignmentsServiceImpl`), Moodle's `mod_assign\downloader` and grading worksheet, Canvas's `ContentZipper`.

use mlgrade::submission::{Class, Matched, Roster, find};

use crate::common::{Folder, PLAIN_COURSE, mlgrade};
use crate::downloads::{assert_claims, both, metrics, students};
use crate::hostile_archives::zip;

fn file(path: &str, bytes: impl Into<Vec<u8>>) -> (String, Vec<u8>) {
    (path.to_owned(), bytes.into())
}

/// The class of `files`, as a folder and as a zip in which they lie in `around`, matched with `roster`.
fn matched(files: &[(String, Vec<u8>)], around: &str, roster: &str) -> [Matched; 2] {
    let (folder, classes) = both(files, around);
    let roster = Roster::read("roster.csv", roster.as_bytes()).unwrap();
    let matched = classes.map(|class| roster.matched(class));
    for matched in &matched {
        // Opened while the files are there.
        matched.class.submissions.iter().for_each(|submission| drop(submission.open()));
    }
    std::mem::forget(folder);
    matched
}

fn absent(matched: &Matched) -> Vec<&str> {
    matched.absent.iter().map(|student| student.name.as_str()).collect()
}

fn notes(class: &Class, student: &str) -> String {
    let submission = class.submissions.iter().find(|submission| submission.student == student).unwrap();
    PLAIN_COURSE.judge(&submission.open()).notes.iter().map(|note| note.message.as_str()).collect::<Vec<_>>().join("\n")
}

fn note(name: &str, login: &str, files: &[(&str, &str)]) -> String {
    let files: Vec<String> = files.iter().map(|(original, name)| format!("\tOriginal filename: {original}\r\n\tFilename: {name}\r\n\r\n")).collect();
    format!(
        "Name: {name} ({login})\r\nAssignment: Homework 2\r\nDate Submitted: Monday, March 6, 2023 8:59:00 PM CST\r\nCurrent Mark: Needs Grading\r\n\r\n\
         Submission Field: \r\nThere is no student submission text data for this assignment.\r\n\r\nComments: \r\nThere are no student comments for this assignment.\r\n\r\n\
         Files:\r\n{}",
        files.concat()
    )
}

/// Five students: loose files, an archive, two attempts, a login with `_` beside one that ends alike, a name that was shortened.
fn blackboard() -> Vec<(String, Vec<u8>)> {
    let own = |who: &str, time: &str, rest: &str| format!("Homework 2_{who}_attempt_2023-03-{time}{rest}");
    let long = own("jn1", "06-12-00-00", "_metr.json");
    vec![
        file(&own("alee2", "06-20-59-00", ".txt"), note("Ann Lee", "alee2", &[("metrics.json", &own("alee2", "06-20-59-00", "_metrics.json"))])),
        file(&own("alee2", "06-20-59-00", "_metrics.json"), metrics(0.02)),
        file(&own("bkim", "06-21-10-11", ".txt"), note("Bo Kim", "bkim", &[("hw2.zip", &own("bkim", "06-21-10-11", "_hw2.zip"))])),
        file(&own("bkim", "06-21-10-11", "_hw2.zip"), zip(&[("hw2/metrics.json", &metrics(0.03))])),
        file(&own("ann_lee", "05-09-00-00", ".txt"), note("Anna Lee", "ann_lee", &[])),
        file(&own("ann_lee", "05-09-00-00", "_metrics.json"), metrics(0.3)),
        file(&own("ann_lee", "06-09-00-00", ".txt"), note("Anna Lee", "ann_lee", &[])),
        file(&own("ann_lee", "06-09-00-00", "_metrics.json"), metrics(0.04)),
        file(&own("bob_lee", "06-09-00-00", ".txt"), note("Bob Lee", "bob_lee", &[])),
        file(&own("bob_lee", "06-09-00-00", "_metrics.json"), metrics(0.05)),
        file(&own("jn1", "06-12-00-00", ".txt"), note("Jana Nováková", "jn1", &[("metrics.json", &long)])),
        file(&long, metrics(0.06)),
    ]
}

#[test]
fn blackboard_downloads_are_one_submission_a_student_and_the_newest_attempt_counts() {
    let (_folder, classes) = both(&blackboard(), "");
    for class in &classes {
        assert_claims(class, &[("alee2", 0.02), ("ann_lee", 0.04), ("bkim", 0.03), ("bob_lee", 0.05), ("jn1", 0.06)]);
        assert!(class.notes.is_empty(), "{:?}", class.notes);
        assert!(notes(class, "ann_lee").contains("the attempt of 2023-03-05-09-00-00 was handed in before that of 2023-03-06-09-00-00, which counts"));
    }
    let roster = "Last Name,First Name,Username,Student ID\nLee,Ann,alee2,1\nKim,Bo,bkim,2\nLee,Anna,ann_lee,3\nLee,Bob,bob_lee,4\nNováková,Jana,jn1,5\nDay,Dee,dday,6\n";
    for matched in matched(&blackboard(), "", roster) {
        assert_claims(&matched.class, &[("1", 0.02), ("2", 0.03), ("3", 0.04), ("4", 0.05), ("5", 0.06)]);
        assert_eq!((absent(&matched), matched.reported.len()), (vec!["Dee Day"], 0), "{:?}", matched.reported);
    }
}

#[test]
fn blackboards_notes_may_be_missing_and_what_they_list_may_be_too() {
    let without: Vec<(String, Vec<u8>)> = blackboard()
        .into_iter()
        .filter(|(path, _)| !path.contains("-00.txt") && !path.contains("-11.txt") && !path.contains("ann_") && !path.contains("jn1"))
        .collect();
    let (_folder, classes) = both(&without, "");
    for class in &classes {
        assert_claims(class, &[("alee2", 0.02), ("bkim", 0.03), ("lee", 0.05)]);
    }
    // Two logins that end alike stay two.
    let alike = vec![
        file("HW2_ann_lee_attempt_2023-03-06-09-00-00_metrics.json", metrics(0.02)),
        file("HW2_bob_lee_attempt_2023-03-06-09-00-00_metrics.json", metrics(0.03)),
    ];
    let (_folder, classes) = both(&alike, "");
    for class in &classes {
        assert_claims(class, &[("lee", 0.02), ("lee~2", 0.03)]);
    }
    let lacking: Vec<(String, Vec<u8>)> =
        blackboard().into_iter().filter(|(path, _)| !path.ends_with("alee2_attempt_2023-03-06-20-59-00_metrics.json")).collect();
    let (_folder, classes) = both(&lacking, "");
    for class in &classes {
        assert_eq!(class.submissions.len(), 5);
        let report = PLAIN_COURSE.judge(&class.submissions[0].open());
        assert_eq!((report.student.as_str(), report.score.lowest.to_string(), report.is_unopened()), ("alee2", "0".to_owned(), true));
        assert!(report.unopened.unwrap().contains("lists metrics.json, which is not in the download; download it again"));
    }
}

#[test]
fn a_blackboard_student_who_wrote_text_alone_has_handed_in_and_gets_no_other_students_file() {
    let spoof = note("Ann Lee", "alee2", &[("metrics.json", "HW2_bkim_attempt_2023-03-06-09-00-00_metrics.json")]);
    let files = vec![
        file("HW2_alee2_attempt_2023-03-06-09-00-00.txt", spoof),
        file("HW2_bkim_attempt_2023-03-06-09-00-00.txt", note("Bo Kim", "bkim", &[])),
        file("HW2_bkim_attempt_2023-03-06-09-00-00_metrics.json", metrics(0.02)),
    ];
    for matched in matched(&files, "", "id,name,login\n1,Ann Lee,alee2\n2,Bo Kim,bkim\n") {
        assert_eq!((students(&matched.class), absent(&matched)), (vec!["1", "2"], vec![]));
        assert_claims(&Class { submissions: vec![matched.class.submissions[1].clone()], ..Class::default() }, &[("2", 0.02)]);
        assert_eq!(PLAIN_COURSE.judge(&matched.class.submissions[0].open()).score.earned.to_string(), "0");
    }
}

/// Four students, one with two attempts that are not in the order of their names, two with one name.
fn brightspace() -> Vec<(String, Vec<u8>)> {
    vec![
        file("index.html", "<html></html>"),
        file("111-222 - Ann Lee - Mar 10, 2023 859 AM/metrics.json", metrics(0.02)),
        file("111-222 - Ann Lee - Mar 9, 2023 1000 PM/metrics.json", metrics(0.3)),
        file("112-222 - José O'Brien - Smith - Mar 6, 2023 1205 AM/hw2.zip", zip(&[("hw2/metrics.json", &metrics(0.03))])),
        file("113-222 - Bo Kim - Mar 6, 2023 859 PM/work/metrics.json", metrics(0.04)),
        file("113-222 - Bo Kim - Mar 6, 2023 859 PM/readme.txt", "x"),
        file("114-222 - Bo Kim - Mar 6, 2023 900 PM/metrics.json", metrics(0.05)),
    ]
}

#[test]
fn brightspace_downloads_are_one_submission_a_student_and_the_newest_attempt_counts() {
    let expected = [("Ann Lee_111", 0.02), ("Bo Kim_113", 0.04), ("Bo Kim_114", 0.05), ("José O'Brien - Smith_112", 0.03)];
    for around in ["", "Homework 2 Download Mar 11, 2023 900 AM/"] {
        let (_folder, classes) = both(&brightspace(), around);
        for class in &classes {
            assert_claims(class, &expected);
            assert!(class.notes.is_empty(), "{:?}", class.notes);
            assert!(notes(class, "Ann Lee_111").contains("the attempt of Mar 9, 2023 1000 PM was handed in before that of Mar 10, 2023 859 AM, which counts"));
        }
    }
    let roster = "OrgDefinedId,Username,Last Name,First Name,Email,End-of-Line Indicator\n#100,#alee2,Lee,Ann,a@x,#\n#200,#jos,O'Brien - Smith,José,j@x,#\n#300,#bk1,Kim,Bo,b1@x,#\n#400,#bk2,Kim,Bo,b2@x,#\n";
    for matched in matched(&brightspace(), "", roster) {
        assert_claims(&matched.class, &[("100", 0.02), ("200", 0.03), ("Bo Kim_113", 0.04), ("Bo Kim_114", 0.05)]);
        assert_eq!(matched.reported[0], "Bo Kim_113 could be Bo Kim (300) or Bo Kim (400); it is graded under its own name");
    }
}

#[test]
fn brightspace_files_without_folders_and_times_in_other_languages() {
    let flat = vec![
        file("111-222 - Ann Lee - Mar 6, 2023 859 PM - metrics.json", metrics(0.02)),
        file("111-222 - Ann Lee - Mar 6, 2023 859 PM - notes - 2.txt", "x"),
        file("112-222 - Bo Kim - Mar 6, 2023 901 PM - hw2.zip", zip(&[("metrics.json", &metrics(0.03))])),
        file("index.html", ""),
    ];
    let (_folder, classes) = both(&flat, "");
    for class in &classes {
        assert_claims(class, &[("Ann Lee_111", 0.02), ("Bo Kim_112", 0.03)]);
    }
    // Of two attempts whose order cannot be told neither is guessed.
    let foreign = vec![
        file("111-222 - Ann Lee - 6 mars 2023 20 h 59/metrics.json", metrics(0.3)),
        file("111-222 - Ann Lee - 7 mars 2023 20 h 59/metrics.json", metrics(0.02)),
        file("112-222 - Bo Kim - 6 août 2023 20 h 59/metrics.json", metrics(0.03)),
    ];
    let (_folder, classes) = both(&foreign, "");
    for class in &classes {
        assert_eq!(students(class), ["Ann Lee_111", "Bo Kim_112"]);
        let report = PLAIN_COURSE.judge(&class.submissions[1].open());
        assert_eq!((report.score.lowest.to_string(), report.is_unopened()), ("6".to_owned(), false));
    }
}

/// Four students: attachments and typed text, an archive, feedback that is not the student's, a folder in another language.
fn sakai() -> Vec<(String, Vec<u8>)> {
    let typed = |who: &str| format!("{who}/{who}_submissionText.html");
    vec![
        file("grades.csv", "HW2,Points\n\nDisplay ID,ID,Last Name,First Name,grade\nalee2,alee2,Lee,Ann,\n"),
        file("Lee, Ann(alee2)/Submission attachment(s)/metrics.json", metrics(0.02)),
        file("Lee, Ann(alee2)/timestamp.txt", "20230306205900000"),
        file("Lee, Ann(alee2)/feedbackText.html", ""),
        file("Lee, Ann(alee2)/comments.txt", ""),
        file(&typed("Lee, Ann(alee2)"), "<p>hello</p>"),
        file("Kim, Bo(bkim)/Submission attachment(s)/hw2.zip", zip(&[("hw2/metrics.json", &metrics(0.03))])),
        file("Kim, Bo(bkim)/Feedback Attachment(s)/metrics.json", metrics(0.9)),
        file("Kim, Bo(bkim)/timestamp.txt", "2023-03-06T20:59:00Z"),
        file("林, 美(hayashi)/提出物の添付ファイル/metrics.json", metrics(0.04)),
        file("林, 美(hayashi)/timestamp.txt", "20230306205900000"),
        file("O'Neil (Jr.), José(joneil)/Submission attachment(s)/work/metrics.json", metrics(0.05)),
        file("O'Neil (Jr.), José(joneil)/timestamp.txt", "20230306205900000"),
    ]
}

#[test]
fn sakai_downloads_are_one_submission_a_student() {
    for around in ["", "HW2/"] {
        let (_folder, classes) = both(&sakai(), around);
        for class in &classes {
            assert_claims(class, &[("alee2", 0.02), ("bkim", 0.03), ("hayashi", 0.04), ("joneil", 0.05)]);
            assert!(class.notes.is_empty(), "{:?}", class.notes);
        }
    }
    for matched in matched(&sakai(), "", "Student ID,Name\nalee2,\"Lee, Ann\"\nbkim,\"Kim, Bo\"\nhayashi,\"林, 美\"\njoneil,José O'Neil (Jr.)\ndday,Dee Day\n")
    {
        assert_claims(&matched.class, &[("alee2", 0.02), ("bkim", 0.03), ("hayashi", 0.04), ("joneil", 0.05)]);
        assert_eq!((absent(&matched), matched.reported.len()), (vec!["Dee Day"], 0), "{:?}", matched.reported);
    }
    let flat = vec![
        file("Lee, Ann(alee2)_Submission attachment(s)_metrics.json", metrics(0.02)),
        file("Lee, Ann(alee2)_timestamp.txt", "20230306205900000"),
        file("Kim, Bo(bkim)_Submission attachment(s)_hw2.zip", zip(&[("metrics.json", &metrics(0.03))])),
        file("Kim, Bo(bkim)_Feedback Attachment(s)_metrics.json", metrics(0.9)),
        file("grades.csv", ""),
    ];
    let (_folder, classes) = both(&flat, "");
    for class in &classes {
        assert_claims(class, &[("alee2", 0.02), ("bkim", 0.03)]);
    }
}

#[test]
fn a_moodle_worksheet_tells_namesakes_and_hidden_names_apart() {
    let files = vec![
        file("Ann Lee_657693_assignsubmission_file_/metrics.json", metrics(0.02)),
        file("Ann Lee_657701_assignsubmission_file_/hw2.zip", zip(&[("hw2/metrics.json", &metrics(0.03))])),
        file("Ann Lee_657701_assignsubmission_onlinetext_/onlinetext.html", "<p>late</p>"),
        file("Participant_657702_assignsubmission_file_/work/metrics.json", metrics(0.04)),
        file("Participant_657702_assignsubmission_onlinetext_/onlinetext.html", "<p>x</p>"),
        file("Jana Nova\u{301}kova\u{301}_657703_assignsubmission_file_metrics.json", metrics(0.05)),
    ];
    let worksheet = "Identifier,\"Full name\",\"Email address\",Status,Grade,\"Last modified (submission)\"\n\
                     \"Participant 657693\",\"Ann Lee\",a1@x,Submitted,,\"Monday, 6 March 2023, 8:59 PM\"\n\"Participant 657701\",\"Ann Lee\",a2@x,,,-\n\
                     \"Participant 657702\",\"Bo Kim\",b@x,,,\n\"Participant 657703\",\"Jana Nováková\",j@x,,,\n\"Participant 657704\",\"Dee Day\",d@x,,,-\n";
    for matched in matched(&files, "", worksheet) {
        assert_claims(&matched.class, &[("a1@x", 0.02), ("a2@x", 0.03), ("b@x", 0.04), ("j@x", 0.05)]);
        assert_eq!((absent(&matched), matched.reported.len()), (vec!["Dee Day"], 0), "{:?}", matched.reported);
    }
    // Names are hidden in the worksheet too.
    let hidden = "Identifier,Status,Grade\nTeilnehmer/in657693,,\nTeilnehmer/in657701,,\n";
    let files = vec![
        file("Teilnehmer in_657693_assignsubmission_file_/metrics.json", metrics(0.02)),
        file("Teilnehmer in_657701_assignsubmission_file_/metrics.json", metrics(0.03)),
    ];
    for matched in matched(&files, "", hidden) {
        assert_claims(&matched.class, &[("Teilnehmer_in657693", 0.02), ("Teilnehmer_in657701", 0.03)]);
        assert_eq!((absent(&matched).len(), matched.reported.len()), (0, 0), "{:?}", matched.reported);
    }
    // The number of a group may be that of a student.
    let group = vec![
        file("Group 7_657693_assignsubmission_file_/metrics.json", metrics(0.02)),
        file("Default group_assignsubmission_file_/metrics.json", metrics(0.03)),
    ];
    for matched in matched(&group, "", worksheet) {
        assert_claims(&matched.class, &[("Default group", 0.03), ("Group 7_657693", 0.02)]);
        assert_eq!((absent(&matched).len(), matched.reported.len()), (5, 2), "{:?}", matched.reported);
    }
}

#[test]
fn a_groups_work_is_that_of_each_of_its_students() {
    // Canvas's export of a set of groups.
    let groups = "name,canvas_user_id,user_id,login_id,sections,group_name,canvas_group_id,group_id\nAnn Lee,340934,1,alee2,A,Project Group 1,9,\n\
                  Bo Kim,340935,2,bkim,A,Project Group 1,9,\nDee Day,340936,3,dday,A,,,\nCy Fox,340937,4,cfox,A,Project Group 2,10,\n";
    let files = vec![file("projectgroup1_340934_208490284_metrics.json", metrics(0.02)), file("daydee_340936_208490285_metrics.json", metrics(0.03))];
    for matched in matched(&files, "", groups) {
        assert_claims(&matched.class, &[("340934", 0.02), ("340935", 0.02), ("340936", 0.03)]);
        assert_eq!((absent(&matched), matched.reported.len()), (vec!["Cy Fox"], 0), "{:?}", matched.reported);
    }
    // Without the groups only the one who uploaded it is known, which is told.
    for matched in matched(&files, "", "id,name\n340934,Ann Lee\n340935,Bo Kim\n340936,Dee Day\n") {
        assert_claims(&matched.class, &[("340934", 0.02), ("340936", 0.03)]);
        assert_eq!(matched.reported, ["projectgroup1_340934 is called projectgroup1 there, and is Ann Lee (340934) by its id"]);
    }
}

#[test]
fn an_id_of_one_student_with_the_name_of_another_is_nobodys() {
    let files = vec![file("leeann_100_208490284_metrics.json", metrics(0.02)), file("kimbo_200_208490285_metrics.json", metrics(0.03))];
    for matched in matched(&files, "", "id,name\n100,Bo Kim\n200,Ann Lee\n300,Dee Day\n") {
        assert_claims(&matched.class, &[("kimbo_200", 0.03), ("leeann_100", 0.02)]);
        let told = "leeann_100 has the id of one student and the name of another: Bo Kim (100), Ann Lee (200); it is graded under its own name";
        assert!(matched.reported.contains(&told.to_owned()), "{:?}", matched.reported);
    }
}

#[test]
fn names_without_their_accents_are_still_names() {
    let files =
        vec![file("Jose Garcia/metrics.json", metrics(0.02)), file("Soren Lukasz/metrics.json", metrics(0.03)), file("Muller/metrics.json", metrics(0.04))];
    for matched in matched(&files, "", "id,name\n1,José García\n2,\"Łukasz, Søren\"\n3,Müller\n4,Muller\n") {
        assert_claims(&matched.class, &[("1", 0.02), ("2", 0.03), ("4", 0.04)]);
        assert_eq!(absent(&matched), ["Müller"]);
    }
}

#[test]
fn what_was_unpacked_beside_its_archive_makes_no_second_student() {
    let zipped = zip(&[("metrics.json", &metrics(0.02))]);
    let files = vec![
        file("leeann_340934_208490284_hw2.zip", zipped.clone()),
        file("leeann_340934_208490284_hw2/metrics.json", metrics(0.02)),
        file("kimbo_340935_208490285_hw2.zip", zipped),
    ];
    let (_folder, classes) = both(&files, "");
    for class in &classes {
        assert_claims(class, &[("kimbo_340935", 0.02), ("leeann_340934", 0.02)]);
    }
    // Nor does the download itself, or the folder of its reports.
    let loose: Vec<(String, Vec<u8>)> =
        ["leeann_340934_208490284_metrics.json", "kimbo_340935_208490285_metrics.json"].map(|name| file(name, metrics(0.02))).into();
    let whole = zip(&loose.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect::<Vec<_>>());
    let folder = loose.iter().fold(Folder::new(), |folder, (path, bytes)| folder.with(path, bytes)).with("submissions.zip", whole);
    let folder = folder.with("reports/grades.csv", "").with("reports/for-students/x.md", "");
    assert_claims(&find(folder.path()).unwrap(), &[("kimbo_340935", 0.02), ("leeann_340934", 0.02)]);
}

#[test]
fn downloads_of_two_sections_side_by_side_are_one_class() {
    let section = |names: [&str; 2]| zip(&names.map(|name| (name, metrics(0.02))).iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect::<Vec<_>>());
    let a = section(["leeann_1_2_metrics.json", "kimbo_3_4_metrics.json"]);
    let folder =
        Folder::new().with("section a.zip", a).with("section b/daydee_5_6_metrics.json", metrics(0.02)).with("section b/foxcy_7_8_metrics.json", metrics(0.02));
    assert_claims(&find(folder.path()).unwrap(), &[("daydee_5", 0.02), ("foxcy_7", 0.02), ("kimbo_3", 0.02), ("leeann_1", 0.02)]);
    // A student's own files that look like Canvas's are the student's.
    let own = Folder::new().with("ann/run_1_2_log.txt", "x").with("ann/metrics.json", metrics(0.02)).with("bob/metrics.json", metrics(0.03));
    assert_claims(&find(own.path()).unwrap(), &[("ann", 0.02), ("bob", 0.03)]);
    let one = Folder::new().with("run_1_2_log.txt", "x").with("hw2.ipynb", "{}").with("notes.txt", "x");
    assert!(find(one.path()).unwrap().is_one);
}

#[test]
fn a_class_that_somebody_zipped_is_told_by_the_roster() {
    let files = zip(&[("class/Ann Lee/report.pdf", b"x"), ("class/Bo Kim/report.pdf", b"x")]);
    let folder = Folder::new().with("class.zip", files).with("roster.csv", "id,name\n1,Ann Lee\n2,Bo Kim\n");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let output = mlgrade(&["grade", &path("class.zip"), "--roster", &path("roster.csv"), "--out", &path("r")]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("2 submissions") && !text.contains("handed in nothing"), "{text}");
    assert!(text.contains("nothing of what is asked is in the file handed in"), "{text}");
}

#[test]
fn canvas_archives_of_one_attempt_add_up_and_the_later_upload_goes_first() {
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' width='640' height='480'><path d='M0 0L9 9'/><path d='M0 9L9 0'/></svg>".as_slice();
    let parts = vec![
        file("leeann_340934_208490284_part-1.zip", zip(&[("metrics.json", &metrics(0.02))])),
        file("leeann_340934_208490285_part-2.zip", zip(&[("figures/trees.svg", svg)])),
        file("kimbo_340935_208490286_hw2.zip", zip(&[("metrics.json", &metrics(0.3))])),
        file("kimbo_340935_208490287_hw2-1.zip", zip(&[("metrics.json", &metrics(0.03))])),
    ];
    let (_folder, classes) = both(&parts, "");
    for class in &classes {
        assert_claims(class, &[("kimbo_340935", 0.03), ("leeann_340934", 0.02)]);
        let report = PLAIN_COURSE.judge(&class.submissions[1].open());
        let plot = report.items.iter().find(|item| item.id == "trees/plot").unwrap();
        assert!(plot.reason.contains("figures/trees.svg"), "{}", plot.reason);
        assert!(notes(class, "kimbo_340935").contains("metrics.json: a file of this name is in an archive that was handed in later, and counts"));
    }
}

#[test]
fn a_gradescope_folder_that_is_not_there_is_told() {
    let metadata = "---\nsubmission_11:\n  :submitters:\n  - :name: Ann Lee\n    :sid: '1'\nsubmission_12:\n  :submitters:\n  - :name: Bo Kim\n    :sid: '2'\n";
    let (_folder, classes) = both(&[file("submission_metadata.yml", metadata), file("submission_11/metrics.json", metrics(0.02))], "assignment_9_export/");
    for class in &classes {
        assert_claims(class, &[("submission_11", 0.02)]);
        assert_eq!(
            class.notes[0].to_string(),
            "submission_12: submission_metadata.yml lists it, handed in by Bo Kim, but it is not in the download; download it again"
        );
    }
}

#[test]
fn a_file_called_as_another_platform_would_changes_nobodys_layout() {
    // What follows the numbers is the student's own name for the file.
    for evil in ["x_attempt_2023-03-06-20-59-00_metrics.json", "Bo Kim_12_assignsubmission_file_metrics.json", "1-2 - Bo Kim - Mar 6, 2023 859 PM - x.json"] {
        let files = vec![
            file(&format!("malory_9_90_{evil}"), metrics(0.9)),
            file("leeann_340934_208490284_metrics.json", metrics(0.02)),
            file("kimbo_340935_208490285_metrics.json", metrics(0.03)),
        ];
        let (_folder, classes) = both(&files, "");
        for class in &classes {
            assert_eq!(students(class), ["kimbo_340935", "leeann_340934", "malory_9"], "{evil}");
        }
        let files = vec![
            file(&format!("HW2_malory_attempt_2023-03-06-20-59-00_{evil}"), metrics(0.9)),
            file("HW2_ann_attempt_2023-03-06-20-59-00_metrics.json", metrics(0.02)),
        ];
        let (_folder, classes) = both(&files, "");
        for class in &classes {
            assert_eq!(students(class), ["ann", "malory"], "{evil}");
        }
    }
    // An archive of a student's that looks like a download stays the student's.
    let fake = zip(&[("submission_metadata.yml", b"submission_1:\n  :submitters:\n  - :name: Bo Kim\n"), ("submission_1/metrics.json", b"{}")]);
    let folder = Folder::new().with("malory.zip", &fake).with("kim.zip", zip(&[("metrics.json", &metrics(0.02))]));
    assert_eq!(students(&find(folder.path()).unwrap()), ["kim", "malory"]);
    let folder = Folder::new().with("malory_9_90_hw2.zip", &fake).with("kimbo_1_2_hw2.zip", zip(&[("metrics.json", &metrics(0.02))]));
    assert_eq!(students(&find(folder.path()).unwrap()), ["kimbo_1", "malory_9"]);
    assert_eq!(students(&find(&folder.path().join("malory_9_90_hw2.zip")).unwrap()), ["malory_9"]);
}

#[test]
fn an_attempt_of_words_alone_takes_nothing_back() {
    let files = vec![
        file("HW2_ann_attempt_2023-03-05-20-59-00_metrics.json", metrics(0.02)),
        file("HW2_ann_attempt_2023-03-05-20-59-00.txt", note("Ann", "ann", &[])),
        file("HW2_ann_attempt_2023-03-06-20-59-00.txt", note("Ann", "ann", &[])),
        file("HW2_bob_attempt_2023-03-06-20-59-00_metrics.json", metrics(0.03)),
    ];
    let (_folder, classes) = both(&files, "");
    for class in &classes {
        assert_claims(class, &[("ann", 0.02), ("bob", 0.03)]);
        assert!(notes(class, "ann").contains("the attempt of 2023-03-06-20-59-00 has no files; that of 2023-03-05-20-59-00 counts"));
    }
}
