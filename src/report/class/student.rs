//! What is kept of a student: who it is, and a line of the class's page.

use std::sync::Arc;

use super::Parts;
use crate::domain::number::Finite;
use crate::domain::verdict::VerdictLabel;
use crate::report::{ItemReport, Report, Score};

/// Who handed in a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::report) struct Who {
    pub(in crate::report) student: Box<str>,
    /// What the report's files are called, if not as the student.
    file: Option<Box<str>>,
    name: Option<Box<str>>,
}

impl Who {
    pub(super) fn of(file: &str, report: &Report) -> Self {
        Self { student: report.student.as_str().into(), file: (file != report.student).then(|| file.into()), name: report.name.as_deref().map(Into::into) }
    }

    /// What the report's files are called, without ending.
    pub(in crate::report) fn file(&self) -> &str {
        self.file.as_deref().unwrap_or(&self.student)
    }

    /// The name, or the id of a student without one.
    pub(in crate::report) fn name(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.student)
    }

    /// About how many bytes it takes: itself, two counters, and its texts in units of memory.
    pub(super) fn bytes(&self) -> usize {
        let text = |text: &str| text.len().next_multiple_of(16) + 8;
        let texts = [Some(&self.student), self.file.as_ref(), self.name.as_ref()];
        size_of::<Self>() + 24 + texts.into_iter().flatten().map(|one| text(one)).sum::<usize>()
    }
}

/// A student's line in the table of the class's page.
#[derive(Debug, Clone)]
pub(in crate::report) struct Line {
    pub(in crate::report) who: Arc<Who>,
    pub(in crate::report) score: Score,
    /// The scores of the parts that count, each with the part's place.
    pub(in crate::report) parts: Vec<(usize, Score)>,
    /// The numbers of the leaderboards.
    pub(in crate::report) leaders: Vec<Option<Finite>>,
    /// How many items wait.
    pub(in crate::report) open: usize,
    pub(in crate::report) is: Signs,
    /// By how many days it is late, if it is.
    pub(in crate::report) late: Option<u32>,
    /// Whether it is not known if it is late.
    pub(in crate::report) is_doubted: bool,
}

/// What is worth a note.
#[derive(Debug, Clone, Copy)]
pub(in crate::report) struct Signs {
    pub(in crate::report) urgent: bool,
    pub(in crate::report) contradicted: bool,
    /// Whether nothing of it is readable.
    pub(in crate::report) nothing: bool,
}

impl Line {
    /// What goes first where not all have room: what is to be looked at, then what waits, then the others.
    pub(super) fn rank(report: &Report) -> usize {
        let mut open = report.items.iter().filter(|item| item.is_open()).peekable();
        if open.peek().is_none() { 2 } else { usize::from(!open.any(|item| item.urgent)) }
    }

    pub(super) fn of(who: &Arc<Who>, report: &Report, parts: &Parts) -> Self {
        let nothing = |item: &ItemReport| matches!(item.verdict, VerdictLabel::Missing | VerdictLabel::Unreadable | VerdictLabel::Excused);
        let is = Signs {
            urgent: report.items.iter().any(|item| item.is_open() && item.urgent),
            contradicted: report.items.iter().any(|item| item.verdict == VerdictLabel::Contradicted),
            nothing: report.items.iter().all(nothing),
        };
        Self {
            who: Arc::clone(who),
            score: report.score,
            parts: parts.of(report),
            leaders: report.items.iter().filter_map(ItemReport::leader).map(|(_, number)| number).collect(),
            open: report.items.iter().filter(|item| item.is_open()).count(),
            is,
            late: report.late.as_ref().map(|late| late.days),
            is_doubted: report.timing.as_ref().is_some_and(|timing| timing.doubt.is_some()),
        }
    }
}
