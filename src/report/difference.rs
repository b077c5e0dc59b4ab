//! Two gradings of a class side by side: who moved, by how much, because of which items, and why.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde::Serialize;

use super::text::{pad, printable, widest};
use super::{ItemReport, Report, Score};
use crate::domain::item_id::ItemId;
use crate::domain::points::Points;
use crate::domain::verdict::VerdictLabel;

/// What differs between two gradings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Those whose score or items differ, the greatest change first.
    pub moved: Vec<Moved>,
    /// How many are the same.
    pub same: usize,
    /// Those only the old one has.
    pub gone: Vec<String>,
    /// Those only the new one has.
    pub new: Vec<String>,
}

/// A student whose score or items differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// The student.
    pub student: String,
    /// The old score.
    pub old: Score,
    /// The new one.
    pub new: Score,
    /// How much more is earned now.
    pub change: Points,
    /// What differs that the grade is made from.
    pub because: Vec<Cause>,
    /// The items that differ, in the rubric's order.
    pub items: Vec<MovedItem>,
}

/// An item that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MovedItem {
    /// The item.
    pub id: ItemId,
    /// What it was; null if there was no such item.
    pub old: Option<Outcome>,
    /// What it is; null if there is no such item now.
    pub new: Option<Outcome>,
    /// What differs that it is made from; empty where nothing shows.
    pub because: Vec<Cause>,
    /// Why it is now as it is, for the course.
    pub reason: String,
}

/// What came of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// The verdict.
    pub verdict: VerdictLabel,
    /// The points; null while it is ungraded.
    pub points: Option<Points>,
    /// What it is worth.
    pub possible: Points,
}

/// What a grade is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// The rubric's text.
    Rubric,
    /// The reference's lock.
    Lock,
    /// The version of the program.
    Program,
    /// What the student handed in.
    Submission,
    /// What people decided, extensions and excuses included.
    Marks,
    /// When it was handed in.
    Time,
}

impl Cause {
    /// In a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Rubric => "rubric",
            Self::Lock => "lock",
            Self::Program => "program",
            Self::Submission => "submission",
            Self::Marks => "marks",
            Self::Time => "time",
        }
    }
}

/// What differs between the reports `old` and `new` of a class.
pub fn between(old: &[Report], new: &[Report]) -> Difference {
    let by_student = |reports: &'_ [Report]| -> BTreeMap<String, usize> { reports.iter().enumerate().map(|(i, report)| (report.student.clone(), i)).collect() };
    let (before, after) = (by_student(old), by_student(new));
    let both: Vec<(&Report, &Report)> = before.iter().filter_map(|(student, &i)| Some((&old[i], &new[*after.get(student)?]))).collect();
    let mut moved: Vec<Moved> = both.iter().filter_map(|(old, new)| of_student(old, new)).collect();
    let size = |moved: &Moved| (moved.change.hundredths().abs(), (moved.new.highest - moved.old.highest).hundredths().abs());
    moved.sort_by(|a, b| size(b).cmp(&size(a)).then_with(|| a.student.cmp(&b.student)));
    let only = |these: &BTreeMap<String, usize>, others: &BTreeMap<String, usize>| these.keys().filter(|name| !others.contains_key(*name)).cloned().collect();
    Difference { same: both.len() - moved.len(), moved, gone: only(&before, &after), new: only(&after, &before) }
}

fn of_student(old: &Report, new: &Report) -> Option<Moved> {
    let common = made_from(old, new);
    let find = |report: &'_ Report, id: &ItemId| report.items.iter().position(|item| item.id == *id);
    let evidence_differs = new.items.iter().any(|item| find(old, &item.id).is_some_and(|i| handed_in_differs(&old.items[i], item)));
    let gone = old.items.iter().filter(|item| find(new, &item.id).is_none());
    let ids: Vec<&ItemId> = new.items.iter().chain(gone).map(|item| &item.id).collect();
    let item = |id: &ItemId| {
        let (before, after) = (find(old, id).map(|i| &old.items[i]), find(new, id).map(|i| &new.items[i]));
        let (was, is) = (before.map(outcome), after.map(outcome));
        let mut because: BTreeSet<Cause> = common.clone();
        if let (Some(before), Some(after)) = (before, after) {
            because.extend(handed_in_differs(before, after).then_some(Cause::Submission));
            because.extend((before.marked != after.marked).then_some(Cause::Marks));
            // An item may hang on another one's evidence.
            if because.is_empty() && evidence_differs {
                because.insert(Cause::Submission);
            }
        }
        let reason = after.or(before).map(|item| item.reason.clone()).unwrap_or_default();
        (was != is).then(|| MovedItem { id: id.clone(), old: was, new: is, because: because.into_iter().collect(), reason })
    };
    let items: Vec<MovedItem> = ids.into_iter().filter_map(item).collect();
    if items.is_empty() && old.score == new.score && old.excused == new.excused {
        return None;
    }
    let mut because: BTreeSet<Cause> = items.iter().flat_map(|item| item.because.clone()).chain(common).collect();
    let decided = old.excused != new.excused || old.extended_to != new.extended_to;
    because.extend(decided.then_some(Cause::Marks));
    because.extend((old.submitted_at != new.submitted_at || (old.late != new.late && !decided && old.policy == new.policy)).then_some(Cause::Time));
    Some(Moved {
        student: new.student.clone(),
        old: old.score,
        new: new.score,
        change: new.score.earned - old.score.earned,
        because: because.into_iter().collect(),
        items,
    })
}

/// What differs for all items of two reports. What an older report does not tell is not taken to differ.
fn made_from(old: &Report, new: &Report) -> BTreeSet<Cause> {
    let mut causes = BTreeSet::new();
    causes.extend((old.rubric != new.rubric || old.stamp.rubric != new.stamp.rubric).then_some(Cause::Rubric));
    causes.extend((old.stamp.lock != new.stamp.lock).then_some(Cause::Lock));
    let known = old.stamp.program.is_some() && new.stamp.program.is_some();
    causes.extend((old.schema != new.schema || (known && old.stamp.program != new.stamp.program)).then_some(Cause::Program));
    causes
}

/// Whether other evidence was judged. Reports of schema 1 have no hash of it.
fn handed_in_differs(old: &ItemReport, new: &ItemReport) -> bool {
    !old.evidence.is_empty() && !new.evidence.is_empty() && old.evidence != new.evidence
}

fn outcome(item: &ItemReport) -> Outcome {
    Outcome { verdict: item.verdict, points: item.points, possible: item.possible }
}

/// The difference as a table.
pub fn table(difference: &Difference) -> String {
    let count = |number: usize, what: &str| format!("{number} {what}");
    let total = difference.moved.len() + difference.same;
    let mut out = format!("{} of {total} moved", difference.moved.len());
    for (names, what) in [(&difference.new, "new"), (&difference.gone, "gone")] {
        if !names.is_empty() {
            let names: Vec<String> = names.iter().map(|name| printable(name)).collect();
            let _ = write!(out, ", {} ({})", count(names.len(), what), names.join(", "));
        }
    }
    out.push('\n');
    let rows: Vec<[String; 5]> = difference.moved.iter().map(row).collect();
    let head = ["student", "old", "new", "change", "because of"].map(str::to_owned);
    let widths: Vec<usize> = (0..5).map(|i| widest(rows.iter().chain([&head]).map(|row| row[i].as_str()))).collect();
    let line = |row: &[String; 5]| {
        let cells: Vec<String> = row.iter().enumerate().map(|(i, cell)| pad(cell, widths[i], (1..4).contains(&i))).collect();
        cells.join("  ").trim_end().to_owned() + "\n"
    };
    if !rows.is_empty() {
        out.push('\n');
        out += &line(&head);
    }
    for (row, moved) in rows.iter().zip(&difference.moved) {
        out += &line(row);
        for item in &moved.items {
            let _ = writeln!(out, "    {}: {} → {}  ({}) {}", item.id, points(item.old), points(item.new), causes(&item.because), printable(&item.reason));
        }
    }
    out
}

fn row(moved: &Moved) -> [String; 5] {
    let sign = if moved.change > Points::ZERO { "+" } else { "" };
    let whole = |score: Score| format!("{}/{}", score.range(), score.possible);
    [printable(&moved.student), whole(moved.old), whole(moved.new), format!("{sign}{}", moved.change), causes(&moved.because)]
}

fn causes(causes: &[Cause]) -> String {
    let words: Vec<&str> = causes.iter().map(|cause| cause.word()).collect();
    if words.is_empty() { "not known".to_owned() } else { words.join(", ") }
}

fn points(outcome: Option<Outcome>) -> String {
    let shown = |outcome: Outcome| {
        let points = outcome
            .points
            .map_or_else(|| if outcome.verdict == VerdictLabel::Excused { "excused".to_owned() } else { "?".to_owned() }, |points| points.to_string());
        format!("{points}/{}", outcome.possible)
    };
    outcome.map_or_else(|| "none".to_owned(), shown)
}
