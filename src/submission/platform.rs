//! How learning platforms name what they let a course download.

pub(super) mod blackboard;
pub(super) mod brightspace;
pub(super) mod canvas;
pub(super) mod gradescope;
pub(super) mod moodle;
pub(super) mod sakai;

use crate::domain::late::Moment;

use super::entry::Entry;
use super::handed_in::{Person, Piece};

/// A platform, by the way that it names files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Platform {
    Canvas,
    Moodle,
    Blackboard,
    Brightspace,
    Sakai,
    Gradescope,
}

impl Platform {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Canvas => "Canvas",
            Self::Moodle => "Moodle",
            Self::Blackboard => "Blackboard",
            Self::Brightspace => "Brightspace",
            Self::Sakai => "Sakai",
            Self::Gradescope => "Gradescope",
        }
    }
}

/// A file or folder of a download, by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) platform: Platform,
    /// What is the same for all that one student handed in.
    pub(super) key: String,
    /// What the student's report is called without a roster.
    pub(super) student: String,
    /// The student, as the name tells.
    pub(super) person: Person,
    pub(super) late: bool,
    /// Which attempt it belongs to, where a platform keeps all of them.
    pub(super) attempt: Option<Attempt>,
    /// When it was handed in, if that is known though only the last attempt is there.
    pub(super) time: Option<Moment>,
    /// The number of the upload: later ones have greater.
    pub(super) upload: u64,
    pub(super) part: Part,
}

/// One of several times that a student handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attempt {
    /// Its time as the platform writes it.
    pub(super) written: String,
    /// Its time, if that can be read.
    pub(super) time: Option<Moment>,
}

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// A folder of the student's files.
    Folder,
    /// A file or an unpacked archive, as the student called it.
    Called(String),
    /// Something that the platform or a grader wrote about the student.
    About,
}

/// Platforms whose names nothing else has by chance.
const SURE: [Platform; 4] = [Platform::Moodle, Platform::Blackboard, Platform::Brightspace, Platform::Sakai];

/// The platform whose download `entries` are. A student can call a file as another platform would, but then both rules fit it, and only
/// the right one fits all others: so the one that fits most is right.
pub(super) fn of_download(entries: &[Entry]) -> Option<Platform> {
    if entries.iter().any(|entry| entry.is_file() && entry.name == gradescope::METADATA) {
        return Some(Platform::Gradescope);
    }
    let fitting = |platform: Platform| entries.iter().filter(|entry| named(entry, platform).is_some()).count();
    let by_canvas = fitting(Platform::Canvas);
    // A student's own files may be called as Canvas calls them.
    let other_files = entries.iter().filter(|entry| entry.is_file() && named(entry, Platform::Canvas).is_none()).count();
    let (sure, count) = SURE
        .into_iter()
        .map(|platform| (platform, fitting(platform)))
        .fold((None, 0), |best, (platform, count)| if count > best.1 { (Some(platform), count) } else { best });
    if by_canvas > count && by_canvas >= other_files { Some(Platform::Canvas) } else { sure }
}

/// The platform that has given `entry` its name, as far as one entry tells.
pub(super) fn of_entry(entry: &Entry) -> Option<Platform> {
    SURE.into_iter().chain([Platform::Canvas]).find(|platform| named(entry, *platform).is_some())
}

/// What `entry` is in a download of `platform`.
pub(super) fn named(entry: &Entry, platform: Platform) -> Option<Named> {
    let name = entry.name.as_str();
    match platform {
        Platform::Canvas => canvas::named(name),
        Platform::Moodle => moodle::named(name),
        Platform::Blackboard => blackboard::named(name),
        Platform::Brightspace => brightspace::named(name, entry.is_file()),
        Platform::Sakai => sakai::named(entry),
        Platform::Gradescope => None,
    }
}

/// What of `entry` the student handed in.
pub(super) fn work(named: &Named, entry: &Entry) -> Vec<Piece> {
    match (&named.part, &entry.piece) {
        (Part::About, _) => Vec::new(),
        (Part::Folder, _) if named.platform == Platform::Sakai => sakai::work(entry),
        (Part::Called(file), Piece::File(_, source)) => vec![Piece::File(file.clone(), source.clone())],
        (_, piece) => vec![piece.clone()],
    }
}
