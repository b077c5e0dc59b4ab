//! Naive Bayes: features that are independent within a class, Gaussian, counted, or there or not there.

use super::Fitted;
use crate::labelled::Prediction;
use crate::matrix::{moments, picked, rows};
use mlgrade_data::Matrix;
use mlgrade_domain::value::Value;

/// How a feature is spread within a class.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Distribution {
    /// Gaussian; 10⁻⁹ of the greatest variance of a feature is added to every variance, as in scikit-learn.
    Gaussian,
    /// There (above 0) or not there, each counted this many times more (Laplace).
    Bernoulli(f64),
    /// Counts, each this many times more.
    Multinomial(f64),
}

/// The share of the greatest variance that is added to all.
const SMOOTHING: f64 = 1e-9;

/// A model with one row a class.
#[derive(Debug)]
pub(super) struct Bayes {
    distribution: Distribution,
    /// The share of each class.
    priors: Vec<f64>,
    /// Means, or probabilities of the features.
    first: Vec<Vec<f64>>,
    /// Variances; none of features that are counted.
    second: Vec<Vec<f64>>,
    /// What the logarithm of a class's density takes of each feature: of a Gaussian the constant, else that of the probability of being there
    /// and of not being there.
    logs: Vec<Vec<[f64; 2]>>,
}

impl Bayes {
    /// The model of `of`, the class of each row of `x` among `classes`. A class without a row has no chance.
    pub(super) fn fit(x: &Matrix, of: &[usize], classes: usize, distribution: Distribution) -> Result<Self, String> {
        if matches!(distribution, Distribution::Multinomial(_)) && x.values.iter().any(|value| *value < 0.0) {
            return Err("a feature is below 0, and `distribution = \"multinomial\"` is of counts".to_owned());
        }
        let added = SMOOTHING * moments(x).iter().map(|(_, deviation)| deviation * deviation).fold(0.0, f64::max);
        let (mut priors, mut first, mut second) = (Vec::new(), Vec::new(), Vec::new());
        for class in 0..classes {
            let places: Vec<usize> = (0..of.len()).filter(|&row| of[row] == class).collect();
            priors.push(places.len() as f64 / of.len().max(1) as f64);
            let mine = picked(x, &places);
            let sums = |value: fn(f64) -> f64| -> Vec<f64> {
                let mut sums = vec![0.0; x.cols];
                rows(&mine).for_each(|row| sums.iter_mut().zip(row).for_each(|(sum, &x)| *sum += value(x)));
                sums
            };
            match distribution {
                Distribution::Gaussian => {
                    let moments = moments(&mine);
                    first.push(moments.iter().map(|(mean, _)| *mean).collect());
                    second.push(moments.iter().map(|(_, deviation)| deviation * deviation + added).collect());
                }
                Distribution::Bernoulli(alpha) => {
                    let there = sums(|x| if x > 0.0 { 1.0 } else { 0.0 });
                    first.push(there.into_iter().map(|count| (count + alpha) / (places.len() as f64 + 2.0 * alpha)).collect());
                }
                Distribution::Multinomial(alpha) => {
                    let counts = sums(|x| x);
                    let all = counts.iter().sum::<f64>() + alpha * x.cols as f64;
                    first.push(counts.into_iter().map(|count| (count + alpha) / all).collect());
                }
            }
        }
        if added <= 0.0 && distribution == Distribution::Gaussian {
            return Err("no feature varies".to_owned());
        }
        let of_probabilities = |shares: &Vec<f64>| shares.iter().map(|p| [p.ln(), (-p).ln_1p()]).collect();
        let of_variances = |variances: &Vec<f64>| variances.iter().map(|variance| [-0.5 * (std::f64::consts::TAU * variance).ln(), 0.0]).collect();
        let logs =
            if distribution == Distribution::Gaussian { second.iter().map(of_variances).collect() } else { first.iter().map(of_probabilities).collect() };
        Ok(Self { distribution, priors, first, second, logs })
    }

    /// The logarithm of the joint density of `row` and `class`, but for what is the same for all classes.
    fn log(&self, class: usize, row: &[f64]) -> f64 {
        let features = row.iter().zip(&self.logs[class]);
        let features: f64 = match self.distribution {
            Distribution::Gaussian => {
                let moments = self.first[class].iter().zip(&self.second[class]);
                features.zip(moments).map(|((x, [log, _]), (mean, variance))| log - 0.5 * (x - mean).powi(2) / variance).sum()
            }
            Distribution::Bernoulli(_) => features.map(|(x, [there, not])| if *x > 0.0 { there } else { not }).sum(),
            Distribution::Multinomial(_) => features.map(|(x, [there, _])| x * there).sum(),
        };
        self.priors[class].ln() + features
    }
}

impl Fitted for Bayes {
    fn predict(&self, x: &Matrix) -> Result<Prediction, String> {
        let shares = |row: &[f64]| {
            let logs: Vec<f64> = (0..self.priors.len()).map(|class| if self.priors[class] > 0.0 { self.log(class, row) } else { f64::NEG_INFINITY }).collect();
            let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let sum: f64 = logs.iter().map(|log| (log - most).exp()).sum();
            logs.iter().map(|log| (log - most).exp() / sum).collect()
        };
        Ok(Prediction::Probabilities(rows(x).map(shares).collect()))
    }

    fn arrays(&self) -> Vec<(&'static str, Value)> {
        let matrix = |rows: &[Vec<f64>]| Value::List(rows.iter().map(|row| Value::series(row.iter().copied())).collect());
        let priors = ("priors", Value::series(self.priors.iter().copied()));
        match self.distribution {
            Distribution::Gaussian => vec![priors, ("means", matrix(&self.first)), ("variances", matrix(&self.second))],
            _ => vec![priors, ("probabilities", matrix(&self.first))],
        }
    }
}
