//! Flat patches: pixels of one colour that hang together.

use mlgrade_domain::linked::components;
use mlgrade_picture::Picture;

use crate::text::difference;

/// How much the colours of one patch differ at most, of 255: JPEG noise stays below.
pub(in crate::raster) const ALIKE: u8 = 18;

/// The least patch, in pixels.
const LEAST: usize = 8;

/// Patches that are kept, the largest: photographs and noise have more.
const MOST: usize = 3000;

/// A patch of one colour.
#[derive(Debug, Clone)]
pub(in crate::raster) struct Flat {
    pub(super) colour: [u8; 3],
    /// Its pixels: row, first column, and the first column after it.
    pub(super) runs: Vec<[usize; 3]>,
    pub(super) area: usize,
}

/// A run of pixels of one colour in a row.
#[derive(Debug, Clone, Copy)]
struct Run {
    at: [usize; 3],
    colour: [u8; 3],
}

/// The flat patches of a picture that `keep` wants, by their colour.
pub(super) fn flats(picture: &Picture, keep: impl Fn([u8; 3]) -> bool) -> Vec<Flat> {
    let stride = picture.width * 3;
    if stride == 0 {
        return Vec::new();
    }
    let mut runs: Vec<Run> = Vec::new();
    let mut links: Vec<(usize, usize)> = Vec::new();
    let mut above = 0..0;
    for (y, row) in picture.rgb.chunks_exact(stride).enumerate() {
        let first = runs.len();
        row_runs(row, y, &keep, &mut runs);
        let here = first..runs.len();
        let mut next = above.start;
        for i in here.clone() {
            let [_, from, to] = runs[i].at;
            while next < above.end && runs[next].at[2] <= from {
                next += 1;
            }
            for j in (next..above.end).take_while(|&j| runs[j].at[1] < to) {
                if difference(runs[i].colour, runs[j].colour) <= ALIKE {
                    links.push((j, i));
                }
            }
        }
        above = here;
    }
    let mut flats: Vec<Flat> = components(runs.len(), links).into_iter().filter_map(|patch| flat(&patch, &runs)).collect();
    flats.sort_by_key(|flat| (std::cmp::Reverse(flat.area), flat.runs[0]));
    flats.truncate(MOST);
    flats
}

/// The runs of one row, at least two pixels long.
fn row_runs(row: &[u8], y: usize, keep: &impl Fn([u8; 3]) -> bool, runs: &mut Vec<Run>) {
    let pixels: &[[u8; 3]] = row.as_chunks().0;
    let mut x = 0;
    while x < pixels.len() {
        // The first pixel may be an edge's.
        let colour = pixels[(x + 1).min(pixels.len() - 1)];
        if difference(pixels[x], colour) > ALIKE {
            x += 1;
            continue;
        }
        let end = (x..pixels.len()).find(|&x| difference(pixels[x], colour) > ALIKE).unwrap_or(pixels.len());
        if end - x >= 2 && keep(colour) {
            runs.push(Run { at: [y, x, end], colour });
        }
        x = end.max(x + 1);
    }
}

fn flat(patch: &[usize], runs: &[Run]) -> Option<Flat> {
    let area: usize = patch.iter().map(|&i| runs[i].at[2] - runs[i].at[1]).sum();
    if area < LEAST {
        return None;
    }
    let mean = |channel: usize| {
        let sum: usize = patch.iter().map(|&i| (runs[i].at[2] - runs[i].at[1]) * usize::from(runs[i].colour[channel])).sum();
        u8::try_from((sum + area / 2) / area).unwrap_or(u8::MAX)
    };
    let mut own: Vec<[usize; 3]> = patch.iter().map(|&i| runs[i].at).collect();
    own.sort_unstable();
    Some(Flat { colour: [mean(0), mean(1), mean(2)], runs: own, area })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_is_what_hangs_together_in_one_colour() {
        let mut picture = Picture { width: 20, height: 10, rgb: vec![255; 600] };
        let mut fill = |columns: std::ops::Range<usize>, rows: std::ops::Range<usize>, colour: [u8; 3]| {
            for y in rows {
                for x in columns.clone() {
                    picture.rgb[(y * 20 + x) * 3..][..3].copy_from_slice(&colour);
                }
            }
        };
        fill(2..6, 2..8, [30, 100, 200]);
        fill(6..10, 4..8, [32, 108, 195]);
        fill(10..14, 4..8, [200, 100, 30]);
        fill(16..17, 0..10, [0; 3]);
        let found: Vec<usize> = flats(&picture, |colour| colour != [255; 3]).iter().map(|flat| flat.area).collect();
        assert_eq!(found, [24 + 16, 16], "two blues are one patch, and a line of one pixel is none");
    }
}
