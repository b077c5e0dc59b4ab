//! JSON lines: an object a line, whose keys are columns and whose values are numbers, texts, truth values or null.

use std::collections::HashMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::Malformed;
use super::columns::{Cell, Gathered, is_long_number};
use mlgrade_domain::table::Table;

/// One line: its keys and values in their order, the values as they are written.
struct Row<'l>(Vec<(String, &'l RawValue)>);

/// The table in `bytes`. A key that an object does not have is a missing value, as null is.
pub(super) fn table(bytes: &[u8]) -> Result<Table, Malformed> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes.iter().take(error.valid_up_to()).filter(|byte| **byte == b'\n').count() + 1;
        Malformed(format!("line {line} is not UTF-8 text"))
    })?;
    let mut gathered = Gathered::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let lines = text.trim_start_matches('\u{feff}').lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    for (row, (line, text)) in lines.enumerate() {
        let line = line + 1;
        let Row(entries) = serde_json::from_str(text).map_err(|error| unreadable(line, text, &error))?;
        for (key, value) in entries {
            let column = *places.entry(key).or_insert_with_key(|key| {
                gathered.add(key.clone());
                gathered.width() - 1
            });
            let place = || format!("line {line}, column `{}`", short(gathered.name(column).unwrap_or_default()));
            if gathered.height(column) > row {
                return Err(Malformed(format!("{} is there twice", place())));
            }
            let cell = cell(value.get()).map_err(|message| Malformed(format!("{}: {message}", place())))?;
            let place = place();
            gathered.fill(column, row).and_then(|()| gathered.push(column, cell)).map_err(|refusal| refusal.at(&place, row))?;
        }
        for column in 0..gathered.width() {
            gathered.fill(column, row + 1).map_err(|refusal| refusal.at("", row))?;
        }
    }
    gathered.table()
}

/// What stands in a cell, or what is wrong with it.
fn cell(written: &str) -> Result<Cell, String> {
    Ok(match written.as_bytes() {
        [b'"', ..] => Cell::Text(serde_json::from_str(written).map_err(|error| format!("the text is damaged: {error}"))?),
        [b't', ..] => Cell::Text("True".to_owned()),
        [b'f', ..] => Cell::Text("False".to_owned()),
        [b'n', ..] => Cell::Missing,
        [b'[' | b'{', ..] => return Err("a list or an object; a table has single values, so spread it over columns".to_owned()),
        _ if is_long_number(written) => return Err(format!("{} has more digits than a number keeps; write it as a text", short(written))),
        _ => Cell::Number(written.parse().map_err(|_| format!("`{}` is no number", short(written)))?),
    })
}

fn unreadable(line: usize, text: &str, error: &serde_json::Error) -> Malformed {
    let start = text.trim_start();
    let advice = if start.starts_with('[') {
        "; this is a list, and JSON lines have an object in each line: df.to_json(path, orient=\"records\", lines=True)".to_owned()
    } else if start.trim_end() == "{" {
        "; each line has to be a whole object".to_owned()
    } else if ["NaN", "Infinity"].iter().any(|word| text.contains(word)) {
        "; NaN and Infinity are no JSON: write null where a value is missing".to_owned()
    } else {
        String::new()
    };
    Malformed(format!("line {line} is no JSON object of single values: {error}{advice}"))
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

impl<'de> Deserialize<'de> for Row<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Row<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Row(entries))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn said(text: &str) -> String {
        table(text.as_bytes()).unwrap_err().to_string()
    }

    /// pandas 3.1, `df = pd.read_json(path, lines=True)`: `df.columns`, `df.isna().sum()` and `df.dropna()` of these lines.
    #[test]
    fn lines_are_rows_and_keys_are_columns() {
        let text = "{\"id\": 7, \"name\": \"caf\\u00e9\", \"ok\": true}\r\n\n{\"name\": null, \"id\": 8.5, \"ok\": false}\n{\"id\": -1e3, \"name\": \"NA\", \"ok\": true, \"x\": 1}\n{\"x\": 2, \"ok\": false, \"name\": \"b\", \"id\": 0}";
        let table = table(text.as_bytes()).unwrap();
        assert_eq!(table.names().collect::<Vec<_>>(), ["id", "name", "ok", "x"]);
        assert_eq!((table.rows(), table.dropped(), table.missing()), (2, 2, [0, 1, 0, 2].as_slice()));
        assert_eq!((table.numbers("id"), table.numbers("x")), (Ok([-1000.0, 0.0].as_slice()), Ok([1.0, 2.0].as_slice())));
        assert_eq!(table.texts("name").unwrap(), ["NA", "b"]);
        assert_eq!(table.texts("ok").unwrap(), ["True", "False"]);
    }

    #[test]
    fn faults_are_named_by_line_and_column() {
        assert!(said("{\"a\": 1}\n{\"a\": [2]}").starts_with("line 2, column `a`: a list or an object"));
        assert!(said("{\"a\": {}}").starts_with("line 1, column `a`: a list or an object"));
        assert!(said("{\"a\": 1}\n\n{\"a\": \"1\"}").starts_with("line 3, column `a`: text, but the column holds numbers before"));
        assert_eq!(said("{\"a\": 1, \"a\": 2}"), "line 1, column `a` is there twice");
        assert!(said("{\"a\": 12345678901234567890}").ends_with("has more digits than a number keeps; write it as a text"));
        assert!(said("{\"a\": 1e999}").contains("line 1, column `a`: the number is infinite"));
        assert!(said("{\"a\": NaN}").ends_with("write null where a value is missing"));
        assert!(said("[{\"a\": 1}]").contains("orient=\"records\", lines=True"));
        assert!(said("{\n\"a\": 1\n}").ends_with("each line has to be a whole object"));
        assert!(said("{\"a\": 1} {\"a\": 2}").starts_with("line 1 is no JSON object"));
        assert!(said("{\"a\": 1").starts_with("line 1 is no JSON object"));
        assert_eq!(said(""), "there are no rows");
        assert_eq!(table(b"{\"a\": 1}\n\xff").unwrap_err().to_string(), "line 2 is not UTF-8 text");
    }

    #[test]
    fn deep_nesting_and_many_columns_are_refused_without_harm() {
        let deep = format!("{{\"a\": {}}}", "[".repeat(1_000_000));
        assert!(said(&deep).starts_with("line 1 is no JSON object"));
        let closed = format!("{{\"a\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(said(&closed).starts_with("line 1, column `a`: a list"));
        // Each line has a column of its own: 1,000 rows of 1,000 columns.
        let wide = (0..1_000).map(|i| format!("{{\"c{i}\": {i}}}")).collect::<Vec<_>>().join("\n");
        assert!(said(&wide).starts_with("each of the 1,000 rows has a missing value"));
    }

    proptest! {
        #[test]
        fn any_text_is_refused_or_read(text in "[{}\\[\\]\"a:, 0-9eE.\n\\\\untlrsf-]{0,60}") {
            if let Ok(table) = table(text.as_bytes()) {
                prop_assert!(table.rows() > 0);
            }
        }

        #[test]
        fn what_is_written_is_read(rows in proptest::collection::vec((any::<f64>().prop_filter("finite", |x| x.is_finite()), ".{0,8}"), 1..8)) {
            let text: String = rows.iter().map(|(x, name)| serde_json::json!({"x": x, "name": name}).to_string() + "\n").collect();
            let table = table(text.as_bytes()).unwrap();
            prop_assert_eq!(table.numbers("x").unwrap(), rows.iter().map(|(x, _)| *x).collect::<Vec<_>>());
            prop_assert_eq!(table.texts("name").unwrap(), rows.into_iter().map(|(_, name)| name).collect::<Vec<_>>());
        }

        #[test]
        fn any_bytes_are_refused_or_read(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = table(&bytes);
        }
    }
}
