//! What one student handed in: a folder, an archive or loose files, made into named, lazily decoded evidence.
//!
//! Wrappings make no difference: the same files in a folder, a zip, a tar or one in the other are the same submission. Nothing is
//! unpacked to disk, and what a student can hand in stays within [`crate::domain::limits`].

mod archive;
mod class;
mod digest;
mod download;
mod entry;
mod folder;
mod handed_in;
mod layout;
mod listing;
mod names;
mod paths;
mod platform;
mod roster;
mod settings;
mod tar;
mod times;
mod zip;

use std::path::Path;

use crate::domain::diagnostic::Diagnostic;
use crate::domain::late::HandInTime;
use crate::evidence::bag::Bag;
use crate::evidence::source::Source;

pub use class::{Class, find, find_of, of_autograder};
pub use handed_in::{HandedIn, Person};
pub use roster::{Enrolled, Matched, Roster};

/// One student's work.
#[derive(Debug, Default)]
pub struct Submission {
    /// What reports are named after: the roster's id, or the folder's or archive's name. A student cannot choose it.
    pub student: String,
    /// The name that the roster, the download or submission.toml states.
    pub name: Option<String>,
    /// What is known of when it was handed in.
    pub time: HandInTime,
    /// How many files were handed in, submission.toml and archives aside.
    pub files: usize,
    /// The evidence.
    pub bag: Bag,
    /// What was noticed while opening it.
    pub notes: Vec<Diagnostic>,
    /// Why there may be more than could be seen, such as a damaged archive. What is not found is unreadable then, not missing.
    pub incomplete: Option<Diagnostic>,
    /// Why nothing of it could be read, if so, and it is not the student's fault. Nothing of it is graded then.
    pub unreachable: Option<Diagnostic>,
}

impl Submission {
    /// Opens the folder, archive or single file at `path`. Whatever is wrong with it becomes a note.
    pub fn open(path: &Path) -> Self {
        HandedIn::at(path).open()
    }

    /// The work of a reference, made in memory.
    pub fn of_files(student: &str, files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        let files = files.into_iter().map(|(path, bytes)| (path, Source::Memory(bytes))).collect();
        let bag = Bag::new(files, std::collections::BTreeMap::new());
        Self { student: student.to_owned(), bag, ..Self::default() }
    }

    /// What is in the archive `bytes`, called `name`.
    pub fn of_archive(name: &str, bytes: Vec<u8>) -> Self {
        HandedIn::of_bytes(name, bytes).open()
    }
}

/// The name of a submission's folder or file, also when `path` is `.`.
pub fn folder_name(path: &Path) -> String {
    let resolved = path.canonicalize();
    let named = resolved.as_deref().unwrap_or(path);
    named.file_name().map_or_else(|| "submission".to_owned(), |name| name.to_string_lossy().into_owned())
}
