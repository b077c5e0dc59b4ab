//! Why a figure shows a claim, contradicts it, or leaves it open. Its `Display` is the sentence.

pub mod matrix;

use crate::claim::Kind;

/// The outcome of holding a claim against a figure, with its reason.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Every claimed point is drawn where it belongs, and little else is.
    Shows(Agreement),
    /// The axes were read, and something else is drawn.
    Contradicts(Contradiction),
    /// Something that is needed to tell could not be read.
    CannotTell(Doubt),
}

/// What is shown.
#[derive(Debug, Clone, PartialEq)]
pub enum Agreement {
    /// One series.
    One {
        /// Its claimed name.
        series: String,
        /// Its points.
        points: usize,
        /// Whether the legend gives it this name.
        named: bool,
    },
    /// Several series.
    All {
        /// How many.
        series: usize,
        /// Whether the legend gives all of them their names.
        named: bool,
    },
    /// Each group of series in a panel of its own.
    InPanels,
    /// A matrix.
    Matrix(matrix::Shown),
    /// A histogram with this many bins.
    Histogram(usize),
    /// Bars.
    Bars {
        /// Of each series.
        bars: usize,
        /// How many series.
        series: usize,
        /// Whether the legend gives all of them their names.
        named: bool,
    },
}

/// A claimed value and what is drawn instead, in the units of the axes.
#[derive(Debug, Clone, PartialEq)]
pub struct Off {
    /// The claimed name of the series.
    pub series: String,
    /// Where along the x axis.
    pub x: f64,
    /// The claimed value.
    pub claimed: f64,
    /// The value that is drawn; `None` where nothing is, or where it cannot be read.
    pub drawn: Option<f64>,
}

/// What speaks against a claim.
#[derive(Debug, Clone, PartialEq)]
pub enum Contradiction {
    /// An axis is logarithmic, and a claimed value is not positive.
    NotPositive,
    /// The axes are empty.
    NothingDrawn,
    /// No curve or no markers are left for a series.
    NoCurve {
        /// Its claimed name.
        series: String,
        /// What was looked for.
        kind: Kind,
    },
    /// Most of a series, or all of it, lies beyond the axes.
    OutsideAxes {
        /// Its claimed name.
        series: String,
        /// The least and greatest claimed x and y, and those at the ends of the axes, where the axes end at numbers.
        ranges: Option<[[f64; 2]; 4]>,
    },
    /// A value is drawn elsewhere or not at all.
    Value {
        /// The one that is farthest off.
        off: Off,
        /// What was looked for.
        kind: Kind,
        /// What else is off.
        others: Others,
    },
    /// A line is drawn where the claim has no value.
    Unclaimed {
        /// The claimed name of the series.
        series: String,
        /// Where along the x axis.
        x: f64,
        /// The value that is drawn.
        drawn: f64,
    },
    /// Points are drawn as a series that are none of its claimed ones.
    UnclaimedPoints {
        /// Its claimed name.
        series: String,
        /// Where one of them is along the x axis.
        x: f64,
    },
    /// A point is drawn that no series claims, at these values of x and y.
    UnclaimedPoint([f64; 2]),
    /// The claimed shape is drawn at other values.
    TickLabels(Option<Off>),
    /// What is claimed for a series is drawn under another name.
    DrawnAs {
        /// Its claimed name.
        series: String,
        /// The other name in the legend, where it can be read.
        other: Option<String>,
    },
    /// The legend gives two series each other's names.
    NamesExchanged([String; 2]),
    /// A matrix shows something else.
    Matrix(matrix::Against),
    /// A bar is of another height than is claimed, or not drawn.
    Bar(BarOff),
    /// A bin of a histogram counts otherwise than the claimed values.
    Bin {
        /// Where it begins and ends.
        bin: [f64; 2],
        /// How many of the claimed values lie in it.
        claimed: usize,
        /// How many are drawn; `None` where it shows no counts.
        drawn: Option<f64>,
    },
    /// Other than the claimed number of bars are drawn.
    BarCount {
        /// How many are drawn.
        drawn: usize,
        /// How many are claimed.
        claimed: usize,
    },
}

/// A bar and what is claimed of it.
#[derive(Debug, Clone, PartialEq)]
pub struct BarOff {
    /// The claimed name of its series, where there are several.
    pub series: Option<String>,
    /// The claimed name of its category, where that is known.
    pub category: Option<String>,
    /// Which bar of its series it is, from 1.
    pub number: usize,
    /// The claimed value.
    pub claimed: f64,
    /// The value that is drawn; `None` where no bar is.
    pub drawn: Option<f64>,
    /// How many more bars are off.
    pub others: usize,
}

/// What is off besides the value that is farthest off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Others {
    /// More points of the same series.
    pub points: usize,
    /// Of this many.
    pub of: usize,
    /// Other series.
    pub series: usize,
}

/// Why it is not known whether a claim is shown.
#[derive(Debug, Clone, PartialEq)]
pub enum Doubt {
    /// No axes could be read.
    NoAxes(NoAxes),
    /// The panel that was asked for is not among those that were found.
    NoPanel {
        /// The number that was asked for.
        asked: usize,
        /// How many were found.
        found: usize,
    },
    /// The claim has more series than are compared.
    TooManySeries {
        /// How many it has.
        claimed: usize,
        /// How many are compared at most.
        most: usize,
    },
    /// The figure draws more than is compared.
    TooMuch,
    /// An axis has too few tick labels to contradict anything.
    FewTickLabels(Axis),
    /// By the tick labels that were read, this speaks against the claim, but they may have been misread.
    Labels(Labels, Box<Contradiction>),
    /// This speaks against the claim, if the panel is the right one.
    OtherPanel(Box<Contradiction>),
    /// This speaks against the claim, unless the series are shared out over the panels.
    SharedOut {
        /// How many panels there are.
        panels: usize,
        /// What speaks against it.
        by: Box<Contradiction>,
    },
    /// This speaks against the claim, unless it is a series that was not claimed.
    LeftOut(Box<Contradiction>),
    /// The claimed shape is drawn at 10 to this power times the claimed values.
    Factor(f64),
    /// A curve runs through this place, where none is claimed.
    StrayCurve([f64; 2]),
    /// A point is drawn here that may be one that nobody claims.
    UnclaimedPoint([f64; 2]),
    /// Every claimed point is drawn, but this share of the ink is not claimed.
    UnclaimedInk(f64),
    /// The strokes are this wide, in pixels.
    WideStrokes(f64),
    /// This share of a series is hidden.
    Hidden {
        /// Its claimed name.
        series: String,
        /// Of its length or its points.
        share: f64,
    },
    /// A part of a series is drawn badly, or hidden by a legend.
    Unclear(String),
    /// Some points of a series lie outside of the axes.
    Outside {
        /// Its claimed name.
        series: String,
        /// How many points.
        points: usize,
        /// Of how many.
        of: usize,
    },
    /// The legend seems to give a series another name.
    Name {
        /// Its claimed name.
        series: String,
        /// The other one.
        other: String,
    },
    /// All values are drawn, but the legend does not tell which series is which.
    Names {
        /// What it says, as far as it could be read.
        read: Vec<String>,
    },
    /// Two series look alike in the legend.
    Alike([String; 2]),
    /// Every claimed point is drawn, but what the picture's file says of its axes disagrees with its tick labels.
    HintDisagrees,
    /// What is claimed for this series is drawn in another colour than the picture's file says.
    HintName(String),
    /// All values are drawn, but the axes were read by the picture's file alone, and no legend that can be read tells which series is which.
    HintNames,
    /// The picture's file says where its axes are, but no tick labels bear that out.
    HintAlone,
    /// A claimed matrix.
    Matrix(matrix::Open),
    /// Bars could not be read.
    Bars(BarDoubt),
}

/// Why bars could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BarDoubt {
    /// No bars were found.
    None,
    /// The figure is a drawing or a chart, whose bars are not read.
    NotPixels,
    /// There are bars that belong to no claimed series.
    MoreSeries,
    /// Which bar belongs to which category or series is not clear.
    WhichIsWhich,
    /// The claimed heights are drawn, but in another order than claimed, and the labels do not tell which bar is which.
    Order,
    /// Something else is drawn that is as large as a bar.
    OtherThings,
    /// A bar is off by less than is seen clearly.
    Unclear,
    /// A bar ends where the legend is.
    Covered,
    /// Several histograms are claimed, or lie on each other.
    Overlapping,
    /// The bins of a histogram could not be found.
    Bins,
    /// The claimed values are not counted so in the bins that were found.
    Counts,
}

/// Which tick labels may have been misread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Labels {
    /// Fewer than three of an axis agree.
    Two,
    /// Those of the y axis stand beside another panel.
    Borrowed,
}

/// One of the two axes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Axis {
    /// The horizontal one.
    X,
    /// The vertical one.
    Y,
}

/// Why no axes could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoAxes {
    /// None were found.
    NoneFound,
    /// Neither axis has tick labels that could be read.
    NoTickLabels,
    /// One axis has none that could be read.
    NoTickLabelsOf(Axis),
    /// What could be read belongs to no pair of axes.
    NoPair,
    /// An SVG or a chart in JSON has none, or says something that is not read.
    Unread(Unread),
}

/// Why the axes of an SVG or of a chart in JSON cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// The figure has pixels only.
    NoDrawing,
    /// The SVG is not well formed.
    DamagedSvg,
    /// The SVG has more shapes or points than are read.
    LargeSvg,
    /// The SVG has no axes with tick labels.
    NoTickLabels,
    /// It has outlines that may be its tick labels.
    OutlinedTickLabels,
    /// The chart has more points than are read.
    LargeChart,
    /// The chart has no traces.
    NoTraces,
    /// The chart has no panels with lines or points.
    NoPanels,
    /// The chart has no marks that are lines or points.
    NoMarks,
    /// The chart's lines have no points.
    NoPoints,
    /// The chart has panels that are not told apart.
    SeveralPanels,
    /// The chart refers to data, but has none.
    NoData,
    /// The chart's data are not in its file.
    DataElsewhere,
    /// Its data are changed before they are drawn.
    Transformed,
    /// Its data are split over panels.
    Faceted,
    /// What it draws is computed from its data.
    Computed,
    /// No scale can be made of its values.
    ExtremeValues,
    /// One of its axes shows dates.
    DatesSomewhere,
    /// This axis shows dates.
    Dates(Axis),
    /// This axis shows categories.
    Categories(Axis),
    /// The values along this axis are not numbers.
    Words(Axis),
    /// There are no tick labels beside this axis.
    Unlabelled(Axis),
    /// Most labels of this axis are not numbers.
    LabelsOfWords(Axis),
    /// The tick labels of this axis give no scale.
    Ticks(Axis, Ticks),
}

/// Why tick labels give no scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ticks {
    /// Only this many have numbers.
    Few(usize),
    /// They agree on neither a linear nor a logarithmic scale.
    Disagree,
}
