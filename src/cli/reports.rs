//! The folder of reports: one run at a time writes to it, and what lies there of an earlier one is reported.

mod former;
mod held;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use jiff::Timestamp;
use serde::Deserialize;

use super::write::{self, Whole};
use crate::domain::limits;
use crate::domain::media::Picture;
use crate::evidence::source::Source;
use crate::report::class::ClassView;
use crate::report::csv::Grades;
use crate::report::similar::Comparison;
use crate::report::{Report, csv, html, json, markdown};
use crate::store::Store;
use held::Held;

const TABLE: &str = "grades.csv";
const INDEX: &str = "index.html";
/// What submissions have in common.
pub(super) const SIMILAR: &str = "similar.json";
pub(super) const FOR_STUDENTS: &str = "for-students";
/// Where the pictures of reports are: what was read of figures, and the figures.
const OVERLAYS: &str = "overlays";
const FIGURES: &str = "figures";

/// The folder, held by this run.
#[derive(Debug)]
pub(super) struct Reports {
    folder: PathBuf,
    _held: Option<Held>,
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
        made(folder)?;
        Ok(Self { folder: folder.to_path_buf(), _held: Held::waiting(folder) })
    }

    /// The same for a run over a class, which takes long: it does not wait for another one, and clears away what one that was killed has left.
    pub(super) fn for_a_run(folder: &Path) -> Result<Self> {
        made(folder)?;
        let held = Held::at_once(folder)?;
        for inner in ["", FOR_STUDENTS, OVERLAYS, FIGURES] {
            write::sweep(&folder.join(inner));
        }
        Ok(Self { folder: folder.to_path_buf(), _held: held })
    }

    /// The folder.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The reports that lie there and are not called as one of `names`.
    pub(super) fn others(&self, names: &BTreeSet<&str>, rubric: &str, stamp: (&str, Option<&str>)) -> Result<Vec<Other>> {
        let own: BTreeSet<String> = names.iter().map(|name| name.to_lowercase()).collect();
        let mut others = Vec::new();
        for entry in std::fs::read_dir(&self.folder).with_context(|| format!("{} cannot be read", self.folder.display()))? {
            let entry = entry?;
            // A pipe or a link may have no end.
            if !entry.file_type().is_ok_and(|kind| kind.is_file()) {
                continue;
            }
            let path = entry.path();
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
        let (page, view) = (html::page_of(name), report.for_student());
        self.put(&format!("{name}.json"), &json::json(report)?)?;
        self.put(&format!("{name}.md"), &markdown::report(report))?;
        self.put(&page, &html::course(report)?)?;
        self.put(&format!("{FOR_STUDENTS}/{name}.md"), &markdown::student(&view))?;
        self.put(&format!("{FOR_STUDENTS}/{page}"), &html::student(&view, &|path| self.picture(path))?)
    }

    /// A figure of a report, as it lies in the folder.
    fn picture(&self, path: &str) -> Option<Picture> {
        Picture::of(Source::Disk(self.folder.join(path)).read(path, limits::FIGURE_BYTES).ok()?)
    }

    /// Writes a picture of the report that is called `name`.
    pub(super) fn write_picture(&self, name: &str, path: &str, bytes: &[u8]) -> Result<()> {
        // A worker names the path, and a submission may have taken it over.
        let is_own = [OVERLAYS, FIGURES].iter().any(|folder| {
            let file = path.strip_prefix(folder).and_then(|path| path.strip_prefix('/')).filter(|file| !file.contains(['/', '\\']));
            file.and_then(|file| file.strip_prefix(name)).is_some_and(|rest| rest.starts_with('-'))
        });
        anyhow::ensure!(is_own, "a worker names a picture `{path}`, which is not of this report");
        write::page(&self.folder.join(path), bytes)
    }

    /// Whether all files of the report that is called `name` are there.
    pub(super) fn has(&self, name: &str) -> bool {
        let is_there = |path: &String| std::fs::metadata(self.folder.join(path)).is_ok_and(|file| file.is_file() && file.len() > 0);
        files_of(name).iter().all(is_there)
    }

    /// Whether all pictures that a report names are there.
    pub(super) fn has_pictures(&self, report: &Report) -> bool {
        report.picture_paths().all(|path| self.folder.join(path).is_file())
    }

    fn put(&self, path: &str, text: &str) -> Result<()> {
        write::page(&self.folder.join(path), text.as_bytes())
    }

    /// Writes everything anew from what the program found and what people decided, one student after the other.
    pub(super) fn publish(&self, store: &Store) -> Result<ClassView> {
        let (mut class, mut table) = (ClassView::default(), self.new_table()?);
        each_decided(store, |file, report| {
            self.write(file, report)?;
            class.add(file, report);
            Ok(table.add(report)?)
        })?;
        let absent = store.absent()?;
        let absent = pairs(&absent);
        self.write_index_of(&class, &absent)?;
        table.finish(&absent)?.keep()?;
        Ok(class)
    }

    /// Writes the class's page.
    pub(super) fn write_index(&self, store: &Store) -> Result<()> {
        let mut class = ClassView::default();
        each_decided(store, |file, report| {
            class.add(file, report);
            Ok(())
        })?;
        self.write_index_of(&class, &pairs(&store.absent()?))
    }

    /// Writes the page of `class` and of those who are `absent`, by id and name.
    pub(super) fn write_index_of(&self, class: &ClassView, absent: &[(&str, &str)]) -> Result<()> {
        self.put(INDEX, &html::class(class, absent, self.similar(class).as_ref())?)
    }

    /// What `mlgrade similar` found, if it lies here and is of the rubric of these reports.
    fn similar(&self, class: &ClassView) -> Option<Comparison> {
        let found: Comparison = serde_json::from_slice(&std::fs::read(self.folder.join(SIMILAR)).ok()?).ok()?;
        (class.rubric() == Some(&found.rubric)).then_some(found)
    }

    /// The table of the class, to be written row by row. It is there once it is finished and kept.
    pub(super) fn new_table(&self) -> Result<Grades<Whole>> {
        Ok(Grades::new(Whole::at(&self.folder.join(TABLE))?))
    }

    /// Writes the table of the class.
    pub(super) fn write_table(&self, reports: &[Report], absent: &[(&str, &str)]) -> Result<()> {
        let mut table = self.new_table()?;
        reports.iter().try_for_each(|report| table.add(report))?;
        table.finish(absent)?.keep()
    }

    /// The table that lies there with the rows of `reports` in it: a new one if there is none, `None` if it is of other items.
    pub(super) fn updated_table(&self, reports: &[Report]) -> Result<Option<Vec<u8>>> {
        match std::fs::read(self.folder.join(TABLE)) {
            Ok(earlier) => Ok(csv::updated(&earlier, reports)?),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let mut table = Grades::new(Vec::new());
                reports.iter().try_for_each(|report| table.add(report))?;
                Ok(Some(table.finish(&[])?))
            }
            Err(error) => Err(error).with_context(|| format!("{} cannot be read", self.folder.join(TABLE).display())),
        }
    }

    /// Puts a table there.
    pub(super) fn replace_table(&self, table: &[u8]) -> Result<()> {
        write::whole(&self.folder.join(TABLE), table)
    }
}

/// Gives each report of a class as people decided, with the name of its files, in the order of the students' ids.
pub(super) fn each_decided(store: &Store, mut each: impl FnMut(&str, &Report) -> Result<()>) -> Result<()> {
    let (marks, released) = (store.marks()?, store.released()?);
    store.each(|file, found: Report| each(&file, &shown_as(marks.merged(&found), released)))
}

/// The same pairs, borrowed.
pub(super) fn pairs(all: &[(String, String)]) -> Vec<(&str, &str)> {
    all.iter().map(|(id, name)| (id.as_str(), name.as_str())).collect()
}

/// What the files of the report that is called `name` are called.
pub(super) fn files_of(name: &str) -> [String; 5] {
    let page = html::page_of(name);
    [format!("{name}.json"), format!("{name}.md"), page.clone(), format!("{FOR_STUDENTS}/{name}.md"), format!("{FOR_STUDENTS}/{page}")]
}

fn made(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))
}

/// The report with what its student may see now.
pub(super) fn shown_as(report: Report, decided: Option<bool>) -> Report {
    Report { released: report.policy.is_released(decided, Timestamp::now()), ..report }
}
