//! What a submission, or a reference run, holds under a name: numbers, series, texts, figures, predictions, rules.
//!
//! Evidence is decoded when an item asks for it, under the limits of [`crate::domain::limits`], and at most once.

pub(crate) mod affine;
pub mod answers;
pub mod array;
pub mod bag;
pub(crate) mod encoding;
pub mod examples;
mod exif;
pub mod figure;
pub(crate) mod json;
pub mod network;
pub mod notebook;
pub(crate) mod npz;
pub(crate) mod part;
pub mod pdf;
pub mod picture;
pub mod place;
pub mod predictions;
pub(crate) mod printed;
pub mod prose;
pub mod rule;
pub mod source;
pub mod statements;
pub mod table;
pub mod value;

use crate::domain::diagnostic::Diagnostic;

/// Why evidence cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Absent {
    /// It was not handed in.
    Missing(Diagnostic),
    /// It is there, and by its own words it is not what is asked for: NaN where a number is asked, classes where probabilities are. This
    /// alone of all that is there earns nothing.
    Unusable(Diagnostic),
    /// It is there, and it was not understood, or may mean two things. A person can read it, and the student can mend it before.
    Unreadable(Diagnostic),
    /// It is there, and it takes a person to see what it is.
    ForAPerson(Diagnostic),
    /// It was handed in within something that cannot be opened, such as a damaged archive. Nobody knows what it is.
    Unopened(Diagnostic),
    /// We could not get at it: a permission or a disk, nothing that is the student's fault.
    Unreachable(Diagnostic),
}

impl Absent {
    /// The message.
    pub fn diagnostic(&self) -> &Diagnostic {
        match self {
            Self::Missing(d) | Self::Unusable(d) | Self::Unreadable(d) | Self::ForAPerson(d) | Self::Unopened(d) | Self::Unreachable(d) => d,
        }
    }
}

/// Evidence, or why there is none.
pub type Found<T> = Result<T, Absent>;

/// What evidence is looked for as, where one place may hold both: a heading stands over an explanation and over what a cell prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sought {
    /// Numbers.
    Numbers,
    /// A written answer.
    Words,
}

/// The data sets that checks may look at, loaded when first asked for.
pub trait Datasets: Sync {
    /// The table under `name`.
    fn table(&self, name: &str) -> Result<&table::Table, Diagnostic>;

    /// What is right for each validation example of the data set `name`; of a table, what its column `target` holds for each row.
    fn answers(&self, name: &str, target: Option<&str>) -> Result<answers::Answers, Diagnostic>;

    /// The validation examples of the data set `name`, without their answers.
    fn validation_inputs(&self, name: &str) -> Result<examples::Examples<'_>, Diagnostic>;

    /// The picture under `name`.
    fn picture(&self, name: &str) -> Result<&picture::Picture, Diagnostic>;
}
