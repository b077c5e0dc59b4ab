//! The notebooks of a submission, read when something is looked for that no file states.

use crate::agreement::agree;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use mlgrade_domain::diagnostic::{Code, Diagnostic};
use mlgrade_domain::limits;

use super::super::notebook::spot::{Seen, Spot};
use super::super::notebook::{Entry, Index, Notebook, catalogue, is_notebook};
use super::super::place::{Place, SaidBy};
use super::super::source::Source;
use super::super::{Absent, Found, Sought};
use mlgrade_domain::value::Value;

/// Notebooks by path, and what is known from outside about where things are in them.
#[derive(Debug, Clone, Default)]
pub(super) struct Notebooks {
    files: Vec<File>,
    /// By the name of what is there.
    spots: BTreeMap<String, Slot>,
    /// How many more there are than are searched.
    left: usize,
}

#[derive(Debug, Clone)]
struct File {
    path: String,
    source: Option<Source>,
    read: OnceLock<Found<(Notebook, Index)>>,
}

#[derive(Debug, Clone)]
struct Slot {
    spot: Spot,
    said_by: SaidBy,
    numbers: OnceLock<Found<Seen>>,
    words: OnceLock<Found<Seen>>,
    classes: OnceLock<Found<(String, String)>>,
}

/// A value with its place.
type Stated<'a> = Found<(&'a Value, &'a str)>;

impl Notebooks {
    /// The notebooks among `files`, or only the one that is `named`.
    pub(super) fn of(files: &BTreeMap<String, Source>, named: Option<&String>) -> Self {
        let file = |path: &String| File { path: path.clone(), source: files.get(path).cloned(), read: OnceLock::new() };
        if let Some(path) = named {
            return Self { files: vec![file(path)], ..Self::default() };
        }
        let all: Vec<&String> = files.keys().filter(|path| is_notebook(path)).collect();
        let left = all.len().saturating_sub(limits::NOTEBOOKS);
        Self { files: all.into_iter().take(limits::NOTEBOOKS).map(file).collect(), spots: BTreeMap::new(), left }
    }

    /// Keeps to the notebook that is `named`.
    pub(super) fn narrow(&mut self, files: &BTreeMap<String, Source>, named: Option<&String>) {
        self.files = Self::of(files, named).files;
        self.left = 0;
    }

    /// Adds what submission.toml, or else the rubric, says about where things are; who came first is right.
    pub(super) fn locate(&mut self, places: &BTreeMap<String, Place>, said_by: SaidBy) {
        for (name, place) in places {
            if let Place::Spot(spot) = place {
                let slot = || Slot { spot: spot.clone(), said_by, numbers: OnceLock::new(), words: OnceLock::new(), classes: OnceLock::new() };
                self.spots.entry(name.clone()).or_insert_with(slot);
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| file.path.as_str())
    }

    /// All that the notebooks show.
    pub(super) fn catalogue(&self) -> Vec<catalogue::Entry> {
        let is_one_of_several = self.files.len() > 1;
        self.files
            .iter()
            .filter_map(|file| file.read().ok())
            .flat_map(|(notebook, _)| notebook.catalogue(is_one_of_several.then_some(notebook.path.as_str())))
            .collect()
    }

    /// All names of values.
    pub(super) fn names(&self) -> impl Iterator<Item = &String> {
        self.files.iter().filter_map(|file| file.read().ok()).flat_map(|(_, index)| index.values.keys().chain(index.headed.keys()))
    }

    /// The value where the student says that it is.
    pub(super) fn value_where_said(&self, name: &str, sought: Sought) -> Option<Stated<'_>> {
        self.spots.get(name).filter(|slot| slot.said_by == SaidBy::Student).map(|slot| self.at(name, slot, sought))
    }

    /// Whether somebody says where in a notebook `name` is.
    pub(super) fn is_told(&self, name: &str) -> bool {
        self.spots.contains_key(name)
    }

    /// What should be known of the value `name`, from where somebody says that it is.
    pub(super) fn notes_on(&self, name: &str) -> Option<Diagnostic> {
        let slot = self.spots.get(name)?;
        let seen = [&slot.numbers, &slot.words].into_iter().find_map(|read| read.get()?.as_ref().ok())?;
        seen.note.clone().map(|note| Diagnostic::warning(Code::Ambiguous, note))
    }

    /// The value where a mark says that it is, else where the rubric or a heading does.
    pub(super) fn value(&self, name: &str, sought: Sought) -> Option<Stated<'_>> {
        let usual = || self.spots.get(name).filter(|slot| slot.said_by == SaidBy::Rubric).map(|slot| self.at(name, slot, sought));
        // A heading stands over words and over what is printed below them.
        let printed = || stated(name, &self.entries(name, |index| &index.beneath)).filter(|_| sought == Sought::Numbers);
        let headed = || printed().or_else(|| stated(name, &self.entries(name, |index| &index.headed)));
        let marked: Vec<&Entry<Value>> = self.files.iter().filter_map(|file| file.read().ok()).flat_map(|(_, index)| index.stated(name)).collect();
        stated(name, &marked).or_else(|| match usual() {
            Some(Err(Absent::Missing(nothing))) => headed().or(Some(Err(Absent::Missing(nothing)))),
            usual => usual.or_else(headed),
        })
    }

    /// The bytes of the picture `name`, with its place.
    pub(super) fn picture(&self, name: &str) -> Option<Found<(String, Vec<u8>)>> {
        let stated = self.spots.get(&format!("figures/{name}"));
        let picture = match stated {
            Some(slot) => self.read(&slot.spot).and_then(|notebooks| slot.spot.picture(name, &notebooks)),
            None => one(&self.entries(name, |index| &index.pictures), "figure", name)?.map(|(picture, place)| (picture.clone(), place.to_owned())),
        };
        Some(picture.and_then(|(picture, place)| match picture.bytes() {
            Ok(bytes) => Ok((place, bytes)),
            Err(reason) => Err(Absent::Unreadable(Diagnostic::error(Code::BadFigure, reason).in_file(place).help("run the cell again and save".to_owned()))),
        }))
    }

    /// The classes `name`, one a line, with their place.
    pub(super) fn classes(&self, name: &str) -> Option<Found<(&str, &str)>> {
        if let Some(slot) = self.spots.get(&format!("predictions/{name}")) {
            let read = || self.read(&slot.spot).and_then(|notebooks| slot.spot.classes(name, &notebooks));
            return Some(slot.classes.get_or_init(read).as_ref().map(|(classes, place)| (classes.as_str(), place.as_str())).map_err(Clone::clone));
        }
        one(&self.entries(name, |index| &index.classes), "predictions", name).map(|found| found.map(|(classes, place)| (classes.as_str(), place)))
    }

    /// Why something may be in a notebook and is not found: a notebook or a table in it that cannot be read, or outputs that are gone.
    pub(super) fn fault(&self) -> Option<Absent> {
        let of_file = |file: &File| match file.read() {
            Err(absent) => Some(absent.clone()),
            Ok((_, index)) => index.broken.first().cloned(),
        };
        self.files.iter().find_map(of_file)
    }

    /// What the marked cells state in which `name` should be.
    pub(super) fn instead_of(&self, name: &str) -> Option<String> {
        self.files.iter().filter_map(|file| file.read().ok()).find_map(|(_, index)| index.instead_of(name))
    }

    /// What to say of outputs that are gone.
    pub(super) fn cleared(&self) -> Option<String> {
        self.files.iter().filter_map(|file| file.read().ok()).find_map(|(notebook, _)| notebook.cleared())
    }

    /// The notebook `name`, or the only one.
    pub(super) fn notebook(&self, name: Option<&str>) -> Found<&Notebook> {
        let stem = |path: &str| path.rsplit('/').next().unwrap_or(path).trim_end_matches(".ipynb").to_lowercase();
        let is_meant = |file: &&File| name.is_none_or(|name| file.path == name || stem(&file.path) == stem(name));
        let files: Vec<&File> = self.files.iter().filter(is_meant).collect();
        match files.as_slice() {
            [file] => file.read().map(|(notebook, _)| notebook).map_err(Clone::clone),
            [] => {
                let what = name.map_or_else(|| "there is no notebook".to_owned(), |name| format!("there is no notebook `{name}`"));
                Err(Absent::Missing(Diagnostic::error(Code::NotFound, what).help("hand in the .ipynb file with its outputs".to_owned())))
            }
            [first, second, ..] => {
                let message = format!("there are {} notebooks, {} and {}", files.len(), first.path, second.path);
                let help = "say which is meant in submission.toml: [where] notebook = \"hw.ipynb\"".to_owned();
                Err(Absent::Unreadable(Diagnostic::error(Code::Ambiguous, message).help(help)))
            }
        }
    }

    /// What was noticed while the notebooks were read.
    pub(super) fn notes(&self) -> Vec<Diagnostic> {
        let mut notes: Vec<Diagnostic> =
            self.files.iter().filter_map(|file| file.read.get()?.as_ref().ok()).flat_map(|(notebook, _)| notebook.notes.clone()).collect();
        if self.left > 0 {
            notes.push(Diagnostic::warning(
                Code::TooLarge,
                format!("only the first {} of {} notebooks were searched", self.files.len(), self.files.len() + self.left),
            ));
        } else if self.files.len() > 1 {
            let message = format!("there are {} notebooks, and all are searched: {}", self.files.len(), self.paths().collect::<Vec<_>>().join(", "));
            notes.push(
                Diagnostic::warning(Code::PassedOver, message).help("name the one that counts in submission.toml: [where] notebook = \"hw.ipynb\"".to_owned()),
            );
        }
        notes
    }

    fn entries<'a, T>(&'a self, name: &str, of: impl Fn(&'a Index) -> &'a BTreeMap<String, Vec<Entry<T>>>) -> Vec<&'a Entry<T>> {
        self.files.iter().filter_map(|file| file.read().ok()).filter_map(|(_, index)| of(index).get(name)).flatten().collect()
    }

    fn at<'a>(&'a self, name: &str, slot: &'a Slot, sought: Sought) -> Stated<'a> {
        let read = || self.read(&slot.spot).and_then(|notebooks| slot.spot.value(name, &notebooks, sought));
        let known = if sought == Sought::Words { &slot.words } else { &slot.numbers };
        known.get_or_init(read).as_ref().map(|seen| (&seen.value, seen.place.as_str())).map_err(Clone::clone)
    }

    /// The notebooks in which a spot may be.
    fn read(&self, spot: &Spot) -> Found<Vec<&Notebook>> {
        if spot.notebook.is_some() {
            return self.notebook(spot.notebook.as_deref()).map(|notebook| vec![notebook]);
        }
        let read: Result<Vec<&Notebook>, Absent> = self.files.iter().map(|file| file.read().map(|(notebook, _)| notebook).map_err(Clone::clone)).collect();
        read.and_then(|read| if read.is_empty() { self.notebook(None).map(|one| vec![one]) } else { Ok(read) })
    }
}

/// Why one of `entries` cannot be read: it may state something else than the others. A cell that was not run states nothing.
fn unreadable<T>(entries: &[&Entry<T>]) -> Option<Absent> {
    entries.iter().filter_map(|entry| entry.found.as_ref().err()).find(|absent| !matches!(absent, Absent::Missing(_))).cloned()
}

/// The value that `entries` agree on.
fn stated<'a>(name: &str, entries: &[&'a Entry<Value>]) -> Option<Stated<'a>> {
    if let Some(absent) = unreadable(entries) {
        return Some(Err(absent));
    }
    let read: Vec<(&Value, &str)> = entries.iter().filter_map(|entry| Some((entry.found.as_ref().ok()?, entry.place.as_str()))).collect();
    // Of the same number printed twice, the one with more digits.
    let digits = |value: &Value| if matches!(value, Value::Number(_)) { value.describe().len() } else { 0 };
    let Some(&(finest, place)) = read.iter().rev().max_by_key(|(value, _)| digits(value)) else {
        return entries.first().and_then(|entry| entry.found.as_ref().err()).map(|absent| Err(absent.clone()));
    };
    let Some(other) = read.iter().position(|(value, _)| !agree(finest, value)) else { return Some(Ok((finest, place))) };
    let mut two = [read[other], (finest, place)];
    if read.iter().position(|seen| seen.1 == place).is_some_and(|at| at < other) {
        two.reverse();
    }
    let [(a, here), (b, there)] = two;
    let message = format!("`{name}` is {} in {here} and {} in {there}", a.describe(), b.describe());
    let help = "state each name once, or say in submission.toml where it is".to_owned();
    Some(Err(Absent::Unreadable(Diagnostic::error(Code::Ambiguous, message).help(help))))
}

/// The only one of `entries` that can be read, or the reason why none can.
fn one<'a, T: PartialEq>(entries: &[&'a Entry<T>], what: &str, name: &str) -> Option<Found<(&'a T, &'a str)>> {
    if let Some(absent) = unreadable(entries) {
        return Some(Err(absent));
    }
    let read: Vec<(&T, &str)> = entries.iter().filter_map(|entry| Some((entry.found.as_ref().ok()?, entry.place.as_str()))).collect();
    let Some(&(first, place)) = read.first() else { return entries.first().and_then(|entry| entry.found.as_ref().err()).map(|absent| Err(absent.clone())) };
    Some(match read.iter().find(|(other, _)| *other != first) {
        None => Ok((first, place)),
        Some((_, elsewhere)) => {
            let message = format!("the {what} `{name}` is in {place} and another one in {elsewhere}");
            Err(Absent::Unreadable(Diagnostic::error(Code::Ambiguous, message).help("mark one of them".to_owned())))
        }
    })
}

impl File {
    fn read(&self) -> Result<&(Notebook, Index), &Absent> {
        let read = || {
            let Some(source) = &self.source else {
                let message = "submission.toml says this notebook is there, but it is not";
                return Err(Absent::Missing(Diagnostic::error(Code::NotFound, message).in_file(&self.path)));
            };
            let notebook = Notebook::read(&self.path, &source.read(&self.path, limits::NOTEBOOK_BYTES)?).map_err(Absent::Unreadable)?;
            let index = Index::of(&notebook);
            Ok((notebook, index))
        };
        self.read.get_or_init(read).as_ref()
    }
}
