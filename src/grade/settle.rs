//! What items make of each other: one may wait for another, and one may have to be backed by another.

use crate::check::Edition;
use crate::domain::dependency::{self, Change, Standing};
use crate::domain::item_id::ItemId;
use crate::domain::points::Points;
use crate::domain::verdict::{Finding, Verdict, Visibility};
use crate::rubric::Item;

/// A finding beside those of the other items.
#[derive(Debug, Clone)]
pub(super) struct Settled {
    pub(super) finding: Finding,
    /// What was found of the item alone, if it depends on others.
    pub(super) alone: Option<Finding>,
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
        let alone = (item.after.is_some() || item.backed_by.is_some()).then(|| finding.clone());
        let links: [(&Option<ItemId>, Settle); 2] = [(&item.after, after), (&item.backed_by, backed_by)];
        for (link, settle) in links {
            let Some(other) = link.as_ref().and_then(|id| self.items.iter().position(|other| &other.id == id)) else { continue };
            self.item(other);
            let Some(first) = &self.settled[other] else { continue };
            let is_known = first.visibility == Visibility::Verdict;
            finding = settle(finding, &Other { own: item, item: self.items[other], finding: &first.finding, is_known, edition: self.edition });
            // What depends on an item with a secret verdict would give that verdict away.
            if !is_known && visibility == Visibility::Verdict {
                visibility = Visibility::Found;
            }
            follows_hidden |= first.follows_hidden || first.visibility == Visibility::Hidden;
        }
        self.settled[place] = Some(Settled { finding, alone, visibility, follows_hidden });
    }
}

/// What becomes of a finding beside that of an item on which it depends.
type Settle = fn(Finding, &Other<'_>) -> Finding;

/// An item that another depends on.
struct Other<'a> {
    /// The item that depends on it.
    own: &'a Item,
    item: &'a Item,
    finding: &'a Finding,
    is_known: bool,
    edition: Edition,
}

impl Other<'_> {
    /// `finding`, which tells of this item, as its student may know it: neither the name of a hidden item nor the fate of one that is
    /// only found.
    fn reported(&self, finding: Finding) -> Finding {
        if self.is_known { finding } else { Finding { advice: dependency::UNKNOWN.to_owned(), ..finding } }
    }
}

fn standing<'a>(item: &Item, finding: &'a Finding) -> Standing<'a> {
    Standing {
        verdict: finding.verdict.label(),
        earns: finding.verdict.fraction().map(|fraction| item.points.share(fraction) > Points::ZERO),
        unread: finding.unread,
        reason: &finding.reason,
        advice: &finding.advice,
    }
}

fn after(own: Finding, other: &Other<'_>) -> Finding {
    // In a student's edition most items wait for the course; that hides nothing that can be mended before.
    let waits = other.finding.verdict.fraction().is_none();
    if waits && other.edition == Edition::Student && own.verdict != Verdict::Pass {
        return own;
    }
    match dependency::after(standing(other.own, &own), standing(other.item, other.finding), &other.item.id) {
        Some(change) => other.reported(Finding::new(change.verdict, change.reason, change.advice)),
        None => own,
    }
}

fn backed_by(own: Finding, other: &Other<'_>) -> Finding {
    match dependency::backed_by(standing(other.own, &own), standing(other.item, other.finding), &other.item.id) {
        Some(Change { verdict, reason, advice }) => other.reported(Finding { verdict, reason, advice, ..own }),
        None => own,
    }
}
