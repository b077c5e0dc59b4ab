//! `mlgrade data`: the data sets there are.

use anyhow::Result;

use super::{Exit, course};
use crate::data::BUILTINS;
use crate::domain::diagnostic::{Code, Diagnostic};

/// List the built-in data sets, or those of a rubric, with shape and licence.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  mlgrade data\n  mlgrade data --rubric rubrics/my-course.toml")]
pub(super) struct Args {
    /// Load and list the data sets of this rubric instead
    #[arg(long)]
    rubric: Option<String>,
}

pub(super) fn run(args: &Args) -> Result<Exit> {
    let Some(name) = &args.rubric else {
        for builtin in BUILTINS {
            let set = builtin.load().map_err(|error| Diagnostic::error(Code::DataMalformed, error.to_string()))?;
            anstream::println!(
                "{:10} {}\n           {}\n           licence: {}\n           origin:  {}\n",
                builtin.name,
                builtin.title,
                set.shape(),
                builtin.licence,
                builtin.origin
            );
        }
        return Ok(Exit::Fine);
    };
    let file = course::find(Some(name))?;
    let rubric = file.parse()?;
    let shelf = file.shelf(&rubric);
    for name in rubric.data.keys() {
        anstream::println!("{name:14} {}  (content {})", shelf.set(name)?.shape(), shelf.digest(name)?);
    }
    Ok(Exit::Fine)
}
