//! Logistic regression (Cox 1958) with two features, by argmin's L-BFGS (Nocedal 1980).

use argmin::core::{ArgminError, CostFunction, Error, Executor, Gradient, IterState};
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::quasinewton::LBFGS;

use super::NAME;
use super::learning::score;
use crate::Fault;

/// It ends where the gradient of the objective is shorter than this, or after that many steps.
const TOLERANCE: f64 = 1e-8;
const STEPS: u64 = 1_000;

/// A longer gradient at the end means that it did not converge. Between the two lengths steps can be lost in rounding.
const CONVERGED: f64 = 1e-6;

/// How many steps L-BFGS remembers.
const MEMORY: usize = 10;

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

/// The weights [w1, w2, b] with the least sum of log losses + |w|²/2: scikit-learn's penalty with its default C = 1.
pub(super) fn fit(x: &[[f64; 2]], y: &[f64]) -> Result<[f64; 3], Fault> {
    let failed = |error: Error| Fault::library(NAME, error);
    let solver = LBFGS::new(MoreThuenteLineSearch::new(), MEMORY).with_tolerance_grad(TOLERANCE).map_err(failed)?;
    let start = |state: IterState<_, _, (), (), (), f64>| state.param(vec![0.0; 3]).max_iters(STEPS);
    let objective = Objective { x, y };
    let found = Executor::new(objective, solver).configure(start).run().map_err(failed)?.state;
    let weights = found.best_param.and_then(|best| <[f64; 3]>::try_from(best).ok());
    weights
        .filter(|weights| objective.slope(*weights).iter().map(|along| along * along).sum::<f64>().sqrt() <= CONVERGED)
        .ok_or_else(|| Fault::library(NAME, "logistic regression did not converge"))
}

/// What [`fit`] makes least.
#[derive(Clone, Copy)]
struct Objective<'a> {
    x: &'a [[f64; 2]],
    y: &'a [f64],
}

impl Objective<'_> {
    fn value(&self, weights: [f64; 3]) -> f64 {
        let losses: f64 = self.x.iter().zip(self.y).map(|(x, y)| softplus(-y * score(weights, *x))).sum();
        losses + 0.5 * (weights[0] * weights[0] + weights[1] * weights[1])
    }

    /// Its gradient.
    fn slope(&self, weights: [f64; 3]) -> [f64; 3] {
        self.x.iter().zip(self.y).fold([weights[0], weights[1], 0.0], |sum, (x, y)| {
            let pull = probability(weights, *x) - if *y > 0.0 { 1.0 } else { 0.0 };
            [sum[0] + pull * x[0], sum[1] + pull * x[1], sum[2] + pull]
        })
    }
}

impl CostFunction for Objective<'_> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, weights: &Vec<f64>) -> Result<f64, Error> {
        finite(self.value(three(weights)?))
    }
}

impl Gradient for Objective<'_> {
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;

    fn gradient(&self, weights: &Vec<f64>) -> Result<Vec<f64>, Error> {
        self.slope(three(weights)?).into_iter().map(finite).collect()
    }
}

fn three(weights: &[f64]) -> Result<[f64; 3], Error> {
    weights.try_into().map_err(Error::new)
}

/// The value, if it is finite. Where a step is so short that the gradient stays the same to the last bit, the next direction is 0/0, and the
/// line search would look for ever along it. An error ends the search at the best weights so far.
fn finite(value: f64) -> Result<f64, Error> {
    if value.is_finite() { Ok(value) } else { Err(ArgminError::ConditionViolated { text: "a value is not finite".to_owned() }.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_step_lost_in_rounding_ends_the_search() {
        let x = [[0.96, 0.5], [-0.6, 2.83], [2.4, -0.07], [-2.19, -1.37], [0.13, 2.74], [2.05, 0.2], [2.54, -2.31], [1.24, 0.42]];
        let y = [-1.0, 1.0, -1.0, -1.0, 1.0, 1.0, -1.0, 1.0];
        let slope = Objective { x: &x, y: &y }.slope(fit(&x, &y).unwrap());
        assert!(slope.iter().all(|along| along.abs() < CONVERGED), "{slope:?}");
    }

    #[test]
    fn what_is_not_finite_does_not_converge() {
        let message = fit(&[[1e308, 1.0], [-1e308, 2.0]], &[1.0, -1.0]).unwrap_err().to_string();
        assert!(message.contains("did not converge"), "{message}");
    }

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
            let objective = Objective { x: &x, y: &y };
            let best = fit(&x, &y).unwrap();
            prop_assert!(objective.value(best) <= objective.value([0, 1, 2].map(|i| best[i] + away[i])) + 1e-12);
        }
    }
}
