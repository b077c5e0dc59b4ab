//! Whether claimed points are drawn: a marker at each, and no marker that nobody claims.

use super::found::{Found, layers};
use super::ink::{Ink, LINES, PAPER};
use super::legend::Legend;
use super::moved;
use super::trace::{Cover, Point};

/// The pixels that a marker covers, relative to its point.
type Marker = Vec<(isize, isize)>;

/// Ink as large as a marker that nobody claims.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extra {
    layer: u8,
    /// Its middle.
    pub(super) at: Point,
    /// Whether it is no smaller than most of a marker: less may be the rim of a claimed one.
    pub(super) whole: bool,
    /// Whether there is nothing but paper around it.
    pub(super) apart: bool,
}

/// What was found of a claim of points on one panel.
#[derive(Debug, Clone)]
pub(super) struct Points {
    pub(super) series: Vec<Found>,
    /// The middles of markers of the used colours that nobody claims.
    pub(super) extra: Vec<Extra>,
    pub(super) unclaimed: f64,
}

pub(super) fn find(ink: &Ink, claimed: &[Vec<Point>], legend: &Legend) -> Option<Points> {
    if ink.layers.is_empty() {
        return None;
    }
    let layers = choose(ink, claimed, legend)?;
    let radii: Vec<f64> = layers.iter().zip(claimed).map(|(&layer, points)| radius(ink, layer, points)).collect();
    let shift = shift(ink, claimed, &layers, &radii);
    let moved: Vec<Vec<Point>> = claimed.iter().map(|points| points.iter().map(|at| [at[0] + shift[0], at[1] + shift[1]]).collect()).collect();
    let edges = Edges::of(ink, &moved);
    let (mut series, mut markers) = (Vec::new(), Vec::new());
    for ((points, &layer), &radius) in moved.into_iter().zip(&layers).zip(&radii) {
        let marker = marker(ink, layer, &points, radius);
        let mut found = look(ink, layer, points, &marker, legend);
        for (off, &at) in found.off.iter_mut().zip(&found.points) {
            *off = off.max(edges.beyond(at));
        }
        series.push(found);
        markers.push(marker);
    }
    let Unexplained { extra, pieces, unclaimed } = unexplained(ink, &series, &markers, &legend.around);
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
            if distance <= 1.0 || (ink.at(x, y) == PAPER && !legend.cover_of(ink, layer).holds(at)) {
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

/// Half of how far the ink reaches from claimed points: the lower quartile over points that are drawn, since markers overlap.
fn radius(ink: &Ink, layer: u8, points: &[Point]) -> f64 {
    let mut widths: Vec<u16> = Vec::new();
    for at in points.iter().step_by(1 + points.len() / 300) {
        let (x, y) = (at[0].floor(), at[1].floor());
        if x >= 0.0 && y >= 0.0 && ink.at(x as isize, y as isize) == layer {
            widths.push(ink.reach(x as usize, y as usize, layer));
        }
    }
    widths.sort_unstable();
    widths.get(widths.len() / 4).map_or(2.0, |&width| (f64::from(width) / 2.0).clamp(1.0, 60.0))
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
                        if (dx as f64).hypot(dy as f64) <= radius + 2.0 && ink.at(x + dx, y + dy) == layer {
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

/// The pixels that a marker covers, relative to its point: where most claimed points have ink. So it may have any shape, be hollow,
/// and a few points may be wrong.
fn marker(ink: &Ink, layer: u8, points: &[Point], radius: f64) -> Marker {
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
            *count += u32::from(ink.at(x + dx, y + dy) == layer);
        }
    }
    let common = |count: u32| drawn >= 5 && count * 20 >= drawn * 13;
    let places = (0..counts.len()).map(|i| ((i % side) as isize - reach, (i / side) as isize - reach));
    let filled = common(counts[counts.len() / 2]);
    let found: Vec<(isize, isize)> = places.clone().zip(&counts).filter(|(_, count)| common(**count)).map(|(place, _)| place).collect();
    // Where points crowd, most have neighbours: a marker is no wider than those that stand alone.
    let found: Vec<(isize, isize)> = found.into_iter().filter(|(dx, dy)| !filled || (*dx as f64).hypot(*dy as f64) <= 1.5 * radius + 0.7).collect();
    if found.len() >= 4 && is_centred(&found) {
        return found;
    }
    places.filter(|(dx, dy)| (*dx as f64).hypot(*dy as f64) <= radius).collect()
}

/// Whether a marker stands on its point: where all claimed points are off by the same way, ink lies beside each of them.
fn is_centred(marker: &Marker) -> bool {
    let centred = |of: fn(&(isize, isize)) -> isize| {
        let (low, high) = marker.iter().map(of).fold((isize::MAX, isize::MIN), |(low, high), v| (low.min(v), high.max(v)));
        ((low + high) as f64 / 2.0).abs() <= ASIDE + 0.25 * (high - low) as f64 / 2.0
    };
    centred(|place| place.0) && centred(|place| place.1)
}

/// How far the middle of a small marker may be from its point, in pixels.
const ASIDE: f64 = 1.6;

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
        } else if legend.veil.holds(at) || own + other >= enough.some {
            veiled = true;
            off.push(0.0);
        } else {
            off.push(ink.distance(layer, at, 14.0).clamp(1.0, 28.0));
        }
    }
    let share = |n: usize| n as f64 / points.len().max(1) as f64;
    Found { layer, off, elsewhere: None, held: share(held), hidden: share(hidden), veiled, dashed: false, points }
}

/// The shares of a marker's pixels at `at` that are ink of its layer, and that something else covers.
fn drawn(ink: &Ink, layer: u8, at: Point, marker: &Marker, legend: &Legend) -> (f64, f64) {
    let size = [ink.width as f64, ink.height as f64];
    // Markers snap to whole pixels, each its own way.
    let seen = BESIDE.iter().map(|[ox, oy]| {
        let (x, y) = ((at[0] + ox).floor() as isize, (at[1] + oy).floor() as isize);
        let (mut own, mut other, mut lines) = (0_usize, 0_usize, 0_usize);
        for (dx, dy) in marker {
            let place = [at[0] + ox + *dx as f64, at[1] + oy + *dy as f64];
            let cell = ink.at(x + dx, y + dy);
            let beyond = (0..2).any(|axis| place[axis] < 0.0 || place[axis] >= size[axis]) || legend.cover_of(ink, layer).holds(place);
            own += usize::from(cell == layer || cell == PAPER && bridged(ink, layer, x + dx, y + dy));
            lines += usize::from(cell == LINES && !beyond);
            other += usize::from(cell != layer && cell != LINES && cell != PAPER || beyond && cell != layer);
        }
        (own, other, lines)
    });
    let (own, other, lines) = seen.max_by_key(|(own, other, _)| 2 * own + other).unwrap_or_default();
    // A grid runs over a marker or under it: what it covers says nothing, unless it covers nearly all.
    let rest = marker.len() - lines;
    if rest * 4 < marker.len() {
        return (0.0, 1.0);
    }
    (own as f64 / rest as f64, other as f64 / rest as f64)
}

/// Whether paper lies between ink of one layer, as the pale rim of a marker does that lies on another.
fn bridged(ink: &Ink, layer: u8, x: isize, y: isize) -> bool {
    let beside = |dx: isize, dy: isize| (1..=2).any(|k| ink.at(x + k * dx, y + k * dy) == layer);
    (beside(1, 0) && beside(-1, 0)) || (beside(0, 1) && beside(0, -1))
}

/// The least shares of a marker that make it a drawn one: anywhere, and where its point itself has ink.
struct Enough {
    whole: f64,
    near: f64,
    /// With this much there may be one that others cover.
    some: f64,
}

/// Where so much of a marker is there, one is drawn.
const CLEAR: f64 = 0.9;

/// Where nearly all markers of a series are drawn whole, half of one is a piece of its neighbours.
fn enough(seen: &[(f64, f64)], marker: &Marker) -> Enough {
    // A ring is thin: a little aside, much of it is missed.
    if !marker.contains(&(0, 0)) {
        return Enough { whole: 0.5, near: 0.4, some: 0.5 };
    }
    let mut shares: Vec<f64> = seen.iter().map(|(own, other)| own + other).collect();
    shares.sort_unstable_by(f64::total_cmp);
    let clear = marker.len() >= 20 && shares.len() >= 10 && shares[shares.len() / 10] >= 0.88;
    if clear { Enough { whole: 0.75, near: 0.75, some: 0.62 } } else { Enough { whole: 0.7, near: 0.4, some: 0.5 } }
}

/// A pixel to each side.
const BESIDE: [[f64; 2]; 9] = [[0.0, 0.0], [0.5, 0.0], [-0.5, 0.0], [0.0, 0.5], [0.0, -0.5], [0.9, 0.9], [0.9, -0.9], [-0.9, 0.9], [-0.9, -0.9]];

/// A marker's rim, drawn a little aside, belongs to it.
const AROUND: [(isize, isize); 9] = [(0, 0), (2, 0), (-2, 0), (0, 2), (0, -2), (1, 1), (1, -1), (-1, 1), (-1, -1)];

/// Ink that no claimed point explains.
struct Unexplained {
    /// Pieces as large as a good part of a marker.
    extra: Vec<Extra>,
    /// These and smaller ones, such as the rim of one that lies under another, by their pixels.
    pieces: Vec<Vec<Point>>,
    /// The worst colour's share.
    unclaimed: f64,
}

fn unexplained(ink: &Ink, series: &[Found], markers: &[Marker], around: &Cover) -> Unexplained {
    let mut claimed = vec![false; ink.cells.len()];
    for (found, marker) in series.iter().zip(markers) {
        for at in found.points.iter().filter(|at| at.iter().all(|v| v.abs() < 20_000.0)) {
            let (x, y) = (at[0].floor() as isize, at[1].floor() as isize);
            for (dx, dy) in marker {
                for (ox, oy) in AROUND {
                    ink.mark(&mut claimed, x + dx + ox, y + dy + oy);
                }
            }
        }
    }
    let (mut extra, mut pieces) = (Vec::new(), Vec::new());
    let mut worst: f64 = 0.0;
    let mut used: Vec<(u8, usize)> = series.iter().zip(markers).map(|(found, marker)| (found.layer, marker.len())).collect();
    used.sort_by_key(|(layer, _)| *layer);
    used.dedup_by_key(|(layer, _)| *layer);
    for (layer, marker) in used {
        let (mut all, mut free) = (0_usize, 0_usize);
        for place in 0..ink.cells.len() {
            if ink.cells[place] != layer {
                continue;
            }
            all += 1;
            if claimed[place] {
                continue;
            }
            let piece = ink.piece(place, &mut claimed);
            let covered = piece.iter().any(|&place| around.holds(ink.middle_of(place)));
            let count = piece.len();
            let sum = piece.iter().map(|&place| ink.middle_of(place)).fold([0.0, 0.0], |sum, at| [sum[0] + at[0], sum[1] + at[1]]);
            let middle = sum.map(|sum| sum / count as f64);
            let at_edge = middle[0].min(middle[1]).min(ink.width as f64 - middle[0]).min(ink.height as f64 - middle[1]) <= 4.0;
            if covered || at_edge {
                continue;
            }
            free += count;
            if count * 5 >= marker * 2 {
                extra.push(Extra { layer, at: middle, whole: count * 10 >= marker * 7, apart: is_apart(ink, &piece) });
            }
            if count >= 4 && count * 10 >= marker {
                pieces.push(piece.iter().map(|&place| ink.middle_of(place)).collect());
            }
        }
        worst = worst.max(free as f64 / all.max(1) as f64);
    }
    drop_handles(ink, &mut extra, series, markers);
    Unexplained { extra, pieces, unclaimed: worst }
}

/// Whether all ink within two pixels of a piece is its own.
fn is_apart(ink: &Ink, piece: &[usize]) -> bool {
    let own: std::collections::HashSet<usize> = piece.iter().copied().collect();
    let free = |place: usize| own.contains(&place) || matches!(ink.cells[place], PAPER | LINES);
    piece.iter().all(|&place| ink.beside(place).all(|next| free(next) && ink.beside(next).all(free)))
}

/// Takes out the handles of a legend whose text was not read, and its letters, which may be as large as markers.
fn drop_handles(ink: &Ink, extra: &mut Vec<Extra>, series: &[Found], markers: &[Marker]) {
    let whole: Vec<Extra> = extra.iter().filter(|extra| extra.whole && extra.apart).copied().collect();
    if are_handles(ink, extra, series, markers) {
        extra.clear();
    } else if !whole.is_empty() && are_handles(ink, &whole, series, markers) {
        let beside = |a: &Extra, b: &Extra| b.at[0] >= a.at[0] && (b.at[1] - a.at[1]).abs() <= size(series, markers, a.layer);
        extra.retain(|one| !whole.iter().any(|handle| beside(handle, one)));
    }
}

/// The side of a layer's markers, in pixels.
fn size(series: &[Found], markers: &[Marker], layer: u8) -> f64 {
    series.iter().position(|found| found.layer == layer).map_or(3.0, |i| (markers[i].len() as f64).sqrt())
}

/// Whether unclaimed markers are the handles of a legend: at most one for each series, below each other, or with letters to the right of
/// each.
fn are_handles(ink: &Ink, extra: &[Extra], series: &[Found], markers: &[Marker]) -> bool {
    let Some(Extra { at: first, .. }) = extra.first() else { return true };
    let stacked = extra.len() > 1 && extra.iter().all(|Extra { at, .. }| (at[0] - first[0]).abs() <= 2.5);
    let lettered = |Extra { layer, at, .. }: &Extra| {
        let size = size(series, markers, *layer);
        let (x, y) = (at[0] + 0.5 * size + 2.0, at[1]);
        let (rows, columns) = ((0.5 * size).max(3.0) as isize, (4.0 * size).max(40.0) as isize);
        let ink_in = |column: isize| (-rows..=rows).any(|row| !matches!(ink.at(x as isize + column, y as isize + row), PAPER | LINES));
        (0..columns).filter(|&column| ink_in(column)).count() as isize * 5 > columns * 2
    };
    extra.len() <= series.len() && (stacked || extra.iter().all(lettered))
}

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
