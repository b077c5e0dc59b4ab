//! Texts of an SVG and where they stand.

use mlgrade_picture::geometry::{Affine, Point, Rect};
use roxmltree::Node;

use crate::vector::source::matrix::transform;
use crate::vector::source::style::{Sheet, Style};

/// The width of a character in em, roughly.
const ADVANCE: f64 = 0.55;

/// The longest text that is kept, in characters.
const LONGEST: usize = 400;

/// A text and its place in pixels.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::vector) struct Label {
    /// Its characters; a `^` stands before what is raised.
    pub text: String,
    /// Its middle.
    pub middle: Point,
    /// Half of its width and height along the figure's axes, roughly.
    pub half: Point,
    /// The size of its font.
    pub em: f64,
    /// Whether it runs upwards or downwards.
    pub turned: bool,
}

impl Label {
    /// The box around it, roughly.
    pub(in crate::vector) fn bounds(&self) -> Rect {
        let ([x, y], [w, h]) = (self.middle, self.half);
        Rect { left: x - w, top: y - h, right: x + w, bottom: y + h }
    }

    /// A label from `left` to `right`, whose middle line is at `y`, in the unit that `matrix` maps.
    fn new(text: String, [left, right]: [f64; 2], y: f64, em: f64, matrix: &Affine) -> Option<Self> {
        let middle = matrix.apply([f64::midpoint(left, right), y]);
        let (length, em) = ((right - left) / 2.0 * matrix.stretch(), em * matrix.stretch());
        let turned = matrix.turns();
        let half = if turned { [em / 2.0, length] } else { [length, em / 2.0] };
        let finite = [middle[0], middle[1], half[0], half[1]].iter().all(|v| v.abs() < 1e6);
        (finite && em > 0.0 && !text.is_empty()).then_some(Self { text, middle, half, em, turned })
    }
}

/// The label of a `text` element.
pub(in crate::vector) fn label(node: Node, matrix: &Affine, style: &Style, sheet: &Sheet) -> Option<Label> {
    let first = node.children().filter(Node::is_element).find(|child| child.tag_name().name() == "tspan");
    let style = if node.attribute("font-size").is_none() { first.map_or_else(|| style.clone(), |first| style.of(first, sheet)) } else { style.clone() };
    let em = style.em;
    let own = |name: &str| node.attribute(name).or_else(|| first.and_then(|first| first.attribute(name)));
    let place = |name: &str| own(name).and_then(|text| text.split([' ', ',']).find(|part| !part.is_empty())).map_or(0.0, |text| length(text, em));
    let (x, y) = (place("x") + place("dx"), place("y") + place("dy"));
    let text = content(node);
    let width =
        node.attribute("textLength").map(|text| length(text, em)).filter(|width| *width > 0.0).unwrap_or_else(|| ADVANCE * em * text.chars().count() as f64);
    let left = x - style.anchor * width;
    Label::new(text, [left, left + width], y - style.rise * em, em, matrix)
}

/// The characters of a text element, with `^` before what is raised.
fn content(node: Node) -> String {
    let mut text = String::new();
    let mut raised = false;
    for piece in node.descendants().filter(Node::is_text) {
        let part: String = piece.text().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ").replace(['\u{200b}', '\u{feff}'], "");
        if part.is_empty() {
            continue;
        }
        let span = piece.parent_element().filter(|parent| *parent != node);
        let is_raised = span
            .is_some_and(|span| span.attribute("dy").is_some_and(|dy| dy.trim_start().starts_with('-')) || span.attribute("baseline-shift") == Some("super"));
        if is_raised && !raised && !text.is_empty() {
            text.push('^');
        } else if !text.is_empty() && !is_raised && span.is_none() {
            text.push(' ');
        }
        raised = is_raised;
        text.push_str(&part);
        if text.len() > LONGEST {
            break;
        }
    }
    text.chars().take(LONGEST).collect()
}

fn length(text: &str, em: f64) -> f64 {
    let text = text.trim();
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%');
    let scale = match &text[number.len()..] {
        "em" => em,
        "ex" => em / 2.0,
        _ => 1.0,
    };
    number.parse::<f64>().map_or(0.0, |number| number * scale)
}

/// The label of a group in which Matplotlib draws a text: as outlines with the text in a comment, or as `text`.
pub(in crate::vector) fn glyph_label(node: Node, matrix: &Affine, style: &Style, sheet: &Sheet) -> Option<Label> {
    if node.tag_name().name() != "g" || !node.attribute("id").is_some_and(|id| id.starts_with("text")) {
        return None;
    }
    let said = node.children().find(Node::is_comment).and_then(|comment| comment.text()).map(|text| text.trim().to_owned());
    let inner = node.children().filter(Node::is_element).find(|child| matches!(child.tag_name().name(), "g" | "text"))?;
    let matrix = inner.attribute("transform").map_or(*matrix, |own| matrix.after(transform(own)));
    if inner.tag_name().name() == "text" {
        let mut label = label(inner, &matrix, &style.of(inner, sheet), sheet)?;
        label.text = said.unwrap_or(label.text);
        return Some(label);
    }
    if let Some(text) = inner.children().find(|child| child.tag_name().name() == "text") {
        let mut label = label(text, &matrix, &style.of(text, sheet), sheet)?;
        label.text = said.unwrap_or(label.text);
        return Some(label);
    }
    // The size of the font is 100 units here, and y grows upwards.
    let glyphs: Vec<Node> = inner.children().filter(|child| child.tag_name().name() == "use").take(LONGEST).collect();
    let last = glyphs.last()?;
    let end = last.attribute("transform").map_or(Affine::IDENTITY, transform);
    let right = end.apply([0.0, 0.0])[0] + 60.0 * end.stretch();
    let codes: Vec<u32> = glyphs.iter().filter_map(|glyph| code(*glyph)).collect();
    let text = said.or_else(|| spelled(&codes))?;
    Label::new(text.chars().take(LONGEST).collect(), [0.0, right], 36.0, 100.0, &matrix)
}

/// The number after the font's name in what a glyph's `use` refers to.
fn code(node: Node) -> Option<u32> {
    let href = node.attribute(("http://www.w3.org/1999/xlink", "href")).or_else(|| node.attribute("href"))?;
    u32::from_str_radix(href.rsplit_once('-')?.1, 16).ok()
}

/// Glyph numbers as text. Before version 3.11 they are characters; since then they are places in the font, where the usual fonts have
/// ASCII from 3 on.
fn spelled(codes: &[u32]) -> Option<String> {
    let shift = if codes.iter().all(|code| *code >= 0x20) { 0 } else { 29 };
    let text: Option<String> = codes.iter().map(|code| char::from_u32(code + shift)).collect();
    text.filter(|text| !text.is_empty())
}
