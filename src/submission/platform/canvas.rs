//! Canvas (its `ContentZipper`): a zip of loose files `NAME[_LATE]_USER_FILE_ORIGINAL`. NAME is the sortable name ("Lee, Ann") in small
//! letters without anything but letters, digits and `_`: `leeann`; for a group it is the group's name, and USER one of its students.
//! USER and FILE are numbers, FILE grows with the time of the upload. Without names it is `[LATE_]anon_XXXXX_FILE_ORIGINAL`. Text and
//! links are `NAME[_LATE]_USER_text.html` and `…_link.html`. A file that is handed in again under the same name gets `-1`, `-2` at its
//! end; only the last attempt is in the download.

use super::{Named, Part, Platform};
use crate::submission::archive::stem;
use crate::submission::handed_in::Person;

/// The parts of a file's name.
pub(in crate::submission) fn named(name: &str) -> Option<Named> {
    let fields: Vec<(usize, &str)> = name.split('_').scan(0, |at, field| Some((std::mem::replace(at, *at + field.len() + 1), field))).collect();
    let number = |i: usize| fields.get(i).filter(|(_, field)| !field.is_empty() && field.bytes().all(|byte| byte.is_ascii_digit())).map(|(_, field)| *field);
    let rest = |i: usize| fields.get(i).map(|&(at, _)| &name[at..]).filter(|file| !file.is_empty());
    let upload_and_file = |i: usize| match (number(i), rest(i)?) {
        (Some(upload), _) => Some((upload.parse().ok()?, rest(i + 1)?)),
        (None, file @ ("text.html" | "link.html")) => Some((0, file)),
        _ => None,
    };
    let made = |student: String, called: &str, user: Option<&str>, late, (upload, file): (u64, &str)| Named {
        platform: Platform::Canvas,
        key: student.clone(),
        student,
        person: Person { name: called.to_owned(), ids: user.map(str::to_owned).into_iter().collect() },
        late,
        attempt: None,
        time: None,
        upload,
        part: Part::Called(file.to_owned()),
    };
    if let Some(at) = [0, 1].into_iter().find(|&at| fields.get(at).is_some_and(|(_, field)| *field == "anon") && (at == 0 || fields[0].1 == "LATE")) {
        // Until 2018 the mark came after the number.
        let late_after = fields.get(at + 2).is_some_and(|(_, field)| *field == "LATE");
        let code = fields.get(at + 1).map(|(_, code)| *code).filter(|code| !code.is_empty())?;
        let student = format!("anon_{code}");
        return Some(made(student.clone(), &student, None, at == 1 || late_after, upload_and_file(at + 2 + usize::from(late_after))?));
    }
    // The name itself may hold `_`, but never a number between two of them.
    for i in 1..fields.len() {
        let Some(user) = number(i) else { continue };
        let late = i >= 2 && fields[i - 1].1 == "LATE";
        let called = name[..fields[i - usize::from(late)].0].trim_end_matches('_');
        let plain = !called.is_empty() && called.chars().all(|c| c.is_alphanumeric() || c == '_' || is_mark(c));
        return plain.then(|| Some(made(format!("{called}_{user}"), called, Some(user), late, upload_and_file(i + 1)?)))?;
    }
    None
}

/// Whether `c` belongs to the letter before it: a vowel sign, an accent that has no letter of its own.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// The name before Canvas added `-1` for another file of this name, and the number added.
pub(in crate::submission) fn before_suffix(file: &str) -> Option<(String, u32)> {
    let (stem, ending) = match stem(file) {
        Some(stem) => (stem, &file[stem.len()..]),
        None => file.rsplit_once('.').map(|(stem, _)| (stem, &file[stem.len()..]))?,
    };
    let (plain, number) = stem.rsplit_once('-')?;
    let is_number = matches!(number.len(), 1..=2) && number.bytes().all(|byte| byte.is_ascii_digit()) && !number.starts_with('0');
    (is_number && !plain.is_empty()).then(|| Some((format!("{plain}{ending}"), number.parse().ok()?)))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_student_and_file() {
        let read = |name: &str| named(name).map(|named| (named.student, named.person.ids, named.late, named.upload, named.part));
        let is = |name: &str, student: &str, user: Option<&str>, late, upload, file: &str| {
            let ids = user.map(str::to_owned).into_iter().collect();
            assert_eq!(read(name), Some((student.to_owned(), ids, late, upload, Part::Called(file.to_owned()))), "{name}");
        };
        is("leeann_340934_208490284_metrics.json", "leeann_340934", Some("340934"), false, 208_490_284, "metrics.json");
        is("leeann_LATE_340934_208490284_hw2-1.zip", "leeann_340934", Some("340934"), true, 208_490_284, "hw2-1.zip");
        is("novákovájana_1_2_my_1_2_file.ipynb", "novákovájana_1", Some("1"), false, 2, "my_1_2_file.ipynb");
        is("de_la_cruzana_77_88_a.b", "de_la_cruzana_77", Some("77"), false, 88, "a.b");
        is("शर्माअनिल_77_88_a.b", "शर्माअनिल_77", Some("77"), false, 88, "a.b");
        is("anon_aB3dE_99_hw2.zip", "anon_aB3dE", None, false, 99, "hw2.zip");
        is("anon_aB3dE_LATE_99_hw2.zip", "anon_aB3dE", None, true, 99, "hw2.zip");
        is("LATE_anon_aB3dE_99_hw2.zip", "anon_aB3dE", None, true, 99, "hw2.zip");
        is("anon_aB3dE_text.html", "anon_aB3dE", None, false, 0, "text.html");
        is("leeann_340934_text.html", "leeann_340934", Some("340934"), false, 0, "text.html");
        for other in ["hw2.zip", "lee_ann.zip", "leeann_12_hw2.zip", "_1_2_x", "leeann_1_2_", "submission_123456", "lee ann_1_2_x.zip", ""] {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn a_number_that_canvas_added_is_told_from_a_name() {
        let is = |name: &str, plain: &str, number| assert_eq!(before_suffix(name), Some((plain.to_owned(), number)), "{name}");
        is("metrics-1.json", "metrics.json", 1);
        is("hw2-1-12.tar.gz", "hw2-1.tar.gz", 12);
        for other in ["metrics.json", "lr-0.1.png", "run-2023.json", "-1.json", "metrics-x.json", "noending-1", "m-01.json", "m-0.json"] {
            assert_eq!(before_suffix(other), None, "{other}");
        }
    }
}
