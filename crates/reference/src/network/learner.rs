//! A network that learns from rows of any kind, epoch by epoch.

use std::cell::RefCell;

use candle_core::{CpuStorage, InplaceOp1, Layout, Result, Tensor, bail};

use super::{Layer, Network, Start};
use crate::draws::Draws;
use crate::optimizer::{Optimizer, Rule};
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
    pub(crate) fn new(layers: Vec<Layer>, start: Start, rule: impl Into<Rule>, rows: usize, batch: usize, seed: Seed) -> Result<Self> {
        let network = Network::new(layers, start, &mut Draws::new(seed.derive("weights")))?;
        let optimizer = Optimizer::new(rule, network.sizes());
        let [shuffles, masks] = ["shuffles", "masks"].map(|label| Draws::new(seed.derive(label)));
        Ok(Self { network, optimizer, order: (0..rows).collect(), batch, shuffles, masks })
    }

    /// Goes once through all rows in random order, and gives the mean loss of its batches over the rows. `input` is what the network
    /// sees of some rows, and `loss` the mean loss of what comes out for them. A batch goes through the network in [parts](Network::part),
    /// whose gradients are added up.
    pub(crate) fn epoch(
        &mut self,
        rate: f64,
        mut input: impl FnMut(&[usize]) -> Result<Tensor>,
        mut loss: impl FnMut(&Tensor, &[usize]) -> Result<Tensor>,
    ) -> Result<f64> {
        self.shuffles.shuffle(&mut self.order);
        let mut total = 0.0;
        for batch in self.order.chunks(self.batch) {
            self.network.forget_slopes();
            for rows in batch.chunks(self.network.part(batch.len())) {
                let loss = loss(&self.network.in_training(input(rows)?, &mut self.masks)?, rows)?;
                total += f64::from(loss.to_scalar::<f32>()?) * rows.len() as f64;
                (loss * (rows.len() as f64 / batch.len() as f64))?.backward()?;
            }
            self.optimizer.begin();
            let optimizer = &mut self.optimizer;
            self.network
                .each_parameter(|tensor, parameter, gradient| parameter.inplace_op1(&Step { optimizer: RefCell::new(optimizer), tensor, rate, gradient }))?;
        }
        Ok(total / self.order.len().max(1) as f64)
    }
}

/// The optimizer's step as an operation of candle on a parameter, in place.
struct Step<'o> {
    optimizer: RefCell<&'o mut Optimizer<f32>>,
    tensor: usize,
    rate: f64,
    gradient: &'o [f32],
}

impl InplaceOp1 for Step<'_> {
    fn name(&self) -> &'static str {
        "step"
    }

    fn cpu_fwd(&self, parameter: &mut CpuStorage, at: &Layout) -> Result<()> {
        let (CpuStorage::F32(values), Some((start, end))) = (parameter, at.contiguous_offsets()) else {
            bail!("a parameter is not of 32-bit floats side by side")
        };
        self.optimizer.borrow_mut().step_one(self.rate, self.tensor, &mut values[start..end], self.gradient);
        Ok(())
    }
}
