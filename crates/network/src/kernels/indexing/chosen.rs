//! Numbers that indices choose, or put elsewhere.

use std::cmp::Ordering;

use super::super::Inputs;
use super::super::shape::Places;
use crate::operator::indexing::Meeting;
use crate::tensor::{Budget, Outcome, Tensor, Values, axis_of, refuse, shown};

/// How far a step along each axis of `shape` moves.
fn steps(shape: &[usize]) -> Vec<usize> {
    let mut steps = vec![1; shape.len()];
    for i in (1..shape.len()).rev() {
        steps[i - 1] = steps[i] * shape[i];
    }
    steps
}

fn signed(at: usize) -> i64 {
    i64::try_from(at).unwrap_or(i64::MAX)
}

/// The greatest along an axis, or the least, in their order, and their places; of equals the first.
pub(super) fn top(inputs: Inputs<'_>, axis: i64, least: bool, count: Option<i64>, budget: &mut Budget) -> Outcome<Vec<Tensor>> {
    fn best<T: Copy>(values: &[T], [length, step, count]: [usize; 3], order: impl Fn(&T, &T) -> Ordering) -> (Vec<T>, Vec<i64>) {
        let total = values.len() / length.max(1) * count;
        let (mut chosen, mut places) = (Vec::with_capacity(total), Vec::with_capacity(total));
        for block in values.chunks_exact((length * step).max(1)) {
            let start = chosen.len();
            // Along the axis first; the axis moves to its place at the end.
            let mut by_line = Vec::with_capacity(count * step);
            for offset in 0..step {
                let mut line: Vec<usize> = (0..length).collect();
                let by = |&a: &usize, &b: &usize| order(&block[offset + a * step], &block[offset + b * step]).then(a.cmp(&b));
                if count < length {
                    line.select_nth_unstable_by(count, by);
                    line.truncate(count);
                }
                line.sort_unstable_by(by);
                by_line.extend(line);
            }
            for rank in 0..count {
                for offset in 0..step {
                    let place = by_line[offset * count + rank];
                    chosen.push(block[offset + place * step]);
                    places.push(signed(place));
                }
            }
            debug_assert_eq!(chosen.len() - start, count * step);
        }
        (chosen, places)
    }
    let x = inputs.get(0)?;
    let axis = axis_of(axis, x.shape().len())?;
    let (length, step) = (x.shape()[axis], x.shape()[axis + 1..].iter().product::<usize>());
    let count = match inputs.ints_or(1, None)? {
        Some(list) => list.first().copied(),
        None => count,
    };
    let count = count.and_then(|count| usize::try_from(count).ok()).filter(|&count| count > 0 && count <= length);
    let count = count.ok_or_else(|| refuse(format!("a TopK does not choose one to {length} of {length}")))?;
    let mut shape = x.shape().to_vec();
    shape[axis] = count;
    budget.claim(&shape)?;
    budget.claim(&shape)?;
    budget.claim(&[length, 1])?;
    budget.claim(&[count, step])?;
    budget.spend(32 * x.len() as u64)?;
    let turned = |order: Ordering| if least { order } else { order.reverse() };
    let sides = [length, step, count];
    let (values, places) = match x.values() {
        Values::Float(values) => {
            // Zeros of both signs are equal, and NaN has a place, whichever, so that all have an order.
            let (values, places) = best(values, sides, |a, b| turned((a + 0.0).total_cmp(&(b + 0.0))));
            (Values::Float(values), places)
        }
        Values::Int(values) => {
            let (values, places) = best(values, sides, |a, b| turned(a.cmp(b)));
            (Values::Int(values), places)
        }
    };
    Ok(vec![Tensor::new(shape.clone(), values)?, Tensor::ints(shape, places)?])
}

/// The places along an axis where a condition holds; without an axis those of the flat array.
pub(super) fn compress(x: &Tensor, condition: &[i64], axis: Option<i64>, budget: &mut Budget) -> Outcome<Tensor> {
    let axis = axis.map(|axis| axis_of(axis, x.shape().len())).transpose()?;
    let (outer, length, inner) = match axis {
        Some(axis) => (x.shape()[..axis].iter().product(), x.shape()[axis], x.shape()[axis + 1..].iter().product()),
        None => (1, x.len(), 1),
    };
    budget.claim(&[condition.len().min(length)])?;
    let chosen: Vec<usize> = condition.iter().take(length).enumerate().filter(|(_, holds)| **holds != 0).map(|(place, _)| place).collect();
    let shape = axis.map_or_else(
        || vec![chosen.len()],
        |axis| {
            let mut shape = x.shape().to_vec();
            shape[axis] = chosen.len();
            shape
        },
    );
    budget.claim(&shape)?;
    x.gathered(shape, (0..outer).flat_map(|block| chosen.iter().map(move |place| (block * length + place) * inner)), inner)
}

/// Where in an array of `shape` each of `indices` lies that stands for a place along `axis`, with its own place for the other axes.
fn elements(shape: &[usize], indices: &Tensor, axis: i64) -> Outcome<Vec<usize>> {
    let axis = axis_of(axis, shape.len())?;
    let fits = indices.shape().len() == shape.len() && indices.shape().iter().zip(shape).enumerate().all(|(i, (index, side))| i == axis || index <= side);
    if !fits {
        return Err(refuse(format!("indices of {} do not fit an array of {}", shown(indices.shape()), shown(shape))));
    }
    let mut own = steps(shape);
    let step = std::mem::replace(&mut own[axis], 0);
    let places = Places::new(indices.shape().to_vec(), own);
    places.zip(indices.as_ints()?).map(|(place, &index)| Ok(place + step * axis_of(index, shape[axis])?)).collect()
}

pub(super) fn gather_elements(x: &Tensor, indices: &Tensor, axis: i64, budget: &mut Budget) -> Outcome<Tensor> {
    budget.claim(indices.shape())?;
    budget.claim(indices.shape())?;
    let places = elements(x.shape(), indices, axis)?;
    x.gathered(indices.shape().to_vec(), places.into_iter(), 1)
}

/// Where the slices of an array of `shape` begin that tuples of indices name, each in its own one of `batch` leading axes, and the
/// shape of a slice.
fn slices<'s>(shape: &'s [usize], indices: &Tensor, batch: usize, budget: &mut Budget) -> Outcome<(Vec<usize>, &'s [usize])> {
    let fault = || refuse(format!("indices of {} do not fit an array of {}", shown(indices.shape()), shown(shape)));
    let (width, stack) = indices.shape().split_last().ok_or_else(fault)?;
    let same = stack.get(..batch).zip(shape.get(..batch)).is_some_and(|(a, b)| a == b);
    let inner = shape.get(batch..).and_then(|rest| rest.get(*width..)).filter(|_| same && *width > 0).ok_or_else(fault)?;
    let count = budget.claim(stack)?;
    let own = steps(shape);
    let of_batch = stack[batch..].iter().product::<usize>().max(1);
    let size = shape[batch..].iter().product::<usize>();
    let start = |(i, tuple): (usize, &[i64])| {
        let mut at = i / of_batch * size;
        for ((&index, &side), step) in tuple.iter().zip(&shape[batch..]).zip(&own[batch..]) {
            at += step * axis_of(index, side)?;
        }
        Ok(at)
    };
    let starts = indices.as_ints()?.chunks_exact(*width).enumerate().map(start).collect::<Outcome<Vec<usize>>>()?;
    debug_assert_eq!(starts.len(), count);
    Ok((starts, inner))
}

pub(super) fn gather_nd(x: &Tensor, indices: &Tensor, batch: usize, budget: &mut Budget) -> Outcome<Tensor> {
    let (starts, inner) = slices(x.shape(), indices, batch, budget)?;
    let stack = indices.shape().split_last().map_or(&[][..], |(_, stack)| stack);
    let shape: Vec<usize> = stack.iter().chain(inner).copied().collect();
    budget.claim(&shape)?;
    x.gathered(shape, starts.into_iter(), inner.iter().product())
}

/// The places of the numbers that are not 0, a row for each axis.
pub(super) fn non_zero(x: &Tensor, budget: &mut Budget) -> Outcome<Tensor> {
    budget.claim(x.shape())?;
    let found: Vec<usize> = match x.values() {
        Values::Float(values) => (0..values.len()).filter(|&i| values[i].abs() > 0.0 || values[i].is_nan()).collect(),
        Values::Int(values) => (0..values.len()).filter(|&i| values[i] != 0).collect(),
    };
    let shape = vec![x.shape().len(), found.len()];
    budget.claim(&shape)?;
    let own = steps(x.shape());
    let row = |(step, side): (usize, usize)| found.iter().map(move |place| signed(place / step % side)).collect::<Vec<i64>>();
    let places = own.into_iter().zip(x.shape().iter().copied()).flat_map(row).collect();
    Tensor::ints(shape, places)
}

/// `x` with numbers of `updates` at `starts`, `length` at each.
fn put(x: &Tensor, updates: &Tensor, starts: &[usize], length: usize, meeting: Meeting, budget: &mut Budget) -> Outcome<Tensor> {
    fn into<T: Copy>(values: &[T], updates: &[T], starts: &[usize], length: usize, meet: impl Fn(T, T) -> T) -> Outcome<Vec<T>> {
        let mut out = values.to_vec();
        for (start, updates) in starts.iter().zip(updates.chunks_exact(length.max(1))) {
            let places = start.checked_add(length).and_then(|end| out.get_mut(*start..end)).ok_or_else(|| refuse("an index lies outside its array"))?;
            places.iter_mut().zip(updates).for_each(|(place, update)| *place = meet(*place, *update));
        }
        Ok(out)
    }
    if updates.len() != starts.len() * length {
        return Err(refuse(format!("{} numbers are to be put at {} places", updates.len(), starts.len() * length)));
    }
    budget.claim(x.shape())?;
    budget.spend(4 * updates.len() as u64)?;
    let values = match (x.values(), updates.values()) {
        (Values::Float(x), Values::Float(updates)) => Values::Float(into(x, updates, starts, length, |old, new| match meeting {
            Meeting::Add => old + new,
            Meeting::Max => old.max(new),
            Meeting::Min => old.min(new),
            Meeting::Multiply => old * new,
            Meeting::Replace => new,
        })?),
        (Values::Int(x), Values::Int(updates)) => Values::Int(into(x, updates, starts, length, |old, new| match meeting {
            Meeting::Add => old.wrapping_add(new),
            Meeting::Max => old.max(new),
            Meeting::Min => old.min(new),
            Meeting::Multiply => old.wrapping_mul(new),
            Meeting::Replace => new,
        })?),
        _ => return Err(refuse("whole and floating-point numbers are mixed")),
    };
    Tensor::new(x.shape().to_vec(), values)
}

pub(super) fn scatter_elements(inputs: Inputs<'_>, axis: i64, meeting: Meeting, budget: &mut Budget) -> Outcome<Tensor> {
    let (x, indices) = (inputs.get(0)?, inputs.get(1)?);
    budget.claim(indices.shape())?;
    let places = elements(x.shape(), indices, axis)?;
    put(x, inputs.get(2)?, &places, 1, meeting, budget)
}

pub(super) fn scatter_nd(inputs: Inputs<'_>, meeting: Meeting, budget: &mut Budget) -> Outcome<Tensor> {
    let x = inputs.get(0)?;
    let (starts, inner) = slices(x.shape(), inputs.get(1)?, 0, budget)?;
    put(x, inputs.get(2)?, &starts, inner.iter().product(), meeting, budget)
}
