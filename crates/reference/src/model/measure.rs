//! How well predictions do, by the metrics of the table that need nothing but a class, a probability for each class, or a number.

use mlgrade_metrics::probabilities::Reduction;
use mlgrade_metrics::table::{Beside, Better, KeyName, METRICS, Metric, Needs, Settings};
use mlgrade_metrics::{Fault, Rows};

use crate::labelled::{Prediction, Task, Truth};

/// The metrics of a task, of a model with or without probabilities.
pub(super) fn metrics(task: Task, has_probabilities: bool) -> impl Iterator<Item = &'static Metric> {
    let suits = move |needs: Needs| match (task, needs) {
        (Task::Classification, Needs::Classes) | (Task::Regression, Needs::Numbers) => true,
        (Task::Classification, Needs::Scores | Needs::Probabilities | Needs::ProbabilitiesOrLogits) => has_probabilities,
        _ => false,
    };
    METRICS.iter().filter(move |metric| {
        suits(metric.needs) && metric.scale.better.is_some() && metric.keys.iter().all(|key| !key.needed || key.name == KeyName::Reduction)
    })
}

/// The end of the names of its values, such as `log_loss`.
pub(super) fn suffix(metric: &Metric) -> String {
    metric.name.replace('-', "_")
}

/// Whether more is better.
pub(super) fn grows(metric: &Metric) -> bool {
    metric.scale.better == Some(Better::Higher)
}

/// The metric of these predictions; the error says why there is none.
pub(super) fn value(metric: &Metric, truth: &Truth, prediction: &Prediction) -> Result<f64, String> {
    let settings = Settings { reduction: Some(Reduction::Mean), ..Settings::default() };
    let value = match (truth, prediction) {
        (Truth::Classes(right), Prediction::Probabilities(rows)) if metric.needs != Needs::Classes => {
            let columns = rows.first().map_or(1, Vec::len);
            // Sums of many shares may be a rounding above 1.
            let rows: Vec<f64> = rows.iter().flatten().map(|probability| probability.min(1.0)).collect();
            let beside = |rows| Beside::Scores { right, rows, epsilon: f64::EPSILON, logits: false };
            Rows::new(&rows, columns).and_then(|rows| metric.value(&beside(rows), &settings))
        }
        (Truth::Classes(right), _) => metric.value(&Beside::Classes { right, predicted: &prediction.classes() }, &settings),
        (Truth::Numbers(right), Prediction::Numbers(predicted)) => metric.value(&Beside::Numbers { right, predicted }, &settings),
        _ => Err(Fault::Needs("predictions of the kind of the answers")),
    };
    value.map_err(|fault| format!("`{}`: {fault}", metric.name))
}
