//! What `mlgrade figure` prints without claims: what stands on the figure.

use std::fmt::Write;

use serde::Serialize;

use super::{hex, patch};
use crate::domain::number::significant;
use crate::domain::text::plain;
use crate::figure::contents::{Axis, Contents, Drawn, Looks, Panel};
use crate::figure::reason::{Doubt, Outcome};

/// What `--json` prints.
#[derive(Debug, Serialize)]
pub(super) struct Printed<'c> {
    panels: Vec<PrintedPanel<'c>>,
    /// Why there are no panels.
    reason: Option<String>,
    /// Whether panels may have been missed.
    incomplete: bool,
}

#[derive(Debug, Serialize)]
struct PrintedPanel<'c> {
    number: usize,
    /// Left, top, right, bottom.
    frame: Option<[usize; 4]>,
    x: Option<PrintedAxis>,
    y: Vec<PrintedAxis>,
    #[serde(flatten)]
    has: Has,
    drawn: Vec<PrintedDrawn<'c>>,
}

#[derive(Debug, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts of a figure")]
struct Has {
    x_label: bool,
    y_label: bool,
    title: bool,
    legend: bool,
}

#[derive(Debug, Serialize)]
struct PrintedAxis {
    from: Option<f64>,
    to: Option<f64>,
    scale: &'static str,
    sure: bool,
}

#[derive(Debug, Serialize)]
struct PrintedDrawn<'c> {
    colour: Option<String>,
    names: &'c [String],
    looks: &'static str,
    /// Of lines, markers or strokes of one colour, how many.
    count: Option<usize>,
    x: Option<[f64; 2]>,
    y: Option<[f64; 2]>,
    values: Vec<[f64; 2]>,
}

impl<'c> Printed<'c> {
    pub(super) fn of(contents: &'c Contents) -> Self {
        Self { panels: contents.panels.iter().map(PrintedPanel::of).collect(), reason: reason(contents), incomplete: contents.incomplete }
    }
}

impl<'c> PrintedPanel<'c> {
    fn of(panel: &'c Panel) -> Self {
        let furniture = &panel.furniture;
        Self {
            number: panel.number,
            frame: panel.frame.map(|frame| [frame.left, frame.top, frame.right, frame.bottom]),
            x: panel.x.as_ref().map(PrintedAxis::of),
            y: panel.y.iter().map(PrintedAxis::of).collect(),
            has: Has { x_label: furniture.x_label, y_label: furniture.y_label, title: furniture.title, legend: furniture.legend },
            drawn: panel.drawn.iter().map(PrintedDrawn::of).collect(),
        }
    }
}

impl PrintedAxis {
    fn of(axis: &Axis) -> Self {
        let [from, to] = axis.ends.map(|end| Some(end).filter(|end| end.is_finite()));
        Self { from, to, scale: if axis.log { "log" } else { "linear" }, sure: axis.sure }
    }
}

impl<'c> PrintedDrawn<'c> {
    fn of(drawn: &'c Drawn) -> Self {
        let (looks, count) = match drawn.looks {
            Looks::Line => ("line", None),
            Looks::Lines(count) => ("lines", Some(count)),
            Looks::Points(count) => ("points", Some(count)),
            Looks::Strokes(count) => ("strokes", Some(count)),
            Looks::Area => ("area", None),
        };
        // JSON has no infinity.
        let finite = |pair: &[f64; 2]| pair.iter().all(|value| value.is_finite());
        let [x, y] = [0, 1].map(|axis| drawn.extent.map(|extent| extent[axis]).filter(finite));
        Self { colour: drawn.colour.map(hex), names: &drawn.names, looks, count, x, y, values: drawn.values.iter().copied().filter(finite).collect() }
    }
}

/// Why nothing was read.
fn reason(contents: &Contents) -> Option<String> {
    contents.none.clone().map(|none| Outcome::CannotTell(Doubt::NoAxes(none)).to_string())
}

/// A paragraph a panel, a line a colour.
pub(super) fn table(contents: &Contents) -> String {
    let mut out = String::new();
    if let Some(reason) = reason(contents) {
        let _ = writeln!(out, "{}", plain(&reason));
    }
    let count = contents.panels.len();
    for panel in &contents.panels {
        let number = if contents.panels.iter().any(|panel| panel.number > 1) { format!("panel {}: ", panel.number) } else { String::new() };
        let _ = writeln!(out, "{number}{}; {}", axes(panel), has(panel));
        let rows: Vec<(String, String)> = panel.drawn.iter().map(|drawn| (name(drawn), colour(drawn))).collect();
        let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        for (drawn, (name, colour)) in panel.drawn.iter().zip(&rows) {
            let patch = drawn.colour.map_or_else(|| "  ".to_owned(), patch);
            let _ = writeln!(out, "  {patch} {name:width$}  {colour:9}  {}", looks(drawn));
        }
        if panel.drawn.is_empty() {
            out.push_str("  nothing is drawn on it\n");
        }
    }
    if contents.incomplete && count > 0 {
        out.push_str("there may be more axes, whose tick labels could not be read\n");
    }
    out
}

/// "x from 0 to 20, y from 0.01 to 2 (logarithmic)".
fn axes(panel: &Panel) -> String {
    let words = |name: &str, axis: &Axis| {
        let [from, to] = axis.ends.map(|end| significant(end, 3));
        let log = if axis.log { " (logarithmic)" } else { "" };
        let unsure = if axis.sure { "" } else { " (few tick labels)" };
        format!("{name} from {from} to {to}{log}{unsure}")
    };
    let x = panel.x.as_ref().map_or_else(|| "x is not read".to_owned(), |axis| words("x", axis));
    let y: Vec<String> = panel.y.iter().map(|axis| words("y", axis)).collect();
    format!("{x}, {}", if y.is_empty() { "y is not read".to_owned() } else { y.join(", ") })
}

/// "with a legend, a label of x; no title, no label of y".
fn has(panel: &Panel) -> String {
    let furniture = &panel.furniture;
    let all = [("label of x", furniture.x_label), ("label of y", furniture.y_label), ("title", furniture.title), ("legend", furniture.legend)];
    let of = |there: bool, word: &str| all.iter().filter(|(_, is)| *is == there).map(|(name, _)| format!("{word} {name}")).collect::<Vec<_>>().join(", ");
    match (of(true, "a"), of(false, "no")) {
        (with, without) if with.is_empty() => without,
        (with, without) if without.is_empty() => format!("with {with}"),
        (with, without) => format!("with {with}; {without}"),
    }
}

fn name(drawn: &Drawn) -> String {
    if drawn.names.is_empty() {
        "—".to_owned()
    } else {
        drawn.names.iter().map(|name| plain(name)).collect::<Vec<_>>().join(" / ").chars().take(40).collect()
    }
}

fn colour(drawn: &Drawn) -> String {
    drawn.colour.map_or_else(|| "no colour".to_owned(), hex)
}

/// "a line from x = 1 to 20: 0.92 at 1, 0.55 at 5.8, …".
fn looks(drawn: &Drawn) -> String {
    let number = |value: f64| significant(value, 3);
    let what = drawn.looks;
    let values: Vec<String> = drawn.values.iter().map(|[x, y]| format!("{} at {}", number(*y), number(*x))).collect();
    let extent = |[x, y]: [[f64; 2]; 2]| format!(", x from {} to {}, y from {} to {}", number(x[0]), number(x[1]), number(y[0]), number(y[1]));
    match (values.is_empty(), drawn.extent) {
        (false, _) => format!("{what}, y ≈ {}", values.join(", ")),
        (true, Some(all)) => format!("{what}{}", extent(all)),
        (true, None) => what.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::reading::{Frame, Furniture};

    fn contents() -> Contents {
        let line = Drawn {
            colour: Some([31, 119, 180]),
            names: vec!["val\u{1b}loss".to_owned()],
            looks: Looks::Line,
            extent: Some([[1.0, 20.0], [0.5, 0.9]]),
            values: vec![[1.0, 0.9], [20.0, 0.5]],
        };
        let points = Drawn { colour: None, names: Vec::new(), looks: Looks::Points(7), values: Vec::new(), ..line.clone() };
        let panel = Panel {
            number: 1,
            frame: Some(Frame { left: 40, top: 10, right: 600, bottom: 400 }),
            x: Some(Axis { ends: [0.0, 21.0], log: false, sure: true }),
            y: vec![Axis { ends: [0.01, f64::INFINITY], log: true, sure: false }],
            furniture: Furniture { x_label: true, legend: true, ..Furniture::default() },
            drawn: vec![line, points],
        };
        Contents { panels: vec![panel], none: None, incomplete: true }
    }

    #[test]
    fn a_panel_has_a_line_for_what_each_colour_shows() {
        let mut contents = contents();
        contents.panels[0].y[0].ends[1] = 2.0;
        let text = anstream::adapter::strip_str(&table(&contents)).to_string();
        assert_eq!(
            text,
            "x from 0 to 21, y from 0.01 to 2 (logarithmic) (few tick labels); with a label of x, a legend; no label of y, no title\n  \
             ██ val loss  #1f77b4    a line, y ≈ 0.9 at 1, 0.5 at 20\n     \
             —         no colour  7 markers or more, x from 1 to 20, y from 0.5 to 0.9\n\
             there may be more axes, whose tick labels could not be read\n"
        );
    }

    #[test]
    fn json_says_all_and_holds_no_infinity() {
        let contents = contents();
        let printed = serde_json::to_value(Printed::of(&contents)).unwrap();
        assert_eq!(printed["panels"][0]["y"][0], serde_json::json!({ "from": 0.01, "to": null, "scale": "log", "sure": false }));
        assert_eq!(printed["panels"][0]["drawn"][1]["count"], 7);
        assert_eq!((&printed["panels"][0]["legend"], &printed["incomplete"], &printed["reason"]), (&true.into(), &true.into(), &serde_json::Value::Null));
    }
}
