//! The path that is being drawn (ISO 32000-1, 8.5).

use std::fmt::Write;

use super::matrix::{Area, Matrix, Xy};
use super::object::Object;
use super::svg::short;

/// A path in points, as SVG writes it.
#[derive(Debug, Default)]
pub(super) struct Path {
    data: String,
    area: Option<Area>,
    slanted: bool,
    /// The last place as it was written, and in points.
    last: Option<(Xy, Xy)>,
    first: Option<(Xy, Xy)>,
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

    pub(super) fn area(&self) -> Option<Area> {
        self.area.filter(|_| !self.absurd)
    }

    pub(super) fn slanted(&self) -> bool {
        self.slanted
    }

    pub(super) fn data(&self) -> &str {
        self.data.trim_end()
    }

    /// Carries out an operator that adds to the path; tells whether it was one. `origin` is taken off every place.
    pub(super) fn add(&mut self, operator: &[u8], operands: &[Object], matrix: &Matrix, origin: Xy) -> bool {
        let numbers: Vec<f64> = operands.iter().filter_map(Object::number).take(6).collect();
        match (operator, numbers.as_slice()) {
            (b"m", &[x, y]) => {
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
        if self.last.is_some() {
            self.data.push_str("Z ");
            self.last = self.first;
        }
    }

    fn place(&mut self, command: &str, places: &[Xy], matrix: &Matrix, origin: Xy) {
        if command != "M" && self.last.is_none() {
            return;
        }
        self.data.push_str(command);
        for place in places {
            let [x, y] = matrix.apply(*place);
            self.absurd |= !(x.abs() < 1e6 && y.abs() < 1e6);
            let _ = write!(self.data, "{} {} ", short(x - origin[0]), short(y - origin[1]));
            self.area = Some(Area { left: x, top: y, right: x, bottom: y }.with(self.area));
        }
        let end = places.last().copied().unwrap_or_default();
        let there = matrix.apply(end);
        if let Some((_, before)) = self.last.filter(|_| command != "M") {
            self.slanted |= command == "C" || ((before[0] - there[0]).abs() > 0.01 && (before[1] - there[1]).abs() > 0.01);
        }
        self.last = Some((end, there));
    }
}
