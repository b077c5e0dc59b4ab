//! Operators that choose, place, count or repeat numbers.

use super::Reader;
use crate::tensor::{Outcome, refuse};

/// One of them.
#[derive(Debug, Clone)]
pub(crate) enum Indexing {
    /// The places along an axis, or of the flat array, where a condition holds.
    Compress {
        axis: Option<i64>,
    },
    CumSum {
        exclusive: bool,
        reverse: bool,
    },
    /// Channels as blocks of pixels.
    DepthToSpace {
        block: usize,
        columns_first: bool,
    },
    /// 1 on a diagonal, 0 elsewhere.
    EyeLike {
        offset: i64,
        whole: Option<bool>,
    },
    GatherElements {
        axis: i64,
    },
    GatherNd {
        batch: usize,
    },
    NonZero,
    OneHot {
        axis: i64,
    },
    Range,
    ScatterElements {
        axis: i64,
        meeting: Meeting,
    },
    ScatterNd {
        meeting: Meeting,
    },
    Size,
    /// Blocks of pixels as channels.
    SpaceToDepth {
        block: usize,
    },
    Tile,
    TopK {
        axis: i64,
        least: bool,
        /// How many, in old files.
        count: Option<i64>,
    },
    /// What lies above a diagonal, or below it.
    Trilu {
        upper: bool,
    },
}

/// What becomes of a number and of another one that is put in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meeting {
    Add,
    Max,
    Min,
    Multiply,
    Replace,
}

impl Indexing {
    /// The operator `name`, if it is one of them.
    pub(super) fn read(name: &str, all: Reader<'_>) -> Outcome<Option<Self>> {
        Ok(Some(match name {
            "Compress" => Self::Compress { axis: all.has("axis").then(|| all.int("axis", 0)) },
            "CumSum" => Self::CumSum { exclusive: all.flag("exclusive", false), reverse: all.flag("reverse", false) },
            "DepthToSpace" => Self::DepthToSpace { block: block(all)?, columns_first: all.text("mode") == Some("CRD") },
            "EyeLike" => Self::EyeLike { offset: all.int("k", 0), whole: all.has("dtype").then(|| !matches!(all.int("dtype", 1), 1 | 10 | 11 | 16)) },
            "GatherElements" => Self::GatherElements { axis: all.int("axis", 0) },
            "GatherND" => Self::GatherNd { batch: all.size("batch_dims", 0)? },
            "NonZero" => Self::NonZero,
            "OneHot" => Self::OneHot { axis: all.int("axis", -1) },
            "Range" => Self::Range,
            "Scatter" | "ScatterElements" => Self::ScatterElements { axis: all.int("axis", 0), meeting: meeting(all)? },
            "ScatterND" => Self::ScatterNd { meeting: meeting(all)? },
            "Size" => Self::Size,
            "SpaceToDepth" => Self::SpaceToDepth { block: block(all)? },
            "Tile" => Self::Tile,
            "TopK" => Self::TopK { axis: all.int("axis", -1), least: !all.flag("largest", true), count: all.has("k").then(|| all.int("k", 0)) },
            "Trilu" => Self::Trilu { upper: all.flag("upper", true) },
            _ => return Ok(None),
        }))
    }
}

fn block(all: Reader<'_>) -> Outcome<usize> {
    let block = all.size("blocksize", 0)?;
    if block == 0 { Err(refuse("it does not say its `blocksize`")) } else { Ok(block) }
}

fn meeting(all: Reader<'_>) -> Outcome<Meeting> {
    Ok(match all.text("reduction") {
        None | Some("none") => Meeting::Replace,
        Some("add") => Meeting::Add,
        Some("mul") => Meeting::Multiply,
        Some("max") => Meeting::Max,
        Some("min") => Meeting::Min,
        Some(_) => return Err(refuse("its `reduction` is neither none, add, mul, max nor min")),
    })
}
