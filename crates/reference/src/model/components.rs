//! Principal components (Pearson 1901; Hotelling 1933): the directions in which rows vary most.

use ndarray::Array2;
use smartcore::linalg::basic::arrays::Array;
use smartcore::linalg::basic::matrix::DenseMatrix;
use smartcore::linalg::traits::evd::EVDDecomposable;

use crate::matrix::{moments, rows};
use mlgrade_data::Matrix;

/// The most features: their covariances have as many numbers as its square.
pub(super) const MOST_FEATURES: usize = 2_000;

/// Directions, the one of the greatest variance first.
#[derive(Debug)]
pub(super) struct Components {
    /// The mean of each feature.
    pub(super) mean: Vec<f64>,
    /// Unit vectors; the entry of greatest size is positive, as in scikit-learn.
    pub(super) directions: Vec<Vec<f64>>,
    /// The variance along each, by one less than the rows.
    pub(super) variance: Vec<f64>,
    /// The variance in all directions.
    pub(super) total: f64,
}

impl Components {
    /// The first `count` directions of the rows of `x`.
    pub(super) fn find(x: &Matrix, count: usize) -> Result<Self, String> {
        let mean: Vec<f64> = moments(x).into_iter().map(|(mean, _)| mean).collect();
        let mut centred = Array2::zeros((x.rows, x.cols));
        for (mut to, row) in centred.rows_mut().into_iter().zip(rows(x)) {
            to.iter_mut().zip(row).zip(&mean).for_each(|((to, value), mean)| *to = value - mean);
        }
        let covariance = centred.t().dot(&centred) / (x.rows as f64 - 1.0);
        let total = covariance.diag().sum();
        let values = covariance.iter().copied().collect();
        let found = DenseMatrix::new(x.cols, x.cols, values, false).and_then(|matrix| matrix.evd_mut(true)).map_err(|error| error.to_string())?;
        let mut order: Vec<usize> = (0..x.cols).collect();
        order.sort_by(|&a, &b| found.d[b].total_cmp(&found.d[a]));
        order.truncate(count);
        let direction = |&at: &usize| {
            let along: Vec<f64> = (0..x.cols).map(|row| *found.V.get((row, at))).collect();
            let most = along.iter().copied().reduce(|most, value| if value.abs() > most.abs() { value } else { most }).unwrap_or(1.0);
            along.into_iter().map(|value| value * most.signum()).collect()
        };
        Ok(Self { mean, directions: order.iter().map(direction).collect(), variance: order.iter().map(|&at| found.d[at].max(0.0)).collect(), total })
    }
}
