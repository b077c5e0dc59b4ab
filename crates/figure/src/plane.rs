//! One value per pixel.

/// One value per pixel, rows from the top: how much the picture differs from the paper there, 0 to 1.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Plane {
    /// Pixels from left to right.
    pub(super) width: usize,
    /// Pixels from top to bottom.
    pub(super) height: usize,
    /// `height` × `width` values, rows from the top.
    pub(super) values: Vec<f32>,
}

/// The pixel that a place lies in; the first for places before it.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is not negative, and the cast saturates")]
#[inline]
pub(super) fn pixel(place: f32) -> usize {
    place.max(0.0) as usize
}

/// The pixel that a place lies in, counted from another one.
#[expect(clippy::cast_possible_truncation, reason = "the cast saturates")]
#[inline]
pub(super) fn step(place: f32) -> isize {
    place.floor() as isize
}

impl Plane {
    /// Zero everywhere.
    pub(super) fn blank(width: usize, height: usize) -> Self {
        Self { width, height, values: vec![0.0; width * height] }
    }

    /// The value at column `x` and row `y`; zero outside.
    #[inline]
    pub(super) fn at(&self, x: usize, y: usize) -> f32 {
        if x < self.width { self.values.get(y * self.width + x).copied().unwrap_or(0.0) } else { 0.0 }
    }

    /// Row `y`.
    #[inline]
    pub(super) fn row(&self, y: usize) -> &[f32] {
        &self.values[y * self.width..][..self.width]
    }

    /// The largest value, at least zero.
    pub(super) fn peak(&self) -> f32 {
        self.values.iter().copied().fold(0.0, f32::max)
    }

    /// The sum of all squares.
    pub(super) fn energy(&self) -> f32 {
        energy(&self.values)
    }
}

/// The sum of all squares, several at a time.
pub(super) fn energy(values: &[f32]) -> f32 {
    let (chunks, rest) = values.as_chunks::<8>();
    let mut sums = [0.0_f32; 8];
    for chunk in chunks {
        for (sum, v) in sums.iter_mut().zip(chunk) {
            *sum += v * v;
        }
    }
    sums.iter().sum::<f32>() + rest.iter().map(|v| v * v).sum::<f32>()
}
