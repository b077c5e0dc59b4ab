//! A student's first hour: what a course gives her, and what `check` says before anybody names a rubric.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use serde_json::Value;

use mlgrade::rubric::SHIPPED;

use crate::common::{Folder, repository};

const RUBRIC: &str = r#"
schema = 1
id = "small"
title = "Small"
seed = 1
data.penguins = { builtin = "penguins" }
[[part]]
id = "one"
title = "One"
instructions = "Learn."
[[part.item]]
id = "curve"
title = "The losses"
points = 1
check = "curve"
series = ["mlp.loss", "mlp.val_loss"]
length = 3
[[part.item]]
id = "error"
title = "The error"
points = 1
check = "number"
value = "mlp.error"
unit = "fraction"
at_most = 0.123456
[[part.item]]
id = "secret"
title = "Nobody knows"
points = 1
student = "hidden"
check = "number"
value = "never.told"
at_least = 0.5
[[part.item]]
id = "choice"
title = "Which?"
points = 1
check = "answer"
answer = "which"
choices = ["red", "green"]
expect = "red"
[[part.item]]
id = "rule"
title = "A rule"
points = 1
check = "rule"
rule = "gentoo"
data = "penguins"
class = "Gentoo"
accuracy = { at_least = 0.9 }
[[part.item]]
id = "plot"
title = "A plot"
points = 1
check = "figure"
figure = "loss"
shows = ["mlp.loss"]
[[part.item]]
id = "file"
title = "The predictions"
points = 1
check = "file"
file = ["predictions/mlp.csv", "networks/mlp.onnx"]
"#;

fn run(folder: &Folder, arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_mlgrade"))
        .args(arguments)
        .env("NO_COLOR", "1")
        .env_remove("MLGRADE_RUBRIC")
        .current_dir(folder.path())
        .output()
        .unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap())
}

fn released() -> Folder {
    let folder = Folder::new().with("course/rubric.toml", RUBRIC);
    let (exit, said) = run(&folder, &["release", "--rubric", "course/rubric.toml", "--out", "hw"]);
    assert_eq!(exit, Some(0), "{said}");
    folder
}

#[test]
fn the_names_of_a_rubric_are_told_with_all_that_a_student_may_know() {
    let folder = released();
    let (exit, said) = run(&folder, &["explain", "--rubric", "hw/small.student.toml", "--json"]);
    assert_eq!(exit, Some(0), "{said}");
    let asked: Value = serde_json::from_str(&said).unwrap();
    let of = |name: &str, kind: &str| {
        let names = asked["names"].as_array().unwrap();
        names.iter().find(|entry| entry["name"] == name && entry["kind"] == kind).unwrap_or_else(|| panic!("no {kind} {name} in {said}"))
    };
    assert_eq!(of("mlp.val_loss", "series")["length"], 3);
    // What the plot shows is the same series, whose length another item says.
    assert_eq!((&of("mlp.loss", "series")["length"], of("mlp.loss", "series")["items"].as_array().unwrap().len()), (&Value::from(3), 2));
    assert_eq!(of("mlp.error", "number")["unit"], "fraction");
    assert_eq!(of("which", "answer")["choices"], serde_json::json!(["red", "green"]));
    assert_eq!((&of("gentoo", "rule")["class"], &of("gentoo", "rule")["data"]), (&"Gentoo".into(), &"penguins".into()));
    assert_eq!(of("loss", "figure")["shows"], serde_json::json!(["mlp.loss"]));
    assert_eq!((&of("mlp", "predictions")["optional"], &of("mlp", "network")["optional"]), (&false.into(), &true.into()));
    for secret in ["0.123456", "never.told", "Nobody knows", "expect"] {
        assert!(!said.contains(secret), "{secret}: {said}");
    }
}

#[test]
fn every_shipped_rubric_tells_each_name_once_and_has_a_hand_out_with_all_of_them() {
    for shipped in SHIPPED {
        let folder = Folder::new();
        let (exit, said) = run(&folder, &["release", "--rubric", shipped.id, "--out", "."]);
        assert_eq!(exit, Some(0), "{said}");
        let (_, said) = run(&folder, &["explain", "--rubric", &format!("{}.student.toml", shipped.id), "--json"]);
        let asked: Value = serde_json::from_str(&said).unwrap();
        let names = asked["names"].as_array().unwrap();
        let handout = folder.read("HANDOUT.md");
        let mut seen = BTreeSet::new();
        for entry in names {
            let (name, kind, file) = (entry["name"].as_str().unwrap(), entry["kind"].as_str().unwrap(), entry["file"].as_str().unwrap());
            let family = if ["number", "series", "value", "array"].contains(&kind) { "value" } else { kind };
            assert!(seen.insert((family.to_owned(), name.to_owned())), "{}: {kind} {name} comes twice", shipped.id);
            assert!(handout.contains(&format!("| `{name}` |")) && handout.contains(file), "{}: {name} is not in the hand-out", shipped.id);
        }
        assert!(names.len() > 3, "{}: {} names", shipped.id, names.len());
    }
}

#[test]
fn a_notebook_to_fill_in_is_a_notebook_and_the_one_for_colab_carries_the_rubric() {
    let folder = released();
    let source = |cell: &Value| cell["source"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect::<String>();
    for name in ["template.ipynb", "colab.ipynb"] {
        let notebook: Value = serde_json::from_str(&folder.read(&format!("hw/{name}"))).unwrap();
        assert_eq!((&notebook["nbformat"], &notebook["nbformat_minor"]), (&4.into(), &5.into()));
        let cells = notebook["cells"].as_array().unwrap();
        let ids: BTreeSet<&str> = cells.iter().map(|cell| cell["id"].as_str().unwrap()).collect();
        assert_eq!(ids.len(), cells.len(), "each cell has an id of its own");
        let code: String = cells.iter().filter(|cell| cell["cell_type"] == "code").map(|cell| source(cell) + "\n").collect();
        for line in [
            "Submission(\"small.student.toml\")",
            "sub[\"mlp.loss\"] = ...",
            "sub.answer(\"which\", ...)",
            "sub.rule(\"gentoo\", ...)",
            "sub.figure(\"loss\", ...)",
            "sub.predictions(\"mlp\", ...)",
            "sub.check()",
            "sub.zip(\"small.zip\")",
        ] {
            assert!(code.contains(line), "{name} lacks {line}:\n{code}");
        }
        let carried = cells.iter().map(source).find(|text| text.starts_with("%%writefile small.student.toml\n"));
        assert_eq!(carried.is_some(), name == "colab.ipynb");
        if let Some(carried) = carried {
            let (_, rubric) = carried.split_once('\n').unwrap();
            assert_eq!(rubric.trim_end(), folder.read("hw/small.student.toml").trim_end());
        }
    }
}

#[test]
fn check_finds_the_rubric_beside_the_work_above_it_and_where_somebody_says() {
    let folder = released();
    folder.write("hw/work/metrics.json", r#"{"mlp.error": 0.2}"#);
    let is_small = |said: &str| said.starts_with("Small\n");
    for arguments in [&["check", "hw"][..], &["check", "hw/work"]] {
        let (exit, said) = run(&folder, arguments);
        assert!(exit == Some(1) && is_small(&said), "{arguments:?}: {said}");
    }
    // Where there is none, pyproject.toml may name one, from where it lies.
    folder.write("project/pyproject.toml", "[tool.mlgrade]\nrubric = \"../hw/small.student.toml\"\n");
    folder.write("project/work/metrics.json", r#"{"mlp.error": 0.2}"#);
    assert!(is_small(&run(&folder, &["check", "project/work"]).1));
    let named = Command::new(env!("CARGO_BIN_EXE_mlgrade"))
        .args(["check".as_ref(), folder.path().join("project").as_os_str()])
        .env("MLGRADE_RUBRIC", folder.path().join("hw/small.student.toml"))
        .current_dir(repository())
        .output()
        .unwrap();
    assert!(is_small(&String::from_utf8(named.stdout).unwrap()));
    // Where nothing says which, it is said whose rubric it was.
    folder.write("elsewhere/metrics.json", "{}");
    let (_, said) = run(&folder, &["check", "elsewhere"]);
    assert!(said.contains("note: no rubric lies beside this work, so it was checked with the shipped example `cs441-hw2`"), "{said}");
    // Of two nobody knows which.
    folder.write("hw/other.student.toml", "");
    let (exit, said) = run(&folder, &["check", "hw"]);
    assert!(exit == Some(2) && said.contains("`other.student.toml` and `small.student.toml`") && said.contains("--rubric"), "{said}");
    // Whoever names the course's own edition means the one that she has.
    let (exit, said) = run(&folder, &["check", "project", "--rubric", "hw/small.toml"]);
    assert!(exit == Some(1) && is_small(&said), "{said}");
}

#[test]
fn an_empty_folder_is_told_in_short_what_goes_into_it() {
    let folder = released();
    let (exit, said) = run(&folder, &["check", "hw", "--rubric", "hw/small.student.toml"]);
    assert_eq!(exit, Some(1));
    for line in [
        "nothing of what is asked for is here yet",
        "metrics.json         mlp.loss (3 numbers), mlp.val_loss (3 numbers), mlp.error (fraction)",
        "answers.json         which (red | green), gentoo",
        "predictions/mlp.csv  predictions",
    ] {
        assert!(said.contains(line), "{line}:\n{said}");
    }
}

#[test]
fn check_writes_a_page_and_looks_again_when_a_file_is_saved() {
    let folder = released();
    folder.write("hw/metrics.json", r#"{"mlp.error": 20}"#);
    let (_, said) = run(&folder, &["check", "hw", "--html", "page.html"]);
    let page = folder.read("page.html");
    assert!(page.contains("<html") && page.contains("The error"), "{said}");
    let mut watching =
        Command::new(env!("CARGO_BIN_EXE_mlgrade")).args(["check", "hw", "--watch"]).current_dir(folder.path()).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(watching.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert!(lines.any(|line| line.starts_with("Watching hw")));
    folder.write("hw/answers.json", r#"{"which": "green"}"#);
    // The item is among what is found now.
    assert!(lines.any(|line| line.contains("Which?") && line.contains('○')));
    watching.kill().unwrap();
    watching.wait().unwrap();
}
