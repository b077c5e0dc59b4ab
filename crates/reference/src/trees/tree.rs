//! One tree, grown from the root down.

use super::columns::{Columns, single};
use super::impurity::{Cell, Sums};
use super::target::Target;
use crate::draws::Draws;

/// A decision tree.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tree {
    /// The root first; where the answer to a question is yes, the next node follows.
    nodes: Vec<Node>,
}

#[derive(Debug, Clone, PartialEq)]
struct Node {
    /// What it would predict as a leaf: a mean, or a share for each class.
    prediction: Vec<f64>,
    split: Option<Split>,
}

/// A question: is the feature at most the threshold? If not, node `above` goes on.
#[derive(Debug, Clone, PartialEq)]
struct Split {
    feature: usize,
    threshold: f64,
    above: usize,
}

/// How far to grow.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Limits {
    /// The most questions in a row.
    pub(crate) depth: usize,
    /// The least number of rows on either side of a question; one drawn twice counts twice.
    pub(crate) leaf: f64,
}

impl Limits {
    /// At most `depth` questions in a row.
    pub(crate) fn depth(depth: usize) -> Self {
        Self { depth, leaf: 1.0 }
    }
}

/// How far to grow, and on what.
pub(crate) struct Growth<'g> {
    pub(crate) limits: Limits,
    /// How often each row counts.
    pub(crate) weights: &'g [f64],
    /// How many features to draw anew for every split and from what (Breiman 2001); all, if `None`. One that has but one value in the
    /// node does not count, as in scikit-learn.
    pub(crate) drawn: Option<(usize, &'g mut Draws)>,
}

impl Tree {
    /// The tree that predicts `target` from `columns`.
    pub(crate) fn grow<T: Target>(columns: &Columns, target: &T, mut growth: Growth<'_>) -> Self {
        let mut bins = Bins::new(columns, target);
        let mut features: Vec<usize> = (0..columns.ranks.len()).collect();
        let mut rows: Vec<usize> = (0..columns.rows).filter(|&row| growth.weights[row] > 0.0).collect();
        let mut nodes: Vec<Node> = Vec::new();
        // What is still to grow: its rows, its depth, and the node above whose answer "no" leads to it.
        let mut open = vec![(0..rows.len(), 0, None)];
        while let Some((range, depth, no_of)) = open.pop() {
            let (here, index) = (&mut rows[range.clone()], nodes.len());
            if let Some(split) = no_of.and_then(|above: usize| nodes[above].split.as_mut()) {
                split.above = index;
            }
            nodes.push(Node { prediction: target.prediction(here, growth.weights), split: None });
            if depth == growth.limits.depth || target.agree(here) {
                continue;
            }
            bins.enter(here, growth.weights);
            let Some(best) = best_split(&mut bins, &mut features, growth.limits.leaf, &mut growth.drawn) else { continue };
            nodes[index].split = Some(Split { feature: best.feature, threshold: columns.between(best.feature, best.low, best.high), above: 0 });
            let ranks = &columns.ranks[best.feature];
            let mut middle = 0;
            for i in 0..here.len() {
                if ranks[here[i]] as usize <= best.low {
                    here.swap(i, middle);
                    middle += 1;
                }
            }
            let middle = range.start + middle;
            open.push((middle..range.end, depth + 1, Some(index)));
            open.push((range.start..middle, depth + 1, None));
        }
        Self { nodes }
    }

    /// What the leaf of `row` predicts: a mean, or a share for each class.
    pub(crate) fn predict(&self, row: &[f64]) -> &[f64] {
        &self.nodes[self.leaf(row)].prediction
    }

    /// The node that is the leaf of `row`.
    pub(super) fn leaf(&self, row: &[f64]) -> usize {
        let mut at = 0;
        while let Some(split) = &self.nodes[at].split {
            at = if f64::from(single(row[split.feature])) <= split.threshold { at + 1 } else { split.above };
        }
        at
    }

    /// Lets every node predict the number that `values` has for it.
    pub(super) fn set(&mut self, values: &[f64]) {
        self.nodes.iter_mut().zip(values).for_each(|(node, &value)| node.prediction = vec![value]);
    }

    /// The most questions in a row.
    pub(crate) fn depth(&self) -> usize {
        // A question stands before those that follow it.
        let mut depths = vec![0; self.nodes.len()];
        for (at, node) in self.nodes.iter().enumerate() {
            if let Some(split) = &node.split {
                depths[at + 1] = depths[at] + 1;
                depths[split.above] = depths[at] + 1;
            }
        }
        depths.into_iter().max().unwrap_or(0)
    }

    /// The number of leaves.
    pub(crate) fn leaves(&self) -> usize {
        self.nodes.iter().filter(|node| node.split.is_none()).count()
    }

    /// The number of nodes.
    pub(super) fn nodes(&self) -> usize {
        self.nodes.len()
    }
}

/// The best split of the node that `bins` entered, if its rows differ in any feature.
fn best_split<T: Target>(bins: &mut Bins<'_, T>, features: &mut [usize], leaf: f64, drawn: &mut Option<(usize, &mut Draws)>) -> Option<Candidate> {
    let mut best: Option<Candidate> = None;
    let mut useful = 0;
    for i in 0..features.len() {
        if let Some((_, draws)) = drawn {
            features.swap(i, i + draws.below(features.len() - i));
        }
        if let Some(found) = bins.weigh(features[i], leaf) {
            useful += 1;
            if best.as_ref().is_none_or(|best| found.purity > best.purity) {
                best = Some(found);
            }
        }
        if drawn.as_ref().is_some_and(|(wanted, _)| useful == *wanted) {
            break;
        }
    }
    best
}

/// A split between two neighbouring ranks, and how pure it leaves its sides.
struct Candidate {
    purity: f64,
    feature: usize,
    low: usize,
    high: usize,
}

/// The rows of a node, counted by the value of a feature and the class.
struct Bins<'a, T: Target> {
    columns: &'a Columns,
    target: &'a T,
    /// The rows of the node with their class and cell.
    rows: Vec<(usize, usize, Cell)>,
    all: T::Sums,
    low: T::Sums,
    high: T::Sums,
    /// A bin for every rank and class; its number is rank × 2^`shift` + class. All are empty between two features.
    cells: Vec<Cell>,
    /// A bit for each bin that is not empty: the bins in use are found at once, however few they are.
    used: Vec<u64>,
    shift: u32,
}

impl<'a, T: Target> Bins<'a, T> {
    fn new(columns: &'a Columns, target: &'a T) -> Self {
        let shift = target.classes().next_power_of_two().trailing_zeros();
        let words = (columns.most_values() << shift).div_ceil(64);
        let (cells, used) = (vec![Cell::default(); words * 64], vec![0; words]);
        Self { columns, target, rows: Vec::new(), all: target.none(), low: target.none(), high: target.none(), cells, used, shift }
    }

    /// Takes up the rows of a node.
    fn enter(&mut self, rows: &[usize], weights: &[f64]) {
        self.rows.clear();
        self.all.clear();
        for &row in rows {
            let (class, cell) = self.target.cell(row, weights[row]);
            self.rows.push((row, class, cell));
            self.all.add(class, cell);
        }
    }

    /// The best split of the node by `feature` that leaves `leaf` rows on either side, if there is one.
    fn weigh(&mut self, feature: usize, leaf: f64) -> Option<Candidate> {
        let ranks = &self.columns.ranks[feature];
        // Most pixels of the digits in a small node are alike.
        let first = self.rows.first().map(|&(row, ..)| ranks[row]);
        if self.rows.iter().all(|&(row, ..)| Some(ranks[row]) == first) {
            return None;
        }
        for &(row, class, cell) in &self.rows {
            let bin = ((ranks[row] as usize) << self.shift) | class;
            self.cells[bin] += cell;
            self.used[bin / 64] |= 1 << (bin % 64);
        }
        self.low.clear();
        self.high.clone_from(&self.all);
        let mut best: Option<Candidate> = None;
        let mut last = None;
        for (word, used) in self.used.iter_mut().enumerate() {
            while *used != 0 {
                let bin = word * 64 + used.trailing_zeros() as usize;
                *used &= *used - 1;
                let (rank, class) = (bin >> self.shift, bin & ((1 << self.shift) - 1));
                if let Some(low) = last.filter(|&last| last < rank && self.low.rows() >= leaf && self.high.rows() >= leaf) {
                    let purity = self.low.purity() + self.high.purity();
                    if best.as_ref().is_none_or(|best| purity > best.purity) {
                        best = Some(Candidate { purity, feature, low, high: rank });
                    }
                }
                last = Some(rank);
                let cell = std::mem::take(&mut self.cells[bin]);
                self.low.add(class, cell);
                self.high.add(class, -cell);
            }
        }
        best
    }
}
