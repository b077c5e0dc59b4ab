//! Claims of bars, histograms and matrices, in JSON or chosen from a metrics file.

use serde_json::{Map, Value as Json};

use super::{series_of, short, within_limit};
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::value::Value;
use crate::evidence::bag::NumberArray;
use crate::evidence::statements::Statements;
use crate::figure::bars::{self, Heights};
use crate::figure::histogram::{self, Sample};
use crate::figure::labels::labels;
use crate::figure::matrix;
use crate::figure::variants::Statement;

/// `{"kind": "bar", "categories": ["SVM", "tree"], "series": [{"name": "test", "y": [0.9, 0.8]}]}`.
pub(super) fn bars(table: &Map<String, Json>) -> Result<Statement, Diagnostic> {
    let heights = named(table, "y")?.into_iter().map(|(name, values)| Heights { name, values });
    Ok(Statement::Bars(bars::Claim::new(words(table, "categories")?, heights.collect())?))
}

/// `{"kind": "histogram", "series": [{"name": "age", "values": [31, 44, 27]}]}`.
pub(super) fn histogram(table: &Map<String, Json>) -> Result<Statement, Diagnostic> {
    let samples = named(table, "values")?.into_iter().map(|(name, values)| Sample { name, values });
    Ok(Statement::Histogram(histogram::Claim::new(samples.collect())?))
}

/// `{"kind": "matrix", "rows": [[50, 2], [3, 45]], "labels": ["cat", "dog"]}`.
pub(super) fn matrix(table: &Map<String, Json>) -> Result<Statement, Diagnostic> {
    let Some(Json::Array(rows)) = table.get("rows") else {
        return Err(wrong("`rows` is no list of rows").help(r#"write {"kind": "matrix", "rows": [[50, 2], [3, 45]]}"#.to_owned()));
    };
    let rows = rows.iter().enumerate().map(|(i, row)| numbers(row, &format!("row {}", i + 1))).collect::<Result<_, _>>()?;
    Ok(Statement::Matrix(matrix::Claim::new(rows, words(table, "labels")?)?))
}

/// Bars chosen from a metrics file: a bar for each of several numbers, or a series for each list.
pub(super) fn bars_of(all: &Statements, names: &[&str]) -> Result<Statement, Diagnostic> {
    let single = |name: &&str| if let Some(Value::Number(number)) = all.get(*name) { Some(number.get()) } else { None };
    let words = labels(names.iter().copied());
    if let Some(values) = names.iter().map(single).collect::<Option<Vec<f64>>>() {
        return Ok(Statement::Bars(bars::Claim::new(words, vec![Heights { name: "bars".to_owned(), values }])?));
    }
    let heights = names.iter().zip(words).map(|(name, label)| Ok(Heights { name: label, values: series_of(all, name)? }));
    Ok(Statement::Bars(bars::Claim::new(Vec::new(), heights.collect::<Result<_, Diagnostic>>()?)?))
}

/// Histograms of lists of a metrics file.
pub(super) fn histogram_of(all: &Statements, names: &[&str]) -> Result<Statement, Diagnostic> {
    let samples = names.iter().zip(labels(names.iter().copied())).map(|(name, label)| Ok(Sample { name: label, values: series_of(all, name)? }));
    Ok(Statement::Histogram(histogram::Claim::new(samples.collect::<Result<_, Diagnostic>>()?)?))
}

/// The matrix of a metrics file.
pub(super) fn matrix_of(all: &Statements, names: &[&str]) -> Result<Statement, Diagnostic> {
    let [name] = names else {
        return Err(wrong(format!("a matrix is one name of the metrics file, and {} are chosen", names.len())).help("choose it with --series".to_owned()));
    };
    let value = all.get(*name).ok_or_else(|| super::unknown(name, all.keys().map(String::as_str)))?;
    let array = NumberArray::of_lists(value, name).map_err(|fault| wrong(format!("`{name}`: {fault}")))?;
    let rows = rows(&array).ok_or_else(|| wrong(format!("`{name}` is no matrix: it has {} dimensions", array.shape.len())))?;
    Ok(Statement::Matrix(matrix::Claim::new(rows, Vec::new())?))
}

/// The rows of an array of two dimensions.
fn rows(array: &NumberArray) -> Option<Vec<Vec<f64>>> {
    let [_, columns] = array.shape.as_slice() else { return None };
    Some(array.values.chunks((*columns).max(1)).map(|row| row.iter().map(|value| value.get()).collect()).collect())
}

/// The series of a claim: each with its name and its numbers under `key`.
fn named(table: &Map<String, Json>, key: &str) -> Result<Vec<(String, Vec<f64>)>, Diagnostic> {
    let Some(Json::Array(all)) = table.get("series") else { return Err(wrong("`series` is no list of series")) };
    let one = |(i, series): (usize, &Json)| {
        let name = series.get("name").and_then(Json::as_str).map_or_else(|| format!("series {}", i + 1), str::to_owned);
        let place = format!("series {} (`{name}`): `{key}`", i + 1);
        Ok((name, numbers(series.get(key).unwrap_or(&Json::Null), &place)?))
    };
    all.iter().enumerate().map(one).collect()
}

fn numbers(list: &Json, place: &str) -> Result<Vec<f64>, Diagnostic> {
    let Json::Array(values) = list else { return Err(wrong(format!("{place} is {}, expected a list of numbers", short(list)))) };
    within_limit(place, values.len())?;
    let number = |(i, value): (usize, &Json)| {
        let message = || format!("{place}: value {} is {}, expected a number", i + 1, short(value));
        value.as_f64().filter(|number| number.is_finite()).ok_or_else(|| Diagnostic::error(Code::NotANumber, message()))
    };
    values.iter().enumerate().map(number).collect()
}

/// A list of texts that may be left out.
fn words(table: &Map<String, Json>, key: &str) -> Result<Vec<String>, Diagnostic> {
    match table.get(key) {
        None | Some(Json::Null) => Ok(Vec::new()),
        Some(Json::Array(all)) => {
            let text = |one: &Json| match one {
                Json::String(text) => Ok(text.clone()),
                Json::Number(number) => Ok(number.to_string()),
                other => Err(wrong(format!("`{key}` has {}, expected texts", short(other)))),
            };
            all.iter().map(text).collect()
        }
        Some(other) => Err(wrong(format!("`{key}` is {}, expected a list of texts", short(other)))),
    }
}

fn wrong(message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(Code::WrongShape, message)
}

#[cfg(test)]
mod tests {
    use super::super::{Choice, read};
    use super::*;

    fn claim(text: &str) -> Result<Statement, String> {
        read("c.json", text.as_bytes(), &Choice::default()).map_err(|fault| fault.to_string())
    }

    fn chosen(kind: &str, series: &[&str]) -> Result<Statement, String> {
        let text = r#"{"tree": {"acc": 0.9}, "svm": {"acc": 0.8}, "errors": [1, 2, 2], "confusion": [[5, 1], [0, 4]]}"#;
        let choice = Choice { kind: Some(kind.to_owned()), series: series.iter().map(|&name| name.to_owned()).collect(), ..Choice::default() };
        read("metrics.json", text.as_bytes(), &choice).map_err(|fault| fault.to_string())
    }

    #[test]
    fn bars_histograms_and_matrices_are_claimed_in_json() {
        let Ok(Statement::Bars(bars)) = claim(r#"{"kind": "bar", "categories": ["a", 2], "series": [{"name": "test", "y": [1, 2.5]}]}"#) else { panic!() };
        assert_eq!((bars.categories(), bars.series()[0].values.as_slice()), (&["a".to_owned(), "2".to_owned()][..], &[1.0, 2.5][..]));
        let Ok(Statement::Histogram(data)) = claim(r#"{"kind": "histogram", "series": [{"name": "age", "values": [3, 1]}]}"#) else { panic!() };
        assert_eq!(data.series()[0].values, [3.0, 1.0]);
        let Ok(Statement::Matrix(cells)) = claim(r#"{"kind": "matrix", "rows": [[5, 1], [0, 4]], "labels": ["cat", "dog"]}"#) else { panic!() };
        assert_eq!((cells.size(), cells.rows()[0].as_slice()), ([2, 2], &[5.0, 1.0][..]));
    }

    #[test]
    fn faults_name_the_place() {
        for (text, fault) in [
            (r#"{"kind": "bar", "series": [{"name": "test"}]}"#, "c.json: series 1 (`test`): `y` is null, expected a list of numbers"),
            (r#"{"kind": "bar", "series": 3}"#, "c.json: `series` is no list of series"),
            (r#"{"kind": "bar", "categories": "a", "series": [{"y": [1]}]}"#, "c.json: `categories` is \"a\", expected a list of texts"),
            (
                r#"{"kind": "histogram", "series": [{"name": "a", "values": [1, "x"]}]}"#,
                "c.json: series 1 (`a`): `values`: value 2 is \"x\", expected a number",
            ),
            (r#"{"kind": "matrix", "rows": [[1, 2], [3]]}"#, "c.json: row 2 of the matrix has 1 values"),
            (r#"{"kind": "matrix"}"#, "c.json: `rows` is no list of rows"),
            (r#"{"kind": "pie", "series": []}"#, "c.json: `kind` is \"pie\", expected \"line\", \"scatter\", \"bar\", \"histogram\" or \"matrix\""),
        ] {
            let message = claim(text).unwrap_err();
            assert!(message.starts_with(fault), "{text}: {message}");
        }
    }

    #[test]
    fn numbers_of_a_metrics_file_are_bars_and_nested_lists_a_matrix() {
        let Ok(Statement::Bars(bars)) = chosen("bar", &["tree.acc", "svm.acc"]) else { panic!() };
        assert_eq!((bars.categories(), bars.series()[0].values.as_slice()), (&["tree".to_owned(), "svm".to_owned()][..], &[0.9, 0.8][..]));
        let Ok(Statement::Matrix(cells)) = chosen("matrix", &["confusion"]) else { panic!() };
        assert_eq!(cells.rows(), [[5.0, 1.0], [0.0, 4.0]]);
        let Ok(Statement::Histogram(data)) = chosen("histogram", &["errors"]) else { panic!() };
        assert_eq!(data.series()[0].values, [1.0, 2.0, 2.0]);
        assert!(chosen("matrix", &["errors"]).unwrap_err().starts_with("metrics.json: `errors` is no matrix: it has 1 dimensions"));
        assert!(chosen("bar", &["errors", "tree.acc"]).unwrap_err().contains("`tree.acc`"));
    }
}
