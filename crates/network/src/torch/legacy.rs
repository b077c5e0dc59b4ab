//! What PyTorch wrote before 1.6, and still does when it is asked to: five pickles in a row, then the storages.

use std::collections::BTreeMap;

use super::super::tensor::{Outcome, Refusal, refuse};
use super::pickle::{Node, Pickle};
use super::tensors::Storage;

const MAGIC: i128 = 0x1950_a86a_20f9_469c_fc6c;
const PROTOCOL: usize = 1001;

/// A network's pickle, and the bytes of each storage by its key.
pub(super) struct Stream<'b> {
    pub(super) pickle: Pickle<'b>,
    pub(super) storages: BTreeMap<&'b str, &'b [u8]>,
}

/// Whether the bytes begin as such a stream does.
pub(super) fn begins(bytes: &[u8]) -> bool {
    let head = bytes.get(..40).unwrap_or(bytes);
    Pickle::read(head).is_ok_and(|pickle| matches!(pickle.node(pickle.root), Node::Int(MAGIC)))
}

impl<'b> Stream<'b> {
    pub(super) fn read(bytes: &'b [u8]) -> Outcome<Self> {
        let mut rest = bytes;
        let mut next = || {
            let pickle = Pickle::read(rest)?;
            rest = rest.get(pickle.length..).unwrap_or(&[]);
            Ok::<_, Refusal>(pickle)
        };
        let (magic, protocol, system) = (next()?, next()?, next()?);
        if !matches!(magic.node(magic.root), Node::Int(MAGIC)) || protocol.size(protocol.root) != Some(PROTOCOL) {
            return Err(refuse("this is a pickle, but none that `torch.save` wrote"));
        }
        if system.entry(system.root, "little_endian").is_some_and(|little| matches!(system.node(little), Node::Bool(false))) {
            return Err(super::big_endian());
        }
        let (pickle, keys) = (next()?, next()?);
        let mut named = BTreeMap::new();
        for id in pickle.ids() {
            let is_storage = matches!(pickle.node(id), Node::Persistent(inside)
                if pickle.items(*inside).and_then(|items| items.first()).and_then(|word| pickle.text(*word)) == Some("storage"));
            if is_storage {
                let storage = Storage::named(&pickle, id)?;
                if let Some(key) = storage.key()
                    && named.insert(key, storage).is_some_and(|other| other != storage)
                {
                    return Err(refuse("a storage is claimed to be of two sizes"));
                }
            }
        }
        let mut storages = BTreeMap::new();
        for &key in keys.items(keys.root).unwrap_or(&[]) {
            let storage = keys.text(key).and_then(|key| named.get(key)).ok_or_else(|| refuse("it lists a storage that nothing is made of"))?;
            let (count, after) = rest.split_first_chunk::<8>().ok_or_else(cut_off)?;
            if u64::from_le_bytes(*count) != storage.count() as u64 {
                return Err(refuse(format!("a storage has {} numbers, and {} are claimed", u64::from_le_bytes(*count), storage.count())));
            }
            let (data, after) = after.split_at_checked(storage.bytes()?).ok_or_else(cut_off)?;
            if storages.insert(storage.key().unwrap_or_default(), data).is_some() {
                return Err(refuse("it lists a storage twice"));
            }
            rest = after;
        }
        Ok(Self { pickle, storages })
    }
}

fn cut_off() -> super::super::tensor::Refusal {
    refuse("the file is cut off").help("save it again, or upload it again")
}
