//! Every kind of check explains itself, and its example passes and fails as it says.

use mlgrade::check::{KINDS, Kind};
use mlgrade::domain::verdict::VerdictLabel as V;
use mlgrade::picture::Picture;
use mlgrade::rubric::SHIPPED;
use mlgrade::submission::Submission;

use crate::common::{Folder, Opened, item, repository};
use crate::hostile_files::png;
use crate::notebooks::notebook;
use crate::pictures::chelsea;
use crate::{networks, notebooks};

/// A rubric whose only item is the example of `kind`.
fn rubric(kind: &Kind) -> String {
    let reference = "reference = { run = \"tree-depth\", data = \"temperature\", depths = [2, 4, 8], trees = 10, learning_rate = 0.1, unit = \"°C\" }";
    let reference = if kind.example.reference.is_empty() { "" } else { reference };
    format!(
        "schema = 1\nid = \"r\"\ntitle = \"R\"\nseed = 1\n\n[data]\npenguins = {{ builtin = \"penguins\" }}\nmnist = {{ builtin = \"mnist\" }}\nchelsea = {{ builtin = \"chelsea\" }}\n\
         temperature = {{ builtin = \"weather\" }}\n\n[[part]]\nid = \"p\"\ntitle = \"P\"\n{reference}\n\n[[part.item]]\nid = \"i\"\ntitle = \"I\"\npoints = 10\n\
         check = \"{}\"\n{}\n",
        kind.name, kind.example.item
    )
}

fn lock(kind: &Kind) -> String {
    format!("rubric = \"r\"\nseed = 1\n[part.p]\nrun = \"tree-depth\"\ndata = \"\"\nsettings = \"\"\n[part.p.evidence]\n{}\n", kind.example.reference)
}

/// The verdict on a submission with these statements and files.
fn verdict(kind: &Kind, statements: &str, files: Vec<(&str, Vec<u8>)>) -> (V, String) {
    let opened = Opened::of(&rubric(kind), Some(lock(kind).as_str()).filter(|_| !kind.example.reference.is_empty()));
    let stated = (!statements.is_empty()).then(|| ("metrics.toml", statements.as_bytes().to_vec()));
    let files = files.into_iter().chain(stated).map(|(path, bytes)| (path.to_owned(), bytes));
    let report = opened.judge(&Submission::of_files("s", files));
    let item = item(&report, "p/i");
    (item.verdict, item.reason.clone())
}

#[test]
fn each_kind_and_each_of_its_settings_is_described() {
    for kind in KINDS {
        assert!(!kind.about.is_empty() && !kind.keys.is_empty(), "{} hardly has a doc", kind.name);
        assert!(kind.keys.iter().all(|key| !key.meaning.is_empty()), "{} has a key without a meaning", kind.name);
    }
}

#[test]
fn kinds_are_in_the_order_of_their_names() {
    assert!(KINDS.windows(2).all(|pair| pair[0].name < pair[1].name));
    assert_eq!(KINDS.len(), 14);
}

#[test]
fn each_example_passes_and_fails_as_it_says() {
    for kind in KINDS.iter().filter(|kind| !matches!(kind.name, "figure" | "image" | "network" | "notebook" | "recompute")) {
        let (passes, reason) = verdict(kind, kind.example.passes, Vec::new());
        assert!(matches!(passes, V::Pass | V::NeedsReview), "{}: {passes:?}, {reason}", kind.name);
        let (fails, reason) = verdict(kind, kind.example.fails, Vec::new());
        assert!(!matches!(fails, V::Pass | V::NeedsReview | V::Broken), "{}: {fails:?}, {reason}", kind.name);
    }
}

#[test]
fn the_example_of_a_figure_waits_for_a_person_without_numbers_and_fails_with_a_blank() {
    let kind = KINDS.iter().find(|kind| kind.name == "figure").unwrap();
    let with = |blank: bool| verdict(kind, "", vec![("figures/trees.png", png(640, 480, blank))]).0;
    assert_eq!((with(false), with(true)), (V::NeedsReview, V::Fail));
}

#[test]
fn the_example_of_an_image_passes_with_the_target_and_fails_with_another_picture() {
    let kind = KINDS.iter().find(|kind| kind.name == "image").unwrap();
    let with = |picture: Picture| verdict(kind, "", vec![("figures/learnt.png", picture.png().unwrap())]).0;
    let flat = Picture { rgb: vec![128; 30_000], ..chelsea() };
    assert_eq!((with(chelsea()), with(flat)), (V::Pass, V::Fail));
}

#[test]
fn the_example_of_recompute_passes_with_the_right_claim_and_contradicts_another() {
    let kind = KINDS.iter().find(|kind| kind.name == "recompute").unwrap();
    let predictions = Folder::of_reference().read("predictions/improved.csv").into_bytes();
    let with = |claim: &str| verdict(kind, &format!("cnn.val_error = {claim}"), vec![("predictions/cnn.csv", predictions.clone())]).0;
    assert_eq!((with("0.0188"), with("0.0081")), (V::Pass, V::Contradicted));
}

#[test]
fn the_example_of_a_notebook_passes_with_one_that_was_run_and_fails_with_text_alone() {
    let kind = KINDS.iter().find(|kind| kind.name == "notebook").unwrap();
    let with = |bytes: Vec<u8>| verdict(kind, "", vec![("hw.ipynb", bytes)]).0;
    assert_eq!((with(notebooks::fixture("small.ipynb")), with(notebook(&[("md", "text", "")]).into_bytes())), (V::Pass, V::Fail));
}

#[test]
fn the_example_of_a_network_passes_with_the_right_claim_and_contradicts_another() {
    let kind = KINDS.iter().find(|kind| kind.name == "network").unwrap();
    let with = |claim: &str| verdict(kind, &format!("cnn.val_error = {claim}"), vec![("networks/cnn.onnx", networks::fixture("torch-mlp.onnx"))]).0;
    assert_eq!((with("0.071"), with("0.02")), (V::Pass, V::Contradicted));
}

#[test]
fn each_example_without_evidence_is_missing() {
    for kind in KINDS {
        assert_eq!(verdict(kind, "", Vec::new()).0, V::Missing, "{}", kind.name);
    }
}

#[test]
fn the_reference_of_the_language_is_that_of_the_tables() {
    let page = std::fs::read_to_string(repository().join("docs/rubric.md")).unwrap();
    // `mlgrade schema rubric-reference > docs/rubric.md` writes it anew.
    assert!(page == mlgrade::rubric::handbook::markdown(), "docs/rubric.md is not what `mlgrade schema rubric-reference` prints");
}

#[test]
fn the_schema_for_editors_accepts_what_the_shipped_rubrics_have() {
    let schema = mlgrade::rubric::handbook::schema();
    let keys = |schema: &serde_json::Value| schema["properties"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let part = &schema["properties"]["part"]["items"];
    for shipped in SHIPPED {
        let rubric: toml::Table = shipped.rubric.parse().unwrap();
        assert!(rubric.keys().all(|key| keys(&schema).contains(key)), "{}", shipped.id);
        for item in rubric["part"].as_array().unwrap().iter().flat_map(|part| part["item"].as_array().unwrap()) {
            let kinds = part["properties"]["item"]["items"]["oneOf"].as_array().unwrap();
            let kind = kinds.iter().find(|kind| kind["properties"]["check"]["const"].as_str() == item["check"].as_str()).unwrap();
            assert!(item.as_table().unwrap().keys().all(|key| keys(kind).contains(key)), "{item}");
            let required = kind["required"].as_array().unwrap();
            assert!(required.iter().all(|key| item.get(key.as_str().unwrap()).is_some()), "{item}");
        }
    }
}
