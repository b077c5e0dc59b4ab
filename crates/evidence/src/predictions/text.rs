//! CSV and its kin: comma, semicolon, tab or space between the columns, with or without a header line.

use std::borrow::Cow;

use csv::{ReaderBuilder, StringRecord, Trim};

use crate::encoding;
use mlgrade_domain::limits;

use super::numerals::{is_numeral, without_calls};
use super::sheet::{Cell, Sheet};
use super::{Asked, Content, Decoded};

/// The lines from which the separator is guessed.
const SAMPLE: usize = 50;

/// What stands between two columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Separator {
    Sign(u8),
    Spaces,
    /// Nothing: there is one column, in which commas are decimal signs.
    Nothing,
    /// A comma, which is also the decimal sign in the last of this many columns.
    CommaTwice(usize),
}

/// What stands for bytes that are no UTF-8.
const UNKNOWN: char = char::REPLACEMENT_CHARACTER;

pub(super) fn read(bytes: &[u8], asked: Asked<'_>) -> Decoded {
    let reason = match encoding::text(bytes) {
        Ok(text) => return read_text(&text, asked),
        Err(reason) => reason,
    };
    // Spreadsheets write Windows-1252, of which digits and separators are the same as in UTF-8. Where that is all that is read, it will do.
    if bytes.contains(&0) || bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(reason.into());
    }
    let mut found = read_text(&String::from_utf8_lossy(bytes), asked)?;
    let is_unknown = |word: &String| word.contains(UNKNOWN);
    let in_names = matches!(&found.content, Content::Names(names) if names.iter().any(is_unknown));
    if in_names || found.ids.as_ref().is_some_and(|ids| ids.values.iter().any(is_unknown)) {
        return Err(reason.into());
    }
    found.notes.push("the file is not UTF-8 text, which changes nothing in what was read".to_owned());
    Ok(found)
}

fn read_text(text: &str, asked: Asked<'_>) -> Decoded {
    let (text, said) = without_separator_line(text);
    let text = without_calls(text);
    let (text, sign) = match said.map_or_else(|| separator(&text), Separator::Sign) {
        Separator::Sign(sign) => (text, sign),
        // No cell holds a tab where none of the lines does.
        Separator::Nothing => (text, b'\t'),
        Separator::Spaces => (Cow::Owned(text.lines().map(by_spaces).collect()), b'\t'),
        Separator::CommaTwice(columns) => (Cow::Owned(text.lines().map(|line| last_comma_kept(line, columns)).collect()), b'\t'),
    };
    // A line of separators alone would take ten times its size in memory.
    let widest = text.lines().map(|line| 1 + line.bytes().filter(|&byte| byte == sign).count()).max().unwrap_or(0);
    if widest > limits::PREDICTIONS_COLUMNS {
        return Err(format!("a row has {widest} columns, more than the {} that are read", limits::PREDICTIONS_COLUMNS).into());
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
        let cells: Vec<Cell<'_>> = cells(&record);
        match first.take() {
            // The second row shows whether the first is a header.
            None if sheet.rows() == 0 && sheet.header.is_none() => first = Some(record.clone()),
            None => sheet.push(cells.into_iter())?,
            Some(earlier) => {
                begin(&mut sheet, &earlier, Some(&cells), asked)?;
                sheet.push(cells.into_iter())?;
            }
        }
    }
    if let Some(only) = first {
        begin(&mut sheet, &only, None, asked)?;
    }
    sheet.content(asked)
}

/// Takes the first row of a file as its header or as a row.
fn begin(sheet: &mut Sheet, first: &StringRecord, second: Option<&[Cell<'_>]>, asked: Asked<'_>) -> Result<(), String> {
    let first_cells = cells(first);
    if Sheet::is_header(&first_cells, second, asked) {
        // A header of one name fewer is that of R, which leaves out the names of the rows.
        let missing = second.map_or(0, |second| second.len().saturating_sub(first.len()));
        let index = std::iter::repeat_n(String::new(), missing.min(1));
        let names = first.iter().take(first_cells.len().max(second.map_or(0, <[_]>::len))).map(str::to_owned);
        sheet.header = Some(index.chain(names).collect());
        return Ok(());
    }
    sheet.push(first_cells.into_iter())
}

/// The cells of a row, without the empty ones behind a last separator.
fn cells(record: &StringRecord) -> Vec<Cell<'_>> {
    let used = (0..record.len()).rev().find(|&place| !record[place].is_empty()).map_or(0, |last| last + 1);
    record.iter().take(used).map(|cell| number(cell).map_or(Cell::Word(cell), Cell::of)).collect()
}

/// The number that a cell is, as programming languages write it; other notations are read column by column.
fn number(cell: &str) -> Option<f64> {
    let truth = || match cell {
        "True" | "true" | "TRUE" => Some(1.0),
        "False" | "false" | "FALSE" => Some(0.0),
        _ => None,
    };
    // `inf` and `nan` are read as numbers and reported as what they are; "infinity" and the like are no names of classes.
    cell.parse::<f64>().ok().or_else(truth)
}

/// The text without a first line such as `sep=;`, which tells a spreadsheet the separator, and the sign that it tells.
fn without_separator_line(text: &str) -> (&str, Option<u8>) {
    let trimmed = text.trim_start();
    let (line, rest) = trimmed.split_once('\n').unwrap_or((trimmed, ""));
    let line = line.trim_matches(['\r', '"', ' ']);
    let sign = line.get(..4).filter(|start| start.eq_ignore_ascii_case("sep=")).and_then(|_| match &line.as_bytes()[4..] {
        [] | [b'\\', b't'] => Some(b'\t'),
        [sign] if sign.is_ascii() && !sign.is_ascii_alphanumeric() && *sign != b'"' => Some(*sign),
        _ => None,
    });
    if sign.is_some() { (rest, sign) } else { (text, None) }
}

fn separator(text: &str) -> Separator {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')).take(SAMPLE).collect();
    if let Some(&sign) = [b';', b'\t'].iter().find(|&&sign| lines.iter().any(|line| line.contains(char::from(sign)))) {
        return Separator::Sign(sign);
    }
    if lines.iter().any(|line| line.contains(',')) {
        return comma(&lines);
    }
    if lines.iter().skip(1).any(|line| line.contains('|')) {
        return Separator::Sign(b'|');
    }
    // Names of classes have spaces too, so that only numbers and what stands in quotes are parted by them.
    let is_part = |part: &String| is_numeral(part.trim_matches('"')) || (part.starts_with('"') && part.ends_with('"') && part.len() > 1);
    let parts = |line: &&str| {
        let parts = parts_of(line);
        parts.len() > 1 && parts.iter().all(is_part)
    };
    if lines.iter().skip(1).any(parts) || lines.first().is_some_and(parts) { Separator::Spaces } else { Separator::Sign(b',') }
}

/// What commas are in a file without other signs between its columns: separators, decimal signs, or both.
fn comma(lines: &[&str]) -> Separator {
    let commas = |line: &&str| {
        let mut is_quoted = false;
        line.chars()
            .filter(|&c| {
                is_quoted ^= c == '"';
                c == ',' && !is_quoted
            })
            .count()
    };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let is_decimal = |line: &&str| {
        let unsigned = line.trim().trim_start_matches(['-', '+']);
        unsigned.split_once(',').map_or_else(|| unsigned.parse::<f64>().is_ok(), |(whole, decimals)| digits(whole) && digits(decimals))
    };
    let Some((first, body)) = lines.split_first() else { return Separator::Sign(b',') };
    let counts_rows =
        || (0..2).any(|from| body.iter().enumerate().all(|(row, line)| line.split(',').next().map(str::trim) == Some((row + from).to_string().as_str())));
    let has_header = !is_numeral(first.split(',').next().unwrap_or(first).trim_matches('"'));
    match (commas(first), has_header) {
        // One name, and two numbers in a row that do not count the rows.
        (0, true) if !body.is_empty() && body.iter().all(is_decimal) && !counts_rows() => Separator::Nothing,
        // Some numbers have decimals and others don't.
        (_, false) if lines.len() > 3 && lines.iter().all(is_decimal) && lines.iter().any(|line| commas(line) == 0) => Separator::Nothing,
        // `07` is no number, but decimals begin so.
        (_, false) if lines.iter().all(is_decimal) && lines.iter().any(|line| line.split_once(',').is_some_and(|(_, d)| d.len() > 1 && d.starts_with('0'))) => {
            Separator::Nothing
        }
        (names, true)
            if names > 0 && body.iter().any(|line| commas(line) == names + 1) && body.iter().all(|line| (names..=names + 1).contains(&commas(line))) =>
        {
            // R puts the names of the rows in front and leaves out the name of their column. Then what stands below the first name is a row's
            // second cell, and counts the rows no more.
            let second_counts =
                (0..2).any(|from| body.iter().enumerate().all(|(row, line)| line.split(',').nth(1).map(str::trim) == Some((row + from).to_string().as_str())));
            let ragged = body.iter().any(|line| commas(line) == names);
            if ragged || (counts_rows() && super::names::is_id(first.split(',').next().unwrap_or_default()) && !second_counts) {
                Separator::CommaTwice(names + 1)
            } else {
                Separator::Sign(b',')
            }
        }
        _ => Separator::Sign(b','),
    }
}

/// A line with tabs for commas, but for the last one if there is one too many: that is a decimal sign.
fn last_comma_kept(line: &str, columns: usize) -> String {
    let tabs = line.replace(',', "\t");
    match tabs.rsplit_once('\t').filter(|_| line.matches(',').count() == columns) {
        Some((front, decimals)) => format!("{front},{decimals}\n"),
        None => tabs + "\n",
    }
}

/// A line with tabs for the spaces that are not within quotes.
fn by_spaces(line: &str) -> String {
    parts_of(line).join("\t") + "\n"
}

fn parts_of(line: &str) -> Vec<String> {
    let (mut parts, mut is_quoted) = (vec![String::new()], false);
    for c in line.chars() {
        is_quoted ^= c == '"';
        match parts.last_mut() {
            Some(part) if !c.is_whitespace() || is_quoted => part.push(c),
            Some(part) if !part.is_empty() => parts.push(String::new()),
            _ => {}
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}
