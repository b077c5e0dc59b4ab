//! A roster: who is in the class, and when they handed in where it tells.

mod matching;

use std::collections::BTreeSet;

use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::late::Moment;
use crate::domain::text::delimiter;

use super::handed_in::safe;
use super::paths::composed;
use super::platform::moodle;
use super::times::moment;

pub use matching::Matched;

/// Headers of a student's id, the most telling first, in small letters without anything but letters and digits: "id" in Canvas's gradebook
/// is its own number, which its downloads carry too; "sid" is Gradescope's; "Identifier" is Moodle's for one assignment alone.
const IDS: [&str; 18] = [
    "id",
    "sid",
    "studentid",
    "studentnumber",
    "uin",
    "canvasuserid",
    "sisuserid",
    "orgdefinedid",
    "idnumber",
    "sisloginid",
    "netid",
    "username",
    "login",
    "loginid",
    "userid",
    "email",
    "emailaddress",
    IDENTIFIER,
];
const IDENTIFIER: &str = "identifier";
const NAMES: [&str; 4] = ["name", "student", "studentname", "fullname"];
const FIRST_NAMES: [&str; 4] = ["firstname", "first", "givenname", "preferredname"];
const LAST_NAMES: [&str; 4] = ["lastname", "last", "surname", "familyname"];
const GROUPS: [&str; 3] = ["groupname", "group", "team"];
/// Headers of the time of a hand-in: Moodle's worksheet, Gradescope's scores, a list that the course makes.
const TIMES: [&str; 7] = ["lastmodifiedsubmission", "submissiontime", "submittedat", "submitted", "handedin", "timestamp", "time"];

/// The students of a class.
#[derive(Debug, Default)]
pub struct Roster {
    students: Vec<Enrolled>,
    /// Whether a column tells when they handed in.
    has_times: bool,
    /// Whether it is Moodle's worksheet, whose students have numbers for one assignment alone.
    has_identifiers: bool,
}

/// One student of a roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolled {
    /// The id that reports are named after.
    pub id: String,
    /// The name.
    pub name: String,
    /// Which line of the list it is: 0 for the first one below the header.
    pub row: usize,
    ids: BTreeSet<String>,
    names: BTreeSet<String>,
    group: Option<String>,
    time: Option<Moment>,
}

impl Roster {
    /// Reads a CSV that has a header with an id or a name.
    pub fn read(path: &str, bytes: &[u8]) -> Result<Self, Diagnostic> {
        let fault = |message: String| Diagnostic::error(Code::DataMalformed, message).in_file(path);
        let text = decoded(bytes).ok_or_else(|| fault("it is not UTF-8 text".to_owned()).help("save the roster as CSV UTF-8".to_owned()))?;
        let text = text.trim_start_matches('\u{feff}');
        let head = text.lines().next().unwrap_or_default();
        let separator = delimiter(head);
        let mut reader = csv::ReaderBuilder::new().delimiter(separator).flexible(true).from_reader(text.as_bytes());
        let headers: Vec<String> = reader.headers().map_err(|error| fault(error.to_string()))?.iter().map(folded).collect();
        let column = |known: &[&str]| known.iter().find_map(|name| headers.iter().position(|header| header == name));
        let (name, first, last) = (column(&NAMES), column(&FIRST_NAMES), column(&LAST_NAMES));
        let (group, time) = (column(&GROUPS), column(&TIMES));
        let id_columns: Vec<usize> = IDS.iter().filter_map(|name| headers.iter().position(|header| header == name)).collect();
        if id_columns.is_empty() && name.is_none() && last.is_none() {
            let help = "name the columns `id,name,email`, or export the roster from Canvas or Gradescope";
            return Err(fault("no column of the roster is an id or a name".to_owned()).help(help.to_owned()));
        }
        let mut students: Vec<Enrolled> = Vec::new();
        for (row, record) in reader.records().enumerate() {
            let record = record.map_err(|error| fault(error.to_string()))?;
            let cell = |column: Option<usize>| column.and_then(|i| record.get(i)).map(str::trim).unwrap_or_default();
            let called = if cell(name).is_empty() { format!("{} {}", cell(first), cell(last)).trim().to_owned() } else { cell(name).to_owned() };
            // Brightspace writes `#` before ids, so that a spreadsheet leaves them as they are.
            let id = |i: &usize| cell(Some(*i)).trim_start_matches('#');
            let ids: Vec<&str> = id_columns.iter().map(id).filter(|id| !id.is_empty()).collect();
            // Canvas's gradebook has a row of possible points and a student who is a test.
            if (ids.is_empty() && called.is_empty()) || called == "Points Possible" || called == "Student, Test" {
                continue;
            }
            let line = record.position().map_or(0, csv::Position::line);
            let id = safe(ids.first().copied().unwrap_or(&called));
            if let Some(earlier) = students.iter().find(|student| student.id.to_lowercase() == id.to_lowercase()) {
                let message = format!("line {line}: {called} has the id {id}, which {} has too", earlier.name);
                return Err(fault(message).help("give every student an id of their own".to_owned()));
            }
            let stated = cell(time);
            let at = moment(stated);
            if at.is_none() && !matches!(stated, "" | "-") {
                let message = format!("line {line}: `{stated}` is no time such as 2023-03-06T21:14:00-06:00");
                return Err(fault(message).help("write the day and the time of day, or leave the cell empty".to_owned()));
            }
            let logins = ids.iter().filter_map(|id| id.split_once('@')).map(|(login, _)| login.to_owned());
            let identifier = column(&[IDENTIFIER]).and_then(|i| moodle::identifier(cell(Some(i))));
            let (hidden, identifier) = identifier.map_or((None, None), |(word, id)| (Some(folded(word)), Some(id)));
            let ids = ids.iter().map(ToString::to_string).chain(logins).chain(identifier).map(|id| id.to_lowercase()).collect();
            let names = orders(&called).into_iter().chain(hidden).collect();
            let group = Some(folded(cell(group))).filter(|group| !group.is_empty());
            students.push(Enrolled { id, names, name: called, row, ids, group, time: at });
        }
        if students.is_empty() {
            return Err(fault("the roster names no student".to_owned()));
        }
        Ok(Self { students, has_times: time.is_some(), has_identifiers: column(&[IDENTIFIER]).is_some() })
    }

    /// How many students there are.
    pub fn len(&self) -> usize {
        self.students.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.students.is_empty()
    }

    /// All of them, in the order of the list.
    pub fn students(&self) -> &[Enrolled] {
        &self.students
    }

    /// Whether it tells when students handed in.
    pub fn has_times(&self) -> bool {
        self.has_times
    }
}

/// UTF-8, or UTF-16 with its mark, as Blackboard and Excel write.
fn decoded(bytes: &[u8]) -> Option<String> {
    let read: fn([u8; 2]) -> u16 = match bytes {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        _ => return String::from_utf8(bytes.to_vec()).ok(),
    };
    let (pairs, []) = bytes.as_chunks::<2>() else { return None };
    char::decode_utf16(pairs.iter().map(|pair| read(*pair))).collect::<Result<_, _>>().ok()
}

/// Small letters and digits alone, in whatever script.
fn folded(text: &str) -> String {
    composed(text).chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The same without accents, as some systems write names.
fn without_accents(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let plain = |c: char| match c {
        'ø' => "o".to_owned(),
        'ł' => "l".to_owned(),
        'đ' | 'ð' => "d".to_owned(),
        'ı' => "i".to_owned(),
        'ß' => "ss".to_owned(),
        'æ' => "ae".to_owned(),
        'œ' => "oe".to_owned(),
        'þ' => "th".to_owned(),
        c => c.to_string(),
    };
    folded(text).nfd().filter(|c| c.is_alphanumeric()).map(plain).collect()
}

/// A name in the orders in which it is written: "Mary Ann Lee", "Lee, Mary Ann", "Ann Lee, Mary".
fn orders(name: &str) -> BTreeSet<String> {
    let words: Vec<&str> = name.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty()).collect();
    (0..words.len()).map(|first| folded(&[&words[first..], &words[..first]].concat().concat())).collect()
}
