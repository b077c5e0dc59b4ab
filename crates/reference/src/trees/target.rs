//! What trees predict: numbers, or classes.

use super::impurity::{Cell, Entropy, Gini, Squares, Sums};

/// The answers to a table's rows.
pub(crate) trait Target: Sync {
    /// What measures the purity of some rows.
    type Sums: Sums;
    /// The number of classes, 1 for numbers.
    fn classes(&self) -> usize;
    /// Row `row`, counted `weight` times: its class and its cell.
    fn cell(&self, row: usize, weight: f64) -> (usize, Cell);
    /// The sums over no rows.
    fn none(&self) -> Self::Sums;
    /// What a leaf of `rows` predicts, each counted as `weights` has it: the mean, or every class's share.
    fn prediction(&self, rows: &[usize], weights: &[f64]) -> Vec<f64>;
    /// Whether all `rows` have one answer.
    fn agree(&self, rows: &[usize]) -> bool;
}

/// Numbers to predict by their mean.
#[derive(Debug)]
pub(crate) struct Numbers<'y> {
    given: &'y [f64],
    /// Less their mean, and rounded to a grid so coarse that any sum of them is exact: multiples of a power of two, of which all together
    /// are below 2⁵². That takes 10⁻¹² off, at a thousand rows.
    exact: Vec<f64>,
}

impl<'y> Numbers<'y> {
    pub(crate) fn new(given: &'y [f64]) -> Self {
        let mean = given.iter().sum::<f64>() / given.len().max(1) as f64;
        let most = given.iter().map(|y| (y - mean).abs()).fold(f64::MIN_POSITIVE.sqrt(), f64::max);
        let grid = ((most * given.len() as f64).log2().ceil() - 52.0).exp2();
        Self { given, exact: given.iter().map(|y| ((y - mean) / grid).round() * grid).collect() }
    }
}

impl Target for Numbers<'_> {
    type Sums = Squares;

    fn classes(&self) -> usize {
        1
    }

    fn cell(&self, row: usize, weight: f64) -> (usize, Cell) {
        (0, Cell { weight, sum: weight * self.exact[row] })
    }

    fn none(&self) -> Squares {
        Squares::default()
    }

    fn prediction(&self, rows: &[usize], weights: &[f64]) -> Vec<f64> {
        // From the first on, so that equal numbers have themselves as their mean.
        let first = rows.first().map_or(0.0, |&row| self.given[row]);
        let (count, sum) = rows.iter().fold((0.0, 0.0), |(count, sum), &row| (count + weights[row], sum + weights[row] * (self.given[row] - first)));
        vec![first + sum / count]
    }

    fn agree(&self, rows: &[usize]) -> bool {
        rows.windows(2).all(|pair| self.exact[pair[0]].total_cmp(&self.exact[pair[1]]).is_eq())
    }
}

/// Classes to predict by their shares.
#[derive(Debug)]
pub(crate) struct Classes<'y> {
    /// The class of every row.
    pub(crate) of: &'y [usize],
    /// How many there are.
    pub(crate) count: usize,
}

impl Target for Classes<'_> {
    type Sums = Gini;

    fn classes(&self) -> usize {
        self.count
    }

    fn cell(&self, row: usize, weight: f64) -> (usize, Cell) {
        (self.of[row], Cell { weight, sum: 0.0 })
    }

    fn none(&self) -> Gini {
        Gini::none(self.count)
    }

    fn prediction(&self, rows: &[usize], weights: &[f64]) -> Vec<f64> {
        let mut shares = vec![0.0; self.count];
        let all: f64 = rows.iter().map(|&row| weights[row]).sum();
        for &row in rows {
            shares[self.of[row]] += weights[row] / all;
        }
        shares
    }

    fn agree(&self, rows: &[usize]) -> bool {
        rows.windows(2).all(|pair| self.of[pair[0]] == self.of[pair[1]])
    }
}

/// The same classes, split by entropy instead of Gini impurity.
#[derive(Debug)]
pub(crate) struct ByEntropy<'y>(pub(crate) Classes<'y>);

impl Target for ByEntropy<'_> {
    type Sums = Entropy;

    fn classes(&self) -> usize {
        self.0.classes()
    }

    fn cell(&self, row: usize, weight: f64) -> (usize, Cell) {
        self.0.cell(row, weight)
    }

    fn none(&self) -> Entropy {
        Entropy::none(self.0.count)
    }

    fn prediction(&self, rows: &[usize], weights: &[f64]) -> Vec<f64> {
        self.0.prediction(rows, weights)
    }

    fn agree(&self, rows: &[usize]) -> bool {
        self.0.agree(rows)
    }
}
