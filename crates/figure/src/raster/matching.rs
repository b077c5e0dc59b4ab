//! Whether the claimed lines and points are drawn where the axes put them.

pub(super) mod align;
mod bars;
#[cfg(test)]
mod drawing;
pub(super) mod follow;
pub(super) mod found;
pub(super) mod line;
pub(super) mod moved;
pub(super) mod rescale;
pub(super) mod scatter;
pub(super) mod stray;
