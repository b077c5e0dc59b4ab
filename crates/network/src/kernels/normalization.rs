//! Normalisations by groups, planes, neighbours and norms.

use super::Inputs;
use super::along::reduce;
use super::shape::expand;
use crate::operator::Reduction;
use crate::operator::normalization::Normalization;
use crate::tensor::{Budget, Outcome, Tensor, axis_of, product, refuse, shown};

pub(super) fn apply(normalization: &Normalization, inputs: Inputs<'_>, budget: &mut Budget) -> Outcome<Tensor> {
    match normalization {
        Normalization::Group { groups, epsilon, by_group } => grouped(inputs, *groups, *epsilon, *by_group, budget),
        Normalization::Instance { epsilon } => {
            let channels = inputs.get(0)?.shape().get(1).copied().unwrap_or(0);
            grouped(inputs, channels, *epsilon, false, budget)
        }
        Normalization::Local { size, alpha, beta, bias } => local(inputs.get(0)?, *size, [*alpha, *beta, *bias], budget),
        Normalization::Lp { axis, absolute } => lp(inputs.get(0)?, *axis, *absolute, budget),
        Normalization::MeanVariance { axes } => mean_variance(inputs.get(0)?, axes, budget),
        Normalization::Rms { axis, epsilon } => rms(inputs, *axis, *epsilon, budget),
    }
}

/// scale (x − mean) / √(variance + epsilon) + bias over the planes of each group of channels (Wu and He 2018).
fn grouped(inputs: Inputs<'_>, groups: usize, epsilon: f32, by_group: bool, budget: &mut Budget) -> Outcome<Tensor> {
    let (x, scale, bias) = (inputs.get(0)?, inputs.get(1)?.as_floats()?, inputs.get(2)?.as_floats()?);
    let &[_, channels, ref sides @ ..] = x.shape() else {
        return Err(refuse(format!("an array of {} has no channels to be normalised", shown(x.shape()))));
    };
    let wanted = if by_group { groups } else { channels };
    if groups == 0 || !channels.is_multiple_of(groups) || scale.len() != wanted || bias.len() != wanted {
        return Err(refuse(format!("{} factors are to scale {channels} channels in {groups} groups", scale.len())));
    }
    budget.claim(x.shape())?;
    budget.spend(8 * x.len() as u64)?;
    let plane = sides.iter().product::<usize>().max(1);
    let together = channels / groups;
    let mut values = x.as_floats()?.to_vec();
    for (i, group) in values.chunks_exact_mut(plane * together).enumerate() {
        standardise(group, epsilon);
        for (j, plane) in group.chunks_exact_mut(plane).enumerate() {
            let at = if by_group { i % groups } else { i % groups * together + j };
            for value in plane {
                *value = *value * scale[at] + bias[at];
            }
        }
    }
    Tensor::floats(x.shape().to_vec(), values)
}

/// Mean 0 and variance 1.
fn standardise(values: &mut [f32], epsilon: f32) {
    let over = values.len().max(1) as f64;
    let mean = values.iter().map(|&value| f64::from(value)).sum::<f64>() / over;
    let variance = values.iter().map(|&value| (f64::from(value) - mean).powi(2)).sum::<f64>() / over;
    let factor = 1.0 / (variance + f64::from(epsilon)).sqrt();
    for value in values {
        *value = single((f64::from(*value) - mean) * factor);
    }
}

#[expect(clippy::cast_possible_truncation, reason = "networks are run in single precision")]
fn single(x: f64) -> f32 {
    x as f32
}

/// x / (bias + alpha / size × the sum of squares of the channels around)^beta.
fn local(x: &Tensor, size: usize, [alpha, beta, bias]: [f32; 3], budget: &mut Budget) -> Outcome<Tensor> {
    let &[_, channels, ref sides @ ..] = x.shape() else {
        return Err(refuse(format!("an array of {} has no channels to be normalised", shown(x.shape()))));
    };
    if size == 0 {
        return Err(refuse("an LRN does not say how many channels it goes by"));
    }
    let plane = sides.iter().product::<usize>().max(1);
    budget.claim(x.shape())?;
    budget.spend(product(&[x.len(), 24 + size.min(channels)]))?;
    let values = x.as_floats()?;
    let mut out = Vec::with_capacity(values.len());
    for image in values.chunks_exact((plane * channels).max(1)) {
        for channel in 0..channels {
            let near = channel.saturating_sub((size - 1) / 2)..channel.saturating_add(size / 2).saturating_add(1).min(channels);
            out.extend((0..plane).map(|at| {
                let squares: f32 = near.clone().map(|other| image[other * plane + at].powi(2)).sum();
                image[channel * plane + at] / (bias + alpha / size as f32 * squares).powf(beta)
            }));
        }
    }
    Tensor::floats(x.shape().to_vec(), out)
}

/// x over its norm along an axis; where that is 0, x stays.
fn lp(x: &Tensor, axis: i64, absolute: bool, budget: &mut Budget) -> Outcome<Tensor> {
    let axis = axis_of(axis, x.shape().len())?;
    let (length, step) = (x.shape()[axis], x.shape()[axis + 1..].iter().product::<usize>());
    budget.claim(x.shape())?;
    budget.spend(4 * x.len() as u64)?;
    let mut values = x.as_floats()?.to_vec();
    for block in values.chunks_exact_mut((length * step).max(1)) {
        for offset in 0..step {
            let line = block.iter().skip(offset).step_by(step);
            let norm: f32 = if absolute { line.map(|value| value.abs()).sum() } else { line.map(|value| value * value).sum::<f32>().sqrt() };
            if norm > 0.0 {
                block.iter_mut().skip(offset).step_by(step).for_each(|value| *value /= norm);
            }
        }
    }
    Tensor::floats(x.shape().to_vec(), values)
}

/// (x − mean) / (deviation + 1e-9) along axes.
fn mean_variance(x: &Tensor, axes: &[i64], budget: &mut Budget) -> Outcome<Tensor> {
    let sides: Vec<i64> = x.shape().iter().map(|&side| i64::try_from(side).unwrap_or(i64::MAX)).collect();
    let mean = reduce(x, Reduction::Mean, Some(axes), true, budget)?;
    let mean = expand(&mean, &sides, budget)?;
    budget.claim(x.shape())?;
    let centred: Vec<f32> = x.as_floats()?.iter().zip(mean.as_floats()?).map(|(value, mean)| value - mean).collect();
    budget.claim(x.shape())?;
    let squares = Tensor::floats(x.shape().to_vec(), centred.iter().map(|value| value * value).collect())?;
    let variance = expand(&reduce(&squares, Reduction::Mean, Some(axes), true, budget)?, &sides, budget)?;
    let values = centred.iter().zip(variance.as_floats()?).map(|(value, variance)| value / (variance.sqrt() + 1e-9)).collect();
    Tensor::floats(x.shape().to_vec(), values)
}

/// scale x / √(mean of squares + epsilon) over all axes from `axis` on.
fn rms(inputs: Inputs<'_>, axis: i64, epsilon: f32, budget: &mut Budget) -> Outcome<Tensor> {
    let x = inputs.get(0)?;
    let first = axis_of(axis, x.shape().len())?;
    let length = x.shape()[first..].iter().product::<usize>().max(1);
    budget.claim(x.shape())?;
    budget.spend(4 * x.len() as u64)?;
    let sides: Vec<i64> = x.shape()[first..].iter().map(|&side| i64::try_from(side).unwrap_or(i64::MAX)).collect();
    let scale = expand(inputs.get(1)?, &sides, budget)?;
    let scale = scale.as_floats()?;
    if scale.len() != length {
        return Err(refuse(format!("{} factors are to scale {length} numbers", scale.len())));
    }
    let mut values = x.as_floats()?.to_vec();
    for row in values.chunks_exact_mut(length) {
        let mean = row.iter().map(|value| value * value).sum::<f32>() / length as f32;
        let factor = 1.0 / (mean + epsilon).sqrt();
        row.iter_mut().zip(scale).for_each(|(value, scale)| *value *= factor * scale);
    }
    Tensor::floats(x.shape().to_vec(), values)
}
