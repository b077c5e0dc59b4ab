//! What a run says and writes at its end, from the class's database.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use anyhow::Result;
use rayon::prelude::*;

use super::facts::Facts;
use super::judge::Outcomes;
use super::key::stamp;
use super::lateness::Earlier;
use crate::cli::Exit;
use crate::cli::reports::{Other, Reports, pairs, shown_as};
use crate::cli::say::{complain, put, say};
use crate::domain::name::did_you_mean;
use crate::domain::text::plain;
use crate::report::class::{ClassView, listed};
use crate::report::{Report, terminal};
use crate::store::Store;

/// The most reports that are written side by side.
const TOGETHER: usize = 256;

/// What the class and the run look like.
struct Views {
    /// All of the class.
    all: ClassView,
    /// The one student, if the run is about one.
    one: Option<ClassView>,
    /// Whether the table of the class has what the run found.
    is_in_table: bool,
    /// Whose reports name pictures that are gone.
    without_pictures: Vec<String>,
}

/// The end of a run over a class, or of one student's beside a class.
pub(in crate::cli) struct Ending<'e> {
    pub(in crate::cli) facts: &'e Facts,
    /// The student, if the run is about one.
    pub(in crate::cli) one: Option<&'e str>,
    /// Where reports go, as messages name it.
    pub(in crate::cli) out: &'e Path,
    /// Whether every finding is printed.
    pub(in crate::cli) details: bool,
    pub(in crate::cli) reports: &'e Reports,
    pub(in crate::cli) store: &'e mut Store,
    pub(in crate::cli) build: &'e str,
    /// Reports that lie there and are not of this class.
    pub(in crate::cli) others: &'e [Other],
    /// What was known of each student before.
    pub(in crate::cli) earlier: &'e BTreeMap<String, Earlier>,
    pub(in crate::cli) outcomes: &'e Outcomes,
    pub(in crate::cli) start: Instant,
}

impl Ending<'_> {
    /// Writes what is of the whole class, and says what came of the run.
    pub(in crate::cli) fn all(&mut self) -> Result<Exit> {
        let out = self.out;
        say!();
        let Views { all, one, is_in_table, without_pictures } = self.views()?;
        let run = one.as_ref().unwrap_or(&all);
        let absent = self.store.absent()?;
        self.reports.write_index_of(&all, &pairs(&absent))?;
        let former: Vec<String> = if self.one.is_some() { Vec::new() } else { self.others.iter().map(|other| other.name.clone()).collect() };
        self.reports.retire(&former)?;

        put!("{}", terminal::class(run));
        let mut reported = self.reported(run, &former);
        if !without_pictures.is_empty() {
            let names = listed(&without_pictures, without_pictures.len());
            reported.push(format!("pictures are gone from the reports of {names}; the next run makes them again"));
        }
        tell(&reported);
        let summary = run.summary(out);
        if !summary.is_empty() {
            say!("\n{summary}");
        }
        if !is_in_table {
            let help = "grade the whole class again, or name another folder with --out";
            complain!("error: nothing of this is in {0}/grades.csv: {0} holds a grades.csv of other items; {help}", out.display());
            return Ok(Exit::Usage);
        }
        let unchanged = match self.outcomes.unchanged {
            0 => String::new(),
            count => format!("; {count} of them judged before and unchanged"),
        };
        say!(
            "{3}wrote {0}/ ({1} × .json .md .html, for-students/*.md .html{unchanged}), {0}/index.html, {0}/grades.csv in {2:.1} s",
            out.display(),
            run.submissions(),
            self.start.elapsed().as_secs_f64(),
            if summary.is_empty() { "\n" } else { "" }
        );
        let ungraded = !self.outcomes.unwritten.is_empty() || run.is_ungraded();
        Ok(if ungraded { Exit::Ungradable } else { Exit::Fine })
    }

    /// Goes once through the reports after people's decisions: writes files that are not as these say, and the table.
    fn views(&mut self) -> Result<Views> {
        let (marks, released, kept) = (self.store.marks()?, self.store.released()?, self.store.kept()?);
        let (mut all, mut one) = (ClassView::default(), self.one.map(|_| ClassView::default()));
        let mut table = if self.one.is_none() { Some(self.reports.new_table()?) } else { None };
        let (mut is_in_table, mut stamps, mut stale, mut without_pictures) = (true, Vec::new(), Vec::new(), Vec::new());
        self.store.each(|file, found: Report| -> Result<()> {
            let report = shown_as(marks.merged(&found), released);
            let stamp = stamp(self.build, marks.of(&report.student), report.released);
            let written = kept.get(&report.student).and_then(|kept| kept.stamp.as_ref());
            all.add(&file, &report);
            if let Some(table) = &mut table {
                table.add(&report)?;
            }
            self.reports.welcome(&file);
            if let Some(one) = one.as_mut().filter(|_| self.one == Some(&report.student)) {
                one.add(&file, &report);
                is_in_table = self.row(&report)?;
            }
            if self.details || self.facts.submissions == 1 && self.one.is_none_or(|student| student == report.student) {
                say!("{}", terminal::details(&report));
            }
            if !self.reports.has_pictures(&report) {
                without_pictures.push(report.student.clone());
            }
            // What could not be written a moment ago cannot be written now.
            if (written != Some(&stamp) || !self.reports.has(&file)) && !self.outcomes.unwritten.contains_key(&report.student) {
                stamps.push((report.student.clone(), stamp));
                stale.push((file, report));
            }
            if stale.len() == TOGETHER { self.write(&std::mem::take(&mut stale)) } else { Ok(()) }
        })?;
        self.write(&stale)?;
        self.store.stamped(&stamps)?;
        self.store.forget(&without_pictures)?;
        if let Some(table) = table {
            table.finish(&pairs(&self.facts.absent))?.keep()?;
        }
        Ok(Views { all, one, is_in_table, without_pictures })
    }

    fn write(&self, reports: &[(String, Report)]) -> Result<()> {
        reports.par_iter().try_for_each(|(file, report)| self.reports.write(file, report))
    }

    /// Puts the row of one student into the table that is there. Whether it could be: a table of other items stays as it is.
    fn row(&self, report: &Report) -> Result<bool> {
        let one = std::slice::from_ref(report);
        match self.reports.updated_table(one)? {
            Some(table) => self.reports.replace_table(&table)?,
            None if !self.others.is_empty() => return Ok(false),
            None => self.reports.write_table(one, &[])?,
        }
        Ok(true)
    }

    /// The lines below the table.
    fn reported(&self, run: &ClassView, former: &[String]) -> Vec<String> {
        let facts = self.facts;
        let mut reported = facts.reported.clone();
        reported.extend(run.unseen());
        reported.extend(self.outcomes.unwritten.iter().map(|(student, fault)| format!("no report of {student}: {fault}")));
        reported.extend(self.killed());
        reported.extend(run.about_times());
        if let (false, Some(enrolled)) = (self.one.is_some() || facts.absent.is_empty(), facts.enrolled) {
            let names: Vec<String> = facts.absent.iter().map(|(id, name)| format!("{name} ({id})")).collect();
            reported.push(format!("{} of {enrolled} on the roster handed in nothing: {}", facts.absent.len(), names.join(", ")));
        }
        if !facts.marked_late.is_empty() {
            reported.push(format!("marked as late by the download, which changes no score: {}", facts.marked_late.join(", ")));
        }
        reported.extend(self.one.and_then(|student| new_in_class(student, self.earlier)));
        if !former.is_empty() {
            let (count, are) = if former.len() == 1 { ("1 report".to_owned(), "is") } else { (format!("{} reports", former.len()), "are") };
            let names = listed(former, former.len());
            reported.push(format!("{count} of students who are not in this class {are} now in {}/former/: {names}", self.out.display()));
        }
        reported
    }

    /// Whose submissions went beyond a limit, or made the program crash.
    fn killed(&self) -> Option<String> {
        let names: Vec<String> = self.outcomes.killed.iter().map(|(student, why)| format!("{student} ({why})")).collect();
        (!names.is_empty())
            .then(|| format!("workers died of these submissions or were killed, which cost nobody else anything: {}", listed(&names, names.len())))
    }
}

/// Says why the report of one student is kept out of the reports of a class.
pub(super) fn kept_out(found: &Report, why: &str, out: &Path) -> Exit {
    say!();
    say!("{}", terminal::details(found));
    let mut one = ClassView::default();
    one.add(&found.student, found);
    put!("{}", terminal::class(&one));
    complain!("error: nothing of this is in {}/grades.csv: {why}", out.display());
    Exit::Usage
}

/// Prints the lines below the table; of whom an id alone was found, a few stand for all.
fn tell(reported: &[String]) {
    let (by_id, others): (Vec<&String>, Vec<&String>) = reported.iter().partition(|line| line.ends_with(" by its id"));
    let shown = if by_id.len() > NAMED { 2 } else { by_id.len() };
    let more = by_id.len() - shown;
    let more = (more > 0).then(|| format!("and so on: {more} more have other names there, and were found by their ids"));
    if !reported.is_empty() {
        say!();
    }
    for line in by_id.into_iter().take(shown).chain(&more).chain(others) {
        say!("  {}", plain(line));
    }
}

/// The most that are named one by one.
const NAMED: usize = 3;

/// That the class had nobody of this name, and whom it had.
fn new_in_class(student: &str, earlier: &BTreeMap<String, Earlier>) -> Option<String> {
    if earlier.is_empty() || earlier.contains_key(student) {
        return None;
    }
    let help = did_you_mean(student, earlier.keys().map(String::as_str)).map_or_else(String::new, |help| format!("; {help}"));
    Some(format!("{student} is new in this class{help}"))
}
