//! Support vector machines with a kernel (Cortes and Vapnik 1995): classes by pairs, numbers by an insensitive tube.

use super::Fitted;
use super::linear::dot;
use super::pairs::{Problem, Solution, solve};
use crate::labelled::Prediction;
use crate::matrix::{greatest, picked, rows};
use mlgrade_data::Matrix;
use mlgrade_domain::value::Value;

/// How alike two rows are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kernel {
    /// a·b.
    Linear,
    /// (γ a·b)ᵈ.
    Polynomial {
        /// γ.
        gamma: f64,
        /// d.
        degree: i32,
    },
    /// exp(-γ |a - b|²).
    Rbf {
        /// γ.
        gamma: f64,
    },
}

impl Kernel {
    pub(super) fn of(self, a: &[f64], b: &[f64]) -> f64 {
        match self {
            Self::Linear => dot(a, b),
            Self::Polynomial { gamma, degree } => (gamma * dot(a, b)).powi(degree),
            Self::Rbf { gamma } => (-gamma * a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f64>()).exp(),
        }
    }
}

/// One decision: Σ weight × kernel - ρ over the rows that support it.
#[derive(Debug)]
struct Machine {
    support: Matrix,
    weights: Vec<f64>,
    rho: f64,
    kernel: Kernel,
}

impl Machine {
    /// The machine of a solution over the rows of `x`; `weight` is that of a row.
    fn of(x: &Matrix, kernel: Kernel, rho: f64, weight: impl Fn(usize) -> f64) -> Self {
        let places: Vec<usize> = (0..x.rows).filter(|&row| weight(row).abs() > 0.0).collect();
        Self { support: picked(x, &places), weights: places.iter().map(|&row| weight(row)).collect(), rho, kernel }
    }

    fn decide(&self, row: &[f64]) -> f64 {
        rows(&self.support).zip(&self.weights).map(|(support, weight)| weight * self.kernel.of(support, row)).sum::<f64>() - self.rho
    }
}

/// A machine for each pair of classes; the classes that a row is decided for are counted, and of equals the first wins, as in libsvm.
#[derive(Debug)]
pub(super) struct Pairs {
    classes: usize,
    machines: Vec<(usize, usize, Machine)>,
    /// How many rows support any of them.
    support: usize,
}

impl Pairs {
    /// The machines for `of`, the class of each row of `x` among `classes`, with the weight `c` of the loss.
    pub(super) fn fit(x: &Matrix, of: &[usize], classes: usize, kernel: Kernel, c: f64) -> Result<Self, String> {
        let mut machines = Vec::new();
        let mut supports = vec![false; x.rows];
        for (low, high) in (0..classes).flat_map(|low| (low + 1..classes).map(move |high| (low, high))) {
            let places: Vec<usize> = (0..x.rows).filter(|&row| of[row] == low || of[row] == high).collect();
            let mine = picked(x, &places);
            let signs: Vec<f64> = places.iter().map(|&row| if of[row] == low { 1.0 } else { -1.0 }).collect();
            let problem = Problem { x: &mine, kernel, signs: &signs, linear: &vec![-1.0; places.len()], c };
            let Solution { alpha, rho } = solve(&problem)?;
            places.iter().zip(&alpha).for_each(|(&row, alpha)| supports[row] |= *alpha > 0.0);
            machines.push((low, high, Machine::of(&mine, kernel, rho, |row| alpha[row] * signs[row])));
        }
        Ok(Self { classes, machines, support: supports.into_iter().filter(|supports| *supports).count() })
    }
}

impl Fitted for Pairs {
    fn predict(&self, x: &Matrix) -> Result<Prediction, String> {
        let class = |row: &[f64]| {
            let mut votes = vec![0.0; self.classes];
            for (low, high, machine) in &self.machines {
                votes[if machine.decide(row) > 0.0 { *low } else { *high }] += 1.0;
            }
            greatest(&votes)
        };
        Ok(Prediction::Classes(rows(x).map(class).collect()))
    }

    fn arrays(&self) -> Vec<(&'static str, Value)> {
        vec![("support_vectors", Value::number(self.support as f64))]
    }
}

/// A function within a tube of `epsilon` around the numbers, where that is worth it (Drucker et al. 1997).
#[derive(Debug)]
pub(super) struct Tube(Machine);

impl Tube {
    /// The function for the numbers `y` of the rows `x`, with the weight `c` of what lies outside of the tube.
    pub(super) fn fit(x: &Matrix, y: &[f64], kernel: Kernel, c: f64, epsilon: f64) -> Result<Self, String> {
        // Every row twice: above and below the tube.
        let count = x.rows;
        let twice: Vec<usize> = (0..count).chain(0..count).collect();
        let signs: Vec<f64> = (0..2 * count).map(|i| if i < count { 1.0 } else { -1.0 }).collect();
        let linear: Vec<f64> = y.iter().map(|y| epsilon - y).chain(y.iter().map(|y| epsilon + y)).collect();
        let Solution { alpha, rho } = solve(&Problem { x: &picked(x, &twice), kernel, signs: &signs, linear: &linear, c })?;
        Ok(Self(Machine::of(x, kernel, rho, |row| alpha[row] - alpha[count + row])))
    }
}

impl Fitted for Tube {
    fn predict(&self, x: &Matrix) -> Result<Prediction, String> {
        Ok(Prediction::Numbers(rows(x).map(|row| self.0.decide(row)).collect()))
    }

    fn arrays(&self) -> Vec<(&'static str, Value)> {
        vec![("support_vectors", Value::number(self.0.weights.len() as f64))]
    }
}
