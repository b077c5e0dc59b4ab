//! Proportions: how many times an error a loss is. Both are measured on the same examples, so that one tells of the other.

use std::f64::consts::{LN_2, LN_10};

use crate::domain::diagnostic::Code;
use crate::domain::fields::Fields;
use crate::domain::number::significant;
use crate::domain::verdict::{Finding, Verdict};

use super::{Case, Need};

/// What some last losses are beside errors.
#[derive(Debug, Default)]
pub(super) struct Proportions(Vec<Proportion>);

#[derive(Debug)]
struct Proportion {
    of: String,
    to: String,
    least: f64,
    most: f64,
    examples: Option<f64>,
}

/// A sum over fewer batches than these is taken for no sum.
const FEWEST_SUMMED: f64 = 10.0;
/// Smaller batches are hardly used.
const SMALLEST_BATCH: f64 = 8.0;

impl Proportions {
    /// `proportions`, a list of tables.
    pub(super) fn read(fields: &mut Fields<'_>) -> Self {
        let mut all = Vec::new();
        for mut inner in fields.tables("proportions", "a proportion") {
            let (of, to) = (inner.required::<String>("of"), inner.required::<String>("to"));
            let examples = inner.optional::<u32>("examples").map(|examples| f64::from(*examples.get_ref())).filter(|examples| *examples > 0.0);
            let (least, most) = (inner.number("at_least"), inner.number("at_most"));
            if least.zip(most).is_none_or(|(least, most)| least.get() <= 0.0 || most <= least) {
                inner.fault(Code::BadValue, inner.span(), "a proportion lies between `at_least`, above 0, and `at_most`");
            }
            fields.absorb(inner);
            if let (Some(of), Some(to), Some(least), Some(most)) = (of, to, least, most) {
                all.push(Proportion { of: of.into_inner(), to: to.into_inner(), least: least.get(), most: most.get(), examples });
            }
        }
        Self(all)
    }

    /// What is looked at besides.
    pub(super) fn needs(&self) -> impl Iterator<Item = Need<'_>> {
        self.0.iter().flat_map(|proportion| [Need::Extra(&proportion.of), Need::Extra(&proportion.to)])
    }

    /// A finding if `name` is out of proportion. What is not there, or cannot be read, is reported elsewhere.
    pub(super) fn fault(&self, name: &str, case: &Case<'_>) -> Option<Finding> {
        let proportion = self.0.iter().find(|proportion| proportion.of == name || proportion.to == name)?;
        let (loss, error) = proportion.values(case)?;
        if proportion.holds(loss, error) {
            return None;
        }
        let exchanged = || {
            self.0
                .iter()
                .filter(|other| other.to != proportion.to)
                .find(|other| other.values(case).is_some_and(|(other_loss, other_error)| proportion.holds(loss, other_error) && other.holds(other_loss, error)))
        };
        let hint = match exchanged() {
            Some(other) => format!("were {} and {} exchanged?", proportion.to, other.to),
            None => proportion.hint(loss, error).to_owned(),
        };
        let (of, to, times) = (&proportion.of, &proportion.to, significant(loss / error, 3));
        let shown = format!("{of} ends at {}, which is {times} times {to} = {}", significant(loss, 4), significant(error, 4));
        let reason = format!("{shown}; between {} and {} times is usual: {hint}", significant(proportion.least, 3), significant(proportion.most, 3));
        Some(Finding::new(Verdict::NeedsReview, reason, format!("{shown}, which is hardly of one network: {hint}")).urgent())
    }
}

impl Proportion {
    /// The last loss and the error, as a fraction above 0.
    fn values(&self, case: &Case<'_>) -> Option<(f64, f64)> {
        let last = match case.student.series(&self.of) {
            Ok(series) => series.last()?.get(),
            Err(_) => case.student.number(&self.of).ok()?.number.get(),
        };
        let error = case.student.number(&self.to).ok()?.number.get();
        let error = if error > 1.0 { error / 100.0 } else { error };
        (error > 0.0 && error <= 1.0 && last > 0.0).then_some((last, error))
    }

    /// Whether the loss is in proportion, or some sum of it. A sum over the examples is larger than any over batches.
    fn holds(&self, loss: f64, error: f64) -> bool {
        let (times, usual) = (loss / error, self.least..=self.most);
        let is_of_batches = self.examples.is_none_or(|examples| times < self.most * examples / SMALLEST_BATCH);
        usual.contains(&times)
            || self.examples.is_some_and(|examples| usual.contains(&(times / examples)))
            || times >= self.least * FEWEST_SUMMED && is_of_batches
    }

    /// What would bring the two into proportion.
    fn hint(&self, loss: f64, error: f64) -> &'static str {
        let (times, usual) = (loss / error, self.least..=self.most);
        if (0.98..=1.02).contains(&times) {
            "is the one the other once more?"
        } else if usual.contains(&(loss / (1.0 - error))) {
            "is that the accuracy, where the error is asked?"
        } else if usual.contains(&(times * LN_10)) {
            "are the logarithms to base 10? Natural ones are asked"
        } else if usual.contains(&(times * LN_2)) {
            "are the logarithms to base 2? Natural ones are asked"
        } else {
            "are they of the same network and the same examples?"
        }
    }
}
