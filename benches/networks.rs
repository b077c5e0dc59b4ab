//! Networks on the 10,000 validation images of MNIST, on one thread: a perceptron of 784-256-128-10, and LeNet-5 (LeCun et al. 1998).
//! Run by hand: `cargo bench --bench networks`. `python benches/networks.py` times ONNX Runtime and PyTorch for the same.
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

const LENET: &str = "layers = [{ conv2d = \"c1\", padding = 2, activation = \"relu\" }, { max_pool = 2 }, { conv2d = \"c2\", activation = \"relu\" }, \
                     { max_pool = 2 }, { flatten = true }, { dense = \"a\", activation = \"relu\" }, { dense = \"b\", activation = \"relu\" }, { dense = \"c\" }]";

/// The layers of the perceptron and of LeNet-5, with the shapes of their weights.
const PERCEPTRON: [(&str, &[usize]); 3] = [("a", &[256, 784]), ("b", &[128, 256]), ("c", &[10, 128])];
const LENET_LAYERS: [(&str, &[usize]); 5] = [("c1", &[6, 1, 5, 5]), ("c2", &[16, 6, 5, 5]), ("a", &[120, 400]), ("b", &[84, 120]), ("c", &[10, 84])];

/// Weights between −0.05 and 0.05 in the safetensors format.
fn weights(layers: &[(&str, &[usize])]) -> Vec<u8> {
    let arrays = layers.iter().flat_map(|(name, shape)| [(format!("{name}.weight"), shape.to_vec()), (format!("{name}.bias"), vec![shape[0]])]);
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
    let examples = shelf.validation_inputs("mnist").unwrap();
    let decode = |bytes: &[u8], list: &str| Network::decode("bench.safetensors", bytes, Some(("bench.toml", list.as_bytes()))).unwrap();
    let (perceptron, lenet) = (weights(&PERCEPTRON), weights(&LENET_LAYERS));
    criterion.bench_function("decode 235,146 parameters", |b| b.iter(|| black_box(decode(&perceptron, LIST))));
    for (name, bytes, list) in [("784-256-128-10 on 10,000 images", &perceptron, LIST), ("LeNet-5 on 10,000 images", &lenet, LENET)] {
        let network = decode(bytes, list);
        criterion.bench_function(name, |b| b.iter(|| black_box(network.run(&examples, &Presentation::Unit).unwrap())));
    }
}

criterion_group! {
    name = networks;
    config = Criterion::default().sample_size(10);
    targets = benchmarks
}
criterion_main!(networks);
