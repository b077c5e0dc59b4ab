//! Bars: boxes of one colour that begin at the axis, held against claimed heights.

pub(super) mod axes;
pub(super) mod chart;
mod fit;
mod flat;
mod judge;
mod labels;
mod names;
mod piece;
mod slots;
#[cfg(test)]
mod tests;

use crate::bars::Claim;
use crate::reading::{Reading, Verdict};
use crate::reason::{BarDoubt, Doubt, NoAxes};
use crate::text::difference;

use super::Plot;
pub(super) use axes::Values;
pub(super) use chart::{Bar, Chart};
use judge::{Judged, Scene};
use piece::View;

/// More bars than are compared.
const MOST_BARS: usize = 400;

/// More series than are compared.
const MOST_SERIES: usize = 12;

/// Colours nearer to white than this are those of paper.
const WHITE: u8 = 4;

/// The flat patches of a picture and its panels with bars.
#[derive(Debug)]
pub(in crate::raster) struct Layout {
    flats: Vec<flat::Flat>,
    /// How many axes of values there are, with bars or without.
    axes: usize,
    panels: Vec<(Values, Chart)>,
}

impl Layout {
    fn of(plot: &Plot) -> Self {
        let all = axes::find(&plot.picture, &plot.texts);
        let flats = flats(plot);
        let axes = all.len();
        let panels = all.into_iter().filter_map(|values| {
            let chart = chart(plot, &flats, &values)?;
            Some((values, chart))
        });
        Self { axes, panels: panels.collect(), flats }
    }
}

/// The flat patches of a picture, but for white.
pub(super) fn flats(plot: &Plot) -> Vec<flat::Flat> {
    flat::flats(&plot.picture, |colour| difference(colour, [255; 3]) > WHITE)
}

/// The bars of a panel, if it has any.
pub(super) fn chart(plot: &Plot, flats: &[flat::Flat], values: &Values) -> Option<Chart> {
    let view = View { picture: &plot.picture, horizontal: values.horizontal };
    chart::read(view, values, &chart::pieces_of(view, values, flats))
}

/// Holds claimed bars against one panel, or against that on which they fit best.
pub(super) fn read(plot: &Plot, claim: &Claim, panel: Option<usize>) -> Reading {
    let layout = plot.bars.get_or_init(|| Layout::of(plot));
    let panels = layout.panels.len();
    if claim.series().len() > MOST_SERIES {
        return Reading::unread(Doubt::TooManySeries { claimed: claim.series().len(), most: MOST_SERIES }, panels);
    }
    if claim.bars() * claim.series().len() > MOST_BARS {
        return Reading::unread(Doubt::TooMuch, panels);
    }
    if layout.axes == 0 {
        return Reading::unread(Doubt::NoAxes(NoAxes::NoTickLabels), 0);
    }
    if let Some(asked) = panel.filter(|asked| *asked == 0 || *asked > panels.max(1)) {
        return Reading::unread(Doubt::NoPanel { asked, found: panels }, panels);
    }
    let drawn: Vec<Judged> = layout.panels.iter().map(|(values, chart)| with_panel(plot, &layout.flats, values, chart, claim)).collect();
    let rank = |judged: &Judged| (judged.reading.verdict() == Verdict::Shows, judged.held);
    let best = (0..panels).max_by(|&a, &b| rank(&drawn[a]).partial_cmp(&rank(&drawn[b])).unwrap_or(std::cmp::Ordering::Equal).then(b.cmp(&a)));
    let Some(best) = best else { return Reading::unread(Doubt::Bars(BarDoubt::None), panels) };
    let chosen = panel.map_or(best, |panel| panel - 1);
    let mut reading = Reading { panel: Some(chosen + 1), panels, ..drawn[chosen].reading.clone() };
    // Where another panel shows it, panels may have been counted otherwise.
    if chosen != best && drawn[best].reading.verdict() == Verdict::Shows {
        reading = reading.doubted(Doubt::OtherPanel);
    }
    reading
}

/// The reading of one panel: where its labels are percentages, in fractions or in percent.
fn with_panel(plot: &Plot, flats: &[flat::Flat], values: &Values, chart: &Chart, claim: &Claim) -> Judged {
    let scene = Scene { picture: &plot.picture, texts: &plot.texts, flats, values, chart };
    let judged = judge::judge(&scene, claim);
    if !values.percent || judged.reading.verdict() == Verdict::Shows {
        return judged;
    }
    let hundred = Values { scale: values.scale.times(100.0), ..values.clone() };
    let other = judge::judge(&Scene { values: &hundred, ..scene }, claim);
    if other.held > judged.held { other } else { judged }
}
