//! Attributes of a node, and what an operator reads of them.

use std::collections::BTreeMap;

use super::window::extra;
use super::{Filling, Operator, Reduction, Window};
use crate::tensor::{Outcome, Tensor, refuse};

/// One value of an attribute.
#[derive(Debug, Clone)]
pub(crate) enum Attribute {
    Int(i64),
    Float(f32),
    Text(String),
    Ints(Vec<i64>),
    Floats(Vec<f32>),
    Texts(Vec<String>),
    Tensor(Tensor),
    /// A graph or another thing that no operator here has.
    Other,
}

/// The attributes of a node by name.
pub(crate) type Attributes = BTreeMap<String, Attribute>;

/// Attributes with their defaults.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'a>(pub(crate) &'a Attributes);

impl<'a> Reader<'a> {
    pub(crate) fn has(self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub(crate) fn int(self, name: &str, default: i64) -> i64 {
        if let Some(Attribute::Int(value)) = self.0.get(name) { *value } else { default }
    }

    pub(crate) fn flag(self, name: &str, default: bool) -> bool {
        self.int(name, i64::from(default)) != 0
    }

    pub(crate) fn optional_float(self, name: &str) -> Option<f32> {
        if let Some(Attribute::Float(value)) = self.0.get(name) { Some(*value) } else { None }
    }

    pub(crate) fn float(self, name: &str, default: f32) -> f32 {
        self.optional_float(name).unwrap_or(default)
    }

    pub(crate) fn text(self, name: &str) -> Option<&'a str> {
        if let Some(Attribute::Text(value)) = self.0.get(name) { Some(value) } else { None }
    }

    pub(crate) fn ints(self, name: &str) -> Option<Vec<i64>> {
        if let Some(Attribute::Ints(values)) = self.0.get(name) { Some(values.clone()) } else { None }
    }

    /// The floating-point numbers of `name`, or of the array `name_as_tensor`; empty if there are none.
    pub(crate) fn floats(self, name: &str) -> &'a [f32] {
        match (self.0.get(name), self.0.get(&format!("{name}_as_tensor"))) {
            (Some(Attribute::Floats(values)), _) if !values.is_empty() => values,
            (_, Some(Attribute::Tensor(tensor))) => tensor.as_floats().unwrap_or_default(),
            _ => &[],
        }
    }

    /// The whole numbers of `name`; empty if there are none.
    pub(crate) fn whole(self, name: &str) -> &'a [i64] {
        if let Some(Attribute::Ints(values)) = self.0.get(name) { values } else { &[] }
    }

    /// The texts of `name`; empty if there are none.
    pub(crate) fn texts(self, name: &str) -> &'a [String] {
        if let Some(Attribute::Texts(values)) = self.0.get(name) { values } else { &[] }
    }

    pub(crate) fn size(self, name: &str, default: i64) -> Outcome<usize> {
        size(self.int(name, default), name)
    }

    pub(crate) fn reduce(self, reduction: Reduction) -> Operator {
        let none_is_all = !self.flag("noop_with_empty_axes", false);
        Operator::Reduce { reduction, axes: self.ints("axes"), keep: self.flag("keepdims", true), none_is_all }
    }

    pub(crate) fn cast(self) -> Outcome<Operator> {
        match self.int("to", 1) {
            1 | 10 | 11 | 16 => Ok(Operator::Cast { to_int: false, to_bool: false }),
            9 => Ok(Operator::Cast { to_int: true, to_bool: true }),
            2..=7 | 12 | 13 => Ok(Operator::Cast { to_int: true, to_bool: false }),
            other => Err(refuse(format!("a Cast to the type {other} is not run"))),
        }
    }

    /// The transpose of a convolution.
    pub(crate) fn transposed(self) -> Outcome<Operator> {
        if self.has("output_shape") {
            return Err(
                refuse("a ConvTranspose that states the shape of its output is not run").help("state `output_padding` instead, or hand in its predictions")
            );
        }
        Ok(Operator::ConvTranspose { window: Window::read(self)?, groups: self.size("group", 1)?, extra: extra(self)? })
    }

    /// The p of a norm.
    pub(crate) fn power(self) -> f32 {
        self.int("p", 2) as f32
    }

    /// What stands around a padded array.
    pub(crate) fn filling(self) -> Outcome<Filling> {
        match self.text("mode") {
            None | Some("constant") => Ok(Filling::Constant),
            Some("edge") => Ok(Filling::Edge),
            Some("reflect") => Ok(Filling::Reflect),
            Some("wrap") => Ok(Filling::Wrap),
            Some(_) => Err(refuse("a Pad fills with a constant, the edge, a reflection or what it wraps around")),
        }
    }

    pub(crate) fn constant(self) -> Outcome<Tensor> {
        let known = ["value", "value_int", "value_ints", "value_float", "value_floats"].iter().find_map(|name| self.0.get(*name));
        match known {
            Some(Attribute::Tensor(tensor)) => Ok(tensor.clone()),
            Some(Attribute::Int(value)) => Tensor::ints(Vec::new(), vec![*value]),
            Some(Attribute::Ints(values)) => Tensor::ints(vec![values.len()], values.clone()),
            Some(Attribute::Float(value)) => Tensor::floats(Vec::new(), vec![*value]),
            Some(Attribute::Floats(values)) => Tensor::floats(vec![values.len()], values.clone()),
            _ => Err(refuse("a Constant holds neither numbers nor an array of them")),
        }
    }

    /// The array `value`, or a single 0.
    pub(crate) fn constant_or_zero(self) -> Outcome<Tensor> {
        if self.has("value") { self.constant() } else { Tensor::floats(vec![1], vec![0.0]) }
    }
}

/// A size of the file as one that can be reckoned with.
pub(super) fn size(value: i64, name: &str) -> Outcome<usize> {
    usize::try_from(value).ok().filter(|&size| size < 1 << 31).ok_or_else(|| refuse(format!("`{name}` cannot be {value}")))
}
