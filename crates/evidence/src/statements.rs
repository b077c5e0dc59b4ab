//! Metrics and answers files: TOML, JSON or YAML to values by dotted name.

use std::collections::BTreeMap;

use mlgrade_domain::diagnostic::{Code, Diagnostic};
use mlgrade_domain::limits;

use super::encoding;
use mlgrade_domain::value::Value;
use mlgrade_logs::{Node, json, numbered, yaml};

/// The values of a file, by dotted name: `{"tree": {"val_rmse": 3.5}}` and `{"tree.val_rmse": 3.5}` are the same.
pub type Statements = BTreeMap<String, Value>;

/// What a metrics or answers file states.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Contents {
    /// The values by name.
    pub values: Statements,
    /// What to say of names that it states twice with different values: the last one counts, as in Python's `json.load`.
    pub notes: Vec<Diagnostic>,
}

/// Reads a metrics or answers file; the ending of `path` tells TOML, JSON and YAML apart.
pub fn read(path: &str, bytes: &[u8]) -> Result<Contents, Diagnostic> {
    let fault = |message: String| Diagnostic::error(Code::NotReadable, message).in_file(path);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(fault("the file is empty".to_owned()).help("write your numbers into it".to_owned()));
    }
    let text = encoding::text(bytes).map_err(&fault)?;
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    let root = match ending.as_str() {
        "json" => json(&text),
        "toml" => parse_toml(&text),
        "yaml" | "yml" => yaml(&text),
        _ => {
            let help = "write the numbers into metrics.json: json.dump({\"name\": value, …}, open(\"metrics.json\", \"w\"))";
            return Err(fault(format!("a file of metrics or answers is TOML, JSON or YAML; .{ending} is not read")).help(help.to_owned()));
        }
    };
    let Node::Table(entries) = root.map_err(&fault)? else {
        return Err(fault("the file holds a single value, not named ones".to_owned()).help("write {\"name\": value, …}".to_owned()));
    };
    let mut all = Vec::new();
    for (name, node) in entries {
        flatten(name, node, 1, &mut all).map_err(&fault)?;
    }
    let mut stated = Contents::default();
    for (name, value) in all {
        let known = stated.values.insert(name.clone(), value);
        let value = &stated.values[&name];
        if let Some(known) = known.filter(|known| known != value) {
            let message = format!("`{name}` is stated twice, as {} and as {}; the last one counts", known.describe(), value.describe());
            stated.notes.push(Diagnostic::warning(Code::Ambiguous, message).in_file(path).help("state it once".to_owned()));
        }
    }
    Ok(stated)
}

/// Adds what `node`, under `name`, states to `into`, by dotted names in the order in which they are written.
pub(super) fn flatten(name: String, node: Node, depth: usize, into: &mut Vec<(String, Value)>) -> Result<(), String> {
    match node {
        Node::Table(_) if depth > limits::NESTING => Err(format!("`{name}` is nested more than {} deep", limits::NESTING)),
        Node::Table(entries) => {
            into.extend(numbered(&entries).map(|series| (name.clone(), series)));
            entries.into_iter().try_for_each(|(key, node)| flatten(format!("{name}.{key}"), node, depth + 1, into))
        }
        node => {
            into.push((name, node.into_value()));
            Ok(())
        }
    }
}

fn parse_toml(text: &str) -> Result<Node, String> {
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        let place = error.span().map(|span| place(text, span.start)).unwrap_or_default();
        format!("this is not TOML: {}{place}", error.message().replace('\n', ", "))
    })?;
    Ok(from_toml(toml::Value::Table(table)))
}

fn from_toml(value: toml::Value) -> Node {
    Node::Leaf(match value {
        toml::Value::Table(map) => return Node::Table(map.into_iter().map(|(key, value)| (key, from_toml(value))).collect()),
        toml::Value::Array(items) => Value::List(items.into_iter().map(|item| from_toml(item).into_value()).collect()),
        toml::Value::Integer(number) => Value::number(number as f64),
        toml::Value::Float(number) => Value::number(number),
        toml::Value::String(text) => Value::Text(text),
        toml::Value::Boolean(flag) => Value::Flag(flag),
        toml::Value::Datetime(time) => Value::Text(time.to_string()),
    })
}

/// " at line 3 column 7" for the byte `at`.
fn place(text: &str, at: usize) -> String {
    let before = text.get(..at).unwrap_or(text);
    let column = before.chars().rev().take_while(|&c| c != '\n').count() + 1;
    format!(" at line {} column {column}", before.matches('\n').count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stated(path: &str, text: &str) -> Contents {
        read(path, text.as_bytes()).unwrap_or_else(|fault| panic!("{text}: {fault}"))
    }

    #[test]
    fn a_column_that_counts_its_rows_is_a_series() {
        // As `pandas.DataFrame(history.history).to_json()` writes it, the rows in any order.
        let contents = stated(
            "metrics.json",
            r#"{"improved": {"val_loss": {"0": 0.3, "10": 0.03, "2": 0.2, "1": 0.25, "3": 0.1, "4": 0.09, "5": 0.08, "6": 0.07, "7": 0.06, "8": 0.05, "9": 0.04}}}"#,
        );
        assert_eq!(contents.values["improved.val_loss"], Value::series([0.3, 0.25, 0.2, 0.1, 0.09, 0.08, 0.07, 0.06, 0.05, 0.04, 0.03]));
        assert_eq!(contents.values["improved.val_loss.10"], Value::number(0.03));
        // Depths, a gap, a single entry and words count nothing.
        for text in [
            r#"{"a": {"2": 1, "4": 2}}"#,
            r#"{"a": {"0": 1, "2": 2}}"#,
            r#"{"a": {"1": 1}}"#,
            r#"{"a": {"0": 1, "x": 2}}"#,
            r#"{"a": {"0": 1, "1": {"b": 2}}}"#,
        ] {
            assert!(!stated("metrics.json", text).values.contains_key("a"), "{text}");
        }
    }

    #[test]
    fn a_name_that_is_stated_twice_is_told_unless_both_say_the_same() {
        let contents = stated("metrics.json", r#"{"a": 0.5, "b": 1, "a": 0.9, "b": 1, "c": {"d": 2}, "c.d": 3}"#);
        let notes: Vec<&str> = contents.notes.iter().map(|note| note.message.as_str()).collect();
        assert_eq!(notes, ["`a` is stated twice, as 0.5 and as 0.9; the last one counts", "`c.d` is stated twice, as 2 and as 3; the last one counts"]);
        assert_eq!((&contents.values["a"], &contents.values["b"]), (&Value::number(0.9), &Value::number(1.0)));
    }

    #[test]
    fn utf_16_is_read_and_other_formats_are_named() {
        let bytes: Vec<u8> = "\u{feff}{\"a\": 0.5}".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read("metrics.json", &bytes).map(|contents| contents.values["a"].clone()), Ok(Value::number(0.5)));
        let fault = read("metrics.csv", b"a,b\n1,2\n").unwrap_err().to_string();
        assert!(fault.contains(".csv is not read") && fault.contains("json.dump"), "{fault}");
    }

    #[test]
    fn deep_json_is_refused_and_not_followed() {
        let deep = format!("{{\"a\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(read("metrics.json", deep.as_bytes()).unwrap_err().message.contains("not JSON"));
    }
}
