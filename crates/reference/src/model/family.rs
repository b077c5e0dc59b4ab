//! The models that learn from answers: their settings, and which implementation fits them.

use super::Fitted;
use super::bayes::{Bayes, Distribution};
use super::grid::{Axis, Sense, check_size, combinations, whole};
use super::linear::Linear;
use super::logistic::Logistic;
use super::machine::{Kernel, Pairs, Tube};
use super::neighbours::{self, Neighbours, Weights};
use super::pairs::MOST_ROWS;
use super::wood::{self, Boosting, Grown};
use crate::labelled::{Task, Truth};
use crate::trees::Limits;
use mlgrade_data::Matrix;
use mlgrade_domain::fields::Fields;
use mlgrade_domain::seed::Seed;

/// What kind of model it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Linear,
    Ridge,
    Lasso,
    Logistic,
    Bayes,
    Neighbours,
    Tree,
    Forest,
    Boosting,
    Machine,
}

/// A model with its settings.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Model {
    /// Least squares with this penalty, perhaps none.
    Ridge {
        alpha: f64,
    },
    Lasso {
        alpha: f64,
    },
    Logistic {
        c: f64,
    },
    Bayes(Distribution),
    Neighbours {
        k: usize,
        weights: Weights,
        distance: neighbours::Distance,
    },
    Tree {
        limits: Limits,
        entropy: bool,
    },
    Forest {
        trees: usize,
        limits: Limits,
        entropy: bool,
        features: wood::Features,
    },
    Boosting {
        trees: usize,
        limits: Limits,
        rate: f64,
    },
    Machine {
        kernel: KernelChoice,
        c: f64,
        epsilon: f64,
    },
}

/// A kernel whose width may depend on the data.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct KernelChoice {
    shape: Shape,
    /// None: 1 / (features × variance of all their values), scikit-learn's "scale".
    gamma: Option<f64>,
    degree: i32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Linear,
    Polynomial,
    Rbf,
}

/// What a model learns from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lesson<'l> {
    pub(super) x: &'l Matrix,
    pub(super) y: &'l Truth,
    /// How many classes there are, none of numbers to predict.
    pub(super) classes: usize,
}

impl Family {
    /// The one task that it can do, if it is one alone.
    pub(super) fn task(self) -> Option<Task> {
        match self {
            Self::Linear | Self::Ridge | Self::Lasso => Some(Task::Regression),
            Self::Logistic | Self::Bayes => Some(Task::Classification),
            _ => None,
        }
    }

    /// Whether it has a coefficient for each feature.
    pub(super) fn is_linear(self) -> bool {
        matches!(self, Self::Linear | Self::Ridge | Self::Lasso | Self::Logistic)
    }

    /// Whether it gives probabilities of classes.
    pub(super) fn has_probabilities(self) -> bool {
        self != Self::Machine
    }

    /// What it hands in beside how well it does, after `NAME.`.
    pub(super) fn arrays(self, gaussian: bool) -> &'static [&'static str] {
        match self {
            Self::Linear | Self::Ridge | Self::Lasso | Self::Logistic => &["coefficients", "intercept"],
            Self::Bayes if gaussian => &["priors", "means", "variances"],
            Self::Bayes => &["priors", "probabilities"],
            Self::Machine => &["support_vectors"],
            Self::Tree => &["depth", "leaves"],
            Self::Neighbours | Self::Forest | Self::Boosting => &[],
        }
    }

    /// Reads its settings: those that are lists, and a model for each combination of their values.
    pub(super) fn read(self, fields: &mut Fields<'_>, task: Task) -> (Vec<Axis>, Vec<Model>) {
        match self {
            Self::Linear => (Vec::new(), vec![Model::Ridge { alpha: 0.0 }]),
            Self::Ridge => grid(fields, |fields| [Axis::read(fields, "alpha", 1.0, Sense::From0)], |[alpha]| Model::Ridge { alpha }),
            Self::Lasso => {
                let axes = |fields: &mut Fields<'_>| [Axis::read(fields, "alpha", 1.0, Sense::Above0 { infinite: false })];
                grid(fields, axes, |[alpha]| Model::Lasso { alpha })
            }
            Self::Logistic => grid(fields, |fields| [Axis::read(fields, "C", 1.0, Sense::Above0 { infinite: true })], |[c]| Model::Logistic { c }),
            Self::Bayes => read_bayes(fields),
            Self::Neighbours => {
                let weights = fields.word("weights", &[("uniform", Weights::Uniform), ("distance", Weights::Distance)]).unwrap_or(Weights::Uniform);
                let distances = [("euclidean", neighbours::Distance::Euclidean), ("manhattan", neighbours::Distance::Manhattan)];
                let distance = fields.word("distance", &distances).unwrap_or(neighbours::Distance::Euclidean);
                let axes = |fields: &mut Fields<'_>| [Axis::read(fields, "neighbours", 5.0, Sense::Whole(1, 10_000))];
                grid(fields, axes, |[k]| Model::Neighbours { k: whole(k), weights, distance })
            }
            Self::Tree => {
                let entropy = task == Task::Classification && read_criterion(fields);
                grid(fields, |fields| limits(fields, f64::INFINITY), |[depth, leaf]| Model::Tree { limits: Limits { depth: whole(depth), leaf }, entropy })
            }
            Self::Forest => {
                let entropy = task == Task::Classification && read_criterion(fields);
                let features = wood::Features::read(fields, task);
                let axes = |fields: &mut Fields<'_>| {
                    let trees = Axis::read(fields, "trees", 100.0, Sense::Whole(1, 10_000));
                    let [depth, leaf] = limits(fields, f64::INFINITY);
                    [trees, depth, leaf]
                };
                let model =
                    |[trees, depth, leaf]: [f64; 3]| Model::Forest { trees: whole(trees), limits: Limits { depth: whole(depth), leaf }, entropy, features };
                grid(fields, axes, model)
            }
            Self::Boosting => {
                let axes = |fields: &mut Fields<'_>| {
                    let trees = Axis::read(fields, "trees", 100.0, Sense::Whole(1, 10_000));
                    let [depth, leaf] = limits(fields, 3.0);
                    [trees, depth, leaf, Axis::read(fields, "learning_rate", 0.1, Sense::Share)]
                };
                let model = |[trees, depth, leaf, rate]: [f64; 4]| Model::Boosting { trees: whole(trees), limits: Limits { depth: whole(depth), leaf }, rate };
                grid(fields, axes, model)
            }
            Self::Machine => read_machine(fields, task),
        }
    }
}

/// The settings that are lists, and a model for each combination of their values.
fn grid<const N: usize>(
    fields: &mut Fields<'_>,
    axes: impl FnOnce(&mut Fields<'_>) -> [Axis; N],
    model: impl Fn([f64; N]) -> Model,
) -> (Vec<Axis>, Vec<Model>) {
    let axes = axes(fields);
    check_size(fields, axes.iter().map(|axis| axis.values.len()).product());
    let models = combinations(&axes).into_iter().map(model).collect();
    (axes.into_iter().filter(|axis| axis.listed).collect(), models)
}

fn limits(fields: &mut Fields<'_>, depth: f64) -> [Axis; 2] {
    [Axis::read(fields, "max_depth", depth, Sense::Whole(1, 1_000)), Axis::read(fields, "min_samples_leaf", 1.0, Sense::Whole(1, 1_000_000))]
}

/// Whether splits go by entropy.
fn read_criterion(fields: &mut Fields<'_>) -> bool {
    fields.word("criterion", &[("gini", false), ("entropy", true)]).unwrap_or(false)
}

fn read_bayes(fields: &mut Fields<'_>) -> (Vec<Axis>, Vec<Model>) {
    type OfSmoothing = fn(f64) -> Distribution;
    let kinds: [(&str, OfSmoothing); 3] =
        [("gaussian", |_| Distribution::Gaussian), ("bernoulli", Distribution::Bernoulli), ("multinomial", Distribution::Multinomial)];
    let kind = fields.word("distribution", &kinds).unwrap_or(kinds[0].1);
    let counted = kind(1.0) != Distribution::Gaussian;
    let axes = |fields: &mut Fields<'_>| {
        // A Gaussian counts nothing.
        [if counted { Axis::read(fields, "alpha", 1.0, Sense::Above0 { infinite: false }) } else { Axis::fixed("alpha", 1.0) }]
    };
    grid(fields, axes, |[alpha]| Model::Bayes(kind(alpha)))
}

fn read_machine(fields: &mut Fields<'_>, task: Task) -> (Vec<Axis>, Vec<Model>) {
    let shapes = [("linear", Shape::Linear), ("poly", Shape::Polynomial), ("rbf", Shape::Rbf)];
    let shape = fields.word("kernel", &shapes).unwrap_or(Shape::Rbf);
    let scaled = matches!(fields.peek("gamma").map(toml::Spanned::get_ref), None | Some(toml::de::DeValue::String(_)));
    if scaled {
        fields.word("gamma", &[("scale", ())]);
    }
    let axes = |fields: &mut Fields<'_>| {
        let c = Axis::read(fields, "C", 1.0, Sense::Above0 { infinite: false });
        let gamma =
            if scaled || shape == Shape::Linear { Axis::fixed("gamma", 1.0) } else { Axis::read(fields, "gamma", 1.0, Sense::Above0 { infinite: false }) };
        let degree = if shape == Shape::Polynomial { Axis::read(fields, "degree", 3.0, Sense::Whole(1, 20)) } else { Axis::fixed("degree", 3.0) };
        let epsilon = if task == Task::Regression { Axis::read(fields, "epsilon", 0.1, Sense::From0) } else { Axis::fixed("epsilon", 0.1) };
        [c, gamma, degree, epsilon]
    };
    grid(fields, axes, |[c, gamma, degree, epsilon]| {
        let kernel = KernelChoice { shape, gamma: (!scaled).then_some(gamma), degree: i32::try_from(whole(degree)).unwrap_or(3) };
        Model::Machine { kernel, c, epsilon }
    })
}

impl KernelChoice {
    fn over(self, x: &Matrix) -> Kernel {
        let gamma = self.gamma.unwrap_or_else(|| {
            let count = x.values.len().max(1) as f64;
            let mean = x.values.iter().sum::<f64>() / count;
            let variance = x.values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count;
            if variance > 0.0 { 1.0 / (x.cols as f64 * variance) } else { 1.0 }
        });
        match self.shape {
            Shape::Linear => Kernel::Linear,
            Shape::Polynomial => Kernel::Polynomial { gamma, degree: self.degree },
            Shape::Rbf => Kernel::Rbf { gamma },
        }
    }
}

impl Model {
    /// How many rows it can learn from.
    pub(super) fn most_rows(&self, task: Task) -> usize {
        match self {
            Self::Machine { .. } if task == Task::Regression => MOST_ROWS / 2,
            Self::Machine { .. } => MOST_ROWS,
            _ => usize::MAX,
        }
    }

    /// The model, fitted; the error says why it cannot be.
    pub(super) fn fit(&self, lesson: Lesson<'_>, seed: Seed) -> Result<Box<dyn Fitted>, String> {
        let Lesson { x, y, classes } = lesson;
        Ok(match (self, y) {
            (Self::Ridge { alpha }, Truth::Numbers(y)) => Box::new(Linear::ridge(x, y, *alpha)?),
            (Self::Lasso { alpha }, Truth::Numbers(y)) => Box::new(Linear::lasso(x, y, *alpha)?),
            (Self::Logistic { c }, Truth::Classes(of)) => Box::new(Logistic::fit(x, of, classes, *c)?),
            (Self::Bayes(distribution), Truth::Classes(of)) => Box::new(Bayes::fit(x, of, classes, *distribution)?),
            (Self::Neighbours { k, weights, distance }, y) => {
                Box::new(Neighbours { x: x.clone(), y: y.clone(), classes, k: *k, weights: *weights, distance: *distance })
            }
            (Self::Tree { limits, entropy }, _) => Box::new(Grown::tree(lesson, *limits, *entropy)?),
            (Self::Forest { trees, limits, entropy, features }, _) => Box::new(Grown::forest(lesson, *trees, *limits, *entropy, *features, seed)?),
            (Self::Boosting { trees, limits, rate }, _) => Box::new(Boosting::fit(lesson, *trees, *limits, *rate)?),
            (Self::Machine { kernel, c, .. }, Truth::Classes(of)) => Box::new(Pairs::fit(x, of, classes, kernel.over(x), *c)?),
            (Self::Machine { kernel, c, epsilon }, Truth::Numbers(y)) => Box::new(Tube::fit(x, y, kernel.over(x), *c, *epsilon)?),
            _ => return Err("the answers are of another kind than the model predicts".to_owned()),
        })
    }
}
