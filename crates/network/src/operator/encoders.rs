//! Encoders of `ai.onnx.ml` whose inputs and outputs are numbers.

use super::{Attribute, Reader, unknown};
use crate::tensor::{Outcome, Tensor, Values, refuse};

/// Other numbers for numbers.
#[derive(Debug, Clone)]
pub(crate) struct Labels {
    pub(crate) keys: Values,
    pub(crate) values: Values,
    /// What stands for all others; one number, of the kind of the values.
    pub(crate) other: Values,
}

impl Labels {
    pub(super) fn read(all: Reader<'_>) -> Outcome<Self> {
        let keys = list(all, "keys")?;
        let values = list(all, "values")?;
        let given = match all.0.get("default_tensor") {
            Some(Attribute::Tensor(tensor)) => Some(tensor.values().clone()),
            _ => None,
        };
        let other = match &values {
            Values::Float(_) => given.unwrap_or_else(|| Values::Float(vec![all.float("default_float", -0.0)])),
            Values::Int(_) => given.unwrap_or_else(|| Values::Int(vec![all.int("default_int64", -1)])),
        };
        let same_kind = matches!((&values, &other), (Values::Float(_), Values::Float(_)) | (Values::Int(_), Values::Int(_)));
        if keys.len() != values.len() || other.len() != 1 || !same_kind {
            return Err(refuse(format!("{} keys do not fit {} values", keys.len(), values.len())));
        }
        Ok(Self { keys, values, other })
    }
}

/// The numbers of the attribute that begins so; texts are refused.
fn list(all: Reader<'_>, name: &str) -> Outcome<Values> {
    let tensor = all.0.get(&format!("{name}_tensor"));
    match (all.0.get(&format!("{name}_int64s")), all.0.get(&format!("{name}_floats")), tensor) {
        (Some(Attribute::Ints(list)), ..) if !list.is_empty() => Ok(Values::Int(list.clone())),
        (_, Some(Attribute::Floats(list)), _) if !list.is_empty() => Ok(Values::Float(list.clone())),
        (.., Some(Attribute::Tensor(tensor))) if tensor.shape().len() == 1 => Ok(Tensor::values(tensor).clone()),
        _ => Err(unknown("LabelEncoder")),
    }
}

/// The categories of a `OneHotEncoder`, and whether others are nothing but zeros.
pub(super) fn categories(all: Reader<'_>) -> Outcome<(Vec<i64>, bool)> {
    match all.whole("cats_int64s") {
        [] => Err(unknown("OneHotEncoder")),
        list => Ok((list.to_vec(), all.flag("zeros", true))),
    }
}
