//! What an item becomes beside another one on which it depends: of what the program found, and again where people decide the other one.

use crate::item_id::ItemId;
use crate::verdict::{Verdict, VerdictLabel};

/// What a student reads of an item that depends on one whose verdict she does not know.
pub const UNKNOWN: &str = "the course judges it";

/// How an item stands, as those see it that depend on it.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    /// How it stands.
    pub verdict: VerdictLabel,
    /// Whether it earns points; `None` while it is ungraded.
    pub earns: Option<bool>,
    /// Whether some of its evidence was not understood.
    pub unread: bool,
    /// Why, in one sentence.
    pub reason: &'a str,
    /// What its student may read.
    pub advice: &'a str,
}

/// What a dependency makes of an item.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// How it stands.
    pub verdict: Verdict,
    /// Why, in one sentence.
    pub reason: String,
    /// What its student may read.
    pub advice: String,
}

/// An item that waits for `other`: it earns nothing where that one did. `None` if it stays as it is.
///
/// ```
/// use mlgrade_domain::item_id::ItemId;
/// use mlgrade_domain::dependency::{Standing, after};
/// use mlgrade_domain::verdict::{Verdict, VerdictLabel};
/// let standing = |verdict, earns| Standing { verdict, earns, unread: false, reason: "", advice: "" };
/// let (pass, fail) = (standing(VerdictLabel::Pass, Some(true)), standing(VerdictLabel::Fail, Some(false)));
/// let id = ItemId::new("trees", "plot");
/// assert_eq!(after(pass, pass, &id), None);
/// assert_eq!(after(pass, fail, &id).map(|change| change.verdict), Some(Verdict::Skipped));
/// ```
pub fn after(own: Standing<'_>, other: Standing<'_>, id: &ItemId) -> Option<Change> {
    use VerdictLabel::{Broken, Excused, Missing, Unopened, Unreadable};
    // Evidence that is not there, or was not understood, is reported as such, whatever the item waits for.
    if own.unread || matches!(own.verdict, Missing | Unreadable | Unopened | Broken) || other.verdict == Excused {
        return None;
    }
    let (verdict, fate) = match other.earns {
        Some(true) => return None,
        Some(false) => (Verdict::Skipped, "earned nothing"),
        None => (Verdict::NeedsReview, "is not graded yet"),
    };
    let sentence = format!("depends on {id}, which {fate}");
    Some(Change { verdict, reason: sentence.clone(), advice: sentence })
}

/// A claim that `evidence` has to back. What its own evidence contradicts earns nothing; what nothing backs is for a person. `None` if it
/// stays as it is.
pub fn backed_by(own: Standing<'_>, evidence: Standing<'_>, id: &ItemId) -> Option<Change> {
    if own.earns != Some(true) {
        return None;
    }
    let (verdict, joint) = match evidence.verdict {
        VerdictLabel::Pass | VerdictLabel::Partial | VerdictLabel::Excused => return None,
        VerdictLabel::Contradicted => (Verdict::Contradicted, "but its own evidence says otherwise"),
        VerdictLabel::Unopened => (Verdict::Unopened, "but what backs it cannot be opened"),
        VerdictLabel::Broken => (Verdict::Broken, "but what backs it could not be judged"),
        VerdictLabel::NeedsReview => (Verdict::NeedsReview, "but what backs it waits for a person"),
        VerdictLabel::Fail | VerdictLabel::Missing | VerdictLabel::Unreadable | VerdictLabel::Skipped => (Verdict::NeedsReview, "but nothing backs it"),
    };
    let sentence = |own: &str, why: &str| format!("{own}; {joint} ({id}): {why}");
    Some(Change { verdict, reason: sentence(own.reason, evidence.reason), advice: sentence(own.advice, evidence.advice) })
}
