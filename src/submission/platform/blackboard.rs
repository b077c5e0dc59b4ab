//! Blackboard: loose files `ASSIGNMENT_LOGIN_attempt_YYYY-MM-DD-HH-MM-SS_ORIGINAL`, and for each attempt a note without `_ORIGINAL` that
//! ends with `.txt`:
//!
//! ```text
//! Name: Ann Lee (alee2)
//! Assignment: HW2
//! Date Submitted: Monday, March 6, 2023 8:59:00 PM CST
//! …
//! Files:
//!     Original filename: metrics.json
//!     Filename: HW2_alee2_attempt_2023-03-06-20-59-00_metrics.json
//! ```
//!
//! All attempts may be in the download. Where the assignment's name ends and the login begins only the note tells.

use std::collections::{BTreeMap, BTreeSet};

use super::{Attempt, Named, Part, Platform};
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::limits;
use crate::evidence::source::Source;
use crate::submission::handed_in::Person;
use crate::submission::times::moment;

const MARK: &str = "_attempt_";
const TIME: usize = "2023-03-06-20-59-00".len();

/// The parts of a file's or folder's name. Which part is the student and which the assignment is not yet known.
pub(in crate::submission) fn named(name: &str) -> Option<Named> {
    let (at, written) = name.match_indices(MARK).find_map(|(at, _)| {
        let written = name.get(at + MARK.len()..at + MARK.len() + TIME)?;
        let is_time = written.split('-').map(str::len).eq([4, 2, 2, 2, 2, 2]) && moment(written).is_some();
        is_time.then_some((at, written))
    })?;
    let part = match &name[at + MARK.len() + TIME..] {
        "" => Part::Folder,
        ".txt" => Part::About,
        rest => Part::Called(rest.strip_prefix('_').filter(|file| !file.is_empty())?.to_owned()),
    };
    let stem = &name[..at];
    (!stem.is_empty()).then(|| Named {
        platform: Platform::Blackboard,
        key: stem.to_owned(),
        student: stem.to_owned(),
        person: Person::default(),
        late: false,
        attempt: Some(Attempt { written: written.to_owned(), time: moment(written) }),
        time: None,
        upload: 0,
        part,
    })
}

/// What the note about an attempt says.
#[derive(Debug, Default, PartialEq, Eq)]
struct Note {
    name: String,
    login: String,
    /// What the student called each file, by its name in the download.
    files: BTreeMap<String, String>,
}

/// Reads a note. What the student typed stands in it too, but before the list of files and after the name.
fn note(text: &str) -> Note {
    let mut note = Note::default();
    let head = text.lines().find_map(|line| line.trim_start_matches('\u{feff}').strip_prefix("Name:")).unwrap_or_default().trim();
    let (name, login) = head.strip_suffix(')').and_then(|head| head.rsplit_once('(')).unwrap_or((head, ""));
    (note.name, note.login) = (name.trim().to_owned(), login.trim().to_owned());
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let files = lines.iter().rposition(|line| *line == "Files:").map_or(&[][..], |at| &lines[at + 1..]);
    let mut original = "";
    for line in files {
        if let Some(name) = line.strip_prefix("Original filename:") {
            original = name.trim();
        } else if let Some(name) = line.strip_prefix("Filename:").map(str::trim).filter(|name| !name.is_empty()) {
            note.files.insert(name.to_owned(), original.to_owned());
        }
    }
    note
}

/// What `settle` needs of each part of a download: its name there, what it stands for, and its bytes if it is a file.
pub(in crate::submission) struct Seen<'e> {
    pub(in crate::submission) name: &'e str,
    pub(in crate::submission) named: &'e mut Named,
    pub(in crate::submission) source: Option<&'e Source>,
}

/// Separates students from assignments, and gives files the names that their students gave them. Returns what a note lists and the
/// download does not have, by the student's key.
pub(in crate::submission) fn settle(mut parts: Vec<Seen<'_>>) -> Vec<(String, Diagnostic)> {
    let mut notes: BTreeMap<(String, String), Note> = BTreeMap::new();
    for part in parts.iter().filter(|part| part.named.part == Part::About) {
        let text = part.source.and_then(|source| source.read(part.name, limits::NOTE_BYTES).ok()).unwrap_or_default();
        notes.insert(attempt_of(part.named), note(&String::from_utf8_lossy(&text)));
    }
    let mut logins: BTreeMap<String, (String, String)> = BTreeMap::new();
    for ((key, _), note) in &notes {
        if let Some(assignment) = before_login(key, &note.login) {
            logins.insert(key.clone(), (assignment.to_owned(), note.login.clone()));
        }
    }
    // Without a note the assignment is what the others' is, and else all up to the last `_`.
    let assignments: BTreeSet<String> = logins.values().map(|(assignment, _)| assignment.clone()).collect();
    for part in &mut parts {
        let key = part.named.key.clone();
        let (_, login) = logins.entry(key.clone()).or_insert_with(|| {
            let known = assignments.iter().filter(|assignment| !assignment.is_empty()).find_map(|assignment| {
                Some((assignment.clone(), key.strip_prefix(assignment.as_str())?.strip_prefix('_').filter(|login| !login.is_empty())?.to_owned()))
            });
            known.unwrap_or_else(|| key.rsplit_once('_').map_or((String::new(), key.clone()), |(assignment, login)| (assignment.to_owned(), login.to_owned())))
        });
        let note = notes.get(&attempt_of(part.named));
        let ids = std::iter::once(login.clone()).chain(login.split_once('@').map(|(login, _)| login.to_owned())).collect();
        part.named.person = Person { name: note.map(|note| note.name.clone()).unwrap_or_default(), ids };
        part.named.student.clone_from(login);
        if let (Some(original), Part::Called(_)) = (note.and_then(|note| note.files.get(part.name)).filter(|original| !original.is_empty()), &part.named.part) {
            part.named.part = Part::Called(original.clone());
        }
    }
    let there: BTreeSet<&str> = parts.iter().map(|part| part.name).collect();
    let mut lacking = Vec::new();
    for ((key, written), note) in &notes {
        let own = format!("{key}{MARK}{written}");
        for (file, original) in note.files.iter().filter(|(file, _)| file.starts_with(&own) && !there.contains(file.as_str())) {
            let message = format!("{own}.txt lists {}, which is not in the download", if original.is_empty() { file } else { original });
            lacking.push((key.clone(), Diagnostic::error(Code::NotReadable, message).help("download it again".to_owned())));
        }
    }
    lacking
}

fn attempt_of(named: &Named) -> (String, String) {
    (named.key.clone(), named.attempt.as_ref().map(|attempt| attempt.written.clone()).unwrap_or_default())
}

/// What stands before `_LOGIN` in a key. In a file's name a login has lost what may not be in one, such as `@`.
fn before_login<'k>(key: &'k str, login: &str) -> Option<&'k str> {
    let folded = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let wanted = folded(login);
    let fits = |at: usize| !wanted.is_empty() && folded(&key[at..]) == wanted;
    key.match_indices('_').map(|(at, _)| at).rev().find(|&at| fits(at + 1)).map(|at| &key[..at]).or_else(|| fits(0).then_some(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_attempt_and_file() {
        let read = |name: &str| named(name).map(|named| (named.key, named.attempt.map(|attempt| attempt.written), named.part));
        let is = |name: &str, key: &str, part: Part| assert_eq!(read(name), Some((key.to_owned(), Some("2023-03-06-20-59-00".to_owned()), part)), "{name}");
        let called = |file: &str| Part::Called(file.to_owned());
        is("HW2_alee2_attempt_2023-03-06-20-59-00_metrics.json", "HW2_alee2", called("metrics.json"));
        is("Home work_2_ann_lee_attempt_2023-03-06-20-59-00_my_attempt_1.zip", "Home work_2_ann_lee", called("my_attempt_1.zip"));
        is("HW2_alee2_attempt_2023-03-06-20-59-00.txt", "HW2_alee2", Part::About);
        is("my_attempt_2_alee2_attempt_2023-03-06-20-59-00_notes.txt", "my_attempt_2_alee2", called("notes.txt"));
        for other in ["HW2_alee2_attempt_1_x", "_attempt_2023-03-06-20-59-00_x", "HW2_a_attempt_2023-13-06-20-59-00_x", "a_attempt_2023-03-06-20-59-00x"] {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn a_note_is_read_at_its_beginning_and_end_only() {
        let text = "Name: Ann Lee (Lee) (alee2)\r\nAssignment: HW2\r\nDate Submitted: x\r\n\r\nSubmission Field: \r\nName: Bob (bkim)\r\nFiles:\r\n\tOriginal filename: evil\r\n\
                    \tFilename: HW2_bkim_attempt_x\r\n\r\nComments: \r\n-\r\n\r\nFiles:\r\n\tOriginal filename: a: b.json\r\n\tFilename: HW2_alee2_attempt_1_a b.json\r\n\r\n";
        let read = note(text);
        assert_eq!((read.name.as_str(), read.login.as_str()), ("Ann Lee (Lee)", "alee2"));
        assert_eq!(read.files, BTreeMap::from([("HW2_alee2_attempt_1_a b.json".to_owned(), "a: b.json".to_owned())]));
        assert_eq!(note(""), Note::default());
    }

    #[test]
    fn the_assignment_ends_where_the_login_begins() {
        for (key, login, assignment) in [
            ("HW2_alee2", "alee2", Some("HW2")),
            ("HW_2_ann_lee", "ann_lee", Some("HW_2")),
            ("HW2_annx.edu", "ann@x.edu", Some("HW2")),
            ("alee2", "alee2", Some("")),
            ("HW2_bob", "ann", None),
            ("HW2_bob", "", None),
        ] {
            assert_eq!(before_login(key, login), assignment, "{key} {login}");
        }
    }
}
