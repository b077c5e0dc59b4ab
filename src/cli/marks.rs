//! `mlgrade marks`: what people decided, as a summary and as a table for spreadsheets.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use jiff::Timestamp;

use super::reports::Reports;
use super::say::{complain, say};
use super::{Exit, write};
use crate::domain::limits;
use crate::domain::marking::MarkState;
use crate::domain::name::list;
use crate::domain::text::plain;
use crate::evidence::encoding;
use crate::evidence::source::Source;
use crate::marks::agreement::{Agreement, agreements};
use crate::marks::{Decision, Entry, Marks, merge, standing, table};
use crate::report::Report;
use crate::store::Store;

/// What people decided about a graded class: how far marking is, and the marks as a table.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  mlgrade marks\n  mlgrade marks --export marks.csv\n  mlgrade marks --import marks.csv --grader ana\n  mlgrade marks --history\n  mlgrade marks --withdraw 17\n\nA table needs the columns student, item and points; decision, comment, grader and until may follow. A decision is points, settled, comment, excused, extension or reopened. Marks are only added: what a table leaves out stays."
)]
pub(super) struct Args {
    /// The folder of reports that `mlgrade grade` wrote
    #[arg(default_value = "reports")]
    reports: PathBuf,
    /// Write all marks, and a row for each item that waits for a person, to a CSV
    #[arg(long, value_name = "CSV")]
    export: Option<PathBuf>,
    /// Add the marks of a CSV, and write reports and grades anew
    #[arg(long, value_name = "CSV", conflicts_with = "export")]
    import: Option<PathBuf>,
    /// Who marked the rows that name no grader [default: the user]
    #[arg(long)]
    grader: Option<String>,
    /// List every mark with its number, those that were withdrawn too
    #[arg(long, conflicts_with_all = ["export", "import"])]
    history: bool,
    /// Withdraw the mark with this number, and write reports and grades anew
    #[arg(long, value_name = "NUMBER", conflicts_with_all = ["export", "import", "history"])]
    withdraw: Option<i64>,
}

pub(super) fn run(args: &Args) -> Result<Exit> {
    let mut store = Store::existing(&args.reports)?;
    if let Some(path) = &args.export {
        let reports: Vec<Report> = store.graded()?.into_iter().map(|graded| graded.found).collect();
        write::whole(path, &table::written(&reports, &store.marks()?)?)?;
        say!("wrote {}", path.display());
        return Ok(Exit::Fine);
    }
    if args.history {
        history(&store)?;
        return Ok(Exit::Fine);
    }
    let grader = args.grader.clone().unwrap_or_else(user);
    if let Some(path) = &args.import {
        let text = match read(path) {
            Ok(text) => text,
            Err(fault) => {
                complain!("error: {}", plain(&format!("{fault:#}")));
                return Ok(Exit::Usage);
            }
        };
        let reports: Vec<Report> = store.graded()?.into_iter().map(|graded| graded.found).collect();
        let entries = match table::read(&text, &reports, &store.all_marks()?, &grader) {
            Ok(entries) => entries,
            Err(faults) => {
                for fault in faults {
                    complain!("error: {}: {}", path.display(), plain(&fault.to_string()));
                }
                complain!("nothing was added");
                return Ok(Exit::Usage);
            }
        };
        store.add(Timestamp::now(), &entries)?;
        let graders: BTreeSet<&str> = entries.iter().map(|entry| entry.grader.as_str()).collect();
        let of = if graders.is_empty() { String::new() } else { format!(", of {}", plain(&list(graders.into_iter()))) };
        say!("{} added{of}", count(entries.len(), "mark"));
    }
    if let Some(mark) = args.withdraw {
        let all = store.all_marks()?;
        let is_standing = standing(&all).contains(&mark);
        let Some(earlier) = all.into_iter().find(|earlier| earlier.id == mark) else {
            complain!("error: there is no mark {mark}; `mlgrade marks --history` lists them");
            return Ok(Exit::Usage);
        };
        if !is_standing {
            complain!("error: mark {mark} is withdrawn already");
            return Ok(Exit::Usage);
        }
        let entry = Entry { grader, student: earlier.entry.student, decision: Decision::Withdrawn(mark), comment: String::new() };
        store.add(Timestamp::now(), &[entry])?;
        say!("mark {mark} is withdrawn");
    }
    let has_changed = args.import.is_some() || args.withdraw.is_some();
    if has_changed && store.is_cut_off()? {
        say!("the marks are kept; reports and tables are not written, since the last run of `mlgrade grade` did not come to its end: run it again");
    } else if has_changed {
        let class = Reports::open(&args.reports)?.publish(&store)?;
        say!("wrote {}/ ({} reports), {0}/index.html, {0}/grades.csv", args.reports.display(), class.submissions());
    }
    summary(&store)
}

/// How far marking is.
fn summary(store: &Store) -> Result<Exit> {
    let marks = store.marks()?;
    let reports: Vec<Report> = store.graded()?.iter().map(|graded| marks.merged(&graded.found)).collect();
    let items = || reports.iter().flat_map(|report| &report.items);
    let in_state = |state: MarkState| items().filter(|item| item.marked.as_ref().is_some_and(|marked| marked.state == state)).count();
    let open = items().filter(|item| merge::is_open(item)).count();
    say!("{} marked, {open} to be marked", count(in_state(MarkState::Counts), "item"));
    for (state, what) in [
        (MarkState::Stale, "with an answer or points that have changed since, so that its marks do not count"),
        (MarkState::Disagreement, "on which graders disagree"),
        (MarkState::Reopened, "for which somebody asked for another look"),
    ] {
        let number = in_state(state);
        if number > 0 {
            say!("  {} {what}", count(number, "item"));
        }
    }
    to_be_marked(&reports);
    for agreement in agreements(&marks) {
        about(&agreement);
    }
    Ok(Exit::Fine)
}

/// The items that wait, each with how many students they are of.
fn to_be_marked(reports: &[Report]) {
    let mut waiting: BTreeMap<&str, usize> = BTreeMap::new();
    for item in reports.iter().flat_map(|report| &report.items).filter(|item| merge::is_open(item)) {
        *waiting.entry(&item.id).or_default() += 1;
    }
    for (item, number) in waiting {
        say!("  {number:>5}  {item}");
    }
}

fn about(agreement: &Agreement) {
    let (a, b) = &agreement.graders;
    let kappa = agreement.kappa.map_or_else(|| "no κ, since one score was given throughout".to_owned(), |kappa| format!("κ = {kappa:.2}"));
    say!("{} and {}: the same points for {} of {} answers, {kappa}", plain(a), plain(b), agreement.same, agreement.both);
    for difference in &agreement.differences {
        say!("  {} {}: {} and {}", plain(&difference.student), difference.item, difference.points.0, difference.points.1);
    }
}

fn history(store: &Store) -> Result<()> {
    let all = store.all_marks()?;
    let counting: Vec<i64> = Marks::new(all.clone()).all().map(|mark| mark.id).collect();
    for mark in &all {
        let entry = &mark.entry;
        let what = match &entry.decision {
            Decision::Points(given) | Decision::Settled(given) => format!("{} {}", entry.decision.word(), given.points),
            Decision::Extension(until) => format!("extension until {until}"),
            Decision::Withdrawn(earlier) => format!("withdraws {earlier}"),
            other => other.word().to_owned(),
        };
        let item = entry.decision.item().map_or_else(String::new, |item| format!(" {item}"));
        let comment = if entry.comment.is_empty() { String::new() } else { format!(": {}", plain(&entry.comment)) };
        let is_out = !counting.contains(&mark.id) && !matches!(entry.decision, Decision::Withdrawn(_));
        say!(
            "{:>5}  {}  {}  {}{item}  {what}{comment}{}",
            mark.id,
            mark.at,
            plain(&entry.grader),
            plain(&entry.student),
            if is_out { " (withdrawn)" } else { "" }
        );
    }
    if all.is_empty() {
        say!("no marks yet");
    }
    Ok(())
}

fn read(path: &Path) -> Result<String> {
    let name = path.display().to_string();
    anyhow::ensure!(path.is_file(), "{name} is not there");
    let bytes = Source::Disk(path.to_path_buf()).read(&name, limits::ROSTER_BYTES).map_err(|absent| absent.diagnostic().clone())?;
    encoding::text(&bytes).map(std::borrow::Cow::into_owned).map_err(|fault| anyhow::anyhow!("{fault}")).with_context(|| name)
}

/// Whoever is at the keyboard.
pub(super) fn user() -> String {
    ["USER", "USERNAME"].into_iter().find_map(|name| std::env::var(name).ok()).filter(|name| !name.is_empty()).unwrap_or_else(|| "grader".to_owned())
}

fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}
