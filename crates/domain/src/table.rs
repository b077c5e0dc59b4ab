//! Tables of named columns, as a data set or a rule's subject.

use crate::name::did_you_mean;

/// One column.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// Finite numbers.
    Number(Vec<f64>),
    /// Text, such as a class.
    Text(Vec<String>),
}

/// Named columns of one length, without missing values.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    columns: Vec<(String, Column)>,
    rows: usize,
    dropped: usize,
    /// How many values of each column were missing.
    missing: Vec<usize>,
}

/// Columns that do not make a table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("column `{name}` has {found} values where {expected} belong")]
pub struct Ragged {
    name: String,
    found: usize,
    expected: usize,
}

impl Table {
    /// A table of `columns`, from which `dropped` rows with missing values were left out.
    pub fn new(columns: Vec<(String, Column)>, dropped: usize) -> Result<Self, Ragged> {
        let rows = columns.first().map_or(0, |(_, column)| column.len());
        match columns.iter().find(|(_, column)| column.len() != rows) {
            Some((name, column)) => Err(Ragged { name: name.clone(), found: column.len(), expected: rows }),
            None => Ok(Self { missing: vec![0; columns.len()], columns, rows, dropped }),
        }
    }

    /// The table with how many values of each column, in their order, were missing before rows were left out.
    #[must_use]
    pub fn with_missing(mut self, mut missing: Vec<usize>) -> Self {
        missing.resize(self.columns.len(), 0);
        self.missing = missing;
        self
    }

    /// How many values of each column were missing before rows were left out, in the columns' order.
    pub fn missing(&self) -> &[usize] {
        &self.missing
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How many rows were left out because a value was missing.
    pub fn dropped(&self) -> usize {
        self.dropped
    }

    /// The columns' names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(name, _)| name.as_str())
    }

    /// The column `name`; the error says which name was probably meant.
    pub fn column(&self, name: &str) -> Result<&Column, String> {
        self.columns.iter().find(|(known, _)| known == name).map(|(_, column)| column).ok_or_else(|| {
            let help = did_you_mean(name, self.names()).unwrap_or_else(|| format!("the columns are {}", self.names().collect::<Vec<_>>().join(", ")));
            format!("there is no column `{name}`; {help}")
        })
    }

    /// The numbers of column `name`.
    pub fn numbers(&self, name: &str) -> Result<&[f64], String> {
        match self.column(name)? {
            Column::Number(values) => Ok(values),
            Column::Text(_) => Err(format!("column `{name}` holds text, not numbers")),
        }
    }

    /// The texts of column `name`.
    pub fn texts(&self, name: &str) -> Result<&[String], String> {
        match self.column(name)? {
            Column::Text(values) => Ok(values),
            Column::Number(_) => Err(format!("column `{name}` holds numbers, not text")),
        }
    }
}

impl Column {
    /// The number of values.
    pub fn len(&self) -> usize {
        match self {
            Self::Number(values) => values.len(),
            Self::Text(values) => values.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
