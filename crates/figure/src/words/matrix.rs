//! The sentences about matrices.

use std::fmt::{Display, Formatter, Result};

use mlgrade_domain::number::significant;

use crate::reason::matrix::{Against, Cell, Form, Open, Shown, Sum};

/// Digits of a claimed value.
const VALUE: usize = 6;

impl Display for Shown {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let [rows, columns] = self.size;
        let all = rows * columns;
        if self.read == all {
            write!(f, "all {all} cells of the matrix show what is claimed")?;
        } else if self.read == 0 {
            write!(f, "all {all} cells of the matrix have the colours of what is claimed, by the scale of the colour bar")?;
        } else {
            write!(f, "{} of {all} cells of the matrix show what is claimed, and the colours of the others agree", self.read)?;
        }
        self.form.fmt(f)
    }
}

impl Display for Form {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self.shares {
            Some(Sum::Rows) => f.write_str(", as shares of the sum of each row")?,
            Some(Sum::Columns) => f.write_str(", as shares of the sum of each column")?,
            Some(Sum::All) => f.write_str(", as shares of the sum of all cells")?,
            None => {}
        }
        f.write_str(if self.percent { ", in percent" } else { "" })
    }
}

impl Display for Cell {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let Self { row, column, printed, .. } = self;
        write!(f, "row {row}, column {column} of the matrix shows {printed}; the claim says {}", significant(self.claimed, VALUE))?;
        match self.others {
            0 => Ok(()),
            1 => f.write_str("; 1 more cell is off"),
            more => write!(f, "; {more} more cells are off"),
        }
    }
}

impl Display for Against {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Cell(cell) => cell.fmt(f),
            Self::Colour { row, column, claimed, drawn } => {
                let (claimed, drawn) = (significant(*claimed, 3), significant(*drawn, 2));
                write!(f, "by the colour bar, row {row}, column {column} of the matrix shows ≈ {drawn}; the claim says {claimed}")
            }
            Self::Size { claimed: [rows, columns], drawn: [high, wide] } => {
                write!(f, "the matrix has {high} rows and {wide} columns; the claim has {rows} and {columns}")
            }
        }
    }
}

impl Display for Open {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::None => f.write_str("no matrix was found"),
            Self::Drawing => f.write_str("matrices are read in PNG and JPEG alone; save the figure as PNG"),
            Self::Size { claimed: [rows, columns], drawn: [high, wide] } => {
                write!(f, "a matrix of {high} rows and {wide} columns was found; the claim has {rows} and {columns}")
            }
            Self::FewRead { read, of } => write!(f, "the numbers of only {read} of {of} cells of the matrix could be read"),
            Self::ColoursOnly => {
                f.write_str("the matrix has no numbers that could be read; the order of its colours agrees with the claim, which does not tell the values")
            }
            Self::OtherColours => {
                f.write_str("the matrix has no numbers that could be read, and the order of its colours does not agree with that of the claimed values")
            }
            Self::Colour { row, column, claimed } => {
                let claimed = significant(*claimed, VALUE);
                write!(f, "the number in row {row}, column {column} of the matrix could not be read, and its colour is not that of {claimed}, which is claimed")
            }
            Self::Misread(cell) => write!(f, "the numbers of the matrix may have been misread; as they were read, {cell}"),
            Self::OtherMatrix(cell) => write!(f, "this may be another matrix; here, {cell}"),
            Self::Transposed => f.write_str("the matrix shows the claim with rows and columns exchanged"),
            Self::RowsReversed => f.write_str("the matrix shows the claim with its rows from bottom to top"),
            Self::Reordered => f.write_str("the matrix shows the claim with its rows and columns in another order"),
            Self::Masked { drawn, of } => write!(f, "only {drawn} of {of} cells of the matrix are drawn"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_is_off_is_named_with_both_numbers() {
        let cell = Cell { row: 2, column: 3, claimed: 41.0, printed: "14".to_owned(), others: 1 };
        assert_eq!(Against::Cell(cell).to_string(), "row 2, column 3 of the matrix shows 14; the claim says 41; 1 more cell is off");
    }

    #[test]
    fn what_is_shown_says_how_it_is_printed() {
        let form = Form { shares: Some(Sum::Rows), percent: true };
        let shown = |read| Shown { size: [3, 3], read, form }.to_string();
        assert_eq!(shown(9), "all 9 cells of the matrix show what is claimed, as shares of the sum of each row, in percent");
        assert!(shown(8).starts_with("8 of 9 cells of the matrix show what is claimed, and the colours of the others agree"));
    }
}
