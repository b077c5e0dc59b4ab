//! One false value of a line.

use mlgrade_picture::geometry::Point;
use std::collections::{BTreeSet, HashSet};

use crate::raster::ink::trace::{Sample, extent, samples};
use crate::raster::ink::{Cell, Ink};
use crate::raster::legend::Legend;
use crate::raster::matching::found::Found;

use super::{LEAST_WAY, Moved, only};

/// How much farther than half of the stroke ink reaches from a line's middle, at most.
const EDGE: f64 = 1.3;
/// Of a piece of ink, the share that the value has to explain where it is drawn.
const EXPLAINED: f64 = 0.8;
/// Of what can be seen of its lines there, the share that has to be drawn.
const DRAWN: f64 = 0.9;
const DRAWN_DASHED: f64 = 0.5;
/// The least that it explains more, in pixels and in stroke widths: less is a ragged edge.
const LEAST_GAIN: f64 = 6.0;
const LEAST_STROKES: f64 = 1.5;
/// Of a dashed line's ink, more must be explained to be sure, in strokes' widths.
const DASHES_IN_STROKES: f64 = 6.0;
/// More pieces, or pixels in them, are noise, or other things of the same colour.
const MOST_PIECES: usize = 24;
const MOST_PIXELS: usize = 4_000;
/// The values that are tried of those that could explain a piece.
const MOST_VALUES: usize = 12;

/// Blames the point of `series` that is drawn elsewhere, if there is one.
pub(in crate::raster) fn find(ink: &Ink, legend: &Legend, series: &mut [Found]) {
    let layers: BTreeSet<u8> = series.iter().map(|one| one.layer).collect();
    let mut found = Vec::new();
    for layer in layers {
        let widest = widest(ink, series, layer);
        let pieces = unexplained(ink, legend, series, layer, widest);
        if pieces.len() > MOST_PIECES || pieces.iter().map(Vec::len).sum::<usize>() > MOST_PIXELS {
            return;
        }
        let stroke = ink.layers[usize::from(layer)].stroke;
        let (least, away) = (LEAST_GAIN.max(LEAST_STROKES * stroke), if has_markers(stroke, widest) { 0.75 * widest } else { 0.0 });
        let best = |piece: &Vec<Point>| {
            let tried = candidates(series, layer, piece).into_iter().filter_map(|value| explained(ink, legend, series, value, piece));
            // Less far than a marker reaches it would explain the marker's rim.
            let far = |moved: &Moved| (moved.row - series[moved.series].points[moved.vertex][1]).abs() >= away;
            tried.filter(|moved| moved.gain >= least && far(moved)).max_by(|a, b| a.gain.total_cmp(&b.gain))
        };
        found.extend(pieces.iter().filter_map(best));
    }
    if let Some(moved) = only(&found) {
        let one = &mut series[moved.series];
        // Another line's ink may look like some dashes of this one.
        let gain: f64 = found.iter().map(|moved| moved.gain).sum();
        let sure = !one.dashed || one.veiled || gain >= DASHES_IN_STROKES * ink.layers[usize::from(one.layer)].stroke;
        if sure { one.blame(moved.vertex, moved.row) } else { one.veiled = true }
    }
}

/// The width of a layer's ink at its markers, if it has some: they may be a small part of it.
fn widest(ink: &Ink, series: &[Found], layer: u8) -> f64 {
    let on_ink = |at: &&Point| at[0] >= 0.0 && at[1] >= 0.0 && ink.at(at[0] as isize, at[1] as isize) == Cell::Ink(layer);
    let points = series.iter().filter(|one| one.layer == layer).flat_map(|one| &one.points).filter(on_ink);
    let mut widths: Vec<u16> = points.map(|at| ink.reach(at[0] as usize, at[1] as usize, layer)).collect();
    widths.sort_unstable();
    let usual = widths.get(widths.len() / 2).map_or(0.0, |&width| f64::from(width));
    ink.layers[usize::from(layer)].widest.max(usual)
}

fn has_markers(stroke: f64, widest: f64) -> bool {
    widest > 1.5 * stroke + 1.0
}

/// How far from a line's middle its ink reaches.
fn radius(ink: &Ink, layer: u8) -> f64 {
    ink.layers[usize::from(layer)].stroke / 2.0 + EDGE
}

/// Pieces of a layer's ink, longer than its stroke is wide, that are on no claimed line of the layer and on no marker of its points.
fn unexplained(ink: &Ink, legend: &Legend, series: &[Found], layer: u8, widest: f64) -> Vec<Vec<Point>> {
    let size = [ink.width as f64, ink.height as f64];
    let stroke = ink.layers[usize::from(layer)].stroke;
    let mut taken = vec![false; ink.cells.len()];
    for one in series.iter().filter(|one| one.layer == layer) {
        for sample in samples(&one.points, size, 4.0, 1.0) {
            paint(ink, &mut taken, sample.at, radius(ink, layer));
        }
        if has_markers(stroke, widest) {
            // A square's corner is farther from its middle than its side.
            for at in one.points.iter().filter(|at| ink.holds(**at)) {
                paint(ink, &mut taken, *at, 0.75 * widest + EDGE);
            }
        }
    }
    let mut pieces = Vec::new();
    for place in 0..ink.cells.len() {
        if ink.cells[place] != Cell::Ink(layer) || taken[place] {
            continue;
        }
        let piece: Vec<Point> = ink.piece(place, &mut taken).into_iter().map(|place| ink.middle_of(place)).collect();
        let ((left, right), (top, bottom)) = (extent(&piece, 0), extent(&piece, 1));
        let at_frame = left < 3.0 || top < 3.0 || right > size[0] - 3.0 || bottom > size[1] - 3.0;
        let long = (right - left).max(bottom - top) + 1.0 >= (0.8 * stroke).max(2.0);
        if long && !at_frame && !legend.may_own(&piece, &ink.layers[usize::from(layer)]) {
            pieces.push(piece);
        }
    }
    pieces
}

fn paint(ink: &Ink, taken: &mut [bool], at: Point, radius: f64) {
    let (x, y, reach) = (at[0].floor() as isize, at[1].floor() as isize, radius.ceil() as isize);
    for (dx, dy) in (-reach..=reach).flat_map(|dy| (-reach..=reach).map(move |dx| (dx, dy))) {
        if ((x + dx) as f64 + 0.5 - at[0]).hypot((y + dy) as f64 + 0.5 - at[1]) <= radius {
            ink.mark(taken, x + dx, y + dy);
        }
    }
}

/// Series, vertex and row of the values that could explain a piece: at its ends, in its middle, or such that the line from a
/// neighbour runs through its middle.
fn candidates(series: &[Found], layer: u8, piece: &[Point]) -> Vec<(usize, usize, f64)> {
    let ((left, right), (top, bottom)) = (extent(piece, 0), extent(piece, 1));
    let middle = [f64::midpoint(left, right), f64::midpoint(top, bottom)];
    let mut near: Vec<(f64, usize, usize)> = Vec::new();
    for (i, one) in series.iter().enumerate().filter(|(_, one)| one.layer == layer) {
        for vertex in 0..one.points.len() {
            let (from, to) = extent(&one.points[around(vertex, one)], 0);
            if from <= right + 1.0 && to >= left - 1.0 {
                near.push(((one.points[vertex][0] - middle[0]).abs(), i, vertex));
            }
        }
    }
    near.sort_by(|a, b| a.0.total_cmp(&b.0));
    near.truncate(MOST_VALUES);
    let mut tried = Vec::new();
    for (_, i, vertex) in near {
        let points = &series[i].points;
        let at = points[vertex];
        // The row at which the line from a neighbour runs through most of the piece, whatever marker or crossing is part of it.
        let through = |from: &Point| {
            let share = |through: &Point| (at[0] - from[0]) / (through[0] - from[0]);
            let mut rows: Vec<f64> =
                piece.iter().filter(|pixel| (0.5..=4.0).contains(&share(pixel))).map(|pixel| from[1] + (pixel[1] - from[1]) * share(pixel)).collect();
            let half = rows.len() / 2;
            (!rows.is_empty()).then(|| *rows.select_nth_unstable_by(half, f64::total_cmp).1)
        };
        let neighbours = [vertex.checked_sub(1).and_then(|before| points.get(before)), points.get(vertex + 1)];
        let rows = [top + EDGE, bottom - EDGE, middle[1]].into_iter().chain(neighbours.into_iter().flatten().filter_map(through));
        tried.extend(rows.filter(|row| (row - at[1]).abs() >= LEAST_WAY).map(|row| (i, vertex, row)));
    }
    tried
}

/// A vertex with its neighbours.
fn around(vertex: usize, one: &Found) -> std::ops::Range<usize> {
    vertex.saturating_sub(1)..(vertex + 2).min(one.points.len())
}

/// The value at another row, if its lines are drawn there and explain the piece, less what only the claimed value explains.
fn explained(ink: &Ink, legend: &Legend, series: &[Found], (i, vertex, row): (usize, usize, f64), piece: &[Point]) -> Option<Moved> {
    let one = &series[i];
    let size = [ink.width as f64, ink.height as f64];
    let reach = radius(ink, one.layer);
    let near = |path: &[Sample], at: Point| path.iter().any(|sample| (sample.at[0] - at[0]).hypot(sample.at[1] - at[1]) <= reach + 0.3);
    let span = around(vertex, one);
    let claimed = &one.points[span.clone()];
    let mut elsewhere = claimed.to_vec();
    elsewhere[vertex - span.start][1] = row;
    let path = samples(&elsewhere, size, 0.0, 1.0);
    let gained = piece.iter().filter(|at| near(&path, **at)).count() as f64;
    if gained < EXPLAINED * piece.len() as f64 {
        return None;
    }
    let cover = legend.cover_of(ink, one.layer);
    let seen: Vec<f64> = path.iter().filter_map(|sample| ink.look(one.layer, sample.at, cover).distance()).collect();
    let drawn = seen.iter().filter(|away| **away <= EDGE).count() as f64;
    let least = if one.dashed { DRAWN_DASHED } else { DRAWN };
    if seen.len() * 2 < path.len() || drawn < least * seen.len() as f64 {
        return None;
    }
    let (left, right) = extent(claimed, 0);
    let mut others: Vec<Sample> = series
        .iter()
        .enumerate()
        .filter(|(j, other)| *j != i && other.layer == one.layer)
        .flat_map(|(_, other)| samples(&other.points, size, 0.0, 1.0))
        .collect();
    others.extend(samples(&one.points[..=span.start], size, 0.0, 1.0));
    others.extend(samples(&one.points[span.end - 1..], size, 0.0, 1.0));
    others.retain(|sample| sample.at[0] >= left - 2.0 * reach && sample.at[0] <= right + 2.0 * reach);
    let lost = own_ink(ink, one.layer, &samples(claimed, size, 0.0, 1.0), reach).into_iter().filter(|at| !near(&path, *at) && !near(&others, *at)).count();
    Some(Moved { series: i, vertex, row, gain: gained - 1.5 * lost as f64 })
}

/// The ink of a layer along a path.
fn own_ink(ink: &Ink, layer: u8, path: &[Sample], reach: f64) -> Vec<Point> {
    let mut found = HashSet::new();
    let around = reach.ceil() as isize;
    for sample in path {
        let (x, y) = (sample.at[0].floor() as isize, sample.at[1].floor() as isize);
        for (x, y) in (-around..=around).flat_map(|dy| (-around..=around).map(move |dx| (x + dx, y + dy))) {
            let away = (x as f64 + 0.5 - sample.at[0]).hypot(y as f64 + 0.5 - sample.at[1]);
            if ink.at(x, y) == Cell::Ink(layer) && away <= reach {
                found.insert((x, y));
            }
        }
    }
    found.into_iter().map(|(x, y)| [x as f64 + 0.5, y as f64 + 0.5]).collect()
}
