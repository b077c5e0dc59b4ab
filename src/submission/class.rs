//! A class: what lies in a folder, or in the archive that a platform gives for download, told apart by student.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::limits;
use crate::evidence::source::Source;

use super::archive::{Budget, list, stem};
use super::download::{Item, put_together};
use super::entry::{Entry, paths};
use super::handed_in::{HandedIn, Piece, not_there};
use super::layout::{is_submission, without_folders};
use super::paths::composed;
use super::platform::gradescope::{METADATA, Submitted, submitted, submitted_alone};
use super::platform::{self, Part, Platform, brightspace, named, sakai};
use super::roster::Roster;
use super::{folder_name, names};

/// What the course itself keeps in a class's folder: the scores that it expects.
const BESIDE: &str = "expected.csv";

/// What a class handed in.
#[derive(Debug, Default)]
pub struct Class {
    /// Each student's work, in the order of their names, no two of which are the same.
    pub submissions: Vec<HandedIn>,
    /// What was noticed about the folder or download as a whole.
    pub notes: Vec<Diagnostic>,
    /// Whether it is not a class at all but the work of one student, who was named.
    pub is_one: bool,
}

impl Class {
    fn one(submission: HandedIn) -> Self {
        Self { submissions: vec![submission], is_one: true, ..Self::default() }
    }
}

/// The submissions at `path`: in its folders, its archives, the loose files of a download; or `path` itself if it is a submission.
pub fn find(path: &Path) -> Result<Class, Diagnostic> {
    find_of(path, None)
}

/// The same, where a roster may help to tell a class from one student's folders.
pub fn find_of(path: &Path, roster: Option<&Roster>) -> Result<Class, Diagnostic> {
    let mut class = found(path, roster)?;
    class.notes.extend(names::tell_apart(&mut class.submissions));
    Ok(class)
}

/// The one submission that Gradescope gives to an autograder, in the folder at `path`, with what `metadata`, the file beside it, says. Whatever
/// lies in the folder, it is one submission.
pub fn of_autograder(path: &Path, metadata: &Path) -> Result<Class, Diagnostic> {
    let name = metadata.display().to_string();
    let bytes = Source::Disk(metadata.to_path_buf()).read(&name, limits::TEXT_BYTES).map_err(|absent| absent.diagnostic().clone())?;
    let told = submitted_alone(&name, &bytes)?;
    std::fs::metadata(path).map_err(|error| not_there(path, &error))?;
    Ok(Class::one(by_gradescope(HandedIn::at(path), told)))
}

fn found(path: &Path, roster: Option<&Roster>) -> Result<Class, Diagnostic> {
    let alone = || Ok(Class::one(HandedIn::at(path)));
    let name = folder_name(path);
    if path.is_file() {
        let one = one_of_download(path, &name);
        // The archive of a class may be called as Canvas calls a student's; among others of Canvas's it is a student's.
        let is_sure = one.as_ref().is_some_and(|(own, has_others)| own.submissions.iter().any(|one| one.platform != Some(Platform::Canvas)) || *has_others);
        if !is_sure
            && stem(&name).is_some()
            && let Some(class) = of_archive(&Source::Disk(path.to_path_buf()), &name, roster)?
        {
            return Ok(class);
        }
        return one.map_or_else(alone, |(class, _)| Ok(class));
    }
    let mut entries = Entry::in_folder(path)?;
    entries.retain(|entry| !(entry.is_file() && entry.name == BESIDE));
    let platform = platform::of_download(&entries);
    if matches!(platform, None | Some(Platform::Canvas)) {
        if let Some((class, _)) = one_of_download(path, &name) {
            return Ok(class);
        }
        if !has_several(&entries) && is_submission(paths(&entries).iter().map(String::as_str)) {
            return alone();
        }
    }
    // A notebook with its data is one student's work; an instructor's own beside the students' is not.
    if platform.is_none() && entries.iter().any(Entry::is_notebook) && !entries.iter().any(|entry| entry.is_archive() || entry.holds_submission()) {
        let others = entries.iter().filter(|entry| entry.is_notebook()).count() > 1 && entries.iter().all(Entry::is_file);
        if !others {
            return alone();
        }
    }
    match entries.as_slice() {
        // The download's own folder, inside the one that it was unpacked to.
        [entry @ Entry { piece: Piece::Folder(inner), .. }] if platform.is_none() && platform::of_download(&entry.inside()).is_some() => {
            return found(inner, roster);
        }
        [entry @ Entry { piece: Piece::File(name, source), .. }] if platform.is_none() && entry.is_archive() => {
            return of_archive(source, name, roster)?.map_or_else(alone, Ok);
        }
        _ => {}
    }
    let class = sorted_out(entries)?;
    if class.submissions.is_empty() { alone() } else { Ok(class) }
}

/// Whether several entries have results of their own. Then a student's folder that is called `figures`, or a file that was left lying there,
/// does not make one submission of a class.
fn has_several(entries: &[Entry]) -> bool {
    entries.iter().filter(|entry| entry.states_results()).nth(1).is_some()
}

/// The one student's work that the file or folder at `path` belongs to, if its name is a platform's: with what else of it lies beside. And
/// whether work of others does.
fn one_of_download(path: &Path, name: &str) -> Option<(Class, bool)> {
    let whole = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let folder = whole.file_name().and(whole.parent())?;
    let name = composed(name);
    let piece = if path.is_file() { Piece::File(name.clone(), Source::Disk(whole.clone())) } else { Piece::Folder(whole.clone()) };
    let itself = Entry { name: name.clone(), piece };
    // A folder's name alone does not tell: a class may be called like a file of Canvas's.
    let platform = platform::of_entry(&itself).filter(|platform| path.is_file() || *platform != Platform::Canvas)?;
    let own = named(&itself, platform)?;
    // What lies around it may not be ours to see.
    let entries = Entry::in_folder(folder).unwrap_or_else(|_| vec![itself]);
    let items: Vec<Item> = entries.into_iter().filter_map(|entry| Some((named(&entry, platform)?, entry))).collect();
    let (of_student, of_others): (Vec<Item>, Vec<Item>) = items.into_iter().partition(|(named, _)| named.key == own.key);
    let (together, attempts): (Vec<Item>, Vec<Item>) = of_student.into_iter().partition(|(named, _)| named.attempt == own.attempt);
    let count = together.iter().filter(|(named, _)| named.part != Part::About).count();
    if together.is_empty() {
        return None;
    }
    let mut class = Class { submissions: put_together(together), is_one: true, ..Class::default() };
    if count > 1 {
        let others = if count == 2 {
            "another file of the same hand-in lies beside it and is".to_owned()
        } else {
            format!("{} other files of the same hand-in lie beside it and are", count - 1)
        };
        class.notes.push(Diagnostic::warning(Code::PassedOver, format!("{others} graded with it")).in_file(name.clone()));
    }
    if let Some((other, _)) = attempts.first() {
        let written = other.attempt.as_ref().map(|attempt| attempt.written.as_str()).unwrap_or_default();
        let message = format!("another attempt lies beside it, of {written}, and is not looked at");
        class.notes.push(Diagnostic::warning(Code::PassedOver, message).in_file(name));
    }
    Some((class, !of_others.is_empty()))
}

/// The class in an archive, unless it is one student's.
fn of_archive(source: &Source, name: &str, roster: Option<&Roster>) -> Result<Option<Class>, Diagnostic> {
    let listing = list(source, name, &Budget::of_class()).map_err(|absent| absent.diagnostic().clone())?;
    let (listing, _) = without_folders(listing);
    let (notes, incomplete) = (listing.notes, listing.incomplete);
    let looks_like_one = is_submission(listing.files.keys().map(String::as_str));
    let entries = Entry::in_listing(listing.files);
    let is_one = looks_like_one && !has_several(&entries);
    let platform = platform::of_download(&entries);
    if matches!(platform, None | Some(Platform::Canvas)) && is_one {
        return Ok(None);
    }
    if platform.is_none() {
        // Folders of code and data are one student's; two that look like submissions are a class, and so are names of the roster's.
        let looks_like_work = |entry: &&Entry| match &entry.piece {
            Piece::File(..) => entry.is_archive(),
            Piece::Files(files) => {
                let (files, _) = without_folders(files.clone());
                is_submission(files.files.keys().map(String::as_str)) || Entry::in_listing(files.files).iter().any(Entry::is_archive)
            }
            Piece::Folder(_) => entry.holds_submission(),
        };
        let known = |entry: &&Entry| roster.is_some_and(|roster| roster.knows(stem(&entry.name).unwrap_or(&entry.name)));
        if entries.iter().filter(looks_like_work).count() < 2 && !entries.iter().any(|entry| known(&entry)) {
            return Ok(None);
        }
    }
    let mut class = sorted_out(entries)?;
    class.notes.extend(notes);
    // Whom we cannot see may have handed in nevertheless.
    class.notes.extend(incomplete.map(|why| Diagnostic { help: Some("download it again: students may be missing".to_owned()), ..why }));
    Ok(Some(class))
}

fn sorted_out(entries: Vec<Entry>) -> Result<Class, Diagnostic> {
    let platform = platform::of_download(&entries);
    if platform == Some(Platform::Gradescope)
        && let Some(Entry { piece: Piece::File(name, source), .. }) = entries.iter().find(|entry| entry.is_file() && entry.name == METADATA)
    {
        let bytes = source.read(name, limits::ROSTER_BYTES).map_err(|absent| absent.diagnostic().clone())?;
        return Ok(of_gradescope(entries, submitted(&String::from_utf8_lossy(&bytes))));
    }
    let beside_others = entries.iter().any(|entry| !entry.is_file() || entry.is_archive()) || entries.iter().filter(|entry| entry.is_notebook()).count() > 1;
    let names: BTreeSet<String> = entries.iter().map(|entry| entry.name.clone()).collect();
    let (mut items, mut plain, mut left): (Vec<Item>, Vec<Entry>, Vec<String>) = (Vec::new(), Vec::new(), Vec::new());
    for entry in entries {
        let of_platform = match platform {
            Some(platform) => named(&entry, platform),
            None if entry.is_archive() => named(&entry, Platform::Canvas),
            None => None,
        };
        if let Some(named) = of_platform {
            items.push((named, entry));
        } else if entry.holds_reports() {
            // Ours, of an earlier run.
        } else if !entry.is_file() || entry.is_archive() || (entry.is_notebook() && beside_others) {
            plain.push(entry);
        } else {
            left.push(entry.name);
        }
    }
    let mut class = Class::default();
    // Downloads of several sections. Where there is work of students too, what looks like a download may be a student's.
    let downloads: Vec<Vec<Entry>> = if items.is_empty() { plain.iter().map_while(download_inside).collect() } else { Vec::new() };
    if !plain.is_empty() && downloads.len() == plain.len() {
        for inside in downloads {
            let section = sorted_out(inside)?;
            class.submissions.extend(section.submissions);
            class.notes.extend(section.notes);
        }
    } else {
        // The download itself beside what was unpacked of it is no student's.
        let is_unpacked =
            |entry: &Entry| platform.is_some() && download_inside(entry).is_some_and(|inside| inside.iter().all(|inner| names.contains(&inner.name)));
        let plain = plain.into_iter().filter(|entry| !is_unpacked(entry));
        class.submissions.extend(plain.map(|entry| HandedIn::of(&entry.name, entry.is_file(), vec![entry.piece])));
    }
    class.submissions.extend(put_together(items));
    class.submissions.sort_by(|a, b| a.student.cmp(&b.student));
    left.retain(|name| match platform {
        Some(Platform::Brightspace) => name != brightspace::INDEX,
        Some(Platform::Sakai) => !sakai::BESIDE.contains(&name.as_str()),
        _ => true,
    });
    if !left.is_empty() {
        let shown: Vec<&str> = left.iter().take(3).map(String::as_str).collect();
        let count = if left.len() == 1 { "1 loose file belongs".to_owned() } else { format!("{} loose files belong", left.len()) };
        let message = format!("{count} to no student: {}{}", shown.join(", "), if left.len() > 3 { ", …" } else { "" });
        class.notes.push(Diagnostic::warning(Code::PassedOver, message));
    }
    Ok(class)
}

/// What lies in a folder or zip that is a download of its own.
fn download_inside(entry: &Entry) -> Option<Vec<Entry>> {
    let inside = match &entry.piece {
        Piece::File(name, source) if name.to_ascii_lowercase().ends_with(".zip") => {
            Entry::in_listing(without_folders(list(source, name, &Budget::of_class()).ok()?).0.files)
        }
        Piece::File(..) => return None,
        _ => entry.inside(),
    };
    // A student's own files are never all called as Canvas calls them.
    let is_sure = match platform::of_download(&inside)? {
        Platform::Canvas => inside.len() > 1 && inside.iter().all(|entry| named(entry, Platform::Canvas).is_some()),
        _ => true,
    };
    is_sure.then_some(inside)
}

/// A student's work with what Gradescope says of it.
fn by_gradescope(mut student: HandedIn, submitted: Submitted) -> HandedIn {
    student.platform = Some(Platform::Gradescope);
    student.time = submitted.at;
    let names: Vec<&str> = submitted.people.iter().map(|person| person.name.as_str()).collect();
    student.name = Some(names.join(", ")).filter(|name| !name.is_empty());
    if !submitted.people.is_empty() {
        student.people = submitted.people;
    }
    student
}

fn of_gradescope(entries: Vec<Entry>, mut listed: BTreeMap<String, Submitted>) -> Class {
    let mut class = Class::default();
    for entry in entries {
        let submitted = listed.remove(&entry.name);
        // Beside the folders a file is a submission only if the list says so: a scanned page, an archive.
        if entry.name == METADATA || (entry.is_file() && !entry.is_archive() && submitted.is_none()) {
            continue;
        }
        let student = HandedIn::of(&entry.name, entry.is_file(), vec![entry.piece]);
        class.submissions.push(by_gradescope(student, submitted.unwrap_or_default()));
    }
    for (name, submitted) in listed {
        let names: Vec<&str> = submitted.people.iter().map(|person| person.name.as_str()).collect();
        let message = format!("{METADATA} lists it, handed in by {}, but it is not in the download", names.join(", "));
        class.notes.push(Diagnostic::warning(Code::PassedOver, message).in_file(name).help("download it again".to_owned()));
    }
    class
}
