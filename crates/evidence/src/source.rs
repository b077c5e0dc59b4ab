//! Where the bytes of evidence come from.

use std::fmt;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::PathBuf;
use std::sync::Arc;

use mlgrade_domain::diagnostic::{Code, Diagnostic};

use super::{Absent, Found};

/// A file on disk, in memory or in an archive.
#[derive(Debug, Clone)]
pub enum Source {
    /// A regular file.
    Disk(PathBuf),
    /// Bytes that a reference made.
    Memory(Vec<u8>),
    /// A file of an archive, by its number there.
    Packed(Arc<dyn Unpack>, usize),
}

/// An archive that has been listed. Its files are unpacked when they are asked for, and never to disk.
pub trait Unpack: fmt::Debug + Send + Sync {
    /// All bytes of the file `entry`, if there are at most `limit`: what is read counts, not what a header says. `path` names it in messages.
    fn unpack(&self, entry: usize, path: &str, limit: u64) -> Found<Vec<u8>>;
}

impl Source {
    /// All bytes, if there are at most `limit` and they are the file itself. `path` names the file in messages.
    pub fn read(&self, path: &str, limit: u64) -> Found<Vec<u8>> {
        let bytes = self.read_all(path, limit)?;
        if bytes.starts_with(b"version https://git-lfs") { Err(lfs_pointer(path)) } else { Ok(bytes) }
    }

    fn read_all(&self, path: &str, limit: u64) -> Found<Vec<u8>> {
        let too_large = || too_large(path, limit);
        match self {
            Self::Packed(archive, entry) => archive.unpack(*entry, path, limit),
            Self::Memory(bytes) if bytes.len() as u64 > limit => Err(too_large()),
            Self::Memory(bytes) => Ok(bytes.clone()),
            Self::Disk(disk) => {
                let mut bytes = Vec::new();
                // What is read is counted; the size that the file system states may be stale.
                let read = File::open(disk).and_then(|file| file.take(limit + 1).read_to_end(&mut bytes));
                match read {
                    Ok(_) if bytes.len() as u64 > limit => Err(too_large()),
                    Ok(_) => Ok(bytes),
                    Err(error) => Err(unreachable_file(path, &error)),
                }
            }
        }
    }
}

/// What is said of the file at `path` that has more than `limit` bytes.
pub fn too_large(path: &str, limit: u64) -> Absent {
    let message = format!("the file is larger than the {} that are read", megabytes(limit));
    Absent::Unreadable(Diagnostic::error(Code::TooLarge, message).in_file(path).help("hand in a smaller one".to_owned()))
}

/// What is said of the file at `path` that Git has left in the place of a large one.
fn lfs_pointer(path: &str) -> Absent {
    let diagnostic = Diagnostic::error(Code::NotReadable, "this is a pointer of Git LFS, not the file that it stands for").in_file(path);
    Absent::Unreadable(diagnostic.help("hand in the file itself; `git lfs pull` fetches it".to_owned()))
}

/// What is said of the file at `path` that the system does not let us read.
pub fn unreachable_file(path: &str, error: &std::io::Error) -> Absent {
    let reason = match error.kind() {
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::NotFound => "it has vanished since the folder was listed".to_owned(),
        kind => kind.to_string(),
    };
    let diagnostic = Diagnostic::error(Code::NotReadable, format!("the file cannot be opened: {reason}")).in_file(path);
    Absent::Unreachable(diagnostic.help("make it readable and grade again".to_owned()))
}

fn megabytes(bytes: u64) -> String {
    format!("{} MiB", bytes >> 20)
}
