//! A multi-layer perceptron: dense layers with ReLU between them and logits at the end.
//!
//! candle does the matrix products. The backward pass is written out, for candle's own also computes the gradient of the images.
//! What happens between two products is done in place by our own operations: candle's element-wise ones on more than 65,536 numbers
//! hand the work to a pool of threads that then spin, which takes a third of a core from the training beside this one.

use candle_core::{CpuStorage, Device, InplaceOp2, Layout, Result, Tensor, bail};

use crate::data::CLASSES;
use crate::reference::draws::Draws;

/// The network: for each layer its weights (inputs × outputs, row by row) and its biases.
pub(super) struct Network {
    widths: Vec<usize>,
    /// Weights and biases in turn.
    pub(super) parameters: Vec<Vec<f32>>,
}

/// A layer's parameters as candle's tensors.
struct Dense {
    weight: Tensor,
    bias: Tensor,
}

impl Network {
    /// A network for `inputs` pixels with PyTorch's initial weights: uniform within ±1/√inputs of the layer, biases too (the default
    /// of `nn.Linear`, after LeCun et al. 1998).
    pub(super) fn new(inputs: usize, hidden: &[usize], draws: &mut Draws) -> Self {
        let widths: Vec<usize> = [&[inputs], hidden, &[usize::from(CLASSES)]].concat();
        let mut parameters = Vec::new();
        for layer in widths.windows(2) {
            let bound = 1.0 / (layer[0] as f32).sqrt();
            let mut uniform = |count: usize| (0..count).map(|_| draws.within(bound)).collect();
            parameters.push(uniform(layer[0] * layer[1]));
            parameters.push(uniform(layer[1]));
        }
        Self { widths, parameters }
    }

    /// The logits of `rows` images, `rows` × classes, row by row.
    pub(super) fn logits(&self, pixels: Vec<f32>) -> Result<Vec<f32>> {
        let mut layers = self.layers()?;
        let last = layers.pop();
        let mut x = self.input(pixels)?;
        for layer in layers {
            x = layer.forward(&x, InPlace::AddThenRelu)?;
        }
        match last {
            Some(layer) => layer.forward(&x, InPlace::Add)?.flatten_all()?.to_vec1(),
            None => Ok(Vec::new()),
        }
    }

    /// The gradient of the mean loss over a batch by every parameter, in the parameters' order. `by_logits` turns the batch's logits
    /// into the gradient by them.
    pub(super) fn gradients(&self, pixels: Vec<f32>, by_logits: impl FnOnce(&[f32]) -> Vec<f32>) -> Result<Vec<Vec<f32>>> {
        let layers = self.layers()?;
        let mut inputs = vec![self.input(pixels)?];
        let mut logits = Vec::new();
        for (i, layer) in layers.iter().enumerate() {
            if i + 1 == layers.len() {
                logits = layer.forward(&inputs[i], InPlace::Add)?.flatten_all()?.to_vec1()?;
            } else {
                inputs.push(layer.forward(&inputs[i], InPlace::AddThenRelu)?);
            }
        }
        let rows = inputs[0].dim(0)?;
        let mut delta = Tensor::from_vec(by_logits(&logits), (rows, usize::from(CLASSES)), &Device::Cpu)?;
        let mut gradients = Vec::new();
        for (i, (layer, input)) in layers.iter().zip(&inputs).enumerate().rev() {
            gradients.push(column_sums(&delta.flatten_all()?.to_vec1()?, self.widths[i + 1]));
            gradients.push(input.t()?.matmul(&delta)?.flatten_all()?.to_vec1()?);
            if i > 0 {
                delta = delta.matmul(&layer.weight.t()?)?;
                delta.inplace_op2(input, &InPlace::SlopeOfRelu)?;
            }
        }
        gradients.reverse();
        Ok(gradients)
    }

    fn input(&self, pixels: Vec<f32>) -> Result<Tensor> {
        let rows = pixels.len() / self.widths[0].max(1);
        Tensor::from_vec(pixels, (rows, self.widths[0]), &Device::Cpu)
    }

    fn layers(&self) -> Result<Vec<Dense>> {
        let layer = |(shape, parameters): (&[usize], &[Vec<f32>])| {
            let weight = Tensor::from_slice(&parameters[0], (shape[0], shape[1]), &Device::Cpu)?;
            Ok(Dense { weight, bias: Tensor::from_slice(&parameters[1], shape[1], &Device::Cpu)? })
        };
        self.widths.windows(2).zip(self.parameters.chunks(2)).map(layer).collect()
    }
}

impl Dense {
    fn forward(&self, x: &Tensor, activation: InPlace) -> Result<Tensor> {
        let z = x.matmul(&self.weight)?;
        z.inplace_op2(&self.bias, &activation)?;
        Ok(z)
    }
}

/// The sum of each column of `values`, rows of `width` numbers.
fn column_sums(values: &[f32], width: usize) -> Vec<f32> {
    let mut sums = vec![0.0; width];
    for row in values.chunks_exact(width.max(1)) {
        for (sum, value) in sums.iter_mut().zip(row) {
            *sum += value;
        }
    }
    sums
}

/// What is done to a contiguous matrix in place, with a second one repeated down its rows.
#[derive(Debug, Clone, Copy)]
enum InPlace {
    /// Adds the second.
    Add,
    /// Adds the second and sets what is negative to 0.
    AddThenRelu,
    /// Multiplies by the slope of ReLU, whose output the second is: 1 where it is positive, else 0.
    SlopeOfRelu,
}

impl InplaceOp2 for InPlace {
    fn name(&self) -> &'static str {
        "in-place"
    }

    fn cpu_fwd(&self, left: &mut CpuStorage, left_layout: &Layout, right: &CpuStorage, right_layout: &Layout) -> Result<()> {
        let (CpuStorage::F32(left), CpuStorage::F32(right)) = (left, right) else { bail!("only 32-bit floats") };
        let (Some((from, to)), Some((start, end))) = (left_layout.contiguous_offsets(), right_layout.contiguous_offsets()) else {
            bail!("only contiguous matrices")
        };
        let right = &right[start..end];
        for row in left[from..to].chunks_exact_mut(right.len().max(1)) {
            let pairs = row.iter_mut().zip(right);
            match self {
                Self::Add => pairs.for_each(|(z, bias)| *z += bias),
                Self::AddThenRelu => pairs.for_each(|(z, bias)| *z = (*z + bias).max(0.0)),
                Self::SlopeOfRelu => pairs.for_each(|(delta, output)| *delta = if *output > 0.0 { *delta } else { 0.0 }),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::loss;
    use super::*;
    use crate::domain::seed::Seed;

    #[test]
    fn gradients_are_the_slopes_of_the_loss() -> Result<()> {
        let mut network = Network::new(3, &[5, 4], &mut Draws::new(Seed::new(1)));
        let (pixels, labels) = (vec![0.2, 0.9, 0.4, 0.7, 0.1, 0.8], [3, 7]);
        let mean_loss = |network: &Network| Ok::<f64, candle_core::Error>(loss::total(&network.logits(pixels.clone())?, &labels) / 2.0);
        let gradients = network.gradients(pixels.clone(), |logits| loss::gradient(logits, &labels))?;
        for (i, gradient) in gradients.iter().enumerate() {
            for (j, &slope) in gradient.iter().enumerate() {
                let before = network.parameters[i][j];
                network.parameters[i][j] = before + 1e-2;
                let above = mean_loss(&network)?;
                network.parameters[i][j] = before - 1e-2;
                let below = mean_loss(&network)?;
                network.parameters[i][j] = before;
                assert!(((above - below) / 2e-2 - f64::from(slope)).abs() < 1e-3, "parameter {i}, {j}");
            }
        }
        Ok(())
    }
}
