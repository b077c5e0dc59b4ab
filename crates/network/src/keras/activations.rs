//! What is computed of every number after a layer, or in a layer of its own.

use serde_json::Value;

use super::layers::{Flow, Layer, Lowering, class_of};
use super::settings::{Settings, shown, unread};
use crate::operator::{Binary, Operator, Unary};
use crate::tensor::{Outcome, Tensor, refuse};

impl Lowering {
    /// The activation that a layer's setting `key` names, after the layer.
    pub(super) fn activation_of(&mut self, layer: &Layer<'_>, key: &str, flow: Flow) -> Outcome<Flow> {
        match layer.settings.get(key) {
            None => Ok(flow),
            Some(Value::String(name)) => self.activation(name, layer.name, flow),
            // Keras writes an activation that is an object with its own settings.
            Some(value) => match (value.get("config"), value.get("class_name").and_then(Value::as_str)) {
                (Some(Value::String(name)), Some("function")) => self.activation(name, layer.name, flow),
                (Some(Value::Object(config)), Some(class @ ("ELU" | "LeakyReLU" | "ReLU" | "Softmax"))) => {
                    let inner = Layer { class, name: layer.name, settings: Settings(config), scope: layer.scope.clone() };
                    self.activation_layer(&inner, flow)
                }
                _ => Err(unread(&format!("the activation `{}`", class_of(value)))),
            },
        }
    }

    /// The activation `name` of Keras.
    fn activation(&mut self, name: &str, layer: &str, flow: Flow) -> Outcome<Flow> {
        let unary = match name {
            "linear" => return Ok(flow),
            "softmax" | "log_softmax" => return Ok(self.softmax(layer, -1, name == "log_softmax", flow)),
            "relu6" => return self.clipped(layer, [0.0, 6.0], flow),
            "silu" | "swish" => {
                let gate = self.assembly.push(layer, Operator::Unary(Unary::Sigmoid), vec![flow.value]);
                return Ok(flow.with(self.assembly.push(layer, Operator::Binary(Binary::Mul), vec![flow.value, gate])));
            }
            "elu" => Unary::Elu(1.0),
            "exponential" => Unary::Exp,
            "gelu" => Unary::Gelu { tanh: false },
            "leaky_relu" => Unary::LeakyRelu(0.2),
            "mish" => Unary::Mish,
            "relu" => Unary::Relu,
            "selu" => Unary::Selu(1.673_263_2, 1.050_701),
            "sigmoid" => Unary::Sigmoid,
            "softplus" => Unary::Softplus,
            "softsign" => Unary::Softsign,
            "tanh" => Unary::Tanh,
            // Its slope is 1/5 in Keras 2 and 1/6 in Keras 3.
            "hard_sigmoid" => return Err(unread("the activation `hard_sigmoid`, which differs between versions of Keras,")),
            other => return Err(unread(&format!("the activation `{}`", shown(other)))),
        };
        Ok(flow.with(self.assembly.push(layer, Operator::Unary(unary), vec![flow.value])))
    }

    /// A layer that is an activation.
    pub(super) fn activation_layer(&mut self, layer: &Layer<'_>, flow: Flow) -> Outcome<Flow> {
        let settings = layer.settings;
        // Keras 2 called a slope `alpha`.
        let slope = |default: f32| settings.number("negative_slope").or_else(|| settings.number("alpha")).map_or(default, narrow);
        let unary = match layer.class {
            "Activation" => return self.activation_of(layer, "activation", flow),
            "Softmax" => {
                let axis = settings.get("axis").and_then(Value::as_i64).unwrap_or(-1);
                return Ok(self.softmax(layer.name, axis, false, flow));
            }
            "PReLU" => {
                let slopes = self.weights.of(&layer.scope, "", &["alpha"])?.pop().ok_or_else(|| refuse("it has no slopes"))?;
                let flow = self.channels_last(flow);
                let slopes = self.array(slopes);
                return Ok(flow.with(self.assembly.push(layer.name, Operator::Binary(Binary::PRelu), vec![flow.value, slopes])));
            }
            "ELU" => Unary::Elu(settings.float("alpha", 1.0)),
            "LeakyReLU" => Unary::LeakyRelu(slope(0.3)),
            _ => {
                let (most, slope) = (settings.number("max_value").map(narrow), settings.float("negative_slope", 0.0));
                match (most, slope) {
                    _ if settings.number("threshold").is_some_and(|threshold| threshold != 0.0) => return Err(unread("a ReLU with a threshold")),
                    (None, 0.0) => Unary::Relu,
                    (None, slope) => Unary::LeakyRelu(slope),
                    (Some(most), 0.0) => return self.clipped(layer.name, [0.0, most], flow),
                    (Some(_), _) => return Err(unread("a ReLU with a slope and a greatest value")),
                }
            }
        };
        Ok(flow.with(self.assembly.push(layer.name, Operator::Unary(unary), vec![flow.value])))
    }

    fn softmax(&mut self, layer: &str, axis: i64, log: bool, flow: Flow) -> Flow {
        let flow = self.channels_last(flow);
        flow.with(self.assembly.push(layer, Operator::Softmax { axis, log, to_the_end: false }, vec![flow.value]))
    }

    fn clipped(&mut self, layer: &str, [least, most]: [f32; 2], flow: Flow) -> Outcome<Flow> {
        let bounds = [least, most].into_iter().map(|bound| Tensor::floats(Vec::new(), vec![bound])).collect::<Outcome<Vec<Tensor>>>()?;
        let mut inputs = vec![flow.value];
        inputs.extend(bounds.into_iter().map(|bound| self.array(bound)));
        Ok(flow.with(self.assembly.push(layer, Operator::Clip { least: None, most: None }, inputs)))
    }
}

#[expect(clippy::cast_possible_truncation, reason = "networks are run in single precision")]
fn narrow(number: f64) -> f32 {
    number as f32
}
