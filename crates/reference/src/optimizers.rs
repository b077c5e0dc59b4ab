//! Optimizers from their update rules: on loss surfaces, and training a network.

use super::optimizer::METHODS;
use super::{Entry, Fault, Reference, Run, Steps, Watch, digits};
use mlgrade_data::DataSet;
use mlgrade_domain::fields::Fields;
use mlgrade_domain::seed::Seed;
use mlgrade_domain::tolerance::Tolerance;

mod contours;
mod drawing;
mod surfaces;
mod training;
mod walks;

use training::Trainings;
use walks::Walks;

const NAME: &str = "optimizers";

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    doc: "\
Walks with five optimizers, each from its update rule and in 64-bit floats, over four loss surfaces of two parameters x and y; then trains a
multi-layer perceptron (ReLU, softmax cross-entropy, pixels from 0 to 1) with each, from the same weights and over the same batches.

  sgd       p -= r g
  momentum  v = 0.9 v + g;  p -= r v
  adagrad   s += g²;  p -= r g / (√s + 1e-10)
  rmsprop   s = 0.999 s + 0.001 g²;  p -= r g / (√s + 1e-8)
  adam      m = 0.9 m + 0.1 g;  s = 0.999 s + 0.001 g²;  p -= r (m / (1 - 0.9^t)) / (√(s / (1 - 0.999^t)) + 1e-8), t from 1
  with v, s, m = 0 at the start

  bowl      (x² + 20 y²) / 2                                    from (-4, 2), target 0.001
  saddle    x² / 2 + y⁴ / 4 - y² / 2                            from (-2, 0.001), target -0.24
  beale     (1.5 - x + x y)² + (2.25 - x + x y²)² + (2.625 - x + x y³)²    from (1, 1.5), target 0.1
  egg       (x² + y²) / 10 + (2 - cos 2x - cos 2y) / 2          from (3.9, -3.7), target 0.1

Data: grey labelled images of up to ten classes (for the network; the surfaces need none).
Settings: steps = 200; rates = { bowl = [0.03, 0.03, 0.5, 0.015, 0.2], saddle = [0.1, 0.1, 0.5, 0.01, 0.1],
beale = [0.01, 0.002, 0.5, 0.01, 0.2], egg = [0.2, 0.2, 0.2, 0.01, 0.1] }, the learning rates of sgd, momentum, adagrad, rmsprop, adam;
training = { hidden = [64], batch = 256, epochs = 5, rates = [0.1, 0.02, 0.02, 0.001, 0.001] }.
Metrics: for each surface S and method M: S.M.steps (x1, y1, ..., x5, y5 after the first five steps, without the start), S.M.loss (one
value a step, after it), S.M.to_target (steps until the loss is below the target for the first time; the number of steps + 1 if it never
is); egg.M.final_loss; adagrad.effective_step and rmsprop.effective_step (on the bowl, of x: r / (√s + epsilon), one value a step, with
that step's gradient in s), and of each .least_effective_step and .final_effective_step as names of their own:
adagrad.least_effective_step and so on. mnist.M.train_loss and .val_loss (mean cross-entropy after each epoch), .final_val_loss.
Answers: best_on_bowl (least to_target), leaves_pit (least final loss on the egg carton), shrinking_step (a method), nan_losses (what the training did), best_on_mnist
(least final validation loss).
Files: figures/surfaces.svg (the walks over level lines), figures/optimizers.svg (losses on the bowl),
figures/optimizers_mnist.svg.
Sources: Robbins and Monro 1951 (stochastic gradient descent); Polyak 1964 (momentum); Duchi, Hazan and Singer 2011 (AdaGrad); Tieleman
and Hinton 2012 (RMSProp); Kingma and Ba 2015 (Adam); Beale 1958 (his surface). Conventions are those of torch.optim, there
RMSprop(alpha=0.999). Nothing on the surfaces is random.",
    read: |fields| Some(Box::new(Optimizers::read(fields))),
};

/// The reference with its settings.
#[derive(Debug)]
struct Optimizers {
    walks: Walks,
    trainings: Trainings,
}

impl Optimizers {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self { walks: Walks::read(fields), trainings: Trainings::read(fields) }
    }
}

impl Reference for Optimizers {
    fn run(&self, data: &DataSet, seed: Seed, watch: &dyn Watch) -> Result<Run, Fault> {
        let split = digits::of(data, NAME)?;
        let mut run = Run::default();
        self.walks.hand_in(&mut run)?;
        self.trainings.hand_in(&mut run, split, seed, &Steps::new(watch, METHODS.len() * self.trainings.epochs))?;
        Ok(run)
    }

    fn suits(&self, data: &DataSet) -> Result<(), Fault> {
        digits::of(data, NAME).map(|_| ())
    }

    fn names(&self) -> Vec<String> {
        self.walks.names().into_iter().chain(Trainings::names()).collect()
    }

    /// Sines and cosines differ in the last digit from machine to machine, and the ridge of the saddle amplifies that a thousandfold.
    fn drift(&self, name: &str) -> Tolerance {
        if name.starts_with("mnist.") {
            return Tolerance { absolute: 0.02, relative: 0.1 };
        }
        Tolerance { absolute: 1e-6, relative: 1e-6 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::digits::tests::few;
    use super::*;
    use crate::Unwatched;
    use mlgrade_domain::value::Value;

    #[test]
    fn a_run_is_whole_finite_and_of_the_stated_shapes() {
        let optimizers = Optimizers::read(&mut Fields::new("a reference", toml::de::DeTable::new(), 0..0));
        let run = optimizers.run(&few(300, 50), Seed::new(1), &Unwatched).unwrap();
        let handed_in: Vec<&String> = run.metrics.keys().chain(run.answers.keys()).collect();
        let names = optimizers.names();
        assert!(names.iter().all(|name| handed_in.contains(&name)) && names.len() == handed_in.len(), "{handed_in:?}");
        for (name, value) in &run.metrics {
            let numbers = if let Value::List(values) = value { values.len() } else { 1 };
            let expected = match name.rsplit('.').next() {
                Some("steps") => 10,
                Some("train_loss" | "val_loss") => 5,
                Some("loss" | "effective_step") => 200,
                _ => 1,
            };
            let finite = |value: &Value| matches!(value, Value::Number(_));
            assert!(numbers == expected && if let Value::List(values) = value { values.iter().all(finite) } else { finite(value) }, "{name}");
        }
        for figure in ["figures/surfaces.svg", "figures/optimizers.svg", "figures/optimizers_mnist.svg"] {
            let svg = std::str::from_utf8(&run.files[figure]).unwrap();
            assert!(roxmltree::Document::parse(svg).is_ok() && svg.len() < 400_000, "{figure} has {} bytes", svg.len());
        }
        assert_eq!(run.answers["leaves_pit"], Value::text("momentum"));
    }
}
