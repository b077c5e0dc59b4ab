//! Small panels for tests.

use crate::raster::ink::Ink;
use crate::reading::Frame;
use mlgrade_picture::Picture;

pub(super) const INK: [u8; 3] = [31, 119, 180];

/// A white picture that is all panel.
pub(super) struct Drawing {
    picture: Picture,
}

impl Drawing {
    pub(super) fn blank(width: usize, height: usize) -> Self {
        Self { picture: Picture { width, height, rgb: vec![255; width * height * 3] } }
    }

    /// Fills the box from left and top to right and bottom.
    pub(super) fn fill(&mut self, [left, top, right, bottom]: [usize; 4], colour: [u8; 3]) {
        self.paint(|x, y| (left..right).contains(&x) && (top..bottom).contains(&y), colour);
    }

    /// A disc.
    pub(super) fn dot(&mut self, at: [f64; 2], radius: f64, colour: [u8; 3]) {
        self.paint(|x, y| (x as f64 + 0.5 - at[0]).hypot(y as f64 + 0.5 - at[1]) <= radius, colour);
    }

    /// A straight line of this width.
    pub(super) fn line(&mut self, from: [f64; 2], to: [f64; 2], width: f64, colour: [u8; 3]) {
        let way = [to[0] - from[0], to[1] - from[1]];
        let length = way[0].hypot(way[1]);
        let on = |x: usize, y: usize| {
            let [dx, dy] = [x as f64 + 0.5 - from[0], y as f64 + 0.5 - from[1]];
            let along = (dx * way[0] + dy * way[1]) / length;
            (0.0..=length).contains(&along) && ((dy * way[0] - dx * way[1]) / length).abs() <= width / 2.0
        };
        self.paint(on, colour);
    }

    fn paint(&mut self, on: impl Fn(usize, usize) -> bool, colour: [u8; 3]) {
        let width = self.picture.width;
        for (_, pixel) in self.picture.rgb.chunks_exact_mut(3).enumerate().filter(|(place, _)| on(*place % width, *place / width)) {
            pixel.copy_from_slice(&colour);
        }
    }

    pub(super) fn ink(&self) -> Ink {
        Ink::of(&self.picture, Frame { left: 0, top: 0, right: self.picture.width, bottom: self.picture.height })
    }
}
