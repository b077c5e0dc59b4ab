//! Series of numbers: one value an epoch, a depth, a method.

use mlgrade_domain::number::Finite;
use mlgrade_domain::tolerance::argmin;

/// 1, 2, … `last`.
pub(super) fn one_to(last: usize) -> Vec<f64> {
    (1..=last).map(|number| number as f64).collect()
}

/// The position of the least finite value.
pub(super) fn least(values: &[f64]) -> Option<usize> {
    let finite: Vec<(usize, Finite)> = values.iter().enumerate().filter_map(|(i, &value)| Some((i, Finite::new(value).ok()?))).collect();
    argmin(&finite.iter().map(|(_, value)| *value).collect::<Vec<_>>()).map(|best| finite[best].0)
}

/// The last value of a series, 0 of an empty one.
pub(super) fn last(values: &[f64]) -> f64 {
    values.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_value_passes_over_what_is_not_finite() {
        assert_eq!(least(&[f64::NAN, 3.0, 1.0, f64::INFINITY, 1.0]), Some(2));
        assert_eq!(least(&[f64::NAN]), None);
    }
}
