//! Multi-layer perceptrons on images: one architecture at several learning rates, and an improved one.

use super::digits::{self, CLASSES, Digits, losses};
use super::network::{History, Layer, Plan, Start, train};
use super::optimizer::{METHODS, Method};
use super::series::{last, least};
use super::settings::{hidden, is_rate, setting};
use super::side_by_side::side_by_side;
use super::{Entry, Fault, Reference, Run, Steps, Watch};
use mlgrade_data::DataSet;
use mlgrade_domain::fields::Fields;
use mlgrade_domain::seed::Seed;
use mlgrade_domain::tolerance::Tolerance;
use mlgrade_domain::value::Value;

const NAME: &str = "mlp";

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    doc: "\
Trains a multi-layer perceptron (ReLU between dense layers, softmax cross-entropy over ten one-hot classes, pixels from 0 to 1) at several
learning rates, then an improved one and, where the rubric asks for it, a still better one; of both it keeps the epoch of least validation loss.

Data: grey labelled images of up to ten classes.
Settings: hidden = [64] (widths of the hidden layers), optimizer = \"sgd\", \"momentum\", \"adagrad\", \"rmsprop\" or \"adam\",
learning_rates = [0.01, 0.1, 1.0], batch = 256, epochs = 20, improved = { hidden, optimizer, learning_rate,
decay, dropout, shift, epochs }, where decay multiplies the learning rate after every epoch, dropout is the probability
with which a hidden value is left out in training, and shift the pixels by which a training image is moved at random, each time that it is shown;
better = { the same keys }, left out by default.
Metrics: learning_rates; for each of them, such as 0.1: mlp.lr0.1.train_loss and .val_loss (one value an epoch, mean over the images of the
whole set, after the epoch), .final_train_loss, .final_val_loss, .val_error (fraction, after the last epoch); improved.train_loss and
.val_loss likewise, improved.epoch (counted from 1) and improved.val_error (fraction) of the kept epoch; the same of better.
Answers: best_learning_rate (least final validation loss).
Files: figures/mlp.svg, figures/improved.svg, predictions/improved.csv (the predicted classes of the validation images); the same of better.
Sources: Rumelhart, Hinton and Williams 1986 (back-propagation); LeCun, Bottou, Orr and Müller 1998 (initial weights, as PyTorch's
nn.Linear has them); Srivastava et al. 2014 (dropout); Simard, Steinkraus and Platt 2003 (moved images); for the optimizers see `optimizers`.",
    read: |fields| Some(Box::new(Mlp::read(fields))),
};

/// The reference with its settings.
#[derive(Debug)]
struct Mlp {
    /// One training a learning rate.
    plain: Vec<Recipe>,
    /// Networks of which the best epoch is kept, by name.
    kept: Vec<(&'static str, Recipe)>,
}

/// A training, whatever the size of the images.
#[derive(Debug, Clone, PartialEq)]
struct Recipe {
    hidden: Vec<usize>,
    method: Method,
    rate: f64,
    decay: f64,
    dropout: f32,
    shift: usize,
    batch: usize,
    epochs: usize,
}

/// The learning rate from which on plain gradient descent jumps instead of gliding.
const JUMPY: f64 = 0.5;

impl Mlp {
    fn read(fields: &mut Fields<'_>) -> Self {
        let rates = |rates: &Vec<f64>| !rates.is_empty() && rates.iter().copied().all(is_rate);
        let learning_rates = setting(fields, "learning_rates", vec![0.01, 0.1, 1.0], rates, "a list of numbers above 0");
        let batch = setting(fields, "batch", 256, |batch| *batch >= 1, "at least 1");
        let base = Recipe { hidden: vec![64], method: Method::Sgd, rate: 0.0, decay: 1.0, dropout: 0.0, shift: 0, batch, epochs: 20 }.read(fields);
        let plain = learning_rates.into_iter().map(|rate| Recipe { rate, ..base.clone() }).collect();
        let improved = Recipe { hidden: vec![256, 128], method: Method::Adam, rate: 0.003, decay: 0.85, epochs: 20, ..base };
        let inner = |fields: &mut Fields<'_>, key, what: &str| {
            let mut inner = fields.table(key, what)?;
            let recipe = improved.clone().read(&mut inner).read_refinements(&mut inner);
            fields.absorb(inner);
            Some((key, recipe))
        };
        let first = inner(fields, "improved", "the improved network").unwrap_or(("improved", improved.clone()));
        let kept = std::iter::once(first).chain(inner(fields, "better", "the better network")).collect();
        Self { plain, kept }
    }

    /// The trainings with their names, the longest first.
    fn trainings(&self) -> Vec<(String, &Recipe)> {
        let plain = self.plain.iter().map(|recipe| (format!("mlp.lr{:?}", recipe.rate), recipe));
        self.kept.iter().rev().map(|(name, recipe)| ((*name).to_owned(), recipe)).chain(plain).collect()
    }

    fn is_kept(&self, name: &str) -> bool {
        self.kept.iter().any(|(kept, _)| *kept == name)
    }
}

impl Recipe {
    /// With what every training can say of itself.
    fn read(self, fields: &mut Fields<'_>) -> Self {
        Self {
            hidden: hidden(fields, self.hidden),
            method: fields.word("optimizer", METHODS).unwrap_or(self.method),
            epochs: setting(fields, "epochs", self.epochs, |epochs| (1..=10_000).contains(epochs), "from 1 to 10,000"),
            ..self
        }
    }

    /// With what only an improved network has.
    fn read_refinements(self, fields: &mut Fields<'_>) -> Self {
        Self {
            rate: setting(fields, "learning_rate", self.rate, |&rate| is_rate(rate), "above 0"),
            decay: setting(fields, "decay", self.decay, |&decay| is_rate(decay) && decay <= 1.0, "above 0 and at most 1"),
            dropout: setting(fields, "dropout", self.dropout, |dropout| (0.0..0.95).contains(dropout), "at least 0 and below 0.95"),
            shift: setting(fields, "shift", self.shift, |shift| *shift <= 4, "at most 4 pixels"),
            ..self
        }
    }

    /// The training for images of this many `pixels`.
    fn plan(&self, pixels: usize) -> Plan {
        let layers = Layer::perceptron(pixels, &self.hidden, usize::from(CLASSES), self.dropout);
        let Self { method, rate, decay, batch, epochs, shift, .. } = *self;
        Plan { layers, start: Start::Torch, method, rate, decay, batch, epochs, shift }
    }
}

impl Reference for Mlp {
    fn run(&self, data: &DataSet, seed: Seed, watch: &dyn Watch) -> Result<Run, Fault> {
        let split = digits::of(data, NAME)?;
        let trainings = self.trainings();
        let steps = Steps::new(watch, trainings.iter().map(|(_, recipe)| recipe.epochs).sum());
        let histories = train_all(&trainings, split, seed, &steps)?;
        self.hand_in(&trainings, &histories)
    }

    fn suits(&self, data: &DataSet) -> Result<(), Fault> {
        digits::of(data, NAME).map(|_| ())
    }

    fn names(&self) -> Vec<String> {
        let plain = self
            .trainings()
            .into_iter()
            .filter(|(name, _)| !self.is_kept(name))
            .flat_map(|(name, _)| ["train_loss", "val_loss", "final_train_loss", "final_val_loss", "val_error"].map(|metric| format!("{name}.{metric}")));
        let kept = self.kept.iter().flat_map(|(name, _)| ["train_loss", "val_loss", "val_error", "epoch"].map(|metric| format!("{name}.{metric}")));
        std::iter::once("learning_rates".to_owned()).chain(plain).chain(kept).chain(["best_learning_rate".to_owned()]).collect()
    }

    /// Wide enough for three seeds to agree. Steps of a large rate jump over the valley: an epoch may end on its wall, where the loss
    /// is far greater.
    fn drift(&self, name: &str) -> Tolerance {
        let jumps = |plan: &Recipe| plan.method == Method::Sgd && plan.rate >= JUMPY && name.starts_with(&format!("mlp.lr{:?}.", plan.rate));
        if self.plain.iter().any(jumps) {
            return Tolerance { absolute: if name.ends_with("error") { 0.03 } else { 0.3 }, relative: 0.1 };
        }
        match name.rsplit('.').next() {
            Some("val_error") => Tolerance { absolute: 0.0015, relative: 0.05 },
            Some("epoch") => Tolerance { absolute: self.kept.iter().map(|(_, recipe)| recipe.epochs).max().unwrap_or(0) as f64, relative: 0.0 },
            Some("train_loss" | "val_loss" | "final_train_loss" | "final_val_loss") => Tolerance { absolute: 0.02, relative: 0.1 },
            _ => Tolerance::ROUNDING,
        }
    }
}

fn train_all(trainings: &[(String, &Recipe)], split: &Digits, seed: Seed, steps: &Steps<'_>) -> Result<Vec<History>, Fault> {
    let pixels = split.x_train.height * split.x_train.width;
    side_by_side(NAME, trainings, |(name, recipe)| {
        let (_, history) = train(&recipe.plan(pixels), split, seed.derive(&format!("{NAME}/{name}")), |history| steps.step(&history.note(name)))
            .map_err(|error| Fault::library(NAME, error))?;
        Ok(history)
    })
}

impl Mlp {
    fn hand_in(&self, trainings: &[(String, &Recipe)], histories: &[History]) -> Result<Run, Fault> {
        let mut run = Run::default();
        run.state("learning_rates", Value::series(self.plain.iter().map(|recipe| recipe.rate)));
        let mut finals = Vec::new();
        for ((name, recipe), history) in trainings.iter().zip(histories) {
            run.state_losses(name, history);
            if self.is_kept(name) {
                let epoch = least(&history.val_loss).ok_or_else(|| Fault::library(NAME, format!("the loss of {name} is not finite")))?;
                run.state(format!("{name}.epoch"), Value::number((epoch + 1) as f64));
                run.state(format!("{name}.val_error"), Value::number(history.val_error[epoch]));
                run.state_predictions(name, &history.predictions[epoch]);
                run.draw(NAME, name, losses(&format!("Loss of the {name} network"), [(name.clone(), history)]))?;
            } else {
                run.state(format!("{name}.final_train_loss"), Value::number(last(&history.train_loss)));
                run.state(format!("{name}.final_val_loss"), Value::number(last(&history.val_loss)));
                run.state(format!("{name}.val_error"), Value::number(last(&history.val_error)));
                finals.push((recipe.rate, history));
            }
        }
        let final_losses: Vec<f64> = finals.iter().map(|(_, history)| last(&history.val_loss)).collect();
        if let Some(best) = least(&final_losses) {
            run.answers.insert("best_learning_rate".to_owned(), Value::number(finals[best].0));
        }
        run.draw(NAME, "mlp", losses("Loss by learning rate", finals.iter().map(|(rate, history)| (format!("learning rate {rate:?}"), *history))))?;
        Ok(run)
    }
}

#[cfg(test)]
mod tests {
    use super::super::digits::tests::few;
    use super::*;
    use crate::same_with_one_thread_and_two;

    #[test]
    fn a_small_run_is_whole_learns_and_is_the_same_with_one_thread_and_two() {
        let recipe = Recipe { hidden: vec![16], method: Method::Sgd, rate: 0.5, decay: 1.0, dropout: 0.0, shift: 0, batch: 32, epochs: 2 };
        let improved = Recipe { method: Method::Adam, rate: 0.001, hidden: vec![24, 12], dropout: 0.1, shift: 1, ..recipe.clone() };
        let reference = Mlp { kept: vec![("improved", improved)], plain: vec![recipe] };
        let data = few(512, 100);
        let one = same_with_one_thread_and_two(&reference, &data);
        for name in ["mlp.lr0.5.train_loss", "improved.train_loss"] {
            let Value::List(losses) = &one.metrics[name] else { panic!("no series") };
            let [Value::Number(first), Value::Number(second)] = losses[..] else { panic!("not two numbers") };
            assert!(second < first && first.get() < 2.4, "{name}: {losses:?}");
        }
        assert_eq!(std::str::from_utf8(&one.files["predictions/improved.csv"]).map(|text| text.lines().count()), Ok(101));
    }
}
