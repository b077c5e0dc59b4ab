//! The lines of a CSV or TSV file, cell by cell.

use csv::{ReaderBuilder, StringRecord, Trim};

use super::Malformed;
use mlgrade_domain::name::did_you_mean;

/// What stands between the cells of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Separator(u8);

impl Separator {
    pub(super) const COMMA: Self = Self(b',');
    pub(super) const TAB: Self = Self(b'\t');

    /// The one that a rubric states: a character that is none of a number, a name or a quote.
    pub(super) fn stated(text: &str) -> Option<Self> {
        match text.as_bytes() {
            [byte @ (b';' | b'|' | b',' | b':' | b' ' | b'~' | b'^')] => Some(Self(*byte)),
            _ => None,
        }
    }

    /// What the only name in a header line says of another separator, if it does.
    fn doubt(self, name: &str) -> Option<&'static str> {
        let has = |other: Self| other != self && name.as_bytes().contains(&other.0);
        if has(Self::TAB) {
            Some("the first line has tabs in it: name the file with `tsv`")
        } else if has(Self(b';')) {
            Some("the first line has semicolons in it: add `separator = \";\"`")
        } else if self == Self::TAB && has(Self::COMMA) {
            Some("the first line has commas and no tabs in it: name the file with `csv`")
        } else {
            None
        }
    }
}

/// A CSV file being read row by row; blank lines are passed over.
pub(super) struct Sheet<'b> {
    bytes: &'b [u8],
    pub(super) names: Vec<String>,
    reader: csv::Reader<&'b [u8]>,
    record: StringRecord,
}

impl<'b> Sheet<'b> {
    pub(super) fn open(bytes: &'b [u8], separator: Separator) -> Result<Self, Malformed> {
        // A line of the wrong length is refused below, where it is distinguished from a blank one.
        let mut reader = ReaderBuilder::new().delimiter(separator.0).flexible(true).trim(Trim::All).from_reader(bytes);
        let names: Vec<String> = reader.headers().map_err(unreadable)?.iter().map(|name| name.trim_start_matches('\u{feff}').to_owned()).collect();
        if let Some(twice) = names.iter().enumerate().find(|(i, name)| names[..*i].contains(name)) {
            return Err(Malformed(format!("two columns are named `{}`", twice.1)));
        }
        if names.iter().all(String::is_empty) {
            return Err(Malformed("the first line names no columns".to_owned()));
        }
        if let [only] = names.as_slice()
            && let Some(doubt) = separator.doubt(only)
        {
            return Err(Malformed(format!("there is one column only; {doubt}")));
        }
        Ok(Self { bytes, names, reader, record: StringRecord::new() })
    }

    /// The next row and its line.
    pub(super) fn next(&mut self) -> Result<Option<(u64, &StringRecord)>, Malformed> {
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
    pub(super) fn position(&self, name: &str) -> Result<usize, Malformed> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::csv_files::table;

    #[test]
    fn another_separator_is_seen_in_the_first_line() -> Result<(), Malformed> {
        let said = |bytes: &[u8], separator| table(bytes, separator).unwrap_err().to_string();
        assert_eq!(said(b"a\tb\n1\t2\n", Separator::COMMA), "there is one column only; the first line has tabs in it: name the file with `tsv`");
        assert_eq!(said(b"a;b\n1;2\n", Separator::COMMA), "there is one column only; the first line has semicolons in it: add `separator = \";\"`");
        assert!(said(b"a,b\n1,2\n", Separator::TAB).ends_with("name the file with `csv`"));
        let semicolons = Separator::stated(";").unwrap();
        assert_eq!(table(b"a;b\n1;2\n", semicolons)?.numbers("b"), Ok([2.0].as_slice()));
        assert!(["", ";;", "a", "1", "\t", "\"", "\n", ".", "-", "\u{a7}"].into_iter().all(|text| Separator::stated(text).is_none()));
        Ok(())
    }
}
