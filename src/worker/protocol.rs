//! What the parent and a worker say to each other: lines of JSON. After the line that announces a report come its bytes and those of its
//! pictures.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Read, Write};
use std::time::Duration;

use mlgrade_sandbox::{Layers, Usage};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::grade::LeftOut;

/// Longer lines are none of ours, in bytes.
const LINE_BYTES: u64 = 4 << 20;
/// Larger reports and pictures are none of ours, in bytes.
const PART_BYTES: u64 = 256 << 20;

/// One submission to be judged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Its place in the class.
    pub place: usize,
    /// Whose it is; a worker that finds somebody else's at this place says so.
    pub student: String,
    /// Free late days that earlier homeworks have used up.
    pub slack_used: u32,
    /// The processor time that it may take now.
    pub cpu: Duration,
    /// Whether a worker died of it before, so that each item is reported before it is read.
    pub is_second: bool,
    /// Items that are not to be read, by their places in the rubric.
    pub left_out: BTreeMap<usize, LeftOut>,
    /// A hash of all that its report depends on, for whoever keeps the report; no worker gets it.
    #[serde(skip)]
    pub key: Option<String>,
}

/// What a worker says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Line {
    /// It is ready for jobs, with a hash of what it judges by.
    Ready { layers: Layers, digest: String },
    /// It reads the evidence of the item at this place next.
    Begins(usize),
    /// A report of this length in bytes follows, and then the pictures with their paths.
    Judged { report: u64, pictures: Vec<(String, u64)>, usage: Usage },
    /// The job cannot be done, and that is nobody's fault but ours.
    Failed(String),
}

/// Writes a line.
pub(super) fn write(into: &mut impl Write, line: &impl Serialize) -> io::Result<()> {
    let mut text = serde_json::to_vec(line)?;
    text.push(b'\n');
    into.write_all(&text)?;
    into.flush()
}

/// The next line; `None` at the end.
pub(super) fn read<T: DeserializeOwned>(from: &mut impl BufRead) -> io::Result<Option<T>> {
    let mut text = Vec::new();
    from.take(LINE_BYTES).read_until(b'\n', &mut text)?;
    match text.last() {
        None => Ok(None),
        Some(b'\n') => Ok(Some(serde_json::from_slice(&text)?)),
        Some(_) => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

/// The next `length` bytes.
pub(super) fn bytes(from: &mut impl Read, length: u64) -> io::Result<Vec<u8>> {
    if length > PART_BYTES {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "a worker announces more than a report or picture has"));
    }
    let mut bytes = Vec::new();
    from.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == length { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_bytes_come_out_as_they_went_in() {
        let job = Job { place: 3, student: "ann\nlee".to_owned(), ..Job::default() };
        let mut pipe = Vec::new();
        write(&mut pipe, &job).unwrap();
        pipe.extend(b"abc");
        let mut pipe = pipe.as_slice();
        assert_eq!(read::<Job>(&mut pipe).unwrap(), Some(job));
        assert_eq!(bytes(&mut pipe, 3).unwrap(), b"abc");
        assert_eq!(read::<Job>(&mut pipe).unwrap(), None);
        assert_eq!(bytes(&mut pipe, 1).unwrap_err().kind(), io::ErrorKind::UnexpectedEof, "the worker died");
        assert_eq!(bytes(&mut pipe, u64::MAX).unwrap_err().kind(), io::ErrorKind::InvalidData, "nothing is reserved for it");
        assert_eq!(read::<Job>(&mut b"{\"place\":".as_slice()).unwrap_err().kind(), io::ErrorKind::UnexpectedEof, "half a line");
    }
}
