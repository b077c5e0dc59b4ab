use std::fmt::Write;

use proptest::prelude::*;

use crate::claim::{Claim, Kind, Series};
use crate::reading::{Reading, Verdict};
use mlgrade_picture::figure::{Content, Figure, decode};

const TRAIN: [f64; 5] = [0.9, 0.6, 0.45, 0.3, 0.2];
const VAL: [f64; 5] = [0.95, 0.7, 0.62, 0.66, 0.71];

fn place(x: f64, y: f64) -> String {
    format!("{:.2},{:.2}", 50.0 + 30.0 * x, 250.0 - 200.0 * y)
}

fn svg(marks: &str) -> String {
    let mut svg = "<svg xmlns='http://www.w3.org/2000/svg' width='300' height='300' viewBox='0 0 300 300'><rect width='300' height='300' fill='white'/>\
        <rect x='50' y='50' width='210' height='200' fill='none' stroke='black'/>"
        .to_owned();
    for i in 0..6 {
        let (x, y) = (50 + 30 * i, 250 - 40 * i);
        let _ =
            write!(svg, "<line x1='{x}.01' y1='250' x2='{x}.01' y2='255' stroke='black'/><text x='{x}' y='267' font-size='10' text-anchor='middle'>{i}</text>");
        let _ = write!(
            svg,
            "<line x1='45' y1='{y}.01' x2='50' y2='{y}.01' stroke='black'/><text x='43' y='{}' font-size='10' text-anchor='end'>0.{}</text>",
            y + 4,
            2 * i
        );
    }
    // One label is wrong, which the others outvote.
    svg.replace("0.10<", "1.0<") + marks + "</svg>"
}

fn line(y: &[f64], colour: &str) -> String {
    let points: Vec<String> = y.iter().enumerate().map(|(i, y)| place(i as f64 + 1.0, *y)).collect();
    format!("<polyline points='{}' fill='none' stroke='{colour}'/>", points.join(" "))
}

fn legend(name: &str, colour: &str, row: f64) -> String {
    format!("<path d='M200,{row} l20,0' stroke='{colour}'/><text x='225' y='{}' font-size='10'>{name}</text>", row + 3.5)
}

fn both() -> String {
    svg(&[line(&TRAIN, "red"), line(&VAL, "#00f"), legend("train", "rgb(255,0,0)", 60.0), legend("validation", "blue", 72.0)].concat())
}

fn series(name: &str, y: &[f64]) -> Series {
    Series { name: name.to_owned(), x: (1..=y.len()).map(|i| i as f64).collect(), y: y.to_vec() }
}

fn figure(source: &str) -> Option<Figure> {
    decode("x", source.as_bytes()).ok()
}

fn read(source: &str, series: Vec<Series>) -> Reading {
    let claim = Claim::new(Kind::Line, series).unwrap();
    super::Plot::of(&figure(source).unwrap()).read(&claim, None)
}

#[test]
fn a_drawing_shows_what_it_draws_and_nothing_else() {
    let honest = read(&both(), vec![series("train", &TRAIN), series("val", &VAL)]);
    assert_eq!((honest.verdict(), honest.panels, honest.series[1].colour), (Verdict::Shows, 1, Some([0, 0, 255])), "{}", honest.reason());
    assert!(honest.furniture.legend && honest.furniture.colours == 2 && !honest.furniture.title);

    let swapped = read(&both(), vec![series("train", &VAL), series("val", &TRAIN)]);
    assert_eq!((swapped.verdict(), swapped.reason().as_str()), (Verdict::Contradicts, "what is claimed for val is drawn as train"));

    let altered = read(&both(), vec![series("train", &[0.9, 0.6, 0.4, 0.3, 0.2]), series("val", &VAL)]);
    assert_eq!(altered.reason(), "at x = 3 the plot shows ≈ 0.45 for train; the claim says 0.4");

    let scaled = read(&both(), vec![series("train", &TRAIN.map(|y| 10.0 * y)), series("val", &VAL.map(|y| 10.0 * y))]);
    assert!(
        scaled.verdict() == Verdict::Contradicts && scaled.reason().starts_with("the plot has the claimed shape, but its tick labels disagree: at x = "),
        "{}",
        scaled.reason()
    );

    let missing = read(&svg(&line(&TRAIN, "red")), vec![series("train", &TRAIN), series("val", &VAL)]);
    assert_eq!((missing.verdict(), missing.reason().as_str()), (Verdict::Contradicts, "no curve is drawn for val"));
}

#[test]
fn nothing_is_told_without_numbers_on_the_axes() {
    let words = both().replace(">0.", ">a");
    assert_eq!(read(&words, vec![series("train", &TRAIN)]).verdict(), Verdict::CannotTell);
    assert_eq!(read("<svg xmlns='http://www.w3.org/2000/svg'/>", vec![series("train", &TRAIN)]).reason(), "no axes with tick labels were found");
    assert!(read(&both(), vec![series("train", &TRAIN)]).verdict() == Verdict::Shows, "other curves may be there");
}

#[test]
fn hostile_drawings_end_in_a_reading() {
    let nested = format!("{}{}{}", "<g transform='scale(2)'>".repeat(20_000), line(&TRAIN, "red"), "</g>".repeat(20_000));
    let uses = "<g id='a'><use href='#b'/><use href='#b'/></g><g id='b'><use href='#a'/><use href='#a'/></g>";
    let wide = format!("<g id='w'>{}</g>{}", "<path d='M0,0 L9,9' stroke='red'/>".repeat(2_000), "<use href='#w'/>".repeat(5_000));
    let numbers = "<path stroke='red' d='M NaN,1 L 1e999,5 M-1e300 1e300 L 60 60 l1e308 1e308 1e308 1e308'/><rect width='1e999' height='-5'/>\
        <line x1='inf' x2='3' y1='0' y2='7' stroke='red' transform='matrix(1e300 1e300 1e300 1e300 1e300 1e300)'/><text x='1e999' font-size='1e300'>5</text>";
    let zigzag: String =
        (0..100_000).fold("<path stroke='red' fill='none' d='M50,250".to_owned(), |d, i| d + if i % 2 == 0 { " L260,50" } else { " L50,250" }) + "'/>";
    for marks in [&nested, uses, &wide, numbers, &zigzag] {
        if let Some(figure) = figure(&svg(marks)) {
            let claim = Claim::new(Kind::Line, vec![series("train", &TRAIN)]).unwrap();
            assert_ne!(super::Plot::of(&figure).read(&claim, None).verdict(), Verdict::Shows);
        }
    }
    let bomb = "<!DOCTYPE svg [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;&b;'>]><svg>&c;&c;&c;</svg>";
    assert!(figure(bomb).is_none_or(|figure| matches!(figure.content, Content::Drawing { .. })));
    assert!(figure(&format!("{{\"data\": {}", "[".repeat(100_000))).is_none());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn any_damage_ends_in_a_reading(cuts in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..12, "[-0-9eE.,<>/'\" a-zMLZ{}\\[\\]:]{0,6}"), 1..6), of in 0_usize..3) {
        let plotly = r#"{"data": [{"x": [1, 2, 3, 4, 5], "y": {"dtype": "f8", "bdata": "AAAAAAAA+D8AAAAAAAAAwA=="}, "name": "train"}, {"y": [1, null, "3"], "mode": "markers"}], "layout": {"xaxis": {"type": "log", "range": [0, 1]}}}"#;
        let vega = r#"{"$schema": "https://vega.github.io/schema/vega-lite/v5.json", "data": {"values": [{"a": 1, "b": 2}, {"a": 2, "b": 3}]}, "mark": "line", "encoding": {"x": {"field": "a"}, "y": {"field": "b", "scale": {"type": "log"}}}}"#;
        let mut source = [both().as_str(), plotly, vega][of].to_owned();
        for (at, length, text) in cuts {
            let at = at.index(source.len());
            let end = (at + length).min(source.len());
            if source.is_char_boundary(at) && source.is_char_boundary(end) {
                source.replace_range(at..end, &text);
            }
        }
        if let Some(figure) = figure(&source) {
            for kind in [Kind::Line, Kind::Scatter] {
                let claim = Claim::new(kind, vec![series("train", &TRAIN), series("val", &VAL)]).unwrap();
                let reading = super::Plot::of(&figure).read(&claim, None);
                prop_assert!(!reading.reason().is_empty());
            }
        }
    }
}
