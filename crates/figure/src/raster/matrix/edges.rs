//! Where the edges of cells are to a pixel: where most colours change. In a JPEG, flat patches end before their edges.

use mlgrade_picture::Picture;

use super::grid::{Grid, Lines};

/// How far the first and the last line may be moved, in pixels, and as a share of a cell's side.
const REACH: usize = 8;
const REACH_SHARE: f64 = 0.15;

/// Rows, or columns, that are looked at.
const SAMPLE: usize = 200;

/// The grid with its lines moved to where colours change most.
pub(super) fn sharpened(picture: &Picture, grid: &Grid) -> Grid {
    let at = |x: usize, y: usize| picture.rgb.get((y * picture.width + x) * 3..).and_then(|rgb| rgb.first_chunk::<3>()).copied().unwrap_or_default();
    let change = |a: [u8; 3], b: [u8; 3]| a.into_iter().zip(b).map(|(a, b)| f64::from(a.abs_diff(b))).sum::<f64>();
    let sample = |lines: &Lines, most: usize| {
        let (start, end) = (lines.start.max(0.0) as usize, (lines.end().max(0.0) as usize).min(most));
        (start..end).step_by((end.saturating_sub(start) / SAMPLE).max(1)).collect::<Vec<usize>>()
    };
    let (rows, columns) = (sample(&grid.down, picture.height), sample(&grid.across, picture.width));
    let down = (0..picture.height).map(|y| if y == 0 { 0.0 } else { columns.iter().map(|&x| change(at(x, y - 1), at(x, y))).sum() }).collect::<Vec<f64>>();
    let across = (0..picture.width).map(|x| if x == 0 { 0.0 } else { rows.iter().map(|&y| change(at(x - 1, y), at(x, y))).sum() }).collect::<Vec<f64>>();
    Grid { across: moved(&grid.across, &across), down: moved(&grid.down, &down) }
}

/// The lines, moved to where `change` is greatest: at place `k` it is that between pixels `k - 1` and `k`.
fn moved(lines: &Lines, change: &[f64]) -> Lines {
    let reach = REACH.min((REACH_SHARE * lines.pitch) as usize);
    let shifts = || (0..=4 * reach).map(|k| k as f64 / 2.0 - reach as f64);
    let score = |start: f64, end: f64| {
        let line = |k: usize| start + (end - start) * k as f64 / lines.count as f64;
        (0..=lines.count).map(|k| change.get(line(k).round().max(0.0) as usize).copied().unwrap_or(0.0)).sum::<f64>()
    };
    let ends = shifts().flat_map(|a| shifts().map(move |b| (lines.start + a, lines.end() + b)));
    let best = ends.map(|(start, end)| (score(start, end), start, end)).reduce(|best, other| if other.0 > best.0 { other } else { best });
    best.map_or(*lines, |(_, start, end)| Lines { start, pitch: (end - start) / lines.count as f64, gap: 0.0, count: lines.count })
}
