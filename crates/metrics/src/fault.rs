//! Why a metric has no value, and what all of them ask of their input.

/// A metric's value, a finite number, or why it has none.
pub type Value = Result<f64, Fault>;

/// Why a metric has no value. Rows count from 1.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Fault {
    /// There are no rows.
    #[error("there are no rows")]
    Empty,
    /// There are not as many predictions as right answers.
    #[error("there are {found} predictions for {expected} right answers")]
    Lengths {
        /// How many predictions there are.
        found: usize,
        /// How many right answers there are.
        expected: usize,
    },
    /// Numbers that do not make rows of so many columns.
    #[error("{values} numbers do not make rows of {columns}")]
    Ragged {
        /// How many numbers there are.
        values: usize,
        /// How many belong in a row.
        columns: usize,
    },
    /// A number is infinite or no number, or the result would be.
    #[error("the result is not a finite number")]
    NotFinite,
    /// The metric takes something else, named here.
    #[error("the metric needs {0}")]
    Needs(&'static str),
    /// A setting that the metric needs is not given, or makes no sense.
    #[error("the metric needs `{0}`")]
    Setting(&'static str),
    /// Only rows of one kind, where the metric compares two.
    #[error("the metric compares rows of a class with others, and of class {class} there are {}", if *.all { "no others" } else { "none" })]
    OneKind {
        /// The class, by its place.
        class: usize,
        /// Whether all rows are of it, rather than none.
        all: bool,
    },
    /// With as many guesses as there are classes nobody can be wrong.
    #[error("`k` is below the number of classes, {classes}")]
    EveryClass {
        /// How many classes there are.
        classes: usize,
    },
    /// A number that is no probability.
    #[error("row {row} holds {found}, expected a probability from 0 to 1")]
    NotAProbability {
        /// Where it stands.
        row: usize,
        /// What stands there.
        found: f64,
    },
    /// A number above 0 that cannot be the logarithm of a probability.
    #[error("row {row} holds {found}, and the logarithm of a probability is at most 0")]
    NotALogProbability {
        /// Where it stands.
        row: usize,
        /// What stands there.
        found: f64,
    },
    /// A right answer of 0, by which an error would be divided.
    #[error("the right answer of row {row} is 0, and the error is divided by it")]
    RightIsZero {
        /// Where it stands.
        row: usize,
    },
    /// A number of -1 or less, of which 1 + it has no logarithm.
    #[error("row {row} holds {found}, and the metric takes numbers above -1")]
    TooLow {
        /// Where it stands.
        row: usize,
        /// What stands there.
        found: f64,
    },
    /// A number that is not whole where classes are whole numbers.
    #[error("row {row} holds {found}, expected a whole number")]
    NotWhole {
        /// Where it stands.
        row: usize,
        /// What stands there.
        found: f64,
    },
    /// Too few of something for the metric to mean anything.
    #[error("the metric needs {0}")]
    TooFew(&'static str),
    /// More rows than are compared with each other.
    #[error("each row is compared with all others, and {found} are more than the {most} of which that is done")]
    TooMany {
        /// How many there are.
        found: usize,
        /// How many are taken.
        most: usize,
    },
    /// A relevance below 0.
    #[error("the relevance of row {row} is {found}, and it is at least 0")]
    NegativeRelevance {
        /// Where it stands.
        row: usize,
        /// What stands there.
        found: f64,
    },
}

/// `value`, if it is a finite number.
pub(crate) fn finite(value: f64) -> Value {
    if value.is_finite() { Ok(value) } else { Err(Fault::NotFinite) }
}

/// As many predictions as right answers, and at least one.
pub(crate) fn paired(expected: usize, found: usize) -> Result<(), Fault> {
    match (expected, found) {
        (0, 0) => Err(Fault::Empty),
        _ if expected == found => Ok(()),
        _ => Err(Fault::Lengths { found, expected }),
    }
}

/// Only finite numbers.
pub(crate) fn all_finite(values: &[f64]) -> Result<(), Fault> {
    if values.iter().all(|value| value.is_finite()) { Ok(()) } else { Err(Fault::NotFinite) }
}

/// `part / whole`, and 0 of nothing (scikit-learn's `zero_division=0`).
pub(crate) fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// The mean, 0 of nothing.
pub(crate) fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len();
    values.sum::<f64>() / count.max(1) as f64
}
