//! Reports of students who are no longer in the class are kept apart from those that are.

use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;

use super::{Reports, files_of};

/// Where they are kept.
const FORMER: &str = "former";

/// What of a report names its pictures.
#[derive(Deserialize)]
struct Drawn {
    items: Vec<Pictures>,
}

#[derive(Deserialize)]
struct Pictures {
    overlay: Option<String>,
    figure: Option<String>,
}

impl Reports {
    /// Moves the files of the reports that are called so out of the way. They lie under `former/` as they lay here.
    pub(in crate::cli) fn retire(&self, names: &[String]) -> Result<()> {
        for name in names {
            let pictures = pictures(&self.folder().join(format!("{name}.json")));
            for file in files_of(name).into_iter().map(PathBuf::from).chain(pictures) {
                let (here, there) = (self.folder().join(&file), self.folder().join(FORMER).join(&file));
                if !here.is_file() {
                    continue;
                }
                let moved = there.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::rename(&here, &there));
                moved.with_context(|| format!("{} cannot be moved to {}", here.display(), there.display()))?;
            }
        }
        Ok(())
    }

    /// Removes what is kept of the former student whose report is called `name`, who is in the class again.
    pub(in crate::cli) fn welcome(&self, name: &str) {
        let former = self.folder().join(FORMER);
        let report = former.join(format!("{name}.json"));
        if report.is_file() {
            for file in files_of(name).into_iter().map(PathBuf::from).chain(pictures(&report)) {
                drop(std::fs::remove_file(former.join(file)));
            }
        }
    }
}

/// The pictures that the report at `path` names, as far as they are in its folder.
fn pictures(path: &Path) -> Vec<PathBuf> {
    let drawn: Option<Drawn> = std::fs::read(path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let named = drawn.into_iter().flat_map(|drawn| drawn.items).flat_map(|item| [item.overlay, item.figure]).flatten();
    named.map(PathBuf::from).filter(|path| path.components().all(|part| matches!(part, Component::Normal(_)))).collect()
}
