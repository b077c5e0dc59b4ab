//! Who is late.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::{LISTED, Who};
use crate::domain::late::Lateness;
use crate::report::{Report, Score};

/// The latest of a class: by days, and those of the same day as they came.
#[derive(Debug, Clone, Default)]
pub(in crate::report) struct Late {
    latest: BTreeMap<(Reverse<u32>, usize), LateOne>,
    all: usize,
}

/// A late submission.
#[derive(Debug, Clone)]
pub(in crate::report) struct LateOne {
    pub(in crate::report) who: Arc<Who>,
    pub(in crate::report) late: Lateness,
    pub(in crate::report) score: Score,
}

impl Late {
    pub(super) fn add(&mut self, who: &Arc<Who>, report: &Report) {
        let Some(late) = &report.late else { return };
        self.latest.insert((Reverse(late.days), self.all), LateOne { who: Arc::clone(who), late: late.clone(), score: report.score });
        self.all += 1;
        if self.latest.len() > LISTED {
            self.latest.pop_last();
        }
    }

    /// How many there are.
    pub(in crate::report) fn all(&self) -> usize {
        self.all
    }

    /// Those that are kept.
    pub(in crate::report) fn latest(&self) -> impl ExactSizeIterator<Item = &LateOne> {
        self.latest.values()
    }
}
