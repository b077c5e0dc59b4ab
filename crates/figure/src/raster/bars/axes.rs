//! Axes of values: a column of numbers beside upright bars, a row of numbers below lying ones. The other axis has words, or nothing.

use mlgrade_picture::Picture;
use mlgrade_picture::geometry::Rect;

use crate::raster::layout::axis::{Axis, Direction, EDGE, axes, is_cut, two_labels};
use crate::raster::layout::frame::{Edges, Lines, edges};
use crate::raster::layout::panels::{factors, furniture};
use crate::raster::layout::scale::Scale;
use crate::reading::{Frame, Furniture};
use crate::reason::Labels;
use crate::text::{Number, Texts};

/// An axis of values with the panel that it belongs to.
#[derive(Debug, Clone)]
pub(in crate::raster) struct Values {
    pub(in crate::raster) frame: Frame,
    pub(in crate::raster) scale: Scale,
    /// Whether values run from left to right.
    pub(in crate::raster) horizontal: bool,
    pub(in crate::raster) percent: bool,
    /// Why its labels may confirm a claim, but not contradict one.
    pub(in crate::raster) doubt: Option<Labels>,
    pub(in crate::raster) furniture: Furniture,
    /// The size of the letters beside the axis, in pixels of an em.
    pub(in crate::raster) em: f32,
}

/// The height of digits in the usual fonts, in ems.
const DIGIT: f64 = 0.73;

impl Values {
    /// The ends of the frame along the axis, and across it.
    pub(in crate::raster) fn along(&self) -> [usize; 2] {
        let Frame { left, top, right, bottom } = self.frame;
        if self.horizontal { [left, right] } else { [top, bottom] }
    }

    /// See [`Self::along`].
    pub(in crate::raster) fn across(&self) -> [usize; 2] {
        let Frame { left, top, right, bottom } = self.frame;
        if self.horizontal { [top, bottom] } else { [left, right] }
    }

    /// The end of the frame at which the least values are.
    pub(in crate::raster) fn low_end(&self) -> f64 {
        let [from, to] = self.along();
        if self.scale.unit > 0.0 { from as f64 } else { to as f64 }
    }
}

/// All axes of values, in the order of their panels.
pub(in crate::raster) fn find(picture: &Picture, texts: &Texts) -> Vec<Values> {
    let cut = texts.numbers.iter().filter(|number| is_cut(number)).count() > 2;
    let is_label = |number: &&Number| if is_cut(number) { cut } else { number.left > EDGE };
    let (mut free, others): (Vec<&Number>, Vec<&Number>) = texts.numbers.iter().take(400).partition(is_label);
    let mut columns = axes(&mut free, Direction::Down);
    let corners: Vec<&Number> = columns.iter().filter_map(|column| texts.numbers.iter().find(|number| column.ends_with(number))).collect();
    free.extend(&corners);
    let mut rows = axes(&mut free, Direction::Across);
    free.retain(|number| !corners.contains(number));
    if columns.is_empty() && rows.is_empty() {
        columns.extend(two_labels(&free, Direction::Down, |_| true));
        rows.extend(two_labels(&free, Direction::Across, |_| true));
    }
    free.extend(others);
    let edges = edges(picture, usize::MAX);
    let upright = columns.iter().map(|column| values(picture, column, frame_of_column(picture, column, &columns, &edges), false, &free, texts));
    let lying = rows.iter().map(|row| values(picture, row, frame_of_row(picture, row, &rows, &edges), true, &free, texts));
    let mut all: Vec<Values> = upright.chain(lying).filter(|values| is_roomy(values.frame)).collect();
    order(&mut all);
    all
}

fn is_roomy(frame: Frame) -> bool {
    frame.right > frame.left + 20 && frame.bottom > frame.top + 20
}

/// Top to bottom, then left to right.
fn order(all: &mut [Values]) {
    all.sort_by_key(|values| (values.frame.top, values.frame.left));
    let mut start = 0;
    while start < all.len() {
        let bottom = all[start].frame.bottom;
        let end = (start + 1..all.len()).find(|&i| usize::midpoint(all[i].frame.top, all[i].frame.bottom) >= bottom).unwrap_or(all.len());
        all[start..end].sort_by_key(|values| values.frame.left);
        start = end;
    }
}

fn values(picture: &Picture, axis: &Axis, frame: [f64; 4], horizontal: bool, free: &[&Number], texts: &Texts) -> Values {
    let whole = |value: f64, most: usize| value.round().clamp(0.0, most as f64) as usize;
    let [left, top, right, bottom] = frame;
    let frame =
        Frame { left: whole(left, picture.width), top: whole(top, picture.height), right: whole(right, picture.width), bottom: whole(bottom, picture.height) };
    let other = Rect { left, top: bottom, right, bottom: bottom + 1.5 * axis.digits };
    let beside = Rect { left: left - 2.0 * axis.digits, top, right: left, bottom };
    let (x_labels, y_labels) = if horizontal { (axis.area, beside) } else { (other, axis.area) };
    let furniture = furniture(frame, x_labels, y_labels, &texts.words);
    let doubt = (!axis.firm).then_some(Labels::Two);
    // The letters of words look like factors nowhere: only those of the axis itself count.
    let [x, y] = factors(frame, x_labels, free);
    let scale = axis.scale.times(if horizontal { x } else { y });
    Values { frame, scale, horizontal, percent: axis.percent, doubt, furniture, em: (axis.digits / DIGIT) as f32 }
}

/// Left, top, right and bottom of the panel beside a column of labels.
fn frame_of_column(picture: &Picture, column: &Axis, columns: &[Axis], edges: &Edges) -> [f64; 4] {
    let step = step(column);
    let right_end =
        columns.iter().map(|other| other.area.left).filter(|&left| left > column.area.right + 3.0 * column.digits).fold(picture.width as f64, f64::min);
    let crosses = |at: usize| at as f64 > column.first() - 1.5 * step && (at as f64) < column.last() + 1.5 * step;
    let across = longest(&edges.horizontal, |lines| {
        lines.from as f64 >= column.area.right - 2.0
            && (lines.from as f64) < column.area.right + 0.25 * picture.width as f64
            && lines.to as f64 <= right_end
            && lines.at.iter().any(|&at| crosses(at))
    });
    let (left, right) = across.map_or((column.area.right + 0.5 * column.digits, right_end - 1.0), |lines| (lines.from as f64, lines.to as f64));
    let down = longest(&edges.vertical, |lines| {
        let inside = |at: &usize| *at as f64 >= column.area.right - 3.0 && (*at as f64) <= right + 3.0;
        lines.from as f64 <= column.first() + 3.0
            && lines.to as f64 >= column.last() - 3.0
            && lines.from as f64 >= column.first() - 2.0 * step
            && lines.to as f64 <= column.last() + 2.0 * step
            && lines.at.iter().any(inside)
    });
    let (top, bottom) = down.map_or((column.first() - 0.9 * step, column.last() + 0.9 * step), |lines| (lines.from as f64, lines.to as f64));
    [left, top.max(0.0), right, bottom.min(picture.height as f64)]
}

/// The same of the panel above a row of labels.
fn frame_of_row(picture: &Picture, row: &Axis, rows: &[Axis], edges: &Edges) -> [f64; 4] {
    let step = step(row);
    let top_end = rows.iter().map(|other| other.area.bottom).filter(|&bottom| bottom < row.area.top - 3.0 * row.digits).fold(0.0, f64::max);
    let across = longest(&edges.horizontal, |lines| {
        let inside = |at: &usize| *at as f64 >= top_end && (*at as f64) <= row.area.top;
        lines.from as f64 <= row.first() + 3.0
            && lines.to as f64 >= row.last() - 3.0
            && lines.from as f64 >= row.first() - 2.0 * step
            && lines.to as f64 <= row.last() + 2.0 * step
            && lines.at.iter().any(inside)
    });
    let (left, right) = across.map_or((row.first() - 0.9 * step, row.last() + 0.9 * step), |lines| (lines.from as f64, lines.to as f64));
    let down = longest(&edges.vertical, |lines| {
        let inside = |at: &usize| *at as f64 >= left - 3.0 && (*at as f64) <= right + 3.0;
        lines.from as f64 >= top_end - 2.0
            && lines.to as f64 <= row.area.top + 2.0
            && lines.to as f64 >= row.area.top - 6.0 * row.digits
            && lines.at.iter().any(inside)
    });
    let (top, bottom) = down.map_or((top_end + 1.0, row.area.top - 0.3 * row.digits), |lines| (lines.from as f64, lines.to as f64));
    [left.max(0.0), top, right.min(picture.width as f64), bottom]
}

fn step(axis: &Axis) -> f64 {
    (axis.last() - axis.first()) / (axis.ticks.len().max(2) - 1) as f64
}

fn longest(groups: &[Lines], fits: impl Fn(&Lines) -> bool) -> Option<&Lines> {
    groups.iter().filter(|lines| fits(lines)).max_by_key(|lines| (lines.to - lines.from, lines.at.len()))
}
