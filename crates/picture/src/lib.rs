//! Pictures as they are handed in: PNG and JPEG as pixels, SVG and charts in JSON as their source.

pub mod affine;
mod exif;
pub mod figure;
mod pixels;
pub mod similarity;

pub use pixels::{Picture, on_white};
