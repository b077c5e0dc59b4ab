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

/// The images `rows`, pixels from 0 to 1, each moved right and down by what `offset` says; what comes in is background.
pub(crate) fn of_images(images: &Images, rows: &[usize], mut offset: impl FnMut() -> (isize, isize)) -> Result<Tensor> {
    let (height, width, examples) = (images.height, images.width, rows.len());
    let mut values = vec![0.0; height * width * examples];
    for (e, &row) in rows.iter().enumerate() {
        let pixels = &images.pixels[row * height * width..(row + 1) * height * width];
        let (right, down) = offset();
        for (y, line) in pixels.chunks_exact(width).enumerate() {
            let Some(y) = y.checked_add_signed(down).filter(|&y| y < height) else { continue };
            for (x, &pixel) in line.iter().enumerate().filter(|(_, pixel)| **pixel > 0) {
                if let Some(x) = x.checked_add_signed(right).filter(|&x| x < width) {
                    values[(y * width + x) * examples + e] = f32::from(pixel) / 255.0;
                }
            }
        }
    }
    Tensor::from_vec(values, (height * width, examples), &Device::Cpu)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_lie_side_by_side_and_move() {
        let images = Images { count: 2, height: 2, width: 2, channels: 1, pixels: vec![255, 0, 0, 51, 0, 255, 0, 0] };
        let values = |rows: &[usize], offset| of_images(&images, rows, || offset).unwrap().to_vec2::<f32>().unwrap().concat();
        assert_eq!(values(&[1, 0], (0, 0)), [0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.2]);
        assert_eq!(values(&[0], (1, 0)), [0.0, 1.0, 0.0, 0.0]);
        assert_eq!(values(&[0], (-1, -1)), [0.2, 0.0, 0.0, 0.0]);
    }
}
