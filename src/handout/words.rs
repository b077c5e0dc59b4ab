//! What is asked for under a name, in words and as a line of Python.

use super::Asked;
use crate::check::request::{Family, RequestKind, UnitName};
use crate::domain::name::list;

impl Asked {
    /// What it is, in words: "20 numbers", "a fraction, from 0 to 1", "`smaller` or `larger`".
    pub(super) fn what(&self) -> String {
        match &self.kind {
            RequestKind::Number { unit: None } => "a number".to_owned(),
            RequestKind::Value { unit: None } => "a number, or a list of numbers".to_owned(),
            RequestKind::Number { unit: Some(unit) } | RequestKind::Value { unit: Some(unit) } => of_unit("a number", *unit),
            RequestKind::Series { length, unit } => {
                let numbers = length.map_or_else(|| "a list of numbers".to_owned(), |length| format!("a list of {length} numbers"));
                unit.map_or(numbers.clone(), |unit| of_unit(&numbers, unit))
            }
            RequestKind::Array { shape } if shape.is_empty() => "an array of numbers".to_owned(),
            RequestKind::Array { shape } => format!("an array of {} numbers", shape.iter().map(usize::to_string).collect::<Vec<_>>().join(" × ")),
            RequestKind::Answer { choices, several: false } if choices.is_empty() => "a short answer".to_owned(),
            RequestKind::Answer { choices, several: true } if choices.is_empty() => "a list of short answers".to_owned(),
            RequestKind::Answer { choices, several } => {
                let names = list(choices.iter().map(String::as_str)).replace(" and ", if *several { " and " } else { " or " });
                if *several { format!("all that are right of {names}") } else { names }
            }
            RequestKind::Text => "an answer in words".to_owned(),
            RequestKind::Rule { class, .. } if class.is_empty() => "a rule".to_owned(),
            RequestKind::Rule { data, class } => format!("a rule that tells `{class}` by the columns of `{data}`"),
            RequestKind::Figure { shows, x, labelled } => {
                let shown = if shows.is_empty() { String::new() } else { format!(" of {}", list(shows.iter().map(String::as_str))) };
                let over = x.as_ref().map(|x| format!(" over `{x}`")).unwrap_or_default();
                let labels =
                    if labelled.is_empty() { String::new() } else { format!(", with {}", list(labelled.iter().map(|part| label(part)))).replace('`', "") };
                format!("a plot{shown}{over}{labels}")
            }
            RequestKind::Predictions { rows, join, classes, scores } => {
                let what = if *scores { "probabilities" } else { "predictions" };
                let count = rows.map_or_else(|| what.to_owned(), |rows| format!("{rows} {what}"));
                let by = join.as_ref().map(|join| format!(", each with its `{join}`")).unwrap_or_default();
                let of = if classes.is_empty() || classes.len() > 12 {
                    String::new()
                } else {
                    format!(", each one of {}", list(classes.iter().map(String::as_str)))
                };
                format!("{count}{by}{of}")
            }
            RequestKind::Network => "the trained network".to_owned(),
            RequestKind::File => "the file".to_owned(),
            RequestKind::Notebook => "the notebook, with its outputs".to_owned(),
        }
    }

    /// Name and kind in as few words as will do: `val_loss (20 numbers)`.
    pub(super) fn in_short(&self) -> String {
        let note = match &self.kind {
            RequestKind::Series { length: Some(length), .. } => Some(format!("{length} numbers")),
            RequestKind::Number { unit: Some(UnitName::Fraction) } => Some("fraction".to_owned()),
            RequestKind::Number { unit: Some(UnitName::Percent) } => Some("percent".to_owned()),
            RequestKind::Array { shape } if !shape.is_empty() => Some(shape.iter().map(usize::to_string).collect::<Vec<_>>().join(" × ")),
            RequestKind::Answer { choices, several: false } if !choices.is_empty() && choices.len() < 6 => Some(choices.join(" | ")),
            RequestKind::Predictions { rows: Some(rows), .. } => Some(format!("{rows} rows")),
            _ => None,
        };
        match note {
            Some(note) => format!("{} ({note})", self.name),
            None => self.name.clone(),
        }
    }

    /// The line of Python that records it with the recorder, with `...` where the student's own value goes. Nothing for what is a file anyway.
    pub(super) fn line(&self) -> Option<String> {
        let name = quoted(&self.name);
        let call = match self.kind.family() {
            Family::Metrics => format!("sub[{name}] = ..."),
            Family::Answers => format!("sub.answer({name}, ...)"),
            Family::Rules => format!("sub.rule({name}, ...)"),
            Family::Figures => format!("sub.figure({name}, ...)"),
            Family::Predictions if matches!(&self.kind, RequestKind::Predictions { join: Some(_), .. }) => format!("sub.predictions({name}, ..., ids=...)"),
            Family::Predictions => format!("sub.predictions({name}, ...)"),
            Family::Networks => format!("sub.network({name}, ...)"),
            Family::Files => format!("sub.file({name}, ...)"),
            Family::Notebooks => return None,
        };
        Some(format!("{call}  # {}", self.what().replace('`', "")))
    }
}

fn of_unit(what: &str, unit: UnitName) -> String {
    match unit {
        UnitName::Fraction => format!("{what}, as a fraction from 0 to 1"),
        UnitName::Percent => format!("{what}, in percent"),
    }
}

/// What a part of a plot is called in a sentence.
fn label(part: &str) -> &str {
    match part {
        "x" => "a label at the x axis",
        "y" => "a label at the y axis",
        "title" => "a title",
        "legend" => "a legend",
        other => other,
    }
}

/// `text` as a string of Python.
fn quoted(text: &str) -> String {
    serde_json::Value::String(text.to_owned()).to_string()
}
