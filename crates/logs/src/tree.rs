//! Nested names and values, as JSON and YAML hold them: a history of Keras, a trainer's state, a summary.

use mlgrade_domain::json::quote_non_numbers;
use mlgrade_domain::limits;
use mlgrade_domain::value::Value;

use super::records::Records;
use super::{Log, Node};

/// What a JSON file says. NaN and infinity, which Python writes, are kept as words.
pub fn json(text: &str) -> Result<Node, String> {
    serde_json::from_str(&quote_non_numbers(text)).map_err(|error| format!("this is not JSON: {error}"))
}

/// What a YAML file says; several documents are a list. Tags, which may call for a program, are not followed.
pub fn yaml(text: &str) -> Result<Node, String> {
    let mut documents: Vec<Node> = serde_saphyr::from_multiple_with_options(
        text,
        serde_saphyr::options! {
            reject_unsupported_tags: true,
            non_finite_float_policy: serde_saphyr::NonFiniteFloatPolicy::PassThrough,
        },
    )
    .map_err(|error| {
        let message = error.to_string();
        format!("this is not plain YAML: {}", message.lines().next().unwrap_or_default())
    })?;
    Ok(if documents.len() == 1 { documents.remove(0) } else { Node::List(documents) })
}

/// The values of a tree by dotted names. A list of tables is a table of lists: `log_history` of `{"epoch": 1, "loss": 0.5}` and more such
/// records has `log_history.loss`, and at the root just `loss`.
pub(crate) fn log(root: Node) -> Result<Log, String> {
    let mut log = Log::new();
    add("", root, 0, &mut log)?;
    Ok(log)
}

fn add(name: &str, node: Node, depth: usize, log: &mut Log) -> Result<(), String> {
    if depth > limits::NESTING {
        return Err(format!("`{name}` is nested more than {} deep", limits::NESTING));
    }
    let below = |key: &str| if name.is_empty() { key.to_owned() } else { format!("{name}.{key}") };
    match node {
        Node::Table(entries) => {
            if let Some(columns) = split(&entries) {
                return columns.into_iter().try_for_each(|(key, series)| put(&below(&key), Ok(series), log));
            }
            if let Some(series) = numbered(&entries) {
                put(name, Ok(series), log)?;
            }
            entries.into_iter().try_for_each(|(key, node)| add(&below(&key), node, depth + 1, log))
        }
        Node::List(items) if !items.is_empty() && items.iter().all(|item| matches!(item, Node::Table(_))) => {
            records(items)?.into_iter().try_for_each(|(key, series)| put(&below(&key), series, log))
        }
        node => put(name, Ok(node.into_value()), log),
    }
}

/// The columns of a data frame as pandas' `to_json(orient="split")` writes it: the names, and the rows as lists.
fn split(entries: &[(String, Node)]) -> Option<Vec<(String, Value)>> {
    let entry = |wanted: &str| match entries.iter().find(|(name, _)| name == wanted)? {
        (_, Node::Leaf(Value::List(values))) => Some(values),
        _ => None,
    };
    let (names, rows) = (entry("columns")?, entry("data")?);
    let column = |(at, name): (usize, &Value)| {
        let Value::Text(name) = name else { return None };
        let cell = |row: &Value| if let Value::List(cells) = row { cells.get(at).cloned() } else { None };
        Some((name.clone(), Value::List(rows.iter().map(cell).collect::<Option<_>>()?)))
    };
    names.iter().enumerate().map(column).collect()
}

/// The columns of a list of tables.
fn records(items: Vec<Node>) -> Result<Log, String> {
    let mut records = Records::default();
    for item in items {
        let mut row = Log::new();
        add("", item, 0, &mut row)?;
        records.add_row(row.into_iter().filter_map(|(name, value)| Some((name, value.ok()?))).collect())?;
    }
    Ok(records.finish())
}

/// The columns of JSON objects, one a line.
pub(crate) fn json_lines(text: &str) -> Result<Log, String> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    records(lines.map(|(at, line)| json(line).map_err(|error| format!("line {}: {error}", at + 1))).collect::<Result<_, _>>()?)
}

/// A name that comes twice with different values says neither.
fn put(name: &str, value: Result<Value, String>, log: &mut Log) -> Result<(), String> {
    if log.len() >= limits::PRINTED_NAMES {
        return Err(format!("it has more than the {} names that are read", limits::PRINTED_NAMES));
    }
    match log.get(name) {
        Some(known) if *known != value => log.insert(name.to_owned(), Err(format!("`{name}` is in it twice, with different values"))),
        _ => log.insert(name.to_owned(), value),
    };
    Ok(())
}

/// The series that a table is whose names count from 0 or 1, each once: so pandas writes a column of a data frame.
pub fn numbered(entries: &[(String, Node)]) -> Option<Value> {
    let mut values: Vec<(usize, &Value)> = Vec::with_capacity(entries.len());
    for (key, node) in entries {
        let Node::Leaf(value) = node else { return None };
        values.push((key.parse().ok()?, value));
    }
    values.sort_by_key(|(key, _)| *key);
    let first = values.first()?.0;
    let counts = first <= 1 && values.len() > 1 && values.iter().enumerate().all(|(i, (key, _))| *key == first + i);
    counts.then(|| Value::List(values.into_iter().map(|(_, value)| value.clone()).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_json(text: &str) -> Log {
        log(json(text).unwrap()).unwrap()
    }

    #[test]
    fn a_list_of_records_is_a_table_of_series() {
        // As `TrainerState.save_to_json` of Hugging Face's transformers writes it.
        let log = of_json(
            r#"{"epoch": 2.0, "log_history": [{"epoch": 1.0, "step": 8, "loss": 0.7}, {"epoch": 1.0, "step": 8, "eval_loss": 0.5}, {"epoch": 2.0, "step": 16, "eval_loss": 0.4}]}"#,
        );
        assert_eq!(log["log_history.eval_loss"], Ok(Value::series([0.5, 0.4])));
        assert_eq!(log["log_history.loss"], Ok(Value::series([0.7])));
        assert_eq!(log["epoch"], Ok(Value::number(2.0)));
    }

    #[test]
    fn yaml_is_read_as_json_is() {
        let log = log(yaml("mlp:\n  val_loss: [0.5, 0.4, .nan]\n  lr: 1.0e-3\nname: x\n1: 2\n").unwrap()).unwrap();
        assert_eq!(log["mlp.val_loss"], Ok(Value::List(vec![Value::number(0.5), Value::number(0.4), Value::Unusable("NaN".to_owned())])));
        assert_eq!((&log["mlp.lr"], &log["1"]), (&Ok(Value::number(0.001)), &Ok(Value::number(2.0))));
    }

    #[test]
    fn a_name_with_two_values_has_neither() {
        assert!(of_json(r#"{"a": 1, "a": 2}"#)["a"].is_err());
        assert_eq!(of_json(r#"{"a": 1, "a": 1}"#)["a"], Ok(Value::number(1.0)));
    }
}
