//! A raised digit, or the minus before it, that touches the digit on its left, as in narrow fonts and small pictures.

use std::ops::Range;

use crate::plane::pixel;

use super::component::Component;
use super::strip::View;
use super::word::Word;

/// How far a raised digit sticks out above its base, of the base's height.
const ABOVE: Range<f32> = 0.12..0.8;

/// How wide a raised digit is, of the base's height.
const WIDTHS: Range<f32> = 0.3..0.8;

/// How wide a zero is, of its height.
const ZERO: Range<f32> = 0.55..1.0;

/// How far down a raised digit reaches, from the top of its base, of the base's height.
const LOW: f32 = 0.6;

/// The word with its last patches cut apart, if they are a digit with a raised number that touches it.
pub(super) fn cut(word: Word, view: View<'_>) -> Word {
    let word = apart(halves(&word, view), word, view);
    apart(minus(&word, view), word, view)
}

fn apart(found: Option<(Component, [Component; 2])>, word: Word, view: View<'_>) -> Word {
    let Some((whole, halves)) = found else { return word };
    let mut parts = word.parts.clone();
    parts.retain(|part| *part != whole);
    parts.extend(halves.iter().filter_map(|half| view.trimmed(half)));
    Word::of(parts).unwrap_or(word)
}

/// The last patch but one, before a raised digit, and the zero and the minus in it, which touch at a corner.
fn minus(word: &Word, view: View<'_>) -> Option<(Component, [Component; 2])> {
    let [.., whole, last] = word.parts.as_slice() else { return None };
    let first = word.parts.iter().find(|part| part.height() * 10 >= word.tall * 6 && *part != whole && *part != last)?;
    let tall = first.height() as f32;
    let above = first.top as f32 - last.top as f32;
    let raised = above >= ABOVE.start * tall && above <= ABOVE.end * tall && (last.bottom as f32) < first.bottom as f32 - 0.2 * tall;
    let on_line = whole.bottom.abs_diff(first.bottom) as f32 <= 0.15 * tall + 1.0 && whole.top.abs_diff(first.top) as f32 <= 0.15 * tall + 1.0;
    if !raised || !on_line || (whole.width() as f32) < 1.1 * tall || whole.width() as f32 > 2.2 * tall {
        return None;
    }
    let from_left = |share: f32| whole.left + pixel((share * tall).round()).min(whole.width() - 1).max(1);
    let ink = |x: usize| (whole.top..whole.bottom).map(|y| view.contrast(x, y)).sum::<f32>();
    let column = (from_left(ZERO.start)..=from_left(ZERO.end)).min_by(|&a, &b| ink(a).total_cmp(&ink(b)))?;
    let low = whole.top + pixel(LOW * tall);
    Some((*whole, [Component { right: column, ..*whole }, Component { left: column, bottom: low.min(whole.bottom), ..*whole }]))
}

/// The last patch, and the two digits in it: the column with the least ink between them parts them.
fn halves(word: &Word, view: View<'_>) -> Option<(Component, [Component; 2])> {
    let last = *word.parts.last()?;
    let first = word.parts.iter().find(|part| part.height() * 10 >= word.tall * 6 && **part != last)?;
    let tall = first.height() as f32;
    let above = first.top as f32 - last.top as f32;
    let on_line = last.bottom.abs_diff(first.bottom) as f32 <= 0.15 * tall + 1.0;
    let wide = last.width() as f32 >= 0.8 * tall && last.width() as f32 <= 2.6 * tall;
    if above < ABOVE.start * tall + 0.5 || above > ABOVE.end * tall || !on_line || !wide {
        return None;
    }
    let from_right = |share: f32| last.right - pixel(share * tall).min(last.width() - 1).max(1);
    let ink = |x: usize| (last.top..last.bottom).map(|y| view.contrast(x, y)).sum::<f32>();
    let column = (from_right(WIDTHS.end)..from_right(WIDTHS.start)).min_by(|&a, &b| ink(a).total_cmp(&ink(b)))?;
    let low = first.top + pixel(LOW * tall);
    Some((last, [Component { right: column, top: first.top, ..last }, Component { left: column, bottom: low.min(last.bottom), ..last }]))
}
