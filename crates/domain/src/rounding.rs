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
#[derive(Debug, Clone, Copy, PartialEq)]
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
        Self::around(stated.get(), Print::of(&[stated]).half_unit(stated, OWN))
    }

    /// The values that round to each value of a series; whole numbers are counts, and exact.
    pub fn of_series(series: &[Finite]) -> Vec<Self> {
        let print = Print::of(series);
        let half = |value: Finite| if print.decimals == 0 { 0.0 } else { print.half_unit(value, OWN) };
        series.iter().map(|value| Self::around(value.get(), half(*value))).collect()
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

    /// Whether some value in it is a whole number of this many examples, as a share of them.
    pub fn is_share_of(self, examples: u32) -> bool {
        let share = (self.value * f64::from(examples)).round() / f64::from(examples);
        self.widened(1e-6).meets(Self::exact(share))
    }

    /// Whether `holds` for some end of it.
    pub fn allows(self, holds: impl Fn(f64) -> bool) -> bool {
        holds(self.low) || holds(self.high)
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
    print: Print,
    fewest: Fewest,
}

impl Rounding {
    /// Of one number.
    pub fn of(stated: Finite) -> Self {
        Self { print: Print::of(&[stated]), fewest: COMPARED }
    }

    /// Of a series.
    pub fn of_series(series: &[Finite]) -> Self {
        Self { print: Print::of(series), fewest: SERIES }
    }

    /// Half a unit of the last digit of `stated`: how far the value that was meant may lie from it.
    pub fn half(self, stated: Finite) -> f64 {
        self.print.half_unit(stated, self.fewest)
    }

    /// What to say of `stated` when rounding alone explains that it is not `expected`, but the digits are too few to be sure.
    pub fn too_coarse(self, stated: Finite, expected: Finite) -> Option<String> {
        let Print { decimals, digits, largest } = self.print;
        let off = (stated.get() - expected.get()).abs();
        if largest <= 0.0 || off <= self.half(stated) || off > self.print.own_half_unit(stated) * (1.0 + 1e-9) {
            return None;
        }
        let needed = (self.fewest.digits - magnitude(largest)).max(1);
        if needed > decimals {
            return Some(format!("stated with {decimals} decimal{}; at least {needed} are needed", if decimals == 1 { "" } else { "s" }));
        }
        Some(format!("stated with {digits} digit{}; at least {} are needed", if digits == 1 { "" } else { "s" }, self.fewest.digits))
    }
}

/// How numbers were printed together: all with as many decimals, or all with as many significant digits. Which of the two is unknown, so
/// a number stands for what rounds to it in one of them.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Print {
    decimals: i32,
    digits: i32,
    largest: f64,
}

impl Print {
    fn of(numbers: &[Finite]) -> Self {
        let most = |of: fn(Finite) -> i32| numbers.iter().copied().map(of).max().unwrap_or(0);
        let largest = numbers.iter().map(|value| value.get().abs()).fold(0.0, f64::max);
        Self { decimals: most(decimals), digits: most(digits), largest }
    }

    /// Half a unit of the last digit of `value`, whatever that says.
    fn own_half_unit(self, value: Finite) -> f64 {
        half_of(self.decimals).max(half_of_digits(value, self.digits))
    }

    /// Half a unit of the last digit of `value`; very few digits are taken to be more.
    fn half_unit(self, value: Finite, fewest: Fewest) -> f64 {
        // A whole number is a count more often than it is rounded.
        let below = if self.decimals == 0 { fewest.digits } else { fewest.below };
        let enough = |digits: i32| if digits < below { digits.max(fewest.digits) } else { digits };
        let decimals = enough(magnitude(self.largest) + self.decimals) - magnitude(self.largest);
        half_of(decimals).max(half_of_digits(value, enough(self.digits)))
    }
}

/// Whether a series is printed with so few decimals that a small value became 0.
pub fn is_coarse(series: &[Finite]) -> bool {
    Print::of(series).decimals <= 8
}

/// Two different numbers with enough digits to look different.
pub fn told_apart(a: Finite, b: Finite) -> (String, String) {
    let words = |digits: usize| (significant(a.get(), digits), significant(b.get(), digits));
    (5..17).map(words).find(|(a, b)| a != b).unwrap_or_else(|| words(17))
}

fn half_of(decimals: i32) -> f64 {
    0.5 * 10_f64.powi(-decimals)
}

/// Half a unit of the last of this many significant digits.
fn half_of_digits(value: Finite, digits: i32) -> f64 {
    if value == Finite::default() { 0.0 } else { half_of(digits - magnitude(value.get())) }
}

/// How many digits stand before the point; below one minus the zeros after it. A power of ten counts with the numbers below it: beside
/// 0.997, the number 1 is 1.000.
fn magnitude(size: f64) -> i32 {
    #[expect(clippy::cast_possible_truncation, reason = "the logarithm of a finite number is small")]
    let power = (size.abs().log10() - 1e-12).ceil().clamp(-400.0, 400.0) as i32;
    power
}

/// The decimals of a number's shortest form.
fn decimals(number: Finite) -> i32 {
    (digits(number) - 1 - power(number)).max(0)
}

/// The significant digits of a number's shortest form.
fn digits(number: Finite) -> i32 {
    let (digits, _) = shortest(number);
    i32::try_from(digits.chars().filter(char::is_ascii_digit).count()).unwrap_or(0)
}

/// The power of ten of its first digit.
fn power(number: Finite) -> i32 {
    shortest(number).1
}

/// Digits and power of ten of a number's shortest form. Twelve digits are enough to tell a printed number from a computed one, and hide that
/// 57.9 / 100 is not 0.579.
fn shortest(number: Finite) -> (String, i32) {
    let text = format!("{:.11e}", number.get());
    let (digits, power) = text.split_once('e').unwrap_or((&text, "0"));
    (digits.trim_end_matches('0').to_owned(), power.parse().unwrap_or(0))
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
        assert_eq!(Print::of(&numbers(&[1.0, 0.25, -3.5])), Print { decimals: 2, digits: 2, largest: 3.5 });
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
    fn a_share_of_few_examples_is_a_whole_number_of_them() {
        let is_share = |value: f64, examples: u32| Interval::of(number(value)).is_share_of(examples);
        assert!(is_share(0.75, 4) && is_share(0.0, 4) && is_share(0.333, 3) && is_share(0.898, 1000) && is_share(0.898_000_001_907, 1000));
        assert!(!is_share(0.6, 4) && !is_share(0.8984, 1000) && !is_share(0.34, 3));
    }

    #[test]
    fn different_numbers_look_different() {
        assert_eq!(told_apart(number(-3.6507), number(-3.650_692)), ("-3.6507".to_owned(), "-3.65069".to_owned()));
        assert_eq!(told_apart(number(0.5), number(0.25)), ("0.5".to_owned(), "0.25".to_owned()));
    }

    #[test]
    fn too_few_digits_are_named_and_are_no_free_pass() {
        // 4.3 for 4.3271: one decimal explains the difference, but 4.3 may be many things.
        let coarse = |stated: f64, expected: f64| Rounding::of(number(stated)).too_coarse(number(stated), number(expected));
        assert!(Rounding::of(number(4.3)).half(number(4.3)) < 0.01);
        assert_eq!(coarse(4.3, 4.3271).as_deref(), Some("stated with 1 decimal; at least 2 are needed"));
        assert_eq!(coarse(4.3, 4.5), None);
        let steps = numbers(&[-3.7, 1.8]);
        let message = Rounding::of_series(&steps).too_coarse(steps[0], number(-3.73));
        assert_eq!(message.as_deref(), Some("stated with 1 decimal; at least 3 are needed"));
        let fine = numbers(&[-3.6507, 1.128, 0.0]);
        let rounding = Rounding::of_series(&fine);
        assert!((rounding.half(fine[0]) - 5e-5).abs() < 1e-12 && (rounding.half(fine[2]) - 5e-5).abs() < 1e-12);
        assert_eq!(rounding.too_coarse(fine[0], number(-3.63)), None);
        let norms = numbers(&[1.2e-7, 3.4e-2]);
        let message = Rounding::of_series(&norms).too_coarse(norms[1], number(0.034_21));
        assert_eq!(message.as_deref(), Some("stated with 2 digits; at least 4 are needed"));
    }

    #[test]
    fn a_series_may_be_printed_with_decimals_or_with_digits() {
        // "{:.4f}" and "{:.4e}" of the same values.
        let values = [36.507_21, 0.012_345_6, -2.368_63];
        for printed in [[36.5072, 0.0123, -2.3686], [36.507, 0.012_346, -2.3686]] {
            let printed = numbers(&printed);
            let rounding = Rounding::of_series(&printed);
            assert!(printed.iter().zip(values).all(|(printed, value)| (printed.get() - value).abs() <= rounding.half(*printed)), "{printed:?}");
        }
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
