//! Products of matrices: the one file outside the references that calls a library for numbers.

use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView2, ArrayViewMut2, LinalgScalar, ShapeError};

use super::Inputs;
use super::elementwise::{broadcast, strides};
use super::shape::{Places, transpose};
use crate::tensor::{Budget, Outcome, Tensor, product, refuse, shown};

/// A matrix as it lies in memory, and whether its transpose is meant.
#[derive(Debug, Clone, Copy)]
pub(super) struct Factor<'v, T = f32> {
    pub(super) values: &'v [T],
    pub(super) rows: usize,
    pub(super) cols: usize,
    pub(super) transposed: bool,
}

impl<'v, T> Factor<'v, T> {
    /// `values` as `rows` × `cols`.
    pub(super) fn new(values: &'v [T], rows: usize, cols: usize) -> Self {
        Self { values, rows, cols, transposed: false }
    }

    fn view(&self) -> Result<ArrayView2<'v, T>, ShapeError> {
        let view = ArrayView2::from_shape((self.rows, self.cols), self.values)?;
        Ok(if self.transposed { view.reversed_axes() } else { view })
    }

    /// Rows and columns, after the transposition.
    fn sides(&self) -> (usize, usize) {
        if self.transposed { (self.cols, self.rows) } else { (self.rows, self.cols) }
    }
}

/// out = `scale` a b.
pub(super) fn multiply<T: LinalgScalar>(scale: T, a: &Factor<'_, T>, b: &Factor<'_, T>, out: &mut [T], budget: &mut Budget) -> Outcome<()> {
    let ((rows, inner), (other, cols)) = (a.sides(), b.sides());
    if inner != other {
        return Err(refuse(format!("a matrix of {rows}×{inner} cannot be multiplied by one of {other}×{cols}")));
    }
    // Twice as wide numbers take twice as long.
    budget.spend(product(&[size_of::<T>().div_ceil(4), rows, inner, cols]))?;
    let unfit = |_| refuse("a matrix has not as many numbers as it should");
    let mut out = ArrayViewMut2::from_shape((rows, cols), out).map_err(unfit)?;
    general_mat_mul(scale, &a.view().map_err(unfit)?, &b.view().map_err(unfit)?, T::zero(), &mut out);
    Ok(())
}

fn matrix(tensor: &Tensor, transposed: bool) -> Outcome<Factor<'_>> {
    match tensor.shape() {
        &[rows, cols] => Ok(Factor { values: tensor.as_floats()?, rows, cols, transposed }),
        other => Err(refuse(format!("an array {} stands where a matrix belongs", shown(other)))),
    }
}

/// alpha A B + beta C.
pub(super) fn gemm(inputs: Inputs<'_>, [alpha, beta]: [f32; 2], trans_a: bool, trans_b: bool, budget: &mut Budget) -> Outcome<Tensor> {
    let (a, b) = (matrix(inputs.get(0)?, trans_a)?, matrix(inputs.get(1)?, trans_b)?);
    let (rows, cols) = (a.sides().0, b.sides().1);
    let mut out = vec![0.0; budget.claim(&[rows, cols])?];
    multiply(alpha, &a, &b, &mut out, budget)?;
    if let Some(c) = inputs.optional(2) {
        let values = c.as_floats()?;
        let (by_row, by_col) = match *c.shape() {
            [] | [1] | [1, 1] => (0, 0),
            [width] | [1, width] if width == cols => (0, 1),
            [height, 1] if height == rows => (1, 0),
            [height, width] if (height, width) == (rows, cols) => (cols, 1),
            ref other => return Err(refuse(format!("biases of {} do not fit an output of {rows}×{cols}", shown(other)))),
        };
        for (row, out) in out.chunks_exact_mut(cols.max(1)).enumerate() {
            for (col, out) in out.iter_mut().enumerate() {
                *out += beta * values[row * by_row + col * by_col];
            }
        }
    }
    Tensor::floats(vec![rows, cols], out)
}

/// A product whose factors are turned over their last two axes first, times `alpha`.
pub(super) fn matmul_turned(inputs: Inputs<'_>, alpha: f32, [turn_a, turn_b]: [bool; 2], budget: &mut Budget) -> Outcome<Tensor> {
    let turned = |tensor: &Tensor, turn: bool, budget: &mut Budget| {
        let rank = i64::try_from(tensor.shape().len()).unwrap_or(0);
        let mut order: Vec<i64> = (0..rank).collect();
        if turn && rank > 1 {
            order.swap(tensor.shape().len() - 1, tensor.shape().len() - 2);
        }
        transpose(tensor, Some(&order), budget)
    };
    let (a, b) = (turned(inputs.get(0)?, turn_a, budget)?, turned(inputs.get(1)?, turn_b, budget)?);
    let product = matmul(&a, &b, budget)?;
    budget.claim(product.shape())?;
    Tensor::floats(product.shape().to_vec(), product.as_floats()?.iter().map(|value| alpha * value).collect())
}

/// Distances between all rows of two matrices.
pub(super) fn distances(a: &Tensor, b: &Tensor, squared: bool, budget: &mut Budget) -> Outcome<Tensor> {
    let (x, y) = (matrix(a, false)?, matrix(b, false)?);
    if x.cols != y.cols {
        return Err(refuse(format!("rows of {} and of {} numbers have no distance", x.cols, y.cols)));
    }
    let mut out = Vec::with_capacity(budget.claim(&[x.rows, y.rows])?);
    // Differences, one by one: a product of matrices would lose the digits of small distances, which decide who is nearest.
    budget.spend(product(&[4, x.rows, y.rows, x.cols]))?;
    for row in x.values.chunks_exact(x.cols.max(1)) {
        out.extend(y.values.chunks_exact(y.cols.max(1)).map(|other| {
            let square = apart(row, other);
            if squared { square } else { square.sqrt() }
        }));
    }
    Tensor::floats(vec![x.rows, y.rows], out)
}

/// The sum of squares of differences, in lanes that a processor adds at once.
fn apart(a: &[f32], b: &[f32]) -> f32 {
    const LANES: usize = 8;
    let mut sums = [0.0; LANES];
    let ((whole_a, rest_a), (whole_b, rest_b)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    for (a, b) in whole_a.iter().zip(whole_b) {
        for lane in 0..LANES {
            sums[lane] += (a[lane] - b[lane]) * (a[lane] - b[lane]);
        }
    }
    sums.iter().sum::<f32>() + rest_a.iter().zip(rest_b).map(|(a, b)| (a - b) * (a - b)).sum::<f32>()
}

/// The product over the last two axes; the axes before them are stretched as NumPy does, and a list is a row before a matrix, a column after.
pub(super) fn matmul(a: &Tensor, b: &Tensor, budget: &mut Budget) -> Outcome<Tensor> {
    let (shape, values) = matmul_of((a.shape(), a.as_floats()?), (b.shape(), b.as_floats()?), budget)?;
    Tensor::floats(shape, values)
}

/// The same of numbers of any precision, with their shape.
pub(super) fn matmul_of<T: LinalgScalar>((a, x): (&[usize], &[T]), (b, y): (&[usize], &[T]), budget: &mut Budget) -> Outcome<(Vec<usize>, Vec<T>)> {
    let fault = || refuse(format!("arrays of {} and {} cannot be multiplied", shown(a), shown(b)));
    let (row, column) = (a.len() == 1, b.len() == 1);
    let (left, right) = (if row { [&[1], a].concat() } else { a.to_vec() }, if column { [b, &[1]].concat() } else { b.to_vec() });
    let (&[ref stack @ .., rows, inner], &[ref other @ .., height, cols]) = (left.as_slice(), right.as_slice()) else { return Err(fault()) };
    let outer = broadcast(stack, other).map_err(|_| fault())?;
    let whole: Vec<usize> = outer.iter().copied().chain([rows, cols]).collect();
    let mut out = vec![T::zero(); budget.claim(&whole)?];
    if other.iter().all(|&side| side == 1) && other.len() <= stack.len() {
        let rows = stack.iter().product::<usize>() * rows;
        multiply(T::one(), &Factor::new(x, rows, inner), &Factor::new(y, height, cols), &mut out, budget)?;
    } else {
        let (starts, others) = (Places::new(outer.clone(), strides(stack, &outer)), Places::new(outer.clone(), strides(other, &outer)));
        for ((start, other), out) in starts.zip(others).zip(out.chunks_exact_mut((rows * cols).max(1))) {
            let (Some(x), Some(y)) = (x.get(start * rows * inner..(start + 1) * rows * inner), y.get(other * height * cols..(other + 1) * height * cols))
            else {
                return Err(fault());
            };
            multiply(T::one(), &Factor::new(x, rows, inner), &Factor::new(y, height, cols), out, budget)?;
        }
    }
    let sides: Vec<usize> = outer.into_iter().chain((!row).then_some(rows)).chain((!column).then_some(cols)).collect();
    Ok((sides, out))
}
