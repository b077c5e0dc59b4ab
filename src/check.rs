//! Judging: one file for each kind of check. Evidence and reference go in, a finding comes out.
//!
//! Adding a kind is a new file here, its `mod` line and its row in [`KINDS`].

use std::fmt;

use toml::Spanned;

use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::fields::Fields;
use crate::domain::number::Finite;
use crate::domain::points::{Fraction, Points};
use crate::domain::verdict::{Exhibit, Finding, Verdict};
use crate::evidence::bag::Bag;
use crate::evidence::{Absent, Datasets};

mod answer;
mod claim;
mod curve;
mod figure;
mod file;
mod image;
mod metrics;
mod network;
mod notebook;
mod number;
mod order;
mod recompute;
mod relation;
mod rule;
pub(crate) mod settings;
mod written;

/// How one item is judged: the settings that its rubric gives to a kind of check.
pub trait Check: fmt::Debug + Send + Sync {
    /// Judges the evidence. Absent evidence ends it early through `?`.
    fn judge(&self, case: &Case<'_>) -> Result<Finding, Stop>;

    /// What it looks at, for the rubric's own check of names.
    fn needs(&self) -> Vec<Need<'_>>;

    /// The name of a written answer and what a good one says, for the reference to hand in.
    fn model_answer(&self) -> Option<(&str, &str)> {
        None
    }

    /// Whether every submission with a value passes.
    fn never_fails(&self) -> bool {
        false
    }
}

/// Everything that a check may look at.
#[derive(Clone, Copy)]
pub struct Case<'a> {
    /// The submission's evidence.
    pub student: &'a Bag,
    /// The reference's, unless the rubric is a student's edition.
    pub reference: Option<&'a Bag>,
    /// The data sets.
    pub data: &'a dyn Datasets,
    /// What the item is worth.
    pub points: Points,
    /// Who judges.
    pub edition: Edition,
}

/// Whose copy of a rubric it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Edition {
    /// With everything.
    #[default]
    Course,
    /// Without hidden items, reference values and thresholds.
    Student,
}

/// Something that a check looks at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Need<'a> {
    /// A value, figure or file of the submission.
    Evidence(&'a str),
    /// A value of the reference.
    Reference(&'a Spanned<String>),
    /// A data set of the rubric.
    Data(&'a Spanned<String>),
}

/// Why a check ended before it could judge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// Evidence is absent.
    Absent(Absent),
    /// The course's own side is at fault: a reference value or a data set.
    Fault(Diagnostic),
    /// A finding was reached early.
    Found(Box<Finding>),
}

impl From<Absent> for Stop {
    fn from(absent: Absent) -> Self {
        Self::Absent(absent)
    }
}

impl From<Finding> for Stop {
    fn from(finding: Finding) -> Self {
        Self::Found(Box::new(finding))
    }
}

impl Stop {
    /// The finding that it amounts to.
    pub fn into_finding(self) -> Finding {
        let (verdict, diagnostic) = match self {
            Self::Found(finding) => return *finding,
            Self::Absent(Absent::Missing(diagnostic)) => (Verdict::Missing, diagnostic),
            Self::Absent(Absent::Unreadable(diagnostic)) => (Verdict::Unreadable, diagnostic),
            Self::Absent(Absent::ForAPerson(diagnostic)) => {
                let finding = Finding::open(Verdict::NeedsReview, diagnostic.to_string());
                return finding.exhibit(Exhibit::PAGE, diagnostic.path.unwrap_or_else(|| "report.pdf".to_owned()));
            }
            Self::Absent(Absent::Unreachable(diagnostic)) => (Verdict::Broken, diagnostic),
            Self::Fault(diagnostic) => {
                let advice = "the course's side could not judge this; it costs no points";
                return Finding::new(Verdict::Broken, format!("{} {diagnostic}", diagnostic.code), advice);
            }
        };
        Finding::open(verdict, diagnostic.to_string())
    }
}

impl<'a> Case<'a> {
    /// The reference's evidence; its absence is the course's fault.
    fn reference_bag(&self) -> Result<&'a Bag, Stop> {
        self.reference.ok_or_else(|| Stop::Fault(Diagnostic::error(Code::ReferenceLacks, "there is no reference to compare with")))
    }

    /// The reference's number `name`.
    pub fn reference_number(&self, name: &str) -> Result<Finite, Stop> {
        self.reference_bag()?.number(name).map(|stated| stated.number).map_err(|absent| lacks(&absent))
    }

    /// The reference's series `name`.
    pub fn reference_series(&self, name: &str) -> Result<Vec<Finite>, Stop> {
        self.reference_bag()?.series(name).map_err(|absent| lacks(&absent))
    }
}

/// What remains when a student's own edition has checked all that it can.
fn only_the_course(sentence: impl std::fmt::Display) -> Finding {
    Finding::open(Verdict::NeedsReview, format!("{sentence}; only the course can judge it"))
}

/// One finding for several equal parts: the share of those that pass.
fn average(parts: Vec<Result<Finding, Stop>>) -> Finding {
    let parts: Vec<Finding> = parts.into_iter().map(|part| part.unwrap_or_else(Stop::into_finding)).collect();
    let open = |part: &&Finding| part.verdict.fraction().is_none();
    if let Some(ungraded) = parts.iter().find(|part| part.verdict == Verdict::Broken).or_else(|| parts.iter().find(open)) {
        // A person, or a mended reference, has to settle one of them: so the whole waits. What is known to lack is told.
        let mut finding = ungraded.clone();
        let mut lacks: Vec<&Finding> = parts.iter().filter(|part| part.verdict != Verdict::Pass && !open(part)).collect();
        lacks.dedup_by(|a, b| a.reason == b.reason);
        if ungraded.verdict != Verdict::Broken && !lacks.is_empty() {
            let also = |own: &str, sentence: fn(&Finding) -> &str| {
                let own = (!own.is_empty()).then_some(own);
                own.into_iter().chain(lacks.iter().map(|part| sentence(part))).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("; ")
            };
            (finding.reason, finding.advice) = (also(&ungraded.reason, |part| &part.reason), also(&ungraded.advice, |part| &part.advice));
        }
        return finding;
    }
    let (good, bad): (Vec<_>, Vec<_>) = parts.iter().partition(|part| part.verdict == Verdict::Pass);
    let verdict = match bad.split_first() {
        Some((first, rest)) if good.is_empty() && rest.iter().all(|part| part.verdict == first.verdict) => first.verdict,
        _ => Verdict::of(Fraction::new(good.len(), parts.len())),
    };
    let told = if bad.is_empty() { &good } else { &bad };
    let count = format!("{} of {}", good.len(), parts.len());
    let join = |sentence: fn(&Finding) -> &str| {
        let mut sentences: Vec<&str> = told.iter().map(|part| sentence(part)).collect();
        sentences.dedup();
        format!("{count}: {}", sentences.join("; "))
    };
    let mut finding = Finding::new(verdict, join(|part| &part.reason), join(|part| &part.advice));
    finding.tolerance = told.first().and_then(|part| part.tolerance.clone());
    if let [only] = told.as_slice() {
        finding.expected.clone_from(&only.expected);
        finding.actual.clone_from(&only.actual);
    }
    finding
}

fn lacks(absent: &Absent) -> Stop {
    let text = absent.diagnostic().to_string();
    Stop::Fault(Diagnostic::error(Code::ReferenceLacks, text).help("run `mlgrade reference --lock` again".to_owned()))
}

/// A row of the table of kinds.
pub struct Kind {
    /// Its name in rubrics, after `check =`.
    pub name: &'static str,
    /// What it does and which settings it has: `mlgrade explain` prints it.
    pub doc: &'static str,
    /// An item that uses it, with evidence that passes and evidence that doesn't.
    pub example: Example,
    /// The settings that a student's edition leaves out.
    pub secret: &'static [&'static str],
    /// Reads the settings.
    pub read: fn(&mut Fields<'_>, Edition) -> Option<Box<dyn Check>>,
}

/// An item with evidence for and against it, in TOML.
pub struct Example {
    /// The item, without id, title and points.
    pub item: &'static str,
    /// What the reference's lock says, if it matters.
    pub reference: &'static str,
    /// Metrics and answers that earn full marks, or that a person has to read.
    pub passes: &'static str,
    /// Metrics and answers that don't.
    pub fails: &'static str,
}

/// All kinds of checks, by name.
pub const KINDS: &[Kind] = &[
    answer::KIND,
    curve::KIND,
    figure::KIND,
    file::KIND,
    image::KIND,
    network::KIND,
    notebook::KIND,
    number::KIND,
    order::KIND,
    recompute::KIND,
    rule::KIND,
    written::KIND,
];

#[cfg(test)]
mod tests {
    use super::*;

    fn average_of(parts: &[(Verdict, &str)]) -> Finding {
        average(parts.iter().map(|(verdict, reason)| Ok(Finding::new(*verdict, *reason, ""))).collect())
    }

    #[test]
    fn a_part_that_waits_for_a_person_costs_nothing_whatever_the_others_earn() {
        let unread = (Verdict::NeedsReview, "report.pdf, page 3 cannot be read");
        let wrong = (Verdict::Fail, "0.4 is not 0.5");
        let finding = average_of(&[(Verdict::Pass, "right"), unread, wrong, wrong]);
        assert_eq!((finding.verdict, finding.reason.as_str()), (Verdict::NeedsReview, "report.pdf, page 3 cannot be read; 0.4 is not 0.5"));
        // Our own fault comes first, whatever else waits or lacks.
        assert_eq!(average_of(&[unread, wrong, (Verdict::Broken, "no lock")]).verdict, Verdict::Broken);
        assert_eq!(average_of(&[(Verdict::Pass, "right"), wrong]).verdict, Verdict::of(Fraction::new(1, 2)));
    }
}
