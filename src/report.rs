//! Reports: what grading concluded, and pure views of it. Nothing here computes a grade.

pub mod checklist;
pub mod class;
pub mod csv;
pub mod data;
pub mod difference;
pub mod export;
pub mod html;
pub mod json;
pub mod markdown;
pub mod similar;
pub mod statistics;
pub mod student;
pub mod terminal;

mod handed_in;
mod reasons;
mod score;
mod text;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::diagnostic::Note;
use crate::domain::item_id::ItemId;
use crate::domain::late::{LatePolicy, Lateness, Timing};
use crate::domain::marking::{Comment, Level, Marked, Release, TwoGraders};
use crate::domain::media::{Format, Picture};
use crate::domain::number::Finite;
use crate::domain::plot::{Curve, NumberLine};
use crate::domain::points::Points;
use crate::domain::quantity::{Numbers, Quantity};
use crate::domain::verdict::{Drawing, Exhibit, Piece, VerdictLabel, Visibility};

pub use student::StudentView;

/// Everything that the course may know about one graded submission.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// The version of this format: 2.
    pub schema: u32,
    /// The submission's folder.
    pub student: String,
    /// The name that the submission states.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The rubric's id.
    pub rubric: String,
    /// Short hashes of rubric and lock.
    pub stamp: Stamp,
    /// When it was handed in, as the one says whose word counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub submitted_at: Option<Timestamp>,
    /// Whose time counts and why it may not be right, if there is a due date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timing: Option<Timing>,
    /// How late it was, if it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late: Option<Lateness>,
    /// What lateness costs and whose marks count, as the rubric says.
    #[serde(default)]
    pub policy: Policy,
    /// How many files were handed in, submission.toml and archives aside.
    pub files: usize,
    /// Why not all of it could be seen, if so: an archive that cannot be opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unopened: Option<String>,
    /// The whole.
    pub score: Score,
    /// The parts in order.
    pub parts: Vec<PartReport>,
    /// The items in order.
    pub items: Vec<ItemReport>,
    /// What was noticed about the submission as a whole.
    pub notes: Vec<Note>,
    /// What people said about the whole of it.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub comments: Vec<Comment>,
    /// Whether a person has excused the student from all of it.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub excused: bool,
    /// Whether the course has released the grades to the students.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub released: bool,
    /// By when a person has allowed this student to hand in, if later than others.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schemars(with = "Option<String>")]
    pub extended_to: Option<Timestamp>,
}

/// What of a rubric matters after grading.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Policy {
    /// What lateness costs, if anything.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub late: Option<LatePolicy>,
    /// What counts where two graders have marked one item.
    #[serde(default)]
    pub two_graders: TwoGraders,
    /// When students see all points.
    #[serde(default)]
    pub release: Release,
}

impl Policy {
    /// Whether students see all points at `now`: as a person `decided` last, or else as the rubric says.
    pub fn is_released(&self, decided: Option<bool>, now: Timestamp) -> bool {
        decided.unwrap_or_else(|| match self.release {
            Release::ByHand => false,
            Release::AtOnce => true,
            Release::AfterDeadline => self.late.as_ref().is_some_and(|late| late.is_over(now)),
        })
    }
}

/// What a report was made with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Stamp {
    /// A short hash of the rubric.
    pub rubric: String,
    /// A short hash of its lock, if it has one.
    pub lock: Option<String>,
    /// The rubric's title.
    pub title: String,
    /// The version of the program, if it is known: reports of schema 1 do not say.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub program: Option<String>,
}

/// Points, as a range while items are ungraded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Score {
    /// What the graded items earn, bonus and lateness included.
    pub earned: Points,
    /// What can be earned without bonus.
    pub possible: Points,
    /// The score if the ungraded items earn nothing; the same as `earned`.
    pub lowest: Points,
    /// The score if the ungraded items earn everything.
    pub highest: Points,
}

/// One part, before lateness and without its bonus.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct PartReport {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its points.
    pub score: Score,
    /// What its bonus items earn.
    pub bonus: Points,
}

/// One item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[expect(clippy::struct_excessive_bools, reason = "each says something of an item by itself")]
pub struct ItemReport {
    /// Its id with the part's, such as "trees/plot".
    pub id: ItemId,
    /// Its title.
    pub title: String,
    /// The kind of its check, such as "curve".
    #[serde(default)]
    pub kind: String,
    /// The outcome.
    pub verdict: VerdictLabel,
    /// What it earns before lateness; null while it is ungraded.
    pub points: Option<Points>,
    /// What it is worth.
    pub possible: Points,
    /// Whether it comes on top of the possible points.
    pub bonus: bool,
    /// Why, in one sentence.
    pub reason: String,
    /// What was expected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<Quantity>,
    /// What was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actual: Option<Quantity>,
    /// How far apart they may be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tolerance: Option<Quantity>,
    /// The column of the class's table in which the number that was found stands, if it has one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub leaderboard: Option<String>,
    /// What the student may read.
    pub advice: String,
    /// Files of the submission to look at.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub exhibits: Vec<Exhibit>,
    /// Where in a notebook its evidence stands, if it is in one.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub places: Vec<String>,
    /// Whether a person should look at it before anything else.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub urgent: bool,
    /// A picture of what was read, by its path beside the report.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overlay: Option<String>,
    /// That picture.
    #[serde(skip)]
    #[schemars(skip)]
    pub drawing: Option<Drawing>,
    /// The figure that it looks at, as it was handed in, by its path beside the report.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub figure: Option<String>,
    /// That figure.
    #[serde(skip)]
    #[schemars(skip)]
    pub picture: Option<Picture>,
    /// The series that it judges.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub curves: Vec<Curve>,
    /// The numbers that it judges, with what they are held against.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub number_lines: Vec<NumberLine>,
    /// How much of it its student sees.
    #[serde(default)]
    pub visibility: Visibility,
    /// Whether it depends on an item that is hidden, so that its verdict is never told.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub follows_hidden: bool,
    /// What the program found of it alone, if it depends on other items.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub alone: Option<Box<Alone>>,
    /// Whether some of its evidence was not understood.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub unread: bool,
    /// What it asks for.
    #[serde(default)]
    pub asks: Asks,
    /// What came of each of several equal pieces of evidence, such as the series of a plot.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub pieces: Vec<Piece>,
    /// What of its evidence is not there.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub wanted: Vec<Wanted>,
    /// What the student wrote, whole, where the item asks for words.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub answer: Option<String>,
    /// What a good answer says, for whoever marks it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub guide: Option<String>,
    /// What an answer has to have for how many points, for whoever marks it: the best first.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub levels: Vec<Level>,
    /// What people decided about it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub marked: Option<Marked>,
    /// What people said about it.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub comments: Vec<Comment>,
    /// A hash of the evidence that was judged. A mark counts for as long as it stays the same.
    #[serde(default)]
    pub evidence: String,
}

/// What the program found of an item without regard to the items on which it depends. People may decide those later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Alone {
    /// The item that has to earn something first.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub after: Option<ItemId>,
    /// The item that has to back it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub backed_by: Option<ItemId>,
    /// The outcome.
    pub verdict: VerdictLabel,
    /// What it earns; null while it is ungraded.
    pub points: Option<Points>,
    /// Why, in one sentence.
    pub reason: String,
    /// What the student may read.
    pub advice: String,
    /// Whether a person should look at it before anything else.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub urgent: bool,
    /// Whether some of its evidence was not understood.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub unread: bool,
}

/// What an item asks for, for whoever sums up what waits for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Asks {
    /// Words alone: an answer, a rule.
    Words,
    /// Anything else.
    #[default]
    Results,
}

/// Evidence that is not there, and where it goes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Wanted {
    /// The file, such as "metrics.json" or "figures/trees.png".
    pub file: String,
    /// The name of a value or answer in that file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What may be the matter, such as a misspelt name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl Score {
    /// "94" or "94–110".
    pub fn range(self) -> String {
        if self.lowest == self.highest { self.lowest.to_string() } else { format!("{}–{}", self.lowest, self.highest) }
    }
}

impl ItemReport {
    /// Its column of the class's table with the number that was found, if there is one.
    pub fn leader(&self) -> Option<(&str, Option<Finite>)> {
        let number = self.actual.as_ref().and_then(|actual| if let Numbers::Number { value } = actual.numbers() { Some(*value) } else { None });
        self.leaderboard.as_deref().map(|column| (column, number))
    }

    /// Whether it waits for a person because a page of a report cannot be read by the program.
    pub fn is_on_page(&self) -> bool {
        self.exhibits.iter().any(|exhibit| exhibit.caption == Exhibit::PAGE)
    }
}

impl Report {
    /// The part that an item belongs to.
    pub fn items_of<'a>(&'a self, part: &'a str) -> impl Iterator<Item = &'a ItemReport> {
        self.items.iter().filter(move |item| item.id.part() == part)
    }

    /// Gives each picture that a check has drawn, and each figure that was handed in, a path beside the report, which will be called `name`.
    pub fn place_pictures(&mut self, name: &str) {
        for item in &mut self.items {
            let file = |folder: &str, ending: &str| format!("{folder}/{name}-{}.{ending}", item.id.replace('/', "-"));
            item.overlay = item.drawing.is_some().then(|| file("overlays", Format::Png.ending()));
            item.figure = item.picture.as_ref().map(|picture| file("figures", picture.format.ending()));
        }
    }

    /// The pictures with their paths.
    pub fn pictures(&self) -> impl Iterator<Item = (&str, &[u8])> {
        let overlays = self.items.iter().filter_map(|item| Some((item.overlay.as_deref()?, item.drawing.as_ref()?.0.as_slice())));
        let figures = self.items.iter().filter_map(|item| Some((item.figure.as_deref()?, item.picture.as_ref()?.bytes.as_slice())));
        overlays.chain(figures)
    }

    /// The paths of its pictures, beside the report.
    pub fn picture_paths(&self) -> impl Iterator<Item = &str> {
        self.items.iter().flat_map(|item| [&item.overlay, &item.figure]).flatten().map(String::as_str)
    }

    /// Forgets the pictures' bytes, which are large. Their paths stay.
    pub fn drop_pictures(&mut self) {
        for item in &mut self.items {
            (item.drawing, item.picture) = (None, None);
        }
    }

    /// What waits for a person: what is urgent first, then figures, then what is to be read; each in the rubric's order.
    pub fn to_review(&self) -> Vec<&ItemReport> {
        let mut open: Vec<&ItemReport> = self.items.iter().filter(|item| item.verdict == VerdictLabel::NeedsReview).collect();
        open.sort_by_key(|item| (!item.urgent, item.exhibits.is_empty()));
        open
    }

    /// Whether an item is ungraded because what may hold it cannot be opened.
    pub fn is_unopened(&self) -> bool {
        self.items.iter().any(|item| item.verdict == VerdictLabel::Unopened)
    }

    /// Whether our own fault kept an item from being graded.
    pub fn is_broken(&self) -> bool {
        self.items.iter().any(|item| item.verdict == VerdictLabel::Broken)
    }

    /// Whether something could not be graded, by our own fault or since it cannot be opened.
    pub fn is_ungraded(&self) -> bool {
        self.is_broken() || self.is_unopened()
    }

    /// What its student may see.
    pub fn for_student(&self) -> StudentView {
        StudentView::of(self)
    }
}
