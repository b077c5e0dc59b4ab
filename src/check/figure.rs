//! `check = "figure"`: a figure that decodes, is large enough, not blank, and shows the numbers that the student states.

mod claimed;
mod from_data;

use toml::Spanned;

use crate::data::Datasets;
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::fields::Fields;
use crate::domain::key::{Key, Type};
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

use super::{Case, Check, Edition, Example, Kind, Need, Stop, settings};

pub(super) const KIND: Kind = Kind {
    name: "figure",
    about: "\
Judges a figure: PNG, JPEG or SVG, found as figures/NAME.png (.svg, .jpg).",
    keys: &[
        Key::new("figure", Type::Text, r#""trees""#, "The figure's name.").required(),
        Key::new("min_side", Type::Whole, "300", "The least width and height in pixels.").default("200"),
        Key::new(
            "shows",
            Type::TextOrTexts,
            r#"["tree.val_rmse", "forest.val_rmse"]"#,
            "The series of the metrics file that must be on it, as the student states them.",
        ),
        Key::new("may_show", Type::TextOrTexts, r#""tree.train_rmse""#, "Further series that may be on it."),
        Key::new("x", Type::Text, r#""depths""#, "The series on its x axis; without it the places count from 1, or from 0."),
        Key::new("x_values", Type::Numbers, "[1, 2, 4]", "What is on its x axis, where no series says it."),
        Key::new(
            "draws",
            Type::Word(&["line", "scatter", "bar", "histogram", "matrix"]),
            r#""bar""#,
            "How they are drawn. `bar`: a bar for each of several numbers, or a series of bars for each series. `histogram`: of each series of raw data. `matrix`: one array with its numbers in cells, as a confusion matrix.",
        )
        .default("\"line\""),
        Key::new(
            "categories",
            Type::TextOrTexts,
            r#"["SVM", "tree"]"#,
            "What bars, or rows and columns of a matrix, stand for, in the order of the numbers; of single numbers, left out, their `labels`.",
        ),
        Key::new(
            "labels",
            Type::TextOrTexts,
            r#"["tree", "forest"]"#,
            "What its legend may call each of `shows`; left out, the words of its name that not all of them share.",
        ),
        Key::new("sum_over", Type::Whole, "10000", "A series that is a sum over so many examples may be drawn as their mean."),
        Key::new("panel", Type::Whole, "2", "Which panel, from 1, left to right and top to bottom; left out, the one that shows the series best."),
        Key::new(
            "labelled",
            Type::Words(&["x", "y", "title", "legend"]),
            r#"["x", "y"]"#,
            "What it must have besides; each that is not there costs a tenth of the points.",
        ),
        Key::new("unclear", Type::Word(&["review", "half"]), r#""half""#, "What a figure gets that cannot be read: a person, or half of the points.")
            .default("\"review\""),
        Key::new("data", Type::Text, r#""penguins""#, "Without `shows`: the data set that is drawn, a table; `draws` is then \"scatter\" or \"histogram\"."),
        Key::new(
            "columns",
            Type::Texts,
            r#"["bill_length_mm", "body_mass_g"]"#,
            "Which of its columns may be drawn: any two of them as the axes of points, or any one of them as a histogram.",
        ),
        Key::new("by", Type::Text, r#""species""#, "The column of classes that may have colours of their own."),
        Key::new("review", Type::Flag, "true", "Without `shows` and `data`: a person looks at it. Left out, it passes if something is drawn in axes.").default("false"),
    ],
    more: "\
It must decode within 40 megapixels and 10,000 pixels a side, be at least `min_side` wide and high, and not be blank. With
`shows` it is read: axes, tick labels and curves. A figure that shows the series passes, also
in percent or shared out over several panels. One that contradicts them is never failed: a person looks at it first, with a
picture of what was read. One that cannot be told gets what `unclear` says. A series that is missing or no series of numbers is
not compared; its own item tells of that, and where none can be compared, a person looks. Only the student's own numbers matter
here, so nothing of it is hidden from the student.

With `data` the figure is held against a data set of the course: it passes if one of its panels shows all points of two of the
`columns`, or a histogram of one. Whatever is not recognised goes to a person.",
    example: Example { item: "figure = \"trees\"\nx = \"depths\"\nshows = [\"tree.val_rmse\", \"forest.val_rmse\"]", reference: "", passes: "", fails: "" },
    read,
};

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

fn read(fields: &mut Fields<'_>, _: Edition) -> Option<Box<dyn Check>> {
    let span = fields.span();
    let figure = fields.required::<String>("figure");
    let min_side = fields.optional::<u32>("min_side");
    let mut names = |key| -> Vec<String> { settings::optional_names(fields, key).unwrap_or_default().into_iter().map(Spanned::into_inner).collect() };
    let (shows, may_show, labels, categories) = (names("shows"), names("may_show"), names("labels"), names("categories"));
    let labelled = settings::optional_names(fields, "labelled").unwrap_or_default();
    let x = fields.optional::<String>("x").map(Spanned::into_inner);
    let x_values = fields.optional::<Vec<f64>>("x_values").map(Spanned::into_inner);
    let draws = fields.word("draws", &DRAWS);
    let sum_over = fields.optional::<u32>("sum_over").map(Spanned::into_inner);
    let panel = fields.optional::<usize>("panel").map(Spanned::into_inner);
    let unclear = fields.word("unclear", &[("review", Unclear::Review), ("half", Unclear::Half)]);
    let review = fields.optional::<bool>("review").is_some_and(Spanned::into_inner);
    if review && !shows.is_empty() {
        fields.fault(Code::BadValue, fields.place("review"), "`review` is for a figure without `shows`; with it, `unclear` says who looks");
    }
    let drawn = draws.unwrap_or(Draws::Line);
    let from_data = from_data(fields, drawn);
    if from_data.is_some() && (review || !shows.is_empty()) {
        fields.fault(Code::BadValue, fields.place("data"), "`data` says what is on the figure, so it has neither `shows` nor `review`");
    }
    if let Some(side) = min_side.as_ref().filter(|side| *side.get_ref() == 0) {
        fields.fault(Code::BadValue, side.span(), "`min_side` is at least 1 pixel");
    }
    let mut parts = Vec::new();
    for word in labelled {
        match PARTS.iter().find(|(name, _)| name == word.get_ref()) {
            Some((_, part)) => parts.push(*part),
            None => fields.fault(Code::BadValue, word.span(), format!("`labelled` has \"x\", \"y\", \"title\" and \"legend\", not `{}`", word.get_ref())),
        }
    }
    let without_shows = [
        ("may_show", !may_show.is_empty()),
        ("labels", !labels.is_empty()),
        ("x_values", x_values.is_some()),
        ("draws", draws.is_some() && from_data.is_none()),
        ("categories", !categories.is_empty()),
        ("sum_over", sum_over.is_some()),
        ("panel", panel.is_some()),
        ("labelled", !parts.is_empty()),
        ("unclear", unclear.is_some()),
    ];
    for (key, _) in without_shows.into_iter().filter(|(_, there)| *there && shows.is_empty()) {
        fields.fault(Code::MissingKey, span.clone(), format!("`{key}` needs `shows`: what is on the figure"));
    }
    let over_x = [("x", x.is_some()), ("x_values", x_values.is_some()), ("may_show", !may_show.is_empty()), ("sum_over", sum_over.is_some())];
    for (key, _) in over_x.into_iter().filter(|(_, there)| *there && !drawn.has_x()) {
        fields.fault(Code::BadValue, fields.place(key), format!("`{key}` is for lines and points"));
    }
    if !categories.is_empty() && !matches!(drawn, Draws::Bar | Draws::Matrix) {
        fields.fault(Code::BadValue, fields.place("categories"), "`categories` are what the bars, or the rows and columns of a matrix, stand for");
    }
    if drawn == Draws::Matrix && shows.len() > 1 {
        fields.fault(Code::BadValue, fields.place("shows"), format!("a matrix is one name, and `shows` has {}", shows.len()));
    }
    if !labels.is_empty() && labels.len() != shows.len() {
        fields.fault(Code::BadValue, span.clone(), format!("`labels` names {} series of the {} that are shown", labels.len(), shows.len()));
    }
    if x.is_some() && x_values.is_some() {
        fields.fault(Code::BadValue, span.clone(), "the x axis has `x` or `x_values`, not both");
    }
    if sum_over == Some(0) || panel == Some(0) || x_values.as_ref().is_some_and(|values| values.iter().any(|value| !value.is_finite())) {
        fields.fault(Code::BadValue, span, "`sum_over` and `panel` count from 1, and `x_values` are finite");
    }
    let about = match (from_data, review) {
        (Some(data), _) => About::Data(data),
        (None, true) => About::APerson,
        (None, false) if shows.is_empty() => About::Anything,
        (None, false) => About::Numbers,
    };
    Some(Box::new(FigureCheck {
        figure: figure?.into_inner(),
        min_side: min_side.map_or(200, Spanned::into_inner),
        shows,
        may_show,
        labels,
        x,
        x_values,
        draws: drawn,
        categories,
        sum_over,
        panel,
        labelled: parts,
        unclear: unclear.unwrap_or(Unclear::Review),
        about,
    }))
}

/// The data set that is drawn, if the rubric names one.
fn from_data(fields: &mut Fields<'_>, draws: Draws) -> Option<FromData> {
    let data = fields.optional::<String>("data");
    let columns: Option<Vec<String>> = settings::optional_names(fields, "columns").map(|names| names.into_iter().map(Spanned::into_inner).collect());
    let by = fields.optional::<String>("by").map(Spanned::into_inner);
    let Some(data) = data else {
        for (key, _) in [("columns", columns.is_some()), ("by", by.is_some())].into_iter().filter(|(_, there)| *there) {
            fields.fault(Code::MissingKey, fields.place(key), format!("`{key}` needs `data`: the data set that is drawn"));
        }
        return None;
    };
    let counted = draws == Draws::Histogram;
    let columns = columns.unwrap_or_default();
    if !counted && draws != Draws::Scatter {
        fields.fault(Code::BadValue, data.span(), "what is drawn from `data` has draws = \"scatter\" or draws = \"histogram\"");
    }
    if columns.len() < if counted { 1 } else { 2 } {
        fields.fault(Code::MissingKey, data.span(), "`columns` names what may be drawn: two columns or more for points, one or more for a histogram");
    }
    Some(FromData { data, columns, by, counted })
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
    Ok(match data.shown(&plot, &contents, table) {
        Some(shown) => Finding::open(Verdict::Pass, format!("{path}: {shown}")),
        None => {
            let sentence = format!("{path} is there, {size}; a person looks at it: {}, and {} was not recognised", seen(&contents), data.data.get_ref());
            Finding::open(Verdict::NeedsReview, sentence)
        }
    })
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
