//! An SVG as panels: axes, curves, markers and the names that the legend gives them.

use mlgrade_picture::geometry::{Point, Rect};
use std::collections::{BTreeSet, HashMap};

use crate::reading::Furniture;
use crate::reason::Unread;
use crate::vector::layout::axes::{self, Axes, is_box};
use crate::vector::legend::{Entry, Handle, entries};
use crate::vector::model::{Curve, Drawing, Look, Markers, Panel, Rgb};
use crate::vector::source::dashes;
use crate::vector::source::glyphs::is_cipher;
use crate::vector::source::shapes::{Shape, Shapes, flatten};
use mlgrade_picture::figure::parse_svg;

/// The greatest side of a marker, as a share of the figure's longer side.
const MARKER_SHARE: f64 = 0.05;

/// Curves of one panel that are kept; the longest are.
const CURVES: usize = 2_000;

/// Different looks of markers that are kept.
const LOOKS: usize = 256;

/// Lines of one look that span a whole frame are its grid from this number on.
const GRID: usize = 3;

/// How far beside a curve Matplotlib's style `fast` leaves out vertices, in pixels: about a point.
const FAST: f64 = 2.0;

/// How far beside a curve other libraries leave out vertices, in pixels: Plotly does so up to three quarters.
const SLOW: f64 = 0.9;

/// Precision of places written with decimals, and as whole numbers, in pixels.
const FINE: f64 = 0.3;
const COARSE: f64 = 0.75;

/// Reads an SVG.
pub(in crate::vector) fn drawing(source: &str) -> Drawing {
    let fault = |unread: Unread| Drawing { fault: Some(unread), ..Drawing::default() };
    let Ok(document) = parse_svg(source) else { return fault(Unread::DamagedSvg) };
    let mut shapes = match flatten(&document) {
        Ok(shapes) => shapes,
        Err(unread) => return fault(unread),
    };
    let all = axes::find(&shapes);
    if all.is_empty() {
        return fault(if shapes.glyphs.is_empty() { Unread::NoTickLabels } else { Unread::OutlinedTickLabels });
    }
    shapes.drawn = dashes::join(shapes.drawn, shapes.width.max(shapes.height));
    let parts = Parts::of(&shapes, &all);
    let panels = all.iter().enumerate().map(|(i, _)| parts.panel(&shapes, &all, i)).collect();
    let is_matplotlib = document.root_element().children().any(|child| child.attribute("id").is_some_and(|id| id.starts_with("figure_")));
    Drawing { panels, fault: None, has_pixels: true, simplified: if is_matplotlib { FAST } else { SLOW } }
}

/// A connected line of one shape, or a marker.
struct Part {
    shape: usize,
    run: usize,
    handle: Handle,
    /// Whether it stands in a legend.
    in_legend: bool,
    centre: Point,
    precision: f64,
}

struct Parts {
    parts: Vec<Part>,
    legend: Vec<Entry>,
}

impl Parts {
    fn of(shapes: &Shapes, all: &[Axes]) -> Self {
        let most = MARKER_SHARE * shapes.width.max(shapes.height);
        let mut parts = Vec::new();
        for (i, shape) in shapes.drawn.iter().enumerate() {
            if let Some(marker) = marker(shape, i, most) {
                parts.push(marker);
            } else if let Some(colour) = shape.stroke.filter(|_| (!shape.closed || shape.fill.is_none()) && !is_box(shape)) {
                let look = Look { colour: Some(colour), pattern: shape.dash.clone() };
                let precision = if shape.whole { COARSE } else { FINE };
                for (run, points) in shape.runs.iter().enumerate() {
                    let Some(bounds) = Rect::around(points) else { continue };
                    let handle = Handle { bounds, look: look.clone(), marker: false };
                    parts.push(Part { shape: i, run, handle, in_legend: false, centre: bounds.middle(), precision });
                }
            }
        }
        let ticks: BTreeSet<usize> = all.iter().flat_map(|axes| axes.labels.iter().copied()).collect();
        let texts: Vec<_> = shapes.labels.iter().enumerate().filter(|(i, _)| !ticks.contains(i)).map(|(_, label)| label).collect();
        // Only what is small can stand in a legend.
        let small: Vec<usize> = (0..parts.len()).filter(|i| parts[*i].handle.bounds.width() < 0.3 * shapes.width).collect();
        let handles: Vec<Handle> = small.iter().map(|i| parts[*i].handle.clone()).collect();
        let mut legend = entries(&texts, &handles);
        for entry in &mut legend {
            entry.handles.iter_mut().for_each(|handle| *handle = small[*handle]);
            entry.handles.iter().for_each(|part| parts[*part].in_legend = true);
        }
        Self { parts, legend }
    }

    fn panel(&self, shapes: &Shapes, all: &[Axes], which: usize) -> Panel {
        let axes = &all[which];
        let frame = axes.frame;
        let inside = frame.grown(0.01 * frame.width().max(frame.height()));
        let is_here = |bounds: Rect| bounds.touches(frame) && (bounds.width() < 1.5 * frame.width() || all.len() == 1);
        let mut curves: Vec<(usize, Curve)> = Vec::new();
        let mut markers: Vec<Markers> = Vec::new();
        for part in self.parts.iter().filter(|part| !part.in_legend) {
            if part.handle.marker {
                if inside.contains(part.centre) {
                    add_marker(&mut markers, part);
                }
                continue;
            }
            let shape = &shapes.drawn[part.shape];
            let points = &shape.runs[part.run];
            let cut_elsewhere = shape.clip.is_some_and(|clip| !clip.touches(frame.grown(-0.1 * frame.width().min(frame.height()))));
            let drawn_here = points.iter().any(|point| inside.contains(*point)) || spans(part.handle.bounds, frame);
            if cut_elsewhere || !is_here(part.handle.bounds) || !drawn_here {
                continue;
            }
            if let Some((_, curve)) = curves.last_mut().filter(|(shape, _)| *shape == part.shape) {
                curve.runs.push(points.clone());
            } else {
                let curve = Curve { look: part.handle.look.clone(), runs: vec![points.clone()], name: None, precision: part.precision };
                curves.push((part.shape, curve));
            }
        }
        let curves = without_grid(curves.into_iter().map(|(_, curve)| curve).collect(), frame);
        let mut panel = Panel { frame, x: axes.x, y: axes.y.clone(), curves, markers, furniture: Furniture::default() };
        let has_legend = self.name(&mut panel, all, which);
        panel.furniture = furniture(shapes, axes, &panel, has_legend);
        panel
    }

    /// Gives the panel's curves and markers the names of the legend entries that look like them; tells whether there are any.
    fn name(&self, panel: &mut Panel, all: &[Axes], which: usize) -> bool {
        let away = |frame: Rect, [x, y]: Point| (frame.left - x).max(x - frame.right).max(0.0).hypot((frame.top - y).max(y - frame.bottom).max(0.0));
        // A legend belongs to the panel that it is in or nearest to, where panels stand side by side to the one on its left.
        let nearest = |entry: &&Entry| {
            let at = [entry.bounds.left, entry.bounds.middle()[1]];
            let distances = all.iter().enumerate().map(|(i, axes)| (i, away(axes.frame, at)));
            distances.min_by(|a, b| a.1.total_cmp(&b.1)).is_some_and(|(i, _)| i == which)
        };
        let own: Vec<&Entry> = self.legend.iter().filter(nearest).collect();
        // A panel without a legend of its own may use one that is in none.
        let free = self.legend.iter().filter(|entry| !all.iter().any(|axes| axes.frame.contains(entry.bounds.middle())));
        let used: Vec<&Entry> = if own.is_empty() { free.collect() } else { own };
        let mut named = false;
        for entry in used {
            for handle in entry.handles.iter().map(|part| &self.parts[*part].handle) {
                if handle.marker {
                    let exact = panel.markers.iter().any(|markers| markers.look == handle.look);
                    for markers in panel.markers.iter_mut().filter(|m| m.look == handle.look || (!exact && m.look.colour == handle.look.colour)) {
                        named |= join(&mut markers.name, &entry.name);
                    }
                    // Some legends show lines by their markers.
                    if entry.handles.len() == 1 {
                        for curve in panel.curves.iter_mut().filter(|curve| curve.look.colour == handle.look.colour) {
                            named |= join(&mut curve.name, &entry.name);
                        }
                    }
                } else {
                    let exact = panel.curves.iter().any(|curve| curve.look == handle.look);
                    for curve in panel.curves.iter_mut().filter(|c| c.look == handle.look || (!exact && c.look.colour == handle.look.colour)) {
                        named |= join(&mut curve.name, &entry.name);
                    }
                }
            }
        }
        named
    }
}

/// Things that look alike have all the names of their look, one a line.
fn join(names: &mut Option<String>, name: &str) -> bool {
    match names {
        Some(names) if names.lines().any(|known| known == name) => {}
        Some(names) => *names = format!("{names}\n{name}"),
        None => *names = Some(name.to_owned()),
    }
    true
}

fn marker(shape: &Shape, at: usize, most: f64) -> Option<Part> {
    let bounds = shape.bounds()?;
    let single = shape.closed || shape.round || shape.runs.len() > 1 || shape.origin.is_some();
    // Of a circle made of two arcs only two points are known.
    let (least, longest) = (bounds.width().min(bounds.height()), bounds.width().max(bounds.height()));
    let small = longest <= most && longest > 0.4 && (least > 0.4 || (shape.curved && shape.closed));
    if !single || !small || (!shape.closed && shape.runs.iter().any(|run| run.len() > 9)) {
        return None;
    }
    let points: Vec<&Point> = shape.runs.iter().flatten().collect();
    let origin = shape.origin.filter(|origin| bounds.grown(0.5).contains(*origin));
    let mean = |axis: usize| points.iter().map(|point| point[axis]).sum::<f64>() / points.len() as f64;
    // A triangle's datum is the mean of its corners; of others that are drawn in place it is the middle.
    let triangle = !shape.curved && shape.runs.len() == 1 && shape.runs[0].len() == 3;
    let centre = origin.unwrap_or_else(|| if triangle { [mean(0), mean(1)] } else { bounds.middle() });
    let kind = if shape.curved { "round".to_owned() } else { format!("{}×{}", shape.runs.len(), shape.runs[0].len()) };
    let filled = shape.fill.filter(|fill| shape.stroke.is_none() || fill.iter().any(|channel| *channel < 245));
    let pattern = format!("{kind} {}", if filled.is_some() { "filled" } else { "open" });
    let look = Look { colour: filled.or(shape.stroke), pattern };
    let precision = if shape.whole { COARSE } else { FINE };
    Some(Part { shape: at, run: 0, handle: Handle { bounds, look, marker: true }, in_legend: false, centre, precision })
}

fn add_marker(markers: &mut Vec<Markers>, part: &Part) {
    let look = &part.handle.look;
    let room = markers.len() < LOOKS;
    match markers.iter_mut().rev().find(|markers| markers.look == *look) {
        Some(markers) => markers.centres.push(part.centre),
        None if room => {
            markers.push(Markers { look: look.clone(), centres: vec![part.centre], name: None, precision: part.precision });
        }
        None => {}
    }
}

/// Whether a straight line goes from one edge of the frame to the opposite one.
fn spans(bounds: Rect, frame: Rect) -> bool {
    let across = bounds.left <= frame.left + 1.0 && bounds.right >= frame.right - 1.0 && bounds.height() < 0.1;
    let down = bounds.top <= frame.top + 1.0 && bounds.bottom >= frame.bottom - 1.0 && bounds.width() < 0.1;
    across || down
}

/// The curves without spines, ticks and grid lines.
fn without_grid(curves: Vec<Curve>, frame: Rect) -> Vec<Curve> {
    let bounds: Vec<Option<Rect>> = curves.iter().map(|curve| Rect::around(curve.runs.iter().flatten())).collect();
    let edge = |b: Rect| {
        let level = b.height() < 0.1 && (b.top < frame.top + 1.5 || b.top > frame.bottom - 1.5);
        let upright = b.width() < 0.1 && (b.left < frame.left + 1.5 || b.left > frame.right - 1.5);
        let outside = b.right < frame.left + 0.5 || b.left > frame.right - 0.5 || b.bottom < frame.top + 0.5 || b.top > frame.bottom - 0.5;
        level || upright || outside
    };
    let across: Vec<bool> = bounds.iter().map(|b| b.is_some_and(|b| spans(b, frame))).collect();
    let mut alike: HashMap<&Look, usize> = HashMap::new();
    curves.iter().zip(&across).filter(|(_, across)| **across).for_each(|(curve, _)| *alike.entry(&curve.look).or_default() += 1);
    let grid = |i: usize| across[i] && alike.get(&curves[i].look).is_some_and(|count| *count >= GRID);
    let mut kept: Vec<(f64, usize)> = Vec::new();
    for (i, b) in bounds.iter().enumerate() {
        let Some(b) = b else { continue };
        let speck = b.width().max(b.height()) < 0.03 * frame.width().min(frame.height()) && curves[i].runs.iter().all(|run| run.len() < 3);
        let straight = curves[i].runs.iter().all(|run| run.len() < 3);
        let furniture = speck || (straight && edge(*b)) || grid(i);
        if !furniture {
            kept.push((b.width() + b.height(), i));
        }
    }
    kept.sort_by(|a, b| b.0.total_cmp(&a.0));
    kept.truncate(CURVES);
    let mut keep: Vec<usize> = kept.into_iter().map(|(_, i)| i).collect();
    keep.sort_unstable();
    let mut curves: Vec<Option<Curve>> = curves.into_iter().map(Some).collect();
    keep.into_iter().filter_map(|i| curves[i].take()).collect()
}

fn furniture(shapes: &Shapes, axes: &Axes, panel: &Panel, legend: bool) -> Furniture {
    let frame = axes.frame;
    let others = || shapes.labels.iter().enumerate().filter(|(i, _)| !axes.labels.contains(i)).map(|(_, label)| label);
    let said = |label: &&crate::vector::source::text::Label| {
        is_cipher(&label.text) || (crate::vector::layout::ticks::number(&label.text).is_none() && label.text.chars().any(char::is_alphabetic))
    };
    let over = |label: &crate::vector::source::text::Label| label.middle[0] > frame.left && label.middle[0] < frame.right;
    let far = |label: &crate::vector::source::text::Label| 8.0 * label.em;
    let x_label =
        others().filter(said).any(|label| !label.turned && over(label) && label.middle[1] > frame.bottom && label.middle[1] < frame.bottom + far(label));
    let y_label = others().filter(said).any(|label| {
        let [x, y] = label.middle;
        y > frame.top && y < frame.bottom && x < frame.left && (label.turned || x > frame.left - far(label))
    });
    let title = others().filter(said).any(|label| over(label) && label.middle[1] < frame.top && label.middle[1] > frame.top - far(label));
    let mut colours: Vec<Rgb> =
        panel.curves.iter().map(|curve| &curve.look).chain(panel.markers.iter().map(|m| &m.look)).filter_map(|look| look.colour).collect();
    colours.sort_unstable();
    colours.dedup();
    Furniture { x_label, y_label, title, legend, colours: colours.len() }
}
