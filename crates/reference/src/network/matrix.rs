//! The numbers of a tensor as a matrix, and products of matrices.
//!
//! The products are `ndarray`'s, on one thread. candle's own take as many threads as the machine has, for each of the trainings that
//! run side by side; on matrices of the size of a mini-batch they were up to half as fast on one core.

use candle_core::{CpuStorage, Device, Layout, Result, Storage, Tensor, bail};
use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView1, ArrayView2, ArrayViewMut2};

/// The numbers of a tensor that lie side by side.
pub(super) fn numbers<'s>(storage: &'s CpuStorage, layout: &Layout) -> Result<&'s [f32]> {
    let Some((start, end)) = layout.contiguous_offsets() else { bail!("the numbers of a tensor do not lie side by side") };
    Ok(&storage.as_slice::<f32>()?[start..end])
}

/// Gives `work` the numbers of each of `tensors`, without a copy.
pub(super) fn with_numbers<const N: usize, T>(tensors: [&Tensor; N], work: impl FnOnce([&[f32]; N]) -> Result<T>) -> Result<T> {
    let guards = tensors.map(Tensor::storage_and_layout);
    let mut slices: [&[f32]; N] = [&[]; N];
    for (slice, (storage, layout)) in slices.iter_mut().zip(&guards) {
        let Storage::Cpu(storage) = &**storage else { bail!("a tensor is not in main memory") };
        *slice = numbers(storage, layout)?;
    }
    work(slices)
}

/// The tensor of `rows` × `cols` with these `values`.
pub(super) fn tensor(values: Vec<f32>, rows: usize, cols: usize) -> Result<Tensor> {
    Tensor::from_vec(values, (rows, cols), &Device::Cpu)
}

/// A matrix over `values`, row by row.
pub(super) fn matrix(values: &[f32], rows: usize, cols: usize) -> Result<ArrayView2<'_, f32>> {
    ArrayView2::from_shape((rows, cols), values).map_err(candle_core::Error::wrap)
}

/// The same, to write into.
pub(super) fn matrix_mut(values: &mut [f32], rows: usize, cols: usize) -> Result<ArrayViewMut2<'_, f32>> {
    ArrayViewMut2::from_shape((rows, cols), values).map_err(candle_core::Error::wrap)
}

/// out = a b + `keep` out.
pub(super) fn multiply(a: &ArrayView2<'_, f32>, b: &ArrayView2<'_, f32>, keep: f32, mut out: ArrayViewMut2<'_, f32>) {
    general_mat_mul(1.0, a, b, keep, &mut out);
}

/// A row of `length` numbers for each of `values`, all equal to it: the biases, before a product is added.
pub(super) fn rows_of(values: &[f32], length: usize) -> Vec<f32> {
    let mut rows = Vec::with_capacity(values.len() * length);
    for (i, &value) in values.iter().enumerate() {
        rows.resize((i + 1) * length, value);
    }
    rows
}

/// Adds to each of `sums` the sum of a row, of as many equal rows: the gradient by the biases.
pub(super) fn add_rows(values: &[f32], sums: &mut [f32]) {
    let row = (values.len() / sums.len().max(1)).max(1);
    sums.iter_mut().zip(values.chunks_exact(row)).for_each(|(sum, row)| *sum += ArrayView1::from(row).sum());
}
