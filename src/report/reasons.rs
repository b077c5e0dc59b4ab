//! Why points are lost in a class: reasons that differ only in their numbers are one.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::class::Who;
use super::{ItemReport, Report};
use crate::domain::item_id::ItemId;
use crate::domain::points::Points;
use crate::domain::verdict::VerdictLabel;

/// The most reasons of an item that are kept apart. Those that come later are counted together.
const KEPT: usize = 1_000;
/// The most of them that are listed; the less costly ones are summed up.
const TOLD: usize = 100;
/// The most students that are named for a reason.
const NAMED: usize = 12;

/// Why points are lost in a class, bonus left out.
#[derive(Debug, Clone, Default)]
pub(super) struct Reasons(BTreeMap<ItemId, Lost>);

/// What is lost in one item.
#[derive(Debug, Clone)]
struct Lost {
    title: String,
    /// By what the sentences have in common.
    reasons: BTreeMap<String, Shared>,
    others: Others,
}

/// A reason that several may share.
#[derive(Debug, Clone)]
struct Shared {
    /// The sentence, while it is the same for all.
    whole: Option<String>,
    lost: Points,
    times: usize,
    who: Vec<Arc<Who>>,
}

/// What was lost in one item.
#[derive(Debug, Clone)]
pub(super) struct Loss<'c> {
    /// The item's title, as the first submission that lost something in it has it.
    pub(super) title: &'c str,
    /// What all lost.
    pub(super) lost: Points,
    /// How many lost something.
    pub(super) times: usize,
    /// Why, the costliest reason first.
    pub(super) reasons: Vec<Reason<'c>>,
    /// The reasons that are not listed one by one.
    pub(super) others: Others,
}

/// One reason.
#[derive(Debug, Clone)]
pub(super) struct Reason<'c> {
    /// In words, with "…" for numbers that differ.
    pub(super) text: &'c str,
    /// What it cost.
    pub(super) lost: Points,
    /// How many submissions.
    pub(super) times: usize,
    /// The first of them.
    pub(super) who: &'c [Arc<Who>],
}

/// Reasons that are summed up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Others {
    /// What they cost.
    pub(super) lost: Points,
    /// How many submissions.
    pub(super) times: usize,
}

impl Reasons {
    /// Adds what a submission lost.
    pub(super) fn add(&mut self, who: &Arc<Who>, report: &Report) {
        for item in report.items.iter().filter(|item| !item.bonus) {
            let Some(lost) = item.points.map(|points| item.possible - points.min(item.possible)).filter(|lost| *lost > Points::ZERO) else { continue };
            let known = || Lost { title: item.title.clone(), reasons: BTreeMap::new(), others: Others::default() };
            self.0.entry(item.id.clone()).or_insert_with(known).add(told(item), lost, who);
        }
    }

    /// The costliest item first.
    pub(super) fn losses(&self) -> Vec<Loss<'_>> {
        // They come by their ids, and stay so where they cost the same.
        let mut losses: Vec<Loss<'_>> = self.0.values().map(Loss::of).collect();
        losses.sort_by_key(|loss| std::cmp::Reverse(loss.lost));
        losses
    }
}

impl Lost {
    fn add(&mut self, whole: &str, lost: Points, who: &Arc<Who>) {
        let skeleton = skeleton(whole);
        if !self.reasons.contains_key(&skeleton) && self.reasons.len() >= KEPT {
            self.others.add(lost, 1);
            return;
        }
        let fresh = || Shared { whole: Some(whole.to_owned()), lost: Points::ZERO, times: 0, who: Vec::new() };
        let reason = self.reasons.entry(skeleton).or_insert_with(fresh);
        // One sentence stays as it is; of several, what they share.
        reason.whole.take_if(|known| known != whole);
        reason.lost = reason.lost + lost;
        reason.times += 1;
        if reason.who.len() < NAMED {
            reason.who.push(Arc::clone(who));
        }
    }
}

impl<'c> Loss<'c> {
    fn of(lost: &'c Lost) -> Self {
        let reason = |(skeleton, shared): (&'c String, &'c Shared)| Reason {
            text: shared.whole.as_ref().unwrap_or(skeleton),
            lost: shared.lost,
            times: shared.times,
            who: &shared.who,
        };
        let mut reasons: Vec<Reason<'c>> = lost.reasons.iter().map(reason).collect();
        let all = reasons.iter().fold(lost.others, |all, reason| all.with(reason.lost, reason.times));
        reasons.sort_by(|a, b| b.lost.cmp(&a.lost).then_with(|| a.text.cmp(b.text)));
        let few = reasons.split_off(reasons.len().min(TOLD));
        let others = few.iter().fold(lost.others, |all, reason| all.with(reason.lost, reason.times));
        Self { title: &lost.title, lost: all.lost, times: all.times, reasons, others }
    }
}

impl Others {
    fn add(&mut self, lost: Points, times: usize) {
        *self = self.with(lost, times);
    }

    fn with(self, lost: Points, times: usize) -> Self {
        Self { lost: self.lost + lost, times: self.times + times }
    }
}

/// The sentence that tells most: of several pieces of evidence, the first that falls short.
fn told(item: &ItemReport) -> &str {
    let falls = |verdict| !matches!(verdict, VerdictLabel::Pass | VerdictLabel::Excused);
    let first = item.pieces.iter().find(|piece| falls(piece.verdict)).filter(|_| item.marked.is_none());
    first.map_or(&item.reason, |piece| &piece.reason)
}

/// The sentence with "…" for each number that stands by itself. Numbers within names stay.
fn skeleton(sentence: &str) -> String {
    let is_number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '−' | '±')) && word.contains(|c: char| c.is_ascii_digit());
    let mut out: Vec<&str> = Vec::new();
    for word in sentence.split(' ') {
        let bare = word.trim_end_matches([',', ';', ':', ')', '.']);
        if is_number(bare.trim_start_matches('(')) {
            if out.last() != Some(&"…") {
                out.push("…");
            }
        } else {
            out.push(word);
        }
    }
    out.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_that_differ_in_numbers_are_one() {
        assert_eq!(skeleton("improved.val_error = 0.0704, expected below 0.025"), "improved.val_error = … expected below …");
        assert_eq!(skeleton("mlp.lr0.1.val_loss has 19 values, expected 20"), "mlp.lr0.1.val_loss has … values, expected …");
        assert_eq!(skeleton("x, value 3 of 5, is -4.2, the reference has 4.1 ±(0.3 + 10 %)"), "x, value … of … is … the reference has … + … %)");
    }
}
