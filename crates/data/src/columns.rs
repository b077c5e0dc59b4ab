//! A table gathered cell by cell, within a budget of memory; rows in which a value is missing are left out at the end.

use super::{Malformed, grouped};
use mlgrade_domain::table::{Column, Table};

/// What the cells of a table may take of memory, in bytes.
pub(super) const MOST_BYTES: usize = 2 << 30;

/// The greatest whole number up to which a float holds each: 2⁵³.
const LARGEST_EXACT: u128 = 1 << 53;

/// One cell of a table.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    Missing,
    Number(f64),
    Text(String),
}

/// Why a cell is not taken; whoever reads the file says where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The column held something else before: numbers, or texts.
    Mixed { found: &'static str, before: &'static str },
    /// It is NaN or infinite.
    NotFinite,
    /// The table is too large.
    TooLarge,
}

/// The columns so far. Cells come row by row or column by column.
#[derive(Debug)]
pub(super) struct Gathered {
    columns: Vec<Gathering>,
    /// Whether a value of the row is missing.
    incomplete: Vec<bool>,
    left: usize,
}

#[derive(Debug)]
struct Gathering {
    name: String,
    values: Values,
    missing: usize,
}

/// The cells of a column with something in place of missing ones.
#[derive(Debug)]
enum Values {
    /// All are missing.
    Nothing(usize),
    Numbers(Vec<f64>),
    Texts(Vec<String>),
}

impl Gathered {
    pub(super) fn new() -> Self {
        Self::within(MOST_BYTES)
    }

    fn within(left: usize) -> Self {
        Self { columns: Vec::new(), incomplete: Vec::new(), left }
    }

    /// The number of columns.
    pub(super) fn width(&self) -> usize {
        self.columns.len()
    }

    pub(super) fn name(&self, column: usize) -> Option<&str> {
        self.columns.get(column).map(|column| column.name.as_str())
    }

    /// Adds an empty column.
    pub(super) fn add(&mut self, name: String) {
        self.columns.push(Gathering { name, values: Values::Nothing(0), missing: 0 });
    }

    /// How many cells column `column` has.
    pub(super) fn height(&self, column: usize) -> usize {
        self.columns.get(column).map_or(0, |column| column.values.len())
    }

    /// Puts `cell` at the end of column `column`.
    pub(super) fn push(&mut self, column: usize, cell: Cell) -> Result<(), Refusal> {
        let Some(gathering) = self.columns.get_mut(column) else { return Ok(()) };
        let row = gathering.values.len();
        let cost = match &cell {
            Cell::Number(_) => size_of::<f64>(),
            Cell::Missing => size_of::<String>(),
            Cell::Text(text) => size_of::<String>() + text.len(),
        };
        self.left = self.left.checked_sub(cost).ok_or(Refusal::TooLarge)?;
        if self.incomplete.len() <= row {
            self.incomplete.resize(row + 1, false);
        }
        if cell == Cell::Missing {
            gathering.missing += 1;
            self.incomplete[row] = true;
        }
        gathering.values.push(cell)
    }

    /// Fills column `column` with missing values until it has `rows` cells.
    pub(super) fn fill(&mut self, column: usize, rows: usize) -> Result<(), Refusal> {
        (self.height(column)..rows).try_for_each(|_| self.push(column, Cell::Missing))
    }

    /// The table of the rows in which nothing is missing.
    pub(super) fn table(self) -> Result<Table, Malformed> {
        let dropped = self.incomplete.iter().filter(|incomplete| **incomplete).count();
        let missing: Vec<usize> = self.columns.iter().map(|column| column.missing).collect();
        let rows = self.incomplete.len() - dropped;
        has_rows(rows, dropped, self.columns.iter().map(|column| (column.name.as_str(), column.missing)))?;
        let columns = self.columns.into_iter().map(|column| (column.name, column.values.kept(&self.incomplete))).collect();
        Table::new(columns, dropped).map(|table| table.with_missing(missing)).map_err(|error| Malformed(error.to_string()))
    }
}

impl Values {
    fn len(&self) -> usize {
        match self {
            Self::Nothing(count) => *count,
            Self::Numbers(numbers) => numbers.len(),
            Self::Texts(texts) => texts.len(),
        }
    }

    fn push(&mut self, cell: Cell) -> Result<(), Refusal> {
        if let Self::Nothing(count) = *self {
            match cell {
                Cell::Missing => {
                    *self = Self::Nothing(count + 1);
                    return Ok(());
                }
                Cell::Number(_) => *self = Self::Numbers(vec![0.0; count]),
                Cell::Text(_) => *self = Self::Texts(vec![String::new(); count]),
            }
        }
        match (self, cell) {
            (Self::Numbers(_), Cell::Number(number)) if !number.is_finite() => return Err(Refusal::NotFinite),
            (Self::Numbers(numbers), Cell::Number(number)) => numbers.push(number),
            (Self::Numbers(numbers), Cell::Missing) => numbers.push(0.0),
            (Self::Texts(texts), Cell::Text(text)) => texts.push(text),
            (Self::Texts(texts), Cell::Missing) => texts.push(String::new()),
            (Self::Numbers(_), Cell::Text(_)) => return Err(Refusal::Mixed { found: "text", before: "numbers" }),
            (Self::Texts(_), Cell::Number(_)) => return Err(Refusal::Mixed { found: "a number", before: "text" }),
            (Self::Nothing(_), _) => {}
        }
        Ok(())
    }

    /// The values of the rows that are complete.
    fn kept(self, incomplete: &[bool]) -> Column {
        fn kept<T>(values: Vec<T>, incomplete: &[bool]) -> Vec<T> {
            values.into_iter().zip(incomplete).filter_map(|(value, incomplete)| (!incomplete).then_some(value)).collect()
        }
        match self {
            Self::Nothing(_) => Column::Number(Vec::new()),
            Self::Numbers(numbers) => Column::Number(kept(numbers, incomplete)),
            Self::Texts(texts) => Column::Text(kept(texts, incomplete)),
        }
    }
}

impl Refusal {
    /// What is wrong at `place` ("line 3, column `x`").
    pub(super) fn at(&self, place: &str, rows: usize) -> Malformed {
        Malformed(match self {
            Self::Mixed { found, before } => format!("{place}: {found}, but the column holds {before} before; a column holds one of them"),
            Self::NotFinite => format!("{place}: the number is infinite or NaN"),
            Self::TooLarge => too_large(rows, MOST_BYTES),
        })
    }
}

/// The sentence that a table does not fit into memory; the first `rows` of it do.
pub(super) fn too_large(rows: usize, most: usize) -> String {
    format!("the table needs more than {} GiB of memory; about {} of its rows fit", most >> 30, grouped(rows))
}

/// Fails unless rows are left after those with missing values, of which there are `dropped`, went; `missing` has the count of each column.
pub(super) fn has_rows<'c>(rows: usize, dropped: usize, missing: impl Iterator<Item = (&'c str, usize)>) -> Result<(), Malformed> {
    if rows > 0 {
        return Ok(());
    }
    match missing.max_by_key(|(_, count)| *count).filter(|_| dropped > 0) {
        Some((name, count)) => {
            let rows = grouped(dropped);
            Err(Malformed(format!("each of the {rows} rows has a missing value, so that none is left; most are in column `{name}`: {}", grouped(count))))
        }
        None => Err(Malformed("there are no rows".to_owned())),
    }
}

/// Whether `text` is a whole number with more digits than a float keeps.
pub(super) fn is_long_number(text: &str) -> bool {
    is_whole_number(text)
        && text.trim_start_matches(['-', '+']).trim_start_matches('0').parse::<u128>().map_or(text.len() > 16, |number| number > LARGEST_EXACT)
}

/// Whether `text` is digits, perhaps with a sign.
pub(super) fn is_whole_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gathered(cells: Vec<Vec<Cell>>) -> Result<Table, Malformed> {
        let mut gathered = Gathered::new();
        for (column, cells) in cells.into_iter().enumerate() {
            gathered.add(format!("c{column}"));
            cells.into_iter().try_for_each(|cell| gathered.push(column, cell)).map_err(|refusal| refusal.at("here", 0))?;
        }
        gathered.table()
    }

    #[test]
    fn missing_values_are_counted_by_column_and_their_rows_left_out() {
        // pandas 3.1: df = pd.DataFrame({"c0": [None, 1, 2, None], "c1": ["a", "b", None, None]}); df.isna().sum(), df.dropna()
        let text = |text: &str| Cell::Text(text.to_owned());
        let table =
            gathered(vec![vec![Cell::Missing, Cell::Number(1.0), Cell::Number(2.0), Cell::Missing], vec![text("a"), text("b"), Cell::Missing, Cell::Missing]])
                .unwrap();
        assert_eq!((table.rows(), table.dropped(), table.missing()), (1, 3, [2, 2].as_slice()));
        assert_eq!((table.numbers("c0"), table.texts("c1").map(<[String]>::concat)), (Ok([1.0].as_slice()), Ok("b".to_owned())));
    }

    #[test]
    fn a_column_holds_numbers_or_texts() {
        let text = || Cell::Text("a".to_owned());
        let said = |cells: Vec<Cell>| gathered(vec![cells]).unwrap_err().to_string();
        assert_eq!(said(vec![Cell::Number(1.0), text()]), "here: text, but the column holds numbers before; a column holds one of them");
        assert_eq!(said(vec![text(), Cell::Number(1.0)]), "here: a number, but the column holds text before; a column holds one of them");
        assert_eq!(said(vec![Cell::Number(f64::NAN)]), "here: the number is infinite or NaN");
        assert_eq!(said(vec![Cell::Missing]), "each of the 1 rows has a missing value, so that none is left; most are in column `c0`: 1");
        assert_eq!(gathered(vec![]).unwrap_err().to_string(), "there are no rows");
    }

    #[test]
    fn memory_is_bounded() {
        let mut few = Gathered::within(60);
        few.add("a".to_owned());
        assert_eq!(few.push(0, Cell::Text("1234567".to_owned())), Ok(()));
        assert_eq!(few.push(0, Cell::Text("123456".to_owned())), Err(Refusal::TooLarge));
        assert_eq!(few.fill(0, 1_000), Err(Refusal::TooLarge));
        assert_eq!(Refusal::TooLarge.at("", 1_200_000).to_string(), "the table needs more than 2 GiB of memory; about 1,200,000 of its rows fit");
    }

    #[test]
    fn long_numbers_are_those_that_a_float_does_not_keep() {
        // float(2**53) == float(2**53 + 1) in Python
        let long = ["9007199254740993", "-9007199254740993", "100000000000000000000", "99999999999999999999999999999999999999999999"];
        assert!(long.iter().all(|text| is_long_number(text)));
        let short = ["9007199254740992", "-0", "00000000000000000000000000000000000000000000001", "1e300", "", "-", "9007199254740993.5"];
        assert!(short.iter().all(|text| !is_long_number(text)));
    }
}
