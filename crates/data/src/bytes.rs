//! Reading data files whole, within a limit, unpacked and fingerprinted.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use sha2::{Digest, Sha256};

use super::Malformed;
use mlgrade_domain::diagnostic::{Code, Diagnostic};

/// The most that is read of a file, and the most that one unpacks to.
pub(super) const MOST_BYTES: u64 = 1 << 30;

/// The file at `path`, called `name` in messages.
pub(super) fn read(path: &Path, name: &str) -> Result<Vec<u8>, Diagnostic> {
    let missing = |message: String, help: &str| Diagnostic::error(Code::DataMissing, message).in_file(name).help(help.to_owned());
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(missing("the data file is not there".to_owned(), "put it there or correct the path; paths start at the rubric's folder"));
        }
        Err(error) => return Err(missing(format!("the data file cannot be opened: {error}"), "check that it is a file that you may read")),
    };
    let length = file.metadata().map_or(0, |metadata| metadata.len());
    if length > MOST_BYTES {
        let found = length as f64 / f64::from(1 << 30);
        let message = format!("the data file has {found:.1} GiB, and 1 GiB is read");
        return Err(Diagnostic::error(Code::DataMalformed, message).in_file(name).help("name a part of it: the rows and columns that are needed".to_owned()));
    }
    whole(file).map_err(|error| missing(format!("the data file cannot be read: {error}"), "check that it is a file that you may read"))
}

/// The content of `bytes`, unpacked if it is gzipped.
pub(super) fn unpack(bytes: Vec<u8>) -> Result<Vec<u8>, Malformed> {
    if bytes.starts_with(&[0x1f, 0x8b]) {
        whole(MultiGzDecoder::new(bytes.as_slice())).map_err(|error| Malformed(format!("the gzip archive is damaged: {error}")))
    } else {
        Ok(bytes)
    }
}

/// Everything in `source`, if it stays below the limit.
pub(super) fn whole(source: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST_BYTES { Err(io::Error::other("it holds more than 1 GiB")) } else { Ok(bytes) }
}

/// The SHA-256 of `bytes`, in hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    let digits: Vec<String> = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    digits.concat()
}

/// Fails unless `bytes` have the hash `expected`.
pub(super) fn verify(bytes: &[u8], expected: &str, name: &str) -> Result<(), Diagnostic> {
    let found = sha256(bytes);
    if found.eq_ignore_ascii_case(expected) {
        return Ok(());
    }
    let short = |hash: &str| hash.chars().take(12).collect::<String>();
    let message = format!("the data file is not the one that was named: its sha256 is {}…, not {}…", short(&found), short(expected));
    let help = "restore the file, or change `sha256` in the rubric if the new file is the right one".to_owned();
    Err(Diagnostic::error(Code::DataHash, message).in_file(name).help(help))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn the_hash_is_the_usual_one() {
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn gzip_is_unpacked_and_damage_is_named() -> Result<(), Box<dyn std::error::Error>> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(b"one two three")?;
        let packed = encoder.finish()?;
        assert_eq!(unpack(packed.clone())?, b"one two three");
        assert_eq!(unpack(b"plain".to_vec())?, b"plain");
        assert!(unpack(packed[..packed.len() - 6].to_vec()).is_err());
        Ok(())
    }

    #[test]
    fn another_file_is_told_by_its_hash() {
        let error = verify(b"abd", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "x.csv").unwrap_err();
        assert_eq!(error.code, Code::DataHash);
        assert!(error.message.ends_with("its sha256 is a52d159f262b…, not ba7816bf8f01…"), "{error}");
    }
}
