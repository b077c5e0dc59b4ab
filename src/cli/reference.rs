//! `mlgrade reference`: run the course's own implementation, write it as a submission, pin it in the lock.

mod program;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Result;

use super::say::raw;
use super::{Exit, progress, write};
use crate::course::origin::{not_there, origin};
use crate::course::{CourseError, RubricFile, stated};
use crate::data::Shelf;
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::name::{did_you_mean, list};
use crate::domain::seed::Seed;
use crate::export;
use crate::lock::{Lock, LockedPart, evidence};
use crate::reference::Run;
use crate::rubric::{Part, Rubric, Way};
use crate::submission::Submission;

/// Run the reference of every part; write it as a submission or into the lock.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  mlgrade reference --export submissions/s01-reference\n  mlgrade reference --rubric rubrics/my-course.toml --lock\n  mlgrade reference --rubric rubrics/my-course.toml --lock --part trees"
)]
pub(super) struct Args {
    /// A rubric's path or shipped name [default: cs441-hw2]
    #[arg(long)]
    rubric: Option<String>,
    /// Write the run as a submission into this folder
    #[arg(long, value_name = "DIR")]
    export: Option<PathBuf>,
    /// Write the lock beside the rubric
    #[arg(long)]
    lock: bool,
    /// Only this part, by its id; the lock keeps the others
    #[arg(long, value_name = "ID")]
    part: Option<String>,
}

pub(super) fn run(args: &Args) -> Result<Exit> {
    let file = RubricFile::find(args.rubric.as_deref())?;
    if args.lock && file.folder.is_none() {
        let help = "name its file with `--rubric PATH`".to_owned();
        return Err(Diagnostic::error(Code::LockMissing, "a shipped rubric has its lock already").help(help).into());
    }
    let rubric = file.parse()?;
    let shelf = file.shelf(&rubric);
    let mut runs = BTreeMap::new();
    let wanted = |part: &&Part| args.part.as_ref().is_none_or(|wanted| *wanted == part.id);
    for part in rubric.parts.iter().filter(wanted) {
        let start = Instant::now();
        if let Some(run) = run_part(&file, &rubric, part, &shelf)? {
            raw!("{:20} {:6.1} s\n", part.id, start.elapsed().as_secs_f64());
            runs.insert(part.id.clone(), run);
        }
    }
    if runs.is_empty() {
        let known = rubric.parts.iter().filter(|part| part.reference.is_some()).map(|part| part.id.as_str());
        return Err(nothing_to_run(args.part.as_deref(), known).into());
    }
    if let Some(folder) = &args.export {
        for (path, bytes) in files(&rubric, &runs) {
            write::whole(&folder.join(path), &bytes)?;
        }
        raw!("wrote {}\n", folder.display());
    }
    if args.lock {
        let lock = lock(&file, &rubric, &shelf, &runs, args.part.is_some())?;
        write::whole(&file.lock_path(), lock.as_bytes())?;
        raw!("wrote {}\n", file.lock_path().display());
    }
    Ok(Exit::Fine)
}

/// Makes the lock of a rubric that has been written anew.
pub(super) fn relock(file: &RubricFile) -> Result<()> {
    let rubric = file.parse()?;
    let shelf = file.shelf(&rubric);
    let mut runs = BTreeMap::new();
    for part in &rubric.parts {
        runs.extend(run_part(file, &rubric, part, &shelf)?.map(|run| (part.id.clone(), run)));
    }
    write::whole(&file.lock_path(), lock(file, &rubric, &shelf, &runs, false)?.as_bytes())
}

/// The text of the lock of `runs`; of what was not run, `keeps` what there was. The values must be ones that the rubric can judge by.
fn lock(file: &RubricFile, rubric: &Rubric, shelf: &Shelf, runs: &BTreeMap<String, Run>, keeps: bool) -> Result<String> {
    let mut parts = if keeps { file.lock()?.map(|lock| lock.parts).unwrap_or_default() } else { BTreeMap::new() };
    for part in &rubric.parts {
        if let (Some(made_from), Some(run)) = (origin(file, rubric, part, shelf)?, runs.get(&part.id)) {
            parts.insert(part.id.clone(), LockedPart { origin: made_from, evidence: evidence(run) });
        }
    }
    let text = Lock::write(&rubric.id, rubric.seed, &parts);
    let written = Lock::read(&file.lock_path().display().to_string(), &text)?;
    match stated::lock_faults(rubric, &written).into_iter().next() {
        Some(fault) => Err(CourseError::Faults { path: file.path.clone(), text: file.text.clone(), all: vec![fault] }.into()),
        None => Ok(text),
    }
}

/// Why no reference was run: there is no such `part` among the `known`, or none at all.
pub(super) fn nothing_to_run<'k>(part: Option<&str>, known: impl Iterator<Item = &'k str> + Clone) -> Diagnostic {
    let Some(part) = part else { return Diagnostic::error(Code::UnknownName, "the rubric has no reference") };
    let help = did_you_mean(part, known.clone()).unwrap_or_else(|| format!("there is {}", list(known)));
    Diagnostic::error(Code::UnknownName, format!("there is no part `{part}` with a reference")).help(help)
}

/// Runs the reference of a part, or reads it where it is handed in, if the part has one.
pub(super) fn run_part(file: &RubricFile, rubric: &Rubric, part: &Part, shelf: &Shelf) -> Result<Option<Run>> {
    let Some(reference) = &part.reference else { return Ok(None) };
    let seed = Seed::new(rubric.seed).derive(&format!("{}/{}", part.id, reference.name()));
    let in_part = |fault: Diagnostic| Diagnostic { message: format!("part `{}`: {}", part.id, fault.message), ..fault };
    let run = match &reference.way {
        Way::Run(run) => {
            let bar = progress::RunBar::new(&run.run);
            let done = run.implementation.run(shelf.set(&run.data)?, seed, &bar);
            bar.finish();
            done?
        }
        Way::Submission { path } => {
            let there = file.beside(path).filter(|there| there.exists()).ok_or_else(|| in_part(not_there(path)))?;
            stated::run_of(rubric, &Submission::open(&there)).map_err(in_part)?
        }
        Way::Command(program) => {
            let folder = file.folder.as_deref().unwrap_or(Path::new("."));
            let out = tempfile::tempdir()?;
            program::run(program, folder, out.path(), seed).map_err(in_part)?;
            stated::run_of(rubric, &Submission::open(out.path())).map_err(in_part)?
        }
    };
    Ok(Some(run))
}

/// The files of a submission whose author is the grader.
pub(super) fn files(rubric: &Rubric, runs: &BTreeMap<String, Run>) -> BTreeMap<String, Vec<u8>> {
    export::files(runs.values(), rubric.items().filter_map(|item| item.check.model_answer()))
}
