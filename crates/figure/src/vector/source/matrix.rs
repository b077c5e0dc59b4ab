//! Affine maps as SVG writes them.

use std::str::FromStr;

pub(in crate::vector) use mlgrade_picture::affine::Matrix;

/// The map of a `transform` attribute; what cannot be read leaves everything where it is.
pub(in crate::vector) fn transform(text: &str) -> Matrix {
    svgtypes::Transform::from_str(text).map_or(Matrix::IDENTITY, |t| Matrix([t.a, t.b, t.c, t.d, t.e, t.f]))
}
