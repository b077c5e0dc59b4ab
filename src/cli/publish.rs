//! `mlgrade publish`: reports, pages and tables anew, and the release of the grades to the students.

use std::path::PathBuf;

use anyhow::Result;
use jiff::Timestamp;

use super::Exit;
use super::reports::Reports;
use super::say::say;
use crate::store::Store;

/// Write the reports, pages and tables of a graded class anew, and release its grades to the students or withhold them.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  mlgrade publish\n  mlgrade publish reports/hw2 --release\n\nUntil grades are released, a student's page shows neither verdict nor points of items that the rubric lets students only find (`student = \"found\"`), nor a sum that tells them. Hidden items are never shown. Without --release the rubric decides: `release = \"by-hand\"` (the default), `\"at-once\"` or `\"after-deadline\"`. `grade` and `marks` keep what was decided last."
)]
pub(super) struct Args {
    /// The folder of reports that `mlgrade grade` wrote
    #[arg(default_value = "reports")]
    reports: PathBuf,
    /// Show students the verdicts, points and comments of all items that are not hidden
    #[arg(long, conflicts_with = "withhold")]
    release: bool,
    /// Take that back
    #[arg(long)]
    withhold: bool,
}

pub(super) fn run(args: &Args) -> Result<Exit> {
    let mut store = Store::existing(&args.reports)?.complete()?;
    let folder = Reports::open(&args.reports)?;
    if args.release || args.withhold {
        store.release(Timestamp::now(), args.release)?;
    }
    let class = folder.publish(&store)?;
    let waits = if class.open() == 0 { String::new() } else { format!("; {} items are still to be judged by a person", class.open()) };
    let released = if class.is_released() { "released to the students" } else { "not released to the students" };
    say!("wrote {0}/ ({1} reports), {0}/index.html, {0}/grades.csv", args.reports.display(), class.submissions());
    say!("grades are {released}{waits}");
    Ok(Exit::Fine)
}
