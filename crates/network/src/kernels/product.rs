//! Products of matrices: the one file outside the references that calls a library for numbers.

use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView2, ArrayViewMut2, ShapeError};

use super::Inputs;
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

/// The product over the last two axes: of anything with one matrix, or of two stacks of the same height.
pub(super) fn matmul(a: &Tensor, b: &Tensor, budget: &mut Budget) -> Outcome<Tensor> {
    let fault = || refuse(format!("arrays of {} and {} cannot be multiplied", shown(a.shape()), shown(b.shape())));
    let (&[ref stack @ .., rows, inner], &[ref other @ .., height, cols]) = (a.shape(), b.shape()) else { return Err(fault()) };
    let shape: Vec<usize> = stack.iter().copied().chain([rows, cols]).collect();
    let mut out = vec![0.0; budget.claim(&shape)?];
    let (x, y) = (a.as_floats()?, b.as_floats()?);
    if other.iter().all(|&side| side == 1) && other.len() <= stack.len() {
        let rows = stack.iter().product::<usize>() * rows;
        multiply(1.0, &Factor::new(x, rows, inner), &Factor::new(y, height, cols), &mut out, budget)?;
    } else if stack == other && rows * inner > 0 && height * cols > 0 {
        for ((x, y), out) in x.chunks_exact(rows * inner).zip(y.chunks_exact(height * cols)).zip(out.chunks_exact_mut(rows * cols)) {
            multiply(1.0, &Factor::new(x, rows, inner), &Factor::new(y, height, cols), out, budget)?;
        }
    } else {
        return Err(fault());
    }
    Tensor::floats(shape, out)
}
