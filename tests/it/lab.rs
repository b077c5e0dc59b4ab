//! The deep-learning lab: the reference's own submission is right in every item, and every typical mistake falls for its reason.

use std::path::PathBuf;

use mlgrade::domain::value::Value as Evidence;
use mlgrade::domain::verdict::VerdictLabel as V;
use mlgrade::report::ItemReport;
use mlgrade::rubric::release::student_edition;
use mlgrade::rubric::{SHIPPED, parse};
use mlgrade::submission::find;
use toml::{Table, Value};

use crate::chaffs::Change::{Answer, Drop, Metric, Remove};
use crate::chaffs::{Chaff, judge_all, series};
use crate::common::{Folder, LAB, Opened, SHIPPED_COURSE, item, repository};

fn wheat() -> PathBuf {
    repository().join("fixtures/lab/reference")
}

/// The reference's series `name` from its end.
fn reversed(name: &str) -> Value {
    let mut values = scaled(name, 1.0).as_array().unwrap().clone();
    values.reverse();
    Value::Array(values)
}

/// The reference's series `name`, each value times `factor`.
fn scaled(name: &str, factor: f64) -> Value {
    let table: Table = std::fs::read_to_string(wheat().join("metrics.toml")).unwrap().parse().unwrap();
    let number = |value: &Value| value.as_float().or_else(|| value.as_integer().map(|whole| whole as f64)).unwrap();
    series(&table[name].as_array().unwrap().iter().map(|value| number(value) * factor).collect::<Vec<_>>())
}

#[rustfmt::skip]
#[expect(clippy::too_many_lines, reason = "a table")]
fn chaffs() -> Vec<Chaff> {
    vec![
        ("perceptron/converges", Metric("perceptron.mistakes", series(&[3.0, 3.0, 2.0, 4.0, 3.0])), V::Fail, "has 5 values, expected 15"),
        // The rows shuffled by scikit-learn's default would give other counts.
        (
            "perceptron/converges",
            Metric("perceptron.mistakes", series(&[4.0, 3.0, 2.0, 4.0, 3.0, 3.0, 3.0, 3.0, 3.0, 2.0, 2.0, 2.0, 2.0, 1.0, 0.0])),
            V::Fail,
            "value 1 of 15, is 4",
        ),
        // Epochs instead of updates.
        ("perceptron/updates", Metric("perceptron.updates", 15.into()), V::Partial, "perceptron.updates = 15, the reference has 36"),
        // Weights for millimetres; scikit-learn's Perceptron() as it stops and shuffles by default.
        ("perceptron/decision-line", Metric("perceptron.weights", series(&[1.1169, -1.2425, -25.0388])), V::Fail, "value 1 of 3"),
        ("perceptron/decision-line", Metric("perceptron.weights", series(&[4.4388, -1.4656, 0.0])), V::Fail, "value 1 of 3, is 4.4388"),
        ("perceptron/xor-perceptron", Metric("xor.perceptron_accuracy", 1.0.into()), V::Fail, "expected at most 0.75"),
        ("perceptron/xor-network", Metric("xor.network_accuracy", 0.75.into()), V::Fail, "expected at least 1"),
        ("perceptron/xor-loss", Metric("xor.network_loss", series(&[0.69, 0.4, 0.9])), V::Fail, "should fall, but goes from 0.4 at place 2 to 0.9 at place 3"),
        ("perceptron/can-xor", Answer("perceptron_learns_xor", "yes".into()), V::Fail, "expected `no`"),
        ("perceptron/why-xor", Drop("why_xor"), V::Missing, "not found"),
        // solver="liblinear", which penalises the bias; penalty=None on separable rows.
        ("perceptron/logistic-weights", Metric("logistic.weights", series(&[3.4207, -0.3553, -1.3075])), V::Fail, "value 1 of 3, is 3.4207"),
        ("perceptron/logistic-weights", Metric("logistic.weights", series(&[191.84, -40.69, -67.77])), V::Fail, "and 2 more"),
        // The sum over the rows, in place of the mean; the probability of the other class.
        ("perceptron/logistic-fit", Metric("logistic.loss", 9.66.into()), V::Partial, "logistic.loss = 9.66, the reference has"),
        ("perceptron/logistic-fit", Metric("logistic.probability", 0.8753.into()), V::Partial, "logistic.probability = 0.8753"),
        ("perceptron/plot", Remove("figures/perceptron.svg"), V::Missing, "there is no figure `perceptron`"),
        // Upwards instead of downwards; the start handed in as the first step.
        ("optimizers/sgd-steps", Metric("bowl.sgd.steps", series(&[-4.12, 3.2, -4.2436, 5.12, -4.370_908, 8.192, -4.502_035, 13.1072, -4.637_096, 20.97152])), V::Partial, "bowl.sgd.steps, value 1 of 10, is -4.12"),
        ("optimizers/sgd-steps", Metric("bowl.sgd.steps", series(&[-4.0, 2.0, -3.88, 0.8, -3.7636, 0.32, -3.650_692, 0.128, -3.541_171, 0.0512, -3.434_936, 0.02048])), V::Partial, "has 12 values, expected 10"),
        // Dampened: v = 0.9 v + 0.1 g.
        ("optimizers/momentum-steps", Metric("bowl.momentum.steps", series(&[-3.988, 1.88, -3.965_236, 1.6592, -3.932_853, 1.360_928, -3.891_909, 1.010_828, -3.843_384, 0.635_087])), V::Partial, "bowl.momentum.steps, value 1 of 10, is -3.988"),
        // A moving average of the squares instead of their sum; an epsilon of 0.01 inside the root.
        ("optimizers/adagrad-steps", Metric("bowl.adagrad.steps", series(&[11.811_388, -13.811_388, -3.165_296, 1.836_946, 0.726_712, -0.227_533, -0.165_865, 0.028_278, 0.037_942, -0.003_53])), V::Partial, "bowl.adagrad.steps, value 1 of 10, is 11.8"),
        ("optimizers/adagrad-steps", Metric("saddle.adagrad.steps", series(&[-1.500_624, 0.006, -1.200_784, 0.035_942, -0.984_47, 0.204_591, -0.817_327, 0.644_011, -0.683_615, 1.074_308])), V::Partial, "saddle.adagrad.steps, value 1 of 10, is -1.5006"),
        // A moving average of 0.9; PyTorch's default of 0.99.
        ("optimizers/rmsprop-steps", Metric("bowl.rmsprop.steps", series(&[-3.952_566, 1.952_566, -3.918_349, 1.918_547, -3.889_796, 1.890_263, -3.864_515, 1.865_289, -3.841_398, 1.842_505])), V::Partial, "bowl.rmsprop.steps, value 1 of 10, is -3.95"),
        ("optimizers/rmsprop-steps", Metric("bowl.rmsprop.steps", series(&[-3.85, 1.85, -3.745_709, 1.747_868, -3.661_375, 1.666_427, -3.588_852, 1.597_198, -3.524_35, 1.536_262])), V::Partial, "bowl.rmsprop.steps, value 1 of 10, is -3.85"),
        // Without bias correction.
        ("optimizers/adam-steps", Metric("bowl.adam.steps", series(&[-3.367_545, 1.367_544, -2.524_531, 0.540_412, -1.565_885, -0.324_283, -0.567_656, -1.014_292, 0.386_736, -1.352_145])), V::Partial, "bowl.adam.steps, value 1 of 10, is -3.36"),
        ("optimizers/losses-on-the-bowl", Metric("bowl.adam.loss", series(&[48.0; 201])), V::Partial, "bowl.adam.loss has 201 values, expected 200"),
        ("optimizers/losses-on-the-bowl", Metric("bowl.momentum.loss", series(&[48.0; 200])), V::Partial, "bowl.momentum.loss, value 1 of 200, is 48"),
        ("optimizers/steps-to-target", Metric("bowl.sgd.to_target", 88.into()), V::Partial, "bowl.sgd.to_target = 88, the reference has 148"),
        ("optimizers/best-on-bowl", Answer("best_on_bowl", "adam".into()), V::Fail, "you say adam, but by your own numbers it is momentum"),
        ("optimizers/pit-losses", Metric("egg.momentum.final_loss", 1.79.into()), V::Fail, "expected egg.sgd.final_loss above egg.momentum.final_loss by at least 1"),
        ("optimizers/leaves-pit", Answer("leaves_pit", "adam".into()), V::Fail, "you say adam, but by your own numbers it is momentum"),
        ("optimizers/adagrad-effective-step", Metric("adagrad.effective_step", series(&std::array::from_fn::<f64, 200, _>(|step| 0.05 + 1e-4 * step as f64))), V::Fail, "adagrad.effective_step should fall, but never does so after its first value, 0.05"),
        ("optimizers/adagrad-effective-step", Metric("adagrad.effective_step", series(&[0.5; 200])), V::Fail, "never does so after its first value, 0.5"),
        ("optimizers/rmsprop-effective-step", Metric("rmsprop.final_effective_step", 0.0439.into()), V::Fail, "expected rmsprop.final_effective_step above rmsprop.least_effective_step by at least 2 %"),
        ("optimizers/shrinking-step", Answer("shrinking_step", "rmsprop".into()), V::Fail, "expected `adagrad`"),
        ("optimizers/plot", Remove("figures/surfaces.svg"), V::Missing, "there is no figure `surfaces`"),
        ("optimizers/nan-losses", Answer("nan_losses", "converged".into()), V::Fail, "expected `diverged`"),
        ("optimizers/why-adaptive", Drop("why_adaptive"), V::Missing, "not found"),
        // Padding of 1; the kernel flipped, as convolution in mathematics has it; pixels from 0 to 255.
        ("filters/feature-map", Metric("filters.feature_map", series(&[0.0; 784])), V::Fail, "has 784 values, expected 676"),
        ("filters/feature-map", Metric("filters.feature_map", scaled("filters.feature_map", -1.0)), V::Fail, "the reference has"),
        ("filters/feature-map", Metric("filters.feature_map", scaled("filters.feature_map", 255.0)), V::Fail, "the reference has"),
        ("filters/shape", Metric("filters.shape", series(&[28.0, 28.0])), V::Fail, "value 1 of 2, is 28, the reference has 26"),
        // Average for maximum and the other way round.
        ("filters/max-pooling", Metric("filters.pooled", scaled("filters.averaged", 1.0)), V::Fail, "the reference has"),
        ("filters/average-pooling", Metric("filters.averaged", scaled("filters.pooled", 1.0)), V::Fail, "the reference has"),
        // Padding forgotten; biases forgotten; one channel instead of six.
        ("filters/sizes", Metric("filters.strided_side", 13.into()), V::Partial, "filters.strided_side = 13, the reference has 14"),
        ("filters/parameters", Metric("filters.first_parameters", 150.into()), V::Partial, "filters.first_parameters = 150, the reference has 156"),
        ("filters/parameters", Metric("filters.second_parameters", 416.into()), V::Partial, "filters.second_parameters = 416, the reference has 2416"),
        ("filters/finds", Answer("filter_finds", "horizontal".into()), V::Fail, "expected `vertical`"),
        ("filters/plot", Remove("figures/filters.svg"), V::Missing, "there is no figure `filters`"),
        // Pooling forgotten; one channel instead of six in the second convolution.
        ("lenet/sizes", Metric("lenet.sizes", series(&[4704.0, 4704.0, 9216.0, 9216.0, 120.0, 84.0, 10.0])), V::Fail, "value 2 of 7, is 4704"),
        ("lenet/parameters", Metric("lenet.parameters", 59_706.into()), V::Fail, "lenet.parameters = 59706, the reference has 61706"),
        // A learning rate that is too large; three epochs.
        ("lenet/losses", Metric("lenet.sigmoid.val_loss", series(&[2.31, 2.4, 3.9, 3.1, 2.6])), V::Partial, "should fall, but never does so after its first value, 2.31"),
        ("lenet/losses", Metric("lenet.relu.train_loss", series(&[0.07, 0.05, 0.04])), V::Partial, "has 3 values, expected 5"),
        ("lenet/error", Metric("lenet.relu.final_error", 0.018.into()), V::Contradicted, "but its own evidence says otherwise (lenet/predictions)"),
        ("lenet/error", Metric("lenet.relu.final_error", 0.0.into()), V::Contradicted, "lenet.relu.final_error says 0, the predictions give"),
        ("lenet/error", Remove("predictions/lenet.csv"), V::NeedsReview, "lenet/predictions"),
        ("lenet/error", Metric("lenet.relu.final_error", 0.886.into()), V::Fail, "reaches no level"),
        ("lenet/predictions", Metric("lenet.relu.final_error", 0.004.into()), V::Contradicted, "lenet.relu.final_error says 0.004, the predictions give"),
        ("lenet/predictions", Remove("predictions/lenet.csv"), V::Missing, "predictions/lenet.csv"),
        // The names swapped.
        ("lenet/sigmoid-is-slower", Metric("lenet.relu.val_loss", series(&[0.2, 0.12, 0.09, 0.08, 0.0625])), V::Fail, "expected lenet.sigmoid.val_loss above lenet.relu.val_loss"),
        ("lenet/why-slower", Drop("why_sigmoid_is_slower"), V::Missing, "not found"),
        // The losses of another run, and the gradients of another network, in the plot.
        ("lenet/plot", Metric("lenet.relu.val_loss", series(&[0.2, 0.12, 0.09, 0.08, 0.0625])), V::NeedsReview, "figures/lenet.svg"),
        ("vanishing/plot", Metric("vanishing.relu.gradient_norms", series(&[0.01; 18])), V::NeedsReview, "figures/vanishing.svg"),
        ("checkpoint/plot", Metric("checkpoint.val_loss", scaled("checkpoint.val_loss", 1.5)), V::NeedsReview, "figures/checkpoint.svg"),
        ("residual/plot", Metric("plain.val_error", series(&[0.04, 0.06, 0.1, 0.2])), V::NeedsReview, "figures/residual.svg"),
        ("optimizers/mnist-plot", Metric("mnist.sgd.val_loss", series(&[0.38, 0.31, 0.29, 0.28, 0.27])), V::NeedsReview, "figures/optimizers_mnist.svg"),
        ("lenet/plot", Remove("figures/lenet.svg"), V::Missing, "there is no figure `lenet`"),
        // Biases counted as layers of their own; a norm that underflowed.
        ("vanishing/norms", Metric("vanishing.relu.gradient_norms", series(&[1e-3; 36])), V::Partial, "has 36 values, expected 18"),
        ("vanishing/sigmoid-fades", Metric("vanishing.sigmoid.ratio", 0.into()), V::Contradicted, "vanishing.sigmoid.ratio says 0, but by your own numbers"),
        // The last divided by the first.
        ("vanishing/sigmoid-fades", Metric("vanishing.sigmoid.ratio", (1.0 / 9.414_880_791_281_045e-15).into()), V::Contradicted, "is the last of vanishing.sigmoid.gradient_norms divided by the first"),
        // The input is not added.
        ("vanishing/residual-passes", Metric("vanishing.residual.ratio", 4.4e-6.into()), V::Contradicted, "vanishing.residual.ratio says"),
        ("vanishing/which-vanishes", Answer("vanishing_network", "relu".into()), V::Fail, "you say relu, but by your own numbers it is sigmoid"),
        ("vanishing/why-vanishes", Drop("why_gradients_vanish"), V::Missing, "not found"),
        ("vanishing/plot", Remove("figures/vanishing.svg"), V::Missing, "there is no figure `vanishing`"),
        // One depth left out.
        ("residual/errors", Metric("plain.val_error", series(&[0.05, 0.05, 0.09])), V::Partial, "plain.val_error has 3 values, expected 4"),
        // The input is added in both networks.
        ("residual/deep-plain", Metric("plain.train_error", series(&[0.02, 0.02, 0.02, 0.024])), V::Fail, "expected plain.train_error above residual.train_error by at least 0.01"),
        // The deepest first.
        ("residual/plain-grows", Metric("plain.train_error", series(&[0.88, 0.1, 0.03, 0.02])), V::Fail, "should rise, but never does so after its first value, 0.88"),
        ("residual/residual-does-not", Metric("residual.deepest_train_error", 0.88.into()), V::Contradicted, "residual.deepest_train_error says 0.88"),
        ("residual/what-it-tells", Answer("deep_plain_network", "overfitting".into()), V::Fail, "expected `underfitting`"),
        ("residual/why-residual", Drop("why_residual"), V::Missing, "not found"),
        ("residual/removal", Metric("removal.plain.val_error", series(&[0.9; 12])), V::Partial, "has 12 values, expected 6"),
        // Trained again after each removal.
        ("residual/ensemble", Metric("removal.plain.rise", 0.004.into()), V::Contradicted, "minus value 2 of plain.val_error is 0.80233"),
        ("residual/plot", Remove("figures/residual.svg"), V::Missing, "there is no figure `residual`"),
        ("checkpoint/losses", Metric("checkpoint.train_loss", series(&[0.7, 0.04, 0.9, 0.8])), V::Fail, "should fall, but goes from 0.04 at place 2 to 0.9 at place 3"),
        // Counted from 0; the least training loss.
        ("checkpoint/epoch", Answer("checkpoint_epoch", 9.into()), V::Fail, "you say 9, but by your own numbers it is 10"),
        ("checkpoint/epoch", Answer("checkpoint_epoch", 40.into()), V::Fail, "you say 40, but by your own numbers it is 10"),
        // Stopped before it overfits.
        ("checkpoint/least-and-last", Metric("checkpoint.last_val_loss", 0.325.into()), V::Contradicted, "checkpoint.last_val_loss says 0.325"),
        ("checkpoint/last-is-last", Metric("checkpoint.last_val_loss", 0.5.into()), V::Contradicted, "but checkpoint.last_val_loss says 0.5"),
        ("checkpoint/tells", Answer("checkpoint_tells", "underfitting".into()), V::Fail, "expected `overfitting`"),
        ("checkpoint/plot", Remove("figures/checkpoint.svg"), V::Missing, "there is no figure `checkpoint`"),
        // Diverged; a validation error where a loss belongs; a figure's worth of epochs.
        ("optimizers/mnist-losses", Metric("mnist.momentum.val_loss", series(&[0.4, 2.3, 2.3, 2.3, 2.3])), V::Partial, "should fall, but never does so after its first value, 0.4"),
        ("optimizers/mnist-final", Metric("mnist.sgd.final_val_loss", 1.93.into()), V::Partial, "mnist.sgd.final_val_loss says 1.93"),
        ("optimizers/best-on-mnist", Answer("best_on_mnist", "sgd".into()), V::Fail, "you say sgd, but by your own numbers it is rmsprop"),
        ("optimizers/mnist-plot", Remove("figures/optimizers_mnist.svg"), V::Missing, "there is no figure `optimizers_mnist`"),
        // Not standardised; the error for the accuracy, in percent too.
        ("penguin-classifiers/smooth", Metric("penguins.knn", 0.787.into()), V::Partial, "penguins.knn = 0.787, the reference has"),
        ("penguin-classifiers/smooth", Metric("penguins.logistic", 1.2.into()), V::Partial, "penguins.logistic = 1.2 (read as 1.2 %), the reference has"),
        ("penguin-classifiers/smooth", Metric("penguins.svm", 0.009.into()), V::Partial, "penguins.svm = 0.009, the reference has"),
        // On the rows that it learnt from.
        ("penguin-classifiers/tree", Metric("penguins.tree", 1.0.into()), V::Fail, "penguins.tree = 1, the reference has"),
        ("penguin-classifiers/forest", Metric("penguins.forest", 1.0.into()), V::Fail, "penguins.forest = 1, the reference has"),
        // On the four measurements alone.
        ("penguin-classifiers/bayes", Metric("penguins.bayes", 0.973.into()), V::Fail, "penguins.bayes = 0.973, the reference has"),
        // Standardised after all.
        ("penguin-classifiers/raw-neighbours", Metric("penguins.knn_raw", 0.988.into()), V::Fail, "penguins.knn_raw = 0.988, the reference has"),
        ("penguin-classifiers/why-standardise", Drop("why_standardise"), V::Missing, "not found"),
        ("penguin-classifiers/best", Answer("penguins_best", "bayes".into()), V::Fail, "you say bayes, but by your own numbers it is"),
        ("penguin-classifiers/plot", Remove("figures/penguins-classifiers.svg"), V::Missing, "there is no figure `penguins-classifiers`"),
        // On standardised pixels; the error for the accuracy, in percent too.
        ("digit-classifiers/nothing-random", Metric("digits.knn", 0.865.into()), V::Partial, "digits.knn = 0.865, the reference has"),
        ("digit-classifiers/nothing-random", Metric("digits.bayes", 44.4.into()), V::Partial, "digits.bayes = 44.4 (read as 44.4 %), the reference has"),
        ("digit-classifiers/nothing-random", Metric("digits.knn", 0.102.into()), V::Partial, "digits.knn = 0.102, the reference has"),
        // On the rows that it learnt from.
        ("digit-classifiers/linear", Metric("digits.svm", 0.978.into()), V::Partial, "digits.svm = 0.978, the reference has"),
        ("digit-classifiers/trees", Metric("digits.tree", 1.0.into()), V::Partial, "digits.tree = 1, the reference has"),
        // On all 60,000 training images.
        ("digit-classifiers/perceptron", Metric("digits.mlp", 0.976.into()), V::Fail, "digits.mlp = 0.976, the reference has"),
        ("digit-classifiers/best", Answer("digits_best", "knn".into()), V::Fail, "you say knn, but by your own numbers it is"),
        ("digit-classifiers/worst", Answer("digits_worst", "tree".into()), V::Fail, "expected `bayes`"),
        ("digit-classifiers/why-worst", Drop("why_digits_worst"), V::Missing, "not found"),
        ("digit-classifiers/plot", Remove("figures/digits-classifiers.svg"), V::Missing, "there is no figure `digits-classifiers`"),
        // XOR has four points.
        ("perceptron/xor-perceptron", Metric("xor.perceptron_accuracy", 0.6.into()), V::NeedsReview, "0.6 is no whole number of 4 examples"),
        ("perceptron/xor-perceptron", Metric("xor.perceptron_accuracy", 0.0.into()), V::Fail, "expected at least 0.25"),
        ("perceptron/xor-network", Metric("xor.network_accuracy", (-1.0).into()), V::Fail, "a fraction lies between 0 and 1"),
        // Never learnt; the accuracies; the curve upside down; zeros; negative.
        ("perceptron/xor-loss", Metric("xor.network_loss", series(&[0.694, 0.693, 0.692])), V::Fail, "should fall"),
        ("perceptron/xor-loss", Metric("xor.network_loss", series(&[0.5, 0.5, 0.75, 1.0])), V::Fail, "should fall"),
        ("perceptron/xor-loss", Metric("xor.network_loss", reversed("xor.network_loss")), V::Fail, "should fall"),
        ("perceptron/xor-loss", Metric("xor.network_loss", series(&[0.0; 200])), V::Fail, "is 0 at every place"),
        ("perceptron/xor-loss", Metric("xor.network_loss", series(&[0.7, 0.2, -0.1])), V::Fail, "has -0.1 at place 3: a loss is above 0"),
        // The wrong order of the values; the sample standard deviation; the other sign for the classes.
        ("perceptron/decision-line", Metric("perceptron.weights", reversed("perceptron.weights")), V::Fail, "value 1 of 3"),
        ("perceptron/decision-line", Metric("perceptron.weights", series(&[7.2, -1.8698, -3.0])), V::Fail, "value 1 of 3, is 7.2"),
        ("perceptron/decision-line", Metric("perceptron.weights", scaled("perceptron.weights", -1.0)), V::Fail, "value 1 of 3"),
        ("perceptron/updates", Metric("perceptron.updates", 55.into()), V::Partial, "perceptron.updates = 55"),
        ("perceptron/updates", Metric("perceptron.accuracy", 0.0.into()), V::Partial, "that is 1 minus it"),
        ("perceptron/converges", Metric("perceptron.mistakes", reversed("perceptron.mistakes")), V::Fail, "value 1 of 15"),
        ("perceptron/logistic-fit", Metric("logistic.probability", 0.0.into()), V::Partial, "logistic.probability = 0"),
        ("perceptron/logistic-fit", Metric("logistic.loss", (-0.0903).into()), V::Partial, "only the sign is wrong"),
        // Made up, but in the right order; the other way round; below zero.
        ("optimizers/pit-losses", Metric("egg.sgd.final_loss", 2.5.into()), V::Fail, "egg.sgd.final_loss = 2.5, the reference has 1.7896"),
        ("optimizers/pit-losses", Metric("egg.momentum.final_loss", (-3.0).into()), V::Fail, "egg.momentum.final_loss = -3"),
        ("optimizers/rmsprop-effective-step", Metric("rmsprop.final_effective_step", 0.2.into()), V::Fail, "rmsprop.final_effective_step = 0.2, the reference has"),
        ("optimizers/rmsprop-effective-step", Metric("rmsprop.least_effective_step", 0.01.into()), V::Fail, "rmsprop.least_effective_step = 0.01, the reference has"),
        ("optimizers/adagrad-effective-step", Metric("adagrad.effective_step", scaled("adagrad.effective_step", 2.0)), V::Fail, "value 1 of 200"),
        ("optimizers/adagrad-effective-step", Metric("adagrad.effective_step", scaled("rmsprop.effective_step", 1.0)), V::Fail, "adagrad.effective_step"),
        ("optimizers/adagrad-effective-step", Metric("adagrad.effective_step", reversed("adagrad.effective_step")), V::Fail, "should fall"),
        // Another method's.
        ("optimizers/steps-to-target", Metric("bowl.adam.to_target", 67.into()), V::Partial, "that fits bowl.momentum.to_target"),
        ("optimizers/steps-to-target", Metric("bowl.sgd.to_target", 0.into()), V::Partial, "bowl.sgd.to_target = 0"),
        ("optimizers/losses-on-the-bowl", Metric("bowl.adam.loss", scaled("bowl.rmsprop.loss", 1.0)), V::Partial, "bowl.adam.loss, value 1 of 200"),
        ("optimizers/losses-on-the-bowl", Metric("bowl.sgd.loss", reversed("bowl.sgd.loss")), V::Partial, "bowl.sgd.loss, value 1 of 200"),
        // All of these rise; a copy of another method's; the last of the wrong curve; made up.
        ("optimizers/mnist-losses", Metric("mnist.sgd.val_loss", series(&[0.1, 0.2, 0.3, 0.4, 0.45])), V::Partial, "should fall, but never does so"),
        ("optimizers/mnist-losses", Metric("mnist.sgd.val_loss", series(&[0.3; 5])), V::Partial, "is 0.3 at every place"),
        ("optimizers/mnist-losses", Metric("mnist.sgd.val_loss", series(&[0.3, 0.2, 0.1, 0.0, -0.1])), V::Partial, "a loss is above 0"),
        ("optimizers/mnist-losses", Metric("mnist.adam.val_loss", scaled("mnist.momentum.val_loss", 1.0)), V::NeedsReview, "mnist.adam.val_loss"),
        ("optimizers/mnist-final", Metric("mnist.sgd.final_val_loss", 0.0001.into()), V::Partial, "by your own numbers the last of mnist.sgd.val_loss is 0.23774"),
        ("optimizers/mnist-final", Metric("mnist.adam.final_val_loss", 0.1176.into()), V::Partial, "mnist.adam.final_val_loss says 0.1176"),
        ("optimizers/mnist-final", Metric("mnist.sgd.final_val_loss", (-0.2).into()), V::Partial, "mnist.sgd.final_val_loss says -0.2"),
        ("optimizers/mnist-final", Metric("mnist.sgd.final_val_loss", 0.3883.into()), V::Partial, "0.3883 is the first of mnist.sgd.val_loss"),
        ("filters/sizes", Metric("filters.output_side", 32.into()), V::Partial, "filters.output_side = 32"),
        ("filters/sizes", Metric("filters.output_side", 14.into()), V::Partial, "that fits filters.strided_side"),
        ("filters/shape", Metric("filters.shape", series(&[676.0, 1.0])), V::Fail, "value 1 of 2, is 676"),
        ("lenet/losses", Metric("lenet.relu.val_loss", series(&[0.1, 0.2, 0.3, 0.4, 0.5])), V::Partial, "should fall, but never does so"),
        ("lenet/losses", Metric("lenet.relu.val_loss", series(&[0.0; 5])), V::Partial, "is 0 at every place"),
        ("lenet/losses", Metric("lenet.relu.train_loss", scaled("lenet.relu.val_loss", 1.0)), V::NeedsReview, "lenet.relu.train_loss"),
        ("lenet/sigmoid-is-slower", Metric("lenet.relu.val_loss", series(&[0.2, 0.1, 0.05, 0.01, -0.2])), V::Fail, "it cannot be at most 0"),
        // Zeros, constants, another network's, the wrong way round, made up.
        ("vanishing/norms", Metric("vanishing.sigmoid.gradient_norms", series(&[1.0; 18])), V::Partial, "is 1 at every place"),
        ("vanishing/norms", Metric("vanishing.relu.gradient_norms", scaled("vanishing.relu.gradient_norms", -1.0)), V::Partial, "a norm is above 0"),
        ("vanishing/norms", Metric("vanishing.relu.gradient_norms", scaled("vanishing.sigmoid.gradient_norms", 1.0)), V::NeedsReview, "vanishing.relu.gradient_norms"),
        ("vanishing/sigmoid-fades", Metric("vanishing.sigmoid.ratio", 1e-300.into()), V::Contradicted, "divided by the last of vanishing.sigmoid.gradient_norms is 9.4149e-15"),
        ("vanishing/sigmoid-fades", Metric("vanishing.sigmoid.gradient_norms", reversed("vanishing.sigmoid.gradient_norms")), V::Contradicted, "is the last of vanishing.sigmoid.gradient_norms divided by the first"),
        ("vanishing/sigmoid-fades", Metric("vanishing.sigmoid.ratio", (-1e-14).into()), V::Contradicted, "vanishing.sigmoid.ratio says"),
        ("vanishing/residual-passes", Metric("vanishing.residual.ratio", 1e9.into()), V::Contradicted, "by your own numbers"),
        ("vanishing/residual-passes", Metric("vanishing.residual.gradient_norms", series(&[1.0; 18])), V::Contradicted, "is 1"),
        // Errors that cannot be; accuracies; the same for both networks.
        ("residual/errors", Metric("residual.val_error", series(&[-3.0, 40.0, 7.0, 0.0])), V::Partial, "an error lies between 0 and 1"),
        ("residual/errors", Metric("residual.val_error", series(&[0.0; 4])), V::Partial, "is 0 at every place"),
        ("residual/errors", Metric("residual.val_error", scaled("plain.val_error", 1.0)), V::NeedsReview, "residual.val_error"),
        ("residual/errors", Metric("residual.train_error", scaled("residual.val_error", 1.0)), V::NeedsReview, "residual.train_error"),
        ("residual/deep-plain", Metric("residual.train_error", series(&[0.02, 0.02, 0.02, -1.0])), V::Fail, "it cannot be below 0"),
        ("residual/plain-grows", Metric("plain.train_error", series(&[0.2; 4])), V::Fail, "should rise, but never does so"),
        ("residual/plain-grows", Metric("plain.train_error", series(&[0.09, 0.06, 0.04, 0.035])), V::Fail, "should rise, but never does so"),
        ("residual/residual-does-not", Metric("residual.deepest_train_error", 0.001.into()), V::Contradicted, "the last of residual.train_error is 0.02305"),
        ("residual/residual-does-not", Metric("residual.deepest_train_error", (-0.5).into()), V::Fail, "a fraction lies between 0 and 1"),
        ("residual/removal", Metric("removal.plain.val_error", series(&[0.0; 6])), V::Partial, "is 0 at every place"),
        ("residual/removal", Metric("removal.plain.val_error", series(&[5.0, -3.0, 0.5, 0.5, 0.5, 0.5])), V::Partial, "an error lies between 0 and 1"),
        ("residual/removal", Metric("removal.plain.val_error", scaled("removal.residual.val_error", 1.0)), V::NeedsReview, "removal.plain.val_error"),
        // The mean itself; the wrong way round; made up.
        ("residual/ensemble", Metric("removal.plain.rise", 0.8603.into()), V::Contradicted, "0.8603 is the mean of removal.plain.val_error"),
        ("residual/ensemble", Metric("removal.plain.rise", 5.0.into()), V::Contradicted, "removal.plain.rise says 0.05"),
        ("residual/ensemble", Metric("removal.residual.rise", (-3.0).into()), V::Contradicted, "removal.residual.rise says -3"),
        ("residual/ensemble", Metric("removal.plain.rise", (-0.8023).into()), V::Contradicted, "removal.plain.rise says -0.8023"),
        // Training and validation mixed up; rising; by far not by heart.
        ("checkpoint/losses", Metric("checkpoint.train_loss", scaled("checkpoint.val_loss", 1.0)), V::Fail, "should fall, but never does so by more than 80 %"),
        ("checkpoint/losses", Metric("checkpoint.train_loss", reversed("checkpoint.train_loss")), V::Fail, "should fall, but never does so"),
        ("checkpoint/losses", Metric("checkpoint.train_loss", series(&[0.7, 0.6, 0.55])), V::Fail, "should fall"),
        ("checkpoint/losses", Metric("checkpoint.train_loss", series(&[0.0; 40])), V::Fail, "is 0 at every place"),
        ("checkpoint/least-and-last", Metric("checkpoint.best_val_loss", (-5.0).into()), V::Contradicted, "the least of checkpoint.val_loss is 0.32031"),
        ("checkpoint/least-and-last", Metric("checkpoint.best_val_loss", 0.00401.into()), V::Contradicted, "checkpoint.best_val_loss says"),
        ("checkpoint/least-and-last", Metric("checkpoint.last_val_loss", 0.9.into()), V::Contradicted, "the last of checkpoint.val_loss is 0.3727"),
        ("checkpoint/least-and-last", Metric("checkpoint.last_val_loss", 0.7398.into()), V::Contradicted, "0.7398 is the first of checkpoint.val_loss"),
        ("checkpoint/last-is-last", Metric("checkpoint.val_loss", scaled("checkpoint.train_loss", 1.0)), V::Contradicted, "checkpoint.val_loss ends at"),
        // Copies of another model's; the error for the accuracy; out of another number of images.
        ("digit-classifiers/nothing-random", Metric("digits.bayes", 0.898.into()), V::Partial, "that fits digits.knn"),
        ("digit-classifiers/nothing-random", Metric("digits.knn", 0.102.into()), V::Partial, "that is 1 minus it"),
        ("digit-classifiers/nothing-random", Metric("digits.knn", 0.8984.into()), V::NeedsReview, "is no whole number of 1000 examples"),
        ("digit-classifiers/linear", Metric("digits.svm", 0.0.into()), V::Partial, "digits.svm = 0"),
        ("digit-classifiers/trees", Metric("digits.tree", 0.923.into()), V::Partial, "that fits digits.forest"),
        ("digit-classifiers/perceptron", Metric("digits.mlp", 0.084.into()), V::Fail, "that is 1 minus it"),
        ("penguin-classifiers/bayes", Metric("penguins.bayes", (-0.7).into()), V::Fail, "a fraction lies between 0 and 1"),
        ("penguin-classifiers/raw-neighbours", Metric("penguins.knn_raw", 0.2.into()), V::Fail, "that is 1 minus it"),
    ]
}

#[test]
fn every_item_of_the_lab_accepts_the_reference_and_no_chaff() {
    judge_all(&LAB, &wheat(), chaffs());
}

/// Four runs of benches/peers/variations.py: scikit-learn and PyTorch with other seeds and, in the last two, other ordinary choices
/// (weights, widths, learning rates, batches). They are kept without figures and written answers.
#[test]
fn every_tolerance_accepts_every_honest_run() {
    let runs = find(&repository().join("fixtures/lab/honest")).unwrap().submissions;
    assert_eq!(runs.len(), 4);
    for run in runs {
        let report = LAB.judge(&run.open());
        let kept = |item: &&ItemReport| !item.id.ends_with("plot") && !item.id.contains("/why-");
        let short: Vec<&ItemReport> = report.items.iter().filter(kept).filter(|item| item.verdict != V::Pass).collect();
        assert!(short.is_empty(), "{}: {short:#?}", report.student);
    }
}

/// What the course promises of its own networks.
#[test]
fn the_locked_references_reach_their_targets() {
    let number = |course: &Opened, name: &str| match course.lock.as_ref().unwrap().parts.values().find_map(|part| part.evidence.get(name)) {
        Some(Evidence::Number(number)) => number.get(),
        other => panic!("{name} is {other:?}"),
    };
    assert!(number(&LAB, "lenet.relu.final_error") <= 0.012);
    assert!(number(&SHIPPED_COURSE, "better.val_error") <= 0.016);
    assert!(number(&SHIPPED_COURSE, "encoded.psnr") >= number(&SHIPPED_COURSE, "raw.psnr") + 6.0);
    assert!(number(&LAB, "plain.deepest_train_error") > 1.5 * number(&LAB, "residual.deepest_train_error"));
}

/// Full work, printed with four decimals, or as single precision has it: what a spreadsheet or a notebook shows.
#[test]
fn full_work_in_other_digits_loses_nothing() {
    type Print = fn(f64) -> f64;
    let printed = |change: Print| {
        fn walk(value: &mut Value, change: Print) {
            match value {
                Value::Float(number) => *number = change(*number),
                Value::Array(values) => values.iter_mut().for_each(|value| walk(value, change)),
                _ => {}
            }
        }
        let folder = Folder::copy_of(&wheat());
        let mut table: Table = folder.read("metrics.toml").parse().unwrap();
        table.iter_mut().for_each(|(_, value)| walk(value, change));
        folder.with("metrics.toml", table.to_string())
    };
    #[expect(clippy::cast_possible_truncation, reason = "that is the point")]
    let ways: [(&str, Print); 5] = [
        ("four decimals", |value| format!("{value:.4}").parse().unwrap()),
        ("five decimals", |value| format!("{value:.5}").parse().unwrap()),
        ("five digits", |value| format!("{value:.4e}").parse().unwrap()),
        ("six decimals", |value| format!("{value:.6}").parse().unwrap()),
        ("single precision", |value| f64::from(value as f32)),
    ];
    for (way, change) in ways {
        let report = printed(change).graded_in(&LAB);
        // Figures show what was plotted, to the eye's precision; written answers wait for a person.
        let short: Vec<&ItemReport> = report.items.iter().filter(|item| !matches!(item.verdict, V::Pass | V::NeedsReview)).collect();
        assert!(short.is_empty(), "{way}: {short:#?}");
        // Figures of which no series is claimed wait for a person anyway. On a logarithmic axis the plot shows norms that four decimals do not tell: a person looks.
        let waits = |item: &&ItemReport| {
            item.verdict == V::NeedsReview && !item.id.contains("/why-") && item.id != "vanishing/plot" && (item.exhibits.is_empty() || item.expected.is_some())
        };
        let waiting: Vec<&ItemReport> = report.items.iter().filter(waits).collect();
        assert!(waiting.is_empty(), "{way}: {waiting:#?}");
    }
}

/// With fewer digits the reason is the digits, not the work.
#[test]
fn too_few_digits_are_named() {
    let two = scaled("bowl.sgd.steps", 1.0).as_array().unwrap().iter().map(|value| (value.as_float().unwrap() * 10.0).round() / 10.0).collect::<Vec<f64>>();
    let folder = Folder::copy_of(&wheat());
    let mut table: Table = folder.read("metrics.toml").parse().unwrap();
    table.insert("bowl.sgd.steps".to_owned(), series(&two));
    let report = folder.with("metrics.toml", table.to_string()).graded_in(&LAB);
    let steps = item(&report, "optimizers/sgd-steps");
    assert!(steps.verdict == V::Partial && steps.reason.contains("stated with 1 decimal; at least 3 are needed"), "{}", steps.reason);
    assert!(steps.advice.contains("stated with 1 decimal; at least 3 are needed"), "{}", steps.advice);
}

/// What a student has to know stands in the edition that she gets, and nothing else that only the course may know.
#[test]
fn the_students_edition_tells_how_to_do_the_work() {
    let released = student_edition(SHIPPED[1].rubric).unwrap();
    let (parsed, faults) = parse(&released);
    let rubric = parsed.unwrap_or_else(|| panic!("{faults:?}"));
    for part in &rubric.parts {
        assert!(part.instructions.as_deref().is_some_and(|text| text.lines().count() >= 3), "{} has no instructions", part.id);
    }
    for needed in [
        "population standard deviation",
        "p -= r g / (√s + 1e-10)",
        "(x² + 20 y²) / 2",
        "(3.9, -3.7)",
        "r of sgd, momentum, adagrad, rmsprop, adam",
        "the kernel is not flipped",
        "first 20,000",
        "first 4,000 training images",
        "ten stratified, shuffled folds",
    ] {
        assert!(released.contains(needed), "`{needed}` is not in the student's edition");
    }
}
