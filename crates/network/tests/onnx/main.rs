//! ONNX files of every operator, whole and damaged.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its own files ends")]

mod cases;
mod damaged;
mod operators;
