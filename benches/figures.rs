//! Reading figures: of ordinary size, of the largest that is read, and with very many claimed points. What time they take is looked at
//! here; tests only ask for the right answer.
#![allow(missing_docs, clippy::unwrap_used, reason = "a benchmark that cannot go on has failed")]

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use mlgrade::figure::claim::{Claim, Kind, Series};
use mlgrade::figure::read;
use mlgrade::picture::figure::{Content, Figure, decode};

fn fixture(name: &str) -> Figure {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/figures").join(name);
    decode(name, &std::fs::read(path).unwrap()).unwrap()
}

fn claim(kind: Kind, x: Vec<f64>, y: Vec<f64>) -> Claim {
    Claim::new(kind, vec![Series { name: "a".to_owned(), x, y }]).unwrap()
}

fn benches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("figures");
    group.sample_size(10);

    let few = claim(Kind::Line, vec![0.0, 1.0, 2.0], vec![0.0, 1.0, 0.5]);
    let ordinary = fixture("bmh.png");
    group.bench_function("an ordinary plot", |b| b.iter(|| black_box(read(&ordinary, &few, None))));

    // 40 megapixels of a grid.
    let (width, height) = (8_000_u32, 5_000_u32);
    let grid = |x: u32, y: u32| if x.is_multiple_of(9) || y.is_multiple_of(9) { 0 } else { 255 };
    let bytes = (0..height).flat_map(|y| (0..width).map(move |x| grid(x, y))).collect();
    let large = Figure { path: "large.png".to_owned(), width, height, content: Content::Raster { channels: 1, bytes }, hint: None };
    group.bench_function("40 megapixels of a grid", |b| b.iter(|| black_box(read(&large, &few, None))));

    // Ink reaches far around each point, as if their markers were as large as the bars.
    let bars = fixture("histogram.png");
    let spread = |from: f64, to: f64, step: f64| (0..100_000).map(move |i| from + (to - from) * (f64::from(i) * step).fract()).collect::<Vec<f64>>();
    let many = claim(Kind::Scatter, spread(1.0, 7.8, 0.618_034), spread(0.5, 5.5, 0.414_214));
    group.bench_function("100,000 points on bars", |b| b.iter(|| black_box(read(&bars, &many, None))));
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
