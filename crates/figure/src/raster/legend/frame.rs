//! The box that is drawn around a legend.

use crate::raster::ink::{Cell, Ink};
use crate::reading::Frame;
use mlgrade_picture::Picture;
use mlgrade_picture::geometry::Rect;

use super::block::Block;

/// The lines that run through a panel, held against an edge of a legend's box.
pub(super) struct Grid<'a> {
    pub(super) ink: &'a Ink,
    /// Of the panel, in pixels of the picture.
    pub(super) corner: (usize, usize),
}

impl Grid<'_> {
    /// Whether a line at column `at`, or row `at` if `level`, goes on farther than `slack` beyond the text at `along`: the edge of a box
    /// ends there.
    fn runs_on(&self, at: usize, level: bool, along: std::ops::Range<usize>, slack: f64) -> bool {
        let (left, top) = self.corner;
        let (length, start, corner) = if level { (self.ink.width, left, top) } else { (self.ink.height, top, left) };
        let slack = slack as usize;
        let (from, to) = (along.start.saturating_sub(start + slack), (along.end + slack).saturating_sub(start));
        let is_line = |place: &usize| {
            (at.saturating_sub(1)..=at + 2).filter_map(|at| at.checked_sub(corner)).any(|at| {
                let (x, y) = if level { (*place, at) } else { (at, *place) };
                self.ink.at(x as isize, y as isize) == Cell::Lines
            })
        };
        let beyond: Vec<usize> = (0..length).filter(|place| *place < from || *place >= to).collect();
        // Where the box is as long as the panel, there is no telling.
        beyond.len() >= 8 && beyond.iter().filter(|place| is_line(place)).count() * 2 > beyond.len()
    }
}

/// The box around a block: the nearest edge on each side that runs along most of the text and is neither grid nor an edge of the panel.
pub(super) fn framed(picture: &Picture, panel: Frame, grid: &Grid<'_>, block: &Block) -> Option<Rect> {
    let whole = |v: f64, most: usize| v.clamp(0.0, most as f64 - 2.0) as usize;
    let (width, height) = (picture.width, picture.height);
    if width < 4 || height < 4 {
        return None;
    }
    let Rect { left, top, right, bottom } = block.hull;
    let (left, right) = (whole(left, width), whole(right, width));
    let (top, bottom) = (whole(top, height), whole(bottom, height));
    let reach = |lines: f64| (lines * block.line) as usize + 3;
    let level = |y: usize| edge(left..right + 1, |x| differs(picture, (x, y), (x, y + 1)));
    let row = |y: &usize| level(*y) && !grid.runs_on(*y, true, left..right, 8.0 * block.line);
    let above = (top.saturating_sub(reach(3.0))..top).rev().find(row).filter(|y| y.abs_diff(panel.top) > 3);
    let below = (bottom..(bottom + reach(3.0)).min(height - 1)).find(row).filter(|y| y.abs_diff(panel.bottom) > 3);
    // A side reaches from edge to edge, unlike that of a square marker.
    let (from, to) = (above.map_or(top, |above| above + 3), below.map_or(bottom + 1, |below| below.saturating_sub(2)));
    let upright = |x: usize| edge(from..to, |y| differs(picture, (x, y), (x + 1, y)));
    let column = |x: &usize| upright(*x) && !grid.runs_on(*x, false, top..bottom, 2.0 * block.line);
    let first = (left.saturating_sub(reach(7.5))..left).rev().find(column).filter(|x| x.abs_diff(panel.left) > 3);
    let last = (right..(right + reach(4.5)).min(width - 1)).find(column).filter(|x| x.abs_diff(panel.right) > 3);
    // Text that a curve runs through was not read: the edges above and below tell how far the box reaches.
    let reaches = |start: usize, way: isize| {
        let ends = [above?, below?].map(|y| edge_end(start, way, panel, |x| differs(picture, (x, y), (x, y + 1))));
        (ends[0].abs_diff(ends[1]) <= 3 && ends[0].abs_diff(start) > 3).then_some(ends[0])
    };
    // A square handle has an edge too.
    let first = match (first, reaches(left, -1).filter(|x| x.abs_diff(panel.left) > 3)) {
        (Some(first), Some(end)) => Some(first.min(end)),
        (first, end) => first.or(end),
    };
    let last = match (last, reaches(right, 1)) {
        (Some(last), Some(end)) => Some(last.max(end)),
        (last, end) => last.or(end),
    };
    // Curves and faint colours may break an edge or two.
    let sides = [first, last, above, below].iter().flatten().count();
    let side = |edge: Option<usize>, past: f64, guess: f64| edge.map_or(guess, |edge| edge as f64 + past);
    let around = block.around;
    let edges = Rect {
        left: side(first, 0.0, around.left),
        top: side(above, 0.0, around.top),
        right: side(last, 2.0, around.right),
        bottom: side(below, 2.0, around.bottom),
    };
    (sides >= 2).then_some(edges)
}

/// The last column of an edge that runs on from `start`, over gaps that a curve makes.
fn edge_end(start: usize, way: isize, panel: Frame, differs: impl Fn(usize) -> bool) -> usize {
    const GAP: usize = 8;
    let mut end = start;
    let mut x = start;
    while x.abs_diff(end) <= GAP && x > panel.left + 1 && x + 2 < panel.right {
        if differs(x) {
            end = x;
        }
        x = x.saturating_add_signed(way);
    }
    end
}

/// Whether at least three quarters of the places have an edge.
fn edge(mut along: std::ops::Range<usize>, differs: impl Fn(usize) -> bool) -> bool {
    let most = along.len() / 4;
    let mut without = 0;
    along.all(|place| {
        without += usize::from(!differs(place));
        without <= most
    })
}

fn differs(picture: &Picture, a: (usize, usize), b: (usize, usize)) -> bool {
    let pixel = |(x, y): (usize, usize)| &picture.rgb[(y * picture.width + x) * 3..][..3];
    pixel(a).iter().zip(pixel(b)).any(|(a, b)| a.abs_diff(*b) > 5)
}
