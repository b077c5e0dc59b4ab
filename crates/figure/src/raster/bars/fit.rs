//! How far claimed heights are from the bars that are drawn, in pixels.

use crate::assignment::assign;
use crate::bars::Claim;
use crate::raster::layout::scale::Scale;

use super::slots::Slots;

/// Bars lower than this, in pixels, may not be seen.
pub(super) const TINY: f64 = 3.5;

/// How far the end of a bar may be from where it is claimed, in pixels: labels and ends are read to about one.
pub(super) const CLOSE: f64 = 1.7;

/// What rounding may add, in pixels.
const MOST_ROUNDING: f64 = 1.3;

/// By how much all bars may be moved together, in pixels, where there are at least three.
const SHIFT: f64 = 1.2;

/// A claim held against bars in one order of its categories.
#[derive(Debug, Clone)]
pub(super) struct Fit {
    /// The colour of each series.
    pub(super) own: Vec<usize>,
    /// For each series and category: how far the bar is off, towards greater values; `None` where no bar is drawn for a value that has one.
    pub(super) off: Vec<Vec<Option<f64>>>,
    /// How far is near enough.
    pub(super) close: f64,
}

impl Fit {
    pub(super) fn holds(&self, series: usize, category: usize) -> bool {
        self.off[series][category].is_some_and(|off| off.abs() <= self.close)
    }

    pub(super) fn held(&self) -> usize {
        self.off.iter().enumerate().map(|(s, row)| (0..row.len()).filter(|&c| self.holds(s, c)).count()).sum()
    }

    pub(super) fn all_hold(&self) -> bool {
        self.held() == self.off.iter().map(Vec::len).sum::<usize>()
    }

    /// The bar that is farthest off: series and category.
    pub(super) fn worst(&self) -> Option<(usize, usize)> {
        let places = self.off.iter().enumerate().flat_map(|(s, row)| (0..row.len()).map(move |c| (s, c)));
        let size = |(s, c): (usize, usize)| self.off[s][c].map_or(f64::INFINITY, f64::abs);
        places.filter(|&(s, c)| !self.holds(s, c)).max_by(|a, b| size(*a).total_cmp(&size(*b)).then(b.cmp(a)))
    }

    /// Whether one bar at least is surely off.
    pub(super) fn is_clearly_off(&self) -> bool {
        self.off.iter().flatten().any(|off| off.is_none_or(|off| off.abs() > 2.0 * self.close + 0.5))
    }
}

/// What is claimed, in pixels of one panel.
pub(super) struct Measure<'a> {
    pub(super) claim: &'a Claim,
    pub(super) scale: Scale,
    pub(super) base: f64,
    pub(super) slots: &'a Slots,
}

impl Measure<'_> {
    /// Where the bar of a value that stands on `below` ends; `None` where the axis cannot show it.
    pub(super) fn end(&self, value: f64) -> Option<f64> {
        self.scale.pixel(value)
    }

    /// How far the bar of a colour in a slot is off; `None` where none is drawn.
    fn off(&self, value: f64, colour: usize, slot: usize) -> Option<f64> {
        let upwards = self.scale.unit.signum();
        match &self.slots.bars[colour][slot] {
            Some(bar) if self.slots.stacked => {
                let length = (bar.to - bar.from) * upwards;
                Some(length - self.scale.unit.abs() * value)
            }
            Some(bar) => Some((bar.to - self.end(value)?) * upwards),
            None => {
                let end = self.end(value)?;
                ((end - self.base).abs() <= TINY).then_some(0.0)
            }
        }
    }

    /// The claim with category `c` in slot `order[c]`, each series in the colour that fits it best.
    pub(super) fn fit(&self, order: &[usize]) -> Fit {
        let series = self.claim.series();
        let close = self.close();
        let row = |s: usize, colour: usize| -> Vec<Option<f64>> {
            order.iter().zip(&series[s].values).map(|(&slot, &value)| self.off(value, colour, slot)).collect()
        };
        let price = |row: &[Option<f64>]| row.iter().map(|off| off.map_or(30.0, |off| off.abs().min(30.0))).sum::<f64>();
        let cost: Vec<Vec<f64>> = (0..series.len()).map(|s| (0..self.slots.colours.len()).map(|colour| price(&row(s, colour))).collect()).collect();
        let own = assign(&cost);
        let mut off: Vec<Vec<Option<f64>>> = own.iter().enumerate().map(|(s, &colour)| row(s, colour)).collect();
        let shift = self.shift(&off);
        off.iter_mut().flatten().flatten().for_each(|off| *off -= shift);
        Fit { own, off, close }
    }

    /// The middle of what bars are off, if there are enough.
    fn shift(&self, off: &[Vec<Option<f64>>]) -> f64 {
        let mut all: Vec<f64> = off.iter().flatten().flatten().copied().filter(|off| off.abs() < 3.0 * CLOSE).collect();
        if all.len() < 3 || self.slots.stacked {
            return 0.0;
        }
        all.sort_by(f64::total_cmp);
        let middle = usize::midpoint(0, all.len());
        let median = if all.len().is_multiple_of(2) { f64::midpoint(all[middle - 1], all[middle]) } else { all[middle] };
        median.clamp(-SHIFT, SHIFT)
    }

    /// How far a bar may be off, with what the claimed decimals leave open.
    fn close(&self) -> f64 {
        let values = || self.claim.series().iter().flat_map(|series| &series.values);
        let has =
            |decimals: i32| values().all(|value| (value * 10_f64.powi(decimals) - (value * 10_f64.powi(decimals)).round()).abs() < 1e-6 * value.abs().max(1.0));
        let decimals = (0..6).find(|&decimals| has(decimals)).unwrap_or(6);
        let length = |value: f64| Some((self.end(value + 0.5 * 10_f64.powi(-decimals))? - self.end(value)?).abs());
        let rounding = values().filter_map(|&value| length(value)).fold(0.0, f64::max);
        let rounding = if rounding.is_finite() { rounding.min(MOST_ROUNDING) } else { 0.0 };
        // The ends of a part of a stack are both read.
        CLOSE + rounding + if self.slots.stacked { 0.8 } else { 0.0 }
    }

    /// Whether the claim fits in some order of its categories.
    pub(super) fn fits_in_some_order(&self, own: &[usize], close: f64) -> bool {
        let count = self.slots.centres.len();
        let series = self.claim.series();
        let price = |category: usize, slot: usize| {
            let off = |s: usize| self.off(series[s].values[category], own[s], slot).map_or(100.0, f64::abs);
            let most = (0..series.len()).map(off).fold(0.0, f64::max);
            if most <= close + SHIFT { 0.0 } else { 1.0 }
        };
        if count > 60 {
            return true;
        }
        let cost: Vec<Vec<f64>> = (0..count).map(|category| (0..count).map(|slot| price(category, slot)).collect()).collect();
        assign(&cost).iter().enumerate().all(|(category, &slot)| cost[category][slot] < 0.5)
    }
}
