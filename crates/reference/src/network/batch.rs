//! What flows through a network.

use mlgrade_data::Images;

/// Features × examples, feature by feature: the value of example `e` for feature `f` is at `f * examples + e`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Batch {
    pub(crate) values: Vec<f32>,
    pub(crate) examples: usize,
}

impl Batch {
    /// Nothing but zeros.
    pub(crate) fn zeros(features: usize, examples: usize) -> Self {
        Self { values: vec![0.0; features * examples], examples }
    }

    /// The batch whose examples are `rows`, each with all its features.
    pub(crate) fn of_rows<'r>(rows: impl ExactSizeIterator<Item = &'r [f32]>, features: usize) -> Self {
        let mut batch = Self::zeros(features, rows.len());
        for (e, row) in rows.enumerate() {
            for (f, &value) in row.iter().enumerate() {
                batch.values[f * batch.examples + e] = value;
            }
        }
        batch
    }

    /// The images `rows`, pixels from 0 to 1, each moved right and down by what `offset` says; what comes in is background.
    pub(crate) fn of_images(images: &Images, rows: &[usize], mut offset: impl FnMut() -> (isize, isize)) -> Self {
        let (height, width) = (images.height, images.width);
        let mut batch = Self::zeros(height * width, rows.len());
        for (e, &row) in rows.iter().enumerate() {
            let pixels = &images.pixels[row * height * width..(row + 1) * height * width];
            let (right, down) = offset();
            for (y, line) in pixels.chunks_exact(width).enumerate() {
                let Some(y) = y.checked_add_signed(down).filter(|&y| y < height) else { continue };
                for (x, &pixel) in line.iter().enumerate().filter(|(_, pixel)| **pixel > 0) {
                    if let Some(x) = x.checked_add_signed(right).filter(|&x| x < width) {
                        batch.values[(y * width + x) * batch.examples + e] = f32::from(pixel) / 255.0;
                    }
                }
            }
        }
        batch
    }

    /// The features of one example.
    pub(crate) fn example(&self, e: usize) -> impl Iterator<Item = f32> {
        self.values.iter().skip(e).step_by(self.examples.max(1)).copied()
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.values.iter_mut().zip(&other.values).for_each(|(value, other)| *value += other);
    }

    pub(super) fn scale(&mut self, factors: &[f32]) {
        self.values.iter_mut().zip(factors).for_each(|(value, factor)| *value *= factor);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_lie_side_by_side_and_move() {
        let images = Images { count: 2, height: 2, width: 2, pixels: vec![255, 0, 0, 51, 0, 255, 0, 0] };
        let still = Batch::of_images(&images, &[1, 0], || (0, 0));
        assert_eq!(still.values, [0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.2]);
        assert_eq!(still.example(1).collect::<Vec<_>>(), [1.0, 0.0, 0.0, 0.2]);
        assert_eq!(Batch::of_images(&images, &[0], || (1, 0)).values, [0.0, 1.0, 0.0, 0.0]);
        assert_eq!(Batch::of_images(&images, &[0], || (-1, -1)).values, [0.2, 0.0, 0.0, 0.0]);
    }
}
