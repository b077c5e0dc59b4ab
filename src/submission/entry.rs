//! What lies at the top of a class's folder or download.

use std::collections::BTreeMap;
use std::path::Path;

use crate::domain::diagnostic::Diagnostic;
use crate::evidence::notebook::is_notebook;
use crate::evidence::source::Source;

use super::archive::stem;
use super::folder;
use super::handed_in::{Piece, not_there};
use super::layout::{is_meaningful, is_of_submission, is_submission};
use super::listing::Listing;
use super::paths::composed;

/// A file or folder, by its name.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) piece: Piece,
}

impl Entry {
    /// What lies in the folder at `path`, in the order of its names.
    pub(super) fn in_folder(path: &Path) -> Result<Vec<Self>, Diagnostic> {
        let mut entries = Vec::new();
        for entry in std::fs::read_dir(path).map_err(|error| not_there(path, &error))? {
            let entry = entry.map_err(|error| not_there(path, &error))?;
            let name = entry.file_name();
            // A link may lead anywhere; what it leads to is no submission of this class.
            let Ok(kind) = entry.file_type() else { continue };
            if folder::is_passed_over(&name) || !(kind.is_dir() || kind.is_file()) {
                continue;
            }
            let name = composed(&name.to_string_lossy());
            let piece = if kind.is_dir() { Piece::Folder(entry.path()) } else { Piece::File(name.clone(), Source::Disk(entry.path())) };
            entries.push((entry.path(), Self { name, piece }));
        }
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(entries.into_iter().map(|(_, entry)| entry).collect())
    }

    /// What lies at the top of an archive.
    pub(super) fn in_listing(files: BTreeMap<String, Source>) -> Vec<Self> {
        let mut folders: BTreeMap<String, Listing> = BTreeMap::new();
        let mut entries = Vec::new();
        for (path, source) in files {
            match path.split_once('/') {
                Some((folder, inner)) => drop(folders.entry(folder.to_owned()).or_default().files.insert(inner.to_owned(), source)),
                None => entries.push(Self { piece: Piece::File(path.clone(), source), name: path }),
            }
        }
        entries.extend(folders.into_iter().map(|(name, files)| Self { name, piece: Piece::Files(files) }));
        entries
    }

    /// What lies in it, if it is a folder.
    pub(super) fn inside(&self) -> Vec<Self> {
        match &self.piece {
            Piece::Folder(path) => Self::in_folder(path).unwrap_or_default(),
            Piece::Files(listing) => Self::in_listing(listing.files.clone()),
            Piece::File(..) => Vec::new(),
        }
    }

    /// The file `name` in it, if it is a folder.
    pub(super) fn file_inside(&self, name: &str) -> Option<Source> {
        self.inside().into_iter().find_map(|entry| match entry.piece {
            Piece::File(called, source) if called == name => Some(source),
            _ => None,
        })
    }

    pub(super) fn is_file(&self) -> bool {
        matches!(self.piece, Piece::File(..))
    }

    pub(super) fn is_archive(&self) -> bool {
        self.is_file() && stem(&self.name).is_some()
    }

    pub(super) fn is_notebook(&self) -> bool {
        self.is_file() && is_notebook(&self.name)
    }

    /// Whether it is a folder that looks like a student's work.
    pub(super) fn holds_submission(&self) -> bool {
        let inside = self.inside();
        is_submission(paths(&inside).iter().map(String::as_str)) || inside.iter().any(Self::is_notebook)
    }

    /// Whether it is a folder, of no name that means something in a submission, with results at its top.
    pub(super) fn states_results(&self) -> bool {
        !self.is_file() && !is_meaningful(&self.name) && self.inside().iter().any(|entry| entry.is_file() && is_of_submission(&entry.name))
    }

    /// Whether it is a folder that our own reports were written to.
    pub(super) fn holds_reports(&self) -> bool {
        let inside = self.inside();
        let has = |name: &str, file: bool| inside.iter().any(|entry| entry.name == name && entry.is_file() == file);
        has("grades.csv", true) && has("for-students", false)
    }
}

/// The names of `entries`, those of folders with a `/` at the end.
pub(super) fn paths(entries: &[Entry]) -> Vec<String> {
    entries.iter().map(|entry| if entry.is_file() { entry.name.clone() } else { format!("{}/", entry.name) }).collect()
}
