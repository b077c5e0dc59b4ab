//! How alike drawn text is to names one expects: the names are drawn in the usual fonts and held against it.

use crate::plane::{Plane, pixel};
use crate::reading::Frame;
use mlgrade_picture::Picture;

use super::component::Component;
use super::font::{Drawing, EDGES, Edges, FONTS, Font};
use super::paper;
use super::strip::{View, resampled};

/// Rows that text is compared at, and columns at most.
const ROWS: usize = 18;
const COLUMNS: usize = 700;

/// Letters of a name that are drawn.
const LETTERS: usize = 60;

/// How strong grey ink is at least, of black on white.
const GREY: f32 = 0.3;

/// Ink that is part of a letter, of the strongest.
const INKED: f32 = 0.35;

/// How much longer than a name the text may be (as a logarithm) before it counts against the name, and how much it counts.
const LONGER: f32 = 0.06;
const PENALTY: f32 = 2.0;

/// How alike the text drawn in `area` is to each of `names`, from −1 to 1: the correlation with the best of the usual fonts. The area
/// should hold one line and nothing else; a frame around it is no part of it. All zero where there is no ink.
pub(crate) fn likeness(picture: &Picture, area: Frame, names: &[&str]) -> Vec<f32> {
    let Some(ink) = drawn(picture, area) else { return vec![0.0; names.len()] };
    names.iter().map(|name| best(&ink, name, Font::letter)).collect()
}

/// The same for labels of ticks: numbers as they are written, with [`RAISE`] before a superscript.
pub(crate) fn label_likeness(picture: &Picture, area: Frame, labels: &[String]) -> Vec<f32> {
    let Some(ink) = drawn(picture, area) else { return vec![0.0; labels.len()] };
    labels.iter().map(|label| best(&ink, label, Font::sign)).collect()
}

/// Stands before a superscript in labels of ticks.
pub(crate) const RAISE: char = '\u{e000}';

/// The text in `area`, tightly cut out.
pub(super) fn drawn(picture: &Picture, area: Frame) -> Option<Plane> {
    let (right, bottom) = (area.right.min(picture.width), area.bottom.min(picture.height));
    let cut = picture.cropped(area.left, area.top, right.checked_sub(area.left)?, bottom.checked_sub(area.top)?)?;
    let paper = *paper::papers(&cut).first()?;
    let whole = Component { left: 0, top: 0, right: cut.width, bottom: cut.height, area: 0 };
    let grey = grey_ink(&cut, paper);
    // Text in a colour of its own has hardly any grey ink.
    let ink = if grey.peak() >= GREY { grey } else { View { picture: &cut, paper, turned: false, from: 0 }.plane(&whole).0 };
    let peak = ink.peak();
    if peak < 0.15 {
        return None;
    }
    let rows = extent(ink.height, |y| ink.row(y).iter().any(|v| *v > INKED * peak))?;
    let columns = extent(ink.width, |x| (rows.0..rows.1).any(|y| ink.at(x, y) > INKED * peak))?;
    let mut tight = Plane::blank(columns.1 - columns.0, rows.1 - rows.0);
    for y in rows.0..rows.1 {
        for x in columns.0..columns.1 {
            tight.values[(y - rows.0) * tight.width + x - columns.0] = (ink.at(x, y) / peak).min(1.0);
        }
    }
    Some(tight)
}

/// The ink of text in black, white or grey: how much each pixel differs from the paper in the channel in which it differs least, in the
/// direction in which most of it differs. Curves and points behind the text have a colour, so that little of them is left.
fn grey_ink(picture: &Picture, paper: [u8; 3]) -> Plane {
    let light = paper.iter().map(|channel| u32::from(*channel)).sum::<u32>() > 3 * 127;
    let mut plane = Plane::blank(picture.width, picture.height);
    for (value, pixel) in plane.values.iter_mut().zip(picture.rgb.chunks_exact(3)) {
        let toward = |(channel, paper): (&u8, &u8)| if light { paper.saturating_sub(*channel) } else { channel.saturating_sub(*paper) };
        *value = f32::from(pixel.iter().zip(&paper).map(toward).min().unwrap_or(0)) / 255.0;
    }
    plane
}

/// The first cell that holds, and one past the last.
fn extent(size: usize, holds: impl Fn(usize) -> bool) -> Option<(usize, usize)> {
    let first = (0..size).find(|i| holds(*i))?;
    let last = (first..size).rev().find(|i| holds(*i))?;
    Some((first, last + 1))
}

/// How a font draws a character.
type Draw = fn(&Font, char) -> &Drawing;

fn best(ink: &Plane, name: &str, drawing: Draw) -> f32 {
    let columns = (ink.width * ROWS).div_ceil(ink.height.max(1)).clamp(4, COLUMNS);
    let seen = blurred(&fitted(ink, columns));
    let scores = FONTS.iter().filter_map(|font| {
        let (text, aspect) = written(font, name, columns, drawing)?;
        let off = (aspect * ink.height as f32 / ink.width as f32).ln().abs();
        Some(correlation(&seen, &blurred(&text)) - PENALTY * (off - LONGER).max(0.0))
    });
    scores.fold(-1.0, f32::max).clamp(-1.0, 1.0)
}

/// The ink at `columns` × `ROWS`.
fn fitted(ink: &Plane, columns: usize) -> Plane {
    resampled(ink, (ink.width as f32 / columns as f32, ink.height as f32 / ROWS as f32), (columns, ROWS))
}

/// The size of a superscript, as a share of that of the letters before it, and how far it is raised, in ems of those.
const RAISED: (f32, f32) = (0.7, 0.38);

/// `name` drawn tightly into `columns` × `ROWS`, and its width relative to its height. What follows
/// [`RAISE`] is a superscript.
fn written(font: &Font, name: &str, columns: usize, draw: Draw) -> Option<(Plane, f32)> {
    // Each letter with the place of its pen, its size and how far it is raised.
    let mut letters: Vec<(&Drawing, f32, f32, f32)> = Vec::new();
    let (mut pen, mut size, mut up) = (0.0, 1.0, 0.0);
    for letter in name.trim().chars().take(LETTERS) {
        if letter == RAISE {
            (size, up) = RAISED;
            continue;
        }
        let drawing = draw(font, letter);
        letters.push((drawing, pen, size, up));
        pen += size * drawing.advance;
    }
    let (first, last) = (letters.first()?, letters.last()?);
    let (left, right) = (first.0.left, last.1 + last.2 * last.0.right);
    let top = letters.iter().map(|(d, _, size, up)| up + size * d.top).fold(f32::NEG_INFINITY, f32::max);
    let bottom = letters.iter().map(|(d, _, size, up)| up + size * d.bottom).fold(f32::INFINITY, f32::min);
    let (wide, high) = (right - left, top - bottom);
    if wide <= 0.0 || high <= 0.0 {
        return None;
    }
    let (step, drop) = (wide / columns as f32, high / ROWS as f32);
    let mut plane = Plane::blank(columns, ROWS);
    let mut values = Vec::new();
    for (drawing, pen, size, up) in letters {
        let rows = Edges { start: (up - top) / size, step: drop / size, count: ROWS + 1 };
        let first = pixel((pen + size * drawing.left - left) / step).min(columns);
        let last = pixel(((pen + size * drawing.right - left) / step).ceil()).min(columns).min(first + EDGES - 1);
        if last <= first {
            continue;
        }
        values.clear();
        let start = (left - pen + first as f32 * step) / size;
        drawing.sampled(&Edges { start, step: step / size, count: last - first + 1 }, &rows, &mut values);
        for (y, row) in values.chunks_exact(last - first).enumerate().take(ROWS) {
            for (target, value) in plane.values[y * columns + first..][..last - first].iter_mut().zip(row) {
                *target += value;
            }
        }
    }
    Some((plane, wide / high))
}

/// The plane with each pixel mixed with its neighbours, so that strokes that are a bit off still meet.
fn blurred(plane: &Plane) -> Plane {
    let mut soft = plane.clone();
    for y in 0..plane.height {
        for x in 0..plane.width {
            let across = |y: usize| plane.at(x.wrapping_sub(1), y) + 2.0 * plane.at(x, y) + plane.at(x + 1, y);
            let above = if y > 0 { across(y - 1) } else { 0.0 };
            soft.values[y * plane.width + x] = (above + 2.0 * across(y) + across(y + 1)) / 16.0;
        }
    }
    soft
}

/// Pearson's correlation.
fn correlation(a: &Plane, b: &Plane) -> f32 {
    let count = a.values.len().max(1) as f32;
    let (mean_a, mean_b) = (a.values.iter().sum::<f32>() / count, b.values.iter().sum::<f32>() / count);
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (a, b) in a.values.iter().zip(&b.values) {
        let (a, b) = (a - mean_a, b - mean_b);
        ab += a * b;
        aa += a * a;
        bb += b * b;
    }
    ab / (aa * bb).sqrt().max(1e-6)
}
