//! Claims that the picture does not show, made from the one that it does.

use mlgrade::figure::claim::{Kind, Series};
use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::truth::{Panel, Truth};

/// The name of the true claim.
pub(crate) const HONEST: &str = "honest";

/// A claim and what was done to it.
#[derive(Clone)]
pub(crate) struct Altered {
    pub name: String,
    pub kind: Kind,
    pub series: Vec<Series>,
    /// By how many pixels one value was moved.
    pub moved: Option<f64>,
}

/// The true claim.
pub(crate) fn honest(truth: &Truth, panel: &Panel) -> Altered {
    Altered { name: HONEST.to_owned(), kind: truth.claimed_as(), series: panel.series(), moved: None }
}

/// Draws that depend on the figure alone, so that a folder gives the same table every time.
struct Draws(ChaCha12Rng);

impl Draws {
    fn of(id: &str, panel: usize) -> Self {
        let hash = id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Self(ChaCha12Rng::seed_from_u64(hash ^ panel as u64))
    }

    /// A number below `end`, which is above 0.
    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.0.next_u64() % end.max(1) as u64).unwrap_or(0)
    }
}

/// A value of y as the axis spaces it, and back.
#[derive(Clone, Copy)]
struct Axis {
    log: bool,
}

impl Axis {
    fn place(self, value: f64) -> f64 {
        if self.log { value.log10() } else { value }
    }

    fn value(self, place: f64) -> f64 {
        if self.log { 10_f64.powf(place) } else { place }
    }
}

/// Every alteration of the claim on panel `index`; `all` gives the claims of other figures.
pub(crate) fn alterations(truth: &Truth, index: usize, all: &[Truth]) -> Vec<Altered> {
    let panel = &truth.panels[index];
    let axis = Axis { log: panel.yscale == "log" };
    let draws = &mut Draws::of(&truth.id, index);
    let true_series = panel.series();
    let places: Vec<f64> = true_series.iter().flat_map(|series| series.y.iter().map(|y| axis.place(*y))).filter(|place| place.is_finite()).collect();
    let (low, high) = places.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), place| (low.min(*place), high.max(*place)));
    let range = high - low;
    let made = |name: &str, series: Vec<Series>| Altered { name: name.to_owned(), kind: truth.claimed_as(), series, moved: None };
    let mut list = Vec::new();
    for percent in [2_u32, 5, 10, 20] {
        let by = f64::from(percent) / 100.0 * range;
        let series = one_value(panel, axis, by, draws);
        list.push(Altered { moved: Some(pixels(truth, panel, axis, by, range)), ..made(&format!("one value {percent}%"), series) });
    }
    list.push(made("y × 1.5", each(&true_series, |y| y * 1.5)));
    list.push(made("shift 10%", each(&true_series, |y| axis.value(axis.place(y) + 0.1 * range))));
    if let Some(twin) = truth.twins.get(index) {
        let again = true_series.iter().zip(twin).map(|(series, (x, y))| Series { name: series.name.clone(), x: x.clone(), y: y.clone() });
        list.push(made("run again", again.collect()));
    }
    list.extend(other_figure(truth, true_series.len(), all, draws).map(|series| made("other figure", series)));
    list.extend(other_panel(truth, index).map(|series| made("another panel's", series)));
    list.push(made("shuffled", shuffled(&true_series, draws)));
    let unlike: Vec<&Truth> = all.iter().filter(|other| other.kind != truth.kind && !other.panels.is_empty()).collect();
    if !unlike.is_empty() {
        let other = unlike[draws.below(unlike.len())];
        list.push(Altered { name: "other kind".to_owned(), kind: other.claimed_as(), series: other.panels[0].series(), moved: None });
    }
    list.extend(swapped_names(truth, panel, draws).map(|(name, series)| made(name, series)));
    list.extend(under_another_name(truth, panel, draws).map(|series| made("alone, another's name", series)));
    list
}

fn each(series: &[Series], change: impl Fn(f64) -> f64) -> Vec<Series> {
    series.iter().map(|series| Series { y: series.y.iter().map(|y| change(*y)).collect(), ..series.clone() }).collect()
}

/// One visible value moved by `by` up or down.
fn one_value(panel: &Panel, axis: Axis, by: f64, draws: &mut Draws) -> Vec<Series> {
    let mut series = panel.series();
    let visible: Vec<Vec<usize>> = series.iter().map(|series| (0..series.y.len()).filter(|i| panel.within(series.x[*i], series.y[*i])).collect()).collect();
    let seen: Vec<usize> = (0..series.len()).filter(|i| !visible[*i].is_empty()).collect();
    if seen.is_empty() {
        return series;
    }
    let which = seen[draws.below(seen.len())];
    let point = visible[which][draws.below(visible[which].len())];
    let by = if draws.below(2) == 0 { by } else { -by };
    let y = &mut series[which].y[point];
    *y = axis.value(axis.place(*y) + by);
    series
}

/// How many pixels `by` is, roughly where the truth has no frame.
fn pixels(truth: &Truth, panel: &Panel, axis: Axis, by: f64, range: f64) -> f64 {
    let height = panel.frame.map_or(0.77 * f64::from(truth.size[1]), |[_, top, _, bottom]| bottom - top);
    let span = panel.ylim.map(|[low, high]| (axis.place(high) - axis.place(low)).abs()).filter(|span| span.is_finite() && *span > 0.0);
    by / span.unwrap_or(1.1 * range) * height
}

/// The claim of another figure of the same kind, with as many series if there is one.
fn other_figure(truth: &Truth, series: usize, all: &[Truth], draws: &mut Draws) -> Option<Vec<Series>> {
    let alike: Vec<&Panel> = all.iter().filter(|other| other.kind == truth.kind && other.id != truth.id).filter_map(|other| other.panels.first()).collect();
    let same: Vec<&Panel> = alike.iter().copied().filter(|panel| panel.series.len() == series).collect();
    let from = if same.is_empty() { alike } else { same };
    (!from.is_empty()).then(|| from[draws.below(from.len())].series())
}

/// The claim of the panel that comes next, where there are several.
fn other_panel(truth: &Truth, index: usize) -> Option<Vec<Series>> {
    let next = (index + 1) % truth.panels.len();
    (next != index).then(|| truth.panels[next].series())
}

/// The values of one series in another order.
fn shuffled(series: &[Series], draws: &mut Draws) -> Vec<Series> {
    let mut series = series.to_vec();
    let which = draws.below(series.len());
    let y = &mut series[which].y;
    for i in (1..y.len()).rev() {
        y.swap(i, draws.below(i + 1));
    }
    series
}

/// Two names exchanged, where a legend says which is which.
fn swapped_names(truth: &Truth, panel: &Panel, draws: &mut Draws) -> Option<(&'static str, Vec<Series>)> {
    let [a, b] = two_named(truth, panel, draws)?;
    let mut series = panel.series();
    let name = std::mem::take(&mut series[a].name);
    series[a].name = std::mem::replace(&mut series[b].name, name);
    Some((if share_colour(panel, a, b) { "names, one colour" } else { "names exchanged" }, series))
}

/// The values of one series alone, under the name that the legend gives to another of another colour.
fn under_another_name(truth: &Truth, panel: &Panel, draws: &mut Draws) -> Option<Vec<Series>> {
    let [a, b] = two_named(truth, panel, draws).filter(|[a, b]| !share_colour(panel, *a, *b))?;
    let mut series = panel.series();
    let name = series[b].name.clone();
    Some(vec![Series { name, ..series.swap_remove(a) }])
}

/// Two different series of a panel that has a legend.
fn two_named(truth: &Truth, panel: &Panel, draws: &mut Draws) -> Option<[usize; 2]> {
    let count = panel.series.len();
    if count < 2 || truth.legend(panel) == "none" {
        return None;
    }
    let a = draws.below(count);
    Some([a, (a + 1 + draws.below(count - 1)) % count])
}

/// Whether two series are known to be drawn in one colour.
fn share_colour(panel: &Panel, a: usize, b: usize) -> bool {
    let colour = |i: usize| panel.series[i].color.as_deref().filter(|colour| !colour.is_empty());
    colour(a).is_some() && colour(a) == colour(b)
}
