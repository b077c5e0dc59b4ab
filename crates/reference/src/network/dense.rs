//! A dense layer: y = W x + b.

use candle_core::Result;

use super::affine::{Affine, Slopes};
use super::matrix::{add_rows, matrix, matrix_mut, multiply, rows_of};

/// Its shape. Weights are `outputs` × `inputs`, row by row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dense {
    pub(crate) inputs: usize,
    pub(crate) outputs: usize,
}

impl Affine for Dense {
    fn features_in(self) -> usize {
        self.inputs
    }

    fn apply(self, x: &[f32], weights: &[f32], biases: &[f32]) -> Result<Vec<f32>> {
        let examples = x.len() / self.inputs;
        let mut values = rows_of(biases, examples);
        let (weights, x) = (matrix(weights, self.outputs, self.inputs)?, matrix(x, self.inputs, examples)?);
        multiply(&weights, &x, 1.0, matrix_mut(&mut values, self.outputs, examples)?);
        Ok(values)
    }

    fn slopes(self, x: &[f32], weights: &[f32], slope: &[f32], wanted: bool, by: &mut Slopes) -> Result<Vec<f32>> {
        let Self { inputs, outputs } = self;
        let examples = x.len() / inputs;
        let slopes = matrix(slope, outputs, examples)?;
        multiply(&slopes, &matrix(x, inputs, examples)?.reversed_axes(), 1.0, matrix_mut(&mut by.weights, outputs, inputs)?);
        add_rows(slope, &mut by.biases);
        let mut by_input = vec![0.0; if wanted { inputs * examples } else { 0 }];
        if wanted {
            multiply(&matrix(weights, outputs, inputs)?.reversed_axes(), &slopes, 0.0, matrix_mut(&mut by_input, inputs, examples)?);
        }
        Ok(by_input)
    }
}
