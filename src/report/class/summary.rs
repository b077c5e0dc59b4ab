//! What a terminal says below the table: what to look at first, and how much waits for whom.

use std::path::Path;
use std::sync::Arc;

use super::{Kept, Who};
use crate::domain::item_id::ItemId;
use crate::domain::points::Points;
use crate::domain::text::plain;
use crate::domain::verdict::VerdictLabel;
use crate::report::{Asks, ItemReport, Report};

/// The most items that are named to be looked at first.
const NAMED: usize = 200;

/// An item that a person should look at before anything else.
#[derive(Debug, Clone)]
pub(in crate::report) struct Urgent {
    pub(in crate::report) who: Arc<Who>,
    pub(in crate::report) item: ItemId,
    pub(in crate::report) title: String,
    pub(in crate::report) possible: Points,
    pub(in crate::report) reason: String,
    pub(in crate::report) overlay: Option<String>,
}

impl Urgent {
    pub(super) fn of(who: &Arc<Who>, item: &ItemReport) -> Self {
        Self {
            who: Arc::clone(who),
            item: item.id.clone(),
            title: item.title.clone(),
            possible: item.possible,
            reason: item.reason.clone(),
            overlay: item.overlay.clone(),
        }
    }
}

/// The items of a class, counted by what they wait for.
#[derive(Debug, Clone, Default)]
pub(in crate::report) struct Summary {
    urgent: Kept<Urgent, NAMED>,
    figures: usize,
    pages: usize,
    answers: usize,
    results: usize,
    contradicted: usize,
    broken: usize,
    unopened: usize,
}

impl Summary {
    pub(super) fn add(&mut self, who: &Arc<Who>, report: &Report) {
        for item in report.to_review() {
            if item.urgent {
                self.urgent.add(0, || Urgent::of(who, item));
            }
            *match item {
                item if item.is_on_page() => &mut self.pages,
                item if !item.exhibits.is_empty() => &mut self.figures,
                item if item.asks == Asks::Words => &mut self.answers,
                _ => &mut self.results,
            } += 1;
        }
        for item in &report.items {
            match item.verdict {
                VerdictLabel::Contradicted => self.contradicted += 1,
                VerdictLabel::Broken => self.broken += 1,
                VerdictLabel::Unopened => self.unopened += 1,
                _ => {}
            }
        }
    }

    pub(super) fn lines(&self, out: &Path) -> Vec<String> {
        let plural = |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
        let ungraded = [
            (self.figures, "ungraded: ", "figure", "figures", " for a person to look at"),
            (self.pages, "ungraded: ", "item", "items", " on pages of reports for a person to look at"),
            (self.answers, "ungraded: ", "answer", "answers", " for a person to read"),
            (self.results, "ungraded: ", "other result", "other results", " for a person to judge"),
            (self.contradicted, "contradicted: ", "claim", "claims", " by the student's own evidence"),
            (self.broken, "not graded, and not the students' fault: ", "item", "items", ""),
            (self.unopened, "not graded, since what may hold them cannot be opened: ", "item", "items", ""),
        ];
        let line = |(n, before, one, many, after)| format!("{before}{}{after}", plural(n, one, many));
        let counts = ungraded.into_iter().filter(|(n, ..)| *n > 0).map(line);
        self.to_look_at(out).into_iter().chain(counts).collect()
    }

    /// A line for each figure that shows something else than it should, with the picture that makes this plain.
    fn to_look_at(&self, out: &Path) -> Vec<String> {
        let line = |urgent: &Urgent| {
            let overlay = urgent.overlay.as_ref().map_or_else(String::new, |overlay| format!(", see {}", out.join(overlay).display()));
            format!("  {} {}: {}{overlay}", urgent.who.student, urgent.item.as_str(), plain(&urgent.reason))
        };
        let head = (self.urgent.all() > 0).then(|| "look at these first:".to_owned());
        let more = self.urgent.left_out();
        let more = (more > 0).then(|| format!("  and {more} more: choose “to look at” in the table of index.html"));
        head.into_iter().chain(self.urgent.in_order().into_iter().map(line)).chain(more).collect()
    }
}
