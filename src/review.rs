//! Marking by people: question by question over all students, on a page that this program serves to the same machine.
//!
//! [`Desk`] is what a grader sees and does, [`server`] gives it to a browser. Each mark is on disk before the page says that it is saved.

pub mod server;

mod views;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::domain::item_id::ItemId;
use crate::domain::media::Picture;
use crate::domain::points::Points;
use crate::marks::agreement::agreements;
use crate::marks::{Decision, Entry, Given, Mark, Marks, merge, standing};
use crate::report::{ItemReport, Report};
use crate::store::{Graded, Phrase, Store, StoreError};

pub use views::{Answer, Comparison, Detail, Names, OwnMark, Pair, Question, Saved};

/// A grader's desk: the class's store and who is marking.
#[derive(Debug)]
pub struct Desk {
    store: Store,
    folder: PathBuf,
    grader: String,
    clock: fn() -> Timestamp,
    /// What the program found, and the run that it is of.
    found: Vec<Graded>,
    run: Option<i64>,
}

/// Points that a grader gives to an answer.
#[derive(Debug, Clone, Copy)]
pub struct NewPoints<'a> {
    /// How many.
    pub points: f64,
    /// The hash of the evidence that the grader saw; as it is now if that is left out.
    pub evidence: Option<&'a str>,
    /// What the student may read.
    pub comment: &'a str,
    /// Whether they end a disagreement.
    pub settles: bool,
}

/// Why something that a page asked for was not done.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The page asks for something that is not there, such as an answer of a student who has left.
    #[error("{0}")]
    Unknown(String),
    /// The page says something that makes no sense, such as more points than there are.
    #[error("{0}")]
    Refused(String),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Desk {
    /// A desk for `grader` at the reports in `folder`.
    ///
    /// # Errors
    /// If there is no store, or it cannot be read.
    pub fn open(folder: &Path, grader: String, clock: fn() -> Timestamp) -> Result<Self, StoreError> {
        let store = Store::existing(folder)?;
        let mut desk = Self { store, folder: folder.to_path_buf(), grader, clock, found: Vec::new(), run: None };
        desk.refresh()?;
        Ok(desk)
    }

    /// The store, to write reports from.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Reads the reports anew if the class was graded again.
    fn refresh(&mut self) -> Result<(), StoreError> {
        let run = self.store.last_run()?;
        if self.run != run || run.is_none() {
            self.found = self.store.graded()?;
            self.run = run;
        }
        Ok(())
    }

    /// All questions, with how far marking is.
    pub fn questions(&mut self) -> Result<Vec<Question>, DeskError> {
        self.refresh()?;
        let marks = self.store.marks()?;
        let mut questions: BTreeMap<usize, Question> = BTreeMap::new();
        for Graded { found: report, .. } in &self.found {
            for (place, found) in report.items.iter().enumerate() {
                let question = questions.entry(place).or_insert_with(|| Question::new(found));
                let is_own = own(marks.of(&report.student), &found.id, &self.grader).is_some();
                question.count(&marks.merged_item(report, found), found, is_own);
            }
        }
        Ok(questions.into_values().collect())
    }

    /// The answers to one question, in an order that has nothing to do with names.
    pub fn answers(&mut self, item: &ItemId) -> Result<Vec<Answer>, DeskError> {
        self.refresh()?;
        let marks = self.store.marks()?;
        let of = |report: &Report| report.items.iter().find(|other| other.id == *item).map(|found| self.listed(&marks, report, found));
        let mut answers: Vec<Answer> = self.found.iter().filter_map(|graded| of(&graded.found)).collect();
        if answers.is_empty() {
            return Err(DeskError::Unknown(format!("no report has an item `{item}`")));
        }
        answers.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(answers)
    }

    fn listed(&self, marks: &Marks, report: &Report, found: &ItemReport) -> Answer {
        let own = own(marks.of(&report.student), &found.id, &self.grader);
        Answer::new(key(&found.id, &report.student), found, &marks.merged_item(report, found), own)
    }

    /// One answer, whole.
    pub fn answer(&mut self, item: &ItemId, key: &str) -> Result<Detail, DeskError> {
        self.refresh()?;
        let marks = self.store.marks()?;
        let (report, found) = self.find(item, key)?;
        Ok(Detail::new(report, found, &marks.merged_item(report, found)))
    }

    /// The names behind the keys of a question.
    pub fn names(&mut self, item: &ItemId) -> Result<Names, DeskError> {
        self.refresh()?;
        let name = |report: &Report| report.name.clone().map_or_else(|| report.student.clone(), |name| format!("{name} ({})", report.student));
        Ok(Names(self.found.iter().map(|graded| (key(item, &graded.found.student), name(&graded.found))).collect()))
    }

    /// Gives points, or settles a disagreement.
    pub fn mark(&mut self, item: &ItemId, key: &str, new: &NewPoints<'_>) -> Result<Saved, DeskError> {
        let (_, found) = self.find(item, key)?;
        let NewPoints { points, evidence, comment, settles } = *new;
        let given = Points::from_decimal(points).filter(|points| *points <= found.possible);
        let points = given.ok_or_else(|| DeskError::Refused(format!("{points} is not from 0 to {} in steps of 0.01", found.possible)))?;
        let given = Given { item: item.clone(), points, evidence: evidence.unwrap_or(&found.evidence).to_owned() };
        self.add(item, key, if settles { Decision::Settled(given) } else { Decision::Points(given) }, comment)
    }

    /// Says something without giving points.
    pub fn say(&mut self, item: &ItemId, key: &str, comment: &str) -> Result<Saved, DeskError> {
        if comment.trim().is_empty() {
            return Err(DeskError::Refused("the comment is empty".to_owned()));
        }
        self.add(item, key, Decision::Comment(Some(item.clone())), comment)
    }

    /// Excuses the student from the item.
    pub fn excuse(&mut self, item: &ItemId, key: &str, comment: &str) -> Result<Saved, DeskError> {
        self.add(item, key, Decision::Excused(Some(item.clone())), comment)
    }

    /// Withdraws one of this grader's own marks on an answer; a withdrawal too, so that the mark counts again.
    pub fn withdraw(&mut self, item: &ItemId, key: &str, mark: i64) -> Result<Saved, DeskError> {
        let student = self.find(item, key)?.0.student.clone();
        let is_own = |other: &Mark| other.id == mark && other.entry.grader == self.grader && other.entry.student == student;
        let all = self.store.all_marks()?;
        if !all.iter().any(|other| is_own(other) && standing(&all).contains(&other.id)) {
            return Err(DeskError::Unknown(format!("you have made no mark {mark} on this answer")));
        }
        self.add(item, key, Decision::Withdrawn(mark), "")
    }

    fn add(&mut self, item: &ItemId, key: &str, decision: Decision, comment: &str) -> Result<Saved, DeskError> {
        let student = self.find(item, key)?.0.student.clone();
        let entry = Entry { grader: self.grader.clone(), student, decision, comment: comment.trim().to_owned() };
        let numbers = self.store.add((self.clock)(), &[entry])?;
        // The class may have been graded again while the page was open.
        self.refresh()?;
        let marks = self.store.marks()?;
        let (report, found) = self.find(item, key)?;
        Ok(Saved { mark: numbers.first().copied().unwrap_or_default(), answer: self.listed(&marks, report, found) })
    }

    /// The comments that graders keep for a question.
    pub fn phrases(&self, item: &ItemId) -> Result<Vec<Phrase>, DeskError> {
        Ok(self.store.phrases(item)?)
    }

    /// Keeps a comment for all answers to a question, with the points that it adds or takes.
    pub fn keep_phrase(&mut self, item: &ItemId, text: &str, points: f64) -> Result<(), DeskError> {
        let size = Points::from_decimal(points.abs()).ok_or_else(|| DeskError::Refused(format!("{points} is no number of points")))?;
        if text.trim().is_empty() {
            return Err(DeskError::Refused("the comment is empty".to_owned()));
        }
        let hundredths = if points < 0.0 { -size.hundredths() } else { size.hundredths() };
        Ok(self.store.keep_phrase(item, &Phrase { text: text.trim().to_owned(), hundredths })?)
    }

    /// What all graders give, and how far they agree. Nobody sees the others' points before.
    pub fn comparison(&mut self, item: &ItemId) -> Result<Comparison, DeskError> {
        self.refresh()?;
        let marks = self.store.marks()?;
        let of_item = Marks::new(marks.all().filter(|mark| mark.entry.decision.item() == Some(item)).cloned().collect());
        let pairs = self.found.iter().filter_map(|graded| Pair::of(item, &graded.found.student, of_item.of(&graded.found.student)));
        Ok(Comparison::new(pairs.collect(), &agreements(&of_item)))
    }

    /// A picture that belongs to an answer: its bytes and type.
    pub fn picture(&mut self, item: &ItemId, key: &str) -> Result<(Vec<u8>, &'static str), DeskError> {
        let (_, found) = self.find(item, key)?;
        let path = found.overlay.as_ref().or(found.figure.as_ref());
        let path = path.ok_or_else(|| DeskError::Unknown("there is no picture".to_owned()))?;
        let bytes = std::fs::read(self.folder.join(path)).map_err(|error| DeskError::Unknown(format!("{path}: {error}")))?;
        let picture = Picture::of(bytes).ok_or_else(|| DeskError::Unknown(format!("{path} is no picture that a browser shows")))?;
        Ok((picture.bytes, picture.format.media_type()))
    }

    fn find(&self, item: &ItemId, wanted: &str) -> Result<(&Report, &ItemReport), DeskError> {
        let report = self.found.iter().map(|graded| &graded.found).find(|report| key(item, &report.student) == wanted);
        let found = report.and_then(|report| Some((report, report.items.iter().find(|other| other.id == *item)?)));
        found.ok_or_else(|| DeskError::Unknown("this answer is no longer there; load the page again".to_owned()))
    }
}

/// What stands for a student beside one question: the order of keys is not that of names, and differs from question to question.
fn key(item: &ItemId, student: &str) -> String {
    blake3::hash(format!("{item}\n{student}").as_bytes()).to_hex()[..16].to_owned()
}

/// This grader's last points for an item, or excuse from it, or a comment alone.
fn own<'m>(marks: &'m [Mark], item: &ItemId, grader: &str) -> Option<&'m Mark> {
    let is_own = |mark: &&Mark| mark.entry.grader == grader && mark.entry.decision.item() == Some(item);
    let points = marks.iter().rev().filter(is_own).find(|mark| matches!(mark.entry.decision, Decision::Points(_) | Decision::Excused(_)));
    points.or_else(|| marks.iter().rev().find(is_own))
}

/// Whether an item waits for a person.
fn waits(item: &ItemReport) -> bool {
    merge::is_open(item)
}
