//! Batch normalisation (Ioffe and Szegedy 2015), as PyTorch has it: y = γ (x - mean) / √(variance + 10⁻⁵) + β for each plane.
//!
//! In training mean and variance are those of the batch, and a running mean of them is kept, of which each batch makes a tenth; without
//! training these are used. Since the examples of a pixel lie side by side, and the pixels of a plane too, a plane of a batch is one slice.

use candle_core::Result;

use super::affine::{Affine, Slopes};
use super::pooling::Planes;

const EPSILON: f64 = 1e-5;
/// The share that the last batch has in the running moments.
const SHARE: f64 = 0.1;

/// Planes of which each is normalised; a row of numbers is as many planes of one pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BatchNorm(pub(super) Planes);

/// A plane's moments.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Moments {
    mean: f64,
    /// By the number of values.
    variance: f64,
}

/// The moments of every plane, averaged over the batches so far; none before the first.
#[derive(Debug, Default)]
pub(super) struct Running(Vec<Moments>);

#[expect(clippy::cast_possible_truncation, reason = "networks are 32-bit")]
fn single(value: f64) -> f32 {
    value as f32
}

impl Moments {
    fn of(plane: &[f32]) -> Self {
        let count = plane.len().max(1) as f64;
        let mean = plane.iter().copied().map(f64::from).sum::<f64>() / count;
        let variance = plane.iter().map(|&x| (f64::from(x) - mean).powi(2)).sum::<f64>() / count;
        Self { mean, variance }
    }

    /// The factor and the shift that stand for these moments and for γ and β.
    fn line(self, weight: f32, bias: f32) -> (f32, f32) {
        let factor = f64::from(weight) / (self.variance + EPSILON).sqrt();
        (single(factor), single(f64::from(bias) - factor * self.mean))
    }
}

impl BatchNorm {
    fn planes(self, x: &[f32]) -> std::slice::ChunksExact<'_, f32> {
        x.chunks_exact((x.len() / self.0.channels.max(1)).max(1))
    }

    fn lines(self, x: &[f32], weights: &[f32], biases: &[f32], moments: impl Iterator<Item = Moments>) -> Vec<f32> {
        let mut values = Vec::with_capacity(x.len());
        for (((plane, moments), &weight), &bias) in self.planes(x).zip(moments).zip(weights).zip(biases) {
            let (factor, shift) = moments.line(weight, bias);
            values.extend(plane.iter().map(|x| factor * x + shift));
        }
        values
    }
}

impl Running {
    /// Notes the moments of a batch; the variance by one less than the number of values.
    pub(super) fn note(&mut self, layer: BatchNorm, x: &[f32]) {
        let new: Vec<Moments> = layer
            .planes(x)
            .map(|plane| {
                let Moments { mean, variance } = Moments::of(plane);
                let count = plane.len() as f64;
                Moments { mean, variance: variance * count / (count - 1.0).max(1.0) }
            })
            .collect();
        if self.0.is_empty() {
            self.0 = vec![Moments { mean: 0.0, variance: 1.0 }; new.len()];
        }
        for (known, new) in self.0.iter_mut().zip(new) {
            known.mean += SHARE * (new.mean - known.mean);
            known.variance += SHARE * (new.variance - known.variance);
        }
    }

    /// What comes out without training.
    pub(super) fn apply(&self, layer: BatchNorm, x: &[f32], weights: &[f32], biases: &[f32]) -> Vec<f32> {
        let usual = Moments { mean: 0.0, variance: 1.0 };
        layer.lines(x, weights, biases, (0..layer.0.channels).map(|plane| self.0.get(plane).copied().unwrap_or(usual)))
    }
}

impl Affine for BatchNorm {
    fn features_in(self) -> usize {
        self.0.size()
    }

    fn apply(self, x: &[f32], weights: &[f32], biases: &[f32]) -> Result<Vec<f32>> {
        Ok(self.lines(x, weights, biases, self.planes(x).map(Moments::of)))
    }

    fn slopes(self, x: &[f32], weights: &[f32], slope: &[f32], wanted: bool, by: &mut Slopes) -> Result<Vec<f32>> {
        let mut by_input = Vec::with_capacity(if wanted { x.len() } else { 0 });
        for (place, (plane, slope)) in self.planes(x).zip(self.planes(slope)).enumerate() {
            let Moments { mean, variance } = Moments::of(plane);
            let (count, deviation) = (plane.len() as f64, (variance + EPSILON).sqrt());
            let normal = |x: f32| (f64::from(x) - mean) / deviation;
            let (mut sum, mut along) = (0.0, 0.0);
            for (&x, &slope) in plane.iter().zip(slope) {
                sum += f64::from(slope);
                along += f64::from(slope) * normal(x);
            }
            by.weights[place] += single(along);
            by.biases[place] += single(sum);
            if wanted {
                let factor = f64::from(weights[place]) / deviation;
                by_input.extend(plane.iter().zip(slope).map(|(&x, &slope)| single(factor * (f64::from(slope) - sum / count - normal(x) * along / count))));
            }
        }
        Ok(by_input)
    }
}

#[cfg(test)]
mod tests {
    use super::super::affine::Learnt;
    use super::super::images::of_rows;
    use super::super::step::Steps;
    use super::*;
    use candle_core::{Tensor, Var};

    fn batch(values: &[f32]) -> Tensor {
        of_rows(values.chunks(values.len() / 2), values.len() / 2).unwrap()
    }

    fn close(ours: &Tensor, theirs: &[f64]) {
        let ours: Vec<f32> = ours.t().unwrap().to_vec2().unwrap().concat();
        assert_eq!(ours.len(), theirs.len());
        assert!(ours.iter().zip(theirs).all(|(ours, theirs)| (f64::from(*ours) - theirs).abs() < 1e-5), "{ours:?}");
    }

    /// Two examples of two planes of 1×3 pixels: fixtures/peers/layers.py made the values with PyTorch 2.15.
    #[test]
    fn it_is_pytorchs_with_its_gradients_and_running_moments() {
        let counting = |step: usize| -> Vec<f32> { (0..12).map(|i| f32::from(u8::try_from(i * step % 7).unwrap()) - 3.0).collect() };
        let layer = BatchNorm(Planes { channels: 2, height: 1, width: 3 });
        let learnt = Learnt::new(vec![1.5, -0.5], vec![0.25, 2.0]).unwrap();
        let x = Var::from_tensor(&batch(&counting(2))).unwrap();
        let y = learnt.normalise(layer, Steps::new(Vec::new(), true), &x, true).unwrap();
        close(&y, &TRAINED);
        let gradients = (y * batch(&counting(5))).unwrap().sum_all().unwrap().backward().unwrap();
        close(gradients.get(&x).unwrap(), &BY_INPUT);
        learnt.with_slopes(|slopes| {
            for (ours, theirs) in slopes.weights.iter().chain(&slopes.biases).zip(BY_PARAMETERS) {
                assert!((f64::from(*ours) - theirs).abs() < 1e-5, "{slopes:?}");
            }
        });
        close(&learnt.normalise(layer, Steps::new(Vec::new(), false), &batch(&counting(3)), false).unwrap(), &EVALUATED);
    }
    const TRAINED: [f64; 12] = [
        -1.494_130_5,
        0.115_836_1,
        1.725_802_7,
        1.393_661_7,
        2.606_338_3,
        2.121_267_7,
        2.530_786_1,
        -1.494_130_5,
        0.115_836_1,
        1.878_732_3,
        1.393_661_7,
        2.606_338_3,
    ];
    const BY_INPUT: [f64; 12] = [
        -1.217_137_1,
        2.073_636_8,
        -0.270_472_5,
        0.000_001_4,
        -0.000_001_4,
        -0.000_000_3,
        -1.442_527_1,
        -1.217_137_1,
        2.073_636_8,
        0.000_000_3,
        0.000_001_4,
        -0.000_001_4,
    ];
    const BY_PARAMETERS: [f64; 4] = [5.098_227_6, -12.369_302_3, -3.0, 3.0];
    const EVALUATED: [f64; 12] = [
        -3.562_751_4,
        0.358_935_8,
        4.280_622_9,
        2.442_128_2,
        1.178_904_8,
        2.863_202_7,
        1.666_164_8,
        -3.562_751_4,
        0.358_935_8,
        0.757_830_3,
        2.442_128_2,
        1.178_904_8,
    ];
}
