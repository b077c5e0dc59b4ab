//! Trees, linear models, recurrent layers and weights in a file beside the network: whatever they hold, the item gets a verdict that says why.

use mlgrade::domain::verdict::VerdictLabel as V;

use crate::hostile::expect;
use crate::hostile_networks::{MNIST, array, int, ints, judged, model, node, run};
use crate::networks::graded;

fn floats(name: &str, values: &[f32]) -> Vec<u8> {
    let values = values.iter().flat_map(|value| [&[7 << 3 | 5][..], &value.to_le_bytes()].concat());
    [run(1, name), values.collect(), int(20, 6)].concat()
}

fn texts(name: &str, values: &[&str]) -> Vec<u8> {
    [run(1, name), values.iter().flat_map(|text| run(9, text)).collect(), int(20, 8)].concat()
}

fn text(name: &str, value: &str) -> Vec<u8> {
    [run(1, name), run(4, value), int(20, 3)].concat()
}

fn number(name: &str, value: i64) -> Vec<u8> {
    [run(1, name), int(3, value), int(20, 2)].concat()
}

fn classical(operator: &str, attributes: &[Vec<u8>]) -> Vec<u8> {
    let node = [node(operator, &["x"], "label", attributes), run(2, "y"), run(7, "ai.onnx.ml")].concat();
    model(&[node], &[], &[0, 784])
}

/// One tree of a branch and two leaves, in lists that a test changes.
#[derive(Clone)]
struct Tree {
    nodes: Vec<i64>,
    features: Vec<i64>,
    thresholds: Vec<f32>,
    modes: Vec<&'static str>,
    yes: Vec<i64>,
    no: Vec<i64>,
    leaves: Vec<i64>,
    classes: Vec<i64>,
    labels: Vec<i64>,
    more: Vec<Vec<u8>>,
}

impl Tree {
    fn honest() -> Self {
        let (nodes, features, thresholds) = (vec![0, 1, 2], vec![406, 0, 0], vec![0.5, 0.0, 0.0]);
        let (modes, yes, no) = (vec!["BRANCH_LEQ", "LEAF", "LEAF"], vec![1, 0, 0], vec![2, 0, 0]);
        Self { nodes, features, thresholds, modes, yes, no, leaves: vec![1, 2], classes: vec![0, 1], labels: (0..10).collect(), more: Vec::new() }
    }

    fn with(change: impl Fn(&mut Self)) -> Vec<u8> {
        let mut tree = Self::honest();
        change(&mut tree);
        let zeros = |length: usize| vec![0; length];
        let mut attributes = vec![
            ints("nodes_treeids", &zeros(tree.nodes.len())),
            ints("nodes_nodeids", &tree.nodes),
            ints("nodes_featureids", &tree.features),
            floats("nodes_values", &tree.thresholds),
            texts("nodes_modes", &tree.modes),
            ints("nodes_truenodeids", &tree.yes),
            ints("nodes_falsenodeids", &tree.no),
            ints("class_treeids", &zeros(tree.leaves.len())),
            ints("class_nodeids", &tree.leaves),
            ints("class_ids", &tree.classes),
            floats("class_weights", &vec![1.0; tree.leaves.len()]),
            ints("classlabels_int64s", &tree.labels),
        ];
        attributes.extend(tree.more);
        classical("TreeEnsembleClassifier", &attributes)
    }
}

#[test]
fn trees_end_or_are_refused() {
    // 0 if the pixel in row 14, column 14 is dark, else 1: by NumPy it is wrong on 7,907 of 10,000 images.
    let honest = graded(MNIST, "val_error = 0.7907", vec![("networks/net.onnx", Tree::with(|_| {}))]);
    expect(&honest, "p/i", V::Pass, "gives 0.7907");
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (Tree::with(|tree| (tree.modes[1], tree.yes[1], tree.no[1]) = ("BRANCH_LT", 0, 2)), "two branches of its tree 0 lead to the node 2"),
        (Tree::with(|tree| tree.yes[0] = 0), "goes round in a circle"),
        (Tree::with(|tree| tree.no[0] = 1), "two branches of its tree 0 lead to the node 1"),
        (Tree::with(|tree| tree.no[0] = 77), "leads to a node 77, which it does not have"),
        (Tree::with(|tree| tree.no[0] = i64::MIN), "which it does not have"),
        (Tree::with(|tree| tree.nodes[2] = 1), "has two nodes 1"),
        (Tree::with(|tree| tree.modes[0] = "LEAF"), "goes round in a circle, or is none"),
        (Tree::with(|tree| tree.modes[0] = "BRANCH_\u{7}X"), "a branch `BRANCH_X` is not run"),
        (Tree::with(|tree| tree.features[0] = 9999), "ask for the feature 9999, the rows have 784"),
        (Tree::with(|tree| tree.features[0] = -1), "asks for the feature -1"),
        (Tree::with(|tree| tree.thresholds.truncate(2)), "the lists of its trees' nodes differ in length"),
        (Tree::with(|tree| tree.nodes.clear()), "its trees have no nodes"),
        (Tree::with(|tree| tree.leaves[0] = 0), "has no leaf 0 for one of 10 scores"),
        (Tree::with(|tree| tree.classes[0] = 10), "for one of 10 scores"),
        (Tree::with(|tree| tree.classes[0] = -1), "for one of 10 scores"),
        (Tree::with(|tree| tree.labels.clear()), "it does not name the classes"),
        (Tree::with(|tree| tree.more.push(text("post_transform", "NORMIT"))), "the post_transform `NORMIT` is not run"),
        (Tree::with(|tree| tree.more.push(floats("base_values", &[0.5; 11]))), "11 base values stand before"),
        (Tree::with(|tree| (tree.labels, tree.more) = (vec![0, 1], vec![floats("base_values", &[0.5; 2])])), "which is read in two ways"),
        (Tree::with(|tree| tree.labels = vec![0; 30_000]), "it gives 30000 scores"),
        (classical("TreeEnsembleRegressor", &[number("n_targets", 1 << 40)]), "`n_targets` cannot be"),
        (classical("TreeEnsembleRegressor", &[number("n_targets", 1 << 30)]), "it gives 1073741824 scores"),
        (classical("SVMClassifier", &[]), "it does not name the classes"),
        (classical("Normaliser", &[]), "the operator `Normaliser` is not run; docs/networks.md"),
    ];
    for (bytes, part) in cases {
        expect(&judged("networks/net.onnx", bytes), "p/i", V::NeedsReview, part);
    }
    // No pixel is at most NaN: every image is taken for a 1.
    let nowhere = graded(MNIST, "val_error = 0.8865", vec![("networks/net.onnx", Tree::with(|tree| tree.thresholds[0] = f32::NAN))]);
    expect(&nowhere, "p/i", V::Pass, "gives 0.8865");
}

#[test]
fn lists_of_the_wrong_length_and_layers_of_the_wrong_size_are_refused() {
    let labels = ints("classlabels_ints", &[0, 1, 2]);
    let recurrent = |attributes: &[Vec<u8>]| {
        let lstm = node("LSTM", &["x", "w", "r"], "y", attributes);
        model(&[lstm], &[array("w", &[1, 8, 28], &[0.0; 224]), array("r", &[1, 8, 2], &[0.0; 16])], &[0, 28, 28])
    };
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (
            classical("LinearClassifier", &[floats("coefficients", &[1.0; 7]), floats("intercepts", &[0.0; 3]), labels.clone()]),
            "7 coefficients and 3 intercepts",
        ),
        (classical("LinearClassifier", std::slice::from_ref(&labels)), "0 coefficients and 0 intercepts are not those of 3 scores"),
        (classical("LinearClassifier", &[floats("coefficients", &[1.0; 6]), labels]), "a matrix of 1×784 cannot be multiplied by one of 2×3"),
        (classical("Scaler", &[floats("offset", &[0.0; 3]), floats("scale", &[1.0; 784])]), "3 numbers are listed for 784 features"),
        (classical("Scaler", &[]), "0 numbers are listed for 784 features"),
        (classical("Normalizer", &[text("norm", "L3")]), "a Normalizer divides by MAX, L1 or L2"),
        (recurrent(&[number("hidden_size", 3)]), "its input 2 is 1×8×28, expected 1×12×28"),
        (recurrent(&[number("hidden_size", (1 << 31) - 1)]), "its input 2 is 1×8×28, expected"),
        (recurrent(&[number("hidden_size", -2)]), "`hidden_size` cannot be -2"),
        (recurrent(&[number("hidden_size", 2), text("direction", "sideways")]), "neither forward, reverse nor bidirectional"),
        (recurrent(&[number("hidden_size", 2), text("direction", "bidirectional")]), "its input 2 is 1×8×28, expected 2×8×28"),
        (recurrent(&[number("hidden_size", 2), texts("activations", &["Tanh"])]), "it names 1 activations, 3 are needed"),
        (recurrent(&[number("hidden_size", 2), texts("activations", &["Tanh", "Affine", "Tanh"])]), "with the activation `Affine` is not run"),
        (recurrent(&[number("hidden_size", 2), number("layout", 1)]), "`layout = 1` is not run"),
    ];
    for (bytes, part) in cases {
        expect(&judged("networks/net.onnx", bytes), "p/i", V::NeedsReview, part);
    }
    // What cannot be run is named, not what stands before it.
    let list = [node("Tile", &["x"], "a", &[]), node("SequenceAt", &["a"], "y", &[])];
    expect(&judged("networks/net.onnx", model(&list, &[], &[0, 784])), "p/i", V::NeedsReview, "the operator `SequenceAt`, a list of arrays");
    let stretched = [node("Expand", &["x", "to"], "y", &[])];
    let to = [int(1, 2), int(2, 7), run(8, "to"), run(9, [1_i64 << 40, 784].iter().flat_map(|side| side.to_le_bytes()).collect::<Vec<u8>>())].concat();
    expect(&judged("networks/net.onnx", model(&stretched, &[to], &[0, 784])), "p/i", V::NeedsReview, "does not fit beside what is there");
}

/// A network that takes every image for a 0, whose ten biases lie in another file.
fn beside(entries: &[(&str, &str)]) -> Vec<u8> {
    let entries: Vec<u8> = entries.iter().flat_map(|(key, value)| run(13, [run(1, key), run(2, value)].concat())).collect();
    let bias = [int(1, 10), int(2, 1), run(8, "b"), entries, int(14, 1)].concat();
    let nodes = [node("MatMul", &["x", "w"], "h", &[]), node("Add", &["h", "b"], "y", &[])];
    model(&nodes, &[array("w", &[784, 10], &vec![0.0; 7840]), bias], &[0, 784])
}

#[test]
fn weights_beside_the_file_are_read_from_its_folder_and_from_nowhere_else() {
    let biases: Vec<u8> = [1.0_f32, 0., 0., 0., 0., 0., 0., 0., 0., 0.].iter().flat_map(|value| value.to_le_bytes()).collect();
    let of = |entries: &[(&str, &str)], path: &str, bytes: &[u8]| {
        graded(MNIST, "val_error = 0.902", vec![("networks/net.onnx", beside(entries)), (path, bytes.to_vec())])
    };
    let shifted = [&[9; 8][..], &biases, &[9; 3]].concat();
    // 980 of the 10,000 digits are a 0.
    for (entries, path, bytes) in [
        (&[("location", "w.data")][..], "networks/w.data", &biases),
        (&[("location", "./sub/w.data"), ("offset", "0"), ("length", "40")], "networks/sub/w.data", &biases),
        (&[("location", "w.data"), ("offset", "8"), ("length", "40"), ("checksum", "x")], "networks/w.data", &shifted),
        // Renamed with the network.
        (&[("location", "model.onnx.data")], "networks/net.onnx.data", &biases),
    ] {
        expect(&of(entries, path, bytes), "p/i", V::Pass, "gives 0.902");
    }
    for (entries, part) in [
        (&[("location", "w.data")][..], "51 bytes are not 10 numbers".to_owned()),
        (&[("location", "w.data"), ("length", "39")], "39 bytes are not 10 numbers".to_owned()),
        (&[("location", "w.data"), ("offset", "20"), ("length", "40")], "which has 51 bytes and ends before them".to_owned()),
        (&[("location", "w.data"), ("offset", "18446744073709551615"), ("length", "40")], "ends before them".to_owned()),
        (&[("location", "w.data"), ("offset", "-8")], "the offset of its numbers in another file is no number".to_owned()),
        (&[("location", "v.data")], "`v.data`, which is not there; hand in `v.data` too, in the same folder".to_owned()),
        (&[("location", "../networks/w.data")], "outside of the network's folder; it is not read".to_owned()),
        (&[("location", "/etc/passwd")], "outside of the network's folder".to_owned()),
        (&[("location", "..\\networks\\w.data")], "outside of the network's folder".to_owned()),
        (&[("location", "C:w.data")], "outside of the network's folder".to_owned()),
        (&[], "outside of the network's folder".to_owned()),
    ] {
        expect(&of(entries, "networks/w.data", &shifted), "p/i", V::NeedsReview, &part);
    }
}
