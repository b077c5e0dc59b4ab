//! The perceptron on two species of penguins, its limit (XOR) with the network that passes it, and logistic regression beside it.

use super::plot::{Group, Line, Panel, scatter};
use super::settings::setting;
use super::{Entry, Fault, Reference, Run, Watch};
use mlgrade_data::DataSet;
use mlgrade_domain::fields::Fields;
use mlgrade_domain::seed::Seed;
use mlgrade_domain::tolerance::Tolerance;
use mlgrade_domain::value::Value;

mod learning;
mod logistic;
mod rows;
mod xor;

use rows::{Choice, Rows};

const NAME: &str = "perceptron";

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    doc: "\
Separates two species by two measurements, with the perceptron and with logistic regression; tries the perceptron, and a network with
one hidden layer, on XOR.

Data: a table with the column species and the columns of the features; rows with a missing value are dropped.
Settings: classes = [\"Adelie\", \"Chinstrap\"] (the second is +1), features = [\"bill_length_mm\", \"bill_depth_mm\"],
only = { sex = \"female\" } (columns and the text that a row must have there; {} takes all), epochs = 1000 (at most).
Features: standardised by mean and population standard deviation of the rows used. Rows in the order of the file.
Perceptron: weights and bias start at 0, learning rate 1; a row with y (w·x + b) <= 0 adds y x to w and y to b; ends after an epoch
without a mistake.
XOR: inputs and classes are -1 and +1. The network has 4 tanh units and a sigmoid output, learns by gradient descent on the mean log
loss (rate 1, 200 epochs of all four points), and starts anew, up to 20 times, where it is stuck in a local minimum.
Logistic regression: sum of log losses + |w|²/2 (C = 1, as scikit-learn's default; the bias is not penalised), by Newton's method.
Metrics: perceptron.mistakes (updates, one count an epoch), perceptron.updates, perceptron.weights and logistic.weights ([w1, w2, b] for
standardised features), perceptron.accuracy and logistic.accuracy (fractions), logistic.loss (mean, nats, without the penalty),
logistic.probability (of the second class for the first row of the first class), xor.perceptron_accuracy (best after any of 100
epochs), xor.network_accuracy, xor.network_loss (mean, nats, before the first and after each epoch).
Answers: perceptron_learns_xor (yes or no).
Files: figures/perceptron.svg.
Sources: Rosenblatt 1958 (perceptron); Novikoff 1962 (it converges); Minsky and Papert 1969 (XOR); Rumelhart, Hinton and Williams 1986
(back-propagation); Cox 1958 (logistic regression); Gorman, Williams and Fraser 2014 (penguins). Only the network draws random numbers.",
    read: |fields| Some(Box::new(PerceptronLab::read(fields))),
};

/// The reference with its settings.
#[derive(Debug)]
struct PerceptronLab {
    choice: Choice,
    /// The most passes over the rows.
    epochs: usize,
}

impl PerceptronLab {
    fn read(fields: &mut Fields<'_>) -> Self {
        let default = Choice::default();
        let two = |names: &[String; 2]| names[0] != names[1];
        let choice = Choice {
            classes: setting(fields, "classes", default.classes, two, "two different species"),
            features: setting(fields, "features", default.features, two, "two different columns"),
            only: setting(fields, "only", default.only, |only| only.len() <= 10, "at most 10 columns with their texts"),
        };
        Self { choice, epochs: setting(fields, "epochs", 1_000, |epochs| (1..=100_000).contains(epochs), "from 1 to 100,000") }
    }
}

/// The rows of the table that is asked for.
fn rows_of(data: &DataSet, choice: &Choice) -> Result<Rows, Fault> {
    match data {
        DataSet::Table(table) => Rows::read(table, choice),
        _ => Err(Fault::Unsuitable { reference: NAME, needs: "a table of penguins", found: data.kind() }),
    }
}

impl Reference for PerceptronLab {
    fn run(&self, data: &DataSet, seed: Seed, watch: &dyn Watch) -> Result<Run, Fault> {
        let rows = rows_of(data, &self.choice)?;
        let perceptron = learning::learn(&rows.x, &rows.y, self.epochs);
        watch.step(1, 3, &format!("perceptron: {} epochs", perceptron.mistakes.len()));
        let logistic = logistic::fit(&rows.x, &rows.y)?;
        watch.step(2, 3, "logistic regression fitted");
        let network = xor::train(seed.derive(NAME).derive("xor"));
        watch.step(3, 3, "XOR learned");

        let mut run = Run::default();
        let mut metric = |name: &str, value: Value| run.state(name, value);
        metric("perceptron.mistakes", Value::series(perceptron.mistakes.iter().map(|&count| count as f64)));
        metric("perceptron.updates", Value::number(perceptron.mistakes.iter().sum::<usize>() as f64));
        metric("perceptron.weights", Value::series(perceptron.weights));
        metric("perceptron.accuracy", Value::number(learning::accuracy(perceptron.weights, &rows.x, &rows.y)));
        metric("logistic.weights", Value::series(logistic));
        metric("logistic.loss", Value::number(logistic::loss(logistic, &rows.x, &rows.y)));
        metric("logistic.accuracy", Value::number(learning::accuracy(logistic, &rows.x, &rows.y)));
        if let Some(first) = rows.y.iter().position(|&y| y < 0.0) {
            metric("logistic.probability", Value::number(logistic::probability(logistic, rows.x[first])));
        }
        metric("xor.perceptron_accuracy", Value::number(xor::best_of_the_perceptron(100)));
        metric("xor.network_accuracy", Value::number(network.accuracy));
        metric("xor.network_loss", Value::series(network.losses));
        run.answers.insert("perceptron_learns_xor".to_owned(), Value::text("no"));
        let figure = self.figure(&rows, perceptron.weights, logistic)?;
        run.files.insert("figures/perceptron.svg".to_owned(), figure.into_bytes());
        Ok(run)
    }

    fn suits(&self, data: &DataSet) -> Result<(), Fault> {
        rows_of(data, &self.choice).map(|_| ())
    }

    fn names(&self) -> Vec<String> {
        let perceptron = ["mistakes", "updates", "weights", "accuracy"].map(|name| format!("perceptron.{name}"));
        let logistic = ["weights", "loss", "accuracy", "probability"].map(|name| format!("logistic.{name}"));
        let xor = ["perceptron_accuracy", "network_accuracy", "network_loss"].map(|name| format!("xor.{name}"));
        perceptron.into_iter().chain(logistic).chain(xor).chain(["perceptron_learns_xor".to_owned()]).collect()
    }

    fn drift(&self, _: &str) -> Tolerance {
        Tolerance { absolute: 1e-6, relative: 1e-6 }
    }
}

impl PerceptronLab {
    /// Both species by both measurements, with the lines on which the two models cannot decide.
    fn figure(&self, rows: &Rows, perceptron: [f64; 3], logistic: [f64; 3]) -> Result<String, Fault> {
        let group = |(name, sign): (&String, f64)| {
            let of_class = rows.raw.iter().zip(&rows.y).filter(|(_, y)| **y * sign > 0.0);
            Group { name: name.clone(), points: of_class.map(|(point, _)| (point[0], point[1])).collect() }
        };
        let line = |name: &str, weights| Line { name: name.to_owned(), coefficients: rows.in_original_units(weights) };
        let [x_label, y_label] = self.choice.features.each_ref().map(|column| rows::label(column));
        let panel = Panel {
            x_label,
            y_label,
            groups: self.choice.classes.iter().zip([-1.0, 1.0]).map(group).collect(),
            lines: vec![line("perceptron", perceptron), line("logistic regression", logistic)],
        };
        scatter("Decision lines of the perceptron and of logistic regression", &[panel]).map_err(|error| Fault::library(NAME, error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Unwatched;
    use mlgrade_data::BUILTINS;

    fn run() -> (PerceptronLab, Run) {
        let data = BUILTINS.iter().find(|row| row.name == "penguins").unwrap().load().unwrap();
        let lab = PerceptronLab { choice: Choice::default(), epochs: 1_000 };
        let run = lab.run(&data, Seed::new(441), &Unwatched).unwrap();
        (lab, run)
    }

    fn numbers(value: &Value) -> Vec<f64> {
        match value {
            Value::Number(number) => vec![number.get()],
            Value::List(values) => values.iter().flat_map(numbers).collect(),
            other => panic!("{other:?} is no number"),
        }
    }

    /// scikit-learn 1.9.1 on the 107 rows of pandas' `dropna()`, X standardised with `X.std(0)`: `Perceptron(shuffle=False, tol=None)`,
    /// and `LogisticRegression(tol=1e-10, max_iter=10000)`, whose weights are good to about 1e-4. The mistakes: a loop in NumPy.
    #[test]
    fn both_models_are_those_of_scikit_learn() {
        let (lab, run) = run();
        assert!(lab.names().iter().all(|name| run.metrics.contains_key(name) || run.answers.contains_key(name)));
        for (name, expected, within) in [
            ("perceptron.mistakes", &[3.0, 3.0, 2.0, 4.0, 3.0, 3.0, 3.0, 3.0, 3.0, 2.0, 2.0, 2.0, 2.0, 1.0, 0.0][..], 0.0),
            ("perceptron.updates", &[36.0], 0.0),
            ("perceptron.weights", &[5.535_492_48, -1.102_093_55, -2.0], 1e-8),
            ("perceptron.accuracy", &[1.0], 0.0),
            ("logistic.weights", &[3.512_838_125_715_537, -0.391_643_689_583_262_9, -1.533_624_800_065_539_3], 1e-4),
            ("logistic.loss", &[0.090_301_365_128_806_25], 1e-5),
            ("logistic.accuracy", &[0.990_654_205_607_476_6], 1e-12),
            ("logistic.probability", &[0.124_652_982_073_165], 1e-4),
        ] {
            let ours = numbers(&run.metrics[name]);
            assert_eq!(ours.len(), expected.len(), "{name}");
            assert!(ours.iter().zip(expected).all(|(ours, theirs)| (ours - theirs).abs() <= within), "{name}: {ours:?}");
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_run() {
        assert_eq!(run().1, run().1);
    }
}
