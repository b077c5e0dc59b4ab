//! What a rubric asks a student to hand in: each name with all that she may know of it.

use serde::Serialize;

use super::Need;
use crate::domain::number::Unit;

/// Something that is to be handed in under a name.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Its name; of a file, its path.
    pub name: String,
    /// What it is.
    pub kind: RequestKind,
    /// Whether it is looked at only if it is there.
    pub optional: bool,
}

/// What is to be handed in, and what is said of it. What the rubric leaves open is `None` or empty.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum RequestKind {
    /// A number.
    Number {
        /// Its unit, of a part of a whole.
        #[serde(skip_serializing_if = "Option::is_none")]
        unit: Option<UnitName>,
    },
    /// Numbers in order.
    Series {
        /// How many.
        #[serde(skip_serializing_if = "Option::is_none")]
        length: Option<usize>,
        /// Their unit, of parts of a whole.
        #[serde(skip_serializing_if = "Option::is_none")]
        unit: Option<UnitName>,
    },
    /// A number or a series: only their use is known.
    Value {
        /// Its unit, of a part of a whole.
        #[serde(skip_serializing_if = "Option::is_none")]
        unit: Option<UnitName>,
    },
    /// A vector, matrix or table of numbers.
    Array {
        /// The sizes of its dimensions, the outermost first.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        shape: Vec<usize>,
    },
    /// A short answer.
    Answer {
        /// What can be chosen.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        choices: Vec<String>,
        /// Whether more than one may be.
        several: bool,
    },
    /// An answer in words.
    Text,
    /// A decision rule.
    Rule {
        /// The data set whose columns it names.
        data: String,
        /// The class that it tells.
        class: String,
    },
    /// A plot.
    Figure {
        /// The series that it has to show.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        shows: Vec<String>,
        /// The series that they are drawn over.
        #[serde(skip_serializing_if = "Option::is_none")]
        x: Option<String>,
        /// What is to be labelled.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        labelled: Vec<&'static str>,
    },
    /// Predictions.
    Predictions {
        /// How many examples they are for.
        #[serde(skip_serializing_if = "Option::is_none")]
        rows: Option<usize>,
        /// The column that names the examples.
        #[serde(skip_serializing_if = "Option::is_none")]
        join: Option<String>,
        /// The classes that there are.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        classes: Vec<String>,
        /// Whether probabilities or scores are needed, not classes.
        scores: bool,
    },
    /// A trained network.
    Network,
    /// A file as it is.
    File,
    /// A notebook.
    Notebook,
}

/// A unit by its name in rubrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnitName {
    /// From 0 to 1.
    Fraction,
    /// From 0 to 100.
    Percent,
}

impl From<Unit> for UnitName {
    fn from(unit: Unit) -> Self {
        match unit {
            Unit::Fraction => Self::Fraction,
            Unit::Percent => Self::Percent,
        }
    }
}

impl Request {
    /// Something that has to be handed in.
    pub(super) fn new(name: impl Into<String>, kind: RequestKind) -> Self {
        Self { name: name.into(), kind, optional: false }
    }

    /// A number.
    pub(super) fn number(name: impl Into<String>, unit: Option<Unit>) -> Self {
        Self::new(name, RequestKind::Number { unit: unit.map(UnitName::from) })
    }

    /// What a check looks at, as far as that alone tells what is asked for; nothing of what is the course's own.
    pub(super) fn of(need: Need<'_>) -> Option<Self> {
        let kind = match need {
            Need::Evidence(_) | Need::Extra(_) => RequestKind::Value { unit: None },
            Need::Array(_) => RequestKind::Array { shape: Vec::new() },
            Need::Answer(_) => RequestKind::Answer { choices: Vec::new(), several: false },
            Need::Rule(_) => RequestKind::Rule { data: String::new(), class: String::new() },
            Need::Figure(_) => RequestKind::Figure { shows: Vec::new(), x: None, labelled: Vec::new() },
            Need::Predictions(_) => RequestKind::Predictions { rows: None, join: None, classes: Vec::new(), scores: false },
            Need::Network(_) => RequestKind::Network,
            Need::File(_) => RequestKind::File,
            Need::Notebook(_) => RequestKind::Notebook,
            Need::Reference(_) | Need::ReferenceNumber(_) | Need::Data(_) => return None,
        };
        Some(Self { name: need.evidence()?.to_owned(), kind, optional: matches!(need, Need::Extra(_)) })
    }
}

/// The requests of `needs`, with those that are known better in their places.
pub(super) fn with_known<'a>(needs: impl IntoIterator<Item = Need<'a>>, known: Vec<Request>) -> Vec<Request> {
    let others: Vec<Request> = needs.into_iter().filter_map(Request::of).collect();
    let is_known = |other: &Request| known.iter().any(|known| known.name == other.name && known.kind.family() == other.kind.family());
    let others: Vec<Request> = others.into_iter().filter(|other| !is_known(other)).collect();
    known.into_iter().chain(others).collect()
}

/// The first of `paths`, which has to be there, and the others, which stand for it.
pub(super) fn files(paths: &[String]) -> Vec<Request> {
    paths.iter().enumerate().map(|(i, path)| Request { optional: i > 0, ..file(path) }).collect()
}

/// The file at `path`: what goes into its folder, if that says.
fn file(path: &str) -> Request {
    let stem = |folder: &str| {
        let (stem, ending) = path.strip_prefix(folder)?.rsplit_once('.')?;
        (!stem.is_empty() && !ending.contains('/')).then(|| stem.to_owned())
    };
    let kinds = [
        ("figures/", RequestKind::Figure { shows: Vec::new(), x: None, labelled: Vec::new() }),
        ("predictions/", RequestKind::Predictions { rows: None, join: None, classes: Vec::new(), scores: false }),
        ("networks/", RequestKind::Network),
    ];
    let found = kinds.into_iter().find_map(|(folder, kind)| Some(Request::new(stem(folder)?, kind)));
    found.unwrap_or_else(|| Request::new(path, RequestKind::File))
}

impl RequestKind {
    /// Where such things go. Two that have one name and one family are the same thing.
    pub fn family(&self) -> Family {
        match self {
            Self::Number { .. } | Self::Series { .. } | Self::Value { .. } | Self::Array { .. } => Family::Metrics,
            Self::Answer { .. } | Self::Text => Family::Answers,
            Self::Rule { .. } => Family::Rules,
            Self::Figure { .. } => Family::Figures,
            Self::Predictions { .. } => Family::Predictions,
            Self::Network => Family::Networks,
            Self::File => Family::Files,
            Self::Notebook => Family::Notebooks,
        }
    }
}

/// Where things that are asked for go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// The metrics file.
    Metrics,
    /// The answers file.
    Answers,
    /// The answers file too.
    Rules,
    /// `figures/`.
    Figures,
    /// `predictions/`.
    Predictions,
    /// `networks/`.
    Networks,
    /// Where they say.
    Files,
    /// The notebook.
    Notebooks,
}

impl Family {
    /// The file where `name` goes.
    pub fn file(self, name: &str) -> String {
        match self {
            Self::Metrics => "metrics.json".to_owned(),
            Self::Answers | Self::Rules => "answers.json".to_owned(),
            Self::Figures => format!("figures/{name}.png"),
            Self::Predictions => format!("predictions/{name}.csv"),
            Self::Networks => format!("networks/{name}.onnx"),
            Self::Files => name.to_owned(),
            Self::Notebooks => format!("{}.ipynb", name.trim_end_matches(".ipynb")),
        }
    }
}
