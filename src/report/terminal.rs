//! What the terminal shows a course: a table of the class, and everything about one submission. Styles are ANSI codes; whoever
//! prints them strips them where they don't belong.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::score::counted;
use super::text::{cut, pad, places, printable, widest};
use super::{Asks, ItemReport, Report};
use crate::domain::late::Timing;
use crate::domain::points::Points;
use crate::domain::verdict::VerdictLabel as V;

const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default();
const OPEN: Style = AnsiColor::Yellow.on_default();
const QUIET: Style = Style::new().dimmed();
const HEAD: Style = Style::new().bold();

/// Columns of a part's name.
const PART_WIDTH: usize = 12;
/// Columns of the "look at" text.
const NOTE_WIDTH: usize = 60;

fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// The table of a class: a line a student, parts, total, and what to look at.
pub fn class(reports: &[Report]) -> String {
    if reports.is_empty() {
        return String::new();
    }
    let mut head = vec!["student".to_owned()];
    let parts = counted(reports.iter());
    head.extend(parts.iter().map(|part| cut(part, PART_WIDTH)));
    let timed = reports.iter().any(|report| report.timing.is_some());
    head.extend(["bonus", "total"].map(str::to_owned));
    head.extend(timed.then(|| "time by".to_owned()));
    head.push("look at".to_owned());
    let rows: Vec<Vec<String>> = reports.iter().map(|report| row(report, &parts, timed)).collect();
    let widths: Vec<usize> = (0..head.len()).map(|i| widest(rows.iter().chain([&head]).map(|row| row[i].as_str()))).collect();
    let line = |row: &[String], i: usize| pad(&row[i], widths[i], i > 0 && i + 1 < row.len());
    let mut out = String::new();
    let titles: Vec<String> = (0..head.len()).map(|i| line(&head, i)).collect();
    let _ = writeln!(out, "  {}", styled(HEAD, titles.join("   ").trim_end()));
    for (row, report) in rows.iter().zip(reports) {
        let last = row.len() - 1;
        let cells: Vec<String> = (0..last).map(|i| line(row, i)).collect();
        let style = if report.is_broken() { BAD } else { QUIET };
        let _ = writeln!(out, "  {}   {}", cells.join("   "), styled(style, &row[last]));
    }
    out
}

fn row(report: &Report, parts: &[&str], timed: bool) -> Vec<String> {
    let mut cells = vec![cut(&report.student, 32)];
    let cell = |id: &&str| report.counted_part(id).map_or_else(|| "–".to_owned(), |part| format!("{}/{}", part.score.range(), part.score.possible));
    cells.extend(parts.iter().map(cell));
    let bonus: Points = report.parts.iter().map(|part| part.bonus).sum();
    cells.push(if bonus == Points::ZERO { "·".to_owned() } else { format!("+{bonus}") });
    cells.push(format!("{}/{}", report.score.range(), report.score.possible));
    cells.extend(timed.then(|| report.timing.as_ref().map_or_else(String::new, time_by)));
    cells.push(look_at(report));
    cells
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

/// Everything about one submission, a line an item.
pub fn details(report: &Report) -> String {
    let mut out = String::new();
    let name = report.name.as_ref().map_or_else(String::new, |name| format!(" ({})", printable(name)));
    let _ = writeln!(out, "{}{name}   {}/{}", styled(HEAD, &printable(&report.student)), report.score.range(), report.score.possible);
    let late = report.late.as_ref().map(crate::domain::late::Lateness::sentence);
    let doubt = report.timing.as_ref().and_then(|timing| timing.doubt.as_ref()).map(|doubt| format!("not known whether it is late: {}", printable(doubt)));
    for sentence in late.into_iter().chain(doubt).chain(report.notes.iter().map(|note| printable(&note.message))) {
        let _ = writeln!(out, "  {}", styled(OPEN, &sentence));
    }
    let width = widest(report.items.iter().map(|item| item.id.as_str()));
    for item in &report.items {
        let (mark, style) = mark(item.verdict);
        let style = if item.urgent { BAD } else { style };
        let points = item.points.map_or_else(|| "?".to_owned(), |points| points.to_string());
        let points = pad(&format!("{points}/{}{}", item.possible, if item.bonus { "+" } else { " " }), 7, true);
        let _ = writeln!(out, "  {} {} {points} {}", styled(style, mark), pad(&item.id, width, false), printable(&item.reason));
        if let Some(places) = places(&item.places) {
            let _ = writeln!(out, "    {}", styled(QUIET, &places));
        }
        if let Some(overlay) = &item.overlay {
            let _ = writeln!(out, "    {}", styled(QUIET, &format!("see {}", printable(overlay))));
        }
    }
    out
}

fn mark(verdict: V) -> (&'static str, Style) {
    match verdict {
        V::Pass => ("✓", GOOD),
        V::Partial => ("◐", OPEN),
        V::NeedsReview | V::Unopened => ("?", OPEN),
        V::Missing | V::Skipped => ("·", QUIET),
        V::Fail | V::Unreadable | V::Contradicted => ("✗", BAD),
        V::Broken => ("!", BAD),
        V::Excused => ("–", QUIET),
    }
}
