//! Items that are wrong in one way each: `lint` finds the fault, under the key that is at fault. The cases are hand-made.

use std::path::Path;

use serde::Deserialize;

use crate::common::{Folder, mlgrade, repository};

#[derive(Debug, Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Debug, Deserialize)]
struct Case {
    code: String,
    /// The item's text after id, title and points.
    item: String,
    /// The key under which the caret stands.
    at: String,
    #[serde(default = "submission")]
    reference: String,
}

fn submission() -> String {
    "{ submission = \"reference/\" }".to_owned()
}

/// The rubric of a case: one part, `p`, with one item.
fn rubric(case: &Case) -> String {
    format!(
        "schema = 1\nid = \"cases\"\ntitle = \"Cases\"\nseed = 1\n\n[data]\nt = {{ csv = \"t.csv\" }}\n\n[[part]]\nid = \"p\"\ntitle = \"P\"\n\
         reference = {}\n\n[[part.item]]\nid = \"i\"\ntitle = \"I\"\npoints = 10\n{}\n",
        case.reference, case.item
    )
}

/// The faults in `rubric.toml` of the folder: their code, and the text from where the caret begins.
fn faults(folder: &Path) -> Vec<(String, String)> {
    let (rubric, log) = (folder.join("rubric.toml"), folder.join("lint.sarif"));
    mlgrade(&["lint", &rubric.display().to_string(), "--sarif", &log.display().to_string()]);
    let text = std::fs::read_to_string(rubric).unwrap();
    let log: serde_json::Value = serde_json::from_slice(&std::fs::read(log).unwrap()).unwrap();
    let of = |result: &serde_json::Value| {
        let region = &result["locations"][0]["physicalLocation"]["region"];
        let [line, column] = ["startLine", "startColumn"].map(|key| usize::try_from(region[key].as_u64().unwrap_or(1)).unwrap() - 1);
        let from_caret: String = text.lines().nth(line).unwrap_or_default().chars().skip(column).collect();
        (result["ruleId"].as_str().unwrap().to_owned(), from_caret)
    };
    log["runs"][0]["results"].as_array().unwrap().iter().map(of).collect()
}

fn folder(case: &Case) -> Folder {
    let file = |path: &str| std::fs::read(repository().join("fixtures/lint").join(path)).unwrap();
    Folder::new().with("t.csv", file("t.csv")).with("reference/metrics.json", file("reference/metrics.json")).with("rubric.toml", rubric(case))
}

/// What `lint` warns of an item, by its code.
fn warned(item: &str) -> Vec<String> {
    let case = Case { code: String::new(), item: item.to_owned(), at: String::new(), reference: submission() };
    let folder = folder(&case);
    mlgrade(&["reference", "--lock", "--rubric", &folder.path().join("rubric.toml").display().to_string()]);
    faults(folder.path()).into_iter().map(|(code, _)| code).filter(|code| ["R106", "R305", "R306"].contains(&code.as_str())).collect()
}

#[test]
fn what_nobody_can_earn_and_what_gives_answers_away_is_warned_of() {
    // The reference states base = 0.7 and ours = 0.9.
    let number = |more: &str| warned(&format!("check = \"number\"\nvalue = \"base\"\n{more}"));
    assert_eq!(number("at_most = 0.7"), [""; 0]);
    assert_eq!(number("at_least = 0.8"), ["R306"], "the course's own solution falls short");
    assert_eq!(number("levels = [{ at_most = 0.7, points = 10 }, { at_most = 0.8, points = 4 }]"), [""; 0]);
    assert_eq!(number("levels = [{ at_most = 0.7, points = 8 }, { at_most = 0.8, points = 4 }]"), ["R306", "R306"], "8 of 10 points at most");
    assert_eq!(number("levels = [{ at_most = 0.7, points = 12 }]"), ["R106"], "more than the item is worth");
    let answer = |more: &str| warned(&format!("check = \"answer\"\nanswer = \"base\"\n{more}"));
    assert_eq!(answer("choices = [\"0.7\", \"0.8\"]\nexpect = \"0.7\""), [""; 0]);
    assert_eq!(answer("choices = [\"0.7\"]\nexpect = \"0.7\""), ["R305"], "students read `choices`");
    let written = |more: &str| warned(&format!("check = \"manual\"\n{more}"));
    assert_eq!(written("levels = [{ points = 10, when = \"short\" }, { points = 5, when = \"long\" }]"), [""; 0]);
    assert_eq!(written("levels = [{ points = 10, when = \"short\" }, { points = 10, when = \"long\" }]"), ["R106"]);
}

#[test]
fn every_fault_is_found_under_its_key() {
    let cases: Cases = toml::from_str(include_str!("../../fixtures/lint/cases.toml")).unwrap();
    assert_eq!(cases.case.len(), 37);
    let mut missed = Vec::new();
    for case in &cases.case {
        let folder = folder(case);
        let found = faults(folder.path());
        if !found.iter().any(|(code, caret)| *code == case.code && caret.starts_with(&case.at)) {
            missed.push(format!("{} at {} in\n{}\nfound {found:?}", case.code, case.at, case.item));
        }
    }
    assert!(missed.is_empty(), "{} missed\n{}", missed.len(), missed.join("\n\n"));
}

#[test]
fn an_item_without_a_fault_has_none() {
    for item in [
        "check = \"array\"\narray = \"v\"\nshape = [3]\nagainst = \"reference\"\ntolerance = { absolute = 0.1 }",
        "check = \"number\"\nvalue = \"a\"\nlevels = [{ at_least = \"base\", points = 0 }, { at_least = \"ours\", points = 10 }]\ninterpolate = true",
        "check = \"recompute\"\nmetric = \"f1\"\nclass = \"c\"\npredictions = \"q\"\ndata = \"t\"\ntarget = \"kind\"\njoin = \"id\"\nonly = { half = 2 }\nat_least = 0.9",
    ] {
        let case = Case { code: String::new(), item: item.to_owned(), at: String::new(), reference: submission() };
        let found = faults(folder(&case).path());
        // Only the lock is not there yet.
        assert!(found.iter().all(|(code, _)| code == "L101" || code == "R301"), "{found:?} in\n{item}");
    }
}
