//! A number for each example and class: probabilities, logits, or scores that only put the examples into an order.

use crate::domain::answers::{Classes, whole};
use crate::domain::number::{Finite, significant};
use crate::evidence::Absent;
use crate::evidence::predictions::{Content, Predictions, Rows};
use crate::metrics::table::{Metric, Needs};

use super::fitted::{Examples, Fitted, Form, fitted};
use super::{Read, called, fault, whole_numbers};

/// A number for each example and class, row by row.
#[derive(Debug)]
pub(in crate::check::recompute) struct Scores {
    pub(in crate::check::recompute) columns: usize,
    pub(in crate::check::recompute) values: Vec<f64>,
    pub(in crate::check::recompute) epsilon: f64,
    pub(in crate::check::recompute) kind: ScoreKind,
    /// Whether they are of one class and of the others together: 0 is the others, 1 the class.
    pub(in crate::check::recompute) of_one: Option<usize>,
}

/// What scores are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::check::recompute) enum ScoreKind {
    /// Each from 0 to 1.
    Probabilities,
    /// Before the softmax.
    Logits,
    /// Any numbers, of which only the order counts.
    Order,
}

/// The scores that `metric` takes. `stated` says whether they are probabilities or logits, if the rubric does; one number for each example is
/// that of `class`, if the rubric names one.
pub(in crate::check::recompute) fn scores(
    predictions: &Predictions,
    classes: &Classes,
    examples: Examples<'_>,
    (metric, stated, class): (&Metric, Option<ScoreKind>, Option<usize>),
) -> Result<Read<Scores>, Absent> {
    let stated = match metric.needs {
        Needs::Scores => Some(ScoreKind::Order),
        Needs::Probabilities => Some(ScoreKind::Probabilities),
        _ => stated,
    };
    let Fitted { content, mut notes, by_number } = fitted(predictions, examples, Form::Classes(classes))?;
    let count = classes.names.len();
    match content.as_ref() {
        Content::Rows(rows) => {
            let values = by_class(rows, classes, predictions, &mut notes)?;
            let kind = kind_of(&values, count, rows.epsilon, stated, predictions, &mut notes)?;
            let value = Scores { columns: count, values, epsilon: rows.epsilon, kind, of_one: None };
            Ok(Read { value, notes, by_number })
        }
        Content::Numbers { values, epsilon } => {
            let class = of_whom(values, classes, metric, stated, class).map_err(|refusal| refusal.of(predictions, classes, metric))?;
            let name = classes.names.get(class).map_or("", String::as_str);
            notes.push(format!("the one number of each example was read as that of `{name}`"));
            let own: Vec<f64> = values.iter().map(|value| value.get()).collect();
            let kind = kind_of(&own, 1, *epsilon, stated, predictions, &mut notes)?;
            let other = |own: f64| match kind {
                ScoreKind::Probabilities => 1.0 - own,
                ScoreKind::Logits => 0.0,
                ScoreKind::Order => -own,
            };
            let values = own.into_iter().flat_map(|own| [other(own), own]).collect();
            Ok(Read { value: Scores { columns: 2, values, epsilon: *epsilon, kind, of_one: Some(class) }, notes, by_number })
        }
        Content::Names(_) => Err(Refusal::Classes.of(predictions, classes, metric)),
    }
}

/// Why one number for each example is no score of a class.
enum Refusal {
    /// The file holds classes.
    Classes,
    /// Nobody has said of which class the number is.
    OfWhom,
}

impl Refusal {
    fn of(&self, predictions: &Predictions, classes: &Classes, metric: &Metric) -> Absent {
        let count = classes.names.len();
        let wanted = format!("save {count} probabilities for each example: predict_proba, or a softmax of the network's outputs");
        match self {
            Self::Classes if metric.name == "log-loss" => {
                let message = "the file holds classes, and a log loss needs a probability for each class".to_owned();
                Absent::Unusable(fault(predictions, message).help(wanted))
            }
            Self::Classes => {
                let message = format!("the file holds classes, and the metric `{}` needs {} for each class", metric.name, metric.needs.words());
                Absent::Unusable(fault(predictions, message).help(wanted))
            }
            Self::OfWhom => {
                let message = format!("there is one number for each example, which may be that of {}", called(classes));
                Absent::ForAPerson(fault(predictions, message).help(wanted))
            }
        }
    }
}

/// The class whose number stands alone for each example.
fn of_whom(values: &[Finite], classes: &Classes, metric: &Metric, stated: Option<ScoreKind>, class: Option<usize>) -> Result<usize, Refusal> {
    let is_whole = whole_numbers(values).is_ok();
    let of_two = classes.names.len() == 2;
    match class {
        // 0 and 1 are as good an order as other numbers; as probabilities they are classes.
        Some(class) if stated == Some(ScoreKind::Order) => Ok(class),
        Some(class) if (of_two || metric.name == "brier") && (!is_whole || stated == Some(ScoreKind::Logits)) => Ok(class),
        Some(_) => Err(Refusal::Classes),
        None if !of_two => Err(Refusal::Classes),
        None if stated == Some(ScoreKind::Order) => {
            if classes.numbered {
                Ok(1)
            } else {
                Err(Refusal::OfWhom)
            }
        }
        None if is_whole && stated != Some(ScoreKind::Logits) => Err(Refusal::Classes),
        None => Ok(1),
    }
}

/// What the numbers are, and what is to be noted of that.
fn kind_of(
    values: &[f64],
    columns: usize,
    epsilon: f64,
    stated: Option<ScoreKind>,
    predictions: &Predictions,
    notes: &mut Vec<String>,
) -> Result<ScoreKind, Absent> {
    let single = columns == 1;
    let outside = values.iter().position(|value| !(0.0..=1.0).contains(value));
    let off = values.chunks_exact(columns).filter(|row| (row.iter().sum::<f64>() - 1.0).abs() > epsilon.sqrt().max(1e-3)).count();
    let sums_to_one = off == 0 || single;
    let kind = match (stated, outside) {
        (Some(ScoreKind::Probabilities), Some(place)) => {
            let message = format!("row {} holds {}, expected a probability from 0 to 1", place / columns + 1, significant(values[place], 5));
            let help = "save probabilities: predict_proba, or a softmax of the network's outputs".to_owned();
            return Err(Absent::Unreadable(fault(predictions, message).help(help)));
        }
        (Some(ScoreKind::Logits), None) if sums_to_one && !single => {
            notes.push("each row sums to 1, so that they were read as probabilities".to_owned());
            ScoreKind::Probabilities
        }
        (Some(kind), _) => kind,
        (None, Some(_)) => {
            notes.push("some numbers are outside of 0 to 1, so that they were read as logits".to_owned());
            ScoreKind::Logits
        }
        (None, None) => ScoreKind::Probabilities,
    };
    if kind == ScoreKind::Probabilities && !sums_to_one {
        notes.push(format!("in {off} rows the probabilities do not sum to 1; each counts as it is"));
    }
    Ok(kind)
}

/// The numbers of each row in the order of the classes.
pub(super) fn by_class(rows: &Rows, classes: &Classes, predictions: &Predictions, notes: &mut Vec<String>) -> Result<Vec<f64>, Absent> {
    let count = classes.names.len();
    if rows.columns != count {
        let message = format!("each row has {} numbers, and there are {count} classes, {}", rows.columns, called(classes));
        return Err(Absent::Unreadable(fault(predictions, message).help(format!("save one class for each example, or {count} probabilities"))));
    }
    let named = columns_of(&rows.names, classes);
    if named.is_none() && are_classes(rows, count) {
        let message = format!("each row has {count} whole numbers, which are no scores; which column are the predictions?");
        return Err(Absent::ForAPerson(fault(predictions, message)));
    }
    let order: Vec<usize> = match named {
        Some(order) if !order.is_sorted() => {
            notes.push("the columns were put into the order of the classes by their names".to_owned());
            order
        }
        _ => (0..count).collect(),
    };
    Ok(rows.iter().flat_map(|row| order.iter().map(|&column| row[column].get())).collect())
}

/// For each class the only column that is called by it: `Gentoo`, `p_Gentoo`, `class_7` or `7`.
fn columns_of(names: &[String], classes: &Classes) -> Option<Vec<usize>> {
    let is_called = |column: &str, class: &str| {
        let (column, class) = (column.to_lowercase(), class.to_lowercase());
        column.strip_suffix(&class).is_some_and(|front| !front.ends_with(|c: char| if classes.numbered { c.is_ascii_digit() } else { c.is_alphanumeric() }))
    };
    let column = |class: &String| {
        let mut called = names.iter().enumerate().filter(|(_, column)| is_called(column, class)).map(|(place, _)| place);
        called.next().filter(|_| called.next().is_none())
    };
    classes.names.iter().map(column).collect()
}

/// Whether the numbers of all rows are classes rather than scores: whole and below their count, but neither one-hot nor votes, whose sum is
/// the same everywhere.
fn are_classes(rows: &Rows, count: usize) -> bool {
    let is_class = |value: &Finite| whole(value.get()).and_then(|value| usize::try_from(value).ok()).is_some_and(|value| value < count);
    let sum = |row: &[Finite]| row.iter().map(|value| value.get()).sum::<f64>();
    let first = rows.iter().next().map(sum);
    rows.values.iter().all(is_class) && rows.iter().any(|row| first.is_some_and(|first| (sum(row) - first).abs() > 0.5))
}
