//! Dashed curves whose dashes are lines of their own, as plotters draws them: put together again.

use crate::vector::model::{Look, Rgb};
use crate::vector::source::shapes::Shape;
use mlgrade_picture::geometry::Point;

/// The pattern of a line of dashes.
const PIECES: &str = "pieces";

/// The longest dash, as a share of the figure's longer side.
const LONGEST: f64 = 0.05;

/// Dashes that make a dashed line; a legend shows this many.
const LEAST: usize = 3;

/// The longest gap, as a multiple of the longer dash beside it, and in pixels for the dots at the end of a curve.
const GAP: f64 = 2.0;
const GAP_OF_DOTS: f64 = 4.0;

/// How far two dashes may be from their corner, in pixels; farther only in wide gaps.
const LONGEST_REACH: f64 = 7.5;

/// How far back the direction of an end is taken from, in pixels.
const FAR_ENOUGH: f64 = 5.0;

/// The sine of the angle from which on two dashes have a corner between them; less may be rounding.
const CORNER: f64 = 0.3;

/// Joins each row of dashes, drawn one after another, to one shape with a pattern.
pub(in crate::vector) fn join(shapes: Vec<Shape>, side: f64) -> Vec<Shape> {
    let mut joined: Vec<Shape> = Vec::with_capacity(shapes.len());
    let mut row: Vec<Shape> = Vec::new();
    for shape in shapes {
        let is_dash = colour_of_dash(&shape, LONGEST * side).is_some();
        if !is_dash || row.last().is_some_and(|last| last.stroke != shape.stroke || last.clip != shape.clip || !follows(last, &shape)) {
            finish(&mut joined, &mut row);
        }
        if is_dash {
            row.push(shape);
        } else {
            joined.push(shape);
        }
    }
    finish(&mut joined, &mut row);
    joined
}

/// The colour of a short line without a pattern of its own.
fn colour_of_dash(shape: &Shape, longest: f64) -> Option<Rgb> {
    let short = |run: &Vec<Point>| run.len() >= 2 && length(run) <= longest;
    let plain = !shape.closed && !shape.curved && shape.dash.is_empty() && shape.fill.is_none();
    shape.stroke.filter(|_| plain && shape.runs.len() == 1 && shape.runs.iter().all(short))
}

fn length(run: &[Point]) -> f64 {
    run.windows(2).map(|pair| distance(pair[0], pair[1])).sum()
}

fn distance(a: Point, b: Point) -> f64 {
    (b[0] - a[0]).hypot(b[1] - a[1])
}

/// The last, or the first, straight part of a dash.
fn end(shape: &Shape, last: bool) -> Option<[Point; 2]> {
    let mut parts = shape.runs.first()?.windows(2).map(|pair| [pair[0], pair[1]]);
    if last { parts.next_back() } else { parts.next() }
}

/// The direction of a straight part; zero for a dot.
fn way([from, to]: [Point; 2]) -> Point {
    let length = distance(from, to).max(1e-9);
    [(to[0] - from[0]) / length, (to[1] - from[1]) / length]
}

/// Whether the dash `b` goes on where `a` ends: after a gap of the same order, and not backwards, as tick marks and error bars do.
fn follows(a: &Shape, b: &Shape) -> bool {
    let (Some(last), Some(first)) = (end(a, true), end(b, false)) else { return false };
    let gap = [first[0][0] - last[1][0], first[0][1] - last[1][1]];
    let (wide, dash) = (gap[0].hypot(gap[1]), a.runs.iter().chain(&b.runs).map(|run| length(run)).fold(0.0, f64::max));
    // Both together, for at a peak the gap leads away from either.
    let (u, v) = (way(last), way(first));
    wide > 0.5 && wide <= (GAP * dash).max(GAP_OF_DOTS) && (u[0] + v[0]) * gap[0] + (u[1] + v[1]) * gap[1] > 0.0
}

/// Puts `row` to the shapes, as one if it is a dashed line.
fn finish(joined: &mut Vec<Shape>, row: &mut Vec<Shape>) {
    if row.len() < LEAST {
        joined.append(row);
        return;
    }
    let mut pieces = std::mem::take(row).into_iter();
    let Some(mut whole) = pieces.next() else { return };
    let mut last = end(&whole, true);
    for piece in pieces {
        let corner = last.zip(end(&piece, false)).and_then(|(a, b)| corner(a, b));
        last = end(&piece, true);
        if let Some(run) = whole.runs.first_mut() {
            run.extend(corner);
            run.extend(piece.runs.into_iter().flatten());
        }
        whole.whole &= piece.whole;
    }
    PIECES.clone_into(&mut whole.dash);
    joined.push(whole);
}

/// Where a line of dashes may go on after its ends, which may lie in a gap; nothing for other lines.
pub(in crate::vector) fn tails(look: &Look, runs: &[Vec<Point>]) -> Vec<Vec<Point>> {
    if look.pattern != PIECES {
        return Vec::new();
    }
    let tail = |run: Vec<Point>| {
        let end = *run.last()?;
        let gap = run.windows(2).map(|pair| distance(pair[0], pair[1])).fold(0.0, f64::max);
        // A short last dash, rounded, has no direction.
        let before = run.iter().rev().find(|point| distance(**point, end) > FAR_ENOUGH)?;
        let way = way([*before, end]);
        Some(vec![end, [end[0] + gap * way[0], end[1] + gap * way[1]]])
    };
    runs.iter().flat_map(|run| [run.clone(), run.iter().rev().copied().collect()]).filter_map(tail).collect()
}

/// Where the line through `a` and that through `b` meet in the gap between them.
fn corner(a: [Point; 2], b: [Point; 2]) -> Option<Point> {
    let (u, v) = (way(a), way(b));
    let cross = u[0] * v[1] - u[1] * v[0];
    let gap = [b[0][0] - a[1][0], b[0][1] - a[1][1]];
    let after_a = (gap[0] * v[1] - gap[1] * v[0]) / cross;
    let before_b = (u[0] * gap[1] - u[1] * gap[0]) / cross;
    let reach = after_a.max(before_b);
    let meet = cross.abs() > CORNER && after_a.min(before_b) > 0.0 && reach <= LONGEST_REACH.max(1.5 * gap[0].hypot(gap[1]));
    meet.then(|| [a[1][0] + after_a * u[0], a[1][1] + after_a * u[1]])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vector::source::shapes::flatten;

    fn runs(lines: &[&str]) -> Vec<(usize, String)> {
        let lines: Vec<String> = lines.iter().map(|points| format!("<polyline fill='none' stroke='red' points='{points}'/>")).collect();
        let svg = format!("<svg xmlns='http://www.w3.org/2000/svg' width='300' height='300'>{}</svg>", lines.concat());
        let shapes = flatten(&roxmltree::Document::parse(&svg).unwrap()).unwrap();
        join(shapes.drawn, 300.0).into_iter().map(|shape| (shape.runs[0].len(), shape.dash)).collect()
    }

    #[test]
    fn dashes_become_one_line_with_its_corners() {
        // As plotters draws 98,134 – 230,221 – 260,100: up again after the corner, which lies in a gap.
        assert_eq!(runs(&["218,213 224,217", "231,216 233,209", "234,205 236,198", "237,194 239,187"]), [(9, "pieces".to_owned())]);
        assert_eq!(corner([[218.0, 210.0], [224.0, 216.0]], [[232.0, 216.0], [238.0, 210.0]]), Some([228.0, 220.0]));
    }

    #[test]
    fn ticks_error_bars_and_far_lines_stay_alone() {
        let alone = |lines: &[&str]| runs(lines).iter().all(|(_, dash)| dash.is_empty());
        assert!(alone(&["76,474 81,474", "76,470 81,470", "76,466 81,466", "76,462 81,462"]), "ticks");
        assert!(alone(&["50,90 50,80", "47,80 53,80", "47,90 53,90", "60,90 60,80", "57,80 63,80", "57,90 63,90"]), "error bars");
        assert!(alone(&["50,50 56,50", "80,50 86,50", "110,50 116,50"]), "too far");
        assert!(alone(&["50,50 56,50", "60,50 66,50"]), "two");
    }
}
