//! What a bag finds inside of other files: in a notebook, on a page of a report.

use crate::agreement::agree;
use mlgrade_domain::diagnostic::{Code, Diagnostic};
use mlgrade_domain::value::Value;
use mlgrade_picture::figure;

use super::super::notebook::Notebook;
use super::super::place::SaidBy;
use super::super::predictions;
use super::super::{Absent, Found, Sought};
use super::Bag;
use super::stated::number_in;

impl Bag {
    /// What a notebook or a page shows in place of the file `path`, such as `figures/trees.png`, and its size in bytes.
    pub fn shown_in_place_of(&self, path: &str) -> Found<Option<(String, usize)>> {
        let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
        match stem.split_once('/') {
            Some(("figures", name)) => {
                let on_page = |who| self.reports.figure(name, who).map(|found| found.map(|figure| (figure.path.clone(), figure.bytes())));
                let in_cell = || self.notebooks.picture(name).map(|found| found.map(|(place, bytes)| (place, bytes.len())));
                on_page(SaidBy::Student).or_else(in_cell).or_else(|| on_page(SaidBy::Rubric)).transpose()
            }
            Some(("predictions", name)) => {
                self.notebooks.classes(name).transpose().map(|found| found.map(|(classes, place)| (place.to_owned(), classes.len())))
            }
            _ => Ok(None),
        }
    }

    /// The notebook `name`, or the only one.
    pub fn notebook(&self, name: Option<&str>) -> Found<&Notebook> {
        self.notebooks.notebook(name)
    }

    /// The place in a notebook or on a page where the evidence `name` is, if it is in one.
    pub fn place_inside(&self, name: &str, sought: Sought) -> Option<String> {
        if let Some(place) = self.reports.place(name, SaidBy::Student) {
            return Some(place);
        }
        // Which of a log's columns was read is not told by its path.
        if let (Some(spot), Ok(_)) = (self.spots.get(name), self.value_as(name, sought)) {
            return Some(spot.words());
        }
        if let Ok((_, place)) = self.value_as(name, sought) {
            return (self.is_inside(place) || self.logs.holds(place)).then(|| place.to_owned());
        }
        let is_file = |folder, endings: &[&str]| self.locate_in(folder, name, endings).is_some();
        let is_drawn = is_file("figures", &figure::ENDINGS);
        // Predictions and a network may have the name of a figure; that one's finding names its page itself.
        let is_alone = !is_file("predictions", &predictions::ENDINGS) && !self.has_network(name);
        let on_page = |who| self.reports.place(&format!("figures/{name}"), who).filter(|_| is_alone && (who == SaidBy::Student || !is_drawn));
        let figure = || if is_drawn { None } else { self.notebooks.picture(name)?.ok().map(|(place, _)| place) };
        let classes = || {
            let place = self.notebooks.classes(name)?.ok()?.1.to_owned();
            (!is_file("predictions", &predictions::ENDINGS)).then_some(place)
        };
        let file = || self.shown_in_place_of(name).ok().flatten().filter(|_| !self.files.contains_key(name)).map(|(place, _)| place);
        let usual = || self.reports.place(name, SaidBy::Rubric).or_else(|| on_page(SaidBy::Rubric));
        on_page(SaidBy::Student).or_else(figure).or_else(classes).or_else(usual).or_else(file)
    }

    /// The place in a notebook where the predictions `name` are, if they are in one.
    pub fn place_of_predictions(&self, name: &str) -> Option<String> {
        let in_file = self.locate_in("predictions", name, &predictions::ENDINGS).is_some();
        self.notebooks.classes(name).filter(|_| !in_file)?.ok().map(|(_, place)| place.to_owned())
    }

    /// What was noticed in notebooks and reports, after the evidence with these `names` was looked for: what two places state differently above
    /// all.
    pub fn notes<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Vec<Diagnostic> {
        let names: Vec<&str> = names.into_iter().collect();
        let mut notes: Vec<Diagnostic> = self.renamed.clone();
        let twice = self.statements.iter().filter_map(|file| self.statement_file(file).ok()).flat_map(|stated| &stated.notes);
        notes.extend(twice.filter(|note| names.iter().any(|name| note.message.starts_with(&format!("`{name}` ")))).cloned());
        notes.extend(names.iter().filter_map(|name| self.disagreement_of_files(name)));
        if !(self.notebooks.is_empty() && self.reports.is_empty()) {
            notes.extend(names.iter().filter_map(|name| self.disagreement(name)));
            notes.extend(names.iter().filter_map(|name| self.notebooks.notes_on(name)));
            notes.extend(self.notebooks.notes());
        }
        notes
    }

    /// What to say if two metrics or answers files state different values as `name`.
    fn disagreement_of_files(&self, name: &str) -> Option<Diagnostic> {
        let mut stated = self.statements.iter().filter_map(|file| Some((self.statements_of(file).ok()?.get(name)?, &file.path)));
        let (counts, path) = stated.next()?;
        let (other, elsewhere) = stated.find(|(value, _)| !agree(counts, value))?;
        let message = format!("`{name}` is {} in {path} and {} in {elsewhere}; {path} counts", counts.describe(), other.describe());
        Some(Diagnostic::warning(Code::Ambiguous, message).help("make them the same".to_owned()))
    }

    /// What to say if a file and a notebook, or a page, state different values as `name`.
    fn disagreement(&self, name: &str) -> Option<Diagnostic> {
        let [(_, in_file, path), (origin, printed, place)] = self.in_file_and_inside(name)?;
        if agree(in_file, printed) || number_in(in_file).is_some_and(|number| agree(&Value::Number(number), printed)) {
            return None;
        }
        let which = if self.reports.holds(place) { "page" } else { "notebook" };
        let counts = if origin.is_students() { format!("the {which} counts, as submission.toml says") } else { "the file counts".to_owned() };
        let message = format!("`{name}` is {} in {path} and {} in {place}; {counts}", in_file.describe(), printed.describe());
        Some(Diagnostic::warning(Code::Ambiguous, message).help("make them the same".to_owned()))
    }

    /// Whether a place is in a notebook or on a page, where values stand as people print them.
    pub(super) fn is_inside(&self, place: &str) -> bool {
        let in_cell = self.notebooks.paths().any(|path| place.strip_prefix(path).is_some_and(|rest| rest.starts_with(", cell ")));
        in_cell || self.reports.holds(place)
    }

    /// What is said of a value that cannot be read as what it should be: where somebody said that it is, a person may well read it.
    pub(super) fn misread(&self, name: &str, place: &str, code: Code, message: String) -> Absent {
        let asks_for_one = message.ends_with("expected a number");
        let mut diagnostic = Diagnostic::error(code, message).in_file(place);
        if self.logs.holds(place) && asks_for_one {
            let line = format!("{} = {{ file = \"{place}\", key = …, match = \"last\" }}", toml::Value::String(name.to_owned()));
            diagnostic = diagnostic.help(format!("if one of its values is meant, say which in submission.toml, under [where]: {line}"));
        }
        if self.reports.holds(place) || self.notebooks.is_told(name) { Absent::ForAPerson(diagnostic) } else { Absent::Unreadable(diagnostic) }
    }
}
