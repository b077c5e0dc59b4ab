//! `mlgrade diff`: two gradings of a class side by side.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::say::{put, raw};
use super::{Exit, load};
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::report::difference::{between, table};
use crate::report::{Report, json};

/// Compare two folders of reports: who moved, by how much, because of which items, and why.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  mlgrade diff reports-before reports\n  mlgrade diff reports-before reports --json\n\nThe causes are rubric, lock, program, submission (other evidence), marks, and time (when it was handed in). The JSON files of the folders are read, of this and earlier versions."
)]
pub(super) struct Args {
    /// The folder of the earlier reports
    old: PathBuf,
    /// The folder of the later ones
    new: PathBuf,
    /// Print JSON instead
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Result<Exit> {
    let difference = between(&reports(&args.old)?, &reports(&args.new)?);
    if args.json {
        raw!("{}", json::json(&difference)?);
    } else {
        put!("{}", table(&difference));
    }
    Ok(Exit::Fine)
}

fn reports(folder: &Path) -> Result<Vec<Report>> {
    let reports: Vec<Report> = load::files(folder)?.into_iter().map(|(_, report)| report).collect();
    if reports.is_empty() {
        let fault = Diagnostic::error(Code::NotFound, "there are no reports").in_file(folder.display().to_string());
        return Err(fault.help("name a folder of reports that `mlgrade grade` wrote".to_owned()).into());
    }
    Ok(reports)
}
