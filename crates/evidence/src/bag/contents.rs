//! All that is in a bag, for whoever does not know the names beforehand.

use std::collections::BTreeSet;

use mlgrade_domain::limits;
use mlgrade_picture::figure;

use mlgrade_domain::diagnostic::Diagnostic;

use super::super::notebook::catalogue::Entry;
use super::super::place::SaidBy;
use super::super::predictions;
use super::super::printed::name::normal;
use super::super::statements::Statements;
use super::super::{Absent, Found};
use super::{Bag, STATEMENT_ENDINGS};
use mlgrade_domain::value::Value;

impl Bag {
    /// The paths of all files, in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// The bytes of the file at `path`.
    pub fn file(&self, path: &str) -> Found<Vec<u8>> {
        self.bytes(path, limits::FIGURE_BYTES)
    }

    /// The file in which the figure `name` is, as it was handed in, and its path: a picture, or a report with it on a page.
    pub fn figure_file(&self, name: &str) -> Found<(String, Vec<u8>)> {
        let key = format!("figures/{name}");
        if let Some(report) = self.reports.file_with(&key, SaidBy::Student) {
            return report;
        }
        if let Some(path) = self.locate_in("figures", name, &figure::ENDINGS) {
            return self.bytes(&path, limits::FIGURE_BYTES).map(|bytes| (path, bytes));
        }
        let elsewhere = self.notebooks.picture(name).or_else(|| self.reports.file_with(&key, SaidBy::Rubric));
        elsewhere.unwrap_or_else(|| self.figure(name).map(|figure| (figure.path.clone(), Vec::new())))
    }

    /// The bytes of the predictions `name`, as they were handed in.
    pub fn predictions_file(&self, name: &str) -> Found<Vec<u8>> {
        match self.locate_in("predictions", name, &predictions::ENDINGS) {
            Some(path) => self.bytes(&path, limits::PREDICTIONS_BYTES),
            None => match self.notebooks.classes(name) {
                Some(classes) => classes.map(|(classes, _)| classes.as_bytes().to_vec()),
                None => self.predictions(name).map(|_| Vec::new()),
            },
        }
    }

    /// The bytes of the network `name`, as it was handed in, without what lies beside it.
    pub fn network_file(&self, name: &str) -> Found<Vec<u8>> {
        let path = self.network_path(name).ok_or_else(|| self.no_network(name))?;
        self.bytes(&path, limits::NETWORK_BYTES)
    }

    /// The paths of the metrics and answers files.
    pub fn statement_paths(&self) -> impl Iterator<Item = &str> {
        self.statements.iter().map(|file| file.path.as_str())
    }

    /// Whether there is a notebook.
    pub fn has_notebooks(&self) -> bool {
        !self.notebooks.is_empty()
    }

    /// The path of the metrics or answers file, `called` so, or what it should be.
    pub fn statements_called(&self, called: &str) -> String {
        self.locate(called, &STATEMENT_ENDINGS).unwrap_or_else(|| format!("{called}.json"))
    }

    /// All that notebooks and reports show, with the places that reach it.
    pub fn catalogue(&self) -> Vec<Entry> {
        let mut all = self.notebooks.catalogue();
        all.extend(self.reports.catalogue());
        all
    }

    /// What reaches the printed series of `length` values that are part of the longer one read as `name`, such as one training of several in
    /// a cell; nothing if `name` was not printed.
    pub fn printed_parts(&self, name: &str, length: usize) -> Option<Vec<String>> {
        let (value, place) = self.value(name).ok().filter(|(_, place)| self.is_inside(place))?;
        let Value::List(all) = value else { return Some(Vec::new()) };
        let is_part = |entry: &Entry| match &entry.value {
            Some(Value::List(part)) => entry.place == place && part.len() == length && all.windows(length).any(|window| window == part),
            _ => false,
        };
        let parts: Vec<Entry> = self.notebooks.catalogue().into_iter().filter(is_part).collect();
        // Another series may happen to have the same values.
        let last = normal(name.rsplit('.').next().unwrap_or(name));
        let is_named = |entry: &&Entry| normal(&entry.name) == last;
        let named: Vec<&Entry> = parts.iter().filter(is_named).collect();
        let meant = if named.is_empty() { parts.iter().collect() } else { named };
        Some(meant.into_iter().map(|entry| entry.selector.to_string()).collect())
    }

    /// All that the metrics and answers files state: the name, the value and the file.
    pub fn stated_in_files(&self) -> Vec<(String, Value, String)> {
        let read = |file: &'_ super::StatementFile| {
            let stated = self.statements_of(file).ok().cloned().unwrap_or_default();
            let path = file.path.clone();
            stated.into_iter().map(move |(name, value)| (name, value, path.clone()))
        };
        self.statements.iter().flat_map(read).collect()
    }

    /// What is wrong with the first metrics or answers file that cannot be read.
    pub fn unread_statements(&self) -> Option<&Diagnostic> {
        self.statements.iter().find_map(|file| self.statements_of(file).err()).map(Absent::diagnostic)
    }

    /// All names that a metrics or answers file or a notebook states a value under.
    pub fn stated_names(&self) -> BTreeSet<String> {
        let in_files = self.statements.iter().filter_map(|file| self.statements_of(file).ok()).flat_map(Statements::keys);
        in_files.chain(self.notebooks.names()).cloned().collect()
    }
}
