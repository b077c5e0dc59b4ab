//! What a matrix is said to show: one number for each cell, as in a confusion matrix or a heat map of correlations.

use mlgrade_domain::diagnostic::{Code, Diagnostic};

/// Rows and columns of a matrix at most.
pub const MOST: usize = 50;

/// The numbers of a matrix: rows from top to bottom, cells from left to right. At least one cell; all values are finite.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    rows: Vec<Vec<f64>>,
    labels: Vec<String>,
}

impl Claim {
    /// A claim, unless the rows are of different lengths, there is no cell or more than [`MOST`] in a row or a column, or a value is
    /// not finite. `labels` name the rows and columns of a square matrix; there may be none.
    pub fn new(rows: Vec<Vec<f64>>, labels: Vec<String>) -> Result<Self, Diagnostic> {
        let fault = |message: String| Err(Diagnostic::error(Code::BadValue, message));
        let columns = rows.first().map_or(0, Vec::len);
        if columns == 0 {
            return fault("a matrix has at least one row and one column".to_owned());
        }
        if rows.len().max(columns) > MOST {
            return fault(format!("the matrix has {} rows and {columns} columns; at most {MOST} of each are read", rows.len()));
        }
        if let Some((i, row)) = rows.iter().enumerate().find(|(_, row)| row.len() != columns) {
            return fault(format!("row {} of the matrix has {} values, and row 1 has {columns}", i + 1, row.len()));
        }
        if let Some(value) = rows.iter().flatten().find(|value| !value.is_finite()) {
            return fault(format!("the matrix holds {value}, which no cell can show"));
        }
        if !labels.is_empty() && (labels.len() != rows.len() || labels.len() != columns) {
            return fault(format!("{} labels for {} rows and {columns} columns; there is one for each row and column, or none", labels.len(), rows.len()));
        }
        Ok(Self { rows, labels })
    }

    /// The values, row by row.
    pub fn rows(&self) -> &[Vec<f64>] {
        &self.rows
    }

    /// The names of the rows and columns, or none.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// How many rows and columns there are.
    pub fn size(&self) -> [usize; 2] {
        [self.rows.len(), self.rows.first().map_or(0, Vec::len)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_is_rectangular_and_finite() {
        let said = |rows: Vec<Vec<f64>>, labels: &[&str]| {
            Claim::new(rows, labels.iter().map(|label| (*label).to_owned()).collect()).map(|claim| claim.size()).map_err(|fault| fault.message)
        };
        assert_eq!(said(vec![vec![1.0, 2.0, 3.0], vec![4.0, 5.0, 6.0]], &[]), Ok([2, 3]));
        assert_eq!(said(vec![vec![1.0, 2.0], vec![4.0, 5.0]], &["cat", "dog"]), Ok([2, 2]));
        assert!(said(vec![vec![1.0, 2.0], vec![4.0]], &[]).unwrap_err().contains("row 2"));
        assert!(said(vec![vec![1.0, 2.0], vec![4.0, 5.0]], &["cat"]).is_err());
        assert!(said(Vec::new(), &[]).is_err() && said(vec![Vec::new()], &[]).is_err());
        assert!(said(vec![vec![f64::NAN]], &[]).is_err() && said(vec![vec![0.0; 51]], &[]).is_err());
    }
}
