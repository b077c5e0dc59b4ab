//! Affine maps of the plane, as SVG writes them.

use std::str::FromStr;

use super::model::Xy;

/// `[a, b, c, d, e, f]` maps (x, y) to (a x + c y + e, b x + d y + f).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Matrix(pub [f64; 6]);

impl Matrix {
    /// Leaves everything where it is.
    pub(super) const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// Moves everything.
    pub(super) fn moved(x: f64, y: f64) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }

    /// The map of a `transform` attribute; what cannot be read leaves everything where it is.
    pub(super) fn parse(text: &str) -> Self {
        svgtypes::Transform::from_str(text).map_or(Self::IDENTITY, |t| Self([t.a, t.b, t.c, t.d, t.e, t.f]))
    }

    /// First `inner`, then this.
    #[expect(clippy::many_single_char_names, reason = "the letters are SVG's")]
    pub(super) fn then(&self, inner: Self) -> Self {
        let [a, b, c, d, e, f] = self.0;
        let [p, q, r, s, x, y] = inner.0;
        Self([a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * x + c * y + e, b * x + d * y + f])
    }

    /// Where it maps a place.
    #[expect(clippy::many_single_char_names, reason = "the letters are SVG's")]
    pub(super) fn apply(&self, [x, y]: Xy) -> Xy {
        let [a, b, c, d, e, f] = self.0;
        [a * x + c * y + e, b * x + d * y + f]
    }

    /// How many pixels long the unit along x becomes.
    pub(super) fn stretch(&self) -> f64 {
        self.0[0].hypot(self.0[1])
    }

    /// Whether what ran along x rather runs along y.
    pub(super) fn turns(&self) -> bool {
        self.0[1].abs() > self.0[0].abs()
    }
}
