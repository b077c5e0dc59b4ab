//! A multi-layer perceptron with one hidden layer (Rumelhart, Hinton and Williams 1986): ReLU, softmax cross-entropy, Adam at the
//! settings of scikit-learn's `MLPClassifier` (learning rate 0.001, batches of 200), without its weight decay.

use super::kinds::Fold;
use candle_core::Result;

use crate::digits::CLASSES;
use crate::matrix::rows;
use crate::network::images::of_rows;
use crate::network::{Layer, Learner, Start, loss};
use crate::optimizer::Method;
use mlgrade_domain::seed::Seed;

const RATE: f64 = 0.001;
const BATCH: usize = 200;

/// The most probable class of every validation row, after `epochs` passes over the training rows.
pub(super) fn predict(fold: &Fold, hidden: usize, epochs: usize, seed: Seed) -> Result<Vec<usize>> {
    let inputs = fold.x_train.cols;
    #[expect(clippy::cast_possible_truncation, reason = "networks are 32-bit")]
    let single = |x| -> Vec<Vec<f32>> { rows(x).map(|row| row.iter().map(|&value| value as f32).collect()).collect() };
    let (x_train, x_val) = (single(&fold.x_train), single(&fold.x_val));
    // Above the classes that there are, a logit soon learns to stay low.
    let layers = vec![Layer::dense(inputs, hidden), Layer::Relu, Layer::dense(hidden, usize::from(CLASSES))];
    let mut learner = Learner::new(layers, Start::Torch, Method::Adam, x_train.len(), BATCH, seed)?;
    for _ in 0..epochs {
        let input = |batch: &[usize]| of_rows(batch.iter().map(|&row| x_train[row].as_slice()), inputs);
        learner.epoch(RATE, input, |logits, batch| loss::mean(logits, &batch.iter().map(|&row| label(fold.y_train[row])).collect::<Vec<u8>>()))?;
    }
    let logits = learner.network.output(of_rows(x_val.iter().map(Vec::as_slice), inputs)?)?;
    Ok(loss::classes(&logits)?.into_iter().map(usize::from).collect())
}

/// The class as the loss knows it, which has [`CLASSES`].
fn label(class: usize) -> u8 {
    u8::try_from(class).unwrap_or(CLASSES).min(CLASSES - 1)
}
