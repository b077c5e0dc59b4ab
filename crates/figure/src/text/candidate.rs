//! Words that may be numbers: by their shape, and because they stand in a row or a column with others of their size.

use super::component::Component;
use super::strip::{Strip, View};
use super::word::{LONGEST, Word};

/// Neighbours in the order of a side that a word is held against.
const NEIGHBOURS: usize = 24;

/// Others in line that tick labels have, and that are counted.
const IN_LINE: usize = 1;
pub(super) const COUNTED: usize = 3;

/// A word of the shape of a number.
pub(super) struct Shape {
    pub(super) word: Word,
    base: Vec<Component>,
    raised: Vec<Component>,
    /// The high parts of the base.
    digits: Vec<Component>,
    hull: Component,
    /// Others that stand in line with it, up to `COUNTED`.
    pub(super) in_line: usize,
}

/// A word that may be a number, cut out.
pub(super) struct Candidate {
    pub(super) word: Word,
    pub(super) strip: Strip,
    /// A strip of the small digits raised behind it.
    pub(super) power: Option<Strip>,
    /// Whether it is in colour, as few numbers are.
    pub(super) coloured: bool,
    /// Others that stand in line with it.
    pub(super) in_line: usize,
}

impl Shape {
    fn of(word: &Word) -> Option<Self> {
        let only = &word.hull;
        // Markers are as wide as high, or filled.
        let marker = word.parts.len() == 1
            && only.height() > 6
            && (only.width().abs_diff(only.height()) * 10 <= only.height() || (only.height() > 8 && only.area * 4 > only.width() * only.height() * 3));
        // Dashes of upright lines are thinner than any digit.
        let dash = only.width() * 5 < word.tall || only.width() < 2;
        // Whatever the font, a one has a flag, a foot, or soft edges: a full box is the dash of a grid.
        let full = word.parts.len() == 1 && only.width() > 2 && only.area == only.width() * only.height();
        if marker || dash || full || word.tall < 4 || word.parts.len() > LONGEST || only.width() > 16 * word.tall {
            return None;
        }
        let word = without_tick(word)?;
        let (base, raised) = split(&word);
        // Digits are of one height: a word with more than an `e` or a cross of middle height is of letters.
        let middle = |part: &&Component| {
            let (high, tall) = (part.height() as f32, word.tall as f32);
            high > 0.35 * tall + 0.5 && high < 0.85 * tall - 0.5
        };
        if base[..base.len() - rings(&base)].iter().filter(middle).count() > 1 {
            return None;
        }
        let mut digits: Vec<Component> = base.iter().filter(|part| part.height() * 3 >= word.tall * 2).copied().collect();
        // A comma that touches a digit makes it hang below the line.
        let line = digits.iter().map(|part| part.bottom).min()?;
        digits.retain(|part| part.bottom <= line + (word.tall / 8).max(1));
        let hull = digits.iter().copied().reduce(|a, b| a.with(&b))?;
        Some(Self { word, base, raised, digits, hull, in_line: 0 })
    }

    /// Whether it may be a factor that belongs to all labels of an axis with digits about as high as one of `usual`, as in `1e−5`.
    pub(super) fn like_factor(&self, usual: &[f32]) -> bool {
        let (tall, wide) = (self.hull.height(), self.word.hull.width());
        let near = |height: &f32| (tall as f32 / height - 1.0).abs() < 0.2;
        self.word.parts.len() > 1 && wide * 2 > 3 * tall && wide < 8 * tall && usual.iter().any(near)
    }

    /// Cuts the word out of the picture.
    pub(super) fn cut(self, view: View<'_>) -> Result<Candidate, Word> {
        let coloured = view.coloured(&self.word.hull);
        if coloured && self.word.parts.len() == 1 {
            return Err(self.word);
        }
        let area = self.base.iter().copied().reduce(|a, b| a.with(&b));
        let Some(strip) = area.and_then(|area| Strip::of(view, &area, &self.digits)) else { return Err(self.word) };
        let mut power = None;
        if let Some(area) = self.raised.iter().copied().reduce(|a, b| a.with(&b)) {
            let tall = self.raised.iter().map(Component::height).max().unwrap_or(0);
            let digits: Vec<Component> = self.raised.iter().filter(|part| part.height() * 3 >= tall * 2).copied().collect();
            // The digit before it may reach into its box.
            power = Strip::of(View { from: area.left, ..view }, &area, &digits);
            if power.is_none() {
                return Err(self.word);
            }
        }
        Ok(Candidate { word: self.word, strip, power, coloured, in_line: self.in_line })
    }
}

impl Candidate {
    pub(super) fn height(&self) -> f32 {
        (self.strip.bottom - self.strip.top) * self.strip.scale
    }
}

/// Those of `words` that may be tick labels, those that may be numbers but stand alone, and the rest.
pub(super) fn shapes(words: Vec<Word>) -> (Vec<Shape>, Vec<Shape>, Vec<Word>) {
    let (mut shapes, mut rest) = (Vec::new(), Vec::new());
    for word in words {
        match Shape::of(&word) {
            Some(shape) => shapes.push(shape),
            None => rest.push(word),
        }
    }
    count_in_line(&mut shapes);
    let (kept, lone) = shapes.into_iter().partition(|shape| shape.in_line >= IN_LINE);
    (kept, lone, rest)
}

/// Counts for each how many others of about its size stand in its row or column.
fn count_in_line(shapes: &mut [Shape]) {
    // The line of a row; the right, left and middle of a column.
    let sides: [fn(&Shape) -> usize; 4] =
        [|s| 2 * s.hull.bottom, |s| 2 * s.word.hull.right, |s| 2 * s.word.hull.left, |s| s.word.hull.left + s.word.hull.right];
    for (way, side) in sides.into_iter().enumerate() {
        let mut order: Vec<usize> = (0..shapes.len()).collect();
        order.sort_by_key(|i| side(&shapes[*i]));
        let mut counts = vec![0; shapes.len()];
        for (n, i) in order.iter().enumerate() {
            for j in order[n + 1..].iter().take(NEIGHBOURS) {
                let (a, b) = (&shapes[*i], &shapes[*j]);
                let tall = a.hull.height().max(b.hull.height());
                // Plotly sets the small digits between two powers of ten aside of them.
                let digit = way > 0 && (a.word.parts.len() == 1 || b.word.parts.len() == 1);
                if side(b) - side(a) > (tall / 2).max(4) * if digit { 2 } else { 1 } {
                    break;
                }
                let (ours, theirs) = (a.word.hull, b.word.hull);
                let apart = if way == 0 {
                    gap((ours.left, ours.right), (theirs.left, theirs.right))
                } else {
                    gap((ours.top, ours.bottom), (theirs.top, theirs.bottom))
                };
                if apart * 3 > tall && a.hull.height().abs_diff(b.hull.height()) * (if digit { 3 } else { 5 }) <= tall.max(5) {
                    counts[*i] += 1;
                    counts[*j] += 1;
                }
            }
        }
        for (shape, count) in shapes.iter_mut().zip(counts) {
            shape.in_line = shape.in_line.max(count.min(COUNTED));
        }
    }
}

/// The gap between two ranges; zero where they overlap.
fn gap(a: (usize, usize), b: (usize, usize)) -> usize {
    a.0.max(b.0).saturating_sub(a.1.min(b.1))
}

/// Gives words of one size that seem to be about one pixel's part higher or lower than most the same height.
pub(super) fn level(group: &mut [Candidate]) {
    let Some(usual) = group.get(group.len() / 2).map(|c| c.strip.bottom - c.strip.top) else { return };
    for strip in group.iter_mut().map(|c| &mut c.strip) {
        let more = usual - (strip.bottom - strip.top);
        if more.abs() < 0.3 {
            (strip.top, strip.bottom) = (strip.top - more / 2.0, strip.bottom + more / 2.0);
        }
    }
}

/// How many parts at the end of a word are the rings and the stroke of a percent sign, which hang together in small letters only: one ring at the top
/// and one on the line, of one size.
fn rings(base: &[Component]) -> usize {
    let [.., first, second, third] = base else { return 0 };
    let mut parts = [first, second, third];
    parts.sort_by_key(|part| part.height());
    let [low, other, tall] = parts;
    let (top, bottom) = if low.top < other.top { (low, other) } else { (other, low) };
    let near = |a: usize, b: usize| a.abs_diff(b) * 8 <= tall.height() + 8;
    let are_rings = near(top.height(), bottom.height()) && near(top.width(), bottom.width()) && near(top.top, tall.top) && near(bottom.bottom, tall.bottom);
    if are_rings && top.left < bottom.left && bottom.top > top.top && bottom.height() * 10 < tall.height() * 7 { parts.len() } else { 0 }
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
