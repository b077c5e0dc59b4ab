//! Any bytes held against any claim give a reading and an overlay. The first bytes make the claim, the rest is the figure.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mlgrade::figure::claim::{Claim, Kind, Series};
use mlgrade::figure::{overlay, read};
use mlgrade::picture::figure::decode;

/// The points of the claim, two bytes each.
const POINTS: usize = 8;

fuzz_target!(|bytes: &[u8]| {
    let Some((head, file)) = bytes.split_at_checked(2 + 2 * POINTS) else { return };
    let Ok(figure) = decode("fuzz", file) else { return };
    // From 1e-12 to 1e12, so that logarithmic axes are met as well.
    let value = |byte: u8| if head[1] & 1 == 0 { f64::from(byte) } else { 10_f64.powf(f64::from(byte) / 10.0 - 12.0) };
    let points = || head[2..].chunks_exact(2);
    let series =
        |name: &str| Series { name: name.to_owned(), x: points().map(|pair| value(pair[0])).collect(), y: points().map(|pair| value(pair[1])).collect() };
    let kind = if head[0] & 1 == 0 { Kind::Line } else { Kind::Scatter };
    let Ok(claim) = Claim::new(kind, vec![series("train"), series("val")]) else { return };
    let panel = (head[0] > 127).then_some(usize::from(head[0] % 8) + 1);
    let reading = read(&figure, &claim, panel);
    assert!(reading.series.is_empty() || reading.series.len() == 2);
    let _ = overlay::draw(&figure, kind, &reading);
});
