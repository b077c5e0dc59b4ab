//! What a student may see. The type has no place for a reference value, a tolerance or a hidden item.

use schemars::JsonSchema;
use serde::Serialize;

use super::{ItemReport, Report};
use crate::domain::verdict::{VerdictLabel, Visibility};

/// A report for its student.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StudentView {
    /// The submission's folder.
    pub student: String,
    /// The rubric's id.
    pub rubric: String,
    /// The rubric's title.
    pub title: String,
    /// The parts in order.
    pub parts: Vec<StudentPart>,
    /// What was noticed about the submission as a whole.
    pub notes: Vec<String>,
}

/// A part, with what a student may see of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StudentPart {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The items that are not hidden.
    pub items: Vec<StudentItem>,
}

/// One item for its student.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StudentItem {
    /// Its id with the part's.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Whether it comes on top of the possible points, so that leaving it out is no fault.
    pub bonus: bool,
    /// How it stands.
    pub state: State,
    /// What was found and what to do next.
    pub advice: String,
    /// Where in her notebook its evidence stands, if it is in one.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub places: Vec<String>,
}

/// How an item stands, as far as its student may know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Nothing to do.
    Fine,
    /// Found; only the course can judge it.
    Found,
    /// Something to mend.
    Fix,
    /// Not handed in.
    NotFound,
    /// The course's side could not judge it.
    Ungraded,
}

impl StudentView {
    pub(super) fn of(report: &Report) -> Self {
        let part = |part: &super::PartReport| {
            let items: Vec<StudentItem> = report.items_of(&part.id).filter_map(StudentItem::of).collect();
            (!items.is_empty()).then(|| StudentPart { id: part.id.clone(), title: part.title.clone(), items })
        };
        Self {
            student: report.student.clone(),
            rubric: report.rubric.clone(),
            title: report.stamp.title.clone(),
            parts: report.parts.iter().filter_map(part).collect(),
            notes: report.notes.iter().map(|note| note.message.clone()).collect(),
        }
    }

    /// Whether something is to be mended or handed in before the deadline; a bonus item that is left out is not.
    pub fn falls_short(&self) -> bool {
        let open = |item: &StudentItem| item.state == State::Fix || (item.state == State::NotFound && !item.bonus);
        self.parts.iter().flat_map(|part| &part.items).any(open)
    }

    /// How many items stand so.
    pub fn count(&self, states: &[State]) -> usize {
        self.parts.iter().flat_map(|part| &part.items).filter(|item| states.contains(&item.state)).count()
    }
}

impl StudentItem {
    fn of(item: &ItemReport) -> Option<Self> {
        use VerdictLabel as V;
        let seen = |state, advice: &str| {
            let (id, title, places) = (item.id.clone(), item.title.clone(), item.places.clone());
            Some(Self { id, title, bonus: item.bonus, state, advice: advice.to_owned(), places })
        };
        match (item.visibility, item.verdict) {
            (Visibility::Hidden, _) => None,
            (_, V::Missing) => seen(State::NotFound, &item.advice),
            (_, V::Broken) => seen(State::Ungraded, &item.advice),
            // Whether a judged item is right or wrong must not show, so its advice, which differs, must not either.
            (Visibility::Found, V::Pass | V::Partial | V::Fail | V::Contradicted | V::Skipped) => seen(State::Found, "it is there; the course judges it"),
            // What her own figure and numbers say against each other she can mend.
            (Visibility::Verdict, V::NeedsReview) if item.urgent => seen(State::Fix, &item.advice),
            (_, V::NeedsReview) => seen(State::Found, &item.advice),
            (Visibility::Verdict, V::Pass) => seen(State::Fine, &item.advice),
            (Visibility::Verdict, V::Partial | V::Fail | V::Contradicted | V::Skipped) | (_, V::Unreadable) => seen(State::Fix, &item.advice),
        }
    }
}
