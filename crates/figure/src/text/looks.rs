//! Which font words are drawn in: found once for a picture by reading a few of its words in each.

use std::sync::Arc;

use crate::plane::pixel;

use super::cache;
use super::candidate::{COUNTED, Candidate};
use super::decode::{Decoded, UNEXPLAINED, decode, margin, rivals};
use super::font::FONTS;
use super::grammar::{START, State};
use super::strip::Strip;
use super::template::{Look, PHASES, Templates};

/// Words that a known look is tried on, and that one is searched with.
const SAMPLE: usize = 5;
const SEARCHED: usize = 4;

/// Words among which a sample is chosen.
const COMPARED: usize = 64;

/// Searches for a look on one paper at most.
const SEARCHES: usize = 4;

/// Looks after which none will do if none did.
const TRIED: usize = 6;

/// The share of the ink that the right font leaves unexplained at most.
const FITS: f32 = 0.1;

/// The share below which no better font is looked for.
const SURE: f32 = 0.045;

/// The share that a wrong font leaves unexplained at least.
const HOPELESS: f32 = 0.33;

/// The share up to which a look is remembered.
const LIKELY: f32 = 0.2;

/// The share that a word which cannot be read counts for.
const UNREAD: f32 = 0.4;

/// How much more than the best mean one word may leave unexplained in a look that may be better.
const WORSE: f32 = 2.5;

/// How little a word may leave unexplained for no other look to be tried.
const READ: f32 = 0.08;

/// The looks of a picture's words.
pub(super) struct Looks {
    /// Looks that words were read with, the last first.
    known: Vec<Look>,
    /// Searches that may still be made.
    searches: usize,
}

impl Looks {
    pub(super) fn new() -> Self {
        Self { known: Vec::new(), searches: SEARCHES }
    }

    /// Allows searches on another paper, or one when it is looked at from the side.
    pub(super) fn look_at(&mut self, turned: bool) {
        self.searches = if turned { 1 } else { SEARCHES };
    }

    /// Looks that words were read with, the last first.
    pub(super) fn known(&self) -> &[Look] {
        &self.known
    }

    /// The looks that explain a sample of the words best, the best first.
    pub(super) fn of(&mut self, group: &[Candidate]) -> Vec<Look> {
        let sample = sample(group);
        let mut tried = Vec::new();
        for look in &self.known {
            let score = score(&sample, *look);
            tried.push((score, *look));
            if score < FITS {
                return vec![*look];
            }
        }
        // Few words are not worth a search once the font of others is known.
        if self.searches > 0 && group.len() > if self.known.is_empty() { 1 } else { 3 } {
            self.searches -= 1;
            tried.extend(search(&sample[..sample.len().min(SEARCHED)]));
        }
        tried.sort_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((score, look)) = tried.first()
            && *score < LIKELY
        {
            self.know(*look);
        }
        tried.into_iter().take(3).map(|(_, look)| look).collect()
    }

    /// Keeps a look for the next group.
    pub(super) fn know(&mut self, look: Look) {
        self.known.retain(|other| *other != look);
        self.known.insert(0, look);
        self.known.truncate(2);
    }
}

/// The font, its stretch and its sharpness that explain the words best.
fn search(words: &[&Candidate]) -> Vec<(f32, Look)> {
    // Hinting rounds the height of small digits, but not their width.
    let looks = (0..FONTS.len()).flat_map(|font| [1.0, 0.95].map(|stretch| Look { font, stretch, blur: 0.06 }));
    let mut best = (f32::INFINITY, Look { font: 0, stretch: 1.0, blur: 0.06 });
    let mut tried = Vec::new();
    // A row or column of words is most likely one of numbers.
    let firm = words.iter().all(|c| c.in_line >= COUNTED && !c.coloured);
    for (k, look) in looks.enumerate() {
        if k >= TRIED && best.0 > HOPELESS && !firm {
            break;
        }
        let found = better(best, look, words);
        if found.0 < best.0 {
            tried.push(found);
            best = found;
        }
        if best.0 < SURE {
            break;
        }
    }
    if best.0 > SURE && best.0 < HOPELESS {
        for blur in [0.0, 0.15] {
            best = better(best, Look { blur, ..best.1 }, words);
        }
        for more in [0.04, -0.04] {
            best = better(best, Look { stretch: best.1.stretch + more, ..best.1 }, words);
        }
    }
    tried.push(best);
    tried
}

/// The better one of a look and `other`, which is given up as soon as it must be worse.
fn better(best: (f32, Look), other: Look, sample: &[&Candidate]) -> (f32, Look) {
    // The worst third of the words may be no numbers.
    let counted = (2 * sample.len()).div_ceil(3);
    let mut residuals: Vec<f32> = Vec::new();
    for candidate in sample {
        let most = (WORSE * best.0 + 0.02).min(UNEXPLAINED);
        residuals.push(decoded(&candidate.strip, other, most, START).map_or(UNREAD, |decoded| decoded.residual));
        residuals.sort_by(f32::total_cmp);
        let least: f32 = residuals.iter().take((counted + residuals.len()).saturating_sub(sample.len())).sum();
        if least > best.0 * counted as f32 {
            return best;
        }
    }
    let score = residuals[..counted.min(residuals.len())].iter().sum::<f32>() / counted.max(1) as f32;
    if score < best.0 { (score, other) } else { best }
}

/// Words that are most likely numbers at ticks: in the colour of text, in line with others, of a few digits.
fn sample(group: &[Candidate]) -> Vec<&Candidate> {
    // Words on one line between two pixels share their templates.
    let shared = |c: &Candidate| group.iter().filter(|other| fineness(&other.strip) == fineness(&c.strip)).count();
    let mut order: Vec<&Candidate> = group.iter().take(COMPARED).collect();
    order.sort_by_cached_key(|c| (c.coloured, std::cmp::Reverse((c.in_line, shared(c))), c.word.hull.width().abs_diff(2 * c.word.tall)));
    order.truncate(SAMPLE);
    order
}

/// The share of their ink that the sample's readings leave unexplained, the worst of them left aside.
fn score(sample: &[&Candidate], look: Look) -> f32 {
    let mut residuals: Vec<f32> = sample.iter().map(|c| decoded(&c.strip, look, UNEXPLAINED, START).map_or(UNREAD, |decoded| decoded.residual)).collect();
    residuals.sort_by(f32::total_cmp);
    residuals.truncate((2 * residuals.len()).div_ceil(3));
    residuals.iter().sum::<f32>() / residuals.len().max(1) as f32
}

/// Eighths of a pixel in a digit's height, and in which phase of a pixel its baseline lies. Words of one line differ by less.
fn fineness(strip: &Strip) -> (usize, usize) {
    (pixel(((strip.bottom - strip.top) * 8.0).round()), pixel((strip.bottom.fract() * PHASES as f32).round()))
}

fn templates(strip: &Strip, look: Look) -> Option<Arc<Templates>> {
    let (height, base) = fineness(strip);
    cache::templates(look, height, base)
}

/// By how much the least certain digit of what was read beats all others.
pub(super) fn certainty(strip: &Strip, decoded: &Decoded, look: Look) -> f32 {
    templates(strip, look).map_or(0.0, |templates| margin(strip, &templates, decoded))
}

/// What the last digit of what was read may be instead.
pub(super) fn last_digits(strip: &Strip, decoded: &Decoded, look: Look) -> Vec<(usize, f32)> {
    templates(strip, look).map_or_else(Vec::new, |templates| rivals(strip, &templates, decoded))
}

/// What a strip says in one look, if it leaves no more than the share `most` unexplained.
fn decoded(strip: &Strip, look: Look, most: f32, start: State) -> Option<Decoded> {
    decode(strip, &*templates(strip, look)?, most, start)
}

/// What a strip says in the first look that explains it well, else in that which explains most.
pub(super) fn read(strip: &Strip, looks: &[Look], start: State) -> Option<(Decoded, Look)> {
    let mut best: Option<(Decoded, Look)> = None;
    for look in looks {
        let most = best.as_ref().map_or(UNEXPLAINED, |(b, _)| b.residual);
        if let Some(decoded) = decoded(strip, *look, most, start)
            && best.as_ref().is_none_or(|(b, _)| decoded.residual < b.residual)
        {
            best = Some((decoded, *look));
        }
        if best.as_ref().is_some_and(|(b, _)| b.residual < READ) {
            break;
        }
    }
    best
}
