//! Predictions and right answers in the form that a metric takes, and its number.

use std::borrow::Cow;

use crate::domain::answers::{Answers, Classes, Right};
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::evidence::Absent;
use crate::evidence::predictions::Predictions;
use crate::metrics::table::{self, Needs, Settings, WHITE};
use crate::metrics::{Fault, Rows, Value, classification, confusion, ranking};

use super::super::Stop;
use super::join::Size;
use super::reading::{self, Examples, Labels, Read, ScoreKind, Scores};
use super::truth::{Truth, malformed, numbers_of};
use super::wanted::Wanted;

/// Predictions beside the right answers.
#[derive(Debug)]
pub(super) struct Measure<'a> {
    pub(super) beside: Beside<'a>,
    pub(super) wanted: &'a Wanted,
    settings: Cow<'a, Settings>,
    /// How the file was read.
    pub(super) notes: Vec<String>,
    /// The rows in the order of their own numbers, if that is another one.
    pub(super) by_number: Option<Vec<usize>>,
}

#[derive(Debug)]
pub(super) enum Beside<'a> {
    Labels { classes: &'a Classes, labels: Labels },
    Scores { right: Cow<'a, [usize]>, scores: Scores },
    Values(Vec<Target<'a>>),
    Clusters { right: &'a [usize], clusters: Vec<usize> },
    Points { features: (&'a [f64], usize), clusters: Vec<usize> },
    Ranks { relevance: &'a [f64], scores: Vec<f64>, groups: &'a [usize] },
    LogProbabilities(Vec<f64>),
}

/// The right and the predicted numbers of a target.
#[derive(Debug)]
pub(super) struct Target<'a> {
    pub(super) right: Cow<'a, [f64]>,
    pub(super) predicted: Vec<f64>,
}

/// The class of each example, an index into the data set's classes.
pub(in crate::check) fn predicted_classes(predictions: &Predictions, answers: &Answers) -> Result<Vec<usize>, Stop> {
    let classes = match &answers.right {
        Right::Classes(classes) => Some(classes),
        Right::Values(_) => answers.classes.as_ref(),
    };
    let classes = classes.ok_or_else(|| Stop::Fault(malformed("classes, and the data set has numbers to predict")))?;
    let size = Size { validation: answers.len(), training: answers.training, keys: &answers.keys };
    Ok(reading::labels(predictions, classes, None, Examples { size, ids: None, only: None, claimed: true })?.value.predicted)
}

/// The examples of which `truth` is.
pub(super) fn examples(truth: &Truth) -> Examples<'_> {
    let size = Size { validation: truth.rows, training: truth.training, keys: &truth.keys };
    Examples { size, ids: truth.ids.as_deref(), only: truth.only.as_deref(), claimed: truth.claimed }
}

impl<'a> Measure<'a> {
    /// The predictions as the metric takes them.
    pub(super) fn of(wanted: &'a Wanted, predictions: &Predictions, truth: &'a Truth) -> Result<Self, Stop> {
        let examples = examples(truth);
        let class = truth.settings.classes.first().copied();
        let mut settings = Cow::Borrowed(&truth.settings);
        let classes = || truth.classes().map_err(Stop::Fault);
        let (beside, notes, by_number) = match wanted.metric.needs {
            Needs::Classes | Needs::NumberedClasses => {
                let classes = classes()?;
                let class = class.filter(|_| truth.settings.classes.len() == 1);
                let Read { value, notes, by_number } = reading::labels(predictions, classes, class, examples)?;
                (Beside::Labels { classes, labels: value }, notes, by_number)
            }
            Needs::Scores | Needs::Probabilities | Needs::ProbabilitiesOrLogits => {
                let classes = classes()?;
                let Read { value, notes, by_number } = reading::scores(predictions, classes, examples, (wanted.metric, wanted.scores, class))?;
                let right = match value.of_one {
                    None => Cow::Borrowed(classes.labels.as_slice()),
                    // The others are one class together.
                    Some(one) => {
                        let named = if settings.classes.is_empty() { Vec::new() } else { vec![1] };
                        settings.to_mut().classes = if wanted.metric.needs == Needs::Scores { vec![1] } else { named };
                        Cow::Owned(classes.labels.iter().map(|&label| usize::from(label == one)).collect())
                    }
                };
                (Beside::Scores { right, scores: value }, notes, by_number)
            }
            Needs::Numbers => {
                let rights = truth.values().map_err(Stop::Fault)?;
                let Read { value, notes, by_number } = reading::values(predictions, examples, rights.len())?;
                let peak = truth.settings.peak.unwrap_or(WHITE);
                let scaled = |right: &'a [f64]| match truth.answers.first() {
                    // A picture's numbers are those that white is 255 of.
                    Some(answers) if answers.picture => Cow::Owned(right.iter().map(|value| value / WHITE * peak).collect()),
                    _ => Cow::Borrowed(right),
                };
                let targets = rights.into_iter().zip(value).map(|(right, predicted)| Target { right: scaled(right), predicted }).collect();
                (Beside::Values(targets), notes, by_number)
            }
            Needs::Clusters => {
                let right = classes()?.labels.as_slice();
                let Read { value, notes, by_number } = reading::clusters(predictions, examples)?;
                (Beside::Clusters { right, clusters: value }, notes, by_number)
            }
            Needs::ClustersOfPoints => {
                let Read { value, notes, by_number } = reading::clusters(predictions, examples)?;
                (Beside::Points { features: (&truth.features.0, truth.features.1), clusters: value }, notes, by_number)
            }
            Needs::Ranks | Needs::LogProbabilities => {
                let Read { value, notes, by_number } = reading::values(predictions, examples, 1)?;
                let scores = value.into_iter().next().unwrap_or_default();
                let beside = match truth.values().map_err(Stop::Fault)?.first() {
                    Some(relevance) => Beside::Ranks { relevance, scores, groups: &truth.groups },
                    None => Beside::LogProbabilities(scores),
                };
                (beside, notes, by_number)
            }
        };
        Ok(Self { beside, wanted, settings, notes, by_number })
    }

    /// The same predictions of classes in another way.
    pub(super) fn of_labels(&self, classes: &Classes, predicted: &[usize], strangers: &[String]) -> Value {
        let metric = self.wanted.metric;
        if metric.needs == Needs::NumberedClasses {
            let (right, predicted) = (numbers_of(classes, &classes.labels, &[]), numbers_of(classes, predicted, strangers));
            return metric.value(&table::Beside::Numbers { right: &right, predicted: &predicted }, &self.settings);
        }
        metric.value(&table::Beside::Classes { right: &classes.labels, predicted }, &self.settings)
    }

    /// The same predictions of numbers in another way, the mean over all targets.
    pub(super) fn of_values(&self, targets: &[Target<'_>]) -> Value {
        let of_target = |target: &Target<'_>| {
            let beside = table::Beside::Numbers { right: &target.right, predicted: &target.predicted };
            self.wanted.metric.value(&beside, &self.settings)
        };
        Ok(targets.iter().map(of_target).sum::<Value>()? / targets.len().max(1) as f64)
    }

    /// The loss of scores beside what is right.
    pub(super) fn of_scores(&self, right: &[usize], values: &[f64], scores: &Scores) -> Value {
        let rows = Rows::new(values, scores.columns)?;
        let beside = table::Beside::Scores { right, rows, epsilon: scores.epsilon, logits: scores.kind == ScoreKind::Logits };
        self.wanted.metric.value(&beside, &self.settings)
    }

    /// What the metric gives.
    pub(super) fn value(&self) -> Value {
        let (metric, settings) = (self.wanted.metric, &*self.settings);
        match &self.beside {
            Beside::Labels { classes, labels } => self.of_labels(classes, &labels.predicted, &labels.strangers),
            Beside::Scores { right, scores } => self.of_scores(right, &scores.values, scores),
            Beside::Values(targets) => self.of_values(targets),
            Beside::Clusters { right, clusters } => metric.value(&table::Beside::Classes { right, predicted: clusters }, settings),
            Beside::Points { features: (features, columns), clusters } => {
                metric.value(&table::Beside::Points { features: Rows::new(features, *columns)?, clusters }, settings)
            }
            Beside::Ranks { relevance, scores, groups } => metric.value(&table::Beside::Ranks { relevance, scores, groups }, settings),
            Beside::LogProbabilities(logarithms) => metric.value(&table::Beside::LogProbabilities(logarithms), settings),
        }
    }

    /// Precision, recall, F1 and number of rows of each class.
    pub(super) fn per_class(&self) -> Result<Vec<[f64; 4]>, Fault> {
        match &self.beside {
            Beside::Labels { classes, labels } => {
                let count = |class: usize| {
                    let [precision, recall, f1] = [classification::precision, classification::recall, classification::f1];
                    let truly = classes.labels.iter().filter(|label| **label == class).count();
                    let (right, predicted) = (&classes.labels, &labels.predicted);
                    Ok([precision(right, predicted, class)?, recall(right, predicted, class)?, f1(right, predicted, class)?, truly as f64])
                };
                (0..classes.names.len()).map(count).collect()
            }
            _ => Err(Fault::Needs(self.wanted.metric.needs.words())),
        }
    }

    /// The points of the ROC curve of the class.
    pub(super) fn roc(&self) -> Result<Vec<[f64; 2]>, Fault> {
        match (&self.beside, self.settings.classes.first()) {
            (Beside::Scores { right, scores }, Some(&class)) => {
                let column = Rows::new(&scores.values, scores.columns)?.column(class);
                ranking::roc(right, &column, class)
            }
            _ => Err(Fault::Setting("class")),
        }
    }

    /// How often each class was taken for which.
    pub(super) fn confusion(&self) -> Result<Vec<Vec<usize>>, Fault> {
        match &self.beside {
            Beside::Labels { classes, labels } => confusion::matrix(&classes.labels, &labels.predicted, classes.names.len()),
            _ => Err(Fault::Needs(self.wanted.metric.needs.words())),
        }
    }

    /// How many rows count.
    pub(super) fn len(&self) -> usize {
        match &self.beside {
            Beside::Labels { labels, .. } => labels.predicted.len(),
            Beside::Scores { right, .. } => right.len(),
            Beside::Values(targets) => targets.first().map_or(0, |target| target.predicted.len()),
            Beside::Clusters { clusters, .. } | Beside::Points { clusters, .. } => clusters.len(),
            Beside::Ranks { scores, .. } | Beside::LogProbabilities(scores) => scores.len(),
        }
    }

    /// Whether what is predicted is what is right, to the last row. Clusters that are the classes are no copy of them.
    pub(super) fn is_exact(&self) -> bool {
        let same = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(a, b)| (a - b).abs() <= 0.0);
        match &self.beside {
            Beside::Labels { classes, labels } => classes.labels == labels.predicted,
            Beside::Scores { right, scores } => {
                let is_right = |(&class, row): (&usize, &[f64])| {
                    row.iter().enumerate().all(|(place, &score)| score.to_bits() == f64::from(u8::from(place == class)).to_bits())
                };
                right.iter().zip(scores.values.chunks_exact(scores.columns.max(1))).all(is_right)
            }
            Beside::Values(targets) => targets.iter().all(|target| same(&target.right, &target.predicted)),
            Beside::Ranks { relevance, scores, .. } => same(relevance, scores),
            Beside::Clusters { .. } | Beside::Points { .. } | Beside::LogProbabilities(_) => false,
        }
    }
}

/// Where some examples have no row, or rows that differ: what the metric gives for the others, how many those are, and what is wrong.
pub(super) fn of_part(wanted: &Wanted, predictions: &Predictions, truth: &Truth) -> Option<(Result<f64, Stop>, usize, String)> {
    if truth.ids.is_some() {
        return None;
    }
    let (places, predictions, message) = reading::partly(predictions, examples(truth).size)?;
    let (part, predictions) = truth.part(&places, predictions);
    let value = Measure::of(wanted, &predictions, &part).and_then(|measure| value_of(&measure, &predictions));
    Some((value, part.rows, message))
}

/// What the metric gives; it may be infinite. What keeps it from a value is in the predictions: what is in the data set has been told.
pub(super) fn value_of(measure: &Measure<'_>, predictions: &Predictions) -> Result<f64, Stop> {
    match measure.value() {
        Err(Fault::NotFinite) => Ok(f64::INFINITY),
        Err(fault) => {
            let message = format!("the metric `{}` has no value for these predictions: {fault}", measure.wanted.metric.name);
            Err(Stop::Absent(Absent::Unusable(Diagnostic::error(Code::BadPredictions, message).in_file(&predictions.path))))
        }
        Ok(value) => Ok(value),
    }
}
