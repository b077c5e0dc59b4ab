//! Lines that run through a cell, as those of the axes' grid do, and at its edges.

use mlgrade_picture::Picture;

use crate::reading::Frame;
use crate::text;

/// The share of a cell's sides, at either end, on which a line is looked for: no number reaches there.
const END: f64 = 0.1;

/// How much a line differs from the cell at least, and by how much its own pixels may differ, of 255.
const SEEN: u8 = 10;
const ALIKE: u8 = 14;

/// How much of a cell's side may be cut off at either end, the share of a row's pixels that differ from the cell where it is none of it, and by how much.
const EDGE: f64 = 0.15;
const FOREIGN: f64 = 0.35;
const DIFFERS: u8 = 12;

/// `area` without rows and columns at its edges that do not have the cell's colour.
pub(super) fn trimmed(picture: &Picture, area: Frame, colour: [u8; 3]) -> Frame {
    let Frame { mut left, mut top, mut right, mut bottom } = Frame { right: area.right.min(picture.width), bottom: area.bottom.min(picture.height), ..area };
    let foreign = |x: usize, y: usize| {
        picture.rgb.get((y * picture.width + x) * 3..).and_then(|rgb| rgb.first_chunk()).is_some_and(|rgb| text::difference(*rgb, colour) >= DIFFERS)
    };
    let (wide, high) = (right.saturating_sub(left), bottom.saturating_sub(top));
    let most = |side: usize| (EDGE * side as f64) as usize;
    let column = |x: usize| (top..bottom).filter(|y| foreign(x, *y)).count() as f64 >= FOREIGN * high as f64;
    let row = |y: usize| (left..right).filter(|x| foreign(*x, y)).count() as f64 >= FOREIGN * wide as f64;
    let from_left = (0..most(wide)).take_while(|k| column(left + k)).count();
    let from_right = (0..most(wide)).take_while(|k| column(right - 1 - k)).count();
    let from_top = (0..most(high)).take_while(|k| row(top + k)).count();
    let from_bottom = (0..most(high)).take_while(|k| row(bottom - 1 - k)).count();
    (left, right, top, bottom) = (left + from_left, right - from_right, top + from_top, bottom - from_bottom);
    Frame { left, top, right, bottom }
}

/// The colours of the lines of one cell.
#[derive(Debug)]
pub(super) struct Lines {
    left: usize,
    top: usize,
    rows: Vec<Option<[u8; 3]>>,
    columns: Vec<Option<[u8; 3]>>,
}

impl Lines {
    /// The lines through `area`, which is filled with `colour`.
    pub(super) fn of(picture: &Picture, area: Frame, colour: [u8; 3]) -> Self {
        let at = |x: usize, y: usize| picture.rgb.get((y * picture.width + x) * 3..).and_then(|rgb| rgb.first_chunk()).copied().unwrap_or(colour);
        let ends = |start: usize, end: usize| {
            let share = ((END * end.saturating_sub(start) as f64) as usize).max(2);
            (start..start + share).chain(end.saturating_sub(share)..end)
        };
        let (right, bottom) = (area.right.min(picture.width), area.bottom.min(picture.height));
        let rows = (area.top..bottom).map(|y| line(colour, ends(area.left, right).map(|x| at(x, y)))).collect();
        let columns = (area.left..right).map(|x| line(colour, ends(area.top, bottom).map(|y| at(x, y)))).collect();
        Self { left: area.left, top: area.top, rows, columns }
    }

    /// The colour of the line that a pixel lies on.
    pub(super) fn at(&self, x: usize, y: usize) -> Option<[u8; 3]> {
        let of = |lines: &[Option<[u8; 3]>], place: Option<usize>| place.and_then(|place| lines.get(place).copied().flatten());
        of(&self.rows, y.checked_sub(self.top)).or_else(|| of(&self.columns, x.checked_sub(self.left)))
    }
}

/// The colour of pixels that are all alike, and another one than the cell's.
fn line(cell: [u8; 3], mut pixels: impl Iterator<Item = [u8; 3]>) -> Option<[u8; 3]> {
    let first = pixels.next()?;
    let seen = |rgb: [u8; 3]| text::difference(rgb, cell) >= SEEN;
    (seen(first) && pixels.all(|rgb| seen(rgb) && text::difference(rgb, first) <= ALIKE)).then_some(first)
}
