//! Every metric gives what scikit-learn gives: `fixtures/metrics/make.py` made the numbers, with scikit-learn 1.9.1 and NumPy 2.4.6;
//! `fixtures/predictions/metrics.py` those of PSNR and of the first metrics, with scikit-learn 1.9.1, scikit-image 0.26.0 and PyTorch 2.15.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its own files ends")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use mlgrade_metrics::probabilities::Reduction;
use mlgrade_metrics::table::{Beside, Better, KeyName, METRICS, Metric, Needs, Settings};
use mlgrade_metrics::{Fault, Rows, Value, confusion};
use serde_json::Value as Json;

fn fixtures(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(name)
}

/// A CSV file by columns.
#[derive(Debug, Clone, Default)]
struct Sheet(Vec<(String, Vec<String>)>);

impl Sheet {
    fn read(name: &str) -> Self {
        let mut reader = csv::Reader::from_path(fixtures("metrics/data").join(format!("{name}.csv"))).unwrap();
        let mut columns: Vec<(String, Vec<String>)> = reader.headers().unwrap().iter().map(|name| (name.to_owned(), Vec::new())).collect();
        for record in reader.records() {
            for ((_, column), cell) in columns.iter_mut().zip(&record.unwrap()) {
                column.push(cell.to_owned());
            }
        }
        Self(columns)
    }

    fn column(&self, name: &str) -> &[String] {
        &self.0.iter().find(|(known, _)| known == name).unwrap_or_else(|| panic!("no column {name}")).1
    }

    fn numbers(&self, name: &str) -> Option<Vec<f64>> {
        self.column(name).iter().map(|cell| cell.parse().ok()).collect()
    }
}

/// The places of texts among those of `known`, new ones behind them.
fn places(known: &[String], cells: &[String]) -> Vec<usize> {
    let mut known = known.to_vec();
    let mut place = |cell: &String| {
        known.iter().position(|name| name == cell).unwrap_or_else(|| {
            known.push(cell.clone());
            known.len() - 1
        })
    };
    cells.iter().map(&mut place).collect()
}

fn sorted(cells: &[String]) -> Vec<String> {
    let mut known = cells.to_vec();
    known.sort();
    known.dedup();
    known
}

/// A row of expected.csv.
struct Case {
    metric: &'static Metric,
    keys: toml::Table,
    data: Sheet,
    target: String,
    predictions: Sheet,
}

impl Case {
    fn words(&self, key: &str) -> Vec<String> {
        match self.keys.get(key) {
            Some(toml::Value::Array(list)) => list.iter().map(|value| value.as_str().unwrap().to_owned()).collect(),
            Some(toml::Value::String(one)) => vec![one.clone()],
            _ => Vec::new(),
        }
    }

    fn whole(&self, key: &str) -> Option<usize> {
        self.keys.get(key).and_then(toml::Value::as_integer).map(|value| value.try_into().unwrap())
    }

    /// The mean over the targets.
    fn value(&self) -> Value {
        let targets: Vec<String> = serde_json::from_str(&self.target).unwrap_or_else(|_| vec![self.target.clone()]);
        let single = self.predictions.0.len() == 1;
        let column = |target: &String| if single { self.predictions.0[0].0.clone() } else { target.clone() };
        Ok(targets.iter().map(|target| self.of(target, &column(target))).sum::<Value>()? / targets.len() as f64)
    }

    fn of(&self, target: &str, column: &str) -> Value {
        let names = if target.is_empty() { Vec::new() } else { sorted(self.data.column(target)) };
        let right = || places(&names, self.data.column(target));
        let reduction = self.keys.get("reduction").map(|word| if word.as_str() == Some("sum") { Reduction::Sum } else { Reduction::Mean });
        let settings = Settings {
            classes: places(&names, &self.words("class")),
            k: self.whole("k"),
            quantile: self.keys.get("quantile").and_then(toml::Value::as_float),
            bins: self.whole("bins"),
            reduction,
            peak: None,
        };
        let value = |beside: Beside<'_>| self.metric.value(&beside, &settings);
        let scores = || self.scores(&names, &settings.classes).and_then(|rows| if rows.is_empty() { Err(Fault::Empty) } else { Ok(rows) });
        match self.metric.needs {
            // One number for each row is the probability of the class, which counts above 0.5.
            Needs::Classes if self.predictions.0.len() == 1 && names.len() == 2 && settings.classes.len() == 1 && scores().is_ok() => {
                let own = settings.classes[0];
                let predicted: Vec<usize> = self.predictions.numbers(column).unwrap().iter().map(|&p| if p > 0.5 { own } else { 1 - own }).collect();
                value(Beside::Classes { right: &right(), predicted: &predicted })
            }
            Needs::Classes => match scores() {
                Ok(rows) => value(Beside::Scores { right: &right(), rows: Rows::new(&rows, names.len())?, epsilon: f64::EPSILON, logits: false }),
                Err(_) => value(Beside::Classes { right: &right(), predicted: &places(&names, self.predictions.column(column)) }),
            },
            Needs::Clusters => value(Beside::Classes { right: &right(), predicted: &places(&[], self.predictions.column(column)) }),
            Needs::Scores | Needs::Probabilities | Needs::ProbabilitiesOrLogits => {
                let rows = scores()?;
                value(Beside::Scores { right: &right(), rows: Rows::new(&rows, names.len())?, epsilon: f64::EPSILON, logits: false })
            }
            Needs::Numbers | Needs::NumberedClasses => {
                let numbers = |sheet: &Sheet, name: &str| sheet.numbers(name).ok_or(Fault::Needs("numbers"));
                value(Beside::Numbers { right: &numbers(&self.data, target)?, predicted: &numbers(&self.predictions, column)? })
            }
            Needs::ClustersOfPoints => {
                let features: Vec<Vec<f64>> = self.words("features").iter().map(|name| self.data.numbers(name).unwrap()).collect();
                let rows: Vec<f64> = (0..features[0].len()).flat_map(|row| features.iter().map(move |feature| feature[row])).collect();
                let clusters = places(&[], &self.predictions.0[0].1);
                value(Beside::Points { features: Rows::new(&rows, features.len())?, clusters: &clusters })
            }
            Needs::Ranks => {
                let groups = places(&[], self.data.column(&self.words("group")[0]));
                let (relevance, scores) = (self.data.numbers(target).unwrap(), self.predictions.numbers(column).unwrap());
                value(Beside::Ranks { relevance: &relevance, scores: &scores, groups: &groups })
            }
            Needs::LogProbabilities => value(Beside::LogProbabilities(&self.predictions.numbers(&self.predictions.0[0].0).unwrap())),
        }
    }

    /// A score for each row and class: by columns that are called so, or one number that is that of the class.
    fn scores(&self, names: &[String], class: &[usize]) -> Result<Vec<f64>, Fault> {
        let numbers = |name: &str| self.predictions.numbers(name).ok_or(Fault::Needs("scores"));
        if let [(only, _)] = self.predictions.0.as_slice() {
            let own = numbers(only)?;
            let (&[class], [_, _]) = (class, names) else {
                return if names.len() == 1 && class.len() == 1 { Ok(own) } else { Err(Fault::Needs("scores")) };
            };
            return Ok(own.iter().flat_map(|&score| if class == 0 { [score, 1.0 - score] } else { [1.0 - score, score] }).collect());
        }
        let columns: Vec<Vec<f64>> = names.iter().map(|name| numbers(name)).collect::<Result<_, _>>()?;
        Ok((0..columns[0].len()).flat_map(|row| columns.iter().map(move |column| column[row])).collect())
    }
}

#[test]
fn every_metric_is_that_of_scikit_learn() {
    let mut reader = csv::Reader::from_path(fixtures("metrics/expected.csv")).unwrap();
    let (mut seen, mut faults) = (BTreeMap::<&str, usize>::new(), 0);
    for record in reader.records() {
        let record = record.unwrap();
        let [name, keys, data, target, predictions, expected] = [0, 1, 2, 3, 4, 5].map(|place| &record[place]);
        let case = Case {
            metric: Metric::named(name).unwrap_or_else(|| panic!("no metric {name}")),
            keys: keys.parse().unwrap(),
            data: Sheet::read(data),
            target: target.to_owned(),
            predictions: Sheet::read(predictions),
        };
        *seen.entry(case.metric.name).or_default() += 1;
        let what = format!("{name} {keys:?} of {predictions}");
        if name == "confusion-matrix" {
            let names = sorted(case.data.column(target));
            let [right, predicted] = [&case.data, &case.predictions].map(|sheet| places(&names, sheet.column(target)));
            let expected: Vec<Vec<usize>> = serde_json::from_str(expected).unwrap();
            assert_eq!(confusion::matrix(&right, &predicted, names.len()), Ok(expected));
            assert!(case.value().is_err(), "a matrix is no number");
            continue;
        }
        let ours = case.value();
        if let Ok(expected) = expected.parse::<f64>() {
            let ours = ours.unwrap_or_else(|fault| panic!("{what}: {fault}"));
            assert!((ours - expected).abs() <= 1e-12 * expected.abs().max(1e-3), "{what}: {ours}, not {expected}");
            assert!(case.metric.scale.holds(ours), "{what}: {ours} is out of its range");
        } else {
            assert_eq!(expected, "fault");
            assert!(ours.is_err(), "{what}: {ours:?}, not a fault");
            faults += 1;
        }
    }
    // That of PSNR is below.
    assert_eq!((seen.len(), seen.values().sum::<usize>(), faults), (43, 109, 10));
}

#[test]
fn the_first_metrics_are_those_of_scikit_learn_scikit_image_and_pytorch() {
    let cases: Vec<Json> = serde_json::from_str(&std::fs::read_to_string(fixtures("predictions/metrics.json")).unwrap()).unwrap();
    let mut compared = 0;
    for case in &cases {
        for (metric, expected) in case["expected"].as_object().unwrap() {
            let (ours, expected) = (of_case(case, metric).unwrap(), expected.as_f64().unwrap());
            assert!((ours - expected).abs() <= 1e-12 * expected.abs().max(1e-3), "{}, {metric}: {ours}, not {expected}", case["name"]);
            compared += 1;
        }
    }
    assert!(compared > 80, "{compared} numbers were compared");
}

/// Our number for a metric of a case in metrics.json.
fn of_case(case: &Json, metric: &str) -> Value {
    let list = |key: &str| -> Option<Vec<f64>> { case.get(key)?.as_array()?.iter().map(Json::as_f64).collect() };
    let classes = |key: &str| -> Option<Vec<usize>> { serde_json::from_value(case.get(key)?.clone()).ok() };
    let rows = |key: &str| -> Option<Vec<Vec<f64>>> { serde_json::from_value(case.get(key)?.clone()).ok() };
    let mut words = metric.split(' ');
    let name = words.next().unwrap();
    let class = words.next().and_then(|class| class.parse().ok());
    let is_loss = name.starts_with("log-loss");
    let named = Metric::named(if is_loss { "log-loss" } else { name }).unwrap();
    let reduction = Some(if metric.ends_with("sum") { Reduction::Sum } else { Reduction::Mean });
    let settings = Settings { classes: class.into_iter().collect(), reduction, peak: case.get("peak").and_then(Json::as_f64), ..Settings::default() };
    if let Some(values) = list("values") {
        return named.value(&Beside::Numbers { right: &list("truth").unwrap(), predicted: &values }, &settings);
    }
    let right = classes("truth").unwrap();
    if let Some(predicted) = classes("labels") {
        return named.value(&Beside::Classes { right: &right, predicted: &predicted }, &settings);
    }
    let scores = rows("probabilities").or_else(|| rows("logits")).unwrap();
    let (columns, flat) = (scores[0].len(), scores.concat());
    let epsilon = case.get("epsilon").and_then(Json::as_f64);
    let beside = Beside::Scores { right: &right, rows: Rows::new(&flat, columns)?, epsilon: epsilon.unwrap_or_default(), logits: epsilon.is_none() };
    named.value(&beside, &settings)
}

#[test]
fn the_table_is_the_one_of_the_design() {
    let mut reader = csv::Reader::from_path(fixtures("metrics/table.csv")).unwrap();
    let rows: Vec<Vec<String>> = reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect();
    // Besides there are the two arrays that stand at the end.
    let (known, arrays) = METRICS.split_at(rows.len());
    assert_eq!(arrays.iter().map(|metric| metric.name).collect::<Vec<_>>(), ["classification-report", "roc-curve"]);
    for (row, metric) in rows.iter().zip(known) {
        let key = |key: &mlgrade_metrics::table::Key| format!("{}{}", key.name.word(), if key.needed { "" } else { "?" });
        let mut keys = metric.keys.iter().map(key).collect::<Vec<_>>();
        if metric.key(KeyName::Classes).is_some() {
            keys.push("(list)".to_owned());
        }
        if !metric.needs.has_target() {
            keys.push("(no target)".to_owned());
        }
        let scale = metric.scale;
        let better = scale.better.map_or("", |better| if better == Better::Higher { "higher" } else { "lower" });
        let end = |end: Option<f64>| end.map_or_else(String::new, |end| end.to_string());
        let range = if scale.better.is_none() { "counts".to_owned() } else { format!("{}..{}", end(scale.least), end(scale.most)) };
        assert_eq!(row, &[metric.name, metric.source, metric.needs.words(), &keys.join(" "), better, &range]);
    }
}

#[test]
fn what_a_metric_cannot_take_is_a_fault() {
    let numbers = Beside::Numbers { right: &[1.0, 2.0], predicted: &[1.0, 2.0] };
    let classes = Beside::Classes { right: &[0, 1], predicted: &[0, 1] };
    for metric in &METRICS {
        let settings = Settings::default();
        let (of_numbers, of_classes) = (metric.value(&numbers, &settings), metric.value(&classes, &settings));
        assert!(of_numbers.is_err() || of_classes.is_err(), "{} takes everything", metric.name);
        if metric.keys.iter().any(|key| key.needed) {
            assert!(of_numbers.is_err() && of_classes.is_err(), "{} needs a setting", metric.name);
        }
    }
    assert_eq!(Metric::named("rmse").unwrap().value(&classes, &Settings::default()), Err(Fault::Needs("numbers")));
}
