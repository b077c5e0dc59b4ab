//! A stated number stands for all values that round to it.
//!
//! How many digits somebody printed is known only from the number itself: its shortest decimal form. Zeros at its end are lost, so a
//! number with very few digits (0.3, 4) is taken to have been printed with three; otherwise "4" would stand for 4.3.

use super::number::{Finite, significant};

/// The values that a number may stand for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    low: f64,
    value: f64,
    high: f64,
}

/// How many digits a number is taken to have at least, when it has fewer than `below`.
#[derive(Debug, Clone, Copy)]
struct Fewest {
    below: i32,
    digits: i32,
}

/// Two of the student's own numbers may be printed in two ways, each with few digits.
const OWN: Fewest = Fewest { below: 2, digits: 3 };
/// What is compared with the reference has to say more.
const COMPARED: Fewest = Fewest { below: 3, digits: 3 };
/// The digits of a series are those of its most precise value, so none are lost, and four are not too many to ask.
const SERIES: Fewest = Fewest { below: 4, digits: 4 };

impl Interval {
    /// `value` alone.
    pub fn exact(value: f64) -> Self {
        Self { low: value, value, high: value }
    }

    /// The values that round to `stated`, which is compared with another number of the same person.
    pub fn of(stated: Finite) -> Self {
        Self::around(stated.get(), half_unit(stated.get(), decimals(stated), OWN))
    }

    /// The values that round to each value of a series; whole numbers are counts, and exact.
    pub fn of_series(series: &[Finite]) -> Vec<Self> {
        let decimals = most_decimals(series);
        let half = if decimals == 0 { 0.0 } else { half_unit(largest(series), decimals, OWN) };
        series.iter().map(|value| Self::around(value.get(), half)).collect()
    }

    fn around(value: f64, half: f64) -> Self {
        Self { low: value - half, value, high: value + half }
    }

    /// The number in the middle.
    pub fn value(self) -> f64 {
        self.value
    }

    /// With so large a share of its size more on both sides.
    #[must_use]
    pub fn widened(self, share: f64) -> Self {
        let more = share * self.value.abs();
        Self { low: self.low - more, high: self.high + more, ..self }
    }

    /// Whether some value is in both; what only rounding takes from it does not count.
    pub fn meets(self, other: Self) -> bool {
        let slack = 1e-9 * [self.low, self.high, other.low, other.high].into_iter().map(f64::abs).filter(|size| size.is_finite()).fold(0.0, f64::max);
        self.low <= other.high + slack && other.low <= self.high + slack
    }

    /// Of two values.
    fn with(self, other: Self, operation: impl Fn(f64, f64) -> f64) -> Self {
        Self { low: operation(self.low, other.low), value: operation(self.value, other.value), high: operation(self.high, other.high) }
    }

    /// The least of several, if there are any.
    pub fn least(all: &[Self]) -> Option<Self> {
        all.iter().copied().reduce(|a, b| a.with(b, f64::min))
    }

    /// The greatest of several, if there are any.
    pub fn greatest(all: &[Self]) -> Option<Self> {
        all.iter().copied().reduce(|a, b| a.with(b, f64::max))
    }

    /// The sum of several, if there are any.
    pub fn sum(all: &[Self]) -> Option<Self> {
        all.iter().copied().reduce(|a, b| a.with(b, |a, b| a + b))
    }

    /// The mean of several, if there are any.
    pub fn mean(all: &[Self]) -> Option<Self> {
        let count = all.len() as f64;
        Self::sum(all).map(|sum| Self { low: sum.low / count, value: sum.value / count, high: sum.high / count })
    }

    /// `self` less `other`.
    #[must_use]
    pub fn less(self, other: Self) -> Self {
        Self { low: self.low - other.high, value: self.value - other.value, high: self.high - other.low }
    }

    /// `self` divided by `other`; anything at all where `other` may be zero.
    #[must_use]
    pub fn over(self, other: Self) -> Self {
        let value = self.value / other.value;
        if other.low <= 0.0 && other.high >= 0.0 {
            return Self { low: f64::NEG_INFINITY, value, high: f64::INFINITY };
        }
        let ends = [self.low / other.low, self.low / other.high, self.high / other.low, self.high / other.high];
        Self { low: ends.into_iter().fold(f64::INFINITY, f64::min), value, high: ends.into_iter().fold(f64::NEG_INFINITY, f64::max) }
    }
}

/// How exactly numbers are stated that are compared with the reference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rounding {
    decimals: i32,
    half: f64,
    size: f64,
    fewest: i32,
}

impl Rounding {
    /// Of one number.
    pub fn of(stated: Finite) -> Self {
        Self::new(decimals(stated), stated.get().abs(), COMPARED)
    }

    /// Of a series: its decimals are the most that any of its values has.
    pub fn of_series(series: &[Finite]) -> Self {
        Self::new(most_decimals(series), largest(series), SERIES)
    }

    fn new(decimals: i32, size: f64, fewest: Fewest) -> Self {
        Self { decimals, half: half_unit(size, decimals, fewest), size, fewest: fewest.digits }
    }

    /// Half a unit of the last digit: how far the value that was meant may lie from the stated one.
    pub fn half(self) -> f64 {
        self.half
    }

    /// What to say when `off`, the distance to what was expected, is explained by rounding alone, but with too few digits to be sure.
    pub fn too_coarse(self, off: f64) -> Option<String> {
        let own = half_of(self.decimals);
        let needed = (self.fewest - magnitude(self.size)).max(1);
        let explained = self.size > 0.0 && off.abs() <= own * (1.0 + 1e-9) && own > self.half && needed > self.decimals;
        let count = |decimals: i32| format!("{decimals} decimal{}", if decimals == 1 { "" } else { "s" });
        explained.then(|| format!("stated with {}; at least {needed} are needed", count(self.decimals)))
    }
}

/// Two different numbers with so many digits that they look different.
pub fn told_apart(a: Finite, b: Finite) -> (String, String) {
    let words = |digits: usize| (significant(a.get(), digits), significant(b.get(), digits));
    (5..17).map(words).find(|(a, b)| a != b).unwrap_or_else(|| words(17))
}

fn half_of(decimals: i32) -> f64 {
    0.5 * 10_f64.powi(-decimals)
}

/// Half a unit of the last of `decimals`, with at least the `fewest` significant digits of numbers as large as `size`.
fn half_unit(size: f64, decimals: i32, fewest: Fewest) -> f64 {
    let own = half_of(decimals);
    let digits = magnitude(size) + decimals;
    // A whole number is a count more often than it is rounded.
    let few = if decimals == 0 { fewest.digits } else { fewest.below };
    if digits < few { own.min(half_of(fewest.digits - magnitude(size))) } else { own }
}

/// How many digits stand before the point; below one minus the zeros after it. A power of ten counts with the numbers below it: beside
/// 0.997, the number 1 is 1.000.
fn magnitude(size: f64) -> i32 {
    #[expect(clippy::cast_possible_truncation, reason = "the logarithm of a finite number is small")]
    let power = (size.abs().log10() - 1e-12).ceil().clamp(-400.0, 400.0) as i32;
    power
}

/// The decimals of a number's shortest form. Twelve digits are enough to tell a printed number from a computed one, and hide that
/// 57.9 / 100 is not 0.579.
fn decimals(number: Finite) -> i32 {
    let text = format!("{:.11e}", number.get());
    let Some((digits, power)) = text.split_once('e') else { return 0 };
    let digits = digits.trim_end_matches('0').split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let power: i32 = power.parse().unwrap_or(0);
    (i32::try_from(digits).unwrap_or(0) - power).max(0)
}

fn most_decimals(series: &[Finite]) -> i32 {
    series.iter().copied().map(decimals).max().unwrap_or(0)
}

fn largest(series: &[Finite]) -> f64 {
    series.iter().map(|value| value.get().abs()).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(value: f64) -> Finite {
        Finite::new(value).expect("finite")
    }

    fn numbers(values: &[f64]) -> Vec<Finite> {
        values.iter().map(|value| number(*value)).collect()
    }

    #[test]
    fn a_number_has_the_decimals_of_its_shortest_form() {
        for (value, expected) in [(4.3, 1), (0.0209, 4), (36.0, 0), (1e-7, 7), (1.5e-7, 8), (57.9 / 100.0, 3), (1e20, 0), (0.0, 0), (-3.6507, 4)] {
            assert_eq!(decimals(number(value)), expected, "{value}");
        }
        assert_eq!(most_decimals(&numbers(&[1.0, 0.25, 3.5])), 2);
    }

    #[test]
    fn a_stated_number_stands_for_what_rounds_to_it() {
        let meets = |stated: f64, meant: f64| Interval::of(number(stated)).meets(Interval::exact(meant));
        assert!(meets(0.0209, 0.020_94) && meets(0.98, 0.9812) && meets(4.3, 4.27) && meets(12_346.0, 12_345.6));
        assert!(!meets(0.0209, 0.021) && !meets(0.98, 0.9712) && !meets(4.3, 4.2));
        // Zeros at the end are lost: 0.3 may have been 0.300, and 1 may have been 1.000, but not 0.997.
        assert!(meets(0.3, 0.3003) && !meets(0.3, 0.2741) && !meets(4.0, 4.3) && !meets(1.0, 0.997) && !meets(36.0, 36.4));
    }

    #[test]
    fn arithmetic_keeps_all_values_that_may_be_meant() {
        let norms = Interval::of_series(&numbers(&[0.0001, 0.0313]));
        let ratio = norms[0].over(norms[1]);
        assert!(ratio.meets(Interval::exact(0.0001 / 0.0313)) && ratio.meets(Interval::exact(0.000_06 / 0.0313)) && !ratio.meets(Interval::exact(0.01)));
        let errors = Interval::of_series(&numbers(&[0.25, 0.75]));
        let rise = Interval::mean(&errors).map(|mean| mean.less(Interval::of(number(0.1))));
        assert!(rise.is_some_and(|rise| rise.meets(Interval::exact(0.404)) && !rise.meets(Interval::exact(0.41))));
        assert!(Interval::exact(1.0).over(Interval::exact(0.0)).meets(Interval::exact(7.0)));
        // Counts are exact.
        let counts = Interval::sum(&Interval::of_series(&numbers(&[30.0, 20.0, 10.0])));
        assert!(counts.is_some_and(|sum| sum.meets(Interval::of(number(60.0))) && !sum.meets(Interval::of(number(61.0)))));
    }

    #[test]
    fn different_numbers_look_different() {
        assert_eq!(told_apart(number(-3.6507), number(-3.650_692)), ("-3.6507".to_owned(), "-3.65069".to_owned()));
        assert_eq!(told_apart(number(0.5), number(0.25)), ("0.5".to_owned(), "0.25".to_owned()));
    }

    #[test]
    fn too_few_digits_are_named_and_are_no_free_pass() {
        // 4.3 for 4.3271: one decimal explains the difference, but 4.3 may be many things.
        let coarse = Rounding::of(number(4.3));
        assert!(coarse.half() < 0.01);
        assert_eq!(coarse.too_coarse(4.3271 - 4.3).as_deref(), Some("stated with 1 decimal; at least 2 are needed"));
        assert_eq!(coarse.too_coarse(0.2), None);
        let steps = Rounding::of_series(&numbers(&[-3.7, 1.8]));
        assert_eq!(steps.too_coarse(0.03).as_deref(), Some("stated with 1 decimal; at least 3 are needed"));
        let fine = Rounding::of_series(&numbers(&[-3.6507, 1.128, 0.0]));
        assert!((fine.half() - 5e-5).abs() < 1e-12);
        assert_eq!(fine.too_coarse(0.03), None);
    }

    proptest! {
        #[test]
        fn what_is_printed_with_four_digits_or_more_is_within_half_a_unit(value in 0.001..1000.0_f64, digits in 3usize..9) {
            let printed: Finite = format!("{value:.digits$e}").parse().expect("a number");
            // Lost zeros at the end make a number coarser, never finer.
            prop_assert!(Interval::of(printed).meets(Interval::exact(value)) || decimals(printed) == 0);
        }

        #[test]
        fn an_interval_of_a_difference_holds_the_difference(a in -10.0..10.0_f64, b in -10.0..10.0_f64) {
            let print = |value: f64| Interval::of(number((value * 1e4).round() / 1e4));
            prop_assert!(print(a).less(print(b)).widened(1e-9).meets(Interval::exact(a - b)));
        }
    }
}
