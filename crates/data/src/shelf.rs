//! The data sets of a rubric, each loaded when first asked for and kept.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::{DataSet, Source};
use crate::Datasets;
use mlgrade_domain::answers::Answers;
use mlgrade_domain::diagnostic::{Code, Diagnostic};
use mlgrade_domain::examples::Examples;
use mlgrade_domain::table::Table;
use mlgrade_picture::Picture;

/// Where a data set comes from, and what came of loading it, or of it the answers alone.
#[derive(Debug)]
struct Entry {
    source: Source,
    loaded: OnceLock<Result<DataSet, Diagnostic>>,
    labels: OnceLock<Option<Result<Answers, Diagnostic>>>,
}

/// The data sets of a rubric by name.
#[derive(Debug)]
pub struct Shelf {
    sets: BTreeMap<String, Entry>,
    folder: PathBuf,
}

impl Shelf {
    /// The data sets of `sources`, with paths from `folder`.
    pub fn new(sources: &BTreeMap<String, Source>, folder: &Path) -> Self {
        let sets =
            sources.iter().map(|(name, source)| (name.clone(), Entry { source: source.clone(), loaded: OnceLock::new(), labels: OnceLock::new() })).collect();
        Self { sets, folder: folder.to_path_buf() }
    }

    /// The data set `name`.
    pub fn set(&self, name: &str) -> Result<&DataSet, Diagnostic> {
        let Entry { source, loaded, .. } = self.entry(name)?;
        loaded.get_or_init(|| source.load(&self.folder)).as_ref().map_err(Clone::clone)
    }

    /// A short hash of the content of data set `name`.
    pub fn digest(&self, name: &str) -> Result<String, Diagnostic> {
        self.entry(name)?.source.digest(&self.folder)
    }

    /// The files of all data sets that lie on disk.
    pub fn paths(&self) -> Vec<PathBuf> {
        self.sets.values().flat_map(|entry| entry.source.paths(&self.folder)).map(|path| self.folder.join(path)).collect()
    }

    fn entry(&self, name: &str) -> Result<&Entry, Diagnostic> {
        self.sets.get(name).ok_or_else(|| Diagnostic::error(Code::DataMissing, format!("the rubric has no data set `{name}`")))
    }
}

impl Datasets for Shelf {
    fn table(&self, name: &str) -> Result<&Table, Diagnostic> {
        let set = self.set(name)?;
        set.table().ok_or_else(|| wrong_kind(name, "a table", set))
    }

    fn answers(&self, name: &str, target: Option<&str>) -> Result<Answers, Diagnostic> {
        // Images take long to unpack, and most checks need their labels alone.
        let Entry { source, loaded, labels } = self.entry(name)?;
        if let (None, None, Some(Ok(answers))) = (target, loaded.get(), labels.get_or_init(|| source.labels(&self.folder))) {
            return Ok(answers.clone());
        }
        let malformed = |message: String| Diagnostic::error(Code::DataMalformed, format!("data set `{name}`: {message}"));
        self.set(name)?.answers(target).map_err(malformed)
    }

    fn validation_inputs(&self, name: &str) -> Result<Examples<'_>, Diagnostic> {
        let set = self.set(name)?;
        set.validation_inputs().ok_or_else(|| wrong_kind(name, "images or rows to validate on", set))
    }

    fn picture(&self, name: &str) -> Result<&Picture, Diagnostic> {
        let set = self.set(name)?;
        set.picture().ok_or_else(|| wrong_kind(name, "a picture", set))
    }
}

fn wrong_kind(name: &str, needed: &str, set: &DataSet) -> Diagnostic {
    Diagnostic::error(Code::DataMalformed, format!("the check needs {needed}, but the data set `{name}` is {}", set.kind()))
}
