//! Wrappings taken off: a folder within a folder, an archive alone or beside loose files, an archive in an archive.
//!
//! What is left is what the student meant to hand in, the same whether it came as a folder, a zip or a tar.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::limits;
use crate::evidence::Found;
use crate::evidence::source::Source;

use super::archive::{Budget, list, stem};
use super::listing::{Listing, Together};

/// Folders that mean something in a submission. One that stands alone is no wrapping.
const FOLDERS: [&str; 6] = ["figures", "predictions", "networks", "models", "rules", "notebooks"];

/// Files that only a submission has at its top, without their endings.
const FILES: [&str; 5] = ["metrics.toml", "metrics.json", "answers.toml", "answers.json", "submission.toml"];

/// A listing without its wrappings, and the folders that were one, with a `/` at the end. `order` names archives, the newest first.
pub(super) fn unwrapped(listing: Listing, order: &[String], budget: &Arc<Budget>) -> Found<(Listing, String)> {
    let (mut listing, wrapping) = opened(listing, order, limits::ARCHIVES, budget)?;
    note_same_letters(&mut listing);
    listing.close();
    Ok((listing, wrapping))
}

fn opened(listing: Listing, order: &[String], levels: usize, budget: &Arc<Budget>) -> Found<(Listing, String)> {
    let (mut listing, wrapping) = without_folders(listing);
    let mut archives: Vec<String> = listing.files.keys().filter(|path| !path.contains('/') && stem(path).is_some()).cloned().collect();
    archives.sort_by_key(|archive| order.iter().position(|newer| newer == archive));
    if let (Some(first), 0) = (archives.first(), levels) {
        let message = "this is an archive in an archive in an archive, which is not opened";
        listing.note_missing(Diagnostic::error(Code::PassedOver, message).in_file(first.clone()).help("pack the folder once".to_owned()));
        return Ok(rooted(listing, wrapping));
    }
    if archives.len() > limits::ARCHIVES_BESIDE {
        let message = format!("there are {} archives ({}), more than are opened", archives.len(), first(&archives));
        listing.note_missing(Diagnostic::error(Code::PassedOver, message).help("hand in one folder, or one archive of it".to_owned()));
        return Ok(rooted(listing, wrapping));
    }
    let is_alone = listing.files.len() == 1 && wrapping.is_empty();
    let mut together = Together::default();
    for archive in &archives {
        let inner = list(&listing.files[archive], archive, budget)?;
        let (mut inner, inside) = opened(inner, &[], levels - 1, budget)?;
        inner.opened += 1;
        // An archive is called like the one around it more often than not.
        inner.opened -= usize::from(inner.files.remove(archive).is_some() && inner.opened > 1);
        if is_alone {
            listing.add(inner, "");
            return Ok((listing, inside));
        }
        together.add(inner, archive, order.contains(archive), &listing);
    }
    listing.add(together.settled(), "a file of this name lies beside the archive and counts");
    Ok(rooted(listing, wrapping))
}

/// The listing as seen from the one folder that looks like a submission, where what is at the top does not. What lies elsewhere keeps
/// its path.
fn rooted(mut listing: Listing, wrapping: String) -> (Listing, String) {
    let paths = || listing.files.keys().map(String::as_str);
    if is_submission(paths()) {
        return (listing, wrapping);
    }
    let (mut with_files, mut with_folders) = (BTreeSet::new(), BTreeSet::new());
    for path in paths() {
        for (at, _) in path.match_indices('/') {
            let (folder, rest) = path.split_at(at + 1);
            match rest.split_once('/') {
                Some((inner, _)) if is_meaningful(inner) => drop(with_folders.insert(folder)),
                None if is_of_submission(rest) => drop(with_files.insert(folder)),
                _ => {}
            }
        }
    }
    let is_sure = !with_files.is_empty();
    let candidates = outermost(if is_sure { with_files } else { with_folders });
    match candidates.as_slice() {
        [folder] => {
            let (inner, outer): (Vec<_>, Vec<_>) = listing.files.into_iter().partition(|(path, _)| path.starts_with(folder.as_str()));
            listing.files = inner.into_iter().map(|(path, source)| (path[folder.len()..].to_owned(), source)).collect();
            let mut elsewhere = Listing::default();
            elsewhere.files.extend(outer);
            listing.add(elsewhere, "a file of this name lies in the folder that looks like the submission, and counts");
            (listing, wrapping + folder)
        }
        // Folders of figures may be anything; those of metrics or answers are each a submission.
        several if is_sure => {
            let message = format!("{} look each like a submission, and it is not clear which one is", first(several));
            listing.note_missing(Diagnostic::error(Code::Ambiguous, message).help("hand in one folder, or say in submission.toml where things are".to_owned()));
            (listing, wrapping)
        }
        _ => (listing, wrapping),
    }
}

/// The folders that lie in none of the others.
fn outermost(folders: BTreeSet<&str>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for folder in folders {
        if found.last().is_none_or(|outer| !folder.starts_with(outer.as_str())) {
            found.push(folder.to_owned());
        }
    }
    found
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

pub(super) fn is_meaningful(folder: &str) -> bool {
    FOLDERS.iter().any(|known| known.eq_ignore_ascii_case(folder))
}

/// Whether files with these paths are one submission: something at the top that only a submission has.
pub(super) fn is_submission<'p>(mut paths: impl Iterator<Item = &'p str>) -> bool {
    paths.any(|path| match path.split_once('/') {
        Some((folder, _)) => is_meaningful(folder),
        None => is_of_submission(path),
    })
}

pub(super) fn is_of_submission(path: &str) -> bool {
    FILES.iter().any(|file| file.eq_ignore_ascii_case(path))
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
