//! What pages, anchors and verdicts are called.

use crate::domain::item_id::ItemId;
use crate::domain::points::Points;
use crate::domain::verdict::VerdictLabel as V;
use crate::report::Asks;
use crate::report::student::State;

/// The page of the submission whose report is called `name`. The class's own page is index.html, whatever a student is called.
pub fn page_of(name: &str) -> String {
    if name.eq_ignore_ascii_case("index") { format!("{name}-.html") } else { format!("{name}.html") }
}

/// Where an item stands on its page.
pub(super) fn anchor(id: &ItemId) -> String {
    id.replace('/', "-")
}

/// How an item stands: a sign and a word, so that nothing depends on colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) sign: &'static str,
    pub(super) word: &'static str,
    pub(super) class: &'static str,
}

const fn standing(sign: &'static str, word: &'static str, class: &'static str) -> Standing {
    Standing { sign, word, class }
}

/// How an item with a known verdict stands.
pub(super) fn of_verdict(verdict: V, urgent: bool, asks: Asks) -> Standing {
    match verdict {
        V::Pass => standing("✓", "pass", "fine"),
        V::Partial => standing("◐", "partial", "short"),
        V::Fail => standing("✗", "fail", "short"),
        V::Unreadable => standing("✗", "unreadable", "short"),
        V::Contradicted => standing("✗", "contradicted", "short"),
        V::Missing => standing("–", "missing", "short"),
        V::Skipped => standing("–", "skipped", "short"),
        V::Unopened => standing("?", "not opened", "open"),
        V::NeedsReview if !urgent && asks == Asks::Words => standing("?", "to be read", "open"),
        V::NeedsReview => standing("?", "to look at", "open"),
        V::Broken => standing("!", "not graded", "open"),
        V::Excused => standing("–", "excused", "fine"),
    }
}

/// How an item stands whose verdict is not told.
pub(super) fn of_state(state: State) -> Standing {
    match state {
        State::Fine => standing("–", "excused", "fine"),
        State::Found => standing("○", "found", "fine"),
        State::Fix => standing("✗", "to fix", "short"),
        State::NotFound => standing("–", "missing", "short"),
        State::Ungraded => standing("!", "not graded", "open"),
    }
}

/// "1 item" or "3 items"
pub(super) fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

/// "100,000"
pub(super) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// "1 point" or "2.5 points"
pub(super) fn worth(points: Points) -> String {
    if points == Points::from_hundredths(100) { "1 point".to_owned() } else { format!("{points} points") }
}

#[cfg(test)]
mod tests {
    use super::thousands;

    #[test]
    fn thousands_have_commas() {
        for (number, text) in [(0, "0"), (999, "999"), (2_000, "2,000"), (100_000, "100,000"), (1_234_567, "1,234,567")] {
            assert_eq!(thousands(number), text);
        }
    }
}
