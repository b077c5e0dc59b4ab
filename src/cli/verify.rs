//! `mlgrade verify`: the gate. Does the reference still earn full marks?

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Result;

mod class;

use super::full_marks::{falls_short, short};
use super::say::raw;
use super::{Exit, reference, write};
use crate::course::origin::origin;
use crate::course::{Course, RubricFile};
use crate::domain::verdict::VerdictLabel;
use crate::lock::{Difference, differences};
use crate::reference::Run;
use crate::report::export::junit::{self, Case, Outcome, Suite};
use crate::report::{ItemReport, Report};
use crate::rubric::{Part, PartReference, Rubric, SHIPPED, Way};
use crate::submission::Submission;

/// Run the references afresh and hold them against the lock, or grade an example class and hold it against its expected scores: what differs fails.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  mlgrade verify\n  mlgrade verify --all\n  mlgrade verify --part lenet\n  mlgrade verify --rubric rubrics/my-course.toml --part trees\n  mlgrade verify --junit verify.xml\n  \
                  mlgrade verify --class class --rubric rubric.toml --write\n  \
                  mlgrade verify --class class --rubric rubric.toml"
)]
pub(super) struct Args {
    /// A rubric's path or shipped name [default: cs441-hw2]
    #[arg(long, conflicts_with = "all")]
    rubric: Option<String>,
    /// Every shipped rubric
    #[arg(long)]
    all: bool,
    /// Only this part, by its id or its reference's name; without `--rubric`, of whichever shipped rubric has it
    #[arg(long)]
    part: Option<String>,
    /// Grade the class in this folder instead, and hold each score against expected.csv, which lies in the folder or beside it
    #[arg(long, value_name = "DIR", conflicts_with_all = ["all", "part"])]
    class: Option<PathBuf>,
    /// The expected scores, where they are not in expected.csv: a CSV with the columns student,lowest,highest,why
    #[arg(long, value_name = "CSV", requires = "class")]
    expected: Option<PathBuf>,
    /// Write the scores of the class there instead of comparing; reasons that stand there are kept
    #[arg(long, requires = "class")]
    write: bool,
    /// Write JUnit XML too, which build servers show: a suite a part, a case an item and one for the lock; of a class a case a student
    #[arg(long, value_name = "XML")]
    junit: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> Result<Exit> {
    if let Some(class) = &args.class {
        return class::run(class, args);
    }
    let rubrics: Vec<&str> = match &args.rubric {
        Some(rubric) => vec![rubric],
        None if args.all || args.part.is_some() => SHIPPED.iter().map(|shipped| shipped.id).collect(),
        None => vec![SHIPPED[0].id],
    };
    let start = Instant::now();
    let (mut verified, mut fine, mut known, mut suites) = (0, true, Vec::new(), Vec::new());
    for rubric in &rubrics {
        let opened = RubricFile::find(Some(rubric))?;
        let course = Course::of_file(&opened)?;
        let parts = || course.rubric.parts.iter().filter_map(|part| Some((part, part.reference.as_ref()?)));
        known.extend(parts().map(|(part, _)| part.id.clone()));
        let wanted = |(part, reference): &(&Part, &PartReference)| args.part.as_ref().is_none_or(|wanted| *wanted == part.id || *wanted == reference.name());
        let parts: Vec<_> = parts().filter(wanted).collect();
        if parts.is_empty() {
            continue;
        }
        if rubrics.len() > 1 {
            raw!("{}\n", course.rubric.id);
        }
        verified += parts.len();
        fine &= verify(&opened, &course, &parts, &mut suites)?;
    }
    if verified == 0 {
        return Err(reference::nothing_to_run(args.part.as_deref(), known.iter().map(String::as_str)).into());
    }
    if verified > 1 {
        raw!("{verified} parts in {:.1} s\n", start.elapsed().as_secs_f64());
    }
    if let Some(path) = &args.junit {
        write::whole(path, &junit::xml("mlgrade verify", &suites)?)?;
    }
    Ok(if fine { Exit::Fine } else { Exit::FellShort })
}

/// Verifies `parts` of a rubric, tells what came of it, and adds a suite for each.
fn verify(file: &RubricFile, course: &Course, parts: &[(&Part, &PartReference)], suites: &mut Vec<Suite>) -> Result<bool> {
    let rubric = &course.rubric;
    let mut earned = true;
    let mut runs = BTreeMap::new();
    for (part, reference) in parts {
        let start = Instant::now();
        let Some(run) = again(file, course, part, reference)? else { continue };
        let different = changes(file, course, part, reference, &run)?;
        let word = match (&reference.way, different.is_empty()) {
            (_, false) => "differs from the lock",
            (Way::Command(_), true) => "was not run again; its files and data are those of the lock",
            (Way::Submission { path }, true) if !is_there(file, path) => "is not here; its data are those of the lock",
            (_, true) => "same as the lock",
        };
        raw!("  {:20} {:6.1} s  {word}\n", part.id, start.elapsed().as_secs_f64());
        for difference in &different {
            raw!("    ✗ {}\n", difference.sentence);
        }
        earned &= different.is_empty();
        suites.push(suite(rubric, part, start.elapsed(), &different));
        runs.insert(part.id.clone(), run);
    }
    let report = course.grade(&Submission::of_files("reference", reference::files(rubric, &runs)));
    // The predictions and figures of a program that was not run are not there.
    let is_locked = |id: &str| parts.iter().any(|(part, reference)| part.id == id && !can_run(file, reference));
    let judged = |item: &&ItemReport| runs.contains_key(item.id.part()) && !(item.verdict == VerdictLabel::Missing && is_locked(item.id.part()));
    for item in report.items.iter().filter(judged) {
        let class = class(rubric, item.id.part());
        let mut case = junit::of_item(&class, item, false);
        // What waits for a person with good reason stays skipped; a figure that must be read and is not, has failed.
        if falls_short(item) {
            case.outcome = Outcome::Failed(short(item));
        }
        if let Some(suite) = suites.iter_mut().find(|suite| suite.name == class) {
            suite.cases.push(case);
        }
    }
    for item in report.items.iter().filter(judged).filter(|item| falls_short(item)) {
        raw!("  ✗ {}: {}\n", item.id, short(item));
        earned = false;
    }
    raw!("  {}\n", conclusion(&report, judged, earned));
    Ok(earned)
}

/// The suite of a part, with the case that its reference gives what the lock says.
fn suite(rubric: &Rubric, part: &Part, time: Duration, different: &[Difference]) -> Suite {
    let sentences: Vec<&str> = different.iter().map(|difference| difference.sentence.as_str()).collect();
    let outcome = if different.is_empty() { Outcome::Passed } else { Outcome::Failed(sentences.join("; ")) };
    let name = class(rubric, &part.id);
    let lock = Case { class: name.clone(), name: "same as the lock".to_owned(), outcome, points: None };
    Suite { name, time: Some(time), cases: vec![lock] }
}

fn class(rubric: &Rubric, part: &str) -> String {
    format!("{}.{part}", rubric.id)
}

/// The run of a part's reference again; where that cannot be had, what the lock keeps.
fn again(file: &RubricFile, course: &Course, part: &Part, reference: &PartReference) -> Result<Option<Run>> {
    if can_run(file, reference) {
        return reference::run_part(file, &course.rubric, part, &course.data);
    }
    let locked = course.lock.as_ref().and_then(|lock| lock.parts.get(&part.id));
    Ok(locked.map(|locked| Run { metrics: locked.evidence.clone(), ..Run::default() }))
}

/// Whether the evidence can be had again without running a program of the instructor's. A shipped rubric has no solution beside it.
fn can_run(file: &RubricFile, reference: &PartReference) -> bool {
    match &reference.way {
        Way::Run(_) => true,
        Way::Submission { path } => is_there(file, path),
        Way::Command(_) => false,
    }
}

fn is_there(file: &RubricFile, path: &str) -> bool {
    file.beside(path).is_some_and(|there| there.exists())
}

/// What a fresh run of a part has otherwise than the lock, what it is made from included.
fn changes(file: &RubricFile, course: &Course, part: &Part, reference: &PartReference, run: &Run) -> Result<Vec<Difference>> {
    let Some(locked) = course.lock.as_ref().and_then(|lock| lock.parts.get(&part.id)) else { return Ok(Vec::new()) };
    let implementation = reference.implementation().map(|run| &*run.implementation);
    let mut different = differences(&locked.evidence, run, implementation);
    if can_run(file, reference) && origin(file, &course.rubric, part, &course.data)?.is_some_and(|fresh| fresh != locked.origin) {
        let sentence = format!("part `{}`: its reference, its files or its data are not those that the lock was made from", part.id);
        different.push(Difference { name: part.id.clone(), sentence });
    }
    Ok(different)
}

fn conclusion(report: &Report, judged: impl Fn(&&ItemReport) -> bool, fine: bool) -> String {
    if !fine {
        return "the reference no longer earns full marks, or no longer gives what the lock says".to_owned();
    }
    let waiting = report.items.iter().filter(judged).filter(|item| item.verdict == VerdictLabel::NeedsReview).count();
    format!("the reference earns full marks on all that can be judged without a person ({waiting} written answers and unread figures aside)")
}
