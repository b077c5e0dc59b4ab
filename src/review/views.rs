//! What the marking page is given, as JSON. Nothing here names a student, but for [`Names`], which a grader asks for.

use std::collections::BTreeMap;

use serde::Serialize;

use super::waits;
use crate::domain::item_id::ItemId;
use crate::domain::marking::{Comment, Level, MarkState};
use crate::domain::points::Points;
use crate::domain::verdict::VerdictLabel;
use crate::marks::agreement::Agreement;
use crate::marks::{Decision, Mark};
use crate::report::{ItemReport, Report, html};

/// One question over all students.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Question {
    /// The item.
    pub item: ItemId,
    /// Its title.
    pub title: String,
    /// What it is worth.
    pub possible: Points,
    /// What a good answer says.
    pub guide: Option<String>,
    /// What an answer has to have for how many points: the best first.
    pub levels: Vec<Level>,
    /// How many answers there are.
    pub answers: usize,
    /// How many wait for a person.
    pub waiting: usize,
    /// How many this grader has marked.
    pub own: usize,
    /// How many people have marked or the program has left to people.
    pub for_people: usize,
}

impl Question {
    pub(super) fn new(item: &ItemReport) -> Self {
        let (title, guide, levels) = (item.title.clone(), item.guide.clone(), item.levels.clone());
        Self { item: item.id.clone(), title, possible: item.possible, guide, levels, answers: 0, waiting: 0, own: 0, for_people: 0 }
    }

    pub(super) fn count(&mut self, now: &ItemReport, found: &ItemReport, is_own: bool) {
        self.answers += 1;
        self.waiting += usize::from(waits(now));
        self.own += usize::from(is_own);
        self.for_people += usize::from(found.is_open() || now.marked.is_some());
    }
}

/// One answer in the list of a question.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// What stands for its student.
    pub key: String,
    /// The hash of the evidence as it is now.
    pub evidence: String,
    /// How many words it has, if it is words.
    pub words: Option<usize>,
    /// Answers with the same words have the same number here.
    pub same: Option<String>,
    /// What the program found.
    pub found: VerdictLabel,
    /// Whether it waits for a person.
    pub waits: bool,
    /// Whether somebody should look at it before the others.
    pub urgent: bool,
    /// How the marks on it stand, if there are any.
    pub state: Option<MarkState>,
    /// This grader's own mark.
    pub own: Option<OwnMark>,
}

/// What this grader has given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OwnMark {
    /// The mark's number.
    pub id: i64,
    /// The points, if it gives any.
    pub points: Option<Points>,
    /// Whether it excuses the student.
    pub excused: bool,
    /// The comment.
    pub comment: String,
    /// Whether the answer has changed since.
    pub stale: bool,
}

impl Answer {
    pub(super) fn new(key: String, found: &ItemReport, now: &ItemReport, own: Option<&Mark>) -> Self {
        let normal = found.answer.as_ref().map(|text| text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" "));
        Self {
            key,
            evidence: found.evidence.clone(),
            words: found.answer.as_ref().map(|text| text.split_whitespace().count()),
            same: normal.map(|text| blake3::hash(text.as_bytes()).to_hex()[..12].to_owned()),
            found: found.verdict,
            waits: waits(now),
            urgent: found.urgent || found.verdict == VerdictLabel::Contradicted,
            // That graders disagree tells one of them that the other has marked, so it is said only to those who have.
            state: now.marked.as_ref().map(|marked| marked.state).filter(|state| own.is_some() || *state != MarkState::Disagreement),
            own: own.map(|mark| OwnMark::new(mark, found)),
        }
    }
}

impl OwnMark {
    fn new(mark: &Mark, found: &ItemReport) -> Self {
        let given = mark.entry.decision.given();
        Self {
            id: mark.id,
            points: given.map(|given| given.points),
            excused: matches!(mark.entry.decision, Decision::Excused(_)),
            comment: mark.entry.comment.clone(),
            stale: given.is_some_and(|given| given.evidence != found.evidence),
        }
    }
}

/// A mark that is on disk, and how its answer stands now.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Saved {
    /// The mark's number.
    pub mark: i64,
    /// The answer.
    pub answer: Answer,
}

/// One answer, whole.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Detail {
    /// The hash of the evidence that is shown here. A mark says which it is about.
    pub evidence: String,
    /// What the student wrote, if the item asks for words.
    pub answer: Option<String>,
    /// The same with its Markdown and formulas, as HTML that loads and links nothing.
    pub html: Option<String>,
    /// What the program says.
    pub reason: String,
    /// Whether there is a picture: what was read of a figure, or the figure itself.
    pub picture: bool,
    /// Where it stands.
    pub places: Vec<String>,
    /// Files to look at, inside the submission.
    pub files: Vec<String>,
    /// What the student answered to the item just before, if this one asks why.
    pub before: Option<String>,
    /// Requests for another look.
    pub requests: Vec<Comment>,
}

impl Detail {
    pub(super) fn new(report: &Report, found: &ItemReport, now: &ItemReport) -> Self {
        let place = report.items.iter().position(|item| item.id == found.id).unwrap_or_default();
        let before = place.checked_sub(1).map(|place| &report.items[place]).filter(|before| before.id.part() == found.id.part());
        let is_reopened = now.marked.as_ref().is_some_and(|marked| marked.state == MarkState::Reopened);
        Self {
            evidence: found.evidence.clone(),
            html: found.answer.as_deref().map(html::words),
            answer: found.answer.clone(),
            reason: found.reason.clone(),
            picture: found.overlay.is_some() || found.figure.is_some(),
            places: found.places.clone(),
            files: found.exhibits.iter().map(|exhibit| exhibit.path.clone()).collect(),
            before: before.filter(|_| found.kind == "written").and_then(|before| before.answer.clone()),
            requests: now.comments.iter().filter(|comment| is_reopened && comment.request).cloned().collect(),
        }
    }
}

/// Names by key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Names(pub BTreeMap<String, String>);

/// What all graders give to the answers of one question.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// Answers that more than one grader has marked, those that differ most first.
    pub pairs: Vec<Pair>,
    /// How far every two graders agree, in a sentence.
    pub agreement: Vec<String>,
}

/// What all graders give to one answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pair {
    /// What stands for its student.
    pub key: String,
    /// Each grader's last points.
    pub points: Vec<(String, Points)>,
    /// What it was settled on.
    pub settled: Option<Points>,
    /// Greatest less least.
    pub apart: Points,
}

impl Pair {
    pub(super) fn of(item: &ItemId, student: &str, marks: &[Mark]) -> Option<Self> {
        let mut points: Vec<(String, Points)> = Vec::new();
        let mut settled = None;
        for mark in marks {
            match &mark.entry.decision {
                Decision::Points(given) => match points.iter_mut().find(|(grader, _)| *grader == mark.entry.grader) {
                    Some((_, earlier)) => *earlier = given.points,
                    None => points.push((mark.entry.grader.clone(), given.points)),
                },
                Decision::Settled(given) => settled = Some(given.points),
                _ => {}
            }
        }
        let (least, most) = (points.iter().map(|(_, points)| *points).min()?, points.iter().map(|(_, points)| *points).max()?);
        (points.len() > 1).then(|| Self { key: super::key(item, student), points, settled, apart: most - least })
    }
}

impl Comparison {
    pub(super) fn new(mut pairs: Vec<Pair>, agreements: &[Agreement]) -> Self {
        pairs.sort_by(|a, b| b.apart.cmp(&a.apart).then_with(|| a.key.cmp(&b.key)));
        let sentence = |agreement: &Agreement| {
            let (a, b) = &agreement.graders;
            let kappa = agreement.kappa.map_or_else(String::new, |kappa| format!(", κ = {kappa:.2}"));
            format!("{a} and {b} give the same points to {} of {} answers{kappa}", agreement.same, agreement.both)
        };
        Self { pairs, agreement: agreements.iter().map(sentence).collect() }
    }
}
