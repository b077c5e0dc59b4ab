//! CSV and TSV files with a header line: a table, rows with a number to predict, or images with a label.

use super::columns::{MOST_BYTES, has_rows, is_long_number, is_whole_number, too_large};
use super::sheet::{Separator, Sheet};
use super::{Images, Malformed, Matrix};
use mlgrade_domain::number::Finite;
use mlgrade_domain::table::{Column, Table};

/// Cells that stand for a missing value: those of pandas 3.1, `pandas._libs.parsers.STR_NA_VALUES`.
const MISSING: [&str; 19] = [
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null",
];

/// What a first pass over a column found, of the rows in which nothing is missing.
#[derive(Clone)]
struct Survey {
    /// How many values are missing, in all rows.
    missing: usize,
    /// Whether all are numbers.
    numbers: bool,
    /// Whether all are whole numbers, in digits.
    whole: bool,
    /// Whether one has more digits than a float keeps.
    long: bool,
    /// The first that is infinite or NaN: its line and the cell.
    not_finite: Option<(u64, String)>,
    /// What they take as text, in bytes.
    text_bytes: usize,
}

impl Survey {
    fn see(&mut self, line: u64, cell: &str) {
        let number = if self.numbers { cell.parse::<f64>().ok() } else { None };
        self.numbers &= number.is_some();
        self.whole = self.numbers && self.whole && is_whole_number(cell);
        self.long |= self.whole && is_long_number(cell);
        if number.is_some_and(|number| !number.is_finite()) && self.not_finite.is_none() {
            self.not_finite = Some((line, cell.to_owned()));
        }
        self.text_bytes += size_of::<String>() + cell.len();
    }

    /// Numbers stay numbers, unless they are names in digits of which a float would make another.
    fn is_of_numbers(&self) -> bool {
        self.numbers && !(self.whole && self.long)
    }
}

fn is_missing(cell: &str) -> bool {
    MISSING.contains(&cell)
}

/// The table in `bytes`, without the rows in which a value is missing. A column is one of numbers if all its values are.
pub(super) fn table(bytes: &[u8], separator: Separator) -> Result<Table, Malformed> {
    let mut sheet = Sheet::open(bytes, separator)?;
    let unseen = Survey { missing: 0, numbers: true, whole: true, long: false, not_finite: None, text_bytes: 0 };
    let mut surveys = vec![unseen; sheet.names.len()];
    let (mut rows, mut dropped) = (0, 0);
    while let Some((line, record)) = sheet.next()? {
        let complete = !record.iter().any(is_missing);
        *(if complete { &mut rows } else { &mut dropped }) += 1;
        for (survey, cell) in surveys.iter_mut().zip(record) {
            if complete {
                survey.see(line, cell);
            } else {
                survey.missing += usize::from(is_missing(cell));
            }
        }
    }
    let names = sheet.names;
    has_rows(rows, dropped, names.iter().map(String::as_str).zip(surveys.iter().map(|survey| survey.missing)))?;
    for (name, survey) in names.iter().zip(&surveys).filter(|(_, survey)| survey.is_of_numbers()) {
        if let Some((line, cell)) = &survey.not_finite {
            return Err(not_a_number(*line, name, cell));
        }
    }
    let needed: usize = surveys.iter().map(|survey| if survey.is_of_numbers() { rows * size_of::<f64>() } else { survey.text_bytes }).sum();
    if needed > MOST_BYTES {
        return Err(Malformed(too_large(rows / (needed / MOST_BYTES + 1), MOST_BYTES)));
    }
    let empty = |survey: &Survey| {
        if survey.is_of_numbers() { Column::Number(Vec::with_capacity(rows)) } else { Column::Text(Vec::with_capacity(rows)) }
    };
    let mut columns: Vec<Column> = surveys.iter().map(empty).collect();
    let mut sheet = Sheet::open(bytes, separator)?;
    while let Some((line, record)) = sheet.next()? {
        if record.iter().any(is_missing) {
            continue;
        }
        for ((column, cell), name) in columns.iter_mut().zip(record).zip(&names) {
            match column {
                Column::Number(numbers) => numbers.push(cell.parse().map_err(|_| not_a_number(line, name, cell))?),
                Column::Text(texts) => texts.push(cell.to_owned()),
            }
        }
    }
    let missing = surveys.iter().map(|survey| survey.missing).collect();
    let columns = names.into_iter().zip(columns).collect();
    Table::new(columns, dropped).map(|table| table.with_missing(missing)).map_err(|error| Malformed(error.to_string()))
}

/// Rows of features, the number to predict for each, and the features' names.
pub(super) struct Rows {
    pub(super) names: Vec<String>,
    pub(super) x: Matrix,
    pub(super) y: Vec<f64>,
}

/// The rows in `bytes`, where column `target` is the number to predict and every other one a feature.
pub(super) fn rows(bytes: &[u8], separator: Separator, target: &str) -> Result<Rows, Malformed> {
    let mut sheet = Sheet::open(bytes, separator)?;
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
pub(super) fn images(bytes: &[u8], separator: Separator, label: &str) -> Result<(Images, Vec<u8>), Malformed> {
    let mut sheet = Sheet::open(bytes, separator)?;
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
    let (height, width) = sides(names.len() - 1);
    Ok((Images { count: labels.len(), height, width, channels: 1, pixels }, labels))
}

/// Height and width of an image of `pixels` pixels: a square if that is possible, else a line.
pub(super) fn sides(pixels: usize) -> (usize, usize) {
    let side = pixels.isqrt();
    if side * side == pixels { (side, side) } else { (1, pixels) }
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

    fn comma(bytes: &[u8]) -> Result<Table, Malformed> {
        table(bytes, Separator::COMMA)
    }

    #[test]
    fn missing_values_drop_their_row_and_blank_lines_do_not_count() -> Result<(), Malformed> {
        let table = comma(b"\xef\xbb\xbfname,mass\nTux, 3.5\n\n  \n,\nNA,4\nPip,nan\nZoe,1e3\n")?;
        assert_eq!((table.rows(), table.dropped(), table.missing()), (2, 2, [1, 1].as_slice()));
        assert_eq!(table.numbers("mass"), Ok([3.5, 1000.0].as_slice()));
        assert_eq!(table.texts("name").map(<[String]>::concat), Ok("TuxZoe".to_owned()));
        Ok(())
    }

    #[test]
    fn faults_are_named_by_line_and_column() {
        let message = |result: Result<Table, Malformed>| result.map(|_| ()).map_err(|error| error.to_string());
        assert_eq!(message(comma(b"a,b\n1,2\n3\n")), Err("line 3 has 1 values, the header 2".to_owned()));
        assert_eq!(message(comma(b"a,b\n1,2\n\n3,inf\n")), Err("line 4, column `b`: `inf` is not a finite number".to_owned()));
        assert_eq!(message(comma(b"a,a\n")), Err("two columns are named `a`".to_owned()));
        assert_eq!(message(comma(b"")), Err("the first line names no columns".to_owned()));
        let error = rows(b"x,y\n1,2\n1,NaN\n", Separator::COMMA, "y").map(|_| ()).unwrap_err();
        assert_eq!(error.to_string(), "line 3, column `y`: `NaN` is not a finite number");
        let error = rows(b"speed,y\n1,2\n", Separator::COMMA, "sped").map(|_| ()).unwrap_err();
        assert_eq!(error.to_string(), "there is no column `sped`; did you mean `speed`?");
        let error = images(b"label,p\n1,256\n", Separator::COMMA, "label").unwrap_err();
        assert_eq!(error.to_string(), "line 2, column `p`: `256` is no whole number from 0 to 255");
    }

    #[test]
    fn four_pixels_are_a_square_and_three_a_line() -> Result<(), Malformed> {
        let (square, labels) = images(b"a,b,label,c,d\n1,2,7,3,4\n", Separator::COMMA, "label")?;
        assert_eq!((square.height, square.width, square.pixels, labels), (2, 2, vec![1, 2, 3, 4], vec![7]));
        let (line, _) = images(b"label,a,b,c\n7,1,2,3\n", Separator::COMMA, "label")?;
        assert_eq!((line.height, line.width), (1, 3));
        Ok(())
    }

    /// pandas 3.1, `pd.read_csv(path, dtype={"id": str})` of the first and `pd.read_csv(path, sep="\t")` of the second.
    #[test]
    fn ids_in_digits_and_truth_values_stay_text() -> Result<(), Malformed> {
        let ids = comma(b"id,n,ok\n9007199254740993,9007199254740993,True\n7,0.5,False\n")?;
        assert_eq!(ids.texts("id").unwrap(), ["9007199254740993", "7"]);
        assert_eq!((ids.numbers("n"), ids.texts("ok").map(<[String]>::concat)), (Ok([9_007_199_254_740_992.0, 0.5].as_slice()), Ok("TrueFalse".to_owned())));
        let tabs = table(b"a\tb c\n1\t\"x\ty\"\n<NA>\tz\n", Separator::TAB)?;
        assert_eq!((tabs.rows(), tabs.missing(), tabs.texts("b c").map(<[String]>::concat)), (1, [1, 0].as_slice(), Ok("x\ty".to_owned())));
        Ok(())
    }

    #[test]
    fn a_table_without_rows_is_refused() {
        assert_eq!(comma(b"a,b\n").unwrap_err().to_string(), "there are no rows");
        let all = comma(b"a,b\n1,\n,\n").unwrap_err();
        assert_eq!(all.to_string(), "each of the 1 rows has a missing value, so that none is left; most are in column `b`: 1");
    }

    proptest! {
        #[test]
        fn any_bytes_are_refused_or_read(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = (comma(&bytes), rows(&bytes, Separator::COMMA, "y").is_ok(), images(&bytes, Separator::TAB, "y"));
        }

        #[test]
        fn any_text_is_refused_or_read(text in "[ay0-9,\"\n .-]{0,80}") {
            let _ = (comma(text.as_bytes()), rows(text.as_bytes(), Separator::COMMA, "y").is_ok(), images(text.as_bytes(), Separator::COMMA, "y"));
        }
    }
}
