//! How well predictions do, by the definitions of scikit-learn.

use crate::labelled::{Prediction, Task, Truth};

/// One number for the predictions of some examples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measure {
    /// The share of examples whose class is right: `accuracy_score`.
    Accuracy,
    /// The mean negative logarithm of the right class's probability: `log_loss`.
    LogLoss,
    /// The root of the mean squared difference: `root_mean_squared_error`.
    Rmse,
    /// The mean absolute difference: `mean_absolute_error`.
    Mae,
    /// The share of the variance that is explained: `r2_score`.
    R2,
}

/// By the names in rubrics, with the end of the name that they are handed in under.
pub(super) const MEASURES: &[(&str, &str, Measure)] = &[
    ("accuracy", "accuracy", Measure::Accuracy),
    ("log-loss", "log_loss", Measure::LogLoss),
    ("rmse", "rmse", Measure::Rmse),
    ("mae", "mae", Measure::Mae),
    ("r2", "r2", Measure::R2),
];

impl Measure {
    /// What it is of.
    pub(super) fn task(self) -> Task {
        match self {
            Self::Accuracy | Self::LogLoss => Task::Classification,
            Self::Rmse | Self::Mae | Self::R2 => Task::Regression,
        }
    }

    /// Whether more is better.
    pub(super) fn grows(self) -> bool {
        matches!(self, Self::Accuracy | Self::R2)
    }

    /// The end of its name.
    pub(super) fn suffix(self) -> &'static str {
        MEASURES.iter().find(|(.., measure)| *measure == self).map_or("", |(_, suffix, _)| suffix)
    }

    /// Its value; the error says why there is none.
    pub(super) fn value(self, truth: &Truth, prediction: &Prediction) -> Result<f64, String> {
        match (self, truth, prediction) {
            (Self::Accuracy, Truth::Classes(truth), _) => {
                let right = prediction.classes().iter().zip(truth).filter(|(predicted, truth)| predicted == truth).count();
                Ok(right as f64 / truth.len().max(1) as f64)
            }
            (Self::LogLoss, Truth::Classes(truth), Prediction::Probabilities(rows)) => {
                // scikit-learn clips by the machine epsilon.
                let loss = |(row, class): (&Vec<f64>, &usize)| -row.get(*class).copied().unwrap_or(0.0).clamp(f64::EPSILON, 1.0 - f64::EPSILON).ln();
                Ok(rows.iter().zip(truth).map(loss).sum::<f64>() / truth.len().max(1) as f64)
            }
            (Self::LogLoss, Truth::Classes(_), _) => Err("the model gives classes, and `log-loss` needs probabilities".to_owned()),
            (_, Truth::Numbers(truth), Prediction::Numbers(predicted)) => Ok(self.of_numbers(truth, predicted)),
            _ => Err("the predictions are of another kind than the answers".to_owned()),
        }
    }

    fn of_numbers(self, truth: &[f64], predicted: &[f64]) -> f64 {
        let count = truth.len().max(1) as f64;
        let differences = || truth.iter().zip(predicted).map(|(truth, predicted)| truth - predicted);
        let squares = differences().map(|difference| difference * difference).sum::<f64>();
        match self {
            Self::Mae => differences().map(f64::abs).sum::<f64>() / count,
            Self::R2 => {
                let mean = truth.iter().sum::<f64>() / count;
                let spread = truth.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
                match (spread > 0.0, squares > 0.0) {
                    (true, _) => 1.0 - squares / spread,
                    (false, missed) => f64::from(u8::from(!missed)),
                }
            }
            _ => (squares / count).sqrt(),
        }
    }
}
