//! Messages to people: what was found, where, what was expected, what to do. Each kind has a stable code.

use std::fmt;
use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is graded until it is mended.
    Error,
    /// Probably a mistake; grading goes on.
    Warning,
}

/// The kinds of messages. R: the rubric, L: its lock, D: data, S: a submission, B: our own fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// R101
    InvalidToml,
    /// R102
    UnknownSchema,
    /// R103
    WrongType,
    /// R104
    UnknownKey,
    /// R105
    MissingKey,
    /// R106
    BadValue,
    /// R107
    UnknownName,
    /// R108
    DuplicateId,
    /// R201
    PointsDoNotAddUp,
    /// R202
    ImpossibleOrder,
    /// R301
    UnusedData,
    /// R302
    UnusedReference,
    /// R303
    NeverFails,
    /// R304
    NothingIsLate,
    /// R305
    OnlyRightChoices,
    /// R306
    ShortOfFullMarks,
    /// L101
    LockMissing,
    /// L102
    LockUnreadable,
    /// L103
    LockStale,
    /// L104
    ReferenceFailed,
    /// D101
    DataMissing,
    /// D102
    DataHash,
    /// D103
    DataMalformed,
    /// S101
    NotFound,
    /// S102
    NotReadable,
    /// S103
    NotANumber,
    /// S104
    WrongShape,
    /// S105
    TooLarge,
    /// S106
    PassedOver,
    /// S107
    BadRule,
    /// S108
    BadFigure,
    /// S109
    BadPredictions,
    /// S110
    BadSettings,
    /// S114
    BadNetwork,
    /// S121
    BadNotebook,
    /// S122
    Ambiguous,
    /// S131
    BadReport,
    /// O101
    InUse,
    /// O102
    BadShard,
    /// B101
    CheckPanicked,
    /// B102
    ReferenceLacks,
}

/// Every code with its text and what it is about, in order. `mlgrade explain CODE` prints the line.
pub const CODES: &[(Code, &str, &str)] = &[
    (Code::InvalidToml, "R101", "The rubric is not valid TOML."),
    (Code::UnknownSchema, "R102", "The rubric's `schema` is not one that this version reads."),
    (Code::WrongType, "R103", "A value has the wrong type, such as text where a number belongs."),
    (Code::UnknownKey, "R104", "A key that nothing reads, most often a misspelling."),
    (Code::MissingKey, "R105", "A key that must be there is not."),
    (Code::BadValue, "R106", "A value of the right type that makes no sense here."),
    (Code::UnknownName, "R107", "A name of a check, reference, data set or item that does not exist."),
    (Code::DuplicateId, "R108", "Two parts, or two items of a part, have the same id."),
    (Code::PointsDoNotAddUp, "R201", "The points of a part's items do not add up to what the part says."),
    (Code::ImpossibleOrder, "R202", "Items depend on each other with `after` or `backed_by`."),
    (Code::UnusedData, "R301", "A data set that no part and no item uses."),
    (Code::UnusedReference, "R302", "A part has a reference that none of its items reads."),
    (Code::NeverFails, "R303", "An item that any submission with a value passes."),
    (Code::NothingIsLate, "R304", "A late policy without a due date never applies."),
    (Code::OnlyRightChoices, "R305", "The choices of an answer are the right ones alone, and students read them."),
    (Code::ShortOfFullMarks, "R306", "An item whose full marks nobody earns: its best level is worth less, or the course's own solution falls short."),
    (Code::LockMissing, "L101", "The rubric compares with its reference, but has no lock beside it."),
    (Code::LockUnreadable, "L102", "The lock is not one that this version reads."),
    (Code::LockStale, "L103", "The lock was made from other settings or data than the rubric has now, or lacks a value that an item asks for."),
    (Code::ReferenceFailed, "L104", "The program that is a part's reference failed, or took too long."),
    (Code::DataMissing, "D101", "A data file is not there."),
    (Code::DataHash, "D102", "A data file is not the one that was named: its sha256 differs."),
    (Code::DataMalformed, "D103", "A data file does not hold what its format promises."),
    (Code::NotFound, "S101", "Evidence that an item asks for was not handed in."),
    (Code::NotReadable, "S102", "A submitted file cannot be read."),
    (Code::NotANumber, "S103", "A number is missing, NaN, infinite or text."),
    (Code::WrongShape, "S104", "A value has the wrong shape, such as one number where a series belongs."),
    (Code::TooLarge, "S105", "A submitted file or value is larger than is read."),
    (Code::PassedOver, "S106", "A file of the submission was not looked at."),
    (Code::BadRule, "S107", "A decision rule cannot be understood."),
    (Code::BadFigure, "S108", "A figure cannot be decoded."),
    (Code::BadPredictions, "S109", "Predictions cannot be read."),
    (Code::BadSettings, "S110", "submission.toml cannot be understood."),
    (Code::BadNetwork, "S114", "A network cannot be read or run."),
    (Code::BadNotebook, "S121", "A notebook cannot be read, or what it was searched for is not in its outputs."),
    (Code::Ambiguous, "S122", "Two places state different values under one name, or a printed value can be read in two ways."),
    (Code::BadReport, "S131", "What is on a page of a report cannot be read; a person looks at it."),
    (Code::InUse, "O101", "Another run writes to the folder of reports."),
    (Code::BadShard, "O102", "Shards of a class do not make the whole of it, or do not belong together."),
    (Code::CheckPanicked, "B101", "A check crashed. The item is ungraded; please report it."),
    (Code::ReferenceLacks, "B102", "The reference lacks what an item compares with. The item is ungraded."),
];

impl Code {
    /// The code as printed, such as "R104".
    pub fn as_str(self) -> &'static str {
        CODES.iter().find(|row| row.0 == self).map_or("?", |row| row.1)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One message. Its text and help never hold a hidden value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its kind.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// The file it is about, as the reader knows it.
    pub path: Option<String>,
    /// The bytes of that file it is about.
    pub span: Option<Range<usize>>,
    /// What to do.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error.
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self { code, severity: Severity::Error, message: message.into(), path: None, span: None, help: None }
    }

    /// A warning.
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message) }
    }

    /// In `path`.
    #[must_use]
    pub fn in_file(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// At these bytes.
    #[must_use]
    pub fn at(mut self, span: Range<usize>) -> Self {
        self.span = Some(span);
        self
    }

    /// With advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<Option<String>>) -> Self {
        self.help = help.into();
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = &self.path {
            write!(f, "{path}: ")?;
        }
        f.write_str(&self.message)?;
        match &self.help {
            Some(help) => write!(f, "; {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Diagnostic {}

/// A message beside a report: something noticed about the submission as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Note {
    /// Its code, such as "S106".
    pub code: String,
    /// The message.
    pub message: String,
}

impl From<&Diagnostic> for Note {
    fn from(diagnostic: &Diagnostic) -> Self {
        Self { code: diagnostic.code.to_string(), message: diagnostic.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_in_order() {
        for pair in CODES.windows(2) {
            assert!(pair[0].0 < pair[1].0, "{} is out of order", pair[1].1);
            assert_ne!(pair[0].1, pair[1].1);
        }
    }
}
