//! What was expected, what was found and how far apart they may be: as reports print it, with the numbers in it.
//!
//! A person reads the text, a program the numbers. A number here is finite: what is not stays in the text.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::limits::REPORTED_VALUES;
use crate::number::{Finite, Unit, significant};
use crate::tolerance::{Bound, Tolerance};

/// A text of a report, with the numbers that it speaks of.
///
/// ```
/// # use mlgrade_domain::{number::Finite, quantity::{Quantity, Symbol}};
/// let psnr = Quantity::number(Finite::new(26.3124)?).written("26.31 dB").in_unit(Symbol::Decibel);
/// assert_eq!(psnr.text(), "26.31 dB");
/// let json = r#"{"text":"26.31 dB","kind":"number","value":26.3124,"unit":"dB"}"#;
/// assert_eq!(serde_json::to_string(&psnr).ok().as_deref(), Some(json));
/// # Ok::<(), mlgrade_domain::number::NotFinite>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Quantity {
    /// As reports print it.
    text: String,
    /// The numbers.
    #[serde(flatten)]
    numbers: Numbers,
    /// The unit of the numbers; absent where they have none or it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<Symbol>,
}

/// The numbers of a [`Quantity`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Numbers {
    /// None: words, or a list that is too long to be repeated.
    Words,
    /// One number, with all its digits.
    Number {
        /// The number.
        value: Finite,
    },
    /// Bounds, all of which must hold.
    Bounds {
        /// The bounds.
        bounds: Vec<Bound>,
    },
    /// A series.
    Series {
        /// Its values in order.
        values: Vec<Finite>,
    },
    /// Several numbers, each with its name.
    Named {
        /// The numbers in order.
        numbers: Vec<NamedNumber>,
    },
    /// The size of a picture.
    Size {
        /// How wide it is.
        width: u32,
        /// How high it is.
        height: u32,
    },
    /// How many of several.
    Count {
        /// How many.
        part: usize,
        /// Of how many.
        whole: usize,
    },
    /// How far a number may lie from the expected one: `absolute + relative × |expected|`.
    Tolerance {
        /// In the unit of the number.
        absolute: Finite,
        /// A fraction of the expected number's size: 0.1 is ten percent.
        relative: Finite,
    },
}

/// A number with its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NamedNumber {
    /// The name.
    pub name: String,
    /// The number.
    pub value: Finite,
}

/// The unit of a reported number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Symbol {
    /// A fraction, from 0 to 1.
    #[serde(rename = "fraction")]
    Fraction,
    /// A percentage, from 0 to 100.
    #[serde(rename = "%")]
    Percent,
    /// Decibels.
    #[serde(rename = "dB")]
    Decibel,
    /// Pixels.
    #[serde(rename = "px")]
    Pixel,
}

impl From<Unit> for Symbol {
    fn from(unit: Unit) -> Self {
        match unit {
            Unit::Fraction => Self::Fraction,
            Unit::Percent => Self::Percent,
        }
    }
}

impl Quantity {
    fn new(text: impl Into<String>, numbers: Numbers) -> Self {
        Self { text: text.into(), numbers, unit: None }
    }

    /// Text without a number.
    pub fn words(text: impl Into<String>) -> Self {
        Self::new(text, Numbers::Words)
    }

    /// One number.
    pub fn number(value: Finite) -> Self {
        Self::new(value.to_string(), Numbers::Number { value })
    }

    /// A number that was computed; only words if it is NaN or infinite.
    ///
    /// ```
    /// # use mlgrade_domain::quantity::{Numbers, Quantity};
    /// assert_eq!(Quantity::computed(0.123_456_7).text(), "0.12346");
    /// assert_eq!(*Quantity::computed(f64::INFINITY).numbers(), Numbers::Words);
    /// ```
    pub fn computed(value: f64) -> Self {
        Finite::new(value).map_or_else(|_| Self::words(significant(value, 5)), Self::number)
    }

    /// Text that may be a number and nothing else.
    pub fn parsed(text: impl Into<String>) -> Self {
        let text = text.into();
        match text.parse() {
            Ok(value) => Self::new(text, Numbers::Number { value }),
            Err(_) => Self::words(text),
        }
    }

    /// Bounds, all of which must hold.
    pub fn bounds(bounds: &[Bound]) -> Self {
        let words = bounds.iter().map(Bound::words).collect::<Vec<_>>().join(" and ");
        Self::new(words, Numbers::Bounds { bounds: bounds.to_vec() })
    }

    /// A series. Its text has at most a dozen values, the middle left out.
    pub fn series(values: &[Finite]) -> Self {
        let print = |values: &[Finite]| values.iter().map(|value| significant(value.get(), 4)).collect::<Vec<_>>().join(", ");
        let text = if values.len() <= 12 { print(values) } else { format!("{}, …, {}", print(&values[..6]), print(&values[values.len() - 5..])) };
        // A report need not repeat a list of any length that a submission may have.
        Self::new(text, if values.len() > REPORTED_VALUES { Numbers::Words } else { Numbers::Series { values: values.to_vec() } })
    }

    /// Several numbers with their names; reports print them as `text`.
    pub fn named<'a>(text: impl Into<String>, numbers: impl IntoIterator<Item = (&'a str, Finite)>) -> Self {
        let named = |(name, value): (&str, Finite)| NamedNumber { name: name.to_owned(), value };
        Self::new(text, Numbers::Named { numbers: numbers.into_iter().map(named).collect() })
    }

    /// The size of a picture.
    pub fn size(width: u32, height: u32) -> Self {
        Self::new(format!("{width}×{height} pixels"), Numbers::Size { width, height }).in_unit(Symbol::Pixel)
    }

    /// `part` of `whole`.
    pub fn count(part: usize, whole: usize) -> Self {
        Self::new(format!("{part} of {whole}"), Numbers::Count { part, whole })
    }

    /// With these numbers in `unit`. The text stays.
    #[must_use]
    pub fn in_unit(self, unit: impl Into<Option<Symbol>>) -> Self {
        Self { unit: unit.into(), ..self }
    }

    /// With another text for the same numbers.
    #[must_use]
    pub fn written(self, text: impl Into<String>) -> Self {
        Self { text: text.into(), ..self }
    }

    /// As reports print it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The numbers.
    pub fn numbers(&self) -> &Numbers {
        &self.numbers
    }

    /// The unit of the numbers.
    pub fn unit(&self) -> Option<Symbol> {
        self.unit
    }
}

impl From<Finite> for Quantity {
    fn from(value: Finite) -> Self {
        Self::number(value)
    }
}

impl From<Tolerance> for Quantity {
    fn from(tolerance: Tolerance) -> Self {
        match (Finite::new(tolerance.absolute), Finite::new(tolerance.relative)) {
            (Ok(absolute), Ok(relative)) => Self::new(tolerance.to_string(), Numbers::Tolerance { absolute, relative }),
            _ => Self::words(tolerance.to_string()),
        }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tolerance::Order;

    fn finite(value: f64) -> Finite {
        Finite::new(value).expect("finite")
    }

    fn json(quantity: &Quantity) -> serde_json::Value {
        serde_json::to_value(quantity).expect("JSON")
    }

    #[test]
    fn every_kind_has_its_numbers_in_json() {
        let bound = |order, limit| Bound { order, limit: finite(limit) };
        for (quantity, expected) in [
            (Quantity::words("smaller"), serde_json::json!({ "text": "smaller", "kind": "words" })),
            (Quantity::parsed("4"), serde_json::json!({ "text": "4", "kind": "number", "value": 4.0 })),
            (
                Quantity::bounds(&[bound(Order::AtLeast, 0.5), bound(Order::Below, 1.0)]).in_unit(Symbol::Fraction),
                serde_json::json!({
                    "text": "at least 0.5 and below 1",
                    "kind": "bounds",
                    "bounds": [{ "order": "at-least", "limit": 0.5 }, { "order": "below", "limit": 1.0 }],
                    "unit": "fraction",
                }),
            ),
            (Quantity::series(&[1.0, 2.5].map(finite)), serde_json::json!({ "text": "1, 2.5", "kind": "series", "values": [1.0, 2.5] })),
            (
                Quantity::named("a is 1", [("a", finite(1.0))]),
                serde_json::json!({ "text": "a is 1", "kind": "named", "numbers": [{ "name": "a", "value": 1.0 }] }),
            ),
            (Quantity::size(640, 480), serde_json::json!({ "text": "640×480 pixels", "kind": "size", "width": 640, "height": 480, "unit": "px" })),
            (Quantity::count(2, 3), serde_json::json!({ "text": "2 of 3", "kind": "count", "part": 2, "whole": 3 })),
            (
                Tolerance { absolute: 0.3, relative: 0.1 }.into(),
                serde_json::json!({ "text": "±(0.3 + 10 %)", "kind": "tolerance", "absolute": 0.3, "relative": 0.1 }),
            ),
        ] {
            assert_eq!(json(&quantity), expected);
        }
    }

    #[test]
    fn what_is_no_number_stays_text() {
        for text in ["NaN", "inf", "4 or 5", ""] {
            assert_eq!(*Quantity::parsed(text).numbers(), Numbers::Words, "{text}");
        }
        assert_eq!(json(&Quantity::computed(f64::NAN)), serde_json::json!({ "text": "NaN", "kind": "words" }));
    }

    #[test]
    fn a_long_series_is_not_repeated() {
        let long = vec![finite(0.5); REPORTED_VALUES + 1];
        assert!(matches!(Quantity::series(&long[1..]).numbers(), Numbers::Series { values } if values.len() == REPORTED_VALUES));
        assert_eq!(*Quantity::series(&long).numbers(), Numbers::Words);
    }
}
