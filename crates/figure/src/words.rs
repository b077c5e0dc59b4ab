//! The reason of a reading in one sentence.

mod matrix;

use std::fmt::{Display, Formatter, Result};

use mlgrade_domain::number::significant;

use crate::claim::Kind;
use crate::reading::{Unit, Way};
use crate::reason::{Agreement, Axis, BarDoubt, BarOff, Contradiction, Doubt, Labels, NoAxes, Off, Others, Outcome, Ticks, Unread};

/// Digits of a value on an axis, and of a place along the x axis.
const VALUE: usize = 3;
const PLACE: usize = 4;

/// Digits where a claimed and a drawn value differ in the later ones only.
const MORE: usize = 6;

impl Display for Outcome {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Shows(agreement) => agreement.fmt(f),
            Self::Contradicts(contradiction) => contradiction.fmt(f),
            Self::CannotTell(doubt) => doubt.fmt(f),
        }
    }
}

impl Display for Way {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if self.from_zero {
            f.write_str(", counted from 0")?;
        }
        match self.unit {
            Some(Unit::Percent) => f.write_str(", in percent"),
            Some(Unit::MeansOver(examples)) => write!(f, ", as means over {examples} examples"),
            None => Ok(()),
        }
    }
}

impl Display for Agreement {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let by_legend = |named: &bool| if *named { ", under the names that the legend gives" } else { "" };
        match self {
            Self::One { series, points, named } => write!(f, "{series} is drawn as claimed, all {points} points{}", by_legend(named)),
            Self::All { series, named } => write!(f, "all {series} series are drawn as claimed{}", by_legend(named)),
            Self::InPanels => f.write_str("the series are shown in panels of their own"),
            Self::Matrix(shown) => shown.fmt(f),
            Self::Histogram(bins) => write!(f, "the claimed values are counted as the histogram shows, in {bins} bins"),
            Self::Bars { bars, series: 1, .. } => write!(f, "all {bars} bars are as high as claimed"),
            Self::Bars { bars, series, named } => write!(f, "the {bars} bars of each of the {series} series are as high as claimed{}", by_legend(named)),
        }
    }
}

impl Display for Contradiction {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Matrix(against) => against.fmt(f),
            Self::NotPositive => f.write_str("an axis is logarithmic, but the claim has values that are not positive"),
            Self::NothingDrawn => f.write_str("nothing is drawn inside the axes"),
            Self::NoCurve { series, kind: Kind::Line } => write!(f, "no curve is drawn for {series}"),
            Self::NoCurve { series, kind: Kind::Scatter } => write!(f, "no points are drawn for {series}"),
            Self::OutsideAxes { series, ranges: None } => write!(f, "no claimed point of {series} lies on the axes"),
            Self::OutsideAxes { series, ranges: Some(ranges) } => {
                let [x, y, axis_x, axis_y] = ranges.map(|[low, high]| format!("{} to {}", significant(low, 2), significant(high, 2)));
                write!(f, "most of {series} lies outside of the axes: it is claimed from x = {x} and y = {y}, but the axes show x = {axis_x} and y = {axis_y}")
            }
            Self::Value { off, kind, others } => {
                let Off { series, x, .. } = off;
                let (x, claimed, drawn) = (significant(*x, PLACE), off.claimed(), off.drawn());
                match (drawn, kind) {
                    (Some(drawn), _) => write!(f, "at x = {x} the plot shows ≈ {drawn} for {series}; the claim says {claimed}{others}"),
                    // The point may lie on other ink, or under a legend.
                    (None, Kind::Line) => write!(f, "at x = {x} no line of {series} leads to {claimed}, which is claimed{others}"),
                    (None, Kind::Scatter) => write!(f, "at x = {x} nothing is drawn for {series} at {claimed}, which is claimed{others}"),
                }
            }
            Self::Unclaimed { series, x, drawn } => {
                let (x, drawn) = (significant(*x, PLACE), significant(*drawn, VALUE));
                write!(f, "at x = {x} the plot shows ≈ {drawn} for {series}; the claim says nothing there")
            }
            Self::UnclaimedPoints { series, x } => {
                write!(f, "many of the points that are drawn as {series} are not claimed, one of them at x = {}", significant(*x, PLACE))
            }
            Self::UnclaimedPoint(at) => unclaimed_point(*at, f),
            Self::TickLabels(off) => {
                f.write_str("the plot has the claimed shape, but its tick labels disagree")?;
                let Some((off, drawn)) = off.as_ref().and_then(|off| Some((off, off.drawn()?))) else { return Ok(()) };
                write!(f, ": at x = {} they put {} at ≈ {drawn}; the claim says {}", significant(off.x, PLACE), off.series, off.claimed())
            }
            Self::DrawnAs { series, other: Some(other) } => write!(f, "what is claimed for {series} is drawn as {other}"),
            Self::DrawnAs { series, other: None } => write!(f, "what is claimed for {series} is drawn as another series"),
            Self::Bar(off) => off.fmt(f),
            Self::Bin { bin: [from, to], claimed, drawn } => {
                write!(f, "from {} to {} lie {claimed} of the claimed values; the histogram shows ", significant(*from, VALUE), significant(*to, VALUE))?;
                match drawn {
                    Some(drawn) => write!(f, "≈ {}", significant(*drawn, VALUE)),
                    None => f.write_str("another share"),
                }
            }
            Self::BarCount { drawn, claimed } => write!(f, "the plot has {drawn} bars; {claimed} are claimed"),
            Self::NamesExchanged([one, other]) => {
                write!(f, "the legend gives the curve of {one} the name {other}, and the values of both are claimed the other way round")
            }
        }
    }
}

impl Off {
    /// Digits with which the claimed and the drawn value differ.
    fn digits(&self) -> usize {
        let is_alike = |drawn: f64| significant(drawn, VALUE) == significant(self.claimed, VALUE);
        if self.drawn.is_some_and(is_alike) { MORE } else { VALUE }
    }

    fn claimed(&self) -> String {
        significant(self.claimed, self.digits())
    }

    fn drawn(&self) -> Option<String> {
        self.drawn.map(|drawn| significant(drawn, self.digits()))
    }
}

impl Display for Others {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match (self.points, self.series) {
            (0, 0) => Ok(()),
            (points, 0) => write!(f, "; {points} more of its {} points are off", self.of),
            (points, series) => {
                let are = if series == 1 { "is" } else { "are" };
                write!(f, "; {} of its {} points are off, and so {are} {series} other series", points + 1, self.of)
            }
        }
    }
}

impl Display for Doubt {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::NoAxes(why) => why.fmt(f),
            Self::Matrix(open) => open.fmt(f),
            Self::NoPanel { asked, found } => write!(f, "panel {asked} was asked for, but {found} could be read"),
            Self::TooManySeries { claimed, most } => write!(f, "the claim has {claimed} series; at most {most} are compared"),
            Self::TooMuch => f.write_str("the figure draws too much to be compared"),
            Self::FewTickLabels(axis) => write!(f, "the {axis} axis has only 2 tick labels, which is too few to tell"),
            Self::Labels(Labels::Two, by) => write!(f, "only two tick labels of an axis could be read; by them, {by}"),
            Self::Labels(Labels::Borrowed, by) => {
                write!(f, "the tick labels of its own y axis could not be read; by those of the panel beside it, {by}")
            }
            Self::OtherPanel(by) => write!(f, "some tick labels could not be read, so this may be another panel; there, {by}"),
            Self::SharedOut { panels, by } => write!(f, "{by}; the series may be shared out over the {panels} panels"),
            Self::LeftOut(by) => by.fmt(f),
            Self::Factor(power) => write!(
                f,
                "the plot has the claimed shape at 10^{power:.0} times the claimed values: a unit, or a factor beside the axis that could not be read"
            ),
            Self::StrayCurve([x, y]) => {
                write!(f, "a curve runs through ({}, {}), where none is claimed", significant(*x, VALUE), significant(*y, VALUE))
            }
            Self::UnclaimedPoint(at) => unclaimed_point(*at, f),
            Self::UnclaimedInk(share) => {
                write!(f, "every claimed point is drawn, but {:.0} % of the ink of these colours is not claimed", 100.0 * share)
            }
            Self::WideStrokes(pixels) => write!(f, "the strokes are {pixels:.0} pixels wide: areas, on which any line would lie"),
            Self::Hidden { series, share } => write!(f, "{:.0} % of {series} is hidden by other curves, text or the legend", 100.0 * share),
            Self::Unclear(series) => {
                write!(f, "a part of {series} cannot be seen clearly where it is claimed: it is drawn badly, or the legend hides it")
            }
            Self::Outside { series, points, of } => write!(f, "{points} of {of} points of {series} lie outside of the axes"),
            Self::Name { series, other } => write!(f, "the legend seems to give the curve of {series} the name {other}"),
            Self::Names { read } => {
                f.write_str("all values are drawn, but the legend does not tell which curve is which: ")?;
                match read.as_slice() {
                    [] => f.write_str("it could not be read"),
                    read => {
                        let shown: Vec<String> = read.iter().take(4).map(|text| text.chars().take(40).collect()).collect();
                        write!(f, "what could be read of it is `{}`", shown.join("`, `"))
                    }
                }
            }
            Self::HintDisagrees => {
                f.write_str("every claimed point is drawn, but what the picture's own metadata says of its axes disagrees with its tick labels")
            }
            Self::HintName(series) => write!(f, "what is claimed for {series} is drawn, but not in the colour that the picture's metadata gives it"),
            Self::HintNames => {
                f.write_str("all values are drawn, but which series is which is said by the picture's metadata alone: no legend could be read that bears it out")
            }
            Self::HintAlone => f.write_str(
                "the picture's metadata says where its axes are, but too few tick labels could be read that bear it out, and they could not be found without it",
            ),
            Self::Bars(why) => why.fmt(f),
            Self::Alike([one, other]) => {
                write!(f, "all values are drawn, but {one} and {other} look alike in the legend, which cannot tell which is which")
            }
        }
    }
}

impl Display for BarDoubt {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::None => "no bars were found that could be read",
            Self::NotPixels => "bars are read from pixels only: save the figure as PNG",
            Self::MoreSeries => "there are bars of further series, which are not claimed",
            Self::WhichIsWhich => "it could not be read which bar belongs to which category and series",
            Self::Order => "the claimed heights are drawn, but perhaps in another order: the labels of the bars could not be read",
            Self::OtherThings => "something is drawn beside the bars that is as large as they are, or they are not of one width",
            Self::Unclear => "some bars are off by less than can be seen clearly",
            Self::Overlapping => "several histograms on each other are not told apart",
            Self::Bins => "the bins of the histogram could not be found",
            Self::Counts => "the claimed values are not counted so in the bins that were found, but the bins may have been misread",
            Self::Covered => "a bar ends where the legend is, which may hide a part of it",
        })
    }
}

impl Display for BarOff {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match (&self.category, &self.series) {
            (Some(category), None) => write!(f, "the bar of {category}")?,
            (Some(category), Some(series)) => write!(f, "the bar of {category} for {series}")?,
            (None, None) => write!(f, "bar {}", self.number)?,
            (None, Some(series)) => write!(f, "bar {} of {series}", self.number)?,
        }
        let digits = |drawn: f64| if significant(drawn, VALUE) == significant(self.claimed, VALUE) { MORE } else { VALUE };
        match self.drawn {
            Some(drawn) => write!(f, " is ≈ {} high; the claim says {}", significant(drawn, digits(drawn)), significant(self.claimed, digits(drawn)))?,
            None => write!(f, ", claimed to be {} high, is not drawn", significant(self.claimed, VALUE))?,
        }
        match self.others {
            0 => Ok(()),
            1 => f.write_str("; 1 more bar is off"),
            others => write!(f, "; {others} more bars are off"),
        }
    }
}

impl Display for NoAxes {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::NoneFound => f.write_str("no axes were found"),
            Self::NoTickLabels => f.write_str("no axes were found: no row and no column of tick labels could be read"),
            Self::NoTickLabelsOf(axis) => write!(f, "the tick labels of the {axis} axis could not be read"),
            Self::NoPair => f.write_str("the tick labels that could be read belong to no pair of axes"),
            Self::Unread(unread) => unread.fmt(f),
        }
    }
}

impl Display for Unread {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::NoDrawing => "the figure has no drawing",
            Self::DamagedSvg => "the SVG is damaged",
            Self::LargeSvg => "the SVG draws too much to be read",
            Self::NoTickLabels => "no axes with tick labels were found",
            Self::OutlinedTickLabels => "no axes were found with tick labels whose outlines can be read; save the figure as PNG or with text as text",
            Self::LargeChart => "the chart draws too much to be read",
            Self::NoTraces => "the chart draws nothing",
            Self::NoPanels => "the chart draws nothing that can be read",
            Self::NoMarks => "the chart draws no lines or points that can be read",
            Self::NoPoints => "the chart draws no points",
            Self::SeveralPanels => "the chart has several panels, which are not told apart; save it as SVG or PNG",
            Self::NoData => "the chart has no data",
            Self::DataElsewhere => "the chart's data lie elsewhere",
            Self::Transformed => "the chart transforms its data, which is not followed",
            Self::Faceted => "the chart is split into facets, which is not followed",
            Self::Computed => "the chart computes what it draws from its data, which is not followed",
            Self::ExtremeValues => "the chart's values are too large or too close",
            Self::DatesSomewhere => "an axis shows dates",
            Self::Dates(axis) => return write!(f, "the {axis} axis shows dates"),
            Self::Categories(axis) => return write!(f, "the {axis} axis shows categories"),
            Self::Words(axis) => return write!(f, "the values along {axis} are not numbers"),
            Self::Unlabelled(axis) => return write!(f, "the {axis} axis has no tick labels"),
            Self::LabelsOfWords(axis) => return write!(f, "the labels of the {axis} axis are not numbers"),
            Self::Ticks(axis, Ticks::Few(found)) => return write!(f, "the {axis} axis: only {found} tick labels with numbers were found"),
            Self::Ticks(axis, Ticks::Disagree) => {
                return write!(f, "the {axis} axis: the tick labels agree on neither a linear nor a logarithmic scale");
            }
        })
    }
}

impl Display for Axis {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::X => "x",
            Self::Y => "y",
        })
    }
}

fn unclaimed_point([x, y]: [f64; 2], f: &mut Formatter<'_>) -> Result {
    write!(f, "the plot has a point near ({}, {}) that is not claimed", significant(x, VALUE), significant(y, VALUE))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn off(claimed: f64, drawn: Option<f64>) -> Off {
        Off { series: "val".to_owned(), x: 3.0, claimed, drawn }
    }

    #[test]
    fn values_are_written_as_precisely_as_it_takes_to_see_the_difference() {
        let value = |claimed, drawn| Contradiction::Value { off: off(claimed, Some(drawn)), kind: Kind::Line, others: Others::default() }.to_string();
        assert_eq!(value(0.4, 0.45), "at x = 3 the plot shows ≈ 0.45 for val; the claim says 0.4");
        assert_eq!(value(0.4, 0.4001), "at x = 3 the plot shows ≈ 0.4001 for val; the claim says 0.4");
    }

    #[test]
    fn what_else_is_off_is_counted() {
        let others = |points, series| Others { points, of: 9, series }.to_string();
        assert_eq!(others(0, 0), "");
        assert_eq!(others(2, 0), "; 2 more of its 9 points are off");
        assert_eq!(others(2, 1), "; 3 of its 9 points are off, and so is 1 other series");
        assert_eq!(others(0, 2), "; 1 of its 9 points are off, and so are 2 other series");
    }

    #[test]
    fn a_doubt_says_what_would_speak_against_the_claim() {
        let doubt = Doubt::Labels(Labels::Two, Box::new(Contradiction::NothingDrawn));
        assert_eq!(doubt.to_string(), "only two tick labels of an axis could be read; by them, nothing is drawn inside the axes");
    }
}
