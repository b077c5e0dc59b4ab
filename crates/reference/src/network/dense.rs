//! A dense layer as an operation of candle: y = W x + b.

use candle_core::{CpuStorage, CustomOp3, Layout, Result, Shape, Tensor};

use super::matrix::{matrix, matrix_mut, multiply, numbers, sums, tensor, with_numbers};

/// Its shape. Weights are `outputs` × `inputs`, row by row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dense {
    pub(crate) inputs: usize,
    pub(crate) outputs: usize,
}

impl CustomOp3 for Dense {
    fn name(&self) -> &'static str {
        "dense"
    }

    fn cpu_fwd(&self, x: &CpuStorage, x_at: &Layout, w: &CpuStorage, w_at: &Layout, b: &CpuStorage, b_at: &Layout) -> Result<(CpuStorage, Shape)> {
        let Self { inputs, outputs } = *self;
        let (x, weights, biases) = (numbers(x, x_at)?, numbers(w, w_at)?, numbers(b, b_at)?);
        let examples = x.len() / inputs;
        let mut values = Vec::with_capacity(outputs * examples);
        values.extend(biases.iter().flat_map(|bias| std::iter::repeat_n(*bias, examples)));
        multiply(&matrix(weights, outputs, inputs)?, &matrix(x, inputs, examples)?, 1.0, matrix_mut(&mut values, outputs, examples)?);
        Ok((CpuStorage::F32(values), Shape::from((outputs, examples))))
    }

    /// The gradient by the input only where something before it learns: images do not.
    fn bwd(&self, x: &Tensor, w: &Tensor, b: &Tensor, _: &Tensor, slope: &Tensor) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let Self { inputs, outputs } = *self;
        let slope = slope.contiguous()?;
        let examples = slope.elem_count() / outputs;
        let wanted = x.track_op();
        let (by_input, by_weights, by_biases) = with_numbers([x, w, &slope], |[x, weights, slope]| {
            let slopes = matrix(slope, outputs, examples)?;
            let mut by_weights = vec![0.0; outputs * inputs];
            multiply(&slopes, &matrix(x, inputs, examples)?.reversed_axes(), 0.0, matrix_mut(&mut by_weights, outputs, inputs)?);
            let mut by_input = vec![0.0; if wanted { inputs * examples } else { 0 }];
            if wanted {
                multiply(&matrix(weights, outputs, inputs)?.reversed_axes(), &slopes, 0.0, matrix_mut(&mut by_input, inputs, examples)?);
            }
            Ok((by_input, by_weights, sums(slope, outputs)))
        })?;
        let by_input = wanted.then(|| tensor(by_input, inputs, examples)).transpose()?;
        Ok((by_input, Some(tensor(by_weights, outputs, inputs)?), Some(Tensor::from_vec(by_biases, b.shape(), b.device())?)))
    }
}
