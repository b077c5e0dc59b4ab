//! Colours of a JPEG that keeps them at half its resolution, brought back to the strokes that they belong to.
//!
//! Such a file has one colour for two or four pixels, but the lightness of each. A decoder spreads the colours evenly, so that a thin
//! stroke is greyer than it was drawn, and the paper beside it is tinted. What is drawn in one colour on even paper is as coloured as it
//! is darker or lighter than the paper: by that, the colour is shared out again.

/// How many pixels across and down have one colour in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sharing {
    across: usize,
    down: usize,
}

/// Less difference of lightness from the paper than this, of 255, tells nothing.
const FAINT: f32 = 6.0;
/// The most by which a pixel's own colour is multiplied: more is noise.
const MOST_GAIN: f32 = 4.0;
/// The coarsest step of the colours, of 255, that still tells one from another: that of quality 75, at which files are usually saved.
/// Where colours are kept more roughly, their errors would grow with them.
const ROUGHEST: u8 = 9;
/// A paper's colour fills at least one pixel in this many.
const PAPER_SHARE: usize = 25;
/// Pixels on a side of a tile, which has one paper.
const TILE: usize = 8;

impl Sharing {
    /// What the headers of a JPEG say; `None` where each pixel has a colour of its own, where colours are kept too roughly, or in an
    /// unusual arrangement.
    pub(crate) fn of(jpeg: &[u8]) -> Option<Self> {
        let mut rest = jpeg.get(2..)?;
        let mut steps = [u8::MAX; 4];
        loop {
            let [0xff, marker, tail @ ..] = rest else { return None };
            // Markers may be filled up with 0xff.
            if *marker == 0xff {
                rest = rest.get(1..)?;
                continue;
            }
            let length = usize::from(u16::from_be_bytes([*tail.first()?, *tail.get(1)?]));
            let segment = tail.get(2..length)?;
            if matches!(marker, 0xc0..=0xc2) {
                // Precision, height, width and the number of components; three bytes of each, of which the second is its sampling.
                let [_, _, _, _, _, 3, _, first, _, _, 0x11, table, _, 0x11, _] = segment else { return None };
                if *steps.get(usize::from(*table))? > ROUGHEST {
                    return None;
                }
                let sharing = Self { across: usize::from(first >> 4), down: usize::from(first & 15) };
                return matches!((sharing.across, sharing.down), (2, 1 | 2) | (1, 2)).then_some(sharing);
            }
            if *marker == 0xdb {
                // Tables of bytes: a number and 64 steps, the first of which is the mean's. Larger ones are rough.
                for table in segment.chunks_exact(65) {
                    *steps.get_mut(usize::from(table[0]))? = table[1];
                }
            }
            rest = tail.get(length..)?;
        }
    }

    /// Turns pixels of lightness and two differences of colour, as the file has them, into red, green and blue, and shares the colours out.
    pub(crate) fn undo(self, pixels: &mut [u8], width: usize, height: usize) {
        let lightness: Vec<f32> = pixels.chunks_exact(3).map(|pixel| f32::from(pixel[0])).collect();
        let colours: Vec<[f32; 2]> = pixels.chunks_exact(3).map(|pixel| [f32::from(pixel[1]) - 128.0, f32::from(pixel[2]) - 128.0]).collect();
        if width == 0 || height == 0 || lightness.len() != width * height {
            return;
        }
        let papers = Papers::of(pixels, width, height);
        let depth: Vec<f32> = (0..width * height).map(|i| (lightness[i] - papers.at(i % width, i / width)[0]).abs()).collect();
        let spread = self.spread(&depth, width, height);
        let around = |from: usize, size: usize| from.saturating_sub(1)..(from + 2).min(size);
        for (i, pixel) in pixels.chunks_exact_mut(3).enumerate() {
            if spread[i] < FAINT {
                pixel.copy_from_slice(&joined(lightness[i], colours[i]));
                continue;
            }
            let (x, y) = (i % width, i / width);
            let [_, paper @ ..] = papers.at(x, y);
            let (mut tint, mut weight, mut count) = ([0.0_f32; 2], 0.0_f32, 0.0_f32);
            for row in around(y, height) {
                for j in around(x, width).map(|x| row * width + x) {
                    weight += spread[j];
                    count += 1.0;
                    (0..2).for_each(|c| tint[c] += colours[j][c] - paper[c]);
                }
            }
            let share = (depth[i] / weight).min(MOST_GAIN / count);
            pixel.copy_from_slice(&joined(lightness[i], [0, 1].map(|c| paper[c] + tint[c] * share)));
        }
    }

    /// Values at the resolution of the colours, spread over the pixels again as decoders do: three quarters of the nearest, and one of
    /// the next.
    fn spread(self, values: &[f32], width: usize, height: usize) -> Vec<f32> {
        let across = if self.across == 2 { across(values, width) } else { values.to_vec() };
        if self.down == 2 { down(&across, width, height) } else { across }
    }
}

/// The pair that a place of `size` belongs to and the next pair on its side, by the places of each.
fn pairs(at: usize, size: usize) -> [[usize; 2]; 2] {
    let (own, last) = (at / 2, (size - 1) / 2);
    let next = if at.is_multiple_of(2) { own.saturating_sub(1) } else { (own + 1).min(last) };
    [own, next].map(|pair| [2 * pair, (2 * pair + 1).min(size - 1)])
}

/// The means of pairs in each row, spread over the row.
fn across(values: &[f32], width: usize) -> Vec<f32> {
    let spread = |row: &[f32], x: usize| {
        let [own, next] = pairs(x, width);
        0.375 * (row[own[0]] + row[own[1]]) + 0.125 * (row[next[0]] + row[next[1]])
    };
    values.chunks_exact(width).flat_map(|row| (0..width).map(move |x| spread(row, x))).collect()
}

/// The means of pairs in each column, spread over the column.
fn down(values: &[f32], width: usize, height: usize) -> Vec<f32> {
    let row = |y: usize| &values[y * width..(y + 1) * width];
    let mut spread = Vec::with_capacity(values.len());
    for y in 0..height {
        let [[a, b], [c, d]] = pairs(y, height).map(|pair| pair.map(row));
        spread.extend((0..width).map(|x| 0.375 * (a[x] + b[x]) + 0.125 * (c[x] + d[x])));
    }
    spread
}

/// The papers of a picture, tile by tile.
struct Papers {
    /// As lightness and two differences of colour.
    found: Vec<[f32; 3]>,
    tiles: Vec<usize>,
    across: usize,
}

impl Papers {
    fn of(pixels: &[u8], width: usize, height: usize) -> Self {
        let bin = |pixel: &[u8]| pixel.iter().fold(0, |key, &level| key << 5 | usize::from(level >> 3));
        let mut bins = vec![([0_u64; 3], 0_u64); 1 << 15];
        for pixel in pixels.chunks_exact(3) {
            let (sum, count) = &mut bins[bin(pixel)];
            sum.iter_mut().zip(pixel).for_each(|(sum, &level)| *sum += u64::from(level));
            *count += 1;
        }
        let mut order: Vec<usize> = (0..bins.len()).filter(|i| bins[*i].1 > (pixels.len() / 3 / PAPER_SHARE) as u64).collect();
        order.sort_by_key(|i| std::cmp::Reverse(bins[*i].1));
        let colour = |i: &usize| [0, 1, 2].map(|c| bins[*i].0[c] as f32 / bins[*i].1 as f32 - [0.0, 128.0, 128.0][c]);
        let found: Vec<[f32; 3]> = if order.is_empty() { vec![[255.0, 0.0, 0.0]] } else { order.iter().map(colour).collect() };
        let across = width.div_ceil(TILE);
        let mut counts = vec![0_u32; across * height.div_ceil(TILE) * found.len()];
        if found.len() > 1 {
            let mut place = vec![None; bins.len()];
            order.iter().enumerate().for_each(|(k, i)| place[*i] = Some(k));
            for (i, pixel) in pixels.chunks_exact(3).enumerate() {
                if let Some(k) = place[bin(pixel)] {
                    counts[(i / width / TILE * across + i % width / TILE) * found.len() + k] += 1;
                }
            }
        }
        // Of equal counts the first, which is the most frequent on the whole picture.
        let usual = |counts: &[u32]| (0..counts.len()).rev().max_by_key(|k| counts[*k]).unwrap_or(0);
        let tiles = counts.chunks_exact(found.len()).map(usual).collect();
        Self { found, tiles, across }
    }

    fn at(&self, x: usize, y: usize) -> [f32; 3] {
        self.found[self.tiles[y / TILE * self.across + x / TILE]]
    }
}

/// Red, green and blue of a lightness and the differences of blue and red from it (JFIF).
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to a byte first")]
fn joined(y: f32, [blue, red]: [f32; 2]) -> [u8; 3] {
    [y + 1.402 * red, y - 0.344_136 * blue - 0.714_136 * red, y + 1.772 * blue].map(|v| v.round().clamp(0.0, 255.0) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLUE: [u8; 3] = [31, 119, 180];

    /// Lightness and the differences of blue and red from it (JFIF), as a file has them.
    fn split(rgb: [u8; 3]) -> [f32; 3] {
        let [r, g, b] = rgb.map(f32::from);
        let y = 0.299 * r + 0.587 * g + 0.114 * b;
        [y, 128.0 + (b - y) / 1.772, 128.0 + (r - y) / 1.402]
    }

    #[test]
    fn a_thin_stroke_has_the_colour_that_it_was_drawn_in_and_the_paper_beside_it_none() {
        // White, 16 by 16 pixels, with one blue row whose colour is spread as a decoder spreads it.
        let sharing = Sharing { across: 2, down: 2 };
        let drawn: Vec<[f32; 3]> = (0..256).map(|i| split(if i / 16 == 6 { BLUE } else { [255; 3] })).collect();
        let channel = |c: usize| sharing.spread(&drawn.iter().map(|pixel| pixel[c]).collect::<Vec<_>>(), 16, 16);
        let (blue, red) = (channel(1), channel(2));
        let byte = |v: f32| (0..=255_u8).find(|byte| f32::from(*byte) >= v - 0.5).unwrap();
        let mut pixels: Vec<u8> = (0..256).flat_map(|i| [byte(drawn[i][0]), byte(blue[i]), byte(red[i])]).collect();
        let far = |pixels: &[u8], row: usize, from: [u8; 3]| (0..3).map(|c| pixels[(row * 16 + 8) * 3 + c].abs_diff(from[c])).max();
        // Three eighths of its colour stay on the row.
        assert_eq!(byte((blue[6 * 16 + 8] - 128.0) / (drawn[6 * 16][1] - 128.0) * 200.0), 75);
        sharing.undo(&mut pixels, 16, 16);
        assert!(far(&pixels, 6, BLUE) <= Some(6), "{:?}", &pixels[(6 * 16 + 8) * 3..][..3]);
        assert!(far(&pixels, 5, [255; 3]) <= Some(2) && far(&pixels, 7, [255; 3]) <= Some(2));
    }

    #[test]
    fn the_headers_say_how_many_pixels_share_a_colour() {
        // ITU T.81, B.2.2 and B.2.4.1: a table of steps, and a baseline frame of 8 bits, 1 × 1 pixels and three components.
        let header = |first: u8, step: u8| {
            let table = [&[0xff, 0xdb, 0, 67, 1][..], &[step; 64]].concat();
            [&[0xff, 0xd8][..], &table, &[0xff, 0xc0, 0, 17, 8, 0, 1, 0, 1, 3, 1, first, 0, 2, 0x11, 1, 3, 0x11, 1]].concat()
        };
        assert_eq!(Sharing::of(&header(0x22, 9)), Some(Sharing { across: 2, down: 2 }));
        assert_eq!(Sharing::of(&header(0x21, 1)), Some(Sharing { across: 2, down: 1 }));
        assert_eq!(Sharing::of(&header(0x11, 1)), None);
        assert_eq!(Sharing::of(&header(0x22, 10)), None);
        let whole = header(0x22, 9);
        assert!((0..whole.len()).all(|cut| Sharing::of(&whole[..cut]).is_none()));
    }
}
