//! The axes of a drawing: frames with tick labels beside them.

use mlgrade_picture::geometry::{Point, Rect};
use std::collections::BTreeSet;

use crate::reason::{Axis, Unread};
use crate::vector::layout::ticks::{MOST, Tick, decade, has_decimal_comma, number, scale};
use crate::vector::model::Scale;
use crate::vector::source::glyphs::is_cipher;
use crate::vector::source::shapes::{Shape, Shapes};
use crate::vector::source::text::Label;

/// Straight lines along the axes that are looked at.
const LINES: usize = 20_000;

/// Of those, the ones that touch one side of a frame.
const TOUCHING: usize = 2_000;

/// Axes that are kept.
const PANELS: usize = 64;

/// Frames that are tried.
const FRAMES: usize = 400;

/// The least side of a frame, as a share of the figure's.
const LEAST_SHARE: f64 = 0.06;

/// How far from the frame tick labels may begin, in em.
const REACH: f64 = 3.5;

/// How well labels must agree where ticks are drawn, in pixels; without ticks, in em.
const SNAPPED: f64 = 0.75;
const UNSNAPPED: f64 = 0.2;

/// One pair of axes.
#[derive(Debug, Clone)]
pub(in crate::vector) struct Axes {
    /// What they enclose.
    pub frame: Rect,
    /// The scale along x.
    pub x: Result<Scale, Unread>,
    /// The scales along y: the left one and the right one, if they are there.
    pub y: Result<Vec<Scale>, Unread>,
    /// The tick labels, as places in the list of labels.
    pub labels: BTreeSet<usize>,
    score: f64,
}

/// A straight line along an axis: where it is across, and from where to where it goes.
type Line = [f64; 3];

/// All axes of a drawing, left to right and top to bottom.
pub(in crate::vector) fn find(shapes: &Shapes) -> Vec<Axes> {
    let lines = [0, 1].map(|along| straight_lines(&shapes.drawn, along));
    let frames = frames(shapes, &lines);
    let mut found: Vec<Axes> = frames.iter().filter_map(|frame| axes(*frame, shapes, &lines)).collect();
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut kept: Vec<Axes> = Vec::new();
    for axes in found {
        if kept.len() < PANELS && !kept.iter().any(|other| overlap(other.frame, axes.frame) > 0.3) {
            kept.push(axes);
        }
    }
    share(&mut kept, &frames);
    kept.sort_by(|a, b| a.frame.left.total_cmp(&b.frame.left));
    // Rows first: a panel is below another if it begins under that one's middle.
    let mut rows: Vec<Axes> = Vec::new();
    while !kept.is_empty() {
        let top = kept.iter().map(|axes| axes.frame.middle()[1]).fold(f64::INFINITY, f64::min);
        let (row, rest): (Vec<Axes>, Vec<Axes>) = kept.into_iter().partition(|axes| axes.frame.top <= top);
        rows.extend(row);
        kept = rest;
    }
    rows
}

/// The share of the smaller box that lies in the other.
fn overlap(a: Rect, b: Rect) -> f64 {
    let width = (a.right.min(b.right) - a.left.max(b.left)).max(0.0);
    let height = (a.bottom.min(b.bottom) - a.top.max(b.top)).max(0.0);
    width * height / (a.width() * a.height()).min(b.width() * b.height())
}

fn straight_lines(shapes: &[Shape], along: usize) -> Vec<Line> {
    let across = 1 - along;
    let pairs = shapes.iter().flat_map(|shape| &shape.runs).flat_map(|run| {
        let closing = (run.len() == 4).then(|| (run[3], run[0]));
        run.windows(2).map(|pair| (pair[0], pair[1])).chain(closing)
    });
    let level = pairs.filter(|(a, b)| (a[across] - b[across]).abs() < 0.02 && (a[along] - b[along]).abs() > 1.0);
    level.take(LINES).map(|(a, b)| [a[across], a[along].min(b[along]), a[along].max(b[along])]).collect()
}

/// Boxes that may be frames: those that are drawn, those that things are cut off at, and those that lines span.
fn frames(shapes: &Shapes, [across, down]: &[Vec<Line>; 2]) -> Vec<Rect> {
    let drawn = shapes.drawn.iter().filter(|shape| is_box(shape)).filter_map(Shape::bounds);
    let mut frames: Vec<Rect> = Vec::new();
    let mut keep = |frame: Rect| {
        let large = frame.width() >= LEAST_SHARE * shapes.width && frame.height() >= LEAST_SHARE * shapes.height;
        let near = |a: f64, b: f64| (a - b).abs() < 0.6;
        let known = |f: &Rect| near(f.left, frame.left) && near(f.top, frame.top) && near(f.right, frame.right) && near(f.bottom, frame.bottom);
        if large && frames.len() < FRAMES && !frames.iter().any(known) {
            frames.push(frame);
        }
    };
    shapes.clips.iter().copied().chain(drawn).for_each(&mut keep);
    for (left, right) in spans(across, LEAST_SHARE * shapes.width) {
        for (top, bottom) in spans(down, LEAST_SHARE * shapes.height) {
            let frame = Rect { left, top, right, bottom };
            let tolerance = 3.0;
            let touch = |lines: &[Line], (from, to): (f64, f64), (low, high): (f64, f64)| {
                lines.iter().any(|[at, a, b]| (a - from).abs() < 0.6 && (b - to).abs() < 0.6 && *at > low - tolerance && *at < high + tolerance)
            };
            if touch(across, (left, right), (top, bottom)) && touch(down, (top, bottom), (left, right)) {
                keep(frame);
            }
        }
    }
    frames
}

/// The distinct extents of long lines, the most frequent first.
fn spans(lines: &[Line], least: f64) -> Vec<(f64, f64)> {
    let mut spans: Vec<((f64, f64), usize)> = Vec::new();
    for &[_, from, to] in lines.iter().filter(|[_, from, to]| to - from >= least) {
        let room = spans.len() < 200;
        match spans.iter_mut().find(|((a, b), _)| (a - from).abs() < 0.6 && (b - to).abs() < 0.6) {
            Some((_, count)) => *count += 1,
            None if room => spans.push(((from, to), 1)),
            None => {}
        }
    }
    spans.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    spans.into_iter().take(24).map(|(span, _)| span).collect()
}

/// Whether a shape is a box along the axes.
pub(in crate::vector) fn is_box(shape: &Shape) -> bool {
    let [run] = shape.runs.as_slice() else { return false };
    let returns = run.len() == 5 && (0..2).all(|axis| (run[0][axis] - run[4][axis]).abs() < 1e-6);
    let corners = &run[..run.len().min(4)];
    let level = |a: &Point, b: &Point| (a[0] - b[0]).abs() < 0.02 || (a[1] - b[1]).abs() < 0.02;
    !shape.curved && (returns || (run.len() == 4 && shape.closed)) && (0..4).all(|i| level(&corners[i], &corners[(i + 1) % 4]))
}

/// The axes of a frame; `None` if there are no tick labels beside it.
fn axes(frame: Rect, shapes: &Shapes, [across, down]: &[Vec<Line>; 2]) -> Option<Axes> {
    let labels = &shapes.labels;
    let below = beside(labels, 0, |label| label.bounds().top - frame.bottom, (frame.left, frame.right));
    let left = beside(labels, 1, |label| frame.left - label.bounds().right, (frame.top, frame.bottom));
    let right = beside(labels, 1, |label| label.bounds().left - frame.right, (frame.top, frame.bottom));
    if below.is_empty() && left.is_empty() && right.is_empty() {
        return None;
    }
    let touching = |lines: &[Line], edge: f64| {
        let touching = lines.iter().filter(|[_, from, to]| *from <= edge + 1.0 && *to >= edge - 1.0);
        touching.map(|line| line[0]).take(TOUCHING).collect::<Vec<f64>>()
    };
    let x_offset = offset(labels, &|label: &Label| {
        let b = label.bounds();
        b.right <= frame.right + 3.0 * label.em && b.left > frame.middle()[0] && b.top > frame.bottom && b.top < frame.bottom + 6.0 * label.em
    });
    let y_offset = |near: f64| {
        offset(labels, &|label: &Label| {
            let b = label.bounds();
            b.left >= near - label.em && b.left < near + 6.0 * label.em && b.bottom < frame.top + 0.5 * label.em && b.bottom > frame.top - 3.0 * label.em
        })
    };
    let x = fitted(labels, &below, 0, &touching(down, frame.bottom), x_offset, Axis::X);
    let y_left = fitted(labels, &left, 1, &touching(across, frame.left), y_offset(frame.left), Axis::Y);
    let y_right = fitted(labels, &right, 1, &touching(across, frame.right), None, Axis::Y);
    let fits = f64::from(u8::from(x.is_ok())) + f64::from(u8::from(y_left.is_ok() || y_right.is_ok()));
    let gap = |side: &[usize], f: &dyn Fn(&Label) -> f64| side.iter().map(|i| f(&labels[*i]) / labels[*i].em).fold(0.0, f64::max);
    let far = gap(&below, &|label| label.bounds().top - frame.bottom) + gap(&left, &|label| frame.left - label.bounds().right);
    let count = |side: &[usize]| side.len().min(8) as f64;
    let y = match (y_left, y_right) {
        (Ok(left), Ok(right)) => Ok(vec![left, right]),
        (Ok(one), Err(_)) | (Err(_), Ok(one)) => Ok(vec![one]),
        (Err(why), Err(_)) => Err(why),
    };
    // Percentages may be claimed as shares or as percentages.
    let percent = [&left, &right].iter().any(|side| !side.is_empty() && side.iter().all(|i| labels[*i].text.trim_end_matches('$').ends_with('%')));
    let y = y.map(|scales: Vec<Scale>| {
        let hundredfold = |scale: &Scale| Scale { unit: scale.unit / 100.0, ..*scale };
        let more: Vec<Scale> = scales.iter().filter(|scale| percent && !scale.log).map(hundredfold).collect();
        [scales, more].concat()
    });
    let score = 20.0 * fits + count(&below) + count(&left) + 0.2 * count(&right) - 0.5 * far;
    // Words beside a frame may be a legend.
    let is_number = |i: &usize| number(&labels[*i].text).is_some();
    let labels = [below, left, right].concat().into_iter().filter(is_number).collect();
    Some(Axes { frame, x, y, labels, score })
}

/// The labels of the row (or column) nearest to an edge: `gap` tells how far each is outside of it.
fn beside(labels: &[Label], along: usize, gap: impl Fn(&Label) -> f64, (from, to): (f64, f64)) -> Vec<usize> {
    let near = |label: &Label| {
        let gap = gap(label);
        !is_cipher(&label.text)
            && gap > -0.6 * label.em
            && gap < REACH * label.em
            && label.middle[along] > from - label.em
            && label.middle[along] < to + label.em
    };
    let near: Vec<usize> = (0..labels.len()).filter(|i| near(&labels[*i])).take(8 * MOST).collect();
    let row = |first: usize| -> Vec<usize> {
        let level = gap(&labels[first]);
        near.iter().copied().filter(|i| (gap(&labels[*i]) - level).abs() < if along == 0 { 0.7 } else { 1.2 } * labels[*i].em).collect()
    };
    let mut order: Vec<usize> = near.clone();
    order.sort_by(|a, b| gap(&labels[*a]).total_cmp(&gap(&labels[*b])));
    let mut row = order.into_iter().take(40).map(row).find(|row| row.len() > 1).unwrap_or_default();
    row.truncate(MOST);
    row
}

/// The scale of one axis from its labels and the lines that mark its ticks.
fn fitted(labels: &[Label], row: &[usize], along: usize, lines: &[f64], offset: Option<(f64, f64)>, axis: Axis) -> Result<Scale, Unread> {
    let (times, plus) = offset.unwrap_or((1.0, 0.0));
    // One decimal comma makes all commas decimal.
    let comma = row.iter().any(|i| has_decimal_comma(&labels[*i].text));
    let number = |text: &str| if comma { number(&text.replace(',', ".")) } else { number(text) };
    let read: Vec<(Tick, f64)> = row
        .iter()
        .filter_map(|i| {
            let Label { text, middle, em, .. } = &labels[*i];
            let value = number(text)? * times + plus;
            Some((Tick { place: middle[along], value, power: text.contains('^') }, *em))
        })
        .collect();
    if row.is_empty() {
        return Err(Unread::Unlabelled(axis));
    }
    if 2 * read.len() < row.len() {
        return Err(Unread::LabelsOfWords(axis));
    }
    let snap = |(tick, em): &(Tick, f64)| {
        let off = |line: &f64| (line - tick.place).abs();
        let nearest = lines.iter().copied().min_by(|a, b| off(a).total_cmp(&off(b)))?;
        (off(&nearest) < 0.75 * em).then_some(Tick { place: nearest, ..*tick })
    };
    let snapped: Vec<Tick> = read.iter().filter_map(snap).collect();
    let is_snapped = 5 * snapped.len() >= 3 * read.len();
    let fit = if is_snapped { decade(&snapped, lines).or_else(|| scale(&snapped, SNAPPED).ok()) } else { None };
    // Ticks at whole pixels, or half a pixel beside for the sake of sharp lines, were rounded.
    let all_at = |part: f64| snapped.iter().all(|tick| ((tick.place - part).round() - (tick.place - part)).abs() < 1e-6);
    let (shift, slack) = if all_at(0.5) { (0.5, 0.75) } else { (0.0, if all_at(0.0) { 0.75 } else { 0.3 }) };
    let em = read.iter().map(|(_, em)| *em).fold(0.0, f64::max);
    let loose = || scale(&read.iter().map(|(tick, _)| *tick).collect::<Vec<_>>(), UNSNAPPED * em);
    fit.map(|scale| Scale { slack, zero: scale.zero - shift, ..scale }).map_or_else(loose, Ok).map_err(|ticks| Unread::Ticks(axis, ticks))
}

/// What an axis's labels are multiplied with and what is added to them, as Matplotlib writes it at the end of an axis: `1e6`, `+2e3`.
fn offset(labels: &[Label], belongs: &dyn Fn(&Label) -> bool) -> Option<(f64, f64)> {
    labels.iter().filter(|label| belongs(label)).find_map(|label| {
        let text = label.text.replace('−', "-").replace("\\times", "×").replace(['$', ' '], "");
        let text = text.replace("\\mathdefault", "");
        if let Some(plus) = text.strip_prefix('+') {
            return number(plus).map(|plus| (1.0, plus));
        }
        let scaled = text.strip_prefix("1e").map(|_| text.clone()).or_else(|| text.trim_start_matches('{').strip_prefix('×').map(str::to_owned))?;
        let cut = scaled.char_indices().skip(1).find(|(i, c)| *c == '+' && !scaled[..*i].ends_with('e')).map_or(scaled.len(), |(i, _)| i);
        Some((number(&scaled[..cut])?, number(&scaled[cut..]).unwrap_or(0.0)))
    })
}

/// Panels in a row may have one y axis, and those in a column one x axis; frames without any label take part if they are as large.
fn share(kept: &mut Vec<Axes>, frames: &[Rect]) {
    let near = |a: f64, b: f64| (a - b).abs() < 1.5;
    for frame in frames {
        let alike = kept.iter().any(|axes| near(axes.frame.width(), frame.width()) && near(axes.frame.height(), frame.height()));
        if alike && kept.len() < PANELS && !kept.iter().any(|axes| overlap(axes.frame, *frame) > 0.05) {
            kept.push(Axes { frame: *frame, x: Err(Unread::Unlabelled(Axis::X)), y: Err(Unread::Unlabelled(Axis::Y)), labels: BTreeSet::new(), score: 0.0 });
        }
    }
    let all = kept.clone();
    for axes in kept.iter_mut() {
        let frame = axes.frame;
        let row = |other: &&Axes| near(other.frame.top, frame.top) && near(other.frame.bottom, frame.bottom);
        let column = |other: &&Axes| near(other.frame.left, frame.left) && near(other.frame.right, frame.right);
        if axes.y.is_err()
            && let Some(y) = all.iter().filter(row).find_map(|other| other.y.clone().ok())
        {
            axes.y = Ok(y);
        }
        if axes.x.is_err()
            && let Some(x) = all.iter().filter(column).find_map(|other| other.x.ok())
        {
            axes.x = Ok(x);
        }
    }
    kept.retain(|axes| axes.score > 0.0 || (axes.x.is_ok() && axes.y.is_ok()));
}
