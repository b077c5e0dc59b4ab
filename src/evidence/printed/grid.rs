//! Tables as a person sees them, with the names of their columns and of their rows: data frames, reports, coefficients, boxes drawn with
//! lines, tables of HTML.

mod boxed;
pub(crate) mod html;
mod plain;

use crate::domain::name::{did_you_mean, list};

use super::super::value::Value;
use super::number::{Reading, tokens};

/// A table. Each row has a cell for each column; the first column names the rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Grid {
    /// The names of the columns; that of the first one is often empty.
    pub(crate) head: Vec<String>,
    /// The rows.
    pub(crate) rows: Vec<Vec<String>>,
    /// Whether rows or columns were left out with `...` when it was printed.
    pub(crate) is_shortened: bool,
}

/// Why a table has no such cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Lack {
    /// There is no such row or column.
    Nothing(String),
    /// There are several.
    Several(String),
}

/// The tables in printed text, in order.
pub(crate) fn in_text(text: &str) -> Vec<Grid> {
    plain::read(text)
}

impl Grid {
    /// The value in this row and column; a row or a column alone is a list of all its values, or its only one.
    pub(crate) fn value(&self, row: Option<&str>, column: Option<&str>) -> Result<Value, Lack> {
        let column = column.map(|name| self.column(name)).transpose()?;
        let row = row.map(|name| self.row(name, column)).transpose()?;
        let values: Vec<Value> = match (row, column) {
            (Some(row), Some(column)) => vec![value(&self.rows[row][column])],
            (None, Some(column)) => return Ok(Value::List(self.rows.iter().map(|row| value(&row[column])).collect())),
            (Some(row), None) => self.rows[row].iter().skip(1).filter(|cell| !cell.is_empty()).map(|cell| value(cell)).collect(),
            (None, None) => Vec::new(),
        };
        match <[Value; 1]>::try_from(values) {
            Ok([only]) => Ok(only),
            Err(values) => Ok(Value::List(values)),
        }
    }

    fn column(&self, name: &str) -> Result<usize, Lack> {
        let all: Vec<usize> = (0..self.head.len()).collect();
        let mut found = matching(&all, name, |&i| vec![self.head[i].clone()]);
        if found.is_empty() {
            // The last of several names that stand above each other.
            found = matching(&all, name, |&i| self.head[i].rsplit_once(' ').map(|(_, last)| last.to_owned()).into_iter().collect());
        }
        self.only("column", name, &found, &self.head.iter().filter(|name| !name.is_empty()).map(String::as_str).collect::<Vec<_>>())
    }

    fn row(&self, name: &str, column: Option<usize>) -> Result<usize, Lack> {
        let all: Vec<usize> = (0..self.rows.len()).collect();
        let labels = |&i: &usize| {
            self.rows[i].first().map(|first| [first.clone(), self.rows[i].iter().take(2).cloned().collect::<Vec<_>>().join(" ")].to_vec()).unwrap_or_default()
        };
        let labelled = matching(&all, name, labels);
        let others = |&i: &usize| (1..self.rows[i].len()).filter(|k| Some(*k) != column).map(|k| self.rows[i][k].clone()).collect::<Vec<_>>();
        let inside: Vec<usize> = matching(&all, name, others);
        // A number may count the rows, and be a value of another one: nobody can tell which is meant.
        if let (Some(a), Some(b)) = (labelled.first(), inside.iter().find(|i| !labelled.contains(i)).filter(|_| name.parse::<f64>().is_ok())) {
            let (a, b) = (self.shown(*a), self.shown(*b));
            return Err(Lack::Several(format!("the row `{name}` may be `{a}` or `{b}`")));
        }
        let found = if labelled.is_empty() { inside } else { labelled };
        let names: Vec<&str> = self.rows.iter().filter_map(|row| row.first()).filter(|label| !label.is_empty()).map(String::as_str).collect();
        self.only("row", name, &found, &names)
    }

    fn only(&self, what: &str, name: &str, found: &[usize], names: &[&str]) -> Result<usize, Lack> {
        match found {
            [only] => Ok(*only),
            [] if self.is_shortened => Err(Lack::Nothing(format!("there is no {what} `{name}` in a table that was shortened with `...` when it was printed"))),
            [] => {
                let few = names.iter().take(8).copied();
                let near = did_you_mean(name, names.iter().copied()).filter(|_| name.chars().filter(|c| c.is_alphabetic()).count() > 2);
                let help = near.unwrap_or_else(|| format!("there is {}", list(few)));
                Err(Lack::Nothing(format!("there is no {what} `{name}`; {help}")))
            }
            several => Err(Lack::Several(format!("{} {what}s are called `{name}`", several.len()))),
        }
    }

    fn shown(&self, row: usize) -> String {
        self.rows[row].join("  ").chars().take(60).collect()
    }
}

/// Those of `all` that are called `name`: as it is written, else in another letter case and with other spaces.
fn matching(all: &[usize], name: &str, called: impl Fn(&usize) -> Vec<String>) -> Vec<usize> {
    let name = name.trim();
    let exact: Vec<usize> = all.iter().copied().filter(|i| called(i).iter().any(|own| own == name)).collect();
    if !exact.is_empty() {
        return exact;
    }
    let number = name.parse::<f64>().ok();
    let folded = folded(name);
    let same = |own: &String| match number {
        Some(number) => own.parse::<f64>().is_ok_and(|own| own.total_cmp(&number).is_eq()),
        None => !folded.is_empty() && self::folded(own) == folded,
    };
    all.iter().copied().filter(|i| called(i).iter().any(same)).collect()
}

fn folded(name: &str) -> String {
    let words = name.trim_end_matches(':').split(|c: char| c.is_whitespace() || c == '_').filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// A cell as a number if it is one, else as its text.
fn value(cell: &str) -> Value {
    // Stars behind a number tell how significant it is.
    let cell = cell.trim_end_matches(['*', ' ']);
    let found = tokens(cell, 2);
    match found.as_slice() {
        [token] if token.text == cell.trim() => match &token.reading {
            Reading::Number(number) => Value::Number(*number),
            Reading::NoNumber(word) => Value::Unusable(word.clone()),
            Reading::Unclear(_) => Value::text(cell),
        },
        _ => Value::text(cell),
    }
}

#[cfg(test)]
mod tests;
