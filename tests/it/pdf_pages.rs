//! What is on the pages of reports, each made here by hand or by fixtures/pdf/fonts.py: characters that only the font program names, the figures
//! among all that is drawn, transparency, and text from right to left.

use std::fmt::Write as _;

use mlgrade::domain::verdict::VerdictLabel as V;
use mlgrade::pdf;
use mlgrade::picture::figure::Content;

use crate::common::{Folder, Opened, item};
use crate::hostile_pdf::{FONT, figure, page, says, stream, text, zip};
use crate::pdf::{course, fixture};

/// A font of Type 1 with a program that says `clear`, and with these further entries.
fn type1(clear: &str, entries: &str) -> (String, Vec<u8>) {
    let font = format!("/Font<</F<</Type/Font/Subtype/Type1/BaseFont/ABCDEF+CMR10/FontDescriptor 8 0 R{entries}>>>>");
    let program = format!("%!PS-AdobeFont-1.0: CMR10 1.0\n/FontName /CMR10 def\n{clear}\ncurrentfile eexec\n\u{1}\u{2}(((");
    let descriptor = b"8 0 obj <</Type/FontDescriptor/Flags 4/FontFile 9 0 R>> endobj\n";
    (font, [descriptor.as_slice(), &stream(9, "/Filter/FlateDecode", &zip(program.as_bytes()))].concat())
}

/// The text that these codes are in such a font.
fn coded(codes: &str, clear: &str, entries: &str) -> Result<String, String> {
    let (font, objects) = type1(clear, entries);
    text(&page(&font, format!("BT /F 10 Tf 50 700 Td <{codes}> Tj ET").as_bytes(), &objects))
}

/// Computer Modern's symbols begin with the minus.
const ARRAY: &str = "/Encoding 256 array\n0 1 255 {1 index exch /.notdef put} for\ndup 0 /minus put\ndup 12/fi put dup 48 /zero put\n\
    dup 8#72 /period put\ndup 16#35 /five put readonly def\n/Other [ dup 48 /one put ] def";

#[test]
fn a_type_1_program_says_its_characters() {
    assert_eq!(coded("00303a35 0c", ARRAY, ""), Ok("−0.5fi".to_owned()));
    // Differences stand on the font's own encoding, and a named encoding replaces it.
    assert_eq!(coded("00303a35 0c 41", ARRAY, "/Encoding<</Differences[65/ffi]>>"), Ok("−0.5fiffi".to_owned()));
    assert_eq!(coded("303a35", ARRAY, "/Encoding/WinAnsiEncoding"), Ok("0:5".to_owned()));
    // 174 is the ligature in Adobe's standard encoding.
    assert_eq!(coded("35ae", "/Encoding StandardEncoding def", ""), Ok("5fi".to_owned()));
}

#[test]
fn a_type_1_program_that_says_nothing_is_named() {
    for clear in ["", "/Encoding", "/Encoding 256 array def", "/Encoding 256 array dup 999 /A put dup -1 /A put dup /A put put", "/Encoding (((("] {
        says(coded("00303a", clear, ""), "the font ABCDEF+CMR10 does not say which characters its text has");
    }
}

#[test]
fn a_lost_minus_is_never_a_positive_number() {
    let array = ARRAY.replace("/minus", "/g7");
    let (font, objects) = type1(&array, "");
    let font = font.replace("<</F<<", "<</H<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>/F<<");
    let grade = |codes: &str| {
        let words = format!("BT /H 10 Tf 50 720 Td (The report states this value:) Tj 0 -20 Td (error) Tj /F 10 Tf 40 0 Td <{codes}> Tj ET");
        let report = Folder::new().with("report.pdf", page(&font, words.as_bytes(), &objects));
        let report = report.graded_in(&course("error = { page = 1, pattern = \"error {number}\" }"));
        let item = item(&report, "p/error");
        (item.verdict, item.reason.clone())
    };
    // 0.5 is above the 0.05 that is asked.
    assert_eq!(grade("303a35").0, V::Fail);
    for codes in ["00303a35", "303a0035", "303a3500", "0030"] {
        let (verdict, reason) = grade(codes);
        assert!(verdict == V::NeedsReview && reason.contains("characters that its fonts do not name"), "{codes}: {verdict:?} {reason}");
    }
}

#[test]
fn cff_and_truetype_programs_say_their_characters() {
    for name in ["cff", "cff-nul", "truetype-names", "truetype-glyphs"] {
        assert_eq!(text(&fixture(&format!("{name}.pdf"))), Ok("offset −0.125fi".to_owned()), "{name}");
    }
    // Names and codes that only number the glyphs say nothing.
    for name in ["cff-numbered", "truetype-coded"] {
        says(text(&fixture(&format!("{name}.pdf"))), "the font ABCDEF+Made does not say which characters its text has");
    }
}

#[test]
fn damaged_font_programs_are_read_or_told() {
    for name in ["cff", "truetype-names", "truetype-glyphs"] {
        let bytes = fixture(&format!("{name}.pdf"));
        for at in (600..bytes.len()).step_by(7) {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0xff;
            let _ = text(&damaged);
            let _ = text(&bytes[..at]);
        }
    }
}

/// The frame, the ticks with their labels, and a curve of a plot; as `TikZ` draws it into the page.
fn plot(x: f64, y: f64, values: [f64; 5]) -> String {
    let mut drawn = format!("0 G {x} {y} 200 100 re S\n");
    let mut curve = String::new();
    for (i, value) in (0..).zip(values) {
        let (across, up) = (x + 50.0 * f64::from(i), y + 25.0 * f64::from(i));
        let _ = writeln!(drawn, "{across} {y} m {across} {} l S BT /F 8 Tf {} {} Td ({i})Tj ET", y + 4.0, across - 2.0, y - 12.0);
        let _ = writeln!(drawn, "{x} {up} m {} {up} l S BT /F 8 Tf {} {} Td ({i})Tj ET", x + 4.0, x - 12.0, up - 3.0);
        let _ = writeln!(curve, "{across} {} {}", y + 25.0 * value, if i == 0 { "m" } else { "l" });
    }
    format!("{drawn}1 0 0 RG {curve}S 0 G\n")
}

/// A table of two rows and columns, with its rules.
fn table(x: f64, y: f64) -> String {
    let mut drawn = String::new();
    for i in 0..4 {
        let _ = writeln!(drawn, "{x} {0} m {1} {0} l S {2} {y} m {2} {3} l S", y + 20.0 * f64::from(i), x + 180.0, x + 60.0 * f64::from(i), y + 60.0);
        let _ = writeln!(drawn, "BT /F 9 Tf {} {} Td ({i})Tj 60 0 Td (0.{i})Tj ET", x + 5.0, y + 5.0 + 14.0 * f64::from(i));
    }
    drawn
}

const PROSE: &str = "BT /F 10 Tf 14 TL 60 760 Td (The validation error falls until a depth of four)Tj T* (and it rises again behind it, which we take)Tj T* \
    (for a sign that the larger trees overfit)Tj ET\n";

/// A code box with round corners and numbered lines, bullets, a fraction bar, underlines, the lines of head and foot, and a border.
const DECORATION: &str = "0.9 g 60 100 m 540 100 l 545 100 550 105 550 110 c 550 180 l 550 185 545 190 540 190 c 60 190 l 55 190 50 185 50 180 c \
    50 110 l 50 105 55 100 60 100 c f 0 g BT /F 9 Tf 20 TL 35 170 Td (1)Tj T* (2)Tj T* (3)Tj 25 40 Td (x = 1)Tj ET \
    60 80 m 63 83 l 60 86 l 57 83 l f 60 60 m 63 63 l 60 66 l 57 63 l f 80 40 m 83 43 l 80 46 l 77 43 l f \
    300 70 m 340 70 l S BT /F 9 Tf 315 75 Td (1)Tj 0 -14 Td (2)Tj ET 60 757 m 280 757 l S 40 785 m 560 785 l S 40 20 m 560 20 l S 10 10 580 780 re S\n";

/// How many figures a page has that draws this.
fn count(content: &str) -> usize {
    count_with(content, "", b"")
}

fn count_with(content: &str, resources: &str, objects: &[u8]) -> usize {
    let bytes = page(&format!("{FONT}{resources}"), content.as_bytes(), objects);
    (1..20).take_while(|nth| !is_absent(&bytes, *nth)).count()
}

fn is_absent(bytes: &[u8], nth: usize) -> bool {
    pdf::figure("r.pdf", bytes, 1, Some(nth)).is_err_and(|diagnostic| diagnostic.message.contains("there is no figure"))
}

#[test]
fn what_belongs_to_text_is_no_figure() {
    for content in ["", PROSE, DECORATION, &table(80.0, 400.0), &[PROSE, DECORATION, &table(80.0, 400.0), &table(300.0, 250.0)].concat()] {
        says(figure(&page(FONT, content.as_bytes(), b"")), "there is no figure on it");
    }
    // An emblem of curves without axes, and a slanted line in the head of a table.
    let emblem = (0..30).map(|i| format!("{0} 300 m {0} 400 200 350 {1} 300 c S\n", 100 + i * 3, 200 + i)).collect::<Vec<_>>().concat();
    assert_eq!(count(&format!("{PROSE}{emblem}")), 0);
    assert_eq!(count(&format!("{PROSE}{}80 440 m 140 460 l S", table(80.0, 400.0))), 0);
}

#[test]
fn every_plot_of_a_page_counts_once() {
    let (falls, rises) = ([4.0, 3.0, 2.0, 1.0, 0.0], [0.0, 1.0, 2.0, 3.0, 4.0]);
    assert_eq!(count(&plot(100.0, 300.0, falls)), 1);
    let flat = plot(100.0, 300.0, [2.0; 5]);
    assert_eq!(count(&flat), 1, "a curve that runs across");
    let both = format!("{}{}", plot(100.0, 500.0, falls), plot(100.0, 300.0, rises));
    assert_eq!(count(&both), 2);
    let four = format!("{both}{}{}", plot(350.0, 500.0, falls), plot(350.0, 305.0, rises));
    assert_eq!(count(&format!("{PROSE}{DECORATION}{four}")), 4);
    assert_eq!(count(&format!("1 g 0 0 600 800 re f 0 g {PROSE}{both}{}", table(350.0, 400.0))), 2);
}

#[test]
fn bars_points_and_axes_without_a_frame_are_plots() {
    let labels = (0..4).map(|i| format!("BT /F 8 Tf 80 {} Td (0.{i})Tj ET\n", 297 + 30 * i)).collect::<Vec<_>>().concat();
    let axes = "100 300 m 300 300 l S 100 300 m 100 400 l S\n";
    let bars = "0 0 1 rg 120 300 20 40 re f 170 300 20 80 re f 220 300 20 60 re f\n";
    let points = [(120, 310), (160, 350), (200, 330), (260, 390)].iter().map(|(x, y)| format!("{x} {y} 4 4 re f\n")).collect::<Vec<_>>().concat();
    let curve = "100 310 m 150 350 l 200 320 l 250 380 l S\n";
    for data in [bars, &points, curve] {
        assert_eq!(count(&format!("{PROSE}{axes}{labels}{data}")), 1, "{data}");
    }
}

/// A picture of 4×2 pixels.
fn picture(entries: &str) -> Vec<u8> {
    stream(9, &format!("/Subtype/Image/Width 4/Height 2/BitsPerComponent 8/ColorSpace/DeviceGray{entries}"), &[7; 8])
}

#[test]
fn pictures_beside_drawings_are_reached_in_reading_order() {
    let resources = "/XObject<</X 9 0 R>>";
    let shown = |x: u32, y: u32| format!("q 150 0 0 100 {x} {y} cm /X Do Q\n");
    let kinds = |content: &str| {
        let bytes = page(&format!("{FONT}{resources}"), content.as_bytes(), &picture(""));
        let kind = |nth: usize| pdf::figure("r.pdf", &bytes, 1, Some(nth)).unwrap().content;
        let names = (1..=count_with(content, resources, &picture(""))).map(|nth| if matches!(kind(nth), Content::Raster { .. }) { 'p' } else { 'd' });
        names.collect::<String>()
    };
    let drawn = plot(100.0, 300.0, [4.0, 3.0, 2.0, 1.0, 0.0]);
    assert_eq!(kinds(&format!("{}{PROSE}{}{DECORATION}{}", table(80.0, 400.0), shown(100, 550), shown(100, 280))), "pp");
    assert_eq!(kinds(&format!("{}{drawn}{}", shown(100, 150), shown(100, 500))), "pdp");
    // Side by side, though the right one is a little higher.
    assert_eq!(kinds(&format!("{}{drawn}", shown(350, 310))), "dp");
    // In a frame of the page's own.
    assert_eq!(kinds(&format!("{PROSE}90 540 170 120 re S {}", shown(100, 550))), "p");
}

#[test]
fn a_form_with_two_panels_is_one_figure() {
    let panels = format!("{}{}", plot(20.0, 200.0, [4.0, 3.0, 2.0, 1.0, 0.0]), plot(20.0, 20.0, [0.0, 1.0, 2.0, 3.0, 4.0]));
    let form = stream(9, &format!("/Subtype/Form/BBox[0 0 300 320]/Resources<<{FONT}>>"), panels.as_bytes());
    let resources = "/XObject<</X 9 0 R>>";
    assert_eq!(count_with(&format!("{PROSE}{DECORATION}q 1 0 0 1 100 300 cm /X Do Q"), resources, &form), 1);
    assert_eq!(count_with("q 1 0 0 1 100 400 cm /X Do Q q 1 0 0 1 100 20 cm /X Do Q", resources, &form), 2);
    // A whole page that is placed as a form, as printers do, is a page.
    let printed = stream(9, &format!("/Subtype/Form/BBox[0 0 600 800]/Resources<<{FONT}>>"), format!("{PROSE}{DECORATION}{panels}").as_bytes());
    assert_eq!(count_with("/X Do", resources, &printed), 2);
}

#[test]
fn each_of_two_plots_has_its_own_labels_and_curve() {
    let drawn = format!("{}{}", plot(100.0, 500.0, [4.0, 3.0, 2.0, 1.0, 0.0]), plot(100.0, 350.0, [0.0, 2.0, 1.0, 3.0, 4.0]));
    let item_of = "id = \"a\"\ntitle = \"A\"\npoints = 2\ncheck = \"figure\"\nfigure = \"a\"\nx = \"depths\"\nshows = [\"loss\"]";
    let grade = |nth: usize, loss: &str| {
        let head = "schema = 1\nid = \"pdf\"\ntitle = \"PDF\"\nseed = 1\n[where]\n";
        let rubric = format!("{head}\"figures/a\" = {{ page = 1, nth = {nth} }}\n[[part]]\nid = \"p\"\ntitle = \"P\"\n[[part.item]]\n{item_of}\n");
        let metrics = format!("depths = [0, 1, 2, 3, 4]\nloss = {loss}\n");
        let folder = Folder::new().with("metrics.toml", metrics).with("report.pdf", page(FONT, drawn.as_bytes(), b""));
        let report = folder.graded_in(&Opened::of(&rubric, None));
        (item(&report, "p/a").verdict, item(&report, "p/a").reason.clone())
    };
    let (falls, rises) = ("[4, 3, 2, 1, 0]", "[0, 2, 1, 3, 4]");
    for (nth, loss, expected) in [(1, falls, V::Pass), (2, rises, V::Pass), (1, rises, V::NeedsReview), (2, falls, V::NeedsReview)] {
        let (verdict, reason) = grade(nth, loss);
        assert_eq!(verdict, expected, "{nth} {loss}: {reason}");
    }
}

#[test]
fn a_mask_may_be_longer_than_its_rows_and_not_shorter() {
    let read = |mask: &[u8], entries: &str| {
        let mask = stream(10, &format!("/Subtype/Image/Width 4/Height 2/BitsPerComponent 8/ColorSpace/DeviceGray{entries}"), mask);
        let objects = [picture("/SMask 10 0 R"), mask].concat();
        let bytes = page("/XObject<</X 9 0 R>>", b"300 0 0 300 50 50 cm /X Do", &objects);
        pdf::figure("r.pdf", &bytes, 1, None).map(|figure| figure.content).map_err(|diagnostic| diagnostic.message)
    };
    let opaque = [255, 255, 255, 255, 255, 255, 255, 9];
    let long = [opaque.as_slice(), &[0; 5_000]].concat();
    let expected = || Content::Raster { channels: 2, bytes: opaque.iter().flat_map(|alpha| [7, *alpha]).collect() };
    for mask in [opaque.as_slice(), &long] {
        assert_eq!(read(mask, ""), Ok(expected()));
        assert_eq!(read(&zip(mask), "/Filter/FlateDecode"), Ok(expected()));
    }
    // Rows as a PNG has them, each behind a byte that says how it is written.
    let rows = [[0, 255, 255, 255, 255], [0, 255, 255, 255, 9]].concat().into_iter().chain([0; 4_000]).collect::<Vec<u8>>();
    assert_eq!(read(&zip(&rows), "/Filter/FlateDecode/DecodeParms<</Predictor 15/Columns 4>>"), Ok(expected()));
    for (mask, entries) in [(&opaque[..7], ""), (&zip(&opaque[..7]), "/Filter/FlateDecode")] {
        says(read(mask, entries), "the transparency of its picture is written in a way that is not read");
    }
}

/// A page with these texts at these places, in a font whose codes are Unicode.
fn placed(texts: &[(&str, u32, u32)]) -> Result<String, String> {
    let font = "/Font<</F<</Type/Font/Subtype/Type0/BaseFont/Any/Encoding/Identity-H/ToUnicode 9 0 R/DescendantFonts[<</DW 500>>]>>>>";
    let mut content = String::new();
    for (text, x, y) in texts {
        let codes = text.encode_utf16().map(|unit| format!("{unit:04x}")).collect::<Vec<_>>().concat();
        let _ = writeln!(content, "BT /F 10 Tf {x} {y} Td <{codes}> Tj ET");
    }
    text(&page(font, content.as_bytes(), &stream(9, "", b"1 beginbfrange <0020> <fffd> <0020> endbfrange")))
}

#[test]
fn text_from_right_to_left_is_read_so() {
    assert_eq!(placed(&[("םולש", 300, 700)]), Ok("שלום".to_owned()));
    // Letters one by one from the right, as they are read; words from the left, as they are seen.
    assert_eq!(placed(&[("ש", 315, 700), ("ל", 310, 700), ("ו", 305, 700), ("ם", 300, 700)]), Ok("שלום".to_owned()));
    assert_eq!(placed(&[("0.125", 200, 700), ("ךרעה", 250, 700)]), Ok("הערך 0.125".to_owned()));
    assert_eq!(placed(&[("ךרעה", 250, 700), ("0.125", 200, 700)]), Ok("הערך 0.125".to_owned()));
    assert_eq!(placed(&[("םולש", 300, 700), ("םולש", 300, 680)]), Ok("שלום\nשלום".to_owned()));
    assert_eq!(placed(&[("depth 8 means", 100, 700), ("קמוע", 180, 700)]), Ok("depth 8 means עומק".to_owned()));
    // No other line is touched.
    assert_eq!(placed(&[("b", 300, 700), ("a", 100, 700)]), Ok("b\na".to_owned()));
}
