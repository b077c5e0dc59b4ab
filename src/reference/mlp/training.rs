//! One training: mini-batches in random order, and after every epoch the losses on the whole training and validation set.

use candle_core::Result;

use super::loss;
use super::network::Network;
use super::optimizer::{Method, Optimizer};
use crate::data::{Images, Split};
use crate::domain::seed::Seed;
use crate::reference::draws::Draws;

/// Images that are evaluated at once: few enough for the activations to stay in the processor's cache.
const CHUNK: usize = 1_000;

/// What to train and how.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Plan {
    pub(super) hidden: Vec<usize>,
    pub(super) method: Method,
    pub(super) rate: f64,
    /// The learning rate is multiplied by this after every epoch.
    pub(super) decay: f64,
    pub(super) batch: usize,
    pub(super) epochs: usize,
}

/// What a training brought, epoch by epoch.
#[derive(Debug, Default)]
pub(super) struct History {
    /// Mean over the training images.
    pub(super) train_loss: Vec<f64>,
    /// Mean over the validation images.
    pub(super) val_loss: Vec<f64>,
    /// Fraction of the validation images.
    pub(super) val_error: Vec<f64>,
    /// The predicted classes of the validation images.
    pub(super) predictions: Vec<Vec<u8>>,
}

/// Trains by `plan`; `watch` is told after each epoch.
pub(super) fn train(plan: &Plan, data: &Split<Images, u8>, seed: Seed, watch: impl Fn(&History)) -> Result<History> {
    let pixels = data.x_train.height * data.x_train.width;
    let mut network = Network::new(pixels, &plan.hidden, &mut Draws::new(seed.derive("weights")));
    let mut optimizer = Optimizer::new(plan.method, &network.parameters);
    let mut shuffles = Draws::new(seed.derive("shuffles"));
    let mut order: Vec<usize> = (0..data.x_train.count).collect();
    let mut history = History::default();
    let mut rate = plan.rate;
    for _ in 0..plan.epochs {
        shuffles.shuffle(&mut order);
        for batch in order.chunks(plan.batch) {
            let labels: Vec<u8> = batch.iter().map(|&row| data.y_train[row]).collect();
            let gradients = network.gradients(gather(&data.x_train, batch), |logits| loss::gradient(logits, &labels))?;
            #[expect(clippy::cast_possible_truncation, reason = "parameters are 32-bit")]
            optimizer.step(rate as f32, &mut network.parameters, &gradients);
        }
        rate *= plan.decay;
        let (train_loss, _) = evaluate(&network, &data.x_train, &data.y_train)?;
        let (val_loss, predictions) = evaluate(&network, &data.x_val, &data.y_val)?;
        let wrong = predictions.iter().zip(&data.y_val).filter(|(predicted, actual)| predicted != actual).count();
        history.train_loss.push(train_loss);
        history.val_loss.push(val_loss);
        history.val_error.push(wrong as f64 / data.y_val.len() as f64);
        history.predictions.push(predictions);
        watch(&history);
    }
    Ok(history)
}

/// The mean loss over `images`, and their predicted classes.
fn evaluate(network: &Network, images: &Images, labels: &[u8]) -> Result<(f64, Vec<u8>)> {
    let (mut total, mut predictions) = (0.0, Vec::with_capacity(images.count));
    let size = images.height * images.width;
    for (pixels, labels) in images.pixels.chunks(CHUNK * size).zip(labels.chunks(CHUNK)) {
        let logits = network.logits(scaled(pixels).collect())?;
        total += loss::total(&logits, labels);
        predictions.extend(loss::classes(&logits));
    }
    Ok((total / images.count as f64, predictions))
}

/// The pixels of the images `rows`, from 0 to 1.
fn gather(images: &Images, rows: &[usize]) -> Vec<f32> {
    let size = images.height * images.width;
    let mut pixels = Vec::with_capacity(rows.len() * size);
    for &row in rows {
        pixels.extend(scaled(&images.pixels[row * size..(row + 1) * size]));
    }
    pixels
}

fn scaled(pixels: &[u8]) -> impl ExactSizeIterator<Item = f32> {
    pixels.iter().map(|&pixel| f32::from(pixel) / 255.0)
}
