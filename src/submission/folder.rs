//! The files of a submission, by path inside it.

use std::ffi::OsStr;
use std::path::Path;

use walkdir::{DirEntry, WalkDir};

use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::limits;
use crate::evidence::source::Source;

use super::listing::Listing;
use super::paths::composed;

/// Lists the regular files below `root`. Symbolic links are not followed: they may lead out of the submission.
pub(super) fn list(root: &Path) -> Result<Listing, Diagnostic> {
    let mut listing = Listing::default();
    let walk = WalkDir::new(root).max_depth(limits::FOLDER_DEPTH).sort_by_file_name().into_iter();
    for entry in walk.filter_entry(|entry| entry.depth() == 0 || !is_passed_over(entry.file_name())) {
        match entry {
            Ok(entry) if entry.file_type().is_file() => {
                if listing.files.len() == limits::FILES {
                    let message = format!("only the first {} files were looked at", limits::FILES);
                    listing.note_missing(Diagnostic::error(Code::TooLarge, message).help("leave out what is not asked for".to_owned()));
                    break;
                }
                let path = relative(root, &entry);
                if entry.path().to_str().is_none() {
                    listing.notes.push(Diagnostic::warning(Code::PassedOver, "the file's name is not UTF-8").in_file(path.clone()));
                }
                listing.files.insert(path, Source::Disk(entry.into_path()));
            }
            Ok(entry) if entry.file_type().is_dir() => {
                if entry.depth() == limits::FOLDER_DEPTH {
                    let message = format!("folders more than {} deep are not looked into", limits::FOLDER_DEPTH);
                    listing.notes.push(Diagnostic::warning(Code::PassedOver, message).in_file(relative(root, &entry)));
                }
            }
            Ok(entry) => {
                let kind = if entry.path_is_symlink() { "a symbolic link, which is not followed" } else { "no regular file" };
                let note = Diagnostic::warning(Code::PassedOver, format!("this is {kind}")).in_file(relative(root, &entry));
                listing.notes.push(note.help("hand in the file itself".to_owned()));
            }
            Err(error) if error.depth() == 0 => {
                let message = format!("the submission cannot be opened: {}", io_reason(&error));
                return Err(Diagnostic::error(Code::NotReadable, message).help("make it readable and grade again".to_owned()));
            }
            Err(error) => {
                let path = error.path().and_then(|path| path.strip_prefix(root).ok()).unwrap_or(Path::new("?")).display().to_string();
                return Err(Diagnostic::error(Code::NotReadable, format!("the folder cannot be opened: {}", io_reason(&error))).in_file(path));
            }
        }
    }
    Ok(listing)
}

/// Whether tools, not students, made a file or folder of this name.
pub(super) fn is_passed_over(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with('.') || matches!(name.as_ref(), "__MACOSX" | "__pycache__" | "Thumbs.db" | "desktop.ini")
}

fn relative(root: &Path, entry: &DirEntry) -> String {
    let path = entry.path().strip_prefix(root).unwrap_or(entry.path());
    composed(&path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/"))
}

fn io_reason(error: &walkdir::Error) -> String {
    error.io_error().map_or_else(|| "a loop of links".to_owned(), ToString::to_string)
}
