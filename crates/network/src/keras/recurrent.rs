//! Recurrent layers of Keras: their gates lie in another order than those of ONNX.

use serde_json::Value as Json;

use super::layers::{Flow, Layer, Lowering, class_of};
use super::settings::{Settings, shown, unread};
use crate::graph::Value;
use crate::operator::recurrent::{Cell, Direction, Recurrent, Squash};
use crate::operator::{Binary, Operator};
use crate::tensor::{Outcome, Tensor, refuse, shown as sides};

/// How one recurrent layer is run.
struct Plan<'c> {
    class: &'c str,
    settings: Settings<'c>,
    /// Where its weights are within the layer.
    part: &'static str,
    backward: bool,
}

impl Lowering {
    pub(super) fn recurrent(&mut self, layer: &Layer<'_>, flow: Flow) -> Outcome<Flow> {
        let backward = layer.settings.flag("go_backwards", false);
        if backward && layer.settings.flag("return_sequences", false) {
            return Err(unread("a layer that goes backwards and returns its steps"));
        }
        self.direction(layer, &Plan { class: layer.class, settings: layer.settings, part: "cell", backward }, flow)
    }

    /// A layer that goes through the steps in both directions.
    pub(super) fn bidirectional(&mut self, layer: &Layer<'_>, flow: Flow) -> Outcome<Flow> {
        if layer.settings.get("backward_layer").is_some_and(|backward| differs(layer.settings.get("layer"), backward)) {
            return Err(unread("a Bidirectional of two different layers"));
        }
        let inner = layer.settings.get("layer").ok_or_else(|| refuse("its configuration names no layer"))?;
        let (class, config) = (inner.get("class_name").and_then(Json::as_str), inner.get("config").and_then(Json::as_object));
        let (Some(class @ ("GRU" | "LSTM" | "SimpleRNN")), Some(config)) = (class, config) else {
            return Err(unread(&format!("a Bidirectional of the layer `{}`", class_of(inner))));
        };
        let settings = Settings(config);
        if settings.flag("go_backwards", false) {
            return Err(unread("a Bidirectional of a layer that goes backwards"));
        }
        let forward = self.direction(layer, &Plan { class, settings, part: "forward_layer/cell", backward: false }, flow)?;
        let backward = self.direction(layer, &Plan { class, settings, part: "backward_layer/cell", backward: true }, flow)?;
        let both = vec![forward.value, backward.value];
        let operator = match layer.settings.text("merge_mode") {
            Some("concat") => Operator::Concat { axis: -1 },
            Some("sum" | "ave") => Operator::Binary(Binary::Add),
            Some("mul") => Operator::Binary(Binary::Mul),
            _ => return Err(unread("a Bidirectional that does not join its directions")),
        };
        let mut value = self.assembly.push(layer.name, operator, both);
        if layer.settings.text("merge_mode") == Some("ave") {
            let half = self.array(Tensor::floats(Vec::new(), vec![0.5])?);
            value = self.assembly.push(layer.name, Operator::Binary(Binary::Mul), vec![value, half]);
        }
        Ok(forward.with(value))
    }

    fn direction(&mut self, layer: &Layer<'_>, plan: &Plan<'_>, flow: Flow) -> Outcome<Flow> {
        let (settings, units) = (plan.settings, plan.settings.size("units")?);
        if flow.rank != 3 {
            return Err(refuse(format!("it takes steps, and what flows into it has {} axes", flow.rank)));
        }
        if settings.flag("return_state", false) || settings.flag("time_major", false) {
            return Err(unread("a recurrent layer that returns its state, or has the steps first,"));
        }
        // Where each gate of ONNX lies among those of Keras.
        let (cell, order): (Cell, &[usize]) = match plan.class {
            // Input, output, forget, cell; Keras: input, forget, cell, output.
            "LSTM" => (Cell::Lstm, &[0, 3, 1, 2]),
            "GRU" => (Cell::Gru { reset_after: settings.flag("reset_after", plan.class == "GRU") }, &[0, 1, 2]),
            _ => (Cell::Rnn, &[0]),
        };
        let state = squash(settings.get("activation"))?;
        let squashes = match cell {
            Cell::Lstm => vec![squash(settings.get("recurrent_activation"))?, state, state],
            Cell::Gru { .. } => vec![squash(settings.get("recurrent_activation"))?, state],
            Cell::Rnn => vec![state],
        };
        let has_bias = settings.flag("use_bias", true);
        let roles: &[&str] = if has_bias { &["kernel", "recurrent_kernel", "bias"] } else { &["kernel", "recurrent_kernel"] };
        let arrays = self.weights.of(&layer.scope, plan.part, roles)?;
        let mut constants = Vec::new();
        for kernel in &arrays[..2] {
            constants.push(self.array(gates_first(kernel, units, order)?));
        }
        if let Some(bias) = arrays.get(2) {
            constants.push(self.array(biases(bias, units, order)?));
        }
        let steps = self.assembly.push(layer.name, Operator::Transpose { order: Some(vec![1, 0, 2]) }, vec![flow.value]);
        let direction = if plan.backward { Direction::Backward } else { Direction::Forward };
        let recurrent = Operator::Recurrent(Recurrent { cell, direction, hidden: units, squashes, batch_first: false });
        let inputs = std::iter::once(steps).chain(constants).collect::<Vec<Value>>();
        if settings.flag("return_sequences", false) {
            let all = self.assembly.push_for(layer.name, recurrent, inputs, 0);
            let all = self.reshaped_by(layer, Operator::Squeeze { axes: Some(vec![1]) }, all);
            return Ok(Flow::last(self.reshaped_by(layer, Operator::Transpose { order: Some(vec![1, 0, 2]) }, all), 3));
        }
        let last = self.assembly.push_for(layer.name, recurrent, inputs, 1);
        Ok(Flow::last(self.reshaped_by(layer, Operator::Squeeze { axes: Some(vec![0]) }, last), 2))
    }
}

/// Whether the layers of two directions differ in more than their names and direction.
fn differs(forward: Option<&Json>, backward: &Json) -> bool {
    let plain = |layer: Option<&Json>| {
        let mut config = layer.and_then(|layer| layer.get("config")).and_then(Json::as_object).cloned().unwrap_or_default();
        for key in ["name", "go_backwards", "dtype"] {
            config.remove(key);
        }
        ["units", "activation", "recurrent_activation", "use_bias", "return_sequences", "reset_after"].map(|key| config.get(key).cloned())
    };
    plain(forward) != plain(Some(backward))
}

fn squash(name: Option<&Json>) -> Outcome<Squash> {
    match name.and_then(Json::as_str) {
        Some("relu") => Ok(Squash::Relu),
        Some("sigmoid") => Ok(Squash::Sigmoid),
        Some("tanh") => Ok(Squash::Tanh),
        other => Err(unread(&format!("a recurrent layer with the activation `{}`", shown(other.unwrap_or("linear"))))),
    }
}

/// Weights of (inputs, gates × units) as one direction of (gates × units, inputs), the gates in another order.
fn gates_first(kernel: &Tensor, units: usize, order: &[usize]) -> Outcome<Tensor> {
    let (values, rows) = (kernel.as_floats()?, order.len().saturating_mul(units));
    let &[inputs, width] = kernel.shape() else { return Err(refuse(format!("its weights are an array of {}", sides(kernel.shape())))) };
    if width != rows {
        return Err(refuse(format!("its weights are an array of {}, expected {rows} columns", sides(kernel.shape()))));
    }
    let mut out = Vec::with_capacity(values.len());
    for gate in order {
        for unit in 0..units {
            out.extend((0..inputs).map(|input| values[input * width + gate * units + unit]));
        }
    }
    Tensor::floats(vec![1, rows, inputs], out)
}

/// Biases of the inputs, and those of the state behind them, which only a GRU has in Keras.
fn biases(bias: &Tensor, units: usize, order: &[usize]) -> Outcome<Tensor> {
    let (values, rows) = (bias.as_floats()?, order.len().saturating_mul(units));
    if values.len() != rows && values.len() != 2 * rows {
        return Err(refuse(format!("its biases are an array of {}, expected {rows} numbers", sides(bias.shape()))));
    }
    let part = |start: usize| order.iter().flat_map(move |gate| values[start + gate * units..start + (gate + 1) * units].iter().copied());
    let mut out: Vec<f32> = part(0).collect();
    if values.len() == rows {
        out.resize(2 * rows, 0.0);
    } else {
        out.extend(part(rows));
    }
    Tensor::floats(vec![1, 2 * rows], out)
}
