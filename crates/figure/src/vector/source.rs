//! The formats of vector figures, each turned into panels: SVG, and charts of Plotly, Vega and Vega-Lite.

pub(super) mod chart;
pub(super) mod dashes;
pub(super) mod glyphs;
pub(super) mod matrix;
pub(super) mod outline;
pub(super) mod plotly;
pub(super) mod shapes;
pub(super) mod style;
pub(super) mod svg;
pub(super) mod text;
pub(super) mod vega;
pub(super) mod vega_lite;
