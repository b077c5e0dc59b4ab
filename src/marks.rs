//! What people decide about submissions: points, comments, extensions and excuses. Marks are only ever added; [`merge`] makes one report of
//! what the program found and what people decided.

pub mod agreement;
pub mod merge;
pub mod table;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::domain::item_id::ItemId;
use crate::domain::points::Points;
use crate::report::{ItemReport, Report};

/// One decision of one person, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Its number: later marks have greater ones.
    pub id: i64,
    /// When it was made.
    pub at: Timestamp,
    /// What it says.
    pub entry: Entry,
}

/// What a mark says, before it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Who decides.
    pub grader: String,
    /// Whose submission: its name in reports.
    pub student: String,
    /// What is decided.
    pub decision: Decision,
    /// What the student may read.
    pub comment: String,
}

impl Entry {
    /// Whether this, which comes after `earlier`, is said in its place: the same grader's points for the same item, another end of a
    /// disagreement, another due date.
    pub(crate) fn takes_the_place_of(&self, earlier: &Self) -> bool {
        use Decision::{Excused, Extension, Points, Settled};
        self.is_about_the_same(earlier)
            && match (&self.decision, &earlier.decision) {
                (Points(_), Points(_)) => self.grader == earlier.grader,
                (Settled(_), Settled(_))
                | (Extension(_), Extension(_))
                | (Excused(_), Excused(_) | Points(_) | Settled(_))
                | (Points(_) | Settled(_), Excused(_)) => true,
                _ => false,
            }
    }

    fn is_about_the_same(&self, other: &Self) -> bool {
        self.student == other.student && self.decision.item() == other.decision.item()
    }

    /// Whether this asks for another look at what `earlier` decided, or is a decision after such a request.
    pub(crate) fn asks_anew(&self, earlier: &Self) -> bool {
        use Decision::{Points, Reopened, Settled};
        let is_decided = |decision: &Decision| matches!(decision, Points(_) | Settled(_));
        let is_request = |decision: &Decision| matches!(decision, Reopened(_));
        self.is_about_the_same(earlier)
            && (is_request(&self.decision) && (is_decided(&earlier.decision) || is_request(&earlier.decision))
                || is_decided(&self.decision) && is_request(&earlier.decision))
    }
}

/// What is decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// An item earns points.
    Points(Given),
    /// The same, by whoever settles a disagreement between graders.
    Settled(Given),
    /// A comment alone, on an item or on the whole.
    Comment(Option<ItemId>),
    /// The item, or the whole, counts neither as earned nor as possible.
    Excused(Option<ItemId>),
    /// The student may hand in until then.
    Extension(Timestamp),
    /// The item waits for a person again.
    Reopened(ItemId),
    /// An earlier mark, by its number, does not count.
    Withdrawn(i64),
}

/// The points that a person gives to an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The item.
    pub item: ItemId,
    /// What it earns, before lateness.
    pub points: Points,
    /// The hash of the evidence that was marked, as in [`crate::report::ItemReport::evidence`].
    pub evidence: String,
}

impl Decision {
    /// The item that it is about, if it is about one.
    pub fn item(&self) -> Option<&ItemId> {
        match self {
            Self::Points(given) | Self::Settled(given) => Some(&given.item),
            Self::Reopened(item) => Some(item),
            Self::Comment(item) | Self::Excused(item) => item.as_ref(),
            Self::Extension(_) | Self::Withdrawn(_) => None,
        }
    }

    /// The points that it gives, if it gives any.
    pub fn given(&self) -> Option<&Given> {
        if let Self::Points(given) | Self::Settled(given) = self { Some(given) } else { None }
    }

    /// Its name in tables.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Points(_) => "points",
            Self::Settled(_) => "settled",
            Self::Comment(_) => "comment",
            Self::Excused(_) => "excused",
            Self::Extension(_) => "extension",
            Self::Reopened(_) => "reopened",
            Self::Withdrawn(_) => "withdrawn",
        }
    }
}

/// The numbers of those of `all` that nobody has withdrawn, withdrawals among them.
pub fn standing(all: &[Mark]) -> BTreeSet<i64> {
    // A withdrawal may be withdrawn: the last one counts, so they are gone through from the end.
    let mut withdrawn = BTreeSet::new();
    for mark in all.iter().rev() {
        if let Decision::Withdrawn(earlier) = mark.entry.decision
            && !withdrawn.contains(&mark.id)
        {
            withdrawn.insert(earlier);
        }
    }
    all.iter().map(|mark| mark.id).filter(|id| !withdrawn.contains(id)).collect()
}

/// The marks of a class that nobody has withdrawn, by student, in the order in which they were made.
#[derive(Debug, Clone, Default)]
pub struct Marks {
    by_student: BTreeMap<String, Vec<Mark>>,
}

impl Marks {
    /// Those of `all` that count.
    pub fn new(all: Vec<Mark>) -> Self {
        let standing = standing(&all);
        let mut by_student: BTreeMap<String, Vec<Mark>> = BTreeMap::new();
        for mark in all {
            if standing.contains(&mark.id) && !matches!(mark.entry.decision, Decision::Withdrawn(_)) {
                by_student.entry(mark.entry.student.clone()).or_default().push(mark);
            }
        }
        for marks in by_student.values_mut() {
            marks.sort_by_key(|mark| mark.id);
        }
        Self { by_student }
    }

    /// Those on one student's submission.
    pub fn of(&self, student: &str) -> &[Mark] {
        self.by_student.get(student).map_or(&[], Vec::as_slice)
    }

    /// All, by student.
    pub fn all(&self) -> impl Iterator<Item = &Mark> {
        self.by_student.values().flatten()
    }

    /// One item of a report with what these marks decide.
    pub fn merged_item(&self, report: &Report, found: &ItemReport) -> ItemReport {
        merge::merged_item(report, found, self.of(&report.student))
    }

    /// One report of what the program found and what these marks decide.
    pub fn merged(&self, found: &Report) -> Report {
        merge::merged(found, self.of(&found.student))
    }
}
