//! The points of one SVG shape in its own unit.

use mlgrade_picture::geometry::Point;
use std::str::FromStr;

use roxmltree::Node;
use svgtypes::SimplePathSegment;

/// A shape's points; of curved parts only the ends.
pub(in crate::vector) struct Outline {
    /// The connected parts.
    pub runs: Vec<Vec<Point>>,
    /// Whether all of them return to their start.
    pub closed: bool,
    /// Whether it has curved parts.
    pub curved: bool,
    /// Whether all coordinates are whole numbers.
    pub whole: bool,
    /// The middle of a circle or ellipse.
    pub centre: Option<Point>,
}

/// The outline of a shape's element; `None` for elements that are no shape or cannot be read.
pub(in crate::vector) fn outline(node: Node) -> Option<Outline> {
    let length = |name: &str| node.attribute(name).and_then(in_unit);
    let at = |name: &str| length(name).unwrap_or(0.0);
    let straight = |points: Vec<Point>, closed: bool| {
        let whole = points.iter().flatten().all(|v| v.fract() == 0.0);
        Outline { runs: vec![points], closed, curved: false, whole, centre: None }
    };
    Some(match node.tag_name().name() {
        "path" => path(node.attribute("d")?),
        "line" => straight(vec![[at("x1"), at("y1")], [at("x2"), at("y2")]], false),
        "polyline" | "polygon" => {
            let points: Vec<Point> = svgtypes::PointsParser::from(node.attribute("points")?).map(|(x, y)| [x, y]).collect();
            straight(points, node.tag_name().name() == "polygon")
        }
        "rect" => {
            let (x, y, w, h) = (at("x"), at("y"), length("width")?, length("height")?);
            straight(vec![[x, y], [x + w, y], [x + w, y + h], [x, y + h]], true)
        }
        "circle" | "ellipse" => {
            let (x, y) = (at("cx"), at("cy"));
            let (rx, ry) = (length("r").or(length("rx"))?, length("r").or(length("ry"))?);
            let points = vec![[x - rx, y], [x, y - ry], [x + rx, y], [x, y + ry]];
            Outline { curved: true, centre: Some([x, y]), whole: x.fract() == 0.0 && y.fract() == 0.0, ..straight(points, true) }
        }
        _ => return None,
    })
}

/// A length in the element's unit; `None` for shares of the figure.
fn in_unit(text: &str) -> Option<f64> {
    svgtypes::Length::from_str(text.trim()).ok().filter(|length| length.unit != svgtypes::LengthUnit::Percent).map(|length| length.number)
}

/// Whether the last point is the first, up to rounding.
fn returns(run: &[Point]) -> bool {
    run.first().zip(run.last()).is_some_and(|(a, b)| (a[0] - b[0]).abs() < 1e-3 && (a[1] - b[1]).abs() < 1e-3)
}

fn path(data: &str) -> Outline {
    let mut runs: Vec<Vec<Point>> = Vec::new();
    let (mut closed, mut curved, mut whole) = (0, false, true);
    // After a fault the rest is not drawn, as SVG says.
    for segment in svgtypes::SimplifyingPathParser::from(data).map_while(Result::ok) {
        let to = match segment {
            SimplePathSegment::MoveTo { x, y } => {
                runs.push(vec![[x, y]]);
                whole &= x.fract() == 0.0 && y.fract() == 0.0;
                continue;
            }
            SimplePathSegment::LineTo { x, y } => [x, y],
            SimplePathSegment::CurveTo { x, y, .. } | SimplePathSegment::Quadratic { x, y, .. } => {
                curved = true;
                [x, y]
            }
            SimplePathSegment::ClosePath => {
                closed += 1;
                continue;
            }
        };
        whole &= to[0].fract() == 0.0 && to[1].fract() == 0.0;
        if let Some(run) = runs.last_mut() {
            run.push(to);
        }
    }
    // A move that nothing follows draws nothing.
    runs.retain(|run| run.len() > 1);
    let closed = !runs.is_empty() && (closed == runs.len() || runs.iter().all(|run| run.len() > if curved { 2 } else { 3 } && returns(run)));
    Outline { runs, closed, curved, whole, centre: None }
}
