//! How far two graders agree on what both have marked.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::item_id::ItemId;
use crate::domain::points::Points;

use super::{Decision, Mark, Marks};

/// Two graders, on all answers that both have marked.
#[derive(Debug, Clone, PartialEq)]
pub struct Agreement {
    /// The graders, by name.
    pub graders: (String, String),
    /// How many answers both have marked.
    pub both: usize,
    /// On how many of those they give the same points.
    pub same: usize,
    /// Cohen's κ: 1 for full agreement, 0 for what chance would give. `None` where it has no value: both give one score throughout.
    pub kappa: Option<f64>,
    /// Those on which they differ.
    pub differences: Vec<Difference>,
}

/// An answer on which two graders differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Whose answer.
    pub student: String,
    /// The item.
    pub item: ItemId,
    /// What each gives.
    pub points: (Points, Points),
}

/// An answer by its student and item.
type Answer<'m> = (&'m str, &'m ItemId);

/// The last points that each grader gives to each answer.
type ByGrader<'m> = BTreeMap<&'m str, BTreeMap<Answer<'m>, Points>>;

/// Every two graders who have marked an answer in common.
pub fn agreements(marks: &Marks) -> Vec<Agreement> {
    let mut given = ByGrader::new();
    for Mark { entry, .. } in marks.all() {
        if let Decision::Points(mark) = &entry.decision {
            given.entry(&entry.grader).or_default().insert((&entry.student, &mark.item), mark.points);
        }
    }
    let graders: Vec<_> = given.iter().collect();
    let pairs = graders.iter().enumerate().flat_map(|(i, a)| graders[i + 1..].iter().map(move |b| (a, b)));
    pairs.filter_map(|((a, by_a), (b, by_b))| agreement((a, by_a), (b, by_b))).collect()
}

fn agreement((a, by_a): (&str, &BTreeMap<Answer<'_>, Points>), (b, by_b): (&str, &BTreeMap<Answer<'_>, Points>)) -> Option<Agreement> {
    let (mut points, mut differences) = (Vec::new(), Vec::new());
    for ((student, item), of_a) in by_a {
        let Some(of_b) = by_b.get(&(*student, *item)) else { continue };
        points.push((*of_a, *of_b));
        if of_a != of_b {
            differences.push(Difference { student: (*student).to_owned(), item: (*item).clone(), points: (*of_a, *of_b) });
        }
    }
    (!points.is_empty()).then(|| Agreement {
        graders: (a.to_owned(), b.to_owned()),
        both: points.len(),
        same: points.len() - differences.len(),
        kappa: kappa(&points),
        differences,
    })
}

/// Cohen's κ of two graders' points (Cohen, 1960): how much more often they agree than two who give the same shares of each score by chance,
/// as a share of how much more often they could. Between −1 and 1.
fn kappa(points: &[(Points, Points)]) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "a class has far fewer answers than 2^52")]
    let share = |count: usize| count as f64 / points.len() as f64;
    let observed = share(points.iter().filter(|(a, b)| a == b).count());
    let scores: BTreeSet<Points> = points.iter().flat_map(|(a, b)| [*a, *b]).collect();
    let by_chance: f64 = scores
        .into_iter()
        .map(|score| share(points.iter().filter(|(a, _)| *a == score).count()) * share(points.iter().filter(|(_, b)| *b == score).count()))
        .sum();
    (by_chance < 1.0).then(|| (observed - by_chance) / (1.0 - by_chance))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(counts: &[(i64, i64, usize)]) -> Vec<(Points, Points)> {
        let pair = |&(a, b, count): &(i64, i64, usize)| std::iter::repeat_n((Points::from_hundredths(100 * a), Points::from_hundredths(100 * b)), count);
        counts.iter().flat_map(pair).collect()
    }

    /// The worked example of Cohen's κ with 50 proposals and two readers: yes/yes 20, yes/no 5, no/yes 10, no/no 15; κ = 0.4 by hand:
    /// observed 0.7, by chance 0.5 · 0.6 + 0.5 · 0.4 = 0.5.
    #[test]
    fn kappa_is_the_worked_example() {
        let kappa = kappa(&pairs(&[(1, 1, 20), (1, 0, 5), (0, 1, 10), (0, 0, 15)])).expect("has a value");
        assert!((kappa - 0.4).abs() < 1e-12, "{kappa}");
    }

    #[test]
    fn full_agreement_is_one_and_one_score_throughout_has_no_kappa() {
        assert_eq!(kappa(&pairs(&[(1, 1, 3), (0, 0, 2)])), Some(1.0));
        assert_eq!(kappa(&pairs(&[(1, 1, 3)])), None);
        assert_eq!(kappa(&pairs(&[(0, 1, 1), (1, 0, 1)])), Some(-1.0));
    }
}
