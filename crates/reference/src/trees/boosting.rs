//! Gradient boosting (Friedman 2001): every tree predicts what those before it left over.

use super::columns::Columns;
use super::target::Numbers;
use super::tree::{Growth, Limits, Tree};
use mlgrade_data::Matrix;

/// A mean and trees that correct it, with squared loss.
#[derive(Debug, PartialEq)]
pub(crate) struct Boosted {
    mean: f64,
    rate: f64,
    trees: Vec<Tree>,
}

impl Boosted {
    /// `count` trees within `limits` that predict `y` from `x`, whose columns `columns` are; each corrects by `rate` of what it predicts.
    pub(crate) fn grow(columns: &Columns, x: &Matrix, y: &[f64], count: usize, limits: Limits, rate: f64) -> Self {
        let mean = y.iter().sum::<f64>() / y.len().max(1) as f64;
        let mut left: Vec<f64> = y.iter().map(|y| y - mean).collect();
        let weights = vec![1.0; y.len()];
        let mut trees = Vec::with_capacity(count);
        for _ in 0..count {
            let tree = Tree::grow(columns, &Numbers::new(&left), Growth { limits, weights: &weights, drawn: None });
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

/// Scores of classes and trees that correct them, with the log loss: one score for each class, or of two classes one, for the second.
#[derive(Debug, PartialEq)]
pub(crate) struct BoostedClasses {
    start: Vec<f64>,
    rate: f64,
    /// Round by round, a tree for each score.
    trees: Vec<Vec<Tree>>,
}

impl BoostedClasses {
    /// `count` rounds of trees within `limits` that predict `of`, the class of each row of `x` among `classes`.
    pub(crate) fn grow(columns: &Columns, x: &Matrix, of: &[usize], classes: usize, count: usize, limits: Limits, rate: f64) -> Self {
        let scores: Vec<usize> = if classes == 2 { vec![1] } else { (0..classes).collect() };
        let share = |class: usize| of.iter().filter(|&&other| other == class).count() as f64 / of.len().max(1) as f64;
        let start: Vec<f64> = match scores.as_slice() {
            [second] => vec![(share(*second) / (1.0 - share(*second))).ln()],
            // A class without a row gets no chance, but no infinity either.
            all => all.iter().map(|&class| share(class).max(f64::EPSILON).ln()).collect(),
        };
        // Newton's step in a leaf; the factor stands for the other classes (Friedman 2001, algorithms 5 and 6).
        let factor = if scores.len() == 1 { 1.0 } else { (classes as f64 - 1.0) / classes as f64 };
        let mut raw: Vec<Vec<f64>> = vec![start.clone(); x.rows];
        let weights = vec![1.0; x.rows];
        let mut trees = Vec::with_capacity(count);
        for _ in 0..count {
            let shares: Vec<Vec<f64>> = raw.iter().map(|scores| probabilities(scores)).collect();
            let mut round = Vec::with_capacity(scores.len());
            for (place, &class) in scores.iter().enumerate() {
                let left: Vec<f64> = of.iter().zip(&shares).map(|(&of, shares)| if of == class { 1.0 - shares[class] } else { -shares[class] }).collect();
                let mut tree = Tree::grow(columns, &Numbers::new(&left), Growth { limits, weights: &weights, drawn: None });
                let leaves: Vec<usize> = x.values.chunks_exact(x.cols).map(|row| tree.leaf(row)).collect();
                let mut sums = vec![(0.0, 0.0); tree.nodes()];
                for (&leaf, left) in leaves.iter().zip(&left) {
                    sums[leaf].0 += left;
                    sums[leaf].1 += left.abs() * (1.0 - left.abs());
                }
                // As scikit-learn does, nothing is divided by what is nearly nothing.
                let values: Vec<f64> = sums.iter().map(|(sum, bend)| if *bend < 1e-150 { 0.0 } else { factor * sum / bend }).collect();
                tree.set(&values);
                for (raw, &leaf) in raw.iter_mut().zip(&leaves) {
                    raw[place] += rate * values[leaf];
                }
                round.push(tree);
            }
            trees.push(round);
        }
        Self { start, rate, trees }
    }

    /// The probability of every class for `row`.
    pub(crate) fn predict(&self, row: &[f64]) -> Vec<f64> {
        let mut scores = self.start.clone();
        for round in &self.trees {
            scores.iter_mut().zip(round).for_each(|(score, tree)| *score += self.rate * tree.predict(row)[0]);
        }
        probabilities(&scores)
    }
}

/// The softmax of the scores; of a single one, the second class's, beside 0.
fn probabilities(scores: &[f64]) -> Vec<f64> {
    let all = || (scores.len() == 1).then_some(0.0).into_iter().chain(scores.iter().copied());
    let most = all().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = all().map(|score| (score - most).exp()).sum();
    all().map(|score| (score - most).exp() / sum).collect()
}
