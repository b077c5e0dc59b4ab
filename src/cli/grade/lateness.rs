//! What a run has to know of other runs, so that nobody's lateness is judged by less than before.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::Result;
use serde::Deserialize;

use super::facts::Facts;
use crate::domain::name::list;
use crate::report::Report;
use crate::store::Store;

/// What of an earlier report matters to the next one.
#[derive(Debug, Deserialize)]
pub(in crate::cli) struct Earlier {
    student: String,
    rubric: String,
    stamp: MadeWith,
    timing: Option<By>,
    #[serde(default)]
    policy: Policy,
}

#[derive(Debug, Deserialize)]
struct MadeWith {
    rubric: String,
}

#[derive(Debug, Deserialize)]
struct By {
    by: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Policy {
    late: Option<Late>,
}

#[derive(Debug, Deserialize)]
struct Late {
    #[serde(default)]
    slip_days: u32,
}

impl Earlier {
    fn by(&self) -> Option<&str> {
        self.timing.as_ref()?.by.as_deref()
    }

    pub(in crate::cli) fn slip_days(&self) -> Option<u32> {
        self.policy.late.as_ref().map(|late| late.slip_days)
    }
}

/// What the last run found of each student.
pub(in crate::cli) fn earlier(store: &Store) -> Result<BTreeMap<String, Earlier>> {
    let mut all = BTreeMap::new();
    store.each(|_, earlier: Earlier| -> Result<()> {
        all.insert(earlier.student.clone(), earlier);
        Ok(())
    })?;
    Ok(all)
}

/// What a run grades by.
pub(in crate::cli) struct Graded<'g> {
    /// The rubric's id and the short hash of its text.
    pub(in crate::cli) rubric: &'g str,
    pub(in crate::cli) digest: &'g str,
    /// The free late days of a student who has used none up.
    pub(in crate::cli) slip_days: Option<u32>,
}

/// So many students who are not in a run any more may have left the course.
const FEW: usize = 4;

/// What a run over the whole class would undo by an oversight, and what to do instead: grades by another rubric, grades of most students, who
/// are not among these `names`, times and free late days that the last run knew.
pub(in crate::cli) fn undone(earlier: &BTreeMap<String, Earlier>, names: &BTreeSet<&str>, now: &Graded<'_>, facts: &Facts) -> Option<String> {
    let same = |report: &&Earlier| report.stamp.rubric == now.digest;
    let by_course = |report: &Earlier| report.by() == Some("course");
    if let Some(other) = earlier.values().find(|report| report.rubric != now.rubric) {
        return Some(format!(" by the rubric `{}`, and this is `{}`: name the rubric with --rubric", other.rubric, now.rubric));
    }
    let gone: Vec<&str> = earlier.keys().map(String::as_str).filter(|student| !names.contains(student)).collect();
    if gone.len() > FEW && 2 * gone.len() > earlier.len() {
        let first = list(gone.iter().take(3).copied());
        let why = format!(", and {} of its {} students are not in this run, such as {first}", gone.len(), earlier.len());
        return Some(format!("{why}: give the whole class with its roster, or name one submission itself"));
    }
    if !facts.has_times && earlier.values().any(by_course) {
        return Some(" with times that the course gave: give --times again".to_owned());
    }
    let used = earlier.values().filter(same).any(|report| report.slip_days() < now.slip_days);
    (!facts.has_slack && used).then(|| " with free late days that earlier homeworks had used up: give --slack-used again".to_owned())
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
        let store = Store::existing(folder)?.complete()?;
        let marks = store.marks()?;
        for graded in store.graded()? {
            let days = marks.merged(&graded.found).late.map_or(0, |late| late.slip_days);
            *used.entry(graded.found.student).or_default() += days;
        }
    }
    Ok(used)
}

/// What the run over the class knew of a student's lateness and this one does not, if so: then its penalty would change by an oversight.
pub(super) fn forgotten(earlier: &Earlier, now: &Report) -> Option<&'static str> {
    let slack = now.policy.late.as_ref().map(|late| late.slip_days);
    let (was, is) = (earlier.by(), now.timing.as_ref().and_then(|timing| timing.by.as_deref()));
    if was != is && is.is_none_or(|by| by == "student") && was.is_some_and(|by| by != "student") {
        return Some("when it was handed in was not the student's own word: give --times or --roster again, or the platform's download");
    }
    (earlier.slip_days() != slack).then_some("free late days were used up by earlier homeworks: give --slack-used again")
}
