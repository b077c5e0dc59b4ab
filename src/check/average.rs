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
