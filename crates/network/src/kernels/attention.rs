//! Scaled dot-product attention (Vaswani et al. 2017) as one operator, out of those it stands for.

use super::Inputs;
use super::along::softmax;
use super::product::matmul;
use super::shape::{expand, reshape, transpose};
use crate::operator::attention::Attention;
use crate::tensor::{Budget, Outcome, Tensor, Values, refuse, shown};

pub(super) fn attend(spec: &Attention, inputs: Inputs<'_>, budget: &mut Budget) -> Outcome<Tensor> {
    if inputs.optional(4).is_some() || inputs.optional(5).is_some() {
        return Err(refuse("an Attention that goes on from earlier keys and values is not run"));
    }
    let flat = inputs.get(0)?.shape().len() == 3;
    let heads = |i: usize| spec.heads.map(|heads| heads[i]);
    let query = by_head(inputs.get(0)?, heads(0), budget)?;
    let (key, value) = (by_head(inputs.get(1)?, heads(1), budget)?, by_head(inputs.get(2)?, heads(1), budget)?);
    let (&[_, count, asked, width], &[_, own, there, _]) = (query.shape(), key.shape()) else { return Err(refuse("an Attention has no heads")) };
    let (key, value) = (repeated(key, own, count, budget)?, repeated(value, own, count, budget)?);
    let turned = transpose(&key, Some(&[0, 1, 3, 2]), budget)?;
    let scores = matmul(&query, &turned, budget)?;
    let scale = spec.scale.unwrap_or(1.0 / (width as f32).sqrt());
    budget.claim(scores.shape())?;
    let mut values: Vec<f32> = scores.as_floats()?.iter().map(|score| score * scale).collect();
    if let Some(mask) = inputs.optional(3) {
        let sides: Vec<i64> = scores.shape().iter().map(|&side| i64::try_from(side).unwrap_or(i64::MAX)).collect();
        let mask = expand(mask, &sides, budget)?;
        if mask.len() != values.len() {
            return Err(refuse(format!("a mask of {} does not fit scores of {}", shown(mask.shape()), shown(scores.shape()))));
        }
        match mask.values() {
            Values::Float(mask) => values.iter_mut().zip(mask).for_each(|(value, mask)| *value += mask),
            Values::Int(mask) => values.iter_mut().zip(mask).filter(|(_, seen)| **seen == 0).for_each(|(value, _)| *value = f32::NEG_INFINITY),
        }
    }
    if spec.causal {
        for (i, row) in values.chunks_exact_mut(there.max(1)).enumerate() {
            row.iter_mut().skip(i % asked.max(1) + 1).for_each(|value| *value = f32::NEG_INFINITY);
        }
    }
    let chances = softmax(&Tensor::floats(scores.shape().to_vec(), values)?, -1, false, false, budget)?;
    let seen = matmul(&chances, &value, budget)?;
    if flat {
        let together = transpose(&seen, Some(&[0, 2, 1, 3]), budget)?;
        return reshape(&together, &[0, 0, -1], false, budget);
    }
    Ok(seen)
}

/// Examples × heads × places × numbers.
fn by_head(x: &Tensor, heads: Option<usize>, budget: &mut Budget) -> Outcome<Tensor> {
    match (x.shape(), heads) {
        ([_, _, _, _], _) => {
            budget.claim(x.shape())?;
            Ok(x.clone())
        }
        ([_, _, width], Some(heads)) if width.is_multiple_of(heads) => {
            let split = reshape(x, &[0, 0, i64::try_from(heads).unwrap_or(0), -1], false, budget)?;
            transpose(&split, Some(&[0, 2, 1, 3]), budget)
        }
        (other, _) => Err(refuse(format!("an array of {} cannot be split among the heads of an Attention", shown(other)))),
    }
}

/// `x`, whose heads each serve several queries, with each as often as it serves.
fn repeated(x: Tensor, own: usize, wanted: usize, budget: &mut Budget) -> Outcome<Tensor> {
    if own == wanted {
        return Ok(x);
    }
    if own == 0 || !wanted.is_multiple_of(own) {
        return Err(refuse(format!("{own} heads of keys cannot serve {wanted} of queries")));
    }
    let times = wanted / own;
    let heads: Vec<i64> = (0..wanted).map(|head| i64::try_from(head / times).unwrap_or(0)).collect();
    super::shape::gather(&x, &Tensor::ints(vec![wanted], heads)?, 1, budget)
}
