//! A convolution: filters slid over planes, as deep-learning libraries mean it (without flipping the filter).
//!
//! y[f, i, j] = b[f] + Σ w[f, c, k, l] x[c, i + k, j + l] (LeCun, Bottou, Bengio and Haffner 1998).
//!
//! The patches of one row of the output at a time are copied side by side and multiplied with the filters: the patches of a row stay
//! in the processor's cache, where those of a whole batch would not. Since the examples of a pixel are contiguous, and its right
//! neighbour's follow, a patch's row is one run to copy.

use std::ops::Range;

use ndarray::{Axis, Slice};

use super::dense::sums;
use super::pooling::Planes;
use super::{Batch, matrix, matrix_mut, multiply};

/// Its shape. Weights are filters × channels × side × side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Convolution {
    /// What comes in.
    pub(crate) input: Planes,
    pub(crate) filters: usize,
    /// Pixels along a side of a filter.
    pub(crate) side: usize,
}

impl Convolution {
    /// What comes out.
    pub(crate) fn output(self) -> Planes {
        Planes { channels: self.filters, height: self.input.height + 1 - self.side, width: self.input.width + 1 - self.side }
    }

    /// Weights of one filter.
    pub(super) fn taps(self) -> usize {
        self.input.channels * self.side * self.side
    }

    /// For every tap of a filter, where in the input the numbers lie that it meets along one row of the output.
    fn runs(self, row: usize, examples: usize) -> impl Iterator<Item = Range<usize>> {
        let Self { input, side, .. } = self;
        let run = self.output().width * examples;
        let taps = (0..input.channels).flat_map(move |c| (0..side * side).map(move |tap| (c, row + tap / side, tap % side)));
        taps.map(move |(c, y, x)| ((c * input.height + y) * input.width + x) * examples).map(move |start| start..start + run)
    }

    pub(super) fn forward(self, weights: &[f32], biases: &[f32], x: &Batch) -> Batch {
        let (output, examples) = (self.output(), x.examples);
        let (run, plane) = (output.width * examples, output.height * output.width * examples);
        let mut values = Vec::with_capacity(self.filters * plane);
        values.extend(biases.iter().flat_map(|bias| std::iter::repeat_n(*bias, plane)));
        let weights = matrix(weights, self.filters, self.taps());
        let mut patches = Vec::with_capacity(self.taps() * run);
        for row in 0..output.height {
            patches.clear();
            self.runs(row, examples).for_each(|range| patches.extend_from_slice(&x.values[range]));
            let mut out = matrix_mut(&mut values, self.filters, plane);
            multiply(&weights, &matrix(&patches, self.taps(), run), 1.0, out.slice_axis_mut(Axis(1), columns(row, run)));
        }
        Batch { values, examples }
    }

    /// Pushes the gradients by biases and weights; returns that by the input where it is `wanted`.
    pub(super) fn backward(self, weights: &[f32], x: &Batch, slope: &Batch, wanted: bool, gradients: &mut Vec<Vec<f32>>) -> Batch {
        let (output, examples, taps) = (self.output(), x.examples, self.taps());
        let (run, plane) = (output.width * examples, output.height * output.width * examples);
        let weights = matrix(weights, self.filters, taps);
        let slopes = matrix(&slope.values, self.filters, plane);
        let mut by_weights = vec![0.0; self.filters * taps];
        let mut by_input = Batch::zeros(if wanted { self.input.size() } else { 0 }, examples);
        let mut patches = Vec::with_capacity(taps * run);
        for row in 0..output.height {
            patches.clear();
            self.runs(row, examples).for_each(|range| patches.extend_from_slice(&x.values[range]));
            let slopes = slopes.slice_axis(Axis(1), columns(row, run));
            multiply(&slopes, &matrix(&patches, taps, run).reversed_axes(), 1.0, matrix_mut(&mut by_weights, self.filters, taps));
            if wanted {
                multiply(&weights.t(), &slopes, 0.0, matrix_mut(&mut patches, taps, run));
                for (range, patch) in self.runs(row, examples).zip(patches.chunks_exact(run)) {
                    by_input.values[range].iter_mut().zip(patch).for_each(|(sum, slope)| *sum += slope);
                }
            }
        }
        gradients.push(sums(slope, self.filters));
        gradients.push(by_weights);
        by_input
    }
}

/// The columns of one row of the output.
fn columns(row: usize, run: usize) -> Slice {
    Slice::from(row * run..(row + 1) * run)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLES: usize = 2;

    /// `count` values as fixtures/peers/layers.py has them.
    fn counting(count: usize, step: usize) -> Vec<f32> {
        (0..count).map(|i| f32::from(u8::try_from(i * step % 7).unwrap()) - 3.0).collect()
    }

    /// PyTorch's example by example as a batch, and back.
    fn batch(values: &[f32]) -> Batch {
        Batch::of_rows(values.chunks(values.len() / EXAMPLES), values.len() / EXAMPLES)
    }

    fn by_example(batch: &Batch) -> Vec<f32> {
        (0..EXAMPLES).flat_map(|e| batch.example(e)).collect()
    }

    #[test]
    fn it_is_pytorchs_with_its_gradients() {
        let conv = Convolution { input: Planes { channels: 2, height: 4, width: 3 }, filters: 2, side: 2 };
        let (x, weights) = (batch(&counting(48, 2)), counting(16, 3));
        let y = conv.forward(&weights, &[0.5, -1.0], &x);
        let expected =
            [12.5, -0.5, -5.5, -11.5, -9.5, 12.5, -6.0, -6.0, -6.0, 1.0, 8.0, -6.0, -5.5, -11.5, -9.5, 12.5, 0.5, -5.5, -6.0, 1.0, 8.0, -6.0, 8.0, -6.0];
        assert_eq!(by_example(&y), expected);
        let mut gradients = Vec::new();
        let by_input = conv.backward(&weights, &x, &batch(&counting(24, 5)), true, &mut gradients);
        let expected = [
            9, -9, -9, -8, 22, -8, -11, -11, 11, 11, -7, 5, -4, 15, -7, -4, 18, -2, 4, -14, 7, 9, -17, -3, -3, 12, 3, 9, -8, -6, -8, 22, -8, -2, -2, 2, -4, -3,
            3, -12, 8, -4, -4, 18, -2, -6, -2, 6,
        ];
        assert_eq!(by_example(&by_input), expected.map(|slope: i8| f32::from(slope)));
        assert_eq!(gradients[0], [-2.0, 1.0]);
        assert_eq!(gradients[1], [1, 4, 3, 6, 2, -16, 4, 0, 15, 3, 7, -19, -10, 13, 3, -9].map(|slope: i8| f32::from(slope)));
    }
}
