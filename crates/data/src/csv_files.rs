//! CSV files with a header line: a table, rows with a number to predict, or images with a label.

use csv::{ReaderBuilder, StringRecord, Trim};

use super::{Images, Malformed, Matrix};
use mlgrade_domain::name::did_you_mean;
use mlgrade_domain::number::Finite;
use mlgrade_domain::table::{Column, Table};

/// Cells that stand for a missing value, as pandas reads them.
const MISSING: [&str; 8] = ["", "NA", "N/A", "NaN", "nan", "null", "NULL", "None"];

/// A CSV file being read row by row; blank lines are passed over.
struct Sheet<'b> {
    bytes: &'b [u8],
    names: Vec<String>,
    reader: csv::Reader<&'b [u8]>,
    record: StringRecord,
}

impl<'b> Sheet<'b> {
    fn open(bytes: &'b [u8]) -> Result<Self, Malformed> {
        // A line of the wrong length is refused below, where it is distinguished from a blank one.
        let mut reader = ReaderBuilder::new().flexible(true).trim(Trim::All).from_reader(bytes);
        let names: Vec<String> = reader.headers().map_err(unreadable)?.iter().map(|name| name.trim_start_matches('\u{feff}').to_owned()).collect();
        if let Some(twice) = names.iter().enumerate().find(|(i, name)| names[..*i].contains(name)) {
            return Err(Malformed(format!("two columns are named `{}`", twice.1)));
        }
        if names.iter().all(String::is_empty) {
            return Err(Malformed("the first line names no columns".to_owned()));
        }
        Ok(Self { bytes, names, reader, record: StringRecord::new() })
    }

    /// The next row and its line.
    fn next(&mut self) -> Result<Option<(u64, &StringRecord)>, Malformed> {
        loop {
            if !self.reader.read_record(&mut self.record).map_err(unreadable)? {
                return Ok(None);
            }
            if self.record.iter().any(|cell| !cell.is_empty()) {
                break;
            }
        }
        let line = self.line();
        if self.record.len() != self.names.len() {
            return Err(Malformed(format!("line {line} has {} values, the header {}", self.record.len(), self.names.len())));
        }
        Ok(Some((line, &self.record)))
    }

    /// The line of the row just read. The reader places a row before the blank lines that precede it.
    fn line(&self) -> u64 {
        let Some(place) = self.record.position() else { return 0 };
        let start = usize::try_from(place.byte()).unwrap_or(usize::MAX);
        let before = self.bytes.iter().skip(start).take_while(|byte| matches!(byte, b'\r' | b'\n'));
        place.line() + before.filter(|byte| **byte == b'\n').count() as u64
    }

    /// The position of the column `name`.
    fn position(&self, name: &str) -> Result<usize, Malformed> {
        let known = || self.names.iter().map(String::as_str);
        self.names.iter().position(|column| column == name).ok_or_else(|| {
            let help = did_you_mean(name, known()).map_or_else(String::new, |help| format!("; {help}"));
            Malformed(format!("there is no column `{name}`{help}"))
        })
    }
}

#[expect(clippy::needless_pass_by_value, reason = "`map_err` passes it so")]
fn unreadable(error: csv::Error) -> Malformed {
    Malformed(format!("the CSV cannot be read: {error}"))
}

/// The table in `bytes`, without the rows in which a value is missing. A column is one of numbers if all its values are.
pub(super) fn table(bytes: &[u8]) -> Result<Table, Malformed> {
    let mut sheet = Sheet::open(bytes)?;
    let mut columns: Vec<Vec<String>> = vec![Vec::new(); sheet.names.len()];
    let mut lines = Vec::new();
    let mut dropped = 0;
    while let Some((line, record)) = sheet.next()? {
        if record.iter().any(|cell| MISSING.contains(&cell)) {
            dropped += 1;
            continue;
        }
        lines.push(line);
        for (column, cell) in columns.iter_mut().zip(record) {
            column.push(cell.to_owned());
        }
    }
    let mut named = Vec::new();
    for (name, cells) in sheet.names.into_iter().zip(columns) {
        let column = column(&name, cells, &lines)?;
        named.push((name, column));
    }
    Table::new(named, dropped).map_err(|error| Malformed(error.to_string()))
}

fn column(name: &str, cells: Vec<String>, lines: &[u64]) -> Result<Column, Malformed> {
    let numbers: Option<Vec<f64>> = cells.iter().map(|cell| cell.parse().ok()).collect();
    let Some(numbers) = numbers else { return Ok(Column::Text(cells)) };
    match numbers.iter().position(|number| !number.is_finite()) {
        Some(row) => Err(not_a_number(lines[row], name, &cells[row])),
        None => Ok(Column::Number(numbers)),
    }
}

/// Rows of features, the number to predict for each, and the features' names.
pub(super) struct Rows {
    pub(super) names: Vec<String>,
    pub(super) x: Matrix,
    pub(super) y: Vec<f64>,
}

/// The rows in `bytes`, where column `target` is the number to predict and every other one a feature.
pub(super) fn rows(bytes: &[u8], target: &str) -> Result<Rows, Malformed> {
    let mut sheet = Sheet::open(bytes)?;
    let target = sheet.position(target)?;
    let names = sheet.names.clone();
    let (mut values, mut y) = (Vec::new(), Vec::new());
    while let Some((line, record)) = sheet.next()? {
        for (i, cell) in record.iter().enumerate() {
            let number = cell.parse::<Finite>().map_err(|_| not_a_number(line, &names[i], cell))?.get();
            if i == target { y.push(number) } else { values.push(number) }
        }
    }
    let x = Matrix { rows: y.len(), cols: names.len() - 1, values };
    Ok(Rows { names, x, y })
}

/// The images in `bytes`, where column `label` is the class and every other one a pixel from 0 to 255. They are square if the
/// number of pixels allows it, else one pixel high.
pub(super) fn images(bytes: &[u8], label: &str) -> Result<(Images, Vec<u8>), Malformed> {
    let mut sheet = Sheet::open(bytes)?;
    let label = sheet.position(label)?;
    let names = sheet.names.clone();
    let (mut pixels, mut labels) = (Vec::new(), Vec::new());
    while let Some((line, record)) = sheet.next()? {
        for (i, cell) in record.iter().enumerate() {
            let byte: u8 =
                cell.parse().map_err(|_| Malformed(format!("line {line}, column `{}`: `{}` is no whole number from 0 to 255", names[i], short(cell))))?;
            if i == label { labels.push(byte) } else { pixels.push(byte) }
        }
    }
    let count = names.len() - 1;
    let side = count.isqrt();
    let (height, width) = if side * side == count { (side, side) } else { (1, count) };
    Ok((Images { count: labels.len(), height, width, channels: 1, pixels }, labels))
}

fn not_a_number(line: u64, column: &str, cell: &str) -> Malformed {
    Malformed(format!("line {line}, column `{column}`: `{}` is not a finite number", short(cell)))
}

fn short(cell: &str) -> String {
    cell.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn missing_values_drop_their_row_and_blank_lines_do_not_count() -> Result<(), Malformed> {
        let table = table(b"\xef\xbb\xbfname,mass\nTux, 3.5\n\n  \n,\nNA,4\nPip,nan\nZoe,1e3\n")?;
        assert_eq!((table.rows(), table.dropped()), (2, 2));
        assert_eq!(table.numbers("mass"), Ok([3.5, 1000.0].as_slice()));
        assert_eq!(table.texts("name").map(<[String]>::concat), Ok("TuxZoe".to_owned()));
        Ok(())
    }

    #[test]
    fn faults_are_named_by_line_and_column() {
        let message = |result: Result<Table, Malformed>| result.map(|_| ()).map_err(|error| error.to_string());
        assert_eq!(message(table(b"a,b\n1,2\n3\n")), Err("line 3 has 1 values, the header 2".to_owned()));
        assert_eq!(message(table(b"a,b\n1,2\n\n3,inf\n")), Err("line 4, column `b`: `inf` is not a finite number".to_owned()));
        assert_eq!(message(table(b"a,a\n")), Err("two columns are named `a`".to_owned()));
        assert_eq!(message(table(b"")), Err("the first line names no columns".to_owned()));
        let error = rows(b"x,y\n1,2\n1,NaN\n", "y").map(|_| ()).unwrap_err();
        assert_eq!(error.to_string(), "line 3, column `y`: `NaN` is not a finite number");
        let error = rows(b"speed,y\n1,2\n", "sped").map(|_| ()).unwrap_err();
        assert_eq!(error.to_string(), "there is no column `sped`; did you mean `speed`?");
        let error = images(b"label,p\n1,256\n", "label").unwrap_err();
        assert_eq!(error.to_string(), "line 2, column `p`: `256` is no whole number from 0 to 255");
    }

    #[test]
    fn four_pixels_are_a_square_and_three_a_line() -> Result<(), Malformed> {
        let (square, labels) = images(b"a,b,label,c,d\n1,2,7,3,4\n", "label")?;
        assert_eq!((square.height, square.width, square.pixels, labels), (2, 2, vec![1, 2, 3, 4], vec![7]));
        let (line, _) = images(b"label,a,b,c\n7,1,2,3\n", "label")?;
        assert_eq!((line.height, line.width), (1, 3));
        Ok(())
    }

    proptest! {
        #[test]
        fn any_bytes_are_refused_or_read(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = (table(&bytes), rows(&bytes, "y").is_ok(), images(&bytes, "y"));
        }

        #[test]
        fn any_text_is_refused_or_read(text in "[ay0-9,\"\n .-]{0,80}") {
            let _ = (table(text.as_bytes()), rows(text.as_bytes(), "y").is_ok(), images(text.as_bytes(), "y"));
        }
    }
}
