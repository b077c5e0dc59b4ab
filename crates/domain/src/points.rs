//! Points are whole hundredths, so that sums are exact and a report is the same bytes everywhere.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Sub};

use schemars::JsonSchema;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An amount of points, counted in hundredths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct Points(i64);

impl Points {
    /// No points.
    pub const ZERO: Points = Points(0);

    /// `hundredths` / 100 points.
    pub const fn from_hundredths(hundredths: i64) -> Self {
        Self(hundredths)
    }

    /// In hundredths.
    pub const fn hundredths(self) -> i64 {
        self.0
    }

    /// The points that a rubric writes as `value`; `None` unless it is between 0 and 100,000 with at most two decimals.
    ///
    /// ```
    /// # use mlgrade_domain::points::Points;
    /// assert_eq!(Points::from_decimal(2.5), Some(Points::from_hundredths(250)));
    /// assert_eq!(Points::from_decimal(0.125), None);
    /// ```
    pub fn from_decimal(value: f64) -> Option<Self> {
        let hundredths = (value * 100.0).round();
        let whole = (hundredths - value * 100.0).abs() < 1e-6;
        #[expect(clippy::cast_possible_truncation, reason = "the range is checked first")]
        ((0.0..=1e7).contains(&hundredths) && whole).then_some(Self(hundredths as i64))
    }

    /// Points as people write them: with a point or a decimal comma, exact to a hundredth.
    ///
    /// ```
    /// # use mlgrade_domain::points::Points;
    /// assert_eq!(Points::parse(" 2,5"), Some(Points::from_hundredths(250)));
    /// assert_eq!((Points::parse("two"), Points::parse("-1")), (None, None));
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = if text.contains('.') { text.to_owned() } else { text.replace(',', ".") };
        text.parse::<f64>().ok().and_then(Self::from_decimal)
    }

    /// The share of these points, rounded half up to a hundredth.
    #[must_use]
    pub fn share(self, fraction: Fraction) -> Self {
        let (n, d) = (i64::from(fraction.numerator), i64::from(fraction.denominator));
        Self((2 * self.0 * n + d) / (2 * d))
    }

    /// These points as a share of `possible`; all of them when they are as many or more.
    pub fn of(self, possible: Self) -> Fraction {
        let (n, d) = (self.0.clamp(0, possible.0.max(0)), possible.0);
        match (u32::try_from(n), u32::try_from(d)) {
            (Ok(numerator), Ok(denominator)) if denominator > 0 => Fraction { numerator, denominator },
            _ => Fraction::NOTHING,
        }
    }
}

/// A share between nothing and all, exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fraction {
    numerator: u32,
    denominator: u32,
}

impl Fraction {
    /// Nothing.
    pub const NOTHING: Self = Self { numerator: 0, denominator: 1 };
    /// All.
    pub const ALL: Self = Self { numerator: 1, denominator: 1 };

    /// `part` of `whole`; never more than all, and all of nothing is all.
    pub fn new(part: usize, whole: usize) -> Self {
        let denominator = u32::try_from(whole).unwrap_or(u32::MAX);
        let numerator = u32::try_from(part).unwrap_or(u32::MAX).min(denominator);
        if denominator == 0 { Self::ALL } else { Self { numerator, denominator } }
    }

    /// Whether it is all.
    pub fn is_all(self) -> bool {
        self.numerator == self.denominator
    }

    /// Whether it is nothing.
    pub fn is_nothing(self) -> bool {
        self.numerator == 0
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, value) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        let text = match (value / 100, value % 100) {
            (whole, 0) => format!("{sign}{whole}"),
            (whole, cents) if cents % 10 == 0 => format!("{sign}{whole}.{}", cents / 10),
            (whole, cents) => format!("{sign}{whole}.{cents:02}"),
        };
        f.pad(&text)
    }
}

impl Serialize for Points {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % 100 == 0 { serializer.serialize_i64(self.0 / 100) } else { serializer.serialize_f64(self.0 as f64 / 100.0) }
    }
}

impl<'de> Deserialize<'de> for Points {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = f64::deserialize(deserializer)?;
        Self::from_decimal(value).ok_or_else(|| D::Error::custom(format!("{value} is no number of points, which are 0 or more and exact to a hundredth")))
    }
}

impl JsonSchema for Points {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Points".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "number", "multipleOf": 0.01, "description": "points, exact to a hundredth" })
    }
}

impl Add for Points {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Points {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Sum for Points {
    fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
        items.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn prints_without_needless_zeros() {
        for (hundredths, text) in [(0, "0"), (3000, "30"), (7740, "77.4"), (7705, "77.05"), (-50, "-0.5")] {
            assert_eq!(Points::from_hundredths(hundredths).to_string(), text);
        }
    }

    #[test]
    fn a_third_of_ten_is_rounded_to_a_hundredth() {
        assert_eq!(Points::from_hundredths(1000).share(Fraction::new(1, 3)), Points::from_hundredths(333));
        assert_eq!(Points::from_hundredths(1000).share(Fraction::new(2, 3)), Points::from_hundredths(667));
    }

    proptest! {
        #[test]
        fn a_share_is_between_nothing_and_all(points in 0i64..1_000_000, part in 0usize..50, whole in 1usize..50) {
            let points = Points::from_hundredths(points);
            let share = points.share(Fraction::new(part, whole));
            prop_assert!(Points::ZERO <= share && share <= points);
        }

        #[test]
        fn what_a_share_of_the_points_gave_is_given_back(possible in 1i64..100_000, part in 0i64..100_000) {
            let (possible, part) = (Points::from_hundredths(possible), Points::from_hundredths(part.min(possible)));
            prop_assert_eq!(possible.share(part.of(possible)), part);
        }
    }
}
