//! Whether the course's own solution earns what it should.

use crate::check::Edition;
use crate::course::{Course, RubricFile};
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::verdict::VerdictLabel;
use crate::report::{ItemReport, Report};
use crate::rubric::{Part, PartReference, Way};
use crate::submission::Submission;

/// A written answer waits for a person, and a figure of which no series is claimed; another one must be read without one.
pub(super) fn falls_short(item: &ItemReport) -> bool {
    match item.verdict {
        VerdictLabel::Pass => false,
        VerdictLabel::NeedsReview => !item.exhibits.is_empty() && item.expected.is_some(),
        _ => true,
    }
}

/// In what an item fell short.
pub(super) fn short(item: &ItemReport) -> String {
    let points = item.points.map_or_else(|| "no".to_owned(), |points| points.to_string());
    format!("{points} of {} points, {}: {}", item.possible, item.verdict.words(), item.reason)
}

/// The items in which the solutions beside a rubric fall short, or of which a person would have to judge what the program should. A program
/// that is a reference is not run, so that items which may be of one are passed over.
pub(super) fn warnings(file: &RubricFile, course: &Course) -> Vec<Diagnostic> {
    let rubric = &course.rubric;
    if rubric.edition == Edition::Student {
        return Vec::new();
    }
    let graded: Vec<(&str, &PartReference, Report)> = rubric.parts.iter().filter_map(|part| solution(file, course, part)).collect();
    let all_are_here = rubric.parts.iter().filter(|part| part.reference.is_some()).count() == graded.len();
    let mut warnings = Vec::new();
    for part in &rubric.parts {
        let own = |(id, ..): &&(&str, &PartReference, Report)| *id == part.id;
        // What one solution states counts for all parts.
        let solutions: Vec<_> = if part.reference.is_some() { graded.iter().filter(own).collect() } else { graded.iter().filter(|_| all_are_here).collect() };
        let Some((_, reference, first)) = solutions.first() else { continue };
        for item in first.items_of(&part.id) {
            let others = || solutions.iter().filter_map(|(.., report)| report.items.iter().find(|other| other.id == item.id));
            if others().all(|item| falls_short(item) || waits_oddly(item)) {
                let message = format!("item `{}`: your own solution earns {}", item.id, short(item));
                warnings.push(Diagnostic::warning(Code::ShortOfFullMarks, message).at(reference.span.clone()));
            }
        }
    }
    warnings
}

/// The solution of a part, graded, if it lies beside the rubric.
fn solution<'r>(file: &RubricFile, course: &Course, part: &'r Part) -> Option<(&'r str, &'r PartReference, Report)> {
    let reference = part.reference.as_ref()?;
    let Way::Submission { path } = &reference.way else { return None };
    let there = file.beside(path).filter(|there| there.exists())?;
    Some((&part.id, reference, course.grade(&Submission::open(&there))))
}

/// Whether a person would have to judge what the program is there for.
fn waits_oddly(item: &ItemReport) -> bool {
    item.verdict == VerdictLabel::NeedsReview && !matches!(item.kind.as_str(), "written" | "manual" | "figure" | "file" | "notebook" | "rule")
}
