//! `check = "written"`: an answer that a person reads.

use crate::domain::fields::Fields;
use crate::domain::key::{Key, Type};
use crate::domain::quantity::Quantity;
use crate::domain::verdict::{Finding, Verdict};

use super::{Case, Check, Edition, Example, Kind, Need, Stop};

pub(super) const KIND: Kind = Kind {
    name: "written",
    about: "\
Hands a written answer from answers.toml or answers.json to a person. Until then the item is ungraded and the score a range.",
    keys: &[
        Key::new("answer", Type::Text, r#""why_best""#, "The answer's name.").required(),
        Key::new("guide", Type::Text, r#""Names overfitting and says how it shows.""#, "What a good answer says, for whoever grades it.").secret(),
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
    guide: Option<String>,
}

fn read(fields: &mut Fields<'_>, _: Edition) -> Option<Box<dyn Check>> {
    let answer = fields.required::<String>("answer");
    let guide = fields.optional::<String>("guide").map(toml::Spanned::into_inner);
    Some(Box::new(Written { answer: answer?.into_inner(), guide }))
}

impl Check for Written {
    fn judge(&self, case: &Case<'_>) -> Result<Finding, Stop> {
        let text = case.student.texts(&self.answer)?.join("\n");
        let words = text.split_whitespace().count();
        let sentence = format!("{words} words to be read by a person");
        let finding = Finding::new(Verdict::NeedsReview, sentence, format!("{}: {words} words, read by a person", self.answer)).actual(Quantity::words(text));
        Ok(match &self.guide {
            Some(guide) => finding.expected(Quantity::words(guide)),
            None => finding,
        })
    }

    fn needs(&self) -> Vec<Need<'_>> {
        vec![Need::Answer(&self.answer)]
    }

    fn model_answer(&self) -> Option<(&str, &str)> {
        self.guide.as_ref().map(|guide| (self.answer.as_str(), guide.as_str()))
    }
}
