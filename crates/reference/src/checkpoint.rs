//! The checkpoint of least validation loss against the last epoch, of a network that overfits.

use super::digits::{self, CLASSES, losses};
use super::network::{Layer, Plan, Start, train};
use super::optimizer::{METHODS, Method};
use super::series::{last, least, one_to};
use super::settings::{hidden, is_rate, setting};
use super::{Entry, Fault, Reference, Run, Watch};
use mlgrade_data::DataSet;
use mlgrade_domain::fields::Fields;
use mlgrade_domain::seed::Seed;
use mlgrade_domain::tolerance::Tolerance;
use mlgrade_domain::value::Value;

const NAME: &str = "checkpoint";

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    doc: "\
Trains a network on few images for long, and compares the epoch of least validation loss, which a checkpoint keeps, with the last.

Data: grey labelled images of up to ten classes.
Settings: images = 2000 (the first training images; validation sees all of its own), hidden = [256], optimizer = \"adam\",
learning_rate = 0.001, batch = 64, epochs = 40.
Metrics: epochs (1, 2, …); checkpoint.train_loss and .val_loss (one value an epoch, mean cross-entropy after it), .best_epoch (counted from
1), .best_val_loss, .last_val_loss, .best_val_error, .last_val_error (fractions).
Answers: checkpoint_epoch (best_epoch), checkpoint_tells (underfitting or overfitting).
Files: figures/checkpoint.svg.
Sources: Morgan and Bourlard 1990; Prechelt 1998 (early stopping).",
    read: |fields| Some(Box::new(Checkpoint::read(fields))),
};

/// The reference with its settings.
#[derive(Debug)]
struct Checkpoint {
    images: usize,
    hidden: Vec<usize>,
    method: Method,
    rate: f64,
    batch: usize,
    epochs: usize,
}

impl Checkpoint {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            images: setting(fields, "images", 2_000, |images| *images >= 1, "at least 1"),
            hidden: hidden(fields, vec![256]),
            method: fields.word("optimizer", METHODS).unwrap_or(Method::Adam),
            rate: setting(fields, "learning_rate", 0.001, |&rate| is_rate(rate), "above 0"),
            batch: setting(fields, "batch", 64, |batch| *batch >= 1, "at least 1"),
            epochs: setting(fields, "epochs", 40, |epochs| (2..=10_000).contains(epochs), "from 2 to 10,000"),
        }
    }
}

impl Reference for Checkpoint {
    fn run(&self, data: &DataSet, seed: Seed, watch: &dyn Watch) -> Result<Run, Fault> {
        let split = digits::of(data, NAME)?;
        let split = split.first(self.images, split.x_val.count);
        let layers = Layer::perceptron(split.x_train.height * split.x_train.width, &self.hidden, usize::from(CLASSES), 0.0);
        let plan = Plan { layers, start: Start::Torch, method: self.method, rate: self.rate, decay: 1.0, batch: self.batch, epochs: self.epochs, shift: 0 };
        let (_, history) = train(&plan, &split, seed, |history| watch.step(history.val_loss.len(), self.epochs, &history.note(NAME)))
            .map_err(|error| Fault::library(NAME, error))?;
        let best = least(&history.val_loss).ok_or_else(|| Fault::library(NAME, "the validation loss is not finite"))?;
        let mut run = Run::default();
        run.state("epochs", Value::series(one_to(self.epochs)));
        run.state_losses(NAME, &history);
        for (name, value) in [
            ("best_epoch", (best + 1) as f64),
            ("best_val_loss", history.val_loss[best]),
            ("last_val_loss", last(&history.val_loss)),
            ("best_val_error", history.val_error[best]),
            ("last_val_error", last(&history.val_error)),
        ] {
            run.state(format!("{NAME}.{name}"), Value::number(value));
        }
        run.answers.insert("checkpoint_epoch".to_owned(), Value::number((best + 1) as f64));
        run.answers.insert("checkpoint_tells".to_owned(), Value::text("overfitting"));
        run.draw(NAME, NAME, losses("A network that overfits", [(format!("{} images", self.images), &history)]))?;
        Ok(run)
    }

    fn suits(&self, data: &DataSet) -> Result<(), Fault> {
        digits::of(data, NAME).map(|_| ())
    }

    fn names(&self) -> Vec<String> {
        let metrics = ["train_loss", "val_loss", "best_epoch", "best_val_loss", "last_val_loss", "best_val_error", "last_val_error"];
        let answers = ["checkpoint_epoch", "checkpoint_tells"].map(str::to_owned);
        std::iter::once("epochs".to_owned()).chain(metrics.map(|metric| format!("{NAME}.{metric}"))).chain(answers).collect()
    }

    fn drift(&self, name: &str) -> Tolerance {
        match name.rsplit('.').next() {
            Some("best_epoch" | "checkpoint_epoch") => Tolerance { absolute: self.epochs as f64, relative: 0.0 },
            Some("epochs") => Tolerance::ROUNDING,
            _ => Tolerance { absolute: 0.01, relative: 0.1 },
        }
    }
}
