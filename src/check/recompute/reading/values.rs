//! The predicted numbers of each example, and its cluster.

use std::collections::BTreeMap;

use crate::domain::number::Finite;
use crate::evidence::Absent;
use crate::evidence::predictions::{Content, Predictions};

use super::fitted::{Examples, Fitted, Form, fitted};
use super::{Read, fault, short};

/// The predicted numbers of each example, for each of so many targets those of all examples.
pub(in crate::check::recompute) fn values(predictions: &Predictions, examples: Examples<'_>, targets: usize) -> Result<Read<Vec<Vec<f64>>>, Absent> {
    let Fitted { content, notes, by_number } = fitted(predictions, examples, Form::Numbers(targets))?;
    let value = match content.as_ref() {
        Content::Numbers { values, .. } if targets == 1 => vec![values.iter().map(|value| value.get()).collect()],
        Content::Rows(rows) if rows.columns == targets => {
            (0..targets).map(|target| rows.iter().filter_map(|row| row.get(target)).map(|value| value.get()).collect()).collect()
        }
        Content::Names(names) => return Err(no_number(names, predictions)),
        Content::Numbers { .. } | Content::Rows(_) => {
            let columns = if let Content::Rows(rows) = content.as_ref() { rows.columns } else { 1 };
            let message = format!("each row has {columns} numbers, expected {targets}");
            return Err(Absent::Unreadable(fault(predictions, message)));
        }
    };
    Ok(Read { value, notes, by_number })
}

/// What to say of the first cell that is no finite number. NaN and infinity are understood, and are no predictions.
fn no_number(names: &[String], predictions: &Predictions) -> Absent {
    let row = names.iter().position(|name| name.parse::<Finite>().is_err()).unwrap_or(0);
    let name = names.get(row).map_or("", String::as_str);
    let diagnostic = fault(predictions, format!("row {} holds `{}`, expected a number", row + 1, short(name)));
    if name.parse::<f64>().is_ok() { Absent::Unusable(diagnostic) } else { Absent::Unreadable(diagnostic) }
}

/// The cluster of each example. Names and numbers of clusters mean nothing.
pub(in crate::check::recompute) fn clusters(predictions: &Predictions, examples: Examples<'_>) -> Result<Read<Vec<usize>>, Absent> {
    let Fitted { content, notes, by_number } = fitted(predictions, examples, Form::Anything)?;
    let names: Vec<String> = match content.as_ref() {
        Content::Names(names) => names.clone(),
        Content::Numbers { values, .. } => values.iter().map(ToString::to_string).collect(),
        Content::Rows(rows) => {
            let message = format!("each row has {} numbers, expected one cluster", rows.columns);
            return Err(Absent::Unreadable(fault(predictions, message)));
        }
    };
    let mut known = BTreeMap::new();
    let value = names
        .iter()
        .map(|name| {
            let next = known.len();
            *known.entry(name.as_str()).or_insert(next)
        })
        .collect();
    Ok(Read { value, notes, by_number })
}
