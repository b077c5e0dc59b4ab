//! A polyline that can be asked what is near a place.

use std::cell::Cell;

use mlgrade_picture::geometry::Point;

/// Places in all buckets together, so that long segments do not fill the memory.
const ENTRIES: f64 = 2e6;

/// Buckets of one track.
const BUCKETS: f64 = 4096.0;

/// How many segments may still be looked at; when none are left, everything is near nothing.
#[derive(Debug)]
pub(super) struct Budget(Cell<u64>);

impl Budget {
    /// Enough for a few seconds.
    pub(super) fn new() -> Self {
        Self(Cell::new(100_000_000))
    }

    /// Takes a part of what is left.
    pub(super) fn take(&self, count: usize) -> bool {
        let left = self.0.get();
        self.0.set(left.saturating_sub(count as u64));
        left > 0
    }

    /// Whether nothing is left.
    pub(super) fn is_spent(&self) -> bool {
        self.0.get() == 0
    }
}

/// Segments in buckets along x. A run of one point is a segment without length.
#[derive(Debug)]
pub(super) struct Track {
    segments: Vec<[Point; 2]>,
    buckets: Vec<Vec<u32>>,
    start: f64,
    width: f64,
}

impl Track {
    /// The track along `runs`.
    pub(super) fn new(runs: &[Vec<Point>]) -> Self {
        let mut segments: Vec<[Point; 2]> = Vec::new();
        for run in runs {
            match run.as_slice() {
                [] => {}
                [only] => segments.push([*only, *only]),
                run => segments.extend(run.windows(2).map(|pair| [pair[0], pair[1]])),
            }
        }
        let low = |segment: &[Point; 2]| segment[0][0].min(segment[1][0]);
        let high = |segment: &[Point; 2]| segment[0][0].max(segment[1][0]);
        let start = segments.iter().map(low).fold(f64::INFINITY, f64::min);
        let end = segments.iter().map(high).fold(f64::NEG_INFINITY, f64::max);
        let span: f64 = segments.iter().map(|segment| high(segment) - low(segment)).sum();
        let extent = (end - start).max(1e-9);
        let count = (segments.len() as f64).min(BUCKETS).min(ENTRIES * extent / span.max(1e-9)).max(1.0);
        let mut track = Self { buckets: vec![Vec::new(); whole(count).max(1)], segments, start, width: extent / count.floor().max(1.0) };
        for i in 0..track.segments.len() {
            let segment = track.segments[i];
            let (from, to) = (track.bucket(low(&segment)), track.bucket(high(&segment)));
            let at = u32::try_from(i).unwrap_or(u32::MAX);
            track.buckets[from..=to].iter_mut().for_each(|bucket| bucket.push(at));
        }
        track
    }

    fn bucket(&self, x: f64) -> usize {
        whole((x - self.start) / self.width).min(self.buckets.len() - 1)
    }

    /// The least distance from `place`, if it is at most `reach`.
    pub(super) fn distance(&self, place: Point, reach: f64, budget: &Budget) -> Option<f64> {
        self.around(place[0], reach, budget).map(|segment| to_segment(place, segment)).filter(|d| *d <= reach).reduce(f64::min)
    }

    /// The least distance from `place` to an end of a segment, if it is at most `reach`.
    pub(super) fn end_distance(&self, place: Point, reach: f64, budget: &Budget) -> Option<f64> {
        let to_end = |end: &Point| (end[0] - place[0]).hypot(end[1] - place[1]);
        self.around(place[0], reach, budget).flatten().map(to_end).filter(|d| *d <= reach).reduce(f64::min)
    }

    /// Where the track passes at column `x`, nearest to row `near`; segments that end up to `reach` beside it count.
    pub(super) fn row_at(&self, x: f64, near: f64, reach: f64, budget: &Budget) -> Option<f64> {
        let rows = self.around(x, reach, budget).filter_map(|[a, b]| {
            let (low, high) = (a[0].min(b[0]), a[0].max(b[0]));
            if x < low - reach || x > high + reach {
                return None;
            }
            // A steep segment passes all of its rows.
            if high - low < 2.0 * reach {
                return Some(near.clamp(a[1].min(b[1]), a[1].max(b[1])));
            }
            Some(a[1] + (b[1] - a[1]) * ((x - a[0]) / (b[0] - a[0])).clamp(0.0, 1.0))
        });
        rows.min_by(|a, b| (a - near).abs().total_cmp(&(b - near).abs()))
    }

    fn around<'a>(&'a self, x: f64, reach: f64, budget: &'a Budget) -> impl Iterator<Item = &'a [Point; 2]> {
        let (from, to) = (self.bucket(x - reach), self.bucket(x + reach));
        let buckets = &self.buckets[from..=to.max(from)];
        let open = !self.segments.is_empty() && budget.take(buckets.iter().map(|bucket| bucket.len() + 1).sum());
        buckets.iter().filter(move |_| open).flatten().filter_map(|i| self.segments.get(*i as usize))
    }
}

fn to_segment(p: Point, [a, b]: &[Point; 2]) -> f64 {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let length = dx * dx + dy * dy;
    let t = if length > 0.0 { (((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
    (p[0] - a[0] - t * dx).hypot(p[1] - a[1] - t * dy)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the value is clamped to the range first; NaN becomes 0")]
fn whole(value: f64) -> usize {
    value.clamp(0.0, 1e9) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn run() -> impl Strategy<Value = Vec<Point>> {
        prop::collection::vec(prop::array::uniform2(-50.0..50.0_f64), 1..30)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_distance_is_the_least_to_any_segment(runs in prop::collection::vec(run(), 1..4), place in prop::array::uniform2(-60.0..60.0_f64)) {
            let least = runs.iter().flat_map(|run| {
                let pairs: Vec<[Point; 2]> = run.windows(2).map(|pair| [pair[0], pair[1]]).chain((run.len() == 1).then(|| [run[0], run[0]])).collect();
                pairs.into_iter().map(|segment| to_segment(place, &segment)).collect::<Vec<_>>()
            }).fold(f64::INFINITY, f64::min);
            let found = Track::new(&runs).distance(place, 20.0, &Budget::new());
            match found {
                Some(found) => prop_assert!((found - least).abs() < 1e-9),
                None => prop_assert!(least > 20.0),
            }
        }
    }

    #[test]
    fn the_row_at_a_column_lies_on_the_line() {
        let track = Track::new(&[vec![[0.0, 0.0], [10.0, 20.0]]]);
        assert_eq!(track.row_at(5.0, 0.0, 0.5, &Budget::new()), Some(10.0));
        assert_eq!(track.row_at(11.0, 0.0, 0.5, &Budget::new()), None);
        assert_eq!(Track::new(&[]).distance([0.0, 0.0], 1.0, &Budget::new()), None);
    }
}
