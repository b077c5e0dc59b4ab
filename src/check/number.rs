//! `check = "number"`: a stated number against bounds, levels or the reference.

use toml::Spanned;

use crate::domain::diagnostic::Code;
use crate::domain::fields::Fields;
use crate::domain::number::{Finite, significant};
use crate::domain::points::{Fraction, Points};
use crate::domain::rounding::{Rounding, told_apart};
use crate::domain::tolerance::{Order, Tolerance};
use crate::domain::verdict::{Finding, Verdict};

use super::relation::Relations;
use super::{Case, Check, Edition, Example, Kind, Need, Stop, average, only_the_course, settings};

pub(super) const KIND: Kind = Kind {
    name: "number",
    doc: "\
Judges a number that the student states in metrics.toml or metrics.json (or several, each for its share of the points).

  value      the number's name, such as \"cnn.val_error\", or a list of names
  unit       \"fraction\" (0 to 1) or \"percent\" (0 to 100): a number of the other unit gets a hint, not a silent zero
  at_least, at_most, above, below
             bounds; all that are given must hold
  levels     [{ below = 0.05, points = 10 }, { below = 0.2, points = 6 }]: the best level reached counts
  against    \"reference\": must lie within `tolerance` of the reference's number of the same name
  tolerance  { absolute = 0.005 }, { relative = \"10%\" } or both: |stated - reference| <= absolute + relative * |reference|;
             a number stated with three digits or more stands for all that round to it
  is         what a number must be by the student's own other numbers, by its name:
             is.\"best.val_loss\" = { least = \"val_loss\" }
               { first = S }, { last = S }, { least = S }, { greatest = S }, { mean = S }, { sum = S } of a series, or of a
               list of numbers such as [\"tree.accuracy\", \"forest.accuracy\"]; { place = 2, of = S } its second value;
               \"name\" another number; 0.5 itself
             is.\"best.accuracy\" = { one_of = [\"tree.accuracy\", \"forest.accuracy\"] }: if it is none of them, a person has to look
             is.\"norm_ratio\" = { ratio = [{ first = \"norms\" }, { last = \"norms\" }] }
             is.\"rise\" = { difference = [{ mean = \"errors_without_a_block\" }, \"whole_error\"] }
             A number that does not agree, as far as both are printed, is contradicted and earns nothing. If what it is held
             against is not there, a person has to look.

Text such as \"98.2 %\" is read as the fraction 0.982. NaN, infinity, null and other text are unreadable and earn nothing.
Bounds, levels and tolerances are not in the student's edition of a rubric.",
    example: Example {
        item: "value = \"cnn.val_error\"\nunit = \"fraction\"\nlevels = [{ below = 0.05, points = 10 }, { below = 0.2, points = 6 }]",
        reference: "",
        passes: "cnn.val_error = 0.041",
        fails: "cnn.val_error = 0.41",
    },
    secret: &["at_least", "at_most", "above", "below", "levels", "against", "tolerance"],
    read,
};

#[derive(Debug)]
struct Number {
    values: Vec<Spanned<String>>,
    unit: Unit,
    bounds: Vec<Bound>,
    levels: Vec<(Vec<Bound>, Points)>,
    against: Option<Tolerance>,
    relations: Relations,
}

/// A bound of a number.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bound {
    order: Order,
    limit: Finite,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Any,
    Fraction,
    Percent,
}

fn read(fields: &mut Fields<'_>, edition: Edition) -> Option<Box<dyn Check>> {
    let values = settings::names(fields, "value");
    let unit = fields.word("unit", &[("fraction", Unit::Fraction), ("percent", Unit::Percent)]).unwrap_or(Unit::Any);
    let bounds = bounds(fields);
    let levels = fields.tables("levels", "a level").into_iter().filter_map(|level| read_level(fields, level)).collect::<Vec<_>>();
    let compares = fields.has("against");
    let against = settings::against(fields);
    let relations = Relations::read(fields, values.as_deref().unwrap_or_default());
    let values = values?;
    if values.len() > 1 && !levels.is_empty() {
        fields.fault(Code::BadValue, fields.span(), "levels judge one number; give each number its own item");
    }
    if edition == Edition::Course && bounds.is_empty() && levels.is_empty() && !compares && relations.is_empty() {
        fields.fault(Code::MissingKey, fields.span(), "a `number` check needs a bound, `levels`, `against = \"reference\"` or `is`");
    }
    Some(Box::new(Number { values, unit, bounds, levels, against, relations }))
}

/// The bounds that `fields` has.
pub(super) fn bounds(fields: &mut Fields<'_>) -> Vec<Bound> {
    let orders = [("at_least", Order::AtLeast), ("at_most", Order::AtMost), ("above", Order::Above), ("below", Order::Below)];
    orders.into_iter().filter_map(|(key, order)| fields.number(key).map(|limit| Bound { order, limit })).collect()
}

fn read_level(fields: &mut Fields<'_>, mut level: Fields<'_>) -> Option<(Vec<Bound>, Points)> {
    let bounds = bounds(&mut level);
    let points = settings::points(&mut level, "points");
    if bounds.is_empty() {
        level.fault(Code::MissingKey, level.span(), "a level needs `at_least`, `at_most`, `above` or `below`");
    }
    fields.absorb(level);
    points.map(|points| (bounds, points))
}

impl Check for Number {
    fn judge(&self, case: &Case<'_>) -> Result<Finding, Stop> {
        if let [only] = self.values.as_slice() {
            return self.judge_one(only.get_ref(), case);
        }
        Ok(average(self.values.iter().map(|name| self.judge_one(name.get_ref(), case)).collect()))
    }

    fn needs(&self) -> Vec<Need<'_>> {
        let evidence = self.values.iter().map(|name| Need::Evidence(name.get_ref()));
        let reference = self.values.iter().filter(|_| self.against.is_some()).map(Need::Reference);
        evidence.chain(self.relations.needs()).chain(reference).collect()
    }
}

impl Number {
    fn judge_one(&self, name: &str, case: &Case<'_>) -> Result<Finding, Stop> {
        let number = case.student.number(name)?.number;
        if let Some(hint) = self.unit.hint(number) {
            return Ok(Finding::open(Verdict::Fail, format!("{name} = {number}: {hint}")).actual(number.to_string()));
        }
        if let Some(fault) = self.relations.fault(name, number, case) {
            return Ok(fault);
        }
        if case.edition == Edition::Student && self.has_no_standard() {
            return Ok(only_the_course(format!("{name} = {number} is there")).actual(number.to_string()));
        }
        if let Some(missed) = self.bounds.iter().find(|bound| !bound.holds(number)) {
            return Ok(fall_short(name, number).expected(missed.words()).because(format!("{name} = {number}, expected {}", missed.words())));
        }
        if let Some(tolerance) = self.against {
            let expected = case.reference_number(name)?;
            let rounding = Rounding::of(number);
            if !tolerance.accepts_rounded(number, expected, rounding) {
                let coarse = rounding.too_coarse(number.get() - expected.get()).map(|digits| format!("; {digits}")).unwrap_or_default();
                let (actual, wanted) = told_apart(number, expected);
                let reason = format!("{name} = {actual}, the reference has {wanted} {tolerance}{coarse}");
                return Ok(fall_short(name, number).expected(expected.to_string()).tolerance(tolerance.to_string()).because(reason));
            }
            let found = Finding::new(Verdict::Pass, format!("{name} = {number}, the reference has {expected} {tolerance}"), format!("{name} = {number}"));
            return Ok(found.expected(expected.to_string()).actual(number.to_string()).tolerance(tolerance.to_string()));
        }
        Ok(self.level(name, number, case.points))
    }

    fn has_no_standard(&self) -> bool {
        self.bounds.is_empty() && self.levels.is_empty() && self.against.is_none()
    }

    /// The best level that the number reaches: a better number never scores less, in whatever order the levels are written.
    fn level(&self, name: &str, number: Finite, possible: Points) -> Finding {
        let stated = format!("{name} = {number}");
        if self.levels.is_empty() {
            let words: Vec<String> = self.bounds.iter().map(|bound| bound.words()).collect();
            return Finding::new(Verdict::Pass, format!("{stated}, {}", words.join(" and ")), stated).actual(number.to_string()).expected(words.join(" and "));
        }
        let words = |bounds: &[Bound]| bounds.iter().map(|bound| bound.words()).collect::<Vec<_>>().join(" and ");
        let reached = self.levels.iter().filter(|(bounds, _)| bounds.iter().all(|bound| bound.holds(number))).max_by_key(|(_, points)| *points);
        let full = self.levels.iter().max_by_key(|(_, points)| *points).map(|(bounds, _)| words(bounds)).unwrap_or_default();
        let (fraction, reason) = match reached {
            Some((bounds, points)) if points.of(possible).is_all() => (Fraction::ALL, format!("{stated}, {}", words(bounds))),
            Some((bounds, points)) => (points.of(possible), format!("{stated}, {}; full marks need {full}", words(bounds))),
            None => (Fraction::NOTHING, format!("{stated} reaches no level; full marks need {full}")),
        };
        let verdict = Verdict::of(fraction);
        let advice = match verdict {
            Verdict::Pass => stated,
            Verdict::Partial(_) => format!("{stated}: good, and a better number earns more"),
            _ => format!("{stated}: a better number earns points"),
        };
        Finding::new(verdict, reason, advice).actual(number.to_string()).expected(full)
    }
}

fn fall_short(name: &str, number: Finite) -> Finding {
    let advice = format!("{name} = {number} is not what the course expects; check the data, the settings and the unit");
    Finding::new(Verdict::Fail, String::new(), advice).actual(number.to_string())
}

impl Bound {
    /// Whether `number` keeps it.
    pub(super) fn holds(self, number: Finite) -> bool {
        self.order.holds(number.get(), self.limit.get())
    }

    /// In words: "at least 0.5".
    pub(super) fn words(self) -> String {
        format!("{} {}", self.order.words(), self.limit)
    }
}

impl Unit {
    /// What to say of a number that cannot be meant in this unit.
    fn hint(self, number: Finite) -> Option<String> {
        let value = number.get();
        match self {
            Self::Any => None,
            Self::Fraction if (0.0..=1.0).contains(&value) => None,
            Self::Fraction if (1.0..=100.0).contains(&value) => {
                Some(format!("above 1, did you mean {}? It is read as a fraction, not in percent", significant(value / 100.0, 5)))
            }
            Self::Fraction => Some("a fraction lies between 0 and 1".to_owned()),
            Self::Percent if (0.0..=100.0).contains(&value) => None,
            Self::Percent => Some("a percentage lies between 0 and 100".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(value: f64) -> Finite {
        Finite::new(value).expect("finite")
    }

    fn bound(order: Order, limit: f64) -> Bound {
        Bound { order, limit: number(limit) }
    }

    proptest! {
        #[test]
        fn a_better_number_never_scores_less(mut limits in prop::collection::vec((0.0..1.0_f64, 0i64..11), 1..6), a in 0.0..1.0_f64, b in 0.0..1.0_f64) {
            // Points rise as the bound gets harder; the levels are written in any order.
            let mut points: Vec<i64> = limits.iter().map(|level| level.1).collect();
            points.sort_unstable();
            limits.sort_by(|x, y| y.0.total_cmp(&x.0));
            let levels: Vec<_> = limits.iter().zip(points).map(|((limit, _), points)| (vec![bound(Order::Below, *limit)], Points::from_hundredths(points * 100))).collect();
            let shuffled = levels.iter().rev().cloned().collect();
            let possible = Points::from_hundredths(1000);
            for levels in [levels, shuffled] {
                let check = Number { values: Vec::new(), unit: Unit::Any, bounds: Vec::new(), levels, against: None, relations: Relations::default() };
                let earned = |value: f64| check.level("x", number(value), possible).verdict.fraction().map(|fraction| possible.share(fraction));
                prop_assert!(earned(a.min(b)) >= earned(a.max(b)));
            }
        }
    }

    #[test]
    fn a_percentage_where_a_fraction_is_meant_gets_a_hint() {
        assert_eq!(Unit::Fraction.hint(number(2.31)), Some("above 1, did you mean 0.0231? It is read as a fraction, not in percent".to_owned()));
        assert_eq!(Unit::Fraction.hint(number(0.0231)), None);
        assert_eq!(Unit::Fraction.hint(number(-0.1)), Some("a fraction lies between 0 and 1".to_owned()));
    }
}
