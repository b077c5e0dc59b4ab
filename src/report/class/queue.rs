//! What waits for a person, item by item.

use std::collections::{BTreeMap, HashSet};

use crate::domain::item_id::ItemId;
use crate::domain::points::Points;
use crate::report::Report;

/// The items that wait, what is urgent left out.
#[derive(Debug, Clone, Default)]
pub(in crate::report) struct Queue(BTreeMap<ItemId, Waiting>);

/// One of them.
#[derive(Debug, Clone)]
pub(in crate::report) struct Waiting {
    pub(in crate::report) title: String,
    pub(in crate::report) possible: Points,
    /// Of how many submissions.
    pub(in crate::report) count: usize,
    /// Hashes of what students wrote, whatever the blanks.
    texts: HashSet<u64>,
}

impl Queue {
    pub(super) fn add(&mut self, report: &Report) {
        for item in report.items.iter().filter(|item| item.is_open() && !item.urgent) {
            if !self.0.contains_key(&item.id) {
                let first = Waiting { title: item.title.clone(), possible: item.possible, count: 0, texts: HashSet::new() };
                self.0.insert(item.id.clone(), first);
            }
            if let Some(waiting) = self.0.get_mut(&item.id) {
                waiting.count += 1;
                waiting.texts.extend(item.answer.as_ref().map(|text| hash(text)));
            }
        }
    }

    /// The items by their ids.
    pub(in crate::report) fn items(&self) -> impl Iterator<Item = &Waiting> {
        self.0.values()
    }

    /// About how many bytes the hashes take.
    pub(super) fn bytes(&self) -> usize {
        self.0.values().map(|waiting| (size_of::<u64>() + 1) * waiting.texts.capacity() * 8 / 7).sum()
    }
}

impl Waiting {
    /// How many different texts wait, if any do.
    pub(in crate::report) fn texts(&self) -> Option<usize> {
        (!self.texts.is_empty()).then_some(self.texts.len())
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = blake3::Hasher::new();
    for word in text.split_whitespace() {
        hasher.update(word.as_bytes());
        hasher.update(b" ");
    }
    let mut bytes = [0; 8];
    hasher.finalize_xof().fill(&mut bytes);
    u64::from_le_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::hash;

    #[test]
    fn texts_that_differ_in_blanks_are_one() {
        assert_eq!(hash("one two"), hash("  one\n two"));
        assert_ne!(hash("one two"), hash("onetwo"));
    }
}
