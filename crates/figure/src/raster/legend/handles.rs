//! Entries that are known by their handles: a short level bar in the colour of a series, with text to its right.
//!
//! Letters of a few pixels touch each other, so that what looks like a word may be found in pieces or not at all. A handle is always seen.

use mlgrade_picture::Picture;

use crate::raster::ink::{Cell, Ink};
use crate::reading::Frame;
use crate::text::{STRONG, difference};

use super::{Entry, layer_at, pixel};

/// How long a handle is in pixels, at least and at most.
const LENGTH: std::ops::RangeInclusive<usize> = 12..=120;

/// The gap between dashes at most, of what the dashes before it and the gap reach over.
const GAP: f64 = 0.4;

/// By how much the ends of a bar may differ from row to row, in pixels: thick lines have round ends.
const ROUND: usize = 3;

/// How far the next ink of its colour is from a handle at least, in lengths of the handle.
const APART: f64 = 0.3;

/// Text begins this far from its handle at most, in lengths of the handle. All libraries make a handle about two letters wide.
const NEAR: f64 = 1.3;

/// How far the text of one entry reaches above and below the middle of its handle, in lengths of the handle.
const REACH: f64 = 0.37;

/// The gap between two words at most, in lengths of the handle.
const SPACE: f64 = 0.45;

/// How far letters that touch go on in one row at most, in lengths of the handle.
const LONGEST: f64 = 2.0;

/// How far the channels of text may be apart, of 255: it is black, grey or white.
const COLOUR: u8 = 60;

/// A level bar of one layer: columns and rows of the picture, the ends outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Bar {
    layer: u8,
    left: usize,
    right: usize,
    top: usize,
    bottom: usize,
    dashed: bool,
}

/// The widest dot that is a handle, in pixels, and how much wider than high it may seem.
const LARGEST_DOT: usize = 40;
const ROUNDISH: f64 = 1.4;

/// Whether the handle of an entry is a dot: as high as wide, while a line is level.
pub(super) fn is_dot(picture: &Picture, ink: &Ink, entry: &Entry) -> bool {
    let [column, row] = entry.handle;
    let own = |x: usize, y: usize| layer_at(picture, ink, [x, y]) == Some(usize::from(entry.layer));
    let run = |at: &dyn Fn(usize) -> Option<bool>| (1..LARGEST_DOT).take_while(|&k| at(k) == Some(true)).count();
    let across = run(&|k| Some(own(column.checked_sub(k)?, row))) + 1 + run(&|k| Some(own(column + k, row)));
    let down = run(&|k| Some(own(column, row.checked_sub(k)?))) + 1 + run(&|k| Some(own(column, row + k)));
    entry.length.is_none() && own(column, row) && across as f64 <= ROUNDISH * down as f64
}

/// The entries of the handles on `area` of the picture.
pub(super) fn entries(picture: &Picture, ink: &Ink, panel: Frame, area: Frame) -> Vec<Entry> {
    let layer = |x: usize, y: usize| -> Option<u8> {
        let within = x >= panel.left && x < panel.left + ink.width && y >= panel.top && y < panel.top + ink.height;
        if !within {
            return layer_at(picture, ink, [x, y]).and_then(|layer| u8::try_from(layer).ok());
        }
        match ink.cells[(y - panel.top) * ink.width + x - panel.left] {
            Cell::Ink(layer) => Some(layer),
            _ => None,
        }
    };
    bars(area, &layer).into_iter().filter_map(|bar| entry(picture, bar, area)).collect()
}

/// The entry of a patch of colour, if text stands to its right on `area`.
pub(in crate::raster) fn beside(picture: &Picture, patch: Frame, layer: u8, area: Frame) -> Option<Entry> {
    let Frame { left, top, right, bottom } = patch;
    entry(picture, Bar { layer, left, right, top, bottom, dashed: false }, area)
}

/// The level bars on `area` that nothing of their own colour touches.
fn bars(area: Frame, layer: &impl Fn(usize, usize) -> Option<u8>) -> Vec<Bar> {
    let (mut open, mut closed): (Vec<Bar>, Vec<Bar>) = (Vec::new(), Vec::new());
    for y in area.top..area.bottom {
        let mut here = runs(area, y, layer);
        for bar in &mut here {
            let goes_on = |above: &&Bar| above.layer == bar.layer && above.left.abs_diff(bar.left) <= ROUND && above.right.abs_diff(bar.right) <= ROUND;
            if let Some(at) = open.iter().position(|above| goes_on(&above)) {
                let above = open.swap_remove(at);
                *bar = Bar { left: above.left.min(bar.left), right: above.right.max(bar.right), top: above.top, ..*bar };
            }
        }
        closed.extend(std::mem::replace(&mut open, here));
    }
    closed.extend(open);
    closed.retain(|bar| {
        let quarter = (bar.right - bar.left) / 4;
        let is_free = |y: Option<usize>| {
            y.is_none_or(|y| (bar.left.saturating_sub(2)..bar.left + quarter).chain(bar.right - quarter..bar.right + 2).all(|x| layer(x, y) != Some(bar.layer)))
        };
        // A curve that is level for a while goes on beside it.
        let beside = (APART * (bar.right - bar.left) as f64).ceil() as usize;
        let mut around = (bar.left.saturating_sub(beside)..bar.left).chain(bar.right..bar.right + beside);
        let goes_on = around.any(|x| (bar.top.saturating_sub(3)..bar.bottom + 3).any(|y| layer(x, y) == Some(bar.layer)));
        // The middle may bear a marker.
        (bar.bottom - bar.top) * 3 <= bar.right - bar.left && !goes_on && is_free(bar.top.checked_sub(1)) && is_free(Some(bar.bottom))
    });
    closed
}

/// The runs of one colour in row `y`, dashes joined, that are as long as a handle.
fn runs(area: Frame, y: usize, layer: &impl Fn(usize, usize) -> Option<u8>) -> Vec<Bar> {
    let mut runs: Vec<Bar> = Vec::new();
    let mut x = area.left;
    while x < area.right {
        let Some(own) = layer(x, y) else {
            x += 1;
            continue;
        };
        let end = (x..area.right).find(|x| layer(*x, y) != Some(own)).unwrap_or(area.right);
        match runs.last_mut() {
            Some(last) if last.layer == own && ((x - last.right) as f64) <= GAP * ((x - last.left) as f64) && x - last.right <= 12 => {
                last.dashed |= x - last.right > 2;
                last.right = end;
            }
            _ => runs.push(Bar { layer: own, left: x, right: end, top: y, bottom: y + 1, dashed: false }),
        }
        x = end;
    }
    runs.retain(|run| LENGTH.contains(&(run.right - run.left)));
    runs
}

/// The entry of a handle, if text stands to its right.
fn entry(picture: &Picture, bar: Bar, area: Frame) -> Option<Entry> {
    let length = (bar.right - bar.left) as f64;
    let row = usize::midpoint(bar.top, bar.bottom);
    let reach = (REACH * length).ceil() as usize;
    let (top, bottom) = (row.saturating_sub(reach), (row + reach + 1).min(picture.height));
    let paper = pixel(picture, [bar.right + 2, row])?;
    let is_text = |x: usize, y: usize| {
        pixel(picture, [x, y]).is_some_and(|colour| {
            let [red, green, blue] = colour;
            difference(colour, paper) > STRONG && red.max(green).max(blue) - red.min(green).min(blue) < COLOUR
        })
    };
    let end = area.right.min(picture.width);
    let near = bar.right + 2..(bar.right + 2 + (NEAR * length) as usize).min(end);
    // What goes on above or below the handle, or beyond what letters that touch would, or from top to bottom, is the legend's frame or a
    // grid line.
    let goes_over = |y: usize| 4 * (bar.left..bar.right).filter(|x| is_text(*x, y)).count() > 3 * (bar.right - bar.left);
    let longest = (LONGEST * length) as usize;
    let is_rule = |y: usize| goes_over(y) || longest_run((near.start..end.min(near.end + longest)).map(|x| is_text(x, y))) > longest;
    let rows: Vec<usize> = (top..bottom).filter(|y| !is_rule(*y)).collect();
    let inked = |x: usize| rows.iter().filter(|y| is_text(x, **y)).count();
    let is_letter = |x: usize| (1..rows.len()).contains(&inked(x));
    let left = near.clone().find(|x| is_letter(*x))?;
    let space = (SPACE * length).ceil() as usize;
    let mut right = left + 1;
    while let Some(next) = (right..(right + space).min(end)).rev().find(|x| is_letter(*x)) {
        right = next + 1;
    }
    let rows = around(row, rows.into_iter().filter(|y| (left..right).any(|x| is_text(x, *y))), (bar.right - bar.left) / 12);
    let text = Frame { left, top: *rows.first()?, right, bottom: rows.last()? + 1 };
    let is_line = text.bottom - text.top >= 5 && text.right - text.left > (text.bottom - text.top) / 2;
    is_line.then_some(Entry {
        text,
        layer: bar.layer,
        dashed: bar.dashed,
        handle: [usize::midpoint(bar.left, bar.right - 1), row],
        // The ends of a stroke reach over by half of its width.
        length: Some(bar.right - bar.left - (bar.bottom - bar.top).min((bar.right - bar.left) / 6)),
    })
}

/// Of `rows`, which ascend, those that hang together with the one nearest to `middle`, but for `gap` rows between two: the dot of an i.
fn around(middle: usize, rows: impl Iterator<Item = usize>, gap: usize) -> Vec<usize> {
    let rows: Vec<usize> = rows.collect();
    let groups = rows.chunk_by(|a, b| b - a <= gap.max(1) + 1);
    groups.min_by_key(|group| group.iter().map(|row| row.abs_diff(middle)).min()).map_or(Vec::new(), <[usize]>::to_vec)
}

/// How many follow each other at most.
fn longest_run(cells: impl Iterator<Item = bool>) -> usize {
    let (longest, _) = cells.fold((0, 0), |(longest, run), inked| {
        let run = if inked { run + 1 } else { 0 };
        (run.max(longest), run)
    });
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    const AREA: Frame = Frame { left: 0, top: 0, right: 60, bottom: 10 };

    fn found(inked: impl Fn(usize, usize) -> bool) -> Vec<(usize, usize, bool)> {
        let mut bars = bars(AREA, &|x, y| inked(x, y).then_some(3));
        bars.sort_by_key(|bar| bar.left);
        bars.into_iter().map(|bar| (bar.left, bar.right, bar.dashed)).collect()
    }

    #[test]
    fn a_handle_is_a_short_level_bar_that_stands_alone() {
        assert_eq!(found(|x, y| (4..6).contains(&y) && (10..30).contains(&x)), [(10, 30, false)]);
        assert_eq!(found(|x, y| y == 5 && (16..36).contains(&x) && x % 8 < 5), [(16, 36, true)], "dashes");
        assert_eq!(found(|x, y| (4..6).contains(&y) && (10..30).contains(&x) || (1..9).contains(&y) && (17..23).contains(&x)), [(10, 30, false)], "a marker");
        assert_eq!(found(|x, y| y == x / 15), [], "a slope of steps");
        assert_eq!(found(|x, y| (2..9).contains(&y) && (10..24).contains(&x)), [], "a block");
        assert_eq!(found(|x, y| y == 5 && (10..18).contains(&x)), [], "too short");
    }
}
