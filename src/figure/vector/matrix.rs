//! Affine maps as SVG writes them.

use std::str::FromStr;

pub(super) use crate::evidence::affine::Matrix;

impl Matrix {
    /// Moves everything.
    pub(super) fn moved(x: f64, y: f64) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }

    /// The map of a `transform` attribute; what cannot be read leaves everything where it is.
    pub(super) fn parse(text: &str) -> Self {
        svgtypes::Transform::from_str(text).map_or(Self::IDENTITY, |t| Self([t.a, t.b, t.c, t.d, t.e, t.f]))
    }

    /// How many pixels long the unit along x becomes.
    pub(super) fn stretch(&self) -> f64 {
        self.0[0].hypot(self.0[1])
    }

    /// Whether what ran along x rather runs along y.
    pub(super) fn turns(&self) -> bool {
        self.0[1].abs() > self.0[0].abs()
    }

    /// Whether it turns a shape into its mirror image, as where y grows upwards.
    pub(super) fn mirrors(&self) -> bool {
        let [a, b, c, d, ..] = self.0;
        a * d - b * c < 0.0
    }
}
