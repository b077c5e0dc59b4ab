//! How conditions and loops are run: each pass through a graph is paid for, so that none goes on for ever.

use std::collections::BTreeMap;

use super::Inputs;
use super::shape::{concat, transpose};
use crate::graph::{Block, Value};
use crate::operator::control::{Along, Branches, Control};
use crate::tensor::{Budget, Outcome, Tensor, axis_of, refuse};

/// What a pass costs beside the operators in it.
const PASS: u64 = 50_000;

pub(super) fn apply(control: &Control, inputs: Inputs<'_>, budget: &mut Budget) -> Outcome<Vec<Tensor>> {
    let (own, outer) = inputs.0.split_at_checked(control.own).ok_or_else(|| refuse("it takes in less than it says"))?;
    let around: BTreeMap<Value, &Tensor> = control.captured.iter().zip(outer).filter_map(|(value, tensor)| Some((*value, (*tensor)?))).collect();
    // What its graphs hold is held as long as they run.
    for block in control.branches.blocks() {
        block.constants.values().try_for_each(|tensor| budget.claim(&[tensor.len()]).map(drop))?;
    }
    let own = Inputs(own);
    match &control.branches {
        Branches::If { yes, no } => {
            let branch = if truth(own.get(0)?)? { yes } else { no };
            branch.run(Vec::new(), &around, budget)
        }
        Branches::Loop(body) => repeat(body, own, &around, budget),
        Branches::Scan { body, taken, made } => scan(body, [taken, made], own, &around, budget),
    }
}

/// What an array takes beside its numbers, in numbers.
const ARRAY: usize = 16;

/// A condition, which is one number.
fn truth(condition: &Tensor) -> Outcome<bool> {
    match condition.as_ints()? {
        [condition] => Ok(*condition != 0),
        other => Err(refuse(format!("{} numbers stand where a condition belongs", other.len()))),
    }
}

/// A copy that the budget counts.
fn copy(tensor: &Tensor, budget: &mut Budget) -> Outcome<Tensor> {
    budget.claim(tensor.shape())?;
    Ok(tensor.clone())
}

/// As often as a number says, or as long as a condition holds.
fn repeat(body: &Block, own: Inputs<'_>, around: &BTreeMap<Value, &Tensor>, budget: &mut Budget) -> Outcome<Vec<Tensor>> {
    let most = match own.optional(0).map(Tensor::as_ints).transpose()? {
        None => None,
        Some([most]) => Some(*most),
        Some(other) => return Err(refuse(format!("{} numbers say how often a loop is run", other.len()))),
    };
    let mut goes_on = own.optional(1).map_or(Ok(true), truth)?;
    let count = own.0.len().saturating_sub(2);
    if body.inputs.len() != count + 2 || body.outputs.len() <= count {
        return Err(refuse(format!("the graph of a loop over {count} arrays takes in {} and makes {}", body.inputs.len(), body.outputs.len())));
    }
    let mut carried = (0..count).map(|i| copy(own.get(i + 2)?, budget)).collect::<Outcome<Vec<Tensor>>>()?;
    let mut slices: Vec<Vec<Tensor>> = vec![Vec::new(); body.outputs.len() - 1 - count];
    let mut pass = 0_i64;
    while goes_on && most.is_none_or(|most| pass < most) {
        budget.spend(PASS)?;
        budget.claim(&[2])?;
        let head = [Tensor::ints(Vec::new(), vec![pass])?, Tensor::ints(Vec::new(), vec![1])?];
        let mut made = body.run(head.into_iter().chain(carried).collect(), around, budget)?.into_iter();
        let condition = made.next().ok_or_else(|| refuse("the graph of a loop makes nothing"))?;
        goes_on = truth(&condition)?;
        budget.settle(budget.live().saturating_sub(condition.len()));
        carried = made.by_ref().take(count).collect();
        slices.iter_mut().zip(made).for_each(|(slices, slice)| slices.push(slice));
        budget.claim(&[ARRAY, slices.len()])?;
        pass += 1;
    }
    for slices in slices {
        carried.push(stacked(&slices, Along { axis: 0, backward: false }, budget)?);
    }
    Ok(carried)
}

/// Once for each slice of some arrays.
fn scan(body: &Block, [taken, made]: [&[Along]; 2], own: Inputs<'_>, around: &BTreeMap<Value, &Tensor>, budget: &mut Budget) -> Outcome<Vec<Tensor>> {
    let states = body.inputs.len().saturating_sub(taken.len());
    if own.0.len() != body.inputs.len() {
        return Err(refuse(format!("a Scan whose graph takes in {} arrays has {}", body.inputs.len(), own.0.len())));
    }
    let mut carried = (0..states).map(|i| copy(own.get(i)?, budget)).collect::<Outcome<Vec<Tensor>>>()?;
    let arrays = (states..own.0.len()).map(|i| own.get(i)).collect::<Outcome<Vec<&Tensor>>>()?;
    let axes = arrays.iter().zip(taken).map(|(array, along)| axis_of(along.axis, array.shape().len())).collect::<Outcome<Vec<usize>>>()?;
    let lengths: Vec<usize> = arrays.iter().zip(&axes).map(|(array, &axis)| array.shape()[axis]).collect();
    let length = lengths.first().copied().unwrap_or(0);
    if lengths.iter().any(|&other| other != length) {
        return Err(refuse(format!("a Scan goes through arrays of the lengths {lengths:?}")));
    }
    let mut slices: Vec<Vec<Tensor>> = vec![Vec::new(); made.len()];
    for pass in 0..length {
        budget.spend(PASS)?;
        let mut inputs = carried;
        for ((array, &axis), along) in arrays.iter().zip(&axes).zip(taken) {
            inputs.push(slice(array, axis, if along.backward { length - 1 - pass } else { pass }, budget)?);
        }
        let mut results = body.run(inputs, around, budget)?.into_iter();
        carried = results.by_ref().take(states).collect();
        slices.iter_mut().zip(results).for_each(|(slices, slice)| slices.push(slice));
        budget.claim(&[ARRAY, slices.len()])?;
    }
    for (slices, along) in slices.into_iter().zip(made) {
        carried.push(stacked(&slices, *along, budget)?);
    }
    Ok(carried)
}

/// One place of an axis, without the axis.
fn slice(x: &Tensor, axis: usize, place: usize, budget: &mut Budget) -> Outcome<Tensor> {
    let (length, inner) = (x.shape()[axis], x.shape()[axis + 1..].iter().product::<usize>());
    let blocks = x.shape()[..axis].iter().product::<usize>();
    let shape: Vec<usize> = x.shape().iter().enumerate().filter(|(i, _)| *i != axis).map(|(_, &side)| side).collect();
    budget.claim(&shape)?;
    x.gathered(shape, (0..blocks).map(|block| (block * length + place) * inner), inner)
}

/// Slices of one shape along a new axis.
fn stacked(slices: &[Tensor], along: Along, budget: &mut Budget) -> Outcome<Tensor> {
    let Some(first) = slices.first() else { return Tensor::floats(vec![0], Vec::new()) };
    if slices.iter().any(|slice| slice.shape() != first.shape()) {
        return Err(refuse("the slices that a loop makes differ in shape"));
    }
    let own: usize = slices.iter().map(Tensor::len).sum();
    let mut lifted = Vec::with_capacity(slices.len());
    for slice in slices {
        budget.claim(slice.shape())?;
        lifted.push(slice.reshaped([&[1], slice.shape()].concat())?);
    }
    if along.backward {
        lifted.reverse();
    }
    let parts: Vec<Option<&Tensor>> = lifted.iter().map(Some).collect();
    let joined = concat(Inputs(&parts), 0, budget)?;
    let rank = joined.shape().len();
    let axis = axis_of(along.axis, rank)?;
    let moved = if axis == 0 {
        joined
    } else {
        // The first axis goes to its place, the others keep their order.
        let mut order: Vec<i64> = (1..i64::try_from(rank).unwrap_or(1)).collect();
        order.insert(axis, 0);
        transpose(&joined, Some(&order), budget)?
    };
    // The slices are gone once they are one array.
    budget.settle(budget.live().saturating_sub(own + own + ARRAY * slices.len()));
    Ok(moved)
}
