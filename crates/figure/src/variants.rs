//! The ways in which the same numbers may honestly be drawn: counted from 1 or from 0, as fractions or in percent, in one panel or shared
//! out over several. A figure that shows them in one of these ways shows them.

use mlgrade_domain::diagnostic::{Code, Diagnostic};
use mlgrade_picture::figure::{Content, Figure};

use super::Plot;
use super::bars::{self, Heights};
use super::claim::{Claim, Kind, Series};
use super::histogram;
use super::labels::groupings;
use super::matrix;
use super::reading::{Reading, Unit, Verdict, Way};
use super::reason::{Agreement, Doubt, Outcome};

/// The most readings of one figure, whatever is claimed,
const MOST_READINGS: u64 = 24;
/// and the most pixels of all of them: a huge figure is read once or twice.
const MOST_PIXELS: u64 = 120_000_000;
/// What a mark of a drawing counts as, in pixels.
const PIXELS_A_MARK: u64 = 200;

/// A series as it is stated: without `x` its places are counted.
#[derive(Debug, Clone, PartialEq)]
pub struct Stated {
    /// Its name, as a legend may spell it.
    pub name: String,
    /// Values along the x axis.
    pub x: Option<Vec<f64>>,
    /// Values along the y axis.
    pub y: Vec<f64>,
}

/// What a figure is said to show, before it is known how it was drawn.
#[derive(Debug, Clone, PartialEq)]
pub enum Statement {
    /// Series of points.
    Curves(Curves),
    /// Bars.
    Bars(bars::Claim),
    /// Histograms of these data.
    Histogram(histogram::Claim),
    /// A matrix.
    Matrix(matrix::Claim),
}

impl Statement {
    /// How an overlay draws what is claimed: bars, bins and cells are marked one by one.
    pub fn kind(&self) -> Kind {
        if let Self::Curves(curves) = self { curves.kind } else { Kind::Scatter }
    }

    /// The names of the series that are claimed; of a matrix, that it is one.
    pub fn names(&self) -> Vec<&str> {
        match self {
            Self::Curves(curves) => curves.series.iter().map(|series| series.name.as_str()).collect(),
            Self::Bars(claim) => claim.series().iter().map(|series| series.name.as_str()).collect(),
            Self::Histogram(claim) => claim.series().iter().map(|series| series.name.as_str()).collect(),
            Self::Matrix(_) => vec!["matrix"],
        }
    }
}

/// Series of points as they are stated.
#[derive(Debug, Clone, PartialEq)]
pub struct Curves {
    /// Lines or points.
    pub kind: Kind,
    /// The series, all of one pair of axes.
    pub series: Vec<Stated>,
    /// Series that may be drawn beside them.
    pub more: Vec<Stated>,
}

/// What else than the numbers as they are stated is accepted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Accepted {
    /// Fractions drawn in percent.
    pub percent: bool,
    /// Sums over this many examples drawn as means.
    pub sum_over: Option<u32>,
}

/// The numbers in one way of drawing them.
#[derive(Debug)]
struct Variant {
    claim: Claim,
    way: Way,
}

impl Variant {
    /// Whether nothing but showing counts, since the stated numbers themselves are not claimed.
    fn only_if_shown(&self) -> bool {
        self.way.unit.is_some()
    }
}

/// The reading of the figure in the way that fits it best.
pub fn read_any(figure: &Figure, statement: &Statement, accepted: Accepted, panel: Option<usize>) -> Result<Reading, Diagnostic> {
    match statement {
        Statement::Curves(curves) => read_curves(figure, curves, accepted, panel),
        Statement::Bars(claim) => read_bars(&Plot::of(figure), claim, accepted, panel),
        Statement::Histogram(claim) => Ok(Plot::of(figure).read_histogram(claim, panel)),
        Statement::Matrix(claim) => Ok(Plot::of(figure).read_matrix(claim, panel)),
    }
}

/// Bars as they are stated, or in percent.
fn read_bars(plot: &Plot, claim: &bars::Claim, accepted: Accepted, panel: Option<usize>) -> Result<Reading, Diagnostic> {
    let reading = plot.read_bars(claim, panel);
    let fractions = claim.series().iter().flat_map(|series| &series.values).all(|value| value.abs() <= 1.0);
    if reading.verdict() == Verdict::Shows || !(accepted.percent && fractions) {
        return Ok(reading);
    }
    let times_hundred = |series: &Heights| Heights { name: series.name.clone(), values: series.values.iter().map(|value| value * 100.0).collect() };
    let percent = bars::Claim::new(claim.categories().to_vec(), claim.series().iter().map(times_hundred).collect())?;
    let way = Way { unit: Some(Unit::Percent), ..Way::default() };
    let other = plot.read_bars(&percent, panel);
    Ok(if other.verdict() == Verdict::Shows { Reading { way, ..other } } else { reading })
}

/// Series of points in the way that fits the figure best.
fn read_curves(figure: &Figure, statement: &Curves, accepted: Accepted, panel: Option<usize>) -> Result<Reading, Diagnostic> {
    let mut left = readings(figure);
    let mut best: Option<(usize, Reading)> = None;
    let variants = variants(statement, accepted)?;
    let plot = Plot::of(figure);
    for variant in &variants {
        let reading = plot.read(&variant.claim, panel);
        left -= 1;
        // Without axes no other way can be read either.
        let hopeless = reading.frame.is_none();
        if reading.verdict() == Verdict::Shows {
            return Ok(Reading { way: variant.way, ..reading });
        }
        if best.as_ref().is_none_or(|(_, best)| !variant.only_if_shown() && rank(&reading) > rank(best)) {
            best = Some((variant.claim.series().len(), reading));
        }
        if hopeless || left == 0 {
            break;
        }
    }
    let Some((series, mut reading)) = best else { return Err(Diagnostic::error(Code::BadValue, "nothing is claimed")) };
    if panel.is_none() && reading.panels > 1 {
        if let Some(shared_out) = variants.iter().find_map(|variant| read_shared_out(&plot, variant, &mut left)) {
            return Ok(shared_out);
        }
        if series > 1 {
            let panels = reading.panels;
            reading = reading.doubted(|by| Doubt::SharedOut { panels, by });
        }
    }
    Ok(reading)
}

/// How often a figure of this size may be read.
fn readings(figure: &Figure) -> usize {
    let pixels = u64::from(figure.width) * u64::from(figure.height);
    let size = if let Content::Drawing { marks, .. } = &figure.content { *marks as u64 * PIXELS_A_MARK } else { pixels };
    usize::try_from((MOST_PIXELS / size.max(1)).clamp(2, MOST_READINGS)).unwrap_or(2)
}

/// A reading that could not tell may be of the right way; among contradictions the one with most points in place.
fn rank(reading: &Reading) -> (bool, usize) {
    let holding = reading.series.iter().flat_map(|series| &series.points).filter(|point| point.holds).count();
    (reading.verdict() == Verdict::CannotTell, holding)
}

/// A reading in which each group of series is shown by some panel.
fn read_shared_out(plot: &Plot, variant: &Variant, left: &mut usize) -> Option<Reading> {
    let series = variant.claim.series();
    let names: Vec<String> = series.iter().map(|series| series.name.clone()).collect();
    for groups in groupings(&names) {
        let mut whole: Option<Reading> = None;
        let mut places = vec![None; series.len()];
        for group in &groups {
            *left = left.checked_sub(1)?;
            let claim = Claim::new(variant.claim.kind(), group.iter().map(|&i| series[i].clone()).collect()).ok()?;
            let reading = plot.read(&claim, None);
            if reading.verdict() != Verdict::Shows {
                whole = None;
                break;
            }
            for (&i, one) in group.iter().zip(&reading.series) {
                places[i] = Some(one.clone());
            }
            whole.get_or_insert(reading);
        }
        if let Some(reading) = whole {
            let outcome = Outcome::Shows(Agreement::InPanels);
            return Some(Reading { outcome, way: variant.way, series: places.into_iter().flatten().collect(), ..reading });
        }
    }
    None
}

/// All ways, the likeliest first. Never empty.
fn variants(statement: &Curves, accepted: Accepted) -> Result<Vec<Variant>, Diagnostic> {
    let mut all = ways(statement.kind, &statement.series, accepted)?;
    if !statement.more.is_empty() {
        let series: Vec<Stated> = statement.series.iter().chain(&statement.more).cloned().collect();
        all.extend(ways(statement.kind, &series, accepted)?);
    }
    // What is stated comes before what is only accepted.
    all.sort_by_key(Variant::only_if_shown);
    Ok(all)
}

/// The ways of drawing `stated`.
fn ways(kind: Kind, stated: &[Stated], accepted: Accepted) -> Result<Vec<Variant>, Diagnostic> {
    let largest = |series: &Stated| series.y.iter().fold(0.0, |largest: f64, y| largest.max(y.abs()));
    let mut scales: Vec<(Option<Unit>, Vec<f64>)> = vec![(None, vec![1.0; stated.len()])];
    if accepted.percent && stated.iter().all(|series| largest(series) <= 1.0) {
        scales.push((Some(Unit::Percent), vec![100.0; stated.len()]));
    }
    if let Some(over) = accepted.sum_over.filter(|&examples| examples > 0) {
        let examples = f64::from(over);
        // A mean per example above 0.01 is a sum of this size; a mean itself hardly gets there.
        let factors: Vec<f64> = stated.iter().map(|series| if largest(series) > 0.01 * examples { 1.0 / examples } else { 1.0 }).collect();
        if factors.iter().any(|&factor| factor < 1.0) {
            scales.push((Some(Unit::MeansOver(over)), factors));
        }
    }
    let counted = stated.iter().any(|series| series.x.is_none());
    let mut variants = Vec::new();
    for (unit, factors) in &scales {
        for first in if counted { &[1.0, 0.0][..] } else { &[1.0] } {
            let series = stated.iter().zip(factors).map(|(series, factor)| Series {
                name: series.name.clone(),
                x: series.x.clone().unwrap_or_else(|| (0..series.y.len()).map(|i| first + i as f64).collect()),
                y: series.y.iter().map(|y| y * factor).collect(),
            });
            let way = Way { from_zero: *first < 1.0, unit: *unit };
            variants.push(Variant { claim: Claim::new(kind, series.collect())?, way });
        }
    }
    Ok(variants)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stated(x: Option<Vec<f64>>, y: &[f64]) -> Stated {
        Stated { name: "a".to_owned(), x, y: y.to_vec() }
    }

    fn ways(series: Vec<Stated>, accepted: Accepted) -> Vec<(String, Vec<f64>, Vec<f64>)> {
        let variants = variants(&Curves { kind: Kind::Line, series, more: Vec::new() }, accepted).unwrap();
        variants.into_iter().map(|one| (one.way.to_string(), one.claim.series()[0].x.clone(), one.claim.series()[0].y.clone())).collect()
    }

    #[test]
    fn places_without_x_are_counted_from_one_and_from_nought() {
        let ways = ways(vec![stated(None, &[5.0, 6.0])], Accepted::default());
        let expected = [("", [1.0, 2.0]), (", counted from 0", [0.0, 1.0])].map(|(how, x)| (how.to_owned(), x.to_vec(), vec![5.0, 6.0]));
        assert_eq!(ways, expected);
    }

    #[test]
    fn fractions_may_be_in_percent_and_sums_may_be_means() {
        let accepted = Accepted { percent: true, sum_over: Some(10_000) };
        let x = Some(vec![2.0]);
        let y_of = |y: f64| ways(vec![stated(x.clone(), &[y])], accepted).into_iter().map(|way| way.2[0]).collect::<Vec<_>>();
        assert_eq!(y_of(0.25), [0.25, 25.0]);
        assert_eq!(y_of(25.0), [25.0]);
        assert_eq!(y_of(5_000.0), [5_000.0, 0.5]);
    }

    #[test]
    fn what_may_be_drawn_beside_comes_next() {
        let x = Some(vec![2.0]);
        let statement = Curves { kind: Kind::Line, series: vec![stated(x.clone(), &[0.5])], more: vec![stated(x, &[0.7])] };
        let variants = variants(&statement, Accepted { percent: true, sum_over: None }).unwrap();
        let sizes: Vec<(usize, bool)> = variants.iter().map(|one| (one.claim.series().len(), one.only_if_shown())).collect();
        assert_eq!(sizes, [(1, false), (2, false), (1, true), (2, true)]);
    }

    #[test]
    fn nothing_claimed_is_a_fault() {
        let figure = mlgrade_picture::figure::decode("x.svg", b"<svg width='9' height='9'/>").unwrap();
        assert!(read_any(&figure, &Statement::Curves(Curves { kind: Kind::Line, series: Vec::new(), more: Vec::new() }), Accepted::default(), None).is_err());
    }
}
