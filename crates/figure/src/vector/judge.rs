//! The verdict on a claim: which curve belongs to which series, and whether each is drawn as claimed.

mod reasons;

use super::model::{Curve, Drawing, Look, Panel, Scale};
use crate::assignment::assign;
use crate::claim::{Claim, Kind};
use crate::names;
use crate::reading::{Frame, PointReading, Reading, SeriesReading, Verdict};
use crate::reason::{Axis, Contradiction, Doubt, NoAxes, Outcome};
use crate::track::Budget;
use crate::vector::matching::line::{Comparison, Drawn, Placed, compare, share};
use crate::vector::matching::scatter;
use crate::vector::matching::shape::has_right_shape;
use crate::vector::source::dashes;
use mlgrade_picture::geometry::{Point, Rect};

/// What it costs to take a curve that the legend gives another name, no curve, or markers where lines are claimed.
const MISNAMED: f64 = 10.0;
const NONE: f64 = 5.0;
const SECOND_CHOICE: f64 = 0.001;

/// Series of a claim that are compared.
const SERIES: usize = 256;

/// Curves that are compared at all; those with the best shares.
const COMPARED: usize = 200;

/// Holds the claim against the panel, or against all panels if none is named.
pub(super) fn judge(drawing: &Drawing, claim: &Claim, panel: Option<usize>) -> Reading {
    let panels = drawing.panels.len();
    if let Some(unread) = drawing.fault {
        return Reading::unread(Doubt::NoAxes(NoAxes::Unread(unread)), panels);
    }
    if claim.series().len() > SERIES {
        return Reading::unread(Doubt::TooManySeries { claimed: claim.series().len(), most: SERIES }, panels);
    }
    let budget = Budget::new();
    let chosen: Vec<usize> = match panel {
        Some(panel) if panel == 0 || panel > panels => return Reading::unread(Doubt::NoPanel { asked: panel, found: panels }, panels),
        Some(panel) => vec![panel - 1],
        None => (0..panels).collect(),
    };
    let readings = chosen.iter().map(|i| {
        let (score, reading) = of_panel(drawing, &drawing.panels[*i], claim, &budget);
        (score, Reading { panel: Some(i + 1), panels, ..reading })
    });
    let best = readings.reduce(|a, b| if b.0 > a.0 { b } else { a });
    if budget.is_spent() {
        return Reading::unread(Doubt::TooMuch, panels);
    }
    best.map_or_else(|| Reading::unread(Doubt::NoAxes(NoAxes::NoneFound), panels), |(_, reading)| reading)
}

/// Something that may draw a series.
pub(super) struct Target<'a> {
    pub(super) look: &'a Look,
    pub(super) name: Option<&'a str>,
    /// Whether it is of the claimed kind.
    fits_kind: bool,
    pub(super) drawn: Drawn<'a>,
    centres: &'a [Point],
}

fn targets<'a>(panel: &'a Panel, kind: Kind, alone: &'a [Vec<Vec<Point>>], simplified: f64) -> Vec<Target<'a>> {
    let mut targets = Vec::new();
    if kind == Kind::Line {
        for curve in &panel.curves {
            let drawn = Drawn::new(&curve.runs, &dashes::tails(&curve.look, &curve.runs), curve.precision, simplified);
            targets.push(Target { look: &curve.look, name: curve.name.as_deref(), fits_kind: true, drawn, centres: &[] });
        }
    }
    // Markers on a line are left to the line.
    let alone =
        panel.markers.iter().zip(alone).filter(|(markers, _)| {
            kind == Kind::Scatter || !panel.curves.iter().any(|curve| curve.look.colour == markers.look.colour && is_long(curve, panel))
        });
    for (markers, runs) in alone {
        let drawn = Drawn::new(runs, &[], markers.precision, 0.0);
        targets.push(Target { look: &markers.look, name: markers.name.as_deref(), fits_kind: kind == Kind::Scatter, drawn, centres: &markers.centres });
    }
    targets
}

/// Whether a curve is more than an error bar or a bit of something.
fn is_long(curve: &Curve, panel: &Panel) -> bool {
    let bounds = Rect::around(curve.runs.iter().flatten());
    bounds.is_some_and(|bounds| bounds.width() > 0.3 * panel.frame.width() || curve.runs.iter().any(|run| run.len() > 2 && bounds.width() > 5.0))
}

/// The reading of one panel and how well the claim fares there; `None` is worse than anything.
fn of_panel(drawing: &Drawing, panel: &Panel, claim: &Claim, budget: &Budget) -> (Option<f64>, Reading) {
    let [left, top, right, bottom] = [panel.frame.left, panel.frame.top, panel.frame.right, panel.frame.bottom].map(pixel);
    let frame = drawing.has_pixels.then_some(Frame { left, top, right, bottom });
    let on_panel = |reading: Reading| Reading { frame, furniture: panel.furniture, ..reading };
    let unread = |why: NoAxes| (None, on_panel(Reading::unread(Doubt::NoAxes(why), 0)));
    let (x, ys) = match (&panel.x, &panel.y) {
        (Ok(x), Ok(ys)) => (*x, ys),
        (Err(why), _) | (_, Err(why)) => return unread(NoAxes::Unread(*why)),
    };
    let alone: Vec<Vec<Vec<Point>>> = panel.markers.iter().map(|markers| markers.centres.iter().map(|centre| vec![*centre]).collect()).collect();
    let all = targets(panel, claim.kind(), &alone, drawing.simplified);
    let read = |y: &Scale| over_scale(panel, claim, x, *y, &all, budget, drawing.has_pixels);
    match ys.iter().map(read).reduce(|a, b| if b.0 > a.0 { b } else { a }) {
        Some((score, reading)) => (Some(score), on_panel(reading)),
        None => unread(NoAxes::NoneFound),
    }
}

/// The reading over one pair of scales and how well the claim fares there.
fn over_scale(panel: &Panel, claim: &Claim, x: Scale, y: Scale, all: &[Target], budget: &Budget, has_pixels: bool) -> (f64, Reading) {
    let placed: Vec<Placed> = claim.series().iter().map(|series| Placed::new(series, x, y, panel.frame)).collect();
    let named = own_targets(claim, all);
    let shares: Vec<Vec<f64>> = placed.iter().map(|placed| all.iter().map(|target| share_of(placed, target, claim.kind(), budget)).collect()).collect();
    let chosen = choose(&shares, &named, all);
    let mut series = Vec::new();
    let mut compared = Vec::new();
    for (i, placed) in placed.iter().enumerate() {
        let target = chosen[i].map(|j| &all[j]);
        let comparison = target.map(|target| match claim.kind() {
            Kind::Scatter => scatter::compare(placed, target.centres, target.drawn.precision, panel.frame, budget),
            Kind::Line => compare(placed, &target.drawn, panel.frame, budget),
        });
        let verdict = verdict(comparison.as_ref());
        let point = |(place, holds): (&Option<Point>, &Option<bool>)| place.map(|[x, y]| PointReading { x, y, holds: holds.unwrap_or(true) });
        let points = comparison.as_ref().filter(|_| has_pixels).map(|c| placed.places.iter().zip(&c.holds).filter_map(point).collect());
        series.push(SeriesReading {
            name: placed.series.name.clone(),
            colour: target.and_then(|target| target.look.colour),
            verdict,
            worst: comparison.as_ref().and_then(|c| c.departure?.value()),
            points: points.unwrap_or_default(),
        });
        compared.push(comparison);
    }
    let holding = compared.iter().flatten().flat_map(|c| &c.holds).filter(|holds| **holds == Some(true)).count();
    let total: usize = placed.iter().map(|placed| placed.places.len()).sum();
    let agreeing = series.iter().filter(|series| series.verdict == Verdict::Shows).count();
    let score = agreeing as f64 + holding as f64 / total.max(1) as f64;
    let case = Case { claim, series: &series, compared: &compared, all, named: &named, shares: &shares };
    let outcome = case.conclusion(|| has_right_shape(panel, &placed, all, &named));
    if matches!(outcome, Outcome::Contradicts(_)) && !(x.pinned && y.pinned) {
        let doubt = Doubt::FewTickLabels(if x.pinned { Axis::Y } else { Axis::X });
        let series = series.into_iter().map(|series| SeriesReading { verdict: Verdict::CannotTell, ..series }).collect();
        return (score, Reading::of(Outcome::CannotTell(doubt), series));
    }
    (score, Reading::of(outcome, series))
}

fn share_of(placed: &Placed, target: &Target, kind: Kind, budget: &Budget) -> f64 {
    match kind {
        Kind::Line => share(placed, &target.drawn, budget),
        Kind::Scatter => {
            let found = scatter::nearest_first(placed, target.centres, target.drawn.precision, budget);
            found.iter().flatten().count() as f64 / found.len().max(1) as f64
        }
    }
}

/// For each series the targets that the legend gives its name; none if the legend does not name it.
fn own_targets(claim: &Claim, all: &[Target]) -> Vec<Vec<usize>> {
    let mut texts: Vec<&str> = all.iter().filter_map(|target| target.name).flat_map(str::lines).collect();
    texts.sort_unstable();
    texts.dedup();
    let claimed: Vec<&str> = claim.series().iter().map(|series| series.name.as_str()).collect();
    let own = |text: Option<usize>| {
        let has = |target: &Target, text: &str| target.name.is_some_and(|names| names.lines().any(|name| name == text));
        text.map_or_else(Vec::new, |text| (0..all.len()).filter(|i| has(&all[*i], texts[text])).collect())
    };
    names::matched(&claimed, &texts).into_iter().map(own).collect()
}

/// One target for each series: those that the legend names, else those that show the most of it.
fn choose(shares: &[Vec<f64>], named: &[Vec<usize>], all: &[Target]) -> Vec<Option<usize>> {
    let mut order: Vec<usize> = (0..all.len()).collect();
    let mut is_own = vec![vec![false; all.len()]; named.len()];
    named.iter().zip(&mut is_own).for_each(|(own, row)| own.iter().for_each(|j| row[*j] = true));
    let best = |j: usize| shares.iter().zip(&is_own).map(|(row, own)| row[j] + f64::from(u8::from(own[j]))).fold(0.0, f64::max);
    let best: Vec<f64> = order.iter().map(|j| best(*j)).collect();
    order.sort_by(|a, b| best[*b].total_cmp(&best[*a]));
    order.truncate(COMPARED.max(2 * shares.len()));
    let spoken_for: Vec<bool> = (0..all.len()).map(|j| is_own.iter().any(|own| own[j])).collect();
    let cost: Vec<Vec<f64>> = shares
        .iter()
        .zip(&is_own)
        .map(|(row, own)| {
            let is_named = own.contains(&true);
            let price = |j: &usize| {
                let misnamed = if is_named { !own[*j] } else { spoken_for[*j] };
                1.0 - row[*j] + if misnamed { MISNAMED } else { 0.0 } + if all[*j].fits_kind { 0.0 } else { SECOND_CHOICE }
            };
            order.iter().map(price).chain(std::iter::repeat_n(NONE, shares.len())).collect()
        })
        .collect();
    let chosen = assign(&cost);
    chosen.into_iter().map(|column| order.get(column).copied()).collect()
}

/// The verdict on one series: at least half of its points must be in view.
fn verdict(comparison: Option<&Comparison>) -> Verdict {
    let Some(comparison) = comparison else { return Verdict::Contradicts };
    let seen = comparison.holds.iter().filter(|holds| holds.is_some()).count();
    if !comparison.agrees() || seen == 0 {
        Verdict::Contradicts
    } else if 2 * seen < comparison.holds.len() {
        Verdict::CannotTell
    } else {
        Verdict::Shows
    }
}

/// All that the reason is made of.
pub(super) struct Case<'a> {
    pub(super) claim: &'a Claim,
    pub(super) series: &'a [SeriesReading],
    pub(super) compared: &'a [Option<Comparison>],
    pub(super) all: &'a [Target<'a>],
    pub(super) named: &'a [Vec<usize>],
    pub(super) shares: &'a [Vec<f64>],
}

impl Case<'_> {
    fn conclusion(&self, right_shape: impl FnOnce() -> bool) -> Outcome {
        let of = |verdict: Verdict| (0..self.series.len()).filter(move |i| self.series[*i].verdict == verdict);
        if let Some(worst) = of(Verdict::Contradicts).max_by(|a, b| self.weight(*a).total_cmp(&self.weight(*b))) {
            let contradiction = reasons::contradiction(self, worst);
            return Outcome::Contradicts(match (right_shape(), contradiction) {
                (false, contradiction) => contradiction,
                (true, Contradiction::Value { off, .. }) => Contradiction::TickLabels(Some(off)),
                (true, _) => Contradiction::TickLabels(None),
            });
        }
        if let Some(hidden) = of(Verdict::CannotTell).next() {
            return Outcome::CannotTell(reasons::hidden(self, hidden));
        }
        match self.alike() {
            Some((a, b)) => Outcome::CannotTell(Doubt::Alike([a, b].map(|i| self.series[i].name.clone()))),
            None => Outcome::Shows(reasons::agreement(self)),
        }
    }

    /// The worst first: what is drawn as the wrong series, what is not drawn, then by the points that are off.
    fn weight(&self, i: usize) -> f64 {
        let off = self.compared[i].as_ref().map_or(1.0, |c| c.holds.iter().filter(|holds| **holds == Some(false)).count() as f64 / c.holds.len().max(1) as f64);
        off + f64::from(u8::from(reasons::drawn_as(self, i).is_some()))
    }

    /// Two claimed series that the legend gives the same look, so that their names could be exchanged.
    fn alike(&self) -> Option<(usize, usize)> {
        let ambiguous = |i: usize, j: usize| self.named[i].len() > 1 && self.named[i] == self.named[j];
        (0..self.named.len()).flat_map(|j| (0..j).map(move |i| (i, j))).find(|&(i, j)| ambiguous(i, j))
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the value is clamped to the range first")]
fn pixel(place: f64) -> usize {
    place.round().clamp(0.0, 1e9) as usize
}
