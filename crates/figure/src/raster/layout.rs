//! Where the panels of a picture are, and which values their axes show.

pub(super) mod axis;
pub(super) mod frame;
pub(super) mod panels;
pub(super) mod scale;
