//! smartcore's trees and boosting, which sort at every node and sum as numbers come, are the oracle of ours.

use smartcore::linalg::basic::matrix::DenseMatrix;
use smartcore::tree::decision_tree_regressor::{DecisionTreeRegressor, DecisionTreeRegressorParameters};
use smartcore::xgboost::{XGRegressor, XGRegressorParameters};

use super::*;
use crate::draws::Draws;
use mlgrade_data::{BUILTINS, DataSet, Matrix};
use mlgrade_domain::seed::Seed;

/// Evenly drawn features and targets that depend on some of them.
fn drawn(rows: usize, cols: usize) -> (Matrix, Vec<f64>) {
    let mut draws = Draws::new(Seed::new(5));
    let values: Vec<f64> = (0..rows * cols).map(|_| f64::from(draws.within(1.0))).collect();
    let y = values.chunks_exact(cols).map(|row| 10.0 * row[0] * row[1] + 3.0 * row[2] + f64::from(draws.within(1.0))).collect();
    (Matrix { rows, cols, values }, y)
}

fn weather() -> (Matrix, Vec<f64>) {
    let Ok(DataSet::Regression(split)) = BUILTINS.iter().find(|row| row.name == "weather").unwrap().load() else { panic!("no regression data") };
    (split.x_train, split.y_train)
}

/// As smartcore has it, in single precision like ours.
fn dense(x: &Matrix) -> DenseMatrix<f64> {
    DenseMatrix::new(x.rows, x.cols, x.values.iter().map(|&value| f64::from(columns::single(value))).collect(), false).unwrap()
}

fn predictions(x: &Matrix, predict: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    x.values.chunks_exact(x.cols).map(predict).collect()
}

fn close(ours: &[f64], theirs: &[f64], within: f64) {
    assert_eq!(ours.len(), theirs.len());
    for (row, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
        assert!((ours - theirs).abs() < within, "row {row}: ours {ours}, theirs {theirs}");
    }
}

#[test]
fn single_trees_are_smartcores() {
    // In the weather deeper splits are tied.
    for ((x, y), depths) in [(drawn(300, 6), vec![1, 3, 6, 40]), (weather(), vec![2, 4])] {
        for depth in depths {
            let ours = Tree::grow(&Columns::of(&x), &Numbers::new(&y), Growth { limits: Limits::depth(depth), weights: &vec![1.0; y.len()], drawn: None });
            // smartcore counts the root as level 1.
            let levels = u16::try_from(depth).unwrap() + 1;
            let settings = DecisionTreeRegressorParameters { max_depth: Some(levels), min_samples_leaf: 1, min_samples_split: 2, seed: Some(1) };
            let theirs = DecisionTreeRegressor::fit(&dense(&x), &y, settings).unwrap().predict(&dense(&x)).unwrap();
            close(&predictions(&x, |row| ours.predict(row)[0]), &theirs, 1e-9);
        }
    }
}

#[test]
fn boosting_is_smartcores() {
    let (x, y) = drawn(300, 6);
    for depth in [1, 4] {
        let ours = Boosted::grow(&Columns::of(&x), &x, &y, 50, Limits::depth(depth), 0.1);
        let settings = XGRegressorParameters::default()
            .with_n_estimators(50)
            .with_max_depth(u16::try_from(depth).unwrap())
            .with_learning_rate(0.1)
            .with_lambda(0.0)
            .with_base_score(y.iter().sum::<f64>() / y.len() as f64);
        let theirs = XGRegressor::fit(&dense(&x), &y, settings).unwrap().predict(&dense(&x)).unwrap();
        close(&predictions(&x, |row| ours.predict(row)), &theirs, 1e-4);
    }
}

/// By hand: of six rows the four with depth > 2 are all of class 0, the other two of class 1; a bootstrap may count a row twice.
#[test]
fn a_classification_tree_is_the_one_computed_by_hand() {
    let x = Matrix { rows: 6, cols: 2, values: vec![1.0, 5.0, 2.0, 5.0, 4.0, 1.0, 4.0, 3.0, 5.0, 1.0, 6.0, 3.0] };
    let (columns, classes) = (Columns::of(&x), Classes { of: &[0, 0, 1, 0, 1, 0], count: 2 });
    let grow = |depth, weights: &[f64]| Tree::grow(&columns, &classes, Growth { limits: Limits::depth(depth), weights, drawn: None });
    let tree = grow(1, &[1.0; 6]);
    assert_eq!((tree.predict(&[9.0, 2.0]), tree.predict(&[0.0, 2.1])), (&[0.0, 1.0][..], &[1.0, 0.0][..]));
    let shares = grow(0, &[1.0, 0.0, 2.0, 1.0, 0.0, 0.0]).predict(&[0.0, 0.0]).to_vec();
    close(&shares, &[0.5, 0.5], 1e-12);
}

/// Where a column is a copy of another, their splits are equally good: the first's is taken. Shares of a forest sum to 1.
#[test]
fn ties_go_to_the_first_feature_and_forests_give_probabilities() {
    let (x, y) = drawn(80, 3);
    let twice = Matrix { rows: 80, cols: 6, values: x.values.chunks_exact(3).flat_map(|row| [row, row].concat()).collect() };
    let weights = vec![1.0; 80];
    let grow = |x: &Matrix| Tree::grow(&Columns::of(x), &Numbers::new(&y), Growth { limits: Limits::depth(64), weights: &weights, drawn: None });
    assert_eq!(grow(&x), grow(&twice));
    let of: Vec<usize> = y.iter().map(|y| usize::from(*y > 0.0) + usize::from(*y > 3.0)).collect();
    let forest = Forest::grow(&Columns::of(&x), &Classes { of: &of, count: 3 }, 20, Limits::depth(64), Some(1), Seed::new(1));
    assert!((forest.predict(&[0.5, 0.5, 0.5]).iter().sum::<f64>() - 1.0).abs() < 1e-9);
}
