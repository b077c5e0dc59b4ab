//! Ink of a claim's colours that no claimed point explains.

use mlgrade_picture::geometry::Point;
use std::collections::HashSet;

use crate::raster::ink::trace::{Cover, extent};
use crate::raster::ink::{Cell, Ink};
use crate::raster::legend::Legend;
use crate::raster::matching::found::Found;

use super::marker::{CLEAR, Marker, bridged, drawn};

/// Ink as large as a marker that nobody claims.
#[derive(Debug, Clone, Copy)]
pub(in crate::raster) struct Extra {
    layer: u8,
    /// Its middle.
    pub(in crate::raster) at: Point,
    /// Whether it is no smaller than most of a marker: less may be the rim of a claimed one.
    pub(in crate::raster) whole: bool,
    /// Whether there is nothing but paper around it.
    pub(in crate::raster) apart: bool,
}

/// A marker's rim, drawn a little aside, belongs to it.
pub(super) const BORDER: [(isize, isize); 5] = [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)];
pub(super) const AROUND: [(isize, isize); 9] = [(0, 0), (2, 0), (-2, 0), (0, 2), (0, -2), (1, 1), (1, -1), (-1, 1), (-1, -1)];

/// Fewer pixels are no piece of a marker.
const LEAST_PIECE: usize = 4;

/// Of a marker that nobody claims, the shares that no claimed one explains, at least, and that is missing, at most.
const FRESH: f64 = 0.4;
const MISSING: f64 = 0.15;

/// Ink that no claimed point explains.
pub(super) struct Unexplained {
    /// Pieces as large as a good part of a marker.
    pub(super) extra: Vec<Extra>,
    /// These and smaller ones, such as the rim of one that lies under another, by their pixels.
    pub(super) pieces: Vec<Vec<Point>>,
    /// The worst colour's share.
    pub(super) unclaimed: f64,
}

/// The ink of claimed points that are drawn whole.
pub(super) fn drawn_ink(ink: &Ink, claimed: &[Vec<Point>], layers: &[u8], markers: &[Marker], legend: &Legend) -> Vec<bool> {
    let whole = |points: &[Point], layer: u8, marker: &Marker| {
        points.iter().copied().filter(|&at| ink.holds(at) && drawn(ink, layer, at, marker, legend).0 >= CLEAR).collect::<Vec<_>>()
    };
    let whole: Vec<Vec<Point>> = claimed.iter().zip(layers).zip(markers).map(|((points, &layer), marker)| whole(points, layer, marker)).collect();
    explained(ink, &whole, markers, &BORDER)
}

/// Where the claimed points have their markers, with a rim.
pub(super) fn explained(ink: &Ink, claimed: &[Vec<Point>], markers: &[Marker], rim: &[(isize, isize)]) -> Vec<bool> {
    let mut explained = vec![false; ink.cells.len()];
    for (points, marker) in claimed.iter().zip(markers) {
        for at in points.iter().filter(|at| at.iter().all(|v| v.abs() < 20_000.0)) {
            let (x, y) = (at[0].floor() as isize, at[1].floor() as isize);
            for (dx, dy) in marker {
                for (ox, oy) in rim {
                    ink.mark(&mut explained, x + dx + ox, y + dy + oy);
                }
            }
        }
    }
    explained
}

/// What no marker explains: `known` tells of each series whether its marker is surely so, `explained` is what the claimed ones cover with wide rims, `claimed` with narrow ones.
pub(super) fn unexplained(ink: &Ink, series: &[Found], markers: &[Marker], known: &[bool], [explained, claimed]: [&[bool]; 2], around: &Cover) -> Unexplained {
    let mut taken = explained.to_vec();
    let (mut extra, mut pieces) = (Vec::new(), Vec::new());
    let mut worst: f64 = 0.0;
    let mut used: Vec<(u8, usize)> = series.iter().zip(markers).map(|(found, marker)| (found.layer, marker.len())).collect();
    // Of a layer with several markers it is the smallest that may be missing.
    used.sort_unstable();
    used.dedup_by_key(|(layer, _)| *layer);
    for (layer, marker) in used {
        let shapes: Vec<&Marker> = series.iter().zip(markers).filter(|(found, _)| found.layer == layer).map(|(_, shape)| shape).collect();
        let known = series.iter().zip(known).all(|(found, known)| found.layer != layer || *known);
        let (mut all, mut free) = (0_usize, 0_usize);
        for place in 0..ink.cells.len() {
            if ink.cells[place] != Cell::Ink(layer) {
                continue;
            }
            all += 1;
            if taken[place] {
                continue;
            }
            let piece = ink.piece(place, &mut taken);
            let covered = piece.iter().any(|&place| around.holds(ink.middle_of(place)));
            let count = piece.len();
            let sum = piece.iter().map(|&place| ink.middle_of(place)).fold([0.0, 0.0], |sum, at| [sum[0] + at[0], sum[1] + at[1]]);
            let middle = sum.map(|sum| sum / count as f64);
            let at_edge = middle[0].min(middle[1]).min(ink.width as f64 - middle[0]).min(ink.height as f64 - middle[1]) <= 4.0;
            if covered || at_edge {
                continue;
            }
            free += count;
            if count >= LEAST_PIECE && count * 10 >= marker {
                let apart = is_apart(ink, &piece);
                let large = count * 5 >= marker * 2;
                // Where it is not known what a marker looks like, anything may be one; else what stands alone and is no piece of a line.
                let other = large && (!known || apart && is_compact(ink, &piece));
                if other || shapes.iter().any(|shape| holds_marker(ink, layer, &piece, shape, claimed)) {
                    extra.push(Extra { layer, at: middle, whole: count * 10 >= marker * 7, apart });
                }
            }
            if count >= LEAST_PIECE && count * 10 >= marker {
                pieces.push(piece.iter().map(|&place| ink.middle_of(place)).collect());
            }
        }
        worst = worst.max(free as f64 / all.max(1) as f64);
    }
    drop_handles(ink, &mut extra, series, markers, claimed);
    Unexplained { extra, pieces, unclaimed: worst }
}

/// Whether a marker may be drawn at some place on or beside a piece of ink that no claimed one explains: nearly all of it is ink or hidden, and
/// a good part of it is such ink.
fn holds_marker(ink: &Ink, layer: u8, piece: &[usize], marker: &Marker, claimed: &[bool]) -> bool {
    let (left, right) = marker.iter().fold((0, 0), |(low, high), place| (low.min(place.0), high.max(place.0)));
    let (top, bottom) = marker.iter().fold((0, 0), |(low, high), place| (low.min(place.1), high.max(place.1)));
    let mut tried = HashSet::new();
    for &place in piece {
        let (x, y) = ((place % ink.width) as isize, (place / ink.width) as isize);
        for (ox, oy) in [(0, 0), (left / 2, 0), (right / 2, 0), (0, top / 2), (0, bottom / 2), (left, 0), (right, 0), (0, top), (0, bottom)] {
            if tried.insert((x + ox, y + oy)) && is_marker(ink, layer, (x + ox, y + oy), marker, claimed) {
                return true;
            }
        }
    }
    false
}

fn is_marker(ink: &Ink, layer: u8, (x, y): (isize, isize), marker: &Marker, claimed: &[bool]) -> bool {
    let (mut fresh, mut missing, mut rest) = (0_usize, 0_usize, 0_usize);
    for (dx, dy) in marker {
        let (x, y) = (x + dx, y + dy);
        let cell = ink.at(x, y);
        rest += usize::from(cell != Cell::Lines);
        if cell == Cell::Ink(layer) {
            fresh += usize::from(!claimed[y.cast_unsigned() * ink.width + x.cast_unsigned()]);
        } else if cell == Cell::Paper && !bridged(ink, layer, x, y) {
            missing += 1;
            if missing as f64 > MISSING * marker.len() as f64 {
                return false;
            }
        }
    }
    rest * 4 >= marker.len() && fresh as f64 >= FRESH * rest as f64 && missing as f64 <= MISSING * rest as f64
}

/// Whether a piece is about as wide as it is high, and fills the box around it.
fn is_compact(ink: &Ink, piece: &[usize]) -> bool {
    let points: Vec<Point> = piece.iter().map(|&place| ink.middle_of(place)).collect();
    let ((left, right), (top, bottom)) = (extent(&points, 0), extent(&points, 1));
    let (width, height) = (right - left + 1.0, bottom - top + 1.0);
    width <= 2.0 * height && height <= 2.0 * width && piece.len() as f64 >= 0.3 * width * height
}

/// Whether all ink within two pixels of a piece is its own.
fn is_apart(ink: &Ink, piece: &[usize]) -> bool {
    let own: HashSet<usize> = piece.iter().copied().collect();
    let free = |place: usize| own.contains(&place) || matches!(ink.cells[place], Cell::Paper | Cell::Lines);
    piece.iter().all(|&place| ink.beside(place).all(|next| free(next) && ink.beside(next).all(free)))
}

/// Takes out the handles of a legend whose text was not read, and its letters, which may be as large as markers.
fn drop_handles(ink: &Ink, extra: &mut Vec<Extra>, series: &[Found], markers: &[Marker], claimed: &[bool]) {
    let whole: Vec<Extra> = extra.iter().filter(|extra| extra.whole && extra.apart).copied().collect();
    if are_handles(ink, extra, series, markers, claimed) {
        extra.clear();
    } else if !whole.is_empty() && are_handles(ink, &whole, series, markers, claimed) {
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
fn are_handles(ink: &Ink, extra: &[Extra], series: &[Found], markers: &[Marker], claimed: &[bool]) -> bool {
    let Some(Extra { at: first, .. }) = extra.first() else { return true };
    let stacked = extra.len() > 1 && extra.iter().all(|Extra { at, .. }| (at[0] - first[0]).abs() <= 2.5);
    let lettered = |Extra { layer, at, .. }: &Extra| {
        let size = size(series, markers, *layer);
        let (x, y) = (at[0] + 0.5 * size + 2.0, at[1]);
        let (rows, columns) = ((0.5 * size).max(3.0) as isize, (4.0 * size).max(40.0) as isize);
        let (x, y) = (x as isize, y as isize);
        let is_ink = |x: isize, y: isize| !matches!(ink.at(x, y), Cell::Paper | Cell::Lines);
        let ink_in = |column: isize, only_letters: bool| {
            (y - rows..=y + rows).any(|row| is_ink(x + column, row) && !(only_letters && claimed[row as usize * ink.width + (x + column) as usize]))
        };
        let inked = |only_letters: bool| (0..columns).filter(|&column| ink_in(column, only_letters)).count() as isize;
        // Some letters may lie on markers.
        inked(false) * 5 > columns * 2 && inked(true) * 7 > columns
    };
    extra.len() <= series.len() && (stacked || extra.iter().all(lettered))
}
