//! Where the panels of a drawing are, and which values their axes show.

pub(super) mod axes;
pub(super) mod ticks;
