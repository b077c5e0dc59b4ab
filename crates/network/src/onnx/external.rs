//! Weights that lie in a file beside the network's, as PyTorch writes them by default.

use std::collections::{BTreeMap, BTreeSet};

use super::super::tensor::{Outcome, Refusal, refuse};
use super::model::Model;
use mlgrade_protobuf::fields;

/// The files beside a network, by the names that it has for them.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Where the numbers of one array lie.
#[derive(Debug, Clone, Default)]
pub(super) struct External<'b> {
    location: &'b str,
    offset: Option<usize>,
    length: Option<usize>,
}

/// The files that the network in `bytes` names, as paths within its folder; what would lead out of it is left out.
pub(crate) fn locations(bytes: &[u8]) -> BTreeSet<String> {
    let model = Model::read(bytes).unwrap_or_default();
    model.graph.initializers.iter().filter_map(|tensor| inside(tensor.external.as_ref()?.location)).collect()
}

/// `location` as a path within the folder, without a way out of it.
fn inside(location: &str) -> Option<String> {
    let location = location.strip_prefix("./").unwrap_or(location);
    let plain = |part: &str| !part.is_empty() && part != "." && part != ".." && !part.contains(['\\', ':', '\0']) && part.len() < 256;
    location.split('/').all(plain).then(|| location.to_owned())
}

impl<'b> External<'b> {
    /// Adds one `StringStringEntryProto`.
    pub(super) fn add(&mut self, entry: &'b [u8]) -> Outcome<()> {
        let (mut key, mut value) = ("", "");
        for field in fields(entry) {
            match field? {
                (1, field) => key = field.text()?,
                (2, field) => value = field.text()?,
                _ => {}
            }
        }
        let number = || value.parse::<usize>().map(Some).map_err(|_| refuse(format!("the {key} of its numbers in another file is no number")));
        match key {
            "location" => self.location = value,
            "offset" => self.offset = number()?,
            "length" => self.length = number()?,
            _ => {}
        }
        Ok(())
    }

    /// Its numbers in the files beside the network.
    pub(super) fn bytes<'f>(&self, files: &'f Files) -> Outcome<&'f [u8]> {
        let shown: String = self.location.chars().filter(|c| !c.is_control()).take(100).collect();
        let path = inside(self.location)
            .ok_or_else(|| refuse(format!("the weights are in another file, `{shown}`, outside of the network's folder; it is not read")).help(ONE_FILE))?;
        let file = files.get(&path).ok_or_else(|| missing(&shown))?;
        let start = self.offset.unwrap_or(0);
        let end = self.length.map_or(Some(file.len()), |length| start.checked_add(length));
        end.and_then(|end| file.get(start..end)).ok_or_else(|| {
            let message = format!("the weights are in another file, `{shown}`, which has {} bytes and ends before them", file.len());
            refuse(message).help("hand in both files of the same export")
        })
    }
}

const ONE_FILE: &str = "keep them in one: `torch.onnx.export(…, external_data=False)`, or `onnx.save(model, path)`";

fn missing(shown: &str) -> Refusal {
    refuse(format!("the weights are in another file, `{shown}`, which is not there")).help(format!("hand in `{shown}` too, in the same folder; or {ONE_FILE}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_way_leads_out_of_the_folder() {
        for (location, path) in [("net.onnx.data", Some("net.onnx.data")), ("./a/b.bin", Some("a/b.bin")), ("weights (1).data", Some("weights (1).data"))] {
            assert_eq!(inside(location).as_deref(), path, "{location}");
        }
        for location in ["", "/etc/passwd", "../net.data", "a/../../b", "a//b", "..", ".", "C:\\net.data", "a\\b", "file:net", "a/./b", "a\0b", "././a"] {
            assert_eq!(inside(location), None, "{location}");
        }
    }
}
