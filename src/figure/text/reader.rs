//! Reads the numbers among the words of a picture: first finds the font of each size, then reads every word of that size with it.

use std::collections::HashMap;
use std::rc::Rc;

use crate::figure::plane::pixel;

use super::Number;
use super::component::Component;
use super::decode::{Decoded, decode};
use super::font::FONTS;
use super::grammar;
use super::strip::{Strip, View};
use super::template::{Look, PHASES, Templates};
use super::word::{LONGEST, Word, words};

/// The gap within a word, of its height.
const GAP: f32 = 0.62;

/// Words that are read at most.
const WORDS: usize = 400;

/// Words that a font is chosen by.
const SAMPLE: usize = 5;

/// Sizes of words that are read at most.
const GROUPS: usize = 24;

/// Words that others are held against to see whether they stand in line.
const ALIGNED: usize = 100;

/// Searches for a font on one paper at most.
const SEARCHES: usize = 4;

/// Sets of templates that are kept.
const KEPT: usize = 200;

/// The share of the ink that the right font leaves unexplained at most.
const FITS: f32 = 0.1;

/// The share below which no better font is looked for.
const SURE: f32 = 0.045;

/// The share that a wrong font leaves unexplained at least.
const HOPELESS: f32 = 0.33;

/// The share of the ink that a number may leave unexplained.
const DOUBTFUL: f32 = 0.26;

/// Reads words on one paper.
pub(super) struct Reader<'a> {
    view: View<'a>,
    kept: HashMap<[usize; 5], Rc<Templates>>,
    /// Looks that words were read with, the last first.
    known: Vec<Look>,
    /// Searches for a look that may still be made.
    searches: usize,
}

/// A word that may be a number.
struct Candidate {
    word: Word,
    strip: Strip,
    /// A strip of the small digits raised behind it.
    power: Option<Strip>,
    /// Whether it is in colour, as few numbers are.
    coloured: bool,
}

impl Candidate {
    fn height(&self) -> f32 {
        (self.strip.bottom - self.strip.top) * self.strip.scale
    }
}

impl<'a> Reader<'a> {
    pub(super) fn new(view: View<'a>) -> Self {
        Self { view, kept: HashMap::new(), known: Vec::new(), searches: SEARCHES }
    }

    /// Goes on with another paper or the other direction, in the fonts that are known by now.
    pub(super) fn look_at(&mut self, view: View<'a>) {
        self.view = view;
        self.searches = if view.turned { 1 } else { SEARCHES };
    }

    /// The numbers among `parts`, and the words that are none.
    pub(super) fn numbers(&mut self, parts: &[Component]) -> (Vec<Number>, Vec<Word>) {
        let mut rest = Vec::new();
        let mut candidates = Vec::new();
        for word in words(parts, GAP) {
            match self.candidate(&word) {
                Some(candidate) if candidates.len() < WORDS => candidates.push(candidate),
                _ => rest.push(word),
            }
        }
        candidates.sort_by(|a: &Candidate, b| a.height().total_cmp(&b.height()));
        let mut groups: Vec<&mut [Candidate]> = candidates.chunk_by_mut(|a, b| b.height() - a.height() < 0.35_f32.max(0.03 * a.height())).collect();
        // The labels of the ticks are many, so their font is found first; other numbers are mostly in the same one.
        groups.sort_by_key(|group| std::cmp::Reverse(group.iter().filter(|c| c.word.hull.width() > c.word.tall).count().min(12)));
        let mut numbers = Vec::new();
        let mut usual = Vec::new();
        for (k, group) in groups.into_iter().enumerate() {
            // The labels of an axis are of one size; a lone word that is far from it is none.
            let height = group.first().map_or(0.0, Candidate::height);
            let stray = group.len() < 3 && !usual.is_empty() && usual.iter().all(|h: &f32| (height / h - 1.0).abs() > 0.25);
            if k >= GROUPS || stray {
                rest.extend(group.iter().map(|c| c.word.clone()));
                continue;
            }
            level(group);
            let looks = self.looks(group);
            let before = numbers.len();
            for candidate in group.iter() {
                match self.number(candidate, &looks) {
                    Some(number) => numbers.push(number),
                    None => rest.push(candidate.word.clone()),
                }
            }
            if numbers.len() > before + 2 {
                usual.push(height);
            }
        }
        (numbers, rest)
    }

    fn candidate(&self, word: &Word) -> Option<Candidate> {
        let only = &word.hull;
        // Markers are as wide as high, or filled.
        let marker = word.parts.len() == 1
            && only.height() > 6
            && (only.width().abs_diff(only.height()) * 10 <= only.height() || (only.height() > 8 && only.area * 4 > only.width() * only.height() * 3));
        let coloured = self.view.coloured(only);
        let marker = marker || (word.parts.len() == 1 && coloured);
        if marker || word.tall < 4 || word.parts.len() > LONGEST || word.hull.width() > 16 * word.tall {
            return None;
        }
        let word = &without_tick(word)?;
        let (base, raised) = split(word);
        // Digits are of one height: a word with more than an `e` or a cross of middle height is of letters.
        let middle = |part: &&Component| {
            let (high, tall) = (part.height() as f32, word.tall as f32);
            high > 0.35 * tall + 0.5 && high < 0.85 * tall - 0.5
        };
        if base.iter().filter(middle).count() > 1 {
            return None;
        }
        let mut digits: Vec<Component> = base.iter().filter(|part| part.height() * 3 >= word.tall * 2).copied().collect();
        // A comma that touches a digit makes it hang below the line.
        let line = digits.iter().map(|part| part.bottom).min()?;
        digits.retain(|part| part.bottom <= line + (word.tall / 8).max(1));
        let area = base.iter().copied().reduce(|a, b| a.with(&b))?;
        let strip = Strip::of(self.view, &area, &digits)?;
        let power = if raised.is_empty() {
            None
        } else {
            let area = raised.iter().copied().reduce(|a, b| a.with(&b))?;
            let tall = raised.iter().map(Component::height).max()?;
            let digits: Vec<Component> = raised.iter().filter(|part| part.height() * 3 >= tall * 2).copied().collect();
            Some(Strip::of(self.view, &area, &digits)?)
        };
        Some(Candidate { word: word.clone(), strip, power, coloured })
    }

    /// The looks that explain a sample of the words best, the best first.
    fn looks(&mut self, group: &[Candidate]) -> Vec<Look> {
        let sample = Self::sample(group);
        let mut tried = Vec::new();
        for look in self.known.clone() {
            let score = self.score(&sample, look);
            tried.push((score, look));
            if score < FITS {
                return vec![look];
            }
        }
        // Few words are not worth a search once the font of others is known.
        if self.searches > 0 && group.len() > if self.known.is_empty() { 1 } else { 3 } {
            self.searches -= 1;
            let few = &sample[..sample.len().min(4)];
            tried.extend(self.search(few));
        }
        tried.sort_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((score, look)) = tried.first()
            && *score < 0.2
        {
            self.know(*look);
        }
        tried.into_iter().take(3).map(|(_, look)| look).collect()
    }

    /// The font, its stretch and its sharpness that explain the words best.
    fn search(&mut self, words: &[&Candidate]) -> Vec<(f32, Look)> {
        // Hinting rounds the height of small digits, but not their width.
        let looks = (0..FONTS.len()).flat_map(|font| [1.0, 0.95].map(|stretch| Look { font, stretch, blur: 0.06 }));
        let mut best = (f32::INFINITY, Look { font: 0, stretch: 1.0, blur: 0.06 });
        let mut tried = Vec::new();
        for look in looks {
            let found = self.better(best, look, words);
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
                best = self.better(best, Look { blur, ..best.1 }, words);
            }
            for more in [0.04, -0.04] {
                best = self.better(best, Look { stretch: best.1.stretch + more, ..best.1 }, words);
            }
        }
        tried.push(best);
        tried
    }

    /// The better one of a look and `other`, which is given up as soon as it must be worse.
    fn better(&mut self, best: (f32, Look), other: Look, sample: &[&Candidate]) -> (f32, Look) {
        // The worst third of the words may be no numbers.
        let counted = (2 * sample.len()).div_ceil(3);
        let mut residuals: Vec<f32> = Vec::new();
        for candidate in sample {
            residuals.push(self.decoded(&candidate.strip, other).map_or(0.4, |decoded| decoded.residual));
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
        let aligned = |c: &Candidate| {
            let here = c.word.hull;
            let in_line = |o: &&Candidate| {
                let there = o.word.hull;
                let near = |a: usize, b: usize| a.abs_diff(b) <= 1;
                let row = near(here.bottom, there.bottom) && here.left.abs_diff(there.left) > c.word.tall;
                let column = (near(here.right, there.right) || near(here.left, there.left)) && here.top.abs_diff(there.top) > c.word.tall;
                row || column
            };
            group.iter().take(ALIGNED).filter(in_line).count().min(3)
        };
        let mut order: Vec<_> = group.iter().map(|c| ((c.coloured, std::cmp::Reverse(aligned(c)), c.word.hull.width().abs_diff(2 * c.word.tall)), c)).collect();
        order.sort_by_key(|(key, _)| *key);
        order.into_iter().take(SAMPLE).map(|(_, c)| c).collect()
    }

    /// Keeps a look for the next group.
    fn know(&mut self, look: Look) {
        self.known.retain(|other| *other != look);
        self.known.insert(0, look);
        self.known.truncate(2);
    }

    /// The share of their ink that the sample's readings leave unexplained, the worst of them left aside.
    fn score(&mut self, sample: &[&Candidate], look: Look) -> f32 {
        let mut residuals: Vec<f32> = sample.iter().map(|c| self.decoded(&c.strip, look).map_or(0.4, |decoded| decoded.residual)).collect();
        residuals.sort_by(f32::total_cmp);
        residuals.truncate((2 * residuals.len()).div_ceil(3));
        residuals.iter().sum::<f32>() / residuals.len().max(1) as f32
    }

    fn decoded(&mut self, strip: &Strip, look: Look) -> Option<Decoded> {
        let fine = |x: f32, steps: f32| pixel((x * steps).round());
        // Words of one line differ by less than an eighth of a pixel.
        let height = ((strip.bottom - strip.top) * 8.0).round() / 8.0;
        let base = (strip.bottom.fract() * PHASES as f32).round() / PHASES as f32;
        let key = [look.font, fine(look.stretch, 1000.0), fine(look.blur, 1000.0), fine(height, 8.0), fine(base, PHASES as f32)];
        if self.kept.len() > KEPT {
            self.kept.clear();
        }
        let font = FONTS.get(look.font)?;
        let templates = Rc::clone(self.kept.entry(key).or_insert_with(|| Rc::new(Templates::new(font, look, height, base))));
        decode(strip, &templates)
    }

    fn best(&mut self, strip: &Strip, looks: &[Look]) -> Option<(Decoded, Look)> {
        let mut best: Option<(Decoded, Look)> = None;
        for look in looks {
            if let Some(decoded) = self.decoded(strip, *look)
                && best.as_ref().is_none_or(|(b, _)| decoded.residual < b.residual)
            {
                best = Some((decoded, *look));
            }
            if best.as_ref().is_some_and(|(b, _)| b.residual < 0.08) {
                break;
            }
        }
        best
    }

    fn number(&mut self, candidate: &Candidate, looks: &[Look]) -> Option<Number> {
        let strip = &candidate.strip;
        let mut looks = looks.to_vec();
        if candidate.power.is_some() {
            // Mathematics has its own font in matplotlib, whatever the other labels have.
            looks.extend([0, 1, 2, 4].into_iter().flat_map(|font| [1.0, 0.95].map(|stretch| Look { font, stretch, blur: 0.06 })));
        }
        let (decoded, look) = self.best(strip, &looks)?;
        let (mut residual, mut margin) = (decoded.residual, decoded.margin);
        let (mut left, mut top) = strip.place(decoded.left, strip.top);
        let (mut right, bottom) = strip.place(decoded.right, strip.bottom);
        let mut text = decoded.text.clone();
        let mut power = None;
        if let Some(raised) = &candidate.power {
            let near = [1.0, 1.04, 0.94].map(|more| Look { stretch: more * look.stretch, ..look });
            let (small, _) = self.best(raised, &near)?;
            // A minus is most of the ink of a small power, and its thickness is rounded.
            residual = residual.max(0.75 * small.residual);
            margin = margin.min(small.margin);
            let (from, above) = raised.place(small.left, raised.top);
            (left, top, right) = (left.min(from), top.min(above), right.max(raised.place(small.right, 0.0).0));
            text = format!("{text}^{}", small.text);
            power = Some(small.text);
        }
        let value = grammar::value(&decoded.text, power.as_deref())?;
        let certainty = (1.0 - residual / 0.4).max(0.0) * (margin / 0.15).clamp(0.0, 1.0);
        if residual > DOUBTFUL || certainty < 0.1 {
            return None;
        }
        if self.view.turned {
            let height = self.view.picture.height as f32;
            (left, top, right) = (top, height - right, bottom);
            let bottom = height - strip.place(decoded.left, 0.0).0;
            return Some(Number { value, text, left, top, right, bottom, certainty });
        }
        Some(Number { value, text, left, top, right, bottom, certainty })
    }
}

/// Gives words of one size that seem to be about one pixel's part higher or lower than most the same height.
fn level(group: &mut [Candidate]) {
    let Some(usual) = group.get(group.len() / 2).map(|c| c.strip.bottom - c.strip.top) else { return };
    for strip in group.iter_mut().map(|c| &mut c.strip) {
        let more = usual - (strip.bottom - strip.top);
        if more.abs() < 0.3 {
            (strip.top, strip.bottom) = (strip.top - more / 2.0, strip.bottom + more / 2.0);
        }
    }
}

/// The word without the tick that it stands left of.
fn without_tick(word: &Word) -> Option<Word> {
    let flat = |part: &Component| part.height() * 5 <= word.tall.max(5) + 5 && part.width() > part.height() && part.width() * 5 > word.tall;
    let last = word.parts.last()?;
    let middle = (last.top + last.bottom) as f32 / 2.0 - word.hull.top as f32;
    let tick = word.parts.len() > 1 && flat(last) && (0.25..0.75).contains(&(middle / word.hull.height() as f32));
    if tick { Word::of(word.parts[..word.parts.len() - 1].to_vec()) } else { Some(word.clone()) }
}

/// The parts on the line, and those raised at the end.
fn split(word: &Word) -> (Vec<Component>, Vec<Component>) {
    let Some(first) = word.parts.iter().find(|part| part.height() * 10 >= word.tall * 7) else { return (word.parts.clone(), Vec::new()) };
    let high = first.height() as f32;
    let raised = |part: &&Component| {
        let centre = (part.top + part.bottom) as f32 / 2.0;
        part.left >= first.right && centre < first.top as f32 + 0.42 * high && (part.bottom as f32) < first.bottom as f32 - 0.22 * high
    };
    let count = word.parts.iter().rev().take_while(raised).count();
    let (base, power) = word.parts.split_at(word.parts.len() - count);
    (base.to_vec(), power.to_vec())
}
