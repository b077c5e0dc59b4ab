//! What the terminal shows a course: a table of the class, and everything about one submission. Styles are ANSI codes; whoever
//! prints them strips them where they don't belong.

mod class;

pub(super) use class::Table;
pub use class::class;

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::Report;
use super::text::{pad, places, printable, widest};
use crate::domain::verdict::VerdictLabel as V;

const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default();
const OPEN: Style = AnsiColor::Yellow.on_default();
const QUIET: Style = Style::new().dimmed();
const HEAD: Style = Style::new().bold();

fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
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
