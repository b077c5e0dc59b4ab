//! Files that are the same byte for byte. Those that are read otherwise are listed and not counted, since what they state is.

use std::collections::{BTreeMap, BTreeSet};

use crate::evidence::bag::Bag;
use crate::evidence::notebook::is_notebook;
use crate::report::similar::Kind;

use super::feature::{Classes, Feature};
use super::{images, predictions};

/// Smaller files are alike for no reason.
const LEAST_BYTES: usize = 64;

/// A file that was handed in.
#[derive(Debug)]
pub(super) struct Handed {
    pub(super) path: String,
    pub(super) hash: [u8; 32],
    /// Whether something else compares what it holds.
    read: bool,
}

/// The files of `bag` that can be read.
pub(super) fn of_bag(bag: &Bag) -> Vec<Handed> {
    let stating: BTreeSet<&str> = bag.statement_paths().collect();
    let handed = |path: &str| {
        let bytes = bag.file(path).ok().filter(|bytes| bytes.len() >= LEAST_BYTES && path != "submission.toml")?;
        let folder = path.split_once('/').map(|(folder, _)| folder.to_lowercase());
        let read = stating.contains(path)
            || is_notebook(path)
            || images::name_of(path).is_some()
            || predictions::name_of(path).is_some()
            || folder.as_deref() == Some("rules");
        Some(Handed { path: path.to_owned(), hash: *blake3::hash(&bytes).as_bytes(), read })
    };
    bag.paths().filter_map(handed).collect()
}

/// A feature for each file that several have and that nothing else compares, whatever it is called.
pub(super) fn features(class: &[&Vec<Handed>]) -> Vec<Feature> {
    let mut by_hash: BTreeMap<[u8; 32], BTreeMap<usize, &str>> = BTreeMap::new();
    for (who, files) in class.iter().enumerate() {
        for file in files.iter().filter(|file| !file.read) {
            by_hash.entry(file.hash).or_default().entry(who).or_insert(&file.path);
        }
    }
    let shared = by_hash.into_values().filter(|holders| holders.len() > 1);
    let feature = |holders: BTreeMap<usize, &str>| {
        let members: Vec<usize> = holders.keys().copied().collect();
        let others = (0..class.len()).filter(|who| !holders.contains_key(who)).map(|who| vec![who]);
        let classes = Classes(std::iter::once(members).chain(others).collect());
        let names: BTreeSet<&str> = holders.values().copied().collect();
        let name = names.first().copied().unwrap_or_default();
        Feature::new(Kind::Files, "files", name, true, class.len(), &classes, |_| {
            (256.0, 1, format!("the same byte for byte{}", if names.len() > 1 { ", under other names too" } else { "" }))
        })
    };
    shared.map(feature).collect()
}

/// The paths at which all of `files` have the same bytes.
pub(super) fn in_all(files: &[&Vec<Handed>]) -> Vec<String> {
    let Some((first, others)) = files.split_first() else { return Vec::new() };
    let in_others = |file: &&Handed| others.iter().all(|files| files.iter().any(|other| other.hash == file.hash));
    first.iter().filter(in_others).map(|file| file.path.clone()).collect()
}
