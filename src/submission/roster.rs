//! A roster: who is in the class, and which submission is whose. Nothing is guessed.

use std::collections::BTreeSet;

use crate::domain::diagnostic::{Code, Diagnostic};

use super::class::Class;
use super::handed_in::{HandedIn, Person, safe};
use super::paths::composed;

/// Headers of a student's id, the most telling first, in small letters without anything but letters and digits: "id" in Canvas's gradebook
/// is its own number, which its downloads carry too; "sid" is Gradescope's.
const IDS: [&str; 14] = [
    "id",
    "sid",
    "studentid",
    "studentnumber",
    "uin",
    "sisuserid",
    "orgdefinedid",
    "sisloginid",
    "netid",
    "username",
    "login",
    "userid",
    "email",
    "emailaddress",
];
const NAMES: [&str; 4] = ["name", "student", "studentname", "fullname"];
const FIRST_NAMES: [&str; 4] = ["firstname", "first", "givenname", "preferredname"];
const LAST_NAMES: [&str; 4] = ["lastname", "last", "surname", "familyname"];

/// The students of a class.
#[derive(Debug, Default)]
pub struct Roster {
    students: Vec<Enrolled>,
}

/// One student of a roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolled {
    /// The id that reports are named after.
    pub id: String,
    /// The name.
    pub name: String,
    ids: BTreeSet<String>,
    names: BTreeSet<String>,
}

/// What a roster says about a class.
#[derive(Debug, Default)]
pub struct Matched {
    /// The class, with the roster's ids and names where one student fits.
    pub class: Class,
    /// Who handed in nothing.
    pub absent: Vec<Enrolled>,
    /// Submissions that stay under their own name, and why.
    pub told: Vec<String>,
}

impl Roster {
    /// Reads a CSV that has a header with an id or a name.
    pub fn read(path: &str, bytes: &[u8]) -> Result<Self, Diagnostic> {
        let fault = |message: String| Diagnostic::error(Code::DataMalformed, message).in_file(path);
        let text = std::str::from_utf8(bytes).map_err(|_| fault("it is not UTF-8 text".to_owned()).help("save the roster as CSV UTF-8".to_owned()))?;
        let text = text.trim_start_matches('\u{feff}');
        let head = text.lines().next().unwrap_or_default();
        let delimiter = [b',', b';', b'\t'].into_iter().max_by_key(|&mark| (head.bytes().filter(|&byte| byte == mark).count(), mark == b',')).unwrap_or(b',');
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
        let headers: Vec<String> = reader.headers().map_err(|error| fault(error.to_string()))?.iter().map(folded).collect();
        let column = |known: &[&str]| known.iter().find_map(|name| headers.iter().position(|header| header == name));
        let (name, first, last) = (column(&NAMES), column(&FIRST_NAMES), column(&LAST_NAMES));
        let id_columns: Vec<usize> = IDS.iter().filter_map(|name| headers.iter().position(|header| header == name)).collect();
        if id_columns.is_empty() && name.is_none() && last.is_none() {
            let help = "name the columns `id,name,email`, or export the roster from Canvas or Gradescope";
            return Err(fault("no column of the roster is an id or a name".to_owned()).help(help.to_owned()));
        }
        let mut students: Vec<Enrolled> = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| fault(error.to_string()))?;
            let cell = |column: Option<usize>| column.and_then(|i| record.get(i)).map(str::trim).unwrap_or_default();
            let called = if cell(name).is_empty() { format!("{} {}", cell(first), cell(last)).trim().to_owned() } else { cell(name).to_owned() };
            let ids: Vec<&str> = id_columns.iter().map(|&i| cell(Some(i))).filter(|id| !id.is_empty()).collect();
            // Canvas's gradebook has a row of possible points and a student who is a test.
            if (ids.is_empty() && called.is_empty()) || called == "Points Possible" || called == "Student, Test" {
                continue;
            }
            let id = safe(ids.first().copied().unwrap_or(&called));
            if let Some(earlier) = students.iter().find(|student| student.id.to_lowercase() == id.to_lowercase()) {
                let line = record.position().map_or(0, csv::Position::line);
                let message = format!("line {line}: {called} has the id {id}, which {} has too", earlier.name);
                return Err(fault(message).help("give every student an id of their own".to_owned()));
            }
            let logins = ids.iter().filter_map(|id| id.split_once('@')).map(|(login, _)| login);
            let ids = ids.iter().copied().chain(logins).map(str::to_lowercase).collect();
            students.push(Enrolled { id, names: orders(&called), name: called, ids });
        }
        if students.is_empty() {
            return Err(fault("the roster names no student".to_owned()));
        }
        Ok(Self { students })
    }

    /// How many students there are.
    pub fn len(&self) -> usize {
        self.students.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.students.is_empty()
    }

    /// Gives each submission the id and name of the one student that it fits. A group's work becomes the work of each of its students.
    pub fn matched(&self, class: Class) -> Matched {
        let mut told = Vec::new();
        let mut claims: Vec<(Option<usize>, HandedIn)> = Vec::new();
        for submission in class.submissions {
            let group = submission.people.len() > 1;
            let mut strangers = Vec::new();
            let before = claims.len();
            for person in &submission.people {
                match self.who(person).as_slice() {
                    [one] => claims.push((Some(*one), submission.clone())),
                    [] => strangers.push(person.name.clone()),
                    several => {
                        let names: Vec<String> = several.iter().map(|&i| format!("{} ({})", self.students[i].name, self.students[i].id)).collect();
                        told.push(format!("{} could be {}; it is graded under its own name", submission.student, names.join(" or ")));
                    }
                }
            }
            if !strangers.is_empty() {
                let whose = if group { format!("{} of {}", strangers.join(", "), submission.student) } else { submission.student.clone() };
                told.push(format!("{whose} is not on the roster; it is graded under its own name"));
            }
            if claims.len() == before {
                claims.push((None, submission));
            }
        }
        let mut submissions = Vec::new();
        for (i, (who, submission)) in claims.iter().enumerate() {
            let rivals: Vec<&str> = claims
                .iter()
                .enumerate()
                .filter(|(j, (other, _))| *j != i && who.is_some() && other == who)
                .map(|(_, (_, other))| other.student.as_str())
                .collect();
            let mut submission = submission.clone();
            match who.map(|who| &self.students[who]) {
                Some(student) if rivals.is_empty() => {
                    submission.student.clone_from(&student.id);
                    submission.name = Some(student.name.clone()).filter(|name| !name.is_empty());
                }
                Some(student) => told.push(format!(
                    "{} and {} are both of {} ({}); each is graded under its own name, choose one",
                    submission.student,
                    rivals.join(", "),
                    student.name,
                    student.id
                )),
                None => {}
            }
            submissions.push(submission);
        }
        submissions.sort_by(|a, b| a.student.cmp(&b.student));
        let handed_in: BTreeSet<usize> = claims.iter().filter_map(|(who, _)| *who).collect();
        let absent = self.students.iter().enumerate().filter(|(i, _)| !handed_in.contains(i)).map(|(_, student)| student.clone()).collect();
        Matched { class: Class { submissions, notes: class.notes }, absent, told }
    }

    /// Who `person` can be: by an id if one fits, else by name.
    fn who(&self, person: &Person) -> Vec<usize> {
        let fitting = |fits: &dyn Fn(&Enrolled) -> bool| (0..self.students.len()).filter(|&i| fits(&self.students[i])).collect::<Vec<_>>();
        let by_id = fitting(&|student| person.ids.iter().any(|id| student.ids.contains(&id.to_lowercase())));
        if !by_id.is_empty() {
            return by_id;
        }
        let name = folded(&person.name);
        fitting(&|student| !name.is_empty() && student.names.contains(&name))
    }
}

/// Small letters and digits alone, in whatever script.
fn folded(text: &str) -> String {
    composed(text).chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A name in the orders in which it is written: "Mary Ann Lee", "Lee, Mary Ann", "Ann Lee, Mary".
fn orders(name: &str) -> BTreeSet<String> {
    let words: Vec<&str> = name.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty()).collect();
    (0..words.len()).map(|first| folded(&[&words[first..], &words[..first]].concat().concat())).collect()
}
