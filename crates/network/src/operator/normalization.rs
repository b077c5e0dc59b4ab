//! Normalisations beside those of batches and layers.

use super::Reader;
use crate::tensor::{Outcome, refuse};

/// One of them.
#[derive(Debug, Clone)]
pub(crate) enum Normalization {
    /// By the mean and deviation of a group of channels.
    Group {
        groups: usize,
        epsilon: f32,
        /// Whether scale and bias are those of groups, as in the operator set 18, not of channels.
        by_group: bool,
    },
    /// By the mean and deviation of each plane.
    Instance {
        epsilon: f32,
    },
    /// By the channels around each (Krizhevsky, Sutskever and Hinton 2012).
    Local {
        size: usize,
        alpha: f32,
        beta: f32,
        bias: f32,
    },
    /// By the sum of absolute values along an axis, or by the root of that of squares.
    Lp {
        axis: i64,
        absolute: bool,
    },
    MeanVariance {
        axes: Vec<i64>,
    },
    /// By the root of the mean square (Zhang and Sennrich 2019).
    Rms {
        axis: i64,
        epsilon: f32,
    },
}

impl Normalization {
    /// The operator `name`, if it is one of them.
    pub(super) fn read(name: &str, version: i64, all: Reader<'_>) -> Outcome<Option<Self>> {
        let epsilon = all.float("epsilon", 1e-5);
        Ok(Some(match name {
            "GroupNormalization" => Self::Group { groups: all.size("num_groups", 0)?, epsilon, by_group: version < 21 },
            "InstanceNormalization" => Self::Instance { epsilon },
            "LRN" => {
                let (alpha, beta, bias) = (all.float("alpha", 1e-4), all.float("beta", 0.75), all.float("bias", 1.0));
                Self::Local { size: all.size("size", 0)?, alpha, beta, bias }
            }
            "LpNormalization" => match all.int("p", 2) {
                p @ (1 | 2) => Self::Lp { axis: all.int("axis", -1), absolute: p == 1 },
                p => return Err(refuse(format!("a normalisation by the {p}-norm is not run"))),
            },
            "MeanVarianceNormalization" => Self::MeanVariance { axes: all.ints("axes").unwrap_or_else(|| vec![0, 2, 3]) },
            "RMSNormalization" | "SimplifiedLayerNormalization" => Self::Rms { axis: all.int("axis", -1), epsilon },
            _ => return Ok(None),
        }))
    }
}
