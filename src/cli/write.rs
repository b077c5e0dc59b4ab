//! Files that are written whole or not at all.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tempfile::NamedTempFile;

/// How the names of files begin that are not yet written.
const UNFINISHED: &str = ".mlgrade-";

/// A file that is written bit by bit, and is there only once it is whole: a crash or a full disk never leaves half of it.
#[derive(Debug)]
pub(super) struct Whole {
    path: PathBuf,
    file: NamedTempFile,
}

impl Whole {
    /// A file that will be at `path`.
    pub(super) fn at(path: &Path) -> Result<Self> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let make = || {
            std::fs::create_dir_all(folder)?;
            tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(folder)
        };
        Ok(Self { path: path.to_path_buf(), file: make().with_context(|| unwritable(path))? })
    }

    /// Puts it where it belongs, on the disk.
    pub(super) fn keep(self) -> Result<()> {
        self.file.as_file().sync_data().with_context(|| unwritable(&self.path))?;
        self.place()
    }

    /// The same without waiting for the disk.
    fn place(self) -> Result<()> {
        let Self { path, file } = self;
        let keep = || -> std::io::Result<()> {
            file.persist(&path)?;
            readable(&path)
        };
        keep().with_context(|| unwritable(&path))
    }
}

impl Write for Whole {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

/// Writes `bytes` to `path` through a temporary name.
pub(super) fn whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = Whole::at(path)?;
    file.write_all(bytes).with_context(|| unwritable(path))?;
    file.keep()
}

/// The same for what is made again from a database: a power cut may leave an empty file.
pub(super) fn page(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = Whole::at(path)?;
    file.write_all(bytes).with_context(|| unwritable(path))?;
    file.place()
}

fn unwritable(path: &Path) -> String {
    format!("{} cannot be written", path.display())
}

/// Removes what a run that was killed has left unfinished in `folder`; nobody else may be writing to it.
pub(super) fn sweep(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED) && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            drop(std::fs::remove_file(entry.path()));
        }
    }
}

/// Temporary files are private; reports are read by others.
#[cfg(unix)]
fn readable(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &Path) -> std::io::Result<()> {
    Ok(())
}
