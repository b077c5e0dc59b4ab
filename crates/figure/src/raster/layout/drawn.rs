//! Frames where they are drawn, whatever stands beside them: the rectangles, corners and grids that long edges make.

use mlgrade_picture::Picture;

use crate::raster::layout::frame::{Edges, Lines, colour};
use crate::reading::Frame;
use crate::text::difference;

/// How far an edge may lie from the end of those that cross it, in pixels, and how far it does where both are of one outline.
const NEAR: usize = 6;
const SHARP: usize = 2;

/// Rectangles that are looked at, at most.
const MOST: usize = 256;

/// Edges inside of a frame that are a grid without an outline: two lines with two edges each.
const GRID: usize = 4;

/// The strip with the title of a facet is no higher than this share of its frame.
const STRIP: f64 = 0.35;

/// How far the title of a strip may stand from its middle, and how wide it is at most, as shares of the frame's width.
const CENTRED: f64 = 0.04;
const TITLE: f64 = 0.8;

/// How much the title of a strip differs from it at least, of 255.
const INK: u8 = 24;

/// The rectangles of which edges say that they are frames. Of those that are nearly one, that with the sharpest outline, or the largest.
pub(in crate::raster) fn frames(picture: &Picture, edges: &Edges) -> Vec<Frame> {
    let mut frames: Vec<(Sides, Frame)> = Vec::new();
    for across in &edges.horizontal {
        for down in &edges.vertical {
            if frames.len() < MOST
                && let Some(sides) = outline(across, down)
            {
                let whole = Frame { left: across.from, top: down.from, right: across.to, bottom: down.to };
                frames.push((sides, below_strip(picture, whole, &edges.horizontal)));
            }
        }
    }
    frames.sort_by_key(|(sides, frame)| std::cmp::Reverse((count(*sides), size(*frame))));
    let mut kept: Vec<Frame> = Vec::new();
    for (sides, frame) in frames {
        if !kept.iter().any(|other| nearly_one(*other, frame) || is_part(sides, frame, *other)) {
            kept.push(frame);
        }
    }
    kept
}

/// Which sides of a frame are drawn: left, right, top and bottom.
type Sides = [bool; 4];

fn count(sides: Sides) -> usize {
    sides.into_iter().filter(|side| *side).count()
}

/// Whether a frame is as wide or as high as a whole one around it and ends where nothing is drawn: lines of a grid end at a legend, too.
fn is_part(sides: Sides, frame: Frame, whole: Frame) -> bool {
    let ends = |frame: Frame| [frame.left, frame.right, frame.top, frame.bottom];
    let common: Sides = std::array::from_fn(|i| ends(frame)[i].abs_diff(ends(whole)[i]) <= NEAR);
    let inside = shared(frame, whole) * 20 > size(frame) * 19;
    inside && (common[0] && common[1] || common[2] && common[3]) && (0..4).any(|i| !common[i] && !sides[i])
}

/// The number of pixels in a frame.
pub(in crate::raster) fn size(frame: Frame) -> usize {
    frame.right.saturating_sub(frame.left) * frame.bottom.saturating_sub(frame.top)
}

/// The number of pixels in both of two frames.
pub(in crate::raster) fn shared(a: Frame, b: Frame) -> usize {
    size(Frame { left: a.left.max(b.left), top: a.top.max(b.top), right: a.right.min(b.right), bottom: a.bottom.min(b.bottom) })
}

fn nearly_one(a: Frame, b: Frame) -> bool {
    shared(a, b) * 5 > size(a).max(size(b)) * 4
}

/// Whether lines across and lines down outline a rectangle, on three sides, at the corner of the origin, or as a grid: which of its sides
/// are drawn sharply.
fn outline(across: &Lines, down: &Lines) -> Option<Sides> {
    let any = |lines: &Lines, place: usize, near: usize| lines.at.iter().any(|at| at.abs_diff(place) <= near);
    let sides = |near: usize| [any(down, across.from, near), any(down, across.to, near), any(across, down.from, near), any(across, down.to, near)];
    let within = |lines: &Lines, (from, to): (usize, usize)| lines.at.iter().filter(|at| **at + NEAR > from && **at < to + NEAR).count();
    let (grid_x, grid_y) = (within(down, (across.from, across.to)), within(across, (down.from, down.to)));
    let [left, right, top, bottom] = sides(NEAR);
    let is_frame = (left && bottom) || count([left, right, top, bottom]) >= 3 || (top && bottom && grid_x >= 2) || (grid_x >= GRID && grid_y >= GRID);
    is_frame.then(|| sides(SHARP))
}

/// The frame without the strip above a facet: it has one colour, and a title in its middle.
fn below_strip(picture: &Picture, frame: Frame, lines: &[Lines]) -> Frame {
    let high = (frame.bottom - frame.top) as f64;
    // Small gaps between facets are bridged.
    let across = lines.iter().filter(|lines| lines.from <= frame.left + NEAR && lines.to + NEAR >= frame.right);
    let ends = across.flat_map(|lines| lines.at.iter().copied()).filter(|at| *at > frame.top + NEAR && ((*at - frame.top) as f64) < STRIP * high);
    match ends.min_by_key(|at| at.abs_diff(frame.top)) {
        Some(end) if is_strip(picture, Frame { bottom: end, ..frame }) => Frame { top: end + 1, ..frame },
        _ => frame,
    }
}

fn is_strip(picture: &Picture, strip: Frame) -> bool {
    let inner = Frame { left: strip.left + NEAR, top: strip.top + 4, right: strip.right.saturating_sub(NEAR), bottom: strip.bottom.saturating_sub(3) };
    let Some(paper) = colour(picture, (inner.left, inner.top)) else { return false };
    let inked = |x: &usize| (inner.top..inner.bottom).any(|y| colour(picture, (*x, y)).is_some_and(|colour| difference(colour, paper) > INK));
    let (first, last) = ((inner.left..inner.right).find(inked), (inner.left..inner.right).rev().find(inked));
    let (Some(first), Some(last)) = (first, last) else { return false };
    let wide = (strip.right - strip.left) as f64;
    let off = ((first + last) as f64 - (strip.left + strip.right) as f64).abs() / 2.0;
    off <= CENTRED * wide && ((last - first) as f64) < TITLE * wide
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(from: usize, to: usize, at: &[usize]) -> Lines {
        Lines { from, to, at: at.to_vec() }
    }

    fn found(edges: &Edges) -> Vec<[usize; 4]> {
        in_picture(&blank(), edges)
    }

    fn in_picture(picture: &Picture, edges: &Edges) -> Vec<[usize; 4]> {
        let mut found: Vec<[usize; 4]> = frames(picture, edges).into_iter().map(|frame| [frame.left, frame.top, frame.right, frame.bottom]).collect();
        found.sort_unstable();
        found
    }

    fn blank() -> Picture {
        Picture { width: 600, height: 300, rgb: vec![255; 600 * 300 * 3] }
    }

    #[test]
    fn boxes_and_corners_in_a_row_are_frames() {
        // Two axes side by side with spines on all sides, then with those at the left and below alone.
        let horizontal = vec![lines(50, 250, &[20, 200]), lines(300, 500, &[20, 200])];
        let boxes = Edges { horizontal: horizontal.clone(), vertical: vec![lines(20, 200, &[50, 250, 300, 500])] };
        let two = vec![[50, 20, 250, 200], [300, 20, 500, 200]];
        assert_eq!(found(&boxes), two);
        let corners = Edges { horizontal: vec![lines(50, 250, &[200]), lines(300, 500, &[200])], vertical: vec![lines(20, 200, &[50, 300])] };
        assert_eq!(found(&corners), two);
        // A line below and one that does not reach it make nothing.
        assert!(found(&Edges { horizontal: vec![lines(50, 250, &[220])], vertical: vec![lines(20, 200, &[50])] }).is_empty());
    }

    #[test]
    fn lines_of_a_grid_that_begin_at_ticks_or_end_at_a_legend_do_not_move_the_frame() {
        let horizontal = vec![lines(43, 250, &[60, 61, 100, 101]), lines(50, 250, &[20, 200])];
        let edges = Edges { horizontal, vertical: vec![lines(40, 200, &[90, 91, 120, 121]), lines(20, 200, &[50, 250])] };
        assert_eq!(found(&edges), vec![[50, 20, 250, 200]]);
    }

    #[test]
    fn lines_of_a_grid_that_a_legend_cuts_make_no_frames_of_their_own() {
        let horizontal = vec![lines(50, 250, &[20, 60, 61, 80, 81, 160, 161, 180, 181, 200])];
        let vertical = vec![lines(20, 200, &[50, 250]), lines(20, 90, &[100, 101, 150, 151]), lines(140, 200, &[100, 101, 150, 151])];
        assert_eq!(found(&Edges { horizontal, vertical }), vec![[50, 20, 250, 200]]);
        // Two axes on each other that touch are two.
        let two = Edges { horizontal: vec![lines(50, 250, &[20, 110, 200])], vertical: vec![lines(20, 110, &[50, 250]), lines(110, 200, &[50, 250])] };
        assert_eq!(found(&two), vec![[50, 20, 250, 110], [50, 110, 250, 200]]);
    }

    #[test]
    fn a_facet_begins_below_its_strip() {
        let edges = Edges { horizontal: vec![lines(50, 250, &[20, 45, 200])], vertical: vec![lines(20, 200, &[50, 250])] };
        let titled = |columns: std::ops::Range<usize>| {
            let mut picture = blank();
            for y in 28..38 {
                picture.rgb[(y * 600 + columns.start) * 3..(y * 600 + columns.end) * 3].fill(0);
            }
            in_picture(&picture, &edges)[0][1]
        };
        assert_eq!(titled(130..170), 46);
        // A text at the side is no title, nor is there one without text.
        assert_eq!((titled(60..100), titled(0..0)), (20, 20));
    }
}
