//! Predictions and right answers in the form that a metric takes, and its number.

use std::borrow::Cow;

use crate::domain::answers::{Answers, Classes, Right};
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::evidence::predictions::Predictions;

use super::super::Stop;
use super::Metric;
use super::join::Size;
use super::reading::{self, Read, ScoreKind, Scores};
use crate::metrics::{Fault, Rows, Value, classification, probabilities, regression};

/// Predictions beside the right answers.
#[derive(Debug)]
pub(super) struct Measure<'a> {
    pub(super) beside: Beside<'a>,
    /// How the file was read.
    pub(super) notes: Vec<String>,
    /// The rows in the order of their own numbers, if that is another one.
    pub(super) by_number: Option<Vec<usize>>,
}

#[derive(Debug)]
pub(super) enum Beside<'a> {
    Labels { classes: &'a Classes, predicted: Vec<usize> },
    Scores { classes: &'a Classes, scores: Scores },
    Values { truth: Cow<'a, [f64]>, predicted: Vec<f64>, peak: f64 },
}

/// The class of each example, an index into the data set's classes.
pub(in crate::check) fn predicted_classes(predictions: &Predictions, answers: &Answers) -> Result<Vec<usize>, Stop> {
    Ok(reading::labels(predictions, classes(answers)?, size(answers))?.value)
}

/// What white counts as in a picture.
const WHITE: f64 = 255.0;

impl<'a> Measure<'a> {
    /// The predictions as `metric` takes them.
    pub(super) fn of(metric: &Metric, predictions: &Predictions, answers: &'a Answers) -> Result<Self, Stop> {
        let size = size(answers);
        match metric {
            Metric::Rmse | Metric::Mae | Metric::R2 | Metric::Psnr { .. } => {
                let Right::Values(values) = &answers.right else { return Err(values_needed()) };
                let peak = if let Metric::Psnr { peak } = metric { peak.unwrap_or(WHITE) } else { WHITE };
                let truth = if answers.picture { values.iter().map(|value| value / WHITE * peak).collect() } else { Cow::Borrowed(values.as_slice()) };
                let Read { value, notes, by_number } = reading::values(predictions, size)?;
                Ok(Self { beside: Beside::Values { truth, predicted: value, peak }, notes, by_number })
            }
            Metric::LogLoss { scores, .. } => {
                let classes = classes(answers)?;
                let Read { value, notes, by_number } = reading::scores(predictions, classes, size, *scores)?;
                Ok(Self { beside: Beside::Scores { classes, scores: value }, notes, by_number })
            }
            Metric::Error | Metric::Accuracy | Metric::Recall { .. } | Metric::MacroRecall | Metric::MacroF1 => {
                let classes = classes(answers)?;
                let Read { value, notes, by_number } = reading::labels(predictions, classes, size)?;
                Ok(Self { beside: Beside::Labels { classes, predicted: value }, notes, by_number })
            }
        }
    }

    /// Where some examples have no row, or rows that differ: what `metric` gives for the others, how many those are, and what is wrong.
    pub(super) fn of_part(metric: &Metric, predictions: &Predictions, answers: &'a Answers) -> Option<(Result<f64, Stop>, usize, String)> {
        let (examples, predictions, message) = reading::partly(predictions, size(answers))?;
        let answers = answers.picked(&examples);
        let value = Measure::of(metric, &predictions, &answers).and_then(|measure| measure.value(metric));
        Some((value, examples.len(), message))
    }

    /// What keeps `metric` from these answers, whatever is predicted.
    pub(super) fn fits(metric: &Metric, answers: &Answers) -> Result<(), Diagnostic> {
        let fault = |stop| if let Stop::Fault(diagnostic) = stop { Err(diagnostic) } else { Ok(()) };
        match (metric, &answers.right) {
            (Metric::Rmse | Metric::Mae | Metric::R2 | Metric::Psnr { .. }, Right::Values(_)) => Ok(()),
            (Metric::Rmse | Metric::Mae | Metric::R2 | Metric::Psnr { .. }, Right::Classes(_)) => fault(values_needed()),
            _ => classes(answers).and_then(|classes| of_labels(metric, classes, &classes.labels)).map_or_else(fault, |_| Ok(())),
        }
    }

    /// What `metric` gives; it may be infinite.
    pub(super) fn value(&self, metric: &Metric) -> Result<f64, Stop> {
        match &self.beside {
            Beside::Labels { classes, predicted } => of_labels(metric, classes, predicted),
            Beside::Scores { classes, scores } => {
                let Metric::LogLoss { reduction, .. } = metric else { return Err(fault("scores")) };
                let loss = |rows| match scores.kind {
                    ScoreKind::Probabilities => probabilities::log_loss(&classes.labels, rows, scores.epsilon, *reduction),
                    ScoreKind::Logits => probabilities::log_loss_of_logits(&classes.labels, rows, *reduction),
                };
                or_infinite(Rows::new(&scores.values, scores.columns).and_then(loss))
            }
            Beside::Values { truth, predicted, peak } => or_infinite(match metric {
                Metric::Rmse => regression::rmse(truth, predicted),
                Metric::Mae => regression::mae(truth, predicted),
                Metric::R2 => regression::r2(truth, predicted),
                _ => regression::psnr(truth, predicted, *peak),
            }),
        }
    }

    /// Whether what is predicted is what is right, to the last row.
    pub(super) fn is_exact(&self) -> bool {
        match &self.beside {
            Beside::Labels { classes, predicted } => classes.labels == *predicted,
            Beside::Scores { classes, scores } => {
                let is_right = |(&class, row): (&usize, &[f64])| {
                    row.iter().enumerate().all(|(place, &score)| score.to_bits() == f64::from(u8::from(place == class)).to_bits())
                };
                classes.labels.iter().zip(scores.values.chunks_exact(scores.columns.max(1))).all(is_right)
            }
            Beside::Values { truth, predicted, .. } => regression::mae(truth, predicted).is_ok_and(|mae| mae <= 0.0),
        }
    }
}

fn size(answers: &Answers) -> Size<'_> {
    Size { validation: answers.len(), training: answers.training, keys: &answers.keys }
}

/// What `metric` gives for predicted classes.
pub(super) fn of_labels(metric: &Metric, classes: &Classes, predicted: &[usize]) -> Result<f64, Stop> {
    let truth = &classes.labels;
    or_infinite(match metric {
        Metric::Error => classification::error(truth, predicted),
        Metric::Recall { class } => {
            let known = classes.of_name(class).filter(|class| truth.contains(class));
            let class = known.ok_or_else(|| fault(&format!("validation examples of the class `{class}`, and the data set has none")))?;
            classification::recall(truth, predicted, class)
        }
        Metric::MacroRecall => classification::macro_recall(truth, predicted, &[]),
        Metric::MacroF1 => classification::macro_f1(truth, predicted, &[]),
        _ => classification::accuracy(truth, predicted),
    })
}

/// A metric's number, infinite where it is too great for one.
fn or_infinite(value: Value) -> Result<f64, Stop> {
    match value {
        Err(Fault::NotFinite) => Ok(f64::INFINITY),
        value => value.map_err(|fault| self::fault(&fault.to_string())),
    }
}

/// The classes of the data set; whole numbers are classes if a metric of classes is asked for.
fn classes(answers: &Answers) -> Result<&Classes, Stop> {
    let classes = match &answers.right {
        Right::Classes(classes) => Some(classes),
        Right::Values(_) => answers.classes.as_ref(),
    };
    classes.ok_or_else(|| fault("classes, and the data set has numbers to predict"))
}

fn values_needed() -> Stop {
    fault("numbers to predict, and the data set has classes")
}

/// The course's own fault: the metric does not fit the data set.
fn fault(needed: &str) -> Stop {
    Stop::Fault(Diagnostic::error(Code::DataMalformed, format!("the metric needs {needed}")))
}
