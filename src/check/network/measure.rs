//! What a network's answers are measured against, and by what.

use std::borrow::Cow;

use toml::Spanned;

use crate::check::recompute::predicted_classes;
use crate::check::{Case, Stop};
use crate::data::Datasets;
use crate::domain::answers::{Classes, Right};
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::examples::{Examples, Numbers};
use crate::domain::fields::Fields;
use crate::domain::number::Finite;
use crate::domain::table::Table;
use crate::metrics::probabilities::{Reduction, log_loss as of_probabilities, log_loss_of_logits};
use crate::metrics::{Rows, regression};
use crate::network::{Answers, Choice};

/// The data set, and what of a table goes in and comes out.
#[derive(Debug)]
pub(super) struct Subject {
    data: Spanned<String>,
    table: Option<(Vec<String>, String)>,
}

impl Subject {
    pub(super) fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let data = fields.required::<String>("data");
        let features = fields.optional::<Vec<String>>("features");
        let target = fields.optional::<String>("target");
        let table = match (features, target) {
            (Some(features), Some(target)) => Some((features.into_inner(), target.into_inner())),
            (None, None) => None,
            _ => {
                fields.fault(Code::MissingKey, fields.span(), "of a table, both `features` and `target` are named");
                None
            }
        };
        Some(Self { data: data?, table })
    }

    /// A data set of images or of rows with their answers.
    pub(super) fn of(data: Spanned<String>) -> Self {
        Self { data, table: None }
    }

    pub(super) fn data(&self) -> &Spanned<String> {
        &self.data
    }

    /// The classes that the student's predictions `name` hold, one for each example.
    pub(super) fn predicted(&self, case: &Case<'_>, name: &str) -> Result<Vec<usize>, Stop> {
        let predictions = case.student.predictions(name)?;
        let target = self.table.as_ref().map(|(_, target)| target.as_str());
        let answers = case.data.answers(self.data.get_ref(), target).map_err(Stop::Fault)?;
        predicted_classes(&predictions, &answers)
    }

    /// What is wrong with the examples and the right answers, or with measuring them by `metric`.
    pub(super) fn open(&self, data: &dyn Datasets, metric: Metric) -> Result<(), Diagnostic> {
        let malformed = |message: &str| Err(Diagnostic::error(Code::DataMalformed, format!("data set `{}`: {message}", self.data.get_ref())));
        match self.load(data, metric) {
            Ok((_, Right::Values(_))) if metric != Metric::Rmse => malformed("it has numbers to predict, and the metric needs classes"),
            Ok((_, Right::Classes(_))) if metric == Metric::Rmse => malformed("it has classes to predict, and the metric needs numbers"),
            Err(Stop::Fault(fault)) => Err(fault),
            _ => Ok(()),
        }
    }

    /// The examples and the right answers; what is wrong with them is the course's fault.
    pub(super) fn load<'d>(&self, data: &'d dyn Datasets, metric: Metric) -> Result<(Examples<'d>, Right), Stop> {
        let name = self.data.get_ref();
        if let Some((features, target)) = &self.table {
            let table = data.table(name).map_err(Stop::Fault)?;
            return of_table(table, features, target)
                .map_err(|message| Stop::Fault(Diagnostic::error(Code::BadValue, format!("data set `{name}`: {message}"))));
        }
        let examples = data.validation_inputs(name).map_err(Stop::Fault)?;
        let answers = data.answers(name, None).map_err(Stop::Fault)?;
        // Whole numbers are classes if a metric of classes is asked for.
        let classes = answers.classes.filter(|_| metric != Metric::Rmse).map(Right::Classes);
        Ok((examples, classes.unwrap_or(answers.right)))
    }
}

/// All rows of `table`, with means and deviations over all of them.
fn of_table<'d>(table: &Table, features: &[String], target: &str) -> Result<(Examples<'d>, Right), String> {
    let columns = features.iter().map(|name| table.numbers(name)).collect::<Result<Vec<_>, _>>()?;
    if columns.is_empty() {
        return Err("`features` is empty".to_owned());
    }
    let values: Vec<f64> = (0..table.rows()).flat_map(|row| columns.iter().map(move |column| column[row])).collect();
    let truth = Right::from(table.column(target)?);
    let all = || Numbers::Features(Cow::Owned(values.clone()));
    Ok((Examples::new(vec![features.len()], all(), all()), truth))
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Metric {
    /// The fraction that is classified wrongly.
    Error,
    /// The fraction that is classified rightly.
    Accuracy,
    /// Mean cross-entropy in nats: −ln of the probability of the right class (Goodfellow, Bengio and Courville 2016, 5.5).
    LogLoss,
    /// The root of the mean squared error, in the unit of the data.
    Rmse,
}

impl Metric {
    pub(super) const NAMES: [&'static str; 4] = ["error", "accuracy", "log-loss", "rmse"];

    pub(super) fn named(word: &str) -> Option<Self> {
        let all = [Self::Error, Self::Accuracy, Self::LogLoss, Self::Rmse];
        Self::NAMES.iter().position(|name| *name == word).map(|i| all[i])
    }

    /// Whether it is a fraction of the examples, which people also state in percent.
    pub(super) fn is_fraction(self) -> bool {
        matches!(self, Self::Error | Self::Accuracy)
    }

    /// Its value, or why the answers have none.
    pub(super) fn of(self, answers: &Answers, truth: &Right) -> Result<Measured, String> {
        let value = match (self, truth) {
            (Self::Error | Self::Accuracy, Right::Classes(classes)) => return self.of_classes(answers, classes),
            (Self::LogLoss, Right::Classes(classes)) => log_loss(answers, classes)?,
            (Self::Rmse, Right::Values(targets)) => rmse(answers, targets)?,
            (Self::Rmse, Right::Classes(_)) => return Err("the data set has classes to predict, not numbers".to_owned()),
            (_, Right::Values(_)) => return Err("the data set has numbers to predict, not classes".to_owned()),
        };
        let value = finite(value)?;
        Ok(Measured { value, least: value, most: value, ties: 0, near: 0 })
    }

    /// Its value where classes are counted, and between which values it lies however ties are broken.
    fn of_classes(self, answers: &Answers, classes: &Classes) -> Result<Measured, String> {
        let known = classes.labels.iter().max().map_or(0, |most| most + 1);
        match answers {
            Answers::Scores { width, .. } if *width > 1 && *width < known => {
                return Err(format!("it gives {width} scores for each example, there are {known} classes"));
            }
            _ => {}
        }
        let choices = answers.choices(|class| classes.of_number(class)).ok_or("it gives one number for each example; expected a score for each class")?;
        let count = classes.labels.len().max(1) as f64;
        let share = |right: &dyn Fn(&Choice, usize) -> bool| {
            choices.iter().zip(&classes.labels).filter(|(choice, label)| right(choice, **label)).count() as f64 / count
        };
        let is_first = |choice: &Choice, label: usize| choice.class == Some(label);
        let (first, surely) = (share(&is_first), share(&|choice, label| is_first(choice, label) && choice.equals.is_empty()));
        let possibly = share(&|choice, label| is_first(choice, label) || choice.equals.contains(&Some(label)));
        let near = choices.iter().filter(|choice| !choice.equals.is_empty()).count();
        let ties = choices.iter().filter(|choice| choice.exact).count();
        let (value, least, most) = if self == Self::Error { (1.0 - first, 1.0 - possibly, 1.0 - surely) } else { (first, surely, possibly) };
        Ok(Measured { value: finite(value)?, least: finite(least)?, most: finite(most)?, ties, near })
    }
}

/// A metric's value, and what it could be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Measured {
    /// With the first of equal scores as the greatest.
    pub(super) value: Finite,
    /// The least and the greatest that some way to break ties gives.
    pub(super) least: Finite,
    pub(super) most: Finite,
    /// The examples whose greatest score is that of several classes, to the last digit.
    pub(super) ties: usize,
    /// Those of which it is so give or take rounding.
    pub(super) near: usize,
}

fn finite(value: f64) -> Result<Finite, String> {
    Finite::new(value).map_err(|error| format!("what it gives is {error}"))
}

/// What a probability is at least.
const EPSILON: f64 = 1e-15;

fn log_loss(answers: &Answers, truth: &Classes) -> Result<f64, String> {
    let Answers::Scores { width, values, classes, .. } = answers else { return Err("it gives classes; their scores are needed".to_owned()) };
    let scores: Vec<f64> = values.iter().map(|&score| f64::from(score)).collect();
    let rows = || scores.chunks_exact(*width);
    let place = |label: &usize| {
        let named = |names: &Vec<i64>| names.iter().position(|name| truth.of_number(*name) == Some(*label));
        let place = classes.as_ref().map_or(Some(*label), named).filter(|place| place < width);
        place.ok_or_else(|| format!("it has no score for class {label}"))
    };
    let places = truth.labels.iter().map(place).collect::<Result<Vec<usize>, String>>()?;
    // After a softmax each row sums to 1; anything else is a logit, or its logarithm, of which the log-softmax is itself.
    let probabilities = rows().all(|row| (row.iter().sum::<f64>() - 1.0).abs() < 1e-3 && row.iter().all(|&p| p >= 0.0));
    let loss =
        |rows| if probabilities { of_probabilities(&places, rows, EPSILON, Reduction::Mean) } else { log_loss_of_logits(&places, rows, Reduction::Mean) };
    Rows::new(&scores, *width).and_then(loss).map_err(|fault| fault.to_string())
}

fn rmse(answers: &Answers, targets: &[f64]) -> Result<f64, String> {
    match answers {
        Answers::Scores { width: 1, values, .. } => {
            let values: Vec<f64> = values.iter().map(|&value| f64::from(value)).collect();
            regression::rmse(targets, &values).map_err(|fault| fault.to_string())
        }
        _ => Err("it gives several numbers for each example; expected one".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_loss_is_scikit_learns_for_logits_and_probabilities() {
        // sklearn.metrics.log_loss([1, 0], [[0.3, 0.7], [0.6, 0.4]]) = 0.43375
        let truth = Right::Classes(Classes::counted(&[1, 0], 2));
        let of = |values: Vec<f32>| {
            Metric::LogLoss.of(&Answers::Scores { width: 2, values, classes: None, sigmoid: false, labels: None }, &truth).unwrap().value.get()
        };
        let probabilities = vec![0.3_f32, 0.7, 0.6, 0.4];
        assert!((of(probabilities.clone()) - 0.433_750_28).abs() < 1e-6);
        assert!((of(probabilities.iter().map(|p| p.ln()).collect()) - 0.433_750_28).abs() < 1e-6);
        assert!((of(probabilities.iter().map(|p| p.ln() + 3.0).collect()) - 0.433_750_28).abs() < 1e-6);
    }

    #[test]
    fn answers_of_the_wrong_kind_are_told() {
        let one = Answers::Scores { width: 1, values: vec![1.0, 2.0], classes: None, sigmoid: false, labels: None };
        assert!(Metric::Error.of(&one, &Right::Classes(Classes::counted(&[0, 1], 2))).unwrap_err().contains("a score for each class"));
        assert!(Metric::Error.of(&one, &Right::Values(vec![0.0, 1.0])).unwrap_err().contains("numbers to predict"));
        assert_eq!(Metric::Rmse.of(&one, &Right::Values(vec![1.0, 0.0])).unwrap().value.to_string(), "1.4142");
    }
}
