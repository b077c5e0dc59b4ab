//! Layers with their weights as a graph of the same operators that ONNX files are made of.

use std::collections::{BTreeMap, BTreeSet};

use super::super::assembly::{Assembly, INPUT};
use super::super::graph::Value;
use super::super::operator::{Binary, Operator, Reduction, Unary};
use super::super::tensor::{Outcome, Tensor, refuse, shown};
use super::super::{Decoded, Interpretation};
use super::draft::draft;
use super::prefixes;
use super::settings::{Activation, Kind, Layer, Layout, Settings};
use mlgrade_domain::name::did_you_mean;

/// The endings under which PyTorch and Keras keep the same thing.
pub(super) const WEIGHTS: [&str; 5] = [".weight", ".kernel", "/kernel", "/kernel:0", ".weights"];
pub(super) const BIASES: [&str; 3] = [".bias", "/bias", "/bias:0"];
const SCALES: [&str; 4] = [".weight", ".gamma", "/gamma", "/gamma:0"];
const OFFSETS: [&str; 4] = [".bias", ".beta", "/beta", "/beta:0"];
pub(super) const MEANS: [&str; 4] = [".running_mean", ".moving_mean", "/moving_mean", "/moving_mean:0"];
const VARIANCES: [&str; 4] = [".running_var", ".moving_variance", "/moving_variance", "/moving_variance:0"];
/// PyTorch counts batches beside the statistics; nothing is done with the count.
const COUNTER: &str = ".num_batches_tracked";
/// An average of weights counts its models likewise.
const AVERAGED: &str = "n_averaged";

/// The network of `settings` with the weights `tensors`.
pub(crate) fn build(tensors: &BTreeMap<String, Tensor>, settings: &Settings) -> Outcome<Decoded> {
    let unwrapped = prefixes::without(tensors, &settings.layers.iter().filter_map(names_of).collect::<Vec<_>>());
    let tensors = unwrapped.as_ref().unwrap_or(tensors);
    if settings.draft {
        let help = "compare it with your model, correct it, and delete the line `draft = true` in networks/NAME.toml";
        return Err(refuse("the list of layers beside it is a draft that nobody has confirmed").help(help));
    }
    let planar = settings.layers.iter().find_map(|layer| match layer.kind {
        Kind::Conv { .. } | Kind::Pool { .. } | Kind::GlobalAverage => Some(true),
        Kind::Dense { .. } | Kind::Flatten => Some(false),
        _ => None,
    });
    let planar = planar.unwrap_or(false);
    let mut builder = Builder::new(tensors, layout(tensors, settings)?, planar);
    for layer in &settings.layers {
        builder.layer(layer)?;
    }
    let spare = tensors.keys().find(|name| !builder.used.contains(name.as_str()) && !name.ends_with(COUNTER) && *name != AVERAGED);
    if let Some(name) = spare {
        return Err(refuse(format!("no layer of the list uses `{name}`")).help("add its layer to the list, or leave it out of the file"));
    }
    let open = if planar { vec![Some(builder.channels.unwrap_or(1)), None, None] } else { vec![builder.inputs] };
    let sides = settings.shape.as_ref().map_or(open, |shape| shape.iter().copied().map(Some).collect());
    let shape = std::iter::once(None).chain(sides).collect();
    Ok(Decoded { graph: builder.assembly.ending_in(builder.flow), shape, interpretation: Interpretation::default() })
}

/// The names that the weights of a layer may have.
fn names_of(layer: &Layer) -> Option<Vec<String>> {
    let (name, endings): (&str, &[&str]) = match &layer.kind {
        Kind::Conv { name, .. } | Kind::Dense { name } => (name, &WEIGHTS),
        Kind::BatchNorm { name, .. } => (name, &MEANS),
        _ => return None,
    };
    Some(endings.iter().map(|ending| format!("{name}{ending}")).collect())
}

/// A list of layers to start from, as a piece of advice: all of it where names and shapes leave one plain reading.
pub(crate) fn suggestion(path: &str, tensors: &BTreeMap<String, Tensor>) -> String {
    let file = path.rsplit_once('.').map_or("the file".to_owned(), |(stem, _)| format!("{stem}.toml"));
    if let Some(kind) = beyond_a_list(tensors) {
        return format!("it has {kind}, which a list of layers cannot say: export it, `torch.onnx.export(model.eval(), x, \"networks/NAME.onnx\")`");
    }
    match draft(tensors) {
        Some(draft) if draft.image.is_none() => {
            let layers = draft.layers.join(", ");
            return format!("write this into {file}, and put in the activations that your model has, which are not in the file: layers = [{layers}]");
        }
        // Strides and pooling are assumed, so that it has to be read with what is said beside it.
        Some(_) => {
            return format!("write it into {file}; `mlgrade network {path} --draft` writes one to start from, which you have to compare with your model");
        }
        None => {}
    }
    let stem = |name: &str, endings: &[&str]| endings.iter().find_map(|ending| name.strip_suffix(ending)).map(str::to_owned);
    let layers = tensors.iter().filter_map(|(name, tensor)| {
        let kind = match tensor.shape().len() {
            2 => "dense",
            4 => "conv2d",
            _ => return None,
        };
        stem(&prefixes::bare(name), &WEIGHTS).map(|stem| format!("{{ {kind} = \"{}\" }}", stem.chars().take(40).collect::<String>()))
    });
    let layers = layers.take(6).collect::<Vec<_>>().join(", ");
    format!("write it into {file}, such as `layers = [{layers}]`, with `activation = \"relu\"` and so on")
}

/// What the weights are of that no list of layers can say.
fn beyond_a_list(tensors: &BTreeMap<String, Tensor>) -> Option<&'static str> {
    let kind = |(name, tensor): (&String, &Tensor)| match name {
        _ if name.contains("weight_hh_l") => Some("a recurrent layer (an LSTM, a GRU or the like)"),
        _ if name.ends_with("in_proj_weight") => Some("an attention layer"),
        _ if name.contains("downsample.") || name.contains("shortcut.") => Some("residual blocks"),
        _ if name.ends_with(".weight") && tensor.shape().len() == 3 => Some("a convolution over one dimension"),
        _ => None,
    };
    tensors.iter().find_map(kind)
}

/// The array under one of the `endings` of the layer `name`.
fn find<'t>(tensors: &'t BTreeMap<String, Tensor>, name: &str, endings: &[&str]) -> Option<(&'t str, &'t Tensor)> {
    endings.iter().find_map(|ending| tensors.get_key_value(&format!("{name}{ending}"))).map(|(name, tensor)| (name.as_str(), tensor))
}

/// Which order the weights lie in: as stated, or as the biases and the names tell.
fn layout(tensors: &BTreeMap<String, Tensor>, settings: &Settings) -> Outcome<Layout> {
    if let Some(stated) = settings.layout {
        return Ok(stated);
    }
    let mut by_name = None;
    for layer in &settings.layers {
        let (Kind::Dense { name } | Kind::Conv { name, .. }) = &layer.kind else { continue };
        let Some((weights, tensor)) = find(tensors, name, &WEIGHTS) else { continue };
        let (first, last) = (tensor.shape().first(), tensor.shape().last());
        let outputs = find(tensors, name, &BIASES).and_then(|(_, bias)| bias.shape().first());
        match outputs {
            Some(outputs) if first == Some(outputs) && last != Some(outputs) => return Ok(Layout::Torch),
            Some(outputs) if last == Some(outputs) && first != Some(outputs) => return Ok(Layout::Keras),
            _ => by_name = by_name.or(Some(if weights.contains("kernel") { Layout::Keras } else { Layout::Torch })),
        }
    }
    let sure = by_name.filter(|layout| *layout == Layout::Keras || tensors.keys().any(|name| name.ends_with(COUNTER)));
    match (sure, by_name) {
        (Some(layout), _) => Ok(layout),
        (None, None) => Ok(Layout::Torch),
        (None, Some(_)) => {
            let help = "add `layout = \"torch\"` for weights of (outputs, inputs), or `layout = \"keras\"` for (inputs, outputs)";
            Err(refuse("the shapes do not tell whether weights lie as PyTorch's or as Keras's").help(help))
        }
    }
}

struct Builder<'t> {
    tensors: &'t BTreeMap<String, Tensor>,
    layout: Layout,
    used: BTreeSet<&'t str>,
    assembly: Assembly,
    /// What the layers so far make.
    flow: Value,
    /// Whether planes flow, not rows of numbers.
    planar: bool,
    /// The inputs of the first dense layer, or the channels of the first convolution, whichever comes first.
    inputs: Option<usize>,
    channels: Option<usize>,
}

impl<'t> Builder<'t> {
    fn new(tensors: &'t BTreeMap<String, Tensor>, layout: Layout, planar: bool) -> Self {
        Self { tensors, layout, used: BTreeSet::new(), assembly: Assembly::new(), flow: INPUT, planar, inputs: None, channels: None }
    }

    fn layer(&mut self, layer: &Layer) -> Outcome<()> {
        match &layer.kind {
            Kind::Activation | Kind::Dropout => {}
            Kind::Dense { name } => self.dense(name)?,
            Kind::Conv { name, window, groups } => {
                let (weights, bias) = (self.weights(name, 4)?, self.optional(name, &BIASES));
                let mut inputs = vec![self.constant(weights, true)];
                if self.layout == Layout::Keras {
                    inputs = vec![self.assembly.push(name, Operator::Transpose { order: Some(vec![3, 2, 0, 1]) }, inputs)];
                }
                let depth = if self.layout == Layout::Keras { weights.shape()[2] } else { weights.shape()[1] };
                self.channels.get_or_insert(depth.saturating_mul(*groups));
                inputs.extend(bias.map(|bias| self.constant(bias, true)));
                self.follow(name, Operator::Conv { window: window.clone(), groups: *groups }, inputs);
                self.planar = true;
            }
            Kind::BatchNorm { name, epsilon } => {
                let default = if self.layout == Layout::Keras { 1e-3 } else { 1e-5 };
                let mut inputs = Vec::new();
                let length = self.required(name, &MEANS, "statistics")?.len();
                let ones = |value: f32| Tensor::floats(vec![length], vec![value; length]);
                for (endings, without) in [(&SCALES, ones(1.0)?), (&OFFSETS, ones(0.0)?)] {
                    let learnt = self.optional(name, endings);
                    inputs.push(match learnt {
                        Some(tensor) => self.constant(tensor, true),
                        None => self.constant(&without, false),
                    });
                }
                for endings in [&MEANS, &VARIANCES] {
                    let tensor = self.required(name, endings, "statistics")?;
                    inputs.push(self.constant(tensor, false));
                }
                self.follow(name, Operator::BatchNormalization { epsilon: epsilon.unwrap_or(default) }, inputs);
            }
            Kind::Flatten => {
                // Channels last are also flattened last.
                if self.planar && self.layout == Layout::Keras {
                    self.follow("flatten", Operator::Transpose { order: Some(vec![0, 2, 3, 1]) }, Vec::new());
                }
                self.follow("flatten", Operator::Flatten { axis: 1 }, Vec::new());
                self.planar = false;
            }
            Kind::GlobalAverage => {
                self.follow("global_average_pool", Operator::GlobalPool(Reduction::Mean), Vec::new());
                self.follow("global_average_pool", Operator::Flatten { axis: 1 }, Vec::new());
                self.planar = false;
            }
            Kind::Pool { window, average } => {
                // PyTorch counts the padding in its means, Keras does not.
                let operator = Operator::Pool { window: window.clone(), average: *average, count_padding: self.layout == Layout::Torch };
                self.follow(if *average { "average_pool" } else { "max_pool" }, operator, Vec::new());
            }
        }
        self.activation(layer.activation.unwrap_or(Activation::None));
        Ok(())
    }

    fn dense(&mut self, name: &str) -> Outcome<()> {
        if self.planar {
            return Err(refuse(format!("the dense layer `{name}` follows planes")).help("add `{ flatten = true }` before it"));
        }
        let (weights, bias) = (self.weights(name, 2)?, self.optional(name, &BIASES));
        let trans_b = self.layout == Layout::Torch;
        self.inputs.get_or_insert(weights.shape()[usize::from(trans_b)]);
        let mut inputs = vec![self.constant(weights, true)];
        inputs.extend(bias.map(|bias| self.constant(bias, true)));
        self.follow(name, Operator::Gemm { alpha: 1.0, beta: 1.0, trans_a: false, trans_b }, inputs);
        Ok(())
    }

    fn activation(&mut self, activation: Activation) {
        let channels = if self.planar { 1 } else { -1 };
        let operator = match activation {
            Activation::None => return,
            Activation::Elu => Operator::Unary(Unary::Elu(1.0)),
            Activation::Gelu => Operator::Unary(Unary::Gelu { tanh: false }),
            Activation::LeakyRelu => Operator::Unary(Unary::LeakyRelu(0.01)),
            Activation::LogSoftmax => Operator::Softmax { axis: channels, log: true, to_the_end: false },
            Activation::Relu => Operator::Unary(Unary::Relu),
            Activation::Selu => Operator::Unary(Unary::Selu(1.673_263_2, 1.050_701)),
            Activation::Sigmoid => Operator::Unary(Unary::Sigmoid),
            Activation::Softmax => Operator::Softmax { axis: channels, log: false, to_the_end: false },
            Activation::Softplus => Operator::Unary(Unary::Softplus),
            Activation::Tanh => Operator::Unary(Unary::Tanh),
            Activation::Swish => {
                let x = self.flow;
                self.follow("swish", Operator::Unary(Unary::Sigmoid), Vec::new());
                self.follow("swish", Operator::Binary(Binary::Mul), vec![x]);
                return;
            }
        };
        self.follow("the activation", operator, Vec::new());
    }

    fn weights(&mut self, name: &str, rank: usize) -> Outcome<&'t Tensor> {
        let weights = self.required(name, &WEIGHTS, "weights")?;
        if weights.shape().len() == rank && weights.as_floats().is_ok() {
            return Ok(weights);
        }
        Err(refuse(format!("the weights of `{name}` are an array of {}, expected {rank} dimensions", shown(weights.shape()))))
    }

    fn required(&mut self, name: &str, endings: &[&str], what: &str) -> Outcome<&'t Tensor> {
        self.optional(name, endings).ok_or_else(|| {
            let stems = self.tensors.keys().map(|known| known.rsplit_once(['.', '/']).map_or(known.as_str(), |(stem, _)| stem));
            let help =
                did_you_mean(name, stems).unwrap_or_else(|| format!("it holds {}", self.tensors.keys().take(12).cloned().collect::<Vec<_>>().join(", ")));
            let wrapped = self.tensors.keys().find_map(|name| prefixes::put_by(name));
            refuse(format!("it holds no {what} `{name}{}`", endings[0])).help(wrapped.map_or_else(|| help.clone(), |hint| format!("{help}; {hint}")))
        })
    }

    fn optional(&mut self, name: &str, endings: &[&str]) -> Option<&'t Tensor> {
        let (name, tensor) = find(self.tensors, name, endings)?;
        self.used.insert(name);
        Some(tensor)
    }

    fn constant(&mut self, tensor: &Tensor, learnt: bool) -> Value {
        self.assembly.constant(tensor.clone(), learnt)
    }

    /// `operator` of what flows, and of `more`.
    fn follow(&mut self, place: &str, operator: Operator, more: Vec<Value>) {
        let inputs = std::iter::once(self.flow).chain(more).collect();
        self.flow = self.assembly.push(place, operator, inputs);
    }
}
