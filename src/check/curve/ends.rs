//! The last value of a series beside the number that states it again.

use std::f64::consts::{LN_2, LN_10};

use crate::domain::number::{Finite, significant};
use crate::domain::rounding::Interval;

use super::scale::sums;

/// How far a last value and the same measured once more may lie apart.
const MEASURED_AGAIN: f64 = 5e-3;

/// What is wrong between a series and the number `claim`, which should be its last, to follow the series' name. The one may be a mean
/// and the other a sum over `examples`.
pub(super) fn fault(series: &[Finite], claim: &str, claimed: Finite, examples: &[u32]) -> Option<String> {
    let values = Interval::of_series(series);
    let (last, number) = (values.last()?.widened(MEASURED_AGAIN), Interval::of(claimed));
    let times = |factor: f64| last.meets(scaled(number, factor));
    let is_sum = || sums(examples).into_iter().any(|sum| times(f64::from(sum.count)) || times(1.0 / f64::from(sum.count)));
    if times(1.0) || is_sum() {
        return None;
    }
    let factor = significant(series.last()?.get() / claimed.get(), 3);
    let smallest = Interval::least(&values)?;
    let hint = if times(1.0 / LN_10) || times(LN_10) {
        format!(", {factor} times: logarithms to base 10 in one of them?")
    } else if times(1.0 / LN_2) || times(LN_2) {
        format!(", {factor} times: logarithms to base 2 in one of them?")
    } else if smallest.meets(number) {
        ", which is its least".to_owned()
    } else if let Some(place) = values.iter().position(|value| value.meets(number)) {
        format!(", which is its value {}", place + 1)
    } else {
        String::new()
    };
    Some(format!("ends at {}, but {claim} says {claimed}{hint}", series.last()?))
}

/// Whether `claimed` is one of the values: then it is the number that was taken from the wrong place, and the series is none the worse.
pub(super) fn holds(series: &[Finite], claimed: Finite) -> bool {
    Interval::of_series(series).into_iter().any(|value| value.meets(Interval::of(claimed)))
}

fn scaled(value: Interval, factor: f64) -> Interval {
    value.over(Interval::exact(1.0 / factor))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault_of(series: &[f64], claimed: f64) -> Option<String> {
        let series: Vec<Finite> = series.iter().map(|value| Finite::new(*value).expect("finite")).collect();
        fault(&series, "final", Finite::new(claimed).expect("finite"), &[10_000])
    }

    #[test]
    fn a_last_value_may_be_rounded_or_summed_and_nothing_else() {
        let curve = [1.708, 0.7306, 0.30616];
        for fine in [0.30616, 0.306, 0.31, 3061.6, 12.246] {
            assert_eq!(fault_of(&curve, fine), None, "{fine}");
        }
        for (wrong, words) in [(0.133, "2.3 times: logarithms to base 10"), (0.4417, "base 2"), (1.708, "which is its value 1"), (0.9, "but final says 0.9")] {
            let shown = fault_of(&curve, wrong).unwrap_or_default();
            assert!(shown.starts_with("ends at 0.30616, but final says") && shown.contains(words), "{shown}");
        }
        assert!(fault_of(&[0.4, 0.1, 0.2], 0.1).is_some_and(|shown| shown.ends_with("which is its least")));
    }
}
