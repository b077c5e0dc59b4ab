//! `mlgrade release`: what students get: their edition of a rubric, a hand-out, and notebooks to fill in.

use std::path::PathBuf;

use anyhow::Result;

use super::say::raw;
use super::{Exit, write};
use crate::course::{Course, RubricFile};
use crate::handout::{Kind, handout, markdown, notebook};

/// Write what students get: their edition of a rubric, in which nothing secret is at all, a hand-out and notebooks to fill in.
#[derive(Debug, clap::Args)]
#[command(after_help = "Writes ID.student.toml, HANDOUT.md, template.ipynb, and colab.ipynb, which carries the rubric in itself.\n\n\
                  Examples:\n  mlgrade release --rubric rubrics/cs441-hw2.toml --out for-students\n  mlgrade check . --rubric for-students/cs441-hw2.student.toml")]
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
    // Data sets that lie with the course are not looked at: how many rows a hidden one has is not in the hand-out either.
    let released = file.released(&args.out)?;
    let course = Course::for_student(&released)?;
    let asked = handout(&course);
    let name = format!("{}.student.toml", rubric.id);
    let files = [
        (name.as_str(), released.text.clone()),
        ("HANDOUT.md", markdown(&asked, &name)),
        ("template.ipynb", notebook(&asked, &name, &released.text, Kind::Local)),
        ("colab.ipynb", notebook(&asked, &name, &released.text, Kind::Colab)),
    ];
    for (name, text) in &files {
        write::whole(&args.out.join(name), text.as_bytes())?;
    }
    let (kept, all) = (course.rubric.items().count(), rubric.items().count());
    raw!(
        "wrote {}: {kept} of {all} items, without reference values, bounds and tolerances\nwrote HANDOUT.md, template.ipynb and colab.ipynb beside it\n",
        args.out.join(&name).display()
    );
    Ok(Exit::Fine)
}
