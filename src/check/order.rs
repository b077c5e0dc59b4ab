//! `check = "order"`: numbers of the student's own in the order that the theory says.

use toml::Spanned;
use toml::de::DeValue;

use crate::data::Datasets;
use crate::domain::diagnostic::Code;
use crate::domain::fields::Fields;
use crate::domain::key::{Key, Type};
use crate::domain::number::{Finite, Unit, significant};
use crate::domain::quantity::Quantity;
use crate::domain::tolerance::{Bound, Order, Tolerance, argmax, argmin};
use crate::domain::value::Value;
use crate::domain::verdict::{Finding, Verdict};

use super::beside::Expected;
use super::number::bounds;
use super::relation::Relations;
use super::request::{Request, RequestKind, UnitName, with_known};
use super::settings::Against;
use super::units::UnitGroup;
use super::{Case, Check, Edition, Example, Kind, Need, Stop, beside, only_the_course, settings};

pub(super) const KIND: Kind = Kind {
    name: "order",
    about: "\
Judges whether numbers of the student's own, from metrics.toml or metrics.json, stand in a stated order. All of them must.",
    keys: &[
        Key::new(
            "ascending",
            Type::Texts,
            r#"["forest.rmse", "tree.rmse"]"#,
            "Two or more different names, the least first: each number must lie above the one before.",
        )
        .secret(),
        Key::new("values", Type::Texts, r#"["forest.rmse", "tree.rmse"]"#, "In the student's edition alone: the names of `ascending`, sorted by letters."),
        Key::new("at", Type::Word(&["first", "last", "least", "greatest"]), r#""last""#, "Which value of a series counts; a plain number counts itself."),
        Key::new(
            "unit",
            Type::Word(&["fraction"]),
            r#""fraction""#,
            "What can only be percent is read so, as of `number`; also if another item says so of one of them.",
        ),
        Key::new("at_least", Type::Number, "0", "What all of them must keep to be possible at all, such as 0 for errors."),
        Key::new("at_most", Type::Number, "1", "The same from above."),
        Key::new("above", Type::Number, "0", "The same, without the limit itself."),
        Key::new("below", Type::Number, "1", "The same from above, without the limit itself."),
        Key::new(
            "is",
            Type::Table,
            r#"{ "best.val_loss" = { least = "val_loss" } }"#,
            "What one of the numbers must be by the student's own others, as in `number`.",
        ),
        Key::new("against", Type::Word(&["reference"]), r#""reference""#, "Each must also lie within `tolerance` of the reference's number of the same name.")
            .secret(),
        Key::new("tolerance", Type::Tolerance, r#"{ relative = "10%" }"#, "As in `number`.").secret(),
        Key::new("by", Type::Any, "0.02", "Each must lie at least so much above the one before; \"10%\": at least that share of the one before.").secret(),
    ],
    more: "\
In the student's edition of a rubric `by`, `against` and `tolerance` are left out, and `values` has the names of `ascending`
sorted by letters; it only checks that they are there and can be.",
    example: Example {
        item: "ascending = [\"wide.val_error\", \"narrow.val_error\"]\nat = \"last\"\nby = 0.02",
        reference: "",
        passes: "wide.val_error = [0.3, 0.02]\nnarrow.val_error = [0.4, 0.31]",
        fails: "wide.val_error = [0.3, 0.31]\nnarrow.val_error = [0.4, 0.315]",
    },
    read,
};

#[derive(Debug)]
struct OrderCheck {
    names: Vec<Spanned<String>>,
    at: Option<At>,
    unit: Option<Unit>,
    by: Margin,
    bounds: Vec<Bound>,
    against: Option<Tolerance>,
    relations: Relations,
}

/// Which value of a series counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    First,
    Last,
    Least,
    Greatest,
}

/// How far each number must lie above the one before.
#[derive(Debug, Clone, Copy)]
enum Margin {
    /// Above at all.
    Any,
    Absolute(f64),
    /// As a share of the one before.
    Relative(f64),
}

fn read(fields: &mut Fields<'_>, edition: Edition) -> Option<Box<dyn Check>> {
    let names = settings::names(fields, if edition == Edition::Course { "ascending" } else { "values" });
    let at = fields.word("at", &[("first", At::First), ("last", At::Last), ("least", At::Least), ("greatest", At::Greatest)]);
    let unit = settings::unit(fields);
    let by = read_margin(fields);
    let bounds = bounds(fields);
    let against = settings::against(fields);
    let relations = Relations::read(fields, names.as_deref().unwrap_or_default());
    let names = names?;
    let different = names.iter().map(Spanned::get_ref).collect::<std::collections::BTreeSet<_>>().len();
    if different < 2 || different < names.len() {
        fields.fault(Code::BadValue, fields.span(), "an order is between two or more different names");
    }
    Some(Box::new(OrderCheck { names, at, unit, by, bounds, against, relations }))
}

fn read_margin(fields: &mut Fields<'_>) -> Margin {
    let Some(value) = fields.peek("by") else { return Margin::Any };
    let (relative, span) = (matches!(value.get_ref(), DeValue::String(_)), value.span());
    if relative {
        return fields.share("by").map_or(Margin::Any, Margin::Relative);
    }
    let by = fields.number("by").map(Finite::get);
    if by.is_some_and(|by| by < 0.0) {
        fields.fault(Code::BadValue, span, "`by` is never negative; turn `ascending` round");
    }
    by.map_or(Margin::Any, Margin::Absolute)
}

impl Check for OrderCheck {
    fn judge(&self, case: &Case<'_>) -> Result<Finding, Stop> {
        let mut numbers = Vec::new();
        for name in &self.names {
            numbers.push(self.number(name.get_ref(), case)?);
        }
        let faults = numbers.iter().filter_map(|named| self.relations.settle(named.name, named.number, case).err()).map(Stop::into_finding).collect::<Vec<_>>();
        if let Some(first) = faults.iter().find(|fault| fault.verdict == Verdict::Contradicted).or(faults.first()) {
            return Ok(first.clone());
        }
        if let Some((named, missed)) = numbers.iter().find_map(|named| Some((named, self.bounds.iter().find(|bound| !bound.holds(named.number))?))) {
            let sentence = format!("{}: it cannot be {}", named.words(), missed.opposite());
            return Ok(Finding::open(Verdict::Fail, sentence).expected(Quantity::bounds(&[*missed])).actual(named.number));
        }
        let shown = numbers.iter().map(Named::words).collect::<Vec<_>>().join(", ");
        if case.edition == Edition::Student {
            return Ok(only_the_course(shown));
        }
        let expected = self.names.iter().map(|name| name.get_ref().as_str()).collect::<Vec<_>>().join(" < ");
        let finding = match numbers.windows(2).find(|pair| !self.by.holds(pair[0].number, pair[1].number)) {
            None => match self.beside_reference(&numbers, &shown, case)? {
                Some(finding) => finding,
                None => Finding::new(Verdict::Pass, format!("{shown}: in the expected order, {}", self.by.words()), shown.clone()),
            },
            Some(pair) => {
                let (below, above) = (&pair[0], &pair[1]);
                let pair = format!("{}, {}", above.words(), below.words());
                let reason = format!("{pair}: expected {} above {}{}", above.name, below.name, self.by.more());
                Finding::new(Verdict::Fail, reason, format!("{shown}: not what the course expects of them; look for a fault or a mix-up in these runs"))
            }
        };
        let actual = Quantity::named(shown, numbers.iter().map(|named| (named.name, named.number)));
        Ok(finding.expected(Quantity::words(expected)).actual(actual))
    }

    fn needs(&self) -> Vec<Need<'_>> {
        let reference = self.names.iter().filter(|_| self.against.is_some()).map(Need::Reference);
        self.names.iter().map(|name| Need::Evidence(name.get_ref())).chain(self.relations.needs()).chain(reference).collect()
    }

    fn requests(&self, _: &dyn Datasets) -> Vec<Request> {
        let unit = self.unit.map(UnitName::from);
        let kind = || if self.at.is_some() { RequestKind::Series { length: None, unit } } else { RequestKind::Number { unit } };
        with_known(self.needs(), self.names.iter().map(|name| Request::new(name.get_ref(), kind())).collect())
    }

    fn unit_groups(&self, _: &Case<'_>) -> Vec<UnitGroup<'_>> {
        let compared = UnitGroup::asked(self.unit, self.names.iter().map(|name| name.get_ref().as_str()));
        std::iter::once(compared).chain(self.relations.unit_groups()).collect()
    }
}

/// A number with the words for where it was found.
struct Named<'a> {
    name: &'a str,
    place: &'static str,
    number: Finite,
}

impl Named<'_> {
    fn words(&self) -> String {
        format!("{} is {}{}", self.name, self.number, self.place)
    }
}

impl OrderCheck {
    /// What is wrong with the first number that is not the reference's.
    fn beside_reference(&self, numbers: &[Named<'_>], shown: &str, case: &Case<'_>) -> Result<Option<Finding>, Stop> {
        let Some(tolerance) = self.against else { return Ok(None) };
        for named in numbers {
            let siblings = self.names.iter().map(|name| name.get_ref().as_str());
            let expected = Expected { number: case.reference_number(named.name)?, whose: Against::Reference.words() };
            if let Err(apart) = beside::held(named.name, named.number, &named.number.to_string(), expected, tolerance, siblings, case)? {
                let hint = if apart.hint.is_empty() { "check the formula and the settings" } else { &apart.hint };
                let advice = format!("{shown}: {} is not what the course expects: {hint}", named.name);
                return Ok(Some(Finding::new(Verdict::Fail, apart.reason, advice)));
            }
        }
        Ok(None)
    }

    fn number<'a>(&self, name: &'a str, case: &Case<'_>) -> Result<Named<'a>, Stop> {
        let is_series = matches!(case.student.value(name)?, (Value::List(_), _));
        let Some(at) = self.at.filter(|_| is_series) else {
            return Ok(Named { name, place: "", number: case.student.number(name)?.number });
        };
        let series = case.student.series(name)?;
        let (place, at) = match at {
            At::First => (" at its first value", Some(0)),
            At::Last => (" at its last value", series.len().checked_sub(1)),
            At::Least => (" at its least value", argmin(&series)),
            At::Greatest => (" at its greatest value", argmax(&series)),
        };
        let number = at.and_then(|at| series.get(at)).ok_or_else(|| Finding::open(Verdict::Fail, format!("{name} is an empty list")))?;
        Ok(Named { name, place, number: *number })
    }
}

impl Margin {
    /// Whether `after` lies far enough above `before`; what only rounding takes from the margin does not count.
    fn holds(self, before: Finite, after: Finite) -> bool {
        let by = match self {
            Self::Any => return after > before,
            Self::Absolute(by) => by,
            Self::Relative(share) => share * before.get().abs(),
        };
        let Ok(least) = Finite::new(before.get() + by) else { return false };
        Order::AtLeast.holds(after.get(), least.get()) || (Tolerance::ROUNDING.accepts(after, least) && after > before)
    }

    fn more(self) -> String {
        match self {
            Self::Any => String::new(),
            Self::Absolute(by) => format!(" by at least {}", significant(by, 4)),
            Self::Relative(share) => format!(" by at least {} %", significant(share * 100.0, 4)),
        }
    }

    fn words(self) -> String {
        format!("each above the one before{}", self.more())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(value: f64) -> Finite {
        Finite::new(value).expect("finite")
    }

    #[test]
    fn a_margin_is_met_exactly_whatever_rounding_does() {
        // 0.1 + 0.2 is 0.30000000000000004 in floating point.
        assert!(Margin::Absolute(0.2).holds(number(0.1), number(0.3)));
        assert!(!Margin::Absolute(0.2).holds(number(0.1), number(0.29)));
        assert!(Margin::Relative(0.1).holds(number(-2.0), number(-1.8)) && !Margin::Relative(0.1).holds(number(-2.0), number(-1.9)));
        assert!(!Margin::Any.holds(number(1.0), number(1.0)) && Margin::Absolute(0.0).holds(number(1.0), number(1.0)));
    }

    proptest! {
        #[test]
        fn raising_the_later_number_never_turns_a_pass_into_a_fail(
            before in -10.0..10.0_f64, after in -10.0..10.0_f64, more in 0.0..10.0_f64, by in 0.0..5.0_f64, kind in 0..3,
        ) {
            let margin = [Margin::Any, Margin::Absolute(by), Margin::Relative(by)][usize::try_from(kind).unwrap_or(0)];
            let holds = |after: f64| margin.holds(number(before), number(after));
            prop_assert!(!holds(after) || holds(after + more));
        }

        #[test]
        fn a_smaller_margin_is_met_where_a_greater_one_is(before in -10.0..10.0_f64, after in -10.0..10.0_f64, by in 0.0..5.0_f64, less in 0.0..1.0_f64) {
            let holds = |by: f64| Margin::Absolute(by).holds(number(before), number(after));
            prop_assert!(!holds(by) || holds(by * less));
        }
    }
}
