//! Logistic regression (Cox 1958) with two features, by Newton's method: iteratively reweighted least squares.

use smartcore::linalg::basic::arrays::Array;
use smartcore::linalg::basic::matrix::DenseMatrix;
use smartcore::linalg::traits::cholesky::CholeskyDecomposable;

use super::NAME;
use super::learning::score;
use crate::Fault;

/// The penalty on |w|²/2: 1/C with scikit-learn's default C = 1. The bias is not penalised.
const PENALTY: [f64; 3] = [1.0, 1.0, 0.0];
/// Newton's method doubles the right digits with each step; more than ten are rare.
const STEPS: usize = 100;

/// The probability of class +1.
pub(super) fn probability(weights: [f64; 3], x: [f64; 2]) -> f64 {
    1.0 / (1.0 + (-score(weights, x)).exp())
}

/// The mean log loss in nats, ln(1 + exp(-y (w·x + b))), without the penalty; `y` is -1 or +1.
pub(super) fn loss(weights: [f64; 3], x: &[[f64; 2]], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| softplus(-y * score(weights, *x))).sum::<f64>() / y.len().max(1) as f64
}

/// ln(1 + exp(z)) without overflow.
pub(super) fn softplus(z: f64) -> f64 {
    z.max(0.0) + (-z.abs()).exp().ln_1p()
}

/// The weights [w1, w2, b] with the least sum of log losses + |w|²/2.
pub(super) fn fit(x: &[[f64; 2]], y: &[f64]) -> Result<[f64; 3], Fault> {
    let mut weights = [0.0; 3];
    for _ in 0..STEPS {
        let step = newton_step(weights, x, y)?;
        for (weight, step) in weights.iter_mut().zip(step) {
            *weight -= step;
        }
        if step.iter().all(|step| step.abs() < 1e-12) {
            return Ok(weights);
        }
    }
    Err(Fault::library(NAME, format!("logistic regression has not converged in {STEPS} steps")))
}

/// Hessian⁻¹ · gradient at `weights`. With p = σ(w·x + b) and u = (x1, x2, 1), the gradient is Σ (p - t) u + penalty, the Hessian
/// Σ p (1 - p) u uᵀ + penalty.
fn newton_step(weights: [f64; 3], x: &[[f64; 2]], y: &[f64]) -> Result<[f64; 3], Fault> {
    let mut gradient = [0, 1, 2].map(|i| PENALTY[i] * weights[i]);
    let mut hessian = [0, 1, 2].map(|i| [0, 1, 2].map(|j| if i == j { PENALTY[i] } else { 0.0 }));
    for (x, y) in x.iter().zip(y) {
        let p = probability(weights, *x);
        let target = if *y > 0.0 { 1.0 } else { 0.0 };
        let input = [x[0], x[1], 1.0];
        for i in 0..3 {
            gradient[i] += (p - target) * input[i];
            for j in 0..3 {
                hessian[i][j] += p * (1.0 - p) * input[i] * input[j];
            }
        }
    }
    let library = |error| Fault::library(NAME, error);
    let hessian = DenseMatrix::new(3, 3, hessian.concat(), false).map_err(library)?;
    let gradient = DenseMatrix::new(3, 1, gradient.to_vec(), false).map_err(library)?;
    let step = hessian.cholesky_solve_mut(gradient).map_err(library)?;
    Ok([0, 1, 2].map(|i| *step.get((i, 0))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// The least point of a convex function: every small step away from it costs.
        #[test]
        fn no_other_weights_are_better(
            rows in prop::collection::vec((prop::array::uniform2(-3.0..3.0_f64), prop::bool::ANY), 2..30),
            away in prop::array::uniform3(-0.1..0.1_f64),
        ) {
            let x: Vec<[f64; 2]> = rows.iter().map(|row| row.0).collect();
            let y: Vec<f64> = rows.iter().map(|row| if row.1 { 1.0 } else { -1.0 }).collect();
            // With one class alone the bias has no least point.
            prop_assume!(y.contains(&1.0) && y.contains(&-1.0));
            let objective = |w: [f64; 3]| loss(w, &x, &y) * y.len() as f64 + 0.5 * (w[0] * w[0] + w[1] * w[1]);
            let best = fit(&x, &y).unwrap();
            prop_assert!(objective(best) <= objective([0, 1, 2].map(|i| best[i] + away[i])) + 1e-12);
        }
    }
}
