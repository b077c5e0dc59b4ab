//! What a network gives is read as it was meant, or a person decides: one score for two classes, ties, borders, prefixes.

use mlgrade::domain::verdict::VerdictLabel as V;
use mlgrade::report::Report;

use crate::common::item;
use crate::hostile::expect;
use crate::hostile_networks::{MNIST, array, entry, int, ints, model, node, run};
use crate::networks::{fixture, graded};

const SEX: &str = "data = \"penguins\"\nfeatures = [\"body_mass_g\"]\ntarget = \"sex\"\nmetric = \"error\"\nclaim = \"val_error\"\n\
                   tolerance = { absolute = 0.0001 }\ninputs = [\"raw\"]";

/// (mass − 4,000 g) `factor` + `offset`, through `last` if there is one.
fn by_mass(factor: f32, offset: f32, last: &[&str]) -> Vec<u8> {
    let mut nodes = vec![node("Sub", &["x", "m"], "d", &[]), node("Mul", &["d", "f"], "e", &[]), node("Add", &["e", "o"], "v0", &[])];
    for (i, operator) in last.iter().enumerate() {
        nodes.push(node(operator, &[&format!("v{i}")], &format!("v{}", i + 1), &[]));
    }
    nodes.push(node("Identity", &[&format!("v{}", last.len())], "y", &[]));
    model(&nodes, &[array("m", &[1], &[4000.0]), array("f", &[1], &[factor]), array("o", &[1], &[offset])], &[0, 1])
}

#[test]
fn one_score_is_the_probability_or_the_odds_of_the_second_of_two_classes() {
    // NumPy: 117 of 333 penguins are on the wrong side of 4,000 g, females below; five have just that mass.
    let of = |error: &str, bytes: Vec<u8>| graded(SEX, &format!("val_error = {error}"), vec![("networks/net.onnx", bytes)]);
    let probability = "taken for the probability of the second class, above 0.5";
    expect(&of("0.3514", by_mass(0.001, 0.0, &["Sigmoid"])), "p/i", V::Pass, probability);
    expect(&of("0.3514", by_mass(0.001, 0.0, &["Sigmoid", "Flatten"])), "p/i", V::Pass, probability);
    expect(&of("0.3514", by_mass(0.001, 0.0, &[])), "p/i", V::Pass, "taken for the second class above 0");
    expect(&of("0.3514", by_mass(0.001, 0.0, &["Tanh"])), "p/i", V::Pass, "taken for the second class above 0");
    expect(&of("0.3514", by_mass(0.001, 0.5, &[])), "p/i", V::Pass, "taken for the second class above 0.5");
    expect(&of("0.3514", by_mass(0.0001, 0.5, &[])), "p/i", V::Pass, probability);
    expect(&of("0.25", by_mass(0.001, 0.0, &["Sigmoid"])), "p/i", V::Contradicted, "gives 0.35135");
    expect(&of("0.6637", by_mass(-0.001, 0.0, &["Sigmoid"])), "p/i", V::Pass, "the greatest score of 5 of 333 examples");
    // Of three classes one score tells nothing.
    let species = SEX.replace("sex", "species");
    let report = graded(&species, "val_error = 0.3", vec![("networks/net.onnx", by_mass(0.001, 0.0, &["Sigmoid"]))]);
    expect(&report, "p/i", V::NeedsReview, "it gives one number for each example; expected a score for each class");
}

#[test]
fn a_claim_that_some_way_to_break_ties_gives_is_never_contradicted() {
    // Every image has the same score for 0 and 1: 980 and 1,135 of the 10,000 are one.
    let of = |claim: &str, biases: [f32; 10]| {
        let nodes = [node("MatMul", &["x", "w"], "h", &[]), node("Add", &["h", "b"], "y", &[])];
        let bytes = model(&nodes, &[array("w", &[784, 10], &vec![0.0; 7840]), array("b", &[10], &biases)], &[0, 784]);
        graded(&format!("{MNIST}\ninputs = [\"unit\"]"), &format!("val_error = {claim}"), vec![("networks/net.onnx", bytes)])
    };
    let tied = [1., 1., 0., 0., 0., 0., 0., 0., 0., 0.];
    let told = "the greatest score of 10000 of 10000 examples is that of several classes";
    expect(&of("0.902", tied), "p/i", V::Pass, told);
    for claim in ["0.8865", "88.65", "0.7885", "1.0", "0.95"] {
        expect(&of(claim, tied), "p/i", V::NeedsReview, told);
        expect(&of(claim, tied), "p/i", V::NeedsReview, "it is from 0.7885 to 1, as ties are broken");
    }
    for claim in ["0.5", "0.787", "50"] {
        expect(&of(claim, tied), "p/i", V::Contradicted, told);
    }
    // The last digits of single precision are rounding; what differs by more is no tie.
    let rounded = [1.0 - 2.0 * f32::EPSILON, 1., 0., 0., 0., 0., 0., 0., 0., 0.];
    expect(&of("0.902", rounded), "p/i", V::NeedsReview, "(0 of them to the last digit)");
    expect(&of("0.902", [0.999, 1., 0., 0., 0., 0., 0., 0., 0., 0.]), "p/i", V::Contradicted, "gives 0.8865 with");
}

/// 1 if the pixel in row 14, column 14 of the image is bright, else 0; with a border of two it is in row and column 16.
fn framed(sides: &[i64]) -> Vec<u8> {
    let mut weights = vec![0.0; 10_240];
    weights[(16 * 32 + 16) * 10 + 1] = 1.0;
    let nodes = [node("Flatten", &["x"], "v", &[]), node("MatMul", &["v", "w"], "h", &[]), node("Add", &["h", "b"], "y", &[])];
    model(&nodes, &[array("w", &[1024, 10], &weights), array("b", &[10], &[0.5, 0., -1., -1., -1., -1., -1., -1., -1., -1.])], sides)
}

#[test]
fn a_border_makes_images_as_large_as_the_input() {
    let of = |claim: &str, sides: &[i64], notes: &str| {
        let files = vec![("networks/net.onnx", framed(sides)), ("networks/net.toml", notes.as_bytes().to_vec())];
        graded(MNIST, &format!("val_error = {claim}"), files)
    };
    let told = "with pixels from 0 to 1 and a border of 2 pixels of background";
    for sides in [&[0, 1, 32, 32][..], &[0, 32, 32], &[0, 32, 32, 1], &[0, 1024], &[1, 1, 32, 32]] {
        // NumPy, from the pixels alone.
        expect(&of("0.7907", sides, "input = \"unit\""), "p/i", V::Pass, told);
    }
    expect(&of("0.7907", &[0, 1, 32, 32], ""), "p/i", V::Pass, told);
    expect(&of("0.7907", &[0, 1, 32, 32], "border = 2"), "p/i", V::Pass, told);
    // Images may have been made larger in another way, unless the border is stated.
    expect(&of("0.02", &[0, 1, 32, 32], "input = \"unit\""), "p/i", V::NeedsReview, "how images are made as large as its input is not stated");
    expect(&of("0.02", &[0, 1, 32, 32], "input = \"unit\"\nborder = 2"), "p/i", V::Contradicted, told);
    expect(&of("0.02", &[0, 1, 32, 32], "border = 1"), "p/i", V::NeedsReview, "takes an input of n×1×32×32, an example is 30×30");
    expect(&of("0.02", &[0, 1, 32, 32], "border = 65"), "p/i", V::NeedsReview, "`border` is how many pixels");
    expect(&of("0.02", &[0, 1, 30, 32], ""), "p/i", V::NeedsReview, "takes an input of n×1×30×32, an example is 28×28");
    expect(&of("0.02", &[0, 1, 64, 16], ""), "p/i", V::NeedsReview, "an example is 28×28");
}

/// The weights of a fixture under other names.
fn renamed(name: impl Fn(&str) -> String) -> Vec<u8> {
    let bytes = fixture("torch-pooled-half.safetensors");
    let length = usize::try_from(u64::from_le_bytes(*bytes.first_chunk().unwrap())).unwrap();
    let header: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(&bytes[8..8 + length]).unwrap();
    let header = header.into_iter().map(|(key, value)| (if key == "__metadata__" { key } else { name(&key) }, value)).collect::<serde_json::Map<_, _>>();
    let header = serde_json::to_vec(&header).unwrap();
    [&(header.len() as u64).to_le_bytes()[..], &header, &bytes[8 + length..]].concat()
}

#[test]
fn prefixes_that_all_names_share_fall_off() {
    let of = |list: &str, name: &dyn Fn(&str) -> String| -> Report {
        graded(MNIST, "val_error = 0.077", vec![("networks/net.safetensors", renamed(name)), ("networks/net.toml", list.as_bytes().to_vec())])
    };
    let own = String::from_utf8(fixture("torch-pooled-half.toml")).unwrap();
    for prefix in ["_orig_mod.", "module.", "model.", "net.", "network.", "module._orig_mod.", "_orig_mod.module.net."] {
        expect(&of(&own, &|name| format!("{prefix}{name}")), "p/i", V::Pass, "gives 0.077");
    }
    let listed = own.replace("\"2\"", "\"net.2\"").replace("\"4\"", "\"net.4\"");
    expect(&of(&listed, &|name| format!("net.{name}")), "p/i", V::Pass, "gives 0.077");
    let wrong = of(&own.replace("\"2\"", "\"fc\"").replace("\"4\"", "\"out\""), &|name| format!("_orig_mod.{name}"));
    expect(&wrong, "p/i", V::NeedsReview, "`_orig_mod.` is put before the names by torch.compile");
    let bare = graded(MNIST, "val_error = 0.077", vec![("networks/net.safetensors", renamed(|name| format!("module.{name}")))]);
    assert!(item(&bare, "p/i").reason.contains("{ dense = \"2\""), "{}", item(&bare, "p/i").reason);
}

#[test]
fn what_hangs_on_the_batch_or_is_one_output_of_several_contradicts_nothing() {
    // The mass less the mean of those that go in together, which are 50 at a time.
    let by_mean = [node("ReduceMean", &["x"], "m", &[ints("axes", &[0])]), node("Sub", &["x", "m"], "d", &[]), node("Sigmoid", &["d"], "y", &[])];
    let of = |error: &str, bytes: Vec<u8>| graded(SEX, &format!("val_error = {error}"), vec![("networks/net.onnx", bytes)]);
    expect(&of("0.11", model(&by_mean, &[], &[0, 1])), "p/i", V::NeedsReview, "what the network says of an example hangs on those that go in with it");
    // Two outputs of scores: the first is read, and the other may be meant.
    let nodes = [node("Neg", &["x"], "hidden", &[]), node("Sub", &["x", "t"], "d", &[]), node("Sigmoid", &["d"], "y", &[])];
    let graph: Vec<u8> = [
        nodes.iter().flat_map(|node| run(1, node)).collect::<Vec<u8>>(),
        run(5, array("t", &[1], &[4000.0])),
        run(11, entry("x", &[0, 1])),
        run(12, entry("hidden", &[0, 1])),
        run(12, entry("y", &[0, 1])),
    ]
    .concat();
    let two = [int(1, 8), run(7, graph), run(8, int(2, 17))].concat();
    expect(&of("0.3514", two), "p/i", V::NeedsReview, "the network has several outputs with scores, of which the first was read");
}

#[test]
fn a_claim_that_holds_exactly_goes_before_one_that_was_rounded() {
    // torch-mlp gives 0.071 with pixels from 0 to 1, of which 0.07 is a rounding; tried later, raw pixels give 0.0701, and that holds.
    let of = |inputs: &str| graded(&format!("{MNIST}\ninputs = {inputs}"), "val_error = 0.07", vec![("networks/net.onnx", fixture("torch-mlp.onnx"))]);
    expect(&of("[\"unit\"]"), "p/i", V::NeedsReview, "gives 0.071 with pixels from 0 to 1: that is rounded further than is allowed");
    expect(&of("[\"unit\", \"raw\"]"), "p/i", V::Pass, "gives 0.0701 with raw inputs");
}

#[test]
fn a_draft_of_a_list_of_layers_is_to_be_confirmed() {
    let draft = b"draft = true\nlayers = [{ average_pool = 2 }, { flatten = true }, { dense = \"2\" }, { dense = \"4\" }]";
    let files = vec![("networks/net.pt", fixture("torch/images.pth.tar")), ("networks/net.toml", draft.to_vec())];
    expect(
        &graded(MNIST, "val_error = 0.077", files),
        "p/i",
        V::NeedsReview,
        "is a draft that nobody has confirmed; compare it with your model, correct it, and delete the line",
    );
}
