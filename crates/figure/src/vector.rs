//! Vector figures, read exactly: SVG of the usual plotting libraries, and charts of Plotly, Vega-Lite and Vega.

mod contents;
mod judge;
mod layout;
mod legend;
mod matching;
mod model;
mod source;

#[cfg(test)]
mod tests;

use mlgrade_picture::geometry::{Point, Rect};
use serde_json::Value;

use self::model::{Drawing, Rgb};
use super::claim::Claim;
use super::contents::Contents;
use super::lettering::Words;
use super::reading::Reading;
use super::reason::Unread;
use mlgrade_picture::figure::{Content, Dialect, Figure};
use source::{glyphs, plotly, shapes, svg, vega, vega_lite};

/// A drawing or chart that was read once, to be held against any number of claims.
#[derive(Debug)]
pub(super) struct Plot(Drawing);

impl Plot {
    /// Reads a figure that has no pixels.
    pub(super) fn of(figure: &Figure) -> Self {
        Self(match &figure.content {
            Content::Drawing { source, .. } => svg::drawing(source),
            Content::Chart { dialect, chart } => match dialect {
                Dialect::Plotly => plotly::drawing(chart),
                Dialect::VegaLite => vega_lite::drawing(chart),
                Dialect::Vega => vega::drawing(chart),
            },
            Content::Raster { .. } => Drawing { fault: Some(Unread::NoDrawing), ..Drawing::default() },
        })
    }

    /// Holds `claim` against it; see [`super::Plot::read`].
    pub(super) fn read(&self, claim: &Claim, panel: Option<usize>) -> Reading {
        judge::judge(&self.0, claim, panel)
    }

    /// What stands on it.
    pub(super) fn contents(&self) -> Contents {
        contents::list(&self.0)
    }
}

/// Texts that a sketch has at most.
const WORDS: usize = 500;

/// A drawing without its fillings, to be seen below an overlay.
#[derive(Default)]
pub(super) struct Sketch {
    /// The colour of what it is drawn on.
    pub paper: Option<Rgb>,
    /// Its lines and outlines with their colours.
    pub lines: Vec<(Vec<Point>, Rgb)>,
    /// Its texts.
    pub words: Vec<Words>,
}

/// Draws an SVG as far as an overlay needs it.
pub(super) fn sketch(source: &str) -> Sketch {
    let shapes = mlgrade_picture::figure::parse_svg(source).ok().and_then(|document| shapes::flatten(&document).ok()).unwrap_or_default();
    let readable = shapes.labels.into_iter().filter(|label| !glyphs::is_cipher(&label.text)).take(WORDS);
    let words = readable.map(|label| {
        let length = 2.0 * if label.turned { label.half[1] } else { label.half[0] };
        Words { text: label.text, middle: label.middle, length, em: label.em, turned: label.turned }
    });
    let mut sketch = Sketch { words: words.collect(), ..Sketch::default() };
    for shape in shapes.drawn {
        let covers = |bounds: Rect| bounds.width() >= 0.98 * shapes.width && bounds.height() >= 0.98 * shapes.height;
        if shape.fill.is_some() && shape.bounds().is_some_and(covers) {
            sketch.paper = shape.fill;
        } else if let Some(colour) = shape.stroke.or(shape.fill) {
            let is_seen = |run: &Vec<Point>| shape.clip.is_none_or(|clip| run.iter().any(|place| clip.contains(*place)));
            let back = |run: &Vec<Point>| run.first().copied().filter(|_| shape.closed);
            sketch.lines.extend(shape.runs.into_iter().filter(is_seen).map(|mut run| {
                run.extend(back(&run));
                (run, colour)
            }));
        }
    }
    sketch
}

/// Whether a chart has no data at all.
pub(crate) fn draws_nothing(chart: &Value) -> bool {
    let empty = |name: &str| chart.get(name).is_none_or(|part| part.as_array().is_some_and(Vec::is_empty));
    ["data", "marks", "mark", "layer", "hconcat", "vconcat", "concat", "spec"].iter().all(|name| empty(name))
}
