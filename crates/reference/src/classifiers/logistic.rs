//! Multinomial logistic regression with an L2 penalty, by L-BFGS.
//!
//! Minimises Σ -ln p + |W|² / (2 C), C = 1, over the weights W and biases, which bear no penalty; p is the softmax's probability of a
//! row's own class. Rows are sparse: four of five pixels of a digit are 0.

use std::collections::VecDeque;

use super::kinds::{Fold, Sparse, greatest, sparse};

/// It ends where no partial derivative of the mean loss exceeds this (scikit-learn's `tol`), or after so many steps.
const TOLERANCE: f64 = 1e-4;
const STEPS: usize = 1_000;
/// How many steps L-BFGS remembers.
const MEMORY: usize = 10;

/// The most probable class of every validation row.
pub(super) fn predict(fold: &Fold, classes: usize) -> Vec<usize> {
    let x_train = sparse(&fold.x_train);
    let start = vec![0.0; (fold.x_train.cols + 1) * classes];
    let weights = minimise(|weights| loss(&x_train, &fold.y_train, weights, classes), start, TOLERANCE * x_train.len() as f64);
    sparse(&fold.x_val).iter().map(|row| greatest(&logits(row, &weights, classes))).collect()
}

/// One number for each class: `weights` hold those of a feature side by side, the biases last.
fn logits(row: &Sparse, weights: &[f64], classes: usize) -> Vec<f64> {
    let mut z = vec![0.0; classes];
    for &(feature, value) in row {
        z.iter_mut().zip(&weights[feature * classes..]).for_each(|(z, weight)| *z += value * weight);
    }
    z
}

/// The penalised loss of `weights` and its gradient.
fn loss(x: &[Sparse], y: &[usize], weights: &[f64], classes: usize) -> (f64, Vec<f64>) {
    let penalised = weights.len() - classes;
    let mut gradient = weights.to_vec();
    gradient[penalised..].fill(0.0);
    let mut total = dot(&weights[..penalised], &weights[..penalised]) / 2.0;
    for (row, &class) in x.iter().zip(y) {
        let mut p = logits(row, weights, classes);
        let most = p.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        total += most - p[class];
        let mut sum = 0.0;
        for z in &mut p {
            *z = (*z - most).exp();
            sum += *z;
        }
        total += f64::ln(sum);
        for p in &mut p {
            *p /= sum;
        }
        p[class] -= 1.0;
        for &(feature, value) in row {
            gradient[feature * classes..].iter_mut().zip(&p).for_each(|(gradient, p)| *gradient += value * p);
        }
    }
    (total, gradient)
}

/// Where the convex function `f`, which also gives its gradient, is least: L-BFGS (Nocedal 1980), steps halved until they bring enough
/// (Armijo 1966). It ends where no partial derivative exceeds `tolerance`.
fn minimise(f: impl Fn(&[f64]) -> (f64, Vec<f64>), mut x: Vec<f64>, tolerance: f64) -> Vec<f64> {
    let (mut value, mut gradient) = f(&x);
    // Steps, by how much the gradient changed, and one over the product of both.
    let mut memory: VecDeque<(Vec<f64>, Vec<f64>, f64)> = VecDeque::new();
    for _ in 0..STEPS {
        if gradient.iter().all(|slope| slope.abs() <= tolerance) {
            break;
        }
        let mut direction = gradient.clone();
        let mut shares = Vec::with_capacity(MEMORY);
        for (step, change, rho) in memory.iter().rev() {
            let share = rho * dot(step, &direction);
            add(&mut direction, -share, change);
            shares.push(share);
        }
        let scale = memory.back().map_or_else(|| 1.0 / dot(&gradient, &gradient).sqrt(), |(_, change, rho)| 1.0 / (rho * dot(change, change)));
        for d in &mut direction {
            *d *= scale;
        }
        for ((step, change, rho), share) in memory.iter().zip(shares.into_iter().rev()) {
            let correction = share - rho * dot(change, &direction);
            add(&mut direction, correction, step);
        }
        let slope = dot(&gradient, &direction);
        let mut length = 1.0;
        let (next, next_value, next_gradient) = loop {
            let mut next = x.clone();
            add(&mut next, -length, &direction);
            let (value_there, gradient_there) = f(&next);
            if value_there <= value - 1e-4 * length * slope {
                break (next, value_there, gradient_there);
            }
            length /= 2.0;
            if length < 1e-9 {
                // Rounding hides what is still to gain.
                return x;
            }
        };
        let step: Vec<f64> = next.iter().zip(&x).map(|(next, x)| next - x).collect();
        let change: Vec<f64> = next_gradient.iter().zip(&gradient).map(|(next, before)| next - before).collect();
        let product = dot(&step, &change);
        if product > 0.0 {
            memory.push_back((step, change, 1.0 / product));
            if memory.len() > MEMORY {
                memory.pop_front();
            }
        }
        (x, value, gradient) = (next, next_value, next_gradient);
    }
    x
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// a += factor b.
fn add(a: &mut [f64], factor: f64, b: &[f64]) {
    a.iter_mut().zip(b).for_each(|(a, b)| *a += factor * b);
}
