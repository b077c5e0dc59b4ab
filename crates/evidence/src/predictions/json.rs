//! JSON: a list, a list of lists, a list of records, what pandas writes of a frame or a series, or an object that has one of these under a
//! name.

use serde_json::{Map, Value};

use crate::encoding;
use mlgrade_domain::json::quote_non_numbers;

use super::names::{Choice, choose};
use super::numerals::without_calls;
use super::sheet::{Cell, Sheet};
use super::{Asked, Decoded, Refusal, short};
use mlgrade_domain::limits;
use mlgrade_domain::name::list;

/// Objects within objects.
const NESTING: usize = 3;

/// From this number of rows on, the keys of an object may name rows without being numbers.
const NAMED_ROWS: usize = 10;

pub(super) fn read(bytes: &[u8], asked: Asked<'_>) -> Decoded {
    let text = encoding::text(bytes)?;
    let text = without_calls(&text);
    let value = parse(&text)?;
    let mut notes = Vec::new();
    let mut found = sheet_in(&value, asked, &mut notes, 0)?.content(asked)?;
    notes.append(&mut found.notes);
    found.notes = notes;
    Ok(found)
}

/// One value, or one in each line, as pandas writes records with `lines=True`.
fn parse(text: &str) -> Result<Value, String> {
    let quoted = quote_non_numbers(text);
    serde_json::from_str(&quoted).or_else(|error| {
        let mut lines = quoted.lines().map(str::trim).filter(|line| !line.is_empty());
        let several = quoted.trim_start().starts_with(['{', '[']) && quoted.trim().contains('\n');
        let values = lines.by_ref().map(serde_json::from_str).collect::<Result<Vec<Value>, _>>();
        values.ok().filter(|_| several).map(Value::Array).ok_or_else(|| format!("this is not JSON: {error}"))
    })
}

/// The rows of the predictions that are asked for, wherever in `value` they are.
fn sheet_in(value: &Value, asked: Asked<'_>, notes: &mut Vec<String>, depth: usize) -> Result<Sheet, Refusal> {
    let Value::Object(map) = value else { return Ok(of_list(value)?) };
    if let Some(sheet) = of_pandas(map) {
        return Ok(sheet?);
    }
    if let Some(sheet) = of_object(map) {
        let mut sheet = sheet?;
        sheet.unordered = true;
        return Ok(sheet);
    }
    let holds = |value: &Value| matches!(value, Value::Array(_) | Value::Object(_));
    let lists: Vec<(&String, &Value)> = map.iter().filter(|(_, value)| holds(value)).collect();
    let names: Vec<String> = lists.iter().map(|(key, _)| (*key).clone()).collect();
    let none = || {
        if map.is_empty() {
            return Refusal::Empty;
        }
        let message =
            format!("the file holds {}, and none of them is a list named `{}` or `predictions`", list(map.keys().take(20).map(String::as_str)), asked.name);
        if lists.len() > 1 { Refusal::Unclear(message) } else { Refusal::Wrong(message) }
    };
    if lists.is_empty() {
        return Err(none());
    }
    let (id, choice) = choose(&names, asked);
    let chosen = match choice {
        Ok(Choice::Named(place) | Choice::Left(place)) => place,
        Ok(Choice::Several(columns)) if asked.layout.targets.len() > 1 => {
            return of_lists(&lists, id.into_iter().chain(columns)).unwrap_or_else(|| Err(none()));
        }
        Ok(Choice::Several(_)) => return Err(none()),
        Err(message) => return Err(Refusal::Unclear(format!("of {} lists {message}", lists.len()))),
    };
    let (key, inner) = lists[chosen];
    if depth >= NESTING {
        return Err(format!("`{key}` is nested more than {NESTING} deep").into());
    }
    if lists.len() > 1 {
        notes.push(format!("of {} lists `{key}` was read", lists.len()));
    }
    if let (Some((id, Value::Array(ids))), Value::Array(rows)) = (id.filter(|id| *id != chosen).map(|id| lists[id]), inner)
        && ids.len() == rows.len()
        && !rows.iter().any(holds)
    {
        let header = vec![id.clone(), key.clone()];
        return Ok(filled(Some(header), ids.iter().zip(rows).map(|(id, row)| vec![cell(id), cell(row)]))?);
    }
    sheet_in(inner, asked, notes, depth + 1)
}

/// Lists of scalars, each a column; `None` if they are not of one length.
fn of_lists(lists: &[(&String, &Value)], places: impl Iterator<Item = usize>) -> Option<Result<Sheet, Refusal>> {
    let columns: Vec<(&String, &Vec<Value>)> =
        places.map(|place| lists.get(place).and_then(|(name, list)| Some((*name, list.as_array()?)))).collect::<Option<_>>()?;
    let rows = columns.first()?.1.len();
    let header = columns.iter().map(|(name, _)| (*name).clone()).collect();
    let row = |row: usize| columns.iter().filter_map(|(_, list)| list.get(row)).map(cell).collect();
    columns.iter().all(|(_, list)| list.len() == rows).then(|| Ok(filled(Some(header), (0..rows).map(row))?))
}

/// A frame or a series as `pandas.to_json` writes it with `orient` "split" or "table"; `None` if `map` is none.
fn of_pandas(map: &Map<String, Value>) -> Option<Result<Sheet, String>> {
    if let Some(rows) = map.get("data").and_then(Value::as_array) {
        if map.contains_key("schema") {
            return Some(of_rows(&rows.iter().collect::<Vec<_>>()));
        }
        if let Some(index) = map.get("index").and_then(Value::as_array) {
            return Some(of_split(map, index, rows));
        }
    }
    None
}

/// A series or frame whose rows are called by the keys of objects, by rows or by columns; `None` if `map` is none.
fn of_object(map: &Map<String, Value>) -> Option<Result<Sheet, String>> {
    let is_scalar = |value: &Value| !matches!(value, Value::Array(_) | Value::Object(_));
    if map.values().all(is_scalar) {
        return names_rows(map)
            .then(|| filled(Some(vec![String::new(), "values".to_owned()]), in_order(map).into_iter().map(|(key, value)| vec![key_cell(key), cell(value)])));
    }
    let inner: Vec<&Map<String, Value>> = map.values().map(Value::as_object).collect::<Option<_>>()?;
    let first = *inner.first()?;
    let are_alike = inner.iter().all(|other| other.len() == first.len() && other.keys().eq(first.keys()) && other.values().all(is_scalar));
    let by_row = are_alike && names_rows(map) && (map.len() > first.len() || !names_rows(first));
    if by_row {
        // Each row is a record under its name.
        let header = std::iter::once(String::new()).chain(first.keys().cloned()).collect();
        return Some(filled(Some(header), in_order(map).into_iter().map(|(key, record)| row_of(key, record))));
    }
    (are_alike && names_rows(first)).then(|| {
        // Each column is an object of its own.
        let columns = in_order(map);
        let header = std::iter::once("").chain(columns.iter().map(|(name, _)| *name)).map(str::to_owned).collect();
        let rows =
            in_order(first).into_iter().map(|(key, _)| std::iter::once(key_cell(key)).chain(columns.iter().map(|(_, column)| cell(&column[key]))).collect());
        filled(Some(header), rows)
    })
}

/// The row `key` of a frame, a record.
fn row_of<'v>(key: &'v str, record: &'v Value) -> Vec<Cell<'v>> {
    std::iter::once(key_cell(key)).chain(record.as_object().into_iter().flat_map(Map::values).map(cell)).collect()
}

/// What `orient="split"` writes of a frame, or of a series.
fn of_split(map: &Map<String, Value>, index: &[Value], rows: &[Value]) -> Result<Sheet, String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let names: Vec<String> = match map.get("columns").and_then(Value::as_array) {
        Some(columns) => columns.iter().map(text).collect(),
        None => vec![map.get("name").filter(|name| !name.is_null()).map_or_else(|| "values".to_owned(), text)],
    };
    if index.len() != rows.len() {
        return Err(format!("the file holds {} rows and {} names of rows", rows.len(), index.len()));
    }
    let header = std::iter::once(String::new()).chain(names).collect();
    filled(Some(header), index.iter().zip(rows).map(|(index, row)| split_row(index, row)))
}

fn split_row<'v>(index: &'v Value, row: &'v Value) -> Vec<Cell<'v>> {
    let cells = row.as_array().map_or_else(|| vec![cell(row)], |cells| cells.iter().map(cell).collect());
    std::iter::once(cell(index)).chain(cells).collect()
}

/// Whether the keys of an object may be the names of rows: whole numbers, or a good many.
fn names_rows(map: &Map<String, Value>) -> bool {
    map.len() >= NAMED_ROWS || (!map.is_empty() && map.keys().all(|key| key.parse::<u64>().is_ok()))
}

/// The entries of an object in the order of its keys, as numbers where they are.
fn in_order(map: &Map<String, Value>) -> Vec<(&str, &Value)> {
    let mut entries: Vec<(&str, &Value)> = map.iter().map(|(key, value)| (key.as_str(), value)).collect();
    entries.sort_by_key(|(key, _)| (key.parse::<u64>().unwrap_or(u64::MAX), *key));
    entries
}

fn key_cell(key: &str) -> Cell<'_> {
    key.parse::<f64>().map_or(Cell::Word(key), Cell::of)
}

fn filled<'v>(header: Option<Vec<String>>, rows: impl Iterator<Item = Vec<Cell<'v>>>) -> Result<Sheet, String> {
    let mut sheet = Sheet::new(limits::PREDICTIONS_NUMBERS);
    sheet.header = header;
    for row in rows {
        sheet.push(row.into_iter())?;
    }
    Ok(sheet)
}

fn of_list(value: &Value) -> Result<Sheet, String> {
    match value {
        Value::Array(rows) => of_rows(&rows.iter().collect::<Vec<_>>()),
        other => Err(format!("the file holds {}, expected a list", describe(other))),
    }
}

fn of_rows(rows: &[&Value]) -> Result<Sheet, String> {
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
