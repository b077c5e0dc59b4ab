//! k nearest neighbours (Cover and Hart 1967). All distances come from one matrix product: |a - b|² = |a|² - 2 a·b + |b|².

use ndarray::Axis;

use super::kinds::Fold;
use crate::matrix::{greatest, view};
use mlgrade_data::Matrix;

/// Rows to classify at once: few enough for their distances to stay in the cache.
const CHUNK: usize = 100;

/// The class that most of the `k` nearest training rows have, the first of equals; of rows at one distance the earlier is nearer.
pub(super) fn predict(fold: &Fold, classes: usize, k: usize) -> Result<Vec<usize>, String> {
    let mut predicted = Vec::with_capacity(fold.x_val.rows);
    nearest(&fold.x_train, &fold.x_val, k, |near| {
        let mut votes = vec![0.0; classes];
        for row in near {
            votes[fold.y_train[*row]] += 1.0;
        }
        predicted.push(greatest(&votes));
    })?;
    Ok(predicted)
}

/// Gives `work`, for each row of `x` in order, its `k` nearest rows of `x_train`, not sorted.
pub(crate) fn nearest(x_train: &Matrix, x: &Matrix, k: usize, mut work: impl FnMut(&[usize])) -> Result<(), String> {
    let (x_train, x) = (view(x_train)?, view(x)?);
    let lengths: Vec<f64> = x_train.rows().into_iter().map(|row| row.dot(&row)).collect();
    let k = k.min(lengths.len());
    for chunk in x.axis_chunks_iter(Axis(0), CHUNK) {
        for products in chunk.dot(&x_train.t()).rows() {
            // Without |a|², which is the same for all of them.
            let distances = products.iter().zip(&lengths).map(|(product, length)| length - 2.0 * product);
            work(&least(distances, k));
        }
    }
    Ok(())
}

/// The places of the `k` least numbers, of equals the first, not sorted.
pub(crate) fn least(numbers: impl Iterator<Item = f64>, k: usize) -> Vec<usize> {
    let mut near: Vec<(f64, usize)> = numbers.zip(0..).collect();
    if k < near.len() {
        near.select_nth_unstable_by(k, |a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        near.truncate(k);
    }
    near.into_iter().map(|(_, place)| place).collect()
}
