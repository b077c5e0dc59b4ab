//! Layers of Keras as operators.

use super::settings::{Settings, shown, unread};
use super::weights::{Scope, Weights};
use crate::assembly::{Assembly, INPUT};
use crate::graph::Value;
use crate::operator::{Binary, Operator};
use crate::refused::KERAS_EXPORT;
use crate::tensor::{Outcome, Tensor, refuse};

/// What flows between layers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Flow {
    pub(super) value: Value,
    /// How many axes it has, that of the examples included.
    pub(super) rank: usize,
    /// Whether an image lies plane by plane, as convolutions here take it. Keras has the channels last; images are turned round only
    /// where a layer needs it.
    pub(super) channels_first: bool,
}

/// One layer of the configuration.
#[derive(Debug, Clone)]
pub(super) struct Layer<'c> {
    pub(super) class: &'c str,
    pub(super) name: &'c str,
    pub(super) settings: Settings<'c>,
    pub(super) scope: Scope,
}

/// The network so far.
#[derive(Debug)]
pub(super) struct Lowering {
    pub(super) assembly: Assembly,
    pub(super) weights: Weights,
}

impl Flow {
    /// The network's input.
    pub(super) fn entry(rank: usize) -> Self {
        Self { value: INPUT, rank, channels_first: false }
    }

    /// Another value in the same layout.
    pub(super) fn with(self, value: Value) -> Self {
        Self { value, ..self }
    }

    /// A value of this many axes with the channels last.
    pub(super) fn last(value: Value, rank: usize) -> Self {
        Self { value, rank, channels_first: false }
    }
}

/// Layers that change nothing once a network is trained, those that only alter training images included.
const NOTHING: [&str; 24] = [
    "ActivityRegularization",
    "AlphaDropout",
    "AugMix",
    "AutoContrast",
    "Dropout",
    "GaussianDropout",
    "GaussianNoise",
    "InputLayer",
    "RandAugment",
    "RandomBrightness",
    "RandomColorDegeneration",
    "RandomColorJitter",
    "RandomContrast",
    "RandomErasing",
    "RandomFlip",
    "RandomHue",
    "RandomRotation",
    "RandomSaturation",
    "RandomShear",
    "RandomTranslation",
    "RandomZoom",
    "SpatialDropout1D",
    "SpatialDropout2D",
    "SpatialDropout3D",
];

impl Lowering {
    pub(super) fn new(weights: Weights) -> Self {
        Self { assembly: Assembly::new(), weights }
    }

    /// An array that is there from the start. What was learnt is counted where it was found, for a layer may be used twice.
    pub(super) fn array(&mut self, tensor: Tensor) -> Value {
        self.assembly.constant(tensor, false)
    }

    /// What comes out of a layer that `inputs` go into.
    pub(super) fn layer(&mut self, layer: &Layer<'_>, inputs: &[Flow]) -> Outcome<Flow> {
        let &[flow] = inputs else { return self.merge(layer, inputs) };
        match layer.class {
            class if NOTHING.contains(&class) => Ok(flow),
            "Dense" => self.dense(layer, flow),
            "Conv1D" | "Conv2D" => self.convolution(layer, flow),
            "DepthwiseConv2D" => self.depthwise(layer, flow, true),
            "SeparableConv2D" => self.separable(layer, flow),
            "AveragePooling1D" | "AveragePooling2D" | "MaxPooling1D" | "MaxPooling2D" => self.pool(layer, flow),
            "GlobalAveragePooling1D" | "GlobalAveragePooling2D" | "GlobalMaxPooling1D" | "GlobalMaxPooling2D" => self.global_pool(layer, flow),
            "BatchNormalization" => self.batch_normalization(layer, flow),
            "LayerNormalization" => self.layer_normalization(layer, flow),
            "Normalization" => self.normalization(layer, flow),
            "Rescaling" => self.rescaling(layer, flow),
            "Activation" | "ELU" | "LeakyReLU" | "PReLU" | "ReLU" | "Softmax" => self.activation_layer(layer, flow),
            "Cropping2D" | "Flatten" | "Permute" | "RepeatVector" | "Reshape" | "ZeroPadding2D" => self.reshaping(layer, flow),
            "Embedding" => self.embedding(layer, flow),
            "GRU" | "LSTM" | "SimpleRNN" => self.recurrent(layer, flow),
            "Bidirectional" => self.bidirectional(layer, flow),
            "Lambda" => Err(refuse("a Lambda layer holds Python code, which is not run").help(KERAS_EXPORT)),
            _ => Err(unread("this kind of layer")),
        }
    }

    /// The same numbers with the channels last.
    pub(super) fn channels_last(&mut self, flow: Flow) -> Flow {
        if !flow.channels_first {
            return flow;
        }
        let order = if flow.rank == 3 { vec![0, 2, 1] } else { vec![0, 2, 3, 1] };
        Flow::last(self.assembly.push("channels last", Operator::Transpose { order: Some(order) }, vec![flow.value]), flow.rank)
    }

    /// The same steps or images channel by channel.
    pub(super) fn channels_first(&mut self, flow: Flow) -> Outcome<Flow> {
        let order = match flow.rank {
            _ if flow.channels_first => return Ok(flow),
            3 => vec![0, 2, 1],
            4 => vec![0, 3, 1, 2],
            rank => return Err(refuse(format!("it takes steps or images, and what flows into it has {rank} axes"))),
        };
        let value = self.assembly.push("channels first", Operator::Transpose { order: Some(order) }, vec![flow.value]);
        Ok(Flow { value, rank: flow.rank, channels_first: true })
    }

    fn dense(&mut self, layer: &Layer<'_>, flow: Flow) -> Outcome<Flow> {
        let has_bias = layer.settings.flag("use_bias", true);
        let roles: &[&str] = if has_bias { &["kernel", "bias"] } else { &["kernel"] };
        let mut weights = self.weights.of(&layer.scope, "", roles)?.into_iter().map(|tensor| self.array(tensor)).collect::<Vec<Value>>();
        let flow = self.channels_last(flow);
        let value = if flow.rank == 2 {
            weights.insert(0, flow.value);
            self.assembly.push(layer.name, Operator::Gemm { alpha: 1.0, beta: 1.0, trans_a: false, trans_b: false }, weights)
        } else {
            let bias = weights.get(1).copied();
            let value = self.assembly.push(layer.name, Operator::MatMul, vec![flow.value, weights[0]]);
            bias.map_or(value, |bias| self.assembly.push(layer.name, Operator::Binary(Binary::Add), vec![value, bias]))
        };
        self.activation_of(layer, "activation", flow.with(value))
    }

    /// A layer that takes in several.
    fn merge(&mut self, layer: &Layer<'_>, inputs: &[Flow]) -> Outcome<Flow> {
        if inputs.is_empty() {
            return Err(refuse("nothing flows into it"));
        }
        let binary = match layer.class {
            "Add" | "Average" => Some(Binary::Add),
            "Maximum" => Some(Binary::Max),
            "Minimum" => Some(Binary::Min),
            "Multiply" => Some(Binary::Mul),
            "Subtract" => Some(Binary::Sub),
            "Concatenate" => None,
            _ => return Err(unread("this kind of layer")),
        };
        let alike = binary.is_some() && inputs.iter().all(|flow| flow.channels_first);
        let flows: Vec<Flow> = inputs.iter().map(|&flow| if alike { flow } else { self.channels_last(flow) }).collect();
        let (first, values) = (flows[0], flows.iter().map(|flow| flow.value).collect::<Vec<Value>>());
        if flows.iter().any(|flow| flow.rank != first.rank) {
            return Err(unread("a layer that joins arrays of different ranks"));
        }
        let Some(binary) = binary else {
            let axis = layer.settings.get("axis").and_then(serde_json::Value::as_i64).unwrap_or(-1);
            return Ok(first.with(self.assembly.push(layer.name, Operator::Concat { axis }, values)));
        };
        let (mut value, count) = (values[0], values.len());
        for &next in &values[1..] {
            value = self.assembly.push(layer.name, Operator::Binary(binary), vec![value, next]);
        }
        if layer.class == "Average" {
            let share = self.array(Tensor::floats(Vec::new(), vec![1.0 / count as f32])?);
            value = self.assembly.push(layer.name, Operator::Binary(Binary::Mul), vec![value, share]);
        }
        Ok(first.with(value))
    }

    /// Numbers looked up in a table of vectors.
    fn embedding(&mut self, layer: &Layer<'_>, flow: Flow) -> Outcome<Flow> {
        if layer.settings.flag("mask_zero", false) {
            return Err(unread("an Embedding with `mask_zero`"));
        }
        let mut table = self.weights.of(&layer.scope, "", &["embeddings"])?;
        let Some(table) = table.pop() else { return Err(refuse("it has no table")) };
        let table = self.array(table);
        let places = self.assembly.push(layer.name, Operator::Cast { to_int: true, to_bool: false }, vec![flow.value]);
        let value = self.assembly.push(layer.name, Operator::Gather { axis: 0 }, vec![table, places]);
        Ok(Flow::last(value, flow.rank + 1))
    }
}

/// How a layer is called in messages about another one's settings.
pub(super) fn class_of(value: &serde_json::Value) -> String {
    shown(value.get("class_name").and_then(serde_json::Value::as_str).unwrap_or("?"))
}
