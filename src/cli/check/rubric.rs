//! The rubric of a folder of work, where nobody names it.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::name::list;

/// What names the rubric in the environment.
const VARIABLE: &str = "MLGRADE_RUBRIC";

/// How a student's edition is called.
const ENDING: &str = ".student.toml";

/// Folders above the work in which a rubric is looked for.
const ABOVE: usize = 3;

/// The rubric for the work at `work`: what the environment names, the one student's edition beside it or in a folder above, or what
/// pyproject.toml names there.
pub(super) fn beside(work: &Path) -> Result<Option<String>> {
    if let Some(named) = std::env::var_os(VARIABLE).filter(|named| !named.is_empty()) {
        return Ok(Some(named.to_string_lossy().into_owned()));
    }
    // A relative path has nothing above it.
    let whole = std::path::absolute(work).unwrap_or_else(|_| work.to_path_buf());
    let mut folder = if whole.is_dir() { Some(whole.as_path()) } else { whole.parent() };
    for _ in 0..=ABOVE {
        let Some(here) = folder else { break };
        if let Some(rubric) = in_folder(here)? {
            return Ok(Some(shortest(&rubric)));
        }
        folder = here.parent();
    }
    Ok(None)
}

fn in_folder(folder: &Path) -> Result<Option<PathBuf>> {
    let mut editions: Vec<PathBuf> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(ENDING)))
        .collect();
    editions.sort();
    match editions.as_slice() {
        [] => in_pyproject(folder),
        [only] => Ok(Some(only.clone())),
        several => {
            let names: Vec<String> = several.iter().filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned())).collect();
            let fault = Diagnostic::error(Code::Ambiguous, format!("there are several rubrics: {}", list(names.iter().map(String::as_str))));
            Err(fault.in_file(folder.display().to_string()).help("name one with --rubric".to_owned()).into())
        }
    }
}

/// What `rubric` under `[tool.mlgrade]` in pyproject.toml names, a path from there.
fn in_pyproject(folder: &Path) -> Result<Option<PathBuf>> {
    let path = folder.join("pyproject.toml");
    let Ok(text) = std::fs::read_to_string(&path) else { return Ok(None) };
    // Whether the rest of the file is right is not ours to say.
    let table: Option<toml::Table> = text.parse().ok();
    let named = table.as_ref().and_then(|table| table.get("tool")?.get("mlgrade")?.get("rubric"));
    match named {
        None => Ok(None),
        Some(toml::Value::String(named)) => Ok(Some(folder.join(named))),
        Some(other) => {
            let fault = Diagnostic::error(Code::WrongType, format!("`rubric` under [tool.mlgrade] is a path, not {}", other.type_str()));
            Err(fault.in_file(path.display().to_string()).into())
        }
    }
}

/// A path from the current folder, if it is in it.
fn shortest(path: &Path) -> String {
    let here = std::env::current_dir().ok();
    here.and_then(|here| path.strip_prefix(here).ok()).unwrap_or(path).display().to_string()
}
