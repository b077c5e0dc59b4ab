//! `check = "figure"`: a figure that decodes, is large enough and not blank.

use crate::domain::diagnostic::Code;
use crate::domain::fields::Fields;
use crate::domain::verdict::{Finding, Verdict};
use crate::figure::is_blank;

use super::{Case, Check, Edition, Example, Kind, Need, Stop, settings};

pub(super) const KIND: Kind = Kind {
    name: "figure",
    doc: "\
Judges a figure: PNG, JPEG or SVG, found as figures/NAME.png (.svg, .jpg).

  figure    the figure's name
  min_side  the least width and height in pixels (default 200)
  shows     the series that should be on it, named in the report for whoever looks at it
  x         the series on its x axis, likewise

It must decode within 40 megapixels and 10,000 pixels a side, be at least `min_side` wide and high, and not be blank.",
    example: Example { item: "figure = \"trees\"", reference: "", passes: "", fails: "" },
    secret: &[],
    read,
};

#[derive(Debug)]
struct FigureCheck {
    figure: String,
    min_side: u32,
    shows: Vec<String>,
    x: Option<String>,
}

fn read(fields: &mut Fields<'_>, _: Edition) -> Option<Box<dyn Check>> {
    let figure = fields.required::<String>("figure");
    let min_side = fields.optional::<u32>("min_side");
    let shows = settings::optional_names(fields, "shows").unwrap_or_default().into_iter().map(toml::Spanned::into_inner).collect();
    let x = fields.optional::<String>("x").map(toml::Spanned::into_inner);
    if let Some(side) = min_side.as_ref().filter(|side| *side.get_ref() == 0) {
        fields.fault(Code::BadValue, side.span(), "`min_side` is at least 1 pixel");
    }
    Some(Box::new(FigureCheck { figure: figure?.into_inner(), min_side: min_side.map_or(200, toml::Spanned::into_inner), shows, x }))
}

impl Check for FigureCheck {
    fn judge(&self, case: &Case<'_>) -> Result<Finding, Stop> {
        let figure = case.student.figure(&self.figure)?;
        let (path, size) = (&figure.path, format!("{}×{} pixels", figure.width, figure.height));
        let (verdict, sentence) = if figure.width.min(figure.height) < self.min_side {
            (Verdict::Fail, format!("{path} has {size}; it must be at least {} wide and high", self.min_side))
        } else if is_blank(&figure) {
            (Verdict::Fail, format!("{path} is blank: nothing is drawn on it"))
        } else {
            (Verdict::Pass, format!("{path} is there, {size}"))
        };
        let finding = Finding::open(verdict, sentence).actual(size).exhibit(&self.figure, path);
        let over = self.x.as_ref().map_or_else(String::new, |x| format!(" over {x}"));
        Ok(if self.shows.is_empty() { finding } else { finding.expected(format!("a plot of {}{over}", self.shows.join(", "))) })
    }

    fn needs(&self) -> Vec<Need<'_>> {
        std::iter::once(&self.figure).chain(&self.shows).chain(&self.x).map(|name| Need::Evidence(name)).collect()
    }
}
