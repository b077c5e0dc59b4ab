//! Whether a claimed number is what was computed, and in which unit.

use crate::domain::number::Finite;
use crate::domain::tolerance::Tolerance;

/// The unit of a claim that agrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// That of the metric.
    Own,
    /// Percent, of a fraction.
    Percent,
}

/// In which unit `claimed` is `computed`, if in any. A percentage is the same claim in another unit; the item that judges the number
/// itself says so.
pub(super) fn unit(claimed: Finite, computed: Finite, tolerance: Tolerance, is_fraction: bool) -> Option<Unit> {
    if tolerance.accepts(claimed, computed) {
        return Some(Unit::Own);
    }
    let in_percent = is_fraction && Finite::new(claimed.get() / 100.0).is_ok_and(|fraction| tolerance.accepts(fraction, computed));
    in_percent.then_some(Unit::Percent)
}
