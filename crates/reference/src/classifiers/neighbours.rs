//! k nearest neighbours (Cover and Hart 1967). All distances come from one matrix product: |a - b|² = |a|² - 2 a·b + |b|².

use ndarray::Axis;

use super::kinds::{Fold, greatest, view};

/// Rows to classify at once: few enough for their distances to stay in the cache.
const CHUNK: usize = 100;

/// The class that most of the `k` nearest training rows have, the first of equals; of rows at one distance the earlier is nearer.
pub(super) fn predict(fold: &Fold, classes: usize, k: usize) -> Result<Vec<usize>, String> {
    let (x_train, x_val) = (view(&fold.x_train)?, view(&fold.x_val)?);
    let lengths: Vec<f64> = x_train.rows().into_iter().map(|row| row.dot(&row)).collect();
    let k = k.min(lengths.len());
    let mut predicted = Vec::with_capacity(fold.x_val.rows);
    for chunk in x_val.axis_chunks_iter(Axis(0), CHUNK) {
        for products in chunk.dot(&x_train.t()).rows() {
            // Without |a|², which is the same for all of them.
            let mut near: Vec<(f64, usize)> = products.iter().zip(&lengths).zip(0..).map(|((product, length), row)| (length - 2.0 * product, row)).collect();
            if k < near.len() {
                near.select_nth_unstable_by(k, |a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            }
            let mut votes = vec![0.0; classes];
            for (_, row) in &near[..k] {
                votes[fold.y_train[*row]] += 1.0;
            }
            predicted.push(greatest(&votes));
        }
    }
    Ok(predicted)
}
