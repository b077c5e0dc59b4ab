//! Whether claimed points are drawn: a marker at each, and no marker that nobody claims.

mod marker;
mod unclaimed;

use crate::raster::ink::{Cell, Ink};
use crate::raster::legend::Legend;
use crate::raster::matching::found::{Found, layers};
use crate::raster::matching::moved;
use mlgrade_picture::geometry::Point;

use marker::{BARE, CLEAR, Marker, drawn, enough, marker, radius, uncrowded};
use unclaimed::{AROUND, BORDER, Unexplained, drawn_ink, explained, unexplained};

pub(in crate::raster) use unclaimed::Extra;

/// What was found of a claim of points on one panel.
#[derive(Debug, Clone)]
pub(in crate::raster) struct Points {
    pub(in crate::raster) series: Vec<Found>,
    /// The middles of markers of the used colours that nobody claims.
    pub(in crate::raster) extra: Vec<Extra>,
    pub(in crate::raster) unclaimed: f64,
}

/// The pixels of all markers that are looked at, and of one at least.
const MOST_PIXELS: usize = 4_000_000;
const LEAST_MARKER: usize = 16;

pub(in crate::raster) fn find(ink: &Ink, claimed: &[Vec<Point>], legend: &Legend) -> Option<Points> {
    if ink.layers.is_empty() {
        return None;
    }
    let layers = choose(ink, claimed, legend)?;
    let radii: Vec<f64> = layers.iter().zip(claimed).map(|(&layer, points)| radius(ink, layer, points)).collect();
    let shift = shift(ink, claimed, &layers, &radii);
    let moved: Vec<Vec<Point>> = claimed.iter().map(|points| points.iter().map(|at| [at[0] + shift[0], at[1] + shift[1]]).collect()).collect();
    let edges = Edges::of(ink, &moved);
    // Large markers of very many points would cover the panel again and again.
    let most = (MOST_PIXELS / claimed.iter().map(Vec::len).sum::<usize>().max(1)).max(LEAST_MARKER);
    let own: Vec<Marker> = moved.iter().zip(&layers).zip(&radii).map(|((points, &layer), &radius)| marker(ink, layer, points, radius, most)).collect();
    let markers: Vec<Marker> =
        moved.iter().zip(&layers).zip(&own).map(|((points, &layer), marker)| uncrowded(ink, layer, points, marker, &own, legend).clone()).collect();
    let legend = &legend.without_claimed(ink, || drawn_ink(ink, &moved, &layers, &markers, legend));
    let [explained, claimed] = [&AROUND[..], &BORDER[..]].map(|rim| explained(ink, &moved, &markers, rim));
    let mut series = Vec::new();
    for ((points, &layer), marker) in moved.into_iter().zip(&layers).zip(&markers) {
        let mut found = look(ink, layer, points, marker, legend);
        for (off, &at) in found.off.iter_mut().zip(&found.points) {
            *off = off.max(edges.beyond(at));
        }
        series.push(found);
    }
    let Unexplained { extra, pieces, unclaimed } = unexplained(ink, &series, &markers, [&explained, &claimed], &legend.around);
    if extra.len() <= 1 && series.iter().all(|one| one.worst().is_none()) {
        let kinds: Vec<u8> = series.iter().map(|one| one.layer).collect();
        moved::find_among_markers(ink, &mut series, &markers, &pieces, |i, at| {
            let (own, other) = drawn(ink, kinds[i], at, &markers[i], legend);
            own + other >= CLEAR
        });
    }
    Some(Points { series, extra, unclaimed })
}

fn choose(ink: &Ink, claimed: &[Vec<Point>], legend: &Legend) -> Option<Vec<u8>> {
    let fit = |points: &[Point], layer: u8| {
        let (mut held, mut known) = (0.0, 0.0);
        for &at in points.iter().step_by(1 + points.len() / 400) {
            // Hollow markers have no ink at their point, but around it.
            let distance = ink.distance(layer, at, 6.0);
            let (x, y) = (at[0].floor() as isize, at[1].floor() as isize);
            if distance <= 1.0 || (ink.at(x, y) == Cell::Paper && !legend.cover_of(ink, layer).holds(at)) {
                known += 1.0;
                held += if distance <= 1.0 {
                    1.0
                } else if distance <= 5.0 {
                    0.25
                } else {
                    0.0
                };
            }
        }
        held / f64::max(known, 0.2 * points.len().min(400) as f64).max(1.0)
    };
    layers(ink, claimed.len(), |series, layer| fit(&claimed[series], layer))
}

/// The mean way from claimed points to the middle of the ink around them, at most 2.5 pixels.
fn shift(ink: &Ink, claimed: &[Vec<Point>], layers: &[u8], radii: &[f64]) -> Point {
    let mut shift = [0.0, 0.0];
    for _ in 0..3 {
        let mut ways: [Vec<f64>; 2] = [Vec::new(), Vec::new()];
        for ((points, &layer), &radius) in claimed.iter().zip(layers).zip(radii) {
            let reach = (radius + 2.0).ceil() as isize;
            for at in points.iter().step_by(1 + points.len() / 200) {
                let at = [at[0] + shift[0], at[1] + shift[1]];
                let (x, y) = (at[0].floor() as isize, at[1].floor() as isize);
                let (mut sum, mut count) = ([0.0, 0.0], 0.0);
                for dy in -reach..=reach {
                    for dx in -reach..=reach {
                        if (dx as f64).hypot(dy as f64) <= radius + 2.0 && ink.at(x + dx, y + dy) == Cell::Ink(layer) {
                            sum[0] += (x + dx) as f64 + 0.5 - at[0];
                            sum[1] += (y + dy) as f64 + 0.5 - at[1];
                            count += 1.0;
                        }
                    }
                }
                if count > 0.5 * radius * radius {
                    ways[0].push(sum[0] / count);
                    ways[1].push(sum[1] / count);
                }
            }
        }
        for axis in 0..2 {
            if ways[axis].len() >= 5 {
                let half = ways[axis].len() / 2;
                shift[axis] = (shift[axis] + *ways[axis].select_nth_unstable_by(half, f64::total_cmp).1).clamp(-1.8, 1.8);
            }
        }
    }
    shift
}

/// The edges of a panel that leave room for the points inside: no axis was cropped there, so nothing was drawn beyond it either.
struct Edges {
    size: Point,
    /// For the left, top, right and bottom edge.
    roomy: [bool; 4],
}

impl Edges {
    /// The room beside the outermost point, as a share of the panel. Libraries leave 4 % or more of themselves.
    const ROOM: f64 = 0.03;
    /// A point this far beyond is not on the edge.
    const PAST: f64 = 0.012;

    fn of(ink: &Ink, claimed: &[Vec<Point>]) -> Self {
        let size = [ink.width as f64, ink.height as f64];
        let mut room = [f64::INFINITY; 4];
        for &at in claimed.iter().flatten().filter(|at| ink.holds(**at)) {
            for (room, gap) in room.iter_mut().zip(gaps(at, size)) {
                *room = room.min(gap);
            }
        }
        Self { size, roomy: room.map(|room| room.is_finite() && room >= Self::ROOM) }
    }

    /// How far a point lies beyond such an edge, in pixels; 0 if it doesn't.
    fn beyond(&self, at: Point) -> f64 {
        let past = gaps(at, self.size).into_iter().zip(self.roomy).filter(|(gap, roomy)| *roomy && *gap < -Self::PAST);
        past.map(|(gap, _)| (-gap * self.size[0].max(self.size[1])).min(28.0)).fold(0.0, f64::max)
    }
}

/// How far a point is inside of the left, top, right and bottom edge, as shares of the panel.
fn gaps(at: Point, size: Point) -> [f64; 4] {
    let [x, y] = [at[0] / size[0], at[1] / size[1]];
    [x, y, 1.0 - x, 1.0 - y]
}

/// How much of each claimed point's marker is drawn. What another colour covers may hide it.
fn look(ink: &Ink, layer: u8, points: Vec<Point>, marker: &Marker, legend: &Legend) -> Found {
    let seen: Vec<(f64, f64)> = points.iter().map(|&at| drawn(ink, layer, at, marker, legend)).collect();
    let enough = enough(&seen, marker);
    let (mut held, mut hidden, mut veiled) = (0_usize, 0_usize, false);
    let mut off = Vec::with_capacity(points.len());
    for (&at, &(own, other)) in points.iter().zip(&seen) {
        if own < 0.15 && own + other >= 0.75 {
            hidden += 1;
            off.push(0.0);
        } else if own + other >= enough.whole || (own + other >= enough.near && ink.distance(layer, at, 3.0) <= 1.0) {
            held += 1;
            off.push(0.0);
        } else if legend.veil.holds(at) || (own + other >= enough.some && (!enough.clear || (own > BARE && other > BARE))) {
            veiled = true;
            off.push(0.0);
        } else {
            off.push(ink.distance(layer, at, 14.0).clamp(1.0, 28.0));
        }
    }
    let share = |n: usize| n as f64 / points.len().max(1) as f64;
    Found { layer, off, elsewhere: None, held: share(held), hidden: share(hidden), veiled, dashed: false, points }
}
