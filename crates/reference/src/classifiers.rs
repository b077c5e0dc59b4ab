//! Classifiers side by side, by accuracy: on a table of penguins, cross-validated, or on labelled images.

use super::digits;
use super::settings::setting;
use super::side_by_side::side_by_side;
use super::{Entry, Fault, Reference, Run, Steps, Watch};
use mlgrade_data::{DataSet, Images, Matrix, Split};
use mlgrade_domain::fields::Fields;
use mlgrade_domain::number::Finite;
use mlgrade_domain::seed::Seed;
use mlgrade_domain::tolerance::{Tolerance, argmax, argmin};
use mlgrade_domain::value::Value;

mod drawing;
pub(super) mod folds;
pub(super) mod kinds;
mod linear_machine;
mod logistic;
pub(super) mod neighbours;
pub(super) mod penguins;
mod perceptron;

use kinds::{Classifier, Fold, Sizes};
use penguins::{Penguins, standardised};

const NAME: &str = "classifiers";

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    doc: "\
Compares seven classifiers by their accuracy: k nearest neighbours, Gaussian naive Bayes, a linear support vector machine, a decision
tree, a random forest, logistic regression and a multi-layer perceptron.

Data: grey labelled images of up to ten classes, of which the first `train` training and the first `val` validation images are taken, pixels from 0 to 1; or a
table of penguins as `species-models` takes it, cross-validated over stratified folds, the four measurements and one-hot island and sex
standardised within each fold by its training rows.
Settings: prefix = \"digits\" (of all names), train = 4000, val = 1000 (images), folds = 10 (of a table), neighbours = 5, trees = 100 (of
the forest), hidden = 100 (units of the perceptron), epochs = 60 (of the perceptron), raw = false (whether to
ask nearest neighbours about features that are not standardised, too; of a table).
Metrics: PREFIX.knn, .bayes, .svm, .tree, .forest, .logistic, .mlp (accuracy as a fraction, of a table the mean over the folds);
with `raw` PREFIX.knn_raw.
Answers: PREFIX_best and PREFIX_worst (each one of these seven).
Files: figures/PREFIX-classifiers.svg.
Sources: Cover and Hart 1967 (nearest neighbours); Hsieh, Chang, Lin, Keerthi and Sundararajan 2008 (linear support vector machine, one
class against the others, squared hinge loss, C = 1); Breiman, Friedman, Olshen and Stone 1984 (tree by Gini impurity, grown until its
leaves are pure); Breiman 2001 (forest; each split sees √features); Rumelhart, Hinton and Williams 1986 and Kingma and Ba 2015
(perceptron, ReLU, Adam, learning rate 0.001, batches of 200). Naive Bayes adds 10⁻⁹ of the greatest variance to every variance;
logistic regression is multinomial with an L2 penalty, C = 1, by L-BFGS (Nocedal 1980).",
    read: |fields| Some(Box::new(Classifiers::read(fields))),
};

/// All seven, with their names and words; of equally good ones the first is the best.
const CLASSIFIERS: [(&str, &str, Classifier); 7] = [
    ("knn", "k nearest neighbours", Classifier::Neighbours),
    ("bayes", "Gaussian naive Bayes", Classifier::Bayes),
    ("svm", "linear SVM", Classifier::LinearMachine),
    ("tree", "decision tree", Classifier::Tree),
    ("forest", "random forest", Classifier::Forest),
    ("logistic", "logistic regression", Classifier::Logistic),
    ("mlp", "perceptron (MLP)", Classifier::Perceptron),
];
/// Their positions, the longest work first.
const LONGEST_FIRST: [usize; 7] = [6, 5, 4, 2, 3, 0, 1];

/// The reference with its settings.
#[derive(Debug)]
struct Classifiers {
    prefix: String,
    train: usize,
    val: usize,
    folds: usize,
    raw: bool,
    sizes: Sizes,
}

impl Classifiers {
    fn read(fields: &mut Fields<'_>) -> Self {
        let word = |prefix: &String| (1..=40).contains(&prefix.len()) && prefix.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        let count = |count: &usize| (1..=10_000).contains(count);
        Self {
            prefix: setting(fields, "prefix", "digits".to_owned(), word, "one word of lowercase letters and digits"),
            train: setting(fields, "train", 4_000, |train| *train >= 1, "at least 1"),
            val: setting(fields, "val", 1_000, |val| *val >= 1, "at least 1"),
            folds: setting(fields, "folds", 10, |folds| (2..=100).contains(folds), "from 2 to 100"),
            raw: setting(fields, "raw", false, |_| true, "true or false"),
            sizes: Sizes {
                neighbours: setting(fields, "neighbours", Sizes::DEFAULT.neighbours, |neighbours| (1..=100).contains(neighbours), "from 1 to 100"),
                trees: setting(fields, "trees", Sizes::DEFAULT.trees, count, "from 1 to 10,000"),
                hidden: setting(fields, "hidden", Sizes::DEFAULT.hidden, count, "from 1 to 10,000"),
                epochs: setting(fields, "epochs", Sizes::DEFAULT.epochs, count, "from 1 to 10,000"),
            },
        }
    }

    /// What to learn from and what to predict: one split of images, or the folds of a table, not standardised.
    fn splits(&self, data: &DataSet, seed: Seed) -> Result<Vec<Fold>, Fault> {
        match data {
            DataSet::Images { .. } => {
                let split = digits::of(data, NAME)?;
                let classes = |labels: &[u8], count| labels.iter().take(count).map(|&label| usize::from(label)).collect();
                Ok(vec![Split {
                    x_train: first(&split.x_train, self.train),
                    y_train: classes(&split.y_train, self.train),
                    x_val: first(&split.x_val, self.val),
                    y_val: classes(&split.y_val, self.val),
                }])
            }
            DataSet::Table(table) => {
                let penguins = Penguins::read(table)?;
                let folds = folds::stratified(&penguins.species, self.folds, seed.derive("folds"));
                Ok((0..self.folds).map(|fold| penguins::split(&penguins.features, &penguins.species, &folds, fold)).collect())
            }
            DataSet::Regression(_) | DataSet::Picture(_) | DataSet::Answers(_) => {
                Err(Fault::Unsuitable { reference: NAME, needs: "labelled images or a table of penguins", found: data.kind() })
            }
        }
    }
}

impl Reference for Classifiers {
    fn run(&self, data: &DataSet, seed: Seed, watch: &dyn Watch) -> Result<Run, Fault> {
        let seed = seed.derive(NAME).derive(&self.prefix);
        let raw = self.splits(data, seed)?;
        // Measurements have different units; pixels have one.
        let scale = |split: &Fold| if matches!(data, DataSet::Table(_)) { standardised(split.clone()) } else { split.clone() };
        let splits: Vec<Fold> = raw.iter().map(scale).collect();
        let steps = Steps::new(watch, CLASSIFIERS.len());
        let found = side_by_side(NAME, &LONGEST_FIRST, |&place| {
            let (name, words, classifier) = CLASSIFIERS[place];
            let accuracy = mean_accuracy(classifier, &splits, self.sizes, seed.derive(name)).map_err(|error| Fault::library(NAME, error))?;
            steps.step(&format!("{words}: accuracy {accuracy:.4}"));
            Ok((place, accuracy))
        })?;
        let mut accuracies = [0.0; CLASSIFIERS.len()];
        for (place, accuracy) in found {
            accuracies[place] = accuracy;
        }
        let mut run = self.hand_in(&accuracies)?;
        if self.raw {
            let accuracy = mean_accuracy(Classifier::Neighbours, &raw, self.sizes, seed).map_err(|error| Fault::library(NAME, error))?;
            run.state(format!("{}.knn_raw", self.prefix), Value::number(accuracy));
        }
        Ok(run)
    }

    fn suits(&self, data: &DataSet) -> Result<(), Fault> {
        self.splits(data, Seed::new(0)).map(|_| ())
    }

    fn names(&self) -> Vec<String> {
        let metrics = CLASSIFIERS.iter().map(|(name, ..)| format!("{}.{name}", self.prefix));
        let raw = self.raw.then(|| format!("{}.knn_raw", self.prefix));
        metrics.chain(raw).chain(["best", "worst"].map(|which| format!("{}_{which}", self.prefix))).collect()
    }

    /// A few of a thousand rows may change sides where the last digits of sums decide; the perceptron learns in single precision.
    fn drift(&self, name: &str) -> Tolerance {
        Tolerance { absolute: if name.rsplit('.').next() == Some("mlp") { 0.01 } else { 0.004 }, relative: 0.0 }
    }
}

impl Classifiers {
    fn hand_in(&self, accuracies: &[f64]) -> Result<Run, Fault> {
        let mut run = Run::default();
        for ((name, ..), accuracy) in CLASSIFIERS.iter().zip(accuracies) {
            run.state(format!("{}.{name}", self.prefix), Value::number(*accuracy));
        }
        let finite: Vec<Finite> = accuracies.iter().filter_map(|accuracy| Finite::new(*accuracy).ok()).collect();
        for (which, place) in [("best", argmax(&finite)), ("worst", argmin(&finite))] {
            run.answers.extend(place.map(|place| (format!("{}_{which}", self.prefix), Value::text(CLASSIFIERS[place].0))));
        }
        let named: Vec<(&str, f64)> = CLASSIFIERS.iter().map(|(_, words, _)| *words).zip(accuracies.iter().copied()).collect();
        let svg = drawing::svg(&format!("Classifiers side by side: {}", self.prefix), &named);
        run.draw(NAME, &format!("{}-classifiers", self.prefix), svg)?;
        Ok(run)
    }
}

/// The accuracy of `classifier`, the mean over `splits`.
pub(super) fn mean_accuracy(classifier: Classifier, splits: &[Fold], sizes: Sizes, seed: Seed) -> Result<f64, String> {
    let mut sum = 0.0;
    for split in splits {
        sum += classifier.accuracy(split, sizes, seed)?;
    }
    Ok(sum / splits.len().max(1) as f64)
}

/// The first `count` of `images`, one a row, pixels from 0 to 1.
fn first(images: &Images, count: usize) -> Matrix {
    let (rows, cols) = (count.min(images.count), images.height * images.width);
    Matrix { rows, cols, values: images.pixels.iter().take(rows * cols).map(|&pixel| f64::from(pixel) / 255.0).collect() }
}

#[cfg(test)]
mod tests;
