//! Weights that PyTorch saved: state dicts, checkpoints, whole modules and `TorchScript`, in a zip or in the stream before it.
//!
//! To load such a file is to run a program. Here it is read as data: no class is looked up and no function is called.

mod archive;
mod legacy;
mod pickle;
mod state;
mod tensors;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::refused;
use super::tensor::{Outcome, Refusal, Tensor, refuse};
use archive::Archive;
use legacy::Stream;
use mlgrade_domain::limits;
use pickle::{Node, Pickle};
use tensors::{Reader, Source};

/// Modules and functions that no network needs. Nothing is called in any case; a file with one of them is for a person.
const FOREIGN: [&str; 12] = ["os", "posix", "nt", "subprocess", "sys", "socket", "shutil", "ctypes", "importlib", "runpy", "pty", "webbrowser"];
const BUILTINS: [&str; 5] = ["eval", "exec", "compile", "open", "__import__"];

/// Packages whose models are pickled in ways that are not read.
const PACKAGES: [&str; 7] = ["sklearn", "joblib", "xgboost", "lightgbm", "catboost", "keras", "tensorflow"];

/// The weights in `bytes` by name; `None` if they are neither a zip of PyTorch's nor a pickle. Of several sets of weights the one that is
/// `wanted` counts.
pub(super) fn read(bytes: &[u8], wanted: Option<&str>) -> Option<Outcome<BTreeMap<String, Tensor>>> {
    match bytes {
        [b'P', b'K', 3, 4, ..] => zipped(bytes, wanted).transpose(),
        [0x80, 1..=5, ..] | [b'L', b'1', ..] => Some(pickled(bytes, wanted)),
        _ => None,
    }
    .map(|read| read.map_err(|refusal| if refusal.help.is_none() { refusal.help(refused::instead_of("torch")) } else { refusal }))
}

fn zipped(bytes: &[u8], wanted: Option<&str>) -> Outcome<Option<BTreeMap<String, Tensor>>> {
    let mut archive = Archive::open(bytes)?;
    if !archive.enter() {
        return Ok(None);
    }
    if archive.holds("byteorder") && archive.file("byteorder", 16)? != b"little" {
        return Err(big_endian());
    }
    let is_script = archive.holds("constants.pkl") || archive.holds("code/");
    let data = archive.file("data.pkl", limits::NETWORK_PICKLE_BYTES)?;
    let read = Pickle::read(&data).and_then(|pickle| arrays(&pickle, &Source::Archive(archive), wanted));
    read.map(Some).map_err(|refusal| if is_script { refusal.at("this is TorchScript") } else { refusal })
}

fn pickled(bytes: &[u8], wanted: Option<&str>) -> Outcome<BTreeMap<String, Tensor>> {
    if legacy::begins(bytes) {
        let stream = Stream::read(bytes)?;
        return arrays(&stream.pickle, &Source::Stream(stream.storages), wanted);
    }
    // What joblib writes is a pickle with arrays in between, so it may not be read to its end.
    let head = bytes.get(..4096).unwrap_or(bytes);
    let package = PACKAGES.iter().find(|package| head.windows(package.len()).any(|part| part == package.as_bytes()));
    let pickle = Pickle::read(bytes).and_then(|pickle| arrays(&pickle, &Source::Pickle, wanted));
    pickle.map_err(|refusal| {
        let refusal = refusal.at("this is a pickle, but none that `torch.save` wrote");
        package.map_or(refusal.clone(), |package| Refusal { message: format!("this is a pickle of {package}'s"), ..refusal }.help(refused::instead_of(package)))
    })
}

fn arrays<'b>(pickle: &Pickle<'b>, source: &Source<'b>, wanted: Option<&str>) -> Outcome<BTreeMap<String, Tensor>> {
    let foreign = pickle.ids().find_map(|id| match pickle.node(id) {
        Node::Global(module, name) => {
            let package = module.split('.').next().unwrap_or(module);
            let is_foreign = FOREIGN.contains(&package) || (matches!(*module, "builtins" | "__builtin__") && BUILTINS.contains(name));
            is_foreign.then(|| state::shown(&format!("{module}.{name}")))
        }
        _ => None,
    });
    if let Some(name) = foreign {
        return Err(refuse(format!("to load it would call `{name}`, which no network needs; nothing of it was run")));
    }
    let weights = state::weights(pickle, wanted)?;
    let mut reader = Reader::new(source);
    weights.iter().map(|(name, view)| Ok((name.clone(), reader.tensor(view).map_err(|refusal| refusal.at(&format!("`{}`", state::shown(name))))?))).collect()
}

fn big_endian() -> Refusal {
    refuse("its numbers are in the byte order of another kind of computer, which is not read").help("save it on an ordinary computer")
}
