//! A place in a notebook that the rubric or submission.toml gives.

mod region;
mod unmatched;

use mlgrade_domain::diagnostic::{Code, Diagnostic};

use super::super::printed;
use super::super::printed::number::tokens;
pub(crate) use super::super::printed::pattern::Match;
use super::super::printed::pattern::{Choice, Hit, Pattern, Which, choose};
use super::super::printed::tables::grid::Grid;
use super::super::printed::tables::pick::Lack;
use super::super::{Absent, Found, Sought};
use super::{Notebook, Picture};
use mlgrade_domain::value::Value;
use region::{Kind, Piece, plain};

/// A place in a notebook: where to look, and for what. All that is said must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Spot {
    /// Which notebook, if there are several.
    pub notebook: Option<String>,
    /// The cell, from 1, text cells too, as messages count them.
    pub(crate) cell: Option<usize>,
    /// The heading it stands under.
    pub(crate) heading: Option<String>,
    /// The line behind which it stands, in one cell's output or text.
    pub(crate) after: Option<String>,
    /// The line before which it ends.
    pub(crate) until: Option<String>,
    /// Which of a cell's two streams is read.
    pub(crate) stream: Stream,
    /// Text with one `{number}` in it.
    pub(crate) pattern: Option<String>,
    /// Which of several matches, or of several numbers.
    pub(crate) matching: Match,
    /// Which of several matches, numbers, tables or figures, from 1.
    pub(crate) nth: Option<usize>,
    /// The row of a table, by what stands at its left or in one of its cells.
    pub(crate) row: Option<String>,
    /// The column of a table, by its head.
    pub column: Option<String>,
}

/// What of a cell's output is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Stream {
    /// What it prints, and what it shows.
    #[default]
    Stdout,
    /// Progress bars, warnings and logs.
    Stderr,
}

/// A value with its place, and what should be known of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Seen {
    pub(crate) value: Value,
    pub(crate) place: String,
    pub(crate) note: Option<String>,
}

/// The numbers of an output that are counted.
const NUMBERS: usize = 100_000;

impl Spot {
    /// The same place in whichever cell it is.
    #[must_use]
    pub fn anywhere(&self) -> Self {
        Self { cell: None, ..self.clone() }
    }

    /// Why nothing can ever be there.
    pub(crate) fn fault(&self) -> Option<String> {
        let says = |fault: &str| Some(fault.to_owned());
        let is_table = self.row.is_some() || self.column.is_some();
        match self {
            Self { cell: None, heading: None, pattern: None, .. } if !is_table => {
                says("a place in a notebook has a `cell`, a `heading`, a `pattern`, or the `row` or `column` of a table")
            }
            Self { cell: Some(0), .. } => says("`cell` counts from 1"),
            Self { cell: Some(_), heading: Some(_), .. } => says("say `cell` or `heading`, not both"),
            Self { pattern: Some(_), .. } if is_table => says("say `pattern`, or `row` and `column`, not both"),
            _ if is_table && self.matching != Match::Only => says("`match` is for a `pattern`; `nth` says which of several tables"),
            Self { pattern: Some(text), .. } => Pattern::parse(text).err().or_else(|| Which::of(self.matching, self.nth).err()),
            _ => Which::of(self.matching, self.nth).err(),
        }
    }

    fn which(&self) -> Which {
        Which::of(self.matching, self.nth).unwrap_or_default()
    }

    /// The value there, as what is sought.
    pub(crate) fn value(&self, name: &str, notebooks: &[&Notebook], sought: Sought) -> Found<Seen> {
        let pieces = self.pieces(name, notebooks)?;
        match &self.pattern {
            Some(pattern) => self.matched(name, pattern, &pieces, notebooks),
            None if self.row.is_some() || self.column.is_some() => self.tabled(name, &pieces, notebooks),
            None => self.whole(name, &pieces, notebooks, sought),
        }
    }

    /// The number that the pattern matches.
    fn matched(&self, name: &str, text: &str, pieces: &[Piece<'_>], notebooks: &[&Notebook]) -> Found<Seen> {
        let wrong = |code, reason: String| Absent::ForAPerson(Diagnostic::error(code, format!("`{name}`: {reason}")));
        let pattern = Pattern::parse(text).map_err(|reason| wrong(Code::BadSettings, reason))?;
        // Text is searched where the cell is named, and else what was printed.
        let searched: Vec<&Piece<'_>> = pieces.iter().filter(|piece| piece.kind == Kind::Output || self.cell.is_some()).collect();
        if let Some(reason) = searched.iter().find_map(|piece| piece.too_large.clone()) {
            return Err(wrong(Code::TooLarge, reason));
        }
        let find = |in_any_case: bool| {
            let of = |(output, piece): (usize, &&Piece<'_>)| {
                let hits = if piece.kind == Kind::Prose { pattern.find(&plain(&piece.text), in_any_case) } else { pattern.find(&piece.text, in_any_case) };
                hits.into_iter().map(move |hit| Hit { output, ..hit })
            };
            searched.iter().enumerate().flat_map(of).collect::<Vec<Hit>>()
        };
        let exact = find(false);
        let hits = if exact.is_empty() { find(true) } else { exact };
        if hits.is_empty() {
            return Err(self.nothing_matched(name, text, &pattern, &searched, notebooks));
        }
        let place = |hit: usize| hits.get(hit).and_then(|hit| searched.get(hit.output)).map(|piece| piece.place.clone()).unwrap_or_default();
        let mut places: Vec<String> = (0..hits.len()).map(place).collect();
        places.dedup();
        let several = |all: usize| {
            let shown = places.iter().take(3).cloned().collect::<Vec<_>>().join(" and ");
            let more = if places.len() > 3 { ", …" } else { "" };
            format!("the pattern `{text}` matches {all} times, in {shown}{more}; say which is meant: with `cell`, `nth`, or `match` = first, last or all")
        };
        let Choice { value, hit, note } = choose(&hits, self.which(), several).map_err(|reason| {
            let reason = if reason.starts_with("the pattern") {
                reason
            } else {
                format!("the pattern `{text}`, in {}: {reason}", places.first().cloned().unwrap_or_default())
            };
            wrong(Code::Ambiguous, reason)
        })?;
        Ok(Seen { value, place: place(hit), note: note.map(|note| format!("`{name}`: the pattern `{text}` {note}, in {}; is that meant?", place(hit))) })
    }

    /// The cells of a table.
    fn tabled(&self, name: &str, pieces: &[Piece<'_>], notebooks: &[&Notebook]) -> Found<Seen> {
        let (row, column) = (self.row.as_deref(), self.column.as_deref());
        let mut found: Vec<(Value, &str)> = Vec::new();
        let mut missing: Vec<(String, &str)> = Vec::new();
        let mut several: Vec<(String, &str)> = Vec::new();
        for piece in pieces {
            for table in self.tables(piece) {
                match table.value(row, column) {
                    Ok(value) => found.push((value, &piece.place)),
                    Err(Lack::Nothing(reason)) => missing.push((reason, &piece.place)),
                    Err(Lack::Several(reason)) => several.push((reason, &piece.place)),
                }
            }
        }
        let wrong = |code, reason: String| Absent::ForAPerson(Diagnostic::error(code, format!("`{name}`: {reason}")));
        if let Some((reason, place)) = several.first().filter(|_| found.is_empty()) {
            return Err(wrong(Code::Ambiguous, format!("{reason}, in {place}")));
        }
        let sought = [("row", row), ("column", column)].map(|(what, name)| name.map(|name| format!("{what} `{name}`")));
        let sought = sought.into_iter().flatten().collect::<Vec<_>>().join(" and ");
        let which = if found.iter().all(|(value, _)| *value == found[0].0) && self.nth.is_none() { Which::First } else { self.which() };
        match found.as_slice() {
            [] => match missing.as_slice() {
                [] => Err(self.nothing(&format!("`{name}`: no table is printed or shown"), notebooks)),
                [(reason, place)] => Err(wrong(Code::BadNotebook, format!("{reason}, in {place}"))),
                [(_, first), ..] => Err(wrong(Code::BadNotebook, format!("none of {} tables has a {sought}; the first is in {first}", missing.len()))),
            },
            found => {
                let several = |all| {
                    let places: Vec<&str> = found.iter().map(|(_, place)| *place).take(3).collect();
                    format!("{all} tables have a {sought}, in {}; say which is meant, with `cell` or `nth`", places.join(" and "))
                };
                let at = which.index(found.len(), "table", several).map_err(|reason| wrong(Code::Ambiguous, reason))?;
                let (value, place) = found[at].clone();
                Ok(Seen { value, place: place.to_owned(), note: None })
            }
        }
    }

    /// The tables in a piece; a web page has no lines to go by.
    fn tables(&self, piece: &Piece<'_>) -> Vec<Grid> {
        let is_all = self.after.is_none() && self.until.is_none() && self.stream == Stream::Stdout;
        if piece.kind == Kind::Output && is_all { piece.cell.tables() } else { printed::grids(&piece.text) }
    }

    /// All that is there: words where words are sought, and else what was printed.
    fn whole(&self, name: &str, pieces: &[Piece<'_>], notebooks: &[&Notebook], sought: Sought) -> Found<Seen> {
        let written: Vec<&Piece<'_>> = pieces.iter().filter(|piece| piece.kind == Kind::Prose && !piece.text.trim().is_empty()).collect();
        let printed: Vec<&Piece<'_>> =
            pieces.iter().filter(|piece| piece.kind == Kind::Output && (piece.too_large.is_some() || !piece.text.trim().is_empty())).collect();
        let wrong = |reason: String, place: &str| Absent::ForAPerson(Diagnostic::error(Code::BadNotebook, format!("`{name}`: {reason}")).in_file(place));
        match (printed.as_slice(), written.as_slice()) {
            (_, [first, ..]) if sought == Sought::Words || printed.is_empty() => {
                let words = written.iter().map(|piece| piece.text.trim()).collect::<Vec<_>>().join("\n\n");
                let value = match self.which() {
                    Which::Only => Value::Text(words),
                    which => numbers(&words, which).map_err(|reason| wrong(reason, &first.place))?,
                };
                Ok(Seen { value, place: first.place.clone(), note: None })
            }
            ([piece], _) => {
                if let Some(reason) = &piece.too_large {
                    return Err(wrong(reason.clone(), &piece.place));
                }
                let value = match self.which() {
                    Which::Only => stated(name, &piece.text),
                    which => numbers(&piece.text, which),
                };
                let value = value.map_err(|reason| wrong(reason, &piece.place))?;
                Ok(Seen { value, place: piece.place.clone(), note: None })
            }
            ([first, second, ..], _) => {
                let message = format!("`{name}`: several cells print something, in {} and {}", first.place, second.place);
                let help = "say which is meant, with `cell` or `pattern`".to_owned();
                Err(Absent::ForAPerson(Diagnostic::error(Code::Ambiguous, message).help(help)))
            }
            ([], _) => Err(self.nothing(&format!("`{name}`: nothing is written or printed"), notebooks)),
        }
    }

    /// The classes that are printed there, one a line, with their place.
    pub(crate) fn classes(&self, name: &str, notebooks: &[&Notebook]) -> Found<(String, String)> {
        let pieces = self.pieces(name, notebooks)?;
        let printed: Vec<&Piece<'_>> = pieces.iter().filter(|piece| piece.kind == Kind::Output && !piece.text.trim().is_empty()).collect();
        let unclear = |message: String| Absent::ForAPerson(Diagnostic::error(Code::BadPredictions, format!("the predictions `{name}`: {message}")));
        match printed.as_slice() {
            [] => Err(self.nothing(&format!("the predictions `{name}`: nothing is printed"), notebooks)),
            [piece] => match printed::classes(&piece.text) {
                Ok(classes) => Ok((classes, piece.place.clone())),
                Err(reason) => Err(unclear(format!("{reason}, in {}", piece.place))),
            },
            [first, second, ..] => Err(unclear(format!("several cells print something, in {} and {}; say which with `cell`", first.place, second.place))),
        }
    }

    /// The picture there, with its place.
    pub(crate) fn picture(&self, name: &str, notebooks: &[&Notebook]) -> Found<(Picture, String)> {
        let pieces = self.pieces(name, notebooks)?;
        let mut pictures: Vec<(&Picture, &str)> = Vec::new();
        for piece in pieces.iter().filter(|piece| piece.kind == Kind::Output) {
            pictures.extend(piece.cell.pictures().into_iter().map(|picture| (picture, piece.place.as_str())));
        }
        if pictures.is_empty() {
            return Err(self.nothing(&format!("the figure `{name}`: there is no picture"), notebooks));
        }
        let several = |all| {
            let (first, second) = (pictures[0].1, pictures[1].1);
            format!("there are {all} pictures, in {first} and {second}; say which is meant, with `cell` or `nth`")
        };
        let at = self.which().index(pictures.len(), "picture", several);
        let at = at.map_err(|reason| Absent::ForAPerson(Diagnostic::error(Code::Ambiguous, format!("the figure `{name}`: {reason}"))))?;
        Ok((pictures[at].0.clone(), pictures[at].1.to_owned()))
    }

    fn nothing(&self, what: &str, notebooks: &[&Notebook]) -> Absent {
        let at = match (self.cell, &self.heading) {
            (Some(cell), _) => format!(" in cell {cell}"),
            (_, Some(heading)) => format!(" under the heading `{heading}`"),
            _ => String::new(),
        };
        let cleared = notebooks.iter().find_map(|notebook| notebook.cleared());
        Absent::Missing(Diagnostic::error(Code::NotFound, format!("{what}{at}")).help(cleared))
    }
}

/// What an output states: a value under the name, or the one that it is.
fn stated(name: &str, text: &str) -> Result<Value, String> {
    let reading = printed::Reading::of(text);
    reading.under(name)?.map_or_else(|| printed::value(text), |value| Ok(value.clone()))
}

/// One of the numbers in a text, or all of them.
fn numbers(text: &str, which: Which) -> Result<Value, String> {
    let hits: Vec<Hit> = tokens(text, NUMBERS).into_iter().map(|token| Hit { tokens: vec![token], label: None, output: 0 }).collect();
    if hits.is_empty() {
        return Err("it holds no number".to_owned());
    }
    choose(&hits, which, |all| format!("it holds {all} numbers")).map(|choice| choice.value)
}
