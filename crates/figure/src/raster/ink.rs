//! Ink: the pixels of a panel that belong to its curves, by colour.
//!
//! A colour is recognised by the direction from the background to it, since thinning edges and transparency change only the distance.

pub(super) mod occlusion;
mod palette;
pub(super) mod trace;

use crate::reading::Frame;
use mlgrade_picture::Picture;

use crate::raster::ink::palette::Palette;

/// The pixels of a panel by what is drawn there.
#[derive(Debug, Clone)]
pub(super) struct Ink {
    pub(super) width: usize,
    pub(super) height: usize,
    /// What is drawn at each pixel, in rows from the top.
    pub(super) cells: Vec<Cell>,
    /// Where a layer's colour is too weak to be its ink: soft edges, bands of error, and curves too pale to be distinguished from these.
    pale: Vec<bool>,
    pub(super) layers: Vec<Layer>,
    pub(super) paper: [f32; 3],
}

/// What is drawn at a pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cell {
    /// Nothing.
    Paper,
    /// A frame's edge or a grid.
    Lines,
    /// Something of no layer's colour: crossings, text, rare colours.
    Other,
    /// Ink of the layer with this number.
    Ink(u8),
}

/// Pixels of one colour.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Layer {
    pub(super) colour: [u8; 3],
    pub(super) pixels: usize,
    /// The width of its strokes in pixels: the median of how far ink reaches across or down, whichever is less.
    pub(super) stroke: f64,
    /// The same of the widest tenth: markers.
    pub(super) widest: f64,
    direction: [f32; 3],
    /// How far its full colour is from the paper's.
    strength: f32,
}

impl Layer {
    /// How near a direction is to the layer's, as a cosine.
    pub(super) fn along(&self, mark: [f32; 3]) -> f32 {
        dot(self.direction, mark)
    }

    /// How far its full colour is from the paper's, of 441.
    pub(super) fn strength(&self) -> f32 {
        self.strength
    }

    /// Whether it may be the colour of text.
    pub(super) fn is_grey(&self) -> bool {
        self.colour.iter().max().zip(self.colour.iter().min()).is_some_and(|(most, least)| most - least < 40)
    }
}

/// How far from the paper's colour ink begins, of 441.
const FAINT: f32 = 30.0;
/// Directions this close (their cosine) are surely of one colour, and these may be.
const SAME: f32 = 0.985;
const LIKE: f32 = 0.966;
const ACCEPTED: f32 = 0.95;
/// A pixel this much weaker than its layer's full colour is halo, an error band or a ghost.
const HALO: f32 = 0.4;
/// How far outside of the frame something drawn on its edge may seem to be, in pixels.
const MARGIN: f64 = 3.0;
const MOST_LAYERS: usize = 12;
/// The least share of the panel's ink that a layer has, and its least number of pixels.
const LEAST_SHARE: f32 = 0.006;
const LEAST_PIXELS: f32 = 12.0;
/// The least pixels of full colour of a line on a band, in widths of the panel.
const LEAST_LINE: f32 = 0.4;

impl Ink {
    pub(super) fn of(picture: &Picture, frame: Frame) -> Self {
        let (width, height) = (frame.right.saturating_sub(frame.left), frame.bottom.saturating_sub(frame.top));
        let paper = usual_colour(picture, frame);
        let mut marks = vec![[0.0_f32; 4]; 0];
        let mut places: Vec<u32> = Vec::new();
        let mut cells = vec![Cell::Paper; width * height];
        let mut palette = Palette::new(paper);
        for y in 0..height {
            let from = ((frame.top + y) * picture.width + frame.left) * 3;
            let row = &picture.rgb[from..from + width * 3];
            for (x, pixel) in row.chunks_exact(3).enumerate() {
                let d = [f32::from(pixel[0]) - paper[0], f32::from(pixel[1]) - paper[1], f32::from(pixel[2]) - paper[2]];
                let square = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
                if square > 144.0 {
                    let strength = square.sqrt();
                    marks.push([d[0] / strength, d[1] / strength, d[2] / strength, strength]);
                    places.push((y * width + x) as u32);
                    cells[y * width + x] = Cell::Other;
                    palette.add(pixel, &row[x.saturating_sub(1) * 3..][..3]);
                }
            }
        }
        let mut ink = Self { width, height, pale: vec![false; cells.len()], cells, layers: Vec::new(), paper };
        ink.take_lines(&marks, &places);
        ink.layers = layers(&marks, &places, &ink.cells, &palette, paper, LEAST_LINE * width as f32);
        for (mark, &place) in marks.iter().zip(&places) {
            let cell = &mut ink.cells[place as usize];
            if *cell == Cell::Lines {
                continue;
            }
            (*cell, ink.pale[place as usize]) = belongs(&ink.layers, *mark);
        }
        ink.measure();
        ink
    }

    /// What is at column `x` and row `y` of the panel; paper outside.
    #[inline]
    pub(super) fn at(&self, x: isize, y: isize) -> Cell {
        match (usize::try_from(x), usize::try_from(y)) {
            (Ok(x), Ok(y)) if x < self.width && y < self.height => self.cells[y * self.width + x],
            _ => Cell::Paper,
        }
    }

    /// Whether a colour that is too weak to be a layer's ink is at a point or beside it.
    pub(super) fn is_pale(&self, at: [f64; 2]) -> bool {
        let (x, y) = (at[0].floor(), at[1].floor());
        let inside = x >= 0.0 && y >= 0.0 && x < self.width as f64 && y < self.height as f64;
        let place = y as usize * self.width + x as usize;
        inside && (self.pale[place] || self.beside(place).any(|next| self.pale[next]))
    }

    /// Whether a point lies inside the frame or on its edge.
    pub(super) fn holds(&self, at: [f64; 2]) -> bool {
        (-MARGIN..=self.width as f64 + MARGIN).contains(&at[0]) && (-MARGIN..=self.height as f64 + MARGIN).contains(&at[1])
    }

    /// The layer whose full colour is nearest to a pixel anywhere on the picture, unless it is far from all or nearer to paper or white.
    /// Of a line that covers a part of its pixels' rows, such as a thin one, the colour is mixed with the paper's.
    pub(super) fn layer_like(&self, pixel: [u8; 3]) -> Option<usize> {
        let far = |a: [f32; 3]| (0..3).map(|c| (f32::from(pixel[c]) - a[c]).abs()).fold(0.0, f32::max);
        if far(self.paper) < 12.0 || far([255.0; 3]) < 12.0 {
            return None;
        }
        let (layer, distance) = self.layers.iter().map(|layer| far(layer.colour.map(f32::from))).enumerate().min_by(|a, b| a.1.total_cmp(&b.1))?;
        if distance < 60.0 && distance < far(self.paper) && distance < far([255.0; 3]) {
            return Some(layer);
        }
        let mixed = |colour: [u8; 3]| {
            let between = |paper: [f32; 3]| {
                let share = [0.6, 0.7, 0.8].map(|share| far(std::array::from_fn(|c| paper[c] + share * (f32::from(colour[c]) - paper[c]))));
                share.into_iter().fold(f32::INFINITY, f32::min)
            };
            between(self.paper).min(between([255.0; 3]))
        };
        let mut near: Vec<(usize, f32)> = self.layers.iter().map(|layer| mixed(layer.colour)).enumerate().filter(|(_, far)| *far < 24.0).collect();
        near.sort_by(|a, b| a.1.total_cmp(&b.1));
        match near.as_slice() {
            [(layer, _)] => Some(*layer),
            [(layer, first), (_, second), ..] if *second > *first + 12.0 => Some(*layer),
            _ => None,
        }
    }

    /// Marks the lines of frame and grid: rows and columns that are mostly of one pale or grey colour.
    fn take_lines(&mut self, marks: &[[f32; 4]], places: &[u32]) {
        let (width, height) = (self.width, self.height);
        let mut rows = vec![0_u32; height];
        let mut columns = vec![0_u32; width];
        for &place in places {
            rows[place as usize / width] += 1;
            columns[place as usize % width] += 1;
        }
        let margin = |length: usize| 3.max(length * 8 / 1000);
        let long = |count: u32, length: usize| f64::from(count) > 0.55 * length as f64;
        let mut mean = vec![[0.0_f32; 3]; width + height];
        let mut is_line = vec![false; width + height];
        for (i, line) in is_line.iter_mut().enumerate() {
            *line = if i < height { long(rows[i], width) } else { long(columns[i - height], height) };
        }
        if !is_line.contains(&true) {
            return;
        }
        // The middle colour of each line: the median of each channel, from at most 200 of its pixels.
        let mut samples: Vec<Vec<[f32; 3]>> = vec![Vec::new(); width + height];
        for (mark, &place) in marks.iter().zip(places) {
            let (x, y) = (place as usize % width, place as usize / width);
            for i in [y, height + x] {
                if is_line[i] && samples[i].len() < 4000 {
                    samples[i].push([mark[0] * mark[3], mark[1] * mark[3], mark[2] * mark[3]]);
                }
            }
        }
        for (i, samples) in samples.iter_mut().enumerate() {
            if !is_line[i] || samples.is_empty() {
                continue;
            }
            let mut middle = [0.0; 3];
            for (channel, middle) in middle.iter_mut().enumerate() {
                let half = samples.len() / 2;
                *middle = samples.select_nth_unstable_by(half, |a, b| a[channel].total_cmp(&b[channel])).1[channel];
            }
            let colour: Vec<f32> = middle.iter().zip(self.paper).map(|(d, paper)| d + paper).collect();
            let spread = colour.iter().copied().fold(f32::MIN, f32::max) - colour.iter().copied().fold(f32::MAX, f32::min);
            let (at, length) = if i < height { (i, height) } else { (i - height, width) };
            let at_edge = at.min(length - 1 - at) <= margin(length);
            // A level curve of a strong colour is no grid.
            is_line[i] = spread <= 40.0 || at_edge;
            mean[i] = middle;
        }
        for (mark, &place) in marks.iter().zip(places) {
            let (x, y) = (place as usize % width, place as usize / width);
            for i in [y, height + x] {
                if is_line[i] && (0..3).all(|c| (mark[c] * mark[3] - mean[i][c]).abs() < 28.0) {
                    self.cells[place as usize] = Cell::Lines;
                }
            }
        }
    }

    /// The stroke widths of all layers.
    pub(super) fn measure(&mut self) {
        let mut widths: Vec<Vec<u16>> = vec![Vec::new(); self.layers.len()];
        let mut seen = vec![0_usize; self.layers.len()];
        for (place, &cell) in self.cells.iter().enumerate() {
            let Cell::Ink(number) = cell else { continue };
            let layer = usize::from(number);
            seen[layer] += 1;
            // Every fifth pixel tells enough; a prime step does not lock on to a dash pattern.
            let step = 1 + self.layers[layer].pixels / 3000;
            if seen[layer].is_multiple_of(step) {
                let (x, y) = (place % self.width, place / self.width);
                widths[layer].push(self.reach(x, y, number));
            }
        }
        for (layer, widths) in self.layers.iter_mut().zip(&mut widths) {
            widths.sort_unstable();
            let at = |share: f64| widths.get(((widths.len() as f64 - 1.0) * share).max(0.0) as usize).map_or(1.0, |&width| f64::from(width));
            layer.stroke = at(0.5);
            layer.widest = at(0.95);
        }
    }

    /// How far the ink of a pixel reaches across, down or along a diagonal, whichever is least.
    pub(super) fn reach(&self, x: usize, y: usize, layer: u8) -> u16 {
        let (x, y) = (x as isize, y as isize);
        let run = |dx: isize, dy: isize| {
            let side = |sign: isize| (1..200).take_while(|&k| self.at(x + sign * k * dx, y + sign * k * dy) == Cell::Ink(layer)).count();
            side(1) + side(-1) + 1
        };
        let diagonal = |run: usize| (run as f64 * std::f64::consts::SQRT_2) as usize;
        run(1, 0).min(run(0, 1)).min(diagonal(run(1, 1))).min(diagonal(run(1, -1))) as u16
    }
}

/// The most frequent colour inside the frame, to the middle of its bin.
pub(super) fn usual_colour(picture: &Picture, frame: Frame) -> [f32; 3] {
    let mut bins = vec![0_u32; 1 << 15];
    let bin = |pixel: &[u8]| usize::from(pixel[0] >> 3) << 10 | usize::from(pixel[1] >> 3) << 5 | usize::from(pixel[2] >> 3);
    let row = |y: usize| &picture.rgb[(y * picture.width + frame.left) * 3..(y * picture.width + frame.right.max(frame.left)) * 3];
    for y in (frame.top..frame.bottom).step_by(2) {
        for pixel in row(y).chunks_exact(3) {
            bins[bin(pixel)] += 1;
        }
    }
    let usual = (0..bins.len()).max_by_key(|&i| (bins[i], std::cmp::Reverse(i))).unwrap_or(0);
    let (mut sum, mut count) = ([0_u64; 3], 0_u64);
    for y in (frame.top..frame.bottom).step_by(2) {
        for pixel in row(y).chunks_exact(3).filter(|pixel| bin(pixel) == usual) {
            count += 1;
            for channel in 0..3 {
                sum[channel] += u64::from(pixel[channel]);
            }
        }
    }
    sum.map(|sum| sum as f32 / count.max(1) as f32)
}

/// The colours of the ink: the heaviest direction first, moved to its mean (mean shift on the sphere), then the next of what is left.
fn layers(marks: &[[f32; 4]], places: &[u32], cells: &[Cell], palette: &Palette, paper: [f32; 3], least_line: f32) -> Vec<Layer> {
    const SIDE: usize = 25;
    let mut bins = vec![[0.0_f32; 5]; SIDE * SIDE * SIDE];
    let bin = |mark: &[f32; 4]| mark[..3].iter().fold(0, |key, &u| key * SIDE + ((u + 1.0) * 12.0).round().clamp(0.0, 24.0) as usize);
    let strong = |mark: &[f32; 4], place: u32| mark[3] > FAINT && cells[place as usize] != Cell::Lines;
    for (mark, _) in marks.iter().zip(places).filter(|(mark, place)| strong(mark, **place)) {
        let bin = &mut bins[bin(mark)];
        for channel in 0..3 {
            bin[channel] += mark[channel] * mark[3];
        }
        bin[3] += mark[3];
        bin[4] += 1.0;
    }
    let mut left: Vec<([f32; 3], f32, f32)> = bins.iter().filter(|bin| bin[3] > 0.0).map(|bin| ([bin[0], bin[1], bin[2]], bin[3], bin[4])).collect();
    let total: f32 = left.iter().map(|(_, weight, _)| weight).sum();
    let mut directions: Vec<[f32; 3]> = Vec::new();
    while directions.len() < MOST_LAYERS {
        let Some(heaviest) = (0..left.len()).max_by(|&a, &b| left[a].1.total_cmp(&left[b].1)) else { break };
        let mut centre = unit(left[heaviest].0);
        for _ in 0..4 {
            let mut sum = [0.0; 3];
            for (direction, ..) in left.iter().filter(|(direction, ..)| dot(unit(*direction), centre) > SAME) {
                (0..3).for_each(|channel| sum[channel] += direction[channel]);
            }
            if dot(sum, sum) > 0.0 {
                centre = unit(sum);
            }
        }
        let near = |direction: [f32; 3]| dot(unit(direction), centre) > LIKE;
        let (weight, count) = left.iter().filter(|(direction, ..)| near(*direction)).fold((0.0, 0.0), |(w, c), bin| (w + bin.1, c + bin.2));
        if weight < LEAST_SHARE * total || count < LEAST_PIXELS {
            left.swap_remove(heaviest);
            continue;
        }
        directions.push(centre);
        left.retain(|(direction, ..)| !near(*direction));
    }
    let directions = palette.split(&directions, LIKE, MOST_LAYERS);
    // The full strength of each: the 85th percentile, over 2-level bins; of a line with a band of error around it, which is wider, the
    // 97th.
    let mut strengths = vec![[0_u32; 256]; directions.len()];
    for (mark, _) in marks.iter().zip(places).filter(|(mark, place)| strong(mark, **place)) {
        if let Some((layer, _)) = nearest(&directions, *mark) {
            strengths[layer][((mark[3] / 2.0) as usize).min(255)] += 1;
        }
    }
    let percentile = |counts: &[u32; 256], percent: u64| {
        let total: u32 = counts.iter().sum();
        let mut below = 0;
        let found = counts.iter().position(|&count| {
            below += count;
            u64::from(below) * 100 >= u64::from(total) * percent
        });
        found.unwrap_or(0)
    };
    let strength = |counts: &[u32; 256]| {
        let (usual, most) = (percentile(counts, 85), percentile(counts, 97));
        if most * 10 > usual * 22 { most } else { line_on_band(counts, usual, least_line).unwrap_or(usual) }
    };
    let layer = |(direction, counts): (&[f32; 3], &[u32; 256])| {
        let strength = strength(counts) as f32 * 2.0 + 1.0;
        let colour = [0, 1, 2].map(|channel| (paper[channel] + direction[channel] * strength).round().clamp(0.0, 255.0) as u8);
        Layer { colour, pixels: counts.iter().sum::<u32>() as usize, stroke: 1.0, widest: 1.0, direction: *direction, strength }
    };
    directions.iter().zip(&strengths).map(layer).collect()
}

/// The level of a thin line on a wide pale band: that which enough pixels for a line have, more than twice the band's, with little between
/// them, as where markers lie on each other.
fn line_on_band(counts: &[u32; 256], band: usize, least: f32) -> Option<usize> {
    let mut above = 0;
    let line = (0..counts.len()).rev().find(|&level| {
        above += counts[level];
        above as f32 >= least
    })?;
    let of = |from: usize, to: usize| counts[from.min(256)..to.clamp(from.min(256), 256)].iter().sum::<u32>();
    let (full, between) = (of(line * 8 / 10, 256), of(band * 13 / 10, line * 8 / 10));
    (line * 10 > band * 22 && between <= full + full / 2).then_some(line)
}

/// The layer of a pixel with the nearest direction, unless it is of no layer's colour; and whether it is too weak to be ink.
fn belongs(layers: &[Layer], mark: [f32; 4]) -> (Cell, bool) {
    let mut best = (ACCEPTED, Cell::Other);
    let mut halo = false;
    for (i, layer) in layers.iter().enumerate() {
        let along = dot(layer.direction, [mark[0], mark[1], mark[2]]);
        if along > best.0 {
            best = (along, Cell::Ink(i as u8));
            halo = mark[3] < (HALO * layer.strength).max(FAINT.min(0.6 * layer.strength));
        }
    }
    if best.1 == Cell::Other {
        return (if mark[3] < 1.5 * FAINT { Cell::Paper } else { Cell::Other }, false);
    }
    (if halo { Cell::Paper } else { best.1 }, halo)
}

fn nearest(directions: &[[f32; 3]], mark: [f32; 4]) -> Option<(usize, f32)> {
    let along = |direction: &[f32; 3]| dot(*direction, [mark[0], mark[1], mark[2]]);
    directions.iter().map(along).enumerate().filter(|(_, along)| *along > ACCEPTED).max_by(|a, b| a.1.total_cmp(&b.1))
}

pub(super) fn dot(a: [f32; 3], b: [f32; 3]) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

pub(super) fn unit(v: [f32; 3]) -> [f32; 3] {
    let length = dot(v, v).sqrt().max(f32::MIN_POSITIVE);
    v.map(|x| x / length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thin_line_is_stronger_than_its_wide_band() {
        let mut counts = [0; 256];
        (counts[30], counts[100], counts[70]) = (40_000, 600, 150);
        assert_eq!(line_on_band(&counts, 30, 200.0), Some(100));
        // Transparent markers that lie on each other have all strengths in between.
        (counts[50], counts[70]) = (3000, 1200);
        assert_eq!(line_on_band(&counts, 30, 200.0), None);
    }
}
