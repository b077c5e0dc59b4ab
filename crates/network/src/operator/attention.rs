//! `Attention` of the operator set 23.

use super::Reader;
use crate::tensor::{Outcome, refuse};

/// Scaled dot-product attention with its settings.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attention {
    /// How many heads the queries have, and the keys and values, where these are not an axis of their own.
    pub(crate) heads: Option<[usize; 2]>,
    pub(crate) scale: Option<f32>,
    /// Whether no place looks at those after it.
    pub(crate) causal: bool,
}

impl Attention {
    pub(super) fn read(all: Reader<'_>) -> Outcome<Self> {
        if all.float("softcap", 0.0).abs() > 0.0 {
            return Err(refuse("an Attention with `softcap` is not run"));
        }
        let heads = [all.size("q_num_heads", 0)?, all.size("kv_num_heads", 0)?];
        Ok(Self { heads: Some(heads).filter(|heads| !heads.contains(&0)), scale: all.optional_float("scale"), causal: all.flag("is_causal", false) })
    }
}
