//! Planes made larger or smaller, one axis after the other.

use super::Inputs;
use super::shape::gather;
use crate::operator::resize::{Coordinates, Mode, Resize, Rounding};
use crate::tensor::{Budget, Outcome, Tensor, axis_of, refuse};

/// How one axis changes.
#[derive(Debug, Clone, Copy)]
struct Change {
    input: usize,
    output: usize,
    factor: f32,
}

pub(super) fn resize(spec: &Resize, inputs: Inputs<'_>, budget: &mut Budget) -> Outcome<Tensor> {
    let x = inputs.get(0)?;
    let mut changes: Vec<Option<Change>> = vec![None; x.shape().len()];
    for (axis, change) in changes_of(spec, x, inputs)? {
        changes[axis] = Some(change);
    }
    budget.claim(x.shape())?;
    let mut out = x.clone();
    for (axis, change) in changes.into_iter().enumerate() {
        if let Some(change) = change.filter(|change| change.input != change.output || (change.factor - 1.0).abs() > 0.0) {
            out = along(spec, &out, axis, change, budget)?;
        }
    }
    Ok(out)
}

/// The axes that change, and how.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the length is claimed from the budget, whatever it is")]
fn changes_of(spec: &Resize, x: &Tensor, inputs: Inputs<'_>) -> Outcome<Vec<(usize, Change)>> {
    let rank = x.shape().len();
    let axes: Vec<usize> = match &spec.axes {
        Some(axes) => axes.iter().map(|&axis| axis_of(axis, rank)).collect::<Outcome<_>>()?,
        None => (0..rank).collect(),
    };
    let given = inputs.optional(spec.slot).filter(|factors| factors.len() > 0);
    let factors = match (given, &spec.factors) {
        (Some(factors), _) => Some(factors.as_floats()?),
        (None, Some(factors)) => Some(factors.as_slice()),
        (None, None) => None,
    };
    let unfit = |count: usize| refuse(format!("a Resize states {count} axes of {}", axes.len()));
    if let Some(factors) = factors {
        if factors.len() != axes.len() {
            return Err(unfit(factors.len()));
        }
        if factors.iter().any(|factor| !factor.is_finite() || *factor <= 0.0) {
            return Err(refuse("a Resize makes an axis as long as no number says"));
        }
        let of = |(&axis, &factor): (&usize, &f32)| {
            let input = x.shape()[axis];
            (axis, Change { input, output: (input as f32 * factor).floor() as usize, factor })
        };
        return Ok(axes.iter().zip(factors).map(of).collect());
    }
    let lengths = inputs.get(spec.slot + 1)?.as_ints()?;
    if lengths.len() != axes.len() {
        return Err(unfit(lengths.len()));
    }
    let of = |(&axis, &length): (&usize, &i64)| {
        let (input, output) = (x.shape()[axis], usize::try_from(length).ok()?);
        Some((axis, Change { input, output, factor: output as f32 / input as f32 }))
    };
    axes.iter().zip(lengths).map(of).collect::<Option<Vec<_>>>().ok_or_else(|| refuse("a Resize asks for an axis of negative length"))
}

/// One axis made as long as `change` says.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "places are cut to what is there")]
fn along(spec: &Resize, x: &Tensor, axis: usize, change: Change, budget: &mut Budget) -> Outcome<Tensor> {
    let mut shape = x.shape().to_vec();
    shape[axis] = change.output;
    let count = budget.claim(&shape)?;
    budget.claim(&[change.output, 2])?;
    let last = change.input.saturating_sub(1) as f32;
    let origins = (0..change.output).map(|place| origin(spec.coordinates, change, place as f32));
    let rounding = match spec.mode {
        Mode::Nearest(rounding) => rounding,
        Mode::Linear => {
            let taken: Vec<(usize, usize, f32)> = origins
                .map(|at| {
                    let at = at.clamp(0.0, last);
                    let low = at.floor();
                    (low as usize, (low + 1.0).min(last) as usize, at - low)
                })
                .collect();
            budget.spend(4 * count as u64)?;
            let inner = x.shape()[axis + 1..].iter().product::<usize>();
            let mut out = Vec::with_capacity(count);
            for block in x.as_floats()?.chunks_exact((change.input * inner).max(1)) {
                for &(low, high, part) in &taken {
                    let (low, high) = (&block[low * inner..][..inner], &block[high * inner..][..inner]);
                    out.extend(low.iter().zip(high).map(|(low, high)| low * (1.0 - part) + high * part));
                }
            }
            return Tensor::floats(shape, out);
        }
    };
    let places: Vec<i64> = origins.map(|at| nearest(rounding, at).clamp(0.0, last) as i64).collect();
    gather(x, &Tensor::ints(vec![places.len()], places)?, i64::try_from(axis).unwrap_or(0), budget)
}

/// The place of the input that a place of the output stands for.
fn origin(coordinates: Coordinates, change: Change, place: f32) -> f32 {
    let Change { input, output, factor } = change;
    match coordinates {
        Coordinates::AlignCorners if output > 1 => place * input.saturating_sub(1) as f32 / (output - 1) as f32,
        Coordinates::AlignCorners => 0.0,
        Coordinates::Asymmetric => place / factor,
        Coordinates::PytorchHalfPixel if output <= 1 => 0.0,
        Coordinates::HalfPixel | Coordinates::PytorchHalfPixel => (place + 0.5) / factor - 0.5,
        Coordinates::HalfPixelSymmetric => {
            let adjusted = output as f32 / (factor * input as f32);
            input as f32 / 2.0 * (1.0 - adjusted) + (place + 0.5) / factor - 0.5
        }
    }
}

fn nearest(rounding: Rounding, at: f32) -> f32 {
    match rounding {
        Rounding::Ceil => at.ceil(),
        Rounding::Floor => at.floor(),
        Rounding::HalfDown => (at - 0.5).ceil(),
        Rounding::HalfUp => (at + 0.5).floor(),
    }
}
