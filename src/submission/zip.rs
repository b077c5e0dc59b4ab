//! Zip archives. The directory at the end is listed; a file is unpacked when it is asked for.

use std::io::{BufReader, Read};
use std::sync::Arc;

use zip::read::{Config, OwnedZipFileEntry};
use zip::result::ZipError;
use zip::unstable::read::ZipIterable;
use zip::{CompressionMethod, ZipReadOptions};

use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::limits;
use crate::evidence::source::{Unpack, too_large, unreachable_file};
use crate::evidence::{Absent, Found};

use super::archive::{AGAIN, Budget, Origin, damaged, is_of_the_system, lacking, too_much};
use super::listing::{Listing, shortened};
use super::paths::{Named, inside};

/// A zip with the entries that count.
#[derive(Debug)]
struct Zip {
    name: String,
    origin: Origin,
    entries: Vec<OwnedZipFileEntry>,
    budget: Arc<Budget>,
}

/// Lists the zip called `name`. Of a path that is there twice the later entry counts, as unpacking would leave it.
pub(super) fn list(origin: Origin, name: &str, budget: &Arc<Budget>) -> Found<Listing> {
    let bytes = origin.open().map_err(|error| unreachable_file(name, &error))?;
    let mut archive = match ZipIterable::try_new(BufReader::new(bytes), Config::default()) {
        Ok(archive) => archive,
        Err(ZipError::Io(error)) if is_of_the_system(&error) => return Err(unreachable_file(name, &error)),
        Err(_) => return Ok(lacking(damaged(name, "the list of its files, which is at its end, is not there; it may have been cut off"))),
    };
    let mut listing = Listing::default();
    let (mut entries, mut paths, mut start) = (Vec::new(), Vec::new(), None);
    let Ok(files) = archive.files() else { return Ok(lacking(damaged(name, "the list of its files cannot be read"))) };
    for entry in files {
        let Ok(entry) = entry else {
            listing.note_missing(damaged(name, "the list of its files cannot be read to its end"));
            break;
        };
        let directory = entry.central_header_start().saturating_sub(*start.get_or_insert(entry.central_header_start()));
        if entries.len() == limits::FILES || directory > limits::ZIP_DIRECTORY_BYTES {
            let message = format!("only the first {} files of the archive were looked at", entries.len());
            listing.note_missing(Diagnostic::error(Code::TooLarge, message).in_file(name).help("leave out what is not asked for".to_owned()));
            break;
        }
        let called = entry.name().unwrap_or_else(|_| String::from_utf8_lossy(entry.name_raw()));
        if entry.is_dir() || called.ends_with('\\') {
            continue;
        }
        let path = match inside(&called, true) {
            Named::Inside(path) => path,
            Named::Junk => continue,
            Named::Refused(why) => {
                listing.pass_over(&shortened(&called), why, "pack the folder itself, without paths that lead elsewhere");
                continue;
            }
        };
        match entry.unix_mode().map(|mode| mode & 0o170_000) {
            Some(0o120_000) => listing.pass_over(&path, "this is a symbolic link, which is not followed", "hand in the file itself"),
            Some(0 | 0o100_000) | None => {
                paths.push(path);
                entries.push(entry.into());
            }
            Some(_) => listing.pass_over(&path, "this is no regular file", "hand in the file itself"),
        }
    }
    if entries.iter().any(OwnedZipFileEntry::encrypted) {
        listing.notes.push(encrypted(name));
    }
    let archive: Arc<dyn Unpack> = Arc::new(Zip { name: name.to_owned(), origin, entries, budget: Arc::clone(budget) });
    listing.add_packed(&archive, paths);
    Ok(listing)
}

fn encrypted(path: &str) -> Diagnostic {
    Diagnostic::error(Code::NotReadable, "it is encrypted, and nobody here has the password").in_file(path).help("hand in a zip without a password".to_owned())
}

impl Unpack for Zip {
    fn unpack(&self, entry: usize, path: &str, limit: u64) -> Found<Vec<u8>> {
        let unreadable = |how: &str| {
            let diagnostic = Diagnostic::error(Code::NotReadable, format!("the file is damaged in {}: {how}", self.name)).in_file(path);
            Absent::Unopened(diagnostic.help(AGAIN.to_owned()))
        };
        let Some(entry) = self.entries.get(entry) else { return Err(unreadable("it is not listed")) };
        if entry.encrypted() {
            return Err(Absent::Unopened(encrypted(path)));
        }
        let method = entry.compression();
        if !matches!(method, CompressionMethod::Stored | CompressionMethod::Deflated) {
            let message = format!("the file is compressed with {method}, which is not read");
            let help = "pack the folder with the usual compression, as the file manager does, and hand that in";
            return Err(Absent::Unopened(Diagnostic::error(Code::NotReadable, message).in_file(path).help(help.to_owned())));
        }
        let mut reader = BufReader::new(self.origin.open().map_err(|error| unreachable_file(&self.name, &error))?);
        // Pages that are not written to cost nothing: a size that lies reserves, but takes no memory.
        let mut bytes = Vec::with_capacity(usize::try_from(entry.size().min(limit)).unwrap_or_default().saturating_add(1));
        let read = entry.as_ref().with_reader(&mut reader, ZipReadOptions::new()).map_err(std::io::Error::other);
        let read = read.and_then(|file| file.take(limit.min(self.budget.read.left()) + 1).read_to_end(&mut bytes));
        let within = self.budget.read.take(bytes.len() as u64);
        match read {
            _ if bytes.len() as u64 > limit => Err(too_large(path, limit)),
            _ if !within => Err(Absent::Unopened(too_much(&self.name, "the archive unpacks to more than is read of one submission"))),
            Ok(_) => Ok(bytes),
            Err(error) if is_of_the_system(&error) => Err(unreachable_file(path, &error)),
            Err(_) if entry.size() > limit => Err(too_large(path, limit)),
            Err(error) => Err(unreadable(&shortened(&error.to_string()))),
        }
    }
}
