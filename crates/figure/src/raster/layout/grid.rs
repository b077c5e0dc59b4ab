//! Several frames of one picture: each has the labels that stand beside it, or shares those of the frame in its row or column.

use mlgrade_picture::Picture;

use crate::raster::layout::axis::{Axis, Direction, MOST_PANELS, area, axes, two_labels};
use crate::raster::layout::beside::Strip;
use crate::raster::layout::drawn;
use crate::raster::layout::frame::Edges;
use crate::reading::Frame;
use crate::reason;
use crate::text::Number;

/// Frames whose sides differ by less, in pixels, line up.
const LINE_UP: usize = 4;

/// How far labels stand from their frame at most, in heights of their digits.
const AWAY: f64 = 4.0;

/// A frame without labels is a panel if it is as large as its neighbour, up to this factor.
const AS_LARGE: f64 = 1.5;

/// What is thinner than this share of the largest frame is a colour bar.
const THIN: f64 = 0.18;

/// A frame with its axes.
#[derive(Debug, Clone)]
pub(in crate::raster) struct Cell {
    pub(in crate::raster) frame: Frame,
    pub(in crate::raster) x: Side,
    pub(in crate::raster) y: Side,
}

/// Where the labels of an axis are.
#[derive(Debug, Clone)]
pub(in crate::raster) enum Side {
    /// Beside the frame.
    Own(Axis),
    /// Beside the frame of the cell with this number; whether the marks of both say that they are one axis.
    Shared(usize, bool),
    /// They are drawn and cannot be read, or there are none.
    Unread,
}

impl Side {
    fn own(&self) -> Option<&Axis> {
        if let Self::Own(axis) = self { Some(axis) } else { None }
    }
}

impl Cell {
    /// The axis of which no labels are known.
    pub(in crate::raster) fn unread(&self) -> Option<reason::Axis> {
        match (&self.x, &self.y) {
            (_, Side::Unread) => Some(reason::Axis::Y),
            (Side::Unread, _) => Some(reason::Axis::X),
            _ => None,
        }
    }
}

/// The axis of a cell, with the frame beside which its labels stand.
pub(in crate::raster) fn axis(cells: &[Cell], number: usize, direction: Direction) -> Option<(&Axis, Frame)> {
    let side = |cell: &'_ Cell| if direction == Direction::Down { cell.y.clone() } else { cell.x.clone() };
    let at = match side(cells.get(number)?) {
        Side::Own(_) => number,
        Side::Shared(other, _) => other,
        Side::Unread => return None,
    };
    let cell = cells.get(at)?;
    Some((if direction == Direction::Down { cell.y.own()? } else { cell.x.own()? }, cell.frame))
}

/// The frames that are panels, with their axes; fewer than two are none.
pub(in crate::raster) fn cells(picture: &Picture, edges: &Edges, frames: &[Frame], numbers: &[&Number]) -> Vec<Cell> {
    let label = |frame: Frame, direction: Direction| own(frame, numbers, direction).map_or(Side::Unread, Side::Own);
    let mut cells: Vec<Cell> = frames.iter().map(|&frame| Cell { frame, x: label(frame, Direction::Across), y: label(frame, Direction::Down) }).collect();
    drop_nested(&mut cells);
    drop_bars(&mut cells);
    let known: Vec<Frame> = cells.iter().filter(|cell| cell.x.own().is_some() || cell.y.own().is_some()).map(|cell| cell.frame).collect();
    let is_panel = |cell: &Cell| known.iter().any(|other| *other == cell.frame || neighbours(*other, cell.frame));
    cells.retain(is_panel);
    if cells.len() < 2 || cells.len() > MOST_PANELS {
        return Vec::new();
    }
    share(picture, edges, &mut cells);
    cells
}

/// The labels beside a frame: to its left, or below.
fn own(frame: Frame, numbers: &[&Number], direction: Direction) -> Option<Axis> {
    let (left, top, right, bottom) = (frame.left as f64, frame.top as f64, frame.right as f64, frame.bottom as f64);
    let beside = |number: &&&Number| {
        let (at, [x, y]) = (area(number), area(number).middle());
        let digits = at.height().min(at.width().max(8.0));
        match direction {
            Direction::Down => at.right < left + 0.3 * digits && at.right > left - AWAY * digits && y > top - digits && y < bottom + digits,
            Direction::Across => at.top > bottom - 0.3 * digits && at.top < bottom + AWAY * digits && x > left - digits && x < right + digits,
        }
    };
    let mut free: Vec<&Number> = numbers.iter().filter(beside).copied().collect();
    let all = free.clone();
    axes(&mut free, direction).into_iter().next().or_else(|| two_labels(&all, direction, |_| true))
}

/// Whether two frames are as large as each other and stand in one row or column.
fn neighbours(a: Frame, b: Frame) -> bool {
    let alike = |a: usize, b: usize| (a as f64) < AS_LARGE * b as f64 && (b as f64) < AS_LARGE * a as f64;
    let row = level(a, b) && alike(a.right - a.left, b.right - b.left);
    row || (upright(a, b) && alike(a.bottom - a.top, b.bottom - b.top))
}

/// Whether two frames stand in one row.
fn level(a: Frame, b: Frame) -> bool {
    a.top.abs_diff(b.top) <= LINE_UP && a.bottom.abs_diff(b.bottom) <= LINE_UP
}

/// Whether two frames stand in one column.
fn upright(a: Frame, b: Frame) -> bool {
    a.left.abs_diff(b.left) <= LINE_UP && a.right.abs_diff(b.right) <= LINE_UP
}

/// Of a frame in another one, that with labels is kept: a window around a plot has none, and what lies in a panel is a legend or an inset.
fn drop_nested(cells: &mut Vec<Cell>) {
    let covers = |a: Frame, b: Frame| drawn::shared(a, b) * 5 > drawn::size(b) * 3 && drawn::size(a) >= drawn::size(b);
    let labels = |cell: &Cell| usize::from(cell.x.own().is_some()) + usize::from(cell.y.own().is_some());
    let all = cells.clone();
    let inside = |i: usize| (0..all.len()).filter(|&j| j != i && covers(all[i].frame, all[j].frame)).collect::<Vec<_>>();
    let around = |i: usize| (0..all.len()).filter(|&j| j != i && covers(all[j].frame, all[i].frame)).collect::<Vec<_>>();
    // A frame that holds panels is none, if they have more labels than it has, or fill it in a row.
    let holds = |i: usize| {
        let inner = inside(i);
        let rows = |j: &usize| inner.iter().filter(|k| *k == j || neighbours(all[**k].frame, all[*j].frame)).map(|k| drawn::size(all[*k].frame)).sum::<usize>();
        let is_row = |j: &usize| rows(j) > drawn::size(all[*j].frame) && rows(j) * 5 > drawn::size(all[i].frame) * 3;
        inner.iter().any(|j| labels(&all[*j]) > labels(&all[i]) || is_row(j)) || (labels(&all[i]) == 0 && inner.len() > 1)
    };
    let windows: Vec<bool> = (0..all.len()).map(holds).collect();
    let keep: Vec<bool> =
        (0..all.len()).map(|i| !windows[i] && around(i).into_iter().all(|j| windows[j] || (j > i && covers(all[i].frame, all[j].frame)))).collect();
    let mut i = 0;
    cells.retain(|_| {
        i += 1;
        keep[i - 1]
    });
}

/// A colour bar is thin, and has labels along its length at most.
fn drop_bars(cells: &mut Vec<Cell>) {
    let widest = cells.iter().map(|cell| cell.frame.right - cell.frame.left).max().unwrap_or(0);
    let highest = cells.iter().map(|cell| cell.frame.bottom - cell.frame.top).max().unwrap_or(0);
    let is_bar = |cell: &Cell| {
        let (wide, high) = (cell.frame.right - cell.frame.left, cell.frame.bottom - cell.frame.top);
        let thin = |size: usize, of: usize| (size as f64) < THIN * of as f64;
        (thin(wide, widest) && cell.x.own().is_none()) || (thin(high, highest) && cell.y.own().is_none())
    };
    cells.retain(|cell| !is_bar(cell));
}

/// Gives each axis without labels those of the nearest frame in its row to the left, or in its column below.
fn share(picture: &Picture, edges: &Edges, cells: &mut [Cell]) {
    let frames: Vec<Frame> = cells.iter().map(|cell| cell.frame).collect();
    let strip = |i: usize, direction: Direction| Strip::of(picture, frames[i], &frames, direction);
    let shared = |i: usize, direction: Direction, cells: &[Cell]| {
        let mine = strip(i, direction);
        if mine.has_labels() {
            return Side::Unread;
        }
        let others = (0..frames.len()).filter(|&j| match direction {
            Direction::Down => level(frames[i], frames[j]) && frames[j].right <= frames[i].left && cells[j].y.own().is_some(),
            Direction::Across => upright(frames[i], frames[j]) && frames[j].top >= frames[i].bottom && cells[j].x.own().is_some(),
        });
        let nearest = others.min_by_key(|&j| if direction == Direction::Down { frames[i].left - frames[j].right } else { frames[j].top - frames[i].bottom });
        nearest.map_or(Side::Unread, |j| Side::Shared(j, mine.is_marked_as(&strip(j, direction), edges)))
    };
    let sides: Vec<[Option<Side>; 2]> = (0..cells.len())
        .map(|i| {
            let x = cells[i].x.own().is_none().then(|| shared(i, Direction::Across, cells));
            let y = cells[i].y.own().is_none().then(|| shared(i, Direction::Down, cells));
            [x, y]
        })
        .collect();
    for (cell, [x, y]) in cells.iter_mut().zip(sides) {
        cell.x = x.unwrap_or_else(|| cell.x.clone());
        cell.y = y.unwrap_or_else(|| cell.y.clone());
    }
}
