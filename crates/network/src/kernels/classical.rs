//! What the operators of `ai.onnx.ml` compute, row by row.

use super::product::{Factor, multiply};
use super::{Inputs, encoders, machines, trees};
use crate::operator::classical::{Classical, Linear, Norm, Transform};
use crate::tensor::{Budget, Outcome, Tensor, Values, axis_of, refuse, shown};

pub(super) fn apply(operator: &Classical, inputs: Inputs<'_>, budget: &mut Budget) -> Outcome<Vec<Tensor>> {
    let x = inputs.get(0)?;
    let one = match operator {
        Classical::Extract => extract(x, inputs.get(1)?, budget)?,
        Classical::Labels(labels) => encoders::label(labels, x, budget)?,
        Classical::OneHot { categories, zeros } => encoders::one_hot(categories, *zeros, x, budget)?,
        Classical::Machine(machine) => return machines::apply(machine, x, budget),
        Classical::Linear(linear) => return self::linear(linear, x, budget),
        Classical::Trees(trees) => return trees::apply(trees, x, budget),
        Classical::Binarizer(threshold) => by_row(x, budget, |row| row.iter_mut().for_each(|value| *value = f32::from(*value > *threshold)))?,
        Classical::Normalizer(norm) => by_row(x, budget, |row| normalize(*norm, row))?,
        Classical::Imputer { values, replaced } => {
            fits(x, values)?;
            // What is missing may be written as NaN, which equals nothing.
            let missing = |value: f32| if replaced.is_nan() { value.is_nan() } else { value.total_cmp(replaced).is_eq() };
            by_row(x, budget, |row| {
                for (i, value) in row.iter_mut().enumerate().filter(|(_, value)| missing(**value)) {
                    *value = values[if values.len() == 1 { 0 } else { i }];
                }
            })?
        }
        Classical::Scaler { offset, scale } => {
            fits(x, offset)?;
            fits(x, scale)?;
            by_row(x, budget, |row| {
                for (i, value) in row.iter_mut().enumerate() {
                    let of = |list: &[f32]| list[if list.len() == 1 { 0 } else { i }];
                    *value = (*value - of(offset)) * of(scale);
                }
            })?
        }
    };
    Ok(vec![one])
}

/// Rows and columns; a single row may come without an axis for the rows.
pub(super) fn rows(x: &Tensor) -> Outcome<(usize, usize)> {
    match *x.shape() {
        [cols] if cols > 0 => Ok((1, cols)),
        [rows, cols] => Ok((rows, cols)),
        ref other => Err(refuse(format!("an array {} stands where rows of features belong", shown(other)))),
    }
}

/// Whether there is a number for each column, or one for all.
fn fits(x: &Tensor, list: &[f32]) -> Outcome<()> {
    let (_, cols) = rows(x)?;
    if list.len() == 1 || list.len() == cols { Ok(()) } else { Err(refuse(format!("{} numbers are listed for {cols} features", list.len()))) }
}

fn by_row(x: &Tensor, budget: &mut Budget, change: impl Fn(&mut [f32])) -> Outcome<Tensor> {
    let (_, cols) = rows(x)?;
    budget.claim(x.shape())?;
    budget.spend(4 * x.len() as u64)?;
    let mut values = x.as_floats()?.to_vec();
    values.chunks_exact_mut(cols.max(1)).for_each(change);
    Tensor::floats(x.shape().to_vec(), values)
}

/// A row of norm 0 stays as it is.
fn normalize(norm: Norm, row: &mut [f32]) {
    let size: f32 = match norm {
        Norm::L1 => row.iter().map(|value| value.abs()).sum(),
        Norm::L2 => row.iter().map(|value| value * value).sum::<f32>().sqrt(),
        Norm::Max => row.iter().copied().fold(f32::NEG_INFINITY, f32::max),
    };
    if size.abs() > 0.0 {
        for value in row {
            *value /= size;
        }
    }
}

/// The places `chosen` of the last axis.
fn extract(x: &Tensor, chosen: &Tensor, budget: &mut Budget) -> Outcome<Tensor> {
    let cols = *x.shape().last().ok_or_else(|| refuse("a single number has no columns to choose"))?;
    let places = chosen.as_ints()?.iter().map(|&place| axis_of(place, cols)).collect::<Outcome<Vec<usize>>>()?;
    let rows = x.len() / cols.max(1);
    // A list gives one row, as ONNX Runtime has it.
    let outer = if x.shape().len() == 1 { vec![1] } else { x.shape()[..x.shape().len() - 1].to_vec() };
    let shape: Vec<usize> = outer.into_iter().chain([places.len()]).collect();
    budget.claim(&shape)?;
    x.gathered(shape, (0..rows).flat_map(|row| places.iter().map(move |place| row * cols + place)), 1)
}

fn linear(linear: &Linear, x: &Tensor, budget: &mut Budget) -> Outcome<Vec<Tensor>> {
    let (count, cols) = rows(x)?;
    let targets = linear.targets;
    let mut scores = vec![0.0; budget.claim(&[count, targets])?];
    let coefficients = Factor { values: &linear.coefficients, rows: targets, cols: linear.coefficients.len() / targets, transposed: true };
    multiply(1.0, &Factor::new(x.as_floats()?, count, cols), &coefficients, &mut scores, budget)?;
    if !linear.intercepts.is_empty() {
        for row in scores.chunks_exact_mut(targets) {
            row.iter_mut().zip(&linear.intercepts).for_each(|(score, intercept)| *score += intercept);
        }
    }
    let Some(classes) = &linear.classes else {
        let mut scores = scores;
        scores.chunks_exact_mut(targets).for_each(|row| transformed(linear.transform, row));
        return Ok(vec![Tensor::floats(vec![count, targets], scores)?]);
    };
    if targets == 1 {
        // One row of coefficients for two classes: the second above 0. ONNX Runtime's scores without LOGISTIC, 1 − s and s, do not say so.
        budget.claim(&[count, 2])?;
        let two = |score: &f32| if linear.transform == Transform::Logistic { [logistic(-score), logistic(*score)] } else { [0.0, *score] };
        return labelled(count, scores.iter().flat_map(two).collect(), classes, budget);
    }
    scores.chunks_exact_mut(targets).for_each(|row| transformed(linear.transform, row));
    labelled(count, scores, classes, budget)
}

/// The classes of the greatest of `scores`, and the scores.
pub(super) fn labelled(count: usize, scores: Vec<f32>, classes: &[i64], budget: &mut Budget) -> Outcome<Vec<Tensor>> {
    budget.claim(&[count])?;
    let best = |row: &[f32]| (0..row.len()).reduce(|best, i| if row[i] > row[best] { i } else { best }).unwrap_or(0);
    let labels = scores.chunks_exact(classes.len().max(1)).map(|row| classes.get(best(row)).copied().unwrap_or(-1)).collect();
    Ok(vec![Tensor::new(vec![count], Values::Int(labels))?, Tensor::floats(vec![count, classes.len()], scores)?])
}

pub(super) fn logistic(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

/// The quantile of the normal distribution, as near as ONNX Runtime finds it (Winitzki 2008).
fn probit(chance: f32) -> f32 {
    let x = 2.0 * chance - 1.0;
    let log = ((1.0 - x) * (1.0 + x)).ln();
    let half = 2.0 / (std::f32::consts::PI * 0.147) + 0.5 * log;
    std::f32::consts::SQRT_2 * (-half + (half * half - log / 0.147).sqrt()).sqrt().copysign(x)
}

/// `post_transform` of one row.
pub(super) fn transformed(transform: Transform, row: &mut [f32]) {
    match transform {
        Transform::None => {}
        Transform::Probit => row.iter_mut().for_each(|score| *score = probit(*score)),
        Transform::Logistic => row.iter_mut().for_each(|score| *score = logistic(*score)),
        Transform::Softmax | Transform::SoftmaxZero => {
            let greatest = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let counts = |score: f32| transform == Transform::Softmax || score.abs() > 1e-7;
            let mut sum = 0.0;
            for score in row.iter_mut() {
                *score = if counts(*score) { (*score - greatest).exp() } else { 0.0 };
                sum += *score;
            }
            if sum > 0.0 {
                for score in row {
                    *score /= sum;
                }
            }
        }
    }
}
