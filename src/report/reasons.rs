//! Why points are lost in a class: reasons that differ only in their numbers are one.

use std::collections::BTreeMap;

use super::{ItemReport, Report};
use crate::domain::points::Points;
use crate::domain::verdict::VerdictLabel;

/// What was lost in one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss<'r> {
    /// The item, as the first submission that lost something in it has it.
    pub item: &'r ItemReport,
    /// What all lost.
    pub lost: Points,
    /// Why, the costliest reason first.
    pub reasons: Vec<Reason>,
}

/// One reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// In words, with "…" for numbers that differ.
    pub text: String,
    /// What it cost.
    pub lost: Points,
    /// The submissions, by their place among the reports.
    pub who: Vec<usize>,
}

/// The losses of a class, bonus left out: the costliest item first.
pub fn losses<'r>(reports: &[&'r Report]) -> Vec<Loss<'r>> {
    let mut items: BTreeMap<&str, (&'r ItemReport, BTreeMap<String, Reason>)> = BTreeMap::new();
    for (who, report) in reports.iter().enumerate() {
        for item in report.items.iter().filter(|item| !item.bonus) {
            let Some(lost) = item.points.map(|points| item.possible - points.min(item.possible)).filter(|lost| *lost > Points::ZERO) else { continue };
            let (_, reasons) = items.entry(item.id.as_str()).or_insert_with(|| (item, BTreeMap::new()));
            let (whole, skeleton) = (told(item), skeleton(told(item)));
            let reason = reasons.entry(skeleton.clone()).or_insert_with(|| Reason { text: whole.to_owned(), lost: Points::ZERO, who: Vec::new() });
            // One sentence stays as it is; of several, what they share.
            if reason.text != whole {
                reason.text = skeleton;
            }
            reason.lost = reason.lost + lost;
            reason.who.push(who);
        }
    }
    let loss = |(item, reasons): (&'r ItemReport, BTreeMap<String, Reason>)| {
        let mut reasons: Vec<Reason> = reasons.into_values().collect();
        reasons.sort_by(|a, b| b.lost.cmp(&a.lost).then_with(|| a.text.cmp(&b.text)));
        Loss { item, lost: reasons.iter().map(|reason| reason.lost).sum(), reasons }
    };
    let mut losses: Vec<Loss<'r>> = items.into_values().map(loss).collect();
    losses.sort_by(|a, b| b.lost.cmp(&a.lost).then_with(|| a.item.id.as_str().cmp(b.item.id.as_str())));
    losses
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
