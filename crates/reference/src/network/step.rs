//! What follows a dense layer or a convolution, number by number or pixel by pixel: activations, dropout and pooling.
//!
//! All steps up to the next layer are one operation of candle, since it keeps a gradient, starts it with zeros and adds to it for the
//! output of every operation. The first convolution of `LeNet` is four times as large as what pooling leaves of it.

use std::sync::{Mutex, PoisonError};

use candle_core::{CpuStorage, CustomOp1, Layout, Result, Shape, Tensor};

use super::matrix::{numbers, tensor, with_numbers};
use super::pooling::{Planes, Pooling};
use crate::draws::Draws;

/// One step.
#[derive(Debug)]
pub(super) enum Step {
    /// max(0, x).
    Relu,
    /// 1 / (1 + exp(-x)).
    Sigmoid,
    /// (exp(x) - exp(-x)) / (exp(x) + exp(-x)).
    Tanh,
    /// x where it is above 0, else this share of it.
    LeakyRelu(f32),
    /// The mean of every plane.
    PlaneMean(Planes),
    /// Multiplies every number by a factor of its own that does not learn.
    Mask(Vec<f32>),
    /// Makes one pixel of four.
    Pool(Pooling),
}

/// Steps after each other.
#[derive(Debug)]
pub(super) struct Steps {
    steps: Vec<Step>,
    /// What went into each of them, where a gradient is wanted.
    inputs: Option<Mutex<Vec<Vec<f32>>>>,
}

impl Step {
    /// Each of `count` numbers 0 with probability `rate`, else divided by 1 - `rate`.
    pub(super) fn dropout(count: usize, rate: f32, draws: &mut Draws) -> Self {
        let kept = 1.0 / (1.0 - rate);
        Self::Mask((0..count).map(|_| if draws.within(0.5) + 0.5 < rate { 0.0 } else { kept }).collect())
    }

    fn forward(&self, x: &[f32]) -> Vec<f32> {
        match self {
            Self::Relu => x.iter().map(|x| x.max(0.0)).collect(),
            Self::Sigmoid => x.iter().map(|x| 1.0 / (1.0 + exp(-x))).collect(),
            Self::Tanh => x.iter().map(|x| 1.0 - 2.0 / (1.0 + exp(2.0 * x))).collect(),
            Self::LeakyRelu(share) => x.iter().map(|&x| if x > 0.0 { x } else { share * x }).collect(),
            Self::PlaneMean(planes) => {
                let (pixels, examples) = (planes.height * planes.width, x.len() / planes.size());
                let mut means = vec![0.0; planes.channels * examples];
                for (mean, plane) in means.chunks_exact_mut(examples).zip(x.chunks_exact(pixels * examples)) {
                    plane.chunks_exact(examples).for_each(|pixel| mean.iter_mut().zip(pixel).for_each(|(mean, x)| *mean += x));
                    for mean in mean {
                        *mean /= pixels as f32;
                    }
                }
                means
            }
            Self::Mask(factors) => x.iter().zip(factors).map(|(x, factor)| x * factor).collect(),
            Self::Pool(pooling) => pooling.forward(x),
        }
    }

    /// The gradient by `x`, where `slope` is that by `y`, which came of it.
    fn backward(&self, x: &[f32], y: &[f32], mut slope: Vec<f32>) -> Vec<f32> {
        match self {
            Self::Relu => slope.iter_mut().zip(y).for_each(|(slope, y)| *slope = if *y > 0.0 { *slope } else { 0.0 }),
            Self::Sigmoid => slope.iter_mut().zip(y).for_each(|(slope, y)| *slope *= y * (1.0 - y)),
            Self::Tanh => slope.iter_mut().zip(y).for_each(|(slope, y)| *slope *= 1.0 - y * y),
            Self::LeakyRelu(share) => slope.iter_mut().zip(x).for_each(|(slope, x)| *slope *= if *x > 0.0 { 1.0 } else { *share }),
            Self::PlaneMean(planes) => {
                let (pixels, examples) = (planes.height * planes.width, x.len() / planes.size());
                let of_plane = |slope: &[f32]| -> Vec<f32> { slope.iter().map(|slope| slope / pixels as f32).collect() };
                return slope.chunks_exact(examples).flat_map(|slope| of_plane(slope).repeat(pixels)).collect();
            }
            Self::Mask(factors) => slope.iter_mut().zip(factors).for_each(|(slope, factor)| *slope *= factor),
            Self::Pool(pooling) => return pooling.backward(x, y, &slope),
        }
        slope
    }
}

/// The exponential function within two units in the last place, after Cephes (Moshier 1992), for arguments from -87 to 87; others are moved
/// there. The compiler makes vector instructions of it, which it cannot of the C library's, and the bits are the same everywhere.
fn exp(x: f32) -> f32 {
    /// ln 2 = HIGH + LOW; a whole number below 2¹⁵ times HIGH is exact.
    const HIGH: f32 = 0.693_359_4;
    const LOW: f32 = -2.121_944_4e-4;
    /// Added to a number below 2²², this leaves its nearest whole number in the last bits.
    const WHOLE: f32 = 12_582_912.0;
    let x = x.clamp(-87.0, 87.0);
    let shifted = x * std::f32::consts::LOG2_E + WHOLE;
    let power = shifted - WHOLE;
    let rest = x - power * HIGH - power * LOW;
    let series = [1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 0.166_666_65, 0.5].into_iter().fold(1.987_569_1e-4, |sum, next| sum * rest + next);
    (series * rest * rest + rest + 1.0) * f32::from_bits((shifted.to_bits() << 23).wrapping_add(1.0_f32.to_bits()))
}

impl Steps {
    /// `steps` that remember what a gradient takes if they are `recorded`.
    pub(super) fn new(steps: Vec<Step>, recorded: bool) -> Self {
        Self { steps, inputs: recorded.then(Mutex::default) }
    }

    /// Takes the steps from a tensor on.
    pub(super) fn apply(self, x: Tensor) -> Result<Tensor> {
        if self.steps.is_empty() { Ok(x) } else { x.apply_op1(self) }
    }

    /// What comes of `x`.
    pub(super) fn forward(&self, mut x: Vec<f32>) -> Vec<f32> {
        let mut inputs = Vec::new();
        for step in &self.steps {
            let y = step.forward(&x);
            if self.inputs.is_some() {
                inputs.push(x);
            }
            x = y;
        }
        if let Some(kept) = &self.inputs {
            *kept.lock().unwrap_or_else(PoisonError::into_inner) = inputs;
        }
        x
    }

    /// The gradient by what went in, where `slope` is that by `y`, which came of it.
    pub(super) fn backward(&self, y: &[f32], mut slope: Vec<f32>) -> Vec<f32> {
        let inputs = self.inputs.as_ref().map(|inputs| inputs.lock().unwrap_or_else(PoisonError::into_inner));
        let inputs = inputs.as_deref().map_or(&[][..], Vec::as_slice);
        let outputs = inputs.iter().skip(1).map(Vec::as_slice).chain([y]);
        let places: Vec<(&Step, &Vec<f32>, &[f32])> = self.steps.iter().zip(inputs).zip(outputs).map(|((step, x), y)| (step, x, y)).collect();
        for (step, x, y) in places.into_iter().rev() {
            slope = step.backward(x, y, slope);
        }
        slope
    }
}

impl CustomOp1 for Steps {
    fn name(&self) -> &'static str {
        "steps"
    }

    fn cpu_fwd(&self, x: &CpuStorage, at: &Layout) -> Result<(CpuStorage, Shape)> {
        let y = self.forward(numbers(x, at)?.to_vec());
        let examples = at.dims()[1];
        let shape = Shape::from((y.len() / examples, examples));
        Ok((CpuStorage::F32(y), shape))
    }

    fn bwd(&self, x: &Tensor, y: &Tensor, slope: &Tensor) -> Result<Option<Tensor>> {
        let slope = slope.contiguous()?;
        let by_input = with_numbers([y, &slope], |[y, slope]| Ok(self.backward(y, slope.to_vec())))?;
        let (features, examples) = x.dims2()?;
        Ok(Some(tensor(by_input, features, examples)?))
    }
}

#[cfg(test)]
mod tests {
    use super::super::pooling::Pool;
    use super::*;
    use candle_core::{Device, Var};
    use mlgrade_domain::seed::Seed;

    #[test]
    fn dropout_keeps_the_mean() {
        let Step::Mask(mask) = Step::dropout(100_000, 0.3, &mut Draws::new(Seed::new(5))) else { panic!("no mask") };
        let dropped = mask.iter().filter(|factor| **factor < 0.5).count();
        assert!((29_000..31_000).contains(&dropped), "{dropped}");
        assert!((mask.iter().sum::<f32>() / 100_000.0 - 1.0).abs() < 0.01);
    }

    #[test]
    fn the_exponential_function_is_the_exact_one_rounded() {
        for i in -870..=870_i16 {
            let x = f32::from(i) / 10.0;
            let exact = f64::from(x).exp();
            assert!((f64::from(exp(x)) / exact - 1.0).abs() < 2.5e-7, "{x}: {} {exact}", exp(x));
        }
        assert!(exp(f32::NAN).is_nan() && exp(-1e30) < 1e-37 && exp(1e30) > 1e37);
    }

    #[test]
    fn fours_become_one_and_gradients_go_back() {
        let x = Var::from_vec(vec![1.0_f32, 5.0, 2.0, 2.0, 3.0, 4.0, 2.0, 0.0], (8, 1), &Device::Cpu).unwrap();
        let factors = tensor(vec![8.0, 4.0], 2, 1).unwrap();
        let back = |steps: Vec<Step>| {
            let y = Steps::new(steps, true).apply(x.as_tensor().clone()).unwrap();
            let gradients = (&y * &factors).unwrap().sum_all().unwrap().backward().unwrap();
            [&y, gradients.get(&x).unwrap()].map(|tensor| tensor.flatten_all().unwrap().to_vec1::<f32>().unwrap())
        };
        let pool = |pool| Step::Pool(Pooling(pool, Planes { channels: 1, height: 2, width: 4 }));
        assert_eq!(back(vec![pool(Pool::Average)]), [vec![3.25, 1.5], vec![2.0, 2.0, 1.0, 1.0, 2.0, 2.0, 1.0, 1.0]]);
        assert_eq!(back(vec![pool(Pool::Max)]), [vec![5.0, 2.0], vec![0.0, 8.0, 4.0, 0.0, 0.0, 0.0, 0.0, 0.0]]);
        let all = vec![pool(Pool::Max), Step::Relu, Step::Mask(vec![0.0, 2.0])];
        assert_eq!(back(all), [vec![0.0, 4.0], vec![0.0, 0.0, 8.0, 0.0, 0.0, 0.0, 0.0, 0.0]]);
    }
}
