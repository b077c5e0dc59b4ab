//! Where the panels of a picture are, and which values their axes show.

pub(super) mod axis;
mod beside;
mod drawn;
pub(super) mod frame;
mod grid;
pub(super) mod panels;
pub(super) mod scale;
