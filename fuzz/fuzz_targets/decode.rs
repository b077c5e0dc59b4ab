//! Any bytes decode to a figure or to a message.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mlgrade::picture::figure::decode;
use mlgrade::picture::Picture;
use mlgrade::figure::is_blank;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(figure) = decode("fuzz", bytes) {
        let _ = is_blank(&figure);
        let _ = Picture::of_figure(&figure);
    }
});
