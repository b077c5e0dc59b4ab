//! Judging: one file for each kind of check. Evidence and reference go in, a finding comes out.
//!
//! Adding a kind is a new file here, its `mod` line and its row in [`KINDS`].

use std::fmt;

use toml::Spanned;

use crate::data::Datasets;
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::fields::Fields;
use crate::domain::key::Key;
use crate::domain::marking::Level;
use crate::domain::number::Finite;
use crate::domain::plot::{Axis, Curve, NumberLine};
use crate::domain::points::{Fraction, Points};
use crate::domain::verdict::{Exhibit, Finding, Verdict};
use crate::evidence::bag::Bag;
use crate::evidence::{Absent, Sought};

use average::average;
use request::Request;
use units::{Student, UnitGroup};

mod answer;
mod array;
mod average;
mod beside;
mod claim;
mod curve;
mod diagnosis;
mod figure;
mod file;
mod image;
mod manual;
mod marking;
mod network;
mod notebook;
mod number;
mod order;
mod proportion;
mod recompute;
mod relation;
pub mod request;
mod rule;
pub(crate) mod settings;
mod share;
mod standard;
pub mod units;
mod written;

/// How one item is judged: the settings that its rubric gives to a kind of check.
pub trait Check: fmt::Debug + Send + Sync {
    /// Judges the evidence. Absent evidence ends it early through `?`.
    fn judge(&self, case: &Case<'_>) -> Result<Finding, Stop>;

    /// What it looks at, for the rubric's own check of names.
    fn needs(&self) -> Vec<Need<'_>>;

    /// What it asks a student to hand in, with all that she may know of each name.
    fn requests(&self, _: &dyn Datasets) -> Vec<Request> {
        self.needs().into_iter().filter_map(Request::of).collect()
    }

    /// Opens the data sets as judging will, so that what is wrong with them is known before anybody hands in.
    fn open(&self, _: &dyn Datasets) -> Result<(), Diagnostic> {
        Ok(())
    }

    /// What keeps it from judging with the values of `reference`, such as levels that do not rise.
    fn suits(&self, _: &Bag) -> Result<(), Diagnostic> {
        Ok(())
    }

    /// The column of the class's table that has what was found, if the rubric asks for one: the finding's `actual`.
    fn leaderboard(&self) -> Option<&str> {
        None
    }

    /// The numbers that it takes for fractions or percentages, or compares with each other.
    fn unit_groups(&self, _case: &Case<'_>) -> Vec<UnitGroup<'_>> {
        Vec::new()
    }

    /// The name of a written answer and what a good one says, for the reference to hand in.
    fn model_answer(&self) -> Option<(&str, &str)> {
        None
    }

    /// What a good answer says, for whoever marks it.
    fn guide(&self) -> Option<&str> {
        None
    }

    /// What an answer has to have for how many points, for whoever marks it: the best first.
    fn levels(&self) -> &[Level] {
        &[]
    }

    /// The series that it judges, for whoever draws them; those that cannot be read are left out.
    fn curves(&self, _case: &Case<'_>) -> Vec<Curve> {
        Vec::new()
    }

    /// The numbers that it judges with what they are held against, for whoever draws them.
    fn number_lines(&self, _case: &Case<'_>) -> Vec<NumberLine> {
        Vec::new()
    }

    /// The x axis that it knows some series to be drawn over, and their names.
    fn axis(&self, _case: &Case<'_>) -> Option<(Axis, &[String])> {
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
    pub student: &'a Student<'a>,
    /// The reference's, unless the rubric is a student's edition.
    pub reference: Option<&'a Bag>,
    /// The data sets.
    pub data: &'a dyn Datasets,
    /// What the item is worth.
    pub points: Points,
    /// Who judges.
    pub edition: Edition,
    /// The item's title: what the student was asked.
    pub title: &'a str,
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
    /// A number or series that the submission states.
    Evidence(&'a str),
    /// A vector, matrix or table of numbers.
    Array(&'a str),
    /// An answer that it states.
    Answer(&'a str),
    /// A decision rule.
    Rule(&'a str),
    /// A figure.
    Figure(&'a str),
    /// Predictions.
    Predictions(&'a str),
    /// A network.
    Network(&'a str),
    /// A file, by its path.
    File(&'a str),
    /// A notebook, by its name if it has to have one.
    Notebook(Option<&'a str>),
    /// Evidence that is looked at if it is there: another form of what is asked for, or a series that may be drawn besides.
    Extra(&'a str),
    /// A value of the reference.
    Reference(&'a Spanned<String>),
    /// A value of the reference that has to be a number.
    ReferenceNumber(&'a Spanned<String>),
    /// A data set of the rubric.
    Data(&'a Spanned<String>),
}

impl<'a> Need<'a> {
    /// The name of a value of the reference.
    pub fn reference(self) -> Option<&'a Spanned<String>> {
        match self {
            Self::Reference(name) | Self::ReferenceNumber(name) => Some(name),
            _ => None,
        }
    }

    /// The name of a piece of the submission's evidence.
    pub fn evidence(self) -> Option<&'a str> {
        match self {
            Self::Evidence(name)
            | Self::Array(name)
            | Self::Answer(name)
            | Self::Rule(name)
            | Self::Figure(name)
            | Self::Predictions(name)
            | Self::Network(name)
            | Self::File(name)
            | Self::Extra(name) => Some(name),
            Self::Notebook(name) => Some(name.unwrap_or("notebook")),
            Self::Reference(_) | Self::ReferenceNumber(_) | Self::Data(_) => None,
        }
    }

    /// Where in a notebook or on a page of a report it stands, if it does in one.
    pub fn place(self, bag: &Bag) -> Option<String> {
        match self {
            Self::Predictions(name) => bag.place_of_predictions(name),
            Self::Answer(name) | Self::Rule(name) => bag.place_inside(name, Sought::Words),
            other => bag.place_inside(other.evidence()?, Sought::Numbers),
        }
    }
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
            Self::Absent(Absent::Unusable(diagnostic)) => (Verdict::Unreadable, diagnostic),
            Self::Absent(Absent::Unreadable(diagnostic)) => return Finding::open(Verdict::NeedsReview, diagnostic.to_string()).unread(),
            Self::Absent(Absent::ForAPerson(diagnostic)) => {
                let finding = Finding::open(Verdict::NeedsReview, diagnostic.to_string());
                let page = diagnostic.path.filter(|path| path.contains(", page "));
                return match page {
                    Some(page) => finding.exhibit(Exhibit::PAGE, page),
                    None => finding,
                };
            }
            Self::Absent(Absent::Unopened(diagnostic)) => (Verdict::Unopened, diagnostic),
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
        self.reference_bag()?.number(name).map(|stated| stated.number).map_err(|absent| missing_in_reference(&absent))
    }

    /// The reference's series `name`.
    pub fn reference_series(&self, name: &str) -> Result<Vec<Finite>, Stop> {
        self.reference_bag()?.series(name).map_err(|absent| missing_in_reference(&absent))
    }
}

/// What a student reads of evidence that her own edition cannot judge.
const ONLY_THE_COURSE: &str = "; only the course can judge it";

/// What the course reads of it.
const A_PERSON: &str = "; a person has to judge it";

/// What remains when a student's own edition has checked all that it can.
pub(crate) fn only_the_course(sentence: impl std::fmt::Display) -> Finding {
    Finding::new(Verdict::NeedsReview, format!("{sentence}{A_PERSON}"), format!("{sentence}{ONLY_THE_COURSE}"))
}

/// A finding with doubts that others of the student's numbers raise: what would earn something goes to a person, what falls gets the
/// likely reason.
fn doubtful(finding: Finding, doubts: &[Finding]) -> Finding {
    let Some(first) = doubts.first() else { return finding };
    let join = |own: Option<&str>, sentence: fn(&Finding) -> &str| own.into_iter().chain(doubts.iter().map(sentence)).collect::<Vec<_>>().join("; ");
    if finding.verdict.fraction().is_some_and(Fraction::is_nothing) {
        let (reason, advice) = (join(Some(&finding.reason), |doubt| &doubt.reason), join(Some(&finding.advice), |doubt| &doubt.advice));
        return Finding { reason, advice, ..finding };
    }
    let waits = finding.verdict == Verdict::NeedsReview && !finding.advice.ends_with(ONLY_THE_COURSE);
    let own = |sentence| waits.then_some(sentence);
    let (reason, advice) = (join(own(finding.reason.as_str()), |doubt| &doubt.reason), join(own(finding.advice.as_str()), |doubt| &doubt.advice));
    Finding { verdict: Verdict::NeedsReview, reason, advice, actual: first.actual.clone(), ..finding }.urgent()
}

fn missing_in_reference(absent: &Absent) -> Stop {
    let text = absent.diagnostic().to_string();
    Stop::Fault(Diagnostic::error(Code::ReferenceLacks, text).help("run `mlgrade reference --lock` again".to_owned()))
}

/// A row of the table of kinds.
pub struct Kind {
    /// Its name in rubrics, after `check =`.
    pub name: &'static str,
    /// What it does, in a paragraph.
    pub about: &'static str,
    /// Its settings, beside those that every item has.
    pub keys: &'static [Key],
    /// What else there is to know, in paragraphs.
    pub more: &'static str,
    /// An item that uses it, with evidence that passes and evidence that doesn't.
    pub example: Example,
    /// Reads the settings.
    pub read: fn(&mut Fields<'_>, Edition) -> Option<Box<dyn Check>>,
}

impl Kind {
    /// The settings that a student's edition leaves out.
    pub fn secret(&self) -> impl Iterator<Item = &'static str> {
        self.keys.iter().filter(|key| key.secret).map(|key| key.name)
    }
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
    array::KIND,
    curve::KIND,
    figure::KIND,
    file::KIND,
    image::KIND,
    manual::KIND,
    network::KIND,
    notebook::KIND,
    number::KIND,
    order::KIND,
    recompute::KIND,
    rule::KIND,
    written::KIND,
];
