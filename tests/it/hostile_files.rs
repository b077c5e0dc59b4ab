//! Whatever a figure holds, its item gets a verdict that says why.

use flate2::Crc;
use mlgrade::domain::points::Points;
use mlgrade::domain::verdict::VerdictLabel as V;

use crate::common::{Folder, files_below, item, reference_submission};
use crate::hostile::expect;

const PLOT: &str = "trees/plot";
const REAL: &str = "mnist/improved-is-real";

/// A grey PNG with one line across, unless it is `blank`.
pub(crate) fn png(width: u32, height: u32, blank: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    let line = |y: u32| if !blank && y == height / 2 { 0_u8 } else { 255 };
    let pixels: Vec<u8> = (0..height).flat_map(|y| vec![line(y); width as usize]).collect();
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    bytes
}

/// A PNG whose header claims a size that its few bytes don't have.
fn claims(width: u32, height: u32) -> Vec<u8> {
    let mut header = b"IHDR".to_vec();
    header.extend([width.to_be_bytes(), height.to_be_bytes()].concat());
    header.extend([8, 2, 0, 0, 0]);
    let mut crc = Crc::new();
    crc.update(&header);
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0d".to_vec();
    bytes.extend(header);
    bytes.extend(crc.sum().to_be_bytes());
    bytes.extend(b"\0\0\0\0IDAT\x35\xaf\x06\x1e");
    bytes
}

fn svg(inside: &str) -> Vec<u8> {
    format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"640\" height=\"480\">{inside}</svg>").into_bytes()
}

fn entity_bomb() -> Vec<u8> {
    let level = |i: usize| format!("<!ENTITY e{} \"{}\">", i + 1, format!("&e{i};").repeat(10));
    let levels: String = (0..9).map(level).collect();
    format!("<!DOCTYPE svg [<!ENTITY e0 \"lol\">{levels}]>\n<svg width=\"640\" height=\"480\"><text>&e9;</text></svg>").into_bytes()
}

#[test]
fn a_figure_gets_its_verdict_whatever_it_holds() {
    let whole = png(640, 480, false);
    let cases: Vec<(&str, Vec<u8>, V, &str)> = vec![
        ("trees.png", whole.clone(), V::NeedsReview, "figures/trees.png is there, 640×480 pixels"),
        ("TREES.PNG", whole.clone(), V::NeedsReview, "640×480 pixels"),
        ("trees.png", whole[..whole.len() / 2].to_vec(), V::NeedsReview, "figures/trees.png: the PNG is damaged"),
        ("trees.png", whole[..8].to_vec(), V::NeedsReview, "the PNG is damaged"),
        ("trees.png", claims(60_000, 60_000), V::NeedsReview, "it says it is 60000×60000 pixels; at most 10000 a side and 40 megapixels"),
        ("trees.png", claims(9_000, 9_000), V::NeedsReview, "at most 10000 a side and 40 megapixels"),
        ("trees.png", claims(0, 0), V::NeedsReview, "the PNG is damaged"),
        ("trees.png", claims(640, 480), V::NeedsReview, "the PNG is damaged"),
        ("trees.png", png(640, 480, true), V::Fail, "is blank"),
        ("trees.png", png(100, 100, false), V::Fail, "it must be at least 200 wide and high"),
        ("trees.png", b"a picture of trees".to_vec(), V::NeedsReview, "neither PNG, JPEG nor SVG"),
        ("trees.png", Vec::new(), V::Unreadable, "the file is empty"),
        ("trees.png", svg("<path d=\"M0 0\"/><path d=\"M9 9\"/>"), V::NeedsReview, "640×480 pixels"),
        ("trees.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0".to_vec(), V::NeedsReview, "the JPEG is damaged"),
        ("trees.jpg", vec![0xff, 0xd8], V::NeedsReview, "the JPEG is damaged"),
        ("trees.svg", svg(""), V::Fail, "is blank"),
        ("trees.svg", entity_bomb(), V::NeedsReview, "the SVG is damaged"),
        ("trees.svg", svg("<path>"), V::NeedsReview, "the SVG is damaged"),
        ("trees.svg", svg(&format!("{}{}", "<g>".repeat(100_000), "</g>".repeat(100_000))), V::Fail, "is blank"),
        ("trees.svg", b"<html><svg/></html>".to_vec(), V::NeedsReview, "neither PNG, JPEG nor SVG"),
    ];
    for (name, bytes, verdict, part) in cases {
        expect(&Folder::new().with(&format!("figures/{name}"), bytes).graded(), PLOT, verdict, part);
    }
}

#[test]
fn the_reference_earns_all_that_needs_no_person() {
    let report = Folder::of_reference().graded();
    assert_eq!(files_below(Folder::of_reference().path()), files_below(&reference_submission()));
    assert!(report.items.iter().all(|item| matches!(item.verdict, V::Pass | V::NeedsReview)), "{report:#?}");
    assert!(report.score.highest >= report.score.possible);
    assert_eq!(item(&report, REAL).points, Points::from_decimal(5.0));
}
