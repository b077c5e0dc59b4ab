//! What people decide beside what the program finds.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::points::Points;
use crate::verdict::VerdictLabel;

/// What counts where two graders have marked one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TwoGraders {
    /// The points of whoever marked it first.
    First,
    /// The mean of all graders' points, rounded to a hundredth.
    Mean,
    /// Their points if they are equal; otherwise the item waits until somebody settles it.
    #[default]
    MustAgree,
}

/// When students see all points and comments, unless a person decides otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Release {
    /// When a person releases them.
    #[default]
    ByHand,
    /// From the first run on.
    AtOnce,
    /// When nobody can hand in any more.
    AfterDeadline,
}

/// What an answer has to have for some points, for whoever marks it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Level {
    /// The points.
    pub points: Points,
    /// What the answer has to have.
    pub when: String,
}

/// What a person said, for the student to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Comment {
    /// Who said it.
    pub grader: String,
    /// When.
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// The words.
    pub text: String,
    /// Whether they ask for another look, so that they are the student's rather than a grader's.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub request: bool,
}

/// That people have marked an item, and what the program had found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Marked {
    /// How the marks stand.
    pub state: MarkState,
    /// Each grader's points, in the order in which they marked; null for an item that is excused.
    pub graders: Vec<GradersPoints>,
    /// What the program had found.
    pub found: VerdictLabel,
    /// What the program had given; null if it waited for a person.
    pub found_points: Option<Points>,
}

/// One grader's points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GradersPoints {
    /// Who marked.
    pub grader: String,
    /// What the item earns by this mark.
    pub points: Option<Points>,
}

/// How the marks on an item stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MarkState {
    /// They count.
    Counts,
    /// The evidence has changed since: none of them counts, and a person looks again.
    Stale,
    /// The graders disagree, and the course asks them to agree.
    Disagreement,
    /// A request for another look came after them.
    Reopened,
}
