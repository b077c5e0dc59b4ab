//! Which of two series of one colour has the marker of which legend handle.

use mlgrade_picture::Picture;
use mlgrade_picture::geometry::Point;

use crate::raster::ink::{Cell, Ink};

use super::names::Drawn;
use super::{Entry, layer_at};

/// The largest marker that is compared, in pixels from its middle.
const MOST_RADIUS: isize = 12;
/// The points of a series that are compared, at least and at most.
const LEAST_POINTS: usize = 3;
const MOST_POINTS: usize = 200;
/// How alike the markers of a series and those of a handle are at least (intersection over union, mean over the points). Lines through
/// the markers differ, so it is far below 1.
const ALIKE: f64 = 0.35;
/// By how much the markers of both series together are more like the other's handle than like their own. Of 520 figures that
/// Matplotlib drew with six pairs of markers, this doubts 2 honest ones, and 123 of the 225 with the names in a colour exchanged.
const SURE: f64 = 0.1;

/// Whether both series have the marker of the other's handle. The series are of one layer, and so are the entries that have their names.
pub(super) fn are_exchanged(picture: &Picture, ink: &Ink, entries: [&Entry; 2], series: [&Drawn; 2]) -> bool {
    let layer = series[0].layer;
    let radius = entries.map(|entry| radius(picture, ink, entry)).into_iter().max().unwrap_or(1);
    let handles = entries.map(|entry| Patch::of_handle(picture, ink, entry, radius));
    let likeness = |own: usize| {
        let patches: Vec<Patch> = series[own].points.iter().filter_map(|at| Patch::of_point(ink, layer, *at, radius)).take(MOST_POINTS).collect();
        let mean = |handle: &Patch| patches.iter().map(|patch| handle.likeness(patch)).sum::<f64>() / patches.len() as f64;
        (patches.len() >= LEAST_POINTS).then(|| [mean(&handles[own]), mean(&handles[1 - own])])
    };
    let (Some([own, other]), Some([own_too, other_too])) = (likeness(0), likeness(1)) else { return false };
    other.min(other_too) >= ALIKE && other + other_too - own - own_too >= SURE
}

/// How far the marker of a handle reaches up or down from the handle's middle, and a pixel more.
fn radius(picture: &Picture, ink: &Ink, entry: &Entry) -> isize {
    let line = entry.text.bottom.abs_diff(entry.text.top) as isize;
    let most = (3 * line / 4).min(MOST_RADIUS);
    let patch = Patch::of_handle(picture, ink, entry, most);
    let far = (-most..=most).filter(|y| (-most..=most).any(|x| patch.at(x, *y))).map(isize::abs).max().unwrap_or(0);
    (far + 1).min(MOST_RADIUS)
}

/// Where ink of one layer is in a square around a place, with a rim for small shifts.
struct Patch {
    /// Rows from the top.
    inked: Vec<bool>,
    /// Pixels from the middle to a side, the rim included.
    reach: isize,
}

impl Patch {
    /// How far patches are shifted against each other: markers are drawn at fractions of a pixel.
    const RIM: isize = 2;

    fn new(radius: isize, is_ink: impl Fn(isize, isize) -> bool) -> Self {
        let reach = radius + Self::RIM;
        let places = (-reach..=reach).flat_map(|y| (-reach..=reach).map(move |x| (x, y)));
        Self { inked: places.map(|(x, y)| is_ink(x, y)).collect(), reach }
    }

    fn of_handle(picture: &Picture, ink: &Ink, entry: &Entry, radius: isize) -> Self {
        let (column, row) = (entry.handle[0] as isize, entry.handle[1] as isize);
        Self::new(radius, |dx, dy| {
            let (Ok(x), Ok(y)) = (usize::try_from(column + dx), usize::try_from(row + dy)) else { return false };
            layer_at(picture, ink, [x, y]) == Some(usize::from(entry.layer))
        })
    }

    /// Around a claimed point; `None` where something else is drawn over it, or where it lies at the frame.
    fn of_point(ink: &Ink, layer: u8, at: Point, radius: isize) -> Option<Self> {
        let (column, row) = (at[0].floor() as isize, at[1].floor() as isize);
        let cell = |dx: isize, dy: isize| ink.at(column + dx, row + dy);
        let inside = |middle: isize, size: usize| middle >= radius && middle + radius < size as isize;
        let is_other = |(x, y): &(isize, isize)| match cell(*x, *y) {
            Cell::Paper | Cell::Lines => false,
            Cell::Ink(other) => other != layer,
            Cell::Other => true,
        };
        let square = (-radius..=radius).flat_map(|y| (-radius..=radius).map(move |x| (x, y)));
        let side = 2 * radius as usize + 1;
        let is_seen = inside(column, ink.width) && inside(row, ink.height) && square.filter(is_other).count() * 10 <= side * side;
        is_seen.then(|| Self::new(radius, |dx, dy| cell(dx, dy) == Cell::Ink(layer)))
    }

    fn at(&self, x: isize, y: isize) -> bool {
        let side = 2 * self.reach + 1;
        self.inked[((y + self.reach) * side + x + self.reach) as usize]
    }

    /// Intersection over union with another patch of the same size, shifted so that it is greatest.
    fn likeness(&self, other: &Self) -> f64 {
        let inner = self.reach - Self::RIM;
        let shifts = (-Self::RIM..=Self::RIM).flat_map(|y| (-Self::RIM..=Self::RIM).map(move |x| (x, y)));
        let share = |(dx, dy): (isize, isize)| {
            let (mut both, mut either) = (0_usize, 0_usize);
            for y in -inner..=inner {
                for x in -inner..=inner {
                    let (a, b) = (self.at(x + dx, y + dy), other.at(x, y));
                    both += usize::from(a && b);
                    either += usize::from(a || b);
                }
            }
            both as f64 / either.max(1) as f64
        };
        shifts.map(share).fold(0.0, f64::max)
    }
}
