//! Values that are stated by name, as what is sought: a number, numbers, a text or texts.

use mlgrade_domain::diagnostic::{Code, Diagnostic};
use mlgrade_domain::limits;
use mlgrade_domain::number::Finite;
use mlgrade_domain::value::Value;

use super::Bag;
use crate::{Absent, Found, Sought, printed, prose};

/// A number as somebody stated it.
#[derive(Debug, Clone, PartialEq)]
pub struct Stated {
    /// The number.
    pub number: Finite,
    /// Whether it is written with a percent sign. It is the fraction then.
    pub percent: bool,
    /// The file that states it.
    pub path: String,
}

impl Bag {
    /// The number stated as `name`. Text of the form `98.2 %` is the fraction it means.
    pub fn number(&self, name: &str) -> Found<Stated> {
        let (value, path) = self.value(name)?;
        if value.is_no_number() {
            return Err(not_a_number(path, &format!("`{name}`"), value));
        }
        if let (Value::Text(text), true) = (value, self.is_inside(path)) {
            let fault = |reason| self.misread(name, path, Code::NotANumber, format!("`{name}` is {}: {reason}", value.describe()));
            return printed::number::number(text).map(|number| Stated { number, percent: has_percent(value), path: path.to_owned() }).map_err(fault);
        }
        let fault = || match value {
            Value::List(_) => self.misread(name, path, Code::NotANumber, format!("`{name}` is {}, expected a number", value.describe())),
            _ => not_a_number(path, &format!("`{name}`"), value),
        };
        number_in(value).map(|number| Stated { number, percent: has_percent(value), path: path.to_owned() }).ok_or_else(fault)
    }

    /// The numbers stated as `name`.
    pub fn series(&self, name: &str) -> Found<Vec<Finite>> {
        let (value, path) = self.value(name)?;
        let wrong = |code, message: String| self.misread(name, path, code, message);
        if let (Value::Text(text), true) = (value, self.is_inside(path)) {
            return printed::series(text).map_err(|reason| wrong(Code::NotANumber, format!("`{name}` is {}: {reason}", value.describe())));
        }
        let shown = if let Value::Text(text) = value { printed::shown_by_python(text) } else { None };
        let Value::List(values) = shown.as_ref().unwrap_or(value) else {
            let message = format!("`{name}` is {}, expected a list of numbers", value.describe());
            let is_clear = (matches!(value, Value::Number(_)) || value.is_no_number()) && !self.logs.holds(path);
            return Err(if is_clear { Absent::Unusable(Diagnostic::error(Code::WrongShape, message).in_file(path)) } else { wrong(Code::WrongShape, message) });
        };
        if values.len() > limits::SERIES_LENGTH {
            return Err(wrong(Code::TooLarge, format!("`{name}` has {} values, more than the {} that are read", values.len(), limits::SERIES_LENGTH)));
        }
        let is_inside = self.is_inside(path);
        let number = |(i, value): (usize, &Value)| {
            let printed = || if let (Value::Text(text), true) = (value, is_inside) { printed::number::number(text).ok() } else { None };
            number_in(value).or_else(printed).ok_or_else(|| not_a_number(path, &format!("value {} of {} in `{name}`", i + 1, values.len()), value))
        };
        values.iter().enumerate().map(number).collect()
    }

    /// The text, number or word stated as `name`, as text. Empty text counts as not handed in.
    pub fn text(&self, name: &str) -> Found<String> {
        let texts = self.texts(name)?;
        match <[String; 1]>::try_from(texts) {
            Ok([text]) => Ok(text),
            Err(texts) => Err(Absent::Unreadable(
                Diagnostic::error(Code::WrongShape, format!("`{name}` is a list of {}, expected one answer", texts.len()))
                    .in_file(self.value_as(name, Sought::Words)?.1),
            )),
        }
    }

    /// The texts stated as `name`; a single text is a list of one.
    pub fn texts(&self, name: &str) -> Found<Vec<String>> {
        let (value, path) = self.value_as(name, Sought::Words)?;
        let one = |value: &Value| match value {
            Value::Text(text) if text.len() > limits::ANSWER_BYTES => {
                let message = format!("the answer `{name}` has {} bytes, more than the {} that are read", text.len(), limits::ANSWER_BYTES);
                Err(Absent::Unreadable(Diagnostic::error(Code::TooLarge, message).in_file(path)))
            }
            Value::Text(text) => Ok(text.trim().to_owned()),
            Value::Number(number) => Ok(number.get().to_string()),
            Value::Flag(flag) => Ok(flag.to_string()),
            Value::List(_) | Value::Unusable(_) => {
                let diagnostic = Diagnostic::error(Code::WrongShape, format!("`{name}` is {}, expected text", value.describe())).in_file(path);
                Err(if matches!(value, Value::Unusable(_)) { Absent::Unusable(diagnostic) } else { Absent::Unreadable(diagnostic) })
            }
        };
        let texts: Vec<String> = match value {
            Value::List(values) if values.len() > 1_000 => {
                let message = format!("`{name}` is a list of {}, expected an answer", values.len());
                return Err(Absent::Unreadable(Diagnostic::error(Code::WrongShape, message).in_file(path)));
            }
            Value::List(values) => values.iter().map(one).collect::<Found<_>>()?,
            value => vec![one(value)?],
        };
        if texts.iter().all(|text| text.is_empty() || prose::is_unanswered(text)) {
            return Err(Absent::Missing(Diagnostic::error(Code::NotFound, format!("the answer `{name}` is empty")).in_file(path)));
        }
        Ok(texts)
    }
}

/// Words may hold the number, and of several numbers one may be meant; NaN, null and a truth value are none.
fn not_a_number(path: &str, what: &str, value: &Value) -> Absent {
    let diagnostic = Diagnostic::error(Code::NotANumber, format!("{what} is {}, expected a number", value.describe())).in_file(path);
    if value.is_no_number() { Absent::Unusable(diagnostic) } else { Absent::Unreadable(diagnostic) }
}

/// The number that a value is, also when it is the only one of a list or written as text: `"0.98"`, `"98.2 %"` for 0.982, or `"tensor(0.98)"`.
pub(super) fn number_in(value: &Value) -> Option<Finite> {
    match value {
        Value::Number(number) => Some(*number),
        Value::Text(text) => match text.trim().strip_suffix('%') {
            Some(percent) => percent.parse::<Finite>().ok().map(|number| number.point_moved(-2)),
            None => text.parse().ok().or_else(|| printed::shown_by_python(text).as_ref().and_then(number_in)),
        },
        Value::List(values) if values.len() == 1 => values.first().and_then(number_in),
        _ => None,
    }
}

/// Whether a percent sign stands in a value.
fn has_percent(value: &Value) -> bool {
    matches!(value, Value::Text(text) if text.contains('%'))
}
