//! A curve of the claimed shape at other values: the same claim, stretched and moved up or down.

use crate::raster::ink::trace::Cover;
use crate::raster::ink::{Cell, Ink};
use crate::raster::layout::panels::Panel;
use crate::raster::legend::Legend;
use crate::raster::matching::line;
use mlgrade_picture::geometry::Point;

/// How the drawn rows follow from the claimed ones: `drawn = shift + stretch · claimed`, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::raster) struct Rescaled {
    pub(in crate::raster) shift: f64,
    pub(in crate::raster) stretch: f64,
}

/// Pairs of points that are tried, and points that each try is held against.
const TRIES: usize = 400;
const LOOKS: usize = 60;

/// The vertical stretch and shift under which all claimed lines are drawn; `None` if there is none that differs from what the
/// labels say.
pub(in crate::raster) fn find(ink: &Ink, claimed: &[Vec<Point>], legend: &Legend) -> Option<Rescaled> {
    let points: Vec<Point> = claimed.iter().flatten().copied().filter(|at| at[0] >= 0.0 && at[0] < ink.width as f64).collect();
    let inside: Vec<Point> = points.iter().copied().step_by(1 + points.len() / LOOKS).collect();
    let (low, high) = inside.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), at| (low.min(at[1]), high.max(at[1])));
    if inside.len() < 4 || high - low < 4.0 {
        return None;
    }
    let marks: Vec<Vec<f64>> = inside.iter().map(|at| middles(ink, at[0], &legend.around)).collect();
    let mut best: Option<(usize, Rescaled)> = None;
    let mut tries = 0;
    // Points far apart in height fix the stretch best.
    let mut order: Vec<usize> = (0..inside.len()).collect();
    order.sort_by(|&a, &b| inside[a][1].total_cmp(&inside[b][1]));
    for step in 0..order.len() / 2 {
        let (top, bottom) = (order[step], order[order.len() - 1 - step]);
        let apart = inside[bottom][1] - inside[top][1];
        if apart < 0.3 * (high - low) {
            break;
        }
        for &a in &marks[top] {
            for &b in &marks[bottom] {
                tries += 1;
                let stretch = (b - a) / apart;
                if tries > TRIES || !(0.02..50.0).contains(&stretch) {
                    continue;
                }
                let rescaled = Rescaled { shift: a - stretch * inside[top][1], stretch };
                let held = inside.iter().zip(&marks).filter(|(at, marks)| {
                    let row = rescaled.apply(**at)[1];
                    marks.iter().any(|mark| (mark - row).abs() <= 2.5)
                });
                let held = held.count();
                if best.as_ref().is_none_or(|(most, _)| held > *most) {
                    best = Some((held, rescaled));
                }
            }
        }
    }
    let (held, rescaled) = best?;
    if held * 10 < inside.len() * 8 {
        return None;
    }
    let moved: Vec<Vec<Point>> = claimed.iter().map(|points| points.iter().map(|&at| rescaled.apply(at)).collect()).collect();
    let lines = line::find(ink, &moved, legend)?;
    let drawn = lines.series.iter().all(|one| one.worst().is_none() && one.hidden < 0.6);
    (drawn && lines.unclaimed < 0.45).then_some(rescaled)
}

impl Rescaled {
    /// Whether zero stays where it is, so that only the unit differs; always on a logarithmic axis that is only moved.
    pub(in crate::raster) fn is_pure(self, panel: &Panel, ink: &Ink) -> bool {
        if panel.y.log {
            return (self.stretch - 1.0).abs() < 0.02;
        }
        let zero = panel.y.origin - panel.frame.top as f64;
        // A claim far off the axes is squeezed: what counts is the row that zero goes to.
        (self.shift + self.stretch * zero - zero).abs() < 0.02 * ink.height as f64
    }

    pub(in crate::raster) fn apply(self, at: Point) -> Point {
        [at[0], self.shift + self.stretch * at[1]]
    }
}

/// The middles of the runs of ink in a column, at most eight.
fn middles(ink: &Ink, x: f64, cover: &Cover) -> Vec<f64> {
    let x = x.floor() as isize;
    let mut middles = Vec::new();
    let mut y = 0;
    while y < ink.height && middles.len() < 8 {
        let cell = ink.at(x, y as isize);
        if !matches!(cell, Cell::Ink(_)) {
            y += 1;
            continue;
        }
        let from = y;
        while y < ink.height && ink.at(x, y as isize) == cell {
            y += 1;
        }
        let middle = (from + y) as f64 / 2.0;
        if !cover.holds([x as f64, middle]) {
            middles.push(middle);
        }
    }
    middles
}
