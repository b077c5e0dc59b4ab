//! Charts in JSON as panels. Their values are exact; pixels are made up: every frame is a square of the same size.

use mlgrade_picture::geometry::{Point, Rect};
use serde_json::Value;

use crate::reading::Furniture;
use crate::reason::Unread;
use crate::vector::model::{Curve, Look, Markers, Panel, Scale};

/// The made-up side of a frame.
const SIDE: f64 = 1000.0;

/// Panels of one chart that are kept.
pub(in crate::vector) const PANELS: usize = 64;

/// Series of one chart that are kept.
pub(in crate::vector) const SERIES: usize = 2_000;

/// The coordinates of one axis.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::vector) enum Values {
    /// Numbers, with gaps.
    Numbers(Vec<Option<f64>>),
    /// Words or dates, which no numeric claim can be held against.
    Others,
}

impl Values {
    /// Values as JSON has them: numbers, numbers in strings, gaps.
    pub(in crate::vector) fn of<'a>(values: impl Iterator<Item = &'a Value>) -> Self {
        let mut numbers = Vec::new();
        let (mut words, mut read) = (0_usize, 0_usize);
        for value in values {
            let number = match value {
                Value::Number(number) => number.as_f64(),
                Value::String(text) => text.trim().parse::<f64>().ok(),
                _ => None,
            };
            words += usize::from(number.is_none() && value.is_string());
            read += usize::from(number.is_some());
            numbers.push(number.filter(|number| number.is_finite()));
        }
        if words > read { Self::Others } else { Self::Numbers(numbers) }
    }
}

/// What a chart draws of one series.
#[derive(Debug, Clone, Default)]
pub(in crate::vector) struct Trace {
    /// Its name, if it has one.
    pub name: Option<String>,
    /// Its looks.
    pub look: Look,
    /// Along x.
    pub x: Vec<Option<f64>>,
    /// Along y.
    pub y: Vec<Option<f64>>,
    /// Whether its points are joined.
    pub line: bool,
    /// Whether its points are marked.
    pub marked: bool,
    /// Whether gaps are bridged.
    pub bridged: bool,
}

/// An axis of a chart.
#[derive(Debug, Clone, Default)]
pub(in crate::vector) struct Axis {
    /// Whether it is logarithmic.
    pub log: bool,
    /// What it shows, if the chart says so: values, or their logarithms to base 10.
    pub range: Option<[f64; 2]>,
    /// Why there is no scale.
    pub fault: Option<Unread>,
}

/// A panel that draws `traces` over two axes.
pub(in crate::vector) fn panel(traces: &[Trace], x: &Axis, y: &Axis, furniture: Furniture) -> Panel {
    let frame = Rect { left: 0.0, top: 0.0, right: SIDE, bottom: SIDE };
    let x_scale = scale(traces.iter().flat_map(|trace| &trace.x), x, true);
    let y_scale = scale(traces.iter().flat_map(|trace| &trace.y), y, false);
    let mut panel = Panel { frame, x: x_scale, y: y_scale.map(|scale| vec![scale]), curves: Vec::new(), markers: Vec::new(), furniture };
    let (Ok(x), Ok(y)) = (&panel.x, &panel.y) else { return panel };
    let place = |at: (&Option<f64>, &Option<f64>)| Some([x.place((*at.0)?)?, y[0].place((*at.1)?)?]);
    for trace in traces {
        let points: Vec<Option<Point>> = trace.x.iter().zip(&trace.y).map(place).collect();
        let (look, name) = (trace.look.clone(), trace.name.clone());
        if trace.marked {
            let centres = points.iter().flatten().copied().collect();
            panel.markers.push(Markers { look: look.clone(), centres, name: name.clone(), precision: 0.01 });
        }
        if trace.line {
            let runs = if trace.bridged {
                vec![points.into_iter().flatten().collect()]
            } else {
                points.split(Option::is_none).map(|run| run.iter().flatten().copied().collect()).collect::<Vec<Vec<Point>>>()
            };
            let runs: Vec<Vec<Point>> = runs.into_iter().filter(|run| !run.is_empty()).collect();
            panel.curves.push(Curve { look, runs, name, precision: 0.01 });
        }
    }
    panel
}

/// The scale that maps what an axis shows to the frame.
fn scale<'a>(values: impl Iterator<Item = &'a Option<f64>>, axis: &Axis, along: bool) -> Result<Scale, Unread> {
    if let Some(fault) = axis.fault {
        return Err(fault);
    }
    let places = values.flatten().map(|value| if axis.log { value.log10() } else { *value }).filter(|value| value.is_finite());
    let extent = places.fold(None, |extent: Option<[f64; 2]>, v| Some(extent.map_or([v, v], |[low, high]| [low.min(v), high.max(v)])));
    let said = axis.range.filter(|[from, to]| from.is_finite() && to.is_finite() && (to - from).abs() > 0.0);
    let [from, to] = match (said, extent) {
        (Some(range), _) => range,
        (None, Some([low, high])) => {
            // Libraries leave a margin like this.
            let margin = if high > low { 0.05 * (high - low) } else { low.abs().max(1.0) / 2.0 };
            [low - margin, high + margin]
        }
        (None, None) => return Err(Unread::NoPoints),
    };
    let unit = SIDE / (to - from);
    let (zero, unit) = if along { (-unit * from, unit) } else { (SIDE + unit * from, -unit) };
    let scale = Scale { log: axis.log, zero, unit, slack: 0.01, pinned: true };
    (zero.is_finite() && unit.is_finite() && unit != 0.0).then_some(scale).ok_or(Unread::ExtremeValues)
}
