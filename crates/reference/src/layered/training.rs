//! One training of a network of any layers on any labelled data.

use candle_core::{DType, Device, Result, Tensor};

use super::recipe::{Augment, Recipe};
use crate::draws::Draws;
use crate::labelled::{Inputs, Part, Prediction, Truth};
use crate::network::images::{Shown, of_images, of_rows};
use crate::network::{Layer, Learner, Network, Start, shown};
use mlgrade_data::Matrix;
use mlgrade_domain::seed::Seed;

/// Examples that are evaluated at once: few enough for the activations to stay in the processor's cache.
const CHUNK: usize = 250;

/// What a training makes least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Loss {
    /// Softmax cross-entropy, in nats.
    CrossEntropy,
    /// The mean squared difference.
    Mse,
    /// The mean absolute difference.
    Mae,
}

/// What a training brought, epoch by epoch.
#[derive(Debug, Default)]
pub(super) struct Progress {
    pub(super) train_loss: Vec<f64>,
    pub(super) val_loss: Vec<f64>,
    /// Accuracy of classes, the root mean squared error of numbers.
    pub(super) train_score: Vec<f64>,
    pub(super) val_score: Vec<f64>,
}

/// A network that has been trained.
#[derive(Debug)]
pub(super) struct Trained {
    pub(super) progress: Progress,
    /// What it says at the end of the examples learnt from and of those held out.
    pub(super) train: Prediction,
    pub(super) val: Prediction,
}

/// Examples as tensors.
struct Examples<'e> {
    rows: Source<'e>,
    y: &'e Truth,
    count: usize,
}

enum Source<'e> {
    /// Features in single precision, row by row.
    Rows(Vec<f32>, usize),
    Images(&'e mlgrade_data::Images),
}

#[expect(clippy::cast_possible_truncation, reason = "networks are 32-bit")]
fn single(value: f64) -> f32 {
    value as f32
}

impl<'e> Examples<'e> {
    /// `rows` stand for those of `part`, where they were standardised.
    fn of(part: &'e Part<'_>, rows: Option<&Matrix>) -> Self {
        let source = |matrix: &Matrix| Source::Rows(matrix.values.iter().map(|&value| single(value)).collect(), matrix.cols);
        let rows = match (&part.x, rows) {
            (_, Some(matrix)) => source(matrix),
            (Inputs::Rows(matrix), None) => source(matrix),
            (Inputs::Images { images, .. }, None) => Source::Images(images),
        };
        Self { rows, y: &part.y, count: part.x.count() }
    }

    fn input(&self, places: &[usize], mut shown: impl FnMut() -> Shown) -> Result<Tensor> {
        match &self.rows {
            Source::Rows(values, cols) => of_rows(places.iter().map(|&place| &values[place * cols..(place + 1) * cols]), *cols),
            Source::Images(images) => of_images(images, places, &mut shown),
        }
    }
}

impl Augment {
    /// How an image is shown next; nothing is drawn where there is no choice.
    fn shown(self, draws: &mut Draws) -> Shown {
        let moved = shown(self.shift, draws);
        Shown { mirrored: self.flip && draws.below(2) == 1, ..moved }
    }
}

impl Loss {
    /// The mean over the examples `places`.
    fn mean(self, outputs: &Tensor, y: &Truth, places: &[usize]) -> Result<Tensor> {
        match y {
            Truth::Classes(classes) => crate::network::loss::cross_entropy(outputs, places.iter().map(|&place| classes[place])),
            Truth::Numbers(numbers) => {
                let right = Tensor::from_vec(places.iter().map(|&place| single(numbers[place])).collect(), (1, places.len()), &Device::Cpu)?;
                let differences = (outputs - right)?;
                if self == Self::Mae { differences.abs()?.mean_all() } else { differences.sqr()?.mean_all() }
            }
            Truth::Nothing => Err(candle_core::Error::msg("the examples have no answers")),
        }
    }
}

/// Trains `layers` by `recipe`; `watch` is called after each epoch. `rows` are those of `train` and `val`, where they were standardised.
pub(super) fn train(
    layers: Vec<Layer>,
    recipe: &Recipe,
    loss: Loss,
    [train, val]: [&Part<'_>; 2],
    rows: Option<&(Matrix, Matrix)>,
    seed: Seed,
    watch: impl Fn(&Progress),
) -> Result<Trained> {
    let (train, val) = (Examples::of(train, rows.map(|rows| &rows.0)), Examples::of(val, rows.map(|rows| &rows.1)));
    let mut learner = Learner::new(layers, Start::Torch, recipe.rule, train.count, recipe.batch, seed)?;
    let mut shows = Draws::new(seed.derive("augment"));
    let mut progress = Progress::default();
    let mut last = (Prediction::Classes(Vec::new()), Prediction::Classes(Vec::new()));
    for epoch in 0..recipe.epochs {
        let rate = recipe.schedule.rate(recipe.rate, epoch, recipe.epochs);
        let input = |places: &[usize]| train.input(places, || recipe.augment.shown(&mut shows));
        learner.epoch(rate, input, |outputs, places| loss.mean(outputs, train.y, places))?;
        let (on_train, on_val) = (evaluate(&learner.network, &train, loss)?, evaluate(&learner.network, &val, loss)?);
        for (values, value) in [
            (&mut progress.train_loss, on_train.loss),
            (&mut progress.train_score, on_train.score),
            (&mut progress.val_loss, on_val.loss),
            (&mut progress.val_score, on_val.score),
        ] {
            values.push(value);
        }
        last = (on_train.prediction, on_val.prediction);
        watch(&progress);
    }
    Ok(Trained { progress, train: last.0, val: last.1 })
}

/// How well a network does on some examples.
struct Evaluation {
    loss: f64,
    score: f64,
    prediction: Prediction,
}

fn evaluate(network: &Network, examples: &Examples<'_>, loss: Loss) -> Result<Evaluation> {
    let places: Vec<usize> = (0..examples.count).collect();
    let (mut total, mut outputs) = (0.0, Vec::with_capacity(examples.count));
    for places in places.chunks(CHUNK) {
        let out = network.output(examples.input(places, Shown::default)?)?;
        total += f64::from(loss.mean(&out, examples.y, places)?.to_scalar::<f32>()?) * places.len() as f64;
        outputs.extend(out.t()?.to_dtype(DType::F64)?.to_vec2::<f64>()?);
    }
    let count = examples.count.max(1) as f64;
    let (score, prediction) = match examples.y {
        Truth::Classes(classes) => {
            let prediction = Prediction::Probabilities(outputs.iter().map(|logits| softmax(logits)).collect());
            let right = prediction.classes().iter().zip(classes).filter(|(predicted, class)| predicted == class).count();
            (right as f64 / count, prediction)
        }
        Truth::Numbers(numbers) => {
            let predicted: Vec<f64> = outputs.into_iter().flatten().collect();
            let squares: f64 = predicted.iter().zip(numbers).map(|(predicted, number)| (predicted - number).powi(2)).sum();
            ((squares / count).sqrt(), Prediction::Numbers(predicted))
        }
        Truth::Nothing => (0.0, Prediction::Numbers(Vec::new())),
    };
    Ok(Evaluation { loss: total / count, score, prediction })
}

fn softmax(logits: &[f64]) -> Vec<f64> {
    let most = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = logits.iter().map(|logit| (logit - most).exp()).sum();
    logits.iter().map(|logit| (logit - most).exp() / sum).collect()
}
