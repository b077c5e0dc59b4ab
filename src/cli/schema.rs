//! `mlgrade schema`: the JSON Schema of what mlgrade writes.

use anyhow::Result;
use clap::ValueEnum;

use super::Exit;
use crate::report::json;

/// Print the JSON Schema of a report.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  mlgrade schema report > report.schema.json")]
pub(super) struct Args {
    /// Of what
    #[arg(value_enum)]
    what: What,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    /// reports/<student>.json
    Report,
    /// What `check --json` prints
    Check,
    /// reports/similar.json
    Similar,
}

pub(super) fn run(args: &Args) -> Result<Exit> {
    let schema = match args.what {
        What::Report => json::report_schema(),
        What::Check => json::student_schema(),
        What::Similar => json::similar_schema(),
    };
    anstream::print!("{}", json::json(&schema)?);
    Ok(Exit::Fine)
}
