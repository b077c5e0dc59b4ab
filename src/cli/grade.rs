//! `mlgrade grade`: a class of submissions to reports.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Result;

use super::{Exit, class, course, write};
use crate::domain::diagnostic::Diagnostic;
use crate::domain::verdict::VerdictLabel;
use crate::grade::grade;
use crate::report::{ItemReport, Report, csv, json, markdown, terminal};
use crate::submission::{self, Class, Enrolled, HandedIn, Matched, Roster};

/// Grade a class: a folder or archive per student, or a platform's download.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  mlgrade grade submissions\n  mlgrade grade hw2 --rubric rubrics/my-course.toml --out reports/hw2\n  mlgrade grade submissions/s03-average --details\n  mlgrade grade canvas-download.zip --roster gradebook.csv"
)]
pub(super) struct Args {
    /// The folder with a folder or archive per student, the download of Canvas, Gradescope or Moodle, or one submission
    folder: PathBuf,
    /// A rubric's path or shipped name [default: cs441-hw2]
    #[arg(long)]
    rubric: Option<String>,
    /// A CSV of the class: reports get its ids and names, and who handed in nothing is told
    #[arg(long, value_name = "CSV")]
    roster: Option<PathBuf>,
    /// Where reports go
    #[arg(long, default_value = "reports")]
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
    let opened = course::open(args.rubric.as_deref())?;
    let class = submission::find(&args.folder)?;
    let roster = args.roster.as_deref().map(class::roster).transpose()?;
    let Matched { class, absent, told } = match &roster {
        Some(roster) => roster.matched(class),
        None => Matched { class, ..Matched::default() },
    };
    let Class { submissions, notes } = class;
    let lock = opened.lock.as_ref().map_or_else(String::new, |lock| format!(" · lock {}", lock.digest));
    anstream::println!("{} · rubric {}{lock} · {} submissions", opened.rubric.id, opened.rubric.digest, submissions.len());
    for note in &notes {
        anstream::println!("  {}", printable(&note.to_string()));
    }

    let course = opened.course();
    let names = file_names(&submissions);
    let judge = |submission: &HandedIn, name: &String| -> Result<(Report, Option<Diagnostic>)> {
        let opened = submission.open();
        let mut report = grade(&course, &opened);
        report.place_overlays(name);
        write_report(&args.out, name, &report)?;
        Ok((report, opened.incomplete))
    };
    let outcomes = class::each(&class::threads(args.threads)?, &submissions, &names, "grading", judge);

    let (reports, incomplete): (Vec<Report>, Vec<Option<Diagnostic>>) = outcomes.into_iter().collect::<Result<Vec<_>>>()?.into_iter().unzip();
    write::whole(
        &args.out.join("grades.csv"),
        &csv::grades(&reports, &absent.iter().map(|student| (student.id.as_str(), student.name.as_str())).collect::<Vec<_>>())?,
    )?;
    anstream::println!();
    if args.details || reports.len() == 1 {
        for report in &reports {
            anstream::println!("{}", terminal::details(report));
        }
    }
    anstream::print!("{}", terminal::class(&reports));
    let unseen = reports.iter().zip(&incomplete).filter_map(|(report, why)| Some(format!("not all of {} could be seen: {}", report.student, why.as_ref()?)));
    let told: Vec<String> = told.into_iter().chain(unseen).collect();
    for line in about_the_class(&submissions, roster.as_ref(), &absent, &told) {
        anstream::println!("  {}", printable(&line));
    }
    anstream::println!("\n{}", summary(&reports, &args.out, start.elapsed().as_secs_f64()));
    Ok(if reports.iter().any(Report::is_broken) { Exit::Ungradable } else { Exit::Fine })
}

fn write_report(out: &Path, name: &str, report: &Report) -> Result<()> {
    for (path, png) in report.overlays() {
        write::whole(&out.join(path), png)?;
    }
    write::whole(&out.join(format!("{name}.json")), json::json(report)?.as_bytes())?;
    write::whole(&out.join(format!("{name}.md")), markdown::report(report).as_bytes())?;
    write::whole(&out.join("for-students").join(format!("{name}.md")), markdown::student(&report.for_student()).as_bytes())
}

/// A file name for each submission: its own, made unique where two look alike.
fn file_names(submissions: &[HandedIn]) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut unique = |name: String| {
        let count = seen.entry(name.to_lowercase()).and_modify(|count| *count += 1).or_insert(1);
        if *count == 1 { name } else { format!("{name}~{count}") }
    };
    submissions.iter().map(|submission| unique(submission.student.clone())).collect()
}

/// What a person should know about the class as a whole: who is not there, and whose work could not be told.
fn about_the_class(submissions: &[HandedIn], roster: Option<&Roster>, absent: &[Enrolled], told: &[String]) -> Vec<String> {
    let mut lines = told.to_vec();
    if let Some(roster) = roster.filter(|_| !absent.is_empty()) {
        let names: Vec<String> = absent.iter().map(|student| format!("{} ({})", student.name, student.id)).collect();
        lines.push(format!("{} of {} on the roster handed in nothing: {}", absent.len(), roster.len(), names.join(", ")));
    }
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for submission in submissions {
        if seen.insert(submission.student.to_lowercase(), &submission.student).is_some() {
            lines.push(format!("{0} is there more than once; the reports of the later ones are called {0}~2 and so on", submission.student));
        }
    }
    let late: Vec<&str> = submissions.iter().filter(|submission| submission.marked_late).map(|submission| submission.student.as_str()).collect();
    if !late.is_empty() {
        lines.push(format!("marked as late by the download, which changes no score: {}", late.join(", ")));
    }
    if !lines.is_empty() {
        lines.insert(0, String::new());
    }
    lines
}

fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A line for each figure that shows something else than it should, with the picture that makes this plain.
fn to_look_at(reports: &[Report], out: &Path) -> Vec<String> {
    let urgent = reports.iter().flat_map(|report| report.to_review().into_iter().filter(|item| item.urgent).map(move |item| (report, item)));
    let line = |(report, item): (&Report, &ItemReport)| {
        let overlay = item.overlay.as_ref().map_or_else(String::new, |overlay| format!(", see {}", out.join(overlay).display()));
        let reason = printable(&item.reason);
        format!("  {} {}: {reason}{overlay}", report.student, item.id)
    };
    let lines: Vec<String> = urgent.map(line).collect();
    if lines.is_empty() { lines } else { std::iter::once("look at these first:".to_owned()).chain(lines).collect() }
}

fn summary(reports: &[Report], out: &Path, seconds: f64) -> String {
    let count = |label: VerdictLabel| reports.iter().flat_map(|report| &report.items).filter(|item| item.verdict == label).count();
    let mut lines = to_look_at(reports, out);
    let (broken, contradicted) = (count(VerdictLabel::Broken), count(VerdictLabel::Contradicted));
    let open = || reports.iter().flat_map(Report::to_review);
    let pages = open().filter(|item| item.is_on_page()).count();
    let figures = open().filter(|item| !item.exhibits.is_empty()).count() - pages;
    let review = open().filter(|item| item.exhibits.is_empty()).count();
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
    if contradicted > 0 {
        lines.push(format!("contradicted: {} by the student's own evidence", plural(contradicted, "claim", "claims")));
    }
    if broken > 0 {
        lines.push(format!("not graded, and not the students' fault: {}", plural(broken, "item", "items")));
    }
    lines.push(format!("wrote {0}/ ({1} × .json .md, for-students/*.md), {0}/grades.csv in {seconds:.1} s", out.display(), reports.len()));
    lines.join("\n")
}
