//! `mlgrade grade`: a class of submissions to reports.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Result;
use jiff::Timestamp;

mod lateness;

use lateness::{earlier, forgotten, slack_used, undone};

use super::reports::{Other, Reports, shown_as};
use super::say::{complain, put, say};
use super::{Exit, class};
use crate::course::Course;
use crate::domain::name::did_you_mean;
use crate::domain::text::plain;
use crate::domain::verdict::VerdictLabel;
use crate::report::{Asks, ItemReport, Report, terminal};
use crate::store::{Graded, Run, Scope, Store};
use crate::submission::{self, Class, HandedIn, Matched};

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
    /// How many submissions to judge at once [default: all cores]
    #[arg(long)]
    threads: Option<usize>,
}

pub(super) fn run(args: &Args) -> Result<Exit> {
    let start = Instant::now();
    let course = Course::open(args.rubric.as_deref())?;
    let roster = args.roster.as_deref().map(class::roster).transpose()?;
    let (metadata, times) = match args.times.as_deref() {
        Some(path) if path.extension().is_some_and(|ending| ending == "json") => (Some(path), None),
        path => (None, path.map(class::times).transpose()?),
    };
    let class = match metadata {
        Some(metadata) => submission::of_autograder(&args.folder, metadata)?,
        None => submission::find_of(&args.folder, roster.as_ref())?,
    };
    let Matched { mut class, absent, mut reported } = match &roster {
        Some(roster) => roster.matched(class),
        None => Matched { class, ..Matched::default() },
    };
    reported.extend(times.iter().flat_map(|times| times.tell_times(&mut class)));
    let Class { submissions, notes, is_one, .. } = class;
    let lock = course.lock.as_ref().map_or_else(String::new, |lock| format!(" · lock {}", lock.digest));
    let count = if submissions.len() == 1 { "1 submission".to_owned() } else { format!("{} submissions", submissions.len()) };
    say!("{} · rubric {}{lock} · {count}", course.rubric.id, course.rubric.digest);
    for note in &notes {
        say!("  {}", plain(&note.to_string()));
    }

    let folder = Reports::open(&args.out)?;
    let names: Vec<String> = submissions.iter().map(|submission| submission.student.clone()).collect();
    let others = folder.others(&names, &course.rubric.id, (&course.rubric.digest, course.lock.as_ref().map(|lock| lock.digest.as_str())))?;
    // One student's report beside those of a class: they are to be of one rubric.
    let keeps_out = is_one && others.iter().any(|other| other.is_foreign);
    let slack_used = slack_used(&args.slack_used, &args.out)?;
    let mut store = Store::open(&args.out)?;
    let (marks, released) = (store.marks()?, store.released()?);
    let earlier = earlier(&store)?;
    if !is_one && let Some(why) = undone(&earlier, &names, &course.rubric, args.times.is_some(), !args.slack_used.is_empty()) {
        return Ok(refused(&why, &args.out));
    }
    let judge = |submission: &HandedIn, name: &String| {
        let mut found = course.grade(&submission.open());
        found.place_pictures(name);
        found.use_slack(slack_used.get(&found.student).copied().unwrap_or_default());
        let mut report = shown_as(marks.merged(&found), released);
        let oversight = earlier.get(&found.student).filter(|_| is_one && !keeps_out).and_then(|earlier| forgotten(earlier, &found));
        let fault = if keeps_out || oversight.is_some() { None } else { folder.write(name, &report).err() };
        // They are on disk; those of a whole class would fill the memory.
        found.drop_pictures();
        report.drop_pictures();
        (Graded { file: name.clone(), found }, (report, (fault.map(|error| format!("{error:#}")), oversight)))
    };
    let outcomes = class::each(&class::threads(args.threads)?, &submissions, &names, "grading", judge);
    let (graded, outcomes): (Vec<Graded>, Vec<_>) = outcomes.into_iter().unzip();
    let (reports, outcomes): (Vec<Report>, Vec<_>) = outcomes.into_iter().unzip();
    let (faults, oversights): (Vec<Option<String>>, Vec<Option<&str>>) = outcomes.into_iter().unzip();
    let oversight = oversights.into_iter().flatten().next();
    let keeps_out = keeps_out || oversight.is_some();
    if !keeps_out {
        let absent = || absent.iter().map(|student| (student.id.clone(), student.name.clone())).collect();
        store.record(&made_with(&course), &graded, &if is_one { Scope::One } else { Scope::Class { absent: absent() } })?;
        folder.write_index(&store)?;
    }
    let table = if is_one { folder.updated_table(&reports)? } else { None };
    match &table {
        _ if keeps_out => {}
        Some(table) => folder.replace_table(table)?,
        None if is_one && !others.is_empty() => {}
        None if is_one => folder.write_table(&reports, &[])?,
        None => folder.write_table(&reports, &absent.iter().map(|student| (student.id.as_str(), student.name.as_str())).collect::<Vec<_>>())?,
    }

    say!();
    if args.details || reports.len() == 1 {
        for report in &reports {
            say!("{}", terminal::details(report));
        }
    }
    put!("{}", terminal::class(&reports));
    let unseen = reports.iter().filter(|report| report.is_unopened());
    reported.extend(unseen.filter_map(|report| Some(format!("not all of {} could be seen: {}", report.student, report.unopened.as_ref()?))));
    let unwritten: Vec<String> = reports.iter().zip(&faults).filter_map(|(report, fault)| Some(format!("{}: {}", report.student, fault.as_ref()?))).collect();
    reported.extend(unwritten.iter().map(|fault| format!("no report of {fault}")));
    reported.extend(about_times(&reports));
    if let (false, Some(roster)) = (is_one || absent.is_empty(), &roster) {
        let names: Vec<String> = absent.iter().map(|student| format!("{} ({})", student.name, student.id)).collect();
        reported.push(format!("{} of {} on the roster handed in nothing: {}", absent.len(), roster.len(), names.join(", ")));
    }
    reported.extend(late_by_mark(&submissions));
    if is_one {
        reported.extend(submissions.iter().filter_map(|submission| new_in_class(&submission.student, &earlier)));
    } else {
        reported.extend(stale(&others, &args.out));
    }
    tell(&reported);
    let summary = summary(&reports, &args.out);
    if !summary.is_empty() {
        say!("\n{summary}");
    }
    if keeps_out || (is_one && table.is_none() && !others.is_empty()) {
        let why = kept_out(oversight, keeps_out, &args.out);
        complain!("error: nothing of this is in {}/grades.csv: {why}", args.out.display());
        return Ok(Exit::Usage);
    }
    say!(
        "{3}wrote {0}/ ({1} × .json .md .html, for-students/*.md .html), {0}/index.html, {0}/grades.csv in {2:.1} s",
        args.out.display(),
        reports.len(),
        start.elapsed().as_secs_f64(),
        if summary.is_empty() { "\n" } else { "" }
    );
    let ungraded = !unwritten.is_empty() || reports.iter().any(|report| report.is_broken() || report.is_unopened());
    Ok(if ungraded { Exit::Ungradable } else { Exit::Fine })
}

/// Prints the lines below the table; of whom an id alone was found, a few stand for all.
fn tell(reported: &[String]) {
    let (by_id, others): (Vec<&String>, Vec<&String>) = reported.iter().partition(|line| line.ends_with(" by its id"));
    let shown = if by_id.len() > NAMED { 2 } else { by_id.len() };
    let more = by_id.len() - shown;
    let more = (more > 0).then(|| format!("and so on: {more} more have other names there, and were found by their ids"));
    if !reported.is_empty() {
        say!();
    }
    for line in by_id.into_iter().take(shown).chain(&more).chain(others) {
        say!("  {}", plain(line));
    }
}

/// So many are named one by one.
const NAMED: usize = 3;

/// Says what the run would undo.
fn refused(why: &str, out: &Path) -> Exit {
    complain!("error: {}/ holds the grades of this class{why}, or name another folder with --out. Nothing was graded.", out.display());
    Exit::Usage
}

/// Why nothing was written into the class's reports.
fn kept_out(oversight: Option<&str>, is_foreign: bool, out: &Path) -> String {
    if let Some(oversight) = oversight {
        return format!("in the run over the class, {oversight}");
    }
    let what = if is_foreign { "reports of another rubric or lock" } else { "a grades.csv of other items" };
    format!("{} holds {what}; grade the whole class again, or name another folder with --out", out.display())
}

/// What this run is made with.
fn made_with(course: &Course) -> Run {
    Run {
        at: Timestamp::now(),
        program: env!("CARGO_PKG_VERSION").to_owned(),
        rubric: (course.rubric.id.clone(), course.rubric.digest.clone()),
        lock: course.lock.as_ref().map(|lock| lock.digest.clone()),
    }
}

/// Whose times are not known or only the students' own word.
fn about_times(reports: &[Report]) -> Vec<String> {
    let mut lines = Vec::new();
    let doubted = |report: &Report| Some(format!("{} ({})", report.student, report.timing.as_ref()?.doubt.as_ref()?));
    let doubts: Vec<String> = reports.iter().filter_map(doubted).collect();
    if !doubts.is_empty() {
        lines.push(format!("not known whether it is late, so no points are taken: {}", listed(&doubts)));
    }
    let own = |report: &&Report| report.timing.as_ref().is_some_and(|timing| timing.doubt.is_none() && timing.by.as_deref() == Some("student"));
    let own = reports.iter().filter(own).count();
    if own > 0 {
        let times = if own == 1 { "1 time is the student's own word".to_owned() } else { format!("{own} times are the students' own word") };
        lines.push(format!("{times} (submission.toml); what --times says goes before it"));
    }
    lines
}

/// Whom the download marks as late without telling the time.
fn late_by_mark(submissions: &[HandedIn]) -> Option<String> {
    let late: Vec<&str> = submissions.iter().filter(|submission| submission.marked_late).map(|submission| submission.student.as_str()).collect();
    (!late.is_empty()).then(|| format!("marked as late by the download, which changes no score: {}", late.join(", ")))
}

/// That the class had nobody of this name, and whom it had.
fn new_in_class(student: &str, earlier: &BTreeMap<String, Report>) -> Option<String> {
    if earlier.is_empty() || earlier.contains_key(student) {
        return None;
    }
    let help = did_you_mean(student, earlier.keys().map(String::as_str)).map_or_else(String::new, |help| format!("; {help}"));
    Some(format!("{student} is new in this class{help}"))
}

/// What lies among the reports and is not of this run.
fn stale(others: &[Other], out: &Path) -> Vec<String> {
    let reported = |foreign: bool, of_what: &str| {
        let names: Vec<String> = others.iter().filter(|other| other.is_foreign == foreign).map(|other| other.name.clone()).collect();
        let (count, which) = if names.len() == 1 { ("1 report".to_owned(), "is") } else { (format!("{} reports", names.len()), "are") };
        let line = || format!("{}/ still holds {count} of an earlier run{of_what}, which {which} not in grades.csv: {}", out.display(), listed(&names));
        (!names.is_empty()).then(line)
    };
    [reported(false, ""), reported(true, " of another rubric or lock")].into_iter().flatten().collect()
}

/// The first dozen, and how many more there are.
fn listed(names: &[String]) -> String {
    let more = if names.len() > 12 { format!(" and {} more", names.len() - 12) } else { String::new() };
    format!("{}{more}", names[..names.len().min(12)].join(", "))
}

/// A line for each figure that shows something else than it should, with the picture that makes this plain.
fn to_look_at(reports: &[Report], out: &Path) -> Vec<String> {
    let urgent = reports.iter().flat_map(|report| report.to_review().into_iter().filter(|item| item.urgent).map(move |item| (report, item)));
    let line = |(report, item): (&Report, &ItemReport)| {
        let overlay = item.overlay.as_ref().map_or_else(String::new, |overlay| format!(", see {}", out.join(overlay).display()));
        let reason = plain(&item.reason);
        format!("  {} {}: {reason}{overlay}", report.student, item.id)
    };
    let lines: Vec<String> = urgent.map(line).collect();
    if lines.is_empty() { lines } else { std::iter::once("look at these first:".to_owned()).chain(lines).collect() }
}

fn summary(reports: &[Report], out: &Path) -> String {
    let count = |label: VerdictLabel| reports.iter().flat_map(|report| &report.items).filter(|item| item.verdict == label).count();
    let mut lines = to_look_at(reports, out);
    let (broken, contradicted) = (count(VerdictLabel::Broken), count(VerdictLabel::Contradicted));
    let open = || reports.iter().flat_map(Report::to_review);
    let pages = open().filter(|item| item.is_on_page()).count();
    let figures = open().filter(|item| !item.exhibits.is_empty()).count() - pages;
    let count_open = |asks: Asks| open().filter(|item| item.exhibits.is_empty() && item.asks == asks).count();
    let (review, others) = (count_open(Asks::Words), count_open(Asks::Results));
    let plural = |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
    if figures > 0 {
        lines.push(format!("ungraded: {} for a person to look at", plural(figures, "figure", "figures")));
    }
    if pages > 0 {
        lines.push(format!("ungraded: {} on pages of reports for a person to look at", plural(pages, "item", "items")));
    }
    if review > 0 {
        lines.push(format!("ungraded: {} for a person to read", plural(review, "answer", "answers")));
    }
    if others > 0 {
        lines.push(format!("ungraded: {} for a person to judge", plural(others, "other result", "other results")));
    }
    if contradicted > 0 {
        lines.push(format!("contradicted: {} by the student's own evidence", plural(contradicted, "claim", "claims")));
    }
    if broken > 0 {
        lines.push(format!("not graded, and not the students' fault: {}", plural(broken, "item", "items")));
    }
    let unopened = count(VerdictLabel::Unopened);
    if unopened > 0 {
        lines.push(format!("not graded, since what may hold them cannot be opened: {}", plural(unopened, "item", "items")));
    }
    lines.join("\n")
}
