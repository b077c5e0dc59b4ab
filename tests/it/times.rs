//! Whose time counts: the course's before the platform's, the platform's before the student's; and what is not known is told.

use mlgrade::report::class::ClassView;
use mlgrade::report::{Report, terminal};
use mlgrade::submission::{HandedIn, Roster, find};

use crate::common::{Folder, SHIPPED_COURSE, mlgrade};
use crate::downloads::metrics;

/// The homework is due at 2023-03-06T23:59:59-06:00, six hours of grace.
fn judged(submission: &HandedIn) -> (u32, String) {
    let report = SHIPPED_COURSE.judge(&submission.open());
    let timing = report.timing.clone().unwrap();
    (report.late.map_or(0, |late| late.days), format!("{}{}", timing.by.unwrap_or_else(|| "nobody".to_owned()), timing.doubt.map_or("", |_| "?")))
}

fn one(folder: &Folder) -> (u32, String) {
    judged(&find(folder.path()).unwrap().submissions[0])
}

fn is(told: &(u32, String), days: u32, by: &str) {
    assert_eq!((told.0, told.1.as_str()), (days, by));
}

#[test]
fn a_platforms_time_goes_before_the_students_word() {
    let early = "submitted_at = 2023-03-06T20:00:00-06:00";
    let folder = Folder::new().with("submission_metadata.yml", "submission_1:\n  :created_at: 2023-03-10 22:10:00.000000000 Z\n");
    is(&one(&folder.with("submission_1/metrics.json", metrics(0.02)).with("submission_1/submission.toml", early)), 4, "Gradescope");
    // Without a zone, in that of the due date: a minute after the grace, and one before its end.
    for (time, days) in [("2023-03-07-06-00-30", 1), ("2023-03-07-05-59-00", 0)] {
        let folder = Folder::new().with(&format!("HW2_a_attempt_{time}_metrics.json"), metrics(0.02));
        is(&one(&folder.with(&format!("HW2_a_attempt_{time}_submission.toml"), early)), days, "Blackboard");
    }
    let folder = Folder::new().with("1-2 - Ann - Mar 8, 2023 1205 AM/metrics.json", "{}").with("1-2 - Ann - Mar 8, 2023 1205 AM/submission.toml", early);
    is(&one(&folder), 2, "Brightspace");
    // Sakai's is in UTC: 23:59:59 -06:00 and the grace are 11:59:59 the next day.
    for (time, days) in [("20230307115959000", 0), ("20230307120001000", 1)] {
        let folder = Folder::new().with("Lee, Ann(a)/Submission attachment(s)/submission.toml", early).with("Lee, Ann(a)/timestamp.txt", time);
        is(&one(&folder.with("Lee, Ann(a)/Submission attachment(s)/metrics.json", "{}")), days, "Sakai");
    }
}

#[test]
fn a_students_word_is_doubted_where_it_cannot_be_and_a_mark_of_lateness_is_kept() {
    let plain = |settings: &str| one(&Folder::new().with("ann/metrics.json", "{}").with("ann/submission.toml", settings).with("bob/metrics.json", "{}"));
    is(&plain("submitted_at = 2023-03-06T20:00:00-06:00"), 0, "student");
    is(&plain("submitted_at = 2023-03-07T12:00:00-06:00"), 1, "student");
    is(&plain("submitted_at = 2023-03-06T23:30:00"), 0, "student");
    is(&plain("submitted_at = 2023-03-07T06:00:30"), 1, "student");
    is(&plain("submitted_at = 1970-01-01T00:00:00Z"), 0, "student?");
    is(&plain("submitted_at = 2022-03-06T20:00:00Z"), 0, "student?");
    is(&plain("submitted_at = \"soon\""), 0, "nobody?");
    is(&plain("submitted_at = 2023-03-06"), 0, "nobody?");
    is(&plain("submitted_at = 3"), 0, "nobody?");
    is(&plain(""), 0, "nobody?");
    let canvas = |settings: &str| {
        let folder = Folder::new().with("leeann_LATE_1_2_metrics.json", "{}").with("leeann_LATE_1_3_submission.toml", settings);
        judged(&find(folder.path()).unwrap().submissions[0])
    };
    is(&canvas("submitted_at = 2023-03-06T20:00:00-06:00"), 0, "student?");
    is(&canvas("submitted_at = 2023-03-08T20:00:00-06:00"), 2, "student");
    is(&canvas(""), 0, "nobody?");
}

#[test]
fn a_list_of_times_goes_before_all_others() {
    let folder = Folder::new().with("HW2_ann_attempt_2023-03-09-12-00-00_metrics.json", "{}").with("HW2_bob_attempt_2023-03-06-12-00-00_metrics.json", "{}");
    let mut class = find(folder.path()).unwrap();
    let times = |text: &str| Roster::read("times.csv", text.as_bytes()).unwrap();
    let told = times("login,submitted_at\nann,2023-03-06T12:00:00-06:00\n").tell_times(&mut class);
    assert_eq!(told, ["the list of times has none for bob"]);
    is(&judged(&class.submissions[0]), 0, "course");
    is(&judged(&class.submissions[1]), 0, "Blackboard");
    assert!(Roster::read("t.csv", b"id,time\na,2023-03-06\n").unwrap_err().to_string().contains("line 2: `2023-03-06` is no time"));
}

#[test]
fn the_table_says_whose_time_it_is() {
    let folder = Folder::new().with("class/ann/metrics.json", metrics(0.02)).with("class/ann/submission.toml", "submitted_at = 1970-01-01T00:00:00Z");
    let folder = folder.with("class/bob/metrics.json", metrics(0.02)).with("class/bob/submission.toml", "submitted_at = 2023-03-06T12:00:00Z");
    let folder = folder.with("class/cy/metrics.json", metrics(0.02)).with("times.csv", "id,submitted_at\ncy,2023-03-08 12:00 -0600\n");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let run = |more: &[&str]| {
        let output = mlgrade(&[&["grade", &path("class"), "--out", &path("r")], more].concat());
        String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap()
    };
    let text = run(&[]);
    assert!(
        text.contains("not known whether it is late, so no points are taken: ann (1970-01-01T00:00:00Z is before the course began), cy (no time is stated)"),
        "{text}"
    );
    assert!(text.contains("1 time is the student's own word (submission.toml)"), "{text}");
    let text = run(&["--times", &path("times.csv")]);
    assert!(text.contains("course   −20 % (2 days late)") && text.contains("the list of times has none for ann, bob"), "{text}");
    assert!(run(&["--times", &path("class/ann/submission.toml")]).contains("error"), "no list");
    folder.write("roster.csv", "id,name\nann,Ann\n");
    assert!(run(&["--times", &path("roster.csv")]).contains("no column tells when students handed in"));
}

#[test]
fn without_a_due_date_nobody_asks_for_a_time() {
    let report: Report = SHIPPED_COURSE.judge(&find(Folder::new().with("a/metrics.json", "{}").path()).unwrap().submissions[0].open());
    let table = |report: &Report| {
        let mut class = ClassView::default();
        class.add("a", report);
        terminal::class(&class)
    };
    assert!(table(&report).contains("time by"));
    assert!(!table(&Report { timing: None, ..report }).contains("time by"));
}
