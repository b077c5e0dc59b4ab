//! What a submission holds, by path, before it is read.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::limits;
use crate::evidence::source::{Source, Unpack};

/// Files by path with `/`, what was noticed, and why there may be more than these.
#[derive(Debug, Clone, Default)]
pub(super) struct Listing {
    pub(super) files: BTreeMap<String, Source>,
    pub(super) notes: Vec<Diagnostic>,
    /// Why the list may lack files that were handed in. What is not found is then not called missing.
    pub(super) incomplete: Option<Diagnostic>,
    noted: BTreeMap<&'static str, usize>,
}

impl Listing {
    /// One file.
    pub(super) fn of_file(path: String, source: Source) -> Self {
        Self { files: BTreeMap::from([(path, source)]), ..Self::default() }
    }

    /// Adds the entries of an archive, whose paths are in its order. Of a path that is there twice the later one counts.
    pub(super) fn add_packed(&mut self, archive: &Arc<dyn Unpack>, paths: Vec<String>) {
        for (i, path) in paths.into_iter().enumerate() {
            if self.files.insert(path.clone(), Source::Packed(Arc::clone(archive), i)).is_some() {
                self.pass_over(&path, "the archive holds this path more than once; the last one counts", "");
            }
        }
    }

    /// Notes that the file at `path` is passed over. A hostile archive gives thousands of these: a few are told, of the rest the number.
    pub(super) fn pass_over(&mut self, path: &str, message: &'static str, help: &str) {
        let count = self.noted.entry(message).or_default();
        *count += 1;
        if *count <= limits::NOTES {
            self.notes
                .push(Diagnostic::warning(Code::PassedOver, message).in_file(shortened(path)).help(Some(help.to_owned()).filter(|help| !help.is_empty())));
        }
    }

    /// Tells how many notes were left out.
    pub(super) fn close(&mut self) {
        for (message, count) in std::mem::take(&mut self.noted) {
            if count > limits::NOTES {
                self.notes.push(Diagnostic::warning(Code::PassedOver, format!("{message}: so are {} more files", count - limits::NOTES)));
            }
        }
    }

    /// Notes why the list may lack files.
    pub(super) fn lacks(&mut self, why: Diagnostic) {
        self.notes.push(Diagnostic { severity: crate::domain::diagnostic::Severity::Warning, ..why.clone() });
        self.incomplete.get_or_insert(why);
    }

    /// Adds what `other` holds. A file that is there already stays.
    pub(super) fn add(&mut self, other: Self) {
        for (path, source) in other.files {
            match self.files.entry(path) {
                Entry::Vacant(free) => {
                    free.insert(source);
                }
                Entry::Occupied(taken) => {
                    let path = taken.key().clone();
                    self.pass_over(&path, "a file of this name lies beside the archive and counts", "");
                }
            }
        }
        self.notes.extend(other.notes);
        if self.incomplete.is_none() {
            self.incomplete = other.incomplete;
        }
    }
}

/// A path that can be printed: an archive's may have 65,535 bytes of anything.
pub(super) fn shortened(path: &str) -> String {
    let cut: String = path.chars().take(120).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if path.chars().nth(120).is_some() { format!("{cut}…") } else { cut }
}
