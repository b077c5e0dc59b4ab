//! The cases in fixtures/networks, each made by the script of the same name.

use std::borrow::Cow;

use mlgrade_domain::examples::{Examples, Numbers};
use serde::Deserialize;

/// One network with what goes in and what ONNX Runtime gives.
#[derive(Deserialize)]
pub(crate) struct Case {
    pub(crate) name: String,
    shape: Vec<usize>,
    input: Vec<Option<f64>>,
    pub(crate) scores: Option<Vec<Option<f32>>>,
    pub(crate) classes: Option<Vec<i64>>,
    onnx: String,
}

impl Case {
    /// The network's file.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        (0..self.onnx.len()).step_by(2).map(|i| u8::from_str_radix(&self.onnx[i..i + 2], 16).unwrap()).collect()
    }

    /// What goes in.
    pub(crate) fn examples(&self) -> Examples<'static> {
        let numbers = || Numbers::Features(Cow::Owned(self.input.iter().map(|value| value.unwrap_or(f64::NAN)).collect()));
        Examples::new(self.shape.clone(), numbers(), numbers())
    }
}
