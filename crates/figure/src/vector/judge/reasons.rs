//! The reason for a verdict on a claim.

use crate::claim::Kind;
use crate::reason::{Agreement, Contradiction, Doubt, Off, Others};
use crate::vector::judge::Case;
use crate::vector::matching::line::{Comparison, Departure};
use crate::vector::source::glyphs::is_cipher;

/// What speaks against series `i`.
pub(in crate::vector) fn contradiction(case: &Case, i: usize) -> Contradiction {
    let (series, kind) = (case.series[i].name.clone(), case.claim.kind());
    if let Some(other) = drawn_as(case, i) {
        return Contradiction::DrawnAs { series, other: (!is_cipher(other)).then(|| other.to_owned()) };
    }
    let Some(comparison) = &case.compared[i] else { return Contradiction::NoCurve { series, kind } };
    match comparison.departure {
        None => Contradiction::OutsideAxes { series, ranges: None },
        Some(Departure::Value(worst)) => {
            let off = Off { series, x: worst.x, claimed: worst.claimed, drawn: worst.seen };
            Contradiction::Value { off, kind, others: Others::default() }
        }
        Some(Departure::Unclaimed { x, .. }) if kind == Kind::Scatter => Contradiction::UnclaimedPoints { series, x },
        Some(Departure::Unclaimed { x, drawn }) => Contradiction::Unclaimed { series, x, drawn },
    }
}

/// The legend's name of the curve that shows series `i` instead of its own curve.
pub(in crate::vector) fn drawn_as<'a>(case: &Case<'a>, i: usize) -> Option<&'a str> {
    if case.compared[i].as_ref().is_some_and(Comparison::agrees) || case.named[i].is_empty() {
        return None;
    }
    let other = (0..case.all.len()).find(|j| !case.named[i].contains(j) && case.shares[i][*j] >= 1.0 && case.all[*j].name.is_some())?;
    case.all[other].name?.lines().next()
}

/// Why nothing can be said of series `i`.
pub(in crate::vector) fn hidden(case: &Case, i: usize) -> Doubt {
    let holds = case.compared[i].as_ref().map_or(&[][..], |comparison| &comparison.holds);
    Doubt::Outside { series: case.series[i].name.clone(), points: holds.iter().filter(|holds| holds.is_none()).count(), of: holds.len() }
}

/// What is shown.
pub(in crate::vector) fn agreement(case: &Case) -> Agreement {
    let points = case.compared.iter().flatten().flat_map(|comparison| &comparison.holds).filter(|holds| **holds == Some(true)).count();
    let named = case.named.iter().all(|own| !own.is_empty());
    match case.series {
        [only] => Agreement::One { series: only.name.clone(), points, named },
        many => Agreement::All { series: many.len(), named },
    }
}
