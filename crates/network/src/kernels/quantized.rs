//! Whole numbers that stand for others, and products of them, as onnxruntime.quantization has them.

use super::Inputs;
use super::product::matmul_of;
use super::shape::transpose;
use super::window::convolution_of;
use crate::operator::Operator;
use crate::operator::quantized::{Order, Quantized};
use crate::tensor::{Budget, Outcome, Tensor, axis_of, refuse, shown};

pub(super) fn apply(quantized: &Quantized, inputs: Inputs<'_>, budget: &mut Budget) -> Outcome<Vec<Tensor>> {
    let one = match quantized {
        Quantized::Around { operator, order, axis, bounds } => around(operator, *order, *axis, *bounds, inputs, budget)?,
        Quantized::Gemm { alpha, turned, bounds } => gemm(inputs, *alpha, *turned, *bounds, budget)?,
        Quantized::Dynamic => return dynamic(inputs.get(0)?, budget),
        Quantized::Quantize { axis, bounds } => quantize(inputs, *axis, *bounds, budget)?,
        Quantized::Dequantize { axis } => dequantize(inputs, *axis, budget)?,
        Quantized::MatMulInteger => {
            let (a, b) = (shifted(inputs.get(0)?, inputs.optional(2), Last::Row, budget)?, shifted(inputs.get(1)?, inputs.optional(3), Last::Column, budget)?);
            let (shape, sums) = matmul_of((inputs.get(0)?.shape(), &a), (inputs.get(1)?.shape(), &b), budget)?;
            whole(shape, &sums, budget)?
        }
        Quantized::ConvInteger { window, groups } => {
            let (x, w) = (shifted(inputs.get(0)?, inputs.optional(2), Last::All, budget)?, shifted(inputs.get(1)?, inputs.optional(3), Last::First, budget)?);
            let (shape, sums) = convolution_of((inputs.get(0)?.shape(), &x), (inputs.get(1)?.shape(), &w), window, *groups, budget)?;
            whole(shape, &sums, budget)?
        }
        Quantized::LinearMatMul { bounds } => {
            let (a, b) = (shifted(inputs.get(0)?, inputs.optional(2), Last::Row, budget)?, shifted(inputs.get(3)?, inputs.optional(5), Last::Column, budget)?);
            let (shape, sums) = matmul_of((inputs.get(0)?.shape(), &a), (inputs.get(3)?.shape(), &b), budget)?;
            let columns = shape.last().copied().unwrap_or(1);
            scaled(inputs, shape, &sums, (columns, 1), *bounds, budget)?
        }
        Quantized::LinearConv { window, groups, bounds } => {
            let (x, w) = (shifted(inputs.get(0)?, inputs.optional(2), Last::All, budget)?, shifted(inputs.get(3)?, inputs.optional(5), Last::First, budget)?);
            let (shape, mut sums) = convolution_of((inputs.get(0)?.shape(), &x), (inputs.get(3)?.shape(), &w), window, *groups, budget)?;
            let (filters, plane) = (shape.get(1).copied().unwrap_or(1), shape.iter().skip(2).product::<usize>().max(1));
            if let Some(bias) = inputs.optional(8) {
                let bias = bias.as_ints()?;
                if bias.len() != filters {
                    return Err(refuse(format!("{} biases for {filters} filters", bias.len())));
                }
                sums.chunks_exact_mut(plane).enumerate().for_each(|(i, plane)| plane.iter_mut().for_each(|sum| *sum += bias[i % filters] as f64));
            }
            scaled(inputs, shape, &sums, (filters, plane), *bounds, budget)?
        }
    };
    Ok(vec![one])
}

/// Another operator, whose inputs are made floating-point numbers first and whose output whole ones.
fn around(operator: &Operator, order: Order, axis: i64, bounds: [i64; 2], inputs: Inputs<'_>, budget: &mut Budget) -> Outcome<Tensor> {
    let (first, count, result) = order.slots(inputs.0.len());
    let mut taken = Vec::with_capacity(count);
    for i in 0..count {
        let triple = inputs.0.get(first + 3 * i..first + 3 * i + 3).ok_or_else(|| refuse("an input comes without its scale"))?;
        taken.push(dequantize(Inputs(triple), axis, budget)?);
    }
    let taken: Vec<Option<&Tensor>> = taken.iter().map(Some).collect();
    let made = super::one(operator, Inputs(&taken), budget)?;
    let scales = [Some(&made), inputs.optional(result), inputs.optional(result + 1)];
    quantize(Inputs(&scales), axis, bounds, budget)
}

/// alpha A B + C of whole numbers, as whole numbers or, without a scale of the result, as floating-point ones.
fn gemm(inputs: Inputs<'_>, alpha: f32, turned: [bool; 2], bounds: [i64; 2], budget: &mut Budget) -> Outcome<Tensor> {
    let turn = |x: &Tensor, turn: bool, budget: &mut Budget| transpose(x, Some(if turn { &[1, 0] } else { &[0, 1] }), budget);
    let (a, b) = (turn(inputs.get(0)?, turned[0], budget)?, turn(inputs.get(3)?, turned[1], budget)?);
    let (x, y) = (shifted(&a, inputs.optional(2), Last::All, budget)?, shifted(&b, inputs.optional(5), Last::Column, budget)?);
    let (shape, mut sums) = matmul_of((a.shape(), &x), (b.shape(), &y), budget)?;
    let columns = shape.last().copied().unwrap_or(1);
    if let Some(bias) = inputs.optional(6) {
        let bias = bias.as_ints()?;
        if ![1, columns].contains(&bias.len()) {
            return Err(refuse(format!("{} biases for {columns} columns", bias.len())));
        }
        sums.iter_mut().enumerate().for_each(|(i, sum)| *sum += bias[i % columns % bias.len()] as f64);
    }
    let (of_a, of_b) = (number(inputs.get(1)?)?, inputs.get(4)?.as_floats()?);
    if ![1, columns].contains(&of_b.len()) {
        return Err(refuse(format!("{} scales for {columns} columns", of_b.len())));
    }
    budget.claim(&shape)?;
    let factor = |i: usize| alpha * of_a * of_b[i % columns % of_b.len()];
    let Some(of_y) = inputs.optional(7) else {
        return Tensor::floats(shape, sums.iter().enumerate().map(|(i, &sum)| single(sum) * factor(i)).collect());
    };
    let (of_y, zero) = (number(of_y)?, inputs.optional(8).map_or(Ok(0), zero_point)?);
    Tensor::ints(shape, sums.iter().enumerate().map(|(i, &sum)| rounded(single(sum) * (factor(i) / of_y), zero, bounds)).collect())
}

/// For which axis each zero point is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Last {
    /// One for all.
    All,
    Column,
    /// The first axis: filters.
    First,
    Row,
}

/// `x` less its zero points, in double precision, in which sums of such products are exact.
fn shifted(x: &Tensor, zeros: Option<&Tensor>, axis: Last, budget: &mut Budget) -> Outcome<Vec<f64>> {
    budget.claim(x.shape())?;
    budget.claim(x.shape())?;
    let values = x.as_ints()?;
    let Some(zeros) = zeros else { return Ok(values.iter().map(|&value| value as f64).collect()) };
    let zeros = zeros.as_ints()?;
    if let [zero] = *zeros {
        return Ok(values.iter().map(|&value| value.saturating_sub(zero) as f64).collect());
    }
    let rank = x.shape().len();
    let along = match axis {
        Last::All => None,
        Last::Column => rank.checked_sub(1),
        Last::First => Some(0),
        Last::Row => rank.checked_sub(2),
    };
    let along = along.filter(|&along| x.shape().get(along) == Some(&zeros.len()));
    let along = along.ok_or_else(|| refuse(format!("{} zero points do not fit an array of {}", zeros.len(), shown(x.shape()))))?;
    let step = x.shape()[along + 1..].iter().product::<usize>().max(1);
    Ok(values.iter().enumerate().map(|(i, &value)| value.saturating_sub(zeros[i / step % zeros.len()]) as f64).collect())
}

/// Sums as whole numbers.
#[expect(clippy::cast_possible_truncation, reason = "the sums are whole")]
fn whole(shape: Vec<usize>, sums: &[f64], budget: &mut Budget) -> Outcome<Tensor> {
    budget.claim(&shape)?;
    Tensor::ints(shape, sums.iter().map(|&sum| sum as i64).collect())
}

/// Sums of products under the scales of both factors and of the result; `count` columns or filters, each over `step` numbers.
fn scaled(inputs: Inputs<'_>, shape: Vec<usize>, sums: &[f64], (count, step): (usize, usize), bounds: [i64; 2], budget: &mut Budget) -> Outcome<Tensor> {
    let (of_a, of_b) = (number(inputs.get(1)?)?, inputs.get(4)?.as_floats()?);
    let (of_y, zero) = (number(inputs.get(6)?)?, inputs.optional(7).map_or(Ok(0), zero_point)?);
    if ![1, count].contains(&of_b.len()) {
        return Err(refuse(format!("{} scales for {count} columns or filters", of_b.len())));
    }
    budget.claim(&shape)?;
    budget.spend(4 * sums.len() as u64)?;
    let factors: Vec<f32> = of_b.iter().map(|of_b| of_a * of_b / of_y).collect();
    let of = |(i, &sum): (usize, &f64)| rounded(single(sum) * factors[i / step % count % factors.len()], zero, bounds);
    Tensor::ints(shape, sums.iter().enumerate().map(of).collect())
}

#[expect(clippy::cast_possible_truncation, reason = "networks are run in single precision")]
fn single(x: f64) -> f32 {
    x as f32
}

/// The one number of a scale.
fn number(scale: &Tensor) -> Outcome<f32> {
    match scale.as_floats()? {
        [scale] => Ok(*scale),
        other => Err(refuse(format!("{} numbers stand where one scale belongs", other.len()))),
    }
}

fn zero_point(zero: &Tensor) -> Outcome<i64> {
    match zero.as_ints()? {
        [zero] => Ok(*zero),
        other => Err(refuse(format!("{} numbers stand where one zero point belongs", other.len()))),
    }
}

/// The nearest whole number, of two the even one, from a zero point on and within bounds.
#[expect(clippy::cast_possible_truncation, reason = "a number out of bounds is cut to them, and so is NaN")]
fn rounded(x: f32, zero: i64, [least, most]: [i64; 2]) -> i64 {
    (x.round_ties_even() as i64).saturating_add(zero).clamp(least, most)
}

/// Scales, and zero points if there are any.
struct Scales<'t> {
    by: &'t [f32],
    zeros: Option<&'t [i64]>,
    /// How many numbers in a row have the same.
    step: usize,
}

impl Scales<'_> {
    /// Those of number `i`.
    fn of(&self, i: usize) -> (f32, i64) {
        let at = i / self.step % self.by.len();
        (self.by[at], self.zeros.map_or(0, |zeros| zeros[at]))
    }
}

/// The scales of `x` in inputs 1 and 2.
fn scales(inputs: Inputs<'_>, axis: i64) -> Outcome<Scales<'_>> {
    let (x, scales, zeros) = (inputs.get(0)?, inputs.get(1)?.as_floats()?, inputs.optional(2).map(Tensor::as_ints).transpose()?);
    let step = if scales.len() == 1 { 1 } else { x.shape()[axis_of(axis, x.shape().len())? + 1..].iter().product::<usize>().max(1) };
    let fits = scales.len() == 1 || x.shape()[axis_of(axis, x.shape().len())?] == scales.len();
    if !fits || scales.is_empty() || zeros.is_some_and(|zeros| zeros.len() != scales.len()) {
        return Err(refuse(format!("{} scales do not fit an array of {}", scales.len(), shown(x.shape()))));
    }
    Ok(Scales { by: scales, zeros, step })
}

fn quantize(inputs: Inputs<'_>, axis: i64, bounds: [i64; 2], budget: &mut Budget) -> Outcome<Tensor> {
    let x = inputs.get(0)?;
    let scales = scales(inputs, axis)?;
    budget.claim(x.shape())?;
    budget.spend(4 * x.len() as u64)?;
    let of = |(i, &value): (usize, &f32)| {
        let (scale, zero) = scales.of(i);
        rounded(value / scale, zero, bounds)
    };
    Tensor::ints(x.shape().to_vec(), x.as_floats()?.iter().enumerate().map(of).collect())
}

fn dequantize(inputs: Inputs<'_>, axis: i64, budget: &mut Budget) -> Outcome<Tensor> {
    let x = inputs.get(0)?;
    let scales = scales(inputs, axis)?;
    budget.claim(x.shape())?;
    budget.spend(4 * x.len() as u64)?;
    let of = |(i, &value): (usize, &i64)| {
        let (scale, zero) = scales.of(i);
        value.saturating_sub(zero) as f32 * scale
    };
    Tensor::floats(x.shape().to_vec(), x.as_ints()?.iter().enumerate().map(of).collect())
}

/// Whole numbers from 0 to 255 for all of `x`, with their scale and zero point.
fn dynamic(x: &Tensor, budget: &mut Budget) -> Outcome<Vec<Tensor>> {
    budget.claim(x.shape())?;
    budget.spend(8 * x.len() as u64)?;
    let values = x.as_floats()?;
    let (least, most) = values.iter().fold((0.0_f32, 0.0_f32), |(least, most), &value| (least.min(value), most.max(value)));
    let scale = if most > least { (most - least) / 255.0 } else { 1.0 };
    let zero = rounded(-least / scale, 0, [0, 255]);
    let whole = values.iter().map(|&value| rounded(value / scale, zero, [0, 255])).collect();
    Ok(vec![Tensor::ints(x.shape().to_vec(), whole)?, Tensor::floats(Vec::new(), vec![scale])?, Tensor::ints(Vec::new(), vec![zero])?])
}
