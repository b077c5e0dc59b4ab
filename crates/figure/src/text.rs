//! Text on pictures of plots: the numbers at the ticks, and where words stand.
//!
//! Ink is what differs from the paper. Its patches are joined into words, and a word is read as a number by drawing numbers in the
//! usual fonts over it until the ink is explained. All words of one size help to find the font.

mod boxes;
mod cache;
mod candidate;
mod component;
mod decode;
mod font;
mod grammar;
mod likeness;
mod line;
mod looks;
mod paper;
mod reader;
mod spelled;
mod strip;
mod template;
mod touching;
mod word;

use mlgrade_picture::Picture;

pub(crate) use boxes::{boxes, letters};
pub(crate) use likeness::{RAISE, label_likeness, likeness};
pub(crate) use line::{Hint, STRONG, lines};
pub(crate) use paper::difference;
pub(crate) use spelled::{NOTHING, explained};

use component::Component;
use reader::Reader;
use strip::View;
use word::Word;

/// How much ink differs from the paper at least, of 255.
const INK: u8 = 48;

/// Patches of ink that are looked at; photographs and noise have more.
const PATCHES: usize = 6000;

/// The gap between letters and between words, of their height.
const WITHIN: f32 = 0.62;
const BETWEEN: f32 = 1.2;

/// Lines of words at most.
const LINES: usize = 200;

/// With this many numbers, no more are looked for among letters on their side.
const ENOUGH: usize = 24;

/// A number this certain is not misread as to where it ends.
const PLAIN: f32 = 0.3;

/// Pixels on a side of the smallest and largest picture that is read.
const SIDES: std::ops::RangeInclusive<usize> = 16..=20_000;

/// A number that stands on the picture.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Number {
    /// What it says; a percentage is divided by 100, a superscript is a power.
    pub value: f64,
    /// As it is written, with `^` before a superscript.
    pub text: String,
    /// Where its ink begins and ends, in pixels of the picture; the height is that of the digits.
    pub left: f32,
    /// See `left`.
    pub top: f32,
    /// See `left`.
    pub right: f32,
    /// See `left`.
    pub bottom: f32,
    /// From 0 to 1.
    pub certainty: f32,
    /// What it may say instead where the small digit of its power is misread, with by how much less that explains the ink, of a digit's.
    pub others: Vec<(f64, f32)>,
    /// Which of the known fonts it is set in.
    pub font: usize,
}

/// A run of text that is no number: an axis label, a title, an entry of a legend.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Words {
    /// Where its ink begins and ends, in pixels of the picture.
    pub left: f32,
    /// See `left`.
    pub top: f32,
    /// See `left`.
    pub right: f32,
    /// See `left`.
    pub bottom: f32,
    /// Whether it runs upwards.
    pub upright: bool,
}

/// All text on a picture.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Texts {
    /// The numbers.
    pub numbers: Vec<Number>,
    /// The rest.
    pub words: Vec<Words>,
}

impl Texts {
    /// The font in which most numbers are set.
    pub(crate) fn font(&self) -> Option<usize> {
        let count = |font: &usize| self.numbers.iter().filter(|number| number.font == *font).count();
        self.numbers.iter().map(|number| number.font).max_by_key(count)
    }

    /// Pixels of an em of the numbers in that font: the middle one by their height.
    pub(crate) fn em(&self) -> Option<f32> {
        let font = self.font()?;
        let mut heights: Vec<f32> = self.numbers.iter().filter(|number| number.font == font).map(|number| number.bottom - number.top).collect();
        heights.sort_by(f32::total_cmp);
        Some(heights.get(heights.len() / 2)? / font::FONTS.get(font)?.digit)
    }
}

/// The number that `text` says, as it is written beside an axis; a superscript stands behind `^`, and a percentage is divided by 100.
pub(crate) fn value(text: &str) -> Option<f64> {
    match text.split_once('^') {
        Some((base, power)) => grammar::value(base, Some(power)),
        None => grammar::value(text, None),
    }
}

/// All text in `picture`.
pub(crate) fn read(picture: &Picture) -> Texts {
    let mut texts = Texts::default();
    if !SIDES.contains(&picture.width) || !SIDES.contains(&picture.height) || picture.rgb.len() != picture.width * picture.height * 3 {
        return texts;
    }
    let mut reader: Option<Reader<'_>> = None;
    for paper in paper::papers(picture) {
        let side = (picture.height.max(picture.width) / 10).clamp(24, 160);
        let mut parts = component::components(picture, paper, INK, (3 * side, 3 * side));
        let view = View { picture, paper, turned: false, from: 0 };
        parts.retain(|part| part.width().min(part.height()) <= side && view.lies_on_paper(part));
        if parts.len() > PATCHES {
            // Text is among the larger patches, noise among the smallest.
            parts.sort_by_key(|part| std::cmp::Reverse(part.area));
            parts.truncate(PATCHES);
        }
        let reader = reader.get_or_insert_with(|| Reader::new(view));
        read_on(reader, view, &parts, side, &mut texts);
    }
    texts
}

fn read_on<'a>(reader: &mut Reader<'a>, view: View<'a>, parts: &[Component], side: usize, texts: &mut Texts) {
    let picture = view.picture;
    let letters: Vec<Component> = parts.iter().filter(|part| like_letters(part, side)).copied().collect();
    reader.look_at(view);
    let (numbers, rest) = reader.numbers(&letters);
    let numbers_before = texts.numbers.len();
    for number in numbers {
        add(&mut texts.numbers, number);
    }
    // Letters of text that runs upwards stand alone when it is read from the left.
    let (lone, lines): (Vec<Word>, Vec<Word>) = rest.into_iter().partition(|word| word.parts.len() < 3);
    let turned = lone.iter().flat_map(|word| &word.parts).filter(|part| part.width() <= side && !view.coloured(part));
    let turned: Vec<Component> = turned.map(|part| part.turned(picture.height)).collect();
    let stacked: Vec<Word> = word::words(&turned, WITHIN).into_iter().filter(|word| word.parts.len() > 1).collect();
    let stacked_parts: Vec<Component> = stacked.iter().flat_map(|word| word.parts.clone()).collect();
    if texts.numbers.len() > numbers_before + ENOUGH {
        // Numbers stand upright on both axes: none need be looked for among the letters on their side.
        texts.words.extend(runs(&stacked, view, true));
    } else {
        reader.look_at(View { turned: true, ..view });
        let (numbers, rest) = reader.numbers(&stacked_parts);
        for number in numbers {
            add(&mut texts.numbers, number);
        }
        texts.words.extend(runs(&rest, view, true));
    }
    let used: std::collections::HashSet<(usize, usize)> = stacked_parts.iter().map(|part| (picture.height - part.right, part.top)).collect();
    let upright_free = lone.into_iter().filter(|word| !word.parts.iter().any(|part| used.contains(&(part.top, part.left))));
    let lines: Vec<Word> = lines.into_iter().chain(upright_free).collect();
    texts.words.extend(runs(&lines, view, false));
}

/// Joins letters to lines of text.
fn runs(words: &[Word], view: View<'_>, upright: bool) -> Vec<Words> {
    // A curve that touches text is none: letters are of the colour of text and not much wider than high.
    let letter = |part: &&Component| !view.coloured(part) && part.width() <= 8 * part.height().max(3);
    let letters: Vec<Component> = words.iter().flat_map(|word| &word.parts).filter(letter).copied().collect();
    let height = view.picture.height;
    let lines = word::words(&letters, BETWEEN).into_iter().take(LINES).filter_map(|line| level(&line));
    lines
        .map(|hull| if upright { hull.turned_back(height) } else { hull })
        .map(|hull| Words { left: hull.left as f32, top: hull.top as f32, right: hull.right as f32, bottom: hull.bottom as f32, upright })
        .collect()
}

/// The hull of the letters that stand on one line: markers and pieces of curves beside them are higher, lower or aside.
fn level(line: &Word) -> Option<Component> {
    let middle = |values: &mut Vec<usize>| {
        values.sort_unstable();
        values.get(values.len() / 2).copied()
    };
    let tall = middle(&mut line.parts.iter().map(Component::height).collect())?;
    let centre = middle(&mut line.parts.iter().map(|part| part.top + part.bottom).collect())?;
    let stands = |part: &&Component| (part.top + part.bottom).abs_diff(centre) <= tall.max(4) && part.height() <= 2 * tall;
    let kept: Vec<Component> = line.parts.iter().filter(stands).copied().collect();
    let hull = kept.iter().copied().reduce(|a, b| a.with(&b))?;
    let merged = kept.len() < 3 && hull.area * 4 > hull.width() * hull.height() && hull.area * 5 < 4 * hull.width() * hull.height();
    (hull.height() > 3 && (kept.len() >= 3 || merged) && hull.width() * 2 > hull.height() * 3).then_some(hull)
}

/// Whether a patch may be a letter or several that touch: no higher than `side`, and no line.
fn like_letters(part: &Component, side: usize) -> bool {
    part.height() <= side && (part.height() <= 12 || part.width() * 8 >= part.height())
}

/// Adds a number unless one stands there already; the more certain one stays, but not a part of a longer one.
fn add(numbers: &mut Vec<Number>, number: Number) {
    let covers = |a: &Number, b: &Number| a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
    let part = |a: &Number, b: &Number| a.left > b.left - 2.0 && a.right < b.right + 2.0 && a.right - a.left < 0.75 * (b.right - b.left);
    match numbers.iter_mut().find(|other| covers(other, &number)) {
        Some(other) if part(&number, other) && other.certainty > PLAIN => {}
        Some(other) if other.certainty < number.certainty => *other = number,
        Some(_) => {}
        None => numbers.push(number),
    }
}

#[cfg(test)]
mod tests;
