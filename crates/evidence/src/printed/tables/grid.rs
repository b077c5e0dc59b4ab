//! A table as it was printed: rows and columns of values, whoever drew it.

use std::collections::BTreeMap;
use std::ops::Range;

use super::super::number::number;
use super::super::{Named, SHORTENED};
use mlgrade_domain::value::Value;

/// What a table is, in the word that messages use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A data frame, or any other table with a head.
    Table,
    /// One value a name, such as a Series of pandas.
    Series,
    /// A classification report of scikit-learn.
    Report,
    /// The epochs of a training.
    Training,
}

/// A row with the cells under each column; `None` is an empty cell.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    /// What stands before the cells, such as a frame's index; empty if nothing does.
    pub(crate) label: String,
    pub(crate) cells: Vec<Option<Value>>,
}

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Grid {
    pub(crate) kind: Kind,
    /// The names of the columns, empty where there is none.
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Row>,
    /// The lines that it takes, from 0.
    pub(crate) lines: Range<usize>,
    /// Whether rows were left out when it was printed.
    pub(crate) shortened: bool,
}

impl Kind {
    /// "tables", "trainings".
    pub(crate) fn plural(self) -> &'static str {
        match self {
            Self::Table | Self::Series => "tables",
            Self::Report => "reports",
            Self::Training => "trainings",
        }
    }
}

impl Grid {
    /// What each row is called: its label, or in place of running numbers the words in the first column; empty if it has no name.
    pub(crate) fn row_names(&self) -> Vec<&str> {
        let is_counted = self.rows.iter().all(|row| row.label.is_empty() || row.label.parse::<u64>().is_ok());
        let is_words = |text: &str| number(text).is_err() && !["True", "False"].contains(&text);
        let first = |row: &'_ Row| matches!(row.cells.first(), Some(Some(Value::Text(text))) if is_words(text));
        let by_words = is_counted && self.columns.len() > 1 && self.rows.iter().all(first);
        let mut names = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            names.push(match row.cells.first() {
                Some(Some(Value::Text(text))) if by_words => text.as_str(),
                _ if is_counted => "",
                _ => row.label.as_str(),
            });
        }
        names
    }

    /// The columns that hold something measured.
    pub(crate) fn measured(&self) -> impl Iterator<Item = usize> + '_ {
        let is_words = |cell: &Value| matches!(cell, Value::Text(text) if number(text).is_err());
        (0..self.columns.len()).filter(move |&column| {
            let cells = || self.rows.iter().filter_map(move |row| row.cells.get(column)?.as_ref());
            cells().next().is_some() && !cells().any(is_words)
        })
    }

    /// The values of a column from top to bottom.
    pub(crate) fn column(&self, column: usize) -> Result<Value, String> {
        if self.shortened {
            return Err(SHORTENED.to_owned());
        }
        let empty = || Value::Unusable("an empty cell".to_owned());
        Ok(Value::List(self.rows.iter().map(|row| row.cells.get(column).cloned().flatten().unwrap_or_else(empty)).collect()))
    }

    /// All that it states by name: each column as a series, each row's value under the row's name, or under `row.column` if there are several.
    pub(crate) fn named(&self) -> Named {
        let mut named = Named::new();
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for column in &self.columns {
            *seen.entry(column).or_default() += 1;
        }
        let rows = self.row_names();
        let has_names = rows.iter().any(|name| !name.is_empty());
        let one_each = self.kind == Kind::Report || self.kind == Kind::Series && has_names;
        let columns = self.columns.iter().enumerate().filter(|(_, name)| !name.is_empty() && !one_each);
        named.extend(columns.map(|(i, name)| {
            let twice = seen.get(name.as_str()).is_some_and(|&times| times > 1);
            (name.clone(), if twice { Err(format!("{} columns are called `{name}`", seen[name.as_str()])) } else { self.column(i) })
        }));
        if self.kind == Kind::Training {
            return named;
        }
        let measured: Vec<usize> = self.measured().collect();
        for (row, name) in self.rows.iter().zip(rows).filter(|(_, name)| !name.is_empty()) {
            let cells: Vec<(usize, &Value)> = measured.iter().filter_map(|&column| Some((column, row.cells.get(column)?.as_ref()?))).collect();
            match cells.as_slice() {
                [(_, value)] if measured.len() == 1 => named.push((name.to_owned(), Ok((*value).clone()))),
                // The accuracy of a classification report stands alone, beside how many examples there are.
                [(_, value), _] if self.kind == Kind::Report => named.push((name.to_owned(), Ok((*value).clone()))),
                cells => named.extend(
                    cells
                        .iter()
                        .filter(|(column, _)| !self.columns[*column].is_empty())
                        .map(|&(column, value)| (format!("{name}.{}", self.columns[column]), Ok(value.clone()))),
                ),
            }
        }
        named
    }
}

/// The value of a cell; `None` if nothing stands in it.
pub(super) fn cell(text: &str) -> Option<Value> {
    let text = text.trim();
    if text.is_empty() || ["-", "—", "–"].contains(&text) {
        return None;
    }
    if text == "..." || text.ends_with('…') {
        return Some(Value::Unusable("shortened when it was printed".to_owned()));
    }
    if ["null", "None", "NA", "<NA>", "NaT"].contains(&text) {
        return Some(Value::Unusable(text.to_owned()));
    }
    Some(text.parse::<f64>().map_or_else(|_| Value::text(text), Value::number))
}
