//! Linear support vector machines, one for each class against the others, by dual coordinate descent (Hsieh, Chang, Lin, Keerthi and
//! Sundararajan 2008, algorithm 1 with the shrinking of section 3.2).
//!
//! Minimises |w|²/2 + C Σ max(0, 1 - y w·x)², where x has a last feature 1 for the bias, as scikit-learn's `LinearSVC` does.

use super::kinds::{Fold, Sparse, sparse};
use crate::draws::Draws;
use crate::matrix::greatest;
use mlgrade_domain::seed::Seed;

/// The weight of the loss against the penalty.
const C: f64 = 1.0;
/// Training ends where no projected gradient differs from another by more, or after this number of passes.
const TOLERANCE: f64 = 0.01;
const PASSES: usize = 1_000;

/// The class whose machine is surest of a row.
pub(super) fn predict(fold: &Fold, classes: usize, seed: Seed) -> Vec<usize> {
    let x_train = sparse(&fold.x_train);
    let machine = |class: usize| {
        let y: Vec<f64> = fold.y_train.iter().map(|&of| if of == class { 1.0 } else { -1.0 }).collect();
        fit(&x_train, &y, fold.x_train.cols + 1, &mut Draws::new(seed.derive(&class.to_string())))
    };
    let machines: Vec<Vec<f64>> = (0..classes).map(machine).collect();
    sparse(&fold.x_val).iter().map(|row| greatest(&machines.iter().map(|w| dot(row, w)).collect::<Vec<_>>())).collect()
}

/// The weights of the machine that tells the rows with y = 1 from those with y = -1.
fn fit(x: &[Sparse], y: &[f64], features: usize, draws: &mut Draws) -> Vec<f64> {
    let diagonal = 1.0 / (2.0 * C);
    let squares: Vec<f64> = x.iter().map(|row| row.iter().map(|(_, value)| value * value).sum::<f64>() + diagonal).collect();
    let (mut w, mut alpha) = (vec![0.0; features], vec![0.0_f64; x.len()]);
    let mut active: Vec<usize> = (0..x.len()).collect();
    let mut bound = f64::INFINITY;
    for _ in 0..PASSES {
        draws.shuffle(&mut active);
        let (mut most, mut least) = (f64::NEG_INFINITY, f64::INFINITY);
        active.retain(|&i| {
            let gradient = y[i] * dot(&x[i], &w) - 1.0 + diagonal * alpha[i];
            if alpha[i] <= 0.0 && gradient > bound {
                // It will stay at 0.
                return false;
            }
            let projected = if alpha[i] <= 0.0 { gradient.min(0.0) } else { gradient };
            (most, least) = (most.max(projected), least.min(projected));
            if projected.abs() > 1e-12 {
                let before = alpha[i];
                alpha[i] = (before - gradient / squares[i]).max(0.0);
                let step = (alpha[i] - before) * y[i];
                x[i].iter().for_each(|&(feature, value)| w[feature] += step * value);
            }
            true
        });
        if most - least <= TOLERANCE {
            if active.len() == x.len() {
                break;
            }
            // Once more over all, lest one was left out too early.
            active = (0..x.len()).collect();
            bound = f64::INFINITY;
        } else {
            bound = if most > 0.0 { most } else { f64::INFINITY };
        }
    }
    w
}

fn dot(row: &Sparse, w: &[f64]) -> f64 {
    row.iter().map(|&(feature, value)| value * w[feature]).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `LinearSVC(tol=1e-10, max_iter=100000)` of scikit-learn 1.9.1.
    #[test]
    fn weights_are_those_of_liblinear() {
        let x: Vec<Sparse> = [[0.0, 1.0], [1.0, 3.0], [2.0, 0.5], [3.0, 1.0], [1.5, 1.5]].iter().map(|[a, b]| vec![(0, *a), (1, *b), (2, 1.0)]).collect();
        let w = fit(&x, &[-1.0, -1.0, 1.0, 1.0, -1.0], 3, &mut Draws::new(Seed::new(1)));
        assert!(w.iter().zip(EXPECTED).all(|(w, expected)| (w - expected).abs() < 0.01), "{w:?}");
    }
    const EXPECTED: [f64; 3] = [0.616_576_3, -0.893_880_71, -0.096_049_57];
}
