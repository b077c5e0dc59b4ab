//! Reports as Markdown: one for the course, one for the student.

use std::fmt::Write;

use super::student::{State, StudentView};
use super::text::places;
use super::{ItemReport, Report};
use crate::domain::points::Points;
use crate::domain::text::plain;

/// Everything about one submission.
pub fn report(report: &Report) -> String {
    let name = report.name.as_ref().map_or_else(String::new, |name| format!(" ({})", escape(name)));
    let mut out = format!("# {}{name}\n\n{}\n\n", escape(&report.student), escape(&report.stamp.title));
    let _ = writeln!(out, "**{} of {} points**", report.score.range(), report.score.possible);
    if let Some(late) = &report.late {
        let _ = writeln!(out, "\n{}", late.sentence());
    }
    if let Some(doubt) = report.timing.as_ref().and_then(|timing| timing.doubt.as_ref()) {
        let _ = writeln!(out, "\nNot known whether it is late: {}", escape(doubt));
    }
    for note in &report.notes {
        let _ = writeln!(out, "\n> {} {}", note.code, escape(&note.message));
    }
    out += &review(report);
    for part in &report.parts {
        let bonus = (part.bonus > Points::ZERO).then(|| format!("{} bonus", part.bonus));
        let score = (part.score.possible > Points::ZERO).then(|| format!("{} of {}", part.score.range(), part.score.possible));
        let points: Vec<String> = score.into_iter().chain(bonus).collect();
        let points = if points.is_empty() { "no bonus yet".to_owned() } else { points.join(" + ") };
        let _ = writeln!(out, "\n## {}: {points}\n", escape(&part.title));
        let _ = writeln!(out, "| item | verdict | points | why |\n|---|---|---:|---|");
        for item in report.items_of(&part.id) {
            let points = item.points.map_or_else(|| "?".to_owned(), |points| points.to_string());
            let bonus = if item.bonus { " (bonus)" } else { "" };
            let _ = writeln!(out, "| {}{bonus} | {} | {points} / {} | {} |", escape(&item.title), item.verdict.words(), item.possible, why(item));
        }
    }
    let lock = report.stamp.lock.as_ref().map_or_else(String::new, |lock| format!(", lock {lock}"));
    let _ = writeln!(out, "\nRubric {} ({}{lock})", report.rubric, report.stamp.rubric);
    out
}

/// What waits for a person, with the pictures that were drawn of it. Nothing where only written answers wait: the tables tell of those.
fn review(report: &Report) -> String {
    let mut out = String::new();
    let figures: Vec<&ItemReport> = report.to_review().into_iter().filter(|item| !item.exhibits.is_empty()).collect();
    if !figures.is_empty() {
        out += "\n## To look at first\n\n";
    }
    for item in figures {
        let _ = writeln!(out, "- **{}**: {}", escape(&item.title), escape(&item.reason));
        if let Some(overlay) = &item.overlay {
            let _ = writeln!(out, "\n  ![{}]({})\n", escape(&item.title), link(overlay));
        }
    }
    out
}

/// A path as the target of a link: a student's folder may be called anything.
pub(super) fn link(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.' | b'~');
    path.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

fn why(item: &ItemReport) -> String {
    let mut why = escape(&item.reason);
    for (what, quantity) in [("expected", &item.expected), ("actual", &item.actual), ("tolerance", &item.tolerance)] {
        if let Some(quantity) = quantity {
            let _ = write!(why, "<br>{what}: {}", escape(quantity.text()));
        }
    }
    if let Some(places) = places(&item.places) {
        let _ = write!(why, "<br>{}", escape(&places));
    }
    why
}

/// What its student may see.
pub fn student(view: &StudentView) -> String {
    let mut out = format!("# {}\n\n{}\n", escape(&view.title), escape(&view.student));
    for note in &view.notes {
        let _ = writeln!(out, "\n> {}", escape(note));
    }
    for part in &view.parts {
        let _ = writeln!(out, "\n## {}\n", escape(&part.title));
        for item in &part.items {
            let state = match item.state {
                State::Fine => "fine",
                State::Found => "found",
                State::Fix => "to fix",
                State::NotFound => "not found",
                State::Ungraded => "not graded yet",
            };
            let places = places(&item.places).map_or_else(String::new, |places| format!(" ({})", escape(&places)));
            let points = item.points.map_or_else(String::new, |points| format!(", {points} of {}", item.possible));
            let _ = writeln!(out, "- **{}** ({state}{points}): {}{places}", escape(&item.title), escape(&item.advice));
            for comment in &item.comments {
                let _ = writeln!(out, "  - {}: {}", escape(&comment.grader), escape(&comment.text));
            }
        }
    }
    out
}

/// Text of a submission as plain text: no markup, no line breaks.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::new();
    for c in plain(text).chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '!' | '&' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}
