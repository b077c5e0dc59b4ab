//! Layers of Keras that move numbers and compute nothing.

use serde_json::Value as Json;

use super::layers::{Flow, Layer, Lowering};
use super::settings::unread;
use crate::graph::Value;
use crate::operator::{Filling, Operator};
use crate::tensor::{Outcome, Tensor, refuse};

impl Lowering {
    pub(super) fn reshaping(&mut self, layer: &Layer<'_>, flow: Flow) -> Outcome<Flow> {
        match layer.class {
            "Flatten" => {
                layer.settings.channels_last()?;
                let flow = self.channels_last(flow);
                Ok(Flow::last(self.reshaped_by(layer, Operator::Flatten { axis: 1 }, flow.value), 2))
            }
            "Permute" => {
                let flow = self.channels_last(flow);
                let axes = layer.settings.sizes("dims").ok_or_else(|| refuse("its configuration does not say `dims`"))?;
                let axes: Option<Vec<i64>> = axes.into_iter().map(|axis| i64::try_from(axis).ok()).collect();
                let order = std::iter::once(0).chain(axes.ok_or_else(|| refuse("its axes are none"))?).collect();
                Ok(flow.with(self.reshaped_by(layer, Operator::Transpose { order: Some(order) }, flow.value)))
            }
            "RepeatVector" => {
                let count = layer.settings.size("n")?;
                if count == 0 || count > 1_000 {
                    return Err(refuse("it repeats a row more than 1,000 times, or never"));
                }
                let step = self.reshaped_by(layer, Operator::Unsqueeze { axes: Some(vec![1]) }, flow.value);
                let value = self.assembly.push(layer.name, Operator::Concat { axis: 1 }, vec![step; count]);
                Ok(Flow::last(value, 3))
            }
            "Reshape" => {
                let flow = self.channels_last(flow);
                let sides =
                    layer.settings.get("target_shape").and_then(Json::as_array).ok_or_else(|| refuse("its configuration does not say `target_shape`"))?;
                let sides: Option<Vec<i64>> = sides.iter().map(|side| side.as_i64().filter(|&side| side == -1 || side > 0)).collect();
                let sides = sides.ok_or_else(|| refuse("its target is no shape"))?;
                // The examples stay as many as they are.
                let target: Vec<i64> = std::iter::once(0).chain(sides).collect();
                let rank = target.len();
                let target = self.array(Tensor::ints(vec![rank], target)?);
                Ok(Flow::last(self.assembly.push(layer.name, Operator::Reshape { zero_is_zero: false }, vec![flow.value, target]), rank))
            }
            "Cropping2D" | "ZeroPadding2D" => self.framed(layer, flow),
            _ => Err(unread("this kind of layer")),
        }
    }

    /// An image with rows and columns added around it, or cut off.
    fn framed(&mut self, layer: &Layer<'_>, flow: Flow) -> Outcome<Flow> {
        layer.settings.channels_last()?;
        let flow = self.channels_first(flow)?;
        let key = if layer.class == "Cropping2D" { "cropping" } else { "padding" };
        let [top, bottom, left, right] = layer.settings.get(key).and_then(frame).ok_or_else(|| refuse(format!("its `{key}` is no frame")))?;
        let operator = if layer.class == "Cropping2D" {
            // An end of 0 would cut off everything.
            let end = |cut: i64| if cut == 0 { i64::MAX } else { -cut };
            Operator::Slice { starts: Some(vec![top, left]), ends: vec![end(bottom), end(right)], axes: Some(vec![2, 3]) }
        } else {
            Operator::Pad { pads: Some(vec![0, 0, top, left, 0, 0, bottom, right]), value: 0.0, mode: Filling::Constant }
        };
        Ok(flow.with(self.assembly.push(layer.name, operator, vec![flow.value])))
    }

    pub(super) fn reshaped_by(&mut self, layer: &Layer<'_>, operator: Operator, value: Value) -> Value {
        self.assembly.push(layer.name, operator, vec![value])
    }

    /// `value` in a shape that is known.
    pub(super) fn shaped(&mut self, layer: &Layer<'_>, value: Value, sides: &[usize]) -> Outcome<Value> {
        let sides = sides.iter().map(|&side| i64::try_from(side).unwrap_or(i64::MAX)).collect::<Vec<i64>>();
        let target = self.array(Tensor::ints(vec![sides.len()], sides)?);
        Ok(self.assembly.push(layer.name, Operator::Reshape { zero_is_zero: false }, vec![value, target]))
    }
}

/// Top, bottom, left, right: `2`, `[1, 2]` or `[[1, 1], [2, 2]]`.
fn frame(value: &Json) -> Option<[i64; 4]> {
    let side = |value: &Json| value.as_i64().filter(|side| (0..1 << 16).contains(side));
    let pair = |value: &Json| match value.as_array().map(Vec::as_slice) {
        Some([first, second]) => Some([side(first)?, side(second)?]),
        Some(_) => None,
        None => side(value).map(|side| [side; 2]),
    };
    match value.as_array().map(Vec::as_slice) {
        Some([vertical, horizontal]) => {
            let ([top, bottom], [left, right]) = (pair(vertical)?, pair(horizontal)?);
            Some([top, bottom, left, right])
        }
        Some(_) => None,
        None => side(value).map(|side| [side; 4]),
    }
}
