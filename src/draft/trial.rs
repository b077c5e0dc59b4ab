//! Forms of items, tried on the solution as a course would judge them.

use std::path::Path;

use crate::course::Course;
use crate::data::Shelf;
use crate::domain::verdict::VerdictLabel;
use crate::rubric;
use crate::submission::Submission;

use super::things::{Table, Thing};
use super::written::{data, places};

/// What forms are tried on.
#[derive(Clone, Copy)]
pub(super) struct Trial<'a> {
    pub(super) solution: &'a Submission,
    pub(super) things: &'a [Thing],
    pub(super) data: &'a [Table],
    /// Where the data sets lie.
    pub(super) folder: &'a Path,
}

/// Which of `checks` the solution passes by itself, without a reference.
pub(super) fn passed(trial: &Trial<'_>, checks: &[&str]) -> Vec<bool> {
    let mut passed = vec![false; checks.len()];
    let head = head(trial);
    // One that is no valid item would spoil the others.
    let valid: Vec<usize> = (0..checks.len()).filter(|&at| rubric::parse(&format!("{head}{}", item(at, checks[at]))).0.is_some()).collect();
    let items: String = valid.iter().map(|&at| item(at, checks[at])).collect();
    if let (Some(rubric), _) = rubric::parse(&format!("{head}{items}")) {
        let shelf = Shelf::new(&rubric.data, trial.folder);
        let report = Course::of(rubric, shelf, None, "").grade(trial.solution);
        for (at, item) in valid.into_iter().zip(&report.items) {
            passed[at] = item.verdict == VerdictLabel::Pass;
        }
    }
    passed
}

fn head(trial: &Trial<'_>) -> String {
    let all: Vec<&str> = trial.data.iter().map(|table| table.name.as_str()).collect();
    let part = "[[part]]\nid = \"trial\"\ntitle = \"Trial\"\n";
    format!("schema = 1\nid = \"trial\"\ntitle = \"Trial\"\nseed = 1\n{}{}{part}", data(trial.data, &all), places(trial.things))
}

fn item(at: usize, check: &str) -> String {
    format!("[[part.item]]\nid = \"i{at}\"\ntitle = \"Trial\"\npoints = 1\n{check}")
}
