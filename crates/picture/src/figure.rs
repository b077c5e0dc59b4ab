//! Figures: PNG and JPEG to pixels, SVG and charts in JSON to their source, under limits that are checked before anything is decoded.

use std::io::Cursor;

use serde_json::Value;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use mlgrade_domain::diagnostic::{Code, Diagnostic};
use mlgrade_domain::limits;

use super::chroma::Sharing;
use super::exif::Orientation;
use super::hint::Hint;
use mlgrade_domain::json::quote_non_numbers;

/// Endings of figures, in the order of preference.
pub const ENDINGS: [&str; 4] = ["png", "svg", "jpg", "jpeg"];

/// A decoded figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Its path in the submission.
    pub path: String,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// What is on it.
    pub content: Content,
    /// What its file says of its axes, if it says something: nothing that can be relied on.
    pub hint: Option<Hint>,
}

/// What is on a figure.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Rows of pixels from the top, eight bits a channel.
    Raster {
        /// 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha.
        channels: usize,
        /// `width × height × channels` bytes.
        bytes: Vec<u8>,
    },
    /// A drawing with this many marks: paths, lines, shapes, texts, images.
    Drawing {
        /// The number of elements that draw something.
        marks: usize,
        /// The SVG, which has been parsed once without a fault.
        source: String,
    },
    /// A chart that a plotting library draws from its data.
    Chart {
        /// Whose words it uses.
        dialect: Dialect,
        /// The chart.
        chart: Value,
    },
}

impl Figure {
    /// How many bytes its pixels or its source take.
    pub fn bytes(&self) -> usize {
        match &self.content {
            Content::Raster { bytes, .. } => bytes.len(),
            Content::Drawing { source, .. } => source.len(),
            Content::Chart { chart, .. } => chart.to_string().len(),
        }
    }
}

/// The language of a chart in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Plotly: an object with `data` and `layout`.
    Plotly,
    /// Vega-Lite, which Altair writes.
    VegaLite,
    /// Vega.
    Vega,
}

/// Decodes a figure; its first bytes tell the format, whatever its name.
pub fn decode(path: &str, bytes: &[u8]) -> Result<Figure, Diagnostic> {
    let mut hint = None;
    let decoded = if bytes.starts_with(b"\x89PNG") {
        png(bytes, &mut hint)
    } else if bytes.starts_with(&[0xff, 0xd8]) {
        jpeg(bytes)
    } else if bytes.is_empty() {
        Err("the file is empty".to_owned())
    } else if bytes.trim_ascii_start().starts_with(b"{") {
        chart(bytes)
    } else if let Some(format) = other_format(bytes) {
        Err(format!("this is {format}, whatever its name says: the file is neither PNG, JPEG nor SVG"))
    } else {
        svg(bytes)
    };
    let fault =
        |message| Diagnostic::error(Code::BadFigure, message).in_file(path).help("save the figure again as PNG, JPEG or SVG and open it once".to_owned());
    let (width, height, content) = decoded.map_err(fault)?;
    Ok(Figure { path: path.to_owned(), width, height, content, hint })
}

/// The format of a file that is not read, by its first bytes.
fn other_format(bytes: &[u8]) -> Option<&'static str> {
    let at = |start: usize, magic: &[u8]| bytes.get(start..start + magic.len()).is_some_and(|found| found == magic);
    let formats = [
        (at(0, b"RIFF") && at(8, b"WEBP"), "a WebP picture"),
        (at(0, b"GIF8"), "a GIF picture"),
        (at(0, b"BM") && bytes.len() > 26 && at(6, &[0; 4]), "a BMP picture"),
        (at(0, b"II*\0") || at(0, b"MM\0*"), "a TIFF picture"),
        (at(4, b"ftypheic") || at(4, b"ftypheix") || at(4, b"ftypmif1"), "a HEIC picture"),
        (at(4, b"ftypavif"), "an AVIF picture"),
        (at(0, b"%PDF"), "a PDF"),
        (at(0, b"PK\x03\x04"), "a zip archive"),
    ];
    formats.into_iter().find_map(|(is, format)| is.then_some(format))
}

type Decoded = Result<(u32, u32, Content), String>;

fn within_limits(width: u32, height: u32) -> Result<(), String> {
    if width.max(height) > limits::FIGURE_SIDE || u64::from(width) * u64::from(height) > limits::FIGURE_PIXELS {
        let most = limits::FIGURE_PIXELS / 1_000_000;
        return Err(format!("it says it is {width}×{height} pixels; at most {} a side and {most} megapixels are read", limits::FIGURE_SIDE));
    }
    Ok(())
}

fn png(bytes: &[u8], hint: &mut Option<Hint>) -> Decoded {
    let damaged = |error: png::DecodingError| format!("the PNG is damaged: {error}");
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let header = decoder.read_header_info().map_err(damaged)?;
    within_limits(header.width, header.height)?;
    let mut reader = decoder.read_info().map_err(damaged)?;
    *hint = Hint::of(reader.info());
    let mut pixels = vec![0; reader.output_buffer_size().ok_or("the PNG is too large")?];
    let frame = reader.next_frame(&mut pixels).map_err(damaged)?;
    pixels.truncate(frame.buffer_size());
    Ok((frame.width, frame.height, Content::Raster { channels: frame.color_type.samples(), bytes: pixels }))
}

fn jpeg(bytes: &[u8]) -> Decoded {
    let side = limits::FIGURE_SIDE as usize;
    let options = DecoderOptions::default().set_max_width(side).set_max_height(side).set_strict_mode(true).jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(Cursor::new(bytes), options);
    let damaged = |error| format!("the JPEG is damaged: {error:?}");
    decoder.decode_headers().map_err(damaged)?;
    let info = decoder.info().ok_or("the JPEG has no header")?;
    let (width, height) = (u32::from(info.width), u32::from(info.height));
    within_limits(width, height)?;
    let sharing = Sharing::of(bytes).filter(|_| decoder.input_colorspace() == Some(ColorSpace::YCbCr));
    if sharing.is_some() {
        decoder.set_options(options.jpeg_set_out_colorspace(ColorSpace::YCbCr));
    }
    let mut pixels = decoder.decode().map_err(damaged)?;
    if let Some(sharing) = sharing {
        sharing.undo(&mut pixels, info.width.into(), info.height.into());
    }
    let Some(orientation) = decoder.exif().and_then(|exif| Orientation::of(exif)) else {
        return Ok((width, height, Content::Raster { channels: 3, bytes: pixels }));
    };
    let (bytes, across, down) = orientation.turned(&pixels, (info.width.into(), info.height.into()), 3);
    let (width, height) = if (across, down) == (usize::from(info.width), usize::from(info.height)) { (width, height) } else { (height, width) };
    Ok((width, height, Content::Raster { channels: 3, bytes }))
}

fn svg(bytes: &[u8]) -> Decoded {
    let unknown = || "the file is neither PNG, JPEG nor SVG".to_owned();
    let text = std::str::from_utf8(bytes).map_err(|_| unknown())?.trim_start_matches('\u{feff}');
    if !text.trim_start().starts_with('<') {
        return Err(unknown());
    }
    let document = parse_svg(text).map_err(|error| format!("the SVG is damaged: {error}"))?;
    let root = document.root_element();
    if root.tag_name().name() != "svg" {
        return Err(unknown());
    }
    let view_box: Vec<f64> =
        root.attribute("viewBox").unwrap_or_default().split([' ', ',']).filter(|part| !part.is_empty()).filter_map(|part| part.parse().ok()).collect();
    let side = |attribute, from_box: Option<&f64>| root.attribute(attribute).and_then(length_in_pixels).or(from_box.copied()).unwrap_or(0.0);
    let (width, height) = (side("width", view_box.get(2)), side("height", view_box.get(3)));
    let drawn = ["path", "line", "polyline", "polygon", "circle", "ellipse", "rect", "text", "image", "use"];
    let marks = root.descendants().filter(|node| drawn.contains(&node.tag_name().name())).count();
    Ok((whole(width), whole(height), Content::Drawing { marks, source: text.to_owned() }))
}

/// The tree of an SVG, under the limit of its nodes.
pub fn parse_svg(source: &str) -> Result<roxmltree::Document<'_>, roxmltree::Error> {
    let options = roxmltree::ParsingOptions { allow_dtd: true, nodes_limit: limits::SVG_NODES, ..Default::default() };
    roxmltree::Document::parse_with_options(source, options)
}

fn chart(bytes: &[u8]) -> Decoded {
    if bytes.len() > limits::CHART_BYTES {
        return Err(format!("the chart has {} MiB; at most {} are read", bytes.len() >> 20, limits::CHART_BYTES >> 20));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| "the chart is not UTF-8".to_owned())?;
    let chart: Value = serde_json::from_str(&quote_non_numbers(text)).map_err(|error| format!("the chart's JSON is damaged: {error}"))?;
    let schema = chart.get("$schema").and_then(Value::as_str).unwrap_or_default();
    let (dialect, layout) = if schema.contains("/vega-lite/") {
        (Dialect::VegaLite, &chart)
    } else if schema.contains("/vega/") {
        (Dialect::Vega, &chart)
    } else if chart.get("data").is_some_and(Value::is_array) && chart.get("layout").is_none_or(Value::is_object) {
        (Dialect::Plotly, chart.get("layout").unwrap_or(&Value::Null))
    } else {
        return Err("the JSON is no chart of Plotly, Vega-Lite or Vega".to_owned());
    };
    let side = |name: &str| whole(layout.get(name).and_then(Value::as_f64).unwrap_or(0.0));
    Ok((side("width"), side("height"), Content::Chart { dialect, chart }))
}

/// An SVG length in pixels of 1/96 inch; `None` for shares such as `100%`.
pub fn length_in_pixels(text: &str) -> Option<f64> {
    let text = text.trim();
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let scale = match &text[number.len()..] {
        "" | "px" => 1.0,
        "pt" => 96.0 / 72.0,
        "pc" => 16.0,
        "in" => 96.0,
        "cm" => 96.0 / 2.54,
        "mm" => 96.0 / 25.4,
        _ => return None,
    };
    number.parse::<f64>().ok().map(|number| number * scale)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the value is clamped to the range first")]
fn whole(length: f64) -> u32 {
    if length.is_finite() { length.round().clamp(0.0, 1e9) as u32 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_of_another_format_is_named_whatever_its_name_is() {
        let said = |bytes: &[u8]| decode("figures/trees.png", bytes).map(|_| ()).unwrap_err().message;
        assert!(said(b"RIFF\x24\0\0\0WEBPVP8 ").contains("WebP"));
        assert!(said(b"\0\0\0\x18ftypheic\0\0").contains("HEIC"));
        assert!(said(b"GIF89a").contains("GIF"));
        assert!(said(b"%PDF-1.7").contains("PDF"));
        assert_eq!(said(b"hello"), "the file is neither PNG, JPEG nor SVG");
    }
}
