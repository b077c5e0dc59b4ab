//! Moving a claim by a pixel or two on to the ink: tick labels are read to about a pixel.

use crate::raster::ink::Ink;
use crate::raster::ink::trace::Sample;
use mlgrade_picture::geometry::Point;

/// A small move: `x + shift[0] + stretch[0] · (x / width − ½)`, and likewise down.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(in crate::raster) struct Move {
    pub(in crate::raster) shift: [f64; 2],
    pub(in crate::raster) stretch: [f64; 2],
}

/// The farthest that a claim may be moved anywhere on the panel, in pixels.
const FARTHEST: f64 = 1.8;

/// How strongly a move is held back, as a share of the number of samples: what the ink cannot tell stays as the labels say.
const HOLD: [f64; 4] = [0.01, 0.04, 0.01, 0.04];

impl Move {
    pub(in crate::raster) fn apply(&self, at: Point, size: Point) -> Point {
        [0, 1].map(|axis| at[axis] + self.shift[axis] + self.stretch[axis] * (at[axis] / size[axis] - 0.5))
    }

    /// The move that brings claims nearest to the middle of their ink, by least squares over what each sample sees across its line.
    /// `claims` are the samples of each series with its layer.
    pub(in crate::raster) fn onto(ink: &Ink, claims: &[(u8, Vec<Sample>)]) -> Self {
        let size = [ink.width as f64, ink.height as f64];
        let mut best = Self::default();
        for round in 0..3 {
            let mut seen: Vec<([f64; 4], f64)> = Vec::new();
            for (layer, samples) in claims {
                let thickest = (ink.layers[usize::from(*layer)].widest * 2.5 + 3.0) as isize;
                for sample in samples {
                    let at = best.apply(sample.at, size);
                    // Across a line that runs level one looks down, along one that is steep one looks aside.
                    let axis = usize::from(sample.normal[1].abs() >= sample.normal[0].abs());
                    if sample.normal[axis].abs() < 0.8 {
                        continue;
                    }
                    let Some(off) = ink.middle(*layer, at, axis, 4, thickest) else { continue };
                    let [nx, ny] = sample.normal;
                    let (u, v) = (sample.at[0] / size[0] - 0.5, sample.at[1] / size[1] - 0.5);
                    let moved = nx * (at[0] - sample.at[0]) + ny * (at[1] - sample.at[1]);
                    seen.push(([nx, nx * u, ny, ny * v], moved + off * sample.normal[axis]));
                }
            }
            if seen.len() < 8 {
                return best;
            }
            // Samples that lie far from the rest belong to markers, crossings, or a claim that does not hold.
            let residual = |(row, off): &([f64; 4], f64), m: &Self| {
                (row[0] * m.shift[0] + row[1] * m.stretch[0] + row[2] * m.shift[1] + row[3] * m.stretch[1] - off).abs()
            };
            let mut residuals: Vec<f64> = seen.iter().map(|one| residual(one, &best)).collect();
            let half = residuals.len() / 2;
            let median = *residuals.select_nth_unstable_by(half, f64::total_cmp).1;
            let limit = if round == 0 { 5.0 } else { (2.5 * median).max(0.7) };
            let kept: Vec<&([f64; 4], f64)> = seen.iter().filter(|one| round == 0 || residual(one, &best) <= limit).collect();
            best = least_squares(&kept).within(FARTHEST);
        }
        best
    }

    fn within(self, most: f64) -> Self {
        let axis = |i: usize| {
            let stretch = self.stretch[i].clamp(-most, most);
            let room = most - stretch.abs() / 2.0;
            (self.shift[i].clamp(-room, room), stretch)
        };
        let ((x, sx), (y, sy)) = (axis(0), axis(1));
        Self { shift: [x, y], stretch: [sx, sy] }
    }
}

/// The move with the least squares, each part held back a little (ridge regression).
fn least_squares(seen: &[&([f64; 4], f64)]) -> Move {
    let mut a = [[0.0; 5]; 4];
    for (row, off) in seen {
        for i in 0..4 {
            for j in 0..4 {
                a[i][j] += row[i] * row[j];
            }
            a[i][4] += row[i] * off;
        }
    }
    for (i, row) in a.iter_mut().enumerate() {
        row[i] += HOLD[i] * seen.len() as f64 + 1e-9;
    }
    // Gaussian elimination; the matrix is positive definite, so no pivot vanishes.
    for i in 0..4 {
        for k in i + 1..4 {
            let (factor, pivot) = (a[k][i] / a[i][i], a[i]);
            for (cell, above) in a[k].iter_mut().zip(pivot) {
                *cell -= factor * above;
            }
        }
    }
    let mut m = [0.0; 4];
    for i in (0..4).rev() {
        let known: f64 = (i + 1..4).map(|j| a[i][j] * m[j]).sum();
        m[i] = (a[i][4] - known) / a[i][i];
    }
    Move { shift: [m[0], m[2]], stretch: [m[1], m[3]] }
}
