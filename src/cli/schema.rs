//! `mlgrade schema`: the JSON Schema of what mlgrade reads and writes, and the reference of the rubric language.

use anyhow::Result;
use clap::ValueEnum;

use super::Exit;
use super::say::raw;
use crate::report::json;
use crate::rubric::handbook;

/// Print the JSON Schema of a report or a rubric, or the reference of the rubric language.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  mlgrade schema report > report.schema.json\n  mlgrade schema rubric > rubric.schema.json\n  mlgrade schema rubric-reference > docs/rubric.md"
)]
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
    /// A rubric, for editors: `#:schema ./rubric.schema.json` in its first line
    Rubric,
    /// Every key of a rubric, as Markdown
    RubricReference,
}

pub(super) fn run(args: &Args) -> Result<Exit> {
    let schema = match args.what {
        What::Report => json::report_schema().to_value(),
        What::Check => json::student_schema().to_value(),
        What::Similar => json::similar_schema().to_value(),
        What::Rubric => handbook::schema(),
        What::RubricReference => {
            raw!("{}", handbook::markdown());
            return Ok(Exit::Fine);
        }
    };
    raw!("{}", json::json(&schema)?);
    Ok(Exit::Fine)
}
