//! A list of layers worked out from the names and shapes of weights, where they can be read in one plain way.
//!
//! Nothing is judged by it: activations, strides and pooling are not in the weights. It is what an author confirms, or corrects.

mod geometry;
mod order;

use std::collections::BTreeMap;

use super::build::{BIASES, MEANS, WEIGHTS};
use super::prefixes::bare;
use crate::tensor::Tensor;
use geometry::Geometry;

/// Layers beyond this many are not ordered.
const MOST: usize = 40;

/// What a layer computes, as far as its weights tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Of images; the window is this wide and high.
    Conv {
        side: usize,
    },
    /// Batch normalisation.
    Norm,
    Dense,
}

/// One layer.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Part {
    name: String,
    kind: Kind,
    inputs: usize,
    outputs: usize,
}

/// A list of layers, and the images that it is for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Draft {
    /// One layer each, as TOML writes them.
    pub(crate) layers: Vec<String>,
    /// The channels, height and width of the images, if there are convolutions.
    pub(crate) image: Option<[usize; 3]>,
}

/// The only plain reading of `tensors`.
pub(crate) fn draft(tensors: &BTreeMap<String, Tensor>) -> Option<Draft> {
    let parts = order::chained(parts(tensors)?)?;
    let convolutions = parts.iter().filter(|part| matches!(part.kind, Kind::Conv { .. })).count();
    let geometry = if convolutions == 0 { None } else { Some(Geometry::of(&parts)?) };
    let (mut layers, mut seen) = (Vec::new(), 0);
    for (i, part) in parts.iter().enumerate() {
        let next = parts.get(i + 1);
        // An activation follows a normalisation, and none the last layer.
        let acts = next.is_some_and(|next| next.kind != Kind::Norm);
        let activation = if acts { ", activation = \"relu\"" } else { "" };
        let name = toml::Value::String(part.name.clone());
        match part.kind {
            Kind::Dense => layers.push(format!("{{ dense = {name}{activation} }}")),
            Kind::Norm => layers.push(format!("{{ batchnorm = {name}{activation} }}")),
            Kind::Conv { side } => {
                let padding =
                    if geometry.as_ref().is_some_and(|geometry| geometry.padded) && side > 1 { format!(", padding = {}", side / 2) } else { String::new() };
                layers.push(format!("{{ conv2d = {name}{padding}{activation} }}"));
                seen += 1;
            }
        }
        let Some(geometry) = &geometry else { continue };
        let ends_block = matches!(part.kind, Kind::Conv { .. } | Kind::Norm) && next.is_some_and(|next| next.kind != Kind::Norm);
        if ends_block && seen > 0 && geometry.pooled[seen - 1] {
            layers.push("{ max_pool = 2 }".to_owned());
        }
        if seen == convolutions && ends_block && next.is_some_and(|next| next.kind == Kind::Dense) {
            layers.push("{ flatten = true }".to_owned());
        }
    }
    Some(Draft { layers, image: geometry.map(|geometry| geometry.image) })
}

/// The layers that `tensors` belong to, unless some array belongs to none that the list of layers knows.
fn parts(tensors: &BTreeMap<String, Tensor>) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let named: Vec<(String, &Tensor)> = tensors.iter().map(|(name, tensor)| (bare(name), tensor)).collect();
    let has = |name: &str, endings: &[&str]| endings.iter().any(|ending| named.iter().any(|(known, _)| *known == format!("{name}{ending}")));
    for (name, tensor) in &named {
        if name.ends_with(".num_batches_tracked") || name == "n_averaged" {
            continue;
        }
        let stem = |endings: &[&str]| endings.iter().find_map(|ending| name.strip_suffix(ending));
        let Some(stem) = stem(&WEIGHTS) else {
            let known = [BIASES.as_slice(), &MEANS, &[".running_var", ".moving_variance", "/moving_variance", "/moving_variance:0"]];
            let owner = known.iter().find_map(|endings| stem(endings))?;
            // A bias alone, or weights under a name that is not known.
            if !has(owner, &WEIGHTS) {
                return None;
            }
            continue;
        };
        let keras = name.contains("kernel");
        let (kind, inputs, outputs) = match *tensor.shape() {
            [width] if has(stem, &MEANS) => (Kind::Norm, width, width),
            [outputs, inputs] if !keras => (Kind::Dense, inputs, outputs),
            [inputs, outputs] => (Kind::Dense, inputs, outputs),
            [outputs, inputs, side, other] if !keras && side == other => (Kind::Conv { side }, inputs, outputs),
            _ => return None,
        };
        parts.push(Part { name: stem.to_owned(), kind, inputs, outputs });
    }
    (!parts.is_empty() && parts.len() <= MOST).then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Weights of PyTorch's layers of these shapes, with biases; a single number is a batch normalisation.
    fn drafted(layers: &[(&str, &[usize])]) -> Option<Vec<String>> {
        let mut tensors = BTreeMap::new();
        let mut add = |name: String, shape: &[usize]| {
            tensors.insert(name, Tensor::floats(shape.to_vec(), vec![0.0; shape.iter().product()]).unwrap());
        };
        for (name, shape) in layers {
            add(format!("{name}.weight"), shape);
            add(format!("{name}.bias"), &shape[..1]);
            if shape.len() == 1 {
                add(format!("{name}.running_mean"), shape);
                add(format!("{name}.running_var"), shape);
                add(format!("{name}.num_batches_tracked"), &[]);
            }
        }
        draft(&tensors).map(|draft| draft.layers)
    }

    #[test]
    fn perceptrons_chain_by_their_shapes() {
        let lines = drafted(&[("output", &[10, 64]), ("hidden", &[64, 128]), ("input_layer", &[128, 784])]).unwrap();
        assert_eq!(lines, ["{ dense = \"input_layer\", activation = \"relu\" }", "{ dense = \"hidden\", activation = \"relu\" }", "{ dense = \"output\" }"]);
        // Layers of one size: their numbers tell the order, in which 10 comes after 2.
        let lines = drafted(&[("net.0", &[64, 64]), ("net.10", &[64, 64]), ("net.2", &[64, 64])]).unwrap();
        assert!(lines[1].contains("net.2") && lines[2].contains("net.10"), "{lines:?}");
        // Two words of one size may stand in either order.
        assert_eq!(drafted(&[("begin", &[64, 32]), ("left", &[64, 64]), ("a", &[64, 64]), ("end", &[10, 64])]), None);
    }

    #[test]
    fn convolutions_get_the_pooling_that_leads_to_the_dense_layer() {
        // PyTorch's own example: 28 → 26 → 24 → 12 by one pooling after the second convolution.
        let lines = drafted(&[("conv1", &[32, 1, 3, 3]), ("conv2", &[64, 32, 3, 3]), ("fc1", &[128, 9216]), ("fc2", &[10, 128])]).unwrap();
        let expected = [
            "{ conv2d = \"conv1\", activation = \"relu\" }",
            "{ conv2d = \"conv2\", activation = \"relu\" }",
            "{ max_pool = 2 }",
            "{ flatten = true }",
            "{ dense = \"fc1\", activation = \"relu\" }",
            "{ dense = \"fc2\" }",
        ];
        assert_eq!(lines, expected);
        // 32 → 16 → 8 with padding, batch normalisation before the activation.
        let lines = drafted(&[("conv1", &[16, 3, 3, 3]), ("bn1", &[16]), ("conv2", &[32, 16, 3, 3]), ("bn2", &[32]), ("fc", &[10, 2048])]).unwrap();
        assert_eq!(lines[0], "{ conv2d = \"conv1\", padding = 1 }");
        assert_eq!(lines[1], "{ batchnorm = \"bn1\", activation = \"relu\" }");
        assert_eq!(lines[2], "{ max_pool = 2 }");
    }

    #[test]
    fn what_is_not_plain_is_not_drafted() {
        assert_eq!(drafted(&[("conv", &[8, 1, 3, 3]), ("fc", &[10, 77])]), None, "no pooling leads there");
        assert_eq!(drafted(&[("lstm", &[64, 32, 3])]), None);
        assert_eq!(drafted(&[("a", &[5, 4]), ("b", &[3, 2])]), None);
        assert_eq!(draft(&BTreeMap::new()), None);
    }
}
