//! One training of a classifier: mini-batches in random order, and after every epoch the losses on the whole training and validation set.

use super::{Batch, Layer, Learner, Network, Start, loss};
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
    /// Every time that an image is shown, it is moved by up to so many pixels along each axis.
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

/// Trains by `plan`; `watch` is told after each epoch.
pub(crate) fn train(plan: &Plan, data: &Split<Images, u8>, seed: Seed, watch: impl Fn(&History)) -> (Network, History) {
    let mut learner = Learner::new(plan.layers.clone(), plan.start, plan.method, data.x_train.count, plan.batch, seed);
    let mut shifts = Draws::new(seed.derive("shifts"));
    let mut history = History::default();
    let mut rate = plan.rate;
    for _ in 0..plan.epochs {
        let images = |rows: &[usize]| Batch::of_images(&data.x_train, rows, || (shift(plan.shift, &mut shifts), shift(plan.shift, &mut shifts)));
        learner.epoch(rate, images, |logits, rows| loss::slope(logits, &rows.iter().map(|&row| data.y_train[row]).collect::<Vec<u8>>()));
        rate *= plan.decay;
        let on_train = evaluate(&learner.network, &data.x_train, &data.y_train);
        let on_val = evaluate(&learner.network, &data.x_val, &data.y_val);
        history.train_loss.push(on_train.loss);
        history.train_error.push(on_train.error);
        history.val_loss.push(on_val.loss);
        history.val_error.push(on_val.error);
        history.predictions.push(on_val.predictions);
        watch(&history);
    }
    (learner.network, history)
}

/// A number from -`most` to `most`; nothing is drawn where there is no choice.
fn shift(most: usize, draws: &mut Draws) -> isize {
    if most == 0 { 0 } else { draws.below(2 * most + 1).cast_signed() - most.cast_signed() }
}

/// What `network` makes of all `images`.
pub(crate) fn evaluate(network: &Network, images: &Images, labels: &[u8]) -> Evaluation {
    let (mut total, mut predictions) = (0.0, Vec::with_capacity(images.count));
    let rows: Vec<usize> = (0..images.count).collect();
    for (rows, labels) in rows.chunks(CHUNK).zip(labels.chunks(CHUNK)) {
        let logits = network.output(Batch::of_images(images, rows, || (0, 0)));
        total += loss::total(&logits, labels);
        predictions.extend(loss::classes(&logits));
    }
    let wrong = predictions.iter().zip(labels).filter(|(predicted, actual)| predicted != actual).count();
    let count = images.count.max(1) as f64;
    Evaluation { loss: total / count, error: wrong as f64 / count, predictions }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every kind of layer, on the slopes of the loss measured by moving each parameter a little.
    #[test]
    fn gradients_are_the_slopes_of_the_loss() {
        use super::super::{Convolution, Planes, Pool};
        let input = Planes { channels: 1, height: 6, width: 6 };
        let first = Convolution { input: input.padded(1), filters: 2, side: 3 };
        let second = Convolution { input: first.output().halved(), filters: 3, side: 2 };
        for (pool, activation) in [(Pool::Average, Layer::Sigmoid), (Pool::Max, Layer::Relu)] {
            let inner = vec![Layer::dense(5, 5), activation.clone(), Layer::dense(5, 5)];
            let layers = vec![
                Layer::Pad(1, input),
                Layer::Convolution(first),
                activation.clone(),
                Layer::Pool(pool, first.output()),
                Layer::Convolution(second),
                Layer::dense(second.output().size(), 5),
                activation.clone(),
                Layer::Block { skip: true, layers: inner.clone() },
                Layer::Block { skip: false, layers: inner },
                Layer::dense(5, 10),
            ];
            let mut network = Network::new(layers, Start::Torch, &mut Draws::new(Seed::new(3)));
            let pixels = (0..72).map(|i| f32::from(u8::try_from(i * 37 % 64).unwrap_or(0)) / 64.0).collect();
            let (images, labels) = (Batch { values: pixels, examples: 2 }, [3, 7]);
            let gradients = network.gradients(images.clone(), &mut Draws::new(Seed::new(1)), |logits| loss::slope(logits, &labels));
            assert_eq!(gradients.iter().map(Vec::len).collect::<Vec<_>>(), network.parameters.iter().map(Vec::len).collect::<Vec<_>>());
            for (i, gradient) in gradients.iter().enumerate() {
                for (j, &slope) in gradient.iter().enumerate() {
                    let before = network.parameters[i][j];
                    let [above, below] = [2e-3, -2e-3].map(|step| {
                        network.parameters[i][j] = before + step;
                        loss::total(&network.output(images.clone()), &labels) / 2.0
                    });
                    network.parameters[i][j] = before;
                    assert!(((above - below) / 4e-3 - f64::from(slope)).abs() < 2e-3, "{pool:?}, parameter {i}, {j}: {} {slope}", (above - below) / 4e-3);
                }
            }
        }
    }

    #[test]
    fn a_network_without_a_block_is_the_network_of_the_others() {
        let block = |skip| Layer::Block { skip, layers: vec![Layer::dense(3, 3), Layer::Relu] };
        let layers = vec![Layer::dense(2, 3), block(true), block(false), Layer::dense(3, 10)];
        let network = Network::new(layers, Start::He, &mut Draws::new(Seed::new(2)));
        let shorter = network.without(1);
        let size = |network: &Network| network.parameters.iter().map(Vec::len).sum::<usize>();
        assert_eq!((size(&network), size(&shorter)), (9 + 12 + 12 + 40, 9 + 12 + 40));
        assert_eq!(shorter.parameters[2], network.parameters[4]);
    }
}
