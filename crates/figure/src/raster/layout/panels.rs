//! Panels: an axis that stands beside another one below makes a pair of axes.

use crate::reading::{Frame, Furniture};
use crate::reason::{self, Labels};
use crate::text::{Number, Texts, Words};
use mlgrade_picture::Picture;
use mlgrade_picture::geometry::Rect;
use mlgrade_picture::hint::Series;

use crate::raster::layout::axis::{Axis, Direction, EDGE, MOST_PANELS, area, axes, below, beside, is_cut, two_labels};
use crate::raster::layout::drawn;
use crate::raster::layout::frame::{Edges, LEAST_GAP, Lines, edges};
use crate::raster::layout::grid::{self, Cell, Side};
use crate::raster::layout::scale::Scale;

/// A pair of axes.
#[derive(Debug, Clone)]
pub(in crate::raster) struct Panel {
    pub(in crate::raster) frame: Frame,
    pub(in crate::raster) x: Scale,
    pub(in crate::raster) y: Scale,
    /// Its axis labels and title.
    pub(in crate::raster) furniture: Furniture,
    /// Whether labels of the y axis are percentages: 80 % stands for 0.8, or for 80 as the student counts.
    pub(in crate::raster) percent: bool,
    /// Why its labels may confirm a claim, but not contradict one.
    pub(in crate::raster) doubt: Option<Labels>,
    /// What a hint tells of it, where its labels bear that out.
    pub(in crate::raster) said: Option<Box<Told>>,
}

/// What a hint tells of a panel.
#[derive(Debug, Clone)]
pub(in crate::raster) struct Told {
    /// What is drawn, in which colours.
    pub(in crate::raster) series: Vec<Series>,
    /// Whether its axes are read by the hint alone: without it they are not, or otherwise.
    pub(in crate::raster) alone: bool,
}

/// A frame of which the labels of an axis could not be read.
#[derive(Debug, Clone, Copy)]
pub(in crate::raster) struct Unread {
    pub(in crate::raster) frame: Frame,
    pub(in crate::raster) axis: reason::Axis,
}

/// What was found of axes: whole panels, frames that are none, and whether there were rows or columns that found no partner.
#[derive(Debug)]
pub(in crate::raster) struct Found {
    pub(in crate::raster) panels: Vec<Panel>,
    pub(in crate::raster) unread: Vec<Unread>,
    pub(in crate::raster) rows: usize,
    pub(in crate::raster) columns: usize,
    /// Whether an axis found no partner: then panels may be missing, and counting them says little.
    pub(in crate::raster) lone: bool,
}

/// A panel by its number.
#[derive(Debug, Clone, Copy)]
pub(in crate::raster) enum Numbered {
    /// The place in [`Found::panels`].
    Panel(usize),
    Unread(reason::Axis),
}

impl Found {
    /// All panels from left to right and top to bottom, those that cannot be read too.
    pub(in crate::raster) fn numbered(&self) -> Vec<Numbered> {
        let panels = self.panels.iter().enumerate().map(|(i, panel)| (panel.frame, Numbered::Panel(i)));
        let mut all: Vec<(Frame, Numbered)> = panels.chain(self.unread.iter().map(|unread| (unread.frame, Numbered::Unread(unread.axis)))).collect();
        order(&mut all, |(frame, _)| *frame);
        all.into_iter().map(|(_, numbered)| numbered).collect()
    }
}

/// A column this far from a row, as a share of the row's length, is its own; farther ones are shared by several panels.
const OWN: f64 = 0.3;

fn is_own(row: &Axis, column: &Axis) -> bool {
    row.first() - column.area.right < OWN * (row.last() - row.first())
}

pub(in crate::raster) fn find(picture: &Picture, texts: &Texts) -> Found {
    // Labels that the edge of the picture cuts off have lost their first signs, and one or two factors are no labels.
    let cut = texts.numbers.iter().filter(|number| is_cut(number)).count() > 2;
    let is_label = |number: &&Number| if is_cut(number) { cut } else { number.left > EDGE };
    let (mut free, others): (Vec<&Number>, Vec<&Number>) = texts.numbers.iter().take(400).partition(is_label);
    let mut columns = axes(&mut free, Direction::Down);
    // The label at the corner may be the first of both axes.
    let corners: Vec<&Number> = columns.iter().filter_map(|column| texts.numbers.iter().find(|number| column.ends_with(number))).collect();
    free.extend(&corners);
    let mut rows = axes(&mut free, Direction::Across);
    free.retain(|number| !corners.contains(number));
    let mut pairs = pairs(&rows, &columns);
    for (i, row) in rows.iter().enumerate() {
        let own = |&&(r, c): &&(usize, usize)| r == i && is_own(row, &columns[c]);
        if !pairs.iter().any(|pair| own(&pair))
            && let Some(column) = two_labels(&free, Direction::Down, |area| beside(row, area))
        {
            pairs.retain(|&(r, _)| r != i);
            pairs.push((i, columns.len()));
            columns.push(column);
        }
    }
    if rows.is_empty() && columns.is_empty() {
        columns.extend(two_labels(&free, Direction::Down, |_| true));
    }
    for (j, column) in columns.iter().enumerate() {
        if !pairs.iter().any(|&(_, c)| c == j)
            && let Some(row) = two_labels(&free, Direction::Across, |area| below(column, area))
        {
            pairs.push((rows.len(), j));
            rows.push(row);
        }
    }
    let lone = (0..rows.len()).any(|i| !pairs.iter().any(|&(r, _)| r == i))
        || (0..columns.len()).any(|j| {
            // A second y axis on the right belongs to a panel that is known.
            let second = |&(r, c): &(usize, usize)| {
                columns[j].area.left > rows[r].last() && columns[j].first() > columns[c].first() - 40.0 && columns[j].last() < rows[r].area.top
            };
            !pairs.iter().any(|pair| pair.1 == j || second(pair))
        });
    // One frame may have lines with gaps; frames that stand close are parted by them.
    let (whole, edges) = (edges(picture, usize::MAX), edges(picture, LEAST_GAP));
    free.extend(others);
    let mut panels: Vec<Panel> = Vec::new();
    for (row, column) in pairs.into_iter().take(MOST_PANELS) {
        panels.push(panel(picture, (&rows[row], &rows), (&columns[column], &columns), &whole, &free, &texts.words));
    }
    order(&mut panels, |panel| panel.frame);
    let numbers: Vec<&Number> = texts.numbers.iter().take(400).filter(is_label).collect();
    let cells = grid::cells(picture, &edges, &drawn::frames(picture, &edges), &numbers);
    let found = Found { lone: lone || ragged(&panels), panels, unread: Vec::new(), rows: rows.len(), columns: columns.len() };
    let found = if cells.is_empty() { found } else { in_frames(found, &cells, texts) };
    let frames: Vec<Frame> = found.panels.iter().map(|panel| panel.frame).chain(found.unread.iter().map(|unread| unread.frame)).collect();
    Found { lone: found.lone || left_over(&free, &frames), ..found }
}

/// The panels of frames that were found where they are drawn, in place of those that were found by labels alone. These remain where no
/// frame is.
fn in_frames(found: Found, cells: &[Cell], texts: &Texts) -> Found {
    let apart = |panel: &Panel| !cells.iter().any(|cell| drawn::shared(panel.frame, cell.frame) > 0);
    let mut panels: Vec<Panel> = found.panels.into_iter().filter(apart).collect();
    let mut unread = Vec::new();
    let strays = !panels.is_empty();
    for i in 0..cells.len() {
        match framed(cells, i, texts) {
            Some(panel) => panels.push(panel),
            None => unread.extend(cells[i].unread().map(|axis| Unread { frame: cells[i].frame, axis })),
        }
    }
    order(&mut panels, |panel| panel.frame);
    // Where each panel has its frame, the labels that could not be read are no panels that are missing.
    let lone = strays && (found.lone || !unread.is_empty());
    Found { panels, unread, lone, ..found }
}

/// The panel in the frame of a cell, where the labels of both axes are known.
fn framed(cells: &[Cell], number: usize, texts: &Texts) -> Option<Panel> {
    let cell = cells.get(number)?;
    let (row, below) = grid::axis(cells, number, Direction::Across)?;
    let (column, beside) = grid::axis(cells, number, Direction::Down)?;
    let numbers: Vec<&Number> = texts.numbers.iter().take(400).collect();
    let doubt = if !(row.firm && column.firm) {
        Some(Labels::Two)
    } else if [&cell.x, &cell.y].into_iter().any(|side| matches!(side, Side::Shared(_, false))) {
        Some(Labels::Borrowed)
    } else {
        None
    };
    let furniture = furniture(cell.frame, row.area, column.area, &texts.words);
    let x = row.scale.times(factors(below, row.area, &numbers)[0]);
    let y = column.scale.times(factors(beside, row.area, &numbers)[1]);
    Some(Panel { frame: cell.frame, x, y, furniture, percent: column.percent, doubt, said: None })
}

/// Which row belongs to which column: the nearest column to the left that stands above the row; then each column that is left over
/// takes the nearest row below.
fn pairs(rows: &[Axis], columns: &[Axis]) -> Vec<(usize, usize)> {
    let distance = |row: &Axis, column: &Axis| {
        let (beside, below) = (row.first() - column.area.right, row.area.top - column.last());
        (beside > -1.5 * row.digits && below > -1.5 * row.digits).then_some(beside.max(0.0) + below.max(0.0))
    };
    let nearest =
        |options: Vec<(usize, Option<f64>)>| options.into_iter().filter_map(|(i, d)| Some((i, d?))).min_by(|a, b| a.1.total_cmp(&b.1)).map(|(i, _)| i);
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (i, row) in rows.iter().enumerate() {
        let column = nearest(columns.iter().enumerate().map(|(j, column)| (j, distance(row, column))).collect());
        pairs.extend(column.map(|j| (i, j)));
    }
    for (j, column) in columns.iter().enumerate() {
        if !pairs.iter().any(|&(_, taken)| taken == j) {
            let row = nearest(
                rows.iter().enumerate().map(|(i, row)| (i, Some(row).filter(|row| is_own(row, column)).and_then(|row| distance(row, column)))).collect(),
            );
            pairs.extend(row.map(|i| (i, j)));
        }
    }
    pairs
}

fn panel(picture: &Picture, (row, rows): (&Axis, &[Axis]), (column, columns): (&Axis, &[Axis]), edges: &Edges, free: &[&Number], words: &[Words]) -> Panel {
    let across = around(&edges.horizontal, (column.area.right - 2.0, row.first() + 3.0), (row.last() - 3.0, picture.width as f64));
    let down = around(&edges.vertical, (0.0, column.first() + 3.0), (column.last() - 3.0, row.area.top + 2.0));
    // Without lines the frame ends a step beyond the last label, or where the next panel begins.
    let step = |axis: &Axis| (axis.last() - axis.first()) / (axis.ticks.len().max(2) - 1) as f64;
    let right = columns.iter().map(|other| other.area.left).filter(|&left| left > row.last()).fold(picture.width as f64, f64::min);
    let top = rows.iter().map(|other| other.area.bottom).filter(|&bottom| bottom < column.first()).fold(0.0, f64::max);
    let (left, right) =
        across.map_or((column.area.right + 0.5 * column.digits, (row.last() + 1.2 * step(row)).min(right - 1.0)), |lines| (lines.from as f64, lines.to as f64));
    let (top, bottom) =
        down.map_or(((column.first() - 1.2 * step(column)).max(top + 1.0), row.area.top - 0.3 * row.digits), |lines| (lines.from as f64, lines.to as f64));
    let whole = |value: f64, most: usize| value.round().clamp(0.0, most as f64) as usize;
    let frame =
        Frame { left: whole(left, picture.width), top: whole(top, picture.height), right: whole(right, picture.width), bottom: whole(bottom, picture.height) };
    let furniture = furniture(frame, row.area, column.area, words);
    let doubt = if !(row.firm && column.firm) {
        Some(Labels::Two)
    } else if is_own(row, column) || row.first() - column.area.right < 1.3 * step(row) + 3.0 * row.digits {
        // Nearer than one step: there is no label that would stand between them.
        None
    } else {
        Some(Labels::Borrowed)
    };
    let [x, y] = factors(frame, row.area, free);
    Panel { frame, x: row.scale.times(x), y: column.scale.times(y), furniture, percent: column.percent, doubt, said: None }
}

/// The lines that begin and end within these bounds: the largest group, and of equal ones the longest.
fn around(groups: &[Lines], from: (f64, f64), to: (f64, f64)) -> Option<&Lines> {
    let within = |at: usize, (least, most): (f64, f64)| (least..=most).contains(&(at as f64));
    let fits = groups.iter().filter(|lines| within(lines.from, from) && within(lines.to, to));
    fits.max_by_key(|lines| (lines.at.len().min(8), lines.to - lines.from))
}

/// Text below the x axis's labels, beside the y axis's, and above the frame.
pub(in crate::raster) fn furniture(frame: Frame, x_labels: Rect, y_labels: Rect, words: &[Words]) -> Furniture {
    let (left, top, right, bottom) = (frame.left as f64, frame.top as f64, frame.right as f64, frame.bottom as f64);
    let digits = x_labels.bottom - x_labels.top;
    let any = |upright: bool, fits: &dyn Fn(f64, f64, &Words) -> bool| {
        let place = |words: &Words| (f64::from(words.left + words.right) / 2.0, f64::from(words.top + words.bottom) / 2.0);
        words.iter().filter(|words| words.upright == upright).any(|words| fits(place(words).0, place(words).1, words))
    };
    let across = |x: f64| x > left && x < right;
    Furniture {
        x_label: any(false, &|x, y, _| across(x) && y > x_labels.bottom && y < x_labels.bottom + 4.0 * digits),
        y_label: any(true, &|x, y, _| y > top && y < bottom && x < y_labels.left + 1.0 && x > y_labels.left - 6.0 * digits),
        title: any(false, &|x, y, words| across(x) && f64::from(words.bottom) <= top + 1.0 && y > top - 6.0 * digits),
        ..Furniture::default()
    }
}

/// The factors that stand beside the axes of a frame, as `1e−5` above the y axis, and belong to each of their labels: of x and of y.
pub(in crate::raster) fn factors(frame: Frame, x_labels: Rect, numbers: &[&Number]) -> [f64; 2] {
    let mut factors = [1.0; 2];
    for number in numbers {
        let text = number.text.as_str();
        let factor = text.starts_with("1e") || text.starts_with('×') || text.starts_with("10^") || text.starts_with("1×");
        if !factor || number.value <= 0.0 {
            continue;
        }
        let area = area(number);
        let height = area.bottom - area.top;
        let above = area.bottom <= frame.top as f64 + 1.0 && area.bottom > frame.top as f64 - 2.5 * height;
        let at_left = area.left < frame.left as f64 + 3.0 * height && area.right > frame.left as f64 - 6.0 * height;
        let below = area.top > frame.bottom as f64 && area.bottom < x_labels.bottom + 3.0 * height;
        let at_right = (area.right - frame.right as f64).abs() < 5.0 * height;
        if above && at_left {
            factors[1] *= number.value;
        } else if below && at_right {
            factors[0] *= number.value;
        }
    }
    factors
}

/// Left to right, then top to bottom.
pub(in crate::raster) fn order<T>(panels: &mut [T], frame: impl Fn(&T) -> Frame) {
    let middle = |panel: &T| usize::midpoint(frame(panel).top, frame(panel).bottom);
    panels.sort_by_key(|panel| (middle(panel), frame(panel).left));
    let mut start = 0;
    while start < panels.len() {
        let bottom = frame(&panels[start]).bottom;
        let end = panels.iter().skip(start).take_while(|panel| middle(panel) < bottom).count() + start;
        let end = end.max(start + 1);
        panels[start..end].sort_by_key(|panel| frame(panel).left);
        start = end;
    }
}

/// Whether numbers outside of all panels line up as labels do: then an axis was not read.
fn left_over(free: &[&Number], frames: &[Frame]) -> bool {
    let outside = |number: &&&Number| {
        let (x, y) = (f64::from(number.left + number.right) / 2.0, f64::from(number.top + number.bottom) / 2.0);
        let inside = |frame: Frame| x > frame.left as f64 && x < frame.right as f64 && y > frame.top as f64 && y < frame.bottom as f64;
        // Labels of an axis that is known, but misread, stand beside its panel.
        let beside = |frame: Frame| {
            let slack = 4.0 * f64::from(number.bottom - number.top);
            x > frame.left as f64 - 2.0 * slack && x < frame.right as f64 + 2.0 * slack && y > frame.top as f64 - slack && y < frame.bottom as f64 + slack
        };
        !frames.iter().any(|frame| inside(*frame) || beside(*frame))
    };
    let left: Vec<&Number> = free.iter().filter(outside).copied().collect();
    [Direction::Down, Direction::Across].iter().any(|direction| {
        left.iter().any(|a| left.iter().any(|b| direction.lines_up(a, b)[0] && direction.place(b) - direction.place(a) > 20.0 && a.text != b.text))
    })
}

/// Whether panels stand in rows of different lengths: then one was missed.
fn ragged(panels: &[Panel]) -> bool {
    let mut counts: Vec<usize> = Vec::new();
    let mut last: Option<Frame> = None;
    for panel in panels {
        let same = last.is_some_and(|frame| panel.frame.top < frame.bottom && frame.top < panel.frame.bottom);
        match counts.last_mut() {
            Some(count) if same => *count += 1,
            _ => counts.push(1),
        }
        last = Some(panel.frame);
    }
    counts.iter().any(|&count| count != counts[0])
}
