//! Reading claims: a JSON file that says what a figure shows, or series chosen from a metrics file.

mod charts;

use serde_json::{Map, Value as Json};

use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::json::quote_non_numbers;
use crate::domain::limits;
use crate::domain::name::{did_you_mean, list};
use crate::domain::value::Value;
use crate::evidence::statements::{self, Statements};

use crate::figure::claim::Kind;
use crate::figure::labels::labels;
use crate::figure::variants::{Curves, Stated, Statement};

/// Which series of a file are meant.
#[derive(Debug, Clone, Default)]
pub(super) struct Choice {
    /// The series along the x axis.
    pub(super) x: Option<String>,
    /// Those along the y axis; all if there are none.
    pub(super) series: Vec<String>,
    /// How what is chosen from a metrics file is drawn: one of [`KINDS`].
    pub(super) kind: Option<String>,
}

/// How claimed numbers may be drawn.
pub(super) const KINDS: [&str; 5] = ["line", "scatter", "bar", "histogram", "matrix"];

/// What `bytes` claim. JSON with a list of tables under `series` is a claim; anything else is read as a metrics file.
pub(super) fn read(path: &str, bytes: &[u8], choice: &Choice) -> Result<Statement, Diagnostic> {
    let in_file = |fault: Diagnostic| fault.in_file(path);
    let text = std::str::from_utf8(bytes).unwrap_or_default().trim_start_matches('\u{feff}');
    let statement = match serde_json::from_str(&quote_non_numbers(text)) {
        Ok(Json::Object(table)) if is_claim(&table) => of_claim(&table, choice).map_err(in_file)?,
        _ => of_metrics(&statements::read(path, bytes)?.values, choice).map_err(in_file)?,
    };
    let series = statement.names().len();
    if series > limits::CLAIMED_SERIES {
        let message = format!("{series} series are claimed; at most {} are read", limits::CLAIMED_SERIES);
        return Err(in_file(Diagnostic::error(Code::TooLarge, message).help("choose some with --series".to_owned())));
    }
    Ok(statement)
}

fn is_claim(table: &Map<String, Json>) -> bool {
    table.contains_key("kind") || table.get("series").is_some_and(|series| series.as_array().is_some_and(|all| all.iter().any(Json::is_object)))
}

fn of_claim(table: &Map<String, Json>, choice: &Choice) -> Result<Statement, Diagnostic> {
    if let Some(x) = &choice.x {
        return Err(Diagnostic::error(Code::BadValue, format!("the series of a claim have an `x` of their own; `{x}` is chosen from a metrics file")));
    }
    if let Some(kind) = &choice.kind {
        return Err(Diagnostic::error(Code::BadValue, format!("a claim says its own `kind`; `{kind}` is for a metrics file")));
    }
    let kind = match table.get("kind") {
        None | Some(Json::Null) => Kind::Line,
        Some(Json::String(word)) if word == "line" => Kind::Line,
        Some(Json::String(word)) if word == "scatter" => Kind::Scatter,
        Some(Json::String(word)) if word == "bar" => return charts::bars(table),
        Some(Json::String(word)) if word == "histogram" => return charts::histogram(table),
        Some(Json::String(word)) if word == "matrix" => return charts::matrix(table),
        Some(other) => return Err(Diagnostic::error(Code::BadValue, format!("`kind` is {other}, expected {}", kinds()))),
    };
    let Some(Json::Array(all)) = table.get("series") else {
        let help = r#"write {"kind": "line", "series": [{"name": "…", "x": […], "y": […]}]}"#.to_owned();
        return Err(Diagnostic::error(Code::WrongShape, "`series` is no list of series").help(help));
    };
    let mut series = all.iter().enumerate().map(|(i, one)| of_series(i, one)).collect::<Result<Vec<_>, _>>()?;
    if series.is_empty() {
        return Err(Diagnostic::error(Code::WrongShape, "`series` is empty: nothing is claimed"));
    }
    if !choice.series.is_empty() {
        for name in &choice.series {
            let names = || series.iter().map(|series| series.name.as_str());
            if names().all(|known| known != name) {
                return Err(unknown(name, names()));
            }
        }
        series.retain(|series| choice.series.contains(&series.name));
    }
    Ok(Statement::Curves(Curves { kind, series, more: Vec::new() }))
}

fn of_series(i: usize, series: &Json) -> Result<Stated, Diagnostic> {
    let name = series.get("name").and_then(Json::as_str).map_or_else(|| format!("series {}", i + 1), str::to_owned);
    let place = if series.get("name").is_some() { format!("series {} (`{name}`)", i + 1) } else { name.clone() };
    let numbers = |key: &str| -> Result<Option<Vec<f64>>, Diagnostic> {
        let values = match series.get(key) {
            None | Some(Json::Null) => return Ok(None),
            Some(Json::Array(values)) => values,
            Some(other) => return Err(Diagnostic::error(Code::WrongShape, format!("{place}: `{key}` is {}, expected a list of numbers", short(other)))),
        };
        let number = |(i, value): (usize, &Json)| {
            let message = || format!("{place}: {key}[{i}] is {}, expected a number", short(value));
            value.as_f64().filter(|number| number.is_finite()).ok_or_else(|| Diagnostic::error(Code::NotANumber, message()))
        };
        within_limit(&place, values.len())?;
        values.iter().enumerate().map(number).collect::<Result<_, _>>().map(Some)
    };
    let (x, y) = (numbers("x")?, numbers("y")?);
    let Some(y) = y.filter(|y| !y.is_empty()) else {
        return Err(Diagnostic::error(Code::WrongShape, format!("{place} has no `y`: it has no points")));
    };
    if let Some(x) = x.as_ref().filter(|x| x.len() != y.len()) {
        let message = format!("{place}: {} values of x and {} of y; both belong to the same points", x.len(), y.len());
        return Err(Diagnostic::error(Code::WrongShape, message));
    }
    Ok(Stated { name, x, y })
}

fn of_metrics(all: &Statements, choice: &Choice) -> Result<Statement, Diagnostic> {
    let lists = || all.iter().filter(|(_, value)| matches!(value, Value::List(_))).map(|(name, _)| name.as_str());
    let x = choice.x.as_deref().map(|name| series_of(all, name)).transpose()?;
    let fits = |name: &&str| {
        let numbers = series_of(all, name).ok().filter(|numbers| !numbers.is_empty());
        choice.x.as_deref() != Some(*name) && numbers.is_some_and(|numbers| x.as_ref().is_none_or(|x| x.len() == numbers.len()))
    };
    let kind = match choice.kind.as_deref() {
        Some("scatter") => Kind::Scatter,
        Some(chart @ ("bar" | "histogram" | "matrix")) => {
            let names: Vec<&str> = choice.series.iter().map(String::as_str).collect();
            if names.is_empty() {
                return Err(Diagnostic::error(Code::BadValue, format!("`{chart}` is drawn of what --series names")));
            }
            return match chart {
                "bar" => charts::bars_of(all, &names),
                "histogram" => charts::histogram_of(all, &names),
                _ => charts::matrix_of(all, &names),
            };
        }
        _ => Kind::Line,
    };
    let names: Vec<&str> = if choice.series.is_empty() { lists().filter(fits).collect() } else { choice.series.iter().map(String::as_str).collect() };
    if names.is_empty() {
        let over = choice.x.as_ref().map_or_else(String::new, |x| format!(" as long as `{x}`"));
        return Err(Diagnostic::error(Code::NotFound, format!("there is no series of numbers{over}")));
    }
    let mut series = Vec::new();
    for (name, label) in names.iter().zip(labels(names.iter().copied())) {
        let y = series_of(all, name)?;
        within_limit(&format!("`{name}`"), y.len())?;
        if let (Some(x), Some(x_name)) = (x.as_ref().filter(|x| x.len() != y.len()), &choice.x) {
            let message = format!("`{name}` has {} values and `{x_name}` {}; both belong to the same points", y.len(), x.len());
            return Err(Diagnostic::error(Code::WrongShape, message));
        }
        if y.is_empty() {
            return Err(Diagnostic::error(Code::WrongShape, format!("`{name}` is an empty list: it has no points")));
        }
        series.push(Stated { name: label, x: x.clone(), y });
    }
    Ok(Statement::Curves(Curves { kind, series, more: Vec::new() }))
}

fn series_of(all: &Statements, name: &str) -> Result<Vec<f64>, Diagnostic> {
    match all.get(name) {
        Some(Value::List(values)) => {
            let number = |(i, value): (usize, &Value)| match value {
                Value::Number(number) => Ok(number.get()),
                other => Err(Diagnostic::error(Code::NotANumber, format!("value {} of `{name}` is {}, expected a number", i + 1, other.describe()))),
            };
            values.iter().enumerate().map(number).collect()
        }
        Some(other) => Err(Diagnostic::error(Code::WrongShape, format!("`{name}` is {}, expected a series", other.describe()))),
        None => Err(unknown(name, all.keys().map(String::as_str))),
    }
}

fn within_limit(place: &str, points: usize) -> Result<(), Diagnostic> {
    let message = || format!("{place} has {points} points; at most {} are read", limits::SERIES_LENGTH);
    if points > limits::SERIES_LENGTH { Err(Diagnostic::error(Code::TooLarge, message())) } else { Ok(()) }
}

fn unknown<'n>(name: &str, known: impl Iterator<Item = &'n str> + Clone) -> Diagnostic {
    let help = did_you_mean(name, known.clone()).unwrap_or_else(|| format!("there is {}", list(known.take(12))));
    Diagnostic::error(Code::NotFound, format!("there is no series `{name}`")).help(help)
}

/// "line", "scatter" …, in words.
fn kinds() -> String {
    let quoted = KINDS.map(|kind| format!("\"{kind}\""));
    let (last, others) = (&quoted[quoted.len() - 1], &quoted[..quoted.len() - 1]);
    format!("{} or {last}", others.join(", "))
}

/// At most 40 characters of a value.
fn short(value: &Json) -> String {
    match value {
        Json::Array(values) => format!("a list of {}", values.len()),
        Json::Object(_) => "a table".to_owned(),
        other => other.to_string().chars().take(40).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(text: &str) -> Result<Curves, String> {
        curves(read("c.json", text.as_bytes(), &Choice::default()).map_err(|fault| fault.to_string())?)
    }

    fn curves(statement: Statement) -> Result<Curves, String> {
        if let Statement::Curves(curves) = statement { Ok(curves) } else { Err(format!("{statement:?}")) }
    }

    /// Name, x and y of a series.
    type Row = (String, Option<Vec<f64>>, Vec<f64>);

    fn metrics(x: Option<&str>, series: &[&str]) -> Result<Vec<Row>, String> {
        let text = "depths = [2, 4]\nbest = 3\n[tree]\ntrain = [1.0, 0.5]\nval = [2.0, 1.5]\nlong = [1, 2, 3]\nodd = [1, nan]\n";
        let choice = Choice { x: x.map(str::to_owned), series: series.iter().map(|&name| name.to_owned()).collect(), kind: None };
        let read = curves(read("metrics.toml", text.as_bytes(), &choice).map_err(|fault| fault.to_string())?)?;
        Ok(read.series.into_iter().map(|one| (one.name, one.x, one.y)).collect())
    }

    #[test]
    fn claims_are_read_and_x_may_be_left_out() {
        let read = claim(r#"{"kind": "scatter", "more": 1, "series": [{"name": "a", "x": [1, 2], "y": [3, 4.5]}, {"y": [7]}]}"#).unwrap();
        assert_eq!(read.kind, Kind::Scatter);
        assert_eq!(read.series[0], Stated { name: "a".to_owned(), x: Some(vec![1.0, 2.0]), y: vec![3.0, 4.5] });
        assert_eq!(read.series[1], Stated { name: "series 2".to_owned(), x: None, y: vec![7.0] });
        assert_eq!(claim("\u{feff}{\"series\": [{\"y\": [7]}]}").unwrap().kind, Kind::Line);
    }

    #[test]
    fn faults_of_a_claim_name_the_place() {
        for (text, fault) in [
            (r#"{"kind": "bar", "series": []}"#, "c.json: a claim names at least one series"),
            (r#"{"kind": "line", "series": []}"#, "c.json: `series` is empty: nothing is claimed"),
            (r#"{"kind": "line"}"#, "c.json: `series` is no list of series; write"),
            (r#"{"series": [{"name": "a", "x": [1], "y": [3, 4]}]}"#, "c.json: series 1 (`a`): 1 values of x and 2 of y"),
            (r#"{"series": [{"name": "a", "y": [3, NaN]}]}"#, "c.json: series 1 (`a`): y[1] is \"NaN\", expected a number"),
            (r#"{"series": [{"name": "a", "y": [3, null]}]}"#, "c.json: series 1 (`a`): y[1] is null, expected a number"),
            (r#"{"series": [{"y": 3}]}"#, "c.json: series 1: `y` is 3, expected a list of numbers"),
            (r#"{"series": [{"x": [3]}]}"#, "c.json: series 1 has no `y`"),
            (r#"{"series": ["#, "c.json: this is not JSON: EOF while parsing a list at line 1 column 12"),
            ("", "c.json: the file is empty"),
            ("[1]", "c.json: the file holds a single value"),
        ] {
            let message = claim(text).unwrap_err();
            assert!(message.starts_with(fault), "{text}: {message}");
        }
    }

    #[test]
    fn series_are_chosen_from_a_metrics_file() {
        let x = Some(vec![2.0, 4.0]);
        let both = [("train".to_owned(), x.clone(), vec![1.0, 0.5]), ("val".to_owned(), x.clone(), vec![2.0, 1.5])];
        assert_eq!(metrics(Some("depths"), &[]).unwrap(), both);
        assert_eq!(metrics(Some("depths"), &["tree.val"]).unwrap(), [("tree val".to_owned(), x, vec![2.0, 1.5])]);
        assert_eq!(metrics(None, &[]).unwrap().len(), 4, "depths, train, val and long; best and odd are no series of numbers");
        for (x, series, fault) in [
            (Some("depth"), &[][..], "metrics.toml: there is no series `depth`; did you mean `depths`?"),
            (Some("best"), &[], "metrics.toml: `best` is 3, expected a series"),
            (None, &["tree.odd"], "metrics.toml: value 2 of `tree.odd` is NaN, expected a number"),
            (Some("depths"), &["tree.long"], "metrics.toml: `tree.long` has 3 values and `depths` 2; both belong to the same points"),
        ] {
            assert_eq!(metrics(x, series).unwrap_err(), fault);
        }
    }
}
