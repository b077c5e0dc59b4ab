//! A run in MLflow's folder of files: `metrics/NAME` has a line for each call of `log_metric`, "time value step" (mlflow's `FileStore`).

use mlgrade_domain::value::Value;

use super::Log;
use super::records::Records;

/// The metrics of a run, from the text of each file by the metric's name.
pub(crate) fn log(files: &[(&str, &str)]) -> Result<Log, String> {
    let mut records = Records::default();
    for (name, text) in files {
        for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let [_time, value, rest @ ..] = fields.as_slice() else { return Err(format!("line {} of the metric `{name}` is not \"time value step\"", at + 1)) };
            let value = value.parse::<f64>().map_err(|_| format!("line {} of the metric `{name}` has no number", at + 1))?;
            records.add(name, rest.first().and_then(|step| step.parse().ok()), Value::number(value))?;
        }
    }
    Ok(records.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_is_a_series() {
        let log = log(&[("val_error", "1795884501770 0.0213 0\n"), ("val_loss", "1 0.5 0\n2 0.4 1\n3 nan 2\n")]).unwrap();
        assert_eq!(log["val_error"], Ok(Value::series([0.0213])));
        assert_eq!(log["val_loss"], Ok(Value::List(vec![Value::number(0.5), Value::number(0.4), Value::number(f64::NAN)])));
    }

    #[test]
    fn two_values_at_one_step_are_two_runs() {
        assert!(log(&[("a", "1 0.5 0\n2 0.4 1\n3 0.3 1\n")]).unwrap()["a"].is_err());
        assert!(log(&[("a", "1 half 0\n")]).is_err());
        assert!(log(&[("a", "1\n")]).is_err());
    }
}
