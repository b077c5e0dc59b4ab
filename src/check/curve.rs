//! `check = "curve"`: stated series against the reference and against what any such series must be.

use toml::Spanned;

use crate::domain::diagnostic::Code;
use crate::domain::fields::Fields;
use crate::domain::number::{Finite, significant};
use crate::domain::tolerance::Tolerance;
use crate::domain::verdict::{Finding, Verdict};

use super::{Case, Check, Edition, Example, Kind, Need, Stop, average, only_the_course, settings};

pub(super) const KIND: Kind = Kind {
    name: "curve",
    doc: "\
Judges one or more series of numbers from metrics.toml or metrics.json, each for its share of the points.

  series     a name or a list of names
  length     how many values each has
  monotone   \"falling\" or \"rising\": no value may turn back by more than `slack`, a share of the series' largest size
             (default 0)
  ends_at    a name for each series: the last value must be the number claimed under that name
  sum_over   [10000]: a series that is a sum over so many examples is read as their mean
  against    \"reference\": each value must lie within `tolerance` of the reference's at the same place
  from       the first place, from 1, that is compared with the reference (default 1)
  tolerance  { absolute = 0.3 }, { relative = \"10%\" } or both: |stated - reference| <= absolute + relative * |reference|

One value that is NaN, infinite, null or text makes its series unreadable; the others still count.
`against`, `tolerance` and `slack` are not in the student's edition of a rubric.",
    example: Example {
        item: "series = \"tree.val_rmse\"\nlength = 3\nagainst = \"reference\"\ntolerance = { relative = \"10%\" }",
        reference: "\"tree.val_rmse\" = [4.28, 3.67, 4.45]",
        passes: "tree.val_rmse = [4.3, 3.7, 4.4]",
        fails: "tree.val_rmse = [4.3, 3.7, 9.1]",
    },
    secret: &["against", "tolerance", "slack"],
    read,
};

#[derive(Debug)]
struct Curve {
    series: Vec<Spanned<String>>,
    length: Option<usize>,
    monotone: Option<(Direction, f64)>,
    ends_at: Vec<Spanned<String>>,
    sum_over: Vec<u32>,
    against: Option<Tolerance>,
    from: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Falling,
    Rising,
}

fn read(fields: &mut Fields<'_>, _: Edition) -> Option<Box<dyn Check>> {
    let series = settings::names(fields, "series");
    let length = fields.optional::<usize>("length").map(Spanned::into_inner);
    let slack = fields.share("slack").unwrap_or(0.0);
    let monotone = fields.word("monotone", &[("falling", Direction::Falling), ("rising", Direction::Rising)]).map(|direction| (direction, slack));
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
    Some(Box::new(Curve { series, length, monotone, ends_at, sum_over, against, from }))
}

impl Check for Curve {
    fn judge(&self, case: &Case<'_>) -> Result<Finding, Stop> {
        let mut findings: Vec<_> = self.series.iter().enumerate().map(|(i, name)| self.judge_one(name.get_ref(), self.ends_at.get(i), case)).collect();
        if findings.len() == 1 { findings.remove(0) } else { Ok(average(findings)) }
    }

    fn needs(&self) -> Vec<Need<'_>> {
        let evidence = self.series.iter().chain(&self.ends_at).map(|name| Need::Evidence(name.get_ref()));
        let reference = self.series.iter().filter(|_| self.against.is_some()).map(Need::Reference);
        evidence.chain(reference).collect()
    }

    fn never_fails(&self) -> bool {
        self.against.is_none() && self.length.is_none() && self.monotone.is_none() && self.ends_at.is_empty()
    }
}

impl Curve {
    fn judge_one(&self, name: &str, ends_at: Option<&Spanned<String>>, case: &Case<'_>) -> Result<Finding, Stop> {
        let stated = case.student.series(name)?;
        self.check_shape(name, &stated)?;
        if let Some(claim) = ends_at {
            check_end(name, &stated, claim.get_ref(), case)?;
        }
        if case.edition == Edition::Student {
            return Ok(only_the_course(format!("{name}: {} values are there", stated.len())));
        }
        let Some(tolerance) = self.against else {
            return Ok(Finding::open(Verdict::Pass, format!("{name}: {} values as they must be", stated.len())));
        };
        let expected = case.reference_series(name)?;
        if expected.len() != stated.len() {
            let sentence = format!("{name} has {} values, expected {}", stated.len(), expected.len());
            return Ok(Finding::open(Verdict::Fail, sentence).expected(print(&expected)).actual(print(&stated)));
        }
        Ok(self.compare(name, &stated, &expected, tolerance))
    }

    fn check_shape(&self, name: &str, stated: &[Finite]) -> Result<(), Stop> {
        if let Some(length) = self.length.filter(|&length| length != stated.len()) {
            return Err(Finding::open(Verdict::Fail, format!("{name} has {} values, expected {length}", stated.len())).actual(print(stated)).into());
        }
        if stated.is_empty() {
            return Err(Finding::open(Verdict::Fail, format!("{name} is an empty list")).into());
        }
        let Some((direction, slack)) = self.monotone else { return Ok(()) };
        let largest = stated.iter().map(|value| value.get().abs()).fold(0.0, f64::max);
        let slack = Tolerance { absolute: slack * largest, relative: 0.0 };
        let turns = |&(before, after): &(&Finite, &Finite)| {
            let turned = if direction == Direction::Falling { after > before } else { after < before };
            turned && !slack.accepts(*after, *before)
        };
        if let Some((before, after)) = stated.iter().zip(&stated[1..]).find(turns) {
            let word = if direction == Direction::Falling { "fall" } else { "rise" };
            return Err(Finding::open(Verdict::Fail, format!("{name} should {word}, but goes from {before} to {after}")).actual(print(stated)).into());
        }
        Ok(())
    }

    fn compare(&self, name: &str, stated: &[Finite], expected: &[Finite], tolerance: Tolerance) -> Finding {
        let first_compared = self.from.saturating_sub(1);
        let off = |scale: f64| -> Vec<usize> {
            let close = |i: &usize| Finite::new(stated[*i].get() / scale).is_ok_and(|value| tolerance.accepts(value, expected[*i]));
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
                let (value, wanted) = (stated[first], expected[first]);
                let place = format!("value {} of {}", first + 1, stated.len());
                let more = if wrong.len() > 1 { format!(", and {} more", wrong.len() - 1) } else { String::new() };
                let reason = format!("{name}, {place}, is {value}, the reference has {wanted} {tolerance}{more}");
                let scaled = wrong.len() + first_compared == stated.len() && off(100.0).is_empty();
                let hint = if scaled { ": all are 100 times too large, in percent?" } else { "; check the data, the settings and the order" };
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
