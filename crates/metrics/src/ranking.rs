//! Metrics of the order that scores give: of a class against the rest, and of the documents of a query.

use std::collections::BTreeMap;

use crate::fault::{Fault, Value, all_finite, finite, paired};
use crate::rows::Rows;

/// The area under the ROC curve of `class` against the rest, by a score for each row, higher for the class:
/// `roc_auc_score(right == class, scores)`. Equal scores count half.
pub fn auc(right: &[usize], scores: &[f64], class: usize) -> Value {
    let (positive, negative) = kinds(right, scores, class)?;
    let mut order: Vec<(f64, bool)> = scores.iter().copied().zip(right.iter().map(|&own| own == class)).collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    // Pairs of a row of the class with one of the rest that has a lower score; of an equal score half.
    let (mut below, mut pairs) = (0.0, 0.0);
    for equals in order.chunk_by(|a, b| a.0 >= b.0) {
        let own = equals.iter().filter(|(_, is_own)| *is_own).count() as f64;
        let others = equals.len() as f64 - own;
        pairs += own * (below + others / 2.0);
        below += others;
    }
    finite(pairs / (positive as f64 * negative as f64))
}

/// The points of the ROC curve of `class`, from (0, 0) to (1, 1): for each score the share of the other rows, and of the rows of the class, that
/// have one at least as high: `roc_curve(right == class, scores, drop_intermediate=False)`.
pub fn roc(right: &[usize], scores: &[f64], class: usize) -> Result<Vec<[f64; 2]>, Fault> {
    let (positive, negative) = kinds(right, scores, class)?;
    let (mut others, mut own, mut points) = (0.0, 0.0, vec![[0.0, 0.0]]);
    for equals in falling(right, scores, class).chunk_by(|a, b| a.0 <= b.0) {
        let of_class = equals.iter().filter(|(_, is_own)| *is_own).count() as f64;
        own += of_class;
        others += equals.len() as f64 - of_class;
        points.push([others / negative as f64, own / positive as f64]);
    }
    Ok(points)
}

/// The mean of that over all classes, each by its own column of scores: `roc_auc_score(multi_class="ovr", average="macro")`.
pub fn mean_auc(right: &[usize], scores: Rows<'_>) -> Value {
    let each = (0..scores.columns()).map(|class| auc(right, &scores.column(class), class));
    Ok(each.sum::<Value>()? / scores.columns() as f64)
}

/// The mean of the precisions at each score of a row of `class`, by its share of them: `average_precision_score(right == class, scores)`.
pub fn average_precision(right: &[usize], scores: &[f64], class: usize) -> Value {
    paired(right.len(), scores.len())?;
    all_finite(scores)?;
    let positive = right.iter().filter(|&&own| own == class).count();
    if positive == 0 {
        return Err(Fault::OneKind { class, all: false });
    }
    let (mut found, mut seen, mut sum) = (0.0, 0.0, 0.0);
    for equals in falling(right, scores, class).chunk_by(|a, b| a.0 <= b.0) {
        let own = equals.iter().filter(|(_, is_own)| *is_own).count() as f64;
        found += own;
        seen += equals.len() as f64;
        sum += own * found / seen;
    }
    finite(sum / positive as f64)
}

/// The mean over `groups` of the discounted gain of the order that the scores give, over that of the best order: `ndcg_score(k=k)`. The gain
/// of a row is its relevance, of equal scores their mean, and it is divided by the logarithm to the base 2 of its place + 1. Of a group
/// without anything relevant it is 0. Only the first `k` places count, all without `k`.
pub fn ndcg(relevance: &[f64], scores: &[f64], groups: &[usize], k: Option<usize>) -> Value {
    if k == Some(0) {
        return Err(Fault::Setting("k"));
    }
    let of_group = |rows: &[(f64, f64)]| {
        if rows.len() < 2 {
            return Err(Fault::TooFew("two rows or more in each group"));
        }
        let discount = |place: usize| if k.is_none_or(|k| place < k) { 1.0 / (place as f64 + 2.0).log2() } else { 0.0 };
        let mut by_score = rows.to_vec();
        by_score.sort_by(|a, b| b.1.total_cmp(&a.1));
        let (mut place, mut gain) = (0, 0.0);
        for equals in by_score.chunk_by(|a, b| a.1 <= b.1) {
            let mean = equals.iter().map(|(relevance, _)| relevance).sum::<f64>() / equals.len() as f64;
            gain += mean * (place..place + equals.len()).map(discount).sum::<f64>();
            place += equals.len();
        }
        let mut best: Vec<f64> = rows.iter().map(|(relevance, _)| *relevance).collect();
        best.sort_by(|a, b| b.total_cmp(a));
        let most: f64 = best.iter().enumerate().map(|(place, relevance)| relevance * discount(place)).sum();
        Ok(if most > 0.0 { gain / most } else { 0.0 })
    };
    mean_over(relevance, scores, groups, of_group)
}

/// The mean over `groups` of 1 / the place of the first relevant row, 0 if none is: rows with a relevance above 0 are. Of equal scores all
/// count as before it, as in `label_ranking_average_precision_score`.
pub fn mrr(relevance: &[f64], scores: &[f64], groups: &[usize]) -> Value {
    let of_group = |rows: &[(f64, f64)]| {
        let best = rows.iter().filter(|(relevance, _)| *relevance > 0.0).map(|(_, score)| *score).reduce(f64::max);
        Ok(best.map_or(0.0, |best| 1.0 / rows.iter().filter(|(_, score)| *score >= best).count() as f64))
    };
    mean_over(relevance, scores, groups, of_group)
}

/// The mean of `of` over the groups, each a list of relevances with their scores.
fn mean_over(relevance: &[f64], scores: &[f64], groups: &[usize], of: impl Fn(&[(f64, f64)]) -> Value) -> Value {
    paired(relevance.len(), scores.len())?;
    paired(relevance.len(), groups.len())?;
    all_finite(relevance).and_then(|()| all_finite(scores))?;
    if let Some((row, &found)) = relevance.iter().enumerate().find(|&(_, &value)| value < 0.0) {
        return Err(Fault::NegativeRelevance { row: row + 1, found });
    }
    let mut rows = BTreeMap::<usize, Vec<(f64, f64)>>::new();
    for ((&relevance, &score), &group) in relevance.iter().zip(scores).zip(groups) {
        rows.entry(group).or_default().push((relevance, score));
    }
    finite(rows.values().map(|rows| of(rows)).sum::<Value>()? / rows.len() as f64)
}

/// The scores, the greatest first, each with whether its row is of the class.
fn falling(right: &[usize], scores: &[f64], class: usize) -> Vec<(f64, bool)> {
    let mut order: Vec<(f64, bool)> = scores.iter().copied().zip(right.iter().map(|&own| own == class)).collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0));
    order
}

/// How many rows are of the class, and how many are not.
fn kinds(right: &[usize], scores: &[f64], class: usize) -> Result<(usize, usize), Fault> {
    paired(right.len(), scores.len())?;
    all_finite(scores)?;
    let positive = right.iter().filter(|&&own| own == class).count();
    match (positive, right.len() - positive) {
        (0, _) => Err(Fault::OneKind { class, all: false }),
        (_, 0) => Err(Fault::OneKind { class, all: true }),
        kinds => Ok(kinds),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_class_without_a_rest_has_no_curve() {
        assert_eq!(auc(&[1, 1], &[0.1, 0.2], 1), Err(Fault::OneKind { class: 1, all: true }));
        assert_eq!(auc(&[1, 1], &[0.1, 0.2], 0), Err(Fault::OneKind { class: 0, all: false }));
        assert_eq!(average_precision(&[1, 1], &[0.1, 0.2], 0), Err(Fault::OneKind { class: 0, all: false }));
        assert_eq!(auc(&[0, 1], &[0.1, f64::NAN], 1), Err(Fault::NotFinite));
    }

    #[test]
    fn a_group_of_one_has_no_order() {
        assert_eq!(ndcg(&[1.0, 0.0, 1.0], &[1.0, 2.0, 3.0], &[0, 0, 1], None), Err(Fault::TooFew("two rows or more in each group")));
        assert_eq!(mrr(&[1.0, 0.0, 1.0], &[1.0, 2.0, 3.0], &[0, 0, 1]), Ok(0.75));
        assert_eq!(ndcg(&[-1.0, 0.0], &[1.0, 2.0], &[0, 0], None), Err(Fault::NegativeRelevance { row: 1, found: -1.0 }));
        assert_eq!(ndcg(&[1.0, 0.0], &[1.0, 2.0], &[0, 0], Some(0)), Err(Fault::Setting("k")));
    }

    proptest! {
        #[test]
        fn only_the_order_of_the_scores_counts(rows in proptest::collection::vec((0usize..2, -5i8..5), 2..40)) {
            let right: Vec<usize> = rows.iter().map(|row| row.0).collect();
            let scores: Vec<f64> = rows.iter().map(|row| f64::from(row.1)).collect();
            let bent: Vec<f64> = scores.iter().map(|score| score.powi(3) * 0.25 + 7.0).collect();
            prop_assert_eq!(auc(&right, &scores, 1), auc(&right, &bent, 1));
            prop_assert_eq!(average_precision(&right, &scores, 1), average_precision(&right, &bent, 1));
            // The area of the other class is the rest of the square.
            let turned: Vec<f64> = scores.iter().map(|score| -score).collect();
            if let (Ok(one), Ok(other)) = (auc(&right, &scores, 1), auc(&right, &turned, 1)) {
                prop_assert!((one + other - 1.0).abs() < 1e-12);
            }
        }
    }
}
