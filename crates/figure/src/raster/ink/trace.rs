//! Looking along a claimed polyline for the ink of one layer.

use std::sync::LazyLock;

use mlgrade_picture::geometry::{Point, Rect};

use crate::raster::ink::{Cell, Ink};

/// The lowest and highest of one coordinate.
pub(in crate::raster) fn extent(points: &[Point], axis: usize) -> (f64, f64) {
    points.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), at| (low.min(at[axis]), high.max(at[axis])))
}

/// A step along a polyline, in columns and rows from the frame's corner.
#[derive(Debug, Clone, Copy)]
pub(in crate::raster) struct Sample {
    pub(in crate::raster) at: Point,
    /// The claimed point that is nearest along the line.
    pub(in crate::raster) vertex: usize,
    /// The claimed points on both sides.
    pub(in crate::raster) ends: [usize; 2],
    /// The unit vector across the line.
    pub(in crate::raster) normal: Point,
}

/// What is drawn at a sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::raster) enum Seen {
    /// Ink of the layer this far away, in pixels; infinite if there is none within [`REACH`].
    Ink(f64),
    /// Something else is drawn over it, or it lies outside of the frame.
    Hidden,
}

impl Seen {
    /// How far the ink is; `None` if that cannot be seen.
    pub(in crate::raster) fn distance(self) -> Option<f64> {
        if let Self::Ink(distance) = self { Some(distance) } else { None }
    }

    /// Whether ink is seen within `reach`.
    pub(in crate::raster) fn is_within(self, reach: f64) -> bool {
        self.distance().is_some_and(|distance| distance <= reach)
    }

    /// Whether it is seen that there is none within `reach`.
    pub(in crate::raster) fn is_beyond(self, reach: f64) -> bool {
        self.distance().is_some_and(|distance| distance > reach)
    }
}

/// How far one looks for ink, in pixels.
pub(in crate::raster) const REACH: f64 = 14.0;

const MOST_SAMPLES: usize = 60_000;

/// Steps of one pixel along the part of the polyline that lies in the box from (0, 0) to `size`, widened by `margin`.
pub(in crate::raster) fn samples(points: &[Point], size: Point, margin: f64, step: f64) -> Vec<Sample> {
    let mut samples = Vec::new();
    if let [at] = points {
        samples.push(Sample { at: *at, vertex: 0, ends: [0, 0], normal: [0.0, 1.0] });
    }
    for (i, pair) in points.windows(2).enumerate() {
        let (a, b) = (pair[0], pair[1]);
        let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
        let length = dx.hypot(dy);
        let normal = if length > 0.0 { [-dy / length, dx / length] } else { [0.0, 1.0] };
        let Some((from, to)) = inside(a, [dx, dy], size, margin) else { continue };
        let steps = (((to - from) * length / step).ceil()).clamp(1.0, 20_000.0);
        for k in 0..=(steps as usize) {
            let t = from + (to - from) * k as f64 / steps;
            if samples.len() >= MOST_SAMPLES {
                return samples;
            }
            samples.push(Sample { at: [a[0] + t * dx, a[1] + t * dy], vertex: if t < 0.5 { i } else { i + 1 }, ends: [i, i + 1], normal });
        }
    }
    samples
}

/// The part of a segment, as shares of its length, that lies in the box (Liang and Barsky, 1984).
fn inside(a: Point, d: Point, size: Point, margin: f64) -> Option<(f64, f64)> {
    let (mut from, mut to) = (0.0_f64, 1.0_f64);
    for axis in 0..2 {
        for (p, q) in [(-d[axis], a[axis] + margin), (d[axis], size[axis] + margin - a[axis])] {
            if p.abs() < 1e-12 {
                if q < 0.0 {
                    return None;
                }
            } else if p < 0.0 {
                from = from.max(q / p);
            } else {
                to = to.min(q / p);
            }
        }
    }
    (from <= to).then_some((from, to))
}

/// Steps to neighbouring pixels within [`REACH`], the nearest first.
static RINGS: LazyLock<Vec<(f64, isize, isize)>> = LazyLock::new(|| {
    let reach = REACH as isize;
    let mut rings: Vec<_> = (-reach..=reach).flat_map(|y| (-reach..=reach).map(move |x| ((x as f64).hypot(y as f64), x, y))).collect();
    rings.retain(|(distance, ..)| *distance <= REACH);
    rings.sort_by(|a, b| a.0.total_cmp(&b.0));
    rings
});

impl Ink {
    /// The distance from `at` to the nearest ink of `layer`, up to `reach`.
    pub(in crate::raster) fn distance(&self, layer: u8, at: Point, reach: f64) -> f64 {
        let Some((distance, [x, y])) = self.first_ink(layer, at, reach) else { return f64::INFINITY };
        if distance < 0.5 {
            return 0.0;
        }
        let gap = |at: f64, cell: isize| (at - (cell as f64 + 0.5)).abs();
        (gap(at[0], x).hypot(gap(at[1], y)) - 0.5).max(0.0)
    }

    /// The pixel of `layer` nearest to `at`, up to `reach` away.
    pub(in crate::raster) fn nearest(&self, layer: u8, at: Point, reach: f64) -> Option<usize> {
        self.first_ink(layer, at, reach).map(|(_, [x, y])| y.cast_unsigned() * self.width + x.cast_unsigned())
    }

    /// The pixel of `layer` that lies nearest to the one at `at`, up to `reach` from it, with how far that is.
    #[inline]
    fn first_ink(&self, layer: u8, at: Point, reach: f64) -> Option<(f64, [isize; 2])> {
        let (x, y) = (at[0].floor() as isize, at[1].floor() as isize);
        let mut near = RINGS.iter().take_while(|(distance, ..)| *distance <= reach);
        near.find(|(_, dx, dy)| self.at(x + dx, y + dy) == Cell::Ink(layer)).map(|(distance, dx, dy)| (*distance, [x + dx, y + dy]))
    }

    /// What is drawn where ink of `layer` is claimed.
    pub(in crate::raster) fn look(&self, layer: u8, at: Point, covered: &Cover) -> Seen {
        let distance = self.distance(layer, at, REACH);
        if distance <= 1.0 {
            return Seen::Ink(distance);
        }
        let (x, y) = (at[0].floor() as isize, at[1].floor() as isize);
        let outside = at[0] < 0.0 || at[1] < 0.0 || at[0] >= self.width as f64 || at[1] >= self.height as f64;
        let other = |dx: isize, dy: isize| {
            let cell = self.at(x + dx, y + dy);
            cell != Cell::Paper && cell != Cell::Ink(layer)
        };
        if outside || covered.holds(at) || other(0, 0) || ([(1, 0), (-1, 0), (0, 1), (0, -1)].iter().filter(|(dx, dy)| other(*dx, *dy)).count() >= 2) {
            return Seen::Hidden;
        }
        Seen::Ink(distance)
    }

    /// The middle of the ink of `layer` that crosses the line through `at` along `axis` (0 across, 1 down) within `reach` pixels,
    /// relative to `at`; `None` if there is none or it has no clear middle.
    pub(in crate::raster) fn middle(&self, layer: u8, at: Point, axis: usize, reach: isize, thickest: isize) -> Option<f64> {
        let (x, y) = (at[0].floor() as isize, at[1].floor() as isize);
        let is_ink = |k: isize| if axis == 0 { self.at(x + k, y) == Cell::Ink(layer) } else { self.at(x, y + k) == Cell::Ink(layer) };
        let start = (0..=reach).flat_map(|k| [k, -k]).find(|&k| is_ink(k))?;
        let far = (1..=thickest).take_while(|&k| is_ink(start + k)).count() as isize;
        let near = (1..=thickest).take_while(|&k| is_ink(start - k)).count() as isize;
        if far + near >= thickest {
            return None;
        }
        let cell = if axis == 0 { x } else { y };
        Some((cell + start) as f64 + (far - near) as f64 / 2.0 + 0.5 - at[axis])
    }

    /// The middles of the runs of a layer's ink in a column, from the top.
    pub(in crate::raster) fn runs_in_column(&self, layer: u8, x: f64) -> Vec<f64> {
        let column = x.floor() as isize;
        let inked: Vec<usize> = (0..self.height).filter(|&y| self.at(column, y as isize) == Cell::Ink(layer)).collect();
        inked.chunk_by(|a, b| a + 1 == *b).map(|run| f64::midpoint(run[0] as f64, run[run.len() - 1] as f64) + 0.5).collect()
    }
}

/// Boxes where a legend or other text may hide what is drawn.
#[derive(Debug, Clone, Default)]
pub(in crate::raster) struct Cover {
    pub(in crate::raster) boxes: Vec<Rect>,
}

impl Cover {
    pub(in crate::raster) fn holds(&self, at: Point) -> bool {
        self.boxes.iter().any(|area| area.contains(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_part_inside_is_sampled() {
        // From (-10, 5) to (30, 5): a box of 20 pixels leaves columns 0 to 20, between a quarter and three quarters of the way.
        let found = samples(&[[-10.0, 5.0], [30.0, 5.0]], [20.0, 10.0], 0.0, 1.0);
        let (first, last) = (found[0].at, found[found.len() - 1].at);
        assert!(first[0].abs() < 1e-9 && (last[0] - 20.0).abs() < 1e-9 && found.len() == 21, "{first:?} {last:?} {}", found.len());
        assert!(samples(&[[0.0, 50.0], [20.0, 50.0]], [20.0, 10.0], 1.0, 1.0).is_empty());
        assert!(samples(&[[0.0, 0.0], [1e300, 1e300]], [20.0, 10.0], 1.0, 1.0).len() < 100);
    }
}
