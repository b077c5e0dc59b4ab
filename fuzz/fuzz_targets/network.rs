//! Any bytes are a network or a message, and a network runs within its budget.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mlgrade::domain::examples::{Examples, Numbers};
use mlgrade::network::{Network, Presentation, Weights};

/// Three grey images.
const PIXELS: [u8; 3 * 784] = [128; 3 * 784];

fuzz_target!(|bytes: &[u8]| {
    let examples = Examples::new(vec![28, 28], Numbers::Pixels(&PIXELS), Numbers::Pixels(&PIXELS));
    // What a file is, its content tells; the endings matter to what is told by nothing else.
    for path in ["fuzz.onnx", "fuzz.safetensors", "fuzz.pt", "fuzz.keras", "fuzz.json"] {
        let _ = Weights::read(path, bytes).map(|weights| weights.and_then(|weights| weights.draft()));
        let notes: &[u8] = b"layers = [{ dense = \"a\", activation = \"relu\" }, { dense = \"b\" }]";
        if let Ok(network) = Network::decode(path, bytes, Some(("fuzz.toml", notes))) {
            let _ = network.try_out(&examples, &Presentation::Unit);
        }
    }
});
