//! What was found of each claimed series, and the verdict on all of them.

use crate::claim::{Claim, Kind};
use crate::reading::{PointReading, SeriesReading, Verdict, Worst};
use crate::reason::{Contradiction, Doubt, Off, Others, Outcome};
use mlgrade_picture::geometry::Point;

use super::{MOST_HIDDEN, View, agreement};
use crate::raster::ink::Ink;
use crate::raster::layout::panels::Panel;
use crate::raster::matching::found::Found;
use crate::raster::matching::line;

/// A reading for each series.
pub(super) fn readings(view: &View<'_>, claim: &Claim, found: &[Found], kind: Kind) -> Vec<SeriesReading> {
    let View { panel, ink, .. } = *view;
    let reading = |(series, one): (&crate::claim::Series, &Found)| {
        let worst = if kind == Kind::Line { worst(ink, one) } else { one.worst() };
        let verdict = if one.outside(ink) > MOST_HIDDEN {
            Verdict::Contradicts
        } else if one.hidden > MOST_HIDDEN {
            Verdict::CannotTell
        } else if worst.is_some() {
            Verdict::Contradicts
        } else if one.veiled {
            Verdict::CannotTell
        } else {
            Verdict::Shows
        };
        let drawn = |i: usize| {
            let row = match one.elsewhere {
                Some((vertex, row)) if vertex == i => Some(row),
                _ if kind == Kind::Line => seen(ink, found, one, i),
                _ => None,
            };
            row.map(|row| panel.y.value(row + panel.frame.top as f64)).filter(|value| value.is_finite())
        };
        SeriesReading {
            name: series.name.clone(),
            colour: ink.layers.get(usize::from(one.layer)).map(|layer| layer.colour),
            verdict,
            worst: worst.map(|i| Worst { x: series.x[i], claimed: series.y[i], seen: drawn(i) }),
            points: one.points.iter().zip(&one.off).map(|(at, &off)| on_picture(panel, *at, off <= 0.0 && ink.holds(*at))).collect(),
        }
    };
    claim.series().iter().zip(found).map(reading).collect()
}

/// The outcome for all series from the readings of each; that with most points off speaks for them.
pub(super) fn outcome(series: &[SeriesReading], found: &[Found], kind: Kind) -> Outcome {
    let off = |one: &SeriesReading| one.points.iter().filter(|point| !point.holds).count();
    let contradicting = || series.iter().filter(|one| one.verdict == Verdict::Contradicts);
    if let Some((one, worst)) = contradicting().max_by_key(|one| off(one)).and_then(|one| Some((one, one.worst?))) {
        let others = Others { points: off(one).saturating_sub(1), of: one.points.len(), series: contradicting().count() - 1 };
        let off = Off { series: one.name.clone(), x: worst.x, claimed: worst.claimed, drawn: worst.seen };
        return Outcome::Contradicts(Contradiction::Value { off, kind, others });
    }
    let both = || series.iter().zip(found);
    if let Some((one, found)) = both().find(|(_, found)| found.hidden > MOST_HIDDEN) {
        return Outcome::CannotTell(Doubt::Hidden { series: one.name.clone(), share: found.hidden });
    }
    match both().find(|(_, found)| found.veiled) {
        Some((one, _)) => Outcome::CannotTell(Doubt::Unclear(one.name.clone())),
        None => Outcome::Shows(agreement(series)),
    }
}

/// The point of a line that is farthest off. Ink is looked for in a small circle: of those with none in it, the one that is farthest
/// from ink above or below.
fn worst(ink: &Ink, one: &Found) -> Option<usize> {
    let most = one.worst().map(|i| one.off[i])?;
    let gap = |i: usize| ink.middle(one.layer, one.points[i], 1, ink.height as isize, ink.height as isize).map_or(0.0, f64::abs);
    (0..one.off.len()).filter(|&i| one.off[i] >= most).max_by(|&a, &b| gap(a).total_cmp(&gap(b)))
}

fn on_picture(panel: &Panel, at: Point, holds: bool) -> PointReading {
    PointReading { x: at[0] + panel.frame.left as f64, y: at[1] + panel.frame.top as f64, holds }
}

/// The row at which something is drawn in the column of a claimed point: the ink of its layer that is nearest to it, but neither there nor where
/// another claimed line of its layer runs.
fn seen(ink: &Ink, found: &[Found], one: &Found, vertex: usize) -> Option<f64> {
    let at = one.points[vertex];
    let near = line::tolerance(ink, one.layer) + ink.layers[usize::from(one.layer)].stroke / 2.0;
    let others = found.iter().filter(|other| !std::ptr::eq(*other, one) && other.layer == one.layer);
    let mut explained: Vec<f64> = others.flat_map(|other| rows(&other.points, at[0])).collect();
    explained.push(at[1]);
    let drawn = ink.runs_in_column(one.layer, at[0]).into_iter().filter(|row| explained.iter().all(|other| (row - other).abs() > near));
    drawn.min_by(|a, b| (a - at[1]).abs().total_cmp(&(b - at[1]).abs()))
}

/// The rows at which a polyline crosses a column.
fn rows(points: &[Point], x: f64) -> impl Iterator<Item = f64> {
    points.windows(2).filter(move |pair| (pair[0][0] - x) * (pair[1][0] - x) <= 0.0).flat_map(move |pair| {
        let [a, b] = [pair[0], pair[1]];
        let row = a[1] + (b[1] - a[1]) * (x - a[0]) / (b[0] - a[0]);
        if row.is_finite() { vec![row] } else { vec![a[1], b[1]] }
    })
}
