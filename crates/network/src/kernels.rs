//! What each operator computes. Every array is claimed from the budget before it is made, and every index is checked or within a shape.

mod along;
mod attention;
mod classical;
mod control;
mod einsum;
mod elementwise;
mod encoders;
mod indexing;
mod logic;
mod machines;
mod normalization;
mod pad;
mod product;
mod quantized;
mod recurrent;
mod resize;
mod shape;
mod transposed;
mod trees;
mod window;

use super::operator::{Operator, Unary};
use super::tensor::{Budget, Outcome, Tensor, refuse};

/// The inputs of a node; some may be left out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Inputs<'t>(pub(super) &'t [Option<&'t Tensor>]);

impl<'t> Inputs<'t> {
    /// Input `i`, which has to be there.
    fn get(self, i: usize) -> Outcome<&'t Tensor> {
        self.optional(i).ok_or_else(|| refuse(format!("its input {} is missing", i + 1)))
    }

    /// Input `i`, if it is there.
    fn optional(self, i: usize) -> Option<&'t Tensor> {
        self.0.get(i).copied().flatten()
    }

    /// The whole numbers of input `i`, or `attribute`, where older files have them.
    fn ints_or(self, i: usize, attribute: Option<&[i64]>) -> Outcome<Option<Vec<i64>>> {
        match (self.optional(i), attribute) {
            (Some(tensor), _) => Ok(Some(tensor.as_ints()?.to_vec())),
            (None, attribute) => Ok(attribute.map(<[i64]>::to_vec)),
        }
    }
}

/// The outputs of `operator` for `inputs`.
pub(super) fn apply(operator: &Operator, inputs: Inputs<'_>, budget: &mut Budget) -> Outcome<Vec<Tensor>> {
    pass(inputs.0.len(), budget)?;
    match operator {
        Operator::Classical(classical) => classical::apply(classical, inputs, budget),
        Operator::Control(control) => control::apply(control, inputs, budget),
        Operator::Indexing(indexing) => indexing::apply(indexing, inputs, budget),
        Operator::Quantized(quantized) => quantized::apply(quantized, inputs, budget),
        Operator::Recurrent(recurrent) => recurrent::apply(recurrent, inputs, budget),
        Operator::Split { axis, lengths, parts } => shape::split(inputs, *axis, lengths.as_deref(), *parts, budget),
        single => one(single, inputs, budget).map(|output| vec![output]),
    }
}

/// Each number of `x` by itself, in the room of an array that nobody needs any more.
pub(super) fn in_place(unary: Unary, x: Tensor, budget: &mut Budget) -> Outcome<Tensor> {
    pass(1, budget)?;
    elementwise::unary(unary, x, budget)
}

/// What passing through a node costs, however small it is.
fn pass(inputs: usize, budget: &mut Budget) -> Outcome<()> {
    budget.spend(1_000 + 20 * inputs as u64)
}

/// The output of an operator that has one.
fn one(operator: &Operator, inputs: Inputs<'_>, budget: &mut Budget) -> Outcome<Tensor> {
    match operator {
        Operator::Classical(_) | Operator::Control(_) | Operator::Indexing(_) | Operator::Quantized(_) | Operator::Recurrent(_) | Operator::Split { .. } => {
            Err(refuse("it has several outputs"))
        }
        Operator::Compare(comparison) => logic::compare(*comparison, inputs.get(0)?, inputs.get(1)?, budget),
        Operator::Attention(spec) => attention::attend(spec, inputs, budget),
        Operator::CastLike => {
            let whole = inputs.get(1)?.as_ints().is_ok();
            elementwise::cast(inputs.get(0)?, whole, false, budget)
        }
        Operator::ConvTranspose { window, groups, extra } => transposed::transposed(inputs, window, *groups, *extra, budget),
        Operator::Distances { squared } => product::distances(inputs.get(0)?, inputs.get(1)?, *squared, budget),
        Operator::Einsum(equation) => einsum::einsum(equation, inputs, budget),
        Operator::Hardmax { axis, to_the_end } => along::hardmax(inputs.get(0)?, *axis, *to_the_end, budget),
        Operator::Is { nan, above, below } => logic::is(inputs.get(0)?, *nan, [*above, *below], budget),
        Operator::MatMulTurned { alpha, trans_a, trans_b } => product::matmul_turned(inputs, *alpha, [*trans_a, *trans_b], budget),
        Operator::Normalization(normalization) => normalization::apply(normalization, inputs, budget),
        Operator::PoolNorm { window, p } => window::norm(inputs.get(0)?, window, *p, budget),
        Operator::Resize(spec) => resize::resize(spec, inputs, budget),
        Operator::Where => logic::choose(inputs, budget),
        Operator::Expand => shape::expand(inputs.get(0)?, inputs.get(1)?.as_ints()?, budget),
        Operator::ConstantOfShape(value) => logic::constant_of_shape(inputs.get(0)?.as_ints()?, value, budget),
        Operator::LayerNormalization { axis, epsilon } => along::layer_normalization(inputs, *axis, *epsilon, budget),
        Operator::Mean => elementwise::mean(inputs, budget),
        Operator::Constant(tensor) => {
            budget.claim(tensor.shape())?;
            Ok(tensor.clone())
        }
        Operator::Identity => {
            let x = inputs.get(0)?;
            budget.claim(x.shape())?;
            Ok(x.clone())
        }
        Operator::Unary(unary) => elementwise::unary(*unary, inputs.get(0)?.clone(), budget),
        Operator::Binary(binary) => elementwise::fold(*binary, inputs, budget),
        Operator::Clip { least, most } => elementwise::clip(inputs, *least, *most, budget),
        Operator::Cast { to_int, to_bool } => elementwise::cast(inputs.get(0)?, *to_int, *to_bool, budget),
        Operator::Gemm { alpha, beta, trans_a, trans_b } => product::gemm(inputs, [*alpha, *beta], *trans_a, *trans_b, budget),
        Operator::MatMul => product::matmul(inputs.get(0)?, inputs.get(1)?, budget),
        Operator::Conv { window, groups } => window::convolution(inputs, window, *groups, budget),
        Operator::Pool { window, average, count_padding } => window::pool(inputs.get(0)?, window, *average, *count_padding, budget),
        Operator::GlobalPool(reduction) => along::global(inputs.get(0)?, *reduction, budget),
        Operator::BatchNormalization { epsilon } => along::batch_normalization(inputs, *epsilon, budget),
        Operator::Softmax { axis, log, to_the_end } => along::softmax(inputs.get(0)?, *axis, *log, *to_the_end, budget),
        Operator::ArgMax { axis, keep, least, last } => along::argmax(inputs.get(0)?, *axis, *keep, [*least, *last], budget),
        Operator::Reduce { reduction, axes, keep, none_is_all } => {
            let axes = inputs.ints_or(1, axes.as_deref())?.filter(|axes| !axes.is_empty());
            if axes.is_none() && !none_is_all {
                return Ok(inputs.get(0)?.clone());
            }
            along::reduce(inputs.get(0)?, *reduction, axes.as_deref(), *keep, budget)
        }
        Operator::Flatten { axis } => shape::flatten(inputs.get(0)?, *axis, budget),
        Operator::Reshape { zero_is_zero } => shape::reshape(inputs.get(0)?, inputs.get(1)?.as_ints()?, *zero_is_zero, budget),
        Operator::Transpose { order } => shape::transpose(inputs.get(0)?, order.as_deref(), budget),
        Operator::Squeeze { axes } => shape::squeeze(inputs.get(0)?, inputs.ints_or(1, axes.as_deref())?.as_deref(), budget),
        Operator::Unsqueeze { axes } => shape::unsqueeze(inputs.get(0)?, &inputs.ints_or(1, axes.as_deref())?.unwrap_or_default(), budget),
        Operator::Concat { axis } => shape::concat(inputs, *axis, budget),
        Operator::Shape { start, end } => shape::shape(inputs.get(0)?, *start, *end),
        Operator::Gather { axis } => shape::gather(inputs.get(0)?, inputs.get(1)?, *axis, budget),
        Operator::Slice { starts, ends, axes } => shape::slice(inputs, starts.as_deref(), ends, axes.as_deref(), budget),
        Operator::Pad { pads, value, mode } => pad::pad(inputs, pads.as_deref(), *value, *mode, budget),
    }
}
