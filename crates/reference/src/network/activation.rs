//! What is done to every number by itself: ReLU and dropout, each with its gradient in one pass.

use candle_core::{CpuStorage, CustomOp1, Layout, Result, Shape, Tensor};

use super::matrix::{numbers, with_numbers};
use crate::draws::Draws;

/// max(0, x); candle's own takes six passes over the numbers for its gradient.
struct Relu;

/// Multiplies every number by a factor that does not learn.
struct Mask(Vec<f32>);

pub(super) fn relu(x: &Tensor) -> Result<Tensor> {
    x.apply_op1(Relu)
}

/// Each number of `x` 0 with probability `rate`, else divided by 1 - `rate`.
pub(super) fn dropout(x: &Tensor, rate: f32, draws: &mut Draws) -> Result<Tensor> {
    x.apply_op1(Mask(mask(x.elem_count(), rate, draws)))
}

/// For each of `count` numbers 0 with probability `rate`, else 1 / (1 - `rate`).
fn mask(count: usize, rate: f32, draws: &mut Draws) -> Vec<f32> {
    let kept = 1.0 / (1.0 - rate);
    (0..count).map(|_| if draws.within(0.5) + 0.5 < rate { 0.0 } else { kept }).collect()
}

impl CustomOp1 for Relu {
    fn name(&self) -> &'static str {
        "relu"
    }

    fn cpu_fwd(&self, x: &CpuStorage, at: &Layout) -> Result<(CpuStorage, Shape)> {
        let y = numbers(x, at)?.iter().map(|x| x.max(0.0)).collect();
        Ok((CpuStorage::F32(y), at.shape().clone()))
    }

    /// The slope is 1 where the output is positive, else 0.
    fn bwd(&self, _: &Tensor, y: &Tensor, slope: &Tensor) -> Result<Option<Tensor>> {
        let slope = slope.contiguous()?;
        let by_input =
            with_numbers([y, &slope], |[y, slope]| Ok(y.iter().zip(slope).map(|(y, slope)| if *y > 0.0 { *slope } else { 0.0 }).collect::<Vec<f32>>()))?;
        Ok(Some(Tensor::from_vec(by_input, y.shape(), y.device())?))
    }
}

impl CustomOp1 for Mask {
    fn name(&self) -> &'static str {
        "mask"
    }

    fn cpu_fwd(&self, x: &CpuStorage, at: &Layout) -> Result<(CpuStorage, Shape)> {
        Ok((CpuStorage::F32(self.times(numbers(x, at)?)), at.shape().clone()))
    }

    fn bwd(&self, x: &Tensor, _: &Tensor, slope: &Tensor) -> Result<Option<Tensor>> {
        let slope = slope.contiguous()?;
        let by_input = with_numbers([&slope], |[slope]| Ok(self.times(slope)))?;
        Ok(Some(Tensor::from_vec(by_input, x.shape(), x.device())?))
    }
}

impl Mask {
    fn times(&self, x: &[f32]) -> Vec<f32> {
        x.iter().zip(&self.0).map(|(x, factor)| x * factor).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlgrade_domain::seed::Seed;

    #[test]
    fn dropout_keeps_the_mean() {
        let mask = mask(100_000, 0.3, &mut Draws::new(Seed::new(5)));
        let dropped = mask.iter().filter(|factor| **factor < 0.5).count();
        assert!((29_000..31_000).contains(&dropped), "{dropped}");
        assert!((mask.iter().sum::<f32>() / 100_000.0 - 1.0).abs() < 0.01);
    }
}
