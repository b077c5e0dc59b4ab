//! A gradebook's own table as a template: read, a few cells filled, and written as it was.

use std::collections::BTreeMap;

use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::text::delimiter;
use crate::report::csv::harmless;

/// A table with a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    path: String,
    delimiter: u8,
    header: Vec<String>,
    /// Its lines below the header, filled up to the header's length.
    rows: Vec<Vec<String>>,
}

/// A cell: the line below the header and the column, both from 0.
pub type Place = (usize, usize);

impl Sheet {
    /// Reads the text of the CSV at `path`.
    pub fn read(path: &str, text: &str) -> Result<Self, Diagnostic> {
        let fault = |message: String| Diagnostic::error(Code::DataMalformed, message).in_file(path);
        let text = text.trim_start_matches('\u{feff}');
        let first = text.lines().next().unwrap_or_default();
        let separator = delimiter(first);
        let mut reader = csv::ReaderBuilder::new().delimiter(separator).flexible(true).from_reader(text.as_bytes());
        let header: Vec<String> = reader.headers().map_err(|error| fault(error.to_string()))?.iter().map(ToOwned::to_owned).collect();
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| fault(error.to_string()))?;
            let mut row: Vec<String> = record.iter().map(ToOwned::to_owned).collect();
            row.resize(row.len().max(header.len()), String::new());
            rows.push(row);
        }
        Ok(Self { path: path.to_owned(), delimiter: separator, header, rows })
    }

    /// The names of its columns.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// Its lines below the header.
    pub fn rows(&self) -> &[Vec<String>] {
        &self.rows
    }

    /// The column whose name, in whatever case and with whatever blanks around it, is `name`.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|header| header.trim().eq_ignore_ascii_case(name))
    }

    /// What is wrong with it.
    pub fn fault(&self, message: impl Into<String>, help: impl Into<String>) -> Diagnostic {
        Diagnostic::error(Code::DataMalformed, message).in_file(self.path.clone()).help(help.into())
    }

    /// The table with `cells` in their places, of its columns those that are `kept`. Every other cell stays as it was, but for those in
    /// which a spreadsheet would find a formula.
    pub fn filled(&self, kept: &[usize], cells: &BTreeMap<Place, String>) -> Result<Vec<u8>, csv::Error> {
        let mut writer = csv::WriterBuilder::new().delimiter(self.delimiter).flexible(true).from_writer(Vec::new());
        let of_columns = |row: &[String]| kept.iter().map(|&column| safe(row.get(column).map_or("", String::as_str))).collect::<Vec<_>>();
        writer.write_record(of_columns(&self.header))?;
        for (i, row) in self.rows.iter().enumerate() {
            let cell = |&column: &usize| cells.get(&(i, column)).or_else(|| row.get(column)).map_or_else(String::new, |cell| safe(cell));
            writer.write_record(kept.iter().map(cell))?;
        }
        writer.into_inner().map_err(|error| error.into_error().into())
    }
}

/// A cell that no spreadsheet takes for a formula. Gradebooks write a lone `-` for nothing, and read it so.
fn safe(cell: &str) -> String {
    if cell.trim() == "-" || harmless(cell.trim()) == cell.trim() { cell.to_owned() } else { harmless(cell) }
}
