//! A place in a notebook, told from outside: by the rubric or by submission.toml.

use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::number::Finite;

use super::super::printed;
pub use super::super::printed::pattern::Match;
use super::super::value::Value;
use super::super::{Absent, Found};
use super::index::{MATCHES, chosen, pattern};
use super::marks::{bare, sections};
use super::{Cell, Kind, Notebook, Picture};

/// A place in a notebook.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Spot {
    /// Which notebook, if there are several.
    pub notebook: Option<String>,
    /// The heading it stands under.
    pub heading: Option<String>,
    /// Text with one `{number}` in it.
    pub pattern: Option<String>,
    /// Which of several matches.
    pub matching: Match,
}

/// What stands under a heading.
enum Piece<'a> {
    Text(String, String),
    Cell(&'a Notebook, &'a Cell),
}

impl Spot {
    /// Why nothing can ever be there.
    pub(crate) fn fault(&self) -> Option<String> {
        match self {
            Self { pattern: Some(text), .. } => pattern(text).err().map(|(_, reason)| reason),
            Self { heading: None, .. } => Some("a place in a notebook has a `pattern` or a `heading`".to_owned()),
            _ => None,
        }
    }

    /// The value there, with its place.
    pub(crate) fn value(&self, name: &str, notebooks: &[&Notebook]) -> Found<(Value, String)> {
        let Some(text) = &self.pattern else { return self.beneath(name, notebooks) };
        let wrong = |(code, reason): (Code, String)| Absent::Unreadable(Diagnostic::error(code, format!("`{name}`: {reason}")));
        let pattern = pattern(text).map_err(wrong)?;
        let mut found: Vec<(Result<Finite, String>, String)> = Vec::new();
        for piece in self.pieces(notebooks)? {
            let (printed, place) = match piece {
                Piece::Text(..) => continue,
                Piece::Cell(notebook, cell) => (cell.printed().unwrap_or_default(), notebook.place(cell)),
            };
            let room = MATCHES.saturating_sub(found.len());
            found.extend(pattern.matches(&printed, room).into_iter().map(|token| (token.reading, place.clone())));
        }
        if found.is_empty() {
            let files: Vec<&str> = notebooks.iter().map(|notebook| notebook.path.as_str()).collect();
            let message = format!("`{name}`: the pattern `{text}` matches nothing in {}", files.join(" or "));
            let cleared = notebooks.iter().find_map(|notebook| notebook.cleared());
            return Err(Absent::Missing(Diagnostic::error(Code::NotFound, message).help(cleared)));
        }
        let place = match self.matching {
            Match::Last => found.last(),
            _ => found.first(),
        };
        let place = place.map(|(_, place)| place.clone()).unwrap_or_default();
        let mut places: Vec<String> = found.iter().take(3).map(|(_, place)| place.clone()).collect();
        places.dedup();
        let several = |all| format!("the pattern `{text}` matches {all} times, in {}{}", places.join(" and "), if all > 3 { ", …" } else { "" });
        chosen(found.into_iter().map(|(reading, _)| reading).collect(), self.matching, several).map(|value| (value, place)).map_err(wrong)
    }

    /// The picture there, with its place.
    pub(crate) fn picture(&self, name: &str, notebooks: &[&Notebook]) -> Found<(Picture, String)> {
        let cells: Vec<(&Notebook, &Cell)> = self.pieces(notebooks)?.into_iter().filter_map(Piece::cell).collect();
        let mut pictures: Vec<(&Picture, String)> = Vec::new();
        for (notebook, cell) in &cells {
            pictures.extend(cell.pictures().into_iter().map(|picture| (picture, notebook.place(cell))));
        }
        match pictures.as_slice() {
            [(picture, place)] => Ok(((*picture).clone(), place.clone())),
            [] => Err(self.nothing(&format!("the figure `{name}`: there is no picture"), notebooks)),
            [(_, first), (_, second), ..] => {
                let message = format!("the figure `{name}`: there are {} pictures, in {first} and {second}", pictures.len());
                let help = format!("mark the cell that shows it with `# mlgrade: figures/{name}`");
                Err(Absent::Unreadable(Diagnostic::error(Code::Ambiguous, message).help(help)))
            }
        }
    }

    /// The text or output under the heading.
    fn beneath(&self, name: &str, notebooks: &[&Notebook]) -> Found<(Value, String)> {
        let pieces = self.pieces(notebooks)?;
        let (mut texts, mut place) = (Vec::new(), String::new());
        for piece in &pieces {
            if let Piece::Text(text, at) = piece {
                texts.push(text.as_str());
                if place.is_empty() {
                    place.clone_from(at);
                }
            }
        }
        if !texts.is_empty() {
            return Ok((Value::Text(texts.join("\n\n")), place));
        }
        let cells: Vec<_> = pieces.into_iter().filter_map(Piece::cell).filter(|(_, cell)| cell.printed().is_ok_and(|text| !text.trim().is_empty())).collect();
        match cells.as_slice() {
            [(notebook, cell)] => {
                let wrong = |reason| Absent::Unreadable(Diagnostic::error(Code::BadNotebook, format!("`{name}`: {reason}")).in_file(notebook.place(cell)));
                let text = notebook.printed_in(cell, &format!("`{name}`"))?;
                let reading = printed::Reading::of(&text);
                let value = match reading.under(name).map_err(wrong)? {
                    Some(value) => value.clone(),
                    None => printed::value(&text).map_err(wrong)?,
                };
                Ok((value, notebook.place(cell)))
            }
            [] => Err(self.nothing(&format!("`{name}`: nothing is written or printed"), notebooks)),
            [(notebook, first), (_, second), ..] => {
                let message = format!("`{name}`: several cells print something, {} and {}", first.place(), second.place());
                let help = format!("mark the one that is meant with `# mlgrade: {name}`");
                Err(Absent::Unreadable(Diagnostic::error(Code::Ambiguous, message).in_file(&notebook.path).help(help)))
            }
        }
    }

    fn nothing(&self, what: &str, notebooks: &[&Notebook]) -> Absent {
        let under = self.heading.as_ref().map_or_else(String::new, |heading| format!(" under the heading `{heading}`"));
        let cleared = notebooks.iter().find_map(|notebook| notebook.cleared());
        Absent::Missing(Diagnostic::error(Code::NotFound, format!("{what}{under}")).help(cleared))
    }

    /// The texts and cells under the heading, or all cells.
    fn pieces<'a>(&self, notebooks: &[&'a Notebook]) -> Found<Vec<Piece<'a>>> {
        let Some(wanted) = self.heading.as_deref().map(|words| bare(words.trim_start_matches('#'))) else {
            return Ok(notebooks.iter().flat_map(|notebook| notebook.cells.iter().map(|cell| Piece::Cell(notebook, cell))).collect());
        };
        let (mut pieces, mut headings) = (Vec::new(), Vec::new());
        for notebook in notebooks {
            let mut inside = None;
            for cell in &notebook.cells {
                if cell.kind == Kind::Markdown {
                    for section in sections(cell) {
                        if let Some((depth, words)) = &section.heading {
                            if words.eq_ignore_ascii_case(&wanted) {
                                inside = Some(*depth);
                                headings.push(notebook.place(cell));
                            } else if inside.is_some_and(|inside| *depth <= inside) {
                                inside = None;
                            }
                        }
                        if inside.is_some() && !section.text.is_empty() {
                            pieces.push(Piece::Text(section.text, notebook.place(cell)));
                        }
                    }
                } else if inside.is_some() {
                    pieces.push(Piece::Cell(notebook, cell));
                }
            }
        }
        match headings.as_slice() {
            [_] => Ok(pieces),
            [] => Err(Absent::Missing(Diagnostic::error(Code::NotFound, format!("there is no heading `{wanted}` in the notebook")))),
            [first, second, ..] => {
                let message = format!("there are {} headings `{wanted}`, in {first} and {second}", headings.len());
                Err(Absent::Unreadable(Diagnostic::error(Code::Ambiguous, message)))
            }
        }
    }
}

impl<'a> Piece<'a> {
    fn cell(self) -> Option<(&'a Notebook, &'a Cell)> {
        if let Self::Cell(notebook, cell) = self { Some((notebook, cell)) } else { None }
    }
}
