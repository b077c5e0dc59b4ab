//! Rubric × submission × reference → report: the one loop. A pure function, but for reading the evidence.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::check::units::{Student, Units};
use crate::check::{Case, Edition, Need, Stop, only_the_course};
use crate::course::Course;
use crate::domain::diagnostic::{Code, Diagnostic, Note};
use crate::domain::number::Unit;
use crate::domain::verdict::{Finding, Verdict, VerdictLabel, Visibility};
use crate::evidence::Absent;
use crate::evidence::bag::Bag;
use crate::report::{Alone, Asks, ItemReport, PartReport, Policy, Report, Score, Stamp, Wanted};
use crate::rubric::Item;
use crate::submission::Submission;

mod drawn;
mod evidence;
mod settle;
mod watch;

pub use watch::{LeftOut, Watch};

impl Course {
    /// Judges every item. Never fails: what cannot be judged is ungraded, and says why.
    pub fn grade(&self, submission: &Submission) -> Report {
        grade(self, submission, &Watch::default())
    }

    /// The same, but each item is announced before it is read, and without the items that are not to be read.
    pub fn grade_watched(&self, submission: &Submission, watch: &Watch<'_>) -> Report {
        grade(self, submission, watch)
    }
}

fn grade(course: &Course, submission: &Submission, watch: &Watch<'_>) -> Report {
    let rubric = &course.rubric;
    let bag = if rubric.places.is_empty() { Cow::Borrowed(&submission.bag) } else { Cow::Owned(submission.bag.as_usual(&rubric.places)) };
    let asked: Vec<&Item> = rubric.items().collect();
    let mut proven = BTreeMap::new();
    let findings = loop {
        let findings = judge_all(course, submission, &bag, &proven, watch);
        let known = proven.len();
        proven.extend(findings.iter().filter_map(|finding| finding.proven.clone()));
        // Evidence that proves a number to be in another unit is found while judging: all items read it so.
        if proven.len() == known {
            break findings;
        }
    };
    let units = units(course, &bag, &proven, watch);
    let student = Student::new(&bag, &units);
    let is_there = submission.unreachable.is_none();
    let axes = if is_there { drawn::axes(course, &student, watch) } else { Vec::new() };
    let report = |(number, (item, settled)): (usize, (&&Item, settle::Settled))| {
        let settle::Settled { finding, alone, visibility, follows_hidden } = settled;
        if watch.skips(number) {
            // Its evidence is not touched: that is what went beyond a limit.
            return ItemReport { visibility, follows_hidden, alone: alone.map(|alone| found_alone(item, alone)), ..report_item(item, finding) };
        }
        watch.begins(number);
        let is_missing = finding.verdict == Verdict::Missing || finding.pieces.iter().any(|piece| piece.verdict == VerdictLabel::Missing);
        let wanted = if is_missing { wanted(&bag, item) } else { Vec::new() };
        ItemReport {
            visibility,
            follows_hidden,
            alone: alone.map(|alone| found_alone(item, alone)),
            places: places(&bag, item),
            wanted,
            answer: evidence::words(&bag, item),
            evidence: evidence::hash(&bag, item),
            ..report_item(item, finding)
        }
    };
    let drawn = |number: usize, item: &Item, report: ItemReport| {
        if !is_there || watch.skips(number) {
            return report;
        }
        watch.begins(number);
        drawn::with(report, item, &case(course, item, &student), &axes)
    };
    let settled = settle::settle(&asked, findings, rubric.edition);
    let items = asked.iter().zip(settled).enumerate().map(report).zip(&asked).enumerate();
    let items = items.map(|(number, (report, item))| drawn(number, item, report)).collect();
    // Notes are for the student as well: the name of what only a hidden item looks at stays out of them.
    let visible = watch.read(rubric.items()).filter(|item| item.visibility != Visibility::Hidden);
    let names: BTreeSet<&str> = visible.flat_map(|item| item.check.needs()).filter_map(Need::evidence).collect();
    let noticed = if submission.unreachable.is_some() { Vec::new() } else { bag.notes(names) };
    let parts = rubric.parts.iter().map(|part| PartReport { id: part.id.clone(), title: part.title.clone(), ..PartReport::default() }).collect();
    let late = rubric.late.as_ref().and_then(|policy| policy.lateness_of(&submission.time));
    let zone = rubric.late.as_ref().map_or(jiff::tz::Offset::UTC, |policy| policy.zone);
    let mut report = Report {
        schema: 2,
        student: submission.student.clone(),
        name: submission.name.clone(),
        rubric: rubric.id.clone(),
        stamp: Stamp {
            rubric: rubric.digest.clone(),
            lock: course.lock.as_ref().map(|lock| lock.digest.clone()),
            title: rubric.title.clone(),
            program: Some(env!("CARGO_PKG_VERSION").to_owned()),
        },
        submitted_at: submission.time.stated.and_then(|(moment, _)| moment.at(zone)),
        timing: rubric.late.as_ref().and_then(|policy| policy.timing(&submission.time)),
        files: submission.files,
        unopened: submission.incomplete.as_ref().map(ToString::to_string),
        score: Score::default(),
        late,
        parts,
        items,
        notes: submission.notes.iter().chain(&noticed).chain(&submission.unreachable).map(Note::from).collect(),
        policy: Policy { late: rubric.late.clone(), two_graders: rubric.two_graders, release: rubric.release },
        comments: Vec::new(),
        excused: false,
        released: false,
        extended_to: None,
    };
    report.add_up();
    report
}

/// Each item's finding alone, with numbers in the units that are `proven`.
fn judge_all(course: &Course, submission: &Submission, bag: &Bag, proven: &BTreeMap<String, Unit>, watch: &Watch<'_>) -> Vec<Finding> {
    let units = units(course, bag, proven, watch);
    let student = Student::new(bag, &units);
    let judge_item = |(number, item): (usize, &Item)| {
        let finding = match (&submission.unreachable, watch.left_out(number)) {
            (Some(reason), _) => Finding::open(Verdict::Broken, reason.to_string()),
            (None, Some(left_out)) => left_out,
            (None, None) => {
                watch.begins(number);
                judge(course, item, &student)
            }
        };
        // What a damaged archive may have held was not left out by the student.
        match &submission.incomplete {
            Some(why) if finding.verdict == Verdict::Missing => Finding::open(Verdict::Unopened, format!("not found, and {why}")),
            _ => finding,
        }
    };
    course.rubric.items().enumerate().map(judge_item).collect()
}

/// The units in which the submission states what the rubric asks as fractions.
fn units(course: &Course, bag: &Bag, proven: &BTreeMap<String, Unit>, watch: &Watch<'_>) -> Units {
    let none = Units::default();
    let student = Student::new(bag, &none);
    let unit_groups: Vec<_> = watch.read(course.rubric.items()).flat_map(|item| item.check.unit_groups(&case(course, item, &student))).collect();
    Units::decide(&unit_groups, bag, proven)
}

fn case<'a>(course: &'a Course, item: &'a Item, student: &'a Student<'a>) -> Case<'a> {
    Case { student, reference: course.reference(), data: &course.data, points: item.points, edition: course.rubric.edition, title: &item.title }
}

/// One item's finding. A check that panics is our fault: the item is ungraded and the class goes on.
fn judge(course: &Course, item: &Item, student: &Student<'_>) -> Finding {
    let case = case(course, item, student);
    let judged = catch_unwind(AssertUnwindSafe(|| item.check.judge(&case)));
    match judged {
        // The course keeps its data sets; a check looks at what was handed in before it asks for them.
        Ok(Err(Stop::Fault(_))) if case.edition == Edition::Student => only_the_course("it is there"),
        Ok(result) => result.unwrap_or_else(Stop::into_finding),
        Err(panic) => {
            let text = panic.downcast_ref::<&str>().map(ToString::to_string).or_else(|| panic.downcast_ref::<String>().cloned());
            let message = format!("the check crashed: {}", text.unwrap_or_else(|| "no message".to_owned()));
            Stop::Fault(Diagnostic::error(Code::CheckPanicked, message)).into_finding()
        }
    }
}

/// Where in a notebook or report an item's evidence stands.
fn places(bag: &Bag, item: &Item) -> Vec<String> {
    let mut places: Vec<String> = Vec::new();
    for place in item.check.needs().into_iter().filter_map(|need| need.place(bag)) {
        if !places.contains(&place) {
            places.push(place);
        }
    }
    places
}

/// What of an item's evidence is not there, and where it goes.
fn wanted(bag: &Bag, item: &Item) -> Vec<Wanted> {
    let value = |file: &str, name: &str, found: Option<Absent>| (found, bag.statements_called(file), Some(name.to_owned()));
    let file = |path: String, found: Option<Absent>| (found, path, None);
    let one = |need: Need<'_>| {
        let (found, file, name) = match need {
            Need::Evidence(name) => value("metrics", name, bag.value(name).err()),
            Need::Array(name) => value("metrics", name, bag.array(name).err()),
            Need::Answer(name) => value("answers", name, bag.texts(name).err()),
            Need::Rule(name) => value("answers", name, bag.rule(name).err()),
            Need::Figure(name) => file(format!("figures/{name}.png"), bag.figure(name).err()),
            Need::Predictions(name) => file(format!("predictions/{name}.csv"), bag.predictions(name).err()),
            Need::Network(name) => file(format!("networks/{name}.onnx"), bag.network(name).err()),
            // An item that asks for nothing else has been found to lack it.
            Need::File(path) => return Some(Wanted { file: path.to_owned(), name: None, hint: None }),
            Need::Notebook(name) => {
                let file = format!("{}.ipynb", name.unwrap_or("NAME").trim_end_matches(".ipynb"));
                return Some(Wanted { file, name: None, hint: None });
            }
            Need::Extra(_) | Need::Reference(_) | Need::ReferenceNumber(_) | Need::Data(_) => return None,
        };
        let Some(Absent::Missing(diagnostic)) = found else { return None };
        // How a file may be called is said once; what is missing in a notebook, for each.
        let hint = diagnostic.help.filter(|_| name.is_some() || bag.has_notebooks());
        Some(Wanted { file, name, hint })
    };
    item.check.needs().into_iter().filter_map(one).collect()
}

/// What an item asks for.
fn asks(item: &Item) -> Asks {
    let is_words =
        |need: &Need<'_>| matches!(need, Need::Answer(_) | Need::Rule(_) | Need::Extra(_) | Need::Data(_) | Need::Reference(_) | Need::ReferenceNumber(_));
    if item.check.needs().iter().all(is_words) { Asks::Words } else { Asks::Results }
}

/// What was found of an item alone, and the items on which it depends.
fn found_alone(item: &Item, finding: Finding) -> Box<Alone> {
    Box::new(Alone {
        after: item.after.clone(),
        backed_by: item.backed_by.clone(),
        verdict: finding.verdict.label(),
        points: finding.verdict.fraction().map(|fraction| item.points.share(fraction)),
        reason: finding.reason,
        advice: finding.advice,
        urgent: finding.urgent,
        unread: finding.unread,
    })
}

fn report_item(item: &Item, finding: Finding) -> ItemReport {
    ItemReport {
        id: item.id.clone(),
        title: item.title.clone(),
        kind: item.kind.to_owned(),
        verdict: finding.verdict.label(),
        points: finding.verdict.fraction().map(|fraction| item.points.share(fraction)),
        possible: item.points,
        bonus: item.bonus,
        reason: finding.reason,
        expected: finding.expected,
        actual: finding.actual,
        tolerance: finding.tolerance,
        leaderboard: item.check.leaderboard().map(ToOwned::to_owned),
        advice: finding.advice,
        exhibits: finding.exhibits,
        places: Vec::new(),
        urgent: finding.urgent,
        unread: finding.unread,
        asks: asks(item),
        overlay: None,
        drawing: finding.drawing,
        figure: None,
        picture: None,
        curves: Vec::new(),
        number_lines: Vec::new(),
        visibility: item.visibility,
        follows_hidden: false,
        alone: None,
        pieces: finding.pieces,
        wanted: Vec::new(),
        answer: None,
        guide: item.check.guide().map(ToOwned::to_owned),
        levels: item.check.levels().to_vec(),
        marked: None,
        comments: Vec::new(),
        evidence: String::new(),
    }
}
