//! `mlgrade release`: the student's edition of a rubric.

use std::path::PathBuf;

use anyhow::Result;

use super::{Exit, write};
use crate::course::{CourseError, RubricFile};
use crate::rubric::release::student_edition;
use crate::{lock::Lock, rubric};

/// Write the student's edition of a rubric and its lock: nothing secret is in the files at all.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  mlgrade release --rubric rubrics/cs441-hw2.toml --out for-students\n  mlgrade check . --rubric for-students/cs441-hw2.toml"
)]
pub(super) struct Args {
    /// A rubric's path or shipped name [default: cs441-hw2]
    #[arg(long)]
    rubric: Option<String>,
    /// Where it goes
    #[arg(long, default_value = "for-students")]
    out: PathBuf,
}

pub(super) fn run(args: &Args) -> Result<Exit> {
    let file = RubricFile::find(args.rubric.as_deref())?;
    let rubric = file.parse()?;
    let text = student_edition(&file.text)?;
    let path = args.out.join(format!("{}.toml", rubric.id));
    let (Some(released), _) = rubric::parse(&text) else {
        let (_, faults) = rubric::parse(&text);
        return Err(CourseError::Faults { path: path.display().to_string(), text, all: faults }.into());
    };
    write::whole(&path, text.as_bytes())?;
    // The student's lock pins nothing but whose it is.
    let lock = Lock::write(&rubric.id, released.seed, &std::collections::BTreeMap::new());
    write::whole(&path.with_extension("lock"), lock.as_bytes())?;
    let (kept, all) = (released.items().count(), rubric.items().count());
    anstream::println!("wrote {} and its lock: {kept} of {all} items, without reference values, bounds and tolerances", path.display());
    Ok(Exit::Fine)
}
