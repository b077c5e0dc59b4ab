//! Which submission is whose. Nothing is guessed: who could be two, or whose number and name are two students', is reported.

use std::collections::BTreeSet;

use super::{Enrolled, Roster, folded, without_accents};
use crate::submission::class::Class;
use crate::submission::handed_in::{HandedIn, Person};
use crate::submission::names;
use crate::submission::platform::moodle;

/// What a roster says about a class.
#[derive(Debug, Default)]
pub struct Matched {
    /// The class, with the roster's ids and names where one student fits.
    pub class: Class,
    /// Who handed in nothing.
    pub absent: Vec<Enrolled>,
    /// Submissions that stay under their own name, and why; and whose name is not the roster's.
    pub reported: Vec<String>,
}

/// Who a person of a download can be.
#[derive(Debug)]
enum Who {
    /// One student, or all of a group. `doubt` is what does not quite fit.
    These(Vec<usize>, Option<String>),
    /// Any of these.
    AnyOf(Vec<usize>),
    /// The number is of the first, the name of the others.
    Contradiction(Vec<usize>),
    Nobody,
}

impl Roster {
    /// Gives each submission the id and name of the one student that it fits. A group's work becomes the work of each of its students.
    pub fn matched(&self, class: Class) -> Matched {
        let mut reported = Vec::new();
        let mut claims: Vec<(Option<usize>, HandedIn)> = Vec::new();
        for submission in class.submissions {
            let group = submission.people.len() > 1;
            let mut strangers = Vec::new();
            let before = claims.len();
            let names = |several: &[usize], word: &str| {
                let names: Vec<String> = several.iter().map(|&i| format!("{} ({})", self.students[i].name, self.students[i].id)).collect();
                names.join(word)
            };
            let called = &submission.student;
            for person in &submission.people {
                match self.who(person) {
                    Who::These(students, doubt) => {
                        reported.extend(doubt.map(|doubt| format!("{called} {doubt}")));
                        claims.extend(students.into_iter().map(|one| (Some(one), submission.clone())));
                    }
                    Who::AnyOf(several) => reported.push(format!("{called} could be {}; it is graded under its own name", names(&several, " or "))),
                    Who::Contradiction(several) => {
                        reported.push(format!(
                            "{called} has the id of one student and the name of another: {}; it is graded under its own name",
                            names(&several, ", ")
                        ));
                    }
                    Who::Nobody => strangers.push(person.name.clone()),
                }
            }
            if !strangers.is_empty() {
                let whose = if group { format!("{} of {called}", strangers.join(", ")) } else { called.clone() };
                reported.push(format!("{whose} is not on the roster; it is graded under its own name"));
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
                    submission.time = submission.time.or(student.time);
                }
                Some(student) => reported.push(format!(
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
        reported.extend(names::tell_apart(&mut submissions).into_iter().map(|note| note.message));
        let handed_in: BTreeSet<usize> = claims.iter().filter_map(|(who, _)| *who).collect();
        let absent = self.students.iter().enumerate().filter(|(i, _)| !handed_in.contains(i)).map(|(_, student)| student.clone()).collect();
        Matched { class: Class { submissions, ..class }, absent, reported }
    }

    /// Gives each submission the time that this list has for it. The list's word goes before everybody else's.
    pub fn tell_times(&self, class: &mut Class) -> Vec<String> {
        let mut without = Vec::new();
        for submission in &mut class.submissions {
            let own = Person { name: submission.name.clone().unwrap_or_default(), ids: vec![submission.student.clone()] };
            let all: Vec<&Person> = std::iter::once(&own).chain(&submission.people).collect();
            let found = all.iter().find_map(|person| if let Who::These(students, _) = self.who(person) { students.first().copied() } else { None });
            match found.and_then(|i| self.students[i].time) {
                Some(time) => submission.time_by_course = Some(time),
                None => without.push(submission.student.as_str()),
            }
        }
        (!without.is_empty()).then(|| format!("the list of times has none for {}", without.join(", "))).into_iter().collect()
    }

    /// Whom a report is about, by the name of its files: a roster's id, or what a folder or a platform's download is called. More than one
    /// for a group, and then what does not quite fit. An error says why nobody is meant.
    ///
    /// The name that a submission states plays no part: a student can write another one's.
    pub fn of_report(&self, report: &str) -> Result<(Vec<&Enrolled>, Option<String>), String> {
        if let Some(student) = self.students.iter().find(|student| student.id.to_lowercase() == report.to_lowercase()) {
            return Ok((vec![student], None));
        }
        let names = |several: &[usize]| {
            let names: Vec<String> = several.iter().map(|&i| format!("{} ({})", self.students[i].name, self.students[i].id)).collect();
            names.join(", ")
        };
        match self.who(&self.person(report)) {
            Who::These(students, doubt) => Ok((students.into_iter().map(|i| &self.students[i]).collect(), doubt)),
            Who::AnyOf(several) => Err(format!("could be any of {}", names(&several))),
            Who::Contradiction(several) => Err(format!("has the id of one student and the name of another: {}", names(&several))),
            Who::Nobody => Err("is not in this list".to_owned()),
        }
    }

    /// The person whom a report's name means. Canvas and Moodle end it with a number: Canvas's is the student's id, Moodle's belongs to
    /// one assignment.
    fn person(&self, report: &str) -> Person {
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        match report.rsplit_once('_').filter(|(name, number)| !name.is_empty() && is_number(number)) {
            Some((name, number)) => {
                let number = if self.has_identifiers { moodle::participant(number) } else { number.to_owned() };
                Person { name: name.to_owned(), ids: vec![report.to_owned(), number] }
            }
            None => Person { name: report.to_owned(), ids: vec![report.to_owned()] },
        }
    }

    /// Whether `name` is an id or a name of the roster's.
    pub(in crate::submission) fn knows(&self, name: &str) -> bool {
        !matches!(self.who(&Person { name: name.to_owned(), ids: vec![name.to_owned()] }), Who::Nobody)
    }

    /// Who `person` can be: by an id if one fits, else by name, else by the name of a group.
    fn who(&self, person: &Person) -> Who {
        let fitting = |fits: &dyn Fn(&Enrolled) -> bool| (0..self.students.len()).filter(|&i| fits(&self.students[i])).collect::<Vec<_>>();
        let name = folded(&person.name);
        let by_id = fitting(&|student| person.ids.iter().any(|id| student.ids.contains(&id.to_lowercase())));
        let mut by_name = fitting(&|student| !name.is_empty() && student.names.contains(&name));
        if by_name.is_empty() {
            let plain = without_accents(&person.name);
            by_name = fitting(&|student| !plain.is_empty() && student.names.iter().any(|name| without_accents(name) == plain));
        }
        let by_group = fitting(&|student| !name.is_empty() && student.group.as_ref() == Some(&name));
        match (by_id.as_slice(), by_name.as_slice()) {
            // Whoever has uploaded a group's work.
            (_, []) if !by_group.is_empty() => Who::These(by_group, None),
            // Moodle numbers groups too. Where a number is a student's, the worksheet has the same name, or hides it as the folder does.
            ([_], []) if person.ids.iter().any(|id| moodle::is_identifier(id)) => Who::Nobody,
            ([one], []) if !name.is_empty() && !person.ids.contains(&person.name) && !self.students[*one].names.is_empty() => {
                let student = &self.students[*one];
                Who::These(by_id.clone(), Some(format!("is called {} there, and is {} ({}) by its id", person.name, student.name, student.id)))
            }
            ([_], []) => Who::These(by_id, None),
            ([one], names) if names.contains(one) => Who::These(by_id, None),
            ([one], names) => Who::Contradiction([&[*one], names].concat()),
            ([], [_]) => Who::These(by_name, None),
            ([], []) => Who::Nobody,
            ([], _) => Who::AnyOf(by_name),
            (several, names) => {
                // Ids of several kinds may meet; a name tells which is meant.
                let both: Vec<usize> = several.iter().copied().filter(|i| names.contains(i)).collect();
                if let [_] = both.as_slice() { Who::These(both, None) } else { Who::AnyOf(by_id) }
            }
        }
    }
}
