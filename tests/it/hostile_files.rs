//! Whatever a figure or a predictions file holds, its item gets a verdict that says why.

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
        ("trees.png", whole.clone(), V::Pass, "figures/trees.png is there, 640×480 pixels"),
        ("TREES.PNG", whole.clone(), V::Pass, "640×480 pixels"),
        ("trees.png", whole[..whole.len() / 2].to_vec(), V::Unreadable, "figures/trees.png: the PNG is damaged"),
        ("trees.png", whole[..8].to_vec(), V::Unreadable, "the PNG is damaged"),
        ("trees.png", claims(60_000, 60_000), V::Unreadable, "it says it is 60000×60000 pixels; at most 10000 a side and 40 megapixels"),
        ("trees.png", claims(9_000, 9_000), V::Unreadable, "at most 10000 a side and 40 megapixels"),
        ("trees.png", claims(0, 0), V::Unreadable, "the PNG is damaged"),
        ("trees.png", claims(640, 480), V::Unreadable, "the PNG is damaged"),
        ("trees.png", png(640, 480, true), V::Fail, "is blank"),
        ("trees.png", png(100, 100, false), V::Fail, "it must be at least 200 wide and high"),
        ("trees.png", b"a picture of trees".to_vec(), V::Unreadable, "neither PNG, JPEG nor SVG"),
        ("trees.png", Vec::new(), V::Unreadable, "the file is empty"),
        ("trees.png", svg("<path d=\"M0 0\"/><path d=\"M9 9\"/>"), V::Pass, "640×480 pixels"),
        ("trees.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0".to_vec(), V::Unreadable, "the JPEG is damaged"),
        ("trees.jpg", vec![0xff, 0xd8], V::Unreadable, "the JPEG is damaged"),
        ("trees.svg", svg(""), V::Fail, "is blank"),
        ("trees.svg", entity_bomb(), V::Unreadable, "the SVG is damaged"),
        ("trees.svg", svg("<path>"), V::Unreadable, "the SVG is damaged"),
        ("trees.svg", svg(&format!("{}{}", "<g>".repeat(100_000), "</g>".repeat(100_000))), V::Fail, "is blank"),
        ("trees.svg", b"<html><svg/></html>".to_vec(), V::Unreadable, "neither PNG, JPEG nor SVG"),
    ];
    for (name, bytes, verdict, part) in cases {
        expect(&Folder::new().with(&format!("figures/{name}"), bytes).graded(), PLOT, verdict, part);
    }
}

#[test]
fn predictions_get_their_verdict_whatever_they_hold() {
    let claim = "improved.val_error = 0.0188";
    let one_hot = "0,0,1,0\n".repeat(10_000);
    let header = b"{'descr': '<i8', 'fortran_order': False, 'shape': (9999999999999,), }".to_vec();
    let npy = |header: &[u8]| [b"\x93NUMPY\x01\x00".as_slice(), &u16::try_from(header.len() + 1).unwrap().to_le_bytes(), header, b"\n"].concat();
    let cases: Vec<(&str, Vec<u8>, V, &str)> = vec![
        ("improved.csv", b"1\n2\n3\n".to_vec(), V::Unreadable, "3 predictions for 10000 validation examples"),
        ("improved.csv", "1\n".repeat(10_001).into_bytes(), V::Unreadable, "10001 predictions for 10000"),
        ("improved.csv", "1\n".repeat(10_000).into_bytes(), V::Contradicted, "improved.val_error says 0.0188, the predictions give 0.8865"),
        ("improved.csv", "-7\n".repeat(10_000).into_bytes(), V::Contradicted, "the predictions give 1"),
        ("improved.csv", one_hot.into_bytes(), V::Unreadable, "row 1 has 4 columns and there is no header"),
        ("improved.csv", b"cat\ndog\n".to_vec(), V::Unreadable, "expected a class"),
        ("improved.csv", b"1\n0.5\n".to_vec(), V::Unreadable, "row 2 holds 0.5, expected a whole number"),
        ("improved.csv", b"1\n1e300\n".to_vec(), V::Unreadable, "expected a whole number"),
        ("improved.csv", b"\xff\xfe1\0\n\0".to_vec(), V::Unreadable, "predictions/improved.csv"),
        ("improved.npy", npy(&header), V::Unreadable, "the array is cut off"),
        ("improved.npy", npy(b"{'descr': '|O', 'fortran_order': False, 'shape': (3,), }"), V::Unreadable, "predictions/improved.npy"),
        ("improved.npy", b"\x93NUMPY\x01\x00\xff\xff".to_vec(), V::Unreadable, "the NPY header cannot be read"),
    ];
    for (name, bytes, verdict, part) in cases {
        let folder = Folder::new().with("metrics.toml", claim).with(&format!("predictions/{name}"), bytes);
        expect(&folder.graded(), REAL, verdict, part);
    }
}

#[test]
fn an_empty_predictions_file_fails_and_what_needs_it_cannot_be_read() {
    let report = Folder::new().with("predictions/improved.csv", "").graded();
    expect(&report, "mnist/predictions", V::Fail, "predictions/improved.csv is empty");
    expect(&report, REAL, V::Unreadable, "the file holds no predictions");
}

#[test]
fn the_reference_earns_all_that_needs_no_person() {
    let report = Folder::of_reference().graded();
    assert_eq!(files_below(Folder::of_reference().path()), files_below(&reference_submission()));
    assert!(report.items.iter().all(|item| item.verdict == V::Pass || item.verdict == V::NeedsReview && item.exhibits.is_empty()), "{report:#?}");
    assert!(report.score.highest >= report.score.possible);
    assert_eq!(item(&report, REAL).points, Points::from_decimal(5.0));
}

#[test]
fn predictions_in_another_place_are_found_where_the_student_says() {
    let folder = Folder::of_reference();
    let predictions = folder.read("predictions/improved.csv");
    std::fs::remove_file(folder.path().join("predictions/improved.csv")).unwrap();
    folder.write("out/classes.csv", predictions);
    folder.write("submission.toml", "[where]\n\"predictions/improved\" = \"out/classes.csv\"\n");
    let report = folder.graded();
    expect(&report, "mnist/predictions", V::Pass, "predictions/improved.csv is there");
    expect(&report, REAL, V::Pass, "the predictions give 0.0188");
}
