//! Linear models of a number: least squares, ridge and lasso. The intercept bears no penalty.

use ndarray::ArrayView1;
use smartcore::linalg::basic::arrays::Array;
use smartcore::linalg::basic::matrix::DenseMatrix;
use smartcore::linalg::traits::svd::SVDDecomposable;

use super::Fitted;
use crate::labelled::Prediction;
use crate::matrix::{moments, rows};
use mlgrade_data::Matrix;
use mlgrade_domain::value::Value;

/// Coordinate descent ends where no coefficient moves any prediction by more than this share of the target's spread, or is refused after
/// that many passes.
const TOLERANCE: f64 = 1e-10;
const PASSES: usize = 100_000;

/// A plane.
#[derive(Debug)]
pub(super) struct Linear {
    coefficients: Vec<f64>,
    intercept: f64,
}

/// The means of the columns of x and of y, and both without them.
struct Centred {
    means: Vec<f64>,
    mean: f64,
    x: Matrix,
    y: Vec<f64>,
}

impl Centred {
    fn of(x: &Matrix, y: &[f64]) -> Self {
        let means: Vec<f64> = moments(x).into_iter().map(|(mean, _)| mean).collect();
        let mean = y.iter().sum::<f64>() / y.len().max(1) as f64;
        let values = rows(x).flat_map(|row| row.iter().zip(&means).map(|(value, mean)| value - mean)).collect();
        Self { x: Matrix { values, ..*x }, y: y.iter().map(|y| y - mean).collect(), means, mean }
    }

    fn with(&self, coefficients: Vec<f64>) -> Linear {
        let intercept = self.mean - dot(&coefficients, &self.means);
        Linear { coefficients, intercept }
    }
}

impl Linear {
    /// The least |y - X w - b|² + `alpha` |w|² (Hoerl and Kennard 1970), by the singular values of X. Without a penalty, of several
    /// solutions the shortest: `numpy.linalg.lstsq`.
    pub(super) fn ridge(x: &Matrix, y: &[f64], alpha: f64) -> Result<Self, String> {
        let centred = Centred::of(x, y);
        // smartcore takes a column of numbers below the machine epsilon for zeros.
        let greatest = centred.x.values.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
        if greatest <= 0.0 {
            return Ok(centred.with(vec![0.0; x.cols]));
        }
        let scaled: Vec<f64> = centred.x.values.iter().map(|value| value / greatest).collect();
        // It needs at least as many rows as columns; rows of zeros change nothing.
        let count = x.rows.max(x.cols);
        let mut values = scaled;
        values.resize(count * x.cols, 0.0);
        let svd = DenseMatrix::new(count, x.cols, values, false).and_then(SVDDecomposable::svd_mut).map_err(|error| error.to_string())?;
        let negligible = svd.s.iter().fold(0.0_f64, |most, s| most.max(*s)) * count as f64 * f64::EPSILON;
        let mut coefficients = vec![0.0; x.cols];
        for (i, &s) in svd.s.iter().enumerate() {
            let share = if s > negligible { s / (s * s + alpha / (greatest * greatest)) } else { 0.0 };
            let along: f64 = centred.y.iter().enumerate().map(|(row, y)| y * svd.U.get((row, i))).sum::<f64>() * share / greatest;
            coefficients.iter_mut().enumerate().for_each(|(col, w)| *w += along * svd.V.get((col, i)));
        }
        Ok(centred.with(coefficients))
    }

    /// The least |y - X w - b|² / 2n + `alpha` |w|₁ (Tibshirani 1996), by coordinate descent (Friedman, Hastie and Tibshirani 2010).
    pub(super) fn lasso(x: &Matrix, y: &[f64], alpha: f64) -> Result<Self, String> {
        let centred = Centred::of(x, y);
        let columns: Vec<Vec<f64>> = (0..x.cols).map(|col| centred.x.values.iter().skip(col).step_by(x.cols).copied().collect()).collect();
        let squares: Vec<f64> = columns.iter().map(|column| dot(column, column)).collect();
        let (mut w, mut left) = (vec![0.0; x.cols], centred.y.clone());
        let (enough, penalty) = (TOLERANCE * dot(&centred.y, &centred.y).sqrt(), alpha * x.rows as f64);
        for _ in 0..PASSES {
            let mut moved = 0.0_f64;
            for ((w, column), &square) in w.iter_mut().zip(&columns).zip(&squares).filter(|(_, square)| **square > 0.0) {
                let pull = dot(column, &left) + square * *w;
                let next = pull.signum() * (pull.abs() - penalty).max(0.0) / square;
                let step = next - *w;
                if step.abs() > 0.0 {
                    left.iter_mut().zip(column).for_each(|(left, x)| *left -= step * x);
                    *w = next;
                    moved = moved.max(step.abs() * square.sqrt());
                }
            }
            if moved <= enough {
                return Ok(centred.with(w));
            }
        }
        Err(format!("lasso did not converge in {PASSES} passes; `scale = true` helps where features have different units"))
    }
}

impl Fitted for Linear {
    fn predict(&self, x: &Matrix) -> Result<Prediction, String> {
        Ok(Prediction::Numbers(rows(x).map(|row| self.intercept + dot(row, &self.coefficients)).collect()))
    }

    fn arrays(&self) -> Vec<(&'static str, Value)> {
        vec![("coefficients", Value::series(self.coefficients.iter().copied())), ("intercept", Value::number(self.intercept))]
    }
}

pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    ArrayView1::from(a).dot(&ArrayView1::from(b))
}
