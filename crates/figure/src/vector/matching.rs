//! Whether the claimed lines and points are drawn where the axes put them.

pub(super) mod line;
pub(super) mod scatter;
pub(super) mod shape;
