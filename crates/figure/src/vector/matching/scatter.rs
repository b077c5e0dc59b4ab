//! A claimed scatter of points held against drawn markers, one to one.

use mlgrade_picture::geometry::{Point, Rect};
use std::collections::HashMap;

use crate::assignment::assign;
use crate::reading::Worst;
use crate::track::Budget;
use crate::vector::matching::line::{Comparison, Departure, Placed};

/// Pairs of a claimed and a drawn point up to which the best assignment is sought if the simple one fails.
const PAIRS: usize = 60_000;

/// The share of markers that nothing claims, above which a series is not what is drawn.
const UNCLAIMED: f64 = 0.45;

/// For every claimed point the marker that is drawn there, none taken twice.
pub(in crate::vector) fn matched(claimed: &Placed, centres: &[Point], precision: f64, budget: &Budget) -> Vec<Option<usize>> {
    let reach = claimed.tolerance.map(|tolerance| tolerance.max(precision));
    let found = nearest_first(claimed, centres, precision, budget);
    let missing = found.iter().zip(&claimed.places).any(|(found, place)| found.is_none() && place.is_some());
    let (rows, columns) = (claimed.places.len(), centres.len());
    if !missing || rows > columns || rows * columns > PAIRS {
        return found;
    }
    let cost: Vec<Vec<f64>> =
        claimed.places.iter().map(|place| centres.iter().map(|centre| place.map_or(1.0, |place| off(place, *centre, reach).min(1e3))).collect()).collect();
    let best = assign(&cost);
    let holds = |(row, column): (usize, &usize)| (cost[row][*column] <= 1.0 && claimed.places[row].is_some()).then_some(*column);
    let best: Vec<Option<usize>> = best.iter().enumerate().map(holds).collect();
    let count = |found: &[Option<usize>]| found.iter().flatten().count();
    if count(&best) > count(&found) { best } else { found }
}

/// How far two places are apart, in tolerances along the worse axis.
fn off(a: Point, b: Point, reach: Point) -> f64 {
    ((a[0] - b[0]) / reach[0]).abs().max(((a[1] - b[1]) / reach[1]).abs())
}

/// The same without a second look at those for which the nearest is taken.
pub(in crate::vector) fn nearest_first(claimed: &Placed, centres: &[Point], precision: f64, budget: &Budget) -> Vec<Option<usize>> {
    let reach = claimed.tolerance.map(|tolerance| tolerance.max(precision));
    if !budget.take(8 * centres.len()) {
        return vec![None; claimed.places.len()];
    }
    let cell = |place: Point| [0, 1].map(|axis| cell_of(place[axis] / reach[axis]));
    let mut cells: HashMap<[i64; 2], Vec<usize>> = HashMap::new();
    for (i, centre) in centres.iter().enumerate() {
        cells.entry(cell(*centre)).or_default().push(i);
    }
    let mut taken = vec![false; centres.len()];
    let mut find = |place: &Option<Point>| {
        let place = (*place)?;
        let [x, y] = cell(place);
        let around = (-1..=1).flat_map(|i| (-1..=1).map(move |j| [x + i, y + j]));
        let near = around.filter_map(|cell| cells.get(&cell)).filter(|cell| budget.take(cell.len())).flatten();
        let (i, _) =
            near.filter(|i| !taken[**i]).map(|i| (*i, off(place, centres[*i], reach))).filter(|(_, off)| *off <= 1.0).min_by(|a, b| a.1.total_cmp(&b.1))?;
        taken[i] = true;
        Some(i)
    };
    claimed.places.iter().map(&mut find).collect()
}

#[expect(clippy::cast_possible_truncation, reason = "the value is clamped to the range first")]
fn cell_of(value: f64) -> i64 {
    value.floor().clamp(-1e12, 1e12) as i64
}

/// Compares all points.
pub(in crate::vector) fn compare(claimed: &Placed, centres: &[Point], precision: f64, frame: Rect, budget: &Budget) -> Comparison {
    let found = matched(claimed, centres, precision, budget);
    let inside = frame.grown(claimed.tolerance[1]);
    let holds = claimed.places.iter().zip(&found).map(|(place, found)| match (place, found) {
        (None, _) => None,
        (Some(_), Some(_)) => Some(true),
        (Some(place), None) => inside.contains(*place).then_some(false),
    });
    let mut result = Comparison { holds: holds.collect(), ..Comparison::default() };
    let mut taken = vec![false; centres.len()];
    found.iter().flatten().for_each(|i| taken[*i] = true);
    // A claimed point outside of the frame may have been cut off, but not if a marker inside is left over.
    let left_over = centres.iter().zip(&taken).any(|(centre, taken)| !taken && frame.contains(*centre));
    for (holds, place) in result.holds.iter_mut().zip(&claimed.places) {
        *holds = holds.or((left_over && place.is_some()).then_some(false));
    }
    let mut farthest = 0.0;
    for (i, place) in claimed.places.iter().enumerate() {
        let (Some(place), Some(false)) = (place, result.holds[i]) else { continue };
        if result.departure.is_some() && !budget.take(centres.len()) {
            break;
        }
        let distance = |centre: &Point| (centre[0] - place[0]).hypot(centre[1] - place[1]);
        let free = centres.iter().zip(&taken).filter(|(_, taken)| !**taken).map(|(centre, _)| centre);
        let nearest = free.min_by(|a, b| distance(a).total_cmp(&distance(b)));
        let far = nearest.map_or(f64::INFINITY, distance);
        if far > farthest || result.departure.is_none() {
            farthest = far;
            // Only a marker above or below says what is drawn there instead.
            let seen = nearest.filter(|centre| (centre[0] - place[0]).abs() <= claimed.tolerance[0]).map(|centre| claimed.y.value(centre[1]));
            result.departure = Some(Departure::Value(Worst { x: claimed.series.x[i], claimed: claimed.series.y[i], seen }));
        }
    }
    if result.departure.is_none() {
        let free: Vec<&Point> = centres.iter().zip(&taken).filter(|(centre, taken)| !**taken && frame.contains(**centre)).map(|(centre, _)| centre).collect();
        if free.len() as f64 > UNCLAIMED * centres.len() as f64 {
            let unclaimed = |[x, y]: Point| Departure::Unclaimed { x: claimed.x.value(x), drawn: claimed.y.value(y) };
            result.departure = free.first().map(|centre| unclaimed(**centre));
        }
    }
    result
}
