//! The student's edition of a rubric: what is secret is not in it at all.

use toml::{Table, Value};

use super::write;
use crate::check::KINDS;

/// What a student's edition begins with.
const HEAD: &str = "\
# The student's edition of a rubric: it tells what is looked at, not what it is compared with.
# `mlgrade check FOLDER --rubric FILE`, with the name of this file, tells what is found, what to fix and what is not there yet.
";

/// The student's edition of the rubric `text`, which has been parsed without errors: without hidden items, without the settings
/// that its checks call secret, and without comments. References go too: nothing in it can be run for the expected values. What a
/// student needs to do the work stands in the titles and in each part's `instructions`, which stay.
pub fn student_edition(text: &str) -> Result<String, toml::de::Error> {
    let mut rubric: Table = text.parse()?;
    rubric.insert("edition".to_owned(), "student".into());
    // With the seed, whoever guesses the settings could run the reference for its values.
    rubric.insert("seed".to_owned(), 0.into());
    let tables = |value: Option<&mut Value>| value.and_then(Value::as_array_mut).map(std::mem::take).unwrap_or_default();
    let parts = tables(rubric.get_mut("part")).into_iter().filter_map(|part| match part {
        Value::Table(mut part) => {
            part.remove("reference");
            part.remove("points");
            let items: Vec<Value> = tables(part.get_mut("item")).into_iter().filter(|item| !is_hidden(item)).map(without_secrets).collect();
            let keep = !items.is_empty();
            part.insert("item".to_owned(), Value::Array(items));
            keep.then_some(Value::Table(part))
        }
        _ => None,
    });
    let mut parts: Vec<Value> = parts.collect();
    let kept: Vec<String> = parts.iter().flat_map(ids).collect();
    for part in &mut parts {
        drop_waits_for_hidden(part, &kept);
    }
    // A data set that only hidden items use would tell that they exist.
    let used = |name: &str| parts.iter().flat_map(items).any(|item| item.get("data").and_then(Value::as_str) == Some(name));
    if let Some(Value::Table(data)) = rubric.get_mut("data") {
        *data = std::mem::take(data).into_iter().filter(|(name, _)| used(name)).collect();
    }
    if rubric.get("data").and_then(Value::as_table).is_some_and(Table::is_empty) {
        rubric.remove("data");
    }
    // So would the place of something that only hidden items look at.
    let named: Vec<&str> = parts.iter().flat_map(items).flat_map(strings).collect();
    if let Some(Value::Table(usual)) = rubric.get_mut("where") {
        let is_usual = |name: &str| ["notebook", "report", "metrics", "answers"].contains(&name);
        let bare =
            |name: &str| name.split_once('/').filter(|(folder, _)| ["figures", "predictions"].contains(folder)).map_or(name, |(_, bare)| bare).to_owned();
        usual.retain(|name, _| is_usual(name) || named.iter().any(|known| *known == name || *known == bare(name)));
    }
    rubric.insert("part".to_owned(), Value::Array(parts));
    Ok(format!("{HEAD}{}", write::rubric(&rubric)))
}

fn items(part: &Value) -> impl Iterator<Item = &Value> {
    part.get("item").and_then(Value::as_array).into_iter().flatten()
}

/// All texts in a value.
fn strings(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().flat_map(strings).collect(),
        Value::Table(table) => table.values().flat_map(strings).collect(),
        _ => Vec::new(),
    }
}

fn ids(part: &Value) -> Vec<String> {
    let id = |value: &Value| value.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    items(part).map(|item| format!("{}/{}", id(part), id(item))).collect()
}

fn drop_waits_for_hidden(part: &mut Value, kept: &[String]) {
    let id = part.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    for item in part.get_mut("item").and_then(Value::as_array_mut).into_iter().flatten() {
        let Some(item) = item.as_table_mut() else { continue };
        let waits = |after: &str| if after.contains('/') { after.to_owned() } else { format!("{id}/{after}") };
        for link in ["after", "backed_by"] {
            if item.get(link).and_then(Value::as_str).is_some_and(|other| !kept.contains(&waits(other))) {
                item.remove(link);
            }
        }
    }
}

fn is_hidden(item: &Value) -> bool {
    item.get("student").and_then(Value::as_str) == Some("hidden")
}

fn without_secrets(mut item: Value) -> Value {
    let kind = KINDS.iter().find(|kind| item.get("check").and_then(Value::as_str) == Some(kind.name));
    if let (Some(kind), Some(table)) = (kind, item.as_table_mut()) {
        for key in kind.secret() {
            // An expectation that is derived from the student's own numbers gives nothing away.
            let derived = key == "expect" && table.get("expect").is_some_and(Value::is_table);
            let removed = if derived { None } else { table.remove(key) };
            // What an order is between has to be handed in; only which comes first is the answer.
            if let ("ascending", Some(Value::Array(mut names))) = (key, removed) {
                names.sort_by_key(ToString::to_string);
                table.insert("values".to_owned(), Value::Array(names));
            }
        }
        // What a number must be by others of the student's own is no secret; a number in its place is the answer.
        if let Some(Value::Table(relations)) = table.get_mut("is") {
            relations.retain(|_, relation| !matches!(relation, Value::Integer(_) | Value::Float(_)));
            if relations.is_empty() {
                table.remove("is");
            }
        }
    }
    item
}
