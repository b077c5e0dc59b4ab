//! `mlgrade verify --class`: does an example class still get the scores that a person gave? No reports are written.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::Args;
use crate::cli::say::say;
use crate::cli::{Exit, class, write};
use crate::course::Course;
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::limits;
use crate::domain::text::plain;
use crate::evidence::source::Source;
use crate::golden::{self, Expected, Outcome};
use crate::report::Report;
use crate::report::export::junit::{self, Case, Outcome as CaseOutcome, Suite};
use crate::submission::{self, HandedIn};

pub(super) fn run(folder: &Path, args: &Args) -> Result<Exit> {
    let course = Course::open_own(args.rubric.as_deref())?;
    let path = args.expected.clone().or_else(|| beside(folder));
    if args.write {
        let path = path.unwrap_or_else(|| folder.join(golden::FILE));
        let known = if path.is_file() { expected(&path)? } else { Vec::new() };
        return rewrite(&path, &known, &graded(&course, folder)?);
    }
    let path = path.ok_or_else(|| {
        let fault = Diagnostic::error(Code::DataMissing, format!("there is no {} in this folder or beside it", golden::FILE));
        let help = "`--write` makes one of this run, to be read and corrected; or name the file with `--expected`";
        fault.in_file(folder.display().to_string()).help(help.to_owned())
    })?;
    let expected = expected(&path)?;
    let reports = graded(&course, folder)?;
    let outcomes = golden::compare(&expected, &reports);
    for outcome in &outcomes {
        say!("  {} {:24} {}", if outcome.is_same() { "✓" } else { "✗" }, plain(outcome.student()), plain(&outcome.sentence()));
        for line in outcome.items() {
            say!("      {}", plain(&line));
        }
    }
    let same = outcomes.iter().filter(|outcome| outcome.is_same()).count();
    say!("  {same} of {} students have the scores of {}", outcomes.len(), plain(&path.display().to_string()));
    if let Some(junit) = &args.junit {
        write::whole(junit, &junit::xml("mlgrade verify", &[suite(&course, &outcomes)])?)?;
    }
    Ok(if same == outcomes.len() { Exit::Fine } else { Exit::FellShort })
}

/// The expected scores in the class's folder, or beside it.
fn beside(folder: &Path) -> Option<PathBuf> {
    let whole = folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf());
    // As the person wrote it, wherever that is possible.
    let parent = if folder.file_name().is_some() { folder.parent() } else { whole.parent() };
    [Some(folder), parent].into_iter().flatten().map(|folder| folder.join(golden::FILE)).find(|path| path.is_file())
}

/// The expected scores at `path`.
fn expected(path: &Path) -> Result<Vec<Expected>> {
    let name = path.display().to_string();
    let bytes = Source::Disk(path.to_path_buf()).read(&name, limits::ROSTER_BYTES).map_err(|absent| absent.diagnostic().clone())?;
    let not_text = |_| Diagnostic::error(Code::DataMalformed, "it is not UTF-8 text").in_file(&name).help("save the table as CSV UTF-8".to_owned());
    let text = String::from_utf8(bytes).map_err(not_text)?;
    let expected = golden::read(&text).map_err(|faults| {
        let message = faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        let help = faults.into_iter().find_map(|fault| fault.help);
        Diagnostic::error(Code::DataMalformed, message).in_file(&name).help(help)
    })?;
    Ok(expected)
}

/// The reports of the class, in the order of its students.
fn graded(course: &Course, folder: &Path) -> Result<Vec<Report>> {
    let class = submission::find(folder)?;
    for note in &class.notes {
        say!("  {}", plain(&note.to_string()));
    }
    let names: Vec<String> = class.submissions.iter().map(|submission| submission.student.clone()).collect();
    let judge = |submission: &HandedIn, _: &String| {
        let mut report = course.grade(&submission.open());
        report.drop_pictures();
        report
    };
    Ok(class::each(&class::threads(None)?, &class.submissions, &names, "grading", judge))
}

/// Writes the scores of `reports` to `path`, and says what is otherwise than before.
fn rewrite(path: &Path, known: &[Expected], reports: &[Report]) -> Result<Exit> {
    write::whole(path, &golden::written(reports, known)?)?;
    let outcomes = golden::compare(known, reports);
    if !known.is_empty() {
        for outcome in outcomes.iter().filter(|outcome| !outcome.is_same()) {
            say!("  {} {}", plain(outcome.student()), plain(&outcome.sentence()));
        }
    }
    let reasons = known.iter().filter(|row| !row.why.is_empty() && reports.iter().any(|report| report.student == row.student)).count();
    let open = reports.len() - reasons.min(reports.len());
    say!("wrote {}: {} students, {open} without a reason; read each score and say why it is right", plain(&path.display().to_string()), reports.len());
    Ok(Exit::Fine)
}

/// A case a student.
fn suite(course: &Course, outcomes: &[Outcome<'_>]) -> Suite {
    let class = format!("{}.class", course.rubric.id);
    let case = |outcome: &Outcome<'_>| {
        let why = || std::iter::once(outcome.sentence()).chain(outcome.items()).collect::<Vec<_>>().join("; ");
        let found = if outcome.is_same() { CaseOutcome::Passed } else { CaseOutcome::Failed(why()) };
        Case { class: class.clone(), name: outcome.student().to_owned(), outcome: found, points: None }
    };
    Suite { name: class.clone(), time: None, cases: outcomes.iter().map(case).collect() }
}
