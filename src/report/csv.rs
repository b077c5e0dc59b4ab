//! The class as CSV, for a spreadsheet.

use std::io::Write;

use super::{ItemReport, Report};

/// The columns before those of the items.
const FIXED: [&str; 8] = ["student", "name", "earned", "lowest", "highest", "possible", "late_days", "ungraded"];

/// The table of a class, written as its reports come. One row a student:
/// `student,name,earned,lowest,highest,possible,late_days,ungraded`, then the points of each item, blank while ungraded, then the numbers of
/// the leaderboards. The first report tells which items there are.
#[derive(Debug)]
pub struct Grades<W: Write> {
    writer: csv::Writer<W>,
    /// How many columns there are, once the head is written.
    columns: Option<usize>,
}

impl<W: Write> Grades<W> {
    /// A table that goes to `out`.
    pub fn new(out: W) -> Self {
        Self { writer: csv::Writer::from_writer(out), columns: None }
    }

    /// Adds a student's row.
    pub fn add(&mut self, report: &Report) -> Result<(), csv::Error> {
        if self.columns.is_none() {
            self.begin(&head(report))?;
        }
        self.writer.write_record(row(report))
    }

    /// Ends the table, and gives back where it went. Those who are `absent`, by id and name, follow with blank scores: whether that is a zero
    /// is for the course to say.
    pub fn finish(mut self, absent: &[(&str, &str)]) -> Result<W, csv::Error> {
        let columns = match self.columns {
            Some(columns) => columns,
            None => self.begin(&FIXED.map(str::to_owned))?,
        };
        for (student, name) in absent {
            let blank = std::iter::repeat_n(String::new(), columns - 2);
            self.writer.write_record([harmless(student), harmless(name)].into_iter().chain(blank))?;
        }
        self.writer.into_inner().map_err(|error| error.into_error().into())
    }

    fn begin(&mut self, head: &[String]) -> Result<usize, csv::Error> {
        self.columns = Some(head.len());
        self.writer.write_record(head)?;
        Ok(head.len())
    }
}

/// The table `earlier` with the rows of `reports` in the place of those of the same students, or among the others; all other rows stay as
/// they are. `None` if it is not a table of these items.
pub fn updated(earlier: &[u8], reports: &[Report]) -> Result<Option<Vec<u8>>, csv::Error> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(earlier);
    let mut rows: Vec<Vec<String>> = Vec::new();
    for record in reader.records() {
        let Ok(record) = record else { return Ok(None) };
        rows.push(record.iter().map(ToOwned::to_owned).collect());
    }
    let wanted = reports.first().map(head);
    if rows.first() != wanted.as_ref() || rows.iter().any(|row| Some(row.len()) != wanted.as_ref().map(Vec::len)) {
        return Ok(None);
    }
    for report in reports {
        let fresh = row(report);
        if let Some(there) = rows.iter_mut().skip(1).find(|row| row[0] == fresh[0]) {
            *there = fresh;
        } else {
            // Whoever handed in nothing has no score, and stands at the end.
            let later = |row: &Vec<String>| row[2].is_empty() || row[0] > fresh[0];
            let at = rows.iter().skip(1).position(later).map_or(rows.len(), |at| at + 1);
            rows.insert(at, fresh);
        }
    }
    written(rows.into_iter()).map(Some)
}

fn head(report: &Report) -> Vec<String> {
    let items = report.items.iter().map(|item| item.id.to_string());
    let leaders = report.items.iter().filter_map(ItemReport::leader).map(|(column, _)| harmless(column));
    FIXED.iter().map(ToString::to_string).chain(items).chain(leaders).collect()
}

fn row(report: &Report) -> Vec<String> {
    let score = report.score;
    let ungraded = report.items.iter().filter(|item| item.is_open()).count();
    let mut row = vec![harmless(&report.student), harmless(report.name.as_deref().unwrap_or_default())];
    // Whoever is excused from all of it has no score, which is not a zero.
    let points = |points: crate::domain::points::Points| if report.excused { String::new() } else { points.to_string() };
    row.extend([score.earned, score.lowest, score.highest, score.possible].map(points));
    row.extend([report.late.as_ref().map_or(0, |late| late.days).to_string(), ungraded.to_string()]);
    row.extend(report.items.iter().map(|item| item.points.map_or_else(String::new, |points| points.to_string())));
    let leaders = report.items.iter().filter_map(ItemReport::leader);
    row.extend(leaders.map(|(_, number)| number.map_or_else(String::new, |number| number.to_string())));
    row
}

fn written(rows: impl Iterator<Item = Vec<String>>) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row)?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// A cell in which a spreadsheet would find a formula, or a build server a command, made text. Some spreadsheets take `;` for the end of
/// a cell, whatever the quotes.
pub(crate) fn harmless(cell: &str) -> String {
    let cell = crate::domain::text::plain(cell).replace("##", "#'#");
    if cell.parse::<f64>().is_ok() {
        return cell;
    }
    let starts = |part: &str| {
        part.trim_start_matches([' ', '"', '\u{a0}']).starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) || part.trim_start().starts_with("::")
    };
    let mut out = String::new();
    for part in cell.split_inclusive([';', ',', '|']) {
        if starts(part) {
            out.push('\'');
        }
        out.push_str(part);
    }
    out
}

/// A cell as it was before [`harmless`]: without the apostrophe that kept a spreadsheet from finding a formula.
pub(crate) fn plain_cell(cell: &str) -> String {
    let cell = cell.trim().replace("#'#", "##");
    let mut out = String::new();
    for part in cell.split_inclusive([';', ',', '|']) {
        let bare = part.replacen('\'', "", 1);
        // Only an apostrophe that `harmless` would write is one of its own.
        out.push_str(if part.starts_with('\'') && harmless(&bare) == part { &bare } else { part });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn formulas_become_text_and_numbers_stay() {
        for (cell, text) in [
            ("=HYPERLINK(\"http://x\")", "'=HYPERLINK(\"http://x\")"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
            ("\t=1+1", "' =1+1"),
            ("\r\n-2+3", "'  -2+3"),
            ("＝1+1", "'＝1+1"),
            ("Lee;=1+1", "Lee;'=1+1"),
            ("Lee, =1+1", "Lee,' =1+1"),
            ("::error::x", "'::error::x"),
            ("a##[add-mask]x", "a#'#[add-mask]x"),
            ("-3.5", "-3.5"),
            ("Jana", "Jana"),
            ("Smith-Jones, Al", "Smith-Jones, Al"),
            ("ann\u{202e}x", "ann\u{fffd}x"),
        ] {
            assert_eq!(harmless(cell), text, "{cell}");
        }
    }
}
