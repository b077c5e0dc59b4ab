//! Any bytes are a network or a message, and a network runs within its budget.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mlgrade::domain::examples::{Examples, Numbers};
use mlgrade::network::{Network, Presentation};

/// Three grey images.
const PIXELS: [u8; 3 * 784] = [128; 3 * 784];

fuzz_target!(|bytes: &[u8]| {
    let examples = Examples::new(vec![28, 28], Numbers::Pixels(&PIXELS), Numbers::Pixels(&PIXELS));
    for path in ["fuzz.onnx", "fuzz.safetensors"] {
        let notes: &[u8] = b"layers = [{ dense = \"a\", activation = \"relu\" }, { dense = \"b\" }]";
        if let Ok(network) = Network::decode(path, bytes, Some(("fuzz.toml", notes))) {
            let _ = network.try_out(&examples, &Presentation::Unit);
        }
    }
});
