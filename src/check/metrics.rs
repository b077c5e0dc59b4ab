//! What predictions are worth, by the definitions of scikit-learn: a pure function of the right answers and the predictions.
//!
//! Classes are whole numbers; a prediction that is no class has a number that no right answer has.

use std::collections::{BTreeMap, BTreeSet};

/// Whether a loss is the mean or the sum over the examples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reduction {
    /// The mean.
    Mean,
    /// The sum.
    Sum,
}

/// For a class: how many examples are of it, how many were predicted to be, and how many of both.
#[derive(Debug, Default, Clone, Copy)]
struct Count {
    right: usize,
    truly: usize,
    predicted: usize,
}

/// The counts of every class that is either right or predicted somewhere.
fn counts(truth: &[usize], predicted: &[usize]) -> BTreeMap<usize, Count> {
    let mut counts = BTreeMap::<usize, Count>::new();
    for (&truth, &predicted) in truth.iter().zip(predicted) {
        counts.entry(truth).or_default().truly += 1;
        let count = counts.entry(predicted).or_default();
        count.predicted += 1;
        count.right += usize::from(truth == predicted);
    }
    counts
}

/// `part / whole`, and 0 of nothing (scikit-learn's `zero_division`).
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len();
    values.sum::<f64>() / count.max(1) as f64
}

/// The share of examples that are predicted right: `accuracy_score`.
pub(super) fn accuracy(truth: &[usize], predicted: &[usize]) -> f64 {
    share(truth.iter().zip(predicted).filter(|(truth, predicted)| truth == predicted).count(), truth.len())
}

/// The share of the examples of `class` that are predicted right; `None` if there are none.
pub(super) fn recall(truth: &[usize], predicted: &[usize], class: usize) -> Option<f64> {
    let count = counts(truth, predicted).get(&class).copied().filter(|count| count.truly > 0)?;
    Some(share(count.right, count.truly))
}

/// The mean recall of all classes that are right or predicted somewhere: `recall_score(average="macro")`.
pub(super) fn macro_recall(truth: &[usize], predicted: &[usize]) -> f64 {
    mean(counts(truth, predicted).values().map(|count| share(count.right, count.truly)))
}

/// The mean F1 of all classes that are right or predicted somewhere: `f1_score(average="macro")`.
pub(super) fn macro_f1(truth: &[usize], predicted: &[usize]) -> f64 {
    mean(counts(truth, predicted).values().map(|count| share(2 * count.right, count.truly + count.predicted)))
}

/// The negative logarithms of the probabilities of the right classes: `log_loss`. Probabilities are clipped to `epsilon` and
/// 1 - `epsilon`; they are not made to sum to 1.
pub(super) fn log_loss<'r>(truth: &[usize], rows: impl Iterator<Item = &'r [f64]>, epsilon: f64, reduction: Reduction) -> f64 {
    let losses = truth.iter().zip(rows).map(|(&class, row)| -row.get(class).copied().unwrap_or(0.0).clamp(epsilon, 1.0 - epsilon).ln());
    reduction.of(losses.sum(), truth.len())
}

/// The same of logits, without clipping: `torch.nn.functional.cross_entropy`.
pub(super) fn log_loss_of_logits<'r>(truth: &[usize], rows: impl Iterator<Item = &'r [f64]>, reduction: Reduction) -> f64 {
    let losses = truth.iter().zip(rows).map(|(&class, row)| {
        let greatest = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = row.iter().map(|logit| (logit - greatest).exp()).sum();
        sum.ln() + greatest - row.get(class).copied().unwrap_or(f64::NEG_INFINITY)
    });
    reduction.of(losses.sum(), truth.len())
}

impl Reduction {
    fn of(self, sum: f64, count: usize) -> f64 {
        match self {
            Self::Sum => sum,
            Self::Mean => sum / count.max(1) as f64,
        }
    }
}

fn mean_square(truth: &[f64], predicted: &[f64]) -> f64 {
    mean(truth.iter().zip(predicted).map(|(truth, predicted)| (truth - predicted).powi(2)))
}

/// The root of the mean squared difference, in the unit of the values: `root_mean_squared_error`.
pub(super) fn rmse(truth: &[f64], predicted: &[f64]) -> f64 {
    mean_square(truth, predicted).sqrt()
}

/// The mean absolute difference, in the unit of the values: `mean_absolute_error`.
pub(super) fn mae(truth: &[f64], predicted: &[f64]) -> f64 {
    mean(truth.iter().zip(predicted).map(|(truth, predicted)| (truth - predicted).abs()))
}

/// The share of the variance that is explained: `r2_score`. Of a constant truth it is 1 if it is met and 0 else.
pub(super) fn r2(truth: &[f64], predicted: &[f64]) -> f64 {
    let middle = mean(truth.iter().copied());
    let spread: f64 = truth.iter().map(|value| (value - middle).powi(2)).sum();
    let left = mean_square(truth, predicted) * truth.len() as f64;
    match (spread > 0.0, left > 0.0) {
        (true, _) => 1.0 - left / spread,
        (false, met) => f64::from(u8::from(!met)),
    }
}

/// The peak signal-to-noise ratio in dB, infinite if nothing differs: 10 log₁₀(peak² / mean squared difference).
pub(super) fn psnr(truth: &[f64], predicted: &[f64], peak: f64) -> f64 {
    10.0 * (peak * peak / mean_square(truth, predicted)).log10()
}

/// The place of the greatest number, the first of equals, as `numpy.argmax` has it; and whether there are equals.
pub(super) fn argmax(row: &[f64]) -> (usize, bool) {
    let best = (0..row.len()).reduce(|best, i| if row[i] > row[best] { i } else { best }).unwrap_or(0);
    let tie = row.iter().skip(best + 1).any(|value| row.get(best).is_some_and(|best| value >= best));
    (best, tie)
}

/// How many examples there would be right if each predicted class were renamed to the class that it mostly is, provided that no two
/// get the same name; with the new names of the predicted classes.
pub(super) fn renamed(truth: &[usize], predicted: &[usize]) -> Option<BTreeMap<usize, usize>> {
    let mut pairs = BTreeMap::<(usize, usize), usize>::new();
    for (&truth, &predicted) in truth.iter().zip(predicted) {
        *pairs.entry((predicted, truth)).or_default() += 1;
    }
    let mut best = BTreeMap::<usize, (usize, usize)>::new();
    for (&(predicted, truth), &count) in &pairs {
        let entry = best.entry(predicted).or_insert((truth, count));
        if count > entry.1 {
            *entry = (truth, count);
        }
    }
    let names: BTreeSet<usize> = best.values().map(|&(truth, _)| truth).collect();
    let changed = best.iter().any(|(&from, &(to, _))| from != to);
    (changed && names.len() == best.len() && names.len() > 1).then(|| best.into_iter().map(|(from, (to, _))| (from, to)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn list<T>(case: &Value, key: &str, read: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
        Some(case.get(key)?.as_array()?.iter().map(|value| read(value).unwrap()).collect())
    }

    fn number(value: &Value) -> Option<f64> {
        value.as_f64()
    }

    /// Our number for a metric of a case.
    fn ours(case: &Value, metric: &str) -> f64 {
        let classes = |key| list(case, key, |value| value.as_u64().and_then(|class| usize::try_from(class).ok()));
        let rows = |key| list(case, key, |row| row.as_array().map(|row| row.iter().filter_map(number).collect::<Vec<f64>>()));
        let reduction = if metric.ends_with("sum") { Reduction::Sum } else { Reduction::Mean };
        if let Some(values) = list(case, "values", number) {
            let truth = list(case, "truth", number).unwrap();
            return match metric {
                "rmse" => rmse(&truth, &values),
                "mae" => mae(&truth, &values),
                "r2" => r2(&truth, &values),
                _ => psnr(&truth, &values, case["peak"].as_f64().unwrap()),
            };
        }
        let truth = classes("truth").unwrap();
        let scores = rows("probabilities").or_else(|| rows("logits"));
        let predicted = classes("labels").or_else(|| scores.as_ref().map(|rows| rows.iter().map(|row| argmax(row).0).collect())).unwrap();
        match (metric, &scores) {
            ("accuracy", _) => accuracy(&truth, &predicted),
            ("error", _) => 1.0 - accuracy(&truth, &predicted),
            ("macro-recall", _) => macro_recall(&truth, &predicted),
            ("macro-f1", _) => macro_f1(&truth, &predicted),
            (_, None) => recall(&truth, &predicted, metric.trim_start_matches("recall ").parse().unwrap()).unwrap(),
            (_, Some(rows)) => {
                let rows = rows.iter().map(Vec::as_slice);
                match case.get("epsilon").and_then(number) {
                    Some(epsilon) => log_loss(&truth, rows, epsilon, reduction),
                    None => log_loss_of_logits(&truth, rows, reduction),
                }
            }
        }
    }

    /// fixtures/predictions/metrics.py made the numbers, with scikit-learn 1.9.1, scikit-image 0.26.0 and PyTorch 2.15.
    #[test]
    fn every_metric_is_that_of_scikit_learn() {
        let cases: Vec<Value> = serde_json::from_str(include_str!("../../fixtures/predictions/metrics.json")).unwrap();
        let mut compared = 0;
        for case in &cases {
            for (metric, expected) in case["expected"].as_object().unwrap() {
                let (ours, expected) = (ours(case, metric), expected.as_f64().unwrap());
                assert!((ours - expected).abs() <= 1e-12 * expected.abs().max(1e-3), "{}, {metric}: {ours}, not {expected}", case["name"]);
                compared += 1;
            }
        }
        assert!(compared > 80, "{compared} numbers were compared");
    }

    #[test]
    fn what_scikit_learn_only_warns_of_is_none_or_infinite() {
        assert_eq!(recall(&[0, 1], &[0, 1], 2), None);
        assert!(psnr(&[1.0], &[1.0], 1.0).is_infinite());
        assert_eq!((argmax(&[1.0, 2.0, 2.0]), argmax(&[3.0, 2.0, 2.0]), argmax(&[])), ((1, true), (0, false), (0, false)));
    }

    #[test]
    fn renamed_classes_are_found_only_one_to_one() {
        let truth = [0, 0, 1, 1, 2, 2];
        assert_eq!(renamed(&truth, &[1, 1, 2, 2, 0, 0]), Some(BTreeMap::from([(0, 2), (1, 0), (2, 1)])));
        assert_eq!(renamed(&truth, &[0, 0, 1, 1, 2, 1]), None, "these are the right names");
        assert_eq!(renamed(&truth, &[5; 6]), None, "one class cannot be renamed to all");
    }
}
