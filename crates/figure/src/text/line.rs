//! Reads lines of text whose places are known, such as the entries of a legend.
//!
//! The letters of the usual fonts are drawn over the ink, one after the other as the font sets them; the sequence that explains the ink best
//! is what the line says (dynamic programming over the place of the pen). All lines are taken to be of one font and size, which are
//! searched on the longest.

use std::sync::OnceLock;

use crate::plane::{Plane, pixel, step};
use crate::reading::Frame;
use mlgrade_picture::Picture;

use super::decode::fit;
use super::font::{FONTS, Font};
use super::likeness::drawn;
use super::paper::difference;
use super::strip::resampled;
use super::template::{PHASES, Template, sampled};

/// Pixels of an em that text is made smaller to, if it is larger.
pub(super) const READ_AT: f32 = 15.0;

/// The widest line, in pixels at the size at which it is read.
pub(super) const WIDEST: usize = 420;

/// The share of the ink's energy that a reading may leave unexplained.
const UNEXPLAINED: f32 = 0.42;

/// The share below which no other font or size is tried.
const SURE: f32 = 0.28;

/// What a letter costs, as a share of the energy of a typical letter: no specks are read into noise. Signs that are rare in names, of which
/// many are a single stroke, cost more, since any smudge can be put together of strokes.
const COST: f32 = 0.05;
const RARE: f32 = 0.16;
const RARELY: &str = "jqz,()/:+%*[]";

/// What a space costs in the same unit.
const SPACE: f32 = 0.06;

/// What a quarter of a pixel off the font's spacing costs, squared, in the same unit.
pub(super) const OFF: f32 = 0.01;

/// Quarters of a pixel that a letter may stand off: kerning and hinting move letters.
const SLACK: isize = 3;

/// How much more than the best way so far another may leave unexplained, in energies of a typical letter.
const STRAY: f32 = 1.2;

/// Over how many places ways are compared.
const WINDOW: usize = 4 * PHASES;

/// A place of the pen is passed over where the way to one that is no more than `BESIDE` quarters of a pixel away explains more, by this much in
/// energies of a typical letter: letters may stand off, so that what follows is found from there.
const BEATEN: f32 = 0.3;
const BESIDE: usize = 2;

/// How much of a pixel's ink runs into its neighbours where fonts are smoothed.
pub(super) const BLUR: f32 = 0.06;

/// What names in legends are written with.
const LETTERS: &str = "etaoinsrlhdcumfpgwybvkxjqzTRVDLABCEFGHIJKMNOPQSUWXYZ0123456789.,=()-_/:+%*[]";

/// How much a pixel of text differs from the paper at least, of 255.
pub(crate) const STRONG: u8 = 90;

/// Letters of middling energy.
const TYPICAL: &str = "aeonst";

/// What is known of lines of text before they are read.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Hint {
    /// The font of the picture's numbers: it is tried first.
    pub(crate) font: Option<usize>,
    /// Pixels of an em.
    pub(crate) em: Option<f32>,
    /// The same of the picture's numbers.
    pub(crate) tick: Option<f32>,
}

/// Lines on which the font is searched at most: one through which a curve runs tells nothing of it.
const SEARCHED: usize = 3;

/// What stands on each of `areas`, in their order: `None` for what cannot be read.
pub(crate) fn lines(picture: &Picture, areas: &[Frame], hint: Hint) -> Vec<Option<String>> {
    let inks: Vec<Option<Plane>> = areas.iter().map(|area| drawn(picture, whole(picture, *area))).collect();
    let mut heights: Vec<usize> = inks.iter().flatten().map(|ink| ink.height).collect();
    heights.sort_unstable();
    let usual = heights.get(heights.len() / 2).copied().unwrap_or(0);
    let mut longest: Vec<&Plane> = inks.iter().flatten().filter(|ink| 2 * ink.height <= 3 * usual).collect();
    longest.sort_by_key(|ink| std::cmp::Reverse(ink.width.min(30 * ink.height)));
    let Some(set) = longest.into_iter().take(SEARCHED).find_map(|ink| search(ink, hint)) else { return vec![None; areas.len()] };
    inks.iter().map(|ink| ink.as_ref().and_then(|ink| set.read(ink, UNEXPLAINED)).map(|read| read.text)).collect()
}

/// The area with what belongs to its line: the ends of brackets and tails above and below it, and letters to its right that something
/// beside them, such as a line of the grid, has kept apart.
pub(super) fn whole(picture: &Picture, area: Frame) -> Frame {
    let height = area.bottom.saturating_sub(area.top);
    let more = height / 6 + 1;
    let (top, bottom) = (area.top.saturating_sub(more), (area.bottom + more).min(picture.height));
    let pixel = |x: usize, y: usize| picture.rgb.get((y * picture.width + x) * 3..).map_or([0; 3], |p| [p[0], p[1], p[2]]);
    let paper = pixel(area.left.saturating_sub(2), area.top.saturating_sub(2).min(picture.height.saturating_sub(1)));
    let inked = |x: usize| {
        let rows = (area.top..area.bottom.min(picture.height)).filter(|y| difference(pixel(x, *y), paper) > STRONG).count();
        rows > 0 && rows < height
    };
    let mut right = area.right.min(picture.width);
    let most = (right + 2 * (right - area.left.min(right))).min(picture.width);
    while let Some(next) = (right..(right + (height * 3).div_ceil(5)).min(most)).rev().find(|x| inked(*x)) {
        right = next + 1;
    }
    Frame { left: area.left.saturating_sub(1), top, right: (right + 1).min(picture.width), bottom }
}

/// What a line says.
struct Read {
    text: String,
    /// The share of the ink's energy that it leaves unexplained.
    residual: f32,
}

/// How far a size may be from the one that is expected, as a share of it.
const EXPECTED: f32 = 0.15;

/// The font and size that explain a line best.
fn search(ink: &Plane, hint: Hint) -> Option<Typeset> {
    let others = (0..FONTS.len()).filter(|font| Some(*font) != hint.font);
    let fonts: Vec<&'static Font> = hint.font.into_iter().chain(others).filter_map(|font| FONTS.get(font)).collect();
    // At a size that is too small any ink can be explained by narrow letters: what is expected goes before.
    let expected = hint.em.and_then(|em| {
        let near = |size: &f32| (size / em - 1.0).abs() <= EXPECTED;
        let tick = hint.tick.filter(near);
        best(ink, &fonts, |font| {
            let around = [em, 0.97 * em, 1.03 * em].into_iter().chain(tick);
            sizes(font, ink.height as f32).into_iter().filter(near).chain(around).collect()
        })
    });
    let (mut residual, mut set) = expected.or_else(|| best(ink, &fonts, |font| sizes(font, ink.height as f32)))?;
    // The height of the ink is a whole number of pixels, that of the font is not.
    for more in [0.985, 1.015] {
        let near = Typeset::new(set.font, set.em * more);
        if let Some(read) = near.read(ink, residual) {
            (residual, set) = (read.residual, near);
        }
    }
    Some(set)
}

/// Of the fonts, each at its `sizes`, the one that explains a line best with the share that it leaves unexplained; the first that is sure.
fn best(ink: &Plane, fonts: &[&'static Font], sizes: impl Fn(&Font) -> Vec<f32>) -> Option<(f32, Typeset)> {
    let mut best: Option<(f32, Typeset)> = None;
    for font in fonts {
        for em in sizes(font) {
            let set = Typeset::new(font, em);
            let most = best.as_ref().map_or(UNEXPLAINED, |(residual, _)| *residual);
            if let Some(read) = set.read(ink, most) {
                best = Some((read.residual, set));
            }
        }
        if best.as_ref().is_some_and(|(residual, _)| *residual < SURE) {
            break;
        }
    }
    best
}

/// The sizes, in pixels of an em, at which a line of text is `height` pixels high: it reaches from the top of a letter with or without an
/// ascender to the bottom of one with or without a descender.
fn sizes(font: &Font, height: f32) -> Vec<f32> {
    let tops = ['d', 'T', 'x'].map(|letter| font.letter(letter).top);
    let bottoms = ['x', '(', 'p'].map(|letter| font.letter(letter).bottom);
    let mut sizes: Vec<f32> = tops.iter().flat_map(|top| bottoms.map(|bottom| height / (top - bottom))).collect();
    sizes.sort_by(f32::total_cmp);
    sizes.dedup_by(|a, b| *a < 1.015 * *b);
    sizes
}

/// Letters of one font at one size.
struct Typeset {
    font: &'static Font,
    /// Pixels of an em in the picture, and in the strips that are read.
    em: f32,
    small: f32,
    /// For each of `LETTERS`, each place of the pen and of the baseline within a pixel.
    templates: Vec<[[OnceLock<Template>; PHASES]; PHASES]>,
}

impl Typeset {
    fn new(font: &'static Font, em: f32) -> Self {
        let templates = LETTERS.chars().map(|_| std::array::from_fn(|_| std::array::from_fn(|_| OnceLock::new()))).collect();
        Self { font, em, small: em.min(READ_AT), templates }
    }

    fn template(&self, letter: usize, character: char, pen: usize, base: usize) -> &Template {
        let phase = |place: usize| place as f32 / PHASES as f32;
        let make = || sampled(self.font.letter(character), (self.small, self.small), (phase(pen), phase(base)), BLUR);
        self.templates[letter][pen][base].get_or_init(make)
    }

    /// The best reading that leaves no more than the share `most` of the ink unexplained, over the places where the baseline may be.
    fn read(&self, ink: &Plane, most: f32) -> Option<Read> {
        let scale = self.em / self.small;
        let fewer = |length: usize| pixel((length as f32 / scale).ceil()).max(1);
        let ink = if scale > 1.0 { resampled(ink, (scale, scale), (fewer(ink.width), fewer(ink.height))) } else { ink.clone() };
        if ink.width > WIDEST {
            return None;
        }
        let pad = pixel(self.small.ceil()) + 2;
        let mut strip = Plane::blank(ink.width + 2 * pad, ink.height + 2 * pad);
        let peak = ink.peak().max(1e-3);
        for y in 0..ink.height {
            for (target, value) in strip.values[(y + pad) * (ink.width + 2 * pad) + pad..][..ink.width].iter_mut().zip(ink.row(y)) {
                *target = value / peak;
            }
        }
        let mut best: Option<Read> = None;
        let mut tried: Vec<usize> = Vec::new();
        for letter in ['x', ',', '(', 'p'] {
            let base = (pad + ink.height) as f32 + self.font.letter(letter).bottom * self.small;
            let place = pixel(base * PHASES as f32);
            if tried.contains(&place) {
                continue;
            }
            tried.push(place);
            let tall = base - pad as f32;
            // Above the baseline a line is as high as a small letter at least and as one with an ascender at most.
            let least = 0.85 * self.font.letter('x').top * self.small;
            let greatest = 1.12 * self.font.letter('d').top * self.small;
            if (least..=greatest).contains(&tall) {
                let limit = best.as_ref().map_or(most, |best| best.residual);
                best = self.decode(&strip, (pad, pad + ink.width), base, limit).or(best);
            }
        }
        best
    }

    fn decode(&self, strip: &Plane, (left, right): (usize, usize), base: f32, most: f32) -> Option<Read> {
        let row = step(base);
        let phase = pixel((base - base.floor()) * PHASES as f32).min(PHASES - 1);
        let energies: Vec<f32> = (0..strip.width).map(|x| (0..strip.height).map(|y| strip.at(x, y).powi(2)).sum()).collect();
        let total: f32 = energies.iter().sum();
        let characters: Vec<char> = LETTERS.chars().collect();
        let typical = TYPICAL.chars().filter_map(|letter| characters.iter().position(|c| *c == letter));
        let typical: Vec<&Template> = typical.map(|letter| self.template(letter, characters[letter], 0, phase)).collect();
        let count = typical.len().max(1) as f32;
        let peak = typical.iter().map(|t| t.values.iter().copied().fold(0.0, f32::max)).sum::<f32>() / count;
        // Ink of the brightness that letters would have when their strongest pixel is full.
        let amplitude = (1.0 / peak.max(0.2)).clamp(1.0, 2.5);
        let unit = typical.iter().map(|t| t.energy).sum::<f32>() / count * amplitude * amplitude;
        let quarters = |ems: f32| pixel((ems * self.small * PHASES as f32).round()).max(1);
        let advances: Vec<usize> = characters.iter().map(|c| quarters(self.font.letter(*c).advance)).collect();
        let space = quarters(self.font.letter(' ').advance);
        let places = strip.width * PHASES;
        let mut steps: Vec<Option<Step>> = vec![None; places + 1];
        let early = pixel((left as f32 - 0.25 * self.small) * PHASES as f32);
        steps[early..=left * PHASES + 2].fill(Some(Step { value: 0.0, last: None }));
        let mut passed = 0.0;
        // The least ink that was left unexplained on the way to one of the last places.
        let mut lead = (f32::INFINITY, 0);
        for q in 0..places {
            if q % PHASES == 0 && q >= PHASES {
                passed += energies[q / PHASES - 1];
            }
            let Some(here) = steps[q] else { continue };
            let unexplained = passed - here.value;
            if unexplained < lead.0 || q > lead.1 + WINDOW {
                lead = (unexplained, q);
            }
            if unexplained > lead.0 + STRAY * unit || unexplained > most * total + STRAY * unit {
                continue;
            }
            let beaten = |other: usize| steps.get(other).copied().flatten().is_some_and(|other| other.value > here.value + BEATEN * unit);
            if (1..=BESIDE).any(|off| q.checked_sub(off).is_some_and(beaten) || beaten(q + off)) {
                continue;
            }
            let mut go = |target: usize, value: f32, letter: char| {
                let to = &mut steps[target.min(places)];
                if to.is_none_or(|known| value > known.value) {
                    *to = Some(Step { value, last: Some((q, letter)) });
                }
            };
            if here.last.is_some_and(|(_, letter)| letter != ' ') {
                go(q + space, here.value - SPACE * unit, ' ');
            }
            for (letter, character) in characters.iter().enumerate() {
                let drawing = self.font.letter(*character);
                let pen = q as f32 / PHASES as f32;
                if pen + drawing.right * self.small > right as f32 + 1.5 || (here.last.is_none() && (pen + drawing.left * self.small - left as f32).abs() > 1.0)
                {
                    continue;
                }
                let fit = fit(strip, self.template(letter, *character, q % PHASES, phase), (q / PHASES).cast_signed(), row, amplitude);
                if fit.gain <= 0.0 {
                    continue;
                }
                let cost = if RARELY.contains(*character) { RARE } else { COST };
                for off in -SLACK..=SLACK {
                    let target = (q + advances[letter]).saturating_add_signed(off);
                    if target > q {
                        go(target, here.value + fit.gain - unit * (cost + OFF * (off * off) as f32), *character);
                    }
                }
            }
        }
        let (mut q, last) = steps.iter().enumerate().filter_map(|(q, step)| Some((q, (*step)?))).max_by(|a, b| a.1.value.total_cmp(&b.1.value))?;
        let residual = 1.0 - last.value / total.max(1e-6);
        if residual > most {
            return None;
        }
        let mut text: Vec<char> = Vec::new();
        while let Some((from, letter)) = steps[q].and_then(|step| step.last) {
            text.push(letter);
            q = from;
        }
        text.reverse();
        Some(Read { text: with_small_l(&text).trim().to_owned(), residual })
    }
}

/// The text with a small L for each capital i that follows a small letter: in most fonts without serifs the two look the same.
fn with_small_l(text: &[char]) -> String {
    let letter = |(i, c): (usize, &char)| if *c == 'I' && i > 0 && text[i - 1].is_ascii_lowercase() { 'l' } else { *c };
    text.iter().enumerate().map(letter).collect()
}

/// The best way to a place of the pen.
#[derive(Clone, Copy)]
struct Step {
    /// The energy that it explains, less what its letters cost.
    value: f32,
    /// Its last letter and the place of the pen before it; none where the line begins.
    last: Option<(usize, char)>,
}
