//! From what was found on one panel to a verdict in words.

use crate::claim::{Claim, Kind, Series};
use crate::reading::{self, Furniture, Reading, SeriesReading, Verdict, Worst};
use mlgrade_domain::number::significant;
use mlgrade_picture::Picture;

use super::found::Found;
use super::ink::Ink;
use super::legend::{self, Drawn, Legend, Names};
use super::panels::{Doubt, Panel};
use super::scale::Scale;
use super::trace::Point;
use super::{line, rescale, scatter};

/// A reading with how well the claim fits, to choose among panels.
pub(super) struct Judged {
    pub(super) reading: Reading,
    pub(super) quality: f64,
}

/// Above this share of unclaimed ink the claim is not what the figure is about.
const MOST_UNCLAIMED: f64 = 0.45;

/// Strokes wider than this share of the panel's height or width are areas: they would bear any line.
const WIDEST_STROKE: f64 = 0.1;

/// Of a series with more hidden than this nothing is said.
const MOST_HIDDEN: f64 = 0.8;

/// Holds a claim against one panel.
pub(super) fn judge(picture: &Picture, legend: &Legend, panel: &Panel, ink: &Ink, (number, count): (usize, usize), claim: &Claim) -> Judged {
    let mut reading = Reading {
        verdict: Verdict::CannotTell,
        reason: String::new(),
        panel: Some(number),
        panels: count,
        frame: Some(panel.frame),
        series: Vec::new(),
        furniture: Furniture { colours: ink.layers.len(), legend: !legend.entries.is_empty(), ..panel.furniture },
    };
    let Some(claimed) = project(panel, claim) else {
        reading.reason = String::from("an axis is logarithmic, but the claim has values that are not positive");
        reading.verdict = Verdict::Contradicts;
        return Judged { reading, quality: -1.0 };
    };
    let mut drawn: Vec<Drawn> = Vec::new();
    let mut joined = false;
    let mut quality = match claim.kind() {
        Kind::Line => {
            let (fits, by_lines) = lines(&mut reading, panel, ink, legend, claim, &claimed, &mut drawn);
            joined = by_lines;
            fits
        }
        Kind::Scatter => points(&mut reading, panel, ink, legend, claim, &claimed, &mut drawn),
    };
    if claim.kind() == Kind::Line && !joined && reading.verdict != Verdict::Shows && claim.series().iter().all(|series| series.x.len() >= 3) {
        // Some draw a series as markers alone.
        let mut alone = Reading { series: Vec::new(), ..reading.clone() };
        let mut markers = Vec::new();
        let fits = points(&mut alone, panel, ink, legend, claim, &claimed, &mut markers);
        if alone.verdict == Verdict::Shows {
            (reading, quality, drawn) = (alone, fits, markers);
        }
    }
    if reading.verdict == Verdict::Shows {
        let names: Vec<&str> = claim.series().iter().map(|series| series.name.as_str()).collect();
        match legend::names(picture, legend, claim, &drawn) {
            Names::Agree => {}
            Names::Exchanged(one, other) => {
                reading.verdict = Verdict::Contradicts;
                reading.reason =
                    format!("the legend gives the curve of {} the name {}, and the values of both are claimed the other way round", names[one], names[other]);
                for i in [one, other] {
                    reading.series[i].verdict = Verdict::Contradicts;
                }
            }
            Names::Doubtful(one, other) => {
                reading.verdict = Verdict::CannotTell;
                reading.reason = format!("the legend seems to give the curve of {} the name {other}", names[one]);
                reading.series[one].verdict = Verdict::CannotTell;
            }
        }
    }
    if let Some(doubt) = panel.doubt
        && reading.verdict == Verdict::Contradicts
        && !reading.mostly_holds()
    {
        reading.verdict = Verdict::CannotTell;
        let by = match doubt {
            Doubt::TwoLabels => "only two tick labels of an axis could be read; by them",
            Doubt::Borrowed => "the tick labels of its own y axis could not be read; by those of the panel beside it",
        };
        reading.reason = format!("{by}, {}", reading.reason);
    }
    let sure = f64::from(u8::from(reading.verdict == Verdict::Shows));
    Judged { reading, quality: quality + sure }
}

/// The claimed points on the panel, from its corner.
fn project(panel: &Panel, claim: &Claim) -> Option<Vec<Vec<Point>>> {
    let place = |(&x, &y): (&f64, &f64)| {
        let at = [panel.x.pixel(x)? - panel.frame.left as f64, panel.y.pixel(y)? - panel.frame.top as f64];
        Some(at.map(|v| v.clamp(-1e7, 1e7)))
    };
    claim.series().iter().map(|series| series.x.iter().zip(&series.y).map(place).collect()).collect()
}

/// How well lines fit, and whether a line joins the points of a series.
fn lines(reading: &mut Reading, panel: &Panel, ink: &Ink, legend: &Legend, claim: &Claim, claimed: &[Vec<Point>], drawn: &mut Vec<Drawn>) -> (f64, bool) {
    let Some(found) = line::find(ink, claimed, legend) else {
        reading.verdict = Verdict::Contradicts;
        reading.reason = String::from("nothing is drawn inside the axes");
        return (0.0, false);
    };
    *drawn = found.series.iter().map(Drawn::of).collect();
    if !tell(reading, panel, ink, claim, &found.series, Kind::Line) {
        return (-1.0, false);
    }
    if reading.verdict == Verdict::Contradicts {
        let (off, all) = reading.series.iter().flat_map(|one| &one.points).fold((0, 0), |(off, all), point| (off + usize::from(!point.holds), all + 1));
        if off * 2 >= all
            && let Some(rescaled) = rescale::find(ink, claimed, legend)
        {
            let (series, at) = (&claim.series()[0], claimed[0][0]);
            let drawn = panel.y.value(rescaled.apply(at)[1] + panel.frame.top as f64);
            let factor = (drawn / series.y[0]).abs().log10();
            if factor.abs() > 0.9 && (factor - factor.round()).abs() < 0.02 && rescaled.is_pure(panel, ink) {
                reading.verdict = Verdict::CannotTell;
                reading.reason = format!(
                    "the plot has the claimed shape at 10^{:.0} times the claimed values: a unit, or a factor beside the axis that could not be read",
                    factor.round()
                );
                return (0.0, false);
            }
            reading.reason = format!(
                "the plot has the claimed shape, but its tick labels disagree: at x = {} they put {} at ≈ {}; the claim says {}",
                significant(series.x[0], 4),
                series.name,
                significant(drawn, 3),
                significant(series.y[0], 3)
            );
        }
    } else if reading.verdict == Verdict::Shows {
        if let [stray] | [stray, _] = found.stray.as_slice() {
            let (x, y) = (panel.x.value(stray.at[0] + panel.frame.left as f64), panel.y.value(stray.at[1] + panel.frame.top as f64));
            reading.verdict = Verdict::CannotTell;
            reading.reason = format!("a curve runs through ({}, {}), where none is claimed", significant(x, 3), significant(y, 3));
        } else if found.unclaimed > MOST_UNCLAIMED {
            reading.verdict = Verdict::CannotTell;
            reading.reason = format!("every claimed point is drawn, but {:.0} % of the ink of these colours is not claimed", 100.0 * found.unclaimed);
        } else if found.stroke > WIDEST_STROKE * ink.height.min(ink.width) as f64 {
            reading.verdict = Verdict::CannotTell;
            reading.reason = format!("the strokes are {:.0} pixels wide: areas, on which any line would lie", found.stroke);
        }
    }
    (fits(&found.series, found.unclaimed), found.series.iter().any(Found::is_joined))
}

fn points(reading: &mut Reading, panel: &Panel, ink: &Ink, legend: &Legend, claim: &Claim, claimed: &[Vec<Point>], drawn: &mut Vec<Drawn>) -> f64 {
    let Some(found) = scatter::find(ink, claimed, legend) else {
        reading.verdict = Verdict::Contradicts;
        reading.reason = String::from("nothing is drawn inside the axes");
        return 0.0;
    };
    *drawn = found.series.iter().map(Drawn::of).collect();
    if !tell(reading, panel, ink, claim, &found.series, Kind::Scatter) {
        return -1.0;
    }
    if reading.verdict != Verdict::Contradicts {
        let extra = found.extra.iter().max_by_key(|extra| (extra.whole, extra.apart));
        // In a crowd it may be where colours run into each other.
        let sure = found.unclaimed <= MOST_UNCLAIMED && extra.is_some_and(|extra| extra.whole && extra.apart);
        if let Some(scatter::Extra { at, .. }) = extra.filter(|_| sure || reading.verdict == Verdict::Shows) {
            let value = |v: f64| significant(v, 3);
            let (x, y) = (panel.x.value(at[0] + panel.frame.left as f64), panel.y.value(at[1] + panel.frame.top as f64));
            reading.verdict = if sure { Verdict::Contradicts } else { Verdict::CannotTell };
            reading.reason = format!("the plot has a point near ({}, {}) that is not claimed", value(x), value(y));
        } else if reading.verdict == Verdict::Shows && found.unclaimed > MOST_UNCLAIMED {
            reading.verdict = Verdict::CannotTell;
            reading.reason = format!("every claimed point is drawn, but {:.0} % of the ink of these colours is not claimed", 100.0 * found.unclaimed);
        }
    }
    fits(&found.series, found.unclaimed)
}

/// How well a claim fits: the share that is drawn, less the ink that it leaves unclaimed.
fn fits(series: &[Found], unclaimed: f64) -> f64 {
    series.iter().map(|one| one.held).sum::<f64>() / series.len() as f64 - 0.6 * unclaimed
}

/// Tells of each series and of all; `false` if one lies outside of the axes, where nothing more is to be found.
fn tell(reading: &mut Reading, panel: &Panel, ink: &Ink, claim: &Claim, found: &[Found], kind: Kind) -> bool {
    for (series, one) in claim.series().iter().zip(found) {
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
        reading.series.push(SeriesReading {
            name: series.name.clone(),
            colour: ink.layers.get(usize::from(one.layer)).map(|layer| layer.colour),
            verdict,
            worst: worst.map(|i| Worst { x: series.x[i], claimed: series.y[i], seen: drawn(i) }),
            points: one.points.iter().zip(&one.off).map(|(at, &off)| on_picture(panel, *at, off <= 0.0 && ink.holds(*at))).collect(),
        });
    }
    let both = || claim.series().iter().zip(found);
    if let Some((series, _)) = both().find(|(_, one)| one.outside(ink) > MOST_HIDDEN) {
        reading.verdict = Verdict::Contradicts;
        reading.reason = outside(panel, series);
        return false;
    }
    let hidden: Vec<(&Series, f64, bool)> = both().map(|(series, one)| (series, one.hidden, one.veiled)).collect();
    sum_up(reading, &hidden, kind);
    true
}

/// The point of a line that is farthest off. Ink is looked for in a small circle: of those with none in it, the one that is farthest
/// from ink above or below.
fn worst(ink: &Ink, one: &Found) -> Option<usize> {
    let most = one.worst().map(|i| one.off[i])?;
    let gap = |i: usize| ink.middle(one.layer, one.points[i], 1, ink.height as isize, ink.height as isize).map_or(0.0, f64::abs);
    (0..one.off.len()).filter(|&i| one.off[i] >= most).max_by(|&a, &b| gap(a).total_cmp(&gap(b)))
}

/// The verdict on the whole from those on each series, and the sentence.
fn sum_up(reading: &mut Reading, hidden: &[(&Series, f64, bool)], kind: Kind) {
    let off = reading.series.iter().filter(|one| one.verdict == Verdict::Contradicts).count();
    if let Some(one) =
        reading.series.iter().filter(|one| one.verdict == Verdict::Contradicts).max_by_key(|one| one.points.iter().filter(|point| !point.holds).count())
    {
        reading.verdict = Verdict::Contradicts;
        let points = one.points.iter().filter(|point| !point.holds).count();
        let more = match (points - 1, off - 1) {
            (0, 0) => String::new(),
            (more, 0) => format!("; {more} more of its {} points are off", one.points.len()),
            (_, others) => {
                format!("; {points} of its {} points are off, and so {} {others} other series", one.points.len(), if others == 1 { "is" } else { "are" })
            }
        };
        if let Some(Worst { x, claimed, seen }) = one.worst {
            let (x, claimed) = (significant(x, 4), significant(claimed, 3));
            reading.reason = match seen {
                Some(seen) => format!("at x = {x} the plot shows ≈ {} for {}; the claim says {claimed}{more}", significant(seen, 3), one.name),
                // The point may lie on other ink, or under a legend.
                None if kind == Kind::Line => format!("at x = {x} no line of {} leads to {claimed}, which is claimed{more}", one.name),
                None => format!("at x = {x} nothing is drawn for {} at {claimed}, which is claimed{more}", one.name),
            };
        }
    } else if let Some((series, share, _)) = hidden.iter().find(|(_, share, _)| *share > MOST_HIDDEN) {
        reading.verdict = Verdict::CannotTell;
        reading.reason = format!("{:.0} % of {} is hidden by other curves, text or the legend", 100.0 * share, series.name);
    } else if let Some((series, ..)) = hidden.iter().find(|(.., veiled)| *veiled) {
        reading.verdict = Verdict::CannotTell;
        reading.reason = format!("a part of {} cannot be seen clearly where it is claimed: it is drawn badly, or the legend hides it", series.name);
    } else {
        reading.verdict = Verdict::Shows;
        reading.reason = match reading.series.as_slice() {
            [one] => format!("{} is drawn as claimed, all {} points", one.name, one.points.len()),
            all => format!("all {} series are drawn as claimed", all.len()),
        };
    }
}

fn on_picture(panel: &Panel, at: Point, holds: bool) -> reading::Point {
    reading::Point { x: at[0] + panel.frame.left as f64, y: at[1] + panel.frame.top as f64, holds }
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

/// Says that most of a series lies beyond the axes.
fn outside(panel: &Panel, series: &Series) -> String {
    let (frame, range) = (panel.frame, |scale: &Scale, from: usize, to: usize| {
        let (a, b) = (scale.value(from as f64), scale.value(to as f64));
        format!("{} to {}", significant(a.min(b), 2), significant(a.max(b), 2))
    });
    let extent = |values: &[f64]| {
        let (low, high) = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &v| (low.min(v), high.max(v)));
        format!("{} to {}", significant(low, 2), significant(high, 2))
    };
    format!(
        "most of {} lies outside of the axes: it is claimed from x = {} and y = {}, but the axes show x = {} and y = {}",
        series.name,
        extent(&series.x),
        extent(&series.y),
        range(&panel.x, frame.left, frame.right),
        range(&panel.y, frame.bottom, frame.top)
    )
}
