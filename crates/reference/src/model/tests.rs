//! Every model beside scikit-learn on penguins, weather and digits; `fixtures/peers/models.py` has the settings and makes the values.

use serde::Deserialize;
use serde_json::Value as Json;
use toml::de::DeTable;

use super::*;
use crate::side_by_side::side_by_side;
use crate::{Unwatched, same_with_one_thread_and_two};
use mlgrade_data::BUILTINS;
use mlgrade_domain::diagnostic::Diagnostic;
use mlgrade_domain::table::{Column, Table};

#[derive(Deserialize)]
struct Case {
    data: String,
    settings: String,
    /// Values by the ends of their names.
    #[serde(default)]
    expected: std::collections::BTreeMap<String, Json>,
    #[serde(default)]
    within: f64,
    #[serde(default)]
    bands: std::collections::BTreeMap<String, [f64; 2]>,
}

fn data(name: &str) -> DataSet {
    BUILTINS.iter().find(|row| row.name == name).unwrap().load().unwrap()
}

/// The reference that these settings make, and what is wrong with them.
fn read(settings: &str) -> (Option<AnyModel>, Vec<Diagnostic>) {
    let table = DeTable::parse(settings).unwrap();
    let mut fields = Fields::new("the reference `model`", table.get_ref().clone(), table.span());
    let model = AnyModel::read(&mut fields);
    (model, fields.finish())
}

fn model(settings: &str) -> AnyModel {
    let (model, faults) = read(settings);
    assert_eq!(faults, [], "{settings}");
    model.unwrap()
}

/// Says where `ours` is not `theirs`.
fn differences(name: &str, ours: &Value, theirs: &Json, within: f64, found: &mut Vec<String>) {
    match (ours, theirs) {
        (Value::List(ours), Json::Array(theirs)) if ours.len() == theirs.len() => {
            ours.iter().zip(theirs).enumerate().for_each(|(i, (ours, theirs))| differences(&format!("{name}[{i}]"), ours, theirs, within, found));
        }
        (Value::Number(ours), Json::Number(theirs)) => {
            let theirs = theirs.as_f64().unwrap();
            if (ours.get() - theirs).abs() > within * theirs.abs().max(1.0) {
                found.push(format!("{name}: ours {:?}, theirs {theirs:?}", ours.get()));
            }
        }
        _ => found.push(format!("{name}: ours {}, theirs {theirs}", ours.describe())),
    }
}

#[test]
fn models_are_scikit_learns() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("../../../../fixtures/peers/models.json")).unwrap();
    let sets = ["mnist", "penguins", "weather"].map(|name| (name, data(name)));
    let differs = |case: &Case| {
        let model = model(&case.settings);
        let (_, data) = sets.iter().find(|(name, _)| *name == case.data).unwrap();
        let run = model.run(data, Seed::new(441), &Unwatched).unwrap_or_else(|error| panic!("{}: {error}", case.settings));
        let named = |end: &String| run.metrics.get(&model.named(end)).unwrap_or_else(|| panic!("{}: no {end}", case.settings));
        let mut found = Vec::new();
        for (end, theirs) in &case.expected {
            differences(end, named(end), theirs, case.within, &mut found);
        }
        for (end, [low, high]) in &case.bands {
            let Value::Number(ours) = named(end) else { panic!("{end} is no number") };
            if !(*low..=*high).contains(&ours.get()) {
                found.push(format!("{end}: ours {ours}, theirs from {low} to {high}"));
            }
        }
        (!found.is_empty()).then(|| format!("{} ({}):\n  {}", case.settings, case.data, found.join("\n  ")))
    };
    // Not on the threads of rayon, on which forests wait.
    let all: Vec<String> = side_by_side("test", &cases, |case| Ok(differs(case))).unwrap().into_iter().flatten().collect();
    assert!(all.is_empty(), "{} of {} differ\n{}", all.len(), cases.len(), all.join("\n"));
}

#[test]
fn a_run_is_whole_and_the_same_with_one_thread_and_two() {
    let penguins = data("penguins");
    let target = "target = 'species'\nfeatures = ['bill_length_mm', 'bill_depth_mm', 'island']\nscale = true\n";
    for (model_and_more, more) in [
        ("model = 'forest'\ntrees = [3, 6]\nmax_depth = [2, 4]\nfolds = 3\nmetrics = ['accuracy', 'log-loss']", true),
        ("model = 'knn'\nholdout = '25%'\nneighbours = [1, 5]", true),
        ("model = 'svm'\nholdout = { sex = 'male' }\nfolds = 4", true),
        ("model = 'naive-bayes'", true),
        ("model = 'k-means'\nclusters = 3\nfeatures = ['bill_length_mm', 'bill_depth_mm']", false),
        ("model = 'k-means'\nclusters = [2, 3]", false),
        ("model = 'pca'\nfeatures = ['bill_length_mm', 'bill_depth_mm']", false),
    ] {
        let model = model(&format!("{}{model_and_more}", if more { target } else { "" }));
        let run = same_with_one_thread_and_two(&model, &penguins);
        let given = run.metrics.len() + run.answers.len();
        assert_eq!(given, model.names().len(), "{model_and_more}: {:?}", model.names());
    }
}

/// By hand: two lists of two make four settings, of three folds each; the best of all is handed in.
#[test]
fn a_grid_is_handed_in_as_series_and_its_best_setting_as_an_answer() {
    let settings = "name = 'wood'\nmodel = 'tree'\nmax_depth = [1, 3]\nmin_samples_leaf = [1, 40]\nfolds = 3\ntarget = 'species'\nid = 'ring'\n";
    let table = data("penguins");
    let table = table.table().unwrap();
    let mut columns: Vec<(String, Column)> = table.names().map(|name| (name.to_owned(), table.column(name).unwrap().clone())).collect();
    columns.push(("ring".to_owned(), Column::Number((0..table.rows()).map(|row| 1000.0 + row as f64).collect())));
    let run = model(settings).run(&DataSet::Table(Table::new(columns, 0).unwrap()), Seed::new(441), &Unwatched).unwrap();
    assert_eq!(run.metrics["wood.max_depth"], Value::series([1.0, 1.0, 3.0, 3.0]));
    assert_eq!(run.metrics["wood.min_samples_leaf"], Value::series([1.0, 40.0, 1.0, 40.0]));
    let numbers = |name: &str| -> Vec<f64> {
        let Value::List(values) = &run.metrics[name] else { panic!("{name} is no list") };
        values.iter().map(|value| if let Value::Number(number) = value { number.get() } else { panic!("{name}: {value:?}") }).collect()
    };
    let cv = numbers("wood.cv_accuracy");
    let Value::List(folds) = &run.metrics["wood.fold_accuracy"] else { panic!("no list") };
    assert!(cv[2] > 0.95 && cv[0] < 0.85 && folds.len() == 4 && matches!(&folds[0], Value::List(of) if of.len() == 3), "{cv:?}");
    assert_eq!((&run.answers["wood.best_max_depth"], &run.answers["wood.best_min_samples_leaf"]), (&Value::number(3.0), &Value::number(1.0)));
    assert_eq!(run.metrics["wood.best_cv_accuracy"], Value::number(cv[2]));
    assert_eq!(run.metrics["wood.depth"], Value::number(3.0));
    let predictions = String::from_utf8(run.files["predictions/wood.csv"].clone()).unwrap();
    assert!(predictions.starts_with("ring,label\n1000,Adelie\n") && predictions.lines().count() == 334, "{predictions}");
    // Each row was predicted by the tree that had not seen it: that is the mean over the folds, but for their sizes.
    let species = table.texts("species").unwrap();
    let right = predictions.lines().skip(1).zip(species).filter(|(line, species)| line.ends_with(species.as_str())).count();
    assert!((right as f64 / 333.0 - cv[2]).abs() < 0.005, "{right}");
}

#[test]
fn settings_that_make_no_sense_are_told() {
    for (settings, words) in [
        ("", "needs `model`"),
        ("model = 'random-forest'", "`model` cannot be `random-forest`"),
        ("model = 'forest'\ntrees = 0", "`trees` must be a whole number from 1 to 10000, or a list of them"),
        ("model = 'forest'\ntrees = [5, 5]", "`trees` must be a list of different values"),
        ("model = 'forest'\ntrees = 2.5", "`trees` must be a whole number"),
        ("model = 'forest'\nneighbours = 3", "unknown key `neighbours`"),
        ("model = 'forest'\nn_estimators = 3", "it is called `trees` here"),
        ("model = 'linear'\ntask = 'classification'", "this model predicts numbers: leave `task` out"),
        ("model = 'svm'\nmetrics = ['log-loss']", "`metrics` cannot have `log-loss` here"),
        ("model = 'ridge'\nmetrics = ['accuracy']", "`metrics` cannot have `accuracy` here"),
        ("model = 'naive-bayes'\nalpha = 2", "unknown key `alpha`"),
        ("model = 'svm'\nkernel = 'linear'\ngamma = 0.1", "unknown key `gamma`"),
        ("model = 'knn'\nfeatures = ['a', 'a']", "`features` must be a list of different columns"),
        ("model = 'knn'\ntarget = 'a'\nfeatures = ['a']", "`a` is the column to predict, and is among `features`"),
        ("model = 'knn'\nholdout = 1.5", "`holdout` is a share between 0 and 1"),
        ("model = 'knn'\nholdout = { a = 'x', b = 'y' }", "`holdout` has one column"),
        ("model = 'k-means'\nfolds = 5", "unknown key `folds`"),
        ("model = 'tree'\nname = 'my tree'", "`name` must be at most 40 letters"),
    ] {
        let faults = read(settings).1;
        let told = |fault: &Diagnostic| format!("{} {}", fault.message, fault.help.as_deref().unwrap_or_default());
        assert!(faults.len() == 1 && told(&faults[0]).contains(words), "{settings}: {faults:?}");
    }
}

#[test]
fn data_that_do_not_fit_are_told() {
    for (settings, set, words) in [
        ("model = 'tree'", "penguins", "`target` names the column to predict, one of `species`"),
        ("model = 'tree'\ntarget = 'spices'", "penguins", "did you mean `species`?"),
        ("model = 'tree'\ntarget = 'body_mass_g'", "penguins", "say `task = \"regression\"`"),
        ("model = 'logistic'\ntarget = 'bill_depth_mm'", "penguins", "are not whole numbers"),
        ("model = 'linear'\ntarget = 'species'", "penguins", "regression predicts numbers"),
        ("model = 'tree'\ntarget = 'species'\nfeatures = ['wing']", "penguins", "there is no column `wing`"),
        ("model = 'tree'\ntarget = 'species'\nholdout = { sex = 'none' }", "penguins", "no row has `none` in column `sex`"),
        ("model = 'tree'\ntarget = 'species'\nfolds = 400", "penguins", "400 folds are asked for"),
        ("model = 'tree'", "weather", "its answers are numbers"),
        ("model = 'tree'\ntarget = 'species'", "mnist", "only a table has columns, so that `target` does nothing"),
        ("model = 'ridge'", "mnist", "only rows have numbers to predict"),
        ("model = 'svm'", "mnist", "learns from at most 10000 examples, and there are 60000; `train` takes fewer"),
        ("model = 'tree'", "chelsea", "the data set is a picture"),
        ("model = 'pca'\ncomponents = 9\nfeatures = ['body_mass_g']", "penguins", "9 components are asked for"),
    ] {
        let error = model(settings).suits(&data(set)).unwrap_err().to_string();
        assert!(error.contains(words), "{settings}: {error}");
    }
}

#[test]
fn a_plane_that_separates_the_classes_leaves_nothing_to_find_without_a_penalty() {
    let settings = "model = 'logistic'\nC = inf\ntarget = 'species'\nholdout = { sex = 'male' }\nscale = true";
    let error = model(settings).run(&data("penguins"), Seed::new(1), &Unwatched).unwrap_err().to_string();
    assert!(error.contains("a plane separates the classes"), "{error}");
}
