//! The part of a notebook that a place is in: a cell, what stands under a heading, what stands behind a line.

use mlgrade_domain::diagnostic::{Code, Diagnostic};
use mlgrade_domain::name::did_you_mean;

use super::super::super::{Absent, Found};
use super::super::bold;
use super::super::marks::{bare, sections};
use super::super::{Cell, Kind as CellKind, Notebook};
use super::{Spot, Stream};
use mlgrade_domain::part::{begins, part};

/// What a text cell says, or what a code cell gives.
pub(super) struct Piece<'a> {
    pub(super) cell: &'a Cell,
    pub(super) kind: Kind,
    pub(super) text: String,
    pub(super) place: String,
    /// Why its text cannot be had.
    pub(super) too_large: Option<String>,
}

/// The kinds of pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Prose,
    Output,
}

impl Spot {
    /// The pieces of the notebooks that the place is in, in order.
    pub(super) fn pieces<'a>(&self, name: &str, notebooks: &[&'a Notebook]) -> Found<Vec<Piece<'a>>> {
        let whole = match (self.cell, &self.heading) {
            (Some(number), _) => self.in_cell(name, number, notebooks)?,
            (None, Some(heading)) => self.under(heading, notebooks)?,
            (None, None) => notebooks.iter().flat_map(|notebook| notebook.cells.iter().filter_map(|cell| self.piece(notebook, cell))).collect(),
        };
        self.between(name, whole)
    }

    fn in_cell<'a>(&self, name: &str, number: usize, notebooks: &[&'a Notebook]) -> Found<Vec<Piece<'a>>> {
        let unclear = |code, message: String| Err(Absent::ForAPerson(Diagnostic::error(code, format!("`{name}`: {message}"))));
        let notebook = match notebooks {
            [only] => only,
            [] => return Ok(Vec::new()),
            [first, second, ..] => {
                return unclear(Code::Ambiguous, format!("cell {number} may be in {} or in {}; say which with `notebook`", first.path, second.path));
            }
        };
        match notebook.cells.iter().find(|cell| cell.number == number) {
            Some(cell) => Ok(self.piece(notebook, cell).into_iter().collect()),
            None => unclear(Code::NotFound, format!("there is no cell {number}; {} has {} cells", notebook.path, notebook.cells.len())),
        }
    }

    fn under<'a>(&self, heading: &str, notebooks: &[&'a Notebook]) -> Found<Vec<Piece<'a>>> {
        let wanted = bare(heading.trim_start_matches('#'));
        let (mut pieces, mut places, mut headings) = (Vec::new(), Vec::new(), Vec::new());
        for notebook in notebooks {
            let mut inside = None;
            for cell in &notebook.cells {
                if cell.kind != CellKind::Markdown {
                    pieces.extend(inside.and_then(|_: usize| self.piece(notebook, cell)));
                    continue;
                }
                for section in sections(cell) {
                    if let Some((depth, words)) = &section.heading {
                        headings.push(words.clone());
                        if words.to_lowercase() == wanted.to_lowercase() {
                            inside = Some(*depth);
                            places.push(notebook.place(cell));
                        } else if inside.is_some_and(|inside| *depth <= inside) {
                            inside = None;
                        }
                    }
                    if inside.is_some() && !section.text.is_empty() {
                        pieces.push(Piece { cell, kind: Kind::Prose, text: section.text, place: notebook.place(cell), too_large: None });
                    }
                }
            }
        }
        if places.is_empty() {
            let bold = bold::beneath(&wanted, notebooks);
            places = bold.iter().map(|(_, notebook, cell)| notebook.place(cell)).collect();
            let piece =
                |(text, notebook, cell): (String, &Notebook, &'a Cell)| Piece { cell, kind: Kind::Prose, text, place: notebook.place(cell), too_large: None };
            pieces = bold.into_iter().map(piece).collect();
        }
        match places.as_slice() {
            [_] => Ok(pieces),
            [] => {
                let begins_so = || headings.iter().find(|words| begins(words, &wanted).is_some()).map(|words| format!("did you mean `{words}`?"));
                let help = did_you_mean(&wanted, headings.iter().map(String::as_str)).or_else(begins_so);
                let diagnostic = Diagnostic::error(Code::NotFound, format!("there is no heading `{wanted}` in the notebook"));
                Err(if help.is_some() { Absent::ForAPerson(diagnostic.help(help)) } else { Absent::Missing(diagnostic) })
            }
            [first, second, ..] => {
                let message = format!("there are {} headings `{wanted}`, in {first} and {second}; say `cell` instead", places.len());
                Err(Absent::ForAPerson(Diagnostic::error(Code::Ambiguous, message)))
            }
        }
    }

    fn piece<'a>(&self, notebook: &Notebook, cell: &'a Cell) -> Option<Piece<'a>> {
        let (kind, text, place) = match (&cell.kind, self.stream) {
            (CellKind::Markdown, _) => (Kind::Prose, Ok(cell.source.clone()), notebook.place(cell)),
            (CellKind::Code { .. }, Stream::Stdout) => (Kind::Output, cell.printed(), notebook.place(cell)),
            (CellKind::Code { .. }, Stream::Stderr) => (Kind::Output, Ok(cell.logged()), format!("{}, {}, stderr", notebook.path, cell.place())),
            (CellKind::Other, _) => return None,
        };
        let too_large = text.as_ref().err().cloned();
        Some(Piece { cell, kind, text: text.unwrap_or_default(), place, too_large })
    }

    /// What of the pieces stands behind the line `after` and before the line `until`. A cell is to a notebook what a page is to a report: the
    /// line behind which it stands is in the same cell.
    fn between<'a>(&self, name: &str, pieces: Vec<Piece<'a>>) -> Found<Vec<Piece<'a>>> {
        let ends: Vec<&str> = self.until.as_deref().into_iter().collect();
        let unclear = |message: String| Err(Absent::ForAPerson(Diagnostic::error(Code::BadNotebook, format!("`{name}`: {message}"))));
        let Some(after) = &self.after else {
            let Some(until) = &self.until else { return Ok(pieces) };
            let before = |piece: Piece<'a>| {
                let text = piece.text.lines().take_while(|line| begins(line, until).is_none()).collect::<Vec<_>>().join("\n");
                (text.lines().count() < piece.text.lines().count()).then_some(Piece { text, ..piece })
            };
            let found: Vec<Piece<'a>> = pieces.into_iter().filter_map(before).collect();
            return if found.is_empty() { unclear(format!("no line begins with `{until}`")) } else { Ok(found) };
        };
        let (mut found, mut reasons) = (Vec::new(), Vec::new());
        for piece in pieces {
            let lines: Vec<&str> = piece.text.lines().collect();
            if !lines.iter().any(|line| begins(line, after).is_some()) {
                continue;
            }
            match part(&lines, Some(after), &ends) {
                Ok(text) => found.push(Piece { text, ..piece }),
                Err(reason) => reasons.push(format!("{}: {reason}", piece.place)),
            }
        }
        match (found.as_slice(), reasons.first()) {
            ([_], None) => Ok(found),
            (_, Some(reason)) => unclear(reason.clone()),
            ([], None) => unclear(format!("no line begins with `{after}`")),
            ([first, second, ..], None) => unclear(format!("a line begins with `{after}` in {} and in {}; say which with `cell`", first.place, second.place)),
        }
    }
}

/// The words of a text cell without what makes them bold, slanted or code.
pub(super) fn plain(source: &str) -> String {
    source.replace(['*', '`'], "")
}
