//! A picture that is drawn on: lines and circles with soft edges, cut off at the picture's border.

use mlgrade_picture::Picture;
use mlgrade_picture::geometry::Point;

/// The pixels that are looked at in all while drawing. Curves of very many points are not drawn to their end.
const MOST_WORK: f64 = 1e8;

/// A picture with a pen.
pub(super) struct Canvas {
    picture: Picture,
    work: f64,
}

impl Canvas {
    pub(super) fn new(picture: Picture) -> Self {
        Self { picture, work: 0.0 }
    }

    pub(super) fn into_picture(self) -> Picture {
        self.picture
    }

    /// A straight line with round ends. What lies outside costs nothing.
    pub(super) fn line(&mut self, from: Point, to: Point, width: f64, colour: [u8; 3]) {
        let reach = width / 2.0 + 1.0;
        let Some((a, b)) = self.clipped(from, to, reach) else { return };
        let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
        let steep = dy.abs() > dx.abs();
        let (long, across) = if steep { (dy, dx) } else { (dx, dy) };
        let spread = reach * if long.abs() > 0.0 { (1.0 + (across / long).powi(2)).sqrt() } else { 1.0 };
        let turned = |place: Point| if steep { [place[1], place[0]] } else { place };
        let (start, end) = (turned(a), turned(b));
        if !self.affords(((end[0] - start[0]).abs() + 2.0 * reach) * (2.0 * spread + 1.0)) {
            return;
        }
        let slope = if long.abs() > 0.0 { across / long } else { 0.0 };
        for i in cells(start[0].min(end[0]) - reach, start[0].max(end[0]) + reach) {
            let middle = start[1] + slope * ((i + 0.5).clamp(start[0].min(end[0]), start[0].max(end[0])) - start[0]);
            for j in cells(middle - spread, middle + spread) {
                let [x, y] = turned([i, j]);
                let distance = to_segment([x + 0.5, y + 0.5], a, b);
                self.blend(x, y, colour, width / 2.0 + 0.5 - distance);
            }
        }
    }

    /// The line of a circle; filled if `width` is at least twice the radius.
    pub(super) fn circle(&mut self, centre: Point, radius: f64, width: f64, colour: [u8; 3]) {
        if !(centre[0].is_finite() && centre[1].is_finite()) {
            return;
        }
        let reach = radius + width / 2.0 + 1.0;
        if !self.affords(4.0 * reach * reach) {
            return;
        }
        let (columns, rows) = (self.picture.width as f64, self.picture.height as f64);
        for y in cells((centre[1] - reach).max(0.0), (centre[1] + reach).min(rows)) {
            for x in cells((centre[0] - reach).max(0.0), (centre[0] + reach).min(columns)) {
                let from_centre = (x + 0.5 - centre[0]).hypot(y + 0.5 - centre[1]);
                self.blend(x, y, colour, width / 2.0 + 0.5 - (from_centre - radius).abs());
            }
        }
    }

    /// The sides of a box.
    pub(super) fn outline(&mut self, [left, top]: Point, [right, bottom]: Point, width: f64, colour: [u8; 3]) {
        let corners = [[left, top], [right, top], [right, bottom], [left, bottom]];
        for i in 0..4 {
            self.line(corners[i], corners[(i + 1) % 4], width, colour);
        }
    }

    /// One pixel, `share` of it covered.
    pub(super) fn dot(&mut self, [x, y]: Point, colour: [u8; 3], share: f64) {
        if x.is_finite() && y.is_finite() && self.affords(1.0) {
            self.blend(x.round(), y.round(), colour, share);
        }
    }

    /// Whether there is time to look at this many pixels more.
    fn affords(&mut self, pixels: f64) -> bool {
        self.work += pixels;
        self.work <= MOST_WORK
    }

    /// Lays `colour` over a pixel; `share` from 0, nothing, to 1, all of it.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "places are whole and checked against the picture's sides")]
    fn blend(&mut self, x: f64, y: f64, colour: [u8; 3], share: f64) {
        if share <= 0.0 || x < 0.0 || y < 0.0 || x >= self.picture.width as f64 || y >= self.picture.height as f64 {
            return;
        }
        let at = (y as usize * self.picture.width + x as usize) * 3;
        for (channel, ink) in self.picture.rgb[at..at + 3].iter_mut().zip(colour) {
            *channel = mix(*channel, ink, share.min(1.0));
        }
    }

    /// The part of a segment within the picture and `reach` around it (Liang and Barsky 1984).
    fn clipped(&self, a: Point, b: Point, reach: f64) -> Option<(Point, Point)> {
        let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
        if !(dx.is_finite() && dy.is_finite()) {
            return None;
        }
        let (right, bottom) = (self.picture.width as f64 + reach, self.picture.height as f64 + reach);
        let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
        for (step, room) in [(-dx, a[0] + reach), (dx, right - a[0]), (-dy, a[1] + reach), (dy, bottom - a[1])] {
            if step < 0.0 {
                enter = enter.max(room / step);
            } else if step > 0.0 {
                leave = leave.min(room / step);
            } else if room < 0.0 {
                return None;
            }
        }
        let at = |t: f64| [a[0] + t * dx, a[1] + t * dy];
        (enter <= leave).then_some((at(enter), at(leave)))
    }
}

/// `over` laid on `under`.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a mean of two bytes is a byte")]
pub(super) fn mix(under: u8, over: u8, share: f64) -> u8 {
    (f64::from(under) * (1.0 - share) + f64::from(over) * share).round() as u8
}

/// The whole places from `low` to `high`.
fn cells(low: f64, high: f64) -> impl Iterator<Item = f64> {
    let (mut next, last) = (low.floor(), high.floor());
    std::iter::from_fn(move || {
        let here = next;
        next += 1.0;
        (here <= last).then_some(here)
    })
}

fn to_segment(p: Point, a: Point, b: Point) -> f64 {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let length = dx * dx + dy * dy;
    let t = if length > 0.0 { (((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
    (p[0] - a[0] - t * dx).hypot(p[1] - a[1] - t * dy)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn white(width: usize, height: usize) -> Canvas {
        Canvas::new(Picture { width, height, rgb: vec![255; width * height * 3] })
    }

    fn ink(canvas: Canvas) -> f64 {
        canvas.into_picture().rgb.iter().step_by(3).map(|&red| f64::from(255 - red) / 255.0).sum()
    }

    #[test]
    fn a_line_has_the_ink_of_its_length_times_its_width() {
        for (from, to) in [([10.0, 10.0], [90.0, 10.0]), ([20.0, 90.0], [40.0, 15.0]), ([90.3, 88.1], [10.2, 11.7])] {
            let mut canvas = white(100, 100);
            canvas.line(from, to, 2.0, [0; 3]);
            let length = (to[0] - from[0]).hypot(to[1] - from[1]);
            // The round ends add a circle of diameter 2.
            assert!((ink(canvas) - 2.0 * length - std::f64::consts::PI).abs() < 0.05 * length, "{from:?} {to:?}");
        }
    }

    #[test]
    fn a_circle_has_the_ink_of_its_ring() {
        let mut canvas = white(60, 60);
        canvas.circle([30.0, 30.0], 12.0, 3.0, [0; 3]);
        let expected = 2.0 * std::f64::consts::PI * 12.0 * 3.0;
        assert!((ink(canvas) - expected).abs() < 0.05 * expected);
    }

    #[test]
    fn endless_drawing_ends() {
        let mut canvas = white(1_000, 1_000);
        (0..1_000_000).for_each(|i| canvas.line([0.0, f64::from(i % 999)], [999.0, f64::from(i % 997)], 2.0, [0; 3]));
        assert!(!canvas.affords(0.0), "a million lines cost more than there is time for");
    }

    #[test]
    fn what_is_outside_or_nowhere_is_cut_off() {
        let mut canvas = white(20, 20);
        canvas.line([-1e300, 10.0], [1e300, 10.0], 1.0, [0; 3]);
        canvas.line([f64::NAN, 0.0], [3.0, 3.0], 1.0, [0; 3]);
        canvas.line([-50.0, -50.0], [-20.0, 400.0], 1.0, [0; 3]);
        canvas.circle([1e300, f64::INFINITY], 5.0, 1.0, [0; 3]);
        canvas.circle([-500.0, 3.0], 5.0, 1.0, [0; 3]);
        assert!(ink(canvas) < 25.0);
    }
}
