//! `check = "number"`: a stated number against bounds, levels or the reference.

use toml::Spanned;

use crate::data::Datasets;
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::fields::Fields;
use crate::domain::key::{Key, Type};
use crate::domain::number::{Finite, Unit};
use crate::domain::plot::{self, NumberLine};
use crate::domain::quantity::{Quantity, Symbol};
use crate::domain::rounding::Interval;
use crate::domain::tolerance::{Bound, Order, Tolerance};
use crate::domain::verdict::{Finding, Verdict};
use crate::evidence::bag::Bag;

use super::beside::Expected;
use super::proportion::Proportions;
use super::relation::Relations;
use super::request::{Request, with_known};
use super::settings::{Against, PercentSigns};
use super::share::ShareOf;
use super::standard::Standard;
use super::units::{Number as Stated, UnitGroup};
use super::{Case, Check, Edition, Example, Kind, Need, Stop, average, beside, doubtful, only_the_course, settings};

pub(super) const KIND: Kind = Kind {
    name: "number",
    about: "\
Judges a number that the student states in metrics.toml or metrics.json (or several, each for its share of the points).",
    keys: &[
        Key::new("value", Type::TextOrTexts, r#""cnn.val_error""#, "The number's name, or a list of names, each for its share of the points.").required(),
        Key::new("unit", Type::Word(&["fraction", "percent"]), r#""fraction""#, "\"fraction\" is 0 to 1, \"percent\" 0 to 100."),
        Key::new(
            "percent",
            Type::Word(&["read", "reject"]),
            r#""reject""#,
            "\"reject\": a fraction that is stated in percent without a percent sign earns nothing.",
        )
        .default("\"read\""),
        settings::AT_LEAST,
        settings::AT_MOST,
        settings::ABOVE,
        settings::BELOW,
        Key::new("levels", Type::Tables, "[{ below = 0.05, points = 10 }, { below = 0.2, points = 6 }]", "The best level reached counts.").secret(),
        Key::new(
            "interpolate",
            Type::Flag,
            "true",
            "Points lie on straight lines between the levels, each of which has one bound. Worse than the worst level is 0, better than \
            the best is its points.",
        )
        .default("false")
        .secret(),
        Key::new(
            "against",
            Type::Any,
            r#""reference""#,
            "\"reference\", or a number such as 0.6931: the number must lie within `tolerance` of the reference's number of the same \
            name, or of it.",
        )
        .secret(),
        Key::new(
            "tolerance",
            Type::Tolerance,
            r#"{ relative = "10%" }"#,
            "|stated - expected| <= absolute + relative * |expected|; a number stated with three digits or more stands for all that round \
            to it.",
        )
        .secret(),
        Key::new("out_of", Type::Whole, "4", "A fraction of so many examples is a whole number of them; another one goes to a person."),
        Key::new(
            "is",
            Type::Table,
            r#"{ "best.val_loss" = { least = "val_loss" } }"#,
            "What a number must be by the student's own other numbers, by its name. { first = S }, { last = S }, { least = S }, { \
            greatest = S }, { mean = S }, { sum = S } of a series, or of a list of numbers such as [\"tree.accuracy\", \
            \"forest.accuracy\"]; { place = 2, of = S } its second value; { one_of = […] }; { ratio = [a, b] }; { difference = [a, b] }; \
            \"name\" another number; 0.5 itself, which is left out of the student's edition. A number that does not agree, as far as \
            both are printed, is contradicted and earns nothing. If what it is held against is not there, or it is not `one_of` several, \
            a person has to look.",
        ),
        Key::new(
            "examples",
            Type::Whole,
            "10000",
            "With `training_examples`: a number that, with all its digits, can only be a share of the training examples goes to a person.",
        ),
        Key::new("training_examples", Type::Whole, "60000", "See `examples`."),
        Key::new(
            "proportions",
            Type::Tables,
            r#"[{ of = "val_loss", to = "val_error", examples = 10000, at_least = 2.7, at_most = 4.8 }]"#,
            "How many times the error the last loss, a mean or a sum over so many examples or their batches, is; beyond the bounds a \
            person looks.",
        )
        .secret(),
    ],
    more: "\
Text such as \"98.2 %\" is the fraction 0.982. Where a fraction is asked, a number above 1 and at most 100 can only be percent: it
is read so and noted (\"read as 2.31 %\"), in every item of the rubric alike. A number of 1 or less is a fraction, unless the
student's own predictions or series prove it to be percent. Accuracies (acc, recall, precision, f1, auc) are fractions without
`unit` as well, if the bounds or the reference are. NaN, infinity and null earn nothing; other text and
lists go to a person.",
    example: Example {
        item: "value = \"cnn.val_error\"\nunit = \"fraction\"\nlevels = [{ below = 0.05, points = 10 }, { below = 0.2, points = 6 }]",
        reference: "",
        passes: "cnn.val_error = 0.041",
        fails: "cnn.val_error = 0.41",
    },
    read,
};

#[derive(Debug)]
struct Number {
    values: Vec<Spanned<String>>,
    unit: Option<Unit>,
    percent: PercentSigns,
    standard: Standard,
    against: Option<(Against, Tolerance)>,
    out_of: Option<u32>,
    relations: Relations,
    proportions: Proportions,
    share: Option<ShareOf>,
}

/// What the field calls numbers that are fractions wherever they stand.
const FRACTIONS: [&str; 6] = ["accuracy", "acc", "recall", "precision", "f1", "auc"];

fn read(fields: &mut Fields<'_>, edition: Edition) -> Option<Box<dyn Check>> {
    let values = settings::names(fields, "value");
    let unit = settings::unit(fields);
    let percent = settings::percent(fields);
    let standard = Standard::read(fields);
    let compares = fields.has("against");
    let against = settings::against_number(fields);
    let out_of = fields.optional::<u32>("out_of");
    if let Some(zero) = out_of.as_ref().filter(|out_of| *out_of.get_ref() == 0) {
        fields.fault(Code::BadValue, zero.span(), "`out_of` counts examples; 0 makes no sense");
    }
    let out_of = out_of.map(Spanned::into_inner);
    let relations = Relations::read(fields, values.as_deref().unwrap_or_default());
    let (proportions, share) = (Proportions::read(fields), ShareOf::read(fields));
    let values = values?;
    if values.len() > 1 && !standard.levels.is_empty() {
        fields.fault(Code::BadValue, fields.span(), "levels judge one number; give each number its own item");
    }
    if values.len() > 1 && matches!(against, Some((Against::Number(_), _))) {
        fields.fault(Code::BadValue, fields.place("against"), "`against` is one number for several values; give each value its own item");
    }
    if edition == Edition::Course && standard.is_empty() && !compares && relations.is_empty() {
        fields.fault(Code::MissingKey, fields.place("check"), "a `number` check needs a bound, `levels`, `against` or `is`");
    }
    Some(Box::new(Number { values, unit, percent, standard, against, out_of, relations, proportions, share }))
}

/// The bounds that `fields` has, all of them numbers.
pub(super) fn bounds(fields: &mut Fields<'_>) -> Vec<Bound> {
    let orders = [("at_least", Order::AtLeast), ("at_most", Order::AtMost), ("above", Order::Above), ("below", Order::Below)];
    orders.into_iter().filter_map(|(key, order)| fields.number(key).map(|limit| Bound { order, limit })).collect()
}

impl Check for Number {
    fn judge(&self, case: &Case<'_>) -> Result<Finding, Stop> {
        if let [only] = self.values.as_slice() {
            return self.judge_possible(only.get_ref(), case);
        }
        Ok(average(self.values.iter().map(|name| self.judge_possible(name.get_ref(), case)).collect()))
    }

    fn needs(&self) -> Vec<Need<'_>> {
        let evidence = self.values.iter().map(|name| Need::Evidence(name.get_ref()));
        let reference = self.values.iter().filter(|_| self.compares_with_the_reference()).map(Need::ReferenceNumber);
        evidence.chain(self.standard.needs()).chain(self.relations.needs()).chain(self.proportions.needs()).chain(reference).collect()
    }

    fn requests(&self, _: &dyn Datasets) -> Vec<Request> {
        with_known(self.needs(), self.values.iter().map(|name| Request::number(name.get_ref(), self.unit)).collect())
    }

    fn number_lines(&self, case: &Case<'_>) -> Vec<NumberLine> {
        self.values.iter().filter_map(|name| self.drawn(name.get_ref(), case)).collect()
    }

    fn suits(&self, reference: &Bag) -> Result<(), Diagnostic> {
        self.standard.fault(reference).map_or(Ok(()), Err)
    }

    fn unit_groups(&self, case: &Case<'_>) -> Vec<UnitGroup<'_>> {
        let asked = self.values.iter().map(|name| UnitGroup::asked(self.unit(name.get_ref(), case), [name.get_ref().as_str()]));
        asked.chain(self.relations.unit_groups()).collect()
    }
}

impl Number {
    /// A finding that would earn something, unless no count of the examples gives such a number.
    fn judge_possible(&self, name: &str, case: &Case<'_>) -> Result<Finding, Stop> {
        let finding = self.judge_one(name, case)?;
        let number = case.student.number(name)?.number;
        let odd = self.out_of.filter(|&examples| !Interval::of(number).is_share_of(examples));
        Ok(match odd.filter(|_| matches!(finding.verdict, Verdict::Pass | Verdict::Partial(_) | Verdict::NeedsReview)) {
            Some(examples) => {
                let sentence = format!("{name} = {number} is no whole number of {examples} examples; a person has to look");
                Finding { verdict: Verdict::NeedsReview, reason: sentence.clone(), advice: sentence, ..finding }
            }
            None => finding,
        })
    }

    fn judge_one(&self, name: &str, case: &Case<'_>) -> Result<Finding, Stop> {
        let finding = self.judge_value(name, case)?;
        let share = || self.share?.fault(name, case.student.number(name).ok()?.number);
        let doubts: Vec<Finding> = share().into_iter().chain(self.proportions.fault(name, case)).collect();
        Ok(doubtful(finding, &doubts))
    }

    fn judge_value(&self, name: &str, case: &Case<'_>) -> Result<Finding, Stop> {
        let stated = case.student.number(name)?;
        let unit = self.unit(name, case);
        if let Some(fault) = self.fault(&stated, unit) {
            let finding = Finding::open(Verdict::Fail, format!("{name} = {}: {fault}", stated.stated));
            return Ok(finding.actual(Quantity::number(stated.stated).in_unit(stated.unit.map(Symbol::from))));
        }
        let meant = self.relations.settle(name, stated.number, case)?;
        let number = stated.in_unit(unit.unwrap_or(Unit::Fraction));
        let shown = if stated.is_read_as_percent() { stated.to_string() } else { number.to_string() };
        let symbol = unit.or(stated.unit.map(|_| Unit::Fraction)).map(Symbol::from);
        if case.edition == Edition::Student && self.has_no_standard() {
            return Ok(only_the_course(format!("{name} = {shown} is there")).actual(Quantity::number(number).written(shown).in_unit(symbol)));
        }
        let finding = self.compare(name, number, &shown, meant, case)?.in_unit(symbol);
        Ok(match unit {
            Some(Unit::Fraction) => self.or_in_percent(finding, name, &stated, case)?,
            None if finding.verdict == Verdict::Fail && self.is_of_fractions(name, case) && is_percentage(number) => {
                let hint = format!("; is {number} in percent? The item takes it as it is: state {} then", number.point_moved(-2));
                Finding { reason: format!("{}{hint}", finding.reason), advice: format!("{}{hint}", finding.advice), ..finding }
            }
            _ => finding,
        })
    }

    /// The unit that is asked; accuracies and the like are fractions, or percentages where the rubric's own numbers are.
    fn unit(&self, name: &str, case: &Case<'_>) -> Option<Unit> {
        let is_fraction =
            || name.rsplit('.').next().is_some_and(|last| last.split(['_', '-']).any(|word| FRACTIONS.contains(&word.to_ascii_lowercase().as_str())));
        self.unit.or_else(|| match self.standards(name, case) {
            standards if standards.is_empty() || !is_fraction() => None,
            standards if standards.iter().all(|&number| is_fraction_at_most(number)) => Some(Unit::Fraction),
            standards if standards.iter().all(|&number| is_percentage(number)) => Some(Unit::Percent),
            _ => None,
        })
    }

    /// The numbers that the rubric compares with.
    fn standards(&self, name: &str, case: &Case<'_>) -> Vec<Finite> {
        let limits: Vec<Finite> = self.standard.of(case).map(|held| held.limits().collect()).unwrap_or_default();
        let expected = self.against.and_then(|(against, _)| against.number(name, case).ok());
        limits.into_iter().chain(expected).collect()
    }

    fn compares_with_the_reference(&self) -> bool {
        matches!(self.against, Some((Against::Reference, _)))
    }

    fn is_of_fractions(&self, name: &str, case: &Case<'_>) -> bool {
        self.standards(name, case).iter().all(|&number| is_fraction_at_most(number))
    }

    /// Why a number cannot be meant in the unit that is asked.
    fn fault(&self, stated: &Stated, unit: Option<Unit>) -> Option<String> {
        match unit? {
            Unit::Fraction if self.percent == PercentSigns::Required && stated.is_read_as_percent() => {
                Some(format!("that is {} %, and a fraction is asked; state {}", stated.stated, stated.number))
            }
            Unit::Fraction if self.unit.is_some() && !is_fraction_at_most(stated.number) => Some("a fraction lies between 0 and 1".to_owned()),
            Unit::Percent if self.unit.is_some() && !(0.0..=100.0).contains(&stated.in_unit(Unit::Percent).get()) => {
                Some("a percentage lies between 0 and 100".to_owned())
            }
            _ => None,
        }
    }

    /// What the number would be in percent is said where it would earn more. Who states other numbers in percent may mean it so.
    fn or_in_percent(&self, finding: Finding, name: &str, stated: &Stated, case: &Case<'_>) -> Result<Finding, Stop> {
        let zero = Finite::default();
        if stated.unit == Some(Unit::Percent) || stated.number <= zero || finding.verdict == Verdict::Pass || self.percent == PercentSigns::Required {
            return Ok(finding);
        }
        let other = self.compare(name, stated.number.point_moved(-2), "", None, case)?;
        let earns = |finding: &Finding| finding.verdict.fraction().map(|fraction| case.points.share(fraction));
        if earns(&other) <= earns(&finding) {
            return Ok(finding);
        }
        let number = stated.number;
        if case.student.has_percent() {
            let sentence = format!("{name} = {number} may be a fraction or {number} %, as other numbers are in percent; a person has to decide");
            return Ok(Finding { verdict: Verdict::NeedsReview, reason: format!("{sentence} ({})", finding.reason), advice: sentence, ..finding });
        }
        // A tenth of a percent is hardly meant where 0.1 is too much.
        if number.get() < 0.1 {
            return Ok(finding);
        }
        let hint = format!(" (read as a fraction; if it is {number} %, state {})", number.point_moved(-2));
        Ok(Finding { reason: format!("{}{hint}", finding.reason), advice: format!("{}{hint}", finding.advice), ..finding })
    }

    /// Holds the number against what the rubric asks; `told` is how it is written, `meant` what the student's other numbers say it is.
    fn compare(&self, name: &str, number: Finite, shown: &str, meant: Option<Interval>, case: &Case<'_>) -> Result<Finding, Stop> {
        // A number that is printed as 0 may be above 0, if what it is made of is.
        let rounded_away = meant.filter(|_| number == Finite::default());
        let standard = self.standard.of(case)?;
        let holds = |bound: &Bound| bound.holds(number) || rounded_away.is_some_and(|meant| meant.allows(|value| bound.order.holds(value, bound.limit.get())));
        if let Some(missed) = standard.bounds.iter().find(|bound| !holds(bound)) {
            return Ok(fall_short(name, number, shown)
                .expected(Quantity::bounds(&[*missed]))
                .because(format!("{name} = {shown}, expected {}", missed.words())));
        }
        if let Some((against, tolerance)) = self.against {
            let siblings = self.values.iter().filter(|_| against == Against::Reference).map(|name| name.get_ref().as_str());
            let expected = Expected { number: against.number(name, case)?, whose: against.words() };
            return Ok(match beside::held(name, number, shown, expected, tolerance, siblings, case)? {
                Ok(()) => {
                    let Expected { number: expected, whose } = expected;
                    let reason = format!("{name} = {shown}, {whose} {expected} {tolerance}");
                    let expected = Quantity::number(expected);
                    let found = Finding::new(Verdict::Pass, reason, format!("{name} = {shown}")).actual(Quantity::number(number).written(shown));
                    found.expected(expected).tolerance(tolerance)
                }
                Err(apart) => {
                    let short = fall_short(name, number, shown);
                    let advice =
                        if apart.hint.is_empty() { short.advice.clone() } else { format!("{name} = {shown} is not what the course expects: {}", apart.hint) };
                    Finding { advice, ..short }.expected(apart.expected).tolerance(tolerance).because(apart.reason)
                }
            });
        }
        Ok(standard.level(name, number, shown, case.points))
    }

    /// The number `name` with what it is held against, for pages.
    fn drawn(&self, name: &str, case: &Case<'_>) -> Option<NumberLine> {
        let value = case.student.number(name).ok()?.in_unit(self.unit(name, case).unwrap_or(Unit::Fraction));
        let standard = self.standard.of(case).ok()?;
        let against = match self.against {
            Some((against, tolerance)) => plot::Against::reference(against.number(name, case).ok()?, tolerance)?,
            None if !standard.levels.is_empty() => plot::Against::Levels { levels: standard.levels },
            None if !standard.bounds.is_empty() => plot::Against::Bounds { bounds: standard.bounds },
            None => return None,
        };
        Some(NumberLine { name: name.to_owned(), value, against })
    }

    fn has_no_standard(&self) -> bool {
        self.standard.is_empty() && self.against.is_none()
    }
}

fn fall_short(name: &str, number: Finite, shown: &str) -> Finding {
    let advice = format!("{name} = {shown} is not what the course expects; check the data, the settings and the unit");
    Finding::new(Verdict::Fail, String::new(), advice).actual(Quantity::number(number).written(shown))
}

fn is_fraction_at_most(number: Finite) -> bool {
    (0.0..=1.000_001).contains(&number.get())
}

fn is_percentage(number: Finite) -> bool {
    (0.0..=100.0).contains(&number.get()) && number.get() > 1.0
}
