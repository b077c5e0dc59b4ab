//! Affine maps of the plane, as SVG and PDF write them.

/// `[a, b, c, d, e, f]` maps (x, y) to (a x + c y + e, b x + d y + f).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Matrix(pub [f64; 6]);

impl Matrix {
    /// Leaves everything where it is.
    pub const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// First `inner`, then this.
    #[expect(clippy::many_single_char_names, reason = "the letters are the formats'")]
    #[must_use]
    pub fn then(&self, inner: Self) -> Self {
        let [a, b, c, d, e, f] = self.0;
        let [p, q, r, s, x, y] = inner.0;
        Self([a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * x + c * y + e, b * x + d * y + f])
    }

    /// Where it maps a place.
    #[expect(clippy::many_single_char_names, reason = "the letters are the formats'")]
    #[inline]
    pub fn apply(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        let [a, b, c, d, e, f] = self.0;
        [a * x + c * y + e, b * x + d * y + f]
    }

    /// Where it maps a direction.
    #[inline]
    pub fn turn(&self, along: [f64; 2]) -> [f64; 2] {
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
