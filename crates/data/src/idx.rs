//! The IDX format of the MNIST files: a magic number, big-endian sizes, then one byte a value (LeCun, Cortes and Burges, 1998).

use super::{Images, Malformed};

/// Unsigned bytes in one dimension, and in three.
const LABELS: [u8; 4] = [0, 0, 8, 1];
const IMAGES: [u8; 4] = [0, 0, 8, 3];

/// The labels in `bytes`.
pub(super) fn labels(bytes: &[u8]) -> Result<Vec<u8>, Malformed> {
    let (_, labels) = parse::<1>(bytes, LABELS, "labels")?;
    Ok(labels.to_vec())
}

/// The images in `bytes`.
pub(super) fn images(bytes: &[u8]) -> Result<Images, Malformed> {
    let ([count, height, width], pixels) = parse::<3>(bytes, IMAGES, "images")?;
    Ok(Images { count, height, width, channels: 1, pixels: pixels.to_vec() })
}

/// The `D` sizes and the values after them, which must be exactly as many as the sizes say.
fn parse<'b, const D: usize>(bytes: &'b [u8], magic: [u8; 4], what: &str) -> Result<([usize; D], &'b [u8]), Malformed> {
    let Some(mut rest) = bytes.strip_prefix(&magic) else {
        let start: Vec<String> = bytes.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        let right: Vec<String> = magic.iter().map(|byte| format!("{byte:02x}")).collect();
        return Err(Malformed(format!("this is no IDX file of {what}: it starts with `{}`, not `{}`", start.join(" "), right.join(" "))));
    };
    let mut sizes = [0; D];
    for size in &mut sizes {
        let (head, tail) = rest.split_first_chunk::<4>().ok_or_else(|| Malformed("the file ends within its header".to_owned()))?;
        *size = u32::from_be_bytes(*head) as usize;
        rest = tail;
    }
    let promised = sizes.iter().try_fold(1_usize, |product, &size| product.checked_mul(size));
    if promised == Some(rest.len()) {
        return Ok((sizes, rest));
    }
    let promised = promised.map_or_else(|| "far more".to_owned(), |promised| promised.to_string());
    Err(Malformed(format!("the header promises {promised} bytes of {what}, but {} follow", rest.len())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TWO_IMAGES: [u8; 28] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

    #[test]
    fn two_images_are_read() {
        let expected = Images { count: 2, height: 2, width: 3, channels: 1, pixels: (1..=12).collect() };
        assert_eq!(images(&TWO_IMAGES), Ok(expected));
    }

    #[test]
    fn a_truncated_file_says_how_much_is_missing() {
        let error = images(&TWO_IMAGES[..20]).unwrap_err();
        assert_eq!(error.to_string(), "the header promises 12 bytes of images, but 4 follow");
        assert_eq!(images(&TWO_IMAGES[..10]).unwrap_err().to_string(), "the file ends within its header");
    }

    #[test]
    fn labels_in_place_of_images_are_told_by_the_magic_number() {
        let error = labels(&TWO_IMAGES).unwrap_err();
        assert_eq!(error.to_string(), "this is no IDX file of labels: it starts with `00 00 08 03`, not `00 00 08 01`");
    }

    proptest! {
        #[test]
        fn any_bytes_are_refused_or_read(tail in proptest::collection::vec(any::<u8>(), 0..64), header in any::<bool>()) {
            let bytes = if header { [IMAGES.as_slice(), &tail].concat() } else { tail };
            let _ = labels(&bytes);
            if let Ok(images) = images(&bytes) {
                prop_assert_eq!(images.pixels.len(), images.count * images.height * images.width);
            }
        }
    }
}
