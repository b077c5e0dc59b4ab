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
pub(in crate::reference) struct Convolution {
    /// What comes in.
    pub(in crate::reference) input: Planes,
    pub(in crate::reference) filters: usize,
    /// Pixels along a side of a filter.
    pub(in crate::reference) side: usize,
}

impl Convolution {
    /// What comes out.
    pub(in crate::reference) fn output(self) -> Planes {
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
