//! Files that hold networks in ways that are not read: what to do instead.

use super::boosted::HOW_TO_SAVE as BOOSTED;
use super::tensor::{Refusal, refuse};

/// Endings of such files.
pub const ENDINGS: [&str; 8] = ["pt2", "joblib", "npy", "npz", "tflite", "pb", "cbm", "deprecated"];

const TORCH: &str = "save its weights: `torch.save(model.state_dict(), \"networks/NAME.pt\")` with a list of layers, or export it: \
                     `torch.onnx.export(model.eval(), x, \"networks/NAME.onnx\")`";
pub(super) const KERAS: &str =
    "save it with `model.save(\"networks/NAME.keras\")`, or export it: `tf2onnx.convert.from_keras(model, output_path=\"networks/NAME.onnx\")`";
/// What to do with a model of Keras that is read but for some of its layers.
pub(super) const KERAS_EXPORT: &str = "export it: `tf2onnx.convert.from_keras(model, output_path=\"networks/NAME.onnx\")`, or hand in its predictions";
const SKLEARN: &str = "export it: `open(\"networks/NAME.onnx\", \"wb\").write(skl2onnx.to_onnx(model, X[:1].astype(\"float32\")).SerializeToString())`";
const JOBLIB: &str = "export it: `open(\"networks/NAME.onnx\", \"wb\").write(skl2onnx.to_onnx(model, X[:1].astype(\"float32\")).SerializeToString())`, or a \
                      model of XGBoost, LightGBM or CatBoost with its own `save_model`, as networks/NAME.json or .txt";
const XGBOOST: &str = "save it as JSON: `model.save_model(\"networks/NAME.json\")`";
const CATBOOST: &str = "save it as JSON: `model.save_model(\"networks/NAME.json\", format=\"json\")`";
const LIGHTGBM: &str = "save it as text: `model.booster_.save_model(\"networks/NAME.txt\")`";
const ARRAYS: &str = "save the arrays with `safetensors.numpy.save_file({\"fc1.weight\": w, …}, \"networks/NAME.safetensors\")` and add a list of layers";

/// Why a file with this ending is not read, and what to do; `name` is what the network should be called.
pub fn sentence(ending: &str, name: &str) -> (String, String) {
    let (what, help) = match ending {
        "pt2" => ("what `torch.export` writes is not read", TORCH),
        "joblib" => ("a file of joblib's is a program, which is not run", JOBLIB),
        "cbm" => ("CatBoost's own binary format is not read", CATBOOST),
        "deprecated" => ("XGBoost's old binary format is not read", XGBOOST),
        "tflite" | "pb" => ("TensorFlow's own format is not read", KERAS),
        _ => ("NumPy arrays do not say which belongs to which layer", ARRAYS),
    };
    (what.to_owned(), help.replace("NAME", name))
}

/// Whether the bytes are of another format than those that are read.
pub(super) fn by_content(bytes: &[u8]) -> Option<Refusal> {
    let (what, help) = match bytes {
        [] => ("the file is empty", TORCH),
        [b'P', b'K', 3, 4, ..] => zipped(bytes),
        [0x93, b'N', b'U', b'M', b'P', b'Y', ..] => ("this is a NumPy array, not a network", ARRAYS),
        [0x1f, 0x8b, ..] => ("this is packed with gzip, which is not read here", "hand the file in unpacked"),
        [b'C', b'B', b'M', b'1', ..] => ("this is CatBoost's own binary format, which is not read", CATBOOST),
        [b'b', b'i', b'n', b'f', ..] => ("this is XGBoost's old binary format, which is not read", XGBOOST),
        _ if bytes.get(257..262) == Some(b"ustar") => ("this is a tar archive", "hand in the file in it, as networks/NAME.pt, .onnx or .safetensors"),
        _ => return None,
    };
    Some(refuse(what).help(help))
}

/// What a zip is that is not PyTorch's; the names of its files stand in it.
fn zipped(bytes: &[u8]) -> (&'static str, &'static str) {
    let holds = |name: &[u8]| bytes.windows(name.len()).any(|part| part == name);
    if holds(b"serialized_exported_program.json") || holds(b"models/model.json") {
        ("this is what `torch.export` writes, which is not read", TORCH)
    } else if holds(b".npy") {
        ("this is an archive of NumPy arrays, not a network", ARRAYS)
    } else {
        ("this is a zip, but none that `torch.save` wrote", TORCH)
    }
}

/// A file under one of PyTorch's names that is nothing known.
pub(super) fn unknown() -> Refusal {
    refuse("this is no file that `torch.save` wrote").help(TORCH)
}

/// A file under a name that models of boosted trees have, which is none.
pub(super) fn no_boosted() -> Refusal {
    refuse("this is no model that XGBoost, LightGBM or CatBoost saved as text").help(BOOSTED)
}

/// What to do with an object of the Python package `package`.
pub(super) fn instead_of(package: &str) -> &'static str {
    match package {
        "keras" | "tensorflow" => KERAS,
        "joblib" | "sklearn" => SKLEARN,
        "xgboost" => XGBOOST,
        "lightgbm" => LIGHTGBM,
        "catboost" => CATBOOST,
        "numpy" => ARRAYS,
        _ => TORCH,
    }
}
