//! What may have happened to numbers that are not the reference's: another series, another order, another unit.
//!
//! Each guess undoes one mistake. It is named only if the numbers then agree with the reference closely and everywhere.

use std::f64::consts::{LN_2, LN_10};

use crate::domain::number::Finite;
use crate::domain::tolerance::Tolerance;

/// What the reference has: for these numbers, and under other names.
#[derive(Debug)]
pub(super) struct Expected<'a> {
    /// The name of the numbers.
    pub(super) name: &'a str,
    /// The reference's.
    pub(super) own: &'a [Finite],
    /// The reference's numbers of other names, with which these may have been exchanged.
    pub(super) others: Vec<(&'a str, Vec<Finite>)>,
    /// How far the numbers may be off.
    pub(super) tolerance: Tolerance,
    /// How many places at the beginning are not compared.
    pub(super) skipped: usize,
}

/// A likely cause, to follow a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cause(pub(super) String);

/// Values after a mistake is undone; `None` where nothing is known.
type Undone = Vec<Option<f64>>;

impl Expected<'_> {
    /// What may have happened to `stated`, which the tolerance does not accept.
    pub(super) fn cause(&self, stated: &[Finite]) -> Option<Cause> {
        let values: Vec<f64> = stated.iter().map(|value| value.get()).collect();
        if values.len() > 1 && stated.iter().all(|value| *value == stated[0]) {
            return Some(Cause("it is the same at every place".to_owned()));
        }
        let exchanged = self.others.iter().find(|(_, other)| close(&known(&values), other, self.tolerance, self.skipped));
        if let Some((other, _)) = exchanged {
            return Some(Cause(format!("these are the values of {other}: were the two exchanged?")));
        }
        let guesses = self.orders(&values).into_iter().chain(self.scales(&values));
        guesses.into_iter().find(|(undone, _)| self.agrees(undone)).map(|(_, words)| Cause(words)).or_else(|| self.constant_factor(&values))
    }

    /// What `stated`, which the tolerance does accept, is much closer to than to what it is called: itself read backwards, or a series
    /// that the student states in its place.
    pub(super) fn suspicion(&self, stated: &[Finite], stated_as: impl Fn(&str) -> Option<Vec<Finite>>) -> Option<Cause> {
        let values: Vec<f64> = stated.iter().map(|value| value.get()).collect();
        if values.len() < 4 || self.agrees(&known(&values)) {
            return None;
        }
        let backwards: Vec<f64> = values.iter().rev().copied().collect();
        if self.skipped == 0 && self.agrees(&known(&backwards)) {
            return Some(Cause("it agrees with the reference when it is read backwards".to_owned()));
        }
        let is_exchanged = |(name, other): &&(&str, Vec<Finite>)| {
            let there = || stated_as(name).map(|there| there.iter().map(|value| Some(value.get())).collect::<Undone>());
            close(&known(&values), other, self.tolerance, self.skipped) && there().is_some_and(|there| self.agrees(&there))
        };
        let (other, _) = self.others.iter().find(is_exchanged)?;
        Some(Cause(format!("these are the values of {other}, and {other} has those of this one: were the two exchanged?")))
    }

    fn agrees(&self, undone: &[Option<f64>]) -> bool {
        close(undone, self.own, self.tolerance, self.skipped)
    }

    /// Other orders of the same values.
    fn orders(&self, values: &[f64]) -> Vec<(Undone, String)> {
        let n = values.len();
        if n < 4 || n != self.own.len() {
            return Vec::new();
        }
        let backwards = values.iter().rev().map(|value| Some(*value)).collect();
        let early = (0..n).map(|i| i.checked_sub(1).map(|before| values[before])).collect();
        let late = (0..n).map(|i| values.get(i + 1).copied()).collect();
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(|a, b| self.own[*a].get().total_cmp(&self.own[*b].get()));
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let mut shuffled = vec![None; n];
        for (value, place) in sorted.into_iter().zip(order) {
            shuffled[place] = Some(value);
        }
        vec![
            (backwards, "read backwards they agree: is the order reversed?".to_owned()),
            (early, "every value stands one place too early: does the series begin with the second?".to_owned()),
            (late, "every value stands one place too late: does the series begin before the first?".to_owned()),
            (shuffled, "in another order they agree: do they follow the order that is asked?".to_owned()),
        ]
    }

    /// Other units and measures of the same values.
    fn scales(&self, values: &[f64]) -> Vec<(Undone, String)> {
        let is_rmse = self.name.contains("rmse");
        let apply = |undo: &dyn Fn(f64) -> f64| values.iter().map(|value| Some(undo(*value)).filter(|value| value.is_finite())).collect::<Undone>();
        let mut guesses = vec![
            (apply(&|v| v / 100.0), "all are 100 times too large, in percent?"),
            (apply(&|v| v * 100.0), "all are 100 times too small: is percent asked?"),
            (apply(&|v| 1.0 - v), "all are one minus what is asked: the accuracy for the error, or the other way round?"),
            (apply(&|v| 100.0 - v), "all are 100 minus what is asked: the accuracy for the error, or the other way round?"),
            (apply(&|v| 1.0 - v / 100.0), "all are one minus what is asked, in percent: the accuracy for the error, or the other way round?"),
            (apply(&|v| v * LN_10), "all fit if the logarithms are to base 10; natural ones are asked"),
            (apply(&|v| v * LN_2), "all fit if the logarithms are to base 2; natural ones are asked"),
            (apply(&|v| -v), "all have the other sign"),
        ];
        // One number alone agrees with too much by chance.
        if values.len() < 3 {
            guesses.truncate(5);
        }
        let squares = if is_rmse { "all fit as mean squared errors: is the root missing?" } else { "all fit as squares of what is asked" };
        if values.len() > 2 {
            guesses.push((apply(&f64::sqrt), squares));
            guesses.push((apply(&|v| v * v), "all fit as square roots of what is asked"));
        }
        if is_rmse {
            guesses.push((apply(&|v| v / 1.8), "all are 1.8 times too large: degrees Fahrenheit for Celsius?"));
        }
        let mut guesses: Vec<(Undone, String)> = guesses.into_iter().map(|(undone, words)| (undone, words.to_owned())).collect();
        if let Some(undone) = self.absolute_errors(values).filter(|_| is_rmse) {
            guesses.push((undone, "all are about 0.8 times what is asked: mean absolute errors for root mean squared ones?".to_owned()));
        }
        guesses
    }

    /// Mean absolute errors lie between 0.7 and 0.9 of the root mean squared ones where errors are ordinary; where they are tiny, below.
    fn absolute_errors(&self, values: &[f64]) -> Option<Undone> {
        let largest = largest(self.own);
        let share = |(value, own): (&f64, &Finite)| value / own.get();
        let ordinary = || values.iter().zip(self.own).filter(|(_, own)| own.get() > 0.25 * largest);
        let fits = ordinary().map(share).all(|share| (0.68..0.88).contains(&share)) && values.iter().zip(self.own).all(|(value, own)| *value <= own.get());
        (fits && ordinary().count() > 1 && values.len() == self.own.len()).then(|| self.own.iter().map(|own| Some(own.get())).collect())
    }

    /// One factor between all values and the reference's.
    fn constant_factor(&self, values: &[f64]) -> Option<Cause> {
        let compared = || values.iter().zip(self.own).skip(self.skipped);
        let mut factors: Vec<f64> = compared().map(|(value, own)| value / own.get()).collect();
        factors.sort_by(f64::total_cmp);
        let factor = *factors.get(factors.len() / 2)?;
        let undone: Undone = values.iter().map(|value| Some(value / factor)).collect();
        let is_one = factors.len() > 2 && values.len() == self.own.len() && factor.is_finite() && factor > 0.0 && self.agrees(&undone);
        // A factor of a few percent is no unit.
        is_one
            // The factor itself would tell a student what the reference has.
            .then(|| "all are off by one factor: another unit, or a sum?".to_owned())
            .filter(|_| !(0.8..1.25).contains(&factor))
            .map(Cause)
    }
}

fn known(values: &[f64]) -> Undone {
    values.iter().copied().map(Some).collect()
}

fn largest(values: &[Finite]) -> f64 {
    values.iter().map(|value| value.get().abs()).fold(0.0, f64::max)
}

/// Whether the values agree at all places but one at most that is unknown, and with those of no flat line. However wide the tolerance,
/// a cause has to explain the values to a tenth.
fn close(undone: &[Option<f64>], own: &[Finite], tolerance: Tolerance, skipped: usize) -> bool {
    let tight = Tolerance { absolute: tolerance.absolute.min(0.05 * largest(own)), relative: tolerance.relative.min(0.1) };
    let compared: Vec<(f64, Finite)> = undone.iter().zip(own).skip(skipped).filter_map(|(value, own)| Some(((*value)?, *own))).collect();
    let enough = undone.len() == own.len() && compared.len() + 1 >= own.len().saturating_sub(skipped) && !compared.is_empty();
    enough && compared.iter().all(|(value, own)| Finite::new(*value).is_ok_and(|value| tight.accepts(value, *own)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What scikit-learn 1.9 gives on the weather data at depths 2, 4, 8, 16 and 32.
    const TREE: [f64; 5] = [4.278, 3.674, 4.447, 4.380, 4.339];
    const FOREST: [f64; 5] = [4.164, 3.505, 3.380, 3.349, 3.348];
    const BOOSTED: [f64; 5] = [3.308, 3.316, 3.730, 4.350, 4.244];
    const TOLERANCE: Tolerance = Tolerance { absolute: 0.3, relative: 0.1 };

    fn series(values: &[f64]) -> Vec<Finite> {
        values.iter().map(|value| Finite::new(*value).expect("finite")).collect()
    }

    fn cause(name: &str, own: &[f64], stated: &[f64]) -> String {
        let others = vec![("forest.val_rmse", series(&FOREST))];
        let own = series(own);
        let expected = Expected { name, own: &own, others, tolerance: TOLERANCE, skipped: 0 };
        expected.cause(&series(stated)).map_or_else(String::new, |cause| cause.0)
    }

    #[test]
    fn each_mistake_is_called_by_its_name() {
        let of = |change: &dyn Fn(f64) -> f64| BOOSTED.map(change);
        let shown = |stated: &[f64]| cause("boosted.val_rmse", &BOOSTED, stated);
        for (stated, words) in [
            (FOREST, "these are the values of forest.val_rmse"),
            (of(&|v| v * 1.8), "Fahrenheit"),
            (of(&|v| v * v), "is the root missing?"),
            (of(&f64::sqrt), "square roots"),
            (of(&|v| v * 100.0), "in percent?"),
            (of(&|v| v * 235.0), "off by one factor"),
            (of(&|v| -v), "the other sign"),
            ([4.244, 4.350, 3.730, 3.316, 3.308], "read backwards"),
            ([3.316, 3.730, 4.350, 4.244, 4.2], "one place too early"),
            ([4.9, 3.308, 3.316, 3.730, 4.350], "one place too late"),
            ([4.350, 3.308, 4.244, 3.316, 3.730], "in another order"),
            // scikit-learn's mean absolute errors of the same models.
            ([2.62, 2.60, 2.93, 3.42, 3.33], "mean absolute errors"),
            ([9.1, 3.3, 8.0, 0.3, 5.0], ""),
        ] {
            let found = shown(&stated);
            assert!(found.contains(words) && found.is_empty() == words.is_empty(), "{stated:?}: expected `{words}` in `{found}`");
        }
    }

    #[test]
    fn an_accuracy_for_an_error_and_logarithms_are_told() {
        assert!(cause("val_error", &[0.0872], &[0.913]).contains("one minus"));
        assert!(cause("val_error", &[0.0872], &[91.3]).contains("100 minus") || cause("val_error", &[0.0872], &[91.3]).contains("in percent"));
        let losses = [1.7, 1.0, 0.74, 0.6, 0.51];
        assert!(cause("val_loss", &losses, &losses.map(|loss| loss / LN_10)).contains("base 10"));
        assert!(cause("val_loss", &losses, &losses.map(|loss| loss / LN_2)).contains("base 2"));
    }

    #[test]
    fn a_wide_tolerance_hides_no_exchange_and_no_turn() {
        let wide = Tolerance { absolute: 1.3, relative: 0.05 };
        let own = series(&BOOSTED);
        let expected = || Expected { name: "boosted.val_rmse", own: &own, others: vec![("tree.val_rmse", series(&TREE))], tolerance: wide, skipped: 0 };
        let suspicion = |stated: &[f64], in_place: Option<&[f64]>| expected().suspicion(&series(stated), |_| in_place.map(series)).map(|cause| cause.0);
        assert!(suspicion(&[4.244, 4.350, 3.730, 3.316, 3.308], None).is_some_and(|words| words.contains("backwards")));
        assert!(suspicion(&TREE, Some(&BOOSTED)).is_some_and(|words| words.contains("exchanged")));
        // scikit-learn's histogram boosting and XGBoost: other boosted trees, nothing else.
        for honest in [[3.33, 3.30, 3.34, 3.43, 3.42], [3.38, 3.53, 3.92, 3.87, 3.91], BOOSTED] {
            assert_eq!(suspicion(&honest, Some(&TREE)), None);
        }
        assert_eq!(suspicion(&TREE, Some(&TREE)), None, "a copy is told elsewhere");
    }
}
