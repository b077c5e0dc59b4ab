//! Affine maps as PDF writes them, and boxes in the plane.

pub(super) use mlgrade_picture::affine::Matrix;

use super::object::Object;

/// A place in points: columns from the left, rows from the top of the page.
pub(super) type Xy = [f64; 2];

/// The map that six numbers of a file are.
pub(super) fn matrix(numbers: &[Object]) -> Option<Matrix> {
    let numbers: Vec<f64> = numbers.iter().map(Object::number).collect::<Option<_>>()?;
    <[f64; 6]>::try_from(numbers).ok().map(Matrix)
}

/// A box in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Area {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Area {
    /// The smallest box around `points`; `None` if there are none, or absurd ones.
    pub(super) fn around<'a>(points: impl IntoIterator<Item = &'a Xy>) -> Option<Self> {
        let area = points.into_iter().fold(None, |area: Option<Self>, &[x, y]| Some(Self { left: x, top: y, right: x, bottom: y }.with(area)))?;
        [area.left, area.top, area.right, area.bottom].iter().all(|v| v.abs() < 1e6).then_some(area)
    }

    /// The box that a map makes of the unit square, or of another box.
    pub(super) fn mapped(matrix: &Matrix, [x0, y0, x1, y1]: [f64; 4]) -> Option<Self> {
        Self::around(&[[x0, y0], [x1, y0], [x1, y1], [x0, y1]].map(|corner| matrix.apply(corner)))
    }

    /// The smallest box around this and another.
    pub(super) fn with(self, other: Option<Self>) -> Self {
        let Some(other) = other else { return self };
        Self { left: self.left.min(other.left), top: self.top.min(other.top), right: self.right.max(other.right), bottom: self.bottom.max(other.bottom) }
    }

    /// What this and another have in common, perhaps nothing.
    pub(super) fn within(self, other: Self) -> Self {
        let (left, top) = (self.left.max(other.left), self.top.max(other.top));
        Self { left, top, right: self.right.min(other.right).max(left), bottom: self.bottom.min(other.bottom).max(top) }
    }

    /// The box with all edges moved outwards.
    pub(super) fn grown(self, by: f64) -> Self {
        Self { left: self.left - by, top: self.top - by, right: self.right + by, bottom: self.bottom + by }
    }

    /// Whether it has a place in common with another.
    pub(super) fn touches(self, other: Self) -> bool {
        self.left <= other.right && other.left <= self.right && self.top <= other.bottom && other.top <= self.bottom
    }

    /// How far it is from another.
    pub(super) fn distance(self, other: Self) -> f64 {
        let apart = |a: f64, b: f64| a.max(b).max(0.0);
        apart(other.left - self.right, self.left - other.right).hypot(apart(other.top - self.bottom, self.top - other.bottom))
    }

    /// Its middle.
    pub(super) fn middle(self) -> Xy {
        [f64::midpoint(self.left, self.right), f64::midpoint(self.top, self.bottom)]
    }

    /// Its width.
    pub(super) fn width(self) -> f64 {
        self.right - self.left
    }

    /// Its height.
    pub(super) fn height(self) -> f64 {
        self.bottom - self.top
    }

    /// Whether a place lies inside or on an edge.
    pub(super) fn holds(self, [x, y]: Xy) -> bool {
        (self.left..=self.right).contains(&x) && (self.top..=self.bottom).contains(&y)
    }

    /// Whether another box lies inside, up to a point.
    pub(super) fn covers(self, other: Self) -> bool {
        let grown = self.grown(1.0);
        grown.holds([other.left, other.top]) && grown.holds([other.right, other.bottom])
    }
}
