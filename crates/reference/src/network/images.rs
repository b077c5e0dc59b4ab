//! What goes into a network: tensors of features × examples, the examples of a feature side by side.

use candle_core::{Device, Result, Tensor};

use mlgrade_data::Images;

/// The tensor whose examples are `rows`, each with all its features.
pub(crate) fn of_rows<'r>(rows: impl ExactSizeIterator<Item = &'r [f32]>, features: usize) -> Result<Tensor> {
    let examples = rows.len();
    let mut values = vec![0.0; features * examples];
    for (e, row) in rows.enumerate() {
        for (f, &value) in row.iter().enumerate() {
            values[f * examples + e] = value;
        }
    }
    Tensor::from_vec(values, (features, examples), &Device::Cpu)
}

/// How an image is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Shown {
    /// How many pixels it is moved to the right.
    pub(crate) right: isize,
    /// How many pixels it is moved down.
    pub(crate) down: isize,
    /// Whether left and right change places, before it is moved.
    pub(crate) mirrored: bool,
}

/// The images `rows`, plane by plane, pixels from 0 to 1, each as `shown` says; what comes in is background.
pub(crate) fn of_images(images: &Images, rows: &[usize], mut shown: impl FnMut() -> Shown) -> Result<Tensor> {
    let Images { height, width, channels, .. } = *images;
    let (examples, size) = (rows.len(), images.size());
    let mut values = vec![0.0; size * examples];
    for (e, &row) in rows.iter().enumerate() {
        let bytes = &images.pixels[row * size..(row + 1) * size];
        let Shown { right, down, mirrored } = shown();
        for (y, line) in bytes.chunks_exact(width * channels).enumerate() {
            let Some(y) = y.checked_add_signed(down).filter(|&y| y < height) else { continue };
            for (at, &byte) in line.iter().enumerate().filter(|(_, byte)| **byte > 0) {
                let (x, channel) = (at / channels, at % channels);
                let x = if mirrored { width - 1 - x } else { x };
                if let Some(x) = x.checked_add_signed(right).filter(|&x| x < width) {
                    values[((channel * height + y) * width + x) * examples + e] = f32::from(byte) / 255.0;
                }
            }
        }
    }
    Tensor::from_vec(values, (size, examples), &Device::Cpu)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_lie_side_by_side_and_move() {
        let images = Images { count: 2, height: 2, width: 2, channels: 1, pixels: vec![255, 0, 0, 51, 0, 255, 0, 0] };
        let values =
            |rows: &[usize], right, down, mirrored| of_images(&images, rows, || Shown { right, down, mirrored }).unwrap().to_vec2::<f32>().unwrap().concat();
        assert_eq!(values(&[1, 0], 0, 0, false), [0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.2]);
        assert_eq!(values(&[0], 1, 0, false), [0.0, 1.0, 0.0, 0.0]);
        assert_eq!(values(&[0], -1, -1, false), [0.2, 0.0, 0.0, 0.0]);
        assert_eq!(values(&[0], 0, 0, true), [0.0, 1.0, 0.2, 0.0]);
        assert_eq!(values(&[0], 0, 1, true), [0.0, 0.0, 0.0, 1.0]);
    }

    /// By hand: red of both pixels, then green, then blue.
    #[test]
    fn colours_become_planes() {
        let images = Images { count: 1, height: 1, width: 2, channels: 3, pixels: vec![255, 51, 0, 0, 102, 255] };
        let values = of_images(&images, &[0], Shown::default).unwrap().to_vec2::<f32>().unwrap().concat();
        assert_eq!(values, [1.0, 0.0, 0.2, 0.4, 0.0, 1.0]);
    }
}
