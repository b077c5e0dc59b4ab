//! What was seen, in one sentence.

use super::glyphs::is_cipher;
use super::judge::Case;
use super::line::Comparison;
use crate::claim::Kind;
use mlgrade_domain::number::significant;

/// Digits of the numbers that are told.
const DIGITS: usize = 3;

/// What speaks against series `i`.
pub(super) fn contradiction(case: &Case, i: usize) -> String {
    let name = &case.series[i].name;
    if let Some(other) = drawn_as(case, i) {
        return if is_cipher(other) {
            format!("what is claimed for {name} is drawn as another series")
        } else {
            format!("what is claimed for {name} is drawn as {other}")
        };
    }
    let Some(comparison) = &case.compared[i] else {
        return match case.claim.kind() {
            Kind::Line => format!("no curve is drawn for {name}"),
            Kind::Scatter => format!("no points are drawn for {name}"),
        };
    };
    let Some(worst) = comparison.worst else { return format!("no claimed point of {name} lies on the axes") };
    let (x, claimed) = (significant(worst.x, DIGITS + 2), significant(worst.claimed, DIGITS));
    let seen = worst.seen.map(|seen| significant(seen, DIGITS));
    match (case.claim.kind(), seen) {
        (Kind::Scatter, _) if comparison.undrawn => format!("many of the points that are drawn as {name} are not claimed, one of them at x = {x}"),
        (Kind::Scatter, Some(seen)) => format!("at x = {x} the plot shows ≈ {seen} for {name}; the claim says {claimed}"),
        (Kind::Scatter, None) => format!("at x = {x} the plot shows no point for {name} where the claim says {claimed}"),
        (Kind::Line, Some(seen)) if !worst.claimed.is_finite() => format!("at x = {x} the plot shows ≈ {seen} for {name}; the claim says nothing there"),
        (Kind::Line, Some(seen)) => {
            // Told as precisely as it takes to see the difference.
            let (seen, claimed) =
                if seen == claimed { (significant(worst.seen.unwrap_or_default(), 6), significant(worst.claimed, 6)) } else { (seen, claimed) };
            format!("at x = {x} the plot shows ≈ {seen} for {name}; the claim says {claimed}")
        }
        (Kind::Line, None) => format!("at x = {x} the plot shows nothing for {name}; the claim says {claimed}"),
    }
}

/// The legend's name of the curve that shows series `i` instead of its own curve.
pub(super) fn drawn_as<'a>(case: &Case<'a>, i: usize) -> Option<&'a str> {
    if case.compared[i].as_ref().is_some_and(Comparison::agrees) || case.named[i].is_empty() {
        return None;
    }
    let other = (0..case.all.len()).find(|j| !case.named[i].contains(j) && case.shares[i][*j] >= 1.0 && case.all[*j].name.is_some())?;
    case.all[other].name?.lines().next()
}

/// Why nothing can be told of series `i`.
pub(super) fn hidden(case: &Case, i: usize) -> String {
    let holds = case.compared[i].as_ref().map_or(&[][..], |comparison| &comparison.holds);
    let hidden = holds.iter().filter(|holds| holds.is_none()).count();
    format!("{hidden} of {} points of {} lie outside of the axes", holds.len(), case.series[i].name)
}

/// What is shown.
pub(super) fn agreement(case: &Case) -> String {
    let points: usize = case.compared.iter().flatten().flat_map(|comparison| &comparison.holds).filter(|holds| **holds == Some(true)).count();
    let by_name = case.named.iter().filter(|own| !own.is_empty()).count();
    let named = if by_name == case.named.len() { ", under the names that the legend gives" } else { "" };
    match case.series {
        [only] => format!("all {points} points of {} are drawn where they belong{named}", only.name),
        many => format!("all {points} points of {} series are drawn where they belong{named}", many.len()),
    }
}
