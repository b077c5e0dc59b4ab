//! `Resize` and its forerunner `Upsample`.

use super::{Reader, unknown};
use crate::tensor::{Outcome, refuse};

/// How planes are made larger or smaller.
#[derive(Debug, Clone)]
pub(crate) struct Resize {
    pub(crate) mode: Mode,
    pub(crate) coordinates: Coordinates,
    /// Factors that an old file states as an attribute.
    pub(crate) factors: Option<Vec<f32>>,
    /// Where the factors stand among the inputs; the lengths stand after them.
    pub(crate) slot: usize,
    /// The axes that factors and lengths are of.
    pub(crate) axes: Option<Vec<i64>>,
}

/// What becomes of the numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Linear,
    Nearest(Rounding),
}

/// Which number is the nearest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rounding {
    Ceil,
    Floor,
    HalfDown,
    HalfUp,
}

/// Which place of the input a place of the output is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coordinates {
    AlignCorners,
    Asymmetric,
    HalfPixel,
    HalfPixelSymmetric,
    PytorchHalfPixel,
}

impl Resize {
    pub(super) fn read(name: &str, version: i64, all: Reader<'_>) -> Outcome<Self> {
        // Before the operator set 11 places were those of the factors alone, and cut off.
        let old = name == "Upsample" || version < 11;
        let other = |what: &str| Err(refuse(format!("a Resize with `{what}` is not run")).help("hand in predictions instead"));
        if all.flag("antialias", false) {
            return other("antialias");
        }
        if all.text("keep_aspect_ratio_policy").is_some_and(|policy| policy != "stretch") {
            return other("keep_aspect_ratio_policy");
        }
        let rounding = match all.text("nearest_mode") {
            _ if old => Rounding::Floor,
            None | Some("round_prefer_floor") => Rounding::HalfDown,
            Some("round_prefer_ceil") => Rounding::HalfUp,
            Some("floor") => Rounding::Floor,
            Some("ceil") => Rounding::Ceil,
            Some(_) => return Err(unknown(name)),
        };
        let mode = match all.text("mode") {
            None | Some("nearest") => Mode::Nearest(rounding),
            Some("linear" | "bilinear") => Mode::Linear,
            Some(_) => return other("mode = cubic"),
        };
        let coordinates = match all.text("coordinate_transformation_mode") {
            _ if old => Coordinates::Asymmetric,
            None | Some("half_pixel") => Coordinates::HalfPixel,
            Some("half_pixel_symmetric") => Coordinates::HalfPixelSymmetric,
            Some("pytorch_half_pixel") => Coordinates::PytorchHalfPixel,
            Some("align_corners") => Coordinates::AlignCorners,
            Some("asymmetric") => Coordinates::Asymmetric,
            Some(_) => return other("coordinate_transformation_mode"),
        };
        let factors = Some(all.floats("scales").to_vec()).filter(|factors| !factors.is_empty());
        Ok(Self { mode, coordinates, factors, slot: if old { 1 } else { 2 }, axes: all.ints("axes") })
    }
}
