//! `networks/NAME.toml`: `layers`, `layout`, `shape`, `weights`, `input`, `border`.

use toml::de::{DeTable, DeValue};

use super::super::operator::{Padding, Window};
use super::super::presentation::{PRESENTATIONS, Presentation, Scale};
use mlgrade_domain::diagnostic::{Code, Diagnostic};
use mlgrade_domain::fields::Fields;
use mlgrade_domain::limits;

/// Everything that the file says.
#[derive(Debug, Clone, Default)]
pub(crate) struct Settings {
    pub(super) layers: Vec<Layer>,
    pub(super) layout: Option<Layout>,
    /// The shape of one input, channels first, where the layers leave it open.
    pub(super) shape: Option<Vec<usize>>,
    /// Whether the list was worked out by a program and nobody has confirmed it.
    pub(super) draft: bool,
    /// Which of several sets of weights in the file is the network's.
    pub(crate) weights: Option<String>,
    pub(crate) presentation: Option<Presentation>,
    /// How many pixels of background are put around an image.
    pub(crate) border: Option<usize>,
}

/// In which order weights lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// (inputs, outputs) and (height, width, inputs, outputs), channels last.
    Keras,
    /// (outputs, inputs) and (outputs, inputs, height, width), channels first.
    Torch,
}

/// One layer with what follows it.
#[derive(Debug, Clone)]
pub(super) struct Layer {
    pub(super) kind: Kind,
    pub(super) activation: Option<Activation>,
}

/// What a layer does.
#[derive(Debug, Clone)]
pub(super) enum Kind {
    Activation,
    BatchNorm {
        name: String,
        epsilon: Option<f32>,
    },
    Conv {
        name: String,
        window: Window,
        groups: usize,
    },
    Dense {
        name: String,
    },
    /// Nothing, once it is trained.
    Dropout,
    Flatten,
    GlobalAverage,
    Pool {
        window: Window,
        average: bool,
    },
}

/// What is computed of every number after a layer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Activation {
    Elu,
    Gelu,
    LeakyRelu,
    LogSoftmax,
    None,
    Relu,
    Selu,
    Sigmoid,
    Softmax,
    Softplus,
    Swish,
    Tanh,
}

const ACTIVATIONS: &[(&str, Activation)] = &[
    ("elu", Activation::Elu),
    ("gelu", Activation::Gelu),
    ("leaky_relu", Activation::LeakyRelu),
    ("log_softmax", Activation::LogSoftmax),
    ("none", Activation::None),
    ("linear", Activation::None),
    ("relu", Activation::Relu),
    ("selu", Activation::Selu),
    ("sigmoid", Activation::Sigmoid),
    ("silu", Activation::Swish),
    ("softmax", Activation::Softmax),
    ("softplus", Activation::Softplus),
    ("swish", Activation::Swish),
    ("tanh", Activation::Tanh),
];

/// The keys of which a layer has one; it says what the layer is.
const KINDS: [&str; 8] = ["dense", "conv2d", "batchnorm", "max_pool", "average_pool", "global_average_pool", "flatten", "dropout"];

impl Settings {
    /// Whether there is a list of layers, and not only what is said of inputs.
    pub(crate) fn lists_layers(&self) -> bool {
        !self.layers.is_empty()
    }

    /// The settings in `bytes`; the first fault is the message.
    pub(crate) fn read(path: &str, bytes: &[u8]) -> Result<Self, Diagnostic> {
        let fault = |message: String| Diagnostic::error(Code::BadNetwork, message).in_file(path);
        let text = std::str::from_utf8(bytes).map_err(|_| fault("the list of layers is not UTF-8 text".to_owned()))?;
        let table = DeTable::parse(text).map_err(|error| fault(format!("this is not TOML: {}", error.message().replace('\n', ", "))))?;
        let span = table.span();
        let mut fields = Fields::new("a network's settings", table.into_inner(), span);
        let settings = Self::of(&mut fields);
        match fields.finish().into_iter().next() {
            Some(first) => Err(Diagnostic { code: Code::BadNetwork, path: Some(path.to_owned()), span: None, ..first }),
            None => Ok(settings),
        }
    }

    fn of(fields: &mut Fields<'_>) -> Self {
        let layout = fields.word("layout", &[("keras", Layout::Keras), ("torch", Layout::Torch)]);
        let shape = fields.optional::<Vec<usize>>("shape").map(toml::Spanned::into_inner);
        if shape.as_ref().is_some_and(|shape| shape.len() > 4 || shape.contains(&0)) {
            fields.fault(Code::BadValue, fields.span(), "`shape` is that of one input, such as [1, 28, 28]");
        }
        let draft = fields.optional::<bool>("draft").is_some_and(toml::Spanned::into_inner);
        let weights = fields.optional::<String>("weights").map(toml::Spanned::into_inner);
        let presentation = presentation(fields);
        let border = fields.optional::<usize>("border").map(toml::Spanned::into_inner);
        if border.is_some_and(|border| border > 64) {
            fields.fault(Code::BadValue, fields.span(), "`border` is how many pixels of background are put around an image, such as 2");
        }
        let mut layers = Vec::new();
        for mut inner in fields.tables("layers", "a layer") {
            if layers.len() < limits::NETWORK_LAYERS {
                layers.extend(Layer::read(&mut inner));
            } else {
                inner.forget();
            }
            fields.absorb(inner);
        }
        Self { layers, layout, shape, draft, weights, presentation, border }
    }
}

/// `input = "unit"`, or `input = { mean = 0.1307, std = 0.3081 }`, or with lists of both, one for each channel.
fn presentation(fields: &mut Fields<'_>) -> Option<Presentation> {
    if !matches!(fields.peek("input").map(toml::Spanned::get_ref), Some(DeValue::Table(_))) {
        let names: Vec<(&'static str, usize)> = PRESENTATIONS.iter().enumerate().map(|(i, (name, _))| (*name, i)).collect();
        return fields.word("input", &names).map(|i| PRESENTATIONS[i].1.clone());
    }
    let mut inner = fields.table("input", "the input")?;
    let (means, stds) = (numbers(&mut inner, "mean"), numbers(&mut inner, "std"));
    let one_each = !means.is_empty() && means.len() == stds.len() && means.len() <= 4;
    let normalised = if one_each && stds.iter().all(|std| *std > 0.0) {
        Some(Presentation::Normalised(means.into_iter().zip(stds).map(|(mean, std)| Scale { mean, std }).collect()))
    } else {
        inner.fault(Code::BadValue, inner.span(), "an input is normalised with a `mean` and a `std` above 0, or a list of each, one for each channel");
        None
    };
    fields.absorb(inner);
    normalised
}

/// The number or the list of numbers that `key` is.
fn numbers(fields: &mut Fields<'_>, key: &'static str) -> Vec<f64> {
    if !matches!(fields.peek(key).map(toml::Spanned::get_ref), Some(DeValue::Array(_))) {
        return fields.number(key).map(mlgrade_domain::number::Finite::get).into_iter().collect();
    }
    let list = fields.optional::<Vec<f64>>(key).map(toml::Spanned::into_inner).unwrap_or_default();
    if list.iter().all(|number| number.is_finite()) { list } else { Vec::new() }
}

impl Layer {
    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let named: Vec<&str> = KINDS.into_iter().filter(|kind| fields.has(kind)).collect();
        if named.len() > 1 || (named.is_empty() && !fields.has("activation")) {
            fields.fault(Code::MissingKey, fields.span(), format!("a layer has exactly one of {}, or an `activation` alone", KINDS.join(", ")));
            fields.forget();
            return None;
        }
        let kind = match named.first().copied() {
            None => Kind::Activation,
            Some("dense") => Kind::Dense { name: name(fields, "dense")? },
            Some("conv2d") => {
                let (name, window) = (name(fields, "conv2d")?, window(fields, None)?);
                let groups = fields.optional::<usize>("groups").map_or(1, toml::Spanned::into_inner);
                Kind::Conv { name, window, groups }
            }
            Some("batchnorm") => {
                let name = name(fields, "batchnorm")?;
                Kind::BatchNorm { name, epsilon: fields.number("epsilon").map(narrow) }
            }
            Some(key @ ("max_pool" | "average_pool")) => {
                let average = key == "average_pool";
                let size = pair(fields, if average { "average_pool" } else { "max_pool" })?;
                Kind::Pool { window: window(fields, Some(size))?, average }
            }
            Some("global_average_pool") => flag(fields, "global_average_pool", Kind::GlobalAverage),
            Some("flatten") => flag(fields, "flatten", Kind::Flatten),
            Some(_) => {
                fields.take("dropout");
                Kind::Dropout
            }
        };
        Some(Self { kind, activation: fields.word("activation", ACTIVATIONS) })
    }
}

#[expect(clippy::cast_possible_truncation, reason = "networks are run in single precision")]
fn narrow(number: mlgrade_domain::number::Finite) -> f32 {
    number.get() as f32
}

fn flag(fields: &mut Fields<'_>, key: &'static str, kind: Kind) -> Kind {
    fields.optional::<bool>(key);
    kind
}

/// The name of the layer's weights.
fn name(fields: &mut Fields<'_>, key: &'static str) -> Option<String> {
    fields.optional::<String>(key).map(toml::Spanned::into_inner)
}

/// A number for both axes, or one for each.
fn pair(fields: &mut Fields<'_>, key: &'static str) -> Option<[usize; 2]> {
    let single = !matches!(fields.peek(key).map(toml::Spanned::get_ref), Some(DeValue::Array(_)));
    let read =
        if single { fields.optional::<usize>(key).map(|side| [*side.get_ref(); 2]) } else { fields.optional::<[usize; 2]>(key).map(toml::Spanned::into_inner) };
    match read {
        Some(pair) if pair.iter().all(|side| *side < 1 << 16) => Some(pair),
        Some(_) => {
            fields.fault(Code::BadValue, fields.span(), format!("`{key}` is too large"));
            None
        }
        None => None,
    }
}

fn window(fields: &mut Fields<'_>, size: Option<[usize; 2]>) -> Option<Window> {
    let or = |fields: &mut Fields<'_>, key, default| if fields.has(key) { pair(fields, key) } else { Some(default) };
    let strides = or(fields, "stride", size.unwrap_or([1; 2]))?;
    let dilations = or(fields, "dilation", [1; 2])?;
    let padding = if matches!(fields.peek("padding").map(toml::Spanned::get_ref), Some(DeValue::String(_))) {
        fields.word("padding", &[("same", Padding::Same { odd_at_start: false }), ("valid", Padding::Given([0; 4]))])?
    } else {
        let [down, across] = or(fields, "padding", [0; 2])?;
        Padding::Given([down, across, down, across])
    };
    if strides.contains(&0) || dilations.contains(&0) || size.is_some_and(|size| size.contains(&0)) {
        fields.fault(Code::BadValue, fields.span(), "a window's size, stride and dilation are at least 1");
        return None;
    }
    Some(Window { size, strides, dilations, padding, ceil: false, dimensions: None })
}
