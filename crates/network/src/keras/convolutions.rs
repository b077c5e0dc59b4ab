//! Layers of Keras that slide a window over images or steps, or normalise what comes out of it.

use serde_json::Value as Json;

use super::layers::{Flow, Layer, Lowering};
use super::settings::unread;
use crate::graph::Value;
use crate::operator::{Binary, Operator, Padding, Reduction, Window};
use crate::tensor::{Outcome, Tensor, refuse, shown};

impl Lowering {
    /// The weights of a convolution, outputs and channels first.
    fn filters(&mut self, layer: &Layer<'_>, kernel: Tensor) -> Outcome<Value> {
        let order = match kernel.shape().len() {
            3 => vec![2, 1, 0],
            4 => vec![3, 2, 0, 1],
            _ => return Err(refuse(format!("its weights are an array of {}", shown(kernel.shape())))),
        };
        let kernel = self.array(kernel);
        Ok(self.assembly.push(layer.name, Operator::Transpose { order: Some(order) }, vec![kernel]))
    }

    /// What flows into a window, channels first.
    fn for_window(&mut self, layer: &Layer<'_>, flow: Flow) -> Outcome<Flow> {
        layer.settings.channels_last()?;
        let rank = if layer.class.ends_with("1D") { 3 } else { 4 };
        if flow.rank != rank {
            let what = if rank == 3 { "steps" } else { "images" };
            return Err(refuse(format!("it takes {what}, and what flows into it has {} axes", flow.rank)));
        }
        self.channels_first(flow)
    }

    fn window(layer: &Layer<'_>, size: &str) -> Outcome<Window> {
        if layer.class.ends_with("1D") { layer.settings.window::<1>(size) } else { layer.settings.window::<2>(size) }
    }

    pub(super) fn convolution(&mut self, layer: &Layer<'_>, flow: Flow) -> Outcome<Flow> {
        let window = Self::window(layer, "kernel_size")?;
        let groups = layer.settings.sizes("groups").and_then(|list| list.first().copied()).unwrap_or(1);
        let roles: &[&str] = if layer.settings.flag("use_bias", true) { &["kernel", "bias"] } else { &["kernel"] };
        let mut weights = self.weights.of(&layer.scope, "", roles)?.into_iter();
        let flow = self.for_window(layer, flow)?;
        let kernel = weights.next().ok_or_else(|| refuse("it has no weights"))?;
        let mut inputs = vec![flow.value, self.filters(layer, kernel)?];
        inputs.extend(weights.map(|bias| self.array(bias)));
        let flow = flow.with(self.assembly.push(layer.name, Operator::Conv { window: Window { size: None, ..window }, groups }, inputs));
        self.activation_of(layer, "activation", flow)
    }

    /// A convolution of each channel by itself. `whole` if that is all that the layer does.
    pub(super) fn depthwise(&mut self, layer: &Layer<'_>, flow: Flow, whole: bool) -> Outcome<Flow> {
        let has_bias = whole && layer.settings.flag("use_bias", true);
        let role = if whole { "kernel" } else { "depthwise_kernel" };
        let roles: &[&str] = if has_bias { &[role, "bias"] } else { &[role] };
        // Keras 2 called it `depthwise_kernel` in both layers.
        let old = ["depthwise_kernel", "bias"];
        let mut weights = self.weights.of(&layer.scope, "", roles).or_else(|_| self.weights.of(&layer.scope, "", &old[..roles.len()]))?.into_iter();
        let kernel = weights.next().ok_or_else(|| refuse("it has no weights"))?;
        let &[height, width, channels, each] = kernel.shape() else {
            return Err(refuse(format!("its weights are an array of {}", shown(kernel.shape()))));
        };
        let window = Self::window(layer, "kernel_size")?;
        let flow = self.for_window(layer, flow)?;
        let kernel = self.array(kernel);
        let turned = self.assembly.push(layer.name, Operator::Transpose { order: Some(vec![2, 3, 0, 1]) }, vec![kernel]);
        let sides = [channels.saturating_mul(each), 1, height, width];
        let filters = self.shaped(layer, turned, &sides)?;
        let mut inputs = vec![flow.value, filters];
        inputs.extend(weights.map(|bias| self.array(bias)));
        let flow = flow.with(self.assembly.push(layer.name, Operator::Conv { window: Window { size: None, ..window }, groups: channels }, inputs));
        if whole { self.activation_of(layer, "activation", flow) } else { Ok(flow) }
    }

    /// A convolution of each channel by itself, then one over the channels.
    pub(super) fn separable(&mut self, layer: &Layer<'_>, flow: Flow) -> Outcome<Flow> {
        let roles: &[&str] =
            if layer.settings.flag("use_bias", true) { &["depthwise_kernel", "pointwise_kernel", "bias"] } else { &["depthwise_kernel", "pointwise_kernel"] };
        let weights = self.weights.of(&layer.scope, "", roles)?;
        let between = self.depthwise(layer, flow, false)?;
        let mut rest = weights.into_iter().skip(1);
        let pointwise = rest.next().ok_or_else(|| refuse("it has no weights"))?;
        let mut inputs = vec![between.value, self.filters(layer, pointwise)?];
        inputs.extend(rest.map(|bias| self.array(bias)));
        let window = Window { size: None, strides: [1; 2], dilations: [1; 2], padding: Padding::Given([0; 4]), ceil: false, dimensions: None };
        let flow = between.with(self.assembly.push(layer.name, Operator::Conv { window, groups: 1 }, inputs));
        self.activation_of(layer, "activation", flow)
    }

    pub(super) fn pool(&mut self, layer: &Layer<'_>, flow: Flow) -> Outcome<Flow> {
        let window = Self::window(layer, "pool_size")?;
        let flow = self.for_window(layer, flow)?;
        let operator = Operator::Pool { window, average: layer.class.starts_with("Average"), count_padding: false };
        Ok(flow.with(self.assembly.push(layer.name, operator, vec![flow.value])))
    }

    pub(super) fn global_pool(&mut self, layer: &Layer<'_>, flow: Flow) -> Outcome<Flow> {
        layer.settings.channels_last()?;
        let reduction = if layer.class.contains("Average") { Reduction::Mean } else { Reduction::Max };
        let keep = layer.settings.flag("keepdims", false);
        let flow = self.channels_last(flow);
        let between: Vec<i64> = if layer.class.ends_with("1D") { vec![1] } else { vec![1, 2] };
        if flow.rank != between.len() + 2 {
            return Err(refuse(format!("what flows into it has {} axes", flow.rank)));
        }
        let rank = if keep { flow.rank } else { 2 };
        let operator = Operator::Reduce { reduction, axes: Some(between), keep, none_is_all: true };
        Ok(Flow::last(self.assembly.push(layer.name, operator, vec![flow.value]), rank))
    }

    pub(super) fn batch_normalization(&mut self, layer: &Layer<'_>, flow: Flow) -> Outcome<Flow> {
        if !normalises_last(layer, flow.rank) {
            return Err(unread("a normalisation of another axis than the last"));
        }
        let (scale, center) = (layer.settings.flag("scale", true), layer.settings.flag("center", true));
        let roles = [scale.then_some("gamma"), center.then_some("beta"), Some("moving_mean"), Some("moving_variance")];
        let there: Vec<&str> = roles.into_iter().flatten().collect();
        let mut arrays = self.weights.of(&layer.scope, "", &there)?.into_iter();
        let length = arrays.as_slice().first().map_or(0, Tensor::len);
        let mut constants = Vec::new();
        for (role, without) in roles.into_iter().zip([1.0, 0.0, 0.0, 1.0]) {
            let stored = if role.is_some() { arrays.next() } else { None };
            let tensor = stored.map_or_else(|| Tensor::floats(vec![length], vec![without; length]), Ok)?;
            constants.push(self.array(tensor));
        }
        let operator = Operator::BatchNormalization { epsilon: layer.settings.float("epsilon", 1e-3) };
        let flow = if flow.rank == 2 { flow } else { self.channels_first(flow)? };
        let inputs = std::iter::once(flow.value).chain(constants).collect();
        Ok(flow.with(self.assembly.push(layer.name, operator, inputs)))
    }

    pub(super) fn layer_normalization(&mut self, layer: &Layer<'_>, flow: Flow) -> Outcome<Flow> {
        let flow = self.channels_last(flow);
        let all = layer.settings.flag("scale", true) && layer.settings.flag("center", true) && !layer.settings.flag("rms_scaling", false);
        if !normalises_last(layer, flow.rank) || !all {
            return Err(unread("a normalisation of other axes than the last, or without scale and offset,"));
        }
        let arrays = self.weights.of(&layer.scope, "", &["gamma", "beta"])?;
        let mut inputs = vec![flow.value];
        inputs.extend(arrays.into_iter().map(|tensor| self.array(tensor)));
        let epsilon = layer.settings.float("epsilon", 1e-3);
        Ok(flow.with(self.assembly.push(layer.name, Operator::LayerNormalization { axis: -1, epsilon }, inputs)))
    }

    /// Features less their means over their deviations, which were learnt from data by `adapt`.
    pub(super) fn normalization(&mut self, layer: &Layer<'_>, flow: Flow) -> Outcome<Flow> {
        if layer.settings.flag("invert", false) {
            return Err(unread("a Normalization that is inverted"));
        }
        let flow = self.channels_last(flow);
        let stated = |key: &str| layer.settings.get(key).map(numbers);
        let (mean, variance) = match (stated("mean"), stated("variance")) {
            (Some(mean), Some(variance)) => (mean?, variance?),
            _ => match <[Tensor; 2]>::try_from(self.weights.of(&layer.scope, "", &["mean", "variance"])?) {
                Ok([mean, variance]) => (mean.as_floats()?.to_vec(), variance.as_floats()?.to_vec()),
                Err(_) => return Err(refuse("it has no means")),
            },
        };
        // Keras's own least deviation.
        let factors = variance.iter().map(|variance| 1.0 / variance.sqrt().max(1e-7)).collect();
        let shifted = self.by_feature(layer, Binary::Sub, flow, mean)?;
        self.by_feature(layer, Binary::Mul, shifted, factors)
    }

    pub(super) fn rescaling(&mut self, layer: &Layer<'_>, flow: Flow) -> Outcome<Flow> {
        let flow = self.channels_last(flow);
        let of = |key: &str, default: f32| layer.settings.get(key).map_or(Ok(vec![default]), numbers);
        let (scale, offset) = (of("scale", 1.0)?, of("offset", 0.0)?);
        let scaled = self.by_feature(layer, Binary::Mul, flow, scale)?;
        self.by_feature(layer, Binary::Add, scaled, offset)
    }

    fn by_feature(&mut self, layer: &Layer<'_>, binary: Binary, flow: Flow, numbers: Vec<f32>) -> Outcome<Flow> {
        let constant = self.array(Tensor::floats(vec![numbers.len()], numbers)?);
        Ok(flow.with(self.assembly.push(layer.name, Operator::Binary(binary), vec![flow.value, constant])))
    }
}

/// Whether a layer normalises along the last of `rank` axes: -1, its number, or a list of one of these.
fn normalises_last(layer: &Layer<'_>, rank: usize) -> bool {
    let axis = match layer.settings.get("axis") {
        Some(Json::Array(list)) if list.len() == 1 => list[0].as_i64(),
        Some(axis) => axis.as_i64(),
        None => Some(-1),
    };
    axis == Some(-1) || axis.and_then(|axis| usize::try_from(axis).ok()) == Some(rank - 1)
}

/// The numbers that lie in a value: one, or lists of them.
#[expect(clippy::cast_possible_truncation, reason = "networks are run in single precision")]
fn numbers(value: &Json) -> Outcome<Vec<f32>> {
    let fault = || refuse("its configuration has no numbers where some belong");
    let mut value = value;
    // An array may come as an object, or within lists of one entry.
    loop {
        match value {
            Json::Array(list) if list.len() == 1 && !list[0].is_number() => value = &list[0],
            Json::Object(object) => value = object.get("config").and_then(|config| config.get("value")).ok_or_else(fault)?,
            Json::Array(list) => return list.iter().map(|number| number.as_f64().map(|number| number as f32).ok_or_else(fault)).collect(),
            single => return single.as_f64().map(|number| vec![number as f32]).ok_or_else(fault),
        }
    }
}
