//! Metrics of probabilities: a number for each example and class.

use crate::fault::{Fault, Value, all_finite, finite, paired};
use crate::rows::{Rows, argmax};

/// Whether a loss is the mean or the sum over the examples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reduction {
    /// The mean.
    Mean,
    /// The sum.
    Sum,
}

impl Reduction {
    fn of(self, sum: f64, count: usize) -> f64 {
        match self {
            Self::Sum => sum,
            Self::Mean => sum / count.max(1) as f64,
        }
    }
}

/// The negative natural logarithms of the probabilities of the right classes: `log_loss`. Probabilities are clipped to `epsilon`, that of
/// their type, and 1 - `epsilon`; they are not made to sum to 1.
pub fn log_loss(right: &[usize], rows: Rows<'_>, epsilon: f64, reduction: Reduction) -> Value {
    paired(right.len(), rows.len())?;
    probabilities(rows)?;
    let losses = right.iter().zip(rows.iter()).map(|(&class, row)| -row.get(class).copied().unwrap_or(0.0).clamp(epsilon, 1.0 - epsilon).ln());
    finite(reduction.of(losses.sum(), right.len()))
}

/// The same of logits, without clipping: `torch.nn.functional.cross_entropy`.
pub fn log_loss_of_logits(right: &[usize], rows: Rows<'_>, reduction: Reduction) -> Value {
    paired(right.len(), rows.len())?;
    let losses = right.iter().zip(rows.iter()).map(|(&class, row)| {
        let greatest = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = row.iter().map(|logit| (logit - greatest).exp()).sum();
        sum.ln() + greatest - row.get(class).copied().unwrap_or(f64::NEG_INFINITY)
    });
    finite(reduction.of(losses.sum(), right.len()))
}

/// The mean squared difference between the probability of a class and 1 or 0: `brier_score_loss(right == class, rows[:, class])`.
pub fn brier_of_class(right: &[usize], rows: Rows<'_>, class: usize) -> Value {
    paired(right.len(), rows.len())?;
    probabilities(rows)?;
    let squares = right.iter().zip(rows.iter()).map(|(&own, row)| (row.get(class).copied().unwrap_or(0.0) - f64::from(u8::from(own == class))).powi(2));
    finite(squares.sum::<f64>() / right.len() as f64)
}

/// The same summed over all classes, not halved: `brier_score_loss(scale_by_half=False)`.
pub fn brier(right: &[usize], rows: Rows<'_>) -> Value {
    (0..rows.columns()).map(|class| brier_of_class(right, rows, class)).sum()
}

/// The expected calibration error (Guo et al. 2017, On Calibration of Modern Neural Networks, equation 5): over `bins` of equal width, each
/// without its lower and with its upper end, of the greatest probability of a row: the share of rows × |accuracy - mean confidence|.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a probability times the count of bins is small and not negative")]
pub fn ece(right: &[usize], rows: Rows<'_>, bins: usize) -> Value {
    paired(right.len(), rows.len())?;
    probabilities(rows)?;
    if bins == 0 || bins > MOST_BINS {
        return Err(Fault::Setting("bins"));
    }
    let mut sums = vec![(0.0, 0.0); bins];
    for (&class, row) in right.iter().zip(rows.iter()) {
        let (best, _) = argmax(row);
        let confidence = row.get(best).copied().unwrap_or_default();
        let bin = ((confidence * bins as f64).ceil() as usize).clamp(1, bins) - 1;
        if let Some((of_right, of_confidence)) = sums.get_mut(bin) {
            *of_right += f64::from(u8::from(best == class));
            *of_confidence += confidence;
        }
    }
    finite(sums.iter().map(|(of_right, of_confidence): &(f64, f64)| (of_right - of_confidence).abs()).sum::<f64>() / right.len() as f64)
}

/// The most bins that [`ece`] takes.
pub const MOST_BINS: usize = 10_000;

/// The inverse of the geometric mean of the probabilities, of which the natural logarithms are given.
pub fn perplexity(logarithms: &[f64]) -> Value {
    paired(logarithms.len(), logarithms.len())?;
    all_finite(logarithms)?;
    if let Some((row, &found)) = logarithms.iter().enumerate().find(|&(_, &value)| value > 0.0) {
        return Err(Fault::NotALogProbability { row: row + 1, found });
    }
    finite((-logarithms.iter().sum::<f64>() / logarithms.len() as f64).exp())
}

/// Only numbers from 0 to 1.
fn probabilities(rows: Rows<'_>) -> Result<(), Fault> {
    rows.first_other(|value| (0.0..=1.0).contains(&value)).map_or(Ok(()), |(row, found)| Err(Fault::NotAProbability { row, found }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_probability_is_refused_by_its_row() {
        let rows = Rows::new(&[0.5, 0.5, 1.5, -0.5], 2).unwrap();
        let fault = Err(Fault::NotAProbability { row: 2, found: 1.5 });
        assert_eq!(log_loss(&[0, 1], rows, f64::EPSILON, Reduction::Mean), fault);
        assert_eq!((brier(&[0, 1], rows), ece(&[0, 1], rows, 10)), (fault.clone(), fault));
        assert!(log_loss_of_logits(&[0, 1], rows, Reduction::Mean).is_ok());
    }

    #[test]
    fn each_bin_has_its_upper_end() {
        // By hand: 0.5 is in the first of two bins, 0.75 in the second; |1 - 0.5| / 2 + |0 - 0.75| / 2.
        let rows = Rows::new(&[0.5, 0.5, 0.75, 0.25], 2).unwrap();
        assert_eq!(ece(&[0, 1], rows, 2), Ok(0.625));
        assert_eq!(ece(&[0, 1], rows, 1), Ok(0.125));
        assert_eq!(ece(&[0, 1], rows, 0), Err(Fault::Setting("bins")));
    }

    #[test]
    fn a_loss_too_great_for_a_number_is_none() {
        let rows = Rows::new(&[1e308, -1e308], 2).unwrap();
        assert_eq!(log_loss_of_logits(&[1], rows, Reduction::Mean), Err(Fault::NotFinite));
        assert_eq!(perplexity(&[-1e4]), Err(Fault::NotFinite));
        assert_eq!(perplexity(&[]), Err(Fault::Empty));
        assert_eq!(perplexity(&[-1.0, 0.5]), Err(Fault::NotALogProbability { row: 2, found: 0.5 }));
    }
}
