//! What a check concludes about one item.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::number::Unit;
use super::points::Fraction;
use super::quantity::{Quantity, Symbol};

/// The outcome of judging one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// All points.
    Pass,
    /// Some of the points.
    Partial(Fraction),
    /// Judged, and earns nothing.
    Fail,
    /// The evidence was not handed in. Earns nothing.
    Missing,
    /// The evidence is there, but by its own words it is not what is asked for, such as NaN. Earns nothing, and says where and why.
    Unreadable,
    /// Other evidence of the same submission disproves the claim. Earns nothing.
    Contradicted,
    /// The evidence may be in something that cannot be opened, such as a damaged archive. Ungraded: it has to be handed in again.
    Unopened,
    /// A person has to look. Ungraded.
    NeedsReview,
    /// Depends on an item that earned nothing. Earns nothing.
    Skipped,
    /// Our own fault. Ungraded.
    Broken,
}

impl Verdict {
    /// The share of the points, or `None` while the item is ungraded.
    pub fn fraction(self) -> Option<Fraction> {
        match self {
            Self::Pass => Some(Fraction::ALL),
            Self::Partial(fraction) => Some(fraction),
            Self::Fail | Self::Missing | Self::Unreadable | Self::Contradicted | Self::Skipped => Some(Fraction::NOTHING),
            Self::Unopened | Self::NeedsReview | Self::Broken => None,
        }
    }

    /// `Pass`, `Partial` or `Fail`, whichever the share amounts to.
    pub fn of(fraction: Fraction) -> Self {
        if fraction.is_all() {
            Self::Pass
        } else if fraction.is_nothing() {
            Self::Fail
        } else {
            Self::Partial(fraction)
        }
    }

    /// Its name in reports.
    pub fn label(self) -> VerdictLabel {
        match self {
            Self::Pass => VerdictLabel::Pass,
            Self::Partial(_) => VerdictLabel::Partial,
            Self::Fail => VerdictLabel::Fail,
            Self::Missing => VerdictLabel::Missing,
            Self::Unreadable => VerdictLabel::Unreadable,
            Self::Contradicted => VerdictLabel::Contradicted,
            Self::Unopened => VerdictLabel::Unopened,
            Self::NeedsReview => VerdictLabel::NeedsReview,
            Self::Skipped => VerdictLabel::Skipped,
            Self::Broken => VerdictLabel::Broken,
        }
    }
}

/// The verdict's name, as reports print it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each is explained at `Verdict`")]
pub enum VerdictLabel {
    Pass,
    Partial,
    Fail,
    Missing,
    Unreadable,
    Contradicted,
    Unopened,
    NeedsReview,
    Skipped,
    Broken,
    /// A person has excused the student from the item: it counts neither as earned nor as possible.
    Excused,
}

impl VerdictLabel {
    /// In lower-case words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Partial => "partial",
            Self::Fail => "fail",
            Self::Missing => "missing",
            Self::Unreadable => "unreadable",
            Self::Contradicted => "contradicted",
            Self::Unopened => "not opened",
            Self::NeedsReview => "needs review",
            Self::Skipped => "skipped",
            Self::Broken => "broken",
            Self::Excused => "excused",
        }
    }
}

/// A file of the submission that a person looking at the finding wants to see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Exhibit {
    /// What it shows.
    pub caption: String,
    /// Its path inside the submission.
    pub path: String,
}

/// A verdict with everything needed to defend it.
///
/// `reason`, `expected` and `tolerance` are for the course and may name hidden values. `advice` is for the student: it speaks only
/// of the student's own work and of what to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The outcome.
    pub verdict: Verdict,
    /// Why, in one sentence, for the course.
    pub reason: String,
    /// What to do next, in one sentence, for the student. Holds nothing hidden.
    pub advice: String,
    /// What was expected.
    pub expected: Option<Quantity>,
    /// What was found.
    pub actual: Option<Quantity>,
    /// How far apart they may be.
    pub tolerance: Option<Quantity>,
    /// Files to look at.
    pub exhibits: Vec<Exhibit>,
    /// What a check has drawn for whoever looks at it.
    pub drawing: Option<Drawing>,
    /// Whether a person should look at this before anything else.
    pub urgent: bool,
    /// Whether evidence is there that was not understood: its student can mend that.
    pub unread: bool,
    /// What came of each of several equal pieces of evidence, if that is what the item asks for.
    pub pieces: Vec<Piece>,
    /// A stated number that the evidence proves to be in another unit than the one in which it was read.
    pub proven: Option<(String, Unit)>,
}

/// What came of one of several equal pieces of evidence, such as one series of six.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Piece {
    /// The outcome.
    pub verdict: VerdictLabel,
    /// Whether a person should look at it before anything else.
    pub urgent: bool,
    /// Whether evidence is there that was not understood: its student can mend that.
    pub unread: bool,
    /// Why, for the course.
    pub reason: String,
    /// What the student may read of it.
    pub advice: String,
}

/// A picture that a check has made, as a PNG file.
#[derive(Clone, PartialEq, Eq)]
pub struct Drawing(pub Vec<u8>);

impl std::fmt::Debug for Drawing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Drawing({} bytes)", self.0.len())
    }
}

impl Exhibit {
    /// The caption of a page of a report that only a person can read.
    pub const PAGE: &str = "page to be read by a person";
}

impl Finding {
    /// A finding with its reason for the course and its advice for the student.
    pub fn new(verdict: Verdict, reason: impl Into<String>, advice: impl Into<String>) -> Self {
        let (reason, advice) = (reason.into(), advice.into());
        let (expected, actual, tolerance, proven) = (None, None, None, None);
        Self {
            verdict,
            reason,
            advice,
            expected,
            actual,
            tolerance,
            exhibits: Vec::new(),
            drawing: None,
            urgent: false,
            unread: false,
            pieces: Vec::new(),
            proven,
        }
    }

    /// A finding whose one sentence may be read by anyone.
    pub fn open(verdict: Verdict, sentence: impl Into<String>) -> Self {
        let sentence = sentence.into();
        Self::new(verdict, sentence.clone(), sentence)
    }

    /// With another reason for the course.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = reason.into();
        self
    }

    /// Adds what was expected.
    #[must_use]
    pub fn expected(mut self, quantity: impl Into<Quantity>) -> Self {
        self.expected = Some(quantity.into());
        self
    }

    /// Adds what was found.
    #[must_use]
    pub fn actual(mut self, quantity: impl Into<Quantity>) -> Self {
        self.actual = Some(quantity.into());
        self
    }

    /// Adds how far apart they may be.
    #[must_use]
    pub fn tolerance(mut self, quantity: impl Into<Quantity>) -> Self {
        self.tolerance = Some(quantity.into());
        self
    }

    /// With what was expected, what was found and the tolerance in `unit`.
    #[must_use]
    pub fn in_unit(mut self, unit: Option<Symbol>) -> Self {
        for quantity in [&mut self.expected, &mut self.actual, &mut self.tolerance] {
            *quantity = quantity.take().map(|quantity| quantity.in_unit(unit));
        }
        self
    }

    /// Adds a file to look at.
    #[must_use]
    pub fn exhibit(mut self, caption: impl Into<String>, path: impl Into<String>) -> Self {
        self.exhibits.push(Exhibit { caption: caption.into(), path: path.into() });
        self
    }

    /// Adds a picture that was drawn for whoever looks at it.
    #[must_use]
    pub fn drawing(mut self, png: Option<Vec<u8>>) -> Self {
        self.drawing = png.map(Drawing);
        self
    }

    /// With the proof that the number stated as `name` is in `unit`.
    #[must_use]
    pub fn proving(mut self, name: &str, unit: Unit) -> Self {
        self.proven = Some((name.to_owned(), unit));
        self
    }

    /// Of evidence that is there and was not understood.
    #[must_use]
    pub fn unread(mut self) -> Self {
        self.unread = true;
        self
    }

    /// To be looked at before anything else.
    #[must_use]
    pub fn urgent(mut self) -> Self {
        self.urgent = true;
        self
    }
}

/// How much of an item its student may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Visibility {
    /// The verdict and advice.
    #[default]
    Verdict,
    /// Only whether the evidence was found and can be read.
    Found,
    /// Nothing: not even that the item exists.
    Hidden,
}
