//! What a student may see. The type has no place for a reference value, a tolerance or a hidden item.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Asks, ItemReport, Report, Score, Wanted};
use crate::domain::item_id::ItemId;
use crate::domain::late::Lateness;
use crate::domain::marking::{Comment, MarkState};
use crate::domain::number::Finite;
use crate::domain::plot::Axis;
use crate::domain::points::Points;
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
    /// The name that the submission states.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// When it was handed in and what that costs, in words, if there is a due date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handed_in: Option<String>,
    /// How late it was, if it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late: Option<Lateness>,
    /// Whether the course has released the grades.
    pub released: bool,
    /// The sum over the items whose points are shown, lateness included.
    pub score: Score,
    /// Whether that is the sum over all items.
    pub is_whole: bool,
    /// The parts in order.
    pub parts: Vec<StudentPart>,
    /// What was noticed about the submission as a whole.
    pub notes: Vec<String>,
    /// What people said about the whole of it, once the grades are released.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub comments: Vec<Comment>,
    /// Whether a person has excused her from all of it.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub excused: bool,
}

/// A part, with what a student may see of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StudentPart {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The sum over its items whose points are shown, before lateness and without its bonus.
    pub score: Score,
    /// What its bonus items earn, as far as their points are shown.
    pub bonus: Points,
    /// The items that are not hidden.
    pub items: Vec<StudentItem>,
}

/// One item for its student.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StudentItem {
    /// Its id with the part's.
    pub id: ItemId,
    /// Its title.
    pub title: String,
    /// Whether it comes on top of the possible points, so that leaving it out is no fault.
    pub bonus: bool,
    /// How it stands.
    pub state: State,
    /// The outcome, where she may know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<VerdictLabel>,
    /// What it earns before lateness; null while it is ungraded or its points are withheld.
    pub points: Option<Points>,
    /// What it is worth.
    pub possible: Points,
    /// Whether a person has decided it, so that it can be mended no more.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub marked: bool,
    /// What it asks for.
    pub asks: Asks,
    /// What was found and what to do next.
    pub advice: String,
    /// What of its evidence is not there, and where it goes.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub missing: Vec<Wanted>,
    /// Where in her notebook its evidence stands, if it is in one.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub places: Vec<String>,
    /// Her own series.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub curves: Vec<OwnCurve>,
    /// Her figure as she handed it in, by its path beside the course's report.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub figure: Option<String>,
    /// What she wrote, whole, where the item asks for words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// What people said about it.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub comments: Vec<Comment>,
}

/// A series that a student states, with nothing beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OwnCurve {
    /// Its name.
    pub name: String,
    /// Its values in order.
    pub values: Vec<Finite>,
    /// What they are over, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub over: Option<Axis>,
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
        let shows = |item: &ItemReport| visibility(item, report.released) == Visibility::Verdict;
        let part = |part: &super::PartReport| {
            let items: Vec<StudentItem> = report.items_of(&part.id).filter_map(|item| StudentItem::of(item, report.released)).collect();
            let sums = part.over(&report.items, shows);
            (!items.is_empty()).then(|| StudentPart { id: part.id.clone(), title: part.title.clone(), score: sums.score, bonus: sums.bonus, items })
        };
        Self {
            student: report.student.clone(),
            rubric: report.rubric.clone(),
            title: report.stamp.title.clone(),
            name: report.name.clone(),
            handed_in: super::handed_in::sentence(report),
            late: report.late.clone(),
            released: report.released,
            score: Score::over(&report.items, shows, report.late.as_ref()),
            is_whole: report.items.iter().filter(|item| item.counts()).all(shows),
            parts: report.parts.iter().filter_map(part).collect(),
            notes: report.notes.iter().map(|note| note.message.clone()).collect(),
            comments: if report.released { report.comments.clone() } else { Vec::new() },
            excused: report.excused,
        }
    }

    /// All items in order.
    pub fn items(&self) -> impl Iterator<Item = &StudentItem> {
        self.parts.iter().flat_map(|part| &part.items)
    }

    /// Whether nothing of what is asked for is there.
    pub fn has_nothing(&self) -> bool {
        self.items().all(|item| item.state == State::NotFound)
    }

    /// Whether something is to be mended or handed in before the deadline; a bonus item that is left out is not.
    pub fn falls_short(&self) -> bool {
        self.items().any(|item| item.state == State::Fix || (item.state == State::NotFound && !item.bonus))
    }

    /// Whether something could not be looked at, by no fault of the student's.
    pub fn is_ungraded(&self) -> bool {
        self.items().any(|item| item.state == State::Ungraded)
    }
}

impl StudentItem {
    fn of(item: &ItemReport, released: bool) -> Option<Self> {
        let seen = visibility(item, released);
        let whole = State::of(seen, item.verdict, item.urgent, item.unread)?;
        let pieces = item.pieces.iter().filter_map(|piece| State::of(seen, piece.verdict, piece.urgent, piece.unread));
        let is_told = seen == Visibility::Verdict;
        let own = |curve: &crate::domain::plot::Curve| OwnCurve { name: curve.name.clone(), values: curve.values.clone(), over: curve.over.clone() };
        Some(Self {
            id: item.id.clone(),
            title: item.title.clone(),
            bonus: item.bonus,
            state: State::of_all(std::iter::once(whole).chain(pieces)),
            verdict: is_told.then_some(item.verdict),
            points: item.points.filter(|_| is_told),
            possible: item.possible,
            marked: is_told && item.marked.as_ref().is_some_and(|marked| marked.state == MarkState::Counts),
            asks: item.asks,
            advice: advice(item, seen)?,
            missing: item.wanted.clone(),
            places: item.places.clone(),
            curves: item.curves.iter().map(own).collect(),
            figure: item.figure.clone(),
            answer: item.answer.clone(),
            comments: item.comments.iter().filter(|comment| is_told && !comment.request).cloned().collect(),
        })
    }
}

/// How much of an item its student sees: the verdict of what was only found, once the grades are released. What is hidden stays so, and with it
/// what depends on it.
fn visibility(item: &ItemReport, released: bool) -> Visibility {
    if released && item.visibility == Visibility::Found && !item.follows_hidden { Visibility::Verdict } else { item.visibility }
}

/// What the student may read of an item, if anything.
fn advice(item: &ItemReport, seen: Visibility) -> Option<String> {
    use VerdictLabel as V;
    let may_be_reported = |verdict| matches!(verdict, V::Missing | V::Unreadable | V::Unopened | V::Broken | V::NeedsReview);
    match seen {
        Visibility::Hidden => None,
        Visibility::Verdict => Some(item.advice.clone()),
        Visibility::Found if item.pieces.is_empty() && may_be_reported(item.verdict) => Some(item.advice.clone()),
        // Whether a judged item is right or wrong must not show, so its advice, which differs, must not either.
        Visibility::Found => {
            let missing = item.pieces.iter().filter(|piece| may_be_reported(piece.verdict)).map(|piece| piece.advice.as_str());
            let missing: Vec<&str> = missing.collect();
            let is_there = if missing.is_empty() { "it is there; the course judges it" } else { "what else there is, the course judges" };
            Some(missing.into_iter().chain([is_there]).collect::<Vec<_>>().join("; "))
        }
    }
}

impl State {
    /// How a finding stands for its student; `None` if she may know nothing of it.
    fn of(visibility: Visibility, verdict: VerdictLabel, urgent: bool, unread: bool) -> Option<Self> {
        use VerdictLabel as V;
        let sees_verdict = match visibility {
            Visibility::Hidden => return None,
            Visibility::Found => false,
            Visibility::Verdict => true,
        };
        Some(match verdict {
            V::Missing => Self::NotFound,
            V::Unreadable | V::Unopened => Self::Fix,
            V::Broken => Self::Ungraded,
            V::Excused => Self::Fine,
            V::NeedsReview if unread => Self::Fix,
            // What her own figure and numbers say against each other she can mend.
            V::NeedsReview if urgent && sees_verdict => Self::Fix,
            V::Pass if sees_verdict => Self::Fine,
            V::Partial | V::Fail | V::Contradicted | V::Skipped if sees_verdict => Self::Fix,
            V::NeedsReview | V::Pass | V::Partial | V::Fail | V::Contradicted | V::Skipped => Self::Found,
        })
    }

    /// How an item and its pieces of evidence stand together: what is missing can be mended, whoever judges the rest.
    fn of_all(states: impl Iterator<Item = Self>) -> Self {
        let states: Vec<Self> = states.collect();
        let any = |wanted| states.contains(&wanted);
        match () {
            () if states.iter().all(|state| *state == Self::NotFound) => Self::NotFound,
            () if any(Self::Fix) || any(Self::NotFound) => Self::Fix,
            () if any(Self::Ungraded) => Self::Ungraded,
            () if any(Self::Found) => Self::Found,
            () => Self::Fine,
        }
    }
}
