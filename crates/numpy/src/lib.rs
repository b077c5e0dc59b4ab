//! Arrays of NumPy: NPY and NPZ files. Sizes are checked against limits before anything is allocated.

pub mod array;
pub mod npz;
