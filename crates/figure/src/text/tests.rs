use proptest::prelude::*;

use super::font::FONTS;
use super::*;
use crate::reading::Frame;
use mlgrade_picture::figure;

fn picture(png: &[u8]) -> Picture {
    Picture::of_figure(&figure::decode("x.png", png).unwrap()).unwrap()
}

/// matplotlib 3.11, 72 dots per inch.
fn linear() -> Picture {
    picture(include_bytes!("fixtures/linear.png"))
}

/// The column or row of the centre of the number that reads `text`.
fn centre(texts: &Texts, text: &str, across: bool) -> f32 {
    let number = texts.numbers.iter().find(|number| number.text == text);
    let number = number.unwrap_or_else(|| panic!("{text} is not among {:?}", texts.numbers));
    if across { f32::midpoint(number.left, number.right) } else { f32::midpoint(number.top, number.bottom) }
}

#[test]
fn labels_stand_where_matplotlib_put_the_ticks() {
    // The places are those of `ax.transData` in the script that drew the figures.
    let texts = read(&linear());
    for (text, x) in [("1", 62.29), ("2", 99.75), ("3", 137.2), ("4", 174.65), ("5", 212.11)] {
        assert!((centre(&texts, text, true) - x).abs() < 0.7, "{text}");
    }
    for (text, y) in [("\u{2212}0.2", 125.08), ("0.0", 98.12), ("0.2", 71.16), ("0.4", 44.2)] {
        assert!((centre(&texts, text, false) - y).abs() < 0.7, "{text}");
    }
    assert_eq!(texts.numbers.iter().find(|n| n.text == "\u{2212}0.2").map(|n| n.value), Some(-0.2));
    assert_eq!(texts.numbers.len(), 9, "{:?}", texts.numbers);
}

#[test]
fn powers_of_ten_are_read() {
    let texts = read(&picture(include_bytes!("fixtures/log.png")));
    for (text, y) in [("10^\u{2212}1", 141.88), ("10^0", 96.03), ("10^1", 50.17)] {
        assert!((centre(&texts, text, false) - y).abs() < 0.7, "{text}");
    }
}

#[test]
fn the_axis_labels_and_the_title_are_words() {
    // "RMSE" runs upwards at the left, "Results" stands on top, "depth" at the bottom.
    let words = read(&linear()).words;
    let upright: Vec<_> = words.iter().filter(|w| w.upright).collect();
    assert!(matches!(upright[..], [w] if w.right < 25.0 && w.top < 86.0 && w.bottom > 86.0), "{words:?}");
    assert!(words.iter().any(|w| !w.upright && w.bottom < 25.0), "{words:?}");
    assert!(words.iter().any(|w| !w.upright && w.top > 148.0), "{words:?}");
}

#[test]
fn a_title_is_most_like_what_it_says() {
    let picture = linear();
    let title = Frame { left: 110, top: 8, right: 165, bottom: 21 };
    let scores = likeness(&picture, title, &["depth", "Results", "Reality", "train", ""]);
    assert!(scores[1] > 0.7 && scores.iter().enumerate().all(|(i, s)| i == 1 || *s < scores[1] - 0.1), "{scores:?}");
    let empty = Frame { left: 0, top: 0, right: 4, bottom: 4 };
    assert_eq!(likeness(&picture, empty, &["depth"]), [0.0]);
    assert_eq!(likeness(&picture, Frame { left: 900, top: 0, right: 4, bottom: 4 }, &["depth"]), [0.0]);
}

/// `texts` drawn in rows of their own, without hinting, digits being `height` pixels high.
fn drawn(texts: &[&str], font: usize, height: f32, ink: u8, paper: u8) -> Picture {
    let font = &FONTS[font];
    let em = height / font.digit;
    let (width, row) = (usize::from(250_u8), 40);
    let mut picture = Picture { width, height: row * texts.len(), rgb: vec![paper; width * row * texts.len() * 3] };
    for (k, text) in texts.iter().enumerate() {
        let (mut pen, base) = (20.3, (k * row) as f32 + 28.4);
        for letter in text.chars() {
            let place = super::font::SIGNS.iter().position(|sign| *sign == letter).unwrap();
            let drawing = &font.signs[place];
            let columns = super::font::Edges { start: -3.0 / em, step: 1.0 / em, count: 40 };
            let rows = super::font::Edges { start: -30.0 / em, step: 1.0 / em, count: 40 };
            // The pen stands between two pixels; the drawing is sampled from whole ones.
            let shift = |edges: super::font::Edges, by: f32| super::font::Edges { start: edges.start - by / em, ..edges };
            let mut values = Vec::new();
            drawing.sampled(&shift(columns, f32::fract(pen)), &shift(rows, f32::fract(base)), &mut values);
            for (i, value) in values.iter().enumerate() {
                let (x, y) = (crate::plane::pixel(pen) + i % 39, crate::plane::pixel(base) + i / 39);
                let Some(y) = y.checked_sub(30) else { continue };
                if x < 3 || x - 3 >= width || y >= picture.height {
                    continue;
                }
                for channel in &mut picture.rgb[(y * width + x - 3) * 3..][..3] {
                    let mixed = f32::from(*channel) + (f32::from(ink) - f32::from(paper)) * value;
                    *channel = u8::try_from(crate::plane::pixel(mixed.round())).unwrap();
                }
            }
            pen += drawing.advance * em;
        }
    }
    picture
}

#[test]
fn numbers_of_any_form_font_size_and_colour_are_read() {
    let numbers = ["0.25", "\u{2212}1.5", "12", "10,000", "80%", "2.5k", "1e\u{2212}05", "1,234.5", "7"];
    let values = [0.25, -1.5, 12.0, 10_000.0, 0.8, 2500.0, 1e-5, 1234.5, 7.0];
    for (font, height, ink, paper) in [(0, 8.3, 0, 255), (0, 10.2, 255, 0), (1, 9.5, 80, 255), (2, 8.6, 40, 229), (4, 12.0, 0, 255), (6, 18.0, 0, 250)] {
        let mut found = read(&drawn(&numbers, font, height, ink, paper)).numbers;
        found.sort_by(|a, b| a.top.total_cmp(&b.top));
        let found: Vec<f64> = found.iter().map(|n| n.value).collect();
        let right = values.iter().filter(|v| found.iter().any(|f| (*f - **v).abs() <= 1e-9 * v.abs())).count();
        assert!(right >= 8, "font {font} height {height}: {found:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn noise_never_panics(width in 16_usize..90, height in 16_usize..70, levels in 1_u8..6, seed in proptest::collection::vec(any::<u8>(), 997)) {
        let rgb: Vec<u8> = (0..width * height * 3).map(|i| (seed[i % 997] % levels) * 50).collect();
        let picture = Picture { width, height, rgb };
        let texts = read(&picture);
        prop_assert!(texts.numbers.iter().all(|n| n.value.is_finite() && n.right > n.left));
        likeness(&picture, Frame { left: 3, top: 2, right: width, bottom: height }, &["a", "\u{e4}\u{f6}", ""]);
    }
}

#[test]
fn pictures_without_pixels_hold_no_text() {
    for (width, height) in [(0, 0), (1, 1), (16, 16), (30, 0)] {
        assert_eq!(read(&Picture { width, height, rgb: vec![255; width * height * 3] }), Texts::default());
    }
    assert_eq!(read(&Picture { width: 40, height: 40, rgb: vec![0; 7] }), Texts::default());
}

#[test]
fn entries_of_a_legend_are_read_as_text() {
    // Drawn by Matplotlib with these labels (fixtures/figures/make.py); where they are was measured on the picture.
    let bytes = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/figures/legend-words.png")).unwrap();
    let picture = Picture::of_figure(&mlgrade_picture::figure::decode("legend-words.png", &bytes).unwrap()).unwrap();
    let texts = read(&picture);
    let entries: Vec<Words> =
        texts.words.iter().filter(|words| !words.upright && words.left > 350.0 && words.top > 100.0 && words.bottom < 400.0).copied().collect();
    let side = |v: f32| crate::plane::pixel(v);
    let area = |words: &Words| Frame { left: side(words.left), top: side(words.top), right: side(words.right.ceil()), bottom: side(words.bottom.ceil()) };
    let mut said: Vec<String> =
        lines(&picture, &entries.iter().map(area).collect::<Vec<_>>(), Hint { font: texts.font(), em: None, tick: None }).into_iter().flatten().collect();
    said.sort();
    let labels = [
        ("boosted train", "Boosted trees (train)"),
        ("boosted val", "Boosted trees (validation)"),
        ("tree train", "Decision tree (train)"),
        ("tree val", "Decision tree (validation)"),
        ("forest train", "Random forest (train)"),
        ("forest val", "Random forest (validation)"),
    ];
    let said: Vec<&str> = said.iter().map(String::as_str).collect();
    let found = crate::names::matched(&labels.map(|(name, _)| name), &said);
    // A few letters are misread at this size; the name that is meant is found all the same.
    for ((name, label), found) in labels.iter().zip(found) {
        let text = found.map(|found| said[found]).unwrap_or_default();
        assert!(strsim::levenshtein(text, label) <= 3, "{name}: `{text}`, of {said:?}");
    }
}

#[test]
fn what_is_no_line_of_text_is_not_read() {
    let picture = Picture { width: 60, height: 20, rgb: vec![255; 3600] };
    let whole = Frame { left: 0, top: 0, right: 60, bottom: 20 };
    assert_eq!(lines(&picture, &[whole, Frame { left: 50, top: 3, right: 4, bottom: 90 }], Hint { font: Some(99), em: None, tick: None }), [None, None]);
    assert!(lines(&picture, &[], Hint::default()).is_empty());
}
