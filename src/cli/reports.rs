//! The folder of reports: one run at a time writes to it, and what lies there of an earlier one is reported.

use std::collections::BTreeSet;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use jiff::Timestamp;
use serde::Deserialize;

use super::say::complain;
use super::write;
use crate::domain::limits;
use crate::domain::media::Picture;
use crate::evidence::source::Source;
use crate::report::html::{self, Member};
use crate::report::similar::Comparison;
use crate::report::{Report, csv, json, markdown};
use crate::store::{Graded, Store};

const TABLE: &str = "grades.csv";
const INDEX: &str = "index.html";
/// What submissions have in common.
pub(super) const SIMILAR: &str = "similar.json";
const FOR_STUDENTS: &str = "for-students";

/// The folder, held by this run.
#[derive(Debug)]
pub(super) struct Reports {
    folder: PathBuf,
    _lock: Option<File>,
}

/// A report that lies there.
#[derive(Debug)]
pub(super) struct Other {
    /// What its files are called.
    pub(super) name: String,
    /// Whether it is of another rubric or lock.
    pub(super) is_foreign: bool,
}

/// What of a report tells with what it was made.
#[derive(Deserialize)]
struct Made {
    rubric: String,
    stamp: Digests,
}

#[derive(Deserialize)]
struct Digests {
    rubric: String,
    lock: Option<String>,
}

impl Reports {
    /// Makes the folder if it is not there, and waits until no other run writes to it.
    pub(super) fn open(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        Ok(Self { folder: folder.to_path_buf(), _lock: held(folder) })
    }

    /// The reports that lie there and are not called as one of `names`.
    pub(super) fn others(&self, names: &[String], rubric: &str, stamp: (&str, Option<&str>)) -> Result<Vec<Other>> {
        let own: BTreeSet<String> = names.iter().map(|name| name.to_lowercase()).collect();
        let mut others = Vec::new();
        for entry in std::fs::read_dir(&self.folder).with_context(|| format!("{} cannot be read", self.folder.display()))? {
            let path = entry?.path();
            let name = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if path.extension().is_none_or(|ending| ending != "json") || own.contains(&name.to_lowercase()) {
                continue;
            }
            let Some(made) = std::fs::read(&path).ok().and_then(|bytes| serde_json::from_slice::<Made>(&bytes).ok()) else { continue };
            let is_foreign = made.rubric != rubric || (made.stamp.rubric.as_str(), made.stamp.lock.as_deref()) != stamp;
            others.push(Other { name, is_foreign });
        }
        others.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(others)
    }

    /// Writes one student's report with its pictures, and its pages.
    pub(super) fn write(&self, name: &str, report: &Report) -> Result<()> {
        for (path, picture) in report.pictures() {
            write::whole(&self.folder.join(path), picture)?;
        }
        let (page, view) = (html::page_of(name), report.for_student());
        self.put(&format!("{name}.json"), &json::json(report)?)?;
        self.put(&format!("{name}.md"), &markdown::report(report))?;
        self.put(&page, &html::course(report)?)?;
        self.put(&format!("{FOR_STUDENTS}/{name}.md"), &markdown::student(&view))?;
        self.put(&format!("{FOR_STUDENTS}/{page}"), &html::student(&view, &|path| self.picture(report, path))?)
    }

    /// A figure of a report: as it has just been read, or as it lies in the folder since the submission was graded.
    fn picture(&self, report: &Report, path: &str) -> Option<Picture> {
        let fresh = report.items.iter().find(|item| item.figure.as_deref() == Some(path)).and_then(|item| item.picture.clone());
        let kept = || Picture::of(Source::Disk(self.folder.join(path)).read(path, limits::FIGURE_BYTES).ok()?);
        fresh.or_else(kept)
    }

    fn put(&self, path: &str, text: &str) -> Result<()> {
        write::whole(&self.folder.join(path), text.as_bytes())
    }

    /// Writes everything anew from what the program found and what people decided.
    pub(super) fn publish(&self, store: &Store) -> Result<Vec<Report>> {
        let all = decided(store)?;
        for (file, report) in &all {
            self.write(file, report)?;
        }
        self.write_index_of(&all, store)?;
        let reports: Vec<Report> = all.into_iter().map(|(_, report)| report).collect();
        let absent = store.absent()?;
        self.write_table(&reports, &absent.iter().map(|(id, name)| (id.as_str(), name.as_str())).collect::<Vec<_>>())?;
        Ok(reports)
    }

    /// Writes the class's page.
    pub(super) fn write_index(&self, store: &Store) -> Result<()> {
        self.write_index_of(&decided(store)?, store)
    }

    fn write_index_of(&self, all: &[(String, Report)], store: &Store) -> Result<()> {
        let members: Vec<Member<'_>> = all.iter().map(|(file, report)| Member { file, report }).collect();
        let absent = store.absent()?;
        let absent: Vec<(&str, &str)> = absent.iter().map(|(id, name)| (id.as_str(), name.as_str())).collect();
        self.put(INDEX, &html::class(&members, &absent, self.similar(all).as_ref())?)
    }

    /// What `mlgrade similar` found, if it lies here and is of the rubric of these reports.
    fn similar(&self, all: &[(String, Report)]) -> Option<Comparison> {
        let found: Comparison = serde_json::from_slice(&std::fs::read(self.folder.join(SIMILAR)).ok()?).ok()?;
        all.first().is_some_and(|(_, report)| report.rubric == found.rubric).then_some(found)
    }

    /// Writes the table of the class.
    pub(super) fn write_table(&self, reports: &[Report], absent: &[(&str, &str)]) -> Result<()> {
        write::whole(&self.folder.join(TABLE), &csv::grades(reports, absent)?)
    }

    /// The table that lies there with the rows of `reports` in it: a new one if there is none, `None` if it is of other items.
    pub(super) fn updated_table(&self, reports: &[Report]) -> Result<Option<Vec<u8>>> {
        match std::fs::read(self.folder.join(TABLE)) {
            Ok(earlier) => Ok(csv::updated(&earlier, reports)?),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Some(csv::grades(reports, &[])?)),
            Err(error) => Err(error).with_context(|| format!("{} cannot be read", self.folder.join(TABLE).display())),
        }
    }

    /// Puts a table there.
    pub(super) fn replace_table(&self, table: &[u8]) -> Result<()> {
        write::whole(&self.folder.join(TABLE), table)
    }
}

/// The reports of a class as people decided, each with the name of its files.
fn decided(store: &Store) -> Result<Vec<(String, Report)>> {
    let (marks, released) = (store.marks()?, store.released()?);
    Ok(store.graded()?.into_iter().map(|Graded { file, found }| (file, shown_as(marks.merged(&found), released))).collect())
}

/// A lock on the folder, which the system takes off when the program ends, in whatever way; nothing where folders cannot be locked.
fn held(folder: &Path) -> Option<File> {
    let open = File::open(folder).ok()?;
    match open.try_lock() {
        Ok(()) => Some(open),
        Err(TryLockError::WouldBlock) => {
            complain!("waiting for another run, which writes to {}", folder.display());
            open.lock().ok()?;
            Some(open)
        }
        Err(TryLockError::Error(_)) => None,
    }
}

/// The report with what its student may see now.
pub(super) fn shown_as(report: Report, decided: Option<bool>) -> Report {
    Report { released: report.policy.is_released(decided, Timestamp::now()), ..report }
}
