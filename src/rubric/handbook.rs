//! What can stand in a rubric, from the tables in the code: for `mlgrade explain`, for docs/rubric.md, and as JSON Schema for editors.

use std::fmt::Write;

use serde_json::{Map, Value, json};

use crate::check::{KINDS, Kind};
use crate::domain::diagnostic::CODES;
use crate::domain::key::{Key, Need};
use crate::metrics::table::{Better, METRICS, NAMES};
use crate::reference::REFERENCES;

use super::keys::{ITEM, LATE, PART, REFERENCE, RUBRIC};

/// How wide a text on a terminal is.
const WIDTH: usize = 100;

/// What a kind of check is, for a terminal.
pub fn of_kind(kind: &Kind) -> String {
    let mut text = format!("{}\n\n", wrapped(kind.about, 0));
    let longest = kind.keys.iter().map(|key| key.name.len()).max().unwrap_or(0);
    for key in kind.keys {
        let indent = longest + 4;
        let form = if key.value.is_plain() { String::new() } else { format!(" Such as {}.", key.example) };
        let described = wrapped(&format!("{}{form}{}", key.meaning, remark(key)), indent);
        let _ = writeln!(text, "  {:longest$}  {described}", key.name);
    }
    if !kind.more.is_empty() {
        text.extend(["\n", &kind.more.split("\n\n").map(|paragraph| wrapped(paragraph, 0)).collect::<Vec<_>>().join("\n\n"), "\n"]);
    }
    let _ = write!(text, "\nExample:\n\n[[part.item]]\nid = \"…\"\ntitle = \"…\"\npoints = 10\ncheck = \"{}\"\n{}", kind.name, kind.example.item);
    text
}

/// The metrics of `recompute`, for a terminal: where each comes from, what it takes, its settings, which way is better and where it lies.
pub fn of_metrics() -> String {
    let mut text = String::new();
    let longest = NAMES.iter().map(|name| name.len()).max().unwrap_or(0);
    for metric in &METRICS {
        let settings = metric.keys.iter().map(|key| format!("`{}`{}", key.name.word(), if key.needed { "" } else { " if wanted" }));
        let settings = if metric.keys.is_empty() { String::new() } else { format!("; {}", settings.collect::<Vec<_>>().join(", ")) };
        let better = metric.scale.better.map_or("", |better| if better == Better::Higher { ", higher is better" } else { ", lower is better" });
        let end = |end: Option<f64>| end.map_or_else(String::new, |end| end.to_string());
        let range = format!("{}..{}", end(metric.scale.least), end(metric.scale.most));
        let line = format!("of {}{settings}; {range}{better}. {}", metric.needs.words(), metric.source);
        let _ = writeln!(text, "  {:longest$}  {}", metric.name, wrapped(&line, longest + 4));
    }
    text
}

/// What has to be known of a key beside its meaning: " (default 1; secret)".
fn remark(key: &Key) -> String {
    let need = match key.need {
        Need::Required => Some("needed".to_owned()),
        Need::Optional => None,
        Need::Default(value) => Some(format!("default {value}")),
    };
    let secret = key.secret.then(|| "not in the student's edition".to_owned());
    let remarks: Vec<String> = need.into_iter().chain(secret).collect();
    if remarks.is_empty() { String::new() } else { format!(" ({})", remarks.join("; ")) }
}

/// `text` in lines, each but the first after `indent` spaces.
fn wrapped(text: &str, indent: usize) -> String {
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split_whitespace() {
        let fits = lines.last().is_some_and(|line| line.is_empty() || indent + line.chars().count() + 1 + word.chars().count() <= WIDTH);
        match lines.last_mut() {
            Some(line) if fits => {
                let space = if line.is_empty() { "" } else { " " };
                line.extend([space, word]);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join(&format!("\n{}", " ".repeat(indent)))
}

/// docs/rubric.md: every key of a rubric, every check, every reference, every message.
pub fn markdown() -> String {
    let mut text = "# The rubric language\n\n\
        This page is written from the tables in the program by `mlgrade schema rubric-reference`. A key marked *secret* is not in the student's edition \
        of a rubric, which `mlgrade release` writes.\n\n\
        A rubric is TOML. Its first line may name the schema, so that editors with Taplo (Even Better TOML) complete and check it:\n\n\
        ```toml\n#:schema ./rubric.schema.json\n```\n\nwith the file from `mlgrade schema rubric > rubric.schema.json`.\n"
        .to_owned();
    for (title, about, keys) in [
        ("The rubric", "", RUBRIC),
        ("`[[part]]`", "", PART),
        ("`reference`", "Exactly one of `run`, `submission` and `command`. Whichever it is, grading reads the lock alone.", REFERENCE),
        ("`[[part.item]]`", "Every item has these keys beside those of its check.", ITEM),
        ("`[late]`", "", LATE),
    ] {
        let _ = write!(text, "\n## {title}\n\n");
        if !about.is_empty() {
            let _ = write!(text, "{about}\n\n");
        }
        text.push_str(&table(keys));
    }
    text.push_str(
        "\n## Values\n\n\
         - A **share** is `\"10%\"` or `0.1`; a **time span** is `\"6h\"` or `\"5d\"`; a time has its zone: `2023-03-06T23:59:59-06:00`.\n\
         - A **tolerance** is `{ absolute = 0.01 }`, `{ relative = \"5%\" }` or both: |stated - expected| <= absolute + relative * |expected|.\n\
         - A **bound** (`at_least`, `at_most`, `above`, `below`) is a number, or the name of a number that the reference states. Nothing is computed \
         in a rubric: a margin is a number of its own that the reference states.\n\
         - **Data sets** are described in [data.md](data.md), the places of `[where]` in [notebooks.md](notebooks.md), [pdf.md](pdf.md) and [logs.md](logs.md).\n",
    );
    text.push_str("\n# Checks\n");
    for kind in KINDS {
        let _ = write!(text, "\n## `{}`\n\n{}\n\n{}", kind.name, escaped(kind.about), table(kind.keys));
        if !kind.more.is_empty() {
            let _ = write!(text, "\n{}\n", escaped(kind.more));
        }
        let _ = write!(text, "\n```toml\n[[part.item]]\nid = \"example\"\ntitle = \"…\"\npoints = 10\ncheck = \"{}\"\n{}\n```\n", kind.name, kind.example.item);
    }
    text.push_str("\n# References that run\n");
    for entry in REFERENCES {
        let _ = write!(text, "\n## `run = \"{}\"`\n\n```text\n{}\n```\n", entry.name, entry.doc.trim());
    }
    text.push_str("\n# Messages\n\nEach message has a stable code: R of a rubric, L of its lock, D of data, S of a submission, B of the program.\n\n| code | what it says |\n|---|---|\n");
    for (_, code, about) in CODES {
        let _ = writeln!(text, "| {code} | {} |", cell(about));
    }
    text
}

fn table(keys: &[Key]) -> String {
    let mut text = "| key | value | default | meaning | example |\n|---|---|---|---|---|\n".to_owned();
    for key in keys {
        let default = match key.need {
            Need::Required => "needed".to_owned(),
            Need::Optional => "–".to_owned(),
            Need::Default(value) => format!("`{}`", cell(value)),
        };
        let secret = if key.secret { " *Secret.*" } else { "" };
        let _ =
            writeln!(text, "| `{}` | {} | {default} | {}{secret} | `{}` |", key.name, cell(&key.value.words()), cell(&escaped(key.meaning)), cell(key.example));
    }
    text
}

/// Text in a cell of a Markdown table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

/// Text in which nothing is Markdown but what stands in backquotes.
fn escaped(text: &str) -> String {
    let outside = |text: &str| text.replace('*', "\\*").replace('_', "\\_").replace('<', "&lt;").replace('[', "\\[");
    text.split('`').enumerate().map(|(place, piece)| if place % 2 == 0 { outside(piece) } else { format!("`{piece}`") }).collect()
}

/// The JSON Schema of rubrics, for editors.
pub fn schema() -> Value {
    let item = |kind: &Kind| {
        let mut object = object(ITEM.iter().chain(kind.keys));
        object["properties"]["check"] = json!({ "const": kind.name });
        object["title"] = json!(format!("check = \"{}\"", kind.name));
        object["description"] = json!(kind.about);
        object
    };
    let mut part = object(PART.iter());
    part["properties"]["item"] = json!({ "type": "array", "items": { "oneOf": KINDS.iter().map(item).collect::<Vec<_>>() } });
    let mut reference = object(REFERENCE.iter());
    // The settings of `run` are those of the implementation.
    reference["additionalProperties"] = json!(true);
    reference["oneOf"] = json!([{ "required": ["run"] }, { "required": ["submission"] }, { "required": ["command"] }]);
    reference["properties"]["run"] = json!({ "enum": REFERENCES.iter().map(|entry| entry.name).collect::<Vec<_>>() });
    part["properties"]["reference"] = reference;
    let mut rubric = object(RUBRIC.iter());
    rubric["properties"]["part"] = json!({ "type": "array", "items": part });
    rubric["properties"]["late"] = object(LATE.iter());
    rubric["properties"]["data"] = json!({ "type": "object", "additionalProperties": { "type": "object" } });
    rubric["$schema"] = json!("http://json-schema.org/draft-07/schema#");
    rubric["title"] = json!("mlgrade rubric");
    rubric
}

/// The schema of a table with these keys and no other.
fn object<'k>(keys: impl Iterator<Item = &'k Key>) -> Value {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for key in keys {
        let mut of_key = key.value.schema();
        of_key["description"] = json!(format!("{}{}", key.meaning, remark(key)));
        properties.insert(key.name.to_owned(), of_key);
        // The student's edition leaves out what is secret.
        if key.need == Need::Required && !key.secret {
            required.push(key.name);
        }
    }
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::rubric::parse;

    /// The keys that the reader of the table lists to somebody who writes `zzz` in it.
    fn known(rubric: &str) -> BTreeSet<String> {
        let (_, faults) = parse(rubric);
        let fault = faults.iter().find(|fault| fault.message.contains("`zzz`")).unwrap_or_else(|| panic!("{faults:?}"));
        fault.help.as_deref().unwrap_or_default().split('`').skip(1).step_by(2).filter(|name| *name != "zzz").map(str::to_owned).collect()
    }

    fn names<'k>(keys: impl Iterator<Item = &'k Key>) -> BTreeSet<String> {
        keys.map(|key| key.name.to_owned()).collect()
    }

    fn rubric(head: &str, part: &str, item: &str) -> String {
        format!(
            "schema = 1\nid = \"r\"\ntitle = \"R\"\nseed = 1\n{head}\n[[part]]\nid = \"p\"\ntitle = \"P\"\n{part}\n[[part.item]]\nid = \"i\"\n\
             title = \"I\"\npoints = 1\n{item}\n"
        )
    }

    #[test]
    fn the_tables_have_the_keys_that_are_read() {
        let item = "check = \"file\"\nfile = \"a\"";
        assert_eq!(known(&rubric("zzz = 1", "", item)), names(RUBRIC.iter()));
        assert_eq!(known(&rubric("", "zzz = 1", item)).difference(&BTreeSet::from(["p".to_owned()])).cloned().collect::<BTreeSet<_>>(), names(PART.iter()));
        assert_eq!(known(&rubric("late = { zzz = 1, per_day = 0.1 }", "", item)), names(LATE.iter()));
        for kind in KINDS {
            let item = format!("zzz = 1\ncheck = \"{}\"\n{}", kind.name, kind.example.item);
            let editions = ["", "edition = \"student\""];
            let mut read: BTreeSet<String> = editions.into_iter().flat_map(|edition| known(&rubric(edition, "", &item))).collect();
            read.remove(kind.name);
            let mut table = names(ITEM.iter().chain(kind.keys));
            table.remove(kind.name);
            assert_eq!(read, table, "{}", kind.name);
        }
    }

    #[test]
    fn every_example_of_a_key_is_toml() {
        for key in [RUBRIC, PART, REFERENCE, ITEM, LATE].into_iter().flatten().chain(KINDS.iter().flat_map(|kind| kind.keys)) {
            assert!(format!("x = {}", key.example).parse::<toml::Table>().is_ok(), "{}: {}", key.name, key.example);
            assert!(key.meaning.ends_with('.'), "{}", key.name);
        }
    }

    #[test]
    fn a_text_on_a_terminal_has_lines_that_fit() {
        for kind in KINDS {
            assert!(of_kind(kind).lines().all(|line| line.chars().count() <= 130), "{}", kind.name);
        }
    }
}
