//! Products of matrices: the one file outside the references that calls a library for numbers.

use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView2, ArrayViewMut2, ShapeError};

use super::Inputs;
use super::elementwise::{broadcast, strides};
use super::shape::Places;
use crate::tensor::{Budget, Outcome, Tensor, product, refuse, shown};

/// A matrix as it lies in memory, and whether its transpose is meant.
#[derive(Debug, Clone, Copy)]
pub(super) struct Factor<'v> {
    pub(super) values: &'v [f32],
    pub(super) rows: usize,
    pub(super) cols: usize,
    pub(super) transposed: bool,
}

impl<'v> Factor<'v> {
    /// `values` as `rows` × `cols`.
    pub(super) fn new(values: &'v [f32], rows: usize, cols: usize) -> Self {
        Self { values, rows, cols, transposed: false }
    }

    fn view(&self) -> Result<ArrayView2<'v, f32>, ShapeError> {
        let view = ArrayView2::from_shape((self.rows, self.cols), self.values)?;
        Ok(if self.transposed { view.reversed_axes() } else { view })
    }

    /// Rows and columns, after the transposition.
    fn sides(&self) -> (usize, usize) {
        if self.transposed { (self.cols, self.rows) } else { (self.rows, self.cols) }
    }
}

/// out = `scale` a b.
pub(super) fn multiply(scale: f32, a: &Factor<'_>, b: &Factor<'_>, out: &mut [f32], budget: &mut Budget) -> Outcome<()> {
    let ((rows, inner), (other, cols)) = (a.sides(), b.sides());
    if inner != other {
        return Err(refuse(format!("a matrix of {rows}×{inner} cannot be multiplied by one of {other}×{cols}")));
    }
    budget.spend(product(&[rows, inner, cols]))?;
    let unfit = |_| refuse("a matrix has not as many numbers as it should");
    let mut out = ArrayViewMut2::from_shape((rows, cols), out).map_err(unfit)?;
    general_mat_mul(scale, &a.view().map_err(unfit)?, &b.view().map_err(unfit)?, 0.0, &mut out);
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

/// The product over the last two axes; the axes before them are stretched as NumPy does, and a list is a row before a matrix, a column after.
pub(super) fn matmul(a: &Tensor, b: &Tensor, budget: &mut Budget) -> Outcome<Tensor> {
    let fault = || refuse(format!("arrays of {} and {} cannot be multiplied", shown(a.shape()), shown(b.shape())));
    let (row, column) = (a.shape().len() == 1, b.shape().len() == 1);
    let (left, right) =
        (if row { [&[1], a.shape()].concat() } else { a.shape().to_vec() }, if column { [b.shape(), &[1]].concat() } else { b.shape().to_vec() });
    let (&[ref stack @ .., rows, inner], &[ref other @ .., height, cols]) = (left.as_slice(), right.as_slice()) else { return Err(fault()) };
    let outer = broadcast(stack, other).map_err(|_| fault())?;
    let whole: Vec<usize> = outer.iter().copied().chain([rows, cols]).collect();
    let mut out = vec![0.0; budget.claim(&whole)?];
    let (x, y) = (a.as_floats()?, b.as_floats()?);
    if other.iter().all(|&side| side == 1) && other.len() <= stack.len() {
        let rows = stack.iter().product::<usize>() * rows;
        multiply(1.0, &Factor::new(x, rows, inner), &Factor::new(y, height, cols), &mut out, budget)?;
    } else {
        let (starts, others) = (Places::new(outer.clone(), strides(stack, &outer)), Places::new(outer.clone(), strides(other, &outer)));
        for ((start, other), out) in starts.zip(others).zip(out.chunks_exact_mut((rows * cols).max(1))) {
            let (Some(x), Some(y)) = (x.get(start * rows * inner..(start + 1) * rows * inner), y.get(other * height * cols..(other + 1) * height * cols))
            else {
                return Err(fault());
            };
            multiply(1.0, &Factor::new(x, rows, inner), &Factor::new(y, height, cols), out, budget)?;
        }
    }
    let sides = outer.into_iter().chain((!row).then_some(rows)).chain((!column).then_some(cols)).collect();
    Tensor::floats(sides, out)
}
