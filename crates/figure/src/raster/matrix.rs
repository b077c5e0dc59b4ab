//! Matrices: the grid of their cells, the numbers printed in them, and what both say of a claim.

mod cells;
mod colours;
mod edges;
mod flat;
mod forms;
mod grid;
mod judge;
mod lines;
mod printed;
mod spelling;

use mlgrade_picture::Picture;

use crate::matrix::Claim;
use crate::reading::{Frame, PointReading, Reading, SeriesReading, Verdict};
use crate::reason::matrix::{Against, Open};
use crate::reason::{Contradiction, Doubt, Outcome};

use cells::Cells;
use grid::Grid;
use judge::Judged;

/// Matrices of a picture that are read at most.
const MATRICES: usize = 16;

/// A matrix that was found.
#[derive(Debug)]
pub(super) struct Matrix {
    grid: Grid,
    cells: Cells,
}

/// The matrices of a picture.
pub(super) fn find(picture: &Picture) -> Vec<Matrix> {
    let fits = |grid: &Grid| cells::are_flat(picture, grid);
    let mut found = grid::grids(&flat::flats(picture, flat::CLEAN), false, fits);
    let noisy = grid::grids(&flat::flats(picture, flat::NOISY), true, fits);
    // Cells with a gap between them have two edges for each line.
    let sharpened = noisy.into_iter().map(|(members, grid)| (members, if grid.has_gaps() { grid } else { edges::sharpened(picture, &grid) }));
    found.extend(sharpened);
    let mut grids = grid::chosen(found.into_iter().map(|(members, grid)| (members, cells::halved(picture, grid))).collect());
    grids.truncate(MATRICES);
    grids.into_iter().map(|grid| Matrix { cells: cells::read(picture, &grid), grid }).collect()
}

/// Holds a claim against one of the matrices, or against that which shows it best.
pub(super) fn read(matrices: &[Matrix], claim: &Claim, panel: Option<usize>) -> Reading {
    let count = matrices.len();
    let open = |open: Open| Reading::unread(Doubt::Matrix(open), count);
    if count == 0 {
        return open(Open::None);
    }
    let chosen: Vec<usize> = match panel {
        Some(panel) if panel == 0 || panel > count => return Reading::unread(Doubt::NoPanel { asked: panel, found: count }, count),
        Some(panel) => vec![panel - 1],
        None => (0..count).collect(),
    };
    let judged = chosen.iter().filter_map(|&i| Some((i, judged(&matrices[i], claim)?)));
    let judged: Vec<(usize, Judged)> = judged.collect();
    let Some((best, _)) = judged.iter().enumerate().reduce(|best, other| if other.1.1.fit > best.1.1.fit { other } else { best }) else {
        let drawn = |i: &usize| [matrices[*i].grid.down.count, matrices[*i].grid.across.count];
        return open(chosen.first().map_or(Open::None, |i| Open::Size { claimed: claim.size(), drawn: drawn(i) }));
    };
    // Of two matrices of one size, the one that cannot be read may be meant.
    let unread = judged.iter().any(|(_, one)| matches!(one.outcome, Outcome::CannotTell(_)));
    let Some((i, found)) = judged.into_iter().nth(best) else { return open(Open::None) };
    let outcome = match found.outcome {
        Outcome::Contradicts(Contradiction::Matrix(Against::Cell(cell))) if unread => Outcome::CannotTell(Doubt::Matrix(Open::OtherMatrix(cell))),
        outcome => outcome,
    };
    let Matrix { grid, cells } = &matrices[i];
    let points = cells.all.iter().zip(found.holds).map(|(cell, holds)| {
        let Frame { left, top, right, bottom } = cell.area;
        PointReading { x: (left + right) as f64 / 2.0, y: (top + bottom) as f64 / 2.0, holds }
    });
    let mut series = SeriesReading { name: "matrix".to_owned(), colour: None, verdict: Verdict::CannotTell, worst: None, points: points.collect() };
    let place = |place: f64| place.round().max(0.0) as usize;
    let frame = Frame { left: place(grid.across.start), top: place(grid.down.start), right: place(grid.across.end()), bottom: place(grid.down.end()) };
    let reading = Reading { panel: Some(i + 1), panels: count, frame: Some(frame), ..Reading::of(outcome, Vec::new()) };
    series.verdict = reading.verdict();
    Reading { series: vec![series], ..reading }
}

/// A claim held against one matrix; `None` if it is of another size.
fn judged(Matrix { grid, cells }: &Matrix, claim: &Claim) -> Option<Judged> {
    let [rows, columns] = claim.size();
    let drawn = [grid.down.count, grid.across.count];
    if drawn == [rows, columns] {
        return Some(judge::judge(cells, claim.rows(), &judge::masked(cells, claim.rows())));
    }
    // Of a symmetric matrix without its diagonal and one half, a row and a column have no cell at all.
    if rows == columns && drawn == [rows - 1, rows - 1] && is_symmetric(claim.rows()) {
        let below = triangle(claim, cells, 1, 0);
        return below.or_else(|| triangle(claim, cells, 0, 1));
    }
    None
}

/// The claim from a row and a column on held against one half of it, if that is what is drawn.
fn triangle(claim: &Claim, cells: &Cells, row: usize, column: usize) -> Option<Judged> {
    let count = cells.columns;
    let rows: Vec<Vec<f64>> = claim.rows().iter().skip(row).take(count).map(|cells| cells.iter().skip(column).take(count).copied().collect()).collect();
    let masked: Vec<bool> = (0..count * count).map(|i| if row > column { i % count > i / count } else { i % count < i / count }).collect();
    let as_masked = cells.all.iter().zip(&masked).all(|(cell, masked)| cell.inked != *masked);
    as_masked.then(|| judge::judge(cells, &rows, &masked))
}

/// Whether a matrix is one of correlations: symmetric, with ones on its diagonal.
fn is_symmetric(rows: &[Vec<f64>]) -> bool {
    let value = |i: usize, j: usize| rows.get(i).and_then(|row| row.get(j)).copied().unwrap_or(f64::NAN);
    (0..rows.len()).all(|i| (value(i, i) - 1.0).abs() < 1e-6 && (0..i).all(|j| (value(i, j) - value(j, i)).abs() < 1e-6))
}
