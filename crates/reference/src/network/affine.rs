//! Dense layers and convolutions as operations of candle: products with weights, plus biases, and the steps that follow.

use std::sync::{Arc, Mutex, PoisonError};

use candle_core::{CpuStorage, CustomOp3, Layout, Result, Shape, Tensor, Var};

use super::matrix::{numbers, tensor, with_numbers};
use super::normal::{BatchNorm, Running};
use super::step::Steps;

/// A layer that multiplies with weights (outputs × inputs) and adds biases; what goes in and comes out is features × examples.
pub(super) trait Affine: Copy + Send + Sync + 'static {
    /// How many features go in.
    fn features_in(self) -> usize;

    /// What comes out for `x`.
    fn apply(self, x: &[f32], weights: &[f32], biases: &[f32]) -> Result<Vec<f32>>;

    /// Adds the gradients by weights and biases to `by`, where `slope` is that by the output; returns that by the input if it is `wanted`.
    fn slopes(self, x: &[f32], weights: &[f32], slope: &[f32], wanted: bool, by: &mut Slopes) -> Result<Vec<f32>>;
}

/// The gradients of the loss by a layer's weights and biases. They stay where they are from step to step: candle would add each to
/// zeros first, and with the threads of all processors from [`ON_ALL_PROCESSORS`](super::ON_ALL_PROCESSORS) numbers on.
#[derive(Debug, Clone)]
pub(super) struct Slopes {
    pub(super) weights: Vec<f32>,
    pub(super) biases: Vec<f32>,
}

/// What an affine layer learns.
#[derive(Debug, Clone)]
pub(super) struct Learnt {
    pub(super) weights: Var,
    pub(super) biases: Var,
    slopes: Arc<Mutex<Slopes>>,
    /// Of batch normalisation, the moments that it goes by when it does not learn.
    moments: Arc<Mutex<Running>>,
}

impl Learnt {
    pub(super) fn new(weights: Vec<f32>, biases: Vec<f32>) -> Result<Self> {
        let (rows, cols) = (biases.len(), weights.len() / biases.len().max(1));
        let slopes = Arc::new(Mutex::new(Slopes { weights: vec![0.0; weights.len()], biases: vec![0.0; biases.len()] }));
        let [weights, biases] = [tensor(weights, rows, cols)?, tensor(biases, rows, 1)?];
        Ok(Self { weights: Var::from_tensor(&weights)?, biases: Var::from_tensor(&biases)?, slopes, moments: Arc::default() })
    }

    /// What `layer` and then `steps` make of `x`; `recorded` for a gradient.
    pub(super) fn apply(&self, layer: impl Affine, steps: Steps, x: &Tensor, recorded: bool) -> Result<Tensor> {
        let operation = Operation { layer, steps, slopes: Arc::clone(&self.slopes) };
        if recorded { x.apply_op3(&self.weights, &self.biases, operation) } else { x.apply_op3_no_bwd(&self.weights, &self.biases, &operation) }
    }

    /// What batch normalisation and then `steps` make of `x`; in training, `recorded` for a gradient, its moments are noted.
    pub(super) fn normalise(&self, layer: BatchNorm, steps: Steps, x: &Tensor, recorded: bool) -> Result<Tensor> {
        let mut running = self.moments.lock().unwrap_or_else(PoisonError::into_inner);
        if recorded {
            with_numbers([x], |[x]| {
                running.note(layer, x);
                Ok(())
            })?;
            return self.apply(layer, steps, x, true);
        }
        let values = with_numbers([x, &self.weights, &self.biases], |[x, weights, biases]| Ok(running.apply(layer, x, weights, biases)))?;
        let (features, examples) = x.dims2()?;
        steps.apply(tensor(values, features, examples)?)
    }

    /// Lets `work` see the sums of the gradients of all backward passes since they were set to 0.
    pub(super) fn with_slopes<T>(&self, work: impl FnOnce(&mut Slopes) -> T) -> T {
        work(&mut self.slopes.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

struct Operation<L> {
    layer: L,
    steps: Steps,
    slopes: Arc<Mutex<Slopes>>,
}

impl<L: Affine> CustomOp3 for Operation<L> {
    fn name(&self) -> &'static str {
        "affine"
    }

    fn cpu_fwd(&self, x: &CpuStorage, x_at: &Layout, w: &CpuStorage, w_at: &Layout, b: &CpuStorage, b_at: &Layout) -> Result<(CpuStorage, Shape)> {
        let values = self.steps.forward(self.layer.apply(numbers(x, x_at)?, numbers(w, w_at)?, numbers(b, b_at)?)?);
        let examples = x_at.dims()[1];
        let shape = Shape::from((values.len() / examples, examples));
        Ok((CpuStorage::F32(values), shape))
    }

    /// The gradient by the input only where something before it learns: images do not.
    fn bwd(&self, x: &Tensor, w: &Tensor, _: &Tensor, y: &Tensor, slope: &Tensor) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let (slope, wanted) = (slope.contiguous()?, x.track_op());
        let mut slopes = self.slopes.lock().unwrap_or_else(PoisonError::into_inner);
        let by_input = with_numbers([x, w, y, &slope], |[x, weights, y, slope]| {
            let slope = self.steps.backward(y, slope.to_vec());
            self.layer.slopes(x, weights, &slope, wanted, &mut slopes)
        })?;
        let examples = by_input.len() / self.layer.features_in();
        let by_input = wanted.then(|| tensor(by_input, self.layer.features_in(), examples)).transpose()?;
        Ok((by_input, None, None))
    }
}
