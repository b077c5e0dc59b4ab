//! Reading a reference's settings: each has a default, and a senseless one is a fault that says what would make sense.

use serde::de::DeserializeOwned;

use mlgrade_domain::diagnostic::Code;
use mlgrade_domain::fields::Fields;

/// Takes `key`, or `default` where it is absent or faulty; `sensible` must hold of it, which `must` says in words: "at least 1".
pub(super) fn setting<T: DeserializeOwned>(fields: &mut Fields<'_>, key: &'static str, default: T, sensible: impl Fn(&T) -> bool, must: &str) -> T {
    let Some(value) = fields.optional::<T>(key) else { return default };
    if sensible(value.get_ref()) {
        return value.into_inner();
    }
    fields.fault(Code::BadValue, value.span(), format!("`{key}` must be {must}"));
    default
}

/// Whether `value` can be a learning rate.
pub(super) fn is_rate(value: f64) -> bool {
    value.is_finite() && value > 0.0
}

/// Takes `hidden`, the widths of a network's hidden layers, or `default`.
pub(super) fn hidden(fields: &mut Fields<'_>, default: Vec<usize>) -> Vec<usize> {
    let sensible = |widths: &Vec<usize>| widths.len() <= 16 && widths.iter().all(|width| (1..=8_192).contains(width));
    setting(fields, "hidden", default, sensible, "a list of at most 16 widths from 1 to 8,192")
}
