//! Feed-forward networks: layers with a forward and a backward pass written out, and products of matrices from a library.
//!
//! What flows is a [`Batch`]: features × examples, the examples of a feature side by side. So every layer's inner loop runs over
//! contiguous examples, a dense layer is one product, and a convolution gathers its patches by copying whole runs.
//!
//! The products are `ndarray`'s, on one thread. On matrices of the size of a mini-batch they were up to twice as fast as candle's
//! (81 to 94 against 36 to 85 GFLOP/s on one core), need no copies into tensors, and wake no pool of threads that the training beside
//! this one pays for.

use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView2, ArrayViewMut2};

use super::draws::Draws;

mod batch;
mod convolution;
mod dense;
mod elementwise;
mod learner;
pub(super) mod loss;
mod pooling;
mod training;

pub(super) use batch::Batch;
pub(super) use convolution::Convolution;
pub(super) use dense::Dense;
pub(super) use learner::Learner;
pub(super) use pooling::{Planes, Pool};
pub(super) use training::{History, Plan, evaluate, train};

/// One layer; what it learns is in the [`Network`]'s parameters.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Layer {
    /// A product with a matrix of weights, plus biases.
    Dense(Dense),
    /// Filters slid over planes.
    Convolution(Convolution),
    /// Every 2×2 pixels become one: their mean or their maximum.
    Pool(Pool, Planes),
    /// So many zeros around every plane.
    Pad(usize, Planes),
    /// max(0, x) (Nair and Hinton 2010).
    Relu,
    /// 1 / (1 + exp(-x)).
    Sigmoid,
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
    /// For each dense layer and convolution its weights (outputs × inputs, row by row) and its biases, in the order of the layers.
    pub(super) parameters: Vec<Vec<f32>>,
}

/// How many numbers weights and biases are, and how many inputs an output has.
struct Size {
    weights: usize,
    biases: usize,
    inputs: usize,
}

/// What a forward pass leaves for the backward pass.
struct Pass {
    /// The input of every layer, then the output of the last.
    values: Vec<Batch>,
    kept: Vec<Kept>,
}

/// What a layer has to remember beside its input and output.
enum Kept {
    Nothing,
    /// Of dropout: what each value was multiplied by.
    Mask(Vec<f32>),
    Inside(Pass),
}

impl Network {
    /// A network with weights from `draws`.
    pub(super) fn new(layers: Vec<Layer>, start: Start, draws: &mut Draws) -> Self {
        let mut parameters: Vec<Vec<f32>> = Vec::new();
        for layer in &layers {
            for Size { weights, biases, inputs } in layer.sizes() {
                let inputs = inputs as f32;
                let (bound, bias_bound) = match start {
                    Start::Torch => (1.0 / inputs.sqrt(), 1.0 / inputs.sqrt()),
                    Start::He => ((6.0 / inputs).sqrt(), 0.0),
                };
                parameters.push((0..weights).map(|_| draws.within(bound)).collect());
                parameters.push((0..biases).map(|_| draws.within(bias_bound)).collect());
            }
            if let (Start::He, Layer::Block { skip: true, .. }, [.., weights, _]) = (start, layer, parameters.as_mut_slice()) {
                weights.fill(0.0);
            }
        }
        Self { layers, parameters }
    }

    /// How many numbers a network of `layers` learns.
    pub(super) fn count(layers: &[Layer]) -> usize {
        layers.iter().flat_map(Layer::sizes).map(|size| size.weights + size.biases).sum()
    }

    /// What comes out for `input`, dropping nothing out.
    pub(super) fn output(&self, input: Batch) -> Batch {
        apply(&self.layers, &self.parameters, input)
    }

    /// The output for `input` in training, and the gradient of a loss by every parameter, in the parameters' order. `slope` turns the
    /// output into the gradient of the loss by it; `draws` decides what is dropped out.
    pub(super) fn gradients(&self, input: Batch, draws: &mut Draws, slope: impl FnOnce(&Batch) -> Batch) -> Vec<Vec<f32>> {
        let pass = forward(&self.layers, &self.parameters, input, draws);
        let slope = slope(pass.output());
        let mut gradients = Vec::new();
        backward(&self.layers, &self.parameters, &pass, slope, false, &mut gradients);
        gradients.reverse();
        gradients
    }

    /// The network without its layer `place` and what that has learnt.
    pub(super) fn without(&self, place: usize) -> Self {
        let mut network = self.clone();
        let before = self.layers[..place].iter().map(Layer::tensors).sum::<usize>();
        network.parameters.drain(before..before + network.layers.remove(place).tensors());
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
            _ => None,
        }
    }

    /// For each weights and biases their sizes.
    fn sizes(&self) -> Vec<Size> {
        match self {
            Self::Dense(dense) => vec![Size { weights: dense.inputs * dense.outputs, biases: dense.outputs, inputs: dense.inputs }],
            Self::Convolution(conv) => vec![Size { weights: conv.filters * conv.taps(), biases: conv.filters, inputs: conv.taps() }],
            Self::Block { layers, .. } => layers.iter().flat_map(Self::sizes).collect(),
            Self::Pool(..) | Self::Pad(..) | Self::Relu | Self::Sigmoid | Self::Dropout(_) => Vec::new(),
        }
    }

    /// How many of the network's parameters are its own.
    fn tensors(&self) -> usize {
        2 * self.sizes().len()
    }

    /// What comes out for `x` when nothing is dropped and nothing has to be remembered.
    fn apply(&self, parameters: &[Vec<f32>], x: &Batch) -> Batch {
        match (self, parameters) {
            (Self::Dense(dense), [weights, biases]) => dense.forward(weights, biases, x),
            (Self::Convolution(conv), [weights, biases]) => conv.forward(weights, biases, x),
            (Self::Pool(pool, planes), _) => pool.forward(*planes, x),
            (Self::Pad(margin, planes), _) => planes.pad(*margin, x),
            (Self::Relu, _) => elementwise::relu(x),
            (Self::Sigmoid, _) => elementwise::sigmoid(x),
            (Self::Block { skip, layers }, _) => {
                let mut out = apply(layers, parameters, x.clone());
                if *skip {
                    out.add(x);
                }
                out
            }
            (Self::Dropout(_) | Self::Dense(_) | Self::Convolution(_), _) => x.clone(),
        }
    }
}

/// What comes out of `layers` for `x`.
fn apply(layers: &[Layer], mut parameters: &[Vec<f32>], x: Batch) -> Batch {
    layers.iter().fold(x, |x, layer| layer.apply(take(&mut parameters, layer.tensors()), &x))
}

/// The first `count` of `parameters`, which `parameters` then lacks.
fn take<'p>(parameters: &mut &'p [Vec<f32>], count: usize) -> &'p [Vec<f32>] {
    let (first, rest) = parameters.split_at(count);
    *parameters = rest;
    first
}

fn forward(layers: &[Layer], mut parameters: &[Vec<f32>], input: Batch, draws: &mut Draws) -> Pass {
    let mut pass = Pass { values: vec![input], kept: Vec::new() };
    for layer in layers {
        let own = take(&mut parameters, layer.tensors());
        let x = pass.output();
        let (out, kept) = match layer {
            Layer::Dropout(rate) => {
                let mask = elementwise::mask(x.values.len(), *rate, draws);
                let mut out = x.clone();
                out.scale(&mask);
                (out, Kept::Mask(mask))
            }
            Layer::Block { skip, layers } => {
                let inside = forward(layers, own, x.clone(), draws);
                let mut out = inside.output().clone();
                if *skip {
                    out.add(x);
                }
                (out, Kept::Inside(inside))
            }
            layer => (layer.apply(own, x), Kept::Nothing),
        };
        pass.values.push(out);
        pass.kept.push(kept);
    }
    pass
}

impl Pass {
    fn output(&self) -> &Batch {
        &self.values[self.values.len() - 1]
    }
}

/// Carries `slope`, the gradient by the output, back through the layers. Pushes the gradients by the parameters, the last first, and
/// returns the gradient by the input where it is `wanted`.
fn backward(layers: &[Layer], parameters: &[Vec<f32>], pass: &Pass, mut slope: Batch, wanted: bool, gradients: &mut Vec<Vec<f32>>) -> Batch {
    let mut end = parameters.len();
    for (i, layer) in layers.iter().enumerate().rev() {
        let start = end - layer.tensors();
        let (own, input, output) = (&parameters[start..end], &pass.values[i], &pass.values[i + 1]);
        let wanted_here = wanted || start > 0;
        match (layer, own, &pass.kept[i]) {
            (Layer::Dense(dense), [weights, _], _) => slope = dense.backward(weights, input, &slope, wanted_here, gradients),
            (Layer::Convolution(conv), [weights, _], _) => slope = conv.backward(weights, input, &slope, wanted_here, gradients),
            (Layer::Pool(pool, planes), ..) => slope = pool.backward(*planes, input, output, &slope),
            (Layer::Pad(margin, planes), ..) => slope = planes.crop(*margin, &slope),
            (Layer::Relu, ..) => elementwise::relu_slope(&mut slope, output),
            (Layer::Sigmoid, ..) => elementwise::sigmoid_slope(&mut slope, output),
            (Layer::Dropout(_), _, Kept::Mask(mask)) => slope.scale(mask),
            (Layer::Block { skip, layers }, _, Kept::Inside(inside)) => {
                let shortcut = skip.then(|| slope.clone());
                slope = backward(layers, own, inside, slope, wanted_here, gradients);
                if let Some(shortcut) = shortcut.filter(|_| wanted_here) {
                    slope.add(&shortcut);
                }
            }
            _ => {}
        }
        if !wanted_here {
            // Nothing before has anything to learn.
            break;
        }
        end = start;
    }
    slope
}

/// A matrix over `values`, row by row; what does not fit is a mistake in this room.
fn matrix(values: &[f32], rows: usize, cols: usize) -> ArrayView2<'_, f32> {
    ArrayView2::from_shape((rows, cols), values).unwrap_or_else(|_| unfit(rows, cols, values.len()))
}

fn matrix_mut(values: &mut [f32], rows: usize, cols: usize) -> ArrayViewMut2<'_, f32> {
    let length = values.len();
    ArrayViewMut2::from_shape((rows, cols), values).unwrap_or_else(|_| unfit(rows, cols, length))
}

fn unfit(rows: usize, cols: usize, length: usize) -> ! {
    panic!("{length} numbers are no {rows}×{cols} matrix: two layers do not fit each other")
}

/// out = a b + `keep` out.
fn multiply(a: &ArrayView2<'_, f32>, b: &ArrayView2<'_, f32>, keep: f32, mut out: ArrayViewMut2<'_, f32>) {
    general_mat_mul(1.0, a, b, keep, &mut out);
}
