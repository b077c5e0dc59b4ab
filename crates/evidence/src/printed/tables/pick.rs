//! A row and a column of a table, by the names that a person sees there.

use mlgrade_domain::name::{did_you_mean, list};

use super::grid::{Grid, Row};
use mlgrade_domain::value::Value;

/// Why a table has no such cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Lack {
    /// There is no such row or column, or nothing stands there.
    Nothing(String),
    /// There are several.
    Several(String),
}

impl Grid {
    /// The value in this row and column. A row alone is a list of all its values, or its only one; a column alone is a list.
    pub(crate) fn value(&self, row: Option<&str>, column: Option<&str>) -> Result<Value, Lack> {
        let column = column.map(|name| self.column_of(name)).transpose()?;
        let Some(row) = row.map(|name| self.row_of(name, column)).transpose()? else {
            return match column {
                Some(column) => self.column(column).map_err(Lack::Nothing),
                None => Err(Lack::Nothing("neither a row nor a column is named".to_owned())),
            };
        };
        let nothing = || Lack::Nothing(format!("nothing stands in that cell of the row `{}`", shown(row)));
        if let Some(column) = column {
            return row.cells.get(column).cloned().flatten().ok_or_else(nothing);
        }
        let values: Vec<Value> = row.cells.iter().flatten().cloned().collect();
        match <[Value; 1]>::try_from(values) {
            Ok([only]) => Ok(only),
            Err(values) => Ok(Value::List(values)),
        }
    }

    fn column_of(&self, name: &str) -> Result<usize, Lack> {
        let all = 0..self.columns.len();
        let mut found = called(all.clone(), name, |i| vec![self.columns[i].clone()]);
        if found.is_empty() {
            // The last of several names that stand above each other.
            found = called(all, name, |i| self.columns[i].rsplit_once(' ').map(|(_, last)| last.to_owned()).into_iter().collect());
        }
        let names: Vec<&str> = self.columns.iter().map(String::as_str).filter(|name| !name.is_empty()).collect();
        self.only("column", name, &found, &names)
    }

    fn row_of(&self, name: &str, column: Option<usize>) -> Result<&Row, Lack> {
        let all = 0..self.rows.len();
        let first = |row: &Row| row.cells.first().and_then(Option::as_ref).map(words).unwrap_or_default();
        // Two names that stand beside each other may be one.
        let labels = |i: usize| {
            let row = &self.rows[i];
            let parts = std::iter::once(row.label.clone()).chain(row.cells.iter().map(|cell| cell.as_ref().map(words).unwrap_or_default()));
            vec![row.label.clone(), parts.filter(|part| !part.is_empty()).take(2).collect::<Vec<_>>().join(" ")]
        };
        let labelled = called(all.clone(), name, labels);
        let cells =
            |i: usize| self.rows[i].cells.iter().enumerate().filter(|(k, _)| Some(*k) != column).filter_map(|(_, cell)| cell.as_ref().map(words)).collect();
        let inside = called(all, name, cells);
        // A number may count the rows, and be a value in another one: nobody can tell which is meant. Rows that are not all numbered have names.
        let is_numbered = || name.parse::<f64>().is_ok() && self.rows.iter().all(|row| row.label.parse::<f64>().is_ok());
        if let (Some(a), Some(b)) = (labelled.first(), inside.iter().find(|i| !labelled.contains(i)).filter(|_| is_numbered())) {
            return Err(Lack::Several(format!("the row `{name}` may be `{}` or `{}`", shown(&self.rows[*a]), shown(&self.rows[*b]))));
        }
        let found = if labelled.is_empty() { inside } else { labelled };
        let is_counted = self.rows.iter().all(|row| row.label.is_empty() || row.label.parse::<u64>().is_ok());
        let names: Vec<String> = self.rows.iter().map(|row| if is_counted && row.cells.len() > 1 { first(row) } else { row.label.clone() }).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).filter(|name| !name.is_empty()).collect();
        self.only("row", name, &found, &names).map(|row| &self.rows[row])
    }

    fn only(&self, what: &str, name: &str, found: &[usize], names: &[&str]) -> Result<usize, Lack> {
        match found {
            [only] => Ok(*only),
            [] if self.shortened => Err(Lack::Nothing(format!("there is no {what} `{name}` in a table that was shortened with `...` when it was printed"))),
            [] => {
                let near = did_you_mean(name, names.iter().copied()).filter(|_| name.chars().filter(|c| c.is_alphabetic()).count() > 2);
                let help = near.unwrap_or_else(|| format!("there is {}", list(names.iter().take(8).copied())));
                Err(Lack::Nothing(format!("there is no {what} `{name}`; {help}")))
            }
            several => Err(Lack::Several(format!("{} {what}s are called `{name}`", several.len()))),
        }
    }
}

/// Those of `all` that are called `name`: as it is written, else in another letter case and with other spaces.
fn called(all: std::ops::Range<usize>, name: &str, names: impl Fn(usize) -> Vec<String>) -> Vec<usize> {
    let name = name.trim();
    let exact: Vec<usize> = all.clone().filter(|&i| names(i).iter().any(|own| own == name)).collect();
    if !exact.is_empty() {
        return exact;
    }
    let number = name.parse::<f64>().ok();
    let folded = folded(name);
    let same = |own: &String| match number {
        Some(number) => own.parse::<f64>().is_ok_and(|own| own.total_cmp(&number).is_eq()),
        None => !folded.is_empty() && self::folded(own) == folded,
    };
    all.filter(|&i| names(i).iter().any(same)).collect()
}

fn folded(name: &str) -> String {
    let words = name.trim_end_matches(':').split(|c: char| c.is_whitespace() || c == '_').filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

fn words(cell: &Value) -> String {
    match cell {
        Value::Text(text) => text.clone(),
        other => other.describe(),
    }
}

fn shown(row: &Row) -> String {
    let cells = row.cells.iter().flatten().map(words);
    std::iter::once(row.label.clone()).chain(cells).filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join("  ").chars().take(60).collect()
}

#[cfg(test)]
mod tests;
