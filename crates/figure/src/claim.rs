//! What a figure is said to show: named series over one pair of axes.

use mlgrade_domain::diagnostic::{Code, Diagnostic};

/// How the series of a figure are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Points joined by lines, in the order of the series.
    Line,
    /// Points that stand alone.
    Scatter,
}

/// The series that one pair of axes is said to show. Never empty; all values are finite.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    kind: Kind,
    series: Vec<Series>,
}

/// One claimed series: a name and at least one point.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Its name, as a legend may spell it.
    pub name: String,
    /// Values along the x axis, in the unit of the axis.
    pub x: Vec<f64>,
    /// As many values along the y axis.
    pub y: Vec<f64>,
}

impl Claim {
    /// A claim, unless it has no series, a series without points, one with more `x` than `y`, or a value that is not finite.
    pub fn new(kind: Kind, series: Vec<Series>) -> Result<Self, Diagnostic> {
        let fault = |message: String| Err(Diagnostic::error(Code::BadValue, message));
        if series.is_empty() {
            return fault("a claim names at least one series".to_owned());
        }
        for Series { name, x, y } in &series {
            if x.len() != y.len() {
                return fault(format!("{name} has {} values of x and {} of y; both belong to the same points", x.len(), y.len()));
            }
            if x.is_empty() {
                return fault(format!("{name} has no points"));
            }
            if let Some(value) = x.iter().chain(y).find(|value| !value.is_finite()) {
                return fault(format!("{name} holds {value}, which no axis can show"));
            }
        }
        Ok(Self { kind, series })
    }

    /// How it is drawn.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Its series, in the order in which they were claimed.
    pub fn series(&self) -> &[Series] {
        &self.series
    }
}
