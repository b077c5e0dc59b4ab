//! Multinomial logistic regression with an L2 penalty, C = 1, by linfa: L-BFGS (Nocedal 1980), the biases without penalty.

use linfa::traits::{Fit, Predict};
use linfa_logistic::MultiLogisticRegression;

use super::kinds::{Fold, labelled};
use crate::matrix::view;

/// It ends where the gradient of the mean loss is no longer than this, or after that many steps. scikit-learn's `tol`, 1e-4, bounds the
/// greatest of the partial derivatives, of which there are thousands on images. It must stay far above what rounding does to the gradient: there
/// linfa's line search may meet 0/0 and not end.
const TOLERANCE: f64 = 1e-3;
const STEPS: u64 = 1_000;

/// The most probable class of every validation row.
pub(super) fn predict(fold: &Fold) -> Result<Vec<usize>, String> {
    let tolerance = TOLERANCE * fold.x_train.rows as f64;
    let settings = MultiLogisticRegression::default().alpha(1.0).max_iterations(STEPS).gradient_tolerance(tolerance);
    let model = settings.fit(&labelled(fold)?).map_err(|error| error.to_string())?;
    Ok(model.predict(&view(&fold.x_val)?.to_owned()).to_vec())
}
