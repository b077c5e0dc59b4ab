//! Pieces: the upright boxes that a flat patch is made of. What runs along the axis of values is `along`, the other direction `across`, so that
//! horizontal bars are read as vertical ones are.

use mlgrade_picture::Picture;

use crate::text::difference;

use super::flat::{ALIKE, Flat};

/// A picture, seen along its axis of values.
#[derive(Clone, Copy)]
pub(in crate::raster) struct View<'a> {
    pub(in crate::raster) picture: &'a Picture,
    /// Whether values run from left to right.
    pub(in crate::raster) horizontal: bool,
}

impl View<'_> {
    /// The colour at a place; `None` outside.
    pub(in crate::raster) fn at(&self, across: usize, along: usize) -> Option<[u8; 3]> {
        let [x, y] = self.place(across, along);
        let rest = self.picture.rgb.get((y * self.picture.width + x) * 3..).filter(|_| x < self.picture.width)?;
        rest.first_chunk().copied()
    }

    /// Column and row.
    pub(in crate::raster) fn place<T>(&self, across: T, along: T) -> [T; 2] {
        if self.horizontal { [along, across] } else { [across, along] }
    }
}

/// A box of one colour, in pixels; the ends are outside.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::raster) struct Piece {
    pub(in crate::raster) across: [usize; 2],
    pub(in crate::raster) along: [usize; 2],
    pub(in crate::raster) colour: [u8; 3],
    /// Pixels of its colour in it.
    pub(in crate::raster) filled: usize,
}

impl Piece {
    pub(in crate::raster) fn width(&self) -> usize {
        self.across[1] - self.across[0]
    }

    pub(in crate::raster) fn length(&self) -> usize {
        self.along[1] - self.along[0]
    }

    pub(in crate::raster) fn area(&self) -> usize {
        self.width() * self.length()
    }

    pub(in crate::raster) fn centre(&self) -> f64 {
        (self.across[0] + self.across[1]) as f64 / 2.0
    }

    /// Whether both have the same ends across, to `slack` pixels.
    pub(super) fn in_line(&self, other: &Self, slack: usize) -> bool {
        self.across[0].abs_diff(other.across[0]) <= slack && self.across[1].abs_diff(other.across[1]) <= slack
    }

    fn joined(&self, other: &Self) -> Self {
        let hull = |a: [usize; 2], b: [usize; 2]| [a[0].min(b[0]), a[1].max(b[1])];
        let colour = if self.filled >= other.filled { self.colour } else { other.colour };
        Self { across: hull(self.across, other.across), along: hull(self.along, other.along), colour, filled: self.filled + other.filled }
    }
}

/// How far a patch reaches in one column (or row).
#[derive(Debug, Clone, Copy)]
struct Reach {
    from: usize,
    to: usize,
    filled: usize,
}

/// The share of a box that is of its colour, at least: the rest is text on it, or a pattern.
const FILLED: f64 = 0.6;

/// The boxes of a patch, cut where its ends step by more than a pixel.
pub(super) fn pieces(flat: &Flat, horizontal: bool) -> Vec<Piece> {
    let (first, reaches) = profile(flat, horizontal);
    let mut parts: Vec<Piece> = Vec::new();
    let near = |a: usize, b: usize| a.abs_diff(b) <= 1;
    for (i, reach) in reaches.iter().enumerate() {
        let here = Piece { across: [first + i, first + i + 1], along: [reach.from, reach.to], colour: flat.colour, filled: reach.filled };
        match parts.last_mut() {
            Some(last) if near(last.along[0], reach.from) && near(last.along[1], reach.to) => {
                last.across[1] += 1;
                last.filled += reach.filled;
            }
            _ => parts.push(here),
        }
    }
    mend(&mut parts);
    absorb(&mut parts);
    parts.retain(|part| part.width() >= 2 && part.length() > 0 && part.filled as f64 >= FILLED * part.area() as f64);
    parts
}

/// Takes out short steps between two parts of the same ends: an error bar, or text on the end.
fn mend(parts: &mut Vec<Piece>) {
    let near = |a: &Piece, b: &Piece| a.along[0].abs_diff(b.along[0]) <= 1 && a.along[1].abs_diff(b.along[1]) <= 1;
    let mut i = 0;
    while i < parts.len() {
        let reach = (2 * parts[i].width()).max(4);
        let next = (i + 2..parts.len().min(i + 8)).find(|&j| {
            let (gap, other) = (parts[j].across[0] - parts[i].across[1], parts[j].width());
            near(&parts[i], &parts[j]) && gap * 3 <= parts[i].width() + other + 2 && gap < reach
        });
        if let Some(j) = next {
            let filled = parts[i + 1..=j].iter().map(|part| part.filled).sum::<usize>();
            parts[i].across[1] = parts[j].across[1];
            parts[i].filled += filled;
            parts.drain(i + 1..=j);
        } else {
            i += 1;
        }
    }
}

/// By how much the ends of a box may differ near its sides, in pixels: a JPEG leaves ripples there.
const RIPPLE: usize = 4;

/// Joins narrow boxes beside a wide one of nearly the same ends to it.
fn absorb(parts: &mut Vec<Piece>) {
    let fits = |narrow: &Piece, wide: &Piece| {
        let near = (0..2).all(|end| narrow.along[end].abs_diff(wide.along[end]) <= RIPPLE);
        near && narrow.width() * 4 <= wide.width() && wide.length() > 2 * RIPPLE
    };
    let mut i = 0;
    while i + 1 < parts.len() {
        let (a, b) = (parts[i], parts[i + 1]);
        let along = if fits(&a, &b) {
            b.along
        } else if fits(&b, &a) {
            a.along
        } else {
            i += 1;
            continue;
        };
        parts[i] = Piece { across: [a.across[0], b.across[1]], along, filled: a.filled + b.filled, ..a };
        parts.remove(i + 1);
        // What was absorbed may have stood between two boxes.
        i = i.saturating_sub(1);
    }
}

/// For each column (or row) how far the patch reaches, and where the first one is.
fn profile(flat: &Flat, horizontal: bool) -> (usize, Vec<Reach>) {
    let first = flat.runs.iter().map(|&[y, from, _]| if horizontal { y } else { from }).min().unwrap_or(0);
    let end = flat.runs.iter().map(|&[y, _, to]| if horizontal { y + 1 } else { to }).max().unwrap_or(first);
    let mut reaches = vec![Reach { from: usize::MAX, to: 0, filled: 0 }; end - first];
    for &[y, from, to] in &flat.runs {
        if horizontal {
            let reach = &mut reaches[y - first];
            *reach = Reach { from: reach.from.min(from), to: reach.to.max(to), filled: reach.filled + to - from };
        } else {
            for reach in &mut reaches[from - first..to - first] {
                *reach = Reach { from: reach.from.min(y), to: reach.to.max(y + 1), filled: reach.filled + 1 };
            }
        }
    }
    // A patch hangs together, but over corners of runs it may leave a column out.
    reaches.iter_mut().filter(|reach| reach.filled == 0).for_each(|reach| reach.from = 0);
    (first, reaches)
}

/// Joins pieces that lines of a grid cut apart, along the axis of values: of one colour, with the same ends across.
pub(super) fn join_along(pieces: &mut Vec<Piece>, gap: usize) {
    pieces.sort_by_key(|piece| (piece.along[0], piece.across[0]));
    let mut joined: Vec<Piece> = Vec::new();
    for piece in pieces.drain(..) {
        let fits = |above: &&mut Piece| {
            above.in_line(&piece, 1)
                && piece.along[0] >= above.along[1]
                && piece.along[0] - above.along[1] <= gap
                && difference(above.colour, piece.colour) <= ALIKE
        };
        match joined.iter_mut().rev().find(fits) {
            Some(above) => *above = above.joined(&piece),
            None => joined.push(piece),
        }
    }
    *pieces = joined;
}

/// Joins pieces that a line of a grid, or an error bar, cuts apart: `goes_on` says whether what is between them, at this place across, goes on
/// beyond the end of a piece. The outline of a bar does not.
pub(super) fn join_across(pieces: &mut Vec<Piece>, gap: usize, goes_on: impl Fn(usize, &Piece) -> bool) {
    pieces.sort_by_key(|piece| (piece.across[0], piece.along[0]));
    let mut joined: Vec<Piece> = Vec::new();
    for piece in pieces.drain(..) {
        let fits = |before: &&mut Piece| {
            let same = before.along[0].abs_diff(piece.along[0]) <= 1 && before.along[1].abs_diff(piece.along[1]) <= 1;
            let close = piece.across[0] >= before.across[1] && piece.across[0] - before.across[1] <= gap;
            same && close && difference(before.colour, piece.colour) <= ALIKE && goes_on(usize::midpoint(before.across[1], piece.across[0]), &piece)
        };
        match joined.iter_mut().rev().take(8).find(fits) {
            Some(before) => *before = before.joined(&piece),
            None => joined.push(piece),
        }
    }
    *pieces = joined;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patch(rows: &[(usize, usize, usize)]) -> Flat {
        let runs: Vec<[usize; 3]> = rows.iter().map(|&(y, from, to)| [y, from, to]).collect();
        Flat { colour: [9; 3], area: runs.iter().map(|run| run[2] - run[1]).sum(), runs }
    }

    #[test]
    fn a_stair_is_cut_into_its_steps_and_a_notch_is_mended() {
        // Ten rows: the left step is 10 high, the right one 6; an error bar of one pixel cuts into the left one.
        let stair: Vec<(usize, usize, usize)> = (0..4).flat_map(|y| [(y, 0, 6), (y, 7, 12)]).chain((4..10).map(|y| (y, 0, 20))).collect();
        let boxes: Vec<_> = pieces(&patch(&stair), false).iter().map(|piece| (piece.across, piece.along)).collect();
        assert_eq!(boxes, [([0, 12], [0, 10]), ([12, 20], [4, 10])]);
    }

    #[test]
    fn lying_bars_are_read_as_upright_ones_are() {
        let bar: Vec<(usize, usize, usize)> = (3..8).map(|y| (y, 2, 30)).collect();
        let boxes: Vec<_> = pieces(&patch(&bar), true).iter().map(|piece| (piece.across, piece.along)).collect();
        assert_eq!(boxes, [([3, 8], [2, 30])]);
    }

    #[test]
    fn lines_of_a_grid_do_not_cut_bars() {
        let part = |from, to| Piece { across: [5, 15], along: [from, to], colour: [9; 3], filled: 10 * (to - from) };
        let mut cut = vec![part(10, 20), part(21, 30), part(40, 50)];
        join_along(&mut cut, 3);
        assert_eq!(cut.iter().map(|piece| piece.along).collect::<Vec<_>>(), [[10, 30], [40, 50]]);
    }
}
