//! Whatever a file claims, reading it takes a small multiple of its bytes.
//!
//! One test, alone in its process: the peak is that of all threads.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

use std::path::Path;

use mlgrade_network::Network;
use peak_alloc::PeakAlloc;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// Bytes that reading any file may take however small it is: tables, messages, buffers of the unpacker.
const ANYWAY: usize = 1 << 20;

/// How many bytes each byte of the file may take beyond that. A tuple of a pickle has one byte, and becomes a value with a list of its own; lists
/// of values grow by doubling.
const EACH: usize = 160;

const LIST: &str = "layers = [{ dense = \"a\", activation = \"relu\" }, { dense = \"b\" }]";

/// The most that is allocated at once while `bytes` are read as the file `path`.
fn peak(path: &str, bytes: &[u8]) -> usize {
    let before = PeakAlloc.current_usage();
    PeakAlloc.reset_peak_usage();
    drop(Network::decode(path, bytes, Some(("networks/a.toml", LIST.as_bytes()))));
    PeakAlloc.peak_usage().saturating_sub(before)
}

fn check(path: &str, bytes: &[u8]) {
    let (peak, most) = (peak(path, bytes), ANYWAY + EACH * bytes.len());
    assert!(peak <= most, "{path}: {} bytes take {peak}, at most {most} are expected", bytes.len());
}

/// Pickles that take much of those who believe them, with how often a part is repeated.
fn bombs() -> Vec<(&'static str, Vec<u8>)> {
    let end = |mut bytes: Vec<u8>| {
        bytes.push(b'.');
        bytes
    };
    // Tuples in tuples; a list of itself twice, again and again through the memo; lengths that nothing follows.
    let nested = |depth: usize| end([b"\x80\x02)".as_slice(), &b"\x85".repeat(depth)].concat());
    let mut doubled = b"\x80\x02]q\0".to_vec();
    for i in 0..200_u8 {
        doubled.extend([b'h', i, b'h', i, 0x86, b'q', i + 1]);
    }
    vec![
        ("nested", nested(300_000)),
        ("doubled", end(doubled)),
        ("claimed text", end(b"\x80\x02X\xff\xff\xff\x7f".to_vec())),
        ("claimed bytes", end(b"\x80\x04\x8e\xff\xff\xff\xff\xff\xff\xff\x7f".to_vec())),
        ("claimed frame", end(b"\x80\x04\x95\xff\xff\xff\xff\xff\xff\xff\x7f".to_vec())),
        ("marks", end([b"\x80\x02".as_slice(), &b"(".repeat(300_000)].concat())),
        ("lists", end([b"\x80\x02".as_slice(), &b"]".repeat(300_000)].concat())),
    ]
}

#[test]
fn reading_takes_a_small_multiple_of_the_bytes() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/networks");
    let mut files: Vec<Vec<u8>> = Vec::new();
    for folder in ["torch", "keras", "boosted", ""] {
        for entry in std::fs::read_dir(fixtures.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let is_network = path.extension().is_some_and(|ending| !["py", "toml", "csv"].contains(&ending.to_str().unwrap()));
            if path.is_file() && is_network && !path.ends_with("expected.json") && std::fs::metadata(&path).unwrap().len() < 100_000 {
                files.push(std::fs::read(path).unwrap());
            }
        }
    }
    assert!(files.len() > 150, "{} files", files.len());
    for (name, bytes) in bombs() {
        check(&format!("networks/{name}.pt"), &bytes);
    }
    for bytes in &files {
        check("networks/a.pt", bytes);
    }
    // Real files with some bytes changed: lengths, counts, offsets, opcodes.
    let damages = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8);
    let mut runner = TestRunner::new(Config { cases: 3_000, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&(any::<prop::sample::Index>(), damages), |(file, damages)| {
        let mut bytes = files[file.index(files.len())].clone();
        for (place, value) in damages {
            let place = place.index(bytes.len());
            bytes[place] = value;
        }
        let (peak, most) = (peak("networks/a.pt", &bytes), ANYWAY + EACH * bytes.len());
        prop_assert!(peak <= most, "{} bytes take {}, at most {} are expected", bytes.len(), peak, most);
        Ok(())
    });
    outcome.unwrap();
}
