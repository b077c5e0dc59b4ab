//! Where a floating-point number enters: NaN and infinity are refused here and never travel further.

use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};

/// A number that is neither NaN nor infinite.
#[derive(Debug, Clone, Copy, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Finite(f64);

impl TryFrom<f64> for Finite {
    type Error = NotFinite;

    fn try_from(value: f64) -> Result<Self, NotFinite> {
        Self::new(value)
    }
}

impl From<Finite> for f64 {
    fn from(number: Finite) -> Self {
        number.0
    }
}

// Without NaN, every number is equal to itself.
impl Eq for Finite {}

/// A unit in which people state a fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// From 0 to 1.
    Fraction,
    /// From 0 to 100.
    Percent,
}

/// Why a float is not a number one can grade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", if *.nan { "NaN" } else { "infinite" })]
pub struct NotFinite {
    nan: bool,
}

impl Finite {
    /// `value`, unless it is NaN or infinite. Negative zero becomes zero.
    pub fn new(value: f64) -> Result<Self, NotFinite> {
        if value.is_finite() { Ok(Self(value + 0.0)) } else { Err(NotFinite { nan: value.is_nan() }) }
    }

    /// The number.
    pub fn get(self) -> f64 {
        self.0
    }

    /// The number with its decimal point moved to the right by `places`, as on paper: 1.8 moved by -2 is 0.018, where 1.8 / 100 is
    /// 0.018000000000000002 and misses a bound of 0.018.
    ///
    /// ```
    /// # use mlgrade_domain::number::Finite;
    /// let percent = Finite::new(1.8).unwrap();
    /// assert_eq!(percent.point_moved(-2), Finite::new(0.018).unwrap());
    /// ```
    #[must_use]
    pub fn point_moved(self, places: i32) -> Self {
        let moved = format!("{:e}", self.0);
        let moved = moved.split_once('e').and_then(|(digits, power)| format!("{digits}e{}", power.parse::<i32>().ok()? + places).parse().ok());
        moved.unwrap_or(self)
    }

    /// How many decimals it is written with, at least.
    pub fn decimals(self) -> i32 {
        let text = self.0.to_string();
        text.split_once('.').map_or(0, |(_, decimals)| i32::try_from(decimals.len()).unwrap_or(i32::MAX))
    }
}

impl std::ops::Neg for Finite {
    type Output = Self;

    fn neg(self) -> Self {
        Self(-self.0 + 0.0)
    }
}

impl FromStr for Finite {
    type Err = NotFinite;
    fn from_str(text: &str) -> Result<Self, NotFinite> {
        Self::new(text.trim().parse().unwrap_or(f64::NAN))
    }
}

impl JsonSchema for Finite {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        f64::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        f64::json_schema(generator)
    }

    fn inline_schema() -> bool {
        true
    }
}

impl fmt::Display for Finite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&significant(self.0, 5))
    }
}

/// `value` as people write it: at most `digits` significant digits, no needless zeros, an exponent only when it helps.
///
/// ```
/// # use mlgrade_domain::number::significant;
/// assert_eq!(significant(0.018_700_001, 5), "0.0187");
/// assert_eq!(significant(3050.0, 5), "3050");
/// assert_eq!(significant(1.0e-9, 5), "1e-9");
/// ```
pub fn significant(value: f64, digits: usize) -> String {
    let rounded: f64 = format!("{value:.*e}", digits.saturating_sub(1)).parse().unwrap_or(value);
    let size = rounded.abs();
    if size > 0.0 && !(1e-5..1e15).contains(&size) { format!("{rounded:e}") } else { format!("{rounded}") }
}

/// The power of ten of the first digit of `value`: 2 of 123, -3 of 0.004.
///
/// ```
/// # use mlgrade_domain::number::exponent;
/// assert_eq!([123.0, 0.004, 1.0, 1000.0].map(exponent), [2, -3, 0, 3]);
/// ```
pub fn exponent(value: f64) -> i32 {
    format!("{value:e}").rsplit_once('e').and_then(|(_, power)| power.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nan_and_infinity_do_not_enter() {
        assert_eq!(Finite::new(f64::NAN).map_err(|e| e.to_string()), Err("NaN".to_owned()));
        assert_eq!(Finite::new(f64::INFINITY).map_err(|e| e.to_string()), Err("infinite".to_owned()));
        assert!("inf".parse::<Finite>().is_err());
        assert!("12 apples".parse::<Finite>().is_err());
        assert_eq!("-0".parse::<Finite>().map(|n| n.to_string()), Ok("0".to_owned()));
    }

    #[test]
    fn a_moved_point_gives_the_number_that_people_write() {
        let moved = |value: f64, places: i32| Finite::new(value).unwrap().point_moved(places).get();
        for (value, places, expected) in
            [(1.8, -2, 0.018), (2.31, -2, 0.0231), (100.0, -2, 1.0), (0.973, 2, 97.3), (0.07, 2, 7.0), (-3e-7, -2, -3e-9), (0.0, -2, 0.0)]
        {
            assert_eq!(moved(value, places).to_bits(), f64::to_bits(expected), "{value} moved by {places}");
        }
        assert_eq!(["0.85", "97", "1e-3", "1e300", "2.10"].map(|text| text.parse::<Finite>().unwrap().decimals()), [2, 0, 3, 0, 1]);
    }

    proptest::proptest! {
        #[test]
        fn a_point_moved_there_and_back_is_where_it_was(digits in 1i64..10_000_000, power in -9i32..3) {
            let number: Finite = format!("{digits}e{power}").parse().unwrap();
            proptest::prop_assert_eq!(number.point_moved(-2).point_moved(2), number);
        }
    }
}
