//! Gradient boosting with squared loss (Friedman 2001): every tree predicts what those before it left over.

use super::columns::Columns;
use super::target::Numbers;
use super::tree::{Growth, Tree};
use mlgrade_data::Matrix;

/// A mean and trees that correct it.
#[derive(Debug, PartialEq)]
pub(crate) struct Boosted {
    mean: f64,
    rate: f64,
    trees: Vec<Tree>,
}

impl Boosted {
    /// `count` trees of at most `depth` questions in a row that predict `y` from `x`, whose columns `columns` are; each corrects by
    /// `rate` of what it predicts.
    pub(crate) fn grow(columns: &Columns, x: &Matrix, y: &[f64], count: usize, depth: usize, rate: f64) -> Self {
        let mean = y.iter().sum::<f64>() / y.len().max(1) as f64;
        let mut left: Vec<f64> = y.iter().map(|y| y - mean).collect();
        let weights = vec![1.0; y.len()];
        let mut trees = Vec::with_capacity(count);
        for _ in 0..count {
            let tree = Tree::grow(columns, &Numbers::new(&left), Growth { depth, weights: &weights, drawn: None });
            for (left, row) in left.iter_mut().zip(x.values.chunks_exact(x.cols)) {
                *left -= rate * tree.predict(row)[0];
            }
            trees.push(tree);
        }
        Self { mean, rate, trees }
    }

    /// What it predicts for `row`.
    pub(crate) fn predict(&self, row: &[f64]) -> f64 {
        self.mean + self.trees.iter().map(|tree| self.rate * tree.predict(row)[0]).sum::<f64>()
    }
}
