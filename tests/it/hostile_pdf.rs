//! Whatever a PDF holds, what is said to be on its pages gets a message that says why, within bounds of memory and work that the file has no
//! say in.

use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use mlgrade::domain::verdict::VerdictLabel as V;
use mlgrade::pdf;
use proptest::prelude::*;

use crate::common::{Folder, item};
use crate::pdf::{course, fixture};

pub(crate) fn zip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The stream `number`, with its dictionary's other entries.
pub(crate) fn stream(number: usize, entries: &str, bytes: &[u8]) -> Vec<u8> {
    [format!("{number} 0 obj <<{entries}/Length {}>> stream\n", bytes.len()).as_bytes(), bytes, b"\nendstream endobj\n"].concat()
}

/// A PDF of one page with this content and these further objects; its objects have to be found, as there is no table of them.
pub(crate) fn page(resources: &str, content: &[u8], more: &[u8]) -> Vec<u8> {
    with_contents(resources, &stream(4, "", content), more)
}

fn with_contents(resources: &str, contents: &[u8], more: &[u8]) -> Vec<u8> {
    let head = format!(
        "%PDF-1.7\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj\n\
         3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<<{resources}>>>> endobj\n"
    );
    [head.as_bytes(), contents, more, b"trailer <</Root 1 0 R>>\n"].concat()
}

pub(crate) const FONT: &str = "/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>";
const WORDS: &[u8] = b"BT /F 12 Tf 50 700 Td (small trees) Tj ET\n";

pub(crate) fn text(bytes: &[u8]) -> Result<String, String> {
    pdf::text("r.pdf", bytes, 1, None, &[]).map_err(|diagnostic| diagnostic.message)
}

pub(crate) fn figure(bytes: &[u8]) -> Result<(u32, u32), String> {
    pdf::figure("r.pdf", bytes, 1, None).map(|figure| (figure.width, figure.height)).map_err(|diagnostic| diagnostic.message)
}

pub(crate) fn says<T: std::fmt::Debug>(found: Result<T, String>, part: &str) {
    let reason = found.expect_err(part);
    assert!(reason.contains(part), "`{reason}` does not say `{part}`");
    assert!(reason.len() < 500, "{reason}");
}

#[test]
fn a_small_file_made_by_hand_is_read() {
    assert_eq!(text(&page(FONT, WORDS, b"")), Ok("small trees".to_owned()));
    // What stands before its head and behind its end is no matter.
    assert_eq!(text(&[b"junk\n", page(FONT, WORDS, b"").as_slice(), b"\n\n%%EOF junk"].concat()), Ok("small trees".to_owned()));
}

#[test]
fn what_is_no_pdf_says_so() {
    for bytes in [&b""[..], b"%PDF", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", &[0; 4_096]] {
        says(text(bytes), "it is no PDF");
    }
    for bytes in [&b"%PDF-1.4"[..], b"%PDF-1.4\nstartxref\n99999999\n%%EOF", b"%PDF-1.4\nstartxref\n0\n%%EOF", b"%PDF-1.4 trailer <</Root 1 0 R>>"] {
        says(text(bytes), "it has no tree of pages; it is cut off or damaged");
    }
}

#[test]
fn a_cut_off_report_is_for_a_person() {
    let whole = fixture("writer.pdf");
    for bytes in [&whole[..whole.len() / 2], &whole[..2_000]] {
        let report = Folder::new().with("report.pdf", bytes).graded_in(&course("least = { page = 1 }\n\"figures/curves\" = { page = 2 }"));
        for id in ["p/least", "p/curves"] {
            let item = item(&report, id);
            assert!(item.verdict == V::NeedsReview && item.reason.starts_with("report.pdf, page "), "{id}: {:?} {}", item.verdict, item.reason);
        }
    }
}

#[test]
fn a_larger_file_than_is_read_is_for_a_person() {
    let report = Folder::new().with("report.pdf", vec![b' '; (32 << 20) + 1]).graded_in(&course("least = { page = 1 }"));
    assert_eq!(item(&report, "p/least").verdict, V::NeedsReview);
    assert!(item(&report, "p/least").reason.contains("larger than the 32 MiB that are read"));
}

#[test]
fn a_stream_that_unpacks_without_end_is_cut() {
    let bomb = zip(&vec![b' '; 200 << 20]);
    says(text(&with_contents(FONT, &stream(4, "/Filter/FlateDecode", &bomb), b"")), "unpacks to more than the 64 MiB that are read");
    let nested = zip(&bomb);
    says(text(&with_contents(FONT, &stream(4, "/Filter[/FlateDecode/FlateDecode]", &nested), b"")), "unpacks to more than the 64 MiB");
    // As the map of a font, as a form, as an object stream, and 9 times 10 MiB.
    let font = "/Font<</F<</Type/Font/Subtype/Type0/ToUnicode 9 0 R>>>>";
    says(text(&page(font, WORDS, &stream(9, "/Filter/FlateDecode", &bomb))), "unpacks to more than");
    says(text(&page("/XObject<</X 9 0 R>>", b"/X Do", &stream(9, "/Subtype/Form/Filter/FlateDecode", &bomb))), "unpacks to more than");
    says(text(&page(FONT, WORDS, &stream(9, "/Type/ObjStm/N 1/First 10/Filter/FlateDecode", &bomb))), "unpacks to more than");
    let tenth = stream(9, "/Filter/FlateDecode", &zip(&vec![b' '; 10 << 20]));
    let nine = format!("4 0 obj [{}] endobj\n", "9 0 R ".repeat(9));
    says(text(&with_contents(FONT, nine.as_bytes(), &tenth)), "unpacks to");
    says(text(&with_contents(FONT, &stream(4, "/Filter/RunLengthDecode", &[129, b' '].repeat(1 << 20)), b"")), "unpacks to more than");
}

#[test]
fn filters_that_are_not_undone_are_named() {
    let many = "/Filter[/AHx/AHx/AHx/AHx/AHx]";
    says(text(&with_contents(FONT, &stream(4, many, b"20>"), b"")), "5 filters, more than the 4 that are undone");
    for filter in ["CCITTFaxDecode", "JBIG2Decode", "JPXDecode", "LZWDecode", "Crypt", "Nonsense"] {
        let entries = format!("/Subtype/Image/Width 99/Height 99/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/{filter}");
        let picture = page("/XObject<</X 9 0 R>>", b"300 0 0 300 50 50 cm /X Do", &stream(9, &entries, b"xyz"));
        says(figure(&picture), &format!("the filter {filter} is not read"));
    }
    says(text(&with_contents(FONT, &stream(4, "/Filter/FlateDecode", b"not zlib"), b"")), "a stream in it is damaged");
    says(text(&with_contents(FONT, &stream(4, "/Filter/DCTDecode", b"\xff\xd8"), b"")), "a picture stands where text belongs");
    let rows = "/Filter/FlateDecode/DecodeParms<</Predictor 15/Columns 99999999999>>";
    says(text(&with_contents(FONT, &stream(4, rows, &zip(b"x")), b"")), "no sensible length");
}

#[test]
fn what_leads_back_to_itself_ends() {
    says(text(&page("/XObject<</X 9 0 R>>", b"/X Do", &stream(9, "/Subtype/Form", b"/X Do"))), "what is drawn on it refers to itself");
    let cyclic = b"%PDF-1.7\n1 0 obj <</Pages 2 0 R>> endobj 2 0 obj <</Kids[2 0 R 2 0 R]>> endobj trailer <</Root 1 0 R>>";
    says(text(cyclic), "its tree of pages leads back to itself");
    says(text(b"%PDF-1.7\n1 0 obj <</Pages 2 0 R>> endobj 2 0 obj 2 0 R endobj trailer <</Root 1 0 R>>"), "an object in it refers to itself");
    // The length of a stream, its filter, and an object stream, each in itself.
    assert_eq!(text(&with_contents(FONT, b"4 0 obj <</Length 4 0 R>> stream\nBT /F 9 Tf 9 9 Td (x) Tj ET endstream endobj ", b"")), Ok("x".to_owned()));
    says(text(&with_contents(FONT, &stream(4, "/Filter 4 0 R", b"x"), b"")), "");
    let inside = stream(4, "/Type/ObjStm/N 2/First 10/Filter 5 0 R", b"5 0 6 10 /AHx");
    says(text(&with_contents(FONT, &inside, b"")), "");
    let table = b"%PDF-1.7\nxref\n0 1\n0000000000 65535 f \ntrailer <</Prev 9/XRefStm 9>>\nstartxref\n9\n%%EOF";
    says(text(table), "it has no tree of pages");
    // Forms that draw ten forms that draw ten forms …
    let forms: Vec<u8> = (10..18).flat_map(|i| stream(i, &format!("/Subtype/Form/Resources<</XObject<</X {} 0 R>>>>", i + 1), &b"/X Do ".repeat(50))).collect();
    says(text(&page("/XObject<</X 10 0 R>>", b"/X Do", &forms)), "");
}

#[test]
fn a_page_deep_in_a_tree_or_among_many_is_not_looked_for_without_end() {
    let mut deep = "%PDF-1.7\n1 0 obj <</Pages 2 0 R>> endobj\n".to_owned();
    for i in 2..60 {
        let _ = writeln!(deep, "{i} 0 obj <</Kids[{} 0 R]>> endobj", i + 1);
    }
    says(text(format!("{deep}trailer <</Root 1 0 R>>").as_bytes()), "its tree of pages is nested too deeply");
    let kids = (3..9_000).map(|i| format!("{i} 0 R ")).collect::<Vec<_>>().concat();
    let pages = (3..9_000).map(|i| format!("{i} 0 obj <</Type/Page>> endobj\n")).collect::<Vec<_>>().concat();
    let many = format!("%PDF-1.7\n1 0 obj <</Pages 2 0 R>> endobj\n2 0 obj <</Kids[{kids}]>> endobj\n{pages}trailer <</Root 1 0 R>>");
    let last = pdf::text("r.pdf", many.as_bytes(), 8_000, None, &[]).map_err(|diagnostic| diagnostic.message);
    says(last, "more than the 2000 pages that are read");
    says(text(&[b"%PDF-1.7\n1 0 obj ", b"[".repeat(100_000).as_slice(), b" endobj trailer <</Root 1 0 R>>"].concat()), "nested too deeply");
}

#[test]
fn too_much_of_anything_is_told() {
    says(text(&page(FONT, &b"q Q ".repeat(600_000), b"")), "it draws more than is read of one page");
    says(text(&page(FONT, &b"0 ".repeat(2_000), b"")), "more operands than are read");
    says(text(&page(FONT, &[b"[", b"0 ".repeat(2_100_000).as_slice(), b"] TJ"].concat(), b"")), "it has objects, more than is read");
    says(figure(&page("", &b"1 1 9.123 8.123 re S ".repeat(230_000), b"")), "it draws more than is read of one page");
    says(text(&page(FONT, &[b"BT /F 1 Tf 50 50 Td ", b"(x) Tj 0 0 Td ".repeat(210_000).as_slice()].concat(), b"")), "more text than is read of one page");
    let named = stream(9, "/Subtype/Image/Width 9/Height 9", b"x");
    says(text(&page("/XObject<</X 9 0 R>>", &b"/X Do ".repeat(2_000), &named)), "more than the 1000 pictures that are looked at");
    says(text(&page("/Font<</F<</Subtype/Type0/ToUnicode 9 0 R>>>>", WORDS, &stream(9, "", &ranges()))), "more than is read");
    // Strings that do not end, each from one object to the end of the file.
    says(text(&[b"%PDF-1.7\n".as_slice(), &b"1 0 obj(".repeat(400_000)].concat()), "");
    let lists = (10..4_000).map(|i| format!("{i} 0 obj [ {i} 0 obj ( ")).collect::<Vec<_>>().concat();
    says(text(format!("%PDF-1.7\n{lists}").as_bytes()), "");
}

/// A map of characters with more ranges than a font can have.
fn ranges() -> Vec<u8> {
    [b"9 beginbfrange ".as_slice(), &b"<0000> <ffff> <0041> ".repeat(200), b"endbfrange"].concat()
}

#[test]
fn a_picture_that_lies_about_itself_is_told() {
    let picture = |entries: &str, bytes: &[u8]| {
        figure(&page("/XObject<</X 9 0 R>>", b"300 0 0 300 50 50 cm /X Do", &stream(9, &format!("/Subtype/Image/BitsPerComponent 8{entries}"), bytes)))
    };
    assert_eq!(picture("/Width 4/Height 2/ColorSpace/DeviceGray", &[7; 8]), Ok((4, 2)));
    says(picture("/Width 100000/Height 100000/ColorSpace/DeviceGray", b""), "100000×100000 pixels; at most 10000 a side");
    says(picture("/Width 9000/Height 9000/ColorSpace/DeviceRGB", b""), "40 megapixels are read");
    says(picture("/Width 100/Height 100/ColorSpace/DeviceRGB", &[0; 5]), "its picture is cut off: 5 of 30000 bytes are there");
    says(picture("/Width -1/Height 0.5/ColorSpace/DeviceRGB", b""), "its picture has no size");
    says(picture("/Width 2/Height 2/ColorSpace/DeviceCMYK", &[0; 16]), "the colours of its picture are DeviceCMYK, which is not read");
    says(picture("/Width 2/Height 2/ColorSpace[/Indexed[/Indexed/DeviceRGB 1(abcdef)]1(ab)]", &[0; 4]), "which is not read");
    says(picture("/Width 2/Height 2", &[0; 4]), "the colours of its picture are not said");
    // A place beyond the list of colours is black.
    assert_eq!(picture("/Width 2/Height 2/ColorSpace[/Indexed/DeviceRGB 255(abc)]", &[255; 4]), Ok((2, 2)));
    let bomb = zip(&vec![0; 64 << 20]);
    // What is behind its rows is passed over, however much it is, and whatever it is.
    assert_eq!(picture("/Width 10/Height 10/ColorSpace/DeviceGray/Filter/FlateDecode", &bomb), Ok((10, 10)));
    assert_eq!(picture("/Width 9/Height 9/ColorSpace/DeviceGray/Filter/RunLengthDecode", &[129, 7].repeat(1 << 20)), Ok((9, 9)));
    assert_eq!(picture("/Width 9/Height 9/ColorSpace/DeviceGray/Filter/FlateDecode", &bomb[..bomb.len() / 2]), Ok((9, 9)));
    says(picture("/Width 10/Height 10/Filter/DCTDecode/ColorSpace/DeviceRGB", b"\xff\xd8\xff\xe0 damaged"), "the JPEG is damaged");
    says(figure(&page("/XObject<</X 9 0 R>>", b"0 300 -300 0 400 50 cm /X Do", &stream(9, "/Subtype/Image/Width 2/Height 2", b""))), "its picture is turned");
    says(figure(&page("", b"300 0 0 300 50 50 cm BI /W 2 /H 2 ID xx EI Q", b"")), "stands in the page's own content");
}

#[test]
fn a_font_that_does_not_say_its_characters_is_named() {
    let font = "/Font<</F<</Type/Font/Subtype/Type0/BaseFont/ABCDEF+Hidden/Encoding/Identity-H>>>>";
    let bytes = page(font, b"BT /F 12 Tf 50 700 Td <0003000400050006> Tj ET", b"");
    says(text(&bytes), "the font ABCDEF+Hidden does not say which characters its text has");
    let report = Folder::new().with("report.pdf", bytes).graded_in(&course("least = { page = 1 }"));
    assert_eq!(item(&report, "p/least").verdict, V::NeedsReview);
}

#[test]
fn text_that_nobody_sees_is_not_read() {
    // Laid invisibly over a scan by a program that recognises letters; beside the page.
    for content in [&b"BT 3 Tr /F 12 Tf 50 700 Td (small trees) Tj ET"[..], b"BT /F 12 Tf 5000 700 Td (small trees) Tj ET"] {
        says(text(&page(FONT, content, b"")), "there is no text on it");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_told(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        for bytes in [&bytes, &[b"%PDF-1.7\n", bytes.as_slice()].concat(), &page(FONT, &bytes, b""), &page(FONT, WORDS, &bytes)] {
            let _ = (text(bytes), figure(bytes));
        }
    }

    #[test]
    fn a_damaged_report_is_read_or_told(at in 0_usize..12_000, new in prop::collection::vec(any::<u8>(), 1..40), cut in 0_usize..60) {
        let mut bytes = fixture("old-plots.pdf");
        let at = at.min(bytes.len());
        let until = (at + cut).min(bytes.len());
        bytes.splice(at..until, new);
        let _ = (text(&bytes), figure(&bytes));
    }

    #[test]
    fn any_operators_are_carried_out_or_told(words in prop::collection::vec(
        prop::sample::select(vec!["q", "Q", "cm", "re", "W", "n", "S", "f", "BT", "ET", "Tj", "TJ", "Tm", "Td", "(ab)", "[(a) -900 (b)]", "1", "0", "-3.5", "1e9",
            "99999999999", "/F", "/X", "Tf", "Do", "gs", "m", "l", "c", "h", "BI", "ID", "EI", "<<", ">>", "[", "]", "(", "%", "d", "rg", "k"]), 0..300)) {
        let bytes = page(&format!("{FONT}/XObject<</X 9 0 R>>"), words.join(" ").as_bytes(), &stream(9, "/Subtype/Form/BBox[0 0 9 9]", b"0 0 m 9 9 l S"));
        let _ = (text(&bytes), figure(&bytes));
    }
}
