//! Golden scores: the range that a person expects for each student of an example class, held against what grading gives. So an
//! instructor keeps a rubric honest: a change that moves a score shows up, with the items that moved it.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization;

use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::late::Lateness;
use crate::domain::points::Points;
use crate::domain::text::delimiter;
use crate::domain::verdict::VerdictLabel;
use crate::report::csv::{harmless, plain_cell};
use crate::report::{ItemReport, Report};

/// What a file of expected scores is called.
pub const FILE: &str = "expected.csv";

/// Its columns. Others may stand beside them, in any order; only `why` may be left out.
const COLUMNS: [&str; 4] = ["student", "lowest", "highest", "why"];

/// What a person expects of one student.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// The student, as reports name them: the submission's folder or archive.
    pub student: String,
    /// The score if whatever waits for a person earns nothing.
    pub lowest: Points,
    /// The score if it earns everything.
    pub highest: Points,
    /// Why it is this score, in the person's own words.
    pub why: String,
}

/// What came of one student.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome<'a> {
    /// The score is the expected one.
    Same(&'a Expected),
    /// It is another one.
    Differs(&'a Expected, &'a Report),
    /// A score is expected, and there is no such submission.
    NotHandedIn(&'a Expected),
    /// There is a submission, and no score is expected.
    NotExpected(&'a Report),
}

impl Expected {
    /// "94" or "94–110".
    pub fn range(&self) -> String {
        if self.lowest == self.highest { self.lowest.to_string() } else { format!("{}–{}", self.lowest, self.highest) }
    }

    fn is_score_of(&self, report: &Report) -> bool {
        (self.lowest, self.highest) == (report.score.lowest, report.score.highest)
    }
}

impl Outcome<'_> {
    /// The student it is about.
    pub fn student(&self) -> &str {
        match self {
            Self::Same(expected) | Self::Differs(expected, _) | Self::NotHandedIn(expected) => &expected.student,
            Self::NotExpected(report) => &report.student,
        }
    }

    /// Whether the score is the expected one.
    pub fn is_same(&self) -> bool {
        matches!(self, Self::Same(_))
    }

    /// What is expected and what was found, in words.
    pub fn sentence(&self) -> String {
        let because = |expected: &Expected| if expected.why.is_empty() { String::new() } else { format!(" ({})", expected.why) };
        match self {
            Self::Same(expected) => format!("{}{}", expected.range(), because(expected)),
            Self::Differs(expected, report) => format!("expected {}, found {}{}", expected.range(), report.score.range(), because(expected)),
            Self::NotHandedIn(expected) => format!("expected {}, but there is no such submission{}", expected.range(), because(expected)),
            Self::NotExpected(report) => format!("found {}, but no score is expected", report.score.range()),
        }
    }

    /// The items that explain the score that was found, a line each: first those without full points, then the others together.
    pub fn items(&self) -> Vec<String> {
        match self {
            Self::Same(_) | Self::NotHandedIn(_) => Vec::new(),
            Self::Differs(_, report) | Self::NotExpected(report) => explained(report),
        }
    }
}

fn explained(report: &Report) -> Vec<String> {
    let is_full = |item: &&ItemReport| item.points == Some(item.possible);
    let (full, rest): (Vec<&ItemReport>, Vec<&ItemReport>) = report.items.iter().partition(is_full);
    // A bonus that was left out explains nothing.
    let counts = |item: &&ItemReport| !(item.bonus && item.verdict == VerdictLabel::Missing);
    let points = |item: &ItemReport| item.points.map_or_else(|| "?".to_owned(), |points| points.to_string());
    let line = |item: &ItemReport| format!("{} {}/{}, {}: {}", item.id, points(item), item.possible, item.verdict.words(), item.reason);
    let mut lines: Vec<String> = rest.into_iter().filter(counts).map(line).collect();
    lines.extend(report.late.as_ref().map(Lateness::sentence));
    if !full.is_empty() {
        let full: Vec<String> = full.iter().map(|item| format!("{} {}", item.id, item.possible)).collect();
        lines.push(format!("in full: {}", full.join(", ")));
    }
    lines
}

/// Holds the `reports` of a class against what is `expected`: an outcome a student, by name.
pub fn compare<'a>(expected: &'a [Expected], reports: &'a [Report]) -> Vec<Outcome<'a>> {
    let known: BTreeMap<String, &Report> = reports.iter().map(|report| (key(&report.student), report)).collect();
    let wanted: BTreeSet<String> = expected.iter().map(|row| key(&row.student)).collect();
    let of_row = |row: &'a Expected| match known.get(&key(&row.student)) {
        Some(report) if row.is_score_of(report) => Outcome::Same(row),
        Some(report) => Outcome::Differs(row, report),
        None => Outcome::NotHandedIn(row),
    };
    let others = reports.iter().filter(|report| !wanted.contains(&key(&report.student))).map(Outcome::NotExpected);
    let mut outcomes: Vec<Outcome<'a>> = expected.iter().map(of_row).chain(others).collect();
    outcomes.sort_by(|a, b| a.student().cmp(b.student()));
    outcomes
}

/// A name in the one of its spellings that all systems understand: some write letters and their accents apart.
fn key(student: &str) -> String {
    student.nfc().collect()
}

/// The expected scores in `text`, a CSV. Every fault is reported, and then there are none.
pub fn read(text: &str) -> Result<Vec<Expected>, Vec<Diagnostic>> {
    let malformed = |message: String| Diagnostic::error(Code::DataMalformed, message);
    let text = text.trim_start_matches('\u{feff}');
    let separator = delimiter(text.lines().next().unwrap_or_default());
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).flexible(true).from_reader(text.as_bytes());
    let headers: Vec<String> = match reader.headers() {
        Ok(headers) => headers.iter().map(|header| header.trim().to_lowercase()).collect(),
        Err(error) => return Err(vec![malformed(error.to_string())]),
    };
    let column = |name: &str| headers.iter().position(|header| header == name);
    if let Some(missing) = COLUMNS.iter().filter(|name| **name != "why").find(|name| column(name).is_none()) {
        let help = format!("the first line names the columns `{}`", COLUMNS.join(","));
        return Err(vec![malformed(format!("there is no column {missing}")).help(help)]);
    }
    let (mut rows, mut faults): (Vec<Expected>, Vec<Diagnostic>) = (Vec::new(), Vec::new());
    let mut lines: BTreeMap<String, u64> = BTreeMap::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                faults.push(malformed(error.to_string()));
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |name: &str| column(name).and_then(|at| record.get(at)).map(plain_cell).unwrap_or_default();
        match row(&cell) {
            Ok(row) => {
                if let Some(earlier) = lines.insert(key(&row.student), line) {
                    faults.push(malformed(format!("line {line}: `{}` stands in line {earlier} already", row.student)).help("keep one of them".to_owned()));
                }
                rows.push(row);
            }
            Err(message) => faults.push(malformed(format!("line {line}: {message}"))),
        }
    }
    if faults.is_empty() { Ok(rows) } else { Err(faults) }
}

fn row(cell: &dyn Fn(&str) -> String) -> Result<Expected, String> {
    let student = cell("student");
    if student.is_empty() {
        return Err("there is no student; write the name of the submission's folder or archive".to_owned());
    }
    let points = |name: &str| {
        let text = cell(name);
        Points::parse(&text).ok_or_else(|| format!("{name} is `{text}`, expected points such as 41 or 41.5"))
    };
    let (lowest, highest) = (points("lowest")?, points("highest")?);
    if lowest > highest {
        return Err(format!("lowest is {lowest}, above highest, {highest}"));
    }
    Ok(Expected { student, lowest, highest, why: cell("why") })
}

/// The scores of `reports` as a file of expected scores, for a person to read and to correct. What `known` says of a student's reasons
/// stays; whose are not known are empty.
pub fn written(reports: &[Report], known: &[Expected]) -> Result<Vec<u8>, csv::Error> {
    let reasons: BTreeMap<String, &str> = known.iter().map(|row| (key(&row.student), row.why.as_str())).collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for report in reports {
        let why = reasons.get(&key(&report.student)).copied().unwrap_or_default();
        let (lowest, highest) = (report.score.lowest.to_string(), report.score.highest.to_string());
        writer.write_record([harmless(&report.student), lowest, highest, harmless(why)])?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(decimal: f64) -> Points {
        Points::from_decimal(decimal).unwrap()
    }

    fn row(student: &str, lowest: f64, highest: f64, why: &str) -> Expected {
        Expected { student: student.to_owned(), lowest: points(lowest), highest: points(highest), why: why.to_owned() }
    }

    #[test]
    fn columns_stand_in_any_order_beside_others_and_spreadsheets_may_have_saved_them() {
        let text = "part,why,student,highest,lowest\n30,\"a, b\",ann,50,46.5\n1,,bob,7,7\n";
        assert_eq!(read(text), Ok(vec![row("ann", 46.5, 50.0, "a, b"), row("bob", 7.0, 7.0, "")]));
        assert_eq!(read("\u{feff}Student;Lowest;Highest\r\nann;46,5;50\r\n"), Ok(vec![row("ann", 46.5, 50.0, "")]));
    }

    #[test]
    fn each_fault_of_a_table_is_named_with_its_line() {
        let text = "student,lowest,highest,why\nann,x,50,\n,1,2,\nbob,3,2,\ncay,1,1.005,\ndan,1,2,\ndan,1,2,\n";
        let faults: Vec<String> = read(text).unwrap_err().into_iter().map(|fault| fault.message).collect();
        assert_eq!(
            faults,
            [
                "line 2: lowest is `x`, expected points such as 41 or 41.5",
                "line 3: there is no student; write the name of the submission's folder or archive",
                "line 4: lowest is 3, above highest, 2",
                "line 5: highest is `1.005`, expected points such as 41 or 41.5",
                "line 7: `dan` stands in line 6 already",
            ]
        );
        let faults = read("student,low\nann,1\n").unwrap_err();
        assert_eq!(faults[0].message, "there is no column lowest");
    }

    #[test]
    fn letters_and_accents_apart_are_the_same_name() {
        let expected = [row("Nova\u{301}k", 1.0, 2.0, "")];
        let outcomes = compare(&expected, &[]);
        assert_eq!(outcomes, [Outcome::NotHandedIn(&expected[0])]);
        assert_eq!(key("Nova\u{301}k"), key("Nov\u{e1}k"));
    }
}
