//! Ink of a claimed line's colour that the claim does not explain.

use crate::raster::ink::trace::{Cover, Seen, extent, samples};
use crate::raster::ink::{Cell, Ink};
use crate::raster::legend::Legend;
use crate::raster::matching::bars;
use crate::raster::matching::found::Found;
use crate::raster::matching::line::tolerance;
use mlgrade_picture::geometry::Point;

/// A piece of ink that leaves a claimed line of its colour.
#[derive(Debug, Clone, Copy)]
pub(in crate::raster) struct Stray {
    /// Somewhere in its middle.
    pub(in crate::raster) at: Point,
    layer: u8,
    /// From where to where it reaches across.
    columns: [f64; 2],
}

/// How much farther from a line its ink may lie than the line from its ink, in pixels.
const LOOSE: f64 = 0.9;

/// More pieces than these are noise, or other things of the same colour.
const MOST: usize = 3;

/// Takes each piece that is where a series should be which cannot be seen at its claimed place: there, it is the series, and its nearest
/// point is off.
pub(in crate::raster) fn displaced(ink: &Ink, legend: &Legend, series: &mut [Found], stray: &[Stray]) {
    if stray.len() > MOST {
        return;
    }
    for piece in stray {
        let own: Vec<usize> = (0..series.len()).filter(|&i| series[i].layer == piece.layer).collect();
        let missing = own.iter().find_map(|&i| {
            let others: Vec<&Found> = own.iter().filter(|&&j| j != i).map(|&j| &series[j]).collect();
            missing_beside(ink, legend, &series[i], &others, piece).map(|vertex| (i, vertex))
        });
        if let Some((i, vertex)) = missing {
            let [x, y] = series[i].points[vertex];
            series[i].off[vertex] = (piece.at[0] - x).hypot(piece.at[1] - y).max(1.0);
        }
    }
}

/// The claimed point that is nearest to a piece, if the line of its series cannot be recognised there: something hides it, or another
/// series of its colour runs where it is claimed.
fn missing_beside(ink: &Ink, legend: &Legend, one: &Found, others: &[&Found], piece: &Stray) -> Option<usize> {
    let size = [ink.width as f64, ink.height as f64];
    let within = |points: &[Point]| {
        let mut found = samples(points, size, 0.0, 1.0);
        found.retain(|sample| sample.at[0] >= piece.columns[0] - 1.0 && sample.at[0] <= piece.columns[1] + 1.0);
        found
    };
    let shared: Vec<Point> = others.iter().flat_map(|other| within(&other.points)).map(|sample| sample.at).collect();
    let near = tolerance(ink, one.layer);
    let own = within(&one.points);
    let unproven = own.iter().filter(|sample| {
        let hidden = ink.look(one.layer, sample.at, legend.cover_of(ink, one.layer)) == Seen::Hidden;
        hidden || shared.iter().any(|at| (at[0] - sample.at[0]).hypot(at[1] - sample.at[1]) <= near)
    });
    let enough = unproven.count() * 2 >= own.len();
    let gap = |at: Point| (at[0] - piece.at[0]).hypot(at[1] - piece.at[1]);
    let nearest = own.iter().min_by(|a, b| gap(a.at).total_cmp(&gap(b.at)))?;
    enough.then_some(nearest.vertex)
}

/// How much ink of the used colours is not on any claim: the worst colour's share, and the stray pieces.
pub(in crate::raster) fn unclaimed(ink: &Ink, series: &[Found], around: &Cover) -> (f64, Vec<Stray>) {
    let size = [ink.width as f64, ink.height as f64];
    let mut claimed = vec![false; ink.cells.len()];
    for found in series {
        let layer = &ink.layers[usize::from(found.layer)];
        // Markers are wider than the line, but an area is no marker.
        let widest = 0.07 * ink.height.min(ink.width) as f64;
        let radius = layer.widest.max(layer.stroke).min(widest) / 2.0 + tolerance(ink, found.layer) + LOOSE;
        let reach = radius.ceil() as isize;
        let disc: Vec<(isize, isize)> =
            (-reach..=reach).flat_map(|y| (-reach..=reach).map(move |x| (x, y))).filter(|&(x, y)| (x as f64).hypot(y as f64) <= radius).collect();
        for sample in samples(&found.points, size, radius, (radius / 3.0).max(1.0)) {
            let (x, y) = (sample.at[0].floor() as isize, sample.at[1].floor() as isize);
            for &(dx, dy) in &disc {
                ink.mark(&mut claimed, x + dx, y + dy);
            }
        }
        // Points that nothing joins may lie on bars by chance.
        if found.is_joined() {
            bars::claim(ink, found.layer, &found.points, &mut claimed);
        }
    }
    let mut worst: f64 = 0.0;
    let mut stray = Vec::new();
    let mut used: Vec<u8> = series.iter().map(|found| found.layer).collect();
    used.sort_unstable();
    used.dedup();
    for layer in used {
        let (mut free, mut all) = (0_usize, 0_usize);
        for (place, claimed) in claimed.iter().enumerate().filter(|(place, _)| ink.cells[*place] == Cell::Ink(layer)) {
            if !around.holds(ink.middle_of(place)) {
                all += 1;
                free += usize::from(!claimed);
            }
        }
        worst = worst.max(free as f64 / all.max(1) as f64);
        let stroke = ink.layers[usize::from(layer)].stroke;
        for place in 0..ink.cells.len() {
            if ink.cells[place] == Cell::Ink(layer)
                && !claimed[place]
                && let Some(at) = stray_piece(ink, place, &mut claimed, around, (2.0 * stroke).max(6.0))
            {
                stray.push(at);
            }
        }
    }
    (worst, stray)
}

/// Takes the unclaimed ink that hangs together with `place`. It is stray if it is at least `least` pixels long, touches claimed ink of
/// its colour, and lies neither at the frame nor near a legend.
fn stray_piece(ink: &Ink, place: usize, taken: &mut [bool], around: &Cover, least: f64) -> Option<Stray> {
    let Cell::Ink(layer) = ink.cells[place] else { return None };
    let found = ink.piece(place, taken);
    let points: Vec<Point> = found.iter().map(|&place| ink.middle_of(place)).collect();
    let ((left, right), (top, bottom)) = (extent(&points, 0), extent(&points, 1));
    let at_frame = left < 3.0 || top < 3.0 || right > ink.width as f64 - 3.0 || bottom > ink.height as f64 - 3.0;
    let inside: std::collections::HashSet<usize> = found.iter().copied().collect();
    let touches = found.iter().any(|&place| ink.beside(place).any(|next| ink.cells[next] == Cell::Ink(layer) && !inside.contains(&next)));
    let long = (right - left).hypot(bottom - top) >= least;
    let apart = points.iter().all(|at| !around.holds(*at));
    (touches && long && apart && !at_frame).then(|| Stray { at: ink.middle_of(found[found.len() / 2]), layer, columns: [left, right] })
}
