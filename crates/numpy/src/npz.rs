//! NumPy's archives: a zip with an NPY file for each array.
//!
//! What the archive says of itself is never believed: nothing is allocated for more than the bytes that come out.

use std::io::{Cursor, Write};

use mlgrade_zip::{Fault, Zip};
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

use super::array::{self, Array};

/// The files of an archive that are looked at.
const FILES: usize = 10_000;

/// The ending of an array's name in the archive.
const ENDING: &str = ".npy";

/// An archive of arrays.
pub struct Archive<'b> {
    zip: Zip<'b>,
}

impl<'b> Archive<'b> {
    /// Lists the arrays. The error is one sentence without a full stop.
    pub fn open(bytes: &'b [u8]) -> Result<Self, String> {
        Zip::open(bytes, FILES).map(|zip| Self { zip }).map_err(|fault| format!("the archive {fault}"))
    }

    /// Whether a file of it is a pickle, as in what `torch.save` writes.
    pub fn has_pickle(&self) -> bool {
        self.zip.names().any(|name| name.rsplit_once('.').is_some_and(|(_, ending)| ending == "pkl"))
    }

    /// The names of the arrays, in alphabetical order, without the ending `.npy`.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.zip.names().filter_map(|name| name.strip_suffix(ENDING))
    }

    /// The array `name`, if it unpacks to at most `bytes` bytes and has at most `elements` elements.
    pub fn array(&self, name: &str, bytes: u64, elements: usize) -> Result<Array, String> {
        array::decode(&self.npy(name, bytes)?, elements).map_err(|message| format!("array `{name}`: {message}"))
    }

    /// The NPY file of the array `name`, if it unpacks to at most `bytes` bytes.
    pub fn npy(&self, name: &str, bytes: u64) -> Result<Vec<u8>, String> {
        let most = usize::try_from(bytes).unwrap_or(usize::MAX);
        self.zip.file(&format!("{name}{ENDING}"), most).map_err(|fault| {
            let what = match fault {
                Fault::Missing => "is not there".to_owned(),
                Fault::Packing => format!("{fault}; write it with np.savez or np.savez_compressed"),
                Fault::TooLarge(_) => format!("unpacks to more than the {} MiB that are read", bytes >> 20),
                _ => fault.to_string(),
            };
            format!("array `{name}` {what}")
        })
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
