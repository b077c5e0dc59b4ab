//! What may have gone wrong with predictions that do not give the claimed number.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::answers::Classes;
use crate::domain::number::{Finite, significant};
use crate::domain::tolerance::Tolerance;
use crate::metrics::classification;
use crate::metrics::probabilities::Reduction;

use super::measure::{Beside, Measure, Target};
use super::reading::{ScoreKind, Scores};
use super::wanted::Wanted;

/// A possible mistake.
#[derive(Debug)]
pub(super) struct Diagnosis {
    /// What was seen and what to do, without a number that is hidden from students.
    pub(super) hint: String,
    /// Whether the claim would be confirmed without the mistake, so that a person has to decide.
    pub(super) explains: bool,
}

impl Diagnosis {
    fn hint(hint: impl Into<String>) -> Self {
        Self { hint: hint.into(), explains: false }
    }
}

impl Measure<'_> {
    /// Why predictions that give `computed` may not give `claimed`; `agrees` tells whether a number would.
    pub(super) fn diagnosis(&self, claimed: Finite, computed: Finite, agrees: &dyn Fn(Finite) -> bool, tolerance: Tolerance) -> Option<Diagnosis> {
        let as_another = || {
            another_metric(self.wanted, computed, self.len()).into_iter().find_map(|(value, name, own)| {
                let value = Finite::new(value).ok()?;
                tolerance.accepts(claimed, value).then(|| Diagnosis::hint(format!("the number would be that of the {name}; state the {own}")))
            })
        };
        let constant = |same: Option<String>| same.map(|value| Diagnosis::hint(format!("all of them are {value}; has the model learnt anything?")));
        let in_order = |value: &dyn Fn(&[usize]) -> Option<f64>| in_another_order(self.by_number.as_deref(), value, agrees);
        match &self.beside {
            Beside::Labels { classes, labels } => {
                let predicted = labels.predicted.as_slice();
                let value = |predicted: &[usize]| self.of_labels(classes, predicted, &labels.strangers).ok();
                let picked = |order: &[usize]| order.iter().map(|&row| predicted.get(row).copied()).collect::<Option<Vec<usize>>>();
                renamed(&value, classes, predicted, agrees)
                    .or_else(|| in_order(&|order| value(&picked(order)?)))
                    .or_else(|| strangers(&value, classes, predicted, claimed, tolerance))
                    .or_else(|| {
                        constant(only(predicted).map(|class| classes.names.get(class).map_or_else(|| "of one class".to_owned(), |name| format!("`{name}`"))))
                    })
                    .or_else(as_another)
                    .or_else(|| shuffled(classes, predicted))
            }
            Beside::Scores { right, scores } => as_another().or_else(|| if claimed < computed { self.rounded(right, scores, claimed) } else { None }),
            Beside::Values(targets) => in_order(&|order| self.value_in_order(targets, order))
                .or_else(|| constant(targets.first().and_then(|target| only_value(&target.predicted)).map(|value| significant(value, 5))))
                .or_else(as_another),
            Beside::Clusters { .. } | Beside::Points { .. } | Beside::Ranks { .. } | Beside::LogProbabilities(_) => as_another(),
        }
    }

    /// What the metric of values gives with the rows in another order.
    fn value_in_order(&self, targets: &[Target<'_>], order: &[usize]) -> Option<f64> {
        let turned = |target: &Target<'_>| {
            let predicted = order.iter().map(|&row| target.predicted.get(row).copied()).collect::<Option<Vec<f64>>>()?;
            Some(Target { right: std::borrow::Cow::Owned(target.right.to_vec()), predicted })
        };
        self.of_values(&targets.iter().map(turned).collect::<Option<Vec<Target<'_>>>>()?).ok()
    }

    /// Probabilities of 0 for right classes, which a loss that is computed before rounding does not have. What the other examples lose
    /// alone may disprove the claim.
    fn rounded(&self, right: &[usize], scores: &Scores, claimed: Finite) -> Option<Diagnosis> {
        if self.wanted.metric.name != "log-loss" || scores.kind != ScoreKind::Probabilities {
            return None;
        }
        let mut kindly = scores.values.clone();
        let mut zeros = 0;
        for (&class, row) in right.iter().zip(kindly.chunks_exact_mut(scores.columns.max(1))) {
            if let Some(value) = row.get_mut(class).filter(|value| **value <= 0.0) {
                *value = 1.0;
                zeros += 1;
            }
        }
        let least = self.of_scores(right, &kindly, scores).ok()?;
        (zeros > 0 && claimed.get() >= least).then(|| Diagnosis {
            hint: "some right classes have the probability 0, which makes the loss as large as the clipping lets it; were the probabilities rounded? \
                   Hand them in with all digits, or the logits"
                .to_owned(),
            explains: true,
        })
    }
}

/// Whether other names for the predicted classes would confirm the claim.
fn renamed(value: &dyn Fn(&[usize]) -> Option<f64>, classes: &Classes, predicted: &[usize], agrees: &dyn Fn(Finite) -> bool) -> Option<Diagnosis> {
    let names = names_one_to_one(&classes.labels, predicted)?;
    let better: Vec<usize> = predicted.iter().map(|class| names.get(class).copied().unwrap_or(*class)).collect();
    let value = Finite::new(value(&better)?).ok()?;
    if !agrees(value) {
        return None;
    }
    let hint = "the classes seem to be numbered in another way: with other names for them the predictions would give the claimed number; \
                hand in the data set's own classes";
    Some(Diagnosis { hint: hint.to_owned(), explains: true })
}

/// How many examples there would be right if each predicted class were renamed to the class that it mostly is, provided that no two
/// get the same name; with the new names of the predicted classes.
fn names_one_to_one(truth: &[usize], predicted: &[usize]) -> Option<BTreeMap<usize, usize>> {
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

/// Whether the rows give the claimed number in the order of their own numbers.
fn in_another_order(order: Option<&[usize]>, value: &dyn Fn(&[usize]) -> Option<f64>, agrees: &dyn Fn(Finite) -> bool) -> Option<Diagnosis> {
    let value = Finite::new(value(order?)?).ok()?;
    let hint = "in the order of the numbers that name them the rows would give the claimed number; hand them in in the data set's order";
    agrees(value).then(|| Diagnosis { hint: hint.to_owned(), explains: true })
}

/// Whether the claim holds if predictions that are no class are what they should be.
fn strangers(value: &dyn Fn(&[usize]) -> Option<f64>, classes: &Classes, predicted: &[usize], claimed: Finite, tolerance: Tolerance) -> Option<Diagnosis> {
    let known = classes.names.len();
    let kindly: Vec<usize> = predicted.iter().zip(&classes.labels).map(|(&class, &label)| if class < known { class } else { label }).collect();
    let strange = predicted.iter().filter(|&&class| class >= known).count();
    let [strict, kind] = [predicted, kindly.as_slice()].map(|predicted| value(predicted).and_then(|value| Finite::new(value).ok()));
    let (strict, kind) = (strict?, kind?);
    let between = (strict <= claimed && claimed <= kind) || (kind <= claimed && claimed <= strict) || tolerance.accepts(claimed, kind);
    // Who predicts no class all over cannot hide behind it.
    (strange > 0 && 10 * strange <= predicted.len() && between).then(|| Diagnosis {
        hint: "the claim holds if some of the predictions that are no class are right; hand in the data set's own classes".to_owned(),
        explains: true,
    })
}

/// The same predictions measured in another way that people confuse with the metric: its number, its name, and that of the right one.
fn another_metric(wanted: &Wanted, computed: Finite, count: usize) -> Vec<(f64, &'static str, &'static str)> {
    let (value, count) = (computed.get(), count.max(1) as f64);
    match (wanted.metric.name, wanted.reduction) {
        ("error", _) => vec![(1.0 - value, "accuracy", "error")],
        ("accuracy", _) => vec![(1.0 - value, "error", "accuracy")],
        ("log-loss", Some(Reduction::Mean)) => vec![(value * count, "sum over the examples", "mean")],
        ("log-loss", Some(Reduction::Sum)) => vec![(value / count, "mean of the examples", "sum")],
        ("rmse", _) => vec![(value * value, "mean squared error", "root of it")],
        ("mse", _) => vec![(value.sqrt(), "root of the mean squared error", "mean squared error itself")],
        _ => Vec::new(),
    }
}

/// Predictions with about the right number of each class that are right as often as by chance.
fn shuffled(classes: &Classes, predicted: &[usize]) -> Option<Diagnosis> {
    let count = |labels: &[usize]| {
        labels.iter().fold(BTreeMap::<usize, f64>::new(), |mut counts, &class| {
            *counts.entry(class).or_default() += 1.0;
            counts
        })
    };
    let (truth, mine, total) = (count(&classes.labels), count(predicted), predicted.len().max(1) as f64);
    let of = |counts: &BTreeMap<usize, f64>, class: usize| counts.get(&class).copied().unwrap_or(0.0) / total;
    let all: Vec<usize> = truth.keys().chain(mine.keys()).copied().collect::<std::collections::BTreeSet<_>>().into_iter().collect();
    let apart: f64 = all.iter().map(|&class| (of(&truth, class) - of(&mine, class)).abs()).sum::<f64>() / 2.0;
    let chance: f64 = all.iter().map(|&class| of(&truth, class) * of(&mine, class)).sum();
    let Ok(accuracy) = classification::accuracy(&classes.labels, predicted) else { return None };
    let by_chance = (accuracy - chance).abs() <= 4.0 * (chance * (1.0 - chance) / total).sqrt();
    // A handful of examples says nothing.
    let is_permuted = predicted.len() >= 50 && all.len() > 1 && apart <= 0.05 && by_chance;
    is_permuted.then(|| Diagnosis::hint("there is about the right number of each class, but in another order: was the loader shuffling (shuffle=True)?"))
}

fn only(classes: &[usize]) -> Option<usize> {
    let first = *classes.first()?;
    (classes.len() > 1 && classes.iter().all(|&class| class == first)).then_some(first)
}

fn only_value(values: &[f64]) -> Option<f64> {
    let first = *values.first()?;
    (values.len() > 1 && values.iter().all(|value| value.total_cmp(&first).is_eq())).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renamed_classes_are_found_only_one_to_one() {
        let truth = [0, 0, 1, 1, 2, 2];
        assert_eq!(names_one_to_one(&truth, &[1, 1, 2, 2, 0, 0]), Some(BTreeMap::from([(0, 2), (1, 0), (2, 1)])));
        assert_eq!(names_one_to_one(&truth, &[0, 0, 1, 1, 2, 1]), None, "these are the right names");
        assert_eq!(names_one_to_one(&truth, &[5; 6]), None, "one class cannot be renamed to all");
    }
}
