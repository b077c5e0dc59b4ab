//! Settings that several kinds of checks have.

use toml::Spanned;
use toml::de::DeValue;

use crate::domain::diagnostic::Code;
use crate::domain::fields::Fields;
use crate::domain::key::{Key, Type};
use crate::domain::number::{Finite, Unit};
use crate::domain::points::Points;
use crate::domain::tolerance::Tolerance;

use super::{Case, Stop};

/// Bounds, as several checks have them.
pub(super) const AT_LEAST: Key =
    Key::new("at_least", Type::Limit, "0.98", "A bound; all that are given must hold. A text is the name of a number that the reference states.").secret();
pub(super) const AT_MOST: Key = Key::new("at_most", Type::Limit, "\"net.most_test_loss\"", "The same from above.").secret();
pub(super) const ABOVE: Key = Key::new("above", Type::Limit, "0", "The same, without the limit itself.").secret();
pub(super) const BELOW: Key = Key::new("below", Type::Limit, "1e-6", "The same from above, without the limit itself.").secret();

/// One name or a list of names, at least one.
pub(super) fn names(fields: &mut Fields<'_>, key: &'static str) -> Option<Vec<Spanned<String>>> {
    let names = optional_names(fields, key);
    if names.is_none() {
        fields.required::<String>(key);
    }
    names.filter(|names| !names.is_empty())
}

/// One name or a list of names, if `key` is there.
pub(super) fn optional_names(fields: &mut Fields<'_>, key: &'static str) -> Option<Vec<Spanned<String>>> {
    let value = fields.take(key)?;
    let span = value.span();
    let text = |value: &Spanned<DeValue<'_>>| match value.get_ref() {
        DeValue::String(text) => Some(Spanned::new(value.span(), text.to_string())),
        _ => None,
    };
    let names = match value.get_ref() {
        DeValue::Array(array) => array.iter().map(text).collect::<Option<Vec<_>>>().filter(|names| !names.is_empty()),
        _ => text(&value).map(|name| vec![name]),
    };
    if names.is_none() {
        fields.fault(Code::WrongType, span, format!("`{key}` is a name or a list of names"));
    }
    // An empty list stands for the fault that has been reported.
    Some(names.unwrap_or_default())
}

/// `against = "reference"` with its tolerance.
pub(super) fn against(fields: &mut Fields<'_>) -> Option<Tolerance> {
    let against = fields.word("against", &[("reference", ())]);
    with_tolerance(fields, against).map(|((), tolerance)| tolerance)
}

/// What a number is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Against {
    /// The reference's number of the same name.
    Reference,
    /// A number that the rubric gives.
    Number(Finite),
}

impl Against {
    /// The number.
    pub(super) fn number(self, name: &str, case: &Case<'_>) -> Result<Finite, Stop> {
        match self {
            Self::Reference => case.reference_number(name),
            Self::Number(number) => Ok(number),
        }
    }

    /// Whose it is: "the reference has".
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Reference => "the reference has",
            Self::Number(_) => "the course expects",
        }
    }
}

/// `against = "reference"` or a number, with its tolerance.
pub(super) fn against_number(fields: &mut Fields<'_>) -> Option<(Against, Tolerance)> {
    let is_number = fields.peek("against").is_some_and(|value| matches!(value.get_ref(), DeValue::Integer(_) | DeValue::Float(_)));
    let against = if is_number { fields.number("against").map(Against::Number) } else { fields.word("against", &[("reference", Against::Reference)]) };
    with_tolerance(fields, against)
}

/// What `against` says beside the tolerance that it needs.
pub(super) fn with_tolerance<T>(fields: &mut Fields<'_>, against: Option<T>) -> Option<(T, Tolerance)> {
    match (against, fields.tolerance("tolerance")) {
        (Some(against), Some(tolerance)) => Some((against, tolerance)),
        (Some(_), None) => {
            fields.fault(Code::MissingKey, fields.place("against"), "`against` needs a `tolerance`");
            None
        }
        (None, Some(_)) => {
            fields.fault(Code::BadValue, fields.place("tolerance"), "a `tolerance` does nothing without `against`");
            None
        }
        (None, None) => None,
    }
}

/// `unit = "fraction"` or `"percent"`.
pub(super) fn unit(fields: &mut Fields<'_>) -> Option<Unit> {
    fields.word("unit", &[("fraction", Unit::Fraction), ("percent", Unit::Percent)])
}

/// Whether a percentage has to say that it is one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum PercentSigns {
    /// What can only be percent is read so.
    #[default]
    Optional,
    /// Without its sign it earns nothing.
    Required,
}

/// `percent = "reject"`.
pub(super) fn percent(fields: &mut Fields<'_>) -> PercentSigns {
    fields.word("percent", &[("read", PercentSigns::Optional), ("reject", PercentSigns::Required)]).unwrap_or_default()
}

/// `against = "reference"` with a tolerance for each of this many series: one for all, or a list.
pub(super) fn against_each(fields: &mut Fields<'_>, series: usize) -> Vec<Tolerance> {
    let is_list = fields.peek("tolerance").is_some_and(|value| matches!(value.get_ref(), DeValue::Array(_)));
    if !is_list {
        return against(fields).map_or_else(Vec::new, |tolerance| vec![tolerance; series]);
    }
    let span = fields.span();
    if fields.word("against", &[("reference", ())]).is_none() {
        fields.fault(Code::MissingKey, span.clone(), "a `tolerance` needs `against = \"reference\"`");
    }
    let tables = fields.tables("tolerance", "a tolerance");
    let tolerances: Vec<Tolerance> = tables.into_iter().filter_map(|table| fields.tolerance_in(table)).collect();
    if tolerances.len() != series {
        fields.fault(Code::BadValue, span, format!("`tolerance` has {} tables for {series} series", tolerances.len()));
    }
    tolerances
}

/// An amount of points, at most two decimals.
pub(crate) fn points(fields: &mut Fields<'_>, key: &'static str) -> Option<Points> {
    let value = fields.required::<f64>(key)?;
    let points = Points::from_decimal(*value.get_ref());
    if points.is_none() {
        fields.fault(Code::BadValue, value.span(), format!("`{key}` is at least 0 and has at most two decimals"));
    }
    points
}
