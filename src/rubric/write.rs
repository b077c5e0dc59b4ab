//! A rubric as TOML that people like to read: keys in the order in which rubrics are written, one item after another.

use std::fmt::Write;

use toml::{Table, Value};

/// Keys that come first, in this order; the others follow by the alphabet.
const FIRST: [&str; 12] = ["schema", "id", "title", "instructions", "edition", "seed", "points", "bonus", "student", "after", "backed_by", "check"];

/// The TOML of `rubric`.
pub(super) fn rubric(rubric: &Table) -> String {
    let mut out = String::new();
    let is_table = |key: &str, value: &Value| value.is_table() || key == "part";
    keys(&mut out, rubric.iter().filter(|(key, value)| !is_table(key, value)));
    for (key, value) in rubric {
        if let Value::Table(table) = value {
            let _ = writeln!(out, "\n[{}]", name(key));
            keys(&mut out, table.iter());
        }
    }
    for part in rubric.get("part").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_table) {
        out += "\n[[part]]\n";
        keys(&mut out, part.iter().filter(|(key, _)| *key != "item"));
        for item in part.get("item").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_table) {
            out += "\n[[part.item]]\n";
            keys(&mut out, item.iter());
        }
    }
    out
}

fn keys<'t>(out: &mut String, table: impl Iterator<Item = (&'t String, &'t Value)>) {
    let mut all: Vec<(&String, &Value)> = table.collect();
    all.sort_by_key(|(key, _)| (FIRST.iter().position(|first| first == key).unwrap_or(FIRST.len()), *key));
    for (key, value) in all {
        let _ = writeln!(out, "{} = {}", name(key), text(value));
    }
}

/// A key, in quotes if it needs them.
fn name(key: &str) -> String {
    let is_bare = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    if is_bare { key.to_owned() } else { format!("\"{}\"", key.chars().map(escaped).collect::<String>().replace('\n', "\\n")) }
}

/// A value; text of several lines is written in several lines.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) if text.contains('\n') => {
            let escaped: String = text.chars().map(escaped).collect();
            format!("\"\"\"\n{escaped}\"\"\"")
        }
        value => value.to_string(),
    }
}

/// A character in double quotes; line breaks stay.
fn escaped(c: char) -> String {
    match c {
        '\\' | '"' => format!("\\{c}"),
        '\n' | '\t' => c.to_string(),
        c if c.is_control() => format!("\\u{:04X}", u32::from(c)),
        c => c.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keys_stand_in_the_order_in_which_people_write_them() {
        let table: Table = "title = \"T\"\nid = \"a\"\nschema = 1\n[data]\nx = { builtin = \"mnist\" }\n[[part]]\ntitle = \"P\"\nid = \"p\"\n\
                            instructions = \"One.\\nTwo \\\"2\\\".\"\n[[part.item]]\nvalue = \"v\"\ncheck = \"number\"\nid = \"i\"\n"
            .parse()
            .unwrap();
        let expected = "schema = 1\nid = \"a\"\ntitle = \"T\"\n\n[data]\nx = { builtin = \"mnist\" }\n\n[[part]]\nid = \"p\"\ntitle = \"P\"\n\
                        instructions = \"\"\"\nOne.\nTwo \\\"2\\\".\"\"\"\n\n[[part.item]]\nid = \"i\"\ncheck = \"number\"\nvalue = \"v\"\n";
        assert_eq!(rubric(&table), expected);
        assert_eq!(rubric(&table).parse::<Table>().unwrap(), table);
    }

    proptest! {
        #[test]
        fn any_text_under_any_key_is_read_back(key in "\\PC{1,12}", text in "[\\PC\\n\\t\\r\"\\\\]{0,60}", number in any::<i64>()) {
            let item = Table::from_iter([(key.clone(), Value::from(text.clone())), ("list".to_owned(), Value::Array(vec![text.into(), number.into()]))]);
            let part = Table::from_iter([("item".to_owned(), Value::Array(vec![item.clone().into()]))]);
            let whole = Table::from_iter([("data".to_owned(), item.into()), ("part".to_owned(), Value::Array(vec![part.into()]))]);
            prop_assert_eq!(rubric(&whole).parse::<Table>().unwrap(), whole);
        }
    }
}
