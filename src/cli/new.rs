//! `mlgrade new`: a course to start from, made whole or not at all.

mod courses;
mod from;
mod stage;

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::say::say;
use super::{Exit, reference};
use crate::course::{Course, RubricFile};
use crate::domain::text::plain;
use crate::domain::verdict::VerdictLabel;
use crate::draft::handout::handout;
use crate::report::Report;
use crate::submission::Submission;
use courses::Example;
use stage::Stage;

const RUBRIC: &str = include_str!("new/rubric.toml");
const FILES: [(&str, &str); 3] = [
    ("metrics.toml", include_str!("new/metrics.toml")),
    ("answers.toml", include_str!("new/answers.toml")),
    ("submission.toml", include_str!("new/submission.toml")),
];

/// Write a course to start from: an annotated rubric, one made from your own solution, or a worked example with real data.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  mlgrade new my-course\n  mlgrade new my-course --from solution.ipynb\n  mlgrade new my-course --from solution/ --data valid.csv\n  mlgrade new my-course --course competition"
)]
pub(super) struct Args {
    /// The folder to make; nothing that is there is overwritten
    #[arg(default_value = "my-course")]
    folder: PathBuf,
    /// Make the rubric from your own solution: a notebook, or a folder or archive like a student's. It gets an item for each number, series, array,
    /// answer, figure and file of predictions
    #[arg(long, value_name = "SOLUTION", conflicts_with = "course")]
    from: Option<PathBuf>,
    /// A data set (CSV or NPZ) that predictions or rules of the solution are about; tables that lie in its folder are found
    #[arg(long, value_name = "FILE", requires = "from")]
    data: Vec<PathBuf>,
    /// Start from a worked example: data, rubric, reference solution, and a submission that gets full points
    #[arg(long, value_enum, value_name = "KIND")]
    course: Option<Example>,
}

pub(super) fn run(args: &Args) -> Result<Exit> {
    let stage = Stage::of(&args.folder)?;
    match (&args.from, args.course) {
        (Some(solution), _) => from::run(stage, solution, &args.data),
        (None, Some(example)) => courses::run(stage, example),
        (None, None) => annotated(stage),
    }
}

/// An annotated rubric and an empty submission.
fn annotated(stage: Stage) -> Result<Exit> {
    stage.write("rubric.toml", RUBRIC.as_bytes())?;
    for (name, text) in FILES {
        stage.write(&format!("submissions/student/{name}"), text.as_bytes())?;
    }
    for folder in ["figures", "predictions"] {
        stage.make_folder(&format!("submissions/student/{folder}"))?;
    }
    let place = stage.finish()?;
    say!("\nnext: mlgrade lint {0}/rubric.toml, then mlgrade reference --rubric {0}/rubric.toml --lock", plain(&place.display().to_string()));
    Ok(Exit::Fine)
}

/// The rubric that lies in a stage, with its lock and hand-out written beside it.
fn locked(stage: &Stage) -> Result<Course> {
    let path = stage.path("rubric.toml").display().to_string();
    let file = RubricFile::find(Some(&path))?;
    reference::relock(&file)?;
    let course = Course::of_file(&file)?;
    stage.write("README.md", handout(&course.rubric, &format!("{}.toml", course.rubric.id)).as_bytes())?;
    Ok(course)
}

/// What `course` gives to the work at `path`, in words, with the items that fall short.
fn scored(course: &Course, what: &str, path: &Path) -> Vec<String> {
    let report: Report = course.grade(&Submission::open(path));
    let waiting = report.items.iter().filter(|item| item.verdict == VerdictLabel::NeedsReview).count();
    let waits = match waiting {
        0 => String::new(),
        1 => "; 1 item waits for a person".to_owned(),
        more => format!("; {more} items wait for a person"),
    };
    let first = format!("{what}: {} of {} points{waits}", report.score.range(), report.score.possible);
    let short = report.items.iter().filter(|item| item.points.is_some_and(|points| points < item.possible) || item.verdict == VerdictLabel::Broken);
    std::iter::once(first).chain(short.map(|item| format!("  {}: {}, {}", item.id, item.verdict.words(), plain(&item.reason)))).collect()
}

/// What to do with a course that has been written to `place`, whose submissions are in `class`.
fn next(place: &Path, class: &str) {
    let place = plain(&place.display().to_string());
    say!("\nnext:");
    say!("  edit {place}/rubric.toml and {place}/README.md, the hand-out");
    say!("  mlgrade lint {place}/rubric.toml");
    say!("  mlgrade reference --rubric {place}/rubric.toml --lock");
    say!("  mlgrade release --rubric {place}/rubric.toml --out {place}/for-students");
    say!("  mlgrade grade {class} --rubric {place}/rubric.toml");
}
