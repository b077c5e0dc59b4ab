//! Moodle's offline grading worksheet: the grade and the feedback comments of each student, every other cell as it was.
//!
//! All columns are kept. Moodle reads `Identifier` and `Grade`, and refuses a grade that was changed after `Last modified (grade)`, so that
//! an old worksheet overwrites nothing.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::comments;
use super::sheet::{Place, Sheet};
use crate::domain::diagnostic::Diagnostic;
use crate::domain::text::plain;
use crate::report::Report;
use crate::report::student::State;

/// A worksheet with the columns that are filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worksheet {
    sheet: Sheet,
    grade: usize,
    feedback: Option<usize>,
}

/// What is filled of a student's line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The grade; what was there stays without one.
    pub grade: Option<String>,
    /// The feedback, as HTML.
    pub feedback: String,
}

impl Worksheet {
    /// The worksheet, if it is one.
    pub fn new(sheet: Sheet) -> Result<Self, Diagnostic> {
        let (Some(grade), Some(_)) = (sheet.column("Grade"), sheet.column("Identifier")) else {
            let help =
                "turn on \"Offline grading worksheet\" in the assignment, choose \"Download grading worksheet\" with Moodle in English, and name that file";
            return Err(sheet.fault("this is no grading worksheet of Moodle's: it has columns Identifier, Full name and Grade", help));
        };
        Ok(Self { grade, feedback: sheet.column("Feedback comments"), sheet })
    }

    /// Whether feedback has a column.
    pub fn has_feedback(&self) -> bool {
        self.feedback.is_some()
    }

    /// What the assignment is worth in Moodle, if the worksheet says so.
    pub fn worth(&self) -> Option<f64> {
        let column = self.sheet.column("Maximum grade")?;
        self.sheet.rows().first()?.get(column)?.trim().parse().ok()
    }

    /// The worksheet with `lines` by row; all others stay as they are.
    pub fn filled(&self, lines: &BTreeMap<usize, Line>) -> Result<Vec<u8>, csv::Error> {
        let mut cells: BTreeMap<Place, String> = BTreeMap::new();
        for (row, line) in lines {
            cells.extend(line.grade.iter().map(|grade| ((*row, self.grade), grade.clone())));
            cells.extend(self.feedback.map(|column| ((*row, column), line.feedback.clone())));
        }
        let all: Vec<usize> = (0..self.sheet.header().len()).collect();
        self.sheet.filled(&all, &cells)
    }
}

/// What a report gives. Moodle has no grade for a student who is excused, so theirs stays as it was.
pub fn line(report: &Report) -> Line {
    let grade = (!report.excused).then(|| report.score.earned.to_string());
    Line { grade, feedback: feedback(report) }
}

/// What the student may read, as one line of HTML: what people said, then each item that is not hidden.
fn feedback(report: &Report) -> String {
    let mut out = String::new();
    if report.excused {
        out += "<p>You are excused from this work.</p>";
    }
    for comment in &report.comments {
        let _ = write!(out, "<p>{}</p>", html(&comment.text));
    }
    let view = report.for_student();
    for part in &view.parts {
        let _ = write!(out, "<p><strong>{}</strong></p><ul>", html(&part.title));
        for item in &part.items {
            let _ = write!(out, "<li>{} ({}): {}", html(&item.title), word(item.state), html(&item.advice));
            let said = report.items.iter().find(|found| found.id == item.id);
            for comment in said.into_iter().flat_map(comments) {
                let _ = write!(out, "<br>{}", html(&comment));
            }
            out += "</li>";
        }
        out += "</ul>";
    }
    out
}

fn word(state: State) -> &'static str {
    match state {
        State::Fine => "fine",
        State::Found => "found",
        State::Fix => "to fix",
        State::NotFound => "not found",
        State::Ungraded => "not graded yet",
    }
}

/// Text as HTML in which nothing is markup, and in which no spreadsheet finds a formula wherever it ends a cell.
fn html(text: &str) -> String {
    let mut out = String::new();
    let mut before = ' ';
    for c in plain(text).chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' | '\'' | '=' | '+' | '@' | '#' | ':' | '＝' | '＋' | '－' | '＠' => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            '-' if !before.is_alphanumeric() => out += "&#45;",
            c => out.push(c),
        }
        before = c;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::csv::harmless;

    #[test]
    fn feedback_is_neither_markup_nor_a_formula() {
        assert_eq!(html("a <b> & c"), "a &lt;b&gt; &amp; c");
        for text in ["=1+1", "x; =HYPERLINK(\"http://x\")", "a, -2+3", "a|@SUM(A1)", "::error::x", "##[add-mask]x", "; ::error::x", "&=1", "&-1", "x\n=1"] {
            let cell = html(text);
            assert_eq!(harmless(&cell), cell, "{text}");
        }
        assert_eq!(html("well-known, 3-4"), "well-known, 3-4");
    }

    #[test]
    fn grade_and_feedback_are_filled_and_all_else_stays() {
        let text = "Identifier,Full name,Status,Grade,Maximum grade,Last modified (grade),Feedback comments\n\
                    Participant 5,Ann Lee,Submitted,,100.00,-,\n\
                    Participant 6,@Bo Kim,Submitted,50.00,100.00,\"Monday, 6 March 2023, 8:59 PM\",old\n";
        let sheet = Worksheet::new(Sheet::read("w.csv", text).expect("a table")).expect("a worksheet");
        let lines = BTreeMap::from([(0, Line { grade: Some("77.4".to_owned()), feedback: "<p>good</p>".to_owned() })]);
        let filled = String::from_utf8(sheet.filled(&lines).expect("can be written")).expect("is text");
        assert_eq!(
            filled,
            "Identifier,Full name,Status,Grade,Maximum grade,Last modified (grade),Feedback comments\n\
             Participant 5,Ann Lee,Submitted,77.4,100.00,-,<p>good</p>\n\
             Participant 6,'@Bo Kim,Submitted,50.00,100.00,\"Monday, 6 March 2023, 8:59 PM\",old\n"
        );
        assert!(Worksheet::new(Sheet::read("w.csv", "a,b\n").expect("a table")).is_err());
    }
}
