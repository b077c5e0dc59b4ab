//! The report of a submission, a PDF: read when something is looked for that the rubric or the student says is on one of its pages.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use mlgrade_domain::diagnostic::{Code, Diagnostic};
use mlgrade_domain::limits;

use super::super::notebook::catalogue::Entry;
use super::super::place::{Place, SaidBy};
use super::super::source::Source;
use super::super::{Absent, Found};
use crate::page::Spot;
use mlgrade_domain::value::Value;
use mlgrade_pdf::{Lines, is_pdf};
use mlgrade_picture::figure::Figure;

/// The PDFs of a submission, and what is known about what is on their pages.
#[derive(Debug, Clone, Default)]
pub(super) struct Reports {
    /// The one that counts, or all that might.
    files: Vec<(String, Option<Source>)>,
    bytes: OnceLock<Found<Arc<[u8]>>>,
    pages: Arc<Pages>,
    /// By the name of what is there.
    slots: BTreeMap<String, Slot>,
}

/// What was read of pages: however many items look at one, it is read once.
#[derive(Debug, Default)]
struct Pages {
    lines: Mutex<BTreeMap<usize, Result<Arc<Lines>, Diagnostic>>>,
    figures: Mutex<BTreeMap<FigureAt, Result<Figure, Diagnostic>>>,
}

/// A page, and which of several figures on it.
type FigureAt = (usize, Option<usize>);

impl Pages {
    /// The lines of a page of the report `bytes` at `path`.
    fn lines(&self, path: &str, bytes: &[u8], page: usize) -> Result<Arc<Lines>, Diagnostic> {
        let mut known = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(page).or_insert_with(|| mlgrade_pdf::lines(path, bytes, page).map(Arc::new)).clone()
    }

    /// The figure at this place, of which there may be several on its page.
    fn figure(&self, path: &str, bytes: &[u8], (page, nth): FigureAt) -> Result<Figure, Diagnostic> {
        let mut known = self.figures.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry((page, nth)).or_insert_with(|| mlgrade_pdf::figure(path, bytes, page, nth)).clone()
    }
}

#[derive(Debug, Clone)]
struct Slot {
    spot: Spot,
    said_by: SaidBy,
    value: OnceLock<Found<(Value, String)>>,
}

impl Reports {
    /// The report among `files`: the one that is `named`, else report.pdf, else the only PDF.
    pub(super) fn of(files: &BTreeMap<String, Source>, named: Option<&String>) -> Self {
        let file = |path: &String| (path.clone(), files.get(path).cloned());
        let all: Vec<&String> = files.keys().filter(|path| is_pdf(path)).collect();
        let usual = || all.iter().copied().find(|path| path.eq_ignore_ascii_case("report.pdf"));
        let files = named.or_else(usual).map_or_else(|| all.iter().copied().map(file).collect(), |path| vec![file(path)]);
        Self { files, ..Self::default() }
    }

    /// The same places in the report that is `named`.
    pub(super) fn narrow(&mut self, files: &BTreeMap<String, Source>, named: Option<&String>) {
        self.files = Self::of(files, named).files;
        (self.bytes, self.pages) = (OnceLock::new(), Arc::default());
    }

    /// Adds what submission.toml, or else the rubric, says about what is on which page; who came first is right.
    pub(super) fn locate(&mut self, places: &BTreeMap<String, Place>, said_by: SaidBy) {
        for (name, place) in places {
            if let Place::Page(spot) = place {
                self.slots.entry(name.clone()).or_insert_with(|| Slot { spot: spot.clone(), said_by, value: OnceLock::new() });
            }
        }
    }

    /// All that their pages show.
    pub(super) fn catalogue(&self) -> Vec<Entry> {
        let of = |(path, source): &(String, Option<Source>)| {
            let bytes = source.as_ref().and_then(|source| source.read(path, limits::PDF_BYTES).ok()).unwrap_or_default();
            crate::page_catalogue::catalogue(path, &bytes)
        };
        self.files.iter().flat_map(of).collect()
    }

    /// Whether nothing is said to be on a page.
    pub(super) fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// What to do if `name`, which the rubric says is on a page, is nowhere.
    pub(super) fn hint(&self, name: &str) -> Option<String> {
        self.slots.get(name).map(|slot| format!("hand in report.pdf with it on page {}, or say in submission.toml where it is", slot.spot.page))
    }

    /// The place of `name`. Without a report, what the rubric says of its pages says nothing.
    fn slot(&self, name: &str, who: SaidBy) -> Option<&Slot> {
        self.slots.get(name).filter(|slot| slot.said_by == who && (who == SaidBy::Student || !self.files.is_empty()))
    }

    /// Whether a place that a value has is on a page.
    pub(super) fn holds(&self, place: &str) -> bool {
        self.files.iter().any(|(path, _)| place.strip_prefix(path).is_some_and(|rest| rest.starts_with(", page ")))
    }

    /// The value `name` on its page, if the student or the rubric says that it is on one.
    pub(super) fn value(&self, name: &str, who: SaidBy) -> Option<Found<(&Value, &str)>> {
        let slot = self.slot(name, who)?;
        let read = || {
            let (path, bytes) = self.report(name)?;
            let is_beside = |other: &&Slot| other.spot.page == slot.spot.page && other.spot.after != slot.spot.after;
            let others: Vec<&str> = self.slots.values().filter(is_beside).filter_map(|other| other.spot.after.as_deref()).collect();
            let lines = self.pages.lines(path, &bytes, slot.spot.page).map_err(Absent::ForAPerson)?;
            let value = slot.spot.value(name, path, &lines, &others).map_err(Absent::ForAPerson)?;
            Ok((value, mlgrade_pdf::place(path, slot.spot.page)))
        };
        Some(slot.value.get_or_init(read).as_ref().map(|(value, place)| (value, place.as_str())).map_err(Clone::clone))
    }

    /// The figure `name` on its page, if the student or the rubric says that it is on one.
    pub(super) fn figure(&self, name: &str, who: SaidBy) -> Option<Found<Figure>> {
        let name = format!("figures/{name}");
        let slot = self.slot(&name, who)?;
        let read = |(path, bytes): (&str, Arc<[u8]>)| self.pages.figure(path, &bytes, (slot.spot.page, slot.spot.nth)).map_err(Absent::ForAPerson);
        Some(self.report(&name).and_then(read))
    }

    /// The report with `name` on one of its pages, and that page's place.
    pub(super) fn file_with(&self, name: &str, who: SaidBy) -> Option<Found<(String, Vec<u8>)>> {
        let slot = self.slot(name, who)?;
        Some(self.report(name).map(|(path, bytes)| (mlgrade_pdf::place(path, slot.spot.page), bytes.to_vec())))
    }

    /// Where the value or figure `name` is said to be.
    pub(super) fn place(&self, name: &str, who: SaidBy) -> Option<String> {
        let slot = self.slot(name, who)?;
        self.report(name).ok().map(|(path, _)| mlgrade_pdf::place(path, slot.spot.page))
    }

    /// The report that counts, with its path.
    fn report(&self, name: &str) -> Found<(&str, Arc<[u8]>)> {
        let (path, source) = match self.files.as_slice() {
            [(path, Some(source))] => (path, source),
            [(path, None)] => {
                return Err(Absent::Missing(Diagnostic::error(Code::NotFound, "submission.toml says this report is there, but it is not").in_file(path)));
            }
            [] => {
                let message = format!("`{name}` is on a page of the report, and there is no report");
                return Err(Absent::Missing(Diagnostic::error(Code::NotFound, message).help("hand in report.pdf".to_owned())));
            }
            [(first, _), (second, _), ..] => {
                let message = format!("`{name}` is on a page of the report, and there are {} PDFs, {first} and {second}", self.files.len());
                let help = "say which is meant in submission.toml: [where] report = \"report.pdf\"".to_owned();
                return Err(Absent::ForAPerson(Diagnostic::error(Code::Ambiguous, message).help(help)));
            }
        };
        let read = || match source.read(path, limits::PDF_BYTES) {
            Ok(bytes) => Ok(Arc::from(bytes)),
            Err(Absent::Unreadable(diagnostic)) => Err(Absent::ForAPerson(diagnostic)),
            Err(other) => Err(other),
        };
        self.bytes.get_or_init(read).clone().map(|bytes| (path.as_str(), bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_once_for_all_that_is_on_it() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/pdf/writer.pdf");
        let bytes = std::fs::read(path).unwrap();
        let pages = Pages::default();
        let first = pages.lines("writer.pdf", &bytes, 1).unwrap();
        // What is no PDF any more makes no difference to what has been read.
        assert!(Arc::ptr_eq(&first, &pages.lines("writer.pdf", b"", 1).unwrap()));
        assert!(pages.lines("writer.pdf", b"", 2).is_err(), "another page is another reading");
        let figure = pages.figure("writer.pdf", &bytes, (2, None)).unwrap();
        assert_eq!(pages.figure("writer.pdf", b"", (2, None)).map(|again| (again.width, again.height)), Ok((figure.width, figure.height)));
    }
}
