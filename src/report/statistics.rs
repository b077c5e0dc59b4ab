//! What a class's points say about its items: how hard each is, and whether it tells strong from weak submissions.

use super::{ItemReport, Report};
use crate::domain::points::Points;

/// Fewer submissions say nothing about an item.
pub const FEWEST: usize = 10;

/// One item over a class. Submissions of which it waits for a person, or is excused, are left out.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemStatistics<'r> {
    /// The item, as the first submission has it.
    pub item: &'r ItemReport,
    /// How many submissions have points for it.
    pub graded: usize,
    /// How many of them have all points.
    pub full: usize,
    /// How many wait for a person.
    pub waiting: usize,
    /// The mean of its points.
    pub mean: Option<f64>,
    /// The share of its points that is earned on average, from 0 to 1: the difficulty index of classical test theory, which is greater
    /// the easier the item (Crocker & Algina, Introduction to Classical and Modern Test Theory, 1986, chapter 5).
    pub difficulty: Option<f64>,
    /// How its points go with the share of points earned in the other items: the corrected item-total correlation (S. Henrysson, Correction
    /// of item-total correlations in item analysis, Psychometrika 28, 1963). For an item that is right or wrong this is the point-biserial
    /// correlation. `None` for fewer than [`FEWEST`] submissions, and where all have the same points.
    pub discrimination: Option<f64>,
}

/// The statistics of each item that is no bonus, in the rubric's order.
pub fn items<'r>(reports: &[&'r Report]) -> Vec<ItemStatistics<'r>> {
    let Some(first) = reports.first() else { return Vec::new() };
    first.items.iter().filter(|item| !item.bonus).map(|item| of(item, reports)).collect()
}

fn of<'r>(item: &'r ItemReport, reports: &[&'r Report]) -> ItemStatistics<'r> {
    let own = || reports.iter().filter_map(|report| Some((*report, report.items.iter().find(|other| other.id == item.id)?)));
    let graded: Vec<(&Report, &ItemReport, f64)> = own().filter_map(|(report, own)| Some((report, own, number(own.points?)))).collect();
    let mean = mean(graded.iter().map(|(_, _, points)| *points));
    let beside: Vec<(f64, f64)> = graded.iter().filter_map(|(report, own, points)| Some((*points, share_of_others(report, own)?))).collect();
    let possible = number(item.possible);
    ItemStatistics {
        item,
        graded: graded.len(),
        full: graded.iter().filter(|(_, own, _)| own.points >= Some(own.possible)).count(),
        waiting: own().filter(|(_, own)| own.is_open()).count(),
        mean,
        difficulty: mean.filter(|_| possible > 0.0).map(|mean| mean / possible),
        discrimination: if beside.len() < FEWEST { None } else { correlation(&beside) },
    }
}

/// The share of the points that the submission earns in its other items, as far as they are graded. What is left out of one submission
/// only, since it waits, does not make it look weaker.
fn share_of_others(report: &Report, item: &ItemReport) -> Option<f64> {
    let others = || report.items.iter().filter(|other| !other.bonus && other.id != item.id && other.points.is_some());
    let possible: Points = others().map(|other| other.possible).sum();
    let earned: Points = others().filter_map(|other| other.points).sum();
    (possible > Points::ZERO).then(|| number(earned) / number(possible))
}

/// Pearson's correlation; `None` where one side does not vary.
fn correlation(pairs: &[(f64, f64)]) -> Option<f64> {
    let (mean_x, mean_y) = (mean(pairs.iter().map(|pair| pair.0))?, mean(pairs.iter().map(|pair| pair.1))?);
    let sum = |product: fn(f64, f64) -> f64| pairs.iter().map(|(x, y)| product(x - mean_x, y - mean_y)).sum::<f64>();
    let (x, y, both) = (sum(|x, _| x * x), sum(|_, y| y * y), sum(|x, y| x * y));
    (x > 1e-12 && y > 1e-12).then(|| (both / (x * y).sqrt()).clamp(-1.0, 1.0))
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0_usize), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / count as f64)
}

fn number(points: Points) -> f64 {
    points.hundredths() as f64 / 100.0
}

/// The middle of `values`, or the mean of the two in the middle.
pub fn median(mut values: Vec<Points>) -> Option<Points> {
    values.sort_unstable();
    let middle = values.len() / 2;
    let upper = *values.get(middle)?;
    if values.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *values.get(middle.checked_sub(1)?)?;
    Some(Points::from_hundredths(i64::midpoint(lower.hundredths(), upper.hundredths())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn correlation_is_pearson_s() {
        // By hand: means 2 and 2; products 1·1 + 0·(-1) + (-1)·0 = 1 over √(2 · 2).
        assert_eq!(correlation(&[(3.0, 3.0), (2.0, 1.0), (1.0, 2.0)]), Some(0.5));
        assert_eq!(correlation(&[(1.0, 3.0), (1.0, 1.0)]), None, "one side does not vary");
        assert_eq!(correlation(&[]), None);
    }

    #[test]
    fn the_median_of_two_is_their_mean() {
        let points = |all: &[i64]| all.iter().map(|n| Points::from_hundredths(*n)).collect::<Vec<_>>();
        assert_eq!(median(points(&[300, 100, 200])), Some(Points::from_hundredths(200)));
        assert_eq!(median(points(&[100, 200])), Some(Points::from_hundredths(150)));
        assert_eq!(median(Vec::new()), None);
    }
}
