//! Judging under limits: each item is announced before it is read, and what went beyond a limit before is not read again.

use std::collections::BTreeMap;
use std::fmt;

use crate::domain::verdict::{Finding, Verdict};
use crate::rubric::Item;

/// Who learns which item comes next, and which items are left out.
#[derive(Clone, Copy, Default)]
pub struct Watch<'w> {
    /// Called with the place of each item in the rubric, from 0, before its evidence is read.
    pub begins: Option<&'w dyn Fn(usize)>,
    /// Why items are not read, by their places.
    pub left_out: Option<&'w BTreeMap<usize, LeftOut>>,
}

/// Why an item is not read.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct LeftOut {
    /// In one sentence, for the course and the student.
    pub why: String,
    /// Whether it is the program's fault, not that of what was handed in.
    pub is_ours: bool,
}

impl Watch<'_> {
    /// Whether the item at this place is left out.
    pub(super) fn skips(&self, place: usize) -> bool {
        self.left_out.is_some_and(|left_out| left_out.contains_key(&place))
    }

    /// The finding of an item that is left out: it is ungraded.
    pub(super) fn left_out(&self, place: usize) -> Option<Finding> {
        let left_out = self.left_out?.get(&place)?;
        Some(Finding::open(if left_out.is_ours { Verdict::Broken } else { Verdict::Unopened }, left_out.why.clone()))
    }

    pub(super) fn begins(&self, place: usize) {
        if let Some(begins) = self.begins {
            begins(place);
        }
    }

    /// Those of the rubric's `items` that are read, each announced when its turn comes.
    pub(super) fn read<'i>(&self, items: impl Iterator<Item = &'i Item>) -> impl Iterator<Item = &'i Item> {
        items.enumerate().filter(|(place, _)| !self.skips(*place)).map(|(place, item)| {
            self.begins(place);
            item
        })
    }
}

impl fmt::Debug for Watch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").field("left_out", &self.left_out).finish_non_exhaustive()
    }
}
