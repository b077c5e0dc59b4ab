//! What holds for every submission: no bytes bring the grader down, points stay in their bounds, and a report is the same bytes
//! however it is made.

use std::path::PathBuf;

use mlgrade::domain::points::Points;
use mlgrade::domain::verdict::VerdictLabel;
use mlgrade::report::{Report, json};
use mlgrade::submission::Submission;
use proptest::prelude::*;

use crate::common::{Folder, SHIPPED_COURSE, files_below, mlgrade, reports_below, repository};

/// Bytes that are nearly a file of the kind that `start` begins.
fn nearly(start: &'static [u8]) -> impl Strategy<Value = Vec<u8>> {
    let any_bytes = prop::collection::vec(any::<u8>(), 0..300);
    let text = "[a-z0-9\\[\\]{}=\"'.,:#<>/&; \n-]{0,200}".prop_map(String::into_bytes);
    prop_oneof![any_bytes.clone(), text, any_bytes.prop_map(move |tail| [start, &tail].concat())]
}

fn assert_lawful(files: Vec<(&str, Vec<u8>)>) -> Result<(), TestCaseError> {
    let files = files.into_iter().map(|(path, bytes)| (path.to_owned(), bytes));
    let report = SHIPPED_COURSE.judge(&Submission::of_files("s", files));
    for item in &report.items {
        prop_assert_ne!(item.verdict, VerdictLabel::Broken, "{}: {}", item.id, item.reason);
        prop_assert!(item.points.is_none_or(|points| (Points::ZERO..=item.possible).contains(&points)), "{}", item.id);
        prop_assert!(!item.reason.is_empty(), "{} says nothing", item.id);
    }
    let bonus: Points = report.items.iter().filter(|item| item.bonus).map(|item| item.possible).sum();
    let score = report.score;
    prop_assert!(Points::ZERO <= score.lowest && score.lowest <= score.highest && score.highest <= score.possible + bonus);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn any_metrics_and_answers_are_graded(
        json in nearly(b"{\"improved.val_error\": 0.02, \""),
        toml in nearly(b"best_depth = 4\ngentoo_rule = \"body_mass_g > "),
    ) {
        assert_lawful(vec![("metrics.json", json), ("answers.toml", toml)])?;
    }

    #[test]
    fn any_figures_and_predictions_are_graded(
        png in nearly(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"),
        svg in nearly(b"<svg width=\"640\" height=\"480\">"),
        jpeg in nearly(b"\xff\xd8\xff"),
        csv in nearly(b"label\n1\n2\n"),
    ) {
        let figures = vec![("figures/trees.png", png), ("figures/mlp.svg", svg), ("figures/penguins.jpg", jpeg)];
        assert_lawful(figures.into_iter().chain([("predictions/improved.csv", csv)]).collect())?;
    }

    #[test]
    fn any_rule_and_any_numbers_are_graded(
        rule in "(not |\\(|body_mass_g|island|[0-9.]{1,4}| (and|or|<|>=|==|->) |\\)){0,12}",
        numbers in prop::collection::vec(prop_oneof![any::<f64>(), 0.0..1.0_f64], 26),
    ) {
        let names = ["improved.val_error", "best.accuracy", "mlp.lr0.01.val_error", "mlp.lr0.1.val_error", "mlp.lr1.0.final_val_loss"];
        let stated: Vec<String> = names.iter().zip(&numbers).map(|(name, number)| format!("\"{name}\" = {number:?}")).collect();
        let series: Vec<String> = numbers[6..].iter().map(|number| format!("{number:?}")).collect();
        let metrics = format!("{}\n\"mlp.lr1.0.val_loss\" = [{}]\n", stated.join("\n"), series.join(", "));
        assert_lawful(vec![("metrics.toml", metrics.into_bytes()), ("answers.toml", format!("gentoo_rule = '{rule}'").into_bytes())])?;
    }
}

/// A class of four: the reference, one who lacks figures, one with broken files, one with nothing.
fn class() -> Folder {
    let class = Folder::new();
    for (path, bytes) in files_below(Folder::of_reference().path()) {
        class.write(&format!("a-reference/{}", path.display()), &bytes);
        if !path.starts_with("figures") {
            class.write(&format!("b-no-figures/{}", path.display()), &bytes);
        }
    }
    class.with("c-broken/metrics.json", "{").with("c-broken/figures/trees.png", "x").with("d-nothing/notes.txt", "")
}

fn grade(folder: &str, more: &[&str]) -> Folder {
    let out = Folder::new();
    let output = mlgrade(&[&["grade", folder, "--out", out.path().to_str().unwrap()], more].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    out
}

#[test]
fn reports_are_the_same_bytes_with_one_thread_or_two_and_alone_or_in_a_class() {
    let class = class();
    let folder = class.path().to_str().unwrap();
    let (one, two) = (grade(folder, &["--threads", "1"]), grade(folder, &["--threads", "2"]));
    let reports = reports_below(one.path());
    // JSON, Markdown and a page for the course, Markdown and a page for the student.
    let is_pictures = |path: &PathBuf| path.starts_with("figures") || path.starts_with("overlays");
    let is_of_class = |path: &PathBuf| path.ends_with("grades.csv") || path.ends_with("index.html");
    assert_eq!(reports.keys().filter(|path| !is_pictures(path) && !is_of_class(path)).count(), 4 * 5, "{:?}", reports.keys());
    assert_eq!(reports, reports_below(two.path()));
    for student in ["a-reference", "b-no-figures", "c-broken", "d-nothing"] {
        let alone = reports_below(grade(&format!("{folder}/{student}"), &[]).path());
        for (path, bytes) in alone.iter().filter(|(path, _)| !is_of_class(path)) {
            assert_eq!(Some(bytes), reports.get(path), "{} of {student} alone", path.display());
        }
        assert_eq!(alone.keys().filter(|path| !is_pictures(path)).count(), 5 + 2, "{:?}", alone.keys());
    }
}

#[test]
fn two_runs_give_the_same_bytes() {
    let first = reports_below(grade("submissions", &[]).path());
    let second = reports_below(grade("submissions", &[]).path());
    assert!(first.len() >= 4);
    assert_eq!(first, second);
}

#[test]
fn a_report_read_back_from_json_is_the_same_report() {
    for student in ["s01-reference", "s03-average", "s07-late", "s08-nan", "s09-broken-png", "s24-notebook", "s29-pdf"] {
        let report = SHIPPED_COURSE.judge(&Submission::open(&repository().join("submissions").join(student)));
        let text = json::json(&report).unwrap();
        let back: Report = serde_json::from_str(&text).unwrap();
        // Pictures are files of their own.
        let mut report = report;
        report.items.iter_mut().for_each(|item| (item.drawing, item.picture) = (None, None));
        assert_eq!(back, report, "{student}");
        assert_eq!(json::json(&back.for_student()).unwrap(), json::json(&report.for_student()).unwrap(), "{student}");
    }
}
