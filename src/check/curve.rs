//! `check = "curve"`: stated series against the reference and against what any such series must be.

use toml::Spanned;

use crate::domain::diagnostic::Code;
use crate::domain::fields::Fields;
use crate::domain::number::{Finite, Unit, significant};
use crate::domain::rounding::{Rounding, told_apart};
use crate::domain::tolerance::Tolerance;
use crate::domain::verdict::{Finding, Verdict};

mod shape;

use shape::{Measured, Trend};

use super::units::Quantity;
use super::{Case, Check, Edition, Example, Kind, Need, Stop, average, only_the_course, settings};

pub(super) const KIND: Kind = Kind {
    name: "curve",
    doc: "\
Judges one or more series of numbers from metrics.toml or metrics.json, each for its share of the points.

  series     a name or a list of names
  length     how many values each has
  unit       \"fraction\": a series with a value above 1 and none above 100 is read as percent, as of `number`
  measures   \"loss\": no value is negative, the first is above 0, and they are not all the same; \"norm\": none is negative,
             none is 0 unless printed with few decimals, and they are not all the same; \"error\": a fraction from 0 to 1, not 0 at
             every place
  monotone   \"falling\" or \"rising\": the series must do so in trend, by two rules
  by         the one: some value after the first must lie below it (above it, where the series rises) by more than this share of
             the first's size (default 0)
  slack      the other: no value may lie above the least before it (below the greatest) by more than this share of the series'
             largest size (default 0); a list has a share for each series
  distinct   true: series that are the same, value by value or times one factor, go to a person
  differs_from  further series that none of them may be the same as
  ends_at    a name for each series: the last value must be the number claimed under that name
  sum_over   [10000]: a series that is a sum over so many examples is read as their mean
  against    \"reference\": each value must lie within `tolerance` of the reference's at the same place
  from       the first place, from 1, that is compared with the reference (default 1)
  tolerance  { absolute = 0.5 }, { relative = \"20%\" } or both: |stated - reference| <= absolute + relative * |reference|;
             a series stated with four digits or more (of its largest value) stands for all that round to it

One value that is NaN, infinite, null or text makes its series unreadable; the others still count.
`against`, `tolerance`, `slack` and `by` are not in the student's edition of a rubric.",
    example: Example {
        item: "series = \"tree.val_rmse\"\nlength = 3\nagainst = \"reference\"\ntolerance = { relative = \"20%\" }",
        reference: "\"tree.val_rmse\" = [4.2, 3.6, 4.4]",
        passes: "tree.val_rmse = [4.3, 3.7, 4.4]",
        fails: "tree.val_rmse = [4.3, 3.7, 9.1]",
    },
    secret: &["against", "tolerance", "slack", "by"],
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
    sum_over: Vec<u32>,
    against: Option<Tolerance>,
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
    let against = settings::against(fields);
    let from = fields.optional::<usize>("from").map_or(1, Spanned::into_inner);
    let series = series?;
    if !ends_at.is_empty() && ends_at.len() != series.len() {
        fields.fault(Code::BadValue, fields.span(), format!("`ends_at` names {} values for {} series", ends_at.len(), series.len()));
    }
    if sum_over.contains(&0) {
        fields.fault(Code::BadValue, fields.span(), "`sum_over` counts examples; 0 makes no sense");
    }
    Some(Box::new(Curve { series, length, unit, measures, trend, distinct, differs_from, ends_at, sum_over, against, from }))
}

impl Check for Curve {
    fn judge(&self, case: &Case<'_>) -> Result<Finding, Stop> {
        let mut findings: Vec<_> = (0..self.series.len()).map(|i| self.judge_one(i, case)).collect();
        if findings.len() == 1 { findings.remove(0) } else { Ok(average(findings)) }
    }

    fn needs(&self) -> Vec<Need<'_>> {
        let evidence = self.series.iter().chain(&self.ends_at).chain(&self.differs_from).map(|name| Need::Evidence(name.get_ref()));
        let reference = self.series.iter().filter(|_| self.against.is_some()).map(Need::Reference);
        evidence.chain(reference).collect()
    }

    fn quantities(&self, _: &Case<'_>) -> Vec<Quantity<'_>> {
        let mut quantities = Vec::new();
        for (i, name) in self.series.iter().enumerate() {
            let end = self.ends_at.get(i).map(|end| end.get_ref().as_str());
            quantities.push(Quantity { unit: self.unit, names: std::iter::once(name.get_ref().as_str()).chain(end).collect(), of_series: true });
        }
        quantities
    }

    fn never_fails(&self) -> bool {
        self.against.is_none() && self.length.is_none() && self.measures.is_none() && self.trend.is_none() && self.ends_at.is_empty()
    }
}

impl Curve {
    fn judge_one(&self, i: usize, case: &Case<'_>) -> Result<Finding, Stop> {
        let name = self.series[i].get_ref();
        let stated = case.student.series(name)?;
        self.check_shape(i, &stated)?;
        if let Some(claim) = self.ends_at.get(i) {
            check_end(name, &stated, claim.get_ref(), case)?;
        }
        let copied = self.copied(i, &stated, case);
        if case.edition == Edition::Student {
            return Ok(copied.unwrap_or_else(|| self.found(name, &stated)));
        }
        let Some(tolerance) = self.against else {
            return Ok(copied.unwrap_or_else(|| Finding::open(Verdict::Pass, format!("{name}: {} values as they must be", stated.len()))));
        };
        let expected = case.reference_series(name)?;
        if expected.len() != stated.len() {
            let sentence = format!("{name} has {} values, expected {}", stated.len(), expected.len());
            return Ok(Finding::open(Verdict::Fail, sentence).expected(print(&expected)).actual(print(&stated)));
        }
        let compared = self.compare(name, &stated, &expected, tolerance);
        Ok(match copied {
            Some(copied) if compared.verdict == Verdict::Pass => copied,
            Some(copied) => {
                let reason = format!("{}; {}", compared.reason, copied.reason);
                compared.because(reason)
            }
            None => compared,
        })
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
    fn check_shape(&self, i: usize, stated: &[Finite]) -> Result<(), Stop> {
        let name = self.series[i].get_ref();
        let fail = |reason: String| Stop::from(Finding::open(Verdict::Fail, reason).actual(print(stated)));
        if let Some(length) = self.length.filter(|&length| length != stated.len()) {
            return Err(fail(format!("{name} has {} values, expected {length}", stated.len())));
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
            Some(Finding::open(Verdict::NeedsReview, reason).actual(print(stated)).urgent())
        })
    }

    fn compare(&self, name: &str, stated: &[Finite], expected: &[Finite], tolerance: Tolerance) -> Finding {
        let first_compared = self.from.saturating_sub(1);
        let rounding = Rounding::of_series(stated);
        let off = |scale: f64| -> Vec<usize> {
            let rounded = |value: Finite| Tolerance { absolute: tolerance.absolute + rounding.half(value) / scale, ..tolerance };
            let close = |i: &usize| Finite::new(stated[*i].get() / scale).is_ok_and(|value| rounded(stated[*i]).accepts(value, expected[*i]));
            (first_compared..stated.len()).filter(|i| !close(i)).collect()
        };
        let sum = self.sum_over.iter().find(|&&examples| off(f64::from(examples)).is_empty());
        let wrong = off(1.0);
        let compared = stated.len().saturating_sub(first_compared);
        let finding = match (wrong.first(), sum) {
            (None, _) => Finding::new(Verdict::Pass, format!("{name}: all {compared} values agree with the reference"), format!("{name} is fine")),
            (Some(_), Some(examples)) => Finding::new(
                Verdict::Pass,
                format!("{name}: all {compared} values agree with the reference, as a sum over {examples} examples"),
                format!("{name} is fine (read as a sum over {examples} examples)"),
            ),
            (Some(&first), None) => {
                let (value, (exactly, wanted)) = (stated[first], told_apart(stated[first], expected[first]));
                let place = format!("value {} of {}", first + 1, stated.len());
                let more = if wrong.len() > 1 { format!(", and {} more", wrong.len() - 1) } else { String::new() };
                let coarse = |&i: &usize| rounding.too_coarse(stated[i], expected[i]);
                let coarse = wrong.iter().map(coarse).collect::<Option<Vec<_>>>().and_then(|all| all.into_iter().next()).map(|digits| format!("; {digits}"));
                let reason = format!("{name}, {place}, is {exactly}, the reference has {wanted} {tolerance}{more}{}", coarse.as_deref().unwrap_or_default());
                let scaled = wrong.len() + first_compared == stated.len() && off(100.0).is_empty();
                let usual = if scaled { ": all are 100 times too large, in percent?" } else { "; check the data, the settings and the order" };
                let hint = coarse.as_deref().unwrap_or(usual);
                Finding::new(Verdict::Fail, reason, format!("{name}, {place}, is {value}, which is not what the course expects{hint}"))
            }
        };
        finding.expected(print(expected)).actual(print(stated)).tolerance(tolerance.to_string())
    }
}

fn check_end(name: &str, stated: &[Finite], claim: &str, case: &Case<'_>) -> Result<(), Stop> {
    let claimed = case.student.number(claim)?.number;
    match stated.last() {
        // Both are the student's own and may be printed with three digits.
        Some(&last) if !(Tolerance { absolute: 5e-4, relative: 5e-3 }).accepts(claimed, last) => {
            let sentence = format!("{name} ends at {last}, but {claim} says {claimed}");
            Err(Finding::open(Verdict::Contradicted, sentence).expected(last.to_string()).actual(claimed.to_string()).into())
        }
        _ => Ok(()),
    }
}

/// At most a dozen values, the middle left out.
fn print(values: &[Finite]) -> String {
    let text = |values: &[Finite]| values.iter().map(|value| significant(value.get(), 4)).collect::<Vec<_>>().join(", ");
    if values.len() <= 12 { text(values) } else { format!("{}, …, {}", text(&values[..6]), text(&values[values.len() - 5..])) }
}
