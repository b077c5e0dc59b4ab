//! Rows of numbers, and what is often asked of them.

use ndarray::ArrayView2;

use mlgrade_data::Matrix;

/// The rows of `x`.
pub(super) fn rows(x: &Matrix) -> impl ExactSizeIterator<Item = &[f64]> {
    x.values.chunks_exact(x.cols.max(1))
}

/// Row `row` of `x`.
pub(super) fn row(x: &Matrix, row: usize) -> &[f64] {
    &x.values[row * x.cols..(row + 1) * x.cols]
}

/// The rows `places` of `x`.
pub(super) fn picked(x: &Matrix, places: &[usize]) -> Matrix {
    let values = places.iter().flat_map(|&place| row(x, place)).copied().collect();
    Matrix { rows: places.len(), cols: x.cols, values }
}

/// `x` as ndarray has it.
pub(super) fn view(x: &Matrix) -> Result<ArrayView2<'_, f64>, String> {
    ArrayView2::from_shape((x.rows, x.cols), &x.values).map_err(|error| error.to_string())
}

/// The position of the greatest of `values`, the first of equals.
pub(super) fn greatest(values: &[f64]) -> usize {
    (0..values.len()).reduce(|best, i| if values[i] > values[best] { i } else { best }).unwrap_or(0)
}

/// A deviation of less than this share of the mean is that of a constant column, after rounding.
const CONSTANT: f64 = 1e-12;

/// The mean and the population standard deviation of each column.
pub(super) fn moments(x: &Matrix) -> Vec<(f64, f64)> {
    let count = x.rows.max(1) as f64;
    let column = |col: usize| x.values.iter().skip(col).step_by(x.cols.max(1));
    let of = |col: usize| {
        let mean = column(col).sum::<f64>() / count;
        let deviation = (column(col).map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt();
        (mean, if deviation > CONSTANT * mean.abs() { deviation } else { 0.0 })
    };
    (0..x.cols).map(of).collect()
}

/// `train` and `val` with every feature at mean 0 and standard deviation 1 over `train`; a constant one stays 0.
pub(super) fn standardised(mut train: Matrix, mut val: Matrix) -> (Matrix, Matrix) {
    for (col, (mean, deviation)) in moments(&train).into_iter().enumerate() {
        let deviation = if deviation > 0.0 { deviation } else { 1.0 };
        for x in [&mut train, &mut val] {
            let cols = x.cols;
            x.values.iter_mut().skip(col).step_by(cols).for_each(|value| *value = (*value - mean) / deviation);
        }
    }
    (train, val)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn training_rows_are_standardised_and_set_the_scale_for_the_others() {
        let matrix = |rows, values: &[f64]| Matrix { rows, cols: 2, values: values.to_vec() };
        let (train, val) = standardised(matrix(2, &[1.0, 7.0, 3.0, 7.0]), matrix(1, &[4.0, 8.0]));
        assert_eq!((train.values, val.values), (vec![-1.0, 0.0, 1.0, 0.0], vec![2.0, 1.0]));
    }
}
