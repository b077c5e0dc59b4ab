//! Windows that slide over planes, or over signals of one dimension.

use super::Reader;
use super::attributes::size;
use crate::tensor::{Outcome, refuse};

/// How far a window is moved, and what stands around the planes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Window {
    /// Its height and width; of a convolution, what its weights say.
    pub(crate) size: Option<[usize; 2]>,
    pub(crate) strides: [usize; 2],
    pub(crate) dilations: [usize; 2],
    pub(crate) padding: Padding,
    pub(crate) ceil: bool,
    /// How many dimensions the file speaks of, if it does. Of one, the height is 1; of three, the window is one place high and wide, and the
    /// depth counts as the height.
    pub(crate) dimensions: Option<usize>,
}

/// The rows and columns around the planes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Padding {
    /// Top, left, bottom, right.
    Given([usize; 4]),
    /// As much as gives the output the input's size over the stride; an odd one goes to the end, or to the start.
    Same { odd_at_start: bool },
}

/// Why a window is refused.
const TWO_DIMENSIONS: &str = "only windows over one or two dimensions are run";

impl Window {
    pub(crate) fn read(all: Reader<'_>) -> Outcome<Self> {
        let lists = [("kernel_shape", 1), ("strides", 1), ("dilations", 1), ("pads", 2), ("output_padding", 1)];
        let mut dimensions = None;
        for (name, each) in lists {
            let Some(length) = all.ints(name).map(|list| list.len()).filter(|&length| length > 0) else { continue };
            if length > 3 * each || !length.is_multiple_of(each) || dimensions.is_some_and(|known| known != length / each) {
                return Err(refuse(format!("`{name}` has {length} numbers: {TWO_DIMENSIONS}")));
            }
            dimensions = Some(length / each);
        }
        if dimensions == Some(3) && !lists.iter().all(|(name, each)| all.ints(name).is_none_or(|list| flat(&list, *each))) {
            return Err(refuse(format!("a window over three dimensions is not run: {TWO_DIMENSIONS}")));
        }
        let pair = |name: &str| pair(all, name);
        let padding = match all.text("auto_pad").unwrap_or("NOTSET") {
            "SAME_UPPER" => Padding::Same { odd_at_start: false },
            "SAME_LOWER" => Padding::Same { odd_at_start: true },
            "VALID" => Padding::Given([0; 4]),
            _ => Padding::Given(pads(all)?),
        };
        let (strides, dilations) = (pair("strides")?.unwrap_or([1; 2]), pair("dilations")?.unwrap_or([1; 2]));
        let window = Self { size: pair("kernel_shape")?, strides, dilations, padding, ceil: all.flag("ceil_mode", false), dimensions };
        if window.strides.contains(&0) || window.dilations.contains(&0) || window.size.is_some_and(|size| size.contains(&0)) {
            return Err(refuse("a window of size, stride or dilation 0 leads nowhere"));
        }
        Ok(window)
    }
}

/// Whether a list of three dimensions leaves all but the first as they are: sizes and steps of 1, and nothing around them.
fn flat(list: &[i64], each: usize) -> bool {
    list.chunks(3).all(|list| list.iter().skip(1).all(|&number| number == i64::from(each == 1)))
}

/// Two sizes, the first of them 1 where one is given.
fn pair(all: Reader<'_>, name: &str) -> Outcome<Option<[usize; 2]>> {
    Ok(match all.ints(name).as_deref() {
        Some(&[wide]) => Some([1, size(wide, name)?]),
        Some(&[tall, wide] | &[tall, wide, _]) => Some([size(tall, name)?, size(wide, name)?]),
        _ => None,
    })
}

/// What stands at each side; of one dimension nothing above and below.
fn pads(all: Reader<'_>) -> Outcome<[usize; 4]> {
    let of = |value: i64| size(value, "pads");
    Ok(match all.ints("pads").as_deref() {
        Some(&[left, right]) => [0, of(left)?, 0, of(right)?],
        Some(&[top, left, bottom, right]) => [of(top)?, of(left)?, of(bottom)?, of(right)?],
        Some(&[before, _, _, after, _, _]) => [of(before)?, 0, of(after)?, 0],
        _ => [0; 4],
    })
}

/// What is added at the end of a convolution's transpose.
pub(super) fn extra(all: Reader<'_>) -> Outcome<[usize; 2]> {
    Ok(match all.ints("output_padding").as_deref() {
        Some(&[wide]) => [0, size(wide, "output_padding")?],
        _ => pair(all, "output_padding")?.unwrap_or([0; 2]),
    })
}
