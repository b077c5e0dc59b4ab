//! A network that learns from rows of any kind, epoch by epoch.

use super::{Batch, Layer, Network, Start};
use crate::draws::Draws;
use crate::optimizer::{Method, Optimizer};
use mlgrade_domain::seed::Seed;

/// A network with its optimizer, and the draws that decide over the order of the rows and what is dropped out.
pub(crate) struct Learner {
    pub(crate) network: Network,
    optimizer: Optimizer<f32>,
    order: Vec<usize>,
    batch: usize,
    shuffles: Draws,
    masks: Draws,
}

impl Learner {
    /// A network of `layers` that has learnt nothing yet and will see `rows` rows, `batch` at a time.
    pub(crate) fn new(layers: Vec<Layer>, start: Start, method: Method, rows: usize, batch: usize, seed: Seed) -> Self {
        let network = Network::new(layers, start, &mut Draws::new(seed.derive("weights")));
        let optimizer = Optimizer::new(method, &network.parameters);
        let [shuffles, masks] = ["shuffles", "masks"].map(|label| Draws::new(seed.derive(label)));
        Self { network, optimizer, order: (0..rows).collect(), batch, shuffles, masks }
    }

    /// Goes once through all rows in random order. `input` is what the network sees of some rows, and `slope` turns what comes out for
    /// them into the gradient of the loss by it.
    pub(crate) fn epoch(&mut self, rate: f64, mut input: impl FnMut(&[usize]) -> Batch, mut slope: impl FnMut(&Batch, &[usize]) -> Batch) {
        self.shuffles.shuffle(&mut self.order);
        for rows in self.order.chunks(self.batch) {
            let gradients = self.network.gradients(input(rows), &mut self.masks, |output| slope(output, rows));
            self.optimizer.step(rate, &mut self.network.parameters, &gradients);
        }
    }
}
