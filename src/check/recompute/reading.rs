//! Predictions held against the data set's right answers: how the file is read, and what is wrong with it if it cannot be.
//!
//! Nothing here looks at which answers are right, only at how many there are and what the classes are called: what is said of a reading
//! may be read by anyone.

use crate::domain::answers::{Classes, whole};
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::name::list;
use crate::domain::number::Finite;
use crate::evidence::predictions::Predictions;

mod fitted;
mod labels;
mod scores;
mod values;

pub(super) use fitted::{Examples, partly};
pub(super) use labels::{Labels, labels};
pub(super) use scores::{ScoreKind, Scores, scores};
pub(super) use values::{clusters, values};

/// What was read, and a phrase for each choice that was made.
#[derive(Debug)]
pub(super) struct Read<T> {
    pub(super) value: T,
    pub(super) notes: Vec<String>,
    /// The rows in the order of their own numbers, where that is another one and the data set does not know it.
    pub(super) by_number: Option<Vec<usize>>,
}

/// The start of a name, for messages.
fn short(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(40).collect()
}

/// The whole numbers that `values` are, or the place of the first that is none.
fn whole_numbers(values: &[Finite]) -> Result<Vec<i64>, usize> {
    values.iter().enumerate().map(|(row, value)| whole(value.get()).ok_or(row)).collect()
}

/// Whether all are from 0 to 1.
fn are_shares(values: &[Finite]) -> bool {
    values.iter().all(|value| (0.0..=1.0).contains(&value.get()))
}

/// The classes in words.
fn called(classes: &Classes) -> String {
    match classes.names.as_slice() {
        [first, .., last] if classes.numbered && classes.names.len() > 3 => format!("{first} to {last}"),
        names => list(names.iter().take(12).map(String::as_str)).replace(" and ", " or "),
    }
}

fn one_class() -> String {
    "save one class for each validation example, in their order".to_owned()
}

fn fault(predictions: &Predictions, message: String) -> Diagnostic {
    Diagnostic::error(Code::BadPredictions, message).in_file(&predictions.path)
}
