#![doc = include_str!("../README.md")]

pub mod affine;
mod chroma;
mod exif;
pub mod figure;
mod pixels;
pub mod similarity;

pub use pixels::{Picture, on_white};
