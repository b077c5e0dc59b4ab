//! Tar archives, plain or compressed with gzip.
//!
//! A compressed stream has no list of files and cannot be read from its middle, so it is unpacked once, from beginning to end, under
//! counted limits. On the way small files are kept in memory; for one that is not, the stream is read again when it is asked for.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::rc::Rc;
use std::sync::Arc;

use flate2::bufread::GzDecoder;
use tar::{Archive, EntryType, PaxExtensions};

use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::limits;
use crate::evidence::source::{Unpack, too_large, unreachable_file};
use crate::evidence::{Absent, Found};

use super::archive::{AGAIN, Budget, Bytes, Origin, damaged, is_of_the_system, too_much};
use super::listing::{Listing, shortened};
use super::paths::{Named, inside};

/// Larger files are read again when asked for.
const KEPT_EACH: u64 = limits::TEXT_BYTES;
/// What describes a file that follows: its long name, its attributes.
const EXTENSION_BYTES: u64 = 64 << 10;

#[derive(Debug)]
struct Tar {
    name: String,
    origin: Origin,
    zipped: bool,
    entries: Vec<Place>,
    budget: Arc<Budget>,
}

#[derive(Debug)]
enum Place {
    Kept(Box<[u8]>),
    At { start: u64, size: u64 },
}

/// Lists the tar called `name`. Of a path that is there twice the later entry counts, as unpacking would leave it.
pub(super) fn list(origin: Origin, name: &str, zipped: bool, budget: &Arc<Budget>) -> Found<Listing> {
    let bytes = origin.open().map_err(|error| unreachable_file(name, &error))?;
    let counts = Rc::new(Counts::default());
    let stream = Counted { inner: stream(Tally { inner: bytes, counts: Rc::clone(&counts) }, zipped), counts: Rc::clone(&counts), budget };
    let mut archive = Archive::new(stream);
    let mut listing = Listing::default();
    let (mut places, mut paths) = (Vec::new(), Vec::new());
    let end = walk(&mut archive, &mut listing, budget, &mut |path, place| {
        paths.push(path);
        places.push(place);
        places.len() < limits::FILES
    });
    match (end, counts.stop.get()) {
        (_, Some(why)) => listing.note_missing(too_much(name, why)),
        (Err(error), None) if is_of_the_system(&error) => return Err(unreachable_file(name, &error)),
        (Err(error), None) if counts.ended.get() || error.kind() == io::ErrorKind::UnexpectedEof => listing.note_missing(damaged(name, "it is cut off")),
        (Err(error), None) => listing.note_missing(damaged(name, &shortened(&error.to_string()))),
        (Ok(End::Full), None) => {
            let message = format!("only the first {} files of the archive were looked at", limits::FILES);
            listing.note_missing(Diagnostic::error(Code::TooLarge, message).in_file(name).help("leave out what is not asked for".to_owned()));
        }
        (Ok(End::Reached(end)), None) => {
            // Every tar ends with blocks of zeros; one without was cut between two files.
            if counts.unpacked.get() < end + 512 {
                listing.note_missing(damaged(name, "it is cut off"));
            }
            // A checksum of all is at the very end. If it is wrong nobody can say which file is.
            match io::copy(&mut archive.into_inner(), &mut io::sink()) {
                Err(error) if counts.stop.get().is_none() && error.kind() != io::ErrorKind::UnexpectedEof => {
                    (places, paths) = (Vec::new(), Vec::new());
                    listing.note_missing(damaged(name, "its checksum is wrong"));
                }
                _ => {}
            }
        }
    }
    let archive: Arc<dyn Unpack> = Arc::new(Tar { name: name.to_owned(), origin, zipped, entries: places, budget: Arc::clone(budget) });
    listing.add_packed(&archive, paths);
    Ok(listing)
}

/// How a walk ended: at the place where the last entry does, or because there are more files than are looked at.
enum End {
    Reached(u64),
    Full,
}

/// Goes through the entries as they are: a long name is read by us, since a hostile one has gigabytes.
fn walk<R: Read>(archive: &mut Archive<R>, listing: &mut Listing, budget: &Budget, found: &mut dyn FnMut(String, Place) -> bool) -> io::Result<End> {
    let (mut next_name, mut end) = (None, 0);
    for entry in archive.entries()?.raw(true) {
        let mut entry = entry?;
        let (start, size) = (entry.raw_file_position(), entry.size());
        end = start.saturating_add(size.div_ceil(512).saturating_mul(512));
        let kind = entry.header().entry_type();
        if matches!(kind, EntryType::GNULongName | EntryType::XHeader) {
            let mut bytes = Vec::new();
            entry.by_ref().take(EXTENSION_BYTES).read_to_end(&mut bytes)?;
            next_name = match kind {
                EntryType::GNULongName => Some(bytes.split(|&byte| byte == 0).next().unwrap_or_default().to_vec()),
                _ => pax_path(&bytes).or(next_name),
            };
            continue;
        }
        if matches!(kind, EntryType::GNULongLink | EntryType::XGlobalHeader) {
            continue;
        }
        let raw = next_name.take().unwrap_or_else(|| entry.path_bytes().into_owned());
        let called = String::from_utf8_lossy(&raw);
        if kind.is_dir() || called.ends_with('/') {
            continue;
        }
        let path = match inside(&called, false) {
            Named::Inside(path) => path,
            Named::Junk => continue,
            Named::Refused(why) => {
                listing.pass_over(&called, why, "pack the folder itself, without paths that lead elsewhere");
                continue;
            }
        };
        match kind {
            EntryType::Regular | EntryType::Continuous => {}
            EntryType::Symlink => {
                listing.pass_over(&path, "this is a symbolic link, which is not followed", "hand in the file itself");
                continue;
            }
            EntryType::Link => {
                listing.pass_over(&path, "this is a hard link, which is not followed", "hand in the file itself");
                continue;
            }
            _ => {
                listing.pass_over(&path, "this is no regular file", "hand in the file itself");
                continue;
            }
        }
        if std::str::from_utf8(&raw).is_err() {
            listing.pass_over(&path, "the file's name is not UTF-8", "");
        }
        let place = if size <= KEPT_EACH && budget.kept.take(size) {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes)?;
            if (bytes.len() as u64) < size {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            Place::Kept(bytes.into())
        } else {
            Place::At { start, size }
        };
        if !found(path, place) {
            return Ok(End::Full);
        }
    }
    Ok(End::Reached(end))
}

fn pax_path(extension: &[u8]) -> Option<Vec<u8>> {
    PaxExtensions::new(extension).filter_map(Result::ok).filter(|pair| pair.key_bytes() == b"path").last().map(|pair| pair.value_bytes().to_vec())
}

impl Unpack for Tar {
    fn unpack(&self, entry: usize, path: &str, limit: u64) -> Found<Vec<u8>> {
        let unreadable = |how: &str| {
            let diagnostic = Diagnostic::error(Code::NotReadable, format!("the file is damaged in {}: {how}", self.name)).in_file(path);
            Absent::Unopened(diagnostic.help(AGAIN.to_owned()))
        };
        let (start, size) = match self.entries.get(entry) {
            Some(Place::Kept(bytes)) if bytes.len() as u64 > limit => return Err(too_large(path, limit)),
            Some(Place::Kept(bytes)) => return Ok(bytes.to_vec()),
            Some(&Place::At { size, .. }) if size > limit => return Err(too_large(path, limit)),
            Some(&Place::At { start, size }) => (start, size),
            None => return Err(unreadable("it is not listed")),
        };
        let spent = if self.zipped { start.saturating_add(size) } else { size };
        if !self.budget.read.take(spent) {
            return Err(Absent::Unopened(too_much(&self.name, "the archive unpacks to more than is read of one submission")));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
        let read = self.origin.open().and_then(|mut file| {
            let skipped = if self.zipped { start } else { file.seek(SeekFrom::Start(start)).map(|_| 0)? };
            let mut stream = stream(file, self.zipped);
            io::copy(&mut stream.by_ref().take(skipped), &mut io::sink())?;
            stream.take(size).read_to_end(&mut bytes)
        });
        match read {
            Ok(_) if bytes.len() as u64 == size => Ok(bytes),
            Ok(_) => Err(unreadable("it is cut off")),
            Err(error) if is_of_the_system(&error) => Err(unreachable_file(path, &error)),
            Err(error) => Err(unreadable(&shortened(&error.to_string()))),
        }
    }
}

/// The bytes of the tar itself.
fn stream<R: Read + 'static>(bytes: R, zipped: bool) -> Box<dyn Read> {
    let bytes = BufReader::new(bytes);
    if zipped { Box::new(Members(Some(GzDecoder::new(bytes)))) } else { Box::new(bytes) }
}

/// The members of a gzip file one after the other. Zeros or other bytes after the last one are passed over, as gzip itself does.
struct Members<R: BufRead>(Option<GzDecoder<R>>);

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let Some(member) = &mut self.0 else { return Ok(0) };
            let read = member.read(into)?;
            if read > 0 || into.is_empty() {
                return Ok(read);
            }
            let Some(mut rest) = self.0.take().map(GzDecoder::into_inner) else { return Ok(0) };
            if rest.fill_buf()?.starts_with(b"\x1f\x8b") {
                self.0 = Some(GzDecoder::new(rest));
            }
        }
    }
}

/// What has gone in and come out, and why no more may.
#[derive(Debug, Default)]
struct Counts {
    packed: Cell<u64>,
    unpacked: Cell<u64>,
    ended: Cell<bool>,
    stop: Cell<Option<&'static str>>,
}

struct Tally {
    inner: Bytes,
    counts: Rc<Counts>,
}

impl Read for Tally {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.counts.packed.set(self.counts.packed.get() + read as u64);
        Ok(read)
    }
}

struct Counted<'b> {
    inner: Box<dyn Read>,
    counts: Rc<Counts>,
    budget: &'b Budget,
}

impl Read for Counted<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.counts.ended.set(self.counts.ended.get() || (read == 0 && !into.is_empty()));
        let unpacked = self.counts.unpacked.get() + read as u64;
        self.counts.unpacked.set(unpacked);
        let stop = if unpacked > limits::ARCHIVE_RATIO_FROM && unpacked / limits::ARCHIVE_RATIO > self.counts.packed.get() {
            Some("the archive unpacks to more than 200 times its size")
        } else if self.budget.read.take(read as u64) {
            None
        } else {
            Some("the archive unpacks to more than is read of one submission")
        };
        self.counts.stop.set(self.counts.stop.get().or(stop));
        if self.counts.stop.get().is_some() { Err(io::Error::other("too much")) } else { Ok(read) }
    }
}
