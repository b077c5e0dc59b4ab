//! Ensembles of decision trees, as scikit-learn, `XGBoost` and `LightGBM` export them.

use super::classical::{labelled, logistic, rows, transformed};
use crate::operator::classical::Transform;
use crate::operator::trees::{Aggregate, Branch, NEXT_TO_NOTHING, TreeNode, Trees};
use crate::tensor::{Budget, Outcome, Tensor, refuse};

/// What a step from node to node costs in multiply-adds.
const STEP: u64 = 8;

pub(super) fn apply(trees: &Trees, x: &Tensor, budget: &mut Budget) -> Outcome<Vec<Tensor>> {
    let (count, cols) = rows(x)?;
    for node in &trees.nodes {
        if let TreeNode::Branch { feature, .. } = node
            && *feature >= cols
        {
            return Err(refuse(format!("its trees ask for the feature {feature}, the rows have {cols} of them")));
        }
    }
    let width = trees.targets.max(1);
    let mut scores = Vec::with_capacity(budget.claim(&[count, width])?);
    for row in x.as_floats()?.chunks_exact(cols.max(1)) {
        scores.extend(of_row(trees, row, budget)?);
    }
    match &trees.classes {
        Some(classes) => labelled(count, scores, classes, budget),
        None => Ok(vec![Tensor::floats(vec![count, width], scores)?]),
    }
}

/// The scores of one row.
#[expect(clippy::cast_possible_truncation, reason = "the sum of two numbers of single precision, rounded as single precision rounds it")]
fn of_row(trees: &Trees, row: &[f32], budget: &mut Budget) -> Outcome<Vec<f32>> {
    budget.spend(STEP * trees.targets as u64)?;
    let mut sums: Vec<Option<f64>> = vec![None; trees.targets];
    for &root in &trees.roots {
        let mut at = root;
        let leaf = loop {
            budget.spend(STEP)?;
            match &trees.nodes[at] {
                TreeNode::Leaf(scores) => break scores,
                TreeNode::Branch { branch, feature, threshold, missing_is_true, zero_is_missing, yes, no } => {
                    let value = row[*feature];
                    let nothing = *zero_is_missing && value.abs() <= NEXT_TO_NOTHING;
                    let missing = *missing_is_true && (nothing || value.is_nan());
                    at = if missing || (!nothing && holds(*branch, value, *threshold)) { *yes } else { *no };
                }
            }
        };
        budget.spend(leaf.len() as u64)?;
        for &(target, weight) in leaf {
            let sum = &mut sums[target];
            *sum = Some(match (trees.aggregate, *sum) {
                (_, None) => weight,
                (Aggregate::Average | Aggregate::Sum, Some(sum)) => sum + weight,
                (Aggregate::SingleSum, Some(sum)) => f64::from((sum + weight) as f32),
                (Aggregate::Max, Some(sum)) => sum.max(weight),
                (Aggregate::Min, Some(sum)) => sum.min(weight),
            });
        }
    }
    let over = if trees.aggregate == Aggregate::Average { trees.roots.len().max(1) as f64 } else { 1.0 };
    Ok(finished(trees, sums.into_iter().map(|sum| sum.unwrap_or(0.0) / over).collect()))
}

fn holds(branch: Branch, value: f32, threshold: f32) -> bool {
    match branch {
        Branch::Equal => value.partial_cmp(&threshold) == Some(std::cmp::Ordering::Equal),
        Branch::NotEqual => value.partial_cmp(&threshold) != Some(std::cmp::Ordering::Equal),
        Branch::Greater => value > threshold,
        Branch::GreaterOrEqual => value >= threshold,
        Branch::Less => value < threshold,
        Branch::LessOrEqual => value <= threshold,
    }
}

/// The scores after base values and the `post_transform`.
#[expect(clippy::cast_possible_truncation, reason = "networks are run in single precision")]
fn finished(trees: &Trees, mut sums: Vec<f64>) -> Vec<f32> {
    if trees.one_sided {
        // The leaves speak of one of two classes: of its log-odds, of its probability, or of what is above 0 for it.
        let score = (sums.iter().sum::<f64>() + trees.base.iter().copied().map(f64::from).sum::<f64>()) as f32;
        return match (trees.transform, trees.all_positive) {
            (Transform::Logistic, _) => vec![logistic(-score), logistic(score)],
            (_, true) => vec![1.0 - score, score],
            (_, false) => vec![-score, score],
        };
    }
    for (sum, base) in sums.iter_mut().zip(&trees.base) {
        *sum += f64::from(*base);
    }
    let mut scores: Vec<f32> = sums.into_iter().map(|sum| sum as f32).collect();
    transformed(trees.transform, &mut scores);
    scores
}
