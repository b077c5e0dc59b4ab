//! A claimed line held against one drawn curve.

use crate::claim::Series;
use crate::reading::Worst;
use crate::track::{Budget, Track};
use crate::vector::model::Scale;
use mlgrade_picture::geometry::{Point, Rect};

/// How far a value may be off, as a share of the axis.
pub(in crate::vector) const TOLERANCE: f64 = 0.003;

/// How far rounding of the claim may put it off, as a share of the axis.
const ROUNDING: f64 = 0.006;

/// A series over one pair of scales.
#[derive(Debug)]
pub(in crate::vector) struct Placed<'a> {
    /// What is claimed.
    pub series: &'a Series,
    /// Where its points belong; `None` for those that have no place on a logarithmic axis.
    pub places: Vec<Option<Point>>,
    /// The line through them.
    pub track: Track,
    /// The scale along x.
    pub x: Scale,
    /// The scale along y.
    pub y: Scale,
    /// How far off a point may be along x and y, in pixels.
    pub tolerance: Point,
}

impl<'a> Placed<'a> {
    /// Puts a series where it belongs.
    pub(in crate::vector) fn new(series: &'a Series, x: Scale, y: Scale, frame: Rect) -> Self {
        let near = |place: Point| place.iter().all(|v| v.abs() < 1e9);
        let places: Vec<Option<Point>> = series.x.iter().zip(&series.y).map(|(a, b)| Some([x.place(*a)?, y.place(*b)?]).filter(|place| near(*place))).collect();
        let runs: Vec<Vec<Point>> = places.split(Option::is_none).map(|run| run.iter().flatten().copied().collect()).collect();
        let tolerance = [
            (TOLERANCE * frame.width()).max(x.slack) + rounding(&series.x, x).min(ROUNDING * frame.width()),
            (TOLERANCE * frame.height()).max(y.slack) + rounding(&series.y, y).min(ROUNDING * frame.height()),
        ];
        Self { series, track: Track::new(&runs), places, x, y, tolerance }
    }
}

/// Half a unit of the last decimal to which all values were rounded, in pixels; nothing for whole numbers and for full precision.
fn rounding(values: &[f64], scale: Scale) -> f64 {
    let rounded = |power: f64| values.iter().all(|v| ((v * power).round() / power - v).abs() <= 1e-12 * v.abs());
    let Some(decimals) = (0..=6).find(|decimals| rounded(10_f64.powi(*decimals))).filter(|decimals| *decimals > 0 && values.len() > 2) else { return 0.0 };
    let half = 0.5 * 10_f64.powi(-decimals);
    let moved = |v: f64| Some((scale.place(v + half)? - scale.place(v)?).abs());
    values.iter().filter_map(|v| moved(*v)).fold(0.0, f64::max)
}

/// A drawn curve as it is asked.
#[derive(Debug)]
pub(in crate::vector) struct Drawn<'a> {
    /// Its vertices between gaps.
    pub runs: &'a [Vec<Point>],
    /// The line through them.
    pub track: Track,
    /// Its vertices alone.
    pub vertices: Track,
    /// Where it may go on unseen, since it is dashed.
    tails: Track,
    /// How precisely they were written.
    pub precision: f64,
    /// How far beside the curve vertices may be that were left out, in pixels.
    simplified: f64,
}

impl<'a> Drawn<'a> {
    /// The curve through `runs`.
    pub(in crate::vector) fn new(runs: &'a [Vec<Point>], tails: &[Vec<Point>], precision: f64, simplified: f64) -> Self {
        let alone: Vec<Vec<Point>> = runs.iter().flatten().map(|point| vec![*point]).collect();
        Self { runs, track: Track::new(runs), vertices: Track::new(&alone), tails: Track::new(tails), precision, simplified }
    }
}

/// What a claimed series and a curve have to do with each other.
#[derive(Debug, Clone, Default)]
pub(in crate::vector) struct Comparison {
    /// For every claimed point whether it is drawn; `None` for those outside of the frame, of which nothing can be seen.
    pub holds: Vec<Option<bool>>,
    /// What speaks against the claim most.
    pub departure: Option<Departure>,
}

/// What speaks against a claimed series on its curve.
#[derive(Debug, Clone, Copy)]
pub(in crate::vector) enum Departure {
    /// A claimed value that is drawn elsewhere or not at all.
    Value(Worst),
    /// The value `drawn` at `x`, where the claim has none.
    Unclaimed { x: f64, drawn: f64 },
}

impl Departure {
    /// The claimed value that is not drawn.
    pub(in crate::vector) fn value(self) -> Option<Worst> {
        if let Self::Value(worst) = self { Some(worst) } else { None }
    }
}

impl Comparison {
    /// Whether nothing speaks against the claim.
    pub(in crate::vector) fn agrees(&self) -> bool {
        self.departure.is_none()
    }
}

/// Whether a place lies on a track: as near as drawing is precise in any direction, or as near as values are compared along y.
fn is_on(track: &Track, place: Point, fine: f64, tolerance: f64, budget: &Budget) -> bool {
    track.distance(place, fine, budget).is_some()
        || track.row_at(place[0], place[1], fine.min(0.5), budget).is_some_and(|row| (row - place[1]).abs() <= tolerance)
}

/// The share of some of the claimed points that lies on the curve: enough to choose among curves.
pub(in crate::vector) fn share(claimed: &Placed, drawn: &Drawn, budget: &Budget) -> f64 {
    let step = claimed.places.len().div_ceil(48);
    let some: Vec<Point> = claimed.places.iter().step_by(step.max(1)).flatten().copied().collect();
    let fine = fine(claimed, drawn);
    let on = some.iter().filter(|place| is_on(&drawn.track, **place, fine, claimed.tolerance[1], budget)).count();
    on as f64 / some.len().max(1) as f64
}

fn fine(claimed: &Placed, drawn: &Drawn) -> f64 {
    (drawn.precision + claimed.x.slack.max(claimed.y.slack)).max(0.1 * claimed.tolerance[1])
}

/// Compares all points, in both directions.
pub(in crate::vector) fn compare(claimed: &Placed, drawn: &Drawn, frame: Rect, budget: &Budget) -> Comparison {
    let (fine, tolerance) = (fine(claimed, drawn), claimed.tolerance[1]);
    let seen_box = frame.grown(tolerance);
    // Where a curve has fewer vertices than the claim, it was simplified, and passes the others by.
    let fewer = drawn.runs.iter().map(Vec::len).sum::<usize>() < claimed.places.len();
    let passes = |place: Point| {
        fewer && drawn.track.distance(place, drawn.simplified, budget).is_some() && drawn.vertices.row_at(place[0], place[1], 0.3, budget).is_none()
    };
    let near = |track: &Track, place: Point| is_on(track, place, fine, tolerance, budget);
    let on = |place: Point| near(&drawn.track, place) || near(&drawn.tails, place) || passes(place);
    let mut result = Comparison::default();
    let mut farthest = 0.0;
    for (i, place) in claimed.places.iter().enumerate() {
        let (x, value) = (claimed.series.x[i], claimed.series.y[i]);
        let holds = match *place {
            None => None,
            Some(place) if on(place) => Some(true),
            Some(place) if seen_box.contains(place) => Some(false),
            // Outside: the line must leave the frame where the claim's does, or end before.
            Some(place) => [i.wrapping_sub(1), i + 1]
                .iter()
                .filter_map(|j| claimed.places.get(*j).copied().flatten())
                .filter(|inner| seen_box.contains(*inner))
                .map(|inner| on(leaving(inner, place, frame)) || ends_at(drawn, inner, fine + tolerance, budget))
                .reduce(|a, b| a && b)
                .filter(|fine| !fine),
        };
        result.holds.push(holds);
        if let (Some(false), Some([column, row])) = (holds, *place) {
            let seen_row = drawn.track.row_at(column, row, fine.max(0.5), budget);
            let off = seen_row.map_or(frame.height(), |seen| (seen - row).abs());
            if off > farthest || result.departure.is_none() {
                farthest = off;
                let seen = seen_row.map(|row| claimed.y.value(row)).filter(|value| value.is_finite());
                result.departure = Some(Departure::Value(Worst { x, claimed: value, seen }));
            }
        }
    }
    Comparison { departure: result.departure.or_else(|| unclaimed(claimed, drawn, frame, budget)), ..result }
}

/// Where the way from a place inside leaves the frame.
fn leaving(inner: Point, outer: Point, frame: Rect) -> Point {
    let sides = [(0, frame.left), (0, frame.right), (1, frame.top), (1, frame.bottom)];
    let ways = sides.iter().map(|&(axis, edge)| (edge - inner[axis]) / (outer[axis] - inner[axis])).filter(|t| (0.0..=1.0).contains(t));
    let t = ways.fold(1.0, f64::min);
    [inner[0] + t * (outer[0] - inner[0]), inner[1] + t * (outer[1] - inner[1])]
}

/// Whether a run of the curve ends at a place: libraries may drop what lies outside.
fn ends_at(drawn: &Drawn, place: Point, reach: f64, budget: &Budget) -> bool {
    let near = |end: Option<&Point>| end.is_some_and(|end| (end[0] - place[0]).hypot(end[1] - place[1]) <= reach);
    budget.take(drawn.runs.len()) && drawn.runs.iter().any(|run| near(run.first()) || near(run.last()))
}

/// The drawn vertex that is farthest from the claimed line, unless the claim picks vertices of a longer or denser curve.
fn unclaimed(claimed: &Placed, drawn: &Drawn, frame: Rect, budget: &Budget) -> Option<Departure> {
    let (fine, tolerance) = (fine(claimed, drawn), claimed.tolerance[1]);
    let reach = fine.max(tolerance);
    let mut worst: Option<(f64, Departure)> = None;
    for vertex in drawn.runs.iter().flatten().filter(|vertex| frame.contains(**vertex)) {
        if is_on(&claimed.track, *vertex, fine, tolerance, budget) {
            continue;
        }
        let row = claimed.track.row_at(vertex[0], vertex[1], 0.5, budget);
        let off = row.map_or(0.0, |row| (row - vertex[1]).abs());
        if worst.as_ref().is_none_or(|(most, _)| off > *most) {
            let (x, drawn) = (claimed.x.value(vertex[0]), claimed.y.value(vertex[1]));
            let value = row.map(|row| claimed.y.value(row)).filter(|value| value.is_finite());
            let departure = |claimed: f64| Departure::Value(Worst { x, claimed, seen: Some(drawn) });
            worst = Some((off, value.map_or(Departure::Unclaimed { x, drawn }, departure)));
        }
    }
    let (_, worst) = worst?;
    let picked = claimed.places.iter().flatten().all(|place| drawn.vertices.distance(*place, reach, budget).is_some());
    (!picked).then_some(worst)
}
