//! Where something is that has no file of its own, as the rubric or submission.toml says.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IntoDeserializer};

use super::log_spot::LogSpot;
use super::notebook::spot::{Match, Spot, Stream};
use super::page;

/// Where something is: `"plots/final.png"`, `{ cell = 12, row = "Forest", column = "accuracy" }`, `{ page = 3, after = "Question 2" }`, or
/// `{ file = "training.log", column = "val_loss" }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A file of the submission.
    File(String),
    /// In a notebook.
    Spot(Spot),
    /// On a page of a report.
    Page(page::Spot),
    /// In a log of training, or another file of named values.
    Log(LogSpot),
    /// Nowhere, and why.
    Nowhere(String),
}

/// Who says where something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SaidBy {
    /// The student, in submission.toml.
    Student,
    /// The rubric: where it usually is.
    Rubric,
}

/// All that can be said of a place.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    file: Option<String>,
    key: Option<Label>,
    notebook: Option<String>,
    cell: Option<usize>,
    heading: Option<String>,
    page: Option<usize>,
    after: Option<String>,
    until: Option<String>,
    #[serde(default)]
    stream: Stream,
    pattern: Option<String>,
    #[serde(default, rename = "match")]
    matching: Match,
    nth: Option<usize>,
    row: Option<Label>,
    column: Option<Label>,
}

/// What names a row or a column: text, or a number as it is printed there.
#[derive(Deserialize)]
#[serde(untagged)]
enum Label {
    Text(String),
    Whole(i64),
    Number(f64),
}

impl From<Label> for String {
    fn from(label: Label) -> Self {
        match label {
            Label::Text(text) => text,
            Label::Whole(number) => number.to_string(),
            Label::Number(number) => number.to_string(),
        }
    }
}

/// What is said to be somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Thing {
    Value,
    Figure,
    Predictions,
    /// What only a file of its own can be.
    File,
}

impl Thing {
    /// What has this name in `[where]`.
    fn of(name: &str) -> Self {
        match name.split_once('/') {
            Some(("figures", _)) => Self::Figure,
            Some(("predictions", _)) => Self::Predictions,
            Some(("networks" | "rules", _)) => Self::File,
            None if ["metrics", "answers", "notebook", "report"].contains(&name) => Self::File,
            _ => Self::Value,
        }
    }
}

impl Place {
    /// Why `name` can never be there: what is said of the place contradicts itself, or says nothing of such a thing.
    pub fn fault(&self, name: &str) -> Option<String> {
        let own = match self {
            Self::File(_) => return None,
            Self::Spot(spot) => spot.fault(),
            Self::Page(spot) => spot.fault(),
            Self::Log(spot) => spot.fault(),
            Self::Nowhere(reason) => Some(reason.clone()),
        };
        own.or_else(|| self.strange(name))
    }

    /// That something is said which has no meaning for what has this `name`.
    fn strange(&self, name: &str) -> Option<String> {
        let thing = Thing::of(name);
        if matches!(self, Self::Log(_)) {
            let is_value = matches!(thing, Thing::Value);
            return (!is_value).then(|| format!("`file` says where a number, a series or an answer is; of `{name}`, say the path: `\"{name}\" = \"PATH\"`"));
        }
        let is_page = matches!(self, Self::Page(_));
        let (strange, instead): (&[&str], &str) = match (thing, is_page) {
            (Thing::File, _) => return Some(needs_a_file(name)),
            (Thing::Predictions, true) => return Some("predictions are read from a file or from what a cell of a notebook prints, not from a page".to_owned()),
            (Thing::Figure, false) => (&["stream", "pattern", "row", "column"], "a figure has `cell` or `heading`, and `nth` if there are several"),
            (Thing::Figure, true) => (&["after", "until", "pattern", "match"], "a figure has `page`, and `nth` if there are several"),
            (Thing::Predictions, false) => {
                (&["pattern", "match", "nth", "row", "column"], "predictions are all that a cell prints, behind `after` and before `until` if these are said")
            }
            (Thing::Value, true) if !self.says("pattern") => (&["match", "nth"], "on a page these say which match of a `pattern` is meant"),
            (Thing::Value, _) => return None,
        };
        let key = strange.iter().find(|key| self.says(key))?;
        Some(format!("`{key}` says nothing here: {instead}"))
    }

    fn says(&self, key: &str) -> bool {
        self.pairs().iter().any(|(known, value)| *known == key && value.is_some())
    }

    /// The keys in their order, with what they say.
    fn pairs(&self) -> Vec<(&'static str, Option<String>)> {
        let text = |text: &str| toml::Value::String(text.to_owned()).to_string();
        match self {
            Self::File(_) | Self::Nowhere(_) => Vec::new(),
            Self::Spot(spot) => vec![
                ("notebook", spot.notebook.as_deref().map(text)),
                ("cell", spot.cell.map(|cell| cell.to_string())),
                ("heading", spot.heading.as_deref().map(text)),
                ("after", spot.after.as_deref().map(text)),
                ("until", spot.until.as_deref().map(text)),
                ("stream", (spot.stream == Stream::Stderr).then(|| text("stderr"))),
                ("pattern", spot.pattern.as_deref().map(text)),
                ("match", word(spot.matching).map(text)),
                ("row", spot.row.as_deref().map(text)),
                ("column", spot.column.as_deref().map(text)),
                ("nth", spot.nth.map(|nth| nth.to_string())),
            ],
            Self::Page(spot) => vec![
                ("page", Some(spot.page.to_string())),
                ("after", spot.after.as_deref().map(text)),
                ("until", spot.until.as_deref().map(text)),
                ("pattern", spot.pattern.as_deref().map(text)),
                ("match", word(spot.matching).map(text)),
                ("nth", spot.nth.map(|nth| nth.to_string())),
            ],
            Self::Log(spot) => vec![
                ("file", Some(text(&spot.file))),
                ("key", spot.key.as_deref().map(text)),
                ("column", spot.column.as_deref().map(text)),
                ("match", word(spot.matching).map(text)),
                ("nth", spot.nth.map(|nth| nth.to_string())),
            ],
        }
    }
}

/// What to say where the place of a file is one in a notebook or on a page.
fn needs_a_file(name: &str) -> String {
    let instead = match name {
        "metrics" | "answers" => {
            "say `\"NAME\" = { cell = … }` for each name that is in a notebook, or put `# mlgrade: metrics` into the cell that prints them all"
        }
        "notebook" => "say `notebook = \"hw2.ipynb\"`",
        "report" => "say `report = \"report.pdf\"`",
        _ => "say its path",
    };
    format!("`{name}` is a file, not a part of one: {instead}")
}

impl From<Keys> for Place {
    fn from(keys: Keys) -> Self {
        let Keys { file, key, notebook, cell, heading, page, after, until, stream, pattern, matching, nth, row, column } = keys;
        let (key, row, column) = (key.map(String::from), row.map(String::from), column.map(String::from));
        let is_inside = notebook.is_some() || heading.is_some() || cell.is_some() || page.is_some();
        if let Some(file) = file {
            if is_inside || after.is_some() || until.is_some() || pattern.is_some() || row.is_some() || stream != Stream::Stdout {
                return Self::Nowhere("a place in a `file` has `key`, `column`, and `match` or `nth`".to_owned());
            }
            return Self::Log(LogSpot { file, key, column, matching, nth });
        }
        if key.is_some() {
            return Self::Nowhere("`key` is for a place in a `file`".to_owned());
        }
        match page {
            Some(_) if notebook.is_some() || heading.is_some() || cell.is_some() => {
                Self::Nowhere("a place is in a `notebook` or on a `page`, not both".to_owned())
            }
            Some(_) if row.is_some() || column.is_some() || stream != Stream::Stdout => {
                Self::Nowhere("`row`, `column` and `stream` are for notebooks; on a `page`, say `pattern`".to_owned())
            }
            Some(page) => Self::Page(page::Spot { page, after, until, nth, pattern, matching }),
            None => Self::Spot(Spot { notebook, cell, heading, after, until, stream, pattern, matching, nth, row, column }),
        }
    }
}

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // A slip in one place costs nothing but that place.
        Ok(match toml::Value::deserialize(deserializer)? {
            toml::Value::String(path) => Self::File(path),
            value @ toml::Value::Table(_) => {
                Keys::deserialize(value.into_deserializer()).map_or_else(|error| Self::Nowhere(error.message().trim().replace('\n', ", ")), Self::from)
            }
            other => Self::Nowhere(format!("a place is a path, or a table such as {{ cell = 12 }} or {{ page = 3 }}, not {}", other.type_str())),
        })
    }
}

impl fmt::Display for Place {
    /// As it is written in TOML.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => return f.write_str(&toml::Value::String(path.clone()).to_string()),
            Self::Nowhere(reason) => return f.write_str(reason),
            Self::Spot(_) | Self::Page(_) | Self::Log(_) => {}
        }
        let pairs = self.pairs();
        let pairs: Vec<String> = pairs.into_iter().filter_map(|(key, value)| value.map(|value| format!("{key} = {value}"))).collect();
        write!(f, "{{ {} }}", pairs.join(", "))
    }
}

fn word(matching: Match) -> Option<&'static str> {
    match matching {
        Match::Only => None,
        Match::First => Some("first"),
        Match::Last => Some("last"),
        Match::All => Some("all"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Place {
        #[derive(Deserialize)]
        struct Where {
            x: Place,
        }
        toml::from_str::<Where>(&format!("x = {text}")).unwrap().x
    }

    #[test]
    fn a_place_is_written_as_it_is_read() {
        for text in [
            r#""plots/final.png""#,
            "{ cell = 12 }",
            r#"{ notebook = "hw2.ipynb", heading = "Part 1", pattern = "rmse {number}", match = "all" }"#,
            r#"{ cell = 12, after = "lr 0.1", until = "lr 1", stream = "stderr", pattern = "val_loss: {number}", nth = 2 }"#,
            r#"{ cell = 3, row = "macro avg", column = "f1-score", nth = 2 }"#,
            r#"{ file = "runs/mlp/training.log", column = "val_loss", match = "last" }"#,
            r#"{ file = "trainer_state.json", key = "log_history", column = "eval_loss", nth = 2 }"#,
            r#"{ page = 3, after = "Question \"2\"", pattern = "x {number}", match = "last" }"#,
        ] {
            assert_eq!(read(text).fault("x"), None, "{text}");
            assert_eq!(read(&read(text).to_string()), read(text), "{text}");
        }
        assert_eq!(read("{ row = 8, column = 2.5 }"), read(r#"{ row = "8", column = "2.5" }"#));
    }

    #[test]
    fn what_says_nothing_of_a_thing_is_told() {
        for (name, text, fault) in [
            ("metrics", "{ cell = 12 }", Some("`metrics` is a file, not a part of one")),
            ("answers", "{ page = 2 }", Some("`answers` is a file")),
            ("notebook", "{ cell = 12 }", Some("say `notebook = \"hw2.ipynb\"`")),
            ("networks/a", "{ cell = 12 }", Some("is a file")),
            ("rules/a", "{ heading = 'Rule' }", Some("is a file")),
            ("figures/a", "{ cell = 12, pattern = 'x {number}' }", Some("`pattern` says nothing here")),
            ("figures/a", "{ cell = 12, column = 'x' }", Some("`column` says nothing here")),
            ("figures/a", "{ page = 2, after = 'x' }", Some("`after` says nothing here")),
            ("predictions/a", "{ page = 2 }", Some("not from a page")),
            ("predictions/a", "{ cell = 12, nth = 2 }", Some("`nth` says nothing here")),
            ("predictions/a", "{ cell = 12, row = 2 }", Some("`row` says nothing here")),
            ("figures/a", "{ file = 'a.csv' }", Some("say the path")),
            ("x", "{ page = 2, nth = 2 }", Some("`nth` says nothing here")),
            ("x", "{ page = 2, pattern = 'x {number}', nth = 2 }", None),
            ("x", "{ cell = 12, nth = 2 }", None),
            ("metrics", "'out.json'", None),
            ("figures/a", "{ cell = 12, nth = 2 }", None),
            ("figures/a", "{ page = 2, nth = 2 }", None),
            ("predictions/a", "{ cell = 12, after = 'x', until = 'y' }", None),
        ] {
            let message = read(text).fault(name);
            assert!(fault.map_or(message.is_none(), |fault| message.as_ref().is_some_and(|message| message.contains(fault))), "{name} = {text}: {message:?}");
        }
    }

    #[test]
    fn what_cannot_be_together_is_told() {
        for (text, fault) in [
            ("{ cell = 3, page = 2 }", "in a `notebook` or on a `page`"),
            ("{ page = 2, row = 'a' }", "are for notebooks"),
            ("{ page = 2, stream = 'stderr' }", "are for notebooks"),
            ("{ cell = 3, heading = 'Part 1' }", "say `cell` or `heading`, not both"),
            ("{ cell = 0 }", "`cell` counts from 1"),
            ("{ cell = 3, nth = 0 }", "`nth` counts from 1"),
            ("{ page = 3, nth = 0 }", "count from 1"),
            ("{ cell = 3, pattern = 'x {number}', row = 'a' }", "say `pattern`, or `row` and `column`"),
            ("{ cell = 3, pattern = 'x {number}', match = 'last', nth = 2 }", "say `match` or `nth`, not both"),
            ("{ page = 3, pattern = 'x {number}', match = 'last', nth = 2 }", "say `match` or `nth`, not both"),
            ("{ cell = 3, column = 'a', match = 'last' }", "`match` is for a `pattern`"),
            ("{ after = 'x' }", "has a `cell`, a `heading`, a `pattern`, or the `row` or `column`"),
            ("{ pattern = 'x' }", "needs exactly one {number}"),
            ("{ file = 'a.csv', cell = 3 }", "a place in a `file` has"),
            ("{ file = 'a.csv', match = 'last', nth = 2 }", "say `match` or `nth`, not both"),
            ("{ key = 'a' }", "`key` is for a place in a `file`"),
            ("{ cell = '3' }", "invalid type: string \"3\", expected usize"),
            ("{ sell = 3 }", "unknown field `sell`"),
            ("3", "a place is a path, or a table such as { cell = 12 } or { page = 3 }, not integer"),
        ] {
            assert!(read(text).fault("x").is_some_and(|message| message.contains(fault)), "{text}: {:?}", read(text).fault("x"));
        }
    }
}
