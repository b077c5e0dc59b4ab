//! Whether claimed points are drawn: a marker at each, and no marker that nobody claims.

mod isolated;
mod marker;
mod trend;
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

/// With so much of the larger marker at a point, it has that.
const WHOLE: f64 = 0.8;
/// Shapes this much alike are one.
const SURE: f64 = 0.75;

/// Points of one series that have one marker.
struct Group {
    series: usize,
    layer: u8,
    marker: Marker,
    /// Whether markers that stand alone tell what one looks like.
    known: bool,
    /// Which of the series' points they are.
    places: Vec<usize>,
    points: Vec<Point>,
}

pub(in crate::raster) fn find(ink: &Ink, claimed: &[Vec<Point>], legend: &Legend) -> Option<Points> {
    if ink.layers.is_empty() {
        return None;
    }
    let layers = choose(ink, claimed, legend)?;
    let radii: Vec<f64> = layers.iter().zip(claimed).map(|(&layer, points)| radius(ink, layer, points)).collect();
    let shift = shift(ink, claimed, &layers, &radii);
    let moved: Vec<Vec<Point>> = claimed.iter().map(|points| points.iter().map(|at| [at[0] + shift[0], at[1] + shift[1]]).collect()).collect();
    let edges = Edges::of(ink, &moved);
    let groups = groups(ink, &moved, &layers, &radii, legend);
    let points: Vec<Vec<Point>> = groups.iter().map(|group| group.points.clone()).collect();
    let layers: Vec<u8> = groups.iter().map(|group| group.layer).collect();
    let markers: Vec<Marker> = groups.iter().map(|group| group.marker.clone()).collect();
    let legend = &legend.without_claimed(ink, || drawn_ink(ink, &points, &layers, &markers, legend));
    let [explained, claimed] = [&AROUND[..], &BORDER[..]].map(|rim| explained(ink, &points, &markers, rim));
    let known: Vec<bool> = groups.iter().map(|group| group.known).collect();
    let used: Vec<(u8, f64)> = groups.iter().filter(|group| group.known).map(|group| (group.layer, width(&group.marker))).collect();
    let ink = &*trend::without_lines(ink, &largest(used), &explained);
    let mut found = Vec::new();
    for group in &groups {
        let mut one = look(ink, group, legend);
        for (off, &at) in one.off.iter_mut().zip(&one.points) {
            *off = off.max(edges.beyond(at));
        }
        found.push(one);
    }
    let Unexplained { extra, pieces, unclaimed } = unexplained(ink, &found, &markers, &known, [&explained, &claimed], &legend.around);
    if extra.len() <= 1 && found.iter().all(|one| one.worst().is_none()) {
        moved::find_among_markers(ink, &mut found, &markers, &pieces, |i, at| {
            let (own, other) = drawn(ink, layers[i], at, &markers[i], legend);
            own + other >= CLEAR
        });
    }
    Some(Points { series: joined(&groups, found, &moved), extra, unclaimed })
}

/// The points of each series by their markers. Where those that stand alone have several shapes or sizes, each point has the largest one that is
/// drawn there.
fn groups(ink: &Ink, moved: &[Vec<Point>], layers: &[u8], radii: &[f64], legend: &Legend) -> Vec<Group> {
    // Large markers of very many points would cover the panel again and again.
    let most = (MOST_PIXELS / moved.iter().map(Vec::len).sum::<usize>().max(1)).max(LEAST_MARKER);
    let mut shapes: Vec<Vec<Marker>> = (0..moved.len())
        .map(|i| {
            let same: Vec<Point> = (0..moved.len()).filter(|&j| layers[j] == layers[i]).flat_map(|j| moved[j].iter().copied()).collect();
            isolated::shapes(ink, layers[i], &moved[i], &same, most)
        })
        .collect();
    let own: Vec<Marker> = (0..moved.len())
        .map(|i| {
            let usual = marker(ink, layers[i], &moved[i], radii[i], most);
            match shapes[i].as_mut_slice() {
                [] => usual,
                // What nearly all points have in common is surer than what few do.
                [alone] if isolated::likeness(alone, &usual) >= SURE => {
                    alone.clone_from(&usual);
                    usual
                }
                [first, ..] => first.clone(),
            }
        })
        .collect();
    let mut groups = Vec::new();
    for (series, points) in moved.iter().enumerate() {
        let layer = layers[series];
        let known = !shapes[series].is_empty();
        let shapes = match shapes[series].as_slice() {
            [] => vec![uncrowded(ink, layer, points, &own[series], &own, legend).clone()],
            shapes => shapes.to_vec(),
        };
        let which = |at: Point| {
            let seen: Vec<(f64, f64)> = if shapes.len() > 1 { shapes.iter().map(|shape| drawn(ink, layer, at, shape, legend)).collect() } else { Vec::new() };
            let whole = seen.iter().rposition(|(own, other)| *own >= 0.4 && own + other >= WHOLE);
            // Of one that is covered or false, the shape is that of which most is there.
            let share = |i: usize| seen[i].0 + seen[i].1;
            whole.or_else(|| (0..seen.len()).rev().max_by(|&a, &b| share(a).total_cmp(&share(b)))).unwrap_or(0)
        };
        let chosen: Vec<usize> = points.iter().map(|&at| which(at)).collect();
        for (i, marker) in shapes.iter().enumerate() {
            let places: Vec<usize> = (0..points.len()).filter(|&at| chosen[at] == i).collect();
            if shapes.len() == 1 || !places.is_empty() {
                let points = places.iter().map(|&at| points[at]).collect();
                groups.push(Group { series, layer, marker: marker.clone(), known, places, points });
            }
        }
    }
    groups
}

/// What was found of each series from what was found of its groups.
fn joined(groups: &[Group], found: Vec<Found>, points: &[Vec<Point>]) -> Vec<Found> {
    let nothing = |points: &Vec<Point>| Found {
        layer: 0,
        off: vec![0.0; points.len()],
        elsewhere: None,
        held: 0.0,
        hidden: 0.0,
        veiled: false,
        dashed: false,
        points: points.clone(),
    };
    let mut series: Vec<Found> = points.iter().map(nothing).collect();
    for (group, found) in groups.iter().zip(found) {
        let one = &mut series[group.series];
        let share = found.off.len() as f64 / one.points.len().max(1) as f64;
        one.layer = found.layer;
        one.elsewhere = one.elsewhere.or(found.elsewhere.map(|(vertex, row)| (group.places[vertex], row)));
        one.held += share * found.held;
        one.hidden += share * found.hidden;
        one.veiled |= found.veiled;
        for (&place, off) in group.places.iter().zip(found.off) {
            one.off[place] = off;
        }
    }
    series
}

/// How wide a marker is, in pixels.
fn width(marker: &Marker) -> f64 {
    let (low, high) = marker.iter().fold((isize::MAX, isize::MIN), |(low, high), place| (low.min(place.0), high.max(place.0)));
    (high.saturating_sub(low) + 1).max(1) as f64
}

/// The widest marker of each layer.
fn largest(mut used: Vec<(u8, f64)>) -> Vec<(u8, f64)> {
    used.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
    used.dedup_by_key(|(layer, _)| *layer);
    used
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
fn look(ink: &Ink, group: &Group, legend: &Legend) -> Found {
    let Group { layer, ref points, ref marker, known, .. } = *group;
    let seen: Vec<(f64, f64)> = points.iter().map(|&at| drawn(ink, layer, at, marker, legend)).collect();
    let enough = enough(&seen, marker, known);
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
    Found { layer, off, elsewhere: None, held: share(held), hidden: share(hidden), veiled, dashed: false, points: points.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::matching::drawing::{Drawing, INK};

    const PLACES: [Point; 14] = [
        [30.5, 30.5],
        [50.5, 120.5],
        [70.5, 60.5],
        [90.5, 150.5],
        [110.5, 40.5],
        [130.5, 100.5],
        [150.5, 170.5],
        [170.5, 30.5],
        [190.5, 120.5],
        [210.5, 70.5],
        [225.5, 150.5],
        [245.5, 50.5],
        [260.5, 110.5],
        [180.5, 60.5],
    ];

    /// Dots with a line of their colour that runs through three of them.
    fn dots_on_a_line(radius: impl Fn(usize) -> f64) -> Ink {
        let mut drawing = Drawing::blank(290, 200);
        drawing.line([30.5, 30.5], [270.5, 190.5], 2.5, INK);
        PLACES.iter().enumerate().for_each(|(i, &at)| drawing.dot(at, radius(i), INK));
        drawing.ink()
    }

    fn read(ink: &Ink, claimed: Vec<Point>) -> Points {
        find(ink, &[claimed], &Legend::default()).unwrap()
    }

    #[test]
    fn a_line_through_the_points_is_no_marker_and_a_dot_on_it_is_one() {
        let ink = dots_on_a_line(|_| 4.5);
        let honest = read(&ink, PLACES.to_vec());
        assert!(honest.extra.is_empty() && honest.series[0].worst().is_none() && !honest.series[0].veiled, "{honest:?}");
        // The dot at row 30 is claimed where nothing but the line is, so it lacks there, and what is drawn is claimed by nobody.
        let mut moved = PLACES.to_vec();
        moved[7] = [170.5, 123.8];
        let moved = read(&ink, moved);
        assert!(moved.series[0].off[7] > 0.0 && moved.extra.len() == 1, "{moved:?}");
        // So it is with one that is left out and lies on the line.
        let fewer = read(&ink, PLACES[1..].to_vec());
        assert!(!fewer.extra.is_empty(), "{fewer:?}");
    }

    #[test]
    fn a_series_has_markers_of_two_sizes() {
        let ink = dots_on_a_line(|i| if i.is_multiple_of(2) { 6.5 } else { 3.0 });
        let honest = read(&ink, PLACES.to_vec());
        assert!(honest.extra.is_empty() && honest.series[0].worst().is_none() && !honest.series[0].veiled, "{honest:?}");
        let fewer = read(&ink, PLACES[..13].to_vec());
        assert!(fewer.extra.len() == 1, "a small one that is not claimed: {fewer:?}");
    }
}
