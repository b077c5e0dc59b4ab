//! Rows of named values, as columns in the order of their steps.

use std::collections::{BTreeMap, BTreeSet};

use mlgrade_domain::limits;
use mlgrade_domain::value::Value;

use super::Log;

/// What a log calls the column that counts its rows, the finest first: an epoch has many steps. pandas writes an index without a name.
const STEPS: [&str; 8] = ["step", "_step", "global_step", "iteration", "iter", "epoch", "Epoch", ""];

/// What a log calls the column that says which part of the data a row is about.
const SPLITS: [&str; 5] = ["split", "phase", "mode", "stage", "subset"];

/// What a log calls the column that says of which run a row is.
const RUNS: [&str; 11] = ["run", "run_id", "run_name", "fold", "seed", "trial", "model", "experiment", "variant", "repeat", "name"];

/// The same, where nothing counts steps: within a run such a column tells how training went on.
const SETTINGS: [&str; 4] = ["lr", "learning_rate", "batch_size", "config"];

/// Words of columns whose text may change with each row of one run: times, messages, the settings of a search.
const CHANGING: [&str; 8] = ["param", "time", "date", "message", "msg", "level", "event", "best"];

/// Columns that grow by rows.
#[derive(Debug, Default)]
pub(crate) struct Records {
    columns: BTreeMap<String, Column>,
    size: usize,
    /// What rows say of the run that they are of, by the column that says so.
    runs: BTreeMap<String, BTreeSet<String>>,
    has_steps: bool,
}

#[derive(Debug, Default)]
struct Column {
    values: Vec<Value>,
    steps: Vec<Option<f64>>,
    fault: Option<String>,
}

impl Records {
    /// Adds a value to the column `name`, at `step` if the log counts steps. The error says that the log is too large.
    pub(crate) fn add(&mut self, name: &str, step: Option<f64>, value: Value) -> Result<(), String> {
        self.size += value.size();
        if !self.columns.contains_key(name) && self.columns.len() >= limits::PRINTED_NAMES {
            return Err(format!("it has more than the {} names that are read", limits::PRINTED_NAMES));
        }
        if self.size > limits::PRINTED_VALUES {
            return Err(format!("it has more than the {} values that are read", limits::PRINTED_VALUES));
        }
        let column = self.columns.entry(name.to_owned()).or_default();
        column.values.push(value);
        column.steps.push(step.filter(|step| step.is_finite()));
        Ok(())
    }

    /// That the column `name` cannot be read as a series, and why.
    pub(crate) fn refuse(&mut self, name: &str, fault: String) {
        self.columns.entry(name.to_owned()).or_default().fault.get_or_insert(fault);
    }

    /// Adds a row. Its step is the first of [`STEPS`] that has a number. A row that says that it is about `train` has the columns `train.loss` and
    /// so on.
    pub(crate) fn add_row(&mut self, row: Vec<(String, Value)>) -> Result<(), String> {
        let step = self.note_row(&row);
        let split = row.iter().find_map(|(name, value)| match value {
            Value::Text(split) if SPLITS.contains(&name.as_str()) && split.len() < 32 => Some(split.clone()),
            _ => None,
        });
        row.into_iter().try_for_each(|(name, value)| match &split {
            Some(split) if !STEPS.contains(&name.as_str()) => self.add(&format!("{split}.{name}"), step, value),
            _ => self.add(&name, step, value),
        })
    }

    /// Where a row stands in its log. What it says of its run is kept.
    pub(crate) fn note_row(&mut self, row: &[(String, Value)]) -> Option<f64> {
        let step = step_of(row);
        self.has_steps |= step.is_some();
        for (name, value) in row {
            let lower = name.to_lowercase();
            let is_text = matches!(value, Value::Text(text) if text.parse::<f64>().is_err());
            let says = RUNS.contains(&lower.as_str()) || SETTINGS.contains(&lower.as_str()) || is_text;
            if says && !SPLITS.contains(&lower.as_str()) && !CHANGING.iter().any(|word| lower.contains(word)) {
                let known = self.runs.entry(name.clone()).or_default();
                if known.len() < 3 {
                    known.insert(value.describe());
                }
            }
        }
        step
    }

    /// Forgets what was logged from `step` on: the run went on from there.
    pub(crate) fn restart(&mut self, step: f64) {
        for column in self.columns.values_mut() {
            let kept: Vec<bool> = column.steps.iter().map(|known| known.is_none_or(|known| known < step)).collect();
            let mut of_values = kept.iter();
            column.values.retain(|_| *of_values.next().unwrap_or(&true));
            column.steps.retain(|known| known.is_none_or(|known| known < step));
        }
        self.columns.retain(|_, column| !column.values.is_empty() || column.fault.is_some());
    }

    /// The columns as series. Where rows are of several runs there is none: nobody knows which is meant.
    pub(crate) fn finish(self) -> Log {
        let is_setting = |name: &str| SETTINGS.contains(&name.to_lowercase().as_str());
        let runs = self.runs.iter().find(|(name, values)| values.len() > 1 && !(self.has_steps && is_setting(name)));
        let fault = runs.map(|(name, _)| format!("its rows have several values of `{name}`: more than one run is in it; hand in the log of one run"));
        let series = |(name, column): (String, Column)| match &fault {
            Some(fault) if column.values.len() > 1 => (name, Err(fault.clone())),
            _ => (name, column.series()),
        };
        self.columns.into_iter().map(series).collect()
    }
}

/// Where a row stands in its log.
fn step_of(row: &[(String, Value)]) -> Option<f64> {
    STEPS.iter().find_map(|wanted| match row.iter().find(|(name, _)| name == wanted)? {
        (_, Value::Number(step)) => Some(step.get()),
        _ => None,
    })
}

impl Column {
    /// Its values, unless its steps show that more than one run was logged: then nobody knows which is meant.
    fn series(self) -> Result<Value, String> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        let steps: Vec<f64> = self.steps.iter().copied().flatten().collect();
        match self.values.len() - steps.len() {
            0 => {}
            all if all == self.values.len() => return Ok(Value::List(self.values)),
            some => return Err(format!("{some} of its {} values have no step, and the others have one", self.values.len())),
        }
        // Who never says a step logs everything at the same one.
        if steps.windows(2).all(|pair| pair[0].total_cmp(&pair[1]).is_eq()) {
            return Ok(Value::List(self.values));
        }
        let mut values: Vec<Value> = Vec::with_capacity(self.values.len());
        let mut last: Option<f64> = None;
        for (value, step) in self.values.into_iter().zip(steps) {
            match last.filter(|last| *last >= step) {
                // Some tools log a value again with whatever else is logged at a step.
                Some(last) if last.total_cmp(&step).is_eq() && values.last() == Some(&value) => continue,
                Some(last) => return Err(format!("step {step} comes after step {last}: more than one run is in it; hand in the log of one run")),
                None => {}
            }
            values.push(value);
            last = Some(step);
        }
        Ok(Value::List(values))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(rows: &[&[(&str, f64)]]) -> Log {
        let mut records = Records::default();
        for row in rows {
            records.add_row(row.iter().map(|(name, value)| ((*name).to_owned(), Value::number(*value))).collect()).unwrap();
        }
        records.finish()
    }

    #[test]
    fn columns_keep_the_order_of_their_rows() {
        let log = log(&[&[("step", 9.0), ("loss", 0.6)], &[("step", 9.0), ("val_loss", 0.5)], &[("step", 19.0), ("loss", 0.4)]]);
        assert_eq!(log["loss"], Ok(Value::series([0.6, 0.4])));
        assert_eq!(log["val_loss"], Ok(Value::series([0.5])));
    }

    #[test]
    fn two_runs_in_one_log_are_no_series() {
        let twice = log(&[&[("epoch", 0.0), ("loss", 0.6)], &[("epoch", 1.0), ("loss", 0.4)], &[("epoch", 0.0), ("loss", 0.5)]]);
        assert!(twice["loss"].as_ref().is_err_and(|fault| fault.starts_with("step 0 comes after step 1")), "{twice:?}");
        let repeated = log(&[&[("epoch", 0.0), ("loss", 0.6)], &[("epoch", 0.0), ("loss", 0.4)], &[("epoch", 1.0), ("loss", 0.5)]]);
        assert!(repeated["loss"].is_err());
    }

    #[test]
    fn rows_of_several_runs_are_no_series() {
        let read = |rows: &[(&str, &[(&str, Value)])]| {
            let mut records = Records::default();
            for (loss, others) in rows {
                let own = ("val_loss".to_owned(), Value::number(loss.parse().unwrap()));
                records.add_row(others.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).chain([own]).collect()).unwrap();
            }
            records.finish()["val_loss"].clone()
        };
        let (one, two) = (Value::number(1.0), Value::number(2.0));
        for (name, a, b) in [
            ("run", one.clone(), two.clone()),
            ("model", Value::text("cnn"), Value::text("mlp")),
            ("optimizer", Value::text("sgd"), Value::text("adam")),
            ("lr", one.clone(), two.clone()),
        ] {
            assert!(
                read(&[("5", &[(name, a.clone())]), ("4", &[(name, b)])]).is_err_and(|fault| fault.contains(&format!("several values of `{name}`"))),
                "{name}"
            );
            assert!(read(&[("5", &[(name, a.clone())]), ("4", &[(name, a)])]).is_ok(), "{name}");
        }
        // Within a run a schedule changes the rate, and each row has its time.
        for (name, a, b) in [("lr", one.clone(), two.clone()), ("timestamp", Value::text("12:00"), Value::text("12:01"))] {
            assert!(read(&[("5", &[("epoch", one.clone()), (name, a)]), ("4", &[("epoch", two.clone()), (name, b)])]).is_ok(), "{name}");
        }
    }

    #[test]
    fn a_value_without_a_step_among_others_is_doubted() {
        let log = log(&[&[("epoch", 0.0), ("loss", 0.6)], &[("loss", 0.4)]]);
        assert_eq!(log["loss"], Err("1 of its 2 values have no step, and the others have one".to_owned()));
    }

    #[test]
    fn a_value_that_is_logged_again_at_its_step_counts_once() {
        let log = log(&[&[("step", 0.0), ("lr", 0.1)], &[("step", 0.0), ("lr", 0.1)], &[("step", 1.0), ("lr", 0.05)]]);
        assert_eq!(log["lr"], Ok(Value::series([0.1, 0.05])));
    }

    #[test]
    fn a_run_that_went_on_from_a_step_is_one() {
        let mut records = Records::default();
        for (step, loss) in [(0.0, 0.6), (1.0, 0.5), (2.0, 0.4)] {
            records.add("loss", Some(step), Value::number(loss)).unwrap();
        }
        records.restart(1.0);
        records.add("loss", Some(1.0), Value::number(0.45)).unwrap();
        assert_eq!(records.finish()["loss"], Ok(Value::series([0.6, 0.45])));
    }

    #[test]
    fn without_steps_and_with_one_for_all_the_order_counts() {
        assert_eq!(log(&[&[("loss", 0.6)], &[("loss", 0.4)]])["loss"], Ok(Value::series([0.6, 0.4])));
        assert_eq!(log(&[&[("step", 0.0), ("loss", 0.6)], &[("step", 0.0), ("loss", 0.4)]])["loss"], Ok(Value::series([0.6, 0.4])));
    }
}
