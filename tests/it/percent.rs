//! Fractions and percentages: one number is read in one way by all items of a report, and what cannot be told apart goes to a person.
//!
//! Of 333 penguins 3 mistakes are an error of 3/333 = 0.009009.

use mlgrade::data::Datasets;
use mlgrade::domain::answers::Right;
use mlgrade::domain::verdict::VerdictLabel as V;
use mlgrade::report::{ItemReport, Report};
use mlgrade::submission::Submission;

use crate::common::{Opened, item};

/// A rubric of one part with these items.
fn course(items: &[&str]) -> Opened {
    let items: Vec<String> = items.iter().map(|item| format!("[[part.item]]\ntitle = \"I\"\npoints = 10\n{item}\n\n")).collect();
    let items = items.concat();
    let head = "schema = 1\nid = \"r\"\ntitle = \"R\"\nseed = 1\ndata.penguins = { builtin = \"penguins\" }\n[[part]]\nid = \"p\"\ntitle = \"P\"\n";
    Opened::of(&format!("{head}{items}"), None)
}

const LEVELS: &str =
    "id = \"error\"\ncheck = \"number\"\nvalue = \"val_error\"\nunit = \"fraction\"\nlevels = [{ below = 0.01, points = 10 }, { below = 0.1, points = 4 }]";
const REAL: &str = "id = \"real\"\ncheck = \"recompute\"\nmetric = \"error\"\npredictions = \"mine\"\ndata = \"penguins\"\ntarget = \"species\"\n\
                    claim = \"val_error\"\ntolerance = { absolute = 0.0005 }";
const ENDS: &str = "id = \"ends\"\ncheck = \"curve\"\nseries = \"curve\"\nends_at = \"val_error\"";
const ORDER: &str = "id = \"order\"\ncheck = \"order\"\nascending = [\"val_error\", \"other_error\"]\nby = 0.02";
const BEST: &str = "id = \"best\"\ncheck = \"answer\"\nanswer = \"best\"\nexpect = { argmin = [\"val_error\", \"other_error\"], over = [\"mine\", \"other\"] }";

/// Predictions with the first `wrong` of them wrong.
fn predictions(course: &Opened, wrong: usize) -> String {
    let Right::Classes(classes) = course.data().answers("penguins", Some("species")).unwrap().right else { panic!("no classes") };
    let predicted = classes.labels.iter().enumerate().map(|(i, label)| if i < wrong { (label + 1) % 3 } else { *label });
    predicted.map(|label| label.to_string() + "\n").collect()
}

fn judged(course: &Opened, metrics: &str, wrong: Option<usize>) -> Report {
    let mut files = vec![("metrics.json".to_owned(), metrics.as_bytes().to_vec()), ("answers.json".to_owned(), b"{\"best\": \"mine\"}".to_vec())];
    files.extend(wrong.map(|wrong| ("predictions/mine.csv".to_owned(), predictions(course, wrong).into_bytes())));
    course.judge(&Submission::of_files("s", files))
}

/// Asserts an item's verdict and a part of its reason.
fn expect(report: &Report, id: &str, verdict: V, part: &str) {
    let found: &ItemReport = item(report, id);
    assert_eq!(found.verdict, verdict, "{id}: {}", found.reason);
    assert!(found.reason.contains(part), "{id}: `{}` does not say `{part}`", found.reason);
}

#[test]
fn what_can_only_be_percent_is_read_so_by_all_items() {
    let course = course(&[LEVELS, REAL, ENDS, ORDER, BEST]);
    let report = judged(&course, r#"{"val_error": 4.5, "curve": [9.9, 4.5], "other_error": 0.09}"#, Some(15));
    expect(&report, "p/error", V::Partial, "val_error = 4.5 (read as 4.5 %), below 0.1; full marks need below 0.01");
    expect(&report, "p/real", V::Pass, "val_error says 4.5 (read as 4.5 %), the predictions give 0.045045");
    expect(&report, "p/ends", V::Pass, "curve: 2 values");
    expect(&report, "p/order", V::Pass, "val_error is 0.045, other_error is 0.09");
    expect(&report, "p/best", V::Pass, "as your own numbers say");
    // The same, in fractions.
    let report = judged(&course, r#"{"val_error": 0.045, "curve": [0.099, 0.045], "other_error": 0.09}"#, Some(15));
    for id in ["p/real", "p/ends", "p/order", "p/best"] {
        assert_eq!(item(&report, id).verdict, V::Pass);
        assert!(!item(&report, id).reason.contains('%'));
    }
    // More than a hundred is neither.
    expect(&judged(&course, r#"{"val_error": 450}"#, Some(15)), "p/error", V::Fail, "val_error = 450: a fraction lies between 0 and 1");
    expect(&judged(&course, r#"{"val_error": -4.5}"#, Some(15)), "p/error", V::Fail, "val_error = -4.5: a fraction lies between 0 and 1");
}

#[test]
fn a_claim_that_can_be_a_fraction_is_one() {
    let course = course(&[LEVELS, REAL]);
    // Read as percent, 0.045 would be 0.00045, and no mistake at all confirms that within 0.0005.
    for wrong in [0, 1, 3] {
        expect(&judged(&course, r#"{"val_error": 0.045}"#, Some(wrong)), "p/real", V::Contradicted, "val_error says 0.045, the predictions give 0");
    }
    expect(&judged(&course, r#"{"val_error": 0.0}"#, Some(3)), "p/real", V::Contradicted, "val_error says 0, the predictions give 0.009009");
}

#[test]
fn a_claim_below_one_is_percent_where_the_predictions_prove_it() {
    let course = course(&[LEVELS, REAL, ENDS, ORDER]);
    let report = judged(&course, r#"{"val_error": 0.9, "curve": [9.9, 0.9], "other_error": 4.2}"#, Some(3));
    expect(&report, "p/error", V::Pass, "val_error = 0.9 (read as 0.9 %), below 0.01");
    expect(&report, "p/real", V::Pass, "val_error says 0.9 (read as 0.9 %), the predictions give 0.009009");
    expect(&report, "p/ends", V::Pass, "curve: 2 values");
    expect(&report, "p/order", V::Pass, "val_error is 0.009, other_error is 0.042");
    // 0.95 is not what 0.9009 rounds to.
    let report = judged(&course, r#"{"val_error": 0.95, "curve": [9.9, 0.95]}"#, Some(15));
    expect(&report, "p/real", V::Contradicted, "the predictions give 0.045045");
}

#[test]
fn a_curve_in_percent_that_ends_with_the_number_proves_it_too() {
    let course = course(&[LEVELS, ENDS]);
    let report = judged(&course, r#"{"val_error": 0.9, "curve": [9.9, 0.9]}"#, None);
    expect(&report, "p/error", V::Pass, "val_error = 0.9 (read as 0.9 %)");
    expect(&report, "p/ends", V::Pass, "curve: 2 values");
    let report = judged(&course, r#"{"val_error": 0.9, "curve": [0.99, 0.9]}"#, None);
    expect(&report, "p/error", V::Fail, "val_error = 0.9 reaches no level; full marks need below 0.01 (read as a fraction; if it is 0.9 %, state 0.009)");
    expect(&report, "p/ends", V::Pass, "curve: 2 values");
}

#[test]
fn who_states_percent_elsewhere_may_mean_it_here() {
    let report = judged(&course(&[LEVELS, ORDER]), r#"{"val_error": 0.9, "other_error": 4.2}"#, None);
    expect(&report, "p/error", V::NeedsReview, "val_error = 0.9 may be a fraction or 0.9 %");
}

#[test]
fn a_percent_sign_is_always_one() {
    let course = course(&[LEVELS, REAL, "id = \"percent\"\ncheck = \"number\"\nvalue = \"val_error\"\nunit = \"percent\"\nat_most = 0.9"]);
    let report = judged(&course, r#"{"val_error": "0.9 %"}"#, Some(3));
    expect(&report, "p/error", V::Pass, "val_error = 0.009, below 0.01");
    expect(&report, "p/real", V::Pass, "val_error says 0.009, the predictions give 0.009009");
    expect(&report, "p/percent", V::Pass, "val_error = 0.9, at most 0.9");
    // 1.8 / 100 is 0.018000000000000002.
    let exact = course_of("at_most = 0.018");
    for metrics in [r#"{"val_error": "1.8%"}"#, r#"{"val_error": 1.8}"#, r#"{"val_error": 0.018}"#] {
        assert_eq!(judged(&exact, metrics, None).items[0].verdict, V::Pass, "{metrics}");
    }
    // Where percent is asked, 0.9 is 0.9 %; that the predictions confirm the fraction is told to all items.
    let report = judged(&course, r#"{"val_error": 0.9}"#, Some(300));
    expect(&report, "p/percent", V::Fail, "val_error = 90, expected at most 0.9");
    expect(&report, "p/error", V::Fail, "val_error = 0.9");
}

fn course_of(bound: &str) -> Opened {
    course(&[&format!("id = \"e\"\ncheck = \"number\"\nvalue = \"val_error\"\nunit = \"fraction\"\n{bound}")])
}

#[test]
fn a_rubric_may_reject_percentages() {
    let strict = |item: &str| format!("{item}\npercent = \"reject\"");
    let course = course(&[&strict(LEVELS), &strict(REAL)]);
    let report = judged(&course, r#"{"val_error": 4.5}"#, Some(15));
    expect(&report, "p/error", V::Fail, "val_error = 4.5: that is 4.5 %, and a fraction is asked; state 0.045");
    expect(&report, "p/real", V::Fail, "val_error = 4.5 is in percent, and a fraction is asked: state 0.045");
    let report = judged(&course, r#"{"val_error": "4.5 %"}"#, Some(15));
    expect(&report, "p/error", V::Partial, "val_error = 0.045");
    expect(&report, "p/real", V::Pass, "val_error says 0.045");
}

#[test]
fn accuracies_are_fractions_without_a_word_and_other_numbers_get_a_hint() {
    let of = |name: &str, bound: &str| course(&[&format!("id = \"e\"\ncheck = \"number\"\nvalue = \"{name}\"\n{bound}")]);
    let accuracy = of("best.val_accuracy", "at_least = 0.9");
    expect(&judged(&accuracy, r#"{"best.val_accuracy": 97.3}"#, None), "p/e", V::Pass, "best.val_accuracy = 97.3 (read as 97.3 %), at least 0.9");
    // 0.55, not 55.
    expect(&judged(&accuracy, r#"{"best.val_accuracy": 55}"#, None), "p/e", V::Fail, "best.val_accuracy = 55 (read as 55 %), expected at least 0.9");
    let percent = of("best.accuracy", "at_least = 90");
    expect(&judged(&percent, r#"{"best.accuracy": "97.3 %"}"#, None), "p/e", V::Pass, "best.accuracy = 97.3, at least 90");
    let error = of("val_error", "below = 0.1");
    expect(&judged(&error, r#"{"val_error": 2.5}"#, None), "p/e", V::Fail, "is 2.5 in percent? The item takes it as it is: state 0.025 then");
    assert!(!judged(&error, r#"{"val_error": 0.25}"#, None).items[0].reason.contains("percent"));
}

#[test]
fn true_labels_confirm_nothing() {
    let course = course(&[LEVELS, REAL]);
    let report = judged(&course, r#"{"val_error": 0.0}"#, Some(0));
    expect(&report, "p/real", V::NeedsReview, "the predictions are the right answers themselves, to the last row");
    assert!(item(&report, "p/real").urgent);
    expect(&judged(&course, r#"{"val_error": 0.0095}"#, Some(0)), "p/real", V::Contradicted, "val_error says 0.0095, the predictions give 0");
    expect(&judged(&course, r#"{"val_error": 0.003}"#, Some(1)), "p/real", V::Pass, "val_error says 0.003");
}

#[test]
fn rounding_beyond_the_tolerance_is_for_a_person() {
    let course = course(&[REAL]);
    // 15 of 333 are 0.045045.
    expect(&judged(&course, r#"{"val_error": 0.05}"#, Some(15)), "p/real", V::NeedsReview, "that is rounded further than is allowed");
    expect(&judged(&course, r#"{"val_error": 5}"#, Some(15)), "p/real", V::NeedsReview, "val_error says 5 (read as 5 %)");
    expect(&judged(&course, r#"{"val_error": 0.04}"#, Some(15)), "p/real", V::Contradicted, "the predictions give 0.045045");
    expect(&judged(&course, r#"{"val_error": 1.0}"#, Some(200)), "p/real", V::Contradicted, "the predictions give 0.6006");
}
