//! NumPy's archives: a zip with an NPY file for each array.
//!
//! What the archive says of itself is never believed: nothing is allocated for more than the bytes that come out.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use zip::read::{Config, OwnedZipFileEntry};
use zip::unstable::read::ZipIterable;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipReadOptions};

use super::array::{self, Array};

/// The files of an archive that are looked at.
const FILES: usize = 10_000;

/// An archive of arrays.
pub struct Archive<'b> {
    bytes: &'b [u8],
    /// By name, without the ending `.npy`.
    arrays: BTreeMap<String, OwnedZipFileEntry>,
    /// Whether a file of it is a pickle, as in what `torch.save` writes.
    pub has_pickle: bool,
}

impl<'b> Archive<'b> {
    /// Lists the arrays. The error is one sentence without a full stop.
    pub fn open(bytes: &'b [u8]) -> Result<Self, String> {
        let damaged = |error: zip::result::ZipError| format!("the archive is damaged: {error}");
        let mut archive = ZipIterable::try_new(Cursor::new(bytes), Config::default()).map_err(damaged)?;
        let (mut arrays, mut has_pickle) = (BTreeMap::new(), false);
        for entry in archive.files().map_err(damaged)?.take(FILES) {
            let entry = entry.map_err(damaged)?;
            let name = entry.name().unwrap_or_default().into_owned();
            has_pickle |= name.rsplit_once('.').is_some_and(|(_, ending)| ending == "pkl");
            if let Some(name) = name.strip_suffix(".npy") {
                arrays.insert(name.to_owned(), entry.into());
            }
        }
        Ok(Self { bytes, arrays, has_pickle })
    }

    /// The names of the arrays, in alphabetical order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.arrays.keys().map(String::as_str)
    }

    /// The array `name`, if it unpacks to at most `bytes` bytes and has at most `elements` elements.
    pub fn array(&self, name: &str, bytes: u64, elements: usize) -> Result<Array, String> {
        let of = |what: String| format!("array `{name}` {what}");
        let entry = self.arrays.get(name).ok_or_else(|| of("is not there".to_owned()))?;
        if entry.encrypted() || !matches!(entry.compression(), CompressionMethod::Stored | CompressionMethod::Deflated) {
            return Err(of("is packed in a way that is not read; write it with np.savez or np.savez_compressed".to_owned()));
        }
        let mut unpacked = Vec::new();
        let reader = &mut Cursor::new(self.bytes);
        let read = entry.as_ref().with_reader(reader, ZipReadOptions::new()).map_err(std::io::Error::other);
        read.and_then(|file| file.take(bytes.saturating_add(1)).read_to_end(&mut unpacked)).map_err(|error| of(format!("cannot be unpacked: {error}")))?;
        if unpacked.len() as u64 > bytes {
            return Err(of(format!("unpacks to more than the {} MiB that are read", bytes >> 20)));
        }
        array::decode(&unpacked, elements).map_err(|message| format!("array `{name}`: {message}"))
    }
}

/// An archive of these arrays of float64, by name, shape and values, as `np.savez` writes it.
///
/// # Errors
/// Where NumPy's header has no room for a shape.
pub fn write(arrays: &[(&str, &[u64], &[f64])]) -> std::io::Result<Vec<u8>> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, shape, values) in arrays {
        let shape: String = shape.iter().flat_map(|size| [size.to_string(), ",".to_owned()]).collect();
        let header = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': ({shape}), }}\n");
        let length = u16::try_from(header.len()).map_err(std::io::Error::other)?;
        zip.start_file(format!("{name}.npy"), SimpleFileOptions::default().compression_method(CompressionMethod::Stored))?;
        zip.write_all(&[b"\x93NUMPY\x01\x00".as_slice(), &length.to_le_bytes(), header.as_bytes()].concat())?;
        zip.write_all(&values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>())?;
    }
    Ok(zip.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(arrays: &[(&str, &[u64], &[f64])]) -> Vec<u8> {
        write(arrays).unwrap()
    }

    #[test]
    fn arrays_are_named_in_order_and_read() {
        let bytes = written(&[("y", &[2], &[1.0, 2.0]), ("a", &[1, 2], &[3.0, 4.0]), ("z", &[], &[5.0])]);
        let archive = Archive::open(&bytes).unwrap();
        assert_eq!(archive.names().collect::<Vec<_>>(), ["a", "y", "z"]);
        assert_eq!(archive.array("y", 1_000, 10).unwrap().values, [1.0, 2.0]);
        assert!(archive.array("y", 10, 10).unwrap_err().starts_with("array `y` unpacks to more than"));
        assert!(archive.array("y", 1_000, 1).unwrap_err().starts_with("array `y`: it has 2 elements, more than the 1"));
        assert_eq!(archive.array("b", 1_000, 10).unwrap_err(), "array `b` is not there");
        assert!(Archive::open(&bytes[..bytes.len() - 30]).is_err());
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
        assert!(
            Archive::open(&bytes).is_err_and(|message| message.starts_with("the archive is damaged")) || Archive::open(&bytes).unwrap().names().count() == 0
        );
    }

    proptest! {
        #[test]
        fn any_damage_is_refused_or_read(at in 0usize..400, byte: u8, cut in 0usize..400) {
            let mut bytes = written(&[("y", &[2], &[1.0, 2.0]), ("a", &[1, 2], &[3.0, 4.0])]);
            let place = at % bytes.len();
            bytes[place] = byte;
            bytes.truncate(bytes.len().max(cut) - cut.min(bytes.len()));
            if let Ok(archive) = Archive::open(&bytes) {
                let _ = archive.names().filter(|name| archive.array(name, 1_000, 10).is_ok()).count();
            }
        }
    }
}
