//! A class in little memory: reports are added one after the other, and only what its page, its table and its summary need is kept. What
//! grows with the class are its students' names, their points, and hashes of what they wrote; everything else is bounded.

mod kept;
mod late;
mod queue;
mod scores;
mod student;
mod summary;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use super::reasons::Reasons;
use super::statistics::Statistics;
use super::terminal::Table;
use super::{ItemReport, Report, Stamp};

pub(in crate::report) use kept::Kept;
pub(in crate::report) use late::{Late, LateOne};
pub(in crate::report) use queue::{Queue, Waiting};
pub(in crate::report) use scores::{Parts, Tally};
pub(in crate::report) use student::{Line, Who};
pub(in crate::report) use summary::{Summary, Urgent};

/// The most students that a page lists.
pub(in crate::report) const LISTED: usize = 2_000;
/// The most items that a page shows to be looked at first.
const FIRST: usize = 6;
/// The most submissions that are named because not all of them could be seen.
const UNSEEN: usize = 200;
/// The most that a line of a terminal names one by one.
const NAMED: usize = 12;

/// What the views of a class need of its reports.
#[derive(Debug, Clone, Default)]
pub struct ClassView {
    pub(in crate::report) head: Option<Head>,
    pub(in crate::report) students: Vec<Arc<Who>>,
    pub(in crate::report) parts: Parts,
    pub(in crate::report) statistics: Statistics,
    pub(in crate::report) reasons: Reasons,
    pub(in crate::report) queue: Queue,
    pub(in crate::report) look: Kept<Urgent, FIRST>,
    pub(in crate::report) late: Late,
    pub(in crate::report) doubts: Kept<(Arc<Who>, String), LISTED>,
    pub(in crate::report) lines: Kept<Line, LISTED, 3>,
    pub(in crate::report) table: Table,
    summary: Summary,
    unseen: Kept<String, UNSEEN>,
    /// Times that only the students state.
    own_times: usize,
    evidence: blake3::Hasher,
    /// The items of all submissions.
    items: usize,
    open: usize,
    is_released: bool,
    is_ungraded: bool,
}

/// What all reports of a class have in common, as the first one has it.
#[derive(Debug, Clone)]
pub(in crate::report) struct Head {
    pub(in crate::report) rubric: String,
    pub(in crate::report) stamp: Stamp,
    /// The parts' ids with their titles.
    pub(in crate::report) parts: Vec<(String, String)>,
    /// The columns of the leaderboards.
    pub(in crate::report) leaders: Vec<String>,
}

impl Head {
    fn of(report: &Report) -> Self {
        Self {
            rubric: report.rubric.clone(),
            stamp: report.stamp.clone(),
            parts: report.parts.iter().map(|part| (part.id.clone(), part.title.clone())).collect(),
            leaders: report.items.iter().filter_map(ItemReport::leader).map(|(column, _)| column.to_owned()).collect(),
        }
    }
}

impl ClassView {
    /// Adds a submission, whose report's files are called `file`. Submissions are added in the order in which they are to be listed.
    pub fn add(&mut self, file: &str, report: &Report) {
        self.head.get_or_insert_with(|| Head::of(report));
        let who = Arc::new(Who::of(file, report));
        for item in &report.items {
            self.hash(&item.evidence);
            if item.is_open() && item.urgent {
                self.look.add(0, || Urgent::of(&who, item));
            }
        }
        self.open += report.items.iter().filter(|item| item.is_open()).count();
        self.parts.add(report);
        self.statistics.add(report);
        self.reasons.add(&who, report);
        self.queue.add(report);
        self.late.add(&who, report);
        self.summary.add(&who, report);
        self.table.add(report, &self.parts);
        self.lines.add(Line::rank(report), || Line::of(&who, report, &self.parts));
        if let Some(timing) = &report.timing {
            match &timing.doubt {
                Some(doubt) => self.doubts.add(0, || (Arc::clone(&who), doubt.clone())),
                None => self.own_times += usize::from(timing.by.as_deref() == Some("student")),
            }
        }
        if let Some(why) = report.unopened.as_ref().filter(|_| report.is_unopened()) {
            self.unseen.add(0, || format!("not all of {} could be seen: {why}", report.student));
        }
        self.is_released |= report.released;
        self.is_ungraded |= report.is_ungraded();
        self.students.push(who);
    }

    /// Hashes what all items were judged by. A blank stands between two.
    fn hash(&mut self, evidence: &str) {
        if self.items > 0 {
            self.evidence.update(b" ");
        }
        self.evidence.update(evidence.as_bytes());
        self.items += 1;
    }

    /// How many submissions there are.
    pub fn submissions(&self) -> usize {
        self.students.len()
    }

    /// The rubric's id, once there is a submission.
    pub fn rubric(&self) -> Option<&str> {
        self.head.as_ref().map(|head| head.rubric.as_str())
    }

    /// How many items are still to be graded.
    pub fn open(&self) -> usize {
        self.open
    }

    /// Whether grades are released to a student.
    pub fn is_released(&self) -> bool {
        self.is_released
    }

    /// Whether something could not be graded, by our own fault or since it cannot be opened.
    pub fn is_ungraded(&self) -> bool {
        self.is_ungraded
    }

    /// What was noticed in all of the class, for a terminal: what to look at first, and how much waits for a person. Pictures lie in `out`.
    pub fn summary(&self, out: &Path) -> String {
        self.summary.lines(out).join("\n")
    }

    /// Whose submissions could not be seen as a whole, a line each.
    pub fn unseen(&self) -> Vec<String> {
        let more = self.unseen.left_out();
        let more = (more > 0).then(|| format!("and so on: not all of {more} more submissions could be seen"));
        self.unseen.in_order().into_iter().cloned().chain(more).collect()
    }

    /// Whose times are not known or only the students' own word, in a line each.
    pub fn about_times(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let doubts: Vec<String> = self.doubts.in_order().iter().take(NAMED).map(|(who, doubt)| format!("{} ({doubt})", who.student)).collect();
        if !doubts.is_empty() {
            lines.push(format!("not known whether it is late, so no points are taken: {}", listed(&doubts, self.doubts.all())));
        }
        if self.own_times > 0 {
            let own = self.own_times;
            let times = if own == 1 { "1 time is the student's own word".to_owned() } else { format!("{own} times are the students' own word") };
            lines.push(format!("{times} (submission.toml); what --times says goes before it"));
        }
        lines
    }

    /// About how many bytes it keeps of what grows with the class. All else is bounded by the rubric and by how much is shown.
    pub fn bytes(&self) -> usize {
        let pointers = self.students.capacity() * size_of::<Arc<Who>>();
        let names: usize = self.students.iter().map(|who| who.bytes()).sum();
        pointers + names + self.parts.bytes() + self.statistics.bytes() + self.queue.bytes()
    }

    /// The hash of all evidence of the class.
    pub(in crate::report) fn evidence(&self) -> blake3::Hash {
        self.evidence.finalize()
    }

    /// Those of `students` whom the class has.
    pub(in crate::report) fn named<'s>(&self, students: &BTreeSet<&'s str>) -> BTreeMap<&'s str, &Who> {
        let mut found = BTreeMap::new();
        for who in &self.students {
            if let Some(student) = students.get(&*who.student) {
                found.entry(*student).or_insert(&**who);
            }
        }
        found
    }
}

/// The first dozen of `names`, and how many of `all` there are besides.
pub fn listed(names: &[String], all: usize) -> String {
    let shown = names.len().min(NAMED);
    let more = if all > NAMED { format!(" and {} more", all - shown) } else { String::new() };
    format!("{}{more}", names[..shown].join(", "))
}
