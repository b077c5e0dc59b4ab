//! What submissions have in common, on the class's page.

use super::class::Member;
use super::markup::{Markup, prose};
use super::names::{count, page_of};
use crate::domain::text::plain;
use crate::report::markdown::link;
use crate::report::similar::{Bits, Comparison, Group};

/// So many groups are shown.
const SHOWN: usize = 20;

/// The section, where the class has been compared.
#[derive(Debug)]
pub(super) struct SimilarView {
    pub(super) compared: usize,
    pub(super) rows: Vec<Row>,
    /// Groups that are in similar.md alone.
    pub(super) more: Option<String>,
}

/// Submissions that have something in common.
#[derive(Debug)]
pub(super) struct Row {
    /// Each with its page, if the class has one.
    pub(super) who: Vec<(Option<String>, String)>,
    pub(super) bits: Option<String>,
    pub(super) shared: Vec<(&'static str, Markup)>,
}

impl SimilarView {
    pub(super) fn of(comparison: &Comparison, members: &[Member<'_>]) -> Self {
        let rows: Vec<Row> = comparison.groups.iter().take(SHOWN).map(|group| Row::of(group, members)).collect();
        let more = comparison.groups.len() - rows.len() + comparison.shared_by_many.len();
        Self { compared: comparison.submissions, more: (more > 0).then(|| count(more, "group")), rows }
    }
}

impl Row {
    fn of(group: &Group, members: &[Member<'_>]) -> Self {
        let member = |student: &String| members.iter().find(|member| member.report.student == *student);
        let who = |student: &String| match member(student) {
            Some(member) => (Some(link(&page_of(member.file))), plain(member.report.name.as_ref().unwrap_or(student))),
            None => (None, plain(student)),
        };
        Self {
            who: group.students.iter().map(who).collect(),
            bits: group.bits.map(Bits::words),
            shared: group.evidence.iter().map(|evidence| (evidence.kind.word(), prose(&evidence.summary))).collect(),
        }
    }
}
