#![doc = include_str!("../README.md")]

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use zip::read::{Config, OwnedZipFileEntry};
use zip::unstable::read::ZipIterable;
use zip::{CompressionMethod, ZipReadOptions};

/// Why a zip or a file of it is not read. The message says it of the one that was asked for: "is missing".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The zip or the file is no sound one.
    #[error("is damaged: {0}")]
    Damaged(String),
    /// The zip has more files than are listed.
    #[error("holds more than {0} files")]
    TooManyFiles(usize),
    /// Two files have this name.
    #[error("holds `{0}` twice")]
    Twice(String),
    /// There is no such file.
    #[error("is missing")]
    Missing,
    /// The file is encrypted, or compressed otherwise than by deflate.
    #[error("is packed in a way that is not read")]
    Packing,
    /// The file unpacks to more bytes than this.
    #[error("has more than {0} bytes")]
    TooLarge(usize),
}

/// The list of a zip's files.
pub struct Zip<'b> {
    bytes: &'b [u8],
    files: BTreeMap<String, OwnedZipFileEntry>,
}

/// Characters of a name that a message has at most.
const NAME: usize = 60;

/// A name as it may stand in a message.
pub fn printable(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(NAME).collect()
}

impl<'b> Zip<'b> {
    /// Lists at most `most` files.
    ///
    /// # Errors
    /// [`Fault::Damaged`], [`Fault::TooManyFiles`], [`Fault::Twice`].
    pub fn open(bytes: &'b [u8], most: usize) -> Result<Self, Fault> {
        let damaged = |error: zip::result::ZipError| Fault::Damaged(error.to_string());
        let mut archive = ZipIterable::try_new(Cursor::new(bytes), Config::default()).map_err(damaged)?;
        let mut files = BTreeMap::new();
        for file in archive.files().map_err(damaged)? {
            if files.len() >= most {
                return Err(Fault::TooManyFiles(most));
            }
            let file = file.map_err(damaged)?;
            let name = file.name().unwrap_or_default().into_owned();
            if files.insert(name.clone(), file.into()).is_some() {
                return Err(Fault::Twice(printable(&name)));
            }
        }
        Ok(Self { bytes, files })
    }

    /// The names of its files with their folders, in alphabetical order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// Whether it has a file of this name or, if the name ends with `/`, one in this folder.
    pub fn holds(&self, name: &str) -> bool {
        let next = self.files.range(name.to_owned()..).next();
        next.is_some_and(|(found, _)| found == name || (name.ends_with('/') && found.starts_with(name)))
    }

    /// The bytes of a file, if they are at most `most`.
    ///
    /// # Errors
    /// [`Fault::Missing`], [`Fault::Packing`], [`Fault::TooLarge`], [`Fault::Damaged`].
    pub fn file(&self, name: &str, most: usize) -> Result<Vec<u8>, Fault> {
        let file = self.files.get(name).ok_or(Fault::Missing)?;
        if file.encrypted() || !matches!(file.compression(), CompressionMethod::Stored | CompressionMethod::Deflated) {
            return Err(Fault::Packing);
        }
        let mut unpacked = Vec::new();
        let reader = &mut Cursor::new(self.bytes);
        let read = file.as_ref().with_reader(reader, ZipReadOptions::new()).map_err(std::io::Error::other);
        let read = read.and_then(|file| file.take((most as u64).saturating_add(1)).read_to_end(&mut unpacked));
        if unpacked.len() > most {
            return Err(Fault::TooLarge(most));
        }
        read.map_err(|error| Fault::Damaged(error.to_string()))?;
        Ok(unpacked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use zip::write::SimpleFileOptions;

    fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            zip.start_file(*name, SimpleFileOptions::default().compression_method(CompressionMethod::Deflated)).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn fault<T>(result: Result<T, Fault>) -> Option<Fault> {
        result.err()
    }

    #[test]
    fn files_are_listed_and_read_up_to_their_limits() {
        let bytes = zipped(&[("b/1", &[7; 100]), ("a", b"x")]);
        let zip = Zip::open(&bytes, 2).unwrap();
        assert_eq!(zip.names().collect::<Vec<_>>(), ["a", "b/1"]);
        assert!(zip.holds("b/") && zip.holds("a") && !zip.holds("b") && !zip.holds("a/"));
        assert_eq!(zip.file("b/1", 100).unwrap(), [7; 100]);
        assert_eq!(zip.file("b/1", 99), Err(Fault::TooLarge(99)));
        assert_eq!(zip.file("c", 99), Err(Fault::Missing));
        assert_eq!(fault(Zip::open(&bytes, 1)), Some(Fault::TooManyFiles(1)));
        assert!(matches!(fault(Zip::open(&bytes[..bytes.len() - 30], 2)), Some(Fault::Damaged(_))));
    }

    #[test]
    fn a_name_that_is_there_twice_is_refused() {
        let mut bytes = zipped(&[("aa", b"1"), ("ab", b"2")]);
        while let Some(at) = bytes.windows(2).position(|pair| pair == b"ab") {
            bytes[at + 1] = b'a';
        }
        assert_eq!(fault(Zip::open(&bytes, 9)), Some(Fault::Twice("aa".to_owned())));
    }

    #[test]
    fn a_count_that_is_claimed_takes_no_memory() {
        // A zip64 end that claims a file for each byte before it; the zip crate of 2022 allocated 180 bytes for each of them.
        let body = [b"PK\x03\x04".to_vec(), vec![0; 1 << 20]].concat();
        let (offset, count) = (body.len() as u64, body.len() as u64 - 1);
        let mut bytes = body;
        bytes.extend(b"PK\x06\x06");
        bytes.extend(44_u64.to_le_bytes());
        bytes.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        bytes.extend([count, count, 46, 0].iter().flat_map(|number| number.to_le_bytes()));
        bytes.extend([b"PK\x06\x07".as_slice(), &[0; 4], &offset.to_le_bytes(), &1_u32.to_le_bytes()].concat());
        bytes.extend([b"PK\x05\x06".as_slice(), &[0; 4], &[0xff; 12], &[0; 2]].concat());
        assert!(matches!(fault(Zip::open(&bytes, 10_000)), Some(Fault::Damaged(_))));
    }
}
