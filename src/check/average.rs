//! One finding for several equal pieces of evidence.

use crate::domain::points::Fraction;
use crate::domain::verdict::{Finding, Piece, Verdict};

use super::{A_PERSON, ONLY_THE_COURSE, Stop};

/// One finding for several equal pieces of evidence: the share of those that pass.
pub(super) fn average(pieces: Vec<Result<Finding, Stop>>) -> Finding {
    let pieces: Vec<Finding> = pieces.into_iter().map(|piece| piece.unwrap_or_else(Stop::into_finding)).collect();
    let (good, rest): (Vec<&Finding>, Vec<&Finding>) = pieces.iter().partition(|piece| piece.verdict == Verdict::Pass);
    let (bad, open): (Vec<&Finding>, Vec<&Finding>) = rest.into_iter().partition(|piece| piece.verdict.fraction().is_some());
    let mut finding = match open.iter().find(|piece| piece.verdict == Verdict::Broken).or(open.first()) {
        // A person, or a mended reference, has to settle one of them: so the whole waits. What is known to be wrong is said.
        Some(waiting) => {
            let reason = sentences(open.iter().chain(&bad).map(|piece| piece.reason.as_str()));
            let advice = sentences(bad.iter().chain(&open).map(|piece| piece.advice.as_str()));
            let missing = bad.iter().filter(|piece| piece.verdict == Verdict::Missing).count();
            let found = if missing == 0 { String::new() } else { format!("{} of {} found; ", pieces.len() - missing, pieces.len()) };
            Finding { reason, advice: format!("{found}{advice}"), ..(*waiting).clone() }
        }
        None => settled(&good, &bad),
    };
    finding.urgent = pieces.iter().any(|piece| piece.urgent);
    finding.unread = pieces.iter().any(|piece| piece.unread);
    let piece = |piece: &Finding| Piece {
        verdict: piece.verdict.label(),
        urgent: piece.urgent,
        unread: piece.unread,
        reason: piece.reason.clone(),
        advice: piece.advice.clone(),
    };
    finding.pieces = pieces.iter().map(piece).collect();
    finding
}

/// One finding for pieces that have all been judged.
fn settled(good: &[&Finding], bad: &[&Finding]) -> Finding {
    let verdict = match bad.split_first() {
        Some((first, rest)) if good.is_empty() && rest.iter().all(|piece| piece.verdict == first.verdict) => first.verdict,
        _ => Verdict::of(Fraction::new(good.len(), good.len() + bad.len())),
    };
    let chosen = if bad.is_empty() { good } else { bad };
    let count = if good.is_empty() { String::new() } else { format!("{} of {}: ", good.len(), good.len() + bad.len()) };
    let join = |sentence: fn(&Finding) -> &str| format!("{count}{}", sentences(chosen.iter().map(|piece| sentence(piece))));
    let mut finding = Finding::new(verdict, join(|piece| &piece.reason), join(|piece| &piece.advice));
    finding.tolerance = chosen.first().and_then(|piece| piece.tolerance.clone());
    if let [only] = chosen {
        finding.expected.clone_from(&only.expected);
        finding.actual.clone_from(&only.actual);
    }
    finding
}

/// Sentences in one. What is said alike of several names is said once: "`a`, `b`: not found in metrics.json".
fn sentences<'s>(all: impl Iterator<Item = &'s str>) -> String {
    let mut judged_by = "";
    let mut said: Vec<(Vec<&str>, &str)> = Vec::new();
    for sentence in all.filter(|sentence| !sentence.is_empty()) {
        let end = [ONLY_THE_COURSE, A_PERSON].into_iter().find(|end| sentence.ends_with(end)).unwrap_or_default();
        judged_by = if end.is_empty() { judged_by } else { end };
        let sentence = sentence.strip_suffix(end).unwrap_or(sentence);
        let (name, rest) = sentence.split_once(": ").filter(|(name, _)| !name.contains(char::is_whitespace)).unwrap_or(("", sentence));
        match said.iter_mut().find(|(_, known)| *known == rest) {
            Some((names, _)) if names.contains(&name) => {}
            Some((names, _)) => names.push(name),
            None => said.push((vec![name], rest)),
        }
    }
    let words = |(names, rest): (Vec<&str>, &str)| {
        let names: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
        if names.is_empty() { rest.to_owned() } else { format!("{}: {rest}", names.join(", ")) }
    };
    said.into_iter().map(words).collect::<Vec<_>>().join("; ") + judged_by
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::only_the_course;
    use crate::domain::diagnostic::{Code, Diagnostic};
    use crate::domain::verdict::VerdictLabel;
    use crate::evidence::Absent;

    fn average_of(parts: &[(Verdict, &str)]) -> Finding {
        average(parts.iter().map(|(verdict, reason)| Ok(Finding::new(*verdict, *reason, ""))).collect())
    }

    #[test]
    fn a_part_that_waits_for_a_person_costs_nothing_whatever_the_others_earn() {
        let unread = (Verdict::NeedsReview, "report.pdf, page 3 cannot be read");
        let wrong = (Verdict::Fail, "0.4 is not 0.5");
        let finding = average_of(&[(Verdict::Pass, "right"), unread, wrong, wrong]);
        assert_eq!((finding.verdict, finding.reason.as_str()), (Verdict::NeedsReview, "report.pdf, page 3 cannot be read; 0.4 is not 0.5"));
        // Our own fault comes first, whatever else waits or is missing.
        assert_eq!(average_of(&[unread, wrong, (Verdict::Broken, "no lock")]).verdict, Verdict::Broken);
        assert_eq!(average_of(&[(Verdict::Pass, "right"), wrong]).verdict, Verdict::of(Fraction::new(1, 2)));
    }

    #[test]
    fn what_is_said_alike_of_several_names_is_said_once() {
        let missing = |name: &str| format!("`{name}`: not found in metrics.json");
        let all = [missing("a"), "b = 2 is not 3".to_owned(), missing("c"), missing("c"), "d: 5 values".to_owned(), missing("e")];
        assert_eq!(sentences(all.iter().map(String::as_str)), "`a`, `c`, `e`: not found in metrics.json; b = 2 is not 3; d: 5 values");
        assert_eq!(
            sentences(["a = 1 is there; only the course can judge it", "b = 2 is there; only the course can judge it"].into_iter()),
            "a = 1 is there; b = 2 is there; only the course can judge it"
        );
        assert_eq!(sentences(["two words: x", "one: x", ""].into_iter()), "two words: x; one: x");
    }

    #[test]
    fn pieces_that_wait_for_the_course_tell_what_is_wrong_with_the_others_first() {
        let there = || Ok(only_the_course("a: 5 values are there"));
        let missing = |name: &str| Err(Stop::Absent(Absent::Missing(Diagnostic::error(Code::NotFound, format!("`{name}`: not found")))));
        let finding = average(vec![there(), missing("b"), missing("c")]);
        assert_eq!(finding.verdict, Verdict::NeedsReview);
        assert_eq!(finding.advice, "1 of 3 found; `b`, `c`: not found; a: 5 values are there; only the course can judge it");
        assert_eq!(
            finding.pieces.iter().map(|piece| piece.verdict).collect::<Vec<_>>(),
            [VerdictLabel::NeedsReview, VerdictLabel::Missing, VerdictLabel::Missing]
        );
        let finding = average(vec![missing("b"), missing("c")]);
        assert_eq!((finding.verdict, finding.advice.as_str()), (Verdict::Missing, "`b`, `c`: not found"));
    }
}
