//! Any bytes decode to predictions, or a decision rule, or to a message.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mlgrade::evidence::predictions::decode;
use mlgrade::evidence::rule::Written;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(predictions) = decode("fuzz", "fuzz", bytes) {
        assert!(!predictions.is_empty());
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(written) = Written::parse(text)
    {
        let _ = written.readings("Gentoo", &["Adelie".to_owned(), "Gentoo".to_owned()]);
    }
});
