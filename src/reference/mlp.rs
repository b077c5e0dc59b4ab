//! Multi-layer perceptrons on images: one architecture at several learning rates, and an improved one.

use super::plot::{Curve, LinePlot, Scale};
use super::settings::{is_rate, setting};
use super::side_by_side::side_by_side;
use super::{Entry, Fault, Reference, Run, Steps, Watch};
use crate::data::{DataSet, Images, Split};
use crate::domain::fields::Fields;
use crate::domain::number::Finite;
use crate::domain::seed::Seed;
use crate::domain::tolerance::{Tolerance, argmin};
use crate::evidence::value::Value;

mod loss;
mod network;
mod optimizer;
mod training;

use optimizer::Method;
use training::{History, Plan, train};

const NAME: &str = "mlp";

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    doc: "\
Trains a multi-layer perceptron (ReLU between dense layers, softmax cross-entropy over ten one-hot classes, pixels from 0 to 1) at several
learning rates, then an improved one, of which it keeps the epoch of least validation loss.

Data: labelled images.
Settings: hidden = [64] (widths of the hidden layers), optimizer = \"sgd\" or \"adam\", learning_rates = [0.01, 0.1, 1.0], batch = 256,
epochs = 20, improved = { hidden = [256, 128], optimizer = \"adam\", learning_rate = 0.003, decay = 0.85, epochs = 20 }, where decay
multiplies the learning rate after every epoch.
Metrics: learning_rates; for each of them, such as 0.1: mlp.lr0.1.train_loss and .val_loss (one value an epoch, mean over the images of the
whole set, after the epoch), .final_train_loss, .final_val_loss, .val_error (fraction, after the last epoch); improved.train_loss and
.val_loss likewise, improved.epoch (counted from 1) and improved.val_error (fraction) of the kept epoch.
Answers: best_learning_rate (least final validation loss).
Files: figures/mlp.svg, figures/improved.svg, predictions/improved.csv (the predicted classes of the validation images).
Sources: Rumelhart, Hinton and Williams 1986 (back-propagation); LeCun, Bottou, Orr and Müller 1998 (initial weights, as PyTorch's
nn.Linear has them); Kingma and Ba 2015 (Adam).",
    read: |fields| Some(Box::new(Mlp::read(fields))),
};

/// The reference with its settings.
#[derive(Debug)]
struct Mlp {
    /// One training a learning rate.
    plain: Vec<Plan>,
    improved: Plan,
}

/// The learning rate from which on plain gradient descent jumps instead of gliding.
const JUMPY: f64 = 0.5;
const METHODS: &[(&str, Method)] = &[("sgd", Method::Sgd), ("adam", Method::Adam)];

impl Mlp {
    fn read(fields: &mut Fields<'_>) -> Self {
        let rates = |rates: &Vec<f64>| !rates.is_empty() && rates.iter().copied().all(is_rate);
        let learning_rates = setting(fields, "learning_rates", vec![0.01, 0.1, 1.0], rates, "a list of numbers above 0");
        let batch = setting(fields, "batch", 256, |batch| *batch >= 1, "at least 1");
        let base = Plan { batch, decay: 1.0, ..read_plan(fields, vec![64], Method::Sgd) };
        let plain = learning_rates.into_iter().map(|rate| Plan { rate, ..base.clone() }).collect();

        let mut improved = Plan { rate: 0.003, decay: 0.85, batch, hidden: vec![256, 128], method: Method::Adam, epochs: 20 };
        if let Some(mut inner) = fields.table("improved", "the improved network") {
            improved.rate = setting(&mut inner, "learning_rate", improved.rate, |&rate| is_rate(rate), "above 0");
            improved.decay = setting(&mut inner, "decay", improved.decay, |&decay| is_rate(decay) && decay <= 1.0, "above 0 and at most 1");
            improved = Plan { rate: improved.rate, decay: improved.decay, batch, ..read_plan(&mut inner, improved.hidden, improved.method) };
            fields.absorb(inner);
        }
        Self { plain, improved }
    }

    /// The trainings with their names, the longest first.
    fn trainings(&self) -> Vec<(String, &Plan)> {
        let plain = self.plain.iter().map(|plan| (format!("mlp.lr{:?}", plan.rate), plan));
        std::iter::once(("improved".to_owned(), &self.improved)).chain(plain).collect()
    }
}

/// What a plain and an improved training have in common; the caller fills in the rest.
fn read_plan(fields: &mut Fields<'_>, hidden: Vec<usize>, method: Method) -> Plan {
    let widths = |widths: &Vec<usize>| widths.len() <= 16 && widths.iter().all(|width| (1..=8_192).contains(width));
    Plan {
        hidden: setting(fields, "hidden", hidden, widths, "a list of at most 16 widths from 1 to 8,192"),
        method: fields.word("optimizer", METHODS).unwrap_or(method),
        epochs: setting(fields, "epochs", 20, |epochs| (1..=10_000).contains(epochs), "from 1 to 10,000"),
        rate: 0.0,
        decay: 1.0,
        batch: 1,
    }
}

impl Reference for Mlp {
    fn run(&self, data: &DataSet, seed: Seed, watch: &dyn Watch) -> Result<Run, Fault> {
        let DataSet::Images(split) = data else {
            return Err(Fault::Unsuitable { reference: NAME, needs: "labelled images", found: data.kind() });
        };
        let trainings = self.trainings();
        let steps = Steps::new(watch, trainings.iter().map(|(_, plan)| plan.epochs).sum());
        let histories = train_all(&trainings, split, seed, &steps)?;
        self.hand_in(&trainings, &histories)
    }

    fn names(&self) -> Vec<String> {
        let plain = self
            .trainings()
            .into_iter()
            .skip(1)
            .flat_map(|(name, _)| ["train_loss", "val_loss", "final_train_loss", "final_val_loss", "val_error"].map(|metric| format!("{name}.{metric}")));
        let improved = ["train_loss", "val_loss", "val_error", "epoch"].map(|metric| format!("improved.{metric}"));
        std::iter::once("learning_rates".to_owned()).chain(plain).chain(improved).chain(["best_learning_rate".to_owned()]).collect()
    }

    /// Wide enough for three seeds to agree. Steps of a large rate jump over the valley: an epoch may end on its wall, where the loss
    /// is far greater.
    fn drift(&self, name: &str) -> Tolerance {
        let jumps = |plan: &Plan| plan.method == Method::Sgd && plan.rate >= JUMPY && name.starts_with(&format!("mlp.lr{:?}.", plan.rate));
        if self.plain.iter().any(jumps) {
            return Tolerance { absolute: if name.ends_with("error") { 0.03 } else { 0.3 }, relative: 0.1 };
        }
        match name.rsplit('.').next() {
            Some("val_error") => Tolerance { absolute: 0.0015, relative: 0.05 },
            Some("epoch") => Tolerance { absolute: self.improved.epochs as f64, relative: 0.0 },
            Some("train_loss" | "val_loss" | "final_train_loss" | "final_val_loss") => Tolerance { absolute: 0.02, relative: 0.1 },
            _ => Tolerance::ROUNDING,
        }
    }
}

fn train_all(trainings: &[(String, &Plan)], split: &Split<Images, u8>, seed: Seed, steps: &Steps<'_>) -> Result<Vec<History>, Fault> {
    side_by_side(NAME, trainings, |(name, plan)| {
        let watch = |history: &History| {
            let last = |losses: &[f64]| losses.last().copied().unwrap_or(f64::NAN);
            let (epoch, train, val) = (history.val_loss.len(), last(&history.train_loss), last(&history.val_loss));
            steps.step(&format!("{name}, epoch {epoch}: loss {train:.4} in training, {val:.4} in validation"));
        };
        train(plan, split, seed.derive(&format!("{NAME}/{name}")), watch).map_err(|error| Fault::library(NAME, error))
    })
}

impl Mlp {
    fn hand_in(&self, trainings: &[(String, &Plan)], histories: &[History]) -> Result<Run, Fault> {
        let mut run = Run::default();
        run.metrics.insert("learning_rates".to_owned(), Value::series(self.plain.iter().map(|plan| plan.rate)));
        let mut finals = Vec::new();
        for ((name, plan), history) in trainings.iter().zip(histories) {
            let mut metric = |metric: &str, value: Value| run.metrics.insert(format!("{name}.{metric}"), value);
            metric("train_loss", Value::series(history.train_loss.iter().copied()));
            metric("val_loss", Value::series(history.val_loss.iter().copied()));
            if name == "improved" {
                let (epoch, _) = least(&history.val_loss).ok_or_else(|| Fault::library(NAME, "the improved network's loss is not finite"))?;
                metric("epoch", Value::number((epoch + 1) as f64));
                metric("val_error", Value::number(history.val_error[epoch]));
                let lines = history.predictions[epoch].iter().map(|class| format!("{class}\n"));
                run.files.insert("predictions/improved.csv".to_owned(), std::iter::once("label\n".to_owned()).chain(lines).collect::<String>().into_bytes());
                continue;
            }
            let last = |values: &[f64]| values.last().copied().unwrap_or(f64::NAN);
            metric("final_train_loss", Value::number(last(&history.train_loss)));
            metric("final_val_loss", Value::number(last(&history.val_loss)));
            metric("val_error", Value::number(last(&history.val_error)));
            finals.push((plan.rate, last(&history.val_loss)));
        }
        let losses: Vec<f64> = finals.iter().map(|(_, loss)| *loss).collect();
        if let Some((best, _)) = least(&losses) {
            run.answers.insert("best_learning_rate".to_owned(), Value::number(finals[best].0));
        }
        let plain = trainings.iter().zip(histories).skip(1).map(|((_, plan), history)| (format!("learning rate {:?}", plan.rate), history));
        run.files.insert("figures/mlp.svg".to_owned(), figure("Loss by learning rate", plain)?);
        let improved = trainings.iter().zip(histories).take(1).map(|(_, history)| ("improved".to_owned(), history));
        run.files.insert("figures/improved.svg".to_owned(), figure("Loss of the improved network", improved)?);
        Ok(run)
    }
}

/// Training (dashed) and validation loss of each history over the epochs.
fn figure<'h>(title: &str, histories: impl Iterator<Item = (String, &'h History)>) -> Result<Vec<u8>, Fault> {
    let mut curves = Vec::new();
    for (colour, (name, history)) in histories.enumerate() {
        curves.push(Curve { name: format!("{name}, training"), y: history.train_loss.clone(), colour, dashed: true });
        curves.push(Curve { name: format!("{name}, validation"), y: history.val_loss.clone(), colour, dashed: false });
    }
    let epochs: Vec<f64> = (1..=curves.iter().map(|curve| curve.y.len()).max().unwrap_or(0)).map(|epoch| epoch as f64).collect();
    let plot = LinePlot {
        title,
        x_label: "epoch",
        y_label: "mean cross-entropy (nats, logarithmic)",
        x: &epochs,
        x_scale: Scale::Linear,
        y_scale: Scale::Log10,
        curves,
    };
    plot.svg().map(String::into_bytes).map_err(|error| Fault::library(NAME, error))
}

/// The position of the least finite value, and the value.
fn least(values: &[f64]) -> Option<(usize, Finite)> {
    let finite: Vec<(usize, Finite)> = values.iter().enumerate().filter_map(|(i, &value)| Some((i, Finite::new(value).ok()?))).collect();
    argmin(&finite.iter().map(|(_, value)| *value).collect::<Vec<_>>()).map(|best| finite[best])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::BUILTINS;
    use crate::reference::Unwatched;

    /// The first 512 training and 100 validation images.
    fn few_digits() -> DataSet {
        let Ok(DataSet::Images(full)) = BUILTINS.iter().find(|row| row.name == "mnist").unwrap().load() else { panic!("no images") };
        let first = |images: Images, count: usize| Images { count, pixels: images.pixels[..count * 784].to_vec(), ..images };
        DataSet::Images(Split {
            x_train: first(full.x_train, 512),
            y_train: full.y_train[..512].to_vec(),
            x_val: first(full.x_val, 100),
            y_val: full.y_val[..100].to_vec(),
        })
    }

    #[test]
    fn a_small_run_is_whole_learns_and_is_the_same_with_one_thread_and_two() {
        let plan = Plan { hidden: vec![16], method: Method::Sgd, rate: 0.5, decay: 1.0, batch: 32, epochs: 2 };
        let reference = Mlp { improved: Plan { method: Method::Adam, rate: 0.001, hidden: vec![24, 12], ..plan.clone() }, plain: vec![plan] };
        let data = few_digits();
        let [one, two] = [1, 2].map(|threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| reference.run(&data, Seed::new(441), &Unwatched)).unwrap()
        });
        assert_eq!(one, two);
        let handed_in: Vec<&String> = one.metrics.keys().chain(one.answers.keys()).collect();
        assert!(reference.names().iter().all(|name| handed_in.contains(&name)));
        for name in ["mlp.lr0.5.train_loss", "improved.train_loss"] {
            let Value::List(losses) = &one.metrics[name] else { panic!("no series") };
            let [Value::Number(first), Value::Number(second)] = losses[..] else { panic!("not two numbers") };
            assert!(second < first && first.get() < 2.4, "{name}: {losses:?}");
        }
        assert_eq!(std::str::from_utf8(&one.files["predictions/improved.csv"]).map(|text| text.lines().count()), Ok(101));
    }
}
