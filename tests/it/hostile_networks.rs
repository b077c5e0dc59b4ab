//! Whatever a network's file holds, its item gets a verdict that says why: within bounds of memory and work that the file has no say in.

use mlgrade::data::Datasets;
use mlgrade::domain::verdict::VerdictLabel as V;
use mlgrade::network::{Network, Presentation};
use mlgrade::report::Report;
use proptest::prelude::*;

use crate::common::SHIPPED_COURSE;
use crate::hostile::expect;
use crate::networks::{fixture, graded};

pub(crate) const MNIST: &str = "data = \"mnist\"\nmetric = \"error\"\nclaim = \"val_error\"\ntolerance = { absolute = 0.0005 }";

/// A varint of protocol buffers.
pub(crate) fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(u8::try_from(value & 0x7f).unwrap() | 0x80);
        value >>= 7;
    }
    bytes.push(u8::try_from(value).unwrap());
    bytes
}

/// Field `number` with a whole number.
pub(crate) fn int(number: u64, value: i64) -> Vec<u8> {
    [varint(number << 3), varint(value.cast_unsigned())].concat()
}

/// Field `number` with bytes.
pub(crate) fn run(number: u64, bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let bytes = bytes.as_ref();
    [varint(number << 3 | 2), varint(bytes.len() as u64), bytes.to_vec()].concat()
}

/// An attribute of whole numbers.
pub(crate) fn ints(name: &str, values: &[i64]) -> Vec<u8> {
    [run(1, name), values.iter().flat_map(|&value| int(8, value)).collect(), int(20, 7)].concat()
}

pub(crate) fn node(operator: &str, inputs: &[&str], output: &str, attributes: &[Vec<u8>]) -> Vec<u8> {
    let inputs: Vec<u8> = inputs.iter().flat_map(|name| run(1, name)).collect();
    let attributes: Vec<u8> = attributes.iter().flat_map(|attribute| run(5, attribute)).collect();
    [inputs, run(2, output), run(4, operator), attributes].concat()
}

/// An input or output of floats with these lengths.
pub(crate) fn entry(name: &str, sides: &[i64]) -> Vec<u8> {
    let sides: Vec<u8> = sides.iter().flat_map(|&side| run(1, int(1, side))).collect();
    [run(1, name), run(2, run(1, [int(1, 1), run(2, sides)].concat()))].concat()
}

/// An array of floats that says it has these lengths.
pub(crate) fn array(name: &str, sides: &[i64], values: &[f32]) -> Vec<u8> {
    let raw: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    [sides.iter().flat_map(|&side| int(1, side)).collect(), int(2, 1), run(8, name), run(9, raw)].concat()
}

pub(crate) fn model(nodes: &[Vec<u8>], arrays: &[Vec<u8>], input: &[i64]) -> Vec<u8> {
    let graph: Vec<u8> = [
        nodes.iter().flat_map(|node| run(1, node)).collect::<Vec<u8>>(),
        arrays.iter().flat_map(|array| run(5, array)).collect(),
        run(11, entry("x", input)),
        run(12, entry("y", &[])),
    ]
    .concat();
    [int(1, 8), run(7, graph), run(8, int(2, 17))].concat()
}

/// A network of these nodes on images.
pub(crate) fn images(nodes: &[Vec<u8>]) -> Vec<u8> {
    model(nodes, &[], &[0, 1, 28, 28])
}

pub(crate) fn judged(path: &str, bytes: Vec<u8>) -> Report {
    graded(MNIST, "val_error = 0.02", vec![(path, bytes)])
}

#[test]
fn an_onnx_file_gets_its_verdict_whatever_it_holds() {
    let whole = fixture("torch-mlp.onnx");
    let chain = |count: usize, operator: &str, twice: bool, attributes: &[Vec<u8>]| {
        let name = |i: usize| {
            if i == 0 {
                "x".to_owned()
            } else if i == count {
                "y".to_owned()
            } else {
                format!("v{i}")
            }
        };
        let one = |i: usize| node(operator, &vec![name(i); 1 + usize::from(twice)].iter().map(String::as_str).collect::<Vec<_>>(), &name(i + 1), attributes);
        images(&(0..count).map(one).collect::<Vec<_>>())
    };
    let custom = [node("Mine", &["x"], "y", &[]), run(7, "org.example")].concat();
    let tensor = |sides: &[i64], values: &[f32]| model(&[node("Gemm", &["x", "w"], "y", &[])], &[array("w", sides, values)], &[0, 784]);
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (Vec::new(), "the file is empty"),
        (b"<html>404 Not Found</html>".to_vec(), "cut off"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0".to_vec(), "a pointer of Git LFS"),
        (whole[..whole.len() / 2].to_vec(), "cut off"),
        (whole[..40].to_vec(), "cut off"),
        (vec![0; 100_000], "cut off"),
        (int(1, 8), "it holds no graph"),
        (model(&[], &[], &[0, 784]), "nothing makes the output `y`"),
        // 36 times twice itself are 10 TB; the library that would run it aborts the whole process on the next.
        (chain(36, "Concat", true, &[[run(1, "axis"), int(3, 3), int(20, 2)].concat()]), "does not fit beside what is there"),
        (images(&[node("MaxPool", &["x"], "y", &[ints("kernel_shape", &[1, 1]), ints("pads", &[0, 0, 1 << 20, 1 << 20])])]), "does not fit beside"),
        (images(&[node("MaxPool", &["x"], "y", &[ints("kernel_shape", &[1, 1]), ints("pads", &[0, 0, i64::MAX, -1])])]), "`pads` cannot be"),
        (images(&[node("MaxPool", &["x"], "y", &[ints("kernel_shape", &[1 << 30, 1 << 30]), ints("pads", &[1 << 30; 4])])]), "does not fit beside"),
        (images(&[node("MaxPool", &["x"], "y", &[ints("kernel_shape", &[0, 2])])]), "leads nowhere"),
        (images(&[node("MaxPool", &["x"], "y", &[ints("kernel_shape", &[2, 2]), ints("strides", &[0, 0])])]), "leads nowhere"),
        (images(&[node("MaxPool", &["x"], "y", &[ints("kernel_shape", &[29, 2])])]), "a window of 29 places does not fit 28"),
        // Two million windows of a million places.
        (
            images(&[
                node("Pad", &["x"], "p", &[ints("pads", &[0, 0, 1000, 1000, 0, 0, 1000, 1000])]),
                node("MaxPool", &["p"], "y", &[ints("kernel_shape", &[999, 999])]),
            ]),
            "operations",
        ),
        (chain(15_000, "Relu", false, &[]), "operations"),
        (chain(30_000, "Relu", false, &[]), "more than 20000 nodes and arrays"),
        (
            images(&[node("Relu", &["b"], "a", &[]), node("Relu", &["a"], "b", &[]), node("Add", &["x", "b"], "y", &[])]),
            "which nothing before it makes; the nodes go round",
        ),
        (images(&[node("Relu", &["x"], "y", &[]), node("Relu", &["x"], "y", &[])]), "a second time"),
        (images(&[node("If", &["x"], "y", &[])]), "it has no graph `then_branch`"),
        (images(&[node("Loop", &["x"], "y", &[])]), "it has no graph `body`"),
        (images(&[node("LSTM", &["x"], "y", &[])]), "it does not say its `hidden_size`"),
        (images(&[node("Relu\u{7}\n", &["x"], "y", &[])]), "the operator `Relu` is not run"),
        (images(&[custom]), "it is of the domain `org.example`"),
        (images(&[node("GlobalMaxPool", &["x"], "y", &[])]), "it gives one number for each example; expected a score for each class"),
        (
            images(&[node("Pad", &["x"], "p", &[ints("pads", &[0, 0, 50, 50, 0, 0, 50, 50])]), node("Relu", &["p"], "y", &[])]),
            "its output of 16384 numbers for each example is too large",
        ),
        (images(&[node("Relu", &[], "y", &[])]), "it takes in nothing"),
        (model(&[node("Gemm", &["x", ""], "y", &[])], &[], &[0, 784]), "its input 2 is missing"),
        (tensor(&[784, 10], &[0.0; 10]), "40 bytes are not 784×10 numbers"),
        (tensor(&[1 << 40, 1 << 40], &[]), "its shape is"),
        (tensor(&[1 << 30, 10], &[]), "more than 12000000 numbers"),
        (tensor(&[-784, 10], &[]), "its shape is [-784, 10]"),
        (tensor(&[0, 10], &[]), "an array of 0×10 holds nothing"),
        (tensor(&[10, 784], &[0.0; 7840]), "a matrix of 1×784 cannot be multiplied by one of 10×784"),
        (model(&[node("Relu", &["x"], "y", &[])], &[], &[1 << 40, 784]), "examples at once, more than 10000"),
        (model(&[node("Relu", &["x"], "y", &[])], &[], &[0, 1 << 62, 1 << 62]), "an example is 28×28"),
        (model(&[node("Transpose", &["x"], "y", &[ints("perm", &[0, 7])])], &[], &[0, 784]), "there is no axis 7"),
        (model(&[node("Softmax", &["x"], "y", &[[run(1, "axis"), int(3, i64::MIN), int(20, 2)].concat()])], &[], &[0, 784]), "there is no axis"),
        (model(&[node("Log", &["x"], "l", &[]), node("Sub", &["l", "l"], "y", &[])], &[], &[0, 784]), "the network gives NaN for 10000 of 10000 examples"),
    ];
    for (bytes, part) in cases {
        expect(&judged("networks/net.onnx", bytes), "p/i", V::NeedsReview, part);
    }
}

#[test]
fn a_file_for_one_example_or_for_seven_at_once_is_run_so() {
    // The scores are the first ten pixels, which are background: every image is taken for a 0.
    let bytes = |batch: i64| {
        let slice = node("Slice", &["x", "from", "to", "axes"], "y", &[]);
        let whole = |name: &str, value: i64| [int(1, 1), int(2, 7), run(8, name), run(9, value.to_le_bytes())].concat();
        model(&[slice], &[whole("from", 0), whole("to", 10), whole("axes", -1)], &[batch, 784])
    };
    for batch in [0, 1, 7] {
        let report = graded(&MNIST.replace("\"error\"", "\"accuracy\""), "val_error = 0.098", vec![("networks/net.onnx", bytes(batch))]);
        expect(&report, "p/i", V::Pass, "gives 0.098");
    }
}

#[test]
fn a_safetensors_file_gets_its_verdict_whatever_it_holds() {
    let list = "layers = [{ dense = \"a\" }]".as_bytes().to_vec();
    let of = |bytes: Vec<u8>| graded(MNIST, "val_error = 0.02", vec![("networks/net.safetensors", bytes), ("networks/net.toml", list.clone())]);
    let file = |header: &str, data: &[u8]| [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), data].concat();
    let whole = fixture("torch-pooled-half.safetensors");
    for (bytes, part) in [
        (Vec::new(), "the file is empty"),
        (vec![1, 2, 3], "this is no safetensors file"),
        (u64::MAX.to_le_bytes().to_vec(), "its header is larger than the 1024 KiB"),
        (whole[..whole.len() - 100].to_vec(), "this is no safetensors file"),
        (file("{}", &[]), "it holds no weights `a.weight`"),
        (file("{\"a.weight\":", &[]), "this is no safetensors file"),
        (file(&"[".repeat(100_000), &[]), "this is no safetensors file"),
        (file("{\"a.weight\":{\"dtype\":\"F32\",\"shape\":[9999999999,9999999999],\"data_offsets\":[0,4]}}", &[0; 4]), "this is no safetensors file"),
        (file("{\"a.weight\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]}}", &[0; 16]), "add `layout = \"torch\"`"),
        (file("{\"a.weight\":{\"dtype\":\"F32\",\"shape\":[0,2],\"data_offsets\":[0,0]}}", &[]), "an array of 0×2 holds nothing"),
        (file("{\"a.weight\":{\"dtype\":\"I64\",\"shape\":[1,2],\"data_offsets\":[0,16]}}", &[0; 16]), ""),
    ] {
        expect(&of(bytes), "p/i", V::NeedsReview, part);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_network_is_run_or_refused(file in 0_usize..3, changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20)) {
        let name = ["torch-cnn.onnx", "keras-cnn.onnx", "torch-pooled.onnx"][file];
        let mut bytes = fixture(name);
        // What is not weights stands at the beginning and at the end.
        let places = bytes.len();
        for (index, byte) in changes {
            bytes[index.index(places)] = byte;
        }
        let examples = SHIPPED_COURSE.data().validation_inputs("mnist").unwrap();
        if let Ok(network) = Network::decode("x.onnx", &bytes, None) {
            let _ = network.try_out(&examples, &Presentation::Unit).is_ok();
        }
    }

    #[test]
    fn any_bytes_are_a_network_or_a_message(bytes in prop::collection::vec(any::<u8>(), 0..300), safetensors in any::<bool>(), notes in "[a-z0-9 =\\[\\]{}\",\n]{0,60}") {
        let path = if safetensors { "x.safetensors" } else { "x.onnx" };
        let message = Network::decode(path, &bytes, Some(("x.toml", notes.as_bytes()))).map(|network| network.parameters());
        prop_assert!(message.is_err() || message == Ok(0));
    }
}
