//! Panels: numbers in a column and in a row that agree on a scale are the tick labels of a pair of axes.

use crate::evidence::picture::Picture;
use crate::figure::reading::{Frame, Furniture};
use crate::figure::text::{Number, Texts, Words};

use super::frame::{Edges, Lines, edges};
use super::scale::{Agreed, Scale, Tick, agree};

/// A pair of axes.
#[derive(Debug, Clone)]
pub(super) struct Panel {
    pub(super) frame: Frame,
    pub(super) x: Scale,
    pub(super) y: Scale,
    /// Its axis labels and title.
    pub(super) furniture: Furniture,
    /// Whether labels of the y axis are percentages: 80 % stands for 0.8, or for 80 as the student counts.
    pub(super) percent: bool,
    /// Why its labels may confirm a claim, but not contradict one.
    pub(super) doubt: Option<Doubt>,
}

/// Why a scale may be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    /// Fewer than three labels of an axis agree: two can be misread.
    TwoLabels,
    /// The labels of its y axis stand beside another panel.
    Borrowed,
}

/// A box in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Area {
    fn of(number: &Number) -> Self {
        Self { left: number.left.into(), top: number.top.into(), right: number.right.into(), bottom: number.bottom.into() }
    }

    fn with(self, other: Self) -> Self {
        Self { left: self.left.min(other.left), top: self.top.min(other.top), right: self.right.max(other.right), bottom: self.bottom.max(other.bottom) }
    }
}

/// An axis: labels that agree on a scale.
#[derive(Debug, Clone)]
struct Axis {
    scale: Scale,
    ticks: Vec<f64>,
    area: Area,
    /// The height of its digits.
    digits: f64,
    percent: bool,
    firm: bool,
}

impl Axis {
    fn first(&self) -> f64 {
        self.ticks.iter().copied().fold(f64::INFINITY, f64::min)
    }

    /// Whether `number` is the lowest label of this column.
    fn ends_with(&self, number: &Number) -> bool {
        let area = Area::of(number);
        area.left >= self.area.left && area.right <= self.area.right && area.bottom >= self.area.bottom && area.top > self.area.top
    }

    fn last(&self) -> f64 {
        self.ticks.iter().copied().fold(f64::NEG_INFINITY, f64::max)
    }
}

/// What was found of axes: whole panels, and whether there were rows or columns that found no partner.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) panels: Vec<Panel>,
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// Whether an axis found no partner: then panels may be missing, and counting them says little.
    pub(super) lone: bool,
}

/// A column this far from a row, as a share of the row's length, is its own; farther ones are shared by several panels.
const OWN: f64 = 0.3;

fn is_own(row: &Axis, column: &Axis) -> bool {
    row.first() - column.area.right < OWN * (row.last() - row.first())
}

/// More panels than any homework has.
const MOST_PANELS: usize = 16;

pub(super) fn find(picture: &Picture, texts: &Texts) -> Found {
    // What the edge of the picture cuts off lacks its first signs, and one or two factors are no labels.
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
    let edges = edges(picture);
    free.extend(others);
    let mut panels: Vec<Panel> = Vec::new();
    for (row, column) in pairs.into_iter().take(MOST_PANELS) {
        panels.push(panel(picture, (&rows[row], &rows), (&columns[column], &columns), &edges, &free, &texts.words));
    }
    order(&mut panels);
    let lone = lone || ragged(&panels) || left_over(&free, &panels);
    Found { panels, rows: rows.len(), columns: columns.len(), lone }
}

/// What begins so near to the edge of the picture may be cut off, in pixels.
const EDGE: f32 = 0.5;

/// Whether only the power of ten is left of a label, as in `× 10²`: the edge of the picture cuts off what stood before it.
fn is_cut(number: &Number) -> bool {
    number.text.starts_with('×') || (number.left <= EDGE && number.text.contains("×10^"))
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Direction {
    Across,
    Down,
}

impl Direction {
    /// Where a label stands along the axis: its middle.
    fn place(self, number: &Number) -> f64 {
        match self {
            Self::Across => f64::from(number.left + number.right) / 2.0,
            Self::Down => f64::from(number.top + number.bottom) / 2.0,
        }
    }

    /// What labels of one axis have in common: right, left or centre of a column; the middle of a row.
    fn lines_up(self, a: &Number, b: &Number) -> [bool; 3] {
        let height = (a.bottom - a.top).max(b.bottom - b.top);
        // Plotly sets the small digits of a logarithmic axis a little aside.
        let digits = a.text.len() == 1 || b.text.len() == 1;
        let close = |a: f32, b: f32, slack: f32| (a - b).abs() <= slack.max(if digits && self == Self::Down { 0.9 } else { 0.35 } * height);
        match self {
            Self::Across => [close(a.top + a.bottom, b.top + b.bottom, 5.0), close(a.bottom, b.bottom, 2.0), false],
            Self::Down => [close(a.right, b.right, 3.0), close(a.left, b.left, 3.0), close(a.left + a.right, b.left + b.right, 5.0)],
        }
    }
}

/// Whether a label may belong to the y axis of which `row` is the x axis.
fn beside(row: &Axis, label: Area) -> bool {
    label.right < row.first() + row.digits
        && label.right > row.first() - 0.5 * (row.last() - row.first()) - 6.0 * row.digits
        && label.bottom < row.area.top + row.digits
}

/// Whether a label may belong to the x axis of which `column` is the y axis.
fn below(column: &Axis, label: Area) -> bool {
    label.left > column.area.right - 2.0 * column.digits
        && label.top > column.last()
        && label.top < column.last() + 6.0 * column.digits + 0.5 * (column.last() - column.first())
}

/// An axis of which only two labels were read: those that line up and were read with most certainty.
fn two_labels(free: &[&Number], direction: Direction, fits: impl Fn(Area) -> bool) -> Option<Axis> {
    let near: Vec<&Number> = free.iter().copied().filter(|number| fits(Area::of(number))).collect();
    let mut best: Option<(f32, Axis)> = None;
    for (i, a) in near.iter().enumerate() {
        for b in &near[i + 1..] {
            let log = a.text.contains('^') && b.text.contains('^');
            let (at, there) = (direction.place(a), direction.place(b));
            let apart = (at - there).abs() > 20.0 && (log || (a.value - b.value).abs() > f64::EPSILON);
            if !apart || !direction.lines_up(a, b)[0] {
                continue;
            }
            let (first, second, lag) = if log { decades(a, b, at < there, direction) } else { (a.value, b.value, 0.0) };
            let certainty = a.certainty + b.certainty - lag;
            // Two powers of ten with their superscripts are not misread easily.
            let powers = log && lag <= 0.0 && a.certainty.min(b.certainty) > 0.6;
            let grows = (first > second) == (if direction == Direction::Down { at < there } else { at > there });
            if !grows || best.as_ref().is_some_and(|(most, _)| *most >= certainty) {
                continue;
            }
            let unit = (there - at) / (second - first);
            let scale = Scale { origin: at - unit * first, unit, log };
            let area = Area::of(a).with(Area::of(b));
            best = Some((
                certainty,
                Axis { scale, ticks: vec![at, there], area, digits: f64::from(a.bottom - a.top), percent: a.text.ends_with('%'), firm: powers },
            ));
        }
    }
    best.map(|(_, axis)| axis)
}

/// How much less likely than what was read the small digits of two neighbours may be.
const MISREAD: f32 = 0.4;

/// The decimal logarithms of two powers of ten, with how unlikely they are. Where one of their small digits may be misread, neighbours are likelier: an axis that
/// shows two powers of ten shows one beside the other.
fn decades(a: &Number, b: &Number, a_first: bool, direction: Direction) -> (f64, f64, f32) {
    let read = (a.value.log10(), b.value.log10(), 0.0);
    if ![a, b].iter().all(|number| number.text.starts_with("10^")) {
        return read;
    }
    let meanings = |number: &Number| {
        let own = std::iter::once((number.value, 0.0)).chain(number.others.iter().copied());
        own.map(|(value, lag)| (value.log10(), lag)).collect::<Vec<_>>()
    };
    let step = if (direction == Direction::Down) == a_first { -1.0 } else { 1.0 };
    let (ours, theirs) = (meanings(a), meanings(b));
    let pairs = ours.iter().flat_map(|&(a, lag)| theirs.iter().map(move |&(b, more)| ((a, b), lag + more)));
    let neighbours = pairs.filter(|((a, b), _)| (b - a - step).abs() < 1e-6);
    neighbours.min_by(|x, y| x.1.total_cmp(&y.1)).filter(|(_, lag)| *lag < MISREAD).map_or(read, |((a, b), lag)| (a, b, lag))
}

/// Takes the axes of one direction out of the numbers, those with most labels first.
fn axes(free: &mut Vec<&Number>, direction: Direction) -> Vec<Axis> {
    let mut axes = Vec::new();
    while axes.len() < MOST_PANELS {
        let mut best: Option<Agreed> = None;
        for seed in free.iter() {
            for way in 0..3 {
                let group: Vec<usize> = (0..free.len()).filter(|&i| direction.lines_up(seed, free[i])[way]).collect();
                if group.len() <= best.as_ref().map_or(2, |best| best.labels.len()) {
                    continue;
                }
                if let Some(found) = scale_of(free, &group, direction)
                    && best.as_ref().is_none_or(|best| found.labels.len() > best.labels.len())
                {
                    best = Some(found);
                }
            }
        }
        let Some(Agreed { scale, labels, sure }) = best else { break };
        let taken: Vec<&Number> = labels.iter().map(|&i| free[i]).collect();
        let area = taken.iter().map(|number| Area::of(number)).reduce(Area::with);
        let mut digits: Vec<f64> = taken.iter().map(|number| f64::from(number.bottom - number.top)).collect();
        digits.sort_by(f64::total_cmp);
        if let Some(area) = area {
            let ticks = taken.iter().map(|number| direction.place(number)).collect();
            // Small digits alone do not tell between which powers of ten they stand.
            let firm = sure
                && !taken.iter().any(|number| is_cut(number))
                && (!scale.log || taken.iter().any(|number| !matches!(number.text.as_bytes(), [b'2'..=b'9'])));
            axes.push(Axis { scale, ticks, area, digits: digits[digits.len() / 2], percent: taken.iter().any(|number| number.text.ends_with('%')), firm });
        }
        let mut i = 0;
        free.retain(|_| {
            i += 1;
            !labels.contains(&(i - 1))
        });
    }
    axes
}

/// A scale for the numbers of `group`. Where it mixes the labels of several panels, a part that lies together is tried too.
fn scale_of(free: &[&Number], group: &[usize], direction: Direction) -> Option<Agreed> {
    let mut group = group.to_vec();
    group.sort_by(|&a, &b| direction.place(free[a]).total_cmp(&direction.place(free[b])));
    let whole = fit(free, &group, direction);
    if whole.is_some() || group.len() < 6 {
        return whole;
    }
    // Panels beside each other: cut where the values turn back.
    let rises = |pair: &[usize]| free[pair[0]].value < free[pair[1]].value;
    let mut parts: Vec<Vec<usize>> = Vec::new();
    let upwards = group.windows(2).filter(|pair| rises(pair)).count() * 2 > group.len();
    for &i in &group {
        match parts.last_mut() {
            Some(part) if part.last().is_some_and(|&last| rises(&[last, i]) == upwards) => part.push(i),
            _ => parts.push(vec![i]),
        }
    }
    parts.iter().filter(|part| part.len() >= 3).filter_map(|part| fit(free, part, direction)).max_by_key(|found| found.labels.len())
}

fn fit(free: &[&Number], group: &[usize], direction: Direction) -> Option<Agreed> {
    let tallest = group.iter().map(|&i| free[i].bottom - free[i].top).fold(0.0, f32::max);
    let decimals = usual_decimals(group.iter().map(|&i| free[i].text.as_str()));
    let tick = |&i: &usize| {
        let number = free[i];
        let lost = decimals.filter(|_| number.text.bytes().all(|byte| byte.is_ascii_digit())).map(|scale| number.value / scale);
        let digit = matches!(number.text.as_bytes(), [b'2'..=b'9']) && number.bottom - number.top < 0.9 * tallest;
        // A comma may group thousands or begin decimals.
        let comma = number.text.contains(',').then(|| number.text.replace(',', ".").parse().or_else(|_| number.text.replace(',', "").parse()).ok()).flatten();
        let other = comma.filter(|value: &f64| (value - number.value).abs() > 1e-12 * value.abs());
        if is_cut(number) {
            let ten = number
                .text
                .split_once("10^")
                .and_then(|(_, power)| power.replace('\u{2212}', "-").parse().ok())
                .map_or(number.value, |power| 10_f64.powi(power));
            return Tick { at: direction.place(number), values: (2..=9).map(|first| (f64::from(first) * ten, 0.0)).collect(), digit: false };
        }
        let misread = number.others.iter().map(|&(value, lag)| (value, f64::from(lag)));
        let values = std::iter::once(number.value).chain(lost).chain(other).map(|value| (value, 0.0)).chain(misread).collect();
        Tick { at: direction.place(number), values, digit }
    };
    let ticks: Vec<Tick> = group.iter().map(tick).collect();
    let span = ticks.iter().map(|tick| tick.at).fold(f64::NEG_INFINITY, f64::max) - ticks.iter().map(|tick| tick.at).fold(f64::INFINITY, f64::min);
    // Labels of two sizes stand on two middles.
    let sizes = if ticks.iter().any(|tick| tick.digit) { 0.4 * f64::from(tallest) } else { 0.0 };
    let found = agree(&ticks, (0.006 * span).max(1.2).max(sizes))?;
    Some(Agreed { labels: found.labels.iter().map(|&i| group[i]).collect(), ..found })
}

/// Ten to the number of decimals that most labels with a point have: a point is small and sometimes lost.
fn usual_decimals<'a>(texts: impl Iterator<Item = &'a str>) -> Option<f64> {
    let decimals: Vec<usize> = texts.filter_map(|text| text.split_once('.').map(|(_, digits)| digits.len())).collect();
    let most = *decimals.iter().max_by_key(|&&d| decimals.iter().filter(|&&other| other == d).count())?;
    (decimals.len() >= 2).then(|| 10_f64.powi(i32::try_from(most).unwrap_or(0)))
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
        Some(Doubt::TwoLabels)
    } else if is_own(row, column) || row.first() - column.area.right < 1.3 * step(row) + 3.0 * row.digits {
        // Nearer than one step: there is no label that would stand between them.
        None
    } else {
        Some(Doubt::Borrowed)
    };
    let mut panel = Panel { frame, x: row.scale, y: column.scale, furniture, percent: column.percent, doubt };
    apply_offsets(&mut panel, row.area, free);
    panel
}

/// The lines that begin and end within these bounds: the largest group, and of equal ones the longest.
fn around(groups: &[Lines], from: (f64, f64), to: (f64, f64)) -> Option<&Lines> {
    let within = |at: usize, (least, most): (f64, f64)| (least..=most).contains(&(at as f64));
    let fits = groups.iter().filter(|lines| within(lines.from, from) && within(lines.to, to));
    fits.max_by_key(|lines| (lines.at.len().min(8), lines.to - lines.from))
}

/// Text below the x axis's labels, beside the y axis's, and above the frame.
fn furniture(frame: Frame, x_labels: Area, y_labels: Area, words: &[Words]) -> Furniture {
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

/// A factor that stands beside an axis, as in `1e−5` above the y axis, belongs to each of its labels.
fn apply_offsets(panel: &mut Panel, x_labels: Area, free: &[&Number]) {
    for number in free {
        let text = number.text.as_str();
        let factor = text.starts_with("1e") || text.starts_with('×') || text.starts_with("10^") || text.starts_with("1×");
        if !factor || number.value <= 0.0 {
            continue;
        }
        let area = Area::of(number);
        let (frame, height) = (panel.frame, area.bottom - area.top);
        let above = area.bottom <= frame.top as f64 + 1.0 && area.bottom > frame.top as f64 - 2.5 * height;
        let at_left = area.left < frame.left as f64 + 3.0 * height && area.right > frame.left as f64 - 6.0 * height;
        let below = area.top > frame.bottom as f64 && area.bottom < x_labels.bottom + 3.0 * height;
        let at_right = (area.right - frame.right as f64).abs() < 5.0 * height;
        if above && at_left {
            panel.y = panel.y.times(number.value);
        } else if below && at_right {
            panel.x = panel.x.times(number.value);
        }
    }
}

/// Left to right, then top to bottom.
fn order(panels: &mut [Panel]) {
    let middle = |panel: &Panel| usize::midpoint(panel.frame.top, panel.frame.bottom);
    panels.sort_by_key(|panel| (middle(panel), panel.frame.left));
    let mut start = 0;
    while start < panels.len() {
        let bottom = panels[start].frame.bottom;
        let end = panels.iter().skip(start).take_while(|panel| middle(panel) < bottom).count() + start;
        let end = end.max(start + 1);
        panels[start..end].sort_by_key(|panel| panel.frame.left);
        start = end;
    }
}

/// Whether numbers outside of all panels line up as labels do: then an axis was not read.
fn left_over(free: &[&Number], panels: &[Panel]) -> bool {
    let outside = |number: &&&Number| {
        let (x, y) = (f64::from(number.left + number.right) / 2.0, f64::from(number.top + number.bottom) / 2.0);
        let inside = |frame: Frame| x > frame.left as f64 && x < frame.right as f64 && y > frame.top as f64 && y < frame.bottom as f64;
        // Labels of an axis that is known, but misread, stand beside its panel.
        let beside = |frame: Frame| {
            let slack = 4.0 * f64::from(number.bottom - number.top);
            x > frame.left as f64 - 2.0 * slack && x < frame.right as f64 + 2.0 * slack && y > frame.top as f64 - slack && y < frame.bottom as f64 + slack
        };
        !panels.iter().any(|panel| inside(panel.frame) || beside(panel.frame))
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
