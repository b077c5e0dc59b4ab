//! What was read from a figure, held against a claim.

use crate::reason::{Contradiction, Doubt, Outcome};

/// Whether a figure shows what is claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Every claimed point is drawn where it belongs, and little else is.
    Shows,
    /// The axes were read, and something else is drawn.
    Contradicts,
    /// Something that is needed to tell could not be read.
    CannotTell,
}

impl Verdict {
    /// The word for it in JSON: `shows`, `contradicts`, `cannot-tell`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Shows => "shows",
            Self::Contradicts => "contradicts",
            Self::CannotTell => "cannot-tell",
        }
    }
}

/// What became of what the file of a picture says of its own axes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    /// Its tick labels bear it out, and the axes are read as it says.
    Used,
    /// Its tick labels say something else.
    Disagrees,
    /// It makes no sense, or nothing that is drawn bears it out.
    Unused,
}

impl Hint {
    /// The word for it in JSON: `used`, `disagrees`, `unused`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Used => "used",
            Self::Disagrees => "disagrees",
            Self::Unused => "unused",
        }
    }
}

/// How the claimed numbers are drawn, if not as they are stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Way {
    /// The places of a series count from 0.
    pub from_zero: bool,
    /// The values in another unit.
    pub unit: Option<Unit>,
}

/// Another unit of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Fractions are drawn in percent.
    Percent,
    /// Sums are drawn as means over this many examples.
    MeansOver(u32),
}

/// A claim held against one panel of a figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The verdict on the whole claim and the reason for it.
    pub outcome: Outcome,
    /// How the numbers are drawn that are shown.
    pub way: Way,
    /// The panel that was read, from 1, left to right and top to bottom; `None` if no axes were found.
    pub panel: Option<usize>,
    /// How many panels the figure has.
    pub panels: usize,
    /// The panel's frame in pixels.
    pub frame: Option<Frame>,
    /// What was found of each claimed series, in the claim's order; empty if no axes were found.
    pub series: Vec<SeriesReading>,
    /// What else is on the figure.
    pub furniture: Furniture,
    /// How many markers of a scatter plot no series claims.
    pub unclaimed: usize,
    /// What became of the hint in the picture's file; `None` if there is none.
    pub hint: Option<Hint>,
}

impl Reading {
    /// A reading of which it is not said where on the figure it was made.
    pub fn of(outcome: Outcome, series: Vec<SeriesReading>) -> Self {
        Self { outcome, way: Way::default(), panel: None, panels: 0, frame: None, series, furniture: Furniture::default(), unclaimed: 0, hint: None }
    }

    /// What remains to be said when no panel could be read.
    pub(super) fn unread(doubt: Doubt, panels: usize) -> Self {
        Self { panels, ..Self::of(Outcome::CannotTell(doubt), Vec::new()) }
    }

    /// The verdict on the whole claim.
    pub fn verdict(&self) -> Verdict {
        match self.outcome {
            Outcome::Shows(_) => Verdict::Shows,
            Outcome::Contradicts(_) => Verdict::Contradicts,
            Outcome::CannotTell(_) => Verdict::CannotTell,
        }
    }

    /// What was seen, in one sentence.
    pub fn reason(&self) -> String {
        format!("{}{}", self.outcome, self.way)
    }

    /// The same, with a contradiction that is not sure.
    #[must_use]
    pub fn doubted(self, why: impl FnOnce(Box<Contradiction>) -> Doubt) -> Self {
        let outcome = match self.outcome {
            Outcome::Contradicts(contradiction) => Outcome::CannotTell(why(Box::new(contradiction))),
            other => other,
        };
        Self { outcome, ..self }
    }

    /// Whether most claimed points are drawn where they should be: then it is the right panel, and its labels were read aright.
    pub(super) fn mostly_holds(&self) -> bool {
        let (held, all) = self.series.iter().flat_map(|one| &one.points).fold((0, 0), |(held, all), point| (held + usize::from(point.holds), all + 1));
        all >= 5 && held * 10 >= all * 7
    }
}

/// A box in pixels; the right and bottom edges are outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// The first column.
    pub left: usize,
    /// The first row.
    pub top: usize,
    /// One past the last column.
    pub right: usize,
    /// One past the last row.
    pub bottom: usize,
}

/// What a panel has besides its curves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts of a figure")]
pub struct Furniture {
    /// Text below the x axis's tick labels.
    pub x_label: bool,
    /// Text left of the y axis's tick labels.
    pub y_label: bool,
    /// Text above the frame.
    pub title: bool,
    /// A legend inside the frame or beside it.
    pub legend: bool,
    /// Distinct colours of curves or markers.
    pub colours: usize,
}

/// One claimed series on the figure.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesReading {
    /// The claimed name.
    pub name: String,
    /// The colour of the curve that was matched with it.
    pub colour: Option<[u8; 3]>,
    /// The verdict on this series alone.
    pub verdict: Verdict,
    /// The point that is farthest off.
    pub worst: Option<Worst>,
    /// Every claimed point on the picture, in the series's order; empty if the axes could not be read.
    pub points: Vec<PointReading>,
}

/// A claimed point and what is drawn there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Worst {
    /// Where, in the unit of the x axis.
    pub x: f64,
    /// The claimed value of y.
    pub claimed: f64,
    /// The value of y that is drawn there; `None` if nothing is drawn or it cannot be read.
    pub seen: Option<f64>,
}

/// A claimed point in pixels of the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PointReading {
    /// Columns from the left edge.
    pub x: f64,
    /// Rows from the top edge.
    pub y: f64,
    /// Whether it is drawn there.
    pub holds: bool,
}
