//! Where the bytes of evidence come from.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::PathBuf;

use crate::domain::diagnostic::{Code, Diagnostic};

use super::{Absent, Found};

/// A file on disk or in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A regular file.
    Disk(PathBuf),
    /// Bytes that a reference made.
    Memory(Vec<u8>),
}

impl Source {
    /// All bytes, if there are at most `limit`. `path` names the file in messages.
    pub fn read(&self, path: &str, limit: u64) -> Found<Vec<u8>> {
        let too_large = || {
            let message = format!("the file is larger than the {} that are read", megabytes(limit));
            Absent::Unreadable(Diagnostic::error(Code::TooLarge, message).in_file(path).help("hand in a smaller one".to_owned()))
        };
        match self {
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

fn unreachable_file(path: &str, error: &std::io::Error) -> Absent {
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
