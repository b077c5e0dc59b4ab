//! How the points of a class lie, as histograms.

use std::collections::BTreeMap;

use super::item::capital;
use crate::domain::points::{Fraction, Points};
use crate::report::class::{Parts, Tally};
use crate::report::statistics::median;

const WIDTH: f64 = 240.0;
const HEIGHT: f64 = 118.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = 20.0;
/// Ten tenths, and full marks or more.
const BARS: usize = 11;

/// How many submissions have how many points: filled by the lowest end of each score, outlined by the highest.
#[derive(Debug)]
pub(super) struct Histogram {
    pub(super) title: String,
    pub(super) median: String,
    pub(super) possible: Points,
    pub(super) said: String,
    pub(super) filled: Vec<(String, String, String)>,
    pub(super) outlines: Vec<String>,
    pub(super) counts: Vec<(String, String, usize)>,
    pub(super) ticks: Vec<(String, &'static str, String)>,
}

/// One of the whole, and one of each part.
pub(super) fn histograms(parts: &Parts) -> Vec<Histogram> {
    let whole = Histogram::of("Whole homework", &parts.whole);
    let parts = parts.counted().filter_map(|(_, part)| Histogram::of(&capital(&part.title), &part.tally));
    whole.into_iter().chain(parts).collect()
}

impl Histogram {
    fn of(title: &str, scores: &Tally) -> Option<Self> {
        let possible = scores.possible;
        if possible <= Points::ZERO {
            return None;
        }
        let tally = |scores: &BTreeMap<Points, usize>| {
            let mut counts = [0_usize; BARS];
            for (score, times) in scores {
                let tenth = usize::try_from(score.hundredths() * 10 / possible.hundredths()).unwrap_or(0);
                counts[tenth.min(BARS - 1)] += times;
            }
            counts
        };
        let (low, high) = (tally(&scores.lowest), tally(&scores.highest));
        let most = low.iter().chain(&high).copied().max().unwrap_or(1).max(1) as f64;
        let wide = WIDTH / BARS as f64;
        let base = HEIGHT - BOTTOM;
        let at = |bar: usize| bar as f64 * wide + 2.0;
        let y = |count: usize| TOP + (base - TOP) * (1.0 - count as f64 / most);
        let shown = |counts: &[usize; BARS]| counts.iter().copied().enumerate().filter(|(_, count)| *count > 0).collect::<Vec<_>>();
        let tenth = |bar: usize| possible.share(Fraction::new(bar, BARS - 1));
        let label = |(bar, count): (usize, usize)| {
            // Not on the line of an outline that is a little higher.
            let above = if (1.0..14.0).contains(&(y(count) - y(high[bar]))) { y(high[bar]) } else { y(count) };
            (format!("{:.1}", (bar as f64 + 0.5) * wide), format!("{:.1}", above - 4.0), count)
        };
        let tick = |bar: usize| match bar {
            10 => (format!("{:.1}", 10.5 * wide), "middle", format!("{}+", tenth(10))),
            bar => (format!("{:.1}", at(bar)), "start", tenth(bar).to_string()),
        };
        let (from, to) = (median(&scores.lowest).unwrap_or_default(), median(&scores.highest).unwrap_or_default());
        Some(Self {
            title: title.to_owned(),
            median: if from == to { from.to_string() } else { format!("{from}–{to}") },
            possible,
            said: format!("{title}: {}", shown(&low).iter().map(|(bar, count)| format!("{count} from {}", tenth(*bar))).collect::<Vec<_>>().join(", ")),
            filled: shown(&low)
                .iter()
                .map(|(bar, count)| (format!("{:.1}", at(*bar)), format!("{:.1}", y(*count)), format!("{:.1}", base - y(*count))))
                .collect(),
            outlines: shown(&high).iter().map(|(bar, count)| format!("M{:.1} {base}V{:.1}H{:.1}V{base}", at(*bar), y(*count), at(*bar) + wide - 4.0)).collect(),
            counts: shown(&low).into_iter().map(label).collect(),
            ticks: [0, 2, 4, 6, 8, 10].map(tick).to_vec(),
        })
    }

    /// How wide a bar is.
    pub(super) fn wide() -> String {
        format!("{:.1}", WIDTH / BARS as f64 - 4.0)
    }
}
