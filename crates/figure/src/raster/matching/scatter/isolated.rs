//! The shapes of markers that stand alone: what most of them have in common is a marker, and a series may have several.

use mlgrade_picture::geometry::Point;

use super::marker::{Marker, is_centred};
use crate::raster::ink::{Cell, Ink};

/// How far from its point a marker's ink may begin, since markers may be hollow.
const HOLLOW: f64 = 6.0;
/// Markers this much alike, as the pixels of both among those of either, have one shape.
const ALIKE: f64 = 0.6;
/// Markers of one shape that it takes, at least and as a share of those that stand alone.
const LEAST: usize = 3;
const LEAST_SHARE: f64 = 0.04;
/// Markers that stand alone that it takes to say anything of them.
const LEAST_ALONE: usize = 5;
/// The most points whose ink is looked at, and shapes that are told apart.
const MOST_POINTS: usize = 600;
const MOST_SHAPES: usize = 6;

/// The shapes of the markers at `points` of one layer, from small to large: those of the pieces of ink that hold one claimed point and
/// touch nothing. Empty where too few stand alone.
pub(super) fn shapes(ink: &Ink, layer: u8, points: &[Point], claimed: &[Point], most: usize) -> Vec<Marker> {
    let mut alone = alone(ink, layer, points, claimed, most);
    if alone.len() < LEAST_ALONE {
        return Vec::new();
    }
    alone.sort_by_key(Vec::len);
    let mut classes: Vec<Vec<Marker>> = Vec::new();
    let least = LEAST.max((alone.len() as f64 * LEAST_SHARE).ceil() as usize);
    for shape in alone {
        let likeness = classes.iter().map(|class| likeness(&class[class.len() / 2], &shape));
        match likeness.enumerate().filter(|(_, like)| *like >= ALIKE).max_by(|a, b| a.1.total_cmp(&b.1)) {
            Some((class, _)) => classes[class].push(shape),
            None if classes.len() < 4 * MOST_SHAPES => classes.push(vec![shape]),
            None => {}
        }
    }
    classes.retain(|class| class.len() >= least);
    classes.sort_by_key(|class| std::cmp::Reverse(class.len()));
    classes.truncate(MOST_SHAPES);
    let mut shapes: Vec<Marker> = classes.iter().map(|class| common(class)).filter(|shape| shape.len() >= 4).collect();
    shapes.sort_by_key(Vec::len);
    shapes
}

/// The pieces of ink with one claimed point each, relative to it.
fn alone(ink: &Ink, layer: u8, points: &[Point], claimed: &[Point], most: usize) -> Vec<Marker> {
    let mut number = vec![0_u32; ink.cells.len()];
    let mut pieces: Vec<Option<Vec<usize>>> = Vec::new();
    let mut piece_of = |at: Point, pieces: &mut Vec<Option<Vec<usize>>>| -> Option<usize> {
        let place = ink.nearest(layer, at, HOLLOW)?;
        if number[place] == 0 {
            pieces.push(flood(ink, place, pieces.len() as u32 + 1, &mut number, most));
        }
        Some(number[place] as usize - 1)
    };
    // A piece with two points that lie apart is two markers.
    let mut holder: Vec<Option<Point>> = Vec::new();
    let mut shared: Vec<bool> = Vec::new();
    for &at in claimed.iter().filter(|at| ink.holds(**at)) {
        let Some(piece) = piece_of(at, &mut pieces) else { continue };
        holder.resize(pieces.len(), None);
        shared.resize(pieces.len(), false);
        match holder[piece] {
            Some(first) => shared[piece] |= (first[0] - at[0]).abs().max((first[1] - at[1]).abs()) > 1.0,
            None => holder[piece] = Some(at),
        }
    }
    let mut seen = vec![false; pieces.len()];
    let mut found = Vec::new();
    for &at in points.iter().step_by(1 + points.len() / MOST_POINTS).filter(|at| ink.holds(**at)) {
        let Some(piece) = piece_of(at, &mut pieces).filter(|&piece| piece < seen.len() && !shared[piece] && !std::mem::replace(&mut seen[piece], true)) else {
            continue;
        };
        let Some(places) = &pieces[piece] else { continue };
        let (x, y) = (at[0].floor() as isize, at[1].floor() as isize);
        let shape: Marker = places.iter().map(|&place| ((place % ink.width) as isize - x, (place / ink.width) as isize - y)).collect();
        if shape.len() >= 4 && is_centred(&shape) {
            found.push(shape);
        }
    }
    found
}

/// The ink that hangs together with `place`, from side to side or from corner to corner, where it touches nothing else and has at most
/// `most` pixels.
fn flood(ink: &Ink, place: usize, mark: u32, number: &mut [u32], most: usize) -> Option<Vec<usize>> {
    let cell = ink.cells[place];
    let (mut stack, mut piece, mut clear) = (vec![place], Vec::new(), true);
    number[place] = mark;
    while let Some(place) = stack.pop() {
        piece.push(place);
        let (x, y) = ((place % ink.width) as isize, (place / ink.width) as isize);
        for (dx, dy) in (-1..=1).flat_map(|dy| (-1..=1).map(move |dx| (dx, dy))) {
            let inside = x + dx >= 0 && y + dy >= 0 && x + dx < ink.width as isize && y + dy < ink.height as isize;
            let next = (y + dy) * ink.width as isize + x + dx;
            match ink.at(x + dx, y + dy) {
                _ if !inside => clear = false,
                other if other == cell => {
                    let next = next.cast_unsigned();
                    if number[next] == 0 {
                        number[next] = mark;
                        stack.push(next);
                    }
                }
                // A grid runs under markers, so what is left of it touches them.
                Cell::Paper | Cell::Lines => {}
                _ => clear = false,
            }
        }
    }
    (clear && piece.len() <= most).then_some(piece)
}

/// The pixels of both shapes among those of either, where they lie on each other best: markers snap to whole pixels.
pub(super) fn likeness(one: &Marker, other: &Marker) -> f64 {
    let places: std::collections::HashSet<(isize, isize)> = one.iter().copied().collect();
    let beside = (-1..=1).flat_map(|y| (-1..=1).map(move |x| (x, y)));
    let both = beside.map(|(x, y)| other.iter().filter(|(dx, dy)| places.contains(&(dx + x, dy + y))).count()).max().unwrap_or(0);
    both as f64 / (one.len() + other.len() - both).max(1) as f64
}

/// The pixels that most shapes have.
fn common(shapes: &[Marker]) -> Marker {
    let mut counts = std::collections::BTreeMap::new();
    for place in shapes.iter().flatten() {
        *counts.entry(*place).or_insert(0_usize) += 1;
    }
    counts.into_iter().filter(|(_, count)| count * 20 >= shapes.len() * 13).map(|(place, _)| place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::matching::drawing::{Drawing, INK};

    #[test]
    fn only_markers_that_touch_nothing_tell_their_shape() {
        let mut drawing = Drawing::blank(200, 120);
        let at = |i: usize| [15.5 + 20.0 * i as f64, if i.is_multiple_of(2) { 30.5 } else { 80.5 }];
        for i in 0..9 {
            let [x, y] = at(i);
            drawing.line([x - 5.0, y - 5.0], [x + 5.0, y + 5.0], 2.0, INK);
            drawing.line([x - 5.0, y + 5.0], [x + 5.0, y - 5.0], 2.0, INK);
        }
        let crosses: Vec<Point> = (0..9).map(at).collect();
        let found = shapes(&drawing.ink(), 0, &crosses, &crosses, 500);
        assert!(found.len() == 1 && found[0].contains(&(3, 3)) && !found[0].contains(&(0, 4)), "{found:?}");
        // Points that all lie on one line stand alone nowhere.
        drawing.fill([0, 29, 200, 32], INK);
        drawing.fill([0, 79, 200, 82], INK);
        assert!(shapes(&drawing.ink(), 0, &crosses, &crosses, 5000).is_empty());
    }
}
