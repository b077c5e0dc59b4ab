//! What is computed along axes: softmax, means, the greatest, and normalisation by channel.

use super::Inputs;
use crate::operator::Reduction;
use crate::tensor::{Budget, Outcome, Tensor, axis_of, refuse, shown};

/// Softmax along `axis`, or over everything from it on (Goodfellow, Bengio and Courville 2016, 4.1, with the greatest taken off first).
pub(super) fn softmax(x: &Tensor, axis: i64, log: bool, to_the_end: bool, budget: &mut Budget) -> Outcome<Tensor> {
    let axis = axis_of(axis, x.shape().len())?;
    budget.claim(x.shape())?;
    budget.spend(16 * x.len() as u64)?;
    let from = |i: usize| x.shape()[i..].iter().product::<usize>();
    let (length, step) = if to_the_end { (from(axis), 1) } else { (x.shape()[axis], from(axis + 1)) };
    let mut values = x.as_floats()?.to_vec();
    for block in values.chunks_exact_mut((length * step).max(1)) {
        for offset in 0..step {
            let greatest = block.iter().skip(offset).step_by(step).copied().fold(f32::NEG_INFINITY, f32::max);
            let mut sum = 0.0;
            for value in block.iter_mut().skip(offset).step_by(step) {
                let shifted = *value - greatest;
                sum += shifted.exp();
                *value = if log { shifted } else { shifted.exp() };
            }
            for value in block.iter_mut().skip(offset).step_by(step) {
                *value = if log { *value - sum.ln() } else { *value / sum };
            }
        }
    }
    Tensor::floats(x.shape().to_vec(), values)
}

/// 1 at the first greatest along `axis`, or of everything from it on, and 0 elsewhere.
pub(super) fn hardmax(x: &Tensor, axis: i64, to_the_end: bool, budget: &mut Budget) -> Outcome<Tensor> {
    let axis = axis_of(axis, x.shape().len())?;
    budget.claim(x.shape())?;
    budget.spend(4 * x.len() as u64)?;
    let from = |i: usize| x.shape()[i..].iter().product::<usize>();
    let (length, step) = if to_the_end { (from(axis), 1) } else { (x.shape()[axis], from(axis + 1)) };
    let mut values = x.as_floats()?.to_vec();
    for block in values.chunks_exact_mut((length * step).max(1)) {
        for offset in 0..step {
            let along = |i: usize| block[offset + i * step];
            let best = (0..length).reduce(|best, i| if along(i) > along(best) { i } else { best }).unwrap_or(0);
            block.iter_mut().skip(offset).step_by(step).enumerate().for_each(|(i, value)| *value = f32::from(i == best));
        }
    }
    Tensor::floats(x.shape().to_vec(), values)
}

/// The sum, product, greatest or least of whole numbers, as a graph has it of shapes.
fn reduce_whole(x: &Tensor, reduction: Reduction, axes: Option<&[i64]>, keep: bool, budget: &mut Budget) -> Outcome<Tensor> {
    let add: fn(i64, i64) -> i64 = match reduction {
        Reduction::Sum => i64::wrapping_add,
        Reduction::Product => i64::wrapping_mul,
        Reduction::Max => i64::max,
        Reduction::Min => i64::min,
        _ => return Err(refuse("whole numbers stand where floating-point ones belong")),
    };
    let rank = x.shape().len();
    let axes = axes.map_or_else(|| Ok((0..rank).collect()), |axes| axes.iter().map(|&axis| axis_of(axis, rank)).collect::<Outcome<Vec<usize>>>())?;
    let mut shape = x.shape().to_vec();
    budget.claim(&shape)?;
    let mut values = x.as_ints()?.to_vec();
    let mut gone = vec![false; rank];
    for axis in axes {
        gone[axis] = true;
        let (length, step) = (std::mem::replace(&mut shape[axis], 1), shape[axis + 1..].iter().product::<usize>());
        budget.spend(2 * values.len() as u64)?;
        let block = |block: &[i64]| {
            let line = |offset: usize| block.iter().skip(offset).step_by(step).copied().reduce(add).unwrap_or(0);
            (0..step).map(line).collect::<Vec<i64>>()
        };
        values = values.chunks_exact((length * step).max(1)).flat_map(block).collect();
    }
    let shape = if keep { shape } else { shape.into_iter().zip(gone).filter(|(_, gone)| !gone).map(|(side, _)| side).collect() };
    Tensor::ints(shape, values)
}

/// One number instead of those along `axes`; of all axes if none are named.
pub(super) fn reduce(x: &Tensor, reduction: Reduction, axes: Option<&[i64]>, keep: bool, budget: &mut Budget) -> Outcome<Tensor> {
    if x.as_ints().is_ok() {
        return reduce_whole(x, reduction, axes, keep, budget);
    }
    let rank = x.shape().len();
    let mut gone = vec![axes.is_none(); rank];
    for &axis in axes.unwrap_or_default() {
        gone[axis_of(axis, rank)?] = true;
    }
    let kept: Vec<usize> = x.shape().iter().zip(&gone).map(|(&side, &gone)| if gone { 1 } else { side }).collect();
    let count = budget.claim(&kept)?;
    budget.spend(if reduction == Reduction::LogSumExp { 20 } else { 2 } * x.len() as u64)?;
    let start = match reduction {
        Reduction::Max => f32::NEG_INFINITY,
        Reduction::Min => f32::INFINITY,
        Reduction::Product => 1.0,
        _ => 0.0,
    };
    let mut steps = vec![0; rank];
    let mut step = 1;
    for i in (0..rank).rev() {
        steps[i] = if gone[i] { 0 } else { step };
        step *= kept[i];
    }
    // The greatest is taken off first, so that no exponential is too large.
    let most = if reduction == Reduction::LogSumExp { Some(reduce(x, Reduction::Max, axes, true, budget)?.as_floats()?.to_vec()) } else { None };
    let mut out = vec![start; count];
    let mut index = vec![0; rank];
    let mut at = 0;
    for &value in x.as_floats()? {
        out[at] = match reduction {
            Reduction::Max => {
                if value > out[at] || value.is_nan() {
                    value
                } else {
                    out[at]
                }
            }
            Reduction::Min => {
                if value < out[at] || value.is_nan() {
                    value
                } else {
                    out[at]
                }
            }
            Reduction::LogSum | Reduction::Mean | Reduction::Sum => out[at] + value,
            Reduction::LogSumExp => out[at] + (value - most.as_ref().map_or(0.0, |most| most[at])).exp(),
            Reduction::L1 => out[at] + value.abs(),
            Reduction::L2 | Reduction::SumSquare => out[at] + value * value,
            Reduction::Product => out[at] * value,
        };
        for axis in (0..rank).rev() {
            index[axis] += 1;
            at += steps[axis];
            if index[axis] < x.shape()[axis] {
                break;
            }
            at -= steps[axis] * x.shape()[axis];
            index[axis] = 0;
        }
    }
    if reduction == Reduction::Mean {
        let over = (x.len() / count.max(1)).max(1) as f32;
        for sum in &mut out {
            *sum /= over;
        }
    }
    for (place, value) in out.iter_mut().enumerate() {
        *value = match reduction {
            Reduction::L2 => value.sqrt(),
            Reduction::LogSum => value.ln(),
            Reduction::LogSumExp => value.ln() + most.as_ref().map_or(0.0, |most| most[place]),
            _ => *value,
        };
    }
    let shape = if keep { kept } else { x.shape().iter().zip(&gone).filter(|(_, gone)| !**gone).map(|(&side, _)| side).collect() };
    Tensor::floats(shape, out)
}

/// One number for each plane.
pub(super) fn global(x: &Tensor, reduction: Reduction, budget: &mut Budget) -> Outcome<Tensor> {
    let rank = i64::try_from(x.shape().len()).unwrap_or(0);
    if rank < 3 {
        return Err(refuse(format!("an array {} has no planes to pool over", shown(x.shape()))));
    }
    reduce(x, reduction, Some(&(2..rank).collect::<Vec<i64>>()), true, budget)
}

/// The place of the greatest along `axis`, or of the least; the first of equals, or the last.
pub(super) fn argmax(x: &Tensor, axis: i64, keep: bool, [least, latest]: [bool; 2], budget: &mut Budget) -> Outcome<Tensor> {
    let axis = axis_of(axis, x.shape().len())?;
    let (length, step) = (x.shape()[axis], x.shape()[axis + 1..].iter().product::<usize>());
    let mut shape = x.shape().to_vec();
    if keep {
        shape[axis] = 1;
    } else {
        shape.remove(axis);
    }
    budget.claim(&shape)?;
    budget.spend(x.len() as u64)?;
    let values = x.as_floats()?;
    let mut out = Vec::new();
    for block in values.chunks_exact((length * step).max(1)) {
        for offset in 0..step {
            let along = |i: usize| block[offset + i * step];
            let better = |i: usize, best: usize| {
                let (new, old) = if least { (along(best), along(i)) } else { (along(i), along(best)) };
                new > old || (latest && new >= old)
            };
            let best = (0..length).reduce(|best, i| if better(i, best) { i } else { best }).unwrap_or(0);
            out.push(i64::try_from(best).unwrap_or(i64::MAX));
        }
    }
    Tensor::ints(shape, out)
}

/// scale (x − mean) / √(variance + epsilon) + bias by channel (Ioffe and Szegedy 2015), with the statistics of training.
pub(super) fn batch_normalization(inputs: Inputs<'_>, epsilon: f32, budget: &mut Budget) -> Outcome<Tensor> {
    let x = inputs.get(0)?;
    budget.claim(x.shape())?;
    budget.spend(x.len() as u64)?;
    let channels = *x.shape().get(1).ok_or_else(|| refuse("an array without channels is to be normalised by channel"))?;
    let mut by_channel: [&[f32]; 4] = [&[]; 4];
    for (i, values) in by_channel.iter_mut().enumerate() {
        *values = inputs.get(i + 1)?.as_floats()?;
        if values.len() != channels {
            return Err(refuse(format!("{} numbers are to normalise {channels} channels", values.len())));
        }
    }
    let [scale, bias, mean, variance] = by_channel;
    let plane = x.shape()[2..].iter().product::<usize>();
    let mut values = x.as_floats()?.to_vec();
    for (i, plane) in values.chunks_exact_mut(plane.max(1)).enumerate() {
        let c = i % channels;
        let factor = scale[c] / (variance[c] + epsilon).sqrt();
        for value in plane {
            *value = (*value - mean[c]) * factor + bias[c];
        }
    }
    Tensor::floats(x.shape().to_vec(), values)
}

/// scale (x − mean) / √(variance + epsilon) + bias over all axes from `axis` on (Ba, Kiros and Hinton 2016).
pub(super) fn layer_normalization(inputs: Inputs<'_>, axis: i64, epsilon: f32, budget: &mut Budget) -> Outcome<Tensor> {
    let (x, scale, bias) = (inputs.get(0)?, inputs.get(1)?, inputs.optional(2));
    let axis = axis_of(axis, x.shape().len())?;
    let inner = &x.shape()[axis..];
    let length = inner.iter().product::<usize>().max(1);
    budget.claim(x.shape())?;
    budget.spend(8 * x.len() as u64)?;
    // Scale and bias may be stretched to the axes that are normalised.
    let stretched = |tensor: &Tensor, budget: &mut Budget| {
        let sides: Vec<i64> = inner.iter().map(|&side| i64::try_from(side).unwrap_or(i64::MAX)).collect();
        let whole = super::shape::expand(tensor, &sides, budget)?;
        if whole.len() == length {
            whole.as_floats().map(<[f32]>::to_vec)
        } else {
            Err(refuse(format!("{} factors are to scale {length} numbers", tensor.len())))
        }
    };
    let scale = stretched(scale, budget)?;
    let bias = bias.map(|bias| stretched(bias, budget)).transpose()?;
    let mut values = x.as_floats()?.to_vec();
    for row in values.chunks_exact_mut(length) {
        let mean = row.iter().sum::<f32>() / length as f32;
        let variance = row.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / length as f32;
        let factor = 1.0 / (variance + epsilon).sqrt();
        for (i, value) in row.iter_mut().enumerate() {
            *value = (*value - mean) * factor * scale[i] + bias.as_ref().map_or(0.0, |bias| bias[i]);
        }
    }
    Tensor::floats(x.shape().to_vec(), values)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three() -> Tensor {
        Tensor::floats(vec![2, 3], vec![1.0, 2.0, 4.0, 0.0, -1.0, 0.0]).unwrap()
    }

    #[test]
    fn softmax_and_its_logarithm_are_those_of_pytorch() {
        // torch.softmax(x, 1) and torch.log_softmax(x, 0) of the array above.
        let rows = softmax(&three(), -1, false, false, &mut Budget::new(1 << 20)).unwrap();
        let expected = [0.042_010_065, 0.114_195_19, 0.843_794_76, 0.422_318_77, 0.155_362_4, 0.422_318_77];
        assert!(rows.as_floats().unwrap().iter().zip(expected).all(|(a, b): (&f32, f32)| (a - b).abs() < 1e-6), "{rows:?}");
        let columns = softmax(&three(), 0, true, false, &mut Budget::new(1 << 20)).unwrap();
        let expected = [-0.313_261_66, -0.048_587_37, -0.018_149_93, -1.313_261_6, -3.048_587_3, -4.018_15];
        assert!(columns.as_floats().unwrap().iter().zip(expected).all(|(a, b): (&f32, f32)| (a - b).abs() < 1e-6), "{columns:?}");
    }

    #[test]
    fn reductions_go_along_the_named_axes() {
        let of = |reduction, axes: Option<&[i64]>, keep| reduce(&three(), reduction, axes, keep, &mut Budget::new(1 << 20)).unwrap();
        let mean = of(Reduction::Mean, Some(&[0]), false);
        assert_eq!((mean.shape(), mean.as_floats().unwrap()), (&[3][..], &[0.5, 0.5, 2.0][..]));
        let most = of(Reduction::Max, Some(&[-1]), true);
        assert_eq!((most.shape(), most.as_floats().unwrap()), (&[2, 1][..], &[4.0, 0.0][..]));
        assert_eq!(of(Reduction::Sum, None, false).as_floats().unwrap(), [6.0]);
        let first = argmax(&three(), 1, false, [false, false], &mut Budget::new(1 << 20)).unwrap();
        assert_eq!(first.as_ints().unwrap(), [2, 0], "the first of equals");
        assert!(reduce(&three(), Reduction::Sum, Some(&[2]), false, &mut Budget::new(1 << 20)).is_err());
    }
}
