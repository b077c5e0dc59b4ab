//! The cells of a matrix: the colour of each, the ink on it, and the numbers that the ink says.

use mlgrade_picture::Picture;

use super::grid::Grid;
use super::lines::{self, Lines};
use crate::reading::Frame;
use crate::text::{self, Number};

/// How much ink differs from the colour of its cell at least, of 255.
const INK: u8 = 40;

/// The share of a flat cell that has its colour, and how far a channel may be from it.
const FLAT: f64 = 0.3;
const NEAR: u8 = 16;

/// The share of the cells that must be flat.
const MOST_FLAT: f64 = 0.9;

/// Pixels between redrawn cells at least, and as a share of their height: numbers that nearly fill their cells are not to become one.
const APART: usize = 14;
const APART_SHARE: f64 = 0.3;

/// What cells are redrawn on.
const PAPER: u8 = 255;

/// How much of the ink's contrast is noise.
const NOISE: f64 = 0.06;

/// Certainty from which a number counts as read.
const SURE: f32 = 0.1;

/// A cell.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    /// Inside of its edges, in pixels.
    pub(super) area: Frame,
    /// Where that is on the redrawn picture.
    slot: Frame,
    /// What it is filled with.
    pub(super) colour: [u8; 3],
    /// Whether something is written on it.
    pub(super) inked: bool,
    /// The numbers on it, from top to bottom, in pixels of the redrawn picture.
    pub(super) numbers: Vec<Number>,
    /// Whether the numbers are certain, and no ink beside them was left out.
    pub(super) sure: bool,
}

/// Cells row by row.
#[derive(Debug)]
pub(super) struct Cells {
    pub(super) all: Vec<Cell>,
    /// Cells of a row.
    pub(super) columns: usize,
    /// Their ink alone, in black on white, with room between the cells.
    pub(super) redrawn: Picture,
}

impl Cells {
    /// Where the ink of a cell begins and ends, in pixels of the redrawn picture.
    pub(super) fn ink(&self, cell: &Cell) -> Option<Frame> {
        let (picture, slot) = (&self.redrawn, cell.slot);
        let dark = |x: usize, y: usize| picture.rgb.get((y * picture.width + x) * 3).is_some_and(|value| *value < 160);
        let mut found: Option<Frame> = None;
        for (x, y) in (slot.top..slot.bottom).flat_map(|y| (slot.left..slot.right).map(move |x| (x, y))).filter(|(x, y)| dark(*x, *y)) {
            let ink = found.unwrap_or(Frame { left: x, top: y, right: x + 1, bottom: y + 1 });
            found = Some(Frame { left: ink.left.min(x), top: ink.top, right: ink.right.max(x + 1), bottom: y + 1 });
        }
        found
    }
}

/// The pixels of a cell inside of its edges.
fn area(grid: &Grid, row: usize, column: usize) -> Frame {
    let inside = |(start, end): (f64, f64)| ((start + 0.8).ceil().max(0.0) as usize, (end - 0.8).floor().max(0.0) as usize);
    let ((left, right), (top, bottom)) = (inside(grid.across.cell(column)), inside(grid.down.cell(row)));
    Frame { left, top, right: right.max(left), bottom: bottom.max(top) }
}

pub(super) fn pixels(picture: &Picture, area: Frame) -> impl Iterator<Item = (usize, usize, [u8; 3])> + '_ {
    let (right, bottom) = (area.right.min(picture.width), area.bottom.min(picture.height));
    let at = |x: usize, y: usize| picture.rgb.get((y * picture.width + x) * 3..).and_then(|rgb| rgb.first_chunk::<3>()).copied().unwrap_or_default();
    (area.top..bottom).flat_map(move |y| (area.left..right).map(move |x| (x, y, at(x, y))))
}

/// The commonest colour of an area, with the share of the pixels that are near it.
fn paper(picture: &Picture, area: Frame, counts: &mut [u32]) -> ([u8; 3], f64) {
    let bin = |rgb: [u8; 3]| (usize::from(rgb[0] >> 4) << 8) | (usize::from(rgb[1] >> 4) << 4) | usize::from(rgb[2] >> 4);
    counts.fill(0);
    let (mut best, mut most, mut all) = ([0; 3], 0, 0_usize);
    for (_, _, rgb) in pixels(picture, area) {
        let count = &mut counts[bin(rgb)];
        *count += 1;
        all += 1;
        if *count > most {
            (best, most) = (rgb, *count);
        }
    }
    let (mut sums, mut near) = ([0_usize; 3], 0_usize);
    for (_, _, rgb) in pixels(picture, area).filter(|(_, _, rgb)| text::difference(*rgb, best) <= NEAR) {
        near += 1;
        sums.iter_mut().zip(rgb).for_each(|(sum, value)| *sum += usize::from(value));
    }
    (sums.map(|sum| u8::try_from((sum + near / 2) / near.max(1)).unwrap_or(u8::MAX)), near as f64 / all.max(1) as f64)
}

/// Whether the cells of a grid have flat colours, at least two of them.
pub(super) fn are_flat(picture: &Picture, grid: &Grid) -> bool {
    let mut counts = vec![0; 1 << 12];
    let (mut flat, mut all) = (0_usize, 0_usize);
    for row in 0..grid.down.count {
        for column in 0..grid.across.count {
            let (_, share) = paper(picture, area(grid, row, column), &mut counts);
            all += 1;
            flat += usize::from(share >= FLAT);
        }
    }
    flat as f64 >= MOST_FLAT * all as f64
}

/// What a cell's ink is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ink {
    None,
    Clear,
    /// A line of its own colour runs through it.
    Hidden,
}

/// How far the colours of two halves of a cell may be apart.
const ONE: u8 = 6;

/// The grid with half as many rows or columns where each two of them have the same colours: lines through the middles of cells, as those of the axes' grid.
pub(super) fn halved(picture: &Picture, grid: Grid) -> Grid {
    let mut counts = vec![0; 1 << 12];
    let (rows, columns) = (grid.down.count, grid.across.count);
    let colours: Vec<[u8; 3]> = (0..rows * columns).map(|i| paper(picture, area(&grid, i / columns, i % columns), &mut counts).0).collect();
    let alike = |a: usize, b: usize| text::difference(colours[a], colours[b]) <= ONE;
    let pairs = |count: usize| (0..count).step_by(2);
    let by_columns = columns.is_multiple_of(2) && columns > 2 && (0..rows).all(|i| pairs(columns).all(|j| alike(i * columns + j, i * columns + j + 1)));
    let by_rows = rows.is_multiple_of(2) && rows > 2 && pairs(rows).all(|i| (0..columns).all(|j| alike(i * columns + j, (i + 1) * columns + j)));
    let of = |lines: super::grid::Lines, twice: bool| {
        if twice { super::grid::Lines { pitch: 2.0 * lines.pitch, count: lines.count / 2, ..lines } } else { lines }
    };
    Grid { across: of(grid.across, by_columns), down: of(grid.down, by_rows) }
}

/// Reads the cells of a grid.
pub(super) fn read(picture: &Picture, grid: &Grid) -> Cells {
    let apart = APART.max((APART_SHARE * grid.down.pitch) as usize);
    // One pixel more: cells differ by a pixel in size.
    let (wide, high) = (grid.across.pitch as usize + 1 + apart, grid.down.pitch as usize + 1 + apart);
    let (width, height) = (wide * grid.across.count + apart, high * grid.down.count + apart);
    let mut redrawn = Picture { width, height, rgb: vec![PAPER; width * height * 3] };
    let mut counts = vec![0; 1 << 12];
    let mut all = Vec::new();
    for row in 0..grid.down.count {
        for column in 0..grid.across.count {
            let area = area(grid, row, column);
            let (colour, _) = paper(picture, area, &mut counts);
            let area = lines::trimmed(picture, area, colour);
            let (left, top) = (apart + column * wide, apart + row * high);
            let slot = Frame { left, top, right: (left + area.right - area.left).min(width), bottom: (top + area.bottom - area.top).min(height) };
            let ink = redraw(picture, area, colour, slot, &mut redrawn);
            all.push(Cell { area, slot, colour, inked: ink != Ink::None, numbers: Vec::new(), sure: ink == Ink::Clear });
        }
    }
    number(&mut all, grid.across.count, &redrawn, (wide, high));
    Cells { all, columns: grid.across.count, redrawn }
}

/// Draws the ink of a cell in black on white; returns what it is. The ink's colour is the one farthest from the cell's.
fn redraw(picture: &Picture, area: Frame, colour: [u8; 3], slot: Frame, redrawn: &mut Picture) -> Ink {
    let lines = Lines::of(picture, area, colour);
    let (mut levels, mut darkest) = ([0_u32; 256], [colour; 256]);
    for (_, _, rgb) in pixels(picture, area).filter(|(x, y, _)| lines.at(*x, *y).is_none()) {
        let level = usize::from(text::difference(rgb, colour));
        levels[level] += 1;
        darkest[level] = rgb;
    }
    // A few pixels may be darker than the ink, as beside an edge.
    let (mut seen, mut full) = (0, 0);
    for (level, count) in levels.iter().enumerate().rev() {
        seen += count;
        if seen >= 4 {
            full = level;
            break;
        }
    }
    if full < usize::from(INK) {
        return Ink::None;
    }
    let mut ink = Ink::Clear;
    for (x, y, rgb) in pixels(picture, area) {
        // On a line, ink is what differs from the line.
        let (under, full) = match lines.at(x, y) {
            Some(line) => (line, usize::from(text::difference(darkest[full], line))),
            None => (colour, full),
        };
        if full < usize::from(INK) {
            // At the edges of the cell no number stands.
            let inner = |place: usize, start: usize, end: usize| 5 * (place - start) > end - start && 5 * (end - place) > end - start;
            if inner(x, area.left, area.right) && inner(y, area.top, area.bottom) {
                ink = Ink::Hidden;
            }
            continue;
        }
        let level = usize::from(text::difference(rgb, under));
        let value = if level as f64 <= NOISE * full as f64 { 0 } else { (level * 255 / full).min(255) };
        let (x, y) = (x - area.left + slot.left, y - area.top + slot.top);
        let pixel = if x < slot.right && y < slot.bottom { redrawn.rgb.get_mut((y * redrawn.width + x) * 3..) } else { None };
        pixel.into_iter().flatten().take(3).for_each(|channel| *channel = PAPER - u8::try_from(value).unwrap_or(PAPER));
    }
    ink
}

/// Reads the numbers of all cells at once: they are of one font and stand in rows and columns.
fn number(cells: &mut [Cell], columns: usize, redrawn: &Picture, (wide, high): (usize, usize)) {
    for mut number in text::read(redrawn).numbers {
        as_digits(&mut number);
        let place = |a: f32, b: f32, side: usize| (f32::midpoint(a, b).max(0.0) as usize) / side;
        let (column, row) = (place(number.left, number.right, wide), place(number.top, number.bottom, high));
        if let Some(cell) = cells.get_mut(row * columns + column).filter(|_| column < columns) {
            cell.numbers.push(number);
        }
    }
    for cell in cells {
        cell.numbers.sort_by(|a, b| a.top.total_cmp(&b.top));
        cell.sure &= !cell.numbers.is_empty() && cell.numbers.iter().all(|number| number.certainty >= SURE && is_whole(redrawn, cell.slot, number));
    }
}

/// Takes a last G or B, which axes have for billions, for the digit that looks like it.
fn as_digits(number: &mut Number) {
    if number.text.ends_with(['G', 'B']) {
        let text = number.text.replace('G', "6").replace('B', "8");
        if let Some(value) = text::value(&text) {
            (number.text, number.value) = (text, value);
        }
    }
}

/// Whether a number lies inside of its cell, and no ink stands beside it on its line: a digit that was not read.
fn is_whole(picture: &Picture, slot: Frame, number: &Number) -> bool {
    let (top, bottom) = ((number.top + 1.0).max(0.0) as usize, (number.bottom - 1.0).max(0.0) as usize);
    let (left, right) = ((number.left - 1.5).max(0.0) as usize, (number.right + 1.5).ceil() as usize);
    let dark = |x: usize, y: usize| picture.rgb.get((y * picture.width + x) * 3).is_some_and(|value| *value < 120);
    let ink = (top..bottom).flat_map(|y| (slot.left..left).chain(right..slot.right).map(move |x| (x, y))).filter(|(x, y)| dark(*x, *y)).count();
    let cut = (top..bottom).any(|y| dark(slot.left, y) || dark(slot.right.saturating_sub(1), y));
    ink < 2 && !cut
}
