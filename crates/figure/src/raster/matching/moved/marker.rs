//! One false point among markers.

use crate::raster::ink::trace::extent;
use crate::raster::ink::{Cell, Ink};
use crate::raster::matching::found::Found;
use mlgrade_picture::geometry::Point;

use super::{LEAST_WAY, Moved, only};

/// The pixels that a marker covers, relative to its point.
type Marker = [(isize, isize)];

/// Of a marker's pixels, the share that may lack others where it is claimed.
const ALONE: usize = 10;
/// How far from a marker's pixel ink is still its own.
const EDGE: f64 = 1.6;
/// More pieces are noise.
const MOST_PIECES: usize = 12;

/// Blames the point that others hide where it is claimed and that would explain a piece of ink if it were drawn above or below.
/// `is_drawn` tells of a series whether a marker may be drawn at a place.
pub(in crate::raster) fn find(ink: &Ink, series: &mut [Found], markers: &[impl AsRef<Marker>], pieces: &[Vec<Point>], is_drawn: impl Fn(usize, Point) -> bool) {
    if pieces.len() > MOST_PIECES {
        return;
    }
    let mut found = Vec::new();
    for piece in pieces {
        let cell = ink.at(piece[0][0].floor() as isize, piece[0][1].floor() as isize);
        // Where two series share a colour, one's points hide the other's.
        let own: Vec<usize> = (0..series.len()).filter(|&i| Cell::Ink(series[i].layer) == cell).collect();
        let own = if own.len() == 1 { own } else { Vec::new() };
        let moved = own.into_iter().flat_map(|i| points(series, markers, i, piece, &is_drawn)).filter(|moved| is_spare(ink, series, markers, moved));
        // Of several that lie on each other the nearest is meant.
        found.extend(moved.max_by(|a, b| a.gain.total_cmp(&b.gain)));
    }
    if let Some(moved) = only(&found) {
        series[moved.series].blame(moved.vertex, moved.row);
    }
}

fn covers(marker: &Marker, from: Point, at: Point) -> bool {
    marker.iter().any(|(dx, dy)| (from[0] + *dx as f64 - at[0]).abs() <= EDGE && (from[1] + *dy as f64 - at[1]).abs() <= EDGE)
}

/// Half of a marker's height.
fn half(marker: &Marker) -> f64 {
    marker.iter().map(|(_, dy)| dy.abs()).max().unwrap_or(1) as f64
}

/// The points of a series that explain a piece elsewhere in their column, each at the row nearest to the claimed one.
fn points(series: &[Found], markers: &[impl AsRef<Marker>], i: usize, piece: &[Point], is_drawn: &impl Fn(usize, Point) -> bool) -> Vec<Moved> {
    let marker = markers[i].as_ref();
    let half = half(marker);
    let (top, bottom) = extent(piece, 1);
    let middle = piece.iter().map(|at| at[0]).sum::<f64>() / piece.len() as f64;
    let columns = series[i].points.iter().enumerate().filter(|(_, at)| (at[0] - middle).abs() <= half + 1.0);
    // Others may hang on a whole marker; of less than one it is the rim that counts.
    let least = if piece.len() * 10 >= marker.len() * 7 { piece.len() * 9 / 10 } else { piece.len() };
    let moved = |(vertex, at): (usize, &Point)| {
        let covered = |row: f64| piece.iter().filter(|pixel| covers(marker, [at[0], row], **pixel)).count();
        let explains = |row: f64| covered(row) >= least && is_drawn(i, [at[0], row]);
        let rows = ((top - half).floor() as isize..=(bottom + half).ceil() as isize).map(|row| row as f64 + 0.5);
        let nearest = rows.filter(|row| (row - at[1]).abs() >= LEAST_WAY && explains(*row)).min_by(|a, b| (a - at[1]).abs().total_cmp(&(b - at[1]).abs()))?;
        Some(Moved { series: i, vertex, row: nearest, gain: -(nearest - at[1]).abs() })
    };
    columns.filter_map(moved).collect()
}

/// Whether nothing would lack where the point is claimed: others explain the ink there.
fn is_spare(ink: &Ink, series: &[Found], markers: &[impl AsRef<Marker>], moved: &Moved) -> bool {
    let marker = markers[moved.series].as_ref();
    let at = series[moved.series].points[moved.vertex];
    let layer = series[moved.series].layer;
    let reach = 2.0 * half(marker) + 4.0;
    let mut near: Vec<(usize, Point)> = Vec::new();
    for (j, other) in series.iter().enumerate().filter(|(_, other)| other.layer == layer) {
        let beside = other
            .points
            .iter()
            .enumerate()
            .filter(|(k, other)| (j, *k) != (moved.series, moved.vertex) && (other[0] - at[0]).abs() <= reach && (other[1] - at[1]).abs() <= reach);
        near.extend(beside.map(|(_, other)| (j, *other)));
    }
    let (x, y) = (at[0].floor() as isize, at[1].floor() as isize);
    let alone = marker.iter().filter(|(dx, dy)| {
        let place = [(x + dx) as f64 + 0.5, (y + dy) as f64 + 0.5];
        ink.at(x + dx, y + dy) == Cell::Ink(layer) && !near.iter().any(|(j, other)| covers(markers[*j].as_ref(), *other, place))
    });
    alone.count() * ALONE <= marker.len()
}
