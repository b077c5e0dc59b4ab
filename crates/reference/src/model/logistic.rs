//! Logistic regression, of two classes or multinomial, with an L2 penalty: Σ losses + |w|² / 2C, the intercepts without penalty.
//!
//! Newton's method; each step is found by conjugate gradients (Lin, Weng and Keerthi 2008), on features standardised inside: the penalty
//! is taken over to them, so that the solution is that of the features as they are.

use ndarray::{Array1, Array2, Axis, Zip};

use super::Fitted;
use crate::labelled::Prediction;
use crate::matrix::{moments, rows, view};
use mlgrade_data::Matrix;
use mlgrade_domain::value::Value;

/// It ends where no partial derivative is greater than this share of the number of rows.
const TOLERANCE: f64 = 1e-9;
const STEPS: usize = 200;
/// The most products with the matrix of second derivatives in a step.
const PRODUCTS: usize = 500;
/// A loss below this is that of a class that is certain.
const CERTAIN: f64 = 1e-6;

/// Scores that are linear in the features: one for each class, or of two classes one, for the second.
#[derive(Debug)]
pub(super) struct Logistic {
    /// Scores × features.
    weights: Array2<f64>,
    intercepts: Array1<f64>,
}

/// What is made least.
struct Objective {
    /// Rows × (features + 1), standardised; the last is 1.
    x: Array2<f64>,
    /// Rows × scores: 1 for the class of the row.
    y: Array2<f64>,
    /// The penalty of each feature's weight; of the last, the intercept's, 0.
    penalty: Array1<f64>,
}

impl Objective {
    /// Probabilities (rows × scores) and the sum of losses and penalty.
    fn at(&self, w: &Array2<f64>) -> (Array2<f64>, f64) {
        let scores = self.x.dot(&w.t());
        let mut losses = 0.0;
        let mut shares = scores;
        for (mut row, y) in shares.rows_mut().into_iter().zip(self.y.rows()) {
            // Of two classes the first has the score 0.
            let base = if row.len() == 1 { 0.0 } else { f64::NEG_INFINITY };
            let most = row.iter().copied().fold(base, f64::max);
            let sum = row.iter().map(|score| (score - most).exp()).sum::<f64>() + if row.len() == 1 { (-most).exp() } else { 0.0 };
            let log = most + sum.ln();
            losses += log - row.dot(&y);
            row.mapv_inplace(|score| (score - log).exp());
        }
        (shares, losses + 0.5 * (w * w).dot(&self.penalty).sum())
    }

    fn slope(&self, w: &Array2<f64>, shares: &Array2<f64>) -> Array2<f64> {
        (shares - &self.y).t().dot(&self.x) + w * &self.penalty
    }

    /// The second derivatives times `v`.
    fn curve(&self, v: &Array2<f64>, shares: &Array2<f64>) -> Array2<f64> {
        let mut z = self.x.dot(&v.t());
        for (mut z, p) in z.rows_mut().into_iter().zip(shares.rows()) {
            let mean = z.dot(&p);
            Zip::from(&mut z).and(&p).for_each(|z, &p| *z = p * (*z - mean));
        }
        z.t().dot(&self.x) + v * &self.penalty
    }

    /// The diagonal of the second derivatives.
    fn diagonal(&self, shares: &Array2<f64>) -> Array2<f64> {
        let spread = shares.mapv(|p| p * (1.0 - p));
        let mut diagonal = spread.t().dot(&self.x.mapv(|x| x * x)) + &self.penalty;
        diagonal.mapv_inplace(|value| if value > 1e-12 { value } else { 1.0 });
        diagonal
    }

    /// A step along which the slope nearly vanishes.
    fn step(&self, slope: &Array2<f64>, shares: &Array2<f64>) -> Array2<f64> {
        let diagonal = self.diagonal(shares);
        let length = product(slope, slope).sqrt();
        let enough = length * length.sqrt().min(1e-2);
        let (mut step, mut left) = (Array2::zeros(slope.dim()), -slope);
        let mut eased = &left / &diagonal;
        let mut along = eased.clone();
        let mut size = product(&left, &eased);
        for _ in 0..PRODUCTS {
            let curved = self.curve(&along, shares);
            let bend = product(&along, &curved);
            if bend <= 0.0 {
                break;
            }
            step.scaled_add(size / bend, &along);
            left.scaled_add(-size / bend, &curved);
            if product(&left, &left).sqrt() <= enough {
                break;
            }
            eased = &left / &diagonal;
            let next = product(&left, &eased);
            along = &eased + &(&along * (next / size));
            size = next;
        }
        step
    }
}

fn product(a: &Array2<f64>, b: &Array2<f64>) -> f64 {
    Zip::from(a).and(b).fold(0.0, |sum, a, b| sum + a * b)
}

impl Logistic {
    /// The model of `of`, the class of each row among `classes`.
    pub(super) fn fit(x: &Matrix, of: &[usize], classes: usize, c: f64) -> Result<Self, String> {
        let moments: Vec<(f64, f64)> = moments(x).into_iter().map(|(mean, deviation)| (mean, if deviation > 0.0 { deviation } else { 1.0 })).collect();
        let mut scaled = Array2::ones((x.rows, x.cols + 1));
        for (mut row, values) in scaled.rows_mut().into_iter().zip(rows(x)) {
            row.iter_mut().zip(values).zip(&moments).for_each(|((scaled, value), (mean, deviation))| *scaled = (value - mean) / deviation);
        }
        let scores = if classes == 2 { 1 } else { classes };
        let mut y = Array2::zeros((x.rows, scores));
        for (mut row, &class) in y.rows_mut().into_iter().zip(of) {
            if let Some(place) = if scores == 1 { class.checked_sub(1) } else { Some(class) } {
                row[place] = 1.0;
            }
        }
        let penalty = moments.iter().map(|(_, deviation)| 1.0 / (c * deviation * deviation)).chain([0.0]).collect();
        let objective = Objective { x: scaled, y, penalty };
        let w = Self::descend(&objective)?;
        if c.is_infinite() && objective.at(&w).1 < CERTAIN * x.rows as f64 {
            return Err("a plane separates the classes, so that without a penalty (C = inf) the weights grow without end".to_owned());
        }
        let mut weights = w.slice_axis(Axis(1), (..x.cols).into()).to_owned();
        let mut intercepts = w.column(x.cols).to_owned();
        for (mut row, intercept) in weights.rows_mut().into_iter().zip(&mut intercepts) {
            for (weight, (mean, deviation)) in row.iter_mut().zip(&moments) {
                *weight /= deviation;
                *intercept -= *weight * mean;
            }
        }
        if scores > 1 {
            // What is the same for all classes changes nothing: the sum over the classes is 0, as in scikit-learn.
            intercepts -= intercepts.sum() / scores as f64;
            if let Some(mean) = weights.mean_axis(Axis(0)) {
                weights -= &mean;
            }
        }
        Ok(Self { weights, intercepts })
    }

    /// The weights of the least objective.
    fn descend(objective: &Objective) -> Result<Array2<f64>, String> {
        let mut w = Array2::zeros((objective.y.ncols(), objective.x.ncols()));
        let (mut shares, mut value) = objective.at(&w);
        let enough = TOLERANCE * objective.x.nrows() as f64;
        for _ in 0..STEPS {
            let slope = objective.slope(&w, &shares);
            if slope.iter().all(|along| along.abs() <= enough) {
                return Ok(w);
            }
            let step = objective.step(&slope, &shares);
            let fall = product(&slope, &step);
            let mut length = 1.0;
            loop {
                let mut next = w.clone();
                next.scaled_add(length, &step);
                let (next_shares, next_value) = objective.at(&next);
                if next_value <= value + 1e-4 * length * fall {
                    (w, shares, value) = (next, next_shares, next_value);
                    break;
                }
                length *= 0.5;
                if length < 1e-10 {
                    // The fall is lost in rounding: this is the bottom.
                    return Ok(w);
                }
            }
        }
        Err(format!("logistic regression did not converge in {STEPS} steps"))
    }
}

impl Fitted for Logistic {
    fn predict(&self, x: &Matrix) -> Result<Prediction, String> {
        let scores = view(x)?.dot(&self.weights.t()) + &self.intercepts;
        let shares = |scores: Vec<f64>| {
            let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let all: Vec<f64> = scores.iter().map(|score| (score - most).exp()).collect();
            let sum: f64 = all.iter().sum();
            all.into_iter().map(|share| share / sum).collect()
        };
        let of_two = self.intercepts.len() == 1;
        let of_row = |row: ndarray::ArrayView1<'_, f64>| shares(of_two.then_some(0.0).into_iter().chain(row.iter().copied()).collect());
        Ok(Prediction::Probabilities(scores.rows().into_iter().map(of_row).collect()))
    }

    fn arrays(&self) -> Vec<(&'static str, Value)> {
        let vectors = || self.weights.rows().into_iter().map(|row| Value::series(row.iter().copied()));
        let (weights, intercept) = match (self.intercepts.len(), vectors().next()) {
            (1, Some(only)) => (only, Value::number(self.intercepts[0])),
            _ => (Value::List(vectors().collect()), Value::series(self.intercepts.iter().copied())),
        };
        vec![("coefficients", weights), ("intercept", intercept)]
    }
}
