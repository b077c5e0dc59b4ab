//! From what was found on one panel to a verdict with its reason.

mod dots;
mod series;

use crate::claim::{Claim, Kind};
use crate::reading::{Furniture, Reading, SeriesReading, Verdict};
use crate::reason::{Agreement, Contradiction, Doubt, Off, Outcome};
use mlgrade_picture::Picture;
use mlgrade_picture::geometry::Point;

use super::ink::Ink;
use super::legend::{self, Drawn, Legend, Names};
use crate::raster::layout::panels::Panel;
use crate::raster::layout::scale::Scale;
use crate::raster::matching::found::Found;
use crate::raster::matching::line::{self, Lines};
use crate::raster::matching::rescale;
use crate::raster::matching::scatter;

/// A panel with what is drawn on it.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) picture: &'a Picture,
    pub(super) legend: &'a Legend,
    pub(super) panel: &'a Panel,
    pub(super) ink: &'a Ink,
}

/// A reading with how well the claim fits, to choose among panels. `None` fits worse than anything.
pub(super) struct Judged {
    pub(super) reading: Reading,
    pub(super) fit: Option<f64>,
}

/// Above this share of unclaimed ink the claim is not what the figure is about.
const MOST_UNCLAIMED: f64 = 0.45;

/// Strokes wider than this share of the panel's height or width are areas: they would bear any line.
const WIDEST_STROKE: f64 = 0.1;

/// Of a series with more hidden than this nothing is said.
const MOST_HIDDEN: f64 = 0.8;

/// What the claimed values are to what is drawn.
struct Answer {
    outcome: Outcome,
    series: Vec<SeriesReading>,
    /// How each series is drawn; empty where nothing is.
    drawn: Vec<Drawn>,
    fit: Option<f64>,
    /// Whether a line joins the points of a series.
    joined: bool,
    /// How many markers no series claims.
    unclaimed: usize,
}

impl Answer {
    /// Of a panel on which nothing was found.
    fn without_ink() -> Self {
        let outcome = Outcome::Contradicts(Contradiction::NothingDrawn);
        Self { outcome, series: Vec::new(), drawn: Vec::new(), fit: Some(0.0), joined: false, unclaimed: 0 }
    }

    fn shows(&self) -> bool {
        matches!(self.outcome, Outcome::Shows(_))
    }
}

/// Holds a claim against one panel.
pub(super) fn judge(view: &View<'_>, claim: &Claim) -> Judged {
    let answer = match project(view.panel, claim) {
        Some(claimed) => dots_or_lines(view, claim, &claimed),
        None => Answer { outcome: Outcome::Contradicts(Contradiction::NotPositive), fit: None, ..Answer::without_ink() },
    };
    let sure = f64::from(u8::from(answer.shows()));
    let reading = Reading {
        frame: Some(view.panel.frame),
        unclaimed: answer.unclaimed,
        furniture: Furniture { colours: view.ink.layers.len(), legend: !view.legend.entries.is_empty(), ..view.panel.furniture },
        ..Reading::of(answer.outcome, answer.series)
    };
    // That a logarithmic axis has no place for a value does not hang on its labels' values.
    let by_labels = !matches!(reading.outcome, Outcome::Contradicts(Contradiction::NotPositive));
    let reading = match view.panel.doubt {
        Some(labels) if by_labels && !reading.mostly_holds() => reading.doubted(|by| Doubt::Labels(labels, by)),
        _ => reading,
    };
    Judged { reading, fit: answer.fit.map(|fit| fit + sure) }
}

/// The answer with names: that of dots and a line of one colour where they are drawn so, or all but one point is, though lines of that colour
/// would show the claim too.
fn dots_or_lines(view: &View<'_>, claim: &Claim, claimed: &[Vec<Point>]) -> Answer {
    let lines = || values(view, claim, claimed);
    let Some(split) = dots::find(view, claim, claimed) else { return named(view, claim, lines()) };
    if !split.answer.shows() {
        let lines = lines();
        if !lines.shows() {
            return named(view, claim, lines);
        }
    }
    named(&View { ink: &split.ink, legend: &split.legend, ..*view }, claim, split.answer)
}

/// The claimed points on the panel, from its corner. `None` if an axis has no place for one.
fn project(panel: &Panel, claim: &Claim) -> Option<Vec<Vec<Point>>> {
    let place = |(&x, &y): (&f64, &f64)| {
        let at = [panel.x.pixel(x)? - panel.frame.left as f64, panel.y.pixel(y)? - panel.frame.top as f64];
        Some(at.map(|v| v.clamp(-1e7, 1e7)))
    };
    claim.series().iter().map(|series| series.x.iter().zip(&series.y).map(place).collect()).collect()
}

/// Whether the claimed values are drawn, whatever the legend calls them.
fn values(view: &View<'_>, claim: &Claim, claimed: &[Vec<Point>]) -> Answer {
    let answer = match claim.kind() {
        Kind::Line => lines(view, claim, claimed),
        Kind::Scatter => points(view, claim, claimed),
    };
    if claim.kind() == Kind::Line && !answer.joined && !answer.shows() && claim.series().iter().all(|series| series.x.len() >= 3) {
        // Some draw a series as markers alone.
        let alone = points(view, claim, claimed);
        if alone.shows() {
            return alone;
        }
    }
    answer
}

/// The answer with what the legend says of the names.
fn named(view: &View<'_>, claim: &Claim, answer: Answer) -> Answer {
    if !answer.shows() {
        return answer;
    }
    let name = |i: usize| claim.series()[i].name.clone();
    let told = view.panel.said.as_deref();
    let alone = told.is_some_and(|told| told.alone);
    let told_otherwise = told.and_then(|told| legend::told_otherwise(view.ink, claim, &answer.drawn, &told.series));
    let (outcome, wrong) = match legend::names(view.picture, view.ink, view.legend, claim, &answer.drawn) {
        Names::Agree | Names::Untested if told_otherwise.is_some() => {
            let one = told_otherwise.unwrap_or(0);
            (Outcome::CannotTell(Doubt::HintName(name(one))), vec![one])
        }
        // A name that nothing on the picture bears out is not taken from whoever wrote the hint.
        Names::Untested if alone && claim.series().len() > 1 => (Outcome::CannotTell(Doubt::HintNames), Vec::new()),
        Names::Agree if alone && legend::share_layers(&answer.drawn) => (Outcome::CannotTell(Doubt::HintNames), Vec::new()),
        Names::Agree | Names::Untested => return answer,
        Names::Exchanged(one, other) => (Outcome::Contradicts(Contradiction::NamesExchanged([name(one), name(other)])), vec![one, other]),
        Names::Doubtful(one, other) => (Outcome::CannotTell(Doubt::Name { series: name(one), other }), vec![one]),
        Names::Undecided(read) => (Outcome::CannotTell(Doubt::Names { read }), (0..claim.series().len()).collect()),
    };
    let verdict = if matches!(outcome, Outcome::Contradicts(_)) { Verdict::Contradicts } else { Verdict::CannotTell };
    let mut series = answer.series;
    for i in wrong {
        series[i].verdict = verdict;
    }
    Answer { outcome, series, ..answer }
}

fn lines(view: &View<'_>, claim: &Claim, claimed: &[Vec<Point>]) -> Answer {
    let Some(found) = line::find(view.ink, claimed, view.legend) else { return Answer::without_ink() };
    let series = series::readings(view, claim, &found.series, Kind::Line);
    let drawn = found.series.iter().map(Drawn::of).collect();
    if let Some(beyond) = outside(view, claim, &found.series) {
        return Answer { outcome: Outcome::Contradicts(beyond), series, drawn, fit: None, joined: false, unclaimed: 0 };
    }
    let outcome = series::outcome(&series, &found.series, Kind::Line);
    let fit = Some(fit(&found.series, found.unclaimed));
    let joined = found.series.iter().any(Found::is_joined);
    match outcome {
        Outcome::Contradicts(_) => match at_other_values(view, claim, claimed, &series) {
            // The line is another one, so the claim may be drawn as markers.
            Some(outcome @ Outcome::CannotTell(_)) => Answer { outcome, series, drawn, fit: Some(0.0), joined: false, unclaimed: 0 },
            other => Answer { outcome: other.unwrap_or(outcome), series, drawn, fit, joined, unclaimed: 0 },
        },
        Outcome::Shows(_) => Answer { outcome: more_than_claimed(view, &found).map_or(outcome, Outcome::CannotTell), series, drawn, fit, joined, unclaimed: 0 },
        Outcome::CannotTell(_) => Answer { outcome, series, drawn, fit, joined, unclaimed: 0 },
    }
}

/// The claimed shape at other values, where most points are off.
fn at_other_values(view: &View<'_>, claim: &Claim, claimed: &[Vec<Point>], series: &[SeriesReading]) -> Option<Outcome> {
    let (off, all) = series.iter().flat_map(|one| &one.points).fold((0, 0), |(off, all), point| (off + usize::from(!point.holds), all + 1));
    if off * 2 < all {
        return None;
    }
    let rescaled = rescale::find(view.ink, claimed, view.legend)?;
    let (first, at) = (&claim.series()[0], claimed[0][0]);
    let drawn = view.panel.y.value(rescaled.apply(at)[1] + view.panel.frame.top as f64);
    let power = (drawn / first.y[0]).abs().log10();
    if power.abs() > 0.9 && (power - power.round()).abs() < 0.02 && rescaled.is_pure(view.panel, view.ink) {
        return Some(Outcome::CannotTell(Doubt::Factor(power.round())));
    }
    let off = Off { series: first.name.clone(), x: first.x[0], claimed: first.y[0], drawn: Some(drawn) };
    Some(Outcome::Contradicts(Contradiction::TickLabels(Some(off))))
}

/// What is drawn besides the claimed lines, where it leaves the verdict open.
fn more_than_claimed(view: &View<'_>, found: &Lines) -> Option<Doubt> {
    if let [stray] | [stray, _] = found.stray.as_slice() {
        Some(Doubt::StrayCurve(view.panel.values(stray.at)))
    } else if found.unclaimed > MOST_UNCLAIMED {
        Some(Doubt::UnclaimedInk(found.unclaimed))
    } else if found.stroke > WIDEST_STROKE * view.ink.height.min(view.ink.width) as f64 {
        Some(Doubt::WideStrokes(found.stroke))
    } else {
        None
    }
}

fn points(view: &View<'_>, claim: &Claim, claimed: &[Vec<Point>]) -> Answer {
    let Some(found) = scatter::find(view.ink, claimed, view.legend) else { return Answer::without_ink() };
    let series = series::readings(view, claim, &found.series, Kind::Scatter);
    let drawn = found.series.iter().map(Drawn::of).collect();
    if let Some(beyond) = outside(view, claim, &found.series) {
        return Answer { outcome: Outcome::Contradicts(beyond), series, drawn, fit: None, joined: false, unclaimed: found.extra.len() };
    }
    let outcome = match series::outcome(&series, &found.series, Kind::Scatter) {
        contradicts @ Outcome::Contradicts(_) => contradicts,
        open => unclaimed_points(view, &found, open),
    };
    Answer { outcome, series, drawn, fit: Some(fit(&found.series, found.unclaimed)), joined: false, unclaimed: found.extra.len() }
}

/// The outcome with markers that nobody claims.
fn unclaimed_points(view: &View<'_>, found: &scatter::Points, outcome: Outcome) -> Outcome {
    let shows = matches!(outcome, Outcome::Shows(_));
    let extra = found.extra.iter().max_by_key(|extra| (extra.whole, extra.apart));
    // In a crowd it may be where colours run into each other.
    let sure = found.unclaimed <= MOST_UNCLAIMED && extra.is_some_and(|extra| extra.whole && extra.apart);
    match extra {
        Some(extra) if sure => Outcome::Contradicts(Contradiction::UnclaimedPoint(view.panel.values(extra.at))),
        Some(extra) if shows => Outcome::CannotTell(Doubt::UnclaimedPoint(view.panel.values(extra.at))),
        _ if shows && found.unclaimed > MOST_UNCLAIMED => Outcome::CannotTell(Doubt::UnclaimedInk(found.unclaimed)),
        _ => outcome,
    }
}

/// How well a claim fits: the share that is drawn, less the ink that it leaves unclaimed.
fn fit(series: &[Found], unclaimed: f64) -> f64 {
    series.iter().map(|one| one.held).sum::<f64>() / series.len() as f64 - 0.6 * unclaimed
}

/// What is shown where every series is.
fn agreement(series: &[SeriesReading]) -> Agreement {
    match series {
        [one] => Agreement::One { series: one.name.clone(), points: one.points.len(), named: false },
        all => Agreement::All { series: all.len(), named: false },
    }
}

/// The first series of which most lies beyond the axes, where nothing more is to be found.
fn outside(view: &View<'_>, claim: &Claim, found: &[Found]) -> Option<Contradiction> {
    let (series, _) = claim.series().iter().zip(found).find(|(_, one)| one.outside(view.ink) > MOST_HIDDEN)?;
    let extent = |values: &[f64]| values.iter().fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], &v| [low.min(v), high.max(v)]);
    let Panel { x, y, frame, .. } = view.panel;
    let range = |scale: &Scale, from: usize, to: usize| extent(&[from, to].map(|place| scale.value(place as f64)));
    let axes = [range(x, frame.left, frame.right), range(y, frame.bottom, frame.top)];
    Some(Contradiction::OutsideAxes { series: series.name.clone(), ranges: Some([extent(&series.x), extent(&series.y), axes[0], axes[1]]) })
}

impl Panel {
    /// The values of x and y at a place on the panel.
    fn values(&self, at: Point) -> [f64; 2] {
        [self.x.value(at[0] + self.frame.left as f64), self.y.value(at[1] + self.frame.top as f64)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::Series;
    use crate::reading::Frame;
    use crate::reason::Labels;

    /// The outcome on an empty panel, whose axes show 0 to 50 and 1e0 to 1e5.
    fn on_paper(doubt: Option<Labels>, y: f64) -> Outcome {
        let picture = Picture { width: 100, height: 100, rgb: vec![255; 30_000] };
        let frame = Frame { left: 20, top: 20, right: 70, bottom: 70 };
        let (x, logarithmic) = (Scale { origin: 20.0, unit: 1.0, log: false }, Scale { origin: 70.0, unit: -10.0, log: true });
        let panel = Panel { frame, x, y: logarithmic, furniture: Furniture::default(), percent: false, doubt, said: None };
        let claim = Claim::new(Kind::Line, vec![Series { name: "a".to_owned(), x: vec![10.0, 20.0], y: vec![y, y] }]).unwrap();
        let ink = Ink::of(&picture, frame);
        judge(&View { picture: &picture, legend: &Legend::default(), panel: &panel, ink: &ink }, &claim).reading.outcome
    }

    #[test]
    fn what_only_doubtful_tick_labels_say_contradicts_nothing() {
        assert_eq!(on_paper(None, 10.0), Outcome::Contradicts(Contradiction::NothingDrawn));
        let doubted = Doubt::Labels(Labels::Two, Box::new(Contradiction::NothingDrawn));
        assert_eq!(on_paper(Some(Labels::Two), 10.0), Outcome::CannotTell(doubted));
        // That an axis is logarithmic does not hang on which numbers were read.
        assert_eq!(on_paper(Some(Labels::Two), -10.0), Outcome::Contradicts(Contradiction::NotPositive));
    }
}
