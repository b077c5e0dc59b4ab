//! Histograms: bars that touch. Their edges are those of the bins, in which the claimed values are counted anew.

use crate::histogram::Claim;
use crate::raster::bars::{Bar, Chart, Values, chart, flats};
use crate::raster::layout::panels::Panel;
use crate::raster::layout::scale::Scale;
use crate::reading::{PointReading, Reading, SeriesReading, Verdict};
use crate::reason::{Agreement, BarDoubt, Contradiction, Doubt, NoAxes, Outcome};

use super::Plot;

/// Bins at most, and the narrowest one, in pixels.
const MOST_BINS: usize = 150;
const NARROWEST: f64 = 4.0;

/// How far an edge may be from where even bins put it, in pixels, and as a share of a bin.
const EDGE: (f64, f64) = (1.6, 0.2);

/// How far the end of a bin may be off, in pixels.
const CLOSE: f64 = 2.0;

/// Bars that are lower than the sum of this and of what is close may not be seen, in pixels.
const UNSEEN: f64 = 2.5;

/// What is surely off, in pixels and as a share of the panel's height.
const CLEARLY: (f64, f64) = (9.0, 0.05);

/// The share of values that may lie so near to an edge that their bin is open.
const OPEN: f64 = 0.12;

/// Even bins.
#[derive(Debug, Clone, PartialEq)]
struct Bins {
    edges: Vec<f64>,
    /// Whether they are those that the claimed values themselves give, from the least to the greatest.
    own: bool,
}

/// What a bin counts: at least and at most.
type Counts = Vec<[usize; 2]>;

/// Where the bar over each bin ends, in rows; `None` where there is none.
type Tops = Vec<Option<f64>>;

/// Holds the data of a histogram against one panel, or against that on which they fit best.
pub(super) fn read(plot: &Plot, claim: &Claim, panel: Option<usize>) -> Reading {
    let count = plot.found.panels.len();
    let [sample] = claim.series() else { return Reading::unread(Doubt::Bars(BarDoubt::Overlapping), count) };
    if count == 0 {
        return Reading::unread(Doubt::NoAxes(NoAxes::NoneFound), 0);
    }
    if let Some(asked) = panel.filter(|asked| !(1..=count).contains(asked)) {
        return Reading::unread(Doubt::NoPanel { asked, found: count }, count);
    }
    let flats = flats(plot);
    let mut values = sample.values.clone();
    values.sort_by(f64::total_cmp);
    let chosen = panel.map_or(0..count, |panel| panel - 1..panel);
    let readings = chosen.map(|i| {
        let panel = &plot.found.panels[i];
        let axis = Values { frame: panel.frame, scale: panel.y, horizontal: false, percent: false, doubt: panel.doubt, furniture: panel.furniture, em: 10.0 };
        let (outcome, points) = match chart(plot, &flats, &axis) {
            Some(chart) => judge(panel, &chart, &values),
            None => (Outcome::CannotTell(Doubt::Bars(BarDoubt::None)), Vec::new()),
        };
        let verdict = Reading::of(outcome.clone(), Vec::new()).verdict();
        let series = SeriesReading { name: sample.name.clone(), colour: None, verdict, worst: None, points };
        let reading = Reading { panel: Some(i + 1), panels: count, frame: Some(panel.frame), furniture: panel.furniture, ..Reading::of(outcome, vec![series]) };
        match panel.doubt {
            Some(labels) => reading.doubted(|by| Doubt::Labels(labels, by)),
            None => reading,
        }
    });
    let rank = |reading: &Reading| match reading.verdict() {
        Verdict::Shows => 2,
        Verdict::CannotTell => 1,
        Verdict::Contradicts => 0,
    };
    readings.max_by_key(rank).unwrap_or_else(|| Reading::unread(Doubt::NoAxes(NoAxes::NoneFound), count))
}

/// The verdict on sorted values, and the tops of the bins.
fn judge(panel: &Panel, chart: &Chart, values: &[f64]) -> (Outcome, Vec<PointReading>) {
    let cannot = |why: BarDoubt| (Outcome::CannotTell(Doubt::Bars(why)), Vec::new());
    if chart.bars.iter().any(|bar| bar.level > 0) {
        return cannot(BarDoubt::Overlapping);
    }
    if panel.x.log || panel.y.log || chart.bars.len() < 2 {
        return cannot(BarDoubt::Bins);
    }
    let all = bins(panel.x, values, &edges(&chart.bars));
    let mut best: Option<(Vec<f64>, &Bins, Tops, Counts, bool)> = None;
    for bins in &all {
        let counts = counted(values, bins, panel.x);
        let Some(counts) = counts else { continue };
        let drawn = heights(panel, chart, bins);
        for density in [false, true] {
            let off = off(panel.y, chart.base, &drawn, &counts, bins, values.len(), density);
            let worst = |off: &[f64]| off.iter().copied().fold(0.0, f64::max);
            // Of bins whose edges are known to a pixel alone, many counts are possible: those of the values themselves go before.
            let rank = |off: &[f64], bins: &Bins| (!bins.own || worst(off) > CLOSE, worst(off));
            if best.as_ref().is_none_or(|(least, other, ..)| rank(&off, bins) < rank(least, other)) {
                best = Some((off, bins, drawn.clone(), counts.clone(), density));
            }
        }
    }
    let Some((off, bins, drawn, counts, density)) = best else { return cannot(BarDoubt::Bins) };
    let point = |i: usize| {
        let middle = f64::midpoint(bins.edges[i], bins.edges[i + 1]);
        let [least, most] = counts[i].map(|count| panel.y.pixel(expected(count, bins, i, values.len(), density)));
        // Of the counts that are possible, the one that is nearest to what is drawn; rows count downwards.
        let top = drawn.get(i).copied().flatten().unwrap_or(f64::INFINITY).min(least?).max(most?);
        Some(PointReading { x: panel.x.pixel(middle)?, y: top, holds: off[i] <= CLOSE })
    };
    let points = (0..counts.len()).filter_map(point).collect();
    if off.iter().all(|off| *off <= CLOSE) {
        return (Outcome::Shows(Agreement::Histogram(counts.len())), points);
    }
    let clearly = CLEARLY.0.max(CLEARLY.1 * (panel.frame.bottom - panel.frame.top) as f64);
    let wrong = off.iter().filter(|off| **off > clearly).count();
    let Some(worst) = (0..off.len()).max_by(|&a, &b| off[a].total_cmp(&off[b])) else { return cannot(BarDoubt::Bins) };
    // Where most edges are seen, the bins are not misread.
    if wrong >= 2 && !chart.odd && 3 * chart.bars.len() >= 2 * counts.len() {
        let top = drawn[worst].unwrap_or(chart.base);
        let drawn = (!density).then(|| panel.y.value(top).max(0.0));
        return (Outcome::Contradicts(Contradiction::Bin { bin: [bins.edges[worst], bins.edges[worst + 1]], claimed: counts[worst][0], drawn }), points);
    }
    (Outcome::CannotTell(Doubt::Bars(BarDoubt::Counts)), points)
}

/// The edges of the bins as far as they are seen, in pixels.
fn edges(bars: &[Bar]) -> Vec<f64> {
    let mut edges: Vec<f64> = Vec::new();
    let mut last: Option<usize> = None;
    for bar in bars {
        let [from, to] = bar.piece.across.map(|at| at as f64);
        match last {
            // Between two bars that touch is one edge, or its outline.
            Some(end) if bar.piece.across[0].abs_diff(end) <= 4 => {
                edges.pop();
                edges.push(f64::midpoint(end as f64, from));
            }
            _ => edges.push(from),
        }
        edges.push(to);
        last = Some(bar.piece.across[1]);
    }
    edges
}

/// The numbers of even bins between two places on whose edges all `edges` lie, the least first.
fn grids(edges: &[f64], [left, right]: [f64; 2]) -> impl Iterator<Item = usize> {
    (1..=MOST_BINS).filter(move |count| {
        let step = (right - left) / *count as f64;
        let slack = EDGE.0.min(EDGE.1 * step) + 0.5;
        step >= NARROWEST && edges.iter().all(|edge| ((edge - left) / step - ((edge - left) / step).round()).abs() * step <= slack)
    })
}

/// Even bins on whose edges all edges lie: from the least claimed value to the greatest, as is usual, or as they are drawn.
fn bins(x: Scale, values: &[f64], edges: &[f64]) -> Vec<Bins> {
    let Some((left, right)) = edges.first().copied().zip(edges.last().copied()) else { return Vec::new() };
    let even = |[from, to]: [f64; 2], count: usize| (0..=count).map(|i| from + (to - from) * i as f64 / count as f64).collect::<Vec<f64>>();
    let mut found: Vec<Bins> = Vec::new();
    if let Some((least, most)) = values.first().copied().zip(values.last().copied())
        && let Some((from, to)) = x.pixel(least).zip(x.pixel(most))
        && from <= left + 3.0
        && to >= right - 3.0
    {
        found.extend(grids(edges, [from, to]).map(|count| Bins { edges: even([least, most], count), own: true }));
    }
    found.extend(grids(edges, [left, right]).map(|count| Bins { edges: even([x.value(left), x.value(right)], count), own: false }));
    found
}

/// How many values lie in each bin, at least and at most; `None` where too many are near an edge.
fn counted(values: &[f64], bins: &Bins, x: Scale) -> Option<Counts> {
    let last = bins.edges.len() - 1;
    let below = |edge: f64| values.partition_point(|value| *value < edge);
    if bins.own {
        let places: Vec<usize> = bins.edges.iter().enumerate().map(|(i, edge)| if i == last { values.len() } else { below(*edge) }).collect();
        return Some(places.windows(2).map(|pair| [pair[1] - pair[0]; 2]).collect());
    }
    let slack = 1.3 / x.unit.abs();
    let (low, high): (Vec<usize>, Vec<usize>) = bins.edges.iter().map(|edge| (below(edge - slack), below(edge + slack))).unzip();
    // What lies beyond the bins is not drawn.
    if low[0] > 0 || high[last] < values.len() {
        return None;
    }
    let open: usize = (1..last).map(|i| high[i] - low[i]).sum();
    if open as f64 > OPEN * values.len() as f64 {
        return None;
    }
    let bin = |i: usize| {
        let (from, to) = (if i == 0 { 0 } else { high[i] }, if i + 1 == last { values.len() } else { high[i + 1] });
        let sure = (if i + 1 == last { values.len() } else { low[i + 1] }).saturating_sub(from);
        [sure, to - if i == 0 { 0 } else { low[i] }]
    };
    Some((0..last).map(bin).collect())
}

/// Where the bar over each bin ends, in rows; `None` where there is none.
fn heights(panel: &Panel, chart: &Chart, bins: &Bins) -> Tops {
    let top = |pair: &[f64]| {
        let middle = panel.x.pixel(f64::midpoint(pair[0], pair[1])).unwrap_or(f64::NAN);
        let over = chart.bars.iter().find(|bar| bar.piece.across[0] as f64 <= middle && middle < bar.piece.across[1] as f64);
        over.map(|bar| bar.to)
    };
    bins.edges.windows(2).map(top).collect()
}

/// How high a bin is that counts so many: the count, or the density of which the area is one.
fn expected(count: usize, bins: &Bins, bin: usize, all: usize, density: bool) -> f64 {
    let width = bins.edges[bin + 1] - bins.edges[bin];
    if density { count as f64 / (all as f64 * width) } else { count as f64 }
}

/// How far each bin is off, in pixels. A very low one may not be seen.
fn off(y: Scale, base: f64, heights: &[Option<f64>], counts: &Counts, bins: &Bins, all: usize, density: bool) -> Vec<f64> {
    let one = |(i, top): (usize, &Option<f64>)| {
        let [least, most] = counts[i].map(|count| y.pixel(expected(count, bins, i, all, density)).unwrap_or(f64::INFINITY));
        match top {
            // Rows count downwards.
            Some(top) => (top - least).max(most - top).max(0.0),
            None => (base - least - UNSEEN).max(0.0),
        }
    };
    heights.iter().enumerate().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_counted_as_numpy_does() {
        // numpy.histogram([0, 1, 1, 2, 3, 4], 4) is [1, 2, 1, 2]: the last bin holds its upper edge.
        let bins = Bins { edges: vec![0.0, 1.0, 2.0, 3.0, 4.0], own: true };
        let x = Scale { origin: 0.0, unit: 100.0, log: false };
        assert_eq!(counted(&[0.0, 1.0, 1.0, 2.0, 3.0, 4.0], &bins, x).unwrap(), [[1, 1], [2, 2], [1, 1], [2, 2]]);
    }

    #[test]
    fn values_near_an_edge_that_is_read_from_pixels_may_be_on_either_side() {
        let bins = Bins { edges: vec![0.0, 1.0, 2.0], own: false };
        let x = Scale { origin: 0.0, unit: 100.0, log: false };
        let values: Vec<f64> = (0..40).map(|i| f64::from(i) / 20.0 + 0.003).collect();
        assert_eq!(counted(&values, &bins, x).unwrap(), [[20, 21], [19, 20]]);
        assert_eq!(counted(&[-0.5, 0.5, 1.5], &bins, x), None, "one is not drawn");
    }
}
