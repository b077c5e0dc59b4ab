//! `mlgrade verify`: the gate. Does the reference still earn full marks?

use std::collections::BTreeMap;
use std::time::Instant;

use anyhow::Result;

use super::{Exit, course, reference};
use crate::domain::verdict::VerdictLabel;
use crate::grade::grade;
use crate::reference::lock::differences;
use crate::report::Report;
use crate::submission::Submission;

/// Run the references afresh, compare with the lock, and grade the run: anything short of full marks fails.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  mlgrade verify\n  mlgrade verify --rubric rubrics/my-course.toml\n  mlgrade verify --part trees")]
pub(super) struct Args {
    /// A rubric's path or shipped name [default: cs441-hw2]
    #[arg(long)]
    rubric: Option<String>,
    /// Only this part, by its id or its reference's name
    #[arg(long)]
    part: Option<String>,
}

pub(super) fn run(args: &Args) -> Result<Exit> {
    let opened = course::open(args.rubric.as_deref())?;
    let (rubric, shelf) = (&opened.rubric, &opened.shelf);
    let mut fine = true;
    let mut runs = BTreeMap::new();
    for part in &rubric.parts {
        let Some(reference) = &part.reference else { continue };
        if args.part.as_ref().is_some_and(|wanted| *wanted != part.id && *wanted != reference.run) {
            continue;
        }
        let start = Instant::now();
        let Some(run) = reference::run_part(rubric, part, shelf)? else { continue };
        let locked = opened.lock.as_ref().and_then(|lock| lock.parts.get(&part.id));
        let mut different = locked.map(|locked| differences(&locked.evidence, &run, &*reference.implementation)).unwrap_or_default();
        let data = course::origin(part, shelf)?.map(|origin| origin.data);
        if let Some((locked, fresh)) = locked.zip(data).filter(|(locked, fresh)| locked.origin.data != *fresh) {
            let sentence = format!("the data set `{}` has another content: {} in the lock, {fresh} now", reference.data, locked.origin.data);
            different.push(crate::reference::lock::Difference { name: reference.data.clone(), sentence });
        }
        let word = if different.is_empty() { "same as the lock" } else { "differs from the lock" };
        anstream::println!("{:16} {:5.1} s  {word}", reference.run, start.elapsed().as_secs_f64());
        for difference in &different {
            anstream::println!("  ✗ {}", difference.sentence);
        }
        fine &= different.is_empty();
        runs.insert(part.id.clone(), run);
    }
    if runs.is_empty() {
        let what = args.part.as_ref().map_or_else(|| "the rubric has no reference".to_owned(), |part| format!("there is no part `{part}` with a reference"));
        anyhow::bail!("{what}: nothing was verified");
    }
    let report = grade(&opened.course(), &Submission::of_files("reference", reference::files(rubric, &runs)));
    let judged = |item: &&crate::report::ItemReport| runs.keys().any(|part| item.id.split('/').next() == Some(part));
    for item in report.items.iter().filter(judged).filter(|item| !matches!(item.verdict, VerdictLabel::Pass | VerdictLabel::NeedsReview)) {
        let points = item.points.map_or_else(|| "no".to_owned(), |points| points.to_string());
        anstream::println!("✗ {}: {points} of {} points, {}: {}", item.id, item.possible, item.verdict.words(), item.reason);
        fine = false;
    }
    anstream::println!("{}", conclusion(&report, fine));
    Ok(if fine { Exit::Fine } else { Exit::FellShort })
}

fn conclusion(report: &Report, fine: bool) -> String {
    if !fine {
        return "the reference no longer earns full marks, or no longer gives what the lock says".to_owned();
    }
    let waiting = report.items.iter().filter(|item| item.verdict == VerdictLabel::NeedsReview).count();
    format!("the reference earns full marks on all that can be judged without a person ({waiting} written answers aside)")
}
