//! One student's work as it was handed in: a folder, an archive, loose files. Opening it makes a submission.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::late::{HandInTime, Moment, Witness};
use crate::domain::text::is_hidden;
use crate::evidence::bag::Bag;
use crate::evidence::place::Place;
use crate::evidence::source::Source;
use crate::evidence::{Absent, Found};

use super::archive::{Budget, stem};
use super::listing::Listing;
use super::paths::composed;
use super::platform::Platform;
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
    /// What it lies under, where that is not what reports are named after.
    pub(super) called: String,
    pub(super) platform: Option<Platform>,
    /// When the platform says that it was handed in.
    pub(super) time: Option<Moment>,
    /// When the course says that it was.
    pub(super) time_by_course: Option<Moment>,
    pub(super) pieces: Vec<Piece>,
    /// Whether the pieces are in the order of their uploads, so that of two archives the first counts.
    pub(super) newest_first: bool,
    pub(super) notes: Vec<Diagnostic>,
    /// Why there may be more than the pieces.
    pub(super) unseen: Option<Diagnostic>,
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

/// What is noted of a file that two pieces have.
const TWICE: &str = "there are two files of this name; the one that was handed in first is passed over";

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
        let plain = plain.unwrap_or(called);
        let people = vec![Person { name: plain.to_owned(), ids: vec![plain.to_owned()] }];
        Self { people, student: safe(plain), called: called.to_owned(), pieces, ..Self::default() }
    }

    /// Opens it. Whatever is wrong with it becomes a note; nothing is read but what lists archives, and submission.toml.
    pub fn open(&self) -> Submission {
        // A decoder that panics must not cost the class its grades.
        let gathered = catch_unwind(AssertUnwindSafe(|| self.gather())).unwrap_or_else(|_| {
            let message = "opening the submission crashed; nothing of it is graded, please report this";
            Err(Absent::Unreachable(Diagnostic::error(Code::CheckPanicked, message)))
        });
        let (listing, wrapping) = match gathered {
            Ok(gathered) => gathered,
            Err(absent) => return Submission { unreachable: Some(absent.diagnostic().clone()), ..self.unopened() },
        };
        let mut submission = self.unopened();
        submission.notes.extend(listing.notes);
        let settings = settings::read(&listing.files, &mut submission.notes);
        submission.name = submission.name.or(settings.student);
        submission.time.stated = submission.time.stated.or_else(|| settings.submitted_at.map(|time| (time, Witness::Student)));
        submission.time.unreadable = settings.no_time;
        submission.incomplete = listing.incomplete;
        submission.files = listing.files.len().saturating_sub(listing.opened + usize::from(listing.files.contains_key(settings::PATH)));
        let file = |(name, place): (&String, &Place)| if let Place::File(path) = place { Some((name.clone(), path.clone())) } else { None };
        let aliases = settings.places.iter().filter_map(file).collect();
        submission.bag = Bag::new(listing.files, aliases).with_spots(&settings.places).wrapped_in(wrapping);
        submission
    }

    /// What is known of it without looking at what was handed in.
    pub fn unopened(&self) -> Submission {
        let platform = self.platform.map_or("the download", Platform::name);
        let by_course = self.time_by_course.map(|time| (time, Witness::Course));
        let by_platform = || self.time.map(|time| (time, Witness::Platform(platform)));
        let stated = by_course.or_else(by_platform);
        Submission {
            student: self.student.clone(),
            name: self.name.clone(),
            notes: self.notes.clone(),
            time: HandInTime { stated, marked_late: self.marked_late.then_some(platform), unreadable: None },
            ..Submission::default()
        }
    }

    /// All pieces, laid over each other.
    fn gather(&self) -> Found<(Listing, String)> {
        let mut listing = Listing::default();
        if let Some(why) = &self.unseen {
            listing.note_missing(why.clone());
        }
        for piece in &self.pieces {
            match piece {
                Piece::Folder(path) => listing.add(folder::list(path).map_err(Absent::Unreachable)?, TWICE),
                Piece::File(name, source) => listing.add(Listing::of_file(name.clone(), source.clone()), TWICE),
                Piece::Files(files) => listing.add(files.clone(), TWICE),
            }
        }
        let name = |piece: &Piece| if let Piece::File(name, _) = piece { Some(name.clone()) } else { None };
        let order: Vec<String> = if self.newest_first { self.pieces.iter().filter_map(name).collect() } else { Vec::new() };
        layout::unwrapped(listing, &order, &Budget::of_submission())
    }
}

/// The bytes of a name that reports are called after. Endings and the ids of items follow it, and a file's name has at most 255.
const NAME_BYTES: usize = 100;

/// A name that can be a file's on every system. A long one is cut, and ends with a hash of the whole, so that two stay two.
pub(super) fn safe(name: &str) -> String {
    let plain = |c: char| if is_hidden(c) || "/\\:*?\"<>|".contains(c) { '_' } else { c };
    let whole = composed(name);
    let mut name: String = whole.chars().map(plain).collect();
    // Windows drops what is blank or a dot at the end, and has devices of these names.
    let kept = name.trim_end_matches(['.', ' ']).len();
    if kept < name.len() && kept > 0 {
        name.replace_range(kept.., "_");
    }
    let stem = name.split('.').next().unwrap_or_default().to_ascii_uppercase();
    let is_port = |port: &str| stem.strip_prefix(port).is_some_and(|number| matches!(number.as_bytes(), [b'0'..=b'9']));
    if matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL") || is_port("COM") || is_port("LPT") {
        name.insert(0, '_');
    }
    if name.chars().all(|c| c == '.' || c.is_whitespace()) {
        return "submission".to_owned();
    }
    if name.len() > NAME_BYTES {
        let hash = blake3::hash(whole.as_bytes()).to_hex();
        let kept = (0..=NAME_BYTES - 9).rev().find(|&at| name.is_char_boundary(at)).unwrap_or(0);
        name = format!("{}~{}", name[..kept].trim_end(), &hash[..8]);
    }
    name
}

/// Nothing at all is at `path`.
pub(super) fn not_there(path: &Path, error: &std::io::Error) -> Diagnostic {
    let message = format!("the folder of submissions cannot be opened: {error}");
    Diagnostic::error(Code::NotReadable, message).in_file(path.display().to_string()).help("name a folder with one folder a student".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_can_be_a_files_on_every_system() {
        for (name, safe_name) in [
            ("Ann Lee", "Ann Lee"),
            ("a/b:c", "a_b_c"),
            ("ann\u{202e}gnp.exe", "ann_gnp.exe"),
            ("ann. ", "ann_"),
            ("..", "submission"),
            (" ", "submission"),
            ("nul", "_nul"),
            ("com1.txt", "_com1.txt"),
            ("comfort", "comfort"),
            ("Nova\u{301}k", "Novák"),
        ] {
            assert_eq!(safe(name), safe_name, "{name}");
        }
        let long = ["名".repeat(84), "名".repeat(85), "e".repeat(300), format!("{}x", "e".repeat(299))].map(|name| safe(&name));
        assert!(long.iter().all(|name| name.len() <= NAME_BYTES), "{long:?}");
        assert_eq!(long.iter().collect::<std::collections::BTreeSet<_>>().len(), 4, "{long:?}");
        assert_eq!(safe(&"a".repeat(100)), "a".repeat(100));
    }
}
