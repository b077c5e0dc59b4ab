//! Any bytes are a PDF, or the content of a page: its text and its figure are found, or it is said why not.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mlgrade::pdf;

/// A page around a content of this length.
const HEAD: &str = "%PDF-1.7\n1 0 obj <</Pages 2 0 R>> endobj 2 0 obj <</Kids[3 0 R]>> endobj 3 0 obj <</Contents 4 0 R/Resources<</Font<</F 5 0 R>>\
    /XObject<</X 6 0 R>>>>>> endobj 5 0 obj <</Type/Font/Subtype/Type1/BaseFont/Helvetica>> endobj 6 0 obj <</Subtype/Form/Length 19>> stream\n\
    0 0 m 9 9 l S /X Do\nendstream endobj 4 0 obj <<>> stream\n";

fuzz_target!(|bytes: &[u8]| {
    for bytes in [bytes, [HEAD.as_bytes(), bytes, b"\nendstream endobj trailer <</Root 1 0 R>>"].concat().as_slice()] {
        for page in [1, 2] {
            let _ = pdf::text("fuzz.pdf", bytes, page, Some("Question 1"), &["Question 2"]);
            let _ = pdf::figure("fuzz.pdf", bytes, page, None);
        }
    }
});
