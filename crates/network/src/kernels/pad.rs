//! Arrays made larger at their ends, or smaller.

use super::Inputs;
use crate::operator::Filling;
use crate::tensor::{Budget, Outcome, Tensor, Values, axis_of, refuse};

pub(super) fn pad(inputs: Inputs<'_>, pads: Option<&[i64]>, value: f32, mode: Filling, budget: &mut Budget) -> Outcome<Tensor> {
    let x = inputs.get(0)?;
    let rank = x.shape().len();
    let pads = inputs.ints_or(1, pads)?.unwrap_or_default();
    let axes: Vec<usize> = match inputs.ints_or(3, None)? {
        Some(axes) => axes.iter().map(|&axis| axis_of(axis, rank)).collect::<Outcome<_>>()?,
        None => (0..rank).collect(),
    };
    if pads.len() != 2 * axes.len() {
        return Err(refuse("a Pad does not say how much to add at both ends of every axis"));
    }
    let mut ends = vec![[0_i64; 2]; rank];
    for (i, &axis) in axes.iter().enumerate() {
        ends[axis] = [pads[i], pads[i + axes.len()]];
    }
    let length = |(&side, &[before, after]): (&usize, &[i64; 2])| {
        let length = i64::try_from(side).ok()?.checked_add(before)?.checked_add(after)?;
        usize::try_from(length).ok().filter(|&length| length > 0)
    };
    let shape = x.shape().iter().zip(&ends).map(length).collect::<Option<Vec<usize>>>().ok_or_else(|| refuse("a Pad leaves nothing of an axis"))?;
    let count = budget.claim(&shape)?;
    budget.spend(4 * count as u64)?;
    // Where each place of an axis comes from, as an offset; nowhere if it is filled.
    let mut from: Vec<Vec<Option<usize>>> = Vec::with_capacity(rank);
    let mut step = 1;
    for ((&side, &[before, _]), &length) in x.shape().iter().zip(&ends).zip(&shape).rev() {
        budget.claim(&[length])?;
        from.push((0..length).map(|place| source(place, before, side, mode).map(|at| at * step)).collect());
        step *= side;
    }
    from.reverse();
    let values = match x.values() {
        Values::Float(values) => {
            let fill = inputs.optional(2).map(Tensor::as_floats).transpose()?.map_or(value, |list| list.first().copied().unwrap_or(0.0));
            Values::Float(filled(values, &from, fill, count))
        }
        Values::Int(values) => {
            let fill = inputs.optional(2).map(Tensor::as_ints).transpose()?.map_or(0, |list| list.first().copied().unwrap_or(0));
            Values::Int(filled(values, &from, fill, count))
        }
    };
    Tensor::new(shape, values)
}

/// The place of an axis of `side` that place `place` shows, after `before` that were added.
fn source(place: usize, before: i64, side: usize, mode: Filling) -> Option<usize> {
    let (place, side) = (i64::try_from(place).ok()?.checked_sub(before)?, i64::try_from(side).ok().filter(|&side| side > 0)?);
    let at = match mode {
        Filling::Constant => Some(place).filter(|&place| place < side)?,
        Filling::Edge => place.clamp(0, side - 1),
        Filling::Wrap => place.rem_euclid(side),
        Filling::Reflect if side == 1 => 0,
        Filling::Reflect => {
            let turn = place.rem_euclid(2 * (side - 1));
            turn.min(2 * (side - 1) - turn)
        }
    };
    usize::try_from(at).ok()
}

fn filled<T: Copy>(values: &[T], from: &[Vec<Option<usize>>], fill: T, count: usize) -> Vec<T> {
    let mut out = Vec::with_capacity(count);
    let mut index = vec![0_usize; from.len()];
    for _ in 0..count {
        let at = index.iter().zip(from).try_fold(0, |sum, (&i, places)| places[i].map(|offset| sum + offset));
        out.push(at.and_then(|at| values.get(at).copied()).unwrap_or(fill));
        for axis in (0..from.len()).rev() {
            index[axis] += 1;
            if index[axis] < from[axis].len() {
                break;
            }
            index[axis] = 0;
        }
    }
    out
}
