//! What a run has to know of other runs, so that nobody's lateness is judged by less than before.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::domain::name::list;
use crate::report::Report;
use crate::rubric::Rubric;
use crate::store::Store;

/// What the last run found of each student.
pub(super) fn earlier(store: &Store) -> Result<BTreeMap<String, Report>> {
    Ok(store.graded()?.into_iter().map(|graded| (graded.found.student.clone(), graded.found)).collect())
}

/// So many students who are not in a run any more may have left the course.
const FEW: usize = 4;

/// What a run over the whole class would undo by an oversight, and what to do instead: grades by another rubric, grades of most students, who
/// are not among these `names`, times and free late days that the last run knew.
pub(super) fn undone(earlier: &BTreeMap<String, Report>, names: &[String], rubric: &Rubric, has_times: bool, has_slack: bool) -> Option<String> {
    let days = |report: &Report| report.policy.late.as_ref().map(|late| late.slip_days);
    let same = |report: &&Report| report.stamp.rubric == rubric.digest;
    let by_course = |report: &Report| report.timing.as_ref().is_some_and(|timing| timing.by.as_deref() == Some("course"));
    if let Some(other) = earlier.values().find(|report| report.rubric != rubric.id) {
        return Some(format!(" by the rubric `{}`, and this is `{}`: name the rubric with --rubric", other.rubric, rubric.id));
    }
    let gone: Vec<&str> = earlier.keys().filter(|student| !names.contains(student)).map(String::as_str).collect();
    if gone.len() > FEW && 2 * gone.len() > earlier.len() {
        let first = list(gone.iter().take(3).copied());
        let why = format!(", and {} of its {} students are not in this run, such as {first}", gone.len(), earlier.len());
        return Some(format!("{why}: give the whole class with its roster, or name one submission itself"));
    }
    if !has_times && earlier.values().any(by_course) {
        return Some(" with times that the course gave: give --times again".to_owned());
    }
    let full = rubric.late.as_ref().map(|late| late.slip_days);
    let used = earlier.values().filter(same).any(|report| days(report) < full);
    (!has_slack && used).then(|| " with free late days that earlier homeworks had used up: give --slack-used again".to_owned())
}

/// How many free late days each student used, by the reports in `folders`, none of which may be `out` or come twice.
pub(super) fn slack_used(folders: &[PathBuf], out: &Path) -> Result<BTreeMap<String, u32>> {
    let place = |folder: &Path| std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_path_buf());
    let mut seen = vec![place(out)];
    let mut used: BTreeMap<String, u32> = BTreeMap::new();
    for folder in folders {
        if seen.contains(&place(folder)) {
            let what = if place(folder) == place(out) { "is where this homework's reports go" } else { "is named twice" };
            anyhow::bail!("--slack-used {} {what}; name the folder of each earlier homework once", folder.display());
        }
        seen.push(place(folder));
        let store = Store::existing(folder)?;
        let marks = store.marks()?;
        for graded in store.graded()? {
            let days = marks.merged(&graded.found).late.map_or(0, |late| late.slip_days);
            *used.entry(graded.found.student).or_default() += days;
        }
    }
    Ok(used)
}

/// What the run over the class knew of a student's lateness and this one does not, if so: then its penalty would change by an oversight.
pub(super) fn forgotten(earlier: &Report, now: &Report) -> Option<&'static str> {
    let by = |report: &Report| report.timing.as_ref().and_then(|timing| timing.by.clone());
    let slack = |report: &Report| report.policy.late.as_ref().map(|late| late.slip_days);
    let (was, is) = (by(earlier), by(now));
    if was != is && is.as_deref().is_none_or(|by| by == "student") && was.is_some_and(|by| by != "student") {
        return Some("when it was handed in was not the student's own word: give --times or --roster again, or the platform's download");
    }
    (slack(earlier) != slack(now)).then_some("free late days were used up by earlier homeworks: give --slack-used again")
}
