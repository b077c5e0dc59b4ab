//! `mlgrade new`: worked examples, and rubrics made from a solution. Whatever it writes goes the whole way to a graded class.

use std::collections::BTreeSet;
use std::path::Path;

use crate::common::{Folder, files_below, mlgrade, repository};

/// Exit code and everything that was printed.
fn run(arguments: &[&str]) -> (Option<i32>, String) {
    let output = mlgrade(arguments);
    (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

fn fine(arguments: &[&str]) -> String {
    let (code, text) = run(arguments);
    assert_eq!(code, Some(0), "{arguments:?}: {text}");
    text
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

/// Goes through lint, lock, release and grade with the course at `course`, and gives the row of its only student: lowest, highest, possible.
fn whole_way(course: &Path, class: &Path) -> (f64, f64, f64) {
    let (rubric, reports) = (text(&course.join("rubric.toml")), course.join("reports"));
    let linted = fine(&["lint", &rubric]);
    assert!(linted.contains("0 errors"), "{linted}");
    fine(&["reference", "--rubric", &rubric, "--lock"]);
    let released = course.join("for-students");
    fine(&["release", "--rubric", &rubric, "--out", &text(&released)]);
    let edition = files_below(&released).keys().find(|path| path.extension().is_some_and(|ending| ending == "toml")).unwrap().clone();
    fine(&["lint", &text(&released.join(edition))]);
    fine(&["grade", &text(class), "--rubric", &rubric, "--out", &text(&reports)]);
    let mut table = csv::Reader::from_path(reports.join("grades.csv")).unwrap();
    let headers = table.headers().unwrap().clone();
    let row = table.records().next().unwrap().unwrap();
    let cell = |name: &str| row[headers.iter().position(|header| header == name).unwrap()].parse().unwrap();
    (cell("lowest"), cell("highest"), cell("possible"))
}

#[test]
fn each_worked_example_goes_the_whole_way_with_full_points() {
    // What only a person can give: one written answer in each.
    for (name, waiting) in [("competition", 5.0), ("regression", 5.0), ("classification", 4.0), ("deep-learning", 4.0)] {
        let folder = Folder::new();
        let course = folder.path().join("course");
        let printed = fine(&["new", &text(&course), "--course", name]);
        assert!(printed.contains("the example submission") && printed.contains("mlgrade release"), "{printed}");
        let handout = folder.read("course/README.md");
        assert!(handout.contains("metrics.json") && handout.contains(&format!("mlgrade check . --rubric {name}.toml")), "{handout}");
        assert!(!folder.read("course/README.md").contains("baseline.auc"), "{handout}");
        let (lowest, highest, possible) = whole_way(&course, &course.join("submissions"));
        assert!((highest - possible).abs() < 1e-9 && (lowest - (possible - waiting)).abs() < 1e-9, "{name}: {lowest}–{highest} of {possible}");
    }
}

#[test]
fn worked_examples_are_written_as_they_lie_in_the_repository_with_their_hashes() {
    let templates = repository().join("templates/courses");
    for name in ["competition", "regression", "classification", "deep-learning"] {
        let folder = Folder::new();
        fine(&["new", &text(&folder.path().join("c")), "--course", name]);
        let made = files_below(&folder.path().join("c"));
        let kept = files_below(&templates.join(name));
        let extra: BTreeSet<_> = made.keys().filter(|path| !kept.contains_key(*path)).map(|path| text(path)).collect();
        assert_eq!(extra, BTreeSet::from(["README.md", "rubric.lock"].map(str::to_owned)), "{name}");
        let about = String::from_utf8(kept[Path::new("DATA.md")].clone()).unwrap();
        for (path, bytes) in &kept {
            assert_eq!(made[path], *bytes, "{name}/{}", path.display());
            assert!(bytes.len() < 100_000, "{name}/{} is large", path.display());
            if path.starts_with("data") || path.starts_with("hidden") {
                let line = format!("| `{}` |", path.display());
                let row = about.lines().find(|row| row.starts_with(&line)).unwrap_or_else(|| panic!("{name}: DATA.md has no {line}"));
                assert!(row.contains(&sha256(bytes)), "{name}: {row}");
            }
        }
    }
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

#[test]
fn a_solution_becomes_a_rubric_that_it_passes() {
    let solution = repository().join("fixtures/courses/kmeans-pca/reference/solution");
    let data = repository().join("fixtures/courses/kmeans-pca/data/iris.csv");
    let folder = Folder::new();
    let course = folder.path().join("exercise-7");
    let printed = fine(&["new", &text(&course), "--from", &text(&solution), "--data", &text(&data)]);
    assert!(printed.contains("your own solution: 88–100 of 100 points; 2 items wait for a person"), "{printed}");
    let rubric = folder.read("exercise-7/rubric.toml");
    for lines in [
        "id = \"exercise-7\"\ntitle = \"Exercise 7\"",
        "iris = { csv = \"data/iris.csv\" }",
        "reference = { submission = \"reference/solution\" }",
        "check = \"number\"\nvalue = \"pca.recovery_error\"\nagainst = \"reference\"\ntolerance = { relative = \"5%\" }",
        "check = \"curve\"\nseries = \"kmeans.cost\"\nlength = 10\nmonotone = \"falling\"",
        "check = \"array\"\narray = \"pca.components\"\nshape = [2, 4]\nagainst = \"reference\"",
        "check = \"array\"\narray = \"elbow.k\"\nshape = [8]\nagainst = \"reference\"\ntolerance = { absolute = 0 }",
        // That it is of the species is found by trying.
        "metric = \"ari\"\npredictions = \"clusters\"\ndata = \"iris\"\ntarget = \"species\"\nclaim = \"kmeans.ari\"",
        "check = \"figure\"\nfigure = \"elbow\"\nshows = \"elbow.cost\"",
        "check = \"figure\"\nfigure = \"plane\"\nreview = true",
        "check = \"answer\"\nanswer = \"components_for_95\"\nexpect = 2",
        "check = \"written\"\nanswer = \"why_standardise\"",
    ] {
        assert!(rubric.contains(lines), "{lines}\n{rubric}");
    }
    let handout = folder.read("exercise-7/README.md");
    assert!(handout.contains("`figures/elbow.png`") && !handout.contains("0.1674"), "{handout}");
    let (lowest, highest, possible) = whole_way(&course, &course.join("reference/solution"));
    assert_eq!((lowest, highest, possible), (88.0, 100.0, 100.0));
}

#[test]
fn what_is_only_printed_in_a_notebook_is_reached_by_its_words_in_any_cell() {
    let cell = |kind: &str, source: &str, output: Option<&str>| {
        let outputs: Vec<_> = output.iter().map(|text| serde_json::json!({"output_type": "stream", "name": "stdout", "text": text})).collect();
        match kind {
            "code" => serde_json::json!({"cell_type": "code", "metadata": {}, "execution_count": 1, "source": source, "outputs": outputs}),
            _ => serde_json::json!({"cell_type": "markdown", "metadata": {}, "source": source}),
        }
    };
    let cells = [
        cell("code", "fit()", Some("Test accuracy: 0.9812\nseconds: 3.25")),
        cell("markdown", "## Why does the penalty help?\nFeatures that go together share their effect badly without it.", None),
        cell("code", "train()", Some("Epoch 1/3: train_loss = 0.9\nEpoch 2/3: train_loss = 0.5\nEpoch 3/3: train_loss = 0.4\n")),
    ];
    let notebook = serde_json::json!({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}).to_string();
    let folder = Folder::new().with("solution.ipynb", &notebook);
    let course = folder.path().join("course");
    fine(&["new", &text(&course), "--from", &text(&folder.path().join("solution.ipynb"))]);
    let rubric = folder.read("course/rubric.toml");
    for line in [
        "\"test_accuracy\" = { pattern = \"Test accuracy: {number}\" }",
        "\"why_does_the_penalty_help\" = { heading = \"Why does the penalty help?\" }",
        "\"train_loss\" = { column = \"train_loss\" }",
        "check = \"written\"\nanswer = \"why_does_the_penalty_help\"",
    ] {
        assert!(rubric.contains(line), "{line}\n{rubric}");
    }
    // A student's notebook has a cell more in front, and another accuracy within the tolerance.
    let mut cells = cells.to_vec();
    cells.insert(0, cell("code", "import numpy", None));
    let students = serde_json::json!({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}).to_string().replace("0.9812", "0.9790");
    folder.write("class/ann/hw.ipynb", students);
    let (_, highest, possible) = whole_way(&course, &folder.path().join("class"));
    assert!((highest - possible).abs() < 1e-9, "{highest} of {possible}");
}

#[test]
fn nothing_is_written_where_something_is_or_nothing_can_be_graded() {
    let folder = Folder::new().with("there/x.txt", "x").with("empty/notes.md", "nothing").with("broken.zip", "PK no zip");
    let place = |name: &str| text(&folder.path().join(name));
    for (arguments, words) in [
        (vec!["new".to_owned(), place("there"), "--course".to_owned(), "regression".to_owned()], "nothing was written"),
        (vec!["new".to_owned(), place("c"), "--from".to_owned(), place("empty")], "nothing was found in it that can be graded"),
        (vec!["new".to_owned(), place("c"), "--from".to_owned(), place("nowhere")], "there is no such file or folder"),
        (vec!["new".to_owned(), place("c"), "--from".to_owned(), place("broken.zip")], "broken.zip"),
    ] {
        let (code, printed) = run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        assert!(code == Some(2) && printed.contains(words), "{arguments:?}: {code:?} {printed}");
    }
    let left: BTreeSet<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(left, BTreeSet::from(["there", "empty", "broken.zip"].map(str::to_owned)));
}

/// The scores of expected.csv were given by hand, each with its reason.
#[test]
fn the_course_of_an_instructors_hour_gives_the_scores_of_its_table() {
    let course = "fixtures/courses/kmeans-pca";
    let printed = fine(&["verify", "--class", &format!("{course}/class"), "--rubric", &format!("{course}/rubric.toml")]);
    assert!(printed.contains("6 of 6 students"), "{printed}");
    let verified = fine(&["verify", "--rubric", &format!("{course}/rubric.toml")]);
    assert!(verified.contains("full marks"), "{verified}");
}
