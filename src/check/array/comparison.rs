//! An array beside the one that is expected, up to signs and the order of rows where a rubric says so.

use toml::Spanned;

use crate::domain::diagnostic::Code;
use crate::domain::fields::Fields;
use crate::domain::number::Finite;
use crate::domain::tolerance::Tolerance;
use crate::evidence::bag::NumberArray;

use super::super::settings;
use super::agrees;

/// The most rows that are matched in any order.
pub(super) const MOST_ROWS: usize = 1_000;

/// What may differ without being wrong.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct UpTo {
    /// A vector, or each row, may have its other sign.
    pub(super) sign: bool,
    /// Rows may stand in any order.
    pub(super) order: bool,
}

impl UpTo {
    /// `up_to = "sign"`, `"order"`, or both in a list.
    pub(super) fn read(fields: &mut Fields<'_>) -> Self {
        let words: Vec<String> = settings::optional_names(fields, "up_to").unwrap_or_default().into_iter().map(Spanned::into_inner).collect();
        if let Some(other) = words.iter().find(|word| !["sign", "order"].contains(&word.as_str())) {
            fields.fault(Code::BadValue, fields.place("up_to"), format!("`up_to` is \"sign\", \"order\" or a list of both, not `{other}`"));
        }
        let has = |wanted: &str| words.iter().any(|word| word == wanted);
        Self { sign: has("sign"), order: has("order") }
    }
}

/// Two arrays of one shape.
pub(super) struct Comparison<'a> {
    pub(super) stated: &'a NumberArray,
    pub(super) expected: &'a NumberArray,
    pub(super) tolerance: Tolerance,
    pub(super) up_to: UpTo,
}

/// What does not agree.
pub(super) struct Apart {
    /// For the course: "2 of 4 numbers are off, number 3 is 0.5 where 0.7 is what"; what follows says whose.
    pub(super) reason: String,
    /// For the student, without an expected number: "2 of 4 numbers are, beginning with number 3,".
    pub(super) advice: String,
    /// What may have gone wrong.
    hint: Option<Hint>,
}

/// A mistake that has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hint {
    Order,
    Sign,
}

impl Apart {
    pub(super) fn course_hint(&self) -> &'static str {
        match self.hint {
            Some(Hint::Order) => "; in another order they would agree",
            Some(Hint::Sign) => "; with the other sign they would agree",
            None => "",
        }
    }

    pub(super) fn student_hint(&self) -> &'static str {
        match self.hint {
            Some(Hint::Order) => "; do they stand in the order that is asked?",
            Some(Hint::Sign) => "; check the signs",
            None => "",
        }
    }
}

impl Comparison<'_> {
    /// What was turned or moved to make them agree, in words; or what does not agree.
    pub(super) fn outcome(&self) -> Result<String, Apart> {
        let (stated, expected) = (Self::rows(self.stated), Self::rows(self.expected));
        if self.up_to.order {
            let fits = |at: usize, other: usize| self.row_agrees(stated[at], expected[other]);
            return match matching(stated.len(), fits) {
                Ok(partners) if partners.is_sorted() => Ok(String::new()),
                Ok(_) => Ok("their rows stand in another order, which is allowed".to_owned()),
                Err(alone) => Err(Apart {
                    reason: format!("row {} agrees with no row that is left of what", alone + 1),
                    advice: format!("row {} is", alone + 1),
                    hint: None,
                }),
            };
        }
        let off: Vec<usize> = (0..stated.len()).filter(|&at| !self.row_agrees(stated[at], expected[at])).collect();
        if off.is_empty() {
            return Ok(String::new());
        }
        Err(self.apart())
    }

    fn apart(&self) -> Apart {
        let pairs = || self.stated.values.iter().zip(&self.expected.values);
        let off: Vec<usize> = pairs().enumerate().filter(|(_, (a, b))| !agrees(**a, **b, self.tolerance)).map(|(at, _)| at).collect();
        let (count, total) = (off.len(), self.stated.values.len());
        let first = off.first().copied().unwrap_or(0);
        let place = self.stated.place(first);
        let (value, wanted) = (self.stated.values[first], self.expected.values[first]);
        let are = if count == 1 { "is" } else { "are" };
        Apart {
            reason: format!("{count} of {total} numbers {are} off; {place} is {value} where {wanted} is what"),
            advice: if count == 1 { format!("{place} is") } else { format!("{count} of {total} numbers, beginning with {place}, are") },
            hint: self.hint(),
        }
    }

    fn hint(&self) -> Option<Hint> {
        let (stated, expected) = (&self.stated.values, &self.expected.values);
        if stated.iter().zip(expected).all(|(a, b)| agrees(-*a, *b, self.tolerance)) {
            return Some(Hint::Sign);
        }
        let sorted = |values: &[Finite]| {
            let mut values = values.to_vec();
            values.sort_by(|a, b| a.get().total_cmp(&b.get()));
            values
        };
        let permuted = sorted(stated).into_iter().zip(sorted(expected)).all(|(a, b)| agrees(a, b, self.tolerance));
        permuted.then_some(Hint::Order)
    }

    /// The rows of a matrix; a vector is one row.
    fn rows(array: &NumberArray) -> Vec<&[Finite]> {
        let length = if array.shape.len() == 1 { array.values.len() } else { array.values.len() / array.shape.first().copied().unwrap_or(1).max(1) };
        array.values.chunks(length.max(1)).collect()
    }

    fn row_agrees(&self, stated: &[Finite], expected: &[Finite]) -> bool {
        let all = |turned: bool| stated.iter().zip(expected).all(|(a, b)| agrees(if turned { -*a } else { *a }, *b, self.tolerance));
        all(false) || (self.up_to.sign && all(true))
    }
}

/// A partner for each of `count` rows, no two the same (augmenting paths: Kuhn, 1955), or the first row that finds none.
fn matching(count: usize, fits: impl Fn(usize, usize) -> bool) -> Result<Vec<usize>, usize> {
    let mut taken_by: Vec<Option<usize>> = vec![None; count];
    for row in 0..count {
        let mut seen = vec![false; count];
        if !augment(row, &fits, &mut taken_by, &mut seen) {
            return Err(row);
        }
    }
    let mut partners = vec![0; count];
    for (other, row) in taken_by.into_iter().enumerate() {
        if let Some(place) = row.and_then(|row| partners.get_mut(row)) {
            *place = other;
        }
    }
    Ok(partners)
}

/// Finds a partner for `row`, moving others if need be. Each row is visited once, so the depth is at most [`MOST_ROWS`].
fn augment(row: usize, fits: &impl Fn(usize, usize) -> bool, taken_by: &mut [Option<usize>], seen: &mut [bool]) -> bool {
    for other in 0..taken_by.len() {
        if seen[other] || !fits(row, other) {
            continue;
        }
        seen[other] = true;
        let holder = taken_by[other];
        if holder.is_none_or(|holder| augment(holder, fits, taken_by, seen)) {
            taken_by[other] = Some(row);
            return true;
        }
    }
    false
}
