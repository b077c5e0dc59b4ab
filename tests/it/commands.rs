//! What the program prints for each command, as tests/cmd pins it. `TRYCMD=overwrite` writes it anew.

use crate::common::{Folder, mlgrade};

#[test]
fn commands_print_what_is_pinned() {
    trycmd::TestCases::new().case("tests/cmd/*.toml").env("NO_COLOR", "1").env("COLUMNS", "100");
}

#[test]
fn the_schema_of_a_report_is_json() {
    for what in ["report", "check"] {
        let output = mlgrade(&["schema", what]);
        assert!(output.status.success());
        let schema: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(schema["properties"]["parts"].is_object(), "{what}");
    }
}

#[test]
fn what_new_writes_is_a_rubric_without_faults_and_is_never_overwritten() {
    let folder = Folder::new();
    let course = folder.path().join("course").display().to_string();
    assert!(mlgrade(&["new", &course]).status.success());
    let linted = mlgrade(&["lint", &format!("{course}/rubric.toml")]);
    assert!(linted.status.success(), "{}", String::from_utf8_lossy(&linted.stderr));
    assert!(String::from_utf8_lossy(&linted.stdout).contains("0 errors, 0 warnings"), "{linted:?}");
    let again = mlgrade(&["new", &course]);
    assert!(!again.status.success() && String::from_utf8_lossy(&again.stderr).contains("nothing was written"), "{again:?}");
}

#[test]
fn every_name_that_explain_lists_can_be_explained() {
    let list = String::from_utf8(mlgrade(&["explain"]).stdout).unwrap();
    let names = list.lines().flat_map(|line| match line.split_once(": ") {
        Some(("checks" | "references", names)) => names.split(", ").map(str::trim).collect::<Vec<_>>(),
        _ => line.split_whitespace().take(1).collect(),
    });
    let names: Vec<&str> = names.collect();
    assert!(names.len() > 40, "{names:?}");
    for name in names {
        let output = mlgrade(&["explain", name]);
        assert!(output.status.success() && !output.stdout.is_empty(), "{name}: {output:?}");
    }
}
