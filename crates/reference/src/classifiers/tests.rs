//! The seven classifiers beside scikit-learn 1.9.1 and the libraries.

use smartcore::linalg::basic::matrix::DenseMatrix;
use smartcore::neighbors::knn_classifier::{KNNClassifier, KNNClassifierParameters};

use super::*;
use crate::{Unwatched, same_with_one_thread_and_two};
use mlgrade_data::BUILTINS;

fn builtin(name: &str) -> DataSet {
    BUILTINS.iter().find(|row| row.name == name).unwrap().load().unwrap()
}

fn settings(prefix: &str, train: usize, val: usize, folds: usize) -> Classifiers {
    Classifiers { prefix: prefix.to_owned(), train, val, folds, raw: prefix == "penguins", sizes: Sizes::DEFAULT }
}

/// scikit-learn's defaults on the same 4,000 + 1,000 digits, of five seeds the least and the greatest (benches/peers/classifiers.py).
#[test]
fn digits_are_classified_as_scikit_learn_does() {
    let data = builtin("mnist");
    let run = settings("digits", 4_000, 1_000, 10).run(&data, Seed::new(441), &Unwatched).unwrap();
    for (name, least, greatest, slack) in [
        ("knn", 0.898, 0.898, 1e-9),
        ("bayes", 0.556, 0.556, 0.002),
        ("svm", 0.853, 0.853, 0.004),
        ("tree", 0.724, 0.751, 0.02),
        ("forest", 0.912, 0.927, 0.01),
        ("logistic", 0.876, 0.876, 0.004),
        ("mlp", 0.920, 0.929, 0.01),
    ] {
        let Value::Number(accuracy) = run.metrics[&format!("digits.{name}")] else { panic!("{name} is no number") };
        assert!((least - slack..=greatest + slack).contains(&accuracy.get()), "{name} {accuracy}");
    }
}

/// scikit-learn's defaults on the same features and five ways to fold them (benches/peers/classifiers.py).
#[test]
fn penguins_are_classified_as_scikit_learn_does() {
    let run = settings("penguins", 1, 1, 10).run(&builtin("penguins"), Seed::new(441), &Unwatched).unwrap();
    for (name, expected, slack) in [
        ("knn", 0.988, 0.0125),
        ("knn_raw", 0.79, 0.02),
        ("bayes", 0.71, 0.03),
        ("svm", 0.991, 0.0125),
        ("tree", 0.975, 0.015),
        ("forest", 0.991, 0.0125),
        ("logistic", 0.994, 0.0125),
        ("mlp", 0.994, 0.0125),
    ] {
        let Value::Number(accuracy) = run.metrics[&format!("penguins.{name}")] else { panic!("{name} is no number") };
        assert!((accuracy.get() - expected).abs() <= slack, "{name} {accuracy}");
    }
    assert_eq!(run.answers["penguins_worst"], Value::text("bayes"));
}

#[test]
fn a_small_run_is_whole_and_the_same_with_one_thread_and_two() {
    let (data, reference) = (builtin("mnist"), settings("few", 200, 50, 10));
    same_with_one_thread_and_two(&reference, &data);
}

/// The oracle is smartcore's own search through the neighbours.
#[test]
fn neighbours_are_smartcores() {
    let fold = settings("penguins", 1, 1, 3).splits(&builtin("penguins"), Seed::new(1)).unwrap().remove(0);
    let matrix = |x: &Matrix| DenseMatrix::new(x.rows, x.cols, x.values.clone(), false).unwrap();
    let theirs = KNNClassifier::fit(&matrix(&fold.x_train), &fold.y_train, KNNClassifierParameters::default().with_k(5)).unwrap();
    assert_eq!(Classifier::Neighbours.predict(&fold, Sizes::DEFAULT, Seed::new(1)).unwrap(), theirs.predict(&matrix(&fold.x_val)).unwrap());
}
