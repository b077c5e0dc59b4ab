//! Reports that lie in a folder, for the commands that pass them on.

use std::path::Path;

use anyhow::Result;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::domain::diagnostic::{Code, Diagnostic};
use crate::report::Report;
use crate::store::{FILE, Store};

/// The newest format of reports that this version reads.
const SCHEMA: u32 = 2;

/// The reports of a class.
#[derive(Debug, Default)]
pub(super) struct Class {
    /// What each report's files are called, with the report after people's decisions; by student.
    pub(super) reports: Vec<(String, Report)>,
    /// Who handed in nothing, by id and name.
    pub(super) absent: Vec<(String, String)>,
}

impl Class {
    /// The reports alone.
    pub(super) fn into_reports(self) -> Vec<Report> {
        self.reports.into_iter().map(|(_, report)| report).collect()
    }
}

/// The class of a folder of reports: from its database, or from its JSON files if it has none.
pub(super) fn class(folder: &Path) -> Result<Class> {
    let class = if folder.join(FILE).is_file() {
        let store = Store::existing(folder)?.complete()?;
        let marks = store.marks()?;
        let reports = store.graded()?.into_iter().map(|graded| (graded.file, marks.merged(&graded.found))).collect();
        Class { reports, absent: store.absent()? }
    } else {
        Class { reports: files(folder)?, absent: Vec::new() }
    };
    if class.reports.is_empty() {
        let fault = Diagnostic::error(Code::NotFound, "there are no reports").in_file(folder.display().to_string());
        return Err(fault.help("run `mlgrade grade submissions --out` with this folder first".to_owned()).into());
    }
    Ok(class)
}

/// The reports that lie in a folder as JSON, of any version, by the names of their files.
pub(super) fn files(folder: &Path) -> Result<Vec<(String, Report)>> {
    let path = folder.display().to_string();
    let unreadable = |error: std::io::Error| {
        let fault = Diagnostic::error(Code::NotReadable, format!("the folder cannot be read: {error}")).in_file(path.clone());
        fault.help("name a folder of reports that `mlgrade grade` wrote".to_owned())
    };
    let mut reports = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_none_or(|ending| ending != "json") {
            continue;
        }
        let name = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let bytes = std::fs::read(&path).map_err(unreadable)?;
        if let Some(report) = read(&path.display().to_string(), &bytes)? {
            reports.push((name, report));
        }
    }
    reports.sort_by(|(_, a), (_, b)| a.student.cmp(&b.student));
    Ok(reports)
}

/// What tells a report from another JSON file.
#[derive(Deserialize)]
struct Looks {
    schema: u32,
    #[serde(rename = "student")]
    _student: String,
    #[serde(rename = "items")]
    _items: Vec<IgnoredAny>,
}

/// The report in a file, if it is one.
fn read(path: &str, bytes: &[u8]) -> Result<Option<Report>> {
    let fault = |message: String, help: &str| Diagnostic::error(Code::NotReadable, message).in_file(path).help(help.to_owned());
    match serde_json::from_slice::<Looks>(bytes) {
        Err(_) => return Ok(None),
        Ok(looks) if looks.schema > SCHEMA => {
            return Err(fault(format!("this report has schema {}, and this version reads up to {SCHEMA}", looks.schema), "update mlgrade").into());
        }
        Ok(_) => {}
    }
    match serde_json::from_slice(bytes) {
        Ok(report) => Ok(Some(report)),
        Err(error) => Err(fault(format!("this is no sound report: {error}"), "grade the class again, or take the file out of the folder").into()),
    }
}
