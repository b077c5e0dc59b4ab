//! One training of a classifier: mini-batches in random order, and after every epoch the losses on the whole training and validation set.

use candle_core::Result;

use super::images::Shown;
use super::{Layer, Learner, Network, Start, images, loss};
use crate::draws::Draws;
use crate::optimizer::Method;
use mlgrade_data::{Images, Split};
use mlgrade_domain::seed::Seed;

/// Images that are evaluated at once: few enough for the activations to stay in the processor's cache.
const CHUNK: usize = 250;

/// What to train and how.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Plan {
    /// From pixels, 0 to 1, to logits.
    pub(crate) layers: Vec<Layer>,
    pub(crate) start: Start,
    pub(crate) method: Method,
    pub(crate) rate: f64,
    /// The learning rate is multiplied by this after every epoch.
    pub(crate) decay: f64,
    pub(crate) batch: usize,
    pub(crate) epochs: usize,
    /// Every time that an image is shown, it is moved by up to this many pixels along each axis.
    pub(crate) shift: usize,
}

/// What a training brought, epoch by epoch.
#[derive(Debug, Clone, Default)]
pub(crate) struct History {
    /// Mean over the training images.
    pub(crate) train_loss: Vec<f64>,
    /// Fraction of the training images.
    pub(crate) train_error: Vec<f64>,
    /// Mean over the validation images.
    pub(crate) val_loss: Vec<f64>,
    /// Fraction of the validation images.
    pub(crate) val_error: Vec<f64>,
    /// The predicted classes of the validation images.
    pub(crate) predictions: Vec<Vec<u8>>,
}

impl History {
    /// The last epoch of the training `name`, for whoever watches.
    pub(crate) fn note(&self, name: &str) -> String {
        let last = |losses: &[f64]| losses.last().copied().unwrap_or(f64::NAN);
        format!("{name}, epoch {}: loss {:.4} in training, {:.4} in validation", self.val_loss.len(), last(&self.train_loss), last(&self.val_loss))
    }
}

/// How well a network does on a set of images.
#[derive(Debug, Clone)]
pub(crate) struct Evaluation {
    /// Mean cross-entropy.
    pub(crate) loss: f64,
    /// The fraction that is classified wrongly.
    pub(crate) error: f64,
    /// The predicted classes.
    pub(crate) predictions: Vec<u8>,
}

/// Trains by `plan`; `watch` is called after each epoch.
pub(crate) fn train(plan: &Plan, data: &Split<Images, u8>, seed: Seed, watch: impl Fn(&History)) -> Result<(Network, History)> {
    let mut learner = Learner::new(plan.layers.clone(), plan.start, plan.method, data.x_train.count, plan.batch, seed)?;
    let mut shifts = Draws::new(seed.derive("shifts"));
    let mut history = History::default();
    let mut rate = plan.rate;
    for _ in 0..plan.epochs {
        let input = |rows: &[usize]| images::of_images(&data.x_train, rows, || shown(plan.shift, &mut shifts));
        learner.epoch(rate, input, |logits, rows| loss::mean(logits, &rows.iter().map(|&row| data.y_train[row]).collect::<Vec<u8>>()))?;
        rate *= plan.decay;
        let on_train = evaluate(&learner.network, &data.x_train, &data.y_train)?;
        let on_val = evaluate(&learner.network, &data.x_val, &data.y_val)?;
        history.train_loss.push(on_train.loss);
        history.train_error.push(on_train.error);
        history.val_loss.push(on_val.loss);
        history.val_error.push(on_val.error);
        history.predictions.push(on_val.predictions);
        watch(&history);
    }
    Ok((learner.network, history))
}

/// An image moved by up to `most` pixels along each axis; nothing is drawn where there is no choice.
pub(crate) fn shown(most: usize, draws: &mut Draws) -> Shown {
    let mut shift = || if most == 0 { 0 } else { draws.below(2 * most + 1).cast_signed() - most.cast_signed() };
    Shown { right: shift(), down: shift(), mirrored: false }
}

/// What `network` makes of all `images`.
pub(crate) fn evaluate(network: &Network, set: &Images, labels: &[u8]) -> Result<Evaluation> {
    let (mut total, mut predictions) = (0.0, Vec::with_capacity(set.count));
    let rows: Vec<usize> = (0..set.count).collect();
    for (rows, labels) in rows.chunks(CHUNK).zip(labels.chunks(CHUNK)) {
        let logits = network.output(images::of_images(set, rows, Shown::default)?)?;
        total += f64::from(loss::mean(&logits, labels)?.to_scalar::<f32>()?) * labels.len() as f64;
        predictions.extend(loss::classes(&logits)?);
    }
    let wrong = predictions.iter().zip(labels).filter(|(predicted, actual)| predicted != actual).count();
    let count = set.count.max(1) as f64;
    Ok(Evaluation { loss: total / count, error: wrong as f64 / count, predictions })
}
