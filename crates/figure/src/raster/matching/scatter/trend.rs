//! Straight lines through a cloud of points in the colour of its markers, such as lines of regression.

use std::borrow::Cow;

use mlgrade_picture::geometry::Point;

use crate::raster::ink::{Cell, Ink};

/// A line is at most this wide, in shares of a marker's width: a row of markers is no line.
const WIDEST: f64 = 0.75;
/// How much longer than wide a piece of one is.
const LONG: f64 = 2.5;
/// How long a line is at least, in shares of the panel's diagonal and in widths of a marker.
const LEAST_LENGTH: f64 = 0.08;
const LEAST_MARKERS: f64 = 3.0;
/// Of its length so much is ink, and so much is seen beside markers.
const LEAST_INK: f64 = 0.8;
const LEAST_FREE: f64 = 0.2;
/// How far a line's ink may lie from the straight one, and how long its gaps may be, in pixels.
const ASIDE: f64 = 2.0;
const GAP: usize = 5;
/// The pieces of ink from which lines are sought, the longest first.
const MOST_SEEDS: usize = 8;

/// A straight line with its ends, as ways from `middle` along `way`.
struct Line {
    middle: Point,
    way: Point,
    ends: [f64; 2],
    width: f64,
}

/// The ink with the pixels of such lines as those of a grid, which say nothing of a marker that they cross. `used` tells the layers and the
/// width of their markers; `explained` is what claimed markers cover.
pub(super) fn without_lines<'a>(ink: &'a Ink, used: &[(u8, f64)], explained: &[bool]) -> Cow<'a, Ink> {
    let mut found = Cow::Borrowed(ink);
    for &(layer, size) in used {
        for line in lines(ink, layer, size, explained) {
            line.erase(found.to_mut(), layer);
        }
    }
    found
}

fn lines(ink: &Ink, layer: u8, size: f64, explained: &[bool]) -> Vec<Line> {
    let mut taken = explained.to_vec();
    let mut pieces: Vec<(f64, Vec<Point>)> = Vec::new();
    for place in 0..ink.cells.len() {
        if ink.cells[place] == Cell::Ink(layer) && !taken[place] {
            let piece: Vec<Point> = ink.piece(place, &mut taken).into_iter().map(|place| ink.middle_of(place)).collect();
            if piece.len() >= 4
                && let Some((_, _, [length, width])) = axis(&piece)
                && length >= LONG * width
                && width <= WIDEST * size
            {
                pieces.push((length, piece));
            }
        }
    }
    pieces.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut found: Vec<Line> = Vec::new();
    for (length, seed) in pieces.iter().take(MOST_SEEDS) {
        let seen = |at: &Point| found.iter().any(|line| line.holds(*at));
        if *length < 0.8 * size || seed.iter().filter(|at| seen(at)).count() * 2 > seed.len() {
            continue;
        }
        found.extend(grow(ink, layer, seed, &pieces, size, explained));
    }
    found
}

/// The straight line of which `seed` is a piece: fitted to all pieces along it, the near ones first.
fn grow(ink: &Ink, layer: u8, seed: &[Point], pieces: &[(f64, Vec<Point>)], size: f64, explained: &[bool]) -> Option<Line> {
    let (middle, mut way, [length, _]) = axis(seed)?;
    let mut centre = middle;
    let diagonal = (ink.width as f64).hypot(ink.height as f64);
    let mut reach = length;
    while reach < 2.0 * diagonal {
        reach *= 2.0;
        let near = |at: &&Point| {
            let (along, aside) = along([at[0] - centre[0], at[1] - centre[1]], way);
            aside.abs() <= ASIDE && along.abs() <= reach
        };
        let on: Vec<Point> = pieces.iter().flat_map(|(_, piece)| piece).filter(near).copied().collect();
        (centre, way, _) = axis(&on)?;
    }
    let start = along([middle[0] - centre[0], middle[1] - centre[1]], way).0;
    let (mut ends, mut inked, mut free, mut all) = ([start; 2], 0_usize, 0_usize, 0_usize);
    let mut widths = Vec::new();
    for (end, sign) in ends.iter_mut().zip([-1.0, 1.0]) {
        let (mut gap, mut counted) = (0, [0; 3]);
        for step in 0..(2.0 * diagonal) as usize {
            let at = [centre[0] + (start + sign * step as f64) * way[0], centre[1] + (start + sign * step as f64) * way[1]];
            let own = ink.distance(layer, at, 1.5) <= 0.7;
            let covered = matches!(ink.at(at[0].floor() as isize, at[1].floor() as isize), Cell::Other | Cell::Ink(_) | Cell::Lines);
            counted[2] += 1;
            if own {
                gap = 0;
                counted[0] += 1;
                if is_free(ink, explained, at) {
                    counted[1] += 1;
                    widths.push(across(ink, layer, at, way));
                }
                *end = start + sign * step as f64;
                inked += std::mem::take(&mut counted[0]);
                free += std::mem::take(&mut counted[1]);
                all += std::mem::take(&mut counted[2]);
            } else if !covered {
                gap += 1;
                if gap > GAP {
                    break;
                }
            }
        }
    }
    if widths.is_empty() {
        return None;
    }
    let half = widths.len() / 2;
    let width = *widths.select_nth_unstable_by(half, f64::total_cmp).1;
    let length = ends[1] - ends[0];
    let long = length >= (LEAST_LENGTH * diagonal).max(LEAST_MARKERS * size);
    let share = |n: usize| n as f64 / all.max(1) as f64;
    (long && width <= WIDEST * size && share(inked) >= LEAST_INK && share(free) >= LEAST_FREE).then_some(Line { middle: centre, way, ends, width })
}

impl Line {
    fn holds(&self, at: Point) -> bool {
        let (along, aside) = along([at[0] - self.middle[0], at[1] - self.middle[1]], self.way);
        aside.abs() <= self.width / 2.0 + 0.8 && (self.ends[0] - 1.0..=self.ends[1] + 1.0).contains(&along)
    }

    /// Makes its pixels those of a grid.
    fn erase(&self, ink: &mut Ink, layer: u8) {
        let reach = (self.width / 2.0).ceil() as isize + 2;
        for step in 0..=((self.ends[1] - self.ends[0]) as usize + 1) {
            let t = self.ends[0] + step as f64;
            let (x, y) = ((self.middle[0] + t * self.way[0]).floor() as isize, (self.middle[1] + t * self.way[1]).floor() as isize);
            for (dx, dy) in (-reach..=reach).flat_map(|dy| (-reach..=reach).map(move |dx| (dx, dy))) {
                if ink.at(x + dx, y + dy) == Cell::Ink(layer) && self.holds([(x + dx) as f64 + 0.5, (y + dy) as f64 + 0.5]) {
                    let place = (y + dy).cast_unsigned() * ink.width + (x + dx).cast_unsigned();
                    ink.cells[place] = Cell::Lines;
                }
            }
        }
    }
}

fn is_free(ink: &Ink, explained: &[bool], at: Point) -> bool {
    let (x, y) = (at[0].floor(), at[1].floor());
    let inside = x >= 0.0 && y >= 0.0 && x < ink.width as f64 && y < ink.height as f64;
    inside && !explained[y as usize * ink.width + x as usize]
}

/// How wide the ink is across a way, in pixels.
fn across(ink: &Ink, layer: u8, at: Point, way: Point) -> f64 {
    let is_ink = |k: f64| ink.at((at[0] - k * way[1]).floor() as isize, (at[1] + k * way[0]).floor() as isize) == Cell::Ink(layer);
    let side = |sign: f64| (1..60).take_while(|&k| is_ink(sign * 0.5 * f64::from(k))).count() as f64 * 0.5;
    side(1.0) + side(-1.0)
}

/// How far a place is along a way, and aside of it.
fn along(at: Point, way: Point) -> (f64, f64) {
    (at[0] * way[0] + at[1] * way[1], at[1] * way[0] - at[0] * way[1])
}

/// The middle of some places, the direction in which they reach farthest, and the sides of the bar that is spread as they are.
fn axis(places: &[Point]) -> Option<(Point, Point, [f64; 2])> {
    let count = places.len() as f64;
    let sum = places.iter().fold([0.0, 0.0], |sum, at| [sum[0] + at[0], sum[1] + at[1]]);
    let middle = sum.map(|sum| sum / count);
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for at in places {
        let [dx, dy] = [at[0] - middle[0], at[1] - middle[1]];
        (xx, xy, yy) = (xx + dx * dx, xy + dx * dy, yy + dy * dy);
    }
    let angle = 0.5 * (2.0 * xy).atan2(xx - yy);
    let spread = (0.5 * (xx - yy)).hypot(xy);
    let sides = [0.5 * (xx + yy) + spread, 0.5 * (xx + yy) - spread].map(|square| (12.0 * square.max(0.0) / count).sqrt().max(1.0));
    (count >= 2.0).then(|| (middle, [angle.cos(), angle.sin()], sides))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::matching::drawing::{Drawing, INK};

    #[test]
    fn a_thin_line_is_taken_out_and_a_row_of_markers_is_not() {
        let mut drawing = Drawing::blank(200, 120);
        drawing.line([20.0, 100.0], [180.0, 20.0], 2.5, INK);
        let ink = drawing.ink();
        let free = vec![false; ink.cells.len()];
        let left = |ink: &Ink| without_lines(ink, &[(0, 8.0)], &free).cells.iter().filter(|cell| matches!(cell, Cell::Ink(_))).count();
        assert_eq!(left(&ink), 0);
        let mut row = Drawing::blank(200, 120);
        (0..20).for_each(|i| row.dot([20.5 + 7.0 * f64::from(i), 60.5], 4.0, INK));
        let ink = row.ink();
        assert_eq!(left(&ink), ink.cells.iter().filter(|cell| matches!(cell, Cell::Ink(_))).count());
    }
}
