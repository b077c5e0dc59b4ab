//! The networks of a submission.

use std::collections::BTreeSet;

use mlgrade_domain::diagnostic::{Code, Diagnostic};
use mlgrade_domain::limits;

use super::super::{Absent, Found};
use super::Bag;
use mlgrade_network::Network;

impl Bag {
    /// The network `name`: `networks/NAME.onnx`, or `.safetensors` or a file of PyTorch's with its list of layers in `networks/NAME.toml`, or
    /// a model of boosted trees.
    pub fn network(&self, name: &str) -> Found<Network> {
        let path = self.network_path(name).ok_or_else(|| self.no_network(name))?;
        let of_torch: BTreeSet<String> = mlgrade_network::torch_endings().iter().filter_map(|ending| self.locate_in("networks", name, &[ending])).collect();
        if of_torch.len() > 1 && of_torch.contains(&path) {
            let message = format!("{} could be the network `{name}`", of_torch.into_iter().collect::<Vec<_>>().join(" and "));
            return Err(Absent::ForAPerson(Diagnostic::error(Code::Ambiguous, message).help("hand in one of them".to_owned())));
        }
        let notes = self.locate_in("networks", name, &["toml"]).filter(|notes| *notes != path);
        let read = |notes: String| self.bytes(&notes, limits::TEXT_BYTES).map(|bytes| (notes, bytes));
        let notes = notes.map(read).transpose()?;
        let notes = notes.as_ref().map(|(path, bytes)| (path.as_str(), bytes.as_slice()));
        let bytes = self.bytes(&path, limits::NETWORK_BYTES)?;
        let beside = self.beside_network(&path, &bytes)?;
        Network::decode_with(&path, &bytes, notes, &beside).map_err(Absent::Unreadable)
    }

    /// The path of the network `name`. A model of boosted trees may end like metrics or predictions, and is one in its folder only.
    pub(super) fn network_path(&self, name: &str) -> Option<String> {
        let boosted = || self.locate(&format!("networks/{name}"), &mlgrade_network::BOOSTED_ENDINGS);
        self.locate_in("networks", name, &mlgrade_network::ENDINGS).or_else(boosted)
    }

    /// The files beside the network at `path` that it keeps its weights in, all together within the limit of one.
    fn beside_network(&self, path: &str, bytes: &[u8]) -> Found<mlgrade_network::Files> {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| &path[..=folder.len()]);
        let locations = mlgrade_network::files_beside(path, bytes);
        let mut left = limits::NETWORK_BYTES;
        let mut files = mlgrade_network::Files::new();
        for location in &locations {
            // Whoever renames the network's file renames the one beside it too.
            let renamed = (locations.len() == 1).then(|| format!("{path}.data"));
            let place = [Some(format!("{folder}{location}")), renamed].into_iter().flatten().find(|place| self.files.contains_key(place));
            if let Some(place) = place {
                let bytes = self.bytes(&place, left)?;
                left = left.saturating_sub(bytes.len() as u64);
                files.insert(location.clone(), bytes);
            }
        }
        Ok(files)
    }

    /// Whether there is a file for the network `name`, in whatever format.
    pub fn has_network(&self, name: &str) -> bool {
        let is_there = |path: Option<String>| path.is_some_and(|path| self.files.contains_key(&path));
        is_there(self.network_path(name)) || is_there(self.locate_in("networks", name, &mlgrade_network::REFUSED_ENDINGS))
    }

    /// What to say when there is no network `name` in a format that is read.
    pub(super) fn no_network(&self, name: &str) -> Absent {
        let Some(path) = self.locate_in("networks", name, &mlgrade_network::REFUSED_ENDINGS) else {
            if let Some(refused) = self.refused(&[&format!("networks/{name}")]) {
                return refused;
            }
            let help = format!(
                "save it as networks/{name}.onnx, or as networks/{name}.safetensors or .pt with a list of layers; a model of XGBoost, LightGBM or \
                 CatBoost with its own `save_model`, as networks/{name}.json or .txt"
            );
            return Absent::Missing(Diagnostic::error(Code::NotFound, format!("there is no network `{name}`")).help(help));
        };
        let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
        let (message, help) = mlgrade_network::refused_sentence(&ending, name);
        Absent::Unreadable(Diagnostic::error(Code::BadNetwork, message).in_file(path).help(help))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::source::Source;

    const BOOSTED: &[u8] = include_bytes!("../../../../fixtures/networks/boosted/lightgbm-constant.txt");

    fn bag(files: &[(&str, &[u8])]) -> Bag {
        let files: BTreeMap<String, Source> = files.iter().map(|(path, bytes)| ((*path).to_owned(), Source::Memory(bytes.to_vec()))).collect();
        Bag::new(files, BTreeMap::new())
    }

    #[test]
    fn boosted_trees_are_networks_in_their_folder_only() {
        for path in ["networks/net.txt", "networks/net.json", "networks/net.model", "Networks/net.TXT", "networks/net (1).txt"] {
            let own = bag(&[(path, BOOSTED)]);
            assert!(own.has_network("net"), "{path}");
            assert!(own.network("net").is_ok(), "{path}");
            assert_eq!(own.network_file("net").as_deref(), Ok(BOOSTED), "{path}");
        }
        for path in ["net.txt", "net.json", "predictions/net.json"] {
            assert!(!bag(&[(path, BOOSTED)]).has_network("net"), "{path}");
        }
        // What is written about a network does not stand in its place.
        let own = bag(&[("networks/net.txt", b"epoch 3"), ("networks/net.onnx", b"\x08\x07")]);
        assert!(matches!(own.network("net"), Err(Absent::Unreadable(d)) if d.path.as_deref() == Some("networks/net.onnx")));
        let own = bag(&[("networks/net.json", b"{\"epoch\": 3}")]);
        assert!(matches!(own.network("net"), Err(Absent::Unreadable(d)) if d.message == "this is JSON, but no model that XGBoost or CatBoost saved"));
        let own = bag(&[("networks/net.cbm", b"CBM1")]);
        assert!(matches!(own.network("net"), Err(Absent::Unreadable(d)) if d.help.as_deref().is_some_and(|help| help.contains("networks/net.json"))));
    }
}
