//! `mlgrade export gradescope`: results.json for one student, or for each.

use std::path::PathBuf;

use anyhow::Result;

use super::{From, written};
use crate::cli::say::{raw, say};
use crate::cli::{Exit, load, write};
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::name::did_you_mean;
use crate::report::Report;
use crate::report::export::gradescope;
use crate::report::json;

/// Gradescope's results.json for one student, or for each: a test an item, with what the student may read.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  mlgrade export gradescope s03-average --out results.json\n  mlgrade export gradescope --all results\n\nItems whose verdict is withheld, and the sum of the hidden ones, show when the grades are published."
)]
pub(super) struct Args {
    /// The student, as reports name them
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    name: Option<String>,
    #[command(flatten)]
    from: From,
    /// Where the file goes [default: printed]
    #[arg(long, value_name = "JSON", conflicts_with = "all")]
    out: Option<PathBuf>,
    /// Write the file of each student into this folder
    #[arg(long, value_name = "DIR")]
    all: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> Result<Exit> {
    let class = load::class(&args.from.reports)?;
    if let Some(folder) = &args.all {
        for (file, report) in &class.reports {
            write::whole(&folder.join(format!("{file}.json")), json::json(&gradescope::results(report))?.as_bytes())?;
        }
        say!("wrote {}/ ({} × .json)", folder.display(), class.reports.len());
        return Ok(Exit::Fine);
    }
    let report = named(&class, args.name.as_deref().unwrap_or_default())?;
    let text = json::json(&gradescope::results(report))?;
    if let Some(path) = &args.out {
        return written(path, text.as_bytes());
    }
    raw!("{text}");
    Ok(Exit::Fine)
}

/// The report of the student called `name`, or whose files are.
pub(super) fn named<'c>(class: &'c load::Class, name: &str) -> Result<&'c Report> {
    let found = class.reports.iter().find(|(file, report)| report.student == name || file == name);
    let names = || class.reports.iter().map(|(_, report)| report.student.as_str());
    let unknown = || {
        let help = did_you_mean(name, names()).unwrap_or_else(|| "name a student as the first column of grades.csv does".to_owned());
        Diagnostic::error(Code::UnknownName, format!("there is no report of `{name}`")).help(help)
    };
    Ok(&found.ok_or_else(unknown)?.1)
}
