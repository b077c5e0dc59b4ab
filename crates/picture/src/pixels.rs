//! Colour pictures: a data set to be reconstructed, or a figure as the pixels one sees.

use super::figure::{Content, Figure};

/// A colour picture, eight bits a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Pixels from left to right.
    pub width: usize,
    /// Pixels from top to bottom.
    pub height: usize,
    /// `height` × `width` × 3 bytes: rows from the top, pixels from the left, red, green, blue.
    pub rgb: Vec<u8>,
}

impl Picture {
    /// The pixels of `figure`, grey as equal colours and transparency on white; `None` for a drawing.
    pub fn of_figure(figure: &Figure) -> Option<Self> {
        let Content::Raster { channels, bytes } = &figure.content else { return None };
        let rgb = bytes.chunks_exact(*channels).flat_map(on_white).collect();
        Some(Self { width: figure.width as usize, height: figure.height as usize, rgb })
    }

    /// The `width` × `height` pixels from `left` and `top`; `None` where the picture does not reach.
    pub fn cropped(&self, left: usize, top: usize, width: usize, height: usize) -> Option<Self> {
        if left + width > self.width || top + height > self.height {
            return None;
        }
        let row = |y: usize| &self.rgb[(y * self.width + left) * 3..][..width * 3];
        Some(Self { width, height, rgb: (top..top + height).flat_map(row).copied().collect() })
    }

    /// The picture made `factor` times smaller: the mean of each block of `factor` × `factor` pixels, rounded half up. `None`
    /// unless the blocks fill it.
    pub fn shrunk(&self, factor: usize) -> Option<Self> {
        if factor == 0 || !self.width.is_multiple_of(factor) || !self.height.is_multiple_of(factor) {
            return None;
        }
        let (width, height, area) = (self.width / factor, self.height / factor, factor * factor);
        let mean = |i: usize| {
            let (x, y, channel) = (i / 3 % width, i / 3 / width, i % 3);
            let place = |k: usize| ((y * factor + k / factor) * self.width + x * factor + k % factor) * 3 + channel;
            let sum: usize = (0..area).map(|k| usize::from(self.rgb[place(k)])).sum();
            u8::try_from((2 * sum + area) / (2 * area)).unwrap_or(u8::MAX)
        };
        Some(Self { width, height, rgb: (0..width * height * 3).map(mean).collect() })
    }

    /// The picture as a PNG file.
    pub fn png(&self) -> Result<Vec<u8>, png::EncodingError> {
        let side = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, side(self.width), side(self.height));
        encoder.set_color(png::ColorType::Rgb);
        encoder.write_header()?.write_image_data(&self.rgb)?;
        Ok(bytes)
    }
}

/// The colour of a pixel of 1 to 4 channels on white paper.
#[inline]
pub fn on_white(pixel: &[u8]) -> [u8; 3] {
    let blend = |value: u8, alpha: u8| {
        let (value, alpha) = (u16::from(value), u16::from(alpha));
        u8::try_from((value * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
    };
    match *pixel {
        [grey] => [grey; 3],
        [grey, alpha] => [blend(grey, alpha); 3],
        [r, g, b] => [r, g, b],
        [r, g, b, alpha, ..] => [blend(r, alpha), blend(g, alpha), blend(b, alpha)],
        [] => [255; 3],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure;

    /// 4×2 pixels whose channels count up from 0.
    fn counting() -> Picture {
        Picture { width: 4, height: 2, rgb: (0..24).collect() }
    }

    #[test]
    fn blocks_are_averaged_and_halves_go_up() {
        // By hand: red 0, 3, 12, 15 have the mean 7.5; red 6, 9, 18, 21 have 13.5.
        let small = counting().shrunk(2);
        assert_eq!(small, Some(Picture { width: 2, height: 1, rgb: vec![8, 9, 10, 14, 15, 16] }));
        assert_eq!((counting().shrunk(3), counting().shrunk(0)), (None, None));
    }

    #[test]
    fn a_part_is_cut_out() {
        assert_eq!(counting().cropped(1, 1, 2, 1).map(|part| part.rgb), Some((15..21).collect()));
        assert_eq!(counting().cropped(3, 0, 2, 1), None);
    }

    #[test]
    fn a_png_holds_the_same_pixels() {
        let png = counting().png().unwrap();
        assert_eq!(Picture::of_figure(&figure::decode("x.png", &png).unwrap()), Some(counting()));
    }

    #[test]
    fn grey_and_transparent_pixels_become_colours() {
        assert_eq!((on_white(&[7]), on_white(&[7, 255]), on_white(&[7, 0])), ([7; 3], [7; 3], [255; 3]));
        assert_eq!((on_white(&[1, 2, 3, 255]), on_white(&[1, 2, 3, 0])), ([1, 2, 3], [255; 3]));
    }
}
