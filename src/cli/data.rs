//! `mlgrade data`: the data sets there are, one of them in full, and the pictures among them as files.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::say::{put, say};
use super::{Exit, terminal, write};
use crate::course::RubricFile;
use crate::data::{BUILTINS, Builtin, DataSet, Source};
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::name::{did_you_mean, list};
use crate::report::data::{self, Entry};

/// List data sets, or show one: its columns, missing values, classes, first rows.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  mlgrade data\n  mlgrade data penguins\n  mlgrade data --rubric rubrics/my-course.toml\n  \
                  mlgrade data images --rubric rubrics/my-course.toml\n  mlgrade data --export targets")]
pub(super) struct Args {
    /// The data set to show; without it all are listed
    name: Option<String>,
    /// Of this rubric, instead of the built-in ones
    #[arg(long)]
    rubric: Option<String>,
    /// Write each picture among them as NAME.png into this folder
    #[arg(long, value_name = "DIR")]
    export: Option<PathBuf>,
}

/// A data set with what is said of it.
struct Found {
    entry: Entry,
    set: DataSet,
}

pub(super) fn run(args: &Args) -> Result<Exit> {
    let found = match &args.rubric {
        Some(rubric) => of_rubric(rubric, args.name.as_deref())?,
        None => built_in(args.name.as_deref())?,
    };
    let width = terminal::width().unwrap_or(80).clamp(60, 100);
    if let (true, [Found { entry, set }]) = (args.name.is_some(), found.as_slice()) {
        put!("{}", data::details(entry, set, width));
    } else {
        let entries: Vec<&Entry> = found.iter().map(|found| &found.entry).collect();
        put!("{}", data::list(&entries, width));
    }
    let mut exported = false;
    if let Some(folder) = &args.export {
        for Found { entry, set } in &found {
            exported |= export_picture(folder, &entry.name, set)?;
        }
        if !exported {
            return Err(Diagnostic::error(Code::DataMissing, "none of these data sets is a picture, so there is nothing to write").into());
        }
    }
    Ok(Exit::Fine)
}

/// The built-in data sets, or the one called `name`.
fn built_in(name: Option<&str>) -> Result<Vec<Found>> {
    let names = || BUILTINS.iter().map(|builtin| builtin.name);
    if let Some(name) = name.filter(|name| !names().any(|known| known == *name)) {
        let help = did_you_mean(name, names()).unwrap_or_else(|| format!("built in are {}; those of a rubric are shown with `--rubric`", list(names())));
        return Err(Diagnostic::error(Code::UnknownName, format!("there is no built-in data set `{name}`")).help(help).into());
    }
    let found = |builtin: &Builtin| {
        let set = builtin.load().map_err(|error| Diagnostic::error(Code::DataMalformed, error.to_string()))?;
        let about = vec![builtin.title.to_owned(), set.shape(), format!("licence: {}", builtin.licence), format!("origin: {}", builtin.origin)];
        Ok(Found { entry: Entry { name: builtin.name.to_owned(), about }, set })
    };
    BUILTINS.iter().filter(|builtin| name.is_none_or(|name| name == builtin.name)).map(found).collect()
}

/// The data sets of a rubric, or the one called `name`.
fn of_rubric(rubric: &str, name: Option<&str>) -> Result<Vec<Found>> {
    let file = RubricFile::find(Some(rubric))?;
    let rubric = file.parse()?;
    let names = || rubric.data.keys().map(String::as_str);
    if let Some(name) = name.filter(|name| !rubric.data.contains_key(*name)) {
        let help = did_you_mean(name, names()).unwrap_or_else(|| format!("its data sets are {}", list(names())));
        return Err(Diagnostic::error(Code::UnknownName, format!("the rubric has no data set `{name}`")).help(help).into());
    }
    let folder = file.folder.as_deref().unwrap_or(Path::new("."));
    let found = |(name, source): (&String, &Source)| found(folder, name, source);
    rubric.data.iter().filter(|(key, _)| name.is_none_or(|name| name == *key)).map(found).collect()
}

fn found(folder: &Path, name: &str, source: &Source) -> Result<Found> {
    let set = source.load(folder)?;
    let about = vec![set.shape(), source.words(), format!("content {}", source.digest(folder)?)];
    Ok(Found { entry: Entry { name: name.to_owned(), about }, set })
}

/// Writes the data set `name` into `folder` if it is a picture, and whether it is.
fn export_picture(folder: &Path, name: &str, set: &DataSet) -> Result<bool> {
    let Some(picture) = set.picture() else { return Ok(false) };
    let path = folder.join(format!("{name}.png"));
    write::whole(&path, &picture.png()?)?;
    say!("wrote {}", path.display());
    Ok(true)
}
