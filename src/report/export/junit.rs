//! JUnit XML, which build servers show as tests. Only the text inside an element is shown everywhere, so reasons stand there; two cases with
//! the same class and name would be one, so the class holds the student.

use std::time::Duration;

use quick_junit::{NonSuccessKind, SerializeError, TestCase, TestCaseStatus, TestSuite};

use crate::domain::text::plain;
use crate::domain::verdict::VerdictLabel;
use crate::report::student::{State, StudentItem, StudentView};
use crate::report::{ItemReport, Report};

/// Cases that belong together: a part, or a student.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Suite {
    /// Its name.
    pub name: String,
    /// How long it took, if that was measured.
    pub time: Option<Duration>,
    /// Its cases.
    pub cases: Vec<Case>,
}

/// One case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// What it belongs to, such as "cs441-hw2.trees". With the name it is unique.
    pub class: String,
    /// Its name.
    pub name: String,
    /// What came of it.
    pub outcome: Outcome,
    /// Its points in words, if it has any.
    pub points: Option<String>,
}

/// What came of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing to do.
    Passed,
    /// It fell short, and why.
    Failed(String),
    /// It could not be judged, and that is our fault.
    Error(String),
    /// It was not judged, and why.
    Skipped(String),
}

/// The file of `suites`.
pub fn xml(name: &str, suites: &[Suite]) -> Result<Vec<u8>, SerializeError> {
    let mut report = quick_junit::Report::new(plain(name));
    if suites.iter().any(|suite| suite.time.is_some()) {
        report.set_time(suites.iter().filter_map(|suite| suite.time).sum());
    }
    report.add_test_suites(suites.iter().map(suite));
    let mut bytes = Vec::new();
    report.serialize(&mut bytes)?;
    Ok(bytes)
}

fn suite(suite: &Suite) -> TestSuite {
    let mut out = TestSuite::new(plain(&suite.name));
    if let Some(time) = suite.time {
        out.set_time(time);
    }
    out.add_test_cases(suite.cases.iter().map(case));
    out
}

fn case(case: &Case) -> TestCase {
    let (mut status, text) = match &case.outcome {
        Outcome::Passed => (TestCaseStatus::success(), ""),
        Outcome::Failed(why) => (TestCaseStatus::non_success(NonSuccessKind::Failure), why.as_str()),
        Outcome::Error(why) => (TestCaseStatus::non_success(NonSuccessKind::Error), why.as_str()),
        Outcome::Skipped(why) => (TestCaseStatus::skipped(), why.as_str()),
    };
    status.set_description(plain(text));
    let mut out = TestCase::new(plain(&case.name), status);
    out.set_classname(plain(&case.class));
    if let Some(points) = &case.points {
        out.set_system_out(plain(points));
    }
    out
}

/// A suite a student, a case an item, for the course.
pub fn of_class(reports: &[Report]) -> Vec<Suite> {
    let one = |report: &Report| {
        let class = format!("{}.{}", report.rubric, report.student);
        Suite { name: report.student.clone(), time: None, cases: report.items.iter().map(|item| of_item(&class, item, report.excused)).collect() }
    };
    reports.iter().map(one).collect()
}

/// An item as the course sees it.
pub fn of_item(class: &str, item: &ItemReport, excused: bool) -> Case {
    use VerdictLabel as V;
    let points = item.points.map(|points| format!("{points} of {} points", item.possible));
    let why = || points.iter().chain([&item.reason]).cloned().collect::<Vec<_>>().join(": ");
    let outcome = match item.verdict {
        _ if excused => Outcome::Skipped("the student is excused".to_owned()),
        V::Pass => Outcome::Passed,
        V::Partial | V::Fail | V::Missing | V::Unreadable | V::Contradicted | V::Skipped => Outcome::Failed(why()),
        V::Broken => Outcome::Error(why()),
        V::Unopened | V::NeedsReview | V::Excused => Outcome::Skipped(format!("{}: {}", item.verdict.words(), item.reason)),
    };
    Case { class: class.to_owned(), name: item.id.to_string(), outcome, points }
}

/// A suite a part, a case an item, with no more than its student may read.
pub fn of_student(view: &StudentView) -> Vec<Suite> {
    let case = |part: &str, item: &StudentItem| {
        let advice = item.advice.clone();
        let outcome = match item.state {
            State::Fine => Outcome::Passed,
            // To leave out a bonus is no fault.
            State::NotFound if item.bonus => Outcome::Skipped(advice),
            State::Fix | State::NotFound => Outcome::Failed(advice),
            State::Found => Outcome::Skipped(advice),
            State::Ungraded => Outcome::Error(advice),
        };
        Case { class: format!("{}.{part}", view.rubric), name: item.id.to_string(), outcome, points: None }
    };
    view.parts.iter().map(|part| Suite { name: part.title.clone(), time: None, cases: part.items.iter().map(|item| case(&part.id, item)).collect() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_the_text_of_elements_and_no_markup() {
        let case = |name: &str, outcome| Case { class: "hw.trees".to_owned(), name: name.to_owned(), outcome, points: None };
        let cases = vec![
            case("a", Outcome::Passed),
            case("b", Outcome::Failed("1 of 2 points: <x> & ]]> \u{1b}[2J".to_owned())),
            case("c", Outcome::Skipped("a person reads it".to_owned())),
        ];
        let suites = [Suite { name: "Trees".to_owned(), time: Some(Duration::from_millis(1500)), cases }];
        let text = String::from_utf8(xml("verify", &suites).expect("can be written")).expect("is text");
        for part in [
            "<testsuites name=\"verify\" tests=\"3\" skipped=\"1\" failures=\"1\" errors=\"0\" time=\"1.500\">",
            "<testsuite name=\"Trees\" tests=\"3\" skipped=\"1\" errors=\"0\" failures=\"1\" time=\"1.500\">",
            "<testcase name=\"a\" classname=\"hw.trees\"",
            "<failure>1 of 2 points: &lt;x&gt; &amp; ]]&gt;  [2J</failure>",
            "<skipped>a person reads it</skipped>",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }
}
