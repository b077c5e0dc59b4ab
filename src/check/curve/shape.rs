//! What a series must be by itself, whatever the reference has.

use crate::check::Edition;
use crate::domain::diagnostic::Code;
use crate::domain::fields::Fields;
use crate::domain::number::{Finite, significant};
use crate::domain::rounding::is_coarse;
use crate::domain::tolerance::{Tolerance, argmax};

/// What a series' values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measured {
    /// A loss after each epoch or step.
    Loss,
    /// A norm, or anything else that is above 0 before it is rounded.
    Norm,
    /// An error as a fraction.
    Error,
}

impl Measured {
    /// What is wrong with such values, to follow the series' name.
    pub(super) fn fault(self, values: &[Finite]) -> Option<String> {
        let is_constant = values.len() > 1 && values.iter().all(|value| *value == values[0]);
        // A late loss may be printed as 0, so only a first one may not; and errors of few examples may be equal.
        let (constant, zero, word) = match self {
            Self::Loss => (Some("a loss changes while a network learns"), values.len().min(1), "a loss is above 0"),
            Self::Norm => (Some("norms differ from layer to layer"), if is_coarse(values) { 0 } else { values.len() }, "a norm is above 0"),
            Self::Error => {
                (Some("no network is always right").filter(|_| values.iter().all(|value| *value == Finite::default())), 0, "an error lies between 0 and 1")
            }
        };
        if let Some(why) = constant.filter(|_| is_constant) {
            return Some(format!("is {} at every place: {why}", values[0]));
        }
        let is_off = |i: usize, value: f64| value < 0.0 || value <= 0.0 && i < zero || self == Self::Error && value > 1.0;
        let (i, value) = values.iter().enumerate().find(|(i, value)| is_off(*i, value.get()))?;
        Some(format!("has {value} at place {}: {word}", i + 1))
    }
}

/// That a series falls or rises as a whole.
#[derive(Debug)]
pub(super) struct Trend {
    direction: Direction,
    /// The share of the largest size by which values may turn back: one, or one for each series. `None` where only the course knows it.
    slack: Option<Vec<f64>>,
    /// The share of the first value's size that it must change by at least.
    by: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Falling,
    Rising,
}

impl Trend {
    /// `monotone` with its `slack` and `by`, for this many series.
    pub(super) fn read(fields: &mut Fields<'_>, series: usize, edition: Edition) -> Option<Self> {
        let slack = fields.shares("slack");
        let by = fields.share("by");
        if slack.len() > 1 && slack.len() != series {
            fields.fault(Code::BadValue, fields.span(), format!("`slack` has {} shares for {series} series", slack.len()));
        }
        let direction = fields.word("monotone", &[("falling", Direction::Falling), ("rising", Direction::Rising)]);
        if direction.is_none() && (by.is_some() || !slack.is_empty()) {
            fields.fault(Code::MissingKey, fields.span(), "`slack` and `by` need `monotone`");
        }
        // In a student's edition the slack is left out, which does not mean that there is none.
        let known = edition == Edition::Course || !slack.is_empty();
        let slack = known.then(|| if slack.is_empty() { vec![0.0] } else { slack });
        Some(Self { direction: direction?, slack, by: by.unwrap_or(0.0) })
    }

    /// How series `i` breaks the trend, to follow its name.
    pub(super) fn fault(&self, i: usize, values: &[Finite]) -> Option<String> {
        let fault = self.broken(i, values)?;
        let backwards: Vec<Finite> = values.iter().rev().copied().collect();
        let turned = values.len() > 2 && self.broken(i, &backwards).is_none();
        Some(if turned { format!("{fault}; read backwards it would: is the order reversed?") } else { fault })
    }

    fn broken(&self, i: usize, values: &[Finite]) -> Option<String> {
        let word = if self.direction == Direction::Falling { "fall" } else { "rise" };
        let (first, later) = values.split_first()?;
        // Each value as its distance from the first in the right direction.
        let gained: Vec<f64> = later.iter().map(|value| self.gain(*first, *value)).collect();
        if gained.iter().all(|gain| *gain <= self.by * first.get().abs()) {
            let over = if self.by > 0.0 { format!(" by more than {} %", significant(self.by * 100.0, 3)) } else { String::new() };
            let none = if later.is_empty() { "has only one value".to_owned() } else { format!("never does so{over} after its first value, {first}") };
            return Some(format!("should {word}, but {none}"));
        }
        let slack = self.slack.as_ref().and_then(|slack| slack.get(i).or_else(|| slack.first()))?;
        let largest = values[argmax(&values.iter().filter_map(|value| Finite::new(value.get().abs()).ok()).collect::<Vec<_>>())?].get().abs();
        let (best, place) = self.turn(values, Tolerance { absolute: slack * largest, relative: 0.0 })?;
        Some(format!("should {word}, but goes from {} at place {} to {} at place {}", values[best], best + 1, values[place], place + 1))
    }

    /// Where a series turns back that only the course can judge, as it keeps the slack.
    pub(super) fn unjudged(&self, values: &[Finite]) -> Option<String> {
        let word = if self.direction == Direction::Falling { "rise" } else { "fall" };
        let (best, place) = self.turn(values, Tolerance { absolute: 0.0, relative: 0.0 }).filter(|_| self.slack.is_none())?;
        let turn = format!("they {word} from {} at place {} to {} at place {}", values[best], best + 1, values[place], place + 1);
        Some(format!("{turn}, and only the course can judge how much they may {word}"))
    }

    /// The place of the best value so far and of the first that falls behind it by more than `slack`.
    fn turn(&self, values: &[Finite], slack: Tolerance) -> Option<(usize, usize)> {
        let mut best = 0;
        for (place, value) in values.iter().enumerate() {
            let gain = self.gain(values[best], *value);
            if gain < 0.0 && !slack.accepts(*value, values[best]) {
                return Some((best, place));
            }
            if gain > 0.0 {
                best = place;
            }
        }
        None
    }

    /// How far `to` lies from `from` in the right direction.
    fn gain(&self, from: Finite, to: Finite) -> f64 {
        if self.direction == Direction::Falling { from.get() - to.get() } else { to.get() - from.get() }
    }
}

/// In which way `series` is a copy of `other`, if it is one: the same at every place, or times one factor, such as a sum beside its
/// mean. Two honest runs are never so close; short or constant series can be by chance.
pub(super) fn copy(series: &[Finite], other: &[Finite]) -> Option<String> {
    let changes = series.windows(2).filter(|pair| pair[0] != pair[1]).count();
    if series.len() != other.len() || changes < 2 {
        return None;
    }
    let printed = Tolerance { absolute: 1e-9, relative: 1e-5 };
    let times = |factor: f64| series.iter().zip(other).all(|(a, b)| Finite::new(b.get() * factor).is_ok_and(|scaled| printed.accepts(*a, scaled)));
    if times(1.0) {
        return Some("at every place".to_owned());
    }
    let at = argmax(other)?;
    let factor = series[at].get() / other[at].get();
    (factor.is_finite() && factor > 0.0 && times(factor)).then(|| format!("times {} at every place", significant(factor, 6)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn series(values: &[f64]) -> Vec<Finite> {
        values.iter().map(|value| Finite::new(*value).expect("finite")).collect()
    }

    fn falling(slack: f64, by: f64) -> Trend {
        Trend { direction: Direction::Falling, slack: Some(vec![slack]), by }
    }

    fn rising(slack: f64) -> Trend {
        Trend { direction: Direction::Rising, slack: Some(vec![slack]), by: 0.0 }
    }

    fn fault(trend: &Trend, values: &[f64]) -> String {
        trend.broken(0, &series(values)).unwrap_or_default()
    }

    #[test]
    fn slack_is_measured_from_the_best_so_far_not_step_by_step() {
        assert_eq!(fault(&falling(0.3, 0.0), &[0.5, 0.2, 0.3, 0.25, 0.1]), "");
        assert_eq!(fault(&falling(0.3, 0.0), &[0.5, 0.1, 0.2, 0.3, 0.4]), "should fall, but goes from 0.1 at place 2 to 0.3 at place 4");
        assert_eq!(fault(&rising(0.3), &[0.05, 0.2, 0.15, 0.9]), "");
        assert_eq!(fault(&rising(0.35), &[0.08, 0.09, 0.07, 0.05, 0.035]), "should rise, but goes from 0.09 at place 2 to 0.05 at place 4");
    }

    #[test]
    fn a_trend_has_to_lead_somewhere() {
        for climbs in [&[0.1, 0.2, 0.3, 0.4, 0.5][..], &[0.1, 0.1, 0.1], &[0.1, 0.11, 0.1]] {
            assert_eq!(fault(&falling(0.9, 0.0), climbs), "should fall, but never does so after its first value, 0.1");
        }
        assert_eq!(fault(&falling(0.3, 0.1), &[2.303, 2.301, 2.302]), "should fall, but never does so by more than 10 % after its first value, 2.303");
        assert_eq!(fault(&rising(0.35), &[0.09, 0.035]), "should rise, but never does so after its first value, 0.09");
        assert_eq!(fault(&falling(0.3, 0.0), &[0.1]), "should fall, but has only one value");
        // Where only the course knows the slack, too large a step is not mentioned.
        let unknown = Trend { direction: Direction::Falling, slack: None, by: 0.0 };
        assert_eq!(fault(&unknown, &[0.5, 0.1, 0.4]), "");
        let shown = "they rise from 0.1 at place 2 to 0.4 at place 3, and only the course can judge how much they may rise";
        assert_eq!(unknown.unjudged(&series(&[0.5, 0.1, 0.4])).as_deref(), Some(shown));
        assert_eq!(unknown.unjudged(&series(&[0.5, 0.1, 0.1])), None);
    }

    #[test]
    fn a_series_that_is_read_backwards_is_told() {
        let shown = |values: &[f64]| falling(0.1, 0.0).fault(0, &series(values)).unwrap_or_default();
        assert!(shown(&[0.1, 0.2, 0.4]).ends_with("read backwards it would: is the order reversed?"));
        assert!(shown(&[0.1, 0.2, 0.1]).ends_with("after its first value, 0.1"));
    }

    #[test]
    fn a_loss_is_positive_and_changes() {
        let fault = |measured: Measured, values: &[f64]| measured.fault(&series(values)).unwrap_or_default();
        assert_eq!(fault(Measured::Loss, &[0.4, 0.01, 0.0, 0.0]), "");
        assert_eq!(fault(Measured::Loss, &[0.4, -0.2]), "has -0.2 at place 2: a loss is above 0");
        assert_eq!(fault(Measured::Loss, &[0.0, 0.2]), "has 0 at place 1: a loss is above 0");
        assert_eq!(fault(Measured::Loss, &[2.303; 3]), "is 2.303 at every place: a loss changes while a network learns");
        assert_eq!(fault(Measured::Norm, &[0.312_312_312_312, 0.0]), "has 0 at place 2: a norm is above 0");
        assert_eq!(fault(Measured::Norm, &[0.0, 0.3123]), "", "printed with four decimals");
        assert_eq!(fault(Measured::Norm, &[0.3, -0.1]), "has -0.1 at place 2: a norm is above 0");
        assert_eq!(fault(Measured::Norm, &[0.3, 0.3]), "is 0.3 at every place: norms differ from layer to layer");
        assert_eq!(fault(Measured::Error, &[0.0, 0.02, 0.02, 1.0]), "");
        assert_eq!(fault(Measured::Error, &[0.02, 0.02]), "");
        assert_eq!(fault(Measured::Error, &[0.0, 0.0]), "is 0 at every place: no network is always right");
        assert_eq!(fault(Measured::Error, &[0.3, 40.0]), "has 40 at place 2: an error lies between 0 and 1");
        assert_eq!(fault(Measured::Error, &[0.3, -3.0]), "has -3 at place 2: an error lies between 0 and 1");
    }

    #[test]
    fn a_copy_is_the_same_at_every_place_or_times_one_factor() {
        let val = series(&[0.4, 0.31, 0.28, 0.27]);
        assert_eq!(copy(&val, &val), Some("at every place".to_owned()));
        assert_eq!(copy(&series(&[4000.0, 3100.0, 2800.0, 2700.0]), &val), Some("times 10000 at every place".to_owned()));
        assert_eq!(copy(&series(&[0.4, 0.31, 0.28, 0.26]), &val), None);
        assert_eq!(copy(&series(&[0.02, 0.02, 0.02]), &series(&[0.02, 0.02, 0.02])), None, "equal by chance");
        assert_eq!(copy(&val[..2], &val[..2]), None, "too short to tell");
    }

    proptest! {
        #[test]
        fn what_falls_step_by_step_falls_and_rises_when_turned_over(mut values in prop::collection::vec(0.0..10.0_f64, 2..30)) {
            values.sort_by(|a, b| b.total_cmp(a));
            values.dedup();
            prop_assume!(values.len() > 1);
            prop_assert_eq!(fault(&falling(0.0, 0.0), &values), "");
            values.reverse();
            prop_assert_eq!(fault(&rising(0.0), &values), "");
            prop_assert!(fault(&falling(1.0, 0.0), &values).contains("never does so"));
        }
    }
}
