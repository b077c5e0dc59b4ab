//! Affine maps as SVG writes them.

use std::str::FromStr;

use mlgrade_picture::geometry::Affine;

/// The map of a `transform` attribute; what cannot be read leaves everything where it is.
pub(in crate::vector) fn transform(text: &str) -> Affine {
    svgtypes::Transform::from_str(text).map_or(Affine::IDENTITY, |t| Affine([t.a, t.b, t.c, t.d, t.e, t.f]))
}
