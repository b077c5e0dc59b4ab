//! A printed number as what it may have been rounded from.

use crate::text::Number;

/// The number as it is printed, before a percent sign, and half a unit of its last digit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Printed {
    pub(super) value: f64,
    pub(super) half: f64,
    /// Whether a percent sign follows.
    pub(super) percent: bool,
}

impl Printed {
    pub(super) fn of(number: &Number) -> Self {
        let percent = number.text.ends_with('%');
        Self { value: if percent { 100.0 * number.value } else { number.value }, half: half_unit(&number.text, number.value), percent }
    }

    /// Whether `exact` is rounded to what is printed. Floating point may tip a half over.
    pub(super) fn rounds(&self, exact: f64) -> bool {
        (exact - self.value).abs() <= self.half * (1.0 + 1e-6) + 1e-9 * self.value.abs()
    }
}

/// Half a unit of the last digit of `text`, which says `value`.
fn half_unit(text: &str, value: f64) -> f64 {
    let (digits, exponent) = text.split_once('e').map_or((text, 0), |(digits, power)| (digits, power.replace('\u{2212}', "-").parse().unwrap_or(0)));
    let suffix: i32 = match digits.chars().next_back() {
        Some('k') => 3,
        Some('M') => 6,
        Some('G' | 'B') => 9,
        _ => 0,
    };
    let after = |(_, rest): (&str, &str)| rest.chars().filter(char::is_ascii_digit).count();
    // A comma groups thousands unless the value says otherwise.
    let comma = digits.split_once(',').filter(|_| !digits.contains('.') && value.abs() < 1000.0);
    let decimals = digits.split_once('.').or(comma).map_or(0, after);
    0.5 * 10_f64.powi(exponent + suffix - i32::try_from(decimals).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_stands_for_what_it_may_have_been_rounded_from() {
        let halves = [
            ("14", 0.5),
            ("0.25", 0.005),
            ("1e+03", 500.0),
            ("1.2e+02", 5.0),
            ("12.5%", 0.05),
            ("10,000", 0.5),
            ("0,25", 0.005),
            ("1.2k", 50.0),
            ("\u{2212}0.3", 0.05),
        ];
        for (text, half) in halves {
            let value = crate::text::value(text).unwrap_or(f64::NAN);
            assert!((half_unit(text, value) / half - 1.0).abs() < 1e-9, "{text}");
        }
        let printed = Printed { value: 1000.0, half: 500.0, percent: false };
        assert!(printed.rounds(1023.0) && printed.rounds(1500.0) && !printed.rounds(1501.0));
    }
}
