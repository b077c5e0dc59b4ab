//! The arrays of an HDF5 file by their paths, and the configuration that older files keep beside them.

use std::collections::BTreeMap;
use std::fmt::Display;

use hdf5_pure::{DType, Dataset, File, Group};

use super::metered::Metered;
use crate::tensor::{Outcome, Refusal, Tensor, count, refuse, too_large};
use mlgrade_domain::limits;

/// How deep groups may be nested.
const DEEPEST: usize = 16;

/// Everything that is needed of the file.
#[derive(Debug)]
pub(super) struct Store {
    pub(super) arrays: BTreeMap<String, Tensor>,
    /// The attribute `model_config`.
    pub(super) config: Option<String>,
}

/// The file as far as it was gone through.
#[derive(Debug, Default)]
struct Walk {
    arrays: BTreeMap<String, Tensor>,
    /// How many groups and arrays were seen. Links may lead to one of them again and again.
    seen: usize,
    /// How many numbers were read.
    numbers: usize,
}

impl Store {
    pub(super) fn read(bytes: Vec<u8>) -> Outcome<Self> {
        let file = File::from_source(Metered::new(bytes)).map_err(|error| damaged(&error))?;
        let root = file.root();
        let attributes = root.attrs().map_err(|error| damaged(&error))?;
        let config = attributes.get("model_config").and_then(|value| value.as_str()).map(str::to_owned);
        let mut walk = Walk::default();
        let mut open = vec![(String::new(), root, 0)];
        while let Some((path, group, depth)) = open.pop() {
            walk.arrays_of(&path, &group)?;
            for (name, inner) in group.iter_groups().map_err(|error| damaged(&error))? {
                walk.see()?;
                if depth == DEEPEST {
                    return Err(refuse(format!("its groups are nested more than {DEEPEST} deep")));
                }
                // What training kept for itself is not part of the network.
                if !(depth == 0 && name.starts_with("optimizer")) {
                    open.push((joined(&path, &name), inner, depth + 1));
                }
            }
        }
        Ok(Self { arrays: walk.arrays, config })
    }
}

impl Walk {
    fn see(&mut self) -> Outcome<()> {
        self.seen += 1;
        if self.seen > limits::NETWORK_NODES {
            return Err(too_large(format!("it has more than {} groups and arrays", limits::NETWORK_NODES)));
        }
        Ok(())
    }

    fn arrays_of(&mut self, path: &str, group: &Group) -> Outcome<()> {
        for (name, dataset) in group.iter_datasets().map_err(|error| damaged(&error))? {
            self.see()?;
            if let Some(tensor) = self.floats(&dataset)? {
                self.arrays.insert(joined(path, &name), tensor);
            }
        }
        Ok(())
    }

    /// The numbers of an array. Whole ones, such as the states of random generators, are no weights.
    fn floats(&mut self, dataset: &Dataset) -> Outcome<Option<Tensor>> {
        if !matches!(dataset.dtype().map_err(|error| damaged(&error))?, DType::F32 | DType::F64) {
            return Ok(None);
        }
        let shape = dataset.shape().map_err(|error| damaged(&error))?;
        let shape = shape.into_iter().map(|side| usize::try_from(side).unwrap_or(usize::MAX)).collect::<Vec<_>>();
        let left = limits::NETWORK_ELEMENTS - self.numbers;
        let Some(length) = count(&shape).filter(|&length| length <= left) else {
            return Err(too_large(format!("its arrays hold more than {} numbers", limits::NETWORK_ELEMENTS)).help("hand in a smaller network"));
        };
        self.numbers += length;
        let values = dataset.read_f32().map_err(|error| damaged(&error))?;
        Tensor::floats(shape, values).map(Some)
    }
}

fn joined(path: &str, name: &str) -> String {
    // Windows wrote its own separators into names for a while.
    let name = name.replace('\\', "/");
    if path.is_empty() { name } else { format!("{path}/{name}") }
}

fn damaged(error: &dyn Display) -> Refusal {
    let text: String = error.to_string().chars().filter(|c| !c.is_control()).take(120).collect();
    refuse(format!("its HDF5 is damaged: {text}")).help("save it again, or upload it again")
}
