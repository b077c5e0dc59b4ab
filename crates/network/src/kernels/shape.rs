//! The same numbers in another order or shape.

use super::Inputs;
use super::elementwise::{broadcast, strides};
use crate::tensor::{Budget, Outcome, Tensor, Values, axis_of, count, refuse, shown};
use mlgrade_domain::limits;

/// A copy of `x` in `shape`.
fn copy(x: &Tensor, shape: Vec<usize>, budget: &mut Budget) -> Outcome<Tensor> {
    if count(&shape) != Some(x.len()) {
        return Err(refuse(format!("an array of {} cannot take the shape {}", shown(x.shape()), shown(&shape))));
    }
    budget.claim(x.shape())?;
    x.reshaped(shape)
}

pub(super) fn flatten(x: &Tensor, axis: i64, budget: &mut Budget) -> Outcome<Tensor> {
    let rank = x.shape().len();
    let axis = if usize::try_from(axis) == Ok(rank) { rank } else { axis_of(axis, rank)? };
    let (outer, inner) = x.shape().split_at(axis);
    copy(x, vec![outer.iter().product(), inner.iter().product()], budget)
}

pub(super) fn reshape(x: &Tensor, wanted: &[i64], zero_is_zero: bool, budget: &mut Budget) -> Outcome<Tensor> {
    let mut shape = Vec::new();
    let mut open = None;
    for (i, &side) in wanted.iter().enumerate().take(64) {
        match side {
            -1 if open.is_none() => {
                open = Some(i);
                shape.push(1);
            }
            0 if !zero_is_zero => shape.push(*x.shape().get(i).ok_or_else(|| refuse("a Reshape keeps an axis that is not there"))?),
            side => shape.push(usize::try_from(side).map_err(|_| refuse(format!("a Reshape asks for an axis of length {side}")))?),
        }
    }
    if let Some(open) = open {
        let known = count(&shape).filter(|&known| known > 0 && x.len().is_multiple_of(known));
        shape[open] = x.len() / known.ok_or_else(|| refuse(format!("an array of {} cannot take the shape {wanted:?}", shown(x.shape()))))?;
    }
    copy(x, shape, budget)
}

pub(super) fn squeeze(x: &Tensor, named: Option<&[i64]>, budget: &mut Budget) -> Outcome<Tensor> {
    let mut gone: Vec<bool> = x.shape().iter().map(|&side| named.is_none() && side == 1).collect();
    for &place in named.unwrap_or_default() {
        let axis = axis_of(place, x.shape().len())?;
        if x.shape()[axis] != 1 {
            return Err(refuse(format!("axis {axis} of an array of {} is to be left out, but has more than one place", shown(x.shape()))));
        }
        gone[axis] = true;
    }
    copy(x, x.shape().iter().zip(&gone).filter(|(_, gone)| !**gone).map(|(&side, _)| side).collect(), budget)
}

pub(super) fn unsqueeze(x: &Tensor, named: &[i64], budget: &mut Budget) -> Outcome<Tensor> {
    let rank = x.shape().len() + named.len();
    if rank > 64 {
        return Err(refuse("an array has more than 64 dimensions"));
    }
    let mut added = vec![false; rank];
    for &place in named {
        let axis = axis_of(place, rank)?;
        if std::mem::replace(&mut added[axis], true) {
            return Err(refuse("an Unsqueeze names an axis twice"));
        }
    }
    let mut old = x.shape().iter().copied();
    copy(x, added.iter().map(|&added| if added { Some(1) } else { old.next() }).map(|side| side.unwrap_or(1)).collect(), budget)
}

pub(super) fn transpose(x: &Tensor, order: Option<&[i64]>, budget: &mut Budget) -> Outcome<Tensor> {
    let rank = x.shape().len();
    let axes: Vec<usize> = match order {
        Some(order) => order.iter().map(|&axis| axis_of(axis, rank)).collect::<Outcome<_>>()?,
        None => (0..rank).rev().collect(),
    };
    let mut sorted = axes.clone();
    sorted.sort_unstable();
    if sorted != (0..rank).collect::<Vec<_>>() {
        return Err(refuse("a Transpose does not name every axis once"));
    }
    let mut own = vec![1; rank];
    for i in (1..rank).rev() {
        own[i - 1] = own[i] * x.shape()[i];
    }
    let shape: Vec<usize> = axes.iter().map(|&axis| x.shape()[axis]).collect();
    let steps: Vec<usize> = axes.iter().map(|&axis| own[axis]).collect();
    budget.claim(&shape)?;
    let starts = Places::new(shape.clone(), steps);
    x.gathered(shape, starts, 1)
}

/// The offsets of all places of an array in order, when a step along each axis moves by `steps`.
#[derive(Debug, Clone)]
pub(super) struct Places {
    shape: Vec<usize>,
    steps: Vec<usize>,
    index: Vec<usize>,
    at: usize,
    left: usize,
}

impl Places {
    pub(super) fn new(shape: Vec<usize>, steps: Vec<usize>) -> Self {
        Self { index: vec![0; shape.len()], at: 0, left: shape.iter().product(), shape, steps }
    }
}

impl Iterator for Places {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        self.left = self.left.checked_sub(1)?;
        let place = self.at;
        for axis in (0..self.shape.len()).rev() {
            self.index[axis] += 1;
            self.at += self.steps[axis];
            if self.index[axis] < self.shape[axis] {
                break;
            }
            self.at -= self.steps[axis] * self.shape[axis];
            self.index[axis] = 0;
        }
        Some(place)
    }
}

/// Arrays one after the other along an axis.
pub(super) fn concat(inputs: Inputs<'_>, axis: i64, budget: &mut Budget) -> Outcome<Tensor> {
    let first = inputs.get(0)?;
    let axis = axis_of(axis, first.shape().len())?;
    let parts = (0..inputs.0.len()).map(|i| inputs.get(i)).collect::<Outcome<Vec<&Tensor>>>()?;
    let mut shape = first.shape().to_vec();
    shape[axis] = 0;
    for part in &parts {
        let fits = part.shape().len() == shape.len() && part.shape().iter().zip(&shape).enumerate().all(|(i, (a, b))| i == axis || a == b);
        if !fits {
            return Err(refuse(format!("arrays of {} and {} cannot be joined", shown(first.shape()), shown(part.shape()))));
        }
        shape[axis] = shape[axis].saturating_add(part.shape()[axis]);
    }
    budget.claim(&shape)?;
    let outer = shape[..axis].iter().product::<usize>();
    let runs = parts.iter().map(|part| part.shape()[axis..].iter().product::<usize>());
    let runs: Vec<usize> = runs.collect();
    let values = match first.values() {
        Values::Float(_) => Values::Float(join(&parts.iter().map(|part| part.as_floats()).collect::<Outcome<Vec<_>>>()?, &runs, outer)),
        Values::Int(_) => Values::Int(join(&parts.iter().map(|part| part.as_ints()).collect::<Outcome<Vec<_>>>()?, &runs, outer)),
    };
    Tensor::new(shape, values)
}

/// `parts` in turns: a run of each, `outer` times.
fn join<T: Copy>(parts: &[&[T]], runs: &[usize], outer: usize) -> Vec<T> {
    let mut out = Vec::with_capacity(outer * runs.iter().sum::<usize>());
    for i in 0..outer {
        for (part, &run) in parts.iter().zip(runs) {
            out.extend_from_slice(&part[i * run..(i + 1) * run]);
        }
    }
    out
}

/// The lengths of the axes from `start` to before `end`; both may count from the end, and are cut to what is there.
pub(super) fn shape(x: &Tensor, start: i64, end: Option<i64>) -> Outcome<Tensor> {
    let rank = i64::try_from(x.shape().len()).unwrap_or(i64::MAX);
    let place = |at: i64| usize::try_from(if at < 0 { at.saturating_add(rank) } else { at }.clamp(0, rank)).unwrap_or(0);
    let (start, end) = (place(start), place(end.unwrap_or(rank)));
    let chosen = x.shape().get(start..end).unwrap_or_default();
    Tensor::ints(vec![chosen.len()], chosen.iter().map(|&side| i64::try_from(side).unwrap_or(i64::MAX)).collect())
}

/// `x` stretched to `wanted`, as NumPy does; an axis that is longer stays.
pub(super) fn expand(x: &Tensor, wanted: &[i64], budget: &mut Budget) -> Outcome<Tensor> {
    let wanted = wanted.iter().take(64).map(|&side| usize::try_from(side).ok()).collect::<Option<Vec<usize>>>();
    let wanted = wanted.ok_or_else(|| refuse("an Expand asks for an axis of negative length"))?;
    let shape = broadcast(x.shape(), &wanted)?;
    budget.claim(&shape)?;
    let steps = strides(x.shape(), &shape);
    x.gathered(shape.clone(), Places::new(shape, steps), 1)
}

/// Parts of `x` along an axis: of the lengths that a list gives, or `parts` of the same length, the last of what is left.
pub(super) fn split(inputs: Inputs<'_>, axis: i64, lengths: Option<&[i64]>, parts: usize, budget: &mut Budget) -> Outcome<Vec<Tensor>> {
    let x = inputs.get(0)?;
    let axis = axis_of(axis, x.shape().len())?;
    let side = x.shape()[axis];
    let lengths: Vec<usize> = if let Some(lengths) = inputs.ints_or(1, lengths)? {
        lengths.iter().map(|&length| usize::try_from(length).unwrap_or(usize::MAX)).collect()
    } else {
        let each = side.div_ceil(parts.max(1));
        (0..parts.min(limits::NETWORK_NODE_PARTS)).map(|part| each.min(side.saturating_sub(part * each))).collect()
    };
    if lengths.iter().try_fold(0_usize, |sum, &length| sum.checked_add(length)) != Some(side) {
        return Err(refuse(format!("parts of {lengths:?} are not all of an axis of {side}")));
    }
    let (outer, inner) = (x.shape()[..axis].iter().product::<usize>(), x.shape()[axis + 1..].iter().product::<usize>());
    let mut from = 0;
    let part = |length: usize| {
        let mut shape = x.shape().to_vec();
        shape[axis] = length;
        budget.claim(&shape)?;
        let start = from;
        from += length;
        x.gathered(shape, (0..outer).map(move |block| (block * side + start) * inner), length * inner)
    };
    lengths.into_iter().map(part).collect()
}

/// The slices of `x` that `indices` name along an axis.
pub(super) fn gather(x: &Tensor, indices: &Tensor, axis: i64, budget: &mut Budget) -> Outcome<Tensor> {
    let axis = axis_of(axis, x.shape().len())?;
    let (outer, rest) = x.shape().split_at(axis);
    let (length, inner) = (rest[0], rest[1..].iter().product::<usize>());
    let chosen = indices.as_ints()?.iter().map(|&index| axis_of(index, length)).collect::<Outcome<Vec<usize>>>()?;
    let shape: Vec<usize> = outer.iter().chain(indices.shape()).chain(&rest[1..]).copied().collect();
    budget.claim(&shape)?;
    let blocks = outer.iter().product::<usize>();
    x.gathered(shape, (0..blocks).flat_map(|block| chosen.iter().map(move |&index| (block * length + index) * inner)), inner)
}

/// A part of `x` along some axes, forwards or backwards, with all places or every n-th.
pub(super) fn slice(inputs: Inputs<'_>, starts: Option<&[i64]>, ends: &[i64], axes: Option<&[i64]>, budget: &mut Budget) -> Outcome<Tensor> {
    let x = inputs.get(0)?;
    let starts = inputs.ints_or(1, starts)?.unwrap_or_default();
    let ends = inputs.ints_or(2, Some(ends))?.unwrap_or_default();
    let rank = x.shape().len();
    let all = || (0..i64::try_from(starts.len()).unwrap_or(0)).collect();
    let axes = inputs.ints_or(3, axes)?.unwrap_or_else(all);
    let steps = inputs.ints_or(4, None)?.unwrap_or_else(|| vec![1; starts.len()]);
    if starts.len() != ends.len() || starts.len() != axes.len() || starts.len() != steps.len() {
        return Err(refuse("a Slice has not as many starts as ends, axes and steps"));
    }
    let mut chosen: Vec<Option<Vec<usize>>> = vec![None; rank];
    for (((&start, &end), &named), &step) in starts.iter().zip(&ends).zip(&axes).zip(&steps) {
        let along = axis_of(named, rank)?;
        chosen[along] = Some(places(x.shape()[along], start, end, step)?);
    }
    let shape: Vec<usize> = chosen.iter().zip(x.shape()).map(|(chosen, &side)| chosen.as_ref().map_or(side, Vec::len)).collect();
    // Once for the numbers, once for their places.
    budget.claim(&shape)?;
    budget.claim(&shape)?;
    let mut own = vec![1; rank];
    for i in (1..rank).rev() {
        own[i - 1] = own[i] * x.shape()[i];
    }
    let ones = own.iter().zip(x.shape()).enumerate();
    // Every chosen place of an axis as an offset, so that any step costs the same.
    let offsets: Vec<Vec<usize>> =
        ones.map(|(i, (&own, &side))| chosen[i].take().unwrap_or_else(|| (0..side).collect()).iter().map(|place| place * own).collect()).collect();
    let mut index = vec![0_usize; rank];
    let total = count(&shape).unwrap_or(0);
    let mut starts = Vec::with_capacity(total);
    for _ in 0..total {
        starts.push(index.iter().zip(&offsets).map(|(&i, offsets)| offsets[i]).sum());
        for axis in (0..rank).rev() {
            index[axis] += 1;
            if index[axis] < shape[axis] {
                break;
            }
            index[axis] = 0;
        }
    }
    x.gathered(shape, starts.into_iter(), 1)
}

/// The places of an axis of `side` from `start` to before `end`, as Python slices.
fn places(side: usize, start: i64, end: i64, step: i64) -> Outcome<Vec<usize>> {
    let side = i64::try_from(side).unwrap_or(i64::MAX);
    let counted = |at: i64| if at < 0 { at.saturating_add(side) } else { at };
    let step_size = usize::try_from(step.unsigned_abs()).unwrap_or(usize::MAX);
    let cut = |at: i64, least: i64, most: i64| counted(at).clamp(least, most);
    let whole = |at: i64| usize::try_from(at).ok();
    match step {
        0 => Err(refuse("a Slice with the step 0 leads nowhere")),
        1.. => Ok((cut(start, 0, side)..cut(end, 0, side)).step_by(step_size).filter_map(whole).collect()),
        _ => Ok((cut(end, -1, side - 1) + 1..=cut(start, -1, side - 1)).rev().step_by(step_size).filter_map(whole).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budget() -> Budget {
        Budget::new(1 << 20)
    }

    /// np.arange(count).reshape(shape)
    fn arange(shape: &[usize]) -> Tensor {
        Tensor::floats(shape.to_vec(), (0..shape.iter().product()).map(|i: usize| i as f32).collect()).unwrap()
    }

    fn is(tensor: &Tensor, shape: &[usize], values: &[f32]) {
        assert_eq!((tensor.shape(), tensor.as_floats().unwrap()), (shape, values));
    }

    #[test]
    fn axes_change_places_as_in_numpy() {
        // np.arange(6).reshape(1, 2, 3).transpose(2, 0, 1)
        is(&transpose(&arange(&[1, 2, 3]), Some(&[2, 0, 1]), &mut budget()).unwrap(), &[3, 1, 2], &[0., 3., 1., 4., 2., 5.]);
        is(&transpose(&arange(&[2, 2]), None, &mut budget()).unwrap(), &[2, 2], &[0., 2., 1., 3.]);
        assert!(transpose(&arange(&[2, 2]), Some(&[0, 0]), &mut budget()).is_err());
    }

    #[test]
    fn shapes_are_worked_out() {
        let of = |wanted: &[i64]| reshape(&arange(&[2, 3, 4]), wanted, false, &mut budget()).map(|tensor| tensor.shape().to_vec());
        assert_eq!(of(&[0, -1]), Ok(vec![2, 12]));
        assert_eq!(of(&[-1]), Ok(vec![24]));
        for wrong in [&[5, -1][..], &[-1, -1], &[-7], &[i64::MAX, i64::MAX], &[0, 0, 0, 0]] {
            assert!(of(wrong).is_err(), "{wrong:?}");
        }
        assert_eq!(flatten(&arange(&[2, 3, 4]), 2, &mut budget()).unwrap().shape(), [6, 4]);
        assert_eq!(squeeze(&arange(&[1, 3, 1]), Some(&[-1]), &mut budget()).unwrap().shape(), [1, 3]);
        assert_eq!(unsqueeze(&arange(&[3]), &[0, 2], &mut budget()).unwrap().shape(), [1, 3, 1]);
    }

    #[test]
    fn parts_are_taken_joined_and_framed_as_in_numpy() {
        let x = arange(&[2, 3]);
        let ints = |values: &[i64]| Tensor::ints(vec![values.len()], values.to_vec()).unwrap();
        is(&gather(&x, &ints(&[2, 0, -1]), 1, &mut budget()).unwrap(), &[2, 3], &[2., 0., 2., 5., 3., 5.]);
        assert!(gather(&x, &ints(&[3]), 1, &mut budget()).is_err());
        is(&concat(Inputs(&[Some(&x), Some(&x)]), 1, &mut budget()).unwrap(), &[2, 6], &[0., 1., 2., 0., 1., 2., 3., 4., 5., 3., 4., 5.]);
        let (starts, ends, axes) = (ints(&[1]), ints(&[i64::MAX]), ints(&[-1]));
        let inputs = [Some(&x), Some(&starts), Some(&ends), Some(&axes)];
        is(&slice(Inputs(&inputs), None, &[], None, &mut budget()).unwrap(), &[2, 2], &[1., 2., 4., 5.]);
        // np.pad(x, ((0, 0), (1, 0)))
        is(
            &super::super::pad::pad(Inputs(&[Some(&x)]), Some(&[0, 1, 0, 0]), 0.0, crate::operator::Filling::Constant, &mut budget()).unwrap(),
            &[2, 4],
            &[0., 0., 1., 2., 0., 3., 4., 5.],
        );
    }
}
