//! Bytes that may be read a few times over, and no more.
//!
//! Links and references of an HDF5 file may lead to the same bytes again and again, so that a small file would unfold to any size. The library
//! that parses it allocates for what it has read; a budget of bytes read is one of memory and of time.

use std::sync::atomic::{AtomicU64, Ordering};

use hdf5_pure::{FormatError, Source};

/// How often all bytes may be read, on average: of a file that Keras wrote each is read once or twice.
const TIMES: u64 = 8;

/// What reading may take however small the file is.
const ANYWAY: u64 = 1 << 20;

/// A file in memory.
#[derive(Debug)]
pub(super) struct Metered {
    bytes: Vec<u8>,
    left: AtomicU64,
}

impl Metered {
    pub(super) fn new(bytes: Vec<u8>) -> Self {
        let left = AtomicU64::new((bytes.len() as u64).saturating_mul(TIMES).saturating_add(ANYWAY));
        Self { bytes, left }
    }
}

impl Source for Metered {
    fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<(), FormatError> {
        let spent = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(into.len() as u64));
        spent.map_err(|_| FormatError::Source("it refers to the same bytes again and again".to_owned()))?;
        let start = usize::try_from(offset).unwrap_or(usize::MAX);
        let found = start.checked_add(into.len()).and_then(|end| self.bytes.get(start..end));
        into.copy_from_slice(found.ok_or_else(|| FormatError::Source("it ends too early".to_owned()))?);
        Ok(())
    }
}
