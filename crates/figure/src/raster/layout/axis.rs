//! Axes: numbers in a column or a row that agree on a scale are the tick labels of one.

use mlgrade_picture::geometry::Rect;

use crate::text::Number;

use crate::raster::layout::scale::{Agreed, Scale, Tick, agree};

/// The box of a number.
pub(in crate::raster) fn area(number: &Number) -> Rect {
    Rect { left: number.left.into(), top: number.top.into(), right: number.right.into(), bottom: number.bottom.into() }
}

/// An axis: labels that agree on a scale.
#[derive(Debug, Clone)]
pub(in crate::raster) struct Axis {
    pub(in crate::raster) scale: Scale,
    pub(in crate::raster) ticks: Vec<f64>,
    pub(in crate::raster) area: Rect,
    /// The height of its digits.
    pub(in crate::raster) digits: f64,
    pub(in crate::raster) percent: bool,
    pub(in crate::raster) firm: bool,
}

impl Axis {
    pub(in crate::raster) fn first(&self) -> f64 {
        self.ticks.iter().copied().fold(f64::INFINITY, f64::min)
    }

    /// Whether `number` is the lowest label of this column.
    pub(in crate::raster) fn ends_with(&self, number: &Number) -> bool {
        let area = area(number);
        area.left >= self.area.left && area.right <= self.area.right && area.bottom >= self.area.bottom && area.top > self.area.top
    }

    pub(in crate::raster) fn last(&self) -> f64 {
        self.ticks.iter().copied().fold(f64::NEG_INFINITY, f64::max)
    }
}

/// More panels than any homework has.
pub(in crate::raster) const MOST_PANELS: usize = 16;

/// What begins so near to the edge of the picture may be cut off, in pixels.
pub(in crate::raster) const EDGE: f32 = 0.5;

/// Whether only the power of ten is left of a label, as in `× 10²`: the edge of the picture cuts off what stood before it.
pub(in crate::raster) fn is_cut(number: &Number) -> bool {
    number.text.starts_with('×') || (number.left <= EDGE && number.text.contains("×10^"))
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::raster) enum Direction {
    Across,
    Down,
}

impl Direction {
    /// Where a label stands along the axis: its middle.
    pub(in crate::raster) fn place(self, number: &Number) -> f64 {
        match self {
            Self::Across => f64::from(number.left + number.right) / 2.0,
            Self::Down => f64::from(number.top + number.bottom) / 2.0,
        }
    }

    /// What labels of one axis have in common: right, left or centre of a column; the middle of a row.
    pub(in crate::raster) fn lines_up(self, a: &Number, b: &Number) -> [bool; 3] {
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
pub(in crate::raster) fn beside(row: &Axis, label: Rect) -> bool {
    label.right < row.first() + row.digits
        && label.right > row.first() - 0.5 * (row.last() - row.first()) - 6.0 * row.digits
        && label.bottom < row.area.top + row.digits
}

/// Whether a label may belong to the x axis of which `column` is the y axis.
pub(in crate::raster) fn below(column: &Axis, label: Rect) -> bool {
    label.left > column.area.right - 2.0 * column.digits
        && label.top > column.last()
        && label.top < column.last() + 6.0 * column.digits + 0.5 * (column.last() - column.first())
}

/// An axis of which only two labels were read: those that line up and were read with most certainty.
pub(in crate::raster) fn two_labels(free: &[&Number], direction: Direction, fits: impl Fn(Rect) -> bool) -> Option<Axis> {
    let near: Vec<&Number> = free.iter().copied().filter(|number| fits(area(number))).collect();
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
            let area = area(a).union(area(b));
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
pub(in crate::raster) fn axes(free: &mut Vec<&Number>, direction: Direction) -> Vec<Axis> {
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
        let area = taken.iter().map(|number| area(number)).reduce(Rect::union);
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
