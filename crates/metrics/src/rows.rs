//! A matrix, row by row: a number for each example and class, or the features of each example.

use crate::fault::{Fault, all_finite};

/// Rows of as many finite numbers each.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rows<'a> {
    values: &'a [f64],
    columns: usize,
}

impl<'a> Rows<'a> {
    /// The rows of `columns` numbers that `values` are.
    pub fn new(values: &'a [f64], columns: usize) -> Result<Self, Fault> {
        if columns == 0 || !values.len().is_multiple_of(columns) {
            return Err(Fault::Ragged { values: values.len(), columns });
        }
        all_finite(values)?;
        Ok(Self { values, columns })
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.values.len() / self.columns
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// How many numbers a row has.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The rows.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &'a [f64]> + use<'a> {
        self.values.chunks_exact(self.columns)
    }

    /// The numbers of a column from top to bottom; none if there is no such column.
    pub fn column(&self, column: usize) -> Vec<f64> {
        self.iter().filter_map(|row| row.get(column).copied()).collect()
    }

    /// The first number with its row, counted from 1, that `is_good` does not hold of.
    pub(crate) fn first_other(&self, is_good: impl Fn(f64) -> bool) -> Option<(usize, f64)> {
        self.values.iter().position(|&value| !is_good(value)).map(|place| (place / self.columns + 1, self.values[place]))
    }

    /// The place of the greatest number of each row, the first of equals.
    pub fn greatest(&self) -> Vec<usize> {
        self.iter().map(|row| argmax(row).0).collect()
    }
}

/// The place of the greatest number, the first of equals, as `numpy.argmax` has it; and whether there are equals.
pub fn argmax(row: &[f64]) -> (usize, bool) {
    let best = (0..row.len()).reduce(|best, i| if row[i] > row[best] { i } else { best }).unwrap_or(0);
    let tie = row.iter().skip(best + 1).any(|value| row.get(best).is_some_and(|best| value >= best));
    (best, tie)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_equals_is_the_greatest() {
        assert_eq!((argmax(&[1.0, 2.0, 2.0]), argmax(&[3.0, 2.0, 2.0]), argmax(&[])), ((1, true), (0, false), (0, false)));
        assert_eq!(Rows::new(&[1.0, 2.0, 2.0, 5.0, 4.0, 0.0], 3).unwrap().greatest(), [1, 0]);
    }

    #[test]
    fn numbers_that_make_no_rows_are_refused() {
        assert_eq!(Rows::new(&[1.0, 2.0, 3.0], 2), Err(Fault::Ragged { values: 3, columns: 2 }));
        assert_eq!(Rows::new(&[1.0], 0), Err(Fault::Ragged { values: 1, columns: 0 }));
        assert_eq!(Rows::new(&[f64::NAN], 1), Err(Fault::NotFinite));
    }
}
