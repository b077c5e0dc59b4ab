//! The list of layers that says what is done with weights from safetensors, and how inputs are presented.

mod build;
mod draft;
mod prefixes;
mod settings;

pub(super) use build::{build, suggestion};
pub(super) use draft::{Draft, draft};
pub(super) use settings::Settings;
