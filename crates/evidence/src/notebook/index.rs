//! What a notebook states by its marks, under each name.

use std::collections::BTreeMap;

use mlgrade_domain::diagnostic::{Code, Diagnostic};
use mlgrade_domain::limits;
use mlgrade_domain::name::list;

use super::super::printed::name::normal;
use super::super::printed::pattern::choose;
use super::super::printed::{self, Named, Reading};
use super::super::{Absent, Found};
use super::marks::{self, Mark};
use super::{Cell, Kind, Notebook, Output, Picture};
use mlgrade_domain::value::Value;

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
    /// By headings that are names and have words below them: what the next cell prints.
    pub(crate) beneath: Entries<Value>,
    /// Pictures, by the figure's name.
    pub(crate) pictures: Entries<Picture>,
    /// Classes, one a line, by the predictions' name.
    pub(crate) classes: Entries<String>,
    /// Why a table of names and values cannot be read: any name may be in it.
    pub(crate) broken: Vec<Absent>,
    /// The cells that are marked as tables of names and values.
    pub(crate) tables: Vec<Table>,
    taken: usize,
}

/// A cell that is marked as a table of names and values, and what it names.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    /// What stands before each name.
    prefix: String,
    place: String,
    names: Vec<String>,
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
        // The heading whose words were read, for the next cell.
        let mut above: Option<String> = None;
        for cell in &notebook.cells {
            match cell.kind {
                Kind::Code { .. } => {
                    let (mut all, heading) = std::mem::take(&mut waiting);
                    all.extend(marks::of_code(cell));
                    all.dedup_by(|a, b| a == b);
                    index.read(notebook, cell, Target::Output(cell), &all, heading.as_deref());
                    if let Some(name) = above.take().filter(|_| all.is_empty() && heading.is_none()).as_deref().and_then(name_of) {
                        index.read_beneath(notebook, cell, name);
                    }
                }
                Kind::Markdown => {
                    for section in marks::sections(cell) {
                        if section.heading.is_some() || !section.marks.is_empty() {
                            above = None;
                            waiting = (section.marks, section.heading.map(|heading| heading.1));
                        }
                        // What stands at the end of a cell stands above the next one.
                        if !section.text.is_empty() {
                            let (marks, heading) = std::mem::take(&mut waiting);
                            index.read(notebook, cell, Target::Text(&section.text), &marks, heading.as_deref());
                            above = heading.filter(|_| marks.is_empty()).or(above);
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
        let named = heading.filter(|_| marks.is_empty()).and_then(name_of);
        if marks.is_empty() && named.is_none() {
            return;
        }
        let text = match target {
            Target::Text(text) => Ok(text.to_owned()),
            Target::Output(cell) => cell.printed(),
        };
        let reading = text.as_ref().map(|text| Reading::of(text));
        // What was printed under `name`, if anything was.
        let printed = |name: &str| match &reading {
            Ok(reading) if reading.text().trim().is_empty() => Err(notebook.no_output(cell, &format!("`{name}`"))),
            Ok(reading) => Ok(reading),
            Err(reason) => Err(wrong(&place, Code::TooLarge, (*reason).clone())),
        };
        let is_text = matches!(target, Target::Text(_));
        let figures: Vec<&Mark> = marks.iter().filter(|mark| mark.name.starts_with("figures/")).collect();
        for mark in marks {
            let understood = match &mark.fault {
                Some(reason) => Err(wrong(&place, Code::BadNotebook, format!("the mark `{}` cannot be understood: {reason}", mark.name))),
                None => Ok(()),
            };
            match mark.name.split_once('/').unwrap_or((&mark.name, "")) {
                ("figures", name) => {
                    let at = figures.iter().position(|figure| std::ptr::eq(*figure, mark)).unwrap_or(0);
                    let found = understood.and_then(|()| notebook.picture(target, at, figures.len(), &mark.name));
                    push(&mut self.pictures, name, Entry { place: place.clone(), found });
                }
                ("predictions", name) => {
                    let classes = |reading: &Reading<'_>| printed::classes(reading.text()).map_err(|reason| wrong(&place, Code::BadPredictions, reason));
                    let found = understood.and_then(|()| printed(&mark.name)).and_then(classes);
                    let found = found.and_then(|classes| self.within_room(classes.len() / 32, &place).map(|()| classes));
                    push(&mut self.classes, name, Entry { place: place.clone(), found });
                }
                ("metrics" | "answers", prefix) => {
                    let table = |reason| wrong(&place, Code::BadNotebook, format!("marked `{}`, but {reason}", mark.name));
                    let named = understood.and_then(|()| printed(&mark.name)).and_then(|reading| reading.table().map_err(table));
                    if let Err(absent) = named.and_then(|named| self.take_over(named, prefix, &place)) {
                        self.broken.push(absent);
                    }
                }
                _ => {
                    let value = |reading: &Reading<'_>| match mark.pattern {
                        None if is_text && marks.len() == 1 => Ok(Value::text(reading.text())),
                        _ => value_of(mark, reading, marks.len(), &place),
                    };
                    let found = understood.and_then(|()| printed(&mark.name)).and_then(value);
                    let found = found.and_then(|value| self.within_room(value.size(), &place).map(|()| value));
                    push(&mut self.values, &mark.name, Entry { place: place.clone(), found });
                }
            }
        }
        if let Some(name) = named {
            let mark = Mark { name: name.to_owned(), pattern: None, fault: None };
            let value = |reading: &Reading<'_>| match target {
                Target::Text(text) => Ok(Value::text(text)),
                Target::Output(_) => value_of(&mark, reading, 1, &place),
            };
            let found = printed(name).and_then(value).and_then(|value| self.within_room(value.size(), &place).map(|()| value));
            push(&mut self.headed, name, Entry { place: place.clone(), found });
        }
    }

    /// What is stated under `name`, or else under names that mean the same.
    pub(crate) fn stated<'i>(&'i self, name: &str) -> Vec<&'i Entry<Value>> {
        if let Some(entries) = self.values.get(name) {
            return entries.iter().collect();
        }
        let wanted = normal(name);
        self.values.iter().filter(|(name, _)| normal(name) == wanted).flat_map(|(_, entries)| entries).collect()
    }

    /// What the marked cells state in which `name` should be: "hw2.ipynb, cell 3 ([2]), output, marked `metrics/mlp`, states `mlp.loss`".
    pub(crate) fn instead_of(&self, name: &str) -> Option<String> {
        let inside = |table: &&Table| table.prefix.is_empty() || name.strip_prefix(&table.prefix).is_some_and(|rest| rest.starts_with('.'));
        let table = self.tables.iter().filter(inside).max_by_key(|table| table.prefix.len())?;
        let shown = list(table.names.iter().take(8).map(String::as_str));
        let more = if table.names.len() > 8 { format!(" and {} more", table.names.len() - 8) } else { String::new() };
        let under = if table.prefix.is_empty() { String::new() } else { format!("/{}", table.prefix) };
        Some(format!("{}, marked `metrics{under}`, states {shown}{more}", table.place))
    }

    /// What `cell` prints below a heading that is a name and has words of its own.
    fn read_beneath(&mut self, notebook: &Notebook, cell: &Cell, name: &str) {
        let Ok(text) = cell.printed() else { return };
        if text.trim().is_empty() {
            return;
        }
        let place = notebook.place(cell);
        let mark = Mark { name: name.to_owned(), pattern: None, fault: None };
        let found = value_of(&mark, &Reading::of(&text), 1, &place);
        let found = found.and_then(|value| self.within_room(value.size(), &place).map(|()| value));
        push(&mut self.beneath, name, Entry { place, found });
    }

    fn take_over(&mut self, named: &Named, prefix: &str, place: &str) -> Found<()> {
        self.within_room(named.iter().map(|(_, value)| value.as_ref().map_or(1, Value::size)).sum(), place)?;
        for (name, value) in named {
            let name = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
            let found = value.clone().map_err(|reason| wrong(place, Code::Ambiguous, format!("`{name}`: {reason}")));
            push(&mut self.values, &name, Entry { place: place.to_owned(), found });
        }
        let all = named.iter().map(|(name, _)| name.clone()).collect();
        self.tables.push(Table { prefix: prefix.to_owned(), place: place.to_owned(), names: all });
        Ok(())
    }

    /// Takes `size` values more, if the notebook has not stated too many.
    fn within_room(&mut self, size: usize, place: &str) -> Found<()> {
        self.taken += size;
        if self.taken <= limits::PRINTED_VALUES {
            return Ok(());
        }
        let message = format!("with this the notebook states more than the {} values that are read", limits::PRINTED_VALUES);
        Err(wrong(place, Code::TooLarge, message))
    }
}

/// The name that the words of a heading are, if they are one.
fn name_of(words: &str) -> Option<&str> {
    (!words.contains(char::is_whitespace)).then(|| words.trim_end_matches(':'))
}

/// What is said of what was found and not understood.
fn wrong(place: &str, code: Code, message: String) -> Absent {
    Absent::Unreadable(Diagnostic::error(code, message).in_file(place))
}

fn push<T>(entries: &mut Entries<T>, name: &str, entry: Entry<T>) {
    entries.entry(name.to_owned()).or_default().push(entry);
}

/// The value of `mark` in a text at `place` that has `marks` in all.
fn value_of(mark: &Mark, reading: &Reading<'_>, marks: usize, place: &str) -> Found<Value> {
    let unclear = |code, reason: String| wrong(place, code, format!("`{}`: {reason}", mark.name));
    if let Some((pattern, which)) = &mark.pattern {
        let found = pattern.matches(reading.text());
        if found.is_empty() {
            let Some((_, line)) = pattern.nearest(reading.text()) else {
                let message = format!("`{}`: its pattern matches nothing", mark.name);
                return Err(Absent::Missing(Diagnostic::error(Code::NotFound, message).in_file(place)));
            };
            let line = line.chars().take(80).collect::<String>();
            return Err(unclear(Code::BadNotebook, format!("its pattern matches nothing; the nearest line is `{line}`")));
        }
        let several = |all| format!("its pattern matches {all} times; say which is meant: first, last or all");
        return choose(&found, *which, several).map(|choice| choice.value).map_err(|reason| unclear(Code::Ambiguous, reason));
    }
    if let Some(stated) = reading.under(&mark.name).map_err(|reason| unclear(Code::BadNotebook, reason))? {
        return Ok(stated.clone());
    }
    if marks > 1 {
        let message = format!("the cell has {marks} marks and prints no `{0} = …`; print it so, or give it a cell of its own", mark.name);
        return Err(unclear(Code::BadNotebook, message));
    }
    printed::value(reading.text()).map_err(|reason| unclear(Code::BadNotebook, reason))
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
