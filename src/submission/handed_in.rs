//! One student's work as it was handed in: a folder, an archive, loose files. Opening it makes a submission.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use crate::domain::diagnostic::{Code, Diagnostic};
use crate::evidence::bag::Bag;
use crate::evidence::place::Place;
use crate::evidence::source::Source;
use crate::evidence::{Absent, Found};

use super::archive::{Budget, stem};
use super::listing::Listing;
use super::paths::composed;
use super::{Submission, folder, layout, settings};

/// One student's work before it is opened.
#[derive(Debug, Clone, Default)]
pub struct HandedIn {
    /// What reports are named after: the roster's id, or the folder's or the download's name. A student cannot choose it.
    pub student: String,
    /// The name that the roster or the download states.
    pub name: Option<String>,
    /// Who handed it in, as far as the download tells: more than one for a group.
    pub people: Vec<Person>,
    /// Whether the download marks it as late.
    pub marked_late: bool,
    pub(super) pieces: Vec<Piece>,
    pub(super) notes: Vec<Diagnostic>,
}

/// Who handed something in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// The name, in whatever order and spelling the download has.
    pub name: String,
    /// Numbers, logins and addresses.
    pub ids: Vec<String>,
}

/// A part of what was handed in.
#[derive(Debug, Clone)]
pub(super) enum Piece {
    Folder(PathBuf),
    File(String, Source),
    Files(Listing),
}

impl HandedIn {
    /// The folder, archive or single file at `path`.
    pub fn at(path: &Path) -> Self {
        let name = super::folder_name(path);
        let piece = if path.is_file() { Piece::File(name.clone(), Source::Disk(path.to_path_buf())) } else { Piece::Folder(path.to_path_buf()) };
        Self::of(&name, path.is_file(), vec![piece])
    }

    /// The file `bytes`, called `name`.
    pub(super) fn of_bytes(name: &str, bytes: Vec<u8>) -> Self {
        Self::of(name, true, vec![Piece::File(name.to_owned(), Source::Memory(bytes))])
    }

    /// Something called `called`, which nothing else tells of.
    pub(super) fn of(called: &str, is_file: bool, pieces: Vec<Piece>) -> Self {
        let plain = if is_file { stem(called).or_else(|| called.rsplit_once('.').map(|(stem, _)| stem)).filter(|stem| !stem.is_empty()) } else { None };
        let student = safe(plain.unwrap_or(called));
        Self { people: vec![Person { name: student.clone(), ids: vec![student.clone()] }], student, pieces, ..Self::default() }
    }

    /// Opens it. Whatever is wrong with it becomes a note; nothing is read but what lists archives, and submission.toml.
    pub fn open(&self) -> Submission {
        // A decoder that panics must not cost the class its grades.
        let gathered = catch_unwind(AssertUnwindSafe(|| self.gather())).unwrap_or_else(|_| {
            let message = "opening the submission crashed; nothing of it is graded, please report this";
            Err(Absent::Unreachable(Diagnostic::error(Code::CheckPanicked, message)))
        });
        let mut submission = Submission { student: self.student.clone(), name: self.name.clone(), ..Submission::default() };
        let (listing, wrapping) = match gathered {
            Ok(gathered) => gathered,
            Err(absent) => return Submission { unreachable: Some(absent.diagnostic().clone()), ..submission },
        };
        submission.notes = self.notes.iter().cloned().chain(listing.notes).collect();
        let settings = settings::read(&listing.files, &mut submission.notes);
        submission.name = submission.name.or(settings.student);
        submission.submitted_at = settings.submitted_at;
        submission.incomplete = listing.incomplete;
        let file = |(name, place): (&String, &Place)| if let Place::File(path) = place { Some((name.clone(), path.clone())) } else { None };
        let aliases = settings.places.iter().filter_map(file).collect();
        submission.bag = Bag::new(listing.files, aliases).with_spots(&settings.places).wrapped_in(wrapping);
        submission
    }

    fn gather(&self) -> Found<(Listing, String)> {
        let mut listing = Listing::default();
        for piece in &self.pieces {
            match piece {
                Piece::Folder(path) => listing.add(folder::list(path).map_err(Absent::Unreachable)?),
                Piece::File(name, source) => listing.add(Listing::of_file(name.clone(), source.clone())),
                Piece::Files(files) => listing.add(files.clone()),
            }
        }
        layout::unwrapped(listing, &Budget::of_submission())
    }
}

/// A name that can be a file's on every system.
pub(super) fn safe(name: &str) -> String {
    let plain = |c: char| if c.is_control() || "/\\:*?\"<>|".contains(c) { '_' } else { c };
    let name: String = composed(name).chars().take(120).map(plain).collect();
    if name.chars().all(|c| c == '.' || c.is_whitespace()) { "submission".to_owned() } else { name }
}

/// Nothing at all is at `path`.
pub(super) fn not_there(path: &Path, error: &std::io::Error) -> Diagnostic {
    let message = format!("the folder of submissions cannot be opened: {error}");
    Diagnostic::error(Code::NotReadable, message).in_file(path.display().to_string()).help("name a folder with one folder a student".to_owned())
}
