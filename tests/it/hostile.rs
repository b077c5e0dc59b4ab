//! Whatever stands in a submission's metrics and answers, and however its folder is built, each item gets a verdict that says why.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::process::Command;

use mlgrade::domain::points::Points;
use mlgrade::domain::verdict::VerdictLabel as V;
use mlgrade::report::Report;
use mlgrade::submission;

use crate::common::{Folder, item};

const ERROR: &str = "mnist/improved-error";
const RULE: &str = "penguins/gentoo-rule";

/// The accuracies of which the best one is 0.99.
const ACCURACIES: &str = r#""penguins": {"logistic": 0.99, "tree": 0.95, "forest": 0.97, "knn": 0.96, "svm": 0.98, "bayes": 0.8}"#;

/// Asserts the verdict of an item and a part of its reason.
pub(crate) fn expect(report: &Report, id: &str, verdict: V, part: &str) {
    let item = item(report, id);
    assert_eq!(item.verdict, verdict, "{id}: {}", item.reason);
    assert!(item.reason.contains(part), "{id}: `{}` does not say `{part}`", item.reason);
    assert!(item.reason.len() < 1_000, "{id}: the reason has {} bytes", item.reason.len());
    assert!(report.items.iter().all(|item| item.verdict != V::Broken), "something broke");
}

fn notes(report: &Report) -> String {
    report.notes.iter().map(|note| note.message.as_str()).collect::<Vec<_>>().join("\n")
}

#[test]
fn an_empty_folder_earns_nothing_and_every_item_is_missing() {
    let report = Folder::new().graded();
    assert!(report.items.iter().all(|item| item.verdict == V::Missing), "{report:#?}");
    assert_eq!((report.score.earned, report.score.highest), (Points::ZERO, Points::ZERO));
    expect(&report, ERROR, V::Missing, "there is no metrics or answers file");
}

#[test]
fn a_value_that_is_no_number_earns_nothing_or_is_for_a_person_and_the_others_count() {
    let values = ["NaN", "Infinity", "-Infinity", "1e999", "null", "\"abc\"", "true", "[0.02, 0.03]", "\"\"", "{}"];
    for value in values {
        let metrics = format!("{{\"improved.val_error\": {value}, \"best.accuracy\": 0.99, {ACCURACIES}}}");
        let report = Folder::new().with("metrics.json", metrics).graded();
        let told = item(&report, ERROR);
        // Words and lists may hold the number that a person sees; a NaN says itself that it is none.
        let wanted = match value {
            "{}" => V::Missing,
            "\"abc\"" | "[0.02, 0.03]" => V::NeedsReview,
            _ => V::Unreadable,
        };
        assert_eq!(told.verdict, wanted, "{value}: {}", told.reason);
        assert!(told.reason.contains("improved.val_error"), "{value}: {}", told.reason);
        assert_eq!(item(&report, "penguins/accuracy").verdict, V::Pass, "beside {value}");
    }
}

#[test]
fn a_percentage_written_as_text_is_the_fraction_it_means() {
    let report = Folder::new().with("metrics.json", format!(r#"{{"best.accuracy": "99 %", "improved.val_error": "1.9%", {ACCURACIES}}}"#)).graded();
    expect(&report, "penguins/accuracy", V::Pass, "best.accuracy = 0.99");
    // Without predictions nothing backs it, so a person has to look.
    expect(&report, ERROR, V::NeedsReview, "improved.val_error = 0.019");
}

#[test]
fn one_bad_value_costs_its_own_series_only() {
    let series = |last: &str| format!("[{}, {last}]", vec!["0.5"; 19].join(", "));
    let metrics = format!(r#"{{"mlp.lr1.0.train_loss": {}, "mlp.lr1.0.val_loss": {}}}"#, series("NaN"), series("0.4"));
    let report = Folder::new().with("metrics.json", metrics).graded();
    // At this rate honest runs may diverge: a NaN may be what there is to state.
    expect(&report, "mnist/losses-of-the-large-rate", V::NeedsReview, "mlp.lr1.0.train_loss has NaN or infinite values");
    assert_eq!(item(&report, "mnist/losses-of-the-large-rate").points, None);
}

#[test]
fn a_broken_file_is_for_a_person_and_the_reason_names_file_and_place() {
    let cases: &[(&str, &[u8], &str)] = &[
        ("metrics.json", b"{\"a\": 1,\n \"b\": }", "metrics.json: this is not JSON: expected value at line 2 column 7"),
        ("metrics.toml", b"a = 1\nb = = 2\n", "metrics.toml: this is not TOML"),
        ("metrics.toml", b"a = 1\nb = = 2\n", "line 2 column"),
        ("metrics.toml", b"a = 1\na = 2\n", "duplicate key at line 2 column 1"),
        ("metrics.json", b"", "metrics.json: the file is empty"),
        ("metrics.json", b" \n\t", "metrics.json: the file is empty"),
        ("metrics.json", b"[1, 2]", "metrics.json: the file holds a single value, not named ones"),
        ("metrics.json", b"{\"a\": \"\xff\"}", "metrics.json: byte 7 is not UTF-8 text"),
        ("metrics.toml", b"\x80\x81", "metrics.toml: byte 0 is not UTF-8 text"),
    ];
    for (path, bytes, part) in cases {
        // An empty file says nothing. Whatever else is in one, a person may see what was meant.
        let wanted = if part.ends_with("empty") { V::Unreadable } else { V::NeedsReview };
        expect(&Folder::new().with(path, bytes).graded(), ERROR, wanted, part);
    }
}

#[test]
fn a_byte_order_mark_is_accepted() {
    for (path, text) in [("metrics.json", "\u{feff}{\"improved.val_error\": 0.02}"), ("metrics.toml", "\u{feff}improved.val_error = 0.02")] {
        expect(&Folder::new().with(path, text).graded(), ERROR, V::NeedsReview, "improved.val_error = 0.02");
    }
}

#[test]
fn nesting_without_end_is_for_a_person() {
    let deep = |open: &str, close: &str, n: usize| format!("{}1{}", open.repeat(n), close.repeat(n));
    let dotted = |n: usize| vec!["a"; n].join(".");
    let cases = [
        ("metrics.json", deep("{\"a\":", "}", 100_000), "recursion limit exceeded"),
        ("metrics.json", format!("{{\"a\":{}}}", deep("[", "]", 100_000)), "recursion limit exceeded"),
        ("metrics.json", deep("{\"a\":", "}", 100), "nested more than 32 deep"),
        ("metrics.toml", format!("[{}]\nx = 1\n", dotted(50)), "nested more than 32 deep"),
        ("metrics.toml", format!("[{}]\nx = 1\n", dotted(200)), "recursion limit"),
        ("metrics.toml", format!("{} = 1\n", dotted(100_000)), "recursion limit"),
        ("metrics.toml", format!("a = {}\n", deep("[", "]", 100_000)), "max recursion depth met at line 1 column 85"),
        ("metrics.toml", format!("a = {}\n", deep("{a=", "}", 100_000)), "max recursion depth met"),
    ];
    for (path, text, part) in cases {
        expect(&Folder::new().with(path, text).graded(), ERROR, V::NeedsReview, part);
    }
}

#[test]
fn a_metrics_file_of_20_megabytes_is_not_read() {
    let report = Folder::new().with("metrics.json", vec![b' '; 20 << 20]).graded();
    expect(&report, ERROR, V::NeedsReview, "metrics.json: the file is larger than the 8 MiB that are read");
}

#[test]
fn a_folder_of_10_000_files_is_graded() {
    let folder = Folder::new().with("metrics.toml", "improved.val_error = 0.02");
    for i in 0..10_000 {
        std::fs::write(folder.path().join(format!("note-{i}.txt")), "").unwrap();
    }
    expect(&folder.graded(), ERROR, V::NeedsReview, "improved.val_error = 0.02");
}

#[test]
fn links_out_of_the_folder_are_noted_and_not_followed() {
    let (folder, outside) = (Folder::new(), Folder::new().with("trees.svg", "<svg/>"));
    symlink("/etc/hostname", folder.path().join("metrics.json")).unwrap();
    symlink(outside.path(), folder.path().join("figures")).unwrap();
    let report = folder.graded();
    expect(&report, ERROR, V::Missing, "there is no metrics or answers file");
    expect(&report, "trees/plot", V::Missing, "there is no figure `trees`");
    let notes = notes(&report);
    assert!(notes.contains("metrics.json: this is a symbolic link, which is not followed"), "{notes}");
    assert!(notes.contains("figures: this is a symbolic link, which is not followed"), "{notes}");
}

#[test]
fn a_submission_of_figures_alone_is_one_student_and_a_class_is_many() {
    let count = |folder: &Folder| submission::find(folder.path()).unwrap().submissions.len();
    assert_eq!(count(&Folder::new().with("figures/trees.svg", "").with("predictions/improved.csv", "1")), 1);
    assert_eq!(count(&Folder::new().with("a/figures/trees.svg", "").with("b/metrics.toml", "").with(".git/config", "").with("__MACOSX/a/x", "")), 2);
    assert_eq!(count(&Folder::new()), 1);
}

#[test]
fn submission_toml_cannot_point_out_of_the_folder() {
    let settings = "[where]\nmetrics = \"../../../etc/hostname\"\nanswers = \"/etc/hostname\"\n\"figures/trees\" = \"/etc/hostname\"\n";
    let report = Folder::new().with("submission.toml", settings).graded();
    expect(&report, ERROR, V::Missing, "submission.toml says this file is there, but it is not");
    expect(&report, "trees/plot", V::Missing, "submission.toml says this file is there, but it is not");
}

#[test]
fn a_pipe_is_noted_and_never_opened() {
    let folder = Folder::new().with("answers.toml", "best_depth = 4");
    assert!(Command::new("mkfifo").arg(folder.path().join("metrics.json")).status().unwrap().success());
    let report = folder.graded();
    expect(&report, ERROR, V::Missing, "not found in answers.toml");
    assert!(notes(&report).contains("metrics.json: this is no regular file"), "{}", notes(&report));
}

#[test]
fn names_that_are_not_utf_8_are_noted() {
    let folder = Folder::new().with("metrics.toml", "improved.val_error = 0.02");
    let strange = folder.path().join(OsStr::from_bytes(b"f\xff"));
    std::fs::create_dir(&strange).unwrap();
    std::fs::write(strange.join(OsStr::from_bytes(b"\xfe.png")), "x").unwrap();
    let report = folder.graded();
    expect(&report, ERROR, V::NeedsReview, "improved.val_error = 0.02");
    assert!(notes(&report).contains("the file's name is not UTF-8"), "{}", notes(&report));
}

#[test]
fn copies_that_tools_leave_behind_are_passed_over() {
    for folder in [".ipynb_checkpoints", "__MACOSX", "__pycache__", ".git"] {
        let report =
            Folder::new().with(&format!("{folder}/metrics.toml"), "improved.val_error = 0.02").with(&format!("{folder}/figures/trees.svg"), "<svg/>").graded();
        expect(&report, ERROR, V::Missing, "there is no metrics or answers file");
        expect(&report, "trees/plot", V::Missing, "there is no figure `trees`");
    }
}

#[test]
fn answers_of_another_shape_go_to_a_person() {
    let best = "mnist/best-learning-rate";
    let choice = "trees/least-overfitting";
    let cases = [
        ("best_learning_rate = [[1], [2]]", best, V::NeedsReview, "is a list of 1, expected text"),
        ("least_overfitting = [\"forest\", \"forest\"]", choice, V::NeedsReview, "does not name exactly one"),
        ("least_overfitting = [\"forest\", \"tree\"]", choice, V::NeedsReview, "does not name exactly one"),
        ("least_overfitting = true", choice, V::NeedsReview, "does not name exactly one"),
        ("least_overfitting = 4", choice, V::NeedsReview, "does not name exactly one"),
        ("least_overfitting = \"  \"", choice, V::Missing, "is empty"),
        ("least_overfitting = []", choice, V::Missing, "is empty"),
        ("[least_overfitting]\nmodel = \"forest\"", choice, V::NeedsReview, "`least_overfitting` is a table of `model`"),
        ("least_overfitting = 2023-03-06", choice, V::NeedsReview, "does not name exactly one"),
    ];
    for (answers, id, verdict, part) in cases {
        expect(&Folder::new().with("answers.toml", answers).graded(), id, verdict, part);
    }
}

#[test]
fn an_answer_of_a_megabyte_is_not_read() {
    let answers = format!("least_overfitting = \"{0}\"\nwhy_boosted_size = \"{0}\"\ngentoo_rule = \"{0}\"", "forest ".repeat(150_000));
    let report = Folder::new().with("answers.toml", answers).graded();
    for id in ["trees/least-overfitting", "trees/why-boosted-size", RULE] {
        expect(&report, id, V::NeedsReview, "bytes, more than the 50000 that are read");
    }
}

#[test]
fn a_rule_that_makes_no_sense_is_for_a_person() {
    let cases = [
        ("wing_span > 3 -> Gentoo".to_owned(), "there is no column `wing_span`"),
        ("flipper_lenght_mm > 206 -> Gentoo".to_owned(), "did you mean `flipper_length_mm`"),
        ("island > 3 -> Gentoo".to_owned(), "`island` holds words"),
        ("body_mass_g == heavy -> Gentoo".to_owned(), "`body_mass_g` holds numbers"),
        ("the big ones".to_owned(), "gentoo_rule"),
        ("flipper_length_mm > -> Gentoo".to_owned(), "gentoo_rule"),
        ("(".repeat(20_000), "gentoo_rule"),
        ("not ".repeat(12_000), "gentoo_rule"),
        (vec!["body_mass_g > 1"; 2_000].join(" and "), "gentoo_rule"),
    ];
    for (rule, part) in cases {
        expect(&Folder::new().with("answers.toml", format!("gentoo_rule = \"{rule}\"")).graded(), RULE, V::NeedsReview, part);
    }
}
