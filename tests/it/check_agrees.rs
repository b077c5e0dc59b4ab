//! `check` agrees with `grade`: what earns full marks is never to fix, what is right is never missing, unreadable or contradicted.

use mlgrade::domain::verdict::VerdictLabel as V;
use mlgrade::report::student::{State, StudentItem};
use mlgrade::report::{ItemReport, Report, StudentView};
use mlgrade::rubric::release::student_edition;
use mlgrade::rubric::{SHIPPED, Shipped};
use mlgrade::submission::{Submission, find};
use proptest::prelude::*;
use toml::{Table, Value};

use crate::common::{LAB, Opened, SHIPPED_COURSE, repository};

/// A rubric as its students have it.
fn released(shipped: &Shipped) -> Opened {
    Opened::of(&student_edition(shipped.rubric).unwrap(), None)
}

/// What is wrong with what `check` says of an item that `grade` judges so.
fn contradiction(graded: &ItemReport, checked: &StudentItem) -> Option<String> {
    let told = format!("{}: grade says {:?} ({}), check says {:?} ({})", graded.id, graded.verdict, graded.reason, checked.state, checked.advice);
    let agrees = match checked.state {
        State::Fine => graded.verdict == V::Pass || (graded.verdict == V::NeedsReview && !graded.urgent),
        // Nobody is sent to mend what is right.
        State::Fix => graded.verdict != V::Pass,
        State::NotFound => matches!(graded.verdict, V::Missing),
        State::Found => !matches!(graded.verdict, V::Missing | V::Unreadable | V::Broken),
        State::Ungraded => graded.verdict == V::Broken,
    };
    (!agrees).then_some(told)
}

fn contradictions(graded: &Report, checked: &StudentView) -> Vec<String> {
    let of = |item: &StudentItem| contradiction(graded.items.iter().find(|graded| graded.id == item.id)?, item);
    checked.items().filter_map(of).collect()
}

/// Asserts that both agree on every submission in `folder`.
fn agree_on(folder: &str, course: &Opened, shipped: &Shipped) {
    let students = released(shipped);
    let mut right = 0;
    for handed_in in find(&repository().join(folder)).unwrap().submissions {
        let submission = handed_in.open();
        let (graded, checked) = (course.judge(&submission), students.judge(&submission).for_student());
        let wrong = contradictions(&graded, &checked);
        assert!(wrong.is_empty(), "{}:\n{}", graded.student, wrong.join("\n"));
        right += checked.items().filter(|item| item.state == State::Fine).count();
    }
    assert!(right > 0, "nothing is right in {folder}");
}

#[test]
fn check_agrees_with_grade_on_the_example_class() {
    agree_on("submissions", &SHIPPED_COURSE, &SHIPPED[0]);
}

#[test]
fn check_agrees_with_grade_on_honest_runs() {
    agree_on("fixtures/honest", &SHIPPED_COURSE, &SHIPPED[0]);
    agree_on("fixtures/lab/honest", &LAB, &SHIPPED[1]);
}

/// What a careless student does to one value.
#[derive(Debug, Clone)]
enum Slip {
    Leave,
    Forget,
    Scale(f64),
    Shift(f64),
    Cut,
    Reverse,
    Write(&'static str),
    Copy(usize),
}

fn slip() -> impl Strategy<Value = Slip> {
    prop_oneof![
        Just(Slip::Forget),
        prop_oneof![Just(100.0), Just(0.01), Just(-1.0), Just(10_000.0), 0.5..2.0_f64].prop_map(Slip::Scale),
        (-0.2..0.2_f64).prop_map(Slip::Shift),
        Just(Slip::Cut),
        Just(Slip::Reverse),
        prop_oneof![Just("nan"), Just("about 0.5"), Just(""), Just("forest"), Just("not the forest"), Just("97.5 %"), Just("body_mass_g > 4000 -> Gentoo")]
            .prop_map(Slip::Write),
        any::<usize>().prop_map(Slip::Copy),
        Just(Slip::Leave),
    ]
}

fn slipped(value: &Value, slip: &Slip, others: &[Value]) -> Option<Value> {
    let number = |value: &Value| value.as_float().or_else(|| value.as_integer().map(|whole| whole as f64));
    let change = |change: &dyn Fn(f64) -> f64| match value {
        Value::Array(values) => Value::Array(values.iter().map(|value| number(value).map_or_else(|| value.clone(), |number| change(number).into())).collect()),
        value => number(value).map_or_else(|| value.clone(), |number| change(number).into()),
    };
    Some(match (slip, value) {
        (Slip::Forget, _) => return None,
        (Slip::Scale(factor), _) => change(&|number| number * factor),
        (Slip::Shift(by), _) => change(&|number| number + by),
        (Slip::Cut, Value::Array(values)) => Value::Array(values[..values.len() / 2].to_vec()),
        (Slip::Reverse, Value::Array(values)) => Value::Array(values.iter().rev().cloned().collect()),
        (Slip::Write(text), _) => Value::from(*text),
        (Slip::Copy(which), _) => others[which % others.len()].clone(),
        (Slip::Leave | Slip::Cut | Slip::Reverse, _) => value.clone(),
    })
}

/// The statements of `files` with `slips` made in some of them, and no other file: figures are read for other tests.
fn careless(files: &[(&str, String)], slips: &[(usize, Slip)]) -> Submission {
    let tables: Vec<(&str, Table)> = files.iter().map(|(path, text)| (*path, text.parse().unwrap())).collect();
    let all: Vec<Value> = tables.iter().flat_map(|(_, table)| table.values().cloned()).collect();
    let mut at = 0;
    let mut changed = Vec::new();
    for (path, table) in tables {
        let mut kept = Table::new();
        for (name, value) in table {
            let slip = slips.iter().find(|(place, _)| place % all.len() == at).map_or(&Slip::Leave, |(_, slip)| slip);
            if let Some(value) = slipped(&value, slip, &all) {
                kept.insert(name, value);
            }
            at += 1;
        }
        changed.push((path.to_owned(), kept.to_string().into_bytes()));
    }
    Submission::of_files("careless", changed)
}

fn statements(folder: &str) -> Vec<(&'static str, String)> {
    ["metrics.toml", "answers.toml"].map(|path| (path, std::fs::read_to_string(repository().join(folder).join(path)).unwrap())).to_vec()
}

/// Asserts that both agree on `slips` made in the reference's statements.
fn agree_on_slips(course: &Opened, students: &Opened, files: &[(&str, String)], slips: &[(usize, Slip)]) -> Result<(), TestCaseError> {
    let submission = careless(files, slips);
    let wrong = contradictions(&course.judge(&submission), &students.judge(&submission).for_student());
    prop_assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

#[test]
fn check_agrees_with_grade_whatever_slips() {
    for (folder, course, shipped) in [("submissions/s01-reference", &SHIPPED_COURSE, &SHIPPED[0]), ("fixtures/lab/reference", &LAB, &SHIPPED[1])] {
        let (students, files) = (released(shipped), statements(folder));
        let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() });
        let slips = prop::collection::vec((any::<usize>(), slip()), 1..40);
        runner.run(&slips, |slips| agree_on_slips(course, &students, &files, &slips)).unwrap_or_else(|error| panic!("{folder}: {error}"));
    }
}
