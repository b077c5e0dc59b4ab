//! Marks as a table for spreadsheets and version control: written so that a spreadsheet changes nothing, and read back from what Excel,
//! `LibreOffice` and Google Sheets save.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::item_id::{ItemId, NoItemId};
use crate::domain::name::did_you_mean;
use crate::domain::points::Points;
use crate::domain::text::delimiter;
use crate::report::csv::{harmless, plain_cell};
use crate::report::{ItemReport, Report};

use super::merge::is_open;
use super::{Decision, Entry, Given, Mark, Marks};

/// The columns, in order. `--import` needs the student and what is decided; the others may be left out.
const COLUMNS: [&str; 12] = ["student", "item", "decision", "points", "comment", "grader", "until", "worth", "title", "answer", "evidence", "mark"];

/// The longest answer that is repeated in the table: a cell of Excel holds 32,767 characters.
const ANSWER: usize = 30_000;

/// What counts of all marks, and a row without points for each item that waits for a person. `reports` are as the program found them.
pub fn written(reports: &[Report], marks: &Marks) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for report in reports {
        let items: BTreeMap<&str, &ItemReport> = report.items.iter().map(|item| (item.id.as_str(), item)).collect();
        for mark in current(marks.of(&report.student)) {
            writer.write_record(row(&mark.entry, Some(mark.id), items.get(mark.entry.decision.item().map_or("", ItemId::as_str)).copied()))?;
        }
        for item in marks.merged(report).items.iter().filter(|item| is_open(item)) {
            let decision = Decision::Comment(Some(item.id.clone()));
            let open = Entry { grader: String::new(), student: report.student.clone(), decision, comment: String::new() };
            writer.write_record(row(&open, None, Some(item)))?;
        }
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

fn row(entry: &Entry, mark: Option<i64>, item: Option<&ItemReport>) -> [String; 12] {
    let decision = &entry.decision;
    let (points, evidence) = match decision.given() {
        Some(given) => (given.points.to_string(), given.evidence.clone()),
        None => (String::new(), item.map(|item| item.evidence.clone()).unwrap_or_default()),
    };
    let until = if let Decision::Extension(until) = decision { until.to_string() } else { String::new() };
    let is_blank = entry.grader.is_empty();
    let answer = item.and_then(|item| item.answer.as_deref()).unwrap_or_default();
    [
        harmless(&entry.student),
        decision.item().map(ToString::to_string).unwrap_or_default(),
        if is_blank { "points".to_owned() } else { decision.word().to_owned() },
        points,
        harmless(&entry.comment),
        harmless(&entry.grader),
        until,
        item.map(|item| item.possible.to_string()).unwrap_or_default(),
        item.map(|item| harmless(&item.title)).unwrap_or_default(),
        harmless(&answer.chars().take(ANSWER).collect::<String>()),
        evidence,
        mark.map_or_else(String::new, |mark| mark.to_string()),
    ]
}

/// What a table adds to `all` marks that were ever made: a row that says what counts adds nothing, nor does one that is as the mark with its
/// number, which may have been changed or withdrawn since, nor one without points and comment. Rows without a grader are `grader`'s. Every
/// fault is reported, and then nothing is to be added.
pub fn read(text: &str, reports: &[Report], all: &[Mark], grader: &str) -> Result<Vec<Entry>, Vec<Diagnostic>> {
    let known = Marks::new(all.to_vec());
    let head = text.lines().next().unwrap_or_default();
    let separator = delimiter(head);
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).flexible(true).from_reader(text.as_bytes());
    let malformed = |message: String| Diagnostic::error(Code::DataMalformed, message);
    let headers: Vec<String> = match reader.headers() {
        Ok(headers) => headers.iter().map(|header| header.trim().to_lowercase()).collect(),
        Err(error) => return Err(vec![malformed(error.to_string())]),
    };
    let column = |name: &str| headers.iter().position(|header| header == name);
    let help = "the first line names the columns `student,item,points,comment`; `mlgrade marks --export FILE` writes one";
    if column("student").is_none() || ["points", "decision", "comment"].into_iter().all(|name| column(name).is_none()) {
        let missing = if column("student").is_none() { "student" } else { "points" };
        return Err(vec![malformed(format!("there is no column {missing}")).help(help.to_owned())]);
    }
    if let Some(twice) = COLUMNS.iter().find(|name| headers.iter().filter(|header| header == name).count() > 1) {
        return Err(vec![malformed(format!("two columns are called {twice}")).help("leave one of them out".to_owned())]);
    }
    let by_student: BTreeMap<String, &Report> = reports.iter().map(|report| (report.student.to_lowercase(), report)).collect();
    let (mut entries, mut faults): (Vec<Entry>, Vec<Diagnostic>) = (Vec::new(), Vec::new());
    let mut lines: Vec<(Entry, u64)> = Vec::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                faults.push(malformed(error.to_string()));
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |name: &str| column(name).and_then(|i| record.get(i)).map(plain_cell).unwrap_or_default();
        let mut fault = |message: String| faults.push(malformed(format!("line {line}: {message}")));
        let entry = match (Line { cell: &cell, by_student: &by_student, grader }).entry() {
            Ok(Some(entry)) => entry,
            Ok(None) => continue,
            Err(message) => {
                fault(message);
                continue;
            }
        };
        if let Some((_, earlier)) = lines.iter().find(|(earlier, _)| earlier.takes_the_place_of(&entry) && *earlier != entry) {
            fault(format!("line {earlier} says something else about the same"));
        }
        lines.push((entry.clone(), line));
        let of_number = |mark: &&Mark| cell("mark").parse() == Ok(mark.id);
        if is_known(&entry, &known) || all.iter().find(of_number).is_some_and(|mark| mark.entry.student == entry.student && says(&mark.entry, &entry)) {
            continue;
        }
        match too_much(&entry, &by_student) {
            Some(message) => fault(message),
            None => entries.push(entry),
        }
    }
    if faults.is_empty() { Ok(entries) } else { Err(faults) }
}

/// Why points or a time cannot be meant, if so.
fn too_much(entry: &Entry, by_student: &BTreeMap<String, &Report>) -> Option<String> {
    let report = by_student.get(&entry.student.to_lowercase())?;
    match &entry.decision {
        Decision::Points(given) | Decision::Settled(given) => {
            let item = report.items.iter().find(|item| item.id == given.item)?;
            (given.points > item.possible).then(|| format!("{} points for `{}`, which is worth {}", given.points, given.item, item.possible))
        }
        Decision::Extension(until) => {
            let due = report.policy.late.as_ref()?.due?;
            let late = until.duration_since(due);
            let why = if late.is_negative() { "before" } else { "more than a year after" };
            (late.is_negative() || late > SignedDuration::from_hours(366 * 24)).then(|| format!("the extension until {until} is {why} the due date, {due}"))
        }
        _ => None,
    }
}

/// A line of the table.
struct Line<'a> {
    cell: &'a dyn Fn(&str) -> String,
    by_student: &'a BTreeMap<String, &'a Report>,
    grader: &'a str,
}

impl Line<'_> {
    /// That nobody is called so, and who may be meant: somebody of this name, or with an id like it.
    fn no_report(&self, student: &str) -> String {
        let named = self.by_student.values().find(|report| report.name.as_ref().is_some_and(|name| name.eq_ignore_ascii_case(student)));
        let help = named.map(|report| format!("`{}` is called so", report.student));
        let help = help.or_else(|| did_you_mean(student, self.by_student.values().map(|report| report.student.as_str())));
        format!("there is no report of `{student}`{}", help.map_or_else(String::new, |help| format!("; {help}")))
    }

    fn entry(&self) -> Result<Option<Entry>, String> {
        let cell = self.cell;
        let (student, comment, points, word) = (cell("student"), cell("comment"), cell("points"), cell("decision").to_lowercase());
        if student.is_empty() && points.is_empty() && comment.is_empty() {
            return Ok(None);
        }
        let report = self.by_student.get(&student.to_lowercase()).ok_or_else(|| self.no_report(&student))?;
        let item = Some(cell("item")).filter(|item| !item.is_empty());
        let item = item.map(|text| text.parse::<ItemId>().map_err(|error: NoItemId| error.to_string())).transpose()?;
        let found = item.as_ref().map(|id| report.items.iter().find(|item| item.id == *id).ok_or_else(|| no_item(id, report))).transpose()?;
        let decision = match (word.as_str(), item, found) {
            ("points" | "settled" | "", Some(item), Some(found)) if !points.is_empty() => {
                let points = Points::parse(&points).ok_or_else(|| format!("`{points}` is no number of points; write 2 or 2.5"))?;
                let evidence = Some(cell("evidence")).filter(|hash| !hash.is_empty()).unwrap_or_else(|| found.evidence.clone());
                if evidence.len() != found.evidence.len() || !evidence.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                    return Err(format!("`{evidence}` in the column evidence is no hash of an answer; leave it empty to mark the answer as it is now"));
                }
                let given = Given { item, points, evidence };
                if word == "settled" { Decision::Settled(given) } else { Decision::Points(given) }
            }
            ("points" | "settled" | "", None, _) if !points.is_empty() => return Err("points without an item; write the item, such as trees/why".to_owned()),
            ("points" | "settled" | "" | "comment", item, _) => Decision::Comment(item),
            ("excused" | "reopened" | "extension", ..) if !points.is_empty() => {
                return Err(format!("points and `{word}` in one line; which of them is meant?"));
            }
            ("extension", Some(item), _) => return Err(format!("an extension is for the whole submission, not for `{item}`; leave the item empty")),
            ("excused", item, _) => Decision::Excused(item),
            ("reopened", Some(item), _) => Decision::Reopened(item),
            ("extension", ..) => {
                let until = cell("until");
                if until.is_empty() {
                    return Err("an extension needs a time in the column until, such as 2023-03-09T23:59:59-06:00".to_owned());
                }
                let at = until.parse::<Timestamp>().map_err(|_| format!("`{until}` is no time such as 2023-03-09T23:59:59-06:00"))?;
                Decision::Extension(at)
            }
            (other, ..) => return Err(format!("`{other}` is no decision; it is points, settled, comment, excused, extension or reopened")),
        };
        if matches!(decision, Decision::Comment(_)) && comment.is_empty() {
            return Ok(None);
        }
        let grader = Some(cell("grader")).filter(|grader| !grader.is_empty()).unwrap_or_else(|| self.grader.to_owned());
        Ok(Some(Entry { grader, student: report.student.clone(), decision, comment }))
    }
}

fn no_item(id: &ItemId, report: &Report) -> String {
    let help = did_you_mean(id.as_str(), report.items.iter().map(|item| item.id.as_str()));
    format!("the rubric has no item `{id}`{}", help.map_or_else(String::new, |help| format!("; {help}")))
}

/// Whether what counts already says so.
fn is_known(entry: &Entry, known: &Marks) -> bool {
    current(known.of(&entry.student)).into_iter().any(|mark| says(&mark.entry, entry))
}

/// Whether a mark says what a line of a table does.
fn says(mark: &Entry, line: &Entry) -> bool {
    // A table holds a comment without its line breaks, so what is compared is what a table holds.
    let written = |text: &str| plain_cell(&harmless(text.trim()));
    mark.grader == line.grader && mark.decision == line.decision && written(&mark.comment) == written(&line.comment)
}

/// Those of one student's marks that no later one has taken the place of.
fn current(marks: &[Mark]) -> Vec<&Mark> {
    let is_over = |mark: &Mark, later: &Mark| later.entry.takes_the_place_of(&mark.entry) || later.entry.asks_anew(&mark.entry);
    let is_current = |(place, mark): &(usize, &Mark)| !marks[place + 1..].iter().any(|later| is_over(mark, later));
    marks.iter().enumerate().filter(is_current).map(|(_, mark)| mark).collect()
}
