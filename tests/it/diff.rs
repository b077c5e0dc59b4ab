//! Two gradings of a class: who moved, by how much, because of which items, and why.

use serde_json::{Value, json};

use crate::common::{Folder, PLAIN, mlgrade};
use crate::downloads::metrics;

fn diff(folder: &Folder, more: &[&str]) -> String {
    let path = |name: &str| folder.path().join(name).display().to_string();
    let output = mlgrade(&[&["diff", &path("old"), &path("new")], more].concat());
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn grade(folder: &Folder, class: &str, out: &str, rubric: &str) {
    let path = |name: &str| folder.path().join(name).display().to_string();
    let output = mlgrade(&["grade", &path(class), "--rubric", rubric, "--out", &path(out)]);
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn who_moved_is_listed_by_size_with_items_and_causes() {
    let folder = Folder::new();
    for (class, students) in
        [("a", [("ann", 0.02), ("bob", 0.02), ("cy", 0.3), ("dee", 0.02)]), ("b", [("ann", 0.02), ("bob", 0.1), ("cy", 0.02), ("eve", 0.02)])]
    {
        for (name, error) in students {
            folder.write(&format!("{class}/{name}/metrics.json"), metrics(error));
        }
    }
    grade(&folder, "a", "old", PLAIN);
    grade(&folder, "b", "new", PLAIN);
    let found: Value = serde_json::from_str(&diff(&folder, &["--json"])).unwrap();
    let moved: Vec<(&str, String)> =
        found["moved"].as_array().unwrap().iter().map(|moved| (moved["student"].as_str().unwrap(), moved["change"].to_string())).collect();
    assert_eq!(moved, [("cy", "10".to_owned()), ("bob", "-4".to_owned())]);
    assert_eq!((&found["new"], &found["gone"], &found["same"]), (&json!(["eve"]), &json!(["dee"]), &json!(1)));
    let item = &found["moved"][1]["items"][0];
    assert_eq!(
        (item["id"].as_str(), &item["old"]["points"], &item["new"]["points"], &item["because"]),
        (Some("mnist/improved-error"), &json!(10), &json!(6), &json!(["submission"]))
    );
    let text = diff(&folder, &[]);
    assert!(text.starts_with("2 of 3 moved, 1 new (eve), 1 gone (dee)\n"), "{text}");
    assert!(text.contains("mnist/improved-error: 10/10 → 6/10  (submission) "), "{text}");
}

#[test]
fn a_rubric_and_marks_are_told_as_causes() {
    let folder = Folder::new().with("a/ann/metrics.json", metrics(0.02)).with("a/bob/metrics.json", metrics(0.1));
    let rubric = std::fs::read_to_string(crate::common::repository().join(PLAIN)).unwrap();
    folder.write("rubric.toml", rubric.replace("below = 0.25, points = 6", "below = 0.25, points = 7"));
    grade(&folder, "a", "old", PLAIN);
    grade(&folder, "a", "new", &folder.path().join("rubric.toml").display().to_string());
    let found: Value = serde_json::from_str(&diff(&folder, &["--json"])).unwrap();
    assert_eq!((&found["moved"][0]["student"], &found["moved"][0]["because"], &found["same"]), (&json!("bob"), &json!(["rubric"]), &json!(1)));
    grade(&folder, "a", "new", PLAIN);
    folder.write("marks.csv", "student,item,points\nbob,mnist/improved-error,9.5\nann,,\n");
    let path = |name: &str| folder.path().join(name).display().to_string();
    assert!(mlgrade(&["marks", &path("new"), "--import", &path("marks.csv"), "--grader", "ana"]).status.success());
    let found: Value = serde_json::from_str(&diff(&folder, &["--json"])).unwrap();
    assert_eq!((&found["moved"][0]["change"], &found["moved"][0]["because"]), (&json!(3.5), &json!(["marks"])));
}

#[test]
fn reports_of_schema_1_are_read_and_later_ones_are_refused() {
    let folder = Folder::new().with("a/ann/metrics.json", metrics(0.02)).with("a/bob/metrics.json", metrics(0.02));
    grade(&folder, "a", "new", PLAIN);
    for name in ["ann", "bob"] {
        let mut report: Value = serde_json::from_str(&folder.read(&format!("new/{name}.json"))).unwrap();
        report["schema"] = json!(1);
        // What schema 2 has added.
        for key in ["policy", "comments"] {
            report.as_object_mut().unwrap().remove(key);
        }
        report["stamp"].as_object_mut().unwrap().remove("program");
        for item in report["items"].as_array_mut().unwrap() {
            for key in ["kind", "visibility", "asks", "evidence", "wanted", "pieces", "unread", "answer", "guide"] {
                item.as_object_mut().unwrap().remove(key);
            }
        }
        if name == "bob" {
            report["items"][0]["points"] = json!(6);
            report["score"]["earned"] = json!(6);
        }
        folder.write(&format!("old/{name}.json"), report.to_string());
    }
    folder.write("old/similar.json", "{\"pairs\": []}");
    let found: Value = serde_json::from_str(&diff(&folder, &["--json"])).unwrap();
    assert_eq!((&found["moved"][0]["student"], &found["moved"][0]["change"], &found["moved"][0]["because"]), (&json!("bob"), &json!(4), &json!(["program"])));
    assert_eq!(found["same"], json!(1));
    folder.write("old/cy.json", "{\"schema\": 3, \"student\": \"cy\", \"items\": []}");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let output = mlgrade(&["diff", &path("old"), &path("new")]);
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(2) && text.contains("schema 3") && text.contains("update mlgrade"), "{text}");
}
