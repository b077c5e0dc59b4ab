//! A multi-layer perceptron of 784-256-128-10 on the 10,000 validation images of MNIST, on one thread. Run by hand:
//! `cargo bench --bench networks`. On the machine where this was written ONNX Runtime 1.32 takes 144 ms for the same on one thread,
//! PyTorch 2.15 205 ms, both in batches of 250 and without decoding the file.
#![allow(missing_docs, clippy::unwrap_used, reason = "a benchmark that cannot go on has failed")]

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use mlgrade::data::Datasets;
use mlgrade::data::Shelf;
use mlgrade::network::{Network, Presentation};
use mlgrade::rubric;

const LIST: &str = "layers = [{ dense = \"a\", activation = \"relu\" }, { dense = \"b\", activation = \"relu\" }, { dense = \"c\" }]";
const RUBRIC: &str = "schema = 1\nid = \"r\"\ntitle = \"R\"\nseed = 1\ndata.mnist = { builtin = \"mnist\" }\n[[part]]\nid = \"p\"\ntitle = \"P\"\n\
                      item = [{ id = \"i\", title = \"I\", points = 1, check = \"file\", file = [\"a\"] }]\n";

/// Weights between −0.05 and 0.05 in the safetensors format.
fn weights() -> Vec<u8> {
    let arrays = [
        ("a.weight", vec![256, 784]),
        ("a.bias", vec![256]),
        ("b.weight", vec![128, 256]),
        ("b.bias", vec![128]),
        ("c.weight", vec![10, 128]),
        ("c.bias", vec![10]),
    ];
    let (mut header, mut data) = (Vec::new(), Vec::new());
    for (name, shape) in arrays {
        let start = data.len();
        for i in 0..shape.iter().product::<usize>() {
            data.extend((((i * 7919 + start) % 1000) as f32 / 10_000.0 - 0.05).to_le_bytes());
        }
        header.push(format!("\"{name}\":{{\"dtype\":\"F32\",\"shape\":{shape:?},\"data_offsets\":[{start},{}]}}", data.len()));
    }
    let header = format!("{{{}}}", header.join(","));
    [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &data].concat()
}

fn benchmarks(criterion: &mut Criterion) {
    let (rubric, _) = rubric::parse(RUBRIC);
    let shelf = Shelf::new(&rubric.unwrap().data, Path::new("."));
    let (bytes, examples) = (weights(), shelf.validation_inputs("mnist").unwrap());
    let decode = || Network::decode("bench.safetensors", &bytes, Some(("bench.toml", LIST.as_bytes()))).unwrap();
    criterion.bench_function("decode 235,146 parameters", |b| b.iter(|| black_box(decode())));
    let network = decode();
    criterion.bench_function("784-256-128-10 on 10,000 images", |b| b.iter(|| black_box(network.run(&examples, &Presentation::Unit).unwrap())));
}

criterion_group! {
    name = networks;
    config = Criterion::default().sample_size(10);
    targets = benchmarks
}
criterion_main!(networks);
