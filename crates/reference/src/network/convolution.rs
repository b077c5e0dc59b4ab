//! A convolution: filters slid over planes, as deep-learning libraries mean it (without flipping the filter).
//!
//! y[f, i, j] = b[f] + Σ w[f, c, k, l] x[c, i + k, j + l] (LeCun, Bottou, Bengio and Haffner 1998).
//!
//! The patches of one row of the output at a time are copied side by side and multiplied with the filters: the patches of a row stay
//! in the processor's cache, where those of a whole batch would not. Since the examples of a pixel are contiguous, and its right
//! neighbour's follow, a patch's row is one run to copy.

use std::ops::Range;

use candle_core::Result;
use ndarray::{Axis, Slice};

use super::affine::{Affine, Slopes};
use super::matrix::{add_rows, matrix, matrix_mut, multiply, rows_of};
use super::pooling::Planes;

/// Its shape. Weights are filters × (channels × side × side).
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
}

impl Affine for Convolution {
    fn features_in(self) -> usize {
        self.input.size()
    }

    fn apply(self, x: &[f32], weights: &[f32], biases: &[f32]) -> Result<Vec<f32>> {
        let (output, examples, taps) = (self.output(), x.len() / self.input.size(), self.taps());
        let (run, plane) = (output.width * examples, output.height * output.width * examples);
        let mut values = rows_of(biases, plane);
        let weights = matrix(weights, self.filters, taps)?;
        let mut patches = Vec::with_capacity(taps * run);
        for row in 0..output.height {
            patches.clear();
            self.runs(row, examples).for_each(|range| patches.extend_from_slice(&x[range]));
            let mut out = matrix_mut(&mut values, self.filters, plane)?;
            multiply(&weights, &matrix(&patches, taps, run)?, 1.0, out.slice_axis_mut(Axis(1), columns(row, run)));
        }
        Ok(values)
    }

    fn slopes(self, x: &[f32], weights: &[f32], slope: &[f32], wanted: bool, by: &mut Slopes) -> Result<Vec<f32>> {
        let (output, examples, taps) = (self.output(), x.len() / self.input.size(), self.taps());
        let (run, plane) = (output.width * examples, output.height * output.width * examples);
        let (weights, slopes) = (matrix(weights, self.filters, taps)?, matrix(slope, self.filters, plane)?);
        let mut by_input = vec![0.0; if wanted { x.len() } else { 0 }];
        let mut patches = Vec::with_capacity(taps * run);
        for row in 0..output.height {
            patches.clear();
            self.runs(row, examples).for_each(|range| patches.extend_from_slice(&x[range]));
            let slopes = slopes.slice_axis(Axis(1), columns(row, run));
            multiply(&slopes, &matrix(&patches, taps, run)?.reversed_axes(), 1.0, matrix_mut(&mut by.weights, self.filters, taps)?);
            if wanted {
                multiply(&weights.t(), &slopes, 0.0, matrix_mut(&mut patches, taps, run)?);
                for (range, patch) in self.runs(row, examples).zip(patches.chunks_exact(run)) {
                    by_input[range].iter_mut().zip(patch).for_each(|(sum, slope)| *sum += slope);
                }
            }
        }
        add_rows(slope, &mut by.biases);
        Ok(by_input)
    }
}

/// The columns of one row of the output.
fn columns(row: usize, run: usize) -> Slice {
    Slice::from(row * run..(row + 1) * run)
}

#[cfg(test)]
mod tests {
    use super::super::affine::Learnt;
    use super::super::images::of_rows;
    use super::super::step::Steps;
    use super::*;
    use candle_core::{Tensor, Var};

    const EXAMPLES: usize = 2;

    /// `count` values as fixtures/peers/layers.py has them.
    fn counting(count: usize, step: usize) -> Vec<f32> {
        (0..count).map(|i| f32::from(u8::try_from(i * step % 7).unwrap()) - 3.0).collect()
    }

    /// PyTorch's example by example as features × examples, and back.
    fn batch(values: &[f32]) -> Tensor {
        of_rows(values.chunks(values.len() / EXAMPLES), values.len() / EXAMPLES).unwrap()
    }

    fn by_example(batch: &Tensor) -> Vec<f32> {
        batch.t().unwrap().to_vec2().unwrap().concat()
    }

    #[test]
    fn it_is_pytorchs_with_its_gradients() {
        let conv = Convolution { input: Planes { channels: 2, height: 4, width: 3 }, filters: 2, side: 2 };
        let x = Var::from_tensor(&batch(&counting(48, 2))).unwrap();
        let learnt = Learnt::new(counting(16, 3), vec![0.5, -1.0]).unwrap();
        let y = learnt.apply(conv, Steps::new(Vec::new(), true), &x, true).unwrap();
        let expected =
            [12.5, -0.5, -5.5, -11.5, -9.5, 12.5, -6.0, -6.0, -6.0, 1.0, 8.0, -6.0, -5.5, -11.5, -9.5, 12.5, 0.5, -5.5, -6.0, 1.0, 8.0, -6.0, 8.0, -6.0];
        assert_eq!(by_example(&y), expected);
        let gradients = (y * batch(&counting(24, 5))).unwrap().sum_all().unwrap().backward().unwrap();
        let expected = [
            9, -9, -9, -8, 22, -8, -11, -11, 11, 11, -7, 5, -4, 15, -7, -4, 18, -2, 4, -14, 7, 9, -17, -3, -3, 12, 3, 9, -8, -6, -8, 22, -8, -2, -2, 2, -4, -3,
            3, -12, 8, -4, -4, 18, -2, -6, -2, 6,
        ];
        assert_eq!(by_example(gradients.get(&x).unwrap()), expected.map(|slope: i8| f32::from(slope)));
        learnt.with_slopes(|slopes| {
            assert_eq!(slopes.biases, [-2.0, 1.0]);
            assert_eq!(slopes.weights, [1, 4, 3, 6, 2, -16, 4, 0, 15, 3, 7, -19, -10, 13, 3, -9].map(|slope: i8| f32::from(slope)));
        });
    }
}
