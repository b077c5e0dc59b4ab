//! What a PNG says of its own axes: JSON in a text chunk with the keyword `mlgrade`.
//!
//! Whoever hands in the picture writes it, so it is a hint about where to look and never evidence. Here it is only read, under limits.

use png::Info;
use serde_json::Value;

use mlgrade_domain::limits;

/// The keyword of the text chunk.
const KEYWORD: &str = "mlgrade";

/// Panels, series of a panel and ticks of an axis that are kept at most.
const MOST: usize = 64;

/// Characters of a text that are kept.
const CHARACTERS: usize = 200;

/// The narrowest frame, in pixels.
const NARROWEST: f64 = 16.0;

/// How far a frame may reach beyond the picture, in pixels.
const BEYOND: f64 = 2.0;

/// How far the sides of a picture that was resized may be off its ratio, in pixels.
const RATIO: f64 = 1.0;

/// What a picture says of its panels, in pixels of the picture as it is. Without panels where it says something that makes no sense.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Hint {
    /// Its panels, at most 64.
    pub panels: Vec<Panel>,
}

/// A pair of axes.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// Left, top, right and bottom: the right is greater than the left, and the bottom than the top.
    pub frame: [f64; 4],
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// What is drawn, at most 64.
    pub series: Vec<Series>,
}

/// An axis. All its numbers are finite, and those of a logarithmic one positive.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// Whether it is logarithmic.
    pub log: bool,
    /// The values at its left or lower end and at the other one, which differ.
    pub limits: [f64; 2],
    /// Where it has ticks, with the texts beside them, at most 64.
    pub ticks: Vec<(f64, String)>,
}

/// How a series is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Its name in the legend.
    pub name: String,
    /// Red, green, blue.
    pub colour: [u8; 3],
    /// Whether a line joins its points.
    pub line: bool,
    /// Whether that line has gaps.
    pub dashed: bool,
    /// Whether its points have markers.
    pub marker: bool,
}

impl Hint {
    /// What the header of a PNG says, of a picture with these pixels; `None` where it says nothing.
    pub(super) fn of(info: &Info) -> Option<Self> {
        let texts = info.uncompressed_latin1_text.iter().filter(|chunk| chunk.keyword == KEYWORD).map(|chunk| Some(chunk.text.clone()));
        let packed = info.compressed_latin1_text.iter().filter(|chunk| chunk.keyword == KEYWORD).map(|chunk| {
            let mut chunk = chunk.clone();
            chunk.decompress_text_with_limit(limits::HINT_BYTES).ok()?;
            chunk.get_text().ok()
        });
        let unicode = info.utf8_text.iter().filter(|chunk| chunk.keyword == KEYWORD).map(|chunk| {
            let mut chunk = chunk.clone();
            chunk.decompress_text_with_limit(limits::HINT_BYTES).ok()?;
            chunk.get_text().ok()
        });
        let mut all = texts.chain(packed).chain(unicode);
        let first = all.next()?;
        // Of two that may contradict each other, neither is taken.
        let only = first.filter(|text| text.len() <= limits::HINT_BYTES && all.next().is_none());
        Some(only.and_then(|text| Self::parsed(&text, f64::from(info.width), f64::from(info.height))).unwrap_or_default())
    }

    /// The panels that `text` tells of, on a picture of this size.
    fn parsed(text: &str, width: f64, height: f64) -> Option<Self> {
        let value: Value = serde_json::from_str(text).ok()?;
        let said = |key: &str| value.get(key).and_then(Value::as_f64).filter(|side| (1.0..1e6).contains(side));
        let (said_width, said_height) = (said("width")?, said("height")?);
        let scale = width / said_width;
        // A picture that was resized keeps its ratio; one that was cropped is another picture.
        if value.get("version").and_then(Value::as_u64) != Some(1) || (said_height * scale - height).abs() > RATIO.max(scale) {
            return None;
        }
        let panels = value.get("panels")?.as_array()?.iter().take(MOST).filter_map(|panel| Panel::of(panel, [scale, height / said_height], [width, height]));
        Some(Self { panels: panels.collect() })
    }
}

impl Panel {
    fn of(value: &Value, scale: [f64; 2], [width, height]: [f64; 2]) -> Option<Self> {
        let sides: Vec<f64> = value.get("frame")?.as_array()?.iter().take(5).filter_map(finite).collect();
        let [left, top, right, bottom] = *sides.first_chunk::<4>().filter(|_| sides.len() == 4)?;
        let frame = [left * scale[0], top * scale[1], right * scale[0], bottom * scale[1]];
        let within = |from: f64, to: f64, size: f64| from >= -BEYOND && to <= size + BEYOND && to - from >= NARROWEST;
        if !within(frame[0], frame[2], width) || !within(frame[1], frame[3], height) {
            return None;
        }
        let series = value.get("series").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        Some(Self { frame, x: Axis::of(value.get("x")?)?, y: Axis::of(value.get("y")?)?, series: series.iter().take(MOST).filter_map(Series::of).collect() })
    }
}

impl Axis {
    fn of(value: &Value) -> Option<Self> {
        let log = match value.get("scale")?.as_str()? {
            "linear" => false,
            "log" => true,
            _ => return None,
        };
        let fits = |value: &f64| value.abs() < 1e30 && (!log || *value > 1e-30);
        let limits: Vec<f64> = value.get("limits")?.as_array()?.iter().take(3).filter_map(finite).filter(fits).collect();
        let [low, high] = *limits.first_chunk::<2>().filter(|_| limits.len() == 2)?;
        let span = if log { (high / low).log10() } else { (high - low) / low.abs().max(high.abs()) };
        if span.abs() < 1e-9 {
            return None;
        }
        let ticks = value.get("ticks").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let tick = |tick: &Value| Some((finite(tick.get(0)?).filter(fits)?, short(tick.get(1)?.as_str()?)));
        Some(Self { log, limits: [low, high], ticks: ticks.iter().take(MOST).filter_map(tick).collect() })
    }
}

impl Series {
    fn of(value: &Value) -> Option<Self> {
        let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default();
        let line = text("line");
        Some(Self {
            name: short(text("name")),
            colour: colour(text("colour"))?,
            line: !line.is_empty(),
            dashed: !matches!(line, "" | "-"),
            marker: !text("marker").is_empty(),
        })
    }
}

fn finite(value: &Value) -> Option<f64> {
    value.as_f64().filter(|value| value.is_finite())
}

fn short(text: &str) -> String {
    text.chars().take(CHARACTERS).collect()
}

/// `#rrggbb`.
fn colour(text: &str) -> Option<[u8; 3]> {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    let number = u32::from_str_radix(digits, 16).ok()?;
    let [_, red, green, blue] = number.to_be_bytes();
    Some([red, green, blue])
}

#[cfg(test)]
mod tests {
    use super::*;

    const PANEL: &str = r##"{"frame": [80, 57.6, 576, 427.2],
        "x": {"scale": "linear", "limits": [0, 20], "ticks": [[5.0, "5"], [10.0, "10"]]},
        "y": {"scale": "log", "limits": [0.01, 2.0], "ticks": [[0.1, "$10^{-1}$"], ["x", "1"], [-1, "2"]]},
        "series": [{"name": "train", "colour": "#1f77b4", "line": "--", "marker": ""}, {"name": "val", "colour": "blue"}]}"##;

    fn hint(panels: &str, width: f64, height: f64) -> Option<Hint> {
        Hint::parsed(&format!(r#"{{"version": 1, "width": 640, "height": 480, "panels": [{panels}]}}"#), width, height)
    }

    #[test]
    fn a_panel_is_read_and_scaled_with_its_picture() {
        let panel = hint(PANEL, 640.0, 480.0).unwrap().panels.remove(0);
        let is_at = |frame: [f64; 4], place: [f64; 4]| frame.into_iter().zip(place).all(|(a, b)| (a - b).abs() < 1e-9);
        assert!(is_at(panel.frame, [80.0, 57.6, 576.0, 427.2]));
        assert_eq!((panel.x.ticks.len(), panel.y.log, panel.y.ticks), (2, true, vec![(0.1, "$10^{-1}$".to_owned())]));
        let train = Series { name: "train".to_owned(), colour: [0x1f, 0x77, 0xb4], line: true, dashed: true, marker: false };
        assert_eq!(panel.series, [train]);
        assert!(is_at(hint(PANEL, 320.0, 240.0).unwrap().panels[0].frame, [40.0, 28.8, 288.0, 213.6]));
        assert_eq!(hint(PANEL, 640.0, 400.0), None, "cropped");
    }

    #[test]
    fn what_makes_no_sense_is_left_out() {
        for (from, to) in [
            ("[80, 57.6, 576, 427.2]", "[80, 57.6, 576]"),
            ("[80, 57.6, 576, 427.2]", "[576, 57.6, 80, 427.2]"),
            ("[80, 57.6, 576, 427.2]", "[80, 57.6, 5760, 427.2]"),
            ("[80, 57.6, 576, 427.2]", "[80, 57.6, 1e999, 427.2]"),
            ("[0, 20]", "[20, 20]"),
            ("[0, 20]", "[0, null]"),
            ("[0.01, 2.0]", "[-0.01, 2.0]"),
            ("\"log\"", "\"symlog\""),
        ] {
            let lied = PANEL.replacen(from, to, 1);
            assert!(hint(&lied, 640.0, 480.0).is_none_or(|hint| hint.panels.is_empty()), "{from} {to}");
        }
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        for text in ["", "NaN", "{}", "[1]", r#"{"version": 2}"#, r#"{"version": 1, "width": 1e9, "height": -1}"#, &deep] {
            assert_eq!(Hint::parsed(text, 640.0, 480.0), None, "{}", text.len());
        }
        let many = hint(&vec![PANEL; 100].join(","), 640.0, 480.0).unwrap();
        assert_eq!(many.panels.len(), MOST);
    }

    /// A picture of one colour with texts.
    fn png(texts: &[(bool, &str)]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, 640, 480);
        encoder.set_color(png::ColorType::Grayscale);
        for (packed, text) in texts {
            let text = (*text).to_owned();
            if *packed { encoder.add_ztxt_chunk(KEYWORD.to_owned(), text) } else { encoder.add_itxt_chunk(KEYWORD.to_owned(), text) }.unwrap();
        }
        encoder.write_header().unwrap().write_image_data(&vec![255; 640 * 480]).unwrap();
        bytes
    }

    #[test]
    fn texts_are_found_in_the_file_under_limits() {
        let said = |texts: &[(bool, &str)]| crate::figure::decode("x.png", &png(texts)).unwrap().hint.map(|hint| hint.panels.len());
        let text = format!(r#"{{"version": 1, "width": 640, "height": 480, "panels": [{PANEL}]}}"#);
        assert_eq!((said(&[]), said(&[(true, &text)]), said(&[(false, &text)])), (None, Some(1), Some(1)));
        assert_eq!(said(&[(true, &text), (false, &text)]), Some(0), "two");
        let long = format!("{text}{}", " ".repeat(limits::HINT_BYTES));
        assert_eq!((said(&[(true, &long)]), said(&[(false, &long)]), said(&[(false, "{")])), (Some(0), Some(0), Some(0)));
    }
}
