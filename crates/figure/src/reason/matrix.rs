//! The same for matrices. Rows and columns are counted from 1.

/// All cells that were read show what is claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// Rows and columns.
    pub size: [usize; 2],
    /// Cells whose numbers were read; of the others the colours agree.
    pub read: usize,
    /// What the printed numbers are of the claimed ones.
    pub form: Form,
}

/// What the printed numbers are of the claimed ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Form {
    /// Shares of what.
    pub shares: Option<Sum>,
    /// Whether they are printed in percent, without the sign or with it.
    pub percent: bool,
}

/// What claimed counts are divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sum {
    /// The sum of each row.
    Rows,
    /// The sum of each column.
    Columns,
    /// The sum of all cells.
    All,
}

/// A cell that shows another number.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Its row.
    pub row: usize,
    /// Its column.
    pub column: usize,
    /// The claimed value.
    pub claimed: f64,
    /// What is printed there.
    pub printed: String,
    /// Other cells that show something else than is claimed.
    pub others: usize,
}

/// What speaks against a claimed matrix.
#[derive(Debug, Clone, PartialEq)]
pub enum Against {
    /// A cell shows another number.
    Cell(Cell),
    /// By the scale of the colour bar, a cell has the colour of another value.
    Colour {
        /// Its row.
        row: usize,
        /// Its column.
        column: usize,
        /// The claimed value.
        claimed: f64,
        /// The value of its colour.
        drawn: f64,
    },
    /// The matrix has other rows and columns than are claimed.
    Size {
        /// The claimed rows and columns.
        claimed: [usize; 2],
        /// Those that are drawn.
        drawn: [usize; 2],
    },
}

/// Why it is not known whether a claimed matrix is shown.
#[derive(Debug, Clone, PartialEq)]
pub enum Open {
    /// No matrix was found.
    None,
    /// Drawings and charts in JSON are not read for matrices.
    Drawing,
    /// A matrix was found, but of another size.
    Size {
        /// The claimed rows and columns.
        claimed: [usize; 2],
        /// Those that were found.
        drawn: [usize; 2],
    },
    /// Too few numbers could be read.
    FewRead {
        /// How many were read.
        read: usize,
        /// Of how many cells.
        of: usize,
    },
    /// No numbers are printed, and the order of the colours agrees with that of the claimed values.
    ColoursOnly,
    /// No numbers are printed, and the order of the colours does not agree with that of the claimed values.
    OtherColours,
    /// A number was not read, and the colour of its cell is not that of its claimed value.
    Colour {
        /// Its row.
        row: usize,
        /// Its column.
        column: usize,
        /// The claimed value.
        claimed: f64,
    },
    /// A cell seems to show another number, but that may be misread.
    Misread(Cell),
    /// A cell shows another number, but other cells could not be read, or this is another matrix.
    OtherMatrix(Cell),
    /// The picture shows the claim with rows and columns exchanged.
    Transposed,
    /// The picture shows the claim with its rows from bottom to top.
    RowsReversed,
    /// The picture shows the claim with its rows and columns in another order.
    Reordered,
    /// Fewer than half of the cells are drawn.
    Masked {
        /// Cells that are drawn.
        drawn: usize,
        /// Of how many.
        of: usize,
    },
}
