//! `mlgrade check`: a student's own look at her work.

use std::path::PathBuf;

use anyhow::Result;

use super::{Exit, course};
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::grade::grade;
use crate::report::{json, terminal};
use crate::submission::Submission;

/// Check your own submission: what is found, what to fix, what to do next.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  mlgrade check .\n  mlgrade check my-homework --rubric cs441-hw2.student.toml\n  mlgrade check hw2.zip\n\nIt never shows what the course compares with."
)]
pub(super) struct Args {
    /// The folder, archive or notebook that you will hand in
    folder: PathBuf,
    /// The rubric that your course released, or a shipped name [default: cs441-hw2]
    #[arg(long)]
    rubric: Option<String>,
    /// Print JSON instead
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Result<Exit> {
    let opened = course::open(args.rubric.as_deref())?;
    if !args.folder.is_dir() && !args.folder.is_file() {
        let fault = Diagnostic::error(Code::NotReadable, "this is neither a folder nor a file").in_file(args.folder.display().to_string());
        return Err(fault.help("name the folder or archive that you will hand in".to_owned()).into());
    }
    let view = grade(&opened.course(), &Submission::open(&args.folder)).for_student();
    if args.json {
        anstream::print!("{}", json::json(&view)?);
    } else {
        anstream::print!("{}", terminal::student(&view));
    }
    Ok(if view.falls_short() { Exit::FellShort } else { Exit::Fine })
}
