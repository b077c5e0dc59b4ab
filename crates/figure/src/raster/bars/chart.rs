//! The bars of a panel: pieces that begin at the axis's base, and those that are stacked on them.

use crate::raster::ink::usual_colour;
use crate::reading::Frame;
use crate::text::difference;

use super::axes::Values;
use super::flat::{ALIKE, Flat};
use super::piece::{Piece, View, join_across, join_along, pieces};

/// A bar, or a part of a stacked one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::raster) struct Bar {
    pub(in crate::raster) piece: Piece,
    /// Where it begins along the axis of values, and where it ends.
    pub(in crate::raster) from: f64,
    pub(in crate::raster) to: f64,
    /// How many parts of the stack lie below it.
    pub(in crate::raster) level: usize,
}

/// What is drawn on a panel, as bars.
#[derive(Debug, Clone)]
pub(in crate::raster) struct Chart {
    /// From left to right, or from top to bottom; parts of a stack from its base.
    pub(in crate::raster) bars: Vec<Bar>,
    /// Where bars begin.
    pub(in crate::raster) base: f64,
    /// Whether something else is drawn that is as large as a bar, or the bars are not of one width.
    pub(in crate::raster) odd: bool,
}

/// How far from the base a bar may seem to begin, in pixels, and as a share of the panel's length.
const AT_BASE: (f64, f64) = (3.5, 0.006);

/// Lines up to this many pixels wide are no bars where others are wider, and parts of a stack that are no higher may be outlines.
const THIN: usize = 4;

/// The flat pieces inside of a panel, in reading direction along its axis.
pub(in crate::raster) fn pieces_of(view: View<'_>, values: &Values, flats: &[Flat]) -> Vec<Piece> {
    let (across, along) = (values.across(), values.along());
    let paper = paper(view, values.frame);
    let inside =
        |piece: &Piece| piece.across[0] + 4 > across[0] && piece.across[1] < across[1] + 4 && piece.along[0] + 5 > along[0] && piece.along[1] < along[1] + 5;
    let size = view.picture.width.min(view.picture.height);
    let gap = (size / 150).clamp(3, 6);
    let coloured = flats.iter().filter(|flat| difference(flat.colour, paper) > ALIKE);
    let mut found: Vec<Piece> = coloured.flat_map(|flat| pieces(flat, values.horizontal)).filter(inside).collect();
    // Edges of the frame and lines of a grid.
    found.retain(|piece| !(piece.length() <= THIN && piece.width() * 10 > (across[1] - across[0]) * 8));
    join_along(&mut found, gap);
    let base = base(values, &found);
    join_across(&mut found, gap, |at, piece| {
        let far = if (piece.along[0] as f64 - base).abs() > (piece.along[1] as f64 - base).abs() { -1 } else { 1 };
        let end = if far < 0 { piece.along[0] } else { piece.along[1].saturating_sub(1) };
        let middle = usize::midpoint(piece.across[0], piece.across[1]);
        let beyond = [2, 3, 4, 5, 6, 8, 10].into_iter().filter_map(|k| end.checked_add_signed(far * k));
        let is_line = |along: usize| view.at(at, along).zip(view.at(middle, along)).is_some_and(|(a, b)| difference(a, b) > 12);
        beyond.filter(|along| is_line(*along)).count() >= 4
    });
    found
}

/// The bars among the pieces; `None` if there are none.
pub(in crate::raster) fn read(view: View<'_>, values: &Values, pieces: &[Piece]) -> Option<Chart> {
    let base = base(values, pieces);
    let [from, to] = values.along();
    let slack = AT_BASE.0.max(AT_BASE.1 * (to - from) as f64);
    let paper = paper(view, values.frame);
    let near = |place: usize, to: f64| (place as f64 - to).abs() <= slack;
    let mut bars: Vec<Bar> = Vec::new();
    let mut rest: Vec<Piece> = Vec::new();
    for piece in pieces {
        let (starts, ends) = (near(piece.along[0], base), near(piece.along[1], base));
        if piece.length() >= 2 && starts != ends {
            bars.push(bar(view, *piece, base, starts, 0, paper));
        } else if piece.length() > 2 || !starts {
            rest.push(*piece);
        }
    }
    // The lower edge of an outline, and pieces of the axis's line between bars, are none.
    let whole: Vec<Piece> = bars.iter().map(|bar| bar.piece).filter(|piece| piece.length() > 2 * THIN).collect();
    let is_part =
        |piece: &Piece| whole.iter().any(|other| other.in_line(piece, THIN)) || !whole.iter().any(|other| difference(other.colour, piece.colour) <= ALIKE);
    bars.retain(|bar| bar.piece.length() >= THIN && (bar.piece.length() > 6 || !is_part(&bar.piece)));
    let widest = middle(bars.iter().map(|bar| bar.piece.area()).collect());
    let usual = middle(bars.iter().filter(|bar| bar.piece.area() * 3 >= widest).map(|bar| bar.piece.width()).collect());
    bars.retain(|bar| bar.piece.width() * 3 > usual || (bar.piece.width() > THIN && bar.piece.area() * 12 > widest));
    if bars.is_empty() {
        return None;
    }
    // Parts that are stacked, from the base outwards.
    rest.sort_by_key(|piece| [piece.along[0], piece.along[1]].map(|end| (end as f64 - base).abs() as usize).into_iter().min());
    let mut floating: Vec<Piece> = Vec::new();
    for piece in rest {
        let starts = (piece.along[0] as f64 - base).abs() < (piece.along[1] as f64 - base).abs();
        let inner = if starts { piece.along[0] } else { piece.along[1] };
        let below = bars.iter().rposition(|bar| bar.piece.in_line(&piece, 2) && (inner as f64 - bar.to).abs() <= slack && (bar.to > base) == starts);
        match below {
            Some(i) if shines(bars[i].piece.colour, paper, piece.colour) => {
                let below = bars[i];
                let along = if starts { [below.piece.along[0], piece.along[1]] } else { [piece.along[0], below.piece.along[1]] };
                let end = bar(view, piece, base, starts, 0, paper).to;
                bars[i] = Bar { piece: Piece { along, ..below.piece }, to: end, ..below };
            }
            // The upper edge of an outline.
            Some(_) if piece.length() <= THIN => {}
            Some(i) => {
                let (from, level) = (bars[i].to, bars[i].level + 1);
                bars.push(Bar { from, ..bar(view, piece, from, starts, level, paper) });
            }
            None => floating.push(piece),
        }
    }
    bars.sort_by(|a, b| a.piece.centre().total_cmp(&b.piece.centre()).then(a.level.cmp(&b.level)));
    let area = middle(bars.iter().map(|bar| bar.piece.area()).collect());
    let large = floating.iter().any(|piece| piece.area() * 3 > area.max(240) && piece.width() * 2 > usual && difference(piece.colour, paper) > 30);
    let uneven = bars.iter().any(|bar| bar.piece.width().abs_diff(usual) > 2.max(usual / 6));
    Some(Chart { bars, base, odd: large || uneven })
}

/// Where bars begin: at zero, or at the end of an axis that does not show it.
fn base(values: &Values, pieces: &[Piece]) -> f64 {
    let [from, to] = values.along().map(|end| end as f64);
    let zero = values.scale.pixel(0.0);
    if let Some(zero) = zero.filter(|zero| *zero > from - 4.0 && *zero < to + 4.0) {
        return zero;
    }
    let high = zero.is_some_and(|zero| (zero > to) == (values.scale.unit > 0.0) && (zero < from) == (values.scale.unit < 0.0));
    let low = values.low_end();
    let end = if high { from + to - low } else { low };
    // Most pieces begin there; the frame may not have been found to the pixel.
    let reach = 0.04 * (to - from) + 4.0;
    let ends: Vec<usize> =
        pieces.iter().filter(|piece| piece.area() > 20).flat_map(|piece| piece.along).filter(|place| (*place as f64 - end).abs() <= reach).collect();
    let votes = |place: usize| ends.iter().filter(|other| other.abs_diff(place) <= 1).count();
    ends.iter().copied().max_by_key(|place| (votes(*place), std::cmp::Reverse((*place as f64 - end).abs() as usize))).map_or(end, |place| place as f64)
}

fn bar(view: View<'_>, piece: Piece, from: f64, starts: bool, level: usize, paper: [u8; 3]) -> Bar {
    let rim = outline(view, &piece, starts, paper);
    let to = if starts { piece.along[1] as f64 + rim } else { piece.along[0] as f64 - rim };
    Bar { piece, from, to, level }
}

/// How far beyond the end of its colour a bar ends, in pixels: a half covered row belongs to it, and of an outline the middle is its end.
fn outline(view: View<'_>, piece: &Piece, starts: bool, paper: [u8; 3]) -> f64 {
    const FARTHEST: usize = 6;
    let margin = piece.width() / 6;
    let columns = piece.across[0] + margin..piece.across[1] - margin;
    let step = (columns.len() / 15).max(1);
    let beyond = |across: usize| -> f64 {
        for k in 0..FARTHEST {
            let along = if starts { Some(piece.along[1] + k) } else { piece.along[0].checked_sub(k + 1) };
            let Some(colour) = along.and_then(|along| view.at(across, along)) else { return 0.0 };
            if difference(colour, paper) <= ALIKE {
                return k as f64 / 2.0;
            }
            if k == 0
                && let Some(share) = between(paper, piece.colour, colour)
                && along
                    .and_then(|along| if starts { along.checked_add(1) } else { along.checked_sub(1) })
                    .and_then(|next| view.at(across, next))
                    .is_some_and(|next| difference(next, paper) <= ALIKE)
            {
                return share;
            }
        }
        0.0
    };
    let mut all: Vec<f64> = columns.step_by(step).map(beyond).collect();
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or(0.0)
}

/// The share of `ink` that makes `colour` of `paper`, if it is a mixture of both.
fn between(paper: [u8; 3], ink: [u8; 3], colour: [u8; 3]) -> Option<f64> {
    let along = |a: [u8; 3]| std::array::from_fn::<f64, 3, _>(|c| f64::from(a[c]) - f64::from(paper[c]));
    let (ink, colour) = (along(ink), along(colour));
    let dot = |a: [f64; 3], b: [f64; 3]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let share = dot(ink, colour) / dot(ink, ink).max(1.0);
    let off = (0..3).map(|c| (colour[c] - share * ink[c]).abs()).fold(0.0, f64::max);
    (off <= 14.0 && (0.0..=1.0).contains(&share)).then_some(share)
}

/// Whether `colour` is that of a bar below something pale: the box of a legend through which it shines.
fn shines(bar: [u8; 3], paper: [u8; 3], colour: [u8; 3]) -> bool {
    between(paper, bar, colour).is_some_and(|share| (0.08..0.5).contains(&share))
}

/// The usual colour of a panel's rim, where bars hardly reach.
fn paper(view: View<'_>, frame: Frame) -> [u8; 3] {
    let Frame { left, top, right, bottom } = frame;
    let (width, height) = (((right - left) / 40).max(2), ((bottom - top) / 40).max(2));
    let inset = 3;
    let upper = Frame { left: left + inset, top: top + inset, right: right.saturating_sub(inset), bottom: (top + inset + height).min(bottom) };
    let right_side =
        Frame { left: right.saturating_sub(inset + width), top: top + inset, right: right.saturating_sub(inset), bottom: bottom.saturating_sub(inset) };
    let colour = |area: Frame| usual_colour(view.picture, area).map(|channel| channel.round() as u8);
    let (above, beside) = (colour(upper), colour(right_side));
    if view.horizontal { beside } else { above }
}

fn middle(mut values: Vec<usize>) -> usize {
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or(0)
}
