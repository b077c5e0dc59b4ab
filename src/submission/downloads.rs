//! How learning platforms name what they let a course download.
//!
//! Canvas (its `ContentZipper`): a zip of loose files `NAME[_LATE]_USER_FILE_ORIGINAL`. NAME is the sortable name ("Lee, Ann") in small
//! letters without anything but letters, digits and `_`: `leeann`. USER and FILE are numbers, FILE grows with the time of the upload.
//! Without names it is `anon_XXXXX[_LATE]_FILE_ORIGINAL`. Text and links are `NAME[_LATE]_USER_text.html` and `…_link.html`. A file that
//! is handed in again under the same name gets `-1`, `-2` at its end; only the last attempt is in the download.
//!
//! Moodle (`mod_assign`): folders `FULL NAME_NUMBER_assignsubmission_file` (until 4.0 with another `_`), `…_onlinetext`, or loose files
//! with that prefix. NUMBER is the assignment's own and stands in no roster.

/// A file or folder of a download, by its name.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Named<'n> {
    /// What is the same for all that one student handed in.
    pub(super) student: String,
    /// The student's name, as it is written there.
    pub(super) name: &'n str,
    /// The platform's number of the student, where a roster may have it.
    pub(super) user: Option<&'n str>,
    pub(super) late: bool,
    /// The number of the upload.
    pub(super) upload: u64,
    /// The file as the student called it; empty for a folder.
    pub(super) file: &'n str,
}

/// The parts of a Canvas file's name.
pub(super) fn canvas(name: &str) -> Option<Named<'_>> {
    let fields: Vec<(usize, &str)> = name.split('_').scan(0, |at, field| Some((std::mem::replace(at, *at + field.len() + 1), field))).collect();
    let number = |i: usize| fields.get(i).filter(|(_, field)| !field.is_empty() && field.bytes().all(|byte| byte.is_ascii_digit())).map(|(_, field)| *field);
    let rest = |i: usize| fields.get(i).map(|&(at, _)| &name[at..]).filter(|file| !file.is_empty());
    if fields.len() >= 4 && fields[0].1 == "anon" {
        let late = fields[2].1 == "LATE";
        let (upload, file) = (number(2 + usize::from(late))?, rest(3 + usize::from(late))?);
        let student = &name[..fields[1].0 + fields[1].1.len()];
        return Some(Named { student: student.to_owned(), name: student, user: None, late, upload: upload.parse().ok()?, file });
    }
    // The name itself may hold `_`, but never a number between two of them.
    for i in 1..fields.len() {
        let Some(user) = number(i) else { continue };
        let late = i >= 2 && fields[i - 1].1 == "LATE";
        let student_name = name[..fields[i - usize::from(late)].0].trim_end_matches('_');
        let (upload, file) = match (number(i + 1), rest(i + 1)?) {
            (Some(upload), _) => (upload.parse().ok()?, rest(i + 2)?),
            (None, file @ ("text.html" | "link.html")) => (0, file),
            _ => return None,
        };
        let plain = !student_name.is_empty() && student_name.chars().all(|c| c.is_alphanumeric() || c == '_');
        return plain.then(|| Named { student: format!("{student_name}_{user}"), name: student_name, user: Some(user), late, upload, file });
    }
    None
}

/// The parts of a Moodle folder's or file's name.
pub(super) fn moodle(name: &str) -> Option<Named<'_>> {
    let kinds = ["_assignsubmission_file", "_assignsubmission_onlinetext"];
    let (student, rest) = kinds.iter().find_map(|kind| name.split_once(kind))?;
    let (full_name, number) = student.rsplit_once('_')?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let file = rest.strip_prefix('_').unwrap_or(rest);
    (is_number && !full_name.is_empty()).then(|| Named { student: student.to_owned(), name: full_name, user: None, late: false, upload: 0, file })
}

/// The name before Canvas added `-1` for another file of this name, and the number added.
pub(super) fn before_suffix(file: &str) -> Option<(String, u32)> {
    let (stem, ending) = match super::archive::stem(file) {
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
    fn canvas_names_tell_student_and_file() {
        let told = |name: &str| canvas(name).map(|named| (named.student, named.user.map(str::to_owned), named.late, named.upload, named.file.to_owned()));
        let is = |name: &str, student: &str, user: Option<&str>, late, upload, file: &str| {
            assert_eq!(told(name), Some((student.to_owned(), user.map(str::to_owned), late, upload, file.to_owned())), "{name}");
        };
        is("leeann_340934_208490284_metrics.json", "leeann_340934", Some("340934"), false, 208_490_284, "metrics.json");
        is("leeann_LATE_340934_208490284_hw2-1.zip", "leeann_340934", Some("340934"), true, 208_490_284, "hw2-1.zip");
        is("novákovájana_1_2_my_1_2_file.ipynb", "novákovájana_1", Some("1"), false, 2, "my_1_2_file.ipynb");
        is("de_la_cruzana_77_88_a.b", "de_la_cruzana_77", Some("77"), false, 88, "a.b");
        is("anon_aB3dE_99_hw2.zip", "anon_aB3dE", None, false, 99, "hw2.zip");
        is("anon_aB3dE_LATE_99_hw2.zip", "anon_aB3dE", None, true, 99, "hw2.zip");
        is("leeann_340934_text.html", "leeann_340934", Some("340934"), false, 0, "text.html");
        for other in ["hw2.zip", "lee_ann.zip", "leeann_12_hw2.zip", "_1_2_x", "leeann_1_2_", "submission_123456", "lee ann_1_2_x.zip", ""] {
            assert_eq!(canvas(other), None, "{other}");
        }
    }

    #[test]
    fn moodle_names_tell_student_and_file() {
        let told = |name: &str| moodle(name).map(|named| (named.student, named.name.to_owned(), named.file.to_owned()));
        let is = |name: &str, student: &str, full: &str, file: &str| assert_eq!(told(name), Some((student.into(), full.into(), file.into())), "{name}");
        is("Jana Nováková_123456_assignsubmission_file_", "Jana Nováková_123456", "Jana Nováková", "");
        is("Jana Nováková_123456_assignsubmission_file", "Jana Nováková_123456", "Jana Nováková", "");
        is("Toni Noel_657693_assignsubmission_onlinetext_", "Toni Noel_657693", "Toni Noel", "");
        is("Toni Noel_657693_assignsubmission_file_my_hw.zip", "Toni Noel_657693", "Toni Noel", "my_hw.zip");
        for other in ["Toni Noel_657693", "_1_assignsubmission_file_", "Toni_assignsubmission_file_", "Toni_x1_assignsubmission_file_"] {
            assert_eq!(moodle(other), None, "{other}");
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
