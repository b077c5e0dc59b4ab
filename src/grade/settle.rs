//! What items make of each other: one may wait for another, and one may have to be backed by another.

use crate::check::Edition;
use crate::domain::item_id::ItemId;
use crate::domain::points::{Fraction, Points};
use crate::domain::verdict::{Finding, Verdict, Visibility};
use crate::rubric::Item;

/// A finding beside those of the other items.
#[derive(Debug, Clone)]
pub(super) struct Settled {
    pub(super) finding: Finding,
    /// How much of it its student sees.
    pub(super) visibility: Visibility,
    /// Whether it tells of an item that is hidden.
    pub(super) follows_hidden: bool,
}

/// Settles the findings of `items`, which are in the same order.
pub(super) fn settle(items: &[&Item], findings: Vec<Finding>, edition: Edition) -> Vec<Settled> {
    let mut settling = Settling { items, edition, own: findings.into_iter().map(Some).collect(), settled: vec![None; items.len()] };
    for place in 0..items.len() {
        settling.item(place);
    }
    settling.settled.into_iter().flatten().collect()
}

struct Settling<'a> {
    items: &'a [&'a Item],
    edition: Edition,
    own: Vec<Option<Finding>>,
    settled: Vec<Option<Settled>>,
}

impl Settling<'_> {
    /// Settles the item at `place` after those that it depends on. Nothing depends on itself: the rubric has been checked for that.
    fn item(&mut self, place: usize) {
        let Some(mut finding) = self.own[place].take() else { return };
        let item = self.items[place];
        let (mut visibility, mut follows_hidden) = (item.visibility, false);
        let links: [(&Option<ItemId>, Settle); 2] = [(&item.after, after), (&item.backed_by, backed_by)];
        for (link, settle) in links {
            let Some(other) = link.as_ref().and_then(|id| self.items.iter().position(|other| &other.id == id)) else { continue };
            self.item(other);
            let Some(first) = &self.settled[other] else { continue };
            let is_known = first.visibility == Visibility::Verdict;
            finding = settle(finding, &Other { item: self.items[other], finding: &first.finding, is_known, edition: self.edition });
            // What depends on an item with a secret verdict would give that verdict away.
            if !is_known && visibility == Visibility::Verdict {
                visibility = Visibility::Found;
            }
            follows_hidden |= first.follows_hidden || first.visibility == Visibility::Hidden;
        }
        self.settled[place] = Some(Settled { finding, visibility, follows_hidden });
    }
}

/// What an item's finding becomes beside that of an item on which it depends.
type Settle = fn(Finding, &Other<'_>) -> Finding;

/// An item that another depends on.
struct Other<'a> {
    item: &'a Item,
    finding: &'a Finding,
    is_known: bool,
    edition: Edition,
}

impl Other<'_> {
    /// `finding`, which tells of this item, as its student may know it: neither the name of a hidden item nor the fate of one that is
    /// only found.
    fn reported(&self, finding: Finding) -> Finding {
        if self.is_known { finding } else { Finding { advice: "the course judges it".to_owned(), ..finding } }
    }
}

/// An item that waits for another one: it earns nothing where the other one did.
fn after(own: Finding, other: &Other<'_>) -> Finding {
    // Evidence that is not there, or was not understood, is reported as such, whatever the item waits for.
    if own.unread || matches!(own.verdict, Verdict::Missing | Verdict::Unreadable | Verdict::Unopened | Verdict::Broken) {
        return own;
    }
    let (verdict, fate) = match other.finding.verdict.fraction() {
        Some(fraction) if other.item.points.share(fraction) > Points::ZERO => return own,
        Some(_) => (Verdict::Skipped, "earned nothing"),
        // In a student's edition most items wait for the course; that hides nothing that can be mended before.
        None if other.edition == Edition::Student && own.verdict != Verdict::Pass => return own,
        None => (Verdict::NeedsReview, "is not graded yet"),
    };
    other.reported(Finding::open(verdict, format!("depends on {}, which {fate}", other.item.id)))
}

/// A claim with the item that backs it. What its own evidence contradicts earns nothing; what nothing backs is for a person.
fn backed_by(own: Finding, other: &Other<'_>) -> Finding {
    if own.verdict.fraction().is_none_or(Fraction::is_nothing) {
        return own;
    }
    let (evidence, id) = (other.finding, &other.item.id);
    let (verdict, joint) = match evidence.verdict {
        Verdict::Pass | Verdict::Partial(_) => return own,
        Verdict::Contradicted => (Verdict::Contradicted, "but its own evidence says otherwise"),
        Verdict::Unopened => (Verdict::Unopened, "but what backs it cannot be opened"),
        Verdict::Broken => (Verdict::Broken, "but what backs it could not be judged"),
        Verdict::NeedsReview => (Verdict::NeedsReview, "but what backs it waits for a person"),
        Verdict::Fail | Verdict::Missing | Verdict::Unreadable | Verdict::Skipped => (Verdict::NeedsReview, "but nothing backs it"),
    };
    let sentence = |own: &str, why: &str| format!("{own}; {joint} ({id}): {why}");
    let (reason, advice) = (sentence(&own.reason, &evidence.reason), sentence(&own.advice, &evidence.advice));
    other.reported(Finding { verdict, reason, advice, ..own })
}
