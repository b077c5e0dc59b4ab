//! The verdict on claimed bars.

use mlgrade_picture::Picture;

use crate::bars::Claim;
use crate::raster::legend::Entry;
use crate::reading::{PointReading, Reading, SeriesReading, Verdict, Worst};
use crate::reason::{Agreement, BarDoubt, BarOff, Contradiction, Doubt, Outcome};
use crate::text::Texts;

use super::axes::Values;
use super::chart::Chart;
use super::fit::{Fit, Measure, TINY};
use super::flat::Flat;
use super::labels::{self, Order};
use super::names::{Named, entries, named};
use super::piece::View;
use super::slots::{self, Misfit, Slots};

/// What is known of a panel with bars.
pub(in crate::raster) struct Scene<'a> {
    pub(in crate::raster) picture: &'a Picture,
    pub(in crate::raster) texts: &'a Texts,
    pub(in crate::raster) flats: &'a [Flat],
    pub(in crate::raster) values: &'a Values,
    pub(in crate::raster) chart: &'a Chart,
}

/// A reading with the share of the claimed bars that hold.
pub(in crate::raster) struct Judged {
    pub(in crate::raster) reading: Reading,
    pub(in crate::raster) held: f64,
}

/// Holds claimed bars against a panel.
pub(in crate::raster) fn judge(scene: &Scene<'_>, claim: &Claim) -> Judged {
    let doubt = |doubt: Doubt| Judged { reading: framed(scene, Outcome::CannotTell(doubt), Vec::new()), held: 0.0 };
    let (scale, base) = (scene.values.scale, scene.chart.base);
    let values = || claim.series().iter().flat_map(|series| &series.values);
    if scale.log && values().any(|value| *value <= 0.0) {
        return sure(scene, Contradiction::NotPositive);
    }
    let is_tiny = |value: &f64| scale.pixel(*value).is_none_or(|end| (end - base).abs() <= TINY);
    let slots = match claim.series() {
        [only] => slots::single(&scene.chart.bars, &only.values.iter().map(is_tiny).collect::<Vec<_>>()),
        series => slots::several(&scene.chart.bars, series.len(), claim.bars()),
    };
    let slots = match slots {
        Ok(slots) => slots,
        Err(Misfit::Count(drawn)) if !scene.chart.odd && drawn > 1 => return sure(scene, Contradiction::BarCount { drawn, claimed: values().count() }),
        Err(Misfit::MoreSeries) => return doubt(Doubt::Bars(BarDoubt::MoreSeries)),
        Err(Misfit::Count(_) | Misfit::Unclear) => return doubt(Doubt::Bars(BarDoubt::WhichIsWhich)),
    };
    if slots.stacked && scale.log {
        return doubt(Doubt::Bars(BarDoubt::WhichIsWhich));
    }
    let measure = Measure { claim, scale, base, slots: &slots };
    let order = labels::order(scene.picture, scene.texts, scene.values, claim.categories(), &slots.centres);
    let (fit, places, open) = best(&measure, &order, claim, scene.values.horizontal);
    let entries = entries(scene.picture, scene.flats, &slots.colours);
    let outcome = outcome(scene, claim, &measure, &fit, &places, open, &order, &entries);
    let series = series(scene, &measure, &fit, &places);
    let held = fit.held() as f64 / values().count() as f64;
    Judged { reading: doubted(scene, framed(scene, outcome, series)), held }
}

/// What is open about the order of the bars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    /// Nothing: the labels tell, or the claim names no categories.
    Nothing,
    /// It is claimed in the usual order, but no labels bear that out.
    Order,
    /// It could be either of two orders, and only one fits.
    Direction,
}

/// The order in which the claim fits best, of those that its labels allow.
fn best(measure: &Measure<'_>, order: &Order, claim: &Claim, horizontal: bool) -> (Fit, Vec<usize>, Open) {
    let count = claim.bars();
    let forwards: Vec<usize> = (0..count).collect();
    let backwards: Vec<usize> = (0..count).rev().collect();
    let with = |places: Vec<usize>, open: Open| (measure.fit(&places), places, open);
    match order {
        Order::Known(places) => with(places.clone(), Open::Nothing),
        Order::Likely { reversed } => with(if *reversed { backwards } else { forwards }, Open::Order),
        Order::Unknown if !horizontal || count == 1 => with(forwards, Open::Order),
        // From the top or from the bottom: both are usual.
        Order::Unknown => {
            let (down, up) = (with(forwards, Open::Order), with(backwards, Open::Order));
            let either = claim.categories().is_empty() || down.0.all_hold() == up.0.all_hold();
            let better = if up.0.held() >= down.0.held() { up } else { down };
            (better.0, better.1, if either { Open::Order } else { Open::Direction })
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "all that was found of one panel")]
fn outcome(scene: &Scene<'_>, claim: &Claim, measure: &Measure<'_>, fit: &Fit, places: &[usize], open: Open, order: &Order, entries: &[Entry]) -> Outcome {
    let cannot = |doubt: BarDoubt| Outcome::CannotTell(Doubt::Bars(doubt));
    if scene.chart.odd {
        return cannot(BarDoubt::OtherThings);
    }
    if !fit.all_hold() {
        if !fit.is_clearly_off() {
            return cannot(BarDoubt::Unclear);
        }
        if is_covered(scene, measure.slots, fit, places, entries) {
            return cannot(BarDoubt::Covered);
        }
        if open != Open::Nothing && measure.fits_in_some_order(&fit.own, fit.close) {
            return cannot(BarDoubt::Order);
        }
        let forwards: Vec<usize> = (0..places.len()).collect();
        if matches!(order, Order::Known(_)) && places != forwards && measure.fit(&forwards).all_hold() {
            return cannot(BarDoubt::Order);
        }
        return off(claim, measure, fit, places).map_or_else(|| cannot(BarDoubt::Unclear), |off| Outcome::Contradicts(Contradiction::Bar(off)));
    }
    if open == Open::Direction {
        return cannot(BarDoubt::Order);
    }
    if claim.series().len() < 2 {
        return Outcome::Shows(Agreement::Bars { bars: claim.bars(), series: 1, named: false });
    }
    let names: Vec<&str> = claim.series().iter().map(|series| series.name.as_str()).collect();
    let alike = |a: usize, b: usize| measure.fit(places).off[a].len() == places.len() && is_alike(measure, claim, a, b, fit.close);
    match named(scene.picture, scene.texts, entries, &names, &fit.own) {
        Named::Agree => Outcome::Shows(Agreement::Bars { bars: claim.bars(), series: names.len(), named: true }),
        Named::Exchanged(one, other) if !alike(one, other) => {
            Outcome::Contradicts(Contradiction::NamesExchanged([names[one].to_owned(), names[other].to_owned()]))
        }
        Named::Exchanged(one, other) => Outcome::CannotTell(Doubt::Alike([names[one].to_owned(), names[other].to_owned()])),
        Named::Doubtful(one, other) => Outcome::CannotTell(Doubt::Name { series: names[one].to_owned(), other }),
        Named::Open(read) => Outcome::CannotTell(Doubt::Names { read }),
    }
}

/// Whether two claimed series would hold in each other's place.
fn is_alike(measure: &Measure<'_>, claim: &Claim, a: usize, b: usize, close: f64) -> bool {
    let pairs = claim.series()[a].values.iter().zip(&claim.series()[b].values);
    pairs.into_iter().all(|(x, y)| measure.end(*x).zip(measure.end(*y)).is_some_and(|(x, y)| (x - y).abs() <= close))
}

/// Whether a bar that is off ends under a legend.
fn is_covered(scene: &Scene<'_>, slots: &Slots, fit: &Fit, places: &[usize], entries: &[Entry]) -> bool {
    let Some(first) = entries.first() else { return false };
    let hull = entries.iter().fold(first.text, |hull, entry| crate::reading::Frame {
        left: hull.left.min(entry.text.left),
        top: hull.top.min(entry.text.top),
        right: hull.right.max(entry.text.right),
        bottom: hull.bottom.max(entry.text.bottom),
    });
    let line = (first.text.bottom - first.text.top).max(8);
    let (left, top, right, bottom) = (hull.left.saturating_sub(6 * line), hull.top.saturating_sub(2 * line), hull.right + 2 * line, hull.bottom + 2 * line);
    let view = View { picture: scene.picture, horizontal: scene.values.horizontal };
    fit.off.iter().enumerate().any(|(s, row)| {
        (0..row.len()).filter(|&c| !fit.holds(s, c)).any(|c| match &slots.bars[fit.own[s]][places[c]] {
            None => true,
            Some(bar) => {
                let [from, to] = bar.piece.across;
                let [x0, y0] = view.place(from, bar.to.max(0.0) as usize);
                let [x1, y1] = view.place(to, bar.to.max(0.0) as usize);
                x1 > left && x0 < right && y1.max(y0) > top && y0.min(y1) < bottom
            }
        })
    })
}

/// The bar that is farthest off.
fn off(claim: &Claim, measure: &Measure<'_>, fit: &Fit, places: &[usize]) -> Option<BarOff> {
    let (s, c) = fit.worst()?;
    let series = &claim.series()[s];
    let category = claim.categories().get(c).cloned();
    let others = fit.off.iter().map(Vec::len).sum::<usize>() - fit.held() - 1;
    Some(BarOff {
        series: (claim.series().len() > 1).then(|| series.name.clone()),
        category,
        number: places[c] + 1,
        claimed: series.values[c],
        drawn: drawn(measure, fit, places, s, c),
        others,
    })
}

/// The value of the bar that was taken for a claimed one.
fn drawn(measure: &Measure<'_>, fit: &Fit, places: &[usize], s: usize, c: usize) -> Option<f64> {
    let bar = measure.slots.bars[fit.own[s]][places[c]].as_ref()?;
    Some(if measure.slots.stacked { (bar.to - bar.from) / measure.scale.unit } else { measure.scale.value(bar.to) })
}

fn series(scene: &Scene<'_>, measure: &Measure<'_>, fit: &Fit, places: &[usize]) -> Vec<SeriesReading> {
    let view = View { picture: scene.picture, horizontal: scene.values.horizontal };
    let one = |(s, series): (usize, &crate::bars::Heights)| {
        let point = |(c, value): (usize, &f64)| {
            let bar = measure.slots.bars[fit.own[s]][places[c]].as_ref();
            let centre = bar.map_or(measure.slots.centres[places[c]], |bar| bar.piece.centre());
            let end = match bar {
                Some(bar) if measure.slots.stacked => Some(bar.from + measure.scale.unit * value),
                _ => measure.end(*value),
            };
            let [x, y] = view.place(centre, end.unwrap_or(measure.base));
            PointReading { x, y, holds: fit.holds(s, c) }
        };
        let worst = (0..series.values.len()).filter(|&c| !fit.holds(s, c)).max_by(|&a, &b| {
            let size = |c: usize| fit.off[s][c].map_or(f64::INFINITY, f64::abs);
            size(a).total_cmp(&size(b))
        });
        SeriesReading {
            name: series.name.clone(),
            colour: measure.slots.colours.get(fit.own[s]).copied(),
            verdict: match worst {
                None => Verdict::Shows,
                Some(_) if fit.is_clearly_off() => Verdict::Contradicts,
                Some(_) => Verdict::CannotTell,
            },
            worst: worst.map(|c| Worst { x: (c + 1) as f64, claimed: series.values[c], seen: drawn(measure, fit, places, s, c) }),
            points: series.values.iter().enumerate().map(point).collect(),
        }
    };
    measure.claim.series().iter().enumerate().map(one).collect()
}

/// A contradiction that does not depend on single bars.
fn sure(scene: &Scene<'_>, contradiction: Contradiction) -> Judged {
    Judged { reading: doubted(scene, framed(scene, Outcome::Contradicts(contradiction), Vec::new())), held: 0.0 }
}

fn framed(scene: &Scene<'_>, outcome: Outcome, series: Vec<SeriesReading>) -> Reading {
    Reading { frame: Some(scene.values.frame), furniture: scene.values.furniture, ..Reading::of(outcome, series) }
}

/// Labels that may have been misread contradict nothing.
fn doubted(scene: &Scene<'_>, reading: Reading) -> Reading {
    match scene.values.doubt {
        Some(labels) => reading.doubted(|by| Doubt::Labels(labels, by)),
        None => reading,
    }
}
