//! Sequential minimal optimisation as libsvm does it (Fan, Chen and Lin 2005, working set selection 2), without shrinking.
//!
//! Minimises ½ αᵀQα + pᵀα with yᵀα = 0 and 0 <= α <= C, where `Q_ij` = `y_i y_j` K(`x_i`, `x_j`).

use std::cell::OnceCell;

use super::machine::Kernel;
use crate::matrix::{row, rows};
use mlgrade_data::Matrix;

/// libsvm's `tol`, and the curvature that it takes where there is none.
const TOLERANCE: f64 = 1e-3;
const FLAT: f64 = 1e-12;
/// The most steps for each row.
const STEPS: usize = 10_000;
/// The most rows: their kernel has as many numbers as its square.
pub(super) const MOST_ROWS: usize = 10_000;

/// What is to be solved.
pub(super) struct Problem<'p> {
    pub(super) x: &'p Matrix,
    pub(super) kernel: Kernel,
    /// y, each 1 or -1.
    pub(super) signs: &'p [f64],
    /// p.
    pub(super) linear: &'p [f64],
    pub(super) c: f64,
}

/// The weights, and what is taken from a decision.
pub(super) struct Solution {
    pub(super) alpha: Vec<f64>,
    pub(super) rho: f64,
}

struct Kernels<'p> {
    problem: &'p Problem<'p>,
    /// Rows of Q, once they are asked for; in single precision, as libsvm has them.
    rows: Vec<OnceCell<Vec<f32>>>,
    diagonal: Vec<f64>,
}

impl Kernels<'_> {
    #[expect(clippy::cast_possible_truncation, reason = "that is the point")]
    fn row(&self, i: usize) -> &[f32] {
        self.rows[i].get_or_init(|| {
            let Problem { x, kernel, signs, .. } = self.problem;
            let mine = row(x, i);
            rows(x).zip(*signs).map(|(other, sign)| (signs[i] * sign * kernel.of(mine, other)) as f32).collect()
        })
    }
}

/// The solution, within libsvm's tolerance.
pub(super) fn solve(problem: &Problem<'_>) -> Result<Solution, String> {
    let (count, y, c) = (problem.x.rows, problem.signs, problem.c);
    let kernels =
        Kernels { problem, rows: (0..count).map(|_| OnceCell::new()).collect(), diagonal: rows(problem.x).map(|row| problem.kernel.of(row, row)).collect() };
    let (mut alpha, mut slope) = (vec![0.0_f64; count], problem.linear.to_vec());
    // Whether α may move along y, and against it.
    let up = |alpha: &[f64], t: usize| if y[t] > 0.0 { alpha[t] < c } else { alpha[t] > 0.0 };
    let down = |alpha: &[f64], t: usize| if y[t] > 0.0 { alpha[t] > 0.0 } else { alpha[t] < c };
    for _ in 0..STEPS * count.max(100) {
        let Some((i, j)) = select(&kernels, &alpha, &slope, &up, &down) else {
            return Ok(Solution { rho: rho(y, &alpha, &slope, c), alpha });
        };
        let (row_i, row_j) = (kernels.row(i), kernels.row(j));
        let (before_i, before_j) = (alpha[i], alpha[j]);
        let bend = kernels.diagonal[i] + kernels.diagonal[j] - 2.0 * y[i] * y[j] * f64::from(row_i[j]);
        let bend = if bend > 0.0 { bend } else { FLAT };
        // The step along y_i e_i - y_j e_j, cut where either reaches a bound.
        let wanted = (y[j] * slope[j] - y[i] * slope[i]) / bend;
        let room = |sign: f64, alpha: f64| if sign > 0.0 { c - alpha } else { alpha };
        let step = wanted.min(room(y[i], alpha[i])).min(room(-y[j], alpha[j]));
        let moved = |alpha: f64, by: f64, room: f64| if step >= room { if by > 0.0 { c } else { 0.0 } } else { alpha + by };
        alpha[i] = moved(before_i, y[i] * step, room(y[i], before_i));
        alpha[j] = moved(before_j, -y[j] * step, room(-y[j], before_j));
        let (by_i, by_j) = (alpha[i] - before_i, alpha[j] - before_j);
        for ((slope, q_i), q_j) in slope.iter_mut().zip(row_i).zip(row_j) {
            *slope += f64::from(*q_i) * by_i + f64::from(*q_j) * by_j;
        }
    }
    Err("the support vector machine did not converge; `scale = true` helps where features have different units".to_owned())
}

/// The pair to move next, unless the conditions of an optimum hold.
fn select(
    kernels: &Kernels<'_>,
    alpha: &[f64],
    slope: &[f64],
    up: &impl Fn(&[f64], usize) -> bool,
    down: &impl Fn(&[f64], usize) -> bool,
) -> Option<(usize, usize)> {
    let y = kernels.problem.signs;
    let mut first: Option<(usize, f64)> = None;
    for t in (0..y.len()).filter(|&t| up(alpha, t)) {
        let value = -y[t] * slope[t];
        if first.is_none_or(|(_, most)| value >= most) {
            first = Some((t, value));
        }
    }
    let (i, most) = first?;
    let row = kernels.row(i);
    let (mut least, mut best): (f64, Option<(usize, f64)>) = (f64::INFINITY, None);
    for t in (0..y.len()).filter(|&t| down(alpha, t)) {
        let value = -y[t] * slope[t];
        least = least.min(value);
        let gap = most - value;
        if gap > 0.0 {
            let bend = kernels.diagonal[i] + kernels.diagonal[t] - 2.0 * y[i] * y[t] * f64::from(row[t]);
            let gain = -(gap * gap) / if bend > 0.0 { bend } else { FLAT };
            if best.is_none_or(|(_, known)| gain <= known) {
                best = Some((t, gain));
            }
        }
    }
    best.filter(|_| most - least >= TOLERANCE).map(|(j, _)| (i, j))
}

/// Where decisions are 0: the mean over the free rows, else midway between the bounds.
fn rho(y: &[f64], alpha: &[f64], slope: &[f64], c: f64) -> f64 {
    let (mut low, mut high, mut sum, mut free) = (f64::NEG_INFINITY, f64::INFINITY, 0.0, 0_usize);
    for ((&y, &alpha), &slope) in y.iter().zip(alpha).zip(slope) {
        let value = y * slope;
        if alpha >= c {
            if y < 0.0 { high = high.min(value) } else { low = low.max(value) }
        } else if alpha <= 0.0 {
            if y > 0.0 { high = high.min(value) } else { low = low.max(value) }
        } else {
            free += 1;
            sum += value;
        }
    }
    if free > 0 { sum / free as f64 } else { f64::midpoint(low, high) }
}
