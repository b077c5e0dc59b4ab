//! The orientation that a camera or phone notes in a JPEG's Exif data: viewers turn the picture by it, so a reader must too.
//!
//! Exif is a TIFF structure (CIPA DC-008, section 4.6): a byte order, the place of the first directory, and entries of twelve bytes.

/// The tag of the orientation.
const ORIENTATION: u16 = 0x0112;

/// Entries of a directory that are looked at.
const ENTRIES: u16 = 200;

/// How the rows and columns of a stored picture lie on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Orientation(u16);

impl Orientation {
    /// What `exif`, the TIFF structure with or without its `Exif` header, says; `None` where it says nothing or leaves the picture as it is.
    pub(super) fn of(exif: &[u8]) -> Option<Self> {
        let tiff = exif.strip_prefix(b"Exif\0\0").unwrap_or(exif);
        let little = match tiff.get(..2)? {
            b"II" => true,
            b"MM" => false,
            _ => return None,
        };
        let bytes = |at: usize, count: usize| tiff.get(at..at.checked_add(count)?);
        let short = |at: usize| {
            let pair: [u8; 2] = bytes(at, 2)?.try_into().ok()?;
            Some(if little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) })
        };
        let long: [u8; 4] = bytes(4, 4)?.try_into().ok()?;
        let directory = usize::try_from(if little { u32::from_le_bytes(long) } else { u32::from_be_bytes(long) }).ok()?;
        let entries = short(directory)?.min(ENTRIES);
        let places = (0..usize::from(entries)).filter_map(|entry| directory.checked_add(2 + 12 * entry));
        let value = places.filter(|at| short(*at) == Some(ORIENTATION)).find_map(|at| short(at.checked_add(8)?))?;
        (2..=8).contains(&value).then_some(Self(value))
    }

    /// Rows of pixels of `channels` bytes as they lie on the screen, with their width and height.
    pub(super) fn turned(self, pixels: &[u8], (width, height): (usize, usize), channels: usize) -> (Vec<u8>, usize, usize) {
        let (across, down) = if self.0 >= 5 { (height, width) } else { (width, height) };
        let mut out = Vec::with_capacity(pixels.len());
        for y in 0..down {
            for x in 0..across {
                // Where the pixel at (x, y) of the screen is stored.
                let (column, row) = match self.0 {
                    2 => (width - 1 - x, y),
                    3 => (width - 1 - x, height - 1 - y),
                    4 => (x, height - 1 - y),
                    5 => (y, x),
                    6 => (y, height - 1 - x),
                    7 => (width - 1 - y, height - 1 - x),
                    8 => (width - 1 - y, x),
                    _ => (x, y),
                };
                let at = (row * width + column) * channels;
                out.extend_from_slice(pixels.get(at..at + channels).unwrap_or_default());
            }
        }
        (out, across, down)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Exif with one entry, the orientation `value`, in either byte order.
    fn exif(value: u16, little: bool) -> Vec<u8> {
        let short = |v: u16| if little { v.to_le_bytes() } else { v.to_be_bytes() };
        let long = |v: u32| if little { v.to_le_bytes() } else { v.to_be_bytes() };
        let head: &[u8] = if little { b"II" } else { b"MM" };
        [head, &short(42), &long(8), &short(1), &short(ORIENTATION), &short(3), &long(1), &short(value), &[0, 0]].concat()
    }

    #[test]
    fn each_orientation_puts_the_corners_where_the_standard_says() {
        // Two rows of three pixels. The eight values by the table of Exif 2.3: where row 0 and column 0 are.
        let stored = [1, 2, 3, 4, 5, 6];
        let expected: [(u16, &[u8], usize); 7] = [
            (2, &[3, 2, 1, 6, 5, 4], 3),
            (3, &[6, 5, 4, 3, 2, 1], 3),
            (4, &[4, 5, 6, 1, 2, 3], 3),
            (5, &[1, 4, 2, 5, 3, 6], 2),
            (6, &[4, 1, 5, 2, 6, 3], 2),
            (7, &[6, 3, 5, 2, 4, 1], 2),
            (8, &[3, 6, 2, 5, 1, 4], 2),
        ];
        for (value, pixels, width) in expected {
            for little in [true, false] {
                let turned = Orientation::of(&exif(value, little)).unwrap().turned(&stored, (3, 2), 1);
                assert_eq!(turned, (pixels.to_vec(), width, 6 / width), "orientation {value}");
            }
        }
    }

    #[test]
    fn a_picture_that_is_upright_or_says_nothing_stays_as_it_is() {
        for bytes in [exif(1, true), exif(0, true), exif(9, false), Vec::new(), b"Exif\0\0II".to_vec(), b"nothing".to_vec()] {
            assert_eq!(Orientation::of(&bytes), None);
        }
        assert!(Orientation::of(&[b"Exif\0\0".to_vec(), exif(6, false)].concat()).is_some());
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_crash(bytes in prop::collection::vec(any::<u8>(), 0..80), little: bool) {
            let head: &[u8] = if little { b"II*\0" } else { b"MM\0*" };
            let _ = Orientation::of(&[head, &bytes].concat());
        }
    }
}
