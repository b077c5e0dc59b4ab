//! Sakai: folders `LAST, FIRST(LOGIN)` with the work in `Submission attachment(s)` (in other languages another name), what was typed in
//! `…_submissionText.html`, the time in timestamp.txt, and what the graders write; or loose files `LAST, FIRST(LOGIN)_Submission
//! attachment(s)_ORIGINAL`. A grades.csv lies beside them. Only the last attempt is in the download.

use super::{Named, Part, Platform};
use crate::domain::limits;
use crate::submission::entry::Entry;
use crate::submission::handed_in::{Person, Piece};
use crate::submission::times;

const WORK: &str = "Submission attachment(s)";
const FEEDBACK: &str = "Feedback Attachment(s)";
const TEXT: &str = "_submissionText.html";
const TIME: &str = "timestamp.txt";

/// Files that lie beside the folders.
pub(in crate::submission) const BESIDE: [&str; 3] = ["grades.csv", "grades.xls", "grades.xlsx"];

/// The parts of a folder's or file's name.
pub(in crate::submission) fn named(entry: &Entry) -> Option<Named> {
    let (whose, rest) = match entry.name.strip_suffix(')') {
        Some(whose) => (whose, ""),
        None => flat(&entry.name)?,
    };
    let (full_name, login) = whose.rsplit_once('(')?;
    if full_name.trim().is_empty() || login.is_empty() || login.contains(')') {
        return None;
    }
    let part = match rest {
        "" if entry.is_file() => return None,
        "" => {
            let inside = entry.inside();
            let is_ours = |entry: &Entry| matches!(entry.name.as_str(), WORK | FEEDBACK | TIME) || entry.name.ends_with(TEXT);
            if !inside.iter().any(is_ours) {
                return None;
            }
            Part::Folder
        }
        _ => match rest.strip_prefix(WORK).and_then(|rest| rest.strip_prefix('_')) {
            Some(file) if !file.is_empty() => Part::Called(file.to_owned()),
            _ if rest == &TEXT[1..] => Part::Called(TEXT[1..].to_owned()),
            _ => Part::About,
        },
    };
    let time = entry.file_inside(TIME).and_then(|source| source.read(TIME, limits::NOTE_BYTES).ok());
    let time = time.and_then(|bytes| times::sakai(&String::from_utf8_lossy(&bytes)));
    let person = Person { name: full_name.trim().to_owned(), ids: vec![login.to_owned()] };
    Some(Named { platform: Platform::Sakai, key: login.to_owned(), student: login.to_owned(), person, late: false, attempt: None, time, upload: 0, part })
}

/// A loose file's owner, without the last `)`, and the rest of its name.
fn flat(name: &str) -> Option<(&str, &str)> {
    let marks = [WORK, FEEDBACK, &TEXT[1..], TIME, "feedbackText.html", "comments.txt"];
    marks.iter().find_map(|mark| {
        let at = name.find(&format!(")_{mark}"))?;
        Some((&name[..at], &name[at + 2..]))
    })
}

/// What of a student's folder the student handed in.
pub(in crate::submission) fn work(entry: &Entry) -> Vec<Piece> {
    let inside = entry.inside();
    let has_work = inside.iter().any(|inner| inner.name == WORK);
    let handed_in = |inner: Entry| match inner.piece {
        Piece::File(name, source) => name.ends_with(TEXT).then(|| Piece::File(TEXT[1..].to_owned(), source)),
        folder if inner.name == WORK || (!has_work && inner.name != FEEDBACK) => Some(folder),
        _ => None,
    };
    inside.into_iter().filter_map(handed_in).collect()
}
