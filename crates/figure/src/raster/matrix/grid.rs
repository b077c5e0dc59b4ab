//! The grid of a matrix: flat patches whose edges lie on equally spaced lines. Neighbours of one colour make one patch, so that no patch need
//! be a cell, but each line must be the edge of some patch.

use super::flat::Flat;
use crate::matrix::MOST;

/// Sizes of patches that are tried as the size of a cell.
const SIZES: usize = 16;
const DISTINCT: usize = 400;

/// The gap between cells at most, as a share of their side.
const GAP: f64 = 0.35;

/// How far an edge may be from its line, in pixels, and as a share of a cell's side. Around an edge, a JPEG has no flat colours in blocks of eight pixels.
const OFF: f64 = 1.3;
const OFF_SHARE: f64 = 0.03;
const BLOCK: f64 = 7.0;
const BLOCK_SHARE: f64 = 0.12;

/// The sides of a patch that takes part, as a share of a cell's: what is smaller is ink or what it encloses.
const WHOLE: f64 = 0.7;

/// Equally spaced lines along one direction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Lines {
    /// Where the first cell begins, in pixels.
    pub(super) start: f64,
    /// From one cell to the next.
    pub(super) pitch: f64,
    /// What is left blank between two cells.
    pub(super) gap: f64,
    /// Cells.
    pub(super) count: usize,
}

impl Lines {
    /// Where a cell begins and ends.
    pub(super) fn cell(&self, k: usize) -> (f64, f64) {
        let start = self.start + k as f64 * self.pitch;
        (start + self.gap / 2.0, start + self.pitch - self.gap / 2.0)
    }

    /// One past the last cell.
    pub(super) fn end(&self) -> f64 {
        self.start + self.count as f64 * self.pitch
    }

    /// The cell that a place lies in.
    pub(super) fn at(&self, place: f64) -> Option<usize> {
        let k = (place - self.start) / self.pitch;
        (k >= 0.0 && k < self.count as f64).then_some(k as usize)
    }
}

/// The cells of a matrix.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Grid {
    pub(super) across: Lines,
    pub(super) down: Lines,
}

/// The gap from which there is something between cells.
const DRAWN: f64 = 2.5;

impl Grid {
    /// Whether lines are drawn between the cells.
    pub(super) fn has_gaps(&self) -> bool {
        self.across.gap.max(self.down.gap) >= DRAWN
    }

    fn overlaps(&self, other: &Self) -> bool {
        let apart = |a: &Lines, b: &Lines| a.end().min(b.end()) - a.start.max(b.start) <= 0.1 * a.pitch.min(b.pitch);
        !apart(&self.across, &other.across) && !apart(&self.down, &other.down)
    }
}

/// Of grids with the numbers of their patches, those that do not overlap one with more, from left to right and top to bottom.
pub(super) fn chosen(mut found: Vec<(usize, Grid)>) -> Vec<Grid> {
    found.sort_by_key(|(members, _)| std::cmp::Reverse(*members));
    let mut kept: Vec<Grid> = Vec::new();
    for (_, grid) in found {
        if !kept.iter().any(|other| other.overlaps(&grid)) {
            kept.push(grid);
        }
    }
    in_order(kept)
}

/// The grids that `fits` says are matrices, each with the number of its patches.
pub(super) fn grids(flats: &[Flat], noisy: bool, fits: impl Fn(&Grid) -> bool) -> Vec<(usize, Grid)> {
    let mut found: Vec<(usize, Grid)> = Vec::new();
    for (width, height) in sizes(flats) {
        let near = |side: usize, usual: usize| side.abs_diff(usual) <= 1 + usual / 40;
        let alike: Vec<&Flat> = flats.iter().filter(|flat| near(flat.width(), width) && near(flat.height(), height)).collect();
        let gaps = [gap(&alike, flats, across, down), gap(&alike, flats, down, across)];
        for seed in alike {
            let inside = |(_, grid): &(usize, Grid)| grid.across.at(middle(across(seed))).is_some() && grid.down.at(middle(down(seed))).is_some();
            // A grid that was grown from a cell of this size before would be grown again.
            let again = |(_, grid): &&(usize, Grid)| {
                (grid.across.pitch - grid.across.gap - width as f64).abs() < 2.5 && (grid.down.pitch - grid.down.gap - height as f64).abs() < 2.5
            };
            if found.iter().filter(again).any(inside) {
                continue;
            }
            if let Some((members, grid)) = grown(seed, flats, gaps, noisy).filter(|(_, grid)| fits(grid)) {
                found.push((members, grid));
            }
        }
    }
    found
}

/// In rows from the top, each from the left.
fn in_order(mut grids: Vec<Grid>) -> Vec<Grid> {
    grids.sort_by(|a, b| a.down.start.total_cmp(&b.down.start));
    let mut sorted = Vec::new();
    while let Some(first) = grids.first().copied() {
        let centre = f64::midpoint(first.down.start, first.down.end());
        let (mut row, rest): (Vec<Grid>, Vec<Grid>) = grids.into_iter().partition(|grid| grid.down.start <= centre);
        row.sort_by(|a, b| a.across.start.total_cmp(&b.across.start));
        sorted.extend(row);
        grids = rest;
    }
    sorted
}

/// The sizes of patches that are full enough to be single cells: those of which there is most first.
fn sizes(flats: &[Flat]) -> Vec<(usize, usize)> {
    let mut sizes: Vec<(usize, usize, usize)> = Vec::new();
    for flat in flats.iter().filter(|flat| flat.filled() >= 0.3) {
        let (width, height) = (flat.width(), flat.height());
        let known = sizes.iter_mut().find(|(w, h, _)| w.abs_diff(width) <= 1 && h.abs_diff(height) <= 1);
        if let Some((_, _, area)) = known {
            *area += flat.area;
        } else if sizes.len() < DISTINCT {
            sizes.push((width, height, flat.area));
        }
    }
    sizes.sort_by_key(|(_, _, area)| std::cmp::Reverse(*area));
    sizes.truncate(SIZES);
    sizes.into_iter().map(|(width, height, _)| (width, height)).collect()
}

fn across(flat: &Flat) -> (f64, f64) {
    (flat.left as f64, flat.right as f64)
}

fn down(flat: &Flat) -> (f64, f64) {
    (flat.top as f64, flat.bottom as f64)
}

fn middle((start, end): (f64, f64)) -> f64 {
    f64::midpoint(start, end)
}

type Range = fn(&Flat) -> (f64, f64);

/// The usual gap between cells and what follows them along one direction; zero where nothing does.
fn gap(cells: &[&Flat], flats: &[Flat], along: Range, beside: Range) -> f64 {
    let mut gaps: Vec<f64> = Vec::new();
    for cell in cells.iter().take(60) {
        let ((start, end), (low, high)) = (along(cell), beside(cell));
        let follows = |flat: &&Flat| {
            let (a, b) = beside(flat);
            b.min(high) - a.max(low) > WHOLE * (high - low)
        };
        let apart = |flat: &Flat| along(flat).0 - end;
        let least = flats.iter().filter(follows).map(apart).filter(|apart| *apart >= -1.0 && *apart <= GAP * (end - start)).fold(f64::INFINITY, f64::min);
        if least.is_finite() {
            gaps.push(least.max(0.0));
        }
    }
    gaps.sort_by(f64::total_cmp);
    gaps.get(gaps.len() / 4).copied().unwrap_or(0.0)
}

/// Lines through the edges that were seen, each with its place and the number of its line.
struct Fitted {
    start: f64,
    pitch: f64,
    gap: f64,
    /// How far an edge may be from its line.
    off: f64,
    first: i64,
    last: i64,
    edges: Vec<(i64, f64)>,
}

impl Fitted {
    fn of((start, end): (f64, f64), gap: f64, noisy: bool) -> Self {
        let pitch = end - start + gap;
        let off = OFF + OFF_SHARE * pitch;
        let off = if noisy { off.max((BLOCK_SHARE * pitch).min(BLOCK)) } else { off };
        Self { start: start - gap / 2.0, pitch, gap, off, first: 0, last: 1, edges: Vec::new() }
    }

    /// The lines on which a patch begins and ends.
    fn place(&self, (start, end): (f64, f64)) -> Option<(i64, i64)> {
        let line = |place: f64| {
            let k = ((place - self.start) / self.pitch).round();
            let off = (place - self.start - k * self.pitch).abs();
            (off <= self.off && k.abs() < 200.0).then_some(k as i64)
        };
        let (from, to) = (line(start - self.gap / 2.0)?, line(end + self.gap / 2.0)?);
        (to > from).then_some((from, to))
    }

    fn add(&mut self, (start, end): (f64, f64), (from, to): (i64, i64)) {
        self.edges.extend([(from, start - self.gap / 2.0), (to, end + self.gap / 2.0)]);
        (self.first, self.last) = (self.first.min(from), self.last.max(to));
    }

    /// Whether a range reaches the lines that were seen so far.
    fn touches(&self, (start, end): (f64, f64)) -> bool {
        let slack = self.gap + self.off + 1.0;
        end >= self.start + self.first as f64 * self.pitch - slack && start <= self.start + self.last as f64 * self.pitch + slack
    }

    /// Draws the lines through the middle of the edges, by least squares.
    fn refit(&mut self) {
        let count = self.edges.len() as f64;
        let (k, x) = self.edges.iter().fold((0.0, 0.0), |(k, x), edge| (k + edge.0 as f64 / count, x + edge.1 / count));
        let (kk, kx) = self.edges.iter().fold((0.0, 0.0), |(kk, kx), edge| {
            let dk = edge.0 as f64 - k;
            (kk + dk * dk, kx + dk * (edge.1 - x))
        });
        if kk > 0.0 && kx > 0.0 {
            self.pitch = kx / kk;
            self.start = x - k * self.pitch;
        }
    }

    /// The lines, unless there are too many, or one at which nothing ends.
    fn lines(&self) -> Option<Lines> {
        let count = usize::try_from(self.last - self.first).ok().filter(|count| (2..=MOST).contains(count))?;
        let seen = |k: i64| self.edges.iter().any(|edge| edge.0 == k);
        (self.first..=self.last).all(seen).then_some(Lines { start: self.start + self.first as f64 * self.pitch, pitch: self.pitch, gap: self.gap, count })
    }
}

/// The grid around a cell, with the number of its patches.
fn grown(seed: &Flat, flats: &[Flat], gaps: [f64; 2], noisy: bool) -> Option<(usize, Grid)> {
    let (mut x, mut y) = (Fitted::of(across(seed), gaps[0], noisy), Fitted::of(down(seed), gaps[1], noisy));
    let mut free: Vec<&Flat> =
        flats.iter().filter(|flat| flat.width() as f64 >= WHOLE * seed.width() as f64 && flat.height() as f64 >= WHOLE * seed.height() as f64).collect();
    let mut members = 0;
    loop {
        let (mut added, mut rest) = (Vec::new(), Vec::new());
        for flat in free {
            let places = x.place(across(flat)).zip(y.place(down(flat)));
            match places.filter(|_| x.touches(across(flat)) && y.touches(down(flat))) {
                Some(places) => added.push((flat, places)),
                None => rest.push(flat),
            }
        }
        free = rest;
        if added.is_empty() {
            break;
        }
        members += added.len();
        for (flat, places) in added {
            x.add(across(flat), places.0);
            y.add(down(flat), places.1);
        }
        x.refit();
        y.refit();
    }
    Some((members, Grid { across: x.lines()?, down: y.lines()? }))
}
