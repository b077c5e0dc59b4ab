//! Metrics of classes, by the definitions of scikit-learn.
//!
//! Classes are whole numbers. A prediction that is no class has a number that no right answer has, and is wrong. What would be divided by
//! nothing is 0 (`zero_division=0`).

use std::collections::BTreeMap;

use crate::confusion::{Count, counts};
use crate::fault::{Fault, Value, finite, mean, paired, share};
use crate::rows::Rows;

/// The share of rows that are predicted right: `accuracy_score`.
pub fn accuracy(right: &[usize], predicted: &[usize]) -> Value {
    paired(right.len(), predicted.len())?;
    Ok(share(right.iter().zip(predicted).filter(|(right, predicted)| right == predicted).count(), right.len()))
}

/// The share of rows that are predicted wrong: `zero_one_loss`.
pub fn error(right: &[usize], predicted: &[usize]) -> Value {
    paired(right.len(), predicted.len())?;
    Ok(share(right.iter().zip(predicted).filter(|(right, predicted)| right != predicted).count(), right.len()))
}

/// The mean recall of the classes that are right somewhere: `balanced_accuracy_score`.
pub fn balanced_accuracy(right: &[usize], predicted: &[usize]) -> Value {
    let counts = counts(right, predicted)?;
    let recalls: Vec<f64> = counts.values().filter(|count| count.truly > 0).map(|count| count.recall()).collect();
    Ok(mean(recalls.into_iter()))
}

/// The share of rows whose class is among those of the `k` greatest scores, the first of equals counting as greater:
/// `top_k_accuracy_score`. A row has a score for each class.
pub fn top_k_accuracy(right: &[usize], scores: Rows<'_>, k: usize) -> Value {
    paired(right.len(), scores.len())?;
    if k == 0 {
        return Err(Fault::Setting("k"));
    }
    if k >= scores.columns() {
        return Err(Fault::EveryClass { classes: scores.columns() });
    }
    let is_among = |(&class, row): (&usize, &[f64])| {
        let Some(&own) = row.get(class) else { return false };
        row.iter().enumerate().filter(|&(place, &other)| other > own || (other >= own && place < class)).count() < k
    };
    Ok(share(right.iter().zip(scores.iter()).filter(|pair| is_among(*pair)).count(), right.len()))
}

/// The precision of a class: `precision_score(labels=[class], average="macro")`.
pub fn precision(right: &[usize], predicted: &[usize], class: usize) -> Value {
    macro_precision(right, predicted, &[class])
}

/// The recall of a class: `recall_score(labels=[class], average="macro")`.
pub fn recall(right: &[usize], predicted: &[usize], class: usize) -> Value {
    macro_recall(right, predicted, &[class])
}

/// F1 of a class: `f1_score(labels=[class], average="macro")`. Of the pixels of a mask it is the Dice coefficient.
pub fn f1(right: &[usize], predicted: &[usize], class: usize) -> Value {
    macro_f1(right, predicted, &[class])
}

/// Intersection over union of a class: `jaccard_score(labels=[class], average="macro")`.
pub fn iou(right: &[usize], predicted: &[usize], class: usize) -> Value {
    macro_iou(right, predicted, &[class])
}

/// The mean precision of `classes`, or of all that are right or predicted somewhere if none is given: `precision_score(average="macro")`.
pub fn macro_precision(right: &[usize], predicted: &[usize], classes: &[usize]) -> Value {
    mean_of(right, predicted, classes, Count::precision)
}

/// The mean recall of `classes`, or of all that are right or predicted somewhere: `recall_score(average="macro")`.
pub fn macro_recall(right: &[usize], predicted: &[usize], classes: &[usize]) -> Value {
    mean_of(right, predicted, classes, Count::recall)
}

/// The mean F1 of `classes`, or of all that are right or predicted somewhere: `f1_score(average="macro")`.
pub fn macro_f1(right: &[usize], predicted: &[usize], classes: &[usize]) -> Value {
    mean_of(right, predicted, classes, Count::f1)
}

/// The mean intersection over union of `classes`, or of all that are right or predicted somewhere: `jaccard_score(average="macro")`.
pub fn macro_iou(right: &[usize], predicted: &[usize], classes: &[usize]) -> Value {
    mean_of(right, predicted, classes, Count::iou)
}

/// The precision of `classes` counted together: `precision_score(labels=classes, average="micro")`.
pub fn micro_precision(right: &[usize], predicted: &[usize], classes: &[usize]) -> Value {
    together(right, predicted, classes).map(Count::precision)
}

/// The recall of `classes` counted together: `recall_score(labels=classes, average="micro")`.
pub fn micro_recall(right: &[usize], predicted: &[usize], classes: &[usize]) -> Value {
    together(right, predicted, classes).map(Count::recall)
}

/// F1 of `classes` counted together: `f1_score(labels=classes, average="micro")`.
pub fn micro_f1(right: &[usize], predicted: &[usize], classes: &[usize]) -> Value {
    together(right, predicted, classes).map(Count::f1)
}

/// The mean precision of the classes, each by its share of the right answers: `precision_score(average="weighted")`.
pub fn weighted_precision(right: &[usize], predicted: &[usize]) -> Value {
    weighted(right, predicted, Count::precision)
}

/// The mean F1 of the classes, each by its share of the right answers: `f1_score(average="weighted")`.
pub fn weighted_f1(right: &[usize], predicted: &[usize]) -> Value {
    weighted(right, predicted, Count::f1)
}

/// The correlation of what is right and what is predicted, 0 where one of them never varies: `matthews_corrcoef`.
pub fn mcc(right: &[usize], predicted: &[usize]) -> Value {
    let counts = counts(right, predicted)?;
    let sum = |of: fn(&Count) -> f64| counts.values().map(of).sum::<f64>();
    let total = right.len() as f64;
    let covariance = sum(|count| count.right as f64) * total - sum(|count| count.truly as f64 * count.predicted as f64);
    let spread_of_right = total * total - sum(|count| (count.truly as f64).powi(2));
    let spread_of_predicted = total * total - sum(|count| (count.predicted as f64).powi(2));
    let spread = spread_of_right * spread_of_predicted;
    if spread > 0.0 { finite(covariance / spread.sqrt()) } else { Ok(0.0) }
}

/// The agreement beyond chance: `cohen_kappa_score`. It has no value where all is right and predicted to be one class.
pub fn kappa(right: &[usize], predicted: &[usize]) -> Value {
    let counts = counts(right, predicted)?;
    let total = right.len() as f64;
    let same: f64 = counts.values().map(|count| count.right as f64).sum();
    let by_chance: f64 = counts.values().map(|count| count.truly as f64 * count.predicted as f64).sum::<f64>() / total;
    if total > by_chance { finite(1.0 - (total - same) / (total - by_chance)) } else { Err(Fault::TooFew("more than one class")) }
}

/// The agreement beyond chance where two classes disagree by the square of how many classes lie between them:
/// `cohen_kappa_score(weights="quadratic")`. Classes are whole numbers; as in scikit-learn only those that occur are counted.
pub fn quadratic_kappa(right: &[f64], predicted: &[f64]) -> Value {
    paired(right.len(), predicted.len())?;
    let (right, predicted) = (whole_numbers(right)?, whole_numbers(predicted)?);
    let mut places: BTreeMap<i64, f64> = right.iter().chain(&predicted).map(|&value| (value, 0.0)).collect();
    for (place, (_, of_value)) in places.iter_mut().enumerate() {
        *of_value = place as f64;
    }
    let place = |value: &i64| places.get(value).copied().unwrap_or_default();
    let (right, predicted): (Vec<f64>, Vec<f64>) = (right.iter().map(place).collect(), predicted.iter().map(place).collect());
    let total = right.len() as f64;
    let apart: f64 = right.iter().zip(&predicted).map(|(a, b)| (a - b).powi(2)).sum();
    let sum = |values: &[f64]| values.iter().sum::<f64>();
    let squares = |values: &[f64]| values.iter().map(|value| value * value).sum::<f64>();
    // The mean over all pairs of a right answer with any prediction, times the rows.
    let by_chance = squares(&right) + squares(&predicted) - 2.0 * sum(&right) * sum(&predicted) / total;
    if by_chance > 0.0 { finite(1.0 - apart / by_chance) } else { Err(Fault::TooFew("more than one class")) }
}

/// The mean of `of` over `classes`, or over all that are right or predicted somewhere if none is given.
fn mean_of(right: &[usize], predicted: &[usize], classes: &[usize], of: fn(Count) -> f64) -> Value {
    let counts = counts(right, predicted)?;
    if classes.is_empty() {
        return Ok(mean(counts.values().map(|count| of(*count))));
    }
    Ok(mean(classes.iter().map(|class| of(counts.get(class).copied().unwrap_or_default()))))
}

fn together(right: &[usize], predicted: &[usize], classes: &[usize]) -> Result<Count, Fault> {
    let counts = counts(right, predicted)?;
    if classes.is_empty() {
        return Err(Fault::Setting("class"));
    }
    Ok(classes.iter().filter_map(|class| counts.get(class)).fold(Count::default(), |sum, count| sum.with(*count)))
}

fn weighted(right: &[usize], predicted: &[usize], of: fn(Count) -> f64) -> Value {
    let counts = counts(right, predicted)?;
    Ok(counts.values().map(|count| of(*count) * count.truly as f64).sum::<f64>() / right.len() as f64)
}

#[expect(clippy::cast_possible_truncation, reason = "the range is checked first")]
fn whole_numbers(values: &[f64]) -> Result<Vec<i64>, Fault> {
    let whole = |(row, &value): (usize, &f64)| {
        let is_whole = (value - value.round()).abs() < 1e-9 && value.abs() < 1e9;
        if is_whole { Ok(value.round() as i64) } else { Err(Fault::NotWhole { row: row + 1, found: value }) }
    };
    values.iter().enumerate().map(whole).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agreement_of_one_class_with_itself_is_no_agreement_beyond_chance() {
        assert_eq!(kappa(&[1, 1], &[1, 1]), Err(Fault::TooFew("more than one class")));
        assert_eq!(quadratic_kappa(&[1.0, 1.0], &[1.0, 1.0]), Err(Fault::TooFew("more than one class")));
        assert_eq!(mcc(&[1, 1], &[1, 1]), Ok(0.0));
        assert_eq!(quadratic_kappa(&[1.0, 2.5], &[1.0, 2.0]), Err(Fault::NotWhole { row: 2, found: 2.5 }));
    }

    #[test]
    fn of_equal_scores_the_first_counts_as_greater() {
        let scores = [0.4, 0.4, 0.2, 0.1, 0.45, 0.45];
        let rows = Rows::new(&scores, 3).unwrap();
        assert_eq!(top_k_accuracy(&[0, 1], rows, 1), Ok(1.0));
        assert_eq!(top_k_accuracy(&[1, 2], rows, 1), Ok(0.0));
        assert_eq!(top_k_accuracy(&[1, 2], rows, 2), Ok(1.0));
        assert_eq!(top_k_accuracy(&[1, 2], rows, 3), Err(Fault::EveryClass { classes: 3 }));
        assert_eq!(top_k_accuracy(&[1, 2], rows, 0), Err(Fault::Setting("k")));
    }

    #[test]
    fn a_class_that_is_nowhere_counts_as_nothing() {
        // precision_score([0, 1], [0, 0], labels=[7], average="macro", zero_division=0)
        assert_eq!(precision(&[0, 1], &[0, 0], 7), Ok(0.0));
        assert_eq!(micro_f1(&[0, 1], &[0, 0], &[]), Err(Fault::Setting("class")));
    }
}
