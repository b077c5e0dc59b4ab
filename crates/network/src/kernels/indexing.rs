//! Numbers chosen, placed, counted and repeated.

mod chosen;
mod made;

use super::Inputs;
use super::shape::{reshape, transpose};
use crate::operator::indexing::Indexing;
use crate::tensor::{Budget, Outcome, Tensor, refuse, shown};

/// What belongs to `indexing`.
pub(super) fn apply(indexing: &Indexing, inputs: Inputs<'_>, budget: &mut Budget) -> Outcome<Vec<Tensor>> {
    let x = inputs.get(0)?;
    let one = match indexing {
        Indexing::TopK { axis, least, count } => return chosen::top(inputs, *axis, *least, *count, budget),
        Indexing::Compress { axis } => chosen::compress(x, inputs.get(1)?.as_ints()?, *axis, budget)?,
        Indexing::GatherElements { axis } => chosen::gather_elements(x, inputs.get(1)?, *axis, budget)?,
        Indexing::GatherNd { batch } => chosen::gather_nd(x, inputs.get(1)?, *batch, budget)?,
        Indexing::NonZero => chosen::non_zero(x, budget)?,
        Indexing::ScatterElements { axis, meeting } => chosen::scatter_elements(inputs, *axis, *meeting, budget)?,
        Indexing::ScatterNd { meeting } => chosen::scatter_nd(inputs, *meeting, budget)?,
        Indexing::CumSum { exclusive, reverse } => made::running_sum(inputs, *exclusive, *reverse, budget)?,
        Indexing::EyeLike { offset, whole } => made::eye(x, *offset, *whole, budget)?,
        Indexing::OneHot { axis } => made::one_hot(inputs, *axis, budget)?,
        Indexing::Range => made::range(inputs, budget)?,
        Indexing::Size => Tensor::ints(Vec::new(), vec![i64::try_from(x.len()).unwrap_or(i64::MAX)])?,
        Indexing::Tile => made::tile(x, inputs.get(1)?.as_ints()?, budget)?,
        Indexing::Trilu { upper } => made::triangle(inputs, *upper, budget)?,
        Indexing::DepthToSpace { block, columns_first } => depth_to_space(x, *block, *columns_first, budget)?,
        Indexing::SpaceToDepth { block } => space_to_depth(x, *block, budget)?,
    };
    Ok(vec![one])
}

/// `sides` as a `Reshape` and a `Transpose` and a `Reshape` again.
fn moved(x: &Tensor, split: &[usize], order: &[i64], joined: &[usize], budget: &mut Budget) -> Outcome<Tensor> {
    let signed = |sides: &[usize]| sides.iter().map(|&side| i64::try_from(side).unwrap_or(i64::MAX)).collect::<Vec<i64>>();
    let split = reshape(x, &signed(split), true, budget)?;
    let turned = transpose(&split, Some(order), budget)?;
    reshape(&turned, &signed(joined), true, budget)
}

fn images(x: &Tensor) -> Outcome<[usize; 4]> {
    <[usize; 4]>::try_from(x.shape()).map_err(|_| refuse(format!("an array of {} stands where images belong", shown(x.shape()))))
}

fn depth_to_space(x: &Tensor, block: usize, columns_first: bool, budget: &mut Budget) -> Outcome<Tensor> {
    let [count, channels, height, width] = images(x)?;
    let area = block.saturating_mul(block);
    if !channels.is_multiple_of(area) {
        return Err(refuse(format!("{channels} channels are no blocks of {block}×{block} pixels")));
    }
    let left = channels / area;
    let (split, order) = if columns_first {
        ([count, left, block, block, height, width], [0, 1, 4, 2, 5, 3])
    } else {
        ([count, block, block, left, height, width], [0, 3, 4, 1, 5, 2])
    };
    moved(x, &split, &order, &[count, left, height * block, width * block], budget)
}

fn space_to_depth(x: &Tensor, block: usize, budget: &mut Budget) -> Outcome<Tensor> {
    let [count, channels, height, width] = images(x)?;
    if !height.is_multiple_of(block) || !width.is_multiple_of(block) {
        return Err(refuse(format!("images of {height}×{width} are no blocks of {block}×{block} pixels")));
    }
    let (tall, wide) = (height / block, width / block);
    moved(x, &[count, channels, tall, block, wide, block], &[0, 3, 5, 1, 2, 4], &[count, channels * block * block, tall, wide], budget)
}
