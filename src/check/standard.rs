//! What a number has to reach: bounds that must all hold, and levels that are worth points. A limit is a number, or the name of a number
//! that the reference states.

use std::ops::Range;

use toml::Spanned;
use toml::de::DeValue;

use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::fields::Fields;
use crate::domain::number::Finite;
use crate::domain::plot;
use crate::domain::points::{Fraction, Points};
use crate::domain::quantity::Quantity;
use crate::domain::tolerance::{Bound, Order};
use crate::domain::verdict::{Finding, Verdict};
use crate::evidence::bag::Bag;

use super::{Case, Need, Stop, missing_in_reference, settings};

/// The keys of bounds.
const ORDERS: [(&str, Order); 4] = [("at_least", Order::AtLeast), ("at_most", Order::AtMost), ("above", Order::Above), ("below", Order::Below)];

/// Bounds and levels as a rubric has them.
#[derive(Debug, Default)]
pub(super) struct Standard {
    pub(super) bounds: Vec<Term>,
    pub(super) levels: Vec<Step>,
    /// Whether points lie on straight lines between the levels.
    interpolate: bool,
    /// Where the levels stand in the rubric's text.
    pub(super) levels_at: Range<usize>,
}

/// A bound whose limit may be a number of the reference.
#[derive(Debug)]
pub(super) struct Term {
    pub(super) order: Order,
    pub(super) limit: Limit,
    /// Where it stands in the rubric's text.
    pub(super) at: Range<usize>,
}

/// The limit of a bound.
#[derive(Debug)]
pub(super) enum Limit {
    Number(Finite),
    /// The name of a number that the reference states.
    Reference(Spanned<String>),
}

/// What a number has to reach for some points.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) terms: Vec<Term>,
    pub(super) points: Points,
}

/// On which side of its limits a number is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Better {
    Higher,
    Lower,
}

impl Better {
    /// The side on which a number keeps a bound of this order.
    pub(super) fn of(order: Order) -> Self {
        if matches!(order, Order::AtLeast | Order::Above) { Self::Higher } else { Self::Lower }
    }
}

impl Standard {
    /// The bounds, `levels` and `interpolate` of a check.
    pub(super) fn read(fields: &mut Fields<'_>) -> Self {
        let bounds = terms(fields);
        let levels: Vec<Step> = fields.tables("levels", "a level").into_iter().filter_map(|level| step(fields, level)).collect();
        let levels_at = fields.place("levels");
        let interpolate = fields.optional::<bool>("interpolate").is_some_and(Spanned::into_inner);
        let standard = Self { bounds, levels, interpolate, levels_at };
        if interpolate && let Err((key, message)) = standard.line() {
            fields.fault(Code::BadValue, fields.place(key), message);
        }
        standard
    }

    /// The bounds of a check that has no levels.
    pub(super) fn read_bounds(fields: &mut Fields<'_>) -> Self {
        Self { bounds: terms(fields), ..Self::default() }
    }

    /// Whether it asks for nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.bounds.is_empty() && self.levels.is_empty()
    }

    /// The bounds by themselves and those of the levels.
    pub(super) fn terms(&self) -> impl Iterator<Item = &Term> {
        self.bounds.iter().chain(self.levels.iter().flat_map(|level| &level.terms))
    }

    /// The numbers of the reference that limits name.
    pub(super) fn needs(&self) -> impl Iterator<Item = Need<'_>> {
        self.terms().filter_map(|term| if let Limit::Reference(name) = &term.limit { Some(Need::ReferenceNumber(name)) } else { None })
    }

    /// On which side a number earns more, if the levels say so: more points for a higher limit, or for a lower one. Limits that are numbers
    /// of the reference are passed over.
    pub(super) fn better(&self) -> Option<Better> {
        let number = |step: &Step| match step.terms.as_slice() {
            [Term { limit: Limit::Number(limit), .. }] => Some((*limit, step.points)),
            _ => None,
        };
        let mut steps: Vec<(Finite, Points)> = self.levels.iter().filter_map(number).collect();
        steps.sort_by(|(a, _), (b, _)| a.get().total_cmp(&b.get()));
        let ((_, first), (_, last)) = (*steps.first()?, *steps.last()?);
        match first.cmp(&last) {
            std::cmp::Ordering::Less => Some(Better::Higher),
            std::cmp::Ordering::Equal => None,
            std::cmp::Ordering::Greater => Some(Better::Lower),
        }
    }

    /// What keeps the levels from being points of a line: the key at fault, and the message.
    fn line(&self) -> Result<(), (&'static str, &'static str)> {
        let fault = |message| Err(("interpolate", message));
        if self.levels.len() < 2 {
            return fault("`interpolate` needs at least two levels, between which the points lie");
        }
        if self.levels.iter().any(|level| level.terms.len() != 1) {
            return fault("`interpolate` needs levels with one bound each");
        }
        let mut sides = self.levels.iter().flat_map(|level| &level.terms).map(|term| Better::of(term.order));
        let Some(side) = sides.next() else { return Ok(()) };
        if sides.any(|other| other != side) {
            return fault("`interpolate` needs levels whose bounds all point the same way: `at_least` or `above`, else `at_most` or `below`");
        }
        match self.better() {
            Some(better) if better != side => Err(("levels", "fewer points for a better value: the best level is worth the most")),
            _ => Ok(()),
        }
    }

    /// The limits as numbers, those of the reference from the case's.
    pub(super) fn of(&self, case: &Case<'_>) -> Result<Held, Stop> {
        self.resolved(|name| case.reference_number(name))
    }

    /// What keeps these bounds and levels from judging with the numbers of `reference`.
    pub(super) fn fault(&self, reference: &Bag) -> Option<Diagnostic> {
        let number = |name: &str| reference.number(name).map(|stated| stated.number).map_err(|absent| missing_in_reference(&absent));
        match self.resolved(number) {
            Err(Stop::Fault(diagnostic)) => Some(diagnostic.at(self.levels_at.clone())),
            _ => None,
        }
    }

    fn resolved(&self, number: impl Fn(&str) -> Result<Finite, Stop>) -> Result<Held, Stop> {
        let bound = |term: &Term| {
            let limit = match &term.limit {
                Limit::Number(limit) => *limit,
                Limit::Reference(name) => number(name.get_ref())?,
            };
            Ok(Bound { order: term.order, limit })
        };
        let bounds = |terms: &[Term]| terms.iter().map(bound).collect::<Result<Vec<Bound>, Stop>>();
        let level = |step: &Step| Ok(plot::Level { bounds: bounds(&step.terms)?, points: step.points });
        let mut held =
            Held { bounds: bounds(&self.bounds)?, levels: self.levels.iter().map(level).collect::<Result<_, Stop>>()?, interpolate: self.interpolate };
        if self.interpolate {
            held.sort()?;
        }
        Ok(held)
    }
}

/// The bounds that `fields` has.
fn terms(fields: &mut Fields<'_>) -> Vec<Term> {
    ORDERS.into_iter().filter_map(|(key, order)| limit(fields, key).map(|limit| Term { order, limit, at: fields.place(key) })).collect()
}

/// A number, or the name of one of the reference.
fn limit(fields: &mut Fields<'_>, key: &'static str) -> Option<Limit> {
    let is_name = fields.peek(key).is_some_and(|value| matches!(value.get_ref(), DeValue::String(_)));
    if !is_name {
        return fields.number(key).map(Limit::Number);
    }
    let name = fields.optional::<String>(key)?.into_inner();
    Some(Limit::Reference(Spanned::new(fields.place(key), name)))
}

fn step(fields: &mut Fields<'_>, mut level: Fields<'_>) -> Option<Step> {
    let terms = terms(&mut level);
    let points = settings::points(&mut level, "points");
    if terms.is_empty() {
        level.fault(Code::MissingKey, level.span(), "a level needs `at_least`, `at_most`, `above` or `below`");
    }
    fields.absorb(level);
    points.map(|points| Step { terms, points })
}

/// Bounds and levels whose limits are all numbers.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Held {
    pub(super) bounds: Vec<Bound>,
    pub(super) levels: Vec<plot::Level>,
    /// Whether points lie on straight lines between the levels, which are then in the order of their points.
    interpolate: bool,
}

impl Held {
    /// Every limit.
    pub(super) fn limits(&self) -> impl Iterator<Item = Finite> {
        self.bounds.iter().chain(self.levels.iter().flat_map(|level| &level.bounds)).map(|bound| bound.limit)
    }

    /// The levels from the worst to the best, which must be worth more and more.
    fn sort(&mut self) -> Result<(), Stop> {
        let limit = |level: &plot::Level| level.bounds.first().map(|bound| bound.limit).unwrap_or_default();
        let lower = self.levels.iter().flat_map(|level| &level.bounds).any(|bound| Better::of(bound.order) == Better::Lower);
        self.levels.sort_by(|a, b| limit(a).get().total_cmp(&limit(b).get()));
        if lower {
            self.levels.reverse();
        }
        match self.levels.windows(2).find(|pair| pair[0].points > pair[1].points || limit(&pair[0]) == limit(&pair[1])) {
            None => Ok(()),
            Some(pair) => {
                let words = |level: &plot::Level| format!("{} ({} points)", Quantity::bounds(&level.bounds), level.points);
                let message = format!("the levels do not rise: {} is no better than {}", words(&pair[1]), words(&pair[0]));
                let help = "is the baseline as good as the reference? Change one of the two programs, or the levels".to_owned();
                Err(Stop::Fault(Diagnostic::error(Code::BadValue, message).help(help)))
            }
        }
    }

    /// The finding for a number that keeps all bounds: of levels the best that it reaches counts, in whatever order they are written, so that
    /// a better number never scores less.
    pub(super) fn level(&self, name: &str, number: Finite, shown: &str, possible: Points) -> Finding {
        let (stated, actual) = (format!("{name} = {shown}"), Quantity::number(number).written(shown));
        let Some(best) = self.levels.iter().max_by_key(|level| level.points) else {
            let bounds = Quantity::bounds(&self.bounds);
            return Finding::new(Verdict::Pass, format!("{stated}, {bounds}"), stated).actual(actual).expected(bounds);
        };
        let full = Quantity::bounds(&best.bounds);
        let (fraction, reason) = match self.reached(number) {
            Reached::Level(level) if level.points.of(possible).is_all() => (Fraction::ALL, format!("{stated}, {}", Quantity::bounds(&level.bounds))),
            Reached::Level(level) => (level.points.of(possible), format!("{stated}, {}; full marks need {full}", Quantity::bounds(&level.bounds))),
            Reached::Between(low, high, points) => {
                let words = |level: &plot::Level| format!("{} ({})", Quantity::bounds(&level.bounds), level.points);
                (points.of(possible), format!("{stated} is worth {points}, on the line from {} to {}", words(low), words(high)))
            }
            Reached::Nothing => (Fraction::NOTHING, format!("{stated} reaches no level; full marks need {full}")),
        };
        let verdict = Verdict::of(fraction);
        let advice = match verdict {
            Verdict::Pass => stated,
            Verdict::Partial(_) => format!("{stated}: good, and a better number earns more"),
            _ => format!("{stated}: a better number earns points"),
        };
        Finding::new(verdict, reason, advice).actual(actual).expected(full)
    }

    /// The best level that `number` reaches, or the two between which it lies.
    fn reached(&self, number: Finite) -> Reached<'_> {
        let holds = |level: &&plot::Level| level.bounds.iter().all(|bound| bound.holds(number));
        let Some(reached) = self.levels.iter().filter(holds).max_by_key(|level| level.points) else { return Reached::Nothing };
        let next = self.levels.iter().position(|level| level == reached).and_then(|at| self.levels.get(at + 1)).filter(|_| self.interpolate);
        match (reached.bounds.as_slice(), next.map(|next| (next, next.bounds.as_slice()))) {
            ([low], Some((next, [high]))) => Reached::Between(reached, next, between(number, (low.limit, reached.points), (high.limit, next.points))),
            _ => Reached::Level(reached),
        }
    }
}

/// What a number reaches.
enum Reached<'h> {
    Nothing,
    Level(&'h plot::Level),
    /// With the points on the line between the two.
    Between(&'h plot::Level, &'h plot::Level, Points),
}

/// The points of `number` on the straight line between two levels, rounded to a hundredth.
fn between(number: Finite, (low, worse): (Finite, Points), (high, better): (Finite, Points)) -> Points {
    let share = ((number.get() - low.get()) / (high.get() - low.get())).clamp(0.0, 1.0);
    #[expect(clippy::cast_possible_truncation, reason = "a share of at most 10,000,000 hundredths")]
    let more = (share * (better - worse).hundredths() as f64).round() as i64;
    worse + Points::from_hundredths(more)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(value: f64) -> Finite {
        Finite::new(value).expect("finite")
    }

    fn level(order: Order, limit: f64, points: i64) -> plot::Level {
        plot::Level { bounds: vec![Bound { order, limit: number(limit) }], points: Points::from_hundredths(points) }
    }

    fn held(levels: Vec<plot::Level>, interpolate: bool) -> Held {
        Held { bounds: Vec::new(), levels, interpolate }
    }

    fn earned(held: &Held, value: f64) -> Option<Points> {
        let possible = Points::from_hundredths(1400);
        held.level("x", number(value), "", possible).verdict.fraction().map(|fraction| possible.share(fraction))
    }

    #[test]
    fn points_lie_on_the_line_between_two_levels() {
        let mut auc = held(vec![level(Order::AtLeast, 0.98, 1400), level(Order::AtLeast, 0.7, 0)], true);
        assert!(auc.sort().is_ok());
        // By hand: 14 * (0.84 - 0.7) / (0.98 - 0.7) = 7, and 14 * 0.1 / 0.28 = 5.
        for (value, hundredths) in [(0.5, 0), (0.7, 0), (0.8, 500), (0.84, 700), (0.98, 1400), (1.0, 1400)] {
            assert_eq!(earned(&auc, value), Some(Points::from_hundredths(hundredths)), "{value}");
        }
        let mut loss = held(vec![level(Order::AtMost, 0.7, 0), level(Order::AtMost, 0.2, 1000), level(Order::AtMost, 0.1, 1400)], true);
        assert!(loss.sort().is_ok());
        for (value, hundredths) in [(0.8, 0), (0.7, 0), (0.45, 500), (0.2, 1000), (0.15, 1200), (0.1, 1400), (0.01, 1400)] {
            assert_eq!(earned(&loss, value), Some(Points::from_hundredths(hundredths)), "{value}");
        }
    }

    #[test]
    fn a_baseline_better_than_the_reference_is_the_courses_fault() {
        let mut wrong = held(vec![level(Order::AtLeast, 0.9, 0), level(Order::AtLeast, 0.8, 1400)], true);
        let Err(Stop::Fault(fault)) = wrong.sort() else { panic!("accepted") };
        assert_eq!(fault.message, "the levels do not rise: at least 0.9 (0 points) is no better than at least 0.8 (14 points)");
    }

    proptest! {
        #[test]
        fn a_better_number_never_scores_less(mut limits in prop::collection::vec((0.0..1.0_f64, 0i64..11), 1..6), a in 0.0..1.0_f64, b in 0.0..1.0_f64) {
            // Points rise as the bound gets harder; the levels are written in any order.
            let mut points: Vec<i64> = limits.iter().map(|level| level.1).collect();
            points.sort_unstable();
            limits.sort_by(|x, y| y.0.total_cmp(&x.0));
            let levels: Vec<_> = limits.iter().zip(points).map(|((limit, _), points)| level(Order::Below, *limit, points * 100)).collect();
            let shuffled = levels.iter().rev().cloned().collect();
            let mut line = held(levels.clone(), true);
            let rises = line.sort().is_ok();
            for held in [held(levels, false), held(shuffled, false)].into_iter().chain(rises.then_some(line)) {
                prop_assert!(earned(&held, a.min(b)) >= earned(&held, a.max(b)));
            }
        }
    }
}
