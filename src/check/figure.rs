//! `check = "figure"`: a figure that decodes, is large enough, not blank, and shows the numbers that the student states.

mod claimed;
mod from_data;
mod keys;

use crate::data::Datasets;
use crate::domain::diagnostic::Diagnostic;
use crate::domain::number::Finite;
use crate::domain::plot::Axis;
use crate::domain::points::Fraction;
use crate::domain::quantity::Quantity;
use crate::domain::verdict::{Finding, Verdict};
use crate::figure::Plot;
use crate::figure::claim;
use crate::figure::reading::{Furniture, Reading, Verdict as Read};
use crate::figure::reason::Doubt;
use crate::figure::variants::{Accepted, read_any};
use crate::figure::{is_blank, overlay};
use crate::picture::figure::Figure;

use super::request::{Request, RequestKind, with_known};
use from_data::{FromData, seen};

use super::{Case, Check, Need, Stop};

pub(super) use keys::KIND;

#[derive(Debug)]
struct FigureCheck {
    figure: String,
    min_side: u32,
    shows: Vec<String>,
    may_show: Vec<String>,
    labels: Vec<String>,
    x: Option<String>,
    x_values: Option<Vec<f64>>,
    draws: Draws,
    categories: Vec<String>,
    sum_over: Option<u32>,
    panel: Option<usize>,
    labelled: Vec<Part>,
    unclear: Unclear,
    about: About,
}

/// What says what is on a figure.
#[derive(Debug)]
enum About {
    /// The student's own numbers.
    Numbers,
    /// A data set of the course.
    Data(FromData),
    /// Nothing: a person looks.
    APerson,
    /// Nothing: anything that is drawn in axes will do.
    Anything,
}

/// How numbers are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Draws {
    Line,
    Scatter,
    Bar,
    Histogram,
    Matrix,
}

const DRAWS: [(&str, Draws); 5] =
    [("line", Draws::Line), ("scatter", Draws::Scatter), ("bar", Draws::Bar), ("histogram", Draws::Histogram), ("matrix", Draws::Matrix)];

impl Draws {
    /// Whether it has points over an x axis of numbers.
    fn has_x(self) -> bool {
        matches!(self, Self::Line | Self::Scatter)
    }
}

/// What a rubric gives for a figure that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unclear {
    Review,
    Half,
}

/// What a figure has besides its curves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    X,
    Y,
    Title,
    Legend,
}

const PARTS: [(&str, Part); 4] = [("x", Part::X), ("y", Part::Y), ("title", Part::Title), ("legend", Part::Legend)];

impl Part {
    fn is_on(self, furniture: &Furniture) -> bool {
        match self {
            Self::X => furniture.x_label,
            Self::Y => furniture.y_label,
            Self::Title => furniture.title,
            Self::Legend => furniture.legend,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::X => "a label of the x axis",
            Self::Y => "a label of the y axis",
            Self::Title => "a title",
            Self::Legend => "a legend",
        }
    }
}

impl Check for FigureCheck {
    fn judge(&self, case: &Case<'_>) -> Result<Finding, Stop> {
        let figure = case.student.figure(&self.figure)?;
        let (path, size) = (&figure.path, format!("{}×{} pixels", figure.width, figure.height));
        let finding = if figure.width.min(figure.height) < self.min_side {
            Finding::open(Verdict::Fail, format!("{path} has {size}; it must be at least {} wide and high", self.min_side))
        } else if is_blank(&figure) {
            Finding::open(Verdict::Fail, format!("{path} is blank: nothing is drawn on it"))
        } else {
            match &self.about {
                About::Numbers => self.compare(&figure, &size, case)?,
                About::Data(data) => drawn_from(data, &figure, &size, case)?,
                About::APerson => Finding::open(Verdict::NeedsReview, format!("{path} is there, {size}; a person looks at it")),
                About::Anything => anything(&figure, &size),
            }
        };
        let finding = finding.actual(Quantity::size(figure.width, figure.height)).exhibit(&self.figure, path);
        let over = self.x.as_ref().map_or_else(String::new, |x| format!(" over {x}"));
        Ok(match &self.about {
            About::Numbers => finding.expected(Quantity::words(format!("a plot of {}{over}", self.shows.join(", ")))),
            About::Data(data) => finding.expected(Quantity::words(format!("a plot of {} from {}", data.columns.join(", "), data.data.get_ref()))),
            About::APerson | About::Anything => finding,
        })
    }

    fn open(&self, data: &dyn Datasets) -> Result<(), Diagnostic> {
        if let About::Data(drawn) = &self.about { drawn.open(data.table(drawn.data.get_ref())?) } else { Ok(()) }
    }

    fn needs(&self) -> Vec<Need<'_>> {
        let of_kind = |name| if self.draws == Draws::Matrix { Need::Array(name) } else { Need::Evidence(name) };
        let series = self.shows.iter().chain(&self.x).map(|name| of_kind(name));
        let more = self.may_show.iter().map(|name| Need::Extra(name));
        let data = if let About::Data(data) = &self.about { Some(Need::Data(&data.data)) } else { None };
        std::iter::once(Need::Figure(&self.figure)).chain(series).chain(more).chain(data).collect()
    }

    fn requests(&self, _: &dyn Datasets) -> Vec<Request> {
        let named = |part: &Part| PARTS.iter().find(|(_, known)| known == part).map(|(name, _)| *name);
        let labelled = self.labelled.iter().filter_map(named).collect();
        let figure = Request::new(&self.figure, RequestKind::Figure { shows: self.shows.clone(), x: self.x.clone(), labelled });
        let asked = || match self.draws {
            Draws::Line | Draws::Scatter | Draws::Histogram => RequestKind::Series { length: None, unit: None },
            Draws::Bar => RequestKind::Value { unit: None },
            Draws::Matrix => RequestKind::Array { shape: Vec::new() },
        };
        let series = self.shows.iter().chain(&self.x).map(|name| Request::new(name, asked()));
        with_known(self.needs(), std::iter::once(figure).chain(series).collect())
    }

    fn axis(&self, case: &Case<'_>) -> Option<(Axis, &[String])> {
        let stated = self.x.as_ref().and_then(|name| Some(Axis { name: name.clone(), values: case.student.series(name).ok()? }));
        let fixed = || {
            let values = self.x_values.as_ref()?.iter().map(|value| Finite::new(*value).ok()).collect::<Option<_>>()?;
            Some(Axis { name: "x".to_owned(), values })
        };
        Some((stated.or_else(fixed)?, &self.shows))
    }
}

impl FigureCheck {
    /// Holds the stated series against the figure.
    fn compare(&self, figure: &Figure, size: &str, case: &Case<'_>) -> Result<Finding, Stop> {
        let path = &figure.path;
        let (statement, left_out) = self.claimed(case)?;
        let without = left_out.first().map_or_else(String::new, |reason| match left_out.len() {
            1 => format!("; one series is not compared: {reason}"),
            more => format!("; {more} series are not compared: {reason}"),
        });
        let Some(statement) = statement else {
            return Ok(Finding::open(Verdict::NeedsReview, format!("{path} is there, {size}, but with nothing to compare it with{without}")));
        };
        let accepted = Accepted { percent: true, sum_over: self.sum_over };
        let reading = read_any(figure, &statement, accepted, self.panel).map_err(Stop::Fault)?;
        // The curve of a series that is not compared is no contradiction.
        let may_be_left_out = !left_out.is_empty() && reading.series.iter().all(|series| series.verdict == Read::Shows);
        let reading = if may_be_left_out { reading.doubted(Doubt::LeftOut) } else { reading };
        let (verdict, lacking) = self.verdict(&reading);
        let reason = reading.reason();
        let sentence = match reading.verdict() {
            Read::Shows => format!("{path}: {reason}{lacking}{without}"),
            Read::Contradicts => format!("{path}: {reason} ({}){lacking}{without}", self.claimed_by(case)),
            Read::CannotTell => format!("{path} cannot be compared with your numbers: {reason}{lacking}{without}"),
        };
        let mut finding = Finding::open(verdict, sentence);
        if reading.verdict() != Read::Shows && reading.frame.is_some() {
            finding = finding.drawing(drawn(figure, statement.kind(), &reading));
        }
        Ok(if reading.verdict() == Read::Contradicts { finding.urgent() } else { finding })
    }

    /// Whose numbers are claimed: "claimed by metrics.toml".
    fn claimed_by(&self, case: &Case<'_>) -> String {
        let path = self.shows.iter().find_map(|name| case.student.value(name).ok()).map_or("your numbers", |(_, path)| path);
        format!("claimed by {path}")
    }

    /// The verdict on what was read, and what is missing besides the curves, in words.
    fn verdict(&self, reading: &Reading) -> (Verdict, String) {
        // Where no axes were found, nobody has looked for labels either.
        let is_missing = |part: &&Part| reading.frame.is_some() && !part.is_on(&reading.furniture);
        let lacking: Vec<&str> = self.labelled.iter().filter(is_missing).map(|part| part.words()).collect();
        let verdict = match (reading.verdict(), self.unclear) {
            (Read::Shows, _) => Verdict::of(Fraction::new(10 - lacking.len().min(9), 10)),
            (Read::CannotTell, Unclear::Half) => Verdict::of(Fraction::new(1, 2)),
            (Read::CannotTell, Unclear::Review) | (Read::Contradicts, _) => Verdict::NeedsReview,
        };
        (verdict, if lacking.is_empty() { String::new() } else { format!("; it lacks {}", lacking.join(", ")) })
    }
}

/// The finding of a figure that is drawn from a data set: a person looks at what is not recognised.
fn drawn_from(data: &FromData, figure: &Figure, size: &str, case: &Case<'_>) -> Result<Finding, Stop> {
    let table = case.data.table(data.data.get_ref()).map_err(Stop::Fault)?;
    let (path, plot) = (&figure.path, Plot::of(figure));
    let contents = plot.contents();
    if let Some(shown) = data.shown(&plot, &contents, table) {
        return Ok(Finding::open(Verdict::Pass, format!("{path}: {shown}")));
    }
    let sentence = format!("{path} is there, {size}; a person looks at it: {}, and {} was not recognised", seen(&contents), data.data.get_ref());
    Ok(Finding::open(Verdict::NeedsReview, sentence))
}

/// The finding of a figure of which nothing is known: noise and empty axes do not pass by themselves.
fn anything(figure: &Figure, size: &str) -> Finding {
    let contents = Plot::of(figure).contents();
    let (path, seen) = (&figure.path, seen(&contents));
    if contents.panels.iter().any(|panel| !panel.drawn.is_empty()) {
        Finding::open(Verdict::Pass, format!("{path} is there, {size}: {seen}"))
    } else {
        Finding::open(Verdict::NeedsReview, format!("{path} is there, {size}; a person looks at it: {seen}"))
    }
}

/// The overlay as a PNG file.
fn drawn(figure: &Figure, kind: claim::Kind, reading: &Reading) -> Option<Vec<u8>> {
    overlay::draw(figure, kind, reading)?.png().ok()
}
