//! Affine maps as PDF writes them, and the boxes that they make.

use mlgrade_picture::geometry::{Affine, Rect};

use super::object::Object;

/// The map that six numbers of a file are.
pub(super) fn matrix(numbers: &[Object]) -> Option<Affine> {
    let numbers: Vec<f64> = numbers.iter().map(Object::number).collect::<Option<_>>()?;
    <[f64; 6]>::try_from(numbers).ok().map(Affine)
}

/// The box that a map makes of the box between two corners; `None` for an absurd one.
pub(super) fn mapped(matrix: &Affine, [x0, y0, x1, y1]: [f64; 4]) -> Option<Rect> {
    Rect::around(&[[x0, y0], [x1, y0], [x1, y1], [x0, y1]].map(|corner| matrix.apply(corner)))
        .filter(|area| [area.left, area.top, area.right, area.bottom].iter().all(|v| v.abs() < 1e6))
}

/// Whether a box lies inside another, up to a point of print.
pub(super) fn encloses(area: Rect, inner: Rect) -> bool {
    area.grown(1.0).covers(inner)
}
