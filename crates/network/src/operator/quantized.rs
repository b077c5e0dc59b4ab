//! Operators of networks whose numbers were made whole, as onnxruntime.quantization writes them.

use super::{Operator, Reader, Window};
use crate::tensor::{Outcome, refuse};

/// One of them.
#[derive(Debug, Clone)]
pub(crate) enum Quantized {
    /// An operator between numbers that are made floating-point ones and whole again.
    Around {
        operator: Box<Operator>,
        order: Order,
        axis: i64,
        bounds: [i64; 2],
    },
    ConvInteger {
        window: Window,
        groups: usize,
    },
    Dequantize {
        axis: i64,
    },
    /// To 0 … 255, by the least and the greatest that are there.
    Dynamic,
    Gemm {
        alpha: f32,
        turned: [bool; 2],
        bounds: [i64; 2],
    },
    LinearConv {
        window: Window,
        groups: usize,
        bounds: [i64; 2],
    },
    LinearMatMul {
        bounds: [i64; 2],
    },
    MatMulInteger,
    Quantize {
        axis: i64,
        /// The least and the greatest whole number.
        bounds: [i64; 2],
    },
}

/// In which order arrays, scales and zero points come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// The result's scale and zero point, then each array with its own.
    ResultFirst,
    /// This many arrays with their scales and zero points, then the result's.
    ResultLast(usize),
}

impl Order {
    /// Where the first array stands among `inputs`, how many there are, and where the result's scale stands.
    pub(crate) fn slots(self, inputs: usize) -> (usize, usize, usize) {
        match self {
            Self::ResultFirst => (2, inputs.saturating_sub(2) / 3, 0),
            Self::ResultLast(count) => (0, count, 3 * count),
        }
    }
}

impl Quantized {
    /// The operator `name` of ONNX Runtime's own, if it is one of them; `read` reads what it is made around.
    pub(super) fn of_microsoft(name: &str, types: &[Option<i64>], all: Reader<'_>, read: impl Fn(&str) -> Outcome<Operator>) -> Outcome<Option<Self>> {
        let zero = |slot: usize| types.get(slot).copied().flatten();
        if name == "QGemm" {
            // Without a zero point the result is of floating-point numbers.
            let bounds = if types.len() > 8 { bounds(zero(8))? } else { [0; 2] };
            return Ok(Some(Self::Gemm { alpha: all.float("alpha", 1.0), turned: [all.flag("transA", false), all.flag("transB", false)], bounds }));
        }
        let (inner, order) = match name {
            "QLinearAdd" => ("Add", Order::ResultLast(2)),
            "QLinearAveragePool" => ("AveragePool", Order::ResultLast(1)),
            "QLinearConcat" => ("Concat", Order::ResultFirst),
            "QLinearGlobalAveragePool" => ("GlobalAveragePool", Order::ResultLast(1)),
            "QLinearLeakyRelu" => ("LeakyRelu", Order::ResultLast(1)),
            "QLinearMul" => ("Mul", Order::ResultLast(2)),
            "QLinearSigmoid" => ("Sigmoid", Order::ResultLast(1)),
            "QLinearSoftmax" => ("Softmax", Order::ResultLast(1)),
            _ => return Ok(None),
        };
        if all.flag("channels_last", false) {
            return Err(refuse("planes whose channels are last are not run"));
        }
        let bounds = bounds(zero(order.slots(types.len()).2 + 1))?;
        Ok(Some(Self::Around { operator: Box::new(read(inner)?), order, axis: 1, bounds }))
    }

    /// The operator `name`, if it is one of them; `types` are those of the arrays of the file that it takes in.
    pub(super) fn read(name: &str, types: &[Option<i64>], all: Reader<'_>) -> Outcome<Option<Self>> {
        let zero = |slot: usize| types.get(slot).copied().flatten();
        Ok(Some(match name {
            "ConvInteger" => Self::ConvInteger { window: Window::read(all)?, groups: all.size("group", 1)? },
            "DequantizeLinear" if all.int("block_size", 0) == 0 => Self::Dequantize { axis: all.int("axis", 1) },
            "DynamicQuantizeLinear" => Self::Dynamic,
            "MatMulInteger" => Self::MatMulInteger,
            "QLinearConv" => Self::LinearConv { window: Window::read(all)?, groups: all.size("group", 1)?, bounds: bounds(zero(7))? },
            "QLinearMatMul" => Self::LinearMatMul { bounds: bounds(zero(7))? },
            "QuantizeLinear" if all.int("block_size", 0) == 0 => {
                let kind = match (types.len(), all.int("output_dtype", 0)) {
                    (0..=2, 0) => Some(2),
                    (_, 0) => zero(2),
                    (_, kind) => Some(kind),
                };
                Self::Quantize { axis: all.int("axis", 1), bounds: bounds(kind)? }
            }
            _ => return Ok(None),
        }))
    }

    /// Whether the network learnt the array in input `slot`: weights and biases, not scales and zero points.
    pub(super) fn learns(&self, slot: usize) -> bool {
        match self {
            Self::ConvInteger { .. } | Self::MatMulInteger => slot < 2,
            Self::Dequantize { .. } | Self::Quantize { .. } => slot == 0,
            Self::Around { .. } | Self::Dynamic => false,
            Self::LinearConv { .. } => matches!(slot, 0 | 3 | 8),
            Self::Gemm { .. } => matches!(slot, 0 | 3 | 6),
            Self::LinearMatMul { .. } => matches!(slot, 0 | 3),
        }
    }
}

/// The least and the greatest number of a zero point's type.
fn bounds(kind: Option<i64>) -> Outcome<[i64; 2]> {
    match kind {
        Some(2) => Ok([0, 255]),
        Some(3) => Ok([-128, 127]),
        Some(4) => Ok([0, 65_535]),
        Some(5) => Ok([-32_768, 32_767]),
        Some(other) => Err(refuse(format!("numbers are not made whole to the type {other}"))),
        None => Err(refuse("its zero point is no array of the file, so that its type is not known")),
    }
}
