//! Which arrays belong to which layer.

use std::collections::{BTreeMap, BTreeSet};

use super::settings::shown;
use crate::tensor::{Outcome, Tensor, refuse};

/// How the arrays of a layer are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    /// `layers/dense_1/vars/0`: layers are counted by their class, arrays in the order in which the layer made them. `.keras` files are so.
    ByClass,
    /// `model_weights/NAME/…/kernel`, with `:0` behind it in Keras 2. `.h5` files are so.
    ByName,
}

/// All arrays of a file, with those that a layer took.
#[derive(Debug)]
pub(super) struct Weights {
    arrays: BTreeMap<String, Tensor>,
    naming: Naming,
    used: BTreeSet<String>,
    /// How many numbers were learnt of each array that was used.
    learnt: BTreeMap<String, usize>,
}

/// Roles of arrays that were measured, not learnt.
const STATISTICS: [&str; 4] = ["mean", "moving_mean", "moving_variance", "variance"];

/// Where the layers of a model, or of a model in it, keep their arrays.
#[derive(Debug, Clone)]
pub(super) struct Folder(String);

/// Where one layer keeps its arrays.
#[derive(Debug, Clone)]
pub(super) struct Scope {
    folder: String,
    /// The layer's own name, if the arrays of others lie in the same folder.
    layer: Option<String>,
}

impl Weights {
    pub(super) fn new(arrays: BTreeMap<String, Tensor>, naming: Naming) -> Self {
        Self { arrays, naming, used: BTreeSet::new(), learnt: BTreeMap::new() }
    }

    /// The folder of the outermost model.
    pub(super) fn root(&self) -> Folder {
        // Keras 2 called it otherwise in its first `.keras` files.
        let old = "_layer_checkpoint_dependencies";
        let is_old = self.arrays.keys().any(|path| path.starts_with(old));
        Folder(match self.naming {
            Naming::ByClass if is_old => old.to_owned(),
            Naming::ByClass => "layers".to_owned(),
            Naming::ByName => "model_weights".to_owned(),
        })
    }

    /// The scopes of a model's layers, given the classes and names of all of them in their order.
    pub(super) fn scopes(&self, folder: &Folder, layers: &[(&str, &str)], outermost: bool) -> Vec<Scope> {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        let scope = |&(class, name): &(&str, &str)| match self.naming {
            Naming::ByClass => {
                let snake = snake_case(class);
                let before = counts.entry(snake.clone()).or_default();
                let folder = if *before == 0 { format!("{}/{snake}", folder.0) } else { format!("{}/{snake}_{before}", folder.0) };
                *before += 1;
                Scope { folder, layer: None }
            }
            Naming::ByName if outermost => Scope { folder: format!("{}/{name}", folder.0), layer: None },
            Naming::ByName => Scope { folder: folder.0.clone(), layer: Some(name.to_owned()) },
        };
        layers.iter().map(scope).collect()
    }

    /// The folder of the layers of a model that is a layer itself.
    pub(super) fn within(&self, scope: &Scope) -> Folder {
        Folder(match self.naming {
            Naming::ByClass => format!("{}/layers", scope.folder),
            Naming::ByName => scope.folder.clone(),
        })
    }

    /// The arrays of a layer in the `roles` that it has: `kernel`, `bias`. `part` is the layer in it that has them, such as `cell`.
    pub(super) fn of(&mut self, scope: &Scope, part: &str, roles: &[&str]) -> Outcome<Vec<Tensor>> {
        let found: Vec<Option<String>> = match self.naming {
            Naming::ByClass => {
                let folder = if part.is_empty() { scope.folder.clone() } else { format!("{}/{part}", scope.folder) };
                (0..roles.len()).map(|i| Some(format!("{folder}/vars/{i}"))).collect()
            }
            Naming::ByName => roles.iter().map(|role| self.named(scope, part, role)).collect(),
        };
        let fetched = roles.iter().zip(found).map(|(role, path)| {
            let (path, tensor) = path.and_then(|path| self.arrays.get_key_value(&path)).ok_or_else(|| refuse(format!("its `{role}` is not in the file")))?;
            self.used.insert(path.clone());
            if !STATISTICS.contains(role) {
                self.learnt.insert(path.clone(), tensor.len());
            }
            Ok(tensor.clone())
        });
        fetched.collect()
    }

    /// The path of the only array of a layer that ends in `role`.
    fn named(&self, scope: &Scope, part: &str, role: &str) -> Option<String> {
        let direction = ["forward", "backward"].into_iter().find(|direction| part.starts_with(direction));
        let fits = |path: &&String| {
            let Some(inner) = path.strip_prefix(scope.folder.as_str()).and_then(|rest| rest.strip_prefix('/')) else { return false };
            let mut folders = inner.rsplit('/');
            let own = folders.next().map(|last| last.split_once(':').map_or(last, |(name, _)| name));
            own == Some(role)
                && direction.is_none_or(|direction| inner.split('/').any(|folder| folder.starts_with(direction)))
                && scope.layer.as_ref().is_none_or(|layer| folders.any(|folder| folder == layer))
        };
        let mut all = self.arrays.keys().filter(fits);
        let first = all.next()?;
        all.next().is_none().then(|| first.clone())
    }

    /// How many numbers the layers have learnt.
    pub(super) fn parameters(&self) -> usize {
        self.learnt.values().sum()
    }

    /// An array that no layer took, if there is one.
    pub(super) fn unused(&self) -> Option<String> {
        self.arrays.keys().find(|path| !self.used.contains(*path) && !is_bookkeeping(path)).map(|path| shown(path))
    }
}

/// Whether an array belongs to training or to metrics, not to a layer.
fn is_bookkeeping(path: &str) -> bool {
    ["vars/", "metrics/", "_metrics/", "loss_tracker/", "top_level_model_weights/"].iter().any(|start| path.starts_with(start))
        || path.contains("seed_generator")
}

/// A class name as Keras writes it in paths: `BatchNormalization` is `batch_normalization`, `Conv2D` is `conv2d`.
fn snake_case(class: &str) -> String {
    let letters: Vec<char> = class.chars().filter(|c| c.is_alphanumeric() || *c == '_').collect();
    let mut out = String::new();
    for (i, &letter) in letters.iter().enumerate() {
        let before = if i > 0 { letters.get(i - 1) } else { None };
        let after = letters.get(i + 1).is_some_and(char::is_ascii_lowercase);
        let starts_word = letter.is_ascii_uppercase() && before.is_some_and(|before| before.is_ascii_lowercase() || after);
        if starts_word {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::snake_case;

    #[test]
    fn class_names_are_those_of_keras_paths() {
        // keras.src.utils.naming.to_snake_case
        let pairs = [
            ("BatchNormalization", "batch_normalization"),
            ("Conv2D", "conv2d"),
            ("Conv2DTranspose", "conv2d_transpose"),
            ("Dense", "dense"),
            ("DepthwiseConv2D", "depthwise_conv2d"),
            ("ELU", "elu"),
            ("GRU", "gru"),
            ("GlobalAveragePooling2D", "global_average_pooling2d"),
            ("LSTM", "lstm"),
            ("LeakyReLU", "leaky_re_lu"),
            ("PReLU", "p_re_lu"),
            ("ReLU", "re_lu"),
            ("SimpleRNN", "simple_rnn"),
        ];
        for (class, path) in pairs {
            assert_eq!(snake_case(class), path, "{class}");
        }
    }
}
