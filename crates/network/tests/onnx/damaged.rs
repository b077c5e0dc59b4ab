//! Networks of every operator with damaged bytes: each is run or refused, and none finds a mistake of ours.

use crate::cases::Case;
use mlgrade_network::{Network, Presentation};

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
    network.try_out(&case.examples(), &Presentation::Raw).err().map(|refusal| refusal.to_string())
}

/// How often each network is damaged; more is for a run by hand.
const TIMES: usize = 3;

#[test]
fn damaged_networks_are_run_or_refused() {
    let files: [&[u8]; 4] = [
        include_bytes!("../../../../fixtures/networks/operators.json"),
        include_bytes!("../../../../fixtures/networks/machines.json"),
        include_bytes!("../../../../fixtures/networks/shapes.json"),
        include_bytes!("../../../../fixtures/networks/loops.json"),
    ];
    let mut draw = Draw(0x9e37_79b9_7f4a_7c15);
    for case in files.iter().flat_map(|file| serde_json::from_slice::<Vec<Case>>(file).unwrap()) {
        let whole = case.bytes();
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
