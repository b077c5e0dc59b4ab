//! Any bytes decode to a figure or to a message.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mlgrade::figure::is_blank;
use mlgrade::picture::Picture;
use mlgrade::picture::figure::decode;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(figure) = decode("fuzz", bytes) {
        let _ = is_blank(&figure);
        let _ = Picture::of_figure(&figure);
    }
});
