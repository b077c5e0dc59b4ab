//! What a class's points say about its items: how hard each is, and whether it tells strong from weak submissions.

use std::collections::BTreeMap;

use super::Report;
use crate::domain::item_id::ItemId;
use crate::domain::points::Points;

/// Fewer submissions say nothing about an item.
pub const FEWEST: usize = 10;

/// The points of a class, in hundredths, a number an item and submission.
#[derive(Debug, Clone, Default)]
pub struct Statistics {
    /// The items that are no bonus, as the first submission has them.
    items: Vec<Column>,
    /// What each submission earns in all its items that are no bonus, as far as they are graded, and what these are worth.
    sums: Vec<(i32, i32)>,
}

/// An item, as the first submission has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its id.
    pub id: ItemId,
    /// Its title.
    pub title: String,
    /// What it is worth.
    pub possible: Points,
}

/// An item with its points in each submission.
#[derive(Debug, Clone)]
struct Column {
    item: Item,
    /// [`NONE`] where it has none.
    points: Vec<i32>,
    /// What it is worth in each submission; empty for as long as that is the same in all.
    possible: Vec<i32>,
    full: usize,
    waiting: usize,
}

/// No points.
const NONE: i32 = i32::MIN;

/// One item over a class. Submissions of which it waits for a person, or is excused, are left out.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemStatistics<'s> {
    /// The item.
    pub item: &'s Item,
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

impl Statistics {
    /// Adds a submission.
    pub fn add(&mut self, report: &Report) {
        if self.sums.is_empty() {
            let first = |id: &ItemId, title: &str, possible| Column::of(Item { id: id.clone(), title: title.to_owned(), possible });
            self.items = report.items.iter().filter(|item| !item.bonus).map(|item| first(&item.id, &item.title, item.possible)).collect();
        }
        for column in &mut self.items {
            column.add(report);
        }
        let graded = || report.items.iter().filter(|item| !item.bonus && item.points.is_some());
        let earned = graded().filter_map(|item| item.points).sum();
        self.sums.push((small(earned), small(graded().map(|item| item.possible).sum())));
    }

    /// The statistics of each item that is no bonus, in the rubric's order.
    pub fn items(&self) -> Vec<ItemStatistics<'_>> {
        self.items.iter().map(|column| self.of(column)).collect()
    }

    fn of<'s>(&'s self, column: &'s Column) -> ItemStatistics<'s> {
        let mean = mean(column.graded().map(|(_, points)| number(points)));
        let beside = |(place, points): (usize, i32)| Some((number(points), self.share_of_others(column, place, points)?));
        let beside: Vec<(f64, f64)> = column.graded().filter_map(beside).collect();
        let possible = number(small(column.item.possible));
        ItemStatistics {
            item: &column.item,
            graded: column.graded().count(),
            full: column.full,
            waiting: column.waiting,
            mean,
            difficulty: mean.filter(|_| possible > 0.0).map(|mean| mean / possible),
            discrimination: if beside.len() < FEWEST { None } else { correlation(&beside) },
        }
    }

    /// The share of the points that the submission at `place` earns in its other items, as far as they are graded. What is left out of one
    /// submission only, since it waits, does not make it look weaker.
    fn share_of_others(&self, column: &Column, place: usize, points: i32) -> Option<f64> {
        let (earned, possible) = self.sums.get(place)?;
        let possible = possible - column.possible_at(place);
        (possible > 0).then(|| number(earned - points) / number(possible))
    }

    /// How many bytes the points take.
    pub(super) fn bytes(&self) -> usize {
        let columns: usize = self.items.iter().map(|column| column.points.capacity() + column.possible.capacity()).sum();
        columns * size_of::<i32>() + self.sums.capacity() * size_of::<(i32, i32)>()
    }
}

impl Column {
    fn of(item: Item) -> Self {
        Self { item, points: Vec::new(), possible: Vec::new(), full: 0, waiting: 0 }
    }

    fn add(&mut self, report: &Report) {
        let place = self.points.len();
        let own = report.items.iter().find(|item| item.id == self.item.id);
        let possible = own.map_or(self.item.possible, |own| own.possible);
        if !self.possible.is_empty() || possible != self.item.possible {
            // From the first submission on in which it is worth something else.
            self.possible.resize(place, small(self.item.possible));
            self.possible.push(small(possible));
        }
        self.points.push(own.and_then(|own| own.points).map_or(NONE, small));
        self.full += usize::from(own.is_some_and(|own| own.points.is_some() && own.points >= Some(own.possible)));
        self.waiting += usize::from(own.is_some_and(super::ItemReport::is_open));
    }

    fn possible_at(&self, place: usize) -> i32 {
        self.possible.get(place).copied().unwrap_or_else(|| small(self.item.possible))
    }

    /// The points with the places of the submissions that have some.
    fn graded(&self) -> impl Iterator<Item = (usize, i32)> {
        self.points.iter().copied().enumerate().filter(|(_, points)| *points != NONE)
    }
}

/// Points in hundredths. A rubric gives an item at most 100,000.
fn small(points: Points) -> i32 {
    i32::try_from(points.hundredths()).unwrap_or(i32::MAX)
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

fn number(hundredths: i32) -> f64 {
    f64::from(hundredths) / 100.0
}

/// The middle of `values`, each with how often it is there, or the mean of the two in the middle.
pub fn median(values: &BTreeMap<Points, usize>) -> Option<Points> {
    let count: usize = values.values().sum();
    let at = |place: usize| {
        let mut before = 0;
        let reaches = |(_, times): &(&Points, &usize)| {
            before += **times;
            before > place
        };
        values.iter().find(reaches).map(|(value, _)| *value)
    };
    let upper = at(count / 2)?;
    if count % 2 == 1 {
        return Some(upper);
    }
    let lower = at((count / 2).checked_sub(1)?)?;
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
        let points = |all: &[(i64, usize)]| all.iter().map(|(n, times)| (Points::from_hundredths(*n), *times)).collect::<BTreeMap<_, _>>();
        assert_eq!(median(&points(&[(300, 1), (100, 1), (200, 1)])), Some(Points::from_hundredths(200)));
        assert_eq!(median(&points(&[(100, 1), (200, 1)])), Some(Points::from_hundredths(150)));
        assert_eq!(median(&points(&[(100, 2), (200, 1), (300, 1)])), Some(Points::from_hundredths(150)));
        assert_eq!(median(&points(&[(100, 3), (200, 1)])), Some(Points::from_hundredths(100)));
        assert_eq!(median(&BTreeMap::new()), None);
    }
}
