//! Vector figures, read exactly: SVG of the usual plotting libraries, and charts of Plotly, Vega-Lite and Vega.

mod axes;
mod chart;
mod drawing;
mod glyphs;
mod judge;
mod legend;
mod line;
mod matrix;
mod model;
mod names;
mod outline;
mod plotly;
mod points;
mod shape;
mod shapes;
mod style;
mod text;
mod ticks;
mod track;
mod vega;
mod vega_lite;
mod words;

#[cfg(test)]
mod tests;

use serde_json::Value;

use self::model::Drawing;
use super::claim::Claim;
use super::reading::Reading;
use crate::evidence::figure::{Content, Dialect, Figure};

/// Holds `claim` against a figure that has no pixels; see [`super::read`].
pub fn read(figure: &Figure, claim: &Claim, panel: Option<usize>) -> Reading {
    let drawing = match &figure.content {
        Content::Drawing { source, .. } => drawing::drawing(source),
        Content::Chart { dialect, chart } => match dialect {
            Dialect::Plotly => plotly::drawing(chart),
            Dialect::VegaLite => vega_lite::drawing(chart),
            Dialect::Vega => vega::drawing(chart),
        },
        Content::Raster { .. } => Drawing { fault: Some("the figure has no drawing".to_owned()), ..Drawing::default() },
    };
    judge::judge(&drawing, claim, panel)
}

/// Whether a chart has no data at all.
pub fn draws_nothing(chart: &Value) -> bool {
    let empty = |name: &str| chart.get(name).is_none_or(|part| part.as_array().is_some_and(Vec::is_empty));
    ["data", "marks", "mark", "layer", "hconcat", "vconcat", "concat", "spec"].iter().all(|name| empty(name))
}
