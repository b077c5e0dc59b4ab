//! Vega's charts, as Vega-Lite compiles them: lines and symbols over tables that the chart holds itself.

use serde_json::Value;

use crate::reading::Furniture;
use crate::reason::{self, Unread};
use crate::vector::model::Drawing;
use crate::vector::source::chart::{Axis, SERIES, Trace, panel};
use crate::vector::source::vega_lite::{Fields, Row, of_rows};
use mlgrade_domain::limits;

/// Groups within groups, and tables made from tables.
const DEPTH: usize = 12;

/// A table that marks in a group are split by.
#[derive(Clone, Copy)]
struct Facet<'a> {
    name: &'a str,
    data: &'a str,
}

/// Reads a chart.
pub(in crate::vector) fn drawing(chart: &Value) -> Drawing {
    let mut scene = Scene { chart, traces: Vec::new(), x: Axis::default(), y: Axis::default(), points: 0, frames: usize::from(has_axes(chart)) };
    scene.marks(chart, None, DEPTH);
    if scene.traces.is_empty() && scene.x.fault.is_none() {
        return Drawing { fault: Some(Unread::NoMarks), ..Drawing::default() };
    }
    if scene.frames > 1 {
        return Drawing { fault: Some(Unread::SeveralPanels), ..Drawing::default() };
    }
    let list = |name: &str| chart.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let titled = |scale: &str| list("axes").iter().any(|axis| axis.get("scale").and_then(Value::as_str) == Some(scale) && axis.get("title").is_some());
    let furniture = Furniture {
        x_label: titled("x"),
        y_label: titled("y"),
        title: chart.get("title").is_some(),
        legend: !list("legends").is_empty(),
        colours: scene.traces.len(),
    };
    let panel = panel(&scene.traces, &scene.x, &scene.y, furniture);
    Drawing { panels: vec![panel], fault: None, has_pixels: false, simplified: 0.0 }
}

fn has_axes(group: &Value) -> bool {
    group.get("axes").and_then(Value::as_array).is_some_and(|axes| !axes.is_empty())
}

struct Scene<'a> {
    chart: &'a Value,
    traces: Vec<Trace>,
    x: Axis,
    y: Axis,
    points: usize,
    frames: usize,
}

impl<'a> Scene<'a> {
    fn marks(&mut self, group: &'a Value, facet: Option<Facet<'a>>, depth: usize) {
        let Some(marks) = group.get("marks").and_then(Value::as_array).filter(|_| depth > 0) else { return };
        for mark in marks {
            let text = |value: Option<&'a Value>, name: &str| value.and_then(|value| value.get(name)).and_then(Value::as_str);
            match mark.get("type").and_then(Value::as_str) {
                Some("group") => {
                    self.frames += usize::from(has_axes(mark));
                    let split = mark.get("from").and_then(|from| from.get("facet"));
                    let inner = text(split, "name").zip(text(split, "data")).map(|(name, data)| Facet { name, data });
                    self.marks(mark, inner.or(facet), depth - 1);
                }
                Some(kind @ ("line" | "symbol")) => {
                    let Some(data) = text(mark.get("from"), "data") else { continue };
                    let data = facet.filter(|facet| facet.name == data).map_or(data, |facet| facet.data);
                    self.mark(mark, kind == "line", data);
                }
                _ => {}
            }
        }
    }

    fn mark(&mut self, mark: &'a Value, line: bool, data: &str) {
        let channel = |name: &str| ["update", "enter"].iter().find_map(|set| mark.get("encode")?.get(set)?.get(name));
        let field = |name: &str| channel(name).and_then(|channel| channel.get("field")).and_then(Value::as_str);
        let (Some(x), Some(y)) = (field("x"), field("y")) else { return };
        for (name, which, axis) in [("x", reason::Axis::X, &mut self.x), ("y", reason::Axis::Y, &mut self.y)] {
            let scale = channel(name).and_then(|channel| channel.get("scale"));
            let scales = self.chart.get("scales").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            let kind = scales.iter().find(|own| own.get("name") == scale).and_then(|own| own.get("type")).and_then(Value::as_str);
            axis.log |= kind == Some("log");
            if matches!(kind, Some("time" | "utc")) {
                axis.fault.get_or_insert(Unread::Dates(which));
            }
        }
        let rows = match self.rows(data, DEPTH) {
            Ok(rows) if self.points + rows.len() <= limits::SVG_POINTS => rows,
            Ok(_) => return,
            Err(unread) => {
                self.x.fault.get_or_insert(unread);
                return;
            }
        };
        self.points += rows.len();
        let colour = ["stroke", "fill", "shape", "strokeDash"].iter().find_map(|name| field(name));
        let fields = Fields { x: Some(x), y: Some(y), colour, order: None };
        for (name, mut points) in fields.groups(rows, &mut self.x, &mut self.y) {
            if self.traces.len() >= SERIES {
                return;
            }
            if line {
                points.sort_by(|a: &Row, b: &Row| a.0.total_cmp(&b.0));
            }
            self.traces.push(of_rows(name, &points, line, !line));
        }
    }

    /// The rows of a table; steps that only turn text into numbers or leave out what is none are passed over.
    fn rows(&self, name: &str, depth: usize) -> Result<&'a [Value], Unread> {
        let tables = self.chart.get("data").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let table = tables.iter().find(|table| table.get("name").and_then(Value::as_str) == Some(name)).filter(|_| depth > 0).ok_or(Unread::DataElsewhere)?;
        let harmless = |step: &Value| {
            let text = |name: &str| step.get(name).and_then(Value::as_str).unwrap_or_default();
            match text("type") {
                "formula" => text("expr") == format!("toNumber(datum[\"{}\"])", text("as")),
                "filter" => text("expr")
                    .split("&&")
                    .all(|part| part.trim().trim_start_matches('(').starts_with("isValid(") || part.trim().starts_with("isFinite(") || part.contains("] > 0")),
                _ => false,
            }
        };
        if !table.get("transform").and_then(Value::as_array).is_none_or(|steps| steps.iter().all(harmless)) {
            return Err(Unread::Transformed);
        }
        match table.get("source").and_then(Value::as_str) {
            Some(source) => self.rows(source, depth - 1),
            None => table.get("values").and_then(Value::as_array).map(Vec::as_slice).ok_or(Unread::DataElsewhere),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_compiled_line_chart_has_one_curve_for_each_colour() {
        let chart = json!({"data": [{"name": "s", "values": [{"x": 1, "y": 4, "k": "u"}, {"x": 2, "y": 3, "k": "u"}, {"x": 1, "y": 9, "k": "v"}]},
            {"name": "d", "source": "s", "transform": [{"type": "formula", "expr": "toNumber(datum[\"x\"])", "as": "x"}]}],
            "marks": [{"type": "group", "from": {"facet": {"name": "f", "data": "d", "groupby": ["k"]}}, "marks": [{"type": "line", "from": {"data": "f"},
            "encode": {"update": {"x": {"scale": "x", "field": "x"}, "y": {"scale": "y", "field": "y"}, "stroke": {"field": "k"}}}}]}]});
        let names: Vec<Option<String>> = drawing(&chart).panels[0].curves.iter().map(|curve| curve.name.clone()).collect();
        assert_eq!(names, [Some("u".to_owned()), Some("v".to_owned())]);
    }
}
