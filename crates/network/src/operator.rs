//! The operators that are run, with their attributes; whatever is not here is refused by its name.
//!
//! Meanings are those of the ONNX operator specification (onnx.ai/onnx/operators).

pub(super) mod attributes;
pub(super) mod classical;
pub(super) mod recurrent;
pub(super) mod trees;

use super::tensor::{Outcome, Refusal, Tensor, refuse};
pub(super) use attributes::{Attribute, Attributes, Reader};
use classical::Classical;
use recurrent::Recurrent;

/// What is computed of every number alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Unary {
    Abs,
    Ceil,
    Cos,
    Elu(f32),
    Erf,
    Exp,
    Floor,
    Gelu { tanh: bool },
    HardSigmoid(f32, f32),
    HardSwish,
    LeakyRelu(f32),
    Log,
    Mish,
    Neg,
    Not,
    Reciprocal,
    Relu,
    Round,
    Selu(f32, f32),
    Sigmoid,
    Sign,
    Sin,
    Softplus,
    Softsign,
    Sqrt,
    Tanh,
}

/// What is computed of two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Binary {
    Add,
    Div,
    Max,
    Min,
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

/// How far a window is moved, and what stands around the planes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Window {
    /// Its height and width; of a convolution, what its weights say.
    pub(super) size: Option<[usize; 2]>,
    pub(super) strides: [usize; 2],
    pub(super) dilations: [usize; 2],
    pub(super) padding: Padding,
    pub(super) ceil: bool,
}

/// The rows and columns around the planes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Padding {
    /// Top, left, bottom, right.
    Given([usize; 4]),
    /// As much as gives the output the input's size over the stride; an odd one goes to the end, or to the start.
    Same { odd_at_start: bool },
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
    Binary(Binary),
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
    Conv {
        window: Window,
        groups: usize,
    },
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
    /// What changes nothing when a network is run, dropout for one.
    Identity,
    /// The mean of several arrays.
    Mean,
    /// Mean 0 and deviation 1 over all axes from one on.
    LayerNormalization {
        axis: i64,
        epsilon: f32,
    },
    MatMul,
    Pad {
        pads: Option<Vec<i64>>,
        value: f32,
    },
    Pool {
        window: Window,
        average: bool,
        count_padding: bool,
    },
    Recurrent(Recurrent),
    Reduce {
        reduction: Reduction,
        axes: Option<Vec<i64>>,
        keep: bool,
        none_is_all: bool,
    },
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

/// Why a window is refused.
const TWO_DIMENSIONS: &str = "only windows over two dimensions are run";

impl Operator {
    /// The operator `name` of the ONNX operator set `version`, unless it is not one that is run.
    /// `outputs` counts what the node makes.
    pub(super) fn read(name: &str, version: i64, attributes: &Attributes, outputs: usize) -> Outcome<Self> {
        let all = Reader(attributes);
        if let Some(simple) = unary(name, all) {
            return Ok(Self::Unary(simple));
        }
        if let Some(comparison) = comparison(name) {
            return Ok(Self::Compare(comparison));
        }
        if let Some(reduction) = reduction(name) {
            return Ok(all.reduce(reduction));
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
            "AveragePool" => Self::Pool { window: all.window()?, average: true, count_padding: all.flag("count_include_pad", false) },
            "BatchNormalization" if all.flag("training_mode", false) => {
                return Err(refuse("a BatchNormalization is in training mode").help("call `model.eval()` before you export"));
            }
            "BatchNormalization" => Self::BatchNormalization { epsilon: all.float("epsilon", 1e-5) },
            "Cast" => all.cast()?,
            "Clip" => Self::Clip { least: all.optional_float("min"), most: all.optional_float("max") },
            "Concat" => Self::Concat { axis: all.int("axis", 1) },
            "Constant" => Self::Constant(all.constant()?),
            "ConstantOfShape" => Self::ConstantOfShape(all.constant_or_zero()?),
            "Conv" => Self::Conv { window: all.window()?, groups: all.size("group", 1)? },
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
            "LogSoftmax" | "Softmax" => {
                let old = version < 13;
                Self::Softmax { axis: all.int("axis", if old { 1 } else { -1 }), log: name == "LogSoftmax", to_the_end: old }
            }
            "GRU" | "LSTM" | "RNN" => Self::Recurrent(Recurrent::read(name, all)?),
            "LayerNormalization" => Self::LayerNormalization { axis: all.int("axis", -1), epsilon: all.float("epsilon", 1e-5) },
            "MatMul" => Self::MatMul,
            "Mean" => Self::Mean,
            "MaxPool" => Self::Pool { window: all.window()?, average: false, count_padding: false },
            "Pad" if all.text("mode").is_none_or(|mode| mode == "constant") => Self::Pad { pads: all.ints("pads"), value: all.float("value", 0.0) },
            "Pad" => return Err(refuse("only padding with a constant is run")),
            "Reshape" => Self::Reshape { zero_is_zero: all.flag("allowzero", false) },
            "Shape" => Self::Shape { start: all.int("start", 0), end: all.has("end").then(|| all.int("end", 0)) },
            "Slice" => Self::Slice { starts: all.ints("starts"), ends: all.ints("ends").unwrap_or_default(), axes: all.ints("axes") },
            "Split" => {
                let parts = if all.has("num_outputs") { all.size("num_outputs", 0)? } else { outputs };
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

/// The refusal of an operator that is not run.
pub(super) fn unknown(name: &str) -> Refusal {
    let name: String = name.chars().filter(|c| !c.is_control()).take(60).collect();
    let (what, help) = match name.as_str() {
        "If" | "Loop" => ("", "export a network without conditions and loops in its `forward`; or hand in its predictions"),
        "Scan" => (", a loop (skl2onnx writes k-nearest neighbours with it),", "hand in predictions instead"),
        "SVMClassifier" | "SVMRegressor" => (", a support-vector machine's,", "hand in its predictions instead"),
        "LabelEncoder" | "OneHotEncoder" | "DictVectorizer" | "CategoryMapper" | "TfIdfVectorizer" | "StringNormalizer" | "Tokenizer" => {
            (", which encodes texts,", "export the model without the encoding of its inputs, or hand in its predictions")
        }
        "ConvTranspose" | "Resize" | "Upsample" => (", which enlarges planes,", "hand in predictions instead"),
        _ => ("", "docs/networks.md lists the operators that are run; hand in predictions instead"),
    };
    refuse(format!("the operator `{name}`{what} is not run")).help(help)
}

/// Whether an operator that is not run tells what kind of network it is.
pub(super) fn is_telling(name: &str) -> bool {
    matches!(name, "If" | "Loop" | "Scan" | "SVMClassifier" | "SVMRegressor")
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

fn unary(name: &str, all: Reader<'_>) -> Option<Unary> {
    Some(match name {
        "Abs" => Unary::Abs,
        "Ceil" => Unary::Ceil,
        "Cos" => Unary::Cos,
        "Elu" => Unary::Elu(all.float("alpha", 1.0)),
        "Erf" => Unary::Erf,
        "Exp" => Unary::Exp,
        "Floor" => Unary::Floor,
        "Gelu" => Unary::Gelu { tanh: all.text("approximate") == Some("tanh") },
        "HardSigmoid" => Unary::HardSigmoid(all.float("alpha", 0.2), all.float("beta", 0.5)),
        "HardSwish" => Unary::HardSwish,
        "LeakyRelu" => Unary::LeakyRelu(all.float("alpha", 0.01)),
        "Log" => Unary::Log,
        "Mish" => Unary::Mish,
        "Neg" => Unary::Neg,
        "Not" => Unary::Not,
        "Reciprocal" => Unary::Reciprocal,
        "Relu" => Unary::Relu,
        "Round" => Unary::Round,
        "Selu" => Unary::Selu(all.float("alpha", 1.673_263_2), all.float("gamma", 1.050_701)),
        "Sigmoid" => Unary::Sigmoid,
        "Sign" => Unary::Sign,
        "Sin" => Unary::Sin,
        "Softplus" => Unary::Softplus,
        "Softsign" => Unary::Softsign,
        "Sqrt" => Unary::Sqrt,
        "Tanh" => Unary::Tanh,
        _ => return None,
    })
}
