//! Archives: which kind one is, where its bytes are, and what may be unpacked of it. Nothing is ever unpacked to disk.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::limits;
use crate::evidence::source::{Source, unreachable_file};
use crate::evidence::{Absent, Found};

use super::listing::Listing;
use super::{tar, zip};

/// What to do about an archive that cannot be read.
pub(super) const AGAIN: &str = "hand it in again, as a .zip or .tar.gz";

/// Endings of archives, those that are refused by name included.
const ENDINGS: [&str; 16] =
    [".zip", ".tar.gz", ".tgz", ".tar", ".rar", ".7z", ".tar.bz2", ".tbz2", ".tbz", ".tar.xz", ".txz", ".tar.zst", ".tzst", ".tar.lz", ".zipx", ".tar.z"];

/// The name without an archive's ending, if it has one.
pub(super) fn stem(name: &str) -> Option<&str> {
    ENDINGS.iter().filter(|ending| ends(name, ending)).map(|ending| &name[..name.len() - ending.len()]).min_by_key(|stem| stem.len())
}

/// Whether `name` ends so, and is more than that.
fn ends(name: &str, ending: &str) -> bool {
    name.len() > ending.len() && name.get(name.len() - ending.len()..).is_some_and(|end| end.eq_ignore_ascii_case(ending))
}

/// Where an archive's bytes are.
#[derive(Debug, Clone)]
pub(super) enum Origin {
    Disk(PathBuf),
    Memory(Arc<[u8]>),
}

/// An archive's bytes, from the beginning.
pub(super) enum Bytes {
    Disk(File),
    Memory(Cursor<Arc<[u8]>>),
}

impl Origin {
    pub(super) fn open(&self) -> io::Result<Bytes> {
        Ok(match self {
            Self::Disk(path) => Bytes::Disk(File::open(path)?),
            Self::Memory(bytes) => Bytes::Memory(Cursor::new(Arc::clone(bytes))),
        })
    }

    /// The bytes of `source`: a file on disk stays there, what lies in an archive is kept in memory as long as it is looked into.
    fn of(source: &Source, path: &str, budget: &Budget) -> Found<Self> {
        let read = |source: &Source| {
            let bytes = source.read(path, budget.kept.left())?;
            budget.kept.take(bytes.len() as u64);
            Ok(Self::Memory(bytes.into()))
        };
        match source {
            Source::Disk(disk) => Ok(Self::Disk(disk.clone())),
            Source::Memory(_) | Source::Packed(..) => read(source),
        }
    }
}

impl Read for Bytes {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Disk(file) => file.read(into),
            Self::Memory(bytes) => bytes.read(into),
        }
    }
}

impl Seek for Bytes {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::Disk(file) => file.seek(to),
            Self::Memory(bytes) => bytes.seek(to),
        }
    }
}

/// Bytes that may still be used.
#[derive(Debug)]
pub(super) struct Allowance(AtomicU64);

impl Allowance {
    pub(super) fn left(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Takes `bytes` if that many are left, and says whether they were.
    pub(super) fn take(&self, bytes: u64) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(bytes)).is_ok()
    }
}

/// What may be unpacked of the archives of one submission, nested ones included.
#[derive(Debug)]
pub(super) struct Budget {
    /// Bytes unpacked in all.
    pub(super) read: Allowance,
    /// Bytes kept in memory.
    pub(super) kept: Allowance,
}

impl Budget {
    pub(super) fn of_submission() -> Arc<Self> {
        Self::new(limits::ARCHIVE_READ_BYTES)
    }

    /// For the download of a class, which no single student makes.
    pub(super) fn of_class() -> Arc<Self> {
        Self::new(limits::CLASS_READ_BYTES)
    }

    fn new(read: u64) -> Arc<Self> {
        Arc::new(Self { read: Allowance(read.into()), kept: Allowance(limits::ARCHIVE_KEPT_BYTES.into()) })
    }
}

/// Lists the archive `source`, called `name`. What is wrong with it stands in the listing; an error is a disk's or a permission's, not the student's.
pub(super) fn list(source: &Source, name: &str, budget: &Arc<Budget>) -> Found<Listing> {
    let origin = match Origin::of(source, name, budget) {
        Ok(origin) => origin,
        Err(Absent::Unreachable(reason)) => return Err(Absent::Unreachable(reason)),
        Err(absent) => return Ok(lacking(absent.diagnostic().clone())),
    };
    let mut start = Vec::new();
    let read = origin.open().and_then(|bytes| bytes.take(512).read_to_end(&mut start));
    if let Err(error) = read {
        return Err(unreachable_file(name, &error));
    }
    let mut listing = if start.starts_with(b"PK\x03\x04") || start.starts_with(b"PK\x05\x06") {
        zip::list(origin, name, budget)
    } else if start.starts_with(b"\x1f\x8b") {
        tar::list(origin, name, true, budget)
    } else if start.get(257..262) == Some(b"ustar") {
        tar::list(origin, name, false, budget)
    } else if let Some(kind) = refused(&start) {
        let message = format!("this is {kind}, which is not read");
        Ok(lacking(Diagnostic::error(Code::NotReadable, message).in_file(name).help("pack the folder as a .zip or .tar.gz and hand that in".to_owned())))
    } else if start.is_empty() {
        Ok(lacking(damaged(name, "it is empty")))
    } else if ends(name, ".tar") {
        // Tars of before 1988 have no mark.
        tar::list(origin, name, false, budget)
    } else if ends(name, ".zip") {
        // Bytes before the archive, such as a program that unpacks it, do no harm.
        zip::list(origin, name, budget)
    } else {
        Ok(lacking(damaged(name, "it does not begin as an archive does")))
    }?;
    listing.close();
    Ok(listing)
}

/// The kinds that are called by their name, from a file's first bytes.
fn refused(start: &[u8]) -> Option<&'static str> {
    let kinds: [(&[u8], &str); 6] = [
        (b"Rar!", "a RAR archive"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
        (b"BZh", "a file compressed with bzip2"),
        (b"\xfd7zXZ\0", "a file compressed with xz"),
        (b"\x28\xb5\x2f\xfd", "a file compressed with zstd"),
        (b"PK\x07\x08", "a part of a split zip"),
    ];
    kinds.into_iter().find(|(mark, _)| start.starts_with(mark)).map(|(_, kind)| kind)
}

/// A listing of nothing, and why.
pub(super) fn lacking(why: Diagnostic) -> Listing {
    let mut listing = Listing::default();
    listing.note_missing(why);
    listing
}

/// The archive called `name` is damaged.
pub(super) fn damaged(name: &str, how: &str) -> Diagnostic {
    Diagnostic::error(Code::NotReadable, format!("the archive is damaged: {how}")).in_file(name).help(AGAIN.to_owned())
}

/// More would be unpacked of the archive called `name` than is.
pub(super) fn too_much(name: &str, how: &str) -> Diagnostic {
    Diagnostic::error(Code::TooLarge, format!("{how}; what comes after is not looked at"))
        .in_file(name)
        .help("leave out data sets and whatever is not asked for".to_owned())
}

/// Whether the system, not the archive, made `error`.
pub(super) fn is_of_the_system(error: &io::Error) -> bool {
    error.raw_os_error().is_some()
}
