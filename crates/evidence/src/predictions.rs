//! Predictions: a class, a number or a row of scores for each validation example, as CSV, NPY, NPZ or JSON.
//!
//! A file does not say whether its whole numbers are classes or values, nor whether its rows are probabilities or logits; that depends
//! on what they are held against. So what is decoded here is what the file holds, with a note of each choice that the reader made.

mod json;
mod names;
mod numerals;
mod numpy;
mod sheet;
mod text;

use mlgrade_domain::diagnostic::{Code, Diagnostic};
use mlgrade_domain::limits;
use mlgrade_domain::number::Finite;

use super::Absent;

/// Endings of predictions files, in the order of preference.
pub const ENDINGS: [&str; 7] = ["csv", "npy", "npz", "json", "jsonl", "txt", "tsv"];

/// Endings of files in which people save predictions and which are not read, and what to do instead.
pub(crate) const REFUSED: [&str; 12] = ["pkl", "pickle", "joblib", "pt", "pth", "ckpt", "mat", "h5", "hdf5", "parquet", "feather", "xlsx"];

/// What a rubric says of the columns of a file of predictions.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Layout {
    /// The column that names the rows, in any letter case: a file without it is refused.
    pub join: Option<String>,
    /// The columns of the data set that tell its rows apart. A column that is called so names the rows, unless another one does.
    pub keys: Vec<String>,
    /// What was to be predicted. A column that is called so, in any letter case, is that one.
    pub targets: Vec<String>,
}

/// The predictions that are looked for in a file.
#[derive(Debug, Clone, Copy)]
struct Asked<'a> {
    name: &'a str,
    layout: &'a Layout,
}

impl Asked<'_> {
    /// Whether a column of this name is spoken of in the rubric.
    fn names(self, column: &str) -> bool {
        self.layout.join.iter().chain(&self.layout.targets).any(|known| is_called(column, known))
    }
}

/// Whether a column has this name, in any letter case.
fn is_called(column: &str, name: &str) -> bool {
    column.trim().to_lowercase() == name.trim().to_lowercase()
}

/// Decoded predictions.
#[derive(Debug, Clone, PartialEq)]
pub struct Predictions {
    /// Their path in the submission.
    pub path: String,
    /// How the file is written.
    pub format: Format,
    /// What it holds.
    pub content: Content,
    /// What the file calls its rows, if it does and does not merely count them.
    pub ids: Option<Ids>,
    /// How it was read where that could have been done otherwise, each a phrase such as "the column `pred` of 3 was read".
    pub notes: Vec<String>,
}

/// The names of the rows of a file, such as the column `ImageId`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ids {
    /// What the column is called; empty where it has no name.
    pub column: String,
    /// One for each row; whole numbers without a point.
    pub values: Vec<String>,
    /// Whether the rows stand in the order in which they were written; the keys of a JSON object do not.
    pub ordered: bool,
}

/// How a predictions file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Rows of text, such as CSV.
    Text,
    /// An array of NumPy's, alone or in an archive.
    Numpy,
    /// JSON.
    Json,
}

/// What a predictions file holds: at least one row.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// A number for each example: a class or a value.
    Numbers {
        /// One for each example.
        values: Vec<Finite>,
        /// The machine epsilon of their type.
        epsilon: f64,
    },
    /// The name of a class for each example.
    Names(Vec<String>),
    /// A row of numbers for each example, such as one for each class.
    Rows(Rows),
}

/// Rows of as many numbers each.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    /// The numbers of a row, at least two.
    pub columns: usize,
    /// Row by row.
    pub values: Vec<Finite>,
    /// What the columns are called; empty where they have no names.
    pub names: Vec<String>,
    /// The machine epsilon of the numbers' type: scikit-learn clips probabilities by it.
    pub epsilon: f64,
}

impl Rows {
    /// The rows.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[Finite]> {
        self.values.chunks_exact(self.columns.max(1))
    }

    /// Rows as columns.
    #[must_use]
    pub fn transposed(&self) -> Self {
        let rows = self.iter().len();
        let values = (0..self.values.len()).map(|place| self.values[place % rows.max(1) * self.columns + place / rows.max(1)]).collect();
        Self { columns: rows, values, names: Vec::new(), epsilon: self.epsilon }
    }
}

impl Content {
    /// The rows at these places, in this order.
    #[must_use]
    pub fn picked(&self, places: &[usize]) -> Self {
        match self {
            Self::Numbers { values, epsilon } => Self::Numbers { values: places.iter().map(|&place| values[place]).collect(), epsilon: *epsilon },
            Self::Names(names) => Self::Names(places.iter().map(|&place| names[place].clone()).collect()),
            Self::Rows(rows) => {
                let values = places.iter().flat_map(|&place| &rows.values[place * rows.columns..(place + 1) * rows.columns]).copied().collect();
                Self::Rows(Rows { values, ..rows.clone() })
            }
        }
    }

    /// Whether two rows say the same.
    pub fn same(&self, a: usize, b: usize) -> bool {
        match self {
            Self::Numbers { values, .. } => values[a] == values[b],
            Self::Names(names) => names[a] == names[b],
            Self::Rows(rows) => rows.values[a * rows.columns..(a + 1) * rows.columns] == rows.values[b * rows.columns..(b + 1) * rows.columns],
        }
    }
}

impl Predictions {
    /// For how many examples there are predictions, if each has a row.
    pub fn len(&self) -> usize {
        match &self.content {
            Content::Numbers { values, .. } => values.len(),
            Content::Names(names) => names.len(),
            Content::Rows(rows) => rows.iter().len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// What a decoder has found.
struct Found {
    content: Content,
    ids: Option<Ids>,
    notes: Vec<String>,
}

/// Why a decoder has found nothing, in one sentence without a full stop.
enum Refusal {
    /// The file holds nothing.
    Empty,
    /// The file is not what it should be.
    Wrong(String),
    /// It can be read in more than one way, and a person has to decide.
    Unclear(String),
    /// It was understood, and what is asked is not in it: a column, or a finite number.
    Without(String),
}

impl From<String> for Refusal {
    fn from(message: String) -> Self {
        Self::Wrong(message)
    }
}

type Decoded = Result<Found, Refusal>;

/// Decodes the predictions `name` from the file at `path`; the first bytes tell the format, whatever its ending.
pub fn decode(path: &str, name: &str, bytes: &[u8]) -> super::Found<Predictions> {
    decode_by(path, name, &Layout::default(), bytes)
}

/// The same of a file with these columns.
pub fn decode_by(path: &str, name: &str, layout: &Layout, bytes: &[u8]) -> super::Found<Predictions> {
    if let Some(diagnostic) = refused(path, name) {
        return Err(Absent::Unreadable(diagnostic));
    }
    let (format, decoded) = if bytes.is_empty() { (Format::Text, Err(Refusal::Empty)) } else { decode_as_it_begins(path, Asked { name, layout }, bytes) };
    let diagnostic = |message: String| Diagnostic::error(Code::BadPredictions, message).in_file(path);
    match decoded {
        Ok(Found { content, ids, notes }) => Ok(Predictions { path: path.to_owned(), format, content, ids, notes }),
        Err(Refusal::Empty) => Err(Absent::Unusable(diagnostic("the file holds no predictions".to_owned()).help(save_as(name)))),
        Err(Refusal::Wrong(message)) => Err(Absent::Unreadable(diagnostic(message).help(save_as(name)))),
        Err(Refusal::Unclear(message)) => Err(Absent::ForAPerson(diagnostic(message))),
        Err(Refusal::Without(message)) => Err(Absent::Unusable(diagnostic(message))),
    }
}

fn decode_as_it_begins(path: &str, asked: Asked<'_>, bytes: &[u8]) -> (Format, Decoded) {
    // Of UTF-16 every second byte is a zero.
    let first = bytes.iter().copied().filter(|byte| ![0, 0xef, 0xbb, 0xbf, 0xff, 0xfe].contains(byte)).find(|byte| !byte.is_ascii_whitespace());
    if bytes.starts_with(b"\x93NUMPY") {
        (Format::Numpy, numpy::npy(bytes, asked))
    } else if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        (Format::Numpy, numpy::npz(bytes, asked))
    } else if is_pickle(bytes) {
        (Format::Text, Err("this is a pickle, and opening it would run code that it holds".to_owned().into()))
    } else if bytes.len() > limits::PREDICTIONS_TEXT {
        let most = limits::PREDICTIONS_TEXT >> 20;
        let message = format!("the text has {} MiB; at most {most} are read, of an .npy file {}", bytes.len() >> 20, limits::PREDICTIONS_BYTES >> 20);
        (Format::Text, Err(message.into()))
    } else if first.is_some_and(|first| b"{[".contains(&first)) || has_ending(path, &["json", "jsonl"]) {
        (Format::Json, json::read(bytes, asked))
    } else {
        (Format::Text, text::read(bytes, asked))
    }
}

/// The message about a file whose ending promises what is never opened.
pub(crate) fn refused(path: &str, name: &str) -> Option<Diagnostic> {
    let why = if has_ending(path, &REFUSED[..6]) {
        "a pickle is never opened, since that would run code that it holds"
    } else if has_ending(path, &REFUSED[6..]) {
        "files of this kind are not read"
    } else {
        return None;
    };
    Some(Diagnostic::error(Code::BadPredictions, why).in_file(path).help(save_as(name)))
}

fn save_as(name: &str) -> String {
    format!("save one prediction for each validation example, in their order: np.save(\"predictions/{name}.npy\", np.asarray(predictions))")
}

fn has_ending(path: &str, endings: &[&str]) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| endings.iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

/// Pickles of protocol 2 and later start with their number and end with a full stop.
fn is_pickle(bytes: &[u8]) -> bool {
    matches!(bytes, [0x80, 2..=5, .., b'.'])
}

/// The content of one column of numbers or of several, row by row.
fn numbers(values: Vec<Finite>, columns: usize, names: Vec<String>, epsilon: f64) -> Result<Content, Refusal> {
    match columns {
        _ if values.is_empty() => Err(Refusal::Empty),
        1 => Ok(Content::Numbers { values, epsilon }),
        columns if columns > limits::PREDICTIONS_COLUMNS => {
            Err(format!("a row has {columns} numbers, more than the {} that are read", limits::PREDICTIONS_COLUMNS).into())
        }
        columns => Ok(Content::Rows(Rows { columns, values, names, epsilon })),
    }
}

/// The start of a cell, for messages.
fn short(cell: &str) -> String {
    cell.chars().filter(|c| !c.is_control()).take(20).collect()
}

#[cfg(test)]
mod tests;
