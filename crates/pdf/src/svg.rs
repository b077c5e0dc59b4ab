//! Drawings of a page as SVG, which is what drawings are read from.

use super::matrix::encloses;
use mlgrade_picture::geometry::Rect;
use std::fmt::Write;

use super::canvas::{Canvas, Mark, Piece};

/// A number with three decimals at most.
pub(super) fn short(number: f64) -> String {
    let rounded = format!("{number:.3}");
    let short = rounded.trim_end_matches('0').trim_end_matches('.');
    if short.is_empty() || short == "-0" { "0".to_owned() } else { short.to_owned() }
}

/// The part `area` of a page as an SVG: the marks that `marks` says, and the texts there.
pub(super) fn drawing(canvas: &Canvas, area: Rect, labels: &[Piece], marks: impl Fn(&Mark) -> bool) -> String {
    let (width, height) = (short(area.width()), short(area.height()));
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}pt\" height=\"{height}pt\" viewBox=\"{} {} {width} {height}\">",
        short(area.left),
        short(area.top)
    );
    svg.push_str("<defs>");
    for (i, clip) in canvas.clips.iter().enumerate() {
        let (x, y, w, h) = (short(clip.left), short(clip.top), short(clip.width()), short(clip.height()));
        let _ = write!(svg, "<clipPath id=\"c{i}\"><rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"/></clipPath>");
    }
    // Plotting libraries leave out vertices that cannot be seen; by this name the reader knows how far beside its curve one may be.
    svg.push_str("</defs><g id=\"figure_1\">");
    canvas.marks.iter().filter(|mark| marks(mark) && encloses(area, mark.area)).for_each(|mark| svg.push_str(&mark.svg));
    for label in labels {
        text(&mut svg, label);
    }
    svg.push_str("</g></svg>");
    svg
}

fn text(svg: &mut String, label: &Piece) {
    let [x, y] = label.start;
    let ([dx, dy], length) = (label.along, (label.end[0] - x).hypot(label.end[1] - y));
    let numbers = [dx, dy, -dy, dx, x, y].map(|number| format!("{number:.4}")).join(" ");
    let _ = write!(svg, "<text transform=\"matrix({numbers})\" font-size=\"{}px\" textLength=\"{}\">", short(label.em), short(length));
    for c in label.text.chars() {
        match c {
            '<' => svg.push_str("&lt;"),
            '>' => svg.push_str("&gt;"),
            '&' => svg.push_str("&amp;"),
            c if c.is_control() => svg.push(' '),
            c => svg.push(c),
        }
    }
    svg.push_str("</text>");
}
