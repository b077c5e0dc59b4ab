//! Bias and variance of tree models: a tree, a forest and boosted trees at growing depth, by root mean squared error.

use super::plot::{Curve, LinePlot, Scale};
use super::series::least;
use super::settings::{is_rate, setting};
use super::side_by_side::side_by_side;
use super::trees::{Boosted, Columns, Forest, Growth, Limits, Numbers, Tree};
use super::{Entry, Fault, Reference, Run, Steps, Watch};
use mlgrade_data::{DataSet, Matrix, Split};
use mlgrade_domain::fields::Fields;
use mlgrade_domain::seed::Seed;
use mlgrade_domain::tolerance::Tolerance;
use mlgrade_domain::value::Value;

const NAME: &str = "tree-depth";

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    doc: "\
Fits a regression tree, a random forest and gradient-boosted regression trees at each of several maximum depths, and measures the root
mean squared error on the training and the validation rows.

Data: rows with a number to predict.
Settings: depths = [2, 4, 8, 16, 32] (edges from the root to the deepest leaf), trees = 100 (of a forest, of a boosted model),
learning_rate = 0.1 (of boosting), unit = \"°C\" (of the target, for the figure).
Metrics: depths; tree.train_rmse, tree.val_rmse, forest.train_rmse, forest.val_rmse, boosted.train_rmse, boosted.val_rmse, each with one
value a depth, in the unit of the target.
Answers: best_depth (least validation error of the tree), boosted_size (smaller or larger), least_overfitting and lowest_bias (tree,
forest or boosted).
Files: figures/trees.svg.
Sources: Breiman, Friedman, Olshen and Stone 1984 (trees); Breiman 2001 (forests; each split sees every feature, as in scikit-learn's
regressor); Friedman 2001 (boosting with squared loss). Only the forest draws random numbers.",
    read: |fields| Some(Box::new(TreeDepth::read(fields))),
};

/// The reference with its settings.
#[derive(Debug)]
struct TreeDepth {
    depths: Vec<u16>,
    trees: usize,
    learning_rate: f64,
    /// Of the target, for the figure.
    unit: String,
}

/// The three models, in the order of the homework.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Model {
    Tree,
    Forest,
    Boosted,
}

const MODELS: [(Model, &str, &str); 3] =
    [(Model::Tree, "tree", "regression tree"), (Model::Forest, "forest", "random forest"), (Model::Boosted, "boosted", "boosted trees")];

/// Root mean squared errors over the depths.
#[derive(Debug, Default)]
struct Errors {
    train: Vec<f64>,
    val: Vec<f64>,
}

impl TreeDepth {
    fn read(fields: &mut Fields<'_>) -> Self {
        let ascending = |depths: &Vec<u16>| !depths.is_empty() && depths.is_sorted_by(|a, b| a < b) && depths.iter().all(|depth| (1..=64).contains(depth));
        Self {
            depths: setting(fields, "depths", vec![2, 4, 8, 16, 32], ascending, "a list of ascending depths from 1 to 64"),
            trees: setting(fields, "trees", 100, |trees| (1..=10_000).contains(trees), "from 1 to 10,000"),
            learning_rate: setting(fields, "learning_rate", 0.1, |&rate| is_rate(rate) && rate <= 1.0, "above 0 and at most 1"),
            unit: setting(fields, "unit", "°C".to_owned(), |unit| unit.chars().count() <= 40, "at most 40 characters"),
        }
    }
}

/// Training and validation rows.
fn split_of(data: &DataSet) -> Result<&Split<Matrix, f64>, Fault> {
    match data {
        DataSet::Regression(split) => Ok(split),
        _ => Err(Fault::Unsuitable { reference: NAME, needs: "rows with a number to predict", found: data.kind() }),
    }
}

impl Reference for TreeDepth {
    fn run(&self, data: &DataSet, seed: Seed, watch: &dyn Watch) -> Result<Run, Fault> {
        let split = split_of(data)?;
        let columns = Columns::of(&split.x_train);
        // The longest first: boosting sees every row in every tree, and deep trees have the most nodes.
        let jobs: Vec<(Model, u16)> =
            [Model::Boosted, Model::Forest, Model::Tree].into_iter().flat_map(|model| self.depths.iter().rev().map(move |&depth| (model, depth))).collect();
        let steps = Steps::new(watch, jobs.len());
        let fitted = side_by_side(NAME, &jobs, |&(model, depth)| {
            let errors = self.fit(model, depth, &columns, split, seed);
            steps.step(&format!("{} of depth {depth}: {:.3} in validation", MODELS[model as usize].2, errors.1));
            Ok(errors)
        })?;
        let errors = MODELS.map(|(model, ..)| {
            let mut errors = Errors::default();
            for depth in &self.depths {
                if let Some(place) = jobs.iter().position(|job| *job == (model, *depth)) {
                    errors.train.push(fitted[place].0);
                    errors.val.push(fitted[place].1);
                }
            }
            errors
        });
        self.hand_in(&errors)
    }

    fn suits(&self, data: &DataSet) -> Result<(), Fault> {
        split_of(data).map(|_| ())
    }

    fn names(&self) -> Vec<String> {
        let series = MODELS.iter().flat_map(|(_, name, _)| ["train", "val"].map(|part| format!("{name}.{part}_rmse")));
        let answers = ["best_depth", "boosted_size", "least_overfitting", "lowest_bias"].map(str::to_owned);
        std::iter::once("depths".to_owned()).chain(series).chain(answers).collect()
    }

    fn drift(&self, _: &str) -> Tolerance {
        Tolerance { absolute: 1e-6, relative: 1e-6 }
    }
}

impl TreeDepth {
    /// The training and the validation error of `model` at `depth`; `columns` are those of the training rows.
    fn fit(&self, model: Model, depth: u16, columns: &Columns, split: &Split<Matrix, f64>, seed: Seed) -> (f64, f64) {
        let (y, depth) = (&split.y_train, usize::from(depth));
        let errors = |predict: &dyn Fn(&[f64]) -> f64| (rmse(&split.x_train, y, predict), rmse(&split.x_val, &split.y_val, predict));
        match model {
            Model::Tree => {
                let tree = Tree::grow(columns, &Numbers::new(y), Growth { limits: Limits::depth(depth), weights: &vec![1.0; y.len()], drawn: None });
                errors(&|row| tree.predict(row)[0])
            }
            Model::Forest => {
                let forest = Forest::grow(columns, &Numbers::new(y), self.trees, Limits::depth(depth), None, seed.derive(&format!("{NAME}/forest/{depth}")));
                errors(&|row| forest.predict(row)[0])
            }
            Model::Boosted => {
                let boosted = Boosted::grow(columns, &split.x_train, y, self.trees, Limits::depth(depth), self.learning_rate);
                errors(&|row| boosted.predict(row))
            }
        }
    }

    fn hand_in(&self, errors: &[Errors; 3]) -> Result<Run, Fault> {
        let depths: Vec<f64> = self.depths.iter().copied().map(f64::from).collect();
        let mut run = Run::default();
        run.state("depths", Value::series(depths.iter().copied()));
        for ((_, name, _), errors) in MODELS.iter().zip(errors) {
            run.state(format!("{name}.train_rmse"), Value::series(errors.train.iter().copied()));
            run.state(format!("{name}.val_rmse"), Value::series(errors.val.iter().copied()));
        }
        let [tree, _, boosted] = errors;
        let mut answer = |name: &str, value: Option<Value>| {
            run.answers.extend(value.map(|value| (name.to_owned(), value)));
        };
        answer("best_depth", least(&tree.val).map(|i| Value::number(depths[i])));
        answer("boosted_size", least(&boosted.val).map(|i| Value::text(if 2 * i < depths.len() { "smaller" } else { "larger" })));
        answer("least_overfitting", least(&errors.each_ref().map(overfitting)).map(|i| Value::text(MODELS[i].1)));
        answer("lowest_bias", least(&errors.each_ref().map(|errors| errors.train[0])).map(|i| Value::text(MODELS[i].1)));
        run.draw(NAME, "trees", figure(&depths, errors, &self.unit))?;
        Ok(run)
    }
}

/// All six curves over the depths.
fn figure(depths: &[f64], errors: &[Errors; 3], unit: &str) -> Result<String, String> {
    let curves = MODELS.iter().zip(errors).enumerate().flat_map(|(colour, ((_, _, words), errors))| {
        let curve = |part: &str, values: &[f64], dashed| Curve { name: format!("{words}, {part}"), y: values.to_vec(), colour, dashed };
        [curve("training", &errors.train, true), curve("validation", &errors.val, false)]
    });
    let plot = LinePlot {
        title: "Error of tree models by maximum depth",
        x_label: "maximum depth of a tree (edges)",
        y_label: &format!("RMSE ({unit})"),
        x: depths,
        x_scale: Scale::Log2,
        y_scale: Scale::Linear,
        curves: curves.collect(),
    };
    plot.svg()
}

/// By how much the validation error at the deepest depth exceeds the least one.
fn overfitting(errors: &Errors) -> f64 {
    let least = errors.val.iter().copied().fold(f64::INFINITY, f64::min);
    errors.val.last().map_or(f64::INFINITY, |last| last - least)
}

/// Root mean squared error of what `predict` says of the rows `x` with the answers `y`.
fn rmse(x: &Matrix, y: &[f64], predict: impl Fn(&[f64]) -> f64) -> f64 {
    let squares: f64 = x.values.chunks_exact(x.cols).zip(y).map(|(row, y)| (predict(row) - y).powi(2)).sum();
    (squares / y.len() as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::same_with_one_thread_and_two;
    use mlgrade_data::BUILTINS;

    fn weather() -> DataSet {
        BUILTINS.iter().find(|row| row.name == "weather").unwrap().load().unwrap()
    }

    /// `homework_peers.py` with scikit-learn 1.9.1; in validation the mean of three seeds, for deep trees break ties at random.
    #[test]
    fn single_trees_are_those_of_scikit_learn() {
        let data = weather();
        let DataSet::Regression(split) = &data else { panic!("no regression data") };
        let columns = Columns::of(&split.x_train);
        let settings = TreeDepth { depths: vec![2], trees: 1, learning_rate: 0.1, unit: "°C".to_owned() };
        for (depth, train, val, ties) in [
            (2, 3.574_271_283_068_622, 4.278_296_523_458_553, 1e-9),
            (4, 2.658_390_711_557_734_8, 3.674_330_170_324_737, 1e-9),
            (8, 1.413_658_799_967_723_7, 4.48, 0.2),
            (16, 0.152_935_191_555_318_3, 4.48, 0.4),
            (32, 0.0, 4.44, 0.4),
        ] {
            let errors = settings.fit(Model::Tree, depth, &columns, split, Seed::new(441));
            assert!((errors.0 - train).abs() < 1e-6 && (errors.1 - val).abs() < ties, "depth {depth}: {errors:?}");
        }
    }

    #[test]
    fn a_small_run_is_whole_and_the_same_with_one_thread_and_two() {
        let (data, settings) = (weather(), TreeDepth { depths: vec![2, 4], trees: 5, learning_rate: 0.1, unit: "°C".to_owned() });
        let one = same_with_one_thread_and_two(&settings, &data);
        assert_eq!(one.answers["best_depth"], Value::number(4.0));
    }
}
