//! `check = "written"`: an answer that a person reads.

use crate::data::Datasets;
use crate::domain::fields::Fields;
use crate::domain::key::{Key, Type};
use crate::domain::marking::Level;
use crate::domain::quantity::Quantity;
use crate::domain::verdict::{Finding, Verdict};

use super::marking::{self, Marking};
use super::request::{Request, RequestKind};
use super::{Case, Check, Edition, Example, Kind, Need, Stop};

pub(super) const KIND: Kind = Kind {
    name: "written",
    about: "\
Hands a written answer from answers.toml or answers.json to a person. Until then the item is ungraded and the score a range.",
    keys: &[
        Key::new("answer", Type::Text, r#""why_best""#, "The answer's name.").required(),
        marking::guide(r#""Names overfitting and says how it shows.""#),
        marking::LEVELS,
    ],
    more: "",
    example: Example {
        item: "answer = \"why\"\nguide = \"Boosting lowers the bias step by step.\"",
        reference: "",
        passes: "why = \"Because small trees suffice.\"",
        fails: "why = \"  \"",
    },
    read,
};

#[derive(Debug)]
struct Written {
    answer: String,
    marking: Marking,
}

fn read(fields: &mut Fields<'_>, _: Edition) -> Option<Box<dyn Check>> {
    let answer = fields.required::<String>("answer");
    let marking = Marking::read(fields);
    Some(Box::new(Written { answer: answer?.into_inner(), marking }))
}

impl Check for Written {
    fn judge(&self, case: &Case<'_>) -> Result<Finding, Stop> {
        let text = case.student.texts(&self.answer)?.join("\n");
        let words = text.split_whitespace().count();
        let sentence = format!("{words} words to be read by a person");
        let finding = Finding::new(Verdict::NeedsReview, sentence, format!("{}: {words} words, read by a person", self.answer)).actual(Quantity::words(text));
        Ok(self.marking.expected(finding))
    }

    fn needs(&self) -> Vec<Need<'_>> {
        vec![Need::Answer(&self.answer)]
    }

    fn requests(&self, _: &dyn Datasets) -> Vec<Request> {
        vec![Request::new(&self.answer, RequestKind::Text)]
    }

    fn model_answer(&self) -> Option<(&str, &str)> {
        self.marking.good_answer().map(|text| (self.answer.as_str(), text))
    }

    fn guide(&self) -> Option<&str> {
        self.marking.guide.as_deref()
    }

    fn levels(&self) -> &[Level] {
        &self.marking.levels
    }
}
