//! The operators that are run, with their attributes; whatever is not here is refused by its name.
//!
//! Meanings are those of the ONNX operator specification (onnx.ai/onnx/operators).

use std::collections::BTreeMap;

use super::tensor::{Outcome, Refusal, Tensor, refuse};

/// One value of an attribute.
#[derive(Debug, Clone)]
pub(super) enum Attribute {
    Int(i64),
    Float(f32),
    Text(String),
    Ints(Vec<i64>),
    Floats(Vec<f32>),
    Texts(Vec<String>),
    Tensor(Tensor),
    /// A graph or another thing that no operator here has.
    Other,
}

/// The attributes of a node by name.
pub(super) type Attributes = BTreeMap<String, Attribute>;

/// What is computed of every number alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Unary {
    Abs,
    Elu(f32),
    Erf,
    Exp,
    Gelu { tanh: bool },
    HardSigmoid(f32, f32),
    HardSwish,
    LeakyRelu(f32),
    Log,
    Neg,
    Reciprocal,
    Relu,
    Selu(f32, f32),
    Sigmoid,
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

/// How numbers along axes become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reduction {
    Max,
    Mean,
    Min,
    Sum,
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
    /// So many that the output has the input's size over the stride; an odd one goes to the end, or to the start.
    Same { odd_at_start: bool },
}

/// One operator.
#[derive(Debug, Clone)]
pub(super) enum Operator {
    ArgMax {
        axis: i64,
        keep: bool,
    },
    BatchNormalization {
        epsilon: f32,
    },
    Binary(Binary),
    Cast {
        to_int: bool,
        to_bool: bool,
    },
    Clip {
        least: Option<f32>,
        most: Option<f32>,
    },
    Concat {
        axis: i64,
    },
    Constant(Tensor),
    Conv {
        window: Window,
        groups: usize,
    },
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
    Reduce {
        reduction: Reduction,
        axes: Option<Vec<i64>>,
        keep: bool,
        none_is_all: bool,
    },
    Reshape {
        zero_is_zero: bool,
    },
    Shape,
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
}

/// Why a window is refused.
const TWO_DIMENSIONS: &str = "only windows over two dimensions are run";

impl Operator {
    /// The operator `name` of the ONNX operator set `version`, unless it is not one that is run.
    pub(super) fn read(name: &str, version: i64, attributes: &Attributes) -> Outcome<Self> {
        let all = Reader(attributes);
        if let Some(simple) = unary(name, &all) {
            return Ok(Self::Unary(simple));
        }
        Ok(match name {
            "Add" => Self::Binary(Binary::Add),
            "Div" => Self::Binary(Binary::Div),
            "Max" => Self::Binary(Binary::Max),
            "Min" => Self::Binary(Binary::Min),
            "Mul" => Self::Binary(Binary::Mul),
            "Pow" => Self::Binary(Binary::Pow),
            "PRelu" => Self::Binary(Binary::PRelu),
            "Sub" => Self::Binary(Binary::Sub),
            "ArgMax" => Self::ArgMax { axis: all.int("axis", 0), keep: all.flag("keepdims", true) },
            "AveragePool" => Self::Pool { window: all.window()?, average: true, count_padding: all.flag("count_include_pad", false) },
            "BatchNormalization" if all.flag("training_mode", false) => {
                return Err(refuse("a BatchNormalization is in training mode").help("call `model.eval()` before you export"));
            }
            "BatchNormalization" => Self::BatchNormalization { epsilon: all.float("epsilon", 1e-5) },
            "Cast" => all.cast()?,
            "Clip" => Self::Clip { least: all.optional_float("min"), most: all.optional_float("max") },
            "Concat" => Self::Concat { axis: all.int("axis", 1) },
            "Constant" => Self::Constant(all.constant()?),
            "Conv" => Self::Conv { window: all.window()?, groups: all.size("group", 1)? },
            "Dropout" | "Identity" => Self::Identity,
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
            "MatMul" => Self::MatMul,
            "MaxPool" => Self::Pool { window: all.window()?, average: false, count_padding: false },
            "Pad" if all.text("mode").is_none_or(|mode| mode == "constant") => Self::Pad { pads: all.ints("pads"), value: all.float("value", 0.0) },
            "Pad" => return Err(refuse("only padding with a constant is run")),
            "ReduceMax" => all.reduce(Reduction::Max),
            "ReduceMean" => all.reduce(Reduction::Mean),
            "ReduceMin" => all.reduce(Reduction::Min),
            "ReduceSum" => all.reduce(Reduction::Sum),
            "Reshape" => Self::Reshape { zero_is_zero: all.flag("allowzero", false) },
            "Shape" if all.0.contains_key("start") || all.0.contains_key("end") => Self::shape_of_part(&all)?,
            "Shape" => Self::Shape,
            "Slice" => Self::Slice { starts: all.ints("starts"), ends: all.ints("ends").unwrap_or_default(), axes: all.ints("axes") },
            "Squeeze" => Self::Squeeze { axes: all.ints("axes") },
            "Transpose" => Self::Transpose { order: all.ints("perm") },
            "Unsqueeze" => Self::Unsqueeze { axes: all.ints("axes") },
            _ => return Err(unknown(name)),
        })
    }

    /// `Shape` of some axes only is as good as unknown, unless it is of all.
    fn shape_of_part(all: &Reader<'_>) -> Outcome<Self> {
        if all.int("start", 0) == 0 && !all.0.contains_key("end") { Ok(Self::Shape) } else { Err(refuse("`Shape` of some axes only is not run")) }
    }
}

/// The refusal of an operator that is not run.
pub(super) fn unknown(name: &str) -> Refusal {
    let name: String = name.chars().filter(|c| !c.is_control()).take(60).collect();
    let help = match name.as_str() {
        "If" | "Loop" | "Scan" => "export a network without conditions and loops in its `forward`",
        "LSTM" | "GRU" | "RNN" => "recurrent networks are not run; hand in predictions instead",
        "LinearClassifier" | "LinearRegressor" | "Normalizer" | "Scaler" | "TreeEnsembleClassifier" | "SVMClassifier" => {
            "it is scikit-learn's own, not a network's: hand in its predictions, or an MLPClassifier"
        }
        _ => "docs/networks.md lists the operators that are run; hand in predictions instead",
    };
    refuse(format!("the operator `{name}` is not run")).help(help)
}

fn unary(name: &str, all: &Reader<'_>) -> Option<Unary> {
    Some(match name {
        "Abs" => Unary::Abs,
        "Elu" => Unary::Elu(all.float("alpha", 1.0)),
        "Erf" => Unary::Erf,
        "Exp" => Unary::Exp,
        "Gelu" => Unary::Gelu { tanh: all.text("approximate") == Some("tanh") },
        "HardSigmoid" => Unary::HardSigmoid(all.float("alpha", 0.2), all.float("beta", 0.5)),
        "HardSwish" => Unary::HardSwish,
        "LeakyRelu" => Unary::LeakyRelu(all.float("alpha", 0.01)),
        "Log" => Unary::Log,
        "Neg" => Unary::Neg,
        "Reciprocal" => Unary::Reciprocal,
        "Relu" => Unary::Relu,
        "Selu" => Unary::Selu(all.float("alpha", 1.673_263_2), all.float("gamma", 1.050_701)),
        "Sigmoid" => Unary::Sigmoid,
        "Softplus" => Unary::Softplus,
        "Softsign" => Unary::Softsign,
        "Sqrt" => Unary::Sqrt,
        "Tanh" => Unary::Tanh,
        _ => return None,
    })
}

/// Attributes with their defaults.
struct Reader<'a>(&'a Attributes);

impl Reader<'_> {
    fn int(&self, name: &str, default: i64) -> i64 {
        if let Some(Attribute::Int(value)) = self.0.get(name) { *value } else { default }
    }

    fn flag(&self, name: &str, default: bool) -> bool {
        self.int(name, i64::from(default)) != 0
    }

    fn optional_float(&self, name: &str) -> Option<f32> {
        if let Some(Attribute::Float(value)) = self.0.get(name) { Some(*value) } else { None }
    }

    fn float(&self, name: &str, default: f32) -> f32 {
        self.optional_float(name).unwrap_or(default)
    }

    fn text(&self, name: &str) -> Option<&str> {
        if let Some(Attribute::Text(value)) = self.0.get(name) { Some(value) } else { None }
    }

    fn ints(&self, name: &str) -> Option<Vec<i64>> {
        if let Some(Attribute::Ints(values)) = self.0.get(name) { Some(values.clone()) } else { None }
    }

    fn size(&self, name: &str, default: i64) -> Outcome<usize> {
        size(self.int(name, default), name)
    }

    fn reduce(&self, reduction: Reduction) -> Operator {
        let none_is_all = !self.flag("noop_with_empty_axes", false);
        Operator::Reduce { reduction, axes: self.ints("axes"), keep: self.flag("keepdims", true), none_is_all }
    }

    fn cast(&self) -> Outcome<Operator> {
        match self.int("to", 1) {
            1 | 10 | 11 | 16 => Ok(Operator::Cast { to_int: false, to_bool: false }),
            9 => Ok(Operator::Cast { to_int: true, to_bool: true }),
            2..=7 | 12 | 13 => Ok(Operator::Cast { to_int: true, to_bool: false }),
            other => Err(refuse(format!("a Cast to the type {other} is not run"))),
        }
    }

    fn constant(&self) -> Outcome<Tensor> {
        let known = ["value", "value_int", "value_ints", "value_float", "value_floats"].iter().find_map(|name| self.0.get(*name));
        match known {
            Some(Attribute::Tensor(tensor)) => Ok(tensor.clone()),
            Some(Attribute::Int(value)) => Tensor::ints(Vec::new(), vec![*value]),
            Some(Attribute::Ints(values)) => Tensor::ints(vec![values.len()], values.clone()),
            Some(Attribute::Float(value)) => Tensor::floats(Vec::new(), vec![*value]),
            Some(Attribute::Floats(values)) => Tensor::floats(vec![values.len()], values.clone()),
            _ => Err(refuse("a Constant holds neither numbers nor an array of them")),
        }
    }

    fn window(&self) -> Outcome<Window> {
        let pair = |name: &str| self.ints(name).map(|values| sizes::<2>(&values, name)).transpose();
        let padding = match self.text("auto_pad").unwrap_or("NOTSET") {
            "SAME_UPPER" => Padding::Same { odd_at_start: false },
            "SAME_LOWER" => Padding::Same { odd_at_start: true },
            "VALID" => Padding::Given([0; 4]),
            _ => Padding::Given(self.ints("pads").map_or(Ok([0; 4]), |pads| sizes::<4>(&pads, "pads"))?),
        };
        let window = Window {
            size: pair("kernel_shape")?,
            strides: pair("strides")?.unwrap_or([1; 2]),
            dilations: pair("dilations")?.unwrap_or([1; 2]),
            padding,
            ceil: self.flag("ceil_mode", false),
        };
        if window.strides.contains(&0) || window.dilations.contains(&0) || window.size.is_some_and(|size| size.contains(&0)) {
            return Err(refuse("a window of size, stride or dilation 0 leads nowhere"));
        }
        Ok(window)
    }
}

fn sizes<const N: usize>(values: &[i64], name: &str) -> Outcome<[usize; N]> {
    let mut sizes = [0; N];
    if values.len() != N {
        return Err(refuse(format!("`{name}` has {} numbers, expected {N}: {TWO_DIMENSIONS}", values.len())));
    }
    for (into, &value) in sizes.iter_mut().zip(values) {
        *into = size(value, name)?;
    }
    Ok(sizes)
}

/// A size of the file as one that can be reckoned with.
fn size(value: i64, name: &str) -> Outcome<usize> {
    usize::try_from(value).ok().filter(|&size| size < 1 << 31).ok_or_else(|| refuse(format!("`{name}` cannot be {value}")))
}
