//! What a vector figure draws, whatever it was written in: panels with scales, curves and markers.

use mlgrade_picture::geometry::{Point, Rect};

use crate::reading::Furniture;
use crate::reason::Unread;

/// A colour without its transparency.
pub(super) type Rgb = [u8; 3];

/// A figure.
#[derive(Debug, Clone, Default)]
pub(super) struct Drawing {
    /// Its panels, left to right and top to bottom.
    pub panels: Vec<Panel>,
    /// Why there are none.
    pub fault: Option<Unread>,
    /// Whether the pixels are those of the picture; a chart's are made up.
    pub has_pixels: bool,
    /// How far beside its curves vertices may be that were left out, in pixels.
    pub simplified: f64,
}

/// One pair of axes, or two that share a frame.
#[derive(Debug, Clone)]
pub(super) struct Panel {
    /// What the axes enclose.
    pub frame: Rect,
    /// The scale along x, or why there is none.
    pub x: Result<Scale, Unread>,
    /// The scales along y, one for each axis that the frame has, or why there is none.
    pub y: Result<Vec<Scale>, Unread>,
    /// Its curves.
    pub curves: Vec<Curve>,
    /// Its markers, gathered by their looks.
    pub markers: Vec<Markers>,
    /// What else it has.
    pub furniture: Furniture,
}

/// The map from values to pixels along one axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    /// Whether logarithms of the values are mapped.
    pub log: bool,
    /// Where 0, or the logarithm 0, is drawn.
    pub zero: f64,
    /// Pixels per unit, or per decade.
    pub unit: f64,
    /// How well its pixels are known.
    pub slack: f64,
    /// Whether enough labels agree on it to hold it against a claim.
    pub pinned: bool,
}

impl Scale {
    /// Where a value is drawn; `None` for those that have no place on a logarithmic axis.
    pub(super) fn place(&self, value: f64) -> Option<f64> {
        let value = if self.log { value.log10() } else { value };
        Some(self.zero + self.unit * value).filter(|place| place.is_finite())
    }

    /// What is drawn at a place.
    pub(super) fn value(&self, place: f64) -> f64 {
        let value = (place - self.zero) / self.unit;
        if self.log { 10_f64.powf(value) } else { value }
    }
}

/// How a curve or marker looks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Look {
    /// The colour of the stroke or the filling.
    pub colour: Option<Rgb>,
    /// The pattern of dashes, or the shape of the marker.
    pub pattern: String,
}

/// A polyline, perhaps with gaps.
#[derive(Debug, Clone)]
pub(super) struct Curve {
    /// Its looks.
    pub look: Look,
    /// Its vertices between gaps.
    pub runs: Vec<Vec<Point>>,
    /// Its name in the legend.
    pub name: Option<String>,
    /// How precisely its places were written.
    pub precision: f64,
}

/// Markers of one look.
#[derive(Debug, Clone)]
pub(super) struct Markers {
    /// Their looks.
    pub look: Look,
    /// The places they mark.
    pub centres: Vec<Point>,
    /// Their name in the legend.
    pub name: Option<String>,
    /// How precisely their places were written.
    pub precision: f64,
}
