//! Metrics and answers files: TOML or JSON to values by dotted name.

use std::collections::BTreeMap;

use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::limits;

use super::json::quote_non_numbers;
use super::value::Value;

/// The values of a file, by dotted name: `{"tree": {"val_rmse": 3.5}}` and `{"tree.val_rmse": 3.5}` are the same.
pub type Statements = BTreeMap<String, Value>;

/// Reads a metrics or answers file; the ending of `path` tells TOML from JSON.
pub fn read(path: &str, bytes: &[u8]) -> Result<Statements, Diagnostic> {
    let fault = |message: String| Diagnostic::error(Code::NotReadable, message).in_file(path);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(fault("the file is empty".to_owned()).help("write your numbers into it".to_owned()));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| fault(format!("byte {} is not UTF-8 text", error.valid_up_to())).help("save the file as UTF-8".to_owned()))?;
    let text = text.trim_start_matches('\u{feff}');
    let root =
        if std::path::Path::new(path).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json")) { parse_json(text) } else { parse_toml(text) };
    let mut statements = Statements::new();
    let Node::Table(entries) = root.map_err(&fault)? else {
        return Err(fault("the file holds a single value, not named ones".to_owned()).help("write {\"name\": value, …}".to_owned()));
    };
    for (name, node) in entries {
        flatten(name, node, 1, &mut statements).map_err(&fault)?;
    }
    Ok(statements)
}

/// A value, or a table of them.
#[derive(Debug, PartialEq)]
pub(super) enum Node {
    Leaf(Value),
    Table(Vec<(String, Node)>),
}

pub(super) fn flatten(name: String, node: Node, depth: usize, into: &mut Statements) -> Result<(), String> {
    match node {
        Node::Table(_) if depth > limits::NESTING => Err(format!("`{name}` is nested more than {} deep", limits::NESTING)),
        Node::Table(entries) => entries.into_iter().try_for_each(|(key, node)| flatten(format!("{name}.{key}"), node, depth + 1, into)),
        Node::Leaf(value) => {
            into.insert(name, value);
            Ok(())
        }
    }
}

fn parse_json(text: &str) -> Result<Node, String> {
    let parsed: serde_json::Value = serde_json::from_str(&quote_non_numbers(text)).map_err(|error| format!("this is not JSON: {error}"))?;
    Ok(from_json(parsed))
}

fn from_json(value: serde_json::Value) -> Node {
    use serde_json::Value as Json;
    Node::Leaf(match value {
        Json::Object(map) => return Node::Table(map.into_iter().map(|(key, value)| (key, from_json(value))).collect()),
        Json::Array(items) => Value::List(items.into_iter().map(|item| leaf(from_json(item))).collect()),
        Json::Number(number) => number.as_f64().map_or_else(|| Value::Unusable(number.to_string()), Value::number),
        Json::String(text) => Value::Text(text),
        Json::Bool(flag) => Value::Flag(flag),
        Json::Null => Value::Unusable("null".to_owned()),
    })
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
        toml::Value::Array(items) => Value::List(items.into_iter().map(|item| leaf(from_toml(item))).collect()),
        toml::Value::Integer(number) => Value::number(number as f64),
        toml::Value::Float(number) => Value::number(number),
        toml::Value::String(text) => Value::Text(text),
        toml::Value::Boolean(flag) => Value::Flag(flag),
        toml::Value::Datetime(time) => Value::Text(time.to_string()),
    })
}

pub(super) fn leaf(node: Node) -> Value {
    match node {
        Node::Leaf(value) => value,
        Node::Table(_) => Value::Unusable("a table".to_owned()),
    }
}

/// " at line 3 column 7" for the byte `at`.
fn place(text: &str, at: usize) -> String {
    let before = text.get(..at).unwrap_or(text);
    let column = before.chars().rev().take_while(|&c| c != '\n').count() + 1;
    format!(" at line {} column {column}", before.matches('\n').count() + 1)
}
