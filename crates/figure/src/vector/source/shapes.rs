//! An SVG flattened: every shape and text with its place in pixels and its style, in drawing order.
//!
//! The tree is walked with a stack of our own, so that depth costs no stack; `use` is followed a few times, and the number of
//! elements and points is bounded.

use mlgrade_picture::geometry::{Affine, Point, Rect};
use std::collections::HashMap;
use std::str::FromStr;

use roxmltree::{Document, Node};

use mlgrade_domain::limits;
use mlgrade_picture::figure::length_in_pixels;

use crate::reason::Unread;
use crate::vector::model::Rgb;
use crate::vector::source::glyphs::Glyphs;
use crate::vector::source::matrix::transform;
use crate::vector::source::outline::{Outline, outline};
use crate::vector::source::style::{Sheet, Style};
use crate::vector::source::text::{Label, glyph_label, label};

/// How often `use` may lead to a `use`.
const USES: u8 = 6;

/// Elements that are walked, those that `use` repeats included.
const STEPS: u32 = 2 * limits::SVG_NODES;

/// Boxes that things are cut off at, of which more are not kept.
const CLIPS: usize = 64;

/// Texts, of which more are not kept.
const LABELS: usize = 20_000;

/// Something drawn with a stroke or a filling.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "they have nothing to do with each other")]
pub(in crate::vector) struct Shape {
    /// Its points in pixels, without those of curves that only steer.
    pub runs: Vec<Vec<Point>>,
    /// Whether all runs return to their start.
    pub closed: bool,
    /// Whether it has curved parts.
    pub curved: bool,
    /// The place of its own origin, if it was moved as a whole to where it is.
    pub origin: Option<Point>,
    /// Its outline's colour.
    pub stroke: Option<Rgb>,
    /// Its filling's colour.
    pub fill: Option<Rgb>,
    /// The pattern of dashes.
    pub dash: String,
    /// Whether it is a circle.
    pub round: bool,
    /// Whether all its coordinates were written as whole numbers.
    pub whole: bool,
    /// The box outside of which it is cut off.
    pub clip: Option<Rect>,
}

impl Shape {
    /// The smallest box around it.
    pub(in crate::vector) fn bounds(&self) -> Option<Rect> {
        Rect::around(self.runs.iter().flatten())
    }
}

/// What an SVG draws.
#[derive(Debug, Default)]
pub(in crate::vector) struct Shapes {
    /// Its shapes.
    pub drawn: Vec<Shape>,
    /// Its texts.
    pub labels: Vec<Label>,
    /// Boxes that things are cut off at.
    pub clips: Vec<Rect>,
    /// Glyphs that are drawn without telling which characters they are.
    pub glyphs: Glyphs,
    /// Its width in pixels.
    pub width: f64,
    /// Its height in pixels.
    pub height: f64,
}

#[derive(Clone)]
struct State {
    matrix: Affine,
    style: Style,
    clip: Option<Rect>,
    uses: u8,
    /// Whether it is what a `use` refers to.
    used: bool,
}

/// Flattens a document.
pub(in crate::vector) fn flatten(document: &Document) -> Result<Shapes, Unread> {
    let root = document.root_element();
    let mut walk = Walk { ids: HashMap::new(), sheet: Sheet::default(), out: Shapes::default(), points: 0 };
    for node in root.descendants().filter(Node::is_element) {
        if let Some(id) = node.attribute("id") {
            walk.ids.entry(id).or_insert(node);
        }
        if node.tag_name().name() == "style" {
            node.descendants().filter(Node::is_text).filter_map(|node| node.text()).for_each(|text| walk.sheet.read(text));
        }
    }
    let (matrix, width, height) = viewport(root);
    (walk.out.width, walk.out.height) = (width, height);
    let state = State { matrix, style: Style::default().of(root, &walk.sheet), clip: None, uses: 0, used: false };
    let mut stack: Vec<(Node, State)> = Vec::new();
    push_children(&mut stack, root, &state);
    let mut steps = 0;
    while let Some((node, state)) = stack.pop() {
        steps += 1;
        if steps > STEPS || walk.points > limits::SVG_POINTS {
            return Err(Unread::LargeSvg);
        }
        walk.enter(node, &state, &mut stack);
    }
    if !walk.out.glyphs.is_empty() {
        let labels = walk.out.glyphs.labels(width, height);
        for label in labels {
            walk.write(label);
        }
    }
    Ok(walk.out)
}

fn push_children<'a>(stack: &mut Vec<(Node<'a, 'a>, State)>, node: Node<'a, 'a>, state: &State) {
    stack.extend(node.children().rev().filter(Node::is_element).map(|child| (child, State { used: false, ..state.clone() })));
}

/// The map from the root's unit to pixels, and the size in pixels.
fn viewport(root: Node) -> (Affine, f64, f64) {
    let side = |name| root.attribute(name).and_then(length_in_pixels).filter(|side| side.is_finite() && *side > 0.0);
    let view = root.attribute("viewBox").and_then(|view| svgtypes::ViewBox::from_str(view).ok());
    let Some(view) = view else { return (Affine::IDENTITY, side("width").unwrap_or(0.0), side("height").unwrap_or(0.0)) };
    let (width, height) = (side("width").unwrap_or(view.w), side("height").unwrap_or(view.h));
    // The usual preserveAspectRatio: as large as fits, in the middle.
    let scale = (width / view.w).min(height / view.h);
    let middle = |side: f64, from: f64, length: f64| (side - scale * length) / 2.0 - scale * from;
    (Affine([scale, 0.0, 0.0, scale, middle(width, view.x, view.w), middle(height, view.y, view.h)]), width, height)
}

struct Walk<'a> {
    ids: HashMap<&'a str, Node<'a, 'a>>,
    sheet: Sheet,
    out: Shapes,
    points: usize,
}

impl<'a> Walk<'a> {
    fn enter(&mut self, node: Node<'a, 'a>, outer: &State, stack: &mut Vec<(Node<'a, 'a>, State)>) {
        let name = node.tag_name().name();
        let container = matches!(name, "g" | "a" | "svg" | "switch") || (name == "symbol" && outer.used);
        let drawn = matches!(name, "path" | "line" | "polyline" | "polygon" | "rect" | "circle" | "ellipse" | "text" | "use");
        if !container && !drawn {
            return;
        }
        let style = outer.style.of(node, &self.sheet);
        let own = node.attribute("transform").map(transform);
        let mut state = State { matrix: own.map_or(outer.matrix, |own| outer.matrix.after(own)), style, ..outer.clone() };
        if !state.style.is_seen() {
            return;
        }
        if let Some(clip) = self.clip_of(node, &state.matrix) {
            if !self.out.clips.contains(&clip) && self.out.clips.len() < CLIPS {
                self.out.clips.push(clip);
            }
            state.clip = Some(clip);
        }
        if let Some(label) = glyph_label(node, &state.matrix, &state.style, &self.sheet) {
            self.write(label);
        } else if container {
            push_children(stack, node, &state);
        } else if name == "text" {
            if let Some(label) = label(node, &state.matrix, &state.style, &self.sheet) {
                self.write(label);
            }
        } else if name == "use" {
            self.follow(node, state, stack);
        } else if let Some(outline) = outline(node) {
            self.draw(&outline, &state, own.is_some() || outer.used);
        }
    }

    fn write(&mut self, label: Label) {
        if self.out.labels.len() < LABELS {
            self.out.labels.push(label);
        }
    }

    fn follow(&mut self, node: Node<'a, 'a>, mut state: State, stack: &mut Vec<(Node<'a, 'a>, State)>) {
        let href = node.attribute(("http://www.w3.org/1999/xlink", "href")).or_else(|| node.attribute("href")).unwrap_or_default();
        let Some(id) = href.strip_prefix('#') else { return };
        let Some(target) = self.ids.get(id).copied().filter(|_| state.uses < USES) else { return };
        let number = |name| node.attribute(name).and_then(|text| text.trim_end_matches("px").parse::<f64>().ok()).unwrap_or(0.0);
        state.matrix = state.matrix.after(Affine::moved(number("x"), number("y")));
        // Cairo draws text with symbols. Matplotlib draws it with paths whose y axis points upwards, as in a font; where a minifier has taken
        // the names and comments away, that is all that tells them from markers.
        let is_outline = target.tag_name().name() == "path" && state.matrix.mirrors() && state.style.stroke().is_none();
        if target.tag_name().name() == "symbol" || id.starts_with("glyph") || is_outline {
            let group = node.parent().map_or(node.id(), |parent| parent.id());
            let own = target.attribute("transform").map_or(Affine::IDENTITY, transform);
            self.out.glyphs.add(target, group, &state.matrix.after(own));
            return;
        }
        (state.uses, state.used) = (state.uses + 1, true);
        stack.push((target, state));
    }

    fn draw(&mut self, outline: &Outline, state: &State, moved: bool) {
        let (stroke, fill) = (state.style.stroke(), state.style.fill());
        if stroke.is_none() && fill.is_none() {
            return;
        }
        let runs: Vec<Vec<Point>> = outline.runs.iter().map(|run| run.iter().map(|&point| state.matrix.apply(point)).collect()).collect();
        // What is not a place, or absurdly far away, is not drawn.
        let near = |run: &Vec<Point>| !run.is_empty() && run.iter().flatten().all(|v| v.abs() < 1e6);
        let runs: Vec<Vec<Point>> = runs.into_iter().filter(near).collect();
        if runs.is_empty() {
            return;
        }
        self.points += runs.iter().map(Vec::len).sum::<usize>();
        let origin = outline.centre.or_else(|| moved.then_some([0.0, 0.0])).map(|origin| state.matrix.apply(origin));
        self.out.drawn.push(Shape {
            runs,
            closed: outline.closed,
            curved: outline.curved,
            origin,
            stroke,
            fill,
            dash: state.style.dash.to_string(),
            round: outline.centre.is_some() && outline.curved,
            whole: outline.whole,
            clip: state.clip,
        });
    }

    /// The box that an element is cut off at.
    fn clip_of(&self, node: Node, matrix: &Affine) -> Option<Rect> {
        let id = node.attribute("clip-path")?.strip_prefix("url(")?.trim_end_matches(')').trim_matches(['"', '\'']).strip_prefix('#')?;
        let shape = self.ids.get(id)?.children().find(Node::is_element)?;
        let outline = outline(shape)?;
        let points: Vec<Point> = outline.runs.iter().flatten().map(|&point| matrix.apply(point)).collect();
        Rect::around(&points).filter(|bounds| [bounds.left, bounds.top, bounds.right, bounds.bottom].iter().all(|v| v.abs() < 1e6))
    }
}
