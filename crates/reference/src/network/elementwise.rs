//! What is done to every number by itself, and, in place, the slopes of it.

use super::Batch;
use crate::draws::Draws;

pub(super) fn relu(x: &Batch) -> Batch {
    Batch { values: x.values.iter().map(|x| x.max(0.0)).collect(), ..*x }
}

/// Multiplies `slope` by the slope of ReLU, of which `output` came out: 1 where it is positive, else 0.
pub(super) fn relu_slope(slope: &mut Batch, output: &Batch) {
    slope.values.iter_mut().zip(&output.values).for_each(|(slope, y)| *slope = if *y > 0.0 { *slope } else { 0.0 });
}

pub(super) fn sigmoid(x: &Batch) -> Batch {
    Batch { values: x.values.iter().map(|x| 1.0 / (1.0 + (-x).exp())).collect(), ..*x }
}

/// Multiplies `slope` by the slope of the sigmoid, of which `output` came out: y (1 - y).
pub(super) fn sigmoid_slope(slope: &mut Batch, output: &Batch) {
    slope.values.iter_mut().zip(&output.values).for_each(|(slope, y)| *slope *= y * (1.0 - y));
}

/// For each of `count` numbers 0 with probability `rate`, else 1 / (1 - `rate`).
pub(super) fn mask(count: usize, rate: f32, draws: &mut Draws) -> Vec<f32> {
    let kept = 1.0 / (1.0 - rate);
    (0..count).map(|_| if draws.within(0.5) + 0.5 < rate { 0.0 } else { kept }).collect()
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
