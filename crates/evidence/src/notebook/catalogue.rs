//! Every number, series, figure and answer that a notebook shows, with the place that reaches it when it is said in `[where]`.

use super::super::Sought;
use super::super::place::Place;
use super::super::printed::name::normal;
use super::super::printed::number::{number, tokens};
use super::marks::{Section, sections};
use super::spot::Spot;
use super::{Cell, Kind, Notebook};
use mlgrade_domain::value::Value;

/// Something that a notebook shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// "number", "series", "figure" or "answer".
    pub kind: &'static str,
    /// A name for it, from the words beside it.
    pub name: String,
    /// The value; of a figure nothing.
    pub value: Option<Value>,
    /// Where it is: "hw2.ipynb, cell 12 (`[7]`), output".
    pub place: String,
    /// What reaches it.
    pub selector: Place,
}

/// What is listed of one cell, and the text that is looked at.
const ENTRIES: usize = 200;
const TEXT: usize = 200_000;

impl Notebook {
    /// All that its cells show. Their places name the notebook if `path` is given, as they must where there are several.
    pub fn catalogue(&self, path: Option<&str>) -> Vec<Entry> {
        let answers = self.cells.iter().filter(|cell| cell.kind == Kind::Markdown).flat_map(|cell| self.answers(cell, path));
        self.code_cells().flat_map(|cell| self.in_cell(cell, path)).chain(answers).collect()
    }

    /// What a text cell says under headings that are questions.
    fn answers(&self, cell: &Cell, path: Option<&str>) -> Vec<Entry> {
        let answer = |section: Section| {
            let heading = section.heading.map(|(_, words)| words).filter(|words| words.ends_with('?') && !section.text.is_empty())?;
            let spot = Spot { notebook: path.map(str::to_owned), heading: Some(heading.clone()), ..Spot::default() };
            let value = spot.value("x", &[self], Sought::Words).ok()?.value;
            Some(self.entry(cell, "answer", normal(heading.trim_end_matches('?')), Some(value), spot))
        };
        sections(cell).into_iter().filter_map(answer).collect()
    }

    fn in_cell(&self, cell: &Cell, path: Option<&str>) -> Vec<Entry> {
        let at = Spot { notebook: path.map(str::to_owned), cell: Some(cell.number), ..Spot::default() };
        let mut found: Vec<Entry> = self.in_tables(cell, &at);
        let taken: Vec<Value> = found.iter().filter_map(|entry| entry.value.clone()).collect();
        let text = cell.printed().unwrap_or_default();
        if text.len() <= TEXT {
            let is_tabled = |value: &Value| taken.iter().any(|known| known == value || matches!(known, Value::List(values) if values.contains(value)));
            found.extend(self.in_lines(cell, &text, &at, is_tabled));
        }
        found.truncate(ENTRIES);
        let pictures = cell.pictures().len();
        found.extend((1..=pictures).map(|nth| {
            let spot = Spot { nth: (pictures > 1).then_some(nth), ..at.clone() };
            self.entry(cell, "figure", "figures/NAME".to_owned(), None, spot)
        }));
        found
    }

    fn entry(&self, cell: &Cell, kind: &'static str, name: String, value: Option<Value>, spot: Spot) -> Entry {
        Entry { kind, name, value, place: self.place(cell), selector: Place::Spot(spot) }
    }

    /// The columns of its tables, and their cells.
    fn in_tables(&self, cell: &Cell, at: &Spot) -> Vec<Entry> {
        let mut found = Vec::new();
        let tables = cell.tables();
        for table in &tables {
            let labels: Vec<String> =
                table.rows.iter().zip(table.row_names()).map(|(row, name)| if name.is_empty() { row.label.clone() } else { name.to_owned() }).collect();
            for column in table.measured() {
                let name = &table.columns[column];
                if !name.is_empty()
                    && let Ok(series) = table.column(column)
                {
                    let spot = Spot { column: Some(name.clone()), ..at.clone() };
                    found.extend(self.reached(&spot, &series, tables.len()).map(|spot| self.entry(cell, "series", normal(name), Some(series), spot)));
                }
                for (row, label) in table.rows.iter().zip(&labels).filter(|(_, label)| !label.is_empty()) {
                    if found.len() >= ENTRIES {
                        return found;
                    }
                    let Some(value) = row.cells.get(column).cloned().flatten() else { continue };
                    let column = (!name.is_empty()).then(|| name.clone());
                    let called = normal(&format!("{label}.{}", column.as_deref().unwrap_or_default()));
                    let spot = Spot { row: Some(label.clone()), column, ..at.clone() };
                    found.extend(self.reached(&spot, &value, tables.len()).map(|spot| self.entry(cell, "number", called, Some(value), spot)));
                }
            }
        }
        found
    }

    /// The numbers in its lines that no table has.
    fn in_lines(&self, cell: &Cell, text: &str, at: &Spot, is_tabled: impl Fn(&Value) -> bool) -> Vec<Entry> {
        let mut found = Vec::new();
        let mut nth = 0;
        for line in text.lines() {
            let mut from = 0;
            for token in tokens(line, ENTRIES) {
                nth += 1;
                let before = line.get(from..token.start).unwrap_or_default();
                from = token.end;
                let Ok(number) = token.value() else { continue };
                let value = Value::Number(number);
                if is_tabled(&value) || found.len() >= ENTRIES {
                    continue;
                }
                let lead = before.trim_start_matches(|c: char| !c.is_alphabetic());
                let has_words = lead.contains(char::is_alphabetic) && lead.len() <= 80;
                let patterned = Spot { pattern: Some(format!("{lead}{{number}}")), ..at.clone() };
                let counted = Spot { nth: Some(nth), ..at.clone() };
                let spot = has_words.then(|| self.reached(&patterned, &value, 20)).flatten().or_else(|| self.reached(&counted, &value, 0));
                let name = if has_words { normal(lead.trim_end_matches([':', '=', ' ', '('])) } else { "NAME".to_owned() };
                found.extend(spot.map(|spot| self.entry(cell, "number", name, Some(value), spot)));
            }
        }
        found
    }

    /// The place that gives exactly `value`: `spot`, or one of the several that it may mean.
    fn reached(&self, spot: &Spot, value: &Value, several: usize) -> Option<Spot> {
        let nths = std::iter::once(spot.nth).chain((1..=several).map(Some));
        nths.map(|nth| Spot { nth, ..spot.clone() }).find(|spot| {
            let place = Place::Spot(spot.clone());
            place.fault("x").is_none() && spot.value("x", &[self], Sought::Numbers).is_ok_and(|seen| seen.note.is_none() && is_same(&seen.value, value))
        })
    }
}

/// Whether two values are the same to the last digit, printed in percent or not.
fn is_same(a: &Value, b: &Value) -> bool {
    let read = |value: &Value| match value {
        Value::Number(number) => Some(*number),
        Value::Text(text) => number(text).ok(),
        _ => None,
    };
    a == b || read(a).is_some() && read(a) == read(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_under_a_question_is_an_answer() {
        let cell = |source: &str| serde_json::json!({"cell_type": "markdown", "metadata": {}, "source": source});
        let cells = [cell("# Results"), cell("## Why do *small* trees do?\nEach step lowers the bias."), cell("## What next?")];
        let bytes = serde_json::json!({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}).to_string();
        let all = Notebook::read("hw.ipynb", bytes.as_bytes()).unwrap().catalogue(None);
        let [only] = all.as_slice() else { panic!("{all:?}") };
        assert_eq!((only.kind, only.name.as_str()), ("answer", "why_do_small_trees_do"));
        assert_eq!(only.selector.to_string(), r#"{ heading = "Why do small trees do?" }"#);
        assert!(matches!(&only.value, Some(Value::Text(text)) if text.contains("lowers the bias")), "{only:?}");
    }

    #[test]
    fn each_place_that_is_listed_gives_its_value() {
        let outputs = [
            "Test accuracy: 0.9812\nval error: 2.1%\n0.5 0.25",
            "   depth  rmse\n0      2  4.27\n1      4  3.67",
            "Epoch 1/2: train_loss = 0.35, val_loss = 0.32\nEpoch 2/2: train_loss = 0.30, val_loss = 0.28",
            "loss: 0.5\nloss: 0.4",
        ];
        let cells: Vec<_> = outputs
            .iter()
            .map(|text| serde_json::json!({"cell_type": "code", "metadata": {}, "execution_count": 1, "source": "x", "outputs": [{"output_type": "stream", "name": "stdout", "text": text}]}))
            .collect();
        let bytes = serde_json::json!({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}).to_string();
        let notebook = Notebook::read("hw.ipynb", bytes.as_bytes()).unwrap();
        let all = notebook.catalogue(None);
        for entry in &all {
            let Place::Spot(spot) = &entry.selector else { panic!("{entry:?}") };
            let seen = spot.value("x", &[&notebook], Sought::Numbers).unwrap();
            assert!(is_same(&seen.value, entry.value.as_ref().unwrap()), "{entry:?}: {seen:?}");
        }
        let has = |name: &str, selector: &str| all.iter().any(|entry| entry.name == name && entry.selector.to_string() == selector);
        assert!(has("test_accuracy", r#"{ cell = 1, pattern = "Test accuracy: {number}" }"#), "{all:?}");
        assert!(has("rmse", r#"{ cell = 2, column = "rmse" }"#), "{all:?}");
        assert!(has("val_loss", r#"{ cell = 3, column = "val_loss" }"#), "{all:?}");
        assert!(has("loss", r#"{ cell = 4, pattern = "loss: {number}", nth = 2 }"#), "{all:?}");
    }
}
