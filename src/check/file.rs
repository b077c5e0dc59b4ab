//! `check = "file"`: a file that was handed in and is not empty.

use crate::data::Datasets;
use crate::domain::diagnostic::Code;
use crate::domain::fields::Fields;
use crate::domain::key::{Key, Type};
use crate::domain::limits;
use crate::domain::name::list;
use crate::domain::verdict::{Finding, Verdict};

use super::request::{self, Request};
use super::{Case, Check, Edition, Example, Kind, Need, Stop, settings};

pub(super) const KIND: Kind = Kind {
    name: "file",
    about: "\
Judges that a file was handed in and is not empty.",
    keys: &[Key::new("file", Type::TextOrTexts, r#""train.py""#, "Its path in the submission, or a list of paths of which one must be there.").required()],
    more: "",
    example: Example { item: "file = [\"report.pdf\", \"metrics.toml\"]", reference: "", passes: "x = 1", fails: "" },
    read,
};

#[derive(Debug)]
struct FileCheck {
    paths: Vec<String>,
}

fn read(fields: &mut Fields<'_>, _: Edition) -> Option<Box<dyn Check>> {
    let paths: Vec<String> = settings::names(fields, "file")?.into_iter().map(toml::Spanned::into_inner).collect();
    if let Some(odd) = paths.iter().find(|path| path.starts_with('/') || path.split('/').any(|part| part == "..")) {
        fields.fault(Code::BadValue, fields.span(), format!("`{odd}` is no path inside a submission"));
    }
    Some(Box::new(FileCheck { paths }))
}

impl Check for FileCheck {
    fn judge(&self, case: &Case<'_>) -> Result<Finding, Stop> {
        let mut empty = None;
        for path in &self.paths {
            match case.student.size(path, limits::FIGURE_BYTES)? {
                Some(0) => empty = Some(path),
                Some(bytes) => return Ok(Finding::open(Verdict::Pass, format!("{path} is there, {bytes} bytes")).exhibit(path, path)),
                None => {
                    if let Some((place, bytes)) = case.student.shown_in_place_of(path)? {
                        return Ok(Finding::open(Verdict::Pass, format!("{place} holds what {path} would, {bytes} bytes")));
                    }
                }
            }
        }
        Ok(match empty {
            Some(path) => Finding::open(Verdict::Fail, format!("{path} is empty; write it again")),
            None => Finding::open(Verdict::Missing, format!("not found: hand in {}", list(self.paths.iter().map(String::as_str)).replace(" and ", " or "))),
        })
    }

    fn requests(&self, _: &dyn Datasets) -> Vec<Request> {
        request::files(&self.paths)
    }

    fn needs(&self) -> Vec<Need<'_>> {
        self.paths.iter().enumerate().map(|(i, path)| if i == 0 { Need::File(path) } else { Need::Extra(path) }).collect()
    }
}
