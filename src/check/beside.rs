//! A stated number beside the reference's, and what is wrong with one that is not close to it.

use crate::domain::number::Finite;
use crate::domain::rounding::{Rounding, told_apart};
use crate::domain::tolerance::Tolerance;

use super::{Case, Stop};

/// A number that is not the reference's.
#[derive(Debug)]
pub(super) struct Apart {
    /// What the course reads.
    pub(super) reason: String,
    /// What to look for, for the student; empty where nobody knows.
    pub(super) hint: String,
    /// What it should be.
    pub(super) expected: Finite,
}

/// What a number should be, and whose it is in words: "the reference has".
#[derive(Debug, Clone, Copy)]
pub(super) struct Expected {
    pub(super) number: Finite,
    pub(super) whose: &'static str,
}

/// Holds the number `stated` as `name`, and `called` so in words, against what is expected; `siblings` are the reference's numbers with
/// which it may be mixed up.
pub(super) fn held<'a>(
    name: &str,
    stated: Finite,
    called: &str,
    Expected { number: expected, whose }: Expected,
    tolerance: Tolerance,
    siblings: impl Iterator<Item = &'a str>,
    case: &Case<'_>,
) -> Result<Result<(), Apart>, Stop> {
    let rounding = Rounding::of(stated);
    if tolerance.accepts_rounded(stated, expected, rounding) {
        return Ok(Ok(()));
    }
    let (shown, hint) = match mistake(stated, expected, tolerance) {
        Some((shown, hint)) => (format!("; {shown}"), hint),
        None => match mixed_up(name, stated, expected, tolerance, siblings, case)? {
            Some(other) => (format!("; that fits {other}"), "is it mixed up with another number of this item?".to_owned()),
            None => (String::new(), String::new()),
        },
    };
    let (exactly, wanted) = told_apart(stated, expected);
    let actual = if called == stated.to_string() { &exactly } else { called };
    Ok(Err(Apart { reason: format!("{name} = {actual}, {whose} {wanted} {tolerance}{shown}"), hint, expected }))
}

/// A mistake that has a name, for the course and for the student.
fn mistake(stated: Finite, expected: Finite, tolerance: Tolerance) -> Option<(String, String)> {
    let close = |value: f64| Finite::new(value).is_ok_and(|value| tolerance.accepts(value, expected));
    let (value, meant) = (stated.get(), expected.get());
    let is_fraction = |number: f64| (0.0..=1.0).contains(&number);
    if let Some(digits) = Rounding::of(stated).too_coarse(stated, expected) {
        return Some((digits.clone(), digits));
    }
    if is_fraction(value) && is_fraction(meant) && close(1.0 - value) {
        return Some(("that is 1 minus it".to_owned(), "is it the error or the accuracy, and of which class?".to_owned()));
    }
    close(-value).then(|| ("only the sign is wrong".to_owned(), "check the sign".to_owned()))
}

/// The sibling whose number it is.
fn mixed_up<'a>(
    name: &str,
    stated: Finite,
    expected: Finite,
    tolerance: Tolerance,
    siblings: impl Iterator<Item = &'a str>,
    case: &Case<'_>,
) -> Result<Option<&'a str>, Stop> {
    for other in siblings.filter(|other| *other != name) {
        let theirs = case.reference_number(other)?;
        if !tolerance.accepts(theirs, expected) && tolerance.accepts_rounded(stated, theirs, Rounding::of(stated)) {
            return Ok(Some(other));
        }
    }
    Ok(None)
}
