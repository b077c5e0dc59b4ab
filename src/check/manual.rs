//! `check = "manual"`: points that only a person gives.

use toml::Spanned;

use crate::data::Datasets;
use crate::domain::fields::Fields;
use crate::domain::key::{Key, Type};
use crate::domain::limits;
use crate::domain::marking::Level;
use crate::domain::name::list;
use crate::domain::verdict::{Finding, Verdict};

use super::marking::{self, Marking};
use super::request::{self, Request};
use super::{Case, Check, Edition, Example, Kind, Need, Stop, settings};

pub(super) const KIND: Kind = Kind {
    name: "manual",
    about: "Leaves the points to a person. Until then the item is ungraded and the score a range.",
    keys: &[
        Key::new(
            "file",
            Type::TextOrTexts,
            r#"["train.py", "train.ipynb"]"#,
            "What is looked at: a path in the submission, or a list of paths. If none of them is there, the item is missing.",
        ),
        marking::guide(r#""Short functions that can be tested, no copied blocks.""#),
        marking::LEVELS,
    ],
    more: "",
    example: Example {
        item: "file = \"metrics.toml\"\nlevels = [{ points = 4, when = \"short\" }, { points = 2, when = \"long\" }]",
        reference: "",
        passes: "x = 1",
        fails: "",
    },
    read,
};

#[derive(Debug)]
struct Manual {
    paths: Vec<String>,
    marking: Marking,
}

#[expect(clippy::unnecessary_wraps, reason = "the table of kinds asks for it; these settings need not be there")]
fn read(fields: &mut Fields<'_>, _: Edition) -> Option<Box<dyn Check>> {
    let paths = settings::optional_names(fields, "file").unwrap_or_default().into_iter().map(Spanned::into_inner).collect();
    Some(Box::new(Manual { paths, marking: Marking::read(fields) }))
}

impl Check for Manual {
    fn judge(&self, case: &Case<'_>) -> Result<Finding, Stop> {
        let mut there: Vec<&str> = Vec::new();
        for path in &self.paths {
            if case.student.size(path, limits::FIGURE_BYTES)?.is_some() || case.student.shown_in_place_of(path)?.is_some() {
                there.push(path);
            }
        }
        if there.is_empty() && !self.paths.is_empty() {
            let wanted = list(self.paths.iter().map(String::as_str)).replace(" and ", " or ");
            return Ok(Finding::open(Verdict::Missing, format!("not found: hand in {wanted}")));
        }
        let sentence = match there.as_slice() {
            [] => "a person judges it".to_owned(),
            files => format!("a person judges {}", list(files.iter().copied())),
        };
        Ok(self.marking.expected(Finding::open(Verdict::NeedsReview, sentence)))
    }

    fn needs(&self) -> Vec<Need<'_>> {
        self.paths.iter().enumerate().map(|(i, path)| if i == 0 { Need::File(path) } else { Need::Extra(path) }).collect()
    }

    fn requests(&self, _: &dyn Datasets) -> Vec<Request> {
        request::files(&self.paths)
    }

    fn guide(&self) -> Option<&str> {
        self.marking.guide.as_deref()
    }

    fn levels(&self) -> &[Level] {
        &self.marking.levels
    }
}
