//! A dense layer: y = W x + b.

use super::{Batch, matrix, matrix_mut, multiply};

/// Its shape. Weights are `outputs` × `inputs`, row by row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dense {
    pub(crate) inputs: usize,
    pub(crate) outputs: usize,
}

impl Dense {
    pub(super) fn forward(self, weights: &[f32], biases: &[f32], x: &Batch) -> Batch {
        let examples = x.examples;
        let mut values = Vec::with_capacity(self.outputs * examples);
        values.extend(biases.iter().flat_map(|bias| std::iter::repeat_n(*bias, examples)));
        multiply(&matrix(weights, self.outputs, self.inputs), &matrix(&x.values, self.inputs, examples), 1.0, matrix_mut(&mut values, self.outputs, examples));
        Batch { values, examples }
    }

    /// Pushes the gradients by biases and weights; returns that by the input where it is `wanted`.
    pub(super) fn backward(self, weights: &[f32], x: &Batch, slope: &Batch, wanted: bool, gradients: &mut Vec<Vec<f32>>) -> Batch {
        let (inputs, outputs, examples) = (self.inputs, self.outputs, x.examples);
        let slopes = matrix(&slope.values, outputs, examples);
        let mut by_weights = vec![0.0; outputs * inputs];
        multiply(&slopes, &matrix(&x.values, inputs, examples).reversed_axes(), 0.0, matrix_mut(&mut by_weights, outputs, inputs));
        gradients.push(sums(slope, outputs));
        gradients.push(by_weights);
        let mut by_input = Batch::zeros(if wanted { inputs } else { 0 }, examples);
        if wanted {
            multiply(&matrix(weights, outputs, inputs).reversed_axes(), &slopes, 0.0, matrix_mut(&mut by_input.values, inputs, examples));
        }
        by_input
    }
}

/// The sum of each of `rows` equal rows of a batch: the gradient by the biases.
pub(super) fn sums(slope: &Batch, rows: usize) -> Vec<f32> {
    slope.values.chunks_exact((slope.values.len() / rows.max(1)).max(1)).map(|row| row.iter().sum()).collect()
}
