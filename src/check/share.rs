//! Shares of a number of examples: an error on 10,000 examples is a ten-thousandth, two, three; one on 60,000 hardly is.

use toml::Spanned;

use crate::domain::fields::Fields;
use crate::domain::number::Finite;
use crate::domain::verdict::{Finding, Verdict};

/// Of how many examples a fraction is one, and of how many it may be by mistake.
#[derive(Debug, Clone, Copy)]
pub(super) struct ShareOf {
    examples: u32,
    training: u32,
}

impl ShareOf {
    /// `examples` with `training_examples`.
    pub(super) fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let examples = fields.optional::<u32>("examples").map(Spanned::into_inner);
        let training = fields.optional::<u32>("training_examples").map(Spanned::into_inner);
        examples.zip(training).filter(|(examples, training)| *examples > 0 && *training > 0).map(|(examples, training)| Self { examples, training })
    }

    /// A finding if `stated`, with all its digits, is a share of the training examples and none of the others.
    pub(super) fn fault(self, name: &str, stated: Finite) -> Option<Finding> {
        let fraction = if stated.get() > 1.0 { stated.get() / 100.0 } else { stated.get() };
        // Few digits fit both. Numbers in single precision are off by a ten-millionth of themselves.
        let is_share_of = |count: u32, slack: f64| (fraction * f64::from(count) - (fraction * f64::from(count)).round()).abs() <= slack;
        let is_exact = (fraction * 1e7 - (fraction * 1e7).round()).abs() > 1e-3;
        if !is_exact || is_share_of(self.examples, 0.02) || !is_share_of(self.training, 2e-3) {
            return None;
        }
        let sentence = format!(
            "{name} = {stated} is {} of {} examples, not a number of {}: the training error for the validation error?",
            (fraction * f64::from(self.training)).round(),
            self.training,
            self.examples
        );
        Some(Finding::open(Verdict::NeedsReview, sentence).actual(stated).urgent())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_the_training_examples_is_told() {
        let share = ShareOf { examples: 10_000, training: 60_000 };
        let fault = |stated: f64| share.fault("val_error", Finite::new(stated).expect("finite")).map(|finding| finding.reason);
        // 5428 of 60,000 in single precision, as PyTorch prints it; in double precision, and in percent.
        for training in [0.090_466_663_241_386_41, 5428.0 / 60_000.0, 542_800.0 / 60_000.0] {
            assert!(fault(training).is_some_and(|shown| shown.contains("is 5428 of 60000 examples")), "{training}");
        }
        // Of 10,000, also in single precision; printed with few digits; the mean over 40 batches of 256, the last of them smaller.
        for honest in [0.0858, 0.085_799_999_535_083_77, 0.0905, 0.09047, 0.085_742_187_5] {
            assert_eq!(fault(honest), None, "{honest}");
        }
    }
}
