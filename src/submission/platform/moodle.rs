//! Moodle (`mod_assign`): folders `FULL NAME_NUMBER_assignsubmission_file` (until 4.0 with another `_`) and `…_onlinetext`, or loose files
//! with that prefix. NUMBER is the assignment's own; its grading worksheet has it as the `Identifier` "Participant NUMBER". For a group it
//! is the group's name and number, and "Default group" without one for those in none. Only the last attempt is in the download.

use super::{Named, Part, Platform};
use crate::submission::handed_in::Person;

const MARK: &str = "_assignsubmission_";

/// The parts of a folder's or file's name.
pub(in crate::submission) fn named(name: &str) -> Option<Named> {
    let (student, rest) = name.split_once(MARK)?;
    let kind = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_lowercase()).len();
    let file = rest[kind..].strip_prefix('_').unwrap_or(&rest[kind..]);
    let number = |number: &&str| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let (full_name, ids) = match student.rsplit_once('_').filter(|(_, last)| number(last)) {
        Some((full_name, number)) => (full_name, vec![participant(number)]),
        None => (student, Vec::new()),
    };
    if kind == 0 || full_name.is_empty() {
        return None;
    }
    Some(Named {
        platform: Platform::Moodle,
        key: student.to_owned(),
        student: student.to_owned(),
        person: Person { name: full_name.to_owned(), ids },
        late: false,
        attempt: None,
        time: None,
        upload: 0,
        part: if file.is_empty() { Part::Folder } else { Part::Called(file.to_owned()) },
    })
}

/// How the worksheet's identifier is written, whatever its language: no other id looks like it.
pub(in crate::submission) fn participant(number: &str) -> String {
    format!("participant {number}")
}

/// Whether an id was made by `participant`.
pub(in crate::submission) fn is_identifier(id: &str) -> bool {
    id.starts_with("participant ")
}

/// What a worksheet's identifier says: the word that stands for hidden names, in whatever language, and the id.
pub(in crate::submission) fn identifier(cell: &str) -> Option<(&str, String)> {
    let word = cell.trim_end_matches(|c: char| c.is_ascii_digit());
    (!word.is_empty() && word.len() < cell.len()).then(|| (word.trim(), participant(&cell[word.len()..])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_student_and_file() {
        let read = |name: &str| named(name).map(|named| (named.student, named.person.name, named.person.ids, named.part));
        let called = |file: &str| Part::Called(file.to_owned());
        let is = |name: &str, student: &str, full: &str, id: Option<&str>, part: Part| {
            let ids = id.map(|id| format!("participant {id}")).into_iter().collect();
            assert_eq!(read(name), Some((student.into(), full.into(), ids, part)), "{name}");
        };
        is("Jana Nováková_123456_assignsubmission_file_", "Jana Nováková_123456", "Jana Nováková", Some("123456"), Part::Folder);
        is("Jana Nováková_123456_assignsubmission_file", "Jana Nováková_123456", "Jana Nováková", Some("123456"), Part::Folder);
        is("Toni Noel_657693_assignsubmission_onlinetext_", "Toni Noel_657693", "Toni Noel", Some("657693"), Part::Folder);
        is("Toni Noel_657693_assignsubmission_file_my_hw.zip", "Toni Noel_657693", "Toni Noel", Some("657693"), called("my_hw.zip"));
        is("Toni Noel_657693_assignsubmission_onlinetext_onlinetext.html", "Toni Noel_657693", "Toni Noel", Some("657693"), called("onlinetext.html"));
        is("Group 7_12_assignsubmission_file_", "Group 7_12", "Group 7", Some("12"), Part::Folder);
        is("Default group_assignsubmission_file_", "Default group", "Default group", None, Part::Folder);
        for other in ["Toni Noel_657693", "_1_assignsubmission_file_", "Toni_assignsubmission_", "Toni_1_assignfeedback_file_"] {
            assert_eq!(read(other), None, "{other}");
        }
        assert_eq!(identifier("Participant 657693"), Some(("Participant", "participant 657693".to_owned())));
        assert_eq!(identifier("Teilnehmer/in657693"), Some(("Teilnehmer/in", "participant 657693".to_owned())));
        assert_eq!((identifier("657693"), identifier("Ann")), (None, None));
    }
}
