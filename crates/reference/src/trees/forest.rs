//! Random forests (Breiman 2001): trees on bootstrap samples, which predict together by their mean.

use rayon::prelude::*;

use super::columns::Columns;
use super::target::Target;
use super::tree::{Growth, Limits, Tree};
use crate::draws::Draws;
use mlgrade_domain::seed::Seed;

/// Trees that differ by their samples and by the features they were shown.
#[derive(Debug, PartialEq)]
pub(crate) struct Forest(Vec<Tree>);

impl Forest {
    /// `count` trees within `limits`, each on as many rows as there are, drawn with replacement; `features` are
    /// tried at each split, all if `None`.
    pub(crate) fn grow<T: Target>(columns: &Columns, target: &T, count: usize, limits: Limits, features: Option<usize>, seed: Seed) -> Self {
        let tree = |number: usize| {
            let mut draws = Draws::new(seed.derive(&number.to_string()));
            let mut weights = vec![0.0; columns.rows];
            for _ in 0..columns.rows {
                weights[draws.below(columns.rows)] += 1.0;
            }
            Tree::grow(columns, target, Growth { limits, weights: &weights, drawn: features.map(|features| (features, &mut draws)) })
        };
        Self((0..count).into_par_iter().map(tree).collect())
    }

    /// The mean of what the trees predict for `row`: a number, or a probability for each class.
    pub(crate) fn predict(&self, row: &[f64]) -> Vec<f64> {
        let mut mean = Vec::new();
        for tree in &self.0 {
            let predicted = tree.predict(row);
            mean.resize(predicted.len(), 0.0);
            for (mean, predicted) in mean.iter_mut().zip(predicted) {
                *mean += predicted / self.0.len() as f64;
            }
        }
        mean
    }
}
