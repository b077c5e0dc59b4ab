//! Vega-Lite's charts: marks with encodings, in layers and side by side.

use std::cell::Cell;
use std::collections::BTreeMap;

use serde_json::Value;

use crate::reading::Furniture;
use crate::reason::{self, Unread};
use crate::vector::model::{Drawing, Look, Panel};
use crate::vector::source::chart::{Axis, PANELS, SERIES, Trace, panel};
use mlgrade_domain::limits;

/// Charts within charts.
const DEPTH: usize = 16;

/// Parts that change data or geometry in ways that are not followed.
const UNREAD: [&str; 2] = ["transform", "repeat"];

/// What a chart within a chart has from the one around it.
#[derive(Clone, Copy)]
struct Outer<'a> {
    data: Option<&'a Value>,
    encoding: Option<&'a Value>,
    fault: Option<Unread>,
    /// How many rows may still be drawn: many layers may draw the same data.
    left: &'a Cell<usize>,
}

/// Reads a chart.
pub(in crate::vector) fn drawing(chart: &Value) -> Drawing {
    let mut panels = Vec::new();
    let left = Cell::new(limits::SVG_POINTS);
    let outer = Outer { data: None, encoding: None, fault: None, left: &left };
    views(chart, chart, outer, DEPTH, &mut panels);
    let fault = panels.is_empty().then_some(Unread::NoPanels);
    Drawing { panels, fault, has_pixels: false, simplified: 0.0 }
}

/// Reads a chart or those that stand side by side in it.
fn views<'a>(root: &'a Value, chart: &'a Value, outer: Outer<'a>, depth: usize, panels: &mut Vec<Panel>) {
    if depth == 0 || panels.len() >= PANELS {
        return;
    }
    let changed = UNREAD.iter().any(|name| chart.get(name).is_some_and(|part| part.as_array().is_none_or(|steps| !steps.is_empty())));
    let fault = if changed { Some(Unread::Transformed) } else { outer.fault };
    let outer = Outer { data: chart.get("data").or(outer.data), encoding: outer.encoding, fault, left: outer.left };
    let parts = ["hconcat", "vconcat", "concat"].iter().find_map(|name| chart.get(name)).and_then(Value::as_array);
    if let Some(parts) = parts {
        for part in parts {
            views(root, part, outer, depth - 1, panels);
        }
        return;
    }
    let mut traces = Vec::new();
    let mut scene = Scene { root, traces: &mut traces, x: Axis::default(), y: Axis::default(), drawn: false, furniture: Furniture::default() };
    match chart.get("spec") {
        // Facets split the data over panels, which is not followed.
        Some(spec) => scene.layers(spec, Outer { fault: Some(Unread::Faceted), ..outer }, depth - 1),
        None => scene.layers(chart, outer, depth - 1),
    }
    if !scene.drawn {
        return;
    }
    let (x, y, mut furniture) = (scene.x, scene.y, scene.furniture);
    furniture.title = chart.get("title").is_some() || root.get("title").is_some();
    furniture.colours = traces.len();
    panels.push(panel(&traces, &x, &y, furniture));
}

/// One panel in the making.
struct Scene<'a> {
    root: &'a Value,
    traces: &'a mut Vec<Trace>,
    x: Axis,
    y: Axis,
    drawn: bool,
    furniture: Furniture,
}

impl<'a> Scene<'a> {
    fn layers(&mut self, chart: &'a Value, outer: Outer<'a>, depth: usize) {
        if depth == 0 {
            return;
        }
        let changed = UNREAD.iter().any(|name| chart.get(name).is_some_and(|part| part.as_array().is_none_or(|steps| !steps.is_empty())));
        let fault = if changed { Some(Unread::Transformed) } else { outer.fault };
        let inner = Outer { data: chart.get("data").or(outer.data), encoding: chart.get("encoding").or(outer.encoding), fault, left: outer.left };
        if let Some(layers) = chart.get("layer").and_then(Value::as_array) {
            for layer in layers {
                self.layers(layer, inner, depth - 1);
            }
            return;
        }
        let Some(mark) = chart.get("mark") else { return };
        let kind = mark.as_str().or_else(|| mark.get("type")?.as_str()).unwrap_or_default();
        let line = kind == "line";
        let marked = matches!(kind, "point" | "circle" | "square");
        self.drawn = true;
        if !line && !marked {
            return;
        }
        let points_too = line && mark.get("point").is_some_and(|point| !matches!(point, Value::Bool(false) | Value::Null));
        // A layer's own channels come before those around it.
        let channel = |name: &str| {
            let own = chart.get("encoding").and_then(|encoding| encoding.get(name));
            own.or_else(|| outer.encoding.and_then(|encoding| encoding.get(name))).or_else(|| inner.encoding.and_then(|encoding| encoding.get(name)))
        };
        let (Some(x), Some(y)) = (channel("x"), channel("y")) else {
            // Rules and reference lines often lack one.
            return;
        };
        let colour = ["color", "stroke", "shape", "strokeDash", "detail"].iter().find_map(|name| channel(name).filter(|c| c.get("field").is_some()));
        self.furniture.legend |= ["color", "stroke", "shape", "strokeDash"].iter().any(|name| channel(name).is_some_and(|c| c.get("field").is_some()));
        self.furniture.x_label |= x.get("title") != Some(&Value::Null);
        self.furniture.y_label |= y.get("title") != Some(&Value::Null);
        for (axis, channel) in [(&mut self.x, x), (&mut self.y, y)] {
            read_axis(axis, channel);
        }
        let faceted = ["row", "column", "facet"].iter().any(|name| channel(name).is_some());
        let rows = inner.data.map(|data| self.rows(data));
        let fault = match (inner.fault, &rows) {
            (Some(fault), _) => Some(fault),
            _ if faceted => Some(Unread::Faceted),
            (None, Some(Ok(_))) => None,
            (None, Some(Err(unread))) => Some(*unread),
            (None, None) => Some(Unread::NoData),
        };
        if let Some(fault) = fault {
            self.x.fault.get_or_insert(fault);
            return;
        }
        let order = channel("order").and_then(|order| order.get("field")).and_then(Value::as_str);
        let keep_order = channel("order").is_some_and(|order| order.get("field").is_none());
        let fields = Fields { x: field(x), y: field(y), colour: colour.and_then(field), order };
        let rows = rows.and_then(Result::ok).unwrap_or(&[]);
        let Some(left) = inner.left.get().checked_sub(rows.len()) else {
            self.x.fault.get_or_insert(Unread::LargeChart);
            return;
        };
        inner.left.set(left);
        for (name, mut points) in fields.groups(rows, &mut self.x, &mut self.y) {
            if self.traces.len() >= SERIES {
                break;
            }
            if line && !keep_order {
                points.sort_by(|a, b| a.0.total_cmp(&b.0));
            }
            self.traces.push(of_rows(name, &points, line, marked || points_too));
        }
    }

    /// The rows of a data source that the chart holds itself.
    fn rows(&self, data: &'a Value) -> Result<&'a [Value], Unread> {
        let values = match data.get("name").and_then(Value::as_str) {
            Some(name) if data.get("values").is_none() => self.root.get("datasets").and_then(|sets| sets.get(name)),
            _ => data.get("values"),
        };
        values.and_then(Value::as_array).map(Vec::as_slice).ok_or(Unread::DataElsewhere)
    }
}

/// The field of a channel that shows its values as they are.
fn field(channel: &Value) -> Option<&str> {
    channel.get("field").and_then(Value::as_str)
}

fn read_axis(axis: &mut Axis, channel: &Value) {
    let scale = channel.get("scale");
    let kind = scale.and_then(|scale| scale.get("type")).and_then(Value::as_str);
    axis.log |= kind == Some("log");
    let domain = scale.and_then(|scale| scale.get("domain"));
    if let Some([from, to]) = domain.and_then(|domain| Some([domain.get(0)?.as_f64()?, domain.get(1)?.as_f64()?])) {
        axis.range = Some(if axis.log { [from.log10(), to.log10()] } else { [from, to] });
    }
    let set = |name: &str| channel.get(name).is_some_and(|part| !matches!(part, Value::Null | Value::Bool(false)));
    let fault = if ["aggregate", "bin", "timeUnit", "impute"].iter().any(|name| set(name)) {
        Unread::Computed
    } else if channel.get("type").and_then(Value::as_str) == Some("temporal") {
        Unread::DatesSomewhere
    } else {
        return;
    };
    axis.fault.get_or_insert(fault);
}

/// The fields of the channels.
pub(in crate::vector) struct Fields<'a> {
    /// Along x.
    pub x: Option<&'a str>,
    /// Along y.
    pub y: Option<&'a str>,
    /// What tells series apart.
    pub colour: Option<&'a str>,
    /// What the points of a line are ordered by, if not by x.
    pub order: Option<&'a str>,
}

/// What a line is ordered by, and its place.
pub(in crate::vector) type Row = (f64, Option<f64>, Option<f64>);

/// The trace through the rows of one group.
pub(super) fn of_rows(name: String, rows: &[Row], line: bool, marked: bool) -> Trace {
    Trace {
        name: (!name.is_empty()).then(|| name.clone()),
        look: Look { colour: None, pattern: name },
        x: rows.iter().map(|row| row.1).collect(),
        y: rows.iter().map(|row| row.2).collect(),
        line,
        marked,
        bridged: true,
    }
}

impl Fields<'_> {
    /// The rows of each colour.
    pub(in crate::vector) fn groups(&self, rows: &[Value], x_axis: &mut Axis, y_axis: &mut Axis) -> BTreeMap<String, Vec<Row>> {
        let mut groups: BTreeMap<String, Vec<Row>> = BTreeMap::new();
        let mut words = [0_usize; 2];
        for row in rows {
            let get = |field: Option<&str>| field.and_then(|field| lookup(row, field));
            let (x, y) = (get(self.x), get(self.y));
            for (count, value) in words.iter_mut().zip([x, y]) {
                *count += usize::from(value.is_some_and(|value| value.as_str().is_some_and(|text| text.trim().parse::<f64>().is_err())));
            }
            let number = |value: Option<&Value>| match value {
                Some(Value::Number(number)) => number.as_f64(),
                Some(Value::String(text)) => text.trim().parse::<f64>().ok().filter(|number| number.is_finite()),
                _ => None,
            };
            let name = match get(self.colour) {
                Some(Value::String(text)) => text.clone(),
                Some(value) => value.to_string(),
                None => String::new(),
            };
            let (x, y) = (number(x), number(y));
            // Rows without a place in the order come last.
            let order = self.order.map_or(x, |order| number(get(Some(order)))).unwrap_or(f64::INFINITY);
            groups.entry(name).or_default().push((order, x, y));
        }
        for (axis, (which, words)) in [x_axis, y_axis].into_iter().zip([reason::Axis::X, reason::Axis::Y].into_iter().zip(words)) {
            if 2 * words > rows.len() {
                axis.fault.get_or_insert(Unread::Words(which));
            }
        }
        groups
    }
}

/// A field of a row; dots and brackets with a backslash belong to the name, others lead into it.
fn lookup<'a>(row: &'a Value, field: &str) -> Option<&'a Value> {
    let plain = field.replace("\\.", ".").replace("\\[", "[").replace("\\]", "]");
    row.get(&plain).or_else(|| field.split('.').try_fold(row, |value, part| value.get(part)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn series_are_told_by_colour_and_ordered_along_x() {
        let chart = json!({"data": {"name": "d"}, "datasets": {"d": [{"a": 2, "b": 5, "k": "u"}, {"a": 1, "b": 4, "k": "u"}, {"a": 1, "b": 9, "k": "v"}]},
            "mark": {"type": "line", "point": true}, "encoding": {"x": {"field": "a"}, "y": {"field": "b"}, "color": {"field": "k"}}});
        let panel = &drawing(&chart).panels[0];
        assert_eq!((panel.curves.len(), panel.markers.len()), (2, 2));
        let run = &panel.curves[0].runs[0];
        assert!(panel.curves[0].name.as_deref() == Some("u") && run[0][0] < run[1][0] && run[0][1] > run[1][1]);
    }

    #[test]
    fn what_is_computed_is_not_read() {
        let rows = json!([{"a": 1, "b": 4}, {"a": 2, "b": 4}]);
        let mean = json!({"data": {"values": rows}, "mark": "line", "encoding": {"x": {"field": "a"}, "y": {"field": "b", "aggregate": "mean"}}});
        assert!(drawing(&mean).panels[0].y.is_err());
        let folded =
            json!({"data": {"values": rows}, "transform": [{"fold": ["a", "b"]}], "mark": "line", "encoding": {"x": {"field": "a"}, "y": {"field": "b"}}});
        assert!(drawing(&folded).panels[0].x.is_err());
    }
}
