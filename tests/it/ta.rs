//! The way of docs/for-tas.md: a Canvas download, graded, marked, and a gradebook that Canvas takes back.

use std::collections::BTreeMap;
use std::fs;

use crate::canvas_download;
use crate::common::{Folder, mlgrade, repository};

/// Lowest and highest score of each submission, as fixtures/class/scores.csv says.
fn scores() -> BTreeMap<String, (f64, f64)> {
    let mut reader = csv::Reader::from_path(repository().join("fixtures/class/scores.csv")).unwrap();
    let headers = reader.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let (lowest, highest) = (column("lowest"), column("highest"));
    let row = |row: csv::StringRecord| (row[0].to_owned(), (row[lowest].parse().unwrap(), row[highest].parse().unwrap()));
    reader.records().map(|record| row(record.unwrap())).collect()
}

#[test]
fn a_class_goes_from_canvas_to_canvas() {
    let class = canvas_download::of(&repository().join("submissions")).unwrap();
    let folder = Folder::new().with("download.zip", &class.zip).with("gradebook.csv", &class.gradebook);
    let path = |name: &str| folder.path().join(name).display().to_string();
    let run = |args: &[&str]| {
        let output = mlgrade(args);
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr))
    };
    let (_, text) = run(&["grade", &path("download.zip"), "--roster", &path("gradebook.csv"), "--out", &path("out")]);
    assert!(text.contains("31 submissions"), "{text}");

    // Canvas's gradebook is not filled while a person still has to read something.
    let export =
        ["export", "canvas", "--reports", &path("out"), "--gradebook", &path("gradebook.csv"), "--assignment", "HW2 (123)", "--out", &path("upload.csv")];
    let (code, text) = run(&export);
    assert_eq!(code, Some(2), "{text}");
    assert!(!folder.path().join("upload.csv").exists());

    // Every answer that waits gets full points from one half of the class, and none from the other.
    assert_eq!(run(&["marks", &path("out"), "--export", &path("marks.csv")]).0, Some(0));
    let mut reader = csv::Reader::from_path(path("marks.csv")).unwrap();
    let mut marks = csv::Writer::from_path(path("marked.csv")).unwrap();
    marks.write_record(["student", "item", "points", "evidence"]).unwrap();
    let is_generous = |id: &str| id.parse::<u32>().unwrap() % 2 == 0;
    for row in reader.records().map(Result::unwrap) {
        let points = if is_generous(&row[0]) { &row[7] } else { "0" };
        marks.write_record([&row[0], &row[1], points, &row[10]]).unwrap();
    }
    marks.flush().unwrap();
    let (code, text) = run(&["marks", &path("out"), "--import", &path("marked.csv"), "--grader", "ana"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains(" 0 to be marked"), "{text}");

    let (code, text) = run(&export);
    assert_eq!(code, Some(0), "{text}");
    let upload = fs::read_to_string(path("upload.csv")).unwrap();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(upload.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows[0].iter().collect::<Vec<_>>(), ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "HW2 (123)"]);
    assert!(rows[1][0].trim_start().starts_with("Points Possible") && &rows[1][5] == "100.00", "{upload}");
    let expected = scores();
    let written: BTreeMap<&str, f64> = rows[2..].iter().map(|row| (&row[1], row[5].parse().unwrap())).collect();
    assert_eq!(written.len(), 31);
    for (submission, id) in &class.students {
        let (lowest, highest) = expected[submission];
        let total = if is_generous(id) { highest } else { lowest };
        assert!((written[id.as_str()] - total).abs() < 0.005, "{submission}: {} is in the gradebook, the table says {total}", written[id.as_str()]);
    }
}
