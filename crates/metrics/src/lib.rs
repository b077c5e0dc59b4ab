#![doc = include_str!("../README.md")]

pub mod classification;
pub mod clusters;
pub mod confusion;
mod fault;
pub mod probabilities;
pub mod ranking;
pub mod regression;
mod rows;
pub mod table;

pub use fault::{Fault, Value};
pub use rows::{Rows, argmax};
