//! What submissions have in common, on the class's page.

use std::collections::{BTreeMap, BTreeSet};

use super::markup::{Markup, prose};
use super::names::{count, page_of};
use crate::domain::text::plain;
use crate::report::class::{ClassView, Who};
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
    pub(super) fn of(comparison: &Comparison, class: &ClassView) -> Self {
        let groups = || comparison.groups.iter().take(SHOWN);
        let named = class.named(&groups().flat_map(|group| group.students.iter().map(String::as_str)).collect::<BTreeSet<_>>());
        let rows: Vec<Row> = groups().map(|group| Row::of(group, &named)).collect();
        let more = comparison.groups.len() - rows.len() + comparison.shared_by_many.len();
        Self { compared: comparison.submissions, more: (more > 0).then(|| count(more, "group")), rows }
    }
}

impl Row {
    fn of(group: &Group, named: &BTreeMap<&str, &Who>) -> Self {
        let who = |student: &String| match named.get(student.as_str()) {
            Some(who) => (Some(link(&page_of(who.file()))), plain(who.name())),
            None => (None, plain(student)),
        };
        Self {
            who: group.students.iter().map(who).collect(),
            bits: group.bits.map(Bits::words),
            shared: group.evidence.iter().map(|evidence| (evidence.kind.word(), prose(&evidence.summary))).collect(),
        }
    }
}
