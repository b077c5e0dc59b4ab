#![doc = include_str!("../README.md")]

mod chroma;
mod exif;
pub mod figure;
pub mod geometry;
pub mod hint;
mod pixels;
pub mod similarity;

pub use pixels::{Picture, on_white};
