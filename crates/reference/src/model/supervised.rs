//! Models that learn from answers: fitted with each setting, measured, and the best one handed in.

use std::borrow::Cow;

use super::family::{Family, Lesson, Model};
use super::grid::Axis;
use super::measure;
use super::{AnyModel, Fitted, NAME};
use crate::labelled::{Choice, Labelled, Prediction, Task, Truth, fault};
use crate::matrix::{picked, standardised};
use crate::plot::{Curve, LinePlot, Scale};
use crate::settings::setting;
use crate::side_by_side::side_by_side;
use crate::{Fault, Run, Steps, Watch};
use mlgrade_data::{DataSet, Matrix};
use mlgrade_domain::diagnostic::Code;
use mlgrade_domain::fields::Fields;
use mlgrade_domain::name::list;
use mlgrade_domain::number::Finite;
use mlgrade_domain::seed::Seed;
use mlgrade_domain::tolerance::{Tolerance, argmax, argmin};
use mlgrade_domain::value::Value;
use mlgrade_metrics::table::Metric;

/// The folds of a table of which nothing is held out.
const FOLDS: usize = 5;

/// A model with its settings, or several of them.
#[derive(Debug)]
pub(super) struct Supervised {
    family: Family,
    task: Task,
    /// Whether the rubric says the task, or the model can do no other.
    stated: bool,
    /// The first one chooses the best.
    measures: Vec<&'static Metric>,
    folds: Option<usize>,
    /// The settings that are lists.
    axes: Vec<Axis>,
    /// One for each combination of their values.
    models: Vec<Model>,
}

/// One fitting: which model, and which fold is left out, if any.
#[derive(Debug, Clone, Copy)]
struct Job {
    model: usize,
    fold: Option<usize>,
}

/// What came of it.
struct Outcome {
    /// Of the examples learnt from, a value for each measure.
    train: Vec<f64>,
    /// Of those left out, if there are any.
    val: Vec<f64>,
    train_predictions: Option<Prediction>,
    val_predictions: Option<Prediction>,
    arrays: Vec<(&'static str, Value)>,
}

/// How well a model does on some examples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum On {
    Train,
    Val,
    Folds,
}

impl On {
    fn prefix(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Val => "val",
            Self::Folds => "cv",
        }
    }
}

impl Supervised {
    pub(super) fn read(family: Family, fields: &mut Fields<'_>, choice: &Choice) -> Self {
        let named = fields.has("task").then(|| fields.peek("task").map(toml::Spanned::span)).flatten();
        let word = fields.word("task", &[("classification", Task::Classification), ("regression", Task::Regression)]);
        let task = family.task().or(word).unwrap_or(Task::Classification);
        if let (Some(word), Some(span)) = (word.filter(|word| *word != task), named) {
            let does = if word == Task::Regression { "classes" } else { "numbers" };
            fields.fault(Code::BadValue, span, format!("this model predicts {does}: leave `task` out"));
        }
        let measures = read_measures(fields, family, task);
        let folds = fields.has("folds").then(|| setting(fields, "folds", FOLDS, |folds| (2..=1_000).contains(folds), "from 2 to 1,000"));
        let folds = folds.or((!choice.holds_out()).then_some(FOLDS));
        let (axes, models) = family.read(fields, task);
        Self { family, task, stated: family.task() == Some(Task::Classification) || word.is_some(), measures, folds, axes, models }
    }

    /// On what the models are measured.
    fn parts(&self, choice: &Choice) -> Vec<On> {
        [(On::Train, true), (On::Val, choice.holds_out()), (On::Folds, self.folds.is_some())].into_iter().filter(|(_, is)| *is).map(|(on, _)| on).collect()
    }

    pub(super) fn names(&self, choice: &Choice) -> Vec<String> {
        let mut names: Vec<String> = self.axes.iter().map(|axis| axis.key.to_owned()).collect();
        for measure in self.measures.iter().map(|metric| measure::suffix(metric)) {
            for on in self.parts(choice) {
                names.push(format!("{}_{measure}", on.prefix()));
                names.extend((!self.axes.is_empty()).then(|| format!("best_{}_{measure}", on.prefix())));
            }
            names.extend(self.folds.map(|_| format!("fold_{measure}")));
        }
        names.extend(self.axes.iter().map(|axis| format!("best_{}", axis.key)));
        let gaussian = self.models.contains(&Model::Bayes(super::bayes::Distribution::Gaussian));
        names.extend(self.family.arrays(gaussian).iter().map(|&end| end.to_owned()));
        names.extend((choice.is_of_table() && self.family.is_linear()).then(|| "features".to_owned()));
        names
    }

    pub(super) fn drift(&self, end: &str) -> Tolerance {
        let axis = self.axes.iter().find(|axis| end.strip_prefix("best_") == Some(axis.key));
        if let Some(axis) = axis {
            // Two settings may be equally good but for the last digits.
            let spread = axis.values.iter().copied().fold(0.0, f64::max);
            return Tolerance { absolute: spread, relative: 1.0 };
        }
        let smooth = self.family.is_linear() || self.family == Family::Bayes;
        if end.ends_with("accuracy") {
            // A few of a thousand examples may change sides where the last digits of sums decide.
            return Tolerance { absolute: 0.005, relative: 0.0 };
        }
        match self.family {
            _ if smooth => Tolerance { absolute: 1e-6, relative: 1e-4 },
            Family::Machine => Tolerance { absolute: 1e-2, relative: 1e-2 },
            _ => Tolerance { absolute: 1e-6, relative: 1e-6 },
        }
    }

    /// The examples, or what keeps these models from them.
    pub(super) fn examples<'d>(&self, owner: &AnyModel, data: &'d DataSet, seed: Seed) -> Result<Labelled<'d>, Fault> {
        let labelled = Labelled::of(data, &owner.choice, self.task, self.stated, seed).map_err(fault(NAME))?;
        let rows = labelled.train.x.count();
        let most = self.models.iter().map(|model| model.most_rows(self.task)).min().unwrap_or(usize::MAX);
        if rows > most {
            let help = if owner.choice.is_of_table() { "" } else { "; `train` takes fewer" };
            return Err(fault(NAME)(format!("this model learns from at most {most} examples, and there are {rows}{help}")));
        }
        match self.folds {
            Some(folds) if folds > rows => Err(fault(NAME)(format!("{folds} folds are asked for, and there are {rows} examples"))),
            _ => Ok(labelled),
        }
    }

    pub(super) fn run(&self, owner: &AnyModel, data: &DataSet, seed: Seed, watch: &dyn Watch) -> Result<Run, Fault> {
        let labelled = self.examples(owner, data, seed)?;
        let (x_train, x_val) = (labelled.train.x.matrix(), labelled.val.as_ref().map(|part| part.x.matrix()));
        let rows = x_train.rows;
        let folds = self.folds.map(|folds| labelled.train.y.folds(rows, folds, seed.derive("folds")));
        let jobs: Vec<Job> = (0..self.models.len())
            .flat_map(|model| std::iter::once(None).chain((0..self.folds.unwrap_or(0)).map(Some)).map(move |fold| Job { model, fold }))
            .collect();
        let steps = Steps::new(watch, jobs.len());
        let outcomes = side_by_side(NAME, &jobs, |job| {
            let left_out: Option<Vec<bool>> = job.fold.and_then(|fold| folds.as_ref().map(|of| of.iter().map(|&of| of == fold).collect()));
            let outcome = if let Some(left_out) = &left_out {
                let places = |out: bool| -> Vec<usize> { (0..rows).filter(|&row| left_out[row] == out).collect() };
                let (train, val) = (places(false), places(true));
                let (y_train, y_val) = (labelled.train.y.picked(&train), labelled.train.y.picked(&val));
                let x = (Cow::Owned(picked(&x_train, &train)), Some(Cow::Owned(picked(&x_train, &val))));
                self.outcome(owner, *job, x, (&y_train, Some(&y_val)), labelled.classes.len(), seed)
            } else {
                let x = (Cow::Borrowed(&*x_train), x_val.as_ref().map(|x| Cow::Borrowed(&**x)));
                self.outcome(owner, *job, x, (&labelled.train.y, labelled.val_truth()), labelled.classes.len(), seed)
            };
            let outcome = outcome.map_err(|error| Fault::library(NAME, error))?;
            steps.step(&format!("{}, setting {} of {}", owner.name, job.model + 1, self.models.len()));
            Ok(outcome)
        })?;
        self.hand_in(owner, &labelled, folds.as_deref(), outcomes)
    }

    /// One model fitted and measured.
    fn outcome(
        &self,
        owner: &AnyModel,
        job: Job,
        (train, val): (Cow<'_, Matrix>, Option<Cow<'_, Matrix>>),
        (y_train, y_val): (&Truth, Option<&Truth>),
        classes: usize,
        seed: Seed,
    ) -> Result<Outcome, String> {
        let (train, val) = if owner.choice.scale {
            let none = || Cow::Owned(Matrix { rows: 0, cols: train.cols, values: Vec::new() });
            let held = val.is_some();
            let (train, val) = standardised(train.clone().into_owned(), val.unwrap_or_else(none).into_owned());
            (Cow::Owned(train), held.then_some(Cow::Owned(val)))
        } else {
            (train, val)
        };
        // All settings see the same draws, so that they differ by the setting alone.
        let seed = seed.derive(&job.fold.map_or_else(|| "all".to_owned(), |fold| format!("fold {fold}")));
        let fitted: Box<dyn Fitted> = self.models[job.model].fit(Lesson { x: &train, y: y_train, classes }, seed)?;
        let values =
            |y: &Truth, prediction: &Prediction| self.measures.iter().map(|metric| measure::value(metric, y, prediction)).collect::<Result<Vec<f64>, String>>();
        let train_predictions = fitted.predict(&train)?;
        let val_predictions = val.as_ref().map(|val| fitted.predict(val)).transpose()?;
        let val = y_val.zip(val_predictions.as_ref()).map(|(y, prediction)| values(y, prediction)).transpose()?;
        Ok(Outcome {
            train: values(y_train, &train_predictions)?,
            val: val.unwrap_or_default(),
            arrays: fitted.arrays(),
            train_predictions: (job.fold.is_none() && owner.choice.is_of_table()).then_some(train_predictions),
            val_predictions,
        })
    }

    fn hand_in(&self, owner: &AnyModel, labelled: &Labelled<'_>, folds: Option<&[usize]>, outcomes: Vec<Outcome>) -> Result<Run, Fault> {
        let each = 1 + self.folds.unwrap_or(0);
        let mut models: Vec<Vec<Outcome>> = Vec::with_capacity(self.models.len());
        for outcome in outcomes {
            match models.last_mut().filter(|fits| fits.len() < each) {
                Some(fits) => fits.push(outcome),
                None => models.push(vec![outcome]),
            }
        }
        let value = |fits: &[Outcome], on: On, measure: usize| match on {
            On::Train => fits[0].train[measure],
            On::Val => fits[0].val[measure],
            On::Folds => fits[1..].iter().map(|fit| fit.val[measure]).sum::<f64>() / (each - 1).max(1) as f64,
        };
        let parts = self.parts(&owner.choice);
        let chosen_by = if self.folds.is_some() { On::Folds } else { On::Val };
        let scores: Vec<Finite> = models.iter().filter_map(|fits| Finite::new(value(fits, chosen_by, 0)).ok()).collect();
        if scores.len() < models.len() {
            return Err(Fault::library(NAME, "a model's predictions are not finite"));
        }
        let best = if self.measures.first().is_some_and(|metric| measure::grows(metric)) { argmax(&scores) } else { argmin(&scores) };
        let best = best.ok_or_else(|| Fault::library(NAME, "no model was fitted"))?;

        let mut run = Run::default();
        let listed = !self.axes.is_empty();
        // A number, or with lists a series.
        let state = |run: &mut Run, end: String, mut values: Vec<Value>| {
            let value = if listed { Value::List(values) } else { values.swap_remove(0) };
            run.state(owner.named(&end), value);
        };
        for (place, measure) in self.measures.iter().map(|metric| measure::suffix(metric)).enumerate() {
            for &on in &parts {
                let end = format!("{}_{measure}", on.prefix());
                if listed {
                    run.state(owner.named(&format!("best_{end}")), Value::number(value(&models[best], on, place)));
                }
                state(&mut run, end, models.iter().map(|fits| Value::number(value(fits, on, place))).collect());
            }
            if self.folds.is_some() {
                let rows = models.iter().map(|fits| Value::series(fits[1..].iter().map(|fit| fit.val[place]))).collect();
                state(&mut run, format!("fold_{measure}"), rows);
            }
        }
        for (axis, values) in self.axes.iter().zip(self.columns()) {
            run.answers.insert(owner.named(&format!("best_{}", axis.key)), Value::number(values[best]));
            run.state(owner.named(axis.key), Value::series(values));
        }
        if let [axis] = self.axes.as_slice() {
            self.draw(owner, &mut run, axis, &parts, |on| models.iter().map(|fits| value(fits, on, 0)).collect())?;
        }
        let mut fits = models.swap_remove(best).into_iter();
        let Some(whole) = fits.next() else { return Ok(run) };
        for (end, array) in whole.arrays {
            run.state(owner.named(end), array);
        }
        if owner.choice.is_of_table() && self.family.is_linear() {
            run.state(owner.named("features"), Value::List(labelled.features.iter().map(Value::text).collect()));
        }
        match (folds, whole.val_predictions) {
            (Some(folds), None) => {
                let mut all = None;
                for (fold, fit) in fits.enumerate() {
                    let at: Vec<usize> = (0..folds.len()).filter(|&row| folds[row] == fold).collect();
                    if let Some(prediction) = fit.val_predictions {
                        prediction.place(&at, &mut all, folds.len());
                    }
                }
                labelled.hand_in(&mut run, &owner.name, all, None);
            }
            (_, val) => labelled.hand_in(&mut run, &owner.name, whole.train_predictions, val),
        }
        Ok(run)
    }

    /// For each list the value that every model has of it.
    fn columns(&self) -> Vec<Vec<f64>> {
        let counts: Vec<usize> = self.axes.iter().map(|axis| axis.values.len()).collect();
        let column = |place: usize| {
            let later: usize = counts[place + 1..].iter().product();
            let values = &self.axes[place].values;
            (0..self.models.len()).map(|model| values[model / later % values.len()]).collect()
        };
        (0..self.axes.len()).map(column).collect()
    }

    /// The first measure over the values of the one list.
    fn draw(&self, owner: &AnyModel, run: &mut Run, axis: &Axis, parts: &[On], values: impl Fn(On) -> Vec<f64>) -> Result<(), Fault> {
        let x = &axis.values;
        if x.len() < 2 || !x.is_sorted_by(|a, b| a < b) || x.iter().any(|value| value.is_infinite()) {
            return Ok(());
        }
        let words = |on: On| match on {
            On::Train => "training",
            On::Val => "validation",
            On::Folds => "cross-validation",
        };
        let curves = parts.iter().map(|&on| Curve { name: words(on).to_owned(), y: values(on), colour: on as usize, dashed: on == On::Train }).collect();
        let x_scale = if x[0] > 0.0 && x[x.len() - 1] >= 100.0 * x[0] { Scale::Log10 } else { Scale::Linear };
        let (title, y_label) = (format!("{} by {}", owner.name, axis.key), self.measures.first().map(|metric| measure::suffix(metric)).unwrap_or_default());
        let plot = LinePlot { title: &title, x_label: axis.key, y_label: &y_label, x, x_scale, y_scale: Scale::Linear, curves };
        run.draw(NAME, &owner.name, plot.svg())
    }
}

/// Reads `metrics`, of which there is at least one.
fn read_measures(fields: &mut Fields<'_>, family: Family, task: Task) -> Vec<&'static Metric> {
    let usual = Vec::from_iter(Metric::named(if task == Task::Classification { "accuracy" } else { "rmse" }));
    let Some(words) = fields.optional::<Vec<String>>("metrics") else { return usual };
    let (span, words) = (words.span(), words.into_inner());
    let possible = || measure::metrics(task, family.has_probabilities());
    let known = || possible().map(|metric| metric.name);
    let mut measures: Vec<&'static Metric> = Vec::new();
    for word in &words {
        let found = possible().find(|metric| metric.name == word && measures.iter().all(|known| known.name != word));
        let Some(metric) = found else {
            fields.fault(Code::BadValue, span, format!("`metrics` cannot have `{word}` here, or has it twice; there is {}", list(known())));
            return usual;
        };
        measures.push(metric);
    }
    if measures.is_empty() {
        fields.fault(Code::BadValue, span, format!("`metrics` must name one or more of {}", list(known())));
        return usual;
    }
    measures
}
