//! Conditions and loops, whose graphs are run as often as they say, within the budget.

use super::Reader;
use crate::graph::{Block, Value};
use crate::tensor::{Outcome, refuse};

/// A condition or a loop.
#[derive(Debug, Clone)]
pub(crate) struct Control {
    pub(crate) branches: Branches,
    /// How many inputs the operator itself has; after them stand the values that its graphs take from around it.
    pub(crate) own: usize,
    pub(crate) captured: Vec<Value>,
}

/// Its graphs.
#[derive(Debug, Clone)]
pub(crate) enum Branches {
    If {
        yes: Block,
        no: Block,
    },
    Loop(Block),
    /// A loop over the slices of arrays along an axis.
    Scan {
        body: Block,
        /// The axis and the direction of each array.
        taken: Vec<Along>,
        /// Those of the arrays that the slices of the outputs become.
        made: Vec<Along>,
    },
}

/// An axis, and whether it is gone along from its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Along {
    pub(crate) axis: i64,
    pub(crate) backward: bool,
}

impl Branches {
    pub(crate) fn scan(body: Block, version: i64, all: Reader<'_>) -> Outcome<Self> {
        if version < 9 {
            return Err(refuse("a Scan of the operator set 8 is not run").help("export it with a newer one"));
        }
        let count = all.size("num_scan_inputs", 0)?;
        let states = body.inputs.len().checked_sub(count).filter(|_| count > 0);
        let states = states.ok_or_else(|| refuse(format!("a Scan goes through {count} of {} arrays", body.inputs.len())))?;
        let made = body.outputs.len().checked_sub(states).ok_or_else(|| refuse("a Scan loses one of its states"))?;
        let (taken, made) = (along(all, "scan_input", count)?, along(all, "scan_output", made)?);
        Ok(Self::Scan { body, taken, made })
    }

    /// The graphs of all cases.
    pub(crate) fn blocks(&self) -> Vec<&Block> {
        match self {
            Self::If { yes, no } => vec![yes, no],
            Self::Loop(body) | Self::Scan { body, .. } => vec![body],
        }
    }
}

/// The axes and directions of `count` arrays.
fn along(all: Reader<'_>, name: &str, count: usize) -> Outcome<Vec<Along>> {
    let (axes, directions) = (all.whole(&format!("{name}_axes")), all.whole(&format!("{name}_directions")));
    if ![0, count].contains(&axes.len()) || ![0, count].contains(&directions.len()) {
        return Err(refuse(format!("a Scan of {count} arrays names {} axes and {} directions", axes.len(), directions.len())));
    }
    let of = |list: &[i64], i: usize| list.get(i).copied().unwrap_or(0);
    Ok((0..count).map(|i| Along { axis: of(axes, i), backward: of(directions, i) != 0 }).collect())
}
