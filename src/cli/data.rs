//! `mlgrade data`: the data sets there are, and the pictures among them as files.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::{Exit, write};
use crate::course::RubricFile;
use crate::data::{BUILTINS, DataSet};
use crate::domain::diagnostic::{Code, Diagnostic};

/// List the built-in data sets, or those of a rubric, with shape and licence.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  mlgrade data\n  mlgrade data --rubric rubrics/my-course.toml\n  mlgrade data --export targets")]
pub(super) struct Args {
    /// Load and list the data sets of this rubric instead
    #[arg(long)]
    rubric: Option<String>,
    /// Write each picture among them as NAME.png into this folder
    #[arg(long, value_name = "DIR")]
    export: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> Result<Exit> {
    let mut exported = 0;
    let mut export = |name: &str, set: &DataSet| -> Result<()> {
        if let Some(folder) = &args.export {
            exported += usize::from(export_picture(folder, name, set)?);
        }
        Ok(())
    };
    if let Some(name) = &args.rubric {
        let file = RubricFile::find(Some(name))?;
        let rubric = file.parse()?;
        let shelf = file.shelf(&rubric);
        for name in rubric.data.keys() {
            let set = shelf.set(name)?;
            anstream::println!("{name:14} {}  (content {})", set.shape(), shelf.digest(name)?);
            export(name, set)?;
        }
    } else {
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
            export(builtin.name, &set)?;
        }
    }
    if args.export.is_some() && exported == 0 {
        return Err(Diagnostic::error(Code::DataMissing, "none of these data sets is a picture, so there is nothing to write").into());
    }
    Ok(Exit::Fine)
}

/// Writes the data set `name` into `folder` if it is a picture, and whether it is.
fn export_picture(folder: &Path, name: &str, set: &DataSet) -> Result<bool> {
    let Some(picture) = set.picture() else { return Ok(false) };
    let path = folder.join(format!("{name}.png"));
    write::whole(&path, &picture.png()?)?;
    anstream::println!("wrote {}", path.display());
    Ok(true)
}
