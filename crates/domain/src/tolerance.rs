//! The one place where floating-point numbers are compared.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::number::{Finite, significant};
use super::rounding::Rounding;

/// How far a number may lie from the expected one: within `absolute + relative × |expected|` (the rule of `numpy.isclose`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tolerance {
    /// In the unit of the number.
    pub absolute: f64,
    /// A fraction of the expected number's size: 0.1 is ten percent.
    pub relative: f64,
}

impl Tolerance {
    /// Accepts what differs only by how it was printed or summed.
    pub const ROUNDING: Self = Self { absolute: 1e-9, relative: 1e-6 };

    /// How far a number may lie from `written` that rounds to it: half a unit of its last decimal.
    ///
    /// ```
    /// # use mlgrade_domain::{number::Finite, tolerance::Tolerance};
    /// let n = |x| Finite::new(x).unwrap();
    /// let rounded = Tolerance::of_rounding(n(0.021));
    /// assert!(rounded.accepts(n(0.0209), n(0.021)));
    /// assert!(!rounded.accepts(n(0.0216), n(0.021)));
    /// ```
    pub fn of_rounding(written: Finite) -> Self {
        Self { absolute: 0.5 * 10_f64.powi(-written.decimals()), relative: 0.0 }
    }

    /// Whether `actual` is close enough to `expected`.
    ///
    /// ```
    /// # use mlgrade_domain::{number::Finite, tolerance::Tolerance};
    /// let ten_percent = Tolerance { absolute: 0.0, relative: 0.1 };
    /// let n = |x| Finite::new(x).unwrap();
    /// assert!(ten_percent.accepts(n(1.1), n(1.0)));
    /// assert!(!ten_percent.accepts(n(1.2), n(1.0)));
    /// ```
    pub fn accepts(self, actual: Finite, expected: Finite) -> bool {
        // A few units in the last place: 1.1 must lie within ten percent of 1.
        let slack = 4.0 * f64::EPSILON * expected.get().abs().max(actual.get().abs());
        (actual.get() - expected.get()).abs() <= self.absolute + self.relative * expected.get().abs() + slack
    }

    /// Whether some number that rounds to `stated` is close enough to `expected`.
    pub fn accepts_rounded(self, stated: Finite, expected: Finite, rounding: Rounding) -> bool {
        Self { absolute: self.absolute + rounding.half(stated), ..self }.accepts(stated, expected)
    }
}

impl fmt::Display for Tolerance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.absolute > 0.0, self.relative > 0.0) {
            (true, true) => write!(f, "±({} + {} %)", significant(self.absolute, 4), significant(self.relative * 100.0, 4)),
            (false, true) => write!(f, "±{} %", significant(self.relative * 100.0, 4)),
            _ => write!(f, "±{}", significant(self.absolute, 4)),
        }
    }
}

/// An order between two numbers, as a bound or a decision rule states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
    /// `==`
    Equal,
    /// `!=`
    Unequal,
}

impl Order {
    /// Whether `left` stands in this order to `right`, exactly.
    #[expect(clippy::float_cmp, reason = "a decision rule compares exactly; this is the place for it")]
    pub fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Self::Below => left < right,
            Self::AtMost => left <= right,
            Self::Above => left > right,
            Self::AtLeast => left >= right,
            Self::Equal => left == right,
            Self::Unequal => left != right,
        }
    }

    /// The order seen from the other side: `a < b` is `b > a`.
    #[must_use]
    pub fn flipped(self) -> Self {
        match self {
            Self::Below => Self::Above,
            Self::AtMost => Self::AtLeast,
            Self::Above => Self::Below,
            Self::AtLeast => Self::AtMost,
            same => same,
        }
    }

    /// The order in which two numbers stand that do not stand in this one.
    #[must_use]
    pub fn opposite(self) -> Self {
        match self {
            Self::Below => Self::AtLeast,
            Self::AtMost => Self::Above,
            Self::Above => Self::AtMost,
            Self::AtLeast => Self::Below,
            Self::Equal => Self::Unequal,
            Self::Unequal => Self::Equal,
        }
    }

    /// In words, for a bound: "at least".
    pub fn words(self) -> &'static str {
        match self {
            Self::Below => "below",
            Self::AtMost => "at most",
            Self::Above => "above",
            Self::AtLeast => "at least",
            Self::Equal => "equal to",
            Self::Unequal => "other than",
        }
    }
}

/// A bound that a number must keep.
///
/// ```
/// # use mlgrade_domain::{number::Finite, tolerance::{Bound, Order}};
/// let bound = Bound { order: Order::AtLeast, limit: Finite::new(0.5)? };
/// assert!(bound.holds(Finite::new(0.5)?));
/// assert_eq!((bound.words().as_str(), bound.opposite().as_str()), ("at least 0.5", "below 0.5"));
/// # Ok::<(), mlgrade_domain::number::NotFinite>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Bound {
    /// In which order a number must stand to the limit.
    pub order: Order,
    /// The limit.
    pub limit: Finite,
}

impl Bound {
    /// Whether `number` keeps it.
    pub fn holds(&self, number: Finite) -> bool {
        self.order.holds(number.get(), self.limit.get())
    }

    /// In words: "at least 0.5".
    pub fn words(&self) -> String {
        format!("{} {}", self.order.words(), self.limit)
    }

    /// In words, where it is broken: "below 0.5".
    pub fn opposite(&self) -> String {
        format!("{} {}", self.order.opposite().words(), self.limit)
    }
}

/// The position of the least number, the first of equals; `None` when there is none.
pub fn argmin(numbers: &[Finite]) -> Option<usize> {
    (0..numbers.len()).reduce(|best, i| if numbers[i] < numbers[best] { i } else { best })
}

/// The position of the greatest number, the first of equals; `None` when there is none.
pub fn argmax(numbers: &[Finite]) -> Option<usize> {
    (0..numbers.len()).reduce(|best, i| if numbers[i] > numbers[best] { i } else { best })
}
