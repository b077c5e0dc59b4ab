//! Other numbers for numbers, and one column for each category.

use std::collections::BTreeMap;

use crate::operator::encoders::Labels;
use crate::tensor::{Budget, Outcome, Tensor, Values, refuse};

/// The value of each key; of a key that is listed twice the first.
pub(super) fn label(labels: &Labels, x: &Tensor, budget: &mut Budget) -> Outcome<Tensor> {
    budget.claim(x.shape())?;
    budget.claim(&[labels.keys.len()])?;
    budget.spend(16 * (x.len() + labels.keys.len()) as u64)?;
    let places: Vec<Option<usize>> = match (x.values(), &labels.keys) {
        (Values::Int(x), Values::Int(keys)) => find(x.iter().copied(), keys.iter().copied()),
        (Values::Float(x), Values::Float(keys)) => find(x.iter().copied().map(bits), keys.iter().copied().map(bits)),
        _ => return Err(refuse("its keys are whole numbers and what it encodes is not, or the other way round")),
    };
    let values = match (&labels.values, &labels.other) {
        (Values::Float(values), Values::Float(other)) => Values::Float(chosen(&places, values, other)?),
        (Values::Int(values), Values::Int(other)) => Values::Int(chosen(&places, values, other)?),
        _ => return Err(refuse("its values are of two kinds")),
    };
    Tensor::new(x.shape().to_vec(), values)
}

/// A number as bits that are equal where the numbers are; NaN equals NaN here, as in ONNX Runtime.
fn bits(x: f32) -> u32 {
    if x.is_nan() { u32::MAX } else { (x + 0.0).to_bits() }
}

fn find<T: Ord>(wanted: impl Iterator<Item = T>, keys: impl Iterator<Item = T>) -> Vec<Option<usize>> {
    let mut places = BTreeMap::new();
    for (place, key) in keys.enumerate() {
        places.entry(key).or_insert(place);
    }
    wanted.map(|key| places.get(&key).copied()).collect()
}

fn chosen<T: Copy>(places: &[Option<usize>], values: &[T], other: &[T]) -> Outcome<Vec<T>> {
    let of = |place: &Option<usize>| place.map_or(other.first(), |place| values.get(place)).copied();
    places.iter().map(of).collect::<Option<Vec<T>>>().ok_or_else(|| refuse("a key has no value"))
}

/// One column for each category, 1 where the number is it.
#[expect(clippy::cast_possible_truncation, reason = "a category is cut off to a whole number, as ONNX Runtime does")]
pub(super) fn one_hot(categories: &[i64], zeros: bool, x: &Tensor, budget: &mut Budget) -> Outcome<Tensor> {
    let shape: Vec<usize> = x.shape().iter().copied().chain([categories.len()]).collect();
    let mut out = vec![0.0; budget.claim(&shape)?];
    let found = match x.values() {
        Values::Int(x) => find(x.iter().copied(), categories.iter().copied()),
        Values::Float(x) => find(x.iter().map(|&x| x as i64), categories.iter().copied()),
    };
    for (row, place) in out.chunks_exact_mut(categories.len().max(1)).zip(found) {
        match place.and_then(|place| row.get_mut(place)) {
            Some(cell) => *cell = 1.0,
            None if zeros => {}
            None => return Err(refuse("a OneHotEncoder meets a category that it does not list")),
        }
    }
    Tensor::floats(shape, out)
}
