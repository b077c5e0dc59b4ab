//! Colours that differ little in direction, such as pastels on black, told apart by their even areas.

use crate::raster::ink::{dot, unit};

/// Even ink by its colour, 8 levels a bin: pixels that are like their neighbour belong to no edge.
pub(in crate::raster) struct Palette {
    bins: Vec<([u32; 3], u32)>,
    paper: [f32; 3],
}

/// Pixels this much alike, in each channel, are of one even area.
const EVEN: u8 = 1;
/// Colours nearer than this (the cosine of their directions) stay one: 6.5 degrees.
const APART: f32 = 0.9936;
/// The least share of the even ink of a direction that another colour of it has, and the least pixels.
const LEAST_SHARE: f32 = 0.16;
const LEAST_PIXELS: u32 = 30;
/// Weaker colours are halos, bands and the noise of JPEG.
const LEAST_STRENGTH: f32 = 60.0;

impl Palette {
    pub(in crate::raster) fn new(paper: [f32; 3]) -> Self {
        Self { bins: vec![([0; 3], 0); 1 << 15], paper }
    }

    /// Counts a pixel of ink if it is like the one beside it.
    pub(in crate::raster) fn add(&mut self, pixel: &[u8], beside: &[u8]) {
        if pixel.iter().zip(beside).all(|(a, b)| a.abs_diff(*b) <= EVEN) {
            let key = pixel.iter().fold(0, |key, &level| key << 5 | usize::from(level >> 3));
            let (sum, count) = &mut self.bins[key];
            sum.iter_mut().zip(pixel).for_each(|(sum, &level)| *sum += u32::from(level));
            *count += 1;
        }
    }

    /// Replaces each direction by those of the distinct even colours within `like` of it, where there are several.
    pub(in crate::raster) fn split(&self, directions: &[[f32; 3]], like: f32, most: usize) -> Vec<[f32; 3]> {
        let colours: Vec<([f32; 3], f32, u32)> = self.bins.iter().filter(|(_, count)| *count > 0).filter_map(|bin| self.colour(bin)).collect();
        let mut found = Vec::new();
        for (i, &direction) in directions.iter().enumerate() {
            let own = |mark: [f32; 3]| dot(mark, direction) > like && directions.iter().all(|other| dot(mark, *other) <= dot(mark, direction));
            let mut left: Vec<([f32; 3], f32, u32)> = colours.iter().filter(|(mark, ..)| own(*mark)).copied().collect();
            // Full colours only: what shines through something else is weaker.
            let strongest = left.iter().filter(|(.., count)| *count >= LEAST_PIXELS).map(|(_, strength, _)| *strength).fold(0.0, f32::max);
            left.retain(|(_, strength, _)| *strength >= 0.3 * strongest);
            let total: u32 = left.iter().map(|(.., count)| count).sum();
            let mut modes: Vec<[f32; 3]> = Vec::new();
            while let Some(&(centre, ..)) = left.iter().max_by_key(|(.., count)| *count) {
                let near = |mark: [f32; 3]| dot(mark, centre) > APART;
                let (sum, count) = left
                    .iter()
                    .filter(|(mark, ..)| near(*mark))
                    .fold(([0.0; 3], 0), |(sum, all), (mark, _, count)| ([0, 1, 2].map(|c| sum[c] + mark[c] * *count as f32), all + count));
                if count < LEAST_PIXELS || (count as f32) < LEAST_SHARE * total as f32 {
                    break;
                }
                modes.push(unit(sum));
                left.retain(|(mark, ..)| !near(*mark));
            }
            let room = most.saturating_sub(found.len() + directions.len() - i - 1);
            if modes.len() < 2 || modes.len() > room {
                found.push(direction);
            } else {
                found.extend(modes);
            }
        }
        found
    }

    /// The direction from the paper to a bin's mean colour, how far it is, and its pixels.
    fn colour(&self, (sum, count): &([u32; 3], u32)) -> Option<([f32; 3], f32, u32)> {
        let d = [0, 1, 2].map(|c| sum[c] as f32 / *count as f32 - self.paper[c]);
        let strength = dot(d, d).sqrt();
        (strength > LEAST_STRENGTH).then(|| (unit(d), strength, *count))
    }
}
