//! Canvas's gradebook. Its export is the template of what it imports: a header, a line "Points Possible", a line a student.
//!
//! Only the columns that identify a student and that of the assignment are written. Canvas takes every cell of every assignment's column for a
//! grade to set, so a copy of the other columns would put back grades that were changed since the export.

use std::collections::BTreeMap;

use super::sheet::{Place, Sheet};
use crate::domain::diagnostic::Diagnostic;
use crate::report::Report;

/// Titles with these in them are Canvas's own sums: an import drops their columns.
const DROPPED: [&str; 9] =
    ["Current Score", "Current Points", "Current Grade", "Final Score", "Final Points", "Final Grade", "Override Score", "Override Grade", "Override Status"];

/// Where in a gradebook an assignment stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gradebook {
    sheet: Sheet,
    /// The columns that identify a student: up to the section.
    students: usize,
    column: usize,
}

impl Gradebook {
    /// The gradebook with the column of `assignment`: its header, its title, or its id, "HW2 (123)", "HW2" or "123".
    pub fn new(sheet: Sheet, assignment: &str) -> Result<Self, Diagnostic> {
        const EXPORT: &str = "export the gradebook from Canvas (Grades, Export, Export Entire Gradebook) and name that file";
        let header: Vec<&str> = sheet.header().iter().map(|name| name.trim()).collect();
        let has = |i: usize, word: &str| header.get(i).is_some_and(|name| name.contains(word));
        let is_gradebook = (has(0, "Student") && has(1, "ID")) || (has(0, "LastName") && has(1, "FirstName") && has(2, "ID"));
        let section = header.iter().position(|name| name.contains("Section"));
        let Some(section) = section.filter(|_| is_gradebook) else {
            return Err(
                sheet.fault("this is no gradebook of Canvas's: its columns begin with Student and ID, and Section comes before the assignments", EXPORT)
            );
        };
        let is_own_sum = |name: &str| DROPPED.iter().any(|sum| name.contains(sum));
        let candidates = || (section + 1..header.len()).filter(|&i| !header[i].is_empty() && !is_own_sum(header[i]));
        let fits: [&dyn Fn(&str) -> bool; 3] =
            [&|name| name == assignment.trim(), &|name| id(name).is_some_and(|id| Some(id) == self::id(assignment) || id == assignment.trim()), &|name| {
                title(name) == assignment.trim()
            }];
        let found: Vec<usize> =
            fits.iter().map(|fits| candidates().filter(|&i| fits(header[i])).collect()).find(|found: &Vec<usize>| !found.is_empty()).unwrap_or_default();
        let listed = |columns: &mut dyn Iterator<Item = usize>| columns.map(|i| format!("\"{}\"", header[i])).collect::<Vec<_>>().join(", ");
        match found.as_slice() {
            [column] => Ok(Self { students: section + 1, column: *column, sheet }),
            [] if is_own_sum(assignment) => {
                Err(sheet.fault(format!("`{assignment}` is one of Canvas's own sums, which an import drops"), "name the column of an assignment"))
            }
            [] => {
                let help = format!("there are {}; a new assignment is made in Canvas first", listed(&mut candidates()));
                Err(sheet.fault(format!("no column is called `{assignment}`"), help))
            }
            several => {
                let help = format!("name one with its id: {}", listed(&mut several.iter().copied()));
                Err(sheet.fault(format!("several columns are called `{assignment}`"), help))
            }
        }
    }

    /// What the assignment is worth in Canvas, if the gradebook says so.
    pub fn worth(&self) -> Option<f64> {
        let row = self.sheet.rows().iter().find(|row| row.first().is_some_and(|cell| cell.contains("Points Possible")))?;
        row.get(self.column)?.trim().parse().ok()
    }

    /// The gradebook with `cells` by line; all others stay as they are.
    pub fn filled(&self, cells: &BTreeMap<usize, String>) -> Result<Vec<u8>, csv::Error> {
        let kept: Vec<usize> = (0..self.students).chain([self.column]).collect();
        let cells: BTreeMap<Place, String> = cells.iter().map(|(row, cell)| ((*row, self.column), cell.clone())).collect();
        self.sheet.filled(&kept, &cells)
    }
}

/// What Canvas reads for a report: its points, or that the student is excused.
pub fn cell(report: &Report) -> String {
    // Points are printed without a separator of thousands, which Canvas would take for a decimal comma.
    if report.excused { "EX".to_owned() } else { report.score.earned.to_string() }
}

/// The number in parentheses at the end of a title.
fn id(name: &str) -> Option<&str> {
    let (_, id) = name.trim().strip_suffix(')')?.rsplit_once('(')?;
    (!id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit())).then_some(id)
}

/// A title without the number.
fn title(name: &str) -> &str {
    match id(name) {
        Some(id) => name.trim()[..name.trim().len() - id.len() - 2].trim(),
        None => name.trim(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRADEBOOK: &str = "Student,ID,SIS User ID,SIS Login ID,Section,HW1 (122),HW2 (123),HW2 (124),Final Score\n\
                             ,,,,,Manual Posting,,,\n\
                             \"    Points Possible\",,,,,10,100,5,(read only)\n\
                             \"Lee, Ann\",7,u7,alee,A,9,,-,90\n\
                             \"=Kim, Bo\",8,u8,bkim,A,1,50,,80\n";

    fn gradebook(assignment: &str) -> Result<Gradebook, String> {
        Gradebook::new(Sheet::read("g.csv", GRADEBOOK).expect("a table"), assignment).map_err(|fault| fault.to_string())
    }

    #[test]
    fn identifying_columns_and_the_assignments_are_written() {
        let book = gradebook("HW2 (123)").expect("is there");
        assert!(book.worth().is_some_and(|worth| (worth - 100.0).abs() < 1e-9));
        let cells = BTreeMap::from([(2, "77.4".to_owned())]);
        let text = String::from_utf8(book.filled(&cells).expect("can be written")).expect("is text");
        assert_eq!(
            text,
            "Student,ID,SIS User ID,SIS Login ID,Section,HW2 (123)\n,,,,,\n    Points Possible,,,,,100\n\"Lee, Ann\",7,u7,alee,A,77.4\n\"'=Kim, Bo\",8,u8,bkim,A,50\n"
        );
    }

    #[test]
    fn an_assignment_is_found_by_header_id_or_title_and_never_guessed() {
        for (name, column) in [("HW2 (123)", 6), ("123", 6), ("Homework 2 (123)", 6), ("HW1", 5), ("124", 7)] {
            assert_eq!(gradebook(name).map(|book| book.column), Ok(column), "{name}");
        }
        for (name, word) in [("HW2", "several columns"), ("HW9", "\"HW1 (122)\", \"HW2 (123)\""), ("Final Score", "an import drops")] {
            assert!(gradebook(name).is_err_and(|fault| fault.contains(word)), "{name}");
        }
        assert!(Gradebook::new(Sheet::read("g.csv", "a,b\n1,2\n").expect("a table"), "x").is_err());
    }
}
