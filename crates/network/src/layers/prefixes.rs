//! Prefixes of names of weights: what wrappers put before all of them, and what a model keeps its layers in.

use std::collections::BTreeMap;

use crate::tensor::Tensor;

/// What a wrapper puts into the names of weights, and which it is.
const WRAPPERS: [(&str, &str); 2] = [("_orig_mod", "torch.compile"), ("module", "DataParallel")];

/// How deep the prefixes that all names share may be nested.
const DEEPEST: usize = 8;

/// `tensors` without prefixes, if more layers are found under the names that are left; `listed` has the names of each layer's weights.
pub(super) fn without(tensors: &BTreeMap<String, Tensor>, listed: &[Vec<String>]) -> Option<BTreeMap<String, Tensor>> {
    let found = |is_there: &dyn Fn(&String) -> bool| listed.iter().filter(|names| names.iter().any(is_there)).count();
    let mut names = renamed(tensors.iter().map(|(name, tensor)| (bare(name), tensor)), tensors.len())?;
    let (mut best, mut most) = (None, found(&|name| tensors.contains_key(name)));
    for _ in 0..DEEPEST {
        let count = found(&|name| names.contains_key(name));
        if count > most {
            (best, most) = (Some(names.clone()), count);
        }
        let shared = names.keys().next().and_then(|name| name.split_once('.')).map(|(first, _)| format!("{first}."));
        let Some(shared) = shared.filter(|shared| names.keys().all(|name| name.starts_with(shared.as_str()))) else { break };
        names = names.into_iter().map(|(name, tensor)| (name[shared.len()..].to_owned(), tensor)).collect();
    }
    best.map(|names| names.into_iter().map(|(name, tensor)| (name, tensor.clone())).collect())
}

/// The arrays under these names, unless two are the same.
fn renamed<'t>(names: impl Iterator<Item = (String, &'t Tensor)>, count: usize) -> Option<BTreeMap<String, &'t Tensor>> {
    let names: BTreeMap<String, &Tensor> = names.collect();
    (names.len() == count).then_some(names)
}

/// A name without what wrappers put into it.
pub(super) fn bare(name: &str) -> String {
    let is_wrapper = |part: &&str| WRAPPERS.iter().any(|(wrapper, _)| wrapper == part);
    name.split('.').filter(|part| !is_wrapper(part)).collect::<Vec<_>>().join(".")
}

/// What put a prefix into this name.
pub(super) fn put_by(name: &str) -> Option<String> {
    let (wrapper, by) = WRAPPERS.iter().find(|(wrapper, _)| name.split('.').any(|part| part == *wrapper))?;
    Some(format!("`{wrapper}.` is put before the names by {by}; the list of layers may leave it out"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tensors(names: &[&str]) -> BTreeMap<String, Tensor> {
        names.iter().map(|name| ((*name).to_owned(), Tensor::floats(vec![1], vec![0.0]).unwrap())).collect()
    }

    fn left(names: &[&str], listed: &str) -> Option<Vec<String>> {
        without(&tensors(names), &[vec![listed.to_owned()]]).map(|tensors| tensors.into_keys().collect())
    }

    #[test]
    fn a_prefix_falls_off_where_the_list_does_without() {
        for prefix in ["_orig_mod.", "module.", "model.", "net.", "network.", "module._orig_mod.", "_orig_mod.model.", "model.net.layers."] {
            let names = [format!("{prefix}fc1.bias"), format!("{prefix}fc1.weight")];
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            assert_eq!(left(&names, "fc1.weight").as_deref(), Some(&["fc1.bias".to_owned(), "fc1.weight".to_owned()][..]), "{prefix}");
            assert_eq!(left(&names, names[1]), None, "{prefix} is in the list");
        }
        assert_eq!(left(&["features._orig_mod.0.weight", "fc.weight"], "features.0.weight").map(|names| names.len()), Some(2));
        assert_eq!(left(&["module.a.weight", "n_averaged"], "a.weight").map(|names| names.len()), Some(2));
    }

    #[test]
    fn names_that_would_be_the_same_stay() {
        assert_eq!(left(&["module.a.weight", "a.weight"], "b.weight"), None);
        assert_eq!(left(&["model.a.weight", "net.b.weight"], "a.weight"), None);
    }
}
