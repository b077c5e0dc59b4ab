//! Telling penguin species apart: six classifiers, cross-validated, the two most telling measurements, and rules a person can read.

use super::classifiers::kinds::{Classifier, Fold, Sizes};
use super::classifiers::penguins::{MEASUREMENTS, Penguins, split, standardised};
use super::classifiers::{folds, mean_accuracy};
use super::plot::{Group, Panel, scatter};
use super::settings::setting;
use super::side_by_side::side_by_side;
use super::{Entry, Fault, Reference, Run, Steps, Watch};
use mlgrade_data::DataSet;
use mlgrade_domain::fields::Fields;
use mlgrade_domain::number::Finite;
use mlgrade_domain::seed::Seed;
use mlgrade_domain::table::Table;
use mlgrade_domain::tolerance::{Tolerance, argmax};
use mlgrade_domain::value::Value;

mod drawing;
mod gini_tree;

use gini_tree::Tree;

const NAME: &str = "species-models";
/// The species that the rules tell from the others.
const GENTOO: &str = "Gentoo";

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    doc: "\
Classifies the Palmer penguins by species with logistic regression, a decision tree, a random forest, k nearest neighbours, a support
vector machine and Gaussian naive Bayes, by stratified cross-validation; finds the two most telling measurements and rules for Gentoo.

Data: a table with the columns species, island, sex, bill_length_mm, bill_depth_mm, flipper_length_mm and body_mass_g.
Settings: folds = 10, trees = 100 (of the forest), neighbours = 5.
Features: the four measurements, island and sex one-hot, standardised within each fold by its training rows.
Metrics: penguins.logistic, .tree, .forest, .knn, .svm, .bayes (accuracy, mean over the folds) and best.accuracy.
Answers: best_classifier (one of these), two_features (the pair of measurements by which nearest neighbours are best), gentoo_rule and
second_rule (leaves of a tree of depth 2, the second without the feature of the first split), tree_rules (a tree of depth 3 for all
species).
Files: figures/penguins.svg, figures/gentoo_tree.svg.
Sources: Gorman, Williams and Fraser 2014 (data); Breiman, Friedman, Olshen and Stone 1984 (trees by Gini impurity); Breiman 2001
(forests); Cover and Hart 1967 (nearest neighbours); Cortes and Vapnik 1995 (support vector machines; RBF kernel, C = 1, gamma = 1 / (features × variance)).",
    read: |fields| Some(Box::new(SpeciesModels::read(fields))),
};

/// All classifiers by their short names, in the order of the homework; of equally good ones the first is the best.
const CLASSIFIERS: &[(&str, Classifier)] = &[
    ("logistic", Classifier::Logistic),
    ("tree", Classifier::Tree),
    ("forest", Classifier::Forest),
    ("knn", Classifier::Neighbours),
    ("svm", Classifier::KernelMachine),
    ("bayes", Classifier::Bayes),
];

/// The reference with its settings.
#[derive(Debug)]
struct SpeciesModels {
    folds: usize,
    sizes: Sizes,
}

impl SpeciesModels {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            folds: setting(fields, "folds", 10, |folds| (2..=100).contains(folds), "from 2 to 100"),
            sizes: Sizes {
                trees: setting(fields, "trees", 100, |trees| (1..=10_000).contains(trees), "from 1 to 10,000"),
                neighbours: setting(fields, "neighbours", 5, |neighbours| (1..=100).contains(neighbours), "from 1 to 100"),
                ..Sizes::DEFAULT
            },
        }
    }
}

/// The table of penguins.
fn table_of(data: &DataSet) -> Result<&Table, Fault> {
    match data {
        DataSet::Table(table) => Ok(table),
        _ => Err(Fault::Unsuitable { reference: NAME, needs: "a table of penguins", found: data.kind() }),
    }
}

impl Reference for SpeciesModels {
    fn run(&self, data: &DataSet, seed: Seed, watch: &dyn Watch) -> Result<Run, Fault> {
        let table = table_of(data)?;
        let penguins = Penguins::read(table)?;
        let seed = seed.derive(NAME);
        let folds = folds::stratified(&penguins.species, self.folds, seed.derive("folds"));
        let steps = Steps::new(watch, CLASSIFIERS.len() + 1);
        let accuracies = side_by_side(NAME, CLASSIFIERS, |(name, classifier)| {
            let accuracy = self.cross_validate(*classifier, &penguins.features, &penguins, &folds, seed.derive(name))?;
            steps.step(&format!("{name}: accuracy {accuracy:.4}"));
            Ok(accuracy)
        })?;
        let pairs = self.rank_pairs(&penguins, &folds, seed)?;
        steps.step("pairs of measurements ranked");
        hand_in(table, &penguins, &accuracies, &pairs)
    }

    fn suits(&self, data: &DataSet) -> Result<(), Fault> {
        Penguins::read(table_of(data)?).map(|_| ())
    }

    fn names(&self) -> Vec<String> {
        let metrics = CLASSIFIERS.iter().map(|(name, _)| format!("penguins.{name}"));
        let rest = ["best.accuracy", "best_classifier", "two_features", "gentoo_rule", "second_rule", "tree_rules"];
        metrics.chain(rest.map(str::to_owned)).collect()
    }

    /// A penguin or so may change sides.
    fn drift(&self, _: &str) -> Tolerance {
        Tolerance { absolute: 0.004, relative: 0.0 }
    }
}

impl SpeciesModels {
    /// The accuracy of `classifier` on `features`, the mean over the folds.
    fn cross_validate(&self, classifier: Classifier, features: &[Vec<f64>], penguins: &Penguins, folds: &[usize], seed: Seed) -> Result<f64, Fault> {
        let splits: Vec<Fold> = (0..self.folds).map(|fold| standardised(split(features, &penguins.species, folds, fold))).collect();
        mean_accuracy(classifier, &splits, self.sizes, seed).map_err(|error| Fault::library(NAME, error))
    }

    /// All pairs of measurements, the best for nearest neighbours first.
    fn rank_pairs(&self, penguins: &Penguins, folds: &[usize], seed: Seed) -> Result<Vec<[usize; 2]>, Fault> {
        let pairs: Vec<[usize; 2]> = (0..MEASUREMENTS.len()).flat_map(|a| (a + 1..MEASUREMENTS.len()).map(move |b| [a, b])).collect();
        let accuracies = side_by_side(NAME, &pairs, |pair| {
            let features: Vec<Vec<f64>> = penguins.measurements.iter().map(|row| pair.map(|i| row[i]).to_vec()).collect();
            self.cross_validate(Classifier::Neighbours, &features, penguins, folds, seed)
        })?;
        let mut ranked: Vec<usize> = (0..pairs.len()).collect();
        ranked.sort_by(|&a, &b| accuracies[b].total_cmp(&accuracies[a]));
        Ok(ranked.into_iter().map(|i| pairs[i]).collect())
    }
}

fn hand_in(table: &Table, penguins: &Penguins, accuracies: &[f64], pairs: &[[usize; 2]]) -> Result<Run, Fault> {
    let mut run = Run::default();
    for ((name, _), accuracy) in CLASSIFIERS.iter().zip(accuracies) {
        run.metrics.insert(format!("penguins.{name}"), Value::number(*accuracy));
    }
    let finite: Vec<Finite> = accuracies.iter().filter_map(|accuracy| Finite::new(*accuracy).ok()).collect();
    if let Some(best) = argmax(&finite) {
        run.metrics.insert("best.accuracy".to_owned(), Value::Number(finite[best]));
        run.answers.insert("best_classifier".to_owned(), Value::text(CLASSIFIERS[best].0));
    }
    if let Some(pair) = pairs.first() {
        let names = pair.map(|i| Value::text(MEASUREMENTS[i].column));
        run.answers.insert("two_features".to_owned(), Value::List(names.to_vec()));
    }

    let lacks_gentoo = || Fault::Data { reference: NAME, message: format!("no species is `{GENTOO}`") };
    let gentoo = penguins.names.iter().position(|name| name == GENTOO).ok_or_else(lacks_gentoo)?;
    let is_gentoo: Vec<usize> = penguins.species.iter().map(|&species| usize::from(species == gentoo)).collect();
    let all: Vec<usize> = (0..MEASUREMENTS.len()).collect();
    let tree = Tree::grow(&penguins.measurements, &is_gentoo, &all, 2);
    let names = MEASUREMENTS.map(|measurement| measurement.column);
    let without_first: Vec<usize> = all.iter().copied().filter(|feature| Some(*feature) != tree.feature()).collect();
    let second = Tree::grow(&penguins.measurements, &is_gentoo, &without_first, 2);
    for (answer, tree) in [("gentoo_rule", &tree), ("second_rule", &second)] {
        let rule = tree.rule(1, &names).ok_or_else(|| Fault::Data { reference: NAME, message: format!("no measurement tells `{GENTOO}` from the others") })?;
        run.answers.insert(answer.to_owned(), Value::text(format!("{rule} -> {GENTOO}")));
    }
    let species = Tree::grow(&penguins.measurements, &penguins.species, &all, 3);
    run.answers.insert("tree_rules".to_owned(), Value::text(species.text(&names, &penguins.names)));

    let failed = |error| Fault::library(NAME, error);
    let panels = pairs.iter().take(2).map(|pair| panel(table, penguins, *pair)).collect::<Result<Vec<Panel>, Fault>>()?;
    run.files.insert(
        "figures/penguins.svg".to_owned(),
        scatter("Palmer penguins by the two most telling pairs of measurements", &panels).map_err(failed)?.into_bytes(),
    );
    let drawing = drawing::svg(&tree, &names, &["other", GENTOO]).map_err(failed)?;
    run.files.insert("figures/gentoo_tree.svg".to_owned(), drawing.into_bytes());
    Ok(run)
}

/// The penguins by one pair of measurements.
fn panel(table: &Table, penguins: &Penguins, [x, y]: [usize; 2]) -> Result<Panel, Fault> {
    let numbers = |i: usize| table.numbers(MEASUREMENTS[i].column).map_err(|message| Fault::Data { reference: NAME, message });
    let points: Vec<(f64, f64)> = numbers(x)?.iter().copied().zip(numbers(y)?.iter().copied()).collect();
    let group = |(species, name): (usize, &String)| {
        let of_species = points.iter().zip(&penguins.species).filter(|(_, of)| **of == species).map(|(point, _)| *point);
        Group { name: name.clone(), points: of_species.collect() }
    };
    let groups = penguins.names.iter().enumerate().map(group).collect();
    Ok(Panel { x_label: MEASUREMENTS[x].label.to_owned(), y_label: MEASUREMENTS[y].label.to_owned(), groups, lines: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::same_with_one_thread_and_two;
    use mlgrade_data::BUILTINS;

    /// Beside what scikit-learn 1.9.1 gives on the same features (`homework_peers.py`), whose folds are others.
    #[test]
    fn accuracies_are_those_of_scikit_learn_and_the_run_is_whole() {
        let data = BUILTINS.iter().find(|row| row.name == "penguins").unwrap().load().unwrap();
        let reference = SpeciesModels { folds: 10, sizes: Sizes::DEFAULT };
        let one = same_with_one_thread_and_two(&reference, &data);
        for (name, expected, within) in [
            ("penguins.logistic", 0.994, 0.006),
            ("penguins.tree", 0.973, 0.015),
            ("penguins.forest", 0.992, 0.01),
            ("penguins.knn", 0.988, 0.01),
            ("penguins.svm", 0.994, 0.006),
            ("penguins.bayes", 0.709, 0.04),
            ("best.accuracy", 0.995, 0.005),
        ] {
            let Value::Number(accuracy) = one.metrics[name] else { panic!("{name} is no number") };
            assert!((accuracy.get() - expected).abs() <= within, "{name} {accuracy}");
        }
        let rule = Value::text("flipper_length_mm > 206.5 and bill_depth_mm <= 17.65 -> Gentoo");
        assert_eq!(one.answers["gentoo_rule"], rule);
    }
}
