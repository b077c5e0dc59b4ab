//! CSV and its kin: comma, semicolon, tab or space between the columns, with or without a header line.

use std::borrow::Cow;

use csv::{ReaderBuilder, StringRecord, Trim};

use crate::domain::limits;
use crate::domain::number::Finite;
use crate::evidence::encoding;

use super::Decoded;
use super::sheet::{Cell, Sheet};

/// The lines from which the separator is told.
const SAMPLE: usize = 20;

/// What stands between two columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Separator {
    Sign(u8),
    Spaces,
}

pub(super) fn read(bytes: &[u8], name: &str) -> Decoded {
    let text = encoding::text(bytes)?;
    let text = text.as_ref();
    let separator = separator(text);
    let (text, sign) = match separator {
        Separator::Sign(sign) => (Cow::Borrowed(text), sign),
        Separator::Spaces => (Cow::Owned(text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join("\t") + "\n").collect::<String>()), b'\t'),
    };
    // A line of separators alone would take ten times its size in memory.
    let widest = text.lines().map(|line| 1 + line.bytes().filter(|&byte| byte == sign).count()).max().unwrap_or(0);
    if widest > limits::PREDICTIONS_COLUMNS {
        return Err(format!("a row has {widest} columns, more than the {} that are read", limits::PREDICTIONS_COLUMNS));
    }
    let mut reader = ReaderBuilder::new();
    // `numpy.savetxt` writes its header as a comment.
    let reader = reader.has_headers(false).flexible(true).trim(Trim::All).delimiter(sign).comment(Some(b'#'));
    let mut reader = reader.from_reader(text.as_bytes());
    let mut sheet = Sheet::new(limits::PREDICTIONS_NUMBERS);
    let (mut record, mut first, mut row) = (StringRecord::new(), None::<StringRecord>, 0_usize);
    loop {
        row += 1;
        if !reader.read_record(&mut record).map_err(|error| format!("row {row}: {error}"))? {
            break;
        }
        // A blank row of a spreadsheet is `,,`.
        if record.iter().all(str::is_empty) {
            continue;
        }
        let cells: Vec<Cell<'_>> = cells(&record, sign);
        match first.take() {
            // Whether the first row is a header is told by the second.
            None if sheet.rows() == 0 && sheet.header.is_none() => first = Some(record.clone()),
            None => sheet.push(cells.into_iter())?,
            Some(earlier) => {
                begin(&mut sheet, &earlier, Some(&cells), sign, name)?;
                sheet.push(cells.into_iter())?;
            }
        }
    }
    if let Some(only) = first {
        begin(&mut sheet, &only, None, sign, name)?;
    }
    sheet.content(name)
}

/// Takes the first row of a file as its header or as a row.
fn begin(sheet: &mut Sheet, first: &StringRecord, second: Option<&[Cell<'_>]>, sign: u8, name: &str) -> Result<(), String> {
    let first_cells = cells(first, sign);
    if Sheet::is_header(&first_cells, second, name) {
        // A header of one name fewer is that of R, which leaves out the index.
        let missing = second.map_or(0, |second| second.len().saturating_sub(first.len()));
        let index = std::iter::repeat_n(String::new(), missing.min(1));
        let names = first.iter().take(first_cells.len().max(second.map_or(0, <[_]>::len))).map(str::to_owned);
        sheet.header = Some(index.chain(names).collect());
        return Ok(());
    }
    sheet.push(first_cells.into_iter())
}

/// The cells of a row, without the empty ones behind a last separator.
fn cells(record: &StringRecord, sign: u8) -> Vec<Cell<'_>> {
    let used = (0..record.len()).rev().find(|&place| !record[place].is_empty()).map_or(0, |last| last + 1);
    record.iter().take(used).map(|cell| number(cell, sign).map_or(Cell::Word(cell), Cell::of)).collect()
}

/// The number that a cell is; where the comma does not separate columns, it may separate decimals.
fn number(cell: &str, sign: u8) -> Option<f64> {
    let decimals = || (sign != b',' && cell.contains(',')).then(|| cell.replacen(',', ".", 1).parse().ok()).flatten();
    let truth = || match cell {
        "True" | "true" | "TRUE" => Some(1.0),
        "False" | "false" | "FALSE" => Some(0.0),
        _ => None,
    };
    // `inf` and `nan` are read as numbers and told by what they are; "infinity" and the like are no names of classes.
    cell.parse::<f64>().ok().or_else(decimals).or_else(truth)
}

fn separator(text: &str) -> Separator {
    let sample = || text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')).take(SAMPLE);
    if let Some(&sign) = [b';', b'\t', b','].iter().find(|&&sign| sample().any(|line| line.contains(char::from(sign)))) {
        return Separator::Sign(sign);
    }
    // Names of classes have spaces too, so that only numbers are parted by them.
    let parts = |line: &str| line.split_whitespace().count() > 1 && line.split_whitespace().all(|part| part.parse::<Finite>().is_ok());
    if sample().skip(1).any(parts) || sample().next().is_some_and(parts) { Separator::Spaces } else { Separator::Sign(b',') }
}
