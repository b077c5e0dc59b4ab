//! Feed-forward networks on candle: its tensors, its automatic differentiation, its activations and losses.
//!
//! What flows is a tensor of features × examples, the examples of a feature side by side. So every layer's inner loop runs over
//! contiguous examples, a dense layer is one product, and a convolution gathers its patches by copying whole runs.
//!
//! Dense layers and convolutions, each with all [steps](step) up to the next, are operations of our own ([`affine`]): they take no
//! gradient by the images, keep the gradients by the weights in one place, and their products run on one thread ([`matrix`]), so that
//! trainings can run side by side. For the same reason a mini-batch goes through a network in [parts](Network::part).

use candle_core::{Error, Result, Tensor, Var};

use super::draws::Draws;

mod affine;
mod convolution;
mod dense;
pub(super) mod images;
mod learner;
pub(super) mod loss;
mod matrix;
mod normal;
mod pooling;
mod step;
mod training;

pub(super) use convolution::Convolution;
pub(super) use dense::Dense;
pub(super) use learner::Learner;
pub(super) use pooling::{Planes, Pool};
pub(super) use training::{History, Plan, evaluate, shown, train};

use affine::Learnt;
use normal::BatchNorm;
use pooling::Pooling;
use step::{Step, Steps};

/// From this many numbers on, candle adds two tensors on the threads of all processors. There is one set of threads, so trainings that run
/// side by side wait for each other, and between two additions the threads spin: `LeNet` took twice the processor time.
const ON_ALL_PROCESSORS: usize = 65_536;

/// The share of a number below 0 that a leaky ReLU lets through.
const LEAK: f32 = 0.01;

/// One layer; what it learns is in the [`Network`]'s parameters.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Layer {
    /// A product with a matrix of weights, plus biases.
    Dense(Dense),
    /// Filters slid over planes.
    Convolution(Convolution),
    /// Every 2×2 pixels become one: their mean or their maximum.
    Pool(Pool, Planes),
    /// That many zeros around every plane.
    Pad(usize, Planes),
    /// max(0, x) (Nair and Hinton 2010).
    Relu,
    /// x where it is above 0, else a hundredth of it (Maas, Hannun and Ng 2013).
    LeakyRelu,
    /// 1 / (1 + exp(-x)).
    Sigmoid,
    /// The hyperbolic tangent.
    Tanh,
    /// Every plane becomes its mean (Lin, Chen and Yan 2014).
    GlobalAverage(Planes),
    /// Every plane gets mean 0 and variance 1 over the batch, and then a scale and a shift that are learnt (Ioffe and Szegedy 2015).
    Norm(Planes),
    /// In training each value is dropped with this probability, and the others are scaled up to make good for it (Srivastava et al.
    /// 2014); otherwise nothing happens.
    Dropout(f32),
    /// Layers after each other; with `skip` their input is added to their output: a residual module (He, Zhang, Ren and Sun 2015).
    Block {
        /// Whether the input is added.
        skip: bool,
        /// What is between input and output.
        layers: Vec<Layer>,
    },
}

/// How weights start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    /// Uniform within ±1/√inputs, biases too: `nn.Linear` and `nn.Conv2d` of PyTorch (after LeCun, Bottou, Orr and Müller 1998).
    Torch,
    /// Uniform within ±√(6/inputs), biases 0, which keeps the variance through ReLUs (He, Zhang, Ren and Sun 2015, "Delving deep"); the
    /// last layer of a residual module starts at 0, so that the module hands on its input at first (Goyal et al. 2017).
    He,
}

/// Layers with their parameters.
#[derive(Debug, Clone)]
pub(super) struct Network {
    layers: Vec<Layer>,
    /// For each dense layer and convolution what it has learnt, in the order of the layers.
    learnt: Vec<Learnt>,
}

/// How many rows the weights have (and biases there are), and how many inputs an output has.
struct Size {
    outputs: usize,
    inputs: usize,
    /// Whether weights start at 1 and biases at 0.
    is_norm: bool,
}

impl Network {
    /// A network with weights from `draws`.
    pub(super) fn new(layers: Vec<Layer>, start: Start, draws: &mut Draws) -> Result<Self> {
        let mut learnt = Vec::new();
        for layer in &layers {
            let sizes = layer.sizes();
            for (i, Size { outputs, inputs, is_norm }) in sizes.iter().enumerate() {
                if *is_norm {
                    learnt.push(Learnt::new(vec![1.0; *outputs], vec![0.0; *outputs])?);
                    continue;
                }
                let fan = *inputs as f32;
                let (bound, bias_bound) = match start {
                    Start::Torch => (1.0 / fan.sqrt(), 1.0 / fan.sqrt()),
                    Start::He => ((6.0 / fan).sqrt(), 0.0),
                };
                let mut weights: Vec<f32> = (0..outputs * inputs).map(|_| draws.within(bound)).collect();
                if start == Start::He && i + 1 == sizes.len() && matches!(layer, Layer::Block { skip: true, .. }) {
                    weights.fill(0.0);
                }
                let biases: Vec<f32> = (0..*outputs).map(|_| draws.within(bias_bound)).collect();
                learnt.push(Learnt::new(weights, biases)?);
            }
        }
        Ok(Self { layers, learnt })
    }

    /// How many numbers a network of `layers` learns.
    pub(super) fn count(layers: &[Layer]) -> usize {
        layers.iter().flat_map(Layer::sizes).map(|size| size.outputs * (size.inputs + 1)).sum()
    }

    /// What comes out for `input`, dropping nothing out and remembering nothing for a gradient.
    pub(super) fn output(&self, input: Tensor) -> Result<Tensor> {
        forward(&self.layers, &mut self.learnt.iter(), input, None)
    }

    /// What comes out for `input` in training; `masks` decides what is dropped out.
    pub(super) fn in_training(&self, input: Tensor, masks: &mut Draws) -> Result<Tensor> {
        forward(&self.layers, &mut self.learnt.iter(), input, Some(masks))
    }

    /// Does `work` with the number of each parameter (weights and biases take turns), itself, and the gradient of the loss by it, after
    /// candle went backwards from a loss of what came out [in training](Network::in_training).
    pub(super) fn each_parameter(&self, mut work: impl FnMut(usize, &Var, &[f32]) -> Result<()>) -> Result<()> {
        for (layer, learnt) in self.learnt.iter().enumerate() {
            learnt.with_slopes(|slopes| {
                work(2 * layer, &learnt.weights, &slopes.weights)?;
                work(2 * layer + 1, &learnt.biases, &slopes.biases)
            })?;
        }
        Ok(())
    }

    /// Sets the gradients of the loss to 0.
    pub(super) fn forget_slopes(&self) {
        for learnt in &self.learnt {
            learnt.with_slopes(|slopes| {
                slopes.weights.fill(0.0);
                slopes.biases.fill(0.0);
            });
        }
    }

    /// How many examples of a batch of `examples` go through at once: equal parts that keep every gradient within a network below
    /// [`ON_ALL_PROCESSORS`]. Batch normalisation needs all at once.
    pub(super) fn part(&self, examples: usize) -> usize {
        if self.layers.iter().any(Layer::sees_the_batch) {
            return examples.max(1);
        }
        let most = ((ON_ALL_PROCESSORS - 1) / widest(&self.layers).max(1)).max(1);
        examples.div_ceil(examples.div_ceil(most)).max(1)
    }

    /// How many numbers each parameter has.
    pub(super) fn sizes(&self) -> impl Iterator<Item = usize> {
        self.learnt.iter().flat_map(|learnt| [learnt.weights.elem_count(), learnt.biases.elem_count()])
    }

    /// The network without its layer `place` and what that has learnt.
    pub(super) fn without(&self, place: usize) -> Self {
        let mut network = self.clone();
        let before = self.layers[..place].iter().map(|layer| layer.sizes().len()).sum::<usize>();
        network.learnt.drain(before..before + network.layers.remove(place).sizes().len());
        network
    }
}

impl Layer {
    /// A dense layer.
    pub(super) fn dense(inputs: usize, outputs: usize) -> Self {
        Self::Dense(Dense { inputs, outputs })
    }

    /// The layers of a multi-layer perceptron: ReLU and, if any, dropout after each of the `hidden` ones.
    pub(super) fn perceptron(mut inputs: usize, hidden: &[usize], outputs: usize, dropout: f32) -> Vec<Self> {
        let mut layers = Vec::new();
        for &width in hidden {
            layers.extend([Self::dense(inputs, width), Self::Relu]);
            layers.extend((dropout > 0.0).then_some(Self::Dropout(dropout)));
            inputs = width;
        }
        layers.push(Self::dense(inputs, outputs));
        layers
    }

    /// How many numbers come out of a dense layer, a convolution or pooling; of other layers as many as go in.
    pub(super) fn outputs(&self) -> Option<usize> {
        match self {
            Self::Dense(dense) => Some(dense.outputs),
            Self::Convolution(conv) => Some(conv.output().size()),
            Self::Pool(_, planes) => Some(planes.halved().size()),
            Self::GlobalAverage(planes) => Some(planes.channels),
            _ => None,
        }
    }

    /// Whether what comes of an example depends on the others.
    fn sees_the_batch(&self) -> bool {
        match self {
            Self::Norm(_) => true,
            Self::Block { layers, .. } => layers.iter().any(Self::sees_the_batch),
            _ => false,
        }
    }

    /// How many numbers come out if `features` go in.
    fn width(&self, features: usize) -> usize {
        match self {
            Self::Pad(margin, planes) => planes.padded(*margin).size(),
            Self::Block { layers, .. } => layers.iter().fold(features, |width, layer| layer.width(width)),
            _ => self.outputs().unwrap_or(features),
        }
    }

    /// Whether it goes into one operation with the layer before.
    fn is_step(&self) -> bool {
        matches!(self, Self::Pool(..) | Self::GlobalAverage(_) | Self::Relu | Self::LeakyRelu | Self::Sigmoid | Self::Tanh | Self::Dropout(_))
    }

    /// What it does to `features` × `examples` numbers, and how many features that leaves; nothing if it is no step, or dropout without
    /// `masks`.
    fn step(&self, features: &mut usize, examples: usize, masks: Option<&mut Draws>) -> Option<Step> {
        *features = self.width(*features);
        match self {
            Self::Relu => Some(Step::Relu),
            Self::LeakyRelu => Some(Step::LeakyRelu(LEAK)),
            Self::Sigmoid => Some(Step::Sigmoid),
            Self::Tanh => Some(Step::Tanh),
            Self::GlobalAverage(planes) => Some(Step::PlaneMean(*planes)),
            Self::Dropout(rate) => masks.map(|masks| Step::dropout(*features * examples, *rate, masks)),
            Self::Pool(pool, planes) => Some(Step::Pool(Pooling(*pool, *planes))),
            Self::Dense(_) | Self::Convolution(_) | Self::Norm(_) | Self::Pad(..) | Self::Block { .. } => None,
        }
    }

    /// The sizes of each pair of weights and biases.
    fn sizes(&self) -> Vec<Size> {
        match self {
            Self::Dense(dense) => vec![Size { outputs: dense.outputs, inputs: dense.inputs, is_norm: false }],
            Self::Convolution(conv) => vec![Size { outputs: conv.filters, inputs: conv.taps(), is_norm: false }],
            Self::Norm(planes) => vec![Size { outputs: planes.channels, inputs: 1, is_norm: true }],
            Self::Block { layers, .. } => layers.iter().flat_map(Self::sizes).collect(),
            _ => Vec::new(),
        }
    }
}

/// Each layer with the steps that follow it.
fn groups(layers: &[Layer]) -> impl Iterator<Item = &[Layer]> {
    layers.chunk_by(|_, next| next.is_step())
}

/// The most numbers of an example that come out of an operation.
fn widest(layers: &[Layer]) -> usize {
    let width = |group: &[Layer]| match group {
        [Layer::Block { layers, .. }, ..] => widest(layers),
        _ => group.iter().fold(0, |width, layer| layer.width(width)),
    };
    groups(layers).map(width).max().unwrap_or(0)
}

/// What comes out of `layers` for `x`, each affine one taking its own from `learnt`. Where there are `masks`, it is in training: values
/// are dropped out, and a gradient can be taken.
fn forward(layers: &[Layer], learnt: &mut dyn Iterator<Item = &Learnt>, mut x: Tensor, mut masks: Option<&mut Draws>) -> Result<Tensor> {
    let recorded = masks.is_some();
    let (mut features, examples) = x.dims2()?;
    for group in groups(layers) {
        let (head, steps) = group.split_at(usize::from(!group[0].is_step()));
        features = head.first().map_or(features, |layer| layer.width(features));
        let steps = Steps::new(steps.iter().filter_map(|layer| layer.step(&mut features, examples, masks.as_deref_mut())).collect(), recorded);
        let mut next = || learnt.next().ok_or_else(|| Error::msg("a layer has learnt nothing"));
        x = match head.first() {
            Some(Layer::Dense(dense)) => next()?.apply(*dense, steps, &x, recorded)?,
            Some(Layer::Convolution(convolution)) => next()?.apply(*convolution, steps, &x, recorded)?,
            Some(Layer::Norm(planes)) => next()?.normalise(BatchNorm(*planes), steps, &x, recorded)?,
            Some(Layer::Pad(margin, planes)) => steps.apply(planes.pad(*margin, &x)?)?,
            Some(Layer::Block { skip, layers }) => {
                let inside = forward(layers, learnt, x.clone(), masks.as_deref_mut())?;
                steps.apply(if *skip { (inside + x)? } else { inside })?
            }
            _ => steps.apply(x)?,
        };
    }
    Ok(x)
}

#[cfg(test)]
mod tests;
