//! The path that is being drawn (ISO 32000-1, 8.5).

use mlgrade_picture::geometry::{Affine, Point, Rect};
use std::fmt::Write;

use super::canvas::Shape;
use super::object::Object;
use super::svg::short;

/// A path in points, as SVG writes it.
#[derive(Debug, Default)]
pub(super) struct Path {
    data: String,
    area: Option<Rect>,
    shape: Shape,
    /// Parts since it last began anew.
    run: usize,
    /// The last place as it was written, and in points.
    last: Option<(Point, Point)>,
    first: Option<(Point, Point)>,
    /// Whether a place of it is absurdly far away.
    absurd: bool,
}

impl Path {
    pub(super) fn is_empty(&self) -> bool {
        self.data.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.data.len()
    }

    pub(super) fn area(&self) -> Option<Rect> {
        self.area.filter(|_| !self.absurd)
    }

    /// What it is like, before it is filled or stroked.
    pub(super) fn shape(&self) -> Shape {
        let mut path = Self { shape: self.shape, run: self.run, first: self.first, last: self.last, ..Self::default() };
        path.end_run();
        path.shape
    }

    pub(super) fn data(&self) -> &str {
        self.data.trim_end()
    }

    /// Carries out an operator that adds to the path; tells whether it was one. `origin` is taken off every place.
    pub(super) fn add(&mut self, operator: &[u8], operands: &[Object], matrix: &Affine, origin: Point) -> bool {
        let numbers: Vec<f64> = operands.iter().filter_map(Object::number).take(6).collect();
        match (operator, numbers.as_slice()) {
            (b"m", &[x, y]) => {
                self.end_run();
                self.place("M", &[[x, y]], matrix, origin);
                self.first = self.last;
            }
            (b"l", &[x, y]) => self.place("L", &[[x, y]], matrix, origin),
            (b"c", &[x1, y1, x2, y2, x, y]) => self.place("C", &[[x1, y1], [x2, y2], [x, y]], matrix, origin),
            (b"v", &[x2, y2, x, y]) => {
                if let Some((last, _)) = self.last {
                    self.place("C", &[last, [x2, y2], [x, y]], matrix, origin);
                }
            }
            (b"y", &[x1, y1, x, y]) => self.place("C", &[[x1, y1], [x, y], [x, y]], matrix, origin),
            (b"re", &[x, y, w, h]) => {
                self.end_run();
                self.place("M", &[[x, y]], matrix, origin);
                self.first = self.last;
                for corner in [[x + w, y], [x + w, y + h], [x, y + h]] {
                    self.place("L", &[corner], matrix, origin);
                }
                self.close();
            }
            (b"h", _) => self.close(),
            (b"m" | b"l" | b"c" | b"v" | b"y" | b"re", _) => {}
            _ => return false,
        }
        true
    }

    pub(super) fn close(&mut self) {
        if let Some((first, last)) = self.first.zip(self.last) {
            self.data.push_str("Z ");
            self.draw(last.1, first.1, false);
            self.last = self.first;
            self.end_run();
        }
    }

    fn place(&mut self, command: &str, places: &[Point], matrix: &Affine, origin: Point) {
        if command != "M" && self.last.is_none() {
            return;
        }
        self.data.push_str(command);
        for place in places {
            let [x, y] = matrix.apply(*place);
            self.absurd |= !(x.abs() < 1e6 && y.abs() < 1e6);
            let _ = write!(self.data, "{} {} ", short(x - origin[0]), short(y - origin[1]));
            // Some programs write a place before the one where a path begins: only what is drawn has an area.
            if command != "M" {
                self.extend([x, y]);
            }
        }
        let end = places.last().copied().unwrap_or_default();
        let there = matrix.apply(end);
        if let Some((_, before)) = self.last.filter(|_| command != "M") {
            self.extend(before);
            self.draw(before, there, command == "C");
        }
        self.last = Some((end, there));
    }

    fn extend(&mut self, [x, y]: Point) {
        self.area = Some(self.area.map_or(Rect::at([x, y]), |area| Rect::at([x, y]).union(area)));
    }

    /// Counts a part from one place to another.
    fn draw(&mut self, from: Point, to: Point, bent: bool) {
        let [dx, dy] = [(from[0] - to[0]).abs(), (from[1] - to[1]).abs()];
        let length = dx.hypot(dy);
        self.shape.length += length;
        self.run += usize::from(length > 0.01);
        if bent || (dx > 0.01 && dy > 0.01) {
            self.shape.slanted += length;
        }
    }

    /// Parts that follow do not go on from the last one.
    fn end_run(&mut self) {
        let run = std::mem::take(&mut self.run);
        self.shape.corners = self.shape.corners.max(run);
        let is_closed = self.first.zip(self.last).is_some_and(|((_, a), (_, b))| (a[0] - b[0]).hypot(a[1] - b[1]) < 0.1);
        if !is_closed {
            self.shape.open_corners = self.shape.open_corners.max(run);
        }
    }
}
