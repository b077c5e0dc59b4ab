//! A small rubric whose parts have the references of any labelled data: `lint` and `release` take it, its lock is made, and the
//! reference's own submission earns every point of it.

use crate::common::{Folder, mlgrade};

const RUBRIC: &str = r#"
schema = 1
id = "any-data"
title = "Any labelled data"
seed = 5

[data]
penguins = { builtin = "penguins" }
weather = { builtin = "weather" }
digits = { builtin = "mnist" }

[[part]]
id = "knn"
title = "Nearest neighbours"
reference = { run = "model", data = "penguins", model = "knn", target = "species", neighbours = [1, 5, 40], scale = true, folds = 5 }

[[part.item]]
id = "curve"
title = "Accuracy by neighbours"
points = 1
check = "curve"
series = "knn.cv_accuracy"
against = "reference"
tolerance = { absolute = 0.01 }

[[part.item]]
id = "best"
title = "The best number of neighbours"
points = 1
check = "answer"
answer = "knn.best_neighbours"
expect = { argmax = "knn.cv_accuracy", over = "knn.neighbours" }

[[part.item]]
id = "predictions"
title = "Predictions of rows that were not seen"
points = 1
check = "recompute"
metric = "accuracy"
predictions = "knn"
data = "penguins"
target = "species"
claim = "knn.best_cv_accuracy"
tolerance = { absolute = 0.005 }

[[part]]
id = "ridge"
title = "Ridge regression"
reference = { run = "model", data = "weather", model = "ridge", alpha = 10, metrics = ["rmse", "r2"] }

[[part.item]]
id = "coefficients"
title = "All coefficients"
points = 1
check = "curve"
series = "ridge.coefficients"
against = "reference"
tolerance = { absolute = 1e-6 }

[[part.item]]
id = "r2"
title = "The share of the variance that is explained"
points = 1
check = "recompute"
metric = "r2"
predictions = "ridge"
data = "weather"
claim = "ridge.val_r2"
tolerance = { absolute = 1e-6 }

[[part]]
id = "cnn"
title = "A convolutional network"
[part.reference]
run = "network"
data = "digits"
name = "cnn"
train = 600
epochs = 4
learning_rate = 0.01
layers = [
  { conv2d = 4, kernel = 5, activation = "relu" },
  { batchnorm = true },
  { max_pool = 2 },
  { dense = 24, activation = "relu" },
]

[[part.item]]
id = "accuracy"
title = "Better than 75 %"
points = 1
check = "number"
value = "cnn.final_val_accuracy"
unit = "fraction"
at_least = 0.75

[[part.item]]
id = "log-loss"
title = "The loss, from the probabilities"
points = 1
check = "recompute"
metric = "log-loss"
reduction = "mean"
predictions = "cnn_probabilities"
data = "digits"
claim = "cnn.final_val_loss"
tolerance = { absolute = 0.0001 }

[[part.item]]
id = "figure"
title = "Both losses"
points = 1
check = "figure"
figure = "cnn"
shows = ["cnn.train_loss", "cnn.val_loss"]
"#;

#[test]
fn the_references_of_any_data_earn_every_point_of_a_rubric_about_them() {
    let course = Folder::new().with("rubric.toml", RUBRIC);
    let path = course.path().join("rubric.toml").display().to_string();
    let run = |arguments: &[&str]| {
        let output = mlgrade(&[arguments, &[&path]].concat());
        let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {text}");
        text
    };
    run(&["reference", "--lock", "--rubric"]);
    let linted = run(&["lint"]);
    assert!(linted.contains("0 errors, 0 warnings") && linted.contains("3 parts"), "{linted}");
    let verified = run(&["verify", "--rubric"]);
    assert_eq!(verified.matches("same as the lock").count(), 3, "{verified}");
    assert!(!verified.contains('✗'), "{verified}");
    let lock = course.read("rubric.lock");
    assert!(lock.contains("\"knn.best_neighbours\" = 5") || lock.contains("\"knn.best_neighbours\" = 1"), "{lock}");
}
