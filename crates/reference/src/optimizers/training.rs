//! The five optimizers on one network and one data set.

use super::NAME;
use crate::digits::{CLASSES, Digits, losses};
use crate::network::{Layer, Plan, Start, train};
use crate::optimizer::METHODS;
use crate::series::{last, least};
use crate::settings::{hidden, is_rate, setting};
use crate::side_by_side::side_by_side;
use crate::{Fault, Run, Steps};
use mlgrade_domain::fields::Fields;
use mlgrade_domain::seed::Seed;
use mlgrade_domain::value::Value;

/// One training for each method, in the order of [`METHODS`], all from the same weights.
#[derive(Debug)]
pub(super) struct Trainings {
    hidden: Vec<usize>,
    batch: usize,
    pub(super) epochs: usize,
    rates: Vec<f64>,
}

impl Trainings {
    /// Reads `training = { … }`.
    pub(super) fn read(fields: &mut Fields<'_>) -> Self {
        let mut plan = Self { hidden: vec![64], batch: 256, epochs: 5, rates: vec![0.1, 0.02, 0.02, 0.001, 0.001] };
        if let Some(mut inner) = fields.table("training", "the training on images") {
            plan.hidden = hidden(&mut inner, plan.hidden);
            plan.batch = setting(&mut inner, "batch", plan.batch, |batch| *batch >= 1, "at least 1");
            plan.epochs = setting(&mut inner, "epochs", plan.epochs, |epochs| (1..=1_000).contains(epochs), "from 1 to 1,000");
            let five = |rates: &Vec<f64>| rates.len() == METHODS.len() && rates.iter().copied().all(is_rate);
            plan.rates = setting(&mut inner, "rates", plan.rates, five, "five learning rates above 0");
            fields.absorb(inner);
        }
        plan
    }

    /// Trains and hands in what came of it.
    pub(super) fn hand_in(&self, run: &mut Run, split: &Digits, seed: Seed, steps: &Steps<'_>) -> Result<(), Fault> {
        let jobs: Vec<_> = METHODS.iter().zip(&self.rates).collect();
        let histories = side_by_side(NAME, &jobs, |&(&(name, method), &rate)| {
            let layers = Layer::perceptron(split.x_train.height * split.x_train.width, &self.hidden, usize::from(CLASSES), 0.0);
            let plan = Plan { layers, start: Start::Torch, method, rate, decay: 1.0, batch: self.batch, epochs: self.epochs, shift: 0 };
            let trained = train(&plan, split, seed.derive("training"), |history| steps.step(&history.note(name)));
            Ok(trained.map_err(|error| Fault::library(NAME, error))?.1)
        })?;
        let mut finals = Vec::new();
        for ((name, _), history) in METHODS.iter().zip(&histories) {
            run.state_losses(&format!("mnist.{name}"), history);
            run.state(format!("mnist.{name}.final_val_loss"), Value::number(last(&history.val_loss)));
            finals.push(last(&history.val_loss));
        }
        let best = least(&finals).ok_or_else(|| Fault::library(NAME, "no training's loss is finite"))?;
        run.answers.insert("best_on_mnist".to_owned(), Value::text(METHODS[best].0));
        let named = METHODS.iter().zip(&self.rates).map(|((name, _), rate)| format!("{name}, rate {rate}")).zip(&histories);
        run.draw(NAME, "optimizers_mnist", losses("Five optimizers on one network", named))
    }

    /// The names of what is handed in.
    pub(super) fn names() -> impl Iterator<Item = String> {
        let metrics = METHODS.iter().flat_map(|(name, _)| ["train_loss", "val_loss", "final_val_loss"].map(|metric| format!("mnist.{name}.{metric}")));
        metrics.chain(["best_on_mnist".to_owned()])
    }
}
