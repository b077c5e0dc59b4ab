//! Networks as Keras saves them and boosted trees as their libraries do: from the file to the verdict.

use mlgrade::domain::verdict::VerdictLabel as V;

use crate::hostile::expect;
use crate::networks::{MNIST, fixture, graded};

#[test]
fn what_keras_saved_is_run_without_a_list_of_layers() {
    let of = |claim: &str, files: &[(&str, &str)]| graded(MNIST, claim, files.iter().map(|(path, file)| (*path, fixture(file))).collect());
    // The same weights as keras-mlp-layers.safetensors and keras-cnn-layers.safetensors, of which Keras says so in expected.json.
    expect(&of("val_error = 0.0835", &[("networks/net.keras", "keras-mlp.keras")]), "p/i", V::Pass, "networks/net.keras gives 0.0835 with pixels from 0 to 1");
    expect(&of("val_error = 0.0381", &[("networks/net.h5", "keras-cnn.h5")]), "p/i", V::Pass, "networks/net.h5 gives 0.0381 with pixels from 0 to 1");
    expect(&of("val_error = 0.0381", &[("networks/net.hdf5", "keras-cnn.h5")]), "p/i", V::Pass, "gives 0.0381");
    expect(&of("val_error = 0.03", &[("networks/net.h5", "keras-cnn.h5")]), "p/i", V::Contradicted, "val_error says 0.03, networks/net.h5 gives 0.0381");
    // What a file is, its content tells; ONNX goes first.
    expect(&of("val_error = 0.0381", &[("networks/net.keras", "keras-cnn.h5")]), "p/i", V::Pass, "gives 0.0381");
    let both = [("networks/net.keras", "keras-mlp.keras"), ("networks/net.onnx", "torch-mlp.onnx")];
    expect(&of("val_error = 0.071", &both), "p/i", V::Pass, "networks/net.onnx gives 0.071");
    for (file, part) in [
        (
            "keras/refused-lambda.keras",
            "a Lambda layer holds Python code, which is not run; export it: `tf2onnx.convert.from_keras(model, output_path=\"networks/net.onnx\")`",
        ),
        ("keras/refused-weights-only.weights.h5", "it holds weights only: `save_weights` does not say which layers they belong to; save it with `model.save"),
        ("keras/mlp.keras", "takes an input of n×4, an example is 28×28"),
    ] {
        expect(&of("val_error = 0.1", &[("networks/net.keras", file)]), "p/i", V::NeedsReview, part);
    }
}

#[test]
fn boosted_trees_are_run_as_their_libraries_save_them() {
    let features = "features = [\"bill_length_mm\", \"bill_depth_mm\", \"flipper_length_mm\", \"body_mass_g\"]\ntarget = \"species\"";
    let item = format!("data = \"penguins\"\n{features}\nmetric = \"accuracy\"\nclaim = \"accuracy\"\ntolerance = {{ absolute = 0.001 }}");
    // fixtures/networks/tables.py prints how many of 333 penguins each library gets right.
    for (path, file, right) in [
        ("networks/net.json", "penguins-xgboost.json", RIGHT[0]),
        ("networks/net.txt", "penguins-lightgbm.txt", RIGHT[1]),
        ("networks/net.json", "penguins-catboost.json", RIGHT[2]),
    ] {
        let of = |right: u32| graded(&item, &format!("accuracy = {}", f64::from(right) / 333.0), vec![(path, fixture(file))]);
        expect(&of(right), "p/i", V::Pass, "with raw inputs");
        expect(&of(right - 2), "p/i", V::Contradicted, "accuracy says");
    }
    let other = graded(&item, "accuracy = 0.9", vec![("networks/net.json", b"{\"a\": 1}".to_vec())]);
    expect(&other, "p/i", V::NeedsReview, "this is JSON, but no model that XGBoost or CatBoost saved");
}

/// Of `XGBoost` 3, `LightGBM` 4 and `CatBoost` 1.2.
const RIGHT: [u32; 3] = [323, 320, 319];

#[test]
fn means_that_tutorials_print_are_tried() {
    // A network for pixels less the mean of Fashion-MNIST, made of one for pixels from 0 to 1 by its author's own words.
    let of = |notes: &str| {
        graded(MNIST, "val_error = 0.071", vec![("networks/net.onnx", fixture("torch-mlp.onnx")), ("networks/net.toml", notes.as_bytes().to_vec())])
    };
    expect(&of("input = \"fashion-mnist\""), "p/i", V::Contradicted, "less the mean of Fashion-MNIST over the deviation of Fashion-MNIST");
    expect(&of("input = \"imagenet\""), "p/i", V::NeedsReview, "its input is normalised with 3 means, and an image has 1 channels");
    let only = |inputs: &str| graded(&format!("{MNIST}\ninputs = {inputs}"), "val_error = 0.0212", vec![("networks/net.onnx", fixture("torch-cnn.onnx"))]);
    // Trained with torchvision's numbers for MNIST.
    expect(&only("[\"mnist\"]"), "p/i", V::Pass, "networks/net.onnx gives 0.0212 with pixels from 0 to 1 less the mean of MNIST over the deviation of MNIST");
    expect(&only("[\"fashion-mnist\"]"), "p/i", V::Contradicted, "Fashion-MNIST");
}

#[test]
fn a_list_of_layers_is_proposed_where_weights_leave_one_reading() {
    let bare = graded(MNIST, "val_error = 0.077", vec![("networks/net.pt", fixture("torch/images.pth.tar"))]);
    expect(&bare, "p/i", V::NeedsReview, "it holds weights only: a list of layers has to say what is done with them; write this into networks/net.toml");
    expect(&bare, "p/i", V::NeedsReview, "layers = [{ dense = \"2\", activation = \"relu\" }, { dense = \"4\" }]");
}
