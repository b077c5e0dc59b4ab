//! `mlgrade lint`: all faults of a rubric at once, and of the files that it names.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::say::raw;
use super::{Exit, full_marks, messages, write};
use crate::check::Edition;
use crate::course::origin::lock_faults;
use crate::course::{Course, CourseError, RubricFile, stated};
use crate::data::Datasets;
use crate::data::Shelf;
use crate::domain::diagnostic::{Code, Diagnostic, Severity};
use crate::domain::points::Points;
use crate::lock::Lock;
use crate::report::export::sarif;
use crate::report::json;
use crate::rubric::{self, Rubric};

/// Check a rubric, its data files and its lock: all faults at once, each with its place and a suggestion.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  mlgrade lint rubrics/cs441-hw2.toml\n  mlgrade lint rubrics/cs441-hw2.toml --sarif lint.sarif\n\nData files are opened, and a solution beside the rubric is graded: what it does not earn in full is a warning. No program is run.\n\n\
                  Exit codes: 0 no errors, though perhaps warnings · 2 errors"
)]
pub(super) struct Args {
    /// A rubric's path or shipped name [default: cs441-hw2]
    rubric: Option<String>,
    /// Write the faults as SARIF 2.1.0 too, which code scanning shows at their lines
    #[arg(long, value_name = "SARIF")]
    sarif: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> Result<Exit> {
    let file = RubricFile::find(args.rubric.as_deref())?;
    let (rubric, mut faults) = rubric::parse(&file.text);
    let Some(rubric) = rubric else {
        write_sarif(args.sarif.as_deref(), &file, &faults)?;
        anstream::eprint!("{}", messages::render(&file.path, &file.text, &faults, true));
        anstream::eprintln!("{}. Nothing was graded.", messages::count(&faults));
        return Ok(Exit::Usage);
    };
    let shelf = file.shelf(&rubric);
    let data = data_faults(&rubric, &shelf);
    let (lock, of_lock) = look_at_lock(&file, &rubric, &shelf);
    faults.extend(data.into_iter().chain(of_lock));
    faults.extend(stated::faults(&file, &rubric, lock.as_ref()));
    let course = Course::of(rubric, shelf, lock, &file.lock_path().display().to_string());
    if faults.iter().all(|fault| fault.severity != Severity::Error) {
        faults.extend(full_marks::warnings(&file, &course));
    }
    let rubric = &course.rubric;
    write_sarif(args.sarif.as_deref(), &file, &faults)?;
    anstream::eprint!("{}", messages::render(&file.path, &file.text, &faults, true));
    let points = |bonus: bool| -> Points { rubric.items().filter(|item| item.bonus == bonus).map(|item| item.points).sum() };
    let (items, found) = (rubric.items().count(), messages::count(&faults));
    raw!("{}: {} parts, {items} items, {} points and {} bonus; {found}\n", rubric.id, rubric.parts.len(), points(false), points(true));
    for set in rubric.data.keys() {
        if let Ok(opened) = course.data.set(set) {
            raw!("  data {set}: {}\n", opened.shape());
        }
    }
    if let Some(lock) = &course.lock {
        let values: usize = lock.parts.values().map(|part| part.evidence.len()).sum();
        raw!("  lock {}: {} parts, {values} values\n", file.lock_path().display(), lock.parts.len());
    }
    let is_error = |fault: &Diagnostic| fault.severity == Severity::Error;
    Ok(if faults.iter().any(is_error) { Exit::Usage } else { Exit::Fine })
}

fn write_sarif(path: Option<&Path>, file: &RubricFile, faults: &[Diagnostic]) -> Result<()> {
    let Some(path) = path else { return Ok(()) };
    write::whole(path, json::json(&sarif::log(&file.path, &file.text, faults))?.as_bytes())
}

/// What is wrong with the data sets: by themselves, for an item, for a reference.
fn data_faults(rubric: &Rubric, shelf: &Shelf) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    for (name, source) in &rubric.data {
        match shelf.set(name) {
            // The course keeps its data to itself.
            Err(missing) if missing.code == Code::DataMissing && rubric.edition == Edition::Student => {}
            Err(fault) => faults.push(placed(&fault, name, source.span())),
            Ok(_) => {}
        }
    }
    let is_open = |name: &str| shelf.set(name).is_ok();
    for item in rubric.items() {
        let data = item.check.needs().into_iter().find_map(|need| if let crate::check::Need::Data(name) = need { Some(name) } else { None });
        if let Some((name, fault)) = data.filter(|name| is_open(name.get_ref())).and_then(|name| Some((name, item.check.open(shelf as &dyn Datasets).err()?))) {
            let place = fault.span.clone().unwrap_or_else(|| name.span());
            faults.push(Diagnostic { message: format!("item `{}`: {}", item.id, fault.message), ..fault }.at(place));
        }
    }
    for part in &rubric.parts {
        let Some(placed) = &part.reference else { continue };
        let Some(reference) = placed.implementation() else { continue };
        if let Some(fault) = shelf.set(&reference.data).ok().and_then(|set| reference.implementation.suits(set).err()) {
            faults.push(Diagnostic::error(Code::DataMalformed, format!("part `{}`: {fault}", part.id)).at(placed.span.clone()));
        }
    }
    faults
}

/// A fault of the data set `name`, at its place in the rubric.
fn placed(fault: &Diagnostic, name: &str, span: std::ops::Range<usize>) -> Diagnostic {
    let file = fault.path.as_ref().map_or_else(String::new, |file| format!("{file}: "));
    Diagnostic { message: format!("data set `{name}`: {file}{}", fault.message), path: None, ..fault.clone() }.at(span)
}

/// The lock, if it is there and can be read, and what is wrong with it.
fn look_at_lock(file: &RubricFile, rubric: &Rubric, shelf: &Shelf) -> (Option<Lock>, Vec<Diagnostic>) {
    if rubric.edition == Edition::Student {
        return (None, Vec::new());
    }
    let path = file.lock_path().display().to_string();
    let named = |fault: Diagnostic| Diagnostic { message: format!("{path}: {}", fault.message), ..fault };
    match file.lock() {
        Ok(lock) => {
            let faults = lock_faults(file, rubric, lock.as_ref(), shelf).into_iter().map(named).collect();
            (lock, faults)
        }
        Err(error) => {
            let fault = match error {
                CourseError::Unusable(fault) => fault,
                other => Diagnostic::error(Code::LockUnreadable, other.to_string()),
            };
            (None, vec![named(fault)])
        }
    }
}
