//! What a rubric says of a figure.

use toml::Spanned;

use crate::check::{Check, Edition, Example, Kind, settings};
use crate::domain::diagnostic::Code;
use crate::domain::fields::Fields;
use crate::domain::key::{Key, Type};

use super::from_data::FromData;
use super::{About, DRAWS, Draws, FigureCheck, PARTS, Unclear};

pub(in crate::check) const KIND: Kind = Kind {
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

fn read(fields: &mut Fields<'_>, _: Edition) -> Option<Box<dyn Check>> {
    let span = fields.span();
    let figure = fields.required::<String>("figure");
    let min_side = fields.optional::<u32>("min_side");
    let mut names = |key| -> Vec<String> { settings::optional_names(fields, key).unwrap_or_default().into_iter().map(Spanned::into_inner).collect() };
    let (shows, may_show, labels, categories) = (names("shows"), names("may_show"), names("labels"), names("categories"));
    let labelled = settings::optional_names(fields, "labelled").unwrap_or_default();
    let x = fields.optional::<String>("x").map(Spanned::into_inner);
    let x_values = fields.optional::<Vec<f64>>("x_values").map(Spanned::into_inner);
    let stated = fields.word("draws", &DRAWS);
    let draws = stated.unwrap_or(Draws::Line);
    let sum_over = fields.optional::<u32>("sum_over").map(Spanned::into_inner);
    let panel = fields.optional::<usize>("panel").map(Spanned::into_inner);
    let unclear = fields.word("unclear", &[("review", Unclear::Review), ("half", Unclear::Half)]);
    let review = fields.optional::<bool>("review").is_some_and(Spanned::into_inner);
    if review && !shows.is_empty() {
        fields.fault(Code::BadValue, fields.place("review"), "`review` is for a figure without `shows`; with it, `unclear` says who looks");
    }
    let from_data = from_data(fields, draws);
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
        ("draws", stated.is_some() && from_data.is_none()),
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
    for (key, _) in over_x.into_iter().filter(|(_, there)| *there && !draws.has_x()) {
        fields.fault(Code::BadValue, fields.place(key), format!("`{key}` is for lines and points"));
    }
    if !categories.is_empty() && !matches!(draws, Draws::Bar | Draws::Matrix) {
        fields.fault(Code::BadValue, fields.place("categories"), "`categories` are what the bars, or the rows and columns of a matrix, stand for");
    }
    if draws == Draws::Matrix && shows.len() > 1 {
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
        draws,
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
