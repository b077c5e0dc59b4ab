//! Reports in the formats of other programs: gradebooks, autograders, build servers. One file a format, each a pure function to bytes.

pub mod canvas;
pub mod github;
pub mod gradescope;
pub mod junit;
pub mod moodle;
pub mod sarif;
pub mod sheet;

use super::{ItemReport, Report};
use crate::domain::text::plain;
use crate::domain::verdict::Visibility;

/// The items of a report that have no points yet. Nobody waits for those of a student who is excused from all.
pub fn ungraded(report: &Report) -> impl Iterator<Item = &ItemReport> {
    report.items.iter().filter(|item| !report.excused && item.is_open())
}

/// What people said about an item that its student may know of, in one line each.
fn comments(item: &ItemReport) -> impl Iterator<Item = String> {
    item.comments.iter().filter(|_| item.visibility != Visibility::Hidden).map(|comment| plain(&comment.text))
}
