//! JSON: a list, a list of lists, a list of records, or an object that has one of these under a name.

use serde_json::{Map, Value};

use crate::evidence::encoding;
use crate::evidence::json::quote_non_numbers;

use super::sheet::{Cell, Sheet};
use super::{Decoded, NAMES, short};
use crate::domain::limits;
use crate::domain::name::list;

/// Objects within objects.
const NESTING: usize = 3;

pub(super) fn read(bytes: &[u8], name: &str) -> Decoded {
    let text = encoding::text(bytes)?;
    let value: Value = serde_json::from_str(&quote_non_numbers(&text)).map_err(|error| format!("this is not JSON: {error}"))?;
    let mut notes = Vec::new();
    let sheet = sheet(find(&value, name, &mut notes, 0)?)?;
    let (content, more) = sheet.content(name)?;
    notes.extend(more);
    Ok((content, notes))
}

/// The predictions: a list, or an object whose keys count the rows.
fn find<'v>(value: &'v Value, name: &str, notes: &mut Vec<String>, depth: usize) -> Result<&'v Value, String> {
    let Value::Object(map) = value else { return Ok(value) };
    if rows_by_number(map).is_some() {
        return Ok(value);
    }
    let holds = |value: &Value| matches!(value, Value::Array(_) | Value::Object(_));
    let named = |wanted: &str| map.iter().find(|(key, value)| key.eq_ignore_ascii_case(wanted) && holds(value));
    let lists: Vec<(&String, &Value)> = map.iter().filter(|(_, value)| holds(value)).collect();
    let found = std::iter::once(name).chain(NAMES).find_map(named).or(if let [only] = lists.as_slice() { Some(*only) } else { None });
    match found {
        Some((key, inner)) if depth < NESTING => {
            if lists.len() > 1 {
                notes.push(format!("of {} lists `{key}` was read", lists.len()));
            }
            find(inner, name, notes, depth + 1)
        }
        Some((key, _)) => Err(format!("`{key}` is nested more than {NESTING} deep")),
        None if map.is_empty() => Err("the file holds no predictions".to_owned()),
        None => Err(format!("the file holds {}, and none of them is a list named `{name}` or `predictions`", list(map.keys().take(20).map(String::as_str)))),
    }
}

/// The values of an object such as `{"0": 7, "1": 2}`, as pandas writes a series, in the order of its numbers.
fn rows_by_number(map: &Map<String, Value>) -> Option<Vec<&Value>> {
    let mut rows: Vec<(usize, &Value)> = map.iter().map(|(key, value)| Some((key.parse().ok()?, value))).collect::<Option<_>>()?;
    rows.sort_by_key(|&(row, _)| row);
    let counts = !rows.is_empty() && rows.iter().enumerate().all(|(i, &(row, _))| i == row);
    counts.then(|| rows.into_iter().map(|(_, value)| value).collect())
}

fn sheet(value: &Value) -> Result<Sheet, String> {
    let rows: Vec<&Value> = match value {
        Value::Array(rows) => rows.iter().collect(),
        Value::Object(map) => rows_by_number(map).unwrap_or_default(),
        other => return Err(format!("the file holds {}, expected a list", describe(other))),
    };
    let mut sheet = Sheet::new(limits::PREDICTIONS_NUMBERS);
    // Records name their columns in each row; the first row's names are the header.
    let header: Option<Vec<&String>> = rows.first().and_then(|row| row.as_object()).map(|record| record.keys().collect());
    if let Some(header) = &header {
        sheet.header = Some(header.iter().map(ToString::to_string).collect());
    }
    for row in rows {
        match (row, &header) {
            (Value::Array(cells), None) if cells.iter().any(|cell| matches!(cell, Value::Array(_) | Value::Object(_))) => {
                return Err(format!("row {} holds lists or objects, expected numbers", sheet.rows() + 1));
            }
            (Value::Array(cells), None) => sheet.push(cells.iter().map(cell))?,
            (Value::Object(record), Some(header)) if record.len() == header.len() => {
                sheet.push(header.iter().map(|key| record.get(*key).map_or(Cell::Word(""), cell)))?;
            }
            (Value::Object(_), None) | (_, Some(_)) => {
                return Err(format!("row {} is {}, unlike the first", sheet.rows() + 1, describe(row)));
            }
            (scalar, None) => sheet.push(std::iter::once(cell(scalar)))?,
        }
    }
    Ok(sheet)
}

fn cell(value: &Value) -> Cell<'_> {
    match value {
        Value::Number(number) => number.as_f64().map_or(Cell::Word("a number too large"), Cell::of),
        Value::Bool(flag) => Cell::Number(f64::from(u8::from(*flag))),
        Value::String(text) => Cell::Word(text.trim()),
        Value::Null => Cell::Word("null"),
        Value::Array(_) => Cell::Word("a list within a row"),
        Value::Object(_) => Cell::Word("an object within a row"),
    }
}

fn describe(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => format!("the text `{}`", short(text)),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}
