//! Whether a claimed number is what was computed, and in which unit it is stated.

use crate::domain::number::{Finite, Unit};
use crate::domain::tolerance::Tolerance;

use super::units::Number;

/// What a computed number says of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// They agree.
    Agrees,
    /// They agree if the claim is in this unit, in which it was not read.
    AgreesIn(Unit),
    /// They are further apart than is allowed, but the computed number rounds to the claim.
    Rounds,
    /// They disagree.
    Differs,
}

/// Holds `claim` against what was `computed`.
pub(super) fn held(claim: &Number, computed: Finite, tolerance: Tolerance, is_fraction: bool) -> Outcome {
    if tolerance.accepts(claim.number, computed) {
        return Outcome::Agrees;
    }
    if let Some(unit) = Some(claim).filter(|claim| is_fraction && !claim.signed).and_then(|claim| proven(claim, computed)) {
        return Outcome::AgreesIn(unit);
    }
    if is_rounded(claim, computed, is_fraction) { Outcome::Rounds } else { Outcome::Differs }
}

/// Whether the claim is in percent without saying so.
pub(super) fn is_bare_percent(claim: &Number, outcome: Outcome) -> bool {
    claim.is_read_as_percent() || outcome == Outcome::AgreesIn(Unit::Percent)
}

/// The unit in which `computed` rounds to the digits of the claim, if it is another than the one in which the claim was read.
fn proven(claim: &Number, computed: Finite) -> Option<Unit> {
    let (read, other, meant) = match claim.unit {
        Some(Unit::Percent) => (computed.point_moved(2), Unit::Fraction, computed),
        _ => (computed, Unit::Percent, computed.point_moved(2)),
    };
    let zero = Finite::default();
    let rounds = |value: Finite| value != zero && Tolerance::of_rounding(claim.stated).accepts(value, claim.stated);
    (claim.stated != zero && rounds(meant) && !rounds(read)).then_some(other)
}

/// Whether `computed` rounds to the claim, and the claim says something: a fraction to the hundredth, another number to a twentieth of it.
fn is_rounded(claim: &Number, computed: Finite, is_fraction: bool) -> bool {
    let in_percent = claim.unit == Some(Unit::Percent);
    let computed = if in_percent { computed.point_moved(2) } else { computed };
    let rounding = Tolerance::of_rounding(claim.stated);
    let is_fine =
        if is_fraction { claim.stated.decimals() + if in_percent { 2 } else { 0 } >= 2 } else { rounding.absolute <= 0.05 * claim.stated.get().abs() };
    is_fine && claim.stated != Finite::default() && rounding.accepts(computed, claim.stated)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `computed` says of the claim `stated`, read in `unit`.
    fn outcome(stated: f64, unit: Option<Unit>, computed: f64) -> Outcome {
        let stated = Finite::new(stated).unwrap();
        let number = if unit == Some(Unit::Percent) { stated.point_moved(-2) } else { stated };
        let claim = Number { number, stated, unit, signed: false, path: String::new() };
        held(&claim, Finite::new(computed).unwrap(), Tolerance { absolute: 0.0005, relative: 0.0 }, true)
    }

    #[test]
    fn a_claim_is_percent_only_where_the_computed_number_proves_it() {
        let percent = Some(Unit::Percent);
        for (stated, unit, computed, expected) in [
            (0.0209, None, 0.0209, Outcome::Agrees),
            (2.09, percent, 0.0209, Outcome::Agrees),
            // Two mistakes in ten thousand, and none: no proof of 2.09 %.
            (0.0209, None, 0.0002, Outcome::Differs),
            (0.0209, None, 0.0, Outcome::Differs),
            (0.0095, None, 0.0, Outcome::Differs),
            (0.85, None, 0.0085, Outcome::AgreesIn(Unit::Percent)),
            (0.9, None, 0.0088, Outcome::AgreesIn(Unit::Percent)),
            (0.85, None, 0.0095, Outcome::Differs),
            (0.973, percent, 0.973, Outcome::AgreesIn(Unit::Fraction)),
            // Rounded further than is allowed.
            (0.02, None, 0.0209, Outcome::Rounds),
            (98.0, percent, 0.9753, Outcome::Rounds),
            (0.02, None, 0.0253, Outcome::Differs),
            // 0 and 1 say nothing that rounding could excuse.
            (0.0, None, 0.0209, Outcome::Differs),
            (1.0, None, 0.93, Outcome::Differs),
            (0.9, None, 0.93, Outcome::Differs),
        ] {
            assert_eq!(outcome(stated, unit, computed), expected, "{stated} beside {computed}");
        }
    }
}
