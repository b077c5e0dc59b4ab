//! Plain and residual networks of growing depth, and what one of their blocks is worth.

use super::digits::{self, CLASSES, Digits};
use super::network::{Layer, Network, Plan, Start, evaluate, train};
use super::optimizer::{METHODS, Method};
use super::plot::{Curve, LinePlot, Scale};
use super::series::{last, one_to};
use super::settings::{is_rate, setting};
use super::side_by_side::side_by_side;
use super::{Entry, Fault, Reference, Run, Steps, Watch};
use mlgrade_data::DataSet;
use mlgrade_domain::fields::Fields;
use mlgrade_domain::seed::Seed;
use mlgrade_domain::tolerance::Tolerance;
use mlgrade_domain::value::Value;

const NAME: &str = "residual";

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    doc: "\
Trains networks of growing depth, plain ones and residual ones, which differ only in what a block of two layers returns: relu(F(x)) or
relu(F(x) + x) with F(x) = W₂ relu(W₁ x + b₁) + b₂. A dense layer from the pixels comes before the blocks, one to the classes after them. Then
removes each block in turn from the networks of one depth, without training again.

Data: grey labelled images of up to ten classes.
Settings: depths = [4, 12, 24, 36] (layers in blocks, even numbers), width = 64, images = 20000 (the first training images), epochs = 5,
batch = 128, optimizer = \"adam\", learning_rate = 0.001, removed_from = 12 (one of the depths). Weights start as He et al. 2015 have them, the
last layer of a residual block at 0.
Metrics: depths; plain.train_error, plain.val_error, residual.train_error, residual.val_error (fractions after the last epoch, one a depth),
plain.deepest_train_error, residual.deepest_train_error (of the last depth);
removal.plain.val_error and removal.residual.val_error (one for each removed block, the first first), removal.plain.rise and
removal.residual.rise (their mean less the error of the whole network).
Answers: deep_plain_network (underfitting or overfitting), ensemble (plain or residual).
Files: figures/residual.svg, figures/removal.svg.
Sources: He, Zhang, Ren and Sun 2015 (residual modules); Veit, Wilber and Belongie 2016 (networks without one block).",
    read: |fields| Some(Box::new(Residual::read(fields))),
};

/// The reference with its settings.
#[derive(Debug)]
struct Residual {
    depths: Vec<usize>,
    width: usize,
    images: usize,
    epochs: usize,
    batch: usize,
    method: Method,
    rate: f64,
    removed_from: usize,
}

/// A training to do.
#[derive(Debug, Clone, Copy)]
struct Job {
    skip: bool,
    depth: usize,
}

/// What came of it.
#[derive(Debug)]
struct Outcome {
    train_error: f64,
    val_error: f64,
    /// The validation error without each block, if it was asked for.
    removals: Vec<f64>,
}

const KINDS: [(bool, &str); 2] = [(false, "plain"), (true, "residual")];

impl Residual {
    fn read(fields: &mut Fields<'_>) -> Self {
        let even = |depths: &Vec<usize>| !depths.is_empty() && depths.is_sorted_by(|a, b| a < b) && depths.iter().all(|d| (2..=200).contains(d) && d % 2 == 0);
        let depths = setting(fields, "depths", vec![4, 12, 24, 36], even, "a list of ascending even numbers from 2 to 200");
        let usual = depths.iter().copied().find(|&depth| depth == 12).or(depths.last().copied()).unwrap_or(12);
        Self {
            width: setting(fields, "width", 64, |width| (1..=4_096).contains(width), "from 1 to 4,096"),
            images: setting(fields, "images", 20_000, |images| *images >= 1, "at least 1"),
            epochs: setting(fields, "epochs", 5, |epochs| (1..=1_000).contains(epochs), "from 1 to 1,000"),
            batch: setting(fields, "batch", 128, |batch| *batch >= 1, "at least 1"),
            method: fields.word("optimizer", METHODS).unwrap_or(Method::Adam),
            rate: setting(fields, "learning_rate", 0.001, |&rate| is_rate(rate), "above 0"),
            removed_from: setting(fields, "removed_from", usual, |depth| depths.contains(depth), "one of the depths"),
            depths,
        }
    }

    fn plan(&self, job: Job, pixels: usize) -> Plan {
        let Self { width, epochs, batch, method, rate, .. } = *self;
        let mut layers = vec![Layer::dense(pixels, width), Layer::Relu];
        for _ in 0..job.depth / 2 {
            layers.push(Layer::Block { skip: job.skip, layers: vec![Layer::dense(width, width), Layer::Relu, Layer::dense(width, width)] });
            layers.push(Layer::Relu);
        }
        layers.push(Layer::dense(width, usize::from(CLASSES)));
        Plan { layers, start: Start::He, method, rate, decay: 1.0, batch, epochs, shift: 0 }
    }

    fn outcome(&self, job: Job, split: &Digits, seed: Seed, steps: &Steps<'_>) -> candle_core::Result<Outcome> {
        let plan = self.plan(job, split.x_train.height * split.x_train.width);
        let name = format!("{}, depth {}", KINDS[usize::from(job.skip)].1, job.depth);
        let (network, history) = train(&plan, split, seed.derive(&name), |history| steps.step(&history.note(&name)))?;
        let blocks = plan.layers.iter().enumerate().filter(|(_, layer)| matches!(layer, Layer::Block { .. })).map(|(place, _)| place);
        let removals = blocks.filter(|_| job.depth == self.removed_from).map(|place| error_without(&network, place, split)).collect::<Result<_, _>>()?;
        Ok(Outcome { train_error: last(&history.train_error), val_error: last(&history.val_error), removals })
    }
}

/// The validation error without layer `place`. The ReLU after a block stays: what comes to it then is not negative anyway.
fn error_without(network: &Network, place: usize, split: &Digits) -> candle_core::Result<f64> {
    Ok(evaluate(&network.without(place), &split.x_val, &split.y_val)?.error)
}

impl Reference for Residual {
    fn run(&self, data: &DataSet, seed: Seed, watch: &dyn Watch) -> Result<Run, Fault> {
        let split = digits::of(data, NAME)?;
        let split = split.first(self.images, split.x_val.count);
        // The deepest first: they take longest.
        let jobs: Vec<Job> = self.depths.iter().rev().flat_map(|&depth| KINDS.map(|(skip, _)| Job { skip, depth })).collect();
        let steps = Steps::new(watch, jobs.len() * self.epochs);
        let outcomes = side_by_side(NAME, &jobs, |&job| self.outcome(job, &split, seed, &steps).map_err(|error| Fault::library(NAME, error)))?;
        let of =
            |wanted: bool| -> Vec<&Outcome> { jobs.iter().zip(&outcomes).filter(|(job, _)| job.skip == wanted).map(|(_, outcome)| outcome).rev().collect() };
        self.hand_in(&KINDS.map(|(skip, name)| (name, of(skip))))
    }

    fn suits(&self, data: &DataSet) -> Result<(), Fault> {
        digits::of(data, NAME).map(|_| ())
    }

    fn names(&self) -> Vec<String> {
        let metrics = KINDS.iter().flat_map(|(_, name)| {
            let errors = ["train_error", "val_error", "deepest_train_error"].map(|metric| format!("{name}.{metric}"));
            errors.into_iter().chain(["val_error", "rise"].map(|metric| format!("removal.{name}.{metric}")))
        });
        std::iter::once("depths".to_owned()).chain(metrics).chain(["deep_plain_network", "ensemble"].map(str::to_owned)).collect()
    }

    /// How well a deep plain network does after a few epochs is a matter of luck, and so is what a single block of it is worth.
    fn drift(&self, name: &str) -> Tolerance {
        match name {
            "depths" => Tolerance::ROUNDING,
            _ if name.contains("plain") => Tolerance { absolute: 0.2, relative: 1.0 },
            _ if name.starts_with("removal") => Tolerance { absolute: 0.1, relative: 1.0 },
            _ => Tolerance { absolute: 0.01, relative: 0.5 },
        }
    }
}

impl Residual {
    fn hand_in(&self, outcomes: &[(&str, Vec<&Outcome>); 2]) -> Result<Run, Fault> {
        let mut run = Run::default();
        let depths: Vec<f64> = self.depths.iter().map(|&depth| depth as f64).collect();
        let (mut errors, mut removals) = (Vec::new(), Vec::new());
        for (colour, (name, outcomes)) in outcomes.iter().enumerate() {
            let train: Vec<f64> = outcomes.iter().map(|outcome| outcome.train_error).collect();
            let val: Vec<f64> = outcomes.iter().map(|outcome| outcome.val_error).collect();
            run.state(format!("{name}.deepest_train_error"), Value::number(last(&train)));
            run.state(format!("{name}.train_error"), Value::series(train.iter().copied()));
            run.state(format!("{name}.val_error"), Value::series(val.iter().copied()));
            errors.push(Curve { name: format!("{name}, training"), y: train, colour, dashed: true });
            errors.push(Curve { name: format!("{name}, validation"), y: val, colour, dashed: false });
            if let Some(whole) = outcomes.iter().find(|outcome| !outcome.removals.is_empty()) {
                let mean = whole.removals.iter().sum::<f64>() / whole.removals.len() as f64;
                run.state(format!("removal.{name}.rise"), Value::number(mean - whole.val_error));
                run.state(format!("removal.{name}.val_error"), Value::series(whole.removals.iter().copied()));
                removals.push(Curve { name: format!("{name}, without it"), y: whole.removals.clone(), colour, dashed: false });
                removals.push(Curve { name: format!("{name}, whole"), y: vec![whole.val_error; whole.removals.len()], colour, dashed: true });
            }
        }
        run.state("depths", Value::series(depths.iter().copied()));
        run.answers.insert("deep_plain_network".to_owned(), Value::text("underfitting"));
        run.answers.insert("ensemble".to_owned(), Value::text("residual"));
        let plot = |title, x_label, x, curves| {
            LinePlot { title, x_label, y_label: "error (fraction)", x, x_scale: Scale::Linear, y_scale: Scale::Linear, curves }.svg()
        };
        run.draw(NAME, "residual", plot("Error by depth", "layers in blocks", &depths, errors))?;
        let blocks = one_to(self.removed_from / 2);
        run.draw(NAME, "removal", plot("Validation error without one block", "removed block", &blocks, removals))?;
        Ok(run)
    }
}

#[cfg(test)]
mod tests {
    use super::super::digits::tests::few;
    use super::*;
    use crate::same_with_one_thread_and_two;

    #[test]
    fn a_small_run_is_whole_and_the_same_with_one_thread_and_two() {
        let reference = Residual { depths: vec![2, 4], width: 16, images: 512, epochs: 3, batch: 32, method: Method::Adam, rate: 0.003, removed_from: 4 };
        let data = few(512, 100);
        let one = same_with_one_thread_and_two(&reference, &data);
        let Value::List(errors) = &one.metrics["removal.residual.val_error"] else { panic!("no series") };
        assert_eq!(errors.len(), 2);
    }
}
