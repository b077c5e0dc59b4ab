//! Padding and pooling by which images of a usual size become what the first dense layer takes in.

use super::{Kind, Part};

/// The sides of images that courses use, by their channels: MNIST and its like first, then CIFAR-10 and its like.
const GREY: [usize; 3] = [28, 32, 8];
const COLOUR: [usize; 4] = [32, 28, 64, 224];

/// Convolutions beyond this many are not tried with every pooling.
const MOST: usize = 8;

/// How images become rows.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Geometry {
    /// Channels, height and width.
    pub(super) image: [usize; 3],
    /// Whether convolutions keep the size of images.
    pub(super) padded: bool,
    /// After which convolutions images are halved.
    pub(super) pooled: Vec<bool>,
}

impl Geometry {
    /// The only plain one: strides of 1, padding everywhere or nowhere, images halved after some convolutions, for the first usual size of
    /// images that leads to the dense layer.
    pub(super) fn of(parts: &[Part]) -> Option<Self> {
        let sides: Vec<usize> = parts.iter().filter_map(|part| if let Kind::Conv { side } = part.kind { Some(side) } else { None }).collect();
        let first = parts.iter().find(|part| matches!(part.kind, Kind::Conv { .. }))?;
        let dense = parts.iter().position(|part| part.kind == Kind::Dense)?;
        let channels = parts[..dense].last()?.outputs;
        let places = parts[dense].inputs / channels.max(1);
        // A single place may also come of an average over all of them, as networks for larger images end.
        let last = (2..=224).find(|side| side * side == places)?;
        if sides.len() > MOST {
            return None;
        }
        let images: &[usize] = if first.inputs == 1 { &GREY } else { &COLOUR };
        images.iter().find_map(|&image| {
            let mut all = Vec::new();
            for padded in [false, true] {
                for pooled in poolings(sides.len()) {
                    if through(image, &sides, padded, &pooled) == Some(last) {
                        all.push(Self { image: [first.inputs, image, image], padded, pooled });
                    }
                }
            }
            // Two readings for one size are no plain one, and no other size is looked at.
            (!all.is_empty()).then(|| if all.len() == 1 { all.pop() } else { None })
        })?
    }
}

/// All ways to halve images after some of `count` convolutions.
fn poolings(count: usize) -> impl Iterator<Item = Vec<bool>> {
    (0..1_u32 << count).map(move |set| (0..count).map(|i| set >> i & 1 == 1).collect())
}

/// The side of an image after all convolutions.
fn through(image: usize, sides: &[usize], padded: bool, pooled: &[bool]) -> Option<usize> {
    sides.iter().zip(pooled).try_fold(image, |image, (&side, &pooled)| {
        // An even window does not keep the size.
        let image = if padded { (side % 2 == 1).then_some(image)? } else { (image + 1).checked_sub(side)? };
        let image = if pooled { image / 2 } else { image };
        (image > 0).then_some(image)
    })
}
