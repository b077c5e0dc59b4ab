//! Decision trees grown exactly, and forests and boosted sums of them.
//!
//! Exactly: every threshold between two neighbouring values is weighed, as CART does (Breiman, Friedman, Olshen and Stone 1984), and
//! every sum is free of rounding, so that neither the order of rows nor the number of threads changes a bit. Fast: a column is sorted
//! once for all nodes, trees and depths ([`Columns`]); a node then counts its rows in one bin for each value.
//!
//! Features are in single precision, as scikit-learn has them: else a split may separate 8.9 from 8.900000000000002, one temperature
//! computed in two ways. Thresholds lie midway between neighbouring values; of equally good splits the first feature's lowest is taken
//! (where features are drawn: the first drawn one's).

mod boosting;
mod columns;
mod forest;
mod impurity;
mod target;
mod tree;

pub(super) use boosting::{Boosted, BoostedClasses};
pub(super) use columns::Columns;
pub(super) use forest::Forest;
pub(super) use target::{ByEntropy, Classes, Numbers};
pub(super) use tree::{Growth, Limits, Tree};

#[cfg(test)]
mod tests;
