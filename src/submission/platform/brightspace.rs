//! Brightspace (D2L): folders `NUMBER-NUMBER - FULL NAME - TIME` with a student's files, one for each attempt, such as
//! `39786-640693 - Ann Lee - Mar 6, 2023 859 PM`; or files with that prefix, ` - ` and their own name. An index.html lies beside them.

use super::{Attempt, Named, Part, Platform};
use crate::submission::handed_in::Person;
use crate::submission::times::moment;

/// The file that lists the folders.
pub(in crate::submission) const INDEX: &str = "index.html";

/// The parts of a folder's or file's name.
pub(in crate::submission) fn named(name: &str, is_file: bool) -> Option<Named> {
    let (numbers, rest) = name.split_once(" - ")?;
    let (user, folder) = numbers.split_once('-')?;
    let is_number = |number: &str| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(user) || !is_number(folder) {
        return None;
    }
    // A name may hold ` - `, and so may a file: the time between them tells which is which.
    let pieces: Vec<&str> = rest.split(" - ").collect();
    let time_at = (1..pieces.len()).find(|&i| moment(pieces[i]).is_some());
    let time_at = time_at.or_else(|| (!is_file && pieces.len() > 1).then(|| pieces.len() - 1))?;
    let (full_name, file) = (pieces[..time_at].join(" - "), pieces[time_at + 1..].join(" - "));
    if full_name.trim().is_empty() || (is_file && file.is_empty()) {
        return None;
    }
    let full_name = full_name.trim().to_owned();
    Some(Named {
        platform: Platform::Brightspace,
        key: format!("{user} {full_name}"),
        student: format!("{full_name}_{user}"),
        person: Person { name: full_name, ids: Vec::new() },
        late: false,
        attempt: Some(Attempt { written: pieces[time_at].to_owned(), time: moment(pieces[time_at]) }),
        time: None,
        upload: 0,
        part: if file.is_empty() { Part::Folder } else { Part::Called(file) },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_student_attempt_and_file() {
        let read = |name: &str, is_file| named(name, is_file).map(|named| (named.student, named.attempt.map(|attempt| attempt.written), named.part));
        let is = |name: &str, is_file, student: &str, written: &str, part: Part| {
            assert_eq!(read(name, is_file), Some((student.to_owned(), Some(written.to_owned()), part)), "{name}");
        };
        let called = |file: &str| Part::Called(file.to_owned());
        is("111-222 - Ann Lee - Mar 6, 2023 859 PM", false, "Ann Lee_111", "Mar 6, 2023 859 PM", Part::Folder);
        is("39786-640693 - Zoë O'Brien - Smith - Oct 10, 2025 1022 AM", false, "Zoë O'Brien - Smith_39786", "Oct 10, 2025 1022 AM", Part::Folder);
        is("1-2 - Ann Lee - 6 mars 2023 20 h 59", false, "Ann Lee_1", "6 mars 2023 20 h 59", Part::Folder);
        is("1-2 - Ann Lee - Mar 6, 2023 859 PM - my - hw.zip", true, "Ann Lee_1", "Mar 6, 2023 859 PM", called("my - hw.zip"));
        for (other, is_file) in [("Ann Lee - Mar 6, 2023 859 PM", false), ("1-x - Ann - Mar 6, 2023 859 PM", false), ("1-2 - Ann", false)] {
            assert_eq!(read(other, is_file), None, "{other}");
        }
        assert_eq!(read("1-2 - Ann Lee - Mar 6, 2023 859 PM", true), None, "a file without a name");
    }
}
