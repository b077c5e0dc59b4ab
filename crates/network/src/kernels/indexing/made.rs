//! Arrays that are made of a few numbers.

use super::super::Inputs;
use super::super::elementwise::strides;
use super::super::shape::Places;
use crate::tensor::{Budget, Outcome, Tensor, Values, axis_of, refuse, shown};

/// The one number of `tensor`.
fn whole(tensor: &Tensor, what: &str) -> Outcome<i64> {
    match tensor.as_ints()? {
        [number] => Ok(*number),
        other => Err(refuse(format!("{} numbers stand where {what} belongs", other.len()))),
    }
}

/// Sums of all before a place along an axis, with it or without.
pub(super) fn running_sum(inputs: Inputs<'_>, exclusive: bool, reverse: bool, budget: &mut Budget) -> Outcome<Tensor> {
    fn along<T: Copy + Default>(values: &[T], [length, step]: [usize; 2], [exclusive, reverse]: [bool; 2], add: impl Fn(T, T) -> T) -> Vec<T> {
        let mut out = values.to_vec();
        for block in out.chunks_exact_mut((length * step).max(1)) {
            for offset in 0..step {
                let mut sum = T::default();
                for i in 0..length {
                    let at = offset + step * if reverse { length - 1 - i } else { i };
                    let next = add(sum, block[at]);
                    block[at] = if exclusive { sum } else { next };
                    sum = next;
                }
            }
        }
        out
    }
    let x = inputs.get(0)?;
    let axis = axis_of(whole(inputs.get(1)?, "an axis")?, x.shape().len())?;
    budget.claim(x.shape())?;
    budget.spend(2 * x.len() as u64)?;
    let (sides, ways) = ([x.shape()[axis], x.shape()[axis + 1..].iter().product::<usize>()], [exclusive, reverse]);
    let values = match x.values() {
        Values::Float(values) => Values::Float(along(values, sides, ways, |a, b| a + b)),
        Values::Int(values) => Values::Int(along(values, sides, ways, i64::wrapping_add)),
    };
    Tensor::new(x.shape().to_vec(), values)
}

/// A matrix of the shape of `x` with 1 on a diagonal.
pub(super) fn eye(x: &Tensor, offset: i64, whole: Option<bool>, budget: &mut Budget) -> Outcome<Tensor> {
    let &[rows, cols] = x.shape() else { return Err(refuse(format!("an array of {} has no diagonal", shown(x.shape())))) };
    let count = budget.claim(x.shape())?;
    let on = |i: usize| i64::try_from(i % cols).ok().zip(i64::try_from(i / cols).ok()).is_some_and(|(col, row)| col.checked_sub(row) == Some(offset));
    let values = if whole.unwrap_or(matches!(x.values(), Values::Int(_))) {
        Values::Int((0..count).map(|i| i64::from(on(i))).collect())
    } else {
        Values::Float((0..count).map(|i| f32::from(on(i))).collect())
    };
    Tensor::new(vec![rows, cols], values)
}

/// One of two numbers at the places that indices name, along a new axis; the other elsewhere.
#[expect(clippy::cast_possible_truncation, reason = "an index is cut off to a whole number, as ONNX Runtime does")]
pub(super) fn one_hot(inputs: Inputs<'_>, axis: i64, budget: &mut Budget) -> Outcome<Tensor> {
    fn fill<T: Copy>(shape: &[usize], axis: usize, places: &[Option<usize>], [off, on]: [T; 2], count: usize) -> Vec<T> {
        let mut out = vec![off; count];
        let (depth, inner) = (shape[axis], shape[axis + 1..].iter().product::<usize>().max(1));
        for (i, place) in places.iter().enumerate() {
            if let Some(cell) = place.and_then(|place| out.get_mut((i / inner * depth + place) * inner + i % inner)) {
                *cell = on;
            }
        }
        out
    }
    let (indices, depth, values) = (inputs.get(0)?, inputs.get(1)?, inputs.get(2)?);
    let rank = indices.shape().len() + 1;
    let axis = axis_of(axis, rank)?;
    let depth = match depth.values() {
        Values::Float(list) => list.first().map(|&depth| depth as i64),
        Values::Int(list) => list.first().copied(),
    };
    let depth = depth.and_then(|depth| usize::try_from(depth).ok()).filter(|&depth| depth > 0).ok_or_else(|| refuse("a OneHot has no depth"))?;
    let mut shape = indices.shape().to_vec();
    shape.insert(axis, depth);
    let count = budget.claim(&shape)?;
    budget.claim(indices.shape())?;
    let place = |index: i64| axis_of(index, depth).ok();
    let places: Vec<Option<usize>> = match indices.values() {
        Values::Float(list) => list.iter().map(|&index| place(index as i64)).collect(),
        Values::Int(list) => list.iter().map(|&index| place(index)).collect(),
    };
    let values = match values.values() {
        Values::Float(list) => Values::Float(fill(&shape, axis, &places, pair(list)?, count)),
        Values::Int(list) => Values::Int(fill(&shape, axis, &places, pair(list)?, count)),
    };
    Tensor::new(shape, values)
}

fn pair<T: Copy>(list: &[T]) -> Outcome<[T; 2]> {
    <[T; 2]>::try_from(list).map_err(|_| refuse("a OneHot has not two values"))
}

/// Numbers from one to before another, a step apart.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the length is claimed from the budget, whatever it is")]
pub(super) fn range(inputs: Inputs<'_>, budget: &mut Budget) -> Outcome<Tensor> {
    let (start, limit, step) = (inputs.get(0)?, inputs.get(1)?, inputs.get(2)?);
    if [start, limit, step].iter().any(|tensor| tensor.len() != 1) {
        return Err(refuse("a Range goes from one number to another by one step"));
    }
    if let (Values::Float(start), Values::Float(limit), Values::Float(step)) = (start.values(), limit.values(), step.values()) {
        let length = ((f64::from(limit[0]) - f64::from(start[0])) / f64::from(step[0])).ceil();
        if !length.is_finite() {
            return Err(refuse("a Range never ends"));
        }
        let length = budget.claim(&[length.max(0.0) as usize])?;
        let values = (0..length).map(|i| start[0] + i as f32 * step[0]).collect();
        return Tensor::floats(vec![length], values);
    }
    let [start, limit, step] = [whole(start, "a start")?, whole(limit, "an end")?, whole(step, "a step")?];
    let apart = i128::from(limit) - i128::from(start);
    let length = match step {
        0 => return Err(refuse("a Range never ends")),
        step if (apart > 0) != (step > 0) => 0,
        step => apart.unsigned_abs().div_ceil(u128::from(step.unsigned_abs())),
    };
    let length = budget.claim(&[usize::try_from(length).unwrap_or(usize::MAX)])?;
    let values = (0..length).map(|i| start.wrapping_add(step.wrapping_mul(i64::try_from(i).unwrap_or(i64::MAX)))).collect();
    Tensor::ints(vec![length], values)
}

/// `x` next to itself, along each axis as often as `times` says.
pub(super) fn tile(x: &Tensor, times: &[i64], budget: &mut Budget) -> Outcome<Tensor> {
    let rank = x.shape().len();
    if times.len() != rank {
        return Err(refuse(format!("a Tile repeats {} axes of an array of {rank}", times.len())));
    }
    let times = times.iter().map(|&times| usize::try_from(times).ok()).collect::<Option<Vec<usize>>>();
    let times = times.ok_or_else(|| refuse("a Tile repeats an axis less than no time"))?;
    let shape: Vec<usize> = x.shape().iter().zip(&times).map(|(&side, &times)| side.saturating_mul(times)).collect();
    budget.claim(&shape)?;
    if shape.contains(&0) {
        return x.gathered(shape, std::iter::empty(), 1);
    }
    // Each axis is two: one that repeats without moving, and its own.
    let own = strides(x.shape(), x.shape());
    let sides: Vec<usize> = times.iter().zip(x.shape()).flat_map(|(&times, &side)| [times, side]).collect();
    let steps: Vec<usize> = own.iter().flat_map(|&step| [0, step]).collect();
    x.gathered(shape, Places::new(sides, steps), 1)
}

/// What lies on and above a diagonal of each matrix, or on and below it; 0 elsewhere.
pub(super) fn triangle(inputs: Inputs<'_>, upper: bool, budget: &mut Budget) -> Outcome<Tensor> {
    let x = inputs.get(0)?;
    let offset = inputs.optional(1).map_or(Ok(0), |tensor| whole(tensor, "a diagonal"))?;
    let &[.., rows, cols] = x.shape() else { return Err(refuse(format!("an array of {} has no diagonal", shown(x.shape())))) };
    budget.claim(x.shape())?;
    let signed = |at: usize| i64::try_from(at).unwrap_or(i64::MAX);
    let stays = |i: usize| {
        let apart = signed(i % cols) - signed(i / cols % rows);
        if upper { apart >= offset } else { apart <= offset }
    };
    let values = match x.values() {
        Values::Float(values) => Values::Float(values.iter().enumerate().map(|(i, &value)| if stays(i) { value } else { 0.0 }).collect()),
        Values::Int(values) => Values::Int(values.iter().enumerate().map(|(i, &value)| if stays(i) { value } else { 0 }).collect()),
    };
    Tensor::new(x.shape().to_vec(), values)
}
