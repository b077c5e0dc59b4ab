#![doc = include_str!("../README.md")]

pub mod array;
pub mod npz;
