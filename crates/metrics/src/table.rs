//! The table of all metrics: what each is called, where its formula comes from, what it needs, which way is better and where it lies.

mod rows;

use crate::fault::{Fault, Value};
use crate::probabilities::Reduction;
use crate::{Rows, probabilities, ranking};

pub use rows::METRICS;

/// A row of the table.
#[derive(Debug)]
pub struct Metric {
    /// Its name, such as `macro-f1`.
    pub name: &'static str,
    /// What it is called in sentences.
    pub title: &'static str,
    /// The function of `sklearn.metrics` that it agrees with, or its formula.
    pub source: &'static str,
    /// What has to be predicted.
    pub needs: Needs,
    /// The settings that it has.
    pub keys: &'static [Key],
    /// Where it lies, and which way is better.
    pub scale: Scale,
    compute: Compute,
}

/// What a metric needs of predictions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// A class for each row, or a score for each class, of which the greatest counts.
    Classes,
    /// A class for each row that is a whole number.
    NumberedClasses,
    /// A score for each row and class, higher for what is likelier.
    Scores,
    /// A probability for each row and class.
    Probabilities,
    /// The same, or what a softmax makes probabilities of.
    ProbabilitiesOrLogits,
    /// A number for each row.
    Numbers,
    /// A cluster for each row, of any name, held against classes.
    Clusters,
    /// A cluster for each row, held against the features of the rows.
    ClustersOfPoints,
    /// A score for each row of a group.
    Ranks,
    /// The natural logarithm of a probability for each row.
    LogProbabilities,
}

/// A setting of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Its name.
    pub name: KeyName,
    /// Whether the metric has no meaning without it.
    pub needed: bool,
}

/// The names of settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyName {
    /// The class that it is about.
    Class,
    /// The classes that it is about.
    Classes,
    /// How many of the first count.
    K,
    /// The quantile, from 0 to 1.
    Quantile,
    /// How many bins.
    Bins,
    /// The columns that are the features of the rows.
    Features,
    /// The column that says which rows belong together.
    Group,
    /// Mean or sum.
    Reduction,
    /// Probabilities or logits.
    Scores,
    /// The greatest value there can be.
    Peak,
}

/// Where a metric lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// Which way is better; none of a matrix.
    pub better: Option<Better>,
    /// The least that it can be, if there is such a number.
    pub least: Option<f64>,
    /// The greatest that it can be, if there is such a number.
    pub most: Option<f64>,
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// More.
    Higher,
    /// Less.
    Lower,
}

/// Predictions beside what they are held against.
#[derive(Debug, Clone, Copy)]
pub enum Beside<'a> {
    /// Classes, or clusters, as whole numbers.
    Classes {
        /// What is right.
        right: &'a [usize],
        /// What was predicted.
        predicted: &'a [usize],
    },
    /// A score for each class, or a probability.
    Scores {
        /// The right class, the place of its column.
        right: &'a [usize],
        /// A row for each example.
        rows: Rows<'a>,
        /// What probabilities are clipped by: the machine epsilon of their type.
        epsilon: f64,
        /// Whether they are logits, where the metric takes both.
        logits: bool,
    },
    /// Numbers.
    Numbers {
        /// What is right.
        right: &'a [f64],
        /// What was predicted.
        predicted: &'a [f64],
    },
    /// Clusters of points.
    Points {
        /// The features of each row.
        features: Rows<'a>,
        /// The cluster of each row.
        clusters: &'a [usize],
    },
    /// Rows of groups that are put into an order.
    Ranks {
        /// How relevant each row is, 0 or more.
        relevance: &'a [f64],
        /// The score of each row.
        scores: &'a [f64],
        /// The group of each row.
        groups: &'a [usize],
    },
    /// The natural logarithms of probabilities.
    LogProbabilities(&'a [f64]),
}

/// The settings of a metric; what it does not have is not looked at.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Settings {
    /// The classes that it is about, by their place.
    pub classes: Vec<usize>,
    /// How many of the first count.
    pub k: Option<usize>,
    /// The quantile, from 0 to 1.
    pub quantile: Option<f64>,
    /// How many bins.
    pub bins: Option<usize>,
    /// Mean or sum.
    pub reduction: Option<Reduction>,
    /// The greatest value there can be, 255 unless given.
    pub peak: Option<f64>,
}

/// The names of all metrics, in the order of the table.
pub const NAMES: [&str; METRICS.len()] = {
    let mut names = [""; METRICS.len()];
    let mut place = 0;
    while place < names.len() {
        names[place] = METRICS[place].name;
        place += 1;
    }
    names
};

/// What white counts as in a picture of bytes.
pub const WHITE: f64 = 255.0;

/// How a metric is computed, by the form that it takes.
#[derive(Debug, Clone, Copy)]
enum Compute {
    Classes(fn(&[usize], &[usize]) -> Value),
    OfClass(fn(&[usize], &[usize], usize) -> Value),
    OfClasses(fn(&[usize], &[usize], &[usize]) -> Value),
    Scores(fn(&[usize], Rows<'_>, &Settings) -> Value),
    LogLoss,
    Numbers(fn(&[f64], &[f64], &Settings) -> Value),
    Points(fn(Rows<'_>, &[usize]) -> Value),
    Ranks(fn(&[f64], &[f64], &[usize], Option<usize>) -> Value),
    LogProbabilities(fn(&[f64]) -> Value),
    /// A matrix, which is no number.
    Matrix,
}

impl Metric {
    /// The metric of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        METRICS.iter().find(|metric| metric.name == name)
    }

    /// What it gives.
    pub fn value(&self, beside: &Beside<'_>, settings: &Settings) -> Value {
        if let (Compute::Classes(_) | Compute::OfClass(_) | Compute::OfClasses(_), Beside::Scores { right, rows, .. }) = (self.compute, beside) {
            return self.value(&Beside::Classes { right, predicted: &rows.greatest() }, settings);
        }
        match (self.compute, *beside) {
            (Compute::Classes(of), Beside::Classes { right, predicted }) => of(right, predicted),
            (Compute::OfClass(of), Beside::Classes { right, predicted }) => of(right, predicted, settings.class()?),
            (Compute::OfClasses(of), Beside::Classes { right, predicted }) => of(right, predicted, &settings.classes),
            (Compute::Scores(of), Beside::Scores { right, rows, .. }) => of(right, rows, settings),
            (Compute::LogLoss, Beside::Scores { right, rows, epsilon, logits }) => {
                let reduction = settings.reduction.ok_or(Fault::Setting("reduction"))?;
                if logits { probabilities::log_loss_of_logits(right, rows, reduction) } else { probabilities::log_loss(right, rows, epsilon, reduction) }
            }
            (Compute::Numbers(of), Beside::Numbers { right, predicted }) => of(right, predicted, settings),
            (Compute::Points(of), Beside::Points { features, clusters }) => of(features, clusters),
            (Compute::Ranks(of), Beside::Ranks { relevance, scores, groups }) => of(relevance, scores, groups, settings.k),
            (Compute::LogProbabilities(of), Beside::LogProbabilities(logarithms)) => of(logarithms),
            _ => Err(Fault::Needs(self.needs.words())),
        }
    }

    /// Its setting of this name, if it has it.
    pub fn key(&self, name: KeyName) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }
}

impl Scale {
    /// Whether it is from 0 to 1, so that people state the metric in percent too.
    pub fn is_fraction(&self) -> bool {
        matches!((self.least, self.most), (Some(least), Some(most)) if least.abs() <= 0.0 && (most - 1.0).abs() <= 0.0)
    }

    /// Whether a number lies on it.
    pub fn holds(&self, value: f64) -> bool {
        self.least.is_none_or(|least| value >= least) && self.most.is_none_or(|most| value <= most)
    }
}

impl Settings {
    /// The first class.
    fn class(&self) -> Result<usize, Fault> {
        self.classes.first().copied().ok_or(Fault::Setting("class"))
    }
}

impl Needs {
    /// What it is in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Classes => "classes or scores",
            Self::NumberedClasses => "classes that are numbers",
            Self::Scores => "scores",
            Self::Probabilities => "probabilities",
            Self::ProbabilitiesOrLogits => "probabilities or logits",
            Self::Numbers => "numbers",
            Self::Clusters | Self::ClustersOfPoints => "clusters",
            Self::Ranks => "a score a row",
            Self::LogProbabilities => "log-probabilities",
        }
    }

    /// Whether predictions are held against a column that was to be predicted.
    pub fn has_target(self) -> bool {
        !matches!(self, Self::ClustersOfPoints | Self::LogProbabilities)
    }
}

impl KeyName {
    /// The key as it is written.
    pub fn word(self) -> &'static str {
        match self {
            Self::Class | Self::Classes => "class",
            Self::K => "k",
            Self::Quantile => "quantile",
            Self::Bins => "bins",
            Self::Features => "features",
            Self::Group => "group",
            Self::Reduction => "reduction",
            Self::Scores => "scores",
            Self::Peak => "peak",
        }
    }
}

/// The area under the curve of the class, or the mean of all.
fn auc(right: &[usize], rows: Rows<'_>, settings: &Settings) -> Value {
    match settings.classes.first() {
        Some(&class) => ranking::auc(right, &rows.column(class), class),
        None => ranking::mean_auc(right, rows),
    }
}

/// Of the class, or summed over all.
fn brier(right: &[usize], rows: Rows<'_>, settings: &Settings) -> Value {
    match settings.classes.first() {
        Some(&class) => probabilities::brier_of_class(right, rows, class),
        // Of two classes scikit-learn has that of one of them, which is half of the sum.
        None if rows.columns() < 3 => Err(Fault::Setting("class")),
        None => probabilities::brier(right, rows),
    }
}
