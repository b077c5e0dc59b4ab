//! What a metrics or answers file says under a name.

use crate::domain::number::{Finite, significant};
use crate::domain::tolerance::Tolerance;

use super::printed;

/// A stated value. NaN and infinity are kept as the words they are, never as numbers.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A finite number.
    Number(Finite),
    /// Text.
    Text(String),
    /// True or false.
    Flag(bool),
    /// A list.
    List(Vec<Value>),
    /// Anything that is no usable value, in words: "NaN", "null".
    Unusable(String),
}

impl Value {
    /// A number, or the word for why it is none.
    pub fn number(value: f64) -> Self {
        Finite::new(value).map_or_else(|error| Self::Unusable(error.to_string()), Self::Number)
    }

    /// A list of numbers.
    pub fn series(values: impl IntoIterator<Item = f64>) -> Self {
        Self::List(values.into_iter().map(Self::number).collect())
    }

    /// Text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Whether it says the same as `other`. A number may be rounded, to two digits or more.
    pub fn agrees(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => rounded(*a, *b),
            (Self::Number(number), Self::Text(text)) | (Self::Text(text), Self::Number(number)) => {
                printed::number::number(text).is_ok_and(|printed| rounded(*number, printed))
            }
            (Self::Text(a), Self::Text(b)) => a.split_whitespace().eq(b.split_whitespace()),
            (Self::List(a), Self::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.agrees(b)),
            _ => self == other,
        }
    }

    /// Whether it says itself that it is no number. Text and lists may hold one.
    pub fn is_no_number(&self) -> bool {
        match self {
            Self::Flag(_) | Self::Unusable(_) => true,
            Self::Text(text) => text.trim().is_empty() || text.trim().parse::<f64>().is_ok_and(|number| !number.is_finite()),
            Self::List(values) => values.is_empty(),
            Self::Number(_) => false,
        }
    }

    /// How much of [`crate::domain::limits::PRINTED_VALUES`] it takes.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Text(text) => 1 + text.len() / 32,
            Self::List(values) => 1 + values.iter().map(Self::size).sum::<usize>(),
            _ => 1,
        }
    }

    /// What it is, in words: "the text `98 %`", "a list of 5".
    pub fn describe(&self) -> String {
        match self {
            Self::Number(number) => significant(number.get(), 8),
            Self::Text(text) if text.chars().count() > 40 => format!("the text `{}…`", text.chars().take(40).collect::<String>()),
            Self::Text(text) => format!("the text `{text}`"),
            Self::Flag(flag) => flag.to_string(),
            Self::List(values) => format!("a list of {}", values.len()),
            Self::Unusable(word) => word.clone(),
        }
    }
}

/// Whether one number is the other, printed with fewer digits.
fn rounded(a: Finite, b: Finite) -> bool {
    // Digits in all, leading zeros aside, and decimals.
    let digits = |number: Finite| {
        let text = format!("{}", number.get().abs());
        let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        (text.chars().filter(char::is_ascii_digit).skip_while(|c| *c == '0').count(), i32::try_from(decimals).unwrap_or(0))
    };
    let (coarser, finer) = if digits(a).1 <= digits(b).1 { (a, b) } else { (b, a) };
    let (all, decimals) = digits(coarser);
    let half = if all < 2 { 0.0 } else { 0.500_001 * 10_f64.powi(-decimals) };
    Tolerance { absolute: half, relative: 0.0 }.accepts(coarser, finer)
}

impl From<&Value> for toml::Value {
    fn from(value: &Value) -> Self {
        match value {
            Value::Number(number) => number_to_toml(number.get()),
            Value::Text(text) => Self::String(text.clone()),
            Value::Flag(flag) => Self::Boolean(*flag),
            Value::List(values) => Self::Array(values.iter().map(Self::from).collect()),
            Value::Unusable(word) => Self::String(word.clone()),
        }
    }
}

/// A whole number is written without a decimal point, as people do.
fn number_to_toml(number: f64) -> toml::Value {
    #[expect(clippy::cast_possible_truncation, reason = "only whole numbers within i32 are converted")]
    let whole = number as i64;
    if number.abs() < f64::from(i32::MAX) && number.fract().abs() <= 0.0 { toml::Value::Integer(whole) } else { toml::Value::Float(number) }
}

#[cfg(test)]
mod tests {
    use super::Value;

    #[test]
    fn a_rounded_number_agrees_and_another_does_not() {
        let number = Value::number;
        for (a, b, expected) in [
            (number(0.0209), number(0.02094), true),
            (number(0.021), number(0.0209), true),
            (number(0.021), number(0.0204), false),
            (number(0.02), number(0.0209), false),
            (number(1.0), number(0.98), false),
            (number(8.0), number(8.0), true),
            (number(8.0), number(8.2), false),
            (number(0.0209), Value::text("2.09 %"), true),
            (number(0.0209), Value::text("3.09 %"), false),
            (Value::text("the  forest"), Value::text("the forest "), true),
            (Value::series([0.5, 0.25]), Value::series([0.5, 0.25]), true),
            (Value::series([0.5, 0.25]), Value::series([0.5]), false),
            (Value::Flag(true), number(1.0), false),
        ] {
            assert_eq!((a.agrees(&b), b.agrees(&a)), (expected, expected), "{a:?} {b:?}");
        }
    }
}
