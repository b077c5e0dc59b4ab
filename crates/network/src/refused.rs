//! Files that hold networks in ways that are not read: what to do instead. Pickles above all, for to read one is to run it.

use super::tensor::{Refusal, refuse};

/// Endings of such files.
pub const ENDINGS: [&str; 14] = ["pt", "pth", "ckpt", "pkl", "pickle", "joblib", "keras", "h5", "hdf5", "npy", "npz", "tflite", "pb", "bin"];

const TORCH: &str = "export it: `torch.onnx.export(model.eval(), x, \"networks/NAME.onnx\")`, or `safetensors.torch.save_file(model.state_dict(), \
                     \"networks/NAME.safetensors\")` with a list of layers";
const KERAS: &str = "export it: `tf2onnx.convert.from_keras(model, output_path=\"networks/NAME.onnx\")`";
const SKLEARN: &str = "export it: `open(\"networks/NAME.onnx\", \"wb\").write(skl2onnx.to_onnx(model, X[:1].astype(\"float32\")).SerializeToString())`";
const ARRAYS: &str = "save the arrays with `safetensors.numpy.save_file({\"fc1.weight\": w, …}, \"networks/NAME.safetensors\")` and add a list of layers";

/// Why a file with this ending is not read, and what to do; `name` is what the network should be called.
pub fn sentence(ending: &str, name: &str) -> (String, String) {
    let (what, help) = match ending {
        "pt" | "pth" | "ckpt" | "bin" => ("PyTorch's own format is a pickle, and to read a pickle is to run it", TORCH),
        "pkl" | "pickle" | "joblib" => ("to read a pickle is to run it", SKLEARN),
        "keras" | "h5" | "hdf5" => ("Keras's own format is not read", KERAS),
        "tflite" | "pb" => ("TensorFlow's own format is not read", KERAS),
        _ => ("NumPy arrays do not say which belongs to which layer", ARRAYS),
    };
    (what.to_owned(), help.replace("NAME", name))
}

/// Whether the bytes are of another format than the file's name says.
pub(super) fn by_content(bytes: &[u8]) -> Option<Refusal> {
    let (what, help) = match bytes {
        [] => ("the file is empty", TORCH),
        [b'P', b'K', 3, 4, ..] => ("this is a zip, such as `torch.save` or Keras writes, which holds a pickle or another format that is not read", TORCH),
        [0x80, 2..=5, ..] => ("this is a pickle, and to read a pickle is to run it", TORCH),
        [0x89, b'H', b'D', b'F', ..] => ("this is HDF5, Keras's own format, which is not read", KERAS),
        [0x93, b'N', b'U', b'M', b'P', b'Y', ..] => ("this is a NumPy array, not a network", ARRAYS),
        _ => return None,
    };
    Some(refuse(what).help(help.replace("networks/NAME", "networks/name")))
}
