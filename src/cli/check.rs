//! `mlgrade check`: a student's own look at her work.

mod open;
mod rubric;
mod watch;

use std::path::PathBuf;

use anyhow::Result;

use super::say::{put, raw, say};
use super::{Exit, terminal, write};
use crate::course::Course;
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::handout::{handout, short};
use crate::report::checklist::{checklist, nothing_yet};
use crate::report::export::junit;
use crate::report::student::StudentView;
use crate::report::{Report, html, json};
use crate::submission::Submission;

/// Check your own submission: what to fix, what is not found, what the course will judge.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[command(after_help = "Examples:\n  mlgrade check\n  mlgrade check my-homework --rubric cs441-hw2.student.toml\n  mlgrade check hw2.zip --json\n  \
                  mlgrade check --watch                    checks again whenever a file is saved\n  mlgrade check --open                     shows the report in the browser\n\n\
                  Without --rubric it is the *.student.toml beside your work, what MLGRADE_RUBRIC names, or `rubric` under [tool.mlgrade] in pyproject.toml.\n\n\
                  It never shows what the course compares with, and looks at no more than the student's edition of the rubric tells, whichever edition \
                  it is given.\n\n\
                  Exit codes: 0 nothing to fix · 1 something to fix or to hand in · 2 rubric or usage · 3 something could not be looked at · 4 our fault")]
pub(super) struct Args {
    /// The folder, archive or notebook that you will hand in
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// The rubric that your course released, or a shipped name [default: the one beside your work, else cs441-hw2]
    #[arg(long)]
    rubric: Option<String>,
    /// Judge with the course's own edition, as `grade` does: for a TA, or for a course's CI
    #[arg(long)]
    as_course: bool,
    /// Print JSON instead
    #[arg(long)]
    json: bool,
    /// Write JUnit XML too, which build servers show: a suite a part, a case an item
    #[arg(long, value_name = "XML")]
    junit: Option<PathBuf>,
    /// Write the report as a page too
    #[arg(long, value_name = "HTML")]
    html: Option<PathBuf>,
    /// Show that page in the browser
    #[arg(long)]
    open: bool,
    /// Check again whenever a file is saved, until you stop it with Ctrl+C
    #[arg(long, conflicts_with_all = ["json", "junit"])]
    watch: bool,
}

pub(super) fn run(args: &Args) -> Result<Exit> {
    if !args.folder.is_dir() && !args.folder.is_file() {
        let fault = Diagnostic::error(Code::NotReadable, "this is neither a folder nor a file").in_file(args.folder.display().to_string());
        return Err(fault.help("name the folder or archive that you will hand in".to_owned()).into());
    }
    let exit = once(args)?;
    if args.open {
        open::page(&page(args))?;
    }
    if args.watch {
        return watch::forever(&args.folder, || once(args).map(drop));
    }
    Ok(exit)
}

/// Checks and prints.
fn once(args: &Args) -> Result<Exit> {
    let found = if args.rubric.is_none() { rubric::beside(&args.folder)? } else { None };
    let name = args.rubric.as_deref().or(found.as_deref());
    let course = if args.as_course { Course::open_own(name)? } else { Course::open_for_student(name)? };
    let report = course.grade(&Submission::open(&args.folder));
    let mut view = report.for_student();
    if name.is_none() {
        let said = "no rubric lies beside this work, so it was checked with the shipped example";
        view.notes.insert(0, format!("{said} `{}`; name your course's own with --rubric, or put its *.student.toml here", course.rubric.id));
    }
    if let Some(path) = &args.junit {
        write::whole(path, &junit::xml("mlgrade check", &junit::of_student(&view))?)?;
    }
    if args.html.is_some() || args.open {
        write::whole(&page(args), page_of(&report, &view)?.as_bytes())?;
    }
    if args.json {
        raw!("{}", json::json(&view)?);
    } else {
        print(&course, &view, name);
    }
    Ok(match (view.falls_short(), view.is_ungraded()) {
        (true, _) => Exit::FellShort,
        (false, true) => Exit::Ungradable,
        (false, false) => Exit::Fine,
    })
}

fn print(course: &Course, view: &StudentView, name: Option<&str>) {
    let width = terminal::width();
    if view.has_nothing() {
        let asked = handout(course);
        put!("{}", nothing_yet(view, &short(&asked), width));
    } else {
        put!("{}", checklist(view, width));
    }
    if course.rubric.parts.iter().any(|part| part.instructions.is_some()) {
        say!("  what each part asks for: mlgrade explain --rubric {}", name.unwrap_or(&course.rubric.id));
    }
}

/// Where the page goes.
fn page(args: &Args) -> PathBuf {
    args.html.clone().unwrap_or_else(|| std::env::temp_dir().join("mlgrade-check.html"))
}

fn page_of(report: &Report, view: &StudentView) -> Result<String> {
    let picture = |path: &str| report.items.iter().find(|item| item.figure.as_deref() == Some(path)).and_then(|item| item.picture.clone());
    Ok(html::student(view, &picture)?)
}
