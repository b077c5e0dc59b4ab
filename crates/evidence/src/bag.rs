//! The bag of named evidence: what a student handed in, or what a reference run did.
//!
//! Where the student says that a value is, there it is. Else files of metrics and answers come first, since they are made to be read; then
//! notebooks, where the rubric, a mark or a heading says it; then logs of training: the order is that of `origin::VALUES`. A name that is stated twice with different
//! values is reported.

mod arrays;
mod contents;
mod exports;
mod inside;
pub(crate) mod listing;
mod logs;
mod named;
mod names;
mod networks;
mod notebooks;
mod nowhere;
mod origin;
mod reports;
mod stated;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use mlgrade_domain::diagnostic::{Code, Diagnostic};
use mlgrade_domain::limits;

use super::log_spot::LogSpot;
use super::place::{Place, SaidBy};
use super::predictions::{self, Layout, Predictions};
use super::rule::Written;
use super::source::Source;
use super::statements::{self, Contents, Statements};
use super::{Absent, Found, Sought};
pub use arrays::NumberArray;
pub use logs::Logged;
use logs::Logs;
use mlgrade_domain::value::Value;
use named::NamedFile;
use notebooks::Notebooks;
use reports::Reports;
pub use stated::Stated;

/// Endings of a metrics or answers file, in the order of preference.
const STATEMENT_ENDINGS: [&str; 4] = ["toml", "json", "yaml", "yml"];

/// Endings of a file that holds a decision rule.
const RULE_ENDINGS: [&str; 3] = ["txt", "dot", "gv"];

/// Predictions that were decoded, or why they could not be.
type Decoded = Found<Arc<Predictions>>;

/// Named, typed evidence, decoded on demand.
#[derive(Debug, Clone, Default)]
pub struct Bag {
    statements: Vec<StatementFile>,
    named: Vec<NamedFile>,
    notebooks: Notebooks,
    reports: Reports,
    logs: Logs,
    files: BTreeMap<String, Source>,
    aliases: BTreeMap<String, String>,
    /// Names that are at places in files.
    spots: BTreeMap<String, LogSpot>,
    /// Why what has such a name may be there and was not found: what submission.toml says of it cannot be, or two files may be it.
    refused: BTreeMap<String, Diagnostic>,
    predictions: Arc<Mutex<BTreeMap<(String, Layout), Decoded>>>,
    wrapping: String,
    /// What was noticed of the names of files.
    renamed: Vec<Diagnostic>,
}

#[derive(Debug, Clone)]
struct StatementFile {
    path: String,
    read: OnceLock<Found<Contents>>,
}

impl Bag {
    /// The evidence in `files`, by path. `aliases` says where things are that have another name than the usual:
    /// `"metrics" → "out/results.json"`, `"figures/trees" → "plots/final.png"`.
    pub fn new(files: BTreeMap<String, Source>, aliases: BTreeMap<String, String>) -> Self {
        let names::Meant { files, notes, unclear } = names::meant(files, &aliases);
        Self { renamed: notes, refused: unclear, ..Self::of(files, aliases, BTreeMap::new()) }
    }

    /// The same of files that have their meant names.
    fn of(files: BTreeMap<String, Source>, aliases: BTreeMap<String, String>, spots: BTreeMap<String, LogSpot>) -> Self {
        let notebooks = Notebooks::of(&files, aliases.get("notebook"));
        let reports = Reports::of(&files, aliases.get("report"));
        let named = named::of(&aliases, &spots);
        // What is said to be something else is no log.
        let others: Vec<&String> = aliases.iter().filter(|(name, _)| named::is_of_a_file(name)).map(|(_, path)| path).collect();
        let logs = Logs::of(files.keys().filter(|path| !others.contains(path) && !names::is_copy(path)).map(String::as_str));
        let mut bag = Self { named, notebooks, reports, logs, files, aliases, spots, ..Self::default() };
        for stem in ["metrics", "answers"] {
            let mut paths: Vec<String> = STATEMENT_ENDINGS.iter().filter_map(|ending| bag.locate(stem, &[ending])).collect();
            paths.dedup();
            bag.statements.extend(paths.into_iter().map(|path| StatementFile { path, read: OnceLock::new() }));
        }
        bag
    }

    /// The same, whose files all lay in the folder `wrapping` (with a `/` at its end): a path that names it too is understood.
    #[must_use]
    pub fn wrapped_in(self, wrapping: String) -> Self {
        Self { wrapping, ..self }
    }

    /// With what submission.toml says about where things are in notebooks and reports.
    #[must_use]
    pub fn with_spots(mut self, places: &BTreeMap<String, Place>) -> Self {
        self.notebooks.locate(places, SaidBy::Student);
        self.reports.locate(places, SaidBy::Student);
        self.spots = log_spots(places).collect();
        self.named = named::of(&self.aliases, &self.spots);
        for (name, place) in places {
            if let Place::Nowhere(reason) = place {
                let diagnostic = Diagnostic::error(Code::BadSettings, format!("`{name}`: {reason}")).in_file("submission.toml");
                self.refused.insert(name.clone(), diagnostic);
            }
        }
        self
    }

    /// The same evidence, looked for also where the rubric says that it usually is.
    #[must_use]
    pub fn as_usual(&self, places: &BTreeMap<String, Place>) -> Self {
        let mut aliases = self.aliases.clone();
        for (name, place) in places {
            if let Place::File(path) = place {
                aliases.entry(name.clone()).or_insert_with(|| path.clone());
            }
        }
        let mut spots = self.spots.clone();
        for (name, spot) in log_spots(places).filter(|(name, _)| !self.aliases.contains_key(name)) {
            spots.entry(name).or_insert(spot);
        }
        let mut notebooks = self.notebooks.clone();
        if !self.aliases.contains_key("notebook") && aliases.contains_key("notebook") {
            notebooks.narrow(&self.files, aliases.get("notebook"));
        }
        notebooks.locate(places, SaidBy::Rubric);
        let mut reports = self.reports.clone();
        if !self.aliases.contains_key("report") && aliases.contains_key("report") {
            reports.narrow(&self.files, aliases.get("report"));
        }
        reports.locate(places, SaidBy::Rubric);
        Self {
            notebooks,
            reports,
            wrapping: self.wrapping.clone(),
            renamed: self.renamed.clone(),
            refused: self.refused.clone(),
            ..Self::of(self.files.clone(), aliases, spots)
        }
    }

    /// Evidence that is known already, such as a lock's.
    pub fn of_statements(path: &str, statements: Statements) -> Self {
        let file = StatementFile { path: path.to_owned(), read: OnceLock::from(Ok(Contents { values: statements, notes: Vec::new() })) };
        Self { statements: vec![file], ..Self::default() }
    }

    /// How many files there are.
    pub fn file_count(&self) -> usize {
        self.files.len()
    }

    /// The value stated as `name`, and the file that states it.
    pub fn value(&self, name: &str) -> Found<(&Value, &str)> {
        self.value_as(name, Sought::Numbers)
    }

    /// The decision rule stated as `name`, or the one in the file `rules/NAME.txt` or `.dot`: words, or a tree of scikit-learn's.
    pub fn rule(&self, name: &str) -> Found<Written> {
        let (text, path) = match (self.text(name), self.locate(&format!("rules/{name}"), &RULE_ENDINGS)) {
            (Err(Absent::Missing(_)), Some(path)) => (self.rule_file(&path)?, path),
            (text, _) => (text?, self.value_as(name, Sought::Words).map(|(_, path)| path.to_owned()).unwrap_or_default()),
        };
        // A rule that is not understood may be right all the same.
        Written::parse(&text).map_err(|message| {
            let diagnostic = Diagnostic::error(Code::BadRule, format!("`{name}`: {message}")).in_file(path);
            Absent::ForAPerson(diagnostic.help("write it as `feature > 1.5 and other <= 2 -> class`, or as export_text does".to_owned()))
        })
    }

    fn rule_file(&self, path: &str) -> Found<String> {
        let bytes = self.bytes(path, limits::RULE_BYTES)?;
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Err(Absent::Missing(Diagnostic::error(Code::NotFound, "the file is empty").in_file(path)));
        }
        String::from_utf8(bytes).map_err(|error| {
            let message = format!("byte {} is not UTF-8 text", error.utf8_error().valid_up_to());
            Absent::ForAPerson(Diagnostic::error(Code::BadRule, message).in_file(path).help("save the file as UTF-8".to_owned()))
        })
    }

    /// The predictions `name`: `predictions/NAME.csv`, `.npy`, `.npz` or `.json`, one for each validation example, or as a notebook
    /// prints them. They are kept.
    pub fn predictions(&self, name: &str) -> Found<Arc<Predictions>> {
        self.predictions_by(name, &Layout::default())
    }

    /// The same, of a file with these columns.
    pub fn predictions_by(&self, name: &str, layout: &Layout) -> Found<Arc<Predictions>> {
        let asked = (name.to_owned(), layout.clone());
        // A decoder that has crashed leaves the others' work as it was.
        let mut decoded = self.predictions.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = decoded.get(&asked) {
            return known.clone();
        }
        let found = self.decode_predictions(name, layout).map(Arc::new);
        decoded.insert(asked, found.clone());
        found
    }

    fn decode_predictions(&self, name: &str, layout: &Layout) -> Found<Predictions> {
        let Some(path) = self.locate_in("predictions", name, &predictions::ENDINGS) else {
            if let Some(classes) = self.notebooks.classes(name) {
                let decoded = classes.and_then(|(classes, place)| predictions::decode_by(place, name, layout, classes.as_bytes()));
                return decoded.map_err(|absent| match absent {
                    // Of a printed table only the predictions are read, so that the names of its rows may well be there.
                    Absent::Unusable(diagnostic) if layout.join.is_some() => {
                        Absent::ForAPerson(diagnostic.help(format!("save them with their names as predictions/{name}.csv")))
                    }
                    other => other,
                });
            }
            if let Some(diagnostic) = self.locate_in("predictions", name, &predictions::REFUSED).and_then(|path| predictions::refused(&path, name)) {
                return Err(Absent::Unreadable(diagnostic));
            }
            let help = format!("save them as predictions/{name}.csv, .npy, .npz or .json");
            return Err(self.nowhere_marked(format!("there are no predictions `{name}`"), help, &format!("predictions/{name}")));
        };
        predictions::decode_by(&path, name, layout, &self.bytes(&path, limits::PREDICTIONS_BYTES)?)
    }

    /// The size in bytes of the file at `path`, if it is there.
    pub fn size(&self, path: &str, limit: u64) -> Found<Option<usize>> {
        let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
        let path = self.aliases.get(path).or_else(|| self.aliases.get(stem)).map_or(path, String::as_str);
        let path = path.strip_prefix(&self.wrapping).filter(|inner| self.files.contains_key(*inner)).unwrap_or(path);
        if self.files.contains_key(path) { self.bytes(path, limit).map(|bytes| Some(bytes.len())) } else { Ok(None) }
    }

    fn bytes(&self, path: &str, limit: u64) -> Found<Vec<u8>> {
        match self.files.get(path) {
            Some(source) => source.read(path, limit),
            None => Err(Absent::Missing(Diagnostic::error(Code::NotFound, "submission.toml says this file is there, but it is not").in_file(path))),
        }
    }

    fn statements_of<'a>(&'a self, file: &'a StatementFile) -> Result<&'a Statements, &'a Absent> {
        self.statement_file(file).map(|stated| &stated.values)
    }

    fn statement_file<'a>(&'a self, file: &'a StatementFile) -> Result<&'a Contents, &'a Absent> {
        let read = || {
            let bytes = self.bytes(&file.path, limits::TEXT_BYTES)?;
            statements::read(&file.path, &bytes).map_err(|fault| unread(&bytes, fault))
        };
        file.read.get_or_init(read).as_ref()
    }

    fn locate_in(&self, folder: &str, name: &str, endings: &[&str]) -> Option<String> {
        self.locate(&format!("{folder}/{name}"), endings).or_else(|| self.locate(name, endings))
    }

    /// The path of the first file with this stem and one of the endings, in any letter case.
    fn locate(&self, stem: &str, endings: &[&str]) -> Option<String> {
        if let Some(path) = self.aliases.get(stem) {
            return Some(path.clone());
        }
        let candidates = |ending: &&str| {
            let wanted = format!("{stem}.{ending}");
            self.files.contains_key(&wanted).then_some(wanted.clone()).or_else(|| self.files.keys().find(|path| path.eq_ignore_ascii_case(&wanted)).cloned())
        };
        endings.iter().find_map(candidates)
    }
}

/// The names that are said to be at places in files.
fn log_spots(places: &BTreeMap<String, Place>) -> impl Iterator<Item = (String, LogSpot)> {
    places.iter().filter_map(|(name, place)| if let Place::Log(spot) = place { Some((name.clone(), spot.clone())) } else { None })
}

/// What is said of a file that cannot be read: an empty one says nothing.
fn unread(bytes: &[u8], fault: Diagnostic) -> Absent {
    if bytes.iter().all(u8::is_ascii_whitespace) { Absent::Unusable(fault) } else { Absent::Unreadable(fault) }
}
