//! `check = "curve"`: stated series against the reference and against what any such series must be.

use toml::Spanned;

use crate::data::Datasets;
use crate::domain::diagnostic::Code;
use crate::domain::fields::Fields;
use crate::domain::key::{Key, Type};
use crate::domain::number::{Finite, Unit};
use crate::domain::plot;
use crate::domain::quantity::Quantity;
use crate::domain::rounding::{Rounding, told_apart};
use crate::domain::tolerance::Tolerance;
use crate::domain::value::Value;
use crate::domain::verdict::{Finding, Verdict};

mod drawn;
mod ends;
mod scale;
mod shape;

use scale::Comparison;
use shape::{Measured, Trend};

use super::diagnosis::Expected;
use super::proportion::Proportions;
use super::request::{Request, RequestKind, UnitName, with_known};
use super::units::UnitGroup;
use super::{Case, Check, Edition, Example, Kind, Need, Stop, average, doubtful, only_the_course, settings};

pub(super) const KIND: Kind = Kind {
    name: "curve",
    about: "\
Judges one or more series of numbers from metrics.toml or metrics.json, each for its share of the points.",
    keys: &[
        Key::new("series", Type::TextOrTexts, r#"["tree.train_rmse", "tree.val_rmse"]"#, "A name, or a list of names.").required(),
        Key::new("length", Type::Whole, "12", "How many values each has."),
        Key::new("unit", Type::Word(&["fraction"]), r#""fraction""#, "A series with a value above 1 and none above 100 is read as percent, as of `number`."),
        Key::new(
            "measures",
            Type::Word(&["loss", "norm", "error"]),
            r#""loss""#,
            "\"loss\": no value is negative, the first is above 0, and they are not all the same; \"norm\": none is negative, none is 0 \
            unless printed with few decimals, and they are not all the same; \"error\": a fraction from 0 to 1, not 0 at every place.",
        ),
        Key::new("monotone", Type::Word(&["falling", "rising"]), r#""falling""#, "The series must fall or rise in trend, by two rules, `by` and `slack`."),
        Key::new(
            "by",
            Type::Share,
            r#""50%""#,
            "One rule: some value after the first must lie below it (above it, where the series rises) by more than this share of the \
            first's size.",
        )
        .default("0")
        .secret(),
        Key::new(
            "slack",
            Type::Shares,
            r#""10%""#,
            "The other: no value may lie above the least before it (below the greatest) by more than this share of the series' largest \
            size; a list has a share for each series.",
        )
        .default("0")
        .secret(),
        Key::new("distinct", Type::Flag, "true", "Series that are the same, value by value or times one factor, go to a person.").default("false"),
        Key::new("differs_from", Type::TextOrTexts, r#""mlp.val_error""#, "Further series that none of them may be the same as."),
        Key::new("ends_at", Type::TextOrTexts, r#""final.val_loss""#, "A name for each series: the last value must be the number claimed under that name."),
        Key::new(
            "final",
            Type::TextOrTexts,
            r#""final.val_loss""#,
            "The same for numbers that need not be there: if one is and says something else, a person has to look.",
        ),
        Key::new(
            "proportions",
            Type::Tables,
            r#"[{ of = "val_loss", to = "val_error", examples = 10000, at_least = 2.7, at_most = 4.8 }]"#,
            "How many times the error the last loss, a mean or a sum over so many examples or their batches, is; beyond the bounds a \
            person looks.",
        )
        .secret(),
        Key::new(
            "sum_over",
            Type::Wholes,
            "[10000]",
            "A series that is a sum over so many examples, or over the means of the batches that they make, is read as their mean.",
        ),
        Key::new("nan", Type::Word(&["review"]), r#""review""#, "A series with NaN or infinity, as of a network that diverges, goes to a person."),
        Key::new("against", Type::Word(&["reference"]), r#""reference""#, "Each value must lie within `tolerance` of the reference's at the same place.")
            .secret(),
        Key::new("from", Type::Whole, "2", "The first place, from 1, that is compared with the reference.").default("1"),
        Key::new(
            "tolerance",
            Type::Any,
            r#"{ relative = "20%" }"#,
            "A tolerance, or a list with one for each series: |stated - reference| <= absolute + relative * |reference|. A series stated \
            with four digits or more (of its largest value) stands for all that round to it.",
        )
        .secret(),
    ],
    more: "\
What is off is held against likely mistakes, and the one that explains it is told: another series' values, another order, another
unit, another measure. A series with a value that is NaN, infinite or null earns nothing, one with other
text goes to a person, and so does a printed one that is longer than is asked; the others still count.",
    example: Example {
        item: "series = \"tree.val_rmse\"\nlength = 3\nagainst = \"reference\"\ntolerance = { relative = \"20%\" }",
        reference: "\"tree.val_rmse\" = [4.2, 3.6, 4.4]",
        passes: "tree.val_rmse = [4.3, 3.7, 4.4]",
        fails: "tree.val_rmse = [4.3, 3.7, 9.1]",
    },
    read,
};

#[derive(Debug)]
struct Curve {
    series: Vec<Spanned<String>>,
    length: Option<usize>,
    unit: Option<Unit>,
    measures: Option<Measured>,
    trend: Option<Trend>,
    distinct: bool,
    differs_from: Vec<Spanned<String>>,
    ends_at: Vec<Spanned<String>>,
    finals: Vec<Spanned<String>>,
    proportions: Proportions,
    reviews_nan: bool,
    sum_over: Vec<u32>,
    /// One for each series, or none.
    against: Vec<Tolerance>,
    from: usize,
}

fn read(fields: &mut Fields<'_>, edition: Edition) -> Option<Box<dyn Check>> {
    let series = settings::names(fields, "series");
    let length = fields.optional::<usize>("length").map(Spanned::into_inner);
    let unit = settings::unit(fields);
    let measures = fields.word("measures", &[("loss", Measured::Loss), ("norm", Measured::Norm), ("error", Measured::Error)]);
    let trend = Trend::read(fields, series.as_ref().map_or(1, Vec::len), edition);
    let distinct = fields.optional::<bool>("distinct").is_some_and(Spanned::into_inner);
    let differs_from = settings::optional_names(fields, "differs_from").unwrap_or_default();
    let ends_at = settings::optional_names(fields, "ends_at").unwrap_or_default();
    let sum_over = fields.optional::<Vec<u32>>("sum_over").map(Spanned::into_inner).unwrap_or_default();
    let finals = settings::optional_names(fields, "final").unwrap_or_default();
    let proportions = Proportions::read(fields);
    let reviews_nan = fields.word("nan", &[("review", ())]).is_some();
    let against = settings::against_each(fields, series.as_ref().map_or(1, Vec::len));
    let from = fields.optional::<usize>("from").map_or(1, Spanned::into_inner);
    let series = series?;
    for (key, names) in [("ends_at", &ends_at), ("final", &finals)] {
        if !names.is_empty() && names.len() != series.len() {
            fields.fault(Code::BadValue, fields.span(), format!("`{key}` names {} values for {} series", names.len(), series.len()));
        }
    }
    if sum_over.contains(&0) {
        fields.fault(Code::BadValue, fields.span(), "`sum_over` counts examples; 0 makes no sense");
    }
    Some(Box::new(Curve { series, length, unit, measures, trend, distinct, differs_from, ends_at, finals, proportions, reviews_nan, sum_over, against, from }))
}

impl Check for Curve {
    fn judge(&self, case: &Case<'_>) -> Result<Finding, Stop> {
        let mut findings: Vec<_> = (0..self.series.len()).map(|i| self.judge_one(i, case)).collect();
        if findings.len() == 1 { findings.remove(0) } else { Ok(average(findings)) }
    }

    fn needs(&self) -> Vec<Need<'_>> {
        let evidence = self.series.iter().chain(&self.ends_at).map(|name| Need::Evidence(name.get_ref()));
        let extra = self.differs_from.iter().chain(&self.finals).map(|name| Need::Extra(name.get_ref())).chain(self.proportions.needs());
        let reference = self.series.iter().filter(|_| !self.against.is_empty()).map(Need::Reference);
        evidence.chain(extra).chain(reference).collect()
    }

    fn requests(&self, _: &dyn Datasets) -> Vec<Request> {
        let unit = self.unit.or((self.measures == Some(Measured::Error)).then_some(Unit::Fraction));
        let series = |name: &Spanned<String>| Request::new(name.get_ref(), RequestKind::Series { length: self.length, unit: unit.map(UnitName::from) });
        let ends = self.ends_at.iter().map(|name| Request::number(name.get_ref(), unit));
        with_known(self.needs(), self.series.iter().map(series).chain(ends).collect())
    }

    fn unit_groups(&self, _: &Case<'_>) -> Vec<UnitGroup<'_>> {
        let mut unit_groups = Vec::new();
        for (i, name) in self.series.iter().enumerate() {
            let end = self.ends_at.get(i).map(|end| end.get_ref().as_str());
            unit_groups.push(UnitGroup { unit: self.unit, names: std::iter::once(name.get_ref().as_str()).chain(end).collect(), of_series: true });
        }
        unit_groups
    }

    fn curves(&self, case: &Case<'_>) -> Vec<plot::Curve> {
        (0..self.series.len()).filter_map(|i| self.drawn(i, case)).collect()
    }

    fn never_fails(&self) -> bool {
        self.against.is_empty() && self.length.is_none() && self.measures.is_none() && self.trend.is_none() && self.ends_at.is_empty()
    }
}

impl Curve {
    fn judge_one(&self, i: usize, case: &Case<'_>) -> Result<Finding, Stop> {
        let name = self.series[i].get_ref();
        let stated = match case.student.series(name) {
            Err(_) if self.reviews_nan && diverges(name, case) => {
                let sentence = format!("{name} has NaN or infinite values: if the network diverged, that is what there is to state; a person has to look");
                return Ok(Finding::open(Verdict::NeedsReview, sentence));
            }
            stated => stated?,
        };
        self.check_shape(i, &stated, case)?;
        if let Some(claim) = self.ends_at.get(i) {
            let claimed = case.student.number(claim.get_ref())?.number;
            if let Some(fault) = ends::fault(&stated, claim.get_ref(), claimed, &self.sum_over) {
                let finding = Finding::open(Verdict::Contradicted, format!("{name} {fault}"));
                let finding = finding.actual(claimed);
                return Ok(match stated.last() {
                    Some(last) => finding.expected(*last),
                    None => finding,
                });
            }
        }
        let mut doubts: Vec<Finding> = [self.copied(i, &stated, case), self.unlike_its_final(i, &stated, case)].into_iter().flatten().collect();
        if case.edition == Edition::Student {
            return Ok(doubtful(self.found(name, &stated), &doubts));
        }
        doubts.extend(self.proportions.fault(name, case));
        let Some(&tolerance) = self.against.get(i) else {
            let sentence = format!("{name}: {} values as they must be", stated.len());
            return Ok(doubtful(Finding::open(Verdict::Pass, sentence), &doubts));
        };
        let expected = case.reference_series(name)?;
        if expected.len() != stated.len() {
            if let Some(finding) = too_many(name, &stated, expected.len(), case) {
                return Ok(finding);
            }
            let sentence = format!("{name} has {} values, expected {}", stated.len(), expected.len());
            return Ok(Finding::open(Verdict::Fail, sentence).expected(Quantity::series(&expected)).actual(Quantity::series(&stated)));
        }
        let expected = Expected { name, own: &expected, others: self.others(name, case), tolerance, skipped: self.from.saturating_sub(1) };
        let compared = self.compare(&stated, &expected);
        if compared.verdict == Verdict::Pass {
            let suspicion = expected.suspicion(&stated, |other| case.student.series(other).ok());
            let doubt = |cause: super::diagnosis::Cause| format!("{name} lies within the tolerance, but {}", cause.0);
            doubts.extend(suspicion.map(|cause| Finding::open(Verdict::NeedsReview, doubt(cause)).urgent()));
        }
        Ok(doubtful(compared, &doubts))
    }

    /// The reference's series of other names that this item speaks of.
    fn others(&self, name: &str, case: &Case<'_>) -> Vec<(&str, Vec<Finite>)> {
        let names = self.series.iter().chain(&self.differs_from).map(|other| other.get_ref().as_str()).filter(|other| *other != name);
        names.filter_map(|other| Some((other, case.reference_series(other).ok()?))).collect()
    }

    /// What to say where a number that is stated besides is not the series' last value.
    fn unlike_its_final(&self, i: usize, stated: &[Finite], case: &Case<'_>) -> Option<Finding> {
        let claim = self.finals.get(i)?.get_ref();
        let claimed = case.student.number(claim).ok()?.number;
        let fault = ends::fault(stated, claim, claimed, &self.sum_over).filter(|_| !ends::holds(stated, claimed))?;
        let last = stated.last()?;
        let is_last = |other: &&Spanned<String>| case.student.number(other.get_ref()).is_ok_and(|other| Tolerance::ROUNDING.accepts(*last, other.number));
        let of_another = self.finals.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, other)| other).find(is_last);
        let hint = of_another.map_or_else(String::new, |other| format!(", while {} says {last}: were the two series exchanged?", other.get_ref()));
        let sentence = format!("{} {fault}{hint}; a person has to look", self.series[i].get_ref());
        Some(Finding::open(Verdict::NeedsReview, sentence).actual(Quantity::series(stated)).urgent())
    }

    /// What a student's edition says of a series that has the right shape.
    fn found(&self, name: &str, stated: &[Finite]) -> Finding {
        let there = format!("{name}: {} values are there", stated.len());
        match self.trend.as_ref().and_then(|trend| trend.unjudged(stated)) {
            Some(turn) => Finding::open(Verdict::NeedsReview, format!("{there}; {turn}")),
            None => only_the_course(there),
        }
    }

    /// What the series must be by itself and beside others.
    fn check_shape(&self, i: usize, stated: &[Finite], case: &Case<'_>) -> Result<(), Stop> {
        let name = self.series[i].get_ref();
        let fail = |reason: String| Stop::from(Finding::open(Verdict::Fail, reason).actual(Quantity::series(stated)));
        if let Some(length) = self.length.filter(|&length| length != stated.len()) {
            let failed = || fail(format!("{name} has {} values, expected {length}", stated.len()));
            return Err(too_many(name, stated, length, case).map_or_else(failed, Stop::from));
        }
        if stated.is_empty() {
            return Err(Finding::open(Verdict::Fail, format!("{name} is an empty list")).into());
        }
        let fault = self.measures.and_then(|measured| measured.fault(stated)).or_else(|| self.trend.as_ref()?.fault(i, stated));
        fault.map_or(Ok(()), |fault| Err(fail(format!("{name} {fault}"))))
    }

    /// The series of the student that this one is a copy of.
    fn copied(&self, i: usize, stated: &[Finite], case: &Case<'_>) -> Option<Finding> {
        let name = self.series[i].get_ref();
        let siblings = self.series.iter().enumerate().filter(|(j, _)| self.distinct && *j != i).map(|(_, name)| name);
        siblings.chain(&self.differs_from).find_map(|other| {
            let copy = shape::copy(stated, &case.student.series(other.get_ref()).ok()?)?;
            let reason = format!("{name} is {other} {copy}: one of the two is not what it is called; a person has to look", other = other.get_ref());
            Some(Finding::open(Verdict::NeedsReview, reason).actual(Quantity::series(stated)).urgent())
        })
    }

    fn compare(&self, stated: &[Finite], expected: &Expected<'_>) -> Finding {
        let (name, tolerance) = (expected.name, expected.tolerance);
        let comparison = Comparison { stated, expected: expected.own, tolerance, skipped: expected.skipped };
        let wrong = comparison.off(1.0);
        let compared = stated.len().saturating_sub(expected.skipped);
        let agree = format!("{name}: all {compared} values agree with the reference");
        let sum = if wrong.is_empty() { None } else { comparison.sum(&self.sum_over) };
        let finding = match (wrong.first(), sum) {
            (None, _) => Finding::new(Verdict::Pass, agree, format!("{name} is fine")),
            (Some(_), Some(sum)) => {
                let words = sum.words();
                Finding::new(Verdict::Pass, format!("{agree}, as a sum over {words}"), format!("{name} is fine (read as a sum over {words})"))
            }
            (Some(&first), None) => {
                let (value, (exactly, wanted)) = (stated[first], told_apart(stated[first], expected.own[first]));
                let place = format!("value {} of {}", first + 1, stated.len());
                let more = if wrong.len() > 1 { format!(", and {} more", wrong.len() - 1) } else { String::new() };
                let rounding = Rounding::of_series(stated);
                let coarse = |&i: &usize| rounding.too_coarse(stated[i], expected.own[i]);
                let coarse = wrong.iter().map(coarse).collect::<Option<Vec<_>>>().and_then(|all| all.into_iter().next());
                let cause = coarse.or_else(|| expected.cause(stated).map(|cause| cause.0)).map(|cause| format!("; {cause}"));
                let reason = format!("{name}, {place}, is {exactly}, the reference has {wanted} {tolerance}{more}{}", cause.as_deref().unwrap_or_default());
                let hint = cause.as_deref().unwrap_or("; check the data, the settings and the order");
                Finding::new(Verdict::Fail, reason, format!("{name}, {place}, is {value}, which is not what the course expects{hint}"))
            }
        };
        finding.expected(Quantity::series(expected.own)).actual(Quantity::series(stated)).tolerance(tolerance)
    }
}

/// More values than are `wanted` that were printed: a cell may print several series in the same words, and only one may be meant.
fn too_many(name: &str, stated: &[Finite], wanted: usize, case: &Case<'_>) -> Option<Finding> {
    let parts = case.student.printed_parts(name, wanted).filter(|_| stated.len() > wanted)?;
    let count = format!("{name} has {} values, expected {wanted}, and a person has to see which of those that were printed are meant", stated.len());
    let shown = parts.iter().take(3).map(|part| format!("`{part}`")).collect::<Vec<_>>().join(", ");
    let way = if parts.is_empty() { String::new() } else { format!("; these places have {wanted}, say which in submission.toml: {shown}") };
    Some(Finding::open(Verdict::NeedsReview, count + &way).actual(Quantity::series(stated)).unread())
}

/// Whether the series `name` is a list of numbers but for NaN and infinity.
fn diverges(name: &str, case: &Case<'_>) -> bool {
    let Ok((Value::List(values), _)) = case.student.value(name) else { return false };
    let is_no_number = |text: &str| ["nan", "inf", "infinity", "infinite"].contains(&text.trim().trim_start_matches(['-', '+']).to_lowercase().as_str());
    let is_fine = |value: &Value| match value {
        Value::Number(_) => true,
        Value::Text(text) | Value::Unusable(text) => is_no_number(text) || text.parse::<Finite>().is_ok(),
        _ => false,
    };
    values.iter().all(is_fine)
}
