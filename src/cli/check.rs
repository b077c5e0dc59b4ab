//! `mlgrade check`: a student's own look at her work.

use std::path::PathBuf;

use anyhow::Result;

use super::say::{put, say};
use super::{Exit, terminal, write};
use crate::course::Course;
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::report::checklist::checklist;
use crate::report::export::junit;
use crate::report::json;
use crate::submission::Submission;

/// Check your own submission: what to fix, what is not found, what the course will judge.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  mlgrade check .\n  mlgrade check my-homework --rubric cs441-hw2.student.toml\n  mlgrade check hw2.zip --json\n  mlgrade check . --junit junit.xml\n\n\
                  It never shows what the course compares with, and looks at no more than the student's edition of the rubric tells, whichever edition \
                  it is given.\n\n\
                  Exit codes: 0 nothing to fix · 1 something to fix or to hand in · 2 rubric or usage · 3 something could not be looked at · 4 our fault"
)]
pub(super) struct Args {
    /// The folder, archive or notebook that you will hand in
    folder: PathBuf,
    /// The rubric that your course released, or a shipped name [default: cs441-hw2]
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
}

pub(super) fn run(args: &Args) -> Result<Exit> {
    let course = if args.as_course { Course::open_own(args.rubric.as_deref())? } else { Course::open_for_student(args.rubric.as_deref())? };
    if !args.folder.is_dir() && !args.folder.is_file() {
        let fault = Diagnostic::error(Code::NotReadable, "this is neither a folder nor a file").in_file(args.folder.display().to_string());
        return Err(fault.help("name the folder or archive that you will hand in".to_owned()).into());
    }
    let view = course.grade(&Submission::open(&args.folder)).for_student();
    if let Some(path) = &args.junit {
        write::whole(path, &junit::xml("mlgrade check", &junit::of_student(&view))?)?;
    }
    if args.json {
        anstream::print!("{}", json::json(&view)?);
    } else {
        put!("{}", checklist(&view, terminal::width()));
        if course.rubric.parts.iter().any(|part| part.instructions.is_some()) {
            say!("  what each part asks for: mlgrade explain --rubric {}", args.rubric.as_deref().unwrap_or(&course.rubric.id));
        }
    }
    Ok(match (view.falls_short(), view.is_ungraded()) {
        (true, _) => Exit::FellShort,
        (false, true) => Exit::Ungradable,
        (false, false) => Exit::Fine,
    })
}
