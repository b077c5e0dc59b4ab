//! How well texts that one expects explain lines of text: each is set in the usual fonts over the ink, letter by letter as the font sets them.
//!
//! Reading a line freely tries all letters at all places. A text that is known beforehand has its letters at known places, which may be off by
//! a part of a pixel, so that many texts can be tried, in all fonts and sizes, and even letters of five pixels tell them apart as a whole.

use std::collections::HashMap;

use crate::plane::{Plane, pixel, step};
use crate::reading::Frame;
use mlgrade_picture::Picture;

use super::decode::fit;
use super::font::{FONTS, Font};
use super::likeness::drawn;
use super::line::{BLUR, Hint, OFF, READ_AT, WIDEST, whole};
use super::strip::resampled;
use super::template::{PHASES, Template, sampled};

/// Letters of a text that are set.
const LETTERS: usize = 60;

/// How far the pen may be from where the font sets it, in quarters of a pixel: altogether, and from one letter to the next.
const DRIFT: isize = 6;
const SLACK: isize = 2;

/// By how much a text may be wider or narrower than the ink, as a share of it and in pixels.
const WIDER: f32 = 0.08;
const WIDER_PIXELS: f32 = 2.5;

/// By how much the height of letters may differ from what their width asks for: hinting makes it whole pixels.
const STRETCHED: std::ops::RangeInclusive<f32> = 0.84..=1.19;

/// The mean share of ink explained above which no other font is tried.
const SURE: f32 = 0.7;

/// A text that explains less at the line's own height is no better at another.
const HOPELESS: f32 = 0.2;

/// What a text explains that is too long or too short for a line.
pub(crate) const NOTHING: f32 = -0.5;

/// The share of the ink in each of `areas` that the best of the forms of each name explains, at most 1: in the font and size that explain most
/// of all lines by one name each. None where no line has ink.
pub(crate) fn explained(picture: &Picture, areas: &[Frame], names: &[Vec<String>], hint: Hint) -> Option<Vec<Vec<f32>>> {
    let inks: Vec<Option<Plane>> = areas.iter().map(|area| drawn(picture, whole(picture, *area))).collect();
    let count = inks.iter().flatten().count().min(names.len());
    if count == 0 {
        return None;
    }
    let others = (0..FONTS.len()).filter(|font| Some(*font) != hint.font);
    let mut best: Option<(f32, Vec<Vec<f32>>)> = None;
    let sizes = sizes(hint);
    for font in hint.font.into_iter().chain(others).filter_map(|font| FONTS.get(font)) {
        for em in &sizes {
            let mut set = Set::new(font, *em);
            let scores: Vec<Vec<f32>> = inks.iter().map(|ink| ink.as_ref().map_or_else(|| vec![NOTHING; names.len()], |ink| set.scores(ink, names))).collect();
            // As many lines as there are names are theirs.
            let mut most: Vec<f32> = scores.iter().map(|row| row.iter().copied().fold(NOTHING, f32::max)).collect();
            most.sort_by(|a, b| b.total_cmp(a));
            let mean = most[..count].iter().sum::<f32>() / count as f32;
            if best.as_ref().is_none_or(|(least, _)| mean > *least) {
                best = Some((mean, scores));
            }
        }
        if best.as_ref().is_some_and(|(mean, _)| *mean > SURE) {
            break;
        }
    }
    best.map(|(_, scores)| scores)
}

/// Pixels of an em that letters may have, the likeliest first.
fn sizes(hint: Hint) -> Vec<f32> {
    let near = |em: Option<f32>| em.into_iter().flat_map(|em| [em, 0.97 * em, 1.03 * em]);
    let mut sizes: Vec<f32> = Vec::new();
    for size in near(hint.em).chain(near(hint.tick)) {
        if size > 3.0 && sizes.iter().all(|other| (size / other - 1.0).abs() > 0.012) {
            sizes.push(size);
        }
    }
    sizes
}

/// Letters of one font at one width, and at any height.
struct Set {
    font: &'static Font,
    em: f32,
    small: f32,
    /// By letter, height of an em in hundredths of a pixel, and the places of the pen and of the baseline within a pixel.
    templates: HashMap<(char, usize, usize, usize), Template>,
}

/// Where the pen may be before a letter, and what the best way there explains.
type Ways = [Option<f32>; 2 * DRIFT.unsigned_abs() + 1];

impl Set {
    fn new(font: &'static Font, em: f32) -> Self {
        Self { font, em, small: em.min(READ_AT), templates: HashMap::new() }
    }

    /// The share of a line's ink that each name explains.
    fn scores(&mut self, ink: &Plane, names: &[Vec<String>]) -> Vec<f32> {
        let scale = self.em / self.small;
        let fewer = |length: usize| pixel((length as f32 / scale).ceil()).max(1);
        let fits = |text: &String| {
            let width = self.width(text) * self.em;
            (width - ink.width as f32).abs() <= WIDER * ink.width as f32 + WIDER_PIXELS
        };
        if !names.iter().flatten().any(fits) {
            return vec![NOTHING; names.len()];
        }
        let small = if scale > 1.0 { resampled(ink, (scale, scale), (fewer(ink.width), fewer(ink.height))) } else { ink.clone() };
        if small.width > WIDEST {
            return vec![NOTHING; names.len()];
        }
        let high = ink.height as f32 / scale;
        let pad = pixel(self.small.ceil()) + 2;
        let mut strip = Plane::blank(small.width + 2 * pad, small.height + 2 * pad);
        let peak = small.peak().max(1e-3);
        for y in 0..small.height {
            for (target, value) in strip.values[(y + pad) * (small.width + 2 * pad) + pad..][..small.width].iter_mut().zip(small.row(y)) {
                *target = value / peak;
            }
        }
        let line = Line { total: strip.energy().max(1e-6), strip, pad: pad as f32, wide: ink.width as f32 / scale, high };
        names.iter().map(|forms| forms.iter().map(|form| self.score(&line, form)).fold(NOTHING, f32::max)).collect()
    }

    /// The width of a text's ink, in ems.
    fn width(&self, text: &str) -> f32 {
        let advance: f32 = text.chars().take(LETTERS).map(|letter| self.font.letter(letter).advance).sum();
        let last = text.chars().take(LETTERS).last().map_or(0.0, |letter| self.font.letter(letter).advance - self.font.letter(letter).right);
        advance - last - text.chars().next().map_or(0.0, |letter| self.font.letter(letter).left)
    }

    /// The share of a line's ink that a text explains, at the height that its width asks for, or at that which the line has.
    fn score(&mut self, line: &Line, text: &str) -> f32 {
        let wide = self.width(text) * self.small;
        if wide <= 0.0 || (wide - line.wide).abs() > WIDER * line.wide + WIDER_PIXELS {
            return NOTHING;
        }
        let drawings = || text.chars().take(LETTERS).filter(|letter| *letter != ' ').map(|letter| self.font.letter(letter));
        let top = drawings().map(|drawing| drawing.top).fold(f32::MIN, f32::max);
        let bottom = drawings().map(|drawing| drawing.bottom).fold(f32::MAX, f32::min);
        let stretch = line.high / ((top - bottom) * self.small).max(1e-3);
        let stretched = stretch.clamp(*STRETCHED.start(), *STRETCHED.end());
        let end = line.pad + line.high;
        let by_height = self.aligned(line, text, stretched * self.small, end + bottom * stretched * self.small);
        // The strokes at the top or at the bottom may be too faint to count.
        if by_height < HOPELESS {
            return by_height;
        }
        let natural = [end + bottom * self.small, line.pad + top * self.small];
        natural.into_iter().map(|base| self.aligned(line, text, self.small, base)).fold(by_height, f32::max)
    }

    /// The share that a text with letters of `down` pixels an em explains on the baseline `base`.
    fn aligned(&mut self, line: &Line, text: &str, down: f32, base: f32) -> f32 {
        let fine = pixel((base * PHASES as f32).round());
        let (row, phase) = ((fine / PHASES).cast_signed(), fine % PHASES);
        let letters: Vec<char> = text.chars().take(LETTERS).collect();
        let Some(first) = letters.first() else { return NOTHING };
        // Hinting makes all letters a little wider or narrower.
        let spread = (line.wide / (self.width(text) * self.small)).clamp(0.97, 1.03);
        let mut pen = (line.pad - self.font.letter(*first).left * self.small) * PHASES as f32;
        let (mut peaks, mut energy, mut inked) = (0.0_f32, 0.0_f32, 0.0_f32);
        for letter in letters.iter().filter(|letter| **letter != ' ') {
            let template = self.template(*letter, down, 0, phase);
            peaks += template.values.iter().copied().fold(0.0, f32::max);
            energy += template.energy;
            inked += 1.0;
        }
        if inked < 1.0 {
            return NOTHING;
        }
        let amplitude = (inked / peaks.max(0.2 * inked)).clamp(1.0, 2.5);
        let unit = energy / inked * amplitude * amplitude;
        let mut ways: Ways = [Some(0.0); 2 * DRIFT.unsigned_abs() + 1];
        for letter in letters {
            let nominal = step(pen.round());
            if letter != ' ' {
                for (way, drift) in ways.iter_mut().zip(-DRIFT..) {
                    let Some(value) = way else { continue };
                    let place = (nominal + drift).max(0).unsigned_abs();
                    let template = self.template(letter, down, place % PHASES, phase);
                    *value += fit(&line.strip, template, (place / PHASES).cast_signed(), row, amplitude).gain;
                }
            }
            pen += self.font.letter(letter).advance * self.small * spread * PHASES as f32;
            let before = ways;
            for (way, drift) in ways.iter_mut().zip(-DRIFT..) {
                let from = (-SLACK..=SLACK).filter_map(|off| {
                    let at = usize::try_from(drift - off + DRIFT).ok()?;
                    Some(before.get(at).copied().flatten()? - OFF * unit * (off * off) as f32)
                });
                *way = from.max_by(f32::total_cmp);
            }
        }
        ways.iter().flatten().copied().fold(NOTHING * line.total, f32::max) / line.total
    }

    fn template(&mut self, letter: char, down: f32, pen: usize, base: usize) -> &Template {
        let phase = |place: usize| place as f32 / PHASES as f32;
        let (font, small) = (self.font, self.small);
        let make = || sampled(font.letter(letter), (small, down), (phase(pen), phase(base)), BLUR);
        self.templates.entry((letter, pixel((down * 100.0).round()), pen, base)).or_insert_with(make)
    }
}

/// A line's ink with a margin, at the size at which it is read.
struct Line {
    strip: Plane,
    /// The margin on each side, in pixels.
    pad: f32,
    /// The width and height of the ink.
    wide: f32,
    high: f32,
    /// The energy of its ink.
    total: f32,
}
