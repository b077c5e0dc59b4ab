//! What a submission holds, by path, before it is read.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::limits;
use crate::domain::text::is_hidden;
use crate::evidence::source::{Source, Unpack};

/// Files by path with `/`, what was noticed, and why there may be more than these.
#[derive(Debug, Clone, Default)]
pub(super) struct Listing {
    pub(super) files: BTreeMap<String, Source>,
    pub(super) notes: Vec<Diagnostic>,
    /// Why the list may lack files that were handed in. What is not found is then not called missing.
    pub(super) incomplete: Option<Diagnostic>,
    /// How many of the files are archives whose contents are among them.
    pub(super) opened: usize,
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

    /// Notes that the file at `path` is passed over. A hostile archive gives thousands of these: a few are listed, of the rest the number.
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
    pub(super) fn note_missing(&mut self, why: Diagnostic) {
        self.notes.push(Diagnostic { severity: crate::domain::diagnostic::Severity::Warning, ..why.clone() });
        self.incomplete.get_or_insert(why);
    }

    /// Adds what `other` holds. A file that is there already stays, and `why` is noted.
    pub(super) fn add(&mut self, other: Self, why: &'static str) {
        for (path, source) in other.files {
            match self.files.entry(path) {
                Entry::Vacant(free) => {
                    free.insert(source);
                }
                Entry::Occupied(taken) => {
                    let path = taken.key().clone();
                    self.pass_over(&path, why, "");
                }
            }
        }
        self.opened += other.opened;
        self.notes.extend(other.notes);
        if self.incomplete.is_none() {
            self.incomplete = other.incomplete;
        }
    }
}

/// What several archives hold that lie side by side.
#[derive(Debug, Default)]
pub(super) struct Together {
    listing: Listing,
    /// Paths under which two archives hold different files, and one of the archives.
    clashing: BTreeMap<String, String>,
}

impl Together {
    /// Adds what `archive` holds. Where it is `older` than those before, they count. Else none goes before another: of two different
    /// files under one path neither counts, unless one of that path lies `above` them all.
    pub(super) fn add(&mut self, mut other: Listing, archive: &str, older: bool, above: &Listing) {
        if !older {
            let differs = |(path, source): (&String, &Source)| self.listing.files.get(path).is_some_and(|there| !is_same(there, source, path));
            let clashing: Vec<String> = other.files.iter().filter(|file| differs(*file)).map(|(path, _)| path.clone()).collect();
            for path in clashing.into_iter().filter(|path| !above.files.contains_key(path)) {
                self.clashing.entry(path).or_insert_with(|| archive.to_owned());
            }
            other.files.retain(|path, _| !self.listing.files.contains_key(path));
        }
        self.listing.add(other, "a file of this name is in an archive that was handed in later, and counts");
    }

    /// What counts, with what does not.
    pub(super) fn settled(mut self) -> Listing {
        for path in self.clashing.keys() {
            self.listing.files.remove(path);
        }
        if let Some((path, archive)) = self.clashing.first_key_value() {
            let more = if self.clashing.len() > 1 { format!(" (so are {} more files)", self.clashing.len() - 1) } else { String::new() };
            let message =
                format!("{} is in {archive} and, with other contents, in another archive{more}; it is not clear which one is the submission", shortened(path));
            self.listing.note_missing(Diagnostic::error(Code::Ambiguous, message).help("hand in one folder, or one archive of it".to_owned()));
        }
        self.listing
    }
}

fn is_same(a: &Source, b: &Source, path: &str) -> bool {
    let read = |source: &Source| source.read(path, limits::PREDICTIONS_BYTES).ok();
    read(a).zip(read(b)).is_some_and(|(a, b)| a == b)
}

/// A path that can be printed: an archive's may have 65,535 bytes of anything.
pub(super) fn shortened(path: &str) -> String {
    let cut: String = path.chars().take(120).map(|c| if is_hidden(c) { '\u{fffd}' } else { c }).collect();
    if path.chars().nth(120).is_some() { format!("{cut}…") } else { cut }
}
