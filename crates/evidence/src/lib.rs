#![doc = include_str!("../README.md")]

mod agreement;
pub mod bag;
pub mod encoding;
pub mod log_spot;
pub mod notebook;
pub mod page;
pub mod page_catalogue;
pub mod place;
pub mod predictions;
pub(crate) mod printed;
pub mod prose;
pub mod rule;
pub mod source;
pub mod statements;

use mlgrade_domain::diagnostic::Diagnostic;

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
