//! Networks as Keras saves them: `.keras`, a zip of `config.json` and `model.weights.h5`, and the older `.h5`, one HDF5 file with both.
//!
//! The configuration lists the layers with their settings, so that no list of layers is needed. Nothing in the file is run: a layer of the
//! author's own, or one that holds Python code, is refused by its name.

mod activations;
mod convolutions;
mod layers;
mod metered;
mod model;
mod recurrent;
mod reshaping;
mod settings;
mod store;
mod weights;

use super::refused::KERAS;
use super::tensor::{Outcome, refuse};
use super::{Decoded, Decoder};
use mlgrade_domain::limits;
use mlgrade_zip::Zip;
use store::Store;
use weights::{Naming, Weights};

/// How every HDF5 file begins.
const HDF5: [u8; 4] = [0x89, b'H', b'D', b'F'];

/// The weights' file within a `.keras` zip.
const WEIGHTS: &str = "model.weights.h5";

/// What decodes `bytes`, if Keras wrote them.
pub(super) fn decoder(bytes: &[u8]) -> Option<Decoder> {
    match bytes {
        _ if bytes.starts_with(&HDF5) => Some(of_hdf5),
        [b'P', b'K', 3, 4, ..] => listed(bytes).is_ok_and(|zip| zip.holds(WEIGHTS)).then_some(of_zip),
        _ => None,
    }
}

fn listed(bytes: &[u8]) -> Outcome<Zip<'_>> {
    Zip::open(bytes, limits::NETWORK_NODES).map_err(|fault| refuse(format!("this zip {fault}")))
}

fn of_zip(bytes: &[u8]) -> Outcome<Decoded> {
    let zip = listed(bytes)?;
    let file = |name: &str, most: u64| {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        zip.file(name, most).map_err(|fault| refuse(format!("`{name}` in it {fault}")).help(KERAS))
    };
    let store = Store::read(file(WEIGHTS, limits::NETWORK_BYTES)?)?;
    let config = file("config.json", limits::TEXT_BYTES)?;
    model::decode(&config, Weights::new(store.arrays, Naming::ByClass))
}

fn of_hdf5(bytes: &[u8]) -> Outcome<Decoded> {
    let store = Store::read(bytes.to_vec())?;
    match store.config {
        Some(config) => model::decode(config.as_bytes(), Weights::new(store.arrays, Naming::ByName)),
        None => Err(refuse("it holds weights only: `save_weights` does not say which layers they belong to").help(KERAS)),
    }
}
