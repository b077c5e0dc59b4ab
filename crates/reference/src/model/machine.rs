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
    /// Places among the rows that support any machine, with their weights.
    weights: Vec<(usize, f64)>,
    rho: f64,
}

impl Machine {
    fn decide(&self, kernels: &[f64]) -> f64 {
        self.weights.iter().map(|(place, weight)| weight * kernels[*place]).sum::<f64>() - self.rho
    }
}

/// Machines with the rows that support any of them: of those a kernel is computed once.
#[derive(Debug)]
struct Supported {
    support: Matrix,
    machines: Vec<Machine>,
    kernel: Kernel,
}

impl Supported {
    /// The machines over the rows of `x`, each with the weights of the rows that have one.
    fn of(x: &Matrix, kernel: Kernel, solved: Vec<(Vec<(usize, f64)>, f64)>) -> Self {
        let mut supports: Vec<usize> = solved.iter().flat_map(|(weights, _)| weights.iter().map(|(row, _)| *row)).collect();
        supports.sort_unstable();
        supports.dedup();
        let place = |row: usize| supports.partition_point(|known| *known < row);
        let machine =
            |(weights, rho): (Vec<(usize, f64)>, f64)| Machine { weights: weights.into_iter().map(|(row, weight)| (place(row), weight)).collect(), rho };
        let machines = solved.into_iter().map(machine).collect();
        Self { support: picked(x, &supports), machines, kernel }
    }

    /// What every machine decides of `row`.
    fn decide(&self, row: &[f64]) -> Vec<f64> {
        let kernels: Vec<f64> = rows(&self.support).map(|support| self.kernel.of(support, row)).collect();
        self.machines.iter().map(|machine| machine.decide(&kernels)).collect()
    }

    fn count(&self) -> (&'static str, Value) {
        ("support_vectors", Value::number(self.support.rows as f64))
    }
}

/// A machine for each pair of classes; the classes that a row is decided for are counted, and of equals the first wins, as in libsvm.
#[derive(Debug)]
pub(super) struct Pairs {
    classes: usize,
    /// The lower and the higher class of each machine.
    classes_of: Vec<(usize, usize)>,
    machines: Supported,
}

impl Pairs {
    /// The machines for `of`, the class of each row of `x` among `classes`, with the weight `c` of the loss.
    pub(super) fn fit(x: &Matrix, of: &[usize], classes: usize, kernel: Kernel, c: f64) -> Result<Self, String> {
        let pairs: Vec<(usize, usize)> = (0..classes).flat_map(|low| (low + 1..classes).map(move |high| (low, high))).collect();
        let mut solved = Vec::with_capacity(pairs.len());
        for &(low, high) in &pairs {
            let places: Vec<usize> = (0..x.rows).filter(|&row| of[row] == low || of[row] == high).collect();
            let signs: Vec<f64> = places.iter().map(|&row| if of[row] == low { 1.0 } else { -1.0 }).collect();
            let problem = Problem { x: &picked(x, &places), kernel, signs: &signs, linear: &vec![-1.0; places.len()], c };
            let Solution { alpha, rho } = solve(&problem)?;
            let weights = places.into_iter().zip(alpha.iter().zip(&signs).map(|(alpha, sign)| alpha * sign));
            solved.push((weights.filter(|(_, weight)| weight.abs() > 0.0).collect(), rho));
        }
        Ok(Self { classes, classes_of: pairs, machines: Supported::of(x, kernel, solved) })
    }
}

impl Fitted for Pairs {
    fn predict(&self, x: &Matrix) -> Result<Prediction, String> {
        let class = |row: &[f64]| {
            let mut votes = vec![0.0; self.classes];
            for (&(low, high), decision) in self.classes_of.iter().zip(self.machines.decide(row)) {
                votes[if decision > 0.0 { low } else { high }] += 1.0;
            }
            greatest(&votes)
        };
        Ok(Prediction::Classes(rows(x).map(class).collect()))
    }

    fn arrays(&self) -> Vec<(&'static str, Value)> {
        vec![self.machines.count()]
    }
}

/// A function within a tube of `epsilon` around the numbers, where that is worth it (Drucker et al. 1997).
#[derive(Debug)]
pub(super) struct Tube(Supported);

impl Tube {
    /// The function for the numbers `y` of the rows `x`, with the weight `c` of what lies outside of the tube.
    pub(super) fn fit(x: &Matrix, y: &[f64], kernel: Kernel, c: f64, epsilon: f64) -> Result<Self, String> {
        // Every row twice: above and below the tube.
        let count = x.rows;
        let twice: Vec<usize> = (0..count).chain(0..count).collect();
        let signs: Vec<f64> = (0..2 * count).map(|i| if i < count { 1.0 } else { -1.0 }).collect();
        let linear: Vec<f64> = y.iter().map(|y| epsilon - y).chain(y.iter().map(|y| epsilon + y)).collect();
        let Solution { alpha, rho } = solve(&Problem { x: &picked(x, &twice), kernel, signs: &signs, linear: &linear, c })?;
        let weights = (0..count).map(|row| (row, alpha[row] - alpha[count + row])).filter(|(_, weight)| weight.abs() > 0.0).collect();
        Ok(Self(Supported::of(x, kernel, vec![(weights, rho)])))
    }
}

impl Fitted for Tube {
    fn predict(&self, x: &Matrix) -> Result<Prediction, String> {
        Ok(Prediction::Numbers(rows(x).flat_map(|row| self.0.decide(row)).collect()))
    }

    fn arrays(&self) -> Vec<(&'static str, Value)> {
        vec![self.0.count()]
    }
}
