//! A list of layers as the rubric writes it, and the network that it makes.

use toml::de::DeValue;

use crate::network::{Convolution, Layer, Planes, Pool};
use crate::settings::setting;
use mlgrade_domain::diagnostic::Code;
use mlgrade_domain::fields::Fields;

/// The most layers, and the most numbers that a network may learn.
const MOST_LAYERS: usize = 200;
const MOST_PARAMETERS: usize = 50_000_000;

/// One layer.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Spec {
    /// That many outputs.
    Dense(usize),
    /// That many filters.
    Conv {
        filters: usize,
        kernel: usize,
        padding: usize,
    },
    Pool(Pool),
    /// Every plane becomes its mean.
    GlobalAverage,
    BatchNorm,
    /// Planes are one row of numbers anyway.
    Flatten,
    Dropout(f32),
    /// What these layers make of the input is added to it.
    Residual(Vec<Spec>),
    Activation(Activation),
}

/// What is computed of every number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Activation {
    Relu,
    LeakyRelu,
    Sigmoid,
    Tanh,
}

const ACTIVATIONS: &[(&str, Activation)] =
    &[("leaky_relu", Activation::LeakyRelu), ("relu", Activation::Relu), ("sigmoid", Activation::Sigmoid), ("tanh", Activation::Tanh)];

/// The keys of which a layer has one; it says what the layer is.
const KINDS: [&str; 9] = ["dense", "conv2d", "max_pool", "average_pool", "global_average_pool", "batchnorm", "flatten", "dropout", "residual"];

/// Reads `layers`.
pub(super) fn read(fields: &mut Fields<'_>) -> Vec<Spec> {
    if !fields.has("layers") {
        fields.required::<Vec<String>>("layers");
        return Vec::new();
    }
    let span = fields.peek("layers").map(toml::Spanned::span).unwrap_or_default();
    let layers = list(fields, "layers", 0);
    if count(&layers) > MOST_LAYERS {
        fields.fault(Code::BadValue, span, format!("a network has at most {MOST_LAYERS} layers"));
    }
    layers
}

fn count(layers: &[Spec]) -> usize {
    layers.iter().map(|layer| if let Spec::Residual(inner) = layer { 1 + count(inner) } else { 1 }).sum()
}

fn list(fields: &mut Fields<'_>, key: &'static str, depth: usize) -> Vec<Spec> {
    let mut layers = Vec::new();
    for mut inner in fields.tables(key, "a layer") {
        layers.extend(layer(&mut inner, depth));
        fields.absorb(inner);
    }
    layers
}

/// One layer with the activation that follows it.
fn layer(fields: &mut Fields<'_>, depth: usize) -> Vec<Spec> {
    let named: Vec<&str> = KINDS.into_iter().filter(|kind| fields.has(kind)).collect();
    if named.len() > 1 || (named.is_empty() && !fields.has("activation")) {
        fields.fault(Code::MissingKey, fields.span(), format!("a layer has exactly one of {}, or an `activation` alone", KINDS.join(", ")));
        fields.forget();
        return Vec::new();
    }
    let width = |width: &usize| (1..=65_536).contains(width);
    let kind = match named.first().copied() {
        Some("dense") => Some(Spec::Dense(setting(fields, "dense", 1, width, "the number of outputs, from 1 to 65,536"))),
        Some("conv2d") => Some(conv(fields)),
        Some("max_pool") => Some(pool(fields, "max_pool", Pool::Max)),
        Some("average_pool") => Some(pool(fields, "average_pool", Pool::Average)),
        Some("global_average_pool") => Some(flag(fields, "global_average_pool", Spec::GlobalAverage)),
        Some("batchnorm") => Some(flag(fields, "batchnorm", Spec::BatchNorm)),
        Some("flatten") => Some(flag(fields, "flatten", Spec::Flatten)),
        Some("dropout") => Some(Spec::Dropout(setting(fields, "dropout", 0.5, |rate| (0.0..0.95).contains(rate), "a probability from 0 on and below 0.95"))),
        Some(_) => {
            let inner = if depth < 8 { list(fields, "residual", depth + 1) } else { Vec::new() };
            if inner.is_empty() {
                fields.fault(Code::BadValue, fields.span(), "`residual` is a list of layers");
                fields.forget();
            }
            Some(Spec::Residual(inner))
        }
        None => None,
    };
    let activation = fields.word("activation", ACTIVATIONS).map(Spec::Activation);
    kind.into_iter().chain(activation).collect()
}

fn conv(fields: &mut Fields<'_>) -> Spec {
    let filters = setting(fields, "conv2d", 1, |filters| (1..=4_096).contains(filters), "the number of filters, from 1 to 4,096");
    let kernel = setting(fields, "kernel", 3, |side| (1..=31).contains(side), "the pixels along a side, from 1 to 31");
    let same = matches!(fields.peek("padding").map(toml::Spanned::get_ref), Some(DeValue::String(_)));
    let padding = if same {
        let span = fields.span();
        fields.word("padding", &[("same", ())]);
        if kernel % 2 == 0 {
            fields.fault(Code::BadValue, span, "`padding = \"same\"` needs an odd `kernel`");
        }
        kernel / 2
    } else {
        setting(fields, "padding", 0, |padding| *padding <= 31, "pixels on every side, at most 31, or \"same\"")
    };
    Spec::Conv { filters, kernel, padding }
}

fn pool(fields: &mut Fields<'_>, key: &'static str, pool: Pool) -> Spec {
    setting(fields, key, 2, |side| *side == 2, "2: every 2×2 pixels become one");
    Spec::Pool(pool)
}

fn flag(fields: &mut Fields<'_>, key: &'static str, spec: Spec) -> Spec {
    setting(fields, key, true, |flag| *flag, "true");
    spec
}

/// What flows: planes of images, or one row of numbers.
#[derive(Debug, Clone, Copy)]
struct Flow {
    planes: Planes,
    flat: bool,
}

/// The network of `specs` for these inputs with a last dense layer of `outputs`; the error says which layer does not fit.
pub(super) fn build(specs: &[Spec], input: Planes, outputs: usize) -> Result<Vec<Layer>, String> {
    let mut flow = Flow { planes: input, flat: input.height * input.width == 1 };
    let mut layers = sequence(specs, &mut flow)?;
    layers.push(Layer::dense(flow.planes.size(), outputs));
    let parameters = crate::network::Network::count(&layers);
    if parameters > MOST_PARAMETERS {
        return Err(format!("the network has {parameters} parameters; at most {MOST_PARAMETERS} are trained"));
    }
    Ok(layers)
}

fn sequence(specs: &[Spec], flow: &mut Flow) -> Result<Vec<Layer>, String> {
    let mut layers = Vec::new();
    for (place, spec) in specs.iter().enumerate() {
        add(spec, flow, &mut layers).map_err(|fault| format!("layer {}: {fault}", place + 1))?;
    }
    Ok(layers)
}

fn add(spec: &Spec, flow: &mut Flow, layers: &mut Vec<Layer>) -> Result<(), String> {
    let Flow { planes, flat } = *flow;
    let Planes { channels, height, width } = planes;
    let images = |what: &str| if flat { Err(format!("{what} needs images, and here one row of {channels} numbers comes in")) } else { Ok(()) };
    let row = |numbers| Flow { planes: Planes { channels: numbers, height: 1, width: 1 }, flat: true };
    match spec {
        Spec::Dense(outputs) => {
            layers.push(Layer::dense(planes.size(), *outputs));
            *flow = row(*outputs);
        }
        Spec::Conv { filters, kernel, padding } => {
            images("`conv2d`")?;
            let input = planes.padded(*padding);
            if input.height < *kernel || input.width < *kernel {
                return Err(format!("a kernel of {kernel}×{kernel} is larger than what comes in, {}×{} pixels", input.height, input.width));
            }
            layers.extend((*padding > 0).then_some(Layer::Pad(*padding, planes)));
            let conv = Convolution { input, filters: *filters, side: *kernel };
            layers.push(Layer::Convolution(conv));
            flow.planes = conv.output();
        }
        Spec::Pool(pool) => {
            images("pooling")?;
            if height < 2 || width < 2 {
                return Err(format!("pooling needs 2×2 pixels, and {height}×{width} come in"));
            }
            layers.push(Layer::Pool(*pool, planes));
            flow.planes = planes.halved();
        }
        Spec::GlobalAverage => {
            images("`global_average_pool`")?;
            layers.push(Layer::GlobalAverage(planes));
            *flow = row(channels);
        }
        Spec::BatchNorm => layers.push(Layer::Norm(planes)),
        Spec::Flatten => *flow = row(planes.size()),
        Spec::Dropout(rate) => layers.push(Layer::Dropout(*rate)),
        Spec::Activation(activation) => layers.push(match activation {
            Activation::Relu => Layer::Relu,
            Activation::LeakyRelu => Layer::LeakyRelu,
            Activation::Sigmoid => Layer::Sigmoid,
            Activation::Tanh => Layer::Tanh,
        }),
        Spec::Residual(inner) => {
            let inner = sequence(inner, flow)?;
            if flow.planes != planes {
                let words = |planes: Planes| format!("{}×{}×{}", planes.channels, planes.height, planes.width);
                return Err(format!("what `residual` adds must have the size of what comes in: {} and {}", words(flow.planes), words(planes)));
            }
            layers.push(Layer::Block { skip: true, layers: inner });
        }
    }
    Ok(())
}
