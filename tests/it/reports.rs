//! What reports look like, for a student with some of it right and for one with numbers that are none. Read before accepted.

use mlgrade::report::{checklist, json, markdown, terminal};
use mlgrade::submission::Submission;

use crate::common::{SHIPPED_COURSE, mlgrade, repository};

#[test]
fn every_format_is_as_it_was_read() {
    for student in ["s03-average", "s08-nan"] {
        let report = SHIPPED_COURSE.judge(&Submission::open(&repository().join("submissions").join(student)));
        let plain = |text: String| anstream::adapter::strip_str(&text).to_string();
        insta::assert_snapshot!(format!("{student}_json"), json::json(&report).unwrap());
        insta::assert_snapshot!(format!("{student}_markdown"), markdown::report(&report));
        insta::assert_snapshot!(format!("{student}_terminal"), plain(terminal::details(&report)));
        insta::assert_snapshot!(format!("{student}_for_student"), plain(checklist::checklist(&report.for_student(), Some(100))));
        insta::assert_snapshot!(format!("{student}_for_student_markdown"), markdown::student(&report.for_student()));
    }
}

#[test]
fn the_class_is_a_table_and_the_program_says_where_reports_are() {
    let out = tempfile::tempdir().unwrap();
    let folder = out.path().join("reports");
    let output = mlgrade(&["grade", "submissions", "--out", folder.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8(output.stdout).unwrap();
    let (table, rest) = text.split_once("wrote ").unwrap();
    insta::with_settings!({ filters => vec![(r"see \S+/overlays/", "see reports/overlays/")] }, { insta::assert_snapshot!("class", table) });
    assert!(rest.contains("(31 × .json .md .html, for-students/*.md .html)"), "{rest}");
    assert!(folder.join("s06-nováková.json").is_file() && folder.join("grades.csv").is_file());
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 31 * 3 + 6, "no temporary file is left behind");
}

#[test]
fn what_was_compared_is_there_as_numbers() {
    let report = SHIPPED_COURSE.judge(&Submission::open(&repository().join("submissions/s03-average")));
    let report: serde_json::Value = serde_json::from_str(&json::json(&report).unwrap()).unwrap();
    let item = |id: &str| report["items"].as_array().unwrap().iter().find(|item| item["id"] == id).unwrap();
    // submissions/s03-average/metrics.json states 0.0704, the rubric asks for less than 0.025.
    let error = item("mnist/improved-error");
    assert_eq!(error["actual"], serde_json::json!({ "text": "0.0704", "kind": "number", "value": 0.0704, "unit": "fraction" }));
    let bound = serde_json::json!({ "text": "below 0.025", "kind": "bounds", "bounds": [{ "order": "below", "limit": 0.025 }], "unit": "fraction" });
    assert_eq!(error["expected"], bound);
}

#[test]
fn reports_have_what_the_schema_promises() {
    let output = mlgrade(&["schema", "report"]);
    let schema: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let report = SHIPPED_COURSE.judge(&Submission::open(&repository().join("submissions/s07-late")));
    let report: serde_json::Value = serde_json::from_str(&json::json(&report).unwrap()).unwrap();
    for required in schema["required"].as_array().unwrap() {
        assert!(report.get(required.as_str().unwrap()).is_some(), "{required}");
    }
    assert_eq!(report["score"], serde_json::json!({ "earned": 77.4, "possible": 100, "lowest": 77.4, "highest": 90 }));
    assert_eq!(report["items"][0]["id"], "trees/numbers");
    assert_eq!((&report["schema"], &schema["properties"]["schema"]["type"]), (&serde_json::json!(2), &serde_json::json!("integer")));
    assert!(
        report["items"].as_array().unwrap().iter().all(|item| ["title", "verdict", "points", "possible", "reason"].iter().all(|key| item.get(key).is_some()))
    );
}
