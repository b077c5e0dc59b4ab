//! Plotly's charts: `data` and `layout`.

use base64::Engine;
use serde_json::Value;

use crate::reading::Furniture;
use crate::reason::{self, Unread};
use crate::vector::model::{Drawing, Look, Panel};
use crate::vector::source::chart::{Axis, PANELS, SERIES, Trace, Values, panel};
use mlgrade_domain::limits;

/// Traces with fewer points are marked if nothing is said.
const FEW: usize = 20;

/// Traces that share a pair of axes.
struct Pair {
    x: String,
    y: String,
    traces: Vec<Trace>,
    words: [bool; 2],
}

/// Reads a chart.
pub(in crate::vector) fn drawing(chart: &Value) -> Drawing {
    let empty = Vec::new();
    let data = chart.get("data").and_then(Value::as_array).unwrap_or(&empty);
    let layout = chart.get("layout").unwrap_or(&Value::Null);
    let mut pairs: Vec<Pair> = Vec::new();
    for (i, trace) in data.iter().take(SERIES).enumerate() {
        if matches!(trace.get("visible"), Some(Value::Bool(false) | Value::String(_))) {
            continue;
        }
        let axis = |name: &str| trace.get(format!("{name}axis")).and_then(Value::as_str).unwrap_or(name).to_owned();
        let (x, y) = (axis("x"), axis("y"));
        let at = pairs.iter().position(|pair| pair.x == x && pair.y == y);
        let at = at.unwrap_or_else(|| {
            pairs.push(Pair { x, y, traces: Vec::new(), words: [false; 2] });
            pairs.len() - 1
        });
        read(trace, i, &mut pairs[at]);
    }
    pairs.truncate(PANELS);
    if pairs.is_empty() {
        return Drawing { fault: Some(Unread::NoTraces), ..Drawing::default() };
    }
    // Rows from the top, then from the left.
    let corner = |pair: &Pair| {
        let start = |axis: &str, end: usize| named(layout, axis).and_then(|axis| axis.get("domain")?.get(end)?.as_f64()).unwrap_or(end as f64);
        (-start(&pair.y, 1), start(&pair.x, 0))
    };
    pairs.sort_by(|a, b| {
        let ((top, left), (other_top, other_left)) = (corner(a), corner(b));
        top.total_cmp(&other_top).then(left.total_cmp(&other_left))
    });
    let panels: Vec<Panel> = pairs.iter().map(|pair| of_pair(pair, layout)).collect();
    Drawing { panels, fault: None, has_pixels: false, simplified: 0.0 }
}

fn of_pair(pair: &Pair, layout: &Value) -> Panel {
    let x = axis(layout, &pair.x, reason::Axis::X, pair.words[0]);
    let y = axis(layout, &pair.y, reason::Axis::Y, pair.words[1]);
    let titled = |value: Option<&Value>| {
        let title = value.and_then(|value| value.get("title"));
        let text = title.and_then(|title| title.as_str().or_else(|| title.get("text")?.as_str()));
        text.is_some_and(|text| !text.trim().is_empty())
    };
    let mut colours: Vec<&Look> = Vec::new();
    for trace in &pair.traces {
        if !colours.iter().any(|look| look.colour.is_some() && look.colour == trace.look.colour) {
            colours.push(&trace.look);
        }
    }
    let legend = layout.get("showlegend").and_then(Value::as_bool).unwrap_or(pair.traces.len() > 1);
    let furniture = Furniture {
        x_label: titled(named(layout, &pair.x)),
        y_label: titled(named(layout, &pair.y)),
        title: titled(Some(layout)),
        legend,
        colours: colours.len(),
    };
    panel(&pair.traces, &x, &y, furniture)
}

/// The layout's part for an axis: `xaxis2` for `x2`.
fn named<'a>(layout: &'a Value, axis: &str) -> Option<&'a Value> {
    let (letter, number) = axis.split_at_checked(1)?;
    layout.get(format!("{letter}axis{number}"))
}

fn axis(layout: &Value, name: &str, which: reason::Axis, words: bool) -> Axis {
    let said = named(layout, name);
    let kind = said.and_then(|axis| axis.get("type")).and_then(Value::as_str).unwrap_or("-");
    let fault = match kind {
        "date" => Some(Unread::Dates(which)),
        "category" | "multicategory" => Some(Unread::Categories(which)),
        _ => words.then_some(Unread::Words(which)),
    };
    // A reversed range is a range; an end that is not given is chosen by the library.
    let range = said.and_then(|axis| axis.get("range")).and_then(|range| Some([range.get(0)?.as_f64()?, range.get(1)?.as_f64()?]));
    Axis { log: kind == "log", range, fault }
}

fn read(trace: &Value, number: usize, pair: &mut Pair) {
    let text = |name: &str| trace.get(name).and_then(Value::as_str);
    if !matches!(text("type").unwrap_or("scatter"), "scatter" | "scattergl") {
        return;
    }
    let count = |name: &str| trace.get(name).map(values);
    let along = |name: &str, other: usize| {
        let from = trace.get(format!("{name}0")).and_then(Value::as_f64).unwrap_or(0.0);
        let step = trace.get(format!("d{name}")).and_then(Value::as_f64).unwrap_or(1.0);
        Values::Numbers((0..other).map(|i| Some(from + step * i as f64)).collect())
    };
    let length = |values: &Option<Values>| match values {
        Some(Values::Numbers(numbers)) => numbers.len(),
        _ => 0,
    };
    let (x, y) = (count("x"), count("y"));
    let (longest_x, longest_y) = (length(&x), length(&y));
    let (x, y) = (x.unwrap_or_else(|| along("x", longest_y)), y.unwrap_or_else(|| along("y", longest_x)));
    pair.words[0] |= x == Values::Others;
    pair.words[1] |= y == Values::Others;
    let (Values::Numbers(x), Values::Numbers(y)) = (x, y) else { return };
    let mode = text("mode").unwrap_or(if x.len().min(y.len()) < FEW { "lines+markers" } else { "lines" });
    let part = |part: &str, name: &str| trace.get(part).and_then(|part| part.get(name));
    let colour = part("line", "color").or_else(|| part("marker", "color")).and_then(Value::as_str);
    let dash = part("line", "dash").and_then(Value::as_str).filter(|dash| *dash != "solid").unwrap_or_default();
    // Stacked traces are drawn elsewhere.
    let stacked = text("stackgroup").is_some_and(|group| !group.is_empty());
    pair.traces.push(Trace {
        name: Some(text("name").map_or_else(|| format!("trace {number}"), str::to_owned)),
        look: Look { colour: colour.and_then(|colour| colour.parse::<svgtypes::Color>().ok()).map(|c| [c.red, c.green, c.blue]), pattern: dash.to_owned() },
        x,
        y,
        line: mode.contains("lines") && !stacked,
        marked: mode.contains("markers") && !stacked,
        bridged: trace.get("connectgaps") == Some(&Value::Bool(true)),
    });
}

/// An array, or one packed as `{"dtype": "f8", "bdata": base64}`.
fn values(array: &Value) -> Values {
    match array {
        Value::Array(values) => Values::of(values.iter()),
        Value::Object(_) => packed(array).unwrap_or(Values::Numbers(Vec::new())),
        _ => Values::Numbers(Vec::new()),
    }
}

fn all<const N: usize>(bytes: &[u8], of: impl Fn([u8; N]) -> f64) -> Vec<Option<f64>> {
    bytes.as_chunks::<N>().0.iter().map(|chunk| Some(of(*chunk)).filter(|value| value.is_finite())).collect()
}

fn packed(array: &Value) -> Option<Values> {
    let data = array.get("bdata")?.as_str()?;
    if data.len() > limits::CHART_BYTES {
        return None;
    }
    let bytes = base64::engine::general_purpose::STANDARD.decode(data).ok()?;
    Some(Values::Numbers(match array.get("dtype")?.as_str()? {
        "f8" | "float64" => all(&bytes, f64::from_le_bytes),
        "f4" | "float32" => all(&bytes, |b| f64::from(f32::from_le_bytes(b))),
        "i4" | "int32" => all(&bytes, |b| f64::from(i32::from_le_bytes(b))),
        "u4" | "uint32" => all(&bytes, |b| f64::from(u32::from_le_bytes(b))),
        "i2" | "int16" => all(&bytes, |b| f64::from(i16::from_le_bytes(b))),
        "u2" | "uint16" => all(&bytes, |b| f64::from(u16::from_le_bytes(b))),
        "i1" | "int8" => all(&bytes, |b: [u8; 1]| f64::from(i8::from_le_bytes(b))),
        "u1" | "uint8" | "u1c" | "uint8c" => all(&bytes, |b: [u8; 1]| f64::from(b[0])),
        _ => return None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn packed_arrays_hold_the_numbers_that_numpy_packed() {
        // base64.b64encode(numpy.array([1.5, -2.0], dtype="<f8")) and of [1, 2, 300] as <i2.
        let f8 = json!({"dtype": "f8", "bdata": "AAAAAAAA+D8AAAAAAAAAwA=="});
        assert_eq!(values(&f8), Values::Numbers(vec![Some(1.5), Some(-2.0)]));
        let i2 = json!({"dtype": "i2", "bdata": "AQACACwB"});
        assert_eq!(values(&i2), Values::Numbers(vec![Some(1.0), Some(2.0), Some(300.0)]));
    }

    #[test]
    fn hidden_and_other_traces_are_not_drawn() {
        let chart = json!({"data": [{"y": [1, 2]}, {"y": [3, 4], "visible": "legendonly"}, {"type": "bar", "y": [1]}], "layout": {}});
        let drawing = drawing(&chart);
        assert_eq!((drawing.panels.len(), drawing.panels[0].curves.len()), (1, 1));
    }
}
