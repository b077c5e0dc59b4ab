//! Two series of one colour, one drawn as dots and one as a line, as in Chollet's book: `plt.plot(x, a, "bo")` and `plt.plot(x, b, "b")`.
//!
//! The dots are taken for a layer of their own, so that neither series is followed through the other's ink.

use mlgrade_picture::geometry::Point;

use crate::claim::{Claim, Kind};
use crate::raster::ink::{Cell, Ink};
use crate::raster::legend::{Drawn, Legend};
use crate::raster::matching::follow::follow;
use crate::raster::matching::found::Found;
use crate::raster::matching::line::{self, Lines};
use crate::raster::matching::scatter::{self, Points};

use super::{Answer, View, fit, more_than_claimed, series, unclaimed_points};
use crate::reason::Outcome;

/// The ink with the dots of one layer as a layer of its own.
pub(super) struct Split {
    pub(super) ink: Ink,
    pub(super) legend: Legend,
    pub(super) answer: Answer,
}

/// Dots are at least so much wider than the line, in pixels, and so much as a factor.
const WIDER: f64 = 1.5;
const TIMES: f64 = 1.5;

/// Larger dots are not looked for, in pixels.
const MOST_RADIUS: f64 = 20.0;

/// With so many points in both series, that one is off says something.
const LEAST_POINTS: usize = 12;

/// How far the ink of a point may be, in pixels.
const NEAR: f64 = 4.0;

/// How much less than the radius a middle of a dot is from its edge, at most, in pixels: dots snap to pixels.
const MIDDLE: f64 = 0.8;

/// A distance of one pixel across or down, and of one along the diagonal (Borgefors, 1986).
const STRAIGHT: u32 = 3;
const DIAGONAL: u32 = 4;

/// Both series, one as dots and the other as a line of the same colour, whichever it is: where that shows them, or where it shows all but one
/// point. `None` where neither is so, or where either may be the dots.
pub(super) fn find(view: &View<'_>, claim: &Claim, claimed: &[Vec<Point>]) -> Option<Split> {
    if claim.kind() != Kind::Line || claimed.len() != 2 || claimed.iter().any(|points| points.len() < 3) {
        return None;
    }
    let layers = (0..view.ink.layers.len() as u8).filter(|&layer| claimed.iter().all(|points| is_near(view.ink, layer, points)));
    let found = layers.flat_map(|layer| {
        let depth = depth(view.ink, layer);
        [0, 1].map(|dots| split(view, claim, claimed, (layer, &depth), dots)).into_iter().flatten()
    });
    let (mut shown, mut nearly): (Vec<Split>, Vec<Split>) = found.partition(|one| one.answer.shows());
    match (shown.len(), nearly.len()) {
        (1, _) => shown.pop(),
        (0, 1) => nearly.pop(),
        _ => None,
    }
}

/// Whether ink of a layer is at most of the points.
fn is_near(ink: &Ink, layer: u8, points: &[Point]) -> bool {
    let near = points.iter().filter(|at| ink.distance(layer, **at, NEAR).is_finite()).count();
    near * 2 > points.len()
}

/// With the series `dots` as dots of `layer`, of which the depth is given.
fn split(view: &View<'_>, claim: &Claim, claimed: &[Vec<Point>], (layer, depth): (u8, &[u32]), dots: usize) -> Option<Split> {
    let (ink, new) = with_dots(view.ink, (layer, depth), &claimed[dots])?;
    let lines = line::find(&ink, &claimed[1 - dots..2 - dots], view.legend)?;
    let points = scatter::find(&ink, &claimed[dots..=dots], view.legend)?;
    let ([line], [dot]) = (lines.series.as_slice(), points.series.as_slice()) else { return None };
    // Markers on a line of their own are no dots.
    let joined = follow(&ink, &dot.points, layer, view.legend, &[]).is_joined();
    if line.layer != layer || dot.layer != new || !line.is_joined() || joined {
        return None;
    }
    let legend = view.legend.with_dots(view.picture, view.ink, layer, new);
    let both = if dots == 0 { [dot.clone(), line.clone()] } else { [line.clone(), dot.clone()] };
    let answer = answer(&View { ink: &ink, ..*view }, claim, &both, &lines, &points);
    let off = both.iter().flat_map(|one| &one.off).filter(|off| **off > 0.0).count();
    let nearly = off == 1 && both.iter().map(|one| one.off.len()).sum::<usize>() >= LEAST_POINTS;
    (answer.shows() || nearly).then_some(Split { ink, legend, answer })
}

fn answer(view: &View<'_>, claim: &Claim, found: &[Found; 2], lines: &Lines, points: &Points) -> Answer {
    let series = series::readings(view, claim, found, Kind::Line);
    let mut outcome = unclaimed_points(view, points, series::outcome(&series, found, Kind::Line));
    if matches!(outcome, Outcome::Shows(_)) {
        outcome = more_than_claimed(view, lines).map_or(outcome, Outcome::CannotTell);
    }
    let drawn = found.iter().map(Drawn::of).collect();
    let fit = fit(found, lines.unclaimed.max(points.unclaimed));
    Answer { outcome, series, drawn, fit: Some(fit), joined: true, unclaimed: points.extra.len() }
}

/// How far each pixel of a layer is from what is none of it. Lines of the frame and of a grid cut no dot.
fn depth(ink: &Ink, layer: u8) -> Vec<u32> {
    spread(ink, ink.cells.iter().map(|&cell| if cell == Cell::Ink(layer) || cell == Cell::Lines { u32::MAX } else { 0 }).collect())
}

/// The ink with the dots of a layer as a new layer, and its number; `points` tell how large they are.
fn with_dots(ink: &Ink, (layer, depth): (u8, &[u32]), points: &[Point]) -> Option<(Ink, u8)> {
    let new = u8::try_from(ink.layers.len()).ok()?;
    let radius = radius(ink, depth, points)?;
    let is_middle = |(&depth, &cell): (&u32, &Cell)| cell == Cell::Ink(layer) && pixels(depth) >= radius - MIDDLE;
    let around = spread(ink, depth.iter().zip(&ink.cells).map(|at| if is_middle(at) { 0 } else { u32::MAX }).collect());
    let mut split = ink.clone();
    for (cell, &way) in split.cells.iter_mut().zip(&around) {
        if *cell == Cell::Ink(layer) && pixels(way) <= radius + 0.4 {
            *cell = Cell::Ink(new);
        }
    }
    split.layers.push(ink.layers[usize::from(layer)].clone());
    split.measure();
    let (line, dots) = (&split.layers[usize::from(layer)], &split.layers[usize::from(new)]);
    let wider = dots.widest >= line.stroke + WIDER && dots.widest >= TIMES * line.stroke;
    let both = [layer, new].iter().all(|one| split.cells.contains(&Cell::Ink(*one)));
    (both && wider).then_some((split, new))
}

/// The radius of the dots at most of the points, in pixels.
fn radius(ink: &Ink, depth: &[u32], points: &[Point]) -> Option<f64> {
    let deepest = |at: &Point| {
        let (x, y) = (at[0].floor() as isize, at[1].floor() as isize);
        let near = (-2..=2).flat_map(|dy| (-2..=2).map(move |dx| (x + dx, y + dy)));
        let places = near.filter_map(|(x, y)| Some((usize::try_from(x).ok()?, usize::try_from(y).ok()?)));
        places.filter(|(x, y)| *x < ink.width && *y < ink.height).map(|(x, y)| depth[y * ink.width + x]).max().unwrap_or(0)
    };
    let mut depths: Vec<u32> = points.iter().map(deepest).collect();
    depths.sort_unstable();
    // Where dots lie on the line they seem to be deeper, so the median is of those that stand alone.
    let radius = pixels(depths[depths.len() / 3]);
    (2.0..=MOST_RADIUS).contains(&radius).then_some(radius)
}

fn pixels(distance: u32) -> f64 {
    f64::from(distance) / f64::from(STRAIGHT)
}

/// Distances from the pixels that have 0, in two passes over the panel.
fn spread(ink: &Ink, mut far: Vec<u32>) -> Vec<u32> {
    let (width, height) = (ink.width as isize, ink.height as isize);
    let mut pass = |places: &mut dyn Iterator<Item = (isize, isize)>, steps: [(isize, isize, u32); 4]| {
        for (x, y) in places {
            let place = (y * width + x).cast_unsigned();
            let mut least = far[place];
            for (dx, dy, step) in steps {
                let (x, y) = (x + dx, y + dy);
                if x >= 0 && y >= 0 && x < width && y < height {
                    least = least.min(far[(y * width + x).cast_unsigned()].saturating_add(step));
                }
            }
            far[place] = least;
        }
    };
    let before = [(-1, 0, STRAIGHT), (0, -1, STRAIGHT), (-1, -1, DIAGONAL), (1, -1, DIAGONAL)];
    let mut places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    pass(&mut places, before);
    let mut backwards = (0..height).rev().flat_map(|y| (0..width).rev().map(move |x| (x, y)));
    pass(&mut backwards, before.map(|(dx, dy, step)| (-dx, -dy, step)));
    far
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::Frame;
    use mlgrade_picture::Picture;

    #[test]
    fn dots_of_one_colour_with_a_line_are_a_layer_of_their_own() {
        let (width, height) = (200, 100);
        let dots: Vec<Point> = (1..=9).map(|i| [20.0 * f64::from(i), 30.0]).collect();
        let mut rgb = vec![255; width * height * 3];
        for (place, pixel) in rgb.chunks_exact_mut(3).enumerate() {
            let (x, y) = ((place % width) as f64 + 0.5, (place / width) as f64 + 0.5);
            let on_line = (y - 0.5 * x).abs() < 1.2;
            if on_line || dots.iter().any(|at| (x - at[0]).hypot(y - at[1]) <= 4.0) {
                pixel.copy_from_slice(&[0, 0, 255]);
            }
        }
        let ink = Ink::of(&Picture { width, height, rgb }, Frame { left: 0, top: 0, right: width, bottom: height });
        let (split, new) = with_dots(&ink, (0, &depth(&ink, 0)), &dots).unwrap();
        assert!(dots.iter().all(|at| split.at(at[0] as isize, at[1] as isize) == Cell::Ink(new)));
        // The line at column 160, far from the dots, and no dot's ink there.
        assert_eq!(split.at(160, 80), Cell::Ink(0));
        let away = split.cells.iter().enumerate().filter(|(place, cell)| **cell == Cell::Ink(new) && place / width > 40);
        assert_eq!(away.count(), 0);
        // Points on the line have no dots.
        let on_line: Vec<Point> = (4..=9).map(|i| [20.0 * f64::from(i), 10.0 * f64::from(i)]).collect();
        assert!(with_dots(&ink, (0, &depth(&ink, 0)), &on_line).is_none());
    }
}
