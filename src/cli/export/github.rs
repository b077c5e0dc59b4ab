//! `mlgrade export github`: annotations in the log of a job, and its summary.

use std::fs::OpenOptions;
use std::hash::{BuildHasher, RandomState};
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::From;
use super::gradescope::named;
use crate::cli::say::raw;
use crate::cli::{Exit, load};
use crate::report::Report;
use crate::report::export::github;

/// Print annotations for GitHub Actions, and append the job's summary to the file that `GITHUB_STEP_SUMMARY` names.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  mlgrade export github\n  mlgrade export github s03-average\n\nIt says what a student may read. For one student it adds the notices with the points that GitHub Classroom reads."
)]
pub(super) struct Args {
    /// Only this student, as reports name them
    name: Option<String>,
    #[command(flatten)]
    from: From,
}

pub(super) fn run(args: &Args) -> Result<Exit> {
    let class = load::class(&args.from.reports)?;
    let reports: Vec<Report> = match &args.name {
        Some(name) => vec![named(&class, name)?.clone()],
        None => class.into_reports(),
    };
    // These lines are meant as commands; what they hold is made harmless where they are put together.
    raw!("{}", github::log(&reports, &token()));
    if let Some(path) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) {
        let path = PathBuf::from(path);
        let append = || OpenOptions::new().append(true).create(true).open(&path)?.write_all(github::summary(&reports).as_bytes());
        append().with_context(|| format!("{} cannot be written", path.display()))?;
    }
    Ok(Exit::Fine)
}

/// A word that nobody can guess: the standard library's hashers have random keys.
fn token() -> String {
    let word = || RandomState::new().hash_one(std::process::id());
    format!("mlgrade-{:016x}{:016x}", word(), word())
}
