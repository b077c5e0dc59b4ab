//! The ink of one word, cut out of the picture at a size that reads fast.

use crate::plane::{Plane, pixel};
use mlgrade_picture::Picture;

use super::component::Component;
use super::paper::difference;

/// Rows of a digit above which strips are made smaller, and the rows they get.
const HIGH: f32 = 10.5;
const READ_AT: f32 = 9.0;

/// Contrast that is noise.
const NOISE: f32 = 0.03;

/// Contrast that paper with the noise of a JPEG may have.
const PAPER: f32 = 0.07;

/// A picture on one paper, upright or turned clockwise by 90°.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) picture: &'a Picture,
    pub(super) paper: [u8; 3],
    pub(super) turned: bool,
    /// What lies left of this column counts as paper.
    pub(super) from: usize,
}

impl View<'_> {
    fn size(&self) -> (usize, usize) {
        if self.turned { (self.picture.height, self.picture.width) } else { (self.picture.width, self.picture.height) }
    }

    /// How much a pixel differs from the paper, from 0 to 1.
    pub(super) fn contrast(&self, x: usize, y: usize) -> f32 {
        if x < self.from {
            return 0.0;
        }
        let (x, y) = if self.turned { (y, self.picture.height - 1 - x) } else { (x, y) };
        match self.picture.rgb[(y * self.picture.width + x) * 3..] {
            [red, green, blue, ..] => f32::from(difference([red, green, blue], self.paper)) / 255.0,
            _ => 0.0,
        }
    }

    /// The part of `area` between its first and last rows of ink.
    pub(super) fn trimmed(&self, area: &Component) -> Option<Component> {
        let inked = |y: &usize| (area.left..area.right).any(|x| self.contrast(x, *y) > 0.3);
        let (top, bottom) = ((area.top..area.bottom).find(inked)?, (area.top..area.bottom).rfind(inked)? + 1);
        Some(Component { top, bottom, area: (bottom - top) * area.width() / 2, ..*area })
    }

    /// Whether most of the corners of the box around `area` are paper.
    pub(super) fn lies_on_paper(&self, area: &Component) -> bool {
        let (width, height) = self.size();
        let (left, top) = (area.left.saturating_sub(1), area.top.saturating_sub(1));
        let (right, bottom) = (area.right.min(width - 1), area.bottom.min(height - 1));
        let corners = [(left, top), (right, top), (left, bottom), (right, bottom)];
        corners.into_iter().filter(|(x, y)| self.contrast(*x, *y) < PAPER).count() > 1
    }

    /// Whether the strongest ink of `area` is of another colour than black, white, grey or the paper.
    pub(super) fn coloured(&self, area: &Component) -> bool {
        let colour = |x: usize, y: usize| {
            let (x, y) = if self.turned { (y, self.picture.height - 1 - x) } else { (x, y) };
            let place = (y * self.picture.width + x) * 3;
            self.picture.rgb.get(place..place + 3).map_or(self.paper, |rgb| [rgb[0], rgb[1], rgb[2]])
        };
        let ink = (area.top..area.bottom).flat_map(|y| (area.left..area.right).map(move |x| (x, y))).map(|(x, y)| colour(x, y));
        let strongest = ink.max_by_key(|rgb| difference(*rgb, self.paper)).unwrap_or(self.paper);
        let spread = |rgb: [u8; 3]| rgb.into_iter().max().unwrap_or(0) - rgb.into_iter().min().unwrap_or(0);
        spread(strongest) > 70 && spread(strongest) > spread(self.paper).saturating_add(40)
    }

    /// The contrasts in `area` and one pixel around it.
    pub(super) fn plane(&self, area: &Component) -> (Plane, usize, usize) {
        let (width, height) = self.size();
        let (left, top) = (area.left.saturating_sub(1), area.top.saturating_sub(1));
        let (right, bottom) = ((area.right + 1).min(width), (area.bottom + 1).min(height));
        let mut plane = Plane::blank(right.saturating_sub(left), bottom.saturating_sub(top));
        for (i, value) in plane.values.iter_mut().enumerate() {
            *value = ((self.contrast(left + i % (right - left), top + i / (right - left)) - NOISE) / (1.0 - NOISE)).max(0.0);
        }
        (plane, left, top)
    }
}

/// A word's ink between margins of zeros.
#[derive(Clone)]
pub(super) struct Strip {
    /// Ink from 0 to 1, 1 where it is strongest.
    pub(super) plane: Plane,
    /// The sum of squares of each column.
    pub(super) energies: Vec<f32>,
    /// Rows where digits begin and end.
    pub(super) top: f32,
    pub(super) bottom: f32,
    /// The columns where the ink begins and ends.
    pub(super) left: f32,
    pub(super) right: f32,
    /// Pixels of the picture for each of the strip's, and where the strip's corner lies in the picture.
    pub(super) scale: f32,
    pub(super) origin: (f32, f32),
}

impl Strip {
    /// The ink in `area`, of which `digits` are the high parts. `None` where there is hardly any.
    pub(super) fn of(view: View<'_>, area: &Component, digits: &[Component]) -> Option<Self> {
        let (ink, left, top) = view.plane(area);
        let peak = ink.peak();
        if peak < 0.12 {
            return None;
        }
        // A word stands on its paper: a good part of its box is empty.
        let empty = ink.values.iter().filter(|v| **v < 0.25 * peak).count();
        if empty * 4 < ink.values.len() {
            return None;
        }
        let hull = digits.iter().copied().reduce(|a, b| a.with(&b))?;
        let tall = hull.height() as f32;
        let scale = if tall > HIGH { tall / READ_AT } else { 1.0 };
        let fewer = |length: usize| pixel((length as f32 / scale).ceil());
        let ink = if scale > 1.0 { resampled(&ink, (scale, scale), (fewer(ink.width), fewer(ink.height))) } else { ink };
        let peak = ink.peak().max(1e-3);
        let rows = tall / scale;
        let (pad_x, pad_y) = (pixel((1.4 * rows).ceil()) + 3, pixel((0.5 * rows).ceil()) + 2);
        let mut plane = Plane::blank(ink.width + 2 * pad_x, ink.height + 2 * pad_y);
        for y in 0..ink.height {
            let start = (y + pad_y) * plane.width + pad_x;
            for (target, value) in plane.values[start..][..ink.width].iter_mut().zip(ink.row(y)) {
                *target = value / peak;
            }
        }
        let x = |at: usize| pixel((at - left) as f32 / scale) + pad_x;
        let y = |at: usize| pixel((at - top) as f32 / scale) + pad_y;
        let origin = (left as f32 - pad_x as f32 * scale, top as f32 - pad_y as f32 * scale);
        // Commas hang below the line: only the columns of high parts count.
        let columns = |row: &[f32]| {
            let parts = digits.iter().flat_map(|part| &row[x(part.left).min(row.len())..(x(part.right) + 1).min(row.len())]);
            parts.copied().fold(0.0, f32::max)
        };
        let rows: Vec<f32> = (0..plane.height).map(|y| columns(plane.row(y))).collect();
        let first = edge(&rows, y(hull.top).saturating_sub(2))?;
        let from_below: Vec<f32> = rows.iter().rev().copied().collect();
        let last = plane.height as f32 - edge(&from_below, plane.height - (y(hull.bottom) + 3).min(plane.height))?;
        let (mut peaks, mut energies) = (vec![0.0_f32; plane.width], vec![0.0_f32; plane.width]);
        for y in 0..plane.height {
            for ((peak, energy), value) in peaks.iter_mut().zip(&mut energies).zip(plane.row(y)) {
                *peak = peak.max(*value);
                *energy += value * value;
            }
        }
        let inked = |v: &f32| *v > 0.3;
        let begin = peaks.iter().position(inked)? as f32;
        let end = peaks.iter().rposition(inked)? as f32 + 1.0;
        (last - first > 3.3).then_some(Self { plane, energies, top: first, bottom: last, left: begin, right: end, scale, origin })
    }

    /// The same for digits of `height`, in pixels of the picture, of which the rows where they begin and end tell less: they may be
    /// right at either end, or between. None if the height is another one.
    pub(super) fn of_height(&self, height: f32) -> impl Iterator<Item = Self> {
        let more = height / self.scale - (self.bottom - self.top);
        let shares: &[f32] = if more.abs() < 1.2 { &[0.0, 0.5, 1.0] } else { &[] };
        shares.iter().map(move |share| Self { top: self.top - more * (1.0 - share), bottom: self.bottom + more * share, ..self.clone() })
    }

    /// A place of the strip in the picture.
    pub(super) fn place(&self, x: f32, y: f32) -> (f32, f32) {
        (self.origin.0 + x * self.scale, self.origin.1 + y * self.scale)
    }
}

/// Where a profile rises, from `start` on, between its cells: a cell that is a third full counts for a third.
fn edge(profile: &[f32], start: usize) -> Option<f32> {
    let i = start + profile[start.min(profile.len())..].iter().position(|v| *v >= 0.5)?;
    let full = profile[i].max(profile.get(i + 1).copied().unwrap_or(0.0));
    let before = i.checked_sub(1).map_or(0.0, |k| profile[k]);
    let partly = if before > 0.12 { before } else { 0.0 };
    let missing = if partly > 0.0 { 0.0 } else { 1.0 - profile[i] / full };
    Some(i as f32 - partly / full + if missing > 0.2 { missing } else { 0.0 })
}

/// Means over boxes of `scale` pixels, across and down; `size` of them in each direction.
pub(super) fn resampled(plane: &Plane, scale: (f32, f32), size: (usize, usize)) -> Plane {
    let mut narrow = Plane::blank(size.0, plane.height);
    for y in 0..plane.height {
        let row = plane.row(y);
        for x in 0..size.0 {
            narrow.values[y * size.0 + x] = mean(|i| row[i], row.len(), x as f32 * scale.0, scale.0);
        }
    }
    let mut small = Plane::blank(size.0, size.1);
    for y in 0..size.1 {
        for x in 0..size.0 {
            small.values[y * size.0 + x] = mean(|i| narrow.values[i * size.0 + x], narrow.height, y as f32 * scale.1, scale.1);
        }
    }
    small
}

/// The mean over `length` cells from `start`, of which parts count; zero beyond `size`.
fn mean(value: impl Fn(usize) -> f32, size: usize, start: f32, length: f32) -> f32 {
    let end = start + length;
    let mut sum = 0.0;
    for i in pixel(start)..pixel(end.ceil()).min(size) {
        let share = (end.min((i + 1) as f32) - start.max(i as f32)).max(0.0);
        sum += share * value(i);
    }
    sum / length
}
