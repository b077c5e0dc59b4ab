//! `mlgrade reference`: run the course's own implementation, write it as a submission, pin it in the lock.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::Result;

use super::{Exit, progress, write};
use crate::course::{RubricFile, origin};
use crate::data::Shelf;
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::name::{did_you_mean, list};
use crate::domain::seed::Seed;
use crate::export;
use crate::lock::{Lock, LockedPart, evidence};
use crate::reference::Run;
use crate::rubric::{Part, Rubric};

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
        if let Some(run) = run_part(&rubric, part, &shelf)? {
            anstream::println!("{:20} {:6.1} s", part.id, start.elapsed().as_secs_f64());
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
        anstream::println!("wrote {}", folder.display());
    }
    if args.lock {
        // What was not run stays as it was.
        let mut parts = if args.part.is_some() { file.lock()?.map(|lock| lock.parts).unwrap_or_default() } else { BTreeMap::new() };
        for part in &rubric.parts {
            if let (Some(made_from), Some(run)) = (origin(part, &shelf)?, runs.get(&part.id)) {
                parts.insert(part.id.clone(), LockedPart { origin: made_from, evidence: evidence(run) });
            }
        }
        write::whole(&file.lock_path(), Lock::write(&rubric.id, rubric.seed, &parts).as_bytes())?;
        anstream::println!("wrote {}", file.lock_path().display());
    }
    Ok(Exit::Fine)
}

/// Why no reference was run: there is no such `part` among the `known`, or none at all.
pub(super) fn nothing_to_run<'k>(part: Option<&str>, known: impl Iterator<Item = &'k str> + Clone) -> Diagnostic {
    let Some(part) = part else { return Diagnostic::error(Code::UnknownName, "the rubric has no reference") };
    let help = did_you_mean(part, known.clone()).unwrap_or_else(|| format!("there is {}", list(known)));
    Diagnostic::error(Code::UnknownName, format!("there is no part `{part}` with a reference")).help(help)
}

/// Runs the reference of a part, if it has one.
pub(super) fn run_part(rubric: &Rubric, part: &Part, shelf: &Shelf) -> Result<Option<Run>> {
    let Some(reference) = &part.reference else { return Ok(None) };
    let data = shelf.set(&reference.data)?;
    let bar = progress::RunBar::new(&reference.run);
    let run = reference.implementation.run(data, Seed::new(rubric.seed).derive(&format!("{}/{}", part.id, reference.run)), &bar);
    bar.finish();
    Ok(Some(run?))
}

/// The files of a submission whose author is the grader.
pub(super) fn files(rubric: &Rubric, runs: &BTreeMap<String, Run>) -> BTreeMap<String, Vec<u8>> {
    export::files(runs.values(), rubric.items().filter_map(|item| item.check.model_answer()))
}
