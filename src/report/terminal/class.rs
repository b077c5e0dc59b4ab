//! The table of a class: a line a student, parts, total, and what to look at.

use std::fmt::Write;

use super::{BAD, HEAD, QUIET, styled};
use crate::domain::late::Timing;
use crate::domain::points::Points;
use crate::domain::verdict::VerdictLabel as V;
use crate::report::class::{ClassView, Kept, Parts};
use crate::report::text::{cut, pad, widest};
use crate::report::{Asks, ItemReport, Report};

/// Columns of a part's name.
const PART_WIDTH: usize = 12;
/// Columns of the "look at" text.
const NOTE_WIDTH: usize = 60;

/// The largest class that has a line for everybody.
const EVERYBODY: usize = 1_000;
/// The most that are shown of a larger one.
const SOME: usize = 50;
/// What there is to look at, by rank: not graded by our fault, not opened, urgent, contradicted. Then come all others.
const OTHERS: usize = 4;

/// The lines of the table.
#[derive(Debug, Clone, Default)]
pub(in crate::report) struct Table {
    rows: Kept<Row, EVERYBODY, { OTHERS + 1 }>,
    is_timed: bool,
}

/// A line, before it is known which parts count in the class.
#[derive(Debug, Clone)]
struct Row {
    student: String,
    /// The scores of the parts that count in it, by their places.
    parts: Vec<(usize, String)>,
    bonus: String,
    total: String,
    time_by: String,
    look_at: String,
    is_broken: bool,
}

impl Table {
    pub(in crate::report) fn add(&mut self, report: &Report, parts: &Parts) {
        self.is_timed |= report.timing.is_some();
        self.rows.add(rank(report), || Row::of(report, parts));
    }

    /// The lines that are shown: of a large class, those to look at.
    fn shown(&self) -> Vec<&Row> {
        if self.rows.left_out() == 0 { self.rows.in_order() } else { self.rows.of(0..OTHERS).take(SOME).collect() }
    }

    /// What is said below the table of a large class.
    fn left_out(&self, shown: usize) -> Option<String> {
        let (all, some) = (self.rows.all(), self.rows.came(0..OTHERS));
        let first = "not graded, not opened, of evidence that says different things, or with a claim contradicted";
        let which = if some == 0 {
            format!("of {all} submissions, none is to be looked at first: {first}")
        } else {
            format!("of {all} submissions, the table has {shown} of the {some} to look at first: {first}")
        };
        (self.rows.left_out() > 0).then(|| format!("{which}. grades.csv has all."))
    }
}

/// Where a submission stands among those to look at.
fn rank(report: &Report) -> usize {
    let any = |wanted: fn(&ItemReport) -> bool| report.items.iter().any(wanted);
    let is = [any(|item| item.verdict == V::Broken), any(|item| item.verdict == V::Unopened), any(|item| item.is_open() && item.urgent)];
    let is = is.into_iter().chain([any(|item| item.verdict == V::Contradicted)]);
    is.enumerate().find(|(_, is)| *is).map_or(OTHERS, |(rank, _)| rank)
}

/// The table of a class: a line a student. Of more than a thousand, some of those to look at, and how many there are.
pub fn class(class: &ClassView) -> String {
    let table = &class.table;
    if table.rows.all() == 0 {
        return String::new();
    }
    let parts: Vec<(usize, &str)> = class.parts.counted().map(|(place, part)| (place, part.id.as_str())).collect();
    let mut head = vec!["student".to_owned()];
    head.extend(parts.iter().map(|(_, part)| cut(part, PART_WIDTH)));
    head.extend(["bonus", "total"].map(str::to_owned));
    head.extend(table.is_timed.then(|| "time by".to_owned()));
    head.push("look at".to_owned());
    let shown = table.shown();
    let rows: Vec<Vec<String>> = shown.iter().map(|row| row.cells(&parts, table.is_timed)).collect();
    let widths: Vec<usize> = (0..head.len()).map(|i| widest(rows.iter().chain([&head]).map(|row| row[i].as_str()))).collect();
    let line = |row: &[String], i: usize| pad(&row[i], widths[i], i > 0 && i + 1 < row.len());
    let mut out = String::new();
    if !rows.is_empty() {
        let titles: Vec<String> = (0..head.len()).map(|i| line(&head, i)).collect();
        let _ = writeln!(out, "  {}", styled(HEAD, titles.join("   ").trim_end()));
    }
    for (cells, row) in rows.iter().zip(&shown) {
        let last = cells.len() - 1;
        let joined: Vec<String> = (0..last).map(|i| line(cells, i)).collect();
        let style = if row.is_broken { BAD } else { QUIET };
        let _ = writeln!(out, "  {}   {}", joined.join("   "), styled(style, &cells[last]));
    }
    if let Some(left_out) = table.left_out(rows.len()) {
        let _ = writeln!(out, "  {left_out}");
    }
    out
}

impl Row {
    fn of(report: &Report, parts: &Parts) -> Self {
        let bonus: Points = report.parts.iter().map(|part| part.bonus).sum();
        Self {
            student: cut(&report.student, 32),
            parts: parts.of(report).into_iter().map(|(place, score)| (place, format!("{}/{}", score.range(), score.possible))).collect(),
            bonus: if bonus == Points::ZERO { "·".to_owned() } else { format!("+{bonus}") },
            total: format!("{}/{}", report.score.range(), report.score.possible),
            time_by: report.timing.as_ref().map_or_else(String::new, time_by),
            look_at: look_at(report),
            is_broken: report.is_broken(),
        }
    }

    fn cells(&self, parts: &[(usize, &str)], is_timed: bool) -> Vec<String> {
        let cell = |(place, _): &(usize, &str)| self.parts.iter().find(|(own, _)| own == place).map_or_else(|| "–".to_owned(), |(_, score)| score.clone());
        let mut cells = vec![self.student.clone()];
        cells.extend(parts.iter().map(cell));
        cells.extend([self.bonus.clone(), self.total.clone()]);
        cells.extend(is_timed.then(|| self.time_by.clone()));
        cells.push(self.look_at.clone());
        cells
    }
}

/// Whose word it is when the work was handed in; `?` where it is not known whether that was late.
fn time_by(timing: &Timing) -> String {
    let by = timing.by.as_deref().unwrap_or("nobody");
    if timing.doubt.is_some() { format!("{by}?") } else { by.to_owned() }
}

/// The most important thing for a person to look at.
fn look_at(report: &Report) -> String {
    if let Some(why) = report.unopened.as_ref().filter(|_| report.is_unopened()) {
        return cut(why, NOTE_WIDTH);
    }
    if let Some(late) = &report.late {
        return late.sentence();
    }
    let rank = |item: &&ItemReport| match item.verdict {
        V::Broken => 0,
        _ if item.urgent => 1,
        V::Contradicted => 2,
        V::Unopened => 1,
        V::Unreadable => 3,
        _ if item.unread => 3,
        V::Fail => 4,
        V::Missing => 5,
        _ => 9,
    };
    let short = |item: &ItemReport| cut(&format!("{}: {}", item.id.item(), item.reason), NOTE_WIDTH);
    let missing = report.items.iter().filter(|item| item.verdict == V::Missing && !item.bonus).count();
    let judged = report.items.iter().filter(|item| !item.bonus).count();
    let fallen = |item: &&ItemReport| rank(item) < 9 && !(item.bonus && item.verdict == V::Missing);
    match report.items.iter().filter(fallen).min_by_key(rank) {
        _ if missing == judged && report.files == 0 => "nothing was handed in".to_owned(),
        _ if missing == judged => format!("nothing of what is asked is in the {} handed in", files(report.files)),
        Some(item) if item.verdict == V::Missing && missing > 1 => format!("{missing} items not found"),
        Some(item) => short(item),
        None => {
            let (pages, rest): (Vec<_>, Vec<_>) = report.to_review().into_iter().partition(|item| item.is_on_page());
            let (figures, answers): (Vec<_>, Vec<_>) = rest.into_iter().partition(|item| !item.exhibits.is_empty());
            let count = |all: usize, what: &str| format!("{all} {what}{}", if all == 1 { "" } else { "s" });
            let (answers, others): (Vec<_>, Vec<_>) = answers.into_iter().partition(|item| item.asks == Asks::Words);
            let counts = [(figures.len(), "figure"), (pages.len(), "page"), (answers.len(), "written answer"), (others.len(), "other result")];
            counts.into_iter().filter(|(all, _)| *all > 0).map(|(all, what)| count(all, what)).collect::<Vec<_>>().join(", ")
        }
    }
}

fn files(count: usize) -> String {
    if count == 1 { "file".to_owned() } else { format!("{count} files") }
}
