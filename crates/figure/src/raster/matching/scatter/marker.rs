//! What a series' marker looks like, and how much of one is drawn at a place.

use crate::raster::ink::{Cell, Ink};
use crate::raster::legend::Legend;
use mlgrade_picture::geometry::Point;

/// The pixels that a marker covers, relative to its point.
pub(super) type Marker = Vec<(isize, isize)>;

/// Half of how far the ink reaches from claimed points: the lower quartile over points that are drawn, since markers overlap.
pub(super) fn radius(ink: &Ink, layer: u8, points: &[Point]) -> f64 {
    let mut widths: Vec<u16> = Vec::new();
    for at in points.iter().step_by(1 + points.len() / 300) {
        let (x, y) = (at[0].floor(), at[1].floor());
        if x >= 0.0 && y >= 0.0 && ink.at(x as isize, y as isize) == Cell::Ink(layer) {
            widths.push(ink.reach(x as usize, y as usize, layer));
        }
    }
    widths.sort_unstable();
    widths.get(widths.len() / 4).map_or(2.0, |&width| (f64::from(width) / 2.0).clamp(1.0, 60.0))
}

/// The pixels that a marker covers, relative to its point: where most claimed points have ink. So it may have any shape, be hollow,
/// and a few points may be wrong. It has `most` pixels at most.
pub(super) fn marker(ink: &Ink, layer: u8, points: &[Point], radius: f64, most: usize) -> Marker {
    let reach = (2.0 * radius + 8.0).ceil().min(60.0) as isize;
    let side = (2 * reach + 1) as usize;
    let mut counts = vec![0_u32; side * side];
    let mut drawn = 0_u32;
    for at in points.iter().step_by(1 + points.len() / 150) {
        if ink.distance(layer, *at, 8.0).is_infinite() {
            continue;
        }
        drawn += 1;
        let (x, y) = (at[0].floor() as isize, at[1].floor() as isize);
        for (i, count) in counts.iter_mut().enumerate() {
            let (dx, dy) = ((i % side) as isize - reach, (i / side) as isize - reach);
            *count += u32::from(ink.at(x + dx, y + dy) == Cell::Ink(layer));
        }
    }
    let common = |count: u32| drawn >= 5 && count * 20 >= drawn * 13;
    let places = (0..counts.len()).map(|i| ((i % side) as isize - reach, (i / side) as isize - reach));
    let filled = common(counts[counts.len() / 2]);
    let found: Vec<(isize, isize)> = places.clone().zip(&counts).filter(|(_, count)| common(**count)).map(|(place, _)| place).collect();
    // Where points crowd, most have neighbours: a marker is no wider than those that stand alone.
    let found: Vec<(isize, isize)> = found.into_iter().filter(|(dx, dy)| !filled || (*dx as f64).hypot(*dy as f64) <= 1.5 * radius + 0.7).collect();
    if (4..=most).contains(&found.len()) && is_centred(&found) {
        return found;
    }
    let radius = radius.min((most as f64 / std::f64::consts::PI).sqrt());
    places.filter(|(dx, dy)| (*dx as f64).hypot(*dy as f64) <= radius).collect()
}

/// The marker of a series. Where its points crowd, theirs seems to be larger than it is: most are not drawn whole, but that of another
/// series is.
pub(super) fn uncrowded<'a>(ink: &Ink, layer: u8, points: &[Point], own: &'a Marker, others: &'a [Marker], legend: &Legend) -> &'a Marker {
    let is_whole = |marker: &Marker| {
        let seen: Vec<(f64, f64)> = points.iter().step_by(1 + points.len() / 400).map(|&at| drawn(ink, layer, at, marker, legend)).collect();
        enough(&seen, marker, false).clear
    };
    if own.len() < 20 || !own.contains(&(0, 0)) || is_whole(own) {
        return own;
    }
    others.iter().filter(|other| other.len() < own.len() && is_whole(other)).max_by_key(|other| other.len()).unwrap_or(own)
}

/// Whether a marker stands on its point: where all claimed points are off by the same way, ink lies beside each of them.
pub(super) fn is_centred(marker: &Marker) -> bool {
    let centred = |of: fn(&(isize, isize)) -> isize| {
        let (low, high) = marker.iter().map(of).fold((isize::MAX, isize::MIN), |(low, high), v| (low.min(v), high.max(v)));
        ((low + high) as f64 / 2.0).abs() <= ASIDE + 0.25 * (high - low) as f64 / 2.0
    };
    centred(|place| place.0) && centred(|place| place.1)
}

/// How far the middle of a small marker may be from its point, in pixels.
const ASIDE: f64 = 1.6;

/// The shares of a marker's pixels at `at` that are ink of its layer, and that something else covers.
pub(super) fn drawn(ink: &Ink, layer: u8, at: Point, marker: &Marker, legend: &Legend) -> (f64, f64) {
    let size = [ink.width as f64, ink.height as f64];
    // Markers snap to whole pixels, each its own way.
    let seen = BESIDE.iter().map(|[ox, oy]| {
        let (x, y) = ((at[0] + ox).floor() as isize, (at[1] + oy).floor() as isize);
        let (mut own, mut other, mut lines) = (0_usize, 0_usize, 0_usize);
        for (dx, dy) in marker {
            let place = [at[0] + ox + *dx as f64, at[1] + oy + *dy as f64];
            let cell = ink.at(x + dx, y + dy);
            let beyond = (0..2).any(|axis| place[axis] < 0.0 || place[axis] >= size[axis]) || legend.cover_of(ink, layer).holds(place);
            let is_own = cell == Cell::Ink(layer);
            own += usize::from(is_own || cell == Cell::Paper && bridged(ink, layer, x + dx, y + dy));
            lines += usize::from(cell == Cell::Lines && !beyond);
            other += usize::from(!is_own && (beyond || !matches!(cell, Cell::Lines | Cell::Paper)));
        }
        // A grid or a line runs over a marker or under it: what it covers says nothing, unless it covers nearly all.
        let rest = marker.len() - lines;
        if rest * 4 < marker.len() { (0.0, 1.0) } else { (own as f64 / rest as f64, other as f64 / rest as f64) }
    });
    seen.max_by(|a, b| (2.0 * a.0 + a.1).total_cmp(&(2.0 * b.0 + b.1))).unwrap_or_default()
}

/// Whether paper lies between ink of one layer, as the pale rim of a marker does that lies on another.
pub(super) fn bridged(ink: &Ink, layer: u8, x: isize, y: isize) -> bool {
    let beside = |dx: isize, dy: isize| (1..=2).any(|k| ink.at(x + k * dx, y + k * dy) == Cell::Ink(layer));
    (beside(1, 0) && beside(-1, 0)) || (beside(0, 1) && beside(0, -1))
}

/// The least shares of a marker that make it a drawn one: anywhere, and where its point itself has ink.
pub(super) struct Enough {
    pub(super) whole: f64,
    pub(super) near: f64,
    /// With this much there may be one that others cover.
    pub(super) some: f64,
    /// Whether nearly all markers are whole: then one that nothing covers, or of which nothing is seen beside what covers it, is none.
    pub(super) clear: bool,
}

/// Less of a marker is none of it.
pub(super) const BARE: f64 = 0.05;

/// Where so much of a marker is there, one is drawn.
pub(super) const CLEAR: f64 = 0.9;

/// Where nearly all markers of a series are drawn whole, half of one is a piece of its neighbours.
pub(super) fn enough(seen: &[(f64, f64)], marker: &Marker, known: bool) -> Enough {
    // A ring is thin: a little aside, much of it is missed.
    if !marker.contains(&(0, 0)) {
        return Enough { whole: 0.5, near: 0.4, some: 0.5, clear: false };
    }
    let mut shares: Vec<f64> = seen.iter().map(|(own, other)| own + other).collect();
    shares.sort_unstable_by(f64::total_cmp);
    let clear = marker.len() >= 20 && shares.len() >= 10 && shares[shares.len() / 10] >= 0.88;
    match (clear, known) {
        (true, _) => Enough { whole: 0.75, near: 0.75, some: 0.62, clear },
        (_, true) => Enough { whole: 0.7, near: 0.62, some: 0.5, clear },
        (_, false) => Enough { whole: 0.7, near: 0.4, some: 0.5, clear },
    }
}

/// A pixel to each side.
const BESIDE: [[f64; 2]; 9] = [[0.0, 0.0], [0.5, 0.0], [-0.5, 0.0], [0.0, 0.5], [0.0, -0.5], [0.9, 0.9], [0.9, -0.9], [-0.9, 0.9], [-0.9, -0.9]];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_stands_on_its_point_whatever_its_shape() {
        let shape = |inside: &dyn Fn(isize, isize) -> bool, aside: isize| -> Marker {
            (-9..=9).flat_map(|y| (-9..=9).map(move |x| (x, y))).filter(|(x, y)| inside(*x, *y)).map(|(x, y)| (x + aside, y)).collect()
        };
        let disc = |x: isize, y: isize| x * x + y * y <= 16;
        let ring = |x: isize, y: isize| (16..=36).contains(&(x * x + y * y));
        // Its middle lies a quarter of its height above that of the box around it.
        let triangle = |x: isize, y: isize| (-5..=3).contains(&y) && 2 * x.abs() <= y + 5;
        for inside in [&disc as &dyn Fn(isize, isize) -> bool, &ring, &triangle] {
            assert!(is_centred(&shape(inside, 0)));
            assert!(!is_centred(&shape(inside, 8)), "where every point is claimed 8 pixels aside, ink lies beside all of them");
        }
    }
}
