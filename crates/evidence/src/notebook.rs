//! Notebooks (nbformat 4): what their outputs show is evidence. Nothing is run.
//!
//! A notebook is read once, tolerantly: whatever one cell holds costs what that cell states and nothing else. A *mark* says what a cell
//! states: `# mlgrade: improved.val_error` in its code, a tag, `<!-- mlgrade: why -->` or a heading above it; a `Spot` says it from
//! outside.

mod bold;
pub(crate) mod catalogue;
mod charts;
mod format;
mod index;
mod json;
mod marks;
mod runs;
pub(crate) mod spot;
mod terminal;

use mlgrade_domain::diagnostic::{Code, Diagnostic};

use super::printed::tables::grid::Grid;
use super::printed::{self, tables::html};

pub(crate) use index::{Entry, Index};
pub use runs::Requirement;

/// Whether a file of this path is a notebook, by its ending.
pub fn is_notebook(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("ipynb"))
}

/// A notebook.
#[derive(Debug, Clone, PartialEq)]
pub struct Notebook {
    /// Its path in the submission.
    pub path: String,
    /// The kernel that ran it, as far as it says so: "Python 3 (ipykernel) 3.12.3".
    pub kernel: Option<String>,
    /// Its cells in order.
    pub cells: Vec<Cell>,
    /// What was passed over.
    pub notes: Vec<Diagnostic>,
}

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Its place in the notebook, from 1.
    pub number: usize,
    /// Its tags.
    pub(crate) tags: Vec<String>,
    /// What is written in it.
    pub(crate) source: String,
    /// What kind it is.
    pub kind: Kind,
}

/// The kinds of cells.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// Text.
    Markdown,
    /// Code that was run, or not.
    Code {
        /// The number in brackets: when it was run.
        count: Option<u64>,
        /// What it gave.
        outputs: Vec<Output>,
    },
    /// Raw text, or a cell that cannot be read.
    Other,
}

/// What a cell gave.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// What it printed, as a terminal shows it in the end.
    Printed(String),
    /// What it printed as an error or for progress.
    Logged(String),
    /// A value or a display.
    Shown {
        /// As plain text.
        text: Option<String>,
        /// As a picture.
        picture: Option<Picture>,
        /// As a web page, which may hold a table.
        html: Option<String>,
    },
    /// An error that ended it.
    Error {
        /// Its class, such as `ValueError`.
        name: String,
        /// Its message.
        message: String,
    },
    /// More than is read, in words.
    TooLarge(String),
}

/// A picture in an output, not yet decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Picture {
    /// PNG or JPEG in base64.
    Base64(String),
    /// SVG, or a chart in JSON.
    Text(String),
}

impl Picture {
    /// The bytes of the file that it would be.
    pub(crate) fn bytes(&self) -> Result<Vec<u8>, String> {
        match self {
            Self::Text(text) => Ok(text.clone().into_bytes()),
            Self::Base64(text) => {
                let digits: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
                let engine = base64::engine::GeneralPurpose::new(
                    &base64::alphabet::STANDARD,
                    base64::engine::GeneralPurposeConfig::new().with_decode_padding_mode(base64::engine::DecodePaddingMode::Indifferent),
                );
                base64::Engine::decode(&engine, digits).map_err(|error| format!("its base64 is damaged: {error}"))
            }
        }
    }
}

impl Cell {
    /// The cell in words: "cell 12 (`[7]`)".
    pub fn place(&self) -> String {
        match self.kind {
            Kind::Code { count: Some(count), .. } => format!("cell {} ([{count}])", self.number),
            _ => format!("cell {}", self.number),
        }
    }

    /// Its outputs, none if it is no code.
    pub(crate) fn outputs(&self) -> &[Output] {
        if let Kind::Code { outputs, .. } = &self.kind { outputs } else { &[] }
    }

    /// Whether it has code in it.
    fn has_code(&self) -> bool {
        matches!(self.kind, Kind::Code { .. }) && !self.source.trim().is_empty()
    }

    /// What it printed and showed as text, or which output is too large for that.
    fn printed(&self) -> Result<String, String> {
        let mut text = String::new();
        for output in self.outputs() {
            match output {
                Output::Printed(part) | Output::Shown { text: Some(part), picture: None, .. } => {
                    if !text.is_empty() && !text.ends_with('\n') {
                        text.push('\n');
                    }
                    text.push_str(part);
                }
                Output::TooLarge(reason) => return Err(reason.clone()),
                _ => {}
            }
        }
        Ok(text)
    }

    /// What it printed as an error or for progress.
    fn logged(&self) -> String {
        let texts = self.outputs().iter().filter_map(|output| if let Output::Logged(text) = output { Some(text.as_str()) } else { None });
        texts.collect::<Vec<_>>().join("\n")
    }

    /// The web pages that it showed.
    fn pages(&self) -> impl Iterator<Item = &str> {
        self.outputs().iter().filter_map(|output| if let Output::Shown { html: Some(html), .. } = output { Some(html.as_str()) } else { None })
    }

    /// The tables that it printed or showed. A web page says better than plain text where the cells are.
    pub(crate) fn tables(&self) -> Vec<Grid> {
        let of = |output: &Output| match output {
            Output::Printed(text) => printed::grids(text),
            Output::Shown { text, picture: None, html } => {
                let in_page = html.as_deref().map(html::tables).unwrap_or_default();
                if in_page.is_empty() { text.as_deref().map(printed::grids).unwrap_or_default() } else { in_page }
            }
            _ => Vec::new(),
        };
        self.outputs().iter().flat_map(of).collect()
    }

    /// The pictures that it showed, each once.
    fn pictures(&self) -> Vec<&Picture> {
        let mut pictures: Vec<&Picture> = Vec::new();
        for output in self.outputs() {
            if let Output::Shown { picture: Some(picture), .. } = output {
                // A figure that is also the cell's last line is shown twice.
                if pictures.last() != Some(&picture) {
                    pictures.push(picture);
                }
            }
        }
        pictures
    }
}

impl Notebook {
    /// Reads a notebook.
    pub fn read(path: &str, bytes: &[u8]) -> Result<Self, Diagnostic> {
        format::read(path, bytes).map_err(|(message, help)| Diagnostic::error(Code::BadNotebook, message).in_file(path).help(help))
    }

    /// Its cells with code in them.
    pub(crate) fn code_cells(&self) -> impl Iterator<Item = &Cell> {
        self.cells.iter().filter(|cell| cell.has_code())
    }
}
