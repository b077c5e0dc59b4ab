//! A network of any layers on any labelled data.

use super::labelled::{Choice, Inputs, Labelled, Task, fault, name};
use super::matrix::standardised;
use super::network::{Network, Planes};
use super::plot::{Curve, LinePlot, Scale};
use super::series::{last, least, one_to};
use super::side_by_side::side_by_side;
use super::{Entry, Fault, Reference, Run, Watch};
use mlgrade_data::{DataSet, Matrix};
use mlgrade_domain::diagnostic::Code;
use mlgrade_domain::fields::Fields;
use mlgrade_domain::seed::Seed;
use mlgrade_domain::tolerance::Tolerance;
use mlgrade_domain::value::Value;

mod layers;
mod recipe;
mod training;

use layers::Spec;
use recipe::{Augment, Recipe};
use training::{Loss, Progress, Trained, train};

const NAME: &str = "network";

/// The share of a table's rows that is held out unless the rubric says what is.
const HOLDOUT: f64 = 0.2;

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    doc: "\
Trains a network of any layers on any labelled data, as PyTorch does, and hands in its losses.

Data: labelled images, grey or in colour (pixels from 0 to 1), rows with a number to predict, or a table.
Settings:
  layers        a list, from the input on; a last dense layer with an output for each class, or one for a number, is added:
                { dense = 64 }, { conv2d = 16, kernel = 3, padding = 0 } (filters; padding in pixels or \"same\"; stride 1),
                { max_pool = 2 }, { average_pool = 2 }, { global_average_pool = true }, { batchnorm = true }, { dropout = 0.5 },
                { flatten = true } (may be left out), { residual = [ layers ] } (what they make of the input is added to it),
                { activation = \"relu\" }, \"leaky_relu\" (0.01), \"sigmoid\" or \"tanh\", also in the table of another layer, after it
  name          what its values are called (default: network)
  task          \"classification\" (default) or \"regression\"; needed where the answers are numbers
  loss          of numbers: \"mse\" (default) or \"mae\"; of classes it is the softmax cross-entropy, in nats
  optimizer     \"adam\" (default), \"adamw\", \"sgd\", \"rmsprop\" or \"adagrad\", with PyTorch's defaults; learning_rate = 0.001, of sgd 0.01;
                of sgd momentum = 0 and nesterov = false; weight_decay = 0, of adamw 0.01
  schedule      of the learning rate: \"constant\" (default), \"cosine\" (to 0), or { every = 10, factor = 0.1 }: multiplied by it after
                each 10 epochs (every = 1 by default)
  batch, epochs 32 and 10; examples are in a new random order in every epoch
  augment       of images: { shift = 2, flip = true }: moved by up to 2 pixels along each axis, what comes in is background; mirrored,
                left to right, every second time
  target, features, categorical, id, holdout (of a table, by default \"20%\"), train, scale (of rows): as in `mlgrade explain model`
Metrics, one value an epoch, after it, over all examples: NAME.train_loss, NAME.val_loss; of classes NAME.train_accuracy and
NAME.val_accuracy (fractions), of numbers NAME.train_rmse and NAME.val_rmse. Of the last epoch NAME.final_train_loss and so on; of the
epoch of least validation loss NAME.best_val_loss and NAME.best_val_accuracy or NAME.best_val_rmse. NAME.parameters (what it learns).
Answers: NAME.best_epoch (of least validation loss, counted from 1).
Files: predictions/NAME.csv (the last epoch's, for each validation example, or each row of a table), of classes also
predictions/NAME_probabilities.csv; figures/NAME.svg (losses).
Sources: Rumelhart, Hinton and Williams 1986 (back-propagation); LeCun, Bottou, Orr and Müller 1998 (initial weights, as PyTorch has them);
LeCun, Bottou, Bengio and Haffner 1998 (convolutions); Srivastava et al. 2014 (dropout); Ioffe and Szegedy 2015 (batch normalisation); He,
Zhang, Ren and Sun 2015 (residual modules); Polyak 1964, Nesterov 1983, Duchi, Hazan and Singer 2011, Tieleman and Hinton 2012, Kingma and
Ba 2015, Loshchilov and Hutter 2019 (optimizers); Loshchilov and Hutter 2017 (cosine).",
    read: |fields| Some(Box::new(Layered::read(fields))),
};

/// The reference with its settings.
#[derive(Debug)]
struct Layered {
    name: String,
    choice: Choice,
    task: Task,
    /// Whether the rubric says the task.
    stated: bool,
    loss: Loss,
    layers: Vec<Spec>,
    recipe: Recipe,
}

impl Layered {
    fn read(fields: &mut Fields<'_>) -> Self {
        fields.translate(&[("batch_size", "batch"), ("lr", "learning_rate"), ("test_size", "holdout"), ("validation_split", "holdout")]);
        let name = name(fields, NAME);
        let choice = Choice::read(fields).holding_out(HOLDOUT);
        let stated = fields.word("task", &[("classification", Task::Classification), ("regression", Task::Regression)]);
        let task = stated.unwrap_or(Task::Classification);
        let span = fields.peek("loss").map(toml::Spanned::span);
        let usual = if task == Task::Regression { Loss::Mse } else { Loss::CrossEntropy };
        let loss = fields.word("loss", &[("mse", Loss::Mse), ("mae", Loss::Mae)]).unwrap_or(usual);
        if let Some(span) = span.filter(|_| task == Task::Classification) {
            fields.fault(Code::BadValue, span, "`loss` is for `task = \"regression\"`; of classes it is the cross-entropy");
        }
        Self { name, choice, task, stated: stated.is_some(), loss, layers: layers::read(fields), recipe: Recipe::read(fields) }
    }

    fn named(&self, end: &str) -> String {
        format!("{}.{end}", self.name)
    }

    /// What is told of predictions beside the loss.
    fn score(&self) -> &'static str {
        if self.task == Task::Classification { "accuracy" } else { "rmse" }
    }

    /// The examples and the layers for them, or what keeps this network from them.
    fn prepare<'d>(&self, data: &'d DataSet, seed: Seed) -> Result<(Labelled<'d>, Vec<super::network::Layer>), Fault> {
        let fault = fault(NAME);
        let labelled = Labelled::of(data, &self.choice, self.task, self.stated, seed).map_err(&fault)?;
        let input = match &labelled.train.x {
            Inputs::Images { images, .. } => Planes { channels: images.channels, height: images.height, width: images.width },
            Inputs::Rows(matrix) => Planes { channels: matrix.cols, height: 1, width: 1 },
        };
        let is_rows = matches!(labelled.train.x, Inputs::Rows(_));
        if is_rows && self.recipe.augment != Augment::default() {
            return Err(fault("`augment` is for images".to_owned()));
        }
        if !is_rows && self.choice.scale {
            return Err(fault("`scale` is for rows; pixels are from 0 to 1".to_owned()));
        }
        let outputs = if self.task == Task::Classification { labelled.classes.len() } else { 1 };
        let layers = layers::build(&self.layers, input, outputs).map_err(&fault)?;
        Ok((labelled, layers))
    }

    fn hand_in(&self, labelled: &Labelled<'_>, trained: Trained, parameters: usize) -> Result<Run, Fault> {
        let Trained { progress, train, val } = trained;
        let Progress { train_loss, val_loss, train_score, val_score } = &progress;
        let best = least(val_loss).ok_or_else(|| Fault::library(NAME, "the validation loss is not finite; a smaller `learning_rate` may help"))?;
        let (score, mut run) = (self.score(), Run::default());
        for (end, values) in [("train_loss", train_loss), ("val_loss", val_loss)] {
            run.state(self.named(end), Value::series(values.iter().copied()));
            run.state(self.named(&format!("final_{end}")), Value::number(last(values)));
        }
        for (on, values) in [("train", train_score), ("val", val_score)] {
            run.state(self.named(&format!("{on}_{score}")), Value::series(values.iter().copied()));
            run.state(self.named(&format!("final_{on}_{score}")), Value::number(last(values)));
        }
        run.state(self.named("best_val_loss"), Value::number(val_loss[best]));
        run.state(self.named(&format!("best_val_{score}")), Value::number(val_score[best]));
        run.state(self.named("parameters"), Value::number(parameters as f64));
        run.answers.insert(self.named("best_epoch"), Value::number((best + 1) as f64));
        let train = self.choice.is_of_table().then_some(train);
        labelled.hand_in(&mut run, &self.name, train, Some(val));
        run.draw(NAME, &self.name, self.figure(&progress))?;
        Ok(run)
    }

    /// Both losses over the epochs.
    fn figure(&self, progress: &Progress) -> Result<String, String> {
        let curve = |name: &str, y: &[f64], dashed| Curve { name: name.to_owned(), y: y.to_vec(), colour: 0, dashed };
        let y_label = match self.loss {
            Loss::CrossEntropy => "mean cross-entropy (nats)",
            Loss::Mse => "mean squared error",
            Loss::Mae => "mean absolute error",
        };
        let x = one_to(progress.val_loss.len());
        let curves = vec![curve("training", &progress.train_loss, true), curve("validation", &progress.val_loss, false)];
        LinePlot { title: &self.name, x_label: "epoch", y_label, x: &x, x_scale: Scale::Linear, y_scale: Scale::Linear, curves }.svg()
    }
}

impl Reference for Layered {
    fn run(&self, data: &DataSet, seed: Seed, watch: &dyn Watch) -> Result<Run, Fault> {
        let seed = seed.derive(&self.name);
        let (labelled, layers) = self.prepare(data, seed)?;
        let Some(val) = &labelled.val else { return Err(Fault::library(NAME, "nothing is held out")) };
        let rows: Option<(Matrix, Matrix)> = self.choice.scale.then(|| standardised(labelled.train.x.matrix().into_owned(), val.x.matrix().into_owned()));
        let parameters = Network::count(&layers);
        let note = |progress: &Progress| {
            let note = format!("{}: loss {:.4} in training, {:.4} in validation", self.name, last(&progress.train_loss), last(&progress.val_loss));
            watch.step(progress.val_loss.len(), self.recipe.epochs, &note);
        };
        // On a thread of its own, so that a panic is a fault.
        let trained = side_by_side(NAME, &[()], |()| {
            train(layers.clone(), &self.recipe, self.loss, [&labelled.train, val], rows.as_ref(), seed, note).map_err(|error| Fault::library(NAME, error))
        })?;
        let trained = trained.into_iter().next().ok_or_else(|| Fault::library(NAME, "nothing was trained"))?;
        self.hand_in(&labelled, trained, parameters)
    }

    fn suits(&self, data: &DataSet) -> Result<(), Fault> {
        self.prepare(data, Seed::new(0)).map(|_| ())
    }

    fn names(&self) -> Vec<String> {
        let score = self.score();
        let ends = ["train_loss".to_owned(), "val_loss".to_owned(), format!("train_{score}"), format!("val_{score}")];
        let finals = ends.iter().map(|end| format!("final_{end}"));
        let best = ["best_val_loss".to_owned(), format!("best_val_{score}"), "parameters".to_owned(), "best_epoch".to_owned()];
        ends.iter().cloned().chain(finals).chain(best).map(|end| self.named(&end)).collect()
    }

    /// Another machine's last digits grow in training; an epoch may end on the wall of the valley.
    fn drift(&self, name: &str) -> Tolerance {
        match name.rsplit('.').next().unwrap_or_default() {
            "parameters" => Tolerance::ROUNDING,
            "best_epoch" => Tolerance { absolute: self.recipe.epochs as f64, relative: 0.0 },
            end if end.ends_with("accuracy") => Tolerance { absolute: 0.03, relative: 0.0 },
            _ => Tolerance { absolute: 0.03, relative: 0.2 },
        }
    }
}

#[cfg(test)]
mod tests;
