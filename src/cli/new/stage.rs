//! A folder that is made beside its place and moved there when it is whole.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::cli::say::say;
use crate::cli::write;
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::text::plain;

/// The folder in the making.
#[derive(Debug)]
pub(super) struct Stage {
    inside: TempDir,
    place: PathBuf,
    written: RefCell<Vec<String>>,
}

impl Stage {
    /// A stage for the folder `place`, at which nothing may be.
    pub(super) fn of(place: &Path) -> Result<Self> {
        let is_empty = std::fs::read_dir(place).is_ok_and(|mut entries| entries.next().is_none());
        if place.exists() && !is_empty {
            let fault = Diagnostic::error(Code::BadValue, "the folder is there already; nothing was written").in_file(place.display().to_string());
            return Err(fault.help("name a folder that is not there".to_owned()).into());
        }
        let parent = place.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::create_dir_all(parent).with_context(|| format!("{} cannot be made", parent.display()))?;
        let inside = tempfile::Builder::new().prefix(".mlgrade-").tempdir_in(parent)?;
        Ok(Self { inside, place: place.to_path_buf(), written: RefCell::default() })
    }

    /// Where the course will be.
    pub(super) fn place(&self) -> &Path {
        &self.place
    }

    /// The course's folder while it is made.
    pub(super) fn folder(&self) -> &Path {
        self.inside.path()
    }

    /// Where `path` of the course is while it is made.
    pub(super) fn path(&self, path: &str) -> PathBuf {
        self.inside.path().join(path)
    }

    /// Writes the file `path` of the course.
    pub(super) fn write(&self, path: &str, bytes: &[u8]) -> Result<()> {
        write::whole(&self.path(path), bytes)?;
        self.written.borrow_mut().push(path.to_owned());
        Ok(())
    }

    /// Makes the folder `path` of the course.
    pub(super) fn make_folder(&self, path: &str) -> Result<()> {
        Ok(std::fs::create_dir_all(self.path(path))?)
    }

    /// Moves the whole to its place, and says what is there now.
    pub(super) fn finish(self) -> Result<PathBuf> {
        let inside = self.inside.keep();
        let moved = readable(&inside).and_then(|()| {
            if self.place.exists() {
                std::fs::remove_dir(&self.place)?;
            }
            std::fs::rename(&inside, &self.place)
        });
        if let Err(error) = moved {
            // Whatever keeps it from its place, nothing is left behind.
            let _ = std::fs::remove_dir_all(&inside);
            return Err(error).with_context(|| format!("{} cannot be made", self.place.display()));
        }
        for path in self.written.into_inner() {
            say!("wrote {}", plain(&self.place.join(path).display().to_string()));
        }
        Ok(self.place)
    }
}

/// Temporary folders are private; a course is read by others.
#[cfg(unix)]
fn readable(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn readable(_: &Path) -> std::io::Result<()> {
    Ok(())
}
