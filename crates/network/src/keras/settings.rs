//! The settings of one layer in the configuration.

use serde_json::{Map, Value};

use crate::operator::{Padding, Window};
use crate::refused::KERAS_EXPORT;
use crate::tensor::{Outcome, Refusal, refuse};

/// `config` of one layer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Settings<'c>(pub(super) &'c Map<String, Value>);

pub(super) use mlgrade_zip::printable as shown;

/// Why a layer is not read, and what to do.
pub(super) fn unread(what: &str) -> Refusal {
    refuse(format!("{what} is not read")).help(KERAS_EXPORT)
}

impl<'c> Settings<'c> {
    pub(super) fn get(self, key: &str) -> Option<&'c Value> {
        self.0.get(key).filter(|value| !value.is_null())
    }

    pub(super) fn text(self, key: &str) -> Option<&'c str> {
        self.get(key).and_then(Value::as_str)
    }

    pub(super) fn flag(self, key: &str, default: bool) -> bool {
        self.get(key).and_then(Value::as_bool).unwrap_or(default)
    }

    pub(super) fn number(self, key: &str) -> Option<f64> {
        self.get(key).and_then(Value::as_f64).filter(|number| number.is_finite())
    }

    #[expect(clippy::cast_possible_truncation, reason = "networks are run in single precision")]
    pub(super) fn float(self, key: &str, default: f32) -> f32 {
        self.number(key).map_or(default, |number| number as f32)
    }

    pub(super) fn size(self, key: &str) -> Outcome<usize> {
        self.get(key).and_then(whole).ok_or_else(|| refuse(format!("its configuration does not say `{key}`")))
    }

    /// The whole numbers of a list, or of a single number.
    pub(super) fn sizes(self, key: &str) -> Option<Vec<usize>> {
        match self.get(key)? {
            Value::Array(list) => list.iter().map(whole).collect(),
            single => whole(single).map(|size| vec![size]),
        }
    }

    /// One number for each of `count` axes, or one for all.
    fn each<const N: usize>(self, key: &str, default: usize) -> Outcome<[usize; N]> {
        match self.sizes(key).as_deref() {
            None => Ok([default; N]),
            Some([single]) => Ok([*single; N]),
            Some(list) => list.try_into().map_err(|_| refuse(format!("`{key}` has {} numbers, expected {N}", list.len()))),
        }
    }

    /// How a window over `N` axes moves; one over steps is one place high.
    pub(super) fn window<const N: usize>(self, size: &str) -> Outcome<Window> {
        let over = |sides: [usize; N]| if let [height, width] = sides[..] { [height, width] } else { [1, sides[0]] };
        let pools = size == "pool_size";
        let own = over(self.each(size, if pools { 2 } else { 0 })?);
        let strides = if pools && self.get("strides").is_none() { own } else { over(self.each("strides", 1)?) };
        let dilations = over(self.each("dilation_rate", 1)?);
        if [own, strides, dilations].iter().flatten().any(|&side| side == 0 || side > 1 << 16) {
            return Err(refuse("the sizes of its window are none"));
        }
        let padding = match self.text("padding") {
            None | Some("valid") => Padding::Given([0; 4]),
            Some("same") => Padding::Same { odd_at_start: false },
            Some("causal") => Padding::Given([0, own[1].saturating_sub(1).saturating_mul(dilations[1]), 0, 0]),
            Some(other) => return Err(unread(&format!("the padding `{}`", shown(other)))),
        };
        Ok(Window { size: Some(own), strides, dilations, padding, ceil: false, dimensions: Some(N) })
    }

    /// Refuses layers that have the channels first, which Keras runs on few machines.
    pub(super) fn channels_last(self) -> Outcome<()> {
        match self.text("data_format") {
            None | Some("channels_last") => Ok(()),
            Some(_) => Err(unread("a layer with the channels first")),
        }
    }
}

fn whole(value: &Value) -> Option<usize> {
    value.as_u64().and_then(|number| usize::try_from(number).ok())
}
