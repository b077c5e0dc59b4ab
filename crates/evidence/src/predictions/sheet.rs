//! Rows of cells, as CSV and JSON have them, made into predictions: which column names the rows, which holds the predictions.

use mlgrade_domain::limits;
use mlgrade_domain::name::list;
use mlgrade_domain::number::Finite;

use super::names::{self, Choice, choose, is_usual, says_truth};
use super::numerals::{Commas, Numerals, is_numeral};
use super::{Asked, Content, Decoded, Found, Ids, Refusal, numbers, short};

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

    /// Whether it is a number, or a word that is one in some notation.
    fn is_number(&self) -> bool {
        match self {
            Self::Number(_) => true,
            Self::Word(word) => is_numeral(word),
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
    /// The words of each column with their rows, in order.
    words: Vec<Vec<(usize, String)>>,
    word_count: usize,
    /// Whether the order of the rows is lost, as that of the keys of an object.
    pub(super) unordered: bool,
    /// The most cells that are read.
    most: usize,
}

impl Sheet {
    pub(super) fn new(most: usize) -> Self {
        Self { header: None, columns: 0, numbers: Vec::new(), words: Vec::new(), word_count: 0, unordered: false, most }
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
            self.words = vec![Vec::new(); width];
        }
        if width != self.columns || width == 0 {
            return Err(format!("row {} has {width} columns, the first has {}", row + usize::from(self.header.is_some()), self.columns));
        }
        if self.numbers.len() + width > self.most || self.word_count + width > self.most / 8 {
            return Err(format!("the file has more than the {} cells that are read", self.most));
        }
        let zero = Finite::default();
        for (cell, words) in cells.zip(&mut self.words) {
            match cell {
                Cell::Number(value) => self.numbers.push(Finite::new(value).unwrap_or(zero)),
                Cell::Word(word) => {
                    words.push((row - 1, word.to_owned()));
                    self.word_count += 1;
                    self.numbers.push(zero);
                }
            }
        }
        Ok(())
    }

    /// The predictions that are asked for in these rows.
    pub(super) fn content(self, asked: Asked<'_>) -> Decoded {
        if self.numbers.is_empty() {
            return Err(Refusal::Empty);
        }
        if let Some(join) = &asked.layout.join {
            return self.joined(join, asked);
        }
        let mut notes = Vec::new();
        let header = self.header.as_deref().filter(|header| header.len() == self.columns);
        let (id, chosen) = if let Some(header) = header {
            let (id, choice) = choose(header, asked);
            // A first column that counts the rows names them, whatever it is called.
            let id = id.or_else(|| Some(0).filter(|_| self.columns > 1 && self.counts_rows(0)));
            let passed_over = |notes: &mut Vec<String>| {
                if id == Some(0) && self.ids(0).is_none() {
                    notes.push("the first column counts the rows and was passed over".to_owned());
                }
            };
            let chosen = match choice.map_err(|message| Refusal::Unclear(format!("of {} columns {message}", self.columns)))? {
                Choice::Named(column) => {
                    notes.push(format!("of {} columns `{}` was read", self.columns, short(&header[column])));
                    vec![column]
                }
                Choice::Left(column) => {
                    passed_over(&mut notes);
                    vec![column]
                }
                Choice::Several(columns) => {
                    passed_over(&mut notes);
                    columns.into_iter().filter(|column| Some(*column) != id).collect()
                }
            };
            if let [only] = chosen.as_slice()
                && says_truth(&header[*only])
            {
                notes.push(format!("`{}` sounds like the right answers; it was read as predictions", short(&header[*only])));
            }
            (id, chosen)
        } else {
            {
                let id = Some(0).filter(|_| self.columns > 1 && (self.counts_rows(0) || self.numbers_rows(0)));
                if id.is_some() && self.ids(0).is_none() {
                    notes.push("the first column counts the rows and was passed over".to_owned());
                }
                (id, (usize::from(id.is_some())..self.columns).collect())
            }
        };
        let ids = id.and_then(|column| self.ids(column));
        let content = self.select(&chosen, &mut notes)?;
        Ok(Found { content, ids, notes })
    }

    /// The predictions in rows that the column `join` names.
    fn joined(&self, join: &str, asked: Asked<'_>) -> Decoded {
        let header = self.header.as_deref().filter(|header| header.len() == self.columns).unwrap_or_default();
        let Some(id) = names::joined(header, join) else {
            let found = if header.is_empty() {
                "its columns have no names".to_owned()
            } else {
                format!("its columns are {}", list(header.iter().take(20).map(String::as_str)))
            };
            return Err(Refusal::Without(format!("there is no column `{join}`, which says of what each row is; {found}")));
        };
        if self.columns == 1 {
            return Err(Refusal::Without(format!("there is no column beside `{join}`")));
        }
        let mut notes = Vec::new();
        let columns = match choose(header, asked).1.map_err(|message| Refusal::Unclear(format!("of {} columns {message}", self.columns)))? {
            Choice::Named(column) => {
                if self.columns > 2 {
                    notes.push(format!("of {} columns `{}` was read", self.columns, short(&header[column])));
                }
                vec![column]
            }
            Choice::Left(column) => vec![column],
            Choice::Several(columns) => columns,
        };
        if self.rows() > self.most / 8 {
            return Err(format!("the file has {} rows, more than the {} that are joined by a column", self.rows(), self.most / 8).into());
        }
        let ids = Ids { column: header[id].clone(), values: self.cells(id).map(written).collect(), ordered: !self.unordered };
        let content = self.select(&columns, &mut notes)?;
        Ok(Found { content, ids: Some(ids), notes })
    }

    /// The cells of a column from top to bottom, each a number or a word.
    fn cells(&self, column: usize) -> impl Iterator<Item = Cell<'_>> {
        let mut words = self.words_of(column).peekable();
        (0..self.rows()).map(move |row| match words.next_if(|(at, _)| *at == row) {
            Some((_, word)) => Cell::Word(word),
            None => Cell::Number(self.numbers[row * self.columns + column].get()),
        })
    }

    /// The words of a column with their rows.
    fn words_of(&self, column: usize) -> impl Iterator<Item = (usize, &str)> + Clone {
        self.words.get(column).into_iter().flatten().map(|(row, word)| (*row, word.as_str()))
    }

    /// Whether a column counts the rows from 0 or 1. Three rows of scores may count by chance.
    fn counts_rows(&self, column: usize) -> bool {
        let counts =
            |from: usize| self.cells(column).enumerate().all(|(row, cell)| matches!(cell, Cell::Number(value) if (value - (row + from) as f64).abs() < 1e-9));
        self.rows() > 3 && (counts(0) || counts(1))
    }

    /// Whether a column numbers the rows from 0 or 1 in another order. A few classes may do so by chance.
    fn numbers_rows(&self, column: usize) -> bool {
        let mut seen = vec![false; self.rows() + 1];
        let fresh = |cell: Cell<'_>| {
            let Cell::Number(value) = cell else { return false };
            let row = mlgrade_domain::answers::whole(value).and_then(|value| usize::try_from(value).ok());
            row.and_then(|row| seen.get_mut(row)).is_some_and(|seen| !std::mem::replace(seen, true))
        };
        self.rows() >= 20 && self.cells(column).all(fresh)
    }

    /// What a column names the rows, unless it only counts them in their order.
    fn ids(&self, column: usize) -> Option<Ids> {
        let counts =
            |from: usize| self.cells(column).enumerate().all(|(row, cell)| matches!(cell, Cell::Number(value) if (value - (row + from) as f64).abs() < 1e-9));
        if counts(0) || counts(1) || self.rows() > self.most / 8 {
            return None;
        }
        let name = self.header.as_ref().and_then(|header| header.get(column)).cloned().unwrap_or_default();
        Some(Ids { column: name, values: self.cells(column).map(written).collect(), ordered: !self.unordered })
    }

    /// The content of these columns.
    fn select(&self, columns: &[usize], notes: &mut Vec<String>) -> Result<Content, Refusal> {
        let commas: Vec<Commas> = columns.iter().map(|&column| self.commas(column)).collect();
        let of_file = commas.iter().fold(Commas::default(), |all, commas| all.with(*commas));
        if let [only] = columns {
            return self.column(*only, of_file, notes);
        }
        let mut values = self.numbers.clone();
        for (&column, own) in columns.iter().zip(&commas) {
            let words = self.words_of(column);
            match own.or(of_file).read(words.clone().map(|(_, word)| word)) {
                Numerals::Numbers(read, note) => {
                    for ((row, _), value) in words.zip(read) {
                        values[row * self.columns + column] = Finite::new(value).unwrap_or_default();
                    }
                    notes.extend(note.filter(|note| !notes.iter().any(|known| known == note)).map(str::to_owned));
                }
                Numerals::Unclear(why) => return Err(Refusal::Unclear(why)),
                Numerals::Words => return Err(self.word_among_numbers(columns)),
            }
        }
        let names = match &self.header {
            Some(header) if header.len() == self.columns => columns.iter().map(|&column| header[column].clone()).collect(),
            _ => Vec::new(),
        };
        let rows = values.chunks_exact(self.columns);
        numbers(rows.flat_map(|row| columns.iter().map(|&column| row[column])).collect(), columns.len(), names, f64::EPSILON)
    }

    /// The content of one column: numbers, rows that were printed as lists, or what else stands there.
    fn column(&self, column: usize, commas: Commas, notes: &mut Vec<String>) -> Result<Content, Refusal> {
        let words = || self.words_of(column).map(|(_, word)| word);
        match commas.read(words()) {
            Numerals::Numbers(read, note) => {
                notes.extend(note.map(str::to_owned));
                let mut read = read.into_iter();
                let value = |cell: Cell<'_>| match cell {
                    Cell::Number(value) => Some(value),
                    Cell::Word(_) => read.next(),
                };
                let values: Vec<Finite> = self.cells(column).filter_map(value).filter_map(|value| Finite::new(value).ok()).collect();
                Ok(numbers(values, 1, Vec::new(), f64::EPSILON)?)
            }
            Numerals::Unclear(why) => Err(Refusal::Unclear(why)),
            Numerals::Words if words().count() == self.rows() && words().all(|word| word.starts_with('[')) => self.lists(column),
            Numerals::Words => Ok(Content::Names(self.cells(column).map(written).collect())),
        }
    }

    /// A row of numbers in each cell, as pandas prints a column of arrays: `[0.1 0.9]`.
    fn lists(&self, column: usize) -> Result<Content, Refusal> {
        let (mut values, mut width) = (Vec::new(), None);
        for (row, word) in self.words_of(column) {
            let place = row + 1 + usize::from(self.header.is_some());
            if word.contains("...") {
                return Err(format!("row {place} was shortened with `...` when it was printed; save all numbers").into());
            }
            let bare = word.trim_matches(['[', ']', ' ']);
            let read: Option<Vec<Finite>> = bare.split([',', ' ', '\n', '\t']).filter(|part| !part.is_empty()).map(|part| part.parse().ok()).collect();
            let read = read.filter(|read| !read.is_empty() && width.is_none_or(|width| width == read.len()));
            let read = read.ok_or_else(|| format!("row {place} holds `{}`, expected as many numbers as in the first row", short(word)))?;
            width = Some(read.len());
            values.extend(read);
            if values.len() > self.most {
                return Err(format!("the file has more than the {} numbers that are read", self.most).into());
            }
        }
        numbers(values, width.unwrap_or(1), Vec::new(), f64::EPSILON)
    }

    fn commas(&self, column: usize) -> Commas {
        let plain = self.cells(column).filter_map(|cell| if let Cell::Number(value) = cell { Some(value) } else { None });
        Commas::of(self.words_of(column).map(|(_, word)| word), plain)
    }

    /// What to say of the first word among columns of numbers.
    fn word_among_numbers(&self, columns: &[usize]) -> Refusal {
        let first = |&column: &usize| self.words_of(column).find(|(_, word)| !is_numeral(word)).map(|(row, word)| (row, column, word));
        let Some((row, column, word)) = columns.iter().filter_map(first).min() else { return "a column of numbers holds a word".to_owned().into() };
        let line = row + 1 + usize::from(self.header.is_some());
        if word.parse::<f64>().is_ok() {
            return Refusal::Without(format!("row {line}, column {} holds `{}`, expected a number", column + 1, short(word)));
        }
        match &self.header {
            Some(header) => {
                let names = list(header.iter().take(20).map(String::as_str));
                Refusal::Unclear(format!("row {line} holds `{}`, and none of the columns {names} is named `predictions` or `label`", short(word)))
            }
            None => format!("row {line}, column {} holds `{}`, expected a number", column + 1, short(word)).into(),
        }
    }

    /// Whether `first` names the columns of a file whose second row is `second`.
    pub(super) fn is_header(first: &[Cell<'_>], second: Option<&[Cell<'_>]>, asked: Asked<'_>) -> bool {
        let word = |cell: &Cell<'_>| !cell.is_number();
        let above_a_number = || second.is_some_and(|second| first.iter().zip(second).any(|(first, second)| word(first) && !word(second)));
        let usual = |cell: &Cell<'_>| matches!(cell, Cell::Word(text) if is_usual(text, asked));
        first.len() <= limits::PREDICTIONS_COLUMNS && first.iter().any(word) && (above_a_number() || first.iter().any(usual))
    }
}

/// A cell as a name; whole numbers without a point.
fn written(cell: Cell<'_>) -> String {
    match cell {
        Cell::Number(value) => value.to_string(),
        Cell::Word(word) => word.trim().to_owned(),
    }
}
