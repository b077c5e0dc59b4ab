//! `mlgrade grade`: a class of submissions to reports.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Instant;

use anyhow::Result;
use jiff::Timestamp;
use mlgrade_sandbox::Layers;

mod child;
pub(super) mod facts;
pub(super) mod finish;
pub(super) mod judge;
pub(super) mod key;
pub(super) mod lateness;
mod log;
mod plan;
pub(super) mod shard;

use facts::Part;
use finish::Ending;
use judge::{Judging, Outcomes};
use lateness::{Graded, earlier, forgotten, undone};
use log::Log;
use plan::Plan;
use shard::Shard;

use super::Exit;
use super::progress::Tally;
use super::reports::Reports;
use super::say::{complain, say};
use crate::course::Course;
use crate::domain::text::plain;
use crate::report::Report;
use crate::store::{Run, Scope, Store};
use crate::worker::Limits;

/// Grade a class: a folder or archive per student, or a platform's download.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  mlgrade grade submissions\n  mlgrade grade hw2 --rubric rubrics/my-course.toml --out reports/hw2\n  mlgrade grade submissions/s03-average --details\n  mlgrade grade canvas-download.zip --roster gradebook.csv"
)]
pub(super) struct Args {
    /// The folder with a folder or archive per student, a platform's download (Canvas, Moodle, Gradescope, Blackboard, Brightspace, Sakai), or one submission
    folder: PathBuf,
    /// A rubric's path or shipped name [default: cs441-hw2]
    #[arg(long)]
    rubric: Option<String>,
    /// A CSV of the class: reports get its ids and names, and who handed in nothing is told
    #[arg(long, value_name = "CSV")]
    roster: Option<PathBuf>,
    /// A CSV of who handed in when, which goes before what the platform and the students say; or the `submission_metadata.json` that Gradescope gives to an autograder
    #[arg(long, value_name = "FILE")]
    times: Option<PathBuf>,
    /// The reports of an earlier homework: late days that were free there are used up here
    #[arg(long, value_name = "REPORTS")]
    slack_used: Vec<PathBuf>,
    /// Where reports go; one student's go into those of a class
    #[arg(long, default_value = "reports", visible_alias = "into")]
    out: PathBuf,
    /// Print every finding, not only the table
    #[arg(long)]
    details: bool,
    /// How many submissions to judge at once, each in a process of its own [default: all cores]
    #[arg(long)]
    threads: Option<usize>,
    /// Judge all submissions, also those that are as they were when they were last judged
    #[arg(long)]
    fresh: bool,
    /// What one submission may use of memory, in MB
    #[arg(long, value_name = "MB", default_value_t = Limits::MEMORY_MB, value_parser = clap::value_parser!(u64).range(64..=1 << 20))]
    memory: u64,
    /// What one submission may use of processor time, in seconds; ten times as long by the clock
    #[arg(long, value_name = "SECONDS", default_value_t = Limits::CPU_SECONDS, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    cpu: u64,
    /// Grade nothing unless all is in force that this system has to keep submissions from harming anybody
    #[arg(long)]
    require_sandbox: bool,
    /// Write a line for each submission to the standard error: time, memory, verdicts
    #[arg(long, value_name = "FORMAT")]
    log: Option<log::Format>,
    /// Grade the students of one shard of K/N alone, for several machines; `mlgrade merge` makes the whole of all shards in --out
    #[arg(long, value_name = "K/N")]
    shard: Option<Shard>,
    /// The process that this one judges submissions for
    #[arg(long, value_name = "PROCESS", hide = true)]
    worker: Option<u32>,
}

impl Args {
    /// What one submission may use.
    fn limits(&self) -> Limits {
        Limits::of(self.memory, self.cpu)
    }

    /// How many workers there are.
    fn workers(&self) -> usize {
        self.threads.filter(|count| *count > 0).unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from))
    }
}

pub(super) fn run(args: &Args) -> Result<Exit> {
    if let Some(parent) = args.worker {
        return child::run(args, parent);
    }
    let start = Instant::now();
    let plan = Plan::of(args)?;
    let rubric = &plan.course.rubric;
    let lock = plan.course.lock.as_ref().map(|lock| lock.digest.as_str());
    announce((&rubric.id, &rubric.digest), lock, &submissions(plan.submissions.len()), &plan.facts.notes);
    if let Some(shard) = args.shard { one_shard(args, &plan, shard, start) } else { whole(args, &plan, start) }
}

/// Grades a class, or one student's work beside a class.
fn whole(args: &Args, plan: &Plan, start: Instant) -> Result<Exit> {
    let (rubric, is_one) = (&plan.course.rubric, plan.is_one);
    let reports = Reports::for_a_run(&args.out)?;
    let names: BTreeSet<&str> = plan.submissions.iter().map(|submission| submission.student.as_str()).collect();
    let others = reports.others(&names, &rubric.id, (&rubric.digest, plan.course.lock.as_ref().map(|lock| lock.digest.as_str())))?;
    // One student's report beside those of a class: they are to be of one rubric.
    let is_foreign = is_one && others.iter().any(|other| other.is_foreign);
    let mut store = Store::open(&args.out)?;
    let earlier = earlier(&store)?;
    let now = Graded { rubric: &rubric.id, digest: &rubric.digest, slip_days: rubric.late.as_ref().map(|late| late.slip_days) };
    if !is_one && let Some(why) = undone(&earlier, &names, &now, &plan.facts) {
        return Ok(refused(&why, &args.out));
    }
    // A folder that is empty by mistake, such as one that is not mounted, is no student's work.
    let is_empty = || std::fs::read_dir(&args.folder).is_ok_and(|mut entries| entries.next().is_none());
    if is_one && !earlier.is_empty() && names.iter().all(|name| !earlier.contains_key(*name)) && is_empty() {
        return Ok(refused(&format!(", and {} is empty: name the folder of the class", args.folder.display()), &args.out));
    }
    let accepts = |found: &Report| {
        let forgotten = || earlier.get(&found.student).filter(|_| is_one).and_then(|earlier| forgotten(earlier, found));
        if is_foreign { Some(OTHER_RUBRIC.to_owned()) } else { forgotten().map(|what| format!("in the run over the class, {what}")) }
    };
    let places: Vec<usize> = (0..plan.submissions.len()).collect();
    let Judged { run, build, outcomes, .. } = judge(args, plan, &reports, &mut store, &places, &accepts)?;
    if let Some((found, why)) = &outcomes.kept_out {
        store.abandon(run)?;
        return Ok(finish::kept_out(found, why, &args.out));
    }
    store.finish(run, Timestamp::now(), &if is_one { Scope::One } else { Scope::Class { absent: plan.facts.absent.clone() } })?;
    let one = plan.submissions.first().filter(|_| is_one).map(|submission| submission.student.as_str());
    Ending {
        facts: &plan.facts,
        one,
        out: &args.out,
        details: args.details,
        reports: &reports,
        store: &mut store,
        build: &build,
        others: &others,
        earlier: &earlier,
        outcomes: &outcomes,
        start,
    }
    .all()
}

/// Grades a shard of a class into a folder and database of its own, without pages and tables.
fn one_shard(args: &Args, plan: &Plan, shard: Shard, start: Instant) -> Result<Exit> {
    anyhow::ensure!(!plan.is_one, "--shard {shard}: this is one student's work, of which there are no shards; leave out --shard");
    let folder = shard.folder(&args.out);
    let reports = Reports::for_a_run(&folder)?;
    let mut store = Store::open(&folder)?;
    let places: Vec<usize> = (0..plan.submissions.len()).filter(|place| shard.has(&plan.submissions[*place].student)).collect();
    say!("  shard {shard}: {}", submissions(places.len()));
    let Judged { run, build, key, outcomes } = judge(args, plan, &reports, &mut store, &places, &|_| None)?;
    store.finish(run, Timestamp::now(), &Scope::Class { absent: Vec::new() })?;
    store.describe(&Part { shard, facts: plan.facts.clone(), key, build, killed: outcomes.killed.clone() })?;
    let mut ungraded = !outcomes.unwritten.is_empty();
    store.each(|_, found: Report| -> Result<()> {
        ungraded |= found.is_ungraded();
        Ok(())
    })?;
    for (student, fault) in &outcomes.unwritten {
        complain!("error: no report of {}: {}", plain(student), plain(fault));
    }
    say!(
        "wrote {}/ in {:.1} s; when all {} shards are there: mlgrade merge {}",
        folder.display(),
        start.elapsed().as_secs_f64(),
        shard.count,
        args.out.display()
    );
    Ok(if ungraded { Exit::Ungradable } else { Exit::Fine })
}

/// A class of which all submissions are judged.
struct Judged {
    run: i64,
    build: String,
    key: String,
    outcomes: Outcomes,
}

/// Has the submissions at `places` judged and kept.
fn judge(
    args: &Args,
    plan: &Plan,
    reports: &Reports,
    store: &mut Store,
    places: &[usize],
    accepts: &(dyn Fn(&Report) -> Option<String> + Sync),
) -> Result<Judged> {
    let start = Instant::now();
    let (build, limits) = (key::build()?, args.limits());
    let key = key::of_run(&plan.digest, &build, &limits);
    let log = Log::new(args.log);
    let tally = Tally::new(places.len(), log.is_on());
    log.began(plan);
    let (marks, released) = (store.marks()?, store.released()?);
    let cut_off = store.finished_by_cut_off_runs()?;
    if cut_off > 0 && !args.fresh {
        let are = if cut_off == 1 { "is" } else { "are" };
        say!("  an earlier run was cut off: {} {are} graded already, and this one goes on there", submissions(cut_off));
    }
    let run = store.begin(&made_with(&plan.course, &build, &key))?;
    let kept = if args.fresh || store.is_after_another_cut_off(run)? { BTreeMap::new() } else { store.kept()? };
    let layers = OnceLock::new();
    let judging = Judging {
        plan,
        reports,
        marks: &marks,
        released,
        kept: &kept,
        key: key.clone(),
        build: build.clone(),
        limits,
        workers: args.workers(),
        has_pages: args.shard.is_none(),
        accepts,
        command: &worker,
        isolated: &|found: &Layers| {
            log.isolated(found);
            drop(layers.set(found.active().map(|layer| layer.to_string()).collect::<Vec<_>>().join(", ")));
            isolated(found, args.require_sandbox)
        },
        tally: &tally,
        log: &log,
    };
    let judged = judging.all(places, store, run);
    tally.finish();
    let outcomes = match judged {
        Ok(outcomes) => outcomes,
        Err(error) => {
            // Where the database cannot be read either, the cause says enough.
            let kept = store.finished_by_cut_off_runs().unwrap_or_default();
            if kept > 0 {
                complain!("note: {} graded and kept; when the cause is mended, the same command goes on there", submissions(kept));
            }
            return Err(error);
        }
    };
    if let Some(layers) = layers.get() {
        store.isolated_by(run, layers)?;
    }
    log.ended(places.len() - outcomes.unchanged, outcomes.unchanged, outcomes.killed.len(), start.elapsed().as_secs_f64());
    Ok(Judged { run, build, key, outcomes })
}

/// Says what a run is about: the rubric's id and hash, the hash of its lock, how much is graded, and what was noticed of the class.
pub(super) fn announce(rubric: (&str, &str), lock: Option<&str>, what: &str, notes: &[String]) {
    let lock = lock.map_or_else(String::new, |lock| format!(" · lock {lock}"));
    say!("{} · rubric {}{lock} · {what}", rubric.0, rubric.1);
    for note in notes {
        say!("  {}", plain(note));
    }
}

/// "1 submission", "30 submissions".
pub(super) fn submissions(count: usize) -> String {
    if count == 1 { "1 submission".to_owned() } else { format!("{count} submissions") }
}

/// Why one student's report is kept out of the reports of another rubric.
const OTHER_RUBRIC: &str = "it holds reports of another rubric or lock; grade the whole class again, or name another folder with --out";

/// This program again, with the same arguments, as a worker.
fn worker() -> Command {
    let mut command = Command::new(own_file());
    command.arg("grade").arg(format!("--worker={}", std::process::id())).args(std::env::args_os().skip(2));
    command
}

/// This program's file: the one that runs, even if another one was put in its place meanwhile.
pub(super) fn own_file() -> PathBuf {
    let running = Path::new("/proc/self/exe");
    // What a system runs by its name alone it finds by that name again.
    let by_name = || std::env::current_exe().unwrap_or_else(|_| PathBuf::from("mlgrade"));
    if running.exists() { running.to_path_buf() } else { by_name() }
}

/// Whether the run goes on with workers that are isolated so.
fn isolated(layers: &Layers, is_required: bool) -> Result<()> {
    if layers.is_full() {
        return Ok(());
    }
    let missing: Vec<String> = layers.missing().map(|(layer, why)| format!("{layer} ({why})")).collect();
    let missing = missing.join("; ");
    anyhow::ensure!(!is_required, "--require-sandbox: this system keeps submissions from doing harm only in part; it has not: {missing}");
    complain!("note: submissions are isolated in part; this system has not: {}", plain(&missing));
    Ok(())
}

/// Says what the run would undo.
pub(super) fn refused(why: &str, out: &Path) -> Exit {
    complain!("error: {}/ holds the grades of this class{why}, or name another folder with --out. Nothing was graded.", out.display());
    Exit::Usage
}

/// What this run is made with.
fn made_with(course: &Course, build: &str, key: &str) -> Run {
    Run {
        at: Timestamp::now(),
        program: env!("CARGO_PKG_VERSION").to_owned(),
        key: key.to_owned(),
        build: build.to_owned(),
        rubric: (course.rubric.id.clone(), course.rubric.digest.clone()),
        lock: course.lock.as_ref().map(|lock| lock.digest.clone()),
    }
}
