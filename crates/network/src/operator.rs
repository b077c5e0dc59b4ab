//! The operators that are run, with their attributes; whatever is not here is refused by its name.
//!
//! Meanings are those of the ONNX operator specification (onnx.ai/onnx/operators).

pub(super) mod attention;
pub(super) mod attributes;
pub(super) mod classical;
pub(super) mod control;
pub(super) mod encoders;
pub(super) mod indexing;
pub(super) mod machines;
pub(super) mod normalization;
pub(super) mod quantized;
pub(super) mod recurrent;
pub(super) mod resize;
pub(super) mod trees;
mod unary;
mod unknown;
mod window;

use super::tensor::{Outcome, Tensor, refuse};
use attention::Attention;
pub(super) use attributes::{Attribute, Attributes, Reader};
use classical::Classical;
use control::Control;
use indexing::Indexing;
use normalization::Normalization;
use quantized::Quantized;
use recurrent::Recurrent;
use resize::Resize;
pub(super) use unary::Unary;
use unary::unary;
pub(super) use unknown::{is_telling, unknown};
pub(super) use window::{Padding, Window};

/// What is computed of two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Binary {
    Add,
    Div,
    Max,
    Min,
    /// The rest of a division: with the sign of the divisor, or, of `fmod`, of the dividend.
    Mod {
        fmod: bool,
    },
    Mul,
    Pow,
    PRelu,
    Sub,
}

/// What is asked of two numbers; the answer is 1 or 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    And,
    Equal,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Or,
    Xor,
}

/// How numbers along axes become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reduction {
    /// The sum of absolute values.
    L1,
    /// The root of the sum of squares.
    L2,
    LogSum,
    LogSumExp,
    Max,
    Mean,
    Min,
    Product,
    Sum,
    SumSquare,
}

/// What stands around an array that is made larger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Filling {
    Constant,
    /// The nearest number.
    Edge,
    /// The numbers within, mirrored at the outermost.
    Reflect,
    /// The numbers of the other end.
    Wrap,
}

/// Where an operator stands.
#[derive(Debug)]
pub(super) struct Context {
    /// The version of the operator set.
    pub(super) version: i64,
    /// How many arrays the node makes.
    pub(super) outputs: usize,
    /// The types of the arrays of the file that it takes in, by `TensorProto.DataType`.
    pub(super) types: Vec<Option<i64>>,
}

/// One operator.
#[derive(Debug, Clone)]
pub(super) enum Operator {
    /// The place of the greatest, or the least, along an axis.
    ArgMax {
        axis: i64,
        keep: bool,
        least: bool,
        last: bool,
    },
    BatchNormalization {
        epsilon: f32,
    },
    Attention(Attention),
    Binary(Binary),
    /// Numbers of the kind that another array has.
    CastLike,
    Cast {
        to_int: bool,
        to_bool: bool,
    },
    Classical(Box<Classical>),
    Clip {
        least: Option<f32>,
        most: Option<f32>,
    },
    Compare(Comparison),
    Concat {
        axis: i64,
    },
    Constant(Tensor),
    /// One number as often as a shape says.
    ConstantOfShape(Tensor),
    Control(Box<Control>),
    Conv {
        window: Window,
        groups: usize,
    },
    /// The transpose of a convolution, as a decoder has it.
    ConvTranspose {
        window: Window,
        groups: usize,
        extra: [usize; 2],
    },
    /// Distances between the rows of two matrices, or their squares.
    Distances {
        squared: bool,
    },
    /// A sum of products, as an equation of indices says.
    Einsum(String),
    Expand,
    Flatten {
        axis: i64,
    },
    Gather {
        axis: i64,
    },
    Gemm {
        alpha: f32,
        beta: f32,
        trans_a: bool,
        trans_b: bool,
    },
    GlobalPool(Reduction),
    /// 1 at the first greatest along an axis, 0 elsewhere.
    Hardmax {
        axis: i64,
        to_the_end: bool,
    },
    Indexing(Indexing),
    /// What changes nothing when a network is run, dropout for one.
    Identity,
    /// 1 where a number is none, or is infinite.
    Is {
        nan: bool,
        above: bool,
        below: bool,
    },
    /// The mean of several arrays.
    Mean,
    /// Mean 0 and deviation 1 over all axes from one on.
    LayerNormalization {
        axis: i64,
        epsilon: f32,
    },
    MatMul,
    /// A product whose factors are turned first, and a factor before it.
    MatMulTurned {
        alpha: f32,
        trans_a: bool,
        trans_b: bool,
    },
    Normalization(Normalization),
    Pad {
        pads: Option<Vec<i64>>,
        value: f32,
        mode: Filling,
    },
    Pool {
        window: Window,
        average: bool,
        count_padding: bool,
    },
    /// The p-norm in every window.
    PoolNorm {
        window: Window,
        p: f32,
    },
    Quantized(Quantized),
    Recurrent(Recurrent),
    Reduce {
        reduction: Reduction,
        axes: Option<Vec<i64>>,
        keep: bool,
        none_is_all: bool,
    },
    Resize(Resize),
    Reshape {
        zero_is_zero: bool,
    },
    /// The lengths of the axes from `start` to before `end`.
    Shape {
        start: i64,
        end: Option<i64>,
    },
    Slice {
        starts: Option<Vec<i64>>,
        ends: Vec<i64>,
        axes: Option<Vec<i64>>,
    },
    /// Over one axis, or, in old files, over all axes from it on.
    Softmax {
        axis: i64,
        log: bool,
        to_the_end: bool,
    },
    /// Parts along an axis: of these lengths, or `parts` of one length.
    Split {
        axis: i64,
        lengths: Option<Vec<i64>>,
        parts: usize,
    },
    Squeeze {
        axes: Option<Vec<i64>>,
    },
    Transpose {
        order: Option<Vec<i64>>,
    },
    Unary(Unary),
    Unsqueeze {
        axes: Option<Vec<i64>>,
    },
    /// From one array or from another, as a third says.
    Where,
}

impl Operator {
    /// The operator `name` of ONNX, unless it is not one that is run.
    pub(super) fn read(name: &str, context: &Context, all: Reader<'_>) -> Outcome<Self> {
        let version = context.version;
        if let Some(simple) = unary(name, all) {
            return Ok(Self::Unary(simple));
        }
        if let Some(comparison) = comparison(name) {
            return Ok(Self::Compare(comparison));
        }
        if let Some(reduction) = reduction(name) {
            return Ok(all.reduce(reduction));
        }
        if let Some(indexing) = Indexing::read(name, all)? {
            return Ok(Self::Indexing(indexing));
        }
        if let Some(normalization) = Normalization::read(name, version, all)? {
            return Ok(Self::Normalization(normalization));
        }
        if let Some(quantized) = Quantized::read(name, &context.types, all)? {
            return Ok(Self::Quantized(quantized));
        }
        Ok(match name {
            "Add" | "Sum" => Self::Binary(Binary::Add),
            "Div" => Self::Binary(Binary::Div),
            "Max" => Self::Binary(Binary::Max),
            "Min" => Self::Binary(Binary::Min),
            "Mul" => Self::Binary(Binary::Mul),
            "Pow" => Self::Binary(Binary::Pow),
            "PRelu" => Self::Binary(Binary::PRelu),
            "Sub" => Self::Binary(Binary::Sub),
            "ArgMax" | "ArgMin" => {
                let (keep, last) = (all.flag("keepdims", true), all.flag("select_last_index", false));
                Self::ArgMax { axis: all.int("axis", 0), keep, least: name == "ArgMin", last }
            }
            "AveragePool" => Self::Pool { window: Window::read(all)?, average: true, count_padding: all.flag("count_include_pad", false) },
            "BatchNormalization" if all.flag("training_mode", false) => {
                return Err(refuse("a BatchNormalization is in training mode").help("call `model.eval()` before you export"));
            }
            "BatchNormalization" => Self::BatchNormalization { epsilon: all.float("epsilon", 1e-5) },
            "Attention" => Self::Attention(Attention::read(all)?),
            "Cast" => all.cast()?,
            "CastLike" => Self::CastLike,
            "Clip" => Self::Clip { least: all.optional_float("min"), most: all.optional_float("max") },
            "Concat" => Self::Concat { axis: all.int("axis", 1) },
            "Constant" => Self::Constant(all.constant()?),
            "ConstantOfShape" => Self::ConstantOfShape(all.constant_or_zero()?),
            "Conv" => Self::Conv { window: Window::read(all)?, groups: all.size("group", 1)? },
            "ConvTranspose" => all.transposed()?,
            "Einsum" => Self::Einsum(all.text("equation").unwrap_or_default().to_owned()),
            "Dropout" | "Identity" => Self::Identity,
            "Expand" => Self::Expand,
            "Flatten" => Self::Flatten { axis: all.int("axis", 1) },
            "Gather" => Self::Gather { axis: all.int("axis", 0) },
            "Gemm" => {
                let (trans_a, trans_b) = (all.flag("transA", false), all.flag("transB", false));
                Self::Gemm { alpha: all.float("alpha", 1.0), beta: all.float("beta", 1.0), trans_a, trans_b }
            }
            "GlobalAveragePool" => Self::GlobalPool(Reduction::Mean),
            "GlobalMaxPool" => Self::GlobalPool(Reduction::Max),
            "GlobalLpPool" if all.int("p", 2) == 1 => Self::GlobalPool(Reduction::L1),
            "GlobalLpPool" if all.int("p", 2) == 2 => Self::GlobalPool(Reduction::L2),
            "Hardmax" => Self::Hardmax { axis: all.int("axis", if version < 13 { 1 } else { -1 }), to_the_end: version < 13 },
            "IsInf" => Self::Is { nan: false, above: all.flag("detect_positive", true), below: all.flag("detect_negative", true) },
            "IsNaN" => Self::Is { nan: true, above: false, below: false },
            "LogSoftmax" | "Softmax" => {
                let old = version < 13;
                Self::Softmax { axis: all.int("axis", if old { 1 } else { -1 }), log: name == "LogSoftmax", to_the_end: old }
            }
            "GRU" | "LSTM" | "RNN" => Self::Recurrent(Recurrent::read(name, all)?),
            "LayerNormalization" => Self::LayerNormalization { axis: all.int("axis", -1), epsilon: all.float("epsilon", 1e-5) },
            "LpPool" => Self::PoolNorm { window: Window::read(all)?, p: all.power() },
            "MatMul" => Self::MatMul,
            "Mod" => Self::Binary(Binary::Mod { fmod: all.flag("fmod", false) }),
            "Mean" => Self::Mean,
            "MaxPool" => Self::Pool { window: Window::read(all)?, average: false, count_padding: false },
            "Pad" => Self::Pad { pads: all.ints("pads"), value: all.float("value", 0.0), mode: all.filling()? },
            "Resize" | "Upsample" => Self::Resize(Resize::read(name, version, all)?),
            "Reshape" => Self::Reshape { zero_is_zero: all.flag("allowzero", false) },
            "Shape" => Self::Shape { start: all.int("start", 0), end: all.has("end").then(|| all.int("end", 0)) },
            "Slice" => Self::Slice { starts: all.ints("starts"), ends: all.ints("ends").unwrap_or_default(), axes: all.ints("axes") },
            "Split" => {
                let parts = if all.has("num_outputs") { all.size("num_outputs", 0)? } else { context.outputs };
                Self::Split { axis: all.int("axis", 0), lengths: all.ints("split"), parts }
            }
            "Squeeze" => Self::Squeeze { axes: all.ints("axes") },
            "Transpose" => Self::Transpose { order: all.ints("perm") },
            "Unsqueeze" => Self::Unsqueeze { axes: all.ints("axes") },
            "Where" => Self::Where,
            _ => return Err(unknown(name)),
        })
    }
}

impl Operator {
    /// The operator `name` of `com.microsoft`, as ONNX Runtime's tools and skl2onnx write it.
    pub(super) fn of_microsoft(name: &str, context: &Context, all: Reader<'_>) -> Outcome<Self> {
        if let Some(quantized) = Quantized::of_microsoft(name, &context.types, all, |inner| Self::read(inner, context, all))? {
            return Ok(Self::Quantized(quantized));
        }
        Ok(match name {
            "CDist" => Self::Distances { squared: all.text("metric") == Some("sqeuclidean") },
            "DequantizeLinear" | "Gelu" | "QuantizeLinear" => Self::read(name, context, all)?,
            "FusedMatMul" if all.flag("transBatchA", false) || all.flag("transBatchB", false) => return Err(unknown(name)),
            "FusedMatMul" => Self::MatMulTurned { alpha: all.float("alpha", 1.0), trans_a: all.flag("transA", false), trans_b: all.flag("transB", false) },
            "QuickGelu" => Self::Unary(Unary::Swish(all.float("alpha", 1.702))),
            _ => return Err(unknown(name)),
        })
    }

    /// Whether the network learnt the array in input `slot`; `floats` says whether it holds floating-point numbers.
    pub(super) fn learns(&self, slot: usize, floats: bool) -> bool {
        match self {
            // Statistics that it normalises with are not learnt.
            Self::BatchNormalization { .. } => floats && slot < 3,
            Self::Quantized(quantized) => quantized.learns(slot),
            Self::Resize(_) | Self::Pad { .. } => false,
            _ => floats,
        }
    }
}

fn comparison(name: &str) -> Option<Comparison> {
    Some(match name {
        "And" => Comparison::And,
        "Equal" => Comparison::Equal,
        "Greater" => Comparison::Greater,
        "GreaterOrEqual" => Comparison::GreaterOrEqual,
        "Less" => Comparison::Less,
        "LessOrEqual" => Comparison::LessOrEqual,
        "Or" => Comparison::Or,
        "Xor" => Comparison::Xor,
        _ => return None,
    })
}

fn reduction(name: &str) -> Option<Reduction> {
    Some(match name {
        "ReduceL1" => Reduction::L1,
        "ReduceL2" => Reduction::L2,
        "ReduceLogSum" => Reduction::LogSum,
        "ReduceLogSumExp" => Reduction::LogSumExp,
        "ReduceMax" => Reduction::Max,
        "ReduceMean" => Reduction::Mean,
        "ReduceMin" => Reduction::Min,
        "ReduceProd" => Reduction::Product,
        "ReduceSum" => Reduction::Sum,
        "ReduceSumSquare" => Reduction::SumSquare,
        _ => return None,
    })
}
