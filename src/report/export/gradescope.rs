//! Gradescope's results.json for one student, from what the student may see.
//!
//! An item of which a student sees the verdict is a visible test. One of which she sees only that it was found shows from when the grades are
//! published. Hidden items have no test of their own: a test that is hidden for good would hide the total too, and one that shows later would
//! show the item. They are one sum, which shows with the published grades, as the total does that gives it away.

use serde::Serialize;

use super::{comments, ungraded};
use crate::domain::points::Points;
use crate::domain::text::plain;
use crate::domain::verdict::{VerdictLabel, Visibility};
use crate::report::{ItemReport, Report};

/// The whole file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Results {
    /// The score with lateness, which counts instead of the tests' sum.
    pub score: Points,
    /// What the student reads above the tests.
    pub output: String,
    output_format: Format,
    test_output_format: Format,
    test_name_format: Format,
    /// What the program prints is for the course.
    stdout_visibility: Shown,
    /// The items.
    pub tests: Vec<Test>,
}

/// An item, or the sum of the hidden ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Test {
    /// What it earns before lateness, once it is graded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<Points>,
    /// What it is worth; nothing if the student is excused from it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_score: Option<Points>,
    /// Whether it earns everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Its title.
    pub name: String,
    /// Part and item, counted without those that are hidden.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub number: String,
    /// What the student may read.
    pub output: String,
    /// When the student sees it.
    pub visibility: Shown,
}

/// Whether a test earns everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "Gradescope's own words")]
pub enum Status {
    Passed,
    Failed,
}

/// When a student sees something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "Gradescope's own words")]
pub enum Shown {
    Hidden,
    AfterPublished,
    Visible,
}

/// How text is read. Nothing of a submission is ever markup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Format {
    Text,
}

/// The results of one report.
pub fn results(report: &Report) -> Results {
    let view = report.for_student();
    let mut tests = Vec::new();
    for (p, part) in view.parts.iter().enumerate() {
        for (i, item) in part.items.iter().enumerate() {
            let Some(found) = report.items.iter().find(|found| found.id == item.id) else { continue };
            let output = std::iter::once(plain(&item.advice)).chain(comments(found)).collect::<Vec<_>>().join("\n");
            let name = format!("{}{}", plain(&item.title), if item.bonus { " (bonus)" } else { "" });
            tests.push(Test { name, number: format!("{}.{}", p + 1, i + 1), output, ..test(found) });
        }
    }
    tests.extend(hidden(report));
    Results {
        score: report.score.earned,
        output: output(report),
        output_format: Format::Text,
        test_output_format: Format::Text,
        test_name_format: Format::Text,
        stdout_visibility: Shown::Hidden,
        tests,
    }
}

/// An item's points, without its texts.
fn test(item: &ItemReport) -> Test {
    let status = item.points.map(|_| if item.verdict == VerdictLabel::Pass { Status::Passed } else { Status::Failed });
    let visibility = if item.visibility == Visibility::Verdict { Shown::Visible } else { Shown::AfterPublished };
    Test {
        score: item.points,
        max_score: item.counts().then_some(item.possible),
        status,
        name: String::new(),
        number: String::new(),
        output: String::new(),
        visibility,
    }
}

/// The hidden items in one, so that the tests add up to the total.
fn hidden(report: &Report) -> Option<Test> {
    let hidden: Vec<&ItemReport> = report.items.iter().filter(|item| item.visibility == Visibility::Hidden && item.counts()).collect();
    (!hidden.is_empty()).then(|| Test {
        score: Some(hidden.iter().filter_map(|item| item.points).sum()),
        max_score: Some(hidden.iter().map(|item| item.possible).sum()),
        status: None,
        name: "What else the course looks at".to_owned(),
        number: String::new(),
        output: String::new(),
        visibility: Shown::AfterPublished,
    })
}

/// What stands above the tests.
fn output(report: &Report) -> String {
    let mut lines = vec![plain(&report.stamp.title)];
    if report.excused {
        lines.push("You are excused from this work.".to_owned());
    }
    lines.extend(report.late.as_ref().map(|late| format!("Late: {}", late.sentence())));
    lines.extend(report.notes.iter().map(|note| plain(&note.message)));
    lines.extend(report.comments.iter().map(|comment| plain(&comment.text)));
    // That a hidden item waits is hidden too.
    if ungraded(report).any(|item| item.visibility != Visibility::Hidden) {
        lines.push("Tests without a score are not graded yet; the total does not count them.".to_owned());
    }
    lines.join("\n")
}
