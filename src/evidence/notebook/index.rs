//! What a notebook states by its marks, under each name.

use std::collections::BTreeMap;

use crate::domain::diagnostic::{Code, Diagnostic};

use super::super::printed::pattern::{Match, Pattern};
use super::super::printed::{self, Named};
use super::super::value::Value;
use super::super::{Absent, Found};
use super::marks::{self, Mark};
use super::{Cell, Kind, Notebook, Output, Picture};

/// Matches of one pattern that are looked at.
pub(super) const MATCHES: usize = 1_000;

/// Something stated, or why it cannot be had, with its place: "hw2.ipynb, cell 12 ([7]), output".
#[derive(Debug, Clone)]
pub(crate) struct Entry<T> {
    pub(crate) place: String,
    pub(crate) found: Found<T>,
}

type Entries<T> = BTreeMap<String, Vec<Entry<T>>>;

/// What a notebook states.
#[derive(Debug, Clone, Default)]
pub(crate) struct Index {
    /// By marks.
    pub(crate) values: Entries<Value>,
    /// By headings that are names; a mark goes before them.
    pub(crate) headed: Entries<Value>,
    /// Pictures, by the figure's name.
    pub(crate) pictures: Entries<Picture>,
    /// Classes, one a line, by the predictions' name.
    pub(crate) classes: Entries<String>,
    /// Why a table of names and values cannot be read: any name may be in it.
    pub(crate) broken: Vec<Absent>,
}

/// What a mark stands above.
#[derive(Clone, Copy)]
enum Target<'a> {
    Text(&'a str),
    Output(&'a Cell),
}

impl Index {
    /// Follows the marks of `notebook`.
    pub(crate) fn of(notebook: &Notebook) -> Self {
        let mut index = Self::default();
        let mut waiting: (Vec<Mark>, Option<String>) = (Vec::new(), None);
        for cell in &notebook.cells {
            match cell.kind {
                Kind::Code { .. } => {
                    let (mut all, heading) = std::mem::take(&mut waiting);
                    all.extend(marks::of_code(cell));
                    all.dedup_by(|a, b| a == b);
                    index.read(notebook, cell, Target::Output(cell), &all, heading.as_deref());
                }
                Kind::Markdown => {
                    for section in marks::sections(cell) {
                        if section.heading.is_some() || !section.marks.is_empty() {
                            waiting = (section.marks, section.heading.map(|heading| heading.1));
                        }
                        // What stands at the end of a cell stands above the next one.
                        if !section.text.is_empty() {
                            let (marks, heading) = std::mem::take(&mut waiting);
                            index.read(notebook, cell, Target::Text(&section.text), &marks, heading.as_deref());
                        }
                    }
                }
                Kind::Other => {}
            }
        }
        index
    }

    fn read(&mut self, notebook: &Notebook, cell: &Cell, target: Target<'_>, marks: &[Mark], heading: Option<&str>) {
        let place = notebook.place(cell);
        for (i, mark) in marks.iter().enumerate() {
            let fault = |code, message: String| Absent::Unreadable(Diagnostic::error(code, message).in_file(&*place));
            let broken = mark.fault.as_ref().map(|reason| fault(Code::BadNotebook, format!("the mark `{}` cannot be understood: {reason}", mark.name)));
            match (mark.name.split_once('/').unwrap_or((&mark.name, "")), broken) {
                (("figures", name), broken) => {
                    let figures = marks.iter().filter(|mark| mark.name.starts_with("figures/"));
                    let (at, of) = (marks[..i].iter().filter(|mark| mark.name.starts_with("figures/")).count(), figures.count());
                    let found = broken.map_or_else(|| notebook.picture(target, at, of, &mark.name), Err);
                    push(&mut self.pictures, name, Entry { place: place.clone(), found });
                }
                (("predictions", name), broken) => {
                    let text = broken.map_or_else(|| notebook.text_of(target, &mark.name), Err);
                    let found = text.and_then(|text| printed::classes(&text).map_err(|reason| fault(Code::BadPredictions, reason)));
                    push(&mut self.classes, name, Entry { place: place.clone(), found });
                }
                (("metrics" | "answers", prefix), broken) => {
                    let text = broken.map_or_else(|| notebook.text_of(target, &mark.name), Err);
                    let help =
                        |reason| Absent::Unreadable(Diagnostic::error(Code::BadNotebook, format!("marked `{}`, but {reason}", mark.name)).in_file(&*place));
                    match text.and_then(|text| printed::table(&text).map_err(help)) {
                        Ok(named) => self.take_over(named, prefix, &place),
                        Err(absent) => self.broken.push(absent),
                    }
                }
                (_, broken) => {
                    let text = broken.map_or_else(|| notebook.text_of(target, &mark.name), Err);
                    let is_prose = matches!(target, Target::Text(_)) && marks.len() == 1;
                    let value = |text: String| if is_prose && mark.pattern.is_none() { Ok(Value::Text(text)) } else { value_of(mark, &text, marks.len()) };
                    let found = text.and_then(|text| value(text).map_err(|(code, reason)| fault(code, format!("`{}`: {reason}", mark.name))));
                    push(&mut self.values, &mark.name, Entry { place: place.clone(), found });
                }
            }
        }
        let named = heading.filter(|words| marks.is_empty() && !words.contains(char::is_whitespace));
        if let Some(name) = named.map(|words| words.trim_end_matches(':')) {
            let found = notebook.text_of(target, name).and_then(|text| match target {
                Target::Text(_) => Ok(Value::Text(text)),
                Target::Output(_) => {
                    let mark = Mark { name: name.to_owned(), pattern: None, fault: None };
                    value_of(&mark, &text, 1)
                        .map_err(|(code, reason)| Absent::Unreadable(Diagnostic::error(code, format!("`{name}`: {reason}")).in_file(&*place)))
                }
            });
            push(&mut self.headed, name, Entry { place, found });
        }
    }

    fn take_over(&mut self, named: Named, prefix: &str, place: &str) {
        for (name, value) in named {
            let name = if prefix.is_empty() { name } else { format!("{prefix}.{name}") };
            push(&mut self.values, &name, Entry { place: place.to_owned(), found: Ok(value) });
        }
    }
}

fn push<T>(entries: &mut Entries<T>, name: &str, entry: Entry<T>) {
    entries.entry(name.to_owned()).or_default().push(entry);
}

type Reason = (Code, String);

/// The value of `mark` in a text that has `marks` in all.
fn value_of(mark: &Mark, text: &str, marks: usize) -> Result<Value, Reason> {
    if let Some((pattern, matching)) = &mark.pattern {
        let found: Vec<_> = pattern.matches(text, MATCHES).into_iter().map(|token| token.reading).collect();
        return chosen(found, *matching, |all| format!("its pattern matches {all} times"));
    }
    let stated = printed::under(text, &mark.name).map_err(|reason| (Code::BadNotebook, reason))?;
    if let Some((first, rest)) = stated.split_first() {
        return match rest.iter().find(|other| !first.agrees(other)) {
            Some(other) => Err((Code::Ambiguous, format!("it is printed as {} and as {}", first.describe(), other.describe()))),
            None => Ok(first.clone()),
        };
    }
    if marks > 1 {
        return Err((Code::BadNotebook, format!("the cell has {marks} marks and prints no `{0} = …`; print it so, or give it a cell of its own", mark.name)));
    }
    printed::value(text).map_err(|reason| (Code::BadNotebook, reason))
}

/// The one of several matches that is meant, or all of them as a series.
pub(super) fn chosen<N>(found: Vec<Result<N, String>>, matching: Match, several: impl Fn(usize) -> String) -> Result<Value, Reason>
where
    N: Into<crate::domain::number::Finite>,
{
    let one = |reading: Option<Result<N, String>>| match reading {
        Some(Ok(number)) => Ok(Value::Number(number.into())),
        Some(Err(reason)) => Err((Code::Ambiguous, reason)),
        None => Err((Code::BadNotebook, "its pattern matches nothing".to_owned())),
    };
    let all = found.len();
    let mut found = found.into_iter();
    match matching {
        Match::Only if all > 1 => Err((Code::Ambiguous, format!("{}; say which is meant: first, last or all", several(all)))),
        Match::Only | Match::First => one(found.next()),
        Match::Last => one(found.next_back()),
        Match::All if all == 0 => one(None),
        Match::All => found.map(|reading| one(Some(reading))).collect::<Result<Vec<_>, _>>().map(Value::List),
    }
}

impl Notebook {
    /// Where a cell's value is, in words.
    pub(super) fn place(&self, cell: &Cell) -> String {
        let output = if matches!(cell.kind, Kind::Code { .. }) { ", output" } else { "" };
        format!("{}, {}{output}", self.path, cell.place())
    }

    /// What is said where a cell's output is missed.
    pub(super) fn no_output(&self, cell: &Cell, what: &str) -> Absent {
        let place = format!("{}, {}", self.path, cell.place());
        let error = cell.outputs().iter().find_map(|output| if let Output::Error { name, message } = output { Some((name, message)) } else { None });
        let message = match error {
            Some((name, message)) => format!("the cell of {what} ended with {name}: {message}"),
            None => format!("the cell of {what} has no output"),
        };
        let help = self.cleared().unwrap_or_else(|| "run all cells and save the notebook".to_owned());
        Absent::Missing(Diagnostic::error(Code::NotFound, message).in_file(place).help(help))
    }

    fn text_of(&self, target: Target<'_>, name: &str) -> Found<String> {
        match target {
            Target::Text(text) => Ok(text.to_owned()),
            Target::Output(cell) => self.printed_in(cell, &format!("`{name}`")),
        }
    }

    /// What `cell` printed; it must be something.
    pub(super) fn printed_in(&self, cell: &Cell, what: &str) -> Found<String> {
        match cell.printed() {
            Ok(text) if text.trim().is_empty() => Err(self.no_output(cell, what)),
            Ok(text) => Ok(text),
            Err(reason) => Err(Absent::Unreadable(Diagnostic::error(Code::TooLarge, reason).in_file(self.place(cell)).help("print less".to_owned()))),
        }
    }

    /// The picture that is `at` among the `of` marked ones.
    fn picture(&self, target: Target<'_>, at: usize, of: usize, name: &str) -> Found<Picture> {
        let Target::Output(cell) = target else {
            let message = format!("the mark `{name}` stands above text, not above a cell that shows a picture");
            return Err(Absent::Unreadable(Diagnostic::error(Code::BadNotebook, message)));
        };
        let pictures = cell.pictures();
        match pictures.get(at) {
            _ if pictures.is_empty() => Err(self.no_output(cell, &format!("`{name}`"))),
            Some(&picture) if pictures.len() == of => Ok(picture.clone()),
            _ => {
                let message = format!("the cell shows {} pictures and marks {of}", pictures.len());
                let help = "mark each picture, in their order, or show one a cell".to_owned();
                Err(Absent::Unreadable(Diagnostic::error(Code::Ambiguous, message).in_file(self.place(cell)).help(help)))
            }
        }
    }
}

/// A pattern that was read before, for those that keep its text.
pub(super) fn pattern(text: &str) -> Result<Pattern, Reason> {
    Pattern::parse(text).map_err(|reason| (Code::BadSettings, reason))
}
