//! What a metrics or answers file says under a name.

use crate::number::{Finite, significant};

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

    /// Whether it says itself that it is no number. Text and lists may hold one.
    pub fn is_no_number(&self) -> bool {
        match self {
            Self::Flag(_) | Self::Unusable(_) => true,
            Self::Text(text) => text.trim().is_empty() || text.trim().parse::<f64>().is_ok_and(|number| !number.is_finite()),
            Self::List(values) => values.is_empty(),
            Self::Number(_) => false,
        }
    }

    /// How much of [`crate::limits::PRINTED_VALUES`] it takes.
    pub fn size(&self) -> usize {
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
