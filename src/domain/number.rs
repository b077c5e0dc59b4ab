//! Where a floating-point number enters: NaN and infinity are refused here and never travel further.

use std::fmt;
use std::str::FromStr;

/// A number that is neither NaN nor infinite.
#[derive(Debug, Clone, Copy, Default, PartialEq, PartialOrd)]
pub struct Finite(f64);

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
}

impl FromStr for Finite {
    type Err = NotFinite;
    fn from_str(text: &str) -> Result<Self, NotFinite> {
        Self::new(text.trim().parse().unwrap_or(f64::NAN))
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
/// # use mlgrade::domain::number::significant;
/// assert_eq!(significant(0.018_700_001, 5), "0.0187");
/// assert_eq!(significant(3050.0, 5), "3050");
/// assert_eq!(significant(1.0e-9, 5), "1e-9");
/// ```
pub fn significant(value: f64, digits: usize) -> String {
    let rounded: f64 = format!("{value:.*e}", digits.saturating_sub(1)).parse().unwrap_or(value);
    let size = rounded.abs();
    if size > 0.0 && !(1e-5..1e15).contains(&size) { format!("{rounded:e}") } else { format!("{rounded}") }
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
}
