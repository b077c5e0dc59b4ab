//! What stands on a drawing or a chart.

use super::model::{Curve, Drawing, Look, Panel, Scale};
use crate::contents::{Axis, Contents, Drawn, Looks, Panel as Listed};
use crate::reading::Frame;
use crate::reason::NoAxes;
use mlgrade_picture::geometry::{Point, Rect};

/// How many values of something are listed.
const VALUES: usize = 6;

/// A straight piece shorter than this share of the frame's width is no series.
const SHORT: f64 = 0.3;

/// Lists what is drawn on each panel.
pub(super) fn list(drawing: &Drawing) -> Contents {
    let none = drawing.fault.map(NoAxes::Unread).or_else(|| drawing.panels.is_empty().then_some(NoAxes::NoneFound));
    Contents { panels: drawing.panels.iter().enumerate().map(|(i, panel)| listed(i + 1, panel, drawing.has_pixels)).collect(), none, incomplete: false }
}

fn listed(number: usize, panel: &Panel, has_pixels: bool) -> Listed {
    let frame = panel.frame;
    let axis = |scale: &Scale, from: f64, to: f64| Axis { ends: [scale.value(from), scale.value(to)], log: scale.log, sure: scale.pinned };
    let scales = panel.x.as_ref().ok().zip(panel.y.as_ref().ok().and_then(|scales| scales.first()));
    let (short, long): (Vec<&Curve>, Vec<&Curve>) = panel.curves.iter().partition(|curve| is_short(curve, frame));
    let curves = long.into_iter().map(|curve| drawn(scales, &curve.look, curve.name.as_ref(), Looks::Line, &inside(curve, frame)));
    let strokes = by_colour(&short).into_iter().map(|(look, of)| {
        let places: Vec<Point> = of.iter().flat_map(|curve| inside(curve, frame)).collect();
        drawn(scales, look, None, Looks::Strokes(of.len()), &places)
    });
    let markers =
        panel.markers.iter().map(|markers| drawn(scales, &markers.look, markers.name.as_ref(), Looks::Points(markers.centres.len()), &markers.centres));
    let mut drawn: Vec<Drawn> = curves.chain(markers).chain(strokes).filter(|one| one.extent.is_some() || scales.is_none()).collect();
    drawn.sort_by_key(|one| one.names.is_empty());
    Listed {
        number,
        frame: has_pixels.then(|| Frame { left: whole(frame.left), top: whole(frame.top), right: whole(frame.right), bottom: whole(frame.bottom) }),
        x: panel.x.as_ref().ok().map(|scale| axis(scale, frame.left, frame.right)),
        y: panel.y.iter().flatten().map(|scale| axis(scale, frame.bottom, frame.top)).collect(),
        furniture: panel.furniture,
        drawn,
    }
}

/// Whether a curve is a short straight piece: of an error bar, or of something beside the series.
fn is_short(curve: &Curve, frame: Rect) -> bool {
    let vertices: usize = curve.runs.iter().map(Vec::len).sum();
    let bounds = Rect::around(curve.runs.iter().flatten());
    vertices <= 3 && bounds.is_none_or(|bounds| bounds.width() < SHORT * frame.width())
}

/// The vertices that lie inside of the frame or on its edge.
fn inside(curve: &Curve, frame: Rect) -> Vec<Point> {
    curve.runs.iter().flatten().copied().filter(|place| frame.grown(1.0).contains(*place)).collect()
}

/// Curves of one colour together, in the order in which they were drawn.
fn by_colour<'c>(curves: &[&'c Curve]) -> Vec<(&'c Look, Vec<&'c Curve>)> {
    let mut groups: Vec<(&Look, Vec<&Curve>)> = Vec::new();
    for &curve in curves {
        match groups.iter_mut().find(|(look, _)| look.colour == curve.look.colour) {
            Some((_, group)) => group.push(curve),
            None => groups.push((&curve.look, vec![curve])),
        }
    }
    groups
}

/// What is drawn at `points`.
fn drawn(scales: Option<(&Scale, &Scale)>, look: &Look, name: Option<&String>, looks: Looks, points: &[Point]) -> Drawn {
    let value = |point: Point| scales.map(|(x, y)| [tidy(x, point[0]), tidy(y, point[1])]);
    let extent = Rect::around(points.iter()).and_then(|bounds| {
        let (a, b) = (value([bounds.left, bounds.bottom])?, value([bounds.right, bounds.top])?);
        Some([0, 1].map(|axis| [a[axis].min(b[axis]), a[axis].max(b[axis])]))
    });
    let last = points.len().saturating_sub(1);
    let mut places: Vec<usize> = (0..VALUES).map(|i| last * i / (VALUES - 1)).collect();
    places.dedup();
    let values = places.into_iter().filter_map(|i| value(*points.get(i)?)).filter(|_| looks == Looks::Line).collect();
    Drawn { colour: look.colour, names: name.cloned().into_iter().collect(), looks, extent, values }
}

/// The value at a place; what differs from nought by less than a millionth of a pixel is nought.
fn tidy(scale: &Scale, place: f64) -> f64 {
    let is_nought = !scale.log && (place - scale.zero).abs() < 1e-6;
    if is_nought { 0.0 } else { scale.value(place) }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the value is clamped to the range first")]
fn whole(place: f64) -> usize {
    place.round().clamp(0.0, 1e9) as usize
}
