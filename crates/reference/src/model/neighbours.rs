//! k nearest neighbours (Cover and Hart 1967): the most frequent class, or the mean, of the nearest rows.

use super::Fitted;
use crate::classifiers::neighbours::{least, nearest};
use crate::labelled::{Prediction, Truth};
use crate::matrix::{row, rows};
use mlgrade_data::Matrix;

/// How far two rows lie apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Distance {
    /// √Σ (a - b)².
    Euclidean,
    /// Σ |a - b|.
    Manhattan,
}

/// How much each neighbour counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weights {
    /// All alike.
    Uniform,
    /// 1 / distance; those at no distance alone, if there are any.
    Distance,
}

/// All that was learnt from.
#[derive(Debug)]
pub(super) struct Neighbours {
    pub(super) x: Matrix,
    pub(super) y: Truth,
    pub(super) classes: usize,
    pub(super) k: usize,
    pub(super) weights: Weights,
    pub(super) distance: Distance,
}

impl Neighbours {
    fn apart(&self, a: &[f64], b: &[f64]) -> f64 {
        let differences = a.iter().zip(b).map(|(a, b)| (a - b).abs());
        match self.distance {
            Distance::Euclidean => differences.map(|difference| difference * difference).sum::<f64>().sqrt(),
            Distance::Manhattan => differences.sum(),
        }
    }

    /// How much each of the rows `near` counts for the row `of`; together 1.
    fn shares(&self, of: &[f64], near: &[usize]) -> Vec<f64> {
        let raw: Vec<f64> = match self.weights {
            Weights::Uniform => vec![1.0; near.len()],
            Weights::Distance => {
                let distances: Vec<f64> = near.iter().map(|&place| self.apart(of, row(&self.x, place))).collect();
                let met = distances.iter().any(|distance| *distance <= 0.0);
                distances.into_iter().map(|distance| if met { f64::from(u8::from(distance <= 0.0)) } else { 1.0 / distance }).collect()
            }
        };
        let sum: f64 = raw.iter().sum();
        raw.into_iter().map(|weight| weight / sum).collect()
    }
}

impl Fitted for Neighbours {
    fn predict(&self, x: &Matrix) -> Result<Prediction, String> {
        let mut near: Vec<Vec<usize>> = Vec::with_capacity(x.rows);
        match self.distance {
            Distance::Euclidean => nearest(&self.x, x, self.k, |places| near.push(places.to_vec()))?,
            Distance::Manhattan => near.extend(rows(x).map(|of| least((0..self.x.rows).map(|place| self.apart(of, row(&self.x, place))), self.k))),
        }
        let shares = near.iter().zip(rows(x)).map(|(near, of)| near.iter().copied().zip(self.shares(of, near)));
        Ok(match &self.y {
            Truth::Classes(of) => {
                let votes = |near: &mut dyn Iterator<Item = (usize, f64)>| {
                    let mut votes = vec![0.0; self.classes];
                    near.for_each(|(place, share)| votes[of[place]] += share);
                    votes
                };
                Prediction::Probabilities(shares.map(|mut near| votes(&mut near)).collect())
            }
            Truth::Numbers(y) => Prediction::Numbers(shares.map(|near| near.map(|(place, share)| y[place] * share).sum()).collect()),
            Truth::Nothing => return Err("nearest neighbours need answers".to_owned()),
        })
    }
}
