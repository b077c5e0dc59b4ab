//! Rows of cells, as CSV and JSON have them, made into predictions: which column is the index, which holds the predictions.

use crate::domain::limits;
use crate::domain::name::list;
use crate::domain::number::Finite;

use super::{Content, Decoded, NAMES, numbers, short};

/// What people and pandas call a column that only counts the rows.
const INDEX: [&str; 13] = ["", "id", "index", "idx", "row", "n", "i", "example", "sample", "image", "imageid", "image_id", "unnamed: 0"];

/// A cell: a finite number, or anything else as it is written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell<'t> {
    Number(f64),
    Word(&'t str),
}

impl Cell<'_> {
    /// The cell of a number.
    pub(super) fn of(value: f64) -> Self {
        match Finite::new(value) {
            Ok(number) => Self::Number(number.get()),
            Err(_) if value.is_nan() => Self::Word("NaN"),
            Err(_) => Self::Word("infinity"),
        }
    }
}

/// Rows of as many cells each.
#[derive(Debug)]
pub(super) struct Sheet {
    /// The names of the columns, if there are any.
    pub(super) header: Option<Vec<String>>,
    columns: usize,
    /// Row by row; 0 where a word stands.
    numbers: Vec<Finite>,
    /// The words with their places in `numbers`, in order.
    words: Vec<(usize, String)>,
    /// The most cells that are read.
    most: usize,
}

impl Sheet {
    pub(super) fn new(most: usize) -> Self {
        Self { header: None, columns: 0, numbers: Vec::new(), words: Vec::new(), most }
    }

    /// How many rows there are.
    pub(super) fn rows(&self) -> usize {
        self.numbers.len() / self.columns.max(1)
    }

    /// Adds a row.
    pub(super) fn push<'t>(&mut self, cells: impl ExactSizeIterator<Item = Cell<'t>>) -> Result<(), String> {
        let (row, width) = (self.rows() + 1, cells.len());
        if self.numbers.is_empty() {
            self.columns = width;
        }
        if width != self.columns || width == 0 {
            return Err(format!("row {} has {width} columns, the first has {}", row + usize::from(self.header.is_some()), self.columns));
        }
        if self.numbers.len() + width > self.most || self.words.len() + width > self.most / 8 {
            return Err(format!("the file has more than the {} cells that are read", self.most));
        }
        let zero = Finite::default();
        for cell in cells {
            match cell {
                Cell::Number(value) => self.numbers.push(Finite::new(value).unwrap_or(zero)),
                Cell::Word(word) => {
                    self.words.push((self.numbers.len(), word.to_owned()));
                    self.numbers.push(zero);
                }
            }
        }
        Ok(())
    }

    /// The predictions `name` in these rows.
    pub(super) fn content(self, name: &str) -> Decoded {
        if self.numbers.is_empty() {
            return Err("the file holds no predictions".to_owned());
        }
        let mut notes = Vec::new();
        if let Some(header) = self.header.as_deref().filter(|header| header.len() == self.columns && self.columns > 1) {
            let named = |wanted: &str| header.iter().position(|known| known.eq_ignore_ascii_case(wanted));
            if let Some(column) = std::iter::once(name).chain(NAMES).find_map(named) {
                notes.push(format!("of {} columns `{}` was read", self.columns, short(&header[column])));
                return Ok((self.select(&[column])?, notes));
            }
        }
        let mut columns: Vec<usize> = (0..self.columns).collect();
        if self.columns > 1 && self.first_is_an_index() {
            columns.remove(0);
            notes.push("the first column counts the rows and was passed over".to_owned());
        }
        Ok((self.select(&columns)?, notes))
    }

    /// Whether the first column is called an index, or counts the rows from 0 or 1.
    fn first_is_an_index(&self) -> bool {
        let called = self.header.as_ref().is_some_and(|header| header.first().is_some_and(|name| INDEX.contains(&name.to_ascii_lowercase().as_str())));
        let first = || self.numbers.iter().step_by(self.columns).map(|number| number.get());
        let counts = |from: usize| first().enumerate().all(|(row, value)| (value - (row + from) as f64).abs() < 1e-9);
        // Three rows of scores may count by chance.
        called || self.rows() > 3 && !self.words.iter().any(|(place, _)| place.is_multiple_of(self.columns)) && (counts(0) || counts(1))
    }

    /// The content of these columns.
    fn select(&self, columns: &[usize]) -> Result<Content, String> {
        let shift = 1 + usize::from(self.header.is_some());
        if let [only] = columns {
            let words: Vec<&(usize, String)> = self.words.iter().filter(|(place, _)| place % self.columns == *only).collect();
            if words.len() == self.rows() {
                return Ok(Content::Names(words.into_iter().map(|(_, word)| word.clone()).collect()));
            }
        }
        if let Some((place, word)) = self.words.iter().find(|(place, _)| columns.contains(&(place % self.columns))) {
            return Err(match (&self.header, columns) {
                (_, [_]) => format!("row {} holds `{}`, expected a number", place / self.columns + shift, short(word)),
                (Some(header), _) => {
                    let names = list(header.iter().take(20).map(String::as_str));
                    format!("row {} holds `{}`, and none of the columns {names} is named `predictions` or `label`", place / self.columns + shift, short(word))
                }
                (None, _) => format!("row {}, column {} holds `{}`, expected a number", place / self.columns + shift, place % self.columns + 1, short(word)),
            });
        }
        let names = match &self.header {
            Some(header) if header.len() == self.columns => columns.iter().map(|&column| header[column].clone()).collect(),
            _ => Vec::new(),
        };
        let rows = self.numbers.chunks_exact(self.columns);
        numbers(rows.flat_map(|row| columns.iter().map(|&column| row[column])).collect(), columns.len(), names, f64::EPSILON)
    }
}

impl Sheet {
    /// Whether `first` names the columns of a file whose second row is `second`.
    pub(super) fn is_header(first: &[Cell<'_>], second: Option<&[Cell<'_>]>, name: &str) -> bool {
        let word = |cell: &Cell<'_>| matches!(cell, Cell::Word(_));
        let above_a_number = || second.is_some_and(|second| first.iter().zip(second).any(|(first, second)| word(first) && !word(second)));
        let usual = |cell: &Cell<'_>| match cell {
            Cell::Word(text) => text.eq_ignore_ascii_case(name) || NAMES.iter().any(|known| text.eq_ignore_ascii_case(known)),
            Cell::Number(_) => false,
        };
        first.len() <= limits::PREDICTIONS_COLUMNS && first.iter().any(word) && (above_a_number() || first.iter().any(usual))
    }
}
