//! Networks of every operator with damaged bytes: each is run or refused, and none finds a mistake of ours.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its own files ends")]

use std::borrow::Cow;

use mlgrade_domain::examples::{Examples, Numbers};
use mlgrade_network::{Network, Presentation};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    name: String,
    shape: Vec<usize>,
    input: Vec<Option<f64>>,
    onnx: String,
}

/// Numbers that look random, the same every time: Marsaglia's xorshift (2003).
struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % limit
    }
}

/// What a panic becomes.
const MISTAKE: &str = "the network could not be run";

fn run(case: &Case, bytes: &[u8]) -> Option<String> {
    let network = match Network::decode("x.onnx", bytes, None) {
        Ok(network) => network,
        Err(refusal) => return Some(refusal.to_string()),
    };
    let numbers = || Numbers::Features(Cow::Owned(case.input.iter().map(|value| value.unwrap_or(f64::NAN)).collect()));
    let examples = Examples::new(case.shape.clone(), numbers(), numbers());
    network.try_out(&examples, &Presentation::Raw).err().map(|refusal| refusal.to_string())
}

/// How often each network is damaged; more is for a run by hand.
const TIMES: usize = 3;

#[test]
fn damaged_networks_are_run_or_refused() {
    let files: [&[u8]; 4] = [
        include_bytes!("../../../fixtures/networks/operators.json"),
        include_bytes!("../../../fixtures/networks/machines.json"),
        include_bytes!("../../../fixtures/networks/shapes.json"),
        include_bytes!("../../../fixtures/networks/loops.json"),
    ];
    let mut draw = Draw(0x9e37_79b9_7f4a_7c15);
    for case in files.iter().flat_map(|file| serde_json::from_slice::<Vec<Case>>(file).unwrap()) {
        let whole: Vec<u8> = (0..case.onnx.len()).step_by(2).map(|i| u8::from_str_radix(&case.onnx[i..i + 2], 16).unwrap()).collect();
        for _ in 0..TIMES {
            let mut bytes = whole.clone();
            for _ in 0..=draw.below(3) {
                let at = draw.below(bytes.len());
                // Small numbers are lengths, counts and axes; 255 is what is below 0 or very large.
                bytes[at] = [0, 1, 2, 3, 127, 128, 255, bytes[at].wrapping_add(1)][draw.below(8)];
            }
            let refusal = run(&case, &bytes).unwrap_or_default();
            assert!(!refusal.contains(MISTAKE), "{}: {bytes:02x?}", case.name);
        }
    }
}
