//! Any labelled data as models and networks take them: rows of features, or images, each with a class or a number to predict.

use std::borrow::Cow;

use super::Fault;
use super::classifiers::folds::stratified;
use super::matrix::picked;
use super::settings::setting;
use mlgrade_data::{DataSet, Images, Matrix, Split};
use mlgrade_domain::answers::Classes;
use mlgrade_domain::fields::Fields;
use mlgrade_domain::seed::Seed;

mod choice;
mod predictions;
mod table;

pub(super) use choice::{Choice, Holdout};
use predictions::Order;
pub(super) use predictions::Prediction;

/// What is to be predicted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Task {
    /// A class.
    Classification,
    /// A number.
    Regression,
    /// Nothing: the examples alone count.
    Neither,
}

/// What a model sees of some examples.
#[derive(Debug, Clone)]
pub(super) enum Inputs<'d> {
    /// Rows of features.
    Rows(Cow<'d, Matrix>),
    /// The first `count` of some images.
    Images {
        /// All of them.
        images: &'d Images,
        /// How many count.
        count: usize,
    },
}

/// The right answers, one for each example.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Truth {
    /// Classes, counted from 0.
    Classes(Vec<usize>),
    /// Numbers.
    Numbers(Vec<f64>),
    /// None are needed.
    Nothing,
}

/// Examples with their answers.
#[derive(Debug, Clone)]
pub(super) struct Part<'d> {
    pub(super) x: Inputs<'d>,
    pub(super) y: Truth,
}

/// What to learn from and what to predict.
#[derive(Debug)]
pub(super) struct Labelled<'d> {
    /// What the features are called, where the data say it.
    pub(super) features: Vec<String>,
    /// What the classes are called, in order; none of numbers to predict.
    pub(super) classes: Vec<String>,
    /// What to learn from.
    pub(super) train: Part<'d>,
    /// What is held out, if anything is.
    pub(super) val: Option<Part<'d>>,
    order: Order,
}

impl Inputs<'_> {
    /// How many examples there are.
    pub(super) fn count(&self) -> usize {
        match self {
            Self::Rows(matrix) => matrix.rows,
            Self::Images { count, .. } => *count,
        }
    }

    /// How many numbers an example has.
    pub(super) fn features(&self) -> usize {
        match self {
            Self::Rows(matrix) => matrix.cols,
            Self::Images { images, .. } => images.size(),
        }
    }

    /// One row an example; of an image its pixels from 0 to 1.
    pub(super) fn matrix(&self) -> Cow<'_, Matrix> {
        match self {
            Self::Rows(matrix) => Cow::Borrowed(matrix),
            Self::Images { images, count } => {
                let cols = images.size();
                let values = images.pixels.iter().take(count * cols).map(|&pixel| f64::from(pixel) / 255.0).collect();
                Cow::Owned(Matrix { rows: *count, cols, values })
            }
        }
    }
}

impl Truth {
    /// The answers to the examples `rows`.
    pub(super) fn picked(&self, rows: &[usize]) -> Self {
        match self {
            Self::Classes(classes) => Self::Classes(rows.iter().map(|&row| classes[row]).collect()),
            Self::Numbers(numbers) => Self::Numbers(rows.iter().map(|&row| numbers[row]).collect()),
            Self::Nothing => Self::Nothing,
        }
    }

    /// The fold of each of `rows` examples, at random; classes are shared out evenly.
    pub(super) fn folds(&self, rows: usize, folds: usize, seed: Seed) -> Vec<usize> {
        match self {
            Self::Classes(classes) => stratified(classes, folds, seed),
            Self::Numbers(_) | Self::Nothing => stratified(&vec![0; rows], folds, seed),
        }
    }
}

impl<'d> Labelled<'d> {
    /// The examples that `choice` takes of `data` for `task`; the error says what keeps them from it. `stated` is whether the rubric names
    /// the task: numbers may be classes as well as values.
    pub(super) fn of(data: &'d DataSet, choice: &Choice, task: Task, stated: bool, seed: Seed) -> Result<Self, String> {
        let labelled = match data {
            DataSet::Table(table) => Self::of_table(table, choice, task, stated, seed)?,
            DataSet::Regression(split) => {
                choice.is_for_a_split(data.kind())?;
                Self::of_rows(split, choice, task, stated)?
            }
            DataSet::Images { split, names, .. } => {
                choice.is_for_a_split(data.kind())?;
                Self::of_images(split, names.as_deref(), choice, task)?
            }
            DataSet::Picture(_) | DataSet::Answers(_) => return Err(format!("it needs labelled rows or images, and the data set is {}", data.kind())),
        };
        labelled.check()
    }

    fn of_rows(split: &'d Split<Matrix, f64>, choice: &Choice, task: Task, stated: bool) -> Result<Self, String> {
        let count = choice.most(split.x_train.rows);
        let x_train =
            if count < split.x_train.rows { Cow::Owned(picked(&split.x_train, &(0..count).collect::<Vec<_>>())) } else { Cow::Borrowed(&split.x_train) };
        let (classes, y_train, y_val) = match task {
            Task::Classification if !stated => return Err(table::ambiguous("its answers")),
            Task::Classification => {
                let whole = |a, b| Classes::of_numbers(a, b).ok_or_else(|| "its answers are not whole numbers, so that they are no classes".to_owned());
                let (train, val) = (whole(&split.y_train, &split.y_val)?, whole(&split.y_val, &split.y_train)?);
                (train.names, Truth::Classes(train.labels), Truth::Classes(val.labels))
            }
            Task::Regression => (Vec::new(), Truth::Numbers(split.y_train.clone()), Truth::Numbers(split.y_val.clone())),
            Task::Neither => (Vec::new(), Truth::Nothing, Truth::Nothing),
        };
        let y_train = y_train.picked(&(0..count).collect::<Vec<_>>());
        let val = Part { x: Inputs::Rows(Cow::Borrowed(&split.x_val)), y: y_val };
        let order = Order::of_split(split.x_val.rows);
        Ok(Self { features: Vec::new(), classes, train: Part { x: Inputs::Rows(x_train), y: y_train }, val: Some(val), order })
    }

    fn of_images(split: &'d Split<Images, u8>, names: Option<&[String]>, choice: &Choice, task: Task) -> Result<Self, String> {
        if task == Task::Regression {
            return Err("the images have classes; only rows have numbers to predict".to_owned());
        }
        let counted = || (0..=split.greatest_label()).map(|label| label.to_string()).collect();
        let truth = |labels: &[u8], count: usize| match task {
            Task::Neither => Truth::Nothing,
            _ => Truth::Classes(labels.iter().take(count).map(|&label| usize::from(label)).collect()),
        };
        let part = |images: &'d Images, labels: &[u8], count: usize| Part { x: Inputs::Images { images, count }, y: truth(labels, count) };
        Ok(Self {
            features: Vec::new(),
            classes: names.map_or_else(counted, <[String]>::to_vec),
            train: part(&split.x_train, &split.y_train, choice.most(split.x_train.count)),
            val: Some(part(&split.x_val, &split.y_val, split.x_val.count)),
            order: Order::of_split(split.x_val.count),
        })
    }

    /// Whether there is anything to learn.
    fn check(self) -> Result<Self, String> {
        if self.train.x.count() == 0 {
            return Err("it has no examples to learn from".to_owned());
        }
        if let Truth::Classes(classes) = &self.train.y {
            let first = classes.first();
            if classes.iter().all(|class| Some(class) == first) {
                return Err("all examples to learn from are of one class".to_owned());
            }
        }
        Ok(self)
    }
}

/// Takes `name`, with which the names of a reference's values begin, or `default`.
pub(super) fn name(fields: &mut Fields<'_>, default: &str) -> String {
    let plain = |name: &String| (1..=40).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    setting(fields, "name", default.to_owned(), plain, "at most 40 letters, digits, `_` and `-`")
}

/// A fault of the data set, as `reference` tells it.
pub(super) fn fault(reference: &'static str) -> impl Fn(String) -> Fault {
    move |message| Fault::Data { reference, message }
}

#[cfg(test)]
mod tests;
