//! Points, boxes and affine maps of the plane.

/// Columns from the left and rows from the top, or another pair of coordinates: an array, so that code for both axes is written once.
pub type Point = [f64; 2];

/// A box whose sides are parallel to the axes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rect {
    /// The left edge.
    pub left: f64,
    /// The top edge.
    pub top: f64,
    /// The right edge.
    pub right: f64,
    /// The bottom edge.
    pub bottom: f64,
}

impl Rect {
    /// The smallest box around `points`; `None` if there are none.
    pub fn around<'a>(points: impl IntoIterator<Item = &'a Point>) -> Option<Self> {
        points.into_iter().map(|&point| Self::at(point)).reduce(Self::union)
    }

    /// The box around one point, without a size.
    pub fn at([x, y]: Point) -> Self {
        Self { left: x, top: y, right: x, bottom: y }
    }

    /// The smallest box around this and another.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self { left: self.left.min(other.left), top: self.top.min(other.top), right: self.right.max(other.right), bottom: self.bottom.max(other.bottom) }
    }

    /// What this and another have in common, perhaps nothing.
    #[must_use]
    pub fn intersection(self, other: Self) -> Self {
        let (left, top) = (self.left.max(other.left), self.top.max(other.top));
        Self { left, top, right: self.right.min(other.right).max(left), bottom: self.bottom.min(other.bottom).max(top) }
    }

    /// The box with all edges moved outwards.
    #[must_use]
    pub fn grown(self, by: f64) -> Self {
        Self { left: self.left - by, top: self.top - by, right: self.right + by, bottom: self.bottom + by }
    }

    /// Its width.
    pub fn width(self) -> f64 {
        self.right - self.left
    }

    /// Its height.
    pub fn height(self) -> f64 {
        self.bottom - self.top
    }

    /// Its middle.
    pub fn middle(self) -> Point {
        [f64::midpoint(self.left, self.right), f64::midpoint(self.top, self.bottom)]
    }

    /// Whether a point lies inside or on an edge.
    pub fn contains(self, [x, y]: Point) -> bool {
        (self.left..=self.right).contains(&x) && (self.top..=self.bottom).contains(&y)
    }

    /// Whether all of another box lies inside.
    pub fn covers(self, other: Self) -> bool {
        self.contains([other.left, other.top]) && self.contains([other.right, other.bottom])
    }

    /// Whether it has a point in common with another box.
    pub fn touches(self, other: Self) -> bool {
        self.left <= other.right && other.left <= self.right && self.top <= other.bottom && other.top <= self.bottom
    }

    /// How far it is from another box; 0 if they touch.
    pub fn distance(self, other: Self) -> f64 {
        let apart = |a: f64, b: f64| a.max(b).max(0.0);
        apart(other.left - self.right, self.left - other.right).hypot(apart(other.top - self.bottom, self.top - other.bottom))
    }
}

/// An affine map as SVG and PDF write it: `[a, b, c, d, e, f]` maps (x, y) to (a x + c y + e, b x + d y + f).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Affine(pub [f64; 6]);

impl Affine {
    /// Leaves everything where it is.
    pub const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// First `inner`, then this.
    #[expect(clippy::many_single_char_names, reason = "the letters are the formats'")]
    #[must_use]
    pub fn after(&self, inner: Self) -> Self {
        let [a, b, c, d, e, f] = self.0;
        let [p, q, r, s, x, y] = inner.0;
        Self([a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * x + c * y + e, b * x + d * y + f])
    }

    /// Where it maps a point.
    #[expect(clippy::many_single_char_names, reason = "the letters are the formats'")]
    #[inline]
    pub fn apply(&self, [x, y]: Point) -> Point {
        let [a, b, c, d, e, f] = self.0;
        [a * x + c * y + e, b * x + d * y + f]
    }

    /// Where it maps a direction.
    #[inline]
    pub fn turn(&self, along: Point) -> Point {
        let ([x, y], [left, top]) = (self.apply(along), self.apply([0.0, 0.0]));
        [x - left, y - top]
    }

    /// Moves everything.
    pub fn moved(x: f64, y: f64) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }

    /// How many pixels long the unit along x becomes.
    pub fn stretch(&self) -> f64 {
        self.0[0].hypot(self.0[1])
    }

    /// Whether what ran along x rather runs along y.
    pub fn turns(&self) -> bool {
        self.0[1].abs() > self.0[0].abs()
    }

    /// Whether it turns a shape into its mirror image, as where y grows upwards.
    pub fn mirrors(&self) -> bool {
        let [a, b, c, d, ..] = self.0;
        a * d - b * c < 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inner_map_comes_first() {
        let doubled = Affine([2.0, 0.0, 0.0, 2.0, 0.0, 0.0]);
        assert_eq!(Affine::moved(1.0, 3.0).after(doubled), Affine([2.0, 0.0, 0.0, 2.0, 1.0, 3.0]));
        assert_eq!(doubled.after(Affine::moved(1.0, 3.0)), Affine([2.0, 0.0, 0.0, 2.0, 2.0, 6.0]));
    }

    #[test]
    fn boxes_apart_have_nothing_in_common() {
        let (a, b) = (Rect { left: 0.0, top: 0.0, right: 4.0, bottom: 3.0 }, Rect { left: 7.0, top: 7.0, right: 9.0, bottom: 8.0 });
        assert!(!a.touches(b) && a.touches(a) && a.union(b).covers(b));
        assert_eq!((a.distance(b), a.distance(a)), (5.0, 0.0));
        assert_eq!((a.intersection(b).width(), a.intersection(b).height()), (0.0, 0.0));
        assert_eq!(Rect::around(&[[0.0, 3.0], [4.0, 0.0]]), Some(a));
    }
}
