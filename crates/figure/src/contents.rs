//! What stands on a figure, read without a claim: a list for a person, from which nothing is judged.

use std::fmt::{Display, Formatter, Result};

use crate::reading::{Frame, Furniture};
use crate::reason::NoAxes;

/// What was read of a figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Contents {
    /// Its pairs of axes that could be read, left to right and top to bottom.
    pub panels: Vec<Panel>,
    /// Why there are none.
    pub none: Option<NoAxes>,
    /// Whether panels may have been missed, so that their numbers are not sure.
    pub incomplete: bool,
}

/// What was read of one pair of axes.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// Its number, from 1: panels whose axes cannot be read are counted, but not listed.
    pub number: usize,
    /// Its frame in pixels; `None` for a chart that says nothing of pixels.
    pub frame: Option<Frame>,
    /// The values at the left and the right end of the x axis; `None` if they could not be read.
    pub x: Option<Axis>,
    /// The values at the lower and the upper end of each y axis.
    pub y: Vec<Axis>,
    /// Its labels, title and legend.
    pub furniture: Furniture,
    /// What is drawn on it, the largest first.
    pub drawn: Vec<Drawn>,
}

/// One axis, from its first end to its second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Axis {
    /// The values at its ends, in its unit.
    pub ends: [f64; 2],
    /// Whether it is logarithmic.
    pub log: bool,
    /// Whether enough tick labels agree on it.
    pub sure: bool,
}

/// What is drawn in one colour.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// Its colour, if it is known.
    pub colour: Option<[u8; 3]>,
    /// What the legend calls it; several where a colour is used for several series. Empty without a legend that can be read.
    pub names: Vec<String>,
    /// What it looks like.
    pub looks: Looks,
    /// The least and the greatest x and y of it, in the units of the axes.
    pub extent: Option<[[f64; 2]; 2]>,
    /// Some of the places that it shows, as x and y, by rising x. Of pixels they are read to about one percent of the axes.
    pub values: Vec<[f64; 2]>,
}

/// What something that is drawn looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looks {
    /// A line.
    Line,
    /// This many lines of one colour.
    Lines(usize),
    /// At least this many markers or other pieces that stand alone.
    Points(usize),
    /// This many short lines that stand alone, as error bars do.
    Strokes(usize),
    /// Something wide: bars, bands, cells.
    Area,
}

impl Display for Looks {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Line => f.write_str("a line"),
            Self::Lines(count) => write!(f, "{count} lines"),
            Self::Points(1) => f.write_str("a marker"),
            Self::Points(count) => write!(f, "{count} markers or more"),
            Self::Strokes(1) => f.write_str("a short line"),
            Self::Strokes(count) => write!(f, "{count} short lines"),
            Self::Area => f.write_str("an area"),
        }
    }
}
