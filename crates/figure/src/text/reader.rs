//! Reads the numbers among the words of a picture: those in line with others, size by size, each in the look of its size.

use super::Number;
use super::candidate::{Candidate, Shape, level, shapes};
use super::component::Component;
use super::grammar;
use super::looks::{self, Looks};
use super::strip::View;
use super::template::Look;
use super::touching;
use super::word::{Word, words};

/// The gap within a word, of its height.
const GAP: f32 = 0.62;

/// Words that are read at most.
const WORDS: usize = 400;

/// Sizes of words that are read at most.
const GROUPS: usize = 24;

/// Words of one size after which some must have been numbers for the others to be read.
const TRIED: usize = 24;

/// Lone words that are read at most.
const FACTORS: usize = 12;

/// The size of a superscript, as a share of that of the digits before it (matplotlib's, TeX's, R's and plotly's).
const SHRUNK: f32 = 0.7;

/// A digit that explains so much less of the ink than another, of a digit's energy, may still be meant.
const ALIKE: f32 = 1.0;

/// The share of the ink that a number may leave unexplained.
const DOUBTFUL: f32 = 0.26;

/// The largest dot, as a share of the height of digits.
const DOT: f32 = 0.34;

/// Reads words on one paper.
pub(super) struct Reader<'a> {
    view: View<'a>,
    looks: Looks,
    /// The look of the last power.
    power: Option<Look>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(view: View<'a>) -> Self {
        Self { view, looks: Looks::new(), power: None }
    }

    /// Goes on with another paper or the other direction, in the fonts that are known by now.
    pub(super) fn look_at(&mut self, view: View<'a>) {
        self.view = view;
        self.looks.look_at(view.turned);
    }

    /// The numbers among `parts`, and the words that are none.
    pub(super) fn numbers(&mut self, parts: &[Component]) -> (Vec<Number>, Vec<Word>) {
        let whole = words(parts, GAP).into_iter().map(|word| touching::cut(word, self.view)).collect();
        let (mut shapes, lone, mut rest) = shapes(whole);
        shapes.sort_by_key(|shape| std::cmp::Reverse(shape.in_line));
        let mut candidates = Vec::new();
        for shape in shapes {
            if candidates.len() >= WORDS {
                rest.push(shape.word);
                continue;
            }
            match shape.cut(self.view) {
                Ok(candidate) => candidates.push(candidate),
                Err(word) => rest.push(word),
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
            // Dashes of a grid look like ones, but much lower than the labels.
            let specks = !usual.is_empty()
                && usual.iter().all(|h: &f32| height < 0.6 * h)
                && group.iter().filter(|c| c.word.parts.len() == 1).count() * 5 > group.len() * 4;
            if k >= GROUPS || stray || specks {
                rest.extend(group.iter().map(|c| c.word.clone()));
                continue;
            }
            level(group);
            group.sort_by_key(|c| std::cmp::Reverse(c.in_line));
            let looks = self.looks.of(group);
            let before = numbers.len();
            for (n, candidate) in group.iter().enumerate() {
                let hopeless = n >= TRIED && (numbers.len() - before) * 4 < n;
                match if hopeless { None } else { self.number(candidate, &looks) } {
                    Some(number) => numbers.push(number),
                    None => rest.push(candidate.word.clone()),
                }
            }
            if numbers.len() > before + 2 {
                usual.push(height);
            }
        }
        self.factors(lone, &usual, &mut numbers, &mut rest);
        (numbers, rest)
    }

    /// Reads factors that stand at the end of an axis, in line with nothing.
    fn factors(&mut self, lone: Vec<Shape>, usual: &[f32], numbers: &mut Vec<Number>, rest: &mut Vec<Word>) {
        let known = self.looks.known().to_vec();
        let mut left = FACTORS;
        for shape in lone {
            if left == 0 || !shape.like_factor(usual) {
                rest.push(shape.word);
                continue;
            }
            left -= 1;
            match shape.cut(self.view).map(|candidate| (self.number(&candidate, &known), candidate.word)) {
                Ok((Some(number), _)) => numbers.push(number),
                Ok((None, word)) | Err(word) => rest.push(word),
            }
        }
    }

    fn number(&mut self, candidate: &Candidate, looks: &[Look]) -> Option<Number> {
        let strip = &candidate.strip;
        let mut looks = looks.to_vec();
        if candidate.power.is_some() {
            // Mathematics has its own font in matplotlib, whatever the other labels have.
            let usual = [0, 1, 2, 4].into_iter().flat_map(|font| [1.0, 0.95].map(|stretch| Look { font, stretch, blur: 0.06 }));
            looks = self.power.into_iter().chain(looks).chain(usual).collect();
        }
        let (decoded, look) = looks::read(strip, &looks, grammar::START)?;
        let (mut residual, margin) = (decoded.residual, looks::certainty(strip, &decoded, look));
        let (mut left, mut top) = strip.place(decoded.left, strip.top);
        let (mut right, bottom) = strip.place(decoded.right, strip.bottom);
        let mut text = decoded.text.clone();
        let (mut power, mut others) = (None, Vec::new());
        if let Some(raised) = &candidate.power {
            let near = [1.0, 0.92, 1.04].map(|more| Look { stretch: more * look.stretch, ..look });
            let height = SHRUNK * candidate.height();
            let sized = std::iter::once(raised.clone()).chain(raised.of_height(height));
            let read = sized.filter_map(|raised| looks::read(&raised, &near, grammar::POWER).map(|(small, its)| (raised, small, its)));
            let (raised, small, its) = read.min_by(|a, b| a.1.residual.total_cmp(&b.1.residual))?;
            let raised = &raised;
            // No library writes a plus there.
            let small_text = small.text.replace('+', "\u{2212}");
            // A minus is most of the ink of a small power, and its thickness is rounded.
            residual = residual.max(0.75 * small.residual);
            let digits = looks::last_digits(raised, &small, its).into_iter().filter(|(_, lag)| *lag < ALIKE);
            let all_but_last = small_text.strip_suffix(|last: char| last.is_ascii_digit()).unwrap_or(&small_text);
            others.extend(digits.filter_map(|(digit, lag)| Some((grammar::value(&decoded.text, Some(&format!("{all_but_last}{digit}")))?, lag.max(0.0)))));
            let (from, above) = raised.place(small.left, raised.top);
            (left, top, right) = (left.min(from), top.min(above), right.max(raised.place(raised.right, 0.0).0));
            text = format!("{text}^{small_text}");
            power = Some(small_text);
        }
        let value = grammar::value(&decoded.text, power.as_deref())?;
        let certainty = (1.0 - residual / 0.4).max(0.0) * (margin / 0.15).clamp(0.0, 1.0);
        if residual > DOUBTFUL || certainty < 0.1 || ends_with_dot(&candidate.word, right, bottom) {
            return None;
        }
        if power.is_some() {
            self.power = Some(look);
        }
        if self.view.turned {
            let height = self.view.picture.height as f32;
            (left, top, right) = (top, height - right, bottom);
            let bottom = height - strip.place(decoded.left, 0.0).0;
            return Some(Number { value, text, left, top, right, bottom, certainty, others, font: look.font });
        }
        Some(Number { value, text, left, top, right, bottom, certainty, others, font: look.font })
    }
}

/// Whether a dot stands after the last digit that was read: the others are lost, as where they touch an axis.
fn ends_with_dot(word: &Word, right: f32, bottom: f32) -> bool {
    let tall = word.tall as f32;
    let small = |length: usize| length as f32 <= DOT * tall;
    word.parts
        .iter()
        .any(|part| part.left as f32 >= right - 1.0 && small(part.width()) && small(part.height()) && (part.bottom as f32 - bottom).abs() <= 0.15 * tall)
}
