//! What a key of a rubric is: one table of them gives the messages, the documentation and the schema for editors.

/// A key of a table in a rubric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What its value is.
    pub value: Type,
    /// Whether it has to be there.
    pub need: Need,
    /// What it means, in one or more sentences; a student may read it.
    pub meaning: &'static str,
    /// A value in TOML.
    pub example: &'static str,
    /// Whether the student's edition of a rubric leaves it out.
    pub secret: bool,
}

/// Whether a key has to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// It has.
    Required,
    /// It has not; nothing stands for it.
    Optional,
    /// It has not; this value in TOML stands for it.
    Default(&'static str),
}

/// What kind of value a key has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// Text.
    Text,
    /// A list of texts.
    Texts,
    /// One text or a list of them.
    TextOrTexts,
    /// A number.
    Number,
    /// A list of numbers.
    Numbers,
    /// A whole number.
    Whole,
    /// A list of whole numbers.
    Wholes,
    /// True or false.
    Flag,
    /// A share: "10%" or 0.1.
    Share,
    /// A share, or a list of shares.
    Shares,
    /// A number, or the name of one that the reference states.
    Limit,
    /// One of these words.
    Word(&'static [&'static str]),
    /// One of these words, or a list of them.
    Words(&'static [&'static str]),
    /// How far numbers may be apart: `{ absolute = 0.01 }`, `{ relative = "5%" }` or both.
    Tolerance,
    /// A table.
    Table,
    /// A list of tables.
    Tables,
    /// A date with its time and zone.
    Time,
    /// A time span such as "6h".
    Span,
    /// What `meaning` says: a value of more than one kind.
    Any,
}

impl Key {
    /// A key that need not be there, whose value in TOML may be `example`.
    pub const fn new(name: &'static str, value: Type, example: &'static str, meaning: &'static str) -> Self {
        Self { name, value, need: Need::Optional, meaning, example, secret: false }
    }

    /// It has to be there.
    #[must_use]
    pub const fn required(self) -> Self {
        Self { need: Need::Required, ..self }
    }

    /// This value in TOML stands for it where it is left out.
    #[must_use]
    pub const fn default(self, value: &'static str) -> Self {
        Self { need: Need::Default(value), ..self }
    }

    /// The student's edition of a rubric leaves it out.
    #[must_use]
    pub const fn secret(self) -> Self {
        Self { secret: true, ..self }
    }
}

impl Type {
    /// Whether everybody knows how to write it: text, a number, a word.
    pub fn is_plain(self) -> bool {
        matches!(
            self,
            Self::Text | Self::Texts | Self::TextOrTexts | Self::Number | Self::Whole | Self::Flag | Self::Limit | Self::Word(_) | Self::Words(_) | Self::Span
        )
    }

    /// In words.
    pub fn words(self) -> String {
        let listed = |words: &[&str]| words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ");
        match self {
            Self::Text => "text".to_owned(),
            Self::Texts => "list of texts".to_owned(),
            Self::TextOrTexts => "text, or list of texts".to_owned(),
            Self::Number => "number".to_owned(),
            Self::Numbers => "list of numbers".to_owned(),
            Self::Whole => "whole number".to_owned(),
            Self::Wholes => "list of whole numbers".to_owned(),
            Self::Flag => "true or false".to_owned(),
            Self::Share => "share".to_owned(),
            Self::Shares => "share, or list of shares".to_owned(),
            Self::Limit => "number, or name of a number of the reference".to_owned(),
            Self::Word(words) => listed(words),
            Self::Words(words) => format!("{}, or list of them", listed(words)),
            Self::Tolerance => "tolerance".to_owned(),
            Self::Table => "table".to_owned(),
            Self::Tables => "list of tables".to_owned(),
            Self::Time => "time with its zone".to_owned(),
            Self::Span => "time span".to_owned(),
            Self::Any => "see there".to_owned(),
        }
    }

    /// The JSON Schema of its values.
    pub fn schema(self) -> serde_json::Value {
        use serde_json::json;
        let list = |of: serde_json::Value| json!({ "type": "array", "items": of });
        let one_or_list = |of: serde_json::Value| json!({ "anyOf": [of.clone(), list(of)] });
        let number = || json!({ "type": "number" });
        let share = || json!({ "anyOf": [{ "type": "number", "minimum": 0 }, { "type": "string", "pattern": "^[0-9.]+ ?%$" }] });
        match self {
            Self::Text | Self::Span => json!({ "type": "string" }),
            Self::Texts => list(json!({ "type": "string" })),
            Self::TextOrTexts => one_or_list(json!({ "type": "string" })),
            Self::Number => number(),
            Self::Numbers => list(number()),
            Self::Whole => json!({ "type": "integer" }),
            Self::Wholes => list(json!({ "type": "integer" })),
            Self::Flag => json!({ "type": "boolean" }),
            Self::Share => share(),
            Self::Shares => one_or_list(share()),
            Self::Limit => json!({ "type": ["number", "string"] }),
            Self::Word(words) => json!({ "enum": words }),
            Self::Words(words) => one_or_list(json!({ "enum": words })),
            Self::Tolerance => json!({
                "type": "object",
                "minProperties": 1,
                "additionalProperties": false,
                "properties": { "absolute": { "type": "number", "minimum": 0 }, "relative": share() },
            }),
            Self::Table => json!({ "type": "object" }),
            Self::Tables => list(json!({ "type": "object" })),
            // TOML has times of its own, for which editors check no type.
            Self::Time | Self::Any => json!({}),
        }
    }
}
