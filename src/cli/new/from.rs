//! `mlgrade new --from`: a course made from the instructor's own solution.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::{Stage, locked, next, scored};
use crate::cli::Exit;
use crate::cli::say::say;
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::text::plain;
use crate::draft::{self, Settings, Table};
use crate::submission::{self, Submission};

/// Where the solution goes.
const SOLUTION: &str = "reference/solution";

pub(super) fn run(stage: Stage, solution: &Path, data: &[PathBuf]) -> Result<Exit> {
    let named = solution.display().to_string();
    if !solution.exists() {
        return Err(Diagnostic::error(Code::NotReadable, "there is no such file or folder").in_file(named).into());
    }
    let work = Submission::open(solution);
    if let Some(fault) = work.incomplete.as_ref().or(work.unreachable.as_ref()) {
        return Err(fault.clone().into());
    }
    let (tables, mut notes) = (tables(&stage, &work, data)?, copied(&stage, &work)?);
    let settings = settings(&stage, tables);
    let Some(draft) = draft::draft(&work, &settings, stage.folder()) else {
        let help = "it has numbers and series in metrics.json, answers in answers.json, figures/ and predictions/, or a notebook with its outputs";
        return Err(Diagnostic::error(Code::NotFound, "nothing was found in it that can be graded").in_file(named).help(help.to_owned()).into());
    };
    stage.write("rubric.toml", draft.rubric.as_bytes())?;
    let course = locked(&stage)?;
    let own = scored(&course, "your own solution", &stage.path(SOLUTION));
    let place = stage.finish()?;
    let points: crate::domain::points::Points = course.rubric.items().map(|item| item.points).sum();
    say!("\n{} items, {points} points", draft.items);
    if !draft.left.is_empty() {
        let (what, they) = if draft.left.len() == 1 { ("1 more thing was found; it is", "item") } else { ("more things were found; they are", "items") };
        let count = if draft.left.len() == 1 { String::new() } else { format!("{} ", draft.left.len()) };
        notes.push(format!("{count}{what} listed at the end of the rubric and no {they}"));
    }
    let unused = settings.data.iter().map(|table| table.name.as_str()).filter(|name| !draft.used.iter().any(|used| used == name));
    notes.extend(unused.map(|name| format!("no predictions and no rule were found to be about the data set `{name}`")));
    own.iter().chain(&notes).for_each(|line| say!("{}", plain(line)));
    next(&place, "SUBMISSIONS");
    Ok(Exit::Fine)
}

/// The rubric's id and title, by the name of its folder.
fn settings(stage: &Stage, data: Vec<Table>) -> Settings {
    let name = submission::folder_name(stage.place());
    Settings { id: draft::id(&name), title: draft::title(&name), solution: SOLUTION.to_owned(), data }
}

/// Copies the data sets: those that are named, and the tables beside the solution.
fn tables(stage: &Stage, work: &Submission, named: &[PathBuf]) -> Result<Vec<Table>> {
    let mut files = Vec::new();
    for path in named {
        let bytes = std::fs::read(path).map_err(|error| Diagnostic::error(Code::DataMissing, error.to_string()).in_file(path.display().to_string()))?;
        files.push((submission::folder_name(path), bytes, true));
    }
    for path in draft::tables(work) {
        let file = path.rsplit('/').next().unwrap_or(&path).to_owned();
        files.push((file, work.bag.file(&path).map_err(|absent| absent.diagnostic().clone())?, false));
    }
    let mut tables: Vec<Table> = Vec::new();
    for (file, bytes, is_named) in files {
        let path = format!("data/{file}");
        if stage.path(&path).exists() {
            continue;
        }
        match Table::of_file(&path, &bytes, &tables) {
            Some(table) => tables.push(table),
            None if is_named => {
                let fault = Diagnostic::error(Code::DataMalformed, "a data set here is a CSV, TSV, JSON Lines (.jsonl), Parquet or NPZ file").in_file(file);
                return Err(fault.help("add other data sets to the rubric's [data]".to_owned()).into());
            }
            None => continue,
        }
        stage.write(&path, &bytes)?;
    }
    Ok(tables)
}

/// Copies the solution's files, data sets aside, and says which could not be.
fn copied(stage: &Stage, work: &Submission) -> Result<Vec<String>> {
    let tables = draft::tables(work);
    let mut notes = Vec::new();
    for path in work.bag.paths().filter(|path| !tables.iter().any(|table| table == path)) {
        match work.bag.file(path) {
            Ok(bytes) => stage.write(&format!("{SOLUTION}/{path}"), &bytes)?,
            Err(absent) => notes.push(format!("not copied: {}", absent.diagnostic())),
        }
    }
    Ok(notes)
}
