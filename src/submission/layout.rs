//! Wrappings taken off: a folder within a folder, an archive alone or beside loose files, an archive in an archive.
//!
//! What is left is what the student meant to hand in, the same whether it came as a folder, a zip or a tar.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::limits;
use crate::evidence::Found;
use crate::evidence::source::Source;

use super::archive::{Budget, list, stem};
use super::listing::Listing;

/// Folders that mean something in a submission. One that stands alone is no wrapping.
const FOLDERS: [&str; 6] = ["figures", "predictions", "networks", "models", "rules", "notebooks"];

/// Files that only a submission has at its top, without their endings.
const FILES: [&str; 5] = ["metrics.toml", "metrics.json", "answers.toml", "answers.json", "submission.toml"];

/// A listing without its wrappings, and the folders that were one, with a `/` at the end.
pub(super) fn unwrapped(listing: Listing, budget: &Arc<Budget>) -> Found<(Listing, String)> {
    let (mut listing, wrapping) = opened(listing, limits::ARCHIVES, budget)?;
    note_same_letters(&mut listing);
    listing.close();
    Ok((listing, wrapping))
}

fn opened(listing: Listing, levels: usize, budget: &Arc<Budget>) -> Found<(Listing, String)> {
    let (mut listing, wrapping) = without_folders(listing);
    let archives: Vec<String> = listing.files.keys().filter(|path| !path.contains('/') && stem(path).is_some()).cloned().collect();
    match archives.as_slice() {
        [] => {}
        [_] if levels == 0 => {
            let message = "this is an archive in an archive in an archive, which is not opened";
            listing.lacks(Diagnostic::error(Code::PassedOver, message).in_file(archives[0].clone()).help("pack the folder once".to_owned()));
        }
        [archive] => {
            let inner = list(&listing.files[archive], archive, budget)?;
            let (mut inner, inside) = opened(inner, levels - 1, budget)?;
            // An archive is called like the one around it more often than not.
            inner.files.remove(archive);
            let alone = listing.files.len() == 1;
            listing.add(inner);
            if alone && wrapping.is_empty() {
                return Ok((listing, inside));
            }
        }
        several => {
            let message = format!("there are {} archives ({}), and it is not clear which one is the submission", several.len(), first(several));
            let why = Diagnostic::error(Code::PassedOver, message).help("hand in one folder, or one archive of it".to_owned());
            // Loose files that make a submission are one; the archives may be anything.
            if is_submission(listing.files.keys().map(String::as_str)) {
                listing.notes.push(Diagnostic::warning(why.code, format!("{} archives were not opened: {}", several.len(), first(several))));
            } else {
                listing.lacks(why);
            }
        }
    }
    Ok((listing, wrapping))
}

fn first(names: &[String]) -> String {
    let shown: Vec<&str> = names.iter().take(3).map(String::as_str).collect();
    format!("{}{}", shown.join(", "), if names.len() > 3 { ", …" } else { "" })
}

/// The files without the folders that hold all of them.
pub(super) fn without_folders(mut listing: Listing) -> (Listing, String) {
    let mut wrapping = String::new();
    while let Some(folder) = only_folder(&listing.files).filter(|folder| !is_meaningful(folder)) {
        let prefix = format!("{folder}/");
        listing.files = listing.files.into_iter().map(|(path, source)| (path.strip_prefix(&prefix).map_or(path.clone(), str::to_owned), source)).collect();
        wrapping += &prefix;
    }
    (listing, wrapping)
}

fn only_folder(files: &BTreeMap<String, Source>) -> Option<String> {
    let (folder, _) = files.keys().next()?.split_once('/')?;
    files.keys().all(|path| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))).then(|| folder.to_owned())
}

fn is_meaningful(folder: &str) -> bool {
    FOLDERS.iter().any(|known| known.eq_ignore_ascii_case(folder))
}

/// Whether files with these paths are one submission: something at the top that only a submission has.
pub(super) fn is_submission<'p>(mut paths: impl Iterator<Item = &'p str>) -> bool {
    paths.any(|path| match path.split_once('/') {
        Some((folder, _)) => is_meaningful(folder),
        None => FILES.iter().any(|file| file.eq_ignore_ascii_case(path)),
    })
}

/// Two paths that differ in capitals alone would be one file on the disk that most students have.
fn note_same_letters(listing: &mut Listing) {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    let mut same = Vec::new();
    for path in listing.files.keys() {
        if let Some(earlier) = seen.insert(path.to_lowercase(), path.clone()) {
            same.push((path.clone(), earlier));
        }
    }
    for (path, earlier) in same {
        let help = format!("it is not the same file as {earlier}; what is asked for by its exact name is found first");
        listing.pass_over(&path, "there are two files of this name in other capitals", &help);
    }
}
