//! A class: what lies in a folder, or in the archive that a platform gives for download, told apart by student.

use std::collections::BTreeMap;
use std::path::Path;

use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::limits;
use crate::evidence::notebook::is_notebook;
use crate::evidence::source::Source;

use super::archive::{Budget, list, stem};
use super::downloads::{Named, before_suffix, canvas, moodle};
use super::gradescope::{METADATA, submitters};
use super::handed_in::{HandedIn, Person, Piece, not_there};
use super::layout::{is_submission, without_folders};
use super::listing::Listing;
use super::paths::composed;
use super::{folder, folder_name};

/// What a class handed in.
#[derive(Debug, Default)]
pub struct Class {
    /// Each student's work, in the order of their names.
    pub submissions: Vec<HandedIn>,
    /// What was noticed about the folder or download as a whole.
    pub notes: Vec<Diagnostic>,
}

/// Something at the top of a class's folder or download.
struct Entry {
    name: String,
    piece: Piece,
}

impl Entry {
    fn is_file(&self) -> bool {
        matches!(self.piece, Piece::File(..))
    }

    fn is_archive(&self) -> bool {
        self.is_file() && stem(&self.name).is_some()
    }

    fn is_notebook(&self) -> bool {
        self.is_file() && is_notebook(&self.name)
    }

    /// Whether it is a folder that looks like a student's work.
    fn holds_submission(&self) -> bool {
        let Piece::Folder(path) = &self.piece else { return false };
        let names = |entries: std::fs::ReadDir| -> Vec<String> {
            let name = |entry: std::fs::DirEntry| {
                let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
                format!("{}{}", entry.file_name().to_string_lossy(), if is_folder { "/" } else { "" })
            };
            entries.filter_map(Result::ok).map(name).collect()
        };
        let names = std::fs::read_dir(path).map(names).unwrap_or_default();
        is_submission(names.iter().map(String::as_str)) || names.iter().any(|name| is_notebook(name))
    }

    fn of_platform(&self) -> Option<Named<'_>> {
        moodle(&self.name).or_else(|| if self.is_file() { canvas(&self.name) } else { None })
    }
}

/// The submissions at `path`: in its folders, its archives, the loose files of a download; or `path` itself if it is a submission.
pub fn find(path: &Path) -> Result<Class, Diagnostic> {
    let alone = || Ok(Class { submissions: vec![HandedIn::at(path)], notes: Vec::new() });
    if path.is_file() {
        let name = folder_name(path);
        if stem(&name).is_none() {
            return alone();
        }
        return match of_archive(&Source::Disk(path.to_path_buf()), &name)? {
            Some(class) => Ok(class),
            None => alone(),
        };
    }
    let entries = entries_of(path)?;
    let names: Vec<String> = entries.iter().map(|entry| if entry.is_file() { entry.name.clone() } else { format!("{}/", entry.name) }).collect();
    if is_submission(names.iter().map(String::as_str)) {
        return alone();
    }
    // A notebook with its data is one student's work; an instructor's own beside the students' is not.
    if entries.iter().any(Entry::is_notebook) && !entries.iter().any(|entry| entry.is_archive() || entry.of_platform().is_some() || entry.holds_submission()) {
        let others = entries.iter().filter(|entry| entry.is_notebook()).count() > 1 && entries.iter().all(Entry::is_file);
        if !others {
            return alone();
        }
    }
    match entries.as_slice() {
        // The export's own folder, inside the one that it was unpacked to.
        [Entry { piece: Piece::Folder(inner), .. }] if inner.join(METADATA).is_file() => return find(inner),
        [entry @ Entry { piece: Piece::File(name, source), .. }] if entry.is_archive() && entry.of_platform().is_none() => {
            return of_archive(source, name)?.map_or_else(alone, Ok);
        }
        _ => {}
    }
    let class = sorted_out(entries)?;
    if class.submissions.is_empty() { alone() } else { Ok(class) }
}

fn entries_of(folder: &Path) -> Result<Vec<Entry>, Diagnostic> {
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|error| not_there(folder, &error))? {
        let entry = entry.map_err(|error| not_there(folder, &error))?;
        let name = entry.file_name();
        // A link may lead anywhere; what it leads to is no submission of this class.
        let Ok(kind) = entry.file_type() else { continue };
        if folder::is_passed_over(&name) || !(kind.is_dir() || kind.is_file()) {
            continue;
        }
        let name = composed(&name.to_string_lossy());
        let piece = if kind.is_dir() { Piece::Folder(entry.path()) } else { Piece::File(name.clone(), Source::Disk(entry.path())) };
        entries.push((entry.path(), Entry { name, piece }));
    }
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(entries.into_iter().map(|(_, entry)| entry).collect())
}

/// The class in an archive, unless it is one student's.
fn of_archive(source: &Source, name: &str) -> Result<Option<Class>, Diagnostic> {
    let listing = list(source, name, &Budget::of_class()).map_err(|absent| absent.diagnostic().clone())?;
    let (listing, _) = without_folders(listing);
    if is_submission(listing.files.keys().map(String::as_str)) {
        return Ok(None);
    }
    let mut folders: BTreeMap<String, Listing> = BTreeMap::new();
    let mut entries = Vec::new();
    for (path, source) in listing.files {
        match path.split_once('/') {
            Some((folder, inner)) => drop(folders.entry(folder.to_owned()).or_default().files.insert(inner.to_owned(), source)),
            None => entries.push(Entry { piece: Piece::File(path.clone(), source), name: path }),
        }
    }
    let holds_submission = |files: &Listing| is_submission(without_folders(files.clone()).0.files.keys().map(String::as_str));
    let students = folders.values().filter(|files| holds_submission(files)).count() + entries.iter().filter(|entry| entry.is_archive()).count();
    entries.extend(folders.into_iter().map(|(name, files)| Entry { name, piece: Piece::Files(files) }));
    let of_platform = entries.iter().any(|entry| entry.name == METADATA || entry.of_platform().is_some());
    // Folders of code and data are one student's; two that look like submissions are a class.
    if !of_platform && students < 2 {
        return Ok(None);
    }
    let mut class = sorted_out(entries)?;
    class.notes.extend(listing.notes);
    // Whom we cannot see may have handed in nevertheless.
    class.notes.extend(listing.incomplete.map(|why| Diagnostic { help: Some("download it again: students may be missing".to_owned()), ..why }));
    Ok(Some(class))
}

fn sorted_out(entries: Vec<Entry>) -> Result<Class, Diagnostic> {
    if let Some(Entry { piece: Piece::File(name, source), .. }) = entries.iter().find(|entry| entry.is_file() && entry.name == METADATA) {
        let bytes = source.read(name, limits::ROSTER_BYTES).map_err(|absent| absent.diagnostic().clone())?;
        let people = submitters(&String::from_utf8_lossy(&bytes));
        return Ok(of_gradescope(entries, &people));
    }
    let beside_others = entries.iter().any(|entry| !entry.is_file() || entry.is_archive()) || entries.iter().filter(|entry| entry.is_notebook()).count() > 1;
    let (mut students, mut uploads, mut left) = (BTreeMap::<String, HandedIn>::new(), BTreeMap::<String, Vec<(u64, String, Source)>>::new(), Vec::new());
    let mut plain = Vec::new();
    for entry in entries {
        if let Some(named) = entry.of_platform() {
            let person = Person { name: named.name.to_owned(), ids: named.user.iter().map(ToString::to_string).collect() };
            let made = || HandedIn { people: vec![person], ..HandedIn::of(&named.student, false, Vec::new()) };
            let student = students.entry(named.student.clone()).or_insert_with(made);
            student.marked_late |= named.late;
            match &entry.piece {
                Piece::File(_, source) => uploads.entry(named.student.clone()).or_default().push((named.upload, named.file.to_owned(), source.clone())),
                folder => student.pieces.push(folder.clone()),
            }
        } else if !entry.is_file() || entry.is_archive() || (entry.is_notebook() && beside_others) {
            plain.push(HandedIn::of(&entry.name, entry.is_file(), vec![entry.piece]));
        } else {
            left.push(entry.name);
        }
    }
    for (student, files) in uploads {
        if let Some(student) = students.get_mut(&student) {
            lay_out(student, files);
        }
    }
    let mut class = Class { submissions: students.into_values().chain(plain).collect(), notes: Vec::new() };
    class.submissions.sort_by(|a, b| a.student.cmp(&b.student));
    if !left.is_empty() {
        let shown: Vec<&str> = left.iter().take(3).map(String::as_str).collect();
        let message = format!("{} loose files belong to no student: {}{}", left.len(), shown.join(", "), if left.len() > 3 { ", …" } else { "" });
        class.notes.push(Diagnostic::warning(Code::PassedOver, message));
    }
    Ok(class)
}

/// The loose files of one student, later uploads first. A `-1` that the platform added is taken off.
fn lay_out(student: &mut HandedIn, mut files: Vec<(u64, String, Source)>) {
    files.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| b.1.cmp(&a.1)));
    let mut taken: BTreeMap<String, String> = BTreeMap::new();
    let mut also = Vec::new();
    for (_, file, source) in files {
        let plain = before_suffix(&file).map_or_else(|| file.clone(), |(plain, _)| plain);
        if let Some(newer) = taken.get(&plain) {
            let message = format!("{newer} was handed in after it and counts");
            student.notes.push(Diagnostic::warning(Code::PassedOver, message).in_file(file.clone()));
        } else {
            taken.insert(plain.clone(), file.clone());
            student.pieces.push(Piece::File(plain.clone(), source.clone()));
        }
        // A student may have meant the number: the file is found under that name too. Of an archive there must be one.
        if file != plain && stem(&file).is_none() {
            also.push(Piece::File(file, source));
        }
    }
    student.pieces.extend(also);
}

fn of_gradescope(entries: Vec<Entry>, people: &BTreeMap<String, Vec<Person>>) -> Class {
    let mut class = Class::default();
    // Beside the folders a file is a submission only if the list says so: a scanned page, an archive.
    let is_submitted = |entry: &Entry| entry.name != METADATA && (!entry.is_file() || entry.is_archive() || people.contains_key(&entry.name));
    for entry in entries.into_iter().filter(is_submitted) {
        let mut student = HandedIn::of(&entry.name, entry.is_file(), vec![entry.piece]);
        if let Some(people) = people.get(&entry.name).filter(|people| !people.is_empty()) {
            student.people.clone_from(people);
            student.name = Some(people.iter().map(|person| person.name.as_str()).collect::<Vec<_>>().join(", ")).filter(|name| !name.is_empty());
        }
        class.submissions.push(student);
    }
    class
}
