//! `mlgrade export`: reports in the formats of gradebooks, autograders and build servers.

mod github;
mod gradebook;
mod gradescope;

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::say::say;
use super::{Exit, load, write};
use crate::report::Report;
use crate::report::csv::Grades;
use crate::report::export::junit;

/// Write the grades of a class for Canvas, Moodle, Gradescope, a spreadsheet or a build server.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  mlgrade export canvas --gradebook CANVAS.csv --assignment \"HW2 (123)\" --out upload.csv\n  mlgrade export moodle --worksheet WORKSHEET.csv --out upload.csv\n  mlgrade export csv --out grades.csv\n  mlgrade export gradescope s03-average --out results.json\n  mlgrade export junit --out junit.xml\n  mlgrade export github s03-average\n\nExit codes: 0 everything is written · 2 nothing is written: items are ungraded, or the arguments are wrong · 3 written, but a report has no line in the gradebook · 4 our fault"
)]
pub(super) struct Args {
    #[command(subcommand)]
    format: Format,
}

#[derive(Debug, clap::Subcommand)]
enum Format {
    Canvas(gradebook::Canvas),
    Moodle(gradebook::Moodle),
    Csv(Csv),
    Gradescope(gradescope::Args),
    Junit(Junit),
    Github(github::Args),
}

/// The table of the class: a line a student, a column an item.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  mlgrade export csv --out grades.csv\n\nUngraded items are blank cells, and the score is a range from `lowest` to `highest`."
)]
struct Csv {
    #[command(flatten)]
    from: From,
    /// Where the table goes
    #[arg(long, value_name = "CSV")]
    out: PathBuf,
}

/// JUnit XML, for the course: a suite a student, a case an item, with the reason of each that fell short.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  mlgrade export junit --out junit.xml\n\nThe reasons may name hidden values: keep the file from students. `mlgrade check --junit` writes what they may read."
)]
struct Junit {
    #[command(flatten)]
    from: From,
    /// Where the file goes
    #[arg(long, value_name = "XML")]
    out: PathBuf,
}

/// Where the reports are.
#[derive(Debug, clap::Args)]
struct From {
    /// The folder of reports that `mlgrade grade` wrote
    #[arg(long, value_name = "DIR", default_value = "reports")]
    reports: PathBuf,
}

pub(super) fn run(args: &Args) -> Result<Exit> {
    match &args.format {
        Format::Canvas(args) => gradebook::canvas(args),
        Format::Moodle(args) => gradebook::moodle(args),
        Format::Csv(args) => {
            let class = load::class(&args.from.reports)?;
            let absent: Vec<(&str, &str)> = class.absent.iter().map(|(id, name)| (id.as_str(), name.as_str())).collect();
            let mut table = Grades::new(write::Whole::at(&args.out)?);
            class.reports.iter().try_for_each(|(_, report)| table.add(report))?;
            table.finish(&absent)?.keep()?;
            Ok(wrote(&args.out))
        }
        Format::Junit(args) => {
            let reports: Vec<Report> = load::class(&args.from.reports)?.into_reports();
            written(&args.out, &junit::xml("mlgrade", &junit::of_class(&reports))?)
        }
        Format::Gradescope(args) => gradescope::run(args),
        Format::Github(args) => github::run(args),
    }
}

fn written(path: &Path, bytes: &[u8]) -> Result<Exit> {
    write::whole(path, bytes)?;
    Ok(wrote(path))
}

fn wrote(path: &Path) -> Exit {
    say!("wrote {}", path.display());
    Exit::Fine
}
